"""Glossaries as CSV: for people, and back. Phrase patterns, which have gaps, stand in a table of their own."""

from __future__ import annotations

import csv
import re
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
from glossary.files.headings import Columns, about, find_columns, language_named, tells_usage
from glossary.files.usages import (
    is_neutral,
    is_refused,
    is_ticked,
    plain,
    strictest,
    told_by,
    told_of,
    usage_of,
    usage_within,
    vocabulary,
)
from glossary.model import (
    DOUBTED,
    NOT_TO_USE,
    ConceptEntry,
    Context,
    Glossary,
    PhrasePattern,
    Rendering,
    Usage,
    Variant,
)
from tmx.errors import FormatError, UnfaithfulError
from tmx.files import Replacement, atomic_path, replace_forbidden_in, tally
from tmx.readers.grid import Grid, GridCell, is_error, read_grids

FIELDS = table_of(TERM_FIELDS, TERM_TABLE)
BASE = "base"  # the last column: what the cells that come back held when they were written
OTHERS = "(others)"
FIELD_LIMIT = 2**31 - 1  # characters in a field that Python's csv module reads back
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
                    raise UnfaithfulError(f"{path}: row {number} does not read back as it was written")
    return TableReport(len(written) - 1, tally(found))


def read_csv(path: str | Path, notices: list[str] | None = None) -> Glossary:
    """Read a table in text form: ours, that of another system, or somebody's list; see ``read_table``.

    Encoding and delimiter are found. Raises ``EncodingError`` for bytes that are no text.
    """
    path = Path(path)
    return read_table(read_grids(path)[0], str(path), [] if notices is None else notices)


def read_table(grid: Grid, name: str, notices: list[str]) -> Glossary:
    """Read the terms of a table: columns by heading and text (``glossary.files.headings``), others among them.

    Rows with the same id or, without ids, the same Chinese are one entry. What was passed over is said in ``notices``.
    Raises ``FormatError`` where no column of either language can be told.
    """
    grid = _side_by_side(grid)
    rows = [(number, [unprotect_cell(normalise(cell.text)) for cell in row], row) for number, row in grid.rows]
    columns, above = _columns_below_titles([texts for _, texts, _ in rows])
    rows = rows[above:]
    if columns is None:
        raise FormatError(
            f"{name}, row 1: no column for Chinese and English (as zh-CN and en-US) in the header; "
            "only a table that begins with just these two needs none"
        )
    if columns.swapped:
        notices.append(f"{name}: the headings say otherwise than the text; the languages are taken from the text")
    reader = _TableReader(columns, name)
    for number, texts, cells in rows[1:] if columns.header else rows:
        reader.take(number, texts, any(cell.kind == "error" for cell in cells))
    notices += reader.notices()
    return Glossary(tuple(reader.entries()), source_language=columns.languages[0], target_language=columns.languages[1])


def _side_by_side(grid: Grid) -> Grid:
    """Return a table that has a line for each term, with concept and language, as one with both languages in a line."""
    at, places = next(
        ((at, places) for at, (_, row) in enumerate(grid.rows[:HEADER_ROWS]) if (places := _places_of_terms(row))),
        (0, ()),
    )
    if not places:
        return grid
    number, heads = grid.rows[at]
    id_, lang, term = places
    rest = [index for index in range(len(heads)) if index not in places]
    nothing = GridCell("", "")
    concepts: dict[str, dict[str, list[tuple[int, Sequence[GridCell]]]]] = {}
    for line, row in grid.rows[at + 1 :]:
        cells = [*row, *[nothing] * (len(heads) - len(row))]
        side = language_named(cells[lang].text)
        if side and cells[term].text.strip():
            concepts.setdefault(cells[id_].text, {"zh": [], "en": []})[side].append((line, cells))
    of_both = [index for index in rest if tells_usage(heads[index].text)]
    chinese = (replace(heads[index], text=f"{heads[index].text} (zh)") for index in of_both)
    first = (heads[id_], GridCell("zh", ""), GridCell("en", ""), *(heads[index] for index in rest), *chinese)
    rows: list[tuple[int, tuple[GridCell, ...]]] = [(number, first)]
    for concept, sides in concepts.items():
        for pair in zip_longest(sides["zh"], sides["en"]):
            terms = (side[1][term] if side else nothing for side in pair)
            told = zip(reversed(pair), (rest, of_both), strict=True)
            about = (side[1][index] if side else nothing for side, columns in told for index in columns)
            line = next(side[0] for side in pair if side)
            rows.append((line, (GridCell(concept, ""), *terms, *about)))
    return replace(grid, rows=tuple(rows))


