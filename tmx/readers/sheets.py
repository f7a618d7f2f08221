"""A sheet as every kind of workbook has it: cells by row and column, merged ranges, hidden rows and columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from tmx.errors import LimitError

Kind = Literal["text", "number", "date", "boolean", "error", "formula"]
MAX_MERGED_CELLS = 100_000  # of one sheet; a range over whole columns is a form, not a table
MAX_SHEET_CHARS = 64_000_000  # a text that is stated once can stand in very many cells
# What Excel, LibreOffice and WPS show where a formula went wrong: #NAME?, #DIV/0!, those of other languages (#BEZUG!,
# #NOM?), LibreOffice's numbers.
ERROR_SIGN = re.compile(r"#[A-ZÄÖÜÉ/0-9_]+[!?]|#N/A|Err:5\d\d")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: its text as a spreadsheet shows it, and its place for people (``Terms!C3``; ``row 3, column 2``).

    ``struck`` is what is struck out in it and therefore not in ``text``. ``merged``: the text is that of the first
    cell of its merged range. ``hidden``: its row or column is. ``coloured``: it is filled with a colour, or written in
    one that is no grey. The text of an error is its sign, of a formula (only where values were not asked for) the
    formula, or in an old workbook (.xls) what it gave.
    """

    text: str
    place: str
    kind: Kind = "text"
    struck: str = ""
    merged: bool = False
    hidden: bool = False
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or text table: its rows, each with its number as a spreadsheet counts; empty rows are left out."""

    name: str
    rows: tuple[tuple[int, tuple[GridCell, ...]], ...]
    hidden: bool = False
    delimiter: str = ""  # of a text table
    comments: tuple[tuple[str, str], ...] = ()  # what people stuck to its cells: place and text

    @property
    def filled(self) -> int:
        """How many of its cells have text."""
        return sum(bool(cell.text) for _, row in self.rows for cell in row)


def column_letters(number: int) -> str:
    """Return the name of a column, counted from 1, as workbooks have it.

    >>> [column_letters(number) for number in (1, 26, 27, 702, 703, 16384)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']
    """
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


class SheetCells:
    """The cells of one sheet while they are read; rows and columns are counted from 1."""

    def __init__(self, title: str, name: str, max_cells: int) -> None:
        self.title = title
        self.rows: dict[int, dict[int, GridCell]] = {}
        self.count = 0  # of cells with text
        self.chars = 0  # in them
        self._name = name
        self._max_cells = max_cells

    def place(self, row: int, column: int) -> str:
        """Return the name of a cell."""
        return f"{self.title}!{column_letters(column)}{row}"

    def put(self, row: int, column: int, cell: GridCell) -> None:
        """Take a cell.

        Raises:
            LimitError: there are too many.
        """
        self.rows.setdefault(row, {})[column] = cell
        self.count += bool(cell.text)
        self.chars += len(cell.text)
        if self.count > self._max_cells:
            raise LimitError(f"{self._name}: more than {self._max_cells:,} cells")
        if self.chars > MAX_SHEET_CHARS:
            raise LimitError(f"{self._name}: more than {MAX_SHEET_CHARS:,} characters in a sheet; split the file")

    def grid(
        self,
        merged: Iterable[tuple[int, int, int, int]],
        hidden_rows: Collection[int],
        hidden_columns: Sequence[range],
        *,
        hidden: bool,
        comments: Iterable[tuple[str, str]] = (),
    ) -> Grid:
        """Return the sheet; ``merged`` are ranges as left, top, right, bottom.

        Raises:
            LimitError: there are too many gaps between the cells.
        """
        if sum(max(row) - len(row) for row in self.rows.values() if row) > self._max_cells:
            raise LimitError(
                f"{self._name}: more than {self._max_cells:,} empty cells before the last ones of their rows"
            )
        self._fill_merged(merged)
        for number, row in self.rows.items() if hidden_rows or hidden_columns else ():
            for column, cell in row.items():
                if number in hidden_rows or any(column in run for run in hidden_columns):
                    row[column] = replace(cell, hidden=True)
        return Grid(self.title, tuple(self._lines()), hidden, comments=tuple(comments))

    def _fill_merged(self, merged: Iterable[tuple[int, int, int, int]]) -> None:
        """Give every cell of a merged range the text of its first one."""
        filled = 0
        for left, top, right, bottom in merged:
            first = self.rows.get(top, {}).get(left)
            filled += (right - left + 1) * (bottom - top + 1)
            if first is None or not first.text or filled > MAX_MERGED_CELLS:
                continue
            for number in range(top, bottom + 1):
                row = self.rows.setdefault(number, {})
                for column in range(left, right + 1):
                    if (number, column) != (top, left):
                        row[column] = replace(first, place=self.place(number, column), merged=True)

    def _lines(self) -> Iterator[tuple[int, tuple[GridCell, ...]]]:
        for number in sorted(self.rows):
            row = self.rows[number]
            if any(cell.text or cell.struck for cell in row.values()):
                empty = (GridCell("", self.place(number, column)) for column in range(1, max(row) + 1))
                yield number, tuple(row.get(column, cell) for column, cell in enumerate(empty, 1))


def value_cell(value: object, place: str) -> GridCell:
    """Return the cell of a value: a text, a number, a date, yes or no."""
    if isinstance(value, bool):
        return GridCell(str(value).upper(), place, "boolean")
    if isinstance(value, datetime | date | time | timedelta):
        if isinstance(value, datetime) and value.time() == time():
            value = value.date()
        return GridCell(str(value), place, "date")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return GridCell(unescape(value), place) if isinstance(value, str) else GridCell(str(value), place, "number")


def unescape(text: str) -> str:
    """Return the text of a workbook's string: ``_xHHHH_`` is one character, a carriage return a line break.

    >>> unescape("a_x000D_\\nb"), unescape("_x005F_x000D_")
    ('a\\nb', '_x000D_')
    """
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_colour(rgb: str, *, light: bool = False) -> bool:
    """Tell whether a colour (``FF0000``, ``#ff0000``, ``80FF0000``) is none of black, white and grey.

    ``light``: of a filling, where a lighter shade can be seen already.
    """
    digits = rgb[-6:]
    if not re.fullmatch("[0-9A-Fa-f]{6}", digits):
        return False
    parts = [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
    return max(parts) - min(parts) > (24 if light else 64)
