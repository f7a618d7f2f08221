"""Chinese forms of one concept, and words that only share a rendering."""

from dataclasses import replace

import pytest

from glossary import ExtractionOptions, extract_terms
from glossary.mining.pairs import Pair, RankedTerm
from glossary.mining.variants import group_variants, is_form
from tests.glossary.mining.made_up import PLACE
from tmx.model import TranslationUnit


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("医保", "医疗保险", False),
        ("生态环保", "生态环境保护", False),
        ("自贸", "自由贸易", False),
        ("人民期待", "人民的期待", False),
        ("困难挑战", "困难和挑战", False),
        ("稳增长", "稳定增长", False),
        ("中國共產黨", "中国共产党", False),
        ("党的百年华诞", "中国共产党百年华诞", False),
        ("党的十九届六中全会", "中国共产党第十九届六中全会", True),
        ("黨的十九屆六中全會", "中國共產黨第十九屆六中全會", True),
        ("进博会", "中国国际进口博览会", True),
        ("世卫", "世卫组织", True),
        ("武汉", "武汉市", True),
    ],
)
def test_forms_of_one_term(one: str, other: str, name: bool) -> None:
    assert is_form(one, other, name=name) and is_form(other, one, name=name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("关键核心技术", "关键核心技术攻关"),
        ("技术创新", "技术创新能力"),
        ("预警", "预警系统"),
        ("融资贵", "融资难融资贵"),
        ("高度", "高度一致"),
        ("支持企业", "支持大中小企业"),
        ("年底", "今年年底"),
        ("农民生活", "农民生产生活"),
        ("改革发展", "改革促发展"),
        ("粮食产量", "粮食总产量"),
        ("税制", "财税体制"),
    ],
)
def test_a_head_noun_more_or_a_modifier_less_is_another_term(one: str, other: str) -> None:
    assert not is_form(one, other, name=False) and not is_form(other, one, name=False)


def groups(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    units = [TranslationUnit(id=str(number), source=zh, target=en) for number, (zh, en) in enumerate(pairs)]
    entries = extract_terms(units, ExtractionOptions(strictness="wide")).entries
    return {entry.term: tuple(variant.text for variant in entry.variants) for entry in entries}


def test_a_core_leads_and_the_longer_word_with_its_rendering_is_no_form_of_it() -> None:
    found = groups(
        [
            ("加强技术创新。", "We will strengthen technological innovation."),
            ("技术创新很重要。", "Technological innovation is important."),
            ("提高技术创新能力。", "We will improve technological innovation."),
        ]
    )
    assert found["技术创新"] == () and "技术创新能力" not in found


def test_the_fuller_form_leads_its_abbreviation() -> None:
    found = groups(
        [
            ("我们扩大医保。", "We will expand medical insurance."),
            ("他们改革医保。", "They reform medical insurance."),
            ("医疗保险很重要。", "Medical insurance is important."),
        ]
    )
    assert found["医疗保险"] == ("医保",)


def test_forms_rendered_by_one_abbreviation_are_one_entry() -> None:
    found = groups(
        [
            ("我们支持国有企业。", "We support SOEs."),
            ("国有企业改革。", "SOEs are reformed."),
            ("他们改革国企。", "They reform SOEs."),
        ]
    )
    assert found["国有企业"] == ("国企",) and "国企" not in found


def ranked(source: str, target: str, places: int, score: float) -> RankedTerm:
    items = [replace(PLACE, unit=unit, source=source, target=target, target_tags=("NNP",)) for unit in range(places)]
    return RankedTerm(source, [Pair(source, target, items, places, score)], places, score)


def test_what_an_abbreviation_spells_out_leads_its_cut() -> None:
    cut, whole, more = (
        ranked("聯匯制", "LERS", 9, 3.0),
        ranked("聯匯制度", "LERS", 8, 2.0),
        ranked("對聯匯制度", "LERS", 3, 1.0),
    )
    (group,) = group_variants([cut, whole, more])
    assert group.lead.source == "聯匯制度" and {term.source for term in group.cuts} == {"聯匯制", "對聯匯制度"}


def test_forms_in_both_scripts_are_one_entry() -> None:
    found = groups(
        [("我们坚持多边主义。", "We uphold multilateralism."), ("我們堅持多邊主義。", "We uphold multilateralism.")]
    )
    assert ("多边主义" in found) != ("多邊主義" in found)
