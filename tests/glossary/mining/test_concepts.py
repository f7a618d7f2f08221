"""Concept entries: grouping, usage, dates, types."""

import pytest

from glossary import ExtractionOptions, extract_terms
from glossary.mining.concepts import Corpus, count_forms
from glossary.mining.pairs import RankedTerm
from glossary.mining.variants import is_short_form
from glossary.model import ConceptEntry
from tmx.model import TranslationUnit


def entry(units: list[TranslationUnit], term: str, options: ExtractionOptions | None = None) -> ConceptEntry:
    glossary = extract_terms(units, options)
    return next(entry for entry in glossary.entries if entry.term == term)


def dated(rows: list[tuple[str, str, str]]) -> list[TranslationUnit]:
    return [
        TranslationUnit(id=f"u{number}", source=zh, target=en, document=f"{date}.txt", date=date)
        for number, (date, zh, en) in enumerate(rows)
    ]


TIMELINE_ROWS = [
    ("2013-03-23", "我们要构建命运共同体。", "We will build a community of common destiny."),
    ("2015-09-28", "中国倡导命运共同体。", "China calls for a community of common destiny."),
    ("2018-03-05", "各国建设命运共同体。", "Countries are building a community with a shared future."),
    ("2021-12-30", "命运共同体符合各国利益。", "A community with a shared future serves all countries."),
]
TIMELINE = dated(TIMELINE_ROWS)


def test_a_later_rendering_supersedes_an_earlier_one() -> None:
    found = entry(TIMELINE, "命运共同体")
    table = {rendering.text: rendering for rendering in found.renderings}
    new, old = table["community with a shared future"], table["community of common destiny"]
    assert (new.usage, new.first, new.last) == ("preferred", "2018-03-05", "2021-12-30")
    assert (old.usage, old.first, old.last) == ("superseded", "2013-03-23", "2015-09-28")
    assert found.preferred is new
    assert (old.first_document, old.count, found.count) == ("2013-03-23.txt", 2, 4)
    assert (found.first, found.last, found.list) == ("2013-03-23", "2021-12-30", "recurring")


def test_without_dates_the_more_frequent_rendering_is_preferred() -> None:
    units = [
        TranslationUnit(id=str(number), source="坚持多边主义。", target=f"We uphold {word}.")
        for number, word in enumerate(["multilateralism", "multilateralism", "multilateralism"])
    ]
    found = entry(units, "多边主义")
    assert [rendering.usage for rendering in found.renderings] == ["preferred"]
    assert found.preferred.count == 3


def test_an_abbreviation_stands_beside_its_full_form() -> None:
    units = [
        TranslationUnit(
            id="1", source="中国提出全球发展倡议。", target="China proposed the Global Development Initiative (GDI)."
        ),
        TranslationUnit(
            id="2", source="全球发展倡议得到支持。", target="The Global Development Initiative has support."
        ),
    ]
    found = entry(units, "全球发展倡议")
    assert [(r.text, r.kind, r.usage) for r in found.renderings] == [
        ("Global Development Initiative", "main", "preferred"),
        ("GDI", "abbreviation", "admitted"),
    ]
    assert found.type == "initiative"
    assert found.part_of_speech == "properNoun"


def test_the_full_form_of_an_abbreviation_stands_beside_it_where_the_text_explains_it() -> None:
    found = entry(
        [
            TranslationUnit(id="1", source="汇款用转数快。", target="Use the Faster Payment System (FPS) to remit."),
            TranslationUnit(id="2", source="转数快很方便。", target="FPS is convenient."),
            TranslationUnit(id="3", source="我们推广转数快。", target="We promote FPS."),
        ],
        "转数快",
    )
    assert ("Faster Payment System", "main") in [(r.text, r.kind) for r in found.renderings]
    assert ("FPS", "abbreviation") in [(r.text, r.kind) for r in found.renderings]


@pytest.mark.parametrize(
    ("short", "full", "answer"),
    [
        ("党的十九届六中全会", "中国共产党第十九届六中全会", True),
        ("世卫组织", "世界卫生组织", True),
        ("国际责任", "国际担当", False),
        ("人大", "全国人民代表大会", True),
        ("公民", "人民公社", False),
        ("的", "中国人民的", False),
        ("第", "第一", False),
    ],
)
def test_short_forms(short: str, full: str, answer: bool) -> None:
    assert is_short_form(short, full) is answer


def test_contexts_are_at_most_three_and_mark_the_term() -> None:
    found = entry(TIMELINE, "命运共同体")
    assert len(found.contexts) == 3
    for context in found.contexts:
        start, end = context.source_spans[0]
        assert context.source[start:end] == "命运共同体"
        left, right = context.target_spans[0]
        assert context.target[left:right].lower().startswith("community")


