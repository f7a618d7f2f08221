"""The hook for sentence vectors, with a tiny encoder made here; no model is needed."""

import sys

import numpy as np
import pytest

from tmx.alignment import encoder
from tmx.alignment.aligner import align

SOURCE = ["嗡嗡呱呱。", "哒哒。", "咚咚。"]
TARGET = ["Zzz qux.", "Blip.", "Dong dong."]


class Tiny:
    """One vector for each text it knows, whatever the language."""

    def __init__(self, meanings):
        self.meanings = meanings

    def encode(self, sentences):
        return np.array([self.meanings[sentence] for sentence in sentences], float)


def shapes(found):
    return [(bead.source, bead.target) for bead in found]


def test_vectors_decide_where_words_say_nothing():
    first, second = [1.0, 0.0], [0.0, 1.0]
    one_two = Tiny(dict(zip(SOURCE + TARGET, [first, second, second, first, first, second], strict=True)))
    two_one = Tiny(dict(zip(SOURCE + TARGET, [first, first, second, first, second, second], strict=True)))
    assert shapes(align(SOURCE, TARGET, encoder=one_two)) == [((0, 1), (0, 2)), ((1, 3), (2, 3))]
    assert shapes(align(SOURCE, TARGET, encoder=two_one)) == [((0, 2), (0, 1)), ((2, 3), (1, 3))]


def test_an_encoder_that_returns_too_few_vectors_is_refused():
    class Wrong:
        def encode(self, sentences):
            return np.ones((1, 2))

    with pytest.raises(encoder.EncoderError, match="shape"):
        align(SOURCE, TARGET, encoder=Wrong())


def test_a_missing_extra_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(encoder.EncoderError, match=r"duiyi\[neural\]"):
        encoder.load("some-model")


def test_runs_are_directions():
    vectors = np.array([[3.0, 0.0], [0.0, 4.0]], np.float32)
    assert np.allclose(encoder.runs(encoder.normalised(vectors), 2), [[1, 0], [0.5**0.5, 0.5**0.5]])
