"""A closer look where the search by words is in doubt: the same search over a few sentences, with sentence vectors.

Most sentences find their partners by their words, fast. Where a bead is less than sure, the stretch between the next
sure beads is searched again; the cosine of the vectors of both its runs then weighs in the score of each bead. A run of
sentences is encoded as one text.

The search compares ways through the text. Where each side lacks what the other has, two strangers are left over, and
pairing them costs less than leaving both alone, whatever they say. So a pair for which its words say little is
weighed once more by itself, and one for which a rare word or a name says nearly all, or names say all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import regex
from scipy import sparse

from tmx import encoder as encoders
from tmx.alignment import coarse, similarity, structure
from tmx.alignment.learning import Flags
from tmx.alignment.lexicon import target_tokens
from tmx.alignment.search import Found, Lattice, Weights
from tmx.alignment.similarity import MAX_RUN, Evidence, Side
from tmx.encoder import Encoder, Vectors
from tmx.languages import CHINESE, ENGLISH, join

IN_DOUBT = 0.85  # beads less probable than this are looked at again
LONGEST = 400  # sentences of one side in a stretch; a longer one is no doubt, but text without counterpart
WORTH = 0.02  # beads less probable than this by their words are judged by the vectors of their single sentences

LITTLE = 3.0  # score from which the words of a pair are enough
AT_A_TIME = 48  # beads weighed at a time
BESIDE_POOR, ENOUGH = 2, 10.0  # beads on either side of such a pair, with a lower score than this, that are looked at
# Log odds that such a pair is right, from its score (no less than LEAST) and the cosine of its vectors, and from the
# score alone: fitted by ``benchmarks/fit_alignment.py --strangers``.
LEAST = -5.0
BY_VECTORS = (-0.51, 0.69, 4.25)
BY_WORDS = (0.86, 0.85)
# A pair that scores less than this, while the other side answers a smaller share of its words, may owe its score to one
# rare word that both happen to have; the log odds of such a pair from its cosine, fitted likewise.
STRONG, FEW = 6.0, 0.3
BY_COSINE = (-0.67, 8.69)
# A pair that scores no more than this for each word with a capital letter and one more, and of whose English no other
# word is answered, may be about the same people and say something else. Its log odds from its cosine, fitted to the 12
# of 2,262 right pairs of the development documents and the 326 pairs of strangers there of which no word without a
# capital letter is answered.
NAMED, SEVERAL = 4.5, 2  # and has so many others
BY_NAMES = (-3.51, 6.64)
# Not the first word behind who speaks (Reporter: Thank you.), unless it begins a name.
CAPITALISED = regex.compile(
    r"(?<![\p{L}'’])(?!(?<=:\s)\p{Lu}\p{Ll}+(?!\p{L}|-|\s+\p{Lu}))\p{Lu}[\p{L}'’.]*|(?<=\p{Lu}\p{L}*)-\p{L}+"
)

ANSWERED = 0.3  # gain of a word that counts as explained, natural logarithm

Texts = tuple[Sequence[str], Sequence[str]]
Range = tuple[int, int]
Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Beads ``first`` to ``last - 1`` of a first search, to be searched again.

    Its sentences begin at ``top`` and ``start`` of the document; ``lattice`` is theirs alone.
    """

    first: int
    last: int
    top: int
    start: int
    lattice: Lattice

    def beads(self, vectors: Sequence[dict[Range, Vectors]], chance: float) -> list[Found]:
        """Return the beads of the stretch, found with the vectors of its runs."""
        bottom, stop = self.top + self.lattice.rows, self.start + self.lattice.columns
        self.lattice.weigh((_runs(vectors[0], self.top, bottom), _runs(vectors[1], self.start, stop)), chance)
        return [bead.moved(self.top, self.start) for bead in self.lattice.solve().path()]


def reconsidered(
    evidence: Evidence, texts: Texts, areas: Sequence[list[Found]], weights: Weights, encoder: Encoder
) -> list[list[Found]]:
    """Return the beads of each area, the doubtful ones searched again with sentence vectors.

    Raises:
        EncoderError: the encoder does not return one vector a text, or not as long for both languages.
    """
    wanted: tuple[set[Range], set[Range]] = (set(), set())
    doubtful = [list(_stretches(evidence, found, weights, wanted)) for found in areas]
    if not all(wanted):
        return [list(found) for found in areas]
    vectors = [
        _encoded(encoder, side, runs, language)
        for side, runs, language in zip(texts, wanted, (CHINESE, ENGLISH), strict=True)
    ]
    singles = [np.array([vector for run, vector in side.items() if run[1] - run[0] == 1]) for side in vectors]
    if singles[0].shape[1] != singles[1].shape[1]:
        raise encoders.EncoderError("the encoder returned vectors of different length for the two languages")
    chance = encoders.chance(singles[0], singles[1])
    result = []
    for found, stretches in zip(areas, doubtful, strict=True):
        beads: list[Found] = []
        row = 0
        for stretch in stretches:
            beads += found[row : stretch.first] + stretch.beads(vectors, chance)
            row = stretch.last
        result.append([*beads, *found[row:]])
    return result


