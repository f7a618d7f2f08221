"""What is counted anew: each number belongs to the wording that is shown with it."""

from __future__ import annotations

from collections.abc import Iterable

from duiyi.decisions.model import AddTerm, Decision, MergeInto, SetRendering
from duiyi.decisions.terms import replay_glossary
from duiyi.sampling import counted_again
from glossary.model import ConceptEntry, Context, Glossary, Rendering, entry_id
from tmx.model import TranslationUnit

UNITS = [
    TranslationUnit(
        "1", "大國外交與外交政策。", "Major-country diplomacy and foreign policies.", document="a", date="2020"
    ),
    TranslationUnit("2", "外交政策稳定。", "Diplomatic policy is stable.", document="b", date="2021"),
    TranslationUnit("3", "这是外交。", "This is diplomacy.", document="c", date="2022"),
]
DIPLOMACY = ConceptEntry("d", "外交", (Rendering("diplomacy", count=2),), count=4, units=3)
POLICY = ConceptEntry("p", "外交政策", (Rendering("foreign policy", count=1),), count=2, units=2)


def decided(entries: Iterable[ConceptEntry], *decisions: Decision) -> dict[str, ConceptEntry]:
    found = Glossary(tuple(entries))
    glossary = counted_again(replay_glossary(found, decisions).glossary, found, lambda: UNITS)
    return {entry.term: entry for entry in glossary.entries}


def test_a_term_added_by_hand_has_its_count_and_a_context() -> None:
    entry = decided([], Decision(entry_id("外交政策"), AddTerm("外交政策", "foreign policy")))["外交政策"]
    assert (entry.count, entry.units, entry.list, entry.first, entry.last) == (2, 2, "recurring", "2020", "2021")
    assert (entry.preferred.count, entry.preferred.documents) == (1, ("a",))
    assert [(c.unit, c.source_spans, c.target_spans) for c in entry.contexts] == [("1", ((5, 9),), ((28, 44),))]


def test_a_term_that_is_rendered_otherwise_has_a_context_all_the_same() -> None:
    entry = decided([], Decision(entry_id("外交政策"), AddTerm("外交政策", "policy of diplomacy")))["外交政策"]
    assert (entry.count, entry.preferred.count) == (2, 0)
    assert [(context.unit, context.target_spans) for context in entry.contexts] == [("1", ())]


def test_a_term_that_is_nowhere_has_no_count() -> None:
    entry = decided([], Decision(entry_id("内政"), AddTerm("内政", "internal affairs")))["内政"]
    assert (entry.count, entry.units, entry.list, entry.contexts) == (0, 0, "once", ())


def test_a_corrected_rendering_does_not_keep_the_count_of_the_old_one() -> None:
    entry = decided([POLICY], Decision("p", SetRendering("foreign policy", "diplomatic policy")))["外交政策"]
    assert (entry.count, entry.preferred.text, entry.preferred.count) == (2, "diplomatic policy", 1)
    assert (entry.preferred.first, entry.preferred.documents) == ("2021", ("b",))
    assert [context.unit for context in entry.contexts] == ["2"]
    entry = decided([POLICY], Decision("p", SetRendering("foreign policy", "external policy")))["外交政策"]
    assert (entry.count, entry.preferred.count) == (2, 0)


def test_a_correction_to_what_is_there_already_does_not_add_the_counts() -> None:
    two = ConceptEntry(
        "p",
        "外交政策",
        (Rendering("foreign policy", count=1), Rendering("diplomatic policy", "admitted", count=1)),
        count=2,
    )
    entry = decided([two], Decision("p", SetRendering("foreign policy", "diplomatic policy")))["外交政策"]
    assert [(one.text, one.count) for one in entry.renderings] == [("diplomatic policy", 1)]


def test_overlapping_forms_of_merged_terms_are_counted_once() -> None:
    entry = decided([DIPLOMACY, POLICY], Decision("p", MergeInto("d")))["外交"]
    assert (entry.count, entry.units) == (4, 3)
    assert {variant.text: variant.count for variant in entry.variants} == {"外交政策": 2}
    assert {one.text: one.count for one in entry.renderings} == {"diplomacy": 2, "foreign policy": 1}


def test_entries_that_nobody_reworded_stay_and_no_unit_is_read() -> None:
    context = Context("9", "外交", "diplomacy")
    found = Glossary((ConceptEntry("d", "外交", (Rendering("diplomacy", count=9),), count=9, contexts=(context,)),))
    asked: list[bool] = []

    def units() -> Iterable[TranslationUnit]:
        asked.append(True)
        return UNITS

    assert counted_again(found, found, units) is found
    assert not asked
