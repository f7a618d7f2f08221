"""The straight line on the sample: every gold bead, and nothing of the text lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tmx.memory import MemoryOptions, build_document, build_memory
from tmx.model import AlignedDocument, Bitext, Paragraph, Piece, Row


@pytest.fixture(scope="module")
def document(sample: Path) -> AlignedDocument:
    (built,) = build_memory([sample])
    return built


def paragraph(text: str, line: int) -> Paragraph:
    return Paragraph(text, (Piece(0, len(text), f"line {line}"),))


def squeeze(text: str) -> str:
    return "".join(text.split())


def test_sample_has_18_paragraphs_a_side_and_both_joins(document: AlignedDocument) -> None:
    assert (len(document.bitext.source), len(document.bitext.target)) == (18, 18)
    joined = [notice.place for notice in document.notices if notice.kind == "joined"]
    assert len(joined) == 2
    assert all(line in joined[0] for line in ("19", "31"))
    assert all(line in joined[1] for line in ("39", "49"))


def test_sample_beads_are_the_gold_beads(document: AlignedDocument, root: Path) -> None:
    lines = (root / "tests/gold/sample-alignment.tsv").read_text(encoding="utf-8").splitlines()
    gold = [tuple(squeeze(text) for text in line.split("\t")[1:]) for line in lines]
    built = [(squeeze(unit.source), squeeze(unit.target)) for unit in document.units]
    assert built == gold


def test_every_sentence_is_in_exactly_one_bead(document: AlignedDocument) -> None:
    for side in ("source", "target"):
        covered = [index for bead in document.beads for index in range(*getattr(bead, side))]
        assert covered == list(range(len(getattr(document, side))))


def test_no_text_is_lost(document: AlignedDocument) -> None:
    for side in ("source", "target"):
        paragraphs = "".join(p.text for p in getattr(document.bitext, side))
        units = "".join(getattr(unit, side) for unit in document.units)
        assert squeeze(units) == squeeze(paragraphs)


def test_a_unit_names_both_halves_of_a_healed_sentence(document: AlignedDocument) -> None:
    unit = next(unit for unit in document.units if "Latin America and the Caribbean" in unit.target)
    assert unit.place == "line 29 | line 19 + line 31"


def test_ids_are_unique_and_do_not_depend_on_what_stands_before(document: AlignedDocument) -> None:
    ids = [unit.id for unit in document.units]
    assert len(set(ids)) == len(ids)
    bitext = document.bitext
    shorter = replace(bitext, source=bitext.source[1:], target=bitext.target[1:])
    assert {unit.id for unit in build_document(shorter).units} <= set(ids)


def test_table_rows_are_kept_as_they_are_unless_asked() -> None:
    bitext = Bitext(
        "table.csv",
        source=(paragraph("春天来了。花开了。", 1), paragraph("目录", 2)),
        target=(paragraph("Spring has come. The flowers are out.", 1),),
        rows=(Row((0, 1), (0, 1), "cell", notes=("checked",)), Row((1, 2), (1, 1), "cell")),
    )
    kept = build_document(bitext)
    assert [(unit.source, unit.bead, unit.notes) for unit in kept.units] == [
        ("春天来了。花开了。", "1-1", ("checked",))
    ]
    assert [bead.shape for bead in kept.unaligned] == ["1-0"]
    split = build_document(bitext, MemoryOptions(split_rows=True))
    assert [unit.source for unit in split.units] == ["春天来了。", "花开了。"]


def test_same_input_gives_the_same_units(sample: Path, document: AlignedDocument) -> None:
    (again,) = build_memory([sample])
    assert again == document


def test_text_around_a_table_is_aligned_and_its_rows_are_kept() -> None:
    def side(*texts: str) -> tuple[Paragraph, ...]:
        return tuple(Paragraph(text, (Piece(0, len(text), f"line {n}"),)) for n, text in enumerate(texts))

    bitext = Bitext(
        "a",
        side("图书馆五月开馆。谁来看书都不收钱。", "早上开门。夜里关门。", "完。"),
        side("The library opened in May.", "Nobody pays to read.", "Opens at dawn. Closes at night.", "The end."),
        rows=(
            Row((0, 1), (0, 0)),
            Row((1, 1), (0, 1)),
            Row((1, 1), (1, 2)),
            Row((1, 2), (2, 3), "cell"),
            Row((2, 3), (3, 3)),
            Row((3, 3), (3, 4)),
        ),
    )
    assert [(unit.source, unit.target) for unit in build_document(bitext).units] == [
        ("图书馆五月开馆。", "The library opened in May."),
        ("谁来看书都不收钱。", "Nobody pays to read."),
        ("早上开门。夜里关门。", "Opens at dawn. Closes at night."),
        ("完。", "The end."),
    ]
