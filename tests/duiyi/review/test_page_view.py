"""The current row and the current term are in view after every key and every jump, at every size of the window."""

import os
from typing import Any

import pytest
from playwright.sync_api import Page

from glossary.model import ConceptEntry, Glossary, Rendering
from tests.duiyi.review.browsing import current, large, press

SIZES = {
    "1280x720": (1280, 720, 1),
    "1366x768 at 200 %": (683, 384, 2),
    "1366x768": (1366, 768, 1),
    "1440x900": (1440, 900, 1),
    "1536x864": (1536, 864, 1),
    "1920x1080": (1920, 1080, 1),
    "1280x720 at 200 %": (640, 360, 2),
    "a telephone": (400, 800, 2),
}
JUMPS = ["g", "g", "g", "a", "g", "n", "g", "r", "j", "End", "k", "Home", "z", "Z"]
CHANGES = ["j", "j", "k", "m", "z", "Z", "j", "u", "d", "x", "z", "z", "End", "a", "Home", "z", "p"]
STEPS = [*["j"] * 30, *["k"] * 12, "Home", *["j"] * 3]
CHOSEN = list(SIZES) if os.environ.get("DUIYI_ALL_TESTS") else list(SIZES)[:2]

MEASURE = """async ([item, scroller]) => {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    const row = document.querySelector(item).getBoundingClientRect();
    const view = document.querySelector(scroller).getBoundingClientRect();
    const top = Math.max(view.top, 0), bottom = Math.min(view.bottom, innerHeight);
    const there = document.elementFromPoint(row.left + 30, Math.max(row.top, top) + 5);
    const fits = row.height <= bottom - top;
    return {
        room: bottom - top,
        whole: fits ? row.top >= top - 1 && row.bottom <= bottom + 1 : Math.abs(row.top - top) < 2,
        uncovered: there !== null && there.closest(item) !== null,
        wide: document.documentElement.scrollWidth <= innerWidth,
    };
}"""


def check(page: Page, what: str, item: str = ".row.current", scroller: str = "#scroller") -> None:
    """Fail if the current item does not stand in view whole (one larger than the view: from its beginning)."""
    seen: dict[str, Any] = page.evaluate(MEASURE, [item, scroller])
    assert seen["room"] > 100, (what, seen)
    assert seen["whole"] and seen["uncovered"] and seen["wide"], (what, seen)


@pytest.mark.parametrize("size", CHOSEN)
def test_the_current_row_is_in_view_after_every_key_and_jump(serve, interview, cut, glossary, size):
    desk = serve([large(interview, 600), cut], glossary)
    desk.review.aligner = lambda source, target, anchors: list(desk.review.project.documents[0].beads)
    page = desk.open(*SIZES[size])
    check(page, "at first")
    for number, key in enumerate([*JUMPS, *CHANGES, *STEPS]):
        press(page, key)
        check(page, f"{key}, the {number + 1}th key")
    for part in (0.02, 0.37, 0.61, 0.99, 0.5):
        box = page.locator("#map").bounding_box()
        assert box
        page.mouse.click(box["x"] + 5, box["y"] + part * box["height"])
        check(page, f"a click on the strip at {part}")
    page.keyboard.press("/")
    page.keyboard.type("kabul")
    for number in range(4):
        page.keyboard.press("Enter")
        check(page, f"found {number}")
    page.keyboard.press("Escape")
    press(page, "e")
    page.wait_for_timeout(50)
    check(page, "editing")
    press(page, "Escape", "s")
    check(page, "the caret, with its notice")
    press(page, "Escape", "Home", "a", "End", "z")
    assert current(page) == 0
    check(page, "an undo far away")
    page.select_option("#document", index=1, force=True)
    page.wait_for_selector(".row.current")
    press(page, "j", "z")
    check(page, "an undo in another document")
    page.set_viewport_size({"width": 900, "height": 500})
    page.wait_for_timeout(100)
    check(page, "another size of the window")


@pytest.mark.parametrize("size", CHOSEN)
def test_the_current_term_is_in_view_after_every_key(serve, cut, size):
    entries = [
        ConceptEntry(f"c{n}", f"第{n}号术语" * (1 + n % 4), (Rendering(f"term number {n} " * (1 + n % 7)),), score=0.9)
        for n in range(600)
    ]
    page = serve([cut], Glossary(tuple(entries))).open(*SIZES[size])
    page.click("#tab-terms")
    page.wait_for_selector(".entry.current")
    for number, key in enumerate(
        ["End", "Home", *["j"] * 25, "a", "d", "z", "End", "k", "Home", "z", "Shift+ArrowDown"]
    ):
        press(page, key)
        check(page, f"{key}, the {number + 1}th key", ".entry.current", "#term-scroller")
    page.select_option("#filter-sort", "english")
    check(page, "sorted", ".entry.current", "#term-scroller")
    page.keyboard.press("/")
    page.keyboard.type("number 59")
    check(page, "found", ".entry.current", "#term-scroller")
