"""Measure the aligner on a folder of documents: accuracy, omissions, calibration, speed and memory, in one table.

    python benchmarks/alignment.py ../shared/bench/alignment
    python benchmarks/alignment.py ../shared/bench/alignment --only accuracy --documents mac-

A document is a folder with ``zh.txt`` and ``en.txt`` (one sentence a line) and ``links.tsv`` (gold; counted from 1), or
with ``sent.zh.txt``, ``sent.en.txt`` and ``sent_links.tsv`` if the first three are paragraphs. Each part runs in a
process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import itertools
import math
import multiprocessing
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.beads import Link, links, read_links
from tmx.alignment.evaluation import Score, score
from tmx.model import Bead
from tmx.watch import peak_bytes

CUTS = (0.02, 0.10, 0.30)
AFTER = 5  # sentences after a gap that are not yet counted as after it
LENGTHS = (5_000, 50_000)
BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True)
class Sample:
    name: str
    source: list[str]
    target: list[str]
    gold: list[Link]

    @property
    def group(self) -> str:
        """The name without its number: mac-dev-001 and mac-dev-002 are scored together."""
        return re.sub(r"[-_]?\d+$", "", self.name)


def read_samples(folder: Path, prefix: str) -> list[Sample]:
    samples = []
    for place in sorted(path for path in folder.iterdir() if path.is_dir() and path.name.startswith(prefix)):
        mark = ("sent.", "sent_") if (place / "sent_links.tsv").exists() else ("", "")
        source, target = (lines(place / f"{mark[0]}{language}.txt") for language in ("zh", "en"))
        samples.append(Sample(place.name, source, target, read_links(place / f"{mark[1]}links.tsv")))
    if not samples:
        raise SystemExit(f"{folder}: holds no document")
    return samples


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


WORDS_ONLY = "DUIYI_BENCHMARK_WORDS_ONLY"  # in the environment, so that processes which are spawned know it


def run(sample: Sample, passes: int = 2) -> list[Bead]:
    options = AlignmentOptions(passes=passes, vectors=WORDS_ONLY not in os.environ)
    return align(sample.source, sample.target, options)


def accuracy(samples: Sequence[Sample]) -> None:
    print("\n| documents | strict P | strict R | strict F1 | lax F1 | one pass |")
    print("|---|---|---|---|---|---|")
    groups: defaultdict[str, Score] = defaultdict(Score)
    single: defaultdict[str, Score] = defaultdict(Score)
    for sample in samples:
        found = score(sample.gold, links(run(sample)))
        once = score(sample.gold, links(run(sample, passes=1)))
        for name in dict.fromkeys((sample.name, sample.group, "all")):
            groups[name] += found
            single[name] += once
    for name in sorted(groups, key=lambda name: (name == "all", name)):
        precision, recall, both = groups[name].strict
        print(
            f"| {name} | {precision:.4f} | {recall:.4f} | {both:.4f} | {groups[name].lax[2]:.4f} "
            f"| {single[name].strict[2]:.4f} |"
        )


def omit(sample: Sample, side: int, share: float) -> Sample:
    """Take out a block of one side, from a third of the text on, and what gold says of it.

    A bead that loses its whole side becomes one-sided beads of single sentences; one that loses a part keeps the rest.
    """
    texts = [sample.source, sample.target]
    count = len(texts[side])
    first = count // 3
    last = first + max(1, round(count * share))
    texts[side] = texts[side][:first] + texts[side][last:]

    def kept(sentences: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(n if n < first else n - (last - first) for n in sentences if not first <= n < last)

    gold: list[Link] = []
    for link in sample.gold:
        cut = (kept(link[0]), link[1]) if side == 0 else (link[0], kept(link[1]))
        if cut[side] or not link[side]:
            gold.append(cut)
        else:
            alone = cut[1 - side]
            gold += [((), (n,)) if side == 0 else ((n,), ()) for n in alone]
    return Sample(sample.name, texts[0], texts[1], gold)


def omissions(samples: Sequence[Sample]) -> None:
    print("\n| cut out of one side | F1 whole | F1 cut Chinese | F1 cut English | after the gap, uncut | cut |")
    print("|---|---|---|---|---|---|")
    groups = dict.fromkeys(sample.group for sample in samples)
    for group in groups:
        chosen = [sample for sample in samples if sample.group == group]
        wholes = [links(run(sample)) for sample in chosen]
        whole = sum(map(score, (sample.gold for sample in chosen), wholes), Score()).strict[2]
        for share in CUTS:
            cut, after = [], []
            for side in (0, 1):
                total, tail, uncut = Score(), Score(), Score()
                for sample, links_whole in zip(chosen, wholes, strict=True):
                    gapped = omit(sample, side, share)
                    found = links(run(gapped))
                    total += score(gapped.gold, found)
                    texts, left = (sample.source, sample.target)[side], (gapped.source, gapped.target)[side]
                    edge = len(texts) // 3 + AFTER
                    tail += score(_from(gapped.gold, side, edge), _from(found, side, edge))
                    edge += len(texts) - len(left)
                    uncut += score(_from(sample.gold, side, edge), _from(links_whole, side, edge))
                cut.append(total.strict[2])
                after.append((tail.strict[2] - uncut.strict[2], tail.strict[2], uncut.strict[2]))
            _, tail_cut, tail_whole = min(after)
            print(
                f"| {group}, {share:.0%} | {whole:.4f} | {cut[0]:.4f} | {cut[1]:.4f} "
                f"| {tail_whole:.4f} | {tail_cut:.4f} |"
            )


def _from(found: Sequence[Link], side: int, edge: int) -> list[Link]:
    return [link for link in found if link[side] and link[side][0] >= edge]


def calibration(samples: Sequence[Sample]) -> None:
    print("\n| confidence | beads | mean confidence | right | right in the worst document |")
    print("|---|---|---|---|---|")
    rows: list[tuple[float, bool, str]] = []
    for sample in samples:
        gold = set(sample.gold)
        beads = run(sample)
        rows += [(bead.confidence, link in gold, sample.name) for bead, link in zip(beads, links(beads), strict=True)]
    spans = [*itertools.pairwise(BINS), (0.9, 1.0), (0.5, 1.0)]
    for low, high in spans:
        inside = [row for row in rows if low <= row[0] < high or row[0] == high == 1.0]
        if inside:
            by_document: defaultdict[str, list[bool]] = defaultdict(list)
            for _, right, name in inside:
                by_document[name].append(right)
            worst = min(sum(found) / len(found) for found in by_document.values())
            mean = sum(row[0] for row in inside) / len(inside)
            share = sum(row[1] for row in inside) / len(inside)
            print(f"| {low:g} to {high:g} | {len(inside)} | {mean:.3f} | {share:.3f} | {worst:.3f} |")


def speed(samples: Sequence[Sample]) -> None:
    """Processor time of whole documents, tokenising included, best of three; dictionaries are loaded beforehand."""
    run(samples[0])
    seconds = math.inf
    for _ in range(3):
        start = time.process_time()
        for sample in samples:
            run(sample)
        seconds = min(seconds, time.process_time() - start)
    count = sum(len(sample.source) for sample in samples)
    print("\n| text | Chinese | English | seconds | Chinese sentences a second | strict F1 | peak MiB |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| as they are | {count} | {sum(len(s.target) for s in samples)} | {seconds:.2f} | {count / seconds:.0f} | | |"
    )
    sys.stdout.flush()
    for length in LENGTHS:
        _apart(_long, samples, length)


def _long(samples: Sequence[Sample], length: int) -> None:
    """One document of a given length, made by repeating the documents."""
    run(samples[0])
    text = repeated(samples, length)
    start = time.process_time()
    beads = run(text)
    seconds = time.process_time() - start
    found = score(text.gold, links(beads)).strict[2]
    print(
        f"| repeated | {len(text.source)} | {len(text.target)} | {seconds:.1f} | {len(text.source) / seconds:.0f} "
        f"| {found:.4f} | {_peak():.0f} |"
    )


def repeated(samples: Sequence[Sample], length: int) -> Sample:
    """Repeat documents until the Chinese has ``length`` sentences."""
    source: list[str] = []
    target: list[str] = []
    gold: list[Link] = []
    while len(source) < length:
        for sample in samples:
            rows, columns = len(source), len(target)
            gold += [(tuple(n + rows for n in a), tuple(n + columns for n in b)) for a, b in sample.gold]
            source += sample.source
            target += sample.target
            if len(source) >= length:
                break
    return Sample("repeated", source, target, gold)


def startup(_: Sequence[Sample]) -> None:
    """Time a first call in a new process, with the caches warm."""
    import subprocess

    program = (
        "import time; start = time.perf_counter(); import tmx; tmx.align(['你好。'], ['Hello.']); "
        "print(time.perf_counter() - start)"
    )
    times = []
    for _ in range(3):
        result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        times.append(float(result.stdout))
    print(f"\nStart-up (imports, lexicon, segmenter, first call), caches warm: {min(times):.2f} s")


def _peak() -> float:
    return peak_bytes() / 2**20


def _apart(part: Callable[..., None], *arguments: object) -> None:
    process = multiprocessing.get_context("spawn").Process(target=part, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


PARTS = {
    "accuracy": accuracy,
    "omissions": omissions,
    "calibration": calibration,
    "speed": speed,
    "startup": startup,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part alone")
    parser.add_argument("--documents", default="", help="only documents whose name begins so")
    parser.add_argument("--words-only", action="store_true", help="without sentence vectors")
    arguments = parser.parse_args()
    if arguments.words_only:
        os.environ[WORDS_ONLY] = "1"
    samples = read_samples(arguments.folder, arguments.documents)
    for name, part in PARTS.items():
        if not arguments.only or name in arguments.only:
            part(samples)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
