"""Termbases as other tools and people write them, and our own files given back."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glossary.files.exports import SYSTEMS, write_export
from glossary.files.tables import write_csv
from glossary.files.tbx import write_tbx
from glossary.files.termbase import read_termbase
from glossary.files.usages import usage_of
from glossary.files.workbook import WorkbookOptions, write_workbook
from glossary.mining.selection import KnownTerms
from glossary.model import NOT_TO_USE, ConceptEntry, Glossary, Rendering, Variant
from tmx.errors import FormatError, ToolError, UnsupportedFormatError

CASES = Path(__file__).parent / "termbases"


def shown(termbase: Glossary) -> list[str]:
    """One entry a line: the Chinese forms, then each English one with its usage where it is not the usual one."""
    lines = []
    for entry in termbase.entries:
        forms = "/".join([entry.term, *(variant.text for variant in entry.variants)])
        marks = {"preferred": "", "admitted": "+", "superseded": "-", "deprecated": "-"}
        lines.append(f"{forms} = {', '.join(marks[r.usage] + r.text for r in entry.renderings)}")
    return lines


def cases(name: str) -> dict[str, tuple[str, list[str]]]:
    """The cases of a file: what it is, the table or file, what is read of it."""
    found = {}
    for case in (CASES / name).read_text(encoding="utf-8").split("===\n")[1:]:
        head, text, read = case.split("---\n")
        found[head.strip()] = (text, read.split("\n")[:-1])
    return found


TABLES = cases("tables.txt")
FILES = cases("files.txt")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_whatever_its_columns_are_called(name: str, tmp_path: Path) -> None:
    table, read = TABLES[name]
    table = table.replace("→", "\t")
    path = tmp_path / ("table.tsv" if "\t" in table else "table.csv")
    path.write_text(table, encoding="utf-8")
    assert read_and_said(path) == read


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_its_tool_means_it(name: str, tmp_path: Path) -> None:
    text, read = FILES[name]
    path = tmp_path / name.rpartition(": ")[2]
    path.write_text(text, encoding="utf-8")
    assert read_and_said(path) == read


def read_and_said(path: Path) -> list[str]:
    """What is read, then each notice behind !."""
    notices: list[str] = []
    lines = shown(read_termbase(path, notices))
    said = [notice.removeprefix(f"{path}: ") for notice in notices]
    return [*lines, *(f"! {notice}" for notice in said[1:] if lines)]


@pytest.mark.parametrize("heading", ["forbidden", "禁用", "Deprecated"])
def test_a_column_of_a_usage_holds_words_or_ticks(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(f"zh,en,{heading}\n一带一路,Belt and Road,One Belt One Road\n外交,diplomacy,\n", encoding="utf-8")
    belt, diplomacy = read_termbase(path).entries
    assert [(one.text, one.usage) for one in belt.renderings] == [
        ("Belt and Road", "preferred"),
        ("One Belt One Road", "deprecated"),
    ]
    assert len(diplomacy.renderings) == 1
    path.write_text(f"zh,en,{heading}\n一带一路,One Belt One Road,yes\n外交,diplomacy,\n", encoding="utf-8")
    assert [one.preferred.usage for one in read_termbase(path).entries] == ["deprecated", "preferred"]


def test_a_sheet_of_forbidden_terms_is_known_by_its_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, rows in (
        ("Terms", [["数字经济", "digital economy"]]),
        ("禁用词", [["数字经济", "e-economy"], ["网络", "net"]]),
    ):
        sheet = book.create_sheet(name)
        for row in (["中文", "English"], *rows):
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    read = read_and_said(tmp_path / "a.xlsx")
    assert read[:3] == ["数字经济 = digital economy", "数字经济 = -e-economy", "网络 = -net"]
    assert any("sheet 禁用词: by its name its renderings are not to be used" in line for line in read)


@pytest.mark.parametrize("suffix", [".et", ".xlsb", ".numbers"])
def test_other_spreadsheets_are_refused_with_what_to_do(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"x")
    with pytest.raises(UnsupportedFormatError, match=r"save it as \.xlsx$"):
        read_termbase(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_any_encoding_will_do(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("英文;中文\ndigital economy;数字经济\n".encode(encoding))
    assert shown(read_termbase(tmp_path / "a.csv")) == ["数字经济 = digital economy"]


def test_merged_and_struck_out_cells_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    book.create_sheet("Cover", 0).append(["Glossary of the office"])
    for row in (["中文", "English"], ["数字经济", "digital economy"], [None, "e-economy"], ["旧词", "old"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet["B4"].font = openpyxl.styles.Font(strike=True)
    book.save(tmp_path / "a.xlsx")
    notices: list[str] = []
    assert shown(read_termbase(tmp_path / "a.xlsx", notices)) == ["数字经济 = digital economy, +e-economy"]
    assert notices[1].endswith("sheet Sheet: 1 row without a translation passed over (row 4)")


def test_all_sheets_with_terms_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, row in (("经济", ("数字经济", "digital economy")), ("法律", ("司法改革", "judicial reform"))):
        sheet = book.create_sheet(name)
        sheet.append(["中文", "英文"])
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    notices: list[str] = []
    lines = shown(read_termbase(tmp_path / "a.xlsx", notices))
    assert lines == ["数字经济 = digital economy", "司法改革 = judicial reform"]
    assert [notice.rpartition("/")[2] for notice in notices] == [
        "a.xlsx: 2 entries read",
        "a.xlsx, sheet 经济: 1 of the entries",
        "a.xlsx, sheet 法律: 1 of the entries",
    ]


STATUSES = [
    "<termNote type='administrativeStatus'>deprecatedTerm-admn-sts</termNote>",
    "<termNote type='administrativeStatus'>\n  deprecatedTerm-admn-sts\n</termNote>",
    "<termNote id='n1' type='administrativeStatus'>notRecommended</termNote>",
    "<termNote type='administrativeStatus'>forbidden</termNote>",
    "<termNote type='administrativeStatus'>DeprecatedTerm</termNote>",
    "<termNote type='administrativeStatus'>Do not use</termNote>",
    "<termNote type='normativeAuthorization'>deprecatedTerm</termNote>",
    "<termNote type='Usage status'>Forbidden</termNote>",
    "<termNote type='Status'>禁用</termNote>",
    "<termNoteGrp><termNote type='administrativeStatus'>deprecatedTerm-admn-sts</termNote><note>x</note></termNoteGrp>",
    "<descripGrp><descrip type='Status'>deprecated</descrip></descripGrp>",
    "<termNote type='administrativeStatus'>preferred</termNote><termNote type='Status'>forbidden</termNote>",
]


def tbx(*entries: str, root: str = "martif") -> str:
    return f"<{root} type='TBX'><text><body>{''.join(entries)}</body></text></{root}>"


def section(language: str, *terms: str, tag: str = "tig") -> str:
    return f"<langSet xml:lang='{language}'>{''.join(f'<{tag}>{term}</{tag}>' for term in terms)}</langSet>"


@pytest.mark.parametrize("status", STATUSES)
def test_a_forbidden_term_is_known_in_every_form_that_tools_write(status: str, tmp_path: Path) -> None:
    english = section("en-us", f"<term>digital economy</term>{status}", "<term>e-economy</term>")
    entry = f"<termEntry id='c1'>{section('zh-cn', '<term>数字经济</term>')}{english}</termEntry>"
    (tmp_path / "a.tbx").write_text(tbx(entry), encoding="utf-8")
    assert shown(read_termbase(tmp_path / "a.tbx")) == ["数字经济 = -digital economy, +e-economy"]


def test_what_says_nothing_of_usage_is_no_status() -> None:
    assert [usage_of(text) for text in ("draft", "new", "finalized", "see note", "")] == [None] * 5


def test_all_sections_of_a_language_are_read_the_main_variety_first(tmp_path: Path) -> None:
    entry = "".join(
        section(language, f"<term>{term}</term>")
        for language, term in (
            ("en-GB", "rural revitalisation"),
            ("en-US", "rural revitalization"),
            ("en-US", "rural revival"),
            ("zh-TW", "鄉村振興"),
            ("zh-CN", "乡村振兴"),
            ("fr", "revitalisation rurale"),
        )
    )
    (tmp_path / "a.tbx").write_text(tbx(f"<termEntry id='c1'>{entry}</termEntry>"), encoding="utf-8")
    assert shown(read_termbase(tmp_path / "a.tbx")) == [
        "乡村振兴/鄉村振興 = rural revitalization, +rural revitalisation, +rural revival"
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "<termEntry id='e1'><langSet xml:lang='zh'><tig><term>甲</term></tig></langSet>"
        "<langSet xml:lang='en'><tig><term>A</term><termStatus>obsolete</termStatus></tig></langSet></termEntry>",
        "<entry id='e1'><langGroup xml:lang='zh'><termGroup><term>甲</term></termGroup></langGroup>"
        "<langGroup xml:lang='en'><termGroup><term>A</term><termStatus>obsolete</termStatus></termGroup></langGroup>"
        "</entry>",
    ],
)
def test_tbx_min_is_read(entry: str, tmp_path: Path) -> None:
    header = "<header><id>x</id><languages source='zh' target='en'/></header>"
    (tmp_path / "a.tbx").write_text(f"<TBX dialect='TBX-Min'>{header}<body>{entry}</body></TBX>", encoding="utf-8")
    assert shown(read_termbase(tmp_path / "a.tbx")) == ["甲 = -A"]


def test_how_many_were_read_and_passed_over_is_said(tmp_path: Path) -> None:
    both = f"<termEntry>{section('zh', '<term>甲</term>')}{section('en', '<term>A</term>')}</termEntry>"
    german = f"<termEntry>{section('de', '<term>A</term>')}{section('en', '<term>A</term>')}</termEntry>"
    path = tmp_path / "a.tbx"
    for entries, said in (
        ((both,), ["1 entry read"]),
        (
            (both, german),
            ["1 entry read", "1 entry without a Chinese and an English term passed over (languages: de, en)"],
        ),
        (
            (german,),
            [
                "1 entry without a Chinese and an English term passed over (languages: de, en)",
                "gave no entry with a Chinese and an English term",
            ],
        ),
        ((), ["gave no entry with a Chinese and an English term"]),
    ):
        path.write_text(tbx(*entries), encoding="utf-8")
        notices: list[str] = []
        read_termbase(path, notices)
        assert [notice.removeprefix(f"{path}: ") for notice in notices] == said


def test_what_is_no_termbase_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_text("x")
    with pytest.raises(UnsupportedFormatError, match=r"a termbase is read from \.tbx"):
        read_termbase(tmp_path / "a.doc")
    (tmp_path / "a.xml").write_text("<tmx/>")
    with pytest.raises(FormatError, match="root element is neither <tbx> nor <martif>"):
        read_termbase(tmp_path / "a.xml")


# --- the contract of all files that we write ------------------------------------------------------------------------

OURS = Glossary(
    (
        ConceptEntry(
            "c-1",
            "多边主义",
            (Rendering("multilateralism"), Rendering("multi-lateral way", "deprecated", "synonym")),
            variants=(Variant("多边"),),
        ),
        ConceptEntry("c-2", "数字经济", (Rendering("digital economy"), Rendering("e-economy", "admitted", "synonym"))),
        ConceptEntry("c-3", "=公式", (Rendering('-"formula", so; called'),)),
    )
)


def ours(kind: str, folder: Path, glossary: Glossary = OURS) -> Path:
    folder.mkdir(exist_ok=True)
    if kind in SYSTEMS:
        return write_export(glossary, kind, folder)[0]
    path = folder / f"glossary.{kind}"
    if kind == "tbx":
        write_tbx(glossary, path)
    elif kind == "csv":
        write_csv(glossary, path)
    else:
        write_workbook(glossary, [], path, WorkbookOptions(language="zh" if "zh" in kind else "en"))
    return path


KINDS = ["tbx", "csv", "xlsx", "zh.xlsx", *SYSTEMS]
# What docs/exports.md lists as lost: renderings beside the preferred one, those not to be used, Chinese variants.
NO_FORBIDDEN, ONE_TARGET = frozenset(["forbidden"]), frozenset(["forbidden", "admitted"])
ONE_PAIR = ONE_TARGET | {"variant"}
LOST: dict[str, frozenset[str]] = {
    **dict.fromkeys(["omegat", "trados"], NO_FORBIDDEN),
    **dict.fromkeys(["weblate", "deepl", "google", "llm"], ONE_TARGET),
    **dict.fromkeys(["phrase", "crowdin", "xtm", "plain"], ONE_PAIR),
    "matecat": frozenset(["variant"]),
}


def told(termbase: Glossary) -> set[tuple[str, str, bool]]:
    """Every Chinese form with every rendering, and whether it may be used: what a termbase tells, however it is cut."""
    return {
        (form, rendering.text, rendering.usage not in NOT_TO_USE)
        for entry in termbase.entries
        for form in (entry.term, *(variant.text for variant in entry.variants))
        for rendering in entry.renderings
    }


def kept(*kinds: str) -> set[tuple[str, str, bool]]:
    """What is left of OURS by what the kinds of files are known to lose."""
    lost = frozenset().union(*(LOST.get(kind, ()) for kind in kinds))
    return {
        (form, rendering.text, rendering.usage not in NOT_TO_USE)
        for entry in OURS.entries
        for form in (entry.term, *(variant.text for variant in entry.variants if "variant" not in lost))
        for rendering in entry.renderings
        if not (rendering.usage in NOT_TO_USE and "forbidden" in lost)
        if not (rendering.usage == "admitted" and "admitted" in lost)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_that_we_write_can_be_given_back(kind: str, tmp_path: Path) -> None:
    termbase = read_termbase(ours(kind, tmp_path))
    assert told(termbase) == kept(kind)
    preferred = {entry.term: entry.preferred.text for entry in termbase.entries}
    assert {entry.term: entry.preferred.text for entry in OURS.entries}.items() <= preferred.items()


@pytest.mark.parametrize("first", KINDS)
def test_every_pair_of_files_goes_round(first: str, tmp_path: Path) -> None:
    termbase = read_termbase(ours(first, tmp_path / "first"))
    for second in KINDS:
        again = read_termbase(ours(second, tmp_path / second, termbase))
        assert kept(first, second) <= told(again) <= kept(first), second


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_one_clear_error_or_is_read(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = ours(data.draw(st.sampled_from(["tbx", "csv", "xlsx", *SYSTEMS])), folder)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    path.write_bytes(content)
    with suppress(ToolError):
        read_termbase(path)


def test_json_may_nest_and_tick(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"数字经济": {"en": "digital economy"}, "云存储": {"en": "net disk", "forbidden": true}}', "utf-8")
    assert shown(read_termbase(path)) == ["数字经济 = digital economy", "云存储 = -net disk"]


def test_a_memory_of_wordfast_is_no_termbase(tmp_path: Path) -> None:
    path = tmp_path / "memory.txt"
    head = "%20200101~120000\t%User ID,AB\t%TU=1\t%ZH-CN\t%Wordfast TM v.5.50\t%EN-US\t%-----\n"
    path.write_text(head + "20200101~120000\tAB\t0\tZH-CN\t数字经济\tEN-US\tdigital economy\n", "utf-8")
    with pytest.raises(FormatError, match="memory of Wordfast"):
        read_termbase(path)


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_other_spreadsheets_are_read_like_those_of_excel(suffix: str) -> None:
    folder = Path(__file__).parents[2] / "tmx" / "readers" / "workbooks"
    said: list[str] = []
    entries = read_termbase(folder / f"libreoffice.{suffix}", said).entries
    assert entries == read_termbase(folder / "libreoffice.xlsx").entries
    assert [entry.renderings for entry in entries if entry.term == "一带一路"] == [
        (Rendering("Belt and Road", "deprecated"),)
    ]
    assert not any(entry.term == "秘密" for entry in entries)  # on a hidden sheet
    assert any("without a translation" in line for line in said)


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        ("审核不通过 未通过审核 已驳回 被拒绝 非首选 严禁使用 停止使用 黑名单".split(), "deprecated"),  # noqa: SIM905
        (
            ["refused", "Denied", "dispreferred", "blacklisted", "Downgraded prior to deletion", "disabled"],
            "deprecated",
        ),
        (["Archived", "inactive", "expired", "已失效", "过期", "no longer used", "historical"], "superseded"),
        (["official", "优选", "建议使用", "官方译法", "Primary"], "preferred"),
        (
            ["verified", "Validated", "signed off", "已审核", "审核通过", "定稿", "次选", "又称", "Alternate"],
            "admitted",
        ),
        (
            ["proposed", "unverified", "Not confirmed", "审核中", "待审核", "未批准", "DNT", "waiting for approval"],
            None,
        ),
        (["purple", "慎用", "存疑", "use with caution", "disputed", "Reliability 3"], None),
    ],
)
def test_the_words_of_tools_for_a_status_are_known(words: list[str], usage: str | None) -> None:
    assert {word: usage_of(word) for word in words} == dict.fromkeys(words, usage)


@pytest.mark.parametrize("suffix", ["csv", "tbx"])
def test_a_status_in_unknown_words_certifies_nothing(suffix: str, tmp_path: Path) -> None:
    """What else stands in the column shows that it is one of statuses."""
    rows = (("网络", "network", "approved"), ("港口", "port", "purple"), ("图书馆", "library", "forbidden"))
    path = tmp_path / f"a.{suffix}"
    if suffix == "csv":
        path.write_text("zh,en,Status\n" + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    else:
        entry = (
            '<termEntry><langSet xml:lang="zh"><tig><term>{}</term></tig></langSet>'
            '<langSet xml:lang="en"><tig><term>{}</term>'
            '<termNote type="administrativeStatus">{}</termNote></tig></langSet></termEntry>'
        )
        path.write_text(f'<martif type="TBX">{"".join(entry.format(*row) for row in rows)}</martif>', encoding="utf-8")
    said: list[str] = []
    termbase = read_termbase(path, said)
    known = KnownTerms.of(termbase)
    found = [
        known.marked(ConceptEntry(term, term, (Rendering(text),))).known
        for term, text in (("网络", "network"), ("港口", "port"), ("图书馆", "library"), ("学校", "school"))
    ]
    assert found == ["known", "conflicting", "conflicting", "new"]
    assert any("'purple', which is no status known here; the terms beside it are doubted" in line for line in said)
    write_tbx(termbase, tmp_path / "b.tbx")  # nothing is lost where termbases are put together
    assert KnownTerms.of(read_termbase(tmp_path / "b.tbx")) == known
    named = "administrativeStatus" if suffix == "tbx" else "Status"
    assert [entry.notes for entry in termbase.entries] == [(), (f"port: {named}: purple",), ()]


def test_a_column_none_of_whose_words_is_known_is_no_column_of_statuses(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("zh,en,Status\n网络,network,purple\n港口,port,green\n", encoding="utf-8")
    known = KnownTerms.of(read_termbase(tmp_path / "a.csv"))
    assert known.marked(ConceptEntry("网络", "网络", (Rendering("network"),))).known == "known"


@pytest.mark.parametrize("system", [name for name, one in SYSTEMS.items()])
def test_no_rendering_comes_back_twice(system: str, tmp_path: Path) -> None:
    entry = ConceptEntry(
        "1",
        "世卫组织",
        (
            Rendering("World Health Organization"),
            Rendering("World Health Organisation", "admitted"),
            Rendering("WHO", "deprecated"),
        ),
        (Variant("世界卫生组织"), Variant("世衛組織")),
    )
    path, _ = write_export(Glossary((entry,)), system, tmp_path)
    for read in read_termbase(path, []).entries:
        texts = [rendering.text for rendering in read.renderings]
        assert len(texts) == len(set(texts))


def test_a_rendering_that_one_row_forbids_is_forbidden(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("ID,zh,en,Status\n1,外交,diplomacy,approved\n1,外交,diplomacy,forbidden\n", encoding="utf-8")
    (entry,) = read_termbase(path, []).entries
    assert [(one.text, one.usage) for one in entry.renderings] == [("diplomacy", "deprecated")]
