"""The state behind the page: documents, terms, the journal, undo and redo without limit and across restarts."""

from __future__ import annotations

import heapq
import secrets
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import cast

from duiyi.decisions.journal import FILE_NAME, DecisionJournal, in_force, undelivered
from duiyi.decisions.model import (
    Decision,
    Pin,
    Sighting,
    Status,
    Undo,
    Verb,
)
from duiyi.decisions.terms import TermReplay
from duiyi.outputs import with_seen
from duiyi.review import audit as audits
from duiyi.review import concordance, terms
from duiyi.review import rows as actions
from duiyi.review.documents import (
    OpenDocument,
    Project,
    align_sentences,
    checked,
    count_rows,
    open_document,
    place_of,
    same_place,
    unit_id,
)
from duiyi.review.payload import conflict_json, entry_json, occurrences_json, queue_json, row_json, splice_json
from duiyi.review.queue import expected_gain, reasons
from duiyi.review.rows import Aligner, ReviewError, Row, Splice
from duiyi.workspace import FOLDER, Workspace
from glossary.model import ConceptEntry, Glossary
from tmx.model import Side

QUEUE_LENGTH = 300  # rows of the queue that the page gets at a time
Against = Mapping[str, list[dict[str, object]]]
TermsNow = tuple[Glossary, Against]
MAX_NUMBER = 1_000_000_000  # no document has more rows, no text more characters
MAX_OPEN = 64  # documents whose rows are kept in memory


