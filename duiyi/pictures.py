"""Pictures as inline SVG: the alignment path, the histogram of confidence, the timeline of terms.

Colours come from the style sheet of the page (classes ``sure``, ``fair``, ``doubtful``, ``unaligned``), so that one
picture serves light, dark and print. Each is an image with a name for screen readers. Coordinates are rounded and
thinned: a picture of 50,000 sentences is no larger than one of 500.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from tmx.confidence import DOUBTFUL, SURE, bead_mark
from tmx.messages import Messages
from tmx.model import Bead


def _svg(width: int, height: int, label: str, body: Iterable[Markup], kind: str) -> Markup:
    return Markup(
        '<svg class="picture {}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>'
    ).format(kind, width, height, width, height, label, Markup("\n").join(body))


def _text(x: float, y: float, content: object, anchor: str = "start", language: str = "") -> Markup:
    lang = Markup(' lang="{}"').format(language) if language else ""
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}"{}>{}</text>').format(x, y, anchor, lang, content)


def alignment_path(beads: Sequence[Bead], say: Messages, side: int = 300) -> Markup:
    """Draw the path of an alignment: Chinese sentences to the right, English ones downwards.

    A healthy path runs from corner to corner. Doubtful beads are ringed, sentences without a counterpart are bars
    along the axis of their side.
    """
    sources = max((bead.source[1] for bead in beads), default=0)
    targets = max((bead.target[1] for bead in beads), default=0)
    left, top = 34.0, 22.0

    def x(sentence: float) -> float:
        return left + side * sentence / max(sources, 1)

    def y(sentence: float) -> float:
        return top + side * sentence / max(targets, 1)

    steps = [(x(0), y(0))]
    rings: dict[tuple[int, int], None] = {}
    bars: dict[tuple[int, int, int, int], None] = {}
    for bead in beads:
        end = (x(bead.source[1]), y(bead.target[1]))
        if abs(end[0] - steps[-1][0]) + abs(end[1] - steps[-1][1]) >= 0.4:
            steps.append(end)
        level = bead_mark(bead).level
        if level == "doubtful":
            rings[(round(x(sum(bead.source) / 2)), round(y(sum(bead.target) / 2)))] = None
        elif level == "unaligned":
            start = (x(bead.source[0]), y(bead.target[0]))
            bars[(round(start[0]), round(start[1]), round(end[0]), round(end[1]))] = None
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in steps)
    body = [
        Markup('<rect class="frame" x="{}" y="{}" width="{}" height="{}"/>').format(left, top, side, side),
        Markup('<polyline class="path" points="{}"/>').format(points),
    ]
    if bars:
        lines = " ".join(f"M{a},{b}L{c if c > a or d > b else a + 1},{d}" for a, b, c, d in bars)
        body.append(Markup('<path class="gap" d="{}"/>').format(lines))
    body += [Markup('<circle class="ring" cx="{}" cy="{}" r="3"/>').format(a, b) for a, b in rings]
    body += [
        _text(left, top - 7, say("picture.chinese")),
        _text(left + side, top - 7, sources, "end"),
        Markup('<text transform="translate({:.0f},{:.0f}) rotate(90)">{}</text>').format(
            left - 17, top, say("picture.english")
        ),
        _text(left - 5, top + side, targets, "end"),
    ]
    label = say(
        "picture.path",
        sources=sources,
        targets=targets,
        doubtful=sum(bead_mark(bead).level == "doubtful" for bead in beads),
        unaligned=sum(0 in bead.size for bead in beads),
    )
    return _svg(int(left) + side + 8, int(top) + side + 8, label, body, "dotplot")


def confidence_histogram(confidences: Sequence[float], say: Messages, width: int = 420, height: int = 200) -> Markup:
    """Draw how many beads have which confidence, in ten equal bins; each bar bears its count."""
    bins = [0] * 10
    for confidence in confidences:
        bins[min(9, max(0, math.floor(confidence * 10 + 1e-9)))] += 1
    highest = max(bins) or 1
    left, base, room = 8, height - 24, height - 52
    step = (width - 2 * left) / 10
    body = [Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(left, width - left, base, base)]
    for index, count in enumerate(bins):
        level = "sure" if index / 10 >= SURE else "fair" if index / 10 >= DOUBTFUL else "doubtful"
        bar = max(2.0, room * count / highest) if count else 0.0
        x = left + index * step
        if count:
            body.append(
                Markup('<rect class="bar {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="1.5"/>').format(
                    level, x + 3, base - bar, step - 6, bar
                )
            )
            body.append(_text(x + step / 2, base - bar - 5, count, "middle"))
        body.append(_text(x, base + 15, f"{index / 10:.1f}", "middle" if index else "start"))
    body.append(_text(width - left, base + 15, "1.0", "end"))
    label = say("picture.histogram") + ", ".join(
        say("picture.bin", count=count, low=f"{index / 10:.1f}", high=f"{(index + 1) / 10:.1f}")
        for index, count in enumerate(bins)
        if count
    )
    return _svg(width, height, label, body, "histogram")


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A term in the timeline: its text, its English, and (ISO date, count) pairs in order of date."""

    term: str
    rendering: str
    points: tuple[tuple[str, int], ...]


