"""The program that fits the aligner's weights: its gradient is right, and fitting makes gold more probable."""

import numpy as np
import pytest

SOURCE = [
    "第一章",
    "春天来了，山上的雪开始融化。",
    "老人带着孙子去河边钓鱼，中午才回家。",
    "孙子钓到三条鱼，非常高兴。",
    "“明天还来吗？”他问。",
    "老人笑了。",
    "第二天下雨，他们留在家里下棋。",
    "孙子输了两盘。",
]
TARGET = [
    "Spring came, and the snow on the mountain began to melt.",
    "The old man took his grandson fishing by the river.",
    "They did not come home until noon.",
    "The grandson caught three fish and was very happy.",
    "“Shall we come again tomorrow?” he asked.",
    "The old man laughed.",
    "The next day it rained and they stayed at home to play chess; the grandson lost two games.",
]
GOLD = [((1,), (0,)), ((2,), (1, 2)), ((3,), (3,)), ((4,), (4,)), ((5,), (5,)), ((6, 7), (6,))]


@pytest.fixture(scope="module")
def program(load_program):
    return load_program("fit_alignment")


@pytest.fixture(scope="module")
def learnt(program):
    return program.stretches(program.Sample("story", SOURCE, TARGET, GOLD))


def total(learnt, values):
    return sum(stretch.loss(values)[0] for stretch in learnt)


def test_the_gradient_is_that_of_the_loss(program, learnt):
    values, step = program.hand_set(), 1e-2  # the parts are of 32 bits: a smaller step measures their rounding
    slope = sum(stretch.loss(values)[1] for stretch in learnt)
    for place in range(0, len(values), 5):
        aside = step * np.eye(len(values))[place]
        measured = (total(learnt, values + aside) - total(learnt, values - aside)) / (2 * step)
        assert slope[place] == pytest.approx(measured, rel=2e-2, abs=1e-2), program.NAMES[place]


def test_fitting_makes_gold_more_probable_and_says_the_same_twice(program, learnt):
    fitted = program.fit(learnt)
    assert total(learnt, fitted) < total(learnt, program.hand_set())
    assert np.array_equal(fitted, program.fit(learnt))


def test_fitted_weights_are_weights_of_the_aligner(program, learnt):
    from tmx.alignment.aligner import AlignmentOptions, align

    beads = align(SOURCE, TARGET, AlignmentOptions(weights=program.weights(program.fit(learnt))))
    found = {(tuple(range(*bead.source)), tuple(range(*bead.target))) for bead in beads}
    assert found >= set(GOLD)


def test_no_weight_of_a_document_left_out_was_fitted_or_chosen_on_it(program, learnt, monkeypatch, capsys):
    samples = [program.Sample(name, SOURCE, TARGET, GOLD) for name in ("one", "two")]
    known = {"one": [object()], "two": [object()]}
    fitted, chosen = [], []
    monkeypatch.setattr(program, "fit", lambda stretches: fitted.append(stretches) or program.present())
    monkeypatch.setattr(
        program, "with_vectors", lambda others, *_: chosen.append(others) or {(5.0, -0.5): {"x": program.Score()}}
    )
    program.cross_validate(samples, known, 2, lambda texts: np.ones((len(texts), 2), np.float32))
    assert fitted == [known["two"], known["one"]]
    assert chosen == [[samples[1]], [samples[0]]]
    assert len(capsys.readouterr().out.splitlines()) == 3
