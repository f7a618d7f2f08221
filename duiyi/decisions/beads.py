"""Decisions about beads and units, applied to a document."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from duiyi.decisions.model import (
    ApproveUnit,
    At,
    Decision,
    DoubtUnit,
    EditUnit,
    MergeUnit,
    Misfit,
    Pin,
    PinnedBead,
    ReopenUnit,
    Status,
    StrikeUnit,
)
from tmx.languages import join
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Pair, Sentence, TranslationUnit
from tmx.tmx14 import REVIEW, instant

# What a decision leaves on a unit. A unit that is wrong stays in its document, so that every bead with two sides has
# its unit; ``memory_units`` leaves it out of the memory.
WRONG, DOUBTFUL = "wrong", "doubtful"

Span = tuple[int, int]
"""A half-open range of sentence indices."""


@dataclass(frozen=True, slots=True)
class BeadReview:
    """What was decided about one bead; None for a text means the author's stands.

    ``read`` says whether a reviewer judged this very bead, and did not only approve it together with others.
    """

    status: Status = "open"
    source_text: str | None = None
    target_text: str | None = None
    reviewer: str = ""
    read: bool = False
    time: str = ""


@dataclass(frozen=True, slots=True)
class ReplayedDocument:
    """A document with the decisions applied; ``reviews`` has one item for each of its beads.

    ``known`` are the ids of the decisions that were about this document, whether they fitted or not.
    """

    document: AlignedDocument
    reviews: tuple[BeadReview | None, ...]
    misfits: tuple[Misfit, ...]
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class _Pin:
    source: tuple[int, int]
    target: tuple[int, int]
    review: BeadReview = field(compare=False)
    confidence: float | None = field(compare=False)
    decision: str = field(compare=False)

    def before(self, other: _Pin) -> bool:
        return self.source[1] <= other.source[0] and self.target[1] <= other.target[0]


def replay_document(document: AlignedDocument, decisions: Sequence[Decision]) -> ReplayedDocument:
    """Apply the decisions about one document's beads and units (``in_force`` ones, others are passed over).

    Pinned beads hold; the beads between them are the aligner's, cut at the border of a pin where they reach across.
    Of two decisions about the same sentences the later one counts.
    """
    misfits: list[Misfit] = []
    pins: list[_Pin] = []
    name = document.bitext.name
    pinning = [(d, d.verb) for d in decisions if isinstance(d.verb, Pin) and d.key == name]
    known = {decision.id for decision, _ in pinning}
    original = {unit.id for unit in document.units}
    uncut = document
    document = _cut_document(document, [pin for _, pin in pinning])
    sides = (_Run(uncut.source, document.source), _Run(uncut.target, document.target))
    for decision, pin in reversed(pinning):
        lost = _Placing(pin, sides, document.beads).place(decision, pins)
        misfits += (Misfit(decision, reason) for reason in lost)
    if pins:
        beads, reviews = _pinned(document.beads, pins, len(document.source), len(document.target))
        units = make_units(document.bitext, document.source, document.target, beads)
        document = replace(document, beads=tuple(beads), units=tuple(units))
        decisions = _not_overruled(decisions, pins, document)
    else:
        reviews = [None] * len(document.beads)
    rows = _Rows(document, reviews)
    for decision in decisions:
        if decision.subject != "unit" or decision.document not in ("", name):
            continue
        if rows.decide(decision):
            known.add(decision.id)
        elif decision.key in original:
            known.add(decision.id)
            misfits.append(Misfit(decision, "a later decision has changed which sentences belong together here"))
    document, reviews = rows.finish()
    decided = [_apply(pair.unit, review) for pair, review in zip(document.pairs(), reviews, strict=True) if pair.unit]
    document = replace(document, units=tuple(decided))
    return ReplayedDocument(document, tuple(reviews), tuple(misfits), frozenset(known))


class _Rows:
    """The beads of a document while decisions about its units are applied, in order."""

    def __init__(self, document: AlignedDocument, reviews: Sequence[BeadReview | None]) -> None:
        self._document = document
        self._reviews = list(reviews)
        self._merging: set[int] = set()  # beads to be merged with the next one; done when an id is not found
        self._index = {pair.id: index for index, pair in enumerate(document.pairs())}

    def decide(self, decision: Decision) -> bool:
        """Apply one decision; False when no row of this document has its key."""
        if decision.key not in self._index and self._merging:
            self._merge()
        index = self._index.get(decision.key)
        if index is None:
            return False
        if isinstance(decision.verb, MergeUnit):
            if index + 1 < len(self._document.beads):
                self._merging.add(index)
        else:
            self._reviews[index] = _reviewed(self._reviews[index] or BeadReview(), decision)
        return True

    def _merge(self) -> None:
        document = self._document
        beads: list[Bead] = []
        reviews: list[BeadReview | None] = []
        first = 0
        pairs = list(document.pairs())
        for index, bead in enumerate(document.beads):
            if index in self._merging:
                continue
            parts = range(first, index + 1)
            if len(parts) == 1:
                beads.append(bead)
                reviews.append(self._reviews[index])
            else:
                start = document.beads[first]
                beads.append(Bead((start.source[0], bead.source[1]), (start.target[0], bead.target[1]), 0.0, 1.0))
                reviews.append(self._joined_review(parts, pairs))
            first = index + 1
        made = make_units(document.bitext, document.source, document.target, beads)
        self._document = replace(document, beads=tuple(beads), units=tuple(made))
        self._reviews = reviews
        self._merging = set()
        self._index = {pair.id: index for index, pair in enumerate(self._document.pairs())}

    def _joined_review(self, parts: Iterable[int], pairs: Sequence[Pair]) -> BeadReview:
        """Return the review of merged rows: wording that was put right in one of them is kept."""
        reviews = [self._reviews[index] or BeadReview() for index in parts]
        bitext = self._document.bitext
        sources = [(review.source_text, pairs[i].source_text) for i, review in zip(parts, reviews, strict=True)]
        targets = [(review.target_text, pairs[i].target_text) for i, review in zip(parts, reviews, strict=True)]
        return BeadReview("changed", _joined(sources, bitext.source_language), _joined(targets, bitext.target_language))

    def finish(self) -> tuple[AlignedDocument, list[BeadReview | None]]:
        if self._merging:
            self._merge()
        return self._document, self._reviews


def _joined(texts: Iterable[tuple[str | None, str]], language: str) -> str | None:
    """Return one text for the wordings and the author's texts of several rows; None if no row was reworded."""
    both = list(texts)
    if all(wording is None for wording, _ in both):
        return None
    return join([own if wording is None else wording for wording, own in both], language)


