"""Pairs that the input itself makes (rows of a table, units of a memory, subtitles), checked against their words.

A column that slipped by a row pairs every text with a stranger, and nothing in the table says so. So each pair is
weighed by its own words and by what they say of its neighbours: wrong pairs mostly come in runs. A hidden Markov model
walks over the rows. One state says that the rows are as they should be, one for each number of rows that the English
may have slipped by, and one that the texts do not go together at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tmx import encoder as encoders
from tmx.alignment import similarity
from tmx.alignment.coarse import Band
from tmx.alignment.lexicon import Lexicon
from tmx.alignment.search import Lattice, Weights
from tmx.alignment.similarity import Evidence
from tmx.encoder import Encoder

Matrix = npt.NDArray[np.float64]

SLIPPED = 4  # rows up and down in which the English of a row is looked for
CHUNK = 2000  # rows weighed at a time
# Log odds that two texts translate each other, from the score of the search for one bead of both (bounded) and, where
# that leaves doubt, from the cosine of their vectors: fitted by ``benchmarks/fit_alignment.py --rows``.
LEAST, MOST = -5.0, 10.0
BY_WORDS = (-1.45, 0.85)
BY_VECTORS = (-3.71, 0.6, 7.13)
# Shares of the rows of tables, set by hand: wrong by itself, exchanged with a
# certain other one, the first of several that are wrong, the last of them.
WRONG = 0.03
EXCHANGED = 0.002
LEAVES = 0.005
RETURNS = 0.1
DOUBTED = 0.5  # a pair less probable than this is doubted
IN_DOUBT = 0.9  # one less probable than this is looked at more closely
BETWEEN = 2  # rows in no great doubt between two doubted ones that belong to the run


@dataclass(frozen=True, slots=True)
class Check:
    """What the words say of each row: the probability that its texts belong together, and how far its English slipped.

    ``slips`` is 0 where rows are as they should be, n where the English of a row stands n rows below it, None where it
    is nowhere near. ``exchanged`` is the row with which a row seems to have changed its English, None mostly.
    """

    right: Matrix
    slips: tuple[int | None, ...]
    exchanged: tuple[int | None, ...]

    def doubted(self) -> Iterator[tuple[int, int]]:
        """Return the runs of rows, half-open, that the words speak against."""
        wrong = np.flatnonzero(self.right < DOUBTED).tolist()
        while wrong:
            first = last = wrong.pop(0)
            while wrong and wrong[0] - last <= BETWEEN + 1 and self.right[last + 1 : wrong[0]].max(initial=0) < 0.99:
                last = wrong.pop(0)
            yield first, last + 1


def check(source: Sequence[str], target: Sequence[str], lexicon: Lexicon, encoder: Encoder | None = None) -> Check:
    """Weigh whether rows of Chinese and English texts translate each other; an empty text is a cell without text.

    ``encoder`` is asked only where the words leave doubt.
    """
    scored = scores(source, target, lexicon)
    ratios = np.where(np.isnan(scored), 0.0, by_words(scored))
    found = _read(ratios)
    unsure = np.flatnonzero((found.right < IN_DOUBT) & ~np.isnan(scored).all(axis=1))
    if encoder is None or not len(unsure):
        return found
    cosines = _cosines(source, target, unsure, encoder)
    constant, by_score, by_cosine = BY_VECTORS
    closer = constant + by_score * np.clip(scored[unsure], LEAST, MOST) + by_cosine * cosines
    ratios[unsure] = np.where(np.isnan(scored[unsure]), 0.0, closer)
    return _read(ratios)


def scores(source: Sequence[str], target: Sequence[str], lexicon: Lexicon) -> Matrix:
    """Return what the search scores for each row with the English ``SLIPPED`` rows above to below; NaN without text."""
    return np.concatenate([_scores(source, target, lexicon, row) for row in range(0, len(source), CHUNK)])


def by_words(scored: Matrix) -> Matrix:
    """Return the log odds that two texts translate each other, from what the search scores for them."""
    odds: Matrix = BY_WORDS[0] + BY_WORDS[1] * np.clip(scored, LEAST, MOST)
    return odds


def _scores(source: Sequence[str], target: Sequence[str], lexicon: Lexicon, first: int) -> Matrix:
    """Return the scores of ``CHUNK`` rows from ``first`` on."""
    last = min(first + CHUNK, len(source))
    top, bottom = max(first - SLIPPED, 0), min(last + SLIPPED, len(source))
    scores = scores_of_rows(similarity.gather(source[top:bottom], target[top:bottom], lexicon), SLIPPED)
    n = len(scores)
    full = [np.array([bool(text.strip()) for text in side[top:bottom]]) for side in (source, target)]
    english = np.pad(full[1], SLIPPED)
    for step in range(2 * SLIPPED + 1):
        scores[~(full[0] & english[step : step + n]), step] = np.nan
    return scores[first - top : last - top]


def scores_of_rows(evidence: Evidence, slipped: int) -> Matrix:
    """Return what the search scores for each row with the English ``slipped`` rows above to below, NaN outside."""
    n = len(evidence.source.lengths)
    position = np.arange(n + 1)
    band = Band(np.clip(position - slipped, 0, n), np.clip(position + slipped, 0, n))
    scores = np.full((n, 2 * slipped + 1), np.nan)
    for block in Lattice(evidence, band, one_to_one(), 0, n, 0, n).blocks:
        for row in range(block.first, block.last):
            columns = np.arange(max(row - slipped, 0), min(row + slipped + 1, n))
            columns = columns[columns + 1 <= block.right]
            scores[row, columns - row + slipped] = block.scores[0, row - block.first, columns + 1 - block.left]
    return scores


def one_to_one() -> Weights:
    """Return the weights of a search that knows pairs of single texts alone."""
    return replace(Weights(), shapes={(1, 1): 0.0})


def _cosines(source: Sequence[str], target: Sequence[str], rows: npt.NDArray[np.int64], encoder: Encoder) -> Matrix:
    """Return the cosines of some rows with the English around them."""
    near = np.unique(np.clip(rows[:, None] + np.arange(-SLIPPED, SLIPPED + 1), 0, len(target) - 1))
    left = encoders.encode(encoder, [source[row] for row in rows])
    right = encoders.encode(encoder, [target[row] for row in near])
    columns = np.searchsorted(near, np.clip(rows[:, None] + np.arange(-SLIPPED, SLIPPED + 1), 0, len(target) - 1))
    cosines: Matrix = np.einsum("rd,rkd->rk", left, right[columns]).astype(np.float64)
    return cosines


def _read(ratios: Matrix) -> Check:
    """Run the model forward and backward over the log odds of each row and each slip."""
    n, nowhere = len(ratios), 2 * SLIPPED + 1
    emitted = np.zeros((n, nowhere + 1))
    emitted[:, :nowhere] = np.logaddexp(np.log1p(-WRONG) + ratios, np.log(WRONG))
    states = nowhere + 1
    moves = np.full((states, states), RETURNS / 2 / (states - 2))
    moves[:, SLIPPED] = RETURNS / 2
    moves[SLIPPED] = LEAVES / (states - 1)
    np.fill_diagonal(moves, 1 - RETURNS)
    moves[SLIPPED, SLIPPED] = 1 - LEAVES
    likely = np.exp(emitted - emitted.max(axis=1, keepdims=True, initial=0.0))
    forward, backward = np.empty((n, states)), np.ones((n, states))
    before = moves[SLIPPED]
    for row in range(n):
        forward[row] = before * likely[row]
        forward[row] /= forward[row].sum()
        before = forward[row] @ moves
    for row in range(n - 2, -1, -1):
        backward[row] = moves @ (likely[row + 1] * backward[row + 1])
        backward[row] /= backward[row].sum()
    shares = forward * backward
    shares /= shares.sum(axis=1, keepdims=True)
    own = ratios[:, SLIPPED]
    right = shares[:, SLIPPED] * np.exp(np.log1p(-WRONG) + own - emitted[:, SLIPPED])
    best = shares.argmax(axis=1).tolist()
    exchanged: list[int | None] = [None] * n
    kept = np.ones(n)
    for row, other, share in _exchanges(ratios):
        kept[[row, other]] *= 1 - share
        if share > DOUBTED:
            exchanged[row], exchanged[other] = other, row
    slips = tuple(None if state == nowhere else state - SLIPPED for state in best)
    return Check(right * kept, slips, tuple(exchanged))


def _exchanges(ratios: Matrix) -> Iterator[tuple[int, int, float]]:
    """Return pairs of rows near each other with the probability that they have changed their English."""
    own = ratios[:, SLIPPED]
    for step in range(1, min(SLIPPED, len(own) - 1) + 1):
        down, up = ratios[:-step, SLIPPED + step], ratios[step:, SLIPPED - step]
        odds = EXCHANGED * np.exp(down + up - own[:-step] - own[step:]) * (np.minimum(down, up) > 0)
        for row in np.flatnonzero(odds > EXCHANGED).tolist():
            yield row, row + step, float(odds[row] / (1 + odds[row]))
