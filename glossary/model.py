"""The data types of the glossary half: contexts, renderings, concept entries.

*Source* is Chinese and *target* English, as in ``tmx.model``. A concept entry stands under one Chinese preferred
term; its English renderings are grouped beneath it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Literal

TermType = Literal[
    "concept",
    "institution",
    "person",
    "event",
    "initiative",
    "slogan",
    "title",
    "place",
    "abbreviation",
    "phrase",
    "other",
]
PartOfSpeech = Literal["noun", "verb", "adjective", "adverb", "properNoun", "phrase", "other"]
Usage = Literal["preferred", "admitted", "superseded", "deprecated"]
DOUBTED = (
    "status-unknown:"  # begins a property of an entry: the rendering it goes on with has a status nobody here knows
)
NOT_TO_USE: tuple[Usage, ...] = ("deprecated", "superseded")  # what a translator is warned of
Review = Literal["candidate", "accepted", "edited", "rejected", "discuss"]
VariantKind = Literal["main", "synonym", "short form", "full form", "abbreviation", "spelling"]
TermList = Literal["recurring", "once"]
Domain = Literal["political", "other", "general"]
KnownStatus = Literal["", "known", "conflicting", "new"]
ReasonCode = Literal[
    "recurs", "quoted", "dictionary", "name", "abbreviated", "strength", "kept", "reviewer", "otherwise", "other"
]


def entry_id(term: str) -> str:
    """Return the stable id of an entry, which depends on its Chinese term alone."""
    return "c-" + hashlib.sha256(term.encode()).hexdigest()[:10]


def pattern_id(source: str) -> str:
    """Return the stable id of a phrase pattern, which depends on its Chinese alone."""
    return "p-" + hashlib.sha256(source.encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an entry is listed: a code and the values its wording shows (``glossary.reasons`` puts it in words)."""

    code: ReasonCode
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A translation unit that shows a term in use, rendered as marked (``glossary.contexts`` tells which rendering).

    ``source_spans`` and ``target_spans`` are the half-open code point ranges of the term in either text.
    """

    unit: str
    source: str
    target: str
    source_spans: tuple[tuple[int, int], ...] = ()
    target_spans: tuple[tuple[int, int], ...] = ()
    document: str = ""
    date: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another Chinese form of the same concept, with its number of occurrences."""

    text: str
    kind: VariantKind = "synonym"
    usage: Usage = "admitted"
    count: int = 0


@dataclass(frozen=True, slots=True)
class Rendering:
    """One English rendering of a concept.

    Used ``count`` times out of the ``ConceptEntry.count`` occurrences of the Chinese. ``first`` and ``last`` are
    ISO dates (empty if no document is dated), ``documents`` the names of the documents, in order of date then name.
    ``kind`` is "abbreviation" for CPC beside Communist Party of China.
    """

    text: str
    usage: Usage = "preferred"
    kind: VariantKind = "main"
    count: int = 1
    first: str = ""
    last: str = ""
    first_document: str = ""
    last_document: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """One concept: its Chinese term and variants, its English renderings, evidence and status.

    ``id`` is stable: it depends on the Chinese term alone. ``renderings`` has exactly one preferred, first.
    ``count`` is the number of occurrences of the Chinese (all variants), ``units`` the number of translation units
    that hold one. ``score`` is the probability that a terminologist keeps the entry; entries stand best first:
    those of the political list, then the others; in either list strong terms that recur, then the others by score.
    ``domain`` is that list (general vocabulary is a third one, left out by default), ``political`` the probability
    that the term is political or an official name. ``reasons`` says why the entry was kept. ``broader``
    is the id of a longer entry outside which this one never occurs, or empty: such entries are hidden by default.
    ``known`` tells how it stands to a termbase the user gave. ``properties`` keeps fields of an imported termbase
    that the model has no name for.
    """

    id: str
    term: str
    renderings: tuple[Rendering, ...]
    variants: tuple[Variant, ...] = ()
    type: TermType = "concept"
    part_of_speech: PartOfSpeech = "noun"
    list: TermList = "recurring"
    domain: Domain = "other"
    political: float = 0.0
    review: Review = "candidate"
    count: int = 1
    units: int = 1
    score: float = 0.0
    contexts: tuple[Context, ...] = ()
    reasons: tuple[Reason, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    broader: str = ""
    known: KnownStatus = ""
    definition: str = ""
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def preferred(self) -> Rendering:
        """The preferred English rendering."""
        return next((r for r in self.renderings if r.usage == "preferred"), self.renderings[0])


SLOTS = ("X", "Y")  # how a phrase pattern writes its gaps, in their order


@dataclass(frozen=True, slots=True)
class PhrasePattern:
    """A formula with slots that recurs (坚持X是中国外交的Y), with its instances.

    ``source`` and ``target`` write the slots as X and Y. Each instance gives the filled Chinese and English.
    """

    id: str
    source: str
    target: str
    instances: tuple[Context, ...]
    slots: tuple[tuple[str, ...], ...] = ()

    @property
    def filled(self) -> Iterator[tuple[Context, tuple[str, ...]]]:
        """Each instance with what fills its gaps, as people read it.

        >>> pattern = PhrasePattern("p", "坚持X是外交的Y", "X is Y", (Context("1", "", ""),), (("和平", "宗旨"),))
        >>> [filling for _, filling in pattern.filled]
        [('X = 和平', 'Y = 宗旨')]
        """
        for instance, texts in zip(self.instances, chain(self.slots, repeat(())), strict=False):
            yield instance, tuple(f"{name} = {text}" for name, text in zip(SLOTS, texts, strict=False))


@dataclass(frozen=True, slots=True)
class Rejection:
    """A candidate that was not listed, and why; shown by ``--explain``."""

    source: str
    target: str
    reason: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Glossary:
    """What term extraction gives: ranked entries, phrase patterns, and what was rejected.

    ``properties`` keeps what an imported termbase says about itself as a whole.
    """

    entries: tuple[ConceptEntry, ...]
    patterns: tuple[PhrasePattern, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    source_language: str = "zh-CN"
    target_language: str = "en-US"
    properties: tuple[tuple[str, str], ...] = ()
