"""What reviewers decided: the one form in which the workbook and the review page write it down.

``model`` has the verbs, ``journal`` the file ``OUT/decisions.jsonl``, ``beads`` and ``terms`` apply decisions to
documents and to the glossary. A rebuild replays them in order; what no longer fits is listed, never dropped.
"""
