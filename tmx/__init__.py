"""Build translation memories from Chinese-English documents: read, heal, segment, align, write TMX."""
