"""A user's own dictionary for the aligner: CC-CEDICT lines, two columns, or a termbase."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from glossary.files.tables import language_columns, read_csv
from glossary.files.termbase import read_termbase
from glossary.model import Glossary
from tmx.characters import is_han
from tmx.errors import FormatError
from tmx.readers.encodings import decode

Pairs = list[tuple[str, str]]

_ENTRY = re.compile(r"(?P<traditional>\S+) (?P<simplified>\S+) \[[^\]]*\] /(?P<glosses>.+)/")
_TERMBASES = (".tbx", ".xml", ".xlsx")


def read_pairs(path: Path) -> Pairs:
    """Return pairs of a Chinese and an English word or phrase, in the file's order; the encoding is found.

    Raises:
        EncodingError: the bytes are no text.
        FormatError: a line is none of the forms, with its number.
    """
    if path.suffix.lower() in _TERMBASES:
        return _pairs(read_termbase(path))
    try:
        lines = decode(path.read_bytes(), str(path)).split("\n")
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    rows = [(number, line.strip("\r ")) for number, line in enumerate(lines, 1)]
    rows = [(number, line) for number, line in rows if line and not line.startswith("#")]
    if not rows:
        raise FormatError(f"{path}: holds no entry")
    if _ENTRY.fullmatch(rows[0][1]):
        return [pair for number, line in rows for pair in _entry(path, number, line)]
    named = None not in language_columns(_cells(rows[0][1]))
    if named or not _has_han(rows[0][1]):  # a header; columns go by their names
        return _pairs(read_csv(path))
    return [_two_columns(path, number, line) for number, line in rows]


def _entry(path: Path, number: int, line: str) -> Pairs:
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        raise FormatError(f"{path}, line {number}: not a CC-CEDICT entry; write 外交 外交 [wai4 jiao1] /diplomacy/")
    return [(entry["simplified"], gloss.strip()) for gloss in entry["glosses"].split("/") if gloss.strip()]


def _two_columns(path: Path, number: int, line: str) -> tuple[str, str]:
    cells = _cells(line)
    if len(cells) < 2 or _has_han(cells[0]) == _has_han(cells[1]):
        raise FormatError(f"{path}, line {number}: not two columns, one Chinese and one English, apart by tab or comma")
    return (cells[0], cells[1]) if _has_han(cells[0]) else (cells[1], cells[0])


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in (line.split("\t") if "\t" in line else next(csv.reader([line])))]


def _pairs(termbase: Glossary) -> Pairs:
    return [(entry.term, rendering.text) for entry in termbase.entries for rendering in entry.renderings]


def _has_han(text: str) -> bool:
    return any(map(is_han, text))
