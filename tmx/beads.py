"""Files of beads: one bead a line, ``[0]:[0, 1]:0.93``, or one link a line, ``1 TAB 1,2``.

The first form is what this product writes and what sentence aligners exchange: sentences counted from 0, both sides
in brackets, the confidence last. The second is common for gold data: counted from 1, ``-`` for an empty side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tmx.errors import FormatError
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


def read_links(path: Path) -> list[Link]:
    """Read a file in either form; sentence indices are counted from 0 in the result.

    Raises:
        FormatError: a line is neither.
    """
    found: list[Link] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path}: not a text file of beads in UTF-8") from error
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror})") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if bead := _BEAD.fullmatch(line):
            found.append((_numbers(bead[1], 0), _numbers(bead[2], 0)))
        elif link := _LINK.fullmatch(line):
            found.append((_numbers(link[1], 1), _numbers(link[2], 1)))
        else:
            raise FormatError(
                f"{path}, line {number}: not a bead; write [0]:[0, 1]:0.93 (counted from 0) or 1<TAB>1,2 (from 1)"
            )
    return found


def read_anchors(path: Path) -> list[Bead]:
    """Read beads that are known beforehand; each side must be a run of neighbours.

    Raises:
        FormatError: a line is no bead, or a side has a hole.
    """
    anchors = []
    for source, target in read_links(path):
        for side in (source, target):
            if side != tuple(range(side[0], side[-1] + 1)) if side else False:
                raise FormatError(f"{path}: the sentences {list(side)} of an anchor are not neighbours")
        if source and target:
            anchors.append(Bead((source[0], source[-1] + 1), (target[0], target[-1] + 1)))
    return anchors


def _numbers(text: str, base: int) -> tuple[int, ...]:
    return tuple(int(part) - base for part in text.replace("-", "").split(",") if part.strip())
