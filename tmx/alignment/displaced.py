"""Sentences whose partner stands where no bead can reach: definitions sorted by alphabet here and by strokes there.

Beads never cross, so the search pairs such sentences with strangers, of which some look right. Where each side of a
doubtful or poor pair goes clearly better with another such sentence near by, or one that is alone, the pair is taken
apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tmx.alignment import structure
from tmx.alignment.coarse import Band
from tmx.alignment.search import Found, Lattice
from tmx.alignment.similarity import Evidence
from tmx.alignment.structure import Matrix

IN_DOUBT = 0.99  # only pairs less probable than this are taken apart, and looked at as partners
WEAK = 6.0  # and pairs whose words score less
NEAR = 8  # sure pairs between two doubtful ones that are looked at together
LONGEST = 80  # sentences of one side that are looked at together
CLEARLY = 3.0  # log odds by which the other partner has to be better
LIKELY = 2.0  # and which it has to have
CROSSING = 2  # pairs taken apart where the order of both sides says no more: others have to be the best for each other
DOUBTED = 0.5  # else they are no more probable than this


def taken_apart(evidence: Evidence, found: Sequence[Found]) -> list[Found]:
    """Return beads without the doubtful pairs of which both sides go better with another sentence in doubt."""
    result = list(found)
    for cluster in _clusters(found):
        pairs = [n for n in cluster if _is_one_to_one(found[n])]
        if not pairs:
            continue
        rows = [row for n in cluster for row in range(*found[n].source)]
        columns = [column for n in cluster for column in range(*found[n].target)]
        if len(rows) == 1 or len(columns) == 1:
            continue  # no other partner for both sides
        places = [(found[n].source[0], found[n].target[0]) for n in pairs]
        odds = _odds(evidence, rows, columns)
        cells = [(rows.index(row), columns.index(column)) for row, column in places]
        strange = [_is_stranger(odds, cell) for cell in cells]
        for n, cell, is_stranger in zip(pairs, cells, strange, strict=True):
            if is_stranger:
                result[n] = Found(found[n].source, found[n].target, 0.0)
            elif sum(strange) >= CROSSING and not _is_best(odds, cell):
                result[n] = replace(found[n], probability=min(found[n].probability, DOUBTED))
    return [bead for one in result for bead in _apart(one)]


def strangers(
    evidence: Evidence, rows: Sequence[int], columns: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> list[bool]:
    """Tell for each pair (row, column) whether its sides go clearly better with others of these.

    Both of them, or one with another that goes with it best as well.
    """
    odds = _odds(evidence, rows, columns)
    cells = [(rows.index(row), columns.index(column)) for row, column in pairs]
    return [_is_stranger(odds, cell) or _is_taken(odds, cell) for cell in cells]


def _is_taken(odds: Matrix, cell: tuple[int, int]) -> bool:
    """Tell whether a side of a pair and another text are the best for each other, and clearly better than the pair."""
    least = max(odds[cell] + CLEARLY, LIKELY)
    others = (cell[0], int(odds[cell[0]].argmax())), (int(odds[:, cell[1]].argmax()), cell[1])
    return any(odds[other] >= least and _is_best(odds, other) for other in others)


def _is_stranger(odds: Matrix, cell: tuple[int, int]) -> bool:
    least = max(odds[cell] + CLEARLY, LIKELY)
    return bool(odds[cell[0]].max() >= least and odds[:, cell[1]].max() >= least)


def _is_best(odds: Matrix, cell: tuple[int, int]) -> bool:
    return bool(odds[cell] >= odds[cell[0]].max() and odds[cell] >= odds[:, cell[1]].max())


def _apart(bead: Found) -> list[Found]:
    if bead.probability > 0 or not bead.is_pair:
        return [bead]
    (row, end), (column, stop) = bead.source, bead.target
    return [Found((row, end), (column, column), 0.5), Found((end, end), (column, stop), 0.5)]


def _is_one_to_one(bead: Found) -> bool:
    return bead.source[1] - bead.source[0] == 1 and bead.target[1] - bead.target[0] == 1


def _clusters(found: Sequence[Found]) -> Iterator[list[int]]:
    """Return the doubtful pairs, and sentences that are alone, that stand near each other."""
    cluster: list[int] = []
    for number, bead in enumerate(found):
        if bead.is_pair and bead.probability >= IN_DOUBT and bead.score >= WEAK:
            continue
        if cluster and (number - cluster[-1] > NEAR + 1 or _span(found, cluster[0], number) > LONGEST):
            yield cluster
            cluster = []
        cluster.append(number)
    if cluster:
        yield cluster


def _span(found: Sequence[Found], first: int, last: int) -> int:
    return max(found[last].source[1] - found[first].source[0], found[last].target[1] - found[first].target[0])


def _odds(evidence: Evidence, rows: Sequence[int], columns: Sequence[int]) -> Matrix:
    """Return the log odds that each of the rows translates each of the columns, by their words."""
    top, bottom, start, stop = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    n, m = bottom - top, stop - start
    everywhere = Band(np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64))
    part = evidence.part(top, bottom, start, stop)
    lattice = Lattice(part, everywhere, structure.one_to_one(), 0, n, 0, m)
    scores = np.concatenate([block.scores[0][:, 1 - block.left :] for block in lattice.blocks])
    chosen = scores[np.ix_([row - top for row in rows], [column - start for column in columns])]
    return structure.by_words(chosen.astype(np.float64))
