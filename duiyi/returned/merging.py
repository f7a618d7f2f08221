"""What reviewers changed becomes decisions, three ways: what both left alone stays, what one changed is taken.

What two changed differently is a conflict, what cannot be is a problem that stops everything, and what was written
where nothing comes back is named.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from duiyi.decisions.model import (
    SHOWN,
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
from duiyi.returned.conflicts import CONFLICT_SHEET, Conflict, Ground, Key, column_of, reason_of
from duiyi.returned.reading import Cell, ReviewedFile, Table, clean, is_lost, named
from glossary.files.cells import cell_digest, is_unchanged, normalise
from glossary.files.fields import (
    REMOVE,
    TARGET,
    VARIANTS_ZH,
    EvidenceRow,
    Field,
    TermRow,
    items,
    pattern_rows,
    wordings,
)
from glossary.files.sheets import Sheet
from glossary.files.tables import FIELDS, WATCHED
from glossary.files.tables import OTHERS as OTHER_CELLS
from glossary.files.workbook import (
    ALIGNMENT,
    EVIDENCE,
    MERGE,
    OTHERS,
    PATTERNS,
    TERMS,
    VARIANTS,
    alignment_rows,
    others_digest,
)
from glossary.model import Glossary, entry_id
from tmx.characters import is_han
from tmx.errors import FormatError
from tmx.files import replace_forbidden_in
from tmx.messages import Language, load
from tmx.model import AlignedDocument

MAX_PROBLEMS = 5  # named in the error; the others are counted
FEW, FEW_SHARE = 3, 0.2  # cells of a column that a person may have changed, where no digest tells
MOVED = 3  # cells of a column that hold each other's texts from which the column was sorted without the others
SEVERAL = re.compile(r"\s[/|]\s|[;；、]|\w\w/\w\w+ \w")  # what people write between two wordings in one cell


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
class Merged:
    """What came out of one or more reviewed files: decisions to keep, conflicts to settle.

    ``notices`` says what was read otherwise than it stands, ``untaken`` what was found and is not taken back.
    """

    decisions: tuple[Decision, ...]
    conflicts: tuple[Conflict, ...]
    changes: int
    notices: tuple[str, ...] = ()
    untaken: tuple[str, ...] = ()


# --- what OUT holds -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """What the workbook in OUT shows now: the texts of all columns of each row, by sheet and ID, in order.

    ``read_only`` has the rows of the sheets that never come back, ``tables`` the cells of the table that do not, by
    entry and English.
    """

    values: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    read_only: dict[str, Counter[tuple[str, ...]]] = field(default_factory=dict)
    records: dict[tuple[str, str], object] = field(default_factory=dict)
    tables: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def text(self, key: Key) -> str:
        """The text of one cell now; empty when the row is gone."""
        return self.values.get((key[0], key[1]), {}).get(key[2], "")

    def hold(self, plan: Sheet[Any], record: object) -> None:
        """Keep a row."""
        named_ = dict(zip((column.header for column in plan.columns), _row_texts(plan, record), strict=True))
        self.values[plan.name, named_[plan.key]] = named_
        self.records[plan.name, named_[plan.key]] = record

    def shown(self, plan: Sheet[Any], id_: str, language: Language) -> dict[str, str]:
        """The texts of a row as a workbook in a language shows them."""
        if language == "en":
            return self.values[plan.name, id_]
        cells = plan.row(replace_forbidden_in(self.records[plan.name, id_]), load(language))
        return dict(zip((column.header for column in plan.columns), map(normalise, cells), strict=True))


def _row_texts(plan: Sheet[Any], record: object) -> tuple[str, ...]:
    return tuple(map(normalise, plan.row(replace_forbidden_in(record))))


def state_of(glossary: Glossary, documents: Iterable[AlignedDocument], files: Sequence[ReviewedFile]) -> State:
    """Return what the workbook would show now, of the alignment only the rows that ``files`` are about."""
    state = State()
    for entry in glossary.entries:
        state.hold(TERMS, TermRow(entry, entry.preferred))
    for entry in glossary.entries:
        for wording in wordings(entry):
            state.hold(VARIANTS, wording)
    for entry in glossary.entries if any(file.watched for file in files) else ():
        for rendering in entry.renderings:
            row = replace_forbidden_in(TermRow(entry, rendering))
            cells = {field.name: normalise(field.text(row)) for field in FIELDS if not field.editable}
            state.tables[entry.id, normalise(rendering.text)] = cells
    if any(file.read_only for file in files):
        evidence = (EvidenceRow(entry, context) for entry in glossary.entries for context in entry.contexts)
        state.read_only[EVIDENCE.name] = Counter(_row_texts(EVIDENCE, row) for row in evidence)
        patterns = (row for pattern in glossary.patterns for row in pattern_rows(pattern))
        state.read_only[PATTERNS.name] = Counter(_row_texts(PATTERNS, row) for row in patterns)
    wanted = {row[ALIGNMENT.key].text for file in files for row in file.rows(ALIGNMENT) if ALIGNMENT.key in row}
    wanted |= {row["ID"].text for file in files for row in file.decided if "ID" in row}
    for document in documents if wanted else ():
        for aligned in alignment_rows(document):
            if aligned.id in wanted:
                state.hold(ALIGNMENT, aligned)
    return state


# --- changes and conflicts ------------------------------------------------------------------------------------------


class _Problems:
    """What is wrong with cells, each with its address; raised together, before anything is decided."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, text: str) -> None:
        if (sentence := f"{place}: {text}") not in self.found:
            self.found.append(sentence)

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
    found = _Found(state)
    for file in files:
        for table in file.tables:
            found.collect(file, table)
        for row in file.decided:
            _collect_settled(file, row, found)
    found.problems.check()
    conflicts = [
        c for file in files for row in file.decided if (c := _unsettled(row, state)) and c.key not in found.changes
    ]
    taken = _taken(found, state, done, conflicts)
    before = {(decision.key, decision.verb) for decision in done}
    problems = found.problems
    added = [d for d in _decide_new(found.new, state, conflicts, problems) if (d.key, d.verb) not in before]
    decisions = [*_decide(taken, state, problems), *added]
    problems.check()
    decisions.sort(key=lambda decision: isinstance(decision.verb, MergeInto))
    rows = sum(isinstance(decision.verb, AddTerm | SetRendering | SetVariant) for decision in added)
    return Merged(
        tuple(decisions),
        tuple(conflicts),
        len(taken) + rows,
        notices=_distinct(
            *(said for file in files for said in (*file.notices, *_rows_missing(file, state))),
            *found.notices,
            *_several(taken, found.new, state),
            *_already(added, found.new, state),
            *_same_chinese(taken, state),
        ),
        untaken=(*(said for file in files for said in (*file.untaken, *_untaken(file, state))), *found.untaken),
    )


