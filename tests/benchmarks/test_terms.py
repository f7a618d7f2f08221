from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
GOLD = "tests/gold/sample-terms.csv"
UNITS = "tests/gold/sample-alignment.tsv"


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    load_program: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run the benchmark in this process; return its exit code, what it prints and what it complains of."""
    program = load_program("terms")
    monkeypatch.chdir(ROOT)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = program.main(list(map(str, arguments)))
        except SystemExit as ending:  # of argparse
            code = ending.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


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
def test_what_is_wrong_with_a_file_is_one_line(arguments: list[str], message: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "empty.tsv").write_text("\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "links.tsv").write_text("1\t9\n")
    code, _, error = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert code == 1
    assert error.count("\n") == 1 and message in error


def test_usage(run: Run) -> None:
    code, _, error = run(GOLD)
    assert code == 2 and "give UNITS.tsv" in error


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "units.tsv").write_text("1\t中国坚持多边主义。\tChina upholds multilateralism.\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "benchmarks/terms.py", GOLD, str(tmp_path / "units.tsv")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    error = process.stderr.read()
    assert (process.wait(300), error) == (1, "")


def test_a_folder_is_aligned_and_its_list_is_looked_for_in_the_whole_glossary(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "address-2021"
    folder.mkdir()
    (folder / "zh.txt").write_text("中国坚持多边主义。\n我们反对霸权主义。\n", encoding="utf-8")
    (folder / "en.txt").write_text("China upholds multilateralism.\nWe oppose hegemonism.\n", encoding="utf-8")
    header = "zh,en,en_variants,zh_variants,must\n"
    (folder / "terms.csv").write_text(header + "多边主义,multilateralism,,,1\n霸权主义,bullying,,,1\n贸易,trade,,,1\n")
    judged = tmp_path / "judged.tsv"
    judged.write_text("doc\tzh\ten\tverdict\naddress-2021\t多边主义\tmultilateralism\tright\n", encoding="utf-8")
    code, printed, _ = run(folder, "--judged", judged)
    assert code == 0
    row = [cell.strip() for cell in printed.splitlines()[-1].strip("|").split("|")]
    assert row[:2] == ["address-2021", "2"]
    assert row[5:] == ["2", "0.500", "0.500", "1", "1.000 of 1", "1.000 of 1"]


def test_a_folder_without_texts_is_one_line(tmp_path: Path, run: Run) -> None:
    code, _, error = run(tmp_path)
    assert code == 1 and error.count("\n") == 1 and "zh.txt: is not there" in error
