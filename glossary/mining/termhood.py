"""How likely a terminologist is to keep a pair: a logistic model of what can be seen of the pair and of its places.

Each feature adds to the logarithm of the odds. The weights stand in ``glossary/data/termhood.tsv``, with what each
feature says; ``benchmarks/fit_terms.py`` fits them to judged pairs and shows how far the probabilities can be trusted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from operator import mul

from glossary.mining.candidates import LIGHT_FIRST, LIGHT_LAST, TERM_HEADS
from glossary.mining.pairs import PACKED, Answer, Edges, Pair
from glossary.words.frequency import zipf
from glossary.words.tags import FINITE, NOMINAL

NAME_TAGS = frozenset(("NNP", "NNPS", "IN", "DT", "CC", "POS", "CD"))
ADJECTIVES = frozenset(("a", "ad", "d", "b", "z"))
SET_PHRASES = frozenset(("i", "l"))
VERBS = FINITE | {"MD"}
PREPOSITIONS = frozenset(("in", "for", "on", "to", "with", "by", "from", "at", "between"))
FIRST = tuple(sorted(LIGHT_FIRST))
LAST = tuple(sorted(word for word in LIGHT_LAST if len(word) > 1))
NUMBERED = re.compile("[一二三四五六七八九十两双百][个大项条]?[^一二三四五六七八九十年月日度倍成万亿千]")
LIGHT_STARTS = frozenset("去可有已未无不最多各除上下前后同或")
COMMON_ZIPF = 5.5
MEANT = Answer._fields.index("source_bound")  # the fields before are averaged over all occurrences
EDGES = Edges._fields
VERB_TAGS = frozenset(("v", "vd"))
JOINS = frozenset(("和", "与", "及", "、", "以及"))
JOINING_WORDS = JOINS | {"的", "之"}
RAREST_WORD = 2.0  # Zipf frequency a Chinese word counts with that the general list has not
SMALLEST = 0.05  # shapes below are not told apart
USUAL_ZIPF, RAREST_ZIPF = 4.5, 2.5  # English words count as at most as common as the first, as rare as the second


def odds(pair: Pair) -> float:
    """Return the odds that a terminologist keeps the pair, its standing among longer and shorter terms aside."""
    return math.exp(sum(map(mul, weights().values(), features(pair).values())))


def probability(odds: float) -> float:
    """Return the probability for odds.

    >>> probability(3.0)
    0.75
    """
    return odds / (1 + odds)


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """Return the weight of each feature, in the order of ``features``."""
    text = files("glossary").joinpath("data/termhood.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(weight) for name, weight, _ in rows}


def is_name(pair: Pair) -> bool:
    """Tell whether a rendering is a name in capitals."""
    first, *others = pair.best.target_tags
    capital = bool(others) and pair.best.target[:1].isupper()  # kept at the beginning of a sentence: State Council
    return (first in NAME_TAGS or capital) and all(tag in NAME_TAGS for tag in others)


def features(pair: Pair) -> dict[str, float]:
    """Return what is seen of a pair, by name; ``glossary/data/termhood.tsv`` says what each means."""
    items, best = pair.occurrences, pair.best
    number, size, words = len(items), len(pair.source), pair.target.split()
    shape = max(item.source_shape for item in items)
    longer = len(best.tags) > 1
    rarest = min((zipf(word.lower(), "en") for word in words if len(word) > 3), default=USUAL_ZIPF)
    return {
        "constant": 1.0,
        "evidence": sum(item.score for item in items) / number,
        "best_answer": any(item.first for item in items),
        "dictionary": (size >= 4 or (size == 3 and len(words) > 1)) and any(item.gloss for item in items),
        "found": math.log2(number),
        "quoted": any(item.quoted for item in items),
        "shape": math.log(shape),
        "even_shape": sum(item.source_shape for item in items) / number / shape,
        "target_shape": math.log(max(SMALLEST, *(item.target_shape for item in items))),
        "words": len(best.tags),
        "one_word": not longer,
        "two_characters": size == 2,
        "set_phrase": not longer and best.tags[0] in SET_PHRASES,
        "adjective_first": best.tags[0] in ADJECTIVES,
        "light_first": longer and pair.source.startswith(FIRST),
        "light_last": longer and pair.source.endswith(LAST),
        "term_head": pair.source.endswith(TERM_HEADS),
        "of": "的" in pair.source,
        "target_words": len(words),
        "one_target_word": len(words) == 1,
        "rarity": USUAL_ZIPF - max(rarest, RAREST_ZIPF),
        "name": is_name(pair),
        "target_adjective_first": best.target_tags[0] == "JJ",
        "target_verb_first": best.target_tags[0] in VERBS,
        "target_comma": "," in pair.target,
        "target_of": "of" in words,
        "target_preposition": not PREPOSITIONS.isdisjoint(words),
        "piece_of_name": _in_names_alone(pair),
        "modifier": pair.modifier,
        "modifier_alone": all(item.modifier and not item.goes_on for item in items),
        "goes_on": sum(item.goes_on for item in items) / number,
        "after_verb": best.around.after_verb,
        "after_number": best.around.after_number,
        "crosses": best.around.crosses,
        "after_target_noun": best.around.after_noun,
        "before_preposition": best.around.before_preposition,
        "cuts_series_before": best.around.cuts_series_before,
        "cuts_series_after": best.around.cuts_series_after,
        "cuts_list": best.around.cuts_list,
        **_answers(pair),
        **{f"edge_{name}": value for name, value in zip(EDGES, pair.edges, strict=True)},
        **_grammar(pair),
        "numbered": bool(NUMBERED.match(pair.source)),
        "bracket": "（" in pair.source or "(" in pair.source or "(" in pair.target,
        "light_start": pair.source[0] in LIGHT_STARTS and not numbered_start(pair.source),
        "known_word": min(zipf(pair.source, "zh"), COMMON_ZIPF) if size > 1 else COMMON_ZIPF,
    }


def numbered_start(text: str) -> bool:
    """Tell whether a Chinese text begins with a number."""
    return text[0] in "一二三四五六七八九十两双百"


def _grammar(pair: Pair) -> dict[str, float]:
    """Return what the parts of speech and the rarity of the words say of a pair."""
    best = pair.best
    tags, english = best.tags, best.target_tags
    longer = len(tags) > 1
    content = [zipf(word, "zh") or RAREST_WORD for word in best.words if word not in JOINING_WORDS]
    return {
        "verb_first": longer and tags[0] in VERB_TAGS,
        "verb_last": longer and tags[-1] == "v",
        "verbs_inside": sum(tag in VERB_TAGS for tag in tags[1:-1]),
        "clause": any(
            before[0] == "n" and tag in VERB_TAGS and after[0] in "nr"
            for before, tag, after in zip(tags, tags[1:], tags[2:], strict=False)
        ),
        "adverbs": sum(tag in ("d", "ad", "zg", "p", "f", "t") for tag in tags[longer:]),
        "pronoun_or_number_first": tags[0][0] in "rmqft",
        "noun_last": tags[-1][0] == "n" or tags[-1] in ("vn", "j", "l", "i"),
        "joins": any(word in JOINS for word in best.words),
        "target_and": " and " in pair.target,
        "target_possessive": "'s " in pair.target or "’s " in pair.target,
        "target_finite_inside": sum(tag in ("VBZ", "VBD", "VBP", "MD") for tag in english[1:]),
        "target_gerund_first": english[0] == "VBG" and len(english) > 1,
        "target_no_noun_last": english[-1] not in (*NOMINAL, "VBG", "CD"),
        "commonest_word": max(content, default=COMMON_ZIPF),
        "rarest_word": min(content, default=COMMON_ZIPF),
    }


def _answers(pair: Pair) -> dict[str, float]:
    """Return what is seen of how the two sides answer each other, over all occurrences."""
    number = len(pair.occurrences)
    best = Answer.of(pair.best.answer)
    support = len({item.unit for item in pair.occurrences})
    sums: Sequence[float] = best[:MEANT]
    if number > 1:
        answers = PACKED.iter_unpack(b"".join([item.answer for item in pair.occurrences]))
        sums = [sum(column) / number for column in zip(*answers, strict=True)][:MEANT]
    means = dict(zip(Answer._fields, sums, strict=False))
    together = means.pop("together")
    again = best.source_units > 1
    return {
        "together": together,
        **means,
        "both_gaps": min(means["source_gap"], means["target_gap"]),
        "recurs": math.log2(best.source_units),
        "consistent": again * min(support / best.source_units, 1.0),
        "target_consistent": (best.target_units > 1) * min(support / best.target_units, 1.0),
        "target_recurs": math.log2(max(best.target_units, 1)),
        "source_bound": again * best.source_bound,
        "target_bound": (best.target_units > 1) * best.target_bound,
    }


def _in_names_alone(pair: Pair) -> bool:
    proper = all(tag[:2] in ("nr", "ns") for tag in pair.best.tags)
    return not proper and all(item.in_name and not (item.gloss or item.quoted) for item in pair.occurrences)
