"""What the service answers: plain values, always of the build that is there now."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from duiyi.service.answers import MAX_TEXT, Answers, QuestionError
from glossary.model import ConceptEntry, Rendering
from tmx.errors import ToolError
from tmx.model import TranslationUnit


def test_a_term_is_answered_with_its_renderings_and_official_ones(out: Path) -> None:
    found = Answers(out).lookup_term("一带一路")
    [entry] = found["entries"]
    assert [one["text"] for one in entry["renderings"]] == ["Belt and Road Initiative"]
    assert "Belt and Road Initiative" in [one["text"] for one in found["official"]]


def test_the_english_of_a_term_finds_it_too(out: Path) -> None:
    [entry] = Answers(out).lookup_term("major country diplomacies")["entries"]
    assert entry["term"] == "大国外交"


def test_rejected_terms_are_not_answered(out: Path) -> None:
    assert Answers(out).lookup_term("图书馆")["entries"] == []


def test_similar_and_containing_units_are_found(out: Path) -> None:
    answers = Answers(out)
    [hit] = answers.fuzzy("中国外交开创了好局面。")["hits"]
    assert (hit["rate"] > 80, hit["target"]) == (True, "China's diplomacy broke new ground.")
    assert [hit["source"] for hit in answers.concordance("Belt and Road")["hits"]] == ["共建一带一路。"]


def test_a_prompt_holds_terms_and_units(out: Path) -> None:
    found = Answers(out).prompt_for("大国外交。中国外交开创了新局面。")
    assert "major-country diplomacy" in found["prompt"] and "100 %" in found["prompt"]


@pytest.mark.parametrize(
    ("target", "checks"),
    [
        ("Major-country diplomacy.", []),
        ("Big-country diplomacy.", ["term-forbidden"]),
        ("Great power policy.", ["term-not-used"]),
    ],
)
def test_a_translation_is_checked_against_the_terms(out: Path, target: str, checks: list[str]) -> None:
    assert [one["check"] for one in Answers(out).check("大国外交。", target)["findings"]] == checks


def test_numbers_are_checked_whichever_side_comes_first(out: Path) -> None:
    for pair in (("投资90亿元。", "900 million yuan."), ("900 million yuan.", "投资90亿元。")):
        assert "magnitude-differs" in [one["check"] for one in Answers(out).check(*pair)["findings"]]


def test_a_new_build_is_answered_from_at_once(
    out: Path, build_again: Callable[[ConceptEntry, TranslationUnit], None]
) -> None:
    answers = Answers(out)
    assert answers.lookup_term("云外交")["entries"][0]["term"] == "外交"
    build_again(
        ConceptEntry("c9", "云外交", (Rendering("cloud diplomacy"),)),
        TranslationUnit("u9", "云外交很忙。", "Cloud diplomacy is busy."),
    )
    assert answers.lookup_term("云外交")["entries"][0]["term"] == "云外交"
    assert answers.concordance("云外交")["hits"]


def test_many_threads_may_ask_at_once(out: Path) -> None:
    answers, found = Answers(out), []
    threads = [threading.Thread(target=lambda: found.append(answers.fuzzy("中国外交开创了新局面。"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(one == found[0] for one in found)


@pytest.mark.parametrize("text", ["", "   ", "外" * (MAX_TEXT + 1)])
def test_an_empty_or_endless_text_is_refused_in_one_line(out: Path, text: str) -> None:
    with pytest.raises(QuestionError) as refused:
        Answers(out).terms_for(text)
    assert "\n" not in str(refused.value)


def test_a_folder_without_a_build_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="duiyi build"):
        Answers(tmp_path)
