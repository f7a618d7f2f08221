"""What can be done to terms, as pure functions: a request of the page becomes verbs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from duiyi.decisions.model import (
    AcceptTerm,
    AddTerm,
    DeprecateRendering,
    DiscussTerm,
    EditTerm,
    HideTerm,
    MergeInto,
    PreferRendering,
    RejectTerm,
    ReopenTerm,
    SetRendering,
    SetVariant,
    Sighting,
    TermVerb,
)
from duiyi.review.rows import ReviewError
from glossary.contexts import context_of
from glossary.model import ConceptEntry, Glossary, PartOfSpeech, TermType, Usage, VariantKind, entry_id

T = TypeVar("T")
Chosen = tuple[str, TermVerb]
"""An entry's id and what is decided about it."""

JUDGEMENTS: Mapping[str, TermVerb] = {
    "accept": AcceptTerm(),
    "reject": RejectTerm(),
    "discuss": DiscussTerm(),
    "reopen": ReopenTerm(),
}


class WantedRendering(msgspec.Struct, frozen=True):
    """An English wording as the reviewer wants it; ``was`` is what it read before, empty for a new one."""

    text: str
    usage: Usage = "admitted"
    was: str = ""


class WantedVariant(msgspec.Struct, frozen=True):
    """Another Chinese form as the reviewer wants it; ``was`` is what it read before, empty for a new one."""

    text: str
    kind: VariantKind = "synonym"
    was: str = ""


class WantedEntry(msgspec.Struct, frozen=True):
    """An entry as the reviewer wants it."""

    term: str
    type: TermType
    part_of_speech: PartOfSpeech
    renderings: tuple[WantedRendering, ...]
    variants: tuple[WantedVariant, ...] = ()
    definition: str = ""
    notes: tuple[str, ...] = ()


class Split(msgspec.Struct, frozen=True):
    """What leaves an entry for one of its own: a Chinese form and the English wordings that go with it."""

    term: str
    renderings: tuple[str, ...]


class NewTerm(msgspec.Struct, frozen=True):
    """A term to add."""

    term: str
    rendering: str
    type: TermType = "concept"
    note: str = ""


def decide(glossary: Glossary, name: str, request: Mapping[str, object]) -> tuple[list[Chosen], str]:
    """Return what an action of the page decides, and the id of the entry to show after it.

    Judgements, ``edit`` of the type alone and ``merge`` take several entries at once (``entries``), the others one.

    Raises:
        ReviewError: the action cannot be done.
    """
    chosen = _chosen(glossary, request)
    entry = chosen[0]
    match name:
        case "accept" | "reject" | "discuss" | "reopen":
            return [(each.id, JUDGEMENTS[name]) for each in chosen], entry.id
        case "type":
            wanted = convert({"type": request.get("type")}, EditTerm)
            return [(each.id, wanted) for each in chosen if each.type != wanted.type], entry.id
        case "prefer":
            return [(entry.id, _preferred(entry, str(request.get("rendering", ""))))], entry.id
        case "avoid":
            return _avoided(entry, str(request.get("rendering", "")), _line(request.get("instead"))), entry.id
        case "edit":
            return _edited(glossary, entry, convert(request.get("wanted"), WantedEntry)), entry.id
        case "split":
            wanted_split = convert(request.get("wanted"), Split)
            return _split(glossary, entry, wanted_split), entry_id(_line(wanted_split.term))
        case "variant":
            into = str(request.get("of", ""))
            if any(into == each.id for each in chosen) or all(each.id != into for each in glossary.entries):
                raise ReviewError("variant-of-which")
            return [(each.id, MergeInto(into)) for each in chosen], into
        case "hide":
            shorter = [other for each in chosen for other in shorter_terms(glossary, each)]
            if not shorter:
                raise ReviewError("no-shorter-term", term=entry.term)
            longest = {other.id: each.id for each in chosen for other in shorter_terms(glossary, each)}
            return [(other, HideTerm(longer)) for other, longer in longest.items()], entry.id
    raise ReviewError("no-such-action", name=name)


def add(glossary: Glossary, request: Mapping[str, object], seen: Sighting | None) -> tuple[list[Chosen], str]:
    """Return the adding of a term, met in the pair ``seen``, and the id under which it stands."""
    new = convert({key: request[key] for key in ("term", "rendering", "type", "note") if key in request}, NewTerm)
    term, rendering = _line(new.term), _line(new.rendering)
    if not term or not rendering:
        raise ReviewError("term-needs-both")
    existing = next((entry for entry in glossary.entries if entry.term == term), None)
    id_ = existing.id if existing else entry_id(term)
    notes = (note,) if (note := new.note.strip()) else ()
    return [(id_, AddTerm(term, rendering, new.type, notes, seen))], id_


def convert(value: object, wanted: type[T]) -> T:
    """Return what the page sent as one of our types.

    Raises:
        ReviewError: it is none.
    """
    try:
        return msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        raise ReviewError("no-proper-value", name=str(error)) from error


def shorter_terms(glossary: Glossary, entry: ConceptEntry) -> list[ConceptEntry]:
    """Return the entries inside a longer one that nobody has accepted and that are not hidden yet."""
    return [
        other
        for other in glossary.entries
        if other.id != entry.id
        and other.term in entry.term
        and not other.broader
        and other.review in {"candidate", "discuss"}
    ]


