"""What came back, cell by cell: which sheet and column is which, what a cell says and what is wrong with it."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from duiyi.returned.conflicts import CONFLICT_SHEET
from glossary.files.cells import LIST_SEPARATOR, cell_digest, is_unchanged, normalise, unprotect_cell
from glossary.files.fields import SOURCE, TARGET, VARIANTS_ZH, Field, TermRow, items
from glossary.files.headings import language_columns
from glossary.files.sheets import PENCIL, Sheet, heading
from glossary.files.tables import BASE, FIELDS, WATCHED, digests_of
from glossary.files.usages import plain, vocabulary
from glossary.files.workbook import ALIGNMENT, BASE_SHEET, OTHERS, SHEETS, TERMS, VARIANTS, sheet_digest
from tmx.errors import FormatError, ToolError, reads
from tmx.markup import parse_xml
from tmx.messages import LANGUAGES, Language, load
from tmx.readers.grid import TEXT_TABLES, WORKBOOKS, Grid, GridCell, read_grids
from tmx.readers.sheets import column_letters

PLANS: dict[str, Sheet[Any]] = {plan.name: plan for plan in (TERMS, VARIANTS, ALIGNMENT)}
HEADER_ROWS = 20  # a reviewer may put lines of their own above the header
KNOWN_SHARE = 0.5  # of the headings of a sheet from which it is that sheet, whatever its name
SAME_SHARE = 0.5  # of the cells of a column from which it is that column, whatever its heading
NAMED = 5  # places in one line; the others are counted
READ_ME = tuple(load(language)("workbook.sheet.Read me") for language in LANGUAGES)

# Characters that nobody sees: of width zero, soft hyphens, marks of direction.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that came back: its text, where it stands, and what is wrong with it as text (empty: nothing).

    ``base`` is the digest it was sent out with where the cell's own file row tells it, as in a table. ``struck`` was
    struck out in it and is no part of the text; ``coloured`` tells that somebody coloured it.
    """

    text: str
    place: str
    problem: str = ""
    base: str = ""
    struck: str = ""
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as it came back: its rows by heading; columns that are not ours are left out.

    ``repeats``: an entry has several rows, and whoever changed it may have changed only one of them.
    """

    plan: Sheet[Any]
    rows: tuple[dict[str, Cell], ...]
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """One file as it came back, and the digests it was sent out with (empty for a table).

    ``read_only`` holds sheets that never come back, by name, as far as they were changed. ``notices`` names what was
    read otherwise than it stands, ``untaken`` what was found and not read at all. ``editor`` is who saved a workbook
    last, as the file says.
    """

    path: Path
    tables: tuple[Table, ...]
    base: dict[tuple[str, str], dict[str, str]]
    cut: frozenset[tuple[str, str, str]] = frozenset()
    decided: tuple[dict[str, Cell], ...] = ()  # rows of a sheet of conflicts
    read_only: tuple[Table, ...] = ()
    language: Language = "en"
    watched: tuple[dict[str, Cell], ...] = ()  # rows of a table, by the names of their fields
    notices: tuple[str, ...] = ()
    untaken: tuple[str, ...] = ()
    editor: str = ""

    def rows(self, plan: Sheet[Any]) -> tuple[dict[str, Cell], ...]:
        """The rows of one kind of sheet; none when the file lacks it."""
        return tuple(row for table in self.tables if table.plan is plan for row in table.rows)


def clean(text: str) -> str:
    """Return text without what nobody sees: characters of no width, runs and edges of spaces.

    >>> clean("digital\\u00a0 economy\\u200b ")
    'digital economy'
    """
    lines = _SPACES.sub(" ", _INVISIBLE.sub("", text)).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def is_lost(text: str, before: str) -> bool:
    """Tell whether signs of a text were replaced when it was saved in an encoding that lacks them.

    >>> is_lost("????", "数字经济"), is_lost("数?经?", "数字经济"), is_lost("why?", "why")
    (True, True, False)
    """
    if "\ufffd" in text and "\ufffd" not in before:
        return True
    pairs = list(zip(text, before, strict=False)) if len(text) == len(before) and text != before else []
    return bool(pairs) and all(new == old or (new == "?" and not old.isascii()) for new, old in pairs)


@reads("review file")
def read_reviewed(path: Path) -> ReviewedFile:
    """Read a reviewed workbook (.xlsx, .xls, .ods) or table (.csv, .tsv); raise ``FormatError`` for what is neither."""
    if not path.is_file():
        raise ToolError(f"{path}: no such file")
    suffix = path.suffix.lower()
    if suffix not in (*WORKBOOKS, *TEXT_TABLES):
        raise FormatError(
            f"{path}: save it as .xlsx, .ods or .csv; {path.suffix or 'a file without suffix'} is not read"
        )
    grids = read_grids(path, values=False)
    if len(grids) == 1 and grids[0].delimiter:
        return _table_file(path, grids[0])
    table = next((grid for grid in grids if grid.rows and not grid.hidden and _is_table(grid)), None)
    return _workbook(path, grids) if table is None else _table_file(path, table)


def _is_table(grid: Grid) -> bool:
    """Tell whether a sheet is the table ``glossary.csv``, which a spreadsheet saved as a workbook."""
    found = _table_header(grid)
    return found is not None and found[1].base is not None


def named(places: Sequence[str]) -> str:
    """Return places in one line, the first few by name.

    >>> named(["A1", "A2"]), named([f"A{n}" for n in range(1, 9)])
    ('A1, A2', 'A1, A2, A3, A4, A5 and 3 more')
    """
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    return ", ".join(places[:NAMED]) + more


# --- workbooks ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Base:
    """The hidden sheet: digests of cells by sheet, ID and heading; digests of whole sheets; cells that were cut."""

    cells: dict[tuple[str, str], dict[str, str]]
    sheets: dict[str, str]
    cut: frozenset[tuple[str, str, str]]


def _workbook(path: Path, grids: Sequence[Grid]) -> ReviewedFile:
    base = _read_base(next((grid for grid in grids if grid.name == BASE_SHEET), Grid("", ())))
    tables: list[Table] = []
    read_only: list[Table] = []
    decided: tuple[dict[str, Cell], ...] = ()
    notices: list[str] = []
    untaken: list[str] = []
    for grid in grids:
        for place, text in grid.comments:
            told = " ".join(text.split())[:60]
            untaken.append(f"{path.name}, {place}: a comment ({told!r}) does not come back; write it into a cell")
        plan = _plan_of(path, grid)
        if plan is None:
            if grid.rows and grid.name not in (BASE_SHEET, *READ_ME) and not grid.hidden:
                untaken.append(f"{path.name}: the sheet {grid.name!r} is none of ours and was not read")
            continue
        table, said, foreign = _read_sheet(path, plan, grid, base)
        notices += said
        untaken += foreign
        if plan is CONFLICT_SHEET:
            decided = (*decided, *table.rows)
        elif plan.name in PLANS:
            tables.append(table)
            if grid.name not in plan.names:
                notices.append(f"{path.name}: the sheet {grid.name!r} is read as {plan.name}, whose headings it has")
        elif base.sheets.get(plan.name, "") != sheet_digest([_texts(row, plan) for row in table.rows]):
            read_only.append(table)
    if not tables and not decided:
        wanted = ", ".join(PLANS)
        raise FormatError(f"{path}: none of the sheets {wanted}; is it the workbook that duiyi wrote?")
    untaken += _rows_taken_out(path, tables, base)
    return ReviewedFile(
        path,
        tuple(tables),
        base.cells,
        base.cut,
        decided,
        tuple(read_only),
        next((language for language in LANGUAGES if _is_in(grids, language)), "en"),
        notices=tuple(notices),
        untaken=tuple(untaken),
        editor=_editor(path),
    )


def _editor(path: Path) -> str:
    """Return who saved a workbook last, as it says itself; empty if it does not."""
    if not zipfile.is_zipfile(path):  # .xls
        return ""
    with zipfile.ZipFile(path) as archive:
        for part, tag in (("docProps/core.xml", "lastModifiedBy"), ("meta.xml", "creator")):
            if part in archive.namelist():
                return (parse_xml(archive.read(part), path.name, part).findtext(f".//{{*}}{tag}") or "").strip()
    return ""


def _is_in(grids: Sequence[Grid], language: Language) -> bool:
    """Tell whether the sheet of terms has headings of a language."""
    wanted = {_heading(heading(column, load(language))) for column in TERMS.columns}
    rows = [row for grid in grids for _, row in grid.rows[:HEADER_ROWS]]
    return any(len(wanted & {_heading(cell.text) for cell in row}) >= KNOWN_SHARE * len(wanted) for row in rows)


def _texts(row: Mapping[str, Cell], plan: Sheet[Any]) -> tuple[str, ...]:
    return tuple(row[column.header].text if column.header in row else "" for column in plan.columns)


def _rows_taken_out(path: Path, tables: Sequence[Table], base: _Base) -> list[str]:
    """Say which rows are no longer there; only of sheets that are there at all."""
    notices = []
    for plan in PLANS.values():
        rows = [row for table in tables if table.plan is plan for row in table.rows]
        held = {row[plan.key].text for row in rows if plan.key in row}
        gone = [id_ for sheet, id_ in base.cells if sheet == plan.name and id_ not in held]
        if gone and any(table.plan is plan for table in tables):
            instead = {TERMS.name: "rejected under Review", VARIANTS.name: "remove under Usage"}
            how = instead.get(plan.name, "wrong under Decision")
            notices.append(
                f"{path.name}, {plan.name}: no row is left of {named(gone)}, which changes nothing; choose {how}"
            )
    return notices


def _read_base(grid: Grid) -> _Base:
    columns: dict[str, list[str]] = {}
    base = _Base({}, {}, frozenset())
    cut: set[tuple[str, str, str]] = set()
    for _, row in grid.rows:
        name, id_, *digests = [*(cell.text for cell in row), "", ""]
        if name == "cut" and len(digests) > 3:
            cut.add((id_, digests[0], digests[1]))
        elif name == "sheet" and digests:
            base.sheets[id_] = digests[0]
        elif name in PLANS and name not in columns:
            columns[name] = [digest for digest in digests if digest]
        elif name in columns:
            base.cells[name, id_] = dict(zip(columns[name], digests, strict=False))
    base.cut = frozenset(cut)
    return base


def _heading(text: str) -> str:
    return " ".join(clean(text).replace(PENCIL.strip(), " ").split()).casefold()


def _plan_of(path: Path, grid: Grid) -> Sheet[Any] | None:
    """Tell which of our sheets a sheet is: by its headings, since Excel's *Move or Copy* gives it another name."""
    plans: list[Sheet[Any]] = [*SHEETS, CONFLICT_SHEET]
    shares = {plan.name: _header_share(grid, plan) for plan in plans}
    best = max(plans, key=lambda plan: (shares[plan.name], grid.name in plan.names))
    if shares[best.name] >= KNOWN_SHARE:
        return best
    own = next((plan for plan in plans if grid.name in plan.names), None)
    if own is not None and own.name in PLANS and not shares[own.name]:
        raise FormatError(f"{path}, {own.name}: no row of headings with a column {own.key}; put it back")
    return own


