"""Checks of marks and characters: quotation marks, brackets, width, spaces, invisible signs, repeated words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tmx.characters import HAN_BLOCKS, han_share
from tmx.checks.model import Doubt, Spans, sides
from tmx.languages import is_chinese
from tmx.model import TranslationUnit

_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS)
_HAS_HAN = re.compile(f"[{_HAN}]")

# --- Pairs of marks


def quotes_unpaired(unit: TranslationUnit) -> Iterator[Doubt]:
    """A sentence out of a longer quotation opens or closes a mark alone; then the other side does so as well."""
    texts = sides(unit)
    if texts is None:
        return
    chinese, english = map(_open_quotes, texts)
    if chinese is None or english is None or chinese == english:
        return
    if english:
        yield _on_side(unit, 1, f"a quotation mark is {_state(english)} in the English", _quotes(texts[1]))
    elif _is_edge(texts[0], chinese):
        yield _on_side(unit, 0, f"a quotation mark is {_state(chinese)} in the Chinese", _quotes(texts[0]))


def source_quotes(unit: TranslationUnit) -> Iterator[Doubt]:
    """A mark that the Chinese lost in the middle of a sentence while the English is whole: a fault of the source."""
    texts = sides(unit)
    if texts is None:
        return
    chinese, english = map(_open_quotes, texts)
    if chinese and english == 0 and not _is_edge(texts[0], chinese):
        yield _on_side(unit, 0, f"a quotation mark is {_state(chinese)} in the Chinese", _quotes(texts[0]))


def _state(balance: int) -> str:
    return "opened and not closed" if balance > 0 else "closed and not opened"


def _is_edge(text: str, balance: int) -> bool:
    """Tell whether the open mark begins direct speech, or the closing one ends the text: the unit was cut there."""
    if balance < 0:
        return bool(_CLOSES_TEXT.search(text))
    opened = [match.start() for match in _OPENING_MARK.finditer(text)]
    return bool(opened) and (opened[-1] == 0 or text[opened[-1] - 1] in "：:，,。 \u3000——\n")


_OPENING_MARK = re.compile("[“「«]")
_CLOSES_TEXT = re.compile("[”」»]\\s*$")


def _on_side(unit: TranslationUnit, side: int, message: str, spans: Spans) -> Doubt:
    """A doubt about the Chinese (0) or the English (1) text of a unit, whichever of the two is its source."""
    is_source = (side == 0) == is_chinese(unit.source_language)
    return Doubt(message, source=spans) if is_source else Doubt(message, target=spans)


def _quotes(text: str) -> Spans:
    return _spans(_QUOTE, text)


_QUOTE = re.compile('[“”「」«»"]')


def _open_quotes(text: str) -> int | None:
    """Return how many more double quotation marks open than close; None where it cannot be told."""
    if _SINGLE_QUOTE.search(text) and not _HAS_HAN.search(text):
        return None  # British dialogue: an apostrophe looks like its closing mark
    if not _QUOTE.search(text):
        return 0
    balance = sum(map(text.count, _OPENING)) - sum(map(text.count, _CLOSING))
    straight = text.count('"')
    if straight % 2 == 0:
        return balance
    return None if straight > 1 or balance else (1 if _OPENING_STRAIGHT.search(text) else -1)


_OPENING, _CLOSING = "“「«", "”」»"
_SINGLE_QUOTE = re.compile(r"(?:^|[\s(“\"—–-])['‘’]\w|[.,!?—–…-]\s?['’](?:\W|$)|``|''")
_OPENING_STRAIGHT = re.compile(r'(?:^|[\s(：:，,])"\w')


def brackets_unpaired(unit: TranslationUnit) -> Iterator[Doubt]:
    """A bracket without its partner, on one side only."""
    left = _open_brackets(unit.source), _open_brackets(unit.target)
    if left[0] != left[1]:
        odd = [sorted((one - other).elements()) for one, other in (left, left[::-1])]
        names = [
            f"{' '.join(some)} of the {name}" for some, name in zip(odd, ("source", "target"), strict=True) if some
        ]
        source, target = (_spans(_BRACKET, text) for text in (unit.source, unit.target))
        yield Doubt(f"without its partner: {', '.join(names)}", source if odd[0] else (), target if odd[1] else ())


def _spans(pattern: re.Pattern[str], text: str) -> Spans:
    return tuple(match.span() for match in pattern.finditer(text))


def _open_brackets(text: str) -> Counter[str]:
    """Return the brackets that stand open, and those that close nothing, by shape; a label like "a)" closes nothing.

    >>> _open_brackets("(Chart 3) a) one; b) two"), _open_brackets("（图3")
    (Counter(), Counter({'(': 1}))
    """
    left: Counter[str] = Counter()
    for match in _BRACKET.finditer(text):
        bracket = match[0].translate(_BRACKET_SHAPES)
        opening = _OPENING_BRACKETS.get(bracket)
        if opening is None:
            left[bracket] += 1
        elif left[opening] > 0:
            left[opening] -= 1
        elif not (opening == "(" and _LIST_LABEL.search(text, max(0, match.start() - 8), match.start())):
            left[bracket] += 1
    return +left


_BRACKET = re.compile("[()（）《》〈〉【】〔〕［］\\[\\]]")
_BRACKET_SHAPES = str.maketrans("（）【】〔〕［］〈〉", "()[][][]《》")
_OPENING_BRACKETS = {")": "(", "]": "[", "》": "《"}
_LIST_LABEL = re.compile(r"(?:^|[\s。；;：:，,、及和與与])[0-9a-zA-Z一二三四五六七八九十]{1,4}$")


# --- Single marks and characters


def question_lost(unit: TranslationUnit) -> Iterator[Doubt]:
    """A question on one side only."""
    texts = sides(unit)
    if texts is None:
        return
    asked = [bool(_ASKED.search(text)) for text in texts]
    if asked[0] != asked[1] and _STATED.search(texts[asked[0]]):
        yield Doubt(f"a question in the {'English' if asked[1] else 'Chinese'} only")


_ASKED = re.compile(r"[？?][”\"'’」』）)]?\s*$")
_STATED = re.compile(r"[。.！!][”\"'’」』）)]?\s*$")


def chinese_marks(unit: TranslationUnit) -> Iterator[Doubt]:
    """Chinese punctuation, and letters and figures of full width, in English words."""
    text, side = _english(unit)
    spans = _spans(_CHINESE_MARK, text)
    if spans:
        marks = " ".join(sorted({text[start:end] for start, end in spans}))
        yield _on_side(unit, side, f"Chinese marks or full width in the English: {marks}", spans)


# Beside Chinese a Chinese mark is in its place: 《人民日报》 in an English sentence.
_CHINESE_MARK = re.compile(
    rf"(?<![{_HAN}》」』）])[，。、；：？！「」『』（）《》【】](?![{_HAN}《「『（])|[Ａ-Ｚａ-ｚ０-９％．＄－]"
)


def _english(unit: TranslationUnit) -> tuple[str, int]:
    """The English text, empty where there is none: in other languages, and where Chinese was left standing."""
    texts = sides(unit)
    return (texts[1] if texts and han_share(texts[1]) < MOSTLY else "", 1)


MOSTLY = 0.5


def quotes_mixed(unit: TranslationUnit) -> Iterator[Doubt]:
    """Straight and curly marks in one English text."""
    text, side = _english(unit)
    if '"' in text and ("“" in text or "”" in text):
        yield _on_side(unit, side, "straight and curly quotation marks in one text", _quotes(text))


def invisible(unit: TranslationUnit) -> Iterator[Doubt]:
    """Signs that nobody sees: zero-width spaces, marks of direction, control characters, U+FFFD."""
    source, target = (_spans(_INVISIBLE, text) for text in (unit.source, unit.target))
    if source or target:
        signs = {unit.source[start] for start, _ in source} | {unit.target[start] for start, _ in target}
        codes = ", ".join(sorted(f"U+{ord(sign):04X}" for sign in signs))
        yield Doubt(f"invisible or unreadable signs: {codes}", source, target)


_INVISIBLE = re.compile(
    "[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd\u0000-\u0008\u000b\u000e-\u001f]"
)


def words_repeated(unit: TranslationUnit) -> Iterator[Doubt]:
    """The same word twice in a row in English."""
    text, side = _english(unit)
    spans = tuple(m.span() for m in _REPEATED.finditer(text) if m[1].lower() not in _MAY_REPEAT and not m[1].isdigit())
    if spans:
        words = ", ".join(text[start:end] for start, end in spans)
        yield _on_side(unit, side, f"repeated: {words}", spans)


_REPEATED = re.compile(r"\b([a-z]+|[A-Z][a-z]+) \1\b(?![-'’])")
_MAY_REPEAT = frozenset(
    ("that", "had", "so", "very", "ha", "bye", "tut", "no", "well", "much", "far", "many", "long", "years")
)


def spaces_stray(unit: TranslationUnit) -> Iterator[Doubt]:
    """A space before a mark, or none behind it, in English."""
    text, side = _english(unit)
    if spans := _spans(_STRAY_SPACE, text):
        yield _on_side(unit, side, "a space too much or too few beside a mark", spans)


_STRAY_SPACE = re.compile(r"(?<=[A-Za-z]) [,;](?=[ A-Za-z])|(?<=[a-z]{2}[,;])(?=[A-Za-z]{2})")


def half_width(unit: TranslationUnit) -> Iterator[Doubt]:
    """Commas and stops of half width between Chinese characters; some documents use them throughout."""
    texts = sides(unit)
    if texts is None:
        return
    spans = _spans(_HALF_WIDTH, texts[0])
    if spans:
        yield _on_side(unit, 0, "marks of half width in the Chinese", spans)


_HALF_WIDTH = re.compile(rf"(?<=[{_HAN}])[,;:!?](?=[{_HAN}])")
