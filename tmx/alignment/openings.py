"""How a sentence begins: with a quotation mark, the label of a speaker, or the number of an article or a list.

A turn (主席：, CHAIRMAN:, 问：, Q:) and a numbered item (第十二条, Article 12; 一、, I.; （三）, (3)) begin a bead on
both sides, and the numbers are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tmx.numbers.chinese import chinese_number

PLAIN, QUOTE, QUESTION, ANSWER, SPEAKER, NUMBER = range(6)
LARGEST_NUMBER = 100  # larger ones count as this; number n has the code NUMBER + n
CODES = NUMBER + LARGEST_NUMBER + 1
LABEL_CHARS = 120  # a colon further on ends no label

_QUESTIONS = frozenset({"问", "問", "提问", "提問", "记者问", "記者問", "记者", "記者", "q", "question", "reporter"})
_ANSWERS = frozenset({"答", "回答", "a", "answer"})
_NOTE = r"(?:\s{0,2}[（(][^（()）]{1,60}[）)]){0,3}"
_COLON = r"\s{0,2}[：:](?!\s{0,2}(?:[“‘「『\"']|$))"  # what follows is no quoted speech
_CHINESE_LABEL = re.compile(rf"([^\W\d_a-zA-Z]{{1,14}}){_NOTE}{_COLON}")
_NO_LABEL = frozenset("说說道曰想称稱指的是为為下如例即了")  # 他说：, 原因是：, 具体如下：
_NAME = r"(?:[A-Z][\w.'’-]*|of|the|for|and|de|van)"
_ENGLISH_LABEL = re.compile(rf"(?=[A-Z])({_NAME}(?:\s{{1,2}}{_NAME}){{0,7}}){_NOTE}{_COLON}")

_HAN = "[〇零一二三四五六七八九十百]{1,6}"
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ITEM = re.compile(
    rf"第\s?({_HAN}|[0-9]{{1,4}})\s?(?:[条條章节節编編款项項卷回讲講篇]|部分|[，、：:,])"
    rf"|({_HAN})[、．.]"
    rf"|[（(]\s?({_HAN}|[0-9]{{1,3}}|[a-z]|[ivxlIVXL]{{2,6}})\s?[）)]"
    r"|([0-9]{1,3}|[IVX]|[IVXLC]{2,7})(?:[、．)）]|\.(?![0-9A-Z]))"
    r"|(?:Article|Chapter|Section|Part|Volume|Book|Rule|Paragraph|ARTICLE|CHAPTER|SECTION|PART|VOLUME|BOOK)\s"
    rf"([0-9]{{1,4}}|[IVXLC]{{1,7}}\b|(?i:{'|'.join(_WORDS)})\b)"
    rf"|((?i:{'|'.join(_ORDINALS)}))(?:ly)?(?=[,:]|\sof\sall)"
    r"|([①-⑳])"
)


def opening(text: str, *, quoted: bool) -> int:
    """Return a code for the beginning of a sentence of either language; ``quoted`` says that a quote opens it.

    >>> [opening(text, quoted=False) for text in ("问：为什么？", "Q: Why?", "第十二条 国家", "Article XII The State")]
    [2, 2, 17, 17]
    """
    item = _ITEM.match(text)
    number = _value(item[item.lastindex or 0]) if item else None
    if number is not None:
        return NUMBER + min(number, LARGEST_NUMBER)
    start = text[:LABEL_CHARS]
    if "：" in start or ":" in start:
        label = _CHINESE_LABEL.match(text) or _ENGLISH_LABEL.match(text)
        if label and label[1][-1] not in _NO_LABEL:
            name = label[1].lower()
            return QUESTION if name in _QUESTIONS else ANSWER if name in _ANSWERS else SPEAKER
    return QUOTE if quoted else PLAIN


def _value(text: str) -> int | None:
    lower = text.lower()
    if text.isdecimal():
        return int(text)
    if lower in _ORDINALS:
        return _ORDINALS.index(lower) + 1
    if lower in _WORDS:
        return _WORDS.index(lower) + 1
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if set(lower) <= _ROMAN.keys() and lower not in {"c", "l"}:
        values = [_ROMAN[one] for one in lower]
        return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
    if len(lower) == 1 and lower.isascii():
        return ord(lower) - ord("a") + 1
    number = chinese_number(text)
    return None if number is None else int(number)


@dataclass(frozen=True, slots=True)
class OpeningWeights:
    """Log weights for how both sides of a bead begin: alike, otherwise, or only one of them with the mark.

    Those of quotes are fitted. Few of the development documents have labels and numbers, and where they have the words
    beside them say enough, so that theirs are set by hand, small enough to do no harm there.
    """

    quote_both: float = 1.39
    quote_one: float = -0.13
    turn_same: float = 0.5
    turn_other: float = 0.0
    turn_one: float = -0.7
    number_same: float = 1.0
    number_other: float = -0.5
    number_one: float = -0.3


@lru_cache(maxsize=1)
def scores(weights: OpeningWeights) -> npt.NDArray[np.float64]:
    """Return a table of scores for the codes of source and target."""
    code = np.arange(CODES)
    same = code[:, None] == code
    quote, turn, number = code == QUOTE, (code >= QUESTION) & (code < NUMBER), code >= NUMBER

    def agreement(has: npt.NDArray[np.bool_], alike: float, other: float, one: float) -> npt.NDArray[np.float64]:
        both = has[:, None] & has
        table: npt.NDArray[np.float64] = alike * (both & same) + other * (both & ~same) + one * (has[:, None] ^ has)
        return table

    return (
        agreement(quote, weights.quote_both, 0.0, weights.quote_one)
        + agreement(turn, weights.turn_same, weights.turn_other, weights.turn_one)
        + agreement(number, weights.number_same, weights.number_other, weights.number_one)
    )
