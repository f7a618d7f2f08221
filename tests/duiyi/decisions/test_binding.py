"""What a person decided about a term binds, whatever documents come, go or change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duiyi.decisions.binding import bound
from duiyi.decisions.journal import read_line, write_line
from duiyi.decisions.model import (
    AcceptTerm,
    AddTerm,
    Decision,
    DiscussTerm,
    EditTerm,
    HideTerm,
    MergeInto,
    PreferRendering,
    RejectTerm,
    ReopenTerm,
    SetRendering,
    SetVariant,
    TermVerb,
)
from duiyi.decisions.terms import ReplayedGlossary, TermReplay, replay_glossary, stamped
from glossary.model import ConceptEntry, Context, Glossary, Reason, Rendering, Variant, entry_id


def entry(term: str, *renderings: str, variants: Sequence[str] = (), **more: object) -> ConceptEntry:
    """Make an entry as the documents give it, with a sentence for each rendering."""
    contexts = tuple(
        Context(f"u{n}", f"我们谈{term}。", f"We speak of {text}.", document="2022.txt", place=f"line {n}")
        for n, text in enumerate(renderings, 1)
    )
    found = tuple(
        Rendering(text, "admitted" if n else "preferred", "synonym" if n else "main", 5 - n)
        for n, text in enumerate(renderings)
    )
    made = ConceptEntry(
        entry_id(term), term, found, tuple(Variant(text) for text in variants), contexts=contexts, count=7
    )
    return replace(made, **more)  # type: ignore[arg-type]


def decide(before: Glossary, *verbs: tuple[str, TermVerb], done: Sequence[Decision] = ()) -> list[Decision]:
    """Return the decisions as the journal keeps them when they are made on a glossary."""
    made = stamped(before, done, [Decision(entry_id(term), verb, reviewer="Li") for term, verb in verbs])
    return [read_line(write_line(replace(decision, id=f"{n:08d}"))) for n, decision in enumerate(made, 1)]


def entries(replayed: ReplayedGlossary) -> dict[str, ConceptEntry]:
    return {entry.term: entry for entry in replayed.glossary.entries}


PEACE = Glossary((entry("世界和平", "world peace", "peace in the world"), entry("合作", "cooperation")))


def test_an_accepted_term_does_not_change_when_new_documents_render_it_otherwise() -> None:
    decisions = decide(PEACE, ("世界和平", AcceptTerm()))
    after = Glossary((entry("世界和平", "world enjoy peace", "world peace", type="slogan", variants=["和平"]),))
    replayed = replay_glossary(after, decisions)
    kept = entries(replayed)["世界和平"]
    assert [(r.text, r.usage) for r in kept.renderings] == [
        ("world peace", "preferred"),
        ("peace in the world", "admitted"),
    ]
    assert (kept.review, kept.type, kept.variants) == ("accepted", "concept", ())
    assert [r.count for r in kept.renderings] == [4, 0]  # numbers follow the documents
    assert [context.target for context in kept.contexts] == ["We speak of world peace."]
    assert list(map(str, replayed.conflicts)) == [
        "世界和平 = world peace (accepted by Li) stays as it is: "
        "the documents now rather have “world enjoy peace” (5 times): "
        "我们谈世界和平。 / We speak of world enjoy peace. (2022.txt, line 1)"
    ]


def test_a_form_of_address_is_no_other_wording_of_a_name() -> None:
    before = Glossary((entry("叶兆麟", "Yip Siu-lun"),))
    done = decide(before, ("叶兆麟", AcceptTerm()))
    for text in ("Mr Yip Siu-lun", "the Hon. Mr. Yip Siu-lun"):
        assert replay_glossary(Glossary((entry("叶兆麟", text),)), done).conflicts == ()
    (conflict,) = replay_glossary(Glossary((entry("叶兆麟", "Ip Siu-lun"),)), done).conflicts
    assert conflict.text == "Ip Siu-lun"


def test_an_accepted_term_that_the_documents_no_longer_give_stays_and_is_named() -> None:
    decisions = decide(PEACE, ("世界和平", AcceptTerm()))
    gone = Glossary((entry("合作", "cooperation"),))
    replayed = replay_glossary(gone, decisions)
    kept = entries(replayed)["世界和平"]
    assert (kept.preferred.text, kept.review, kept.count) == ("world peace", "accepted", 0)
    assert [context.source for context in kept.contexts] == ["我们谈世界和平。"]
    assert list(map(str, replayed.conflicts)) == [
        "世界和平 = world peace (accepted by Li) stays as it is: the documents no longer give it by themselves"
    ]
    again = decide(gone, ("世界和平", AcceptTerm()), done=decisions)
    assert replay_glossary(gone, [*decisions, *again]).conflicts == ()


def test_a_wording_that_a_reviewer_has_seen_is_no_conflict_any_more() -> None:
    decisions = decide(PEACE, ("世界和平", AcceptTerm()))
    after = Glossary((entry("世界和平", "world peace", "global peace"),))
    (conflict,) = replay_glossary(after, decisions).conflicts
    assert (conflict.kind, conflict.text, conflict.count) == ("rendering", "global peace", 4)
    assert [context.target for context in conflict.contexts] == ["We speak of global peace."]
    for verb in (AcceptTerm(), SetRendering("", "global peace", "deprecated")):
        more = [*decisions, *decide(after, ("世界和平", verb), done=decisions)]
        assert replay_glossary(after, more).conflicts == ()
    assert [(r.text, r.usage) for r in entries(replay_glossary(after, more))["世界和平"].renderings] == [
        ("world peace", "preferred"),
        ("peace in the world", "admitted"),
        ("global peace", "deprecated"),
    ]


def test_a_rejected_term_stays_rejected_and_another_rendering_of_it_is_named() -> None:
    decisions = decide(PEACE, ("合作", RejectTerm()))
    replayed = replay_glossary(Glossary((entry("合作", "working together"),)), decisions)
    assert entries(replayed)["合作"].review == "rejected"
    assert [(c.words, c.text) for c in replayed.conflicts] == [("合作 = cooperation", "working together")]
    assert replay_glossary(Glossary(()), decisions) == ReplayedGlossary(Glossary(()), (), ())


def test_a_term_whose_border_was_put_right_is_not_listed_twice() -> None:
    before = Glossary((entry("维护世界和平", "safeguard world peace"),))
    edits = [EditTerm(term="世界和平"), SetRendering("safeguard world peace", "world peace"), AcceptTerm()]
    decisions = decide(before, *(("维护世界和平", verb) for verb in edits))
    after = Glossary((entry("维护世界和平", "safeguard world peace"), entry("世界和平", "world peace")))
    replayed = replay_glossary(after, decisions)
    assert [(e.term, e.preferred.text) for e in replayed.glossary.entries] == [("世界和平", "world peace")]


def test_an_accepted_term_is_not_swallowed_as_a_variant_of_another() -> None:
    decisions = decide(Glossary((entry("党", "the Party"),)), ("党", AcceptTerm()))
    after = Glossary((entry("中国共产党", "Communist Party of China", variants=["党", "中共"]),))
    shown = entries(replay_glossary(after, decisions))
    assert shown["党"].preferred.text == "the Party"
    assert [variant.text for variant in shown["中国共产党"].variants] == ["中共"]


def test_a_form_that_was_made_a_term_of_its_own_may_be_taken_out_of_the_old_one() -> None:
    before = Glossary((entry("中国共产党", "Communist Party of China", variants=["党"]),))
    decisions = decide(before, ("党", AddTerm("党", "the Party")), ("中国共产党", SetVariant("党", "")))
    replayed = replay_glossary(before, decisions)
    assert not replayed.misfits and not entries(replayed)["中国共产党"].variants


def test_a_term_that_was_added_by_hand_keeps_its_english_and_is_not_called_gone() -> None:
    decisions = decide(PEACE, ("双循环", AddTerm("双循环", "dual circulation")))
    assert replay_glossary(PEACE, decisions).conflicts == ()
    replayed = replay_glossary(Glossary((entry("双循环", "double circulation"),)), decisions)
    assert entries(replayed)["双循环"].preferred.text == "dual circulation"
    assert [conflict.text for conflict in replayed.conflicts] == ["double circulation"]


def test_the_last_judgement_counts() -> None:
    decisions = decide(PEACE, ("世界和平", AcceptTerm()), ("世界和平", ReopenTerm()))
    after = Glossary((entry("世界和平", "world enjoy peace"),))
    replayed = replay_glossary(after, decisions)
    assert (entries(replayed)["世界和平"].preferred.text, replayed.conflicts) == ("world enjoy peace", ())


def test_what_is_lost_is_named_by_its_words() -> None:
    decisions = decide(PEACE, ("世界和平", PreferRendering("peace in the world")), ("合作", MergeInto("c-none")))
    replayed = replay_glossary(Glossary(()), decisions)
    assert list(map(str, replayed.misfits)) == [
        "世界和平 = world peace (English preferred by Li): no such entry any more",
        "合作 = cooperation (made part of another term by Li): no such entry any more",
    ]


TERMS = ("和平", "世界和平", "合作", "党", "中国共产党")
ENGLISH = ("peace", "world peace", "cooperation", "the Party", "Communist Party of China", "working together")

glossaries = st.lists(
    st.builds(
        lambda term, renderings, variants, type_: entry(
            term, *renderings, variants=[v for v in variants if v != term], type=type_
        ),
        st.sampled_from(TERMS),
        st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=3, unique=True),
        st.lists(st.sampled_from(TERMS), max_size=1),
        st.sampled_from(("concept", "slogan")),
    ),
    unique_by=lambda made: made.term,
    max_size=5,
).map(lambda made: Glossary(tuple(made)))
verbs = st.one_of(
    st.sampled_from([AcceptTerm(), RejectTerm(), DiscussTerm(), ReopenTerm(), EditTerm(type="event")]),
    st.builds(PreferRendering, st.sampled_from(ENGLISH)),
    st.builds(SetRendering, st.sampled_from(["", *ENGLISH]), st.sampled_from(ENGLISH)),
    st.builds(MergeInto, st.sampled_from(TERMS).map(entry_id)),
    st.builds(HideTerm, st.sampled_from(TERMS).map(entry_id)),
)


@settings(max_examples=300, deadline=None)
@given(glossaries, st.lists(st.tuples(st.sampled_from(TERMS), verbs), max_size=6), glossaries)
def test_whatever_documents_come_each_decision_holds_or_is_named_by_its_words(
    before: Glossary, choices: list[tuple[str, TermVerb]], after: Glossary
) -> None:
    decisions: list[Decision] = []
    for term, verb in choices:
        (made,) = decide(before, (term, verb), done=decisions)
        made = replace(made, id=str(len(decisions)))
        if not replay_glossary(before, [*decisions, made]).misfits:  # neither page nor import keeps what does not fit
            decisions.append(made)
    then, now = replay_glossary(before, decisions), replay_glossary(after, decisions)
    lost = {misfit.decision.id for misfit in now.misfits}
    assert all(entry_id(term) not in str(m) for m in (*now.misfits, *now.conflicts) for term in TERMS)
    assert all(misfit.decision.about for misfit in now.misfits)
    at_now = {entry.id: entry for entry in now.glossary.entries}
    terms = [entry.term for entry in now.glossary.entries if entry.review == "accepted"]
    assert len(terms) == len(set(terms))
    for entry_then in then.glossary.entries:
        about = [d for d in decisions if entry_then.id in (d.key, getattr(d.verb, "into", ""))]
        if any(d.id in lost for d in about):
            continue  # named
        held = at_now.get(entry_then.id)
        if entry_then.review == "accepted":
            assert held is not None
            assert (held.term, held.preferred.text, held.type) == (
                entry_then.term,
                entry_then.preferred.text,
                entry_then.type,
            )
            assert held.review == "accepted"
        elif entry_then.review == "rejected":
            assert held is None or held.review == "rejected"
        elif about and not isinstance(about[-1].verb, ReopenTerm):
            assert held is not None


@settings(max_examples=200, deadline=None)
@given(glossaries, st.lists(st.tuples(st.sampled_from(TERMS), verbs), max_size=6))
def test_what_the_page_shows_after_each_decision_is_what_a_rebuild_makes(
    before: Glossary, choices: list[tuple[str, TermVerb]]
) -> None:
    replay = TermReplay(before, [])
    decisions: list[Decision] = []
    for term, verb in choices:
        known = len(replay.misfits)
        made = replay.make([Decision(entry_id(term), verb)])
        if len(replay.misfits) == known:
            decisions += made
        if len(replay.misfits) > known or not replay.current:
            replay = TermReplay(before, decisions)
        whole = replay_glossary(before, decisions)
        assert (replay.glossary, tuple(replay.conflicts())) == (whole.glossary, whole.conflicts)


def test_an_accepted_entry_keeps_all_that_was_seen_and_takes_numbers_only() -> None:
    numbers = {"domain", "political", "count", "units", "score", "reasons", "sources", "first", "last", "known"}
    seen = ConceptEntry(
        "c-1", "渡轮", (Rendering("ferry"),), (Variant("轮渡"),), "organization", "other", definition="A boat.",
        notes=("Harbour only.",), broader="c-2", properties=(("client", "Marine Department"),),
    )  # fmt: skip
    found = ConceptEntry(
        "c-9", "渡船", (Rendering("ferryboat"),), count=7, units=6, score=0.5, domain="political", political=0.9,
        reasons=(Reason("reviewer"),), sources=("a.txt",), first="2020", last="2021", known="new",
    )  # fmt: skip
    kept = bound(found, seen)
    for field in fields(ConceptEntry):
        if field.name not in {"review", "renderings", "variants", "contexts"}:
            of = found if field.name in numbers else seen
            assert getattr(kept, field.name) == getattr(of, field.name), field.name
    assert kept.review == "accepted"
    assert [rendering.text for rendering in kept.renderings] == ["ferry"]
