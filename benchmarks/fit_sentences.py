"""Fit the weights by which a sentence that the English left out is told, and show how far they can be trusted.

    python benchmarks/fit_sentences.py ../shared/bench             # what they are worth on texts that are left out
    python benchmarks/fit_sentences.py ../shared/bench --show gwr  # and which sentences of a kind of text are missed
    python benchmarks/fit_sentences.py ../shared/bench --write     # and puts them into the package's data

The texts are those of ``checks.py``. Of each paragraph with as many sentences in either language, up to four English
sentences are left out in turn; whole paragraphs, these and others, are what must not be flagged. The documents of each
kind, which their names tell up to the first hyphen (gwr-2018 and gwr-2020 are both work reports), are left out in turn,
and looked at by weights fitted on the others. The bound between missing and not is set so that of the whole paragraphs
``ALLOWED`` are flagged, and becomes part of the constant.

References:
    Logistic regression with the square of the standardised weights as penalty, as in ``fit_terms.py``.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from checks import MIN_SENTENCE, judged, units  # noqa: E402
from fit_terms import Judged, fit, kind  # noqa: E402

from duiyi.checking import sentences  # noqa: E402
from tmx.encoder import Encoder, Remembering, universal  # noqa: E402
from tmx.languages import CHINESE, ENGLISH  # noqa: E402
from tmx.model import TranslationUnit  # noqa: E402
from tmx.segmentation import segment  # noqa: E402

Vector = npt.NDArray[np.float64]

DATA = Path(sentences.__file__).parents[1] / "data" / "sentences.tsv"
MOST_LEFT_OUT = 4  # sentences of a paragraph, each by itself
ALLOWED = 0.005  # of whole paragraphs


@dataclass(frozen=True)
class Example:
    """A paragraph, whole or without an English sentence.

    ``words`` and ``both`` have a row a Chinese sentence and a column a feature; ``missing`` is the number of the
    sentence that was left out, None where the paragraph is whole.
    """

    unit: TranslationUnit
    words: Vector
    both: Vector
    missing: int | None


def read(some: Sequence[TranslationUnit], encoder: Encoder) -> Iterator[Example]:
    """Yield the paragraphs of several Chinese sentences, whole and with one of their English sentences left out."""
    chance, lost = random.Random(20), {id_ for id_, check in judged() if check == "sentence-missing"}
    for unit in some:
        source = segment(unit.source, CHINESE)
        target = segment(unit.target, ENGLISH)
        if not 1 < len(source) <= sentences.MOST_SENTENCES or unit.id in lost:
            continue
        yield example(unit, source, target, None, encoder)
        long = [number for number, (start, end) in enumerate(target) if end - start >= MIN_SENTENCE]
        if len(source) == len(target) > 1:
            for number in sorted(chance.sample(long, min(MOST_LEFT_OUT, len(long)))):
                rest = " ".join(unit.target[slice(*span)] for n, span in enumerate(target) if n != number)
                yield example(replace(unit, target=rest), source, segment(rest, ENGLISH), number, encoder)


def example(
    unit: TranslationUnit,
    source: Sequence[tuple[int, int]],
    target: Sequence[tuple[int, int]],
    missing: int | None,
    encoder: Encoder,
) -> Example:
    words = sentences.words_of(unit, source, target)
    of_words = sentences.features_of_words(unit, source, target, words)
    of_clauses = sentences.features_of_clauses(unit, source, target, words, of_words, encoder)
    return Example(unit, of_words, np.hstack([of_words, of_clauses]), missing)


def fitted(examples: Sequence[Example]) -> tuple[Vector, Vector]:
    """Return the weights of words alone and of all features, the bound being 0."""
    alone = _fit([one.words for one in examples], examples)
    alone[0] -= _bound([float((one.words @ alone).max()) for one in examples if one.missing is None])
    close = [one for one in examples if (one.words @ alone).max() >= sentences.SUSPECT]
    both = _fit([one.both for one in close], close)
    both[0] -= _bound([float(odds(one, (alone, both)).max()) for one in examples if one.missing is None])
    return alone, both


def _fit(rows: Sequence[Vector], examples: Sequence[Example]) -> Vector:
    features = np.vstack(rows)
    missing = np.concatenate([np.arange(len(one.words)) == one.missing for one in examples]).astype(float)
    return fit([Judged("", features, np.zeros(len(features)), missing, np.ones(len(features)))])


def _bound(whole: Sequence[float]) -> float:
    return float(np.quantile(whole, 1 - ALLOWED))


def odds(one: Example, weights: tuple[Vector, Vector]) -> Vector:
    """Return the logarithm of the odds that each Chinese sentence is missing, as the check weighs them."""
    by_words: Vector = one.words @ weights[0]
    return one.both @ weights[1] if by_words.max() >= sentences.SUSPECT else by_words


def measure(examples: Sequence[Example], show: str) -> None:
    print("| kind left out | whole paragraphs | flagged | sentences left out | found | found by words alone |")
    print("|---|---|---|---|---|---|")
    kinds = dict.fromkeys(kind(one.unit.document) for one in examples)
    shown: list[str] = []
    for name in kinds:
        weights = fitted([one for one in examples if kind(one.unit.document) != name])
        held = [one for one in examples if kind(one.unit.document) == name]
        whole, spoilt = [one for one in held if one.missing is None], [one for one in held if one.missing is not None]
        flagged = sum(bool((odds(one, weights) > 0).any()) for one in whole)
        hits = [bool((odds(one, weights) > 0).any()) for one in spoilt]
        words = [bool((one.words @ weights[0] > 0).any()) for one in spoilt]
        shares = " | ".join(f"{np.mean(some):.1%}" if some else "" for some in (hits, words))
        print(f"| {name} | {len(whole)} | {flagged} | {len(spoilt)} | {shares} |", flush=True)
        if show == name:
            shown = [_described(one, weights) for one, hit in zip(spoilt, hits, strict=True) if not hit]
            shown += [_described(one, weights) for one in whole if (odds(one, weights) > 0).any()]
    print("\n".join(shown))


def _described(one: Example, weights: tuple[Vector, Vector]) -> str:
    source = segment(one.unit.source, CHINESE)
    number = int(odds(one, weights).argmax()) if one.missing is None else one.missing
    what = "flagged" if one.missing is None else "missed"
    values = " ".join(f"{value:.2f}" for value in one.both[number])
    odd = " ".join(f"{value:.1f}" for value in odds(one, weights))
    sentence = one.unit.source[slice(*source[number])]
    return f"{what} {one.unit.id}: {sentence}\n    {odd}\n    {values}\n    {one.unit.source}\n    {one.unit.target}"


def write(weights: tuple[Vector, Vector], path: Path) -> None:
    """Put weights into the data of the package."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    for number, row in enumerate(rows):
        row[1] = f"{weights[0][number]:.2f}" if number < len(weights[0]) else ""
        row[2] = f"{weights[1][number]:.2f}"
    titles = [line for line in lines if line.startswith("#")]
    path.write_text("\n".join([*titles, *map("\t".join, rows)]) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", default="", metavar="KIND", help="print what is missed and wrongly flagged of a kind")
    parser.add_argument("--write", action="store_true", help="put the fitted weights into the package's data")
    arguments = parser.parse_args()
    examples = list(read(list(units(arguments.folder)), Remembering(universal())))
    measure(examples, arguments.show)
    weights = fitted(examples)
    names = [line.split("\t")[0] for line in DATA.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    print("\n| feature | words alone | is | all | is |\n|---|---|---|---|---|")
    present = sentences.weights()
    for number, name in enumerate(names):
        alone = f"{weights[0][number]:.2f} | {present[0][number]:.2f}" if number < len(weights[0]) else " | "
        print(f"| {name} | {alone} | {weights[1][number]:.2f} | {present[1][number]:.2f} |")
    if arguments.write:
        write(weights, DATA)


if __name__ == "__main__":
    main()
