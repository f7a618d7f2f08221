"""Whether two English renderings are other wordings, or spellings, inflections, cuts and short forms of one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from glossary.words.tokens import TARGET_STOP, lemma

SAME_STEM = 4  # letters that two words of one family share at the beginning: Asia and Asian, prudent and prudential
SHARED = 0.5  # share of all content words of two renderings from which one is the other with a word changed
ADJECTIVE_ENDINGS = re.compile(r"-(?:based|related|oriented|led|driven|centered|centred|style|type|wide|level)$")


@lru_cache(maxsize=100_000)
def content_words(text: str) -> tuple[str, ...]:
    """Return the content words of a rendering as lemmas, parts of compounds by themselves.

    >>> content_words("the people’s long-term goals")
    ('people', 'long', 'term', 'goal')
    """
    plain = re.sub(r"['’]s?\b", " ", text.replace("&", "_and_"))
    words = [word.replace("_and_", "&") for word in re.findall(r"[^\W_]+(?:_and_[^\W_]+)*", plain)]
    return tuple(word if word.isupper() else lemma(word) for word in words if word.lower() not in TARGET_STOP)


def is_same_word(one: str, other: str) -> bool:
    """Tell whether two lemmas are one word or of one family.

    >>> is_same_word("modern", "modernize"), is_same_word("prudent", "prudential"), is_same_word("stable", "steady")
    (True, True, False)
    """
    short, long = sorted((one.lower(), other.lower()), key=len)
    if short == long:
        return True
    common = next(
        (place for place, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short)
    )
    return common >= max(SAME_STEM, len(short) - 1)


def spelt_out(words: Sequence[str], other: Sequence[str], abbreviations: Mapping[str, str]) -> list[str]:
    """Return words with each abbreviation replaced by the words of the other rendering it stands for.

    Either their initials spell it, or it is known by its full form.

    >>> spelt_out(["reform", "WTO"], ["reform", "World", "Trade", "Organization"], {})
    ['reform', 'World', 'Trade', 'Organization']
    """
    found: list[str] = []
    for word in words:
        letters = re.sub(r"[^A-Z]", "", word)
        if not (word.isupper() and len(letters) >= 2):
            found.append(word)
            continue
        size = len(letters)
        runs = (other[place : place + size] for place in range(len(other) - size + 1))
        run = next((run for run in runs if "".join(part[0] for part in run).upper() == letters), None)
        full = content_words(abbreviations[word.lower()]) if word.lower() in abbreviations else None
        found += run or full or (word,)
    return found


def is_another_wording(one: str, other: str, abbreviations: Mapping[str, str] | None = None) -> bool:
    """Tell whether two renderings say it in other words: each has content words the other lacks.

    Spellings, inflections, cuts and stretches of one another and abbreviations are no other wording, nor is one in
    which a single word was exchanged for a synonym and half of the words stayed.

    >>> is_another_wording("community of common destiny", "community with a shared future")
    True
    >>> is_another_wording("WTO", "World Trade Organization"), is_another_wording("national park", "national parks")
    (False, False)
    """
    known = abbreviations or {}
    first, second = content_words(one), content_words(other)
    first, second = tuple(spelt_out(first, second, known)), tuple(spelt_out(second, first, known))
    own = [word for word in first if not any(is_same_word(word, match) for match in second)]
    new = [word for word in second if not any(is_same_word(word, match) for match in first)]
    kept, changed = len(set(first)) - len(set(own)), min(len(set(own)), len(set(new)))
    return changed > 1 or (changed == 1 and kept < SHARED * (kept + max(len(set(own)), len(set(new)))))


def is_adjectival(text: str) -> bool:
    """Tell whether a rendering can stand only before a noun: national park-based."""
    return bool(ADJECTIVE_ENDINGS.search(text))
