"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tmx.languages import is_chinese, is_english
from tmx.model import TranslationUnit

Severity = Literal["neutral", "minor", "major", "critical"]
SEVERITIES: tuple[Severity, ...] = ("neutral", "minor", "major", "critical")
"""As the Multidimensional Quality Metrics (MQM) name them, the least first; neutral is for information only."""

Span = tuple[int, int]
Spans = tuple[Span, ...]


class Doubt(NamedTuple):
    """What a test found: a message for people, where in either text (half-open code point ranges), how grave.

    ``severity`` None is that of the check.
    """

    message: str
    source: Spans = ()
    target: Spans = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, what it means in a few words, and its place in the MQM typology.

    ``category`` is the dimension and the error type ("accuracy/omission"). ``flag`` tells whether a build marks its
    units with it; information and what only a whole document or a termbase can tell is no flag. ``example`` is a pair
    of texts, Chinese and English, that has the fault. ``test`` is None where more than one unit is needed.
    """

    name: str
    meaning: str
    category: str
    severity: Severity
    example: tuple[str, str]
    test: Callable[[TranslationUnit], Iterable[Doubt]] | None = None
    flag: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says about a unit; the spans are half-open code point ranges of its source and its target."""

    check: str
    severity: Severity
    message: str
    source: Spans = ()
    target: Spans = ()


def sides(unit: TranslationUnit) -> tuple[str, str] | None:
    """Return the Chinese and the English text, None for other languages."""
    if is_chinese(unit.source_language) and is_english(unit.target_language):
        return unit.source, unit.target
    if is_english(unit.source_language) and is_chinese(unit.target_language):
        return unit.target, unit.source
    return None


def doubt(unit: TranslationUnit, message: str, chinese: Spans, english: Spans) -> Doubt:
    """Return a doubt about places of the Chinese and of the English text, whichever of them is the source."""
    spans = (chinese, english) if is_chinese(unit.source_language) else (english, chinese)
    return Doubt(message, *spans)
