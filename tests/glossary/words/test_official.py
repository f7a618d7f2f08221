"""Official renderings: the reader, and every row of the list that comes with the product."""

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from glossary.words import official as module
from glossary.words.official import COLUMNS, Kind, OfficialRendering, official, official_key, read, table
from tmx.characters import is_han
from tmx.errors import FormatError
from tmx.scripts import script_of

HEADER = "\t".join(COLUMNS) + "\n"
ROW = "中国梦\tChinese Dream\t2012\t\tcoinage\tCPC\tusage\t\n"


@pytest.fixture(scope="module")
def rows() -> tuple[OfficialRendering, ...]:
    return read(Path(module.__file__).parents[1] / "data" / "official.tsv")


def texts(term: str) -> list[str]:
    return [found.text for found in official(term)]


def test_a_name_is_found_in_either_script_and_with_its_marks() -> None:
    assert texts("国家发展和改革委员会")[0] == "National Development and Reform Commission"
    assert texts("國家發展和改革委員會") == texts("国家发展和改革委员会")
    assert texts("《中国制造2025》") == texts("「中國製造2025」") == ["Made in China 2025"]
    assert texts("“双随机、一公开”") == texts("双随机一公开") != []


@pytest.mark.parametrize(
    ("traditional", "english"),
    [
        ("金融穩定理事會", "Financial Stability Board"),
        ("外匯基金票據及債券", "Exchange Fund Bills and Notes"),
        ("聯繫匯率制度", "Linked Exchange Rate System"),
        ("國際結算銀行", "Bank for International Settlements"),
        ("衞生署", "Department of Health"),
        ("粵港澳大灣區", "Guangdong-Hong Kong-Macao Greater Bay Area"),
    ],
)
def test_names_as_hong_kong_writes_them_are_found(traditional: str, english: str) -> None:
    assert texts(traditional)[0] == english


def test_a_short_form_has_the_renderings_of_the_full_name() -> None:
    assert texts("发改委") == []  # not a form of official documents
    assert texts("国家发展改革委") == texts("国家发展和改革委员会")


def test_a_sign_that_makes_another_word_is_kept() -> None:
    assert official_key("互联网+") != official_key("互联网")
    assert texts("互联网") == []


def test_english_that_changed_is_given_with_its_years() -> None:
    today = [found for found in official("人类命运共同体") if found.in_use(2020)]
    before = [found for found in official("人类命运共同体") if found.in_use(2014)]
    assert today[0].text == "community with a shared future for mankind"
    assert before[0].text == "community of common destiny"
    assert official("人类命运共同体")[0].last is None, "what still stands comes first"


def test_both_years_are_included_and_an_unknown_year_excludes_nothing() -> None:
    ministry = official("环境保护部")[0]
    assert [year for year in range(2006, 2021) if ministry.in_use(year)] == list(range(2008, 2019))
    undated = official("水利部")[0]
    assert (undated.first, undated.last) == (None, None)
    assert undated.in_use(1950)


def test_a_short_form_that_two_bodies_share_has_both() -> None:
    assert {found.term for found in official("证监会")} == {"中国证券监督管理委员会", "证券及期货事务监察委员会"}


def test_what_is_no_official_term_has_nothing() -> None:
    assert official("天气") == official("") == official("、") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("中国梦\tChinese Dream\n", "line 1: expected the columns zh, en"),
        (HEADER + ROW + "中国梦\tChinese Dream\n", "line 3: 2 columns, expected 8"),
        (HEADER + ROW.replace("Chinese Dream", " ; "), "line 2: the Chinese, the English"),
        (HEADER + ROW.replace("2012", "about 2012"), "line 2: 'about 2012' is not a year"),
        (HEADER + ROW.replace("2012\t", "2012\t2001"), "line 2: the years 2012 to 2001 are in the wrong order"),
        (HEADER + ROW.replace("coinage", "slogan"), "line 2: 'slogan' is not a kind"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "official.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=re.escape(says)):
        read(path)


def test_forms_and_renderings_of_a_line_are_taken_apart_in_order(tmp_path: Path) -> None:
    path = tmp_path / "official.tsv"
    path.write_text(HEADER + ROW.replace("中国梦", "中国梦;中华梦").replace("Dream", "Dream; China Dream"), "utf-8")
    assert [(row.forms, row.text, row.rank) for row in read(path)] == [
        (("中国梦", "中华梦"), "Chinese Dream", 0),
        (("中国梦", "中华梦"), "China Dream", 1),
    ]


def test_the_list_is_large_and_every_kind_has_rows(rows: tuple[OfficialRendering, ...]) -> None:
    terms = Counter(row.kind for row in rows if row.rank == 0)
    assert sum(terms.values()) >= 1000
    assert set(terms) == set(get_args(Kind))
    assert min(terms.values()) >= 10


def test_no_form_has_the_same_rendering_twice(rows: tuple[OfficialRendering, ...]) -> None:
    pairs = Counter((key, row.text.casefold()) for row in rows for key in set(map(official_key, row.forms)))
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_english_that_gave_way_overlaps_with_its_successor_by_a_year_of_change_at_most() -> None:
    """Two lines of one term and body: the one with an end stands before the other, or they share the year of change."""
    overlapping = []
    for group in table().values():
        lines = {(row.term, row.first, row.last) for row in group}
        for term, _, last in lines:
            for other, first, until in lines:
                after = first is not None and (until is None or (last is not None and until > last))
                if term == other and last is not None and after and first is not None and first < last - 1:
                    overlapping.append((term, last, first))
    assert overlapping == []


def test_years_are_sane(rows: tuple[OfficialRendering, ...]) -> None:
    """The oldest names are those of treaties and institutions of the nineteenth century."""
    years = [year for row in rows for year in (row.first, row.last) if year is not None]
    assert min(years) >= 1840
    assert max(years) <= 2026
    assert {row.kind for row in rows if row.first is not None and row.first < 1900} <= {
        "agreement",
        "organisation",
        "region",
    }


def test_chinese_is_simplified_and_english_is_english(rows: tuple[OfficialRendering, ...]) -> None:
    for row in rows:
        assert all(any(map(is_han, form)) or form == "C919" for form in row.forms), row
        assert script_of("".join(row.forms)) != "Hant", row
        assert not any(map(is_han, row.text)), row
        assert not row.text.lower().startswith(("the ", "a ", "an ")), row
        assert row.text == " ".join(row.text.split()), row
        assert "’" not in row.text, row


def test_every_row_says_who_bears_the_name_and_how_it_was_checked(rows: tuple[OfficialRendering, ...]) -> None:
    for row in rows:
        assert row.body
        assert re.fullmatch(r"usage|dictionary|page [a-z0-9.-]+\.[a-z]+", row.checked), row


def test_no_form_is_so_short_that_it_is_a_word_of_other_texts(rows: tuple[OfficialRendering, ...]) -> None:
    short = {form for row in rows for form in row.forms if len(form) < 2}
    assert short == set()
