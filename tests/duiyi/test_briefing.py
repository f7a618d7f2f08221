"""What an engine is told before it translates: only what the text holds, most useful first, within the budget."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from duiyi.briefing import Brief, brief, estimated_tokens, written
from duiyi.cli import main
from duiyi.lookup import FILE, Memory, write_index
from duiyi.recognition import Recogniser
from glossary.files.tbx import write_tbx
from glossary.model import ConceptEntry, Glossary, Rendering, Variant
from tmx.model import TranslationUnit

ENTRIES = (
    ConceptEntry("1", "外交", (Rendering("diplomacy"),)),
    ConceptEntry(
        "2", "大国外交", (Rendering("major-country diplomacy"), Rendering("big-country diplomacy", "deprecated"))
    ),
    ConceptEntry(
        "3",
        "人类命运共同体",
        (
            Rendering("community with a shared future for mankind"),
            Rendering("community of common destiny", "superseded"),
        ),
        variants=(Variant("命运共同体", "short form"),),
    ),
    ConceptEntry("4", "图书馆", (Rendering("library"),), review="rejected"),
    ConceptEntry("5", "云外交", (Rendering("cloud diplomacy"),)),
)
UNITS = (
    TranslationUnit(
        "u1", "中国外交开创了新局面。", "China's diplomacy broke new ground.", document="a.txt", date="2021"
    ),
    TranslationUnit("u2", "今天下雨。", "It is raining today.", document="a.txt"),
)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    write_index(UNITS, tmp_path / FILE)
    with Memory.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def recogniser() -> Recogniser:
    return Recogniser(ENTRIES)


def forms(found: Brief) -> list[str]:
    return [term.form for term in found.terms]


def test_only_terms_of_the_text_are_named_and_the_longest_wins(recogniser: Recogniser) -> None:
    assert set(forms(brief("中国特色大国外交。", recogniser, None))) == {"大国外交"}


def test_a_traditional_text_finds_simplified_terms(recogniser: Recogniser) -> None:
    assert forms(brief("構建人類命運共同體。", recogniser, None)) == ["人类命运共同体"]


def test_what_must_not_be_used_is_named_and_comes_first(recogniser: Recogniser) -> None:
    found = brief("云外交和大国外交。", recogniser, None)
    assert forms(found)[0] == "大国外交"
    assert found.terms[0].avoid == ("big-country diplomacy",)
    assert "never: big-country diplomacy" in written(found)


def test_a_short_form_gets_the_rendering_of_its_entry(recogniser: Recogniser) -> None:
    [term] = brief("共建命运共同体。", recogniser, None).terms
    assert (term.form, term.avoid) == ("命运共同体", ("community of common destiny",))


def test_rejected_terms_are_not_advice(recogniser: Recogniser) -> None:
    assert forms(brief("图书馆开放。", recogniser, None)) == []


def test_into_chinese_the_english_is_looked_for(recogniser: Recogniser, memory: Memory) -> None:
    found = brief("China's diplomacy broke fresh ground.", recogniser, memory)
    assert found.target == "zh"
    assert [(term.form, term.preferred) for term in found.terms] == [("diplomacy", "外交")]
    assert found.units[0].translation == "中国外交开创了新局面。"


def test_the_nearest_units_come_with_their_rate_best_first(recogniser: Recogniser, memory: Memory) -> None:
    found = brief("今天下雪。中国外交开创了新局面。", recogniser, memory)
    assert [unit.rate for unit in found.units] == sorted((unit.rate for unit in found.units), reverse=True)
    assert found.units[0].rate == 100 and found.units[0].document == "a.txt"


@pytest.mark.parametrize("tokens", [20, 45, 60, 90, 400])
def test_the_budget_holds_and_what_it_cuts_is_counted(recogniser: Recogniser, memory: Memory, tokens: int) -> None:
    text = "云外交，大国外交，人类命运共同体。中国外交开创了新局面。今天下雪。"
    whole, cut = brief(text, recogniser, memory), brief(text, recogniser, memory, tokens=tokens)
    assert estimated_tokens(written(cut)) <= tokens
    assert cut.terms == whole.terms[: len(cut.terms)] and cut.units == whole.units[: len(cut.units)]
    assert cut.left_out == (len(whole.terms) - len(cut.terms), len(whole.units) - len(cut.units))


def test_the_same_input_gives_the_same_bytes(memory: Memory) -> None:
    text = "云外交，大国外交，人类命运共同体。中国外交开创了新局面。"
    one = written(brief(text, Recogniser(ENTRIES), memory), "json")
    other = written(brief(text, Recogniser(reversed(ENTRIES)), memory), "json")
    assert one == other


def test_json_and_xml_hold_the_same_terms(recogniser: Recogniser, memory: Memory) -> None:
    found = brief("大国外交：人类命运共同体。", recogniser, memory)
    values = json.loads(written(found, "json"))
    tree = etree.fromstring(written(found, "xml"))
    assert [term["form"] for term in values["terms"]] == forms(found) == tree.xpath("//term/form/text()")
    assert tree.xpath("//avoid/text()") == [text for term in values["terms"] for text in term.get("avoid", ())]


def test_what_xml_forbids_is_replaced(recogniser: Recogniser) -> None:
    entry = replace(ENTRIES[0], renderings=(Rendering("diplo\x0bmacy"),))
    assert etree.fromstring(written(brief("外交", Recogniser([entry]), None), "xml")).findtext("term/preferred")


def test_official_renderings_are_marked() -> None:
    entry = ConceptEntry("1", "一带一路", (Rendering("Belt and Road Initiative"),))
    [term] = brief("共建一带一路", Recogniser([entry]), None).terms
    assert "Belt and Road Initiative" in term.official
    assert "official" in written(brief("共建一带一路", Recogniser([entry]), None))
    assert term.is_official


def test_a_rendering_that_is_not_the_official_one_is_told_from_it() -> None:
    other = ConceptEntry("1", "一带一路", (Rendering("One Belt One Road"),))
    found = brief("共建一带一路", Recogniser([other]), None)
    assert found.terms[0].official and not found.terms[0].is_official
    [values] = json.loads(written(found, "json"))["terms"]
    assert "is_official" not in values and "Belt and Road Initiative" in values["official"]


@pytest.mark.parametrize(
    ("text", "said"),
    [(" ", "the text: holds no text"), ("speech.docx", "speech.docx: no such file"), ("讲话.txt", "讲话.txt: no such")],
)
def test_a_text_without_words_and_the_name_of_no_file_are_said_in_one_line(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prompt", text, "--in", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1


def test_where_no_term_fits_the_size_it_is_said_what_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tbx(Glossary(ENTRIES[:1]), tmp_path / "glossary.tbx")
    write_index(UNITS[1:], tmp_path / FILE)
    assert main(["prompt", "外交", "--in", str(tmp_path), "--tokens", "1"]) == 0
    assert capsys.readouterr().err == "left out beyond 1 tokens: 1 term, 0 units\n"
