"""Concept entries: the renderings of one Chinese term grouped, judged, dated and shown in use.

Which rendering is preferred follows count and recency: every use counts, one half as much for each ``HALF_LIFE`` years
it is older than the newest, so that a new official rendering overtakes an old one and a single odd use does not.
Another wording whose last use lies before the first use of the preferred one, and which was not used more often, is
superseded; the others are admitted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from glossary.keys import flat, inflection_key, phrase_key, rendering_key
from glossary.mining.domains import domain
from glossary.mining.pairs import Occurrence, Pair, RankedTerm
from glossary.mining.termhood import NAME_TAGS, probability
from glossary.mining.termtypes import part_of_speech, term_type
from glossary.mining.variants import variant_of
from glossary.mining.wording import content_words, is_adjectival, is_another_wording, is_same_word
from glossary.model import (
    ConceptEntry,
    Context,
    Reason,
    Rendering,
    Usage,
    entry_id,
)
from glossary.words.glosses import dictionary
from glossary.words.official import official
from glossary.words.tags import FINITE, NOMINAL, is_name
from glossary.words.tokens import lemma
from tmx import cedict
from tmx.model import TranslationUnit

MAX_CONTEXTS = 3
MAX_RENDERINGS = 6
GOOD_LENGTH = (12, 90)  # Chinese characters of a context that is easy to read
ADMITTED_SCORE = 0.5  # span score from which a rendering seen once stands beside the preferred one
LIKELY = 2.0  # what the probability of a pair counts beside the span score of its best place, 0 to 1.2
DOMINATED = 0.25  # share of the uses of the preferred rendering below which another is chance
HALF_LIFE = 2.2  # years after which a use counts half: two uses outweigh a later one for two years, not for three
MAIN_GLOSS = 1.4  # what the first rendering a dictionary has counts more; words of two characters have several meanings
NOUN_SCORE = 0.5  # span score from which a noun form is put before an adjective
GERUND = 0.8  # what a rendering that begins with a verb counts: resuming work beside resumption of work
TIMELINE_SHARE = 0.5  # share of the occurrences whose rendering is known from which a rendering can be superseded
KEPT_YEARS = 3  # years in which a rendering was used from which it is no chance
SURE_USES = 2  # uses which a rendering and its successor have at least: one may be chance
TIMELINE_SCORE = 0.5  # span score from which both renderings are sure enough for that
MODIFIER_WEIGHT = 0.6  # what a rendering that stands only before nouns counts when the preferred one is chosen
EQUAL = 0.05  # span scores as near as this are the same: the rendering that cuts nothing and is the better term wins
CASE_SAMPLE = 1_000_000  # characters of the translation looked through for the capitals of a rendering
CASE_USES = 100  # uses after which the capitals of a rendering are known
CONTEXT_CANDIDATES = 200  # units looked at for contexts; plenty for three


@dataclass(frozen=True, slots=True)
class Corpus:
    """The units with what concept entries ask of them: English keys, and where each document stands."""

    units: Sequence[TranslationUnit]
    target_keys: Sequence[str]
    shorts: Mapping[str, Sequence[str]]  # the abbreviations of a full form, which is given as a rendering key
    full_forms: Mapping[str, str]  # the full form of each abbreviation in lower case
    explained: Mapping[str, Sequence[int]]  # the units that have it in brackets
    running: str = ""
    lowered: str = ""

    @classmethod
    def of(cls, units: Sequence[TranslationUnit], abbreviations: Mapping[str, str]) -> Corpus:
        """Return the corpus of the given units. ``abbreviations`` maps short forms in lower case to full forms."""
        shorts: defaultdict[str, list[str]] = defaultdict(list)
        for short, full in sorted(abbreviations.items()):
            shorts[rendering_key(full)].append(short)
        running = "\n".join(unit.target for unit in units)[:CASE_SAMPLE]
        return cls(
            units,
            [f" {flat(unit.target)} " for unit in units],
            shorts,
            abbreviations,
            _explained(units, abbreviations),
            running,
            _lowered(running),
        )

    def in_sentence(self, text: str, *, name: bool = False) -> str:
        """Return a rendering with the capitals it has in the middle of sentences.

        Headings and longer names that hold it give it capitals which are not its own: International Cooperation in
        Forum for International Cooperation. A name keeps its capitals; of any other text that is found in headings
        and titles alone, only the words that are always written so keep theirs.
        """
        capitals = _capitals(text)
        if not capitals or any(char.isdigit() for char in text):
            return text
        wanted = text.lower()
        heading = all(word[0].isupper() for word in re.findall(r"[\w’'-]{4,}", text))  # as all words of one are written
        plain: Counter[str] = Counter()
        own = titles = place = 0
        while len(wanted) == len(text) and (place := self.lowered.find(wanted, place)) >= 0:
            end = place + len(wanted)
            before, after = self.running[max(place - 40, 0) : place], self.running[end : end + 2]
            form = self.running[place:end]
            place = end
            if own + plain.total() >= CASE_USES:
                break
            if before[-1:].isalnum() or after[:1].isalnum():
                continue
            if _capitals(form) < capitals:
                plain[form] += not re.search(r"(?:^|[.?!:;“\"\n])\s*$", before) or form[:1].islower()
            else:
                larger = LARGER_BEFORE.search(before) or re.match(r" [A-Z]", after)
                own += not larger
                titles += heading and self._in_title(place - len(wanted), place)
        form, count = min(plain.items(), key=lambda item: (-item[1], item[0])) if plain else (text, 0)
        if count > own:
            return form
        name = name or any(map(is_name, re.findall(r"[A-Z][\w’']+", text)))
        if " " in text and (text.isupper() or (titles and not own and not name)):
            return " ".join(self._word(word) for word in text.split(" "))
        return text

    def _in_title(self, start: int, end: int) -> bool:
        """Tell whether a place lies in a run of many words in capitals: a heading, the title of a law or a plan."""
        head = self.running[max(start - TITLE_REACH, 0) : start].rpartition("\n")[2]
        tail = self.running[end : end + TITLE_REACH].partition("\n")[0]
        words = re.findall(r"[\w’'-]{4,}", head + self.running[start:end] + tail)
        if len(words) >= 3 and sum(word[0].isupper() for word in words) >= HEADING_SHARE * len(words):
            return True
        before, after = TITLE_BEFORE.search(head), TITLE_AFTER.match(tail)
        run = (before.group() if before else "") + self.running[start:end] + (after.group() if after else "")
        return len([word for word in re.findall(r"[\w’'-]+", run) if word[0].isupper()]) >= TITLE_WORDS

    def _word(self, word: str) -> str:
        known = f" {word.capitalize()} " in self.running and f" {word.lower()} " not in self.running
        return word.capitalize() if known and is_name(word) else word.lower()


TITLE_WORDS = 6  # words in capitals in one run from which it is a title rather than a name
TITLE_REACH = 200  # characters looked at on either side
HEADING_SHARE = 0.8  # share of the longer words of a line in capitals from which it is a heading
TITLE_BEFORE = re.compile(r"(?:[A-Z0-9][\w’'-]*,? (?:(?:of|for|on|in|with|and|the|to|a) ){0,2})+$")
TITLE_AFTER = re.compile(r"(?: (?:(?:of|for|on|in|with|and|the|to|a) ){0,2}[A-Z0-9][\w’'-]*)+")


def _explained(units: Sequence[TranslationUnit], abbreviations: Mapping[str, str]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        for short in IN_BRACKETS.findall(unit.target) if "(" in unit.target else ():
            if short.lower() in abbreviations:
                found[short.lower()].append(number)
    return dict(found)


IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z&-]{1,8})\)")  # an abbreviation behind its full form


def _lowered(text: str) -> str:
    """Return text in lower case, each character one character still (not so İ)."""
    lower = text.lower()
    if len(lower) == len(text) and "Σ" not in text:  # the one letter whose small form depends on its place
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


LARGER_BEFORE = re.compile(
    r"(?:^|[\n.?!:;“\"]\s?"
    r"|(?!(?:The|An?|Our|Its|Their|This|These) )\b[A-Z][\w’'-]* (?:(?:of|for|on|in|with|and|the) ){0,2}(?:[a-z]+ )?)$"
)


def _capitals(text: str) -> int:
    return sum(char.isupper() for char in text)


# --- renderings ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Use:
    """Where one rendering is used: unit indices, one for each Chinese occurrence it answers."""

    pair: Pair
    units: list[int]
    forms: Counter[str]


def _uses(term: RankedTerm, variants: Sequence[RankedTerm], corpus: Corpus) -> list[_Use]:
    """Give every occurrence of the Chinese forms to the rendering that answers it best; one use for each rendering.

    How well the words answer says less of a fuller form than of its cut (river chief system, river chief), so how
    likely the pair is a term counts as much. A series with as many members as the Chinese counts answers it best.
    """
    best: dict[tuple[int, tuple[int, int]], tuple[tuple[bool, int, int, float], str]] = {}
    pairs: dict[str, Pair] = {}
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    homes = _homes(item for form in (term, *variants) for pair in form.pairs for item in pair.occurrences)
    for form in (term, *variants):
        for pair in form.pairs:
            key = phrase_key(pair.target)
            pairs.setdefault(key, pair)
            likely = probability(pair.score)
            for item in pair.occurrences:
                forms[key][item.target] += 1
                place = homes[item.unit, item.source_span]
                rank = (item.counted, round((item.score + likely) / EQUAL), -item.modifier - item.qualified, pair.score)
                if place not in best or rank > best[place][0]:
                    best[place] = (rank, key)
    units: defaultdict[str, list[int]] = defaultdict(list)
    for (unit, _), (_, key) in sorted(best.items()):
        units[key].append(unit)
    return [_Use(pairs[key], units[key], forms[key]) for key in sorted(units)]


def _homes(occurrences: Iterable[Occurrence]) -> dict[tuple[int, tuple[int, int]], tuple[int, tuple[int, int]]]:
    """Map the place of each form to the place of the longest form that overlaps it: both are one occurrence."""
    homes: dict[tuple[int, tuple[int, int]], tuple[int, tuple[int, int]]] = {}
    taken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    places = {(item.unit, item.source_span) for item in occurrences}
    for unit, span in sorted(places, key=lambda place: (place[0], place[1][0] - place[1][1], place[1][0])):
        whole = next((other for other in taken[unit] if other[0] < span[1] and span[0] < other[1]), span)
        homes[unit, span] = (unit, whole)
        if whole is span:
            taken[unit].append(span)
    return homes


def _credible(use: _Use, listed: Sequence[_Use], total: int, years: int) -> bool:
    """Tell whether a further rendering, used in so many years, deserves to stand beside those listed already."""
    if not listed:
        return True
    one = {lemma(word) for word in rendering_key(use.pair.target).split()}
    others = [{lemma(word) for word in rendering_key(other.pair.target).split()} for other in listed]
    inside = any(one < other or other < one for other in others)  # the same words in another order are no cut
    strongest = use.pair.best
    count = len(use.units)
    if strongest.target_shape < 0.45 or strongest.score < 0.3:
        return False
    preferred = listed[0]
    if use.pair.modifier and not preferred.pair.modifier:
        return False  # socialist modernization beside socialism
    first, last = preferred.pair.best.target_tags[0], preferred.pair.best.target_tags[-1]
    if last in NOMINAL and strongest.target_tags[-1] not in (*NOMINAL, "VBG", "CD"):
        return False  # world economic beside world economy
    if "PRP$" in strongest.target_tags and "PRP$" not in preferred.pair.best.target_tags:
        return False  # the expectations of our people
    if first not in FINITE and strongest.target_tags[0] in FINITE:
        return False  # prevent and control pollution beside pollution control
    if inside:  # a cut or a stretch of the main rendering needs a good share of its own
        return count >= 3 and count >= 0.25 * total
    if any(one == other for other in others) and count < 2:
        return False  # another inflection, used once
    if years >= KEPT_YEARS and strongest.score >= ADMITTED_SCORE:
        return True
    if count < DOMINATED * len(preferred.units):
        return False
    if count >= 2:
        return strongest.score >= 0.35 and count >= 0.04 * total
    return strongest.score >= ADMITTED_SCORE and strongest.first and total <= 12


def _year(date: str) -> float:
    """Return an ISO date as a year with fraction; 0 where there is none."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?", date)
    return int(match.group(1)) + (int(match.group(2) or 1) - 1) / 12 if match else 0.0