def _header_share(grid: Grid, plan: Sheet[Any]) -> float:
    """Return the share of a sheet's headings in the row that has most of them; 0 without the one that is the key."""
    by_name, key = _headings(plan), plan.key or plan.columns[0].header
    rows = ({by_name.get(_heading(cell.text), "") for cell in row} - {""} for _, row in grid.rows[:HEADER_ROWS])
    return max((len(found) / len(plan.columns) for found in rows if key in found), default=0.0)


def _headings(plan: Sheet[Any]) -> dict[str, str]:
    """Return the headings of a sheet in every language, as they are compared, with those of the plan."""
    return {_heading(text): header for text, header in plan.headings.items()}


def _read_sheet(path: Path, plan: Sheet[Any], grid: Grid, base: _Base) -> tuple[Table, list[str], list[str]]:
    """Return the rows under the headings, what is to be said of the columns, and what stands in none of ours."""
    by_name, key = _headings(plan), plan.key or plan.columns[0].header
    at = next(i for i, (_, row) in enumerate(grid.rows) if key in {by_name.get(_heading(cell.text)) for cell in row})
    number, headings = grid.rows[at]
    header = {i: by_name[_heading(cell.text)] for i, cell in enumerate(headings) if _heading(cell.text) in by_name}
    doubled = [name for name, count in Counter(header.values()).items() if count > 1]
    if doubled:
        raise FormatError(f"{path}, {grid.name}, row {number}: two columns are named {doubled[0]}")
    width = max(header) + 1
    # An emptied cell at the end of a row is a cell all the same; headings may come again where it was printed.
    lines = [(n, _filled(grid.name, n, row, width)) for n, row in grid.rows[at + 1 :]]
    body = [row for _, row in lines if not _is_header(row, header, by_name)]
    notices = []
    renamed = _renamed_columns(plan, header, headings, body, base)
    for index, name in renamed.items():
        notices.append(f"{path.name}, {headings[index].place}: this column is read as {name}, whose cells it holds")
    header |= renamed
    missing = [column.header for column in plan.editable if column.header not in header.values()]
    if missing and plan.key:
        notices.append(
            f"{path.name}, {grid.name}: no column is headed {' or '.join(missing)}: what was changed there cannot be "
            "seen; put the heading back"
        )
    editable = {column.header for column in plan.editable}
    choices = {column.header: column for column in plan.editable if column.choices}
    rows = [
        {
            header[i]: _cell(path, cell, choices.get(header[i]))
            for i, cell in enumerate(row)
            if i in header and not (cell.merged and header[i] not in editable)
        }
        for row in body
    ]
    foreign = _foreign(path, headings, body, set(header)) if plan.name in PLANS else []
    return Table(plan, tuple(row for row in rows if any(c.text or c.problem for c in row.values()))), notices, foreign


