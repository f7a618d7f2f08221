"""Chinese spans paired with English spans: one by one, and counted together as the candidates that are ranked."""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from typing import NamedTuple

import numpy as np


class Surroundings(NamedTuple):
    """What stands around the two spans of an occurrence.

    ``after_verb``: a verb directly precedes the Chinese; ``after_number``: a figure, a numeral or a Latin letter does.
    ``crosses``: the Chinese cuts a dictionary word of three characters or more. ``after_noun``: a noun precedes the
    English; ``before_preposition``: a preposition follows it. ``cuts_series_before`` and ``cuts_series_after``: the
    English begins after, or ends before, an "and" or a comma between words of one kind, which no mark or conjunction
    of the Chinese answers. ``cuts_list``: the Chinese is an enumeration and goes on before its first or after its last
    part. ``swallows_series``: the English has more of "and" and "or" than the Chinese of its joints, and one of those
    stands directly beside the Chinese.
    """

    after_verb: bool = False
    after_number: bool = False
    crosses: bool = False
    after_noun: bool = False
    before_preposition: bool = False
    cuts_series_before: bool = False
    cuts_series_after: bool = False
    cuts_list: bool = False
    swallows_series: bool = False


NOTHING_AROUND = Surroundings()


class Answer(NamedTuple):
    """How well the two spans of an occurrence answer each other, beside the span score.

    ``together``: how strongly both recur together, 0 to 1. ``outdone``: by how much another Chinese span of the unit
    answers the English better. ``source_gap`` and ``target_gap``: share of the words of either without a counterpart.
    ``source_leak`` and ``target_leak``: share of their words that words outside the other answer. ``source_edge`` and
    ``target_edge``: how much of the first or the last word, whichever is less, the other span answers. ``source_open``
    and ``target_open``: how many words that touch either, one on each side, are answered by nothing.
    ``source_bound`` and ``target_bound``: share of the places of either in which the same word stands beside it.
    ``source_units`` and ``target_units``: in how many units they stand.
    """

    together: float = 0.0
    outdone: float = 0.0
    source_gap: float = 0.0
    target_gap: float = 0.0
    source_leak: float = 0.0
    target_leak: float = 0.0
    source_edge: float = 1.0
    target_edge: float = 1.0
    source_open: int = 0
    target_open: int = 0
    source_bound: float = 0.0
    target_bound: float = 0.0
    source_units: int = 1
    target_units: int = 1

    def packed(self) -> bytes:
        """Return the values as an occurrence keeps them; as objects they would take four times the room."""
        return PACKED.pack(*self)

    @classmethod
    def of(cls, packed: bytes) -> Answer:
        """Return the values that were packed."""
        return cls(*PACKED.unpack(packed))


LAYOUT = "d" * 8 + "B" * 2 + "d" * 2 + "I" * 2  # of the fields, in signs that struct and numpy share
PACKED = Struct("<" + LAYOUT)
ANSWERS = np.dtype([(name, "<" + sign) for name, sign in zip(Answer._fields, LAYOUT, strict=True)])
NO_ANSWER = Answer().packed()


class Edges(NamedTuple):
    """How often the words at the edges of a pair, if there are more than one, stand at boundaries of the texts.

    All but the last are log odds. ``closing``: of the part of speech of the last Chinese word before a boundary;
    ``opening``: of that of the first behind one. ``first_closing``: of the first Chinese word before one;
    ``last_opening``: of the last behind one. ``target_opening``: of the first English word behind one. ``ending``:
    logarithm of the number, and one, of the dictionary's longer entries that end with the last Chinese word.
    """

    closing: float = 0.0
    opening: float = 0.0
    first_closing: float = 0.0
    last_opening: float = 0.0
    target_opening: float = 0.0
    ending: float = 0.0


NO_EDGES = Edges()


@dataclass(slots=True)  # frozen, it would take three times as long to make, and a unit has dozens
class Occurrence:
    """One Chinese span paired with one English span in one unit. Spans are code point ranges of the unit's texts.

    ``partial``: the English is the name of a place that answers only a part of the Chinese. ``modifier``: a noun
    follows the English directly, so that it may qualify that noun there and be no rendering by itself. ``qualified``:
    an adjective stands directly before the English. ``in_name``: the English is a piece of a longer name in capitals.
    ``counted``: it is a series of as many things as the Chinese, a numbered coinage, counts. ``goes_on``: a content
    word directly follows the Chinese. ``words`` are the Chinese words, by their keys; ``answer`` is a packed
    ``Answer``.
    """

    unit: int
    source: str
    target: str
    source_span: tuple[int, int]
    target_span: tuple[int, int]
    score: float
    source_shape: float
    target_shape: float
    first: bool
    gloss: bool
    tags: tuple[str, ...]
    target_tags: tuple[str, ...]
    quoted: bool = False
    partial: bool = False
    modifier: bool = False
    qualified: bool = False
    in_name: bool = False
    counted: bool = False
    goes_on: bool = False
    around: Surroundings = NOTHING_AROUND
    answer: bytes = NO_ANSWER
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Pair:
    """A Chinese term with one English rendering and all its occurrences."""

    source: str
    target: str
    occurrences: list[Occurrence] = field(default_factory=list)
    count: int = 0
    score: float = 0.0
    inside: str = ""
    edges: Edges = NO_EDGES

    @property
    def best(self) -> Occurrence:
        """The occurrence with the strongest evidence."""
        items = self.occurrences
        return items[0] if len(items) == 1 else max(items, key=lambda item: (item.score, -item.unit))

    @property
    def modifier(self) -> bool:
        """Whether the rendering stands nowhere but before a noun."""
        return all(item.modifier for item in self.occurrences)

    @property
    def counted(self) -> bool:
        """Whether the rendering is a series of as many things as the Chinese counts."""
        return any(item.counted for item in self.occurrences)

    @property
    def support(self) -> int:
        """In how many places the pair was found."""
        return len({(item.unit, item.source_span) for item in self.occurrences})


@dataclass(slots=True)
class RankedTerm:
    """A Chinese term with its renderings, best first."""

    source: str
    pairs: list[Pair]
    count: int
    score: float
