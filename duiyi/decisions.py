"""What reviewers decided: the one form in which the workbook and the review page write it down.

Decisions live in ``OUT/decisions.jsonl``, one JSON object a line, append-only, flushed to disk before anyone is
told that a decision is saved. A rebuild replays them in order; what no longer fits is listed, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Subject = Literal["bead", "unit", "term", "undo"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a reviewer decided.

    ``subject`` and ``key`` say about what: a term by its entry id, a unit by its tuid, beads by document name.
    ``action`` is a verb: for terms accept, reject, discuss, edit, prefer, deprecate, variant, merge, add, hide;
    for units edit, approve, doubt, wrong; for beads pin (``values["beads"]`` then lists the pinned beads with
    their sentence texts, so that they can be found again after the document has changed).
    ``values`` holds the verb's arguments as JSON values. ``origin`` is "workbook" or "page"; ``time`` is ISO 8601
    UTC; ``id`` is unique and grows.
    """

    id: str
    subject: Subject
    key: str
    action: str
    values: dict[str, object] = field(default_factory=dict)
    origin: str = "workbook"
    reviewer: str = ""
    time: str = ""
