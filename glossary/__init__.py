"""Mine a bilingual glossary from translation units and write it as TBX, CSV and XLSX."""