def _renderings(uses: Sequence[_Use], total: int, corpus: Corpus) -> list[Rendering]:
    """Return the listed renderings, the preferred one first."""
    newest = max((_year(corpus.units[unit].date) for use in uses for unit in use.units), default=0.0)

    def weight(use: _Use) -> float:
        years = [_year(corpus.units[unit].date) for unit in use.units]
        recent = sum(0.5 ** ((newest - year) / HALF_LIFE) if year else 1.0 for year in years)
        whole = MODIFIER_WEIGHT if use.pair.modifier else 1.0
        main = MAIN_GLOSS if rendering_key(use.pair.target) in glosses else 1.0
        verb = GERUND if use.pair.best.target_tags[0] in (*FINITE, "VBG") else 1.0
        answers = (
            0.25 + (1.0 if use.pair.counted else max(use.pair.best.score, 0.0)) + LIKELY * probability(use.pair.score)
        )
        return recent * answers * use.pair.best.target_shape * whole * main * verb

    glosses = _main_glosses({use.pair.source for use in uses})
    ordered = sorted(uses, key=lambda use: (-weight(use), use.pair.target))
    ordered = _whole_first(_noun_first(ordered))
    kept: list[_Use] = []
    for use in ordered:
        years = len({int(_year(corpus.units[unit].date)) for unit in use.units} - {0})
        if len(kept) < MAX_RENDERINGS and _credible(use, kept, total, years):
            kept.append(use)
    listed = [_rendering(use, corpus) for use in kept]
    preferred = listed[0]
    result = [preferred]
    dated = sum(rendering.count for rendering in listed) >= TIMELINE_SHARE * total
    for use, rendering in zip(kept[1:], listed[1:], strict=True):
        past = dated and _is_superseded(rendering, preferred, corpus) and _is_sure(use) and _is_sure(kept[0])
        usage: Usage = "superseded" if past else "admitted"
        result.append(replace(rendering, usage=usage))
    spelt = [*_full_forms(result, kept, uses, corpus)]
    return [*_with_abbreviations(result, kept, corpus), *spelt]


