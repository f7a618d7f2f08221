"""Chinese spans paired with English spans: one by one, and counted together as the candidates that are ranked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Surroundings(NamedTuple):
    """What stands around the two spans of an occurrence.

    ``after_verb``: a verb directly precedes the Chinese; ``after_number``: a figure, a numeral or a Latin letter does.
    ``crosses``: the Chinese cuts a dictionary word of three characters or more. ``after_noun``: a noun precedes the
    English; ``before_preposition``: a preposition follows it. ``cuts_series_before`` and ``cuts_series_after``: the
    English begins after, or ends before, an "and" or a comma between words of one kind, which no mark or conjunction
    of the Chinese answers. ``cuts_list``: the Chinese is an enumeration and goes on before its first or after its last
    part.
    """

    after_verb: bool = False
    after_number: bool = False
    crosses: bool = False
    after_noun: bool = False
    before_preposition: bool = False
    cuts_series_before: bool = False
    cuts_series_after: bool = False
    cuts_list: bool = False


NOTHING_AROUND = Surroundings()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One Chinese span paired with one English span in one unit. Spans are code point ranges of the unit's texts.

    ``partial``: the English is the name of a place that answers only a part of the Chinese. ``modifier``: a noun
    follows the English directly, so that it may qualify that noun there and be no rendering by itself. ``qualified``:
    an adjective stands directly before the English. ``in_name``: the English is a piece of a longer name in capitals.
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
    around: Surroundings = NOTHING_AROUND


@dataclass(slots=True)
class Pair:
    """A Chinese term with one English rendering and all its occurrences."""

    source: str
    target: str
    occurrences: list[Occurrence] = field(default_factory=list)
    count: int = 0
    score: float = 0.0
    inside: str = ""

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