def weighed(
    evidence: Evidence, texts: Texts, areas: Sequence[Sequence[Found]], encoder: Encoder | None
) -> list[list[Found]]:
    """Return the beads of each area, pairs for which their words say little less probable.

    ``evidence`` knows no words that were learnt from this document: beside strangers those were learnt from strangers.
    """
    beads = [bead for found in areas for bead in found]
    scores = np.array([score for found in areas for score in _unlearnt(evidence, found)])
    odds = np.full(len(beads), np.inf)
    poor = np.flatnonzero(scores < LITTLE)
    least = np.maximum(scores[poor], LEAST)
    if encoder is None:
        odds[poor] = BY_WORDS[0] + BY_WORDS[1] * least
    else:
        cosines = _cosines(encoder, texts, [beads[number] for number in poor.tolist()])
        odds[poor] = BY_VECTORS[0] + BY_VECTORS[1] * least + BY_VECTORS[2] * cosines
    return _less_probable(areas, odds)


def suspected(
    evidence: Evidence, texts: Texts, areas: Sequence[Sequence[Found]], encoder: Encoder
) -> list[list[Found]]:
    """Return the beads of each area, those for which a rare word says nearly all less probable."""
    beads = [bead for found in areas for bead in found]
    odds = np.full(len(beads), np.inf)
    kinds = (few_answered(evidence, beads), BY_COSINE), (names_alone(evidence, texts[1], beads), BY_NAMES)
    for chosen, (constant, by_cosine) in kinds:
        cosines = _cosines(encoder, texts, [beads[number] for number in chosen.tolist()])
        odds[chosen] = np.minimum(odds[chosen], constant + by_cosine * cosines)
    return _less_probable(areas, odds)


def _less_probable(areas: Sequence[Sequence[Found]], odds: Matrix) -> list[list[Found]]:
    """Return beads that are less probable by the odds of each."""
    shares = iter((1 / (1 + np.exp(-odds))).tolist())
    return [[replace(bead, probability=bead.probability * next(shares)) for bead in found] for found in areas]


def _cosines(encoder: Encoder, texts: Texts, beads: Sequence[Found]) -> Matrix:
    if not beads:
        return np.zeros(0)
    left, right = (
        encoders.encode(encoder, [join(list(side[slice(*run)]), language) for run in runs])
        for side, runs, language in (
            (texts[0], [bead.source for bead in beads], CHINESE),
            (texts[1], [bead.target for bead in beads], ENGLISH),
        )
    )
    cosines: Matrix = (left * right).sum(axis=1).astype(np.float64)
    return cosines


def few_answered(evidence: Evidence, beads: Sequence[Found]) -> Numbers:
    """Return which beads have a medium score although few of their words, of both sides together, are explained."""
    medium = _scored(beads, STRONG)
    rows = _as_rows(evidence, [beads[number] for number in medium.tolist()])
    source, target = similarity.content(evidence)
    sides = _words(rows.target, target), _words(rows.source, source)
    answers = _answers(rows.source, rows.forward), _answers(rows.target, rows.backward)
    found = sum(_sums(words.multiply(answered)) for words, answered in zip(sides, answers, strict=True))
    few: Numbers = medium[found / sum(map(_sums, sides)) < FEW]
    return few


def names_alone(evidence: Evidence, texts: Sequence[str], beads: Sequence[Found], least: int = 1) -> Numbers:
    """Return which beads have in their English only words with a capital letter explained.

    ``least`` is how many of those are.
    """
    english = [join(list(texts[slice(*bead.target)]), ENGLISH) for bead in beads]
    most = np.array([NAMED * (len(CAPITALISED.findall(text)) + 1) for text in english])
    chosen = _scored(beads, most)
    rows = _as_rows(evidence, [beads[number] for number in chosen.tolist()])
    content = similarity.content(evidence)[1]
    words = _words(rows.target, content).multiply(_answers(rows.source, rows.forward)).tocsr()
    columns = evidence.target.vocabulary
    alone = []
    for row, number in enumerate(chosen.tolist()):
        answered = set(words.indices[words.indptr[row] : words.indptr[row + 1]].tolist())
        if not least <= len(answered) <= most[number] / NAMED - 1:
            continue  # none, or some without a capital letter
        plain = {columns.get(stem, -1) for stem in target_tokens(CAPITALISED.sub(" ", english[number]))} - {-1}
        plain = {column for column in plain if content[column]}
        if len(plain) >= SEVERAL and answered.isdisjoint(plain):
            alone.append(number)
    return np.array(alone, np.int64)


def _scored(beads: Sequence[Found], most: float | Matrix) -> Numbers:
    """Return which beads score enough not to be poor, but less than ``most``."""
    scores = np.array([bead.score for bead in beads])
    return np.flatnonzero((scores >= LITTLE) & (scores < most))


def _words(side: Side, content: Flags) -> sparse.csr_array:
    """Return which words with a meaning of their own each sentence has."""
    return side.counts.sign() @ sparse.diags_array(content.astype(np.float32)).tocsr()


