"""Checks of what a translation says: numbers and their units, what is missing, what was left standing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import itemgetter

from tmx.characters import HAN_BLOCKS, han_share, key
from tmx.checks.model import Doubt, Spans, doubt, sides
from tmx.languages import CHINESE, ENGLISH, is_chinese, is_english
from tmx.model import TranslationUnit
from tmx.numbers import Quantity, agreement, find
from tmx.numbers.agreement import MAX_APART
from tmx.numbers.units import chinese_unit, english_unit, may_be
from tmx.scripts import implied_script, script_of_character

# Bounds on the English length, in letters and marks without space, for a Chinese one in characters. The ratios lie
# outside 99.7 % of hand-aligned novels, debates, addresses and reports; the summands leave room to short texts.
LONGEST = (7.5, 30)
SHORTEST = (1.2, -6)
WIDTH_OF_LATIN = 0.3  # an English letter in Chinese text, as a share of a character

# A sentence without its end mark is half a sentence if its length says so too: 1 % of official units have fewer than
# 2.2 or more than 5.6 English letters for a Chinese character, and half a sentence has half as many.
HALF_OF_ENGLISH = 2.4
HALF_OF_CHINESE = 4.4

MIN_UNTRANSLATED_HAN = 4  # characters of Chinese in English text, 外交 in brackets is no fault
MIN_UNTRANSLATED_WORDS = 3
MIN_SCRIPT_EVIDENCE = 3  # characters of the wrong script, so that one rare name is no fault
MIN_CUT_OFF_CHARS = 10  # shorter texts are headings and labels, which may lack an end mark on one side

_HAN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS) + "]")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af]")  # as wide as a Han character
_NO_SPACE = re.compile(r"\S")


# --- Numbers


def numbers_differ(unit: TranslationUnit) -> Iterator[Doubt]:
    """A number, date, percentage, fraction or ordinal on one side only."""
    if (texts := sides(unit)) and (found := agreement(*texts)).differs:
        left, right = _salient(found.source_only), _salient(found.target_only)
        if not _wrong_magnitudes(left, right):
            yield _about(unit, _how_they_differ(texts, left, right), left, right)


def magnitude_differs(unit: TranslationUnit) -> Iterator[Doubt]:
    """The same figures, ten or ten thousand times as much: 90亿 as 900 million."""
    if (texts := sides(unit)) and (found := agreement(*texts)).differs:
        for one, other in _wrong_magnitudes(_salient(found.source_only), _salient(found.target_only)):
            there, here = (text[part.start : part.end] for text, part in zip(texts, (one, other), strict=True))
            message = f"{there} is {in_words(one.value)}, and not {in_words(other.value)}"
            message += "" if here == in_words(other.value) else f" ({here})"
            yield _about(unit, message, [one], [other])


def _salient(quantities: Sequence[Quantity]) -> list[Quantity]:
    return [one for one in quantities if one.salient]


def _wrong_magnitudes(left: Sequence[Quantity], right: Sequence[Quantity]) -> list[tuple[Quantity, Quantity]]:
    """Return the pairs of the same figures; of a table, which repeats its values, the first of each two values."""
    by_figures: defaultdict[tuple[str, tuple[int, ...]], list[Quantity]] = defaultdict(list)
    if len(left) * len(right) > MAX_APART**2:
        firsts = ({(one.kind, one.value): one for one in reversed(side)} for side in (left, right))
        left, right = (sorted(side.values(), key=lambda one: one.start) for side in firsts)
    for other in right:
        if other.kind in ("number", "percent"):
            by_figures[_figures(other)].append(other)
    return [
        (one, other)
        for one in left
        if one.kind in ("number", "percent")
        for other in by_figures.get(_figures(one), ())
        if max(_amount(one), _amount(other)) >= MIN_MAGNITUDE
    ]


def _figures(quantity: Quantity) -> tuple[str, tuple[int, ...]]:
    return quantity.kind, _amount(quantity).normalize().as_tuple().digits


MIN_MAGNITUDE = 100  # 3 for 30 may as well be another number


def _amount(quantity: Quantity) -> Decimal:
    return Decimal(quantity.value.rstrip("%"))


def _how_they_differ(texts: tuple[str, str], left: Sequence[Quantity], right: Sequence[Quantity]) -> str:
    written = [[_written(text, one) for one in some] for text, some in zip(texts, (left, right), strict=True)]
    if len(left) == len(right) == 1:
        return f"{written[0][0]} in the Chinese, {written[1][0]} in the English"
    only = [f"only in the {name}: {', '.join(some)}" for name, some in zip(_NAMES, written, strict=True) if some]
    return "; ".join(only)


_NAMES = ("Chinese", "English")


def _written(text: str, quantity: Quantity) -> str:
    """The words of the text, and the value where they do not show it to who reads the other language."""
    words = text[quantity.start : quantity.end]
    return (
        words
        if words.isascii() or quantity.kind == "date" or words.endswith(("%", "％"))
        else f"{words} ({in_words(quantity.value)})"
    )


def in_words(value: str) -> str:
    """Write a value as English does.

    >>> in_words("9000000000"), in_words("12500"), in_words("1.5%"), in_words("2021"), in_words("1/3")
    ('9 billion', '12,500', '1.5 %', '2021', '1/3')
    """
    sign = " %" if value.endswith("%") else ""
    try:
        number = Decimal(value.rstrip("%"))
    except ArithmeticError:
        return value
    for size, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if number >= size:
            return f"{(number / size).normalize():f} {name}{sign}"
    return f"{number:,f}{sign}" if number >= 10_000 else f"{number:f}{sign}"


def _about(unit: TranslationUnit, message: str, left: Sequence[Quantity], right: Sequence[Quantity]) -> Doubt:
    chinese, english = (tuple((one.start, one.end) for one in some) for some in (left, right))
    return doubt(unit, message, chinese, english)


def units_differ(unit: TranslationUnit) -> Iterator[Doubt]:
    """The same number, of another currency or measure."""
    texts = sides(unit)
    if texts is None:
        return
    chinese: defaultdict[str, list[tuple[Quantity, str]]] = defaultdict(list)
    for one in find(texts[0], CHINESE):
        if one.kind in ("number", "percent"):
            chinese[one.value].append((one, chinese_unit(texts[0], one)))
    for other in find(texts[1], ENGLISH) if any(measure for some in chinese.values() for _, measure in some) else ():
        if other.kind == "ordinal":  # the second week
            continue
        same, english = chinese.get(other.value, []), english_unit(texts[1], other)
        if english and same and not any(may_be(measure, english, texts[0]) for _, measure in same):
            one, measure = same[0]
            words = texts[0][one.start : one.end], texts[1][other.start : other.end]
            message = f"{_plural(measure)} in the Chinese ({words[0]}), {_plural(english)} in the English ({words[1]})"
            yield _about(unit, message, [one], [other])


def _plural(unit: str) -> str:
    if unit.startswith("degree"):
        return unit.replace("degree", "degrees")
    return unit if unit in _ONE_FORM else _PLURALS.get(unit, unit + "s")


_PLURALS = {"foot": "feet", "square foot": "square feet", "inch": "inches"}
_ONE_FORM = frozenset(("mu", "jin", "li", "yen", "yuan", "yuan or yen", "won", "baht", "jiao", "元", "percent"))


# --- What is missing


def length_unusual(unit: TranslationUnit) -> Iterator[Doubt]:
    """The English is much longer or shorter than the Chinese leads to expect."""
    texts = sides(unit)
    if texts is None or any(untranslated(unit)):
        return
    chinese, english = lengths(*texts)
    longest, shortest = (slope * chinese + summand for slope, summand in (LONGEST, SHORTEST))
    if english < shortest or (english > longest and not _ABBREVIATED.search(texts[0])):
        yield Doubt(f"the English is much {'longer' if english > longest else 'shorter'} than the Chinese")


_ABBREVIATED = re.compile(r"^[A-Z][A-Z0-9&/ -]{1,9}$")  # an abbreviation, in English written out


def lengths(chinese: str, english: str) -> tuple[float, int]:
    """Return the length of the Chinese in characters and of the English in letters and marks, without spaces.

    >>> lengths("中国GDP增长", "GDP grew")
    (4.9, 7)
    """
    wide = len(_WIDE.findall(chinese))
    return wide + WIDTH_OF_LATIN * (len(_NO_SPACE.findall(chinese)) - wide), len(_NO_SPACE.findall(english))


def cut_off(unit: TranslationUnit) -> Iterator[Doubt]:
    """One side ends like a sentence; the other in the middle of one, by its end and by its length or its last word."""
    texts = sides(unit)
    if texts is None or min(map(len, texts)) < MIN_CUT_OFF_CHARS or _ITEM.match(texts[0]):
        return
    ends = [bool(_END.search(text)) for text in texts]
    middles = [bool(_MIDDLE.search(text)) for text in texts]
    chinese, english = lengths(*texts)
    if ends[0] and middles[1] and (english < HALF_OF_ENGLISH * chinese or _UNFINISHED.search(texts[1])):
        yield Doubt("the English ends in the middle of a sentence")
    elif ends[1] and middles[0] and (english > HALF_OF_CHINESE * chinese or _UNFINISHED.search(texts[0])):
        yield Doubt("the Chinese ends in the middle of a sentence")


# Items of a list and numbered headings end in Chinese with a full stop, in English with nothing.
_ITEM = re.compile(
    r"\s*(?:[—–・·•*-]|[(（]?[0-9a-zA-Z一二三四五六七八九十]{1,3}[.．、)）]|第[0-9一二三四五六七八九十百]+[条章节编])"
)
_END = re.compile(r"(?:[。！？!?]|[a-z]{3}\.|\.[\"'”’)])[\"'”’」』）)\s]*$")
_MIDDLE = re.compile(r"(?:[\w\u4e00-\u9fff]|[,，、])[\s]*$")
_UNFINISHED = re.compile(
    r"(?:\b(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|but|that|which|who|is|are|was|were|be|been|has|have|had"
    r"|will|would|shall|should|can|could|may|its|their|our|his|her|this|these|as|than|into|between|not)"
    r"|[,，、]|[的和与與及在把被将將对對向从從])\s*$"
)


# --- What was left standing


def empty_side(unit: TranslationUnit) -> Iterator[Doubt]:
    """One side, or either, holds no text."""
    empty = [name for name, text in (("source", unit.source), ("target", unit.target)) if not text.strip()]
    if empty:
        yield Doubt("there is no translation" if empty == ["target"] else f"the {' and the '.join(empty)} has no text")


def same_text(unit: TranslationUnit) -> Iterator[Doubt]:
    """Figures, codes and addresses are rightly the same on both sides; words are not."""
    same = key(unit.source) == key(unit.target)
    if same and _WORDS.search(unit.source) and not _ADDRESS.fullmatch(unit.source.strip()):
        yield Doubt("both sides are the same words")


_WORDS = re.compile(r"[^\W\d_]{2,}[\s、，,]+[^\W\d_]{2,}|[\u4e00-\u9fff]{2,}")
_ADDRESS = re.compile(r"(?=\S*(?:://|www\.|@))\S+")


def untranslated(unit: TranslationUnit) -> Iterator[Doubt]:
    """A side in the language of the other."""
    texts = sides(unit)
    if texts is None:
        return
    chinese, english = texts
    if len(_HAN.findall(english)) >= MIN_UNTRANSLATED_HAN and han_share(english) >= 0.5:
        yield Doubt("the English side is Chinese")
    elif (
        not (_HAN.search(chinese) or _ADDRESS.fullmatch(chinese.strip()))
        and len(_WORD.findall(chinese)) >= MIN_UNTRANSLATED_WORDS
    ):
        yield Doubt("the Chinese side is English")


_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]*[a-z]{2,}")
# Chinese in brackets or quotation marks behind its English, and names of publications, are meant to stand.
_GLOSS = re.compile(r"[(（\[【“\"「《][^()（）]{0,400}[)）\]】”\"」》]")


def partly_untranslated(unit: TranslationUnit) -> Iterator[Doubt]:
    """A stretch of Chinese that stands in the English, outside brackets and quotation marks."""
    texts = sides(unit)
    if texts is None or not _HAN.search(texts[1]) or any(untranslated(unit)):
        return
    hidden = [match.span() for match in _GLOSS.finditer(texts[1])]  # none reaches into the next
    runs = [match.span() for match in _RUN_OF_HAN.finditer(texts[1])]
    before = [bisect_right(hidden, start, key=itemgetter(0)) for start, _ in runs]
    spans = tuple(run for run, place in zip(runs, before, strict=True) if not place or run[1] > hidden[place - 1][1])
    if spans:
        words = ", ".join(texts[1][slice(*span)] for span in spans)
        yield _in_english(unit, f"Chinese left in the English: {words}", spans)


_RUN_OF_HAN = re.compile(_HAN.pattern + "+")


def _in_english(unit: TranslationUnit, message: str, spans: Spans) -> Doubt:
    return Doubt(message, target=spans) if is_english(unit.target_language) else Doubt(message, source=spans)


def wrong_script(unit: TranslationUnit) -> Iterator[Doubt]:
    """Traditional under a tag for Simplified or the reverse, or another script."""
    for text, tag, name in (
        (unit.source, unit.source_language, "source"),
        (unit.target, unit.target_language, "target"),
    ):
        if _is_other_script(text, tag):
            yield Doubt(f"the script of the {name} is not that of {tag}")


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


def scripts_mixed(unit: TranslationUnit) -> Iterator[Doubt]:
    """A few characters of the other script in a Chinese text that is in one script throughout."""
    texts = sides(unit)
    if texts is None:
        return
    scripts = [(place, script_of_character(one)) for place, one in enumerate(texts[0])]
    found = [(place, one) for place, one in scripts if one == "Hant" or (one and not _in_hong_kong(texts[0][place]))]
    counts = Counter(script for _, script in found)
    if len(counts) < 2 or counts.most_common()[1][1] > MOST_OF_OTHER * len(found):
        return
    rare = counts.most_common()[1][0]
    spans = tuple((place, place + 1) for place, script in found if script == rare)
    words = "".join(texts[0][start] for start, _ in spans)
    message = f"{'Simplified' if rare == 'Hans' else 'Traditional'} characters among those of the other script: {words}"
    yield Doubt(message, source=spans) if texts[0] is unit.source else Doubt(message, target=spans)


def _in_hong_kong(character: str) -> bool:
    """Tell whether Traditional text of Hong Kong writes a character too: 着, 恒, 温."""
    try:
        character.encode("big5hkscs")
    except UnicodeEncodeError:
        return False
    return True


MOST_OF_OTHER = 0.3  # of the telling characters; with more, the text is a quotation or of two scripts


def formulas_differ(unit: TranslationUnit) -> Iterator[Doubt]:
    """Equations and inequalities that stand on both sides, but not the same ones."""
    texts = sides(unit)
    if texts is None or not all(map(_FORMULA.search, texts)):
        return
    sides_ = [
        {_formula(match[0]): match.span() for match in _FORMULA.finditer(text.translate(_HALF_WIDTH))} for text in texts
    ]
    only = [[*sides_[0].keys() - sides_[1].keys()], [*sides_[1].keys() - sides_[0].keys()]]
    if only[0] and only[1]:
        chinese, english = (tuple(one[name] for name in names) for one, names in zip(sides_, only, strict=True))
        message = f"{', '.join(sorted(only[0]))} in the Chinese, {', '.join(sorted(only[1]))} in the English"
        yield doubt(unit, message, chinese, english)


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，．；：！？（）"}
_PART = r"[A-Za-z0-9.()²³^*×·/+−–-]"
_FORMULA = re.compile(rf"(?<!{_PART}){_PART}+(?: ?[=≈≠≤≥<>＝] ?{_PART}+)+")


_OPERATORS = str.maketrans({"×": "*", "·": "*", "−": "-", "–": "-", "²": "2", "³": "3", "^": None, " ": None})


def _formula(text: str) -> str:
    """A formula without spaces and with one sign for each operator, its sentence's full stop taken off."""
    return text.translate(_OPERATORS).rstrip(".")


_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_FOREIGN = re.compile(r"[\u0370-\u05ff\u0600-\u06ff\u0e00-\u0e7f\u3041-\u30fa\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