def day(iso: str) -> int | None:
    """Return the day number of an ISO date, of its first day when only a year or a month is given.

    >>> day("2021-12-30") - day("2021"), day("")
    (363, None)
    """
    parts = iso.split("-")
    try:
        numbers = [int(part) for part in parts[:3]]
        year, month, day_of_month = [*numbers, 1, 1][:3]
        return date(year, month, day_of_month).toordinal()
    except ValueError:
        return None


def timeline(rows: Sequence[TimelineRow], say: Messages, width: int = 860) -> Markup:
    """Draw when terms occur: a row a term, a disc a date, its area by the number of occurrences."""
    days = sorted({number for row in rows for iso, _ in row.points if (number := day(iso)) is not None})
    if not days:
        return Markup("")
    first, last = days[0], max(days[-1], days[0] + 1)
    left, right, row_height, top = 330, 20, 24, 26
    room = width - left - right - 20
    most = max(count for row in rows for _, count in row.points)

    def x(number: int) -> float:
        return left + 10 + room * (number - first) / (last - first)

    bottom = top + row_height * len(rows)
    body: list[Markup] = []
    first_year, last_year = date.fromordinal(first).year, date.fromordinal(last).year
    every = max(1, math.ceil((last_year - first_year + 1) / 12))
    for year in range(first_year, last_year + 1, every):
        tick = date(year, 1, 1).toordinal()
        if first <= tick <= last:
            body.append(
                Markup('<line class="grid" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>').format(x(tick), top, bottom)
            )
            body.append(_text(x(tick), top - 9, year, "middle"))
    if first_year == last_year:
        body.append(_text(left + 10, top - 9, date.fromordinal(first).isoformat()))
        body.append(_text(width - right - 10, top - 9, date.fromordinal(days[-1]).isoformat(), "end"))
    for index, row in enumerate(rows):
        y = top + row_height * (index + 0.5)
        body.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(left, width - right, y, y)
        )
        term = row.term if len(row.term) <= 12 else row.term[:11] + "…"
        rendering = row.rendering if len(row.rendering) <= 26 else row.rendering[:25] + "…"
        body.append(_text(150, y + 4, term, "end", "zh"))
        body.append(_text(160, y + 4, rendering))
        for iso, count in row.points:
            number = day(iso)
            if number is not None and count:
                body.append(
                    Markup('<circle class="disc" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"><title>{}</title></circle>').format(
                        x(number), y, 2.5 + 7 * math.sqrt(count / most), f"{row.term}: {count} × {iso}"
                    )
                )
    label = say("picture.timeline", n=len(rows), first=date.fromordinal(first), last=date.fromordinal(days[-1]))
    return _svg(width, bottom + 8, label, body, "timeline")
