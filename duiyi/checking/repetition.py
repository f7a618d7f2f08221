"""Checks of one segment against others: the same text translated otherwise, in the document or in the memory."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from duiyi.checking.model import Reference, Segment
from tmx.characters import key
from tmx.checks import Finding, Span

MIN_CHARS = 6  # of a source: headings of two characters are translated as their place demands
NEAR = 60.0  # per cent of likeness below which two targets of sources that differ in figures alone are told
_FIGURES = re.compile(r"[0-9０-９.,，%％]+")
_PIECE = re.compile(r"\w+|[^\w\s]")


def same_source(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """The same source in another translation than where it stood first."""
    first: dict[str, Segment] = {}
    for segment in _of_some_length(segments):
        unit = segment.unit
        earlier = first.setdefault(_key(unit.source), segment)
        if _key(earlier.unit.target) != _key(unit.target):
            message = f"translated otherwise in {_where(segment, earlier)}: {_excerpt(earlier.unit.target)}"
            yield segment, Finding("same-source", "minor", message, (), changed(earlier.unit.target, unit.target))


def same_target(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """The same translation for another source."""
    first: dict[str, Segment] = {}
    for segment in _of_some_length(segments):
        unit = segment.unit
        earlier = first.setdefault(_key(unit.target), segment)
        if _key(earlier.unit.source) != _key(unit.source):
            message = f"the translation of another text in {_where(segment, earlier)}: {_excerpt(earlier.unit.source)}"
            yield segment, Finding("same-target", "neutral", message, changed(earlier.unit.source, unit.source))


def near_source(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """Sources that differ in figures alone, in translations that have little in common."""
    first: dict[str, Segment] = {}
    for segment in segments:
        unit = segment.unit
        bare = _FIGURES.sub("#", _key(unit.source))
        if len(bare) < MIN_CHARS or not unit.target.strip():
            continue
        earlier = first.setdefault(bare, segment)
        if _key(earlier.unit.source) == _key(unit.source):
            continue
        texts = [_FIGURES.sub("#", _key(one.unit.target)) for one in (earlier, segment)]
        if fuzz.ratio(*texts) < NEAR:
            where, there = _where(segment, earlier), _excerpt(earlier.unit.target)
            message = f"but for figures the text of {where}, translated there: {there}"
            yield segment, Finding("near-source", "neutral", message)


def departs_from_memory(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """The memory has this very source, and none of its translations is this one."""
    if reference.memory is None:
        return
    for segment in _of_some_length(segments):
        unit = segment.unit
        known = reference.memory(unit.source)
        if known and _key(unit.target) not in map(_key, known):
            message = f"the memory has: {known[0]}"
            yield segment, Finding("memory-differs", "minor", message, (), changed(known[0], unit.target))


def marks_of_a_minority(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """Straight quotation marks in a document that has curly ones elsewhere, and the reverse."""
    kinds: defaultdict[str, list[tuple[Segment, bool]]] = defaultdict(list)
    for segment in segments:
        target = segment.unit.target
        curly, straight = "“" in target or "”" in target, '"' in target
        if curly != straight:
            kinds[segment.document].append((segment, curly))
    for found in kinds.values():
        share = sum(curly for _, curly in found) / len(found)
        for segment, curly in found:
            if (share if curly else 1 - share) <= MINORITY:
                here, there = ("curly", "straight") if curly else ("straight", "curly")
                message = f"{here} quotation marks; elsewhere in the document they are {there}"
                yield segment, Finding("quotes-style", "neutral", message)


MINORITY = 0.2


def changed(before: str, after: str) -> tuple[Span, ...]:
    """Return the stretches of a text that are not in another, word by word.

    >>> text = "the new era of China"
    >>> [text[slice(*span)] for span in changed("the era of China", text)]
    ['new']
    """
    pieces = [*_PIECE.finditer(after)]
    edits = Levenshtein.opcodes(_PIECE.findall(before), [piece[0] for piece in pieces])
    return tuple(
        (pieces[edit.dest_start].start(), pieces[edit.dest_end - 1].end())
        for edit in edits
        if edit.tag in ("replace", "insert") and edit.dest_end > edit.dest_start
    )


def _of_some_length(segments: Sequence[Segment]) -> Iterator[Segment]:
    for segment in segments:
        if len(segment.unit.source.strip()) >= MIN_CHARS and segment.unit.target.strip():
            yield segment


def _key(text: str) -> str:
    return key(text).strip(" .。")


def _where(segment: Segment, other: Segment) -> str:
    return other.place if segment.document == other.document else f"{other.document}, {other.place}"


def _excerpt(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
