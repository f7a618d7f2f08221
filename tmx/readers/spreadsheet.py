"""Spreadsheets: .xlsx through openpyxl, .csv and .tsv through the csv module."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from tmx.errors import EmptyInputError, FormatError, LimitError
from tmx.model import Block, Document, Notice
from tmx.readers.archive import open_archive
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.markup import ENTITY_DECLARATION
from tmx.readers.options import ReadOptions
from tmx.readers.tables import Cell, table_blocks
from tmx.readers.word import core_properties

MAX_COLUMNS = 256
DELIMITERS = ",;\t|"
SNIFF_CHARS = 64 * 1024


def read_xlsx(path: Path, name: str, options: ReadOptions) -> Document:
    """Read every sheet of a workbook; formulas count as the values that were last computed."""
    blocks: list[Block] = []
    notices: list[Notice] = []
    row = 0
    with open_archive(path, name, options) as archive:
        # openpyxl parses without limits of its own: every part is unpacked here first, and none may hold entities.
        for member in sorted(archive.members):
            if member.endswith((".xml", ".rels")) and ENTITY_DECLARATION.search(archive.read(member)):
                raise FormatError(f"{name}, part {member}: declares XML entities, which are refused")
        metadata = core_properties(archive, name)
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its parsers come across
        raise FormatError(
            f"{name}: not a sound .xlsx file ({_message(error)}); save it again in Excel or LibreOffice"
        ) from error
    cells = 0
    try:
        for sheet in workbook.worksheets:
            table = []
            if isinstance(sheet, ReadOnlyWorksheet):
                sheet.reset_dimensions()  # what the file states of its own size need not be true
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                line = [
                    Cell(_texts(v), f"{sheet.title}!{get_column_letter(c)}{number}") for c, v in enumerate(values, 1)
                ]
                if any(cell.texts for cell in line):
                    table.append(line)
                    cells += sum(bool(cell.texts) for cell in line)
                if cells > options.max_blocks:
                    raise LimitError(f"{name}: more than {options.max_blocks:,} cells")
            found, removed, row = table_blocks(table, name, row)
            blocks.extend(found)
            notices.extend(removed)
    except (LimitError, FormatError):
        raise
    except Exception as error:
        raise FormatError(
            f"{name}: not a sound .xlsx file ({_message(error)}); save it again in Excel or LibreOffice"
        ) from error
    finally:
        workbook.close()
    return Document(name, "xlsx", tuple(blocks), metadata, tuple(notices))


def read_csv(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a table in text form; comma, semicolon, tab or bar is found out."""
    text = decode(read_bytes(path, name, options), name, options.encoding)
    delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else _delimiter(text)
    limit = csv.field_size_limit(options.max_line_chars)
    table = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for values in reader:
            line = [
                Cell(_texts(v), f"line {reader.line_num}, column {c}") for c, v in enumerate(values[:MAX_COLUMNS], 1)
            ]
            if any(cell.texts for cell in line):
                table.append(line)
            if len(table) > options.max_blocks:
                raise LimitError(f"{name}: more than {options.max_blocks:,} lines")
    except csv.Error as error:
        raise FormatError(f"{name}, line {reader.line_num}: {error}") from error
    finally:
        csv.field_size_limit(limit)
    if not table:
        raise EmptyInputError(f"{name}: no text in it")
    blocks, notices, _ = table_blocks(table, name, 0)
    return Document(name, path.suffix.lower().lstrip("."), tuple(blocks), notices=tuple(notices))


def _delimiter(text: str) -> str:
    """Return the sign that cuts the first lines into the same number of fields, more than one."""
    sample = text[:SNIFF_CHARS].rsplit("\n", 1)[0] if len(text) > SNIFF_CHARS else text
    best = (0.0, ",")
    for sign in DELIMITERS:
        try:
            widths = [len(line) for line in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if line]
        except csv.Error:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        if usual > 1:
            best = max(best, (widths.count(usual) / len(widths), sign), key=lambda item: item[0])
    return best[1]


def _texts(value: object) -> tuple[str, ...]:
    if value is None or isinstance(value, bool):
        return ()
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return tuple(line.strip() for line in str(value).replace("\r", "\n").split("\n") if line.strip())


def _message(error: Exception) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:120]