def _filled(sheet: str, number: int, row: Sequence[GridCell], width: int) -> tuple[GridCell, ...]:
    missing = range(len(row) + 1, width + 1)
    return (*row, *(GridCell("", f"{sheet}!{column_letters(column)}{number}") for column in missing))


def _is_header(row: Sequence[GridCell], header: Mapping[int, str], by_name: Mapping[str, str]) -> bool:
    return sum(by_name.get(_heading(row[index].text)) == name for index, name in header.items()) > len(header) / 2


def _foreign(path: Path, headings: Sequence[GridCell], body: Sequence[Sequence[GridCell]], ours: set[int]) -> list[str]:
    """Name the cells with text in columns that are none of ours: a reviewer's own remarks."""
    found: dict[int, list[str]] = {}
    for row in body:
        for index, cell in enumerate(row):
            if index not in ours and cell.text.strip() and not cell.merged:
                found.setdefault(index, []).append(f"{path.name}, {cell.place}")
    return [
        f"{named(places)}: {_column_of(headings, index)} is none of ours and does not come back; write into the cells "
        "that it is about, or into the notes"
        for index, places in sorted(found.items())
    ]


def _column_of(headings: Sequence[GridCell], index: int) -> str:
    text = clean(headings[index].text) if index < len(headings) else ""
    return f"the column {text[:40]!r}" if text else "this column"


