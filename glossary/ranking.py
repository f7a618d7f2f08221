"""How much a pair deserves its place: evidence for the pairing, shape, recurrence, and its standing among its nest.

A fragment that occurs only inside a longer term never outranks it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One Chinese span paired with one English span in one unit. Spans are code point ranges of the unit's texts."""

    unit: int
    source: str
    target: str
    source_span: tuple[int, int]
    target_span: tuple[int, int]
    score: float
    source_shape: float
    target_shape: float
    first: bool
    gloss: bool
    tags: tuple[str, ...]
    target_tags: tuple[str, ...]
    quoted: bool = False


@dataclass(slots=True)
class Pair:
    """A Chinese term with one English rendering and all its occurrences."""

    source: str
    target: str
    occurrences: list[Occurrence] = field(default_factory=list)
    count: int = 0
    score: float = 0.0
    penalty: float = 1.0
    penalty_reason: str = ""
    inside: str = ""

    @property
    def best(self) -> Occurrence:
        """The occurrence with the strongest evidence."""
        return max(self.occurrences, key=lambda item: (item.score, -item.unit))

    @property
    def support(self) -> int:
        """In how many places the pair was found."""
        return len({(item.unit, item.source_span) for item in self.occurrences})


@dataclass(slots=True)
class RankedTerm:
    """A Chinese term with its renderings, best first."""

    source: str
    pairs: list[Pair]
    count: int
    score: float


QUOTES: dict[int, str | None] = {0x2019: "'", 0x2018: "'", 0x201C: None, 0x201D: None, 0x22: None}


def rendering_key(text: str) -> str:
    """Return the key under which renderings are one: case, articles and the shape of quotes aside.

    >>> rendering_key("The Party’s leadership")
    "party's leadership"
    """
    plain = text.translate(QUOTES).lower()
    return " ".join(word for word in plain.split() if word not in ("the", "a", "an"))


def source_key(text: str) -> str:
    """Return Chinese text without quotation marks and spaces."""
    return text.translate(str.maketrans(dict.fromkeys('“”‘’「」『』" \u3000')))


def count_terms(terms: Iterable[str], texts: Sequence[str]) -> Counter[str]:
    """Count the occurrences of each term in the texts, quotation marks aside, overlapping ones included."""
    wanted = set(terms)
    longest = max(map(len, wanted), default=0)
    starts: defaultdict[str, set[int]] = defaultdict(set)
    for term in wanted:
        starts[term[:2]].add(len(term))
    lengths = {head: sorted(sizes) for head, sizes in starts.items()}
    counts: Counter[str] = Counter()
    for text in texts:
        plain = source_key(text)
        for place in range(len(plain)):
            for size in lengths.get(plain[place : place + 2], ()):
                if size > longest or place + size > len(plain):
                    break
                piece = plain[place : place + size]
                if piece in wanted:
                    counts[piece] += 1
    return counts


def rank(occurrences: Iterable[Occurrence], texts: Sequence[str]) -> list[RankedTerm]:
    """Return the terms, best first."""
    pairs: dict[tuple[str, str], Pair] = {}
    for item in occurrences:
        key = (item.source, rendering_key(item.target))
        if not key[1]:
            continue
        pair = pairs.get(key)
        if pair is None:
            pair = pairs[key] = Pair(item.source, item.target)
        pair.occurrences.append(item)
    counts = count_terms({source for source, _ in pairs}, texts)
    grouped: defaultdict[str, list[Pair]] = defaultdict(list)
    for (source, _), pair in pairs.items():
        forms = Counter(item.target for item in pair.occurrences)
        pair.target = min(forms, key=lambda form: (-forms[form], form))
        pair.count = max(counts[source], pair.support)
        pair.score = _score(pair)
        grouped[source].append(pair)
    terms = []
    for source, group in grouped.items():
        group.sort(key=lambda pair: (-pair.score, pair.target))
        terms.append(RankedTerm(source, group, group[0].count, group[0].score))
    terms.sort(key=lambda term: (-term.score, term.source))
    _weigh_nests(terms)
    terms.sort(key=lambda term: (-term.score, term.source))
    return terms


def _score(pair: Pair) -> float:
    items = pair.occurrences
    number = len(items)
    best = max(item.score for item in items)
    evidence = best * 0.6 + 0.4 * sum(item.score for item in items) / number
    shape = max(item.source_shape for item in items)
    mean_shape = sum(item.source_shape for item in items) / number
    termhood = shape**1.5 * max(item.target_shape for item in items)
    if any(item.gloss for item in items) and ((len(pair.source) >= 3 and " " in pair.target) or len(pair.source) >= 4):
        termhood *= 1.35
    share = number / max(pair.count, 1)
    score = min(1.0, max(evidence, 0.0)) ** 0.6 * termhood * (1 + 0.35 * math.log2(number))
    return float(score) * (0.5 + 0.5 * min(1.0, share * 1.5)) * (0.6 + 0.4 * mean_shape / max(shape, 1e-9))


def _weigh_nests(terms: list[RankedTerm]) -> None:
    """Lower terms that occur only inside better ones, and terms that merely pad a better one."""
    counts = {term.source: term.count for term in terms}
    inside: defaultdict[str, list[str]] = defaultdict(list)
    accepted: set[str] = set()
    heads: set[str] = set()
    tails: set[str] = set()
    for term in terms:
        penalty, reason = 1.0, ""
        for whole in inside.get(term.source, ()):
            outside = term.count - counts[whole]
            if outside <= 0 and penalty > 0.62:
                penalty, reason = 0.62, whole
            elif outside < term.count * 0.3:
                penalty = min(penalty, 0.8)
        size = len(term.source)
        for start in range(size):
            for end in range(start + 3, size + 1):
                part = term.source[start:end]
                if part != term.source and part in accepted:
                    if term.count == counts[part]:
                        penalty = min(penalty, 0.6)
                    else:
                        penalty = min(penalty, 0.7 if term.count < counts[part] * 0.34 else 0.75)
        overlaps = any(term.source[:k] in tails or term.source[-k:] in heads for k in range(2, size))
        if term.count == 1 and penalty == 1.0 and overlaps:
            penalty = 0.7
        term.score *= penalty
        term.pairs[0].inside = reason
        if penalty > 0.6:
            accepted.add(term.source)
            for start in range(size):
                for end in range(start + 2, size + 1):
                    if end - start < size:
                        inside[term.source[start:end]].append(term.source)
            if term.count == 1:
                for k in range(2, size):
                    heads.add(term.source[:k])
                    tails.add(term.source[-k:])
