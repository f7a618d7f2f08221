"""The exact search: a lattice of beads over a band of the document, its best path, and how sure each bead is.

A bead of ``a`` source and ``b`` target sentences scores the evidence of their words both ways (``similarity``),
their lengths, and the prior of its shape; scores are natural logarithms, higher is better. Summed over all paths
(forward and backward, as in a hidden Markov model) they give the probability of each bead, and the path is chosen
that has the most expected right beads, rather than the single likeliest one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tmx.alignment import openings, punctuation, similarity
from tmx.alignment.coarse import Band
from tmx.alignment.openings import OpeningWeights
from tmx.alignment.punctuation import Codes
from tmx.alignment.similarity import MAX_RUN, Evidence, Matrix
from tmx.encoder import Vectors

Row = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float32]
Index = npt.NDArray[np.int64]
Runs = tuple[Vectors, ...]

NEVER = -1e9
OMITTED = 0.03  # gaps for each bead, as the weights of skipping sentences expect them
BEADS = 40.0  # beads at this rate put in to estimate that of a document
NEIGHBOURS = 4.0  # sentences at the document's rate put in to estimate that beside a sentence
FADING = 0.8  # what a neighbour one sentence further away counts
REACH = 15  # sentences
LARGEST_OFFSET = 3.0
LEFT_ALONE = 1000.0  # offset of a sentence known to have no counterpart; far more than any bead scores
UNLIKELY = math.log(1e-6)  # positions less probable than this are not searched again
BLOCK_ROWS = 48
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


OPENING_WEIGHTS = OpeningWeights()
END_WEIGHTS = punctuation.EndWeights()


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of a score weigh."""

    forward: float = 0.29
    backward: float = 0.22
    length_one: float = 3.9
    length_many: float = 2.93
    length_variance: float = 40.0
    head: float = 0.58
    tail: float = 0.51
    openings: OpeningWeights = OPENING_WEIGHTS
    # A sentence inside a bead, after its first, that opens a turn or an item of a list.
    turn_inside: float = -1.5
    number_inside: float = -1.0
    # For paragraphs of both sides that agree throughout; less as they agree less. Set by hand, see the documentation.
    paragraph_both: float = 1.5
    paragraph_one: float = -1.5
    paragraph_inside: float = -2.0
    ends: punctuation.EndWeights = END_WEIGHTS
    source_skip: tuple[float, float] = (-4.4, 0.52)
    target_skip: tuple[float, float] = (-3.4, -0.18)
    # Of one sentence pair, for each unit of cosine above chance, and for each sentence more: longer runs are alike by
    # chance. Chosen by leaving out one document after the other, see the documentation.
    encoder: float = 7.0
    encoder_more: float = -0.9
    threshold: float = 0.45
    shapes: dict[tuple[int, int], float] = field(default_factory=lambda: SHAPES)


@dataclass(frozen=True, slots=True)
class Found:
    """A bead of the search: half-open ranges and its probability in the lattice.

    ``score`` is what its words, lengths and edges say for it, without vectors, paragraphs and the prior of its shape;
    infinite for beads that the search did not choose.
    """

    source: tuple[int, int]
    target: tuple[int, int]
    probability: float
    score: float = math.inf

    @property
    def is_pair(self) -> bool:
        """Whether both sides hold something."""
        return self.source[0] < self.source[1] and self.target[0] < self.target[1]

    def moved(self, rows: int, columns: int) -> Found:
        """Return the bead that many sentences further on."""
        (a, b), (c, d) = self.source, self.target
        return replace(self, source=(a + rows, b + rows), target=(c + columns, d + columns))


