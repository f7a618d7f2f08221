"""Decisions about terms, applied to the glossary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from duiyi.decisions.binding import Conflict, as_seen, bound, brought, conflicts, words_of
from duiyi.decisions.model import (
    JUDGED,
    AcceptTerm,
    AddTerm,
    Decision,
    DeprecateRendering,
    DiscussTerm,
    EditTerm,
    HideTerm,
    MergeInto,
    Misfit,
    PreferRendering,
    RejectTerm,
    ReopenTerm,
    SetRendering,
    SetVariant,
    Sighting,
    Verb,
    given,
)
from glossary.model import ConceptEntry, Context, Glossary, Reason, Rendering, Usage, Variant, VariantKind, entry_id


@dataclass(frozen=True, slots=True)
class ReplayedGlossary:
    """A glossary with the decisions applied; ``conflicts`` is what the documents bring against them."""

    glossary: Glossary
    misfits: tuple[Misfit, ...]
    conflicts: tuple[Conflict, ...] = ()


def replay_glossary(glossary: Glossary, decisions: Iterable[Decision]) -> ReplayedGlossary:
    """Apply the decisions about terms, in order; those that no longer fit are listed.

    >>> from duiyi.decisions.model import AcceptTerm
    >>> glossary = Glossary((ConceptEntry("c1", "多边主义", (Rendering("multilateralism"),)),))
    >>> lost = Decision("c9", AcceptTerm(), reviewer="Li", about="合作 = cooperate")
    >>> decisions = [Decision("c1", AcceptTerm()), lost]
    >>> replayed = replay_glossary(glossary, decisions)
    >>> replayed.glossary.entries[0].review, [str(misfit) for misfit in replayed.misfits]
    ('accepted', ['合作 = cooperate (accepted by Li): no such entry any more'])
    """
    replay = TermReplay(glossary, decisions)
    return ReplayedGlossary(replay.glossary, tuple(replay.misfits), tuple(replay.conflicts()))


def stamped(glossary: Glossary, done: Sequence[Decision], new: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return ``new`` decisions with what they are about as it stands, and with what was seen of what they judge.

    ``glossary`` is as the documents give it; ``done`` are the decisions in force before.
    """
    return TermReplay(glossary, done).make(new)


JUST_NOW = -1  # the number of a decision that is just being made: none comes later
ABOUT = 120  # characters that name a term; some renderings are whole sentences
BINDING = (AcceptTerm, RejectTerm, AddTerm)  # verbs that keep what was seen
JUDGING = (AcceptTerm, RejectTerm, DiscussTerm, ReopenTerm, AddTerm)  # verbs of which the last one stands


class _NoFitError(Exception):
    """Why a decision does not fit; becomes a ``Misfit``."""


