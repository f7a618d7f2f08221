"""Tables as spreadsheet programs and their users leave them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tmx.errors import FormatError
from tmx.readers.grid import Grid, read_grids, read_text_table


def workbook(path: Path, change: Callable[[Worksheet], None]) -> Path:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    change(book.active)
    book.save(path)
    return path


def rewritten(path: Path, *changes: tuple[str, str, str]) -> Path:
    """Change parts of a workbook as text: (part, pattern, replacement)."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for part, pattern, replacement in changes:
        for name in parts:
            if re.fullmatch(part, name):
                parts[name] = re.sub(pattern, replacement, parts[name])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def shown(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for _, row in grid.rows]


def two_by_two(sheet: Worksheet) -> None:
    sheet.append(["中文", "English"])
    sheet.append(["数字经济", "digital economy"])


def test_shared_strings_are_read_like_those_in_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    strike, sheet = book.add_format({"font_strikeout": True}), book.add_worksheet("S")
    sheet.write_rich_string(0, 0, strike, "old", "new")
    sheet.write_string(0, 1, "plain_x000D_")
    sheet.write_string(0, 2, "out", strike)
    book.close()
    ((_, row),) = read_grids(path)[0].rows
    assert [(cell.text, cell.struck) for cell in row] == [("new", "old"), ("plain_x000D_", ""), ("", "out")]


@pytest.mark.parametrize("stated", ["A1", "A1:A2", "B2:B2", "A1:XFD1048576"])
def test_what_a_sheet_states_of_its_size_is_not_believed(tmp_path: Path, stated: str) -> None:
    path = workbook(tmp_path / "a.xlsx", two_by_two)
    rewritten(path, (r"xl/worksheets/sheet1\.xml", 'dimension ref="[^"]*"', f'dimension ref="{stated}"'))
    assert shown(read_grids(path)[0]) == [["中文", "English"], ["数字经济", "digital economy"]]


