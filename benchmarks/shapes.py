"""What leaving out each factor of ``glossary/data/shapes.tsv`` costs, or each constant of the lexicon and of nests.

    python benchmarks/shapes.py --coinages GOLD.csv REPORT... --folders FOLDER... [--write]     # a quarter of an hour
    python benchmarks/shapes.py --constants --coinages GOLD.csv REPORT... --folders FOLDER...

REPORT and FOLDER are folders with ``zh.txt`` and ``en.txt``; the first are measured by one list, the others by their
own ``terms.csv`` (see terms.py), and the sample by its gold. For each factor, set to what the column ``without`` has,
the gold pairs found by all lists together are counted, in their first 200 rows and in as many rows as the lists have
with it. Costs are pairs found fewer without the factor: a negative number is a gain. --write puts them into the table.
With --constants the strengths of ``glossary.words.lexicon`` are set to 0 and the factors of nests
(``glossary.mining.ranking``) to 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from terms import GoldTerm, coverage, glossary_rows, read_folder, read_gold, read_units  # noqa: E402

from glossary.mining import candidates, ranking  # noqa: E402
from glossary.mining.extraction import extract_terms  # noqa: E402
from glossary.words import lexicon  # noqa: E402
from tmx.model import TranslationUnit  # noqa: E402

TABLE = Path(candidates.__file__).parents[1] / "data" / "shapes.tsv"
SAMPLE = Path(__file__).parents[1] / "tests" / "gold"
FIRST = 200
STRENGTHS = (
    *("BACKED_OFF", "LISTED", "LISTED_PART", "LISTED_TOO", "LISTED_INSIDE", "NAMED", "NUMBERED", "SAME_LETTERS"),
    *("SAME_DIGITS", "HUNDRED", "CHARACTER_SHARE", "OF_PLACE", "OF_PART", "OF_BEGINNING", "VECTOR_SLOPE"),
)
NESTS = (
    "ENCLOSED_ALONE",
    "ENCLOSED_STANDING",
    "MOSTLY_ENCLOSED",
    "PADDING",
    "SELDOM_PADDING",
    "OFTEN_PADDING",
    "OVERLAP",
)

Texts = Sequence[tuple[Sequence[TranslationUnit], Sequence[GoldTerm]]]
Counts = tuple[list[int], int, int]  # rows of each list, pairs found in the first rows, in all

_texts: Texts = ()


def counts(name: str, value: float, rows: Sequence[int] = ()) -> Counts:
    """Return what is found with a factor at another value, in as many rows as given of each list."""
    for known in (candidates._opening, candidates._closing, candidates._single):
        known.cache_clear()
    if name in candidates.FACTORS:
        candidates.FACTORS[name] = value
    elif name:
        setattr(lexicon if name in STRENGTHS else ranking, name, value)
    lengths, first, every = [], 0, 0
    for number, (units, gold) in enumerate(_texts):
        found = glossary_rows(extract_terms(units))
        lengths.append(len(found))
        text = "\n".join(unit.source for unit in units)
        result = coverage(found[: rows[number]] if rows else found, gold, text, FIRST)
        first += result.found_first
        every += result.found
    return lengths, first, every


def measure(task: tuple[str, float, Sequence[int]]) -> Counts:
    """Return what one factor left out leaves."""
    return counts(*task)


def main(argv: Sequence[str] | None = None) -> None:
    global _texts
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--coinages", type=Path, nargs="+", required=True)
    parser.add_argument("--folders", type=Path, nargs="+", required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--constants", action="store_true")
    args = parser.parse_args(argv)
    _texts = [
        (read_units(SAMPLE / "sample-alignment.tsv"), read_gold(SAMPLE / "sample-terms.csv")),
        *((read_folder(folder), read_gold(args.coinages[0])) for folder in args.coinages[1:]),
        *((read_folder(folder), read_gold(folder / "terms.csv")) for folder in args.folders),
    ]
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    left_out = [(row[0], float(row[2])) for row in rows]
    if args.constants:
        left_out = [*((name, 0.0) for name in STRENGTHS), *((name, 1.0) for name in NESTS)]
    lengths, first, every = counts("", 0.0)
    print(f"with all: {first} in the first {FIRST} rows, {every} in {sum(lengths)}")
    # A process for each factor, since shapes of words are kept once worked out.
    measured: dict[str, str] = {}
    with get_context("fork").Pool(2, maxtasksperchild=1) as workers:
        tasks = [(name, value, lengths) for name, value in left_out]
        for (name, _), (_, other_first, other) in zip(left_out, workers.imap(measure, tasks), strict=True):
            measured[name] = f"{first - other_first}, {every - other}"
            print(f"{name:24}{measured[name]}", flush=True)
    if args.write and not args.constants:
        table = [
            "\t".join([*line.split("\t")[:3], measured[line.split("\t")[0]], line.split("\t")[-1]])
            if line and not line.startswith("#")
            else line
            for line in lines
        ]
        TABLE.write_text("\n".join(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
