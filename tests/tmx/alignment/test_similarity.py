"""How the words of a document are weighed."""

from tmx.alignment.lexicon import extended, load, usual_frequencies
from tmx.alignment.similarity import gather


def test_of_words_that_occur_once_the_rarer_in_the_language_counts_as_rarer():
    evidence = gather(["外交是一门艺术。"], ["The diplomacy of it is an art."], load())
    for side, rare, frequent in ((evidence.source, "外交", "是"), (evidence.target, "diplomaci", "the")):
        shares = side.frequencies
        assert 0 < shares[side.vocabulary[rare]] < shares[side.vocabulary[frequent]] < 1


def test_in_a_long_document_its_own_words_count():
    evidence = gather(["外交。"] * 2000, ["Diplomacy."] * 2000, load())
    assert evidence.target.frequencies[evidence.target.vocabulary["diplomaci"]] > 0.6


def test_words_of_a_users_dictionary_have_a_frequency():
    own = extended(load(), [("嗡嗡呱", "zorgle qux")])
    assert (usual_frequencies(["嗡嗡呱"], own.words, own.word_frequencies) > 0).all()
    assert (usual_frequencies(["zorgl", "nowhere"], own.stems, own.stem_frequencies) > 0).all()
