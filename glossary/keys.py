"""Text keys: which texts count as one, and for what.

Text that is kept is the author's; a key only looks things up. Each rung joins whatever the one above it joins, and
what it names. Nobody needs a key of his own: take the first rung that joins enough.

Chinese:

=================  ==================================================================================================
``source_key``     quotation marks and spaces: one stretch of text, in the script it is written in
``lookup_key``     and script, width and capitals: one word of term lists, termbases and variants
``official_key``   and all marks but +: one name of a body or a document (``glossary.words.official``)
=================  ==================================================================================================

English:

=================  ==================================================================================================
``rendering_key``  capitals, articles, the shape of quotation marks: one rendering, counted together
``inflection_key`` and singular and plural of the last word: one rendering of a term, chosen between
``phrase_key``     and hyphens, commas beside *and*: one wording, whose spellings are counted together
=================  ==================================================================================================

English that is looked for in running text or comes from somebody else's list, where marks say nothing:

=================  ==================================================================================================
``flat``           words with single spaces, small: the text in which a rendering is found as a phrase
``wording_key``    and articles, singular and plural of the last word: a rendering that a context shows
``spelling_key``   all but letters, British and American endings: one wording in a termbase (``words.spelling``)
=================  ==================================================================================================

Words have keys too: ``Token.key`` (``glossary.words.tokens``) is a Simplified word or a stem, by which evidence is
counted, and ``tmx.alignment.lexicon.stem`` a coarser stem for sentences. Text of both languages is folded alike by
``tmx.characters.key`` (exact matches of look-up) and, character for character so that places stay, by
``duiyi.recognition.chinese_key`` (terms found in a text).
"""

from __future__ import annotations

import re
from functools import lru_cache

from glossary.words.tokens import lemma
from tmx import cedict
from tmx.characters import key

QUOTES: dict[int, str | None] = {0x2019: "'", 0x2018: "'", 0x201C: None, 0x201D: None, 0x22: None}
SOURCE_QUOTES = str.maketrans(dict.fromkeys('“”‘’「」『』" \u3000'))
ARTICLES = ("the", "a", "an")


def source_key(text: str) -> str:
    """Return Chinese text without quotation marks and spaces.

    >>> source_key("“一带一路” 倡议")
    '一带一路倡议'
    """
    return text.translate(SOURCE_QUOTES)


def lookup_key(text: str) -> str:
    """Return the key under which Chinese forms are one: script, width, capitals, quotation marks and spaces aside.

    >>> lookup_key("「中國共產黨」") == lookup_key("中国共产党")
    True
    """
    return source_key(key(text)).translate(cedict.simplification())


@lru_cache(maxsize=200_000)
def rendering_key(text: str) -> str:
    """Return the key under which renderings are one: case, articles and the shape of quotes aside.

    >>> rendering_key("The Party’s leadership")
    "party's leadership"
    """
    plain = text.translate(QUOTES).lower()
    return " ".join(word for word in plain.split() if word not in ARTICLES)


@lru_cache(maxsize=100_000)
def inflection_key(text: str) -> str:
    """Return the key under which singular and plural of a rendering are one.

    >>> inflection_key("the developing countries")
    'developing country'
    """
    return _with_lemma(rendering_key(text).split(" "))


def phrase_key(text: str) -> str:
    """Return the key under which spellings of a rendering are one: plural, hyphens, commas beside "and".

    >>> phrase_key("mixed-ownership reforms") == phrase_key("mixed ownership reform")
    True
    >>> phrase_key("exchanges, cooperation") == phrase_key("exchanges and cooperation")
    True
    """
    return re.sub(r"(?:,| and\b)+", " &", inflection_key(text.replace("-", " ")))


def flat(text: str) -> str:
    """Return English as words with single spaces, lower case, for finding a rendering as a whole phrase."""
    return " ".join(re.findall(r"[^\W_]+(?:[-'.&][^\W_]+)*", text.replace("’", "'").lower()))


@lru_cache(maxsize=100_000)
def wording_key(text: str) -> str:
    """Return the key under which a rendering is found: lower case, no articles and marks, singular at its end.

    >>> wording_key("The Developing Countries") == wording_key("developing country")
    True
    """
    return _with_lemma([word for word in flat(text).split() if word not in ARTICLES])


def _with_lemma(words: list[str]) -> str:
    return " ".join([*words[:-1], lemma(words[-1])]) if words else ""
