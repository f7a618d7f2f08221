"""Which stretches of both languages recur together, whatever their words mean: counts of spans over units.

A Chinese and an English span that stand in the same units, and hardly anywhere else, answer each other even where no
dictionary knows a word of them: 助理总裁 and executive director. What always has the same neighbour is a piece of
something longer.

References:
    Dunning (1993), Accurate Methods for the Statistics of Surprise and Coincidence, for the log-likelihood ratio.
    Feng et al. (2004), Accessor Variety Criteria for Chinese Word Extraction, for the neighbours of a span.
    Departure: the share of the commonest neighbour stands for the number of different ones, which grows with the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from glossary.mining.candidates import Spans, source_spans, target_spans
from glossary.mining.linking import TokenizedUnit
from glossary.words.tokens import Token

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

BASE = np.uint64(0x9E3779B97F4A7C15)  # odd; spans are known by polynomials of their signs modulo 2 to the 64th
INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
SIGNIFICANT = 10.83  # log-likelihood ratio of chance one in a thousand, one degree of freedom
SHARE = 0.2  # of the units of the Chinese span in which the English one stands at least
ANSWERS = 12  # English spans kept for a Chinese one
ROWS = 1024  # Chinese spans multiplied out at once
DAMPING = 1.0  # joint units after which the association counts half
BOUND_DAMPING = 1.0  # places added without a neighbour: that two places share theirs says little
ARTICLES = frozenset(("the", "a", "an"))
EDGE = 0  # the neighbour of a span that begins or ends a stretch between marks


@dataclass(frozen=True, slots=True)
class Recurring:
    """The spans of one language that stand in two units or more: their hashes in order, in how many units they stand,
    and ``bound``, the share of their places in which the commonest neighbour stands beside them (0 to 1)."""

    hashes: Hashes
    units: Integers
    bound: npt.NDArray[np.float32]

    def numbers(self, hashes: Hashes) -> Integers:
        """Return the numbers of the spans with these hashes; -1 for those that do not recur."""
        if not len(self.hashes):
            return np.full(len(hashes), -1, np.int64)
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[places] == hashes, places, -1)


@dataclass(frozen=True, slots=True)
class Cooccurrence:
    """The recurring spans of both languages and how strongly they go together (0 to 1), row by row of the Chinese.

    Row ``k`` has the English spans ``columns[starts[k]:starts[k + 1]]``, in order, with ``values``.
    """

    source: Recurring
    target: Recurring
    starts: Integers
    columns: Integers
    values: npt.NDArray[np.float32]

    def of(self, unit: TokenizedUnit, source: Spans, target: Spans) -> Joint:
        """Return what is known of the spans of a unit."""
        lines = self.source.numbers(source_hashes(unit.source, source))
        columns = self.target.numbers(target_hashes(unit.target, target))
        order = np.argsort(columns, kind="stable")
        sorted_columns = columns[order]
        recurring = np.flatnonzero(lines >= 0)
        rows, inside = _ranges(recurring, self.starts[lines[recurring]], self.starts[lines[recurring] + 1])
        wanted = self.columns[inside]
        first, last = (np.searchsorted(sorted_columns, wanted, side) for side in ("left", "right"))
        found, places = _ranges(np.arange(len(wanted)), first, last)
        return Joint(
            np.where(lines >= 0, self.source.bound[lines] if len(self.source.bound) else 0, 0).astype(np.float32),
            np.where(columns >= 0, self.target.bound[columns] if len(self.target.bound) else 0, 0).astype(np.float32),
            np.where(lines >= 0, self.source.units[lines] if len(self.source.units) else 1, 1),
            np.where(columns >= 0, self.target.units[columns] if len(self.target.units) else 1, 1),
            rows[found],
            order[places],
            self.values[inside[found]],
        )


def _ranges(names: Integers, first: Integers, last: Integers) -> tuple[Integers, Integers]:
    """Return the numbers of all half-open ranges one after the other, and beside each the name of its range."""
    sizes = last - first
    before = np.cumsum(sizes) - sizes
    return np.repeat(names, sizes), np.arange(sizes.sum()) + np.repeat(first - before, sizes)


@dataclass(frozen=True, slots=True)
class Joint:
    """What co-occurrence says of the spans of one unit.

    ``source_bound``, ``target_bound`` and the numbers of units are one for each span; ``rows``, ``columns`` and
    ``values`` are the pairs that go together.
    """

    source_bound: npt.NDArray[np.float32]
    target_bound: npt.NDArray[np.float32]
    source_units: Integers
    target_units: Integers
    rows: Integers
    columns: Integers
    values: npt.NDArray[np.float32]


def learn(units: Sequence[TokenizedUnit]) -> Cooccurrence:
    """Count the spans of the units and tell which go together."""
    source, source_rows = _recurring(
        (source_hashes(unit.source, spans), _neighbours(unit.source, spans))
        for unit in units
        for spans in [source_spans(unit)]
    )
    target, target_rows = _recurring(
        (target_hashes(unit.target, spans), _neighbours(unit.target, spans))
        for unit in units
        for spans in [target_spans(unit)]
    )
    chinese = sparse.csr_array(
        (np.ones(len(source_rows[0]), np.float32), source_rows), shape=(len(source.hashes), len(units))
    )
    english = sparse.csr_array(
        (np.ones(len(target_rows[0]), np.float32), target_rows), shape=(len(target.hashes), len(units))
    ).T.tocsr()
    starts: list[Integers] = [np.zeros(1, np.int64)]
    columns: list[Integers] = [np.zeros(0, np.int64)]
    values: list[npt.NDArray[np.float32]] = [np.zeros(0, np.float32)]
    for first in range(0, chinese.shape[0], ROWS):
        row, column, strength = _strongest(chinese[first : first + ROWS] @ english, first, source, target, len(units))
        size = min(ROWS, chinese.shape[0] - first)
        starts.append(starts[-1][-1] + np.searchsorted(row, np.arange(1, size + 1)))
        columns.append(column)
        values.append(strength.astype(np.float32))
    return Cooccurrence(source, target, np.concatenate(starts), np.concatenate(columns), np.concatenate(values))


def _strongest(
    counts: sparse.csr_array, first: int, source: Recurring, target: Recurring, total: int
) -> tuple[Integers, Integers, Floats]:
    """Return for each row of a block of counts the columns that go with it most surely, in order, and how strongly."""
    block = counts.tocoo()
    both = block.data.astype(np.float64)
    often = (both >= 2) & (both >= SHARE * source.units[first + block.row])
    row, column, both = block.row[often].astype(np.int64), block.col[often].astype(np.int64), both[often]
    here, there = source.units[first + row].astype(np.float64), target.units[column].astype(np.float64)
    sure = log_likelihood(both, here, there, total) >= SIGNIFICANT
    strength = (both / np.sqrt(here * there) * both / (both + DAMPING))[sure]
    row, column = row[sure], column[sure]
    order = np.lexsort((column, -strength, row))
    row, column, strength = row[order], column[order], strength[order]
    kept = np.arange(len(row)) - np.searchsorted(row, row) < ANSWERS
    return row[kept], column[kept], strength[kept]


def log_likelihood(both: Floats, one: Floats, other: Floats, total: int) -> Floats:
    """Return the log-likelihood ratio of standing together in ``both`` of ``total`` units by chance.

    >>> round(float(log_likelihood(np.array([2.0]), np.array([2.0]), np.array([2.0]), 100)[0]), 2)
    19.61
    """
    cells = ((both, one, other), (one - both, one, total - other), (other - both, total - one, other))
    ratio = np.zeros(len(both))
    for seen, row, column in (*cells, (total - one - other + both, total - one, total - other)):
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio += np.where(seen > 0, seen * np.log(seen * total / (row * column)), 0.0)
    return np.asarray(2 * ratio)


def _recurring(units: Iterable[tuple[Hashes, tuple[Hashes, Hashes]]]) -> tuple[Recurring, tuple[Integers, Integers]]:
    """Return the spans that stand in two units or more, and for each the units, as two arrays of equal length."""
    hashes, beside, numbers = [np.zeros(0, np.uint64)], [np.zeros((2, 0), np.uint64)], [np.zeros(0, np.int64)]
    for number, (found, neighbours) in enumerate(units):
        hashes.append(found)
        beside.append(np.stack(neighbours))
        numbers.append(np.full(len(found), number, np.int64))
    every, place, places = np.unique(np.concatenate(hashes), return_inverse=True, return_counts=True)
    unit = np.concatenate(numbers)
    again = places[place] >= 2
    place, unit, around = place[again], unit[again], np.concatenate(beside, axis=1)[:, again]
    once = np.unique(place * (unit.max(initial=0) + 1) + unit)
    row, column = once // (unit.max(initial=0) + 1), once % (unit.max(initial=0) + 1)
    units_of = np.bincount(row, minlength=len(every))
    kept = np.flatnonzero(units_of >= 2)
    bound = np.maximum(*(_commonest(place, side, len(every)) for side in around)) / (places + BOUND_DAMPING)
    renumbered = np.full(len(every), -1, np.int64)
    renumbered[kept] = np.arange(len(kept))
    inside = renumbered[row] >= 0
    recurring = Recurring(every[kept], units_of[kept], bound[kept].astype(np.float32))
    return recurring, (renumbered[row[inside]], column[inside])


def _commonest(place: Integers, neighbour: Hashes, number: int) -> Integers:
    """Return for each span how often its commonest neighbour stands beside it; marks are no neighbours."""
    result = np.zeros(number, np.int64)
    words = neighbour != EDGE
    if not words.any():
        return result
    order = np.lexsort((neighbour[words], place[words]))
    span, beside = place[words][order], neighbour[words][order]
    first = np.flatnonzero(np.concatenate([[True], (span[1:] != span[:-1]) | (beside[1:] != beside[:-1])]))
    np.maximum.at(result, span[first], np.diff(np.append(first, len(span))))
    return result


def source_hashes(tokens: Sequence[Token], spans: Spans) -> Hashes:
    """Return a number for the text of each Chinese span, quotation marks aside, however it is cut into words."""
    return _span_hashes(["" if token.key in '“”‘’"' else token.key for token in tokens], spans)


def target_hashes(tokens: Sequence[Token], spans: Spans) -> Hashes:
    """Return a number for the stems of each English span, articles and marks aside."""
    return _span_hashes(
        ["" if token.tag == "PUNCT" or token.lower in ARTICLES else f"{token.key} " for token in tokens], spans
    )


def _span_hashes(parts: Sequence[str], spans: Spans) -> Hashes:
    ends = np.cumsum([0, *map(len, parts)])
    signs = np.array([ord(sign) for sign in "".join(parts)], np.uint64)
    sums = np.zeros(len(signs) + 1, np.uint64)
    np.cumsum(signs * _powers(BASE, len(signs)), out=sums[1:])
    first, last = ends[spans.starts], ends[spans.ends]
    return np.asarray((sums[last] - sums[first]) * _powers(INVERSE, len(signs) + 1)[first])


def _powers(base: np.uint64, number: int) -> Hashes:
    powers = np.full(number, base, np.uint64)
    powers[:1] = 1
    return np.multiply.accumulate(powers)


def _neighbours(tokens: Sequence[Token], spans: Spans) -> tuple[Hashes, Hashes]:
    """Return the words before and after each span as numbers; 0 where a mark, a function word or nothing stands."""
    words = np.array([EDGE, *map(_sign, tokens), EDGE], np.uint64)
    return words[spans.starts], words[spans.ends + 1]


def _sign(token: Token) -> int:
    if not token.content:
        return EDGE
    number = 7
    for sign in token.key:
        number = (number * 1_000_003 + ord(sign)) & 0xFFFFFFFFFFFF
    return number
