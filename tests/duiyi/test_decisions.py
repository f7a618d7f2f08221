from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duiyi.decisions import (
    Decision,
    DecisionJournal,
    in_force,
    memory_units,
    replay_document,
    replay_glossary,
    unknown_units,
)
from glossary.files.workbook import row_ids
from glossary.model import ConceptEntry, Context, Glossary, Rendering, Variant
from tmx.errors import FormatError
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence

ACCEPT = Decision("", "term", "c1", "accept", {"why": "甲"}, "page", "Li", "2026-01-02T03:04:05Z")


def document(source: list[str], target: list[str], beads: list[Bead]) -> AlignedDocument:
    def side(texts: list[str]) -> tuple[tuple[Paragraph, ...], tuple[Sentence, ...]]:
        paragraphs = tuple(Paragraph(text, (Piece(0, len(text), f"line {i + 1}"),)) for i, text in enumerate(texts))
        return paragraphs, tuple(Sentence(text, i, 0, len(text)) for i, text in enumerate(texts))

    (zh, source_sentences), (en, target_sentences) = side(source), side(target)
    bitext = Bitext("doc.txt", zh, en)
    units = make_units(bitext, source_sentences, target_sentences, beads)
    return AlignedDocument(bitext, source_sentences, target_sentences, tuple(beads), tuple(units))


def one_to_one(size: int) -> AlignedDocument:
    beads = [Bead((i, i + 1), (i, i + 1), confidence=0.7) for i in range(size)]
    return document([f"句{i}。" for i in range(size)], [f"Sentence {i}." for i in range(size)], beads)


def pin(beads: list[dict[str, object]], at: tuple[int, int] = (0, 0), id_: str = "1") -> Decision:
    return Decision(id_, "bead", "doc.txt", "pin", {"beads": beads, "at": list(at)})


class TestJournal:
    def test_what_was_appended_is_read_again_with_growing_ids(self, tmp_path: Path) -> None:
        journal = DecisionJournal(tmp_path / "out" / "decisions.jsonl")
        assert journal.read() == ()
        first = journal.append([ACCEPT])
        rest = DecisionJournal(journal.path).append([ACCEPT, replace(ACCEPT, action="reject")])
        assert [d.id for d in journal.read()] == ["00000001", "00000002", "00000003"]
        assert journal.read() == (*first, *rest)

    def test_a_torn_last_line_was_never_acknowledged(self, tmp_path: Path) -> None:
        journal = DecisionJournal(tmp_path / "decisions.jsonl")
        saved = journal.append([ACCEPT])
        with journal.path.open("ab") as file:
            file.write(b'{"id": "00000002", "subj')
        assert journal.read() == saved
        journal.append([ACCEPT])
        assert [d.id for d in journal.read()] == ["00000001", "00000002"]

    def test_a_damaged_line_is_named(self, tmp_path: Path) -> None:
        journal = DecisionJournal(tmp_path / "decisions.jsonl")
        journal.append([ACCEPT])
        journal.path.write_bytes(journal.path.read_bytes() + b"rubbish\n")
        with pytest.raises(FormatError, match=r"decisions\.jsonl, line 2: not a decision"):
            journal.read()

    def test_an_undone_undo_is_a_redo(self) -> None:
        one = replace(ACCEPT, id="1")
        undo = Decision("2", "undo", "1", "undo")
        redo = Decision("3", "undo", "2", "undo")
        assert in_force([one, undo]) == ()
        assert in_force([one, undo, redo]) == (one,)
        assert in_force([one, undo, redo, Decision("4", "undo", "3", "undo")]) == ()


