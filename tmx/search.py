"""The exact search: a lattice of beads over a band of the document, its best path, and how sure each bead is.

A bead of ``a`` source and ``b`` target sentences scores the evidence of their words both ways (``tmx.similarity``),
their lengths, and the prior of its shape; scores are natural logarithms, higher is better. Summed over all paths
(forward and backward, as in a hidden Markov model) they give the probability of each bead, and the path is chosen
that has the most expected right beads, rather than the single likeliest one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tmx import similarity
from tmx.coarse import Band
from tmx.similarity import MAX_RUN, Evidence, Matrix

Row = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

NEVER = -1e9
BLOCK_ROWS = 64
BLOCK_CELLS = 200_000

# Prior of each shape, natural logarithm.
SHAPES: dict[tuple[int, int], float] = {
    (1, 1): -0.5,
    (1, 2): -1.6,
    (2, 1): -3.2,
    (1, 3): -2.7,
    (3, 1): -5.7,
    (2, 2): -3.9,
    (1, 4): -3.9,
    (4, 1): -7.0,
    (2, 3): -4.6,
    (3, 2): -6.0,
    (3, 3): -6.0,
    (1, 5): -5.2,
    (2, 4): -5.6,
    (5, 1): -8.0,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of a score weigh."""

    word: float = 0.5
    length: float = 2.0
    length_variance: float = 40.0
    skip: float = -5.0
    temperature: float = 1.0
    threshold: float = 0.45
    shapes: dict[tuple[int, int], float] = field(default_factory=lambda: SHAPES)


@dataclass(frozen=True, slots=True)
class Found:
    """A bead of the search: half-open ranges and its probability in the lattice."""

    source: tuple[int, int]
    target: tuple[int, int]
    probability: float


@dataclass(slots=True)
class Block:
    """Beads that end with source sentence ``first`` to ``last - 1`` and at target positions ``left`` to ``right``.

    ``scores`` is indexed by shape, row and column; it becomes the probability of each bead.
    """

    first: int
    last: int
    left: int
    right: int
    scores: Row
    partial: Row


