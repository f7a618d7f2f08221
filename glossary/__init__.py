"""Mine a bilingual glossary from translation units and write it as TBX, CSV and XLSX."""

from glossary.mining.extraction import ExtractionOptions, extract_terms

__all__ = ["ExtractionOptions", "extract_terms"]
