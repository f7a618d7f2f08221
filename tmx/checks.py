"""Flags: what a translator should look at in a translation unit.

A flag is a doubt and not an error; nothing is changed or left out because of it. Low confidence is no flag: it has
its own number. The false-alarm rates are in ``docs/checks.md``, with the command that measured them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from tmx.characters import HAN_BLOCKS, han_share, key
from tmx.languages import is_chinese, is_english
from tmx.model import TranslationUnit
from tmx.numbers import agreement
from tmx.scripts import implied_script, script_of_character

# Bounds on the English length, in letters and marks without space, for a Chinese one in characters. The ratios lie
# outside 99.7 % of hand-aligned novels, debates, addresses and reports; the summands leave room to short texts.
LONGEST = (7.5, 30)
SHORTEST = (1.2, -6)
WIDTH_OF_LATIN = 0.3  # an English letter in Chinese text, as a share of a character

MIN_UNTRANSLATED_HAN = 4  # characters of Chinese in English text, 外交 in brackets is no fault
MIN_UNTRANSLATED_WORDS = 3
MIN_SCRIPT_EVIDENCE = 3  # characters of the wrong script, so that one rare name is no fault
MIN_CUT_OFF_CHARS = 10  # shorter texts are headings and labels, which may lack an end mark on one side


def check(unit: TranslationUnit) -> tuple[str, ...]:
    """Return the flags of a unit, sorted; they are the names in ``FLAGS``.

    >>> check(TranslationUnit("1", "通话79次。", "97 calls were made."))
    ('numbers-differ',)
    >>> check(TranslationUnit("1", "中国外交取得了成功。", "中国外交取得了成功。"))
    ('same-text', 'untranslated')
    """
    if not unit.source.strip() or not unit.target.strip():
        return ("empty-side",)
    return tuple(sorted(name for name, (test, _) in _TESTS.items() if test(unit)))


def _numbers_differ(unit: TranslationUnit) -> bool:
    pair = _sides(unit)
    return pair is not None and agreement(*pair).differs


def _sides(unit: TranslationUnit) -> tuple[str, str] | None:
    """Return the Chinese and the English text, None for other languages."""
    if is_chinese(unit.source_language) and is_english(unit.target_language):
        return unit.source, unit.target
    if is_english(unit.source_language) and is_chinese(unit.target_language):
        return unit.target, unit.source
    return None


def _length_unusual(unit: TranslationUnit) -> bool:
    pair = _sides(unit)
    if pair is None or _is_untranslated(unit):
        return False
    wide = len(_WIDE.findall(pair[0]))
    chinese = wide + WIDTH_OF_LATIN * (len(_NO_SPACE.findall(pair[0])) - wide)
    english = len(_NO_SPACE.findall(pair[1]))
    longest, shortest = (slope * chinese + summand for slope, summand in (LONGEST, SHORTEST))
    return not shortest <= english <= longest


_HAN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS) + "]")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af]")  # as wide as a Han character
_NO_SPACE = re.compile(r"\S")


def _is_same_text(unit: TranslationUnit) -> bool:
    """Figures, codes and addresses are rightly the same on both sides; words are not."""
    same = key(unit.source) == key(unit.target)
    return same and bool(_WORDS.search(unit.source)) and not _ADDRESS.fullmatch(unit.source.strip())


_WORDS = re.compile(r"[^\W\d_]{2,}[\s、，,]+[^\W\d_]{2,}|[\u4e00-\u9fff]{2,}")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")


def _is_untranslated(unit: TranslationUnit) -> bool:
    pair = _sides(unit)
    if pair is None:
        return False
    chinese, english = pair
    if len(_HAN.findall(english)) >= MIN_UNTRANSLATED_HAN and han_share(english) >= 0.5:
        return True
    return (
        not (_HAN.search(chinese) or _ADDRESS.fullmatch(chinese.strip()))
        and len(_WORD.findall(chinese)) >= MIN_UNTRANSLATED_WORDS
    )


_WORD = re.compile(r"[A-Za-z]*[a-z]{2,}")


def _is_wrong_script(unit: TranslationUnit) -> bool:
    return any(
        _is_other_script(text, tag)
        for text, tag in ((unit.source, unit.source_language), (unit.target, unit.target_language))
    )


def _is_other_script(text: str, tag: str) -> bool:
    if is_chinese(tag):
        if len(_KANA.findall(text)) > len(_HAN.findall(text)) / 4:
            return True
        script = implied_script(tag)
        if not script:
            return False
        found = Counter(map(script_of_character, text))
        other = found["Hant" if script == "Hans" else "Hans"]
        least = MIN_SCRIPT_EVIDENCE if found[script] else MIN_SCRIPT_EVIDENCE - 1
        return other >= least and other > found[script]
    if is_english(tag):
        foreign = len(_FOREIGN.findall(text))
        return foreign >= MIN_SCRIPT_EVIDENCE and foreign > len(_LATIN.findall(text))
    return False


_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_FOREIGN = re.compile(r"[\u0370-\u05ff\u0600-\u06ff\u0e00-\u0e7f\u3041-\u30fa\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def _quotes_unpaired(unit: TranslationUnit) -> bool:
    """A sentence out of a longer quotation opens or closes a mark alone; then the other side does so as well."""
    return len({_open_quotes(text) for text in (unit.source, unit.target)} - {None}) > 1


def _open_quotes(text: str) -> int | None:
    """Return how many more double quotation marks open than close; None where it cannot be told."""
    if _SINGLE_QUOTE.search(text) and not _HAN.search(text):
        return None  # British dialogue: an apostrophe looks like its closing mark
    balance = sum(map(text.count, _OPENING)) - sum(map(text.count, _CLOSING))
    straight = text.count('"')
    if straight % 2 == 0:
        return balance
    return None if straight > 1 or balance else (1 if _OPENING_STRAIGHT.search(text) else -1)


_OPENING, _CLOSING = "“「«", "”」»"
_SINGLE_QUOTE = re.compile(r"(?:^|[\s(“\"—–-])['‘’]\w|[.,!?—–…-]\s?['’](?:\W|$)|``|''")
_OPENING_STRAIGHT = re.compile(r'(?:^|[\s(：:，,])"\w')


def _brackets_unpaired(unit: TranslationUnit) -> bool:
    return _open_brackets(unit.source) != _open_brackets(unit.target)


def _open_brackets(text: str) -> tuple[int, ...]:
    """Return how many more brackets of each shape open than close, zero for most."""
    if not _BRACKET.search(text):
        return (0, 0, 0)
    plain = _LIST_MARK.sub("", text).translate(_BRACKET_SHAPES)
    return tuple(plain.count(first) - plain.count(last) for first, last in ("()", "《》", "[]"))


_BRACKET = re.compile("[()（）《》〈〉【】〔〕［］\\[\\]]")
_BRACKET_SHAPES = str.maketrans("（）【】〔〕［］〈〉", "()[][][]《》")
_LIST_MARK = re.compile(r"(?:^|(?<=[\s。；;：:，,]))\(?[0-9a-zA-Z一二三四五六七八九十]{1,3}[)）]")


def _is_cut_off(unit: TranslationUnit) -> bool:
    """One side ends like a sentence, the other in the middle of a phrase."""
    if min(len(unit.source), len(unit.target)) < MIN_CUT_OFF_CHARS or _ITEM.match(unit.source):
        return False
    ends = [bool(_END.search(text)) for text in (unit.source, unit.target)]
    middles = [bool(_MIDDLE.search(text)) for text in (unit.source, unit.target)]
    return (ends[0] and middles[1]) or (ends[1] and middles[0])


# Items of a list and numbered headings end in Chinese with a full stop, in English with nothing.
_ITEM = re.compile(
    r"\s*(?:[—–・·•*-]|[(（]?[0-9a-zA-Z一二三四五六七八九十]{1,3}[.．、)）]|第[0-9一二三四五六七八九十百]+[条章节编])"
)
_END = re.compile(r"(?:[。！？!?]|[a-z]{3}\.|\.[\"'”’)])[\"'”’」』）)\s]*$")
_MIDDLE = re.compile(r"(?:[\w\u4e00-\u9fff]|[,，、])[\s]*$")

_TESTS: dict[str, tuple[Callable[[TranslationUnit], bool], str]] = {
    "brackets-unpaired": (_brackets_unpaired, "a bracket is opened or closed on one side only"),
    "cut-off": (_is_cut_off, "one side ends with an end mark, the other in the middle of a phrase"),
    "length-unusual": (_length_unusual, "the English is much longer or shorter than the Chinese leads to expect"),
    "numbers-differ": (_numbers_differ, "a number, date, percentage or ordinal stands on one side only"),
    "quotes-unpaired": (_quotes_unpaired, "a quotation mark is opened or closed on one side only"),
    "same-text": (_is_same_text, "both sides are the same words"),
    "untranslated": (_is_untranslated, "the English side is Chinese, or the Chinese side English"),
    "wrong-script": (_is_wrong_script, "Traditional text under a Simplified tag or the reverse, or another script"),
}

ROW_DOUBTED = "row-doubted"  # set where the other rows are known, in ``tmx.memory``
FLAGS: dict[str, str] = {
    "empty-side": "one side holds no text",
    ROW_DOUBTED: "the file puts these texts side by side, but their words do not go together",
} | {name: text for name, (_, text) in _TESTS.items()}
"""Every flag, with what it means in a few words."""