class TestBeads:
    def test_a_pin_holds_and_its_neighbours_are_cut_to_what_is_left(self) -> None:
        replayed = replay_document(
            one_to_one(4),
            [pin([{"source": ["句1。"], "target": ["Sentence 1.", "Sentence 2."], "status": "approved"}])],
        )
        beads = replayed.document.beads
        assert [(b.source, b.target) for b in beads] == [
            ((0, 1), (0, 1)),
            ((1, 2), (1, 3)),
            ((2, 3), (3, 3)),
            ((3, 4), (3, 4)),
        ]
        assert [b.confidence for b in beads] == [0.7, 1.0, 0.0, 0.7]
        assert [u.target for u in replayed.document.units] == ["Sentence 0.", "Sentence 1. Sentence 2.", "Sentence 3."]
        assert dict(replayed.document.units[1].properties)["x-review"] == "approved"
        assert [r.status if r else None for r in replayed.reviews] == [None, "approved", None, None]

    def test_pins_are_found_again_after_sentences_came_before_them(self) -> None:
        moved = document(
            ["新。", *(f"句{i}。" for i in range(3))],
            ["New.", *(f"Sentence {i}." for i in range(3))],
            [Bead((0, 4), (0, 4))],
        )
        replayed = replay_document(
            moved,
            [pin([{"source": ["句1。"], "target": ["Sentence 1."]}, {"source": ["句2。"], "target": []}], (1, 1))],
        )
        assert [(b.source, b.target) for b in replayed.document.beads] == [
            ((0, 2), (0, 2)),
            ((2, 3), (2, 3)),
            ((3, 4), (3, 3)),
            ((4, 4), (3, 4)),
        ]

    def test_of_two_pins_about_the_same_sentences_the_later_counts(self) -> None:
        both = {"source": ["句0。", "句1。"], "target": ["Sentence 0.", "Sentence 1."]}
        one = {"source": ["句1。"], "target": ["Sentence 1."]}
        assert [b.size for b in replay_document(one_to_one(2), [pin([both]), pin([one], (1, 1))]).document.beads] == [
            (1, 1),
            (1, 1),
        ]
        assert [b.size for b in replay_document(one_to_one(2), [pin([one], (1, 1)), pin([both])]).document.beads] == [
            (2, 2)
        ]

    def test_a_pin_whose_sentence_is_gone_is_listed(self) -> None:
        replayed = replay_document(one_to_one(2), [pin([{"source": ["别的。"], "target": ["Sentence 1."]}])])
        assert replayed.document == one_to_one(2)
        assert [str(m) for m in replayed.misfits] == [
            "decision 1 (pin bead doc.txt): this text is not in the document any more: '别的。'"
        ]

    @given(st.data())
    def test_whatever_is_pinned_every_sentence_is_in_one_bead_in_order(self, data: st.DataObject) -> None:
        base = one_to_one(6)
        decisions = []
        for number in range(data.draw(st.integers(1, 4))):
            first, second = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 5))
            beads = []
            at = (first, second)
            for _ in range(data.draw(st.integers(1, 3))):
                one, two = data.draw(st.integers(0, 2)), data.draw(st.integers(0, 2))
                texts = (
                    [s.text for s in base.source[first : first + one]],
                    [s.text for s in base.target[second : second + two]],
                )
                if texts[0] or texts[1]:
                    beads.append({"source": texts[0], "target": texts[1]})
                first, second = first + len(texts[0]), second + len(texts[1])
            decisions.append(pin(beads, at, str(number)))
        replayed = replay_document(base, decisions)
        assert [i for b in replayed.document.beads for i in range(*b.source)] == list(range(6))
        assert [i for b in replayed.document.beads for i in range(*b.target)] == list(range(6))
        assert len(replayed.reviews) == len(replayed.document.beads)
        assert not replayed.misfits


class TestUnits:
    def test_wording_marks_and_doubts(self) -> None:
        base = one_to_one(4)
        ids = [unit.id for unit in base.units]
        replayed = replay_document(
            base,
            [
                Decision("1", "unit", ids[0], "edit", {"target": "Sentence nought."}),
                Decision("2", "unit", ids[1], "wrong"),
                Decision("3", "unit", ids[2], "doubt"),
                Decision("4", "unit", ids[3], "wrong"),
                Decision("5", "unit", ids[3], "approve"),
            ],
        )
        units = replayed.document.units
        assert [unit.id for unit in units] == ids
        assert [unit.target for unit in units] == ["Sentence nought.", *(f"Sentence {i}." for i in (1, 2, 3))]
        assert [unit.flags for unit in units] == [(), ("wrong",), ("doubtful",), ()]
        assert [unit.confidence for unit in units] == [0.7, 0.7, 0.7, 1.0]
        assert [unit.id for unit in memory_units(units)] == [ids[0], ids[2], ids[3]]

    def test_rows_merge_with_the_next_and_keep_corrected_wording(self) -> None:
        base = one_to_one(4)
        ids = row_ids(base)
        merges = [
            Decision("1", "unit", ids[0], "merge"),
            Decision("2", "unit", ids[1], "edit", {"target": "Sentence one."}),
            Decision("3", "unit", ids[1], "merge"),
        ]
        replayed = replay_document(base, merges)
        assert [bead.size for bead in replayed.document.beads] == [(3, 3), (1, 1)]
        assert replayed.document.units[0].target == "Sentence 0. Sentence one. Sentence 2."
        assert replayed.document.units[0].source == "句0。句1。句2。"
        later = Decision("4", "unit", replayed.document.units[0].id, "approve")
        again = replay_document(base, [*merges, later])
        assert [review.status if review else None for review in again.reviews] == ["approved", None]
        assert unknown_units([base], [*merges, later]) == ()

    def test_a_row_without_counterpart_merges_too(self) -> None:
        base = document(["甲。", "乙。"], ["One."], [Bead((0, 1), (0, 0)), Bead((1, 2), (0, 1))])
        replayed = replay_document(base, [Decision("1", "unit", row_ids(base)[0], "merge")])
        assert [unit.source for unit in replayed.document.units] == ["甲。乙。"]

    def test_what_is_gone_is_listed(self) -> None:
        decisions = [Decision("1", "unit", "gone", "approve"), pin([], id_="2")]
        assert [m.decision.id for m in unknown_units([one_to_one(1)], decisions)] == ["1"]
        assert [m.decision.id for m in unknown_units([], decisions)] == ["1", "2"]


