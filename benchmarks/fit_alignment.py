"""Fit the weights of the aligner's search to annotated documents, as a conditional random field.

    python benchmarks/fit_alignment.py ../shared/bench/alignment             # fits on all documents, prints the weights
    python benchmarks/fit_alignment.py ../shared/bench/alignment --folds 3   # and says what it is worth on others
    python benchmarks/fit_alignment.py ../shared/bench/alignment --folds 3 --vectors # those of vectors too
    python benchmarks/fit_alignment.py ../shared/bench/alignment --vectors   # the two weights of sentence vectors alone
    python benchmarks/fit_alignment.py ../shared/bench/alignment --rows      # the odds of the rows of a table
    python benchmarks/fit_alignment.py ../shared/bench/alignment --strangers # the odds of pairs that say little
    python benchmarks/fit_alignment.py ../shared/bench/alignment --names # the odds of pairs of which names say all

The score of a path is linear in the weights, so the part of one weight is what a search scores more with this weight
one than with none. The gradient of the logarithm of gold's probability is gold's parts less those expected over all
paths. Weights are drawn towards hand-set values. Left as they are: how readily sentences are left alone, which differs
too much between documents to be learnt from a few, and labels, numbers and paragraphs, which few of the documents have.

References:
    Lafferty, McCallum and Pereira (2001), Conditional Random Fields.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from unittest import mock

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1]))

from alignment import Sample, read_samples

from tmx.alignment import coarse, doubts, similarity, structure
from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.beads import links
from tmx.alignment.coarse import Band
from tmx.alignment.evaluation import Score, score
from tmx.alignment.lexicon import load
from tmx.alignment.punctuation import EndWeights
from tmx.alignment.search import SHAPES, Found, Lattice, Weights
from tmx.alignment.similarity import Evidence
from tmx.encoder import Encoder, Remembering, encode, universal
from tmx.languages import CHINESE, ENGLISH, join

Vector = npt.NDArray[np.float64]
Grid = dict[tuple[float, float], dict[str, Score]]

PARTS = ("forward", "backward", "length_one", "length_many", "head", "tail")
QUOTES = ("quote_both", "quote_one")
ENDS = tuple(asdict(EndWeights()))
NAMES = [*PARTS, *QUOTES, *(f"ends.{name}" for name in ENDS), *SHAPES]
HAND_SET = {"forward": 0.3, "backward": 0.3, "length_one": 3.0, "length_many": 3.0, "head": 0.5, "tail": 0.5}
PULL = 0.2  # towards the hand-set values, for the square of the distance
STEPS = 40
HOLES = 0.06  # of the beads, at which each side loses what the other keeps
HOLE_SIZES = (1, 1, 1, 2, 3)  # beads
VARIANTS = 6  # of a document, each with other holes
OFF = 2  # rows by which wrong rows are off
NEAR = 40  # sentences that are taken together for pairs of strangers
STRANGER = 0.1  # for how much such a pair counts
ENCODER = (5.0, 6.0, 7.0, 8.0, 9.0)  # weights of a cosine that are tried
ENCODER_MORE = (-0.5, -0.7, -0.8, -0.9)  # and of each sentence more
USUAL_BEADS = 250  # a document of as many counts one; the weight of others goes with the square root


def weights(values: Vector) -> Weights:
    named = dict(zip(NAMES, map(float, values), strict=True))
    usual = Weights()
    return replace(
        usual,
        **{name: named[name] for name in PARTS},
        openings=replace(usual.openings, **{name: named[name] for name in QUOTES}),
        ends=EndWeights(**{name: named[f"ends.{name}"] for name in ENDS}),
        shapes={shape: named[shape] for shape in SHAPES},
    )


def present() -> Vector:
    usual = Weights()
    values = [getattr(usual, name) for name in PARTS] + [getattr(usual.openings, name) for name in QUOTES]
    return np.array([*values, *asdict(usual.ends).values(), *usual.shapes.values()])


def hand_set() -> Vector:
    shapes = {(a, b): -0.5 if a == b == 1 else -1.0 - 1.5 * (a - 1) - 1.1 * (b - (a == 1) - 1) for a, b in SHAPES}
    return np.array([{**HAND_SET, **shapes}.get(name, 0.0) for name in NAMES])


@dataclass(frozen=True)
class Stretch:
    """A stretch of a document whose gold beads the search can find, and the part of each weight in its scores.

    ``parts`` has for each block of the lattice an array of weights by shapes, rows and columns; ``gold`` the sums over
    gold's beads, ``fixed`` what these score by weights that are not fitted.
    """

    evidence: Evidence
    band: Band
    area: tuple[int, int, int, int]
    parts: list[npt.NDArray[np.float32]]
    gold: Vector
    fixed: float
    alone: tuple[list[int], list[int]]
    share: float

    def loss(self, values: Vector) -> tuple[float, Vector]:
        """Return the negative logarithm of gold's probability and its gradient."""
        lattice = Lattice(self.evidence, self.band, weights(values), *self.area).solve()
        gold = self.fixed + self.gold @ values + lattice.source_skips[self.alone[0]].sum()
        gold += lattice.target_skips[self.alone[1]].sum()
        expected = sum(
            part.reshape(len(NAMES), -1) @ block.partial.astype(np.float32).ravel()
            for part, block in zip(self.parts, lattice.blocks, strict=True)
        )
        return self.share * float(lattice.before[-1, -1] - gold), self.share * (expected - self.gold)


