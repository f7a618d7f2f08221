"""Align the sentences of two texts.

The straight line: tokens and dictionary (``tmx.lexicon``), evidence (``tmx.similarity``), a rough path
(``tmx.coarse``), the exact search beside it (``tmx.search``) in overlapping stretches, so that time and memory grow
linearly with the length of the text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tmx import coarse, similarity
from tmx.lexicon import Lexicon, load
from tmx.model import Bead
from tmx.search import Found, Lattice, Weights
from tmx.similarity import Evidence

WEIGHTS = Weights()
STRETCH = 600  # source sentences searched at a time
KEPT = 0.85  # share of a stretch that is kept; what follows is searched again with the next stretch
SURE = 0.9  # a stretch is cut after a bead at least this probable


@dataclass(frozen=True, slots=True)
class AlignmentOptions:
    """How to align."""

    weights: Weights = WEIGHTS


def align(
    source: Sequence[str],
    target: Sequence[str],
    options: AlignmentOptions | None = None,
    *,
    source_paragraphs: Sequence[int] | None = None,
    target_paragraphs: Sequence[int] | None = None,
    anchors: Sequence[Bead] = (),
    lexicon: Lexicon | None = None,
) -> list[Bead]:
    """Align Chinese sentences with English ones.

    The beads cover every sentence of both sides exactly once, in order. ``source_paragraphs`` and
    ``target_paragraphs`` give the paragraph number of each sentence. ``anchors`` are beads that are known and do not
    move.

    >>> [bead.shape for bead in align(["大家好！", "外交工作取得了成功。"], ["Hello!", "Diplomacy was a success."])]
    ['1-1', '1-1']

    Raises:
        ValueError: the anchors overlap, cross or lie outside the text.
    """
    options = options or AlignmentOptions()
    stops = _checked(anchors, len(source), len(target))
    beads: list[Bead] = []
    evidence = similarity.gather(source, target, lexicon or load()) if source and target else None
    top = start = 0
    for anchor in stops:
        bottom, stop = anchor.source[0], anchor.target[0]
        if evidence is not None and bottom > top and stop > start:
            beads += _between(evidence, options, top, bottom, start, stop)
        else:
            beads += _unpaired(top, bottom, start, stop)
        if anchor.size != (0, 0):
            beads.append(anchor)
        top, start = anchor.source[1], anchor.target[1]
    return beads


def _checked(anchors: Sequence[Bead], n: int, m: int) -> list[Bead]:
    stops = [*sorted(anchors, key=lambda bead: (bead.source, bead.target)), Bead((n, n), (m, m))]
    row = column = 0
    for stop in stops:
        if not (row <= stop.source[0] <= stop.source[1] <= n and column <= stop.target[0] <= stop.target[1] <= m):
            raise ValueError(
                f"anchor {stop.source}:{stop.target} overlaps or crosses another, or lies outside the text"
            )
        row, column = stop.source[1], stop.target[1]
    return stops


def _unpaired(top: int, bottom: int, start: int, stop: int) -> list[Bead]:
    return [Bead((i, i + 1), (start, start)) for i in range(top, bottom)] + [
        Bead((bottom, bottom), (j, j + 1)) for j in range(start, stop)
    ]


def _between(evidence: Evidence, options: AlignmentOptions, top: int, bottom: int, start: int, stop: int) -> list[Bead]:
    part = evidence.part(top, bottom, start, stop)
    return [
        Bead(
            (found.source[0] + top, found.source[1] + top),
            (found.target[0] + start, found.target[1] + start),
            cost=round(-math.log(max(found.probability, 1e-12)), 6) + 0.0,
            confidence=round(found.probability, 4),
        )
        for found in _stretches(part, options)
    ]


def _stretches(evidence: Evidence, options: AlignmentOptions) -> list[Found]:
    n, m = len(evidence.source.lengths), len(evidence.target.lengths)
    band = coarse.band(coarse.path(evidence), n, m)
    beads: list[Found] = []
    row = column = 0
    while row < n or column < m:
        bottom = n if n - row <= STRETCH * (2 - KEPT) else row + STRETCH
        stop = m if bottom == n else int(band.left[bottom] + band.right[bottom]) // 2
        lattice = Lattice(evidence, band, options.weights, row, bottom, column, stop)
        found = [
            Found(
                (bead.source[0] + row, bead.source[1] + row),
                (bead.target[0] + column, bead.target[1] + column),
                bead.probability,
            )
            for bead in lattice.solve()
        ]
        if bottom < n:
            found = _trusted(found, row + int(STRETCH * KEPT))
        beads += found
        row, column = beads[-1].source[1], beads[-1].target[1]
    return beads


def _trusted(found: list[Found], limit: int) -> list[Found]:
    """Cut a stretch after its last sure bead before ``limit``."""
    early = [number for number, bead in enumerate(found) if bead.source[1] <= limit]
    sure = [n for n in early if found[n].probability >= SURE and found[n].source[1] > found[n].source[0]]
    cut = sure[-1] if sure else early[-1] if early else 0
    return found[: cut + 1]
