import json
import os
from pathlib import Path

import lxml.html
import openpyxl
import pytest
from lxml import etree

from duiyi.checking import files
from duiyi.checking.model import Segment
from duiyi.checking.run import Checked, check
from tmx.errors import FormatError, LimitError
from tmx.messages import load
from tmx.model import TranslationUnit

PAIRS = (("通话79次。", "97 calls <b>were</b> made & more."), ("你好，世界。", "Hello, world."), ("访问。", ""))


def checked(document: str = "a b.csv") -> Checked:
    some = [
        Segment(number, TranslationUnit(str(number), *pair), document, f"row {number}")
        for number, pair in enumerate(PAIRS, 1)
    ]
    return check(some)


def test_a_line_names_place_severity_check_and_both_texts() -> None:
    first = next(files.lines(checked()))
    assert first.startswith("a b.csv: row 1: major: numbers-differ: ")
    assert first.count("\n") == 0 and "79" in first and "97" in first


def test_json_holds_all_that_was_found(tmp_path: Path) -> None:
    files.write_json(checked(), tmp_path / "f.json")
    data = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert [one["check"] for one in data["findings"]] == ["numbers-differ", "empty-side"]
    assert data["counts"]["major"] == 2 and data["segments"] == 3
    assert files.read_baseline(tmp_path / "f.json") == {one["id"] for one in data["findings"]}


def test_sarif_has_a_rule_for_each_result(tmp_path: Path) -> None:
    files.write_sarif(checked(), tmp_path / "f.sarif")
    (run,) = json.loads((tmp_path / "f.sarif").read_text(encoding="utf-8"))["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= rules
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.csv"
    assert all(result["level"] in ("none", "note", "warning", "error") for result in run["results"])


def test_junit_has_a_case_for_each_segment(tmp_path: Path) -> None:
    files.write_junit(checked(), tmp_path / "f.xml")
    (suite,) = etree.parse(tmp_path / "f.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    assert len(suite.findall("testcase/failure")) == 2


def test_the_page_escapes_texts_and_marks_what_was_found(tmp_path: Path) -> None:
    files.write_page(checked("a <b>.csv"), tmp_path / "f.html")
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert "<b>were" not in page and "&lt;b&gt;were" in page and "a &lt;b&gt;.csv" in page
    assert "<mark>97</mark>" in page and "<mark>79</mark>" in page


def test_findings_are_shown_in_chinese(tmp_path: Path) -> None:
    first = next(files.lines(checked(), load("zh")))
    assert first.startswith("a b.csv：第 1 行：严重：numbers-differ：中文为 79，英文为 97 | 通话")
    files.write_page(checked(), tmp_path / "f.html", load("zh"))
    page = lxml.html.document_fromstring((tmp_path / "f.html").read_bytes())
    assert page.cssselect("article h2 a")[0].text_content() == "第 1 行"
    assert page.cssselect("article .message")[1].text_content() == "没有译文"


def test_verdicts_come_back_from_a_chinese_workbook(tmp_path: Path) -> None:
    path, before = tmp_path / "f.xlsx", checked()
    files.write_workbook(before, path, load("zh"))
    book = openpyxl.load_workbook(path)
    [sheet] = book.worksheets
    assert sheet.title == "检查结果"
    heads = [str(cell.value) for cell in sheet[1]]
    sheet.cell(2, heads.index("✎ 判断") + 1).value = "本该如此"
    book.save(path)
    assert files.read_verdicts(path) == {before.found[0].id: "right so"}


def test_verdicts_come_back_from_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    before = checked()
    files.write_workbook(before, path)
    assert files.read_verdicts(path) == {}
    book = openpyxl.load_workbook(path)
    heads = [str(cell.value) for cell in book["Findings"][1]]
    book["Findings"].cell(2, heads.index("✎ Verdict") + 1).value = "right so"
    book.save(path)
    verdicts = files.read_verdicts(path)
    assert verdicts == {before.found[0].id: "right so"}
    after = check(before.segments, verdicts=verdicts)
    assert [one.finding.check for one in after.found] == ["empty-side"]
    files.write_workbook(after, path)
    assert files.read_verdicts(path) == verdicts


def test_a_verdict_that_nobody_knows_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    files.write_workbook(checked(), path)
    book = openpyxl.load_workbook(path)
    heads = [str(cell.value) for cell in book["Findings"][1]]
    book["Findings"].cell(3, heads.index("✎ Verdict") + 1).value = "maybe"
    book.save(path)
    with pytest.raises(FormatError, match="row 3: the verdict 'maybe' is not known"):
        files.read_verdicts(path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"findings": [1]}'])
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "b.json").write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match="not what duiyi check wrote"):
        files.read_baseline(tmp_path / "b.json")


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(FormatError, match="not a workbook of findings"):
        files.read_verdicts(tmp_path / "other.xlsx")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_or_a_text_nested_without_end_holds_no_findings(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.xlsx")
    (tmp_path / "deep.json").write_text("[" * 200_000, encoding="utf-8")
    for read in (files.read_verdicts, files.read_baseline):
        with pytest.raises(FormatError, match=r"p\.xlsx: not an ordinary file"):
            read(tmp_path / "p.xlsx")
        with pytest.raises(FormatError, match="is a folder, not a file"):
            read(tmp_path)
    with pytest.raises(LimitError, match=r"deep\.json: nested too deeply"):
        files.read_baseline(tmp_path / "deep.json")
