"""Measure segmentation on hand-aligned documents, and its speed with that of reading numbers.

    python benchmarks/sentences.py ../shared/bench [--show] [--speed]

A document is a folder with links.tsv (line numbers, 1-based: Chinese TAB English, commas between, - for none),
zh.txt and en.txt; where sent_links.tsv, sent.zh.txt and sent.en.txt are there, these are taken. For segmentation the
running text is joined.zh.txt and joined.en.txt, or zh.txt and en.txt where the sentences stand in files of their own.

- boundaries: the ends of sentences inside the paragraphs; recall and precision against the sentences of the document;
- speed: sentences a second of processor time, and the time of 10 MB in one line as a multiple of 1 MB in one line.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tmx.languages import CHINESE, ENGLISH, joiner
from tmx.numbers import find
from tmx.segmentation import segment
from tmx.watch import peak_bytes

SIDES = (("zh", CHINESE), ("en", ENGLISH))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def documents(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.rglob("links.tsv"))


def ends(sentences: list[str]) -> set[int]:
    """Return where sentences end, counted without white space."""
    found, place = set(), 0
    for sentence in sentences:
        place += len("".join(sentence.split()))
        found.add(place)
    return found


def boundaries(document: Path, side: str, tag: str, show: bool) -> tuple[int, int, int] | None:
    """Return how many inner boundaries the gold has, how many we make, and how many are the same."""
    own_sentences = (document / f"sent.{side}.txt").exists()
    running = document / (f"{side}.txt" if own_sentences else f"joined.{side}.txt")
    if not running.exists():
        return None
    paragraphs = [line for line in lines(running) if line.strip()]
    whole = "".join("".join(paragraphs).split())
    gold, place = set(), 0
    for sentence in lines(document / (f"sent.{side}.txt" if own_sentences else f"{side}.txt")):
        squeezed = "".join(sentence.split())
        if squeezed and whole.startswith(squeezed, place):  # sentences without a counterpart are not in the text
            place += len(squeezed)
            gold.add(place)
    between = ends(paragraphs)
    ours = ends([text[start:end] for text in paragraphs for start, end in segment(text, tag)]) - between
    gold -= between
    if show:
        for name, places in (("missed", gold - ours), ("extra", ours - gold)):
            for at in sorted(places):
                print(f"    {name}: {whole[max(0, at - 25) : at]} | {whole[at : at + 25]}")
    return len(gold), len(ours), len(gold & ours)


def report_boundaries(folder: Path, show: bool) -> None:
    print("sentence boundaries     gold  ours  same  recall precision")
    for side, tag in SIDES:
        totals = [0, 0, 0]
        for document in documents(folder):
            counts = boundaries(document, side, tag, show)
            if counts is None:
                continue
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
            gold, ours, same = counts
            print(f"{side} {document.name:18} {gold:6d}{ours:6d}{same:6d}  {same / gold:6.4f}   {same / ours:6.4f}")
        gold, ours, same = totals
        print(f"{side} {'in all':18} {gold:6d}{ours:6d}{same:6d}  {same / gold:6.4f}   {same / ours:6.4f}")


def report_speed(folder: Path) -> None:
    print("\nspeed (processor time)")
    for side, tag in SIDES:
        texts = [line for document in documents(folder) for line in lines(document / f"{side}.txt")]
        find(texts[0], tag), segment(texts[0], tag)
        began = time.process_time()
        sentences = [text[start:end] for text in texts for start, end in segment(text, tag)]
        split = time.process_time()
        for sentence in sentences:
            find(sentence, tag)
        ended = time.process_time()
        row = joiner(tag).join(texts)
        row *= 10_000_000 // len(row) + 1
        seconds = []
        for length in (1_000_000, 10_000_000):
            start = time.process_time()
            segment(row[:length], tag)
            seconds.append(time.process_time() - start)
        cut, read = (len(sentences) / taken for taken in (split - began, ended - split))
        print(f"  {side}: segment {cut:,.0f} sentences/s, find {read:,.0f} sentences/s")
        print(f"      10 MB in one line takes {seconds[1] / seconds[0]:.1f} times as long as 1 MB")
    print(f"  peak memory {peak_bytes() / 2**20:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print the boundaries missed and those too many")
    parser.add_argument("--speed", action="store_true")
    args = parser.parse_args()
    report_boundaries(args.folder, args.show)
    if args.speed:
        report_speed(args.folder)


if __name__ == "__main__":
    main()
