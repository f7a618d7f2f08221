from tmx.model import Bead


def test_shape_counts_both_sides() -> None:
    assert Bead((0, 1), (2, 4)).shape == "1-2"
