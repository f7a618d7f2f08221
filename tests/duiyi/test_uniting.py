"""One termbase out of several: agreement is joined, disagreement is listed and can be settled."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from duiyi.uniting import read_settled, unite, write_disagreements
from glossary.files.tbx import read_tbx, write_tbx
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.errors import FormatError
from tmx.messages import Language, load
from tmx.model import TranslationUnit
from tmx.tmx14 import read_tmx, write_tmx


def termbase(*entries: tuple[str, str], usage: str = "preferred", review: str = "candidate") -> Glossary:
    return Glossary(
        tuple(
            ConceptEntry(f"c-{term}", term, (Rendering(text, usage),), review=review)  # type: ignore[arg-type]
            for term, text in entries
        )
    )


ONE = termbase(("乡村振兴", "rural revitalization"), ("图书馆", "library"))
OTHER = termbase(("鄉村振興", "rural vitalization"), ("圖書館", "Libraries"), ("阅览室", "reading room"))


def test_the_same_term_in_either_script_is_one_entry() -> None:
    united = unite([("a", ONE), ("b", OTHER)])
    assert [entry.term for entry in united.glossary.entries] == ["乡村振兴", "图书馆", "阅览室"]
    assert all(not entry.variants for entry in united.glossary.entries)


def test_only_other_words_are_a_disagreement() -> None:
    [found] = unite([("a", ONE), ("b", OTHER)]).disagreements
    assert (found.term, found.ground, found.kept) == ("乡村振兴", "preferred", "rural revitalization")


def test_what_one_forbids_and_another_uses_is_a_disagreement() -> None:
    forbidding = Glossary((ConceptEntry("x", "图书馆", (Rendering("book house"), Rendering("library", "deprecated"))),))
    grounds = {found.ground for found in unite([("a", ONE), ("b", forbidding)]).disagreements}
    assert grounds == {"preferred", "forbidden"}


def test_a_term_that_one_rejects_and_another_accepts_is_a_disagreement() -> None:
    parts = [
        ("a", termbase(("外交", "diplomacy"), review="accepted")),
        ("b", termbase(("外交", "diplomacy"), review="rejected")),
    ]
    assert [found.ground for found in unite(parts).disagreements] == ["rejected"]


@pytest.mark.parametrize(("language", "decision"), [("en", "Decision"), ("zh", "处理")])
def test_what_was_decided_in_the_list_of_conflicts_holds(tmp_path: Path, language: Language, decision: str) -> None:
    path = tmp_path / "conflicts.xlsx"
    write_disagreements(unite([("a", ONE), ("b", OTHER)]).disagreements, path, language)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    heads = [str(cell.value) for cell in sheet[1]]
    sheet.cell(2, 1 + next(i for i, head in enumerate(heads) if decision in head)).value = "rural vitalization"
    book.save(path)
    united = unite([("a", ONE), ("b", OTHER)], read_settled(path))
    assert united.glossary.entries[0].preferred.text == "rural vitalization"
    assert united.disagreements == ()


@pytest.mark.parametrize(
    ("language", "cells"),
    [
        ("en", ["one uses what another says must not be used", "library", "not library (deprecated)"]),
        ("zh", ["一方使用的译法被另一方禁用", "library", "不用 library（禁用）"]),
    ],
)
def test_the_list_of_conflicts_speaks_the_language_of_the_run(
    tmp_path: Path, language: Language, cells: list[str]
) -> None:
    forbidding = Glossary((ConceptEntry("x", "图书馆", (Rendering("book house"), Rendering("library", "deprecated"))),))
    rejecting = termbase(("图书馆", "library"), review="rejected")
    accepting = termbase(("图书馆", "library"), review="accepted")
    found = unite([("a", accepting), ("b", forbidding), ("c", rejecting)]).disagreements
    write_disagreements(found, tmp_path / "c.xlsx", language)
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx").active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1:4] for row in rows if row[3] == cells[2]] == [cells]
    say = load(language)
    [rejected] = [row for row in rows if row[1] == say("disagreement.rejected")]
    states = [say(f"review.{state}") for state in ("accepted", "candidate", "rejected")]
    assert [*rejected[2:4], rejected[4].partition(": ")[2], rejected[5]] == [*states, say(f"review.{found[-1].kept}")]


def test_another_table_is_no_list_of_conflicts(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FormatError, match="Decision"):
        read_settled(tmp_path / "t.csv")


Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_command_merges_termbases_of_different_kinds(tmp_path: Path, run: Run) -> None:
    write_tbx(ONE, tmp_path / "a.tbx")
    (tmp_path / "b.csv").write_text("zh-CN,en-US\n乡村振兴,rural vitalization\n阅览室,reading room\n", encoding="utf-8")
    done = run("merge", tmp_path / "a.tbx", tmp_path / "b.csv", "-o", tmp_path / "c.tbx")
    assert done.returncode == 0, done.stderr
    assert {entry.term for entry in read_tbx(tmp_path / "c.tbx").entries} == {"乡村振兴", "图书馆", "阅览室"}
    assert "1 term on which they disagree" in done.stderr and (tmp_path / "c.conflicts.xlsx").is_file()


def test_the_command_merges_memories(tmp_path: Path, run: Run) -> None:
    write_tmx([TranslationUnit("1", "图书馆", "library"), TranslationUnit("2", "读者", "reader")], tmp_path / "a.tmx")
    write_tmx([TranslationUnit("1", "图书馆", "library"), TranslationUnit("2", "读者", "readers")], tmp_path / "b.tmx")
    done = run("merge", tmp_path / "a.tmx", tmp_path / "b.tmx", "-o", tmp_path / "c.tmx")
    assert done.returncode == 0, done.stderr
    assert sorted(unit.source for unit in read_tmx(tmp_path / "c.tmx")) == ["图书馆", "读者"]
    assert "1 repeated pair folded" in done.stderr and "c.alternatives.tmx" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.tbx", "-o", "c.tbx"], "two or more"),
        (["a.tbx", "a.tbx", "-o", "c.docx"], "written are"),
        (["a.tbx", "b.csv", "-o", "c.tmx"], "a.tbx: is a termbase"),
    ],
)
def test_what_cannot_be_merged_is_said_in_one_line(tmp_path: Path, arguments: list[str], said: str, run: Run) -> None:
    write_tbx(ONE, tmp_path / "a.tbx")
    done = run("merge", *(tmp_path / one if one[0] != "-" else one for one in arguments))
    assert done.returncode == 1 and said in done.stderr and done.stderr.count("\n") == 1


def test_every_entry_has_an_id_of_its_own() -> None:
    def numbered(*terms: str) -> Glossary:
        return Glossary(tuple(ConceptEntry(str(n), term, (Rendering(term),)) for n, term in enumerate(terms, 1)))

    united = unite(
        [
            ("a", numbered("甲", "乙")),
            ("b", numbered("丙", "乙")),
            ("c", Glossary((ConceptEntry("", "丁", (Rendering("d"),)),))),
        ]
    )
    ids = [entry.id for entry in united.glossary.entries]
    assert len(set(ids)) == 4
    assert "" not in ids
