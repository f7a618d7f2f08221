"""Spreadsheets as documents: what ``tmx.readers.grid`` reads, as row pairs or paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zipfile import is_zipfile

from tmx.characters import is_han
from tmx.errors import EmptyInputError, FormatError
from tmx.model import Block, Document, Metadata, Notice
from tmx.readers.archive import open_archive
from tmx.readers.files import check_file
from tmx.readers.grid import Grid, GridCell, read_grids
from tmx.readers.opendocument import odf_metadata
from tmx.readers.options import ReadOptions
from tmx.readers.tables import HEADERS, Cell, names_both, table_blocks
from tmx.readers.word import core_properties
from tmx.scripts import Script, implied_script, reads_as_chinese

MAX_COLUMNS = 256
MOST_LINES = 0.6  # of a table without headings that have the same number of cells


def read_workbook(path: Path, name: str, options: ReadOptions) -> Document:
    """Read every sheet of a workbook; formulas count as the values that were last computed."""
    blocks: list[Block] = []
    notices: list[Notice] = []
    row = 0
    check_file(path, name, options.max_bytes)
    grids, hidden = _shown(read_grids(path, name, options), name)
    metadata = Metadata()
    if is_zipfile(path):
        with open_archive(path, name, options) as archive:
            metadata = (odf_metadata if "meta.xml" in archive.members else core_properties)(archive, name)
    notices += hidden
    tables = [(grid, _table(grid)) for grid in grids]
    bilingual = any(_is_bilingual(table) for _, table in tables)
    named = any(names_both(table) for _, table in tables)
    for grid, table in tables:
        if bilingual and table and not _has_han(table):
            notices.append(Notice("removed", name, grid.name, "a sheet without Chinese beside one with both languages"))
            continue
        if named and _has_han(table) and not (names_both(table) or _has_english(table)):
            what = "a sheet without English beside one whose headings name both languages"
            notices.append(Notice("removed", name, grid.name, what))
            continue
        found, removed, row = table_blocks(table, name, row, _script(options))
        blocks.extend(found)
        notices += [*_left_out(grid, name), *removed]
    return Document(name, path.suffix.lower().lstrip("."), tuple(blocks), metadata, tuple(notices))


def read_csv(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a table in text form; comma, semicolon, tab or bar is found out."""
    blocks: list[Block] = []
    notices: list[Notice] = []
    row = 0
    for grid in read_grids(path, name, options):  # several if it is a workbook under another name
        _check_width(grid, name)
        if grid.delimiter == "," and (number := _bare_comma(grid)):
            raise FormatError(f"{name}, line {number}: a comma inside a text needs quotation marks")
        table = [line[:MAX_COLUMNS] for line in _table(grid)]
        found, removed, row = table_blocks(table, name, row, _script(options))
        blocks += found
        notices += [*_left_out(grid, name), *removed]
    if not blocks:
        raise EmptyInputError(f"{name}: no text in it")
    return Document(name, path.suffix.lower().lstrip("."), tuple(blocks), notices=tuple(notices))


def _script(options: ReadOptions) -> Script:
    return implied_script(options.source_language) or "Hans"


def _bare_comma(grid: Grid) -> int:
    """Return the first line in which a cell goes on with the sentence of the one before it, 0 if there is none.

    Where every comma has a space behind it, the space says nothing.
    """
    for number, row in grid.rows:
        if all(cell.text.startswith(" ") for cell in row[1:] if cell.text.strip()):
            continue
        for before, cell in pairwise(row):
            first, second = before.text.strip(), cell.text
            goes_on = second[:1] == " " and second.strip()[:1].islower() and second.strip()[:1].isascii()
            if goes_on and first[-1:].isalnum() and first[-1:].isascii():
                return number
    return 0


