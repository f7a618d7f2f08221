"""What is listed and what is not, and why: strictness, nests, stop lists, lists of names to keep, known termbases."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from glossary.keys import lookup_key, rendering_key, source_key, wording_key
from glossary.mining.candidates import AFTER_NOUN
from glossary.mining.concepts import Corpus, build_entry
from glossary.mining.pairs import Pair, RankedTerm
from glossary.mining.termhood import is_name, probability
from glossary.mining.variants import group_variants
from glossary.model import (
    DOUBTED,
    NOT_TO_USE,
    ConceptEntry,
    Context,
    Domain,
    Glossary,
    KnownStatus,
    PhrasePattern,
    Reason,
    Rejection,
    Rendering,
    entry_id,
)
from glossary.words.official import official
from glossary.words.spelling import alternatives, spelling_key
from glossary.words.tags import FINITE, INFLECTED
from glossary.words.wordclasses import chinese
from tmx.model import TranslationUnit

Strictness = Literal["strict", "balanced", "wide"]

STRONG = 0.85  # probability from which a term that recurs stands before all once-only terms
SURE = 0.5  # probability from which a term stands before what is not sure, whatever its list
HOLDS = 1.0  # odds from which a term holds the places where it stands against forms inside it
HIDE_BELOW = 0.3  # probability below which a term that occurs only inside a longer one is hidden

# Probability to be kept from which a term is listed.
FLOORS: dict[Strictness, float] = {"strict": 0.6, "balanced": 0.05, "wide": 0.03}
# Of a short text one wants all there is to see, of a long one the best: by how much the balanced floor rises each time
# the units double, from the first number of units on, and where it ends.
CROWD, CROWD_STEP, CROWD_FLOOR = 64, 0.1, 0.26
# Where it ends for a term that occurs once and is not political: of such rows below it readers kept one in eight
# (benchmarks/judged/gwr-2019.tsv, at 0.33 by the weights of then, which gave 0.02 less).
ONCE_FLOOR = 0.34


CHINESE_JOINT = re.compile("[、和与及]")
ENGLISH_JOINT = re.compile(", and (?:the )?|, | and (?:the )?")
COPULA = re.compile("^(?:就是|不是|是|为)")


def select(
    ranked: Sequence[RankedTerm],
    corpus: Corpus,
    *,
    strictness: Strictness,
    hide_shorter: bool,
    stop: Iterable[str],
    known: Glossary | None,
    patterns: Sequence[PhrasePattern] = (),
) -> tuple[list[ConceptEntry], list[Rejection]]:
    """Return the entries to list, best first, and every candidate left out with its reason.

    ``patterns`` are reported by themselves; what merely fills one of them is not listed again.
    """
    entries: list[ConceptEntry] = []
    rejected: list[Rejection] = []
    termbase = None if known is None else KnownTerms.of(known)
    unwanted = {key(text) for text in stop for key in (lookup_key, wording_key)}
    places: dict[str, str] = {}
    leading = {term.source: term.pairs[0] for term in ranked}
    for group in group_variants(ranked, HOLDS):
        term, forms, cuts = group.lead, group.forms, group.cuts
        best = term.pairs[0]
        reason = _reason_against(forms, best, unwanted, places if hide_shorter else {}, strictness, len(corpus.units))
        if not reason and strictness != "wide":
            reason = shape_against(best, leading, short=len(corpus.units) <= CROWD) or (
                _filled_pattern(term, patterns) if term.count == 1 else ""
            )
        if reason:
            rejected += [_rejection(form, reason) for form in (*forms, *cuts)]
            continue
        rejected += [_rejection(form, f"{term.source} with other edges and the same rendering") for form in cuts]
        entry = build_entry(term, group.variants, corpus)
        if reason := _reason_against_entry(entry, term, strictness, len(corpus.units)):
            rejected += [_rejection(form, reason) for form in (*forms, *cuts)]
            continue
        if best.inside and best.inside in places and probability(term.score) < HIDE_BELOW:
            entry = replace(entry, broader=places[best.inside])
        places.update({form.source: entry.id for form in (*forms, *cuts)})
        entries.append(entry if termbase is None else termbase.marked(entry))
        rejected += [
            Rejection(term.source, pair.target, "weaker than the renderings listed", round(probability(pair.score), 4))
            for pair in term.pairs
            if rendering_key(pair.target) not in {rendering_key(r.text) for r in entry.renderings}
        ]
    if strictness != "wide":
        entries, enumerations = _without_enumerations(entries)
        rejected += enumerations
    entries.sort(key=_order)
    return [replace(entry, score=round(entry.score, 4)) for entry in entries], rejected


LISTS: tuple[Domain, ...] = ("political", "other", "general")


def _order(entry: ConceptEntry) -> tuple[bool, int, bool, float, str]:
    """Return where an entry stands: sure political terms, other sure terms, then what is not sure in the same order.

    In each of them strong terms that recur come first, then it goes by score: in the political list by how likely a
    term is to be kept and to be political, so that a term of the economy does not lead it because it recurs.
    """
    value = entry.score * entry.political if entry.domain == "political" else entry.score
    weak = entry.list != "recurring" or value < STRONG
    return entry.score < SURE, LISTS.index(entry.domain), weak, -value, entry.term


def _reason_against(
    forms: Sequence[RankedTerm],
    best: Pair,
    unwanted: set[str],
    places: Mapping[str, str],
    strictness: Strictness,
    units: int,
) -> str:
    """Say why a term is not listed; empty if it is."""
    term = forms[0]
    if unwanted and (
        wording_key(best.target) in unwanted or any(lookup_key(form.source) in unwanted for form in forms)
    ):
        return "on the stop list"
    if not any(map(str.isalpha, term.source)):
        return "figures alone are no term"
    kept = probability(term.score)
    if best.inside in places and kept < HIDE_BELOW:
        return f"occurs only inside {best.inside}"
    floor = _floor(strictness, units)
    return _below(kept, floor, strictness) if kept < floor else ""


def _reason_against_entry(entry: ConceptEntry, term: RankedTerm, strictness: Strictness, units: int) -> str:
    """Say why a term is not listed once its kind is known; empty if it is."""
    if entry.domain == "general" and strictness != "wide":
        return "general vocabulary"
    kept, floor = probability(term.score), _floor(strictness, units, ONCE_FLOOR)
    rare = entry.domain == "other" and term.count == 1
    return _below(kept, floor, strictness) if rare and kept < floor else ""


def _below(kept: float, floor: float, strictness: Strictness) -> str:
    return f"probability {kept:.2f} is below {floor:.2f} ({strictness})"


# What no term begins with: the number of an article or a chart, words that point to some things out of many.
NUMBERED = re.compile(
    r"第[\d０-９一二三四五六七八九十百千零〇两]+[条條章节節款项項]|(?:[图圖][示表]?|表|附[件录錄])[\d０-９]"
)
POINTING = re.compile(
    "某些|某[个個]|下列|上述|以下|不同|許多|许多|一些|整[个個]|包括|所有|这些|這些|少[数數](?![民族])|近[0-9０-９]+|一系列"
    "|[一两兩][架名位艘起批份辆輛栋棟座幅笔筆封则則套支只隻片场場轮輪项項]"
)
POINTING_ENGLISH = re.compile(
    r"(?:certain|following|different|several|some|many|all|nearly|these|those|such|various|numerous|every) ", re.I
)
JOINING = frozenset(chinese("joining"))
JOINING_ENGLISH = re.compile(r"(?:whether|although|since|while|because|despite|like) ", re.I)
GOVERNING = frozenset("对向从同由被把将")  # what they govern needs its verb: 美国对叙利亚
SERIES = re.compile("[、和与與及]")
OPEN_ENDS = frozenset(("IN", "TO", "DT", "CC", "MD", "PRP$", "WDT", "VBZ", "VBP", "VBD"))


GERUND_FLOOR = 0.6  # probability from which a gerund is believed to qualify the noun after it


def shape_against(pair: Pair, leading: Mapping[str, Pair], *, short: bool = False) -> str:
    """Say by what shape a pair is no term, whatever its score; empty if by none.

    ``leading`` has every candidate with its best rendering. What a dictionary or the official list has, or what
    stands in quotation marks, is not judged by its shape. Of a ``short`` text one wants verbs with their objects too.
    """
    if NUMBERED.match(pair.source):
        return "begins with the number of an article or a figure"
    best = pair.best
    if len(pair.source) > 3 and all(item.partial for item in pair.occurrences):
        return "the English has no more than the name of a place in it"
    if any(item.gloss or item.quoted for item in pair.occurrences) or official(pair.source):
        return ""
    words, tags = pair.target.split(), best.target_tags
    if POINTING.match(pair.source) or POINTING_ENGLISH.match(pair.target):
        return "begins with a word that points to some things out of many"
    if not JOINING.isdisjoint((best.words[0], best.words[-1])) or JOINING_ENGLISH.match(pair.target):
        return "begins or ends with a word that joins clauses"
    if len(best.words) > 1 and best.words[-2] in GOVERNING:
        return "ends with what a preposition governs, without its verb"
    if pair.target.isupper() and len(words) > 3:
        return "a heading"
    if tags[-1] in OPEN_ENDS or (len(tags) > 2 and INFLECTED.intersection(tags[1:]) and not is_name(pair)):
        return "a clause, or the English ends in the middle of one"
    if _half_a_phrase(pair.source, words, tags):
        return "the English is half of a phrase"
    if tags[-1][:2] in ("JJ", "RB") and pair.modifier and not is_name(pair):
        return "an adjective or adverb, which needs a noun"
    if not short and _verb_with_term(pair, leading):
        return "a verb with a term as its object"
    if _free_series(pair, leading):
        return "two things named one after the other"
    return ""


OWN = frozenset("其自本我")
POSSESSIVES = frozenset(("our", "its", "their"))


def _half_a_phrase(source: str, words: Sequence[str], tags: Sequence[str]) -> bool:
    """Tell whether English holds a piece of another phrase: relationship between government (and business), capital and
    improve governance, counties lifted (out of poverty), central banks to ease their policies.

    Where the Chinese joins two things or has a possessive of its own, the English may.
    """
    if len(words) < 2:
        return False
    verb = any(one == "CC" and other in ("VB", "VBP", "IN", "TO") for one, other in pairwise(tags))
    joined = verb and tags[0] not in ("VB", "VBG") and not SERIES.search(source)
    alone = "between" in words and "and" not in words and tags[-1] != "NNS"
    cut = tags[-1] == "VBN" and words[-1] not in AFTER_NOUN
    whose = any(word in POSSESSIVES and before != "at" for before, word in pairwise(words))
    return joined or alone or cut or (whose and OWN.isdisjoint(source))


def _verb_with_term(pair: Pair, leading: Mapping[str, Pair]) -> bool:
    """Tell whether a pair is a verb of two characters before a term with a rendering of its own, in both languages.

    A form in -ing may as well qualify a noun (testing reagents): only what is not likely to be kept is judged by it.
    """
    best = pair.best
    if len(best.words) < 2 or best.tags[0][:1] not in "vda" or len(best.words[0]) < 2:
        return False
    first = best.target_tags[0]
    if first not in FINITE and not (first == "VBG" and probability(pair.score) < GERUND_FLOOR):
        return False
    rest = leading.get("".join(best.words[1:]))
    return rest is not None and f" {rendering_key(pair.target)} ".endswith(f" {rendering_key(rest.target)} ")


def _free_series(pair: Pair, leading: Mapping[str, Pair]) -> bool:
    """Tell whether both sides name the same terms one after the other: each a likely one with this rendering.

    What shares its head (費用和佣金收入, fee and commission income) is none, nor are names.
    """
    parts = [leading.get(part) for part in SERIES.split(pair.source)]
    english = ENGLISH_JOINT.split(rendering_key(pair.target))
    if len(parts) < 2 or len(parts) != len(english) or is_name(pair):
        return False
    return all(
        part is not None
        and not part.modifier
        and probability(part.score) >= HIDE_BELOW
        and rendering_key(part.target) == one
        for part, one in zip(parts, english, strict=True)
    )


def _filled_pattern(term: RankedTerm, patterns: Sequence[PhrasePattern]) -> str:
    """Say of which phrase pattern a term is no more than the shared words and what fills the slot after them."""
    for pattern in patterns:
        shared = COPULA.sub("", pattern.source.removesuffix("Y").partition("X")[2])
        fillings = [slots[-1] for slots in pattern.slots]
        if any(term.source == shared + filling for filling in fillings):
            return f"fills the phrase pattern {pattern.source}"
    return ""


def _without_enumerations(entries: Sequence[ConceptEntry]) -> tuple[list[ConceptEntry], list[Rejection]]:
    """Take out once-only entries that do no more than name listed terms one after the other, in both languages."""
    listed = {entry.term: {rendering_key(rendering.text) for rendering in entry.renderings} for entry in entries}
    kept: list[ConceptEntry] = []
    rejected: list[Rejection] = []
    for entry in entries:
        parts = CHINESE_JOINT.split(entry.term)
        english = ENGLISH_JOINT.split(rendering_key(entry.preferred.text))
        plain = entry.count == 1 and Reason("dictionary") not in entry.reasons
        known = len(parts) == len(english) and all(
            one in listed.get(part, ()) for part, one in zip(parts, english, strict=False)
        )
        if plain and known and len(parts) > 1:
            reason = f"names {', '.join(parts)} one after the other"
            rejected.append(Rejection(entry.term, entry.preferred.text, reason, round(entry.score, 4)))
        else:
            kept.append(entry)
    return kept, rejected


def _floor(strictness: Strictness, units: int, end: float = CROWD_FLOOR) -> float:
    """Return the probability from which a term is listed; ``end`` is where the floor of long texts stops to rise."""
    floor = FLOORS[strictness]
    if strictness != "balanced" or units <= CROWD:
        return floor
    return min(floor + CROWD_STEP * math.log2(units / CROWD), end)


def _rejection(term: RankedTerm, reason: str) -> Rejection:
    return Rejection(term.source, term.pairs[0].target, reason, round(probability(term.score), 4))


QUOTED = re.compile("[“「『《]([^“”「」『』《》。！？]{2,20})[”」』》]")


def unanswered(units: Iterable[TranslationUnit], candidates: Container[str]) -> list[Rejection]:
    """Return what stands in quotation marks or title marks and was paired with nothing in the translation."""
    quotes = (source_key(quote) for unit in units for quote in QUOTED.findall(unit.source))
    reason = "stands in quotation marks, but no words of the translation answer its words"
    return [Rejection(quote, "", reason) for quote in dict.fromkeys(quotes) if quote and quote not in candidates]


@dataclass(frozen=True, slots=True)
class KnownTerms:
    """A termbase by the keys of its Chinese forms: which renderings it allows, which it marks as not to be used.

    ``unwanted`` are Chinese forms that are not to be used themselves.
    """

    allowed: Mapping[str, frozenset[str]]
    forbidden: Mapping[str, frozenset[str]]
    unwanted: frozenset[str] = frozenset()

    @classmethod
    def of(cls, termbase: Glossary) -> KnownTerms:
        """Return the known terms of a termbase; a cell of it may hold several wordings (``spelling.alternatives``)."""
        allowed: defaultdict[str, set[str]] = defaultdict(set)
        forbidden: defaultdict[str, set[str]] = defaultdict(set)
        unwanted: set[str] = set()
        for entry in termbase.entries:
            if entry.review == "rejected":
                continue
            texts = (entry.term, *(variant.text for variant in entry.variants))
            forms = {lookup_key(form) for text in texts for form in alternatives(text)}
            old = [variant.text for variant in entry.variants if variant.usage in NOT_TO_USE]
            unwanted |= {lookup_key(form) for form in old} - {lookup_key(entry.term)}
            doubted = {name.removeprefix(DOUBTED) for name, _ in entry.properties if name.startswith(DOUBTED)}
            for rendering in entry.renderings:
                table = forbidden if rendering.usage in NOT_TO_USE else allowed
                keys = {_wording_key(wording) for wording in alternatives(rendering.text)}
                for form in forms:  # known, but nothing can be said of a rendering whose status is in unknown words
                    table[form] |= keys if rendering.text not in doubted else set()
        tables = [{key: frozenset(found) for key, found in table.items()} for table in (allowed, forbidden)]
        return cls(tables[0], tables[1], frozenset(unwanted - {lookup_key(entry.term) for entry in termbase.entries}))

    def marked(self, entry: ConceptEntry) -> ConceptEntry:
        """Return an entry with how it stands to the termbase: known with its preferred rendering, conflicting, or new.

        Script, case, number and spelling aside. A rendering the termbase has as deprecated or superseded is conflicting
        where it is preferred, and deprecated where it is admitted here; so is a Chinese form that is not to be used.
        """
        forms = {lookup_key(form) for form in (entry.term, *(variant.text for variant in entry.variants))}
        allowed = frozenset().union(*(self.allowed.get(form, ()) for form in forms))
        forbidden = frozenset().union(*(self.forbidden.get(form, ()) for form in forms))
        here = _wording_key(entry.preferred.text)
        status: KnownStatus = "new"
        if any(form in self.allowed or form in self.forbidden for form in forms):
            unwanted = lookup_key(entry.term) in self.unwanted
            status = "known" if here in allowed - forbidden and not unwanted else "conflicting"
        renderings = tuple(
            replace(rendering, usage="deprecated")
            if rendering.usage == "admitted" and _wording_key(rendering.text) in forbidden
            else rendering
            for rendering in entry.renderings
        )
        return replace(entry, known=status, renderings=renderings)


def _wording_key(text: str) -> str:
    return spelling_key(wording_key(text))


def kept_names(names: Iterable[str], corpus: Corpus) -> list[ConceptEntry]:
    """Return an entry for every name of a do-not-translate list that stands unchanged on both sides of some unit."""
    entries = []
    for name in dict.fromkeys(names):
        places = [unit for unit in corpus.units if name in unit.source and name in unit.target]
        if not places:
            continue
        count = sum(unit.source.count(name) for unit in corpus.units)
        contexts = tuple(
            Context(
                unit.id,
                unit.source,
                unit.target,
                ((unit.source.index(name), unit.source.index(name) + len(name)),),
                ((unit.target.index(name), unit.target.index(name) + len(name)),),
                unit.document,
                unit.date,
                unit.place,
            )
            for unit in places[:3]
        )
        dates = sorted(unit.date for unit in places if unit.date)
        entries.append(
            ConceptEntry(
                id=entry_id(name),
                term=name,
                renderings=(Rendering(name, count=len(places)),),
                type="other",
                part_of_speech="properNoun",
                list="recurring" if count > 1 else "once",
                count=count,
                units=len(places),
                score=1.0,
                contexts=contexts,
                reasons=(Reason("kept"),),
                notes=("do not translate",),
                sources=tuple(sorted({unit.document for unit in places} - {""})),
                first=dates[0] if dates else "",
                last=dates[-1] if dates else "",
            )
        )
    return entries
