"""What a build or an export wrote: names, sizes and checksums, counts, settings and versions."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec

from duiyi import __version__
from duiyi.version import LIBRARIES
from tmx.errors import FormatError
from tmx.files import atomic_path, checksum

FILE_NAME = "manifest.json"
EXPORTS = "exports.json"
WRITERS = ("translate-toolkit", "xlsxwriter")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file: its name relative to the output folder (or the input as named), bytes, SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path, name: str = "") -> FileRecord:
        """Read a file and return its record."""
        return cls(name or path.name, path.stat().st_size, checksum(path))


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of ``manifest.json``. ``created`` stays empty unless the user gave a date: same input, same bytes."""

    outputs: tuple[FileRecord, ...]
    inputs: tuple[FileRecord, ...] = ()
    counts: Mapping[str, int] = msgspec.field(default_factory=dict)
    settings: Mapping[str, object] = msgspec.field(default_factory=dict)
    versions: Mapping[str, str] = msgspec.field(default_factory=dict)
    created: str = ""


def versions() -> dict[str, str]:
    """Return the versions of duiyi, Python and the libraries that shape the result, by name."""
    found = {"duiyi": __version__, "python": platform.python_version()}
    for name in sorted({*LIBRARIES, *WRITERS}):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def write_manifest(
    out: Path,
    files: Iterable[str],
    *,
    counts: Mapping[str, int],
    settings: object = None,
    inputs: Iterable[FileRecord] = (),
    created: str = "",
) -> Manifest:
    """Write ``OUT/manifest.json`` about the files named (relative to ``out``) and return it.

    ``settings`` is any mapping or options dataclass, nested as it likes. Keys are sorted, so that the same run gives
    the same bytes.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_text("x", encoding="utf-8")
    ...     written = write_manifest(Path(folder), ["a.csv"], counts={"units": 3})
    ...     changed_files(Path(folder)), written.outputs[0].size
    ([], 1)
    """
    manifest = Manifest(
        outputs=tuple(FileRecord.of(out / name, name) for name in sorted(files)),
        inputs=tuple(sorted(inputs, key=lambda record: record.name)),
        counts=dict(counts),
        settings=msgspec.to_builtins(settings or {}, enc_hook=str),
        versions=versions(),
        created=created,
    )
    with atomic_path(out / FILE_NAME) as beside:
        text = json.dumps(msgspec.to_builtins(manifest), ensure_ascii=False, indent=2, sort_keys=True)
        beside.write_text(text + "\n", encoding="utf-8", newline="\n")
    return manifest


def read_manifest(out: Path) -> Manifest:
    """Read ``OUT/manifest.json``; raise ``FormatError`` when it is missing or damaged."""
    path = out / FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}; is {out} what a build wrote?") from error
    except msgspec.MsgspecError as error:
        raise FormatError(f"{path}: damaged: {error}; run the build again") from error


def changed_files(out: Path) -> list[str]:
    """Return the names of the files that are missing or are no longer what the manifest says."""
    return [
        record.name
        for record in read_manifest(out).outputs
        if not (out / record.name).is_file() or FileRecord.of(out / record.name, record.name) != record
    ]


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One export: its files, how many entries went and how many had to be changed or left out, how it was asked for.

    ``made_from`` are the files of the build; when their checksums are no longer those in ``manifest.json``, the
    export is older than the build.
    """

    files: tuple[FileRecord, ...]
    entries: int
    changed: int
    settings: Mapping[str, object]
    made_from: tuple[FileRecord, ...]
    duiyi: str = __version__


def record_export(folder: Path, system: str, record: ExportRecord) -> None:
    """Write into ``exports.json`` beside the exports what was exported for a system; the others in it stay.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     record_export(Path(folder), "xtm", ExportRecord((), 2, 0, {}, ()))
    ...     record_export(Path(folder), "deepl", ExportRecord((), 1, 1, {}, ()))
    ...     {name: record.entries for name, record in read_exports(Path(folder)).items()}
    {'deepl': 1, 'xtm': 2}
    """
    records = {**read_exports(folder), system: record}
    with atomic_path(folder / EXPORTS) as beside:
        text = json.dumps(msgspec.to_builtins(records), ensure_ascii=False, indent=2, sort_keys=True)
        beside.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_exports(folder: Path) -> dict[str, ExportRecord]:
    """Return what ``exports.json`` in a folder records, by system; nothing when it is missing or not ours."""
    try:
        return msgspec.json.decode((folder / EXPORTS).read_bytes(), type=dict[str, ExportRecord])
    except (OSError, msgspec.MsgspecError):
        return {}


def stale_exports(out: Path) -> list[str]:
    """Return the systems whose export in ``OUT/exports`` was made from files which the build has written anew since.

    Raises:
        FormatError: there is no manifest.
    """
    now = {record.name: record.sha256 for record in read_manifest(out).outputs}
    return [
        system
        for system, record in sorted(read_exports(out / "exports").items())
        if any(now.get(source.name) != source.sha256 for source in record.made_from)
    ]
