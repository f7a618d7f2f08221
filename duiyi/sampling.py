"""Terms counted in every unit: those found in an even sample of a large memory, and those that reviewers changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ahocorasick_rs import AhoCorasick, MatchKind

from duiyi.recognition import chinese_key, renderings_in
from glossary.contexts import shows
from glossary.model import ConceptEntry, Context, Glossary, Rendering
from tmx.characters import key
from tmx.model import TranslationUnit

MAX_DOCUMENTS = 1000  # names of documents kept for one rendering; all are counted


def sample(units: Iterable[TranslationUnit], total: int, at_most: int) -> Iterator[TranslationUnit]:
    """Yield about ``at_most`` of ``total`` units, or all of them if they are no more, in order.

    Which units are drawn depends on their ids alone: a document that is added or changed moves nothing else, and a
    pair that is repeated word for word in one document is as likely as any other.

    >>> units = [TranslationUnit(str(n), "", "") for n in range(1000)]
    >>> len(list(sample(units, 1000, 1000))), 50 < len(list(sample(units, 1000, 100))) < 150
    (1000, True)
    """
    if total <= at_most:
        yield from units
        return
    limit = (at_most << 64) // total
    for unit in units:
        if int.from_bytes(hashlib.blake2b(unit.id.encode(), digest_size=8).digest(), "big") < limit:
            yield unit


@dataclass(slots=True)
class _Use:
    """How often one entry or rendering was met, and where first and last."""

    count: int = 0
    units: int = 0
    dates: tuple[str, str] = ("", "")
    ends: tuple[str, str] = ("", "")
    documents: dict[str, None] = field(default_factory=dict)

    def add(self, unit: TranslationUnit, times: int = 1) -> None:
        self.count += times
        self.units += 1
        if len(self.documents) < MAX_DOCUMENTS:
            self.documents[unit.document] = None
        if unit.date:
            first, last = self.dates
            if not first or unit.date < first:
                self.dates, self.ends = (unit.date, self.dates[1]), (unit.document, self.ends[1])
            if not last or unit.date >= last:
                self.dates, self.ends = (self.dates[0], unit.date), (self.ends[0], unit.document)


def recount(glossary: Glossary, units: Iterable[TranslationUnit]) -> Glossary:
    """Return the glossary with its numbers taken from all units: counts, first and last date and document.

    Memory depends on the number of entries, not of units: all terms are sought at once by an Aho-Corasick automaton.
    A rendering is counted once in each unit that has the Chinese on one side and the English on the other.

    >>> entry = ConceptEntry("c1", "外交", (Rendering("diplomacy"),))
    >>> units = [TranslationUnit(str(n), "中国外交", "China’s Diplomacy") for n in range(3)]
    >>> counted = recount(Glossary((entry,)), units).entries[0]
    >>> counted.count, counted.units, counted.preferred.count
    (3, 3, 3)
    """
    forms: dict[str, list[int]] = {}
    for number, entry in enumerate(glossary.entries):
        for text in dict.fromkeys([entry.term, *(variant.text for variant in entry.variants)]):
            forms.setdefault(key(text), []).append(number)
    if not forms:
        return glossary
    texts = list(forms)
    seeker = AhoCorasick(texts, matchkind=MatchKind.Standard)
    uses = [_Use() for _ in glossary.entries]
    renderings = [[(key(r.text), _Use()) for r in entry.renderings] for entry in glossary.entries]
    for unit in units:
        met: dict[int, set[int]] = {}
        for form, _, end in seeker.find_matches_as_indexes(key(unit.source), overlapping=True):
            for number in forms[texts[form]]:
                met.setdefault(number, set()).add(end)  # a form that ends where a longer one ends is the same place
        if not met:
            continue
        target = key(unit.target)
        for number, ends in met.items():
            uses[number].add(unit, len(ends))
            for text, use in renderings[number]:
                if text in target:
                    use.add(unit)
    entries = [
        _counted(entry, use, [use for _, use in of_entry])
        for entry, use, of_entry in zip(glossary.entries, uses, renderings, strict=True)
    ]
    return replace(glossary, entries=tuple(entries))


def _counted(entry: ConceptEntry, use: _Use, renderings: list[_Use]) -> ConceptEntry:
    if not use.count:  # the term is written with a gap or in another form: keep what the sample said
        return entry
    return replace(
        entry,
        list="recurring" if use.count > 1 else entry.list,
        count=use.count,
        units=use.units,
        first=use.dates[0],
        last=use.dates[1],
        renderings=tuple(_rendering(r, u) for r, u in zip(entry.renderings, renderings, strict=True)),
    )


def _rendering(rendering: Rendering, use: _Use) -> Rendering:
    if not use.count:
        return rendering
    return replace(
        rendering,
        count=use.count,
        first=use.dates[0],
        last=use.dates[1],
        first_document=use.ends[0],
        last_document=use.ends[1],
        documents=tuple(sorted(use.documents)),
    )


# --- what reviewers changed


@dataclass(slots=True)
class _Met:
    """Where one entry was met: all its forms together, each form, each rendering, and a context of each rendering."""

    whole: _Use = field(default_factory=_Use)
    forms: Counter[str] = field(default_factory=Counter)
    renderings: dict[str, _Use] = field(default_factory=dict)
    contexts: dict[str, Context] = field(default_factory=dict)  # "": with another English

    def add(self, entry: ConceptEntry, unit: TranslationUnit, places: Sequence[tuple[int, int, str]]) -> None:
        """Count the forms in a unit, of those that overlap the longest; and its renderings, once each."""
        taken: set[int] = set()
        spans = []
        for start, end, form in sorted(places, key=lambda place: (place[0] - place[1], place[0])):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                spans.append((start, end))
                self.forms[form] += 1
        self.whole.add(unit, len(spans))
        there = renderings_in(unit.target, entry)
        for text in dict.fromkeys(rendering.text for rendering, _ in there):
            self.renderings.setdefault(text, _Use()).add(unit)
        for text in (*(rendering.text for rendering, _ in there), ""):
            if text not in self.contexts and (text or not there):
                marked = tuple(span for rendering, span in there if rendering.text == text)
                self.contexts[text] = Context(
                    unit.id,
                    unit.source,
                    unit.target,
                    tuple(sorted(spans)),
                    marked,
                    unit.document,
                    unit.date,
                    unit.place,
                )


def counted_again(decided: Glossary, found: Glossary, units: Callable[[], Iterable[TranslationUnit]]) -> Glossary:
    """Return a glossary with decisions applied so that its numbers are those of the wordings it shows now.

    ``found`` is what the documents gave. Of an entry whose Chinese is the same the renderings are counted that it did
    not have; an entry that was added, merged or given other Chinese forms is counted anew. A rendering that nothing
    showed gets a context. The units are asked for only where an entry was reworded.

    >>> found = Glossary((ConceptEntry("c1", "外交", (Rendering("diplomacy", count=5),), count=5),))
    >>> decided = Glossary((ConceptEntry("c1", "外交", (Rendering("foreign affairs", count=5),), count=5),))
    >>> units = [TranslationUnit("1", "中国外交", "China's foreign affairs")]
    >>> entry = counted_again(decided, found, lambda: units).entries[0]
    >>> entry.count, entry.preferred.count, entry.contexts[0].target
    (5, 1, "China's foreign affairs")
    """
    before = {entry.id: entry for entry in found.entries}
    changed = [one for one in decided.entries if one.id not in before or _wordings(one) != _wordings(before[one.id])]
    if not changed:
        return decided
    met = _meet(changed, units())
    entries = {one.id: _as_met(one, before.get(one.id), met[one.id]) for one in changed}
    return replace(decided, entries=tuple(entries.get(one.id, one) for one in decided.entries))


def _forms(entry: ConceptEntry) -> set[str]:
    return {entry.term, *(variant.text for variant in entry.variants)}


def _wordings(entry: ConceptEntry) -> tuple[set[str], set[str]]:
    return _forms(entry), {rendering.text for rendering in entry.renderings}


def _meet(entries: Sequence[ConceptEntry], units: Iterable[TranslationUnit]) -> dict[str, _Met]:
    met = {entry.id: _Met() for entry in entries}
    forms: dict[str, list[tuple[ConceptEntry, str]]] = {}
    for entry in entries:
        for form in sorted(_forms(entry)):
            forms.setdefault(chinese_key(form), []).append((entry, form))
    forms.pop("", None)
    if not forms:
        return met
    keys = list(forms)
    seeker = AhoCorasick(keys, matchkind=MatchKind.Standard)
    for unit in units:
        places: dict[str, list[tuple[int, int, str]]] = {}
        owners: dict[str, ConceptEntry] = {}
        for number, start, end in seeker.find_matches_as_indexes(chinese_key(unit.source), overlapping=True):
            for entry, form in forms[keys[number]]:
                owners[entry.id] = entry
                places.setdefault(entry.id, []).append((start, end, form))
        for id_, entry in owners.items():
            met[id_].add(entry, unit, places[id_])
    return met


def _as_met(entry: ConceptEntry, before: ConceptEntry | None, met: _Met) -> ConceptEntry:
    """Return an entry with the numbers of its wordings: those of before for what is as it was, else those met now."""
    same = before is not None and _forms(before) == _forms(entry)
    held = {rendering.text: rendering for rendering in before.renderings} if before and same else {}
    renderings = tuple(
        replace(held[one.text], usage=one.usage, kind=one.kind)
        if one.text in held
        else _rendering(Rendering(one.text, one.usage, one.kind, 0), met.renderings.get(one.text, _Use()))
        for one in entry.renderings
    )
    contexts = list(entry.contexts)
    for one in renderings:
        context = met.contexts.get(one.text)
        if context and not any(shows(other, one.text) for other in contexts):
            contexts.append(context)
    if not contexts and "" in met.contexts:
        contexts.append(met.contexts[""])
    use = met.whole
    numbers = (
        (before.count, before.units, before.first, before.last)
        if before and same
        else (use.count, use.units, *use.dates)
    )
    count, in_units, first, last = numbers
    variants = entry.variants if same else tuple(replace(one, count=met.forms[one.text]) for one in entry.variants)
    return replace(
        entry,
        renderings=renderings,
        variants=variants,
        contexts=tuple(contexts),
        count=count,
        units=in_units,
        first=first,
        last=last,
        list="recurring" if count > 1 else "once",
    )
