"""Formats whose units are pairs already: TMX through ``tmx.tmx14``, XLIFF and PO through translate-toolkit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tmx.characters import han_share
from tmx.errors import FormatError, LimitError, ToolError
from tmx.languages import is_chinese, is_english, primary
from tmx.model import Block, Document, Metadata, Notice
from tmx.readers.encodings import decode
from tmx.readers.files import check_file, read_bytes
from tmx.readers.markup import ENTITY_DECLARATION, local, parse_xml
from tmx.readers.options import ReadOptions
from tmx.tmx14 import TmxReadOptions, read_tmx

ENTITY_WINDOW = 1024 * 1024  # a document type declaration stands at the beginning of a file
XLIFF_2 = re.compile(r"""<(?:\w+:)?xliff\b[^>]*\bversion\s*=\s*["']2""")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_translation_memory(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a TMX file; each unit is a row pair with its notes and properties."""
    check_file(path, name, options.max_bytes)
    with path.open("rb") as file:
        if ENTITY_DECLARATION.search(file.read(ENTITY_WINDOW)):
            raise FormatError(f"{name}: declares XML entities, which are refused")
    notices: list[Notice] = []
    blocks: list[Block] = []
    wanted = TmxReadOptions(primary(options.source_language), primary(options.target_language), by_content=True)
    try:
        for row, unit in enumerate(read_tmx(path, wanted, notices)):
            place = unit.place or f"unit {unit.id or row + 1}"
            properties = dict(unit.properties)
            properties.update({k: v for k, v in (("document", unit.document), ("date", unit.date)) if v})
            pairs = tuple(sorted(properties.items()))
            blocks.append(Block(unit.source, place, "segment", "zh", row=row, notes=unit.notes, properties=pairs))
            blocks.append(Block(unit.target, place, "segment", "en", row=row))
            if len(blocks) > options.max_blocks:
                raise LimitError(f"{name}: more than {options.max_blocks // 2:,} units")
    except ToolError as error:
        message = str(error)
        raise type(error)(message.replace(str(path), name, 1)) from error
    renamed = tuple(Notice(notice.kind, name, notice.place, notice.message) for notice in notices)
    return Document(name, "tmx", tuple(blocks), notices=renamed)


def read_xliff(path: Path, name: str, options: ReadOptions) -> Document:
    """Read an XLIFF file of version 1.2 or 2; untranslated units keep their empty side."""
    from translate.storage import xliff, xliff2  # slow to import, and rarely needed

    data = read_bytes(path, name, options)
    parse_xml(data, name)
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = decode(data, name, options.encoding) if wide else data[:4096].decode("latin-1")
    kind = xliff2.Xliff2File if XLIFF_2.search(text) else xliff.xlifffile
    return _read_store(kind, data, name, path.suffix.lower().lstrip("."), options)


def read_po(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a gettext PO file; obsolete units are left out."""
    from translate.storage import pypo

    data = read_bytes(path, name, options)
    if b"\0" in data or b"msgid" not in data:
        raise FormatError(f"{name}: not a PO file; there is no msgid in it")
    return _read_store(pypo.pofile, data, name, "po", options)


def _read_store(kind: Any, data: bytes, name: str, format_name: str, options: ReadOptions) -> Document:
    try:
        store = kind.parsestring(data)
        languages = (store.getsourcelanguage() or "", store.gettargetlanguage() or "")
        units = [_unit(unit, number) for number, unit in enumerate(store.units, 1) if _is_wanted(unit)]
    except Exception as error:  # the toolkit raises whatever its parsers come across
        message = (" ".join(str(error).split()) or type(error).__name__)[:160]
        raise FormatError(f"{name}: not a sound {format_name.upper()} file ({message})") from error
    if 2 * len(units) > options.max_blocks:
        raise LimitError(f"{name}: more than {options.max_blocks // 2:,} units")
    swapped = _is_swapped(languages, units)
    blocks: list[Block] = []
    for row, (first, second, place, notes, properties) in enumerate(units):
        chinese, english = (second, first) if swapped else (first, second)
        for text, language in ((chinese, "zh"), (english, "en")):
            if text:
                blocks.append(Block(text, place, "segment", language, row=row, notes=notes, properties=properties))
    return Document(name, format_name, tuple(blocks), Metadata(source=_original(store)))


Unit = tuple[str, str, str, tuple[str, ...], tuple[tuple[str, str], ...]]


def _unit(unit: Any, number: int) -> Unit:
    """Return source, target, place, notes and properties of a unit of the toolkit."""
    element = getattr(unit, "xmlelement", None)
    lines = unit.getnotes().split("\n")
    if element is not None and local(element) == "segment":  # XLIFF 2 keeps notes in the unit around the segments
        containers = [child for child in element.getparent() if local(child) == "notes"]
        lines += ["".join(note.itertext()) for container in containers for note in container]
    notes = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    properties: dict[str, str] = {}
    if element is not None:
        for holder in (element, *element):
            for key, value in holder.attrib.items():
                attribute = str(key).rpartition("}")[2]
                if attribute in ("state", "approved", "date", "state-qualifier", "subState"):
                    properties[attribute] = str(value)
    if unit.isfuzzy():
        properties["fuzzy"] = "yes"
    context = unit.getcontext()
    if context:
        properties["context"] = context
    locations = " ".join(unit.getlocations())
    if locations and element is None:
        properties["location"] = locations
    # The toolkit puts the name of the original file before the id, cut off by a control character.
    place = f"message {number}" if element is None else f"unit {(unit.getid() or str(number)).rpartition(chr(4))[2]}"
    return _plain(unit.source), _plain(unit.target), place, notes, tuple(sorted(properties.items()))


def _plain(text: object) -> str:
    return str(text or "").strip()


def _is_wanted(unit: Any) -> bool:
    return bool(unit.source) and not unit.isheader() and not unit.isobsolete()


def _is_swapped(languages: tuple[str, str], units: Iterable[Unit]) -> bool:
    """Tell whether English is the first side: by the languages the file states, else by the text."""
    if is_chinese(languages[0]) or is_english(languages[1]):
        return False
    if is_english(languages[0]) or is_chinese(languages[1]):
        return True
    shares = [(han_share(first), han_share(second)) for first, second, *_ in units if first and second]
    return sum(second > first for first, second in shares) > len(shares) / 2


def _original(store: Any) -> str:
    """Return the name of the file which was translated, if the store states one."""
    try:
        return next((str(original) for original in store.getfilenames() if original), "")
    except (AttributeError, TypeError, ValueError):
        return ""
