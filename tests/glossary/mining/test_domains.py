"""Political terms and names stand in a list of their own; words of any text are left out unless asked for."""

import pytest

from glossary import ExtractionOptions, extract_terms
from glossary.mining import domains
from tmx.model import TranslationUnit


@pytest.mark.parametrize(
    ("term", "rendering", "kind", "words", "list_"),
    [
        ("全国人民代表大会", "National People's Congress", "institution", ("全国人民代表大会",), "political"),
        ("四个意识", "four consciousnesses", "concept", ("四个", "意识"), "political"),
        ("巴黎协定", "Paris Agreement", "title", ("巴黎", "协定"), "political"),
        ("循环泵", "circulation pump", "concept", ("循环", "泵"), "other"),
        ("天气", "weather", "concept", ("天气",), "general"),
        ("學校", "school", "concept", ("学校",), "general"),
    ],
)
def test_the_list_of_a_term(term, rendering, kind, words, list_) -> None:
    assert domains.domain(term, rendering, kind, words)[0] == list_


def test_a_name_in_capitals_is_no_general_vocabulary() -> None:
    assert not domains.is_general("学校", "School")


def test_general_vocabulary_is_left_out_with_its_reason_and_listed_on_request() -> None:
    units = [
        TranslationUnit(id=str(n), source="国务院关心学校。", target="The State Council cares about schools.")
        for n in range(3)
    ]
    found = extract_terms(units, ExtractionOptions(explain=True))
    assert "学校" not in {entry.term for entry in found.entries}
    assert ("学校", "general vocabulary") in {(one.source, one.reason) for one in found.rejected}
    wide = extract_terms(units, ExtractionOptions(strictness="wide"))
    assert {entry.term: entry.domain for entry in wide.entries}["学校"] == "general"
    assert wide.entries[0].term == "国务院" and wide.entries[0].domain == "political"


def test_every_weight_has_its_feature() -> None:
    assert list(domains.weights()) == list(domains.features("国务院", "State Council", "institution", ("国务院",)))
