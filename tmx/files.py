"""Writing files so that nothing already written is ever lost, and text so that every XML reader takes it."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import re
import secrets
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from tmx.errors import FormatError, LimitError, OutputError
from tmx.markup import ENTITY_BYTES, ENTITY_DECLARATION, check_xml_start

T = TypeVar("T")

# XML 1.0 (fifth edition), production 2 (Char): everything outside these ranges is forbidden, even as a reference.
XML_CHARACTERS = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FORBIDDEN = re.compile("[^" + "".join(f"{chr(first)}-{chr(last)}" for first, last in XML_CHARACTERS) + "]")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a path beside ``path`` to write to, and rename it into place when the block ends without an error.

    A reader sees the old file or the new one, never half of either; an error or a kill leaves the old file alone.
    The folder is made if it is missing. A link stays, and what it leads to is replaced. What is no ordinary file (a
    device, a pipe) is never replaced: what was written goes into it when the block ends; ``-`` is standard output.
    Raises ``OutputError`` when the place cannot be written to.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with atomic_path(Path(folder, "a.txt")) as beside:
    ...         _ = beside.write_text("done", encoding="utf-8")
    ...     Path(folder, "a.txt").read_text(encoding="utf-8")
    'done'
    """
    named = Path(path)
    if named.is_dir():
        raise OutputError(f"{named}: cannot be written: it is a folder; name a file")
    if is_stream(named):
        with tempfile.TemporaryDirectory(prefix="duiyi-") as folder:
            beside = Path(folder, named.name)
            beside.touch()
            yield beside
            _pour(beside, named)
        return
    path = Path(os.path.realpath(named))
    try:
        if path.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        path.parent.mkdir(parents=True, exist_ok=True)
        # The suffix stays last: some writers choose the format by it.
        beside = path.with_name(f".{path.stem[:40]}.{secrets.token_hex(4)}{path.suffix}")
        beside.touch(exist_ok=False)
    except OSError as error:
        raise _refused(named, error) from error
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise _refused(named, error) from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def writing(path: Path | str) -> Iterator[None]:
    """Turn what the system says when a disk is full or a folder is read-only into one clear ``OutputError``.

    >>> with writing("out"):
    ...     raise OSError(errno.ENOSPC, "No space left on device")
    Traceback (most recent call last):
    tmx.errors.OutputError: out: the disk is full; make room and run the same command again, nothing finished is lost
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise _refused(getattr(error, "filename", None) or path, error) from error


def _refused(path: Path | str, error: OSError | sqlite3.Error) -> OutputError:
    """Say in one line why ``path`` could not be written, and what to do."""
    if isinstance(error, sqlite3.Error):
        folder = tempfile.gettempdir()
        return OutputError(
            f"{path}: cannot be written: {error}; is the disk full, or the folder for temporary files ({folder})? "
            "run again, nothing finished is lost"
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        why = "the disk is full; make room and run the same command again, nothing finished is lost"
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        why = "may not be written; choose another folder with -o, change its permissions, or close open files"
    else:
        why = f"cannot be written: {error.strerror or error}"
    return OutputError(f"{path}: {why}")


STREAMS = {"-": 1, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")


def is_stream(path: Path) -> bool:
    """Tell whether a path is something to write into, not a file to replace: ``-``, a device, a pipe.

    >>> is_stream(Path("-")), is_stream(Path("/dev/stdout")), is_stream(Path("no-such-folder/a.txt"))
    (True, True, False)
    """
    if str(path) in STREAMS or _DESCRIPTOR.fullmatch(str(path)):
        return True
    return path.exists() and not path.is_file() and not path.is_dir()


def _pour(source: Path, path: Path) -> None:
    """Write the bytes of a file into a stream; what was printed before comes first."""
    descriptor = _DESCRIPTOR.fullmatch(str(path))
    number = int(descriptor[1]) if descriptor else STREAMS.get(str(path))
    try:
        with source.open("rb") as file:
            if number == 1:
                sys.stdout.flush()
                shutil.copyfileobj(file, sys.stdout.buffer)
                sys.stdout.flush()
            else:
                with path.open("wb") if number is None else os.fdopen(os.dup(number), "wb") as sink:
                    shutil.copyfileobj(file, sink)
    except BrokenPipeError:
        raise  # whoever read it went away: no mistake
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def free_path(path: Path, label: str) -> Path:
    """Return a path beside ``path``, with a label before the suffix and a number if need be, where nothing is yet.

    >>> free_path(Path("no-such-folder/glossary.xlsx"), "edited").name
    'glossary.edited.xlsx'
    """
    for number in itertools.count(1):
        free = path.with_name(f"{path.stem}.{label}{f'-{number}' if number > 1 else ''}{path.suffix}")
        if not free.exists():
            break
    return free


LEFTOVER = re.compile(r"\..*\.[0-9a-f]{8}(\.\w+)?")  # the names which atomic_path gives to unfinished files


def remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files which a process that was killed left in ``folder``.

    Only for a folder that nobody else writes to at the moment.
    """
    for path in folder.glob(".*"):
        if is_leftover(path):
            path.unlink(missing_ok=True)


def is_leftover(path: Path) -> bool:
    """Tell whether a file is one that ``atomic_path`` began and nobody finished, or that is being written now."""
    return LEFTOVER.fullmatch(path.name) is not None and path.is_file()


