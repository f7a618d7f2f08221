import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duiyi.decisions.beads import memory_units, replay_document, unknown_units
from duiyi.decisions.journal import DecisionJournal, in_force
from duiyi.decisions.model import (
    VERBS,
    AcceptTerm,
    AddTerm,
    ApproveUnit,
    Decision,
    DiscussTerm,
    DoubtUnit,
    EditTerm,
    EditUnit,
    MergeInto,
    MergeUnit,
    Pin,
    PinnedBead,
    PreferRendering,
    RejectTerm,
    SetRendering,
    Sighting,
    StrikeUnit,
    TermVerb,
    Undo,
    Verb,
)
from duiyi.decisions.terms import replay_glossary
from glossary.model import ConceptEntry, Context, Glossary, Rendering, Variant, entry_id
from tmx.errors import FormatError
from tmx.memory import make_units
from tmx.messages import load
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence

ACCEPT = Decision("c1", AcceptTerm(), origin="page", reviewer="李", time="2026-01-02T03:04:05Z")


def test_every_verb_has_a_name_in_the_journal_and_words_in_either_language() -> None:
    assert sorted(map(str, VERBS.values())) == sorted(map(str, get_args(Verb)))
    assert [verb.did for verb in VERBS.values() if not re.search("[\u4e00-\u9fff]", load("zh").told(verb.did))] == []


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


def pin(beads: list[PinnedBead], at: tuple[int, int] = (0, 0), id_: str = "1") -> Decision:
    return Decision("doc.txt", Pin(tuple(beads), at), "doc.txt", id=id_)


class TestJournal:
    def test_what_was_appended_is_read_again_with_growing_ids(self, tmp_path: Path) -> None:
        journal = DecisionJournal(tmp_path / "out" / "decisions.jsonl")
        assert journal.read() == ()
        first = journal.append([ACCEPT])
        rest = DecisionJournal(journal.path).append([ACCEPT, replace(ACCEPT, verb=RejectTerm())])
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

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ('{"id":"1","subject":"term","key":"c1","action":"dance"}', "'dance' is nothing that can be decided about"),
            ('{"id":"1","subject":"term","key":"c1","action":"edit","values":{"type":"thing"}}', "'thing'"),
            ('{"id":"1","subject":"term","key":"c1","action":"merge","values":{}}', "required field `into`"),
            ('{"id":"x","subject":"term","key":"c1","action":"accept"}', "'x' is no number of a decision"),
            ('{"id":"1","subject":"bead","key":"a","action":"pin","values":{"at":[-9,[0,1]]}}', "below 0"),
            (
                '{"id":"1","subject":"term","key":"c1","action":"accept","seen":{"id":"a","term":"b","renderings":[]}}',
                "no English",
            ),
        ],
    )
    def test_a_verb_that_nobody_knows_or_that_lacks_something_is_named(
        self, tmp_path: Path, line: str, reason: str
    ) -> None:
        (tmp_path / "decisions.jsonl").write_text(line + "\n")
        with pytest.raises(FormatError, match=f"line 1: not a decision .*{reason}"):
            DecisionJournal(tmp_path / "decisions.jsonl").read()

    def test_every_verb_is_read_as_it_was_written(self, tmp_path: Path) -> None:
        seen = Sighting("u", "甲", "a", "d", "2020", "line 1")
        bead = PinnedBead(("甲。",), (), "approved", None, "A", 0.5, ((1, 2), 3))
        made: list[Verb] = [
            AddTerm("甲", "a", "event", ("注",), seen),
            EditTerm("乙", "person", "noun", "定义", (), "edited"),
            SetRendering("a", "", "superseded", "spelling"),
            Pin((bead,), (0, (1, 2))),
            EditUnit("", "b"),
        ]
        saved = DecisionJournal(tmp_path / "a.jsonl").append([Decision("k", verb, "d", step="s") for verb in made])
        assert DecisionJournal(tmp_path / "a.jsonl").read() == saved
        assert [decision.verb for decision in saved] == made

    def test_an_undone_undo_is_a_redo(self) -> None:
        one = replace(ACCEPT, id="1")
        undo = Decision("1", Undo(), id="2")
        redo = Decision("2", Undo(), id="3")
        assert in_force([one, undo]) == ()
        assert in_force([one, undo, redo]) == (one,)
        assert in_force([one, undo, redo, Decision("3", Undo(), id="4")]) == ()


