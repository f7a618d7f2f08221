"""The project's own document in every format gives the paragraphs of the plain text."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest

from tmx.bitext import load
from tmx.memory import build_document
from tmx.model import Bitext
from tmx.readers import collect, read

if TYPE_CHECKING:
    from conftest import Text

STYLE = "@page { size: A4; margin: 2.2cm } body { font: 14pt/1.6 'Noto Serif CJK SC', serif }"
LAYOUTS = {
    "spaced": "p { margin: 0 0 0.8em }",
    "indented": "p { margin: 0; text-indent: 2em; text-align: justify; hyphens: auto }",
}


def check(path: Path, library: Text) -> Bitext:
    (item,) = collect([path]).inputs
    bitext = load(item)
    assert [p.text for p in bitext.source] == list(library.chinese)
    assert [p.text for p in bitext.target] == list(library.english)
    return bitext


def page(paragraphs: list[str], style: str) -> str:
    body = "\n".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    head = f'<meta charset="utf-8"><style>{STYLE} {style}</style>'
    return f'<html><head>{head}</head><body lang="en"><div>{body}</div></body></html>'


@pytest.mark.parametrize("layout", ["alternating", "paged", "one line", "two files"])
def test_plain_text(tmp_path: Path, library: Text, layout: str) -> None:
    path = tmp_path / "library.txt"
    if layout == "two files":
        (tmp_path / "library.zh.txt").write_text("\n".join(library.chinese), encoding="utf-8")
        (tmp_path / "library.en.txt").write_text("\n".join(library.english), encoding="utf-8")
        check(tmp_path, library)
        return
    if layout == "one line":
        lines = [f"{zh} / {en}" for zh, en in zip(library.chinese, library.english, strict=True)]
    else:
        lines = library.alternating if layout == "alternating" else library.paged()
    path.write_text("\n\n".join(lines), encoding="utf-8")
    check(path, library)


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory, library: Text) -> Path:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Stories of the River"
    section.footer.paragraphs[0].text = "小城读本"
    for text in library.paged():
        document.add_paragraph(text)
    path = tmp_path_factory.mktemp("word") / "library.docx"
    document.save(str(path))
    return path


def test_docx(word: Path, library: Text) -> None:
    check(word, library)


def test_odt(word: Path, library: Text, soffice: Callable[[Path, str], Path]) -> None:
    check(soffice(word, "odt"), library)


def test_pdf_by_libreoffice(word: Path, library: Text, soffice: Callable[[Path, str], Path]) -> None:
    bitext = check(soffice(word, "pdf"), library)
    removed = [notice for notice in bitext.notices if notice.kind == "removed"]
    assert any("Stories of the River" in notice.message for notice in removed)
    assert any("小城读本" in notice.message for notice in removed)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pdf_by_chromium(tmp_path: Path, library: Text, chromium: Callable[..., Path], layout: str) -> None:
    path = tmp_path / "library.html"
    path.write_text(page(library.paged(), LAYOUTS[layout]), encoding="utf-8")
    check(chromium(path), library)  # with the browser's own header, footer and page numbers


def test_pdf_in_two_columns(tmp_path: Path, library: Text, chromium: Callable[..., Path]) -> None:
    path = tmp_path / "library.html"
    path.write_text(page(library.paged(1), "div { columns: 2; text-align: justify }"), encoding="utf-8")
    check(chromium(path, "--no-pdf-header-footer"), library)


def test_pdf_of_a_two_column_table(tmp_path: Path, library: Text, chromium: Callable[..., Path]) -> None:
    rows = "".join(
        f"<tr><td>{html.escape(zh)}</td><td>{html.escape(en)}</td></tr>"
        for zh, en in zip(library.chinese, library.english, strict=True)
    )
    style = "td { width: 50%; vertical-align: top; border: 1px solid; padding: 4pt }"
    path = tmp_path / "library.html"
    path.write_text(f'<meta charset="utf-8"><style>{STYLE} {style}</style><table>{rows}</table>', encoding="utf-8")
    check(path, library)
    bitext = check(chromium(path, "--no-pdf-header-footer"), library)
    assert [notice for notice in bitext.notices if "all but touch" in notice.message] == []


def test_html(tmp_path: Path, library: Text) -> None:
    path = tmp_path / "library.html"
    path.write_text(page(library.alternating, ""), encoding="utf-8")
    check(path, library)


def test_epub(tmp_path: Path, library: Text) -> None:
    path = tmp_path / "library.epub"
    body = "".join(f"<p>{html.escape(text)}</p>" for text in library.paged())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="book.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
            'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        archive.writestr("a.xhtml", f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>')
    check(path, library)


def test_xlsx(tmp_path: Path, library: Text) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for pair in zip(library.chinese, library.english, strict=True):
        sheet.append(list(pair))
    path = tmp_path / "library.xlsx"
    book.save(path)
    bitext = check(path, library)
    assert len(bitext.rows) == len(library.chinese)


BOOK = """@page { size: A5; margin: 1.6cm; @top-center { content: 'Town Reader 2021' }
@bottom-center { content: counter(page) } }
body { font: 11pt/1.5 'Noto Serif CJK SC', serif } p { margin: 0; text-indent: 2em; text-align: justify; hyphens: auto }
h2 { font-size: 14pt } .note { font-size: 8pt; border-top: 1px solid; text-indent: 0 } sup { font-size: 7pt }"""
NOTES = {"zh": ("书由居民捐赠。", "规矩写在门上。"), "en": ("The books were given by residents.", "It is on the door.")}


def test_two_pdfs_set_as_a_book(tmp_path: Path, library: Text, chromium: Callable[..., Path]) -> None:
    """Running heads, page numbers, headings, indents, justified and hyphenated lines, notes and their marks."""
    for language, texts, stop in (("zh", library.chinese, "。"), ("en", library.english, ".")):
        parts = []
        for number, text in enumerate(texts):
            tag = "h2" if number in (0, 4, 7, 10) else "p"
            marked = html.escape(text)
            if number in (2, 3):
                marked = marked.replace(stop, f"<sup>{number - 1}</sup>{stop}", 1)
            parts.append(f"<{tag}>{marked}</{tag}>")
        notes = [f'<p class="note"><sup>{n}</sup> {text}</p>' for n, text in enumerate(NOTES[language], 1)]
        path = tmp_path / f"book.{language}.html"
        body = "".join(parts + notes)
        path.write_text(f'<meta charset="utf-8"><style>{BOOK}</style><body lang="{language}">{body}', encoding="utf-8")
        chromium(path, "--no-pdf-header-footer")
        path.unlink()
    (item,) = collect([tmp_path / "book.zh.pdf", tmp_path / "book.en.pdf"]).inputs
    bitext = load(item)
    assert [p.text for p in bitext.source] == [*library.chinese, *NOTES["zh"]]
    assert [p.text for p in bitext.target] == [*library.english, *NOTES["en"]]
    messages = [notice.message for notice in bitext.notices if notice.kind == "removed"]
    assert "running header, footer or page number: Town Reader 2021" in messages
    assert any(message.startswith("mark of a note: 2") for message in messages)


def test_every_layout_gives_the_same_units(tmp_path: Path, library: Text, word: Path) -> None:
    texts = {
        "alternating": library.alternating,
        "paged": library.paged(),
        "one after the other": [*library.chinese, *library.english],
    }
    for name, lines in texts.items():
        (tmp_path / f"{name}.txt").write_text("\n\n".join(lines), encoding="utf-8")
    (tmp_path / "two.zh.txt").write_text("\n".join(library.chinese), encoding="utf-8")
    (tmp_path / "two.en.txt").write_text("\n".join(library.english), encoding="utf-8")
    units = [
        [(unit.source, unit.target) for unit in build_document(load(item)).units]
        for item in collect([tmp_path, word]).inputs
    ]
    assert len(units) == 5
    assert len(units[0]) > 30
    assert all(other == units[0] for other in units)


@pytest.mark.parametrize("chinese_first", [True, False], ids=["Chinese first", "English first"])
@pytest.mark.parametrize("padding", [0, 1])
def test_columns_of_a_pdf_that_all_but_touch_are_told_apart_by_language(
    tmp_path: Path, library: Text, chromium: Callable[..., Path], padding: int, chinese_first: bool
) -> None:
    rows = [sides if chinese_first else sides[::-1] for sides in zip(library.chinese, library.english, strict=True)]
    cells = "".join(f"<tr><td>{first}<td>{second}" for first, second in rows)
    path = tmp_path / "a.html"
    style = f"{STYLE} body{{font-size:7pt}} table{{border-collapse:collapse}}"
    style += f"td{{padding:0 {padding}px;width:50%;vertical-align:top}}"
    path.write_text(f'<meta charset="utf-8"><style>{style}</style><table>{cells}</table>', encoding="utf-8")
    document = read(chromium(path, "--no-pdf-header-footer"))
    found = "".join("".join(block.text.split()) for block in document.blocks)
    texts = ["".join(text.split()) for text in (*library.chinese, *library.english)]
    assert [text for text in texts if text not in found] == []
    told = [notice.place for notice in document.notices if "all but touch" in notice.message]
    assert told[:1] == ["page 1"]
