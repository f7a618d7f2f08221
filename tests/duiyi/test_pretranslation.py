import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from duiyi.cli import main
from duiyi.lookup import FILE, Memory, write_index
from duiyi.pretranslation import (
    WRITERS,
    Proposal,
    analyse,
    pretranslate,
    volume,
    with_new_figures,
    write,
    write_word,
    write_workbook,
    write_xliff,
)
from duiyi.recognition import Recogniser
from glossary.files.tbx import write_tbx
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.errors import EmptyInputError
from tmx.messages import LANGUAGES, Language
from tmx.model import TranslationUnit

UNITS = [
    TranslationUnit("1", "我们坚持真正的多边主义。", "We uphold true multilateralism.", document="a.txt"),
    TranslationUnit(
        "2", "全年共举行79次会谈，访问12个国家。", "In the year 79 talks were held and 12 countries visited."
    ),
    TranslationUnit("3", "中国外交开创了新的局面，取得了成就。", "China's diplomacy broke new ground."),
]
TERMS = Recogniser([ConceptEntry("1", "多边主义", (Rendering("multilateralism"),))])
XLIFF = {"x": "urn:oasis:names:tc:xliff:document:2.0", "m": "urn:oasis:names:tc:xliff:matches:2.0"}


@pytest.fixture
def proposals(tmp_path: Path) -> list[Proposal]:
    lines = [
        "我们坚持真正的多边主义。",
        "全年共举行82次会谈，访问15个国家。",
        "中国外交开创了新的局面，取得了成绩。",
        "这是全新的一句话，与多边主义无关。",
        "我们坚持真正的多边主义。",
        "An English line is no text to translate.",
    ]
    (tmp_path / "new.txt").write_text("\n".join(lines), encoding="utf-8")
    write_index(UNITS, tmp_path / FILE)
    with Memory.open(tmp_path) as memory:
        return pretranslate(tmp_path / "new.txt", memory, TERMS, min_rate=60)


def test_each_segment_gets_the_best_that_is_known(proposals: list[Proposal]) -> None:
    assert [one.kind for one in proposals] == ["exact", "85–94", "85–94", "new", "repetition"]
    assert [one.is_ready for one in proposals] == [True, True, False, False, True]
    assert proposals[1].target == "In the year 82 talks were held and 15 countries visited."
    assert proposals[1].numbers == (("79", "82"), ("12", "15"))
    assert proposals[3].terms == (("多边主义", "multilateralism"),)


def test_the_analysis_adds_up(proposals: list[Proposal]) -> None:
    analysis = analyse(proposals)
    assert list(analysis) == ["repetition", "exact", "95–99", "85–94", "75–84", "50–74", "new", "total"]
    assert analysis["total"].segments == 5
    assert sum(one.words for name, one in analysis.items() if name != "total") == analysis["total"].words


@pytest.mark.parametrize(
    ("old", "target", "new"),
    [
        ("投资79亿元。", "7.9 billion yuan was invested.", "投资82亿元。"),  # not the same figures
        ("第3次，共3次。", "The 3rd of 3 times.", "第3次，共4次。"),  # one figure became two
        ("共3次。", "3 times, 3 in all.", "共4次。"),  # stands more often in the target
        ("访问2021年。", "Visited.", "访问2022年。"),  # not in the target
        ("你好。", "Hello.", "再见。"),  # other words
        ("共1次。", "It was 1 time.", "共2次。"),  # the noun becomes a plural
        ("有一个人。", "There is one person.", "有两个人。"),
        ("三月五日开会。", "The meeting is on Tuesday, March 5.", "三月六日开会。"),  # a date of another weekday
        ("3月5日开会。", "The meeting is on Tuesday, March 5.", "3月6日开会。"),
        ("三月五日开会。", "The meeting is on 5/3.", "四月五日开会。"),
        ("三月五日至七日开会。", "The meeting is from March 5 to 7.", "三月六日至七日开会。"),
        ("第三次，又第三次。", "The third time, again the third.", "第四次，又第三次。"),
        ("三千人", "three thousand people", "四千人"),  # no word stands for it alone
    ],
)
def test_figures_are_left_alone_where_it_is_not_safe(old: str, target: str, new: str) -> None:
    assert with_new_figures(old, target, new) is None


