"""What a Chinese word may be in English, before any text is read.

Evidence comes from CC-CEDICT (``glosses``), from our word list, from numerals, from the sound of names and from common
abbreviations. None of the dictionary's text leaves this module: it is evidence for a link, never a translation.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from glossary.words.glosses import BIGRAM, DIMENSIONS, Floats, dictionary, features_of, vectors
from glossary.words.tokens import content_stems, stem, words
from glossary.words.wordclasses import english
from glossary.words.wordlist import WordList

# Strengths are 0 to 1. They were set by hand on the sample and looked at on reports, not fitted: what a pair of words
# is worth in the end is decided by what the texts show (``glossary.mining.linking``) and by the weights of termhood.
# Set to 0, they cost so many gold pairs in the first 200 rows and in all rows of three texts (benchmarks/shapes.py
# --constants; 490 in 3,380 rows): LISTED 6 and 4, OF_PART 0 and 6, OF_BEGINNING -1 and 3, SAME_LETTERS 1 and 2, NAMED 1
# and 1, CHARACTER_SHARE -1 and 1, VECTOR_SLOPE -3 and 1, SAME_DIGITS -2 and 0, LISTED_INSIDE -1 and 0, LISTED_PART and
# HUNDRED nothing, LISTED_TOO and NUMBERED 0 and -1, OF_PLACE 1 and -3, BACKED_OFF -3 and -3. Over five texts and the
# coinages of five reports BACKED_OFF moves as many pairs in as out.
GLOSS_STRENGTH = 1.6  # how fast repeated glosses saturate
BACKED_OFF = 0.8  # what the glosses of the words inside an unknown word count for
LISTED = 0.9  # a pair of the word list,
LISTED_PART = 0.8  # the share of it that a part between hyphens has,
LISTED_TOO = 0.9  # what the dictionary's glosses of a listed word still count for,
LISTED_INSIDE = 0.75  # and a listed word inside a longer one
NAMED = 0.95  # a name spelt by its pinyin
NUMBERED = 0.9  # a numeral and what it is in English
SAME_LETTERS, SAME_DIGITS = 0.98, 0.95  # Latin letters and digits that both texts have
HUNDRED = 0.8  # centenary and century for 100
# Of what a character stands for a word with it has a share, between the least (below it is chance) and the most.
CHARACTER_SHARE, CHARACTER_LEAST, CHARACTER_MOST = 0.6, 0.04, 0.6
# Shares of a gloss stem's evidence that other forms of it have: an adjective of a place, a part between hyphens, a word
# that begins with the stem or begins like it.
OF_PLACE, OF_PART, OF_BEGINNING = 0.95, 0.8, 0.7
MOST_ADDED = 0.95  # all words of an abbreviation's full form together
# A cosine above the floor raises a pair that has less than ``WEAK`` to ``VECTOR_SLOPE`` times what it is above the
# foot, at most to ``VECTOR_MOST``.
VECTOR_FLOOR, VECTOR_FOOT, VECTOR_SLOPE, VECTOR_MOST, WEAK = 0.38, 0.33, 1.1, 0.5, 0.45

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
POWERS = {"十": 10, "百": 100, "千": 1000}
ORDINALS = english("ordinals")
CARDINALS = english("cardinals")
FIVE_YEARS = re.compile("十[一二三四五六七八九]五")  # the Fourteenth Five-Year Plan
NUMERAL = re.compile(r"第?([零〇一二三四五六七八九十百千两]+)(.*)")
# Adjectives of places stand for the place: pairs of stems.
# Adjectives that stand for a place, and the two words for 国际 and 世界.
PLACE_WORDS = (
    "chinese china;american america;russian russia;european europe;african africa;asian asia;japanese japan;"
    "british britain;french france;german germany;indian india;korean korea;international world;global world;"
    "u.s. america;institutional institution;climatic climate"
)


@lru_cache(maxsize=1)
def place_words() -> dict[str, str]:
    """Return for the stem of an adjective the stem whose evidence it shares."""
    return {stem(word): stem(base) for word, base in (pair.split() for pair in PLACE_WORDS.split(";"))}


def numeral(text: str) -> int | None:
    """Return the value of a Chinese numeral below ten thousand, or None.

    >>> numeral("十九"), numeral("二百零五"), numeral("外交")
    (19, 205, None)
    """
    total = current = 0
    for character in text:
        if character in DIGITS:
            current = DIGITS[character]
        elif character in POWERS:
            total += (current or 1) * POWERS[character]
            current = 0
        else:
            return None
    return total + current


@dataclass(slots=True)
class Associations:
    """Strength of association between a Chinese word and an English stem, 0 to 1, from all standing evidence.

    ``table`` is the word list, ``abbreviations`` maps an abbreviation in lower case to its full form. Lookups are
    remembered, so one object serves a whole run.
    """

    listed: WordList
    abbreviations: Mapping[str, str]
    _words: Container[str] = field(init=False)
    _listed: dict[str, dict[str, float]] = field(init=False)
    _expansions: dict[str, tuple[str, ...]] = field(init=False)
    _alternatives: dict[str, tuple[str, ...]] = field(init=False)
    _glosses: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False)
    _rows: dict[str, dict[str, float]] = field(default_factory=dict, init=False)
    _source_vectors: dict[str, Floats] = field(default_factory=dict, init=False)
    _sounds: dict[tuple[str, str], bool] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._words = dictionary().ids
        self._listed = {}
        self._alternatives = dict(self.listed.entries)
        for word, alternatives in self.listed.entries:
            row: dict[str, float] = {}
            for alternative in alternatives:
                for name in content_stems(alternative):
                    row[name] = LISTED
                    for part in name.split("-"):
                        if len(part) > 2 and part != name:
                            row.setdefault(stem(part), LISTED_PART * LISTED)
            self._listed[word] = row
        self._expansions = {
            stem(short): tuple(dict.fromkeys(content_stems(full))) for short, full in sorted(self.abbreviations.items())
        }

    def has_phrase(self, text: str) -> bool:
        """Tell whether dictionary or word list has an entry of exactly this text."""
        return text in self._words or text in self._listed

    def phrase_row(self, text: str) -> dict[str, float]:
        """Return the stems of an entry of exactly this text."""
        row = self._gloss_row(text) if text in dictionary() else {}
        for name, value in self._listed.get(text, {}).items():
            row[name] = max(row.get(name, 0.0), value)
        return row

    def glosses(self, text: str) -> tuple[str, ...]:
        """Return what dictionary and word list give for exactly this text, each as stems with spaces between."""
        known = self._glosses.get(text)
        if known is None:
            if not self.has_phrase(text):
                return ()
            phrases = {*dictionary().glosses_of(text), *(other.lower() for other in self._alternatives.get(text, ()))}
            known = tuple(sorted({" ".join(stem(word.lower()) for word in words(phrase)) for phrase in phrases}))
            self._glosses[text] = known
        return known

    def row(self, word: str) -> dict[str, float]:
        """Return the stems a Chinese word may stand for, with their strength (vectors and derivations left out)."""
        known = self._rows.get(word)
        if known is None:
            known = self._rows[word] = self._row(word)
        return known

    def _gloss_row(self, word: str) -> dict[str, float]:
        table = dictionary()
        if word in table:
            weights, factor = table.stems_of(word), 1.0
        else:
            weights, factor = self._parts(word), BACKED_OFF
        return {name: factor * (1 - math.exp(-GLOSS_STRENGTH * weight)) for name, weight in weights.items()}

    def _parts(self, word: str) -> dict[str, float]:
        """Back off to the longest dictionary words inside an unknown one."""
        table = dictionary()
        weights: defaultdict[str, float] = defaultdict(float)
        start, length = 0, len(word)
        while start < length:
            for end in range(length, start, -1):
                piece = word[start:end]
                if piece in table and (end - start > 1 or length <= 3) and end - start < length:
                    for name, weight in table.stems_of(piece).items():
                        weights[name] += weight * (end - start) / length
                    start = end
                    break
            else:
                start += 1
        return dict(weights)

    def _row(self, word: str) -> dict[str, float]:
        row = self._gloss_row(word)
        if word[0].isascii():
            _raise(row, _row_of_latin(word))
            return row
        if word[-1] == "+":
            _raise(row, {"plus": NAMED})  # 互联网+ Internet Plus
        _raise(row, self._row_of_number(word))
        listed = self._listed.get(word)
        if listed is not None:
            for name, value in listed.items():
                row[name] = 1 - (1 - value) * (1 - LISTED_TOO * row.get(name, 0.0))
        elif word not in dictionary() or len(word) >= 3:
            _raise(row, dict.fromkeys(self._listed_inside(word), LISTED_INSIDE))
        _raise(row, _row_of_characters(word))
        return row

    def _row_of_number(self, word: str) -> dict[str, float]:
        """Return the stems of a numeral and of what it counts, and those of a five-year plan."""
        row: dict[str, float] = {}
        if FIVE_YEARS.fullmatch(word):
            row |= dict.fromkeys((*_numeral_row(word[:2]), stem("five-year"), stem("plan")), LISTED)
        match = NUMERAL.fullmatch(word)
        if match:
            _raise(row, _numeral_row(match.group(1)))
            if match.group(2):
                _raise(row, self.row(match.group(2)))
        return row

    def _listed_inside(self, word: str) -> Iterator[str]:
        """Yield the stems of the listed words inside a longer one, longest first."""
        for size in range(min(4, len(word) - 1), 0, -1):
            for start in range(len(word) - size + 1):
                yield from self._listed.get(word[start : start + size], ())

    def vector(self, word: str) -> Floats:
        """Return the unit vector of a Chinese word: its characters and, if it is known, its glosses."""
        known = self._source_vectors.get(word)
        if known is None:
            known = self._source_vectors[word] = self._vector(word)
        return known

    def _vector(self, word: str) -> Floats:
        space = vectors()
        total = np.zeros(DIMENSIONS, np.float32)
        for feature in features_of(word):
            line = space.features.get(feature)
            if line is not None:
                total += space.feature_vectors[line] * (BIGRAM if len(feature) == 2 else 1.0)
        glosses = np.zeros(DIMENSIONS, np.float32)
        for name, weight in dictionary().stems_of(word).items():
            column = space.stems.get(name)
            if column is not None:
                glosses += space.stem_vectors[column] * np.float32(weight)
        return _unit(_unit(total) + _unit(glosses))

    def sounds_like(self, word: str, name: str) -> bool:
        """Tell whether an English name is spelt as a run of the characters of a Chinese word is read.

        >>> Associations(WordList(()), {}).sounds_like("习近平", "Jinping")
        True
        """
        pair = (word, name)
        known = self._sounds.get(pair)
        if known is None:
            letters = _letters(name)
            known = len(letters) >= 2 and any(
                "" in rest for start in range(len(word)) for rest in _unread(word[start:], letters)
            )
            self._sounds[pair] = known
        return known

    def matrix(self, source: Sequence[str], target: Sequence[str]) -> Floats:
        """Return the strengths of all pairs of the given Chinese words and English stems, source by target."""
        result = np.zeros((len(source), len(target)), np.float32)
        places = _Targets(target, self._expansions)
        for line, word in enumerate(source):
            row = result[line]
            sums: defaultdict[int, float] = defaultdict(float)
            for name, value in self.row(word).items():
                for column, factor, adds in places.of(name):
                    if adds:
                        sums[column] += value * factor
                    elif value * factor > row[column]:
                        row[column] = value * factor
            for column, total in sums.items():
                row[column] = max(row[column], min(total, MOST_ADDED))
        self._add_vectors(result, source, target)
        return result

    def _add_vectors(self, result: Floats, source: Sequence[str], target: Sequence[str]) -> None:
        space = vectors()
        columns = np.array([index for index, name in enumerate(target) if name in space.stems], np.int64)
        if not len(columns) or not len(source):
            return
        english = space.stem_vectors[[space.stems[target[index]] for index in columns]]
        english /= np.maximum(np.linalg.norm(english, axis=1, keepdims=True), 1e-9)
        cosine = np.stack([self.vector(word) for word in source]) @ english.T
        lines, near = np.nonzero(cosine > VECTOR_FLOOR - 0.001)  # few are: only those are looked at any further
        close = np.round(cosine[lines, near], 4)
        weak = result[lines, columns[near]]
        raised = np.minimum(VECTOR_MOST, (close - VECTOR_FOOT) * VECTOR_SLOPE)
        bonus = np.where((weak < WEAK) & (close > VECTOR_FLOOR), raised, 0)
        result[lines, columns[near]] = np.maximum(weak, bonus)


def _raise(row: dict[str, float], other: Mapping[str, float]) -> None:
    """Raise the strengths of a row to those of another."""
    for name, value in other.items():
        if value > row.get(name, 0.0):
            row[name] = value


def _row_of_latin(word: str) -> dict[str, float]:
    """Return the stems of a number in digits (with the endings it may have in English) or of a word in letters."""
    if not word[0].isdigit():
        return {stem(word.lower()): SAME_LETTERS}
    plain = word.rstrip("%％‰")
    row = {plain + ending: SAME_DIGITS for ending in ("", "th", "st", "nd", "rd", "-plus")}
    if plain == "100":
        _raise(row, dict.fromkeys(map(stem, ("centenary", "century", "100th")), HUNDRED))
    return row


def _row_of_characters(word: str) -> dict[str, float]:
    """Return the stems that the characters of a word stand for wherever they occur."""
    spread: defaultdict[str, float] = defaultdict(float)
    for character in word:
        for name, weight in dictionary().characters.get(character, {}).items():
            spread[name] = 1 - (1 - spread[name]) * (1 - CHARACTER_SHARE * weight)
    return {name: min(weight, CHARACTER_MOST) for name, weight in spread.items() if weight > CHARACTER_LEAST}


class _Targets:
    """Which of the wanted English stems share the evidence of a gloss stem, and by what factor."""

    def __init__(self, target: Sequence[str], expansions: Mapping[str, tuple[str, ...]]) -> None:
        self._exact: defaultdict[str, list[tuple[int, float, bool]]] = defaultdict(list)
        self._prefix: defaultdict[str, list[int]] = defaultdict(list)
        self._ids = {name: index for index, name in enumerate(target)}
        self._known: dict[str, list[tuple[int, float, bool]]] = {}
        places = place_words()
        for index, name in enumerate(target):
            self._exact[name].append((index, 1.0, False))
            if name in places:
                self._exact[places[name]].append((index, OF_PLACE, False))
            if "-" in name:
                for part in name.split("-"):
                    if len(part) > 2:
                        self._exact[stem(part)].append((index, OF_PART, False))
            elif len(name) >= 5:
                for end in range(4, len(name)):
                    self._exact[name[:end]].append((index, OF_BEGINNING, False))  # the gloss is a beginning of the word
                if len(name) >= 6:
                    self._prefix[name[:6]].append(index)
            expansion = expansions.get(name)
            if expansion:
                for part in expansion:
                    self._exact[part].append((index, 1.0 / len(expansion), True))

    def of(self, name: str) -> list[tuple[int, float, bool]]:
        """Return (column, factor, whether it adds up) for one gloss stem."""
        known = self._known.get(name)
        if known is None:
            known = list(self._exact.get(name, ()))
            if len(name) >= 6:
                known += [(index, OF_BEGINNING, False) for index in self._prefix.get(name[:6], ())]
            for end in range(5, len(name)):
                index = self._ids.get(name[:end])
                if index is not None:
                    known.append((index, OF_BEGINNING, False))
            self._known[name] = known
        return known


def _unit(vector: Floats) -> Floats:
    norm = float(np.linalg.norm(vector))
    return vector / np.float32(norm) if norm else vector


def _numeral_row(text: str) -> dict[str, float]:
    value = numeral(text)
    if value is None:
        return {}
    forms = {str(value), *(f"{value}{ending}" for ending in ("th", "st", "nd", "rd"))}
    if value >= 1000:
        forms.add(f"{value // 1000},000")
    if value <= 20:
        forms |= {stem(ORDINALS[value]), stem(CARDINALS[value])}
    if value == 2:
        forms |= {"two", "both"}
    if value == 100:
        forms |= {stem("century"), stem("centenary"), stem("hundred")}
    return dict.fromkeys(sorted(forms), NUMBERED)


@lru_cache(maxsize=10_000)
def _spellings(character: str) -> frozenset[str]:
    """Return how the readings of a character may be spelt: ü as v, u or yu."""
    sounds = dictionary().readings.get(character, ())
    return frozenset(form for sound in sounds for form in (sound, sound.replace("v", "u"), sound.replace("v", "yu")))


def _unread(characters: str, letters: str) -> Iterator[set[str]]:
    """Yield, after each character, what its readings and those before it may leave of the letters."""
    rest = {letters}
    for character in characters:
        rest = {left[len(form) :] for form in _spellings(character) for left in rest if left.startswith(form)}
        if not rest:
            return
        yield rest


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower().replace("ü", "v"))


def spells(text: str, name: str) -> bool:
    """Tell whether an English name is spelt as all the characters of a Chinese text are read.

    >>> spells("近平", "Jinping"), spells("习近平", "Jinping")
    (True, False)
    """
    return any(number == len(text) and "" in rest for number, rest in enumerate(_unread(text, _letters(name)), 1))


def sound(word: str) -> str:
    """Return the first readings of a Chinese word, joined, for comparing the sound of foreign names."""
    return "".join(dictionary().readings.get(character, ("",))[0] for character in word)
