"""One document never stops the others: those that a result cannot be made of are found, named and left out.

A finished document may still make a later step fail: a file that does not read back as it was written, or a fault in
the code that only its text brings out. Which documents do so by themselves is found by halving, which costs a few
passes over all; what was found is remembered for as long as the code stays the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor

import msgspec

from duiyi.workspace import Workspace
from tmx.errors import ToolError, UnfaithfulError
from tmx.files import atomic_path

FILE = "quarantine.json"


def is_of_a_document(error: Exception) -> bool:
    """Tell whether an error may come from the text of a document, and not from the disk, the memory or the settings."""
    if isinstance(error, UnfaithfulError):
        return True
    return not isinstance(error, ToolError | OSError | sqlite3.Error | MemoryError | BrokenExecutor)


def reason(error: Exception) -> str:
    """Say in one line why a document is left out."""
    lines = str(error).strip().split("\n")
    if isinstance(error, UnfaithfulError):
        return f"what is written of it does not read back the same ({lines[0]})"
    return f"a fault in duiyi ({type(error).__name__}: {lines[0][:200]}); please report it with the document"


def culprits(keys: Sequence[str], attempt: Callable[[Sequence[str]], None]) -> dict[str, str]:
    """Return the keys of the documents that fail by themselves, each with the reason.

    >>> def attempt(keys):
    ...     if "c" in keys:
    ...         raise ValueError("odd")
    >>> list(culprits("abcdef", attempt))
    ['c']
    """
    try:
        attempt(keys)
    except Exception as error:
        if not is_of_a_document(error):
            raise
        if len(keys) == 1:
            return {keys[0]: reason(error)}
        middle = len(keys) // 2
        return culprits(keys[:middle], attempt) | culprits(keys[middle:], attempt)
    return {}


def remembered(workspace: Workspace, code: str) -> dict[str, str]:
    """Return the documents that this code was found to fail on, by key, with the reasons."""
    try:
        return msgspec.json.decode((workspace.folder / FILE).read_bytes(), type=dict[str, dict[str, str]]).get(code, {})
    except (OSError, msgspec.MsgspecError):
        return {}


def remember(workspace: Workspace, code: str, found: Mapping[str, str]) -> None:
    """Keep what was found for the next build."""
    with atomic_path(workspace.folder / FILE) as beside:
        beside.write_bytes(msgspec.json.encode({code: dict(found)}))
