"""The file of decisions: one JSON object a line, append-only, flushed to disk before anyone is told it is saved.

Journals of version 0.1, which name no documents and keep the step among the values, are read too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from filelock import FileLock

from duiyi.decisions.model import VERBS, Decision, Origin, Pin, given
from glossary.model import ConceptEntry
from tmx.errors import FormatError, OutputError
from tmx.files import atomic_path

FILE_NAME = "decisions.jsonl"


class _Line(msgspec.Struct, omit_defaults=True):
    """One line of the file; ``values`` are the fields of the verb that is named by subject and action."""

    id: str
    subject: str
    key: str
    action: str
    values: msgspec.Raw = msgspec.Raw(b"{}")
    document: str = ""
    origin: Origin = "workbook"
    reviewer: str = ""
    time: str = ""
    step: str = ""
    about: str = ""
    seen: msgspec.Raw = msgspec.Raw(b"null")
    against: tuple[str, ...] = ()


class _Step(msgspec.Struct):
    """The step as version 0.1 kept it."""

    step: str = ""


class _Id(msgspec.Struct):
    """What of a line is looked at to number the next one."""

    id: str = ""


_ID = msgspec.json.Decoder(_Id)
_LINE = msgspec.json.Decoder(_Line)
_STEP = msgspec.json.Decoder(_Step)
_VALUES = {name: msgspec.json.Decoder(verb) for name, verb in VERBS.items()}
_SEEN = msgspec.json.Decoder(ConceptEntry | None)
_ENCODER = msgspec.json.Encoder()


def read_line(data: bytes) -> Decision:
    """Return the decision in one line of a journal.

    >>> read_line(b'{"id":"1","subject":"term","key":"c-1","action":"prefer","values":{"text":"CPC"}}').verb
    PreferRendering(text='CPC')

    Raises:
        ValueError: it is none, with what is wrong.
    """
    line = _LINE.decode(data)
    decoder = _VALUES.get((line.subject, line.action))
    if decoder is None:
        raise ValueError(f"{line.action!r} is nothing that can be decided about a {line.subject}")
    seen = _SEEN.decode(line.seen)
    if not line.id.isdecimal():
        raise ValueError(f"{line.id[:20]!r} is no number of a decision")
    if seen is not None and not seen.renderings:
        raise ValueError("the term that was judged has no English")
    step = line.step or _STEP.decode(line.values).step
    verb = decoder.decode(line.values)
    if isinstance(verb, Pin) and any(number < 0 for number in _numbers(verb)):
        raise ValueError("a place in the document is below 0")
    if isinstance(verb, Pin) and not line.document and (step or len(verb.beads) > 1):
        verb = _marked_unread(verb)
    return Decision(
        line.key,
        verb,
        line.document,
        line.origin,
        line.reviewer,
        line.time,
        step,
        line.about,
        seen,
        line.against,
        line.id,
    )


def _numbers(pin: Pin) -> Iterator[int]:
    """Give the numbers of all places (msgspec 0.22 cannot limit a number that stands beside another type)."""
    for at in (*pin.at, *(at for bead in pin.beads for at in bead.at or ())):
        yield from (at,) if isinstance(at, int) else at


def _marked_unread(pin: Pin) -> Pin:
    """Mark several beads that version 0.1, which did not say so, approved at one stroke: nobody read them singly."""
    if any(bead.status != "approved" for bead in pin.beads):
        return pin
    return replace(pin, beads=tuple(replace(bead, read=False) for bead in pin.beads))


def write_line(decision: Decision) -> bytes:
    """Return a decision as a line of a journal."""
    line = _Line(
        decision.id,
        decision.subject,
        decision.key,
        decision.action,
        msgspec.Raw(_ENCODER.encode(given(decision.verb))),
        decision.document,
        decision.origin,
        decision.reviewer,
        decision.time,
        decision.step,
        decision.about,
        msgspec.Raw(_ENCODER.encode(given(decision.seen)) if decision.seen else b"null"),
        decision.against,
    )
    return _ENCODER.encode(line) + b"\n"


def _id_of(line: bytes) -> str:
    try:
        return _ID.decode(line).id
    except msgspec.MsgspecError:
        return ""  # a damaged line is named when the journal is read


class DecisionJournal:
    """The file of decisions. Safe for several processes; what ``append`` returned is on the disk.

    >>> from tempfile import TemporaryDirectory
    >>> from duiyi.decisions.model import AcceptTerm, Undo
    >>> with TemporaryDirectory() as folder:
    ...     journal = DecisionJournal(Path(folder, FILE_NAME))
    ...     (saved,) = journal.append([Decision("c1", AcceptTerm())])
    ...     _ = journal.append([Decision(saved.id, Undo())])
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
                decisions.append(read_line(line))
            except (ValueError, RecursionError) as error:  # msgspec's errors are among them
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
        last = max((int(id_) for line in data.split(b"\n")[:-1] if (id_ := _id_of(line)).isdecimal()), default=0)
        saved = tuple(replace(decision, id=f"{last + n:08d}") for n, decision in enumerate(decisions, 1))
        lines = b"".join(map(write_line, saved))
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


def undelivered(decisions: Sequence[Decision], delivered: int) -> int:
    """Count what was decided, or taken back, since the files were written with the decisions up to id ``delivered``.

    What was made at one stroke counts once.

    >>> from duiyi.decisions.model import AcceptTerm, Undo
    >>> made = [Decision(key, AcceptTerm(), id=id_) for key, id_ in (("c1", "1"), ("c2", "2"))]
    >>> made.append(Decision("2", Undo(), id="3"))
    >>> undelivered(made, 0), undelivered(made, 1), undelivered(made, 2)
    (1, 0, 1)
    """
    before = in_force(decision for decision in decisions if int(decision.id) <= delivered)
    now = in_force(decisions)
    written = {decision.id for decision in before} ^ {decision.id for decision in now}
    return len({decision.step or decision.id for decision in (*before, *now) if decision.id in written})
