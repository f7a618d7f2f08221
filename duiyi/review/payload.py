"""What the page gets: rows, queue and terms as JSON values."""

from __future__ import annotations

from collections.abc import Iterable

from duiyi.decisions.binding import Conflict
from duiyi.review import rows as actions
from duiyi.review.concordance import MAX_SHOWN, Occurrence
from duiyi.review.documents import OpenDocument, place_of, sides_of
from duiyi.review.queue import reasons
from duiyi.review.rows import Row, Splice
from glossary.model import ConceptEntry, Context
from tmx.confidence import Level, confidence_level


def _level(row: Row) -> Level:
    return confidence_level(row.confidence, unaligned=not row.source or not row.target)


def row_json(row: Row, opened: OpenDocument) -> dict[str, object]:
    """Return a row of a document."""
    data: dict[str, object] = {
        "s": [s.text for s in row.source],
        "t": [t.text for t in row.target],
        "c": round(row.confidence, 4),
        "l": _level(row),
        "st": row.status,
        "p": place_of(row, opened),
    }
    if row.source_text is not None:
        data["es"] = row.source_text
    if row.target_text is not None:
        data["et"] = row.target_text
    if row.flags:
        data["f"] = row.flags
    return data


def queue_json(document: int, index: int, gain: float, opened: OpenDocument) -> dict[str, object]:
    """Return a row of the queue."""
    row = opened.rows[index]
    side, language = sides_of(opened)[0 if row.source else 1]
    return {
        "document": document,
        "row": index,
        "gain": round(gain, 4),
        "level": _level(row),
        "confidence": round(row.confidence, 4),
        "text": actions.side_text(row, side, language)[:80],
        "side": side,
        "flags": row.flags,
        "why": reasons(row),
    }


def splice_json(splice: Splice, opened: OpenDocument) -> dict[str, object]:
    """Return which rows of a document are replaced by which."""
    return {
        "index": splice.index,
        "removed": len(splice.before),
        "rows": [row_json(row, opened) for row in splice.after],
    }


def entry_json(entry: ConceptEntry) -> dict[str, object]:
    """Return an entry of the glossary."""
    return {
        "id": entry.id,
        "term": entry.term,
        "renderings": [{"text": r.text, "usage": r.usage, "kind": r.kind, "count": r.count} for r in entry.renderings],
        "variants": [{"text": v.text, "kind": v.kind, "count": v.count} for v in entry.variants],
        "type": entry.type,
        "pos": entry.part_of_speech,
        "definition": entry.definition,
        "known": entry.known,
        "first": entry.first,
        "last": entry.last,
        "list": entry.list,
        "domain": entry.domain,
        "review": entry.review,
        "count": entry.count,
        "score": round(entry.score, 4),
        "broader": entry.broader,
        "reasons": [(reason.code, reason.values) for reason in entry.reasons],
        "notes": entry.notes,
        "contexts": [_context_json(context) for context in entry.contexts],
    }


def conflict_json(conflict: Conflict) -> dict[str, object]:
    """Return what the documents bring against a judged term."""
    return {
        "kind": conflict.kind,
        "text": conflict.text,
        "count": conflict.count,
        "did": conflict.decision.did,
        "contexts": [_context_json(context) for context in conflict.contexts],
    }


def _context_json(context: Context) -> dict[str, object]:
    return {
        "source": _pieces(context.source, context.source_spans),
        "target": _pieces(context.target, context.target_spans),
        "unit": context.unit,
        "document": context.document,
        "place": context.place,
        "date": context.date,
    }


def occurrences_json(found: Iterable[Occurrence], entry: ConceptEntry) -> list[dict[str, object]]:
    """Return the occurrences of a term, a group for each rendering and one (with an empty name) for all others."""
    groups: dict[str, list[Occurrence]] = {rendering.text: [] for rendering in entry.renderings}
    for occurrence in found:
        groups.setdefault(occurrence.rendering, []).append(occurrence)
    return [
        {"rendering": rendering, "count": len(group), "items": [_occurrence_json(o) for o in group[:MAX_SHOWN]]}
        for rendering, group in groups.items()
    ]


def _occurrence_json(occurrence: Occurrence) -> dict[str, object]:
    return {
        "document": occurrence.document,
        "row": occurrence.row,
        "place": occurrence.place,
        "source": _pieces(occurrence.source, occurrence.source_spans),
        "target": _pieces(occurrence.target, occurrence.target_spans),
    }


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, each with whether it is the term; the page counts other units than code points."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        if start < end:
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]
