"""Measure the memory half on running text: read, healed, segmented and aligned, against gold that counts characters.

    python benchmarks/texts.py ../shared/bench/bitext ../shared/bench/alignment

A folder holds ``zh.txt`` and ``en.txt`` (one paragraph a line) and ``links.tsv``. If it holds ``joined.zh.txt`` and
``joined.en.txt``, these are the text, paragraphs put together from the sentences of ``zh.txt`` and ``en.txt`` which
``joined_links.tsv`` names; if it holds ``sent_links.tsv``, gold links the sentences of ``sent.zh.txt`` and
``sent.en.txt``.

A unit is *inside* if all its text belongs to one gold link, as it should where gold links paragraphs. It is *whole* if
it is made of whole gold links, as it should be where gold links sentences. A link with an empty side is in no unit
that is either. All shares are of characters without spaces, both sides weighing the same.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parents[1]))

from alignment import lines

from tmx import bitext as bitexts
from tmx.alignment.beads import read_links
from tmx.memory import build_document
from tmx.model import AlignedDocument
from tmx.readers import ReadOptions
from tmx.readers.collection import Input

SIDES = (("source", "zh"), ("target", "en"))
Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Text:
    """A document and its gold: for each character of either side the number of its link, -1 where it has none."""

    name: str
    paths: tuple[Path, Path]
    characters: tuple[str, str]
    gold: tuple[list[int], list[int]]
    pairs: frozenset[int]


def read_text(folder: Path) -> Text:
    joined, sentences = (folder / "joined_links.tsv").exists(), (folder / "sent_links.tsv").exists()
    links = read_links(folder / ("joined_links.tsv" if joined else "sent_links.tsv" if sentences else "links.tsv"))
    paths = tuple(folder / f"{'joined.' if joined else ''}{language}.txt" for _, language in SIDES)
    characters, gold = [], []
    for side, (_, language) in enumerate(SIDES):
        pieces = lines(folder / f"{'sent.' if sentences else ''}{language}.txt")
        number = {piece: link for link, pair in enumerate(links) for piece in pair[side]}
        kept = [piece for piece in range(len(pieces)) if not joined or piece in number]
        gold.append([number.get(piece, -1) for piece in kept for _ in range(len(bare(pieces[piece])))])
        characters.append(bare(paths[side].read_text(encoding="utf-8")))
        if "".join(bare(pieces[piece]) for piece in kept) != characters[side]:
            raise SystemExit(f"{paths[side]}: is not the text that gold links")
    pairs = frozenset(number for number, link in enumerate(links) if all(link))
    return Text(folder.name, (paths[0], paths[1]), (characters[0], characters[1]), (gold[0], gold[1]), pairs)


def bare(text: str) -> str:
    return "".join(text.split())


def build(text: Text) -> AlignedDocument:
    return build_document(bitexts.load(Input(text.name, text.paths, ("source", "target")), ReadOptions()))


LEFT_OUT = 0.02  # share of a text that its reader may leave out: marks of notes, numbers of lines


def as_read(text: Text, document: AlignedDocument) -> Text:
    """Return the text without the characters that the reader of the document left out."""
    characters, golds = [], []
    for side, (name, _) in enumerate(SIDES):
        read = "".join(bare(sentence.text) for sentence in getattr(document, name))
        gold, rest = [], iter(zip(text.characters[side], text.gold[side], strict=True))
        for character in read:
            number = next((number for own, number in rest if own == character), None)
            if number is None:
                raise SystemExit(f"{text.paths[side]}: reading added text")
            gold.append(number)
        if len(text.gold[side]) - len(gold) > LEFT_OUT * len(text.gold[side]):
            raise SystemExit(f"{text.paths[side]}: reading left out text")
        characters.append(read)
        golds.append(gold)
    return replace(text, characters=(characters[0], characters[1]), gold=(golds[0], golds[1]))


@dataclass(frozen=True)
class Unit:
    """A bead as characters of either side, half-open, and what gold says of it."""

    spans: tuple[tuple[int, int], tuple[int, int]]
    inside: bool
    whole: bool


def judge(text: Text, document: AlignedDocument) -> list[Unit]:
    """Return the beads of the document, one-sided ones (neither inside nor whole) too; ``text`` is as it was read."""
    starts = [[0, *accumulate(len(bare(sentence.text)) for sentence in getattr(document, name))] for name, _ in SIDES]
    sizes = [np.bincount([number for number in gold if number >= 0], minlength=len(text.pairs)) for gold in text.gold]
    units = []
    for bead in document.beads:
        ranges = bead.source, bead.target
        spans = [(starts[side][first], starts[side][last]) for side, (first, last) in enumerate(ranges)]
        held = [text.gold[side][slice(*spans[side])] for side in (0, 1)]
        touched = set(held[0]) | set(held[1])
        good = all(held) and touched <= text.pairs
        whole = good and all(len(held[side]) == sum(sizes[side][number] for number in touched) for side in (0, 1))
        units.append(Unit((spans[0], spans[1]), good and len(touched) == 1, whole))
    return units


def shares(units: Sequence[Unit], text: Text) -> Counts:
    """Return the number of units, of those inside, and shares of text: inside, whole, unaligned zh and en, by gold."""
    pairs = [unit for unit in units if all(last > first for first, last in unit.spans)]
    total = [len(gold) for gold in text.gold]

    def share(chosen: Iterable[Unit], side: int) -> float:
        return sum(unit.spans[side][1] - unit.spans[side][0] for unit in chosen) / total[side]

    return np.array(
        [
            len(pairs),
            sum(unit.inside for unit in pairs),
            *(
                sum(share([unit for unit in pairs if getattr(unit, name)], side) for side in (0, 1)) / 2
                for name in ("inside", "whole")
            ),
            *(1 - share(pairs, side) for side in (0, 1)),
            *(sum(number not in text.pairs for number in text.gold[side]) / total[side] for side in (0, 1)),
        ]
    )


def show(text: Text, document: AlignedDocument, units: Sequence[Unit]) -> None:
    """Print the beads that are neither inside nor whole, in order, with the borders of gold in them."""
    for bead, unit in zip(document.beads, units, strict=True):
        known = any(set(text.gold[side][slice(*unit.spans[side])]) & text.pairs for side in (0, 1))
        if unit.inside or unit.whole or not known:
            continue
        print(f"\n{text.name} {bead.shape} {bead.confidence:.2f}")
        for side, (name, _) in enumerate(SIDES):
            signs = bare("".join(sentence.text for sentence in getattr(document, name)))
            first, last = unit.spans[side]
            cuts = [place for place in range(first + 1, last) if text.gold[side][place] != text.gold[side][place - 1]]
            edges = [first - 1 >= 0 and text.gold[side][first - 1] == text.gold[side][first] if first < last else False]
            edges.append(last < len(signs) and first < last and text.gold[side][last - 1] == text.gold[side][last])
            pieces = [signs[a:b] for a, b in pairwise([first, *cuts, last])]
            print("  " + "<" * edges[0] + " | ".join(pieces) + ">" * edges[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--documents", default="", help="only documents whose name begins so")
    parser.add_argument("--show", action="store_true", help="print the units that are neither inside nor whole")
    arguments = parser.parse_args()
    groups: defaultdict[str, list[Counts]] = defaultdict(list)
    print("| text | units | inside | text inside | text whole | unaligned zh | en | in gold zh | en |")
    print("|---|---|---|---|---|---|---|---|---|")
    for place in sorted(place for folder in arguments.folders for place in folder.iterdir() if place.is_dir()):
        if place.name.startswith(arguments.documents):
            text = read_text(place)
            document = build(text)
            text = as_read(text, document)
            units = judge(text, document)
            groups[re.sub(r"[-_]?\d+$", "", place.name)].append(shares(units, text))
            if arguments.show:
                show(text, document, units)
    for name, found in groups.items():
        total = np.array(found)
        row = [*total[:, :2].sum(axis=0).astype(int), *(f"{value:.4f}" for value in total[:, 2:].mean(axis=0))]
        print(f"| {name} | {' | '.join(map(str, row))} |")


if __name__ == "__main__":
    main()
