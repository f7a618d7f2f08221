"""Tables as programs write them, read in one place: workbooks and delimited text, cell by cell, with what each cell is.

What is known here and nowhere else: a sheet's own statement of its size need not be true; a merged range has its text
in the first cell only; ``_x000D_`` in a workbook is one character; a cell may hold an error, a formula, a date; text
may be struck out; the encoding and the delimiter of a text table have to be found out. What a table means (a document,
a termbase, a review that comes back) is the business of those who read it.

References:
    ECMA-376, part 1: 18.3.1 (worksheets), 18.4.8 (shared strings), 22.9.2.19 (ST_Xstring, ``_xHHHH_``).
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

from tmx.characters import is_han
from tmx.errors import FormatError, LimitError
from tmx.markup import check_nodes, check_xml
from tmx.readers.archive import OLE_SIGNATURE, Archive, open_archive
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.ods import read_ods
from tmx.readers.options import ReadOptions
from tmx.readers.sheets import ERROR_SIGN, Grid, GridCell, SheetCells, is_colour, unescape, value_cell
from tmx.readers.xls import read_xls

__all__ = ["Grid", "GridCell", "is_error", "read_grids", "read_text_table"]

WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".ods")
TEXT_TABLES = (".csv", ".tsv", ".tab", ".txt", ".utf8")  # the last is what OmegaT calls its glossaries

DELIMITERS = "\t;|,"  # on a draw the first: a comma is the likeliest to be part of the text
SNIFF_CHARS = 64 * 1024
_STRICT, _TRANSITIONAL = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"
_STRICT_NAMES = (  # part 1, annex A against part 4, annex A
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)


def read_grids(path: Path, name: str = "", options: ReadOptions | None = None, *, values: bool = True) -> list[Grid]:
    """Return the tables of a workbook or text table, told apart by their first bytes, not by the suffix.

    ``values``: a formula counts as what was last computed; else it is the formula.

    Raises:
        FormatError: it is neither, or damaged; ``EncodingError``: its bytes are no text; ``LimitError``: too large.
    """
    name, options = name or str(path), options or ReadOptions()
    data = b""
    try:
        with path.open("rb") as file:
            data = file.read(8)
    except OSError as error:
        raise FormatError(f"{name}: cannot be read: {error.strerror or error}") from error
    suffix = path.suffix.lower()
    if data == OLE_SIGNATURE:
        return read_xls(read_bytes(path, name, options), name, options.max_blocks, values=values)
    if suffix == ".ods" or (data.startswith(b"PK\x03\x04") and _is_opendocument(path, name, options)):
        return read_ods(path, name, options, values=values)
    if data.startswith(b"PK\x03\x04") or (suffix in WORKBOOKS and suffix != ".xls"):
        return list(read_workbook(path, name, options, values=values))
    if suffix == ".xls" and data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<"):  # what web sites call a workbook
        raise FormatError(f"{name}: a web page or XML under the name of a workbook; open it and save it as .xlsx")
    text = decode(read_bytes(path, name, options), name, options.encoding)
    return [read_text_table(text, name, path.suffix, options)]


def _is_opendocument(path: Path, name: str, options: ReadOptions) -> bool:
    with open_archive(path, name, options) as archive:
        return "content.xml" in archive.members


# --- workbooks ------------------------------------------------------------------------------------------------------


def read_workbook(path: Path, name: str, options: ReadOptions, *, values: bool = True) -> Iterator[Grid]:
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


# --- text tables ----------------------------------------------------------------------------------------------------


def read_text_table(text: str, name: str, suffix: str = "", options: ReadOptions | None = None) -> Grid:
    """Read delimited text: comma, semicolon, tab or bar is found out, quoted or not; ``sep=;`` above it is heeded.

    >>> [[cell.text for cell in row] for _, row in read_text_table("中国;China, the\\n", "a.csv").rows]
    [['中国', 'China, the']]
    """
    options = options or ReadOptions()
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    stated = re.match(r"sep=(.)\n", text)
    delimiter = stated[1] if stated else _delimiter(text, suffix.lower())
    rows = []
    for number, values in enumerate(_records(text, delimiter, name, options.max_line_chars), 1):
        if number > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks:,} lines")
        if any(value.strip() for value in values) and not (stated and number == 1):
            cells = (_text_cell(value, f"row {number}, column {n}") for n, value in enumerate(values, 1))
            rows.append((number, tuple(cells)))
    return Grid(name, tuple(rows), delimiter=delimiter)


def _text_cell(text: str, place: str) -> GridCell:
    return GridCell(text, place, "error" if is_error(text.strip()) else "text")


def is_error(text: str) -> bool:
    """Tell whether a cell's text is the sign of an error that a spreadsheet wrote there.

    >>> is_error("#NAME?"), is_error("#1 priority")
    (True, False)
    """
    return text == "#GETTING_DATA" or bool(ERROR_SIGN.fullmatch(text))


def _records(text: str, delimiter: str, name: str, max_chars: int) -> Iterator[list[str]]:
    limit = csv.field_size_limit(max_chars)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=_quoting(text, delimiter))
    try:
        yield from reader
    except csv.Error as error:
        raise FormatError(f"{name}, line {reader.line_num}: {error}") from error
    finally:
        csv.field_size_limit(limit)


def _quoting(text: str, delimiter: str) -> Literal[0, 3]:
    """Tell whether quotation marks around fields are marks of the format; tab-separated files often know none."""
    if delimiter != "\t" or '"' not in text:
        return csv.QUOTE_MINIMAL
    return csv.QUOTE_MINIMAL if _QUOTED_TABLE.fullmatch(text) else csv.QUOTE_NONE


_FIELD = r'(?>"(?:[^"]|"")*+"|[^"\t\n][^\t\n]*+|)'
_QUOTED_TABLE = re.compile(rf"(?:{_FIELD}[\t\n])*+{_FIELD}")


def _delimiter(text: str, suffix: str) -> str:
    """Return the sign that cuts most lines into the same number of fields, each of one script if it can be."""
    sample = text[:SNIFF_CHARS].rsplit("\n", 1)[0] if len(text) > SNIFF_CHARS else text
    best, chosen = 0.0, "\t" if suffix in (".tsv", ".tab") else ","
    for sign in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if any(row)]
        except csv.Error:
            continue
        value = _regularity(rows)
        if value > best:
            best, chosen = value, sign
    return chosen


def _regularity(rows: Sequence[Sequence[str]]) -> float:
    """Return how well rows look like those of a table of both languages, 0 (one column) to 1."""
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=lambda width: (width > 1, widths.count(width), width), default=1)
    if usual < 2:
        return 0.0
    cells = [cell for row in rows for cell in row if cell]
    mixed = sum(_is_mixed(cell) for cell in cells)
    return widths.count(usual) / len(widths) * (1 - mixed / len(cells)) + 0.001 if cells else 0.0


def _is_mixed(text: str) -> bool:
    """Tell whether a cell holds both languages: a word of Han characters and one of Latin letters."""
    return any(map(is_han, text)) and bool(re.search("[A-Za-z]{3}", text))
