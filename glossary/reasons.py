"""Why an entry is listed, in words: codes everywhere else, so that no code reads prose and a language is one table."""

from __future__ import annotations

import re
from collections.abc import Mapping

from glossary.model import Reason, ReasonCode

ENGLISH: dict[ReasonCode, str] = {
    "recurs": "occurs {} times, rendered so {} times",
    "quoted": "stands in quotation marks",
    "dictionary": "a dictionary has this rendering",
    "name": "a name in capitals",
    "abbreviated": "has an abbreviation",
    "strength": "words answer each other with strength {}",
    "kept": "on the do-not-translate list",
    "reviewer": "added by a reviewer",
    "other": "{}",
}


def in_words(reason: Reason, messages: Mapping[ReasonCode, str] = ENGLISH) -> str:
    """Return a reason as people read it.

    >>> in_words(Reason("recurs", ("4", "3")))
    'occurs 4 times, rendered so 3 times'
    """
    return messages[reason.code].format(*reason.values)


def from_words(text: str) -> Reason:
    """Return the reason which a file of ours gives in English words; what is no such wording is kept as it is.

    >>> from_words("occurs 4 times, rendered so 3 times"), from_words("the client wants it")
    (Reason(code='recurs', values=('4', '3')), Reason(code='other', values=('the client wants it',)))
    """
    found = ((code, pattern.fullmatch(text)) for code, pattern in _PATTERNS)
    return next((Reason(code, match.groups()) for code, match in found if match), Reason("other", (text,)))


_PATTERNS: list[tuple[ReasonCode, re.Pattern[str]]] = [
    (code, re.compile(r"([0-9.]+)".join(map(re.escape, words.split("{}")))))
    for code, words in ENGLISH.items()
    if code != "other"
]
