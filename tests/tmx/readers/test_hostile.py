"""Hostile and damaged files: every failure is one line that names the file, and nothing takes long or much memory."""

from __future__ import annotations

import base64
import gzip
import io
import os
import random
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pysubs2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tmx.alignment.beads import read_links
from tmx.bitext import load
from tmx.errors import Budget, FormatError, LimitError, ToolError
from tmx.readers import READERS, Input, ReadOptions, collect, read
from tmx.readers.collection import kind_of
from tmx.segmentation import load_rules
from tmx.tmx14 import read_tmx

PARAGRAPHS = ("图书馆五月开馆。", "The library opened in May.", "谁来看书都不收钱。", "Nobody pays to read.")
XML_FORMATS = (".docx", ".odt", ".xlsx", ".epub")


def zipped(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return stream.getvalue()


def make_docx() -> bytes:
    document = docx.Document()
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = PARAGRAPHS[:2]
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def make_xlsx() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(PARAGRAPHS[:2]))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SENTENCE = b"BT /F1 12 Tf 72 700 Td (The library opened in May, and nobody pays.) Tj ET"


def make_pdf(content: bytes = SENTENCE, packed: bytes = b"", *more: bytes, resources: bytes = b"") -> bytes:
    """One page; ``packed`` is what the dictionary says of a stream packed already; ``more`` are objects from 6 on."""
    data = content if packed else zlib.compress(content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>%b>>/Contents 4 0 R>>"
        % resources,
        b"<<%b>>stream\n%b\nendstream" % (packed or b"/Length %d/Filter/FlateDecode" % len(data), data),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    ]
    file = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(file))
    return file + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def make_sdltm() -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE translation_units(id INTEGER PRIMARY KEY, source_segment TEXT, target_segment TEXT)")
    segment = "<Segment><Elements><Text><Value>{}</Value></Text></Elements><CultureName>{}</CultureName></Segment>"
    pair = (segment.format(PARAGRAPHS[0], "zh-CN"), segment.format(PARAGRAPHS[1], "en-US"))
    base.execute("INSERT INTO translation_units VALUES (1, ?, ?)", pair)
    base.commit()
    return bytes(base.serialize())


ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>{}</office:text>'
    "</office:body></office:document-content>"
)
EPUB = {
    "META-INF__container.xml": '<container><rootfile full-path="a.opf"/></container>',
    "a.opf": '<package><item id="a" href="a.xhtml" media-type="text/html"/><itemref idref="a"/></package>',
    "a.xhtml": "<html><body>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</body></html>",
}
SRT = "1\n00:00:01,000 --> 00:00:02,000\n{}\n{}\n\n2\n00:00:03,000 --> 00:00:04,000\n{}\n{}\n".format(*PARAGRAPHS)
TMX = (
    '<tmx version="1.4"><header srclang="zh"/><body><tu><tuv xml:lang="zh"><seg>{}</seg></tuv>'
    '<tuv xml:lang="en"><seg>{}</seg></tuv></tu></body></tmx>'
).format(*PARAGRAPHS)
XLIFF = (
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" source-language="zh" '
    'target-language="en" datatype="x"><body><trans-unit id="1"><source>{}</source><target>{}</target></trans-unit>'
    "</body></file></xliff>"
).format(*PARAGRAPHS)
XLIFF_2 = (
    '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="zh" trgLang="en"><file id="f">'
    '<unit id="1"><segment><source>{}</source><target>{}</target></segment></unit></file></xliff>'
).format(*PARAGRAPHS)
PO = 'msgid ""\nmsgstr ""\n"Language: zh\\n"\n\n#. note\nmsgid "{1}"\nmsgstr "{0}"\n'.format(*PARAGRAPHS)

TXML = """<txml locale="zh-CN" targetlocale="en-US"><translatable blockId="1"><segment segmentId="1">
<source>港口<ut x="1">&lt;b&gt;</ut>关闭。</source><target score="100">The harbour is closed.</target></segment>
</translatable></txml>"""
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="A"><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell>'
    "<table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row></table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)
