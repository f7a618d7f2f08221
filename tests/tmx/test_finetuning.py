"""A memory as JSON lines for fine-tuning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.finetuning import FORMS, Form, TuningOptions, write_tuning
from tmx.model import TranslationUnit
from tmx.readers import collect
from tmx.tmx14 import REVIEW


def unit(number: int, document: str, date: str = "", **values: object) -> TranslationUnit:
    return TranslationUnit(
        str(number),
        f"第{number}句谈到港口。",
        f"Sentence {number} is about the port.",
        document=document,
        date=date,
        **values,  # type: ignore[arg-type]
    )


def lines(path: Path) -> list[str]:
    return [json.loads(line)["translation"]["en"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_whole_documents_are_held_out_the_newest_ones(tmp_path: Path) -> None:
    units = [unit(n, f"{2000 + n // 10}.txt", f"{2000 + n // 10}-01-01") for n in range(100)]
    paths, report = write_tuning(reversed(units), tmp_path, "translation")
    assert dict(report.pairs) == {
        "memory.translation.train.jsonl": 80,
        "memory.translation.valid.jsonl": 10,
        "memory.translation.test.jsonl": 10,
    }
    assert set(lines(paths[2])) == {unit.target for unit in units[90:]}
    assert set(lines(paths[1])) == {unit.target for unit in units[80:90]}


def test_few_documents_are_training_text_all(tmp_path: Path) -> None:
    write_tuning([unit(n, f"{n // 10}.txt", f"{n // 10 + 2000}") for n in range(100)], tmp_path, "translation")
    paths, _ = write_tuning([unit(1, "a"), unit(2, "b")], tmp_path, "translation")
    assert [path.name for path in paths] == ["memory.translation.train.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["memory.translation.train.jsonl"]


def test_approved_pairs_come_first_and_doubted_ones_are_left_out(tmp_path: Path) -> None:
    units = [
        unit(1, "a", confidence=0.5),
        unit(2, "a", confidence=0.9),
        unit(3, "a", confidence=0.4, properties=((REVIEW, "approved"),), flags=("numbers",)),
        unit(4, "a", properties=((REVIEW, "wrong"),)),
        unit(5, "a", flags=("numbers",)),
        unit(2, "b"),
    ]
    (path,), report = write_tuning(units, tmp_path, "translation")
    assert lines(path) == [units[2].target, units[1].target, units[0].target]
    assert dict(report.left_out) == {"flagged, and not approved": 1, "found wrong by a reviewer": 1, "there already": 1}
    (path,), _ = write_tuning(units, tmp_path, "translation", TuningOptions(approved=True))
    assert lines(path) == [units[2].target]


def test_no_source_of_the_training_text_is_asked_in_the_test(tmp_path: Path) -> None:
    units = [unit(n, f"{n // 10}.txt", f"{n // 10 + 2000}") for n in range(100)]
    units.append(TranslationUnit("x", units[0].source, "Otherwise.", document="9.txt", date="2009"))
    paths, report = write_tuning(units, tmp_path, "translation")
    assert dict(report.left_out) == {"held out, but the source is in the training text": 1}
    assert not {json.loads(line)["translation"]["zh"] for line in paths[0].open(encoding="utf-8")} & {
        json.loads(line)["translation"]["zh"] for line in paths[2].open(encoding="utf-8")
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reverse", [False, True])
def test_every_form_is_read_again(form: Form, reverse: bool, tmp_path: Path) -> None:
    units = [unit(n, "a") for n in range(3)]
    (path,), _ = write_tuning(units, tmp_path, form, TuningOptions(reverse=reverse))
    bitext = load(collect([path]).inputs[0])
    assert [paragraph.text for paragraph in bitext.source] == [unit.source for unit in units]
    assert [paragraph.text for paragraph in bitext.target] == [unit.target for unit in units]
