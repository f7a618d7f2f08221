"""How many errors a random sample of the rows lets one expect.

It is drawn from the rows that nobody has read one by one: those approved together by their confidence, and those that
nobody has judged. A row of the sample counts once somebody has judged it by itself.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from duiyi.review.rows import ReviewError, Row
from tmx.files import atomic_path
from tmx.languages import join

Verdict = Literal["right", "error", "open"]


class DrawnRow(msgspec.Struct, frozen=True):
    """A row of the sample: its document and the texts of its sentences."""

    document: str
    source: str
    target: str


class Sample(msgspec.Struct, frozen=True):
    """What was drawn, by which seed, and of how many rows that nobody had read (0: drawn by version 0.1)."""

    seed: int
    rows: tuple[DrawnRow, ...]
    of: int = 0


def draw(documents: Iterable[tuple[str, Sequence[Row]]], size: int, seed: int) -> Sample:
    """Draw rows at random from those with two sides that nobody has read one by one.

    Raises:
        ReviewError: there are none.
    """
    places = [
        drawn_row(name, row) for name, rows in documents for row in rows if row.source and row.target and not row.read
    ]
    if not places:
        raise ReviewError("all-read")
    chosen = sorted(random.Random(seed).sample(range(len(places)), min(max(1, size), len(places))))
    return Sample(seed, tuple(places[index] for index in chosen), len(places))


def drawn_row(document: str, row: Row) -> DrawnRow:
    """Return a row as the sample remembers it."""
    return DrawnRow(document, join([s.text for s in row.source], "zh"), join([t.text for t in row.target], "en"))


def verdict(row: Row | None) -> Verdict:
    """Judge a row of the sample by what was done to it; None: no row holds these sentences any more."""
    if row is None:
        return "error"
    if not row.read or row.status == "open":
        return "open"
    return "right" if row.status == "approved" and not row.edited else "error"


def read_sample(path: Path) -> Sample | None:
    """Return the sample that was drawn last, None if there is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Sample)
    except (OSError, msgspec.MsgspecError):
        return None


def write_sample(sample: Sample, path: Path) -> None:
    """Keep a sample."""
    with atomic_path(path) as beside:
        beside.write_bytes(msgspec.json.encode(sample))


def result(sample: Sample, found: Mapping[DrawnRow, tuple[int, int, Row]]) -> dict[str, object]:
    """Return for the page what the sample says; ``found`` has the document, index and row of each that is there."""
    items: list[dict[str, object]] = []
    counts: dict[Verdict, int] = {"right": 0, "error": 0, "open": 0}
    for drawn in sample.rows:
        place = found.get(drawn)
        judged = verdict(place[2] if place else None)
        counts[judged] += 1
        where = {"document": place[0], "row": place[1]} if place else {}
        items.append({"verdict": judged, "text": drawn.source[:80], **where})
    errors, looked = counts["error"], counts["error"] + counts["right"]
    low, high = wilson_interval(errors, looked)
    return {
        "items": items,
        "looked": looked,
        "errors": errors,
        "of": sample.of,
        "rate": errors / looked if looked else 0.0,
        "low": low,
        "high": high,
        "sentence": audit_sentence(errors, looked, len(sample.rows), sample.of),
    }


def audit_sentence(errors: int, looked: int, drawn: int, of: int = 0) -> str:
    """Say what an audit found.

    >>> audit_sentence(3, 100, 100, 4000)
    'Estimated error rate 3.0 % (95 % interval 1.0 to 8.5 %) among the 4,000 rows that nobody had read one by one: \
3 of 100 rows wrong, 0 of the sample still to look at.'
    """
    among = f"the {of:,} rows that nobody had read one by one" if of else "all rows"
    if not looked:
        return f"Nothing looked at yet of {drawn} rows drawn at random from {among}."
    low, high = wilson_interval(errors, looked)
    return (
        f"Estimated error rate {100 * errors / looked:.1f} % (95 % interval {100 * low:.1f} to {100 * high:.1f} %) "
        f"among {among}: {errors} of {looked} rows wrong, {drawn - looked} of the sample still to look at."
    )


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
