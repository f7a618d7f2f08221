"""Sentences of a segment that its translation left out, or that it added.

A sentence that is translated has words in the English that no other sentence of the segment accounts for, and the
length of the English allows for it. A logistic model weighs both. The aligner, made to find the likeliest whole, puts
a sentence that is missing to its neighbour instead.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from duiyi.checking.model import Reference, Segment
from tmx.alignment.lexicon import Lexicon, function_stems, load, source_tokens, target_tokens
from tmx.checks import Finding, Span
from tmx.checks.accuracy import lengths
from tmx.languages import is_english
from tmx.segmentation import segment as cut

MIN_CHINESE = 8  # characters; a cry or an interjection may be missing
# Weights of the features in ``_features``, fitted on 900 paragraphs of government work reports, a constitution, debates
# of the United Nations and annual reports of a central bank, one sentence left out of each. Fitted without the annual
# reports, the model found 94 % of the sentences left out of these, and 2 of 450 whole paragraphs.
WEIGHTS = (-4.75, 0.70, -6.52, 0.73, 2.62, 0.99, -0.04, 1.45, -3.37)
THRESHOLD = 2.0  # of the logarithm of the odds
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
    words = _words(segment, source, target)
    if len(source) > 1:
        odds = _features(segment, source, words) @ np.array(WEIGHTS)
        for span, likely in zip(source, odds, strict=True):
            text = segment.unit.source[slice(*span)]
            if likely > THRESHOLD and len(text) >= MIN_CHINESE:
                yield Finding("sentence-missing", "major", f"not translated: {_excerpt(text)}", (span,))
    if len(target) > len(source):
        known = set().union(*(found for sentence in words.source for found in sentence.values()))
        for span, stems in zip(target, words.target, strict=True):
            some = {stem for stem in stems if stem.isalpha()} - function_stems()
            if len(some) >= MIN_ADDED_WORDS and len(some & known) <= MOST_KNOWN * len(some):
                text = segment.unit.target[slice(*span)]
                yield Finding("sentence-added", "minor", f"not in the Chinese: {_excerpt(text)}", (), (span,))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of each Chinese sentence, each with all that may translate it, and the stems of each English one."""

    source: list[dict[str, frozenset[str]]]
    target: list[list[str]]


def _words(segment: Segment, source: Sequence[Span], target: Sequence[Span]) -> _Words:
    unit, lexicon = segment.unit, _lexicon()
    return _Words(
        [
            {word: translations(word) for word in source_tokens(unit.source[start:end], lexicon) if word[:2] != "P:"}
            for start, end in source
        ],
        [target_tokens(unit.target[start:end]) for start, end in target],
    )


def _features(
    segment: Segment, source: Sequence[Span], words: _Words
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return what speaks for each sentence being left out, a row a sentence.

    A constant; the share of its words, by weight, that the English sentence nearest to it translates, and that share
    less the best of the other sentences; how much likelier the length of the English is without it; how many sentences
    more the Chinese has; the logarithm of its length, and that times the share; the share of its words with a
    translation that no other sentence needs, and that times the logarithm.
    """
    stems = [set(sentence) for sentence in words.target]
    counts = Counter(stem for sentence in words.target for stem in sentence)
    used = Counter(stem for sentence in words.source for stem in set().union(*sentence.values()))
    shares = np.array([[_share(sentence, there.__contains__) for there in stems] for sentence in words.source])
    own = [_share(sentence, lambda stem: counts[stem] > used[stem] - 1) for sentence in words.source]
    sizes = np.array([max(1.0, lengths(segment.unit.source[start:end], "")[0]) for start, end in source])
    english = max(1, lengths("", segment.unit.target)[1])
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


def _share(sentence: dict[str, frozenset[str]], is_there: Callable[[str], bool]) -> float:
    """Return how much of a sentence's words has a translation for which ``is_there`` holds, by their weight."""
    known = whole = 0.0
    for word, translations in sentence.items():
        if translations:
            weight = _weight(word)
            whole += weight
            known += weight * any(map(is_there, translations))
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
