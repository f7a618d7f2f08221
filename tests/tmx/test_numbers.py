from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmx.numbers import agreement, find
from tmx.numbers.chinese import chinese_number

CASES = Path(__file__).parent / "cases" / "numbers.txt"


def cases() -> list[tuple[str, str, list[str]]]:
    """Read the case file: one (language, text, values) for each text; values of the English side stand behind ``;``."""
    found = []
    for line in CASES.read_text(encoding="utf-8").split("\n"):
        if not line or line.startswith("#"):
            continue
        texts, _, values = line.partition("=>")
        chinese_values, semicolon, english_values = values.partition(";")
        chinese, *english = (text.strip() for text in texts.split("|"))
        if chinese:
            found.append(("zh", chinese, chinese_values.split()))
        found += [("en", text, (english_values if semicolon else chinese_values).split()) for text in english]
    return found


@pytest.mark.parametrize(("language", "text", "values"), cases())
def test_case(language: str, text: str, values: list[str]) -> None:
    assert [quantity.value for quantity in find(text, language)] == values


def test_case_file_is_rich() -> None:
    assert len(cases()) >= 120


@pytest.mark.parametrize(
    ("language", "text", "approximate"),
    [
        ("zh", "近百个", True),
        ("zh", "180多个", True),
        ("zh", "超过5%", True),
        ("zh", "79次", False),
        ("en", "nearly 100", True),
        ("en", "180-plus", True),
        ("en", "more than US$5 billion", True),
        ("en", "79 calls", False),
    ],
)
def test_approximate(language: str, text: str, approximate: bool) -> None:
    assert [quantity.approximate for quantity in find(text, language)] == [approximate]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("2021年12月30日，王毅接受采访。", "Wang Yi was interviewed on December 30."),
        ("通话79次，出席40起活动", "had 79 calls and attended 40 events"),
        ("为身处180多个国家的数百万同胞", "millions of compatriots in 180-plus countries"),
        ("成功解救数十名公民", "rescued dozens of hostages"),
        ("今年，我们完成了任务", "In 2021 we completed the task"),
        ("这3个方面", "these aspects"),
        ("抗击新冠疫情", "the fight against COVID-19"),
        ("推动互利合作", "2. We will promote cooperation"),
        ("超过一半", "over 50 percent"),
        ("高标准农田8000万亩", "5.33 million hectares of farmland"),
        ("产量1.3万亿斤", "an output of 650 million metric tons"),
        ("在八十四年达成", "by 1995"),
        ("下午3时", "at 3 p.m."),
        ("15:00", "3 p.m."),
        ("增长两倍", "tripled"),
        ("走过百年", "a century of 100 years"),
        ("数百名", "several hundred"),
        ("十几年", "a dozen years"),
        ("三农问题", "agriculture, rural areas and farmers"),
        ("首3季上升4.7%", "increased by 4.7% in the first three quarters of the year"),
        ("「3060」碳達峰、碳中和", "peak carbon emissions by 2030 and carbon neutrality by 2060"),
        ("出席世界卫生大会", "attended the 73rd World Health Assembly"),
        ("最少十足的支持", "at least 100% backed"),
        ("近6,000億元", "HK$598.7 billion"),
        ("增長1.5倍", "a growth of 150%"),
        ("十万分之六", "6 per 100,000"),
        ("为期12个月", "for one year"),
    ],
)
def test_good_translations_do_not_differ(source: str, target: str) -> None:
    assert not agreement(source, target).differs


@pytest.mark.parametrize(
    ("source", "target", "source_only", "target_only"),
    [
        ("通话79次", "97 calls", ["79"], ["97"]),
        ("1.2亿人", "12 million people", ["120000000"], ["12000000"]),
        ("1997年4月21日", "11 April 1997", ["1997-04-21"], ["1997-04-11"]),
        ("增长5%", "an increase", ["5%"], []),
        ("第二十届", "the twenty-first", ["20"], ["21"]),
        ("2021年", "in 2012", ["2021"], ["2012"]),
        ("有3个", "4 of them", ["3"], ["4"]),
        ("三分之二", "three quarters", ["2/3"], ["3/4"]),
    ],
)
def test_wrong_numbers_differ(source: str, target: str, source_only: list[str], target_only: list[str]) -> None:
    found = agreement(source, target)
    assert found.differs
    assert [quantity.value for quantity in found.source_only] == source_only
    assert [quantity.value for quantity in found.target_only] == target_only


def characters(value: int) -> str:
    """Write a number below 10**12 in Chinese characters, as 一百二十万三千〇五 is written."""
    digits, units = "〇一二三四五六七八九", ("", "十", "百", "千")
    if value == 0:
        return "〇"
    written = ""
    for big, scale in (("亿", 10**8), ("万", 10**4), ("", 1)):
        group, value = divmod(value, scale)
        if not group:
            continue
        places = f"{group:04d}" if written else str(group)
        text, gap = "", False
        for place, digit in enumerate(places):
            if digit == "0":
                gap = True
                continue
            text += ("〇" if gap else "") + digits[int(digit)] + units[len(places) - 1 - place]
            gap = False
        written += text + big
    return written


@given(st.integers(1, 10**12 - 1))
def test_every_number_in_characters_is_read(value: int) -> None:
    assert chinese_number(characters(value)) == value


@given(st.integers(0, 10**15))
def test_every_number_in_figures_is_read_in_both_languages(value: int) -> None:
    for text in (str(value), f"{value:,}"):
        assert [quantity.value for quantity in find(text, "zh")] == [str(value)]
        assert [quantity.value for quantity in find(text, "en")] == [str(value)]


@given(
    st.text(st.sampled_from("0159一二十百万亿两第年月日分之个%.,- 至到多近数几abcdefour hundredMay ")),
    st.sampled_from(["zh", "en"]),
)
def test_any_text_is_read_in_order_without_overlaps(text: str, language: str) -> None:
    spans = [(quantity.start, quantity.end) for quantity in find(text, language)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    # 三四十 is thirty or forty: both values stand at one place.
    assert all(left == right or left[1] <= right[0] for left, right in pairwise(spans))


@pytest.mark.parametrize(
    "text", ["1" * 5_000, "一" * 20_000, "1,000" * 5_000, "第" * 20_000, "one " * 10_000, "十万" * 10_000]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_long_runs_end(text: str, language: str) -> None:
    assert find(text, language) is not None


def test_figures_without_end_are_no_number() -> None:
    assert [one.value for one in find("一" * 5000 + "，12个国家。", "zh")] == ["12"]