def _noun_first(ordered: list[_Use]) -> list[_Use]:
    """Put the noun form before a form that needs a noun after it: regions before regional."""
    if not _needs_noun(ordered[0]):
        return ordered
    first = content_words(ordered[0].pair.target)
    for use in ordered[1:]:
        same = any(is_same_word(word, other) for word in first for other in content_words(use.pair.target))
        same &= {*first} != {*content_words(use.pair.target)}
        same &= use.pair.best.target_tags[-1] in NOMINAL and not is_adjectival(use.pair.target)
        if same and use.pair.best.score >= NOUN_SCORE:
            return [use, *(other for other in ordered if other is not use)]
    return ordered


def _whole_first(ordered: list[_Use]) -> list[_Use]:
    """Put a fuller form that is used as often, and answers as well, before its cut: Chinese dream before dream.

    A series with as many members as its Chinese counts stands before what is cut out of it.
    """
    first = ordered[0]
    cut = _words_in_row(first)
    for use in ordered[1:]:
        fuller = cut in _words_in_row(use)
        if fuller and use.pair.counted and not first.pair.counted:
            return [use, *(other for other in ordered if other is not use)]
        same = use.pair.best.score >= first.pair.best.score - EQUAL and use.pair.best.target_tags[0] not in FINITE
        if fuller and same and len(use.units) >= len(first.units):
            return [use, *(other for other in ordered if other is not use)]
    return ordered


