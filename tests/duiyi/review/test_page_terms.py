"""Terms on the review page, in a real browser: worked on one by one and together, and looked up in the rows."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from glossary.model import ConceptEntry
from tests.duiyi.review.browsing import current, press, serious


@pytest.fixture
def terms(serve, interview, cut, glossary) -> tuple[Page, Callable[[str], ConceptEntry]]:
    desk = serve([interview, cut], glossary)
    page = desk.open()
    page.click("#tab-terms")
    page.wait_for_selector(".entry.current")

    def entry(name: str) -> ConceptEntry:
        return next(e for e in desk.review.glossary.entries if e.id == name or e.term == name)

    return page, entry


def save(page: Page, dialog: str) -> None:
    """Close a dialog with yes and wait for the answer to what it asks."""
    with page.expect_response("**/api/act"):
        page.click(f"{dialog} button[value=yes]")
    page.wait_for_selector("#saved[data-kind=ok]")


def enter(page: Page) -> None:
    """Close a dialog with Enter and wait for the answer to what it asks."""
    with page.expect_response("**/api/act"):
        page.keyboard.press("Enter")
    page.wait_for_selector("#saved[data-kind=ok]")


def shown(page: Page) -> list[str]:
    return page.locator(".entry-term").all_inner_texts()


def test_e_edits_every_field_at_once(terms):
    page, entry = terms
    page.keyboard.press("e")
    page.fill("#edit-term", "中共")
    page.select_option("#edit-pos", "properNoun")
    page.fill("#edit-definition", "执政党")
    page.fill("#edit-notes", "见党章\n常用简称")
    page.fill("#edit-renderings .wording-line:nth-child(3) input", "")
    page.select_option("#edit-renderings .wording-line:nth-child(2) select", "preferred")
    page.click("#add-variant")
    page.fill("#edit-variants .wording-line:last-child input", "中国共产党")
    save(page, "#edit-dialog")
    held = entry("party")
    assert (held.term, held.part_of_speech, held.notes) == ("中共", "properNoun", ("见党章", "常用简称"))
    assert [(r.text, r.usage) for r in held.renderings] == [
        ("CPC", "preferred"),
        ("Communist Party of China", "admitted"),
    ]
    assert [v.text for v in held.variants] == ["党", "中国共产党"]
    assert page.inner_text("#detail h2") == "中共"  # it stays in view though it is no candidate any more
    press(page, "z")
    assert entry("party").term == "中国共产党"


def test_what_is_refused_stays_as_it_was_typed(terms):
    page, entry = terms
    page.keyboard.press("e")
    page.fill("#edit-term", "中国外交")
    save(page, "#edit-dialog")
    page.wait_for_selector("#edit-dialog[open]")
    assert page.input_value("#edit-term") == "中国外交"
    assert "a term already" in page.inner_text("#edit-error")
    assert entry("party").term == "中国共产党"


def test_n_adds_x_forbids_s_splits(terms):
    page, entry = terms
    page.keyboard.press("n")
    page.fill("#add-term", "小康")
    page.fill("#add-english", "moderate prosperity")
    enter(page)
    assert entry("小康").preferred.text == "moderate prosperity"
    page.click(".entry >> text=中国共产党")
    page.keyboard.press("x")
    assert page.input_value("#avoid-what") == "Communist Party of China"
    page.fill("#avoid-instead", "CPC")
    enter(page)
    assert {r.text: r.usage for r in entry("party").renderings}["Communist Party of China"] == "deprecated"
    page.keyboard.press("s")
    assert page.input_value("#split-term") == "党"
    page.set_checked("#split-renderings label:has-text('the Party') input", True)
    enter(page)
    expect(page.locator("#detail h2")).to_have_text("党")
    assert entry("党").preferred.text == "the Party"


def test_several_terms_are_selected_and_decided_at_one_stroke(terms):
    page, entry = terms
    press(page, "Shift+ArrowDown", "j", "Space")
    assert "3 selected" in page.inner_text("#term-count")
    press(page, "a")
    assert [entry(name).review for name in ("party", "diplomacy", "prosperous")] == ["accepted"] * 3
    assert "中国外交" not in shown(page)
    press(page, "z")
    assert entry("diplomacy").review == "candidate"
    press(page, "Control+a", "y")
    page.select_option("#type-choice", "slogan")
    save(page, "#type-dialog")
    assert {entry(name).type for name in ("party", "diplomacy", "goods")} == {"slogan"}
    press(page, "Escape")
    assert "selected" not in page.inner_text("#term-count")


def test_two_quick_presses_judge_two_terms(terms):
    page, entry = terms
    page.keyboard.press("a")
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    page.wait_for_selector("#saved[data-kind=ok]")
    assert [entry(name).review for name in ("party", "diplomacy", "prosperous")] == [
        "accepted",
        "accepted",
        "candidate",
    ]


def test_the_list_is_filtered_and_sorted_and_found_so_again(terms, serve, interview, cut, glossary):
    page, _ = terms
    page.select_option("#filter-status", "all")
    page.select_option("#filter-list", "once")
    assert shown(page) == ["新征程"]
    page.select_option("#filter-list", "")
    page.select_option("#filter-sort", "chinese")
    assert shown(page) == ["公共产品", "全面建成小康社会", "全球公共产品", "新征程", "中国共产党", "中国外交"]
    page.select_option("#filter-known", "several")
    assert shown(page) == ["全面建成小康社会", "中国共产党"]
    press(page, "End")
    page.wait_for_timeout(1000)
    page.close()
    again = serve([interview, cut], glossary).open()
    assert again.inner_text("#detail h2") == "中国共产党" and shown(again) == ["全面建成小康社会", "中国共产党"]
    assert again.get_attribute("#tab-terms", "aria-selected") == "true"


def test_an_occurrence_leads_to_its_row_and_b_leads_back(terms):
    page, _ = terms
    groups = page.locator("#occurrences summary")
    expect(groups.first).to_contain_text("Communist Party of China")
    assert page.locator(".kwic >> nth=0 >> mark").all_inner_texts() == ["中国共产党", "Communist Party of China"]
    row = int(page.get_attribute(".kwic >> nth=0", "data-row") or -1)
    press(page, "c")
    page.wait_for_selector("#alignment:not([hidden]) .row.current")
    assert current(page) == row and "中国共产党" in page.inner_text(".row.current .source")
    press(page, "b")
    assert page.inner_text("#detail h2") == "中国共产党" and page.is_visible("#terms")


def test_what_deviates_from_the_preferred_rendering_is_shown_with_its_sentences(terms):
    page, _ = terms
    group = page.locator("details.group", has=page.locator(".deviates"))
    expect(group.first).to_be_visible()
    assert "CPC" in group.first.locator(".kwic mark").all_inner_texts()


def test_t_says_what_speaks_against_a_term(serve, interview, glossary):
    page = serve([interview], glossary).open()
    page.keyboard.press("t")
    page.fill("#term-source", "中国共产党")
    page.fill("#term-target", "no such words")
    warnings = page.locator("#term-check .warn")
    expect(warnings.filter(has_text="does not stand in this row")).to_have_count(2)
    expect(warnings.filter(has_text="stands in no row")).to_have_count(1)
    expect(warnings.filter(has_text="preferred English is Communist Party of China")).to_have_count(1)
    expect(page.locator("#term-check")).to_contain_text("The Chinese stands in")


def test_an_undo_elsewhere_is_gone_to_and_named(serve, interview, cut, glossary):
    desk = serve([interview, cut], glossary)
    page = desk.open()
    press(page, "j", "j", "a")
    page.click("#tab-terms")
    press(page, "a")
    page.click("#tab-alignment")
    press(page, "z")
    assert page.is_visible("#terms") and "中国共产党" in page.inner_text("#notice")
    assert page.inner_text("#detail h2") == "中国共产党"
    press(page, "z")
    assert page.is_visible("#alignment") and current(page) == 2
    assert "row 3 of interview.txt" in page.inner_text("#notice")


def test_p_says_that_nothing_changed(serve, interview, glossary):
    desk = serve([interview], glossary)
    desk.review.aligner = lambda source, target, anchors: list(interview.beads)
    page = desk.open()
    press(page, "p")
    assert page.inner_text("#notice span").startswith("Aligned again: nothing changed")


def test_the_queue_says_why_and_ends_with_what_is_not_in_the_files(serve, cut, glossary):
    page = serve([cut], glossary).open()
    expect(page.locator("#queue .why")).to_have_text(["right with 35 % only · Numbers differ", "no counterpart"])
    press(page, "g", "a", "g", "a", "g")
    end = page.locator("#queue-end")
    expect(end).to_contain_text("Nothing left to look at; 2 decisions are not in the files yet.")
    expect(page.locator("#queue-end button")).to_be_visible()
    expect(page.locator("#export-count")).to_have_text("2")


def slowly(page: Page, path: str) -> None:
    """Answer questions of one kind late."""

    def answer(route: Route) -> None:
        time.sleep(0.2)
        route.continue_()

    page.route(f"**/api/{path}*", answer)


@pytest.mark.parametrize("slow", ["queue", "act"])
def test_a_key_waits_for_the_row_the_last_one_goes_to(serve, cut, glossary, slow):
    desk = serve([cut], glossary)
    page = desk.open()
    slowly(page, slow)
    for key in ("g", "a", "ArrowUp", "ArrowUp", "a"):
        page.keyboard.press(key)  # without waiting for anything
    page.wait_for_selector("html:not([data-busy])")
    assert [row.status for row in desk.review.document(0).rows] == ["approved", "approved", "open"]


def test_rows_that_cross_are_swapped(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    before = page.locator(".row .target").all_inner_texts()[:2]
    press(page, "x")
    after = [text.split("\n")[0] for text in page.locator(".row .target .s").all_inner_texts()[:2]]
    assert after == before[::-1]
    press(page, "k", "x")
    assert desk.review.document(0).rows[0].target_text is None


def test_the_page_speaks_chinese_and_switches(serve, interview, glossary):
    page = serve([interview], glossary, "zh").open()
    assert page.get_attribute("html", "lang") == "zh"
    assert page.inner_text("#tab-alignment") == "句段对齐" and "批准" in page.inner_text("#actions")
    press(page, "End", "m")
    assert page.inner_text("#notice span") == "这是最后一个句段。"
    page.click("#language")
    page.wait_for_selector("html[lang=en][data-ready]")
    assert page.inner_text("#tab-alignment") == "Alignment"
    assert current(page) == len(interview.beads) - 1  # and stands where it stood


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.long), "zh"])
def test_axe_finds_nothing_serious_in_the_dialogs_of_terms(serve, interview, cut, glossary, language):
    from axe_playwright_python.sync_playwright import Axe

    desk = serve([interview, cut], glossary, language)
    context = desk.new_page().context
    page = context.browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 800}).new_page()
    try:
        page.goto(desk.address)
        page.wait_for_selector("html[data-ready]")
        page.click("#tab-terms")
        page.wait_for_selector(".kwic")
        press(page, "Space")
        for key in ("", "e", "n", "x", "s", "y", "v", "?"):
            if key:
                page.keyboard.press(key)
            assert serious(Axe().run(page)) == [], key
            page.keyboard.press("Escape")
    finally:
        page.context.close()