SEEDS: dict[str, list[bytes]] = {
    ".txt": [
        "\n".join(PARAGRAPHS).encode(),
        "\n".join(PARAGRAPHS).encode("gb18030"),
        "\n".join(PARAGRAPHS).encode("utf-16"),
    ],
    ".md": [("# " + "\n\n".join(PARAGRAPHS)).encode()],
    ".csv": ["{},{}\n{},{}\n".format(*PARAGRAPHS).encode()],
    ".html": [("<table><tr><td>{}<td>{}</table><p lang=zh>{}<p>{}").format(*PARAGRAPHS).encode()],
    ".docx": [make_docx()],
    ".odt": [zipped(**{"content.xml": ODT.format("".join(f"<text:p>{text}</text:p>" for text in PARAGRAPHS))})],
    ".xlsx": [make_xlsx()],
    ".xls": [(Path(__file__).parents[2] / "fuzz" / "seeds" / "document-1.xls").read_bytes()],
    ".ods": [zipped(**{"content.xml": ODS.format(*PARAGRAPHS)})],
    ".epub": [zipped(**EPUB)],
    ".pdf": [make_pdf()],
    ".srt": [SRT.encode()],
    ".vtt": [("WEBVTT\n\n" + SRT.replace(",", ".")).encode()],
    ".ass": [pysubs2.SSAFile.from_string(SRT).to_string("ass").encode()],
    ".tmx": [TMX.encode()],
    ".xlf": [XLIFF.encode(), XLIFF_2.encode()],
    ".po": [PO.encode()],
    ".tmx.gz": [gzip.compress(TMX.encode())],
    ".sdltm": [make_sdltm()],
    ".sdlppx": [zipped(**{"en__a.sdlxliff": XLIFF})],
    ".txml": [TXML.encode()],
    ".jsonl": ['{{"zh": "{}", "en": "{}"}}\n'.format(*PARAGRAPHS).encode()],
    ".json": ['{{"zh": {{"a": "{}"}}, "en": {{"a": "{}"}}}}'.format(*PARAGRAPHS).encode()],
    ".properties": ["a={}\nb={}\n".format(*PARAGRAPHS).encode()],
    ".zh": ["\n".join(PARAGRAPHS).encode()],
}
SAME = {".text": ".txt", ".markdown": ".md", ".tsv": ".csv", ".tab": ".csv", ".htm": ".html", ".xhtml": ".html"}
SAME |= {".docm": ".docx", ".xlsm": ".xlsx", ".ssa": ".ass", ".xliff": ".xlf", ".sdlxliff": ".xlf"}
SAME |= {".mqxliff": ".xlf", ".mxliff": ".xlf", ".txlf": ".xlf", ".ndjson": ".jsonl", ".arb": ".json"}
SAME |= dict.fromkeys((".sdlrpx", ".wsxz", ".mqxlz", ".xlz"), ".sdlppx")


def survive(path: Path) -> None:
    """Read and load a file; a failure must be a ToolError of one line that begins with the name of the file."""
    try:
        read(path)
        load(Input(path.name, (path,), ("mixed",)))
    except ToolError as error:
        assert str(error).startswith(path.name)
        assert "\n" not in str(error)
        assert len(str(error)) < 500


def test_every_reader_is_tried() -> None:
    assert {kind_of(Path(f"a{suffix}")) for suffix in (*SEEDS, *SAME)} == set(READERS)


