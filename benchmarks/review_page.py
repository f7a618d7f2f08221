"""How fast the review page answers on a long document.

    python benchmarks/review_page.py [BEADS]

Serves a document of so many beads (10,000) made up of numbered sentences, and a glossary of as many terms, opens both
in the system's Chromium and measures, in the page, the time from the key to the frame that shows its effect, for moving
and for each action that is written to disk first. Printed in milliseconds: median and slowest of 30 presses; beside it
what one flush to this disk takes, which bounds the latter from below.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from chromium import ARGUMENTS, chromium
from playwright.sync_api import Page, sync_playwright

from duiyi.review.server import Server
from duiyi.review.session import Project, Review
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence

TEMPLATES = (
    "第{}号决议重申各国主权平等，呼吁通过对话解决分歧。",
    "Resolution {} reaffirms sovereign equality and calls for dialogue.",
)
MEASURE = """key => new Promise(done => {
    const start = performance.now();
    const finish = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - start), 0));
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    const saved = document.getElementById("saved");
    if (saved.dataset.kind !== "busy") return finish();
    const watch = new MutationObserver(() => {
        if (saved.dataset.kind === "busy") return;
        watch.disconnect();
        finish();
    });
    watch.observe(saved, {attributes: true});
})"""


def document(beads: int) -> AlignedDocument:
    sides = []
    for template in TEMPLATES:
        texts = [template.format(number) for number in range(beads)]
        sides.append(
            (
                tuple(Paragraph(text, (Piece(0, len(text), f"line {n}"),)) for n, text in enumerate(texts)),
                tuple(Sentence(text, n, 0, len(text)) for n, text in enumerate(texts)),
            )
        )
    bitext = Bitext("long.txt", sides[0][0], sides[1][0])
    made = tuple(Bead((n, n + 1), (n, n + 1), confidence=0.5 + n % 50 / 100) for n in range(beads))
    units = tuple(make_units(bitext, sides[0][1], sides[1][1], made))
    return AlignedDocument(bitext, sides[0][1], sides[1][1], made, units)


def terms(count: int) -> Glossary:
    entries = (
        ConceptEntry(f"c-{n}", f"第{n}号决议", (Rendering(f"Resolution {n}"),), count=1 + n % 9) for n in range(count)
    )
    return Glossary(tuple(entries))


def measure(page: Page, names: Sequence[str]) -> None:
    for name in names:
        times = []
        for _ in range(30):
            times.append(page.evaluate(MEASURE, name))
            if name in {"End", "Home"}:
                page.evaluate(MEASURE, "Home" if name == "End" else "End")
        print(f"{name:>8} {statistics.median(times):8.1f} {max(times):8.1f}", flush=True)


def flush(folder: Path) -> float:
    times = []
    for _ in range(20):
        start = time.perf_counter()
        with (folder / "probe").open("ab") as file:
            file.write(b"x" * 300)
            file.flush()
            os.fsync(file.fileno())
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def main() -> None:
    beads = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = Path(folder)
        server = Server(Review(Project("long", [document(beads)], terms(beads)), out), "benchmark")
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        path = chromium() or sys.exit("Chromium is not installed")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        start = time.perf_counter()
        page.goto(server.address)
        page.wait_for_selector("html[data-ready]")
        print(f"{beads} beads; ready after {time.perf_counter() - start:.2f} s; one flush {flush(out):.1f} ms")
        print(f"{'key':>8} {'median':>8} {'slowest':>8}   ms")
        measure(page, ("j", "k", "a", "r", "m", "z", "Z", "u", "x", "n", "End", "Home"))
        page.click("#tab-terms")
        page.wait_for_selector(".entry.current")
        print("   terms")
        measure(page, ("j", "k", "End", "Home", "a", "d", "z"))
        browser.close()
        server.stop()
        thread.join(10)


if __name__ == "__main__":
    main()