def test_a_rendering_has_the_capitals_of_the_middle_of_sentences() -> None:
    texts = [
        "WORK OF THE GOVERNMENT",
        "The Belt and Road Forum for International Cooperation was held.",
        "We value international cooperation and the State Council.",
    ]
    corpus = Corpus.of([TranslationUnit(id=str(n), source="国", target=text) for n, text in enumerate(texts)], {})
    assert corpus.in_sentence("International Cooperation") == "international cooperation"
    assert corpus.in_sentence("State Council") == "State Council"
    assert corpus.in_sentence("WORK OF THE GOVERNMENT") == "work of the government"


def test_words_of_titles_and_headings_lose_capitals_but_names_do_not() -> None:
    texts = [
        "III. Basic Conditions and Main Tasks for Next Year",
        "The Outline for Water Management and Long-Term Goals Through the Year 2030 was adopted.",
        "The Hua Lake Research Station Opens Its Doors",
    ]
    corpus = Corpus.of([TranslationUnit(id=str(n), source="国", target=text) for n, text in enumerate(texts)], {})
    assert corpus.in_sentence("Main Tasks") == "main tasks"
    assert corpus.in_sentence("Long-Term Goals") == "long-term goals"
    assert corpus.in_sentence("Research Station", name=True) == "Research Station"


def test_capitals_inside_a_text_that_no_heading_would_write_so_stay() -> None:
    text = (
        "The guidance of the NPC Standing Committee is firm guidance of the Party Central Committee and Comrade Li Si."
    )
    corpus = Corpus.of([TranslationUnit(id="1", source="国", target=text)], {})
    assert corpus.in_sentence("guidance of the NPC") == "guidance of the NPC"
    assert corpus.in_sentence("firm guidance of the Party") == "firm guidance of the Party"


def test_a_coordination_is_no_variant_of_its_part() -> None:
    units = [
        TranslationUnit(id="1", source="完善失业保险。", target="We will improve unemployment insurance."),
        TranslationUnit(id="2", source="扩大失业保险。", target="We will expand unemployment insurance."),
        TranslationUnit(id="3", source="完善失业和工伤保险。", target="We will improve unemployment insurance."),
    ]
    found = entry(units, "失业保险")
    assert found.variants == ()
    assert found.count == 2


def test_an_adjective_form_is_no_rendering_beside_the_noun() -> None:
    units = [
        TranslationUnit(id="1", source="我们坚持社会主义。", target="We uphold socialism."),
        TranslationUnit(id="2", source="社会主义是正确的道路。", target="Socialism is the right path."),
        TranslationUnit(id="3", source="建设社会主义文化。", target="We will develop socialist culture."),
        TranslationUnit(id="4", source="发展社会主义经济。", target="We will develop the socialist economy."),
    ]
    assert [rendering.text for rendering in entry(units, "社会主义").renderings] == ["socialism"]


def test_of_renderings_as_well_linked_the_one_that_cuts_no_adjective_is_listed() -> None:
    unit = TranslationUnit(
        id="1",
        source="我们维护以联合国为核心的国际体系和以国际法为基础的国际秩序。",
        target="We uphold the international system with the UN at its core and the international order based on "
        "international law.",
    )
    assert entry([unit], "以国际法为基础的国际秩序").preferred.text == "international order based on international law"


def test_a_rendering_with_our_is_not_listed_beside_one_without() -> None:
    units = [
        TranslationUnit(id="1", source="实现人民期待。", target="We will meet the people’s expectations."),
        TranslationUnit(id="2", source="回应人民期待。", target="We respond to the expectations of our people."),
        TranslationUnit(id="3", source="人民期待很高。", target="The people’s expectations are high."),
    ]
    assert [rendering.text for rendering in entry(units, "人民期待").renderings] == ["people’s expectations"]


def test_of_two_spellings_used_alike_the_plain_one_is_shown() -> None:
    units = [
        TranslationUnit(id="1", source="扩大自由贸易区。", target="We will expand the China (Haibin) Free Trade Zone."),
        TranslationUnit(id="2", source="设立自由贸易区。", target="We will set up a free trade zone."),
    ]
    assert entry(units, "自由贸易区").preferred.text == "free trade zone"


def test_forms_that_overlap_are_one_occurrence() -> None:
    """A rendering is never counted more often than the Chinese occurs."""
    units = [
        TranslationUnit(
            id="1", source="我国处于重要战略机遇期。", target="It is an important period of strategic opportunity."
        ),
        TranslationUnit(
            id="2", source="重要战略机遇期没有变。", target="The important period of strategic opportunity remains."
        ),
        TranslationUnit(
            id="3", source="抓住重要战略机遇期。", target="We seize the important period of strategic opportunity."
        ),
    ]
    for entry_ in extract_terms(units, ExtractionOptions(strictness="wide")).entries:
        assert sum(rendering.count for rendering in entry_.renderings) <= entry_.count
    term = [RankedTerm(form, [], count, 1.0) for form, count in (("甲乙丙丁", 1), ("甲乙丙", 2), ("乙丙", 4))]
    assert count_forms(term[0], term[1:]) == 4


def usages(rows: list[tuple[str, str, str]], term: str) -> list[tuple[str, str]]:
    options = ExtractionOptions(strictness="wide")
    return [(rendering.text, rendering.usage) for rendering in entry(dated(rows), term, options).renderings]


