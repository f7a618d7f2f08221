import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmx.alignment.evaluation import Score, score

GOLD = [((0,), (0, 1)), ((1,), ()), ((2, 3), (2,)), ((), (3,)), ((4,), (4,))]


def test_gold_against_itself_is_perfect():
    assert score(GOLD, GOLD) == Score(5, 5, 5, 3, 3, 3)
    assert score(GOLD, GOLD).strict == score(GOLD, GOLD).lax == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("test", "strict", "lax"),
    [
        # One of two beads right, the other shares a sentence with gold on both sides.
        ([((0,), (0,)), ((4,), (4,))], (1 / 2, 1 / 3), (1.0, 2 / 3)),
        # A one-sided bead counts for precision only.
        ([((0,), (0, 1)), ((1,), ()), ((2,), ()), ((3,), (2,))], (2 / 4, 1 / 3), (3 / 4, 2 / 3)),
        # Sharing a sentence on one side only is wrong.
        ([((0,), (2,))], (0.0, 0.0), (0.0, 0.0)),
    ],
)
def test_strict_and_lax_as_defined_by_vecalign(test, strict, lax):
    found = score(GOLD, test)
    assert found.strict[:2] == pytest.approx(strict)
    assert found.lax[:2] == pytest.approx(lax)


def test_counts_are_summed_over_documents():
    both = score(GOLD, GOLD) + score(GOLD, [((0,), (0,))])
    assert (both.test, both.test_strict, both.gold, both.gold_lax) == (6, 5, 6, 4)


def test_nothing_scores_nothing():
    assert score([], []).strict == (0.0, 0.0, 0.0)


@st.composite
def alignments(draw):
    beads, row, column = [], 0, 0
    for a, b in draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any), max_size=12)):
        beads.append((tuple(range(row, row + a)), tuple(range(column, column + b))))
        row, column = row + a, column + b
    return beads


@given(alignments(), alignments())
def test_lax_is_never_below_strict_and_all_are_shares(gold, test):
    found = score(gold, test)
    for strict, lax in zip(found.strict, found.lax, strict=True):
        assert 0 <= strict <= lax <= 1
