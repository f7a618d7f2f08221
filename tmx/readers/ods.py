"""Workbooks of OpenDocument (.ods): every cell with what is struck out, coloured, merged or hidden in it.

References:
    OASIS, OpenDocument 1.3, part 3: 9 (tables), 16 (styles), 19.385 (``office:value-type``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from tmx.errors import FormatError
from tmx.markup import attribute, local, parse_xml, small_number
from tmx.readers.archive import open_archive, refuse_locked
from tmx.readers.options import ReadOptions
from tmx.readers.sheets import ERROR_SIGN, Grid, GridCell, SheetCells, is_colour

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # of LibreOffice
MAX_REPEATED = 1000  # of a cell with text; more of them fill a form, not a table


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says of how its text looks; None where it leaves that to its parent."""

    parent: str = ""
    struck: bool | None = None
    coloured: bool | None = None
    filled: bool | None = None
    shown: bool = True


class _Styles:
    def __init__(self, *roots: etree._Element) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        for root in roots:
            for style in root.iter():
                if local(style) == "style":
                    self._styles[attribute(style, "family"), attribute(style, "name")] = _style(style)

    def is_shown(self, table: str) -> bool:
        """Tell whether the sheets of a style can be seen."""
        return self._styles.get(("table", table), _Style()).shown

    def look(self, family: str, name: str) -> tuple[bool | None, bool]:
        """Return whether a text is struck out (None if nothing says so) and whether it can be told by its colour."""
        struck: bool | None = None
        coloured: bool | None = None
        filled: bool | None = None
        for _ in range(20):  # a style has a parent, and that one too
            style = self._styles.get((family, name))
            if style is None:
                break
            struck = style.struck if struck is None else struck
            coloured = style.coloured if coloured is None else coloured
            filled = style.filled if filled is None else filled
            name = style.parent
        return struck, bool(coloured or filled)


def _style(style: etree._Element) -> _Style:
    struck = coloured = filled = None
    shown = True
    for child in style:
        tag = local(child)
        if tag == "text-properties":
            lines = [attribute(child, f"text-line-through-{what}") for what in ("style", "type")]
            struck = any(line not in ("", "none") for line in lines) if any(lines) else None
            colour = attribute(child, "color")
            coloured = is_colour(colour) if colour else None
        elif tag == "table-cell-properties":
            colour = attribute(child, "background-color")
            filled = is_colour(colour, light=True) if colour else None
        elif tag == "table-properties":
            shown = attribute(child, "display") != "false"
    return _Style(attribute(style, "parent-style-name"), struck, coloured, filled, shown)


def read_ods(path: Path, name: str, options: ReadOptions, *, values: bool = True) -> list[Grid]:
    """Return the sheets of an OpenDocument workbook in their order.

    Raises:
        FormatError: it is none, damaged, or protected by a password.
        LimitError: it has too many cells, or gaps between them.
    """
    with open_archive(path, name, options) as archive:
        refuse_locked(archive, name)
        root = parse_xml(archive.read("content.xml"), name, "content.xml")
        common = archive.read_optional("styles.xml")
        styles = _Styles(*([parse_xml(common, name, "styles.xml")] if common else []), root)
    book = next((element for element in root.iter() if local(element) == "spreadsheet"), None)
    if book is None:
        raise FormatError(f"{name}: no table in it; open it and save it as .xlsx")
    grids: list[Grid] = []
    cells = 0
    for table in book:
        if local(table) == "table":
            sheet = SheetCells(attribute(table, "name"), name, options.max_blocks - cells)
            grids.append(_Table(table, styles, sheet).grid(values))
            cells += grids[-1].filled
    return grids


