from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmx.bitext import load
from tmx.healing import Habits, Turn, continues, finished, join_score, joined, runs, seam, unhyphenated
from tmx.readers import collect

PAGE = Turn(turned=True)
PROSE = Turn(turned=True, habits=Habits(unfinished=0.0, lowered=0.0))

CUT = [
    ("It holds forty thousand books. Most were given by the families who", "live by the river."),
    ("We have stepped up cooperation in Asia, Africa, Latin America", "and the Caribbean. It has enabled us to go on."),
    ("The roof leaked, and half of the floor had rotted away, so that the carpenters", "spent a whole winter there."),
    ("馆内藏书四万册。早的一本印于1897年，", "最晚的一本昨天才到。"),
    ("图书馆五月开馆。谁来看书都不", "收钱，也不用办证。"),
    ("信写得很短，只有四行，可是每一个收到信的人都回信说愿意帮", "忙。"),
]
WHOLE = [
    ("A Small Town and Its Library", "It opened in May."),
    ("A Small Town and Its Library", "by Lin Qiubai"),
    ("Dear Readers,", "we are glad to see you."),
    ("He left.", "she stayed."),
    ("The library will:", "open in May;"),
    ("open every day;", "close at night."),
    ("Nobody pays to read", "Wang Yi: That is true."),
    ("Nobody pays to read", "2. Put the books back."),
    ("III. The Travels of Books", "The library has no cards. No one knows."),
    ("May 18, 2021", "the library opened."),
    ("小城与图书馆", "图书馆五月开馆。"),
    ("一、一个人的主意", "办图书馆的主意是一个修表匠想出来的。"),
    ("床前明月光，", "疑是地上霜。"),
    ("各位代表：", "现在开会。"),
    ("林秋白", "记者：谁付钱？"),
]


@pytest.mark.parametrize(("first", "second"), CUT)
def test_cut_sentences_continue_in_prose(first: str, second: str) -> None:
    language = "en" if first.isascii() else "zh"
    assert continues(first, second, language, PROSE)


@pytest.mark.parametrize(("first", "second"), WHOLE)
def test_headings_labels_lists_and_salutations_do_not(first: str, second: str) -> None:
    language = "en" if first.isascii() else "zh"
    assert not continues(first, second, language, PAGE)


@pytest.mark.parametrize(("first", "second"), CUT)
def test_nothing_continues_without_a_page_turn(first: str, second: str) -> None:
    assert not continues(first, second, "en" if first.isascii() else "zh", Turn(turned=False))


def test_one_paragraph_too_many_on_a_page_speaks_for_a_join() -> None:
    first, second = "The captain brought twenty maps", "Of the river he had drawn them all himself. They are old."
    assert join_score(first, second, "en", Turn(True, excess=1)) > join_score(first, second, "en", Turn(True, excess=0))


def test_hyphens_at_line_ends() -> None:
    assert unhyphenated("the inter-", "national order") == "the international order"
    assert unhyphenated("a well-", "known story") == "a well-known story"


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("It promotes green and low-", "carbon development.", "It promotes green and low-carbon development."),
        ("They did one hun-", "dred projects.", "They did one hundred projects."),
    ],
)
def test_a_word_cut_by_a_page_turn_is_one_again(tmp_path: Path, first: str, second: str, whole: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{first}\n它促进绿色低\n{second}\n碳发展。\n", encoding="utf-8")
    bitext = load(collect([path]).inputs[0])
    (paragraph,) = bitext.target
    assert paragraph.text == whole
    assert [paragraph.text[piece.start : piece.end].strip("-") for piece in paragraph.pieces] == [
        first.strip("-"),
        second,
    ]
    assert [notice.place for notice in bitext.notices if notice.kind == "joined"] == ["line 1 with line 3"]
    assert joined(first, second, "en") == whole


@given(st.text(), st.text(), st.sampled_from(["zh", "en"]))
def test_any_text_has_a_score_and_a_seam(first: str, second: str, language: str) -> None:
    join_score(first, second, language, PROSE)
    assert seam(first, second, language) in ("", " ")
    finished(first)


@given(st.lists(st.integers(0, 1)))
def test_runs_cover_everything_once(sides: list[int]) -> None:
    found = runs(sides)
    assert [index for start, stop in found for index in range(start, stop)] == list(range(len(sides)))
    assert all(len(set(sides[start:stop])) == 1 for start, stop in found)
