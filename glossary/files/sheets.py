"""Workbooks written the same way everywhere: sheets by their plan, cells as text or numbers, the same bytes again.

A ``Sheet`` says what is on it (``glossary.files.fields``); ``Book`` writes it. The workbook for review, exports,
sheets of conflicts and release notes all go through here.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, Generic, TypeVar

import regex
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.exceptions import FileCreateError

from glossary.files.cells import Cell, Rich, normalise
from glossary.files.fields import Field
from tmx.characters import HAN_BLOCKS
from tmx.confidence import MARKS
from tmx.errors import OutputError, UnfaithfulError
from tmx.files import atomic_path
from tmx.messages import LANGUAGES, Messages, load

T = TypeVar("T")

# Excel's limits: characters in a cell, counted in UTF-16 units; rows of a sheet.
MAX_CELL_CHARS = 32_767
MAX_ROWS = 1_048_576
CREATED = datetime(2000, 1, 1)  # a fixed date, so that the same input gives the same bytes
CHINESE_FONT = "Microsoft YaHei"  # comes with Windows and Office; elsewhere the system puts its own in its place
PENCIL = "✎ "
SPARE_ROWS = 1000  # below the last one, which have the lists of choices too

COLOURS: dict[str, dict[str, str]] = {  # by column, then by text
    "Review": {"accepted": "#C6EFCE", "edited": "#DDEBF7", "rejected": "#F8CBAD", "discuss": "#FFEB9C"},
    "Usage": {"preferred": "#C6EFCE", "superseded": "#FFEB9C", "deprecated": "#F8CBAD", "remove": "#F8CBAD"},
    "Decision": {"approve": "#C6EFCE", "doubt": "#FFEB9C", "wrong": "#F8CBAD", "merge with next": "#DDEBF7"},
    "Mark": {str(MARKS["doubtful"]): "#FFEB9C", str(MARKS["unaligned"]): "#F8CBAD"},
}
LINE_HEIGHT = 13.5  # points, of 10 point text
MAX_LINES = 8
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")  # XlsxWriter escapes it twice in text with bold parts
_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS)
_WIDE = regex.compile(f"[{_HAN}，。、；：？！“”《》（）]")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """The plan of one sheet: ``key`` is the heading of what identifies a row, ``frozen`` columns stay in view.

    Of wide sheets only the first ``printed`` columns go on paper.
    """

    name: str
    key: str
    frozen: int
    fields: tuple[Field[T], ...]
    printed: int = 0

    @property
    def columns(self) -> tuple[Field[T], ...]:
        """The fields that have a column here."""
        return tuple(field for field in self.fields if field.header)

    @property
    def editable(self) -> tuple[Field[T], ...]:
        """The columns that come back."""
        return tuple(field for field in self.columns if field.editable)

    @property
    def names(self) -> set[str]:
        """The names of the sheet in every language."""
        return {self.name, *(say.get(f"workbook.sheet.{self.name}", self.name) for say in map(load, LANGUAGES))}

    @property
    def headings(self) -> dict[str, str]:
        """The headings in every language, without the pencil, with the header of the column that each is of."""
        return {
            heading(column, say).removeprefix(PENCIL): column.header
            for say in map(load, LANGUAGES)
            for column in self.columns
        }

    def row(self, record: T, say: Messages | None = None) -> tuple[Cell, ...]:
        """Return the cells of a record, in English or as ``say`` words them."""
        return tuple(field.shown(record, say or load("en")) for field in self.columns)


def heading(column: Field[T], say: Messages | None = None) -> str:
    """Return what stands above a column, in English without ``say``; a pencil marks those that come back."""
    name = (say or load("en")).get(f"workbook.heading.{column.label or column.header}", column.header)
    return PENCIL + name if column.editable else name


def cut(text: str) -> str:
    """Return what fits a cell, with an ellipsis where the end is left out."""
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_CELL_CHARS:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * (MAX_CELL_CHARS - 1)].decode("utf-16-le", "ignore") + "…"


@dataclass(slots=True)
class Book:
    """A workbook being written. ``written`` keeps each sheet's texts, ``cut`` the cells whose end did not fit.

    ``cut`` pairs the sheet and the address for people with the key of the row and the column's heading.
    """

    book: Any
    say: Messages = field(default_factory=lambda: load("en"))
    written: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    cut: list[CutCell] = field(default_factory=list)
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def format(self, **properties: Any) -> Any:
        """Return a cell format; each is made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(
                {"valign": "top", "font_size": 10, "font_color": "#000000", **properties}
            )
        return self._formats[key]

    def sheet(
        self,
        plan: Sheet[Any],
        rows: Iterable[tuple[Cell, ...]],
        choices: Callable[[tuple[Cell, ...]], Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        """Write a sheet, row by row. ``choices`` gives a row the lists of its own cells, by heading."""
        name = self.say.get(f"workbook.sheet.{plan.name}", plan.name)
        sheet = self.book.add_worksheet(name)
        sheet.set_row(0, 30)
        columns = plan.columns
        written = [tuple(heading(column, self.say) for column in columns)]
        self.written[name] = written
        formats = [self._column_format(column) for column in columns]
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width, formats[index])
            sheet.write_string(0, index, heading(column, self.say), self._header_format(column))
        for number, row in enumerate(rows, 1):
            if number >= MAX_ROWS:
                raise OutputError(f"sheet {plan.name} would need more than {MAX_ROWS} rows; lower max_contexts")
            texts = tuple(
                self._cell(sheet, number, index, cell, formats[index], plan, row) for index, cell in enumerate(row)
            )
            written.append(texts)
            sheet.set_row(number, _height(texts, columns))
            for name, texts_ in (choices(row) if choices else {}).items():
                index = next(i for i, column in enumerate(columns) if column.header == name)
                if texts_:
                    sheet.data_validation(number, index, number, index, {"validate": "list", "source": list(texts_)})
        self._dress(sheet, plan, len(written) - 1)

    def plain(self, name: str, rows: Sequence[tuple[str, ...]], width: int) -> list[tuple[str, ...]]:
        """Write a bare sheet of texts, as other programs import it; return the rows as far as they fit."""
        sheet = self.book.add_worksheet(name)
        for index in range(len(rows[0])):
            sheet.set_column(index, index, width)
        fitting = [tuple(map(cut, row)) for row in rows]
        for number, row in enumerate(fitting):
            for index, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, index, cell)
        self.written[name] = [tuple(map(normalise, row)) for row in fitting]
        return fitting

    def _column_format(self, column: Field[Any]) -> Any:
        properties: dict[str, Any] = {"text_wrap": column.width >= 20, "bottom": 4, "bottom_color": "#BFBFBF"}
        if column.chinese:
            properties["font_name"] = CHINESE_FONT
        if not column.editable and column.width < 30 and not column.chinese:
            properties["font_color"] = "#666666"
        if column.width <= 10:
            properties["align"] = "center"
        elif properties["text_wrap"]:
            properties["indent"] = 1  # so that Chinese does not run up to the English beside it
        return self.format(**properties)

    def _header_format(self, column: Field[Any]) -> Any:
        colours = {"bg_color": "#1F4E79", "font_color": "#FFFFFF"} if column.editable else {"bg_color": "#D9D9D9"}
        return self.format(bold=True, text_wrap=True, valign="vcenter", border=1, border_color="#BFBFBF", **colours)

    def _cell(
        self, sheet: Any, number: int, index: int, cell: Cell, format_: Any, plan: Sheet[Any], row: tuple[Cell, ...]
    ) -> str:
        if isinstance(cell, int | float):
            sheet.write_number(number, index, cell, format_)
            return normalise(cell)
        column = plan.columns[index]
        text = cell.text if isinstance(cell, Rich) else cell
        fitting = cut(text)
        if fitting != text:
            address = xlsxwriter.utility.xl_rowcol_to_cell(number, index)
            self.cut.append(CutCell(plan.name, address, normalise(row[0]), column.header))
            cell = text = fitting
        parts = list(cell.fragments()) if isinstance(cell, Rich) else [(text, False)]
        if len(parts) > 1 and not _ESCAPE.search(text):
            font = {"font_name": CHINESE_FONT} if column.chinese else {}
            formats = {strong: self.format(bold=strong, **font) for strong in (True, False)}
            runs = [piece for part, strong in parts for piece in (formats[strong], part)]
            sheet.write_rich_string(number, index, *runs, format_)
        elif text:
            sheet.write_string(number, index, text, format_)
        return normalise(text)

    def _dress(self, sheet: Any, plan: Sheet[Any], rows: int) -> None:
        last = max(rows, 1)
        sheet.freeze_panes(1, plan.frozen)
        sheet.autofilter(0, 0, last, len(plan.columns) - 1)
        for index, column in enumerate(plan.columns):
            if column.choices:
                words = [column.word(choice, self.say) for choice in column.choices]
                options = {
                    "validate": "list",
                    "source": words,
                    "error_title": self.say.get(f"workbook.heading.{column.header}", column.header),
                    "error_message": self.say("workbook.choose", choices=", ".join(words)),
                }
                sheet.data_validation(1, index, last + SPARE_ROWS, index, options)
        self._colour(sheet, plan, last + SPARE_ROWS)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        if plan.printed:
            sheet.print_area(0, 0, last, plan.printed - 1)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L&A&R{self.say('workbook.pages')}")

    def _colour(self, sheet: Any, plan: Sheet[Any], last: int) -> None:
        for name, colours in COLOURS.items():
            for index in (i for i, column in enumerate(plan.columns) if column.header == name):
                column = plan.columns[index]
                for value, colour in colours.items():
                    text = column.word(value, self.say)
                    filled = self.book.add_format({"bg_color": colour, "font_color": "#000000"})
                    options = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": filled}
                    sheet.conditional_format(1, index, last, index, options)

    def notes(self, name: str, rows: Iterable[tuple[str, str]]) -> None:
        """Write a sheet to read: a name and a text a row; a name alone is a heading."""
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 26, self.format(text_wrap=True))
        sheet.set_column(1, 1, 110, self.format(text_wrap=True))
        sheet.hide_gridlines(2)
        for number, (label, text) in enumerate(rows):
            bold = self.format(bold=True, text_wrap=True, **({} if text else {"font_size": 13}))
            sheet.write_string(number, 0, label, bold)
            sheet.set_row(number, 4 + LINE_HEIGHT * max(1, min(line_count(text, 110), 25)))
            if text:
                sheet.write_string(number, 1, text[:MAX_CELL_CHARS], self.format(text_wrap=True))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def hidden(self, name: str, rows: Iterable[Sequence[str]]) -> None:
        """Write a sheet that no menu shows."""
        sheet = self.book.add_worksheet(name)
        sheet.very_hidden()
        for number, row in enumerate(rows):
            for index, text in enumerate(row):
                sheet.write_string(number, index, text)


