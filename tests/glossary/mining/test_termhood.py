"""How likely a pair is to be kept: what speaks for it, and that every feature has its weight."""

from dataclasses import replace

import pytest

from glossary.mining import termhood
from glossary.mining.pairs import Occurrence, Pair, Surroundings
from tests.glossary.mining.made_up import PLACE


def pair(*places: Occurrence) -> Pair:
    return Pair(places[0].source, places[0].target, list(places), count=len(places))


def test_every_feature_has_a_weight_and_every_weight_a_feature() -> None:
    assert list(termhood.weights()) == list(termhood.features(pair(PLACE)))


@pytest.mark.parametrize(
    "better",
    [
        pair(replace(PLACE, score=0.9)),
        pair(replace(PLACE, quoted=True)),
        pair(replace(PLACE, gloss=True)),
        pair(PLACE, replace(PLACE, unit=1)),
        pair(replace(PLACE, target="Water Resources Protection Law", target_tags=("NNP",) * 4)),
    ],
)
def test_what_speaks_for_a_pair_makes_it_likelier(better: Pair) -> None:
    assert termhood.odds(better) > termhood.odds(pair(PLACE))


@pytest.mark.parametrize(
    "worse",
    [
        pair(replace(PLACE, source_shape=0.3)),
        pair(replace(PLACE, target_shape=0.3)),
        pair(replace(PLACE, modifier=True)),
        pair(replace(PLACE, in_name=True)),
        pair(replace(PLACE, around=Surroundings(crosses=True))),
        pair(replace(PLACE, around=Surroundings(after_number=True))),
        pair(replace(PLACE, target="protection, of water resources")),
    ],
)
def test_what_speaks_against_a_pair_makes_it_less_likely(worse: Pair) -> None:
    assert termhood.odds(worse) < termhood.odds(pair(PLACE))


def test_a_piece_that_a_dictionary_has_is_no_mere_piece_of_a_name() -> None:
    assert termhood.features(pair(replace(PLACE, in_name=True)))["piece_of_name"]
    assert not termhood.features(pair(replace(PLACE, in_name=True, gloss=True)))["piece_of_name"]
