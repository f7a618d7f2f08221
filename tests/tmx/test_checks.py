import re
from pathlib import Path

import pytest

from tmx.checks import FLAGS, ROW_DOUBTED, STATE_DOUBTED, UNIT_CHECKS, Check, check, find
from tmx.messages import load
from tmx.model import TranslationUnit
from tmx.scripts import labelled

CASES = Path(__file__).parent / "cases" / "checks.txt"
SENTENCES = Path(__file__).parents[1] / "gold" / "sample-sentences.tsv"


def flags(source: str, target: str, source_language: str = "zh-CN", target_language: str = "en-US") -> tuple[str, ...]:
    return check(TranslationUnit("1", source, target, source_language, target_language))


def cases() -> list[tuple[str, str, set[str]]]:
    """Read the case file: Chinese, English, and the names of the checks that find a fault in them."""
    found = []
    for line in CASES.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            texts, _, names = line.partition(" => ")
            chinese, english = texts.split(" | ")
            found.append((chinese, english, {name.strip() for name in names.split(",") if name}))
    return found


@pytest.mark.parametrize(("chinese", "english", "expected"), cases())
def test_case(chinese: str, english: str, expected: set[str]) -> None:
    unit = TranslationUnit("1", chinese, english, labelled("zh-CN", chinese))
    assert {one.check for one in find(unit) if one.severity != "neutral"} == expected


def test_measures_are_named_in_chinese() -> None:
    units = (TranslationUnit("1", source, target) for source, target, names in cases() if "units-differ" in names)
    told = [load("zh").told(one.message) for unit in units for one in find(unit) if one.check == "units-differ"]
    named = [re.findall("（([^）]+)）", text) for text in told]
    assert len(told) > 20 and not [names for names in named if any(re.search("[a-z]", name) for name in names)]


def test_case_file_is_rich() -> None:
    assert len(cases()) > 440 and sum(bool(names) for _, _, names in cases()) > 60


GOOD = [
    ("王毅：2021年，是载入史册的一年。", "Wang Yi: The year 2021 will go down in history."),
    ("2021年12月30日", "December 30, 2021"),
    ("记者：您怎么看？", "Question: What do you think?"),
    ("他说：“我们要团结。", "He said, “We must be united."),  # both open a quotation which goes on
    ("我们一定会成功！”", 'We shall surely succeed!"'),
    ("“走吧。”", "'Go.'"),
    ("你去哪里？”", "Where are you going?'"),
    ("他说得对。", "He said, 'You're right.'"),
    ("世界卫生组织（世卫组织）", "World Health Organization (WHO)"),
    ("1）加强领导。", "a) Strengthen leadership."),
    ("《人民日报》报道了此事。", "People's Daily reported it."),
    ("（一）保持宏观政策连续性稳定性可持续性。", "1. Ensuring the continuity and stability of macro policies"),
    ("COVID-19", "COVID-19"),
    ("https://example.com/a", "https://example.com/a"),
    ("2021", "2021"),
    ("我们积极开展“云外交”（cloud diplomacy）。", "We are active in “cloud diplomacy” (云外交)."),
    ("香港经济增长放缓（图3）。", "Economic growth moderated (Chart 3)."),
    ("第二次世界大战（1939—1945年）", "The Second World War (World War II)"),
    ("详见附件一（附件甲）。", "For details see the annex (Annex A)."),
    (
        "五大范畴为：1）数码化；2）人才库；及5）善用资源。",
        "The five areas are: 1) digitalisation; 2) talent; and 5) resources.",
    ),
    ("京津冀协同发展", "The coordinated development of the Beijing-Tianjin-Hebei region"),
    ("王毅同志会见了外宾。", "Comrade Wang Yi met foreign guests."),
    ("香港是国际金融中心。", "Hong Kong is an international financial centre."),
    ("《人民日报》作了报道。", "It was reported by 《人民日报》 (People's Daily)."),
    ("投资30亿美元。", "An investment of US$3 billion."),
    ("投资30亿港元。", "An investment of $3 billion."),
    ("相当于8000万亩，即533万公顷。", "Equal to 80 million mu, or 5.33 million hectares."),
    ("他知道他有过。", "He knew that that was what he had had."),
    ("大家好！", "Comrades, friends, ladies and gentlemen, greetings to all!"),
    ("第三章　对外开放与国际合作", "Chapter III Opening Up and International Cooperation"),
]