@dataclass(frozen=True, slots=True)
class CutCell:
    """A cell whose text was longer than Excel holds: where it stands, the key of its row and its column's heading."""

    sheet: str
    address: str
    key: str
    column: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


@contextmanager
def writing_book(
    path: Path,
    *,
    title: str = "",
    created: datetime = CREATED,
    verify: bool = True,
    say: Messages | None = None,
) -> Iterator[Book]:
    """Yield a workbook to write, beside ``path``; read it back with another library, and put it in place.

    Every cell is text or a number, never a formula. Raises ``OutputError`` if it does not read back as written.
    """
    with atomic_path(path) as beside, tempfile.TemporaryDirectory(prefix="duiyi-") as folder:
        options = {
            **dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False),
            "tmpdir": folder,  # the library would leave its files in the common one when the disk is full
        }
        book = xlsxwriter.Workbook(str(beside), options)
        book.set_properties({"title": title, "created": created} if title else {"created": created})
        writer = Book(book, say or load("en"))
        yield writer
        try:
            book.close()
        except FileCreateError as error:
            raise OutputError(
                f"{path}: cannot be written: {error}; is the disk full, or the folder for temporary files"
                f" ({tempfile.gettempdir()})? run again, nothing finished is lost"
            ) from error
        if verify:
            _verify(path, beside, writer.written)


