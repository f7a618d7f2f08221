"""Whether both texts say at least, or both at most, of the same number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from tmx.checks.model import Doubt, Span, sides
from tmx.languages import CHINESE, ENGLISH
from tmx.model import TranslationUnit
from tmx.numbers import Quantity, find
from tmx.numbers.agreement import MAX_APART, agree


class _Bound(NamedTuple):
    """That a number is the least or else the most, and where a text says so, the number included."""

    is_least: bool
    span: Span


def bounds_differ(unit: TranslationUnit) -> Iterator[Doubt]:
    """A number is the least there is in one text and the most in the other, wherever it stands in either.

    Half is left out: where more than half are for it, less than half are against it.
    """
    if not (texts := sides(unit)):
        return
    bounds: defaultdict[str, list[_Bound | None]] = defaultdict(list)
    firsts: dict[str, Quantity] = {}
    for one in find(texts[0], CHINESE):
        if one.kind in _KINDS and one.value != _HALF:
            bounds[one.value].append(_chinese_bound(texts[0], one))
            firsts.setdefault(one.value, one)
    bounded = [(firsts[value], first) for value, some in bounds.items() if (first := _of_all(some))]
    english = find(texts[1], ENGLISH) if bounded else []
    if len(bounded) * len(english) > MAX_APART**2:
        return
    for one, first in bounded:
        second = _of_all(
            [_english_bound(texts[1], other) for other in english if agree(one, texts[0], other, texts[1])]
        )
        if second and first.is_least != second.is_least:
            words = [text[slice(*bound.span)].strip() for text, bound in zip(texts, (first, second), strict=True)]
            kinds = ("at least", "at most") if first.is_least else ("at most", "at least")
            message = f"{kinds[0]} in the Chinese ({words[0]}), {kinds[1]} in the English ({words[1]})"
            spans = (first.span,), (second.span,)
            yield Doubt(message, *(spans if texts[0] is unit.source else reversed(spans)))


_KINDS = ("number", "percent", "fraction", "multiple")
_HALF = "1/2"


def _of_all(bounds: list[_Bound | None]) -> _Bound | None:
    """Return the first of bounds of the same number if all say the same."""
    known = [bound for bound in bounds if bound]
    agree = len(known) == len(bounds) and len({bound.is_least for bound in known}) == 1
    return known[0] if agree else None


def _agreeing(found: list[_Bound]) -> _Bound | None:
    """Put what stands before a number and behind it together; nothing if they contradict each other."""
    if len({bound.is_least for bound in found}) != 1:
        return None
    starts, ends = zip(*(bound.span for bound in found), strict=True)
    return _Bound(found[0].is_least, (min(starts), max(ends)))


# --- Chinese: 不得超过, 至少 and the like before the number, 以上 and 以下 behind it and its measure.

_NEGATION = "[不未没沒無无毋莫]"
_BEFORE_CHINESE = re.compile(
    r"(?:(?P<least>[至最]少|最低|起[码碼])|(?P<most>[至最][多高]|[顶頂]多))[^\W\d_]{0,4}\s?$"
    rf"|(?P<no>{_NEGATION}[得能应應可会會许許要曾宜必]?)?"
    r"(?:(?P<over>超[过過出]?|逾|[高多大][于於]|突破)|(?P<under>[低少小][于於]|不[足到满滿]|未[满滿]))"
    r"[约約]?(?:人民[币幣]|港[币幣]|美金|新[台臺][币幣]|[A-Z]{0,3}[$¥€£])?\s*$"
)
_BEHIND_CHINESE = re.compile(
    r"(?:千(?=[瓦米克])|[^\W\d_零〇一二三四五六七八九十两兩百千万萬亿億第]|[%％]){0,4}?(?:(?P<least>以上)|(?P<most>以下|[以之][内內]))"
    r"|(?P<more>[多余餘])"
)
_MORE = re.compile("[多余餘]|^[逾超过過]")
_CLAUSE = re.compile("[，。；：！？,;]")
_FURTHEST = 24  # characters from the first word of a bound to its number


def _chinese_bound(text: str, quantity: Quantity) -> _Bound | None:
    found = []
    if before := _BEFORE_CHINESE.search(text, max(0, quantity.start - _FURTHEST), quantity.start):
        clause = _CLAUSE.split(text[max(0, before.start() - _FURTHEST) : before.start()])[-1]
        if not (before["least"] or before["most"]) and re.search(_NEGATION, clause):
            return None
        found.append(_Bound(_says_least(before), (before.start(), quantity.end)))
    if behind := _BEHIND_CHINESE.match(text, quantity.end):
        found.append(_Bound(not behind["most"], (quantity.start, behind.end())))
    elif _MORE.search(text[quantity.start : quantity.end]):
        found.append(_Bound(True, (quantity.start, quantity.end)))
    return _agreeing(found)


def _says_least(match: re.Match[str]) -> bool:
    """Not more is at most, not less at least."""
    if match["over"] or match["under"]:
        return bool(match["over"]) != bool(match["no"])
    return bool(match["least"])


# --- English: at least, no more than before the number; or more, and under behind it and its measure.

_NO = r"(?:(?:\b(?:not|no|never|cannot)|n[’']t)(?:\s(?:be|to|have|been|fall|drop|go|is|are|allowed|permitted))*\s)"
_BEFORE_ENGLISH = re.compile(
    r"(?i:\b(?P<least>at\s(?:the\s)?(?:very\s)?least|(?:a\s)?minimum(?:\sof)?|in\sexcess\sof|upwards?\sof)"
    r"|\b(?P<most>at\s(?:the\s)?(?:very\s)?most|(?:a\s)?maximum(?:\sof)?|up\sto|within)"
    rf"|(?P<no>{_NO})?\b(?:"
    r"(?P<over>(?:more|greater|higher|larger|longer|older|better)\sthan|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?)"
    r"|(?P<under>(?:less|fewer|lower|smaller|shorter|younger)\sthan|under|below)))"
    r"\s(?:(?:about|an?|the\sages?\sof|age)\s)?(?:[A-Z]{0,3}[$¥€£]|RMB)?\s?$"
)
_BEHIND_ENGLISH = re.compile(
    r"(?i:(?:[\s-][a-z%]+){0,4}?,?\s(?:"
    r"or\s(?:(?P<least>more|above|over|older|higher|greater|longer)|(?P<most>less|fewer|below|under|lower|younger|shorter))"
    r"|and\s(?:(?P<and_least>above|over|older|up)|(?P<and_most>below|under|younger))(?=[.,;:)]|$|\s(?:to|of|in|who|are|is)\b)"
    r"|at\s(?:the\s)?(?:very\s)?(?:(?P<at_least>least)|(?P<at_most>most)))\b)"
)
_NEGATED = re.compile(
    r"(?i:\b(?:not|no|nor|never|none|neither|nobody|nothing|without|unless|hardly|rarely|few|cannot|except"
    r"|(?:prohibit|forbid|fail|refus|avoid|prevent)\w*)\b|n[’']t\b)"
)
_SENTENCE = re.compile(r"[.;!?]\s")
_TIME = re.compile(r"[\s-](?:years?|months?|days?|weeks?|hours?|decades?|minutes?|centur(?:y|ies)|quarters?)\b", re.I)
_FURTHEST_ENGLISH = 60  # letters


def _english_bound(text: str, quantity: Quantity) -> _Bound | None:
    found = []
    if before := _BEFORE_ENGLISH.search(text, max(0, quantity.start - _FURTHEST_ENGLISH), quantity.start):
        if before["over"] or before["under"]:
            is_while = (before["over"] or "").lower() == "over" and _TIME.match(text, quantity.end)  # over 5 years
            if is_while or _NEGATED.search(_SENTENCE.split(text[: before.start()])[-1]):
                return None
        found.append(_Bound(_says_least(before), (before.start(), quantity.end)))
    if behind := _BEHIND_ENGLISH.match(text, quantity.end):
        is_least = bool(behind["least"] or behind["and_least"] or behind["at_least"])
        found.append(_Bound(is_least, (quantity.start, behind.end())))
    return _agreeing(found)