def _words_in_row(use: _Use) -> str:
    return f" {rendering_key(use.pair.target).replace(',', '')} "


def _needs_noun(use: _Use) -> bool:
    tags = use.pair.best.target_tags
    return is_adjectival(use.pair.target) or tags[-1][:2] == "JJ"


def _main_glosses(terms: Iterable[str]) -> set[str]:
    """Return the first rendering that a dictionary has for each Chinese form, in singular and plural."""
    found = set()
    for term in filter(lambda text: len(text) > 2, terms):
        gloss = dictionary().first_gloss(term.translate(cedict.simplification()))
        found |= {gloss, gloss + "s"}
    return found


def _is_superseded(rendering: Rendering, preferred: Rendering, corpus: Corpus) -> bool:
    """Tell whether a rendering is another wording that gave way to the preferred one: all its uses are older, and no
    more than those of the preferred one."""
    if not (rendering.last and preferred.first) or rendering.last >= preferred.first:
        return False
    if min(rendering.count, preferred.count) < SURE_USES:
        return False
    return rendering.count <= preferred.count and is_another_wording(rendering.text, preferred.text, corpus.full_forms)


def _is_sure(use: _Use) -> bool:
    """Tell whether a rendering is a noun phrase, no free wording of a clause, and answers the Chinese well."""
    tags = use.pair.best.target_tags
    whole = tags[0] not in FINITE and tags[-1] in (*NOMINAL, "VBG", "CD") and "," not in use.pair.target
    return whole and use.pair.best.score >= TIMELINE_SCORE