@dataclass(frozen=True, slots=True)
class Replacement:
    """A character that XML forbids and what stands for it now: ``count`` times U+FFFD in the text at ``place``."""

    place: str
    character: str
    count: int

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"

    @property
    def what(self) -> str:
        """What was replaced and how often, without the place."""
        return f"{self.character} replaced by U+FFFD, {'once' if self.count == 1 else f'{self.count} times'}"


def tally(found: Iterable[Replacement]) -> tuple[Replacement, ...]:
    """Return one replacement for each place and character, with the sum of the counts, in order.

    >>> [str(replacement) for replacement in tally([Replacement("c1", "U+0001", 1), Replacement("c1", "U+0001", 2)])]
    ['c1: U+0001 replaced by U+FFFD, 3 times']
    """
    counts: dict[tuple[str, str], int] = {}
    for replacement in found:
        key = replacement.place, replacement.character
        counts[key] = counts.get(key, 0) + replacement.count
    return tuple(Replacement(*key, count) for key, count in counts.items())


def replace_forbidden(text: str, place: str = "", found: list[Replacement] | None = None) -> str:
    """Return text that XML 1.0 can carry: U+FFFD for each forbidden character, listed in ``found`` with its place.

    Two surrogates that make a pair are joined into the character they stand for; that loses nothing and is not
    counted. One forbidden character makes OmegaT drop a whole file, hence the care.

    >>> replacements: list[Replacement] = []
    >>> replace_forbidden("a" + chr(1) + "b", "unit 7", replacements)
    'a\ufffdb'
    >>> print(replacements[0])
    unit 7: U+0001 replaced by U+FFFD, once
    """
    if not _FORBIDDEN.search(text):
        return text
    text = _SURROGATE_PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    if found is not None:
        counts: dict[str, int] = {}
        for character in _FORBIDDEN.findall(text):
            counts[character] = counts.get(character, 0) + 1
        found += [Replacement(place, f"U+{ord(character):04X}", count) for character, count in sorted(counts.items())]
    return _FORBIDDEN.sub(REPLACEMENT, text)


def replace_forbidden_in(value: T, place: str = "", found: list[Replacement] | None = None) -> T:
    """Return ``value`` (text, tuple, dataclass, nested as they like) with ``replace_forbidden`` applied to every text.

    The value itself comes back when nothing had to be replaced.
    """
    if isinstance(value, str):
        return cast(T, replace_forbidden(value, place, found))
    if isinstance(value, tuple):
        items = tuple(replace_forbidden_in(item, place, found) for item in value)
        return cast(T, items) if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        place = str(getattr(value, "id", "") or place)
        changed = {}
        for field in fields(value):
            before = getattr(value, field.name)
            after = replace_forbidden_in(before, place, found)
            if after is not before:
                changed[field.name] = after
        return cast(T, replace(value, **changed)) if changed else value
    return value


MAX_ATTRIBUTES = 100_000  # signs of equality without an end of a tag


class LenientXml:
    """A binary file for an XML parser, with the characters that XML forbids replaced on the way and counted.

    Some tools write ``&#x1F;`` or raw control characters into their XML, and a strict parser then refuses the whole
    file. UTF-16 passes through as it is. Entity declarations and encodings that could hide one are refused, see
    ``tmx.markup``; so is a tag of more attributes than any memory has, which a parser takes in one go.
    """

    _REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
    _CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._held = b""
        self._wide: bool | None = None
        self._name = str(getattr(file, "name", "XML"))
        self._tail = b""
        self._attributes = 0  # since the last tag was closed
        self.replaced = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; a character reference is never cut in two."""
        while True:
            chunk = self._file.read(size)
            data = self._held + chunk
            if ENTITY_DECLARATION.search(self._tail + chunk):
                raise FormatError(f"{self._name}: declares XML entities, which are refused")
            self._tail = (self._tail + chunk)[-ENTITY_BYTES:]
            self._count_attributes(chunk)
            if self._wide is None:
                check_xml_start(data, self._name)
                self._wide = b"\x00" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff")
            if self._wide:
                self._held = b""
                return data
            cut = data.rfind(b"&", max(0, len(data) - 14)) if chunk else -1
            self._held = data[cut:] if cut >= 0 and b";" not in data[cut:] else b""
            data = data[: len(data) - len(self._held)]
            if data or not chunk:
                return self._CONTROL.sub(self._control, self._REFERENCE.sub(self._reference, data))

    def _count_attributes(self, chunk: bytes) -> None:
        closed = chunk.rfind(b">")
        self._attributes = chunk.count(b"=", closed + 1) + (self._attributes if closed < 0 else 0)
        if self._attributes > MAX_ATTRIBUTES:
            raise LimitError(f"{self._name}: a tag of more than {MAX_ATTRIBUTES:,} attributes")

    def _reference(self, match: re.Match[bytes]) -> bytes:
        code = int(match[1], 16) if match[1] else int(match[2])
        if any(first <= code <= last for first, last in XML_CHARACTERS):
            return match[0]
        self.replaced += 1
        return b"&#xFFFD;"

    def _control(self, match: re.Match[bytes]) -> bytes:
        self.replaced += 1
        return b"&#xFFFD;"


def checksum(path: str | Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits, as ``sha256sum`` prints it."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(texts: Iterable[str], size: int = 8) -> bytes:
    """Return a short digest of several texts, each held apart from the next by its length.

    >>> digest(["ab", "c"]) == digest(["a", "bc"])
    False
    """
    state = hashlib.blake2b(digest_size=size)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.digest()
