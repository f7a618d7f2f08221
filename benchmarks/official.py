"""How often do parallel texts render official names and coinages as the list of official renderings says?

    python benchmarks/official.py FOLDER ...

A FOLDER holds zh.txt and en.txt, one piece a line, and links.tsv if the lines do not answer one another one by one
(Chinese line numbers TAB English ones, 1-based, commas between, - for none). An occurrence is a form of the list in a
unit, the longest where forms overlap; it is rendered officially if the English of the unit has one of its renderings,
of whatever year, capitals, punctuation and a plural s aside.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from glossary.keys import flat
from glossary.words.official import official_key, table


def units(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the Chinese and the English of each unit."""
    chinese, english = (
        (folder / name).read_text(encoding="utf-8").rstrip("\n").split("\n") for name in ("zh.txt", "en.txt")
    )
    links = folder / "links.tsv"
    if not links.exists():
        if len(chinese) != len(english):
            raise SystemExit(
                f"{folder}: zh.txt has {len(chinese)} lines, en.txt {len(english)}, and there is no links.tsv"
            )
        yield from zip(chinese, english, strict=True)
        return
    for line in links.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        source, target = line.split("\t")
        if "-" not in (source, target):
            yield (
                "".join(chinese[int(number) - 1] for number in source.split(",")),
                " ".join(english[int(number) - 1] for number in target.split(",")),
            )


def counts(folder: Path, keys: list[str], automaton: AhoCorasick) -> tuple[int, int, int]:
    """Return how many occurrences and different forms the texts have, and how many occurrences are official."""
    occurrences, official, forms = 0, 0, set()
    for chinese, english in units(folder):
        text = f" {flat(english)} "
        for key in {keys[found] for found, _, _ in automaton.find_matches_as_indexes(official_key(chinese))}:
            renderings = [flat(rendering.text) for rendering in table()[key]]
            occurrences += 1
            official += any(f" {words} " in text or f" {words}s " in text for words in renderings)
            forms.add(key)
    return occurrences, official, len(forms)


def main() -> None:
    """Print a line for each folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    keys = list(table())
    automaton = AhoCorasick(keys, matchkind=MatchKind.LeftmostLongest)
    for folder in parser.parse_args().folders:
        occurrences, official, forms = counts(folder, keys, automaton)
        share = official / occurrences if occurrences else 0.0
        print(f"{folder.name}: {occurrences} occurrences of {forms} forms, {share:.3f} rendered officially")


if __name__ == "__main__":
    main()
