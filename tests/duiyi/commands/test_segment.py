import json

import pytest

from duiyi.cli import main
from tmx.segmentation import DEFAULT_RULES


@pytest.fixture
def talk(tmp_path):
    path = tmp_path / "talk.txt"
    path.write_text("记者：今年如何？很好。\n\nMr. Wang left at 5 p.m. He is back.\n", encoding="utf-8")
    return path


def test_one_sentence_a_line(talk, capsys):
    assert main(["segment", str(talk)]) == 0
    assert capsys.readouterr().out == "记者：今年如何？\n很好。\nMr. Wang left at 5 p.m.\nHe is back.\n"


def test_json_has_offsets_and_places(talk, tmp_path, capsys):
    assert main(["segment", str(talk), "--json", "-o", str(tmp_path / "out.json")]) == 0
    rows = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert rows[1] == {
        "text": "很好。", "language": "zh", "paragraph": 0, "place": "line 1", "start": 8, "end": 11,
    }  # fmt: skip
    assert [row["language"] for row in rows] == ["zh", "zh", "en", "en"]
    assert capsys.readouterr().out == ""


def test_own_rules(talk, tmp_path, capsys):
    rules = tmp_path / "own.srx"
    rules.write_text(DEFAULT_RULES.read_text(encoding="utf-8").replace("[。！？｡]", "[。！？：]"), encoding="utf-8")
    assert main(["segment", str(talk), "--language", "zh", "--rules", str(rules)]) == 0
    assert capsys.readouterr().out.startswith("记者：\n今年如何？\n")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("none.txt", None, "none.txt"), ("empty.txt", "\n \n", "empty.txt: holds no text"), ("x.xyz", "a", "x.xyz")],
)
def test_bad_input_is_one_clear_line(tmp_path, capsys, name, content, message):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert main(["segment", str(tmp_path / name)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert captured.err.count("\n") == 1


def test_bad_rules_are_one_clear_line(talk, tmp_path, capsys):
    (tmp_path / "bad.srx").write_text("<srx/>", encoding="utf-8")
    assert main(["segment", str(talk), "--rules", str(tmp_path / "bad.srx")]) == 1
    assert "no languagemap" in capsys.readouterr().err


def test_the_input_is_never_overwritten(talk, capsys):
    assert main(["segment", str(talk), "-o", str(talk)]) == 1
    assert "is an input" in capsys.readouterr().err
