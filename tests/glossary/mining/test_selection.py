"""Stop lists, names to keep, known termbases, reasons for rejection."""

from dataclasses import replace

import pytest

from glossary import ExtractionOptions, extract_terms
from glossary.mining.concepts import Corpus
from glossary.mining.pairs import Pair, RankedTerm
from glossary.mining.selection import _order, select, shape_against
from glossary.model import ConceptEntry, Glossary, Rendering, Usage, Variant
from tests.glossary.mining.made_up import PLACE
from tmx.model import TranslationUnit

UNITS = [
    TranslationUnit(id="1", source="中国坚持多边主义。", target="China upholds multilateralism."),
    TranslationUnit(id="2", source="多边主义是正确道路。", target="Multilateralism is the right path."),
    TranslationUnit(
        id="3", source="请使用OmegaT保护知识产权。", target="Use OmegaT to protect intellectual property rights."
    ),
]


def terms(options: ExtractionOptions) -> set[str]:
    return {entry.term for entry in extract_terms(UNITS, options).entries}


def test_a_stop_list_takes_a_term_out_by_either_language() -> None:
    assert "多边主义" in terms(ExtractionOptions())
    assert "多边主义" not in terms(ExtractionOptions(stop=("多边主义",)))
    assert "多边主义" not in terms(ExtractionOptions(stop=("Multilateralism",)))


def test_names_to_keep_are_listed_unchanged() -> None:
    found = next(
        e for e in extract_terms(UNITS, ExtractionOptions(keep=("OmegaT", "Trados"))).entries if e.term == "OmegaT"
    )
    assert found.preferred.text == "OmegaT"
    assert found.contexts[0].unit == "3"


def test_entries_are_known_conflicting_or_new() -> None:
    base = ConceptEntry(id="x", term="多边主义", renderings=(Rendering("Multilateralism"),))
    other = replace(base, renderings=(Rendering("plurilateralism"),))
    for known, status in ((base, "known"), (other, "conflicting"), (replace(base, term="单边主义"), "new")):
        glossary = extract_terms(UNITS, ExtractionOptions(known=Glossary(entries=(known,))))
        assert next(entry.known for entry in glossary.entries if entry.term == "多边主义") == status


@pytest.mark.parametrize(
    ("term", "renderings", "status"),
    [
        ("發展中國家", [("Developing Country", "preferred")], "known"),
        ("发展中国家", [("LDC", "preferred"), ("developing countries", "admitted")], "known"),
        ("发展中国家", [("LDC", "preferred"), ("developing countries", "deprecated")], "conflicting"),
        ("發展中國家", [("developing country", "superseded")], "conflicting"),
        ("發達國家", [("developing countries", "preferred")], "new"),
    ],
)
def test_a_termbase_is_compared_script_case_and_number_aside(
    term: str, renderings: list[tuple[str, Usage]], status: str
) -> None:
    unit = TranslationUnit(id="1", source="我们帮助发展中国家。", target="We help developing countries.")
    known = ConceptEntry("x", term, tuple(Rendering(text, usage) for text, usage in renderings))
    found = extract_terms([unit], ExtractionOptions(strictness="wide", known=Glossary((known,)))).entries
    assert next(entry.known for entry in found if entry.term == "发展中国家") == status


def test_a_chinese_form_that_is_not_to_be_used_is_never_known() -> None:
    unit = TranslationUnit(id="1", source="我们帮助发展中国家。", target="We help developing countries.")
    known = ConceptEntry(
        "x", "后发国家", (Rendering("developing countries"),), (Variant("发展中国家", usage="deprecated"),)
    )
    found = extract_terms([unit], ExtractionOptions(strictness="wide", known=Glossary((known,)))).entries
    assert next(entry.known for entry in found if entry.term == "发展中国家") == "conflicting"


def test_a_stop_list_in_the_other_script_works() -> None:
    for simple, traditional in (("发展中国家", "發展中國家"), ("發展中國家", "发展中国家")):
        unit = TranslationUnit(id="1", source=f"我们帮助{simple}。", target="We help developing countries.")
        assert any(entry.term == simple for entry in extract_terms([unit]).entries)
        for stop in (traditional, "Developing Country"):
            options = ExtractionOptions(strictness="wide", stop=(stop,))
            assert all(entry.term != simple for entry in extract_terms([unit], options).entries)


