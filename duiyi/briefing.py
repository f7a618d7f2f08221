"""What a translator or an engine should know before translating a text: its terms, and what was translated alike.

Only terms that occur in the text are named, the longest where two overlap, and only the nearest units of the memory.
What is most useful comes first, so that a budget cuts the end. The same text, glossary and memory give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, Protocol

from lxml import etree

from duiyi.lookup import Hit, LookupOptions
from duiyi.recognition import Recogniser, english_words
from glossary.model import NOT_TO_USE, ConceptEntry
from glossary.words.official import official
from tmx.characters import han_share, is_han
from tmx.files import replace_forbidden_in
from tmx.segmentation import segment

Target = Literal["en", "zh"]
Format = Literal["markdown", "json", "xml"]
TERMS_FIRST = 0.6  # share of the budget that terms may take before the first unit; the rest of the terms come last
MIN_RATE = 60  # per cent: below it a match shows another sentence rather than how this one was translated
# Tokens of a text, estimated from above for the common tokenisers of language models: a Chinese character is one, of
# other characters some 3.5 make one. Counting them exactly would need the model's own table.
OTHERS_PER_TOKEN = 3.5


class Searchable(Protocol):
    """A memory that answers like ``duiyi.lookup.Memory``."""

    def lookup(self, text: str, options: LookupOptions | None = None) -> list[Hit]:
        """Return the hits for a text."""


@dataclass(frozen=True, slots=True)
class TermAdvice:
    """A term of the text: its ``form`` there, what to write, what else may be written, and what must not.

    ``official`` are the official renderings where the list knows any; ``last`` is the date of the newest document
    that has the preferred one; ``count`` is how often the term stands in the text.
    """

    form: str
    preferred: str
    admitted: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    official: tuple[str, ...] = ()
    last: str = ""
    note: str = ""
    count: int = 1

    @property
    def is_official(self) -> bool:
        """Whether the preferred rendering is an official one, in any inflection."""
        return any(_same_words(self.preferred, text) for text in self.official)


@dataclass(frozen=True, slots=True)
class UnitAdvice:
    """A unit of the memory near a sentence of the text; ``rate`` is its match rate in per cent."""

    rate: int
    text: str
    translation: str
    document: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What is known about a text, most useful first; ``left_out`` counts terms and units beyond the budget."""

    target: Target
    terms: tuple[TermAdvice, ...]
    units: tuple[UnitAdvice, ...]
    left_out: tuple[int, int] = (0, 0)


def brief(
    text: str,
    recogniser: Recogniser,
    memory: Searchable | None,
    target: Target | None = None,
    tokens: int = 0,
    per_sentence: int = 2,
) -> Brief:
    """Return the terms and the nearest units for a text that is to be translated into ``target``.

    Without ``target`` a text that is mostly Chinese goes into English, and the reverse. ``tokens`` bounds the size of
    the result in Markdown, by estimate; 0 is no bound.

    >>> from glossary.model import Rendering
    >>> entry = ConceptEntry("1", "中国梦", (Rendering("Chinese Dream"), Rendering("China dream", "deprecated")))
    >>> found = brief("实现中国梦。", Recogniser([entry]), None)
    >>> [(term.form, term.preferred, term.avoid) for term in found.terms]
    [('中国梦', 'Chinese Dream', ('China dream',))]
    """
    target = target or ("en" if han_share(text) >= 0.5 else "zh")
    terms = sorted(_terms(text, recogniser, target), key=lambda term: (-_use(term), text.find(term.form)))
    units = sorted(_units(text, memory, target, per_sentence), key=lambda unit: -unit.rate)
    if tokens:
        return _within(Brief(target, tuple(terms), tuple(units)), tokens)
    return Brief(target, tuple(terms), tuple(units))


def _use(term: TermAdvice) -> float:
    """How much a term helps: what is often got wrong first, then what is frequent and long."""
    return 10 * bool(term.avoid) + 5 * bool(term.official) + 2 * min(term.count, 5) + min(len(term.form), 12) / 12


