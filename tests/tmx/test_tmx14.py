from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from tmx.errors import FormatError
from tmx.model import Notice, TranslationUnit
from tmx.tmx14 import TmxOptions, TmxReadOptions, read_tmx, unify_quotes, write_tmx

UNIT = TranslationUnit(
    "u1",
    "中国外交在全球变局中开创新局。",
    "China’s diplomacy broke new ground.",
    document="a/b.txt",
    date="2021-12-30",
    place="line 19 + line 31",
    confidence=0.9321,
    bead="1-2",
    flags=("length", "quotes"),
    notes=("a note", ""),
    properties=(("x-document", "a foreign property of that name"), ("x-property-x", "y"), ("tmx:creationid", "me")),
)


def test_everything_known_of_a_unit_comes_back(tmp_path: Path) -> None:
    write_tmx([UNIT], tmp_path / "m.tmx")
    assert list(read_tmx(tmp_path / "m.tmx")) == [UNIT]


def test_the_file_is_valid_by_the_dtd(tmp_path: Path, root: Path) -> None:
    write_tmx([UNIT], tmp_path / "m.tmx", TmxOptions(reverse=True, notes=("made for a test",)))
    with (root / "tests" / "schemas" / "tmx" / "tmx14.dtd").open("rb") as file:
        dtd = etree.DTD(file)
    for name in ("m.tmx", "m.reverse.tmx"):
        assert dtd.validate(etree.parse(tmp_path / name)), dtd.error_log


def test_the_header_names_the_languages_of_the_units(tmp_path: Path) -> None:
    taiwan = replace(UNIT, source_language="zh-TW", target_language="en-GB")
    write_tmx([taiwan, replace(UNIT, id="2", source="甲。")], tmp_path / "m.tmx", TmxOptions(reverse=True))
    stated = {
        name: [element.get("srclang") for element in etree.parse(tmp_path / name).iter("header", "tu")]
        for name in ("m.tmx", "m.reverse.tmx")
    }
    assert stated == {"m.tmx": ["zh-TW", None, "zh-CN"], "m.reverse.tmx": ["en-GB", None, "en-US"]}


def test_the_most_frequent_target_is_kept_and_the_others_go_to_a_second_file(tmp_path: Path) -> None:
    units = [replace(UNIT, id=f"u{n}", target=target) for n, target in enumerate(["One.", "Two.", "Two.", "Three."])]
    report = write_tmx(units, tmp_path / "m.tmx")
    assert [(u.id, u.target, u.count) for u in read_tmx(tmp_path / "m.tmx")] == [("u1", "Two.", 2)]
    assert [u.target for u in read_tmx(tmp_path / "m.alternatives.tmx")] == ["One.", "Three."]
    assert (report.units, report.alternatives, report.duplicates) == (1, 2, 1)


def test_the_target_that_a_reviewer_wrote_is_kept_though_another_is_more_frequent(tmp_path: Path) -> None:
    units = [replace(UNIT, id=f"u{n}", target=target) for n, target in enumerate(["One.", "One.", "Two."])]
    units[2] = replace(units[2], properties=(("x-review", "changed"),))
    write_tmx(units, tmp_path / "m.tmx")
    assert [u.target for u in read_tmx(tmp_path / "m.tmx")] == ["Two."]
    assert [(u.target, u.count) for u in read_tmx(tmp_path / "m.alternatives.tmx")] == [("One.", 2)]


def test_forbidden_characters_are_replaced_and_listed(tmp_path: Path) -> None:
    report = write_tmx([replace(UNIT, target="a\x0bb\ud800")], tmp_path / "m.tmx")
    assert [unit.target for unit in read_tmx(tmp_path / "m.tmx")] == ["a\ufffdb\ufffd"]
    assert [str(r) for r in report.replacements] == [
        "u1: U+000B replaced by U+FFFD, once",
        "u1: U+D800 replaced by U+FFFD, once",
    ]


def test_quotes_are_unified_on_request_only(tmp_path: Path) -> None:
    for quotes, text in (("as written", UNIT.target), ("straight", "China's diplomacy broke new ground.")):
        write_tmx([UNIT], tmp_path / "m.tmx", TmxOptions(quotes=quotes))  # type: ignore[arg-type]
        assert [unit.target for unit in read_tmx(tmp_path / "m.tmx")] == [text]
    assert unify_quotes('"\'Yes\' ("it\'s")"', "curly") == "“‘Yes’ (“it’s”)”"


