"""Spans that may be terms, and the names that must not be cut."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from glossary.mining import candidates
from glossary.mining.candidates import (
    Spans,
    TargetShapes,
    inside_name,
    long_words,
    name_runs,
    source_place,
    source_shape,
    source_spans,
    surroundings,
    target_place,
)
from glossary.mining.linking import TokenizedUnit
from glossary.mining.pairs import Surroundings
from glossary.words.glosses import dictionary
from glossary.words.tokens import Token, segmenter, source_tokens, target_tokens


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("He spoke at the Finance Ministers’ Meeting today.", ["Finance Ministers’ Meeting"]),
        ("He met the World Trade Organization today.", ["World Trade Organization"]),
        ("We visited France's National Museum.", ["France", "National Museum"]),
    ],
)
def test_runs_of_capitals_are_names(sentence: str, names: list[str]) -> None:
    tokens = target_tokens(sentence)
    runs = name_runs(tokens)
    found = []
    for number in range(int(runs.max()) + 1):
        places = [place for place, run in enumerate(runs) if run == number]
        found.append(sentence[tokens[places[0]].start : tokens[places[-1]].end])
    assert found == names


def test_a_date_is_no_part_of_the_name_before_it() -> None:
    runs = name_runs(target_tokens("It joined the World Trade Organization on December 11."))
    assert runs.tolist() == [-1, -1, -1, 0, 0, 0, -1, 1, -1, -1]


def test_a_piece_of_a_name_is_told_from_a_whole_name() -> None:
    runs = name_runs(target_tokens("He met the World Trade Organization today."))
    assert [inside_name(runs, *span) for span in ((3, 5), (4, 6), (3, 6), (6, 7))] == [True, True, False, False]


def around(source: str, target: str, term: str, rendering: str) -> Surroundings:
    """What stands around a term and a rendering that begin and end with tokens."""
    unit = TokenizedUnit(
        0, source, target, tuple(source_tokens(source, segmenter(), dictionary())), tuple(target_tokens(target))
    )

    def tokens(found: Sequence[Token], text: str, part: str) -> tuple[int, int]:
        start = text.index(part)
        inside = [place for place, token in enumerate(found) if start <= token.start < start + len(part)]
        return inside[0], inside[-1] + 1

    spans = tokens(unit.source, source, term), tokens(unit.target, target, rendering)
    source = source_place(unit, *spans[0], long_words(unit, dictionary()))
    return surroundings(source, target_place(unit, *spans[1]))


def test_a_rendering_that_cuts_a_series_is_told_from_one_that_is_joined_in_both_languages() -> None:
    english = "We expand economic and trade cooperation."
    assert around("我们扩大经贸合作。", english, "合作", "trade cooperation").cuts_series_before
    assert not around("我们扩大经济和贸易合作。", english, "贸易合作", "trade cooperation").cuts_series_before
    assert around("落实改革开放政策。", "We act on reform and opening-up policies.", "改革", "reform").cuts_series_after


def test_a_piece_of_an_enumeration_is_told_from_the_whole() -> None:
    chinese, english = "种植水稻、小麦、玉米。", "We grow rice, wheat and maize."
    assert around(chinese, english, "水稻、小麦", "rice, wheat").cuts_list
    assert not around("种植：水稻、小麦。", "We grow rice and wheat.", "水稻、小麦", "rice and wheat").cuts_list


def test_english_that_joins_more_than_the_chinese_beside_a_joint_swallows_its_neighbour() -> None:
    chinese, english = "本集团在联营公司及合营公司的权益。", "the interests in associates and joint ventures"
    assert around(chinese, english, "合营公司", "associates and joint ventures").swallows_series
    assert not around(chinese, english, "合营公司", "joint ventures").swallows_series
    assert not around(chinese, english, "联营公司及合营公司", "associates and joint ventures").swallows_series
    science = around("发展科学技术。", "develop science and technology", "科学技术", "science and technology")
    assert not science.swallows_series  # no joint beside it: the Chinese needs none


def test_what_stands_around_a_term() -> None:
    found = around("推广5千个新项目。", "We spread new projects in villages.", "新项目", "new projects")
    assert found.before_preposition and not found.after_verb and not found.after_noun
    assert around("建设港口城市。", "We build port cities.", "港口城市", "port cities").after_verb
    assert around("制定可持续发展战略。", "Draw up a strategy.", "发展战略", "strategy").crosses


def test_a_long_dictionary_entry_may_begin_with_an_adverb() -> None:
    tokens = tuple(source_tokens("设立特别行政区。", segmenter(), dictionary()))
    unit = TokenizedUnit(0, "设立特别行政区。", "", tokens, ())
    texts = [token.text for token in tokens]
    start, end = texts.index("特别"), texts.index("行政区") + 1
    shapes = source_shape(unit, Spans(np.array([start, end - 1]), np.array([end, end])), dictionary())
    assert shapes[0] > shapes[1]


def shape(sentence: str, first: str, last: str) -> float:
    """Return the shape of the span from one word of a sentence to another."""
    tokens = tuple(source_tokens(sentence, segmenter(), dictionary()))
    texts = [token.text for token in tokens]
    span = Spans(np.array([texts.index(first)]), np.array([texts.index(last) + 1]))
    return float(source_shape(TokenizedUnit(0, sentence, "", tokens, ()), span, dictionary())[0])


@pytest.mark.parametrize(
    ("sentence", "whole", "cut"),
    [
        ("公司有备存纪录责任。", ("备", "责任"), ("存", "责任")),
        ("推进黑臭水体治理。", ("黑", "治理"), ("臭", "治理")),
        ("解决供应链樽颈问题。", ("供应链", "颈"), ("供应链", "樽")),
    ],
)
def test_no_term_begins_or_ends_in_the_middle_of_an_unknown_word(
    sentence: str, whole: tuple[str, str], cut: tuple[str, str]
) -> None:
    assert shape(sentence, *whole) > 0.03
    assert shape(sentence, *cut) == 0.0


def test_a_row_of_single_characters_and_what_is_counted_may_be_a_term() -> None:
    assert shape("全面推行河长制、湖长制。", "河", "制") > 0.03
    assert shape("推出8轮逆周期措施。", "逆", "措施") > 0.03


def shapes(sentence: str) -> dict[str, float]:
    """The Chinese spans of a sentence that may be terms, with their shapes."""
    unit = TokenizedUnit(0, sentence, "", tuple(source_tokens(sentence, segmenter(), dictionary())), ())
    spans = source_spans(unit)
    texts = [
        sentence[unit.source[start].start : unit.source[end - 1].end]
        for start, end in zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
    ]
    return dict(zip(texts, source_shape(unit, spans, dictionary()).tolist(), strict=True))


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("工厂除税后利润下降。", "除税后利润"),
        ("学校采用兴趣为本的教学。", "兴趣为本的教学"),
        ("他们推动「放管服」改革。", "放管服」改革"),
    ],
)
def test_what_begins_or_goes_on_with_a_small_word_may_be_a_term(sentence: str, term: str) -> None:
    assert term in shapes(sentence)


def test_a_term_that_holds_a_quotation_is_lowered_only_where_it_cuts_it() -> None:
    whole, cut = shapes("推动“放管服”改革。"), shapes("推动“放管服工作”改革。")
    assert whole["放管服”改革"] == shapes("推动「放管服」改革。")["放管服」改革"]
    assert whole["放管服”改革"] > cut["工作”改革"]


def test_a_span_that_cuts_a_long_word_at_either_end_crosses_it() -> None:
    chinese, english = "建设特别行政区政府大楼。", "We build the SAR government."
    assert around(chinese, english, "政府", "government").crosses is False
    assert around(chinese, english, "特别行政区政府", "SAR government").crosses is False
    text = TokenizedUnit(0, chinese, english, (), ())
    words = long_words(text, dictionary())
    assert [words.cut_by(*span) for span in ((2, 7), (4, 9), (0, 4), (2, 9), (4, 6))] == [
        False,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "lower"),
    [
        ("completion the dam", "completion of dams"),
        ("peace and the stability", "the peace and the stability"),
        ("China to grow", "plans of growth"),
    ],
)
def test_joints_that_no_noun_phrase_has_cost_an_english_span_its_shape(text: str, lower: str) -> None:
    broken, whole = (
        TargetShapes(TokenizedUnit(0, "", english, (), tuple(target_tokens(english)))) for english in (text, lower)
    )
    ends = len(target_tokens(text)), len(target_tokens(lower))
    assert broken.of(0, ends[0]) < whole.of(0, ends[1])


def test_every_factor_of_the_table_is_used() -> None:
    code = Path(candidates.__file__).read_text(encoding="utf-8")
    assert [name for name in candidates.FACTORS if f'"{name.rstrip("_1234567")}' not in code] == []


def test_a_span_without_content_has_no_shape_and_none_is_above_the_most() -> None:
    text = "以人民为中心的发展思想、“双随机、一公开”和新发展理念"
    unit = TokenizedUnit(0, text, "", tuple(source_tokens(text, segmenter(), dictionary())), ())
    spans = source_spans(unit)
    shapes = source_shape(unit, spans, dictionary())
    assert shapes.min() >= 0 and shapes.max() <= candidates.FACTORS["most"]
