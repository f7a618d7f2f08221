"""Fit the weights by which term candidates are ranked to judged pairs, and show how far they can be trusted.

    python benchmarks/fit_terms.py JUDGED UNITS [JUDGED UNITS ...]     # prints what they are worth
    python benchmarks/fit_terms.py JUDGED UNITS ... --write            # and puts them into the package's data

UNITS is a TMX file, three columns (id, Chinese, English), or folders with ``zh.txt`` and ``en.txt``, commas between.
JUDGED is one of ``benchmarks/judged/``, or three columns: Chinese, English, and how sure a reader was that a
terminologist keeps the pair, 0 to 1. A list that others made (``.csv``, see ``terms.py``) says little of what it does
not have: its pairs weigh ``LISTED`` each, the other candidates ``UNLISTED``, and how much seldomer such a list has a
pair than a reader keeps it is fitted beside the weights and left out of them. A list after ``--whole`` has all terms
of its text.

The weights move away from those of ``benchmarks/judged/weights-before.tsv``, which were fitted to some 2,800 judged
rows that are lost, only as far as the rows ask for. ``benchmarks/judged/README.md`` has the command of the shipped
weights.

The documents of each kind, which their names tell up to the first hyphen (gwr-2018 and gwr-2020 are both work reports),
are left out in turn, and their pairs are given probabilities by weights fitted on the others.

    python benchmarks/fit_terms.py --domains JUDGED.tsv ... [--write]

fits the weights by which political terms and names are told from other terms (``glossary.mining.domains``) to the
rows which readers judged right or doubtful; only files with a column ``political`` count.

References:
    Logistic regression with the square of the standardised weights as penalty (Hoerl and Kennard, 1970, for ridge),
    here of their distance from weights known before: the maximum a posteriori with a normal prior.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from terms import pairs_of, read_folder, read_gold, read_units, source_key, target_key  # noqa: E402

from glossary.keys import rendering_key  # noqa: E402
from glossary.mining import domains, termhood  # noqa: E402
from glossary.mining.extraction import ExtractionOptions, ranked_terms  # noqa: E402
from glossary.mining.pairs import RankedTerm  # noqa: E402
from glossary.mining.termtypes import term_type  # noqa: E402
from glossary.words.glosses import dictionary  # noqa: E402
from glossary.words.tokens import segmenter, source_tokens, target_tokens  # noqa: E402
from tmx.tmx14 import read_tmx  # noqa: E402

Vector = npt.NDArray[np.float64]

DATA = Path(termhood.__file__).parents[1] / "data" / "termhood.tsv"
DOMAINS = DATA.with_name("domains.tsv")
BEFORE = Path(__file__).with_name("judged") / "weights-before.tsv"
PENALTY = 5.0  # of the weights of domains
# Penalty of the distance from the weights before: with 20 to 250 as much is found, and the sample's terms come in worse
# order. A feature that the fit before did not have is held less, at zero.
HOLD, HOLD_NEW = 400.0, 30.0
LISTED, UNLISTED = 0.6, 0.06  # what a pair on an open list weighs, and a candidate that is not on it; a judged row is 1
WHOLE = 0.5  # what each candidate weighs where the list is whole
CANDIDATES = 7000  # terms of a document looked at with an open list: what stands behind them is never listed
VERDICTS = {"right": "1", "doubtful": "0.25", "wrong": "0"}
GENERAL = "general"  # vocabulary that is not listed unless it is asked for, and so not kept, however right it is
BEST = 100  # pairs looked at as the best of a document, at most a third of those judged
BINS = np.linspace(0, 1, 11)


@dataclass(frozen=True)
class Judged:
    """The judged pairs of one document: features, how they stand in their nest (log odds), what was judged, and what
    each weighs; ``open_list`` tells whether a list judged that does not have all terms."""

    name: str
    features: Vector
    nest: Vector
    kept: Vector
    weight: Vector
    open_list: bool = False


def read(judged: Path, units: str, whole: bool) -> Judged:
    """Read judged pairs and give each candidate of the units that they judge its features."""
    listed = judged.suffix == ".csv"
    verdicts = _listed(judged) if listed else _verdicts(judged)
    name, ranked = _ranked(units)
    rows, nest, kept = [], [], []
    for term in ranked[: CANDIDATES if listed else None]:
        for place, pair in enumerate(term.pairs[:3]):
            verdict = verdicts(term.source, pair.target)
            if verdict or (verdict is not None and not (listed and place)):
                rows.append([float(value) for value in termhood.features(pair).values()])
                nest.append(math.log(max(term.score, 1e-9) / max(term.pairs[0].score, 1e-9)))
                kept.append(verdict)
    found = np.array(kept)
    open_list = listed and not whole
    weight = np.where(found == 1, LISTED, UNLISTED) if open_list else np.full(len(found), WHOLE if listed else 1.0)
    return Judged(name, np.array(rows), np.array(nest), found, weight, open_list)


@lru_cache(maxsize=2)
def _ranked(told: str) -> tuple[str, list[RankedTerm]]:
    """Return the name and the candidates of units: a TMX file, three columns, or folders with commas between."""
    paths = [Path(part) for part in told.split(",")]
    if paths[0].is_dir():
        texts = [unit for path in paths for unit in read_folder(path)]
    else:
        texts = list(read_tmx(paths[0])) if paths[0].suffix == ".tmx" else read_units(paths[0])
    return paths[0].stem, ranked_terms(texts, ExtractionOptions())


def _listed(path: Path) -> Callable[[str, str], float | None]:
    right = pairs_of(read_gold(path))
    return lambda zh, en: float((source_key(zh), target_key(en)) in right)


def _verdicts(path: Path) -> Callable[[str, str], float | None]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    if rows[0][:2] == ["doc", "rank"]:  # the rows of a glossary: benchmarks/judged/README.md
        rows = [[row[2], row[3], VERDICTS["wrong" if row[-1] == GENERAL else row[4]]] for row in rows[1:]]
    table = {(zh, rendering_key(en)): float(verdict) for zh, en, verdict in rows}
    return lambda zh, en: table.get((zh, rendering_key(en)))


def before() -> tuple[Vector, Vector]:
    """Return the weights known before, in the order of the features, and how much each is held; a new one is 0."""
    rows = (line.split("\t") for line in BEFORE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    known = {name: float(weight) for name, weight in rows}
    names = list(termhood.weights())
    return (
        np.array([known.get(name, 0.0) for name in names]),
        np.array([HOLD if name in known else HOLD_NEW for name in names]),
    )


def fit(documents: Sequence[Judged], held: Vector | None = None, penalty: float | Vector = PENALTY) -> Vector:
    """Return the weights, the constant first; ``held`` are those they stay near to, else zero.

    ``penalty`` is that of the squared distance, of all weights or of each.
    """
    table = np.vstack([document.features for document in documents])
    nest, kept, counts = (np.concatenate([getattr(d, name) for d in documents]) for name in ("nest", "kept", "weight"))
    lists = np.concatenate([np.full(len(document.kept), document.open_list) for document in documents])
    table = np.column_stack([table, lists])
    spread = table.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = table / spread
    start = np.append(np.zeros(table.shape[1] - 1) if held is None else held, 0.0) * spread
    free = np.zeros(table.shape[1], dtype=bool)
    free[[0, -1]] = True
    hold = np.where(free, 0.0, np.append(np.broadcast_to(penalty, table.shape[1] - 1), 0.0))

    def loss(weights: Vector) -> tuple[float, Vector]:
        scores = scaled @ weights + nest
        away = weights - start
        found = counts @ (np.logaddexp(0, scores) - kept * scores) + hold @ away**2
        return float(found), scaled.T @ (counts * (expit(scores) - kept)) + 2 * hold * away

    found: Vector = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    weights: Vector = (found / spread)[:-1]
    return weights


def kind(name: str) -> str:
    """Return what kind of text a document is, by its name.

    >>> kind("gwr-2018") == kind("gwr-2020")
    True
    """
    return name.partition("-")[0]


def probabilities(document: Judged, weights: Vector) -> Vector:
    found: Vector = expit(document.features @ weights + document.nest)
    return found


def fit_terms(documents: Sequence[Judged]) -> Vector:
    return fit(documents, *before())


def measure(documents: Sequence[Judged]) -> None:
    present = np.array(list(termhood.weights().values()))
    print("| document | judged | kept | of the best kept, weights as they are | fitted on the other documents |")
    print("|---|---|---|---|---|")
    others = []
    once = [document for document in documents if not document.open_list]
    fitted = {
        left_out: fit_terms([other for other in documents if kind(other.name) != left_out])
        for left_out in {kind(document.name) for document in once}
    }
    for document in once:
        found = probabilities(document, fitted[kind(document.name)])
        others.append(found)
        size = max(1, min(BEST, len(found) // 3))
        best = [
            document.kept[np.argsort(-values, kind="stable")[:size]].mean()
            for values in (probabilities(document, present), found)
        ]
        print(f"| {document.name} | {len(found)} | {document.kept.mean():.3f} | {best[0]:.3f} | {best[1]:.3f} |")
    found, kept = np.concatenate(others), np.concatenate([document.kept for document in once])
    print("\n| probability, fitted on the other documents | pairs | mean | kept |\n|---|---|---|---|")
    for low, high in pairwise(BINS):
        inside = (found >= low) & ((found < high) | (high == 1))
        if inside.any():
            means = f"{found[inside].mean():.3f} | {kept[inside].mean():.3f}"
            print(f"| {low:.1f} to {high:.1f} | {inside.sum()} | {means} |")


def read_domains(paths: Sequence[Path]) -> list[Judged]:
    """Read which of the rows judged right or doubtful are political, with their features."""
    documents = []
    cutter, table = segmenter(), dictionary()
    for path in paths:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [
                row for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE) if row.get("political")
            ]
        rows = [row for row in rows if row["verdict"] in ("right", "doubtful")]
        found = []
        for row in rows:
            chinese, english = source_tokens(row["zh"], cutter, table), target_tokens(row["en"])
            named = term_type(row["zh"], row["en"], [t.tag for t in chinese], [t.tag for t in english])
            features = domains.features(row["zh"], row["en"], named, [token.key for token in chinese])
            found.append([float(value) for value in features.values()])
        if found:
            political = np.array([float(row["political"] == "yes") for row in rows])
            documents.append(Judged(path.stem, np.array(found), np.zeros(len(found)), political, np.ones(len(found))))
    return documents


def measure_domains(documents: Sequence[Judged]) -> None:
    print("| document | rows | political | listed as political | of these right | of the political found |")
    print("|---|---|---|---|---|---|")
    for document in documents:
        others = [other for other in documents if kind(other.name) != kind(document.name)]
        listed = probabilities(document, fit(others)) >= domains.POLITICAL
        right = document.kept[listed].sum()
        shares = f"{right / max(listed.sum(), 1):.2f} | {right / max(document.kept.sum(), 1):.2f}"
        print(f"| {document.name} | {len(listed)} | {document.kept.mean():.2f} | {listed.sum()} | {shares} |")


def write(weights: Vector, path: Path, names: Iterable[str]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    values = dict(zip(names, weights, strict=True))
    rows = [line.split("\t") for line in lines]
    changed = [[row[0], f"{values[row[0]]:.2f}", *row[2:]] if row[0] in values else row for row in rows]
    path.write_text("\n".join("\t".join(row) for row in changed) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="judged pairs and their units, in turn")
    parser.add_argument("--whole", nargs=2, action="append", default=[], metavar=("LIST", "UNITS"), help="a whole list")
    parser.add_argument("--domains", action="store_true", help="fit what tells political terms from others")
    parser.add_argument("--write", action="store_true", help="put the fitted weights into the package's data")
    arguments = parser.parse_args()
    if len(arguments.files) % 2 and not arguments.domains:
        parser.error("judged pairs and units come in twos")
    if arguments.domains:
        documents, present, path = read_domains([Path(name) for name in arguments.files]), domains.weights(), DOMAINS
        measure_domains(documents)
        weights = fit(documents)
    else:
        pairs = zip(arguments.files[::2], arguments.files[1::2], strict=True)
        documents = [read(Path(judged), units, whole=False) for judged, units in pairs]
        documents += [read(Path(judged), units, whole=True) for judged, units in arguments.whole]
        present, path = termhood.weights(), DATA
        measure(documents)
        weights = fit_terms(documents)
    for name, weight, shipped in zip(present, weights, present.values(), strict=True):
        print(f"{name}: {weight:.2f} (is {shipped:.2f})")
    if arguments.write:
        write(weights, path, present)


if __name__ == "__main__":
    main()