def _places_of_terms(heads: Sequence[GridCell]) -> tuple[int, ...]:
    """Return the columns of concept, language and term of a table with a line for each term, else nothing."""
    names, words = vocabulary()["columns"], [plain(cell.text) for cell in heads]
    places = [
        min((i for i, word in enumerate(words) if word in names[key]), key=lambda i: words[i] in OF_ROWS, default=None)
        for key in ("id", "lang", "term")
    ]
    named = [language_named(cell.text) for cell, word in zip(heads, words, strict=True) if word not in names["generic"]]
    return tuple(place for place in places if place is not None) if None not in places and not any(named) else ()


OF_ROWS = ("id", "termid", "术语编号")  # beside the number of a concept, that of a row
_QUESTION_MARKS = re.compile(r"[?\ufffd\s]{2,}")  # what an encoding without Chinese makes of it
STATUS_CHARS = 30  # a longer text is a remark
HEADER_ROWS = 10  # people put titles, dates and logos above a table


def _columns_below_titles(rows: Sequence[Sequence[str]]) -> tuple[Columns | None, int]:
    """Return the columns of a table and how many rows stand above it; above a table without a header, only titles."""
    titles = True
    for above in range(min(HEADER_ROWS, len(rows))):
        columns = find_columns(rows[above:])
        if columns and (columns.header or titles):
            return columns, above
        titles = titles and len([text for text in rows[above] if text]) == 1
    return None, 0


@dataclass(slots=True)
class _Row:
    """What one row of a table tells: the forms of both languages with their usages, its cells by heading.

    ``doubts`` are statuses in unknown words of its English terms, by the heading of their column.
    """

    number: int
    chinese: list[tuple[str, Usage | None]]
    english: list[tuple[str, Usage | None]]
    cells: dict[str, str]
    doubts: dict[str, str]