def _rendering(use: _Use, corpus: Corpus) -> Rendering:
    text = min(use.forms, key=lambda form: (-use.forms[form], "," in form, form[:1].isupper(), form))
    dated = sorted({(corpus.units[unit].date, corpus.units[unit].document) for unit in use.units})
    with_date = [pair for pair in dated if pair[0]]
    documents = tuple(dict.fromkeys(document for _, document in dated if document))
    first, last = (with_date[0], with_date[-1]) if with_date else (("", ""), ("", ""))
    if not _looks_abbreviated(text):
        kind = term_type(use.pair.source, text, use.pair.best.tags, use.pair.best.target_tags)
        text = corpus.in_sentence(text, name=kind not in ("concept", "phrase", "slogan"))
    return Rendering(
        text=text,
        usage="preferred",
        kind="abbreviation" if _looks_abbreviated(text) else "main",
        count=len(use.units),
        first=first[0],
        last=last[0],
        first_document=first[1] or (documents[0] if documents else ""),
        last_document=last[1] or (documents[-1] if documents else ""),
        documents=documents,
    )


def _looks_abbreviated(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][A-Za-z]?[A-Z&.-]*[A-Z][A-Z.s]*", text)) and len(text) <= 8


def _with_abbreviations(renderings: list[Rendering], uses: Sequence[_Use], corpus: Corpus) -> list[Rendering]:
    """Add the abbreviation of a full form where the units of the term use it, or the text itself explains it."""
    listed = {rendering_key(rendering.text) for rendering in renderings}
    for rendering, use in list(zip(renderings, uses, strict=False)):
        for short in corpus.shorts.get(rendering_key(rendering.text), ()):
            if short in listed:
                continue
            units = sorted({unit for unit in use.units if f" {short} " in corpus.target_keys[unit]})
            if units:
                form = _written(short, (corpus.units[unit].target for unit in units))
                found = _rendering(_Use(use.pair, units, Counter([form])), corpus)
                renderings.append(replace(found, text=form, usage="admitted", kind="abbreviation"))
                listed.add(short)
    return renderings


def _full_forms(
    renderings: Sequence[Rendering], listed: Sequence[_Use], uses: Sequence[_Use], corpus: Corpus
) -> Iterator[Rendering]:
    """Yield the full forms of abbreviations that stand alone in the list, where units of the term have them too."""
    forms = {use.pair.source for use in uses}
    known = {rendering_key(rendering.text) for rendering in renderings}
    for rendering, use in zip(renderings, listed, strict=True):
        short = rendering.text.lower()
        full = corpus.full_forms.get(short, "")
        if rendering.kind != "abbreviation" or not full or rendering_key(full) in known:
            continue
        own = {unit for other in uses for unit in other.units if f" {flat(full)} " in corpus.target_keys[unit]}
        own.update(
            unit for unit in corpus.explained.get(short, ()) if any(form in corpus.units[unit].source for form in forms)
        )
        if own:
            found = _rendering(_Use(use.pair, sorted(own), Counter([full])), corpus)
            yield replace(found, usage="admitted", kind="main")


