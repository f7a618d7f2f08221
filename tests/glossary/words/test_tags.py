"""Light tags: where they decide what may be a term."""

import pytest

from glossary.words.tags import tag
from glossary.words.tokens import target_tokens


@pytest.mark.parametrize(
    ("sentence", "word", "expected"),
    [
        ("Vaccines are a global public good, and more.", "good", "NN"),
        ("We are building a strong military.", "military", "NN"),
        ("It is a strong, modern country.", "strong", "JJ"),
        ("The plan is for building a modern country.", "building", "VBG"),
        ("The building of schools goes on.", "building", "NN"),
        ("The river of history surges forward.", "surges", "VBZ"),
        ("The leadership overcame many difficulties.", "overcame", "VBD"),
    ],
)
def test_a_word_in_its_sentence(sentence: str, word: str, expected: str) -> None:
    forms = [token.text for token in target_tokens(sentence)]
    assert tag(forms)[forms.index(word)] == expected
