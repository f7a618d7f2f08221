"""Order of terms: wholes and fragments."""

from dataclasses import replace

from glossary.ranking import Occurrence, rank

WHOLE = Occurrence(
    unit=0,
    source="水资源保护",
    target="protection of water resources",
    source_span=(2, 7),
    target_span=(0, 29),
    score=0.5,
    source_shape=0.9,
    target_shape=0.97,
    first=True,
    gloss=False,
    tags=("n", "n", "vn"),
    target_tags=("NN", "IN", "NN", "NNS"),
)
PART = replace(
    WHOLE,
    source="水资源",
    target="water resources",
    source_span=(2, 5),
    target_span=(14, 29),
    score=0.95,
    source_shape=1.2,
    tags=("n", "n"),
    target_tags=("NN", "NNS"),
)


def order(texts: list[str], *occurrences: Occurrence) -> list[str]:
    return [term.source for term in rank(occurrences, texts)]


def test_a_compound_stands_before_a_fragment_that_occurs_in_nothing_else() -> None:
    assert order(["加强水资源保护"], PART, WHOLE) == ["水资源保护", "水资源"]


def test_a_part_that_occurs_elsewhere_keeps_its_place() -> None:
    assert order(["加强水资源保护", "水资源不足"], PART, WHOLE) == ["水资源", "水资源保护"]


def test_a_part_that_a_dictionary_has_keeps_its_place() -> None:
    assert order(["加强水资源保护"], replace(PART, gloss=True), WHOLE) == ["水资源", "水资源保护"]
