"""The state behind the page: documents, terms, the journal, undo and redo without limit and across restarts."""

from __future__ import annotations

import hashlib
import heapq
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import cast

from duiyi.decisions import (
    FILE_NAME,
    Decision,
    DecisionJournal,
    Status,
    in_force,
    replay_document,
    replay_glossary,
)
from duiyi.marks import DOUBTFUL, SURE
from duiyi.review import rows as actions
from duiyi.review.queue import expected_gain, sample, wilson_interval
from duiyi.review.rows import Aligner, ReviewError, Row, Side, Splice
from glossary.model import ConceptEntry, Context, Glossary
from tmx.characters import key
from tmx.checks import check
from tmx.languages import join
from tmx.model import AlignedDocument, Bead, Sentence, TranslationUnit

QUEUE_LENGTH = 300  # rows of the queue that the page gets at a time
MAX_OPEN = 64  # documents whose rows are kept in memory


class JournalChangedError(ReviewError):
    """Another program wrote decisions since they were read; they have been read again."""


@dataclass(frozen=True, slots=True)
class Project:
    """What is under review: documents as the aligner left them and the glossary as it was extracted."""

    name: str
    documents: Sequence[AlignedDocument]
    glossary: Glossary


@dataclass(slots=True)
class OpenDocument:
    """A document with its decisions applied; ``applied`` remembers what this session's steps did to it."""

    base: AlignedDocument
    rows: list[Row]
    misfits: list[str] = field(default_factory=list)
    applied: list[tuple[str, list[Splice]]] = field(default_factory=list)

    @property
    def languages(self) -> tuple[str, str]:
        """The language tags of the two sides."""
        return self.base.bitext.source_language, self.base.bitext.target_language


def align_sentences(source: Sequence[Sentence], target: Sequence[Sentence], anchors: Sequence[Bead]) -> list[Bead]:
    """Align sentences with the project's aligner; anchors stay."""
    from tmx.alignment.aligner import align

    return align(
        [s.text for s in source],
        [t.text for t in target],
        source_paragraphs=[s.paragraph for s in source],
        target_paragraphs=[t.paragraph for t in target],
        anchors=anchors,
    )


def open_document(document: AlignedDocument, decisions: Sequence[Decision]) -> OpenDocument:
    """Return a document with the decisions in force applied."""
    replayed = replay_document(document, decisions)
    return OpenDocument(document, actions.rows_of(replayed), [str(misfit) for misfit in replayed.misfits])


