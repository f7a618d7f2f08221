"""Evidence that a run of Chinese sentences and a run of English sentences say the same thing.

The evidence is a log-likelihood ratio, both ways: how much likelier is each word of one run given the words of the
other run than in the document at large?  For an English stem ``w`` and a Chinese run of ``L`` tokens

    log(lam + (1 - lam) * p(w | run) / p(w)),    p(w | run) = (sum of t(w | c) over the run's tokens c) / L

where ``t`` comes from the dictionary and ``p(w)`` from the document, smoothed by the language at large.  A word that
the other run explains earns up to ``cap``; one it does not explain costs ``-log(lam)``.  Rare words so weigh more than
frequent ones by themselves.

References:
    The mixture with a background model is that of Hiemstra (2000), Using Language Models for Information Retrieval;
    word translation in it as in Berger and Lafferty (1999), Information Retrieval as Statistical Translation.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tmx import cedict
from tmx.alignment import learning, names
from tmx.alignment import lexicon as lexicons
from tmx.alignment.learning import Flags, Learnt
from tmx.alignment.lexicon import Lexicon, usual_frequencies
from tmx.alignment.punctuation import Edges, edges

Matrix = npt.NDArray[np.floating]
Places = npt.NDArray[np.int64]

BACKGROUND = 0.8  # lam: share of words that follow the document, not the sentence beside them
LARGEST_RATIO = 3.0  # cap, natural logarithm: no single word decides
SMOOTHING = 1000.0  # tokens at the frequencies of the language at large, at most as many as the document has
BORDERS = 4  # paragraph borders that speak for what was expected
MOST_UNEQUAL = 4  # times that a word may occur for each time its spelling does
MAX_RUN = 5  # sentences on one side of a bead
# Tokens at the head and the tail of a sentence; an English sentence has about a third more words than its Chinese.
SOURCE_EDGE = (4, 5)
TARGET_EDGE = (6, 7)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a document as numbers.

    ``counts`` has a row for each sentence and a column for each word of ``vocabulary``; ``heads`` and ``tails`` count
    only the first and last few words of each sentence. ``lengths`` are characters without spaces. ``alone`` is how much
    likelier than usual each sentence has no counterpart, natural logarithm; ``borders`` tells which sentences begin a
    paragraph. ``usual`` is how frequent each word is in the language at large.
    """

    vocabulary: dict[str, int]
    counts: sparse.csr_array
    heads: sparse.csr_array
    tails: sparse.csr_array
    lengths: Matrix
    edges: Edges
    alone: Matrix
    borders: Flags
    usual: Matrix

    @property
    def tokens(self) -> npt.NDArray[np.float64]:
        """Number of tokens of each sentence."""
        return np.asarray(self.counts.sum(axis=1), np.float64).ravel()

    def part(self, first: int, last: int) -> Side:
        """Return some of the sentences, with the same vocabulary."""
        return Side(
            self.vocabulary,
            self.counts[first:last],
            self.heads[first:last],
            self.tails[first:last],
            self.lengths[first:last],
            self.edges.part(first, last),
            self.alone[first:last],
            self.borders[first:last],
            self.usual,
        )

    def together(self, first: Places, end: Places) -> Side:
        """Return runs of sentences as one sentence each: run ``i`` is ``first[i]`` to ``end[i] - 1``."""
        bounds = np.concatenate([[0], np.cumsum(end - first)])
        inside = np.arange(bounds[-1]) + np.repeat(first - bounds[:-1], end - first)
        runs = sparse.csr_array(
            (np.ones(len(inside), np.float32), inside, bounds), shape=(len(first), len(self.lengths))
        )
        last = end - 1
        return Side(
            self.vocabulary,
            (runs @ self.counts).tocsr(),
            self.heads[first],
            self.tails[last],
            runs @ self.lengths,
            Edges(self.edges.starts[first], self.edges.ends[last]),
            np.where(first == last, self.alone[first], 0.0),
            self.borders[first],
            self.usual,
        )

    @property
    def frequencies(self) -> Matrix:
        """Relative frequency of each word in the document, smoothed by that in the language at large."""
        totals = np.asarray(self.counts.sum(axis=0), np.float32).ravel()
        count = float(totals.sum())
        smoothing = min(SMOOTHING, count)
        frequencies: Matrix = (totals + smoothing * self.usual) / max(count + smoothing, 1.0)
        return frequencies


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the aligner knows of one document.

    ``forward`` has a row for each source word and a column for each target word: the translation weight over the
    target word's relative frequency; ``backward`` the same from target to source. ``weights`` are the dictionary's,
    source words by target words. ``ratio`` is target characters per source character; it differs a lot between
    document pairs. ``paragraphs`` is how far the paragraphs
    of both sides agree, 0 (not at all, or unknown) to 1.
    """

    source: Side
    target: Side
    forward: sparse.csr_array
    backward: sparse.csr_array
    weights: sparse.csr_array
    ratio: float
    paragraphs: float = 0.0

    def part(self, top: int, bottom: int, start: int, stop: int) -> Evidence:
        """Return the evidence of a part of the document; word frequencies remain those of the whole."""
        return replace(self, source=self.source.part(top, bottom), target=self.target.part(start, stop))


def side(
    sentences: Sequence[Sequence[str]], texts: Sequence[str], head: int, tail: int, paragraphs: Sequence[int] = ()
) -> Side:
    """Count the tokens of tokenised sentences; ``texts`` are the sentences themselves.

    ``head`` and ``tail`` say how many tokens at either edge of a sentence are counted by themselves, punctuation
    and quantities (which have no place of their own among the tokens) left out.
    """
    vocabulary: dict[str, int] = {}
    rows = [[vocabulary.setdefault(token, len(vocabulary)) for token in tokens] for tokens in sentences]
    marks = {number for token, number in vocabulary.items() if token.startswith("P:")}
    quantities = {number for token, number in vocabulary.items() if token.startswith("N:")}
    words = [[token for token in row if token not in quantities] for row in rows]
    heads = [[token for token in row[:head] if token not in marks] for row in words]
    tails = [[token for token in row[-tail:] if token not in marks] for row in words]
    lengths = np.array([len("".join(text.split())) for text in texts], np.float64)
    width = len(vocabulary)
    borders = np.zeros(len(texts), np.bool_)
    if len(paragraphs):
        borders[1:] = np.diff(paragraphs) != 0
    counts, heads_, tails_ = (_counts(part, width) for part in (rows, heads, tails))
    return Side(
        vocabulary, counts, heads_, tails_, lengths, edges(texts), np.zeros(len(texts)), borders, np.zeros(width)
    )


def _counts(rows: Sequence[Sequence[int]], width: int) -> sparse.csr_array:
    indices = np.fromiter(itertools.chain.from_iterable(rows), np.int32)
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    counts = sparse.csr_array((np.ones(len(indices), np.float32), indices, indptr), shape=(len(rows), width))
    counts.sum_duplicates()
    return counts


def gather(
    source: Sequence[str],
    target: Sequence[str],
    lexicon: Lexicon,
    paragraphs: tuple[Sequence[int], Sequence[int]] = ((), ()),
) -> Evidence:
    """Tokenise both sides of a document and look up which words may translate which."""
    left = side([lexicons.source_tokens(text, lexicon) for text in source], source, *SOURCE_EDGE, paragraphs[0])
    right = side([lexicons.target_tokens(text) for text in target], target, *TARGET_EDGE, paragraphs[1])
    left = replace(left, usual=usual_frequencies(left.vocabulary, lexicon.words, lexicon.word_frequencies))
    right = replace(right, usual=usual_frequencies(right.vocabulary, lexicon.stems, lexicon.stem_frequencies))
    weights = translations(left.vocabulary, right.vocabulary, lexicon).maximum(spellings(left, right, source, target))
    return replace(weigh(left, right, weights), paragraphs=_likely_agreement(left.borders, right.borders))


def relearned(evidence: Evidence, beads: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Evidence:
    """Return evidence that knows the words learnt from a first alignment besides those of the dictionary."""
    source, target = evidence.source, evidence.target
    learnt = learning.learn(source.counts, target.counts, beads, evidence.weights, content(evidence))
    again = weigh(source, target, evidence.weights, learnt)
    return replace(
        again,
        ratio=evidence.ratio,
        paragraphs=_agreement(evidence, beads) if evidence.paragraphs else 0.0,
    )


def content(evidence: Evidence) -> tuple[Flags, Flags]:
    """Tell for both sides which words carry a meaning of their own, as English function words and marks do not."""
    return (
        np.array([not token.startswith("P:") for token in evidence.source.vocabulary], np.bool_),
        np.array([token not in lexicons.function_stems() for token in evidence.target.vocabulary], np.bool_),
    )


def _likely_agreement(source: Flags, target: Flags) -> float:
    """Return how far paragraphs may agree at best: where one side has twice as many, half of the borders cannot."""
    few, many = sorted((int(source.sum()), int(target.sum())))
    return few / many if many else 0.0


def _agreement(evidence: Evidence, beads: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> float:
    """Return the share of borders that beads have on both sides, ``BORDERS`` put in as expected so far."""
    source = evidence.source.borders[[bead[0][0] for bead in beads]]
    target = evidence.target.borders[[bead[1][0] for bead in beads]]
    both, either = int((source & target).sum()), int((source | target).sum())
    return (both + BORDERS * evidence.paragraphs) / (either + BORDERS)


def weigh(source: Side, target: Side, weights: sparse.csr_array, learnt: Learnt | None = None) -> Evidence:
    """Return the evidence for translation weights, rows source words and columns target words."""
    forward, backward = weights, weights.T.tocsr()
    if learnt is not None:
        forward, backward = learning.merge(forward, learnt.forward), learning.merge(backward, learnt.backward)
    forward, backward = _normalised(forward), _normalised(backward)
    # Divided by the frequencies of the words they explain, once for all sentences.
    _scaled(forward, target.frequencies)
    _scaled(backward, source.frequencies)
    return Evidence(source, target, forward, backward, weights, length_ratio(source.lengths, target.lengths))


def length_ratio(source: Matrix, target: Matrix) -> float:
    """Return target characters per source character."""
    return float(max(target.sum(), 1.0) / max(source.sum(), 1.0))


def translations(source: dict[str, int], target: dict[str, int], lexicon: Lexicon) -> sparse.csr_array:
    """Return the weights of the words of one document: rows are source words, columns target words."""
    rows, columns, data = [], [], []
    known = np.full(len(source), -1, np.int64)
    for word, row in source.items():
        number = lexicon.words.get(word)
        if number is not None:
            known[row] = number
        else:
            for other, weight in _direct(word):
                column = target.get(other)
                if column is not None:
                    rows.append(row)
                    columns.append(column)
                    data.append(weight)
    local = np.full(len(lexicon.stems), -1, np.int64)
    for word, column in target.items():
        number = lexicon.stems.get(word)
        if number is not None:
            local[number] = column
    where = np.flatnonzero(known >= 0)
    table = lexicon.weights[known[where]].tocoo()
    keep = local[table.col] >= 0
    all_rows = np.concatenate([where[table.row[keep]], np.array(rows, np.int64)])
    all_columns = np.concatenate([local[table.col[keep]], np.array(columns, np.int64)])
    all_data = np.concatenate([table.data[keep], np.array(data, np.float32)])
    return sparse.csr_array((all_data, (all_rows, all_columns)), shape=(len(source), len(target)))


def spellings(source: Side, target: Side, texts: Sequence[str], others: Sequence[str]) -> sparse.csr_array:
    """Return weights for Chinese words that English words may spell, in the shape of ``translations``."""
    table = cedict.simplification()
    often = [np.asarray(side.counts.sum(axis=0)).ravel() for side in (source, target)]
    found = set()
    for word, spelling in names.links([text.translate(table) for text in texts], others):
        row, column = source.vocabulary.get(word), target.vocabulary.get(lexicons.stem(spelling))
        # A name is not much more frequent on one side; a particle that sounds like one is.
        if row is not None and column is not None and often[0][row] <= MOST_UNEQUAL * often[1][column]:
            found.add((row, column))
    rows, columns = (np.array([place[axis] for place in sorted(found)], np.int64) for axis in (0, 1))
    shape = len(source.vocabulary), len(target.vocabulary)
    return sparse.csr_array((np.ones(len(found), np.float32), (rows, columns)), shape=shape)


def _direct(word: str) -> list[tuple[str, float]]:
    if word[:2] in {"P:", "N:"}:
        return [(word, 1.0)]
    if word[:2] == "A:":
        return [(lexicons.stem(word[2:]), 1.0)]
    return []


def run_gains(rows: sparse.csr_array, tokens: Matrix, others: sparse.csr_array, runs: int = MAX_RUN) -> Matrix:
    """Return what the words of each sentence of one side gain from runs of sentences of the other side.

    ``rows`` are the counts of a few neighbouring sentences times ``forward`` or ``backward``, ``tokens`` their numbers
    of tokens, ``others`` the counts of the sentences to be explained. Element ``[j, a - 1, e]`` of the result is the
    sum, over the words of sentence ``j``, of ``log(lam + (1 - lam) * ratio) - log(lam)`` given the ``a`` sentences
    that end with ``e``; runs that would begin before the first row are shorter.
    """
    n, width = rows.shape
    # Most words that a sentence may explain occur in no sentence near it: a small full table of the others is enough.
    near = np.zeros(width, np.bool_)
    near[others.indices] = True
    keep = near[rows.indices]
    words = rows.indices[keep]
    near[:] = False
    near[words] = True
    number = np.cumsum(near, dtype=np.int32) - 1
    table = np.zeros((int(near.sum()), runs, n), np.float32)
    table[number[words], 0, np.repeat(np.arange(n), np.diff(rows.indptr))[keep]] = rows.data[keep]
    lengths = np.empty((runs, n), np.float32)
    lengths[0] = tokens
    for size in range(1, runs):
        table[:, size] = table[:, size - 1]
        table[:, size, size:] += table[:, 0, : max(n - size, 0)]
        lengths[size] = lengths[size - 1]
        lengths[size, size:] += lengths[0, : max(n - size, 0)]
    table /= lengths + 1
    table = gain(table)
    keep = near[others.indices]
    ends = np.concatenate([[0], np.cumsum(keep)])[others.indptr]
    counts = sparse.csr_array(
        (others.data[keep], number[others.indices[keep]], ends), shape=(len(ends) - 1, len(table))
    )
    gains: Matrix = (counts @ table.reshape(len(table), runs * n)).reshape(counts.shape[0], runs, n)
    return gains


def gains(rows: sparse.csr_array, tokens: npt.NDArray[np.generic], least: float = 0.0) -> sparse.csr_array:
    """Return what each word of the other side gains from single sentences, where that is ``least`` or more.

    ``rows`` are the counts of sentences times ``forward`` or ``backward``, ``tokens`` their numbers of tokens.
    """
    data = gain(rows.data / np.repeat(np.asarray(tokens, np.float32) + 1, np.diff(rows.indptr)))
    data[data < least] = 0
    kept = sparse.csr_array((data, rows.indices, rows.indptr), shape=rows.shape)
    kept.eliminate_zeros()
    return kept


def gain(ratio: Matrix) -> Matrix:
    """Return ``log(lam + (1 - lam) * ratio) - log(lam)``, capped: what an explained word gains."""
    value = ratio * (1 - BACKGROUND)
    value += BACKGROUND
    np.log(value, out=value)
    np.minimum(value, LARGEST_RATIO, out=value)
    value -= math.log(BACKGROUND)
    return value


def _normalised(matrix: sparse.csr_array) -> sparse.csr_array:
    sums = np.asarray(matrix.sum(axis=1), np.float32).ravel()
    sums[sums == 0] = 1
    data = matrix.data / np.repeat(sums, np.diff(matrix.indptr))
    return sparse.csr_array((data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)


def _scaled(matrix: sparse.csr_array, frequencies: Matrix) -> sparse.csr_array:
    matrix.data /= np.maximum(frequencies, 1e-12)[matrix.indices]
    return matrix
