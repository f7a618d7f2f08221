"""Workbooks of Excel as it writes them now (.xlsx, .xlsm): cell by cell, with what each cell is.

References:
    ECMA-376, part 1: 18.3.1 (worksheets), 18.4.8 (shared strings), 22.9.2.19 (ST_Xstring, ``_xHHHH_``).
"""

from __future__ import annotations

import io
import posixpath
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

from tmx.errors import FormatError, LimitError
from tmx.markup import check_nodes, check_xml
from tmx.readers.archive import Archive, open_archive
from tmx.readers.options import ReadOptions
from tmx.readers.sheets import Grid, GridCell, SheetCells, is_colour, unescape, value_cell

_STRICT, _TRANSITIONAL = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"
_STRICT_NAMES = (  # part 1, annex A against part 4, annex A
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)


def read_xlsx(path: Path, name: str, options: ReadOptions, *, values: bool = True) -> Iterator[Grid]:
    """Yield the sheets of an OOXML workbook, transitional or strict, in their order.

    Raises:
        FormatError: it is no workbook, is damaged, or declares entities.
        LimitError: it unpacks to too much, or has more than ``max_blocks`` cells, or gaps between them.
    """
    with open_archive(path, name, options) as archive:
        # openpyxl parses without limits of its own: every part is unpacked here first, and none may hold entities.
        parts = {member: archive.read(member) for member in sorted(archive.members) if _is_markup(member)}
        for member, data in parts.items():
            check_xml(data, f"{name}, part {member}")
        strict = any(_STRICT in data for member, data in parts.items() if member.endswith("workbook.xml"))
        source = _transitional(archive, parts) if strict else None
    strings_part = next((data for member, data in parts.items() if member.lower().endswith("sharedstrings.xml")), b"")
    check_nodes(strings_part, f"{name}, shared strings")
    with warnings.catch_warnings(), ExitStack() as held:
        warnings.simplefilter("ignore")  # of styles and extensions that openpyxl leaves out
        try:
            # An open file: of a path openpyxl judges the suffix.
            book = openpyxl.load_workbook(
                source or held.enter_context(path.open("rb")), read_only=True, data_only=values, keep_links=False
            )
            try:
                strings = _strings(strings_part)
                cells = 0
                sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]  # no charts
                for sheet in sheets:
                    grid = _sheet(sheet, strings, name, options.max_blocks - cells, _comments(sheet, parts))
                    cells += grid.filled
                    yield grid
            finally:
                book.close()
        except (LimitError, FormatError):
            raise
        except Exception as error:  # openpyxl raises whatever its parsers come across
            message = (" ".join(str(error).split()) or type(error).__name__)[:120]
            raise FormatError(
                f"{name}: not a sound .xlsx file ({message}); save it again in Excel or LibreOffice"
            ) from error


def _is_markup(member: str) -> bool:
    return member.endswith((".xml", ".rels"))


def _transitional(archive: Archive, parts: dict[str, bytes]) -> io.BytesIO:
    """Return a workbook of the strict kind under the names that openpyxl knows."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as copy:
        for member in sorted(archive.members):
            data = parts.get(member)
            if data is not None:
                for strict, name in _STRICT_NAMES:
                    data = data.replace(strict, name)
                parts[member] = data
                copy.writestr(member, data)
    file.seek(0)
    return file


@dataclass(frozen=True, slots=True)
class _String:
    """A shared string: what is to be read, and what is struck out.

    ``styled`` is that part of the text whose runs say themselves how they look, so that the cell's font is not theirs.
    """

    text: str
    struck: str = ""
    coloured: bool = False
    styled: str = ""


def _strings(data: bytes) -> list[_String]:
    """Return the shared strings; openpyxl's own reader drops the marks of escaped escapes."""
    if not data:
        return []
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    return [_string(item) for item in root.iter("{*}si")]


