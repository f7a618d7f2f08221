"""What can be done to terms on the review page, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from duiyi.review.concordance import english_pattern
from duiyi.review.documents import Project
from duiyi.review.rows import ReviewError
from duiyi.review.session import Review
from glossary.model import ConceptEntry, Glossary
from tmx.messages import load
from tmx.model import AlignedDocument


@pytest.fixture
def review(interview: AlignedDocument, cut: AlignedDocument, glossary: Glossary, tmp_path: Path) -> Review:
    return Review(Project("x", [interview, cut], glossary), tmp_path)


def entry(review: Review, name: str) -> ConceptEntry:
    return next(e for e in review.glossary.entries if e.id == name)


def act(review: Review, action: str, **more: Any) -> dict[str, Any]:
    return review.act({"action": f"term-{action}", **more})


def rows_with(review: Review, text: str) -> list[int]:
    rows = review.document(0).rows
    return [index for index, row in enumerate(rows) if text in "".join(s.text for s in row.source)]


def as_it_is(held: ConceptEntry) -> dict[str, Any]:
    return {
        "term": held.term,
        "type": held.type,
        "part_of_speech": held.part_of_speech,
        "definition": held.definition,
        "notes": list(held.notes),
        "renderings": [{"text": r.text, "usage": r.usage, "was": r.text} for r in held.renderings],
        "variants": [{"text": v.text, "kind": v.kind, "was": v.text} for v in held.variants],
    }


def test_editing_nothing_writes_nothing(review: Review):
    assert act(review, "edit", entry="party", wanted=as_it_is(entry(review, "party")))["count"] == 0
    assert not review.journal.path.exists()


def test_everything_about_a_term_is_edited_in_one_step(review: Review):
    wanted = as_it_is(entry(review, "party"))
    wanted |= {
        "term": "中共",
        "type": "phrase",
        "part_of_speech": "properNoun",
        "definition": "执政党",
        "notes": ["见党章"],
    }
    wanted["renderings"][0] |= {"usage": "admitted"}
    wanted["renderings"][1] |= {"text": "the CPC", "usage": "preferred"}
    del wanted["renderings"][2]
    wanted["renderings"].append({"text": "Chinese Communist Party", "usage": "deprecated"})
    wanted["variants"][0] |= {"text": "我们党"}
    act(review, "edit", entry="party", wanted=wanted)
    for held in (entry(review, "party"), entry(Review(review.project, review.out), "party")):
        assert (held.term, held.type, held.part_of_speech) == ("中共", "phrase", "properNoun")
        assert (held.definition, held.notes) == ("执政党", ("见党章",))
        assert [(r.text, r.usage) for r in held.renderings] == [
            ("the CPC", "preferred"),
            ("Communist Party of China", "admitted"),
            ("Chinese Communist Party", "deprecated"),
        ]
        assert [v.text for v in held.variants] == ["我们党"]
    review.undo()
    assert as_it_is(entry(review, "party"))["renderings"][0]["text"] == "Communist Party of China"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"term": " "}, "Chinese and its English"),
        ({"term": "中国外交"}, "a term already"),
        ({"renderings": []}, "Chinese and its English"),
        ({"renderings": [{"text": "a", "usage": "admitted"}]}, "to be preferred"),
        ({"renderings": [{"text": "a", "usage": "preferred"}, {"text": "a"}]}, "stands twice"),
        ({"type": "nonsense"}, "no proper"),
        ({"notes": "no list"}, "no proper"),
    ],
)
def test_what_cannot_be_is_refused_and_writes_nothing(review: Review, change: dict[str, Any], why: str):
    with pytest.raises(ReviewError, match=why):
        act(review, "edit", entry="party", wanted=as_it_is(entry(review, "party")) | change)
    assert not review.journal.path.exists()


def test_a_refusal_is_said_in_the_language_of_the_page(review: Review):
    with pytest.raises(ReviewError) as refused:
        act(review, "accept", entry="none")
    assert refused.value.said(load("zh")) == "这条术语已不存在。"


def test_a_wording_not_to_be_used_names_the_one_to_use(review: Review):
    act(review, "avoid", entry="party", rendering="Communist Party of China", instead="CPC")
    held = entry(review, "party")
    assert held.preferred.text == "CPC"
    assert {r.text: r.usage for r in held.renderings}["Communist Party of China"] == "deprecated"
    with pytest.raises(ReviewError, match="instead"):
        act(review, "avoid", entry="party", rendering="CPC", instead="CPC")


def test_a_split_makes_an_entry_of_its_own(review: Review):
    answer = act(review, "split", entry="party", wanted={"term": "党", "renderings": ["the Party"]})
    new = entry(review, answer["entry"])
    assert (new.term, new.preferred.text, new.review) == ("党", "the Party", "accepted")
    old = entry(review, "party")
    assert [r.text for r in old.renderings] == ["Communist Party of China", "CPC"] and not old.variants
    with pytest.raises(ReviewError, match="must stay"):
        act(review, "split", entry="diplomacy", wanted={"term": "外交", "renderings": ["China's diplomacy"]})
    review.undo()
    assert len(entry(review, "party").renderings) == 3


def test_several_terms_are_decided_at_one_stroke(review: Review):
    act(review, "accept", entries=["party", "diplomacy", "goods"])
    assert [entry(review, name).review for name in ("party", "diplomacy", "goods")] == ["accepted"] * 3
    act(review, "type", entries=["party", "goods"], type="slogan")
    assert entry(review, "goods").type == "slogan"
    act(review, "variant", entries=["goods", "prosperous"], of="global-goods")
    assert {"公共产品", "全面建成小康社会"} <= {v.text for v in entry(review, "global-goods").variants}
    for _ in range(3):
        review.undo()
    assert entry(review, "goods").review == "candidate"
    with pytest.raises(ReviewError, match="no such term"):
        act(review, "accept", entries=["party", "gone"])


def test_a_term_is_added_with_its_type_and_note(review: Review):
    answer = act(review, "add", term="小康", rendering="moderate  prosperity", type="slogan", note="1979")
    held = entry(review, answer["entry"])
    assert (held.preferred.text, held.type, held.notes) == ("moderate prosperity", "slogan", ("1979",))


def test_all_occurrences_come_with_both_sides_marked_by_rendering(review: Review):
    groups: Any = review.occurrences("party")["groups"]
    by_rendering = {group["rendering"]: group for group in groups}
    item = by_rendering["Communist Party of China"]["items"][0]
    assert ["中国共产党", True] in [list(piece) for piece in item["source"]]
    assert ["Communist Party of China", True] in [list(piece) for piece in item["target"]]
    assert "".join(text for text, _ in item["source"]) == review.rows(0)["rows"][item["row"]]["s"][0]  # type: ignore[index]
    assert sum(group["count"] for group in groups) == len(rows_with(review, "党"))
    act(review, "avoid", entry="party", rendering="the Party", instead="CPC")
    review.act({"action": "edit", "document": 0, "row": rows_with(review, "党")[0], "source": "党", "target": "it"})
    again: Any = review.occurrences("party")["groups"]
    assert {group["rendering"]: group["count"] for group in again}[""] == 1  # rendered otherwise


def test_a_pair_of_words_is_looked_up_before_it_becomes_a_term(review: Review):
    found: Any = review.check_term({"term": "中国共产党", "rendering": "communist party of China"})
    assert found["source"] >= found["both"] > 0
    assert found["held"]["renderings"][0]["text"] == "Communist Party of China"
    nowhere: Any = review.check_term({"term": "没有这个", "rendering": "no such thing"})
    assert (nowhere["source"], nowhere["target"], nowhere["held"]) == (0, 0, None)
    assert review.check_term({"term": "新词", "rendering": "global public good"})["twins"] == [
        "公共产品",
        "全球公共产品",
    ]


def test_a_reworded_row_is_found_by_its_new_words(review: Review):
    review.act({"action": "edit", "document": 1, "row": 0, "source": "新征程", "target": "the new journey"})
    groups: Any = review.occurrences("journey")["groups"]
    assert [item["document"] for group in groups for item in group["items"]][-1] == 1


@pytest.mark.parametrize("text", ["public goods", "Public  Good", "a public good,"])
def test_a_rendering_is_found_in_the_plural_and_in_any_case(text: str):
    assert english_pattern("public good").search(text)


def test_a_rendering_is_no_part_of_a_word():
    assert not english_pattern("art").search("a part of the party")
