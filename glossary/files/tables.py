"""Glossaries as CSV: for people, and back. Phrase patterns, which have gaps, stand in a table of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from glossary.files.cells import DIGEST_CHARS, cell_digest, normalise, protect_cell, unprotect_cell
from glossary.files.fields import (
    PATTERN_FIELDS,
    PATTERN_TABLE,
    SOURCE,
    TARGET,
    TERM_FIELDS,
    TERM_TABLE,
    TermRow,
    items,
    pattern_rows,
    table_of,
)
from glossary.model import ConceptEntry, Context, Glossary, PhrasePattern, Rendering
from tmx.characters import han_share
from tmx.errors import FormatError, OutputError
from tmx.files import Replacement, atomic_path, replace_forbidden_in, tally
from tmx.languages import CHINESE, ENGLISH, canonical, is_chinese, is_english

FIELDS = table_of(TERM_FIELDS, TERM_TABLE)
BASE = "base"  # the last column: what the cells that come back held when they were written
OTHERS = "(others)"
WATCHED = tuple(field for field in FIELDS if field.elsewhere)


def base_of(row: TermRow) -> str:
    """Return the beginnings of the digests of the cells of a row that may be changed, as they are written.

    By them an import knows which of the cells were changed, whatever happened to the glossary since.
    """
    own = "-".join(cell_digest(field.get(row))[:DIGEST_CHARS] for field in FIELDS if field.editable)
    return f"{own}.{others_of(row)}"


def others_of(row: TermRow) -> str:
    """Return the digest of the cells of a row that do not come back, but that people may write into."""
    return cell_digest("\x1f".join(normalise(field.text(row)) for field in WATCHED))[:DIGEST_CHARS]


def digests_of(base: str) -> dict[str, str]:
    """Return what ``base_of`` wrote: digests by the name of their field, under OTHERS that of the other cells.

    Tables of version 0.1.0 have no digest of the others; what is no such text gives nothing.
    """
    own, _, others = base.partition(".")
    names, digests = [field.name for field in FIELDS if field.editable], own.split("-")
    if len(digests) < len(names):
        return {}
    return dict(zip(names, digests, strict=False)) | ({OTHERS: others} if others else {})


def rows(glossary: Glossary) -> Iterator[tuple[str, ...]]:
    """Yield the header and one row for each English rendering, the preferred one of each entry first."""
    languages = {SOURCE: glossary.source_language, TARGET: glossary.target_language}
    yield (*(languages.get(field.name, field.name) for field in FIELDS), BASE)
    for entry in glossary.entries:
        for rendering in entry.renderings:
            row = TermRow(entry, rendering)
            yield (*(field.text(row) for field in FIELDS), base_of(row))


@dataclass(frozen=True, slots=True)
class TableReport:
    """What was written: rows without the header, and the characters that had to be replaced."""

    rows: int
    replacements: tuple[Replacement, ...] = ()


def write_csv(glossary: Glossary, path: str | Path) -> TableReport:
    """Write a glossary as CSV for people: one row for each English rendering.

    UTF-8 with a byte-order mark, so that Excel shows Chinese; cells that a spreadsheet would compute stay text.

    >>> from tempfile import TemporaryDirectory
    >>> entry = ConceptEntry("c1", "多边主义", (Rendering("multilateralism"),))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "glossary.csv")
    ...     report = write_csv(Glossary((entry,)), path)
    ...     report.rows, read_csv(path).entries == (entry,)
    (1, True)
    """
    path = Path(path)
    found: list[Replacement] = []
    glossary = replace_forbidden_in(replace(glossary, rejected=()), "glossary", found)
    return _write(rows(glossary), path, found)


def write_patterns(glossary: Glossary, path: str | Path) -> TableReport:
    """Write the phrase patterns of a glossary as CSV for people: one row for each instance.

    >>> from tempfile import TemporaryDirectory
    >>> instance = Context("u1", "坚持和平是外交的宗旨。", "Peace is the purpose of diplomacy.", ((0, 10),))
    >>> pattern = PhrasePattern("p1", "坚持X是外交的Y", "X is Y of diplomacy", (instance,), (("和平", "宗旨"),))
    >>> with TemporaryDirectory() as folder:
    ...     write_patterns(Glossary((), (pattern,)), Path(folder, "glossary.patterns.csv")).rows
    1
    """
    found: list[Replacement] = []
    patterns = replace_forbidden_in(glossary.patterns, "patterns", found)
    return _write(_pattern_table(patterns), Path(path), found)


def _pattern_table(patterns: Iterable[PhrasePattern]) -> Iterator[tuple[str, ...]]:
    """Yield the header and one row for each instance of each pattern."""
    fields = table_of(PATTERN_FIELDS, PATTERN_TABLE)
    yield tuple(field.name for field in fields)
    for pattern in patterns:
        for row in pattern_rows(pattern):
            yield tuple(field.text(row) for field in fields)


def _write(table: Iterable[Sequence[str]], path: Path, found: Iterable[Replacement]) -> TableReport:
    """Write a table with its header, read it back, and report what went into it."""
    written = [[protect_cell(cell) for cell in row] for row in table]
    with atomic_path(path) as beside:
        with beside.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(written)
        csv.field_size_limit(FIELD_LIMIT)
        with beside.open(encoding="utf-8-sig", newline="") as file:
            for number, (expected, got) in enumerate(zip_longest(written, csv.reader(file, strict=True)), 1):
                if expected != got:
                    raise OutputError(f"{path}: row {number} does not read back as it was written")
    return TableReport(len(written) - 1, tally(found))


def read_csv(path: str | Path) -> Glossary:
    """Read a CSV or TSV file with a header: columns by name, in any order, with others among them.

    Needed is a column for Chinese and one for English, named by a language tag or name; rows with the same id (or,
    without ids, the same Chinese) are one entry. Two columns, one Chinese and one English, need no header. The
    encoding is found, as spreadsheet programs write several. Raises ``FormatError`` with the row for what cannot be
    read, ``EncodingError`` for bytes that are no text.
    """
    from tmx.readers.encodings import decode  # brings all readers with it

    path = Path(path)
    csv.field_size_limit(FIELD_LIMIT)
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    first_line = text.partition("\n")[0]
    delimiter = max("\t;,", key=first_line.count)
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    first = 2
    if table and (bare := _bare_header(table)):
        table.insert(0, bare)
        first = 1
    header = [name.strip() for name in table[0]] if table else []
    source, target = language_columns(header)
    if source is None or target is None:
        raise FormatError(
            f"{path}, row 1: no column for Chinese and English (as zh-CN and en-US) in the header; "
            "only a table of just these two needs none"
        )
    entries: dict[str, list[dict[str, str]]] = {}
    for number, cells in enumerate(table[1:], first):
        cells = [unprotect_cell(cell) for cell in cells] + [""] * (len(header) - len(cells))
        if not any(cells):
            continue
        row = {name.casefold(): cell for name, cell in zip(header, cells, strict=False)}
        row |= {SOURCE: cells[source], TARGET: cells[target], "{row}": str(number)}
        if not row[SOURCE] or not row[TARGET]:
            raise FormatError(f"{path}, row {number}: the Chinese or the English term is empty")
        entries.setdefault(row.get("id") or row[SOURCE], []).append(row)
    return Glossary(
        tuple(_entry(path, group) for group in entries.values()),
        source_language=canonical(header[source]) if is_chinese(header[source]) else CHINESE,
        target_language=canonical(header[target]) if is_english(header[target]) else ENGLISH,
    )


FIELD_LIMIT = 2**31 - 1
_CHINESE_NAMES = {"chinese", "中文", "汉语", "源语", "source", "术语", "词条", "中文术语", "汉语术语"}
_ENGLISH_NAMES = {"english", "英文", "英语", "译文", "target", "term", "translation", "英译", "译名", "英文术语"}


def language_columns(header: Sequence[str]) -> tuple[int | None, int | None]:
    """Return which columns are named for Chinese and for English."""
    source = next((i for i, name in enumerate(header) if is_chinese(name) or name.casefold() in _CHINESE_NAMES), None)
    target = next((i for i, name in enumerate(header) if is_english(name) or name.casefold() in _ENGLISH_NAMES), None)
    return source, target


def _bare_header(table: Sequence[Sequence[str]]) -> list[str] | None:
    """Return the header which a table lacks, if it holds a Chinese and an English column and nothing else.

    >>> _bare_header([["China", "中国"], ["APEC", "APEC"]]), _bare_header([["zh", "en"], ["中国", "China"]])
    (['en-US', 'zh-CN'], None)
    """
    first = [cell.strip() for cell in table[0]]
    if any(column is not None for column in language_columns(first)) or not any(map(han_share, first)):
        return None
    if any(any(map(str.strip, row[2:])) for row in table):
        return None
    shares = [sum(han_share(row[column]) >= 0.5 for row in table if column < len(row)) for column in (0, 1)]
    if shares[0] == shares[1]:
        return None
    return [CHINESE, ENGLISH] if shares[0] > shares[1] else [ENGLISH, CHINESE]


def _entry(path: Path, group: list[dict[str, str]]) -> ConceptEntry:
    head = _values(path, "entry", group[0])
    contexts = dict.fromkeys(Context("", row.get("context_zh", ""), row.get("context_en", "")) for row in group)
    sources = dict.fromkeys(item for row in group for item in items(row.get("source", "")))
    renderings = []
    for index, row in enumerate(group):
        plain = {"usage": "admitted" if index else "preferred", "kind": "synonym" if index else "main"}
        renderings.append(Rendering(**plain | _values(path, "rendering", row)))
    return ConceptEntry(
        **{"id": ""} | head | {"sources": tuple(sources)},
        renderings=tuple(renderings),
        contexts=tuple(context for context in contexts if context.source or context.target),
    )


def _values(path: Path, owner: str, row: dict[str, str]) -> dict[str, Any]:
    """Return what the cells of a row say of its entry or its rendering, by attribute."""
    values = {}
    for field in FIELDS:
        part, _, attribute = field.attribute.partition(".")
        if part == owner and (text := row.get(field.name, "")):
            try:
                values[attribute] = field.set(text)
            except ValueError as error:
                raise FormatError(f"{path}, row {row['{row}']}, column {field.name}: {error}") from error
    return values
