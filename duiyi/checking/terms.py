"""Checks by terms: what a termbase prescribes, forbids, supersedes or keeps, and terms rendered in two ways."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from duiyi.checking.model import Reference, Segment
from duiyi.checking.sentences import translations
from duiyi.recognition import Recognised, Span, Word, english_words, is_abbreviated_in, renderings_in
from glossary.model import ConceptEntry, Rendering
from glossary.words.frequency import zipf
from glossary.words.tokens import TARGET_STOP
from tmx.alignment.lexicon import load, source_tokens, stem
from tmx.checks import Finding, Severity
from tmx.languages import is_english

# A rendering of which at least this share of the words stands in the translation, the rarer the heavier, is reworded
# and not another one: "to develop at high quality" for "high-quality development".
REWORDED = 0.4
SHORT = 200  # letters; in so short a segment a pronoun may stand for a term of the one before
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|this|these|those|such|he|his|she|her|we|our)\b", re.IGNORECASE)


def terms_differ(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """Terms not used, forbidden and superseded renderings; renderings fewer than terms as information."""
    before: set[str] = set()
    for segment in segments:
        unit = segment.unit
        if not unit.target.strip() or not is_english(unit.target_language):
            continue
        rendered: set[str] = set()
        there = _There(segment, reference.terms.in_chinese(unit.source))
        for found in _by_form(there.found):
            finding = _judged(there, found, reference, before)
            if finding is None or finding.severity == "neutral":
                rendered.update(one.entry.id for one in found)
            if finding:
                yield segment, finding
        before = rendered


class _There:
    """The terms found in a segment, and what is asked again for each of them: where each is rendered, if it is."""

    def __init__(self, segment: Segment, found: Sequence[Recognised]) -> None:
        self.segment, self.found = segment, found
        self._renderings: dict[int, list[tuple[Rendering, Span]]] = {}

    def renderings(self, entry: ConceptEntry) -> list[tuple[Rendering, Span]]:
        """Return which renderings of an entry stand in the English, and where."""
        if id(entry) not in self._renderings:  # two termbases may give two entries the same name
            self._renderings[id(entry)] = renderings_in(self.segment.unit.target, entry)
        return self._renderings[id(entry)]

    def taken(self, form: str) -> set[int]:
        """Return the places of the English that render terms of other Chinese forms."""
        return {
            place
            for entry in _entries(one for one in self.found if one.form != form)
            for _, span in self.renderings(entry)
            for place in range(*span)
        }


def _by_form(found: Sequence[Recognised]) -> list[list[Recognised]]:
    """Put together what is found in one Chinese form: all its occurrences, and all entries that have it."""
    groups: defaultdict[str, list[Recognised]] = defaultdict(list)
    for one in found:
        groups[one.form].append(one)
    return list(groups.values())


def _judged(there: _There, found: Sequence[Recognised], reference: Reference, before: set[str]) -> Finding | None:
    """Judge what is found in one Chinese form, of all that is ``there``; ``before`` are terms rendered just before."""
    segment, target = there.segment, there.segment.unit.target
    entries = _entries(found)
    source = tuple(dict.fromkeys((one.start, one.end) for one in found))
    form = found[0].form
    here = [(rendering, span) for entry in entries for rendering, span in there.renderings(entry)]
    good = [span for rendering, span in here if _may_stand(rendering, segment.date)]
    bad = [(rendering, span) for rendering, span in here if not _may_stand(rendering, segment.date)]
    if bad:
        rendering, span = bad[0]
        check = "term-forbidden" if rendering.usage == "deprecated" else "term-superseded"
        said = target[slice(*span)]
        return Finding(check, "major", f"{form}: {said} {_why_not(rendering)}; use {_wanted(entries)}", source, (span,))
    if good:
        if len(good) < len(source):
            message = f"{form}: {len(source)} times in the Chinese, {len(good)} times rendered"
            return Finding("term-fewer", "neutral", message, source, tuple(good))
        return None
    severity = _severity(entries, reference)
    message = f"{form}: {_wanted(entries)} is not used"
    if any(is_abbreviated_in(target, rendering) for rendering in _texts(found)):
        return None
    pronoun = len(target) < SHORT and _PRONOUN.search(target) and any(entry.id in before for entry in entries)
    if not pronoun and severity == "major" and _named_otherwise(there, found):
        return Finding("term-not-used", severity, message, source)
    if pronoun or _said_there(there, found) >= REWORDED:
        return Finding("term-reworded", "neutral", message, source)
    if _said_anywhere(target, found) >= REWORDED:  # by what seem to be words of something else
        severity = "minor" if severity == "major" else "neutral"
    return Finding("term-not-used", severity, message, source)


def _entries(found: Iterable[Recognised]) -> list[ConceptEntry]:
    return list({id(one.entry): one.entry for one in found}.values())


def _severity(entries: Sequence[ConceptEntry], reference: Reference) -> Severity:
    """What somebody decided is binding; what was only mined tells a fault where it is nearly always rendered so."""
    if any(entry.id in reference.prescribed for entry in entries):
        return "major"
    usual = any(entry.count >= MIN_MINED and entry.preferred.count >= USUAL_SHARE * entry.count for entry in entries)
    return "minor" if usual else "neutral"


MIN_MINED, USUAL_SHARE = 3, 0.8  # occurrences of the Chinese; those of them with the preferred rendering


def _may_stand(rendering: Rendering, date: str) -> bool:
    """A superseded rendering may stand in a document of its own time."""
    if rendering.usage == "superseded":
        return bool(date and rendering.last) and date[:4] <= rendering.last[:4]
    return rendering.usage != "deprecated"


def _why_not(rendering: Rendering) -> str:
    if rendering.usage == "deprecated":
        return "is not to be used"
    return f"is superseded (last used {rendering.last})" if rendering.last else "is superseded"


def _wanted(entries: Sequence[ConceptEntry]) -> str:
    return " or ".join(dict.fromkeys(entry.preferred.text for entry in entries))


def _said_there(there: _There, found: Sequence[Recognised]) -> float:
    """Return how much of a rendering stands where the term should be rendered, 0 to 1, the rarer its words the heavier.

    Words that render other terms, and those that the Chinese around the term accounts for, are not there for it.
    """
    source, target = there.segment.unit.source, there.segment.unit.target
    rate = len(target) / len(source)
    reach = WINDOW + SLACK * len(target)
    taken = there.taken(found[0].form)
    words = [
        word
        for word in english_words(target)
        if word.start not in taken and any(abs(word.start - one.start * rate) <= reach for one in found)
    ]
    needed = _needed_around(source, found, reach / rate)

    def is_there(word: Word) -> bool:
        wanted = stem(word.plain)
        return sum(_is_family(word.key, one.key) for one in words) > sum(wanted in stems for stems in needed)

    return max(_share(text, is_there) for text in _texts(found))


def _needed_around(source: str, found: Sequence[Recognised], reach: float = math.inf) -> list[frozenset[str]]:
    """Return the translations of each word of the Chinese around a term, no further than ``reach`` characters."""
    hidden = {place for one in found for place in range(one.start, one.end)}
    around = "".join(
        "\n" if place in hidden or all(abs(place - one.start) > reach for one in found) else sign
        for place, sign in enumerate(source)
    )
    return [translations(word) for word in source_tokens(around, load())]


WINDOW, SLACK = 100.0, 0.08  # letters, and share of the English, on either side of where a term should be rendered


def _named_otherwise(there: _There, found: Sequence[Recognised]) -> bool:
    """Tell whether words of a name stand in the English within another name: Hung Shui Bridge for Hung Shui Kiu.

    A name in capitals is not reworded but right or wrong. Words that render other terms, words before or behind the
    shared ones that the Chinese around the name accounts for, and headings all in capitals make no other name.
    """
    target = there.segment.unit.target
    names = [{word.key for word in english_words(text)} for text in _texts(found) if _is_name(text)]
    if len(names) < len(_texts(found)) or _is_name(target):
        return False
    taken = there.taken(found[0].form)
    needed = {name for names in _needed_around(there.segment.unit.source, found) for name in names}
    for run in _CAPITALS.finditer(target):
        words = [word for word in english_words(run[0]) if run.start() + word.start not in taken]
        for name in names:
            shared = sum(word.key in name for word in words)
            strange = [word for word in words if word.key not in name and word.plain not in TARGET_STOP]
            if shared > 1 and 0 < sum(stem(word.plain) not in needed for word in strange) <= shared:
                return True
    return False


_CAPITALS = re.compile(r"[A-Z][\w’'-]*(?: (?:of|and|for|the|on|in|[A-Z][\w’'-]*))*(?<=[\w’'-])")


def _is_name(text: str) -> bool:
    """Tell whether all words of an English text but the small ones have capitals, and there are two or more."""
    words = [text[word.start] for word in english_words(text) if word.plain not in TARGET_STOP]
    return len(words) > 1 and all(map(str.isupper, words))


def _said_anywhere(target: str, found: Sequence[Recognised]) -> float:
    """Return how much of a rendering stands anywhere in a text, 0 to 1."""
    keys = {word.key for word in english_words(target)}
    return max(_share(text, lambda word: any(_is_family(word.key, one) for one in keys)) for text in _texts(found))


def _texts(found: Sequence[Recognised]) -> set[str]:
    return {rendering.text for one in found for rendering in one.entry.renderings}


def _share(rendering: str, is_there: Callable[[Word], bool]) -> float:
    wanted = [word for word in english_words(rendering) if word.plain not in TARGET_STOP]
    weights = [max(0.5, 7.0 - zipf(word.plain, "en")) for word in wanted]
    known = sum(weight for word, weight in zip(wanted, weights, strict=True) if is_there(word))
    return known / sum(weights) if weights else 0.0


def _is_family(one: str, other: str) -> bool:
    """Tell whether two words begin alike: bank and banking, digital and digitalisation."""
    if len(one) > len(other):
        one, other = other, one
    return one == other or (len(one) >= FAMILY and other.startswith(one))


FAMILY = 4  # letters


def kept_changed(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """A name that stays as it is stands in the Chinese and not in the English."""
    for segment in segments:
        source, target = segment.unit.source, segment.unit.target
        if not target.strip():
            continue
        for name in reference.kept:
            if (place := source.find(name)) >= 0 and name not in target:
                message = f"{name} is to be left as it is, and is not in the translation"
                yield segment, Finding("do-not-translate", "major", message, ((place, place + len(name)),))


def rendered_two_ways(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """One term in two renderings within a document, both of them allowed; told at those of the rarer."""
    places: defaultdict[tuple[str, str], list[tuple[str, Segment, Span]]] = defaultdict(list)
    names: dict[str, ConceptEntry] = {}
    for segment in segments:
        for entry in _entries(reference.terms.in_chinese(segment.unit.source)):
            found = {rendering.text: span for rendering, span in renderings_in(segment.unit.target, entry)}
            if len(found) == 1:
                ((text, span),) = found.items()
                names[entry.id] = entry
                places[segment.document, entry.id].append((text, segment, span))
    for (_, id_), found_here in places.items():
        kinds = {rendering.text: rendering.kind for rendering in names[id_].renderings}
        counts = Counter(text for text, _, _ in found_here if kinds.get(text) == "main")
        if len(counts) < 2:
            continue
        usual = counts.most_common(1)[0][0]
        for text, segment, span in found_here:
            if text in counts and text != usual:
                message = f"{names[id_].term}: {text} here, {usual} {counts[usual]} times in this document"
                yield segment, Finding("term-two-ways", "neutral", message, (), (span,))


def shared_renderings(segments: Sequence[Segment], reference: Reference) -> Iterator[tuple[Segment, Finding]]:
    """One English for two terms of the same segment, where the termbase has another for one of them."""
    for segment in segments:
        claims: defaultdict[str, set[str]] = defaultdict(set)
        for one in reference.terms.in_chinese(segment.unit.source):
            for rendering, _ in renderings_in(segment.unit.target, one.entry):
                claims[rendering.text.lower()].add(one.form)
        for text, forms in claims.items():
            if len(forms) > 1:
                message = f"{text} stands for {' and '.join(sorted(forms))}"
                yield segment, Finding("term-shared", "neutral", message)
