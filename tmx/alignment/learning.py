"""Words the dictionary lacks, learnt from a first alignment of the document itself.

Only words which the dictionary does not explain take part: what is learnt never mixes with what is known. A pair of
words must occur together in the beads of the first pass more often than chance allows; the pairs that do share the
probability among themselves by expectation maximisation.

References:
    Brown et al. (1993), The Mathematics of Statistical Machine Translation, model 1, here over few words only;
    Dunning (1993), Accurate Methods for the Statistics of Surprise and Coincidence, for the test of a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Matrix = npt.NDArray[np.floating]

Flags = npt.NDArray[np.bool_]

UNEXPLAINED = 0.2  # a word is unknown if the dictionary explains it in fewer of its beads than this
SIGNIFICANCE = 10.83  # chi-square at 0.001, one degree of freedom
MIN_BEADS = 2  # beads in which a pair must occur
ITERATIONS = 5
SMALLEST = 0.1  # weights below are dropped
NULL = 0.1  # weight of the empty word, which explains a word that nothing else does


@dataclass(frozen=True, slots=True)
class Learnt:
    """Translation weights of unknown words, source words by target words, in both directions."""

    forward: sparse.csr_array
    backward: sparse.csr_array


def learn(
    source: sparse.csr_array,
    target: sparse.csr_array,
    beads: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    known: sparse.csr_array,
    content: tuple[Flags, Flags],
) -> Learnt:
    """Learn from beads: half-open ranges of rows of ``source`` and ``target``, the counts of each sentence's words.

    ``known`` are the weights of the dictionary, source words by target words; ``content`` tells for both sides which
    words may be learnt at all, as function words and punctuation may not.
    """
    left = _presence(source, [bead[0] for bead in beads])
    right = _presence(target, [bead[1] for bead in beads])
    sources = content[0] & _unexplained(left, right, known)
    targets = content[1] & _unexplained(right, left, known.T.tocsr())
    left, right = _columns(left, sources), _columns(right, targets)
    pairs = _significant((left.T @ right).tocsr(), left, right, len(beads))
    return Learnt(_share(left, right, pairs), _share(right, left, pairs.T.tocsr()))


def merge(known: sparse.csr_array, learnt: sparse.csr_array) -> sparse.csr_array:
    """Return row-normalised weights in which learnt weights come first and the dictionary's fill up to one."""
    rest = 1 - np.asarray(learnt.sum(axis=1)).ravel()
    sums = np.asarray(known.sum(axis=1)).ravel()
    scale = rest / np.where(sums > 0, sums, 1)
    merged: sparse.csr_array = (sparse.diags_array(scale).tocsr() @ known + learnt).tocsr().astype(np.float32)
    return merged


def _presence(counts: sparse.csr_array, ranges: Sequence[tuple[int, int]]) -> sparse.csr_array:
    """Return which words occur in which run of sentences, as zeros and ones."""
    indices = np.concatenate([np.arange(*run) for run in ranges]) if ranges else np.zeros(0, np.int64)
    indptr = np.concatenate([[0], np.cumsum([last - first for first, last in ranges])])
    choice = sparse.csr_array(
        (np.ones(len(indices), np.float32), indices, indptr), shape=(len(ranges), counts.shape[0])
    )
    presence: sparse.csr_array = (choice @ counts).tocsr()
    presence.data[:] = 1
    return presence


def _unexplained(words: sparse.csr_array, others: sparse.csr_array, known: sparse.csr_array) -> Flags:
    """Tell which words the dictionary seldom explains by a word on the other side of the bead."""
    links = known.copy()
    links.data[:] = 1
    explained = words.multiply(others @ links.T.tocsr()).tocsr()
    explained.data[:] = 1
    total = np.asarray(words.sum(axis=0)).ravel()
    share = np.asarray(explained.sum(axis=0)).ravel() / np.maximum(total, 1)
    unexplained: Flags = (total >= MIN_BEADS) & (share < UNEXPLAINED)
    return unexplained


def _columns(matrix: sparse.csr_array, keep: Flags) -> sparse.csr_array:
    """Return a matrix of the same shape with only some of the columns filled."""
    columns: sparse.csr_array = (matrix @ sparse.diags_array(keep.astype(np.float32)).tocsr()).tocsr()
    return columns


def _significant(
    together: sparse.csr_array, left: sparse.csr_array, right: sparse.csr_array, n: int
) -> sparse.csr_array:
    """Keep the pairs that occur together more often than chance allows, as ones."""
    pairs = together.tocoo()
    both = pairs.data.astype(np.float64)
    one = np.asarray(left.sum(axis=0), np.float64).ravel()[pairs.row]
    other = np.asarray(right.sum(axis=0), np.float64).ravel()[pairs.col]
    expected = one * other / max(n, 1)
    cells = ((both, expected), (one - both, one - expected), (other - both, other - expected))
    ratio = 2 * sum(_term(seen, due) for seen, due in cells)
    ratio += 2 * _term(n - one - other + both, n - one - other + expected)
    keep = (both >= MIN_BEADS) & (both > expected) & (ratio >= SIGNIFICANCE)
    ones = np.ones(int(keep.sum()), np.float32)
    return sparse.csr_array((ones, (pairs.row[keep], pairs.col[keep])), shape=together.shape)


def _term(seen: Matrix, expected: Matrix) -> Matrix:
    safe = np.maximum(seen, 1e-9)
    term: Matrix = np.where(seen > 0, seen * np.log(safe / np.maximum(expected, 1e-9)), 0.0)
    return term


def _share(words: sparse.csr_array, others: sparse.csr_array, pairs: sparse.csr_array) -> sparse.csr_array:
    """Return for each word its weights over the other side's words, which sum to one at most."""
    word, other = pairs.nonzero()
    if not len(word):
        return pairs
    occurrences = np.asarray(words.sum(axis=0), np.float64).ravel()[word]
    # Each place where both words of a pair occur, and the other side's word there that the pair explains.
    bead, pair = (words.tocsc()[:, word].multiply(others.tocsc()[:, other])).tocsr().nonzero()
    _, explained = np.unique(bead.astype(np.int64) * pairs.shape[1] + other[pair], return_inverse=True)
    weights = np.full(len(word), 0.5)
    for _ in range(ITERATIONS):
        total = np.bincount(explained, weights[pair])
        weights = np.bincount(pair, weights[pair] / (total[explained] + NULL), len(word)) / occurrences
    weights[weights < SMALLEST] = 0
    weights /= np.maximum(np.bincount(word, weights), 1)[word]
    shares = sparse.csr_array((weights.astype(np.float32), (word, other)), shape=pairs.shape)
    shares.eliminate_zeros()
    return shares
