"""Stretches of a sentence that may be terms, and how much each has the shape of one.

Shape is judged on the inside (first and last word, function words, length) and on the outside (is a compound cut?).
All spans of a sentence are judged at once, as arrays.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise
from math import prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from glossary.mining.linking import TokenizedUnit
from glossary.mining.pairs import Surroundings
from glossary.words.frequency import zipf
from glossary.words.glosses import Dictionary
from glossary.words.tags import INFLECTED, MODIFIERS, NOMINAL
from glossary.words.tokens import Token
from glossary.words.wordclasses import chinese, english
from tmx import cedict

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MAX_SOURCE_TOKENS = 12
MAX_SOURCE_CHARS = 26
MAX_TARGET_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Spans:
    """Half-open token ranges ``starts[k]:ends[k]``."""

    starts: Integers
    ends: Integers

    def __len__(self) -> int:
        return len(self.starts)

    def kept(self, mask: npt.NDArray[np.bool_]) -> Spans:
        """Return the spans where the mask is true."""
        return Spans(self.starts[mask], self.ends[mask])


def _spans(starts: Sequence[int], ends: Sequence[int]) -> Spans:
    return Spans(np.array(starts, np.int64), np.array(ends, np.int64))


# --- Chinese ---------------------------------------------------------------------------------------------------------

MAY_START = frozenset(["以", "为", "不让", "反", *chinese("may_start")])
INSIDE = frozenset(chinese("inside"))
NOT_LAST = frozenset(chinese("not_last"))
PRONOUNS = frozenset(chinese("pronouns"))
POLICY_VERBS = frozenset(chinese("policy_verbs"))
LIGHT_FIRST = frozenset(chinese("light_first"))
LIGHT_LAST = frozenset(chinese("light_last"))
LESS_LIGHT = frozenset(chinese("less_light"))
TERM_HEADS = chinese("term_heads")
SET_PATTERN = re.compile(r"以.+为.+的.")
REPEATED = re.compile(r"(为|反|不让|谋).+、\1")
BASIS = re.compile(r"为(核心|基础|指导|主|主体|主线|导向|中心|依据|根本|引领|目标)")
NUMBER = re.compile(r"[\d一二三四五六七八九十百千万两几数]+")
ARTICLE_NUMBER = re.compile(r"第[\d一二三四五六七八九十百千零〇两]+[条章节款编]")
ORDINAL = re.compile(r"第|[一二三四五六七八九十两]")
VERBAL = frozenset(("v", "d", "ad", "zg", "vd"))
NOUNLIKE = frozenset(("vn", "an", "l", "j"))


def source_spans(unit: TokenizedUnit) -> Spans:
    """Return the Chinese spans that may be terms."""
    tokens = unit.source
    depth = _bracketed(tokens, SOURCE_BRACKETS, MAX_SOURCE_BRACKET)
    based = {place + 1 for place, (one, other) in enumerate(pairwise(tokens)) if one.key + other.key == "为本"}
    inside = [
        (token.content or token.key in INSIDE or depth[place] or depth[place + 1] or place in based)
        and token.key not in PRONOUNS
        for place, token in enumerate(tokens)
    ]
    ends = [token.content and token.key not in NOT_LAST for token in tokens]
    for opened, closed in quoted(tokens):  # between quotation marks and title marks any word may stand
        if tokens[closed - 1].end - tokens[opened].start <= MAX_SOURCE_CHARS and closed - opened <= MAX_SOURCE_TOKENS:
            inside[opened:closed] = [True] * (closed - opened)
            ends[closed - 1] = True
    starts: list[int] = []
    stops: list[int] = []
    for start, first in enumerate(tokens):
        if (not first.content and first.key not in MAY_START) or first.key in PRONOUNS:
            continue
        if ARTICLE_NUMBER.match(first.key + "".join(token.key for token in tokens[start + 1 : start + 2])):
            continue  # 第三条 numbers what follows
        for place in range(start, min(len(tokens), start + MAX_SOURCE_TOKENS)):
            if (place > start and not inside[place]) or tokens[place].end - first.start > MAX_SOURCE_CHARS:
                break
            if depth[start] > depth[place + 1]:
                break  # it would begin in brackets and end outside
            if ends[place] and depth[start] == depth[place + 1]:
                starts.append(start)
                stops.append(place + 1)
    return _spans(starts, stops)


QUOTATION = frozenset("“”《》")
SOURCE_BRACKETS = ("（(", "）)")
TARGET_BRACKETS = ("(", ")")
MAX_SOURCE_BRACKET = 10  # tokens between brackets inside a term: 银行业（风险承担限度）规则
MAX_TARGET_BRACKET = 3


def _bracketed(tokens: Sequence[Token], marks: tuple[str, str], longest: int) -> list[int]:
    """Return for each place between tokens whether it lies in brackets that hold few tokens: 1 after the opening one.

    Only brackets with something of the same sentence before and behind them count.
    """
    depth = [0] * (len(tokens) + 1)
    opened = -1
    for place, token in enumerate(tokens):
        if token.text in marks[0]:
            opened = place
        elif token.text in marks[1]:
            if opened > 0 and place - opened - 1 <= longest and place + 1 < len(tokens):
                depth[opened + 1 : place + 1] = [1] * (place - opened)
            opened = -1
    return depth


def quoted(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Return the token ranges that stand exactly between quotation marks or title marks."""
    found = []
    opened: int | None = None
    for index, token in enumerate(tokens):
        if token.text in "“《「『" or (token.text == '"' and opened is None):
            opened = index + 1
        elif token.text in '”》」』"':
            if opened is not None and index > opened:
                found.append((opened, index))
            opened = None
    return found


