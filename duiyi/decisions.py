"""What reviewers decided: the one form in which the workbook and the review page write it down.

Decisions live in ``OUT/decisions.jsonl``, one JSON object a line, append-only, flushed to disk before anyone is
told that a decision is saved. A rebuild replays them in order; what no longer fits is listed, never dropped.
"""

from __future__ import annotations

import bisect
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast, get_args

import msgspec
from filelock import FileLock

from glossary.files.workbook import row_ids
from glossary.model import (
    ConceptEntry,
    Context,
    Glossary,
    PartOfSpeech,
    Rendering,
    Review,
    TermType,
    Usage,
    Variant,
    VariantKind,
)
from tmx.errors import FormatError, OutputError
from tmx.files import atomic_path
from tmx.languages import join
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Sentence, TranslationUnit
from tmx.tmx14 import REVIEW

FILE_NAME = "decisions.jsonl"

Subject = Literal["bead", "unit", "term", "undo"]
Status = Literal["open", "changed", "approved", "doubtful", "wrong"]

# What a decision leaves on a unit. A unit that is wrong stays in its document, so that every bead with two sides has
# its unit; ``memory_units`` leaves it out of the memory.
WRONG, DOUBTFUL = "wrong", "doubtful"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a reviewer decided.

    ``subject`` and ``key`` say about what: a term by its entry id, a unit by its tuid, beads by document name, an
    undo by the id of the decision it takes back (to redo, the undo itself is undone). ``values`` holds the verb's
    arguments as JSON values. ``origin`` is "workbook" or "page"; ``time`` is ISO 8601 UTC; ``id`` is unique and
    grows; the journal gives it.

    Verbs for terms:

    - ``accept``, ``reject``, ``discuss``, ``reopen``: the review status.
    - ``hide`` {"broader": id}: shown only with the longer term.
    - ``edit`` {"term", "type", "part_of_speech", "definition", "notes": [...], "review": "edited"}: those given are
      set.
    - ``rendering`` {"text", "new", "usage", "kind"}: the English ``text`` gets the wording ``new`` (kept without one,
      removed if it is empty; added if there was no ``text``), and the usage and kind given.
    - ``prefer``, ``deprecate`` {"text"}: short for its usages.
    - ``variant`` {"text", "new", "usage", "kind"}: the same for other Chinese forms.
    - ``merge`` {"into": id}: the entry becomes part of another one, its Chinese a variant there.
    - ``add`` {"term", "rendering", "type", "notes", "context": {"unit", "source", "target"}}: a new entry.

    Verbs for units: ``edit`` {"source", "target"}, ``approve``, ``doubt``, ``wrong`` (not a translation), ``open``,
    ``merge`` (with the bead after it; ``key`` may also be the row id of a bead with an empty side).

    Verb for beads: ``pin`` {"beads": [{"source": [texts], "target": [texts], "status", "source_text", "target_text",
    "confidence"}], "at": [i, j]}: these beads, one after the other, hold just these sentences. The texts find them
    again when the document has changed; ``at``, the places of the first sentences, helps where a text recurs and says
    where an empty side stands: an index of the uncut document, or [paragraph, offset]; a bead may have its
    own. A text that is a part of a sentence cuts the sentence there.
    """

    id: str
    subject: Subject
    key: str
    action: str
    values: dict[str, object] = field(default_factory=dict)
    origin: str = "workbook"
    reviewer: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A decision that no longer fits what was built, and why; ``key`` is what it is about, for people."""

    decision: Decision
    reason: str

    def __str__(self) -> str:
        decision = self.decision
        return f"decision {decision.id} ({decision.action} {decision.subject} {decision.key}): {self.reason}"


