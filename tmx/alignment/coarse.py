"""A rough path through a document, cheaply: where the exact search of ``tmx.alignment.search`` has to look.

The score of a sentence pair is the evidence of its informative words alone; the path through them collects what it
can, in order, and passes over anything at no cost, as in a longest common subsequence. A missing page or chapter so
bends the path, but does not break it. Long documents are walked in windows, so time grows linearly.

Where thousands of sentences share nothing (one line again and again, texts that are no translations), there is no path.
Order is then all there is, and the search looks beside the straight line through them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tmx.alignment import similarity
from tmx.alignment.similarity import Evidence, Matrix

INFORMATIVE = 1.0  # smallest gain of a word that counts here, natural logarithm
THRESHOLD = 3.0  # what two unrelated sentences may share by chance
WINDOW = 1500  # source sentences in one window
KEPT = 0.75  # share of a window that is trusted; the rest may lean on text beyond its end
SLACK = 1.5  # columns of a window over what the lengths of both sides suggest
ROOM = 400  # and this many more, for text that only one side has
SPAN = 6  # source sentences over which a length ratio is taken
MIN_SPANS = 3
USUAL_RATIO = (1.5, 5.0)  # English letters and figures per Chinese sign of a text that is whole
ROWS = 4  # sentences before and after a point where the path may be off
COLUMNS = 7
MARGIN = 2  # positions around what a first search found likely
UNGUIDED = 500_000  # cells between two points of the path, from which on only a strip of them is searched
STRIP = 150  # columns of that strip on either side of the straight line

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Area:
    """Source sentences ``top``..``bottom`` and target sentences ``start``..``stop``, half-open."""

    top: int
    bottom: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Band:
    """For each source position 0..n the first and last target position to be searched, both monotone."""

    left: Positions
    right: Positions


def band(points: Positions, n: int, m: int) -> Band:
    """Widen a path, given as rows (source sentence, target sentence) in order, to a band."""
    left = np.zeros(n + 1, np.int64)
    right = np.full(n + 1, m, np.int64)
    if len(points):
        position = np.arange(n + 1)
        before = np.searchsorted(points[:, 0], position - ROWS, side="left") - 1
        after = np.searchsorted(points[:, 0], position + ROWS, side="right")
        has = before >= 0
        left[has] = points[before[has], 1] - COLUMNS
        has = after < len(points)
        right[has] = points[after[has], 1] + 1 + COLUMNS
    for gap in unguided(points, n, m):
        rows = np.arange(gap.top, gap.bottom + 1)
        line = gap.start + (gap.stop - gap.start) * (np.arange(-ROWS, len(rows) + ROWS) / (gap.bottom - gap.top))
        left[rows] = np.maximum(left[rows], line[: len(rows)].astype(np.int64) - STRIP)
        right[rows] = np.minimum(right[rows], line[2 * ROWS :].astype(np.int64) + STRIP)
    left = np.maximum.accumulate(np.clip(left, 0, m))
    right = np.minimum.accumulate(np.clip(right, 0, m)[::-1])[::-1]
    return Band(left, right)


def unguided(points: Positions, n: int, m: int) -> list[Area]:
    """Return the parts between two points of a path that are too large to be searched everywhere."""
    ends = np.concatenate([points, np.array([[n, m]])])
    begins = np.concatenate([np.array([[-1, -1]]), points]) + 1
    wide = np.flatnonzero((ends - begins).prod(axis=1) > UNGUIDED)
    return [
        Area(top, bottom, start, stop)
        for (top, start), (bottom, stop) in zip(begins[wide].tolist(), ends[wide].tolist(), strict=True)
    ]


def widened(left: Positions, right: Positions, m: int) -> Band:
    """Return a band with some room on all sides of the positions ``left`` to ``right``."""
    left = np.minimum.accumulate(left[::-1])[::-1]
    right = np.maximum.accumulate(right)
    left = np.concatenate([np.repeat(left[0], MARGIN), left[:-MARGIN]])
    right = np.concatenate([right[MARGIN:], np.repeat(right[-1], MARGIN)])
    left[0], right[-1] = 0, m
    return Band(np.maximum(left - MARGIN, 0), np.minimum(right + MARGIN, m))


def path(evidence: Evidence) -> Positions:
    """Return the pairs of sentences that the path goes through and that share something, in order."""
    n, m = len(evidence.source.lengths), len(evidence.target.lengths)
    slope = m / max(n, 1)
    found = []
    row = column = 0
    while row < n and column < m:
        last_row = min(n, row + WINDOW)
        last_column = min(m, column + int((last_row - row) * slope * SLACK) + ROOM)
        whole = last_row == n and last_column == m
        if last_row == n:
            last_column = m
        points = _walk(_pair_scores(evidence, row, last_row, column, last_column))
        if not whole and len(points):
            points = points[points[:, 0] < max(int((last_row - row) * KEPT), 1)]
        if len(points):
            found.append(points + np.array([row, column]))
        if whole or last_row == n:
            break
        if len(points):
            row, column = (int(value) + 1 for value in found[-1][-1])
        else:
            row, column = row + (last_row - row) // 2, column + int((last_row - row) // 2 * slope)
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)


def length_ratio(evidence: Evidence, points: Positions) -> float:
    """Return target characters per source character as the median along the path: a missing part has no say."""
    source = np.concatenate([[0.0], np.cumsum(evidence.source.lengths)])
    target = np.concatenate([[0.0], np.cumsum(evidence.target.lengths)])
    pairs = points
    steps = np.searchsorted(points[:, 0], np.arange(0, len(source), SPAN))
    points = points[np.unique(steps[steps < len(points)])]
    lengths = np.diff(source[points[:, 0]]), np.diff(target[points[:, 1]])
    kept = (lengths[0] > 0) & (lengths[1] > 0)
    if kept.sum() < MIN_SPANS:
        return _short_ratio(evidence, pairs)
    return float(np.median(lengths[1][kept] / lengths[0][kept]))


def _short_ratio(evidence: Evidence, pairs: Positions) -> float:
    """Return the ratio for a few sentences: that of the whole, unless too much is missing on one side."""
    if USUAL_RATIO[0] <= evidence.ratio <= USUAL_RATIO[1]:
        return evidence.ratio
    source, target = evidence.source.lengths[pairs[:, 0]], evidence.target.lengths[pairs[:, 1]]
    if (source > 0).sum() < MIN_SPANS:
        return float(np.clip(evidence.ratio, *USUAL_RATIO))
    return float(np.clip(np.median(target[source > 0] / source[source > 0]), *USUAL_RATIO))


def _pair_scores(evidence: Evidence, row: int, last_row: int, column: int, last_column: int) -> Matrix:
    evidence = evidence.part(row, last_row, column, last_column)
    source, target = evidence.source, evidence.target
    forward = similarity.gains(source.counts @ evidence.forward, source.tokens, INFORMATIVE)
    backward = similarity.gains(target.counts @ evidence.backward, target.tokens, INFORMATIVE)
    scores = forward @ target.counts.T
    scores += (backward @ source.counts.T).T
    dense: Matrix = scores.toarray() / 2 - THRESHOLD
    return dense


def _walk(scores: Matrix) -> Positions:
    rows, columns = scores.shape
    np.maximum(scores, 0, out=scores)
    best = np.zeros((rows + 1, columns + 1), np.float32)
    for row in range(rows):
        # From above or from the left above, then to the right, collecting on the way.
        entry = np.maximum(best[row, 1:], best[row, :-1])
        total = np.cumsum(scores[row])
        best[row + 1, 1:] = total + np.maximum.accumulate(entry - total + scores[row])
    found = []
    row, column = rows - 1, columns - 1
    while row >= 0 and column >= 0:
        here = best[row + 1, column + 1]
        score = scores[row, column]
        if score > 0:
            found.append((row, column))
        tolerance = 1e-4 * max(abs(here), 1)
        if best[row, column] + score >= here - tolerance:
            row, column = row - 1, column - 1
        elif best[row, column + 1] + score >= here - tolerance:
            row -= 1
        else:
            column -= 1
    return np.array(found[::-1], np.int64).reshape(-1, 2)