def _renamed_columns(
    plan: Sheet[Any],
    header: Mapping[int, str],
    headings: Sequence[GridCell],
    body: Sequence[Sequence[GridCell]],
    base: _Base,
) -> dict[int, str]:
    """Find columns whose heading was changed: most of their cells are those that were sent out under the old one."""
    missing = [column.header for column in plan.editable if column.header not in header.values()]
    key = next((index for index, name in header.items() if name == plan.key), None)
    if not missing or key is None or not base.cells:
        return {}
    width = max(map(len, body), default=0)
    found: dict[int, str] = {}
    for name in missing:
        for index in set(range(width)) - {*header, *found}:
            pairs = [
                (row[index].text if index < len(row) else "", base.cells.get((plan.name, row[key].text), {}).get(name))
                for row in body
                if key < len(row)
            ]
            told = [is_unchanged(text, before) for text, before in pairs if before and before != _EMPTY]
            headed = index < len(headings) and headings[index].text
            if headed and told and sum(told) > SAME_SHARE * len(told):
                found[index] = name
                break
    return found


_EMPTY = cell_digest("")


def _problem(cell: GridCell) -> str:
    """Return what is wrong with a cell as text; empty: nothing."""
    if cell.merged:
        return "is merged with another cell; take them apart and write into each what is to stand there"
    if cell.struck and not cell.text:
        return f"is struck out ({cell.struck[:30]}); type what is to stand there, or choose rejected or remove"
    return {
        "formula": f"holds a formula ({cell.text[:30]}); put in its value as text",
        "error": f"holds an error of the spreadsheet ({cell.text[:30]}); put in its value as text",
        "boolean": "is TRUE or FALSE, not text",
        "date": "is a date, not text; format the cell as text and type it again",
    }.get(cell.kind, "")