class DecisionJournal:
    """The file of decisions. Safe for several processes; what ``append`` returned is on the disk.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     journal = DecisionJournal(Path(folder, FILE_NAME))
    ...     (saved,) = journal.append([Decision("", "term", "c1", "accept")])
    ...     _ = journal.append([Decision("", "undo", saved.id, "undo")])
    ...     [decision.id for decision in journal.read()], in_force(journal.read())
    (['00000001', '00000002'], ())
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def read(self) -> tuple[Decision, ...]:
        """Return all decisions in order. A last line without its end was never acknowledged and is passed over."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be read: {error.strerror or error}") from error
        decisions = []
        for number, line in enumerate(data.split(b"\n")[:-1], 1):
            try:
                decisions.append(_DECODER.decode(line))
            except msgspec.MsgspecError as error:
                raise FormatError(
                    f"{self.path}, line {number}: not a decision ({error}); put the line right or take it out"
                ) from error
        return tuple(decisions)

    def append(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        """Give decisions their ids and put them on the disk, all of them or none; return them with their ids."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_name(f".{self.path.name}.lock")):
                return self._append(decisions)
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written: {error.strerror or error}") from error

    def _append(self, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
        data = self.path.read_bytes() if self.path.exists() else b""
        data = data[: data.rfind(b"\n") + 1]  # a torn last line is what a crash left of an unacknowledged one
        last = max((int(decision.id) for decision in self.read() if decision.id.isdecimal()), default=0)
        saved = tuple(replace(decision, id=f"{last + n:08d}") for n, decision in enumerate(decisions, 1))
        lines = b"".join(_ENCODER.encode(decision) + b"\n" for decision in saved)
        if len(saved) > 1:
            with atomic_path(self.path) as beside:
                beside.write_bytes(data + lines)
        else:
            with self.path.open("r+b" if self.path.exists() else "wb") as file:
                file.seek(len(data))
                file.write(lines)
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
        return saved


_DECODER = msgspec.json.Decoder(Decision)
_ENCODER = msgspec.json.Encoder(order="deterministic")


def in_force(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that were not undone, in order, without the undoing itself."""
    undone: set[str] = set()
    kept = []
    for decision in reversed(list(decisions)):
        if decision.id in undone:
            continue
        if decision.subject == "undo":
            undone.add(decision.key)
        else:
            kept.append(decision)
    return tuple(reversed(kept))


# --- beads and units ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BeadReview:
    """What was decided about one bead; None for a text means the author's stands."""

    status: Status = "open"
    source_text: str | None = None
    target_text: str | None = None
    reviewer: str = ""


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
    known = {d.id for d in decisions if d.subject == "bead" and d.key == document.bitext.name}
    original = {unit.id for unit in document.units}
    pinning = [d for d in decisions if (d.subject, d.key, d.action) == ("bead", document.bitext.name, "pin")]
    uncut = (document.source, document.target)
    document = _cut_document(document, pinning)
    sides = (_Run(uncut[0], document.source), _Run(uncut[1], document.target))
    for decision in reversed(pinning):
        _place_pins(document, decision, sides, pins, misfits)
    if pins:
        beads, reviews = _pinned(document.beads, pins, len(document.source), len(document.target))
        units = make_units(document.bitext, document.source, document.target, beads)
        decisions = _not_overruled(decisions, pins, beads, units)
        document = replace(document, beads=tuple(beads), units=tuple(units))
    else:
        reviews = [None] * len(document.beads)
    rows = _Rows(document, reviews)
    for decision in decisions:
        if decision.subject != "unit":
            continue
        if rows.decide(decision):
            known.add(decision.id)
        elif decision.key in original:
            known.add(decision.id)
            misfits.append(Misfit(decision, "a later decision has changed which sentences belong together here"))
    document, reviews = rows.finish()
    owners = [index for index, bead in enumerate(document.beads) if 0 not in bead.size]
    units = [_apply(unit, reviews[index]) for unit, index in zip(document.units, owners, strict=True)]
    document = replace(document, units=tuple(units))
    return ReplayedDocument(document, tuple(reviews), tuple(misfits), frozenset(known))


class _Rows:
    """The beads of a document while decisions about its units are applied, in order."""

    def __init__(self, document: AlignedDocument, reviews: Sequence[BeadReview | None]) -> None:
        self._document = document
        self._reviews = list(reviews)
        self._merging: set[int] = set()  # beads to be merged with the next one; done when an id is not found
        self._index = {id_: index for index, id_ in enumerate(row_ids(document))}

    def decide(self, decision: Decision) -> bool:
        """Apply one decision; False when no row of this document has its key."""
        if decision.key not in self._index and self._merging:
            self._merge()
        index = self._index.get(decision.key)
        if index is None:
            return False
        if decision.action == "merge":
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
                reviews.append(self._joined_review(parts))
            first = index + 1
        made = make_units(document.bitext, document.source, document.target, beads)
        self._document = replace(document, beads=tuple(beads), units=tuple(made))
        self._reviews = reviews
        self._merging = set()
        self._index = {id_: index for index, id_ in enumerate(row_ids(self._document))}

    def _joined_review(self, parts: Iterable[int]) -> BeadReview:
        """Return the review of merged rows: wording that was put right in one of them is kept."""
        document = self._document
        texts: tuple[list[str], list[str]] = ([], [])
        edited = [False, False]
        for index in parts:
            review, bead = self._reviews[index] or BeadReview(), document.beads[index]
            runs = (document.source[slice(*bead.source)], document.target[slice(*bead.target)])
            tags = (document.bitext.source_language, document.bitext.target_language)
            for side, wording in enumerate((review.source_text, review.target_text)):
                edited[side] |= wording is not None
                own = join([sentence.text for sentence in runs[side]], tags[side])
                texts[side].append(wording if wording is not None else own)
        return BeadReview(
            "changed",
            join(texts[0], document.bitext.source_language) if edited[0] else None,
            join(texts[1], document.bitext.target_language) if edited[1] else None,
        )

    def finish(self) -> tuple[AlignedDocument, list[BeadReview | None]]:
        if self._merging:
            self._merge()
        return self._document, self._reviews


def _not_overruled(
    decisions: Sequence[Decision], pins: Iterable[_Pin], beads: Iterable[Bead], units: Iterable[TranslationUnit]
) -> Sequence[Decision]:
    """Leave out decisions about units whose bead was pinned later: a pin says everything about its bead."""
    position = {decision.id: number for number, decision in enumerate(decisions)}
    pinned = {(pin.source, pin.target): position[pin.decision] for pin in pins}
    paired = [bead for bead in beads if 0 not in bead.size]
    since = {unit.id: pinned.get((bead.source, bead.target), -1) for unit, bead in zip(units, paired, strict=True)}
    return [d for number, d in enumerate(decisions) if d.subject != "unit" or number > since.get(d.key, -1)]


_STATUS_OF: dict[str, Status] = {
    "approve": "approved",
    "doubt": "doubtful",
    "wrong": "wrong",
    "edit": "changed",
    "open": "open",
}


def _reviewed(review: BeadReview, decision: Decision) -> BeadReview:
    status = _STATUS_OF.get(decision.action, review.status)
    if decision.action != "edit":
        return replace(review, status=status, reviewer=decision.reviewer)
    source, target = decision.values.get("source"), decision.values.get("target")
    return BeadReview(
        status,
        source if isinstance(source, str) else review.source_text,
        target if isinstance(target, str) else review.target_text,
        decision.reviewer,
    )


def _apply(unit: TranslationUnit, review: BeadReview | None) -> TranslationUnit:
    """Return the unit as it stands after review; its id stays that of the author's texts."""
    if review is None or review == BeadReview():
        return unit
    flags = set(unit.flags) - {WRONG, DOUBTFUL} | {review.status} & {WRONG, DOUBTFUL}
    properties = [pair for pair in unit.properties if pair[0] != REVIEW]
    if review.status != "open":
        properties.append((REVIEW, review.status))
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


class _Run:
    """The sentences of one side as pins look for them."""

    def __init__(self, uncut: Sequence[Sentence], sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self.starts = [(sentence.paragraph, sentence.start) for sentence in sentences]
        self.uncut = uncut
        self.places: dict[str, list[int]] = {}
        for index, sentence in enumerate(sentences):
            self.places.setdefault(sentence.text, []).append(index)

    def index(self, at: object) -> int:
        """Return the index which ``at`` of a decision stands for, among the sentences as they are cut now."""
        if isinstance(at, int):
            if at >= len(self.uncut):
                return len(self.sentences)
            at = (self.uncut[at].paragraph, self.uncut[at].start)
        return bisect.bisect_left(self.starts, tuple(cast(Sequence[int], at)))

    def find(self, texts: Sequence[str], near: int) -> int | None:
        """Return where a run of texts begins, nearest to index ``near``; None if it is empty or not there."""
        if not texts:
            return None
        for begin in sorted(self.places.get(texts[0], ()), key=lambda index: abs(index - near)):
            window = self.sentences[begin : begin + len(texts)]
            if len(window) == len(texts) and all(s.text == text for s, text in zip(window, texts, strict=True)):
                return begin
        return None

    def span(self, at: object, texts: Sequence[str]) -> tuple[int, int] | None:
        """Return the sentences that stand at ``at`` and say ``texts``, however they are cut now; None if others do."""
        begin = end = self.index(at)
        wanted = "".join("".join(texts).split())
        found = ""
        while len(found) < len(wanted) and end < len(self.sentences):
            found += "".join(self.sentences[end].text.split())
            end += 1
        return (begin, end) if found == wanted else None


def _cut_document(document: AlignedDocument, pinning: Iterable[Decision]) -> AlignedDocument:
    """Cut sentences where decisions cut them; the beads hold the parts of what they held."""
    wanted: tuple[list[tuple[object, list[str]]], list[tuple[object, list[str]]]] = ([], [])
    for decision in pinning:
        beads = cast(list[Any], decision.values.get("beads") or [])
        at = cast(list[Any], decision.values.get("at") or (0, 0))
        for side, name in enumerate(("source", "target")):
            wanted[side].append((at[side], [str(text) for bead in beads for text in bead.get(name) or ()]))
    source, target = _cut_sentences(document.source, wanted[0]), _cut_sentences(document.target, wanted[1])
    if len(source) == len(document.source) and len(target) == len(document.target):
        return document
    offsets = [
        [bisect.bisect_left([(s.paragraph, s.start) for s in cut], (s.paragraph, s.start)) for s in uncut] + [len(cut)]
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


def _cut_sentences(sentences: Sequence[Sentence], runs: Iterable[tuple[object, list[str]]]) -> list[Sentence]:
    """Cut sentences so that each text of the runs is one, if it is a part of a sentence.

    A run comes with where it stood. Where it no longer stands there, its unknown texts are looked for everywhere.
    """
    pieces = list(sentences)
    starts = [(sentence.paragraph, sentence.start) for sentence in pieces]
    known = {sentence.text for sentence in pieces}
    for at, texts in runs:
        if all(text in known for text in texts) and isinstance(at, int):
            continue
        if isinstance(at, int):
            at = (sentences[at].paragraph, sentences[at].start) if at < len(sentences) else (len(sentences), 0)
        index = bisect.bisect_left(starts, tuple(cast(Sequence[int], at)))
        for text in texts:
            here = pieces[index] if index < len(pieces) else None
            if here is None or not here.text.startswith(text):
                index = next((i for i, piece in enumerate(pieces) if text not in known and text in piece.text), -1)
                if index < 0:
                    index = len(pieces)
                    continue
                here = pieces[index]
            if here.text != text:
                pieces[index : index + 1] = cut = _cut(here, here.text.index(text), text)
                starts[index : index + 1] = [(part.paragraph, part.start) for part in cut]
                known.update(part.text for part in cut)
                index += [part.text for part in cut].index(text)
            index += 1
    return pieces


def _cut(sentence: Sentence, begin: int, text: str) -> list[Sentence]:
    """Return the parts before, of and after ``text`` in a sentence; white space at the cuts goes."""
    parts = []
    for start, end in ((0, begin), (begin, begin + len(text)), (begin + len(text), len(sentence.text))):
        part = sentence.text[start:end]
        if part.strip():
            first = sentence.start + start + len(part) - len(part.lstrip())
            parts.append(replace(sentence, text=part.strip(), start=first, end=first + len(part.strip())))
    return parts


def _place_pins(
    document: AlignedDocument,
    decision: Decision,
    runs_of: tuple[_Run, _Run],
    pins: list[_Pin],
    misfits: list[Misfit],
) -> None:
    beads = [bead for bead in cast(list[Any], decision.values.get("beads") or []) if isinstance(bead, Mapping)]
    at = [run.index(hint) for run, hint in zip(runs_of, cast(Any, decision.values.get("at") or (0, 0)), strict=True)]
    sides = (
        [[str(text) for text in bead.get("source") or ()] for bead in beads],
        [[str(text) for text in bead.get("target") or ()] for bead in beads],
    )
    starts = [
        run.find([text for texts in runs for text in texts], hint)
        for run, runs, hint in zip(runs_of, sides, at, strict=True)
    ]
    # Where only one side has text and it stands where it stood, the other side has not moved either.
    for side in (0, 1):
        if not any(sides[side]) and starts[1 - side] == at[1 - side]:
            starts[side] = at[side]
    expected = [at[0], at[1]]
    for number, bead in enumerate(beads):
        runs = (sides[0][number], sides[1][number])
        if "at" in bead:
            spans = [run.span(hint, texts) for run, hint, texts in zip(runs_of, bead["at"], runs, strict=True)]
            if spans[0] and spans[1]:  # it stands where it stood
                _insert(
                    pins, _Pin(spans[0], spans[1], _pin_review(bead, decision), bead.get("confidence"), decision.id)
                )
                starts = [None if start is None else span[1] for start, span in zip(starts, spans, strict=True) if span]
                continue
            expected = [run.index(hint) for run, hint in zip(runs_of, bead["at"], strict=True)]
        # When the whole run is not found, each bead is looked for by itself, near the one before.
        begin = [
            starts[side] if starts[side] is not None else runs_of[side].find(runs[side], expected[side])
            for side in (0, 1)
        ]
        lost = [side for side in (0, 1) if runs[side] and begin[side] is None]
        if lost:
            starts = [start if start is None else start + len(run) for start, run in zip(starts, runs, strict=True)]
            text = next(iter(runs[lost[0]]))
            if any(text in sentence.text for sentence in runs_of[lost[0]].uncut):
                continue  # a later decision has cut this sentence
            misfits.append(Misfit(decision, f"this text is not in the document any more: {text[:60]!r}"))
            continue
        if begin[0] is None or begin[1] is None:
            begin = _empty_side(document.beads, begin)
        first, second = cast(int, begin[0]), cast(int, begin[1])
        pin = _Pin(
            (first, first + len(runs[0])),
            (second, second + len(runs[1])),
            _pin_review(bead, decision),
            bead.get("confidence"),
            decision.id,
        )
        for side in (0, 1):
            expected[side] = (pin.source, pin.target)[side][1]
            if starts[side] is not None:
                starts[side] = expected[side]
        _insert(pins, pin)


def _pin_review(bead: Mapping[str, Any], decision: Decision) -> BeadReview:
    status = bead.get("status", "changed")
    return BeadReview(
        status if status in get_args(Status) else "changed",
        bead.get("source_text"),
        bead.get("target_text"),
        decision.reviewer,
    )


def _insert(pins: list[_Pin], pin: _Pin) -> None:
    """Put a pin among the others in order, unless it crosses one: decisions come latest first, those count."""
    index = bisect.bisect(pins, pin)
    if (index == 0 or pins[index - 1].before(pin)) and (index == len(pins) or pin.before(pins[index])):
        pins.insert(index, pin)


def _empty_side(beads: Sequence[Bead], begin: list[int | None]) -> list[int | None]:
    """Say where an empty side stands: at the border of the bead that now holds the first sentence of the other."""
    side = 0 if begin[0] is not None else 1
    position = begin[side]
    for bead in beads:
        first, last = (bead.source, bead.target)[side]
        if position is not None and first <= position < last:
            other = (bead.target, bead.source)[side]
            border = other[0] if position == first else other[1]
            return [position, border] if side == 0 else [border, position]
    return [begin[0] or 0, begin[1] or 0]


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


# --- terms ----------------------------------------------------------------------------------------------------------

_REVIEW_OF: dict[str, Review] = {
    "accept": "accepted",
    "reject": "rejected",
    "discuss": "discuss",
    "reopen": "candidate",
}


@dataclass(frozen=True, slots=True)
class ReplayedGlossary:
    """A glossary with the decisions applied."""

    glossary: Glossary
    misfits: tuple[Misfit, ...]


def replay_glossary(glossary: Glossary, decisions: Iterable[Decision]) -> ReplayedGlossary:
    """Apply the decisions about terms, in order; those that no longer fit are listed.

    >>> glossary = Glossary((ConceptEntry("c1", "多边主义", (Rendering("multilateralism"),)),))
    >>> decisions = [Decision("1", "term", "c1", "accept"), Decision("2", "term", "c9", "accept")]
    >>> replayed = replay_glossary(glossary, decisions)
    >>> replayed.glossary.entries[0].review, [str(misfit) for misfit in replayed.misfits]
    ('accepted', ['decision 2 (accept term c9): no such entry any more'])
    """
    entries = {entry.id: entry for entry in glossary.entries}
    merged: dict[str, str] = {}
    misfits: list[Misfit] = []
    for decision in decisions:
        if decision.subject != "term":
            continue
        key = _final(decision.key, merged)
        try:
            if decision.action == "add":
                entries[key] = _added(entries.get(key), decision)
            elif key not in entries:
                raise _NoFitError("no such entry any more")
            elif decision.action == "merge":
                into = _final(str(decision.values.get("into", "")), merged)
                if into not in entries:
                    raise _NoFitError(f"the entry to merge into, {into}, is not there any more")
                if into != key:
                    entries[into] = merge_entries(entries[into], entries.pop(key))
                    merged[key] = into
            else:
                entries[key] = decide(entries[key], decision)
        except _NoFitError as error:
            misfits.append(Misfit(decision, str(error)))
    return ReplayedGlossary(replace(glossary, entries=tuple(entries.values())), tuple(misfits))


class _NoFitError(Exception):
    """Why a decision does not fit; becomes a ``Misfit``."""


def _final(key: str, merged: Mapping[str, str]) -> str:
    while key in merged:
        key = merged[key]
    return key


def decide(entry: ConceptEntry, decision: Decision) -> ConceptEntry:
    """Return the entry with one decision applied (every verb that concerns one entry alone)."""
    values = decision.values
    action = decision.action
    if action in _REVIEW_OF:
        return replace(entry, review=_REVIEW_OF[action])
    if action == "hide":
        return replace(entry, broader=str(values.get("broader", "")))
    if action == "prefer":
        return _rendering(entry, {"text": values.get("text"), "usage": "preferred"})
    if action == "deprecate":
        return _rendering(entry, {"text": values.get("text"), "usage": "deprecated"})
    if action == "rendering":
        return _edited(_rendering(entry, values))
    if action == "variant":
        return _edited(_variant(entry, values))
    if action == "edit":
        return _edited(_edit(entry, values))
    raise _NoFitError(f"unknown verb {action!r}")


def _edited(entry: ConceptEntry) -> ConceptEntry:
    """An entry that nobody has judged yet counts as edited; a judgement is kept."""
    return replace(entry, review="edited") if entry.review == "candidate" else entry


def _edit(entry: ConceptEntry, values: Mapping[str, object]) -> ConceptEntry:
    changes: dict[str, Any] = {}
    for name in ("term", "definition"):
        if isinstance(text := values.get(name), str):
            changes[name] = text
    for name, kind in (("type", TermType), ("part_of_speech", PartOfSpeech)):
        if (text := values.get(name)) is not None:
            if text not in get_args(kind):
                raise _NoFitError(f"{text!r} is no {name}")
            changes[name] = text
    if isinstance(notes := values.get("notes"), list):
        changes["notes"] = tuple(map(str, notes))
    if values.get("review") == "edited":
        changes["review"] = "edited"
    return replace(entry, **changes)


def _wording(
    held: Sequence[Rendering] | Sequence[Variant], values: Mapping[str, object], what: str
) -> tuple[int | None, str]:
    """Return where the wording stands that a decision is about (None: it is a new one), and how it is to read."""
    text = str(values.get("text") or "")
    new = str(values.get("new", text) or "")
    if not text:
        return None, new
    texts = [wording.text for wording in held]
    for wanted in (text, new):  # the new one: done already
        if wanted in texts:
            return texts.index(wanted), new
    raise _NoFitError(f"the entry has no {what} {text!r} any more")


def _rendering(entry: ConceptEntry, values: Mapping[str, object]) -> ConceptEntry:
    usage, kind = _usage_and_kind(values)
    renderings = list(entry.renderings)
    index, new = _wording(renderings, values, "English")
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
        changed = replace(old, text=new, usage=usage or old.usage, kind=kind or old.kind)
        renderings.insert(len(renderings) if index is None else min(index, len(renderings)), changed)
        if usage == "preferred":
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


def _usage_and_kind(values: Mapping[str, object]) -> tuple[Usage | None, VariantKind | None]:
    usage, kind = values.get("usage"), values.get("kind")
    if usage is not None and usage not in get_args(Usage):
        raise _NoFitError(f"{usage!r} is no usage")
    if kind is not None and kind not in get_args(VariantKind):
        raise _NoFitError(f"{kind!r} is no kind of variant")
    return cast("Usage | None", usage), cast("VariantKind | None", kind)


def _variant(entry: ConceptEntry, values: Mapping[str, object]) -> ConceptEntry:
    usage, kind = _usage_and_kind(values)
    variants = list(entry.variants)
    index, new = _wording(variants, values, "Chinese form")
    old = variants.pop(index) if index is not None else Variant(new)
    if new and new != entry.term and all(variant.text != new for variant in variants):
        changed = replace(old, text=new, usage=usage or old.usage, kind=kind or old.kind)
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


def _added(entry: ConceptEntry | None, decision: Decision) -> ConceptEntry:
    values = decision.values
    term, text = str(values.get("term") or ""), str(values.get("rendering") or "")
    if not term or not text:
        raise _NoFitError("a new entry needs a Chinese and an English term")
    type_ = values.get("type", "concept")
    if type_ not in get_args(TermType):
        raise _NoFitError(f"{type_!r} is no type")
    if entry is not None:  # found by the machine by now: what the reviewer preferred stays preferred
        known = any(rendering.text == text for rendering in entry.renderings)
        entry = _rendering(entry, {"text": text if known else "", "new": text, "usage": "preferred"})
        return replace(entry, review="accepted")
    notes = values.get("notes")
    context = values.get("context")
    contexts: tuple[Context, ...] = ()
    if isinstance(context, Mapping):
        source, target = str(context.get("source") or ""), str(context.get("target") or "")
        contexts = (
            Context(str(context.get("unit") or ""), source, target, _spans(source, term), _spans(target, text)),
        )
    return ConceptEntry(
        decision.key,
        term,
        (Rendering(text, count=0),),
        type=cast(TermType, type_),
        list="once",
        review="accepted",
        count=0,
        units=0,
        contexts=contexts,
        reasons=("added by a reviewer",),
        notes=tuple(map(str, notes)) if isinstance(notes, list) else (),
    )


def _spans(text: str, term: str) -> tuple[tuple[int, int], ...]:
    begin = text.find(term)
    return ((begin, begin + len(term)),) if begin >= 0 else ()
