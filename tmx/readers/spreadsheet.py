"""Spreadsheets as documents: what ``tmx.readers.grid`` reads, as row pairs or paragraphs."""

from __future__ import annotations

from pathlib import Path

from tmx.errors import EmptyInputError
from tmx.model import Block, Document, Notice
from tmx.readers.archive import open_archive
from tmx.readers.grid import Grid, GridCell, read_grids, read_workbook
from tmx.readers.options import ReadOptions
from tmx.readers.tables import Cell, table_blocks
from tmx.readers.word import core_properties

MAX_COLUMNS = 256


def read_xlsx(path: Path, name: str, options: ReadOptions) -> Document:
    """Read every sheet of a workbook; formulas count as the values that were last computed."""
    blocks: list[Block] = []
    notices: list[Notice] = []
    row = 0
    with open_archive(path, name, options) as archive:
        metadata = core_properties(archive, name)
    for grid in read_workbook(path, name, options):
        found, removed, row = table_blocks(_table(grid), name, row)
        blocks.extend(found)
        notices += [*_left_out(grid, name), *removed]
    return Document(name, "xlsx", tuple(blocks), metadata, tuple(notices))


def read_csv(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a table in text form; comma, semicolon, tab or bar is found out."""
    (grid,) = read_grids(path, name, options)
    table = [line[:MAX_COLUMNS] for line in _table(grid)]
    if not table:
        raise EmptyInputError(f"{name}: no text in it")
    blocks, notices, _ = table_blocks(table, name, 0)
    return Document(name, path.suffix.lower().lstrip("."), tuple(blocks), notices=(*_left_out(grid, name), *notices))


def _table(grid: Grid) -> list[list[Cell]]:
    rows = ([Cell(_texts(cell), cell.place) for cell in row] for _, row in grid.rows)
    return [row for row in rows if any(cell.texts for cell in row)]


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
