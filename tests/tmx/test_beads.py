import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmx.beads import format_bead, links, read_anchors, read_links
from tmx.errors import FormatError
from tmx.model import Bead


def test_a_bead_is_written_as_aligners_exchange_it():
    assert format_bead(Bead((0, 1), (0, 2), confidence=0.93)) == "[0]:[0, 1]:0.93"


def test_both_forms_are_read(tmp_path):
    (tmp_path / "beads").write_text("[0]:[0, 1]:0.93\n[]:[2]:0.5\n[1]:[]\n", encoding="utf-8")
    (tmp_path / "links").write_text("1\t1,2\n-\t3\n2\t-\n", encoding="utf-8")
    assert read_links(tmp_path / "beads") == read_links(tmp_path / "links") == [((0,), (0, 1)), ((), (2,)), ((1,), ())]


def test_a_line_that_is_no_bead_is_named(tmp_path):
    (tmp_path / "beads").write_text("[0]:[0]:1\n\n0-0 1-1\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"beads, line 3: not a bead"):
        read_links(tmp_path / "beads")


def test_an_anchor_with_a_hole_is_refused(tmp_path):
    (tmp_path / "anchors").write_text("[0, 2]:[0]\n", encoding="utf-8")
    with pytest.raises(FormatError, match="not neighbours"):
        read_anchors(tmp_path / "anchors")


runs = st.tuples(st.integers(0, 9), st.integers(0, 3)).map(lambda run: (run[0], run[0] + run[1]))


@given(st.lists(st.builds(Bead, runs, runs), min_size=1))
def test_what_is_written_reads_back(tmp_path_factory, beads):
    path = tmp_path_factory.mktemp("beads") / "beads"
    path.write_text("".join(format_bead(bead) + "\n" for bead in beads), encoding="utf-8")
    assert read_links(path) == links(beads)
