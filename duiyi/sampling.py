"""Terms of a memory that is too large to look at whole: found in an even sample, counted in every unit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ahocorasick_rs import AhoCorasick, MatchKind

from glossary.model import ConceptEntry, Glossary, Rendering
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
