"""Measure time and peak memory of writing and reading TMX, beside translate-toolkit's writer on the same units.

    python benchmarks/tmx_files.py [--units 1000000] [--toolkit-units 100000]

Each job runs in a process of its own. The toolkit holds all units in memory, so it gets fewer by default; its time
and memory are given per million units too. Time is processor time.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tmx.model import TranslationUnit
from tmx.tmx14 import TmxOptions, read_tmx, write_tmx

MIB = 1024 * 1024


def units(count: int) -> Iterator[TranslationUnit]:
    """Made-up units, as long as those of news and speeches are, one in fifty a repetition."""
    for number in range(count):
        told = number - 1 if number % 50 == 49 else number
        source = f"第{told}次会议强调，要坚持多边主义，维护以国际法为基础的国际秩序，推动构建人类命运共同体。"
        target = (
            f"Meeting {told} stressed the need to uphold multilateralism, safeguard the international order based on "
            "international law and build a community with a shared future for mankind."
        )
        yield TranslationUnit(f"u{number}", source, target, document=f"d{number // 100}.txt", date="2021-12-30")


def write_ours(count: int, path: Path) -> None:
    write_tmx(units(count), path)


def write_ours_plain(count: int, path: Path) -> None:
    """Without folding repetitions and without reading back, which the toolkit does not do either."""
    write_tmx(units(count), path, TmxOptions(one_target=False, verify=False))


def read_ours(count: int, path: Path) -> None:
    assert sum(1 for _ in read_tmx(path)) > 0


def write_toolkit(count: int, path: Path) -> None:
    from translate.storage import tmx

    store = tmx.tmxfile()
    for unit in units(count):
        store.addtranslation(unit.source, "zh-CN", unit.target, "en-US")
    with path.open("wb") as file:
        store.serialize(file)


JOBS: dict[str, Callable[[int, Path], None]] = {
    "ours, folded and read back": write_ours,
    "ours, plain": write_ours_plain,
    "ours, reading": read_ours,
    "translate-toolkit, writing": write_toolkit,
}


def run(job: str, count: int, path: Path) -> None:
    """Do one job and print its figures; the peak before it is the interpreter with the libraries."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    JOBS[job](count, path)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak": peak / 1024, "before": before / 1024}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--toolkit-units", type=int, default=100_000)
    parser.add_argument("--job", help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.job:
        run(arguments.job, arguments.units, arguments.path)
        return
    with tempfile.TemporaryDirectory() as folder:
        for job in JOBS:
            count = arguments.toolkit_units if "toolkit" in job else arguments.units
            path = Path(folder, "toolkit.tmx" if "toolkit" in job else "ours.tmx")
            command = [sys.executable, __file__, "--job", job, "--units", str(count), "--path", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            figures = json.loads(done.stdout)
            million = 1_000_000 / count
            print(
                f"{job:28} {count:>9,} units {figures['seconds']:7.1f} s  peak {figures['peak']:7.0f} MiB "
                f"({figures['before']:.0f} MiB before)  per million units {figures['seconds'] * million:7.1f} s  "
                f"file {path.stat().st_size / MIB:.0f} MiB",
                flush=True,
            )


if __name__ == "__main__":
    main()
