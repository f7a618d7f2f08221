"""CC-CEDICT's glosses as numbers: sparse weights of English stems for each Chinese word, and vectors learnt from them.

Both tables are built once and kept in the user's cache. The vectors are factors of a matrix, and the order in which
their sums are taken depends on the number of threads; they are computed with one, so that every machine has the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from glossary.words.tokens import CAPITAL_NAMES, TARGET_STOP, stem, words
from glossary.words.wordclasses import english
from tmx import cedict
from tmx.cache import Table
from tmx.characters import is_han

DIMENSIONS = 200
BLOCK, BLOCKS = 30, 30  # of the basis in which the factors are looked for: more change no similarity by 0.001
LONGEST_ENDING = 3  # characters by which it is looked up how many words end so
BIGRAM = 1.5  # what a pair of characters weighs beside a single one
SMOOTHING = 0.75  # of the distribution of contexts, after Levy, Goldberg and Dagan (2015)
RARE, COMMON = 2, 3000  # words between which a stem says something of the characters of those words
# What single characters stand for: the least of it that the dictionary's words show, its least share of the character's
# uses, how many times its share of all, and what that share is multiplied by. Set by hand, as are those below.
SHOWN, USED, ABOVE_ALL, RAISED = 0.6, 0.01, 8, 4
OWN_WORD = 3.0  # what a word of one character counts for what the character stands for
Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]
Integers = npt.NDArray[np.int32]

GLOSS_STOP = TARGET_STOP | frozenset(english("gloss_marks"))
Sparse = tuple[Integers, Integers, npt.NDArray[np.float64]]  # starts of rows, columns, values
GlossTable = tuple[
    list[str], list[str], Integers, Integers, Floats, list[str], dict[str, dict[str, float]], dict[str, tuple[str, ...]]
]
VectorTable = tuple[list[str], Halves, list[str], Halves]
UNUSABLE = ("CL:", "variant of", "old variant", "see ", "surname ", "also written", "Japanese variant", "erhua variant")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """CC-CEDICT as sparse weights: word ``i`` has stems ``indices[starts[i]:starts[i + 1]]`` with ``weights``.

    ``phrases`` holds the glosses of each word as lower-case text, with line feeds between. ``characters`` are the
    stems a single character stands for wherever it occurs, ``readings`` its pinyin without tones.
    """

    ids: Mapping[str, int]
    stems: Sequence[str]
    starts: npt.NDArray[np.int32]
    indices: npt.NDArray[np.int32]
    weights: Floats
    phrases: Sequence[str]
    characters: Mapping[str, dict[str, float]]
    readings: Mapping[str, tuple[str, ...]]

    def __contains__(self, word: object) -> bool:
        return word in self.ids

    def stems_of(self, word: str) -> dict[str, float]:
        """Return the stems of a word's glosses with their weights; empty for a word it lacks."""
        row = self.ids.get(word)
        if row is None:
            return {}
        span = slice(int(self.starts[row]), int(self.starts[row + 1]))
        return {
            self.stems[index]: float(weight)
            for index, weight in zip(self.indices[span], self.weights[span], strict=True)
        }

    def glosses_of(self, word: str) -> frozenset[str]:
        """Return a word's glosses, lower case, without articles and "to"."""
        row = self.ids.get(word)
        return frozenset(self.phrases[row].split("\n")) if row is not None else frozenset()

    def first_gloss(self, word: str) -> str:
        """Return the first of a word's glosses; empty for a word it lacks."""
        row = self.ids.get(word)
        return self.phrases[row].partition("\n")[0] if row is not None else ""


@dataclass(frozen=True, slots=True)
class Vectors:
    """English stems and Chinese characters and bigrams in one space, learnt from the dictionary alone."""

    stems: Mapping[str, int]
    stem_vectors: Floats
    features: Mapping[str, int]
    feature_vectors: Floats


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """Return the dictionary's table from the cache, or build it."""
    table = GLOSSES.load()
    return Dictionary({name: index for index, name in enumerate(table[0])}, *table[1:])


@lru_cache(maxsize=1)
def endings() -> Counter[str]:
    """Return how many entries of three characters or more end with each row of characters, ``LONGEST_ENDING`` at most.

    >>> endings()["服务"] > endings()["率领"]
    True
    """
    longer = [word for word in dictionary().ids if len(word) >= 3]
    return Counter(word[-size:] for size in range(1, LONGEST_ENDING + 1) for word in longer if len(word) > size)


