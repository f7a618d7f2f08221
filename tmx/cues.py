"""Subtitles in two files: which cues are shown together, once both files run in step.

Subtitles of another release run some seconds earlier or later, faster or slower (25 frames a second against 23.976), or
leave off for a break. Time codes then pair strangers. So the cues are aligned by their words first; the sure pairs tell
how the times of one file become those of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
import numpy.typing as npt

from tmx.alignment.aligner import AlignmentOptions, align
from tmx.model import Block

MAX_CUES = 6  # of one language against one stretch of the other
SURE = 0.9  # confidence of a pair that says something of the times
MIN_PAIRS = 4
MAX_PAIRS = 1000  # the slope is a median over all pairs of pairs
NEIGHBOURS = 4  # pairs before and after one over which its delay is a median
STEADY = 2.0  # two speeds are told apart where the better one leaves less than a half of the other's deviation
SOUND = re.compile(r"\W*[\[(（【♪][^\])）】]*[\])）】♪]\W*")
IN_STEP = 400  # milliseconds; a cue stays with the cues it overlaps most

Times = npt.NDArray[np.float64]
Cue = tuple[int, Block]  # the side, 0 or 1, and the cue
Shown = tuple[int, int, Block]  # when a cue is shown, and the cue


@dataclass(frozen=True, slots=True)
class Clock:
    """How the times of the English cues become those of the Chinese; ``words`` say it and are empty if they agree."""

    speed: float
    delays: Times
    at: Times
    words: str

    def chinese(self, time: int) -> int:
        """Return the Chinese time of an English one, in milliseconds."""
        return round((time - float(np.interp(time, self.at, self.delays))) / self.speed)


def pair_by_time(source: Sequence[Block], target: Sequence[Block]) -> tuple[list[Cue], str]:
    """Put cues that are shown together for at least half of the shorter one's time in one row.

    A cue may stand against several. Where more than ``MAX_CUES`` hang together the times are not in step, and the
    cues stay unpaired. Returned are the cues in the order of the film, and what is to be said of the times, if
    anything.
    """
    clock = _clock(source, target)
    sides = [[(*_times(cue), cue) for cue in source], [(*_times(cue), cue) for cue in target]]
    if clock.words:
        sides[1] = [(clock.chinese(begin), clock.chinese(end), cue) for begin, end, cue in sides[1]]
    ordered = [sorted(side, key=lambda shown: shown[:2]) for side in sides]
    row = 0
    result: list[Cue] = []
    for group in _groups(ordered):
        parted = [_spoken(group[side], group[1 - side]) for side in (0, 1)]
        spoken = [len(cues) for cues, _ in parted]
        together = min(spoken) > 0 and max(spoken) <= MAX_CUES
        for side in (0, 1):
            result += [(side, replace(cue, row=row if together else -1)) for cue in parted[side][0]]
        for side in (0, 1):
            result += [(side, replace(cue, row=-1)) for cue in parted[side][1]]
        row += together
    return result, clock.words


class _Group:
    """Cues that hang together, of both sides, while they are found; each side comes in order of its times."""

    def __init__(self) -> None:
        self.cues: tuple[list[Shown], list[Shown]] = ([], [])
        self.shown: tuple[list[Shown], list[Shown]] = ([], [])  # those which later cues of the other side may meet
        self.refused = [0, 0]  # with so many of them the next cue of a side does not go together

    def add(self, side: int, cue: Shown) -> None:
        """Take in the next cue of a side."""
        self.cues[side].append(cue)
        self.shown[side].append(cue)
        self.refused[side] = 0

    def meets(self, side: int, cue: Shown) -> bool:
        """Tell whether the next cue of a side goes together with one of the other side."""
        others = self.shown[1 - side]
        if any(_together(cue, others[n]) for n in range(len(others) - 1, self.refused[side] - 1, -1)):
            return True
        others[:] = [other for other in others if other[1] > cue[0]]
        self.refused[side] = len(others)
        return False


def _groups(ordered: Sequence[Sequence[Shown]]) -> Iterator[tuple[list[Shown], list[Shown]]]:
    """Return the cues in groups that hang together."""
    start = [0, 0]
    while left := [side for side in (0, 1) if start[side] < len(ordered[side])]:
        group = _Group()
        first = min(left, key=lambda side: ordered[side][start[side]][:2])
        group.add(first, ordered[first][start[first]])
        start[first] += 1
        grown = True
        while grown:
            grown = False
            for side in (0, 1):
                while start[side] < len(ordered[side]) and group.meets(side, ordered[side][start[side]]):
                    group.add(side, ordered[side][start[side]])
                    start[side] += 1
                    grown = True
        yield group.cues


def _times(cue: Block) -> tuple[int, int]:
    """Return when a cue is shown, in milliseconds."""
    properties = dict(cue.properties)
    return int(properties.get("begin", 0)), int(properties.get("end", 0))


def _spoken(own: Sequence[Shown], other: Sequence[Shown]) -> tuple[list[Block], list[Block]]:
    """Return the cues of one side, and by themselves the sounds that only this side describes ("[music]")."""
    cues = [cue for _, _, cue in own]
    if not other or any(SOUND.fullmatch(cue.text) for _, _, cue in other):
        return cues, []
    sounds = [bool(SOUND.fullmatch(cue.text)) for cue in cues]
    return list(compress(cues, (not sound for sound in sounds))), list(compress(cues, sounds))


def _together(first: Shown, second: Shown) -> bool:
    shorter = min(first[1] - first[0], second[1] - second[0])
    return min(first[1], second[1]) - max(first[0], second[0]) >= max(1, 0.5 * shorter)


def _clock(source: Sequence[Block], target: Sequence[Block]) -> Clock:
    """Compare the times of cues that are paired by their words alone."""
    in_step = Clock(1.0, np.zeros(1), np.zeros(1), "")
    # Vectors cost most of the time, and a sure pair says enough by its words.
    beads = align([cue.text for cue in source], [cue.text for cue in target], AlignmentOptions(vectors=False))
    sure = [bead for bead in beads if 0 not in bead.size and bead.confidence >= SURE]  # a cue may hold several
    if len(sure) < MIN_PAIRS:
        return in_step
    ours = np.array([_times(source[bead.source[0]])[0] for bead in sure], np.float64)
    theirs = np.array([_times(target[bead.target[0]])[0] for bead in sure], np.float64)
    speed = _speed(ours, theirs)
    delays = _smoothed(theirs - speed * ours)
    off = theirs - ours  # what a viewer would see
    if np.abs(_smoothed(off)).max() < IN_STEP:
        return in_step
    order = np.argsort(theirs, kind="stable")
    return Clock(speed, delays[order], theirs[order], _words(speed, delays, ours))


def _speed(ours: Times, theirs: Times) -> float:
    """Return how much longer the English runs: the median over pairs (Theil and Sen), 1 where that fits as well."""
    step = -(-len(ours) // MAX_PAIRS)
    ours, theirs = ours[::step], theirs[::step]
    apart = ours[:, None] - ours
    kept = apart > 0
    if not kept.any():
        return 1.0
    speed = float(np.median((theirs[:, None] - theirs)[kept] / apart[kept]))

    def deviation(value: float) -> float:
        rest = theirs - value * ours
        return float(np.median(np.abs(rest - np.median(rest))))

    return speed if deviation(1.0) > STEADY * max(deviation(speed), IN_STEP / 4) else 1.0


def _smoothed(values: Times) -> Times:
    """Return the median around each value."""
    windows = [values[max(n - NEIGHBOURS, 0) : n + NEIGHBOURS + 1] for n in range(len(values))]
    return np.array([np.median(window) for window in windows])


def _words(speed: float, delays: Times, ours: Times) -> str:
    found = []
    if speed != 1.0:
        found.append(f"run {abs(speed - 1):.1%} {'slower' if speed > 1 else 'faster'}")
    least, most = float(delays.min()), float(delays.max())
    if most - least > 2 * IN_STEP:
        found.append(f"are off by {_seconds(least)} to {_seconds(most)} s")
    elif abs(delays).max() >= IN_STEP:
        middle = float(np.median(delays))
        found.append(f"come {_seconds(abs(middle))} s {'later' if middle > 0 else 'earlier'}")
    return f"the English subtitles {' and '.join(found)}; put in step with the Chinese by their words"


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.1f}"
