"""The sheet of conflicts: what two reviewers want differently, with a column to decide in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from glossary.files.fields import Field
from glossary.files.sheets import Sheet, writing_book
from glossary.files.workbook import SHEETS

CONFLICTS = "Conflicts"

Key = tuple[str, str, str]  # sheet, ID, column


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two wishes for one cell. ``current`` is what OUT holds; ``values`` pairs each file's name with its wish."""

    key: Key
    term: str
    current: str
    values: tuple[tuple[str, str], ...]
    reason: str


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
    columns = next(plan.columns for plan in SHEETS if plan.name == key[0])
    return next((column.choices for column in columns if column.header == key[2]), ())
