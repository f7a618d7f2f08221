import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tmx.bitext import load
from tmx.errors import FormatError, LimitError
from tmx.memory import build_document
from tmx.readers import ReadOptions, collect, read

W = nsdecls("w")


def write(path: Path, *bodies: str) -> Path:
    """Save a document whose body holds these elements; a plain string is a paragraph."""
    document = docx.Document()
    for body in bodies:
        xml = body if body.startswith("<") else f"<w:p><w:r><w:t>{body}</w:t></w:r></w:p>"
        tag, rest = xml.split(">", 1)
        document.element.body.insert(len(document.element.body) - 1, parse_xml(f"{tag} {W}>{rest}"))
    document.save(str(path))
    return path


def texts(path: Path) -> list[str]:
    return [block.text for block in read(path).blocks]


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.docx",
        f"<w:p>{run('The library opened in ')}"
        "<w:del w:id='1' w:author='A'><w:r><w:delText>June</w:delText></w:r></w:del>"
        f"<w:ins w:id='2' w:author='A'>{run('May')}</w:ins>{run('.')}</w:p>",
        f"<w:p><w:pPr><w:rPr><w:del w:id='3' w:author='A'/></w:rPr></w:pPr>{run('It holds ')}</w:p>",
        f"<w:p>{run('forty thousand books.')}</w:p>",
    )
    assert texts(path) == ["The library opened in May.", "It holds forty thousand books."]


def test_text_boxes_and_line_breaks(tmp_path: Path) -> None:
    box = f"<w:r><w:pict><w:txbxContent><w:p>{run('Open daily')}</w:p></w:txbxContent></w:pict></w:r>"
    path = write(tmp_path / "a.docx", f"<w:p>{run('小城')}<w:r><w:br/></w:r>{run('A town')}{box}</w:p>", "完。")
    blocks = read(path).blocks
    assert [(block.text, block.kind) for block in blocks] == [
        ("小城", "paragraph"),
        ("A town", "paragraph"),
        ("Open daily", "textbox"),
        ("完。", "paragraph"),
    ]
    assert blocks[2].place == "paragraph 1, text box"


def test_a_two_column_table_gives_row_pairs_between_running_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("图书馆", 1)
    document.add_heading("The Library", 1)
    table = document.add_table(rows=0, cols=3)
    for values in (
        ("编号", "中文", "English"),
        ("1", "谁来看书都不收钱。", "Nobody pays to read."),
        ("2", "没有译文。", ""),
        ("3", "早上八点开门。", "The doors open at eight."),
    ):
        for cell, value in zip(table.add_row().cells, values, strict=True):
            cell.text = value
    document.add_paragraph("完。")
    document.add_paragraph("The end.")
    path = tmp_path / "a.docx"
    document.save(str(path))
    bitext = load(collect([path]).inputs[0])
    assert [(row.source, row.target) for row in bitext.rows] == [
        ((0, 1), (0, 0)),
        ((1, 1), (0, 1)),
        ((1, 2), (1, 2)),
        ((2, 3), (2, 2)),
        ((3, 4), (2, 3)),
        ((4, 5), (3, 3)),
        ((5, 5), (3, 4)),
    ]
    assert bitext.source[1].place() == "table 1, row 2, column 2"
    assert [notice.message for notice in bitext.notices if notice.kind == "removed"] == [
        "column headings: 编号 | 中文 | English",
        "a column that is neither of the two languages (3 cells, the first: 1)",
    ]


