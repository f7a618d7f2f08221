"""Bytes from disk, within the limits."""

from __future__ import annotations

import stat
from pathlib import Path

from tmx.errors import EmptyInputError, LimitError, ToolError
from tmx.readers.options import MEBIBYTE, ReadOptions


def check_file(path: Path, name: str, max_bytes: int) -> None:
    """Raise a ``ToolError`` unless the path is an ordinary, readable, not empty and not oversized file."""
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise ToolError(f"{name}: no such file") from error
    except OSError as error:
        raise ToolError(f"{name}: cannot be read ({error.strerror or error})") from error
    except ValueError as error:  # a zero character in the path
        raise ToolError(f"{name!r}: not a file name") from error
    if not stat.S_ISREG(status.st_mode):
        raise ToolError(f"{name}: not an ordinary file")
    if status.st_size == 0:
        raise EmptyInputError(f"{name}: the file is empty")
    if status.st_size > max_bytes:
        size, limit = status.st_size / MEBIBYTE, max_bytes / MEBIBYTE
        raise LimitError(f"{name}: {size:,.0f} MiB (limit {limit:,.0f} MiB); split the file or raise the limit")


def read_bytes(path: Path, name: str, options: ReadOptions) -> bytes:
    """Return the bytes of a file that is read whole."""
    check_file(path, name, options.max_text_bytes)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ToolError(f"{name}: cannot be read ({error.strerror or error})") from error
