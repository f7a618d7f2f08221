"""Checks of names: a Chinese name that the English spells must stand in the Chinese."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache

from tmx import cedict
from tmx.alignment.names import READINGS, readings, segmented
from tmx.cache import Table
from tmx.checks.model import Doubt, Span, sides
from tmx.languages import is_english
from tmx.model import TranslationUnit

# What stands for a place in short, beside another such: 京津冀 is Beijing, Tianjin and Hebei, 深港通 of Shenzhen.
_SHORT_NAMES = {
    "anhui": "皖", "beijing": "京", "chengdu": "成", "chongqing": "渝", "fujian": "闽", "gansu": "甘陇",
    "guangdong": "粤广", "guangxi": "桂", "guangzhou": "穗广", "guizhou": "黔贵", "hainan": "琼", "hebei": "冀",
    "heilongjiang": "黑", "henan": "豫", "hubei": "鄂", "hunan": "湘", "jiangsu": "苏", "jiangxi": "赣", "jilin": "吉",
    "liaoning": "辽", "nanjing": "宁", "ningxia": "宁", "qinghai": "青", "shaanxi": "陕", "shandong": "鲁",
    "shanghai": "沪", "shanxi": "晋", "shenzhen": "深", "sichuan": "川", "taiwan": "台", "tianjin": "津", "wuhan": "汉",
    "xinjiang": "新疆", "xizang": "藏", "yunnan": "滇云", "zhejiang": "浙", "zhuhai": "珠",
}  # fmt: skip
_OTHER_NAMES = {
    "beijing": ("首都", "北平", "进京", "在京", "返京"), "guangdong": ("大湾区",), "shanghai": ("上合",),
    "xinjiang": ("南疆", "北疆"),
    "taiwan": ("两岸", "海峡", "对台", "涉台", "台独", "台海", "台胞", "台商", "台资"),
}  # fmt: skip
_SHORT = "".join(sorted({*"".join(_SHORT_NAMES.values()), *"港澳"}))
_IN_SHORT = re.compile(f"[{_SHORT}]{{2,}}|[{_SHORT}](?=[省市])|(?<=[援赴驻])[{_SHORT}]")
_WORD = r"[A-Z][a-z]+(?:['’](?!s\b)[a-z]+)?(?:-[a-z]+)?"
# Looked for at every word, so that "Comrade Xi Jinping" gives Xi Jinping; a name may stand in a chain of places.
_PERSON = re.compile(rf"(?<![A-Za-z'’.-])(?=({_WORD}) ({_WORD})(?![A-Za-z-]))")
_PLACE = re.compile(r"(?<![A-Za-z'’])([A-Z][a-z]+(?:['’](?!s\b)[a-z]+)?)(?![A-Za-z]|-[a-z])")
# Surnames by their Hong Kong spelling; each with the characters it is written for.
_HONG_KONG = {
    "au": "区欧", "chan": "陈", "cheng": "程郑", "cheung": "张章", "chiu": "招赵", "cho": "曹", "choi": "崔蔡",
    "chow": "周", "choy": "蔡", "chu": "朱", "chui": "崔徐", "chung": "钟", "fok": "霍", "fong": "方", "fung": "冯",
    "hui": "许", "hung": "孔洪", "ip": "叶", "kwan": "关", "kwok": "郭", "kwong": "邝", "lai": "赖黎", "lam": "林蓝",
    "lau": "刘", "law": "罗", "lee": "李", "leung": "梁", "li": "李", "lo": "卢罗", "lui": "吕雷", "ma": "马",
    "mak": "麦", "man": "万文", "mok": "莫", "ng": "伍吴", "poon": "潘", "pun": "潘", "shek": "石", "siu": "萧",
    "so": "苏", "sze": "施", "tam": "谭", "tang": "邓", "tsang": "曾", "tse": "谢", "tsui": "徐", "tung": "董",
    "wan": "尹温", "wong": "王黄", "wu": "胡", "yam": "任", "yeung": "杨", "yip": "叶", "yiu": "姚", "yu": "余俞",
    "yue": "余", "yuen": "袁阮",
}  # fmt: skip
_TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Professor|Prof)\.? (?:[A-Z][A-Za-z.-]* ){{0,3}}({_WORD})(?![A-Za-z-]| [A-Z])"
)

_NOTE = re.compile(r"\([^()]{60,}\)")  # what a translator explains to foreign readers


def names_differ(unit: TranslationUnit) -> Iterator[Doubt]:
    """A name in pinyin or Wade-Giles whose characters are not in the Chinese."""
    texts = sides(unit)
    if texts is None or not is_english(unit.target_language):
        return
    chinese, english = texts[0].translate(cedict.simplification()), texts[1]
    notes = [match.span() for match in _NOTE.finditer(english)]
    for (start, end), syllables in _spelt_names(english):
        if any(first < start < last for first, last in notes):
            continue
        if not any(_is_read_in(chinese, way) for way in syllables) and not _is_short(english[start:end], chinese):
            name = english[start:end]
            yield Doubt(f"{name}: no such name in the Chinese", target=((start, end),))
    for match in _TITLED.finditer(english):
        characters = _HONG_KONG.get(match[1].lower(), "")
        if characters and not set(characters) & set(chinese) and not _is_spelt(chinese, match[1]):
            yield Doubt(f"{match[1]}: no such name in the Chinese", target=(match.span(1),))


def _is_spelt(text: str, word: str) -> bool:
    return any(_is_read_in(text, way) for way in segmented(_bare(word)))


def _spelt_names(text: str) -> Iterator[tuple[Span, list[tuple[str, ...]]]]:
    """Yield the Chinese names in an English text, each with the ways it may be read, in the order of Chinese."""
    taken: set[int] = set()
    for match in _PERSON.finditer(text):
        ways = _ways_of_person(match[1], match[2], surnames())
        span = match.start(1), match.end(2)
        is_other = text[slice(*span)] in other_spellings()
        if ways and not is_other and span[0] not in taken:
            yield span, ways
        if ways or is_other:
            taken.update(range(*span))
    for match in _PLACE.finditer(text):
        if match.start() not in taken and match[1].lower().replace("’", "'") in places():
            yield match.span(), [way for way in segmented(_bare(match[1])) if len(way) > 1]


def _bare(word: str) -> str:
    return word.lower().replace("’", "'").replace("'", "").replace("-", "")


def _ways_of_person(first: str, second: str, known: Container[str]) -> list[tuple[str, ...]]:
    """Wang Yi; the second word is one or two syllables, the first a surname and hardly an English word."""
    surname, given = _bare(first), _bare(second)
    if surname not in known or _is_common(surname) or _is_common(given):
        return []
    return [(*before, *behind) for before in segmented(surname) for behind in segmented(given) if len(behind) <= 2]


def _is_read_in(text: str, syllables: tuple[str, ...]) -> bool:
    """Tell whether characters of a Simplified text may be read so, one after the other."""
    known = readings()
    return any(
        all(
            syllable in known.get(character, ())
            for syllable, character in zip(syllables, text[place : place + len(syllables)], strict=True)
        )
        for place in range(len(text) - len(syllables) + 1)
    )


def _is_short(name: str, text: str) -> bool:
    place = _bare(name)
    if any(other in text for other in _OTHER_NAMES.get(place, ())):
        return True
    return bool(set(_SHORT_NAMES.get(place, "")).intersection("".join(_IN_SHORT.findall(text))))


def surnames() -> frozenset[str]:
    """Return the surnames that CC-CEDICT knows, in pinyin without tones.

    >>> sorted({"wang", "ouyang", "open"} & surnames())
    ['ouyang', 'wang']
    """
    return _known()["surnames"]


def _surnames() -> frozenset[str]:
    return frozenset(_spelling(entry) for entry in cedict.entries() if "surname " in entry.glosses[0])


def places() -> frozenset[str]:
    """Return the Chinese places of two to four characters that CC-CEDICT explains by their own spelling.

    >>> sorted({"nanjing", "shenzhen", "guide"} & places())
    ['nanjing', 'shenzhen']
    """
    return _known()["places"]


def _places() -> frozenset[str]:
    found = set()
    for entry in cedict.entries():
        if entry.pinyin[:1].isupper() and 2 <= len(entry.simplified) <= 4:
            first = re.match(_WORD, entry.glosses[0])
            is_place = any(map(_CHINESE_PLACE.search, entry.glosses))
            if first and is_place and _bare(first[0]) == _spelling(entry) and not _is_common(_spelling(entry)):
                found.add(first[0].lower())
    return frozenset(found)


def other_spellings() -> frozenset[str]:
    """Return names of two words that look like pinyin and are none.

    >>> "Hong Kong" in other_spellings()
    True
    """
    return _known()["other spellings"]


def _other_spellings() -> frozenset[str]:
    found, known = set(), _surnames()
    spelt = set(map(_spelling, cedict.entries()))
    for entry in cedict.entries():
        for gloss in entry.glosses:
            name = _PERSON.match(gloss)
            if name and _ways_of_person(name[1], name[2], known) and _bare(name[1] + name[2]) not in spelt:
                found.add(f"{name[1]} {name[2]}")
    return frozenset(found)


def _spelling(entry: cedict.Entry) -> str:
    return entry.pinyin.lower().replace("u:", "u").translate(_NO_TONES)


@lru_cache(maxsize=1)
def _known() -> dict[str, frozenset[str]]:
    return NAMES.load()


def _build() -> dict[str, frozenset[str]]:
    return {"surnames": _surnames(), "places": _places(), "other spellings": _other_spellings()}


NAMES = Table(
    "names",
    dict[str, frozenset[str]],
    _build,
    modules=("tmx.checks.names", "tmx.alignment.names"),
    tables=(cedict.ENTRIES, READINGS),
)

_CHINESE_PLACE = re.compile(
    r"\b(?:county|district|city|town|province|prefecture|municipality|autonomous region|capital) (?:in|of)\b"
    r"|\b(?:province|Taiwan|municipality|autonomous region)\b",
    re.IGNORECASE,
)
_NO_TONES = str.maketrans("", "", "12345 ")


def _is_common(word: str) -> bool:
    """Tell whether a word is one of everyday English as well: an, long, he, can."""
    return word in _EVERYDAY


_EVERYDAY = frozenset(
    ["a", "aide", "an", "bade", "ban", "bang", "bose", "boxing", "can", "change", "china", "den", "fan", "gang",
     "guide", "guiding", "hailing", "hang", "he", "jingle", "long", "mange", "man", "men", "mile", "nana", "open",
     "pan", "pin", "ran", "range", "she", "sin", "song", "sun", "tan", "tang", "wan", "yin", "you"]
)  # fmt: skip