def _cell(path: Path, cell: GridCell, choice: Field[Any] | None = None) -> Cell:
    text = normalise(cell.text)
    shown = choice.value(clean(text)) if choice and text else text
    return Cell(shown, f"{path.name}, {cell.place}", _problem(cell), struck=cell.struck, coloured=cell.coloured)


# --- tables ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column of a table is which field, by index."""

    names: tuple[str, ...]
    fields: dict[str, int]
    base: int | None

    @property
    def tells_wordings(self) -> bool:
        """Whether a row is one rendering of several, as in ``glossary.csv``; on the sheet of terms it is an entry."""
        return self.base is not None or "usage" in self.fields or "kind" in self.fields

    @classmethod
    def of(cls, names: Sequence[str]) -> _Columns | None:
        """Return the columns that headings name, those of the workbook's sheet of terms too; None without the main."""
        chinese, english = language_columns([clean(name.replace(PENCIL.strip(), "")) for name in names])
        headed = _headings(TERMS)
        by_header = {field.header: field.name for field in FIELDS if field.header}
        found: dict[str, int] = {}
        for index, name in enumerate(names):
            found.setdefault(name.casefold(), index)
        for index, name in enumerate(names):
            found.setdefault(by_header.get(headed.get(_heading(name), ""), name.casefold()), index)
        ids = [index for index, name in enumerate(names) if plain(name) in vocabulary()["columns"]["id"]]
        if ids:
            found.setdefault("id", ids[0])
        if "id" not in found or chinese is None or english is None:
            return None
        fields = {field.name: found[field.name] for field in FIELDS if field.name in found}
        return cls(tuple(names), fields | {SOURCE: chinese, TARGET: english}, found.get(BASE))


def _table_header(grid: Grid) -> tuple[int, _Columns] | None:
    """Return where in a table the headings stand, below lines of somebody's own, and what is in which column."""
    for at, (_, row) in enumerate(grid.rows[:HEADER_ROWS]):
        columns = _Columns.of([clean(cell.text) for cell in row])
        if columns is not None:
            return at, columns
    return None


def _table_file(path: Path, grid: Grid) -> ReviewedFile:
    """Read a table with one row for each rendering, as ``glossary.csv`` is, into the rows of both sheets of terms."""
    found = _table_header(grid)
    if found is None:
        if grid.rows and grid.rows[0][1][0].text.startswith("ï»¿"):
            raise FormatError(f"{path}: its UTF-8 was read in another encoding; open the table that was sent as UTF-8")
        raise FormatError(f"{path}, row 1: needs columns id, zh-CN and en-US (as in glossary.csv)")
    at, columns = found
    lines = [row for _, row in grid.rows[at + 1 :]]
    rows = [row for line in lines if (row := _table_row(path, columns, line)) is not None]
    copies = _copied(rows)
    rows = [_without_base(row) if number in copies else row for number, row in enumerate(rows)]
    heads = _heads(rows, copies)
    terms, variants = [], []
    for number, row in enumerate(rows):
        id_ = row["id"].text
        if (id_ and number in copies) or (id_ and _is_bare(row)):
            variants.append(_wording(row, copied=number in copies))
            continue
        term = {
            field.header: _sheet_cell(field, row[field.name]) for field in FIELDS if field.header and field.name in row
        }
        if id_ and heads[id_] != number:
            del term["English"]
        terms.append(term)
        if id_ and (columns.tells_wordings or heads[id_] != number):
            variants.append(_wording(row))
    variants += _chinese_forms(rows)
    notices = []
    missing = [field.name for field in FIELDS if field.editable and field.name not in columns.fields]
    if missing:
        notices.append(f"{path.name}: has no column {', '.join(missing)}: nothing of it comes back")
    tables = (Table(TERMS, tuple(terms), repeats=True), Table(VARIANTS, tuple(variants)))
    watched = tuple(row for number, row in enumerate(rows) if number not in copies)
    headings = grid.rows[at][1]
    ours = {index for index in (*columns.fields.values(), columns.base) if index is not None}
    ours |= {index for index, cell in enumerate(headings) if _heading(cell.text) in _headings(TERMS)}
    foreign = _foreign(path, headings, lines, ours)
    return ReviewedFile(path, tables, {}, watched=watched, notices=tuple(notices), untaken=tuple(foreign))


