"""Spans that may be terms, and the names that must not be cut."""

import pytest

from glossary.candidates import inside_name, name_runs
from glossary.tokens import target_tokens


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


def test_a_piece_of_a_name_is_told_from_a_whole_name() -> None:
    runs = name_runs(target_tokens("He met the World Trade Organization today."))
    assert [inside_name(runs, *span) for span in ((3, 5), (4, 6), (3, 6), (6, 7))] == [True, True, False, False]
