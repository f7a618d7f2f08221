"""Rows of a table, units and subtitles are checked against their words: none that is wrong stays sure of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tmx.checks import ROW_DOUBTED
from tmx.memory import MemoryOptions, segment
from tmx.model import AlignedDocument, Bitext, Paragraph, Piece, Row

CASE = Path(__file__).parents[1] / "cases" / "rows.tsv"
PAIRS = [tuple(line.split("\t")) for line in CASE.read_text(encoding="utf-8").rstrip("\n").split("\n")]
CHINESE, ENGLISH = ([pair[side] for pair in PAIRS] for side in (0, 1))
Cell = str | list[str]


def table(chinese: list[Cell], english: list[Cell], kind: str = "cell", *, split: bool = False) -> AlignedDocument:
    """Align a table with these cells; an empty cell holds no text, one given as a list several paragraphs."""
    sides: tuple[list[Paragraph], list[Paragraph]] = ([], [])
    rows = []
    for number, row in enumerate(zip(chinese, english, strict=True), 1):
        runs = []
        for side, cell in zip(sides, row, strict=True):
            texts = [text for text in ([cell] if isinstance(cell, str) else cell) if text]
            runs.append((len(side), len(side) + len(texts)))
            side += [Paragraph(text, (Piece(0, len(text), f"row {number}"),)) for text in texts]
        rows.append(Row(*runs, kind))
    bitext = Bitext("table", tuple(sides[0]), tuple(sides[1]), rows=tuple(rows))
    return segment(bitext, MemoryOptions(split_rows=split)).aligned()


def found(document: AlignedDocument) -> list[tuple[str, str]]:
    return [(unit.source, unit.target) for unit in document.units]


def said(document: AlignedDocument) -> list[tuple[str, str]]:
    return [(notice.place, notice.message) for notice in document.notices]


def test_rows_as_they_should_be_are_kept_and_nothing_is_said() -> None:
    document = table(CHINESE, ENGLISH)
    assert found(document) == PAIRS
    assert said(document) == []
    assert min(unit.confidence for unit in document.units) > 0.9
    assert not any(ROW_DOUBTED in unit.flags for unit in document.units)


@pytest.mark.parametrize("rows", [1, 2, 3])
@pytest.mark.parametrize("first", [0, 5, 13])
def test_a_column_that_slipped_down_is_put_right(first: int, rows: int) -> None:
    document = table([*CHINESE, *[""] * rows], [*ENGLISH[:first], *[""] * rows, *ENGLISH[first:]])
    assert found(document) == PAIRS
    ((place, message),) = said(document)
    size = ["one row", "two rows", "three rows"][rows - 1]
    assert message == f"the English seems {size} down; paired by their words instead"
    assert place.startswith(f"row {first + 1} to row ")


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_column_that_slipped_up_loses_only_what_is_missing(rows: int) -> None:
    document = table(CHINESE, [*ENGLISH[:6], *ENGLISH[6 + rows :], *[""] * rows])
    wrong = [unit.confidence for unit in document.units if (unit.source, unit.target) not in PAIRS]
    assert len(wrong) <= 1 and max(wrong, default=0) < 0.9
    assert len(document.units) - len(wrong) >= len(PAIRS) - rows - 1
    assert [message.split(";")[0] for _, message in said(document)] == [
        f"the English seems {['one row', 'two rows', 'three rows'][rows - 1]} up"
    ]


@pytest.mark.parametrize("last", [9, 14])
def test_where_the_rows_are_in_step_again_they_are_kept(last: int) -> None:
    document = table(CHINESE, [*ENGLISH[:5], "", *ENGLISH[5:last], *ENGLISH[last + 1 :]])
    assert [pair for pair in found(document) if pair not in PAIRS] == []
    assert len(document.units) == len(PAIRS) - 1


def test_rows_that_changed_their_english_are_doubted_and_named() -> None:
    english = [*ENGLISH[:3], ENGLISH[4], ENGLISH[3], *ENGLISH[5:]]
    document = table(CHINESE, english)
    wrong = [unit for unit in document.units if (unit.source, unit.target) not in PAIRS]
    assert [unit.source for unit in wrong] == CHINESE[3:5]
    assert all(unit.confidence < 0.5 and ROW_DOUBTED in unit.flags for unit in wrong)
    assert said(document) == [
        ("row 4 to row 5", "these rows seem to have changed their English; left as they are, with low confidence")
    ]


def test_columns_sorted_each_in_its_own_way_are_nowhere_sure() -> None:
    document = table(sorted(CHINESE), sorted(ENGLISH))
    wrong = [unit for unit in document.units if (unit.source, unit.target) not in PAIRS]
    assert wrong and max(unit.confidence for unit in wrong) < 0.9
    assert len(said(document)) >= 1


def test_units_of_a_memory_stay_as_they_are_but_are_doubted() -> None:
    document = table(CHINESE[:-1], ENGLISH[1:], "segment")
    assert found(document) == list(zip(CHINESE[:-1], ENGLISH[1:], strict=True))
    assert max(unit.confidence for unit in document.units) < 0.5
    assert said(document)[0][1] == "the English seems one unit up; left as they are, with low confidence"


CONTRACT = [CHINESE[:5], ENGLISH[:5]]


def test_cells_of_as_many_paragraphs_go_one_to_one() -> None:
    document = table([CONTRACT[0]], [CONTRACT[1]])
    assert found(document) == PAIRS[:5]
    assert min(unit.confidence for unit in document.units) > 0.9


@pytest.mark.parametrize("split", [False, True])
def test_cells_of_as_many_paragraphs_that_do_not_go_one_to_one_are_aligned_by_sentences(split: bool) -> None:
    chinese = [CHINESE[0], CHINESE[1] + CHINESE[2], *CHINESE[3:7]]
    english = [*ENGLISH[:4], f"{ENGLISH[4]} {ENGLISH[5]}", ENGLISH[6]]
    document = table([chinese], [english], split=split)
    assert found(document) == PAIRS[:7]
    assert split or "not the same ones" in said(document)[0][1]


def test_cells_of_other_numbers_of_paragraphs_are_aligned_by_sentences_and_never_across_rows() -> None:
    chinese: list[Cell] = [CHINESE[:3], CHINESE[3:6]]
    english: list[Cell] = [[f"{ENGLISH[0]} {ENGLISH[1]}", ENGLISH[2]], [" ".join(ENGLISH[3:6])]]
    assert found(table(chinese, english)) == PAIRS[:6]
    assert [pair for pair in found(table(chinese, [english[0], ENGLISH[9]])) if pair in PAIRS] == PAIRS[:3]


def test_what_is_known_counts_more_than_the_rows() -> None:
    from tmx.model import Bead

    sides = [tuple(Paragraph(text, (Piece(0, len(text), "row"),)) for text in side[:4]) for side in (CHINESE, ENGLISH)]
    bitext = Bitext("table", *sides, rows=tuple(Row((n, n + 1), (n, n + 1), "cell") for n in range(4)))
    known = Bead((1, 2), (1, 3))
    beads = segment(bitext).aligned([known]).beads
    assert known in beads
    assert [bead.target for bead in beads if bead.size == (1, 1)] == [(0, 1), (3, 4)]
    alone = segment(bitext).aligned(alone=([2], [])).beads
    assert [bead.source for bead in alone if bead.size == (1, 0)] == [(2, 3)]


@pytest.mark.parametrize("row", [3, 8, 12])
def test_a_row_in_which_a_sentence_has_no_translation_is_not_sure(row: int) -> None:
    chinese: list[Cell] = [*CHINESE[:row], CHINESE[row] + CHINESE[row + 1], *CHINESE[row + 2 :]]
    document = table(chinese, [*ENGLISH[: row + 1], *ENGLISH[row + 2 :]])
    confidences = [unit.confidence for unit in document.units]
    assert confidences.pop(row) < 0.9
    assert min(confidences) > 0.9


@pytest.mark.parametrize("holder", [0, 1])
@pytest.mark.parametrize("row", [3, 8, 12])
def test_a_cell_that_translates_its_neighbour_too_is_paired_by_sentences(row: int, holder: int) -> None:
    english: list[Cell] = list(ENGLISH)
    english[row : row + 2] = ["", ""]
    english[row + holder] = f"{ENGLISH[row]} {ENGLISH[row + 1]}"
    document = table(list(CHINESE), english)
    assert found(document) == PAIRS
    message = "one of these rows holds the translation of all; paired by their sentences"
    assert said(document) == [(f"row {row + 1} to row {row + 2}", message)]


@pytest.mark.parametrize("side", [0, 1], ids=["Chinese", "English"])
def test_cells_that_stretch_over_two_rows_each_are_paired_by_sentences(side: int) -> None:
    columns: list[list[Cell]] = [list(CHINESE[:14]), list(ENGLISH[:14])]
    for row in range(0, 14, 2):
        columns[side][row : row + 2] = [("", " ")[side].join(PAIRS[row + n][side] for n in (0, 1)), ""]
    assert found(table(*columns)) == PAIRS[:14]


def test_a_cell_of_two_sentences_beside_the_second_one_alone_is_not_sure() -> None:
    chinese = "他披上棉袄，走到船头，什么也看不见。“谁在那里？”他喊了一声。"
    english = [
        "He threw on his padded jacket and walked to the bow, but could see nothing.",
        "“Who is there?” he shouted.",
    ]
    columns: list[list[Cell]] = [[], []]
    for row in range(0, 14, 2):  # cells over two rows, so that the long one is no longer than others
        columns[0] += ["".join(CHINESE[row : row + 2]), ""]
        columns[1] += ENGLISH[row : row + 2]
    columns[0][6:6] = [chinese, ""]
    columns[1][6:6] = english
    (unit,) = [unit for unit in table(*columns).units if english[0] in unit.target]
    assert unit.source == chinese.split("“")[0] or unit.confidence < 0.7


DEFINITIONS = [
    ("「攤檔」(stall)指街市內編有號碼的一個位置；", "“stall” (攤檔) means a numbered place in a market;"),
    ("「租戶」(tenant)指獲編配攤檔的人；", "“tenant” (租戶) means a person to whom a stall is allocated;"),
    ("「署長」(Director)指漁農署署長；", "“Director” (署長) means the Director of Fisheries and Farms;"),
    ("「街市」(market)指附表1所列的任何地方；", "“market” (街市) means any place listed in Schedule 1;"),
    ("「垃圾」(refuse)包括動物糞便及污水；", "“refuse” (垃圾) includes animal droppings and waste water;"),
    ("「委員會」(Board)指根據第12條設立的委員會；", "“Board” (委員會) means the board established under section 12;"),
    ("「費用」(fee)指根據第9條須繳付的款項；", "“fee” (費用) means a sum payable under section 9;"),
    ("「通道」(passage)指街市內供公眾使用的走廊。", "“passage” (通道) means a corridor in a market for the public."),
]


@pytest.mark.parametrize("in_one_row", [False, True])
def test_no_row_of_a_column_that_is_sorted_otherwise_is_sure(in_one_row: bool) -> None:
    chinese = [pair[0] for pair in DEFINITIONS]
    english = sorted(pair[1] for pair in DEFINITIONS)
    document = table([chinese], [english]) if in_one_row else table(chinese, english)
    wrong = [unit for unit in document.units if (unit.source, unit.target) not in DEFINITIONS]
    assert wrong
    assert max(unit.confidence for unit in wrong) < 0.7


def test_rows_without_a_partner_are_not_gone_through_for_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def is_pair(row: Row) -> bool:
        asked.append(row)
        return row.source[0] < row.source[1] and row.target[0] < row.target[1]

    monkeypatch.setattr(Row, "is_pair", property(is_pair))
    lone = [f"{number}号。" for number in range(2000)]
    document = table([*CHINESE, *lone, *CHINESE], [*ENGLISH, *[""] * len(lone), *ENGLISH])
    assert len(document.units) == 2 * len(PAIRS)
    assert len(asked) < 50 * len(lone)
