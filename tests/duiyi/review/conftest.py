"""A review server in this process and a real browser to look at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.chromium import ARGUMENTS, chromium
from duiyi.review.documents import Project
from duiyi.review.server import Server
from duiyi.review.session import Review
from glossary.model import Glossary
from tmx.messages import Language
from tmx.model import AlignedDocument


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if not path:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Desk:
    """A review server, its state, and pages on it."""

    review: Review
    server: Server
    new_page: Callable[..., Page]

    @property
    def address(self) -> str:
        return self.server.address

    def open(self, width: int = 1280, height: int = 800, scale: float = 1) -> Page:
        """Open the page in a window of so many pixels (of CSS), magnified."""
        page = self.new_page(width, height, scale)
        page.goto(self.address)
        page.wait_for_selector("html[data-ready]")
        return page

    def rows(self, document: int = 0) -> list[tuple[str, str]]:
        """The texts of both sides of all rows, sentences separated by |."""
        rows = self.review.document(document).rows
        return [("|".join(s.text for s in row.source), "|".join(t.text for t in row.target)) for row in rows]

    def statuses(self, document: int = 0) -> list[str]:
        return [row.status for row in self.review.document(document).rows]


Serve = Callable[..., Desk]


@pytest.fixture
def serve(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serve documents and terms; called again in one test it is a restart on the same folder."""
    monkeypatch.setenv("DUIYI_LANG", "en")
    running: list[tuple[Server, threading.Thread]] = []
    contexts: dict[tuple[int, int, float], BrowserContext] = {}
    problems: list[str] = []

    def new_page(width: int = 1280, height: int = 800, scale: float = 1) -> Page:
        size = (width, height, scale)
        if size not in contexts:
            viewport = {"width": width, "height": height}
            contexts[size] = browser.new_context(viewport=viewport, device_scale_factor=scale, locale="en-GB")
        page = contexts[size].new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.set_default_timeout(10_000)
        return page

    def stop() -> None:
        for server, thread in running:
            server.stop()
            thread.join(10)
        running.clear()

    def start(documents: list[AlignedDocument], glossary: Glossary, language: Language | None = None) -> Desk:
        stop()
        review = Review(Project("sample", documents, glossary), tmp_path, reviewer="tester")
        server = Server(review, "secret-token", language=language)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        return Desk(review, server, new_page)

    yield start
    for context in contexts.values():
        context.close()
    stop()
    assert problems == []
