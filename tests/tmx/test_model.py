"""The shared types: their examples, and the pairs which every output shows."""

from __future__ import annotations

from dataclasses import replace

from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence


def document() -> AlignedDocument:
    """One pair with two spaces and a page turn on the English side, and the same remark twice without a partner."""
    chinese = tuple(Paragraph(text, (Piece(0, len(text), f"line {n}"),)) for n, text in enumerate(["甲。", "注。注。"]))
    english = (Paragraph("One.  Two.", (Piece(0, 4, "page 1"), Piece(6, 10, "page 2"))),)
    source = (Sentence("甲。", 0, 0, 2), Sentence("注。", 1, 0, 2), Sentence("注。", 1, 2, 4))
    target = (Sentence("One.", 0, 0, 4), Sentence("Two.", 0, 6, 10))
    beads = (Bead((0, 1), (0, 2)), Bead((1, 2), (2, 2)), Bead((2, 3), (2, 2)))
    bitext = Bitext("a.txt", chinese, english)
    return AlignedDocument(bitext, source, target, beads, tuple(make_units(bitext, source, target, beads)))


def test_a_pair_has_the_authors_text_with_its_spaces_and_says_where_it_stands() -> None:
    first, gap, _ = document().pairs()
    assert (first.source_text, first.target_text, first.place) == ("甲。", "One.  Two.", "line 0 | page 1 + page 2")
    assert first.unit is not None and first.id == first.unit.id
    assert (gap.unit, gap.source_text, gap.target_text, gap.place) == (None, "注。", "", "line 1")


def test_every_pair_has_an_id_of_its_own_that_is_the_same_in_every_run() -> None:
    ids = [pair.id for pair in document().pairs()]
    assert len(set(ids)) == 3 and ids == [pair.id for pair in document().pairs()]
    assert ids[2] == f"{ids[1]}-2" and ids[1].startswith("gap-")


def test_a_reworded_unit_gives_its_pair_the_new_wording() -> None:
    made = document()
    (unit,) = made.units
    changed = replace(made, units=(replace(unit, target="Reworded."),))
    assert next(changed.pairs()).target_text == "Reworded."


def test_shape_counts_both_sides() -> None:
    assert Bead((0, 1), (2, 4)).shape == "1-2"