def expecting_omissions(evidence: Evidence, beads: Sequence[Found]) -> Evidence:
    """Return evidence that says how much likelier than usual each sentence has no counterpart.

    What one side lacks is mostly a block, a paragraph or a page, so a sentence is the likelier to have no counterpart
    the more of its neighbours had none in a first search. Beside that, documents differ: what counts for a document are
    gaps, not sentences, so that a missing chapter says little of the rest.
    """
    source, target = np.zeros(len(evidence.source.alone)), np.zeros(len(evidence.target.alone))
    pairs = sum(bead.is_pair for bead in beads)
    for bead in beads:
        if not bead.is_pair:
            source[slice(*bead.source)] = target[slice(*bead.target)] = bead.probability
    return replace(
        evidence,
        source=replace(evidence.source, alone=_likelier(source, pairs)),
        target=replace(evidence.target, alone=_likelier(target, pairs)),
    )


def _likelier(alone: Row, pairs: int) -> Row:
    gaps = int((np.diff(alone > 0, prepend=False) & (alone > 0)).sum())
    usual = (gaps + BEADS * OMITTED) / (pairs + BEADS)
    steps = np.abs(np.arange(-REACH, REACH + 1))
    kernel = np.where(steps > 0, FADING**steps, 0.0)
    near = slice(REACH, REACH + len(alone))
    rate = (np.convolve(alone, kernel)[near] + NEIGHBOURS * usual) / (
        np.convolve(np.ones(len(alone)), kernel)[near] + NEIGHBOURS
    )
    offsets: Row = np.minimum(np.log(np.maximum(rate, usual) / OMITTED), LARGEST_OFFSET)
    return offsets


@dataclass(slots=True)
class Block:
    """Beads that end with source sentence ``first`` to ``last - 1`` and at target positions ``left`` to ``right``.

    ``scores`` is indexed by shape, row and column, and so is ``partial``, the probability of each bead once the lattice
    is solved.
    """

    first: int
    last: int
    left: int
    right: int
    scores: Scores
    partial: Row = field(init=False)


