"""Sentence vectors as further evidence: a hook for any encoder, and a loader for sentence-transformers models.

The aligner needs no model. Who has one gives it to ``tmx.align``; the similarity of vectors is then added to the score
of each bead, beside the evidence of words, lengths and punctuation.
"""

from __future__ import annotations

import os
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from tmx.errors import ToolError

Vectors = npt.NDArray[np.float32]


class EncoderError(ToolError):
    """A sentence encoder is not installed, cannot be loaded, or does not return one vector a sentence."""


class Encoder(Protocol):
    """Anything that turns sentences of both languages into vectors of one space; SentenceTransformer is one."""

    def encode(self, sentences: list[str], /) -> Any:
        """Return an array with a row for each sentence."""


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
