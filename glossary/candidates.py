"""Stretches of a sentence that may be terms, and how much each has the shape of one.

Shape is judged on the inside (first and last word, function words, length) and on the outside (is a compound cut?).
All spans of a sentence are judged at once, as arrays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glossary.frequency import zipf
from glossary.lexicon import Dictionary
from glossary.linking import TokenizedUnit
from glossary.tags import NOMINAL
from glossary.tokens import Token
from glossary.wordclasses import chinese, english

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


def _spans(pairs: Sequence[tuple[int, int]]) -> Spans:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return Spans(table[:, 0], table[:, 1])


# --- Chinese ---------------------------------------------------------------------------------------------------------

MAY_START = frozenset(["以", "为", "不让", "反"])
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
ORDINAL = re.compile(r"第|[一二三四五六七八九十两]")
VERBAL = frozenset(("v", "d", "ad", "zg", "vd"))
NOUNLIKE = frozenset(("vn", "an", "l", "j"))


def source_spans(unit: TokenizedUnit) -> Spans:
    """Return the Chinese spans that may be terms."""
    tokens = unit.source
    inside = [(token.content or token.key in INSIDE) and token.key not in PRONOUNS for token in tokens]
    ends = [token.content and token.key not in NOT_LAST for token in tokens]
    pairs = []
    for start, first in enumerate(tokens):
        if (not first.content and first.key not in MAY_START) or first.key in PRONOUNS:
            continue
        for place in range(start, min(len(tokens), start + MAX_SOURCE_TOKENS)):
            if not inside[place] or tokens[place].end - first.start > MAX_SOURCE_CHARS:
                break
            if ends[place]:
                pairs.append((start, place + 1))
    return _spans(pairs)


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
    return np.array(
        [
            _source_shape(unit, int(start), int(end), dictionary)
            for start, end in zip(spans.starts, spans.ends, strict=True)
        ]
    )


def _source_shape(unit: TokenizedUnit, start: int, end: int, dictionary: Dictionary) -> float:
    tokens = unit.source[start:end]
    content = [token for token in tokens if token.content]
    if not content:
        return 0.0
    count = len(content)
    text = "".join(token.key for token in tokens)
    first, last = tokens[0], tokens[-1]
    value = _edges(tokens, first, last, count) * _inside(tokens, text, first)
    if count == 1:
        if len(content[0].key) == 1:
            return 0.02
        value *= _single(content[0])
    else:
        value *= {5: 0.9, 6: 0.75}.get(count, 1.0 if count <= 4 else 0.6)
    after = unit.source[end] if end < len(unit.source) else None
    before = unit.source[start - 1] if start else None
    if (
        after is not None
        and after.content
        and after.start == last.end
        and (after.tag[0] == "n" or after.tag in NOUNLIKE)
        and last.tag[0] in "nabjslv"
    ):
        value *= 0.6
    if (
        before is not None
        and before.content
        and before.end == first.start
        and (before.tag[0] in "nb" or before.tag in ("vn", "a", "an", "s", "l", "j"))
        and first.tag[0] in "nvabjsl"
        and before.key not in LIGHT_FIRST
    ):
        value *= 0.8
    if count >= 2 and text.endswith(TERM_HEADS):
        value *= 1.2
    opens = before is not None and before.text in "“《「『"
    closes = after is not None and after.text in "”》」』"
    if opens and closes:
        value = max(value, 0.8) * 1.3
    elif opens or closes:
        value *= 0.8
    if count >= 2 and text in dictionary:
        value *= 1.15
    if _parallel(text):
        value = max(value, 0.7)
    return min(value, 1.5)


def _parallel(text: str) -> bool:
    """Tell whether a text is a slogan of parallel parts, each as long as the other and opening alike.

    >>> _parallel("为人类谋进步、为世界谋大同"), _parallel("和平、发展")
    (True, False)
    """
    parts = text.split("、")
    return (
        len(parts) >= 2
        and len(parts[0]) >= 3
        and len({len(part) for part in parts}) == 1
        and any(len(set(column)) == 1 for column in zip(*parts, strict=True))
    )


def _edges(tokens: Sequence[Token], first: Token, last: Token, count: int) -> float:
    value = 1.0
    if last.key in LIGHT_LAST and count > 1:
        value *= 0.75 if last.key in LESS_LIGHT else 0.3
    if first.key in LIGHT_FIRST and count > 1:
        value *= 0.3
    elif first.tag in VERBAL and count > 1:
        if first.key in POLICY_VERBS:
            value *= 0.6
        else:
            value *= 0.45 if first.tag in ("d", "ad") and first.key not in ("共同",) else 0.75
    if first.tag == "r" and count > 1 and first.key not in ("多边", "本国"):
        value *= 0.4
    if first.tag == "m" or NUMBER.match(first.key):
        if not ORDINAL.match(first.key):
            value *= 0.35
        else:
            value *= 0.3 if count == 1 else 0.85
    if last.tag in ("v", "d", "a", "ad", "m", "q", "r", "f") and not (last.tag in ("v", "a") and count >= 2):
        value *= 0.5
    if last.tag == "m":
        value *= 0.4
    return value


CLAUSE = 0.55  # a noun, an adverb and a verb are a sentence: 经济严重衰退


def _inside(tokens: Sequence[Token], text: str, first: Token) -> float:
    value = 1.0
    marks = "".join(token.text for token in tokens if token.text in "“”")
    if marks and marks != "“”":
        value *= 0.4
    for place, token in enumerate(tokens[1:-1], 1):
        if token.content:
            if token.tag in ("a", "ad", "d") and tokens[place + 1].tag == "v" and tokens[place - 1].tag[0] == "n":
                value *= CLAUSE
            elif token.tag in ("v", "d", "ad"):
                value *= 0.85
        elif token.key in ("的", "和", "与", "及"):
            value *= 0.62
        elif token.key == "、":
            value *= 0.45
        else:
            value *= 0.9 if token.key in ("以", "为") else 0.5
    whole = SET_PATTERN.match(text)
    if BASIS.search(text) and not whole:
        value *= 0.2
    if first.key == "以" and not whole:
        value *= 0.1
    if whole:
        value /= 0.62 * 0.8
    elif first.key in MAY_START and not REPEATED.match(text):
        value *= 0.5
    return value


FREE_PHRASE = 0.25  # a light adverb and a light verb, though a dictionary has them as one: 扎实推进


def _single(token: Token) -> float:
    """Judge a single word: names and idioms pass, common words of the general language do not."""
    frequency = zipf(token.key, "zh")
    if token.tag[:2] in ("nr", "ns", "nt"):
        value = 0.8 if frequency < 5.3 else 0.45
        return value * 0.5 if token.tag[:2] in ("ns", "nr") and frequency > 5.6 else value
    if len(token.key) == 4 and token.key[:2] in LIGHT_FIRST and token.key[2:] in LIGHT_LAST:
        return FREE_PHRASE
    if token.tag in ("i", "l") or len(token.key) >= 4:
        return 0.8
    if token.tag[:1] == "n" or token.tag in ("vn", "j", "an"):
        return max(0.15, min(0.75, 0.75 - 0.25 * (frequency - 4.0)))
    return max(0.05, min(0.4, 0.4 - 0.2 * (frequency - 4.0)))


# --- English ---------------------------------------------------------------------------------------------------------

TARGET_INSIDE = frozenset(english("inside"))
ORDINAL_FIGURE = re.compile(r"\d+(?:st|nd|rd|th)")
TARGET_STARTS = frozenset(["no", "both", "against"])
TARGET_ENDS = frozenset(["all", "first", "abroad"])
AFTER_NOUN = frozenset(("first", "overseas", "abroad", "worldwide", "nationwide", "alike", "concerned", "involved"))
PREPOSITIONAL_NOUNS = frozenset(english("prepositional_nouns"))
BEFORE_PREPOSITIONAL = frozenset(["in", "on", "with"])
AFTER_PREPOSITIONAL = frozenset(["of", "to", "with", "for", "that", "as"])


def target_spans(unit: TokenizedUnit) -> Spans:
    """Return the English spans that may be renderings; between quotation marks any word may stand inside."""
    tokens = unit.target
    quotes = quoted(tokens)
    forms = [token.lower for token in tokens]
    prepositions = {place for place in range(len(tokens)) if _makes_preposition(forms, place)}
    inside = [token.content or form in TARGET_INSIDE for token, form in zip(tokens, forms, strict=True)]
    ends = [
        (token.content or form in TARGET_ENDS) and place not in prepositions
        for place, (token, form) in enumerate(zip(tokens, forms, strict=True))
    ]
    pairs = []
    for start, first in enumerate(tokens):
        if (not first.content and forms[start] not in TARGET_STARTS) or start in prepositions:
            continue
        quote_end = next((close for open_, close in quotes if open_ <= start < close), -1)
        for place in range(start, min(len(tokens), start + MAX_TARGET_TOKENS)):
            if not inside[place] and not (place < quote_end and forms[place] not in ".?"):
                break
            if ends[place]:
                pairs.append((start, place + 1))
    return _spans(pairs)


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
            while ahead < len(tokens) and tokens[ahead].lower in ("of", "for", "in", "the", "on") and ahead - end < 2:
                ahead += 1
            if ahead > end and is_name(ahead):
                end = ahead + 1
                continue
            break
        runs[index:end] = number
        number += 1
        index = end
    return runs


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


def _is_possessor(token: Token) -> bool:
    """Tell whether a noun in the plural, as which the members of a body stand before the body's name."""
    return token.lower in ("people", "women", "children") or token.tag == "NNPS"


