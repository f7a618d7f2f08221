import pytest

from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.names import links
from tmx.alignment.spellings import hong_kong, wade_giles


@pytest.mark.parametrize(
    ("chinese", "english", "expected"),
    [
        ("王毅出席会议", "Wang Yi attended.", {("王", "wang"), ("毅", "yi")}),
        ("王毅出席会议", "Yi Wang attended.", {("王", "wang"), ("毅", "yi")}),
        ("他会见了狄志远", "He met Di Zhiyuan.", {("狄", "di"), ("志", "zhiyuan"), ("远", "zhiyuan")}),
        ("他会见了狄志远", "He met Zhiyuan Di.", {("狄", "di"), ("志远", "zhiyuan")}),
        ("他会见了狄志远", "He met TI Chih-yuan’s son.", {("狄", "ti"), ("志", "chih"), ("远", "yuan")}),
        ("邱创焕主席", "Governor Ch'iu Ch'uang-huan", {("邱", "chiu"), ("创", "chuang"), ("焕", "huan")}),
        (
            "方黄吉雯议员",
            "Mrs. Nellie Fong Wong Kut-man",
            {("方", "fong"), ("黄", "wong"), ("吉", "kut"), ("雯", "man")},
        ),
        ("司徒英议员。", "The man is the Hon. SZETO Ying", {("司徒", "szeto"), ("英", "ying")}),
        (
            "潘国辉议员，J.P.",
            "THE HONOURABLE KEITH POON KWOK-FAI, J.P.",
            {("潘", "poon"), ("国", "kwok"), ("辉", "fai")},
        ),
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


@pytest.mark.parametrize(
    ("sounds", "spelt"),
    [
        ("wong4 gwok3 jyun5", ["wong", "kwok", "yuen"]),
        ("zoeng1 zi3 hung4", ["cheung", "chi", "hung"]),
        ("lei5 sek3 ngon1", ["lee", "sek", "ngon"]),
        ("dang6 mun4 jip6", ["tang", "moon", "ip"]),
    ],
)
def test_names_of_hong_kong_are_spelt_as_they_are_there(sounds, spelt):
    assert all(one in hong_kong(sound) for one, sound in zip(spelt, sounds.split(), strict=True))


MEMBERS = [
    ("副主席霍安德议员，C.B.E.,J.P.", "THE DEPUTY PRESIDENT|THE HONOURABLE ANDREW JOHN FORDHAM, C.B.E., J.P."),
    ("布政司麦力高议员，K.B.E.", "THE CHIEF SECRETARY|THE HONOURABLE SIR NEIL McLEOD, K.B.E."),
    ("李志明议员，J.P.", "THE HONOURABLE LEE CHI-MING, J.P."),
    ("周黄淑贤议员，O.B.E.", "THE HONOURABLE MRS HELEN CHOW WONG SHUK-YIN, O.B.E."),
    ("黄国荣议员", "THE HONOURABLE WONG KWOK-WING"),
    ("陈永发议员，J.P.", "THE HONOURABLE PETER CHAN WING-FAT, J.P."),
    ("张家豪议员", "DR THE HONOURABLE CHEUNG KA-HO"),
    ("郑石安议员", "THE HONOURABLE ERIC CHENG SHEK-ON"),
    ("邓伟业议员", "THE HONOURABLE TANG WAI-YIP"),
    ("刘健清议员", "REV THE HONOURABLE LAU KIN-CHING"),
    ("缺席者：", "ABSENT"),
    ("梁锦祥议员", "THE HONOURABLE LEUNG KAM-CHEUNG"),
    ("谭宗明议员", "DR THE HONOURABLE TAM CHUNG-MING"),
]


@pytest.mark.parametrize("gone", [None, 3, 6])
def test_a_list_of_members_stays_in_order(gone):
    members = [pair for number, pair in enumerate(MEMBERS) if number != gone]
    chinese = [name for name, _ in MEMBERS]
    english = [line for _, lines in members for line in lines.split("|")]
    found = [
        ("".join(chinese[slice(*bead.source)]), "|".join(english[slice(*bead.target)]))
        for bead in align(chinese, english, AlignmentOptions(vectors=False))
    ]
    assert found == [pair if number != gone else (pair[0], "") for number, pair in enumerate(MEMBERS)]


def test_capitals_without_end_are_no_name_of_all_their_words():
    assert links(["王毅来了。"], ["Yi Wang " * 40_000]) == links(["王毅来了。"], ["Yi Wang Yi Wang Yi"])


def test_names_alone_put_a_list_of_people_in_order():
    chinese = ["出席者", "狄志远", "邱锦濠", "缺席者", "龚慕智", "郝柱铭"]
    english = ["Present", "Zhiyuan Di", "Qiu Jinhao", "Muzhi Gong", "Hao Zhuming"]
    found = {(bead.source, bead.target) for bead in align(chinese, english)}
    assert {((1, 2), (1, 2)), ((2, 3), (2, 3)), ((4, 5), (3, 4)), ((5, 6), (4, 5))} <= found