class _TableReader:
    """Puts rows together into entries and counts what is passed over."""

    def __init__(self, columns: Columns, name: str) -> None:
        self._columns = columns
        self._name = name
        self._groups: list[list[_Row]] = []
        self._by_term: dict[tuple[str, str], list[_Row]] = {}
        self._last_id = ""
        self._passed: dict[str, list[int]] = {}
        self._unknown: dict[str, dict[str, None]] = {}  # by column: each status that is none we know
        self._telling: set[str] = set()  # columns of which some words are known
        self._doubts: dict[str, str] = {}  # of the row that is being read
        self._foreign: dict[str, list[str]] = {}  # by column: what it holds that is none of our values

    def take(self, number: int, texts: Sequence[str], has_error: bool) -> None:
        columns = self._columns
        chinese = strictest(self._told(texts, index) for index in columns.chinese_statuses)
        row = _Row(
            number,
            [
                (text, strictest((usage, chinese)))
                for index in columns.chinese
                for text, usage in self._forms(_at(texts, index))
            ],
            [
                (text, strictest((usage, self._usage(texts, index))))
                for index in columns.english
                for text, usage in self._forms(_at(texts, index))
            ],
            {name.casefold(): _at(texts, index) for index, name in enumerate(columns.names)}
            | ({} if columns.id is None else {"id": _at(texts, columns.id)}),
            self._doubts,
        )
        self._doubts = {}
        if any(is_error(text) for text, _ in (*row.chinese, *row.english)) and has_error:
            self._passed.setdefault("with an error of the spreadsheet for a term", []).append(number)
        elif row.chinese and all(_QUESTION_MARKS.fullmatch(text) for text, _ in row.chinese):
            self._passed.setdefault("with question marks for the Chinese (save it as UTF-8)", []).append(number)
        elif not row.chinese or not row.english:
            id_ = "" if columns.id is None else _at(texts, columns.id)
            if id_ and id_ == self._last_id and (row.chinese or row.english):  # the entry goes on, as in Smartcat's
                self._groups[-1].append(row)
            elif any(texts):
                missing = "a translation" if row.chinese else "the Chinese" if row.english else "a term"
                self._passed.setdefault(f"without {missing}", []).append(number)
        else:
            self._group(row, "" if columns.id is None else _at(texts, columns.id)).append(row)

    def _forms(self, text: str) -> Iterator[tuple[str, Usage | None]]:
        """Yield the terms of a cell: Trados puts a bar between synonyms, people a line break. Ours holds one."""
        if BASE in self._columns.names:
            yield from [(text, None)] if text else ()
        else:
            yield from _marked(text)

    def _usage(self, texts: Sequence[str], term: int) -> Usage | None:
        """Return the strictest of what the columns of a row say of one of its terms."""
        columns = self._columns
        found = [self._told(texts, index) for index in (*columns.statuses, *columns.flags)]
        found.append(dict(columns.usages).get(term))
        info = dict(columns.infos).get(term)
        if info is not None:  # memoQ's settings of the term, NonTerm among them
            found += [
                usage for part in re.split("[;,|]", _at(texts, info)) if (usage := usage_of(part)) == "deprecated"
            ]
        return strictest(found)

    def _told(self, texts: Sequence[str], index: int) -> Usage | None:
        """Return the usage that a cell about a term means; a status in unknown words is noted."""
        name, text = self._columns.names[index], _at(texts, index)
        usages = []
        for part in re.split(r"[;,|；，]", text) if usage_of(text) is None else [text]:
            usage = usage_of(part) if index in self._columns.statuses else told_by(about(name) or name, part)
            known = usage or is_neutral(part) or is_ticked(part) or is_refused(part)
            if known and part.strip():
                self._telling.add(name)
            elif not known:
                self._unknown.setdefault(name, {}).setdefault(part.strip(), None)
                if index not in self._columns.chinese_statuses and len(part.strip()) <= STATUS_CHARS:
                    self._doubts[name] = part.strip()
            usages.append(usage)
        return strictest(usages)

    def _group(self, row: _Row, id_: str) -> list[_Row]:
        """Return the rows of the entry to which a row belongs. IDs may begin again in a section of the table."""
        follows = bool(id_) and id_ == self._last_id
        self._last_id = id_
        key = id_, row.chinese[0][0]
        if key not in self._by_term:
            self._by_term[key] = self._groups[-1] if follows else []
            if not follows:
                self._groups.append(self._by_term[key])
        return self._by_term[key]

    def entries(self) -> Iterator[ConceptEntry]:
        """Yield the entries, in the order of the table."""
        for group in self._groups:
            yield self._entry(group)

    def _entry(self, group: Sequence[_Row]) -> ConceptEntry:
        head = self._values("entry", group[0])
        forms: dict[str, Usage | None] = {}
        for form, usage in (form for row in group for form in row.chinese):
            forms[form] = strictest((usage, forms.get(form)))
        term = next((form for form, usage in forms.items() if usage not in NOT_TO_USE), next(iter(forms)))
        usage = forms.pop(term)  # where all Chinese forms are not to be used, so are their renderings
        own = {variant.text: variant for variant in head.pop("variants", ())}
        renderings = (replace(r, usage=usage) if usage in NOT_TO_USE and usage else r for r in self._renderings(group))
        cells = [row.cells for row in group]
        contexts = dict.fromkeys(Context("", row.get("context_zh", ""), row.get("context_en", "")) for row in cells)
        sources = dict.fromkeys(item for row in cells for item in items(row.get("source", "")))
        doubts = {
            (DOUBTED + text, status): told_of(text, column, status)
            for row in group
            for column, status in row.doubts.items()
            for text, told in row.english
            if column in self._telling and told not in NOT_TO_USE
        }
        head["notes"] = tuple(dict.fromkeys((*head.get("notes", ()), *doubts.values())))
        return ConceptEntry(
            **{"id": ""} | head | {"term": term, "sources": tuple(sources) if self._is_ours() else ()},
            renderings=tuple(renderings),
            variants=(*own.values(), *(_variant(form, usage) for form, usage in forms.items() if form not in own)),
            contexts=tuple(context for context in contexts if context.source or context.target),
            properties=tuple(doubts),
        )

    def _is_ours(self) -> bool:
        return "source" in self._columns.names and self._columns.id is not None

    def _renderings(self, group: Sequence[_Row]) -> Iterable[Rendering]:
        """Return the renderings of an entry, each once; not to be used if any of its rows says so."""
        found: dict[str, Rendering] = {}
        for rendering in self._all_renderings(group):
            held = found.setdefault(rendering.text, rendering)
            if rendering.usage in NOT_TO_USE and held.usage not in NOT_TO_USE:
                found[rendering.text] = replace(held, usage=rendering.usage)
        return found.values()

    def _all_renderings(self, group: Sequence[_Row]) -> Iterator[Rendering]:
        chosen = any(usage == "preferred" for row in group for _, usage in row.english)
        number = 0
        for row in group:
            own = self._values("rendering", row)
            own.pop("usage", None)  # told by all the columns of statuses together
            for text, usage in row.english:
                usual = {
                    "usage": usage or ("admitted" if chosen else "preferred"),
                    "kind": "synonym" if number else "main",
                }
                chosen = chosen or usual["usage"] == "preferred"
                yield Rendering(**usual | own | {"text": text})
                number += 1

    def _values(self, owner: str, row: _Row) -> dict[str, Any]:
        """Return what the cells of a row say of its entry or its rendering, by attribute.

        In somebody else's table a column that is named like one of ours may hold anything; such cells are noted.
        """
        values = {}
        for field in FIELDS:
            part, _, attribute = field.attribute.partition(".")
            text = row.cells.get(field.name, "")
            if part != owner or not text or field.name in (SOURCE, TARGET):
                continue
            try:
                values[attribute] = field.set(text)
            except ValueError:
                if attribute != "usage":  # read in whatever words it is written
                    self._foreign.setdefault(field.name, []).append(text)
        return values

    def notices(self) -> Iterator[str]:
        """Say what was passed over; only once the entries have been read."""
        list(self.entries())
        for why, numbers in self._passed.items():
            more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
            count = "1 row" if len(numbers) == 1 else f"{len(numbers)} rows"
            yield f"{self._name}: {count} {why} passed over (row {numbers[0]}{more})"
        for column, statuses in self._unknown.items():
            others = f" and {len(statuses) - 1} others" if len(statuses) > 1 else ""
            first = next(iter(statuses))[:30]
            where = f"the column {column}" if column else "a column"
            then = "the terms beside it are doubted" if column in self._telling else "passed over"
            yield f"{self._name}: {where} says {first!r}{others}, which is no status known here; {then}"
        for column, found in self._foreign.items():
            yield f"{self._name}: the column {column} holds none of our values ({found[0][:30]!r}) and is not read"
        self._foreign.clear()


