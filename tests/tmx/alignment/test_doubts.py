"""Pairs for which their words say little: strangers that are left over where both sides lack something."""

from __future__ import annotations

from pathlib import Path

import pytest

from tmx.alignment import doubts, similarity
from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.lexicon import load
from tmx.alignment.search import Found

CASE = Path(__file__).parents[1] / "cases" / "rows.tsv"
PAIRS = [tuple(line.split("\t")) for line in CASE.read_text(encoding="utf-8").rstrip("\n").split("\n")]
DEFINITIONS = [
    ("“码头”指船舶停靠的固定构筑物。", "“Pier” means a fixed structure at which vessels berth."),
    (
        "“船舶”指任何用于水上运输的工具，但不包括军舰。",
        "“Vessel” means any craft for transport by water, but not a warship.",
    ),
    ("“船长”指负责指挥船舶的人。", "“Master” means the person in command of a vessel."),
    ("“许可证”指依照第十二条签发的证件。", "“Licence” means a document issued under article 12."),
    ("“署长”指海事处处长或其代表。", "“Director” means the Director of Marine or his delegate."),
    ("“乘客”指船长和船员以外的船上人员。", "“Passenger” means any person on board other than the master and crew."),
    ("“港口”指附表一所列的水域。", "“Port” means the waters listed in the First Schedule."),
    ("“费用”指依照附表二应缴的款项。", "“Fee” means a sum payable under the Second Schedule."),
    ("“货物”指船上运载的任何物品。", "“Cargo” means any article carried on a vessel."),
    ("“锚地”指署长指定的抛锚区域。", "“Anchorage” means an area designated by the Director for anchoring."),
]


def sure(
    pairs: list[tuple[str, ...]],
    chinese: list[str],
    english: list[str],
    *,
    vectors: bool = True,
    paragraphs: bool = False,
) -> list[bool]:
    """Align sentences (or paragraphs of one each) of ``pairs``; tell of each sure pair whether it is right."""
    left, right = (range(len(side)) if paragraphs else None for side in (chinese, english))
    options = AlignmentOptions(vectors=vectors)
    beads = align(chinese, english, options, source_paragraphs=left, target_paragraphs=right)
    texts = [(chinese[slice(*bead.source)], english[slice(*bead.target)]) for bead in beads if bead.confidence >= 0.9]
    source, target = ([pair[side] for pair in pairs] for side in (0, 1))
    return [
        {source.index(text) for text in one} == {target.index(text) for text in other}
        for one, other in texts
        if one and other
    ]


@pytest.mark.parametrize("paragraphs", [False, True], ids=["one paragraph", "a paragraph each"])
@pytest.mark.parametrize("vectors", [True, False], ids=["vectors", "words alone"])
def test_where_each_side_lacks_a_sentence_the_strangers_are_not_sure(vectors: bool, paragraphs: bool) -> None:
    found: list[bool] = []
    for place in range(2, len(PAIRS) - 3):
        chinese = [pair[0] for number, pair in enumerate(PAIRS) if number != place]
        english = [pair[1] for number, pair in enumerate(PAIRS) if number != place + 1]
        found += sure(PAIRS, chinese, english, vectors=vectors, paragraphs=paragraphs)
    assert len(found) > 200
    assert found.count(False) <= (0 if vectors else 1)


def test_beside_a_poor_pair_words_that_were_learnt_do_not_count() -> None:
    texts = [pair[0] for pair in PAIRS[:4]], [PAIRS[n][1] for n in (0, 4, 5, 3)]
    evidence = similarity.gather(*texts, load())
    scores = (12.0, -2.0, 7.0, 7.0)  # the third pair of strangers scores by what was learnt, the last is right
    found = [Found((n, n + 1), (n, n + 1), 0.99, score) for n, score in enumerate(scores)]
    (weighed,) = doubts.weighed(evidence, texts, [found], None)
    assert [bead.probability > 0.9 for bead in weighed] == [True, False, False, True]


def test_what_is_right_stays_sure() -> None:
    assert sure(PAIRS, [pair[0] for pair in PAIRS], [pair[1] for pair in PAIRS]) == [True] * len(PAIRS)


@pytest.mark.parametrize("kept", [slice(-5, None), slice(5), slice(8, 13)], ids=["end", "beginning", "middle"])
@pytest.mark.parametrize("side", [0, 1], ids=["Chinese", "English"])
def test_an_excerpt_finds_its_place_in_the_whole(kept: slice, side: int) -> None:
    whole = PAIRS + [(pair[0], pair[1]) for pair in DEFINITIONS]
    texts = [[pair[column] for pair in whole] for column in (0, 1)]
    texts[side] = [pair[side] for pair in PAIRS[kept]]
    found = sure(whole, texts[0], texts[1])
    assert all(found)
    assert len(found) >= 4  # of five


@pytest.mark.parametrize("order", [str, len, lambda text: text[::-1]], ids=["alphabet", "length", "end"])
def test_definitions_in_another_order_are_not_paired_with_strangers(order) -> None:
    chinese = [pair[0] for pair in DEFINITIONS]
    english = sorted((pair[1] for pair in DEFINITIONS), key=order)
    assert all(sure(DEFINITIONS, chinese, english))


@pytest.mark.parametrize("place", [5, 12])
@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("镇长刘明是山里人。", "Mayor Liu Ming declined to speak about the bridge in May."),
        ("李小梅教授没有来。", "Professor Li Xiaomei has written twelve books."),
        ("王主任第二天去了北京。", "Director Wang did not agree with the plan."),
        ("周三和周四是邻居。", "Zhou San and Zhou Si went home."),
        ("王明在北京大学学习物理。", "Wang Ming retired from the board last week."),
        ("水库的水位低于警戒线。", "The reservoir was built by volunteers."),
        ("鲸鱼每年秋天游过海峡。", "A whale was found dead on the beach near the airport."),
        ("申请人须缴付押金港币五百元。", "The deposit of mud in the estuary is a danger to shipping."),
    ],
    ids=["mayor", "professor", "director", "two names", "name", "reservoir", "whale", "deposit"],
)
def test_a_rare_word_that_two_strangers_share_does_not_make_them_sure(chinese: str, english: str, place: int) -> None:
    source, target = ([pair[side] for pair in PAIRS] for side in (0, 1))
    source.insert(place, chinese)
    target.insert(place, english)
    beads = align(source, target)
    assert [bead.confidence < 0.9 for bead in beads if place in range(*bead.source)] == [True]
    assert sum(bead.confidence >= 0.9 for bead in beads) >= len(PAIRS) - 1


def test_a_title_in_capitals_is_no_name_that_says_all() -> None:
    source, target = ([pair[side] for pair in PAIRS] for side in (0, 1))
    source.insert(5, "本條例可引稱為《公眾街市條例》。")
    target.insert(5, "This Ordinance may be cited as the Public Markets Ordinance.")
    (confidence,) = (bead.confidence for bead in align(source, target) if bead.source[0] == 5)
    assert confidence > 0.9
