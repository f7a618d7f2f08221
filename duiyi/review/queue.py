"""In which order rows are worth looking at."""

from __future__ import annotations

from collections.abc import Sequence

from duiyi.review.rows import Row

FLAG_GAIN = 0.25  # a flagged row is looked at like one that is a quarter less certain


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