def _variant(text: str, usage: Usage | None) -> Variant:
    return Variant(text, usage=usage) if usage in NOT_TO_USE and usage else Variant(text)


_MARK = re.compile(r"\s*[(\[{（【〔]([^()\[\]{}（）【】〔〕]{1,40})[)\]}）】〕]\s*|^\s*([×✗✘❌🚫]\ufe0f?)\s*")


def _marked(text: str) -> Iterator[tuple[str, Usage | None]]:
    """Yield the terms of a cell, with the usage that is written beside them.

    >>> list(_marked("digital economy|e-economy")), list(_marked("network; net (do not use)"))
    ([('digital economy', None), ('e-economy', None)], [('network', None), ('net', 'deprecated')])
    """
    usages = [usage_within(mark[1]) if mark[1] else "deprecated" for mark in _MARK.finditer(text)]
    several = any(usage in NOT_TO_USE for usage in usages)
    for part in re.split(r"\s*[|\n;；、]\s*|\s+/\s+" if several else r"\s*[|\n]\s*", text):
        told = [
            (mark, "deprecated" if mark[2] else usage_within(mark[1]))
            for mark in (_MARK.finditer(part) if several else ())
        ]
        bad = [(mark, usage) for mark, usage in told if usage in NOT_TO_USE]
        for mark, _ in reversed(bad):
            part = f"{part[: mark.start()]} {part[mark.end() :]}".strip()
        if part:
            yield part, bad[0][1] if bad else None


def _at(texts: Sequence[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""