class JournalChangedError(ReviewError):
    """Another program wrote decisions since they were read; they have been read again."""


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
        self.workspace = Workspace(out)
        self._undelivered: tuple[tuple[int, int], int] = ((0, 0), 0)
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
        self._lines: dict[int, tuple[concordance.Line, ...]] = {}
        self._terms: TermReplay | None = None
        self._glossary: Glossary | None = None
        self._taken_back: dict[str, list[Splice]] = {}
        self.done: list[list[Decision]] = []
        self.undone: list[tuple[list[Decision], list[Decision]]] = []  # each with the undoing that a redo undoes
        steps: dict[str, list[Decision]] = {}
        for decision in self._decisions:
            if decision.origin != "page":
                continue
            step = decision.step or decision.id
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
            raise ReviewError("no-such-document")
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
            self._glossary = self._replayed().glossary
        return self._glossary

    def _replayed(self) -> TermReplay:
        if self._terms is None:
            self._terms = TermReplay(self.project.glossary, with_seen(self.out, self._in_force))
        return self._terms

    def _terms_now(self) -> TermsNow:
        """Return the glossary as it stands, and what the documents bring against judged terms by entry."""
        against: dict[str, list[dict[str, object]]] = defaultdict(list)
        for conflict in self._replayed().conflicts():
            against[conflict.entry].append(conflict_json(conflict))
        return self.glossary, against

    def _forget_terms(self) -> None:
        self._terms = self._glossary = None

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
            "undelivered": self.undelivered,
        }

    @property
    def undelivered(self) -> int:
        """How many decisions are not in the files yet."""
        known = len(self._decisions), self.workspace.delivered
        if self._undelivered[0] != known:
            self._undelivered = known, undelivered(self._decisions, known[1])
        return self._undelivered[1]

    def counts(self, index: int) -> Counter[str]:
        """Count the rows of a document: all, settled by a reviewer, and those worth a look."""
        if index not in self._counts:
            self._counts[index] = count_rows(self.document(index).rows)
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
                "rows": [row_json(row, opened) for row in opened.rows],
                "unfit": opened.misfits,
                **self.state(),
            }

    def queue(self) -> dict[str, object]:
        """Return the rows most worth looking at, over all documents, and how many are worth a look."""
        with self.lock:
            queues = [self._queue_of(index) for index in range(len(self._names))]
            items = heapq.merge(*(items for items, _ in queues), key=lambda item: -cast(float, item["gain"]))
            total = sum(count for _, count in queues)
            return {"items": list(islice(items, QUEUE_LENGTH)), "total": total, **self.state()}

    def _queue_of(self, index: int) -> tuple[list[dict[str, object]], int]:
        """Return the first items of the queue that are rows of one document, and how many rows are worth a look."""
        if index not in self._queues:
            opened = self.document(index)
            gains = expected_gain(opened.rows)
            worth = [number for number, row in enumerate(opened.rows) if reasons(row)]
            best = heapq.nsmallest(QUEUE_LENGTH, worth, lambda number: (-gains[number], number))
            items = [queue_json(index, row, gains[row], opened) for row in best]
            self._queues[index] = items, len(worth)
        return self._queues[index]

    def terms(self) -> dict[str, object]:
        """Return the entries for the page, rejected and hidden ones too."""
        with self.lock:
            glossary, against = self._terms_now()
            entries = [_term_json(entry, against) for entry in glossary.entries]
            return {
                "entries": entries,
                "languages": (self.glossary.source_language, self.glossary.target_language),
                **self.state(),
            }

    def occurrences(self, entry_id: str) -> dict[str, object]:
        """Return where a term stands in all documents, by the rendering found there."""
        with self.lock:
            entry = next((e for e in self.glossary.entries if e.id == entry_id), None)
            if entry is None:
                raise ReviewError("no-such-term")
            found = concordance.occurrences(entry, self._all_lines())
            return {"entry": entry_id, "groups": occurrences_json(found, entry), **self.state()}

    def _all_lines(self) -> Iterator[tuple[concordance.Line, ...]]:
        """Yield the rows of each document for searching; what was not changed since is kept."""
        for index in range(len(self._names)):
            if index not in self._lines:
                self._lines[index] = concordance.lines(self.document(index))
            yield self._lines[index]

    def check_term(self, request: Mapping[str, str]) -> dict[str, object]:
        """Return what speaks for and against a pair of words as a term: in how many rows it stands, who has it."""
        with self.lock:
            term, rendering = (" ".join(request.get(name, "").split()) for name in ("term", "rendering"))
            counted = concordance.tally(term, rendering, self._all_lines())
            held = next((e for e in self.glossary.entries if term in {e.term, *(v.text for v in e.variants)}), None)
            folded = rendering.casefold()
            twins = [e.term for e in self.glossary.entries if e.preferred.text.casefold() == folded and e is not held]
            return {
                "source": counted.source,
                "target": counted.target,
                "both": counted.both,
                "held": entry_json(held) if held else None,
                "twins": twins[:3],
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
            splices = [checked(splice, opened) for splice in splices]
            pins = actions.to_pins(opened.rows, splices)
            name = self._names[index]
            self._write([self._decision(name, pin, name) for pin in pins])
            actions.apply(opened.rows, splices)
            opened.applied.append((self.done[-1][0].id, splices))
            return {
                "document": index,
                "splices": [splice_json(splice, opened) for splice in splices],
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
                return actions.set_status(rows, index, cast(Status, status)), index
            case "approve-all":
                threshold = request.get("threshold")
                if not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
                    raise ReviewError("threshold")
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
            case "exchange":
                return actions.exchange(rows, index, side, languages), index + 1
            case "edit":
                texts = [str(request.get("source", "")), str(request.get("target", ""))]
                return actions.edit(rows, index, texts[0], texts[1], languages), index
            case "realign":
                if self.aligner is None:
                    raise ReviewError("no-aligner")
                row = rows[index]
                splices = actions.realign(rows, self.aligner)
                changed = list(rows)
                actions.apply(changed, splices)
                return splices, same_place(changed, row)
        raise ReviewError("no-such-action", name=name)

    def _decision(self, key: str, verb: Verb, document: str = "") -> Decision:
        return Decision(key, verb, document, "page", self.reviewer)

    def _act_on_term(self, name: str, request: Mapping[str, object]) -> dict[str, object]:
        before = self._terms_now()
        if name == "add":
            chosen, shown = terms.add(self.glossary, request, self._sighting(request))
        else:
            chosen, shown = terms.decide(self.glossary, name, request)
        if not chosen:
            return {"terms": _changes(before, before), "entry": shown, "count": 0, **self.state()}
        decisions = [self._decision(key, verb) for key, verb in chosen]
        self._write_about_terms(decisions)
        changes = _changes(before, self._terms_now())
        return {"terms": changes, "entry": shown, "count": len(decisions), **self._answer()}

    def _write_about_terms(self, decisions: Sequence[Decision]) -> None:
        """Apply decisions and write them with what was seen; what cannot be done or written has not happened."""
        replay = self._replayed()
        known = len(replay.misfits)
        try:
            made = replay.make(decisions)
            if replay.misfits[known:]:
                raise ReviewError("does-not-fit", reason=replay.misfits[-1].reason)
            self._write(list(made))
        except BaseException:
            self._forget_terms()
            raise
        self._glossary = None
        if not replay.current:
            self._forget_terms()

    def _sighting(self, request: Mapping[str, object]) -> Sighting | None:
        """Return the pair in which a reviewer met a new term, None if it was typed on the page of terms."""
        if "document" not in request:
            return None
        opened = self.document(_number(request, "document"))
        row = actions.row_at(opened.rows, _number(request, "row"))
        bitext = opened.base.bitext
        return Sighting(
            unit_id(opened, row),
            actions.side_text(row, "source", opened.languages[0]),
            actions.side_text(row, "target", opened.languages[1]),
            bitext.name,
            bitext.metadata.date,
            place_of(row, opened),
        )

    def undo(self) -> dict[str, object]:
        """Take back the last action of the page."""
        with self.lock:
            self._refresh()
            if not self.done:
                raise ReviewError("nothing-to-undo")
            step = self.done[-1]
            undoing = self._append([self._decision(d.id, Undo(), d.document) for d in step])
            self.undone.append((self.done.pop(), undoing))
            return self._turn(step, back=True)

    def redo(self) -> dict[str, object]:
        """Do again what was undone last."""
        with self.lock:
            self._refresh()
            if not self.undone:
                raise ReviewError("nothing-to-redo")
            step, undoing = self.undone[-1]
            self._append([self._decision(d.id, Undo(), d.document) for d in undoing])
            self.done.append(self.undone.pop()[0])
            return self._turn(step, back=False)

    def _turn(self, step: list[Decision], *, back: bool) -> dict[str, object]:
        """Show what undoing or redoing a step changes, after it has been written."""
        self._in_force = in_force(self._decisions)
        turned = {"back": back, "action": step[0].action, "count": len(step)}
        if step[0].subject != "bead":
            before = self._terms_now()
            self._forget_terms()
            changes = _changes(before, self._terms_now())
            return {"terms": changes, "entry": step[0].key, "turned": turned, **self._answer()}
        if step[0].key not in self._names:
            return {"turned": turned, **self._answer()}
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
            row = _row_of(self.document(index).rows, step[0].verb)
            return {"document": index, "reload": True, "row": row, "turned": turned, **self._answer(index)}
        actions.apply(opened.rows, splices)
        return {
            "document": index,
            "turned": turned,
            "splices": [splice_json(splice, opened) for splice in splices],
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

    def _append(self, decisions: list[Decision]) -> list[Decision]:
        """Write the decisions of one step, all or none, and wait until they are on the disk."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        decisions = [replace(decision, time=now) for decision in decisions]
        if len(decisions) > 1:
            step = secrets.token_hex(6)
            decisions = [replace(decision, step=step) for decision in decisions]
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
            raise JournalChangedError("journal-changed")

    def _answer(self, index: int | None = None, splices: Iterable[Splice] | None = None) -> dict[str, object]:
        """Return the state after a change; without ``splices`` the document is counted anew."""
        self.revision += 1
        if index is None:
            return self.state()
        self._queues.pop(index, None)
        self._lines.pop(index, None)
        if splices is None or index not in self._counts:
            self._counts.pop(index, None)
            splices = ()
        counts = self.counts(index)
        for splice in splices:
            counts.update(count_rows(splice.after))
            counts.subtract(count_rows(splice.before))
        return {"counts": {index: counts}, **self.state()}

    # Auditing

    def start_audit(self, size: int) -> dict[str, object]:
        """Draw rows that nobody has read one by one; what is done to them later gives the error rate."""
        with self.lock:
            documents = ((name, self.document(index).rows) for index, name in enumerate(self._names))
            audits.write_sample(audits.draw(documents, size, secrets.randbelow(2**31)), self._audit_path)
            return self.audit()

    def audit(self) -> dict[str, object]:
        """Return the state of the audit."""
        with self.lock:
            sample = audits.read_sample(self._audit_path)
            if sample is None:
                return {"audit": None, **self.state()}
            wanted = {drawn.document for drawn in sample.rows}
            found = {
                audits.drawn_row(name, row): (document, index, row)
                for document, name in enumerate(self._names)
                if name in wanted
                for index, row in enumerate(self.document(document).rows)
            }
            return {"audit": audits.result(sample, found), **self.state()}

    def audit_summary(self) -> str:
        """Return the result of the audit in one sentence, empty if there is none."""
        result = self.audit()["audit"]
        return str(result["sentence"]) if isinstance(result, dict) else ""

    @property
    def desk_path(self) -> Path:
        """Where the page keeps how it was left."""
        return self.out / FOLDER / "desk.json"

    @property
    def _audit_path(self) -> Path:
        return self.out / FOLDER / "audit.json"


def _term_json(entry: ConceptEntry, against: Against) -> dict[str, object]:
    return {**entry_json(entry), "conflicts": against.get(entry.id, [])}


def _changes(before: TermsNow, now: TermsNow) -> dict[str, object]:
    """Return which entries are not what they were, each with its place in the list, and the ids of those that went."""
    (glossary, was), (after, against) = before, now
    old = {entry.id: entry for entry in glossary.entries}
    changed = [
        {"index": index, "entry": _term_json(entry, against)}
        for index, entry in enumerate(after.entries)
        if (held := old.pop(entry.id, None)) is not entry
        and (held != entry or was.get(entry.id) != against.get(entry.id))
    ]
    return {"changed": changed, "gone": list(old)}


def _row_of(rows: Sequence[Row], verb: Verb) -> int:
    """Return the row that a pin is about, as the rows are now: the last one that begins before the pin does."""
    if not isinstance(verb, Pin):
        return 0
    begin = verb.at[0]
    starts = [(row.source[0].paragraph, row.source[0].start) for row in rows if row.source]
    indices = [index for index, row in enumerate(rows) if row.source]
    return indices[max(0, bisect_right(starts, begin) - 1)] if indices else 0


def _number(request: Mapping[str, object], name: str) -> int:
    value = request.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
        raise ReviewError("no-proper-value", name=name)
    return value