def test_one_use_each_supersedes_nothing() -> None:
    assert usages([TIMELINE_ROWS[0], TIMELINE_ROWS[3]], "命运共同体") == [
        ("community with a shared future", "preferred"),
        ("community of common destiny", "admitted"),
    ]


def test_a_later_abbreviation_supersedes_nothing() -> None:
    rows = [
        ("2019-03-05", "他谈到世贸组织。", "He spoke about the World Trade Organization."),
        ("2020-05-22", "她谈到世贸组织。", "She spoke about the WTO."),
    ]
    assert {usage for _, usage in usages(rows, "世贸组织")} == {"preferred", "admitted"}


def test_one_later_use_does_not_outweigh_two_earlier_ones() -> None:
    rows = [
        ("2019-03-05", "湖边的停车场很大。", "The parking lot at the lake is large."),
        ("2019-03-05", "停车场已满。", "The parking lot is full."),
        ("2021-03-05", "我们扩建停车场。", "We will enlarge the car park."),
    ]
    assert usages(rows, "停车场")[0] == ("parking lot", "preferred")


def test_a_form_that_needs_a_noun_after_it_is_not_preferred() -> None:
    rows = [
        ("2019-03-05", "游客喜欢国家公园。", "Visitors love national parks."),
        ("2021-03-05", "发展国家公园旅游。", "We will develop national park-based tourism."),
    ]
    assert usages(rows, "国家公园")[0] == ("national parks", "preferred")


def test_of_renderings_used_alike_the_first_of_the_dictionary_is_preferred() -> None:
    rows = [
        ("2019-03-05", "中华民族热爱和平。", "The Chinese people love peace."),
        ("2020-03-05", "中华民族历史悠久。", "The Chinese nation has a long history."),
        ("2020-03-06", "中华民族勤劳勇敢。", "The Chinese people are hardworking and brave."),
        ("2021-03-06", "中华民族团结奋斗。", "The Chinese nation works in unity."),
    ]
    assert usages(rows, "中华民族")[0] == ("Chinese nation", "preferred")


def test_a_rendering_used_in_three_years_is_kept_beside_a_dominant_one() -> None:
    rows = [
        *((f"{year}-03-05", "我们扩建停车场。", "We will enlarge the parking lot.") for year in [2021] * 40),
        *((f"{year}-03-05", "停车场已满。", "The car park is full.") for year in (2018, 2019, 2020)),
    ]
    assert [text for text, _ in usages(rows, "停车场")] == ["parking lot", "car park"]


def test_the_same_words_in_another_order_are_a_rendering_of_their_own() -> None:
    rows = [
        ("2019-03-05", "支持小微企业。", "We support micro and small businesses."),
        ("2019-03-05", "小微企业很多。", "There are many micro and small businesses."),
        ("2019-03-06", "帮助小微企业。", "We help micro and small businesses."),
        ("2019-03-05", "小微企业困难。", "Small and micro businesses have difficulties."),
        ("2019-03-05", "我们重视小微企业。", "We value small and micro businesses."),
    ]
    found = [text for text, _ in usages(rows, "小微企业")]
    assert found == ["micro and small businesses", "small and micro businesses"]


def test_spellings_of_a_rendering_are_one() -> None:
    rows = [
        ("2019-03-05", "他们讨论长期规划。", "They discuss long-term planning."),
        ("2020-03-05", "我们支持长期规划。", "We support long term planning."),
    ]
    found = entry(dated(rows), "长期规划", ExtractionOptions(strictness="wide"))
    assert [(rendering.count, rendering.usage) for rendering in found.renderings] == [(2, "preferred")]


def test_a_noun_form_is_preferred_to_an_adjective_used_more_often() -> None:
    rows = [
        ("2019-03-05", "他们讨论金融。", "They discuss finance."),
        ("2019-03-05", "金融改革。", "Financial reform."),
        ("2019-03-05", "金融政策。", "Financial policy."),
    ]
    assert usages(rows, "金融")[0][0] == "finance"


def test_a_noun_is_preferred_to_a_gerund_used_as_often() -> None:
    rows = [
        ("2019-03-05", "他们讨论复工。", "They discuss resuming work."),
        ("2019-03-05", "我们支持复工。", "We support the resumption of work."),
    ]
    assert usages(rows, "复工")[0][0] == "resumption of work"


@pytest.mark.parametrize(
    ("english", "marked"),
    [
        ("We must pursue realism and pragmatism.", True),
        ("We must seek truth from facts.", False),
        ("We must be seeking truth from the facts.", False),
    ],
)
def test_a_term_that_is_not_rendered_officially_says_so(english: str, marked: bool) -> None:
    units = [TranslationUnit(id=str(number), source="必须实事求是。", target=english) for number in range(3)]
    found = extract_terms(units, ExtractionOptions(strictness="wide")).entries
    reasons = {entry.term: [r.values for r in entry.reasons if r.code == "otherwise"] for entry in found}
    assert reasons["实事求是"] == ([("seek truth from facts",)] if marked else [])
