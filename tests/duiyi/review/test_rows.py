from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duiyi.decisions.beads import replay_document
from duiyi.decisions.journal import read_line, write_line
from duiyi.decisions.model import Decision
from duiyi.review import rows as r
from duiyi.review.rows import ReviewError, Row, Splice
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence

LANGUAGES = ("zh-CN", "en-US")


def sentences(*texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(text, number, 0, len(text)) for number, text in enumerate(texts))


def table(*pairs: tuple[str, str]) -> list[Row]:
    """Make rows from texts; sentences are separated by |."""
    return [Row(sentences(*filter(None, s.split("|"))), sentences(*filter(None, t.split("|"))), 0.7) for s, t in pairs]


def shown(rows: Sequence[Row]) -> list[tuple[str, str]]:
    return [("|".join(s.text for s in row.source), "|".join(t.text for t in row.target)) for row in rows]


def after(rows: Sequence[Row], splices: Sequence[Splice]) -> list[tuple[str, str]]:
    changed = list(rows)
    r.apply(changed, splices)
    return shown(changed)


THREE = [("一。", "One."), ("二。|三。", "Two.|Three."), ("四。", "Four.")]


def test_merge_with_next():
    assert after(table(*THREE), r.merge(table(*THREE), 0, LANGUAGES)) == [
        ("一。|二。|三。", "One.|Two.|Three."),
        ("四。", "Four."),
    ]
    with pytest.raises(ReviewError, match="last row"):
        r.merge(table(*THREE), 2, LANGUAGES)


def test_split_between_sentences_takes_the_counterpart_along():
    rows = table(*THREE)
    expected = [("一。", "One."), ("二。", "Two."), ("三。", "Three."), ("四。", "Four.")]
    assert after(rows, r.split(rows, 1, "source", 2, LANGUAGES)) == expected
    assert after(rows, r.split(rows, 1, "target", 5, LANGUAGES)) == expected


def test_split_inside_a_sentence_in_both_columns_makes_two_pairs():
    rows = table(("早上好，晚上好。", "Good morning, good evening."), ("完。", "End."))
    r.apply(rows, r.split(rows, 0, "source", 4, LANGUAGES))
    assert shown(rows) == [("早上好，", "Good morning, good evening."), ("晚上好。", ""), ("完。", "End.")]
    r.apply(rows, r.split(rows, 0, "target", 13, LANGUAGES))
    assert shown(rows) == [("早上好，", "Good morning,"), ("晚上好。", "good evening."), ("完。", "End.")]
    cut = rows[1].target[0]
    assert (cut.start, cut.end) == (14, 27)


@pytest.mark.parametrize("offset", [0, 99])
def test_split_needs_something_on_both_sides(offset: int):
    rows = table(*THREE)
    with pytest.raises(ReviewError, match="caret"):
        r.split(rows, 1, "target", offset, LANGUAGES)


def test_shift_moves_one_side_over_the_border():
    rows = table(*THREE)
    assert after(rows, r.shift(rows, 1, "target", -1)) == [
        ("一。", "One.|Two."),
        ("二。|三。", "Three."),
        ("四。", "Four."),
    ]
    assert after(rows, r.shift(rows, 1, "source", 1)) == [
        ("一。", "One."),
        ("二。", "Two.|Three."),
        ("三。|四。", "Four."),
    ]
    with pytest.raises(ReviewError, match="no row"):
        r.shift(rows, 0, "source", -1)


def test_a_row_left_empty_goes():
    rows = table(("一。", "One."), ("", "Two."))
    assert after(rows, r.shift(rows, 1, "target", -1)) == [("一。", "One.|Two.")]


def test_the_same_mark_twice_takes_it_away_but_an_approval_stays():
    rows = table(*THREE)
    r.apply(rows, r.set_status(rows, 1, "doubtful"))
    assert rows[1].status == "doubtful"
    r.apply(rows, r.set_status(rows, 1, "doubtful"))
    assert rows[1].status == "open"
    r.apply(rows, r.set_status(rows, 1, "approved"))
    assert r.set_status(rows, 1, "approved") == []


