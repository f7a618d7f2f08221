"""Termbases and word lists that a user brings: read by suffix, with one clear error where they cannot be."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from glossary.files.tables import read_csv
from glossary.files.tbx import read_tbx
from glossary.model import Glossary
from tmx.errors import FormatError, UnsupportedFormatError


def read_termbase(path: Path) -> Glossary:
    """Read a termbase: TBX (version 2 or 3), a table (CSV, TSV), or the first such sheet of an XLSX file.

    A table has a header, or only two columns, Chinese and English in either order (``glossary.files.tables.read_csv``).

    Raises:
        FormatError: the file is missing or not what its suffix says.
        UnsupportedFormatError: the suffix is none of these.
    """
    if not path.is_file():
        raise FormatError(f"{path}: no such file")
    suffix = path.suffix.lower()
    if suffix in (".tbx", ".xml"):
        return read_tbx(path)
    if suffix in (".csv", ".tsv", ".txt"):  # the last is what spreadsheets call Unicode text
        return read_csv(path)
    if suffix == ".xlsx":
        return _read_xlsx(path)
    raise UnsupportedFormatError(
        f"{path}: a termbase is read from .tbx, .csv, .tsv, .txt or .xlsx; export it as one of these"
    )


def _read_xlsx(path: Path) -> Glossary:
    """Read the first sheet whose header has a column for each language, by way of CSV."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises a dozen types, KeyError and BadZipFile among them
        raise FormatError(f"{path}: not an XLSX workbook ({error})") from error
    problem = "no sheet"
    with tempfile.TemporaryDirectory() as folder:
        for number, sheet in enumerate(book.worksheets):
            table = Path(folder, f"{number}.csv")
            with table.open("w", encoding="utf-8", newline="") as file:
                rows = (
                    ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
                )
                csv.writer(file).writerows(rows)
            try:
                return read_csv(table)
            except FormatError as error:
                problem = str(error).removeprefix(f"{table}, ").removeprefix(f"{table}: ")
    raise FormatError(f"{path}: {problem}")


def read_lines(path: Path) -> tuple[str, ...]:
    """Read a list of terms, one a line; empty lines and lines that begin with # are left out."""
    from tmx.readers.encodings import decode

    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    rows = (line.strip() for line in text.split("\n"))
    return tuple(row for row in rows if row and not row.startswith("#"))
