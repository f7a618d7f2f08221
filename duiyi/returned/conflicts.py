"""The sheet of conflicts: what two reviewers want differently, with a column to decide in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from glossary.files.fields import Field
from glossary.files.sheets import Sheet, writing_book
from glossary.files.workbook import SHEETS
from tmx.messages import LANGUAGES, Language, Messages, load

CONFLICTS = "Conflicts"

Key = tuple[str, str, str]  # sheet, ID, column
Ground = Literal[
    "changed differently by two reviewers",
    "changed differently in two rows",
    "the row is no longer there",
    "changed since the file was sent out",
    "two new terms for the same Chinese",
]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two wishes for one cell. ``current`` is what OUT holds; ``values`` pairs each file's name with its wish."""

    key: Key
    term: str
    current: str
    values: tuple[tuple[str, str], ...]
    reason: str


def column_of(sheet: str, column: str) -> tuple[str, Field[Any]] | None:
    """Return the sheet and its column that comes back, named in whatever language; None if there is none."""
    plan = next((plan for plan in SHEETS if sheet in plan.names), None)
    if plan is None:
        return None
    header = plan.headings.get(column, column)
    return next(((plan.name, field) for field in plan.editable if field.header == header), None)


def reason_of(text: str) -> str:
    """Return in English why there is a conflict, as it was said in whatever language; other texts as they are."""
    spoken: dict[str, str] = {say.told(reason): reason for say in map(load, LANGUAGES) for reason in get_args(Ground)}
    return spoken.get(text, text)


def _wish(number: int) -> Callable[[Conflict], str]:
    return lambda conflict: conflict.values[number][1] if number < len(conflict.values) else ""


def _others(conflict: Conflict) -> str:
    return "\n".join(value for _, value in conflict.values[2:])


def _worded(get: Callable[[Conflict], str]) -> Callable[[Conflict, Messages], str]:
    """Return how a text is shown that stands, or is to stand, in the column which the conflict is about."""

    def show(conflict: Conflict, say: Messages) -> str:
        found = column_of(conflict.key[0], conflict.key[2])
        return "\n".join(found[1].word(line, say) for line in get(conflict).split("\n")) if found else get(conflict)

    return show


def _cell(header: str, get: Callable[[Conflict], str], width: int, label: str = "") -> Field[Conflict]:
    return Field("", header, get, width, show=_worded(get), label=label)


CONFLICT_SHEET: Sheet[Conflict] = Sheet(
    CONFLICTS,
    "",
    4,
    (
        Field(
            "", "Sheet", lambda conflict: conflict.key[0], 11,
            show=lambda conflict, say: say.get(f"workbook.sheet.{conflict.key[0]}", conflict.key[0]),
        ),
        Field("", "ID", lambda conflict: conflict.key[1], 18),
        Field("", "Chinese", lambda conflict: conflict.term, 20, chinese=True),
        Field(
            "", "Column", lambda conflict: conflict.key[2], 14,
            show=lambda conflict, say: say.get(f"workbook.heading.{conflict.key[2]}", conflict.key[2]),
        ),
        _cell("Now", lambda conflict: conflict.current, 28),
        _cell("First", _wish(0), 28, "First wish"),
        _cell("Second", _wish(1), 28),
        _cell("Others", _others, 20),
        Field("", "Decision", lambda conflict: "", 30, True, words="workbook.choice"),
        Field(
            "", "Why", lambda conflict: conflict.reason, 26,
            show=lambda conflict, say: say.told(conflict.reason), label="Why in conflict",
        ),
        Field("", "Where", lambda conflict: "; ".join(place for place, _ in conflict.values), 36),
    ),
    printed=9,
)  # fmt: skip


def write_conflicts(conflicts: Iterable[Conflict], path: Path, language: Language = "en") -> None:
    """Write the sheet of conflicts: what OUT holds, both wishes and where they stand, a column to decide in.

    It comes back by ``duiyi import`` like the workbook itself, in whatever language it was written.
    """
    say = load(language)
    with writing_book(path, say=say) as book:
        rows = (CONFLICT_SHEET.row(conflict, say) for conflict in conflicts)
        book.sheet(CONFLICT_SHEET, rows, lambda row: {"Decision": _choices(str(row[0]), str(row[3]), say)})


def _choices(sheet: str, column: str, say: Messages) -> tuple[str, ...]:
    """Return what may stand in a column of a sheet; nothing where any text may."""
    found = column_of(sheet, column)
    return tuple(found[1].word(choice, say) for choice in found[1].choices) if found else ()