def test_approve_above_leaves_what_a_person_has_touched():
    rows = table(*THREE, ("五。", ""))
    r.apply(rows, r.set_status(rows, 0, "doubtful"))
    r.apply(rows, r.approve_above(rows, 0.7))
    assert [row.status for row in rows] == ["doubtful", "approved", "approved", "open"]
    assert r.approve_above(rows, 0.71) == []


def test_edit_and_take_back():
    rows = table(*THREE)
    r.apply(rows, r.edit(rows, 0, "一。", "  The first. ", LANGUAGES))
    assert (rows[0].source_text, rows[0].target_text, rows[0].status) == (None, "The first.", "changed")
    with pytest.raises(ReviewError, match="reworded"):
        r.split(rows, 0, "target", 3, LANGUAGES)
    assert r.side_text(rows[0], "target", "en-US") == "The first."
    r.apply(rows, r.merge(rows, 0, LANGUAGES))
    assert r.side_text(rows[0], "target", "en-US") == "The first. Two. Three."
    with pytest.raises(ReviewError, match="emptied"):
        r.edit(rows, 0, "", "x", LANGUAGES)


def test_realign_never_moves_what_is_settled():
    rows = table(("一。|二。", "One."), ("三。", "Two.|Three."), ("四。", "Four."), ("五。", "Five."))
    r.apply(rows, r.set_status(rows, 2, "approved"))
    asked: list[Any] = []

    def aligner(source: Sequence[Sentence], target: Sequence[Sentence], anchors: Sequence[Bead]) -> list[Bead]:
        asked.extend(anchors)
        return [Bead((i, i + 1), (i, i + 1), confidence=0.9) for i in range(5)]

    splices = r.realign(rows, aligner)
    assert [(bead.source, bead.target) for bead in asked] == [((3, 4), (3, 4))]
    assert [(splice.index, len(splice.before), len(splice.after)) for splice in splices] == [(0, 2, 3)]
    assert after(rows, splices)[:3] == [("一。", "One."), ("二。", "Two."), ("三。", "Three.")]
    with pytest.raises(ReviewError, match="settled"):
        r.realign([replace(row, status="approved") for row in rows], aligner)


def act(rows: list[Row], choice: tuple[int, int, int, int]) -> list[Splice]:
    verb, index, offset, side = choice
    index %= len(rows)
    which: r.Side = "source" if side else "target"
    text = r.side_text(rows[index], which, LANGUAGES[0 if side else 1])
    try:
        match verb:
            case 0:
                return r.merge(rows, index, LANGUAGES)
            case 1:
                return r.split(rows, index, which, offset % (len(text) + 1), LANGUAGES)
            case 2:
                return r.shift(rows, index, which, -1)
            case 3:
                return r.shift(rows, index, which, 1)
            case 4:
                return r.set_status(rows, index, ("approved", "doubtful", "wrong")[offset % 3])
            case 5:
                return r.edit(rows, index, "改过的", "reworded", LANGUAGES)
            case 6:
                return r.exchange(rows, index, which, LANGUAGES)
            case _:
                return r.approve_above(rows, 0.5)
    except ReviewError:
        return []


ACTIONS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 60), st.integers(0, 200), st.integers(0, 1)), max_size=12
)


def without_flags(rows: Sequence[Row]) -> list[Row]:
    return [replace(row, flags=()) for row in rows]


@settings(max_examples=60, deadline=None)
@given(ACTIONS)
def test_replaying_the_decisions_gives_the_same_rows_and_undoing_gives_the_first_ones(
    interview: AlignedDocument, actions: list[tuple[int, int, int, int]]
):
    check_replay(interview, actions)


@settings(max_examples=60, deadline=None)
@given(ACTIONS)
def test_sentences_that_recur_are_not_mistaken_for_each_other(actions: list[tuple[int, int, int, int]]):
    chinese, english = ["好，好。", "是的。", "好，好。", "好，"], ["Good, good.", "Yes.", "Good, good.", "Good,"]
    check_replay(aligned(chinese * 4, english * 4), actions)


