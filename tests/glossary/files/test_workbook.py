import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock

from glossary.files.cells import cell_digest
from glossary.files.fields import variant_id
from glossary.files.sheets import MAX_CELL_CHARS
from glossary.files.workbook import WorkbookOptions, write_workbook
from glossary.model import ConceptEntry, Context, Glossary, PhrasePattern, Rendering, Variant
from tmx.errors import OutputError
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence
from tmx.readers.grid import read_grids

ENTRY = ConceptEntry(
    "c-1",
    "中国外交",
    (Rendering("China's diplomacy", count=3, documents=("a", "b")), Rendering("=1+1", "deprecated", "synonym", 0)),
    variants=(Variant("我国外交", count=2),),
    contexts=(
        Context(
            "u1", "首先，中国外交发挥了作用。", "China's diplomacy played a role.", ((3, 7),), ((0, 17),), "d", "", "p"
        ),
    ),
    notes=("-x", "@y"),
    count=5,
)


def document() -> AlignedDocument:
    sides = []
    for texts in (("甲。", "乙。", "丙。"), ("One.", "+Two.")):
        paragraphs = tuple(Paragraph(text, (Piece(0, len(text), f"line {i}"),)) for i, text in enumerate(texts))
        sides.append((paragraphs, tuple(Sentence(text, i, 0, len(text)) for i, text in enumerate(texts))))
    bitext = Bitext("d.txt", sides[0][0], sides[1][0])
    beads = (
        Bead((0, 1), (0, 1), confidence=0.95),
        Bead((1, 2), (1, 1), confidence=0.4),
        Bead((2, 3), (1, 2), confidence=0.3),
    )
    return AlignedDocument(
        bitext, sides[0][1], sides[1][1], beads, tuple(make_units(bitext, sides[0][1], sides[1][1], beads))
    )


@pytest.fixture
def book(tmp_path: Path) -> openpyxl.Workbook:
    write_workbook(Glossary((ENTRY,)), [document()], tmp_path / "g.xlsx")
    return openpyxl.load_workbook(tmp_path / "g.xlsx", rich_text=True)


def column(book: openpyxl.Workbook, sheet: str, name: str) -> list[object]:
    rows = list(book[sheet].iter_rows())
    (index,) = [i for i, cell in enumerate(rows[0]) if str(cell.value).removeprefix("✎ ") == name]
    return [row[index].value for row in rows[1:]]


