"""The report in a real browser: from disk, with and without script, light, dark and on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from duiyi.report import write_report
from glossary.model import Glossary
from tmx.model import AlignedDocument


@pytest.fixture(scope="module")
def address(
    interview: AlignedDocument, cut: AlignedDocument, glossary: Glossary, tmp_path_factory: pytest.TempPathFactory
) -> str:
    copies = [
        replace(
            interview,
            bitext=replace(interview.bitext, name=f"copy-{number}.txt"),
            units=tuple(replace(unit, id=f"{unit.id}-{number}") for unit in interview.units),
        )
        for number in range(2)
    ]
    path = tmp_path_factory.mktemp("report") / "report.html"
    joined = replace(
        copies[0],
        bitext=replace(copies[0].bitext, name="long.txt"),
        beads=copies[0].beads,
        units=tuple(replace(unit, id=f"{unit.id}-long") for unit in interview.units),
    )
    write_report(path, [interview, cut, *copies, joined], glossary)
    return path.as_uri()


def test_it_asks_for_nothing_and_breaks_no_policy(browser: Browser, address: str):
    page = browser.new_page()
    asked, messages = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(address)
    page.click(".theme")
    assert asked == [address] and messages == []
    page.close()


def test_without_script_every_row_is_there(browser: Browser, address: str, interview: AlignedDocument):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    rows = page.locator("#d1 .pairs tbody tr")
    assert rows.count() == len(interview.beads)
    assert rows.last.is_visible()
    context.close()


def test_with_script_tables_filter_find_and_links_reveal(browser: Browser, address: str, interview: AlignedDocument):
    page = browser.new_page()
    page.goto(address)
    article = page.locator("#d1")
    article.locator("select").select_option("doubtful")
    doubtful = sum(bead.confidence < 0.5 for bead in interview.beads)
    assert article.locator("tbody tr:visible").count() == doubtful
    article.locator("input[type=search]").fill("喀布尔")
    assert article.locator("tbody tr:visible").count() == 1
    article.locator("input[type=search]").fill("nowhere to be found")
    assert article.locator("output").inner_text() == "nothing found"
    page.goto(f"{address}#u-{interview.units[0].id}")
    assert page.locator(f"[id='u-{interview.units[0].id}']").is_visible()
    page.close()


def test_on_paper_the_rows_that_are_paged_away_come_back(browser: Browser, address: str):
    page = browser.new_page(color_scheme="dark")
    page.goto(address)
    page.locator("#d1 select").select_option("doubtful")
    page.emulate_media(media="print")
    assert page.locator("#d1 tbody tr:visible").count() == 47
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".pager >> nth=0").is_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, address: str, scheme: str):
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    found = [
        (violation["id"], [node["html"][:160] for node in violation["nodes"]][:3])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
    assert found == []
    context.close()


def test_a_report_of_five_hundred_units_prints_on_forty_pages(
    browser: Browser, interview: AlignedDocument, glossary: Glossary, tmp_path: Path
):
    copies = [
        replace(
            interview,
            bitext=replace(interview.bitext, name=f"{number}.txt"),
            units=tuple(replace(unit, id=f"{unit.id}-{number}") for unit in interview.units),
        )
        for number in range(517 // len(interview.units) + 1)
    ]
    write_report(tmp_path / "report.html", copies, glossary)
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    printed = page.pdf(format="A4")
    page.close()
    assert len(pypdfium2.PdfDocument(printed)) <= 40
