"""What is decided and what is in the files are told apart; old exports are named; a person signs, not a file name."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from duiyi.build import build, rebuild
from duiyi.cli import main
from duiyi.decisions.journal import FILE_NAME, DecisionJournal
from duiyi.decisions.model import AcceptTerm, Decision
from duiyi.review.project import load_project
from duiyi.review.session import Review

PAIRS = [
    ("我们坚持多边主义。", "We uphold multilateralism."),
    ("多边主义是正道。", "Multilateralism is the right way."),
]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    documents = tmp_path / "in"
    documents.mkdir()
    lines = [line for pair in PAIRS for line in pair]
    (documents / "a.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    build([documents], tmp_path / "out")
    return tmp_path / "out"


def review(out: Path) -> Review:
    return Review(load_project(out), out, reviewer="Li", aligner=None)


def test_decisions_are_undelivered_until_the_files_are_written(out: Path) -> None:
    desk = review(out)
    assert desk.state()["undelivered"] == 0
    desk.act({"action": "approve", "document": 0, "row": 0})
    desk.act({"action": "edit", "document": 0, "row": 1, "source": PAIRS[1][0], "target": "It is the right way."})
    assert desk.state()["undelivered"] == review(out).undelivered == 2
    summary = rebuild(out)
    assert "memory.tmx" in summary.changed and "glossary.patterns.csv" not in summary.changed
    assert desk.undelivered == 0
    desk.undo()  # what is in the files is taken back: that too is not delivered
    assert desk.undelivered == 1
    desk.redo()
    assert desk.undelivered == 0
    assert rebuild(out).changed == ()


def test_an_export_that_is_older_than_the_glossary_is_named(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(out), "--for", "deepl"]) == 0
    assert not [notice for notice in rebuild(out).notices if notice.document == "exports/deepl"]
    book = openpyxl.load_workbook(out / "glossary.xlsx")
    sheet = book["Terms"]
    columns = {str(cell.value).replace("✎", "").strip(): cell.column for cell in sheet[1]}
    sheet.cell(2, columns["Review"]).value = "accepted"
    book.properties.lastModifiedBy = "王芳"
    book.save(out.parent / "final-v2.xlsx")
    capsys.readouterr()
    assert main(["import", str(out.parent / "final-v2.xlsx"), "--into", str(out)]) == 0
    said = capsys.readouterr().err
    assert "Written anew in" in said and "glossary.tbx" in said
    assert f"exports/deepl is older than the glossary: duiyi export {out} --for deepl" in said
    assert {decision.reviewer for decision in DecisionJournal(out / FILE_NAME).read()} == {"王芳"}


def test_the_reviewers_name_is_a_persons(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = out / "glossary.csv"
    changed = out.parent / "final-v2.csv"
    text = table.read_text(encoding="utf-8-sig").replace("candidate", "accepted", 1)
    changed.write_text(text, encoding="utf-8-sig")
    monkeypatch.setenv("DUIYI_REVIEWER", "Wang")
    assert main(["import", str(changed), "--into", str(out)]) == 0
    (decision,) = DecisionJournal(out / FILE_NAME).read()
    assert decision.reviewer == "Wang" and decision.seen is not None
    assert decision.about.startswith(decision.seen.term)


def test_a_term_that_version_0_1_accepted_is_bound_by_what_it_wrote(out: Path) -> None:
    """Journals of 0.1 do not say what was seen, the glossary beside them does."""
    entry = load_project(out).glossary.entries[0]
    DecisionJournal(out / FILE_NAME).append([Decision(entry.id, AcceptTerm())])
    rebuild(out)
    documents = out.parent / "in"
    (documents / "a.txt").unlink()
    (documents / "b.txt").write_text("和平来之不易。\n\nPeace is hard-won.\n", encoding="utf-8")
    summary = build([documents], out)
    kept = {held.id: held for held in summary.glossary.entries}[entry.id]
    assert (kept.term, kept.preferred.text, kept.review) == (entry.term, entry.preferred.text, "accepted")
    assert [(conflict.kind, conflict.entry) for conflict in summary.conflicts] == [("gone", entry.id)]
    again = build([documents], out)
    assert again.glossary == summary.glossary
    assert review(out).glossary == summary.glossary
