"""Sentences of a segment that its translation left out, or that it added.

A sentence that is translated has words in the English that no other sentence of the segment accounts for, and the
length of the English allows for it. A logistic model weighs both. The aligner, made to find the likeliest whole, puts
a sentence that is missing to its neighbour instead.

Where words leave a doubt, the clauses of the English are dealt out among the Chinese sentences in order, by their
vectors, words and lengths, so that two Chinese sentences in one English sentence are told from one that is missing.
What that says of each sentence is weighed beside the words.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from duiyi.checking.model import Reference, Segment
from tmx.alignment.lexicon import Lexicon, function_stems, load, source_tokens, target_tokens
from tmx.checks import Finding, Span
from tmx.checks.accuracy import lengths
from tmx.encoder import Encoder, encode, normalised, standard
from tmx.languages import is_english
from tmx.model import TranslationUnit
from tmx.segmentation import segment as cut

_Array = npt.NDArray[Any]

MIN_CHINESE = 8  # characters; a cry or an interjection may be missing
MEAN_RATIO, SPREAD = 1.25, 0.20  # of the natural logarithm of English letters for a Chinese character
MOST_BY_LENGTH = 6.0
OTHER_TOKEN = 8.0  # what a number or a Latin word weighs: as much as a rare word
MIN_ADDED_WORDS, MOST_KNOWN = 8, 0.12


def sentences_missing(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """A sentence of a segment has no counterpart in it."""
    for segment in segments:
        unit = segment.unit
        if not is_english(unit.target_language) or not unit.source.strip() or not unit.target.strip():
            continue
        source = cut(unit.source, unit.source_language)
        target = cut(unit.target, unit.target_language)
        if len(source) > 1 or len(target) > 1:
            yield from ((segment, finding) for finding in _one_sided(segment, source, target))


def _one_sided(segment: Segment, source: Sequence[Span], target: Sequence[Span]) -> Iterator[Finding]:
    words = words_of(segment.unit, source, target)
    if len(source) > 1:
        for span, is_missing in zip(source, _missing(segment.unit, source, target, words), strict=True):
            text = segment.unit.source[slice(*span)]
            if is_missing and len(text) >= MIN_CHINESE:
                yield Finding("sentence-missing", "major", f"not translated: {_excerpt(text)}", (span,))
    if len(target) > len(source):
        known = set().union(*(found for sentence in words.source for found in sentence.values()))
        for span, stems in zip(target, words.target, strict=True):
            some = {stem for stem in stems if stem.isalpha()} - function_stems()
            if len(some) >= MIN_ADDED_WORDS and len(some & known) <= MOST_KNOWN * len(some):
                text = segment.unit.target[slice(*span)]
                yield Finding("sentence-added", "minor", f"not in the Chinese: {_excerpt(text)}", (), (span,))


def _missing(unit: TranslationUnit, source: Sequence[Span], target: Sequence[Span], words: Words) -> _Array:
    """Tell of each Chinese sentence whether it is missing in the English."""
    by_words, closer = weights()
    features = features_of_words(unit, source, target, words)
    odds = features @ by_words
    suspect = odds.max() >= SUSPECT and len(source) <= MOST_SENTENCES
    encoder = standard() if suspect else None
    if encoder is not None:
        odds = np.hstack([features, features_of_clauses(unit, source, target, words, features, encoder)]) @ closer
    missing: _Array = odds > 0
    return missing


@lru_cache(maxsize=1)
def weights() -> tuple[_Array, _Array]:
    """Return the weights of the features of words where they stand alone, and of all features, those of words first."""
    text = files("duiyi").joinpath("data/sentences.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return np.array([float(alone) for _, alone, _, _ in rows if alone]), np.array(
        [float(both) for _, _, both, _ in rows]
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The words of each Chinese sentence, each with all that may translate it, and the stems of each English one."""

    source: list[dict[str, frozenset[str]]]
    target: list[list[str]]


def words_of(unit: TranslationUnit, source: Sequence[Span], target: Sequence[Span]) -> Words:
    """Return the words of the sentences of a unit, which ``source`` and ``target`` mark off."""
    lexicon = _lexicon()
    return Words(
        [
            {word: translations(word) for word in source_tokens(unit.source[start:end], lexicon) if word[:2] != "P:"}
            for start, end in source
        ],
        [target_tokens(unit.target[start:end]) for start, end in target],
    )


