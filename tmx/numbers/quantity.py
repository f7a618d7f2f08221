"""What a quantity is, and how its canonical value is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

QuantityKind = Literal[
    "number", "ordinal", "percent", "fraction", "multiple", "date", "decade", "time", "period", "vague"
]

SEPARATORS = re.compile(r"[,\u00a0\u2009\u202f ]")  # between thousands, in figures of either language
_LIST_NUMBER = re.compile(r"\s*[(（]?[0-9]{1,3}[.．、)）](?![0-9])")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity: ``text[start:end]`` of the text it was found in, and what it says.

    ``value`` is canonical and the same for both languages: a plain decimal ("120000000", "3.5") for numbers and
    ordinals, with "%" for percentages and "x" for multiples ("2x": doubled), "2/3", "2021-12-30", "2021-12",
    "--12-30" and "--12" (as XML Schema writes a date without its year), "1990s", "14:30", "Q3" and "H1" for quarters
    and halves of a year, and "~100" for some hundreds. A year alone is a plain number. ``approximate`` says that the
    words around it make it less exact (近百个, over 180). A quantity is ``salient`` if a translation would hardly leave
    it out or write it otherwise; a small number in words is not.
    """

    kind: QuantityKind
    value: str
    start: int
    end: int
    approximate: bool = False
    salient: bool = True


Reader = Callable[[str, re.Match[str]], Iterator[Quantity]]


class Forms:
    """The forms which quantities of a language take, in the order in which they are tried at a place of a text.

    Each is a name, the function that reads a match, and a pattern; groups bear different names in all patterns.
    """

    def __init__(self, *forms: tuple[str, Reader, str]) -> None:
        self._readers = {name: reader for name, reader, _ in forms}
        self._pattern = re.compile("|".join(f"(?P<{name}>{pattern})" for name, _, pattern in forms))

    def match(self, text: str, place: int) -> re.Match[str] | None:
        """Return the first form that stands at ``place``."""
        return self._pattern.match(text, place)

    def read(self, text: str, match: re.Match[str]) -> Iterator[Quantity]:
        """Yield what a match says."""
        assert match.lastgroup is not None
        return self._readers[match.lastgroup](text, match)


def plain(value: Decimal | int) -> str:
    """Write a number without exponent and without trailing zeros.

    >>> plain(Decimal("1.20") * 10**8), plain(Decimal("3.50")), plain(0)
    ('120000000', '3.5', '0')
    """
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figures(text: str) -> Decimal:
    """Read a number in ASCII figures, with or without separators between the thousands.

    >>> figures("1,234.5"), figures("15 000")
    (Decimal('1234.5'), Decimal('15000'))
    """
    return Decimal(SEPARATORS.sub("", text))


def iso_date(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    """Write a date as ISO 8601 does, one without a year as XML Schema does; None if there is no such date.

    >>> iso_date(2021, 12, 30), iso_date(None, 12, 30), iso_date(2021, 12), iso_date(2021), iso_date(2021, 13)
    ('2021-12-30', '--12-30', '2021-12', '2021', None)
    """
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if month is None:
        return None if year is None else str(year)
    return (f"{year:04d}" if year is not None else "-") + f"-{month:02d}" + (f"-{day:02d}" if day is not None else "")


def completed_year(first: str, last: str) -> str:
    """Complete the second year of 1993-94.

    >>> completed_year("1993", "94"), completed_year("1999", "00")
    ('1994', '2000')
    """
    year = int(first[:2] + last)
    return str(year if year > int(first) else year + 100)


def is_list_number(text: str, start: int) -> bool:
    """Tell whether a number only counts paragraphs: the 2 of "2. We will work", at the beginning of a text.

    >>> is_list_number("2. We will", 0), is_list_number("2.5 million", 0)
    (True, False)
    """
    return not text[:start].strip(" (（") and bool(_LIST_NUMBER.match(text))


def is_part_of_name(text: str, start: int, end: int) -> bool:
    """Tell whether figures belong to a name: COVID-19, G20, 5G, 1000M.

    >>> is_part_of_name("COVID-19", 6, 8), is_part_of_name("19 cases", 0, 2)
    (True, False)
    """
    before, after = text[max(0, start - 2) : start], text[end : end + 1]
    if before[-1:] in ("-", "–"):
        before = before[:-1]
    return (before[-1:].isascii() and before[-1:].isalpha()) or (after.isascii() and after.isalpha())