def _chosen(glossary: Glossary, request: Mapping[str, object]) -> list[ConceptEntry]:
    wanted = request.get("entries", [request.get("entry")])
    entries = {entry.id: entry for entry in glossary.entries}
    if not isinstance(wanted, list) or not wanted or any(not isinstance(w, str) or w not in entries for w in wanted):
        raise ReviewError("no-such-term")
    return [entries[key] for key in dict.fromkeys(wanted)]


def _line(text: object) -> str:
    return " ".join(str(text or "").split())


def _preferred(entry: ConceptEntry, rendering: str) -> PreferRendering:
    if rendering == entry.preferred.text:
        raise ReviewError("preferred-already")
    return PreferRendering(rendering)


def _avoided(entry: ConceptEntry, rendering: str, instead: str) -> list[Chosen]:
    """Mark a wording as not to be used, and prefer another one in its place."""
    if not instead or instead == rendering:
        raise ReviewError("which-instead")
    known = {held.text for held in entry.renderings}
    verbs: list[TermVerb] = []
    if instead != entry.preferred.text:
        verbs.append(SetRendering(instead if instead in known else "", instead, "preferred"))
    verbs.append(DeprecateRendering(rendering) if rendering in known else SetRendering("", rendering, "deprecated"))
    return [(entry.id, verb) for verb in verbs]


def _edited(glossary: Glossary, entry: ConceptEntry, wanted: WantedEntry) -> list[Chosen]:
    """Return the decisions that make an entry what the reviewer wants it to be."""
    term = _line(wanted.term)
    if not term or not any(_line(rendering.text) for rendering in wanted.renderings):
        raise ReviewError("term-needs-both")
    twin = next((other for other in glossary.entries if other.term == term and other.id != entry.id), None)
    if twin:
        raise ReviewError("term-stands-already", term=term)
    changes = {
        name: value
        for name, value in (
            ("term", term),
            ("type", wanted.type),
            ("part_of_speech", wanted.part_of_speech),
            ("definition", wanted.definition.strip()),
            ("notes", tuple(filter(None, map(str.strip, wanted.notes)))),
        )
        if value != getattr(entry, name)
    }
    verbs: list[TermVerb] = [convert(changes, EditTerm)] if changes else []
    verbs += _renderings(entry, wanted.renderings)
    verbs += _variants(entry, wanted.variants)
    return [(entry.id, verb) for verb in verbs]


def _renderings(entry: ConceptEntry, wanted: Iterable[WantedRendering]) -> Iterator[SetRendering]:
    """Yield what changes the English wordings; those that go come last, so that one always stays."""
    kept = [(rendering, text) for rendering in wanted if (text := _line(rendering.text))]
    texts = [text for _, text in kept]
    if len(set(texts)) < len(texts):
        raise ReviewError("rendering-twice")
    if [rendering.usage for rendering, _ in kept].count("preferred") != 1:
        raise ReviewError("one-preferred")
    held = {rendering.text: rendering for rendering in entry.renderings}
    for rendering, text in sorted(kept, key=lambda pair: pair[0].usage == "preferred"):
        old = held.get(rendering.was)
        if old is None:
            yield SetRendering("", text, rendering.usage)
        elif (old.text, old.usage) != (text, rendering.usage):
            yield SetRendering(old.text, text, rendering.usage)
    stay = {rendering.was for rendering, _ in kept}
    yield from (SetRendering(text, "") for text in held if text not in stay and text not in texts)


def _variants(entry: ConceptEntry, wanted: Iterable[WantedVariant]) -> Iterator[SetVariant]:
    """Yield what changes the other Chinese forms."""
    kept = [(variant, text) for variant in wanted if (text := _line(variant.text))]
    held = {variant.text: variant for variant in entry.variants}
    stay = {variant.was for variant, _ in kept}
    yield from (SetVariant(text, "") for text in held if text not in stay)
    for variant, text in kept:
        old = held.get(variant.was)
        if old is None or (old.text, old.kind) != (text, variant.kind):
            yield SetVariant(old.text if old else "", text, kind=variant.kind)


def _split(glossary: Glossary, entry: ConceptEntry, wanted: Split) -> list[Chosen]:
    """Make an entry of a Chinese form and the wordings that belong to it, and take both out of the old one."""
    term = _line(wanted.term)
    held = [rendering.text for rendering in entry.renderings]
    if not term or not wanted.renderings or any(text not in held for text in wanted.renderings):
        raise ReviewError("term-needs-both")
    if term == entry.term:
        raise ReviewError("split-same-term", term=term)
    if len(set(wanted.renderings)) == len(held):
        raise ReviewError("split-leaves-nothing")
    adding, new = add(glossary, {"term": term, "rendering": wanted.renderings[0]}, _sighting(entry, wanted))
    known = {rendering.text for e in glossary.entries if e.id == new for rendering in e.renderings}
    more: list[Chosen] = [(new, SetRendering("", text)) for text in wanted.renderings[1:] if text not in known]
    gone: list[Chosen] = [(entry.id, SetRendering(text, "")) for text in wanted.renderings]
    form = [(entry.id, SetVariant(term, ""))] if any(variant.text == term for variant in entry.variants) else []
    return [*form, *adding, *more, *gone]


def _sighting(entry: ConceptEntry, wanted: Split) -> Sighting | None:
    context = context_of(entry, wanted.renderings[0])
    if wanted.term not in context.source:
        return None
    return Sighting(context.unit, context.source, context.target, context.document, context.date, context.place)
