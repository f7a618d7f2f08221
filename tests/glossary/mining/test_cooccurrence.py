"""What recurs together is found though no dictionary knows it; what always has one neighbour is known as a piece."""

import numpy as np
import pytest

from glossary.mining import cooccurrence
from glossary.mining.candidates import Spans, source_spans, target_spans
from glossary.mining.linking import TokenizedUnit
from glossary.words.glosses import dictionary
from glossary.words.tokens import segmenter, source_tokens, target_tokens

TEXTS = [
    ("助理总裁李先生出席会议。", "Mr Li, Executive Director, attended the meeting."),
    ("助理总裁负责培训。", "The Executive Director is in charge of training."),
    ("银行今年开会。", "The bank met this year."),
    ("学校明天开放。", "The school opens tomorrow."),
    ("天气很好。", "The weather is fine."),
    ("农民种植水稻。", "Farmers grow rice."),
    ("工厂生产汽车。", "The factory makes cars."),
    ("医院救治病人。", "The hospital treats patients."),
    *[("孩子们在学习。", "Children study.")] * 12,
]


@pytest.fixture(scope="module")
def units():
    return [
        TokenizedUnit(number, zh, en, tuple(source_tokens(zh, segmenter(), dictionary())), tuple(target_tokens(en)))
        for number, (zh, en) in enumerate(TEXTS)
    ]


def span_of(spans, tokens, text):
    for line, (start, end) in enumerate(zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)):
        if "".join(token.text + " " * token.text.isascii() for token in tokens[start:end]).strip() == text:
            return line
    raise AssertionError(f"no span {text}")


def test_two_spans_that_stand_in_the_same_units_go_together(units):
    together = cooccurrence.learn(units)
    unit = units[1]
    source, target = source_spans(unit), target_spans(unit)
    joint = together.of(unit, source, target)
    wanted = (span_of(source, unit.source, "助理总裁"), span_of(target, unit.target, "Executive Director"))
    found = dict(zip(zip(joint.rows.tolist(), joint.columns.tolist(), strict=True), joint.values.tolist(), strict=True))
    assert found[wanted] == pytest.approx(2 / 3)  # in all units of either, damped for being two
    assert joint.source_units[wanted[0]] == joint.target_units[wanted[1]] == 2
    other = span_of(source, unit.source, "培训")
    assert other not in joint.rows


def test_a_piece_that_always_has_the_same_neighbour_is_bound_and_the_whole_is_not(units):
    together = cooccurrence.learn(units)
    unit = units[0]
    source = source_spans(unit)
    joint = together.of(unit, source, target_spans(unit))
    assert joint.source_bound[span_of(source, unit.source, "总裁")] == pytest.approx(2 / 3)
    assert joint.source_bound[span_of(source, unit.source, "助理总裁")] == pytest.approx(1 / 3)


def test_units_without_anything_in_common_have_no_counts(units):
    together = cooccurrence.learn(units[2:8])
    joint = together.of(units[2], source_spans(units[2]), target_spans(units[2]))
    assert len(joint.rows) == 0 and set(joint.source_units.tolist()) == {1}
    nothing = cooccurrence.learn([])
    assert len(nothing.of(units[2], Spans(np.array([0]), np.array([1])), Spans(np.array([0]), np.array([1]))).rows) == 0


def test_a_span_has_one_number_however_it_is_cut_into_words():
    whole, parts = source_tokens("总裁", segmenter()), source_tokens("总裁", segmenter())
    one = cooccurrence.source_hashes(whole, Spans(np.array([0]), np.array([len(whole)])))
    split = [type(whole[0])(sign, n, n + 1, sign, "n", True) for n, sign in enumerate("总裁")]
    other = cooccurrence.source_hashes([*parts[:0], *split], Spans(np.array([0]), np.array([2])))
    assert one.tolist() == other.tolist()


def test_what_stands_together_no_more_than_chance_is_not_significant():
    counts = np.array([[2.0, 10.0, 10.0], [5.0, 5.0, 5.0]])
    chance, sure = (cooccurrence.log_likelihood(*(row[k : k + 1] for k in range(3)), 50)[0] for row in counts)
    assert chance < 1 and sure > cooccurrence.SIGNIFICANT
