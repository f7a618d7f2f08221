"""What was decided about pairs holds when documents change, or is named."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from duiyi.decisions.beads import replay_document, unknown_units
from duiyi.decisions.journal import read_line, write_line
from duiyi.decisions.model import ApproveUnit, Decision, DoubtUnit, EditUnit, StrikeUnit, UnitVerb
from duiyi.review import rows as actions
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence

CHINESE = ["和平。", "世界和平。", "合作。", "好。", "你好。", "发展。"]
ENGLISH = ["Peace.", "World peace.", "Cooperation.", "Good.", "You good.", "Development."]


def document(rows: list[int]) -> AlignedDocument:
    """Make a document of these rows, each one sentence a side."""
    sides = [[texts[row] for row in rows] for texts in (CHINESE, ENGLISH)]
    paragraphs = [tuple(Paragraph(text, (Piece(0, len(text), "line 1"),)) for text in texts) for texts in sides]
    runs = [tuple(Sentence(text, n, 0, len(text)) for n, text in enumerate(texts)) for texts in sides]
    beads = tuple(Bead((n, n + 1), (n, n + 1), confidence=0.6) for n in range(len(rows)))
    bitext = Bitext("doc.txt", paragraphs[0], paragraphs[1])
    return AlignedDocument(bitext, runs[0], runs[1], beads, tuple(make_units(bitext, runs[0], runs[1], beads)))


ROWS = list(range(len(CHINESE)))
orders = st.lists(st.sampled_from(ROWS), unique=True)
choices = st.lists(
    st.tuples(st.sampled_from(ROWS), st.sampled_from(["approved", "doubtful", "wrong"]), st.booleans()),
    unique_by=lambda choice: choice[0],
)
VERBS: dict[str, UnitVerb] = {"approved": ApproveUnit(), "doubtful": DoubtUnit(), "wrong": StrikeUnit()}


@settings(max_examples=300, deadline=None)
@given(choices, orders)
def test_a_judged_pair_keeps_its_judgement_wherever_it_stands_or_is_named(
    made: list[tuple[int, actions.Status, bool]], order: list[int]
) -> None:
    before = document(ROWS)
    rows = actions.rows_of(replay_document(before, ()))
    decisions = []
    for row, status, on_the_page in made:
        if on_the_page:
            splices = actions.set_status(rows, row, status)
            verbs = [("doc.txt", pin) for pin in actions.to_pins(rows, splices)]
            actions.apply(rows, splices)
        else:
            verbs = [(before.units[row].id, VERBS[status])]  # type: ignore[list-item]
        for key, verb in verbs:
            decision = Decision(key, verb, "doc.txt", about=CHINESE[row], id=f"{len(decisions):08d}")
            decisions.append(read_line(write_line(decision)))
    after = document(order)
    replayed = replay_document(after, decisions)
    named = {m.decision.about for m in (*replayed.misfits, *unknown_units([after], decisions))}
    held = {
        (pair.source_text, pair.target_text): review.status
        for pair, review in zip(replayed.document.pairs(), replayed.reviews, strict=True)
        if review
    }
    for row, status, _ in made:
        text = CHINESE[row]
        assert held.get((text, ENGLISH[row])) == status or text in named
        if row not in order:
            assert text in named


def test_a_lost_sentence_is_named_although_another_one_holds_its_text() -> None:
    rows = actions.rows_of(replay_document(document([3, 0]), ()))
    (pin,) = actions.to_pins(rows, actions.set_status(rows, 0, "approved"))
    replayed = replay_document(document([4, 0]), [Decision("doc.txt", pin, "doc.txt")])
    assert [misfit.reason for misfit in replayed.misfits] == ["this text is not in the document any more: '好。'"]


def test_a_rewording_comes_back_with_its_sentence() -> None:
    before = document([0, 1, 2])
    decision = Decision(before.units[1].id, EditUnit(target="Peace in the world."), "doc.txt")
    replayed = replay_document(document([2, 1, 5]), [decision])
    assert [unit.target for unit in replayed.document.units] == ["Cooperation.", "Peace in the world.", "Development."]
