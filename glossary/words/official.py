"""Official renderings: standing coinages and official names with their official English, years and issuing body.

``data/official.tsv`` is knowledge about published usage, not a source of entries: it may support a pair that a text
holds on both sides, and it lets a list say "there is an official rendering; here it is rendered otherwise". Its header
says what the columns mean and how the rows were checked.

>>> [found.text for found in official("人類命運共同體") if found.in_use(2015)][0]
'community of common destiny'
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from tmx import cedict, characters
from tmx.errors import FormatError

Kind = Literal[
    "agreement",
    "coinage",
    "defence",
    "diplomacy",
    "economy",
    "environment",
    "finance",
    "formula",
    "law",
    "media",
    "meeting",
    "organisation",
    "party",
    "region",
    "science",
    "state",
    "title",
    "welfare",
]

COLUMNS = ("zh", "en", "from", "to", "kind", "body", "checked", "note")


@dataclass(frozen=True, slots=True)
class OfficialRendering:
    """One official English rendering of one term.

    ``term`` is the form the row gives first, usually the full name, in Simplified characters; ``forms`` are all of its
    forms, with that one. ``first`` and ``last`` are the years between which the rendering was official, both included;
    None where the year is not known, or the rendering still stands. Of the renderings of one row, which stand side by
    side, ``rank`` 0 is the usual one. ``body`` is who issues or bears it, ``checked`` how the row was checked.
    """

    term: str
    forms: tuple[str, ...]
    text: str
    rank: int
    first: int | None
    last: int | None
    kind: Kind
    body: str
    checked: str
    note: str

    def in_use(self, year: int) -> bool:
        """Tell whether the rendering was official in a year; a year that is not known excludes nothing.

        >>> [rendering.text for rendering in official("国家税务总局") if rendering.in_use(2010)]
        ['State Administration of Taxation', 'SAT']
        """
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


HAN = re.compile("[\u4e00-\u9fff]+")


def official_key(term: str) -> str:
    """Return the key under which Chinese forms are looked up: script, width, spaces and all marks but + aside.

    >>> official_key("《中國製造２０２５》"), official_key("“互联网＋”")
    ('中国制造2025', '互联网+')
    """
    if HAN.fullmatch(term):  # nothing to fold, no marks
        return term.translate(cedict.simplification())
    simplified = characters.key(term).translate(cedict.simplification())
    return "".join(character for character in simplified if character.isalnum() or character == "+")


def official(term: str) -> tuple[OfficialRendering, ...]:
    """Return the official renderings of a Chinese term in either script, those that still stand first.

    Nothing if the term is not in the list. The term is looked up whole: inside longer names short forms mean other
    things (民进 in 民进党). A short form that two bodies share (证监会) has the renderings of both.

    >>> [(found.text, found.first, found.last) for found in official("环境保护部")]
    [('Ministry of Environmental Protection', 2008, 2018)]
    >>> official("天气")
    ()
    """
    return table().get(official_key(term), ())


@lru_cache(maxsize=1)
def table() -> Mapping[str, tuple[OfficialRendering, ...]]:
    """Return the whole list by key (``official_key``), the renderings that still stand first."""
    with as_file(files("glossary") / "data" / "official.tsv") as path:
        rows = read(path)
    found: defaultdict[str, list[OfficialRendering]] = defaultdict(list)
    for row in rows:
        for key in dict.fromkeys(map(official_key, row.forms)):
            found[key].append(row)
    return MappingProxyType(
        {key: tuple(sorted(group, key=lambda one: one.last is not None)) for key, group in found.items()}
    )


def read(path: Path) -> tuple[OfficialRendering, ...]:
    """Read a list of official renderings, one for each English rendering, in the order of the file.

    Tab-separated, a header line with the names in ``COLUMNS``; lines with # are comments. Forms of the Chinese and
    renderings that stand side by side have ";" between them.

    Raises:
        FormatError: a line has too few or too many columns, no Chinese, English, body or check, a year that is none,
            years in the wrong order, or an unknown kind.
    """
    rows: list[OfficialRendering] = []
    header_seen = False
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not header_seen:
            if tuple(cells) != COLUMNS:
                raise FormatError(f"{path}, line {number}: expected the columns {', '.join(COLUMNS)}")
            header_seen = True
            continue
        try:
            rows.extend(_row(cells))
        except ValueError as error:
            raise FormatError(f"{path}, line {number}: {error}") from error
    return tuple(rows)


def _row(cells: list[str]) -> list[OfficialRendering]:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} columns, expected {len(COLUMNS)}")
    chinese, english, first, last, kind, body, checked, note = cells
    forms, renderings = _parts(chinese), _parts(english)
    if not (forms and renderings and body and checked):
        raise ValueError("the Chinese, the English, the body and how it was checked must be given")
    since, until = _year(first), _year(last)
    if since is not None and until is not None and since > until:
        raise ValueError(f"the years {since} to {until} are in the wrong order")
    return [
        OfficialRendering(forms[0], forms, text, rank, since, until, _kind(kind), body, checked, note)
        for rank, text in enumerate(renderings)
    ]


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _year(cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) == 4):
        raise ValueError(f"{cell!r} is not a year of four digits")
    return int(cell)


def _kind(cell: str) -> Kind:
    for kind in get_args(Kind):
        if kind == cell:
            return kind  # type: ignore[no-any-return]
    raise ValueError(f"{cell!r} is not a kind; known are {', '.join(get_args(Kind))}")
