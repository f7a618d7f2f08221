"""Score glossary extraction against a hand-made list of terms.

    python benchmarks/terms.py GOLD.csv UNITS.tsv [--strictness wide] [--verbose]
    python benchmarks/terms.py GOLD.csv --pair ZH.txt EN.txt LINKS.tsv
    python benchmarks/terms.py FOLDER...                          # each with zh.txt, en.txt and terms.csv
    python benchmarks/terms.py FOLDER... --pooled GOLD.csv        # one glossary of all, one list
    python benchmarks/terms.py FOLDER... --judged JUDGED.tsv...   # rows that readers judged

UNITS.tsv has three columns (id, Chinese, English). With --pair the units are put together from two texts, one piece
a line, and the list of the line numbers that belong together (Chinese TAB English, 1-based, commas between).

GOLD.csv has the columns zh, en, en_variants, zh_variants (variants separated by ";") and must (0 or 1).

The matching rule: a row of the glossary is a Chinese form (main term or variant) with one listed English rendering.
It is right if some gold row has that Chinese, as its term or as a variant, and that English, as its rendering or
as a variant; articles, case and the shape of quotation marks are ignored and nothing else. Every row counts towards
the limits: an entry with two variants and two renderings is six rows.

- recall: gold rows with must=1 that at least one glossary row hits, as a share of all gold rows with must=1;
- listed precision: rows that hit any gold row, as a share of the first k rows;
- found: with folders, the gold rows that any row of the whole default list hits, as a share of all whose Chinese stands
  in the text (rows with must=0 aside); the same among the first 500 rows; and of those missed how many are listed
  with another rendering;
- right: with --judged, the verdicts of those rows of the first 100, and of the whole list, that readers judged
  (columns doc, the name of the folder, zh, en and verdict: right, doubtful or wrong);
- pairing: the extractor is handed each gold Chinese term (term and variants) and names one English span for it.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from glossary.mining.extraction import ExtractionOptions, extract_terms, render_terms
from glossary.model import Glossary
from tmx import bitext as bitexts
from tmx.errors import FormatError, ToolError
from tmx.memory import build_document
from tmx.model import TranslationUnit
from tmx.readers import ReadOptions
from tmx.readers.collection import Input

GOLD_COLUMNS = ("zh", "en", "en_variants", "zh_variants", "must")
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": None, "”": None, '"': None})
CHINESE_QUOTES = str.maketrans(dict.fromkeys("“”‘’\"'「」『』《》 \u3000"))


@dataclass(frozen=True, slots=True)
class GoldTerm:
    """One row of the gold list, as keys."""

    term: str
    source: frozenset[str]
    target: frozenset[str]
    must: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """What ``score`` counts. ``rows`` is the number of glossary rows looked at."""

    rows: int
    recall: float
    recall_top: float
    precision: tuple[tuple[int, float], ...]
    missed: tuple[str, ...]
    wrong: tuple[tuple[int, str, str], ...]


def source_key(text: str) -> str:
    """Return the Chinese key: quotation marks and spaces left out."""
    return text.translate(CHINESE_QUOTES)


def target_key(text: str) -> str:
    """Return the English key: lower case, straight quotes, no double quotes, no articles.

    >>> target_key("The Party’s leadership")
    "party's leadership"
    """
    words = text.translate(QUOTES).lower().split()
    return " ".join(word for word in words if word not in {"a", "an", "the"})


def read_gold(path: Path) -> list[GoldTerm]:
    """Read the gold list."""
    with opened(path) as stream:
        reader = csv.DictReader(stream)
        if missing := [name for name in GOLD_COLUMNS if name not in (reader.fieldnames or ())]:
            raise FormatError(f"{path}: not a gold list: no column {', '.join(missing)}")
        rows = [{name: row[name] or "" for name in GOLD_COLUMNS} for row in reader]
    if not rows:
        raise FormatError(f"{path}: holds no term")
    return [
        GoldTerm(
            row["zh"],
            frozenset(source_key(text) for text in [row["zh"], *row["zh_variants"].split(";")] if text),
            frozenset(target_key(text) for text in [row["en"], *row["en_variants"].split(";")] if text),
            row["must"] == "1",
        )
        for row in rows
    ]


def pairs_of(gold: Iterable[GoldTerm]) -> set[tuple[str, str]]:
    """Return the pairs of Chinese and English, as keys, that the matching rule counts as right."""
    return {(zh, en) for term in gold for zh in term.source for en in term.target}


def read_units(path: Path) -> list[TranslationUnit]:
    """Read translation units from three columns: id, Chinese, English."""
    with opened(path) as stream:
        lines = [(number, line.split("\t")) for number, line in enumerate(stream.read().split("\n"), 1) if line]
    for number, row in lines:
        if len(row) < 3:
            raise FormatError(f"{path}, line {number}: not three columns (id, Chinese, English) apart by tabs")
    return [TranslationUnit(id=row[0], source=row[1], target=row[2], document=path.name) for _, row in lines]


@contextlib.contextmanager
def opened(path: Path) -> Iterator[IO[str]]:
    """Open a text file; what is wrong with it is one line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{path}: not UTF-8 (byte {error.start})") from error