def _terms(text: str, recogniser: Recogniser, target: Target) -> Iterator[TermAdvice]:
    found = recogniser.in_chinese(text) if target == "en" else recogniser.in_english(text)
    seen: dict[tuple[str, str], int] = {}
    entries: dict[tuple[str, str], ConceptEntry] = {}
    for one in found:
        if one.entry.review == "rejected":
            continue
        name = (one.entry.id, one.form if target == "en" else one.entry.preferred.text)
        seen[name] = seen.get(name, 0) + 1
        entries.setdefault(name, one.entry)
    for (_, form), count in seen.items():
        entry = entries[_, form]
        yield _into_english(entry, form, count) if target == "en" else _into_chinese(entry, form, count)


def _into_english(entry: ConceptEntry, form: str, count: int) -> TermAdvice:
    usable = [rendering for rendering in entry.renderings if rendering.usage not in NOT_TO_USE]
    if not usable:
        usable = [entry.preferred]
    best = entry.preferred if entry.preferred in usable else usable[0]
    avoid = tuple(rendering.text for rendering in entry.renderings if rendering.usage in NOT_TO_USE)
    standing = tuple(dict.fromkeys(found.text for found in official(form) if found.last is None))
    return TermAdvice(
        form,
        best.text,
        tuple(rendering.text for rendering in usable if rendering != best),
        avoid,
        standing,
        best.last,
        "; ".join(entry.notes),
        count,
    )


def _into_chinese(entry: ConceptEntry, form: str, count: int) -> TermAdvice:
    variants = [variant for variant in entry.variants if variant.usage not in NOT_TO_USE]
    avoid = tuple(variant.text for variant in entry.variants if variant.usage in NOT_TO_USE)
    admitted = tuple(variant.text for variant in variants)
    return TermAdvice(form, entry.term, admitted, avoid, (), entry.last, "; ".join(entry.notes), count)


def _units(text: str, memory: Searchable | None, target: Target, per_sentence: int) -> Iterator[UnitAdvice]:
    if memory is None or not per_sentence:
        return
    options = LookupOptions(
        limit=per_sentence,
        min_rate=MIN_RATE,
        side="source" if target == "en" else "target",
        kinds=("exact", "fuzzy"),
    )
    seen: set[tuple[str, str]] = set()
    for sentence in sentences(text, target):
        for hit in memory.lookup(sentence, options)[:per_sentence]:
            pair = (hit.source, hit.target) if target == "en" else (hit.target, hit.source)
            if hit.rate is not None and pair not in seen:
                seen.add(pair)
                first = hit.occurrences[0] if hit.occurrences else None
                yield UnitAdvice(hit.rate, *pair, first.document if first else "", first.date if first else "")


def sentences(text: str, target: Target) -> list[str]:
    """Return the different sentences of a text that is to be translated into ``target``."""
    language = "zh" if target == "en" else "en"
    found = (
        paragraph[start:end].strip() for paragraph in text.split("\n") for start, end in segment(paragraph, language)
    )
    return list(dict.fromkeys(filter(None, found)))


