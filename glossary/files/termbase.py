"""Termbases and word lists that a user brings: read by what they are, with one clear line where they cannot be."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from glossary.files.multiterm import ROOT, read_multiterm
from glossary.files.tables import read_table
from glossary.files.tbx import read_tbx
from glossary.files.usages import flag_of, plain, usage_of
from glossary.model import NOT_TO_USE, ConceptEntry, Glossary, Rendering, Usage, Variant, entry_id
from tmx.characters import is_han
from tmx.errors import FormatError, UnsupportedFormatError, reads
from tmx.languages import canonical
from tmx.messages import LANGUAGES, load
from tmx.model import Notice
from tmx.readers.bilingual import WORDFAST
from tmx.readers.grid import TEXT_TABLES, WORKBOOKS, Grid, GridCell, read_grids, read_text_table

_TAGS = re.compile('<langSec[^>]* (?:xml:)?lang="([^"]+)"')
ADVICE = {
    ".sdltb": "export it as MultiTerm XML",
    ".mdb": "export it as MultiTerm XML",
    **dict.fromkeys((".et", ".xlsb", ".numbers"), "save it as .xlsx"),
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf", ".pdf"), "copy its table into a workbook and save it as .xlsx"),
}
FORMS = ".tbx, .xml (TBX or MultiTerm), .csv, .tsv, .txt, .utf8, .utx, .json, .xlsx, .xls or .ods"


@reads("termbase")
def read_termbase(path: Path, notices: list[str] | None = None) -> Glossary:
    """Read somebody's termbase: TBX of any dialect, MultiTerm XML, a table, the sheets of a workbook.

    A table is that of a system (memoQ, Trados, Phrase, Matecat, Crowdin, XTM, Weblate, OmegaT, DeepL, Google), ours, or
    somebody's own with a header or with the two languages in its first columns. How many entries were read and what was
    passed over and why is said in ``notices``.

    Raises:
        FormatError: the file is missing or not what its suffix says.
        UnsupportedFormatError: the suffix is none of these.
    """
    said = [] if notices is None else notices
    if not path.is_file():
        raise FormatError(f"{path}: no such file")
    suffix = path.suffix.lower()
    if suffix in (".tbx", ".xml", ".mtf"):
        termbase = read_multiterm(path, said) if _root(path) == ROOT else _read_tbx(path, said)
    elif suffix in (".json", ".jsonl"):
        termbase = _read_json(path, said)
    elif suffix in (*TEXT_TABLES, ".utx"):
        termbase = _read_text(path, said)
    elif suffix in WORKBOOKS:
        termbase = _read_workbook(path, said)
    else:
        advice = ADVICE.get(suffix, "export or save it as one of these")
        raise UnsupportedFormatError(f"{path}: a termbase is read from {FORMS}; {advice}")
    termbase = replace(termbase, entries=tuple(with_own_ids(termbase.entries)))
    number = len(termbase.entries)
    if number:
        said.insert(0, f"{path}: {'1 entry' if number == 1 else f'{number:,} entries'} read")
    else:
        said.append(f"{path}: gave no entry with a Chinese and an English term")
    return termbase


def with_own_ids(entries: Iterable[ConceptEntry]) -> Iterator[ConceptEntry]:
    """Yield entries, those without an ID or with one that an earlier entry has under one of their own.

    >>> entries = (ConceptEntry(id_, "多边主义", (Rendering("multilateralism"),)) for id_ in ("1", "1", ""))
    >>> [entry.id for entry in with_own_ids(entries)]
    ['1', 'c-8007b8d246', 'c-8007b8d246-2']
    """
    taken: set[str] = set()
    for entry in entries:
        made = (entry_id(entry.term) + (f"-{number}" if number > 1 else "") for number in count(1))
        id_ = entry.id if entry.id and entry.id not in taken else next(one for one in made if one not in taken)
        taken.add(id_)
        yield entry if id_ == entry.id else replace(entry, id=id_)


def _read_text(path: Path, said: list[str]) -> Glossary:
    """Read a table in text form; UTX (AAMT, version 1.20) has its languages and columns in lines that begin with #."""
    grid = read_grids(path)[0]
    first = "\t".join(cell.text for cell in grid.rows[0][1]) if grid.rows else ""
    if WORDFAST.match(first):
        raise FormatError(f"{path}: a translation memory of Wordfast and no termbase; give it to duiyi build")
    if first.startswith("#UTX"):
        grid = _utx_table(grid, first)
    return read_table(grid, str(path), said)


