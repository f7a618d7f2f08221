"""What is done already: the journal of finished documents, which stages are up to date, and who is at work.

Everything lives in ``OUT/.duiyi``::

    lock                        held while a build runs; the system lets go of it when the process dies
    running.json                who holds it, for the message that the second one gets
    documents/ab/abcdef...      one finished document, named by a digest of content, settings and version
    pairs, pairs.index          the pairs of all documents with the decisions applied (``duiyi.decided``)
    stages.json                 which files each later stage wrote, and from what
    written.json                digests of the outputs that people may edit, as they were written
    quarantine.json             documents of which no result could be made, and why
    delivered.json              the last decision that is in the files

A finished document is written beside and renamed into place, so that it is there whole or not at all; nothing in the
journal is ever changed. The folder can be deleted at any time: the next build then begins from the beginning.
What reviewers decided is not here but in ``OUT/decisions.jsonl``, which a build never removes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar, overload

import msgspec
from filelock import FileLock, Timeout

from duiyi.manifest import read_manifest
from tmx.errors import FormatError, OutputError
from tmx.files import atomic_path, checksum, free_path, remove_leftovers, writing
from tmx.model import AlignedDocument

FOLDER = ".duiyi"
T = TypeVar("T")
MAGIC = b"duiyi document 1\n"
# zlib level 1 takes two fifths of the time of level 6 for an eighth more bytes (benchmarks/scale.py store).
COMPRESSION = 1


def digest(value: object) -> str:
    """Return 32 hexadecimal digits for a value of numbers, strings, sequences, mappings, patterns and dataclasses.

    A path to a file counts by the content of the file: settings that name a dictionary change when it does.

    >>> digest({"b": 1, "a": (2, "x")}) == digest({"a": [2, "x"], "b": 1})
    True

    Raises:
        TypeError: the value holds something whose text might differ from run to run.
    """
    return hashlib.sha256(msgspec.json.encode(_plain(value))).hexdigest()[:32]


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Path):
        return ["file", checksum(value)] if value.is_file() else ["path", str(value)]
    if isinstance(value, Mapping):
        return ["mapping", *sorted(([_plain(key), _plain(inner)] for key, inner in value.items()), key=repr)]
    if isinstance(value, Sequence):
        return [_plain(inner) for inner in value]
    if isinstance(value, Set):
        return ["set", *sorted(map(_plain, value), key=repr)]
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *([f.name, _plain(getattr(value, f.name))] for f in fields(value))]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(pattern := getattr(value, "pattern", None), str):
        return ["pattern", pattern, int(getattr(value, "flags", 0))]
    raise TypeError(f"{type(value).__name__} cannot be part of a key")


@dataclass(frozen=True, slots=True)
class Journal:
    """The folder of finished documents. Small and picklable: workers write to it themselves.

    Two workers that finish the same document at once write the same bytes under the same name.
    """

    folder: Path

    def path(self, key: str) -> Path:
        """Where the document of this key is or will be."""
        return self.folder / key[:2] / key

    def __contains__(self, key: str) -> bool:
        return self.path(key).is_file()

    def write(self, key: str, document: AlignedDocument) -> None:
        """Keep a finished document."""
        with atomic_path(self.path(key)) as beside:
            beside.write_bytes(pack(document))

    def read(self, key: str) -> AlignedDocument | None:
        """Return the document of this key, or None when there is none or its file is damaged."""
        try:
            return unpack(self.path(key).read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def keys(self) -> list[str]:
        """All keys, sorted."""
        return sorted(path.name for path in self.folder.glob("??/*") if not path.name.startswith("."))

    def keep(self, keys: Iterable[str]) -> int:
        """Remove every document but these, and what killed writers left behind; return how many documents went."""
        wanted = set(keys)
        removed = 0
        for path in sorted(self.folder.glob("??/*")):
            if path.name not in wanted:
                path.unlink(missing_ok=True)
                removed += not path.name.startswith(".")
        return removed


def pack(document: AlignedDocument) -> bytes:
    """Serialise a document: MessagePack by field names, compressed; the same document gives the same bytes."""
    return MAGIC + zlib.compress(msgspec.msgpack.encode(document), COMPRESSION)


def unpack(data: bytes) -> AlignedDocument:
    """Read what ``pack`` wrote, checking every field's type; raise ``ValueError`` for anything else."""
    if not data.startswith(MAGIC):
        raise ValueError("not a document of this version")
    try:
        return _DECODER.decode(zlib.decompress(data[len(MAGIC) :]))
    except (zlib.error, msgspec.MsgspecError) as error:
        raise ValueError(f"damaged document: {error}") from error


_DECODER = msgspec.msgpack.Decoder(AlignedDocument)


