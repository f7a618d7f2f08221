"""Texts of ten thousand signs without a break, as broken files and tables in one paragraph hold them.

What takes time that grows with the square of a text does not come to an end here; what is found stays the same.
"""

from __future__ import annotations

import pytest

from tmx import mixed
from tmx.checks import find as find_doubts
from tmx.mixed import find_cut
from tmx.model import TranslationUnit
from tmx.numbers import find as find_numbers
from tmx.numbers.agreement import agreement

SIGNS = 10_000


def unit(source: str, target: str) -> TranslationUnit:
    return TranslationUnit("1", source, target, document="a.txt", place="line 1")


@pytest.mark.parametrize("sign", [".", "[", "(", "“", "1 ", "1,", "1.", "{1}", "A", "- ", "a. ", "<![CDATA["])
def test_long_runs_of_one_sign_are_looked_through(sign: str) -> None:
    text = f"图书馆{sign * (SIGNS // len(sign))}The library"
    find_cut(text)
    find_cut(f"{text})")
    find_numbers(text, "zh-CN")
    find_numbers(text, "en-US")
    find_doubts(unit(text, text))


def test_a_long_text_is_cut_where_its_languages_part() -> None:
    chinese, english = "渡轮今天不开，请改乘公共汽车" * 40, "the ferry does not run today " * 40
    cut = find_cut(f"{chinese} / {english}")
    assert cut is not None and cut.parts == (chinese, english.strip())
    assert english.count(" ") > mixed.MAX_PLACES


def test_a_table_of_numbers_in_one_unit_agrees_number_by_number() -> None:
    values = [str(1001 + 2 * number) for number in range(600)]
    found = agreement("，".join(f"{value}吨" for value in values), "; ".join(f"{value} tons" for value in values))
    assert len(found.matched) == len(values) and not found.differs
    wrong = [*values[:300], "77777", *values[301:]]
    found = agreement("，".join(f"{value}吨" for value in values), "; ".join(f"{value} tons" for value in wrong))
    assert [one.value for one in found.source_only] == [values[300]]
    assert [one.value for one in found.target_only] == ["77777"]


def test_a_number_that_a_long_unit_repeats_far_away_need_be_there_once() -> None:
    values = [str(1001 + 2 * number) for number in range(600)]
    found = agreement("，".join([*values, values[0]]), "; ".join(values))
    assert not found.source_only and not found.target_only
