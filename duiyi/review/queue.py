"""In which order rows are worth looking at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from duiyi.review.rows import Row
from tmx.confidence import SURE

FLAG_GAIN = 0.25  # a flagged row is looked at like one that is a quarter less certain


Why = tuple[Literal["doubtful", "unaligned", "confidence", "flag"], str | float]
"""Why a row is worth a look: a code with its value (the confidence, 0 to 1; the name of a flag; else empty)."""


def reasons(row: Row) -> list[Why]:
    """Return why a row is worth looking at; a sure row that no check doubts, and a judged one, is not.

    >>> from tmx.model import Sentence
    >>> text = (Sentence("一。", 0, 0, 2),)
    >>> reasons(Row(text, text, 0.99)), reasons(Row(text, text, 0.4, flags=("numbers-differ",)))
    ([], [('confidence', 0.4), ('flag', 'numbers-differ')])
    """
    if row.status in {"approved", "wrong", "changed"}:
        return []
    found: list[Why] = [("doubtful", "")] if row.status == "doubtful" else []
    if not row.source or not row.target:
        found.append(("unaligned", ""))
    elif row.confidence < SURE:
        found.append(("confidence", round(row.confidence, 4)))
    return found + [("flag", flag) for flag in row.flags]


def expected_gain(rows: Sequence[Row]) -> list[float]:
    """Return for each row how likely a look at it puts an error right, 0 to 1.

    That is the probability that the row is wrong, by its calibrated confidence, raised by doubts that the checks
    found. Rows that a reviewer has judged gain nothing; one marked doubtful asks for a second look.
    """
    gains = []
    for row in rows:
        doubt = 1.0 if row.status == "doubtful" else 1 - row.confidence
        judged = row.status in {"approved", "wrong", "changed"}
        gains.append(0.0 if judged else doubt + FLAG_GAIN * (1 - doubt) * bool(row.flags))
    return gains
