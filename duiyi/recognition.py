"""Term recognition: which entries of a glossary stand in a text, and which of their renderings in its translation.

Chinese is matched by characters, Simplified and Traditional as one, the longest term winning; English by words in any
inflection, with or without hyphen and article, spelt as in Britain or in America. Pure functions of texts: the look-up,
the checks, pre-translation and whatever else needs terms go through here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from glossary.model import ConceptEntry, Rendering
from glossary.words.tokens import lemma
from tmx import cedict
from tmx.alignment.lexicon import stem_by_rule

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recognised:
    """An entry found in a text: ``text[start:end]`` is the ``form`` as it is listed, in any spelling of it."""

    entry: ConceptEntry
    form: str
    start: int
    end: int


RECENT = 20_000  # texts whose terms are remembered: several checks ask for the same


class Recogniser:
    """The terms of a glossary, ready to be found in texts of either language.

    >>> from glossary.model import ConceptEntry, Rendering
    >>> one = ConceptEntry("1", "外交", (Rendering("diplomacy"),))
    >>> other = ConceptEntry("2", "大国外交", (Rendering("major-country diplomacy"),))
    >>> recogniser = Recogniser([one, other])
    >>> [(found.form, found.start, found.end) for found in recogniser.in_chinese("中国特色大國外交与外交")]
    [('大国外交', 4, 8), ('外交', 9, 11)]
    >>> [found.form for found in recogniser.in_english("The major country diplomacies of today")]
    ['major-country diplomacy']
    """

    def __init__(self, entries: Iterable[ConceptEntry]) -> None:
        self._chinese: defaultdict[str, list[tuple[ConceptEntry, str]]] = defaultdict(list)
        self._english: defaultdict[str, list[tuple[ConceptEntry, str]]] = defaultdict(list)
        for entry in entries:
            for form in dict.fromkeys((entry.term, *(variant.text for variant in entry.variants))):
                if key := chinese_key(form.strip()):
                    self._chinese[key].append((entry, form))
            for text in dict.fromkeys(rendering.text for rendering in entry.renderings):
                if key := _joined(english_words(text)):
                    self._english[key].append((entry, text))
        self._chinese_keys, self._english_keys = list(self._chinese), list(self._english)
        self._recent: dict[str, list[Recognised]] = {}
        self._in_chinese = _searcher(self._chinese)
        self._in_english = _searcher(self._english)

    def in_chinese(self, text: str) -> list[Recognised]:
        """Return the terms in a Chinese text in order; where two overlap, the longer."""
        if self._in_chinese is None:
            return []
        if text not in self._recent:
            if len(self._recent) >= RECENT:
                self._recent.clear()
            self._recent[text] = self._search_chinese(self._in_chinese, text)
        return list(self._recent[text])

    def _search_chinese(self, searcher: AhoCorasick, text: str) -> list[Recognised]:
        keys = self._chinese_keys
        key = chinese_key(text)
        found = [
            (start, end, keys[number])
            for number, start, end in searcher.find_matches_as_indexes(key, overlapping=True)
            if _stands_alone(key, start, end)
        ]
        if any(end - start <= SHORT for start, end, _ in found):
            words = _words(key)
            edges = _edges(words)
            found = [
                (start, end, name)
                for start, end, name in found
                if end - start > SHORT or {start, end} <= edges or _better_as_word(key, start, end, len(words))
            ]
        return [
            Recognised(entry, form, start, end)
            for start, end, name in _longest(found)
            for entry, form in self._chinese[name]
        ]

    def in_english(self, text: str) -> list[Recognised]:
        """Return the renderings in an English text in order; where two overlap, the longer."""
        if self._in_english is None:
            return []
        keys = self._english_keys
        words = english_words(text)
        starts, ends, place = {}, {}, 0
        for word in words:
            starts[place] = word.start
            place += len(word.key) + 1
            ends[place] = word.end
        found = [
            (starts[start], ends[end], keys[number])
            for number, start, end in self._in_english.find_matches_as_indexes(_joined(words), overlapping=True)
            if start in starts and end in ends
        ]
        return [
            Recognised(entry, form, start, end)
            for start, end, name in _longest(found)
            for entry, form in self._english[name]
        ]


def _searcher(forms: defaultdict[str, list[tuple[ConceptEntry, str]]]) -> AhoCorasick | None:
    return AhoCorasick(list(forms)) if forms else None


def _longest(found: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Of overlapping matches keep the longest, then the first; return them in order."""
    taken: set[int] = set()
    kept = []
    for start, end, name in sorted(found, key=lambda match: (match[0] - match[1], match[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((start, end, name))
    return sorted(kept)


# --- Chinese

SHORT = 4  # characters; so short a term may stand in a text by accident: 外交 in 对外交往, 投资 in 投资者


def _words(text: str) -> list[str]:
    import rjieba

    return rjieba.cut(text, hmm=False)


def _edges(words: Iterable[str]) -> set[int]:
    """Return where the words of a text begin and end; long words of the list are compounds, and may end anywhere."""
    edges, place = {0}, 0
    for word in words:
        edges.update(range(place, place + len(word)) if len(word) > SHORT else ())
        place += len(word)
        edges.add(place)
    return edges


def _better_as_word(text: str, start: int, end: int, count: int) -> bool:
    """Tell whether a text of ``count`` words has fewer if what cuts one of them is a word: 和|服贸会 for 和服|贸|会.

    Four characters need only as few: 向|世卫组织 for 向世卫|组织, which the list of words happens to have.
    """
    return len(_words(text[:start])) + 1 + len(_words(text[end:])) < count + (end - start == SHORT)


_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LATIN = re.compile("[0-9A-Za-z]")


def chinese_key(text: str) -> str:
    """Return what a Chinese text is matched by, character for character: Simplified, half width, small letters.

    >>> chinese_key("中國５G")
    '中国5g'
    """
    folded = text.translate(cedict.simplification()).translate(_WIDTH)
    small = folded.lower()
    return small if len(small) == len(text) else folded


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Letters and figures at the edge of a term end there: 5G is not in 15G."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (
        (_LATIN.match(before) and _LATIN.match(text[start])) or (_LATIN.match(after) and _LATIN.match(text[end - 1]))
    )


# --- English


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an English text, ``text[start:end]``: its key, without inflection, and itself in small letters."""

    key: str
    plain: str
    start: int
    end: int


# The sign of a currency before a figure is a word of its own: RMB17 billion.
_WORD = re.compile(r"[A-Z]{3}(?=\d)|[^\W_]+(?:[.'’](?=[^\W_])[^\W_]+)*")
_ARTICLES = frozenset(("a", "an", "the"))
_AMERICAN = (
    (re.compile(r"(?<=[a-z]{2})is(?=(?:e[drs]?|ing|ation|ations|able)$)"), "iz"),
    (re.compile(r"(?<=[a-z])ys(?=(?:e[drs]?|ing)$)"), "yz"),
    (re.compile(r"(?<=[bdhklmnprv])our(?=$|s$|ed$|ing$|ite|able|ful|hood)"), "or"),
    (re.compile(r"(?<=[bht])re(?=s?$)"), "er"),
    (re.compile(r"ence(?=$)(?<=defence|offence|licence)"), "ense"),
    (re.compile(r"(?<=[aeiou])ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"(?<=progra)mme(?=s?$)"), "m"),
)
_AS_THEY_ARE = frozenset(("four", "hour", "our", "your", "pour", "tour", "there", "where", "here", "were", "three"))


@lru_cache(maxsize=20_000)
def english_words(text: str) -> tuple[Word, ...]:
    """Return the words of an English text with their keys, without articles.

    >>> [word.key for word in english_words("The organisations' programmes, well-organized")]
    ['organiz', 'program', 'well', 'organiz']
    """
    words = ((match[0], *match.span()) for match in _WORD.finditer(text))
    return tuple(
        Word(_word_key(word), _plain(word), start, end) for word, start, end in words if word.lower() not in _ARTICLES
    )


def _plain(word: str) -> str:
    if word[-1] == "s" and sum(map(str.isupper, word)) > 1 and not word.isupper():
        word = word[:-1]  # MoUs, SMEs
    return word.lower().replace("’", "'").removesuffix("'s").replace(".", "").replace("'", "")


@lru_cache(maxsize=100_000)
def _word_key(word: str) -> str:
    small = _plain(word)
    if small not in _AS_THEY_ARE:
        for pattern, american in _AMERICAN:
            small = pattern.sub(american, small)
    return stem_by_rule(lemma(small))


def _joined(words: Sequence[Word]) -> str:
    """The keys in a row, each with a space behind it."""
    return "".join(f"{word.key} " for word in words)


def find_rendering(text: str, rendering: str) -> Iterator[Span]:
    """Yield where a rendering stands in an English text, in any inflection, in one word or several.

    >>> text = "We are building a well-being society."
    >>> list(find_rendering(text, "build well-being societies")), list(find_rendering(text, "wellbeing"))
    ([(7, 36)], [(18, 28)])
    """
    found = {
        (row.starts[place], row.ends[place + len(wanted)])
        for row, wanted in zip(_rows(text), _wanted(rendering), strict=True)
        for place in _places(row.joined, wanted)
        if place in row.starts and place + len(wanted) in row.ends
    }
    yield from sorted(found)


class _Row(NamedTuple):
    """The words of a text without what parts them; where in the text the word begins or ends that does so there."""

    joined: str
    starts: dict[int, int]
    ends: dict[int, int]


@lru_cache(maxsize=64)  # one text is searched for all its terms, one after the other
def _rows(text: str) -> tuple[_Row, _Row]:
    """Return the words of a text by their keys and as they are."""
    words = english_words(text)
    return _row(words, [word.key for word in words]), _row(words, [word.plain for word in words])


def _row(words: Sequence[Word], spelt: Sequence[str]) -> _Row:
    edges = list(accumulate(map(len, spelt), initial=0))
    starts = {edge: word.start for edge, word in zip(edges, words, strict=False)}
    return _Row("".join(spelt), starts, {edge: word.end for edge, word in zip(edges[1:], words, strict=True)})


@lru_cache(maxsize=20_000)
def _wanted(rendering: str) -> tuple[str, str]:
    words = english_words(rendering)
    return "".join(word.key for word in words), "".join(word.plain for word in words)


def _places(text: str, wanted: str) -> Iterator[int]:
    place = text.find(wanted) if wanted else -1
    while place >= 0:
        yield place
        place = text.find(wanted, place + 1)


def abbreviations(rendering: str) -> set[str]:
    """Return what the initials of a rendering may spell, in small letters.

    >>> sorted(abbreviations("small and medium-sized enterprises"))
    ['same', 'samse', 'sme', 'smse']
    """
    words = [[part[0] for part in word.split("-") if part] for word in rendering.lower().split() if word[0].isalpha()]
    small = [word in _SMALL for word in rendering.lower().split() if word[0].isalpha()]
    found = set()
    for with_small in (True, False):
        for whole in (True, False):
            letters = [
                "".join(parts) if whole else parts[0]
                for parts, is_small in zip(words, small, strict=True)
                if with_small or not is_small
            ]
            found.add("".join(letters))
    return {one for one in found if len(one) > 1}


_SMALL = frozenset(("and", "of", "the", "for", "in", "on", "to", "a", "an"))


def is_abbreviated_in(text: str, rendering: str) -> bool:
    """Tell whether an English text has the initials of a rendering, or the name whose initials the rendering is.

    >>> is_abbreviated_in("SMEs and banks", "small and medium-sized enterprises")
    True
    >>> is_abbreviated_in("the Hong Kong Monetary Authority", "HKMA")
    True
    >>> is_abbreviated_in("in Hong Kong, monetary and financial stability", "HKMA")
    False
    """
    words = english_words(text)
    if abbreviations(rendering) & {word.plain for word in words if text[word.start].isupper()}:
        return True
    if not (rendering.isupper() and rendering.isalpha() and len(rendering) > 1):
        return False
    # Words of a name begin with capitals; a space or a hyphen parts them, a comma does not.
    names = re.split(r"[^\w\s'’-]|\s(?=[a-z])(?!(?:and|of|the|for|in|on|to)\s)", text)
    return any(rendering in initials for name in names for initials in _initials(name))


def _initials(name: str) -> tuple[str, str]:
    """Return the initials of a name in capitals, of all its words and without the small ones."""
    words = re.findall(r"[^\W\d_]+", name)
    main = [word for word in words if word.lower() not in _SMALL]
    return "".join(word[0] for word in words).upper(), "".join(word[0] for word in main).upper()


def renderings_in(text: str, entry: ConceptEntry) -> list[tuple[Rendering, Span]]:
    """Return which renderings of an entry stand in an English text, and where; the longest of those that overlap.

    >>> entry = ConceptEntry("1", "会议", (Rendering("meeting"), Rendering("plenary meeting", usage="admitted")))
    >>> [(rendering.text, span) for rendering, span in renderings_in("two plenary meetings", entry)]
    [('plenary meeting', (4, 20))]
    """
    found = [(*span, rendering) for rendering in entry.renderings for span in find_rendering(text, rendering.text)]
    taken: set[int] = set()
    kept: list[tuple[Rendering, Span]] = []
    for start, end, rendering in sorted(found, key=lambda match: (match[0] - match[1], match[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((rendering, (start, end)))
    return sorted(kept, key=lambda match: match[1])
