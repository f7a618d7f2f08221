"""PDFs in two columns, set by LibreOffice: every sentence of the plain text comes out, in order."""

from __future__ import annotations

import html
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tmx.bitext import load
from tmx.model import Paragraph
from tmx.readers import collect
from tmx.segmentation import segment_paragraphs

if TYPE_CHECKING:
    from conftest import Text

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)


@dataclass(frozen=True)
class Columns:
    """How the page is set: the title (the first text) beside or across the columns, the last page balanced or not."""

    title: str = "across"
    balanced: bool = True
    running: bool = False
    notes: tuple[str, ...] = ()
    table: tuple[tuple[str, str], ...] = ()
    title_size: int = 24
    justify: bool = True
    indent: bool = False
    page: str = "14.8cm 21cm"


def flat_document(texts: Sequence[str], columns: Columns) -> str:
    """Return the document; each note hangs on one of the first long paragraphs, the table stands in the middle."""
    width, height = columns.page.split()
    cols = '<style:columns fo:column-count="2" fo:column-gap="0.7cm"/>'
    across = columns.title == "across"
    page = cols if not across else ""
    align = "justify" if columns.justify else "start"
    indent = "0.8cm" if columns.indent else "0cm"
    space = "0cm" if columns.indent else "0.2cm"
    running = (
        "<style:header><text:p>Town Reader 2021</text:p></style:header>"
        "<style:footer><text:p>- <text:page-number/> -</text:p></style:footer>"
        if columns.running
        else ""
    )
    body = []
    notes = list(columns.notes)
    for number, text in enumerate(texts[1:], 1):
        note = ""
        if notes and len(text) > 60:
            citation = len(columns.notes) - len(notes) + 1
            note = (
                f'<text:note text:note-class="footnote"><text:note-citation>{citation}</text:note-citation>'
                f'<text:note-body><text:p text:style-name="N">{html.escape(notes.pop(0))}</text:p></text:note-body>'
                "</text:note>"
            )
        body.append(f'<text:p text:style-name="B">{html.escape(text)}{note}</text:p>')
        if columns.table and number == len(texts) // 2:
            start = '<table:table-cell office:value-type="string"><text:p text:style-name="B">'
            lines = (
                "".join(f"{start}{html.escape(c)}</text:p></table:table-cell>" for c in row) for row in columns.table
            )
            rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
            body.append(f'<table:table><table:table-column table:number-columns-repeated="2"/>{rows}</table:table>')
    title = f'<text:p text:style-name="T">{html.escape(texts[0])}</text:p>'
    balance = "" if columns.balanced else ' text:dont-balance-text-columns="true"'
    inner = "".join(body)
    content = (
        f'{title}<text:section text:style-name="S" text:name="s">{inner}</text:section>' if across else title + inner
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMES} office:version="1.3"'
        ' office:mimetype="application/vnd.oasis.opendocument.text"><office:styles>'
        '<style:style style:name="B" style:family="paragraph">'
        '<style:paragraph-properties style:punctuation-wrap="simple"'
        f' fo:text-align="{align}" fo:text-indent="{indent}" fo:margin-bottom="{space}"/>'
        '<style:text-properties fo:font-size="10pt" style:font-size-asian="10pt"/></style:style>'
        '<style:style style:name="N" style:family="paragraph"><style:text-properties fo:font-size="8pt"'
        ' style:font-size-asian="8pt"/></style:style>'
        '<style:style style:name="T" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.4cm"/>'
        f'<style:text-properties fo:font-size="{columns.title_size}pt" style:font-size-asian="{columns.title_size}pt"/>'
        "</style:style></office:styles><office:automatic-styles>"
        f'<style:style style:name="S" style:family="section"><style:section-properties{balance}>{cols}'
        "</style:section-properties></style:style>"
        '<style:page-layout style:name="P">'
        f'<style:page-layout-properties fo:page-width="{width}" fo:page-height="{height}"'
        f' fo:margin="1.5cm">{page}</style:page-layout-properties></style:page-layout></office:automatic-styles>'
        f'<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="P">{running}'
        f"</style:master-page></office:master-styles><office:body><office:text>{content}</office:text></office:body>"
        "</office:document>"
    )