def _chinese_forms(rows: Sequence[Mapping[str, Cell]]) -> list[dict[str, Cell]]:
    """Return the Chinese forms that rows list, where a row does not say that they are as they were sent out."""
    found: dict[tuple[str, str], dict[str, Cell]] = {}
    for row in rows:
        told = "\x1f".join(row[field.name].text if field.name in row else "" for field in WATCHED)
        if VARIANTS_ZH in row and row["id"].text and not is_unchanged(told, row[OTHERS].base):
            for text in items(row[VARIANTS_ZH].text):
                form = {"ID": row["id"], "Language": Cell("zh", ""), "Text": replace(row[VARIANTS_ZH], text=text)}
                found.setdefault((row["id"].text, text), form)
    return list(found.values())


def _table_row(path: Path, columns: _Columns, line: Sequence[GridCell]) -> dict[str, Cell] | None:
    """Return the cells of a row by the name of their field, each with the digest it was sent out with."""
    texts = {index: normalise(unprotect_cell(cell.text)) for index, cell in enumerate(line)}
    if not any(texts.values()):
        return None
    sent = digests_of(texts.get(columns.base, "") if columns.base is not None else "")
    row = {}
    for name, index in columns.fields.items():
        place = f"{path.name}, {line[0].place.partition(',')[0]}, column {columns.names[index]}"
        problem = _problem(line[index]) if index < len(line) else ""
        row[name] = Cell(texts.get(index, ""), place, problem, sent.get(name, ""))
    return row | {OTHERS: Cell("", row["id"].place, base=sent.get(OTHERS, ""))}


def _copied(rows: Sequence[Mapping[str, Cell]]) -> set[int]:
    """Return the numbers of rows that were made by copying another: the same ID and digests, another English."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows):
        if row["id"].text and row[TARGET].base:
            groups.setdefault((row["id"].text, "-".join(cell.base for cell in row.values())), []).append(number)
    copies = set()
    for numbers in groups.values():
        own = next((n for n in numbers if is_unchanged(rows[n][TARGET].text, rows[n][TARGET].base)), numbers[0])
        texts = {rows[own][TARGET].text}
        for number in numbers:
            if rows[number][TARGET].text not in texts:
                texts.add(rows[number][TARGET].text)
                copies.add(number)
    return copies


def _without_base(row: Mapping[str, Cell]) -> dict[str, Cell]:
    return {name: replace(cell, base="") for name, cell in row.items()}


def _is_bare(row: Mapping[str, Cell]) -> bool:
    """Tell whether a row of a known entry was added by hand: it says nothing of the entry but its English."""
    told = [row[name] for name in ("review", "type", "part_of_speech") if name in row]
    return bool(told) and not any(cell.text or cell.base for cell in told)


def _heads(rows: Sequence[Mapping[str, Cell]], copies: set[int]) -> dict[str, int]:
    """Return for each entry the number of the row of its preferred English."""
    heads: dict[str, int] = {}
    for number, row in enumerate(rows):
        id_, usage = row["id"].text, row.get("usage", Cell("", "")).text
        if id_ and number not in copies and (id_ not in heads or usage == "preferred"):
            heads[id_] = number
    return heads


def _sheet_cell(field: Field[TermRow], cell: Cell) -> Cell:
    """Return a table's cell as the sheet has it: lists one item a line."""
    return replace(cell, text=normalise(cell.text.replace(LIST_SEPARATOR, "\n"))) if field.name == "notes" else cell


def _wording(row: Mapping[str, Cell], *, copied: bool = False) -> dict[str, Cell]:
    """Return a row's English as a row of the sheet of wordings; a copy is not preferred because its original is."""
    wording = {"ID": row["id"], "Language": Cell("en", ""), "Text": row[TARGET]}
    wording |= {name.capitalize(): row[name] for name in ("usage", "kind") if name in row}
    if copied:
        for name, usual, instead in (("Usage", "preferred", "admitted"), ("Kind", "main", "synonym")):
            if name in wording and wording[name].text == usual:
                wording[name] = replace(wording[name], text=instead)
    return wording