def _answers(side: Side, weights: sparse.csr_array) -> sparse.csr_array:
    """Return which words of the other language the words of each sentence explain."""
    return similarity.gains(side.counts @ weights, side.tokens, ANSWERED).sign()


def _sums(words: sparse.csr_array) -> Matrix:
    return np.asarray(words.sum(axis=1), np.float64).ravel()


def _unlearnt(evidence: Evidence, found: Sequence[Found]) -> list[float]:
    """Return the scores of beads, by the dictionary alone beside a pair for which its words say little."""
    scores = [bead.score for bead in found]
    poor = [number for number, score in enumerate(scores) if score < LITTLE]
    near = {other for number in poor for other in range(number - BESIDE_POOR, number + BESIDE_POOR + 1)}
    looked = [number for number, bead in enumerate(found) if number in near and LITTLE <= bead.score < ENOUGH]
    for first in range(0, len(looked), AT_A_TIME):
        part = looked[first : first + AT_A_TIME]
        for number, score in zip(part, _by_dictionary(evidence, [found[number] for number in part]), strict=True):
            scores[number] = min(scores[number], score)
    return scores


def _by_dictionary(evidence: Evidence, beads: Sequence[Found]) -> list[float]:
    """Return the scores of beads as if both runs of each were one sentence."""
    scores: list[float] = structure.scores_of_rows(_as_rows(evidence, beads), 0)[:, 0].tolist()
    return scores


def _as_rows(evidence: Evidence, beads: Sequence[Found]) -> Evidence:
    """Return evidence of beads as rows: both runs of each are one sentence."""
    runs = np.array([(*bead.source, *bead.target) for bead in beads], np.int64).reshape(-1, 4).T
    return replace(evidence, source=evidence.source.together(*runs[:2]), target=evidence.target.together(*runs[2:]))


def _stretches(
    evidence: Evidence, found: Sequence[Found], weights: Weights, wanted: tuple[set[Range], set[Range]]
) -> Iterator[Stretch]:
    """Return what is to be searched again; ``wanted`` gets the runs to be encoded for it."""
    for first, last in _doubtful(found):
        top, bottom, start, stop = (
            *(found[first].source[0], found[last - 1].source[1]),
            *(found[first].target[0], found[last - 1].target[1]),
        )
        n, m = bottom - top, stop - start
        if not n or not m or max(n, m) > LONGEST:
            continue
        points = [(bead.source[0] - top, bead.target[0] - start) for bead in found[first:last] if bead.is_pair]
        band = coarse.band(np.array(points, np.int64).reshape(-1, 2), n, m)
        lattice = Lattice(evidence.part(top, bottom, start, stop), band, weights, 0, n, 0, m)
        _want(lattice.solve(), top, start, wanted)
        yield Stretch(first, last, top, start, lattice)


def _doubtful(found: Sequence[Found]) -> Iterator[tuple[int, int]]:
    """Return the runs of doubtful beads, half-open; a list put together is no bead of the search."""
    doubts = [bead.probability < IN_DOUBT and max(_size(bead)) <= MAX_RUN for bead in found]
    steps = np.flatnonzero(np.diff(np.concatenate([[False], doubts, [False]])))
    yield from ((first, last) for first, last in steps.reshape(-1, 2).tolist())


def _size(bead: Found) -> tuple[int, int]:
    return bead.source[1] - bead.source[0], bead.target[1] - bead.target[0]


def _want(lattice: Lattice, top: int, start: int, wanted: tuple[set[Range], set[Range]]) -> None:
    """Collect the runs of sentences, half-open, that have to be encoded: single ones, and those of likely beads."""
    wanted[0].update((row, row + 1) for row in range(top, top + lattice.rows))
    wanted[1].update((column, column + 1) for column in range(start, start + lattice.columns))
    for block in lattice.blocks:
        for shape, row, column in np.argwhere(block.partial >= WORTH).tolist():
            (a, b), end, other = lattice.shapes[shape], top + block.first + row + 1, start + block.left + column
            wanted[0].add((end - a, end))
            wanted[1].add((other - b, other))


def _encoded(encoder: Encoder, texts: Sequence[str], runs: set[Range], language: str) -> dict[Range, Vectors]:
    ordered = sorted(runs)
    vectors = encoders.encode(encoder, [join(list(texts[slice(*run)]), language) for run in ordered])
    return dict(zip(ordered, vectors, strict=True))


def _runs(vectors: dict[Range, Vectors], first: int, last: int) -> tuple[Vectors, ...]:
    """Return for runs of one to ``MAX_RUN`` sentences the vectors of those that end with each sentence.

    A run that was not encoded has the mean of its sentences.
    """
    singles = np.array([vectors[n, n + 1] for n in range(first, last)])
    found = []
    for size in range(1, MAX_RUN + 1):
        runs = encoders.runs(singles, size)
        for end in range(first + size, last + 1):
            if (end - size, end) in vectors:
                runs[end - 1 - first] = vectors[end - size, end]
        found.append(runs)
    return tuple(found)