def stretches(sample: Sample) -> list[Stretch]:
    """Return what is learnt from one document, with the evidence of the first and of the second pass."""
    evidence = similarity.gather(sample.source, sample.target, load())
    path = coarse.path(evidence)
    evidence = replace(evidence, ratio=coarse.length_ratio(evidence, path))
    band = coarse.band(path, len(sample.source), len(sample.target))
    first = align(sample.source, sample.target, AlignmentOptions(passes=1, vectors=False))
    again = similarity.relearned(evidence, [(bead.source, bead.target) for bead in first if all(bead.size)])
    share = (USUAL_BEADS / len(sample.gold)) ** 0.5
    found = []
    for beads in runs(sample):
        area = (beads[0][0], beads[-1][1], beads[0][2], beads[-1][3])
        for known in (evidence, again):
            stretch = _stretch(known, band, area, beads, share)
            found += [stretch] if stretch else []
    return found


def _stretch(
    evidence: Evidence,
    band: Band,
    area: tuple[int, int, int, int],
    beads: Sequence[tuple[int, int, int, int]],
    share: float,
) -> Stretch | None:
    base = Lattice(evidence, band, weights(np.zeros(len(NAMES))), *area)
    units = [Lattice(evidence, band, weights(unit), *area) for unit in np.eye(len(NAMES))]
    parts = [
        np.stack([unit.blocks[number].scores - block.scores for unit in units])
        for number, block in enumerate(base.blocks)
    ]
    blocks = {row: number for number, block in enumerate(base.blocks) for row in range(block.first, block.last)}
    gold, fixed = np.zeros(len(NAMES)), 0.0
    alone: tuple[list[int], list[int]] = ([], [])
    for first, last, begin, end in beads:
        row, column = last - area[0], end - area[2]
        if not base.left[row] <= column <= base.right[row]:
            return None  # beside the band
        if first == last:
            alone[1].append(column - 1)
        elif begin == end:
            alone[0].append(row - 1)
        else:
            block = base.blocks[blocks[row - 1]]
            shape = list(SHAPES).index((last - first, end - begin))
            place = shape, row - 1 - block.first, column - block.left
            gold += parts[blocks[row - 1]][:, *place]
            fixed += float(block.scores[place])
    return Stretch(evidence, band, area, parts, gold, fixed, alone, share)


def runs(sample: Sample) -> Iterator[list[tuple[int, int, int, int]]]:
    """Return the runs of gold beads (source from, to, target from, to) that follow each other and can be found."""
    pairs = sorted(link for link in sample.gold if all(link))
    run: list[tuple[int, int, int, int]] = []
    row = column = 0
    for source, target in [*pairs, ((len(sample.source),), (len(sample.target),))]:
        simple = source == tuple(range(source[0], source[0] + len(source))) and row <= source[0]
        simple &= target == tuple(range(target[0], target[0] + len(target))) and column <= target[0]
        if not simple:
            if run:
                yield run
            run, row, column = [], max(row, source[-1] + 1), max(column, target[-1] + 1)
            continue
        run += [(i, i + 1, column, column) for i in range(row, source[0])]
        run += [(source[0], source[0], j, j + 1) for j in range(column, target[0])]
        row, column = source[-1] + 1, target[-1] + 1
        if (len(source), len(target)) in SHAPES and row <= len(sample.source):
            run.append((source[0], row, target[0], column))
        else:
            if run:
                yield run
            run = []


