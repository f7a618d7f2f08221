"""Lists that only one side sets out in lines: they are put together, so that one bead can hold them.

A sentence such as 要坚持……，推进……，确保…… is often translated as a line that ends in a colon and a dozen items below
it. No bead of the search holds so many sentences, and the whole passage would stay without a counterpart. A first
search shows where this is so: the items have next to no partners of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tmx.alignment.coarse import Band
from tmx.alignment.punctuation import COLON, COMMA, MARKS, NO_MARK, SEMICOLON, Codes
from tmx.alignment.search import LEFT_ALONE, Found
from tmx.alignment.similarity import MAX_RUN, Evidence

MOST_ITEMS = 60  # sentences; a longer run is no list, but text without marks
LIKELY = 0.5  # probability from which a bead of the first search counts

Bounds = npt.NDArray[np.int64]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Sentences put together: node ``i`` of a side is its sentences ``source[i]`` to ``source[i + 1] - 1``."""

    source: Bounds
    target: Bounds

    def evidence(self, evidence: Evidence) -> Evidence:
        """Return evidence of nodes, each as if it were one sentence."""
        return replace(
            evidence,
            source=evidence.source.together(self.source[:-1], self.source[1:]),
            target=evidence.target.together(self.target[:-1], self.target[1:]),
        )

    def band(self, band: Band) -> Band:
        """Return a band of sentences as one of nodes."""
        return Band(
            np.searchsorted(self.target, band.left[self.source], side="right") - 1,
            np.searchsorted(self.target, band.right[self.source], side="left"),
        )

    def beads(self, beads: Sequence[Found]) -> list[Found]:
        """Return beads of nodes as beads of sentences; sentences left alone are one bead each."""
        found = []
        for bead in beads:
            (first, last), (start, stop) = (
                self.source[list(bead.source)].tolist(),
                self.target[list(bead.target)].tolist(),
            )
            if bead.is_pair:
                found.append(replace(bead, source=(first, last), target=(start, stop)))
            else:
                found += [Found((row, row + 1), (start, start), bead.probability) for row in range(first, last)]
                found += [Found((last, last), (column, column + 1), bead.probability) for column in range(start, stop)]
        return found


def nodes(evidence: Evidence, beads: Sequence[Found]) -> Nodes | None:
    """Return what is to be put together after a first search that found ``beads``; None if nothing is."""
    pairs = [bead for bead in beads if bead.is_pair and bead.probability >= LIKELY]
    forth = [(bead.source, bead.target) for bead in pairs]
    back = [(bead.target, bead.source) for bead in pairs]
    found = [
        [run for run in _unmatched(side.edges.ends, ways) if side.alone[slice(*run)].max() < LEFT_ALONE]
        for side, ways in ((evidence.source, forth), (evidence.target, back))
    ]
    if not any(found):
        return None
    return Nodes(
        _bounds(len(evidence.source.lengths), found[0]),
        _bounds(len(evidence.target.lengths), found[1]),
    )


def _bounds(count: int, lists: Sequence[Range]) -> Bounds:
    begins = np.ones(count + 1, np.bool_)
    for first, last in lists:
        begins[first + 1 : last] = False
    return np.flatnonzero(begins)


def _unmatched(ends: Codes, pairs: Sequence[tuple[Range, Range]]) -> Iterator[Range]:
    """Return the lists of one side, half-open, that the other side does not set out.

    ``pairs`` are likely beads, this side first. A list is a run of sentences that do not end in a full stop; the first
    ends in a mark (a heading has none), and the item after the last mark of the list belongs to it.
    """
    marks = ends % MARKS
    unfinished = np.isin(marks, (COLON, COMMA, SEMICOLON, NO_MARK))
    steps = np.flatnonzero(np.diff(np.concatenate([[False], unfinished, [False]])))
    lists = [(first, last) for first, last in steps.reshape(-1, 2).tolist() if last - first >= MAX_RUN]
    if not lists:
        return
    holder = np.full(len(ends), -1, np.int64)
    for number, (own, _) in enumerate(pairs):
        holder[slice(*own)] = number

    def alone(place: int) -> bool:
        return bool(holder[place] >= 0) and pairs[holder[place]][0] == (place, place + 1)

    for first, last in lists:
        last += bool(last < len(ends) and marks[last - 1] != NO_MARK)

        # A sentence at the edge that found a partner by itself stands beside the list.
        while first < last and (marks[first] == NO_MARK or alone(first)):
            first += 1
        while first < last and alone(last - 1):
            last -= 1
        inside = [pairs[number] for number in set(holder[first:last].tolist()) - {-1}]
        partners = {place for own, other in inside if first <= own[0] and own[1] <= last for place in range(*other)}
        if MAX_RUN < last - first <= MOST_ITEMS and len(partners) <= 1:
            yield first, last
