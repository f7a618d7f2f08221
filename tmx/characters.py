"""Characters: the Han test and the lookup key. Keys are made here and never stored as text."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable

import regex

# Unicode 16.0, Blocks.txt: the blocks of Han ideographs, both ends included.
HAN_BLOCKS = (
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),  # iteration mark, closing mark, zero
    (0x3021, 0x3029),  # Hangzhou numerals
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),  # unified ideographs
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0x20000, 0x2FA1F),  # extensions B to F, I, compatibility supplement
    (0x30000, 0x323AF),  # extensions G and H
)

_CLASS = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS)
_HAN = regex.compile(f"[{_CLASS}]")
_WORD = regex.compile(rf"(?![{_CLASS}])\p{{L}}(?:(?![{_CLASS}])[\p{{L}}'’-])*+")


def is_han(character: str) -> bool:
    """Tell whether one character is a Han ideograph.

    >>> is_han("中"), is_han("a"), is_han("，")
    (True, False, False)
    """
    code = ord(character)
    if code < HAN_BLOCKS[0][0] or 0x4E00 <= code <= 0x9FFF:  # nearly every character that is ever asked about
        return code >= 0x4E00
    return any(first <= code <= last for first, last in HAN_BLOCKS)


def han_share(text: str) -> float:
    """Return Han characters as a share of all letters and Han characters, 0 to 1; 0 for text with neither.

    A Han character carries about as much as a short English word, so a line of Chinese that names a few English
    words keeps a high share when each Latin word counts once.

    >>> han_share("中国外交"), han_share("China 中"), han_share("2021")
    (1.0, 0.5, 0.0)
    """
    han, words = len(_HAN.findall(text)), len(_WORD.findall(text))
    return han / (han + words) if han + words else 0.0


def han_shares(text: str, places: Iterable[int]) -> list[tuple[float, float]]:
    """Return ``han_share`` of what stands before each place and of what stands from it on, in linear time.

    A word that a place cuts counts before it.

    >>> han_shares("中国China", [0, 2])
    [(0.0, 0.6666666666666666), (1.0, 0.0)]
    """
    han, words = ([match.start() for match in signs.finditer(text)] for signs in (_HAN, _WORD))
    shares = []
    for place in places:
        before, worded = bisect_left(han, place), bisect_left(words, place)
        after, worded_after = len(han) - before, len(words) - worded
        shares.append((before / max(before + worded, 1), after / max(after + worded_after, 1)))
    return shares


def key(text: str) -> str:
    """Return a lookup key: NFKC, case folded, quotation marks straightened, white space collapsed.

    >>> key("China’s  Ｄiplomacy")
    "china's diplomacy"
    """
    straight = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2032: "'", 0x02BC: "'"})
    return " ".join(unicodedata.normalize("NFKC", straight).casefold().split())