def _verify(path: Path, beside: Path, written: Mapping[str, Sequence[tuple[str, ...]]]) -> None:
    """Read the workbook with calamine and compare it cell by cell with what was written."""
    with beside.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
        for name, rows in written.items():
            read = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for number, (expected, got) in enumerate(zip_longest(rows, read), 1):
                texts = tuple(map(normalise, got or ()))[: len(expected or ())]
                if expected is None or texts + ("",) * (len(expected) - len(texts)) != expected:
                    raise UnfaithfulError(f"{path}: row {number} of sheet {name} does not read back as it was written")


def _height(texts: Sequence[str], columns: Sequence[Field[Any]]) -> float:
    """Return the height of a row in points: LibreOffice, unlike Excel, does not fit rows to wrapped text by itself."""
    wrapped = (
        line_count(text, column.width) for text, column in zip(texts, columns, strict=False) if column.width >= 20
    )
    return 2 + LINE_HEIGHT * min(max(max(wrapped, default=1), 1), MAX_LINES)


def line_count(text: str, width: int) -> int:
    """Return how many lines a text takes in a column ``width`` characters wide; an ideograph counts as two.

    >>> line_count("中国外交" * 5, 20), line_count("a\\nb", 20), line_count("", 20)
    (2, 2, 0)
    """
    if not text:
        return 0
    usable = 1.05 * width  # text is set in 10 point, widths count 11 point digits
    units = (len(line) + (0 if line.isascii() else len(_WIDE.findall(line))) for line in text[:2000].split("\n"))
    return sum(max(1, math.ceil(unit / usable)) for unit in units)