def _utx_table(grid: Grid, first: str) -> Grid:
    """Return a UTX table with one row of headings: the tags of its languages for ``src`` and ``tgt``."""
    tags = re.search(r"([A-Za-z]{2,3}(?:-\w+)*)\s*/\s*([A-Za-z]{2,3}(?:-\w+)*)", first)
    names = {"src": tags[1], "tgt": tags[2]} if tags else {}
    heads: tuple[int, tuple[GridCell, ...]] | None = None
    rows = []
    for number, row in grid.rows:
        if not row[0].text.startswith("#"):
            rows.append((number, row))
        elif row[0].text[1:].strip().casefold().startswith("src"):
            texts = (cell.text.removeprefix("#").strip() for cell in row)
            heads = number, tuple(GridCell(names.get(text.casefold(), text), "heading") for text in texts)
    return replace(grid, rows=tuple([heads, *rows] if heads else rows))


def _root(path: Path) -> str:
    """Return the name of the root element of an XML file, as far as its beginning tells."""
    with path.open("rb") as file:
        start = file.read(4096).replace(b"\0", b"")
    return ROOT if b"<mtf" in start else ""


def _read_tbx(path: Path, said: list[str]) -> Glossary:
    replaced: list[Notice] = []
    termbase = read_tbx(path, replaced, all_sections=True)
    said += [f"{path}: {notice.message}" for notice in replaced]
    others = [text for name, text in termbase.properties if name == "tbx:entry"]
    if others:
        tags = sorted({canonical(tag) for text in others for tag in _TAGS.findall(text)})
        languages = f" (languages: {', '.join(tags)})" if tags else ""
        read = "1 entry" if len(others) == 1 else f"{len(others):,} entries"
        said.append(f"{path}: {read} without a Chinese and an English term passed over{languages}")
    return termbase


def _read_workbook(path: Path, said: list[str]) -> Glossary:
    """Read all sheets that have a column for each language, or our own workbook."""
    found: list[tuple[str, Glossary]] = []
    about: dict[str, list[str]] = {}
    problem = "no sheet"
    grids = read_grids(path)
    for grid in grids:
        if grid.hidden or not grid.rows:
            continue
        notices: list[str] = []
        try:
            termbase = read_table(grid, f"{path}, sheet {grid.name}", notices)
        except FormatError as error:
            problem = str(error).removeprefix(f"{path}, ")
            continue
        usage = usage_of(grid.name)
        if usage in NOT_TO_USE and usage:  # a sheet named "Forbidden terms", 禁用词
            notices.append(f"{path}, sheet {grid.name}: by its name its renderings are not to be used")
            termbase = _with_usage(termbase, usage)
        found.append((grid.name, termbase))
        about[grid.name] = notices
    if not found:
        raise FormatError(f"{path}: {problem}")
    variants = next((grid for grid in grids if grid.name in _named("Variants")), None)
    if variants is not None and found[0][0] in _named("Terms"):  # our own workbook
        said += about[found[0][0]]
        return _with_wordings(found[0][1], variants)
    for name, termbase in found:
        said += about[name]
        if len(found) > 1:
            said.append(f"{path}, sheet {name}: {len(termbase.entries):,} of the entries")
    return replace(found[0][1], entries=tuple(entry for _, termbase in found for entry in termbase.entries))


def _with_usage(termbase: Glossary, usage: Usage) -> Glossary:
    entries = (
        replace(entry, renderings=tuple(replace(rendering, usage=usage) for rendering in entry.renderings))
        for entry in termbase.entries
    )
    return replace(termbase, entries=tuple(entries))


def _read_json(path: Path, said: list[str]) -> Glossary:
    """Read terms in JSON, as ``duiyi export --for json`` writes them, or any list of records with named texts."""
    try:
        if path.suffix.lower() == ".jsonl":
            data = [json.loads(line) for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]
        else:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}: not well-formed JSON ({error})") from error
    if isinstance(data, dict) and isinstance(data.get("entries"), str):  # DeepL's, as its interface takes it
        return read_table(read_text_table(data["entries"], str(path), ".tsv"), str(path), said)
    records = _records(data)
    if any("terms" in record or isinstance(record.get("term"), dict) for record in records):
        records = _lines_of_terms(records)
    records = [{"id": str(number)} | record for number, record in enumerate(records, 1)]
    names = [*dict.fromkeys(name for record in records for name in record), "usage"]
    rows: list[tuple[int, tuple[GridCell, ...]]] = [(0, tuple(GridCell(name, "heading") for name in names))]
    for number, record in enumerate(records, 1):
        rows.append((number, tuple(GridCell(_json_text(record.get(name)), f"record {number}") for name in names)))
        for name, texts in record.items():
            usage = "admitted" if name in ("also", SOURCE_FORMS) else "deprecated" if name == "avoid" else flag_of(name)
            for text in texts if usage and isinstance(texts, list) else ():
                side = {"source": text} if name == SOURCE_FORMS else {"target": text, "usage": usage}
                told = record | side
                rows.append((number, tuple(GridCell(_json_text(told.get(key)), f"record {number}") for key in names)))
    return read_table(Grid(path.name, tuple(rows)), str(path), said)