def _written(short: str, texts: Iterable[str]) -> str:
    """Return an abbreviation as the texts write it."""
    for text in texts:
        match = re.search(rf"\b{re.escape(short)}\b", text, re.IGNORECASE)
        if match:
            return match.group()
    return short.upper()


# --- contexts --------------------------------------------------------------------------------------------------------


def _contexts(
    renderings: Sequence[Rendering], occurrences: Sequence[Occurrence], corpus: Corpus
) -> tuple[Context, ...]:
    """Return a unit that shows the preferred rendering well, then one for each of the others, filled up to three.

    Units from different documents come first. Marked is the rendering which a unit was chosen for.
    """
    places = [_places(rendering, occurrences, corpus) for rendering in renderings]
    chosen: list[tuple[int, int]] = []  # unit, number of the rendering
    for number, spans in enumerate(places):
        unit = next(_in_order(spans, {unit for unit, _ in chosen}, corpus), None)
        if unit is not None:
            chosen.append((unit, number))
    for number, spans in enumerate(places):
        while len(chosen) < MAX_CONTEXTS:
            used = {unit for unit, _ in chosen}
            texts = {corpus.units[unit].source for unit in used}
            order = (unit for unit in _in_order(spans, used, corpus) if corpus.units[unit].source not in texts)
            unit = next(order, None)
            if unit is None:
                break
            chosen.append((unit, number))
    return tuple(_context(unit, places[number][unit], corpus) for unit, number in chosen)


Spans = Mapping[int, Sequence[Occurrence]]  # by unit


def _places(rendering: Rendering, occurrences: Sequence[Occurrence], corpus: Corpus) -> Spans:
    """Return where a rendering is used; of an abbreviation that was added, where its full form would be."""
    key = inflection_key(rendering.text)
    found: defaultdict[int, list[Occurrence]] = defaultdict(list)
    for item in occurrences:
        if inflection_key(item.target) == key:
            found[item.unit].append(item)
    if found:
        return found
    written = re.compile(rf"(?<!\w){re.escape(rendering.text)}(?!\w)", re.IGNORECASE)
    for item in occurrences:
        match = written.search(corpus.units[item.unit].target)
        if match and item.unit not in found:
            found[item.unit].append(replace(item, target=rendering.text, target_span=match.span()))
    return found


def _in_order(spans: Spans, used: set[int], corpus: Corpus) -> Iterator[int]:
    """Yield units, best first: unused ones, of documents not shown yet, of good length, with strong evidence."""
    documents = {corpus.units[unit].document for unit in used}

    def quality(unit: int) -> tuple[bool, bool, float, int]:
        text = corpus.units[unit]
        length = len(text.source)
        fit = 1.0 if GOOD_LENGTH[0] <= length <= GOOD_LENGTH[1] else 0.5 if length > GOOD_LENGTH[1] else 0.3
        score = max(item.score for item in spans[unit])
        value = fit * text.confidence * (0.5 if text.flags else 1.0) * (0.5 + score)
        return unit in used, text.document in documents, -value, unit

    return iter(sorted(sorted(spans)[:CONTEXT_CANDIDATES], key=quality))


def _context(index: int, items: Sequence[Occurrence], corpus: Corpus) -> Context:
    unit = corpus.units[index]
    return Context(
        unit=unit.id,
        source=unit.source,
        target=unit.target,
        source_spans=tuple(sorted({item.source_span for item in items})),
        target_spans=tuple(sorted({item.target_span for item in items})),
        document=unit.document,
        date=unit.date,
        place=unit.place,
    )


# --- entries ---------------------------------------------------------------------------------------------------------