def test_a_merged_range_has_its_text_in_every_cell(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        two_by_two(sheet)
        sheet["B3"] = "cyber economy"
        sheet.merge_cells("A2:A3")

    (grid,) = read_grids(workbook(tmp_path / "a.xlsx", change))
    assert shown(grid)[2] == ["数字经济", "cyber economy"]
    assert [cell.merged for cell in grid.rows[2][1]] == [True, False]
    assert grid.rows[2][1][0].place == "Sheet!A3"


def test_the_escapes_of_a_workbook_are_characters(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda sheet: sheet.append(["X1", "X2"]))
    rewritten(
        path,
        (r"xl/worksheets/sheet1\.xml", "X1", "地址_x000D_\\n临江市"),
        (r"xl/worksheets/sheet1\.xml", "X2", "_x005F_x000D_ and _xD83D__xDE00_"),
    )
    assert shown(read_grids(path)[0]) == [["地址\n临江市", "_x000D_ and 😀"]]


def test_what_is_struck_out_is_told_apart(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        old, new = InlineFont(strike=True), InlineFont(color="FF0000")
        sheet["A1"] = CellRichText([TextBlock(old, "digital economy"), TextBlock(new, "cyber economy")])
        sheet["B1"] = "gone"
        sheet["B1"].font = Font(strike=True)
        sheet["C1"] = CellRichText([TextBlock(InlineFont(strike=False, b=True), "bold"), " plain"])

    ((_, row),) = read_grids(workbook(tmp_path / "a.xlsx", change))[0].rows
    assert [(cell.text, cell.struck) for cell in row] == [
        ("cyber economy", "digital economy"),
        ("", "gone"),
        ("bold plain", ""),
    ]


def test_errors_formulas_dates_and_numbers_are_named_for_what_they_are(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.append(["#NAME?", "=1+1", date(2021, 12, 30), True, 3.0, 0.5, "#1 priority"])

    path = workbook(tmp_path / "a.xlsx", change)
    ((_, row),) = read_grids(path, values=False)[0].rows
    assert [(cell.text, cell.kind) for cell in row] == [
        ("#NAME?", "error"),
        ("=1+1", "formula"),
        ("2021-12-30", "date"),
        ("TRUE", "boolean"),
        ("3", "number"),
        ("0.5", "number"),
        ("#1 priority", "text"),
    ]


def test_a_workbook_of_the_strict_kind_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", two_by_two)
    strict = "http://purl.oclc.org/ooxml/"
    rewritten(
        path,
        (r".*\.(xml|rels)", "http://schemas.openxmlformats.org/spreadsheetml/2006/", f"{strict}spreadsheetml/"),
        (
            r".*\.(xml|rels)",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            f"{strict}officeDocument/relationships",
        ),
    )
    assert shown(read_grids(path)[0]) == [["中文", "English"], ["数字经济", "digital economy"]]


TEXTS = {
    "commas": ("中国,China\n美国,America\n", [["中国", "China"], ["美国", "America"]]),
    "semicolons with commas inside": (
        "中国;China, the country\n美国;America\n",
        [["中国", "China, the country"], ["美国", "America"]],
    ),
    "commas with semicolons inside": ("中国,China; the PRC\n美国,America; US\n", [["中国", "China; the PRC"]]),
    "bars": ("中国|China\n", [["中国", "China"]]),
    "tabs with a comma in every cell": ("中国，北京\tBeijing, China\n", [["中国，北京", "Beijing, China"]]),
    "tabs with quotation marks that are text": (
        '"一带"一路\t"Belt" and Road\n中国\t"China\n',
        [['"一带"一路', '"Belt" and Road'], ["中国", '"China']],
    ),
    "tabs with quoted fields": ('"a\nb"\tc\n"say ""hi"""\td\n', [["a\nb", "c"], ['say "hi"', "d"]]),
    "Excel's first line": ("sep=;\n中国;China\n", [["中国", "China"]]),
    "one column": ("中国\n美国\n", [["中国"], ["美国"]]),
}


@pytest.mark.parametrize("case", TEXTS)
def test_the_delimiter_is_found(case: str) -> None:
    text, rows = TEXTS[case]
    assert shown(read_text_table(text, "a.txt"))[: len(rows)] == rows


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("中文,English\n数字经济,digital economy\n#NAME?,x\n".encode(encoding))
    (grid,) = read_grids(tmp_path / "a.csv")
    assert shown(grid)[1] == ["数字经济", "digital economy"]
    assert grid.rows[2][1][0].kind == "error"
    assert grid.rows[2][1][0].place == "row 3, column 1"


SAME_BOOK = Path(__file__).parent / "workbooks"  # one workbook, saved by LibreOffice in three formats


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_other_workbooks_are_read_like_those_of_excel(suffix: str) -> None:
    """Text, numbers, dates, yes and no, errors, merged, hidden, struck out in whole and in part, coloured, comments."""
    first, hidden, empty = read_grids(SAME_BOOK / f"libreoffice.{suffix}")
    assert [first, hidden, empty] == read_grids(SAME_BOOK / "libreoffice.xlsx")
    cells = {cell.place: cell for _, row in first.rows for cell in row}
    assert (cells["术语!B6"].text, cells["术语!B6"].kind) == ("#N/A", "error")
    assert [cell.place for cell in cells.values() if cell.merged] == ["术语!A9"]
    assert {cell.place for cell in cells.values() if cell.hidden} == {
        "术语!A10",
        "术语!B10",
        "术语!D1",
        "术语!D2",
    }.union(place for place in cells if place[3] == "D")
    assert {cell.place: cell.struck for cell in cells.values() if cell.struck} == {
        "术语!B11": "struck out",
        "术语!B16": "old ",
    }
    assert (cells["术语!B16"].text, cells["术语!B16"].coloured) == ("new", True)
    assert [cells[f"术语!{place}"].text for place in ("D5", "B13", "B14", "C15")] == [
        "3",
        "line one\nline two",
        "TRUE",
        "2021-03-01",
    ]
    assert (hidden.hidden, first.comments, empty.rows) == (True, (("术语!B2", "check this"),), ())


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_formula_that_comes_back_is_none_of_the_reviewers_words(suffix: str) -> None:
    first, *_ = read_grids(SAME_BOOK / f"libreoffice.{suffix}", values=False)
    formulas = {cell.place: cell.text for _, row in first.rows for cell in row if cell.kind == "formula"}
    assert formulas.keys() == {"术语!B7", "术语!B14"}


def test_a_new_word_beside_a_struck_one_is_kept_where_the_cell_is_struck_too(tmp_path: Path) -> None:
    """LibreOffice gives the cell the look of its first run."""

    def change(sheet: Worksheet) -> None:
        new = TextBlock(InlineFont(color="FFFF0000"), "new")
        sheet["A1"] = CellRichText(TextBlock(InlineFont(strike=True), "old "), new)
        sheet["A1"].font = Font(strike=True)
        sheet["B1"] = CellRichText("old ", new)
        sheet["B1"].font = Font(strike=True)

    ((_, row),) = read_grids(workbook(tmp_path / "a.xlsx", change))[0].rows
    assert [(cell.text, cell.struck) for cell in row] == [("new", "old "), ("new", "old ")]


def test_workbooks_are_told_by_their_bytes(tmp_path: Path) -> None:
    for suffix, name in ((".xls", "a.xlsx"), (".ods", "b.xlsx"), (".xlsx", "c.xls"), (".xls", "d.csv")):
        path = tmp_path / name
        path.write_bytes((SAME_BOOK / f"libreoffice{suffix}").read_bytes())
        assert shown(read_grids(path)[0])[1][1] == "digital economy"
    (tmp_path / "e.xls").write_text("中文\tEnglish\n网络\tnetwork\n", encoding="utf-16")
    assert shown(read_grids(tmp_path / "e.xls")[0])[1] == ["网络", "network"]
    (tmp_path / "f.xls").write_text("<html><table><tr><td>网络</td></tr></table>", encoding="utf-8")
    with pytest.raises(FormatError, match="a web page or XML under the name of a workbook"):
        read_grids(tmp_path / "f.xls")
    (tmp_path / "g.xls").write_bytes((SAME_BOOK / "libreoffice.xls").read_bytes()[:3000])
    with pytest.raises(FormatError, match=r"g\.xls: "):
        read_grids(tmp_path / "g.xls")