def check_replay(document: AlignedDocument, actions: list[tuple[int, int, int, int]]) -> None:
    first = r.rows_of(replay_document(document, ()))
    rows = list(first)
    done = []
    decisions: list[Decision] = []
    for choice in actions:
        splices = act(rows, choice)
        for pin in r.to_pins(rows, splices):
            decision = Decision(document.bitext.name, pin, document.bitext.name, "page", id=str(len(decisions)))
            decisions.append(read_line(write_line(decision)))
        r.apply(rows, splices)
        done.append(splices)
    replayed = replay_document(document, decisions)
    assert replayed.misfits == ()
    assert without_flags(r.rows_of(replayed)) == without_flags(rows)
    for splices in reversed(done):
        r.apply(rows, r.invert(splices))
    assert rows == first


def test_a_cut_in_a_sentence_that_recurs_is_made_where_it_was_made():
    texts = ["好，好。", "是。", "好，好。", "好，"]
    document = aligned(texts, ["Good, good.", "Yes.", "Good, good.", "Good,"])
    rows = r.rows_of(replay_document(document, ()))
    splices = r.split(rows, 2, "source", 2, LANGUAGES)
    decisions = [Decision("doc.txt", pin, id="1") for pin in r.to_pins(rows, splices)]
    replayed = replay_document(document, decisions)
    assert shown(r.rows_of(replayed)) == [
        ("好，好。", "Good, good."),
        ("是。", "Yes."),
        ("好，", "Good, good."),
        ("好。", ""),
        ("好，", "Good,"),
    ]
    assert replayed.misfits == ()


def test_a_cut_is_found_again_when_the_document_has_changed():
    before = aligned(["一，二。", "三。"], ["One, two.", "Three."])
    rows = r.rows_of(replay_document(before, ()))
    decisions = [Decision("doc.txt", pin, id="1") for pin in r.to_pins(rows, r.split(rows, 0, "source", 2, LANGUAGES))]
    after_ = aligned(["零。", "一，二。", "三。"], ["Zero.", "One, two.", "Three."])
    replayed = replay_document(after_, decisions)
    assert shown(r.rows_of(replayed)) == [("零。", "Zero."), ("一，", "One, two."), ("二。", ""), ("三。", "Three.")]
    assert replayed.misfits == ()


def aligned(source: list[str], target: list[str]) -> AlignedDocument:
    """Make a document of one-to-one beads, each sentence a paragraph."""
    bitext = Bitext(
        "doc.txt",
        tuple(Paragraph(text, (Piece(0, len(text), "line 1"),)) for text in source),
        tuple(Paragraph(text, (Piece(0, len(text), "line 2"),)) for text in target),
    )
    sides = tuple(tuple(Sentence(t, n, 0, len(t)) for n, t in enumerate(texts)) for texts in (source, target))
    beads = tuple(Bead((i, i + 1), (i, i + 1), confidence=0.8) for i in range(len(source)))
    return AlignedDocument(bitext, *sides, beads, tuple(make_units(bitext, *sides, beads)))


def test_two_rows_swap_one_side_and_swap_it_back():
    """Sentences that cross: what the first row says in Chinese the second one says in English."""
    rows = table(("甲。", "B."), ("乙。", "A."))
    crossed = list(rows)
    r.apply(crossed, r.exchange(rows, 0, "target", LANGUAGES))
    assert [r.side_text(row, "target", "en-US") for row in crossed] == ["A.", "B."]
    assert [row.target for row in crossed] == [row.target for row in rows]  # the sentences stay in their place
    back = list(crossed)
    r.apply(back, r.exchange(crossed, 0, "target", LANGUAGES))
    assert [(row.source_text, row.target_text) for row in back] == [(None, None)] * 2


def test_nothing_is_swapped_with_an_empty_side():
    with pytest.raises(ReviewError, match="nothing on this side"):
        r.exchange(table(("甲。", "B."), ("乙。", "")), 0, "target", LANGUAGES)
