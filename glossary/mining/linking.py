"""Which word of a sentence answers which word of its translation.

Standing evidence (``lexicon``) is joined with what the text itself teaches (IBM model 1 in both directions, with the
standing evidence as prior), and turned into soft links: each word gives its mass to the words that answer it best,
words compete, near places and linked neighbours help.

References:
    Brown et al. (1993), The Mathematics of Statistical Machine Translation (model 1).
    Departure: expected counts are joined with a prior, both directions are multiplied, and rare pairs are damped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from glossary.words.lexicon import NAMED, Associations, sound
from glossary.words.tokens import Token

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]

EM_UNITS = 20_000  # more text does not help, and this bounds memory
EM_ROUNDS = 5
EM_PRIOR = 1.0  # pseudo-counts given to the prior
EM_BASE = 0.02
EM_NULL = 0.08
EM_TRUST = 3.0  # occurrences after which learnt strength counts half
EM_FLOOR = 0.01
NULL = 0.12  # mass a word keeps for having no counterpart
REACH = 0.35  # how far, in shares of the sentence, a counterpart may be before it counts clearly less
LONGEST_PHRASE = 10  # characters of a dictionary entry that vouches for its words
SOUND_RATIO = 72.0  # rapidfuzz ratio from which a foreign name counts as transliterated


@dataclass(frozen=True, slots=True)
class TokenizedUnit:
    """A unit's position in the input, its texts and their tokens."""

    index: int
    source_text: str
    target_text: str
    source: tuple[Token, ...]
    target: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the text taught: strength of pairs (0 to 1), as a sparse table of Chinese words by English stems.

    Row ``source[word]`` has the stems numbered ``columns[starts[row]:starts[row + 1]]`` with ``values``; ``target``
    numbers the stems.
    """

    source: Mapping[str, int]
    target: Mapping[str, int]
    starts: Integers
    columns: Integers
    values: npt.NDArray[np.float32]

    def matrix(self, source: Sequence[str], target: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the strengths for all pairs, source by target."""
        result = np.zeros((len(source), len(target)), np.float32)
        wanted = np.full(len(self.target), -1, np.int32)
        for column, name in enumerate(target):
            number = self.target.get(name)
            if number is not None:
                wanted[number] = column
        for line, word in enumerate(source):
            row = self.source.get(word)
            if row is not None:
                span = slice(int(self.starts[row]), int(self.starts[row + 1]))
                columns = wanted[self.columns[span]]
                here = columns >= 0
                result[line, columns[here]] = self.values[span][here]
        return result


Evidence = npt.NDArray[np.float32]  # of one unit: the strength of each source word with each target word, row by row


@dataclass(frozen=True, slots=True)
class Links:
    """Soft links of one unit, source tokens by target tokens.

    ``forward[i, j]`` is how much of source word i is answered by target word j, ``backward[i, j]`` the reverse;
    rows of the first and columns of the second sum to at most 1. ``mutual`` is the geometric mean of both.
    """

    forward: Floats
    backward: Floats
    mutual: Floats


def vocabulary(units: Sequence[TokenizedUnit]) -> tuple[list[str], list[str]]:
    """Return the sorted content keys of both sides."""
    source = sorted({token.key for unit in units for token in unit.source if token.content})
    target = sorted({token.key for unit in units for token in unit.target if token.content})
    return source, target


