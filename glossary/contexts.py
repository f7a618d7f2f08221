"""Which rendering a context shows: seen in its texts, so that it holds for what reviewers changed and others wrote."""

from __future__ import annotations

import re

from glossary.keys import ARTICLES, flat, wording_key
from glossary.model import ConceptEntry, Context
from glossary.words.tokens import lemma

NOWHERE = Context("", "", "")


def marks(context: Context, text: str) -> bool:
    """Tell whether a rendering is what is marked in the English of a context."""
    return any(wording_key(context.target[start:end]) == wording_key(text) for start, end in context.target_spans)


def shows(context: Context, text: str) -> bool:
    """Tell whether the English of a context has a rendering, marked or not.

    >>> shows(Context("1", "发展中国家", "It is a developing country."), "developing countries")
    True
    >>> shows(Context("1", "湖北的发展", "Hubei’s development"), "Hubei")
    True
    """
    if not context.target:
        return False
    whole = f" {flat(context.target)} "
    wanted_text = f" {flat(text)} "
    if marks(context, text) or wanted_text in whole or wanted_text in re.sub("'s?(?= )", "", whole):
        return True
    wanted = wording_key(text).split()
    words = [word for word in flat(context.target).split() if word not in ARTICLES]
    size = len(wanted)
    return size > 0 and any(
        words[place : place + size - 1] == wanted[:-1] and lemma(words[place + size - 1]) == wanted[-1]
        for place in range(len(words) - size + 1)
    )


def context_of(entry: ConceptEntry, text: str) -> Context:
    """Return the context that shows a rendering best, an empty one where there is none.

    The preferred rendering falls back upon any context: it shows the Chinese in use.
    """
    whole = [context for context in entry.contexts if context.source and context.target]
    for test in (marks, shows):
        for context in whole:
            if test(context, text):
                return context
    return whole[0] if whole and text == entry.preferred.text else NOWHERE


def shown_in(entry: ConceptEntry, context: Context) -> int | None:
    """Return the number of the rendering which a context shows, None if it shows none of them."""
    for test in (marks, shows):
        for number, rendering in enumerate(entry.renderings):
            if test(context, rendering.text):
                return number
    return None