@pytest.mark.parametrize(
    ("old", "target", "new", "expected"),
    [
        ("第三届会议。", "The third session.", "第四届会议。", "The fourth session."),
        ("第三章", "Chapter Three", "第十二章", "Chapter Twelve"),
        ("第三章", "Chapter 3", "第四章", "Chapter 4"),
        ("三十个国家", "thirty countries", "四十五个国家", "forty-five countries"),
        ("一百二十人", "120 people", "一百三十人", "130 people"),
        ("二〇二一年", "in 2021", "二〇二二年", "in 2022"),
        ("第二次和第三次", "the second and third times", "第三次和第四次", "the third and fourth times"),
        ("第3次会议", "The 3rd meeting", "第4次会议", "The 4th meeting"),
        ("第1次会议", "The 1st meeting", "第22次会议", "The 22nd meeting"),
        ("第3届会议", "The third session", "第4届会议", "The fourth session"),
        ("三月五日开会。", "The meeting is on March 5.", "三月六日开会。", "The meeting is on March 6."),
        (
            "二〇二四年三月五日通过。",
            "Adopted on 5 March 2024.",
            "二〇二五年四月一日通过。",
            "Adopted on 1 April 2025.",
        ),
        ("2024年3月5日通过。", "Adopted on March 5th, 2024.", "2025年4月1日通过。", "Adopted on April 1st, 2025."),
        ("2024年5月", "May 2024", "2025年12月", "December 2025"),
        ("9月5日", "Sep. 5", "5月6日", "May 6"),
    ],
)
def test_numerals_and_ordinals_are_written_as_the_old_ones(old: str, target: str, new: str, expected: str) -> None:
    replaced = with_new_figures(old, target, new)
    assert replaced is not None and replaced[0] == expected


def test_words_and_characters_are_counted_as_word_processors_do() -> None:
    assert (volume("共建“一带一路”。").words, volume("GDP增长5.2%").words) == (6, 4)


def test_a_match_in_the_other_script_says_so(tmp_path: Path) -> None:
    traditional = tmp_path / "traditional.txt"
    traditional.write_text("我們的新任務。\n", encoding="utf-8")
    write_index([TranslationUnit("1", "我们的新任务。", "Our new task.", document="a.txt")], tmp_path / FILE)
    with Memory.open(tmp_path) as memory:
        (one,) = pretranslate(traditional, memory, Recogniser([]))
    assert (one.rate, one.other_script, one.is_ready, one.target) == (98, True, False, "Our new task.")
    write_xliff([one], tmp_path / "t.xlf", "t.txt")
    assert "Simplified and this text in Traditional" in (tmp_path / "t.xlf").read_text(encoding="utf-8")


def test_xliff_has_targets_matches_and_terms(proposals: list[Proposal], tmp_path: Path) -> None:
    write_xliff(proposals, tmp_path / "n.xlf", "new.txt")
    root = etree.parse(tmp_path / "n.xlf").getroot()
    segments = root.findall(".//x:segment", XLIFF)
    assert [one.get("state") for one in segments] == ["translated", "translated", "initial", "initial", "translated"]
    assert [one.find("x:target", XLIFF) is not None for one in segments] == [True, True, False, False, True]
    assert [one.get("matchQuality") for one in root.findall(".//m:match", XLIFF)][:1] == ["100.0"]
    # The match is the memory's, with its own figures; the segment has the new ones.
    match = root.findall(".//m:match", XLIFF)[1]
    assert all("79" in (match.findtext(f"x:{side}", "", XLIFF)) for side in ("source", "target"))
    assert "82" in segments[1].findtext("x:target", "", XLIFF)


