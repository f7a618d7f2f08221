"""How common a word is in the general language, by wordfreq on the Zipf scale (3: once in a million words)."""

from __future__ import annotations

import math
from functools import lru_cache, partial

from tmx.cache import Table


def _shares(language: str) -> dict[str, float]:
    import wordfreq

    # The tables themselves: wordfreq's own lookup would load a second copy of jieba to cut Chinese words apart.
    return dict(wordfreq.get_frequency_dict(language, wordlist="large"))


# From the cache, since wordfreq takes a second to load and to unpack them.
FREQUENCIES = {
    language: Table(
        f"frequencies-{language}",
        dict[str, float],
        partial(_shares, language),
        modules=("glossary.words.frequency",),
        libraries=("wordfreq",),
    )
    for language in ("en", "zh")
}


@lru_cache(maxsize=2)
def _table(language: str) -> dict[str, float]:
    return FREQUENCIES[language].load()


@lru_cache(maxsize=100_000)
def zipf(word: str, language: str) -> float:
    """Return the Zipf frequency of a word in "zh" (Simplified) or "en"; 0 for a word that is not on the list.

    >>> zipf("development", "en") > 4.5, zipf("发展", "zh") > 5
    (True, True)
    """
    share = _table(language).get(word, 0.0)
    return round(math.log10(share) + 9, 2) if share else 0.0
