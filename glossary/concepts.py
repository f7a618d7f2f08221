"""Concept entries: the renderings of one Chinese term grouped, judged, dated and shown in use."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from glossary.model import ConceptEntry, Context, Glossary, Rendering
from glossary.ranking import Pair, RankedTerm
from tmx.model import TranslationUnit

FLOORS = {"strict": 0.45, "balanced": 0.2, "wide": 0.0}
MAX_CONTEXTS = 3


def entries(
    ranked: Sequence[RankedTerm], units: Sequence[TranslationUnit], abbreviations: dict[str, str], strictness: str
) -> Glossary:
    """Return the glossary of the ranked terms."""
    rows = [_entry(term, units, abbreviations) for term in ranked if term.score >= FLOORS[strictness]]
    return Glossary(entries=tuple(rows))


def entry_id(term: str) -> str:
    """Return the stable id of an entry, which depends on its Chinese term alone."""
    return "c-" + hashlib.sha256(term.encode()).hexdigest()[:10]


def _entry(term: RankedTerm, units: Sequence[TranslationUnit], abbreviations: dict[str, str]) -> ConceptEntry:
    pair = term.pairs[0]
    renderings = [_rendering(pair, units)]
    contexts = tuple(_context(pair, item.unit, units) for item in pair.occurrences[:MAX_CONTEXTS])
    return ConceptEntry(
        id=entry_id(term.source),
        term=term.source,
        renderings=tuple(renderings),
        list="recurring" if term.count > 1 else "once",
        count=term.count,
        units=len({item.unit for item in pair.occurrences}),
        score=round(min(term.score, 1.0), 4),
        contexts=contexts,
    )


def _rendering(pair: Pair, units: Sequence[TranslationUnit]) -> Rendering:
    return Rendering(text=pair.target, count=pair.support)


def _context(pair: Pair, index: int, units: Sequence[TranslationUnit]) -> Context:
    unit = units[index]
    spans = [item for item in pair.occurrences if item.unit == index]
    return Context(
        unit=unit.id,
        source=unit.source,
        target=unit.target,
        source_spans=tuple(sorted({item.source_span for item in spans})),
        target_spans=tuple(sorted({item.target_span for item in spans})),
        document=unit.document,
        date=unit.date,
        place=unit.place,
    )
