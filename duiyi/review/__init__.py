"""The review page: a local server on which people look at alignments and terms, and put them right."""
