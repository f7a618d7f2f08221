"""The pairs of all documents with the reviewers' decisions applied, in one file of the workspace.

Memory, look-up index, terms and workbook need no more of a document than its pairs, so that a document itself is read
once to be put here and once for the report. A later build copies what no decision touches and reads the others.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from duiyi.decisions.beads import replay_document
from duiyi.decisions.journal import write_line
from duiyi.decisions.model import Decision, Misfit
from tmx.confidence import DOUBTFUL
from tmx.errors import OutputError
from tmx.files import atomic_path
from tmx.model import AlignedDocument, Bead, Notice, Pair

MAX_LISTED = 1000  # notices and unaligned beads that a summary lists; all are counted
COMPRESSION = 1  # of zlib, as for finished documents


@dataclass(frozen=True, slots=True)
class Unaligned:
    """Sentences that have no counterpart: the document, and the texts of either side."""

    document: str
    source: tuple[str, ...]
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecidedDocument:
    """The pairs of one document, in order, with the decisions applied."""

    name: str
    held: tuple[Pair, ...]

    def pairs(self) -> Iterator[Pair]:
        """Give the pairs in order."""
        return iter(self.held)


class Record(msgspec.Struct, frozen=True):
    """What is known of one document without reading it.

    ``key`` is its key in the journal, ``decided`` a digest of the decisions applied to it and ``known`` their ids.
    The pairs stand in the file from ``start`` on, ``size`` bytes of the check sum ``check``.
    """

    name: str
    key: str
    decided: str
    known: tuple[str, ...]
    start: int
    size: int
    check: int
    counts: dict[str, int]
    unaligned: tuple[Unaligned, ...]
    notices: tuple[Notice, ...]
    misfits: tuple[str, ...]


class _Index(msgspec.Struct, frozen=True):
    """``nameless`` are the decisions without a document that every document was asked for."""

    code: str = ""
    records: tuple[Record, ...] = ()
    nameless: tuple[str, ...] = ()


class Decided:
    """The file of pairs; ``records`` says what stands in it, in the order of the documents.

    ``code`` is the version of the code that makes it; what other code made counts as not there.
    """

    def __init__(self, path: Path, code: str) -> None:
        self.path = path
        self.code = code
        try:
            index = msgspec.msgpack.decode(self._index.read_bytes(), type=_Index)
        except (OSError, msgspec.MsgspecError):
            index = _Index()
        self._known = index if index.code == code else _Index()

    @property
    def records(self) -> tuple[Record, ...]:
        """What is known of the documents, in order."""
        return self._known.records

    @property
    def _index(self) -> Path:
        return self.path.with_name(self.path.name + ".index")

    @property
    def files(self) -> tuple[Path, Path]:
        """The two files in which it is kept."""
        return self.path, self._index

    def __iter__(self) -> Iterator[DecidedDocument]:
        """Give the documents in order, one at a time."""
        with self.path.open("rb") as file:
            for record in self.records:
                data = _read(file, record)
                if zlib.crc32(data) != record.check:
                    raise OutputError(f"{self.path}: is damaged; delete it and run again")
                yield DecidedDocument(record.name, _PAIRS.decode(zlib.decompress(data)))

    def renew(self, documents: Sequence[AlignedDocument], keys: Sequence[str], decisions: Sequence[Decision]) -> None:
        """Make the file anew; only documents that are new or touched by other decisions than before are read.

        ``documents`` are as they were aligned, ``keys`` their keys.
        """
        here = set(keys)
        old = {record.key: record for record in self.records if record.key in here}
        plan = _Plan(decisions, old.values())
        if not plan.nameless <= set(self._known.nameless):  # every document is to be asked
            old = {}
            plan = _Plan(decisions, ())
        records: list[Record] = []
        with atomic_path(self.path) as beside, beside.open("wb") as file:
            before = self.path.open("rb") if self.path.exists() else None
            try:
                for number, key in enumerate(keys):
                    held = old.get(key)
                    data = b""
                    if held and before and _digest(plan.about(held)) == held.decided:
                        data = _read(before, held)
                    if not held or zlib.crc32(data) != held.check:
                        data, held = _decide(documents[number], key, plan, held)
                    records.append(msgspec.structs.replace(held, start=file.tell()))
                    file.write(data)
            finally:
                if before:
                    before.close()
        self._known = _Index(self.code, tuple(records), tuple(sorted(plan.nameless)))
        with atomic_path(self._index) as beside:
            beside.write_bytes(msgspec.msgpack.encode(self._known))

    def unknown(self, decisions: Iterable[Decision]) -> tuple[str, ...]:
        """Name the decisions about documents and units that are no longer there."""
        known = {id_ for record in self.records for id_ in record.known}
        return tuple(
            str(
                Misfit(
                    decision, "its document is not there any more" if decision.subject == "bead" else "its unit is gone"
                )
            )
            for decision in decisions
            if decision.subject in ("bead", "unit") and decision.id not in known
        )

    def placed(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Return decisions with the name of their document also where a journal of version 0.1 gives none."""
        names = {id_: record.name for record in self.records for id_ in record.known}
        return [d if d.document or d.id not in names else replace(d, document=names[d.id]) for d in decisions]