def fit(chosen: Sequence[Stretch]) -> Vector:
    start = hand_set()

    def loss(values: Vector) -> tuple[float, Vector]:
        found = [stretch.loss(values) for stretch in chosen]
        away = values - start
        return sum(one for one, _ in found) + PULL * away @ away, sum(one for _, one in found) + 2 * PULL * away

    result: Vector = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return result


def with_vectors(samples: Sequence[Sample], base: Weights, encoder: Encoder) -> Grid:
    """Return what every pair of weights of sentence vectors is worth on each document."""
    found: Grid = {}
    for pair in product(ENCODER, ENCODER_MORE):
        options = AlignmentOptions(weights=replace(base, encoder=pair[0], encoder_more=pair[1]))
        found[pair] = {
            s.name: score(s.gold, links(align(s.source, s.target, options, encoder=encoder))) for s in samples
        }
    return found


def best_pair(found: Grid, left_out: str = "") -> tuple[float, float]:
    """Return the weights that are worth most on all documents but one."""

    def worth(pair: tuple[float, float]) -> float:
        return sum((found[pair][name] for name in found[pair] if name != left_out), Score()).strict[2]

    return max(found, key=worth)


def choose_for_vectors(samples: Sequence[Sample]) -> None:
    """Choose the weights of sentence vectors for each document on all the others, and measure.

    A random field fitted on the few stretches in doubt does worse on other documents than these two numbers.
    """
    found = with_vectors(samples, Weights(), Remembering(universal()))
    chosen = {sample.name: found[best_pair(found, sample.name)][sample.name] for sample in samples}
    report("chosen on other documents", samples, chosen)
    on_all = best_pair(found)
    report(f"{on_all}, chosen on these documents", samples, found[on_all])


def fit_rows(samples: Sequence[Sample]) -> None:
    """Fit the log odds that two texts of a row translate each other: gold pairs against the same a row or two off."""
    scores, cosines, right = [], [], []
    encoder = universal()
    for sample in samples:
        pairs = [link for link in sample.gold if all(link)]
        source = [join([sample.source[n] for n in link[0]], CHINESE) for link in pairs]
        target = [join([sample.target[n] for n in link[1]], ENGLISH) for link in pairs]
        near = slice(structure.SLIPPED - OFF, structure.SLIPPED + OFF + 1)
        found = structure.scores(source, target, load())[:, near]
        left, other = encode(encoder, source), encode(encoder, target)
        for row, column in np.argwhere(~np.isnan(found)).tolist():
            scores.append(found[row, column])
            cosines.append(float(left[row] @ other[row + column - OFF]))
            right.append(column == OFF)
    truth = np.array(right)
    score = np.clip(scores, structure.LEAST, structure.MOST)
    for name, features in (("BY_WORDS", (score,)), ("BY_VECTORS", (score, np.array(cosines)))):
        print(
            name, [round(float(value), 2) for value in _logistic(np.stack([np.ones(len(truth)), *features], 1), truth)]
        )


def fit_strangers(samples: Sequence[Sample]) -> None:
    """Fit the log odds that a sure pair for which its words say little is right, on documents with holes.

    Right is what shares a sentence of either side with gold: what is wanted are strangers, not wrong borders.
    """
    encoder = Remembering(universal())
    chosen: list[tuple[Found, bool]] = []

    def record(evidence: Evidence, _: object, areas: list[list[Found]], __: object) -> list[list[Found]]:
        beads = [bead for found in areas for bead in found if bead.probability >= doubts.IN_DOUBT]
        few = doubts.few_answered(evidence, beads)
        chosen[:] = [(bead, False) for bead in beads if bead.score < doubts.LITTLE]
        chosen.extend((beads[number], True) for number in few)
        return areas

    chance = random.Random(1)
    features, right, is_few = [], [], []
    variants = [one for sample in samples for one in (sample, *(with_holes(sample, chance) for _ in range(VARIANTS)))]
    for sample in variants:
        with mock.patch.object(doubts, "weighed", record):
            align(sample.source, sample.target, encoder=encoder)
        linked = {(row, column) for rows, columns in sample.gold for row in rows for column in columns}
        source = [join(sample.source[slice(*bead.source)], CHINESE) for bead, _ in chosen]
        target = [join(sample.target[slice(*bead.target)], ENGLISH) for bead, _ in chosen]
        if not chosen:
            continue
        cosines = (encode(encoder, source) * encode(encoder, target)).sum(axis=1)
        for (bead, few), cosine in zip(chosen, cosines.tolist(), strict=True):
            features.append((1.0, max(bead.score, doubts.LEAST), cosine))
            is_few.append(few)
            right.append(any(pair in linked for pair in product(range(*bead.source), range(*bead.target))))
    kinds = (("BY_WORDS", False, [0, 1]), ("BY_VECTORS", False, [0, 1, 2]), ("BY_COSINE", True, [0, 2]))
    for name, few, columns in kinds:
        rows = np.flatnonzero(np.array(is_few) == few)
        truth = np.array(right)[rows]
        fitted = _logistic(np.array(features)[rows][:, columns], truth, balanced=False, pull=0.1 if few else 1.0)
        values = [round(float(value), 2) for value in fitted]
        print(f"{name} {values}, from {len(truth)} pairs, {int((~truth).sum())} of them strangers")


