"""Lists that only one side sets out in lines are in one bead; where both sides set them out, items stay items."""

import numpy as np
import pytest

from tmx.alignment.aligner import align
from tmx.alignment.coarse import Band
from tmx.alignment.lists import Nodes
from tmx.alignment.search import Found

BEFORE = (
    ["第二节　港口的任务", "去年冬天港口结冰三周，渔民损失很大。", "市长上周到码头看望了他们。"],
    [
        "Section 2: Tasks of the Port",
        "Last winter the port was frozen for three weeks, and the fishermen lost a great deal.",
        "Last week the mayor visited them on the docks.",
    ],
)
AFTER = (
    ["图书馆周一不开门。", "学生可以免费借书。"],
    ["The library is closed on Mondays.", "Students may borrow books free of charge."],
)
ITEMS = (
    [
        "加固防波堤",
        "疏浚航道",
        "修理灯塔",
        "更换旧起重机",
        "为渔船提供柴油补贴",
        "培训领航员",
        "清除海滩垃圾",
        "建立天气预警系统",
    ],
    [
        "strengthen the breakwater",
        "dredge the shipping channel",
        "repair the lighthouse",
        "replace the old cranes",
        "subsidize diesel oil for fishing boats",
        "train pilots",
        "clear the beach of rubbish",
        "set up a weather warning system",
    ],
)
SENTENCES = (
    ["今年港口要" + "，".join(ITEMS[0]) + "。"],
    ["This year the port has to " + ", ".join(ITEMS[1]) + "."],
)


def lines(side, mark):
    first = ("今年港口要做好以下工作：", "This year the port has the following tasks:")[side]
    last = "。." if mark else ("", "")
    return [first, *(item + mark for item in ITEMS[side][:-1]), ITEMS[side][-1] + last[side]]


def ranges(source, target):
    source, target = (
        [*before, *text, *after] for before, text, after in zip(BEFORE, (source, target), AFTER, strict=True)
    )
    return [(bead.source, bead.target) for bead in align(source, target)]


@pytest.mark.parametrize("mark", [";", ",", ""])
def test_a_list_of_the_english_side_belongs_to_one_chinese_sentence(mark):
    target = lines(1, mark)
    assert ranges(SENTENCES[0], target) == [
        *(((n, n + 1), (n, n + 1)) for n in range(3)),
        ((3, 4), (3, 3 + len(target))),
        *(((n, n + 1), (n + 8, n + 9)) for n in (4, 5)),
    ]


def test_a_list_of_the_chinese_side_belongs_to_one_english_sentence():
    source = lines(0, "；")
    assert ranges(source, SENTENCES[1])[3] == ((3, 3 + len(source)), (3, 4))


def test_a_list_of_both_sides_stays_a_list():
    source, target = lines(0, "；"), lines(1, ";")
    assert ranges(source, target) == [((n, n + 1), (n, n + 1)) for n in range(len(source) + 5)]


def test_a_list_without_a_counterpart_is_left_alone_item_by_item():
    target = lines(1, ";")
    found = ranges([], target)
    assert found[3:-2] == [((3, 3), (n, n + 1)) for n in range(3, 3 + len(target))]
    assert len(found) == 5 + len(target)


def test_what_is_found_for_nodes_is_said_of_their_sentences():
    nodes = Nodes(np.array([0, 1, 2, 3]), np.array([0, 1, 7, 8]))
    pair, alone = Found((0, 1), (0, 2), 0.9), Found((2, 2), (1, 2), 0.8)
    assert nodes.beads([pair]) == [Found((0, 1), (0, 7), 0.9)]
    assert nodes.beads([alone]) == [Found((2, 2), (n, n + 1), 0.8) for n in range(1, 7)]


def test_a_band_of_nodes_holds_every_position_of_the_band_of_sentences():
    nodes = Nodes(np.array([0, 1, 2, 3]), np.array([0, 1, 7, 8]))
    band = nodes.band(Band(np.array([0, 0, 3, 7]), np.array([1, 3, 8, 8])))
    assert (band.left.tolist(), band.right.tolist()) == ([0, 0, 1, 2], [1, 2, 3, 3])