class _Table:
    """One sheet while it is read."""

    def __init__(self, table: etree._Element, styles: _Styles, cells: SheetCells) -> None:
        self._table = table
        self._styles = styles
        self._cells = cells
        self._merged: list[tuple[int, int, int, int]] = []
        self._comments: list[tuple[str, str]] = []
        self._column_styles: list[tuple[range, str]] = []

    def grid(self, values: bool) -> Grid:
        """Return the sheet."""
        hidden_columns: list[range] = []
        hidden_rows: set[int] = set()
        column = 1
        for element in _lines(self._table, "table-column"):
            end = min(
                column + small_number(attribute(element, "number-columns-repeated"), MAX_COLUMNS), MAX_COLUMNS + 1
            )
            self._column_styles.append((range(column, end), attribute(element, "default-cell-style-name")))
            if attribute(element, "visibility") in ("collapse", "filter"):
                hidden_columns.append(range(column, end))
            column = end
        number = 1
        for row in _lines(self._table, "table-row"):
            repeated = small_number(attribute(row, "number-rows-repeated"), MAX_ROWS)
            before = self._cells.count
            # Rows without a word are repeated to the end of the sheet, rows with words because two are the same.
            for again in range(repeated if repeated <= MAX_REPEATED else 1):
                self._row(row, number + again, values)
                if attribute(row, "visibility") in ("collapse", "filter"):
                    hidden_rows.add(number + again)
                if self._cells.count == before:
                    break
            number += repeated
        hidden = not self._styles.is_shown(attribute(self._table, "style-name"))
        return self._cells.grid(self._merged, hidden_rows, hidden_columns, hidden=hidden, comments=self._comments)

    def _row(self, row: etree._Element, number: int, values: bool) -> None:
        column = 1
        for cell in row:
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            repeated = small_number(attribute(cell, "number-columns-repeated"), MAX_COLUMNS)
            style = attribute(cell, "style-name") or attribute(row, "default-cell-style-name") or self._usual(column)
            if local(cell) == "table-cell":
                found = self._cell(cell, style, self._cells.place(number, min(column, MAX_COLUMNS)), values)
                for again in range(min(repeated, MAX_REPEATED) if found.text or found.struck else 0):
                    if column + again <= MAX_COLUMNS:
                        self._put(number, column + again, found)
                across, down = (
                    small_number(attribute(cell, f"number-{what}-spanned"), limit)
                    for what, limit in (("columns", MAX_COLUMNS), ("rows", MAX_ROWS))
                )
                if across > 1 or down > 1:
                    self._merged.append((column, number, column + across - 1, number + down - 1))
            column += repeated

    def _put(self, row: int, column: int, cell: GridCell) -> None:
        place = self._cells.place(row, column)
        self._cells.put(row, column, GridCell(cell.text, place, cell.kind, cell.struck, coloured=cell.coloured))

    def _usual(self, column: int) -> str:
        return next((style for run, style in self._column_styles if column in run), "")

    def _cell(self, cell: etree._Element, style: str, place: str, values: bool) -> GridCell:
        struck, coloured = self._styles.look("table-cell", style)
        text = _Words(self._styles, bool(struck))
        for child in cell:
            tag = local(child)
            if tag == "annotation":
                words = [" ".join("".join(map(str, p.itertext())).split()) for p in child if local(p) == "p"]
                if any(words):
                    self._comments.append((place, "\n".join(filter(None, words))))
            elif tag in ("p", "h"):
                text.paragraph(child)
        kept, out = "\n".join(text.kept).strip("\n"), "\n".join(text.struck).strip("\n")
        kind, formula = attribute(cell, "value-type"), attribute(cell, "formula")
        coloured = coloured or text.coloured
        if ERROR_SIGN.fullmatch(kept) and (formula or kind in ("error", "float", "string")):
            return GridCell(kept, place, "error", coloured=coloured)
        if formula and not values:
            return GridCell("=" + re.sub(r"^[a-z]+:=", "", formula), place, "formula", out, coloured=coloured)
        if kind == "boolean" or (kind == "float" and kept in ("TRUE", "FALSE")):  # LibreOffice's, of a formula
            return GridCell(kept.upper(), place, "boolean", out, coloured=coloured)
        if kind in ("float", "percentage", "currency"):
            return GridCell(_number(attribute(cell, "value"), kept), place, "number", out, coloured=coloured)
        if kind in ("date", "time"):
            told = attribute(cell, "date-value").removesuffix("T00:00:00") if kept else ""
            return GridCell(told.replace("T", " ") or kept, place, "date", out, coloured=coloured)
        return GridCell(kept, place, struck=out, coloured=coloured)


def _number(value: str, shown: str) -> str:
    """Return a number as a person writes it; nothing where the cell shows nothing."""
    try:
        number = float(value)
    except ValueError:
        return shown
    if not shown:
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else value


def _lines(table: etree._Element, kind: str) -> Iterator[etree._Element]:
    """Yield the rows or columns of a table, also those in groups and headings; not those of a table in a cell."""
    pending = list(reversed(table))
    while pending:
        element = pending.pop()
        if local(element) == kind:
            yield element
        elif local(element) in ("table-header-rows", "table-rows", "table-row-group", "table-header-columns") or local(
            element
        ) in ("table-columns", "table-column-group"):
            pending.extend(reversed(element))


class _Words:
    """The paragraphs of a cell: what is to be read and what is struck out."""

    def __init__(self, styles: _Styles, struck: bool) -> None:
        self._styles = styles
        self._whole = struck
        self.kept: list[str] = []
        self.struck: list[str] = []
        self.coloured = False

    def paragraph(self, element: etree._Element) -> None:
        """Take a paragraph."""
        self.kept.append("")
        self.struck.append("")
        struck, coloured = self._styles.look("paragraph", attribute(element, "style-name"))
        self.coloured = self.coloured or coloured
        self._walk(element, self._whole if struck is None else struck)

    def _walk(self, element: etree._Element, struck: bool) -> None:
        """Take the text of an element, piece by piece; spans may stand in one another."""
        self._add(element.text or "", struck)
        for child in element:
            tag = local(child)
            if tag == "s":
                self._add(" " * small_number(attribute(child, "c"), MAX_REPEATED), struck)
            elif tag == "tab":
                self._add("\t", struck)
            elif tag == "line-break":
                self._add("\n", struck)
            elif tag not in ("annotation", "annotation-end", "ruby-text", ""):
                inner, coloured = self._styles.look("text", attribute(child, "style-name"))
                self.coloured = self.coloured or (coloured and bool("".join(map(str, child.itertext()))))
                self._walk(child, struck if inner is None else inner)
            self._add(child.tail or "", struck)

    def _add(self, text: str, struck: bool) -> None:
        (self.struck if struck else self.kept)[-1] += text
