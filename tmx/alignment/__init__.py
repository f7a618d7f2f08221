"""Sentences to beads: evidence that spans correspond, the search over beads, bead files and their scores."""
