"""The status of a term, in whatever words a tool or a person writes it (``glossary/data/headings.toml``)."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, cast, get_args

from glossary.model import Usage


@functools.cache
def vocabulary() -> Mapping[str, Any]:
    """Return the table of names of columns and words of status."""
    return tomllib.loads((files("glossary") / "data" / "headings.toml").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Return a name as the table has it: lower case, no spaces and marks, no ending of TBX.

    >>> plain(" Term Status "), plain("deprecatedTerm-admn-sts")
    ('termstatus', 'deprecatedterm')
    """
    return re.sub(r"[\W_]+", "", text.strip().casefold().removesuffix("-admn-sts"))


def usage_of(text: str) -> Usage | None:
    """Return the usage which a status means; None for what says nothing of it (new, draft, a person's remark).

    >>> usage_of("deprecatedTerm-admn-sts"), usage_of(" Not recommended"), usage_of("禁用"), usage_of("draft")
    ('deprecated', 'deprecated', 'deprecated', None)
    """
    words, name = _inverted("usages"), plain(text) or text.strip()
    return words.get(name) or words.get(re.sub("^已|(term|用语|术语|译名|译法)$", "", name))


def is_neutral(text: str) -> bool:
    """Tell whether a status is known to say nothing of the use (new, draft)."""
    return not text.strip() or plain(text) in vocabulary()["usages"]["neutral"]


def is_status(name: str) -> bool:
    """Tell whether a column or field of that name holds a status.

    >>> is_status("Term Status"), is_status("English usage"), is_status("Type")
    (True, True, False)
    """
    names, word = vocabulary()["columns"]["status"], plain(name)
    return word in names or re.sub("^(english|en|target|source|chinese|zh|英文|中文|译文)", "", word) in names


def flag_of(name: str) -> Usage | None:
    """Return what a column says that is only ticked (Matecat's *Forbidden*, 禁用), None for any other."""
    return _inverted("flags").get(plain(name))


def is_ticked(text: str) -> bool:
    """Tell whether a cell says yes.

    >>> is_ticked("TRUE"), is_ticked("✓"), is_ticked("no"), is_ticked("")
    (True, True, False, False)
    """
    return text.strip().casefold() in vocabulary()["flags"]["yes"]


def strictest(usages: Iterable[Usage | None]) -> Usage | None:
    """Return the usage that holds where a term has several; None where it has none."""
    order = list(vocabulary()["usages"])
    return min((usage for usage in usages if usage), key=order.index, default=None)


@functools.cache
def _inverted(section: str) -> dict[str, Usage]:
    table = vocabulary()[section]
    return {word: cast(Usage, usage) for usage in table if usage in get_args(Usage) for word in table[usage]}
