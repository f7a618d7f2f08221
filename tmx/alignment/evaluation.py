"""Score an alignment against gold: strict and lax precision, recall and F1.

A bead is right strictly if gold has exactly it, laxly if gold has a bead that shares a sentence with it on both
sides. Precision is over all beads of the test, one-sided ones included; recall leaves one-sided beads out on both
sides. Counts are summed over documents before the ratios are taken.

References:
    Thompson and Koehn (2019), Vecalign: Improved Sentence Alignment in Linear Time and Space; ``score.py`` there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tmx.alignment.beads import Link


@dataclass(frozen=True, slots=True)
class Score:
    """Right beads out of all, for precision (of the test's beads) and recall (of gold's), strict and lax."""

    test: int = 0
    test_strict: int = 0
    test_lax: int = 0
    gold: int = 0
    gold_strict: int = 0
    gold_lax: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.test + other.test,
            self.test_strict + other.test_strict,
            self.test_lax + other.test_lax,
            self.gold + other.gold,
            self.gold_strict + other.gold_strict,
            self.gold_lax + other.gold_lax,
        )

    @property
    def strict(self) -> tuple[float, float, float]:
        """Strict precision, recall and F1, each 0 to 1."""
        return _ratios(self.test_strict, self.test, self.gold_strict, self.gold)

    @property
    def lax(self) -> tuple[float, float, float]:
        """Lax precision, recall and F1, each 0 to 1."""
        return _ratios(self.test_lax, self.test, self.gold_lax, self.gold)


def score(gold: Iterable[Link], test: Iterable[Link]) -> Score:
    """Score one document.

    >>> score([((0,), (0, 1)), ((1,), (2,))], [((0,), (0,)), ((1,), (1, 2))]).lax
    (1.0, 1.0, 1.0)
    """
    golds, tests = list(gold), list(test)
    test_count, test_strict, test_lax = _right(golds, tests)
    gold_count, gold_strict, gold_lax = _right(_paired(tests), _paired(golds))
    return Score(test_count, test_strict, test_lax, gold_count, gold_strict, gold_lax)


def _paired(beads: Sequence[Link]) -> list[Link]:
    return [(source, target) for source, target in beads if source and target]


def _right(gold: Sequence[Link], test: Sequence[Link]) -> tuple[int, int, int]:
    golds = {bead for bead in gold if bead[0] or bead[1]}
    tests = {bead for bead in test if bead[0] or bead[1]}
    partners: defaultdict[int, set[int]] = defaultdict(set)
    for source, target in golds:
        for sentence in source:
            partners[sentence].update(target)
    strict = len(tests & golds)
    lax = strict + sum(
        any(not partners[sentence].isdisjoint(target) for sentence in source if sentence in partners)
        for source, target in tests - golds
    )
    return len(tests), strict, lax


def _ratios(test_right: int, test: int, gold_right: int, gold: int) -> tuple[float, float, float]:
    precision = test_right / test if test else 0.0
    recall = gold_right / gold if gold else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0