_PAIRS = msgspec.msgpack.Decoder(tuple[Pair, ...])


def _read(file: BinaryIO, record: Record) -> bytes:
    file.seek(record.start)
    return file.read(record.size)


class _Plan:
    """Which decisions are about which document, in order.

    Those about units in journals of version 0.1 name no document: a document is asked for those it knew before, and
    one that is read for all that none knew.
    """

    def __init__(self, decisions: Sequence[Decision], records: Iterable[Record]) -> None:
        self._decisions = [d for d in decisions if d.subject in ("bead", "unit")]
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._nameless: dict[str, int] = {}
        for number, decision in enumerate(self._decisions):
            if name := decision.document or (decision.key if decision.subject == "bead" else ""):
                self._by_name[name].append(number)
            else:
                self._nameless[decision.id] = number
        placed = {id_ for record in records for id_ in record.known}
        self._unplaced = [number for id_, number in self._nameless.items() if id_ not in placed]

    @property
    def nameless(self) -> set[str]:
        """The ids of the decisions that name no document."""
        return set(self._nameless)

    def about(self, record: Record) -> list[Decision]:
        """Return the decisions about a document that was read before."""
        numbers = [*self._by_name[record.name], *(self._nameless[id_] for id_ in record.known if id_ in self._nameless)]
        return [self._decisions[number] for number in sorted(numbers)]

    def possible(self, name: str, record: Record | None) -> list[Decision]:
        """Return the decisions that may be about a document which is read now."""
        known = (self._nameless[id_] for id_ in (record.known if record else ()) if id_ in self._nameless)
        numbers = {*self._by_name[name], *known, *self._unplaced}
        return [self._decisions[number] for number in sorted(numbers)]


def _digest(decisions: Iterable[Decision]) -> str:
    state = hashlib.sha256()
    for decision in decisions:
        state.update(write_line(decision))
    return state.hexdigest()[:32]


def _decide(document: AlignedDocument, key: str, plan: _Plan, before: Record | None) -> tuple[bytes, Record]:
    decisions = plan.possible(document.name, before)
    replayed = replay_document(document, decisions)
    known = [decision for decision in decisions if decision.id in replayed.known]
    document = replayed.document
    data = zlib.compress(msgspec.msgpack.encode(tuple(document.pairs())), COMPRESSION)
    return data, Record(
        document.name,
        key,
        _digest(known),
        tuple(decision.id for decision in known),
        0,
        len(data),
        zlib.crc32(data),
        _counts(document),
        tuple(_unaligned(document, bead) for bead in document.unaligned[:MAX_LISTED]),
        document.notices[:MAX_LISTED],
        tuple(map(str, replayed.misfits)),
    )


def _counts(document: AlignedDocument) -> dict[str, int]:
    return Counter(
        documents=1,
        source_paragraphs=len(document.bitext.source),
        target_paragraphs=len(document.bitext.target),
        source_sentences=len(document.source),
        target_sentences=len(document.target),
        units=len(document.units),
        doubtful=sum(unit.confidence < DOUBTFUL for unit in document.units),
        flagged=sum(bool(unit.flags) for unit in document.units),
        unaligned=len(document.unaligned),
        notices=len(document.notices),
    )


def _unaligned(document: AlignedDocument, bead: Bead) -> Unaligned:
    return Unaligned(
        document.name,
        tuple(sentence.text for sentence in document.run(bead, "source")),
        tuple(sentence.text for sentence in document.run(bead, "target")),
    )