def test_languages_are_told_by_xml_lang_or_lang_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "old.tmx"
    path.write_text(
        '<tmx version="1.1"><header srclang="EN-US"/><body><tu><tuv lang="EN-US"><seg>Hi</seg></tuv>'
        '<tuv lang="zh_cn"><seg>你好</seg></tuv></tu></body></tmx>',
        encoding="utf-16",
    )
    (unit,) = read_tmx(path)
    assert (unit.source, unit.target, unit.source_language, unit.target_language) == ("你好", "Hi", "zh-CN", "en-US")


def test_what_is_not_tmx_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.tmx"
    path.write_text("<tmx>\n<body></tmx>")
    with pytest.raises(FormatError, match=r"bad\.tmx, line 2: not well-formed XML"):
        list(read_tmx(path))
    path.write_text("<html/>")
    with pytest.raises(FormatError, match="root element is not <tmx>"):
        list(read_tmx(path))


def test_a_file_without_the_two_languages_says_which_it_has(tmp_path: Path) -> None:
    path = tmp_path / "fr.tmx"
    path.write_text('<tmx version="1.4"><header/><body><tu><tuv xml:lang="fr"><seg>a</seg></tuv></tu></body></tmx>')
    notices: list[Notice] = []
    with pytest.raises(FormatError, match="the languages in it are: fr"):
        list(read_tmx(path, notices=notices))


STUDIO = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE tmx SYSTEM "http://example.invalid/tmx14.dtd">
<tmx version="1.4"><header srclang="zh-CN" segtype="sentence" datatype="x" o-tmf="x" adminlang="en"
 creationtool="x" creationtoolversion="1"/>
<body><tu><prop type="x-LastUsedBy">li</prop>
<tuv xml:lang="ZH-cn"><seg><bpt i="1" type="bold">&lt;b&gt;</bpt>中国<ept i="1">&lt;/b&gt;</ept>和<hi>世界</hi></seg>
</tuv>
<tuv xml:lang="EN-us"><seg>China<ph x="1">&lt;br/&gt;</ph>and <it pos="begin">&lt;i&gt;</it>the <hi>world</hi></seg>
</tuv><tuv xml:lang="fr-FR"><seg>La Chine</seg></tuv></tu></body></tmx>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_cat_tools_write_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "studio.tmx"
    path.write_text(STUDIO.replace("utf-8", "utf-16" if encoding == "utf-16" else "utf-8"), encoding=encoding)
    (unit,) = read_tmx(path)
    assert (unit.source, unit.target) == ("中国和世界", "China and the world")
    assert (unit.source_language, unit.target_language) == ("zh-CN", "en-US")
    assert ("x-inline-tags", "4") in unit.properties