def test_cells_with_several_paragraphs(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "第一段。\n第二段。"
    table.cell(0, 1).text = "First.\nSecond."
    table.cell(1, 0).text = "第三段。\n第四段。"
    table.cell(1, 1).text = "Third and fourth."
    path = tmp_path / "a.docx"
    document.save(str(path))
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == ["第一段。", "第二段。", "第三段。", "第四段。"]
    assert [(row.source, row.target) for row in bitext.rows] == [((0, 2), (0, 2)), ((2, 4), (2, 3))]
    assert [(unit.source, unit.target) for unit in build_document(bitext).units] == [
        ("第一段。", "First."),
        ("第二段。", "Second."),
        ("第三段。第四段。", "Third and fourth."),
    ]


def test_both_languages_in_one_cell(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).text = "第一段。\nFirst paragraph."
    table.cell(1, 0).text = "第二段。\nSecond paragraph."
    path = tmp_path / "a.docx"
    document.save(str(path))
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == ["第一段。", "第二段。"]
    assert [p.text for p in bitext.target] == ["First paragraph.", "Second paragraph."]


def test_footnotes_headers_and_contents(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.docx", "图书馆五月开馆。", "The library opened in May.")
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            target.writestr(member, source.read(member))
        target.writestr(
            "word/footnotes.xml",
            f"<w:footnotes {W}><w:footnote w:type='separator' w:id='-1'><w:p/></w:footnote>"
            f"<w:footnote w:id='1'><w:p>{run('此为注。')}</w:p></w:footnote>"
            f"<w:footnote w:id='2'><w:p>{run('A note.')}</w:p></w:footnote></w:footnotes>",
        )
        target.writestr("word/header1.xml", f"<w:hdr {W}><w:p>{run('Town News')}</w:p></w:hdr>")
    document = read(path)
    assert [(block.text, block.kind, block.place) for block in document.blocks[2:]] == [
        ("此为注。", "footnote", "footnote 1"),
        ("A note.", "footnote", "footnote 2"),
    ]
    assert [(notice.kind, notice.place, notice.message) for notice in document.notices] == [
        ("removed", "header1", "page header: Town News")
    ]
    kept = read(path, options=ReadOptions(keep_furniture=True))
    assert kept.blocks[-1].text == "Town News"


def test_what_is_no_docx_is_named(tmp_path: Path) -> None:
    good = write(tmp_path / "good.docx", "一。").read_bytes()
    path = tmp_path / "a.docx"
    for data, message in (
        (b"plain text", r"^a\.docx: not a \.docx file, whatever its name says; save it again as \.docx$"),
        (good[: len(good) // 2], r"^a\.docx: cut off or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, r"^a\.docx: an old \.doc file under a new name"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            r"^a\.docx: protected by a password; save a copy without it",
        ),
    ):
        path.write_bytes(data)
        with pytest.raises(FormatError, match=message):
            read(path)


def test_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 3_000_000)
    with pytest.raises(LimitError, match=r"part word/document\.xml: unpacks to more than 2 MiB"):
        read(path, options=ReadOptions(max_unpacked_bytes=2 * 1024 * 1024))
    laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", laughs)
    with pytest.raises(FormatError, match="declares XML entities, which are refused"):
        read(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.xml", "<x/>")
    with pytest.raises(FormatError, match=r"part word/document\.xml is missing"):
        read(path)


def hidden(text: str) -> str:
    return f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{text}</w:t></w:r></w:p>"


def test_hidden_text_is_left_out_and_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.docx", "渡轮停航了。", hidden("旧稿。"), "The ferry does not run.")
    document = read(path)
    assert [block.text for block in document.blocks] == ["渡轮停航了。", "The ferry does not run."]
    assert ("removed", "hidden text: 旧稿。") in [(notice.kind, notice.message) for notice in document.notices]


def test_a_language_that_is_hidden_as_a_whole_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.docx", hidden("渡轮停航了。"), "The ferry does not run.")
    document = read(path)
    assert [block.text for block in document.blocks] == ["渡轮停航了。", "The ferry does not run."]
    assert any(notice.kind == "warning" and "渡轮停航了" in notice.message for notice in document.notices)
    (tmp_path / "b").mkdir()
    only = write(tmp_path / "b" / "a.docx", hidden("An old draft that nobody should see."), "The ferry does not run.")
    assert texts(only) == ["The ferry does not run."]
