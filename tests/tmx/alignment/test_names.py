import pytest

from tmx.alignment.aligner import align
from tmx.alignment.names import links, wade_giles


@pytest.mark.parametrize(
    ("chinese", "english", "expected"),
    [
        ("王毅出席会议", "Wang Yi attended.", {("王", "wang"), ("毅", "yi")}),
        ("王毅出席会议", "Yi Wang attended.", {("王", "wang"), ("毅", "yi")}),
        ("他会见了狄志远", "He met Di Zhiyuan.", {("狄", "di"), ("志", "zhiyuan"), ("远", "zhiyuan")}),
        ("他会见了狄志远", "He met Zhiyuan Di.", {("狄", "di"), ("志远", "zhiyuan")}),
        ("他会见了狄志远", "He met TI Chih-yuan’s son.", {("狄", "ti"), ("志", "chih"), ("远", "yuan")}),
        ("邱创焕主席", "Governor Ch'iu Ch'uang-huan", {("邱", "chiu"), ("创", "chuang"), ("焕", "huan")}),
        ("抵达西安", "He arrived in Xi'an.", {("西安", "xian"), ("西", "xian")}),
    ],
)
def test_a_name_is_found_however_it_is_spelt(chinese, english, expected):
    assert expected <= links([chinese], [english])


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("毅然，王", "Wang Yi"),  # the characters do not stand together
        ("吃那个", "in China and china"),  # also written without a capital
        ("好", "Hao"),  # a single syllable says too little
        ("", ""),
    ],
)
def test_chance_is_no_name(chinese, english):
    assert not links([chinese], [english])


def test_wade_giles_of_each_kind_of_syllable():
    spelt = {"qiu": "chiu", "xu": "hsu", "shi": "shih", "zi": "tzu", "guo": "kuo", "luo": "lo", "zhong": "chung"}
    assert {one: wade_giles(one) for one in spelt} == spelt


def test_names_alone_put_a_list_of_people_in_order():
    chinese = ["出席者", "狄志远", "邱锦濠", "缺席者", "龚慕智", "郝柱铭"]
    english = ["Present", "Zhiyuan Di", "Qiu Jinhao", "Muzhi Gong", "Hao Zhuming"]
    found = {(bead.source, bead.target) for bead in align(chinese, english)}
    assert {((1, 2), (1, 2)), ((2, 3), (2, 3)), ((4, 5), (3, 4)), ((5, 6), (4, 5))} <= found