def learn(
    units: Sequence[TokenizedUnit], associations: Associations, block: int = 512
) -> tuple[Learnt, list[Evidence]]:
    """Learn word pairs from the units by model 1 in both directions with the standing evidence as prior.

    Returned with what was learnt is, for each unit, all evidence for its own word pairs.
    """
    source_ids: dict[str, int] = {}
    target_ids: dict[str, int] = {}
    sides: list[tuple[Integers, Integers]] = []
    sizes: list[int] = []
    priors: list[npt.NDArray[np.float32]] = []
    for start in range(0, len(units), block):
        part = units[start : start + block]
        words, stems = vocabulary(part)
        local = associations.matrix(words, stems)
        lines = {word: index for index, word in enumerate(words)}
        columns = {name: index for index, name in enumerate(stems)}
        for unit in part:
            left = [token.key for token in unit.source if token.content]
            right = [token.key for token in unit.target if token.content]
            sizes.append(len(left) * len(right))
            if left and right:
                grid = np.ix_([lines[word] for word in left], [columns[name] for name in right])
                priors.append(local[grid].ravel())
                sides.append(
                    (
                        np.array([source_ids.setdefault(word, len(source_ids)) for word in left], np.int64),
                        np.array([target_ids.setdefault(name, len(target_ids)) for name in right], np.int64),
                    )
                )
    if not sides:
        return Learnt({}, {}, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)), [
            np.zeros(0, np.float32) for _ in units
        ]
    width = len(target_ids)
    keys = np.concatenate([(left[:, None] * width + right[None, :]).ravel() for left, right in sides])
    pairs, first, place = np.unique(keys, return_index=True, return_inverse=True)
    place = place.astype(np.int32)
    del keys
    prior = np.concatenate(priors)[first].astype(np.float64)
    del priors
    by_target, by_source = _groups(sides)
    source_count = np.bincount(np.concatenate([left for left, _ in sides]), minlength=len(source_ids))
    target_count = np.bincount(np.concatenate([right for _, right in sides]), minlength=width)
    rows, cols = pairs // width, pairs % width
    forward: Floats = prior + EM_BASE
    backward: Floats = forward
    for _ in range(EM_ROUNDS):
        expected = _expected(forward, place, by_target)
        forward = (expected + EM_PRIOR * prior) / (source_count[rows] + EM_PRIOR) + 1e-4
        expected = _expected(backward, place, by_source)
        backward = (expected + EM_PRIOR * prior) / (target_count[cols] + EM_PRIOR) + 1e-4
    rarer = np.minimum(source_count[rows], target_count[cols])
    strength = np.sqrt(np.clip(forward, 0, 1) * np.clip(backward, 0, 1)) * rarer / (rarer + EM_TRUST)
    kept = strength > EM_FLOOR
    starts = np.searchsorted(rows[kept], np.arange(len(source_ids) + 1))
    values = np.array([round(value, 4) for value in strength[kept].tolist()], np.float32)
    taught = np.zeros(len(pairs), np.float32)
    taught[kept] = values
    evidence = _joined(prior.astype(np.float32), taught)[place]
    learnt = Learnt(source_ids, target_ids, starts, cols[kept].astype(np.int32), values)
    return learnt, np.split(evidence, np.cumsum(sizes[:-1]))