def test_every_candidate_is_listed_or_rejected_with_a_reason() -> None:
    options = ExtractionOptions(strictness="strict", stop=("多边主义",), explain=True)
    glossary = extract_terms(UNITS, options)
    assert any(row.source == "多边主义" and row.reason == "on the stop list" for row in glossary.rejected)
    assert all(row.reason for row in glossary.rejected)
    wide = extract_terms(UNITS, ExtractionOptions(strictness="wide", explain=True))
    named = {entry.term for entry in wide.entries} | {v.text for e in wide.entries for v in e.variants}
    assert {row.source for row in glossary.rejected} | {e.term for e in glossary.entries} == named | {
        row.source for row in wide.rejected
    }


def test_nothing_is_explained_unasked() -> None:
    assert extract_terms(UNITS).rejected == ()


def reasons(pairs: list[tuple[str, str]], options: ExtractionOptions) -> dict[str, str]:
    units = [TranslationUnit(id=str(number), source=zh, target=en) for number, (zh, en) in enumerate(pairs)]
    return {row.source: row.reason for row in extract_terms(units, options).rejected}


def test_what_fills_a_phrase_pattern_is_not_listed_again() -> None:
    pairs = [
        ("坚持诚信是学校教育的根本原则。", "Honesty is the fundamental principle of school education."),
        ("坚持公平是学校教育的重要目标。", "Fairness is an important goal of school education."),
        ("坚持创新是学校教育的力量源泉。", "Innovation is a source of strength of school education."),
    ]
    found = reasons(pairs, ExtractionOptions(explain=True))
    assert found["学校教育的力量源泉"] == "fills the phrase pattern 坚持X是学校教育的Y"


def test_an_enumeration_of_listed_terms_is_not_listed() -> None:
    pairs = [
        ("他访问了“春雨计划”和“秋风行动”。", "He visited the “Spring Rain Plan” and the “Autumn Wind Action”."),
    ]
    assert reasons(pairs, ExtractionOptions(explain=True))["春雨计划和秋风行动"] == (
        "names 春雨计划, 秋风行动 one after the other"
    )


def test_a_quotation_that_nothing_answers_is_among_the_rejected_with_its_reason() -> None:
    unit = TranslationUnit(id="1", source="坚持“三驾齐驱”。", target="We will carry on.")
    rejected = extract_terms([unit], ExtractionOptions(explain=True)).rejected
    assert [item.reason for item in rejected if item.source == "三驾齐驱" and not item.target] == [
        "stands in quotation marks, but no words of the translation answer its words"
    ]


def test_a_year_is_no_term() -> None:
    units = [
        TranslationUnit(str(n), f"2021年是重要的一年，图书馆{n}月开放。", f"2021 was an important year. {n}")
        for n in range(4)
    ]
    assert not [entry.term for entry in extract_terms(units).entries if not any(map(str.isalpha, entry.term))]


def made_up(
    words: str, tags: str, english: str, target_tags: str, score: float = 1.0, *, before_noun: bool = False
) -> Pair:
    source = words.replace(" ", "")
    item = replace(
        PLACE,
        source=source,
        target=english,
        words=tuple(words.split()),
        tags=tuple(tags.split()),
        target_tags=tuple(target_tags.split()),
        modifier=before_noun,
    )
    return Pair(source, english, [item], 1, score)