class TermReplay:
    """The entries while decisions are applied: first those in force, then those that are being made.

    ``misfits`` are decisions that do not fit. ``current`` is False when an entry was judged once more, so that what
    the former judgement bound no longer holds: then everything is to be replayed.
    """

    def __init__(self, glossary: Glossary, decisions: Iterable[Decision]) -> None:
        about_terms = [decision for decision in decisions if decision.subject == "term"]
        self.misfits: list[Misfit] = []
        self.current = True
        self._glossary = glossary
        self.by_id = {entry.id: entry for entry in glossary.entries}
        self._found = dict(self.by_id)  # as the documents give them
        self._moved: dict[str, str] = {}  # where a former id leads
        self._last = {d.key: number for number, d in enumerate(about_terms) if isinstance(d.verb, JUDGING)}
        self._standing: dict[str, Decision] = {}  # which decision judged an entry last
        self._settled: dict[str, set[str]] = defaultdict(set)  # wordings of an entry that were decided on
        self._by_term = {entry.term: entry.id for entry in glossary.entries}
        self._by_form: dict[str, list[str]] = defaultdict(list)
        for entry in glossary.entries:
            for variant in entry.variants:
                self._by_form[variant.text].append(entry.id)
        for number, decision in enumerate(about_terms):
            self._try(number, decision)

    @property
    def glossary(self) -> Glossary:
        """The glossary as it stands."""
        return replace(self._glossary, entries=tuple(self.by_id.values()))

    def make(self, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
        """Apply decisions that are being made; return them with what they are about and what was seen."""
        return tuple(self._made(d) if d.subject == "term" else d for d in decisions)

    def _try(self, number: int, decision: Decision) -> None:
        try:
            self.decide(number, decision)
        except _NoFitError as error:
            self.misfits.append(Misfit(decision, str(error)))

    def _made(self, decision: Decision) -> Decision:
        before = self.by_id.get(self.now(decision.key))
        if isinstance(decision.verb, JUDGING) and self.now(decision.key) in self._standing:
            self.current = False
        self._try(JUST_NOW, decision)
        key = self.now(decision.key)
        entry = self.by_id.get(key)
        about = before or entry
        if about:
            decision = replace(decision, about=words_of(about)[:ABOUT])
        if entry is None or isinstance(decision.verb, MergeInto):
            return decision
        found = self._found.get(key)
        seen = as_seen(entry) if isinstance(decision.verb, BINDING) else None
        decision = replace(decision, key=key, seen=seen, against=brought(entry, found) if found else ())
        if seen and not isinstance(decision.verb, RejectTerm):
            self._bind(key, seen)
        if isinstance(decision.verb, JUDGING):
            self._standing[key] = decision
        self._settled[key].update(decision.against)
        return decision

    def decide(self, number: int, decision: Decision) -> None:
        """Apply a decision; ``number`` is its place among all."""
        key, verb = self.now(decision.key), decision.verb
        if isinstance(verb, AddTerm):
            key = self._add(key, verb)
        binds = decision.seen is not None and number in (JUST_NOW, self._last.get(decision.key))
        if binds and decision.seen and isinstance(verb, AcceptTerm | AddTerm):
            self._bind(key, decision.seen)
        elif key not in self.by_id:
            if isinstance(verb, RejectTerm) and decision.seen:
                return  # it is not there, as the reviewer wanted
            raise _NoFitError("no such entry any more")
        elif isinstance(verb, MergeInto):
            self._merge(key, self.now(verb.into))
        elif isinstance(verb, HideTerm) and self.now(verb.broader) not in self.by_id:
            raise _NoFitError("the longer term is not there any more, so it is shown again")
        elif not isinstance(verb, AddTerm):
            self.by_id[key] = decided(self.by_id[key], verb)
        if isinstance(verb, JUDGING):
            self._standing[key] = decision
        self._settled[key].update(decision.against)
        if isinstance(verb, SetRendering | DeprecateRendering):
            self._settled[key].add(verb.text)

    def now(self, key: str) -> str:
        """Return the id under which an entry stands now."""
        while key in self._moved:
            key = self._moved[key]
        return key

    def conflicts(self) -> Iterator[Conflict]:
        """Give what the documents bring against the judgements that stand."""
        for key, decision in self._standing.items():
            entry = self.by_id.get(key)
            if entry and decision.seen and entry.review == JUDGED.get(type(decision.verb), "accepted"):
                yield from conflicts(decision, entry, self._found.get(key), self._settled[key])

    def _add(self, key: str, verb: AddTerm) -> str:
        if key not in self.by_id:
            id_ = entry_id(verb.term)
            if key != id_:  # the review page of version 0.1 had ids of its own for new terms
                self._moved[key] = id_
            key = id_
        held = self.by_id.get(key)
        self.by_id[key] = _added(key, verb) if held is None else _preferring(held, verb.rendering)
        return key

    def _bind(self, key: str, seen: ConceptEntry) -> None:
        """Put an accepted entry in its place; what the documents give under its Chinese elsewhere gives way."""
        held = self.by_id.get(key)
        twin = self._by_term.get(seen.term, key)
        if twin != key and twin in self.by_id and self.by_id[twin].review == "candidate":
            held = self._found[key] = self.by_id.pop(twin)
            self._moved[twin] = key
        for other in self._by_form.get(seen.term, ()):
            swallowing = self.by_id.get(other)
            if other != key and swallowing and swallowing.review == "candidate":
                rest = tuple(variant for variant in swallowing.variants if variant.text != seen.term)
                self.by_id[other] = replace(swallowing, variants=rest)
        broader = seen.broader if self.now(seen.broader) in self.by_id else ""
        self.by_id[key] = replace(bound(held, seen), id=key, broader=broader)

    def _merge(self, key: str, into: str) -> None:
        if into not in self.by_id:
            raise _NoFitError("the term it was to become part of is not there any more")
        if into != key:
            self.by_id[into] = merge_entries(self.by_id[into], self.by_id.pop(key))
            self._moved[key] = into


def decided(entry: ConceptEntry, verb: Verb) -> ConceptEntry:
    """Return the entry with one decision applied (every verb that concerns one entry alone)."""
    match verb:
        case HideTerm():
            return replace(entry, broader=verb.broader)
        case PreferRendering():
            return _with_rendering(entry, SetRendering(verb.text, usage="preferred"))
        case DeprecateRendering():
            return _with_rendering(entry, SetRendering(verb.text, usage="deprecated"))
        case SetRendering() | SetVariant() if verb.text and verb.new == "" and not _has(entry, verb):
            return _edited(entry)  # it is gone already
        case SetRendering():
            return _edited(_with_rendering(entry, verb))
        case SetVariant():
            return _edited(_with_variant(entry, verb))
        case EditTerm():
            changes: dict[str, Any] = given(verb)
            return _edited(replace(entry, **changes))
        case _:
            return replace(entry, review=JUDGED[type(verb)])


def _has(entry: ConceptEntry, verb: SetRendering | SetVariant) -> bool:
    held = entry.renderings if isinstance(verb, SetRendering) else entry.variants
    return any(wording.text == verb.text for wording in held)


def _edited(entry: ConceptEntry) -> ConceptEntry:
    """An entry that nobody has judged yet counts as edited; a judgement is kept."""
    return replace(entry, review="edited") if entry.review == "candidate" else entry


def _wording(
    held: Sequence[Rendering] | Sequence[Variant], verb: SetRendering | SetVariant, what: str
) -> tuple[int | None, str]:
    """Return where the wording stands that a decision is about (None: it is a new one), and how it is to read."""
    new = verb.text if verb.new is None else verb.new
    if not verb.text:
        return None, new
    texts = [wording.text for wording in held]
    for wanted in (verb.text, new):  # the new one: done already
        if wanted in texts:
            return texts.index(wanted), new
    raise _NoFitError(f"the entry has no {what} {verb.text!r} any more")


def _with_rendering(entry: ConceptEntry, verb: SetRendering) -> ConceptEntry:
    renderings = list(entry.renderings)
    index, new = _wording(renderings, verb, "English")
    if not new:
        if index is None or len(renderings) == 1:
            raise _NoFitError("the only English of an entry cannot be taken away; reject the entry instead")
        del renderings[index]
    else:
        old = renderings.pop(index) if index is not None else Rendering(new, "admitted", "synonym", 0)
        twin = next((r for r in renderings if r.text == new), None)
        if twin is not None:  # the new wording is there already: the two become one
            renderings.remove(twin)
            old = _united(twin, old)
        changed = replace(old, text=new, usage=verb.usage or old.usage, kind=verb.kind or old.kind)
        renderings.insert(len(renderings) if index is None else min(index, len(renderings)), changed)
        if verb.usage == "preferred":
            renderings = [
                replace(r, usage="admitted") if r.usage == "preferred" and r.text != new else r for r in renderings
            ]
    return replace(entry, renderings=_with_preferred(renderings))


def _with_preferred(renderings: Sequence[Rendering]) -> tuple[Rendering, ...]:
    """Return the renderings with exactly one preferred, first; the first admitted one steps up if there is none."""
    chosen = next((r for r in renderings if r.usage == "preferred"), None)
    if chosen is None:
        stepping = next((r for r in renderings if r.usage == "admitted"), renderings[0])
        return (replace(stepping, usage="preferred"), *(r for r in renderings if r is not stepping))
    others = (replace(r, usage="admitted") if r.usage == "preferred" else r for r in renderings if r is not chosen)
    return (chosen, *others)


def _united(first: Rendering, second: Rendering) -> Rendering:
    """Return one rendering for two of the same wording."""
    begins = [(r.first, r.first_document) for r in (first, second) if r.first]
    ends = [(r.last, r.last_document) for r in (first, second) if r.last]
    return replace(
        first,
        count=first.count + second.count,
        first=min(begins)[0] if begins else "",
        first_document=min(begins)[1] if begins else first.first_document or second.first_document,
        last=max(ends)[0] if ends else "",
        last_document=max(ends)[1] if ends else first.last_document or second.last_document,
        documents=tuple(dict.fromkeys(first.documents + second.documents)),
    )


def _with_variant(entry: ConceptEntry, verb: SetVariant) -> ConceptEntry:
    variants = list(entry.variants)
    index, new = _wording(variants, verb, "Chinese form")
    old = variants.pop(index) if index is not None else Variant(new)
    if new and new != entry.term and all(variant.text != new for variant in variants):
        changed = replace(old, text=new, usage=verb.usage or old.usage, kind=verb.kind or old.kind)
        variants.insert(len(variants) if index is None else index, changed)
    return replace(entry, variants=tuple(variants))


def merge_entries(entry: ConceptEntry, other: ConceptEntry) -> ConceptEntry:
    """Return one entry for two of the same concept: everything of the second becomes part of the first."""
    renderings = {rendering.text: rendering for rendering in entry.renderings}
    for rendering in other.renderings:
        if rendering.text in renderings:
            renderings[rendering.text] = _united(renderings[rendering.text], rendering)
        else:
            usage: Usage = "admitted" if rendering.usage == "preferred" else rendering.usage
            kind: VariantKind = "synonym" if rendering.kind == "main" else rendering.kind
            renderings[rendering.text] = replace(rendering, usage=usage, kind=kind)
    forms = {variant.text: variant for variant in entry.variants}
    same = entry.term == other.term
    own = other.count - sum(variant.count for variant in other.variants)
    for variant in (*(() if same else (Variant(other.term, count=max(own, 0)),)), *other.variants):
        if variant.text != entry.term:
            held = forms.get(variant.text)
            forms[variant.text] = replace(held, count=held.count + variant.count) if held else variant
    dates = [date for date in (entry.first, other.first) if date]
    contexts = {(c.unit, c.source, c.target): c for c in (*other.contexts, *entry.contexts)}
    ordered = (*entry.contexts, *(c for c in other.contexts if contexts[c.unit, c.source, c.target] is c))
    return replace(
        entry,
        renderings=_with_preferred(list(renderings.values())),
        variants=tuple(forms.values()),
        count=entry.count + other.count,
        units=entry.units + other.units,
        score=max(entry.score, other.score),
        contexts=ordered,
        reasons=tuple(dict.fromkeys(entry.reasons + other.reasons)),
        sources=tuple(dict.fromkeys(entry.sources + other.sources)),
        notes=tuple(dict.fromkeys(entry.notes + other.notes)),
        first=min(dates) if dates else "",
        last=max(entry.last, other.last),
        definition=entry.definition or other.definition,
        properties=tuple(dict.fromkeys(entry.properties + other.properties)),
    )


def _preferring(entry: ConceptEntry, rendering: str) -> ConceptEntry:
    """Return an entry that the machine has found by now as the reviewer has it who added its term."""
    known = any(held.text == rendering for held in entry.renderings)
    changed = _with_rendering(entry, SetRendering(rendering if known else "", rendering, "preferred"))
    return replace(changed, review="accepted")


def _added(id_: str, verb: AddTerm) -> ConceptEntry:
    if not verb.term or not verb.rendering:
        raise _NoFitError("a new entry needs a Chinese and an English term")
    return ConceptEntry(
        id_,
        verb.term,
        (Rendering(verb.rendering, count=0),),
        type=verb.type,
        list="once",
        review="accepted",
        count=0,
        units=0,
        contexts=(_context(verb.context, verb),) if verb.context else (),
        reasons=(Reason("reviewer"),),
        notes=verb.notes,
    )


def _context(seen: Sighting, verb: AddTerm) -> Context:
    return Context(
        seen.unit,
        seen.source,
        seen.target,
        _spans(seen.source, verb.term),
        _spans(seen.target, verb.rendering),
        seen.document,
        seen.date,
        seen.place,
    )


def _spans(text: str, term: str) -> tuple[tuple[int, int], ...]:
    begin = text.find(term)
    return ((begin, begin + len(term)),) if begin >= 0 else ()
