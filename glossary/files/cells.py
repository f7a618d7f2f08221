"""What stands in one cell of a sheet or a table, and how it is compared when it comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tmx.files import digest

LIST_SEPARATOR = " | "  # between the items of a list in one cell of a table
DIGEST_CHARS = 4  # of a digest in a table, whose rows people look at

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Rich:
    """Cell text with some ranges in bold."""

    text: str
    bold: Spans = ()

    def fragments(self) -> Iterator[tuple[str, bool]]:
        """Yield the text cut at its bold ranges, which may come in any order or overlap.

        >>> list(Rich("中国外交", [(2, 4)]).fragments())
        [('中国', False), ('外交', True)]
        """
        position = 0
        for start, end in sorted(self.bold):
            start, end = max(start, position), min(end, len(self.text))
            if start >= end:
                continue
            if start > position:
                yield self.text[position:start], False
            yield self.text[start:end], True
            position = end
        if position < len(self.text):
            yield self.text[position:], False


Cell = str | int | float | Rich

# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, "CSV Injection").
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def protect_cell(text: str) -> str:
    """Return cell text that a spreadsheet shows and does not compute: an apostrophe stands before it where needed.

    >>> protect_cell("=1+1"), protect_cell("平等"), unprotect_cell(protect_cell("'=1"))
    ("'=1+1", '平等', "'=1")
    """
    return "'" + text if _FORMULA.match(text) else text


def unprotect_cell(text: str) -> str:
    """Undo ``protect_cell``."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def normalise(value: object) -> str:
    """Return a cell's value as the text that is compared: spreadsheets change line ends and number types.

    >>> normalise(2021.0), normalise(" a\\r\\nb "), normalise(None), normalise(Rich("c"))
    ('2021', 'a\\nb', '', 'c')
    """
    if value is None:
        return ""
    if isinstance(value, Rich):
        value = value.text
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def cell_digest(value: object) -> str:
    """Return the digest under which the hidden sheet keeps a cell."""
    return digest([normalise(value)], 6).hex()


def is_unchanged(value: object, before: str) -> bool:
    """Tell whether a cell's value has the digest ``before``, or one that begins so.

    >>> is_unchanged("a", cell_digest("a")[:4]), is_unchanged("b", cell_digest("a")[:4]), is_unchanged("a", "")
    (True, False, False)
    """
    return bool(before) and cell_digest(value).startswith(before)
