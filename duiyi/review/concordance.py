"""All occurrences of a term in the documents under review, both sides marked, by the rendering that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from duiyi.review.documents import OpenDocument, place_of
from duiyi.review.rows import side_text
from glossary.contexts import shows
from glossary.model import ConceptEntry, Context

Spans = tuple[tuple[int, int], ...]
MAX_SHOWN = 100  # occurrences of each rendering that the page gets; all are counted


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is searched: both texts as they read now, and its place for people."""

    row: int
    source: str
    target: str
    place: str


def lines(opened: OpenDocument) -> tuple[Line, ...]:
    """Return the rows of a document that are translations, for searching."""
    chinese, english = opened.languages
    return tuple(
        Line(index, side_text(row, "source", chinese), side_text(row, "target", english), place_of(row, opened))
        for index, row in enumerate(opened.rows)
        if row.status != "wrong"
    )


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A row that holds the Chinese of a term; ``rendering`` is the wording its English shows, empty if none of ours.

    The spans are half-open ranges of code points.
    """

    document: int
    row: int
    source: str
    target: str
    source_spans: Spans
    target_spans: Spans
    rendering: str
    place: str


def occurrences(entry: ConceptEntry, documents: Iterable[Sequence[Line]]) -> Iterator[Occurrence]:
    """Yield every row with a form of the term, in the order of the documents."""
    forms = chinese_pattern([entry.term, *(variant.text for variant in entry.variants)])
    patterns = [(rendering.text, english_pattern(rendering.text)) for rendering in entry.renderings]
    for number, document in enumerate(documents):
        for line in document:
            found = tuple(match.span() for match in forms.finditer(line.source))
            if found:
                rendering, marked = _rendering(line.target, line.source, patterns)
                yield Occurrence(number, line.row, line.source, line.target, found, marked, rendering, line.place)


def _rendering(target: str, source: str, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> tuple[str, Spans]:
    """Return which rendering a text shows and where: the first of them that is found as it stands, else inflected."""
    for text, pattern in patterns:
        if found := tuple(match.span() for match in pattern.finditer(target)):
            return text, found
    context = Context("", source, target)
    return next((text for text, _ in patterns if shows(context, text)), ""), ()


def chinese_pattern(forms: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the forms, the longest first."""
    return re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))


def english_pattern(text: str) -> re.Pattern[str]:
    """Return a pattern that finds a rendering as whole words, whatever its case, in the plural too.

    >>> english_pattern("developing country").search("the Developing  Country’s debt") is not None
    True
    >>> english_pattern("art").search("a part") is None
    True
    """
    words = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in text.split())
    return re.compile(rf"(?<![^\W_]){words}(?:e?s)?(?![^\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tally:
    """In how many rows the Chinese stands, in how many the English, and in how many both."""

    source: int
    target: int
    both: int


def tally(term: str, rendering: str, documents: Iterable[Sequence[Line]]) -> Tally:
    """Count the rows that hold a term, its rendering, and both; what is empty is in no row."""
    source = target = both = 0
    pattern = english_pattern(rendering) if rendering else None
    for line in chain.from_iterable(documents):
        here = bool(term) and term in line.source
        there = pattern is not None and pattern.search(line.target) is not None
        source, target, both = source + here, target + there, both + (here and there)
    return Tally(source, target, both)
