from dataclasses import replace
from pathlib import Path

import pytest

from glossary.files.tables import read_csv, write_csv, write_patterns
from glossary.model import ConceptEntry, Context, Glossary, PhrasePattern, Rendering
from tmx.errors import FormatError

ENTRY = ConceptEntry(
    "c1",
    "多边主义",
    (Rendering("multilateralism"), Rendering("=cmd|' /C calc'!A0", "deprecated", "synonym", 0)),
    contexts=(Context("", "坚持\t多边主义。", "-uphold\nmultilateralism"),),
    sources=("@home",),
    notes=("+1", "'=quoted"),
)


def test_what_people_see_comes_back_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    assert write_csv(Glossary((ENTRY,)), path).rows == 2
    assert read_csv(path) == Glossary((ENTRY,))
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbfid,zh-CN,en-US,type,review,usage,count,units,context_zh,context_en,source,")
    assert b",'=cmd" in text


def test_columns_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "g.tsv"
    path.write_text("Remark\tEN-GB\tzh_TW\nx\tChina\t中國\n", encoding="utf-8")
    assert read_csv(path) == Glossary(
        (ConceptEntry("", "中國", (Rendering("China"),)),), source_language="zh-TW", target_language="en-GB"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize(
    "text", ["中国,China\nAPEC,APEC\n", "China\t中国\nAPEC\tAPEC\t\n", "zh,en\n中国,China\nAPEC,APEC"]
)
def test_two_columns_need_no_header_and_the_encoding_is_found(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "g.csv"
    path.write_bytes(text.encode(encoding))
    assert [(entry.term, entry.preferred.text) for entry in read_csv(path).entries] == [
        ("中国", "China"),
        ("APEC", "APEC"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("中国,China\n国家,\n省\n", "g.csv: 2 rows without a translation passed over (row 2 and 1 more)"),
        ("术语,Term\n中,China\n,province\n", "g.csv: 1 row without the Chinese passed over (row 3)"),
        ("zh,en\n中,China\n国,#REF!\n", "g.csv: 1 row with an error of the spreadsheet for a term passed over (row 3)"),
        (
            "zh,en,review\n中,China,maybe\n",
            "g.csv: the column review holds none of our values ('maybe')",
        ),
        (
            "source,target\nChina,中\nprovince,省\n",
            "g.csv: the headings say otherwise than the text",
        ),
    ],
)
def test_what_is_passed_over_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "g.csv").write_text(text, encoding="utf-8")
    notices: list[str] = []
    assert read_csv(tmp_path / "g.csv", notices).entries[0].term in ("中国", "中")
    assert notices[0].removeprefix(f"{tmp_path}/").startswith(message)


def test_a_table_of_other_languages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FormatError, match="row 1: no column for Chinese and English"):
        read_csv(tmp_path / "g.csv")


def test_lone_surrogates_are_replaced_and_listed(tmp_path: Path) -> None:
    report = write_csv(Glossary((replace(ENTRY, definition="\ud800"),)), tmp_path / "g.csv")
    assert [str(r) for r in report.replacements] == ["c1: U+D800 replaced by U+FFFD, once"]


def test_phrase_patterns_have_a_table_that_nothing_takes_for_terms(tmp_path: Path) -> None:
    instance = Context("u1", "他说，坚持和平是外交的宗旨。", "=Peace is its purpose.", ((3, 13),))
    pattern = PhrasePattern("p1", "坚持X是外交的Y", "X is Y", (instance, instance), (("和平", "宗旨"),))
    glossary = Glossary((ENTRY,), (pattern,))
    assert write_patterns(glossary, tmp_path / "p.csv").rows == 2
    lines = (tmp_path / "p.csv").read_text("utf-8-sig").split("\n")
    assert (
        lines[1] == "p1,坚持X是外交的Y,X is Y,2,X = 和平 | Y = 宗旨,坚持和平是外交的宗旨,'=Peace is its purpose.,u1,,,"
    )
    assert lines[2].split(",")[4] == "", "an imported pattern may lack its fillings"
    with pytest.raises(FormatError, match="no column for Chinese and English"):
        read_csv(tmp_path / "p.csv")
    write_csv(glossary, tmp_path / "g.csv")
    assert "坚持X" not in (tmp_path / "g.csv").read_text("utf-8-sig")
