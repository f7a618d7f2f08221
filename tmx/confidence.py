"""Confidence as people read it: four levels, each with a word and a sign, so that colour never speaks alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from tmx.model import Bead

Level = Literal["sure", "fair", "doubtful", "unaligned"]

SURE = 0.9  # calibrated: nine in ten of such beads are right
DOUBTFUL = 0.5  # calibrated: below it a bead is more likely wrong than right


@dataclass(frozen=True, slots=True)
class Mark:
    """A level of confidence: ``level`` names the style, ``sign`` and ``word`` say it without colour."""

    level: str
    sign: str
    word: str

    def __str__(self) -> str:
        return f"{self.sign} {self.word}"


MARKS: Mapping[Level, Mark] = MappingProxyType(
    {
        "sure": Mark("sure", "●", "sure"),
        "fair": Mark("fair", "◐", "fair"),
        "doubtful": Mark("doubtful", "○", "doubtful"),
        "unaligned": Mark("unaligned", "✕", "unaligned"),
    }
)


def confidence_level(confidence: float, *, unaligned: bool = False) -> Level:
    """Return the level of a confidence, 0 to 1; what has no counterpart is unaligned however sure the aligner is.

    >>> confidence_level(0.95), confidence_level(0.7), confidence_level(0.2), confidence_level(0.99, unaligned=True)
    ('sure', 'fair', 'doubtful', 'unaligned')
    """
    if unaligned:
        return "unaligned"
    if confidence >= SURE:
        return "sure"
    return "fair" if confidence >= DOUBTFUL else "doubtful"


def bead_mark(bead: Bead) -> Mark:
    """Return the mark of a bead.

    >>> bead_mark(Bead((3, 4), (5, 5), confidence=0.99)).word
    'unaligned'
    """
    return MARKS[confidence_level(bead.confidence, unaligned=0 in bead.size)]
