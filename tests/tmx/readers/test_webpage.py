import zipfile
from pathlib import Path

from tmx.bitext import load
from tmx.readers import ReadOptions, collect, read

PAGE = """<html lang="zh"><head><meta charset="utf-8"><title>小城</title></head><body>
<nav><a href="/">首页</a> <a href="/a">Home</a></nav>
<div class="zh"><h1>小城与图书馆</h1>
<p>图书馆五月开馆，馆内藏书四万册，大多由住在河边的人家捐赠。<sup><a href="#1">[1]</a></sup></p></div>
<div class="en"><h1>A Small Town and Its Library</h1>
<p>The library opened in May. It holds forty thousand books, most of them given by the families by the river.</p></div>
<table><tr><td>谁</td><td>who</td></tr><tr><td lang="zh">TMX</td><td lang="en">TMX</td></tr></table>
<div class="footer">Copyright 2021 <a href="/">Town</a></div></body></html>"""


def test_main_text_tables_and_languages(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == [
        "小城与图书馆",
        "图书馆五月开馆，馆内藏书四万册，大多由住在河边的人家捐赠。",
        "谁",
        "TMX",
    ]
    assert [p.text for p in bitext.target][-2:] == ["who", "TMX"]
    assert [notice.message for notice in bitext.notices if notice.kind == "removed"] == [
        "outside the main text: 首页 Home",
        "outside the main text: Copyright 2021 Town",
    ]
    assert bitext.metadata.title == "小城与图书馆"  # the heading; the title element often names the site too


def test_furniture_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")
    texts = [block.text for block in read(path, options=ReadOptions(keep_furniture=True)).blocks]
    assert texts[0] == "首页 Home"
    assert texts[-1] == "Copyright 2021 Town"


def test_declared_encodings(tmp_path: Path) -> None:
    path = tmp_path / "a.htm"
    path.write_bytes("<meta charset=gb2312><p>图书馆五月開馆。<p>The library opened.".encode("gb18030"))
    assert [block.text for block in read(path).blocks] == ["图书馆五月開馆。", "The library opened."]


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    chapter = '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{}</p><p>{}</p></body></html>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/a.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "OEBPS/a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<metadata><dc:title>小城</dc:title><dc:date>2021-05-01T00:00:00Z</dc:date></metadata><manifest>"
            '<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
            '<item id="a" href="one%20.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>',
        )
        archive.writestr("OEBPS/nav.xhtml", chapter.format("Contents", "目录"))
        archive.writestr("OEBPS/one .xhtml", chapter.format("第一章。", "Chapter one."))
        archive.writestr("OEBPS/two.xhtml", chapter.format("第二章。", "Chapter two."))
    document = read(path)
    assert [(block.text, block.place) for block in document.blocks] == [
        ("第一章。", "one .xhtml, block 1"),
        ("Chapter one.", "one .xhtml, block 2"),
        ("第二章。", "two.xhtml, block 1"),
        ("Chapter two.", "two.xhtml, block 2"),
    ]
    assert (document.metadata.title, document.metadata.date) == ("小城", "2021-05-01")
    assert [notice.message for notice in document.notices] == ["table of contents"]
