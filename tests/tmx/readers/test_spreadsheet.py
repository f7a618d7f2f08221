from pathlib import Path

import openpyxl
import pytest

from tmx.bitext import load
from tmx.errors import FormatError, LimitError
from tmx.readers import ReadOptions, collect, read


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def test_columns_are_found_by_what_they_hold(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ("No.", "English", "中文", "备注"),
        (1, "Nobody pays to read.", "谁来看书都不收钱。", "checked"),
        (2, "", "没有译文。", None),
        (3, "Open from 8 to 10", "八点到十点开放", None),
    )
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == ["谁来看书都不收钱。", "没有译文。", "八点到十点开放"]
    assert [(row.source, row.target, row.notes) for row in bitext.rows] == [
        ((0, 1), (0, 1), ("checked",)),
        ((1, 2), (1, 1), ()),
        ((2, 3), (1, 2), ()),
    ]
    assert bitext.source[0].place() == "Sheet!C2"


def test_a_title_may_stand_in_a_single_cell_above_the_headings(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ("Town Reader",),
        ("ID", "Source text", "Translation"),
        (1, "Nobody pays to read.", "谁来看书都不收钱。"),
        (2, "Open from 8 to 10.", "八点到十点开放。"),
    )
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == ["谁来看书都不收钱。", "八点到十点开放。"]
    assert "Nobody pays to read." in [p.text for p in bitext.target]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", '中文,English\n"你好，世界。","Hello, world."\n再见。,Goodbye.\n'),
        ("a.csv", "你好，世界。;Hello, world.\n再见。;Goodbye.\n"),
        ("a.tsv", "Hello, world.\t你好，世界。\nGoodbye.\t再见。\n"),
    ],
)
def test_text_tables(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8-sig")
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == ["你好，世界。", "再见。"]
    assert [p.text for p in bitext.target] == ["Hello, world.", "Goodbye."]
    assert [(row.source, row.target) for row in bitext.rows] == [((0, 1), (0, 1)), ((1, 2), (1, 2))]


def test_limits_and_damage(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("一", "one"), ("二", "two"), ("三", "three"))
    with pytest.raises(LimitError, match="more than 4 cells"):
        read(path, options=ReadOptions(max_blocks=4))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FormatError, match=r"^a\.xlsx: cut off or damaged"):
        read(path)


def test_what_office_writes_for_a_carriage_return_is_a_line_break_of_the_cell(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ("地址_x000D_\n临江市一号。", "Address_x000D_\nNo. 1 Linjiang."),
    )
    assert [block.text for block in read(path).blocks] == [
        "地址",
        "临江市一号。",
        "Address",
        "No. 1 Linjiang.",
    ]


def test_hidden_rows_columns_and_sheets_are_left_out_and_named(tmp_path: Path) -> None:
    longer = "An old draft, which is longer than the text that is in sight."
    path = workbook(tmp_path / "a.xlsx", *((f"第{n}班渡轮停航。", longer, f"Ferry {n} does not run.") for n in "1234"))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("old").append(["旧稿。", "Old draft."])
    book["old"].sheet_state = "hidden"
    book.save(path)
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == [f"第{n}班渡轮停航。" for n in "124"]
    assert [p.text for p in bitext.target] == [f"Ferry {n} does not run." for n in "124"]
    assert any("8 cells of hidden rows, columns or sheets" in notice.message for notice in bitext.notices)


def test_a_language_in_a_hidden_column_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", *((f"第{n}班渡轮停航。", f"Ferry {n} does not run.") for n in "1234"))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].column_dimensions["A"].hidden = True
    book.save(path)
    bitext = load(collect([path]).inputs[0])
    assert len(bitext.source) == len(bitext.target) == 4
    assert any(notice.kind == "warning" and "were taken" in notice.message for notice in bitext.notices)


def test_columns_beside_those_whose_headings_name_the_languages_are_no_further_pair(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ("Terms", "Chinese", "English", "Match"),
        ("渡轮 = ferry", "渡轮今天停航。", "The ferry does not run today.", "exact"),
        ("码头 = pier", "请到二号码头候船。", "Please wait at pier No. 2.", "new"),
    )
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == ["渡轮今天停航。", "请到二号码头候船。"]
    assert {notice.message.partition(" (")[0] for notice in bitext.notices if notice.kind == "removed"} >= {
        "a further Chinese column",
        "a column that is neither of the two languages",
    }


@pytest.mark.parametrize(
    "headings",
    [
        ("中文标题", "English title", "中文", "英文"),  # the languages, alone and of what
        ("术语", "Term", "中文说明", "English note on it"),  # no column is named by the language alone
    ],
)
def test_two_pairs_of_columns_are_both_read(tmp_path: Path, headings: tuple[str, ...]) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        headings,
        ("停航通告", "Service notice", "渡轮今天停航。", "The ferry does not run today."),
        ("候船须知", "Information for passengers", "请到二号码头候船。", "Please wait at pier No. 2."),
    )
    texts = [p.text for p in load(collect([path]).inputs[0]).source]
    assert [text for text in texts if text not in headings] == [
        "停航通告",
        "候船须知",
        "渡轮今天停航。",
        "请到二号码头候船。",
    ]


@pytest.mark.parametrize(("headings", "named"), [(("中文", "英文"), True), (("甲", "乙"), False)])
def test_figures_in_chinese_beside_a_sheet_headed_with_both_languages_are_no_text(
    tmp_path: Path, headings: tuple[str, str], named: bool
) -> None:
    path = workbook(tmp_path / "a.xlsx", headings, ("渡轮停航。", "The ferry does not run."))
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("分析")
    for line in (("匹配", "字数"), ("合计", 5)):
        sheet.append(line)
    book.create_sheet("未译").append(headings)
    book["未译"].append(("码头开放。", None))
    book.save(path)
    bitext = load(collect([path]).inputs[0])
    left_out = [notice.place for notice in bitext.notices if "a sheet without English" in notice.message]
    assert left_out == (["分析"] if named else [])
    assert "码头开放。" in [p.text for p in bitext.source]
    assert ("合计" in [p.text for p in bitext.source]) != named