@pytest.mark.parametrize(("suffix", "seed"), [(suffix, seed) for suffix, seeds in SEEDS.items() for seed in seeds])
def test_the_seeds_are_sound(tmp_path: Path, suffix: str, seed: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(seed)
    assert read(path).blocks


@st.composite
def mutations(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Return a change to bytes: some overwritten, some left out, some repeated, the end cut off."""
    kinds = draw(st.lists(st.sampled_from(["write", "drop", "repeat", "cut", "insert"]), min_size=1, max_size=4))
    places = draw(st.lists(st.floats(0, 1), min_size=4, max_size=4))
    patch = draw(
        st.one_of(
            st.binary(min_size=1, max_size=8),
            st.sampled_from([b"\x00", b"\xff\xfe", b"<", b"&#0;", b"&x;", b"]]>", b"-1", b"9999999999", b'"', b"\n"]),
        )
    )

    def change(data: bytes) -> bytes:
        for kind, share in zip(kinds, places, strict=False):
            place = int(share * len(data))
            if kind == "write":
                data = data[:place] + patch + data[place + len(patch) :]
            elif kind == "drop":
                data = data[:place] + data[place + 16 :]
            elif kind == "repeat":
                data = data[:place] + data[max(0, place - 64) :]
            elif kind == "insert":
                data = data[:place] + patch + data[place:]
            else:
                data = data[: max(1, place)]
        return data

    return change


FUZZ = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize(("suffix", "number"), [(s, n) for s, seeds in SEEDS.items() for n in range(len(seeds))])
@FUZZ
@given(change=mutations())
def test_damaged_files(tmp_path: Path, suffix: str, number: int, change: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(change(SEEDS[suffix][number]))
    survive(path)


@pytest.mark.parametrize("suffix", XML_FORMATS)
@FUZZ
@given(change=mutations(), part=st.integers(0, 100))
def test_sound_archives_with_damaged_parts(
    tmp_path: Path, suffix: str, change: Callable[[bytes], bytes], part: int
) -> None:
    path = tmp_path / f"a{suffix}"
    with zipfile.ZipFile(io.BytesIO(SEEDS[suffix][0])) as source, zipfile.ZipFile(path, "w") as target:
        names = source.namelist()
        for index, name in enumerate(names):
            data = source.read(name)
            target.writestr(name, change(data) if index == part % len(names) else data)
    survive(path)


@pytest.mark.parametrize("suffix", sorted(SEEDS))
@FUZZ
@given(data=st.binary(max_size=200))
@example(data=b"\x00")
@example(data=b"\xff\xfe")
@example(data=b"PK\x03\x04")
@example(data=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@example(data=b"%PDF-1.7")
@example(data=b"<a" * 10_000)
@example(data=b"<div>" * 10_000)
@example(data=b"[" * 10_000)
@example(data="中".encode() * 5_000)
def test_rubbish(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    survive(path)


def test_what_parsers_quote_stays_one_short_line(tmp_path: Path) -> None:
    """Found by the fuzz tests: a member's name of a thousand bytes, and a line end in a language tag."""
    data = SEEDS[".odt"][0]
    place = data.index(b"content.xml") - 4  # the length of the name, in the local header
    path = tmp_path / "a.odt"
    path.write_bytes(data[:place] + b"\xff\x00" + data[place + 2 :])
    survive(path)
    path = tmp_path / "a.tmx"
    path.write_text(TMX.replace('"zh"><seg>', '"x&#10;y"><seg>'), encoding="utf-8")
    survive(path)


@pytest.mark.parametrize("suffix", sorted([*SEEDS, *SAME]))
def test_two_gigabytes_are_refused_at_once(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    with pytest.raises(LimitError, match=r"2,048 MiB \(limit"):
        read(path)


@pytest.mark.parametrize("suffix", sorted(SEEDS))
def test_wrong_suffixes(tmp_path: Path, suffix: str) -> None:
    for other, seeds in SEEDS.items():
        path = tmp_path / f"a{suffix}"
        path.write_bytes(seeds[0])
        if other in (".docx", ".pdf") and suffix in (".txt", ".docx", ".pdf", ".xlsx") and other != suffix:
            with pytest.raises(FormatError, match=r"^a\."):
                read(path)
        else:
            survive(path)


def test_a_line_of_ten_megabytes(tmp_path: Path) -> None:
    for suffix in (".txt", ".csv", ".srt"):
        path = tmp_path / f"a{suffix}"
        path.write_bytes(b"a" * 10_000_000)
        with pytest.raises(ToolError, match="a\\."):
            read(path)


def test_entity_bombs_and_external_entities(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    laughs = "".join(f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};'>" for n in range(1, 30))
    for declaration in (
        f"<!ENTITY a0 'ha'>{laughs}",
        f"<!ENTITY a29 SYSTEM '{(tmp_path / 'secret.txt').as_uri()}'>",
        "<!ENTITY a29 SYSTEM 'http://127.0.0.1:9/a'>",
        "<!ENTITY % a29 SYSTEM 'http://127.0.0.1:9/a'> %a29;",
    ):
        prefix = f"<!DOCTYPE x [{declaration}]>"
        for suffix, seed in ((".tmx", TMX), (".xlf", XLIFF), (".html", f"<p>{PARAGRAPHS[0]}</p><p>x</p>")):
            path = tmp_path / f"a{suffix}"
            path.write_text(prefix + seed.replace("图书馆", "&a29;"), encoding="utf-8")
            try:
                texts = [block.text for block in read(path).blocks]
            except ToolError:
                continue
            assert suffix == ".html"
            assert not any("secret" in text or "haha" in text for text in texts)
        for suffix, member in ((".docx", "word/document.xml"), (".odt", "content.xml"), (".epub", "a.opf")):
            path = tmp_path / f"a{suffix}"
            with zipfile.ZipFile(io.BytesIO(SEEDS[suffix][0])) as source, zipfile.ZipFile(path, "w") as target:
                for name in source.namelist():
                    data = source.read(name)
                    target.writestr(name, prefix.encode() + b"<x>&a29;</x>" if name == member else data)
            with pytest.raises(FormatError, match="declares XML entities"):
                read(path)


MEMBERS = {".docx": "word/document.xml", ".odt": "content.xml", ".epub": "a.opf"}


@pytest.mark.parametrize(("suffix", "member"), MEMBERS.items())
def test_zip_bombs(tmp_path: Path, suffix: str, member: str) -> None:
    path = tmp_path / f"a{suffix}"
    source = zipfile.ZipFile(io.BytesIO(SEEDS[suffix][0]))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            target.writestr(name, b" " * 60_000_000 if name == member else source.read(name))
    with pytest.raises(LimitError, match=r"unpacks to more than 200 times its size"):
        read(path)


def test_archives_of_very_many_parts(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(300):
            archive.writestr(f"../../part{number}", "")
    with pytest.raises(LimitError, match=r"300 parts or more \(limit 200\)"):
        read(path, options=ReadOptions(max_members=200))


FORM = (
    b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>/XObject<</X %d 0 R>>>>/Length %d>>"
    b"stream\n%b\nendstream"
)


def test_an_archive_of_more_parts_than_it_states(tmp_path: Path) -> None:
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 45, 45, *[0] * 7, 1, *[0] * 6) + b"a"
    entries = entry * 200_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 5, 5, len(entries), 0, 0)
    path = tmp_path / "a.docx"
    path.write_bytes(entries + end)
    with pytest.raises(LimitError, match=r"^a\.docx: 5 parts or more"):
        read(path)
    wide = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 200_000, 200_000, len(entries), 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(entries), 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 5, 5, 0, 0, 0)
    path.write_bytes(entries + wide + locator + end)
    with pytest.raises(LimitError, match=r"^a\.docx: 200,000 parts or more"):
        read(path)


def test_halves_of_characters_in_json_are_replaced_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = '{{"zh": "\\ud800{}", "en": "{}"}}'.format(*PARAGRAPHS)
    path.write_text(line, encoding="utf-8")
    document = read(path)
    assert [block.text for block in document.blocks] == ["\ufffd" + PARAGRAPHS[0], PARAGRAPHS[1]]
    assert "U+D800 replaced by U+FFFD, once" in [notice.message for notice in document.notices]


def test_marks_of_code_that_never_end_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("`" * 20_001 + PARAGRAPHS[0] + " `" * 20_000 + "\n\n" + PARAGRAPHS[1], encoding="utf-8")
    assert read(path, options=ReadOptions(budget=Budget(seconds=5))).blocks


def test_names_in_archives_do_not_command_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.sdlppx"
    path.write_bytes(zipped(**{"en__\x1b]0;x\x07\u202e.sdlxliff": "none"}))
    with pytest.raises(FormatError) as caught:
        read(path)
    assert r"part en/\x1b]0;x\x07\u202e.sdlxliff" in str(caught.value)


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls"])
def test_a_text_that_is_stated_once_may_stand_in_very_many_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr("tmx.readers.sheets.MAX_SHEET_CHARS", 10)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(SEEDS[suffix][0])
    with pytest.raises(LimitError, match=r"^a\.\w+: more than 10 characters in a sheet; split the file"):
        read(path)


@pytest.mark.parametrize(("suffix", "seed"), [(".tmx", TMX), (".xlf", XLIFF), (".po", PO), (".html", "<p>{}<p>{}")])
def test_a_paragraph_longer_than_any(tmp_path: Path, suffix: str, seed: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(seed.format(*PARAGRAPHS).replace(PARAGRAPHS[0], PARAGRAPHS[0] * 200_000), encoding="utf-8")
    with pytest.raises(LimitError, match=r"^a\.\w+, .+: more than 1,000,000 characters in one paragraph"):
        read(path)


@pytest.mark.parametrize(
    ("filters", "packings"),
    [
        (b"/Filter/Fl", "f"),
        (b"/Filter/Fl#61teDecode", "f"),
        (b"/Filter 6 0 R", "f"),
        (b"/Filter[/FlateDecode/FlateDecode/Fl]", "fff"),
        (b"/Filter[/ASCIIHexDecode/FlateDecode]", "fx"),
        (b"/Filter[/A85/AHx/Fl]", "fxa"),
        (b"/Filter[/RL/Fl]", "fr"),
    ],
)
def test_a_bomb_in_a_pdf(tmp_path: Path, filters: bytes, packings: str) -> None:
    packers: dict[str, Callable[[bytes], bytes]] = {
        "f": zlib.compress,
        "x": lambda data: data.hex().encode() + b">",
        "a": lambda data: base64.a85encode(data) + b"~>",
        "r": lambda data: b"".join(b"\x7f" + data[n : n + 128] for n in range(0, len(data), 128)),
    }
    data = b"0 " * 60_000_000
    for packing in packings:
        data = packers[packing](data)
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf(data, b"/Length %d" % len(data) + filters, b"/FlateDecode"))
    with pytest.raises(
        LimitError, match=r"^a\.pdf: takes more than 64 MiB of memory to be read; print it to a new PDF"
    ):
        read(path, options=ReadOptions(budget=Budget(memory=64 * 1024 * 1024)))


def test_a_pdf_whose_forms_hold_one_another_for_ever(tmp_path: Path) -> None:
    forms = [FORM % (number + 1, 12, b"/X Do /X Do ") for number in range(6, 46)]
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf(b"/X Do", b"", *forms, resources=b"/XObject<</X 6 0 R>>"))
    with pytest.raises(LimitError, match=r"^a\.pdf: takes more than .* to be read; print it to a new PDF"):
        read(path, options=ReadOptions(budget=Budget(seconds=0.5)))


def test_a_pdf_that_breaks_the_library_down_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pypdfium2.py").write_text("import os; os.abort()")
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf())
    with pytest.raises(FormatError, match=r"^a\.pdf: the PDF library broke down on it \(exit code -?\d+\)"):
        read(path)