def _not_overruled(
    decisions: Sequence[Decision], pins: Iterable[_Pin], document: AlignedDocument
) -> Sequence[Decision]:
    """Leave out decisions about units whose bead was pinned later: a pin says everything about its bead."""
    position = {decision.id: number for number, decision in enumerate(decisions)}
    pinned = {(pin.source, pin.target): position[pin.decision] for pin in pins}
    since = {pair.id: pinned.get((pair.bead.source, pair.bead.target), -1) for pair in document.pairs() if pair.unit}
    return [d for number, d in enumerate(decisions) if d.subject != "unit" or number > since.get(d.key, -1)]


_STATUS_OF: Mapping[type, Status] = {
    ApproveUnit: "approved",
    DoubtUnit: "doubtful",
    StrikeUnit: "wrong",
    EditUnit: "changed",
    ReopenUnit: "open",
}


def _reviewed(review: BeadReview, decision: Decision) -> BeadReview:
    verb = decision.verb
    source, target = (verb.source, verb.target) if isinstance(verb, EditUnit) else (None, None)
    return BeadReview(
        _STATUS_OF[type(verb)],
        review.source_text if source is None else source,
        review.target_text if target is None else target,
        decision.reviewer,
        read=True,
        time=decision.time,
    )


def _apply(unit: TranslationUnit, review: BeadReview | None) -> TranslationUnit:
    """Return the unit as it stands after review; its id stays that of the author's texts."""
    if review is None or review == BeadReview():
        return unit
    flags = set(unit.flags) - {WRONG, DOUBTFUL} | {review.status} & {WRONG, DOUBTFUL}
    told = {REVIEW: "" if review.status == "open" else review.status, "tmx:changeid": review.reviewer}
    told["tmx:changedate"] = instant(review.time) if review.time else ""
    properties = [pair for pair in unit.properties if pair[0] not in told]
    properties += [(name, text) for name, text in told.items() if text]
    return replace(
        unit,
        source=review.source_text if review.source_text is not None else unit.source,
        target=review.target_text if review.target_text is not None else unit.target,
        confidence=1.0 if review.status == "approved" else unit.confidence,
        flags=tuple(sorted(flags)),
        properties=tuple(sorted(properties)),
    )