class Review:
    """One review of one project: every change goes to the journal before it is shown.

    ``revision`` counts changes since the server started; a page that acts on an older one is told to look first.
    """

    def __init__(
        self, project: Project, out: Path, *, reviewer: str = "", aligner: Aligner | None = align_sentences
    ) -> None:
        self.project = project
        self.out = out
        self.reviewer = reviewer
        self.aligner = aligner
        self.lock = RLock()
        self.journal = DecisionJournal(out / FILE_NAME)
        self.revision = 0
        self.instance = secrets.token_hex(4)
        bitexts = [document.bitext for document in project.documents]
        self._names = [bitext.name for bitext in bitexts]
        self._titles = [bitext.metadata.title for bitext in bitexts]
        self._start()

    def _start(self) -> None:
        self._open: dict[int, OpenDocument] = {}
        self._decisions = list(self.journal.read())
        self._size = self._journal_size()
        self._in_force = in_force(self._decisions)
        self._counts: dict[int, Counter[str]] = {}
        self._queues: dict[int, tuple[list[dict[str, object]], int]] = {}
        self._glossary: Glossary | None = None
        self._taken_back: dict[str, list[Splice]] = {}
        self.done: list[list[Decision]] = []
        self.undone: list[tuple[list[Decision], list[Decision]]] = []  # each with the undoing that a redo undoes
        steps: dict[str, list[Decision]] = {}
        for decision in self._decisions:
            if decision.origin != "page":
                continue
            step = _step(decision)
            if step in steps:
                steps[step].append(decision)
                continue
            steps[step] = [decision]
            if decision.subject != "undo":
                self.done.append(steps[step])
                self.undone.clear()
                continue
            taken = next((i for i, done in enumerate(self.done) if any(d.id == decision.key for d in done)), None)
            back = next((i for i, (_, by) in enumerate(self.undone) if any(d.id == decision.key for d in by)), None)
            if taken is not None:
                self.undone.append((self.done.pop(taken), steps[step]))
            elif back is not None:
                self.done.append(self.undone.pop(back)[0])

    # Looking

    def document(self, index: int) -> OpenDocument:
        """Return a document with its decisions applied; the ``MAX_OPEN`` used last are kept in memory."""
        if not 0 <= index < len(self.project.documents):
            raise ReviewError("There is no such document.")
        opened = self._open.pop(index, None) or open_document(self.project.documents[index], self._in_force)
        self._open[index] = opened
        if len(self._open) > MAX_OPEN:
            self._open.pop(next(iter(self._open)))
            self._taken_back.clear()
        return opened

    @property
    def glossary(self) -> Glossary:
        """The glossary with its decisions applied."""
        if self._glossary is None:
            self._glossary = replay_glossary(self.project.glossary, self._in_force).glossary
        return self._glossary

    def overview(self) -> dict[str, object]:
        """Return the documents with their counts, and what can be undone."""
        with self.lock:
            documents = [
                {"name": name, "title": self._titles[index], "counts": self.counts(index)}
                for index, name in enumerate(self._names)
            ]
            return {"project": self.project.name, "documents": documents, **self.state()}

    def state(self) -> dict[str, object]:
        """Return the small state that goes along with every answer."""
        return {
            "revision": self.revision,
            "instance": self.instance,
            "undo": len(self.done),
            "redo": len(self.undone),
            "saved": len(self._decisions),
        }

    def counts(self, index: int) -> Counter[str]:
        """Count the rows of a document: all, settled by a reviewer, and those worth a look."""
        if index not in self._counts:
            self._counts[index] = _count(self.document(index).rows)
        return self._counts[index]

    def rows(self, index: int) -> dict[str, object]:
        """Return a document's rows for the page."""
        with self.lock:
            opened = self.document(index)
            bitext = opened.base.bitext
            return {
                "document": index,
                "name": bitext.name,
                "title": bitext.metadata.title,
                "languages": opened.languages,
                "rows": [_row_json(row, opened) for row in opened.rows],
                "unfit": opened.misfits,
                **self.state(),
            }

    def queue(self) -> dict[str, object]:
        """Return the rows most worth looking at, over all documents, and how many gain anything."""
        with self.lock:
            queues = [self._queue_of(index) for index in range(len(self._names))]
            items = heapq.merge(*(items for items, _ in queues), key=lambda item: -cast(float, item["gain"]))
            total = sum(count for _, count in queues)
            return {"items": list(islice(items, QUEUE_LENGTH)), "total": total, **self.state()}

    def _queue_of(self, index: int) -> tuple[list[dict[str, object]], int]:
        """Return the first items of the queue that are rows of one document, and how many rows gain anything."""
        if index not in self._queues:
            opened = self.document(index)
            gains = expected_gain(opened.rows)
            best = heapq.nsmallest(
                QUEUE_LENGTH, (row for row, gain in enumerate(gains) if gain), lambda r: (-gains[r], r)
            )
            items = [_queue_json(index, row, gains[row], opened) for row in best]
            self._queues[index] = items, sum(gain > 0 for gain in gains)
        return self._queues[index]

    def terms(self) -> dict[str, object]:
        """Return the entries for the page, rejected and hidden ones too."""
        with self.lock:
            entries = [_entry_json(entry) for entry in self.glossary.entries]
            return {
                "entries": entries,
                "languages": (self.glossary.source_language, self.glossary.target_language),
                **self.state(),
            }

    # Acting

    def act(self, request: Mapping[str, object]) -> dict[str, object]:
        """Do one action of the page; the answer says which rows to replace and where to go.

        Raises:
            ReviewError: the action cannot be done; nothing has changed.
            JournalChangedError: another program wrote decisions; everything was read again.
        """
        with self.lock:
            self._refresh()
            name = str(request.get("action", ""))
            if name.startswith("term-"):
                return self._act_on_term(name.removeprefix("term-"), request)
            index = _number(request, "document")
            opened = self.document(index)
            splices, current = self._splices(name, opened, request)
            if not splices:
                return {"document": index, "splices": [], "row": current, **self._answer(index, ())}
            splices = [_checked(splice, opened) for splice in splices]
            pins = actions.to_pins(opened.rows, splices)
            self._write([Decision("", "bead", self._names[index], "pin", v, "page", self.reviewer) for v in pins])
            actions.apply(opened.rows, splices)
            opened.applied.append((self.done[-1][0].id, splices))
            return {
                "document": index,
                "splices": [_splice_json(splice, opened) for splice in splices],
                "row": min(current, len(opened.rows) - 1),
                "count": len(splices),
                **self._answer(index, splices),
            }

    def _splices(self, name: str, opened: OpenDocument, request: Mapping[str, object]) -> tuple[list[Splice], int]:
        rows, languages = opened.rows, opened.languages
        index = _number(request, "row")
        actions.row_at(rows, index)
        side: Side = "source" if request.get("side") == "source" else "target"
        match name:
            case "approve" | "doubt" | "wrong":
                status = {"approve": "approved", "doubt": "doubtful", "wrong": "wrong"}[name]
                return actions.set_status(rows, [index], cast(Status, status)), index
            case "approve-all":
                threshold = request.get("threshold")
                if not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
                    raise ReviewError("The threshold must lie between 0 and 100 %.")
                return actions.approve_above(rows, float(threshold)), index
            case "merge":
                return actions.merge(rows, index, languages), index
            case "split":
                text = actions.side_text(rows[index], side, languages[0 if side == "source" else 1])
                offset = min(_number(request, "offset"), len(text))
                return actions.split(rows, index, side, offset, languages), index
            case "up" | "down":
                splices = actions.shift(rows, index, side, -1 if name == "up" else 1)
                shrunk = len(splices[0].after) < 2
                return splices, index - 1 if name == "up" and shrunk else index
            case "edit":
                texts = [str(request.get("source", "")), str(request.get("target", ""))]
                return actions.edit(rows, index, texts[0], texts[1], languages), index
            case "realign":
                if self.aligner is None:
                    raise ReviewError("There is no aligner.")
                row = rows[index]
                splices = actions.realign(rows, self.aligner)
                changed = list(rows)
                actions.apply(changed, splices)
                return splices, _same_place(changed, row)
        raise ReviewError(f"There is no action {name!r}.")

    def _act_on_term(self, name: str, request: Mapping[str, object]) -> dict[str, object]:
        entry_id = str(request.get("entry", ""))
        entry = next((e for e in self.glossary.entries if e.id == entry_id), None)
        decisions: list[Decision] = []

        def decide(key: str, action: str, **values: object) -> None:
            decisions.append(Decision("", "term", key, action, values, "page", self.reviewer))

        if name == "add":
            entry_id = self._add_term(request, decide)
        elif entry is None:
            raise ReviewError("There is no such term any more.")
        elif name in {"accept", "reject", "discuss"}:
            decide(entry.id, name)
        elif name == "prefer":
            rendering = str(request.get("rendering", ""))
            if rendering == entry.preferred.text:
                raise ReviewError("This rendering is preferred already.")
            decide(entry.id, "prefer", text=rendering)
        elif name == "variant":
            other = str(request.get("of", ""))
            if other == entry.id or all(e.id != other for e in self.glossary.entries):
                raise ReviewError("Choose another term of which this one is a variant.")
            decide(entry.id, "merge", into=other)
            entry_id = other
        elif name == "hide":
            shorter = shorter_terms(self.glossary, entry)
            if not shorter:
                raise ReviewError(f"No shorter term stands inside {entry.term}.")
            for other_entry in shorter:
                decide(other_entry.id, "hide", broader=entry.id)
        else:
            raise ReviewError(f"There is no action {name!r}.")
        misfits = replay_glossary(self.glossary, decisions).misfits
        if misfits:
            raise ReviewError(f"That does not fit this term: {misfits[0].reason}.")
        self._write(decisions)
        return {"terms": True, "entry": entry_id, "count": len(decisions), **self._answer()}

    def _add_term(self, request: Mapping[str, object], decide: Callable[..., None]) -> str:
        term = " ".join(str(request.get("term", "")).split())
        rendering = " ".join(str(request.get("rendering", "")).split())
        if not term or not rendering:
            raise ReviewError("A term needs its Chinese and its English.")
        existing = next((e for e in self.glossary.entries if e.term == term), None)
        entry_id = existing.id if existing else new_term_id(term)
        values: dict[str, object] = {"term": term, "rendering": rendering}
        if "document" in request:
            opened = self.document(_number(request, "document"))
            row = actions.row_at(opened.rows, _number(request, "row"))
            bitext = opened.base.bitext
            values["context"] = {
                "unit": _unit_id(opened, row),
                "source": actions.side_text(row, "source", opened.languages[0]),
                "target": actions.side_text(row, "target", opened.languages[1]),
                "document": bitext.name,
                "date": bitext.metadata.date,
                "place": _place(row, opened),
            }
        decide(entry_id, "add", **values)
        return entry_id

    def undo(self) -> dict[str, object]:
        """Take back the last action of the page."""
        with self.lock:
            self._refresh()
            if not self.done:
                raise ReviewError("There is nothing to undo.")
            step = self.done[-1]
            undoing = self._append([Decision("", "undo", d.id, "undo", {}, "page", self.reviewer) for d in step])
            self.undone.append((self.done.pop(), undoing))
            return self._turn(step, back=True)

    def redo(self) -> dict[str, object]:
        """Do again what was undone last."""
        with self.lock:
            self._refresh()
            if not self.undone:
                raise ReviewError("There is nothing to redo.")
            step, undoing = self.undone[-1]
            self._append([Decision("", "undo", d.id, "undo", {}, "page", self.reviewer) for d in undoing])
            self.done.append(self.undone.pop()[0])
            return self._turn(step, back=False)

    def _turn(self, step: list[Decision], *, back: bool) -> dict[str, object]:
        """Show what undoing or redoing a step changes, after it has been written."""
        self._in_force = in_force(self._decisions)
        if step[0].subject != "bead":
            self._glossary = None
            return {"terms": True, "entry": step[0].key, **self._answer()}
        if step[0].key not in self._names:
            return self._answer()
        index = self._names.index(step[0].key)
        opened = self._open.get(index)
        name = step[0].id
        if opened and back and opened.applied and opened.applied[-1][0] == name:
            splices = actions.invert(opened.applied.pop()[1])
            self._taken_back[name] = splices
        elif opened and not back and name in self._taken_back:
            splices = actions.invert(self._taken_back.pop(name))
            opened.applied.append((name, splices))
        else:  # a step from before this session: everything is replayed
            self._open.pop(index, None)
            return {"document": index, "reload": True, "row": 0, **self._answer(index)}
        actions.apply(opened.rows, splices)
        return {
            "document": index,
            "splices": [_splice_json(splice, opened) for splice in splices],
            "row": max(0, min(min((splice.index for splice in splices), default=0), len(opened.rows) - 1)),
            **self._answer(index, splices),
        }

    def _write(self, decisions: list[Decision]) -> None:
        """Write one step to the journal; what was undone before can no longer be redone."""
        written = self._append(decisions)
        self._in_force = (*self._in_force, *written)
        self.done.append(written)
        self.undone.clear()
        self._taken_back.clear()
        self._glossary = None

    def _append(self, decisions: list[Decision]) -> list[Decision]:
        """Write the decisions of one step, all or none, and wait until they are on the disk."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        decisions = [replace(decision, time=now) for decision in decisions]
        if len(decisions) > 1:
            step = secrets.token_hex(6)
            decisions = [replace(d, values={**d.values, "step": step}) for d in decisions]
        written = list(self.journal.append(decisions))
        self._decisions += written
        self._size = self._journal_size()
        return written

    def _journal_size(self) -> int:
        return self.journal.path.stat().st_size if self.journal.path.exists() else 0

    def _refresh(self) -> None:
        if self._journal_size() != self._size:
            self._start()
            self.revision += 1
            raise JournalChangedError("Decisions were added by another program; the page has read them again.")

    def _answer(self, index: int | None = None, splices: Iterable[Splice] | None = None) -> dict[str, object]:
        """Return the state after a change; without ``splices`` the document is counted anew."""
        self.revision += 1
        if index is None:
            return self.state()
        self._queues.pop(index, None)
        if splices is None or index not in self._counts:
            self._counts.pop(index, None)
            splices = ()
        counts = self.counts(index)
        for splice in splices:
            counts.update(_count(splice.after))
            counts.subtract(_count(splice.before))
        return {"counts": {index: counts}, **self.state()}

    # Auditing

    def start_audit(self, size: int) -> dict[str, object]:
        """Draw rows at random from all units and remember them; what is done to them later gives the error rate."""
        with self.lock:
            places = [
                (document, index)
                for document in range(len(self._names))
                for index, row in enumerate(self.document(document).rows)
                if row.source and row.target
            ]
            if not places:
                raise ReviewError("There is nothing to draw from.")
            seed = secrets.randbelow(2**31)
            drawn = []
            for at in sample(len(places), max(1, size), seed):
                document, index = places[at]
                row = self.document(document).rows[index]
                drawn.append({"document": self._names[document], **_identity(row)})
            path = self._audit_path
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(path.name + ".part")
            beside.write_text(json.dumps({"seed": seed, "rows": drawn}, ensure_ascii=False), encoding="utf-8")
            beside.replace(path)
            return self.audit()

    def audit(self) -> dict[str, object]:
        """Return the state of the audit: approved as it was is right; changed, doubted or struck out is an error."""
        with self.lock:
            try:
                drawn = json.loads(self._audit_path.read_text(encoding="utf-8"))["rows"]
            except (OSError, ValueError, KeyError):
                return {"audit": None, **self.state()}
            now: dict[tuple[str, ...], tuple[int, int, Row]] = {}
            names = {entry["document"] for entry in drawn}
            for document, name in enumerate(self._names):
                if name not in names:
                    continue
                for index, shown in enumerate(self.document(document).rows):
                    now[name, *_identity(shown).values()] = (document, index, shown)
            right = errors = 0
            items = []
            for entry in drawn:
                found = now.get((entry["document"], entry["source"], entry["target"]))
                row = found[2] if found else None
                if row is None or row.status in {"wrong", "doubtful"} or row.edited:
                    verdict, errors = "error", errors + 1
                elif row.status == "approved":
                    verdict, right = "right", right + 1
                else:
                    verdict = "open"
                items.append(
                    {
                        "verdict": verdict,
                        "text": entry["source"][:80],
                        **({"document": found[0], "row": found[1]} if found else {}),
                    }
                )
            low, high = wilson_interval(errors, right + errors)
            rate = errors / (right + errors) if right + errors else 0.0
            result = {
                "items": items,
                "looked": right + errors,
                "errors": errors,
                "rate": rate,
                "low": low,
                "high": high,
                "sentence": audit_sentence(errors, right + errors, len(drawn)),
            }
            return {"audit": result, **self.state()}

    def audit_summary(self) -> str:
        """Return the result of the audit in one sentence, empty if there is none."""
        result = self.audit()["audit"]
        return str(result["sentence"]) if isinstance(result, dict) else ""

    @property
    def _audit_path(self) -> Path:
        return self.out / ".duiyi" / "audit.json"


def audit_sentence(errors: int, looked: int, drawn: int) -> str:
    """Say what an audit found.

    >>> audit_sentence(3, 100, 100)
    'Estimated error rate 3.0 % (95 % interval 1.0 to 8.5 %): 3 of 100 rows wrong, 0 of the sample still to look at.'
    """
    low, high = wilson_interval(errors, looked)
    if not looked:
        return f"Nothing looked at yet of {drawn} rows drawn at random."
    return (
        f"Estimated error rate {100 * errors / looked:.1f} % (95 % interval {100 * low:.1f} to {100 * high:.1f} %): "
        f"{errors} of {looked} rows wrong, {drawn - looked} of the sample still to look at."
    )


def _step(decision: Decision) -> str:
    return str(decision.values.get("step") or decision.id)


def _number(request: Mapping[str, object], name: str) -> int:
    value = request.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ReviewError(f"The page sent no proper {name}.")
    return value


def _identity(row: Row) -> dict[str, str]:
    return {"source": join([s.text for s in row.source], "zh"), "target": join([t.text for t in row.target], "en")}


def _checked(splice: Splice, opened: OpenDocument) -> Splice:
    """Return a splice whose new pairs bear the doubts which the checks have about them."""
    known = {(row.source, row.target): row.flags for row in splice.before}
    rows = []
    for row in splice.after:
        flags = known.get((row.source, row.target))
        if flags is None and row.source and row.target:
            texts = [join([s.text for s in row.sentences(side)], tag) for side, tag in _sides(opened)]
            flags = check(TranslationUnit("", texts[0], texts[1], *opened.languages, bead=row.shape))
        rows.append(replace(row, flags=flags or ()))
    return replace(splice, after=tuple(rows))


def _sides(opened: OpenDocument) -> list[tuple[Side, str]]:
    return [("source", opened.languages[0]), ("target", opened.languages[1])]


def new_term_id(term: str) -> str:
    """Return the id of an entry that a reviewer makes: it depends on the Chinese term alone."""
    return "t" + hashlib.sha256(key(term).encode()).hexdigest()[:12]


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


def _unit_id(opened: OpenDocument, row: Row) -> str:
    source, target = (join([s.text for s in row.sentences(side)], "zh") for side in actions.SIDES)
    return next((u.id for u in opened.base.units if _same(u.source, source) and _same(u.target, target)), "")


def _same(first: str, second: str) -> bool:
    return "".join(first.split()) == "".join(second.split())


def _same_place(rows: Sequence[Row], row: Row) -> int:
    """Return the row that now holds the first sentence of a former row."""
    for index, other in enumerate(rows):
        if (row.source and row.source[0] in other.source) or (not row.source and row.target[0] in other.target):
            return index
    return 0


def _count(rows: Iterable[Row]) -> Counter[str]:
    """Count rows: all of them, those settled and those worth a look."""
    counts = Counter(rows=0, settled=0, doubtful=0)
    for row in rows:
        counts["rows"] += 1
        counts["settled"] += row.settled
        counts["doubtful"] += _doubtful(row)
    return counts


def _doubtful(row: Row) -> bool:
    if row.status in {"approved", "wrong", "changed"}:
        return False
    return row.status == "doubtful" or row.confidence < DOUBTFUL or not row.source or not row.target


def _level(row: Row) -> str:
    if not row.source or not row.target:
        return "unaligned"
    return "sure" if row.confidence >= SURE else "fair" if row.confidence >= DOUBTFUL else "doubtful"


def _place(row: Row, opened: OpenDocument) -> str:
    bitext = opened.base.bitext
    for sentences, paragraphs in ((row.source, bitext.source), (row.target, bitext.target)):
        if sentences:
            return paragraphs[sentences[0].paragraph].place(sentences[0].start, sentences[0].end)
    return ""


def _row_json(row: Row, opened: OpenDocument) -> dict[str, object]:
    data: dict[str, object] = {
        "s": [s.text for s in row.source],
        "t": [t.text for t in row.target],
        "c": round(row.confidence, 4),
        "l": _level(row),
        "st": row.status,
        "p": _place(row, opened),
    }
    if row.source_text is not None:
        data["es"] = row.source_text
    if row.target_text is not None:
        data["et"] = row.target_text
    if row.flags:
        data["f"] = row.flags
    return data


def _queue_json(document: int, index: int, gain: float, opened: OpenDocument) -> dict[str, object]:
    row = opened.rows[index]
    side, language = _sides(opened)[0 if row.source else 1]
    return {
        "document": document,
        "row": index,
        "gain": round(gain, 4),
        "level": _level(row),
        "confidence": round(row.confidence, 4),
        "text": actions.side_text(row, side, language)[:80],
        "side": side,
        "flags": row.flags,
    }


def _splice_json(splice: Splice, opened: OpenDocument) -> dict[str, object]:
    return {
        "index": splice.index,
        "removed": len(splice.before),
        "rows": [_row_json(row, opened) for row in splice.after],
    }


def _entry_json(entry: ConceptEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "term": entry.term,
        "renderings": [{"text": r.text, "usage": r.usage, "kind": r.kind, "count": r.count} for r in entry.renderings],
        "variants": [{"text": v.text, "kind": v.kind, "count": v.count} for v in entry.variants],
        "type": entry.type,
        "list": entry.list,
        "review": entry.review,
        "count": entry.count,
        "score": round(entry.score, 4),
        "broader": entry.broader,
        "reasons": entry.reasons,
        "notes": entry.notes,
        "contexts": [_context_json(context) for context in entry.contexts],
    }


def _context_json(context: Context) -> dict[str, object]:
    return {
        "source": _pieces(context.source, context.source_spans),
        "target": _pieces(context.target, context.target_spans),
        "document": context.document,
        "place": context.place,
        "date": context.date,
    }


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, each with whether it is the term; the page counts other units than code points."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        if start < end:
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]