def read_pair(source: Path, target: Path, links: Path) -> list[TranslationUnit]:
    """Put units together from two texts and the line numbers that belong together."""
    with opened(source) as left_text, opened(target) as right_text, opened(links) as link_text:
        chinese, english, pairs = (stream.read().split("\n") for stream in (left_text, right_text, link_text))
    units = []
    for number, line in enumerate(pairs, 1):
        left, _, right = line.partition("\t")
        if not re.fullmatch(r"[\d,]+", left) or not re.fullmatch(r"[\d,]+", right):
            continue
        try:
            zh = "".join(chinese[int(index) - 1].strip() for index in left.split(","))
            en = " ".join(english[int(index) - 1].strip() for index in right.split(","))
        except (IndexError, ValueError) as error:
            raise FormatError(f"{links}, line {number}: {line!r} names a line that is not there") from error
        units.append(TranslationUnit(id=f"{number:05d}", source=zh, target=en, document=source.parent.name))
    return units


def read_folder(folder: Path) -> list[TranslationUnit]:
    """Align ``zh.txt`` and ``en.txt`` of a folder as a build does; a year in its name dates a text without a date."""
    paths = folder / "zh.txt", folder / "en.txt"
    for path in paths:
        if not path.is_file():
            raise FormatError(f"{path}: is not there; a folder holds zh.txt and en.txt")
    bitext = bitexts.load(Input(folder.name, paths, ("source", "target")), ReadOptions())
    year = re.search(r"(?:19|20)\d\d$", folder.name)
    dated = [replace(unit, date=unit.date or (year.group() if year else "")) for unit in build_document(bitext).units]
    if not dated:
        raise FormatError(f"{folder}: holds no unit")
    return dated


@dataclass(frozen=True, slots=True)
class Found:
    """How many gold rows a glossary has: of ``gold`` rows whose Chinese stands in the text ``found`` in the whole list
    and ``found_first`` among the first rows; ``otherwise`` are listed with another rendering only."""

    gold: int
    found: int
    found_first: int
    otherwise: int
    missed: tuple[str, ...]


def coverage(rows: Sequence[tuple[str, str]], gold: Iterable[GoldTerm], text: str, first: int = 500) -> Found:
    """Count which gold rows the rows of a glossary hit; ``text`` is all the Chinese."""
    keyed = [(source_key(zh), target_key(en)) for zh, en in rows]
    places: dict[tuple[str, str], int] = {}
    for rank, pair in enumerate(keyed):
        places.setdefault(pair, rank)
    listed = {zh for zh, _ in keyed}
    plain = source_key(text)
    wanted = [term for term in gold if term.must and any(form in plain for form in term.source)]
    last = len(rows)
    ranks = [min((places.get((z, e), last) for z in term.source for e in term.target), default=last) for term in wanted]
    missed = [term for term, rank in zip(wanted, ranks, strict=True) if rank == last]
    return Found(
        len(wanted),
        len(wanted) - len(missed),
        sum(rank < min(first, last) for rank in ranks),
        sum(not listed.isdisjoint(term.source) for term in missed),
        tuple(term.term for term in missed),
    )


