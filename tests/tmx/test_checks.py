from pathlib import Path

import pytest

from tmx.checks import FLAGS, ROW_DOUBTED, check
from tmx.model import TranslationUnit

SENTENCES = Path(__file__).parents[1] / "gold" / "sample-sentences.tsv"


def flags(source: str, target: str, source_language: str = "zh-CN", target_language: str = "en-US") -> tuple[str, ...]:
    return check(TranslationUnit("1", source, target, source_language, target_language))


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
    assert {flag for _, expected in DOUBTFUL for flag in expected} | {ROW_DOUBTED} == set(FLAGS)
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
