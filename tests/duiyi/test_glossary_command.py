"""The glossary command."""

import json
from pathlib import Path

import pytest

from duiyi.cli import main
from glossary.files.tables import read_csv
from glossary.files.tbx import read_tbx
from tmx.model import TranslationUnit
from tmx.tmx14 import write_tmx

UNITS = [
    TranslationUnit(id="1", source="中国坚持多边主义。", target="China upholds multilateralism."),
    TranslationUnit(id="2", source="多边主义是正确道路。", target="Multilateralism is the right path."),
    TranslationUnit(id="3", source="我们反对单边主义。", target="We oppose unilateralism."),
]


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    path = tmp_path / "talk-2021-12-30.tmx"
    write_tmx(UNITS, path)
    return path


def test_writes_three_files_that_read_back(memory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["glossary", str(memory), "-o", str(tmp_path / "out"), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["units"] == 3
    assert summary["terms"]["recurring"] >= 1
    terms = {entry.term: entry for entry in read_csv(tmp_path / "out" / "glossary.csv").entries}
    assert terms["多边主义"].preferred.text == "multilateralism"
    assert terms["多边主义"].preferred.first == "2021-12-30", "the date in the file's name"
    assert {entry.term for entry in read_tbx(tmp_path / "out" / "glossary.tbx").entries} == set(terms)
    assert (tmp_path / "out" / "glossary.xlsx").stat().st_size > 0


def test_phrase_patterns_are_written_where_there_are_any(memory: Path, tmp_path: Path) -> None:
    pairs = [
        ("坚持诚信是学校教育的根本原则。", "Honesty is the fundamental principle of school education."),
        ("坚持公平是学校教育的重要目标。", "Fairness is an important goal of school education."),
        ("坚持创新是学校教育的力量源泉。", "Innovation is a source of strength of school education."),
    ]
    frame = tmp_path / "frame.tmx"
    write_tmx([TranslationUnit(id=str(n), source=zh, target=en) for n, (zh, en) in enumerate(pairs)], frame)
    table = tmp_path / "out" / "glossary.patterns.csv"
    assert main(["glossary", str(frame), "-q", "-o", str(tmp_path / "out")]) == 0
    assert len(table.read_text("utf-8-sig").splitlines()) == 1 + len(pairs)
    assert main(["glossary", str(memory), "-q", "-o", str(tmp_path / "out")]) == 0
    assert not table.exists()


def test_one_file_only_and_what_was_passed_over(
    memory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = memory.read_text(encoding="utf-8")
    memory.write_text(text.replace('xml:lang="en-US"', 'xml:lang="fr"', 1), encoding="utf-8")
    assert main(["glossary", str(memory), "-o", str(tmp_path / "terms.csv")]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"Read     2 units from {memory}"
    assert said[1] == f"  warning {memory.name}: 1 unit without both languages was passed over"
    assert said[-1] == f"Wrote    terms.csv in {tmp_path}"
    assert {entry.term for entry in read_csv(tmp_path / "terms.csv").entries} >= {"多边主义"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [memory.name, "terms.csv"]


def test_a_workbook_that_was_edited_is_set_aside(
    memory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["glossary", str(memory), "-o", str(tmp_path / "out")]
    assert main(arguments) == main(arguments) == 0
    assert "Kept" not in capsys.readouterr().err
    (tmp_path / "out" / "glossary.xlsx").write_bytes(b"mine")
    assert main(arguments) == 0
    assert (tmp_path / "out" / "glossary.edited.xlsx").read_bytes() == b"mine"
    assert (
        "glossary.xlsx was changed after duiyi had written it; it is now glossary.edited.xlsx"
        in capsys.readouterr().err
    )


def test_lists_of_the_user(memory: Path, tmp_path: Path) -> None:
    known, stop, rejected = tmp_path / "base.csv", tmp_path / "stop.txt", tmp_path / "rejected.tsv"
    known.write_text("zh,en\n多边主义,plurilateralism\n", encoding="utf-8")
    stop.write_text("# mine\n单边主义\n", encoding="utf-8")
    arguments = ["glossary", str(memory), "-o", str(tmp_path / "out"), "-q", "--known", str(known)]
    assert main([*arguments, "--stop", str(stop), "--explain", str(rejected)]) == 0
    terms = {entry.term: entry for entry in read_csv(tmp_path / "out" / "glossary.csv").entries}
    assert terms["多边主义"].known == "conflicting"
    assert "单边主义" not in terms
    assert "单边主义\tunilateralism" in rejected.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.tmx"], "nowhere.tmx"),
        (["{memory}", "--known", "base.docx"], "base.docx"),
        (["{memory}", "--stop", "nowhere.txt"], "nowhere.txt"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], message: str, memory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [argument.format(memory=memory) for argument in arguments]
    assert main(["glossary", *arguments, "-o", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert len(error.strip().split("\n")) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["{memory}", "-o", "d", "--explain", "{memory}"],
        ["{memory}", "-o", "d", "--explain", "link.tmx"],
        ["{memory}", "-o", "d", "--known", "base.csv", "--explain", "base.csv"],
        ["{memory}", "-o", "base.csv", "--known", "base.csv"],
        ["{memory}", "-o", ".", "--known", "glossary.csv"],
        ["{memory}", "-o", "d", "--explain", "d/glossary.csv"],
        ["{memory}", "-o", "d", "--explain", "."],
    ],
)
def test_no_output_may_replace_an_input(
    arguments: list[str],
    memory: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("base.csv", "glossary.csv"):
        Path(name).write_text("zh,en\n多边主义,plurilateralism\n", encoding="utf-8")
    Path("link.tmx").symlink_to(memory)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert main(["glossary", *(argument.format(memory=memory) for argument in arguments)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("duiyi: ")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_rejected_candidates_go_to_standard_output_and_folders_do_not(
    memory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["glossary", str(memory), "-q", "-o", str(tmp_path / "d"), "--explain", "-"]) == 0
    assert capsys.readouterr().out.startswith("Chinese\tEnglish\t")
    assert main(["glossary", str(memory), "-o", "-"]) == 2


def test_a_memory_given_twice_counts_once(memory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "link.tmx").symlink_to(memory)
    out = ["-o", str(tmp_path / "terms.csv")]
    assert main(["glossary", str(memory), str(memory), str(tmp_path / "link.tmx"), *out]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[:3] == [
        f"Read     3 units from {memory}",
        f"  warning {memory}: given twice; counted once",
        f"  warning {tmp_path / 'link.tmx'}: the same file as {memory}; counted once",
    ]


def test_a_memory_with_its_labels_swapped_gives_the_same_terms(
    memory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = memory.read_text(encoding="utf-8").replace("zh-CN", "??").replace("en-US", "zh-CN").replace("??", "en-US")
    swapped = tmp_path / "swapped-2021-12-30.tmx"
    swapped.write_text(text, encoding="utf-8")
    terms = []
    for path in (memory, swapped):
        assert main(["glossary", str(path), "-o", str(tmp_path / "terms.csv")]) == 0
        terms.append([(entry.term, entry.preferred.text) for entry in read_csv(tmp_path / "terms.csv").entries])
    assert terms[0] == terms[1]
    assert "3 units have the labels of Chinese and English the wrong way round" in capsys.readouterr().err


@pytest.mark.parametrize("date", ["2021-13", "2021-02-30", "", "21", "2021-1-1", "２０２１"])
def test_a_date_that_the_calendar_lacks_is_a_usage_error(date: str, memory: Path, tmp_path: Path) -> None:
    assert main(["glossary", str(memory), "-o", str(tmp_path / "out"), "--date", date]) == 2
    assert main(["build", str(memory), "-o", str(tmp_path / "out"), "--date", date]) == 2
    assert not (tmp_path / "out").exists()


def test_how_the_terms_stand_to_a_known_termbase_is_counted(
    memory: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "base.csv"
    known.write_text("多边主义,plurilateralism\n单边主义,unilateralism\n", encoding="utf-8")
    arguments = ["glossary", str(memory), "-o", str(tmp_path / "out"), "--known", str(known)]
    assert main([*arguments, "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)["known"]
    assert (counts["known"], counts["conflicting"]) == (1, 1)
    assert main(arguments) == 0
    assert f"Known    1 known, 1 conflicting, {counts['new']} new\n" in capsys.readouterr().err
    build = ["build", str(memory), "-o", str(tmp_path / "built"), "--known", str(known)]
    assert main([*build, "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["known"] == counts
    assert main(build) == 0
    assert "Known    1 known, 1 conflicting" in capsys.readouterr().err