@lru_cache(maxsize=1)
def vectors() -> Vectors:
    """Return the vectors from the cache, or build them."""
    stems, stem_vectors, features, feature_vectors = VECTORS.load()
    return Vectors(
        {name: index for index, name in enumerate(stems)},
        stem_vectors.astype(np.float32),
        {name: index for index, name in enumerate(features)},
        feature_vectors.astype(np.float32),
    )


SHORT_AND_FULL = re.compile(r"^(?P<one>[A-Z][A-Za-z'& -]+) \((?P<other>[A-Z][A-Za-z'& -]+)\)$")
SHORT = re.compile(r"[A-Z][A-Z&]+")
SHORT_FOR = re.compile(r"\babbr\.? (?:for|of) (?:[\u2e80-\u9fff]+\|)?([\u2e80-\u9fff]+)")


NOTES = re.compile(r"\([^)]*\)|\[[^\]]*\]")
HAN = re.compile(r"[\u2e80-\u9fff|]+")
SHORTENED = re.compile(r"\babbr\.? (for|of)\b.*")
BETWEEN = re.compile(r"[;,]|(?<=[a-z]) or (?=[A-Z])")  # Yellow River or Huang He


def _gloss_parts(gloss: str) -> Iterator[list[str]]:
    if gloss.startswith(UNUSABLE):
        return
    both = SHORT_AND_FULL.match(gloss)
    if both and sum(bool(SHORT.fullmatch(name)) for name in both.groups()) == 1:
        for name in both.groups():  # WTO (World Trade Organization)
            yield [word for word in words(name) if word != "'s"]
        return
    # Most glosses have none of these; looking first saves a third of the time.
    body = NOTES.sub(" ", gloss) if "(" in gloss or "[" in gloss else gloss
    body = HAN.sub(" ", body) if not body.isascii() or "|" in body else body
    if "abbr" in body and not body.strip().startswith("abbr"):
        body = SHORTENED.sub("", body)
    parts = BETWEEN.split(body) if ";" in body or "," in body or " or " in body else (body,)
    for part in parts:
        row = [word for word in words(part) if word != "'s"]
        if row and row[0].lower() in ("to", "a", "an", "the"):
            row = row[1:]
        if row:
            yield row


def _lowered(form: str) -> str:
    return form if form in CAPITAL_NAMES else form.lower()


