"""Which of three lists a term belongs to: political terms and names, other terms, words of the general vocabulary.

A logistic model like that of ``glossary.mining.termhood`` tells political terms and names (coinages, policies,
institutions, offices, meetings, laws, slogans) from the terms of any other field; its weights stand in
``glossary/data/domains.tsv``, and ``benchmarks/fit_terms.py`` fits them. General vocabulary is what a general
dictionary has just so, and any text.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from glossary.keys import lookup_key, rendering_key
from glossary.mining.candidates import numbers_of
from glossary.model import Domain, TermType
from glossary.words import official, wordlist
from glossary.words.frequency import zipf
from glossary.words.glosses import dictionary

NUMBERS = frozenset("一二三四五六七八九十两双百")
GENERAL_ZIPF = 4.2  # Zipf frequency from which a word stands in any text
GENERAL_CHARACTERS = 3
RAREST = 2.0
POLITICAL = 0.5  # probability from which a term stands in the political list
NAMED: tuple[TermType, ...] = ("institution", "event", "initiative", "title", "slogan", "person", "place")


def domain(term: str, rendering: str, kind: TermType, words: Sequence[str]) -> tuple[Domain, float]:
    """Return the list a term belongs to, and how likely it is political; ``words`` are those of the Chinese.

    >>> domain("国务院", "State Council", "institution", ("国务院",))[0]
    'political'
    >>> domain("天气", "weather", "concept", ("天气",))
    ('general', 0.0)
    """
    if is_general(term, rendering):
        return "general", 0.0
    found = political(features(term, rendering, kind, words))
    return ("political" if found >= POLITICAL else "other"), round(found, 4)


def is_general(term: str, rendering: str) -> bool:
    """Tell whether a term is a common word with a rendering of its own in a general dictionary."""
    key = lookup_key(term)
    small = rendering_key(rendering) == rendering.translate(_STRAIGHT)
    if not small or len(key) > GENERAL_CHARACTERS or official.official(key) or zipf(key, "zh") < GENERAL_ZIPF:
        return False
    return key in dictionary() and " " not in rendering


_STRAIGHT = str.maketrans({"’": "'", "‘": "'"})


def political(found: Mapping[str, float]) -> float:
    """Return the probability that a term with these features is political, or an official name."""
    known = weights()
    return 1 / (1 + math.exp(-sum(known.get(name, 0.0) * value for name, value in found.items())))


def features(term: str, rendering: str, kind: TermType, words: Sequence[str]) -> dict[str, float]:
    """Return what is seen of a term, by name; ``glossary/data/domains.tsv`` says what each means."""
    key = lookup_key(term)
    letters = [word for word in rendering.split() if word[0].isalpha() and len(word) > 3]
    capitals = sum(word[0].isupper() for word in letters)
    pairs = ["".join(pair) for pair in pairwise(key)]
    common = [zipf(word, "zh") or RAREST for word in words]
    return {
        "constant": 1.0,
        "official": bool(official.official(key)),
        "official_inside": _holds_official(key),
        "official_pairs": sum(_official_pairs()[pair] >= 2 for pair in pairs) / max(len(pairs), 1),
        "listed_words": sum(word in _listed() for word in words) / max(len(words), 1),
        "name": bool(letters) and capitals == len(letters),
        "capital": 0 < capitals < len(letters),
        "numbered": key[0] in NUMBERS,
        "dictionary": key in dictionary(),
        "one_word": len(words) == 1,
        "characters": min(len(key), 10),
        "commonest_word": max(common, default=RAREST),
        "rarest_word": min(common, default=RAREST),
        "phrase": kind == "phrase",
        **{name: kind == name for name in NAMED},
    }


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """Return the weight of each feature."""
    return numbers_of("domains.tsv")


def _holds_official(key: str) -> bool:
    """Tell whether a piece of a term, of three characters or more, has an official rendering."""
    known = official.table()
    size = len(key)
    return any(key[a:b] in known for a in range(size) for b in range(a + 3, size + (a > 0)))


@lru_cache(maxsize=1)
def _official_pairs() -> Counter[str]:
    """Return in how many of the terms with official renderings two characters stand side by side."""
    return Counter(pair for key in official.table() for pair in {"".join(two) for two in pairwise(key)})


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    return frozenset(wordlist.default().words)