def test_xliff_is_in_the_languages_of_the_memory(proposals: list[Proposal], tmp_path: Path) -> None:
    for tags, expected in ((("zh-CN", "en-GB"), ("zh-CN", "en-GB")), (("zh-HK", "en-HK"), ("zh-Hans", "en-HK"))):
        write(proposals, tmp_path / "n.xlf", "new.txt", "en", tags)
        root = etree.parse(tmp_path / "n.xlf").getroot()
        assert (root.get("srcLang"), root.get("trgLang")) == expected


def test_the_command_takes_the_languages_from_the_build(tmp_path: Path) -> None:
    out, new = tmp_path / "out", tmp_path / "new.txt"
    new.write_text("我們堅持多邊主義。\n", encoding="utf-8")
    out.mkdir()
    write_index(UNITS, out / FILE)
    entry = ConceptEntry("1", "多邊主義", (Rendering("multilateralism"),))
    write_tbx(Glossary((entry,), source_language="zh-HK", target_language="en-GB"), out / "glossary.tbx")
    assert main(["pretranslate", str(new), "--from", str(out), "-o", str(tmp_path / "n.xlf")]) == 0
    root = etree.parse(tmp_path / "n.xlf").getroot()
    assert (root.get("srcLang"), root.get("trgLang")) == ("zh-HK", "en-GB")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_what_was_written_is_read_back_as_a_bilingual_document(
    proposals: list[Proposal], tmp_path: Path, suffix: str, language: Language
) -> None:
    from duiyi.checking.run import read_segments

    path = tmp_path / f"n{suffix}"
    WRITERS[suffix](proposals, path, "new.txt", language)
    segments, _ = read_segments([path])
    assert [one.unit.source for one in segments] == [one.source for one in proposals]
    has_target = [one.is_ready if suffix in (".xlf", ".xliff") else bool(one.target) for one in proposals]
    assert [bool(one.unit.target) for one in segments] == has_target


def test_files_of_a_chinese_run_speak_chinese(proposals: list[Proposal], tmp_path: Path) -> None:
    for suffix in WRITERS:
        write(proposals, tmp_path / f"n{suffix}", "new.txt", "zh", ("zh-CN", "en-US"))
    book = openpyxl.load_workbook(tmp_path / "n.xlsx")
    assert book.sheetnames == ["翻译", "分析"]
    assert [cell.value for cell in book["翻译"][3]][3:5] == ["85–94 88 %", "已替换数字：79 → 82, 12 → 15"]
    assert [cell.value for cell in book["翻译"]["D"]] == [
        "匹配",
        "完全匹配",
        "85–94 88 %",
        "85–94 94 %",
        "无匹配",
        "重复 100 %",
    ]
    assert [cell.value for cell in book["翻译"]["H"]][:2] == ["位置", "第 1 行"]
    assert [cell.value for cell in book["分析"][1]] == ["匹配", "句段数", "字数", "字符数"]
    assert [cell.value for cell in book["分析"]["A"]][1:3] == ["重复", "完全匹配"]
    with zipfile.ZipFile(tmp_path / "n.docx") as archive:
        assert "匹配与术语" in archive.read("word/document.xml").decode("utf-8")
    assert "已替换数字" in (tmp_path / "n.xlf").read_text(encoding="utf-8")


def test_workbook_and_word_document_hold_every_segment(proposals: list[Proposal], tmp_path: Path) -> None:
    write_workbook(proposals, tmp_path / "n.xlsx", "new.txt")
    sheet = openpyxl.load_workbook(tmp_path / "n.xlsx")["Translation"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [one.source for one in proposals]
    write_word(proposals, tmp_path / "n.docx", "new.txt")
    with zipfile.ZipFile(tmp_path / "n.docx") as archive:
        text = archive.read("word/document.xml").decode("utf-8")
    assert all(one.source in text for one in proposals)


def test_a_document_without_chinese_is_refused(tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_text("Nothing to translate.\n", encoding="utf-8")
    write_index(UNITS, tmp_path / FILE)
    with Memory.open(tmp_path) as memory, pytest.raises(EmptyInputError, match="no Chinese text"):
        pretranslate(tmp_path / "e.txt", memory, TERMS)
