"""Types of terms."""

import pytest

from glossary.mining.termtypes import term_type


@pytest.mark.parametrize(
    ("term", "rendering", "tags", "target_tags", "kind"),
    [
        ("世界卫生组织", "World Health Organization", ("n", "n"), ("NNP", "NNP", "NNP"), "institution"),
        ("习近平主席", "President Xi Jinping", ("nr", "n"), ("NNP", "NNP", "NNP"), "person"),
        ("国务委员", "State Councilor", ("n",), ("NNP", "NNP"), "title"),
        ("二十国集团领导人峰会", "G20 Leaders' Summit", ("n", "n"), ("NNP", "NNP", "POS", "NNP"), "event"),
        ("一带一路倡议", "Belt and Road Initiative", ("n",), ("NNP", "CC", "NNP", "NNP"), "initiative"),
        ("新发展格局", "new development paradigm", ("a", "vn", "n"), ("JJ", "NN", "NN"), "concept"),
        ("维护和平", "maintain peace", ("v", "n"), ("VB", "NN"), "phrase"),
        ("水稻、小麦", "rice and wheat", ("n", "x", "n"), ("NN", "CC", "NN"), "concept"),
        ("反侵略、反干预", "against invasion and intervention", ("v", "v"), ("IN", "NN"), "slogan"),
        ("北京", "Beijing", ("ns",), ("NNP",), "place"),
        ("延安精神", "Yan’an Spirit", ("ns",), ("NNP", "NNP"), "concept"),
        ("晨江晚报", "Chenjiang Evening Post", ("ns", "n"), ("NNP", "NNP", "NNP"), "institution"),
        ("財務報告", "Financial Report", ("n", "n"), ("NNP", "NNP"), "concept"),
        ("外防输入、内防反弹", "prevent inbound cases", ("n", "v"), ("VB", "JJ", "NNS"), "slogan"),
        ("绿水就是财富", "clear waters are wealth", ("n", "d", "n"), ("JJ", "NNS", "VBP", "NN"), "slogan"),
    ],
)
def test_types(term: str, rendering: str, tags: tuple[str, ...], target_tags: tuple[str, ...], kind: str) -> None:
    assert term_type(term, rendering, tags, target_tags) == kind


@pytest.mark.parametrize(
    ("term", "rendering", "tags", "expected"),
    [
        ("李四光", "Li Siguang", ("nz",), "person"),
        ("欧阳修", "Ouyang Xiu", ("nz",), "person"),
        ("延安", "Yan'an", ("nz",), "concept"),
    ],
)
def test_names_spelt_in_two_words_are_persons(term: str, rendering: str, tags: tuple[str], expected: str) -> None:
    assert term_type(term, rendering, tags, ("NNP",)) == expected


@pytest.mark.parametrize(
    ("term", "rendering", "tag", "expected"),
    [
        ("中國共產黨", "Communist Party of China", "n", "institution"),
        ("世衛組織", "WHO", "n", "institution"),
        ("中國共產黨第十九屆六中全會", "Sixth Plenary Session of the 19th CPC Central Committee", "n", "event"),
        ("全國人民代表大會", "National People’s Congress", "n", "institution"),
        ("全国人大常委会", "Standing Committee of the National People’s Congress", "n", "institution"),
        ("博鳌", "Boao Forum for Asia", "nr", "event"),
        ("达沃斯", "World Economic Forum in Davos", "nr", "event"),
        ("嘉兴南湖", "South Lake in Jiaxing City", "nr", "place"),
        ("成渝", "Chengdu-Chongqing", "nr", "place"),
        ("亚非拉", "Asia", "nr", "concept"),
        ("马克思", "Marx", "nr", "concept"),
        ("长春长生", "Changchun Changsheng", "nr", "concept"),
        ("张三丰", "Zhang", "nr", "person"),
        ("安东尼·布林肯", "Antony Blinken", "nr", "person"),
        ("河湖保护法", "River and Lake Protection Law", "n", "title"),
        ("春苗计划", "Spring Sprout Plan", "n", "initiative"),
        ("诚信政府", "honest government", "n", "concept"),
        ("垃圾战争", "waste war", "n", "concept"),
        ("建校四十周年", "40th anniversary of the school", "n", "event"),
    ],
)
def test_names_by_the_head_of_their_english(term: str, rendering: str, tag: str, expected: str) -> None:
    assert term_type(term, rendering, (tag,), ("NNP",)) == expected


@pytest.mark.parametrize(
    ("term", "rendering", "target_tags", "expected"),
    [
        ("共享经济", "sharing economy", ("VBG", "NN"), "concept"),
        ("学习体系", "learning system", ("VBG", "NN"), "concept"),
        ("退役军人", "demobilized soldiers", ("VBN", "NNS"), "concept"),
        ("防范风险", "preventing risks", ("VBG", "NNS"), "phrase"),
        ("筹集资金", "raise funds", ("VB", "NNS"), "phrase"),
    ],
)
def test_phrases_are_acts(term: str, rendering: str, target_tags: tuple[str, str], expected: str) -> None:
    assert term_type(term, rendering, ("v", "n"), target_tags) == expected
