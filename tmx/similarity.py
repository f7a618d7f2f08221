"""Evidence that a run of Chinese sentences and a run of English sentences say the same thing.

The evidence is a log-likelihood ratio, both ways: how much likelier is each word of one run given the words of the
other run than in the document at large?  For an English stem ``w`` and a Chinese run of ``L`` tokens

    log(lam + (1 - lam) * p(w | run) / p(w)),    p(w | run) = (sum of t(w | c) over the run's tokens c) / L

where ``t`` comes from the dictionary and ``p(w)`` from the document.  A word that the other run explains earns up to
``cap``; one it does not explain costs ``-log(lam)``.  Rare words so weigh more than frequent ones by themselves.

References:
    The mixture with a background model is that of Hiemstra (2000), Using Language Models for Information Retrieval;
    word translation in it as in Berger and Lafferty (1999), Information Retrieval as Statistical Translation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tmx import lexicon as lexicons
from tmx.lexicon import Lexicon

Matrix = npt.NDArray[np.floating]

BACKGROUND = 0.8  # lam: share of words that follow the document, not the sentence beside them
LARGEST_RATIO = 3.0  # cap, natural logarithm: no single word decides
MAX_RUN = 5  # sentences on one side of a bead


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a document as numbers.

    ``counts`` has a row for each sentence and a column for each word of ``vocabulary``. ``lengths`` are characters
    without spaces.
    """

    vocabulary: dict[str, int]
    counts: sparse.csr_array
    lengths: npt.NDArray[np.float64]

    @property
    def tokens(self) -> npt.NDArray[np.float64]:
        """Number of tokens of each sentence."""
        return np.asarray(self.counts.sum(axis=1), np.float64).ravel()

    def part(self, first: int, last: int) -> Side:
        """Return some of the sentences, with the same vocabulary."""
        return Side(self.vocabulary, self.counts[first:last], self.lengths[first:last])

    @property
    def frequencies(self) -> Matrix:
        """Relative frequency of each word in the document."""
        totals = np.asarray(self.counts.sum(axis=0), np.float32).ravel()
        return totals / max(float(totals.sum()), 1.0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the aligner knows of one document.

    ``forward`` has a row for each source sentence and a column for each target word: the sum of translation weights
    over the word's relative frequency; ``backward`` the same from target to source.
    """

    source: Side
    target: Side
    forward: sparse.csr_array
    backward: sparse.csr_array

    def part(self, top: int, bottom: int, start: int, stop: int) -> Evidence:
        """Return the evidence of a part of the document; word frequencies remain those of the whole."""
        return Evidence(
            self.source.part(top, bottom),
            self.target.part(start, stop),
            self.forward[top:bottom],
            self.backward[start:stop],
        )

    @property
    def ratio(self) -> float:
        """Target characters per source character."""
        return float(max(self.target.lengths.sum(), 1.0) / max(self.source.lengths.sum(), 1.0))


def side(sentences: Sequence[Sequence[str]], texts: Sequence[str]) -> Side:
    """Count the tokens of tokenised sentences; ``texts`` are the sentences themselves."""
    vocabulary: dict[str, int] = {}
    indices: list[int] = []
    indptr = [0]
    for tokens in sentences:
        indices += [vocabulary.setdefault(token, len(vocabulary)) for token in tokens]
        indptr.append(len(indices))
    data = np.ones(len(indices), np.float32)
    shape = (len(sentences), len(vocabulary))
    counts = sparse.csr_array((data, np.array(indices, np.int32), np.array(indptr, np.int32)), shape=shape)
    counts.sum_duplicates()
    lengths = np.array([len("".join(text.split())) for text in texts], np.float64)
    return Side(vocabulary, counts, lengths)


def gather(source: Sequence[str], target: Sequence[str], lexicon: Lexicon) -> Evidence:
    """Tokenise both sides of a document and look up which words may translate which."""
    left = side([lexicons.source_tokens(text, lexicon) for text in source], source)
    right = side([lexicons.target_tokens(text) for text in target], target)
    weights = translations(left.vocabulary, right.vocabulary, lexicon)
    return weigh(left, right, weights, weights.T.tocsr())


def weigh(source: Side, target: Side, forward: sparse.csr_array, backward: sparse.csr_array) -> Evidence:
    """Return the evidence for translation weights in both directions; their rows are normalised here."""
    return Evidence(
        source,
        target,
        _scaled(source.counts @ _normalised(forward), target.frequencies),
        _scaled(target.counts @ _normalised(backward), source.frequencies),
    )


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


def _direct(word: str) -> list[tuple[str, float]]:
    if word[:2] in {"P:", "N:"}:
        return [(word, 1.0)]
    if word[:2] == "A:":
        return [(lexicons.stem(word[2:]), 1.0)]
    return []


def run_evidence(matrix: sparse.csr_array, tokens: Matrix, runs: int = MAX_RUN) -> list[sparse.csr_array]:
    """Return for runs of 1 to ``MAX_RUN`` sentences the gain of each word on the other side, sparse.

    ``matrix`` is ``forward`` or ``backward``, ``tokens`` the number of tokens of its sentences. Row ``e`` of the
    result for length ``a`` is the run of ``a`` sentences that ends with sentence ``e``; runs that would begin before
    the first row are shorter. The gain of a word is ``log(lam + (1 - lam) * ratio) - log(lam)``.
    """
    found = []
    total = matrix
    length = tokens.copy()
    for size in range(1, runs + 1):
        if size > 1:
            total = total + _shifted(matrix, size - 1)
            length[size - 1 :] += tokens[: max(len(tokens) - size + 1, 0)]
        data = total.data / np.repeat((length + 1).astype(np.float32), np.diff(total.indptr))
        gain = np.minimum(np.log(BACKGROUND + (1 - BACKGROUND) * data), LARGEST_RATIO) - math.log(BACKGROUND)
        found.append(sparse.csr_array((gain, total.indices, total.indptr), shape=total.shape))
    return found


def _shifted(matrix: sparse.csr_array, rows: int) -> sparse.csr_array:
    kept = max(matrix.shape[0] - rows, 0)
    end = matrix.indptr[kept]
    indptr = np.concatenate([np.zeros(min(rows, matrix.shape[0]), matrix.indptr.dtype), matrix.indptr[: kept + 1]])
    return sparse.csr_array((matrix.data[:end], matrix.indices[:end], indptr), shape=matrix.shape)


def _normalised(matrix: sparse.csr_array) -> sparse.csr_array:
    sums = np.asarray(matrix.sum(axis=1), np.float32).ravel()
    sums[sums == 0] = 1
    data = matrix.data / np.repeat(sums, np.diff(matrix.indptr))
    return sparse.csr_array((data.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)


def _scaled(matrix: sparse.csr_array, frequencies: Matrix) -> sparse.csr_array:
    matrix.data /= np.maximum(frequencies, 1e-12)[matrix.indices]
    return matrix
