"""Input from an object store or a server: files named by an address are copied into the workspace, changed ones only.

Any address that fsspec knows will do (``s3://bucket/folder``, ``gs://``, ``https://``, ``sftp://``); the library for
the store in question (``s3fs``, ``gcsfs``, ...) has to be installed beside duiyi.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from tmx.errors import ToolError
from tmx.files import atomic_path

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
LIST = ".copied.json"


def is_address(text: str) -> bool:
    """Tell whether an input is an address and not a path.

    >>> is_address("s3://bucket/texts"), is_address("texts"), is_address("C:\\\\texts")
    (True, False, False)
    """
    return bool(ADDRESS.match(text))


def fetch(inputs: Sequence[str], folder: Path) -> list[Path]:
    """Return local paths for ``inputs``; those that are addresses are mirrored below ``folder``.

    A file is copied again only when its size, time or tag has changed, and removed when it is gone from the store.

    Raises:
        ToolError: the address cannot be read, or the library for its kind of store is missing.
    """
    return [mirror(text, folder) if is_address(text) else Path(text) for text in inputs]


def mirror(address: str, folder: Path) -> Path:
    """Bring the copy of one address up to date and return its place: a file for a file, a folder for a folder."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ToolError(f"{address}: reading from a store needs the extra: pip install 'duiyi[cluster]'") from error
    try:
        store, root = url_to_fs(address)
        root = root.rstrip("/")
        place = folder / hashlib.sha256(address.encode()).hexdigest()[:16] / (PurePosixPath(root).name or "files")
        found: dict[str, Any] = {
            path: info for path, info in store.find(root, detail=True).items() if info.get("type") == "file"
        }
        if not found:
            raise ToolError(f"{address}: nothing is there")
        single = list(found) == [root]
        names = {path: PurePosixPath(path).name if single else path.removeprefix(root).lstrip("/") for path in found}
        before = _read_list(place)
        now = {names[path]: _version(info) for path, info in sorted(found.items())}
        for path, name in sorted(names.items()):
            target = _inside(place, name, address)
            if before.get(name) != now[name] or not target.is_file():
                with atomic_path(target) as beside, store.open(path, "rb") as source, beside.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
        for name in set(before) - set(now):
            (place / name).unlink(missing_ok=True)
        with atomic_path(place / LIST) as beside:
            beside.write_text(json.dumps(now, sort_keys=True), encoding="utf-8")
    except (OSError, ImportError, ValueError) as error:
        raise ToolError(f"{address}: cannot be read: {' '.join(str(error).split())[:300]}") from error
    return place / next(iter(names.values())) if single else place


def _read_list(place: Path) -> dict[str, str]:
    try:
        copied = json.loads((place / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return copied if isinstance(copied, dict) else {}


def _version(info: dict[str, Any]) -> str:
    """What a store says about a file that changes when its content does."""
    known = [info.get(name) for name in ("size", "etag", "ETag", "mtime", "LastModified", "updated", "created")]
    return " ".join(str(value) for value in known if value is not None)


def _inside(place: Path, name: str, address: str) -> Path:
    """The place of a copy; a name that leads out of the folder is refused."""
    target = place / name
    if ".." in PurePosixPath(name).parts or not target.resolve().is_relative_to(place.resolve()):
        raise ToolError(f"{address}: the name {name} leads out of the folder")
    return target