class _Parser(WorkSheetParser):
    """openpyxl's parser, with the texts that stand in the sheet itself read like the shared ones."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        item = element.find("{*}is") if element.get("t") == "inlineStr" else None
        if item is not None and cell["data_type"] != "f":
            cell |= {"value": _string(item), "data_type": "s"}
        return cell


def _string(item: Any) -> _String:
    """Return the text of a string item, shared or in its cell: runs, but no phonetic readings."""
    kept: list[str] = []
    styled: list[str] = []
    struck: list[str] = []
    coloured = False
    for child in item:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if tag == "t":
            kept.append(child.text or "")
        elif tag == "r":
            strike = child.find("{*}rPr/{*}strike")
            off = strike is None or strike.get("val", "1") in ("0", "false")
            colour = child.find("{*}rPr/{*}color")
            coloured = coloured or (colour is not None and _is_colour(colour.get("rgb", ""), colour.get("theme", "")))
            (kept if off else struck).append(child.findtext("{*}t") or "")
            styled.append(kept[-1] if off and child.find("{*}rPr") is not None else "")
    text, out, own = (unescape("".join(parts)) for parts in (kept, struck, styled))
    return _String(text, out, coloured, own)


def _sheet(sheet: Any, strings: Any, name: str, max_cells: int, comments: Iterable[tuple[str, str]]) -> Grid:
    book: Any = sheet.parent
    struck_styles, coloured_styles = _struck_styles(book), _coloured_styles(book)
    cells = SheetCells(sheet.title, name, max_cells)
    # The parser itself, not the sheet's rows: it tells merged ranges, and does not believe the stated dimensions.
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            strings,
            data_only=book.data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, row in parser.parse():
            for found in row:
                value = found["value"]
                if value is None:
                    continue
                cell = _cell(value, found["data_type"], cells.place(number, found["column"]))
                if found["style_id"] in struck_styles and cell.text:
                    styled = value.styled if isinstance(value, _String) else ""
                    cell = replace(cell, text=styled, struck=cell.struck + cell.text.removesuffix(styled))
                if found["style_id"] in coloured_styles:
                    cell = replace(cell, coloured=True)
                cells.put(number, found["column"], cell)
    return cells.grid(
        _ranges(parser.merged_cells),
        {int(number) for number, row in parser.row_dimensions.items() if _is_hidden(row)},
        [range(int(run["min"]), int(run["max"]) + 1) for run in parser.column_dimensions.values() if _is_hidden(run)],
        hidden=sheet.sheet_state != "visible",
        comments=comments,
    )


def _comments(sheet: Any, parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the comments of a sheet, which stand in a part of their own (18.7)."""
    folder, _, file = sheet._worksheet_path.rpartition("/")
    relations = parts.get(f"{folder}/_rels/{file}.rels")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    for relation in () if relations is None else etree.fromstring(relations, parser):
        if (relation.get("Type") or "").endswith("/relationships/comments"):
            target = relation.get("Target") or ""
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            for comment in etree.fromstring(parts[part], parser).iter("{*}comment") if part in parts else ():
                text = comment.find("{*}text")
                yield f"{sheet.title}!{comment.get('ref')}", "" if text is None else _string(text).text


def _struck_styles(book: Any) -> frozenset[int]:
    """Return the numbers of the cell formats whose font is struck out."""
    fonts = list(book._fonts)
    styles = enumerate(book._cell_styles)
    return frozenset(number for number, style in styles if fonts[style.fontId].strike)


def _coloured_styles(book: Any) -> frozenset[int]:
    """Return the numbers of the cell formats that fill a cell with a colour or write it in one."""
    fonts, fills = list(book._fonts), list(book._fills)

    def is_coloured(style: Any) -> bool:
        fill, colour = fills[style.fillId], fonts[style.fontId].color
        filled = getattr(fill, "fill_type", None) == "solid" and _is_colour(*_rgb_and_theme(fill.fgColor), light=True)
        return filled or (colour is not None and _is_colour(*_rgb_and_theme(colour)))

    return frozenset(number for number, style in enumerate(book._cell_styles) if is_coloured(style))


def _rgb_and_theme(colour: Any) -> tuple[str, str]:
    return (colour.rgb if colour.type == "rgb" else ""), (str(colour.theme) if colour.type == "theme" else "")


def _is_colour(rgb: str, theme: str, light: bool = False) -> bool:
    """Tell whether a colour is none of black, white and grey; the first themes of a workbook are those."""
    return theme.isdecimal() and int(theme) > 3 if theme else is_colour(rgb, light=light)


def _cell(value: object, data_type: str, place: str) -> GridCell:
    if isinstance(value, _String):
        return GridCell(value.text, place, struck=value.struck, coloured=value.coloured)
    if data_type == "f":
        return GridCell(str(getattr(value, "text", value)), place, "formula")
    return GridCell(str(value), place, "error") if data_type == "e" else value_cell(value, place)


def _ranges(merged: Any) -> Iterator[tuple[int, int, int, int]]:
    for item in getattr(merged, "mergeCell", None) or ():
        left, top, right, bottom = range_boundaries(item.ref)
        if left is not None and top is not None and right is not None and bottom is not None:
            yield left, top, right, bottom


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("hidden") in ("1", "true")
