"""Mine a bilingual glossary from translation units and write it as TBX, CSV and XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glossary.mining.extraction import ExtractionOptions, extract_terms

__all__ = ["ExtractionOptions", "extract_terms"]


def __getattr__(name: str) -> Any:
    # Imported when it is first used: whoever asks for a word or a file of the glossary needs nothing of the mining.
    if name not in __all__:
        raise AttributeError(f"module 'glossary' has no attribute {name!r}")
    from glossary.mining import extraction

    return getattr(extraction, name)
