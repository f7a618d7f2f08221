"""Sentences that are missing in a segment of several, or that the translation added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from duiyi.checking.model import Reference, Segment
from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.lexicon import Lexicon, load
from tmx.checks import Finding, Span
from tmx.languages import is_english
from tmx.segmentation import segment as cut

MIN_CHINESE, MIN_ENGLISH = 8, 30  # characters and letters; a cry or an "(Applause.)" may be missing
MIN_CONFIDENCE = 0.5


def sentences_missing(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """A sentence of a segment has no counterpart in it, or a whole segment has none."""
    for segment in segments:
        unit = segment.unit
        if not is_english(unit.target_language) or not unit.source.strip() or not unit.target.strip():
            continue
        source, target = (
            cut(text, tag) for text, tag in ((unit.source, unit.source_language), (unit.target, unit.target_language))
        )
        if len(source) > 1 or len(target) > 1:
            yield from ((segment, finding) for finding in _one_sided(segment, source, target))


def _one_sided(segment: Segment, source: Sequence[Span], target: Sequence[Span]) -> Iterator[Finding]:
    unit = segment.unit
    texts = [
        [text[start:end] for start, end in spans] for text, spans in ((unit.source, source), (unit.target, target))
    ]
    for bead in align(texts[0], texts[1], AlignmentOptions(), lexicon=_lexicon()):
        if bead.confidence < MIN_CONFIDENCE or 0 not in bead.size:
            continue
        side = 0 if bead.size[0] else 1
        run = (source, target)[side][slice(*(bead.source, bead.target)[side])]
        span = (run[0][0], run[-1][1])
        words = (unit.source, unit.target)[side][slice(*span)]
        if len(words) < (MIN_CHINESE, MIN_ENGLISH)[side]:
            continue
        if side == 0:
            yield Finding("sentence-missing", "major", f"not translated: {_excerpt(words)}", (span,))
        else:
            yield Finding("sentence-added", "minor", f"not in the Chinese: {_excerpt(words)}", (), (span,))


def _excerpt(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return load()
