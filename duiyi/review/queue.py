"""In which order rows are worth looking at, and how many errors a random sample lets one expect."""

from __future__ import annotations

import math
import random
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


def sample(total: int, size: int, seed: int) -> list[int]:
    """Draw ``size`` of ``total`` rows at random without repetition, in ascending order."""
    return sorted(random.Random(seed).sample(range(total), min(size, total)))


def wilson_interval(errors: int, looked_at: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % interval of an error rate after ``errors`` were found in ``looked_at`` rows.

    >>> low, high = wilson_interval(3, 100)
    >>> round(low, 3), round(high, 3)
    (0.01, 0.085)

    References:
        Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference. It behaves at zero
        errors, where the textbook interval shrinks to nothing.
    """
    if not looked_at:
        return 0.0, 1.0
    rate = errors / looked_at
    centre = rate + z * z / (2 * looked_at)
    spread = z * math.sqrt(rate * (1 - rate) / looked_at + z * z / (4 * looked_at * looked_at))
    scale = 1 + z * z / looked_at
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