def test_modules_in_the_folder_of_the_documents_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "msgspec.py").write_text("import os; os._exit(3)")
    (tmp_path / "a.pdf").write_bytes(make_pdf())
    monkeypatch.chdir(tmp_path)
    assert read(Path("a.pdf")).blocks


def test_a_large_picture_in_a_pdf_is_no_bomb(tmp_path: Path) -> None:
    data = zlib.compress(random.Random(1).randbytes(8_000_000) * 5, 1)
    picture = b"<</Subtype/Image/Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(data), data)
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf(SENTENCE, b"", picture, resources=b"/XObject<</X 6 0 R>>"))
    assert read(path).blocks


@pytest.mark.parametrize("depth", [3, 28])
def test_text_boxes_in_text_boxes_are_read_once_each(tmp_path: Path, depth: int) -> None:
    box = "<text:p>{}<x:text-box xmlns:x='x'>{}</x:text-box></text:p>"
    body = "<text:p>一。</text:p>"
    for number in range(depth):
        body = box.format(f"书{number}。", body)
    path = tmp_path / "a.odt"
    path.write_bytes(zipped(**{"content.xml": ODT.format(body)}))
    texts = [block.text for block in read(path).blocks]
    assert sorted(texts) == sorted(["一。", *(f"书{number}。" for number in range(depth))])


