"""A user's own dictionary for the aligner: CC-CEDICT lines, two columns, or a termbase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from glossary.files.headings import language_columns
from glossary.files.tables import read_table
from glossary.files.termbase import read_termbase
from glossary.model import Glossary
from glossary.words.spelling import alternatives
from tmx.characters import is_han
from tmx.errors import FormatError, reads
from tmx.readers.encodings import decode
from tmx.readers.grid import WORKBOOKS, read_text_table

Pairs = list[tuple[str, str]]

_ENTRY = re.compile(r"(?P<traditional>\S+) (?P<simplified>\S+) \[[^\]]*\] /(?P<glosses>.+)/")
_TERMBASES = (".tbx", ".xml", ".mtf", *WORKBOOKS)


@reads("dictionary")
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
    grid = read_text_table("\n".join("" if line.startswith("#") else line for line in lines), str(path), path.suffix)
    if not grid.rows:
        raise FormatError(f"{path}: holds no entry")
    first = [cell.text for cell in grid.rows[0][1]]
    if None not in language_columns(first) or not any(map(_has_han, first)):  # a header; columns go by their names
        return _pairs(read_table(grid, str(path), []))
    return [_two_columns(path, number, [cell.text.strip() for cell in row]) for number, row in grid.rows]


def _entry(path: Path, number: int, line: str) -> Pairs:
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        raise FormatError(f"{path}, line {number}: not a CC-CEDICT entry; write 外交 外交 [wai4 jiao1] /diplomacy/")
    return [(entry["simplified"], gloss.strip()) for gloss in entry["glosses"].split("/") if gloss.strip()]


def _two_columns(path: Path, number: int, cells: Sequence[str]) -> tuple[str, str]:
    if len(cells) < 2 or _has_han(cells[0]) == _has_han(cells[1]):
        raise FormatError(f"{path}, line {number}: not two columns, one Chinese and one English, apart by tab or comma")
    return (cells[0], cells[1]) if _has_han(cells[0]) else (cells[1], cells[0])


def _pairs(termbase: Glossary) -> Pairs:
    pairs = ((entry.term, rendering.text) for entry in termbase.entries for rendering in entry.renderings)
    return [pair for source, target in pairs for pair in product(alternatives(source), alternatives(target))]


def _has_han(text: str) -> bool:
    return any(map(is_han, text))