def _distinct(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _taken(found: _Found, state: State, done: Sequence[Decision], conflicts: list[Conflict]) -> dict[Key, Change]:
    """Return the changes that nothing stands against; the others become conflicts."""
    taken: dict[Key, Change] = {}
    for key, wishes in found.changes.items():
        values = {change.value for change in wishes}
        if values == {state.text(key)}:
            continue
        if len(values) > 1:
            several = len({wish.reviewer for wish in wishes}) > 1
            reason: Ground = "changed differently by two reviewers" if several else "changed differently in two rows"
            conflicts.append(_conflict(key, state, wishes, reason))
        elif key[:2] not in state.values:
            if not any(decision.key == key[1] and _says(decision, wishes[0].value) for decision in done):
                conflicts.append(_conflict(key, state, wishes, "the row is no longer there"))
        elif found.stale.get(key):
            conflicts.append(_conflict(key, state, wishes, "changed since the file was sent out"))
        else:
            taken[key] = wishes[0]
    return taken


def _several(taken: Mapping[Key, Change], new: Sequence[NewRow], state: State) -> Iterator[str]:
    """Name cells that look as if they held two wordings; they are taken as one."""
    cells = [(c.place, c.value, state.text(key)) for key, c in taken.items() if key[2] in ("English", "Text")]
    cells += [(row.place, row.values[name], "") for row in new for name in ("English", "Text") if name in row.values]
    for place, value, now in dict.fromkeys(cells):
        if "\n" in value:
            lines = value.split("\n")
            yield f"{place}: {', '.join(map(repr, lines))} are taken as {len(lines)} wordings, one a line"
        elif SEVERAL.search(value) or (now and now in _BETWEEN.split(value)[:-1] + _BETWEEN.split(value)[1:]):
            yield f"{place}: {value!r} is taken as one wording; if it is several, put each on a line of its own"


_BETWEEN = re.compile(r"\s+or\s+|\s*[,，]\s*|\s*/\s*")


def _already(added: Sequence[Decision], new: Sequence[NewRow], state: State) -> Iterator[str]:
    """Name new rows whose Chinese has an entry already: its preferred English changes."""
    keys = {decision.key for decision in added if isinstance(decision.verb, AddTerm)}
    for row in new:
        key = (TERMS.name, entry_id(row.values.get("Chinese", "")), "English")
        if row.sheet == TERMS.name and key[1] in keys and state.text(key) not in ("", row.values["English"]):
            yield (
                f"{row.place}: {row.values['Chinese']} is there already; its preferred English, {state.text(key)!r}, "
                "is replaced"
            )


def _same_chinese(taken: Mapping[Key, Change], state: State) -> Iterator[str]:
    """Name entries whose Chinese was changed into that of another entry: both stay, as homographs do."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    for (sheet, id_), values in state.values.items():
        if sheet == TERMS.name:
            held[values["Chinese"]].append(id_)
    for (sheet, id_, name), change in taken.items():
        if sheet == TERMS.name and name == "Chinese" and not taken.get((sheet, id_, "Merge into ID")):
            for other in sorted(other for other in held.get(change.value, ()) if other != id_):
                yield (
                    f"{change.place}: {change.value} is the Chinese of {other} too, and both stay; to make them one, "
                    f"write {other} under Merge into ID"
                )


def _rows_missing(file: ReviewedFile, state: State) -> Iterator[str]:
    """Say which entries a table has no row for: it may be a part of the table, or somebody took rows out."""
    held = {row["id"].text for row in file.watched}
    gone = [id_ for sheet, id_ in state.values if sheet == TERMS.name and id_ not in held]
    if file.watched and gone:
        terms = named([state.text((TERMS.name, id_, "Chinese")) for id_ in gone])
        yield (
            f"{file.path.name}: has no row for {terms}, which stay as they are; to drop a term write rejected into its "
            "column review"
        )


# --- what does not come back ----------------------------------------------------------------------------------------


def _untaken(file: ReviewedFile, state: State) -> Iterator[str]:
    """Name what was written into cells that do not come back, and where to write it instead."""
    found: dict[tuple[str, str], list[str]] = {}
    for table in file.tables if not file.watched else ():
        for row in table.rows:
            for column, cell in _changed_others(file, table.plan, row, state):
                found.setdefault((column.header, column.elsewhere), []).append(cell.place)
    unwatched: dict[str, list[str]] = {}
    for row in file.watched:
        now = state.tables.get((row["id"].text, row[TARGET].text), {})
        changed = [f for f in FIELDS if f.name in now and f.name in row and row[f.name].text != now[f.name]]
        for column in changed:
            place = row[column.name].place
            if column in WATCHED and not _as_sent(row, now):
                if column.name != VARIANTS_ZH or not _only_added(row, now):
                    found.setdefault((column.name, column.elsewhere), []).append(place)
            elif column not in WATCHED and _is_as_then(row, now):
                unwatched.setdefault(column.name, []).append(place)
    total = sum(len(table.rows) for table in file.tables)
    for name, places in unwatched.items():
        if len(places) <= max(FEW, FEW_SHARE * len(file.watched)):  # else a spreadsheet wrote them otherwise
            yield f"{named(places)}: was changed, but the column {name} does not come back"
    for (name, elsewhere), places in found.items():
        if not _has_digests(file) and len(places) > max(FEW, FEW_SHARE * total):
            continue  # so much was not written by hand: OUT has changed since, or another version made it
        advice = f"; {elsewhere}" if elsewhere else ""
        yield f"{named(places)}: was changed, but the column {name} does not come back{advice}"
    for table in file.read_only:
        left = state.read_only.get(table.plan.name, Counter()).copy()
        places = []
        for row in table.rows:
            texts = tuple(row[c.header].text if c.header in row else "" for c in table.plan.columns)
            if left[texts] <= 0:
                places.append(next(iter(row.values())).place)
            left[texts] -= 1
        if places and (_has_digests(file) or len(places) <= max(FEW, FEW_SHARE * len(table.rows))):
            yield f"{named(places)}: was changed, but the sheet {table.plan.name} does not come back"


def _has_digests(file: ReviewedFile) -> bool:
    """Tell whether the file says what its cells were that do not come back; those of version 0.1.0 do not."""
    rows = (digests.get(OTHERS, "") for digests in file.base.values())
    return any(rows) or any(row[OTHER_CELLS].base for row in file.watched)


def _as_sent(row: Mapping[str, Cell], now: Mapping[str, str]) -> bool:
    """Tell whether the cells of a table's row that do not come back are those that were sent out."""
    texts = (row[field.name].text if field.name in row else now[field.name] for field in WATCHED)
    return is_unchanged("\x1f".join(texts), row[OTHER_CELLS].base)


def _is_as_then(row: Mapping[str, Cell], now: Mapping[str, str]) -> bool:
    """Tell whether OUT has still what the row of a table was sent out with."""
    return is_unchanged("\x1f".join(now[field.name] for field in WATCHED), row[OTHER_CELLS].base)


def _only_added(row: Mapping[str, Cell], now: Mapping[str, str]) -> bool:
    """Tell whether a row still lists every Chinese form that OUT holds: further ones are taken, none is removed."""
    return VARIANTS_ZH in row and set(items(now[VARIANTS_ZH])) <= set(items(row[VARIANTS_ZH].text))


def _changed_others(
    file: ReviewedFile, plan: Sheet[Any], row: Mapping[str, Cell], state: State
) -> Iterator[tuple[Field[Any], Cell]]:
    """Yield the cells of a row that do not come back and differ from what was sent out, or from what OUT holds."""
    id_ = row[plan.key].text if plan.key in row else ""
    if (plan.name, id_) not in state.values:
        return
    now = state.shown(plan, id_, file.language)
    texts = [row[c.header].text if c.header in row else now.get(c.header, "") for c in plan.columns]
    before = file.base.get((plan.name, id_), {}).get(OTHERS, "")
    if before and others_digest(plan, texts) == before:
        return
    for column in plan.columns:
        cell = row.get(column.header)
        watched = not column.editable and (before or column.elsewhere)
        if cell is not None and watched and cell.text != now.get(column.header, ""):
            yield column, cell


# --- cell by cell ---------------------------------------------------------------------------------------------------


class _Found:
    """What was found in the files: changes by cell, whether OUT has changed the cell since, new rows, problems."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.changes: dict[Key, list[Change]] = {}
        self.stale: dict[Key, bool] = {}
        self.new: list[NewRow] = []
        self.notices: list[str] = []
        self.untaken: list[str] = []
        self.problems = _Problems()

    def collect(self, file: ReviewedFile, table: Table) -> None:
        """Take the rows of one sheet."""
        plan = table.plan
        seen: dict[str, Mapping[str, Cell]] = {}
        changed: dict[str, list[tuple[Cell, str]]] = {}
        coloured: list[str] = []
        rows = table.rows if file.base or plan is not VARIANTS else _matched(table.rows, self.state)
        for row in rows:
            id_ = row[plan.key].text if plan.key in row else ""
            if not id_:
                _collect_new(file, plan, row, self)
            elif _differs(row, seen.get(id_)) and not table.repeats:
                why = f"the ID {id_} stands in two rows that differ; leave it out of the copy"
                self.problems.add(row[plan.key].place, why)
            elif self._is_known(file, plan, id_, row):
                seen[id_] = row
                before = sum(map(len, changed.values()))
                cells = {column: row[column.header] for column in plan.editable if column.header in row}
                for column, cell in cells.items():
                    self._collect_cell(file, plan, id_, column, cell, changed)
                if sum(map(len, changed.values())) == before:
                    coloured += [cell.place for cell in cells.values() if cell.coloured][:1]
        if coloured:
            self.untaken.append(
                f"{named(coloured)}: was coloured, in a row where nothing was changed; a colour says nothing here, "
                "write what is to stand there or choose under Review, Usage or Decision"
            )
        for column in plan.editable:
            self._check_order(column, changed.get(column.header, ()), table)

    def _is_known(self, file: ReviewedFile, plan: Sheet[Any], id_: str, row: Mapping[str, Cell]) -> bool:
        sent = (plan.name, id_) in file.base or any(cell.base for cell in row.values())
        if sent or (plan.name, id_) in self.state.values:
            return True
        self.problems.add(next(iter(row.values())).place, f"unknown {plan.key} {id_!r}; leave it empty in a new row")
        return False

    def _collect_cell(
        self,
        file: ReviewedFile,
        plan: Sheet[Any],
        id_: str,
        column: Field[Any],
        cell: Cell,
        changed: dict[str, list[tuple[Cell, str]]],
    ) -> None:
        key = (plan.name, id_, column.header)
        now = self.state.text(key)
        base = file.base.get((plan.name, id_))
        before = base.get(column.header, "") if base is not None else cell.base or cell_digest(now)
        if is_unchanged(cell.text, before) or (not cell.problem and clean(cell.text) == clean(now)):
            return
        if column.header not in CHINESE_COLUMNS and narrow(cell.text) != cell.text:
            self.notices.append(f"{cell.place}: full-width letters ({cell.text[:40]!r}) are read as ordinary ones")
        if is_lost(cell.text, now):
            why = f"has question marks where {now[:20]!r} had its signs; save it again as .xlsx or CSV UTF-8"
            self.problems.add(cell.place, why)
            return
        changed.setdefault(column.header, []).append((cell, before))
        value = _checked(column, cell, key in file.cut, self.problems)
        if value is None or is_unchanged(value, before):
            return
        if column.required and not value:
            self.problems.add(cell.place, f"is empty; {column.required}")
            return
        alone = plan is ALIGNMENT and id_.startswith("gap-")
        if alone and (column.header != "Decision" or value not in ("", MERGE)):
            self.problems.add(cell.place, f"this row has no counterpart; here only '{MERGE}' can be chosen")
            return
        if cell.struck:
            self.notices.append(
                f"{cell.place}: {cell.struck[:40]!r} is struck out and left out; {value[:40]!r} is taken"
            )
        self.changes.setdefault(key, []).append(Change(key, value, cell.place, file.path.stem))
        # "edited" is set by itself when a cell is changed: nobody's verdict stands against it.
        overtaken = not is_unchanged(now, before) and not (column.header == "Review" and now == "edited")
        self.stale[key] = self.stale.get(key, False) or overtaken

    def _check_order(self, column: Field[Any], changed: Sequence[tuple[Cell, str]], table: Table) -> None:
        """Refuse a column whose cells were moved to other rows: it was sorted, and the others were not."""
        width = min((len(before) for _, before in changed if before), default=0)
        texts = Counter(cell_digest(cell.text)[:width] for cell, _ in changed)
        sent = Counter(before[:width] for _, before in changed)
        if width and texts == sent and len(changed) == 2 and not column.choices:
            places = " and ".join(cell.place for cell, _ in changed)
            self.notices.append(f"{places}: hold each other's texts, and are taken so")
        moved = sum((texts & sent).values())
        if len(changed) >= MOVED and width and texts != sent and not column.choices and moved > len(changed) / 2:
            self.problems.add(
                changed[0][0].place,
                f"{moved} of the {len(changed)} changed cells of the column {column.header} hold texts of other rows: "
                "cells were moved up or down without the other columns; undo that",
            )
        if len(changed) < MOVED or not width or texts != sent:
            return
        if column.choices:
            order = [row[column.header].text for row in table.rows if column.header in row]
            if order not in (sorted(order), sorted(order, reverse=True)):
                return
        self.problems.add(
            changed[0][0].place,
            f"the {len(changed)} changed cells of the column {column.header} hold each other's texts: it was sorted "
            "without the other columns; undo that, or sort whole rows",
        )


def _differs(row: Mapping[str, Cell], other: Mapping[str, Cell] | None) -> bool:
    return other is not None and any(row[name].text != cell.text for name, cell in other.items() if name in row)


def _says(decision: Decision, value: str) -> bool:
    verb = decision.verb
    return value in given(verb).values() or verb in (_UNIT_VERBS.get(value), _REVIEW_VERBS.get(value))


def _conflict(key: Key, state: State, wishes: Sequence[Change], reason: Ground) -> Conflict:
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
    if found := column_of(texts["Sheet"], texts["Column"]):
        key = (found[0], texts["ID"], found[1].header)
        values = ["\n".join(map(found[1].value, text.split("\n"))) for text in values]
    wishes = zip_longest(texts["Where"].split("; "), values, fillvalue="")
    return Conflict(key, texts["Chinese"], state.text(key), tuple(wishes), reason_of(texts["Why"]))


ONE_LINE = {"Chinese": "a further Chinese form goes into a row of its own on Variants", "Merge into ID": "one ID"}


CHINESE_COLUMNS = ("Chinese", "Chinese text")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")


def narrow(text: str) -> str:
    """Return English that was typed with a Chinese keyboard in ordinary letters; text with Chinese in it stays.

    >>> narrow("Ｇ２０（Ｂｅｉｊｉｎｇ）"), narrow("Ｇ２０集团")
    ('G20(Beijing)', 'Ｇ２０集团')
    """
    if not _WIDE.search(text) or any(map(is_han, text)):
        return text
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)


def _checked(column: Field[Any], cell: Cell, was_cut: bool, problems: _Problems) -> str | None:
    """Return the text of a changed cell, or None when it is bad."""
    text = clean(cell.text) if column.header in CHINESE_COLUMNS else narrow(clean(cell.text))
    problem = cell.problem
    if not problem and was_cut:
        problem = "was cut when it was written (Excel's limit), so a change would lose its end"
    if not problem and "\n" in text and column.header in ONE_LINE:
        problem = f"holds two lines; {ONE_LINE[column.header]}"
    if not problem and column.choices and text:
        text = column.value(text)
        if text not in column.choices:
            problem = f"{text[:40]!r} is none of: {', '.join(column.choices)}"
    if problem:
        problems.add(cell.place, problem)
        return None
    return text


def _collect_new(file: ReviewedFile, plan: Sheet[Any], row: Mapping[str, Cell], found: _Found) -> None:
    cells = {name: cell for name, cell in row.items() if cell.text or cell.problem}
    editable = {column.header: column for column in plan.editable}
    if not cells:
        return
    place = next(iter(cells.values())).place
    if not any(name in editable for name in cells):
        if "ID" not in cells or plan is VARIANTS:
            told = "; ".join(cell.text[:40] for cell in cells.values() if cell.place)
            found.untaken.append(f"{place}: {told!r} belongs to no row of ours and is not taken")
        return
    if plan is ALIGNMENT:
        found.problems.add(place, "rows cannot be added to Alignment; its ID is missing")
        return
    needed = ("Chinese", "English") if plan is TERMS else ("ID", "Language", "Text")
    missing = [name for name in needed if name not in cells]
    if missing:
        found.problems.add(place, f"a new row needs {' and '.join(needed)}; {missing[0]} is empty")
        return
    values = {}
    for name, cell in cells.items():
        value = _checked(editable.get(name, Field("", name, str)), cell, False, found.problems)
        if value:
            values[name] = value
    if plan is VARIANTS and values.get("Language") not in ("zh", "en"):
        found.problems.add(cells["Language"].place, "Language is zh or en")
        return
    found.new.append(NewRow(plan.name, values, place, file.path.stem))


def _matched(rows: Sequence[Mapping[str, Cell]], state: State) -> Iterator[dict[str, Cell]]:
    """Give the rows of a table, which has no variant IDs, those of the wordings they stand for.

    Which wording a row was is told by its digest. Without one, a wording that is there is known by itself; the one
    row left over and the one wording left over of an entry are the same, reworded.
    """
    groups: dict[str, list[Mapping[str, Cell]]] = {}
    for row in rows:
        groups.setdefault(row["ID"].text, []).append(row)
    for entry, every in groups.items():
        for row in (row for row in every if row["Language"].text == "zh"):
            chinese = (
                id_
                for (sheet, id_), values in state.values.items()
                if (sheet, values.get("ID"), values.get("Language")) == (VARIANTS.name, entry, "zh")
                and values["Text"] == row["Text"].text
            )
            if row["Text"].text != state.text((TERMS.name, entry, "Chinese")):
                yield {VARIANTS.key: Cell(next(chinese, ""), row["Text"].place), **row}
        group = [row for row in every if row["Language"].text != "zh"]
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


def _collect_settled(file: ReviewedFile, row: Mapping[str, Cell], found: _Found) -> None:
    """A row of a sheet of conflicts on which somebody has decided."""
    decision = row.get("Decision", Cell("", ""))
    if not decision.text and not decision.problem:
        return
    named_ = column_of(row["Sheet"].text, row["Column"].text)
    if named_ is None:
        problem = f"no column {row['Column'].text!r} of a sheet {row['Sheet'].text!r} can be changed"
        found.problems.add(decision.place, problem)
        return
    sheet, column = named_
    key = (sheet, row["ID"].text, column.header)
    value = _checked(column, decision, False, found.problems)
    if value is not None:
        found.changes.setdefault(key, []).append(Change(key, value, decision.place, file.path.stem))


# --- decisions ------------------------------------------------------------------------------------------------------

_REVIEW_VERBS: Mapping[str, TermVerb] = {
    "accepted": AcceptTerm(),
    "rejected": RejectTerm(),
    "discuss": DiscussTerm(),
    "candidate": ReopenTerm(),
    "edited": EditTerm(review="edited"),
}
_EDITED = {
    column.header: column
    for column in TERMS.editable
    if column.attribute.startswith("entry.") and column.header != "Review"
}
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
            yield from _decide_row(id_, columns, state)


def _term(id_: str, verb: TermVerb, by: Change | NewRow) -> Decision:
    return Decision(id_, verb, reviewer=by.reviewer)


def _edit(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return what cells by heading say of an entry, by attribute."""
    return {
        _EDITED[name].attribute.removeprefix("entry."): _EDITED[name].set(text)
        for name, text in cells.items()
        if name in _EDITED
    }


def _decide_term(
    id_: str,
    columns: Mapping[str, Change],
    state: State,
    entries: set[str],
    by_term: Mapping[str, list[str]],
    problems: _Problems,
) -> Iterator[Decision]:
    edit = _edit({name: change.value for name, change in columns.items()})
    if edit:
        yield _term(id_, EditTerm(**edit), next(iter(columns.values())))
    if "English" in columns:
        change = columns["English"]
        first, *further = change.value.split("\n")
        yield _term(id_, _reworded(id_, state, first), change)
        yield from (_term(id_, SetRendering("", text, "admitted"), change) for text in further)
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
    wording = SetRendering if row["Language"] == "en" else SetVariant
    values: dict[str, Any] = {"text": old}
    further: list[str] = []
    if "Text" in columns:
        text, *further = columns["Text"].value.split("\n")
        heading = taken.get((TERMS.name, entry, "English"))
        if heading and row["Language"] == "en" and old == state.text((TERMS.name, entry, "English")):
            if heading.value != columns["Text"].value:
                problems.add(columns["Text"].place, f"differs from the English of the same entry in {heading.place}")
            values["text"], further = text, []  # reworded with the entry
        else:
            values["new"] = text
    if "Usage" in columns:
        if columns["Usage"].value == REMOVE:
            values["new"] = ""
        else:
            values["usage"] = columns["Usage"].value
    if "Kind" in columns:
        values["kind"] = columns["Kind"].value
    if len(values) > 1:
        yield _term(entry, wording(**values), change)
    yield from (_term(entry, wording("", text, "admitted"), change) for text in further)


def _decide_row(id_: str, columns: Mapping[str, Change], state: State) -> Iterator[Decision]:
    document = state.text((ALIGNMENT.name, id_, "Document"))
    texts = (state.text((ALIGNMENT.name, id_, name))[:SHOWN] for name in ("Chinese text", "English text"))
    about = f"{document}, {' / '.join(filter(None, texts))}"
    change = next(iter(columns.values()))
    names = {"Chinese text": "source", "English text": "target"}
    edit = {names[name]: c.value for name, c in columns.items() if name in names}
    if edit:
        yield Decision(id_, EditUnit(**edit), document, reviewer=change.reviewer, about=about)
    if "Decision" in columns:
        yield Decision(id_, _UNIT_VERBS[columns["Decision"].value], document, reviewer=change.reviewer, about=about)


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
            first, *others = english.split("\n")
            told = _edit(row.values)
            values: dict[str, Any] = {name: told.pop(name) for name in ("type", "notes") if name in told}
            yield _term(entry_id(term), AddTerm(term, first, **values), row)
            yield from (_term(entry_id(term), SetRendering("", text, "admitted"), row) for text in others)
            del told["term"]
            if told:  # what a new entry gets after it is there
                yield _term(entry_id(term), EditTerm(**told), row)
            verb = _REVIEW_VERBS.get(row.values.get("Review", ""), AcceptTerm())
            if verb not in (AcceptTerm(), EditTerm(review="edited")):  # a new entry is accepted by itself
                yield _term(entry_id(term), verb, row)
        elif row.values["ID"] not in entries:
            problems.add(row.place, f"{row.values['ID']!r} is no ID of an entry on the sheet Terms")
        else:
            values = {name.lower(): row.values[name] for name in ("Usage", "Kind") if name in row.values}
            wording = SetRendering if row.values["Language"] == "en" else SetVariant
            yield from (
                _term(row.values["ID"], wording("", text, **values), row) for text in row.values["Text"].split("\n")
            )
