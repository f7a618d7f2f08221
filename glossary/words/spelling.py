"""English that is the same word spelt otherwise, and cells that hold several wordings at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

# British and American endings, both to one form. The form need be no word: it is only compared with its like.
_FOLDS = (
    (re.compile("is(?=e|a|i)"), "iz"),  # revitalise, organisation
    (re.compile("ys(?=e|i)"), "yz"),  # analyse
    (re.compile("our(?!s?$)"), "or"),  # labourer; not four
    (re.compile("(?<=[a-z]{2})our(?=s?$)"), "or"),  # labour
    (re.compile("tre(?=s?$)"), "ter"),  # centre
    (re.compile("ogue(?=s?$)"), "og"),  # dialogue
    (re.compile("amme(?=s?$)"), "am"),  # programme
    (re.compile("(?<=en)ce(?=s?$)"), "se"),  # defence
    (re.compile("ll"), "l"),  # travelling
    (re.compile("ae|oe"), "e"),  # paediatric
)
_BRACKETS = re.compile(r"[（(\[【〔]([^）)\]】〕]*)[）)\]】〕]")
_BETWEEN = re.compile(r"\s*[/／|｜;；\n]\s*|[，、]|,\s+")
_MARKS = "《》〈〉“”‘’「」『』\"' \t"


def spelling_key(text: str) -> str:
    """Return the key under which spellings of English words are one: British or American, hyphen, space or neither.

    >>> spelling_key("International co-operation") == spelling_key("international cooperation")
    True
    >>> spelling_key("labour programmes") == spelling_key("labor programs"), spelling_key("our") == spelling_key("or")
    (True, False)
    """
    return "".join(map(fold, re.findall("[^\\W_]+", text.lower())))


def fold(word: str) -> str:
    """Return the form that British and American spellings of a word in lower case have in common, not always a word.

    >>> fold("centre") == fold("center"), fold("licences") == fold("licenses")
    (True, True)
    """
    for pattern, folded in _FOLDS:
        word = pattern.sub(folded, word)
    return word


def alternatives(text: str) -> Iterator[str]:
    """Yield what a cell of somebody's term list may mean: the whole, without and with what is in brackets, its parts.

    >>> list(alternatives("social security (system)"))
    ['social security (system)', 'social security', 'social security system']
    >>> list(alternatives("气候变化；气候变迁")), list(alternatives("《外商投资》"))
    (['气候变化；气候变迁', '气候变化', '气候变迁'], ['外商投资'])
    """
    whole = text.strip(_MARKS)
    found = [whole, _BRACKETS.sub(" ", whole), _BRACKETS.sub(r" \1 ", whole)]
    for form in found[:2]:
        parts = [part for part in _BETWEEN.split(form) if part.strip()]
        found += parts if len(parts) > 1 else []
    short = re.search(r"[（(]([A-Z][A-Za-z&.-]*[A-Z])[）)]", whole)  # Communist Party of China (CPC)
    found += [short[1]] if short else []
    yield from dict.fromkeys(form for each in found if (form := " ".join(each.split()).strip(_MARKS)))
