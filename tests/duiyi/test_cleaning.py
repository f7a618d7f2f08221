"""A memory of any tool, cleaned: each unit that goes has its reason, and what is right stays."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from duiyi.cleaning import REASONS, Cleaning, CleaningOptions
from tmx.model import TranslationUnit
from tmx.tmx14 import TmxOptions, read_tmx, write_tmx

Run = Callable[..., subprocess.CompletedProcess[str]]

SENTENCES = (
    ("图书馆每天上午九点开门。", "The library opens at nine every morning."),
    ("读者可以免费借阅图书。", "Readers may borrow books free of charge."),
    ("儿童阅览室在二楼。", "The children's reading room is on the second floor."),
    ("请保持安静，不要大声说话。", "Please keep quiet and do not talk loudly."),
    ("逾期归还图书需要支付罚款。", "A fine is charged for books returned late."),
)


def unit(number: int, source: str, target: str, confidence: float = 1.0) -> TranslationUnit:
    return TranslationUnit(str(number), source, target, confidence=confidence)


RIGHT = tuple(unit(number, *pair) for number, pair in enumerate(SENTENCES))
FAULTY = (
    ("empty", unit(10, "图书馆", "")),
    ("duplicate", unit(11, *SENTENCES[0])),
    ("untranslated", unit(12, "请保持安静，不要大声说话。", "请保持安静，不要大声说话吧。")),
    ("wrong-script", unit(13, "圖書館每天上午九點開門迎接讀者。", "The library opens its doors to readers at nine.")),
    ("low-confidence", unit(14, "图书馆周一闭馆。", "The library is closed on Mondays.", 0.2)),
    ("numbers-differ", unit(16, "全市共有图书馆90个。", "There are 60 libraries in the city.")),
)


def test_every_fault_has_its_reason_and_what_is_right_stays(tmp_path: Path) -> None:
    cleaning = Cleaning(tmp_path / "removed.csv")
    units = [*RIGHT, *(faulty for _, faulty in FAULTY)]
    assert list(cleaning.kept(units)) == list(RIGHT)
    with (tmp_path / "removed.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["ID"]: (row["Reason"], row["Nr"]) for row in csv.DictReader(file)}
    assert listed == {faulty.id: (reason, str(units.index(faulty) + 1)) for reason, faulty in FAULTY}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_that_is_kept_takes_nothing_out(tmp_path: Path, reason: str) -> None:
    options = CleaningOptions([one for one in REASONS if one != reason])
    cleaning = Cleaning(tmp_path / "removed.csv", options)
    list(cleaning.kept([*RIGHT, *(faulty for _, faulty in FAULTY)]))
    assert reason not in cleaning.counts


def test_the_sample_loses_nothing(tmp_path: Path, interview_units: list[TranslationUnit]) -> None:
    # The units of this sample have confidences made up for tests of the report.
    cleaning = Cleaning(tmp_path / "removed.csv", CleaningOptions(min_confidence=0))
    assert len(list(cleaning.kept(interview_units))) == len(interview_units), dict(cleaning.counts)


def test_translations_of_other_sentences_are_found_and_right_ones_never_taken(
    tmp_path: Path, interview_units: list[TranslationUnit]
) -> None:
    units = list(interview_units)
    wrong = [4, 14, 24, 34]
    for place, other in zip(wrong, wrong[1:] + wrong[:1], strict=True):
        units[place] = replace(units[place], target=interview_units[other].target)
    cleaning = Cleaning(tmp_path / "removed.csv", CleaningOptions(["wrong-pair"]))
    kept = {one.id for one in cleaning.kept(units)}
    gone = {one.id for one in units} - kept
    assert gone <= {units[place].id for place in wrong} and len(gone) >= 2


@pytest.fixture
def interview_units(interview: object) -> list[TranslationUnit]:
    return list(interview.units)  # type: ignore[attr-defined]


def test_the_command_changes_nothing_in_place_and_says_what_went(tmp_path: Path, run: Run) -> None:
    memory, output = tmp_path / "m.tmx", tmp_path / "clean.tmx"
    filled = [replace(faulty, target=faulty.target or "EMPTY") for _, faulty in FAULTY]
    write_tmx([*RIGHT, *filled], memory, TmxOptions(one_target=False))
    memory.write_text(memory.read_text(encoding="utf-8").replace(">EMPTY<", "><"), encoding="utf-8")
    before = memory.read_bytes()
    done = run("clean", memory, "-o", output)
    assert done.returncode == 0
    assert memory.read_bytes() == before
    assert [one.id for one in read_tmx(output)] == [one.id for one in RIGHT]
    assert "1 numbers-differ" in done.stderr and "clean.removed.csv" in done.stderr
    assert "passed over" not in done.stderr
    with (tmp_path / "clean.removed.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["Reason"] for row in csv.DictReader(file)] == [reason for reason, _ in FAULTY]


def test_the_output_may_not_be_the_memory(tmp_path: Path, run: Run) -> None:
    memory = tmp_path / "m.tmx"
    write_tmx(RIGHT, memory)
    done = run("clean", memory, "-o", memory)
    assert done.returncode == 1 and "is an input" in done.stderr