class TestBeads:
    def test_a_pin_holds_and_its_neighbours_are_cut_to_what_is_left(self) -> None:
        replayed = replay_document(
            one_to_one(4),
            [pin([PinnedBead(("句1。",), ("Sentence 1.", "Sentence 2."), "approved")])],
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
            [pin([PinnedBead(("句1。",), ("Sentence 1.",)), PinnedBead(("句2。",), ())], (1, 1))],
        )
        assert [(b.source, b.target) for b in replayed.document.beads] == [
            ((0, 2), (0, 2)),
            ((2, 3), (2, 3)),
            ((3, 4), (3, 3)),
            ((4, 4), (3, 4)),
        ]

    def test_of_two_pins_about_the_same_sentences_the_later_counts(self) -> None:
        both = PinnedBead(("句0。", "句1。"), ("Sentence 0.", "Sentence 1."))
        one = PinnedBead(("句1。",), ("Sentence 1.",))
        assert [b.size for b in replay_document(one_to_one(2), [pin([both]), pin([one], (1, 1))]).document.beads] == [
            (1, 1),
            (1, 1),
        ]
        assert [b.size for b in replay_document(one_to_one(2), [pin([one], (1, 1)), pin([both])]).document.beads] == [
            (2, 2)
        ]

    def test_a_pin_whose_sentence_is_gone_is_listed(self) -> None:
        replayed = replay_document(one_to_one(2), [pin([PinnedBead(("别的。",), ("Sentence 1.",))])])
        assert replayed.document == one_to_one(2)
        assert [str(m) for m in replayed.misfits] == [
            "doc.txt, 别的。 (put together): this text is not in the document any more: '别的。'"
        ]

    @settings(deadline=None)
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
                    tuple(s.text for s in base.source[first : first + one]),
                    tuple(s.text for s in base.target[second : second + two]),
                )
                if texts[0] or texts[1]:
                    beads.append(PinnedBead(*texts))
                first, second = first + len(texts[0]), second + len(texts[1])
            decisions.append(pin(beads, at, str(number)))
        replayed = replay_document(base, decisions)
        assert [i for b in replayed.document.beads for i in range(*b.source)] == list(range(6))
        assert [i for b in replayed.document.beads for i in range(*b.target)] == list(range(6))
        assert len(replayed.reviews) == len(replayed.document.beads)
        assert all("stand across" in misfit.reason for misfit in replayed.misfits)


class TestUnits:
    def test_wording_marks_and_doubts(self) -> None:
        base = one_to_one(4)
        ids = [unit.id for unit in base.units]
        replayed = replay_document(
            base,
            [
                Decision(ids[0], EditUnit(target="Sentence nought."), id="1"),
                Decision(ids[1], StrikeUnit(), id="2"),
                Decision(ids[2], DoubtUnit(), id="3"),
                Decision(ids[3], StrikeUnit(), id="4"),
                Decision(ids[3], ApproveUnit(), id="5"),
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
        ids = [pair.id for pair in base.pairs()]
        merges = [
            Decision(ids[0], MergeUnit(), id="1"),
            Decision(ids[1], EditUnit(target="Sentence one."), id="2"),
            Decision(ids[1], MergeUnit(), id="3"),
        ]
        replayed = replay_document(base, merges)
        assert [bead.size for bead in replayed.document.beads] == [(3, 3), (1, 1)]
        assert replayed.document.units[0].target == "Sentence 0. Sentence one. Sentence 2."
        assert replayed.document.units[0].source == "句0。句1。句2。"
        later = Decision(replayed.document.units[0].id, ApproveUnit(), id="4")
        again = replay_document(base, [*merges, later])
        assert [review.status if review else None for review in again.reviews] == ["approved", None]
        assert unknown_units([base], [*merges, later]) == ()

    def test_a_row_without_counterpart_merges_too(self) -> None:
        base = document(["甲。", "乙。"], ["One."], [Bead((0, 1), (0, 0)), Bead((1, 2), (0, 1))])
        replayed = replay_document(base, [Decision(next(base.pairs()).id, MergeUnit(), id="1")])
        assert [unit.source for unit in replayed.document.units] == ["甲。乙。"]

    def test_what_is_gone_is_listed(self) -> None:
        decisions = [Decision("gone", ApproveUnit(), id="1"), pin([], id_="2")]
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


def replay(*decisions: tuple[str, TermVerb]) -> tuple[dict[str, ConceptEntry], list[str]]:
    made = [Decision(key, verb, id=str(n)) for n, (key, verb) in enumerate(decisions, 1)]
    replayed = replay_glossary(GLOSSARY, made)
    return {e.id: e for e in replayed.glossary.entries}, [m.reason for m in replayed.misfits]


class TestTerms:
    def test_statuses_and_wordings(self) -> None:
        entries, misfits = replay(
            ("c1", AcceptTerm()),
            ("c1", PreferRendering("CPC")),
            ("c1", SetRendering("Communist Party of China", usage="superseded")),
            ("c1", SetRendering(new="Chinese Communists", usage="deprecated")),
            ("c2", EditTerm(type="institution", notes=("short for 中国共产党",))),
            ("c2", SetRendering("CPC", "")),
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
        entries, misfits = replay(("c2", MergeInto("c1")), ("c2", DiscussTerm()))
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
        seen = Sighting("u9", "共建一带一路", "the Belt and Road", "a.txt", "2020-01-02", "line 9")
        added = AddTerm("一带一路", "Belt and Road", "initiative", context=seen)
        entries, misfits = replay((entry_id("一带一路"), added), ("c2", AddTerm("党", "Party")))
        assert not misfits
        context = entries[entry_id("一带一路")].contexts[0]
        assert context.source_spans == ((2, 6),)
        assert (context.document, context.date, context.place) == ("a.txt", "2020-01-02", "line 9")
        assert [(r.text, r.usage) for r in entries["c2"].renderings] == [
            ("Party", "preferred"),
            ("the Party", "admitted"),
            ("CPC", "admitted"),
        ]

    @pytest.mark.parametrize(
        ("decision", "reason"),
        [
            (("c7", AcceptTerm()), "no such entry any more"),
            (("c1", MergeInto("c7")), "the term it was to become part of is not there any more"),
            (("c1", PreferRendering("PRC")), "the entry has no English 'PRC' any more"),
        ],
    )
    def test_what_does_not_fit_is_listed(self, decision: tuple[str, TermVerb], reason: str) -> None:
        entries, misfits = replay(decision)
        assert misfits == [reason]
        assert entries == {"c1": PARTY, "c2": SHORT}
