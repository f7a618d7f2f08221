import pytest

from tmx.alignment import punctuation


@pytest.mark.parametrize(
    ("text", "begins", "closed", "mark"),
    [
        ("“走吧！”", 1, 1, punctuation.EXCLAMATION),
        ("「走吧。」", 1, 1, punctuation.FULL_STOP),
        ("'Well?'", 1, 1, punctuation.QUESTION),
        ('"Well," he said.', 1, 0, punctuation.FULL_STOP),
        ("The boy's legs don't hurt.", 0, 0, punctuation.FULL_STOP),
        ("他说：", 0, 0, punctuation.COLON),
        ("A part", 0, 0, punctuation.NO_MARK),
        ("", 0, 0, punctuation.NO_MARK),
    ],
)
def test_edges_of_one_sentence(text, begins, closed, mark):
    edges = punctuation.edges([text])
    assert edges.starts[0] == begins
    assert edges.ends[0] % punctuation.MARKS == mark
    assert edges.ends[0] // punctuation.MARKS % 2 == closed


def test_a_quote_stays_open_until_it_is_closed():
    codes = punctuation.edges(["'Live or die!", "My word is my wand!'", "He left."]).ends
    assert [int(code) // (2 * punctuation.MARKS) for code in codes] == [1, 0, 0]
