"""Subtitles of two releases: whatever their times do, cues that say the same thing come together."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tmx.cues import pair_by_time
from tmx.model import Block

CASE = Path(__file__).parent / "cases" / "rows.tsv"
PAIRS = [tuple(line.split("\t")) for line in CASE.read_text(encoding="utf-8").rstrip("\n").split("\n")]


def cue(text: str, begin: float, end: float) -> Block:
    times = (("begin", str(round(1000 * begin))), ("end", str(round(1000 * end))))
    return Block(text, f"cue at {begin:.1f}", "cue", properties=times)


def film(change) -> tuple[list[Block], list[Block]]:
    """Subtitles of both languages; ``change`` turns a Chinese time, in seconds, into the English one."""
    chance = random.Random(3)
    time = 2.0
    sides: tuple[list[Block], list[Block]] = ([], [])
    for chinese, english in PAIRS:
        length = chance.uniform(1.2, 4)
        sides[0].append(cue(chinese, time, time + length))
        sides[1].append(cue(english, change(time), change(time + length)))
        time += length + chance.choice([0.1, 0.4, 2, 6])
    return sides


def rows(cues: list[tuple[int, Block]]) -> list[tuple[str, str]]:
    found: dict[int, list[list[str]]] = {}
    for side, block in cues:
        if block.row >= 0:
            found.setdefault(block.row, [[], []])[side].append(block.text)
    return [("".join(chinese), " ".join(english)) for chinese, english in found.values()]


@pytest.mark.parametrize("delay", [-30, -6, -3.3, -2.2, -1, 0, 0.3, 1, 2.2, 4, 7, 65])
def test_earlier_or_later(delay: float) -> None:
    cues, words = pair_by_time(*film(lambda time: time + delay))
    assert rows(cues) == PAIRS
    if abs(delay) < 0.4:
        assert words == ""
    else:
        assert f"come {abs(delay):.1f} s {'later' if delay > 0 else 'earlier'}" in words


@pytest.mark.parametrize("delay", [0, 3])
@pytest.mark.parametrize("frames", [(25, 23.976), (23.976, 25), (25, 29.97), (29.97, 23.976), (25, 24)])
def test_slower_or_faster(frames: tuple[float, float], delay: float) -> None:
    speed = frames[0] / frames[1]
    cues, words = pair_by_time(*film(lambda time: speed * time + delay))
    assert rows(cues) == PAIRS
    assert f"run {abs(speed - 1):.1%} {'slower' if speed > 1 else 'faster'}" in words or "are off by" in words


def test_a_break_in_one_of_the_films() -> None:
    cues, words = pair_by_time(*film(lambda time: time + 12 * (time > 40)))
    assert rows(cues) == PAIRS
    assert "are off by 0.0 to 12.0 s" in words


def test_cues_in_step_stay_as_they_are_whatever_they_say() -> None:
    chinese, english = film(lambda time: time)
    cues, words = pair_by_time(chinese, [*english[:5], cue("Nobody says this.", 300, 302), *english[6:]])
    assert words == ""
    assert rows(cues) == PAIRS[:5] + PAIRS[6:]


@pytest.mark.parametrize("delay", [0, 2])
def test_sounds_that_one_side_describes_stand_alone(delay: float) -> None:
    source, target = film(lambda time: time + delay)
    shown = dict(target[4].properties)
    begin, end = int(shown["begin"]) / 1000, int(shown["end"]) / 1000
    target[4:5] = [cue("[door slams]", begin, begin + 0.6), cue(target[4].text, begin + 0.6, end)]
    cues, _ = pair_by_time(source, target)
    assert rows(cues) == PAIRS
    assert [block.text for _, block in cues if block.row < 0] == ["[door slams]"]


@pytest.mark.parametrize(("many", "paired"), [(6, True), (7, False), (3000, False)])
def test_cues_all_shown_together_are_in_one_row_or_in_none(many: int, paired: bool) -> None:
    source = [cue("港口关闭，船只返航。", 0, 4000)]
    target = [cue("Ships.", second, second + 1) for second in range(many)]
    cues, _ = pair_by_time(source, target)
    assert {block.row for _, block in cues} == {0 if paired else -1}
    assert [side for side, _ in cues] == [0] + [1] * many


@pytest.mark.parametrize("long", [False, True])
def test_a_cue_meets_what_is_still_shown_and_nothing_else(long: bool) -> None:
    source = [cue("一。", 0, 20 if long else 4), cue("二。", 10, 12)]
    target = [cue("One.", 0, 4), cue("Two.", 10, 12), cue("Three.", 15, 17)]
    cues, _ = pair_by_time(source, target)
    alone = [] if long else ["Three."]
    assert [block.text for _, block in cues if block.row < 0] == alone
    assert len({block.row for _, block in cues if block.row >= 0}) == (1 if long else 2)
