"""Why an entry is listed, in words: codes everywhere else, so that no code reads prose and a language is one table."""

from __future__ import annotations

import functools
import re
from typing import get_args

from glossary.model import Reason, ReasonCode
from tmx.messages import Messages, load

VALUES: dict[ReasonCode, str] = {"otherwise": "(.+)"}  # what stands in the gaps of a wording; figures elsewhere


def in_words(reason: Reason, say: Messages | None = None) -> str:
    """Return a reason as people read it, in English without ``say``.

    >>> in_words(Reason("recurs", ("4", "3")))
    'occurs 4 times, rendered so 3 times'
    """
    return _template(reason.code, say or load("en")).format(*reason.values)


def from_words(text: str) -> Reason:
    """Return the reason which a file of ours gives in English words; what is no such wording is kept as it is.

    >>> from_words("occurs 4 times, rendered so 3 times"), from_words("the client wants it")
    (Reason(code='recurs', values=('4', '3')), Reason(code='other', values=('the client wants it',)))
    """
    found = ((code, pattern.fullmatch(text)) for code, pattern in _patterns())
    return next((Reason(code, match.groups()) for code, match in found if match), Reason("other", (text,)))


def _template(code: ReasonCode, say: Messages) -> str:
    return say(f"reason.{code}")


@functools.cache
def _patterns() -> tuple[tuple[ReasonCode, re.Pattern[str]], ...]:
    """Return how each reason is worded in a file, its values left open."""
    say = load("en")
    return tuple(
        (code, re.compile(VALUES.get(code, "([0-9.]+)").join(map(re.escape, _template(code, say).split("{}")))))
        for code in get_args(ReasonCode)
        if code != "other"
    )