DOUBTFUL = [
    (("通话79次。", "97 calls were made."), ("numbers-differ",)),
    (("中国外交取得了成功。", "中国外交取得了成功。"), ("same-text", "untranslated")),
    (("中国外交取得了成功。", "中国外交取得了 success。"), ("untranslated",)),
    (("This side is English text.", "This side is English as well."), ("untranslated",)),
    (("我们将坚定支持各国捍卫自身主权。", "We will firmly support all countries in defending their"), ("cut-off",)),
    (
        ("我们将坚定支持各国捍卫自身", "We will firmly support all countries in defending their sovereignty."),
        ("cut-off",),
    ),
    (("我们将坚定支持各国捍卫自身主权独立，支持各国探索发展道路。", "We will support it."), ("length-unusual",)),
    (("好的，谢谢。", "Thank you. " * 12), ("length-unusual",)),
    (("我们要“团结”。", "We must be “united."), ("quotes-unpaired",)),
    (("他说：“走吧。”", "He said, “Go."), ("quotes-unpaired",)),
    (("世界卫生组织（世卫组织）很重要。", "The World Health Organization (WHO is important."), ("brackets-unpaired",)),
    (("《人民日报报道了此事。", "People's Daily reported the matter."), ("brackets-unpaired",)),
    (("中國外交取得了歷史性的成就。", "China's diplomacy was a historic success."), ("wrong-script",)),
    (("中国外交取得了成功。", "Дипломатия Китая была успешной."), ("wrong-script",)),
    (("これはとてもよいものです。", "This is a very good thing."), ("wrong-script",)),
    (("", "Nothing on the other side."), ("empty-side",)),
    (("没有译文。", "  "), ("empty-side",)),
]


@pytest.mark.parametrize("one", [one for one in UNIT_CHECKS if one.test], ids=lambda one: one.name)
def test_the_example_of_each_check_has_the_fault(one: Check) -> None:
    found = find(TranslationUnit("1", *one.example, "zh-HK" if one.name == "source-quotes" else "zh-CN", "en-US"))
    assert one.name in [finding.check for finding in found]
    assert all(finding.severity == one.severity for finding in found if finding.check == one.name)


@pytest.mark.parametrize(
    ("name", "source", "target"),
    [
        ("magnitude-differs", "進出口總值12,904 億元。", "Trade amounted to 12,904 million."),
        ("magnitude-differs", "拥有1.5亿用户。", "It has 15 million users."),
        ("units-differ", "出口30亿美元。", "Exports of HK$3 billion."),
        ("units-differ", "全長55公里。", "It is 55 miles long."),
        ("bounds-differ", "滿18歲以上的市民。", "Residents under 18."),
        ("opposites-differ", "貿易逆差擴大。", "The trade surplus widened."),
        ("directions-differ", "樓價上升5%。", "Housing prices dropped 5%."),
        ("names-differ", "王毅會見了李強。", "Wang Yi met Li Keqiang."),
        ("names-differ", "大会在北京举行。", "The meeting was held in Nanjing."),
        ("names-differ", "陳德霖先生致辭。", "Mr Norman Leung gave a speech."),
        ("quotes-unpaired", "他说：“走吧。”我们就走了。", "He said, “Go. And we went."),
        ("source-quotes", "推出「貿易平台的系統。", "A system named Trade Platform was launched."),
        ("spaces-stray", "第一，第二。", "First,second."),
        ("chinese-marks", "发展、改革和稳定。", "Development、reform and stability."),
        ("partly-untranslated", "我们推进高质量发展。", "We pursue 高质量 development."),
    ],
)
def test_faults_are_named(name: str, source: str, target: str) -> None:
    assert name in [finding.check for finding in find(TranslationUnit("1", source, target))]