class Lattice:
    """The lattice of the stretch ``top``..``bottom`` of source and ``start``..``stop`` of target sentences.

    It is made with the scores of its beads; what asks for a path or a probability needs it solved.
    """

    def __init__(
        self, evidence: Evidence, band: Band, weights: Weights, top: int, bottom: int, start: int, stop: int
    ) -> None:
        self.weights = weights
        self.rows, self.columns = bottom - top, stop - start
        evidence = evidence.part(top, bottom, start, stop)
        source, target = evidence.source, evidence.target
        self.source_counts, self.target_counts = source.counts, target.counts
        self.source_tokens, self.target_tokens = source.tokens, target.tokens
        self.source_lengths, self.target_lengths = source.lengths, target.lengths
        self.ratio = evidence.ratio
        self.vectors: tuple[Runs, Runs] | None = None
        self.chance = 0.0
        self.forward = self.source_counts @ evidence.forward
        self.backward = self.target_counts @ evidence.backward
        # Scores of beads that begin, or end, with each pair of sentences.
        edges = source.edges, target.edges
        table = openings.scores(weights.openings)
        self.paragraphs = evidence.paragraphs
        self.borders = borders = source.borders, target.borders
        crossing = weights.paragraph_inside * evidence.paragraphs
        self.source_inside, self.target_inside = (
            _inside(side.starts, weights) + crossing * border for side, border in zip(edges, borders, strict=True)
        )
        self.begin = weights.head * _pair_gains(source.heads, target.heads, evidence)
        self.begin += table[np.ix_(edges[0].starts, edges[1].starts)]
        if evidence.paragraphs:
            self.begin += evidence.paragraphs * weights.paragraph_both * (borders[0][:, None] & borders[1])
            self.begin += evidence.paragraphs * weights.paragraph_one * (borders[0][:, None] ^ borders[1])
        # What opens a bead is not inside it.
        self.begin -= self.source_inside[:, None] + self.target_inside
        table = punctuation.end_scores(weights.ends)
        self.end = weights.tail * _pair_gains(source.tails, target.tails, evidence)
        self.end += table[np.ix_(edges[0].ends, edges[1].ends)]
        # Where sentences are known to have no counterpart, no path may take a bead that none of the lattice's takes.
        self.strict = max(source.alone.max(initial=0), target.alone.max(initial=0)) >= LEFT_ALONE
        self.source_skips = _skips(self.source_tokens, weights.source_skip) + source.alone
        self.target_skips = _skips(self.target_tokens, weights.target_skip) + target.alone
        # Log score of leaving the first so many target sentences alone.
        self.target_steps = np.concatenate([[0.0], np.cumsum(self.target_skips)])
        self.left = np.clip(band.left[top : bottom + 1] - start, 0, self.columns)
        self.right = np.clip(band.right[top : bottom + 1] - start, 0, self.columns)
        self.left[0], self.right[-1] = 0, self.columns
        self.right[0] = self.right[min(1, self.rows)]
        self.shapes = list(weights.shapes)
        self.priors = list(weights.shapes.values())
        self.blocks = [Block(*plan, self._scores(*plan)) for plan in self._plan()]

    def weigh(self, vectors: tuple[Runs, Runs], chance: float) -> None:
        """Let sentence vectors weigh in the scores: those of runs of one to ``MAX_RUN`` that end with each sentence.

        ``chance`` is the mean cosine of two sentences.
        """
        self.vectors, self.chance = vectors, chance
        for block in self.blocks:
            rows, columns = slice(block.first, block.last), slice(max(block.left - 1, 0), block.right)
            for scores, (a, b) in zip(block.scores, self.shapes, strict=True):
                cosines = vectors[0][a - 1][rows] @ vectors[1][b - 1][columns].T - np.float32(chance)
                own = scores[:, scores.shape[1] - cosines.shape[1] :]
                own += (a + b) / 2 * self.weights.encoder * cosines + self.weights.encoder_more * (a + b - 2)

    def solve(self) -> Lattice:
        """Sum over all paths, and return the lattice."""
        # Log of the sums over all paths to and from each position; padded so that no bead looks outside.
        shape = (MAX_RUN + self.rows + 1, MAX_RUN + self.columns + 1)
        self.before = np.full(shape, NEVER)
        self.after = np.full(shape, NEVER)
        self.offsets = np.array([-a * shape[1] - b for a, b in self.shapes])[:, None]
        self._forward()
        self._backward()
        return self

    def likely(self) -> list[Found]:
        """Return the beads that are likelier than not, in order; no two of them can overlap."""
        found = []
        for block in self.blocks:
            for number, row, column in zip(*np.nonzero(block.partial > 0.5), strict=True):
                (a, b), end, stop = self.shapes[number], block.first + int(row) + 1, block.left + int(column)
                found.append(
                    Found((end - a, end), (stop - b, stop), min(float(block.partial[number, row, column]), 1.0))
                )
        before, after = self.before[MAX_RUN:, MAX_RUN:], self.after[MAX_RUN:, MAX_RUN:] - self.before[-1, -1]
        source_alone = before[:-1] + self.source_skips[:, None] + after[1:]
        target_alone = before[:, :-1] + self.target_skips + after[:, 1:]
        for alone, (a, b) in ((source_alone, (1, 0)), (target_alone, (0, 1))):
            for row, column in np.argwhere(alone > math.log(0.5)).tolist():
                probability = math.exp(min(alone[row, column], 0.0))
                found.append(Found((row, row + a), (column, column + b), probability))
        return sorted(found, key=lambda bead: (bead.source, bead.target))

    def narrowed(self) -> tuple[Index, Index]:
        """Return for each source position of a solved lattice the first and last target position worth a search."""
        likely = self.before[MAX_RUN:, MAX_RUN:] + self.after[MAX_RUN:, MAX_RUN:] > self.before[-1, -1] + UNLIKELY
        found = likely.any(axis=1)
        left = np.where(found, likely.argmax(axis=1), self.columns)
        right = np.where(found, self.columns - likely[:, ::-1].argmax(axis=1), 0)
        return left, right

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

    def _columns(self, row: int) -> slice:
        """Return the target positions searched after source sentence ``row``."""
        return slice(int(self.left[row + 1]), int(self.right[row + 1]) + 1)

    def _index(self, row: int, columns: slice) -> Index:
        """Return where in the padded tables each shape of bead that ends in ``columns`` begins."""
        start = (row + 1 + MAX_RUN) * self.before.shape[1] + MAX_RUN
        index: Index = np.arange(start + columns.start, start + columns.stop) + self.offsets
        return index

    def _forward(self) -> None:
        before = self.before
        flat = before.ravel()
        first = slice(0, int(self.right[0]) + 1)
        before[MAX_RUN, _moved(first, MAX_RUN)] = self.target_steps[first]
        for block in self.blocks:
            block.partial = np.zeros(block.scores.shape)
            for row in range(block.first, block.last):
                here = self._columns(row)
                inside, columns = _moved(here, -block.left), _moved(here, MAX_RUN)
                steps = self.target_steps[here]
                ways = flat[self._index(row, here)] + block.scores[:, row - block.first, inside]
                block.partial[:, row - block.first, inside] = ways
                up = before[MAX_RUN + row, columns] + self.source_skips[row]
                top = np.maximum(ways.max(axis=0), up)
                total = top + np.log(np.exp(ways - top).sum(axis=0) + np.exp(up - top))
                before[MAX_RUN + row + 1, columns] = np.logaddexp.accumulate(total - steps) + steps

    def _backward(self) -> None:
        after = self.after
        total = self.before[-1, -1]
        # For the sentences just below, what each bead that ends there adds up to; row ``end`` stands at ``end % ring``.
        ring, width = MAX_RUN + 1, self.columns + 1 + MAX_RUN
        ways_on = np.full((len(self.shapes), ring, width), NEVER)
        flat = ways_on.ravel()
        size = np.array(self.shapes)
        slots = (np.arange(ring)[:, None] + size[:, 0]) % ring
        offsets = ((np.arange(len(size)) * ring + slots) * width + size[:, 1])[:, :, None]
        columns = np.arange(self.columns + 1)
        after[-1, -1] = 0
        blocks = {row: block for block in self.blocks for row in range(block.first, block.last)}
        for end in range(self.rows, -1, -1):
            where = slice(int(self.left[end]), int(self.right[end]) + 1)
            here = after[MAX_RUN + end, MAX_RUN + where.start : MAX_RUN + where.stop]
            if end < self.rows:
                ways = flat[columns[where] + offsets[end % ring]]
                down = after[MAX_RUN + end + 1, MAX_RUN + where.start : MAX_RUN + where.stop] + self.source_skips[end]
                top = np.maximum(ways.max(axis=0), down)
                here[:] = top + np.log(np.exp(ways - top).sum(axis=0) + np.exp(down - top))
            steps = self.target_steps[where]
            here[:] = np.logaddexp.accumulate((here + steps)[::-1])[::-1] - steps
            if end == 0:
                break
            block = blocks[end - 1]
            inside = _moved(where, -block.left)
            slot = ways_on[:, end % ring]
            slot[:, where.start : int(self.right[min(end + ring, self.rows)]) + 1] = NEVER
            np.add(block.scores[:, end - 1 - block.first, inside], here, out=slot[:, where])
            partial = block.partial[:, end - 1 - block.first, inside]
            partial += here - total
            np.exp(partial, out=partial)

    def path(self) -> list[Found]:
        """Return the beads of the path with the most expected right ones, in order."""
        threshold = self.weights.threshold
        total = self.before[-1, -1]
        best = np.full_like(self.before, NEVER)
        flat = best.ravel()
        choices = np.full((self.rows + 1, self.columns + 1), -2, np.int8)
        # Before the first source sentence only target sentences on their own can stand.
        here = self.after[MAX_RUN, MAX_RUN:] - total
        alone = self.before[MAX_RUN, MAX_RUN:-1] + self.target_skips + here[1:]
        best[MAX_RUN, MAX_RUN] = 0
        best[MAX_RUN, MAX_RUN + 1 :] = np.cumsum(np.exp(np.minimum(alone, 0)) - threshold)
        for block in self.blocks:
            for row in range(block.first, block.last):
                where = self._columns(row)
                inside, columns = _moved(where, -block.left), _moved(where, MAX_RUN)
                skips = self.target_skips[where.start : where.stop - 1]
                ways = flat[self._index(row, where)] + (block.partial[:, row - block.first, inside] - threshold)
                if self.strict:
                    ways[block.partial[:, row - block.first, inside] == 0] = NEVER
                here = self.after[MAX_RUN + row + 1, columns]
                choice = ways.argmax(axis=0)
                value = ways.max(axis=0)
                alone = self.before[MAX_RUN + row, columns] + (self.source_skips[row] - total) + here
                alone = np.exp(np.minimum(alone, 0))
                up = best[MAX_RUN + row, columns] + alone - threshold
                choice[up > value] = -1
                value = np.maximum(up, value)
                # Target sentences on their own, taken from left to right.
                alone = self.before[MAX_RUN + row + 1, columns][:-1] + skips + (here[1:] - total)
                steps = np.zeros(len(value))
                np.cumsum(np.exp(np.minimum(alone, 0)) - threshold, out=steps[1:])
                reached = np.maximum.accumulate(value - steps) + steps
                choice[reached > value + 1e-9] = -2
                best[MAX_RUN + row + 1, columns] = reached
                choices[row + 1, where] = choice
        return self._trace(choices)

    def _trace(self, choices: npt.NDArray[np.int8]) -> list[Found]:
        found = []
        row, column = self.rows, self.columns
        blocks = {row: block for block in self.blocks for row in range(block.first, block.last)}
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
            score = math.inf
            if choice >= 0:
                block = blocks[row - 1]
                place = int(choice), row - 1 - block.first, column - block.left
                probability = min(float(block.partial[place]), 1.0)
                score = float(block.scores[place]) - self.priors[choice] - self._by_vectors(size, row, column)
                score -= self._by_paragraphs(size, row, column)
            else:
                skip = self.source_skips[row - 1] if choice == -1 else self.target_skips[column - 1]
                value = self.before[MAX_RUN + start[0], MAX_RUN + start[1]] + skip - total
                probability = math.exp(min(value + self.after[MAX_RUN + row, MAX_RUN + column], 0.0))
            found.append(Found((start[0], row), (start[1], column), probability, score))
            row, column = start
        return found[::-1]

    def _by_vectors(self, size: tuple[int, int], row: int, column: int) -> float:
        """Return what vectors add to the score of a bead that ends there."""
        if not self.vectors:
            return 0.0
        cosine = float(self.vectors[0][size[0] - 1][row - 1] @ self.vectors[1][size[1] - 1][column - 1]) - self.chance
        return sum(size) / 2 * self.weights.encoder * cosine + self.weights.encoder_more * (sum(size) - 2)

    def _by_paragraphs(self, size: tuple[int, int], row: int, column: int) -> float:
        """Return what the borders of paragraphs add to the score of a bead that ends there."""
        if not self.paragraphs:
            return 0.0
        first, *source = self.borders[0][row - size[0] : row].tolist()
        other, *target = self.borders[1][column - size[1] : column].tolist()
        edge = (self.weights.paragraph_one, self.weights.paragraph_both)[first and other] if first or other else 0.0
        return self.paragraphs * float(edge + self.weights.paragraph_inside * sum(source + target))

    def _scores(self, first: int, last: int, left: int, right: int) -> Scores:
        weights = self.weights
        unmatched = math.log(similarity.BACKGROUND)
        rows, columns = last - first, right - left + 1
        top, start = max(first - MAX_RUN, 0), max(left - MAX_RUN, 0)
        ending = slice(max(left - 1, 0), right)
        sources, targets = slice(top, last), slice(start, right)
        longest = max(map(max, self.shapes))
        gains = similarity.run_gains(
            self.forward[sources], self.source_tokens[sources], self.target_counts[targets], longest
        )
        gains *= weights.forward
        gains += (weights.forward * unmatched * self.target_tokens + self.target_inside)[targets, None, None]
        forward = [_sums(gains[:, a, first - top :].T, (rows, columns)) for a in range(longest)]
        gains = similarity.run_gains(
            self.backward[targets], self.target_tokens[targets], self.source_counts[sources], longest
        )
        gains *= weights.backward
        gains += (weights.backward * unmatched * self.source_tokens + self.source_inside)[sources, None, None]
        backward = [_sums(gains[:, b, ending.start - start :].T, (columns, rows + 1)) for b in range(longest)]
        source_lengths = _sums(self.source_lengths[None, top:last], (1, rows + 1))[0]
        target_lengths = _sums(self.target_lengths[None, start:right], (1, columns))[0]
        begin = self.begin[max(first - MAX_RUN + 1, 0) : last, targets]
        begin = _padded(begin, (MAX_RUN - 1 + rows, MAX_RUN - 1 + columns))
        end = _padded(self.end[first:last, ending], (rows, columns))
        scores = np.empty((len(self.shapes), rows, columns), np.float32)
        for number, ((a, b), prior) in enumerate(zip(self.shapes, self.priors, strict=True)):
            f = forward[a - 1]
            g = backward[b - 1]
            score = f[:, MAX_RUN:] - f[:, MAX_RUN - b : -b]
            score += (g[:, MAX_RUN + 1 :] - g[:, MAX_RUN + 1 - a : -a]).T
            source = (source_lengths[MAX_RUN + 1 :] - source_lengths[MAX_RUN + 1 - a : -a])[:, None]
            target = (target_lengths[MAX_RUN:] - target_lengths[MAX_RUN - b : -b])[None, :]
            spread = weights.length_variance * (source + target / self.ratio) / 2 + 25
            deviation = (target - self.ratio * source) ** 2 / spread
            length = weights.length_one if a == b == 1 else weights.length_many
            score -= length * np.log(1 + deviation / 3)
            score += begin[MAX_RUN - a : MAX_RUN - a + rows, MAX_RUN - b : MAX_RUN - b + columns]
            score += end
            scores[number] = score + prior
            scores[number, : max(a - 1 - first, 0)] = NEVER
            scores[number, :, : max(b - left, 0)] = NEVER
        return scores


