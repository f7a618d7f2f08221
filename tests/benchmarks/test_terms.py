from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOLD = "tests/gold/sample-terms.csv"
UNITS = "tests/gold/sample-alignment.tsv"


def run(*arguments: str | Path, pipe: bool = False) -> tuple[int, str]:
    """Run the benchmark; with ``pipe`` into a reader that goes away at once."""
    process = subprocess.Popen(
        [sys.executable, "benchmarks/terms.py", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    if pipe:
        process.stdout.close()
    error = process.stderr.read()
    return process.wait(300), error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.csv", UNITS], "nowhere.csv: cannot be read: No such file"),
        ([GOLD, "nowhere.tsv"], "nowhere.tsv: cannot be read: No such file"),
        ([GOLD, "{tmp}/empty.tsv"], "empty.tsv: holds no unit"),
        ([GOLD, GOLD], "line 1: not three columns"),
        (["{tmp}/other.csv", UNITS], "not a gold list: no column zh, en, en_variants, zh_variants, must"),
        ([GOLD, "--pair", "{tmp}/other.csv", "{tmp}/other.csv", "{tmp}/links.tsv"], "names a line that is not there"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "empty.tsv").write_text("\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "links.tsv").write_text("1\t9\n")
    code, error = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert code == 1
    assert error.count("\n") == 1 and message in error


def test_usage() -> None:
    code, error = run(GOLD)
    assert code == 2 and "give UNITS.tsv" in error


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "units.tsv").write_text("1\t中国坚持多边主义。\tChina upholds multilateralism.\n", encoding="utf-8")
    code, error = run(GOLD, tmp_path / "units.tsv", pipe=True)
    assert (code, error) == (1, "")
