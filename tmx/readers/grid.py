"""Tables as programs write them, read in one place: workbooks and delimited text, cell by cell, with what each cell is.

What is known here and nowhere else: a sheet's own statement of its size need not be true; a merged range has its text
in the first cell only; ``_x000D_`` in a workbook is one character; a cell may hold an error, a formula, a date; text
may be struck out; the encoding and the delimiter of a text table have to be found out. What a table means (a document,
a termbase, a review that comes back) is the business of those who read it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from tmx.characters import is_han
from tmx.errors import FormatError, LimitError
from tmx.readers.archive import OLE_SIGNATURE, open_archive
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions
from tmx.readers.sheets import ERROR_SIGN, Grid, GridCell

__all__ = ["Grid", "GridCell", "is_error", "read_grids", "read_text_table"]

WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".ods")
TEXT_TABLES = (".csv", ".tsv", ".tab", ".txt", ".utf8")  # the last is what OmegaT calls its glossaries

DELIMITERS = "\t;|,"  # on a draw the first: a comma is the likeliest to be part of the text
SNIFF_CHARS = 64 * 1024


def read_grids(path: Path, name: str = "", options: ReadOptions | None = None, *, values: bool = True) -> list[Grid]:
    """Return the tables of a workbook or text table, told apart by their first bytes, not by the suffix.

    The readers of workbooks are imported when there is one: Excel's needs openpyxl, which takes a while.

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
        from tmx.readers.xls import read_xls

        return read_xls(read_bytes(path, name, options), name, options.max_blocks, values=values)
    if suffix == ".ods" or (data.startswith(b"PK\x03\x04") and _is_opendocument(path, name, options)):
        from tmx.readers.ods import read_ods

        return read_ods(path, name, options, values=values)
    if data.startswith(b"PK\x03\x04") or (suffix in WORKBOOKS and suffix != ".xls"):
        from tmx.readers.xlsx import read_xlsx

        return list(read_xlsx(path, name, options, values=values))
    if suffix == ".xls" and data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<"):  # what web sites call a workbook
        raise FormatError(f"{name}: a web page or XML under the name of a workbook; open it and save it as .xlsx")
    text = decode(read_bytes(path, name, options), name, options.encoding)
    return [read_text_table(text, name, path.suffix, options)]


def _is_opendocument(path: Path, name: str, options: ReadOptions) -> bool:
    with open_archive(path, name, options) as archive:
        return "content.xml" in archive.members


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
