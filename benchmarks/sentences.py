"""Measure segmentation, numbers and checks on hand-aligned documents.

    python benchmarks/sentences.py ../shared/bench [--show boundaries|checks] [--speed]

A document is a folder with links.tsv (line numbers, 1-based: Chinese TAB English, commas between, - for none),
zh.txt and en.txt; where sent_links.tsv, sent.zh.txt and sent.en.txt are there, these are taken. For segmentation the
running text is joined.zh.txt and joined.en.txt, or zh.txt and en.txt where the sentences stand in files of their own.

- boundaries: the ends of sentences inside the paragraphs; recall and precision against the sentences of the document;
- false alarms: hand-aligned units with a flag, all of which a reader would have to look at in vain, or nearly so;
- catches: the same units damaged on purpose, and the share of them that get the flag;
- speed: sentences a second of processor time, and the time of 10 MB in one line as a multiple of 1 MB in one line.
"""

from __future__ import annotations

import argparse
import itertools
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tmx.checks import check
from tmx.languages import CHINESE, ENGLISH, joiner
from tmx.model import TranslationUnit
from tmx.numbers import find
from tmx.segmentation import segment

SIDES = (("zh", CHINESE), ("en", ENGLISH))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def documents(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.rglob("links.tsv"))


def units(document: Path) -> Iterator[TranslationUnit]:
    """Yield the hand-aligned units with two sides."""
    before = "sent" if (document / "sent_links.tsv").exists() else ""
    texts = [lines(document / (f"{before}.{side}.txt" if before else f"{side}.txt")) for side, _ in SIDES]
    for row in lines(document / (f"{before}_links.tsv" if before else "links.tsv")):
        numbers = row.split("\t")[:2]
        if "-" in numbers or len(numbers) < 2:
            continue
        source, target = (
            joiner(tag).join(text[int(number) - 1].strip() for number in some.split(","))
            for (_, tag), text, some in zip(SIDES, texts, numbers, strict=True)
        )
        yield TranslationUnit(f"{document.name}:{row}", source, target)


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


def with_wrong_figure(unit: TranslationUnit) -> TranslationUnit | None:
    """Change the last figure of a number of two or more figures which both sides hold."""
    shared = {one.value for one in find(unit.source, CHINESE)} & {one.value for one in find(unit.target, ENGLISH)}
    for one in find(unit.target, ENGLISH):
        written = unit.target[one.start : one.end]
        if one.value in shared and one.kind == "number" and re.fullmatch("[0-9]{2,}", written):
            changed = written[:-1] + str((int(written[-1]) + 1) % 10)
            return replace(unit, target=unit.target[: one.start] + changed + unit.target[one.end :])
    return None


def without_second_half(unit: TranslationUnit) -> TranslationUnit | None:
    words = unit.target.split()
    return replace(unit, target=" ".join(words[: len(words) // 2])) if len(words) >= 12 else None


def without_closing_mark(unit: TranslationUnit) -> TranslationUnit | None:
    balanced = unit.target.count("“") == unit.target.count("”") == 1 or unit.target.count('"') == 2
    place = max(unit.target.rfind("”"), unit.target.rfind('"'))
    return replace(unit, target=unit.target[:place] + unit.target[place + 1 :]) if balanced else None


def untranslated(unit: TranslationUnit) -> TranslationUnit | None:
    return replace(unit, target=unit.source) if len(unit.source) >= 8 else None


DAMAGES: tuple[tuple[str, str, Callable[[TranslationUnit], TranslationUnit | None]], ...] = (
    ("numbers-differ", "one figure changed", with_wrong_figure),
    ("cut-off", "second half left out", without_second_half),
    ("quotes-unpaired", "closing mark left out", without_closing_mark),
    ("untranslated", "Chinese left standing", untranslated),
)


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


def report_checks(folder: Path, show: bool) -> None:
    flags: Counter[str] = Counter()
    found: dict[str, list[bool]] = {}
    count = flagged = 0
    for document in documents(folder):
        some = list(units(document))
        count += len(some)
        for unit in some:
            alarms = check(unit)
            flags.update(alarms)
            flagged += bool(alarms)
            if alarms and show:
                print(f"    {', '.join(alarms)}: {unit.id}: {unit.source} | {unit.target}")
            for flag, damage, spoil in DAMAGES:
                spoilt = spoil(unit)
                if spoilt is not None:
                    found.setdefault(f"{flag}: {damage}", []).append(flag in check(spoilt))
        for unit, other in itertools.pairwise(some):
            found.setdefault("any flag: paired with the next translation", []).append(
                bool(check(replace(unit, target=other.target)))
            )
    print(f"\nfalse alarms on {count} units: {flagged} ({flagged / count:.2%}) have a flag")
    for flag, alarms_of_flag in sorted(flags.items()):
        print(f"  {flag:18} {alarms_of_flag:4d} {alarms_of_flag / count:7.2%}")
    print("caught of the damaged units")
    for name, hits in sorted(found.items()):
        print(f"  {name:45} {sum(hits):5d} of {len(hits):5d} {sum(hits) / len(hits):7.1%}")


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
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", choices=["boundaries", "checks"])
    parser.add_argument("--speed", action="store_true")
    args = parser.parse_args()
    report_boundaries(args.folder, args.show == "boundaries")
    report_checks(args.folder, args.show == "checks")
    if args.speed:
        report_speed(args.folder)


if __name__ == "__main__":
    main()
