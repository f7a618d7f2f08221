import gzip
import zipfile
from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.errors import EmptyInputError, FormatError
from tmx.languages import primary
from tmx.model import Bitext
from tmx.readers import collect, read

XLIFF_12 = """<?xml version="1.0"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="talk.docx" source-language="en" target-language="zh-CN" datatype="x"><body>
<trans-unit id="1" approved="yes"><source>Hello <g id="1">world</g>.</source>
<target state="final">你好，<g id="1">世界</g>。</target><note>greeting</note></trans-unit>
<trans-unit id="2"><source>Bye</source></trans-unit>
</body></file></xliff>"""

XLIFF_2 = """<?xml version="1.0"?>
<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="zh-CN" trgLang="en"><file id="f">
<unit id="1"><notes><note>greeting</note></notes><segment state="final"><source>你好，<pc id="1">世界</pc>。</source>
<target>Hello <pc id="1">world</pc>.</target></segment></unit>
</file></xliff>"""

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: zh_CN\n"

#. greeting
#, fuzzy
msgctxt "menu"
msgid "Hello world."
msgstr "你好，世界。"

#~ msgid "old"
#~ msgstr "旧"
"""

TMX = """<?xml version="1.0"?>
<tmx version="1.4"><header srclang="en" datatype="x" segtype="sentence" adminlang="en" o-tmf="x" creationtool="x"
creationtoolversion="1"/><body><tu tuid="7" creationdate="20210101T000000Z"><note>greeting</note>
<tuv xml:lang="en"><seg>Hello world.</seg></tuv><tuv xml:lang="zh-CN"><seg>你好，世界。</seg></tuv></tu></body></tmx>"""


def bitext(folder: Path, name: str, text: str) -> Bitext:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load(collect([path]).inputs[0])


@pytest.mark.parametrize(
    ("name", "text", "property"),
    [
        ("a.xlf", XLIFF_12, ("state", "final")),
        ("b.xliff", XLIFF_2, ("state", "final")),
        ("a.po", PO, ("fuzzy", "yes")),
        ("a.tmx", TMX, ("tmx:creationdate", "20210101T000000Z")),
    ],
)
def test_units_keep_notes_states_and_dates(tmp_path: Path, name: str, text: str, property: tuple[str, str]) -> None:
    result = bitext(tmp_path, name, text)
    assert result.source[0].text == "你好，世界。"
    assert result.target[0].text == "Hello world."
    row = result.rows[0]
    assert (row.source, row.target, row.notes) == ((0, 1), (0, 1), ("greeting",))
    assert property in row.properties


def test_an_untranslated_unit_is_a_row_with_a_gap(tmp_path: Path) -> None:
    result = bitext(tmp_path, "a.xlf", XLIFF_12)
    assert (result.rows[1].source, result.rows[1].target) == ((1, 1), (1, 2))
    assert result.metadata.source == "talk.docx"


@pytest.mark.parametrize(
    ("stated", "tag"),
    [("zh_Hant_HK", "zh-Hant-HK"), ("zh_HK", "zh-HK"), ("zh_Hant", "zh-Hant"), ("Chinese (Hong Kong SAR)", "zh-HK")],
)
def test_po_keeps_the_language_that_its_header_states(tmp_path: Path, stated: str, tag: str) -> None:
    text = PO.replace("zh_CN", stated).replace("你好，世界。", "歡迎來到圖書館。")
    result = bitext(tmp_path, "a.po", text)
    assert (result.source_language, result.target_language) == (tag, "en-US")
    assert not any("states no language" in notice.message for notice in result.notices)


@pytest.mark.parametrize(
    ("stated", "text"), [("fr", "Bonjour le monde."), ("ja", "世界よ、こんにちは。"), ("pt_BR", "Olá.")]
)
def test_po_in_another_language_is_named_and_not_read(tmp_path: Path, stated: str, text: str) -> None:
    (tmp_path / "a.po").write_text(PO.replace("zh_CN", stated).replace("你好，世界。", text), encoding="utf-8")
    with pytest.raises(EmptyInputError, match=f"no unit in Chinese and English; it is {stated}"):
        read(tmp_path / "a.po")


def test_the_first_unit_of_a_memory_is_no_title_and_its_date_no_date(tmp_path: Path) -> None:
    units = (("关闭文件", "Close the file"), ("2021年12月30日", "December 30, 2021"), ("你好。", "Hello."))
    text = "".join(
        f'<tu><tuv xml:lang="zh"><seg>{z}</seg></tuv><tuv xml:lang="en"><seg>{e}</seg></tuv></tu>' for z, e in units
    )
    result = bitext(tmp_path, "a.tmx", f'<tmx version="1.4"><header srclang="zh"/><body>{text}</body></tmx>')
    assert (result.metadata.title, result.metadata.date) == ("", "")


def test_chinese_in_both_scripts_is_no_pair(tmp_path: Path) -> None:
    units = '<trans-unit id="1"><source>图书馆开放。</source><target>圖書館開放。</target></trans-unit>'
    head = '<file original="a" source-language="zh-CN" target-language="zh-TW">'
    text = f'<xliff version="1.2">{head}<body>{units}</body></file></xliff>'
    (tmp_path / "a.xlf").write_text(text, encoding="utf-8")
    with pytest.raises(EmptyInputError, match="its languages are zh-CN and zh-TW"):
        read(tmp_path / "a.xlf")
    wordfast = "%20240101~1\t%User ID\t%TU=1\t%ZH-CN\t%Wordfast TM v.5\t%ZH-TW\t%---\n"
    wordfast += "20240101~1\tLI\t0\tZH-CN\t图书馆开放。\tZH-TW\t圖書館開放。\n"
    (tmp_path / "m.txt").write_text(wordfast, encoding="utf-8")
    with pytest.raises(EmptyInputError, match="it is ZH-CN and ZH-TW"):
        read(tmp_path / "m.txt")


@pytest.mark.parametrize("name", ["a.xlf", "a.tmx", "a.po"])
def test_damage_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for data in (b"<xliff", b"\x00\x01", b"<!DOCTYPE x [<!ENTITY a 'b'>]><tmx>&a;</tmx>", b"rubbish"):
        path.write_bytes(data)
        with pytest.raises(FormatError, match=rf"^{name}") as caught:
            read(path)
        assert "\n" not in str(caught.value)


STUDIO = """<?xml version="1.0" encoding="utf-8"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"
xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0"><doc-info xmlns="http://sdl.com/FileTypes/SdlXliff/1.0"><cmt-defs>
<cmt-def id="c1"><Comments><Comment user="li">check the name</Comment></Comments></cmt-def></cmt-defs></doc-info>
<file original="a.docx" source-language="zh-CN" target-language="en-US"><body>
<trans-unit id="u1"><source>港口关闭。渡轮明天恢复。请等候。</source><seg-source><g id="1"><mrk mtype="seg"
mid="1">港口关闭。</mrk><mrk mtype="seg" mid="2">渡轮明天恢复。</mrk></g><mrk
mtype="seg" mid="3">请等候。</mrk></seg-source>
<target><g id="1"><mrk mtype="seg" mid="2">The ferry <mrk mtype="x-sdl-deleted">may </mrk><mrk
mtype="x-sdl-added">will </mrk>resume.</mrk> <mrk mtype="seg" mid="1">The <mrk mtype="x-sdl-comment"
sdl:cid="c1">harbour</mrk> is<x id="2" ctype="lb"/>closed.</mrk></g></target>
<sdl:seg-defs><sdl:seg id="1" conf="Translated" percent="100"/><sdl:seg id="2" conf="Draft" origin="mt"/></sdl:seg-defs>
</trans-unit>
<trans-unit id="u2" translate="no"><source>logo.png</source></trans-unit></body></file></xliff>"""


def test_the_segments_of_studio_are_matched_by_number_with_state_comment_and_without_deletions(tmp_path: Path) -> None:
    result = bitext(tmp_path, "a.sdlxliff", STUDIO)
    sides = result.source, result.target
    pairs = [
        tuple(
            "".join(p.text for p in side[slice(*run)])
            for side, run in zip(sides, (row.source, row.target), strict=True)
        )
        for row in result.rows
    ]
    assert pairs == [
        ("港口关闭。", "The harbour is closed."),
        ("渡轮明天恢复。", "The ferry will resume."),
        ("请等候。", ""),
    ]
    assert [row.notes for row in result.rows] == [("check the name",), (), ()]
    assert dict(result.rows[1].properties) == {"conf": "Draft", "origin": "mt"}
    assert result.source[0].pieces[0].place == "unit u1, segment 1"
    assert {n.message for n in result.notices} == {
        "1 tracked deletions were left out",
        "1 units that are not to be translated were left out",
    }


def test_a_file_in_another_language_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    path.write_text(XLIFF_12.replace('"en"', '"fr-FR"'), encoding="utf-8")
    with pytest.raises(EmptyInputError, match="no Chinese and English in it; its languages are fr-FR and zh-CN"):
        read(path)


WORDFAST = """%20210101~000000\t%User ID,X\t%TU=2\t%ZH-CN\t%Wordfast TM v.5\t%EN-US\t%-----------.\t
20210101~000000\tX\t0\tZH-CN\t&tA;港口&tB;关闭。\tEN-US\tThe &tA;harbour&tB; isn&'2019;t open.
20210102~000000\tY\t0\tZH-CN\t请等候。\tEN-US\tPlease wait.\tsubject
"""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "gb18030"])
def test_a_memory_of_wordfast_is_read_without_its_metadata(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wf.txt"
    path.write_text(WORDFAST, encoding=encoding)
    document = read(path)
    assert [block.text for block in document.blocks] == [
        "港口关闭。",
        "The harbour isn’t open.",
        "请等候。",
        "Please wait.",
    ]
    assert document.blocks[0].properties == (("tmx:creationdate", "20210101T000000Z"), ("tmx:creationid", "X"))
    assert [n.message for n in document.notices] == ["4 inline tags were left out"]


def tool_files() -> dict[str, tuple[str, str, list[str]]]:
    """The cases of bilingual/cases.txt: what it is, the name of the file, its text, what is read of it."""
    found = {}
    text = (Path(__file__).parent / "bilingual" / "cases.txt").read_text(encoding="utf-8")
    for case in text.split("===\n")[1:]:
        head, file, read_of_it = case.split("\n---\n")
        what, name = head.rsplit(": ", 1)
        found[what] = name, file, read_of_it.split("\n")[:-1]
    return found


TOOL_FILES = tool_files()


@pytest.mark.parametrize("what", TOOL_FILES)
def test_a_file_is_read_as_its_tool_means_it(tmp_path: Path, what: str) -> None:
    name, text, expected = TOOL_FILES[what]
    (tmp_path / name).write_text(text, encoding="utf-8")
    document = read(tmp_path / name)
    rows: dict[int, dict[str, str]] = {}
    for block in document.blocks:
        rows.setdefault(block.row if block.row is not None else -1, {})[primary(block.language)] = block.text
    pairs = [f"{row.get('zh', '')} = {row.get('en', '')}" for row in rows.values()]
    assert [*pairs, *(f"! {notice.message}" for notice in document.notices)] == expected


def test_deleted_comments_of_memoq_are_no_notes_and_captions_in_codes_are(tmp_path: Path) -> None:
    path = tmp_path / "a.mqxliff"
    path.write_text(
        """<xliff version="1.2" xmlns:mq="MQXliff"><file source-language="zh-cn" target-language="en-us"><body>
