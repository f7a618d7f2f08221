"""Make the pictures of the documentation from the sample document, with the system's Chromium.

    python docs/screenshots.py

Builds ``seeds/`` into a temporary folder, opens the report and the review page, and writes ``docs/images/*.png``.
CHROMIUM names another browser than the one on the path.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tmx.messages import Language  # noqa: E402

IMAGES = ROOT / "docs" / "images"


def show_report(browser: Browser, out: Path) -> None:
    """Take the report from its top."""
    page = browser.new_page(viewport={"width": 1280, "height": 980}, color_scheme="light")
    page.goto((out / "report.html").as_uri())
    page.screenshot(path=IMAGES / "report.png")
    page.close()


SHOTS: tuple[tuple[str, Language, Literal["light", "dark"]], ...] = (
    ("review", "en", "light"),
    ("review-terms", "en", "dark"),
    ("review-zh", "zh", "light"),
)


def show_review(browser: Browser, out: Path) -> None:
    """Take the alignment by day, the terms by night, and the terms in Chinese."""
    from duiyi.review.project import load_project
    from duiyi.review.server import Server
    from duiyi.review.session import Review

    for name, language, scheme in SHOTS:
        server = Server(Review(load_project(out), out, reviewer="reviewer"), "screenshot", language=language)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
        page.goto(server.address)
        page.wait_for_selector("html[data-ready]")
        if name == "review":
            for key in "ajrjm":
                page.keyboard.press(key)
                page.wait_for_selector("#saved[data-kind=ok]")
        else:
            page.click("#tab-terms")
            page.wait_for_selector(".entry.current")
            page.keyboard.press("Home")
            page.keyboard.press("j")
            page.wait_for_selector(".kwic")
        page.wait_for_timeout(1000)  # the queue follows a little later
        page.screenshot(path=IMAGES / f"{name}.png")
        page.close()
        server.stop()
        thread.join(10)


def main() -> None:
    """Build the sample and take all pictures."""
    from benchmarks.chromium import ARGUMENTS, chromium
    from duiyi.build import build

    executable = chromium()
    if not executable:
        sys.exit("Chromium is not installed; set CHROMIUM or install the package chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = Path(folder, "interview")
        build([ROOT / "seeds" / "wang-yi-interview-2021-12-30.txt"], out)
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        show_report(browser, out)
        show_review(browser, out)
        browser.close()
    for path in sorted(IMAGES.glob("*.png")):
        print(f"{path.relative_to(ROOT)} {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
