"""A decision costs what it touches: documents are read as seldom as can be, and everything stays the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from duiyi.build import build, read_build, rebuild
from duiyi.decisions.journal import FILE_NAME, DecisionJournal
from duiyi.decisions.model import ApproveUnit, Decision, EditUnit, MergeUnit, StrikeUnit
from duiyi.review.project import load_project
from duiyi.review.session import Review
from duiyi.workspace import Journal
from tmx.model import AlignedDocument
from tmx.tmx14 import read_tmx

PAIRS = [
    ("我们坚持多边主义。", "We uphold multilateralism."),
    ("中国是发展中国家。", "China is a developing country."),
    ("和平来之不易。", "Peace is hard-won."),
]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(5):
        lines = [line for zh, en in PAIRS for line in (f"第{number}号，{zh}", f"Number {number}, {en}")]
        (folder / f"{number}.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each document was read from the workspace."""
    counted: Counter[str] = Counter()
    read = Journal.read

    def counting(self: Journal, key: str) -> AlignedDocument | None:
        document = read(self, key)
        if document:
            counted[document.name] += 1
        return document

    monkeypatch.setattr(Journal, "read", counting)
    return counted


NAMES = [f"{number}.txt" for number in range(5)]


def test_a_first_build_reads_each_document_twice_at_most(documents: Path, tmp_path: Path, reads: Counter[str]) -> None:
    build([documents], tmp_path / "out")
    assert max(reads.values()) <= 2


def test_a_rebuild_after_a_decision_reads_what_it_touches_and_passes_once_over_all(
    documents: Path, tmp_path: Path, reads: Counter[str]
) -> None:
    out = tmp_path / "out"
    unit = build([documents], out).documents[2].units[0]
    journal = DecisionJournal(out / FILE_NAME)
    journal.append([Decision(unit.id, EditUnit(target="Reworded."), unit.document)])
    reads.clear()
    rebuild(out)
    assert reads == Counter(NAMES) + Counter(["2.txt"])
    assert "Reworded." in {unit.target for unit in read_tmx(out / "memory.tmx")}
    reads.clear()
    rebuild(out)
    assert not reads


def test_a_decision_about_a_term_reads_documents_for_the_report_only(
    documents: Path, tmp_path: Path, reads: Counter[str]
) -> None:
    out = tmp_path / "out"
    build([documents], out)
    desk = Review(load_project(out), out, aligner=None)
    desk.act({"action": "term-accept", "entry": desk.glossary.entries[0].id})
    reads.clear()
    rebuild(out)
    assert reads == Counter(NAMES)


def test_decisions_of_old_journals_which_name_no_document_find_theirs(
    documents: Path, tmp_path: Path, reads: Counter[str]
) -> None:
    out = tmp_path / "out"
    build([documents], out)
    units = [read_build(out).documents[number].units for number in range(5)]
    old = [
        Decision(units[1][0].id, MergeUnit()),
        Decision(units[3][1].id, StrikeUnit()),
        Decision("gone", ApproveUnit()),
    ]
    DecisionJournal(out / FILE_NAME).append(old)
    summary = rebuild(out)
    assert list(summary.misfits) == ["unit gone (approved): its unit is gone"]
    targets = [unit.target for unit in read_tmx(out / "memory.tmx")]
    assert any("Number 1" in target and PAIRS[1][1] in target for target in targets)
    assert not any("Number 3" in target and PAIRS[1][1] in target for target in targets)
    reads.clear()
    (documents / "5.txt").write_text("新的。\n\nNew.\n", encoding="utf-8")
    again = build([documents], out)
    assert list(again.misfits) == list(summary.misfits)
    assert reads == Counter(NAMES) + Counter({"5.txt": 2})
    DecisionJournal(out / FILE_NAME).append([Decision(units[4][2].id, StrikeUnit())])  # one more of the old kind
    assert list(rebuild(out).misfits) == list(summary.misfits)
    targets = [unit.target for unit in read_tmx(out / "memory.tmx")]
    assert any("Number 1" in target and PAIRS[1][1] in target for target in targets)
    assert not any("Number 4" in target and PAIRS[2][1] in target for target in targets)


def test_decided_pairs_that_were_damaged_are_made_again(documents: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([documents], out)
    memory = (out / "memory.tmx").read_bytes()
    pairs = out / ".duiyi" / "pairs"
    pairs.write_bytes(pairs.read_bytes()[:-100] + bytes(100))
    (out / "memory.tmx").unlink()
    rebuild(out)
    assert (out / "memory.tmx").read_bytes() == memory
