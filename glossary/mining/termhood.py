"""How likely a terminologist is to keep a pair: a logistic model of what can be seen of the pair and of its places.

Each feature adds to the logarithm of the odds. The weights stand in ``glossary/data/termhood.tsv``, with what each
feature says; ``benchmarks/fit_terms.py`` fits them to judged pairs and shows how far the probabilities can be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from glossary.mining.candidates import LIGHT_FIRST, LIGHT_LAST, TERM_HEADS
from glossary.mining.pairs import Pair
from glossary.words.frequency import zipf
from glossary.words.tags import FINITE

NAME_TAGS = frozenset(("NNP", "NNPS", "IN", "DT", "CC", "POS", "CD"))
ADJECTIVES = frozenset(("a", "ad", "d", "b", "z"))
SET_PHRASES = frozenset(("i", "l"))
VERBS = FINITE | {"MD"}
PREPOSITIONS = frozenset(("in", "for", "on", "to", "with", "by", "from", "at", "between"))
FIRST = tuple(sorted(LIGHT_FIRST))
LAST = tuple(sorted(word for word in LIGHT_LAST if len(word) > 1))
SMALLEST = 0.05  # shapes below are not told apart
USUAL_ZIPF, RAREST_ZIPF = 4.5, 2.5  # English words count as at most as common as the first, as rare as the second


def odds(pair: Pair) -> float:
    """Return the odds that a terminologist keeps the pair, its standing among longer and shorter terms aside."""
    known = weights()
    return math.exp(sum(known[name] * value for name, value in features(pair).items()))


def probability(odds: float) -> float:
    """Return the probability for odds.

    >>> probability(3.0)
    0.75
    """
    return odds / (1 + odds)


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """Return the weight of each feature."""
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
        "after_verb": best.around.after_verb,
        "after_number": best.around.after_number,
        "crosses": best.around.crosses,
        "after_target_noun": best.around.after_noun,
        "before_preposition": best.around.before_preposition,
        "cuts_series_before": best.around.cuts_series_before,
        "cuts_series_after": best.around.cuts_series_after,
        "cuts_list": best.around.cuts_list,
    }


def _in_names_alone(pair: Pair) -> bool:
    proper = all(tag[:2] in ("nr", "ns") for tag in pair.best.tags)
    return not proper and all(item.in_name and not (item.gloss or item.quoted) for item in pair.occurrences)