def verdicts(paths: Iterable[Path]) -> dict[tuple[str, str, str], str]:
    """Read judged rows: document, Chinese and English key -> right, doubtful or wrong."""
    found = {}
    for path in paths:
        with opened(path) as stream:
            for number, row in enumerate(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
                if not all(row.get(name) for name in ("doc", "zh", "en", "verdict")):
                    raise FormatError(f"{path}, line {number}: a judged row has doc, zh, en and verdict")
                found[row["doc"], source_key(row["zh"]), target_key(row["en"])] = row["verdict"]
    return found


def judged_rows(
    glossary: Glossary, document: str, judged: dict[tuple[str, str, str], str], first: int = 100
) -> tuple[list[str], list[str]]:
    """Return the verdicts of the judged entries (Chinese with preferred English) of the first ones, and of all."""
    keys = [(document, source_key(entry.term), target_key(entry.preferred.text)) for entry in glossary.entries]
    return [judged[key] for key in keys[:first] if key in judged], [judged[key] for key in keys if key in judged]


def glossary_rows(glossary: Glossary) -> list[tuple[str, str]]:
    """Return the rows of a glossary in order: every Chinese form with every listed rendering, each row once."""
    rows = [
        (form, rendering.text)
        for entry in glossary.entries
        for form in [entry.term, *(variant.text for variant in entry.variants)]
        for rendering in entry.renderings
    ]
    return list(dict.fromkeys(rows))


def score(rows: Sequence[tuple[str, str]], gold: Iterable[GoldTerm], limit: int = 650, top: int = 200) -> Scores:
    """Score rows, best first, against the gold list by the matching rule above."""
    terms = list(gold)
    keyed = [(source_key(zh), target_key(en)) for zh, en in rows[:limit]]
    right = pairs_of(terms)
    hits = [pair in right for pair in keyed]
    must = [term for term in terms if term.must]

    def found(term: GoldTerm, count: int) -> bool:
        return not pairs_of([term]).isdisjoint(keyed[:count])

    return Scores(
        rows=len(keyed),
        recall=sum(found(term, limit) for term in must) / max(len(must), 1),
        recall_top=sum(found(term, top) for term in must) / max(len(must), 1),
        precision=tuple((k, sum(hits[:k]) / k) for k in (25, 50, 100, 150, 200)),
        missed=tuple(term.term for term in must if not found(term, limit)),
        wrong=tuple((rank, *rows[rank]) for rank, hit in enumerate(hits) if not hit),
    )


def pairing_accuracy(
    units: Sequence[TranslationUnit], gold: Sequence[GoldTerm], options: ExtractionOptions
) -> tuple[float, float, list[tuple[str, str]]]:
    """Return the accuracy over all gold terms, over must-terms, and the terms that got a wrong rendering."""
    given = render_terms(
        units, [sorted(term.source, key=lambda key: (key != source_key(term.term), key)) for term in gold], options
    )
    right = [target_key(english) in term.target for term, english in zip(gold, given, strict=True)]
    must = [hit for hit, term in zip(right, gold, strict=True) if term.must]
    wrong = [(term.term, english) for hit, term, english in zip(right, gold, given, strict=True) if not hit]
    return sum(right) / len(right), sum(must) / max(len(must), 1), wrong


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="the list; or a folder")
    parser.add_argument("units", type=Path, nargs="*", help="the units; or further folders")
    parser.add_argument("--pair", type=Path, nargs=3, metavar=("ZH", "EN", "LINKS"))
    parser.add_argument("--strictness", choices=("strict", "balanced", "wide"), default="balanced")
    parser.add_argument("--pooled", type=Path, metavar="GOLD", help="make one glossary of all folders, score this list")
    parser.add_argument("--judged", type=Path, nargs="+", default=[], help="rows that readers judged")
    parser.add_argument("--limit", type=int, default=650)
    parser.add_argument("--top", type=int, default=200)
    parser.add_argument("--no-word-list", action="store_true", help="leave the word list out, to measure its gain")
    parser.add_argument("--no-official", action="store_true", help="leave the official renderings out, likewise")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="also list what was missed and what was wrong")
    args = parser.parse_args(argv)
    folders = args.gold.is_dir()
    if not folders and (len(args.units) == 1) == (args.pair is not None):
        parser.error("give UNITS.tsv, or --pair ZH.txt EN.txt LINKS.tsv, or folders alone")
    try:
        (run_folders if folders else run)(args)
        sys.stdout.flush()
    except ToolError as error:
        print(f"terms: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def run_folders(args: argparse.Namespace) -> None:
    """Print a line for each folder, or one for all together."""
    judged = verdicts(args.judged)
    folders = [args.gold, *args.units]
    pooled = [folders] if args.pooled else [[folder] for folder in folders]
    print("| text | units | seconds | entries | rows | gold | found | in 500 | other English | 100 right | all right |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for group in pooled:
        units = [unit for folder in group for unit in read_folder(folder)]
        start = time.perf_counter()
        glossary = extract_terms(units, _options(args))
        seconds = time.perf_counter() - start
        rows = glossary_rows(glossary)
        name = f"{group[0].name} ... {group[-1].name}" if args.pooled else group[0].name
        row = [name, len(units), f"{seconds:.1f}", len(glossary.entries), len(rows)]
        gold = args.pooled or group[0] / "terms.csv"
        missed: tuple[str, ...] = ()
        if args.pooled or gold.exists():
            found = coverage(rows, read_gold(gold), "\n".join(unit.source for unit in units))
            missed = found.missed
            shares = [f"{count / max(found.gold, 1):.3f}" for count in (found.found, found.found_first)]
            row += [found.gold, *shares, found.otherwise]
        else:
            row += [""] * 4
        row += [_right(part) for part in judged_rows(glossary, name, judged)]
        print(f"| {' | '.join(map(str, row))} |", flush=True)
        if args.verbose and missed:
            print("missed:", *missed, sep="\n  ")


def _options(args: argparse.Namespace) -> ExtractionOptions:
    return ExtractionOptions(
        strictness=args.strictness, use_word_list=not args.no_word_list, use_official=not args.no_official
    )


def _right(found: Sequence[str]) -> str:
    return f"{found.count('right') / len(found):.3f} of {len(found)}" if found else ""


def run(args: argparse.Namespace) -> None:
    gold = read_gold(args.gold)
    units = read_pair(*args.pair) if args.pair else read_units(args.units[0])
    if not units:
        raise FormatError(f"{args.units[0] if args.units else args.pair[2]}: holds no unit")
    options = _options(args)
    start = time.perf_counter()
    glossary = extract_terms(units, options)
    seconds = time.perf_counter() - start
    scores = score(glossary_rows(glossary), gold, args.limit, args.top)
    pairing, pairing_must, unpaired = pairing_accuracy(units, gold, options)
    result = {
        "units": len(units),
        "seconds": round(seconds, 2),
        "entries": len(glossary.entries),
        "rows": scores.rows,
        f"must_recall@{args.limit}": round(scores.recall, 3),
        f"must_recall@{args.top}": round(scores.recall_top, 3),
        **{f"listed_precision@{k}": round(value, 3) for k, value in scores.precision},
        "pairing": round(pairing, 3),
        "pairing_must": round(pairing_must, 3),
    }
    print(json.dumps(result) if args.json else "\n".join(f"{name:24}{value}" for name, value in result.items()))
    if args.verbose:
        print("missed:", *scores.missed, sep="\n  ")
        print(
            "rows that hit no gold row:", *(f"{rank:4} {zh}  {en}" for rank, zh, en in scores.wrong[:150]), sep="\n  "
        )
        print("wrongly paired:", *(f"{zh}  {en}" for zh, en in unpaired), sep="\n  ")


if __name__ == "__main__":
    sys.exit(main())
