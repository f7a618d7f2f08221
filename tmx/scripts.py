"""Traditional and Simplified Chinese told apart by the national character sets: no dictionary is needed.

GB 2312 (1980) holds the characters of Simplified text, Big5 (1984) those of Traditional text. A character in one set
and not in the other speaks for that script; most characters are in both and say nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from tmx.characters import is_han

Script = Literal["Hans", "Hant", ""]

MIN_SHARE = 0.8  # of the telling characters; quotations and names may be in the other script


@lru_cache(maxsize=16384)
def script_of_character(character: str) -> Script:
    """Return which script one character belongs to alone, empty if it says nothing.

    >>> script_of_character("国"), script_of_character("國"), script_of_character("中")
    ('Hans', 'Hant', '')
    """
    if not is_han(character):
        return ""
    simplified, traditional = _in(character, "gb2312"), _in(character, "big5")
    if simplified == traditional:
        return ""
    return "Hans" if simplified else "Hant"


def script_of(text: str) -> Script:
    """Return the script of a text; empty if it has no telling characters or mixes the scripts.

    >>> script_of("中国外交"), script_of("中國外交"), script_of("一人")
    ('Hans', 'Hant', '')
    """
    found = [script for script in map(script_of_character, text) if script]
    simplified = found.count("Hans")
    if not found or max(simplified, len(found) - simplified) < MIN_SHARE * len(found):
        return ""
    return "Hans" if 2 * simplified > len(found) else "Hant"


def labelled(tag: str, text: str) -> str:
    """Return the language tag of a Chinese text: the given tag, unless the text is in the script it excludes.

    A bare ``zh`` is made exact; a tag that names Simplified (zh-CN, zh-SG, zh-Hans) gives way to ``zh-Hant`` for
    Traditional text, and one that names Traditional (zh-TW, zh-HK, zh-Hant) to ``zh-Hans`` for Simplified text.

    >>> labelled("zh-CN", "中国"), labelled("zh-CN", "中國"), labelled("zh", "中国"), labelled("zh-TW", "中国")
    ('zh-CN', 'zh-Hant', 'zh-Hans', 'zh-Hans')
    """
    script = script_of(text)
    return tag if script in ("", implied_script(tag)) else f"{tag.replace('_', '-').partition('-')[0]}-{script}"


def implied_script(tag: str) -> Script:
    """Return the script which a language tag means (CLDR likely subtags), empty if it leaves it open.

    >>> implied_script("zh-HK"), implied_script("zh-CN"), implied_script("zh")
    ('Hant', 'Hans', '')
    """
    parts = {part.lower() for part in tag.replace("_", "-").split("-")[1:]}
    if parts & {"hant", "tw", "hk", "mo"} and "hans" not in parts:
        return "Hant"
    return "Hans" if parts & {"hans", "cn", "sg", "my"} else ""


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
