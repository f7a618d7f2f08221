"""Order of terms: wholes and fragments."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from glossary.mining.pairs import Occurrence
from glossary.mining.ranking import BEATEN, HOLDING, rank
from tests.glossary.mining.made_up import PLACE

WHOLE = replace(PLACE, score=0.6)
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


WORDS = ("东方", "友好", "合作", "组织")
NAMES = ("Eastern", "Friendly", "Cooperation", "Organization")
SLICES = [(start, end) for start in range(4) for end in range(start + 1, 5)]


def piece(start: int, end: int, score: float, shape: float, gloss: bool) -> Occurrence:
    return replace(
        WHOLE,
        source="".join(WORDS[start:end]),
        target=" ".join(NAMES[start:end]),
        source_span=(2 * start, 2 * end),
        score=score,
        source_shape=shape,
        gloss=gloss,
        tags=("n",) * (end - start),
        target_tags=("NNP",) * (end - start),
    )


@given(
    st.dictionaries(
        st.sampled_from(SLICES), st.tuples(st.floats(0.4, 1.2), st.floats(0.2, 1.5), st.booleans()), min_size=1
    )
)
def test_no_piece_of_a_name_stands_before_a_name_that_is_believed(
    found: dict[tuple[int, int], tuple[float, float, bool]],
) -> None:
    ranked = rank([piece(*place, *values) for place, values in found.items()], ["".join(WORDS)])
    names = [term.source for term in ranked]
    for place, whole in enumerate(ranked):
        if len(whole.source) >= 6 and whole.score >= HOLDING:
            assert not [part for part in names[:place] if part in whole.source and part != whole.source]


def test_of_two_chinese_spans_with_the_same_english_the_better_answered_keeps_it() -> None:
    whole = replace(WHOLE, source="东方合作组织", score=1.0, source_shape=1.2, tags=("n", "n", "n"))
    padded = replace(whole, source="东方合作组织为", source_span=(0, 7), score=0.7, source_shape=0.6)
    ranked = rank([whole, padded], ["东方合作组织为"])
    assert [term.source for term in ranked] == ["东方合作组织", "东方合作组织为"]
    assert ranked[1].score < BEATEN * ranked[0].score


def test_a_span_that_runs_into_a_better_term_is_lowered() -> None:
    better = replace(PART, source="水资源", source_span=(2, 5))
    crossing = replace(
        PART, source="资源保护", target="resources protected", source_span=(3, 7), target_span=(30, 49), score=0.6
    )
    alone = rank([crossing], ["加强水资源保护"])[0].score
    beside = {term.source: term.score for term in rank([better, crossing], ["加强水资源保护"])}
    assert beside["资源保护"] < alone


def test_a_piece_of_names_stands_behind_terms_that_are_whole() -> None:
    texts = ["东方合作组织和友好合作组织"]
    cut = replace(piece(2, 4, 0.9, 1.0, False), source_span=(2, 6))
    other = replace(
        cut,
        source="水资源保护",
        target="water resources conservation",
        target_tags=("NN", "NNS", "NN"),
        score=1.0,
    )
    assert order([*texts, "加强水资源保护"], cut, other)[0] == "合作组织"
    assert order([*texts, "加强水资源保护"], replace(cut, in_name=True), other)[0] == "水资源保护"


def test_a_name_with_a_word_behind_it_that_no_name_ends_with_does_not_lead_the_name() -> None:
    name = replace(
        PART,
        source="东方合作组织",
        target="Eastern Cooperation Organization",
        source_span=(0, 6),
        target_span=(0, 32),
        tags=("n", "n", "n"),
        words=("东方", "合作", "组织"),
        target_tags=("NNP", "NNP", "NNP"),
    )
    longer = replace(name, source="东方合作组织率领", source_span=(0, 8), score=0.8)
    clause = replace(longer, tags=("n", "n", "n", "v"), words=("东方", "合作", "组织", "率领"))
    compound = replace(longer, tags=("n", "n", "n", "n"), words=("东方", "合作", "组织", "率领"))
    assert order(["东方合作组织率领"], clause, name)[0] == "东方合作组织"
    assert order(["东方合作组织率领"], compound, name)[0] == "东方合作组织率领"