class StoredDocuments(Sequence[AlignedDocument]):
    """Finished documents in order, each read from the journal when it is asked for and not held.

    ``change`` is applied to each document as it is read (the reviewers' decisions).
    """

    def __init__(
        self,
        journal: Journal,
        keys: Sequence[str],
        change: Callable[[AlignedDocument], AlignedDocument] = lambda document: document,
    ) -> None:
        self.journal = journal
        self.keys = keys
        self.change = change

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> AlignedDocument: ...
    @overload
    def __getitem__(self, index: slice) -> StoredDocuments: ...
    def __getitem__(self, index: int | slice) -> AlignedDocument | StoredDocuments:
        if isinstance(index, slice):
            return StoredDocuments(self.journal, self.keys[index], self.change)
        document = self.journal.read(self.keys[index])
        if document is None:
            path = self.journal.path(self.keys[index])
            path.unlink(missing_ok=True)  # so that the next run makes it again
            raise OutputError(f"{path}: a finished document is gone or damaged; run again, it is then made again")
        return self.change(document)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a stage was made from, what it wrote (size and time of change; None: missing), and its result."""

    key: str
    files: dict[str, tuple[int, int] | None]
    result: object = None


class Workspace:
    """One ``OUT`` folder, locked for as long as this is open; ``journal`` if its documents lie elsewhere.

    ``set_aside`` lists the outputs that somebody had changed and that stood in the way: name, and new name.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Workspace(Path(folder)) as workspace:
    ...     workspace.journal.keys()
    []
    """

    def __init__(self, out: Path, journal: Journal | None = None) -> None:
        self.out = out
        self.folder = out / FOLDER
        self.journal = journal or Journal(self.folder / "documents")
        self._lock = FileLock(self.folder / "lock")
        self.set_aside: list[tuple[str, str]] = []

    def __enter__(self) -> Workspace:
        if self.out.exists() and not self.out.is_dir():
            raise OutputError(f"{self.out}: is a file, not a folder; choose another name with -o")
        with writing(self.out):
            self.journal.folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout as error:
                raise OutputError(
                    f"{self.out} is in use by {self._holder()}; wait for it or choose another -o"
                ) from error
            try:
                for folder in (self.out, self.folder, *self.journal.folder.glob("??")):
                    remove_leftovers(folder)
                self._running.write_text(
                    json.dumps(
                        {
                            "process": os.getpid(),
                            "host": socket.gethostname(),
                            "since": datetime.now().isoformat(" ", "seconds"),
                        }
                    )
                )
            except OSError:
                self._lock.release()
                raise
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(OSError):
            self._running.unlink(missing_ok=True)
        self._lock.release()

    @property
    def _running(self) -> Path:
        return self.folder / "running.json"

    def _holder(self) -> str:
        try:
            running = json.loads(self._running.read_text())
            return f"another duiyi (process {running['process']} on {running['host']}, since {running['since']})"
        except (OSError, ValueError, KeyError):
            return "another duiyi"

    @contextlib.contextmanager
    def renewing(self) -> Iterator[Path]:
        """Yield an empty folder for outputs that people may edit; put each in its place in OUT when the block ends.

        What is not as it was written is never overwritten: it is set aside, beside its place.
        """
        fresh = self.folder / "new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        yield fresh
        for path in sorted(fresh.iterdir()):
            self._make_way(path.name)
            # Noted before the rename, with what stands there now: after a kill either file is known as ours.
            written = self._written()
            written[path.name] = [*written.get(path.name, [])[-1:], checksum(path)]
            self._write("written.json", written)
            path.replace(self.out / path.name)
        fresh.rmdir()

    def remove(self, name: str) -> None:
        """Remove an output that is no longer written, or set it aside if somebody changed it."""
        self._make_way(name)
        (self.out / name).unlink(missing_ok=True)

    def is_as_written(self, name: str) -> bool:
        """Tell whether an output that people may edit is gone or holds the bytes which a build gave it."""
        path = self.out / name
        return not path.exists() or checksum(path) in self._known(name)

    def _make_way(self, name: str) -> None:
        if self.is_as_written(name):
            return
        aside = free_path(self.out / name, "edited")
        (self.out / name).rename(aside)
        self.set_aside.append((name, aside.name))

    def _known(self, name: str) -> list[str]:
        """The digests of what builds wrote under a name, from the manifest when this folder was deleted."""
        if known := self._written().get(name):
            return known
        try:
            return [record.sha256 for record in read_manifest(self.out).outputs if record.name == name]
        except FormatError:
            return []

    def _written(self) -> dict[str, list[str]]:
        return self._read("written.json", dict[str, list[str]])

    def deliver(self, decision: str) -> None:
        """Remember the id of the last decision that is in the files."""
        self._write("delivered.json", {"decision": decision})

    @property
    def delivered(self) -> int:
        """The number of the last decision that is in the files, 0 if none is known to be."""
        return int(self._read("delivered.json", dict[str, str]).get("decision", "0"))

    def is_current(self, stage: str, key: str) -> bool:
        """Tell whether a stage ran for this key last and the files it wrote are as it left them."""
        recorded = self._stages().get(stage)
        return (
            recorded is not None
            and recorded.key == key
            and all(_stamp(self.out / name) == stamp for name, stamp in recorded.files.items())
        )

    def record(self, stage: str, key: str, files: Iterable[str], result: object = None) -> None:
        """Remember that a stage wrote ``files`` (names in OUT) for this key, and a small JSON ``result``."""
        stamps = {name: _stamp(self.out / name) for name in sorted(files)}
        stages = {**self._stages(), stage: _Stage(key, stamps, result)}
        self._write("stages.json", stages)

    def result(self, stage: str) -> object:
        """The small result that was recorded with a stage, or None."""
        recorded = self._stages().get(stage)
        return recorded.result if recorded else None

    def files(self, stage: str) -> list[str]:
        """The files that a stage wrote last."""
        recorded = self._stages().get(stage)
        return sorted(recorded.files) if recorded else []

    def _stages(self) -> dict[str, _Stage]:
        return self._read("stages.json", dict[str, _Stage])

    def _read(self, name: str, kind: type[T]) -> T:
        try:
            return msgspec.json.decode((self.folder / name).read_bytes(), type=kind)
        except (OSError, msgspec.MsgspecError):
            return kind()

    def _write(self, name: str, value: object) -> None:
        with atomic_path(self.folder / name) as beside:
            beside.write_bytes(msgspec.json.format(msgspec.json.encode(value, order="deterministic")))


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of change: enough to notice that somebody has edited or removed an output."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
