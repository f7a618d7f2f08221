"""How much sooner the review queue shows errors than reading from top to bottom.

    python benchmarks/review_order.py [FOLDER]

FOLDER holds documents with gold alignments, one folder each: ``zh.txt``, ``en.txt`` (a sentence a line) and
``links.tsv`` (line numbers from 1, ``-`` for none). Each document is aligned; a row is an error if gold has not
exactly that bead. Printed: the share of all errors among the first 10 % of rows, in document order and in the order
of the queue: for each document, then summed over them (each read by itself), then for all of them in one queue as
the review page shows them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from duiyi.review.queue import expected_gain
from duiyi.review.rows import Row
from tmx.alignment.aligner import align
from tmx.model import Sentence

SHARED = Path(__file__).parents[2] / "shared" / "bench" / "alignment"
FIRST = 0.1


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def gold(path: Path) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    links = set()
    for line in lines(path):
        sides = line.split("\t")[:2]
        source, target = (tuple(sorted(int(n) - 1 for n in s.split(",") if n.strip("-"))) for s in sides)
        links.add((source, target))
    return links


def judged(folder: Path) -> tuple[list[float], list[bool]]:
    """Align a document; return the gain the queue expects of each row, and whether the row is wrong."""
    sentences = "sent." if (folder / "sent_links.tsv").exists() else ""
    source, target = lines(folder / f"{sentences}zh.txt"), lines(folder / f"{sentences}en.txt")
    right = gold(folder / ("sent_links.tsv" if sentences else "links.tsv"))
    sides = [[Sentence(text, number, 0, len(text)) for number, text in enumerate(s)] for s in (source, target)]
    rows, wrong = [], []
    for bead in align(source, target):
        rows.append(Row(tuple(sides[0][slice(*bead.source)]), tuple(sides[1][slice(*bead.target)]), bead.confidence))
        wrong.append((tuple(range(*bead.source)), tuple(range(*bead.target))) not in right)
    return expected_gain(rows), wrong


def found(order: list[int], wrong: list[bool]) -> int:
    """Return how many errors are among the first rows of an order."""
    return sum(wrong[index] for index in order[: max(1, round(FIRST * len(order)))])


def counts(gains: list[float], wrong: list[bool]) -> tuple[int, int]:
    """Return how many errors the first rows show: in document order, in the order of the queue."""
    queue = sorted(range(len(wrong)), key=lambda index: (-gains[index], index))
    return found(list(range(len(wrong))), wrong), found(queue, wrong)


def report(name: str, rows: int, errors: int, in_order: int, queued: int) -> None:
    share = [count / errors if errors else 0.0 for count in (in_order, queued)]
    times = f"{queued / in_order:6.1f} x" if in_order else "      – "
    print(f"{name:20} {rows:6} {errors:6} {share[0]:9.3f} {share[1]:7.3f} {times}", flush=True)


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    print(f"{'document':20} {'rows':>6} {'errors':>6} {'in order':>9} {'queue':>7}")
    every: tuple[list[float], list[bool]] = ([], [])
    summed = [0, 0]
    for folder in sorted(path for path in root.iterdir() if (path / "links.tsv").exists()):
        gains, wrong = judged(folder)
        shown = counts(gains, wrong)
        report(folder.name, len(wrong), sum(wrong), *shown)
        every[0].extend(gains)
        every[1].extend(wrong)
        summed = [summed[0] + shown[0], summed[1] + shown[1]]
    report("summed", len(every[1]), sum(every[1]), summed[0], summed[1])
    report("all in one queue", len(every[1]), sum(every[1]), *counts(*every))


if __name__ == "__main__":
    main()
