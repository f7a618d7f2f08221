"""What a check of a document works on and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from duiyi.recognition import Recogniser
from glossary.model import ConceptEntry
from tmx.checks import Finding
from tmx.files import digest
from tmx.model import TranslationUnit


@dataclass(frozen=True, slots=True)
class Segment:
    """A unit of the translation that is checked, and where it stands; a side may be empty.

    ``number`` counts from 1 through all documents. ``place`` is for people.
    """

    number: int
    unit: TranslationUnit
    document: str
    place: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and the segment it is about. ``verdict`` is what a person said of it: "", "ignore" or "right so"."""

    segment: Segment
    finding: Finding
    verdict: str = ""

    @property
    def id(self) -> str:
        """The same in every run as long as texts and message are the same, wherever the segment stands."""
        unit = self.segment.unit
        return digest([self.finding.check, unit.source, unit.target, self.finding.message], 6).hex()


@dataclass(frozen=True, slots=True)
class Reference:
    """What a translation is checked against.

    ``terms`` recognises the entries, ``prescribed`` are the ids of those that somebody decided about; the others were
    only mined. ``memory`` answers with the targets of a source. ``kept`` are names that stay as they are.
    """

    terms: Recogniser = field(default_factory=lambda: Recogniser(()))
    entries: tuple[ConceptEntry, ...] = ()
    prescribed: frozenset[str] = frozenset()
    memory: Callable[[str], Sequence[str]] | None = None
    kept: tuple[str, ...] = ()


Test = Callable[[Sequence[Segment], Reference], Iterator[tuple[Segment, Finding]]]
