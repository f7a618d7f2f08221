"""The review page in a real browser: every key, nothing lost, nobody else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from duiyi.decisions.beads import replay_document
from duiyi.decisions.journal import FILE_NAME, DecisionJournal, in_force
from duiyi.decisions.model import Decision, DoubtUnit
from duiyi.decisions.terms import replay_glossary
from glossary.model import ConceptEntry, Context, Glossary, Reason, Rendering, Variant
from tests.duiyi.review.browsing import current, large, press, serious
from tmx.memory import make_units
from tmx.model import Bead

FIRST = "王毅国务委员兼外长就2021年国际形势和外交工作接受新华社和中央广播电视总台联合采访"


def test_j_and_k_move_and_the_focus_goes_along(serve, interview, glossary):
    page = serve([interview], glossary).open()
    press(page, "j", "j", "k", "ArrowDown", "End")
    assert current(page) == len(interview.beads) - 1
    press(page, "Home", "j")
    assert current(page) == 1
    assert page.evaluate("document.activeElement.dataset.index") == "1"
    assert page.get_attribute(".row.current", "aria-selected") == "true"


def test_m_merges_with_the_next_row(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    before = desk.rows()
    press(page, "j", "m")
    assert desk.rows()[1] == (f"{before[1][0]}|{before[2][0]}", f"{before[1][1]}|{before[2][1]}")
    assert page.inner_text('.row[data-index="1"] .source') == (before[1][0] + before[2][0])
    assert len(page.query_selector_all(".row")) == len(before) - 1


def test_s_splits_at_the_caret_set_by_a_click(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    index = next(i for i, bead in enumerate(interview.beads) if bead.shape == "1-2")
    source, target = desk.rows()[index]
    second = target.split("|")[1]
    page.evaluate("index => document.querySelector(`.row[data-index='${index}']`).scrollIntoView()", index)
    # A click just before the first letter of the second sentence.
    box = page.evaluate(
        """([index]) => {
            const span = document.querySelector(`.row[data-index='${index}'] .target`).children[1];
            const range = document.createRange();
            range.setStart(span.firstChild, 0); range.setEnd(span.firstChild, 1);
            const box = range.getBoundingClientRect();
            return [box.left + 1, box.top + box.height / 2];
        }""",
        [index],
    )
    page.mouse.click(*box)
    page.wait_for_selector(".caret")
    press(page, "s")
    assert desk.rows()[index : index + 2] == [(source, target.split("|")[0]), ("", second)]


def test_s_and_the_arrow_keys_split_without_a_mouse(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    press(page, "s")  # the first row is one sentence a side; the caret begins in the middle of the English
    assert page.is_visible(".row.current .target .caret")
    press(page, "Tab")
    assert page.is_visible(".row.current .source .caret")
    offset = page.evaluate("document.querySelector('.row.current .source .caret').previousSibling.data.length")
    press(page, "ArrowRight", "ArrowRight", "ArrowLeft", "Enter")
    assert desk.rows()[0][0] == FIRST[: offset + 1]
    assert desk.rows()[1] == (FIRST[offset + 1 :], "")
    press(page, "s", "Escape")
    assert not page.is_visible(".caret")
    page.wait_for_selector('.row[data-index="1"] .empty')


def test_u_and_d_move_one_side_over_the_border(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    before = desk.rows()
    press(page, "j", "u")
    assert desk.rows()[:2] == [(before[0][0], f"{before[0][1]}|{before[1][1]}"), (before[1][0], "")]
    press(page, "Shift+Tab", "d")
    assert desk.rows()[:2] == [
        (before[0][0], f"{before[0][1]}|{before[1][1]}"),
        (f"{before[1][0]}|{before[2][0]}", before[2][1]),
    ]


def test_x_swaps_the_wording_of_two_rows_and_says_so(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    press(page, "j", "j", "x")
    page.wait_for_selector("#notice[data-kind=done]")
    assert "Rows 3 and 4 have each other's wording now" in page.inner_text("#notice")
    rows = desk.review.document(0).rows
    assert rows[2].target_text == interview.units[3].target
    assert rows[3].target_text == interview.units[2].target
    press(page, "z")
    assert {desk.review.document(0).rows[n].target_text for n in (2, 3)} == {None}


def test_e_edits_and_enter_saves_but_not_while_an_input_method_composes(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    press(page, "e")
    area = page.locator(".row.editing .target textarea")
    assert area.input_value() == interview.units[0].target
    area.fill("Interview with Wang Yi")
    area.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert area.is_visible()
    with page.expect_response("**/api/act"):
        page.keyboard.press("Enter")
    page.wait_for_selector("#saved[data-kind=ok]")
    assert desk.review.document(0).rows[0].target_text == "Interview with Wang Yi"
    assert "✎ reworded" in page.inner_text(".row.current .target")
    press(page, "e")
    area.fill("something else")
    press(page, "Escape")
    assert desk.review.document(0).rows[0].target_text == "Interview with Wang Yi"


def test_no_key_acts_while_an_input_method_composes(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    for init in ({"key": "m", "isComposing": True}, {"key": "m", "keyCode": 229}):
        page.dispatch_event(".row.current", "keydown", {**init, "bubbles": True})
    page.wait_for_timeout(200)
    assert len(desk.rows()) == len(interview.beads)


def test_a_approves_and_goes_on_r_doubts_n_strikes_out(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    press(page, "a", "r", "j", "n")
    assert desk.statuses()[:4] == ["approved", "doubtful", "wrong", "open"]
    assert current(page) == 3
    assert page.inner_text('.row[data-index="0"] .status') == "✓ approved"
    assert page.inner_text("#progress").startswith("2 of 47 judged")


def test_capital_a_approves_all_above_a_threshold_in_one_step(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    page.keyboard.press("A")
    page.fill("#threshold-value", "80")
    sure = sum(bead.confidence >= 0.8 for bead in interview.beads)
    assert page.inner_text("#threshold-count") == f"{sure} rows of this document"
    with page.expect_response("**/api/act"):
        page.keyboard.press("Enter")
    page.wait_for_selector("#saved[data-kind=ok]")
    assert desk.statuses().count("approved") == sure
    press(page, "z")
    assert desk.statuses().count("approved") == 0


def test_g_takes_the_most_doubtful_row_of_all_documents(serve, interview, cut, glossary):
    desk = serve([interview, cut], glossary)
    page = desk.open()
    page.keyboard.press("g")
    expect(page.locator("#document")).to_have_value("1")
    assert current(page) == 1
    press(page, "a")
    page.keyboard.press("g")
    expect(page.locator("#document")).to_have_value("0")
    assert interview.beads[current(page)].confidence == pytest.approx(0.41)


def test_p_aligns_again_but_never_what_is_approved(serve, interview, glossary, monkeypatch):
    wrong = list(interview.beads)
    # Two rows glued together by the aligner; the second row of the document is approved.
    glued = Bead((4, 6), (5, 7), confidence=0.3)
    at = next(i for i, bead in enumerate(wrong) if bead.source[0] == 4)
    assert wrong[at + 1].source == (5, 6)
    glued = Bead((4, 6), (wrong[at].target[0], wrong[at + 1].target[1]), confidence=0.3)
    document = replace(interview, beads=(*wrong[:at], glued, *wrong[at + 2 :]), units=())
    units = iter(interview.units)
    by_source = {bead.source: next(units) for bead in interview.beads}
    document = replace(document, units=tuple(by_source.get(b.source, interview.units[0]) for b in document.beads))
    document = replace(document, units=tuple(replace(u, id=str(i)) for i, u in enumerate(document.units)))
    desk = serve([document], glossary)
    anchors = []

    def aligner(source, target, given):
        anchors.extend(given)
        return [replace(bead, confidence=0.9) for bead in interview.beads]

    desk.review.aligner = aligner
    page = desk.open()
    press(page, "j", "a", "p")
    assert [(bead.source, bead.target) for bead in anchors] == [(wrong[1].source, wrong[1].target)]
    assert len(desk.rows()) == len(interview.beads)
    assert desk.statuses()[1] == "approved"
    assert current(page) == 2


def test_slash_finds_in_both_languages(serve, interview, glossary):
    page = serve([interview], glossary).open()
    page.keyboard.press("/")
    page.keyboard.type("kabul moment")
    page.keyboard.press("Escape")
    assert "喀布尔时刻" in page.inner_text(".row.current .source")
    assert page.inner_text("#found") == "1 found"
    page.keyboard.press("/")
    page.keyboard.type("没有这个")
    assert page.inner_text("#found") == "none found"


def test_t_makes_the_selected_pair_a_term(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    for side, text in (("source", "国务委员"), ("target", "State Councilor")):
        # Drag over the words with the mouse.
        box = page.evaluate(
            """([side, text]) => {
                const walker = document.createTreeWalker(document.querySelector(`.row.current .${side}`), 4);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const at = node.data.indexOf(text);
                    if (at < 0) continue;
                    const range = document.createRange();
                    range.setStart(node, at); range.setEnd(node, at + text.length);
                    const box = range.getBoundingClientRect();
                    return [box.left, box.right, box.top + box.height / 2];
                }
            }""",
            [side, text],
        )
        page.mouse.move(box[0] + 1, box[2])
        page.mouse.down()
        page.mouse.move(box[1] - 1, box[2], steps=4)
        page.mouse.up()
        assert page.inner_text(f".row.current .{side} mark") == text
    page.keyboard.press("t")
    assert page.input_value("#term-source") == "国务委员"
    with page.expect_response("**/api/act"):
        page.keyboard.press("Enter")
    page.wait_for_selector("#saved[data-kind=ok]")
    entry = next(e for e in desk.review.glossary.entries if e.term == "国务委员")
    assert (entry.preferred.text, entry.review) == ("State Councilor", "accepted")
    assert entry.contexts[0].source == FIRST
    press(page, "z")
    assert all(e.term != "国务委员" for e in desk.review.glossary.entries)


def test_question_mark_shows_every_key(serve, interview, glossary):
    page = serve([interview], glossary).open()
    page.keyboard.press("?")
    shown = page.locator("#help kbd").all_inner_texts()
    assert set("jkmsudearngpAtzZ/?vPh") <= set("".join(shown))
    page.keyboard.press("Escape")
    assert not page.is_visible("#help")


def test_everything_also_by_mouse(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    for name in ("Approve", "Merge", "Doubtful"):
        page.click(f"#actions button:has-text('{name}')", strict=False)
        page.wait_for_selector("#saved[data-kind=ok]")
    assert desk.statuses()[:2] == ["approved", "doubtful"] and len(desk.rows()) == 46
    page.click("#undo")
    page.wait_for_selector("#saved[data-kind=ok]")
    assert desk.statuses()[1] == "changed"
    page.click("#redo")
    page.wait_for_selector("#saved[data-kind=ok]")
    assert desk.statuses()[1] == "doubtful"
    page.click("#queue button >> nth=1")
    assert desk.review.document(0).rows[current(page)].confidence < 0.5
    page.click("#tab-terms")
    page.click(".entry >> nth=1")
    assert page.inner_text("#detail h2") == "中国外交"


def test_an_entry_chosen_while_the_terms_are_read_stays_chosen(serve, interview, glossary):
    page = serve([interview], glossary).open()
    held = []
    page.route("**/api/terms", lambda route: held.append(route))
    page.click("#tab-terms")
    page.click(".entry >> nth=1")
    expect(page.locator("#detail h2")).to_have_text("中国外交")
    with page.expect_response("**/api/terms"):
        held[0].continue_()
    page.wait_for_timeout(200)
    assert page.inner_text("#detail h2") == "中国外交"


@pytest.fixture
def terms(serve, interview, glossary) -> tuple[Page, Callable[[str], object]]:
    desk = serve([interview], glossary)
    page = desk.open()
    page.click("#tab-terms")
    page.wait_for_selector(".entry.current")

    def entry(name: str) -> object:
        return next((e for e in desk.review.glossary.entries if e.id == name), None)

    return page, entry


def test_terms_a_accepts_d_drops_and_both_go_on(terms):
    page, entry = terms
    press(page, "a", "d")
    assert (entry("party").review, entry("diplomacy").review) == ("accepted", "rejected")
    assert page.inner_text("#detail h2") == "全面建成小康社会"
    press(page, "z", "z", "Z")
    assert (entry("party").review, entry("diplomacy").review) == ("accepted", "candidate")


def test_terms_capital_p_prefers_the_chosen_rendering(terms):
    page, entry = terms
    press(page, "ArrowRight", "ArrowRight", "P")
    assert [r.text for r in entry("party").renderings if r.usage == "preferred"] == ["the Party"]


def test_terms_v_makes_a_variant_of_another(terms):
    page, entry = terms
    press(page, "j", "j", "j")
    assert page.inner_text("#detail h2") == "公共产品"
    page.keyboard.press("v")
    assert page.inner_text("#variant-list button >> nth=0").startswith("全球公共产品")
    with page.expect_response("**/api/act"):
        page.keyboard.press("Enter")
    page.wait_for_selector("#saved[data-kind=ok]")
    assert entry("goods") is None
    assert [v.text for v in entry("global-goods").variants] == ["公共产品"]


def test_terms_h_hides_shorter_ones(terms):
    page, entry = terms
    press(page, "j", "j", "j", "j")
    assert page.inner_text("#detail h2") == "全球公共产品"
    press(page, "h")
    assert entry("goods").broader == "global-goods"
    assert "公共产品" not in page.locator(".entry-term").all_inner_texts()
    press(page, "z")
    assert entry("goods").broader == ""


def test_terms_show_contexts_with_both_sides_marked(terms):
    page, _ = terms
    marks = page.locator("#detail mark")
    expect(marks).to_have_count(20)  # ten occurrences, loaded after the contexts that the entry itself keeps
    assert marks.all_inner_texts()[:4] == ["中国共产党", "Communist Party of China", "党", "CPC"]


def test_undo_has_no_limit_and_outlives_a_restart(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    first = desk.rows()
    press(page, "j", "m", "m", "u", "k", "a", "n", "s", "Enter")
    press(page, "e")
    page.locator(".row.editing .source textarea").fill("改过")
    press(page, "Enter", "r")
    steps = int(page.get_attribute("#undo", "title").split("–")[1].split()[0])
    assert steps == 8
    last, statuses = desk.rows(), desk.statuses()
    page.close()

    desk = serve([interview], glossary)
    page = desk.open()
    assert (desk.rows(), desk.statuses()) == (last, statuses)
    press(page, *"zzz")
    page.close()
    desk = serve([interview], glossary)
    page = desk.open()
    press(page, *["z"] * (steps - 3))
    assert desk.rows() == first and set(desk.statuses()) == {"open"}
    assert page.is_disabled("#undo")
    press(page, *["Z"] * steps)
    assert (desk.rows(), desk.statuses()) == (last, statuses)


def test_a_rebuild_replays_what_the_page_shows(serve, interview, glossary, tmp_path):
    desk = serve([interview], glossary)
    page = desk.open()
    press(page, "m", "j", "s", "Enter", "s", "Enter", "a", "j", "n", "z", "Z", "u")
    page.click("#tab-terms")
    press(page, "a", "d", "z")
    decisions = in_force(DecisionJournal(tmp_path / FILE_NAME).read())
    replayed = replay_document(interview, decisions)
    assert replayed.misfits == ()
    texts = [
        (
            "|".join(s.text for s in replayed.document.source[slice(*bead.source)]),
            "|".join(t.text for t in replayed.document.target[slice(*bead.target)]),
        )
        for bead in replayed.document.beads
    ]
    assert texts == desk.rows()
    assert [review.status if review else "open" for review in replayed.reviews] == desk.statuses()
    assert replay_glossary(glossary, decisions).glossary == desk.review.glossary


def test_a_second_tab_is_told_and_overwrites_nothing(serve, interview, glossary):
    desk = serve([interview], glossary)
    first, second = desk.open(), desk.open()
    first.wait_for_selector("#notice:has-text('another tab')")
    press(first, "m")
    second.keyboard.press("a")
    second.wait_for_selector("#notice:has-text('changed in another tab')")
    second.wait_for_selector(".row[data-index='0'] .status:has-text('changed')")
    assert desk.statuses()[0] == "changed"
    assert second.locator(".row").count() == len(interview.beads) - 1
    press(second, "a")
    assert desk.statuses()[0] == "approved"


def test_decisions_of_another_program_are_read_and_not_overwritten(serve, interview, glossary, tmp_path):
    desk = serve([interview], glossary)
    page = desk.open()
    press(page, "a")
    DecisionJournal(tmp_path / FILE_NAME).append([Decision(interview.units[5].id, DoubtUnit())])
    page.keyboard.press("m")
    page.wait_for_selector("#notice:has-text('another program')")
    assert desk.statuses()[5] == "doubtful" and len(desk.rows()) == len(interview.beads)


def test_what_was_not_saved_is_said_so(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    press(page, "a")
    page.route("**/api/act", lambda route: route.abort())
    page.keyboard.press("a")
    page.wait_for_selector("#saved[data-kind=error]")
    assert "NOT saved" in page.inner_text("#notice")
    assert desk.statuses()[:2] == ["approved", "open"]
    assert page.get_attribute('.row[data-index="1"]', "data-status") == "open"


def test_an_audit_gives_the_error_rate_with_its_interval(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.open()
    page.click("#tab-audit")
    page.fill("#audit-size", "5")
    page.click("#audit-form button")
    page.wait_for_selector("#audit li:nth-child(5)")
    page.click("#audit li:nth-child(1) button")
    seen = []
    for at in range(5):  # each judgement goes on to the next row that was drawn
        seen.append(current(page))
        press(page, "n" if at == 2 else "a")
        page.wait_for_selector(f"#audit-result:has-text('of {at + 1} rows')")
        page.wait_for_timeout(100)
    assert seen == sorted(set(seen)) and len(seen) == 5
    assert page.inner_text("#audit-result").startswith("Estimated error rate 20.0 % (95 % interval 3.6 to 62.4 %)")


def test_the_page_loads_nothing_from_outside_and_keeps_its_policy(serve, interview, glossary):
    desk = serve([interview], glossary)
    page = desk.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    violations = []
    page.on("console", lambda message: violations.append(message.text) if message.type == "error" else None)
    page.goto(desk.address)
    page.wait_for_selector("html[data-ready]")
    press(page, "a", "m", "s", "Escape", "?", "Escape")
    assert asked and all(url.startswith(desk.address) for url in asked)
    assert violations == []


def test_five_thousand_beads_stay_on_the_page_and_right(serve, interview, glossary):
    document = large(interview, 5000)
    desk = serve([document], glossary)
    page = desk.open()
    assert page.locator(".row").count() <= 400
    press(page, "End", "k", "m", "a", "Home", "m", "a", "z")
    assert desk.statuses()[0] == "changed" and desk.statuses()[-1] == "approved"
    assert len(desk.rows()) == len(document.beads) - 2
    page.keyboard.press("/")
    page.keyboard.type("kabul")
    assert page.inner_text("#found") == "107 found"


def test_axe_finds_nothing_serious(serve, interview, cut, glossary):
    from axe_playwright_python.sync_playwright import Axe

    desk = serve([cut, interview], glossary)
    context = desk.new_page().context
    context.set_default_timeout(20_000)
    page = context.browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 800}).new_page()
    try:
        for scheme, states in (("light", ("", "s", "e", "?", "A", "t")), ("dark", ("s", "A"))):
            page.emulate_media(color_scheme=scheme)
            page.goto(desk.address)
            page.wait_for_selector("html[data-ready]")
            press(page, "r", "a")
            for key in states:
                if key:
                    page.keyboard.press(key)
                assert serious(Axe().run(page)) == [], (scheme, key)
                page.keyboard.press("Escape")
            page.click("#tab-terms")
            page.wait_for_selector(".entry.current")
            assert serious(Axe().run(page)) == [], scheme
        page.click("#tab-alignment")
        page.click("#tab-audit")
        assert serious(Axe().run(page)) == []
    finally:
        page.context.close()


def test_an_empty_glossary_says_so(serve, cut):
    page = serve([cut], Glossary(())).open()
    page.click("#tab-terms")
    assert page.inner_text("#detail") == "No term here."


HOSTILE = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>{n}${1}`\u202e"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_runs_that_stands_in_documents_names_and_terms(serve, cut, language):
    """Markup in sentences, titles, file names, terms, notes, definitions and places is shown as it is written."""
    sides = [tuple(replace(s, text=f"甲{HOSTILE}") for s in side) for side in (cut.source, cut.target)]
    metadata = replace(cut.bitext.metadata, title=HOSTILE)
    document = replace(
        cut,
        bitext=replace(cut.bitext, name=f"{HOSTILE}.txt", metadata=metadata),
        source=sides[0],
        target=sides[1],
        units=(),
        beads=(Bead((0, 1), (0, 1), confidence=0.9), Bead((1, 3), (1, 2), confidence=0.2)),
    )
    document = replace(
        document, units=tuple(make_units(document.bitext, document.source, document.target, document.beads))
    )
    context = Context("u", sides[0][0].text, sides[1][0].text, ((0, 5),), ((1, 9),), f"{HOSTILE}.txt", place=HOSTILE)
    entry = ConceptEntry(
        "c-1",
        f"甲{HOSTILE}",
        (Rendering(f"甲{HOSTILE}"), Rendering(HOSTILE, "admitted")),
        variants=(Variant(HOSTILE),),
        contexts=(context,),
        notes=(HOSTILE,),
        definition=HOSTILE,
        reasons=(Reason("other", (HOSTILE,)),),
    )
    desk = serve([document], Glossary((entry, replace(entry, id="c-2", term=f"乙{HOSTILE}"))), language)
    page = desk.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(desk.address)
    page.wait_for_selector("html[data-ready]")
    press(page, "g", "a", "p", "s", "Escape", "e")
    assert page.input_value(".row.editing .source textarea").startswith(f"甲{HOSTILE[:20]}")
    press(page, "Escape", "t")
    page.fill("#term-source", f"甲{HOSTILE}")
    page.fill("#term-target", HOSTILE)
    page.wait_for_selector("#term-check li")
    page.keyboard.press("Escape")
    page.click("#tab-terms")
    page.wait_for_selector(".kwic")
    assert HOSTILE.rstrip("\u202e") in page.inner_text("#detail h2")
    for key in ("e", "x", "s", "v", "n"):
        page.keyboard.press(key)
        page.keyboard.press("Escape")
    press(page, "P", "z", "c", "b")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, script:not([src='review.js'])").count() == 0
    assert said == []