def build_entry(term: RankedTerm, variants: Sequence[RankedTerm], corpus: Corpus) -> ConceptEntry:
    """Return the concept entry of a term and its variants."""
    uses = _uses(term, variants, corpus)
    total = max(count_forms(term, variants), sum(len(use.units) for use in uses))
    renderings = _renderings(uses, total, corpus)
    occurrences = [item for form in (term, *variants) for pair in form.pairs for item in pair.occurrences]
    key = phrase_key(renderings[0].text)
    best = next((pair.best for pair in term.pairs if phrase_key(pair.target) == key), term.pairs[0].best)
    kind = term_type(term.source, renderings[0].text, best.tags, best.target_tags)
    dated = sorted(corpus.units[item.unit].date for item in occurrences if corpus.units[item.unit].date)
    belongs, political = domain(term.source, renderings[0].text, kind, best.words)
    return ConceptEntry(
        id=entry_id(term.source),
        term=term.source,
        renderings=tuple(renderings),
        variants=tuple(variant_of(variant, term) for variant in variants),
        type=kind,
        part_of_speech=part_of_speech(kind, renderings[0].text, best.target_tags),
        list="recurring" if total > 1 else "once",
        domain=belongs,
        political=political,
        count=total,
        units=len({item.unit for item in occurrences}),
        score=probability(term.score),
        contexts=_contexts(renderings, occurrences, corpus),
        reasons=_reasons(term, renderings, total, corpus),
        sources=tuple(sorted({corpus.units[item.unit].document for item in occurrences} - {""})),
        first=dated[0] if dated else "",
        last=dated[-1] if dated else "",
    )


def count_forms(term: RankedTerm, variants: Sequence[RankedTerm]) -> int:
    """Return the number of occurrences of all forms, those inside a longer form counted once."""
    own: dict[str, int] = {}
    for form in sorted((term, *variants), key=lambda form: (-len(form.source), form.source)):
        own[form.source] = max(0, form.count - sum(count for longer, count in own.items() if form.source in longer))
    total = sum(own.values())
    return max(total, 1)


def _official_instead(term: str, renderings: Sequence[Rendering], corpus: Corpus) -> tuple[str, ...]:
    """Return the usual official renderings of a term in the years of its documents if the text words it otherwise.

    That is, if each of its renderings has other words than each of the official ones; a cut or an inflection is none.
    """
    years = [int(date[:4]) for rendering in renderings for date in (rendering.first, rendering.last) if date]
    span = range(min(years), max(years) + 1) if years else ()
    standing = [found for found in official(term) if not span or any(map(found.in_use, span))]
    another = all(
        rendering.kind != "abbreviation"
        and inflection_key(rendering.text) != inflection_key(found.text)
        and is_another_wording(rendering.text, found.text, corpus.full_forms)
        for rendering in renderings
        for found in standing
    )
    return tuple(dict.fromkeys(found.text for found in standing if found.rank == 0)) if another else ()


def _reasons(term: RankedTerm, renderings: Sequence[Rendering], total: int, corpus: Corpus) -> tuple[Reason, ...]:
    """Return why the entry was kept."""
    items = [item for pair in term.pairs for item in pair.occurrences]
    preferred = renderings[0]
    reasons = []
    if total > 1:
        reasons.append(Reason("recurs", (str(total), str(min(preferred.count, total)))))
    if any(item.quoted for item in items):
        reasons.append(Reason("quoted"))
    if any(item.gloss for item in items):
        reasons.append(Reason("dictionary"))
    best = term.pairs[0].best
    if len(best.target_tags) > 1 and NAME_TAGS.issuperset(best.target_tags):
        reasons.append(Reason("name"))
    if any(rendering.kind == "abbreviation" for rendering in renderings):
        reasons.append(Reason("abbreviated"))
    standing = _official_instead(term.source, renderings, corpus)
    if standing:
        reasons.append(Reason("otherwise", (" / ".join(standing),)))
    reasons.append(Reason("strength", (f"{max(min(best.score, 1.0), 0.0):.2f}",)))
    return tuple(reasons)