# --- the budget


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text takes, rather too many than too few.

    >>> estimated_tokens("中国梦 = Chinese Dream")
    8
    """
    han = sum(map(is_han, text))
    return han + -int(-(len(text) - han) // OTHERS_PER_TOKEN)


def _within(found: Brief, tokens: int) -> Brief:
    """Keep what fits: terms up to their share of the budget, then units, then the other terms."""
    left = tokens - estimated_tokens(_HEADS[found.target][0] + _HEADS[found.target][1])
    lines = [estimated_tokens(_term_line(term, found.target) + "\n") for term in found.terms]
    first = _fitting(lines, int(left * TERMS_FIRST))
    left -= sum(lines[:first])
    costs = [estimated_tokens(_unit_lines(unit) + "\n") for unit in found.units]
    units = _fitting(costs, left)
    left -= sum(costs[:units])
    terms = first + _fitting(lines[first:], left)
    return Brief(
        found.target, found.terms[:terms], found.units[:units], (len(found.terms) - terms, len(found.units) - units)
    )


def _fitting(costs: Sequence[int], budget: int) -> int:
    """Return how many of the first ones cost no more than the budget together."""
    for number, cost in enumerate(costs):
        budget -= cost
        if budget < 0:
            return number
    return len(costs)


# --- as text

_HEADS: dict[Target, tuple[str, str]] = {
    "en": ("# Terms: use these renderings\n", "\n# Translated before\n"),
    "zh": ("# 术语：请使用以下译法\n", "\n# 已有译文\n"),
}
_WORDS: dict[Target, tuple[str, str, str]] = {
    "en": ("also", "never", "official"),
    "zh": ("也可", "不用", "官方"),
}


def written(found: Brief, form: Format = "markdown") -> str:
    """Return the brief as text: Markdown to put into a prompt, JSON or XML for programs."""
    if form == "json":
        return json.dumps(as_values(found), ensure_ascii=False, indent=1) + "\n"
    if form == "xml":
        return _xml(found)
    return _markdown(found)


def as_values(found: Brief) -> dict[str, object]:
    """Return the brief as plain values; what is empty or does not hold is left out of a term."""
    return {
        "target": found.target,
        "terms": [
            {name: value for name, value in (asdict(term) | {"is_official": term.is_official}).items() if value}
            for term in found.terms
        ],
        "units": [asdict(unit) for unit in found.units],
        "left_out": {"terms": found.left_out[0], "units": found.left_out[1]},
    }


def _markdown(found: Brief) -> str:
    terms, units = _HEADS[found.target]
    parts = []
    if found.terms:
        parts.append(terms + "".join(f"{_term_line(term, found.target)}\n" for term in found.terms))
    if found.units:
        parts.append(units.lstrip("\n") + "".join(f"{_unit_lines(unit)}\n" for unit in found.units))
    return "\n".join(parts)


def _term_line(term: TermAdvice, target: Target) -> str:
    also, never, standing = _WORDS[target]
    remarks = []
    if term.admitted:
        remarks.append(f"{also}: {', '.join(term.admitted)}")
    if term.avoid:
        remarks.append(f"{never}: {', '.join(term.avoid)}")
    if term.is_official:
        remarks.append(standing)
    elif term.official:
        remarks.append(f"{standing}: {', '.join(term.official)}")
    if term.note:
        remarks.append(term.note)
    tail = f" ({'; '.join(remarks)})" if remarks else ""
    return f"- {term.form} → {term.preferred}{tail}"


def _same_words(one: str, other: str) -> bool:
    """Tell whether two renderings are the same words in any inflection."""
    return [word.key for word in english_words(one)] == [word.key for word in english_words(other)]


def _unit_lines(unit: UnitAdvice) -> str:
    return f"- {unit.rate} %: {unit.text}\n  → {unit.translation}"


def _xml(found: Brief) -> str:
    found = replace_forbidden_in(found)
    root = etree.Element("brief", target=found.target)
    for term in found.terms:
        node = etree.SubElement(root, "term", count=str(term.count))
        etree.SubElement(node, "form").text = term.form
        etree.SubElement(node, "preferred").text = term.preferred
        for name in ("admitted", "avoid", "official"):
            for text in getattr(term, name):
                etree.SubElement(node, name).text = text
        if term.note:
            etree.SubElement(node, "note").text = term.note
    for unit in found.units:
        node = etree.SubElement(root, "unit", rate=str(unit.rate))
        etree.SubElement(node, "text").text = unit.text
        etree.SubElement(node, "translation").text = unit.translation
    if any(found.left_out):
        etree.SubElement(root, "left-out", terms=str(found.left_out[0]), units=str(found.left_out[1]))
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode")) + "\n"