def source_shape(unit: TokenizedUnit, spans: Spans, dictionary: Dictionary) -> Floats:
    """Return how much each Chinese span has the shape of a term, 0 to 1.5."""
    shapes = _SourceShapes(unit, dictionary.ids)
    return np.array(
        [shapes.of(start, end) for start, end in zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)]
    )


def numbers_of(table: str) -> dict[str, float]:
    """Return the numbers in the second column of a table in ``glossary/data``, by the names in its first."""
    text = files("glossary").joinpath("data", table).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: float(row[1]) for row in rows}


FACTORS = numbers_of("shapes.tsv")  # by what the shape of a span is multiplied


class _SourceShapes:
    """The shapes of the spans of one Chinese sentence; what depends on one place alone is worked out once."""

    def __init__(self, unit: TokenizedUnit, dictionary: Container[str]) -> None:
        self._tokens = tokens = unit.source
        self._dictionary = dictionary
        self._text = "".join([token.key for token in tokens])
        self._offsets = list(accumulate((len(token.key) for token in tokens), initial=0))
        self._contents = list(accumulate((token.content for token in tokens), initial=0))
        self._marked = not QUOTATION.isdisjoint(self._text)
        self._cut_before = [False, *map(_begins_inside, (None, *tokens), tokens, tokens[1:]), False]
        self._cut_behind = [False, *map(_ends_inside, tokens, tokens[1:]), False]
        self._inner = [1.0, *map(_inner, tokens, tokens[1:], tokens[2:]), 1.0]
        self._left = [1.0, *map(_left_neighbour, tokens, tokens[1:])]
        self._right = [*map(_right_neighbour, tokens, tokens[1:]), 1.0]

    def of(self, start: int, end: int) -> float:
        """Return the shape of the span of the tokens from ``start`` to before ``end``."""
        count = self._contents[end] - self._contents[start]
        if not count:
            return 0.0
        tokens = self._tokens
        first, last = tokens[start], tokens[end - 1]
        text = self._text[self._offsets[start] : self._offsets[end]]
        entry = count >= 2 and text in self._dictionary
        in_a_word = (self._cut_before[start] or self._cut_behind[end]) and not entry
        if in_a_word and any(len(token.key) > 1 for token in tokens[start:end]):  # else it may be the word: 河长制
            return 0.0
        value = _closing(last.key, last.tag, count > 1)
        if not (entry and len(text) >= LONG_ENTRY):
            value *= _opening(first.key, first.tag, count > 1)
        value *= self._inside(start, end, text)
        if count == 1:
            word = next(token for token in tokens[start:end] if token.content)
            if len(word.key) == 1:
                return FACTORS["one_character"]
            value *= _single(word.key, word.tag)
        else:
            value *= FACTORS[f"words_{min(count, 7)}"] if count > 4 else 1.0
        value *= self._left[start] * self._right[end - 1]
        if count >= 2 and text.endswith(TERM_HEADS):
            value *= FACTORS["term_head"]
        if self._marked:
            value = self._in_quotation(start, end, value)
        if entry:
            value *= FACTORS["entry"]
        if "、" in text and any(shared_places(text)):
            value = max(value, FACTORS["slogan"])
        return min(value, FACTORS["most"])

    def _in_quotation(self, start: int, end: int, value: float) -> float:
        """Raise a span that stands exactly between quotation or title marks, lower one that cuts a quotation: of
        “放管服”改革 what begins behind the first mark has all of it."""
        tokens = self._tokens
        inner = "".join(token.key for token in tokens[start:end] if token.key in "“”")
        opens = start > 0 and tokens[start - 1].key in "“《"
        closes = end < len(tokens) and tokens[end].key in "”》"
        if opens and closes and not inner:
            return max(value, FACTORS["quoted_least"]) * FACTORS["quoted"]
        marks = "“" * opens + inner + "”" * closes
        if marks == "“”" * (len(marks) // 2):
            return value
        return value * FACTORS["cuts_quotation_inside" if inner else "cuts_quotation"]

    def _inside(self, start: int, end: int, text: str) -> float:
        value = prod(self._inner[start + 1 : end - 1])
        first = self._tokens[start].key
        whole = text[0] == "以" and SET_PATTERN.match(text)
        if not whole and "为" in text and BASIS.search(text):
            value *= FACTORS["basis"]
        if whole:
            value *= FACTORS["set_pattern"]
        elif first == "以":
            value *= FACTORS["begins_with_by"]
        elif first in ("为", "不让", "反") and not REPEATED.match(text):
            value *= FACTORS["begins_with_for"]
        return value


def _left_neighbour(before: Token, first: Token) -> float:
    """Weigh a span by the word before it, which may belong to the same compound."""
    return (
        FACTORS["left_neighbour"]
        if before.content
        and before.end == first.start
        and (before.tag[0] in "nb" or before.tag in ("vn", "a", "an", "s", "l", "j"))
        and first.tag[0] in "nvabjsl"
        and before.key not in LIGHT_FIRST
        else 1.0
    )


def _right_neighbour(last: Token, after: Token) -> float:
    """Weigh a span by the word after it, which may belong to the same compound."""
    return (
        FACTORS["right_neighbour"]
        if after.content
        and after.start == last.end
        and (after.tag[0] == "n" or after.tag in NOUNLIKE)
        and last.tag[0] in "nabjslv"
        else 1.0
    )


def _begins_inside(ahead: Token | None, before: Token, first: Token) -> bool:
    """Tell whether a span begins in the middle of a word the dictionaries do not have, as a row of single characters:
    存紀錄責任 of 備存紀錄責任. What begins with a number, or behind a number and its measure, does not.
    """
    counted = NUMBER.match(first.key) or (ahead is not None and ahead.tag == "m")
    return _row(before, first) and not counted


def _ends_inside(last: Token, after: Token) -> bool:
    """Tell whether a span ends in the middle of such a word: the character behind it makes no word by itself.

    A verb, an adverb, an adjective or a preposition does: 赤字率 before 按. What ends many terms ends this one as well.
    """
    bound = after.tag[0] not in "vdap" or after.tag[1:] == "g"
    return _row(last, after) and bound and last.key not in TERM_HEADS


def _row(one: Token, other: Token) -> bool:
    return one.content and other.content and len(one.key) == len(other.key) == 1 and one.end == other.start


PARALLEL = 3  # characters of a part from which parts of equal length are parallel


def shared_places(text: str) -> list[bool]:
    """Tell of each place in the parts of a slogan whether all parts have the same character there.

    Nothing is returned for what does not consist of parts of the same length, three characters or more.

    >>> shared_places("为人类谋进步、为世界谋大同"), shared_places("和平、发展")
    ([True, False, False, True, False, False], [])
    """
    parts = text.split("、")
    same = len(parts) >= 2 and len(parts[0]) >= PARALLEL and len({*map(len, parts)}) == 1
    return [len({*column}) == 1 for column in zip(*parts, strict=True)] if same else []


@lru_cache(maxsize=100_000)
def _opening(key: str, tag: str, longer: bool) -> float:
    """Weigh the word a span begins with; ``longer`` if the span has more content words."""
    value = 1.0
    if longer:
        if key in LIGHT_FIRST:
            value *= FACTORS["light_first"]
        elif tag in VERBAL:
            if key in POLICY_VERBS:
                value *= FACTORS["policy_verb_first"]
            else:
                value *= FACTORS["adverb_first" if tag in ("d", "ad") and key not in ("共同",) else "verb_first"]
        if tag == "r" and key not in ("多边", "本国"):
            value *= FACTORS["pronoun_first"]
    if tag == "m" or NUMBER.match(key):
        if not ORDINAL.match(key):
            value *= FACTORS["number_first"]
        else:
            value *= FACTORS["ordinal_first" if longer else "ordinal_alone"]
    return value


@lru_cache(maxsize=100_000)
def _closing(key: str, tag: str, longer: bool) -> float:
    """Weigh the word a span ends with; ``longer`` if the span has more content words."""
    value = 1.0
    if longer and key in LIGHT_LAST:
        value *= FACTORS["less_light_last" if key in LESS_LIGHT else "light_last"]
    if tag in ("d", "ad", "m", "q", "r", "f") or (tag in ("v", "a") and not longer):
        value *= FACTORS["no_noun_last"]
    if tag == "m":
        value *= FACTORS["number_last"]
    return value


LONG_ENTRY = 5  # characters of a dictionary entry that begins as it likes: 特别行政区


def _inner(before: Token, token: Token, after: Token) -> float:
    """Weigh a word in the middle of a span, given its neighbours."""
    if token.content:
        if token.tag in ("a", "ad", "d") and after.tag == "v" and before.tag[0] == "n":
            return FACTORS["clause"]
        return FACTORS["verb_inside"] if token.tag in ("v", "d", "ad") else 1.0
    if token.key in ("的", "和", "与", "及"):
        return FACTORS["joined"]
    if token.key == "、":
        return FACTORS["listed"]
    return FACTORS["preposition_inside" if token.key in ("以", "为") else "other_inside"]


@lru_cache(maxsize=100_000)
def _single(key: str, tag: str) -> float:
    """Judge a single word: names and idioms pass, common words of the general language do not."""
    frequency = zipf(key, "zh")
    if tag[:2] in ("nr", "ns", "nt"):
        value = FACTORS["name_alone" if frequency < 5.3 else "common_name_alone"]
        return value * FACTORS["very_common_name"] if tag[:2] in ("ns", "nr") and frequency > 5.6 else value
    if len(key) == 4 and key[:2] in LIGHT_FIRST and key[2:] in LIGHT_LAST:
        return FACTORS["free_phrase"]
    if tag in ("i", "l") or len(key) >= 4:
        return FACTORS["idiom_alone"]
    if tag[:1] == "n" or tag in ("vn", "j", "an"):
        most, least, slope = 0.75, 0.15, FACTORS["common_noun_alone"]
    else:
        most, least, slope = 0.4, 0.05, FACTORS["common_word_alone"]
    return max(least, min(most, most - slope * (frequency - 4.0)))


# --- English ---------------------------------------------------------------------------------------------------------

TARGET_INSIDE = frozenset(english("inside"))
ORDINAL_FIGURE = re.compile(r"\d+(?:st|nd|rd|th)")
TARGET_STARTS = frozenset(["no", "both", "against"])
TARGET_ENDS = frozenset(["all", "first", "abroad"])
AFTER_NOUN = frozenset(
    ("all", "first", "overseas", "abroad", "worldwide", "nationwide", "alike", "concerned", "involved")
)
PREPOSITIONAL_NOUNS = frozenset(english("prepositional_nouns"))
BEFORE_PREPOSITIONAL = frozenset(["in", "on", "with"])
AFTER_PREPOSITIONAL = frozenset(["of", "to", "with", "for", "that", "as"])


def target_spans(unit: TokenizedUnit) -> Spans:
    """Return the English spans that may be renderings; between quotation marks any word may stand inside."""
    tokens = unit.target
    quotes = quoted(tokens)
    forms = [token.lower for token in tokens]
    prepositions = {place for place in range(len(tokens)) if _makes_preposition(forms, place)}
    depth = _bracketed(tokens, TARGET_BRACKETS, MAX_TARGET_BRACKET)
    inside = [
        token.content or forms[place] in TARGET_INSIDE or bool(depth[place] or depth[place + 1])
        for place, token in enumerate(tokens)
    ]
    ends = [
        (token.content or form in TARGET_ENDS) and place not in prepositions
        for place, (token, form) in enumerate(zip(tokens, forms, strict=True))
    ]
    starts: list[int] = []
    stops: list[int] = []
    for start, first in enumerate(tokens):
        if (not first.content and forms[start] not in TARGET_STARTS) or start in prepositions:
            continue
        quote_end = next((close for open_, close in quotes if open_ <= start < close), -1) if quotes else -1
        for place in range(start, min(len(tokens), start + MAX_TARGET_TOKENS)):
            if not inside[place] and not (place < quote_end and forms[place] not in ".?"):
                break
            if depth[start] > depth[place + 1]:
                break  # it would begin in brackets and end outside
            if ends[place] and depth[start] == depth[place + 1]:
                starts.append(start)
                stops.append(place + 1)
    return _spans(starts, stops)


def _makes_preposition(forms: Sequence[str], place: int) -> bool:
    """Tell whether a noun is the middle of a preposition of three words: on *behalf* of, in *accordance* with."""
    return (
        forms[place] in PREPOSITIONAL_NOUNS
        and 0 < place < len(forms) - 1
        and forms[place - 1] in BEFORE_PREPOSITIONAL
        and forms[place + 1] in AFTER_PREPOSITIONAL
    )


def name_runs(tokens: Sequence[Token]) -> Integers:
    """Number the runs of capitalised words that make one name (World Trade Organization); -1 outside.

    Words like of, for, in, the may stand inside a name, two at most in a row.
    """
    runs = np.full(len(tokens), -1, np.int64)
    content = [token for token in tokens if token.content]
    if len(content) > 4 and sum(token.text[0].isupper() for token in content) > 0.8 * len(content):
        return runs  # a heading: every word has a capital
    index = number = 0

    def is_name(place: int) -> bool:
        if place + 1 < len(tokens) and ORDINAL_FIGURE.fullmatch(tokens[place].text):  # 19th CPC Central Committee
            return is_name(place + 1)
        return place < len(tokens) and tokens[place].tag in ("NNP", "NNPS") and tokens[place].content

    def is_date(place: int) -> bool:  # on March 5
        return place + 1 < len(tokens) and tokens[place + 1].text[:1].isdigit()

    while index < len(tokens):
        if not is_name(index):
            index += 1
            continue
        end = index + 1
        while True:
            if is_name(end):
                end += 1
                continue
            ahead = end
            if _is_possessor(tokens[end - 1]) and end < len(tokens) and tokens[end].lower in ("'", "'s"):
                ahead += 1  # Leaders' Meeting, People's Congress
            while (
                ahead < len(tokens) and tokens[ahead].lower in ("of", "for", "in", "the", "on", "&") and ahead - end < 2
            ):
                ahead += 1
            if ahead > end and is_name(ahead) and not (tokens[ahead - 1].lower in ("on", "in") and is_date(ahead)):
                end = ahead + 1
                continue
            break
        runs[index:end] = number
        number += 1
        index = end
    return runs


def inside_name(runs: Integers, start: int, end: int) -> bool:
    """Tell whether an English span is a piece of a longer name in capitals, by the numbers of ``name_runs``."""
    opens = start > 0 and runs[start] >= 0 and runs[start - 1] == runs[start]
    return bool(opens or (end < len(runs) and runs[end] >= 0 and runs[end - 1] == runs[end]))


def before_noun(tokens: Sequence[Token], end: int) -> bool:
    """Tell whether a noun, or an adjective and its noun, directly follows a span that ends before ``end``."""
    return (
        end < len(tokens)
        and (tokens[end].tag in NOMINAL or tokens[end].tag == "JJ")
        and tokens[end].start - tokens[end - 1].end == 1
    )


def goes_on(tokens: Sequence[Token], end: int) -> bool:
    """Tell whether a content word directly follows a Chinese span that ends before ``end``."""
    return end < len(tokens) and tokens[end].content and tokens[end].start == tokens[end - 1].end


WORD_SIZES = range(3, 9)  # characters of dictionary words that a term may cut
NUMERALS = frozenset("〇一二三四五六七八九十百千万亿")
JOINS = frozenset(("和", "与", "及", "以及", "、"))
SERIES_JOINTS = JOINS | {"或"}
JOINTS = SERIES_JOINTS | {"，", "；", "。", "：", "“", "”", "（", "）"}
ENGLISH_JOINTS = frozenset(("and", "or"))


class LongWords(NamedTuple):
    """Where dictionary words of three characters or more stand, by the places inside them: where the first of those
    around a place ends, and where the last of them begins."""

    ends: Mapping[int, int]
    starts: Mapping[int, int]

    def cut_by(self, start: int, end: int) -> bool:
        """Tell whether a stretch begins inside a word and ends behind it, or begins before one and ends inside it."""
        return self.ends.get(start, end) < end or self.starts.get(end, start) > start


def long_words(unit: TokenizedUnit, dictionary: Dictionary) -> LongWords:
    """Return the dictionary words of three characters or more in the Chinese."""
    text = unit.source_text.translate(cedict.simplification())
    known, length = dictionary.ids, len(text)
    ends: dict[int, int] = {}
    starts: dict[int, int] = {}
    for start in range(length - WORD_SIZES.start + 1):
        for end in range(start + WORD_SIZES.start, min(start + WORD_SIZES.stop, length + 1)):
            if text[start:end] in known:
                for place in range(start + 1, end):
                    ends[place] = min(ends.get(place, end), end)
                    starts[place] = start  # words come in the order of their beginnings
    return LongWords(ends, starts)


class SourcePlace(NamedTuple):
    """What stands around a Chinese span: what ``Surroundings`` tells of it, whether something other than a mark or a
    conjunction precedes and follows it, how many joints of a series it has, and whether it stands beside one."""

    after_verb: bool
    after_number: bool
    crosses: bool
    cuts_list: bool
    goes_on: bool
    word_before: bool
    word_behind: bool
    joints: int
    beside_joint: bool


class TargetPlace(NamedTuple):
    """What stands around an English span: what ``Occurrence`` and ``Surroundings`` tell of it, whether an "and", an
    "or" or a comma between words of one kind precedes or follows it, and how many "and" or "or" it has."""

    modifier: bool
    qualified: bool
    after_noun: bool
    before_preposition: bool
    series_before: bool
    series_behind: bool
    joints: int


def source_place(unit: TokenizedUnit, start: int, end: int, long_words: LongWords) -> SourcePlace:
    """Return what stands around a Chinese span of tokens."""
    tokens = unit.source
    opened, closed = tokens[start].start, tokens[end - 1].end
    before = tokens[start - 1] if start else None
    after = tokens[end] if end < len(tokens) else None
    character = unit.source_text[opened - 1 : opened]
    return SourcePlace(
        after_verb=before is not None and before.end == opened and before.content and before.tag[0] == "v",
        after_number=character.isdigit() or (character.isascii() and character.isalpha()) or character in NUMERALS,
        crosses=long_words.cut_by(opened, closed),
        cuts_list=any(token.text == "、" for token in tokens[start:end])
        and (_goes_on(before, opened) or _goes_on(after, closed)),
        goes_on=goes_on(tokens, end),
        word_before=before is not None and before.key not in JOINTS,
        word_behind=after is not None and after.key not in JOINTS,
        joints=sum(token.key in SERIES_JOINTS for token in tokens[start:end]),
        beside_joint=any(token is not None and token.key in SERIES_JOINTS for token in (before, after)),
    )


def target_place(unit: TokenizedUnit, start: int, end: int) -> TargetPlace:
    """Return what stands around an English span of tokens."""
    tokens = unit.target
    before = tokens[start - 1].tag if start else ""
    after = tokens[end].tag if end < len(tokens) else ""
    return TargetPlace(
        modifier=before_noun(tokens, end),
        qualified=before == "JJ",
        after_noun=before in ("NN", "NNP"),
        before_preposition=after in ("IN", "TO"),
        series_before=_joins(tokens, start - 1),
        series_behind=_joins(tokens, end),
        joints=sum(token.key in ENGLISH_JOINTS for token in tokens[start:end]),
    )


@cache
def surroundings(source: SourcePlace, target: TargetPlace) -> Surroundings:
    """Return what stands around a Chinese and an English span; one object for all that are equal."""
    return Surroundings(
        after_verb=source.after_verb,
        after_number=source.after_number,
        crosses=source.crosses,
        after_noun=target.after_noun,
        before_preposition=target.before_preposition,
        cuts_series_before=target.series_before and source.word_before,
        cuts_series_after=target.series_behind and source.word_behind,
        cuts_list=source.cuts_list,
        swallows_series=source.beside_joint and target.joints > source.joints,
    )


def _goes_on(token: Token | None, edge: int) -> bool:
    """Tell whether a neighbour that touches an enumeration, which begins or ends at ``edge``, belongs to it as well."""
    if token is None or edge not in (token.start, token.end):
        return False
    return token.content or token.key in ("、", "和", "与", "及", "以及", "等")


def _joins(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether an "and", an "or" or a comma stands between words that a noun phrase may hold."""
    return (
        0 < place < len(tokens) - 1
        and (tokens[place].tag == "CC" or tokens[place].text == ",")
        and tokens[place - 1].tag in MODIFIERS
        and tokens[place + 1].tag in MODIFIERS
    )


def _is_possessor(token: Token) -> bool:
    """Tell whether a noun in the plural, as which the members of a body stand before the body's name."""
    return token.lower in ("people", "women", "children") or token.tag == "NNPS"


class TargetShapes:
    """How much the spans of one English sentence have the shape of a term; what is counted is summed up once."""

    def __init__(self, unit: TokenizedUnit) -> None:
        self._tokens = tokens = unit.target
        lower = [token.lower for token in tokens]
        self._contents = _counted(token.content for token in tokens)
        self._prepositions = _counted(token.tag in ("IN", "TO") for token in tokens)
        self._commas = _counted(token.text == "," for token in tokens)
        self._finite = _counted(
            token.tag in INFLECTED or form in ("be", "is", "will", "our")
            for token, form in zip(tokens, lower, strict=True)
        )
        self._capitals = _counted(token.content and token.text[0].isupper() and token.start > 0 for token in tokens)
        # The joints no noun phrase has, by the word behind: a noun and an article (completion the), into, a colon.
        article = [form in ("the", "a", "an") for form in lower]
        nominal = [False, *(token.tag in NOMINAL for token in tokens)]
        self._broken = _counted(
            (article[place] and nominal[place]) or lower[place] == "into" or token.text == ":"
            for place, token in enumerate(tokens)
        )
        # And an infinitive after a name, and an article behind "and" where none opens the first of the equal parts.
        self._infinitives = _counted(
            tokens[place].tag == "TO" and tokens[place - 1].tag in ("NNP", "NNPS") and after.tag in ("VB", "VBP")
            for place, after in enumerate(tokens[1:])
        )
        self._openings = [
            place
            for place in range(1, len(tokens))
            if article[place] and lower[place - 1] == "and" and not nominal[place]
        ]
        self._the = _counted(form == "the" for form in lower)

    def of(self, start: int, end: int) -> float:
        """Return how much a span has the shape of a term, 0 to about 1.2."""
        first, last = self._tokens[start], self._tokens[end - 1]
        content = self._contents[end] - self._contents[start]
        value = 1.0
        if first.tag in ("VBZ", "VBD", "MD"):
            value *= FACTORS["target_finite_first"]
        elif first.tag in ("VB", "VBP", "PRP"):
            value *= FACTORS["target_verb_first"]
        elif first.tag == "VBG" and not (end - start > 1 and self._tokens[start + 1].tag in NOMINAL):
            value *= FACTORS["target_gerund_first"]
        elif first.tag in ("RB", "CC", "IN", "TO"):
            value *= FACTORS["target_particle_first"]
        if last.tag not in NOMINAL and last.tag not in ("VBG", "CD") and last.lower not in AFTER_NOUN:
            value *= FACTORS["target_no_noun_last"]
        prepositions = self._prepositions[end] - self._prepositions[start]
        value *= FACTORS[f"target_prepositions_{min(prepositions, 3)}"] if prepositions else 1.0
        value *= FACTORS["target_comma"] ** (self._commas[end] - self._commas[start])
        value *= FACTORS["target_finite_inside"] ** (self._finite[end] - self._finite[start + 1])
        if content > 7:
            value *= FACTORS["target_long"]
        value *= FACTORS["target_ungrammatical"] ** self._broken_joints(start, end)
        if content >= 2 and self._capitals[end] - self._capitals[start] >= content - 1:
            value *= FACTORS["target_capitals"]
        if content == 1:
            if first.tag in ("JJ", "VB", "VBD", "VBZ", "RB", "VBN", "VBP"):
                value *= FACTORS["target_no_noun_alone"]
            elif not first.text[0].isupper():
                slope = FACTORS["target_common_alone"]
                value *= max(0.3, min(0.9, 0.9 - slope * (zipf(first.lower, "en") - 3.8)))
        return value

    def _broken_joints(self, start: int, end: int) -> int:
        found = self._broken[end] - self._broken[start + 1]
        if end - start > 2:
            found += self._infinitives[end - 1] - self._infinitives[start + 1]
            for place in self._openings:
                if start + 2 <= place < end:
                    found += self._the[place - 1] == self._the[start]
        return found


def _counted(flags: Iterable[bool]) -> list[int]:
    """Return how many flags are true before each place, and in all."""
    return list(accumulate(flags, initial=0))
