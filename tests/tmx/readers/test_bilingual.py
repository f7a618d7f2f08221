from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.errors import FormatError
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
    assert (row.source, row.target, row.notes) == (0, 0, ("greeting",))
    assert property in row.properties


def test_an_untranslated_unit_is_a_row_with_a_gap(tmp_path: Path) -> None:
    result = bitext(tmp_path, "a.xlf", XLIFF_12)
    assert (result.rows[1].source, result.rows[1].target) == (None, 1)
    assert result.metadata.source == "talk.docx"


@pytest.mark.parametrize("name", ["a.xlf", "a.tmx", "a.po"])
def test_damage_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for data in (b"<xliff", b"\x00\x01", b"<!DOCTYPE x [<!ENTITY a 'b'>]><tmx>&a;</tmx>", b"rubbish"):
        path.write_bytes(data)
        with pytest.raises(FormatError, match=rf"^{name}") as caught:
            read(path)
        assert "\n" not in str(caught.value)
