"""How likely a terminologist is to keep a pair: a logistic model of what can be seen of the pair and of its places.

Each feature adds to the logarithm of the odds. The weights stand in ``glossary/data/termhood.tsv``, with what each
feature says; ``benchmarks/fit_terms.py`` fits them to judged pairs and shows how far the probabilities can be trusted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import attrgetter, mul

from glossary.mining.candidates import JOINS, LIGHT_FIRST, LIGHT_LAST, TERM_HEADS, numbers_of
from glossary.mining.pairs import PACKED, Answer, Edges, Occurrence, Pair
from glossary.words.frequency import zipf
from glossary.words.tags import FINITE, INFLECTED, NOMINAL

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
EDGES = tuple(f"edge_{name}" for name in Edges._fields)
SEEN = attrgetter(
    *("score", "first", "gloss", "quoted", "source_shape", "target_shape", "modifier", "goes_on", "in_name")
)
VERB_TAGS = frozenset(("v", "vd"))
ADVERBIAL = frozenset(("d", "ad", "zg", "p", "f", "t"))
NOUN_ENDS = NOMINAL | {"VBG", "CD"}
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
    return numbers_of("termhood.tsv")


def is_name(pair: Pair) -> bool:
    """Tell whether a rendering is a name in capitals."""
    return _is_name(pair.best)


def _is_name(best: Occurrence) -> bool:
    first, *others = best.target_tags
    capital = bool(others) and best.target[:1].isupper()  # kept at the beginning of a sentence: State Council
    return (first in NAME_TAGS or capital) and NAME_TAGS.issuperset(others)


def features(pair: Pair) -> dict[str, float]:
    """Return what is seen of a pair, by name; ``glossary/data/termhood.tsv`` says what each means."""
    items, best = pair.occurrences, pair.best
    scores, firsts, glosses, quotes, shapes, target_shapes, modifiers, going_on, in_names = zip(
        *map(SEEN, items), strict=True
    )
    number, size, words = len(items), len(pair.source), pair.target.split()
    shape = max(shapes)
    longer = len(best.tags) > 1
    rarest = min((zipf(word.lower(), "en") for word in words if len(word) > 3), default=USUAL_ZIPF)
    return {
        "constant": 1.0,
        "evidence": sum(scores) / number,
        "best_answer": any(firsts),
        "dictionary": (size >= 4 or (size == 3 and len(words) > 1)) and any(glosses),
        "found": math.log2(number),
        "quoted": any(quotes),
        "shape": math.log(shape),
        "even_shape": sum(shapes) / number / shape,
        "target_shape": math.log(max(SMALLEST, *target_shapes)),
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
        "name": _is_name(best),
        "target_adjective_first": best.target_tags[0] == "JJ",
        "target_verb_first": best.target_tags[0] in VERBS,
        "target_comma": "," in pair.target,
        "target_of": "of" in words,
        "target_preposition": not PREPOSITIONS.isdisjoint(words),
        "piece_of_name": all(in_names) and not any(glosses) and not any(quotes) and not _is_place_or_person(best),
        "modifier": all(modifiers),
        "modifier_alone": all(modifiers) and not any(going_on),
        "goes_on": sum(going_on) / number,
        "after_verb": best.around.after_verb,
        "after_number": best.around.after_number,
        "crosses": best.around.crosses,
        "after_target_noun": best.around.after_noun,
        "before_preposition": best.around.before_preposition,
        "cuts_series_before": best.around.cuts_series_before,
        "cuts_series_after": best.around.cuts_series_after,
        "cuts_list": best.around.cuts_list,
        "swallows_series": best.around.swallows_series,
        **_answers(items, best),
        **dict(zip(EDGES, pair.edges, strict=True)),
        **_grammar(best, pair.target),
        "numbered": bool(NUMBERED.match(pair.source)),
        "bracket": "（" in pair.source or "(" in pair.source or "(" in pair.target,
        "light_start": pair.source[0] in LIGHT_STARTS and not numbered_start(pair.source),
        "known_word": min(zipf(pair.source, "zh"), COMMON_ZIPF) if size > 1 else COMMON_ZIPF,
    }


def numbered_start(text: str) -> bool:
    """Tell whether a Chinese text begins with a number."""
    return text[0] in "一二三四五六七八九十两双百"


def _grammar(best: Occurrence, target: str) -> dict[str, float]:
    """Return what the parts of speech and the rarity of the words say of a pair."""
    tags, english = best.tags, best.target_tags
    longer = len(tags) > 1
    content = [zipf(word, "zh") or RAREST_WORD for word in best.words if word not in JOINING_WORDS]
    return {
        "verb_first": longer and tags[0] in VERB_TAGS,
        "verb_last": longer and tags[-1] == "v",
        "verbs_inside": sum(map(VERB_TAGS.__contains__, tags[1:-1])),
        "clause": any(
            before[0] == "n" and tag in VERB_TAGS and after[0] in "nr"
            for before, tag, after in zip(tags, tags[1:], tags[2:], strict=False)
        ),
        "adverbs": sum(map(ADVERBIAL.__contains__, tags[longer:])),
        "pronoun_or_number_first": tags[0][0] in "rmqft",
        "noun_last": tags[-1][0] == "n" or tags[-1] in ("vn", "j", "l", "i"),
        "joins": not JOINS.isdisjoint(best.words),
        "target_and": " and " in target,
        "target_possessive": "'s " in target or "’s " in target,
        "target_finite_inside": sum(map(INFLECTED.__contains__, english[1:])),
        "target_gerund_first": english[0] == "VBG" and len(english) > 1,
        "target_no_noun_last": english[-1] not in NOUN_ENDS,
        "commonest_word": max(content, default=COMMON_ZIPF),
        "rarest_word": min(content, default=COMMON_ZIPF),
    }


def _answers(items: Sequence[Occurrence], best: Occurrence) -> dict[str, float]:
    """Return what is seen of how the two sides answer each other, over all occurrences."""
    number, own = len(items), Answer.of(best.answer)
    support = len({item.unit for item in items})
    sums: Sequence[float] = own[:MEANT]
    if number > 1:
        answers = PACKED.iter_unpack(b"".join([item.answer for item in items]))
        sums = [sum(column) / number for column in zip(*answers, strict=True)][:MEANT]
    means = dict(zip(Answer._fields, sums, strict=False))
    together = means.pop("together")
    again = own.source_units > 1
    return {
        "together": together,
        **means,
        "both_gaps": min(means["source_gap"], means["target_gap"]),
        "recurs": math.log2(own.source_units),
        "consistent": again * min(support / own.source_units, 1.0),
        "target_consistent": (own.target_units > 1) * min(support / own.target_units, 1.0),
        "target_recurs": math.log2(max(own.target_units, 1)),
        "source_bound": again * own.source_bound,
        "target_bound": (own.target_units > 1) * own.target_bound,
    }


def _is_place_or_person(best: Occurrence) -> bool:
    return all(tag[:2] in ("nr", "ns") for tag in best.tags)