<trans-unit id="1" mq:status="Proofread"><source>港口<ph id="1">&lt;img alt="<sub>照片</sub>"&gt;</ph></source>
<target>Port</target><mq:comments>
<mq:comment deleted="true">old</mq:comment><mq:comment deleted="false">new</mq:comment>
</mq:comments></trans-unit></body></file></xliff>""",
        encoding="utf-8",
    )
    block = read(path).blocks[0]
    assert (block.text, block.notes, dict(block.properties)) == ("港口", ("new", "照片"), {"status": "Proofread"})


def test_one_bad_file_of_a_package_is_left_out_and_named(tmp_path: Path) -> None:
    path = tmp_path / "p.sdlrpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("en-US/a.sdlxliff", STUDIO)
        archive.writestr("en-US/b.sdlxliff", "<xliff")
        archive.writestr("fr-FR/c.sdlxliff", STUDIO.replace('"en-US"', '"fr-FR"'))
    document = read(path)
    assert [block.text for block in document.blocks][:2] == ["港口关闭。", "The harbour is closed."]
    said = {notice.place: notice.message for notice in document.notices if "left out:" in notice.message}
    assert said["en-US/b.sdlxliff"].startswith("left out: not well-formed XML")
    assert said["fr-FR/c.sdlxliff"].startswith("left out: no Chinese and English in it")


def test_a_packed_memory_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.tmx").write_bytes(gzip.compress(TMX.encode()))
    assert [block.text for block in read(tmp_path / "a.tmx").blocks] == ["你好，世界。", "Hello world."]
    with zipfile.ZipFile(tmp_path / "b.tmx", "w") as archive:
        archive.writestr("b.tmx", TMX)
    with pytest.raises(FormatError, match=r"^b\.tmx: a ZIP archive, not a TMX file; unpack it"):
        read(tmp_path / "b.tmx")


def test_dates_and_users_that_stand_with_a_text_are_kept(tmp_path: Path) -> None:
    tuv = '<tuv xml:lang="en" changeid="li" changedate="20210101T000000Z">'
    (tmp_path / "a.tmx").write_text(TMX.replace('<tuv xml:lang="en">', tuv), encoding="utf-8")
    assert dict(read(tmp_path / "a.tmx").blocks[0].properties) == {
        "tmx:changedate": "20210101T000000Z",
        "tmx:changeid": "li",
        "tmx:creationdate": "20210101T000000Z",
    }


@pytest.mark.parametrize("suffixes", [("zho_Hans", "eng_Latn"), ("zhs", "en"), ("cn", "en_US")])
def test_moses_pairs_under_other_codes(tmp_path: Path, suffixes: tuple[str, str]) -> None:
    for suffix, text in zip(suffixes, ("港口关闭。\n", "The harbour is closed.\n"), strict=True):
        (tmp_path / f"corpus.{suffix}").write_text(text, encoding="utf-8")
    (item,) = collect([tmp_path]).inputs
    result = load(item)
    assert (result.source[0].text, result.target[0].text) == ("港口关闭。", "The harbour is closed.")


def test_the_escapes_of_moses_are_signs(tmp_path: Path) -> None:
    (tmp_path / "a.zh").write_text("港口&#124;今天关闭。\n", encoding="utf-8")
    (tmp_path / "a.en").write_text("The harbour &apos;s closed &amp; empty .\n", encoding="utf-8")
    document = read(tmp_path / "a.en")
    assert [block.text for block in document.blocks] == ["The harbour 's closed & empty ."]
    assert [notice.message[:2] for notice in document.notices] == ["2 "]
    assert read(tmp_path / "a.zh").blocks[0].text == "港口|今天关闭。"