def features_of_words(unit: TranslationUnit, source: Sequence[Span], target: Sequence[Span], words: Words) -> _Array:
    """Return what the words say for each Chinese sentence being left out, a row a sentence: see ``sentences.tsv``."""
    stems = [set(sentence) for sentence in words.target]
    counts = Counter(stem for sentence in words.target for stem in sentence)
    used = Counter(stem for sentence in words.source for stem in set().union(*sentence.values()))
    shares = np.array([[_share(sentence, there) for there in stems] for sentence in words.source])
    spare = {stem for stem, count in counts.items() if count > used[stem] - 1}
    own = [_share(sentence, spare) for sentence in words.source]
    sizes = np.array([max(1.0, lengths(unit.source[start:end], "")[0]) for start, end in source])
    english = max(1, lengths("", unit.target)[1])
    rows = []
    for number, size in enumerate(sizes):
        nearest = int(shares[number].argmax())
        share = float(shares[number, nearest])
        rival = float(np.delete(shares[:, nearest], number).max())
        longer = math.log(size)
        with_it, without = (
            (math.log(english / chinese) - MEAN_RATIO) ** 2 for chinese in (sizes.sum(), sizes.sum() - size)
        )
        by_length = max(-MOST_BY_LENGTH, min(MOST_BY_LENGTH, (with_it - without) / (2 * SPREAD**2)))
        more = max(-2, min(2, len(source) - len(words.target)))
        rows.append(
            (1.0, share, share - rival, by_length, more, longer, share * longer, own[number], own[number] * longer)
        )
    return np.array(rows)


# --- Clauses dealt out among sentences

SUSPECT = -4.0  # logarithm of the odds by words from which clauses are looked at
MOST_SENTENCES = 25  # Chinese sentences of a segment
MOST_CLAUSES = 10  # English clauses of a Chinese sentence; more where one sentence is far longer than the others
MIN_CLAUSE = 25  # letters; shorter ones go with the one before
# What a run of clauses is worth to a sentence: by cosine, by words of either side, by length; and what leaving out is
# worth. Set by hand.
BY_COSINE, BY_WORDS, BY_WORDS_BACK, BY_LENGTH, LEFT_OUT = 6.0, 1.5, 2.0, 0.5, 1.5
CLAUSE_SPREAD = 0.3
MOST_GAP = 20.0
_BETWEEN = re.compile(r"(?<=[,;:])\s+|\s+(?=--|—)|\s+(?=(?:and|but|while|which|so)\b)|(?<=[;:—])")


def _clauses(text: str, sentences: Sequence[Span]) -> Iterator[str]:
    """Cut English sentences at their marks and conjunctions into clauses of some length."""
    for start, end in sentences:
        found: list[str] = []
        running = ""
        for part in filter(str.strip, _BETWEEN.split(text[start:end])):
            running = f"{running} {part}".strip()
            if len(running) >= MIN_CLAUSE:
                found.append(running)
                running = ""
        if running and found:
            found[-1] += f" {running}"
        elif running:
            found.append(running)
        yield from found


@dataclass(frozen=True, slots=True)
class _Shares:
    """How well runs of clauses answer Chinese sentences: arrays with a row a sentence and a column a run.

    Runs begin at ``firsts`` and end before ``ends``. ``cosine`` is of the vectors; ``words`` the weighted share of the
    Chinese words that a run translates; ``back`` the share of its words that the Chinese calls for; ``longer`` the
    logarithm of its length over the length to be expected.
    """

    firsts: _Array
    ends: _Array
    cosine: _Array
    words: _Array
    back: _Array
    longer: _Array

    @property
    def worth(self) -> _Array:
        """What a run is worth to a sentence."""
        by_length = BY_LENGTH * (self.longer / CLAUSE_SPREAD) ** 2 / 2
        return np.asarray(BY_COSINE * self.cosine + BY_WORDS * self.words + BY_WORDS_BACK * self.back - by_length)


def _shares(
    chinese: Sequence[str], english: Sequence[str], words: Sequence[dict[str, frozenset[str]]], encoder: Encoder
) -> _Shares:
    count = len(english)
    sizes = np.array([max(1.0, lengths(text, "")[0]) for text in chinese])
    longest = 2 + math.ceil(1.5 * count * sizes.max() / sizes.sum())
    most = max(MOST_CLAUSES, longest, math.ceil(count / (len(sizes) - 1)))  # without any one, the others can have all
    runs = [(first, end) for first in range(count) for end in range(first + 1, min(first + most, count) + 1)]
    firsts, ends = np.array(runs).T

    def over_runs(of_clauses: npt.ArrayLike) -> _Array:
        """Sum what stands for clauses, in the last axis, over runs."""
        array = np.asarray(of_clauses)
        sums = np.concatenate([np.zeros((*array.shape[:-1], 1)), array.cumsum(axis=-1, dtype=np.float64)], axis=-1)
        over: _Array = sums[..., ends] - sums[..., firsts]
        return over

    vectors = encode(encoder, [*chinese, *english])
    letters = np.array([lengths("", text)[1] for text in english])
    stems = [[token for token in target_tokens(text) if token not in function_stems()] for text in english]
    known = [set(clause) for clause in stems]
    by_words, wanted = [], []
    for sentence in words:
        weights = np.array([_weight(word) for word, translations in sentence.items() if translations])
        there = [[not some.isdisjoint(clause) for clause in known] for some in sentence.values() if some]
        by_words.append(weights @ (over_runs(there) > 0) / weights.sum() if there else np.ones(len(runs)))
        called_for = frozenset[str]().union(*sentence.values())
        wanted.append([sum(stem in called_for for stem in clause) for clause in stems])
    return _Shares(
        firsts,
        ends,
        vectors[: len(chinese)] @ normalised(over_runs((vectors[len(chinese) :] * np.sqrt(letters)[:, None]).T).T).T,
        np.array(by_words),
        over_runs(wanted) / np.maximum(1, over_runs(list(map(len, stems)))),
        np.log(np.maximum(1, over_runs(letters)) / sizes[:, None]) - MEAN_RATIO,
    )


