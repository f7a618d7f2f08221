import json

import pytest

from duiyi.cli import main

SOURCE = "大家好！\n我们的外交工作取得了成功，朋友越来越多。\n2021年12月30日\n"
TARGET = "Greetings to you all!\nOur diplomacy was a success.\nWe have more friends.\nDecember 30, 2021\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "zh.txt").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "en.txt").write_text(TARGET, encoding="utf-8")
    return [str(tmp_path / "zh.txt"), str(tmp_path / "en.txt")]


def test_beads_of_ready_split_text(files, tmp_path, capsys):
    assert main(["align", *files, "--presplit", "-o", str(tmp_path / "beads")]) == 0
    lines = (tmp_path / "beads").read_text(encoding="utf-8").split("\n")
    assert [line.rpartition(":")[0] for line in lines] == ["[0]:[0]", "[1]:[1, 2]", "[2]:[3]", ""]
    assert capsys.readouterr().out == ""
    assert main(["evaluate", str(tmp_path / "beads"), str(tmp_path / "beads")]) == 0
    assert "1.0000 1.0000 1.0000 1.0000 1.0000 1.0000" in capsys.readouterr().out


def test_texts_as_tsv_and_json(files, capsys):
    assert main(["align", *files, "--presplit", "--format", "tsv"]) == 0
    assert capsys.readouterr().out.startswith("大家好！\tGreetings to you all!\t")
    assert main(["align", *files, "--presplit", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[1]["target"] == [1, 2]


def test_whole_texts_are_segmented_first(tmp_path, capsys):
    (tmp_path / "zh.txt").write_text("大家好！我们的外交工作取得了成功。\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("Greetings to you all! Our diplomacy was a success.\n", encoding="utf-8")
    assert main(["align", str(tmp_path / "zh.txt"), str(tmp_path / "en.txt")]) == 0
    assert capsys.readouterr().out.startswith("[0]:[0]:")


def test_an_input_is_never_overwritten(files, capsys):
    assert main(["align", *files, "--presplit", "-o", files[0]]) == 1
    assert "is an input" in capsys.readouterr().err


def test_an_empty_side_is_one_clear_line(files, tmp_path, capsys):
    (tmp_path / "en.txt").write_text("\n", encoding="utf-8")
    assert main(["align", *files, "--presplit"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