LEADING = {
    pair.source: pair
    for pair in [
        made_up("果园", "n", "orchards", "NNS"),
        made_up("渔民", "n", "fishermen", "NNS"),
        made_up("果农", "n", "fruit growers", "NN NNS"),
        made_up("试剂", "n", "reagents", "NNS"),
        made_up("佣金 收入", "n n", "commission income", "NN NN"),
        made_up("费用", "n", "fee", "NN", before_noun=True),
    ]
}


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (made_up("第十 条 果园", "m q n", "Article 10 orchards", "NNP CD NNS"), "number of an article"),
        (made_up("圖3 果園", "n n", "Chart 3 Orchards", "NN CD NNS"), "number of an article"),
        (made_up("某些 果园", "r n", "certain orchards", "JJ NNS"), "points to some things"),
        (made_up("一 艘 渔船", "m q n", "fishing boat", "NN NN"), "points to some things"),
        (made_up("渔民 协会", "n n", "Several fishermen's associations", "JJ NNS POS NNS"), "points to some things"),
        (made_up("图示 3 果园", "n m n", "Figure 3 Orchards", "NN CD NNS"), "number of an article"),
        (made_up("尽管 渔民", "c n", "although the fishermen", "IN DT NNS"), "joins clauses"),
        (made_up("果园 是否", "n v", "whether the orchards", "IN DT NNS"), "joins clauses"),
        (made_up("县城 对 渔民", "n p n", "county fishermen", "NN NNS"), "a preposition governs"),
        (made_up("对 渔民 的 补助", "p n uj n", "grants to fishermen", "NNS TO NNS"), ""),
        (made_up("少数民族 果园", "n n", "ethnic minority orchards", "JJ NN NNS"), ""),
        (made_up("果园 受灾", "n v", "orchards suffer losses", "NNS VBP NNS"), "a clause"),
        (made_up("果园 资金", "n n", "fund in", "NN IN"), "a clause"),
        (made_up("农村 和 果园", "n c a", "rural and floral", "JJ CC JJ", before_noun=True), "an adjective"),
        (made_up("修复 果园", "v n", "restore orchards", "VB NNS"), "a verb with a term"),
        (made_up("检测 试剂", "v n", "testing reagents", "VBG NNS", 9.0), ""),
        (made_up("政商 关系", "n n", "relationship between government", "NN IN NN"), "half of a phrase"),
        (made_up("军地 关系", "n n", "relations between provinces", "NNS IN NNS"), ""),
        (made_up("果园 治理", "n vn", "capital and improve orchards", "NN CC VB NNS"), "half of a phrase"),
        (made_up("渔村", "n", "villages lifted", "NNS VBN"), "half of a phrase"),
        (made_up("渔民 家属", "n n", "members of their families", "NNS IN PRP$ NNS"), "half of a phrase"),
        (made_up("果园 及其 渔民", "n c n", "orchards and their fishermen", "NNS CC PRP$ NNS"), ""),
        (made_up("渔民 和 果农", "n c n", "fishermen and fruit growers", "NNS CC NN NNS"), "two things named"),
        (made_up("费用 和 佣金 收入", "n c n n", "fee and commission income", "NN CC NN NN"), ""),
    ],
)
def test_what_has_not_the_shape_of_a_term_is_not_listed(pair: Pair, reason: str) -> None:
    found = shape_against(pair, LEADING)
    assert reason in found if reason else not found


def test_a_slogan_is_not_rendered_by_the_name_of_a_place_in_it() -> None:
    pair = made_up("“ 港人治港 ”", "x ns x", "Hong Kong", "NNP NNP")
    places = [replace(item, partial=True, quoted=True) for item in pair.occurrences]
    assert "name of a place" in shape_against(replace(pair, occurrences=places), LEADING)


def test_quotation_marks_make_a_term_of_any_shape() -> None:
    pair = made_up("修复 果园", "v n", "restore orchards", "VB NNS")
    quoted = replace(pair.occurrences[0], quoted=True)
    assert not shape_against(Pair(pair.source, pair.target, [quoted]), LEADING)


@pytest.mark.parametrize(
    ("source", "target", "kept", "count", "is_listed"),
    [
        ("水泵站房", "pump station", 0.30, 1, False),
        ("水泵站房", "pump station", 0.36, 1, True),
        ("水泵站房", "pump station", 0.30, 2, True),
        ("国务院", "State Council", 0.30, 1, True),
        ("国务院", "State Council", 0.20, 1, False),
    ],
)
def test_what_a_long_text_says_once_and_is_not_political_has_to_be_likelier(
    source: str, target: str, kept: float, count: int, *, is_listed: bool
) -> None:
    units = [TranslationUnit(id=str(number), source=source, target=target) for number in range(1000)]
    place = replace(PLACE, source=source, target=target, source_span=(0, len(source)), target_span=(0, len(target)))
    place = replace(
        place, words=(source,), tags=("n",), target_tags=("NNP", "NNP") if "State" in target else ("NN", "NN")
    )
    pair = Pair(source, target, [replace(place, unit=number) for number in range(count)])
    pair.count, pair.score = count, kept / (1 - kept)
    term = RankedTerm(source, [pair], count, pair.score)
    entries, rejected = select(
        [term], Corpus.of(units, {}), strictness="balanced", hide_shorter=True, stop=(), known=None
    )
    assert [entry.term for entry in entries] == [source] * is_listed
    assert is_listed or "is below" in rejected[0].reason


def test_a_term_that_is_hardly_political_does_not_lead_because_it_recurs() -> None:
    base = ConceptEntry(id="x", term="财政政策", renderings=(Rendering("fiscal policy"),), domain="political")
    economic = replace(base, list="recurring", score=0.95, political=0.55)
    name = replace(base, list="once", score=0.8, political=0.99)
    party = replace(base, list="recurring", score=0.92, political=0.98)
    assert sorted([economic, name, party], key=_order) == [party, name, economic]