def _joined(standing: npt.NDArray[np.float32], taught: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(1 - (1 - np.minimum(standing, 0.98)) * (1 - np.minimum(taught, 0.98)))


def _groups(
    sides: Sequence[tuple[Integers, Integers]],
) -> tuple[Integers, Integers]:
    """Number the target words and the source words of all units, once for each pair they take part in."""
    by_target, by_source = [], []
    targets = sources = 0
    for left, right in sides:
        by_target.append(np.tile(np.arange(targets, targets + len(right), dtype=np.int32), len(left)))
        by_source.append(np.repeat(np.arange(sources, sources + len(left), dtype=np.int32), len(right)))
        targets += len(right)
        sources += len(left)
    return np.concatenate(by_target), np.concatenate(by_source)


def _expected(table: Floats, place: Integers, group: Integers) -> Floats:
    weights = table[place]
    totals = np.bincount(group, weights) + EM_NULL
    return np.asarray(np.bincount(place, weights / totals[group], minlength=len(table)), np.float64)


class Linker:
    """Links the words of units, given what is known and what was learnt.

    Made for one block of units, whose vocabulary is scored at once, unless the ``evidence`` of each is at hand.
    """

    def __init__(
        self,
        units: Sequence[TokenizedUnit],
        associations: Associations,
        learnt: Learnt,
        evidence: Sequence[Evidence] | None = None,
    ) -> None:
        self.associations = associations
        self._evidence = {unit.index: one for unit, one in zip(units, evidence or (), strict=False)}
        self._sounds: dict[tuple[str, str, str], float] = {}
        if evidence is None:
            words, stems = vocabulary(units)
            self._lines = {word: index for index, word in enumerate(words)}
            self._columns = {name: index for index, name in enumerate(stems)}
            self._table = _joined(associations.matrix(words, stems), learnt.matrix(words, stems))

    def strength(self, unit: TokenizedUnit) -> Floats:
        """Return the evidence for every pair of words, source tokens by target tokens; 0 for function words."""
        result = np.zeros((len(unit.source), len(unit.target)))
        left = [index for index, token in enumerate(unit.source) if token.content]
        right = [index for index, token in enumerate(unit.target) if token.content]
        if not left or not right:
            return result
        if self._evidence:
            own = self._evidence[unit.index].reshape(len(left), len(right))
        else:
            rows = [self._lines[unit.source[index].key] for index in left]
            columns = [self._columns[unit.target[index].key] for index in right]
            own = self._table[np.ix_(rows, columns)]
        result[np.ix_(left, right)] = own
        self._add_names(unit, result)
        self._add_phrases(unit, result)
        return result

    def _add_names(self, unit: TokenizedUnit, strength: Floats) -> None:
        """Raise pairs of a capitalised English word and a Chinese word that sounds like it."""
        words = [
            (line, token) for line, token in enumerate(unit.source) if token.content and not token.key[0].isascii()
        ]
        for column, english in enumerate(unit.target):
            if not english.content or not english.text[0].isupper():
                continue
            before = strength[:, column].tolist()
            for line, chinese in words:
                if before[line] < 0.9:
                    pair = (chinese.key, chinese.tag, english.text)
                    value = self._sounds.get(pair)
                    if value is None:
                        value = self._sounds[pair] = self._sound(chinese, english)
                    if value > before[line]:
                        strength[line, column] = value

    def _sound(self, chinese: Token, english: Token) -> float:
        name = chinese.tag[:2] in ("nr", "ns", "nz")
        if (len(english.text) >= 3 or name) and self.associations.sounds_like(chinese.key, english.text):
            return NAMED
        if name and len(chinese.key) >= 2 and len(english.text) >= 4:
            ratio = fuzz.ratio(sound(chinese.key), english.lower)
            if ratio >= SOUND_RATIO:
                return (ratio - 60) / 45
        return 0.0

    def _add_phrases(self, unit: TokenizedUnit, strength: Floats) -> None:
        """Let a dictionary entry that spans several tokens vouch for the words of its gloss."""
        source = unit.source
        text = "".join([token.key for token in source])
        offsets = list(accumulate((len(token.key) for token in source), initial=0))
        joined = [False, *(after.content and after.start == token.end for token, after in pairwise(source)), False]
        for start in range(len(source)):
            if not source[start].content:
                continue
            for end in range(start + 2, min(len(source), start + 5) + 1):
                if not joined[end - 1] or offsets[end] - offsets[start] > LONGEST_PHRASE:
                    break
                phrase = text[offsets[start] : offsets[end]]
                if not self.associations.has_phrase(phrase):
                    continue
                row = self.associations.phrase_row(phrase)
                for column, english in enumerate(unit.target):
                    value = 0.95 * row.get(english.key, 0.0) if english.content else 0.0
                    if value:
                        _share(strength, start, end, column, value)

    def links(self, unit: TokenizedUnit) -> Links:
        """Return the soft links of a unit."""
        strength = self.strength(unit)
        source = np.array([float(token.content) for token in unit.source])
        target = np.array([float(token.content) for token in unit.target])
        place_source = (np.cumsum(source) - source / 2) / max(source.sum(), 1)
        place_target = (np.cumsum(target) - target / 2) / max(target.sum(), 1)
        near = np.exp(-np.abs(place_source[:, None] - place_target[None, :]) / REACH)
        base = strength * np.sqrt(strength) * near
        forward, backward = _compete(base)
        mutual = np.sqrt(forward * backward)
        support = _box_sums(mutual, 2, 3) - mutual
        weights = base * (0.5 + np.minimum(support, 1.5))
        forward, backward = _compete(weights)
        rows = forward / np.maximum(forward.max(axis=1, keepdims=True), 1e-9)
        columns = backward / np.maximum(backward.max(axis=0, keepdims=True), 1e-9)
        forward, backward = _compete(weights * np.sqrt(rows * columns))
        return Links(forward, backward, np.sqrt(forward * backward))


def _share(strength: Floats, start: int, end: int, column: int, value: float) -> None:
    """Give the value of a phrase to those of its words that have no counterpart of their own."""
    span = range(start, end)
    if strength[start:end, column].max() >= 0.6 * value:
        for line in span:
            if strength[line].max() < 0.4:
                strength[line, column] = max(strength[line, column], 0.6 * value)
        return
    for line in [line for line in span if strength[line].max() < 0.75] or list(span):
        strength[line, column] = max(strength[line, column], value)


def _compete(weights: Floats) -> tuple[Floats, Floats]:
    forward = weights / (weights.sum(axis=1, keepdims=True) + NULL)
    backward = weights / (weights.sum(axis=0, keepdims=True) + NULL)
    return forward, backward


def _box_sums(values: Floats, rows: int, columns: int) -> Floats:
    """Return for every cell the sum over the box of ``rows`` and ``columns`` cells on each side of it."""
    height, width = values.shape
    table = np.zeros((height + 1, width + 1))
    table[1:, 1:] = values.cumsum(axis=0).cumsum(axis=1)
    top = np.clip(np.arange(height) - rows, 0, height)
    bottom = np.clip(np.arange(height) + rows + 1, 0, height)
    left = np.clip(np.arange(width) - columns, 0, width)
    right = np.clip(np.arange(width) + columns + 1, 0, width)
    return table[bottom][:, right] - table[top][:, right] - table[bottom][:, left] + table[top][:, left]