def memory_units(units: Iterable[TranslationUnit]) -> list[TranslationUnit]:
    """Return the units that belong in the memory: all but those which a reviewer found not to be translations."""
    return [unit for unit in units if WRONG not in unit.flags]


def unknown_units(documents: Iterable[AlignedDocument], decisions: Sequence[Decision]) -> tuple[Misfit, ...]:
    """Return the decisions about documents and units that are no longer there; ``documents`` as they were aligned."""
    known: set[str] = set()
    for document in documents:
        known |= replay_document(document, decisions).known
    return tuple(
        Misfit(decision, "its document is not there any more" if decision.subject == "bead" else "its unit is gone")
        for decision in decisions
        if decision.subject in ("bead", "unit") and decision.id not in known
    )


# --- where the sentences of a pin stand now ---------------------------------------------------------------------------


class _Run:
    """The sentences of one side as pins look for them."""

    def __init__(self, uncut: Sequence[Sentence], sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self.starts = [_start(sentence) for sentence in sentences]
        self.uncut = uncut
        self.places: dict[str, list[int]] = {}
        for index, sentence in enumerate(sentences):
            self.places.setdefault(sentence.text, []).append(index)

    def index(self, at: At) -> int:
        """Return the index which ``at`` of a decision stands for, among the sentences as they are cut now."""
        if isinstance(at, int):
            if at >= len(self.uncut):
                return len(self.sentences)
            at = _start(self.uncut[at])
        return bisect.bisect_left(self.starts, at)

    def find(self, texts: Sequence[str], near: int) -> int | None:
        """Return where a run of texts begins, nearest to index ``near``; None if it is empty or not there."""
        if not texts:
            return None
        for begin in sorted(self.places.get(texts[0], ()), key=lambda index: abs(index - near)):
            window = self.sentences[begin : begin + len(texts)]
            if len(window) == len(texts) and all(s.text == text for s, text in zip(window, texts, strict=True)):
                return begin
        return None

    def span(self, at: At, texts: Sequence[str]) -> Span | None:
        """Return the sentences that stand at ``at`` and say ``texts``, however they are cut now; None if others do."""
        begin = end = self.index(at)
        wanted = "".join("".join(texts).split())
        found = ""
        while len(found) < len(wanted) and end < len(self.sentences):
            found += "".join(self.sentences[end].text.split())
            end += 1
        return (begin, end) if found == wanted else None

    def has_cut(self, text: str) -> bool:
        """Tell whether a text was a part of a sentence that decisions have cut otherwise."""
        return any(text in sentence.text and sentence.text not in self.places for sentence in self.uncut)


def _start(sentence: Sentence) -> Span:
    return sentence.paragraph, sentence.start


class _Placing:
    """Looks for the beads of one pin, one after the other.

    ``starts`` says where the next bead begins on either side when the texts of the whole pin stand together
    somewhere (None: they do not), ``expected`` where it would begin if nothing had changed.
    """

    def __init__(self, pin: Pin, runs: tuple[_Run, _Run], beads: Sequence[Bead]) -> None:
        self.pin = pin
        self.runs = runs
        self.beads = beads
        self.expected = [run.index(at) for run, at in zip(runs, pin.at, strict=True)]
        texts = [[text for bead in pin.beads for text in _sides(bead)[side]] for side in (0, 1)]
        self.starts = [run.find(sought, near) for run, sought, near in zip(runs, texts, self.expected, strict=True)]
        # Where only one side has text and it stands where it stood, the other side has not moved either.
        for side in (0, 1):
            if not texts[side] and self.starts[1 - side] == self.expected[1 - side]:
                self.starts[side] = self.expected[side]

    def place(self, decision: Decision, pins: list[_Pin]) -> list[str]:
        """Put the beads that are found among ``pins``; say of each that is not why."""
        lost = []
        for bead in self.pin.beads:
            spans = self._as_it_stood(bead) or self._looked_for(bead)
            if isinstance(spans, str):
                lost.append(f"this text is not in the document any more: {spans[:60]!r}")
            elif spans is not None:
                review = BeadReview(
                    bead.status, bead.source_text, bead.target_text, decision.reviewer, bead.read, decision.time
                )
                if not _insert(pins, _Pin(*spans, review, bead.confidence, decision.id)):
                    text = next(iter((*bead.source, *bead.target)), "")
                    lost.append(f"these sentences now stand across those of a later decision: {text[:60]!r}")
        return lost

    def _as_it_stood(self, bead: PinnedBead) -> tuple[Span, Span] | None:
        if bead.at is None:
            return None
        found = [run.span(at, texts) for run, at, texts in zip(self.runs, bead.at, _sides(bead), strict=True)]
        if found[0] is None or found[1] is None:
            self.expected = [run.index(at) for run, at in zip(self.runs, bead.at, strict=True)]
            return None
        spans = found[0], found[1]
        self.starts = [None if start is None else span[1] for start, span in zip(self.starts, spans, strict=True)]
        return spans

    def _looked_for(self, bead: PinnedBead) -> tuple[Span, Span] | str | None:
        """Return where a bead stands, a text of it that is gone, or None when a later decision cut a text of it."""
        sizes = [len(texts) for texts in _sides(bead)]
        begin = [
            start if start is not None else run.find(texts, near)
            for start, run, texts, near in zip(self.starts, self.runs, _sides(bead), self.expected, strict=True)
        ]
        lost = [side for side in (0, 1) if sizes[side] and begin[side] is None]
        if lost:
            self.starts = [None if start is None else start + n for start, n in zip(self.starts, sizes, strict=True)]
            text = _sides(bead)[lost[0]][0]
            return None if self.runs[lost[0]].has_cut(text) else text
        first, second = _with_empty_side(self.beads, begin[0], begin[1])
        spans = (first, first + sizes[0]), (second, second + sizes[1])
        for side, span in enumerate(spans):
            self.expected[side] = span[1]
            if self.starts[side] is not None:
                self.starts[side] = span[1]
        return spans


def _sides(bead: PinnedBead) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return bead.source, bead.target


def _with_empty_side(beads: Sequence[Bead], source: int | None, target: int | None) -> Span:
    """Return where both sides begin; an empty one at the border of the bead that now holds the other's first."""
    if source is not None and target is not None:
        return source, target
    for bead in beads:
        if source is not None and bead.source[0] <= source < bead.source[1]:
            return source, bead.target[0 if source == bead.source[0] else 1]
        if source is None and target is not None and bead.target[0] <= target < bead.target[1]:
            return bead.source[0 if target == bead.target[0] else 1], target
    return source or 0, target or 0


def _insert(pins: list[_Pin], pin: _Pin) -> bool:
    """Put a pin among the others in order; False if it crosses one.

    Decisions come latest first, so that of two about the same sentences the one that is there already counts.
    """
    index = bisect.bisect(pins, pin)
    if (index == 0 or pins[index - 1].before(pin)) and (index == len(pins) or pin.before(pins[index])):
        pins.insert(index, pin)
        return True
    return any(_meet(pin.source, other.source) or _meet(pin.target, other.target) for other in pins)


def _meet(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


# --- cutting sentences ------------------------------------------------------------------------------------------------


def _cut_document(document: AlignedDocument, pins: Iterable[Pin]) -> AlignedDocument:
    """Cut sentences where decisions cut them; the beads hold the parts of what they held."""
    wanted: tuple[list[tuple[At, list[str]]], list[tuple[At, list[str]]]] = ([], [])
    for pin in pins:
        for side in (0, 1):
            wanted[side].append((pin.at[side], [text for bead in pin.beads for text in _sides(bead)[side]]))
    source, target = _cut_sentences(document.source, wanted[0]), _cut_sentences(document.target, wanted[1])
    if len(source) == len(document.source) and len(target) == len(document.target):
        return document
    offsets = [
        [*(bisect.bisect_left([_start(s) for s in cut], _start(s)) for s in uncut), len(cut)]
        for uncut, cut in ((document.source, source), (document.target, target))
    ]
    dealt = tuple(
        replace(
            bead,
            source=(offsets[0][bead.source[0]], offsets[0][bead.source[1]]),
            target=(offsets[1][bead.target[0]], offsets[1][bead.target[1]]),
        )
        for bead in document.beads
    )
    return replace(document, source=tuple(source), target=tuple(target), beads=dealt)


def _cut_sentences(sentences: Sequence[Sentence], runs: Iterable[tuple[At, list[str]]]) -> list[Sentence]:
    """Cut sentences so that each text of the runs is one.

    A run comes with where it stood. Where it no longer stands there, its unknown texts are looked for everywhere. Only
    a sentence that texts of one run make up is cut: a text which merely stands in another sentence cuts nothing.
    """
    pieces = list(sentences)
    starts = [_start(sentence) for sentence in pieces]
    known = {sentence.text for sentence in pieces}
    for at, texts in runs:
        if all(text in known for text in texts) and isinstance(at, int):
            continue
        if isinstance(at, int):
            at = _start(sentences[at]) if at < len(sentences) else (len(sentences), 0)
        index = bisect.bisect_left(starts, at)
        for number, text in enumerate(texts):
            rest = texts[number:]
            if index >= len(pieces) or not (pieces[index].text == text or _parts(pieces[index], rest)):
                index = next((i for i, piece in enumerate(pieces) if text not in known and _parts(piece, rest)), -1)
                if index < 0:
                    index = len(pieces)
                    continue
            if pieces[index].text != text:
                cut = _parts(pieces[index], rest)
                pieces[index : index + 1] = cut
                starts[index : index + 1] = [_start(part) for part in cut]
                known.update(part.text for part in cut)
            index += 1
    return pieces


def _parts(sentence: Sentence, texts: Sequence[str]) -> list[Sentence]:
    """Return a sentence cut into the first of ``texts``, if some of them make it up; white space at the cuts goes."""
    parts: list[Sentence] = []
    at = 0
    for text in texts:
        at += len(sentence.text[at:]) - len(sentence.text[at:].lstrip())
        if not text or not sentence.text.startswith(text, at):
            return []
        start = sentence.start + at
        parts.append(replace(sentence, text=text, start=start, end=start + len(text)))
        at += len(text)
        if at == len(sentence.text):
            return parts if len(parts) > 1 else []
    return []


# --- the beads with the pins among them -------------------------------------------------------------------------------


def _pinned(
    beads: Sequence[Bead], pins: Sequence[_Pin], sources: int, targets: int
) -> tuple[list[Bead], list[BeadReview | None]]:
    """Return the beads with the pins among them: between two pins stand the old beads, cut to what is left there."""
    found: list[Bead] = []
    reviews: list[BeadReview | None] = []
    ends = [bead.source[1] for bead in beads], [bead.target[1] for bead in beads]
    confidences = {(bead.source, bead.target): bead.confidence for bead in beads}
    low = (0, 0)
    for pin in [*pins, None]:
        high = (pin.source[0], pin.target[0]) if pin else (sources, targets)
        first = min(bisect.bisect_right(ends[0], low[0]), bisect.bisect_right(ends[1], low[1]))
        for bead in beads[first:]:
            if bead.source[0] >= high[0] and bead.target[0] >= high[1]:
                break
            source, target = _clamp(bead.source, low[0], high[0]), _clamp(bead.target, low[1], high[1])
            if (source, target) == (bead.source, bead.target):
                found.append(bead)
            elif source[0] < source[1] or target[0] < target[1]:
                found.append(Bead(source, target, bead.cost, 0.0))  # what a pin left over: nobody vouches for it
            else:
                continue
            reviews.append(None)
        if pin:
            found.append(Bead(pin.source, pin.target, 0.0, _confidence(pin, confidences)))
            reviews.append(pin.review)
            low = (pin.source[1], pin.target[1])
    return found, reviews


def _clamp(run: tuple[int, int], low: int, high: int) -> tuple[int, int]:
    return min(max(run[0], low), high), min(max(run[1], low), high)


def _confidence(pin: _Pin, known: Mapping[tuple[tuple[int, int], tuple[int, int]], float]) -> float:
    if pin.review.status == "approved":
        return 1.0
    return pin.confidence if pin.confidence is not None else known.get((pin.source, pin.target), 1.0)
