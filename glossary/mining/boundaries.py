"""Where terms begin and end: how often words, and all words of a part of speech, stand at a boundary of their text.

A boundary is a mark, a word without content, or the end of a text. What a term ends with stands before boundaries
(監管), what it begins with stands behind them; a verb that always has an object stands before none (率領), so that what
ends with it is no term but the beginning of a clause. Weighed by ``glossary.mining.termhood``.

References:
    Feng et al. (2004), Accessor Variety Criteria for Chinese Word Extraction, who look at what stands beside a span.
    Departure: its words are looked at, one by one, since most spans stand in a text only once.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from glossary.mining.linking import TokenizedUnit
from glossary.mining.pairs import NO_EDGES, Edges, Occurrence
from glossary.words.glosses import LONGEST_ENDING, endings
from glossary.words.tokens import Token, stem, words

TRUST = 3.0  # places of a word after which they say as much as its part of speech


@dataclass(frozen=True, slots=True)
class Freedom:
    """How often words stand anywhere and how often at a boundary, by their keys and by their parts of speech."""

    everywhere: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    at_boundary: Counter[str] = field(default_factory=Counter)
    tags_at_boundary: Counter[str] = field(default_factory=Counter)

    def learn(self, tokens: Sequence[Token], at_boundary: Sequence[Token]) -> None:
        """Count words, and those of them that stand at a boundary."""
        self.everywhere.update([token.key for token in tokens])
        self.tags.update([token.tag for token in tokens])
        self.at_boundary.update([token.key for token in at_boundary])
        self.tags_at_boundary.update([token.tag for token in at_boundary])

    def of_tag(self, tag: str) -> float:
        """Return the log odds that a word of this part of speech stands at a boundary."""
        free = self.tags_at_boundary[tag]
        return math.log((free + 1) / (self.tags[tag] - free + 1))

    def of_word(self, key: str, tag: str) -> float:
        """Return the log odds that this word does; of a word seen seldom, those of its part of speech count."""
        expected = (self.tags_at_boundary[tag] + 1) / (self.tags[tag] + 2)
        bound = self.everywhere[key] - self.at_boundary[key] + TRUST * (1 - expected)
        return math.log((self.at_boundary[key] + TRUST * expected) / bound)


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What the units taught: of Chinese words before and behind boundaries, of English words behind them."""

    closing: Freedom
    opening: Freedom
    target_opening: Freedom

    def of(self, best: Occurrence) -> Edges:
        """Return what is known of the edges of a Chinese span and of its English, of those of more words than one."""
        found = NO_EDGES
        if len(best.words) > 1:
            first, last = (best.words[0], best.tags[0]), (best.words[-1], best.tags[-1])
            found = found._replace(
                closing=self.closing.of_tag(last[1]),
                opening=self.opening.of_tag(first[1]),
                first_closing=self.closing.of_word(*first),
                last_opening=self.opening.of_word(*last),
                ending=math.log1p(endings()[last[0][-LONGEST_ENDING:]]),
            )
        first_word, _, others = best.target.partition(" ")
        if others:
            found = found._replace(target_opening=self.target_opening.of_word(_key(first_word), best.target_tags[0]))
        return found


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    """Return the key of the first token of an English word."""
    return stem(next(iter(words(word)), word).lower())


def learn(units: Sequence[TokenizedUnit]) -> Boundaries:
    """Count the words of the units and those at boundaries."""
    found = Boundaries(Freedom(), Freedom(), Freedom())
    for unit in units:
        chinese = [token for token in unit.source if token.content]
        found.closing.learn(chinese, _before_boundaries(unit.source))
        found.opening.learn(chinese, _before_boundaries(unit.source[::-1]))
        english = [token for token in unit.target if token.content]
        found.target_opening.learn(english, _before_boundaries(unit.target[::-1]))
    return found


def _before_boundaries(tokens: Sequence[Token]) -> list[Token]:
    """Return the words with content that no other follows in the row."""
    found = [one for one, other in pairwise(tokens) if one.content and not other.content]
    return [*found, tokens[-1]] if tokens and tokens[-1].content else found
