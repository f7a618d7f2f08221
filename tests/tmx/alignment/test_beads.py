import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmx.alignment.beads import Anchors, format_bead, links, read_anchors, read_links
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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[0, 2]:[0]", r"line 1: the Chinese sentences \[0, 2\] are not neighbours"),
        ("\n[0]:[9]", r"line 2: English sentence 9 does not exist: the text has 5 \(0 to 4\)"),
        ("6\t1", r"line 1: Chinese sentence 6 does not exist: the text has 5 \(1 to 5\)"),
        ("0\t1", "line 1: sentence 0 does not exist"),
        ("[0]:[0]\n[0, 1]:[2]", "lines 1 and 2: Chinese sentence 0 is in both"),
        ("[0]:[0]\n[]:[0]", "lines 1 and 2: English sentence 0 is in both"),
        ("[2]:[0]\n[3]:[4]\n[1]:[3]", "lines 1 and 3: cross one another"),
    ],
)
def test_an_anchor_that_cannot_hold_is_named_with_its_line(text, message, tmp_path):
    (tmp_path / "anchors").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(FormatError, match=f"anchors, {message}"):
        read_anchors(tmp_path / "anchors", 5, 5)


def test_anchors_with_an_empty_side_are_sentences_left_alone(tmp_path):
    (tmp_path / "anchors").write_text("[3]:[3]\n[0]:[]\n[]:[1, 2]\n[0]:[]\n", encoding="utf-8")
    known = read_anchors(tmp_path / "anchors", 5, 5)
    assert known == Anchors((Bead((3, 4), (3, 4)),), (0,), (1, 2))


runs = st.tuples(st.integers(0, 9), st.integers(0, 3)).map(lambda run: (run[0], run[0] + run[1]))


@given(st.lists(st.builds(Bead, runs, runs), min_size=1))
def test_what_is_written_reads_back(tmp_path_factory, beads):
    path = tmp_path_factory.mktemp("beads") / "beads"
    path.write_text("".join(format_bead(bead) + "\n" for bead in beads), encoding="utf-8")
    assert read_links(path) == links(beads)
