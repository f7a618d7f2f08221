"""Files of beads: one bead a line, ``[0]:[0, 1]:0.93``, or one link a line, ``1 TAB 1,2``.

The first form is what this product writes and what sentence aligners exchange: sentences counted from 0, both sides
in brackets, the confidence last. The second is common for gold data: counted from 1, ``-`` for an empty side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tmx.errors import FormatError, reads
from tmx.model import Bead

Link = tuple[tuple[int, ...], tuple[int, ...]]

_BEAD = re.compile(r"\[([\d, ]*)\]\s*:\s*\[([\d, ]*)\]\s*(?::\s*([-+.\deE]+))?\s*")
_LINK = re.compile(r"(-|\d+(?:,\d+)*)\t(-|\d+(?:,\d+)*)\s*")


def format_bead(bead: Bead) -> str:
    """Return a bead as one line.

    >>> format_bead(Bead((0, 1), (0, 2), confidence=0.93)), format_bead(Bead((1, 1), (2, 3), confidence=0.5))
    ('[0]:[0, 1]:0.93', '[]:[2]:0.5')
    """
    source, target = list(range(*bead.source)), list(range(*bead.target))
    return f"{source}:{target}:{round(bead.confidence, 4):g}"


def links(beads: Iterable[Bead]) -> list[Link]:
    """Return beads as pairs of tuples of sentence indices.

    >>> links([Bead((0, 1), (0, 2)), Bead((1, 1), (2, 3))])
    [((0,), (0, 1)), ((), (2,))]
    """
    return [(tuple(range(*bead.source)), tuple(range(*bead.target))) for bead in beads]


@reads("file of beads")
def read_links(path: Path) -> list[Link]:
    """Read a file in either form; sentence indices are counted from 0 in the result.

    Raises:
        FormatError: a line is neither.
    """
    return [link for _, _, link in _lines(path)]


@dataclass(frozen=True, slots=True)
class Anchors:
    """What is known of an alignment beforehand: beads with both sides, and sentences without a counterpart."""

    beads: tuple[Bead, ...] = ()
    source_alone: tuple[int, ...] = ()
    target_alone: tuple[int, ...] = ()


@reads("file of beads")
def read_anchors(path: Path, source_count: int, target_count: int) -> Anchors:
    """Read what is known of an alignment of so many sentences; each side of a line must be a run of neighbours.

    A line with one empty side says that its sentences have no counterpart.

    Raises:
        FormatError: a line is no bead, a side has a hole, a sentence does not exist or is in two lines, or two lines
            cross; the message names the lines.
    """
    counts, languages = (source_count, target_count), ("Chinese", "English")
    holders: tuple[dict[int, int], dict[int, int]] = ({}, {})
    beads: dict[Bead, int] = {}
    seen: set[Link] = set()
    for number, base, link in _lines(path):
        if link in seen:
            continue  # said twice
        seen.add(link)
        for side, count, language, holder in zip(link, counts, languages, holders, strict=True):
            if side and side != tuple(range(side[0], side[-1] + 1)):
                shown = [index + base for index in side]
                raise FormatError(f"{path}, line {number}: the {language} sentences {shown} are not neighbours")
            for index in side:
                if index >= count:
                    raise FormatError(
                        f"{path}, line {number}: {language} sentence {index + base} does not exist: "
                        f"the text has {count} ({base} to {count - 1 + base})"
                    )
                if index in holder:
                    raise FormatError(
                        f"{path}, lines {holder[index]} and {number}: "
                        f"{language} sentence {index + base} is in both; leave one of them out"
                    )
                holder[index] = number
        if all(link):
            source, target = ((side[0], side[-1] + 1) for side in link)
            beads[Bead(source, target)] = number
    ordered = sorted(beads, key=lambda bead: bead.source)
    for before, after in pairwise(ordered):
        if after.target < before.target:
            first, second = sorted((beads[before], beads[after]))
            raise FormatError(f"{path}, lines {first} and {second}: cross one another; leave one of them out")
    paired = (
        {index for bead in ordered for index in range(*bead.source)},
        {index for bead in ordered for index in range(*bead.target)},
    )
    source_alone, target_alone = (
        tuple(sorted(holder.keys() - inside)) for holder, inside in zip(holders, paired, strict=True)
    )
    return Anchors(tuple(ordered), source_alone, target_alone)


def _lines(path: Path) -> Iterator[tuple[int, int, Link]]:
    """Yield each line's number, the number its sentences are counted from, and the link, counted from 0."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path}: not a text file of beads in UTF-8") from error
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror})") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if parts := _BEAD.fullmatch(line):
            base = 0
        elif parts := _LINK.fullmatch(line):
            base = 1
        else:
            raise FormatError(
                f"{path}, line {number}: not a bead; write [0]:[0, 1]:0.93 (counted from 0) or 1<TAB>1,2 (from 1)"
            )
        if re.search(rf"\d{{{MAX_DIGITS + 1}}}", line.rpartition("]")[0] or line):
            raise FormatError(f"{path}, line {number}: a number of more than {MAX_DIGITS} digits is no sentence")
        link = _numbers(parts[1], base), _numbers(parts[2], base)
        if any(index < 0 for side in link for index in side):
            raise FormatError(f"{path}, line {number}: sentence 0 does not exist: lines with a tab are counted from 1")
        yield number, base, link


def _numbers(text: str, base: int) -> tuple[int, ...]:
    return tuple(int(part) - base for part in text.replace("-", "").split(",") if part.strip())


MAX_DIGITS = 9  # of the number of a sentence