def test_spans_point_at_the_fault() -> None:
    unit = TranslationUnit("1", "共投资90亿元。", "A total of 900 million yuan was invested.")
    (finding,) = find(unit)
    assert [unit.source[slice(*span)] for span in finding.source] == ["90亿"]
    assert [unit.target[slice(*span)] for span in finding.target] == ["900 million"]
    assert finding.message == "90亿 is 9 billion, and not 900 million"


def test_english_originals_are_checked_the_other_way_round() -> None:
    unit = TranslationUnit("1", "97 calls were made.", "通话79次。", "en-US", "zh-CN")
    (finding,) = find(unit)
    assert (unit.source[slice(*finding.source[0])], unit.target[slice(*finding.target[0])]) == ("97", "79")


@pytest.mark.parametrize(("source", "target"), GOOD)
def test_good_translations_have_no_flag(source: str, target: str) -> None:
    assert flags(source, target) == ()


@pytest.mark.parametrize(("texts", "expected"), DOUBTFUL)
def test_doubtful_units_are_flagged(texts: tuple[str, str], expected: tuple[str, ...]) -> None:
    assert flags(*texts) == expected


def sample_units() -> list[tuple[str, str]]:
    beads: dict[str, dict[str, list[str]]] = {}
    for row in SENTENCES.read_text(encoding="utf-8").split("\n")[1:]:
        if row:
            side, _, _, bead, sentence = row.split("\t")
            beads.setdefault(bead, {}).setdefault(side, []).append(sentence)
    return [("".join(sides["zh"]), " ".join(sides["en"])) for sides in beads.values()]


def test_the_hand_aligned_sample_has_no_flag() -> None:
    units = sample_units()
    assert len(units) == 47
    assert [(pair, flags(*pair)) for pair in units if flags(*pair)] == []


def test_every_flag_has_a_case_and_a_meaning() -> None:
    assert {one.name for one in UNIT_CHECKS if one.flag} == set(FLAGS) > {ROW_DOUBTED, STATE_DOUBTED}
    assert all(one.meaning and "/" in one.category for one in UNIT_CHECKS)
    assert all(FLAGS.values())


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("中國外交取得了歷史性的成就。", "zh-TW", ()),
        ("中國外交取得了歷史性的成就。", "zh-Hant", ()),
        ("中國外交取得了歷史性的成就。", "zh", ()),
        ("中国外交取得了历史性的成就。", "zh-Hant-HK", ("wrong-script",)),
        ("中国外交取得了历史性的成就。", "zh_TW", ("wrong-script",)),
        ("陶喆和刘堃会见了我们的同事。", "zh-CN", ()),  # rare names are in Big5 alone
    ],
)
def test_script_of_the_tag(text: str, tag: str, expected: tuple[str, ...]) -> None:
    assert flags(text, "China's diplomacy was a historic success.", tag) == expected


def test_the_other_direction_is_checked_alike() -> None:
    assert flags("97 calls were made.", "通话79次。", "en-GB", "zh-CN") == ("numbers-differ",)


def test_other_languages_have_no_number_or_length_flags() -> None:
    assert flags("79 Anrufe.", "97 calls were made in the year.", "de", "en") == ()


@pytest.mark.parametrize(
    ("chinese", "english", "expected"),
    [
        ("我们要发扬伟大的抗日战爭精神。", "We must carry forward the great spirit.", {"scripts-mixed"}),
        ("隨着經濟恢復，出口持續增長，溫和恒久。", "As the economy recovered, exports kept growing.", set()),
        ("他著有《中国文學史》。", "He wrote a history of Chinese literature.", set()),
        ("面积S＝a×b。", "The area is S = a*b.", set()),
        ("能量为E=mc²。", "The energy is E=mc^2.", set()),
        ("面积S=ab。", "The area is S=ac.", {"formulas-differ"}),
    ],
)
def test_mixed_scripts_and_formulas(chinese: str, english: str, expected: set[str]) -> None:
    tag = "zh-Hant" if "經" in chinese else "zh-CN"
    found = {one.check for one in find(TranslationUnit("1", chinese, english, tag))}
    assert found & {"scripts-mixed", "formulas-differ"} == expected
