"""The lattice sums the same both ways, and what it says of likely beads and of missing text holds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmx.alignment import coarse, lexicon, search, similarity
from tmx.alignment.coarse import Band
from tmx.alignment.search import MAX_RUN, Found, Lattice, Weights

SOURCE = ("外交", "工作", "取得", "成功。", "和平！", "发展？", "2021年", "“合作”")
TARGET = ("diplomacy", "work", "success.", "peace!", "development?", "in 2021", '"cooperation"', "again")


def texts(words: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    sentence = st.lists(st.sampled_from(words), min_size=1, max_size=5).map(" ".join)
    return st.lists(sentence, min_size=1, max_size=9)


def solved(source: list[str], target: list[str], band: Band | None = None) -> Lattice:
    evidence = similarity.gather(source, target, lexicon.load())
    n, m = len(source), len(target)
    return Lattice(evidence, band or coarse.band(coarse.path(evidence), n, m), Weights(), 0, n, 0, m).solve()


@settings(deadline=None, max_examples=60)
@given(texts(SOURCE), texts(TARGET))
def test_both_directions_sum_to_the_same(source: list[str], target: list[str]) -> None:
    lattice = solved(source, target)
    forward, backward = lattice.before[-1, -1], lattice.after[MAX_RUN, MAX_RUN]
    assert forward == pytest.approx(backward, rel=1e-5, abs=1e-3)


@settings(deadline=None, max_examples=60)
@given(texts(SOURCE), texts(TARGET))
def test_every_sentence_lies_in_one_bead(source: list[str], target: list[str]) -> None:
    lattice = solved(source, target)
    paired = np.zeros(len(source))
    for block in lattice.blocks:
        for (a, _), shares in zip(lattice.shapes, block.partial.sum(axis=2), strict=True):
            for row, share in enumerate(shares, block.first):
                paired[max(row + 1 - a, 0) : row + 1] += share
    assert (paired < 1 + 1e-3).all()
    assert [bead.source for bead in lattice.path()] == sorted(bead.source for bead in lattice.path())


@settings(deadline=None, max_examples=60)
@given(texts(SOURCE), texts(TARGET))
def test_likely_beads_do_not_overlap_and_lie_in_the_narrower_band(source: list[str], target: list[str]) -> None:
    lattice = solved(source, target)
    band = coarse.widened(*lattice.narrowed(), len(target))
    assert (np.diff(band.left) >= 0).all()
    assert (np.diff(band.right) >= 0).all()
    row = column = 0
    for bead in lattice.likely():
        assert bead.source[0] >= row
        assert bead.target[0] >= column
        row, column = bead.source[1], bead.target[1]
        assert band.left[row] <= column <= band.right[row]
    again = solved(source, target, band)
    assert again.before[-1, -1] == pytest.approx(lattice.before[-1, -1], rel=1e-3, abs=0.05)


@pytest.fixture(scope="module")
def evidence():
    return similarity.gather(["他来了。"] * 40, ["He came."] * 40, lexicon.load())


def test_beside_a_missing_block_an_omission_is_likelier_than_far_from_it(evidence):
    beads = [Found((row, row + 1), (row, row + 1), 1.0) for row in range(10)]
    beads += [Found((row, row + 1), (10, 10), 1.0) for row in range(10, 14)]
    beads += [Found((row, row + 1), (row - 4, row - 3), 1.0) for row in range(14, 40)]
    beads += [Found((40, 40), (row, row + 1), 0.1) for row in range(36, 40)]
    expected = search.expecting_omissions(evidence, beads)
    alone = expected.source.alone
    assert alone[10:14].min() > 1 > alone[3] > alone[30:].max()
    assert alone[30:].max() < 1e-9
    assert expected.target.alone[:20].max() < 1e-9


def gapped(gaps):
    """Beads of forty source sentences, of which those in ``gaps`` have no counterpart."""
    beads = []
    column = 0
    for row in range(40):
        step = row not in gaps
        beads.append(Found((row, row + 1), (column, column + step), 1.0))
        column += step
    return beads


def test_a_document_with_many_gaps_has_more_and_one_without_has_few(evidence):
    def far(gaps):
        return search.expecting_omissions(evidence, gapped(gaps)).source.alone[-1]

    assert far([]) < 0 < far([2, 5, 8, 11, 14])
    assert far(range(5, 10)) < far([5, 9])  # one gap, however long


def test_a_single_omission_does_not_speak_for_itself(evidence):
    beads = [Found((row, row + 1), (20, 20) if row == 20 else (row, row + 1), 1.0) for row in range(40)]
    alone = search.expecting_omissions(evidence, beads).source.alone
    assert alone[20] < alone[19]
    assert np.isfinite(alone).all()
