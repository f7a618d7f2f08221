"""Build translation memories from Chinese-English documents: read, heal, segment, align, write TMX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tmx.alignment.aligner import AlignmentOptions, align
    from tmx.memory import MemoryOptions, build_document, build_memory

__all__ = ["AlignmentOptions", "MemoryOptions", "align", "build_document", "build_memory"]

# The heavy modules are imported when a name of theirs is first used, so that ``duiyi --help`` stays fast.
_HOMES = {
    "AlignmentOptions": "tmx.alignment.aligner",
    "MemoryOptions": "tmx.memory",
    "align": "tmx.alignment.aligner",
    "build_document": "tmx.memory",
    "build_memory": "tmx.memory",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tmx' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
