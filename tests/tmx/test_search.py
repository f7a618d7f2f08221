"""What the search expects of sentences without a counterpart."""

import numpy as np
import pytest

from tmx.lexicon import load
from tmx.search import Found, expecting_omissions
from tmx.similarity import gather


@pytest.fixture(scope="module")
def evidence():
    return gather(["他来了。"] * 40, ["He came."] * 40, load())


def test_beside_a_missing_block_an_omission_is_likelier_and_far_from_it_as_usual(evidence):
    beads = [Found((row, row + 1), (row, row + 1), 1.0) for row in range(10)]
    beads += [Found((row, row + 1), (10, 10), 1.0) for row in range(10, 14)]
    beads += [Found((row, row + 1), (row - 4, row - 3), 1.0) for row in range(14, 40)]
    beads += [Found((40, 40), (row, row + 1), 0.1) for row in range(36, 40)]
    expected = expecting_omissions(evidence, beads)
    alone = expected.source.alone
    assert alone[10:14].min() > 1 > alone[3] > alone[30:].max()
    assert alone[30:].max() < 1e-9
    assert expected.target.alone[:20].max() < 1e-9


def test_a_single_omission_does_not_speak_for_itself(evidence):
    beads = [Found((row, row + 1), (20, 20) if row == 20 else (row, row + 1), 1.0) for row in range(40)]
    alone = expecting_omissions(evidence, beads).source.alone
    assert alone[20] < 1e-9 < alone[19]
    assert np.isfinite(alone).all()
