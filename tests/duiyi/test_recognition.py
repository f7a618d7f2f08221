import pytest

from duiyi.recognition import Recogniser, english_words, find_rendering, is_abbreviated_in, renderings_in
from glossary.model import ConceptEntry, Rendering, Variant


def entry(term: str, *renderings: str, variants: tuple[str, ...] = ()) -> ConceptEntry:
    first, *rest = renderings
    return ConceptEntry(
        term,
        term,
        (Rendering(first), *(Rendering(one, usage="admitted") for one in rest)),
        tuple(Variant(one) for one in variants),
    )


@pytest.mark.parametrize(
    ("text", "rendering"),
    [
        ("We deepened reforms.", "deepen reform"),
        ("the high-quality developments", "high quality development"),
        ("a programme of modernisation", "program of modernization"),
        ("the labour centres", "labor center"),
        ("People's Republic of China", "the People’s Republic of China"),
        ("socialist path", "a socialist path"),
        ("the wellbeing of all", "well-being"),
        ("what was built", "build"),
        ("the travelling defence", "traveling defense"),
        ("U.S. policies", "US policy"),
    ],
)
def test_inflection_spelling_article_and_hyphen_make_no_other_term(text: str, rendering: str) -> None:
    assert list(find_rendering(text, rendering))


@pytest.mark.parametrize(
    ("text", "rendering"), [("form", "reform"), ("reform", "form"), ("the artist", "art"), ("", "a")]
)
def test_other_words_are_no_rendering(text: str, rendering: str) -> None:
    assert not list(find_rendering(text, rendering))


def test_the_longest_term_wins() -> None:
    recogniser = Recogniser([entry("中国", "China"), entry("中国外交", "China's diplomacy"), entry("外交部", "MFA")])
    assert [one.form for one in recogniser.in_chinese("中国外交部")] == ["中国外交"]
    assert [one.form for one in recogniser.in_chinese("外交部在中国")] == ["外交部", "中国"]


def test_a_short_term_does_not_cut_through_a_word() -> None:
    recogniser = Recogniser([entry("外交", "diplomacy"), entry("投资", "investment"), entry("中国", "China")])
    assert recogniser.in_chinese("对外交往中的投资者") == []
    assert [one.form for one in recogniser.in_chinese("中国人民的外交和投资")] == ["中国", "外交", "投资"]


def test_abbreviations_and_full_forms_are_one() -> None:
    text = "The Hong Kong Monetary Authority helps SMEs."
    assert is_abbreviated_in(text, "HKMA") and is_abbreviated_in(text, "small and medium-sized enterprises")
    assert not is_abbreviated_in(text, "World Health Organization") and not is_abbreviated_in(text, "WHO")
    assert not is_abbreviated_in("The form of settlement in Hong Kong, monetary and all", "HKMA")
    assert not is_abbreviated_in("the form of settlement", "FS")
    assert is_abbreviated_in("the National Development and Reform Commission", "NDRC")


def test_a_currency_before_a_figure_is_a_word() -> None:
    assert list(find_rendering("worth RMB17 billion", "RMB")) == [(6, 9)]
    assert [word.plain for word in english_words("G20 and COVID-19")] == ["g20", "and", "covid", "19"]


def test_traditional_text_has_the_terms_of_a_simplified_glossary() -> None:
    recogniser = Recogniser([entry("金融管理局", "Monetary Authority", variants=("金管局",))])
    found = recogniser.in_chinese("香港金融管理局（金管局）")
    assert [(one.form, one.start, one.end) for one in found] == [("金融管理局", 2, 7), ("金管局", 8, 11)]


def test_letters_of_a_term_are_no_part_of_a_longer_word() -> None:
    recogniser = Recogniser([entry("5G", "5G"), entry("AI", "AI")])
    assert [one.form for one in recogniser.in_chinese("15G与5G，AIIB与AI")] == ["5G", "AI"]


def test_two_entries_of_one_form_are_both_recognised() -> None:
    recogniser = Recogniser([entry("会议", "meeting"), ConceptEntry("2", "会议", (Rendering("conference"),))])
    assert [one.entry.preferred.text for one in recogniser.in_chinese("会议")] == ["meeting", "conference"]


def test_spans_are_of_the_text_as_it_stands() -> None:
    text = "Over the Years, high‑quality (very) High-Quality Developments"
    (found,) = Recogniser([entry("高质量发展", "high-quality development")]).in_english(text)
    assert text[found.start : found.end] == "High-Quality Developments"


def test_a_rendering_within_a_longer_one_does_not_count() -> None:
    both = entry("会议", "meeting", "plenary meeting")
    assert [one.text for one, _ in renderings_in("the plenary meeting and a meeting", both)] == [
        "plenary meeting",
        "meeting",
    ]


def test_an_empty_glossary_recognises_nothing() -> None:
    assert Recogniser([]).in_chinese("中国") == Recogniser([]).in_english("China") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("联合国和世卫组织", ["世卫组织"]),
        ("将加强向世卫组织的捐助", ["世卫组织"]),
        ("进博会和服贸会。", ["进博会", "服贸会"]),
        ("在服贸会上", ["服贸会"]),
        ("对外交往", []),
        ("另一国家", []),
        ("不断扩大会员", []),
    ],
)
def test_a_term_that_dictionaries_lack_is_found_behind_any_word(text: str, found: list[str]) -> None:
    terms = ("世卫组织", "服贸会", "进博会", "外交", "一国", "大会")
    recogniser = Recogniser([entry(term, "x") for term in terms])
    assert [one.form for one in recogniser.in_chinese(text)] == found