A4, A5, SMALL = "21cm 29.7cm", "14.8cm 21cm", "12cm 16cm"
SETTINGS = {
    "a title across the columns": Columns(),
    "a title beside the other column": Columns(title="beside"),
    "a large title beside the other column": Columns(title="beside", title_size=32, page=A4),
    "a small title beside the other column": Columns(title="beside", title_size=18, page=A4),
    "a short last page": Columns(balanced=False),
    "ragged lines": Columns(title="beside", justify=False, page=A4),
    "indents, running head and page numbers": Columns(title="beside", running=True, indent=True, page=SMALL),
    "many small pages": Columns(title="beside", title_size=16, running=True, page=SMALL),
    "a short last page of many": Columns(balanced=False, running=True, page=SMALL, justify=False),
    "footnotes": Columns(notes=("The books were given.", "It is on the door.")),
    "a table": Columns(table=(("书名", "Books"), ("读者", "Readers"), ("门票", "Tickets"), ("开馆", "Opening"))),
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, library: Text, soffice: Callable[[Path, str], Path]) -> Path:
    folder = tmp_path_factory.mktemp("columns")
    files = []
    for number, columns in enumerate(SETTINGS.values()):
        for language, texts in (("zh", library.chinese), ("en", library.english)):
            files.append(folder / f"{number}.{language}.fodt")
            files[-1].write_text(flat_document(texts, columns), encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=300)
    return folder


def sentences(texts: tuple[Paragraph, ...], language: str) -> list[str]:
    return [sentence.text for sentence in segment_paragraphs(texts, language)]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_sentence_of_two_columns_comes_out_in_order(printed: Path, library: Text, name: str) -> None:
    number = list(SETTINGS).index(name)
    bitext = load(collect([printed / f"{number}.zh.pdf", printed / f"{number}.en.pdf"]).inputs[0])
    further = {*SETTINGS[name].notes, *(f"{zh}\t{en}" for zh, en in SETTINGS[name].table)}
    for found, texts, language in ((bitext.source, library.chinese, "zh"), (bitext.target, library.english, "en")):
        plain = tuple(Paragraph(text, ()) for text in texts)
        body = tuple(paragraph for paragraph in found if paragraph.text not in further)
        assert sentences(body, language) == sentences(plain, language)
        assert {paragraph.text for paragraph in found} >= further
    assert [notice for notice in bitext.notices if notice.kind == "warning"] == []


def test_numbers_of_the_rows_of_a_table_stand_in_no_text(
    tmp_path: Path, library: Text, soffice: Callable[[Path, str], Path]
) -> None:
    long = [pair for pair in zip(library.chinese, library.english, strict=True) if len(pair[0]) > 20][:12]
    rows = [("序号", "中文", "English"), *((str(number), zh, en) for number, (zh, en) in enumerate(long, 1))]
    cells = "".join(
        "<tr>" + "".join(f"<td width='{w}'>{html.escape(c)}</td>" for w, c in zip((40, 260, 300), row, strict=True))
        for row in rows
    )
    page = tmp_path / "a.html"
    page.write_text(
        f"<html><head><meta charset='utf-8'></head><body><table cellpadding='8'>{cells}</table></body></html>", "utf-8"
    )
    writer = soffice(page, "odt")
    bitext = load(collect([soffice(writer, "pdf")]).inputs[0])
    found = ["".join("".join(p.text for p in side).split()) for side in (bitext.source, bitext.target)]
    plain = ["".join("".join(pair[side] for pair in long).split()) for side in (0, 1)]
    assert [found[0].removeprefix("中文"), found[1].removeprefix("English")] == plain
    assert any("numbers of the rows of a table: 1 to" in notice.message for notice in bitext.notices)