def test_the_sheets_stand_in_order_and_the_base_is_hidden(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["Terms", "Variants", "Evidence", "Phrase patterns", "Alignment", "Read me", "_base"]
    assert book["_base"].sheet_state == "veryHidden"


def test_phrase_patterns_have_a_sheet_with_a_row_for_each_instance(tmp_path: Path) -> None:
    instances = tuple(
        Context(f"u{n}", f"坚持{x}是外交的{y}。", f"{x} is {y}.", ((0, 9),), document="d.txt", place=f"line {n}")
        for n, (x, y) in enumerate((("和平", "宗旨"), ("公平", "原则")))
    )
    pattern = PhrasePattern("p-1", "坚持X是外交的Y", "X is Y", instances, (("和平", "宗旨"), ("公平", "原则")))
    report = write_workbook(Glossary((ENTRY,), (pattern,)), [], tmp_path / "g.xlsx")
    assert dict(report.rows)["Phrase patterns"] == 2
    book = openpyxl.load_workbook(tmp_path / "g.xlsx")
    rows = list(book["Phrase patterns"].iter_rows(min_row=2, values_only=True))
    assert rows[1] == (
        *("p-1", "坚持X是外交的Y", "X is Y", 2, "X = 公平\nY = 原则"),
        *("坚持公平是外交的原则。", "公平 is 原则.", "d.txt", "line 1", None, "u1"),
    )
    assert not any(str(cell.value).startswith("✎") for cell in book["Phrase patterns"][1]), "nothing here comes back"


def test_header_stays_in_view_and_on_every_printed_page(book: openpyxl.Workbook) -> None:
    terms = book["Terms"]
    assert terms.freeze_panes == "D2"
    assert terms.auto_filter.ref == "A1:W2"
    assert terms.print_title_rows == "$1:$1"
    choices = {v.formula1 for v in terms.data_validations.dataValidation}
    assert '"candidate,accepted,edited,rejected,discuss"' in choices
    usages = {v.formula1 for v in book["Variants"].data_validations.dataValidation}
    assert '"preferred,admitted,superseded,deprecated,remove"' in usages


def test_the_term_is_bold_in_its_context(book: openpyxl.Workbook) -> None:
    (context,) = column(book, "Terms", "Chinese context")
    assert isinstance(context, CellRichText)
    bold = [block.text for block in context if isinstance(block, TextBlock) and block.font.b]
    assert bold == ["中国外交"]
    assert str(context) == ENTRY.contexts[0].source


def test_no_cell_is_a_formula_a_link_or_a_number_by_accident(tmp_path: Path) -> None:
    odd = ('=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "http://example.org", "007", "1e5", "{=1}", "\t=1")
    entries = tuple(replace(ENTRY, id=f"c{i}", term=text, renderings=(Rendering(text),)) for i, text in enumerate(odd))
    write_workbook(Glossary(entries), [], tmp_path / "g.xlsx")
    book = openpyxl.load_workbook(tmp_path / "g.xlsx")
    assert column(book, "Terms", "Chinese") == list(odd)
    assert {cell.data_type for row in book["Terms"].iter_rows(min_row=2, max_col=3) for cell in row} == {"s"}
    assert all(cell.hyperlink is None for row in book["Terms"].iter_rows() for cell in row)


def test_alignment_rows_have_ids_marks_and_places(book: openpyxl.Workbook) -> None:
    assert column(book, "Alignment", "ID") == [pair.id for pair in document().pairs()]
    assert column(book, "Alignment", "Mark") == ["● sure", "✕ unaligned", "○ doubtful"]
    assert column(book, "Alignment", "English text") == ["One.", None, "+Two."]
    assert column(book, "Alignment", "Place") == ["line 0 | line 0", "line 1", "line 2 | line 1"]


def test_the_hidden_sheet_holds_digests_of_what_may_be_changed(book: openpyxl.Workbook) -> None:
    rows = [[cell for cell in row if cell is not None] for row in book["_base"].iter_rows(values_only=True)]
    assert rows[0][:4] == ["Terms", "ID", "Chinese", "English"]
    terms = next(row for row in rows if row[:2] == ["Terms", "c-1"])
    assert terms[2] == cell_digest("中国外交")
    assert ["Variants", variant_id("c-1", "en", "=1+1"), cell_digest("=1+1")] in [row[:3] for row in rows]


def test_what_does_not_fit_a_cell_is_cut_and_listed(tmp_path: Path) -> None:
    long = "😀" * 20_000
    report = write_workbook(Glossary((replace(ENTRY, definition=long),)), [], tmp_path / "g.xlsx")
    assert report.cut == ("Terms!U2",)
    (text,) = column(openpyxl.load_workbook(tmp_path / "g.xlsx"), "Terms", "Definition")
    assert str(text) == "😀" * 16_383 + "…"
    assert len(str(text).encode("utf-16-le")) // 2 <= MAX_CELL_CHARS


def test_characters_no_xml_can_carry_are_replaced_and_listed(tmp_path: Path) -> None:
    report = write_workbook(Glossary((replace(ENTRY, term="a\x00\ud800b_x0041_"),)), [], tmp_path / "g.xlsx")
    assert [str(r) for r in report.replacements] == [
        "c-1: U+0000 replaced by U+FFFD, once",
        "c-1: U+D800 replaced by U+FFFD, once",
    ]
    assert column(openpyxl.load_workbook(tmp_path / "g.xlsx"), "Terms", "Chinese") == ["a\ufffd\ufffdb_x0041_"]


def test_a_cell_that_does_not_read_back_leaves_no_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = xlsxwriter.worksheet.Worksheet.write_string

    def spoil(self: object, row: int, column: int, text: str, *format_: object) -> int:
        return write(self, row, column, text.replace("中国外交", "中国外文"), *format_)

    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "write_string", spoil)
    with pytest.raises(OutputError, match="row 2 of sheet Terms does not read back as it was written"):
        write_workbook(Glossary((ENTRY,)), [document()], tmp_path / "g.xlsx")
    assert not list(tmp_path.iterdir())


def test_of_too_many_beads_the_least_sure_are_shown(tmp_path: Path) -> None:
    report = write_workbook(Glossary(()), [document()], tmp_path / "g.xlsx", WorkbookOptions(max_alignment_rows=2))
    assert report.left_out == 1
    book = openpyxl.load_workbook(tmp_path / "g.xlsx")
    assert column(book, "Alignment", "Mark") == ["✕ unaligned", "○ doubtful"]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(Glossary((ENTRY,)), [document()], tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert archive.testzip() is None


def test_what_looks_like_an_escape_stays_as_it_is(tmp_path: Path) -> None:
    context = Context("u1", "地址_x000D_，中国外交。", "Address_x000D_, China's diplomacy.", ((10, 14),), ((15, 32),))
    write_workbook(Glossary((replace(ENTRY, contexts=(context,)),)), [], tmp_path / "g.xlsx")
    (grid,) = (grid for grid in read_grids(tmp_path / "g.xlsx") if grid.name == "Evidence")
    assert [cell.text for cell in grid.rows[1][1]][3:5] == [context.source, context.target]
