"""The review's state without a browser: the real aligner, decisions of others, what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from duiyi.decisions.journal import FILE_NAME, DecisionJournal
from duiyi.decisions.model import Decision, DoubtUnit, StrikeUnit
from duiyi.review.audit import draw, wilson_interval
from duiyi.review.documents import Project
from duiyi.review.queue import expected_gain, reasons
from duiyi.review.rows import ReviewError, Row
from duiyi.review.session import JournalChangedError, Review
from glossary.model import Glossary
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Sentence


def misaligned(document: AlignedDocument, at: int) -> AlignedDocument:
    """Shift the English border of two neighbouring beads by one sentence."""
    first, second = document.beads[at : at + 2]
    wrong = (
        Bead(first.source, (first.target[0], first.target[1] + 1), confidence=0.3),
        Bead(second.source, (second.target[0] + 1, second.target[1]), confidence=0.3),
    )
    beads = (*document.beads[:at], *wrong, *document.beads[at + 2 :])
    units = tuple(make_units(document.bitext, document.source, document.target, beads))
    return replace(document, beads=beads, units=units)


def pairs(review: Review) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(tuple(s.text for s in row.source), tuple(t.text for t in row.target)) for row in review.document(0).rows]


def act(review: Review, action: str, row: int = 0, **more: Any) -> dict[str, Any]:
    return review.act({"action": action, "document": 0, "row": row, **more})


def test_aligning_again_puts_right_what_the_approved_rows_leave_open(interview: AlignedDocument, tmp_path: Path):
    at = next(
        index
        for index, bead in enumerate(interview.beads[:-1])
        if bead.shape == "1-1" and interview.beads[index + 1].shape == "1-2"
    )
    right = Review(Project("x", [interview], Glossary(())), tmp_path / "right")
    review = Review(Project("x", [misaligned(interview, at)], Glossary(())), tmp_path)
    for index in (*range(at), *range(at + 2, len(interview.beads))):
        act(review, "approve", index)
    assert pairs(review) != pairs(right)
    answer = act(review, "realign")
    assert pairs(review) == pairs(right)
    assert [splice["index"] for splice in answer["splices"]] == [at]
    with pytest.raises(ReviewError, match="settled"):
        act(review, "approve", at)
        act(review, "approve", at + 1)
        act(review, "realign")
    review.undo()
    review.undo()
    review.undo()
    assert pairs(review) != pairs(right)


def test_what_others_decide_is_read_before_anything_is_written(interview: AlignedDocument, tmp_path: Path):
    review = Review(Project("x", [interview], Glossary(())), tmp_path)
    act(review, "approve")
    DecisionJournal(tmp_path / FILE_NAME).append([Decision(interview.units[3].id, StrikeUnit())])
    with pytest.raises(JournalChangedError):
        act(review, "approve", 1)
    assert [row.status for row in review.document(0).rows[:4]] == ["approved", "open", "open", "wrong"]
    act(review, "approve", 3)  # the later decision counts, also after a restart
    again = Review(review.project, tmp_path)
    assert [row.status for row in again.document(0).rows[:4]] == ["approved", "open", "open", "approved"]
    DecisionJournal(tmp_path / FILE_NAME).append([Decision(interview.units[3].id, DoubtUnit())])
    again = Review(review.project, tmp_path)
    assert again.document(0).rows[3].status == "doubtful"


def test_many_documents_are_reviewed_with_few_in_memory(
    interview: AlignedDocument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("duiyi.review.session.MAX_OPEN", 2)
    documents = []
    for number in range(5):
        bitext = replace(interview.bitext, name=f"{number}.txt")
        units = tuple(make_units(bitext, interview.source, interview.target, interview.beads))
        documents.append(replace(interview, bitext=bitext, units=units))
    review = Review(Project("x", documents, Glossary(())), tmp_path)
    total = review.queue()["total"]
    worth = [index for index, shown in enumerate(review.document(0).rows) if reasons(shown)][:2]
    assert total == 5 * sum(bool(reasons(shown)) for shown in review.document(0).rows) < 5 * len(interview.beads)
    for number in range(5):
        for index in worth:
            review.act({"action": "approve", "document": number, "row": index})
    assert len(review._open) == 2
    overview: Any = review.overview()
    assert [d["counts"]["settled"] for d in overview["documents"]] == [2] * 5
    queue: Any = review.queue()
    assert queue["total"] == total - 10
    gains = [item["gain"] for item in queue["items"]]
    assert gains == sorted(gains, reverse=True) and len({item["document"] for item in queue["items"]}) == 5
    for _ in range(10):
        review.undo()
    assert review.queue()["total"] == total
    for _ in range(10):
        review.redo()
    assert review.queue() == queue | review.state()
    assert [review.document(3).rows[index].status for index in worth] == ["approved", "approved"]


@pytest.mark.parametrize(
    "request_",
    [
        {"action": "merge", "document": 0, "row": 9999},
        {"action": "split", "document": 0, "row": 9999, "side": "source", "offset": 1},
        {"action": "split", "document": 0, "row": 0, "side": "source"},
        {"action": "merge", "document": 7, "row": 0},
        {"action": "merge", "document": 0, "row": -1},
        {"action": "merge", "document": 0, "row": True},
        {"action": "approve-all", "document": 0, "row": 0, "threshold": 7},
        {"action": "invent", "document": 0, "row": 0},
        {"action": "term-accept", "entry": "none"},
        {"action": "term-add", "term": " ", "rendering": "x"},
        {"action": "term-add", "term": "词", "rendering": "x", "document": 0, "row": 9999},
        {},
    ],
)
def test_a_strange_request_is_refused_and_writes_nothing(
    interview: AlignedDocument, tmp_path: Path, request_: dict[str, object]
):
    review = Review(Project("x", [interview], Glossary(())), tmp_path)
    with pytest.raises(ReviewError):
        review.act(request_)
    assert not (tmp_path / FILE_NAME).exists()


def row(confidence: float, **more: Any) -> Row:
    text = Sentence("一。", 0, 0, 2)
    return Row((text,), (text,), confidence, **more)


def test_the_doubtful_and_the_flagged_come_first_and_the_judged_not_at_all():
    rows = [
        row(0.9),
        row(0.4),
        row(0.9, flags=("numbers-differ",)),
        row(0.2, status="approved"),
        row(0.9, status="doubtful"),
    ]
    gains = expected_gain(rows)
    assert sorted(range(5), key=lambda index: -gains[index]) == [4, 1, 2, 0, 3]
    assert gains[3] == 0


def test_wilson_interval_against_published_values():
    # Brown, Cai and DasGupta (2001), Interval Estimation for a Binomial Proportion: Wilson stays inside 0 and 1.
    assert wilson_interval(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson_interval(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson_interval(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_a_sample_has_no_repetition_and_is_the_same_for_one_seed():
    rows = [("a.txt", [replace(row(0.9), source=(Sentence(f"{n}。", n, 0, 2),)) for n in range(1000)])]
    assert len(set(draw(rows, 100, 7).rows)) == 100
    assert draw(rows, 5, 7) == draw(rows, 5, 7) != draw(rows, 5, 8)


def test_an_audit_draws_what_nobody_read_and_counts_what_was_looked_at_since(
    interview: AlignedDocument, tmp_path: Path
):
    """Approving all at one stroke and drawing from them gave "0 of 18 wrong" without a look."""
    review = Review(Project("x", [interview], Glossary(())), tmp_path)
    act(review, "approve", 0)
    act(review, "approve-all", threshold=0.9)
    rows = review.document(0).rows
    approved = sum(row.status == "approved" for row in rows)
    assert review.counts(0)["unread"] == approved - 1
    again = Review(review.project, tmp_path)  # what was read is in the journal
    assert again.document(0).rows == rows
    first: Any = review.start_audit(1000)
    assert (first["audit"]["looked"], len(first["audit"]["items"])) == (0, first["audit"]["of"])
    assert all(item["row"] for item in first["audit"]["items"])  # the first row was read
    assert "that nobody had read one by one" in first["audit"]["sentence"]
    drawn = [item["row"] for item in first["audit"]["items"]]
    act(review, "approve", drawn[0])  # approved with the others before, now read
    act(review, "wrong", drawn[1])
    now: Any = review.audit()
    assert (now["audit"]["looked"], now["audit"]["errors"]) == (2, 1)
    for index, shown in enumerate(review.document(0).rows):
        if not shown.read:
            act(review, "approve", index)
    with pytest.raises(ReviewError, match="read one by one"):
        review.start_audit(10)