def fit_names(samples: Sequence[Sample]) -> None:
    """Fit the log odds that a pair of which no plain word is explained is right, by the cosine of its vectors.

    Strangers are all pairs of sentences near each other that score as much; each counts little, few are left over.
    """
    encoder = universal()
    cosines: list[float] = []
    right: list[bool] = []
    all_right = 0
    for sample in samples:
        evidence = similarity.gather(sample.source, sample.target, load())
        linked = {(row, column) for rows, columns in sample.gold for row in rows for column in columns}
        gold = {(link[0][0], link[1][0]) for link in sample.gold if len(link[0]) == len(link[1]) == 1}
        all_right += len(gold)
        beads = [
            Found((row, row + 1), (column, column + 1), 1.0, score)
            for row, column, score in _near(evidence, linked)
            if (row, column) in gold or (row, column) not in linked
        ]
        beads = [beads[number] for number in doubts.names_alone(evidence, sample.target, beads, least=0).tolist()]
        if not beads:
            continue
        source = encode(encoder, [sample.source[bead.source[0]] for bead in beads])
        target = encode(encoder, [sample.target[bead.target[0]] for bead in beads])
        cosines += (source * target).sum(axis=1).tolist()
        right += [(bead.source[0], bead.target[0]) in gold for bead in beads]
    truth = np.array(right)
    features = np.stack([np.ones(len(truth)), cosines], 1)
    fitted = _logistic(features, truth, shares=np.where(truth, 1.0, STRANGER), pull=0.1)
    values = [round(float(value), 2) for value in fitted]
    print(f"BY_NAMES {values}, from {truth.sum()} of {all_right} right pairs and {(~truth).sum()} pairs of strangers")