def _records(data: Any) -> list[dict[str, Any]]:
    """Return the records of a termbase in JSON: a list of them, the only list in an object, or an object of pairs."""
    if isinstance(data, dict):  # {"terms": [...]}, or the same under another name
        lists = [value for value in data.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        inner = [value for value in data.values() if isinstance(value, dict)]
        if "terms" not in data and not lists and len(data) == len(inner) == 1:  # {"glossary": {...}}
            return _records(inner[0])
        data = data["terms"] if isinstance(data.get("terms"), list) else lists[0] if len(lists) == 1 else data
    if isinstance(data, dict):  # {"数字经济": "digital economy"}, {"数字经济": {"en": "digital economy"}}
        pairs = {source: target for source, target in data.items() if isinstance(target, str | dict)}
        if not any(any(map(is_han, f"{source}{target}")) for source, target in pairs.items()):
            return []
        data = [
            {"source": source} | (target if isinstance(target, dict) else {"target": target})
            for source, target in pairs.items()
            if any(map(is_han, f"{source}{target}"))
        ]
    records = [record for record in data if isinstance(record, dict)] if isinstance(data, list) else []
    return [_flat(record) for record in records]


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without ``{"translations": {"en": ...}}``."""
    inner = [value for key, value in record.items() if key in ("translations", "translation", "targets")]
    return record | inner[0] if len(inner) == 1 and isinstance(inner[0], dict) else record


def _lines_of_terms(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records with a list of terms each as one record a term, with its language."""
    return [
        {"id": str(record.get("id", number)), "lang": term.get("lang", term.get("language", term.get("locale", "")))}
        | {"term": term.get("term", term.get("text", ""))}
        | {key: value for key, value in term.items() if key not in ("id", "lang", "language", "locale", "term", "text")}
        for number, record in enumerate(records, 1)
        for term in record.get("terms") or ()
        if isinstance(term, dict)
    ]


def _json_text(value: object) -> str:
    if isinstance(value, list):
        return "|".join(map(str, value))
    return value if isinstance(value, str) else "TRUE" if value is True else ""


SOURCE_FORMS = "source_forms"  # what our JSON calls the further forms of the source
_WORDINGS = ("ID", "Language", "Text", "Usage")  # headings of the sheet Variants


def _named(sheet: str) -> set[str]:
    return {say(f"workbook.sheet.{sheet}") for say in map(load, LANGUAGES)}


def _with_wordings(termbase: Glossary, grid: Grid) -> Glossary:
    """Add the wordings of the sheet Variants of our workbook to the entries of its sheet Terms."""
    _, first = grid.rows[0]
    headings = {
        plain(say(f"workbook.heading.{name}")): plain(name) for say in map(load, LANGUAGES) for name in _WORDINGS
    }
    names = [headings.get(plain(cell.text), "") for cell in first]
    renderings: defaultdict[str, list[Rendering]] = defaultdict(list)
    variants: defaultdict[str, list[Variant]] = defaultdict(list)
    for _, row in grid.rows[1:]:
        told = dict(zip(names, (cell.text for cell in row), strict=False))
        usage = usage_of(told.get("usage", "")) or "admitted"
        if told.get("text") and told.get("language") == "en":
            renderings[told.get("id", "")].append(Rendering(told["text"], usage))
        elif told.get("text"):
            variants[told.get("id", "")].append(Variant(told["text"], usage=usage))
    entries = (
        replace(
            entry,
            renderings=tuple(renderings.get(entry.id, entry.renderings)),
            variants=tuple(variants.get(entry.id, entry.variants)),
        )
        for entry in termbase.entries
    )
    return replace(termbase, entries=tuple(entries))


@reads("list of terms")
def read_lines(path: Path) -> tuple[str, ...]:
    """Read a list of terms, one a line; empty lines and lines that begin with # are left out."""
    from tmx.readers.encodings import decode

    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    rows = (line.strip() for line in text.split("\n"))
    return tuple(row for row in rows if row and not row.startswith("#"))