UNGRAMMATICAL = 0.5  # for each joint between words that no noun phrase has


def _broken_joints(tokens: Sequence[Token]) -> int:
    """Count the joints no noun phrase has: a noun and an article (completion the), into, an infinitive after a name.

    An article after a comma, a preposition or a conjunction that joins equal parts is well.
    """
    found = 0
    for place in range(1, len(tokens)):
        before, here = tokens[place - 1], tokens[place]
        if here.lower in ("the", "a", "an"):
            opens = place >= 2 and before.lower == "and" and not any(t.lower == "the" for t in tokens[: place - 1])
            found += before.tag in NOMINAL or opens
        elif here.lower == "into" or here.text == ":":
            found += 1
        elif here.tag == "TO" and before.tag in ("NNP", "NNPS") and place + 1 < len(tokens):
            found += tokens[place + 1].tag in ("VB", "VBP")
    return found


def target_shape(unit: TokenizedUnit, start: int, end: int) -> float:
    """Return how much an English span has the shape of a term, 0 to about 1.2."""
    tokens = unit.target[start:end]
    content = [token for token in tokens if token.content]
    first, last = tokens[0], tokens[-1]
    value = 1.0
    if first.tag in ("VBZ", "VBD", "MD"):
        value *= 0.35
    elif first.tag in ("VB", "VBP", "PRP"):
        value *= 0.6
    elif first.tag == "VBG" and not (len(tokens) > 1 and tokens[1].tag in NOMINAL):
        value *= 0.75
    elif first.tag in ("RB", "CC", "IN", "TO"):
        value *= 0.6
    if last.tag not in NOMINAL and last.tag not in ("VBG", "CD") and last.lower not in AFTER_NOUN:
        value *= 0.6
    prepositions = sum(token.tag in ("IN", "TO") for token in tokens)
    value *= {0: 1.0, 1: 0.97, 2: 0.88}.get(prepositions, 0.7)
    value *= 0.75 ** sum(token.text == "," for token in tokens)
    value *= 0.6 ** sum(
        token.tag in ("MD", "VBZ", "VBP", "VBD") or token.lower in ("be", "is", "will", "our") for token in tokens[1:]
    )
    if len(content) > 7:
        value *= 0.8
    value *= UNGRAMMATICAL ** _broken_joints(tokens)
    capitals = sum(token.content and token.text[0].isupper() for token in tokens if token.start > 0)
    if len(content) >= 2 and capitals >= len(content) - 1:
        value *= 1.15
    if len(content) == 1:
        if first.tag in ("JJ", "VB", "VBD", "VBZ", "RB", "VBN", "VBP"):
            value *= 0.4
        elif not first.text[0].isupper():
            value *= max(0.3, min(0.9, 0.9 - 0.25 * (zipf(first.lower, "en") - 3.8)))
    return value
