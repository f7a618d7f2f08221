"""Confidence as people read it: four levels, each with a word and a sign, so that colour never speaks alone."""

from __future__ import annotations

from dataclasses import dataclass

from tmx.model import Bead

SURE = 0.9  # calibrated: nine in ten of such beads are right
DOUBTFUL = 0.5  # calibrated: below it a bead is more likely wrong than right


@dataclass(frozen=True, slots=True)
class Mark:
    """A level of confidence: ``level`` names the style, ``sign`` and ``word`` say it without colour."""

    level: str
    sign: str
    word: str


MARKS = {
    "sure": Mark("sure", "●", "sure"),
    "fair": Mark("fair", "◐", "fair"),
    "doubtful": Mark("doubtful", "○", "doubtful"),
    "unaligned": Mark("unaligned", "✕", "unaligned"),
}


def confidence_mark(confidence: float) -> Mark:
    """Return the mark of a confidence, 0 to 1.

    >>> confidence_mark(0.95).word, confidence_mark(0.7).word, confidence_mark(0.2).word
    ('sure', 'fair', 'doubtful')
    """
    if confidence >= SURE:
        return MARKS["sure"]
    return MARKS["fair"] if confidence >= DOUBTFUL else MARKS["doubtful"]


def bead_mark(bead: Bead) -> Mark:
    """Return the mark of a bead; one with an empty side is unaligned however sure the aligner is of it.

    >>> bead_mark(Bead((3, 4), (5, 5), confidence=0.99)).word
    'unaligned'
    """
    return MARKS["unaligned"] if 0 in bead.size else confidence_mark(bead.confidence)
