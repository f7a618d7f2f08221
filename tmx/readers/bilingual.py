"""Formats whose units are pairs already: memories (TMX, Wordfast, Studio) and PO."""

from __future__ import annotations

import gzip
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from tmx.errors import EmptyInputError, FormatError, LimitError, ToolError
from tmx.inline import BREAK, PLACEHOLDER, close_codes, on_one_line, without_entities, without_tags
from tmx.languages import is_chinese, is_english, is_undetermined, primary
from tmx.markup import attribute, local, parse_xml
from tmx.model import Block, Document, Metadata, Notice
from tmx.readers.files import check_file, read_bytes
from tmx.readers.options import MEBIBYTE, ReadOptions
from tmx.readers.resources import are_keys, keyed_document
from tmx.readers.xliff import check_english, is_one_language, is_swapped, language_notices, side_tags, stated
from tmx.scripts import reads_as_chinese
from tmx.tmx14 import TmxReadOptions, read_tmx, segment_text

WORDFAST = re.compile(r"%[^\t\n]*\t%[^\n]*%Wordfast TM", re.IGNORECASE)
SDLTM_SECONDS = 60
SDLTM_COLUMNS = ("creation_date", "creation_user", "change_date", "change_user", "last_used_date")


def read_translation_memory(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a TMX file, also one packed with gzip; each unit is a row pair with its notes and properties."""
    check_file(path, name, options.max_bytes)
    notices: list[Notice] = []
    counts: Counter[str] = Counter()
    blocks: list[Block] = []
    languages = (options.source_language, options.target_language)
    wanted = TmxReadOptions(
        primary(languages[0]), primary(languages[1]), by_content=True, empty_sides=True, prefer=languages
    )
    try:
        packed = path.suffix.lower() == ".gz" or _begins(path, b"\x1f\x8b")
        if not packed and _begins(path, b"PK\x03\x04"):
            raise FormatError(f"{name}: a ZIP archive, not a TMX file; unpack it")
        stream = _Unpacked(path, name, options) if packed else None
        for row, unit in enumerate(read_tmx(path, wanted, notices, stream, counts)):  # type: ignore[arg-type]
            place = unit.place or f"unit {unit.id or row + 1}"
            properties = dict(unit.properties)
            properties.update({k: v for k, v in (("document", unit.document), ("date", unit.date)) if v})
            pairs = tuple(sorted(properties.items()))
            if unit.source:
                blocks.append(Block(unit.source, place, "segment", unit.source_language, 0, row, unit.notes, pairs))
            if unit.target:
                blocks.append(Block(unit.target, place, "segment", unit.target_language, row=row))
            if len(blocks) > options.max_blocks:
                raise LimitError(f"{name}: more than {options.max_blocks // 2:,} units")
    except ToolError as error:
        message = str(error)
        raise type(error)(message.replace(str(path), name, 1)) from error
    if counts["unlabelled"]:
        check_english(name, (block.text for block in blocks if is_english(block.language)))
    renamed = tuple(Notice(notice.kind, name, notice.place, notice.message) for notice in notices)
    return Document(name, "tmx", tuple(blocks), notices=renamed)


def _begins(path: Path, start: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(start)) == start


class _Unpacked:
    """The bytes of a gzip file as a stream that ends with an error beyond the limits."""

    def __init__(self, path: Path, name: str, options: ReadOptions) -> None:
        self.name = str(path)
        self._label = name
        self._file: BinaryIO = gzip.open(path, "rb")  # type: ignore[assignment]  # noqa: SIM115
        self._left = min(options.max_bytes, max(8 * MEBIBYTE, options.max_ratio * path.stat().st_size))

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._file.read(size if size > 0 else MEBIBYTE)
        except (OSError, EOFError, zlib.error) as error:
            raise FormatError(f"{self._label}: not a sound gzip file ({error}); pack it again") from error
        self._left -= len(data)
        if self._left < 0:
            raise LimitError(f"{self._label}: unpacks to more than the limit allows; unpack it yourself if it is sound")
        return data


Pair = tuple[str, str, str, tuple[str, ...], tuple[tuple[str, str], ...]]


def pair_blocks(
    pairs: Iterable[Pair], swapped: bool = False, first_row: int = 0, languages: tuple[str, str] = ("", "")
) -> list[Block]:
    """Return the blocks of pairs: source, target, place, notes, properties; ``swapped`` says English comes first.

    ``languages`` are those which the file states of both sides.
    """
    tags = side_tags(languages, swapped)
    blocks: list[Block] = []
    for row, (first, second, place, notes, properties) in enumerate(pairs, first_row):
        chinese, english = (second, first) if swapped else (first, second)
        for text, language in zip((chinese, english), tags, strict=True):
            if text:
                blocks.append(Block(text, place, "segment", language, row=row, notes=notes, properties=properties))
    return blocks


def wordfast_document(text: str, name: str, options: ReadOptions) -> Document:
    """Return the units of a Wordfast memory: a line each, with date, user, count, and twice language and text."""
    pairs: list[Pair] = []
    sides: list[tuple[str, str]] = []
    tags = short = 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        fields = line.split("\t")
        if not line.strip() or line.startswith("%"):
            continue
        if len(fields) < 7:
            short += 1
            continue
        texts = []
        for field in (fields[4], fields[6]):
            plain, count = without_tags(without_entities(field)[0])
            texts.append(plain.strip())
            tags += count
        date, _, time = fields[0].partition("~")
        properties = [("tmx:creationdate", f"{date}T{time}Z")] if re.fullmatch(r"\d{8}~\d{6}", fields[0]) else []
        properties += [("tmx:creationid", fields[1])] if fields[1] else []
        pairs.append((texts[0], texts[1], f"line {number}", (), tuple(sorted(properties))))
        sides.append((fields[3], fields[5]))
        _check_count(pairs, name, options)
    counts = ((tags, "inline tags were left out"), (short, "lines of fewer than seven columns were left out"))
    notices = [Notice("removed", name, "", f"{count} {words}") for count, words in counts if count]
    return _document(name, "wordfast", pairs, sides, notices)


def _document(
    name: str, format_name: str, pairs: Sequence[Pair], sides: Sequence[tuple[str, str]], notices: Sequence[Notice]
) -> Document:
    """Return the pairs whose stated languages are Chinese and English (or not stated), English first or second."""
    blocks: list[Block] = []
    others: Counter[str] = Counter()
    row = 0
    texts = [(first, second) for first, second, *_ in pairs]
    by_text = is_swapped(("", ""), texts)
    for pair, languages in zip(pairs, map(stated, sides), strict=True):
        strange = any(tag and not is_chinese(tag) and not is_english(tag) for tag in languages)
        if strange or is_one_language(languages):
            others[" and ".join(languages)] += 1
            continue
        swapped = is_swapped(languages, ()) if any(languages) else by_text
        blocks += pair_blocks([pair], swapped, row, languages)
        row += 1
    if not blocks:
        raise EmptyInputError(f"{name}: no unit in Chinese and English" + (f"; it is {min(others)}" if others else ""))
    if not all(map(any, map(stated, sides))):
        check_english(name, (block.text for block in blocks if is_english(block.language)))
    found = [Notice("warning", name, "", f"{n} units in {tags} were passed over") for tags, n in sorted(others.items())]
    found += language_notices(name, sides)
    return Document(name, format_name, tuple(blocks), notices=(*notices, *found))


def _check_count(pairs: Sequence[object], name: str, options: ReadOptions) -> None:
    if 2 * len(pairs) > options.max_blocks:
        raise LimitError(f"{name}: more than {options.max_blocks // 2:,} units")


def read_txml(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a bilingual file of Wordfast Pro (TXML), segment by segment, with comments and scores."""
    root = parse_xml(read_bytes(path, name, options), name)
    if local(root) != "txml":
        raise FormatError(f"{name}: not a TXML file: its root element is <{local(root)}>, not <txml>")
    languages = attribute(root, "locale"), attribute(root, "targetlocale")
    pairs: list[Pair] = []
    for segment in (element for element in root.iter() if local(element) == "segment"):
        parts = {local(child): child for child in reversed(segment)}
        notes = ["".join(map(str, element.itertext())) for element in segment.iter() if local(element) == "comment"]
        texts = []
        for side, tag in zip(("source", "target"), languages, strict=True):
            text = segment_text(parts[side], notes)[0] if side in parts else ""
            texts.append(on_one_line(text, tag)[0])
        score = attribute(parts["target"], "score") if "target" in parts else ""
        place = f"block {attribute(_parent(segment), 'blockId')}, segment {attribute(segment, 'segmentId')}"
        pairs.append((texts[0], texts[1], place, tuple(notes), (("score", score),) if score else ()))
        _check_count(pairs, name, options)
    return _document(name, "txml", pairs, [languages] * len(pairs), ())


def read_sdltm(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a memory of Studio, an SQLite database, without writing to it or running anything in it."""
    check_file(path, name, options.max_bytes)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 16 * MEBIBYTE)
            steps = iter(range(SDLTM_SECONDS * 1000))
            base.set_progress_handler(lambda: next(steps, None) is None, 1_000_000)
            pairs, sides, tags = _sdltm_units(base, name, options)
    except sqlite3.Error as error:
        raise FormatError(f"{name}: not a sound .sdltm file ({error}); export it as TMX") from error
    notices = [Notice("removed", name, "", f"{tags} inline tags were left out")] if tags else []
    return _document(name, "sdltm", pairs, sides, notices)


def _sdltm_units(
    base: sqlite3.Connection, name: str, options: ReadOptions
) -> tuple[list[Pair], list[tuple[str, str]], int]:
    tables = {str(table) for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "translation_units" not in tables:
        raise FormatError(f"{name}: not a .sdltm file: it has no table of translation units")
    columns = {str(row[1]) for row in base.execute("PRAGMA table_info(translation_units)")}
    kept = [column for column in SDLTM_COLUMNS if column in columns]
    wanted = ", ".join(["id", "source_segment", "target_segment", *kept])
    query = f"SELECT {wanted} FROM translation_units ORDER BY id"
    pairs: list[Pair] = []
    sides: list[tuple[str, str]] = []
    tags = 0
    for number, source, target, *values in base.execute(query):
        first, second = (_sdltm_text(text, name, f"unit {number}") for text in (source, target))
        tags += first[2] + second[2]
        dates = {column: str(value) for column, value in zip(kept, values, strict=True) if value not in (None, "")}
        pairs.append((first[0], second[0], f"unit {number}", (), _tmx_dates(dates)))
        sides.append((first[1], second[1]))
        _check_count(pairs, name, options)
    return pairs, sides, tags


def _tmx_dates(values: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return Studio's dates and users under the names that TMX has for them."""
    found = []
    for column, name in zip(
        SDLTM_COLUMNS, ("creationdate", "creationid", "changedate", "changeid", "lastusagedate"), strict=True
    ):
        value = values.get(column, "")
        if name.endswith("date"):
            digits = re.sub(r"\D", "", value)[:14]
            value = f"{digits[:8]}T{digits[8:]}Z" if len(digits) == 14 else ""
        if value:
            found.append((f"tmx:{name}", value))
    return tuple(sorted(found))


def _sdltm_text(data: object, name: str, place: str) -> tuple[str, str, int]:
    """Return the text, the language and the number of tags of a segment of Studio, which is XML in a column."""
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data if isinstance(data, bytes) else b""
    if not raw.lstrip().startswith(b"<"):
        return (data.strip() if isinstance(data, str) else ""), "", 0
    root = parse_xml(re.sub(rb"^\s*<\?xml[^>]*\?>", b"", raw), f"{name}, {place}")
    pieces: list[str] = []
    language = ""
    tags = 0
    for element in root.iter():
        tag = local(element)
        if tag == "Value" and local(_parent(element)) == "Text":
            pieces.append(element.text or "")
        elif tag == "Tag":
            tags += 1
            pieces.append(_sdltm_tag({local(child): child.text or "" for child in element}))
        elif tag == "CultureName":
            language = (element.text or "").strip()
    return on_one_line(close_codes("".join(pieces)), language)[0], language, tags


def _sdltm_tag(told: Mapping[str, str]) -> str:
    """Return what stands in the text for a tag: locked text and values are words of the sentence."""
    kind = told.get("Type", "")
    if kind in ("LockedContent", "TextPlaceholder"):
        return told.get("TextEquivalent", "")
    return {"LineBreak": BREAK, "Standalone": PLACEHOLDER}.get(kind, "")


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return element if parent is None else parent


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
        languages = _po_languages(store)
        wanted = ((number, unit) for number, unit in enumerate(store.units, 1) if _is_wanted(unit))
        units = [pair for number, unit in wanted for pair in _forms(unit, number)]
    except Exception as error:  # the toolkit raises whatever its parsers come across
        message = (" ".join(str(error).split()) or type(error).__name__)[:160]
        raise FormatError(f"{name}: not a sound {format_name.upper()} file ({message})") from error
    if 2 * len(units) > options.max_blocks:
        raise LimitError(f"{name}: more than {options.max_blocks // 2:,} units")
    if not is_undetermined(languages[1]) and not is_chinese(languages[1]) and not is_english(languages[1]):
        raise EmptyInputError(f"{name}: no unit in Chinese and English; it is {languages[1]}")
    if are_keys(first for first, *_ in units):
        return keyed_document(name, [(first, second, languages[1]) for first, second, *_ in units], options)
    swapped = is_swapped(stated(languages), ((first, second) for first, second, *_ in units))
    blocks = tuple(pair_blocks(units, swapped, languages=stated(languages)))
    if not any(stated(languages)):
        check_english(name, (block.text for block in blocks if is_english(block.language)))
    notices = language_notices(name, [languages])
    if obsolete := sum(bool(unit.isobsolete()) for unit in store.units):
        notices.append(Notice("removed", name, "", f"obsolete messages were left out: {obsolete}"))
    return Document(name, format_name, blocks, Metadata(source=_original(store)), tuple(notices))


def _po_languages(store: Any) -> tuple[str, str]:
    """Return the languages which the header states; the toolkit drops tags with a script (zh_Hant, zh-Hans-SG)."""
    header = store.parseheader()
    source = str(header.get("X-Source-Language") or "")
    target = str(header.get("Language") or store.gettargetlanguage() or "")
    return source if is_chinese(source) or is_english(source) else "", target.strip()


def _forms(unit: Any, number: int) -> Iterator[Pair]:
    """Yield source, target, place, notes and properties of a unit of the toolkit, of each of its plural forms.

    A language without plural forms (Chinese) has one text for all those of the other.
    """
    notes = tuple(dict.fromkeys(line.strip() for line in unit.getnotes().split("\n") if line.strip()))
    properties: dict[str, str] = {}
    if unit.isfuzzy():
        properties["fuzzy"] = "yes"
    context = unit.getcontext()
    if context:
        properties["context"] = context
    locations = " ".join(unit.getlocations())
    if locations:
        properties["location"] = locations
    sources, targets = (
        [_plain(text) for text in getattr(side, "strings", [side])] for side in (unit.source, unit.target)
    )
    forms = zip_longest(sources, targets[: len(sources)], fillvalue=targets[-1] if targets else "")
    for form, (source, target) in enumerate(dict.fromkeys(forms), 1):
        place = f"message {number}" if form == 1 else f"message {number}, form {form}"
        yield source, target, place, notes, tuple(sorted(properties.items()))


def _plain(text: object) -> str:
    plain = str(text or "").strip()
    return on_one_line(plain, "zh" if reads_as_chinese(plain) else "en")[0] if "\n" in plain else plain


def _is_wanted(unit: Any) -> bool:
    return bool(unit.source) and not unit.isheader() and not unit.isobsolete()


def _original(store: Any) -> str:
    """Return the name of the file which was translated, if the store states one."""
    try:
        return next((str(original) for original in store.getfilenames() if original), "")
    except (AttributeError, TypeError, ValueError):
        return ""
