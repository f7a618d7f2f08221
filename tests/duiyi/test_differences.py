from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from duiyi.cli import main
from duiyi.differences import compare, markdown, write_workbook
from glossary.files.tbx import write_tbx
from glossary.model import ConceptEntry, Context, Glossary, Rendering
from tmx.errors import FormatError
from tmx.model import TranslationUnit
from tmx.tmx14 import write_tmx

HELLO = TranslationUnit("1", "你好。", "Hello.", document="a.txt")
FUTURE = TranslationUnit("2", "人类命运共同体", "a community of common destiny", document="a.txt")
RISK = TranslationUnit("3", "=风险|增加", "risks | <grow>", document="b.txt")
SHARED = TranslationUnit("4", "人类命运共同体", "a community with a shared future", document="c.txt", count=5)
ENTRY = ConceptEntry(
    "c1",
    "人类命运共同体",
    (Rendering("community of common destiny"),),
    contexts=(Context("2", FUTURE.source, FUTURE.target, document="a.txt"),),
)
OTHER = ConceptEntry("c2", "外交", (Rendering("diplomacy"),))


def out(folder: Path, units: list[TranslationUnit], entries: list[ConceptEntry]) -> Path:
    folder.mkdir()
    write_tmx(units, folder / "memory.tmx")
    write_tbx(Glossary(tuple(entries)), folder / "glossary.tbx")
    return folder


def described(changes) -> list[tuple[str, str, str]]:
    return [(c.kind, f"{c.old_source}={c.old_target}", f"{c.new_source}={c.new_target}") for c in changes]


def test_no_change_though_documents_were_renamed_and_counts_moved(tmp_path):
    old = out(tmp_path / "old", [HELLO, FUTURE], [ENTRY])
    new = out(
        tmp_path / "new",
        [replace(FUTURE, document="z.txt", count=3), replace(HELLO, id="x", place="line 9")],
        [replace(ENTRY, count=9, score=0.5)],
    )
    differences = compare(old, new)
    assert not differences
    assert markdown(differences, "old", "new") == "no change\n"


def test_units(tmp_path):
    old = out(tmp_path / "old", [HELLO, FUTURE, RISK], [])
    new = out(
        tmp_path / "new",
        [
            replace(HELLO, target="Good day."),
            FUTURE,
            SHARED,
            TranslationUnit("9", "新句。", "A new sentence."),
        ],
        [],
    )
    differences = compare(old, new)
    assert described(differences.units) == [
        ("added", "=", "人类命运共同体=a community with a shared future"),
        ("added", "=", "新句。=A new sentence."),
        ("changed", "你好。=Hello.", "你好。=Good day."),
        (
            "superseded",
            "人类命运共同体=a community of common destiny",
            "人类命运共同体=a community with a shared future",
        ),
        ("removed", "=风险|增加=risks | <grow>", "="),
    ]
    assert differences.unit_counts == (("added", 2), ("changed", 1), ("superseded", 1), ("removed", 1))
    assert [c.note for c in differences.units][2:4] == ["target changed", "another target is preferred"]
    # the other way round nothing is lost either
    assert compare(new, old).unit_counts == (("added", 1), ("changed", 1), ("removed", 2))


def test_a_changed_source_text(tmp_path):
    old = out(tmp_path / "old", [HELLO], [])
    new = out(tmp_path / "new", [replace(HELLO, source="您好。")], [])
    assert [(c.kind, c.note) for c in compare(old, new).units] == [("changed", "source changed")]


def test_terms(tmp_path):
    old = out(tmp_path / "old", [HELLO], [ENTRY, OTHER, ConceptEntry("c3", "合作", (Rendering("cooperation"),))])
    now = replace(
        ENTRY,
        renderings=(
            Rendering("community with a shared future"),
            Rendering("community of common destiny", usage="superseded"),
        ),
    )
    new = out(
        tmp_path / "new",
        [HELLO],
        [now, replace(OTHER, review="accepted"), ConceptEntry("c4", "倡议", (Rendering("initiative"),))],
    )
    differences = compare(old, new)
    assert described(differences.terms) == [
        ("added", "=", "倡议=initiative"),
        ("changed", "外交=diplomacy", "外交=diplomacy"),
        (
            "superseded",
            "人类命运共同体=community of common destiny",
            "人类命运共同体=community with a shared future",
        ),
        ("removed", "合作=cooperation", "="),
    ]
    assert differences.terms[1].note == "review: candidate → accepted"
    assert differences.terms[2].note == (
        "“community of common destiny” is now superseded; rendering added: community with a shared future"
    )
    assert differences.units == ()


def test_markdown_and_workbook(tmp_path, capsys):
    old = out(tmp_path / "old", [HELLO, RISK], [ENTRY])
    new = out(tmp_path / "new", [HELLO], [ENTRY, OTHER])
    assert main(["diff", str(old), str(new)]) == 0
    assert capsys.readouterr().out == (
        "# Changes from old to new\n\n"
        "## Terms: 1 added\n\n### Terms added (1)\n\n"
        "| Chinese | English | Document |\n|---|---|---|\n| 外交 | diplomacy |  |\n\n"
        "## Units: 1 removed\n\n### Units removed (1)\n\n"
        "| Chinese | English | Document |\n|---|---|---|\n| =风险\\|增加 | risks \\| \\<grow\\> | b.txt |\n"
    )
    assert main(["diff", str(old), str(old)]) == 0
    assert capsys.readouterr().out == "no change\n"
    assert main(["diff", str(old), str(new), "-o", str(tmp_path / "notes.xlsx")]) == 0
    book = openpyxl.load_workbook(tmp_path / "notes.xlsx")
    assert [cell.value for cell in book["Units"][2]][:3] == ["removed", "=风险|增加", "risks | <grow>"]
    assert book["Units"]["B2"].data_type == "s"
    assert book["Terms"].max_row == 2
    write_workbook(compare(old, new), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "notes.xlsx").read_bytes()
    assert main(["diff", str(old), str(new), "-o", str(tmp_path / "notes.md")]) == 0
    assert (tmp_path / "notes.md").read_text(encoding="utf-8").startswith("# Changes from old to new")


def test_two_tmx_files_and_a_folder_without_memory(tmp_path, capsys):
    write_tmx([HELLO], tmp_path / "a.tmx")
    write_tmx([HELLO, RISK], tmp_path / "b.tmx")
    assert compare(tmp_path / "a.tmx", tmp_path / "b.tmx").unit_counts == (("added", 1),)
    with pytest.raises(FormatError, match=r"has no memory\.tmx"):
        compare(tmp_path, tmp_path)
    assert main(["diff", str(tmp_path), str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("duiyi: ")