def _dealt(shares: _Shares) -> Iterator[tuple[float, list[float]]]:
    """Deal all clauses out among the sentences in order, each a run or nothing.

    Yield for each sentence how much better the best way is in which it has nothing than the best in which it has a
    run, and what that run is to it: cosine, words, back, longer.
    """
    firsts, ends, worth = shares.firsts, shares.ends, shares.worth
    sentences, clauses = len(worth), int(ends.max())
    forward = np.full((sentences + 1, clauses + 1), -np.inf)
    backward = forward.copy()
    forward[0, 0] = backward[sentences, clauses] = 0.0
    for number in range(sentences):
        forward[number + 1] = forward[number] + LEFT_OUT
        np.maximum.at(forward[number + 1], ends, forward[number, firsts] + worth[number])
    for number in reversed(range(sentences)):
        backward[number] = backward[number + 1] + LEFT_OUT
        np.maximum.at(backward[number], firsts, backward[number + 1, ends] + worth[number])
    for number in range(sentences):
        without = float((forward[number] + LEFT_OUT + backward[number + 1]).max())
        whole = forward[number, firsts] + backward[number + 1, ends] + worth[number]
        best = int(whole.argmax())
        of_run = [float(one[number, best]) for one in (shares.cosine, shares.words, shares.back, shares.longer)]
        yield max(-MOST_GAP, min(MOST_GAP, without - float(whole[best]))), of_run


def features_of_clauses(
    unit: TranslationUnit,
    source: Sequence[Span],
    target: Sequence[Span],
    words: Words,
    of_words: _Array,
    encoder: Encoder,
) -> _Array:
    """Return what dealing out the clauses says of each Chinese sentence being left out, a row a sentence."""
    chinese = [unit.source[start:end] for start, end in source]
    shares = _shares(chinese, list(_clauses(unit.target, target)), words.source, encoder)
    rows = []
    for (gap, share), row in zip(_dealt(shares), of_words.tolist(), strict=True):
        by_length, more, longer = row[3:6]
        short, near = float(more > 0), max(-2.0, min(2.0, gap))
        bearing = short * gap, gap * longer, short, short * by_length, math.log(len(source))
        rows.append([gap, near, *share, abs(share[-1]), *bearing])
    found = np.array(rows)
    beside_others = np.hstack([of_words[:, NEAREST], found[:, COSINE_AND_WORDS]])
    others = (beside_others.sum(axis=0) - beside_others) / (len(source) - 1)
    return np.hstack([found, beside_others - others])


NEAREST, COSINE_AND_WORDS = (
    slice(1, 2),
    slice(2, 5),
)  # columns of either kind that are compared with the other sentences


def _share(sentence: dict[str, frozenset[str]], there: set[str]) -> float:
    """Return how much of a sentence's words has a translation that is there, by their weight."""
    known = whole = 0.0
    for word, translations in sentence.items():
        if translations:
            weight = _weight(word)
            whole += weight
            known += weight * (not translations.isdisjoint(there))
    return known / whole if whole else 1.0


@lru_cache(maxsize=200_000)
def translations(word: str) -> frozenset[str]:
    """Return the English stems that may translate a token; numbers stand for themselves, Latin words too."""
    if word[1:2] == ":":
        return frozenset((word if word[0] == "N" else word[2:],))
    lexicon = _lexicon()
    row = lexicon.words.get(word)
    if row is None:
        return frozenset()
    columns = lexicon.weights.indices[lexicon.weights.indptr[row] : lexicon.weights.indptr[row + 1]]
    return frozenset(_stems()[column] for column in columns) - function_stems()


@lru_cache(maxsize=200_000)
def _weight(word: str) -> float:
    lexicon = _lexicon()
    row = lexicon.words.get(word)
    return OTHER_TOKEN if row is None else -math.log(max(float(lexicon.word_frequencies[row]), 1e-7))


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return load()


@lru_cache(maxsize=1)
def _stems() -> list[str]:
    return list(_lexicon().stems)


def _excerpt(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
