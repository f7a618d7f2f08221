"""Decisions: one frozen dataclass a verb, and who decided what, about what, when.

``VERBS`` names every verb as it stands in the journal. A new verb is a class here, in the union of its kind, with what
was done in words for people (``did``); a line in ``VERBS``; and a branch where it is applied (``beads.py`` or
``terms.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal

from glossary.model import ConceptEntry, PartOfSpeech, Review, TermType, Usage, VariantKind

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Subject = Literal["bead", "unit", "term", "undo"]
Status = Literal["open", "changed", "approved", "doubtful", "wrong"]
Origin = Literal["workbook", "page"]

# --- verbs for terms ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AcceptTerm:
    """The entry is right."""

    did: ClassVar[str] = "accepted"


@dataclass(frozen=True, slots=True)
class RejectTerm:
    """The entry is no term."""

    did: ClassVar[str] = "rejected"


@dataclass(frozen=True, slots=True)
class DiscussTerm:
    """The entry is to be talked about."""

    did: ClassVar[str] = "to be discussed"


@dataclass(frozen=True, slots=True)
class ReopenTerm:
    """Nobody has judged the entry any more."""

    did: ClassVar[str] = "reopened"


@dataclass(frozen=True, slots=True)
class HideTerm:
    """The entry is shown only with a longer one, ``broader`` (its id)."""

    did: ClassVar[str] = "shown with a longer term only"
    broader: str


@dataclass(frozen=True, slots=True)
class EditTerm:
    """What is given of an entry is set; None leaves it. ``review`` "edited" marks it as worked on."""

    did: ClassVar[str] = "edited"
    term: str | None = None
    type: TermType | None = None
    part_of_speech: PartOfSpeech | None = None
    definition: str | None = None
    notes: tuple[str, ...] | None = None
    review: Literal["edited"] | None = None


@dataclass(frozen=True, slots=True)
class SetRendering:
    """The English ``text`` gets the wording ``new``, and the usage and kind that are given.

    Without ``new`` the wording is kept, with an empty one it is taken away; without ``text`` one is added.
    """

    did: ClassVar[str] = "English changed"
    text: str = ""
    new: str | None = None
    usage: Usage | None = None
    kind: VariantKind | None = None


@dataclass(frozen=True, slots=True)
class PreferRendering:
    """The English ``text`` is the preferred one."""

    did: ClassVar[str] = "English preferred"
    text: str


@dataclass(frozen=True, slots=True)
class DeprecateRendering:
    """The English ``text`` is not to be used."""

    did: ClassVar[str] = "English marked as not to be used"
    text: str


@dataclass(frozen=True, slots=True)
class SetVariant:
    """The same as ``SetRendering`` for other Chinese forms."""

    did: ClassVar[str] = "Chinese form changed"
    text: str = ""
    new: str | None = None
    usage: Usage | None = None
    kind: VariantKind | None = None


@dataclass(frozen=True, slots=True)
class MergeInto:
    """The entry becomes part of another one, ``into`` (its id), and its Chinese a variant there."""

    did: ClassVar[str] = "made part of another term"
    into: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """The pair in which a reviewer met a new term: tuid, both texts, and the document with its date and the place."""

    unit: str = ""
    source: str = ""
    target: str = ""
    document: str = ""
    date: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class AddTerm:
    """A new entry. If one stands under this Chinese already, its preferred English is now ``rendering``."""

    did: ClassVar[str] = "added"
    term: str
    rendering: str
    type: TermType = "concept"
    notes: tuple[str, ...] = ()
    context: Sighting | None = None


TermVerb = (
    AcceptTerm
    | RejectTerm
    | DiscussTerm
    | ReopenTerm
    | HideTerm
    | EditTerm
    | SetRendering
    | PreferRendering
    | DeprecateRendering
    | SetVariant
    | MergeInto
    | AddTerm
)

# --- verbs for units ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EditUnit:
    """The sides that are given read so; None leaves a side as it is."""

    did: ClassVar[str] = "reworded"
    source: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class ApproveUnit:
    """The pair is right."""

    did: ClassVar[str] = "approved"


@dataclass(frozen=True, slots=True)
class DoubtUnit:
    """The pair needs a second look."""

    did: ClassVar[str] = "marked as doubtful"


@dataclass(frozen=True, slots=True)
class StrikeUnit:
    """The pair is not a translation."""

    did: ClassVar[str] = "marked as no translation"


@dataclass(frozen=True, slots=True)
class ReopenUnit:
    """Nobody has judged the pair any more."""

    did: ClassVar[str] = "reopened"


@dataclass(frozen=True, slots=True)
class MergeUnit:
    """The row becomes one with the row after it; here the key may also be the id of a row with an empty side."""

    did: ClassVar[str] = "merged with the next row"


UnitVerb = EditUnit | ApproveUnit | DoubtUnit | StrikeUnit | ReopenUnit | MergeUnit

# --- the verb for beads, and undoing ----------------------------------------------------------------------------------

At = int | tuple[int, int]
"""Where a sentence stands: its index among the sentences of the uncut document, or paragraph and offset."""


@dataclass(frozen=True, slots=True)
class PinnedBead:
    """One bead as a reviewer left it: the texts of its sentences, its status and wording, the aligner's confidence.

    ``at`` says where its first sentence stands on either side, for texts that recur and for an empty side. ``read``
    is False for a bead that was only approved together with others.
    """

    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    status: Status = "changed"
    source_text: str | None = None
    target_text: str | None = None
    confidence: float | None = None
    at: tuple[At, At] | None = None
    read: bool = True


@dataclass(frozen=True, slots=True)
class Pin:
    """These beads, one after the other, hold just these sentences.

    The texts find them again when the document has changed. A text that is a part of a sentence cuts it there. ``at``
    is where the run begins.
    """

    did: ClassVar[str] = "put together"
    beads: tuple[PinnedBead, ...] = ()
    at: tuple[At, At] = (0, 0)


@dataclass(frozen=True, slots=True)
class Undo:
    """The decision whose id is the key is taken back; to redo it, its undo is undone."""

    did: ClassVar[str] = "undone"


Verb = TermVerb | UnitVerb | Pin | Undo

VERBS: Mapping[tuple[str, str], type[Verb]] = MappingProxyType(
    {
        ("term", "accept"): AcceptTerm,
        ("term", "reject"): RejectTerm,
        ("term", "discuss"): DiscussTerm,
        ("term", "reopen"): ReopenTerm,
        ("term", "hide"): HideTerm,
        ("term", "edit"): EditTerm,
        ("term", "rendering"): SetRendering,
        ("term", "prefer"): PreferRendering,
        ("term", "deprecate"): DeprecateRendering,
        ("term", "variant"): SetVariant,
        ("term", "merge"): MergeInto,
        ("term", "add"): AddTerm,
        ("unit", "edit"): EditUnit,
        ("unit", "approve"): ApproveUnit,
        ("unit", "doubt"): DoubtUnit,
        ("unit", "wrong"): StrikeUnit,
        ("unit", "open"): ReopenUnit,
        ("unit", "merge"): MergeUnit,
        ("bead", "pin"): Pin,
        ("undo", "undo"): Undo,
    }
)
_NAMES: dict[type, tuple[Subject, str]] = {verb: name for name, verb in VERBS.items()}  # type: ignore[misc]

JUDGED: Mapping[type, Review] = MappingProxyType(
    {AcceptTerm: "accepted", RejectTerm: "rejected", DiscussTerm: "discuss", ReopenTerm: "candidate"}
)
"""The review status which a verb gives an entry."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a reviewer decided.

    ``key`` says about what: a term by its entry id, a unit by its tuid, beads by the name of their document, an undo
    by the id of the decision it takes back. ``document`` names the document of units and beads; it is empty for terms
    and in journals of version 0.1. ``about`` names the thing to people, as it stood. ``time`` is ISO 8601 UTC.
    ``step`` holds the decisions together that were made at one stroke. ``id`` is unique and grows; the journal gives
    it.

    A judgement of a term binds: ``seen`` is the entry as it was judged, without numbers, and ``against`` are the
    wordings which the documents had then and the reviewer passed over. Journals of version 0.1 have neither.
    """

    key: str
    verb: Verb
    document: str = ""
    origin: Origin = "workbook"
    reviewer: str = ""
    time: str = ""
    step: str = ""
    about: str = ""
    seen: ConceptEntry | None = None
    against: tuple[str, ...] = ()
    id: str = ""

    @property
    def subject(self) -> Subject:
        """What the decision is about."""
        return _NAMES[type(self.verb)][0]

    @property
    def action(self) -> str:
        """The name of the verb, as the journal writes it."""
        return _NAMES[type(self.verb)][1]

    @property
    def did(self) -> str:
        """What was done and by whom, for people."""
        return self.verb.did + (f" by {self.reviewer}" if self.reviewer else "")

    @property
    def words(self) -> str:
        """What the decision is about, for people."""
        verb = self.verb
        if self.about:
            return self.about
        if isinstance(verb, AddTerm):
            return f"{verb.term} = {verb.rendering}"
        if isinstance(verb, Pin):
            texts = (text for bead in verb.beads for text in (*bead.source, *bead.target))
            return f"{self.key}, {next(texts, '')[:SHOWN]}"
        return f"{self.subject} {self.key}"


SHOWN = 40  # characters of a text that name a pair


@dataclass(frozen=True, slots=True)
class Misfit:
    """A decision that no longer fits what was built, and why."""

    decision: Decision
    reason: str

    def __str__(self) -> str:
        return f"{self.decision.words} ({self.decision.did}): {self.reason}"


def given(value: DataclassInstance) -> dict[str, object]:
    """Return the fields of a dataclass that are not as usual, and in those it holds likewise.

    >>> given(SetRendering("CPC", usage="preferred"))
    {'text': 'CPC', 'usage': 'preferred'}
    """
    values = {f.name: (getattr(value, f.name), f.default) for f in fields(value)}
    return {name: _plain(held) for name, (held, usual) in values.items() if usual is MISSING or held != usual}


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return given(value)
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value