class Lattice:
    """The lattice of the stretch ``top``..``bottom`` of source and ``start``..``stop`` of target sentences."""

    def __init__(
        self, evidence: Evidence, band: Band, weights: Weights, top: int, bottom: int, start: int, stop: int
    ) -> None:
        self.weights = weights
        self.rows, self.columns = bottom - top, stop - start
        source, target = evidence.source, evidence.target
        self.source_counts, self.target_counts = source.counts[top:bottom], target.counts[start:stop]
        self.source_tokens, self.target_tokens = source.tokens[top:bottom], target.tokens[start:stop]
        self.source_lengths, self.target_lengths = source.lengths[top:bottom], target.lengths[start:stop]
        self.ratio = evidence.ratio
        self.forward = similarity.run_evidence(evidence.forward[top:bottom], self.source_tokens)
        self.backward = similarity.run_evidence(evidence.backward[start:stop], self.target_tokens)
        self.left = np.clip(band.left[top : bottom + 1] - start, 0, self.columns)
        self.right = np.clip(band.right[top : bottom + 1] - start, 0, self.columns)
        self.left[0], self.right[-1] = 0, self.columns
        self.shapes = list(weights.shapes)
        self.priors = list(weights.shapes.values())
        self.blocks: list[Block] = []
        # Log of the sums over all paths to and from each position; padded so that no bead looks outside.
        shape = (MAX_RUN + self.rows + 1, MAX_RUN + self.columns + 1)
        self.before = np.full(shape, NEVER)
        self.after = np.full(shape, NEVER)
        self.offsets = np.array([-a * shape[1] - b for a, b in self.shapes])[:, None]

    def solve(self) -> list[Found]:
        """Return the beads of the stretch, in order."""
        self._forward()
        self._backward()
        return self._decode()

    def _plan(self) -> list[tuple[int, int, int, int]]:
        plan = []
        first = 0
        while first < self.rows:
            last = min(first + BLOCK_ROWS, self.rows)
            while last > first + 1 and (last - first) * (self.right[last] - self.left[first]) > BLOCK_CELLS:
                last = first + (last - first) // 2
            plan.append((first, last, int(self.left[first]), int(self.right[last])))
            first = last
        return plan

    def _index(self, block: Block, row: int) -> Index:
        stride = self.before.shape[1]
        start = (row + 1 + MAX_RUN) * stride + MAX_RUN
        index: Index = np.arange(start + block.left, start + block.right + 1) + self.offsets
        return index

    def _forward(self) -> None:
        skip = self.weights.skip / self.weights.temperature
        before = self.before
        flat = before.ravel()
        first_right = self.right[min(BLOCK_ROWS, self.rows)] if self.rows else self.columns
        before[MAX_RUN, MAX_RUN : MAX_RUN + first_right + 1] = skip * np.arange(first_right + 1)
        for plan in self._plan():
            block = Block(*plan, *self._scores(*plan))
            self.blocks.append(block)
            steps = skip * np.arange(block.right - block.left + 1)
            columns = slice(MAX_RUN + block.left, MAX_RUN + block.right + 1)
            for row in range(block.first, block.last):
                ways = flat[self._index(block, row)] + block.scores[:, row - block.first]
                block.partial[:, row - block.first] = ways
                up = before[MAX_RUN + row, columns] + skip
                top = np.maximum(ways.max(axis=0), up)
                total = top + np.log(np.exp(ways - top).sum(axis=0) + np.exp(up - top))
                before[MAX_RUN + row + 1, columns] = np.logaddexp.accumulate(total - steps) + steps

    def _backward(self) -> None:
        skip = self.weights.skip / self.weights.temperature
        after = self.after
        total = self.before[-1, -1]
        after[-1, -1] = 0
        for block in reversed(self.blocks):
            width = block.right - block.left + 1
            steps = skip * np.arange(width)
            columns = slice(MAX_RUN + block.left, MAX_RUN + block.right + 1)
            for row in range(block.last - 1, block.first - 1, -1):
                here = after[MAX_RUN + row + 1, columns]
                here[:] = np.logaddexp.accumulate(here[::-1] - steps)[::-1] + steps[::-1]
                ways = block.scores[:, row - block.first] + here
                for (a, b), way in zip(self.shapes, ways, strict=True):
                    left = MAX_RUN + block.left - b
                    goal = after[MAX_RUN + row + 1 - a, left : left + width]
                    np.logaddexp(goal, way, out=goal)
                up = after[MAX_RUN + row, columns]
                np.logaddexp(up, here + skip, out=up)
                block.partial[:, row - block.first] = np.exp(
                    np.minimum(block.partial[:, row - block.first] + here - total, 0)
                )

    def _decode(self) -> list[Found]:
        threshold = self.weights.threshold
        skip = self.weights.skip / self.weights.temperature
        total = self.before[-1, -1]
        best = np.full_like(self.before, NEVER)
        flat = best.ravel()
        choices = np.full((self.rows + 1, self.columns + 1), -2, np.int8)
        best[MAX_RUN, MAX_RUN:] = -threshold * np.arange(self.columns + 1)
        for block in self.blocks:
            columns = slice(MAX_RUN + block.left, MAX_RUN + block.right + 1)
            for row in range(block.first, block.last):
                ways = flat[self._index(block, row)] + (block.partial[:, row - block.first] - threshold)
                here = self.after[MAX_RUN + row + 1, columns]
                choice = ways.argmax(axis=0)
                value = np.take_along_axis(ways, choice[None], axis=0)[0]
                alone = np.exp(np.minimum(self.before[MAX_RUN + row, columns] + (skip - total) + here, 0))
                up = best[MAX_RUN + row, columns] + alone - threshold
                choice[up > value] = -1
                value = np.maximum(up, value)
                # Target sentences on their own, taken from left to right.
                alone = self.before[MAX_RUN + row + 1, columns][:-1] + (skip - total) + here[1:]
                steps = np.concatenate([[0.0], np.cumsum(np.exp(np.minimum(alone, 0)) - threshold)])
                reached = np.maximum.accumulate(value - steps) + steps
                choice[reached > value + 1e-9] = -2
                best[MAX_RUN + row + 1, columns] = reached
                choices[row + 1, block.left : block.right + 1] = choice
        return self._trace(choices)

    def _trace(self, choices: npt.NDArray[np.int8]) -> list[Found]:
        found = []
        row, column = self.rows, self.columns
        blocks = {row: block for block in self.blocks for row in range(block.first, block.last)}
        skip = self.weights.skip / self.weights.temperature
        total = self.before[-1, -1]
        while row or column:
            choice = choices[row, column]
            if choice == -1:
                size = (1, 0)
            elif choice == -2:
                size = (0, 1)
            else:
                size = self.shapes[choice]
            start = row - size[0], column - size[1]
            if choice >= 0:
                block = blocks[row - 1]
                probability = float(block.partial[choice, row - 1 - block.first, column - block.left])
            else:
                value = self.before[MAX_RUN + start[0], MAX_RUN + start[1]] + skip - total
                probability = math.exp(min(value + self.after[MAX_RUN + row, MAX_RUN + column], 0.0))
            found.append(Found((start[0], row), (start[1], column), probability))
            row, column = start
        return found[::-1]

    def _scores(self, first: int, last: int, left: int, right: int) -> tuple[Row, Row]:
        weights = self.weights
        unmatched = math.log(similarity.BACKGROUND)
        rows, columns = last - first, right - left + 1
        top, start = max(first - MAX_RUN, 0), max(left - MAX_RUN, 0)
        targets, sources = self.target_counts[start:right].T.tocsr(), self.source_counts[top:last].T.tocsr()
        ending = slice(max(left - 1, 0), right)
        forward = [
            _sums(
                (self.forward[a][first:last] @ targets).toarray() + unmatched * self.target_tokens[start:right],
                (rows, columns),
            )
            for a in range(MAX_RUN)
        ]
        backward = [
            _sums(
                (self.backward[b][ending] @ sources).toarray() + unmatched * self.source_tokens[top:last],
                (columns, rows + 1),
            )
            for b in range(MAX_RUN)
        ]
        source_lengths = _sums(self.source_lengths[None, top:last], (1, rows + 1))[0]
        target_lengths = _sums(self.target_lengths[None, start:right], (1, columns))[0]
        scores = np.empty((len(self.shapes), rows, columns))
        for number, ((a, b), prior) in enumerate(zip(self.shapes, self.priors, strict=True)):
            f = forward[a - 1]
            g = backward[b - 1]
            words = f[:, MAX_RUN:] - f[:, MAX_RUN - b : -b]
            words += (g[:, MAX_RUN + 1 :] - g[:, MAX_RUN + 1 - a : -a]).T
            source = (source_lengths[MAX_RUN + 1 :] - source_lengths[MAX_RUN + 1 - a : -a])[:, None]
            target = (target_lengths[MAX_RUN:] - target_lengths[MAX_RUN - b : -b])[None, :]
            spread = weights.length_variance * (source + target / self.ratio) / 2 + 25
            deviation = (target - self.ratio * source) ** 2 / spread
            scores[number] = weights.word * words - weights.length * np.log1p(deviation / 3) + prior
            scores[number, : max(a - 1 - first, 0)] = NEVER
            scores[number, :, : max(b - left, 0)] = NEVER
        scores /= weights.temperature
        return scores, np.empty_like(scores)


def _sums(values: Matrix, shape: tuple[int, int]) -> Row:
    """Return running sums along the second axis, zero at first, padded on the left and at the top to ``shape``."""
    rows, columns = shape
    sums = np.zeros((rows, MAX_RUN + columns))
    np.cumsum(values, axis=1, out=sums[rows - len(values) :, MAX_RUN + columns - values.shape[1] :])
    return sums