def test_xml_of_more_parts_than_memory_may_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tmx.markup.MAX_XML_NODES", 1000)
    for name, data in (
        ("a.odt", zipped(**{"content.xml": ODT.format("<text:p/>" * 1000)})),
        ("b.odt", zipped(**{"content.xml": ODT.format("<text:p " + " ".join(f'a{n}=""' for n in range(1000)) + "/>")})),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(LimitError, match=rf"^{name}, part content\.xml: more than 1,000 tags and attributes"):
            read(tmp_path / name)


def test_a_book_that_lists_a_chapter_many_times_is_read_once(tmp_path: Path) -> None:
    parts = {**EPUB, "a.opf": EPUB["a.opf"].replace("</package>", '<itemref idref="a"/>' * 50_000 + "</package>")}
    (tmp_path / "a.epub").write_bytes(zipped(**parts))
    document = read(tmp_path / "a.epub")
    assert [block.text for block in document.blocks] == list(PARAGRAPHS)
    assert "50,000 chapters listed more than once are read once" in [notice.message for notice in document.notices]


def test_a_sheet_whose_rows_end_at_the_last_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in range(1, 200):
        book.active.cell(row, 16384, "图书馆。")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(LimitError, match=r"^a\.xlsx: more than 2,000,000 empty cells"):
        read(tmp_path / "a.xlsx")


def test_a_password_is_named_only_where_one_is(tmp_path: Path) -> None:
    data = bytearray(SEEDS[".odt"][0])
    entry = data.rindex(b"PK\x01\x02")  # in the directory: flags at 8, compression at 10
    for place, value, message in ((8, 1, "protected by a password"), (10, 99, "packed in a way that cannot be read")):
        changed = bytearray(data)
        changed[entry + place] = value
        changed[6 if place == 8 else 8] = value  # and in the header of the part itself
        path = tmp_path / "a.odt"
        path.write_bytes(bytes(changed))
        with pytest.raises(FormatError, match=message):
            read(path)


def test_a_page_of_very_many_unclosed_tags_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>图书馆五月开馆。</p>" + "<a>x" * 100_000 + "<p>The library opened.</p>", encoding="utf-8")
    assert len(read(path).blocks) >= 2


@pytest.mark.parametrize("charset", ["unicode_escape", "undefined", "utf-7", "base64", "no-such-one"])
def test_a_page_in_an_encoding_that_is_none_is_read_by_its_bytes(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f'<meta charset="{charset}"><p>图书馆五月开馆。</p><p>The library opened.</p>', encoding="utf-8")
    assert [block.text for block in read(path).blocks] == ["图书馆五月开馆。", "The library opened."]


def test_a_page_of_very_many_signs(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf(b"BT /F1 12 Tf 72 700 Td " + (b"(" + b"a" * 9_000 + b") Tj 0 -14 Td ") * 30 + b"ET"))
    with pytest.raises(LimitError, match=r"^a\.pdf, page 1: more than 200,000 characters on one page"):
        read(path)


def test_a_pdf_without_text_is_named_as_scanned(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.new_page(595, 842)
    path = tmp_path / "a.pdf"
    document.save(path)
    with pytest.raises(FormatError, match=r"^a\.pdf: a scanned PDF \(2 pages of pictures, no text\)"):
        read(path)


def test_a_sheet_that_lies_about_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(io.BytesIO(SEEDS[".xlsx"][0])) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            data = data.replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"').replace(b'<row r="1">', b'<row r="1048576">')
            target.writestr(name, data)
    survive(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipes_and_folders_are_no_documents(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").mkdir()
    for name in ("a.txt", "b.txt"):
        with pytest.raises(ToolError, match=rf"^{name}: not an ordinary file"):
            read(tmp_path / name)
    with pytest.raises(ToolError, match=r"a\.txt: not an ordinary file"):
        collect([tmp_path / "a.txt"])
    for reads in (lambda path: list(read_tmx(path)), load_rules, read_links):
        with pytest.raises(FormatError, match=r"a\.txt: not an ordinary file"):
            reads(tmp_path / "a.txt")
