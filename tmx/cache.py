"""Derived tables, kept in the user's cache directory so that they are computed once for each user.

A table is a file ``NAME-KEY.pickle``: the key is a digest of the version the caller gives, of the product's own
version and of NumPy's, so a table whose source changed is not found, is built anew, and replaces the old file. A
table is written beside its place and renamed, so two processes that start at once both work and neither sees half a
file. A directory that cannot be written costs time, never the run.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import pickle
import tempfile
import zlib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

Table = TypeVar("Table")
ENVIRONMENT = "DUIYI_CACHE_DIR"
LOGGER = logging.getLogger(__name__)
CHECKSUM_BYTES = 4  # CRC-32: it is to find damage, and takes 1 ms for 1 MB


def directory() -> Path:
    """Return where tables are kept: ``$DUIYI_CACHE_DIR``, else what the operating system sets aside for caches."""
    chosen = os.environ.get(ENVIRONMENT)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("duiyi", appauthor=False))


def fingerprint(path: Path) -> str:
    """Return a digest of a file's content, for use in a table's version."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cached(name: str, version: str, build: Callable[[], Table]) -> Table:
    """Return the table ``name`` from the cache, or build it and keep it.

    ``version`` names everything the table depends on (a digest of its source, a number raised when the code that
    builds it changes). A file that cannot be read is built anew; a directory that cannot be written is left alone.

    >>> import tempfile; os.environ["DUIYI_CACHE_DIR"] = tempfile.mkdtemp()
    >>> cached("squares", "1", lambda: [n * n for n in range(4)])
    [0, 1, 4, 9]
    >>> cached("squares", "1", lambda: [])
    [0, 1, 4, 9]
    """
    key = hashlib.sha256("\n".join((version, _product(), _numpy())).encode()).hexdigest()[:16]
    path = directory() / f"{name}-{key}.pickle"
    # Whatever is wrong with a cached file (cut short by a full disk, written by another library version), the
    # answer is the same: build the table again.
    with contextlib.suppress(Exception):
        table: Table = _read(path)
        return table
    LOGGER.info("%s", name)
    table = build()
    with contextlib.suppress(OSError):
        _write(path, table)
        _remove_stale(path, name)
    return table


def _read(path: Path) -> Any:
    content = memoryview(path.read_bytes())
    data, checksum = content[:-CHECKSUM_BYTES], content[-CHECKSUM_BYTES:]
    if zlib.crc32(data).to_bytes(CHECKSUM_BYTES, "big") != checksum:
        raise ValueError(f"{path}: damaged")
    return pickle.loads(data)


def _write(path: Path, table: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            data = pickle.dumps(table, protocol=5)
            file.write(data)
            file.write(zlib.crc32(data).to_bytes(CHECKSUM_BYTES, "big"))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _remove_stale(path: Path, name: str) -> None:
    for other in path.parent.glob(f"{name}-*.pickle"):
        key = other.stem.removeprefix(f"{name}-")
        if other != path and len(key) == 16 and "-" not in key:
            other.unlink(missing_ok=True)


def _product() -> str:
    try:
        return version("duiyi")
    except PackageNotFoundError:  # run from a source tree
        return "source"


def _numpy() -> str:
    return version("numpy")