def _pair_gains(source: sparse.csr_array, target: sparse.csr_array, evidence: Evidence) -> Scores:
    """Return what the words at one edge of each pair of sentences gain from one another, both ways, halved."""
    forward = similarity.gains(source @ evidence.forward, source.sum(axis=1)) @ target.T
    backward = similarity.gains(target @ evidence.backward, target.sum(axis=1)) @ source.T
    gains: Scores = forward.toarray()
    gains += backward.toarray().T
    gains /= 2
    return gains


def _moved(columns: slice, by: int) -> slice:
    return slice(columns.start + by, columns.stop + by)


def _skips(tokens: Matrix, weights: tuple[float, float]) -> Row:
    constant, slope = weights
    skips: Row = constant + slope * np.log1p(tokens)
    return skips


def _inside(starts: Codes, weights: Weights) -> Row:
    turn = (starts >= openings.QUESTION) & (starts < openings.NUMBER)
    inside: Row = weights.turn_inside * turn + weights.number_inside * (starts >= openings.NUMBER)
    return inside


def _sums(values: Matrix, shape: tuple[int, int]) -> Scores:
    """Return running sums along the second axis, zero at first, padded on the left and at the top to ``shape``."""
    sums = _padded(values, (shape[0], MAX_RUN + shape[1]))
    return np.cumsum(sums, axis=1, out=sums)


def _padded(values: Matrix, shape: tuple[int, int]) -> Scores:
    """Return values with zeros put before them, on the left and at the top, to fill ``shape``."""
    padded = np.zeros(shape, np.float32)
    padded[shape[0] - values.shape[0] :, shape[1] - values.shape[1] :] = values
    return padded
