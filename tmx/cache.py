"""Derived tables, kept in the user's cache directory so that they are computed once for each user.

A table is a file ``NAME-KEY.table``. The key is a digest of all that the table is made of: the source of the modules
that build it, the data files and other tables they read, the versions of the libraries they use and the shape of the
table itself. Whatever of this changes, the file is not found, the table is built anew, and the old file goes; nobody
has to remember to count a number up.

A file of the cache is not trusted: it is plain MessagePack, read into the shape that was declared and nothing else,
so that a damaged or foreign one can do no more than be built again. A table is written beside its place and renamed,
so two processes that start at once both work and neither sees half a file. A directory that cannot be written costs
time, never the run.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import os
import re
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import platformdirs

from tmx.errors import OutputError
from tmx.files import atomic_path, checksum, is_leftover

Shape = TypeVar("Shape")
ENVIRONMENT = "DUIYI_CACHE_DIR"
CHECKSUM_BYTES = 4  # CRC-32: it is to find damage, and takes 1 ms for 1 MB
KEY = re.compile(r"[0-9a-f]{16}")
LEFT_SECONDS = 3600.0  # a file that long unfinished has been left by a process that was killed


def directory() -> Path:
    """Return where tables are kept: ``$DUIYI_CACHE_DIR``, else what the operating system sets aside for caches."""
    chosen = os.environ.get(ENVIRONMENT)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("duiyi", appauthor=False))


def can_keep() -> bool:
    """Tell whether tables can be written; whoever has no home folder gets none from us."""
    if ENVIRONMENT not in os.environ and not Path.home().is_dir():
        return False
    with contextlib.suppress(OSError):
        directory().mkdir(parents=True, exist_ok=True)
        return os.access(directory(), os.W_OK | os.X_OK)
    return False


@dataclass(frozen=True, slots=True)
class Table(Generic[Shape]):
    """A table, and all that it is made of.

    ``shape`` is the type of its value, made of text, numbers, tuples, lists, dictionaries, frozen sets and NumPy
    arrays. ``modules`` are the dotted names of the modules whose code decides what ``build`` returns; ``data`` are
    files of packages ("glossary/data/word_classes.toml"); ``libraries`` are distributions whose version counts;
    ``tables`` are those it is made from. ``check`` raises an error when a value that was read cannot be right.

    >>> Table("squares", list[int], lambda: [n * n for n in range(4)], modules=("tmx.cache",)).path().suffix
    '.table'
    """

    name: str
    shape: Any  # the type that ``build`` returns
    build: Callable[[], Shape]
    modules: tuple[str, ...]
    data: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    tables: tuple[Table[Any], ...] = ()
    check: Callable[[Shape], None] = lambda value: None

    def key(self) -> str:
        """Return a digest of all that the table is made of: 16 hexadecimal digits."""
        parts = [f"shape={self.shape!r}"]
        parts += [f"{module}={_source_digest(module)}" for module in self.modules]
        parts += [f"{name}={_data_digest(name)}" for name in self.data]
        parts += [f"{library}={_version(library)}" for library in self.libraries]
        parts += [f"{table.name}={table.key()}" for table in self.tables]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def path(self) -> Path:
        """Return the file in which the table is kept once it has been built."""
        return directory() / f"{self.name}-{self.key()}.table"

    def load(self) -> Shape:
        """Return the table from the cache, or build it and keep it.

        A file that cannot be read is built anew; a directory that cannot be written is left alone.
        """
        with without_collection():
            return self._load(self.path())

    def ensure(self) -> None:
        """Build the table and keep it, unless there is a file of it; the next ``load`` need not read it."""
        if not self.is_kept():
            _fresh[self.path()] = self.load()

    def _load(self, path: Path) -> Shape:
        # Whatever is wrong with a cached file (cut short by a full disk, put there by somebody else), the answer is
        # the same: build the table again.
        with contextlib.suppress(Exception):
            return self._at_hand(path)
        before_building(self)
        with contextlib.suppress(Exception):
            return self._at_hand(path)
        value = self.build()
        with contextlib.suppress(OSError, OutputError):
            _write(path, value)
            _remove_stale(path, self.name)
        return value

    def _at_hand(self, path: Path) -> Shape:
        value: Shape
        if path in _fresh:
            value = _fresh.pop(path)
            return value
        value = _read(path, self.shape)
        self.check(value)
        return value

    def is_kept(self) -> bool:
        """Tell whether there is a file of the table as it would be built now."""
        return self.path().is_file()


_fresh: dict[Path, Any] = {}  # what this process has built and nobody has asked for yet


def _nothing(table: Table[Any]) -> None:
    pass


before_building: Callable[[Table[Any]], None] = _nothing  # is told which table is going to be built


@contextlib.contextmanager
def without_collection() -> Iterator[None]:
    """Stop the garbage collector where millions of objects are made that stay, and none refer to one another.

    Looking through them takes a third of the time a table is read in, a sixth of the time terms are mined in.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(path: Path, shape: Any) -> Any:
    content = memoryview(path.read_bytes())
    data, crc = content[:-CHECKSUM_BYTES], content[-CHECKSUM_BYTES:]
    if zlib.crc32(data).to_bytes(CHECKSUM_BYTES, "big") != crc:
        raise ValueError(f"{path}: damaged")
    return msgspec.msgpack.decode(data, type=shape, dec_hook=_array)


def _write(path: Path, value: object) -> None:
    # Before the file is opened: a value that no table may hold is a mistake of ours and leaves nothing behind.
    data = msgspec.msgpack.encode(value, enc_hook=_parts)
    if not can_keep():
        return
    with atomic_path(path) as beside, beside.open("wb") as file:
        file.write(data)
        file.write(zlib.crc32(data).to_bytes(CHECKSUM_BYTES, "big"))


def _parts(value: object) -> tuple[str, tuple[int, ...], bytes]:
    import numpy as np

    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    raise NotImplementedError(f"a table cannot hold a {type(value).__name__}")


def _array(shape: type[Any], parts: Any) -> Any:
    import numpy as np

    if getattr(shape, "__origin__", shape) is not np.ndarray:
        raise NotImplementedError(f"a table cannot hold a {shape}")
    kind, size, data = parts
    return np.frombuffer(data, np.dtype(kind)).reshape(size).copy()


def _remove_stale(path: Path, name: str) -> None:
    """Remove earlier files of the same table, and what processes that were killed have left unfinished."""
    for other in path.parent.glob(f"{name}-*"):
        if other.suffix in (".table", ".pickle") and other != path and KEY.fullmatch(other.stem[len(name) + 1 :]):
            other.unlink(missing_ok=True)
    for other in path.parent.glob(".*"):
        if is_leftover(other) and time.time() - other.stat().st_mtime > LEFT_SECONDS:
            other.unlink(missing_ok=True)


def _source_digest(module: str) -> str:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{module}: no source to take a digest of", name=module)
    return _digest(Path(spec.origin))


def _data_digest(name: str) -> str:
    package, _, rest = name.partition("/")
    with as_file(files(package).joinpath(rest)) as path:
        return _digest(path)


def _digest(path: Path) -> str:
    status = path.stat()
    return _digest_of(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=256)
def _digest_of(path: Path, changed: int, size: int) -> str:
    return checksum(path)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
