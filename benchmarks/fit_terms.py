"""Fit the weights by which term candidates are ranked to judged pairs, and show how far they can be trusted.

    python benchmarks/fit_terms.py JUDGED.tsv UNITS [JUDGED.tsv UNITS ...]     # prints what they are worth
    python benchmarks/fit_terms.py JUDGED.tsv UNITS ... --write                # and puts them into the package's data

UNITS is a TMX file or three columns (id, Chinese, English). JUDGED.tsv has three columns, Chinese, English, and how
sure a reader was that a terminologist keeps the pair, 0 to 1, or it is one of ``benchmarks/judged/``. With a hand-made
list (``.csv``, see ``terms.py``) in its place, every candidate of the units counts as judged, kept if it is on the
list. Named twice, a document counts twice. The documents of each kind, which their names tell up to the first hyphen
(gwr-2018 and gwr-2020 are both work reports), are left out in turn, and their pairs are given probabilities by weights
fitted on the others.

    python benchmarks/fit_terms.py --domains JUDGED.tsv ... [--write]

fits the weights by which political terms and names are told from other terms (``glossary.mining.domains``) to the
rows which readers judged right or doubtful; only files with a column ``political`` count.

References:
    Logistic regression with the square of the standardised weights as penalty (Hoerl and Kennard, 1970, for ridge).
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from terms import read_gold, read_units, source_key, target_key  # noqa: E402

from glossary.keys import rendering_key  # noqa: E402
from glossary.mining import domains, termhood  # noqa: E402
from glossary.mining.extraction import ExtractionOptions, ranked_terms  # noqa: E402
from glossary.mining.termtypes import term_type  # noqa: E402
from glossary.words.glosses import dictionary  # noqa: E402
from glossary.words.tokens import segmenter, source_tokens, target_tokens  # noqa: E402
from tmx.tmx14 import read_tmx  # noqa: E402

Vector = npt.NDArray[np.float64]

DATA = Path(termhood.__file__).parents[1] / "data" / "termhood.tsv"
DOMAINS = DATA.with_name("domains.tsv")
PENALTY = 5.0
VERDICTS = {"right": "1", "doubtful": "0.25", "wrong": "0"}
BEST = 100  # pairs looked at as the best of a document, at most a third of those judged
BINS = np.linspace(0, 1, 11)


@dataclass(frozen=True)
class Judged:
    """The judged pairs of one document: features, how they stand in their nest (log odds), and what was judged."""

    name: str
    features: Vector
    nest: Vector
    kept: Vector


def read(judged: Path, units: Path) -> Judged:
    verdicts = _verdicts(judged)
    texts = list(read_tmx(units)) if units.suffix == ".tmx" else read_units(units)
    rows, nest, kept = [], [], []
    for term in ranked_terms(texts, ExtractionOptions()):
        for pair in term.pairs[:2]:
            verdict = verdicts(term.source, pair.target)
            if verdict is not None:
                rows.append([float(value) for value in termhood.features(pair).values()])
                nest.append(math.log(max(term.score, 1e-9) / max(term.pairs[0].score, 1e-9)))
                kept.append(verdict)
    return Judged(units.stem, np.array(rows), np.array(nest), np.array(kept))


def _verdicts(path: Path) -> Callable[[str, str], float | None]:
    if path.suffix == ".csv":
        gold = read_gold(path)
        return lambda zh, en: float(any(source_key(zh) in g.source and target_key(en) in g.target for g in gold))
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    if rows[0][:2] == ["doc", "rank"]:  # the rows of a glossary: benchmarks/judged/README.md
        rows = [[zh, en, VERDICTS[verdict]] for _, _, zh, en, verdict, *_ in rows[1:]]
    table = {(zh, rendering_key(en)): float(verdict) for zh, en, verdict in rows}
    return lambda zh, en: table.get((zh, rendering_key(en)))


def fit(documents: Sequence[Judged]) -> Vector:
    """Return the weights, the constant first."""
    table = np.vstack([document.features for document in documents])
    nest, kept = (np.concatenate([getattr(d, name) for d in documents]) for name in ("nest", "kept"))
    spread = table.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = table / spread
    free = np.arange(table.shape[1]) == 0

    def loss(weights: Vector) -> tuple[float, Vector]:
        scores = scaled @ weights + nest
        found = np.logaddexp(0, scores).sum() - kept @ scores + PENALTY * (weights[~free] ** 2).sum()
        return float(found), scaled.T @ (expit(scores) - kept) + 2 * PENALTY * np.where(free, 0.0, weights)

    found: Vector = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    return found / spread


def kind(name: str) -> str:
    """Return what kind of text a document is, by its name.

    >>> kind("gwr-2018") == kind("gwr-2020")
    True
    """
    return name.partition("-")[0]


def probabilities(document: Judged, weights: Vector) -> Vector:
    found: Vector = expit(document.features @ weights + document.nest)
    return found


def measure(documents: Sequence[Judged]) -> None:
    present = np.array(list(termhood.weights().values()))
    print("| document | judged | kept | of the best kept, weights as they are | fitted on the other documents |")
    print("|---|---|---|---|---|")
    others = []
    once = list({document.name: document for document in documents}.values())
    for document in once:
        found = probabilities(document, fit([other for other in documents if kind(other.name) != kind(document.name)]))
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
            documents.append(Judged(path.stem, np.array(found), np.zeros(len(found)), political))
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
    parser.add_argument("files", type=Path, nargs="+", help="judged pairs and their units, in turn")
    parser.add_argument("--domains", action="store_true", help="fit what tells political terms from others")
    parser.add_argument("--write", action="store_true", help="put the fitted weights into the package's data")
    arguments = parser.parse_args()
    if len(arguments.files) % 2 and not arguments.domains:
        parser.error("judged pairs and units come in twos")
    if arguments.domains:
        documents, present, path = read_domains(arguments.files), domains.weights(), DOMAINS
        measure_domains(documents)
    else:
        documents = [read(*pair) for pair in zip(arguments.files[::2], arguments.files[1::2], strict=True)]
        present, path = termhood.weights(), DATA
        measure(documents)
    weights = fit(documents)
    for name, weight, before in zip(present, weights, present.values(), strict=True):
        print(f"{name}: {weight:.2f} (is {before:.2f})")
    if arguments.write:
        write(weights, path, present)


if __name__ == "__main__":
    main()
