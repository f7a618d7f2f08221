"""The order of terms: how likely each is to be kept (``glossary.mining.termhood``), and its standing in its nest.

A fragment that occurs in nothing but one longer name or compound never outranks it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from glossary.keys import rendering_key, source_key
from glossary.mining.boundaries import Boundaries
from glossary.mining.pairs import Occurrence, Pair, RankedTerm
from glossary.mining.termhood import is_name, odds


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


def rank(
    occurrences: Iterable[Occurrence], texts: Sequence[str], boundaries: Boundaries | None = None
) -> list[RankedTerm]:
    """Return the terms, best first; without ``boundaries`` nothing is known of the edges of pairs."""
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
    for (source, _), pair in _likeliest(pairs).items():
        if len(pair.occurrences) > 1:
            forms = Counter([item.target for item in pair.occurrences])
            pair.target = min(forms, key=lambda form: (-forms[form], form))
        pair.count = max(counts[source], pair.support)
        if boundaries is not None:
            pair.edges = boundaries.of(pair.best)
        pair.score = odds(pair) * (PLACE_ALONE if pair.best.partial else 1.0)
        if pair.counted:
            pair.score = max(pair.score, COUNTED)
        grouped[source].append(pair)
    _settle_claims([pair for group in grouped.values() for pair in group])
    terms = []
    for source, group in grouped.items():
        group.sort(key=lambda pair: (-pair.score, pair.target))
        terms.append(RankedTerm(source, group, group[0].count, group[0].score))
    terms.sort(key=lambda term: (-term.score, term.source))
    _weigh_nests(terms)
    _put_wholes_first(terms)
    terms.sort(key=lambda term: (-term.score, term.source))
    return terms


BEATEN = 0.15  # what a pair counts whose English answers another Chinese span better wherever it stands
CROSSED = 0.4  # what a pair counts whose Chinese runs into a better term wherever it stands
CLEARLY = 1.5  # by which factor the odds of the other are higher


def _settle_claims(pairs: Sequence[Pair]) -> None:
    """Lower pairs that are beaten in all their places: there the English belongs to another Chinese span, or the
    Chinese runs into a better term, or out of one, and neither holds the other."""
    claims: dict[tuple[int, tuple[int, int]], float] = {}
    for pair in pairs:
        for item in pair.occurrences:
            place = item.unit, item.target_span
            claims[place] = max(claims.get(place, 0.0), pair.score)
    held: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda pair: (-pair.score, pair.source, pair.target)):
        own = pair.score
        if all(claims[item.unit, item.target_span] > CLEARLY * own for item in pair.occurrences):
            pair.score *= BEATEN
        elif all(_crosses(item.source_span, held.get(item.unit, ())) for item in pair.occurrences):
            pair.score *= CROSSED
        elif own >= HOLDING:
            for item in pair.occurrences:
                held[item.unit].append(item.source_span)


HOLDING = 0.16  # odds from which a term holds the places where it stands


def _crosses(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    start, end = span
    return any(left < start < right < end or start < left < end < right for left, right in others)


RENDERINGS = 8  # of a term that are weighed at all


def _likeliest(pairs: Mapping[tuple[str, str], Pair]) -> dict[tuple[str, str], Pair]:
    """Return the pairs without the least answered renderings of each term."""
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for (source, target), pair in pairs.items():
        found[source].append((-sum([max(item.score, 0.0) for item in pair.occurrences]), target))
    kept = {(source, target) for source, group in found.items() for _, target in sorted(group)[:RENDERINGS]}
    return {key: pair for key, pair in pairs.items() if key in kept}


COUNTED = 2.0  # least odds of a numbered coinage with a series of as many members
PLACE_ALONE = 0.1  # the rendering has the place alone: Hong Kong for the people of Hong Kong governing it
VERBAL = frozenset(("d", "ad", "p", "m", "r"))
NAME_EVIDENCE = 0.4  # span score from which a longer name is believed
ENCLOSED = 0.9  # share of its occurrences inside longer names from which a term is a piece of them
CUT_FACTOR = 0.2  # a piece of a name that occurs in nothing else, in either language
HELD_ALONG = "兼"  # between two titles of one person
BEHIND = 0.95  # a term never seen outside a better paired longer one stands behind it


def _put_wholes_first(terms: Sequence[RankedTerm]) -> None:
    """Put every whole before the fragments that occur in nothing else, in either language.

    The whole shares in the evidence of its strongest fragment; the fragment follows it.
    """
    nested = sorted(
        [*_pieces_of_names(terms), *_pieces_of_compounds(terms)],
        key=lambda pair: (len(pair[0].source), pair[0].source, pair[1].source),
    )
    for whole, part in nested:
        if part.score > BEHIND * whole.score:
            whole.score = max(whole.score, math.sqrt(whole.score * part.score))
    for whole, part in reversed(nested):
        part.score = min(part.score, BEHIND * whole.score)


def _pieces_of_names(terms: Sequence[RankedTerm]) -> Iterator[tuple[RankedTerm, RankedTerm]]:
    """Yield names with the terms that never stand outside them, nor their rendering outside the name's; lower these.

    A piece that the dictionary has is a term all the same, unless its rendering stands nowhere but before a noun, and
    so is a title held along with another.
    """
    by_source = {term.source: term for term in terms}
    wholes: defaultdict[str, list[RankedTerm]] = defaultdict(list)
    for term in terms:
        if term.score >= HOLDING and _is_long_name(term.pairs[0]):
            for part in _parts(term, by_source):
                wholes[part.source].append(term)
    for source, names in wholes.items():
        part = by_source[source]
        pair = part.pairs[0]
        around = [
            whole
            for whole in names
            if _within(pair.target, whole.pairs[0].target)
            and not (part.score > whole.score and _padded(pair, whole.pairs[0]))
        ]
        if not around or any(item.quoted for item in pair.occurrences) or _covered(around) < ENCLOSED * part.count:
            continue
        best = max(around, key=lambda whole: (whole.count, whole.score))
        if (any(item.gloss for item in pair.occurrences) and not pair.modifier) or HELD_ALONG in best.source:
            around = [whole for whole in around if whole.count >= ENCLOSED * part.count]
        else:
            part.score *= CUT_FACTOR
            pair.inside = best.source
        yield from ((whole, part) for whole in around)


def _parts(whole: RankedTerm, by_source: Mapping[str, RankedTerm]) -> Iterator[RankedTerm]:
    """Yield the terms of two characters or more inside another."""
    size = len(whole.source)
    for start in range(size):
        for end in range(start + 2, size + (start > 0)):
            part = by_source.get(whole.source[start:end])
            if part is not None:
                yield part


def _covered(wholes: Sequence[RankedTerm]) -> int:
    """Return the number of occurrences of any of the terms, those inside a longer one counted once."""
    own: dict[str, int] = {}
    for term in sorted(wholes, key=lambda term: (-len(term.source), term.source)):
        own[term.source] = max(0, term.count - sum(count for other, count in own.items() if term.source in other))
    return sum(own.values())


def _is_long_name(pair: Pair) -> bool:
    """Tell whether a pair is a believable name of three words or more, and not two names joined."""
    joined = any(mark in pair.source for mark in "和与及、")  # either of which may stand alone
    return is_name(pair) and not joined and len(pair.target.split()) >= 3 and pair.best.score >= NAME_EVIDENCE


BEHIND_NAMES = frozenset(("v", "f", "t", "d", "ad"))  # a verb, a word of place or time, an adverb: 香港数码港|率领


def _padded(part: Pair, whole: Pair) -> bool:
    """Tell whether the longer of two Chinese spans with the same rendering has no more than a word which no name and no
    entry of the dictionary ends with, or one of a single character which none begins with (好|内蒙古自治区)."""
    before, found, after = whole.source.partition(part.source)
    words, tags = whole.best.words, whole.best.tags
    if not found or rendering_key(part.target) != rendering_key(whole.target):
        return False
    if before:
        return not after and len(before) == 1 and words[0] == before and tags[0][0] in "adv"
    return len(after) == len(words[-1]) and tags[-1] in BEHIND_NAMES and not whole.edges.ending


def _within(part: str, whole: str) -> bool:
    """Tell whether a rendering is a run of the words of another, endings of the possessive aside.

    >>> _within("Three-Party Leaders", "Three-Party Leaders’ Meeting")
    True
    """
    one, other = (re.sub(r"'s?(?= |$)", "", rendering_key(text)) for text in (part, whole))
    return f" {one} " in f" {other} "


JOINING = frozenset("的和与及、，为以在是")
COMPOUND_SHAPE = 0.6
COMPOUND_TOKENS = 4  # longer than that, words go together freely


def _pieces_of_compounds(terms: Sequence[RankedTerm]) -> Iterator[tuple[RankedTerm, RankedTerm]]:
    """Yield compounds with the fragments that stand nowhere else."""
    by_source = {term.source: term for term in terms}
    for whole in terms:
        if whole.score >= HOLDING and _is_compound(whole.pairs[0]):
            words = set(rendering_key(whole.pairs[0].target).split())
            for part in _parts(whole, by_source):
                alone = part.count > whole.count or _stands_alone(part.pairs[0])
                if not alone and set(rendering_key(part.pairs[0].target).split()) < words:
                    yield whole, part


def _is_compound(pair: Pair) -> bool:
    """Tell whether nothing but nouns and what qualifies them stands in a pair, in both languages."""
    best = pair.best
    return (
        len(best.tags) <= COMPOUND_TOKENS
        and best.tags[0] not in VERBAL
        and not JOINING & set(pair.source)
        and not any(tag in ("x", "m") for tag in best.tags)
        and (best.tags[-1] != "v" or not is_name(pair))
        and min(best.source_shape, best.target_shape) >= COMPOUND_SHAPE
        and not any((tag[:2] == "VB" and tag != "VBN") or tag in ("MD", "PRP$") for tag in best.target_tags)
    )


def _stands_alone(pair: Pair) -> bool:
    """Tell whether a term is one by other evidence than its words: dictionary, quotation marks, capitals."""
    return any(item.gloss or item.quoted for item in pair.occurrences) or is_name(pair)


# Factors of the odds, set by hand. Set to 1, each costs three gold pairs or fewer in the first 200 rows of three texts
# (benchmarks/shapes.py --constants). In as many rows as with it (490 pairs in 3,380) PADDING and ENCLOSED_ALONE are a
# loss of 2, SELDOM_PADDING of 1 and OVERLAP of 4, but without them lists are longer: without OVERLAP by 3 %.
ENCLOSED_ALONE = 0.62  # a term that stands only in better ones,
ENCLOSED_STANDING = 0.8  # if it is one by other evidence,
MOSTLY_ENCLOSED = 0.8  # and one that stands in them but for a share of ``SELDOM``
SELDOM = 0.3
PADDING = 0.6  # a better term with a word more, each time it stands,
SELDOM_PADDING = 0.7  # less than ``RARELY`` as often,
OFTEN_PADDING = 0.75  # and otherwise
RARELY = 0.34
OVERLAP = 0.7  # what stands once and begins or ends as a better term does that stands once
ACCEPTED = 0.6  # factor above which a term lowers what it holds and what pads it


def _weigh_nests(terms: list[RankedTerm]) -> None:
    """Lower terms that occur only inside better ones, and terms that merely pad a better one."""
    counts = {term.source: term.count for term in terms}
    inside: defaultdict[str, list[str]] = defaultdict(list)
    accepted: set[str] = set()
    heads: set[str] = set()
    tails: set[str] = set()
    for term in terms:
        penalty, reason = 1.0, ""
        standing = _stands_alone(term.pairs[0])
        for whole in inside.get(term.source, ()):
            outside = term.count - counts[whole]
            if outside <= 0:
                reason = whole
                penalty = min(penalty, ENCLOSED_STANDING if standing else ENCLOSED_ALONE)
            elif outside < term.count * SELDOM:
                penalty = min(penalty, MOSTLY_ENCLOSED)
        size = len(term.source)
        for start in range(size):
            for end in range(start + 3, size + 1):
                part = term.source[start:end]
                if part != term.source and part in accepted:
                    if term.count == counts[part]:
                        penalty = min(penalty, PADDING)
                    else:
                        rare = term.count < counts[part] * RARELY
                        penalty = min(penalty, SELDOM_PADDING if rare else OFTEN_PADDING)
        if term.count == 1 and penalty == 1.0:
            overlaps = any(term.source[:k] in tails or term.source[-k:] in heads for k in range(2, size))
            penalty = OVERLAP if overlaps else 1.0
        term.score *= penalty
        term.pairs[0].inside = reason
        if penalty > ACCEPTED:
            accepted.add(term.source)
            for start in range(size):
                for end in range(start + 2, size + 1):
                    part = term.source[start:end]
                    if end - start < size and part in counts:
                        inside[part].append(term.source)
            if term.count == 1:
                for k in range(2, size):
                    heads.add(term.source[:k])
                    tails.add(term.source[-k:])
