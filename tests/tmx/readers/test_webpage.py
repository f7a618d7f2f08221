import zipfile
from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.errors import LimitError
from tmx.readers import ReadOptions, collect, read, tables

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


STYLED = """<html><head><style>
/* .seen { display: none } */ @charset "utf-8";
.draft, p.old{display:none} #secret { visibility : hidden; } [data-state="closed"] {display:none}
.tab{display:none} .tab.active{display:block}
@media print { .seen {display:none} } .menu .seen {display:none} .seen:hover {display:none}
.box p{display:block} main > div .aside, ::x {display:none} main > div i {display:none}
.strong{display:none!important}
</style><style media="print">p{display:none}</style></head><body>
<p>图书馆五月开馆。</p><p class="seen">The library opened in May.</p>
<p class="draft">这一句是草稿，不应当进入记忆库。</p><p class="old">This is an old draft.</p>
<p id="secret">这一句也是藏起来的。</p><div data-state="closed"><p>Hidden by an attribute.</p></div>
<div class="tab">看不见的一页。</div><div class="tab active">看得见的一页。</div>
<div class="draft" style="display:block">脚本打开了这一段。</div>
<p class="strong" style="display:block">始终看不见。</p>
<main><div><p>馆内藏书<span class="draft">（此处待查）</span>四万<i>（又）</i>册。</p></div></main>
<p>It holds forty thousand books.</p>
<table><tr><td>读者<span class="draft">草稿</span></td><td>reader</td></tr>
<tr class="draft"><td>旧行</td><td>old row</td></tr></table>
</body></html>"""


def test_what_a_style_sheet_of_the_page_hides_is_left_out_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(STYLED, encoding="utf-8")
    document = read(path)
    assert [block.text for block in document.blocks] == [
        "图书馆五月开馆。",
        "The library opened in May.",
        "看得见的一页。",
        "脚本打开了这一段。",
        "馆内藏书四万册。",
        "It holds forty thousand books.",
        "读者",
        "reader",
    ]
    assert [notice.message for notice in document.notices] == [
        "8 paragraphs of Chinese which the page hides: 这一句是草稿，不应当进入记忆库。",
        "3 paragraphs of English which the page hides: Hidden by an attribute.",
    ]
    assert {notice.kind for notice in document.notices} == {"removed"}


def test_a_language_that_a_style_sheet_hides_until_it_is_chosen_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    text = STYLED.split("<style>")[0] + (
        "<style>.en{display:none}</style><p>图书馆五月开馆。</p><p class=en>The library opened in May.</p>"
        "<p>馆内藏书四万册。</p><p class=en>It holds forty thousand books.</p>"
    )
    path.write_text(text, encoding="utf-8")
    assert len(read(path).blocks) == 4


def test_a_broken_style_sheet_hides_nothing_and_takes_no_time(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    for css in (
        "}" * 100_000,
        "{" * 100_000,
        "/*" * 100_000,
        ".a{display:none" * 20_000,
        "[" * 100_000 + "{display:none}",
    ):
        path.write_text(f"<style>{css}</style><p class=b>图书馆五月开馆。</p><p>It opened.</p>", encoding="utf-8")
        assert len(read(path).blocks) == 2


def test_the_lines_of_a_wide_table_are_looked_at_once_for_all_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = "".join(f"<td>第{n}格很好</td><td>Cell {n} is good</td>" for n in range(150))
    (tmp_path / "a.html").write_text(f"<table>{f'<tr>{cells}</tr>' * 3}</table>", encoding="utf-8")
    looked = []
    monkeypatch.setattr(tables, "_lone", lambda line, lone=tables._lone: looked.append(1) or lone(line))
    document = read(tmp_path / "a.html", "a.html", ReadOptions())
    assert len({block.row for block in document.blocks}) == 450
    assert len(looked) <= 5 * 3


@pytest.mark.parametrize("value", ["1", '">"', "'<'"])
def test_a_tag_of_very_many_attributes_is_refused_before_it_is_parsed(tmp_path: Path, value: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<p {' '.join(f'a{n}={value}' for n in range(6000))}>小城</p><p>town</p>", encoding="utf-8")
    with pytest.raises(LimitError, match="more than 5,000 attributes in one tag"):
        read(path)
