"""Align the sentences of two texts.

The straight line, each step a module beside this one: tokens and dictionary (``lexicon``), evidence (``similarity``), a
rough path (``coarse``), the exact search beside it (``search``) in overlapping stretches, so that time and memory grow
linearly with the length of the text.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np

from tmx import encoder as encoders
from tmx.alignment import coarse, displaced, doubts, lists, search, similarity
from tmx.alignment.coarse import Area, Band, Positions
from tmx.alignment.lexicon import Lexicon, load
from tmx.alignment.search import Found, Lattice, Weights
from tmx.alignment.similarity import MAX_RUN, Evidence
from tmx.encoder import Encoder
from tmx.model import Bead

WEIGHTS = Weights()
STRETCH = 600  # source sentences searched at a time
KEPT = 0.93  # share of a stretch that is kept; what follows is searched again with the next stretch
SURE = 0.9  # a stretch is cut after a bead at least this probable
STRETCH_CELLS = 4_000_000  # positions of a stretch; one with more has fewer sentences, but
SHORTEST = 2 * MAX_RUN  # no fewer than these
BY_ORDER = 0.5  # pairs found by their order alone are no more probable than this
# Odds that a bead is right over its odds in the search. Logistic regression on the 3,017 beads of the development
# documents gives a slope of 0.97 and exp(-0.28); leaving out one document after the other, exp(-0.22) to exp(-0.33).
# It is set somewhat lower, to be on the safe side with other documents.
ODDS = 0.66


@dataclass(frozen=True, slots=True)
class AlignmentOptions:
    """How to align.

    ``passes`` is 2 to learn words and where text is missing from a first alignment of the document, 1 not to.
    ``vectors`` is whether the encoder that comes along is asked where the words leave doubt.
    """

    passes: int = 2
    vectors: bool = True
    weights: Weights = WEIGHTS


def align(
    source: Sequence[str],
    target: Sequence[str],
    options: AlignmentOptions | None = None,
    *,
    source_paragraphs: Sequence[int] | None = None,
    target_paragraphs: Sequence[int] | None = None,
    anchors: Sequence[Bead] = (),
    alone: tuple[Collection[int], Collection[int]] = ((), ()),
    lexicon: Lexicon | None = None,
    encoder: Encoder | None = None,
    unguided: list[Area] | None = None,
) -> list[Bead]:
    """Align Chinese sentences with English ones.

    The beads cover every sentence of both sides exactly once, in order. ``source_paragraphs`` and
    ``target_paragraphs`` give the paragraph number of each sentence: beads tend to begin where paragraphs begin, and
    not to reach beyond them, as far as the paragraphs of both sides agree. ``anchors`` are beads that are known and do
    not move; ``alone`` are source and target sentences known to have no counterpart. ``encoder`` is asked
    instead of the one that comes along (``tmx.encoder``) where the search by words is in doubt. ``unguided`` gets the
    parts in which nothing tells very many sentences apart: they are paired by their order, with low confidence.

    >>> [bead.shape for bead in align(["大家好！", "外交工作取得了成功。"], ["Hello!", "Diplomacy was a success."])]
    ['1-1', '1-1']

    >>> align(["大家好！", "外交工作取得了成功。"], ["Hello!"], alone=([0], []))[0].shape
    '1-0'

    Raises:
        EncoderError: the encoder does not return one vector a sentence.
        TypeError: a text is given, not its sentences.
        ValueError: the anchors overlap, cross or lie outside the text, or the paragraphs are not one a sentence.
    """
    if isinstance(source, str) or isinstance(target, str):
        raise TypeError("source and target are lists of sentences; a text would be taken sign by sign")
    options = options or AlignmentOptions()
    encoder = encoder or (encoders.standard() if options.vectors else None)
    if encoder is not None:
        encoder = encoders.Remembering(encoder)
    stops = _checked(anchors, len(source), len(target))
    paragraphs = _paragraphs(source_paragraphs, len(source)), _paragraphs(target_paragraphs, len(target))
    areas = [
        Area(before.source[1], after.source[0], before.target[1], after.target[0]) for before, after in pairwise(stops)
    ]
    filled = [area for area in areas if area.top < area.bottom and area.start < area.stop]
    found = {}
    if filled:
        evidence = _left_alone(similarity.gather(source, target, lexicon or load(), paragraphs), alone)
        paths = [coarse.path(_part(evidence, area)) for area in filled]
        parts = [part for area, path in zip(filled, paths, strict=True) for part in _unguided(area, path)]
        passes = _passes(evidence, filled, paths, options, alone, (source, target), encoder)
        found = {area: _doubted(beads, parts) for area, beads in zip(filled, passes, strict=True)}
        if unguided is not None:
            unguided += parts
    beads: list[Bead] = []
    for area, anchor in zip(areas, stops[1:], strict=True):
        inside = [_bead(bead) for bead in found[area]] if area in found else _unpaired(area)
        beads += [Bead(bead.source, bead.target) if _is_known(bead, alone) else bead for bead in inside]
        if anchor.size != (0, 0):
            beads.append(anchor)
    return beads


def _checked(anchors: Sequence[Bead], n: int, m: int) -> list[Bead]:
    ordered = sorted(anchors, key=lambda bead: (bead.source, bead.target))
    stops = [Bead((0, 0), (0, 0)), *ordered, Bead((n, n), (m, m))]
    row = column = 0
    for stop in stops:
        if not (row <= stop.source[0] <= stop.source[1] <= n and column <= stop.target[0] <= stop.target[1] <= m):
            raise ValueError(
                f"anchor {stop.source}:{stop.target} overlaps or crosses another, or lies outside the text"
            )
        row, column = stop.source[1], stop.target[1]
    return stops


def _paragraphs(paragraphs: Sequence[int] | None, count: int) -> Sequence[int]:
    if paragraphs is not None and len(paragraphs) != count:
        raise ValueError(f"{len(paragraphs)} paragraph numbers for {count} sentences")
    return () if paragraphs is None else paragraphs


def _unpaired(area: Area) -> list[Bead]:
    return [Bead((i, i + 1), (area.start, area.start)) for i in range(area.top, area.bottom)] + [
        Bead((area.bottom, area.bottom), (j, j + 1)) for j in range(area.start, area.stop)
    ]


def _bead(found: Found) -> Bead:
    cost = -math.log(max(found.probability, 1e-12))
    confidence = calibrated(found.probability)
    return Bead(found.source, found.target, cost=round(cost, 6) + 0.0, confidence=round(confidence, 4))


def calibrated(probability: float) -> float:
    """Return the confidence for a probability of the search, which is too sure of itself.

    >>> calibrated(0.0), round(calibrated(0.5), 2), calibrated(1.0)
    (0.0, 0.4, 1.0)
    """
    return ODDS * probability / (ODDS * probability + (1 - probability))


def _left_alone(evidence: Evidence, alone: tuple[Collection[int], Collection[int]]) -> Evidence:
    """Return evidence in which leaving these sentences without a counterpart outweighs all else."""
    offsets = [side.alone.copy() for side in (evidence.source, evidence.target)]
    for offset, indices in zip(offsets, alone, strict=True):
        offset[list(indices)] = search.LEFT_ALONE
    return replace(
        evidence,
        source=replace(evidence.source, alone=offsets[0]),
        target=replace(evidence.target, alone=offsets[1]),
    )


def _is_known(bead: Bead, alone: tuple[Collection[int], Collection[int]]) -> bool:
    """Tell whether a bead is a sentence that is known to have no counterpart; where it stands is of no matter."""
    return (bead.size == (1, 0) and bead.source[0] in alone[0]) or (bead.size == (0, 1) and bead.target[0] in alone[1])


def _unguided(area: Area, path: Positions) -> list[Area]:
    """Return the parts of an area that are searched beside a straight line, by their places in the document."""
    return [
        Area(part.top + area.top, part.bottom + area.top, part.start + area.start, part.stop + area.start)
        for part in coarse.unguided(path, area.bottom - area.top, area.stop - area.start)
    ]


def _doubted(beads: list[Found], parts: Sequence[Area]) -> list[Found]:
    """Return beads, the pairs in some parts of the document less probable."""
    tops = [part.top for part in parts]
    result = []
    for bead in beads:
        number = bisect_right(tops, bead.source[0]) - 1
        inside = bead.is_pair and number >= 0 and bead.source[0] < parts[number].bottom
        result.append(replace(bead, probability=min(bead.probability, BY_ORDER)) if inside else bead)
    return result


def _passes(
    evidence: Evidence,
    areas: Sequence[Area],
    paths: Sequence[Positions],
    options: AlignmentOptions,
    alone: tuple[Collection[int], Collection[int]],
    texts: tuple[Sequence[str], Sequence[str]],
    encoder: Encoder | None,
) -> list[list[Found]]:
    """Search all areas beside their paths, learn from what was found, and search again; return the beads of each."""
    bands = [
        coarse.band(path, area.bottom - area.top, area.stop - area.start)
        for path, area in zip(paths, areas, strict=True)
    ]
    points = np.concatenate([path + np.array([area.top, area.start]) for path, area in zip(paths, areas, strict=True)])
    evidence = replace(evidence, ratio=coarse.length_ratio(evidence, points))
    found = [
        _stretches(_part(evidence, area), band, options.weights, final=options.passes == 1)
        for area, band in zip(areas, bands, strict=True)
    ]
    beads = [[bead.moved(area.top, area.start) for bead in some] for area, (some, _) in zip(areas, found, strict=True)]
    if options.passes == 1:
        return beads
    together = list(chain.from_iterable(beads))
    unlearnt = replace(evidence, paragraphs=0.0)
    evidence = similarity.relearned(evidence, [(bead.source, bead.target) for bead in together if bead.is_pair])
    evidence = _left_alone(search.expecting_omissions(evidence, together), alone)
    again = [
        [bead.moved(area.top, area.start) for bead in _again(_part(evidence, area), some, band, options.weights)]
        for area, (some, band) in zip(areas, found, strict=True)
    ]
    if encoder is not None:
        again = doubts.reconsidered(evidence, texts, again, options.weights, encoder)
    again = doubts.weighed(unlearnt, texts, again, encoder)
    again = [displaced.taken_apart(evidence, beads) for beads in again]
    return again if encoder is None else doubts.suspected(unlearnt, texts, again, encoder)


def _again(evidence: Evidence, beads: Sequence[Found], band: Band, weights: Weights) -> list[Found]:
    """Search an area a second time; ``beads`` and ``band`` are what the first search found."""
    nodes = lists.nodes(evidence, beads)
    if nodes is None:
        return _stretches(evidence, band, weights, final=True)[0]
    return nodes.beads(_stretches(nodes.evidence(evidence), nodes.band(band), weights, final=True)[0])


def _part(evidence: Evidence, area: Area) -> Evidence:
    return evidence.part(area.top, area.bottom, area.start, area.stop)


def _stretches(evidence: Evidence, band: Band, weights: Weights, *, final: bool) -> tuple[list[Found], Band]:
    """Search a document stretch by stretch; return its beads, if not ``final`` the likely ones, and a narrower band."""
    n, m = len(evidence.source.lengths), len(evidence.target.lengths)
    beads: list[Found] = []
    left, right = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    row = column = 0
    while row < n or column < m:
        bottom, stop = _end_of_stretch(band, row, column, n, m)
        end, limit = bottom, int((bottom - row) * KEPT)
        lattice = Lattice(evidence, band, weights, row, bottom, column, stop).solve()
        found = lattice.path() if final else lattice.likely()
        if bottom < n:
            found = _trusted(found, limit) or _trusted(lattice.path(), limit, sure=0)
            end, stop = row + found[-1].source[1], column + found[-1].target[1]
        beads += [bead.moved(row, column) for bead in found]
        first, last = lattice.narrowed()
        left[row : end + 1], right[row : end + 1] = first[: end - row + 1] + column, last[: end - row + 1] + column
        row, column = end, stop
    return beads, coarse.widened(left, right, m)


def _end_of_stretch(band: Band, row: int, column: int, n: int, m: int) -> tuple[int, int]:
    """Return where the stretch that begins at ``row`` and ``column`` ends in both texts."""
    rows = n - row if n - row <= STRETCH * (2 - KEPT) else STRETCH
    while True:
        bottom = row + rows
        stop = m if bottom == n else max(int(band.left[bottom] + band.right[bottom]) // 2, column)
        if rows <= SHORTEST or rows * (stop - column) <= STRETCH_CELLS:
            return bottom, stop
        rows = max(rows // 2, SHORTEST)


def _trusted(found: list[Found], limit: int, sure: float = SURE) -> list[Found]:
    """Cut a stretch after its last sure bead before ``limit``; a stretch with none in its second half is empty."""
    for number, bead in reversed(list(enumerate(found))):
        if bead.source[0] < bead.source[1] <= limit and bead.probability >= sure:
            return found[: number + 1] if bead.source[1] > limit // 2 else []
    return []
