"""What accepting and rejecting a term bind, and what the documents bring against it.

An accepted entry keeps its Chinese (its border), its type and its wordings as the reviewer saw them, and stays when the
documents no longer give it by themselves. Counts and dates go on following the documents. A wording which the reviewer
has not seen does not enter the entry; it is a conflict, shown with its sentences until somebody decides on it: accepts
the entry again, or sets that wording.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from duiyi.decisions.model import Decision
from glossary.contexts import shows
from glossary.model import ConceptEntry, Context, Reason, Rendering, Variant

AROUND = 30  # Chinese characters shown on either side of a term in a line; twice as many English ones
SEEN_CONTEXTS = 1  # contexts that a decision keeps, so that an entry that is found no more has one
ConflictKind = Literal["preferred", "rendering", "gone"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the documents bring against a decision about a term.

    ``kind``: "preferred" they mostly have another wording, "rendering" they have a wording that nobody had seen,
    "gone" they no longer give the term by themselves. ``text`` is that wording and ``count`` how often they have it;
    ``contexts`` are sentences that show it.
    """

    entry: str
    kind: ConflictKind
    decision: Decision
    words: str
    text: str = ""
    count: int = 0
    contexts: tuple[Context, ...] = ()

    def __str__(self) -> str:
        start = f"{self.words} ({self.decision.did}) stays as it is"
        if self.kind == "gone":
            return f"{start}: the documents no longer give it by themselves"
        times = "once" if self.count == 1 else f"{self.count} times"
        often = f"now rather have “{self.text}”" if self.kind == "preferred" else f"also have “{self.text}”"
        return f"{start}: the documents {often} ({times}){''.join(map(_quoted, self.contexts[:1]))}"


def _quoted(context: Context) -> str:
    source = _around(context.source, context.source_spans, AROUND)
    target = _around(context.target, context.target_spans, 2 * AROUND)
    return f": {source} / {target} ({context.document}, {context.place})"


def _around(text: str, spans: Sequence[tuple[int, int]], width: int) -> str:
    """Return what stands around the first span of a text, ``width`` characters on either side."""
    start, end = spans[0] if spans else (0, 0)
    begin, stop = max(0, start - width), min(len(text), end + width)
    return ("…" if begin else "") + text[begin:stop].strip() + ("…" if stop < len(text) else "")


def words_of(entry: ConceptEntry) -> str:
    """Return how an entry is named to people.

    >>> words_of(ConceptEntry("c1", "多边主义", (Rendering("multilateralism"),)))
    '多边主义 = multilateralism'
    """
    return f"{entry.term} = {entry.preferred.text}"


def as_seen(entry: ConceptEntry) -> ConceptEntry:
    """Return what a decision keeps of the entry that was judged; a count of 0: the documents did not have it."""
    renderings = tuple(_uncounted(rendering) for rendering in entry.renderings)
    variants = tuple(replace(variant, count=0) for variant in entry.variants)
    contexts = entry.contexts[:SEEN_CONTEXTS]
    return replace(
        entry,
        renderings=renderings,
        variants=variants,
        contexts=contexts,
        units=0,
        score=0.0,
        reasons=(),
        first="",
        last="",
    )


def bound(found: ConceptEntry | None, seen: ConceptEntry) -> ConceptEntry:
    """Return an accepted entry: what was seen, with the numbers of what is found (None: nothing is)."""
    if found is None:
        return replace(seen, review="accepted", count=0, reasons=(Reason("reviewer"),))
    renderings = {rendering.text: rendering for rendering in found.renderings}
    variants = {variant.text: variant for variant in found.variants}
    contexts = found.contexts
    if renderings.keys() - {rendering.text for rendering in seen.renderings}:  # some may show what was not seen
        contexts = tuple(c for c in contexts if any(shows(c, rendering.text) for rendering in seen.renderings))
    return replace(
        seen,
        review="accepted",
        renderings=tuple(_with_numbers(r, renderings.get(r.text)) for r in seen.renderings),
        variants=tuple(_with_count(v, variants.get(v.text)) for v in seen.variants),
        contexts=contexts or seen.contexts,
        domain=found.domain,
        political=found.political,
        count=found.count,
        units=found.units,
        score=found.score,
        reasons=found.reasons,
        sources=found.sources,
        first=found.first,
        last=found.last,
        known=found.known,
    )


def _uncounted(rendering: Rendering) -> Rendering:
    return Rendering(rendering.text, rendering.usage, rendering.kind, 0)


def _with_numbers(seen: Rendering, found: Rendering | None) -> Rendering:
    return replace(found, usage=seen.usage, kind=seen.kind) if found else seen


def _with_count(seen: Variant, found: Variant | None) -> Variant:
    return replace(seen, count=found.count) if found else seen


def conflicts(
    decision: Decision, entry: ConceptEntry, found: ConceptEntry | None, settled: Collection[str]
) -> Iterator[Conflict]:
    """Give what the documents bring against an accepted or rejected entry as it stands now.

    ``found`` is the entry as the documents give it, before any decision; wordings in ``settled`` were decided on.
    """
    seen = decision.seen
    if seen is None:
        return
    if found is None:
        if entry.review == "accepted" and seen.count:
            yield Conflict(entry.id, "gone", decision, words_of(entry))
        return
    rejected = entry.review == "rejected"
    for text in brought(seen if rejected else entry, found):
        preferred = text == found.preferred.text
        if text in settled or (rejected and not preferred):
            continue
        rendering = next(rendering for rendering in found.renderings if rendering.text == text)
        contexts = tuple(context for context in found.contexts if shows(context, text))
        kind: ConflictKind = "preferred" if preferred else "rendering"
        words = words_of(seen if rejected else entry)
        yield Conflict(entry.id, kind, decision, words, text, rendering.count, contexts)


def brought(entry: ConceptEntry, found: ConceptEntry) -> tuple[str, ...]:
    """Return the wordings of an entry as the documents give it which the decided entry lacks or does not prefer.

    A name with a form of address before it is no other wording: Mr Yip Siu-lun for Yip Siu-lun.
    """
    held = {_plain(rendering.text) for rendering in entry.renderings}
    preferred = found.preferred.text
    return tuple(
        rendering.text
        for rendering in found.renderings
        if _plain(rendering.text) not in held
        or (rendering.text == preferred and _plain(preferred) != _plain(entry.preferred.text))
    )


_ADDRESS = re.compile(r"(?:(?:the )?(?:mrs?|ms|miss|madam|dr|prof(?:essor)?|sir|dame|hon(?:ou?rable)?)\b\.? )+", re.I)


def _plain(text: str) -> str:
    return text[match.end() :] if (match := _ADDRESS.match(text)) else text
