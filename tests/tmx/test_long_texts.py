"""Texts of ten thousand signs without a break, as broken files and tables in one paragraph hold them.

What takes time that grows with the square of a text does not come to an end here; what is found stays the same.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tmx import mixed
from tmx.alignment.lexicon import target_tokens
from tmx.characters import han_share
from tmx.checks import find as find_doubts
from tmx.checks.accuracy import magnitude_differs, partly_untranslated
from tmx.healing import joined
from tmx.inline import BREAK, PLACEHOLDER, close_codes, on_one_line, without_tags
from tmx.mixed import find_cut
from tmx.model import TranslationUnit
from tmx.numbers import find as find_numbers
from tmx.numbers.agreement import agreement
from tmx.readers import read

SIGNS = 10_000


def unit(source: str, target: str) -> TranslationUnit:
    return TranslationUnit("1", source, target, document="a.txt", place="line 1")


@pytest.mark.parametrize(
    "sign", [".", "[", "(", "“", "1 ", "1,", "1.", "{1}", "A", "- ", "a. ", "<![CDATA[", "a@", "@"]
)
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


def test_a_table_of_wrong_magnitudes_names_each_two_values_once() -> None:
    source, target = "，".join(["1200吨"] * 2000), "; ".join(["12000 tons"] * 2000)
    found = list(magnitude_differs(unit(source, target)))
    assert [(doubt.source, doubt.target) for doubt in found] == [(((0, 4),), ((0, 5),))]


def test_chinese_left_between_very_many_brackets_is_found() -> None:
    text = "a (馆) library " * 3000 + "图书 the books"
    assert [doubt.target for doubt in partly_untranslated(unit("图书馆", text))] == [
        ((len(text) - 12, len(text) - 10),)
    ]


MANY = 100_000
XLIFF = (
    '<xliff version="{}" srcLang="zh" trgLang="en">'
    '<file id="f" source-language="zh" target-language="en">{}</file></xliff>'
)
UNIT = "<trans-unit id='1'><source>{}</source><target>{}</target></trans-unit>"


def test_a_segment_of_very_many_codes_keeps_its_words(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    codes = "<x id='1'/>" * MANY
    path.write_text(XLIFF.format("1.2", UNIT.format(f"图书{codes}馆。", f"The {codes} library.")), encoding="utf-8")
    assert [block.text for block in read(path).blocks] == ["图书馆。", "The library."]


def test_codes_that_refer_to_very_much_original_data_are_looked_up(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    data = "".join(f"<data id='d{number}'>&lt;br/></data>" for number in range(MANY // 20))
    codes = "".join(f"<ph id='1' dataRef='d{number}'/>" for number in range(MANY // 20))
    texts = f"<source>图书{codes}馆。</source><target>The{codes}library.</target>"
    unit = f"<unit id='1'><originalData>{data}</originalData><segment>{texts}</segment></unit>"
    path.write_text(XLIFF.format("2.0", unit), encoding="utf-8")
    assert [block.text for block in read(path).blocks] == ["图书馆。", "The library."]


def test_a_package_of_thousands_of_files_gives_each_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.sdlppx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3000):
            text = "" if number % 3 == 2 else "The library."
            archive.writestr(f"en/{number:04}.sdlxliff", XLIFF.format("1.2", UNIT.format("图书馆。", text)))
    document = read(path)
    assert [block.row for block in document.blocks] == [row for row in range(2000) for _ in range(2)]
    assert len([notice for notice in document.notices if "without translations" in notice.message]) == 1000


def test_spaces_and_tags_without_end_are_looked_through() -> None:
    spaces = " \t" * MANY
    assert close_codes(f"a{spaces}b{PLACEHOLDER}c {BREAK} d") == f"a{spaces}bc d"
    assert on_one_line(f"a{spaces}b \n c", "en") == (f"a{spaces}b c", 1)
    assert without_tags(f"<b>{'a<i>' * MANY}") == ("a<i>" * (MANY - 1) + "a", 2)


def test_very_many_segments_of_one_number_each_keep_their_place(tmp_path: Path) -> None:
    count = 20_000
    chinese, english = (
        "".join(f'<mrk mtype="seg" mid="7">{text}{number}</mrk>' for number in range(count))
        for text in ("港口", "Port ")
    )
    path = tmp_path / "harbour.xlf"
    path.write_text(
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" source-language="zh-CN" '
        'target-language="en" datatype="x"><body><trans-unit id="1"><source>x</source>'
        f"<seg-source>{chinese}</seg-source><target>{english}</target></trans-unit></body></file></xliff>",
        encoding="utf-8",
    )
    blocks = read(path).blocks
    assert [block.text for block in blocks[-2:]] == [f"港口{count - 1}", f"Port {count - 1}"]
    assert [block.place for block in blocks[::2][:3]] == [
        "unit 1, segment 7",
        "unit 1, segment 7 (2)",
        "unit 1, segment 7 (3)",
    ]
    assert len({block.place for block in blocks}) == count


def test_the_longer_a_text_the_fewer_places_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(mixed, "han_share", lambda text: asked.append(len(text)) or han_share(text))
    assert find_cut("渡轮今天不开，" * 4000 + " / " + "the ferry does not run today " * 4000) is not None
    assert sum(asked) < 6 * mixed.LOOKED_AT


def test_words_of_very_many_parts_and_paragraphs_of_very_many_lines() -> None:
    assert target_tokens("a-" * 60_000 + "b") == [*target_tokens("a-a-b")[:1] * 60_000, *target_tokens("b")]
    for end, line in (("the inter-", "national order"), ("中国", "外交"), ("to protect", "the river")):
        for language in ("zh", "en"):
            assert joined("x " * 400 + end, line, language) == "x " * 400 + joined(end, line, language)


def test_what_markdown_nests_too_deep_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("".join("  " * level + f"- 第{level}层 Level {level}\n" for level in range(80)), encoding="utf-8")
    document = read(path)
    (said,) = [notice for notice in document.notices if "nested too deep" in notice.message]
    kept = sum("层" in block.text for block in document.blocks)
    assert kept < 80 and said.place.startswith("line")
    path.write_text("".join("  " * level + f"- 第{level}层 Level {level}\n" for level in range(40)), encoding="utf-8")
    assert not read(path).notices
