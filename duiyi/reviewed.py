"""A reviewed workbook or table comes back: what was changed, checked, merged with another reviewer's, as decisions.

Rows are found by ID and columns by name, whatever was sorted, filtered, hidden or added. What a reviewer changed is
what differs from the digests in the workbook's hidden sheet or in a table's last column; a table without that column is
compared with what OUT holds.
Nothing is decided before every cell of every file has been checked.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from duiyi.decisions.model import (
    AcceptTerm,
    AddTerm,
    ApproveUnit,
    Decision,
    DiscussTerm,
    DoubtUnit,
    EditTerm,
    EditUnit,
    MergeInto,
    MergeUnit,
    PreferRendering,
    RejectTerm,
    ReopenTerm,
    ReopenUnit,
    SetRendering,
    SetVariant,
    StrikeUnit,
    TermVerb,
    UnitVerb,
    given,
)
from glossary.files.cells import LIST_SEPARATOR, cell_digest, is_unchanged, normalise, unprotect_cell
from glossary.files.fields import REMOVE, SOURCE, TARGET, Field, TermRow, wordings
from glossary.files.sheets import PENCIL, Sheet, writing_book
from glossary.files.tables import FIELD_LIMIT, FIELDS
from glossary.files.workbook import ALIGNMENT, BASE_SHEET, MERGE, TERMS, VARIANTS, alignment_rows
from glossary.model import Glossary, entry_id
from tmx.errors import EncodingError, FormatError, ToolError
from tmx.files import replace_forbidden_in
from tmx.languages import is_chinese, is_english
from tmx.model import AlignedDocument

PLANS = {plan.name: plan for plan in (TERMS, VARIANTS, ALIGNMENT)}
CONFLICTS = "Conflicts"
MAX_PROBLEMS = 5  # named in the error; the others are counted
HEADER_ROWS = 20  # a reviewer may put lines of their own above the header

Key = tuple[str, str, str]  # sheet, ID, column


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that came back: its text, where it stands, and what is wrong with it as text (empty: nothing).

    ``base`` is the digest it was sent out with where the cell's own file row tells it, as in a table.
    """

    text: str
    place: str
    problem: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet as it came back: its rows by column name; columns that are not ours are left out.

    ``repeats``: an entry has several rows, and whoever changed it may have changed only one of them.
    """

    plan: Sheet[Any]
    rows: tuple[dict[str, Cell], ...]
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """One file as it came back, and the digests it was sent out with (empty for a table)."""

    path: Path
    tables: dict[str, Table]
    base: dict[tuple[str, str], dict[str, str]]
    cut: frozenset[tuple[str, str, str]] = frozenset()
    decided: tuple[dict[str, Cell], ...] = ()  # rows of a sheet of conflicts

    def rows(self, plan: Sheet[Any]) -> tuple[dict[str, Cell], ...]:
        """The rows of one sheet; none when the file lacks it."""
        return self.tables[plan.name].rows if plan.name in self.tables else ()


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that a reviewer changed."""

    key: Key
    value: str
    place: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row without an ID, by column name."""

    sheet: str
    values: dict[str, str]
    place: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two wishes for one cell. ``current`` is what OUT holds; ``values`` pairs each file's name with its wish."""

    key: Key
    term: str
    current: str
    values: tuple[tuple[str, str], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What came out of one or more reviewed files: decisions to keep, conflicts to settle, columns not known."""

    decisions: tuple[Decision, ...]
    conflicts: tuple[Conflict, ...]
    changes: int


# --- reading --------------------------------------------------------------------------------------------------------


def read_reviewed(path: Path) -> ReviewedFile:
    """Read a reviewed workbook (.xlsx) or table (.csv, .tsv); raise ``FormatError`` for what is neither."""
    if not path.is_file():
        raise ToolError(f"{path}: no such file")
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return _read_table_file(path)
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise FormatError(f"{path}: save it as .xlsx or .csv; {path.suffix or 'a file without suffix'} is not read")
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise FormatError(f"{path}: not a workbook that can be read ({error})") from error
    try:
        base, cut_places = _read_base(book)
        tables = {}
        cut: set[tuple[str, str, str]] = set()
        decided: tuple[dict[str, Cell], ...] = ()
        for name in book.sheetnames:
            if name in PLANS:
                tables[name] = _read_sheet(path, PLANS[name], book[name])
            elif name == CONFLICTS:
                decided = _read_sheet(path, CONFLICT_SHEET, book[name]).rows
        for sheet, id_, column in cut_places:
            cut.add((sheet, id_, column))
    finally:
        book.close()
    if not tables and not decided:
        wanted = ", ".join(PLANS)
        raise FormatError(f"{path}: none of the sheets {wanted}; is it the workbook that duiyi wrote?")
    return ReviewedFile(path, tables, base, frozenset(cut), decided)


def _read_base(book: Any) -> tuple[dict[tuple[str, str], dict[str, str]], list[tuple[str, str, str]]]:
    if BASE_SHEET not in book.sheetnames:
        return {}, []
    columns: dict[str, list[str]] = {}
    base: dict[tuple[str, str], dict[str, str]] = {}
    cut: list[tuple[str, str, str]] = []
    for row in book[BASE_SHEET].iter_rows(values_only=True):
        name, id_, *digests = ("" if value is None else str(value) for value in row)
        if name == "cut":
            cut.append((id_, digests[0], digests[1]))
        elif name in PLANS and name not in columns:
            columns[name] = [digest for digest in digests if digest]
        elif name in columns:
            base[name, id_] = dict(zip(columns[name], digests, strict=False))
    return base, cut


def _name(text: object) -> str:
    return " ".join(str(text or "").replace(PENCIL.strip(), " ").split()).casefold()


def _read_sheet(path: Path, plan: Sheet[Any], sheet: Any) -> Table:
    by_name = {column.header.casefold(): column.header for column in plan.columns}
    header: dict[int, str] = {}
    rows = []
    key = plan.key or plan.columns[0].header
    for number, row in enumerate(sheet.iter_rows(), 1):
        if not header:
            found = {
                index: by_name[_name(cell.value)] for index, cell in enumerate(row) if _name(cell.value) in by_name
            }
            if key in found.values():
                doubled = [name for name in found.values() if list(found.values()).count(name) > 1]
                if doubled:
                    raise FormatError(f"{path}, {plan.name}, row {number}: two columns are named {doubled[0]}")
                header = found
            elif number >= HEADER_ROWS:
                break
            continue
        cells = {
            header[index]: _cell(cell, f"{path.name}, {plan.name}!{get_column_letter(index + 1)}{number}")
            for index, cell in enumerate(row)
            if index in header
        }
        if any(cell.text or cell.problem for cell in cells.values()):
            rows.append(cells)
    if not header:
        raise FormatError(f"{path}, {plan.name}: no row of headings with a column {key}; put it back")
    return Table(plan, tuple(rows))


def _cell(cell: Any, place: str) -> Cell:
    value = cell.value
    kind = getattr(cell, "data_type", "")
    if kind == "f" or (isinstance(value, str) and kind == "e"):
        return Cell(str(value), place, f"holds a formula or an error ({str(value)[:30]}); put in its value as text")
    if isinstance(value, bool):
        return Cell(str(value), place, "is TRUE or FALSE, not text")
    if isinstance(value, datetime | date | time):
        return Cell(str(value), place, "is a date, not text; format the cell as text and type it again")
    return Cell(normalise(value), place)


_TABLE_COLUMNS = {
    "type": "Type",
    "review": "Review",
    "part_of_speech": "Part of speech",
    "definition": "Definition",
}


def _read_table_file(path: Path) -> ReviewedFile:
    """Read a table with one row for each rendering, as ``glossary.csv`` is, into the rows of both sheets of terms."""
    csv.field_size_limit(FIELD_LIMIT)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(f"{path}: not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    delimiter = max("\t;,", key=text.partition("\n")[0].count)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    names = [name.strip() for name in lines[0]] if lines else []
    index = {name.casefold(): number for number, name in enumerate(names)}
    chinese = next((n for n, name in enumerate(names) if is_chinese(name)), None)
    english = next((n for n, name in enumerate(names) if is_english(name)), None)
    if "id" not in index or chinese is None or english is None:
        raise FormatError(f"{path}, row 1: needs columns id, zh-CN and en-US (as in glossary.csv)")
    reviewed = [
        {SOURCE: chinese, TARGET: english}.get(field.name, index.get(field.name, -1))
        for field in FIELDS
        if field.editable
    ]  # the places of these columns in the file
    terms: list[dict[str, Cell]] = []
    heads: dict[str, dict[str, Cell]] = {}  # of each entry the row of its preferred English
    variants: list[dict[str, Cell]] = []
    for number, line in enumerate(lines[1:], 2):
        cells = [normalise(unprotect_cell(cell)) for cell in line] + [""] * (len(names) - len(line))
        if not any(cells):
            continue

        sent = cells[index["base"]].split("-") if "base" in index else []
        bases = dict(zip(reviewed, sent, strict=True)) if len(sent) == len(reviewed) else {}

        def cell(column: int, number: int = number, cells: list[str] = cells, bases: Mapping[int, str] = bases) -> Cell:
            return Cell(cells[column], f"{path.name}, row {number}, column {names[column]}", base=bases.get(column, ""))

        id_ = cells[index["id"]]
        row = {"ID": cell(index["id"]), "Chinese": cell(chinese), "English": cell(english)}
        row |= {name: cell(index[column]) for column, name in _TABLE_COLUMNS.items() if column in index}
        if "notes" in index:
            notes = cell(index["notes"])
            row["Note"] = replace(notes, text=normalise(notes.text.replace(LIST_SEPARATOR, "\n")))
        usage = cell(index["usage"]) if "usage" in index else Cell("", row["English"].place)
        terms.append(row)
        if id_ and (id_ not in heads or usage.text == "preferred"):
            heads[id_] = row
        if id_:
            variant = {"ID": row["ID"], "Language": Cell("en", ""), "Text": row["English"], "Usage": usage}
            if "kind" in index:
                variant["Kind"] = cell(index["kind"])
            variants.append({name: cell for name, cell in variant.items() if name != "Usage" or "usage" in index})
    for row in terms:
        if row["ID"].text and row is not heads[row["ID"].text]:
            del row["English"]
    tables = {
        TERMS.name: Table(TERMS, tuple(terms), repeats=True),
        VARIANTS.name: Table(VARIANTS, tuple(variants)),
    }
    return ReviewedFile(path, tables, {})


# --- what OUT holds -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """What the workbook in OUT shows now: the texts of all columns of each row, by sheet and ID, in order."""

    values: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def text(self, key: Key) -> str:
        """The text of one cell now; empty when the row is gone."""
        return self.values.get((key[0], key[1]), {}).get(key[2], "")


def state_of(glossary: Glossary, documents: Iterable[AlignedDocument], files: Sequence[ReviewedFile]) -> State:
    """Return what the workbook would show now, of the alignment only the rows that ``files`` are about."""
    values: dict[tuple[str, str], dict[str, str]] = {}

    def hold(plan: Sheet[Any], record: object) -> None:
        cells = plan.row(replace_forbidden_in(record))
        named = {column.header: normalise(cell) for column, cell in zip(plan.columns, cells, strict=True)}
        values[plan.name, named[plan.key]] = named

    for entry in glossary.entries:
        hold(TERMS, TermRow(entry, entry.preferred))
    for entry in glossary.entries:
        for wording in wordings(entry):
            hold(VARIANTS, wording)
    wanted = {row[ALIGNMENT.key].text for file in files for row in file.rows(ALIGNMENT) if ALIGNMENT.key in row}
    wanted |= {row["ID"].text for file in files for row in file.decided if "ID" in row}
    for document in documents if wanted else ():
        for row in alignment_rows(document):
            if row.id in wanted:
                hold(ALIGNMENT, row)
    return State(values)


# --- changes and conflicts ------------------------------------------------------------------------------------------


class _Problems:
    """What is wrong with cells, each with its address; raised together, before anything is decided."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, text: str) -> None:
        self.found.append(f"{place}: {text}")

    def check(self) -> None:
        if self.found:
            shown = "; ".join(self.found[:MAX_PROBLEMS])
            more = len(self.found) - MAX_PROBLEMS
            rest = f"; and {more} more" if more > 0 else ""
            raise FormatError(f"{shown}{rest} (nothing was imported)")


def merge_reviews(files: Sequence[ReviewedFile], state: State, done: Sequence[Decision] = ()) -> Merged:
    """Turn reviewed files into decisions, three ways: what both left alone stays, what one changed is taken.

    What two changed differently, or what OUT has changed since the file was sent out, is a conflict and left as it
    is. ``done`` are the decisions in force: what a copy that comes a second time adds or merges again is passed over.
    Raises ``FormatError`` that names every bad cell by its address (the first few; the others counted).
    """
    problems = _Problems()
    changes: dict[Key, list[Change]] = {}
    stale: dict[Key, bool] = {}
    new: list[NewRow] = []
    for file in files:
        for table in file.tables.values():
            _collect(file, table, state, changes, stale, new, problems)
        for row in file.decided:
            _collect_settled(file, row, changes, problems)
    problems.check()
    conflicts = [c for file in files for row in file.decided if (c := _unsettled(row, state)) and c.key not in changes]
    taken: dict[Key, Change] = {}
    for key, wishes in changes.items():
        current = state.text(key)
        values = {change.value: change for change in wishes}
        if set(values) == {current}:
            continue
        if len(values) > 1:
            who = "by two reviewers" if len({wish.reviewer for wish in wishes}) > 1 else "in two rows"
            conflicts.append(_conflict(key, state, wishes, f"changed differently {who}"))
        elif key[:2] not in state.values:
            if any(decision.key == key[1] and _says(decision, wishes[0].value) for decision in done):
                continue
            conflicts.append(_conflict(key, state, wishes, "the row is no longer there"))
        elif stale.get(key):
            conflicts.append(_conflict(key, state, wishes, "changed since the file was sent out"))
        else:
            taken[key] = wishes[0]
    before = {(decision.key, decision.verb) for decision in done}
    added = [d for d in _decide_new(new, state, conflicts, problems) if (d.key, d.verb) not in before]
    decisions = [*_decide(taken, state, problems), *added]
    problems.check()
    decisions.sort(key=lambda decision: isinstance(decision.verb, MergeInto))
    rows = sum(isinstance(decision.verb, AddTerm | SetRendering | SetVariant) for decision in added)
    return Merged(tuple(decisions), tuple(conflicts), len(taken) + rows)


def _says(decision: Decision, value: str) -> bool:
    verb = decision.verb
    return value in given(verb).values() or verb in (_UNIT_VERBS.get(value), _REVIEW_VERBS.get(value))


def _conflict(key: Key, state: State, wishes: Sequence[Change], reason: str) -> Conflict:
    row = state.values.get(key[:2], {})
    term = row.get("Chinese") or row.get("Term") or row.get("Chinese text") or ""
    return Conflict(key, term, state.text(key), tuple((wish.place, wish.value) for wish in wishes), reason)


def _unsettled(row: Mapping[str, Cell], state: State) -> Conflict | None:
    """Return the conflict in a row of a sheet of conflicts on which nobody has decided yet."""
    texts = {name: row[name].text if name in row else "" for name in (c.header for c in CONFLICT_SHEET.columns)}
    if texts["Decision"]:
        return None
    key = (texts["Sheet"], texts["ID"], texts["Column"])
    values = [texts[name] for name in ("First", "Second", "Others") if texts[name]]
    wishes = zip_longest(texts["Where"].split("; "), values, fillvalue="")
    return Conflict(key, texts["Chinese"], state.text(key), tuple(wishes), texts["Why"])


def _collect(
    file: ReviewedFile,
    table: Table,
    state: State,
    changes: dict[Key, list[Change]],
    stale: dict[Key, bool],
    new: list[NewRow],
    problems: _Problems,
) -> None:
    plan = table.plan
    seen: dict[str, dict[str, Cell]] = {}
    rows = table.rows if file.base or plan is not VARIANTS else _matched(table.rows, state)
    for row in rows:
        id_ = row[plan.key].text if plan.key in row else ""
        place = next(iter(row.values())).place
        if not id_:
            _collect_new(file, plan, row, new, problems)
            continue
        if (
            id_ in seen
            and not table.repeats
            and any(row[name].text != cell.text for name, cell in seen[id_].items() if name in row)
        ):
            problems.add(row[plan.key].place, f"the ID {id_} stands in two rows that differ; leave it out of the copy")
            continue
        seen[id_] = row
        base = file.base.get((plan.name, id_))
        known = base is not None or any(cell.base for cell in row.values())
        if not known and (plan.name, id_) not in state.values:
            problems.add(place, f"unknown {plan.key} {id_!r}; leave it empty in a new row")
            continue
        for column in plan.editable:
            if column.header not in row:
                continue
            cell, key = row[column.header], (plan.name, id_, column.header)
            before = base.get(column.header, "") if base is not None else cell.base or cell_digest(state.text(key))
            if is_unchanged(cell.text, before):
                continue
            value = _checked(column, cell, key in file.cut, problems)
            if value is None or is_unchanged(value, before):
                continue
            if column.required and not value:
                problems.add(cell.place, f"is empty; {column.required}")
                continue
            if (
                plan is ALIGNMENT
                and id_.startswith("gap-")
                and (column.header != "Decision" or value not in ("", MERGE))
            ):
                problems.add(cell.place, f"this row has no counterpart; here only '{MERGE}' can be chosen")
                continue
            changes.setdefault(key, []).append(Change(key, value, cell.place, file.path.stem))
            # "edited" is set by itself when a cell is changed: nobody's verdict stands against it.
            now = state.text(key)
            overtaken = not is_unchanged(now, before) and not (column.header == "Review" and now == "edited")
            stale[key] = stale.get(key, False) or overtaken


def _checked(column: Field[Any], cell: Cell, was_cut: bool, problems: _Problems) -> str | None:
    """Return the text of a changed cell, or None when it is bad."""
    if cell.problem:
        problems.add(cell.place, cell.problem)
        return None
    if was_cut:
        problems.add(cell.place, "was cut when it was written (Excel's limit), so a change would lose its end")
        return None
    if not column.choices or not cell.text:
        return cell.text
    chosen = next((choice for choice in column.choices if choice.casefold() == cell.text.casefold()), None)
    if chosen is None:
        problems.add(cell.place, f"{cell.text[:40]!r} is none of: {', '.join(column.choices)}")
    return chosen


def _collect_new(
    file: ReviewedFile, plan: Sheet[Any], row: Mapping[str, Cell], new: list[NewRow], problems: _Problems
) -> None:
    cells = {name: cell for name, cell in row.items() if cell.text or cell.problem}
    editable = {column.header: column for column in plan.editable}
    if plan is ALIGNMENT or not any(name in editable for name in cells):
        if any(name in editable for name in cells):
            problems.add(next(iter(cells.values())).place, "rows cannot be added to Alignment; its ID is missing")
        return
    needed = ("Chinese", "English") if plan is TERMS else ("ID", "Language", "Text")
    missing = [name for name in needed if name not in cells]
    place = next(iter(cells.values())).place
    if missing:
        problems.add(place, f"a new row needs {' and '.join(needed)}; {missing[0]} is empty")
        return
    values = {}
    for name, cell in cells.items():
        column = editable.get(name, Field("", name, str))
        value = _checked(column, cell, False, problems)
        if value:
            values[name] = value
    if plan is VARIANTS and values.get("Language") not in ("zh", "en"):
        problems.add(cells["Language"].place, "Language is zh or en")
        return
    new.append(NewRow(plan.name, values, place, file.path.stem))


def _matched(rows: Sequence[Mapping[str, Cell]], state: State) -> Iterator[dict[str, Cell]]:
    """Give the rows of a table, which has no variant IDs, those of the wordings they stand for.

    Which wording a row was is told by its digest. Without one, a wording that is there is known by itself; the one
    row left over and the one wording left over of an entry are the same, reworded.
    """
    groups: dict[str, list[Mapping[str, Cell]]] = {}
    for row in rows:
        groups.setdefault(row["ID"].text, []).append(row)
    for entry, group in groups.items():
        held = {
            values["Text"]: id_
            for (sheet, id_), values in state.values.items()
            if sheet == VARIANTS.name and values.get("ID") == entry and values.get("Language") == "en"
        }
        left = [row for row in group if row["Text"].text not in held]
        gone = [text for text in held if text not in {row["Text"].text for row in group}]
        for row in group:
            if row["Text"].base:
                id_ = next((held[text] for text in held if is_unchanged(text, row["Text"].base)), f"{entry}/gone")
            elif row["Text"].text in held:
                id_ = held[row["Text"].text]
            elif len(left) == 1 and len(gone) == 1:
                id_ = held[gone[0]]
            else:
                id_ = ""
            yield {VARIANTS.key: Cell(id_, row["Text"].place), **row}


def _collect_settled(
    file: ReviewedFile, row: Mapping[str, Cell], changes: dict[Key, list[Change]], problems: _Problems
) -> None:
    """A row of a sheet of conflicts on which somebody has decided."""
    decision = row.get("Decision", Cell("", ""))
    if not decision.text and not decision.problem:
        return
    key = (row["Sheet"].text, row["ID"].text, row["Column"].text)
    column = next(
        (c for plan in PLANS.values() if plan.name == key[0] for c in plan.editable if c.header == key[2]), None
    )
    if column is None:
        problems.add(decision.place, f"no column {key[2]!r} of a sheet {key[0]!r} can be changed")
        return
    value = _checked(column, decision, False, problems)
    if value is not None:
        changes.setdefault(key, []).append(Change(key, value, decision.place, file.path.stem))


# --- decisions ------------------------------------------------------------------------------------------------------

_REVIEW_VERBS: Mapping[str, TermVerb] = {
    "accepted": AcceptTerm(),
    "rejected": RejectTerm(),
    "discuss": DiscussTerm(),
    "candidate": ReopenTerm(),
    "edited": EditTerm(review="edited"),
}
_FIELDS = {"Chinese": "term", "Type": "type", "Part of speech": "part_of_speech", "Definition": "definition"}
_FURTHER = ("Part of speech", "Definition")  # what a new entry gets after it is there
_UNIT_VERBS: Mapping[str, UnitVerb] = {
    "approve": ApproveUnit(),
    "doubt": DoubtUnit(),
    "wrong": StrikeUnit(),
    MERGE: MergeUnit(),
    "": ReopenUnit(),
}


def _decide(taken: Mapping[Key, Change], state: State, problems: _Problems) -> Iterator[Decision]:
    by_row: dict[tuple[str, str], dict[str, Change]] = {}
    for (sheet, id_, column), change in taken.items():
        by_row.setdefault((sheet, id_), {})[column] = change
    entries = {id_ for sheet, id_ in state.values if sheet == TERMS.name}
    by_term: dict[str, list[str]] = {}
    for sheet, id_ in state.values:
        if sheet == TERMS.name:
            by_term.setdefault(state.text((sheet, id_, "Chinese")), []).append(id_)
    place = {row: number for number, row in enumerate(state.values)}
    for (sheet, id_), columns in sorted(by_row.items(), key=lambda item: place.get(item[0], len(place))):
        if sheet == TERMS.name:
            yield from _decide_term(id_, columns, state, entries, by_term, problems)
        elif sheet == VARIANTS.name:
            yield from _decide_variant(id_, columns, state, taken, problems)
        else:
            yield from _decide_row(id_, columns, state.text((sheet, id_, "Document")))


def _term(id_: str, verb: TermVerb, by: Change | NewRow) -> Decision:
    return Decision(id_, verb, reviewer=by.reviewer)


def _decide_term(
    id_: str,
    columns: Mapping[str, Change],
    state: State,
    entries: set[str],
    by_term: Mapping[str, list[str]],
    problems: _Problems,
) -> Iterator[Decision]:
    edit: dict[str, Any] = {_FIELDS[name]: change.value for name, change in columns.items() if name in _FIELDS}
    if "Note" in columns:
        edit["notes"] = tuple(line for line in columns["Note"].value.split("\n") if line.strip())
    if edit:
        yield _term(id_, EditTerm(**edit), next(iter(columns.values())))
    if "English" in columns:
        change = columns["English"]
        yield _term(id_, _reworded(id_, state, change.value), change)
    if "Review" in columns:
        change = columns["Review"]
        yield _term(id_, _REVIEW_VERBS[change.value], change)
    if columns.get("Merge into ID") and columns["Merge into ID"].value:
        change = columns["Merge into ID"]
        into = change.value if change.value in entries else next(iter(by_term.get(change.value, [])), "")
        if not into or into == id_:
            why = "is the entry itself" if into else "is no ID of an entry"
            problems.add(change.place, f"{change.value[:40]!r} {why}")
        else:
            yield _term(id_, MergeInto(into), change)


def _reworded(id_: str, state: State, text: str) -> TermVerb:
    """A wording which the entry has already is preferred from now on; any other replaces the preferred one."""
    held = {
        values["Text"]
        for (sheet, _), values in state.values.items()
        if sheet == VARIANTS.name and values.get("ID") == id_ and values.get("Language") == "en"
    }
    if text in held:
        return PreferRendering(text)
    return SetRendering(state.text((TERMS.name, id_, "English")), text)


def _decide_variant(
    id_: str, columns: Mapping[str, Change], state: State, taken: Mapping[Key, Change], problems: _Problems
) -> Iterator[Decision]:
    row = state.values[VARIANTS.name, id_]
    entry, old = row["ID"], row["Text"]
    change = next(iter(columns.values()))
    values: dict[str, Any] = {"text": old}
    if "Text" in columns:
        values["new"] = columns["Text"].value
        heading = taken.get((TERMS.name, entry, "English"))
        if heading and row["Language"] == "en" and old == state.text((TERMS.name, entry, "English")):
            if heading.value != columns["Text"].value:
                problems.add(columns["Text"].place, f"differs from the English of the same entry in {heading.place}")
            return
    if "Usage" in columns:
        if columns["Usage"].value == REMOVE:
            values["new"] = ""
        else:
            values["usage"] = columns["Usage"].value
    if "Kind" in columns:
        values["kind"] = columns["Kind"].value
    yield _term(entry, (SetRendering if row["Language"] == "en" else SetVariant)(**values), change)


def _decide_row(id_: str, columns: Mapping[str, Change], document: str) -> Iterator[Decision]:
    change = next(iter(columns.values()))
    names = {"Chinese text": "source", "English text": "target"}
    edit = {names[name]: c.value for name, c in columns.items() if name in names}
    if edit:
        yield Decision(id_, EditUnit(**edit), document, reviewer=change.reviewer)
    if "Decision" in columns:
        yield Decision(id_, _UNIT_VERBS[columns["Decision"].value], document, reviewer=change.reviewer)


def _decide_new(
    rows: Sequence[NewRow], state: State, conflicts: list[Conflict], problems: _Problems
) -> Iterator[Decision]:
    entries = {id_ for sheet, id_ in state.values if sheet == TERMS.name}
    added: dict[str, NewRow] = {}
    for row in rows:
        if row.sheet == TERMS.name:
            term, english = row.values["Chinese"], row.values["English"]
            earlier = added.setdefault(term, row)
            if earlier is not row:
                if earlier.values["English"] != english:
                    wishes = tuple((r.place, r.values["English"]) for r in (earlier, row))
                    key = (TERMS.name, entry_id(term), "English")
                    conflicts.append(Conflict(key, term, "", wishes, "two new terms for the same Chinese"))
                continue
            if "Merge into ID" in row.values:
                problems.add(row.place, "a new row cannot be merged; write its Chinese as a new row of Variants")
                continue
            values: dict[str, Any] = {"type": row.values["Type"]} if "Type" in row.values else {}
            values |= {"notes": tuple(row.values["Note"].split("\n"))} if "Note" in row.values else {}
            yield _term(entry_id(term), AddTerm(term, english, **values), row)
            edit: dict[str, Any] = {_FIELDS[name]: row.values[name] for name in _FURTHER if name in row.values}
            if edit:
                yield _term(entry_id(term), EditTerm(**edit), row)
            verb = _REVIEW_VERBS.get(row.values.get("Review", ""), AcceptTerm())
            if verb not in (AcceptTerm(), EditTerm(review="edited")):  # a new entry is accepted by itself
                yield _term(entry_id(term), verb, row)
        elif row.values["ID"] not in entries:
            problems.add(row.place, f"{row.values['ID']!r} is no ID of an entry on the sheet Terms")
        else:
            values = {name.lower(): row.values[name] for name in ("Usage", "Kind") if name in row.values}
            wording = SetRendering if row.values["Language"] == "en" else SetVariant
            yield _term(row.values["ID"], wording("", row.values["Text"], **values), row)


# --- the sheet of conflicts -----------------------------------------------------------------------------------------


def _wish(number: int) -> Callable[[Conflict], str]:
    return lambda conflict: conflict.values[number][1] if number < len(conflict.values) else ""


CONFLICT_SHEET: Sheet[Conflict] = Sheet(
    CONFLICTS,
    "",
    4,
    (
        Field("", "Sheet", lambda conflict: conflict.key[0], 11),
        Field("", "ID", lambda conflict: conflict.key[1], 18),
        Field("", "Chinese", lambda conflict: conflict.term, 20, chinese=True),
        Field("", "Column", lambda conflict: conflict.key[2], 14),
        Field("", "Now", lambda conflict: conflict.current, 28),
        Field("", "First", _wish(0), 28),
        Field("", "Second", _wish(1), 28),
        Field("", "Others", lambda conflict: "\n".join(value for _, value in conflict.values[2:]), 20),
        Field("", "Decision", lambda conflict: "", 30, True),
        Field("", "Why", lambda conflict: conflict.reason, 26),
        Field("", "Where", lambda conflict: "; ".join(place for place, _ in conflict.values), 36),
    ),
    printed=9,
)


def write_conflicts(conflicts: Iterable[Conflict], path: Path) -> None:
    """Write the sheet of conflicts: what OUT holds, both wishes and where they stand, a column to decide in.

    It comes back by ``duiyi import`` like the workbook itself.
    """
    with writing_book(path) as book:
        rows = (CONFLICT_SHEET.row(conflict) for conflict in conflicts)
        book.sheet(CONFLICT_SHEET, rows, lambda row: {"Decision": _choices((str(row[0]), str(row[1]), str(row[3])))})


def _choices(key: Key) -> tuple[str, ...]:
    """Return what may stand in a column of a sheet; nothing where any text may."""
    return next((column.choices for column in PLANS[key[0]].columns if column.header == key[2]), ())