def _check_width(grid: Grid, name: str) -> None:
    """Refuse a text table some lines of which have more cells than its headings: its texts hold bare delimiters.

    Each text behind such a sign would be read as that of the next column. A table all of whose lines have further
    columns without a heading is sound.

    Raises:
        FormatError: with the first such line.
    """
    if len(grid.rows) < 2:
        return
    widths = [max((n for n, cell in enumerate(row, 1) if cell.text.strip()), default=0) for _, row in grid.rows]
    headed = [cell.text.strip().lower() for cell in grid.rows[0][1]]
    usual, what = widths[0], f"the heading has {widths[0]}"
    if len([text for text in headed if text in HEADERS]) < 2:
        usual = max(set(widths), key=lambda width: (widths.count(width), -width))
        what = f"most lines have {usual}"
        if widths.count(usual) < MOST_LINES * len(widths) or usual < 2:
            usual = max(widths)
    wide = [number for (number, _), width in zip(grid.rows[1:], widths[1:], strict=True) if width > usual]
    if wide and not all(width > usual for width in widths[1:]):
        number = wide[0]
        width = next(width for (n, _), width in zip(grid.rows, widths, strict=True) if n == number)
        sign = {"\t": "a tab", ";": "a semicolon", "|": "a bar"}.get(grid.delimiter, "a comma")
        raise FormatError(
            f"{name}, line {number}: {width} cells where {what} ({sign} inside a text needs quotation marks)"
        )


def _table(grid: Grid) -> list[list[Cell]]:
    rows = ([Cell(_texts(cell), cell.place) for cell in row] for _, row in grid.rows)
    return [row for row in rows if any(cell.texts for cell in row)]


def _columns(table: list[list[Cell]]) -> list[list[list[Cell]]]:
    """Return the columns of a table that hold letters, each as a table."""
    width = max(map(len, table), default=0)
    columns = [[[row[index]] for row in table if index < len(row)] for index in range(width)]
    return [column for column in columns if any(map(str.isalpha, _letters(column)))]


def _shown(grids: list[Grid], name: str) -> tuple[list[Grid], list[Notice]]:
    """Leave out hidden rows, columns and sheets, unless one of the languages stands in them alone."""
    hidden = [cell for grid in grids for _, row in grid.rows for cell in row if _is_hidden(grid, cell) and cell.text]
    if not hidden:
        return grids, []
    shown = [replace(grid, rows=tuple(_shown_rows(grid))) for grid in grids]
    excerpt = hidden[0].text[:40]
    if any(map(_is_bilingual, map(_table, grids))) and not any(map(_is_bilingual, map(_table, shown))):
        message = f"{len(hidden)} cells of hidden rows, columns or sheets were taken: {excerpt}"
        return grids, [Notice("warning", name, hidden[0].place, message)]
    message = f"{len(hidden)} cells of hidden rows, columns or sheets: {excerpt}"
    return shown, [Notice("removed", name, hidden[0].place, message)]


def _is_hidden(grid: Grid, cell: GridCell) -> bool:
    return grid.hidden or cell.hidden


def _shown_rows(grid: Grid) -> Iterator[tuple[int, tuple[GridCell, ...]]]:
    for number, row in grid.rows:
        cells = tuple(replace(cell, text="", struck="") if _is_hidden(grid, cell) else cell for cell in row)
        if any(cell.text or cell.struck for cell in cells):
            yield number, cells


def _is_bilingual(table: list[list[Cell]]) -> bool:
    return _has_han(table) and (names_both(table) or not all(map(_has_han, _columns(table))))


def _has_han(table: list[list[Cell]]) -> bool:
    return any(map(is_han, _letters(table)))


def _has_english(table: list[list[Cell]]) -> bool:
    texts = (text for row in table for cell in row for text in cell.texts if any(map(str.isalpha, text)))
    return not all(map(reads_as_chinese, texts))


def _letters(table: list[list[Cell]]) -> str:
    return "".join(text for row in table for cell in row for text in cell.texts)


def _texts(cell: GridCell) -> tuple[str, ...]:
    if cell.merged or cell.kind in ("boolean", "error"):
        return ()
    return tuple(line.strip() for line in cell.text.split("\n") if line.strip())


def _left_out(grid: Grid, name: str) -> list[Notice]:
    """Name the cells that hold no text of the author: errors of formulas, what is struck out."""
    cells = [cell for _, row in grid.rows for cell in row if not cell.merged]
    notices = [Notice("removed", name, cell.place, f"struck out: {cell.struck[:40]}") for cell in cells if cell.struck]
    errors = [cell for cell in cells if cell.kind == "error"]
    if errors:
        message = f"{len(errors)} cells hold an error of the spreadsheet (the first: {errors[0].text})"
        notices.append(Notice("removed", name, errors[0].place, message))
    return notices
