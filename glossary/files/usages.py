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


# The Traditional characters of the table's words; the whole table of characters is not needed for some dozen words.
_SIMPLIFIED = str.maketrans(
    "狀態術語選優薦許審標準規範廢棄舊譯誤錯條號編詞漢華簡體稱過時備註釋義說領當適對應絕歷項應議開啟過認為訂頭",
    "状态术语选优荐许审标准规范废弃旧译误错条号编词汉华简体称过时备注释义说领当适对应绝历项应议开启过认为订头",
)
PHRASE_CHARS = 60  # of a status; a longer text is somebody's remark


def plain(text: str) -> str:
    """Return a name as the table has it: lower case, Simplified, no spaces and marks, no ending of TBX.

    >>> plain(" Term Status "), plain("deprecatedTerm-admn-sts"), plain("狀態")
    ('termstatus', 'deprecatedterm', '状态')
    """
    name = text.strip().casefold().removesuffix("-admn-sts").translate(_SIMPLIFIED)
    return re.sub(r"[\W_]+", "", name)


def usage_of(text: str) -> Usage | None:
    """Return the usage which a status means; None for what says nothing of it (new, draft, a person's remark).

    >>> usage_of("deprecatedTerm-admn-sts"), usage_of(" Not recommended"), usage_of("禁用"), usage_of("draft")
    ('deprecated', 'deprecated', 'deprecated', None)
    >>> usage_of("Rejected by client"), usage_of("不建議使用"), usage_of("not yet approved"), usage_of("推荐使用")
    ('deprecated', 'deprecated', None, 'preferred')
    """
    words, name = _inverted("usages"), plain(text) or text.strip()
    found = words.get(name) or words.get(re.sub("^已|(term|用语|术语|译名|译法)$", "", name))
    return found or (None if name in vocabulary()["usages"]["neutral"] else usage_within(text))


def usage_within(text: str) -> Usage | None:
    """Return the usage that a status of several words means by what stands in it.

    >>> usage_within("word, do not use"), usage_within("old age"), usage_within("Used in headings")
    ('deprecated', None, None)
    """
    told = " ".join(text.casefold().translate(_SIMPLIFIED).split())
    if len(told) <= PHRASE_CHARS:
        for usage, phrases in vocabulary()["phrases"].items():
            if any(phrase in told for phrase in phrases):
                return cast(Usage, usage) if usage in get_args(Usage) else None
    return None


def told_of(rendering: str, column: str, status: str) -> str:
    """Return the note that says of a rendering what status in unknown words a file gives it, for all who read notes.

    >>> told_of("moderately prosperous society", "Status", "Entwurf")
    'moderately prosperous society: Status: Entwurf'
    """
    return f"{rendering}: {column}: {status}"


def is_neutral(text: str) -> bool:
    """Tell whether a status is known to say nothing of the use (new, draft)."""
    told = text.casefold().translate(_SIMPLIFIED)
    return (
        not text.strip()
        or plain(text) in vocabulary()["usages"]["neutral"]
        or any(phrase in told for phrase in vocabulary()["phrases"]["neutral"])
    )


def is_status(name: str) -> bool:
    """Tell whether a column or field of that name holds a status.

    >>> is_status("Term Status"), is_status("English usage"), is_status("x-termUsage"), is_status("Type")
    (True, True, True, False)
    """
    names, word = vocabulary()["columns"]["status"], plain(name)
    return word in names or _PREFIXES.sub("", word) in names or word.endswith(("status", "状态"))


_PREFIXES = re.compile(
    "^(english|en|target|tgt|source|src|chinese|zh|term|concept|entry|is|x|英文|中文|译文|译名|术语)+"
)


def flag_of(name: str) -> Usage | None:
    """Return what a column says that is only ticked (Matecat's *Forbidden*, 禁用), None for any other."""
    words, word = _inverted("flags"), plain(name)
    return words.get(word) or words.get(_PREFIXES.sub("", word))


def is_permission(name: str) -> bool:
    """Tell whether a column says by a no that a term is not to be used (*Approved?*, 是否可用)."""
    names, word = vocabulary()["flags"]["permission"], plain(name)
    return word in names or _PREFIXES.sub("", word) in names


def told_by(name: str, text: str) -> Usage | None:
    """Return the usage which a field of that name tells, whatever its kind.

    >>> told_by("Status", "Forbidden"), told_by("forbidden", "yes"), told_by("Approved", "No"), told_by("Note", "wrong")
    ('deprecated', 'deprecated', 'deprecated', None)
    """
    flag = flag_of(name)
    if flag is not None and (is_ticked(text) or is_refused(text)):
        return flag if is_ticked(text) else None
    if is_permission(name) and (is_ticked(text) or is_refused(text)):
        return "deprecated" if is_refused(text) else None
    return usage_of(text) if flag is not None or is_permission(name) or is_status(name) else None


def is_ticked(text: str) -> bool:
    """Tell whether a cell says yes.

    >>> is_ticked("TRUE"), is_ticked("✓"), is_ticked("no"), is_ticked("")
    (True, True, False, False)
    """
    return text.strip().casefold() in vocabulary()["flags"]["yes"]


def is_refused(text: str) -> bool:
    """Tell whether a cell says no.

    >>> is_refused("No"), is_refused("否"), is_refused("")
    (True, True, False)
    """
    return text.strip().casefold() in vocabulary()["flags"]["no"]


def strictest(usages: Iterable[Usage | None]) -> Usage | None:
    """Return the usage that holds where a term has several; None where it has none."""
    order = list(vocabulary()["usages"])
    return min((usage for usage in usages if usage), key=order.index, default=None)


@functools.cache
def _inverted(section: str) -> dict[str, Usage]:
    table = vocabulary()[section]
    return {word: cast(Usage, usage) for usage in table if usage in get_args(Usage) for word in table[usage]}