def _stems_of(form: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the stem of a word and those of the parts between its hyphens; None without content."""
    if form in CAPITAL_NAMES:
        return stem(form.lower()), ()
    if form in GLOSS_STOP:
        return None
    parts = form.split("-") if "-" in form else ()
    return stem(form), tuple(stem(part) for part in parts if part and part not in GLOSS_STOP)


Weights = defaultdict[str, defaultdict[str, float]]
Phrases = defaultdict[str, dict[str, None]]


def _build_dictionary() -> GlossTable:
    weights: Weights = defaultdict(lambda: defaultdict(float))
    phrases: Phrases = defaultdict(dict)
    readings: defaultdict[str, dict[str, None]] = defaultdict(dict)
    stems_of = lru_cache(maxsize=None)(_stems_of)
    for entry in cedict.entries():
        word = entry.simplified
        if len(word) == 1:
            readings[word][_without_tone(entry.pinyin)] = None
        for gloss in entry.glosses:
            meanings = [[_lowered(form) for form in row] for row in _gloss_parts(gloss)]
            if len(meanings) == 2 and "," in gloss:  # one country, two systems
                phrases[word][" ".join(form for row in meanings for form in row).lower()] = None
            for row in meanings:
                phrases[word][" ".join(row).lower()] = None
                _weigh(weights[word], [stems for stems in map(stems_of, row) if stems])
    _inherit(phrases, weights)
    return _packed(weights, phrases, readings)


def _weigh(row: defaultdict[str, float], meaning: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    """Add the stems of the words of one meaning to a row; those of compound words count by their parts too."""
    if not meaning:
        return
    share = 1.0 / math.sqrt(len(meaning)) / (1 if len(meaning) <= 3 else 2)
    for name, parts in meaning:
        row[name] += share
        for part in parts:
            row[part] += 0.5 / len(meaning)


def _without_tone(pinyin: str) -> str:
    return re.sub(r"\d", "", pinyin.lower()).replace("u:", "v")


def _packed(weights: Weights, phrases: Phrases, readings: Mapping[str, Iterable[str]]) -> GlossTable:
    """Put the weights of all words into arrays, in the order of the words."""
    names = sorted(phrases)
    stems = sorted({name for row in weights.values() for name in row})
    ids = {name: index for index, name in enumerate(stems)}
    starts = [0]
    indices: list[int] = []
    values: list[float] = []
    for word in names:
        row: Mapping[str, float] = weights.get(word, {})
        own = sorted(row)
        indices += map(ids.__getitem__, own)
        values += map(row.__getitem__, own)
        starts.append(len(indices))
    table = np.array(starts, np.int32), np.array(indices, np.int32), np.array(values)
    return (
        names,
        stems,
        *table[:2],
        table[2].astype(np.float32),
        ["\n".join(phrases[word]) for word in names],
        _character_stems(weights, names, stems, table),
        {word: tuple(readings[word]) for word in sorted(readings)},
    )


INHERITED = 0.7  # what the glosses of the full form weigh for its short form


def _inherit(phrases: defaultdict[str, dict[str, None]], weights: defaultdict[str, defaultdict[str, float]]) -> None:
    """Give short forms the glosses of the full form that the dictionary names for them."""
    full_forms: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for entry in cedict.entries():
        for gloss in entry.glosses:
            for full in SHORT_FOR.findall(gloss):
                if full in phrases and full != entry.simplified:
                    full_forms[entry.simplified][full] = None
    inherited = [
        (word, list(phrases[full]), [(name, INHERITED * weight) for name, weight in weights[full].items()])
        for word, forms in full_forms.items()
        for full in forms
    ]
    for word, glosses, row in inherited:
        phrases[word].update(dict.fromkeys(glosses))
        for name, weight in row:
            weights[word][name] = max(weights[word][name], weight)


def _character_stems(
    weights: Mapping[str, Mapping[str, float]], names: Sequence[str], stems: Sequence[str], table: Sparse
) -> dict[str, dict[str, float]]:
    """Learn what single characters stand for from the words they occur in (log-odds against the background)."""
    starts, indices, values = table
    lengths = np.diff(starts)
    characters: dict[str, int] = {}
    pairs: list[tuple[int, int, float, float]] = []  # row of a word, number of a character in it, share, mass
    for row, word in enumerate(names):
        if not 1 <= len(word) <= 5 or not lengths[row] or not all(map(is_han, word)):
            continue
        mass = sum(weights[word].values())
        share = (OWN_WORD if len(word) == 1 else 1.0) / len(word)
        for character in sorted(set(word)):
            pairs.append((row, characters.setdefault(character, len(characters)), share, mass))
    rows, numbers, shares, masses = (np.array(part) for part in zip(*pairs, strict=True))
    times = lengths[rows]
    places = _places(starts, lengths, rows)
    parts = np.repeat(shares, times) * values[places] / np.repeat(masses, times)
    totals = np.bincount(numbers, shares)
    keys, inverse = np.unique(np.repeat(numbers, times) * len(stems) + indices[places], return_inverse=True)
    counts = np.bincount(inverse, parts)
    number, name = np.divmod(keys, len(stems))
    background = np.bincount(name, counts, len(stems))
    probability = counts / totals[number]
    kept = (counts >= SHOWN) & (probability > USED) & (probability / (background[name] / background.sum()) > ABOVE_ALL)
    model: dict[str, dict[str, float]] = {character: {} for character in sorted(characters)}
    known = list(characters)
    for place in np.flatnonzero(kept).tolist():
        model[known[number[place]]][stems[name[place]]] = min(1.0, float(probability[place]) * RAISED)
    return {character: row for character, row in model.items() if row}


def _build_vectors() -> VectorTable:
    """Factor the matrix of character features by gloss stems: positive PMI, then a truncated SVD.

    References:
        Levy, Goldberg and Dagan (2015), Improving Distributional Similarity with Lessons Learned from Word Embeddings
        (context distribution smoothing 0.75, eigenvalue weighting 0.5).
    """
    from threadpoolctl import threadpool_limits

    stems, features, positive = _information()
    with threadpool_limits(1):
        left, singular, right = _factors(positive.astype(np.float32))
    root = np.sqrt(singular)
    return stems, (right * root).astype(np.float16), features, (left * root).astype(np.float16)


def _factors(matrix: sparse.csr_matrix) -> tuple[Floats, Floats, Floats]:
    """Return the ``DIMENSIONS`` largest singular values of a matrix, with their vectors to the left and the right.

    Block Lanczos on the matrix by its transpose, without a restart. Whole blocks go through products of matrices, so
    it takes a third of the time of ARPACK, which goes vector by vector. The factors are the same to single precision
    but for the last few, which differ little in what they hold.

    References:
        Golub and Underwood (1977), The Block Lanczos Method for Computing Eigenvalues. Departure: each block is made
        orthogonal to all before it, once, which in single precision leaves an error of 0.0003.
    """
    from scipy.linalg import eigh

    transposed = matrix.T.tocsr()
    size = BLOCK * BLOCKS
    basis = np.empty((size, matrix.shape[1]), np.float32)
    projected = np.empty((size, size), np.float32)
    # A fixed start makes the factors the same in every run.
    block = _orthonormal(np.random.default_rng(0).standard_normal((matrix.shape[1], BLOCK), np.float32))
    for start in range(0, size, BLOCK):
        end = start + BLOCK
        basis[start:end] = block.T
        image = transposed @ (matrix @ block)
        shares = basis[:end] @ image
        projected[:end, start:end] = shares
        projected[start:end, :end] = shares.T
        block = _orthonormal(image - basis[:end].T @ shares)
    squares, mixing = eigh(projected, subset_by_index=(size - DIMENSIONS, size - 1))
    singular, right = np.sqrt(squares), basis.T @ mixing
    return matrix @ right / singular, singular, right


def _orthonormal(block: Floats) -> Floats:
    """Return an orthonormal basis of the columns; the second round puts right what the first loses to rounding."""
    for _ in range(2):
        squares, mixing = np.linalg.eigh(block.T.astype(np.float64) @ block)
        block = block @ (mixing / np.sqrt(squares)).astype(np.float32)
    return block


def _information() -> tuple[list[str], list[str], sparse.csr_matrix]:
    """Return stems, features and the positive mutual information of the features of words and the stems of glosses."""
    table = dictionary()
    lengths = np.diff(table.starts)
    chosen = [
        (features_of(word), row) for word, row in table.ids.items() if 1 <= len(word) <= 6 and all(map(is_han, word))
    ]
    uses = Counter(chain.from_iterable(own for own, _ in chosen))
    features = sorted(name for name, count in uses.items() if len(name) == 1 or count >= 2)
    lines = {name: index for index, name in enumerate(features)}
    counts = np.bincount(table.indices[_places(table.starts, lengths, np.array([row for _, row in chosen]))])
    usual = (counts >= RARE) & (counts < COMMON)
    stems = [name for name, is_usual in zip(table.stems, usual.tolist(), strict=True) if is_usual]
    columns = np.cumsum(usual) - 1
    pairs: list[tuple[int, int, float, float]] = []  # row of a word, line of a feature of it, two parts of its share
    for own, row in chosen:
        root = math.sqrt(len(own))
        pairs += [
            (row, lines[feature], 1 if len(feature) == 1 else BIGRAM, root) for feature in own if feature in lines
        ]
    rows, where, scales, roots = (np.array(part) for part in zip(*pairs, strict=True))
    places = _places(table.starts, lengths, rows)
    times = lengths[rows]
    values = np.minimum(table.weights[places].astype(np.float64), 1.0) / np.repeat(roots, times)
    values *= np.repeat(scales, times)
    kept = usual[table.indices[places]]
    values, where, which = values[kept], np.repeat(where, times)[kept], columns[table.indices[places]][kept]
    matrix = sparse.csr_matrix((values, (where, which)), shape=(len(features), len(stems)))
    line_sums = np.asarray(matrix.sum(axis=1)).ravel()
    column_sums = np.asarray(matrix.sum(axis=0)).ravel() ** SMOOTHING
    column_sums /= column_sums.sum()
    coordinates = matrix.tocoo()
    information = np.log(coordinates.data / (line_sums[coordinates.row] * column_sums[coordinates.col]) + 1e-12)
    kept = information > 0
    shape = matrix.shape
    return (
        stems,
        features,
        sparse.csr_matrix((information[kept], (coordinates.row[kept], coordinates.col[kept])), shape=shape),
    )


def _places(starts: Integers, lengths: Integers, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the places of all entries of some rows of a sparse matrix, row after row."""
    times = lengths[rows]
    ends = np.cumsum(times)
    places: npt.NDArray[np.int64] = np.arange(ends[-1]) + np.repeat(starts[rows] - (ends - times), times)
    return places


def features_of(word: str) -> list[str]:
    """Return the characters of a word and its character bigrams."""
    return list(word) + [word[index : index + 2] for index in range(len(word) - 1)]


WORDS_OF_GLOSSES = (
    "glossary.words.glosses",
    "glossary.words.tokens",
    "glossary.words.spelling",
    "glossary.words.wordclasses",
    "tmx.characters",
)
GLOSSES = Table(
    "glosses",
    GlossTable,
    _build_dictionary,
    modules=WORDS_OF_GLOSSES,
    data=("glossary/data/word_classes.toml",),
    libraries=("simplemma",),
    tables=(cedict.ENTRIES,),
)
VECTORS = Table(
    "gloss-vectors",
    VectorTable,
    _build_vectors,
    modules=WORDS_OF_GLOSSES,
    libraries=("numpy", "scipy"),
    tables=(GLOSSES,),
)