def _near(evidence: Evidence, linked: set[tuple[int, int]]) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of sentences that stand near each other, with what the search scores for them."""
    for top in range(0, len(evidence.source.lengths), NEAR):
        rows = range(top, min(top + NEAR, len(evidence.source.lengths)))
        columns = [column for row, column in linked if row in rows]
        if not columns:
            continue
        start, stop = max(min(columns) - NEAR // 2, 0), min(max(columns) + NEAR // 2, len(evidence.target.lengths))
        n, m = len(rows), stop - start
        everywhere = Band(np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64))
        part = evidence.part(top, top + n, start, stop)
        lattice = Lattice(part, everywhere, structure.one_to_one(), 0, n, 0, m)
        scores = np.concatenate([block.scores[0][:, 1 - block.left :] for block in lattice.blocks])
        for row, column in np.ndindex(n, m):
            yield top + row, start + column, float(scores[row, column])


def with_holes(sample: Sample, chance: random.Random) -> Sample:
    """Return a document that lacks the Chinese of some beads and the English of those after them, or the reverse."""
    gold = sorted(link for link in sample.gold if all(link))
    lost: tuple[set[int], set[int]] = (set(), set())
    place = 3
    while place < len(gold) - 8:
        size = chance.choice(HOLE_SIZES)
        if chance.random() >= HOLES:
            place += 1
            continue
        first, second = gold[place : place + size], gold[place + size : place + 2 * size]
        if chance.random() < 0.5:
            first, second = second, first
        lost[0].update(row for link in first for row in link[0])
        lost[1].update(column for link in second for column in link[1])
        place += 2 * size + 3
    sides = sample.source, sample.target
    kept = [[n for n in range(len(side)) if n not in gone] for side, gone in zip(sides, lost, strict=True)]
    new = [{n: place for place, n in enumerate(side)} for side in kept]
    links = [
        (tuple(new[0][n] for n in link[0]), tuple(new[1][n] for n in link[1]))
        for link in gold
        if not lost[0] & set(link[0]) and not lost[1] & set(link[1])
    ]
    return Sample(sample.name, [sides[0][n] for n in kept[0]], [sides[1][n] for n in kept[1]], links)


def _logistic(
    features: Vector,
    truth: npt.NDArray[np.bool_],
    *,
    balanced: bool = True,
    pull: float = 1.0,
    shares: Vector | None = None,
) -> Vector:
    """Return logistic regression, drawn a little towards zero; if ``balanced`` right and wrong count alike."""
    share = np.where(truth, 1 / truth.sum(), 1 / (~truth).sum()) * len(truth) / 2 if balanced else np.ones(len(truth))
    share = share if shares is None else shares
    sign = np.where(truth, -1.0, 1.0)

    def loss(values: Vector) -> float:
        return float((share * np.logaddexp(0, sign * (features @ values))).sum() + 0.5 * pull * values @ values)

    result: Vector = minimize(loss, np.zeros(features.shape[1])).x
    return result


def report(title: str, samples: Sequence[Sample], scores: dict[str, Score]) -> None:
    groups: dict[str, Score] = {}
    for sample in samples:
        for name in (sample.group, "all"):
            groups[name] = groups.get(name, Score()) + scores[sample.name]
    figures = " | ".join(f"{name} {found.strict[2]:.4f}" for name, found in groups.items())
    print(f"| {title} | {figures} |", flush=True)


def measure(title: str, samples: Sequence[Sample], values: dict[str, Weights], encoder: Encoder | None = None) -> None:
    scores = {}
    for sample in samples:
        options = AlignmentOptions(weights=values[sample.name], vectors=False)
        scores[sample.name] = score(sample.gold, links(align(sample.source, sample.target, options, encoder=encoder)))
    report(title, samples, scores)


def cross_validate(
    samples: Sequence[Sample], learnt: dict[str, list[Stretch]], folds: int, encoder: Encoder | None
) -> None:
    """Fit the weights for each fold on the other documents, and choose those of vectors there; measure on the fold."""
    values: dict[str, Weights] = {}
    chosen: dict[str, Weights] = {}
    for fold in range(folds):
        left_out = {sample.name for sample in samples[fold::folds]}
        others = [sample for sample in samples if sample.name not in left_out]
        fitted = weights(fit([stretch for sample in others for stretch in learnt[sample.name]]))
        values |= dict.fromkeys(left_out, fitted)
        if encoder is not None:
            one, more = best_pair(with_vectors(others, fitted, encoder))
            chosen |= dict.fromkeys(left_out, replace(fitted, encoder=one, encoder_more=more))
    measure("fitted on other documents", samples, values)
    if encoder is not None:
        measure("the same, with sentence vectors", samples, values, encoder)
        measure("the same, with weights of vectors chosen there", samples, chosen, encoder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", default="", help="only documents whose name begins so")
    parser.add_argument("--folds", type=int, default=0, help="fit so many times on the other documents, and measure")
    parser.add_argument("--vectors", action="store_true", help="choose the weights of sentence vectors")
    parser.add_argument("--rows", action="store_true", help="fit what the words say of the rows of a table instead")
    parser.add_argument("--strangers", action="store_true", help="fit the odds of pairs for which words say little")
    parser.add_argument("--names", action="store_true", help="fit the odds of pairs of which names say all")
    arguments = parser.parse_args()
    samples = read_samples(arguments.folder, arguments.documents)
    if arguments.rows:
        fit_rows(samples)
        return
    if arguments.strangers:
        fit_strangers(samples)
        return
    if arguments.names:
        fit_names(samples)
        return
    if arguments.vectors and not arguments.folds:
        choose_for_vectors(samples)
        return
    names = [sample.name for sample in samples]
    measure("weights as they are", samples, dict.fromkeys(names, weights(present())))
    learnt = {sample.name: stretches(sample) for sample in samples}
    if arguments.folds:
        encoder = Remembering(universal()) if arguments.vectors else None
        cross_validate(samples, learnt, arguments.folds, encoder)
        return
    fitted = fit([stretch for found in learnt.values() for stretch in found])
    measure("fitted on these documents", samples, dict.fromkeys(names, weights(fitted)))
    for name, value, before in zip(NAMES, fitted, present(), strict=True):
        print(f"{name}: {value:.2f} (is {before:.2f})")


if __name__ == "__main__":
    main()
