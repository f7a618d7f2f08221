"""Which stretch of the translation answers a stretch of the source.

Every Chinese span is scored against every English span of the unit: the mass that links them, less the mass that
leaks out of either, less words without any counterpart, less penalties for English edges no term has. Everything is
a sum over words, so all scores of a unit come out of a few array operations.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from glossary.mining.candidates import AFTER_NOUN, MAY_START, Spans, goes_on, name_runs, quoted
from glossary.mining.linking import Links, TokenizedUnit
from glossary.words.tags import MODIFIERS, NOMINAL, TAGS
from glossary.words.tokens import Token, lemma

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# English determiners that are a part of the term where one of these characters is: no one left behind, both sides.
DETERMINED = {"no": frozenset("不没无"), "both": frozenset("两双"), "all": frozenset("全各")}
FOR_ALL = frozenset(("人类", "全人类", "全民", "人人"))
OWN = 0.15  # link strength from which a plain noun after the span belongs to its compound
CLAIM = 0.4  # link strength from which a word outside the span owns a word of the name


TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS, 1)}  # 0 stands for no word at all


def _tag_class(*tags: str) -> npt.NDArray[np.bool_]:
    return np.array([False, *(tag in tags for tag in TAGS)])


FINITE_STARTS = _tag_class("VB", "VBP", "VBZ", "VBD", "MD", "IN", "CC", "TO")
VERBS = _tag_class("VB", "VBP", "VBZ", "VBD", "VBG")
GERUNDS = _tag_class("VBG")
PARTICIPLES = _tag_class("VBN")
ADJECTIVES = _tag_class("JJ")
QUALIFIERS = _tag_class("JJ", "VBN")
ADVERBS = _tag_class("RB", "RBR")
FIGURES = _tag_class("CD")
BEFORE_FIGURES = _tag_class("IN", "DT")
NOUNS = _tag_class(*NOMINAL)
NOUN_MODIFIERS = _tag_class(*MODIFIERS)


@dataclass(frozen=True, slots=True)
class PairingOptions:
    """Weights of the span score. All are shares of the score of a perfectly linked pair, which is 1."""

    leak: float = 1.5  # mass linked to words outside the other span
    source_gap: float = 0.35  # a Chinese word without any counterpart
    target_gap: float = 0.35  # an English word without any counterpart
    gap_pair: float = 0.35  # gaps on both sides may answer each other
    length: float = 0.15  # for each unit of log length ratio beyond 0.6
    function_word: float = 0.02
    repeated: float = 0.15  # how much the nearer one of two equal words counts more
    finite_start: float = 0.22
    gerund_start: float = 0.12
    bad_end: float = 0.25
    cut_right: float = 0.25
    cut_left: float = 0.15
    cut_name: float = 0.25
    cut_possessive: float = 0.05
    clause_inside: float = 0.12
    comma: float = 0.08
    quotation: float = 0.2  # bonus where both sides stand between quotation marks
    verb_relief: float = 0.8  # share of the penalty for a verb in front given back if the Chinese has one too
    unlinked_name: float = 0.3  # weight of a word without counterpart inside a longer name


def span_scores(unit: TokenizedUnit, links: Links, source: Spans, target: Spans, options: PairingOptions) -> Floats:
    """Return the score of every pair of spans, source by target; 1 is perfect, below 0 is no pair."""
    source_weight = np.array([float(token.content) for token in unit.source])
    target_content = np.array([float(token.content) for token in unit.target])
    runs = name_runs(unit.target)
    tags = np.array([TAG_NUMBERS[token.tag] for token in unit.target])
    mass = links.backward.sum(axis=0)
    target_weight = _weights_in_names(target_content, runs, mass, options)
    source_in, source_leak, source_gap = _inside_and_leak(
        links.forward, source_weight, _identities(unit.target), source, target, options.repeated
    )
    target_in, target_leak, target_gap = _inside_and_leak(
        links.backward.T, target_weight, _identities(unit.source), target, source, options.repeated
    )
    target_in, target_leak = target_in.T, target_leak.T
    source_size = _range_sums(source_weight, source)[:, None]
    target_size = _range_sums(target_weight, target)[None, :]
    source_gap, target_gap = source_gap[:, None], target_gap[None, :]
    both = np.minimum(source_gap, target_gap)
    score = source_in + target_in - options.leak * (source_leak + target_leak)
    score -= (
        options.source_gap * (source_gap - both) + options.target_gap * (target_gap - both) - options.gap_pair * both
    )
    score /= np.maximum(source_size + target_size, 1e-9)
    begins = np.array([token.start for token in unit.source])
    ends = np.array([token.end for token in unit.source])
    characters = ends[source.ends - 1] - begins[source.starts]
    score -= options.length * _length_excess(characters, _range_sums(target_content, target))
    score -= options.function_word * _range_sums(1 - target_content, target)[None, :]
    source_quotes = _between_quotes(unit.source, source)
    target_quotes = _between_quotes(unit.target, target)
    if source_quotes.any() and target_quotes.any():
        score += options.quotation * source_quotes[:, None] * target_quotes[None, :]
    relieved, relief = _verb_relief(unit, tags, source, target, options)
    score[relieved] += relief
    score -= _edge_penalties(unit.target, tags, target, runs, mass * target_content, target_quotes > 0, options)[
        None, :
    ]
    return np.round(score, 5)


def _weights_in_names(weight: Floats, runs: npt.NDArray[np.int64], mass: Floats, options: PairingOptions) -> Floats:
    """Let words of a longer name that have no counterpart weigh less: names are often longer in English."""
    sizes = Counter(int(run) for run in runs if run >= 0)
    longer = np.array([run >= 0 and sizes[int(run)] >= 2 for run in runs], bool)
    lighter = weight * (options.unlinked_name + (1 - options.unlinked_name) * mass)
    return np.asarray(np.where(longer & (mass < 0.5), lighter, weight))


def _identities(tokens: Sequence[Token]) -> npt.NDArray[np.int64]:
    """Number tokens so that equal content words share a number."""
    numbers: dict[str, int] = {}
    return np.array(
        [
            numbers.setdefault(token.key if token.content else f"\0{place}", len(numbers))
            for place, token in enumerate(tokens)
        ],
        np.int64,
    )


def _range_sums(values: Floats, spans: Spans) -> Floats:
    table: Floats = np.concatenate([[0.0], np.cumsum(values)])
    return table[spans.ends] - table[spans.starts]


def _inside_and_leak(
    mass: Floats, weight: Floats, identity: npt.NDArray[np.int64], own: Spans, other: Spans, repeated: float
) -> tuple[Floats, Floats, Floats]:
    """Sum, for every own span and other span, the mass linked inside and the mass leaking out; and own gaps.

    ``mass`` is own words by other words. Equal words of the other side count once, wherever they stand, so that a
    term repeated in the sentence is not held against either occurrence.
    """
    size, width = mass.shape
    previous = np.full(width, -1)  # where an equal word last stood
    last: dict[int, int] = {}
    for place, number in enumerate(identity.tolist()):
        previous[place] = last.get(number, -1)
        last[number] = place
    again = np.flatnonzero(previous >= 0)
    if len(again):
        same = (identity[:, None] == identity[None, :]).astype(np.float64)
        grouped = (1 - repeated) * (mass @ same) + repeated * mass
    else:
        grouped = mass
    running = np.zeros((width + 1, size))
    np.cumsum(grouped.T, axis=0, out=running[1:])
    linked = running[other.ends] - running[other.starts]
    if len(again):
        twice = (other.starts[:, None] <= previous[again]) & (other.ends[:, None] > again)
        linked -= twice.astype(np.float64) @ grouped.T[again]
    total = mass.sum(axis=1)
    linked = np.minimum(linked, total)
    table = np.zeros((size + 1, len(other)))
    np.cumsum((linked * weight).T, axis=0, out=table[1:])
    inside = table[own.ends] - table[own.starts]
    leak = _range_sums(total * weight, own)[:, None] - inside
    return inside, leak, _range_sums((1 - total) * weight, own)


def _between_quotes(tokens: Sequence[Token], spans: Spans) -> Floats:
    exact = set(quoted(tokens))
    if not exact:
        return np.zeros(len(spans))
    return np.array([float((int(s), int(e)) in exact) for s, e in zip(spans.starts, spans.ends, strict=True)])


def _edge_penalties(
    tokens: Sequence[Token],
    tags: Integers,
    spans: Spans,
    runs: npt.NDArray[np.int64],
    mass: Floats,
    exact_quote: npt.NDArray[np.bool_],
    options: PairingOptions,
) -> Floats:
    """Return what each English span loses for beginning or ending where no term does, or for cutting a compound."""
    starts, ends = spans.starts, spans.ends
    longer = ends - starts > 1
    openings, closings = _edge_tables(options)
    last = tags[ends - 1]
    penalty = openings[tags[starts], np.where(longer, tags[np.minimum(starts + 1, len(tags) - 1)], 0)]
    closing = closings[last, np.where(longer, tags[ends - 2], 0)]
    after_noun = [token.lower in AFTER_NOUN for token in tokens]
    if any(after_noun):
        closing[np.array(after_noun)[ends - 1] & longer] = 0.0
    penalty += closing
    left, right = _cut_penalties(tokens, runs, mass, options)
    penalty += left[starts] + right[ends]
    penalty += _clause_penalties(tokens, tags, spans, options)
    commas = np.array([token.text == "," for token in tokens], float)
    quotes = quoted(tokens)
    crossing = np.zeros(len(spans))
    for opened, closed in quotes:
        over_open = (starts < opened - 1) & (ends > opened) & (ends <= closed)
        shorter = (starts >= opened) & (starts < closed) & (ends < closed)
        over_close = (starts > opened) & (starts < closed)
        crossing = np.maximum(crossing, 0.08 * (over_open | shorter | over_close))
    dated = np.array(
        [k > 0 and token.text in MONTHS and tokens[k - 1].lower in ("in", "on", "of") for k, token in enumerate(tokens)]
    )
    if dated.any():
        penalty = penalty + options.bad_end * (dated[ends - 1] & longer)
    plain = penalty + options.comma * _range_sums(commas, spans) + crossing
    return np.where(exact_quote, np.minimum(penalty, 0.05) - 0.08, plain)


MONTHS = frozenset(calendar.month_name[1:])


def _length_excess(characters: Integers, words: Floats) -> Floats:
    """Return by how much the logarithm of each ratio of lengths is beyond 0.6; few lengths differ."""
    heights, rows = np.unique(characters, return_inverse=True)
    widths, columns = np.unique(words, return_inverse=True)
    ratio = np.abs(np.log((widths[None, :] + 0.5) / (0.55 * heights[:, None] + 0.5)))
    return np.asarray(np.maximum(ratio - 0.6, 0)[rows][:, columns])


def _verb_relief(
    unit: TokenizedUnit, tags: Integers, source: Spans, target: Spans, options: PairingOptions
) -> tuple[Integers, Floats]:
    """Return the Chinese spans that begin with a verb, and what each English one then gets back for beginning so."""
    opens = np.array([token.tag in ("v", "vn") or token.key in MAY_START for token in unit.source])
    relieved = opens[source.starts] & (source.ends - source.starts > 1)
    relief = options.verb_relief * np.where(GERUNDS, options.gerund_start, options.finite_start * VERBS)
    return np.flatnonzero(relieved), relief[tags[target.starts]]


def complete_name(
    unit: TokenizedUnit, links: Links, runs: npt.NDArray[np.int64], source: tuple[int, int], target: tuple[int, int]
) -> tuple[int, int]:
    """Widen an English span that cuts a capitalised name, if nothing outside the Chinese span answers the rest.

    Import Expo becomes China International Import Expo; Xi Jinping does not become President Xi Jinping where 主席
    answers the title.
    """
    start, end = target

    def free(first: int, last: int) -> bool:
        return all(claimed[place] < CLAIM for place in range(first, last) if unit.target[place].content)

    def joined(place: int) -> bool:
        """Tell whether the word at ``place`` is a plain noun and goes on the compound before it."""
        before, here = unit.target[place - 1], unit.target[place]
        return (
            here.tag in ("NN", "NNS")
            and before.tag in ("NN", "JJ")
            and here.start - before.end == 1
            and runs[place] < 0
            and runs[place - 1] < 0
        )

    start = _with_its_opening(unit, source, start, end)
    end = _with_its_ending(unit, source, end)
    cut_right = end < len(unit.target) and end - start > 1 and joined(end)
    cut_left = start > 0 and joined(start)
    if not cut_right and not cut_left and runs[start] < 0 and runs[end - 1] < 0:
        return start, end
    inside = slice(*source)
    own = links.mutual[inside].max(axis=0, initial=0.0)
    claimed = np.maximum(
        links.mutual[: source[0]].max(axis=0, initial=0.0), links.mutual[source[1] :].max(axis=0, initial=0.0)
    )
    if cut_right and free(end, end + 1):
        end += own[end] >= OWN or unit.target[end - 1].tag == "JJ"
    if cut_left and free(start - 1, start) and own[start - 1] >= CLAIM:
        start -= 1
    if runs[start] >= 0:
        left = start
        while left > 0 and runs[left - 1] == runs[start]:
            left -= 1
        if left < start and free(left, start):
            start = left
    if runs[end - 1] >= 0:
        right = end
        while right < len(runs) and runs[right] == runs[end - 1]:
            right += 1
        if right > end and free(end, right):
            end = right
        compound = source[1] - source[0] > 1 and not goes_on(unit.source, source[1])
        if compound and end < len(unit.target) and _heads_name(unit, end):
            end += free(end, end + 1)
    return start, end


NUMERALS = {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)} | {
    "两": 2,
    "双": 2,
}
COUNTING = re.compile(
    f"(?:[{''.join(NUMERALS)}][个大项条种次]?[^{''.join(NUMERALS)}、，年月日度倍成万亿千百]{{1,2}}){{1,3}}"
)
QUOTATION_MARKS = "“”‘’"
FEWEST_MEMBERS = 3  # two things stand side by side anywhere


def whole_series(unit: TokenizedUnit, source: tuple[int, int], target: tuple[int, int]) -> tuple[int, int] | None:
    """Return the series around an English span if it has as many members as a numbered coinage counts, or None.

    四风 (four winds), paired with hedonism, is paired with formalism, bureaucratism, hedonism, and extravagance.
    """
    text = "".join(token.key for token in unit.source[slice(*source)] if token.key not in QUOTATION_MARKS)
    number = sum(NUMERALS.get(sign, 0) for sign in text) if COUNTING.fullmatch(text) else 0
    if number < FEWEST_MEMBERS:
        return None
    start, before = _members(unit.target, target[0] - 1, -1)
    end, behind = _members(unit.target, target[1], 1)
    inside = sum(_separates(unit.target, place) for place in range(*target))
    if before + inside + behind + 1 != number or not _is_series(unit.target, start + 1, end):
        return None
    first, *others = [start + 1, *(place + 1 for place in range(start + 1, end) if _separates(unit.target, place))]
    verbs = [unit.target[place + (unit.target[place].tag == "CC")].tag[:2] == "VB" for place in others]
    return first + (unit.target[first].tag[:2] == "VB" and not any(verbs)), end  # address formalism, hedonism, ...


def _members(tokens: Sequence[Token], place: int, step: int) -> tuple[int, int]:
    """Return the place behind the last member of a series in one direction, and how many separators stand before it."""
    found = passed = 0
    last = place
    while 0 <= place < len(tokens):
        if tokens[place].tag in MODIFIERS or (step > 0 and tokens[place].lower == "of"):
            last, found = place + step, passed
        elif _separates(tokens, place):
            passed += 1
        elif tokens[place].tag != "CC":
            break
        place += step
    return last, found


def _is_series(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Tell whether the members of a series are no clauses and stand apart by commas, the last by "and" or "or"."""
    joints = [place for place in range(start, end) if _separates(tokens, place)]
    conjunctions = [place for place in range(start, end) if tokens[place].tag == "CC"]
    clause = any(token.tag in ("VBD", "VBP", "MD") for token in tokens[start:end])
    return not clause and len(conjunctions) == 1 and joints[-1] <= conjunctions[0] <= joints[-1] + 1