EVIL = (
    '<!DOCTYPE tmx [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<tmx version="1.4"><header/><body><tu><tuv xml:lang="zh"><seg>甲</seg></tuv>'
    '<tuv xml:lang="en"><seg>x &e; &b;</seg></tuv></tu></body></tmx>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", "<!--" + "x" * 3_000_000 + "-->"], ids=["at the start", "far down"])
def test_entities_are_refused_wherever_they_are_declared(tmp_path: Path, encoding: str, before: str) -> None:
    path = tmp_path / "evil.tmx"
    path.write_text(before + EVIL, encoding=encoding)
    with pytest.raises(FormatError, match="declares XML entities, which are refused"):
        list(read_tmx(path))


def test_an_encoding_in_which_an_entity_could_hide_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "evil.tmx"
    path.write_bytes(b'<?xml version="1.0" encoding="utf-7"?>' + EVIL.replace("<!", "+ADwAIQ-").encode())
    with pytest.raises(FormatError, match="in 'utf-7', which is refused; save it as UTF-8"):
        list(read_tmx(path))


HOSTILE = [
    "=1+1\tand\nmore",
    "\u202ertl\u202c \u200f",
    "𠮷🐼👩\u200d👩\u200d👧",
    "<b>&amp;]]></b> --> <!--",
    "\ud842\udfb7",
    "长" * 100_000,
    "a\u0085b\u2028c",
    "\ufeffmark",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_back(tmp_path: Path, text: str) -> None:
    write_tmx([replace(UNIT, source=text, target=text)], tmp_path / "m.tmx")
    expected = text.encode("utf-16", "surrogatepass").decode("utf-16").strip()
    assert [(unit.source, unit.target) for unit in read_tmx(tmp_path / "m.tmx")] == [(expected, expected)]


def test_the_same_units_give_the_same_bytes_in_pieces_and_as_one(tmp_path: Path) -> None:
    units = [replace(UNIT, id=f"u{n}", source=f"{n}。", document=f"d{n % 2}") for n in range(50)]
    for name in ("a", "b"):
        write_tmx(units, tmp_path / name / "m.tmx", TmxOptions(max_bytes=6_000))
    pieces = sorted((tmp_path / "a").iterdir())
    assert [path.read_bytes() for path in pieces] == [(tmp_path / "b" / path.name).read_bytes() for path in pieces]
    assert len(pieces) > 2
    assert max(path.stat().st_size for path in pieces) <= 6_000
    assert [unit.id for path in pieces for unit in read_tmx(path)] == [unit.id for unit in units]


def test_the_other_direction_has_one_target_for_each_of_its_own_sources(tmp_path: Path) -> None:
    units = [
        replace(UNIT, id=str(n), source=source, target="One.") for n, source in enumerate(["甲。", "乙。", "乙。"])
    ]
    write_tmx(units, tmp_path / "m.tmx", TmxOptions(reverse=True))
    assert [unit.source for unit in read_tmx(tmp_path / "m.tmx")] == ["甲。", "乙。"]
    assert [unit.source for unit in read_tmx(tmp_path / "m.reverse.tmx")] == ["乙。"]
    assert [unit.source for unit in read_tmx(tmp_path / "m.reverse.alternatives.tmx")] == ["甲。"]


def test_labels_the_wrong_way_round_are_put_right_by_the_text_if_wanted(tmp_path: Path) -> None:
    units = [TranslationUnit(id="1", source="China", target="中国"), TranslationUnit(id="2", source="3", target="3")]
    write_tmx(units, tmp_path / "a.tmx")
    assert [unit.source for unit in read_tmx(tmp_path / "a.tmx")] == ["China", "3"]
    notices: list[Notice] = []
    found = list(read_tmx(tmp_path / "a.tmx", TmxReadOptions(by_content=True), notices))
    assert [(unit.source, unit.target, unit.source_language) for unit in found] == [
        ("中国", "China", "zh-CN"),
        ("3", "3", "zh-CN"),
    ]
    assert [notice.message for notice in notices] == [
        "1 unit has the labels of Chinese and English the wrong way round; the text decided"
    ]


def memory(path: Path, *units: str, header: str = 'creationtool="x"') -> Path:
    body = "".join(f"<tu>{unit}</tu>" for unit in units)
    path.write_text(f'<tmx version="1.4"><header {header}/><body>{body}</body></tmx>', encoding="utf-8")
    return path


def variant(language: str, text: str) -> str:
    return f'<tuv xml:lang="{language}"><seg>{text}</seg></tuv>'


def test_of_several_varieties_in_a_unit_one_is_taken_and_the_others_are_counted(tmp_path: Path) -> None:
    unit = (
        variant("en-GB", "The harbour is closed.")
        + variant("en-US", "The harbor is closed.")
        + variant("zh-TW", "港口關閉。")
        + variant("zh-CN", "港口关闭。")
        + variant("zh-HK", "港口關閉。")
    )
    path = memory(tmp_path / "m.tmx", unit)
    notices: list[Notice] = []
    assert [(u.source, u.target) for u in read_tmx(path, notices=notices)] == [("港口关闭。", "The harbor is closed.")]
    assert [n.message for n in notices] == [
        "texts in further varieties of a language were passed over: en-GB 1, zh-HK 1, zh-TW 1"
    ]
    hong_kong = TmxReadOptions(prefer=("zh-HK", "en-GB"))
    assert [(u.source, u.target) for u in read_tmx(path, hong_kong)] == [("港口關閉。", "The harbour is closed.")]
    other_script = TmxReadOptions(prefer=("zh-MO", "en-AU"))
    assert [u.source_language for u in read_tmx(path, other_script)] == ["zh-TW"]


def test_two_targets_in_one_variety_are_two_units(tmp_path: Path) -> None:
    path = memory(tmp_path / "m.tmx", variant("zh", "好") + variant("en", "Good") + variant("en", "Fine"))
    assert [u.target for u in read_tmx(path)] == ["Good", "Fine"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("the &lt;f0&gt;court&lt;/f0&gt; rose", "the court rose"),
        ('the &lt;g id="1"&gt;court&lt;/g&gt; rose', "the court rose"),
        ("the &lt;span class='term'&gt;court&lt;/span&gt; rose", "the court rose"),
        ("the &amp;tA;court&amp;tB; rose", "the court rose"),
        ("the &amp;lt;g id=&amp;quot;1&amp;quot;&amp;gt;court&amp;lt;/g&amp;gt; rose", "the court rose"),
        ("the court&lt;br/&gt;rose", "the court rose"),
        ("the court &lt;x1/&gt; rose", "the court rose"),
        ("&lt;b&gt;the court rose", "the court rose"),
        ("press &lt;Enter&gt; if a &lt; b &amp;amp; c &gt; d", "press <Enter> if a < b & c > d"),
    ],
)
def test_tags_which_a_tool_wrote_as_text_are_no_text(tmp_path: Path, text: str, plain: str) -> None:
    path = memory(tmp_path / "m.tmx", variant("zh", "法庭") + variant("en", text))
    assert [u.target for u in read_tmx(path)] == [plain]


def test_in_a_memory_of_our_own_what_looks_like_a_tag_is_the_authors_text(tmp_path: Path) -> None:
    write_tmx([replace(UNIT, target="<b>bold</b>\nnext line")], tmp_path / "m.tmx")
    assert [u.target for u in read_tmx(tmp_path / "m.tmx")] == ["<b>bold</b>\nnext line"]


def test_line_breaks_inside_segments_are_closed_and_counted(tmp_path: Path) -> None:
    path = memory(tmp_path / "m.tmx", variant("zh", "第一行\n  第二行") + variant("en", "\n  Line one\n  line two\n"))
    notices: list[Notice] = []
    assert [(u.source, u.target) for u in read_tmx(path, notices=notices)] == [("第一行第二行", "Line one line two")]
    assert [n.message for n in notices] == ["2 line breaks inside segments were closed"]


def test_the_text_of_a_note_inside_a_segment_becomes_a_note_of_the_unit(tmp_path: Path) -> None:
    path = memory(tmp_path / "m.tmx", variant("zh", "见附录。") + variant("en", "See the annex<sub>page 3</sub>."))
    assert [(u.target, u.notes) for u in read_tmx(path)] == [("See the annex.", ("page 3",))]


def test_text_outside_seg_is_taken_with_a_warning(tmp_path: Path) -> None:
    path = memory(
        tmp_path / "m.tmx", '<tuv xml:lang="zh">港口。</tuv><tuv xml:lang="en">Port.<prop type="a">b</prop></tuv>'
    )
    notices: list[Notice] = []
    assert [(u.source, u.target) for u in read_tmx(path, notices=notices)] == [("港口。", "Port.")]
    assert [n.message for n in notices] == ["2 texts stand outside <seg>; they were taken"]


@pytest.mark.parametrize("count", ["9" * 5000, "²", "-1", "0", "x"])
def test_a_count_that_is_none_counts_once(tmp_path: Path, count: str) -> None:
    path = memory(tmp_path / "m.tmx", variant("zh", "好") + variant("en", "Good"))
    path.write_text(path.read_text(encoding="utf-8").replace("<tu>", f'<tu usagecount="{count}">'), encoding="utf-8")
    assert [u.count for u in read_tmx(path)] == [1]


def test_a_unit_is_as_old_as_its_document_and_says_who_changed_it(tmp_path: Path) -> None:
    units = [
        TranslationUnit("1", "外交", "diplomacy", date="2021-12-30"),
        TranslationUnit(
            "2", "和平", "peace", properties=(("tmx:changedate", "20260102T030405Z"), ("tmx:changeid", "Li Na"))
        ),
        TranslationUnit("3", "发展", "development", properties=(("tmx:creationid", "a colleague"),)),
    ]
    path = tmp_path / "m.tmx"
    write_tmx(units, path)
    found = [dict(unit.attrib) for unit in etree.parse(path).iter("tu")]
    assert (found[0]["creationdate"], found[0]["creationid"]) == ("20211230T000000Z", "duiyi")
    assert (found[1]["changedate"], found[1]["changeid"]) == ("20260102T030405Z", "Li Na")
    assert found[2]["creationid"] == "a colleague" and "creationdate" not in found[2]
    assert list(read_tmx(path)) == units
