"""Words that stand at boundaries of the texts, and those that never do."""

from dataclasses import replace

import pytest

from glossary.mining import boundaries
from glossary.mining.boundaries import Boundaries, Freedom
from glossary.mining.linking import TokenizedUnit
from glossary.mining.pairs import NO_EDGES
from glossary.words.glosses import dictionary
from glossary.words.tokens import segmenter, source_tokens, target_tokens
from tests.glossary.mining.made_up import PLACE

TEXTS = [
    ("校长率领代表团，访问港口。", "The headmaster leads the delegation, which visits the harbour."),
    ("市长率领团队。", "The mayor leads the team."),
    ("队长率领医生。", "The captain leads the doctors."),
    ("医生参加团队。", "The doctors join the team."),
]


@pytest.fixture(scope="module")
def learnt() -> Boundaries:
    return boundaries.learn(
        [
            TokenizedUnit(number, zh, en, tuple(source_tokens(zh, segmenter(), dictionary())), tuple(target_tokens(en)))
            for number, (zh, en) in enumerate(TEXTS)
        ]
    )


def test_a_verb_that_always_has_an_object_stands_before_no_boundary(learnt: Boundaries) -> None:
    leading, team = learnt.closing.of_word("率领", "v"), learnt.closing.of_word("团队", "n")
    assert leading < 0 < team
    assert learnt.opening.of_word("团队", "n") < learnt.opening.of_word("校长", "n")


def test_a_word_seen_seldom_counts_as_its_part_of_speech() -> None:
    free = Freedom()
    tokens = source_tokens("市长率领团队", segmenter(), dictionary())
    free.learn(tokens * 50, tokens[2:] * 50)
    assert free.of_word("团队", "n") > free.of_word("代表团", "n") > free.of_word("市长", "n")


def test_the_edges_of_one_word_say_nothing(learnt: Boundaries) -> None:
    single = replace(PLACE, words=("团队",), tags=("n",), target="team", target_tags=("NN",))
    assert learnt.of(single) == NO_EDGES
    longer = replace(PLACE, words=("市长", "率领"), tags=("n", "v"), target="mayor leads", target_tags=("NN", "VBZ"))
    ends_well = replace(longer, words=("医生", "团队"), tags=("n", "n"))
    assert learnt.of(longer).closing < learnt.of(ends_well).closing
    hospital = replace(longer, words=("乡村", "医院"), tags=("n", "n"))
    assert learnt.of(longer).ending < learnt.of(hospital).ending