def _separates(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a comma, or an "and" or "or" without one, stands between two members of a series."""
    return tokens[place].text == "," or (tokens[place].tag == "CC" and place > 0 and tokens[place - 1].text != ",")


def _heads_name(unit: TokenizedUnit, place: int) -> bool:
    """Tell whether a plain noun ends a phrase that a name begins: Tianwen-1 Mars mission."""
    before, here = unit.target[place - 1], unit.target[place]
    ends = place + 1 == len(unit.target) or unit.target[place + 1].tag not in (*MODIFIERS, "DT")
    return here.tag in ("NN", "NNS") and here.content and here.start - before.end == 1 and ends


def _with_its_opening(unit: TokenizedUnit, source: tuple[int, int], start: int, end: int) -> int:
    """Return where an English span begins with the verb of put ... first and the determiner its Chinese answers."""
    if unit.target[end - 1].lower == "first" and end - start > 1:
        verb = start - 1 - (start > 1 and unit.target[start - 1].tag == "DT")
        if verb >= 0 and lemma(unit.target[verb].text) in ("put", "place"):
            return verb
    characters = DETERMINED.get(unit.target[start - 1].lower, frozenset()) if start else frozenset()
    if not characters:
        return start
    return start - any(characters & set(token.key) for token in unit.source[source[0] : source[1]])


def _with_its_ending(unit: TokenizedUnit, source: tuple[int, int], end: int) -> int:
    """Return where an English span ends with the for all that people in the Chinese answer: 全民健康 health for all."""
    if end == len(unit.target) or unit.target[end].text[0] not in "fF":
        return end
    after = unit.target[end : end + 3]
    if [token.lower for token in after[:2]] == ["for", "all"] and all(token.tag == "PUNCT" for token in after[2:]):
        return end + 2 * any(token.key in FOR_ALL for token in unit.source[source[0] : source[1]])
    return end


@lru_cache(maxsize=8)
def _edge_tables(options: PairingOptions) -> tuple[Floats, Floats]:
    """Return what an English span loses by its first two tags, and by its last and the one before, as numbers.

    The second index is 0 for a span of one word.
    """
    here, beside = np.meshgrid(np.arange(len(TAGS) + 1), np.arange(len(TAGS) + 1), indexing="ij")
    opening: Floats = np.asarray(options.finite_start * FINITE_STARTS[here], np.float64)
    opening += options.gerund_start * (GERUNDS[here] & ~NOUNS[beside])
    opening += options.finite_start * (PARTICIPLES[here] & ~NOUN_MODIFIERS[beside])
    opening += ADVERBS[here] * np.where(QUALIFIERS[beside], 0.05, options.finite_start)
    longer = beside > 0
    closing: Floats = np.full(here.shape, options.bad_end)
    closing[ADJECTIVES[here] & ~longer] = 0.6 * options.bad_end
    closing[GERUNDS[here]] = 0.05
    closing[NOUNS[here] | (FIGURES[here] & longer)] = 0.0
    closing += options.bad_end * (FIGURES[here] & BEFORE_FIGURES[beside])  # experience in ten
    closing += 0.6 * options.clause_inside * (GERUNDS[here] & NOUNS[beside])
    return opening, closing


def _cut_penalties(
    tokens: Sequence[Token], runs: npt.NDArray[np.int64], mass: Floats, options: PairingOptions
) -> tuple[Floats, Floats]:
    """Return the penalty of beginning at each token, and of ending before each token."""
    size = len(tokens)
    left, right = np.zeros(size), np.zeros(size + 1)
    for place in range(1, size):
        before, here = tokens[place - 1], tokens[place]
        touching = here.start - before.end <= 1
        linked = min(float(mass[place - 1]), 1.0)
        if touching and before.tag in MODIFIERS and here.tag in NOMINAL:
            right[place] += options.cut_right * (1 - 0.6 * linked)
        if touching and before.tag in ("JJ", "VBN", "VBG", "CD") and here.tag in ("JJ", "VBG", "VBN"):
            right[place] += options.cut_right * 0.5
        if here.tag == "POS" and before.tag in NOMINAL:
            right[place] += options.cut_possessive
        if touching and before.tag in ("JJ", "JJR", "JJS", "NN", "NNP", "CD", "VBN") and (here.tag in MODIFIERS):
            left[place] += options.cut_left * (1 - linked)
        if before.tag == "POS":
            left[place] += options.cut_left * 0.5 * (1 - min(float(mass[place - 2]) if place > 1 else 0.0, 1.0))
        if touching and before.tag == "RB" and here.tag in ("JJ", "VBN"):
            left[place] += options.cut_left * (1 - linked)
        if runs[place] >= 0 and runs[place] == runs[place - 1]:
            back = place - 1 if before.content else max(place - 2, 0)
            ahead = place if here.content else min(place + 1, size - 1)
            left[place] += options.cut_name * (1 - min(float(mass[back]), 1.0))
            right[place] += options.cut_name * (1 - min(float(mass[ahead]), 1.0))
    return left, right


def _clause_penalties(tokens: Sequence[Token], tags: Integers, spans: Spans, options: PairingOptions) -> Floats:
    """Penalise finite verbs and infinitives inside a span."""
    size = len(tokens)
    infinitive, finite = np.zeros(size), np.zeros(size)
    for place in range(1, size - 1):
        tag, after, before = tokens[place].tag, tokens[place + 1].tag, tokens[place - 1].tag
        if tag == "TO" and after in ("VB", "VBP", "NN"):
            infinitive[place] = 1
        elif tag in ("VBD", "VBZ", "VBP", "MD") and (tag == "MD" or after not in NOMINAL):
            finite[place] = 1
        elif tag == "RB" and tokens[place].lower.endswith("ly") and after in ("VBG", "VB", "VBN", "VBD"):
            finite[place] = float(before == "CC" or before in NOMINAL)
    if not infinitive.any() and not finite.any():
        return np.zeros(len(spans))
    wide = spans.ends - spans.starts > 2
    inner = Spans(np.minimum(spans.starts + 1, spans.ends - 1), np.maximum(spans.ends - 1, spans.starts + 1))
    nominal = NOUNS[tags[spans.starts]]
    inside = _range_sums(finite, inner) + nominal * _range_sums(infinitive, inner)
    return np.asarray(options.clause_inside * np.where(wide, inside, 0.0))
