"""Glossaries as CSV: for people, and back. Phrase patterns, which have gaps, stand in a table of their own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, get_args

from glossary.contexts import context_of
from glossary.model import (
    ConceptEntry,
    Context,
    Glossary,
    KnownStatus,
    PartOfSpeech,
    PhrasePattern,
    Rendering,
    Review,
    TermList,
    TermType,
    Usage,
    Variant,
    VariantKind,
)
from tmx.characters import han_share
from tmx.errors import FormatError, OutputError
from tmx.files import Replacement, atomic_path, digest, replace_forbidden_in, tally
from tmx.languages import CHINESE, ENGLISH, canonical, is_chinese, is_english

COLUMNS = (
    "id", "{source}", "{target}", "type", "review", "usage", "count", "units", "context_zh", "context_en", "source",
    "kind", "total", "variants_zh", "part_of_speech", "list", "first", "last", "score", "definition", "notes",
    "reasons", "broader", "known", "base",
)  # fmt: skip
# The columns that come back from a reviewer. The column "base" holds the beginnings of the digests of these cells as
# they were written, so that an import knows which of them were changed, whatever happened to the glossary since.
REVIEWED = ("{source}", "{target}", "type", "review", "usage", "kind", "part_of_speech", "definition", "notes")
DIGEST_CHARS = 4
LIST_SEPARATOR = " | "

# No column is named as a language, so that no tool takes a pattern with its gaps for a term.
PATTERN_COLUMNS = (
    "id", "pattern_zh", "pattern_en", "instances", "filling_zh", "instance_zh", "instance_en", "unit", "document",
    "place", "date",
)  # fmt: skip

# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, "CSV Injection").
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def protect_cell(text: str) -> str:
    """Return cell text that a spreadsheet shows and does not compute: an apostrophe stands before it where needed.

    >>> protect_cell("=1+1"), protect_cell("平等"), unprotect_cell(protect_cell("'=1"))
    ("'=1+1", '平等', "'=1")
    """
    return "'" + text if _FORMULA.match(text) else text


def unprotect_cell(text: str) -> str:
    """Undo ``protect_cell``."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def normalise(value: object) -> str:
    """Return a cell's value as the text that is compared: spreadsheets change line ends and number types.

    >>> normalise(2021.0), normalise(" a\\r\\nb "), normalise(None)
    ('2021', 'a\\nb', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def cell_digest(value: object) -> str:
    """Return the digest under which the hidden sheet keeps a cell."""
    return digest([normalise(value)], 6).hex()


def is_unchanged(value: object, before: str) -> bool:
    """Tell whether a cell's value has the digest ``before``, or one that begins so.

    >>> is_unchanged("a", cell_digest("a")[:4]), is_unchanged("b", cell_digest("a")[:4]), is_unchanged("a", "")
    (True, False, False)
    """
    return bool(before) and cell_digest(value).startswith(before)


def cells_of_notes(notes: str) -> str:
    """Return the notes in one cell of a table as they stand in a cell of the workbook: one a line."""
    return "\n".join(notes.split(LIST_SEPARATOR))


def rows(glossary: Glossary) -> Iterator[tuple[str, ...]]:
    """Yield the header and one row for each English rendering, the preferred one of each entry first."""
    yield tuple(name.format(source=glossary.source_language, target=glossary.target_language) for name in COLUMNS)
    for entry in glossary.entries:
        for rendering in entry.renderings:
            context = context_of(entry, rendering.text)
            documents = rendering.documents or entry.sources
            notes = LIST_SEPARATOR.join(entry.notes)
            reviewed = (entry.term, rendering.text, entry.type, entry.review, rendering.usage, rendering.kind)
            further = (entry.part_of_speech, entry.definition, cells_of_notes(notes))
            yield (
                entry.id,
                entry.term,
                rendering.text,
                entry.type,
                entry.review,
                rendering.usage,
                str(rendering.count),
                str(entry.units),
                context.source,
                context.target,
                LIST_SEPARATOR.join(dict.fromkeys((*documents, *filter(None, [context.document])))),
                rendering.kind,
                str(entry.count),
                LIST_SEPARATOR.join(variant.text for variant in entry.variants),
                entry.part_of_speech,
                entry.list,
                rendering.first,
                rendering.last,
                repr(entry.score),
                entry.definition,
                notes,
                LIST_SEPARATOR.join(entry.reasons),
                entry.broader,
                entry.known,
                "-".join(cell_digest(cell)[:DIGEST_CHARS] for cell in (*reviewed, *further)),
            )


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
    return _write(pattern_rows(patterns), Path(path), found)


def pattern_rows(patterns: Iterable[PhrasePattern]) -> Iterator[tuple[str, ...]]:
    """Yield the header and one row for each instance of each pattern."""
    yield PATTERN_COLUMNS
    for pattern in patterns:
        for instance, filling in pattern.filled:
            yield (
                pattern.id,
                pattern.source,
                pattern.target,
                str(len(pattern.instances)),
                LIST_SEPARATOR.join(filling),
                clause_of(instance),
                instance.target,
                instance.unit,
                instance.document,
                instance.place,
                instance.date,
            )


def clause_of(instance: Context) -> str:
    """Return the Chinese clause that fills a pattern; the whole unit where its place is not known."""
    start, end = instance.source_spans[0] if instance.source_spans else (0, len(instance.source))
    return instance.source[start:end]


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
        row |= {"{source}": cells[source], "{target}": cells[target], "{row}": str(number)}
        if not row["{source}"] or not row["{target}"]:
            raise FormatError(f"{path}, row {number}: the Chinese or the English term is empty")
        entries.setdefault(row.get("id") or row["{source}"], []).append(row)
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
    head = group[0]

    def choice(row: dict[str, str], name: str, kind: Any, default: str) -> Any:
        value = row.get(name, "") or default
        if value not in get_args(kind):
            allowed = ", ".join(get_args(kind))
            raise FormatError(f"{path}, row {row['{row}']}, column {name}: {value!r} is none of: {allowed}")
        return value

    def number(row: dict[str, str], name: str, default: int) -> int:
        value = row.get(name, "") or str(default)
        if not value.isdecimal():
            raise FormatError(f"{path}, row {row['{row}']}, column {name}: {value!r} is not a number")
        return int(value)

    def items(name: str, rows: Sequence[dict[str, str]] = (head,)) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item for row in rows for item in row.get(name, "").split(LIST_SEPARATOR) if item))

    try:
        score = float(head.get("score", "") or 0)
    except ValueError as error:
        raise FormatError(f"{path}, row {head['{row}']}, column score: {head['score']!r} is not a number") from error
    contexts = dict.fromkeys(Context("", row.get("context_zh", ""), row.get("context_en", "")) for row in group)
    return ConceptEntry(
        id=head.get("id", ""),
        term=head["{source}"],
        renderings=tuple(
            Rendering(
                row["{target}"],
                usage=choice(row, "usage", Usage, "admitted" if index else "preferred"),
                kind=choice(row, "kind", VariantKind, "synonym" if index else "main"),
                count=number(row, "count", 1),
                first=row.get("first", ""),
                last=row.get("last", ""),
            )
            for index, row in enumerate(group)
        ),
        variants=tuple(Variant(text) for text in items("variants_zh")),
        type=choice(head, "type", TermType, "concept"),
        part_of_speech=choice(head, "part_of_speech", PartOfSpeech, "noun"),
        list=choice(head, "list", TermList, "recurring"),
        review=choice(head, "review", Review, "candidate"),
        count=number(head, "total", 1),
        units=number(head, "units", 1),
        score=score,
        contexts=tuple(context for context in contexts if context.source or context.target),
        reasons=items("reasons"),
        sources=items("source", group),
        notes=items("notes"),
        broader=head.get("broader", ""),
        known=choice(head, "known", KnownStatus, ""),
        definition=head.get("definition", ""),
    )
