"""What one text says of a number and the other the wrong way round: at least and at most, rising and falling."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tmx.checks.model import Doubt, Span, doubt, sides
from tmx.languages import CHINESE, ENGLISH
from tmx.model import TranslationUnit
from tmx.numbers import Quantity, find
from tmx.numbers.agreement import MAX_APART, agree


class _Said(NamedTuple):
    """Which of two opposites is said of a number, and where, the number included."""

    first: bool
    span: Span


_Reading = Callable[[str, Quantity], _Said | None]


def bounds_differ(unit: TranslationUnit) -> Iterator[Doubt]:
    """A number is the least there is in one text and the most in the other, wherever it stands in either.

    Half is left out: where more than half are for it, less than half are against it.
    """
    return _reversed(unit, ("at least", "at most"), _chinese_bound, _english_bound)


def directions_differ(unit: TranslationUnit) -> Iterator[Doubt]:
    """Something rises by or to a number in one text and falls in the other."""
    return _reversed(unit, ("a rise", "a fall"), _chinese_direction, _english_direction)


def _reversed(unit: TranslationUnit, names: tuple[str, str], chinese: _Reading, english: _Reading) -> Iterator[Doubt]:
    if not (texts := sides(unit)):
        return
    said: defaultdict[str, list[_Said | None]] = defaultdict(list)
    firsts: dict[str, Quantity] = {}
    for one in find(texts[0], CHINESE):
        if one.kind in _KINDS and one.value != _HALF:
            said[one.value].append(chinese(texts[0], one))
            firsts.setdefault(one.value, one)
    known = [(firsts[value], there) for value, some in said.items() if (there := _of_all(some))]
    others = find(texts[1], ENGLISH) if known else []
    if len(known) * len(others) > MAX_APART**2:
        return
    for one, there in known:
        here = _of_all([english(texts[1], other) for other in others if agree(one, texts[0], other, texts[1])])
        if here and here.first != there.first:
            words = [text[slice(*side.span)].strip() for text, side in zip(texts, (there, here), strict=True)]
            kinds = names if there.first else names[::-1]
            message = f"{kinds[0]} in the Chinese ({words[0]}), {kinds[1]} in the English ({words[1]})"
            yield doubt(unit, message, (there.span,), (here.span,))


_KINDS = ("number", "percent", "fraction", "multiple")
_HALF = "1/2"


def _of_all(some: list[_Said | None]) -> _Said | None:
    """Return the first of what is said of the same number if all say the same."""
    known = [one for one in some if one]
    return known[0] if len(known) == len(some) and len({one.first for one in known}) == 1 else None


def _agreeing(found: list[_Said]) -> _Said | None:
    """Put what stands before a number and behind it together; nothing if they contradict each other."""
    if len({one.first for one in found}) != 1:
        return None
    starts, ends = zip(*(one.span for one in found), strict=True)
    return _Said(found[0].first, (min(starts), max(ends)))


# --- Bounds in Chinese: 不得超过, 至少 and the like before the number, 以上 and 以下 behind it and its measure.

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


def _chinese_bound(text: str, quantity: Quantity) -> _Said | None:
    found = []
    if before := _BEFORE_CHINESE.search(text, max(0, quantity.start - _FURTHEST), quantity.start):
        clause = _CLAUSE.split(text[max(0, before.start() - _FURTHEST) : before.start()])[-1]
        if not (before["least"] or before["most"]) and re.search(_NEGATION, clause):
            return None
        found.append(_Said(_says_least(before), (before.start(), quantity.end)))
    if behind := _BEHIND_CHINESE.match(text, quantity.end):
        found.append(_Said(not behind["most"], (quantity.start, behind.end())))
    elif _MORE.search(text[quantity.start : quantity.end]):
        found.append(_Said(True, (quantity.start, quantity.end)))
    return _agreeing(found)


def _says_least(match: re.Match[str]) -> bool:
    """Not more is at most, not less at least."""
    if match["over"] or match["under"]:
        return bool(match["over"]) != bool(match["no"])
    return bool(match["least"])


# --- Bounds in English: at least, no more than before the number; or more, and under behind it and its measure.

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
_FROM_A_LEVEL = re.compile(r"(?:[\s-][a-z]+)?\s(?:below|above|under)\s[a-z]")  # 5 metres below ground
_NEGATED = re.compile(
    r"(?i:\b(?:not|no|nor|never|none|neither|nobody|nothing|without|unless|hardly|rarely|few|cannot|except"
    r"|(?:prohibit|forbid|fail|refus|avoid|prevent)\w*)\b|n[’']t\b)"
)
_CONDITION = re.compile(
    r"(?i:\b(?:unless|only\b.*\b(?:if|when|where|with|after))\b)"
)  # no meeting with less, only with at least
_SENTENCE = re.compile(r"[.;!?]\s")
_TIME = re.compile(r"[\s-](?:years?|months?|days?|weeks?|hours?|decades?|minutes?|centur(?:y|ies)|quarters?)\b", re.I)
_FURTHEST_ENGLISH = 60  # letters
_SENTENCE_REACH = 400  # letters of a sentence that are looked at for a negation


def _english_bound(text: str, quantity: Quantity) -> _Said | None:
    found = []
    if _FROM_A_LEVEL.match(text, quantity.end):
        return None
    if before := _BEFORE_ENGLISH.search(text, max(0, quantity.start - _FURTHEST_ENGLISH), quantity.start):
        sentence = _SENTENCE.split(text[max(0, before.start() - _SENTENCE_REACH) : before.start()])[-1]
        if _CONDITION.search(sentence):
            return None
        if before["over"] or before["under"]:
            is_while = (before["over"] or "").lower() == "over" and _TIME.match(text, quantity.end)  # over 5 years
            if is_while or _NEGATED.search(sentence):
                return None
        found.append(_Said(_says_least(before), (before.start(), quantity.end)))
    if behind := _BEHIND_ENGLISH.match(text, quantity.end):
        is_least = bool(behind["least"] or behind["and_least"] or behind["at_least"])
        found.append(_Said(is_least, (quantity.start, behind.end())))
    return _agreeing(found)


# --- Rising and falling: 增长 and 下降 before a number, rose by and fell to; an increase behind it in English.

_CHANGE_IN_CHINESE = re.compile(
    r"(?:(?P<up>增[长長加至]?|[上攀回调調][升涨漲]|升[至到]?|[涨漲]|提[高升]|[上调調][调調高])"
    r"|(?P<down>下[降跌滑挫调調]|回落|降[低至]?|跌[至到]?|[减減][少低]|[缩縮压壓削][减減]|[调調][低降]))"
    r"(?:[了到至为為約约近逾仅僅达達]|大[约約]|超[过過]|不[足到]|只有|百分之|\s?[0-9]{4}\s?年(?:[0-9]{1,2}月)?[底末中初]?的?){0,4}\s?$"
)
_CHANGING_OR_NOT = re.compile(
    "[兑兌幅速增升涨漲跌降减減负負亏虧不未没沒無无]"
)  # growth fell to 5 %, the fall grew, or no rise
_CHANGE_IN_ENGLISH = re.compile(
    r"(?i:\b(?:"
    r"(?P<up>r(?:ose|is(?:e[sn]?|ing))|increas(?:e[sd]?|ing)|gr(?:ew|ow(?:s|n|ing)?)|(?:climb|jump|gain)(?:s|ed|ing)?"
    r"|(?:surg|rais)(?:e[sd]?|ing)|(?:soar|expand)(?:s|ed|ing)?|up)"
    r"|(?P<down>f(?:ell|all(?:s|en|ing)?)|(?:declin|decreas|reduc|plung)(?:e[sd]?|ing)|drop(?:s|ped|ping)?|cut(?:s|ting)?"
    r"|(?:lower|contract|slump|plummet)(?:s|ed|ing)?|shr(?:ank|unk|ink(?:s|ing)?)|slash(?:es|ed|ing)?|down))"
    r"(?:\s\w+ly)?(?:\sfrom\s(?:[A-Z]{0,3}[$¥€£])?[0-9.,]+%?(?:\s(?:percent|million|billion|trillion|yuan))*(?=\sto\s))?"
    r"(?:\s(?:by|to|of|average|an?|another|about|around|nearly|almost|over|some|approximately|more|less|fewer|than|at|least|most"
    r"|only|further)){0,4}\s)(?:[A-Z]{0,3}[$¥€£]|RMB)?\s?$"
)
_CHANGE_BEHIND = re.compile(
    r"(?i:(?:[\s-](?:percentage|points?|percent|per\scent|year-on-year|annual)|%)*"
    r"[\s-](?:(?P<up>rise|increase|growth|hike|gain|jump|surge)"
    r"|(?P<down>fall|decline|decrease|drop|reduction|cut|contraction|dip|slump))\b)"
)
_CHANGES_OR_NOT = re.compile(
    r"(?i:\b(?:not|no|never|without|deficits?|loss(?:es)?|growth|inflation|(?:increase|rise|decline|decrease|fall|drop|reduction)s?)\b|n[’']t\b)"
)


def _chinese_direction(text: str, quantity: Quantity) -> _Said | None:
    match = _CHANGE_IN_CHINESE.search(text, max(0, quantity.start - _FURTHEST), quantity.start)
    if not match or _CHANGING_OR_NOT.search(_CLAUSE.split(text[max(0, match.start() - _FURTHEST) : match.start()])[-1]):
        return None
    return _Said(bool(match["up"]), (match.start(), quantity.end))


def _english_direction(text: str, quantity: Quantity) -> _Said | None:
    found = []
    if before := _CHANGE_IN_ENGLISH.search(text, max(0, quantity.start - _FURTHEST_ENGLISH), quantity.start):
        sentence = _SENTENCE.split(text[max(0, before.start() - _FURTHEST_ENGLISH) : before.start()])[-1]
        if _CHANGES_OR_NOT.search(sentence):
            return None
        found.append(_Said(bool(before["up"]), (before.start(), quantity.end)))
    if behind := _CHANGE_BEHIND.match(text, quantity.end):
        found.append(_Said(bool(behind["up"]), (quantity.start, behind.end())))
    return _agreeing(found)