PARTY = ConceptEntry(
    "c1",
    "中国共产党",
    (Rendering("Communist Party of China", count=4, first="2020", documents=("a",)), Rendering("CPC", "admitted")),
    count=10,
    contexts=(Context("u1", "甲", "a"),),
)
SHORT = ConceptEntry("c2", "党", (Rendering("the Party", count=3), Rendering("CPC", "admitted", count=2)), count=5)
GLOSSARY = Glossary((PARTY, SHORT))


def replay(*decisions: tuple[str, str, dict[str, object]]) -> tuple[dict[str, ConceptEntry], list[str]]:
    made = [Decision(str(n), "term", key, verb, values) for n, (key, verb, values) in enumerate(decisions, 1)]
    replayed = replay_glossary(GLOSSARY, made)
    return {e.id: e for e in replayed.glossary.entries}, [m.reason for m in replayed.misfits]


class TestTerms:
    def test_statuses_and_wordings(self) -> None:
        entries, misfits = replay(
            ("c1", "accept", {}),
            ("c1", "prefer", {"text": "CPC"}),
            ("c1", "rendering", {"text": "Communist Party of China", "usage": "superseded"}),
            ("c1", "rendering", {"text": "", "new": "Chinese Communists", "usage": "deprecated"}),
            ("c2", "edit", {"type": "institution", "notes": ["short for 中国共产党"]}),
            ("c2", "rendering", {"text": "CPC", "new": ""}),
        )
        assert not misfits
        party = entries["c1"]
        assert party.review == "accepted"
        assert [(r.text, r.usage) for r in party.renderings] == [
            ("CPC", "preferred"),
            ("Communist Party of China", "superseded"),
            ("Chinese Communists", "deprecated"),
        ]
        assert (entries["c2"].review, entries["c2"].type, entries["c2"].notes) == (
            "edited",
            "institution",
            ("short for 中国共产党",),
        )
        assert [r.text for r in entries["c2"].renderings] == ["the Party"]

    def test_a_merge_keeps_everything_and_later_decisions_find_the_entry(self) -> None:
        entries, misfits = replay(("c2", "merge", {"into": "c1"}), ("c2", "discuss", {}))
        assert not misfits
        assert list(entries) == ["c1"]
        merged = entries["c1"]
        assert merged.review == "discuss"
        assert merged.variants == (Variant("党", count=5),)
        assert [(r.text, r.usage, r.count) for r in merged.renderings] == [
            ("Communist Party of China", "preferred", 4),
            ("CPC", "admitted", 3),
            ("the Party", "admitted", 3),
        ]
        assert merged.count == 15

    def test_a_new_entry_and_one_found_by_the_machine_since(self) -> None:
        values: dict[str, object] = {
            "term": "一带一路",
            "rendering": "Belt and Road",
            "type": "initiative",
            "context": {"unit": "u9", "source": "共建一带一路", "target": "the Belt and Road"},
        }
        entries, misfits = replay(("c9", "add", values), ("c2", "add", {"term": "党", "rendering": "Party"}))
        assert not misfits
        assert entries["c9"].contexts[0].source_spans == ((2, 6),)
        assert [(r.text, r.usage) for r in entries["c2"].renderings] == [
            ("Party", "preferred"),
            ("the Party", "admitted"),
            ("CPC", "admitted"),
        ]

    @pytest.mark.parametrize(
        ("decision", "reason"),
        [
            (("c7", "accept", {}), "no such entry any more"),
            (("c1", "merge", {"into": "c7"}), "the entry to merge into, c7, is not there any more"),
            (("c1", "prefer", {"text": "PRC"}), "the entry has no English 'PRC' any more"),
            (("c1", "edit", {"type": "thing"}), "'thing' is no type"),
            (("c1", "dance", {}), "unknown verb 'dance'"),
        ],
    )
    def test_what_does_not_fit_is_listed(self, decision: tuple[str, str, dict[str, object]], reason: str) -> None:
        entries, misfits = replay(decision)
        assert misfits == [reason]
        assert entries == {"c1": PARTY, "c2": SHORT}
