from typing import get_args

import pytest

from glossary.model import Reason, ReasonCode
from glossary.reasons import from_words, in_words
from tmx.messages import load


def test_every_reason_has_its_words() -> None:
    assert set(load("en").section("reason")) == set(get_args(ReasonCode))


@pytest.mark.parametrize("code", get_args(ReasonCode))
def test_words_in_a_file_are_the_same_reason_again(code: ReasonCode) -> None:
    reason = Reason(code, ("12", "0.97")[: load("en")(f"reason.{code}").count("{}")])
    assert from_words(in_words(reason)) == reason
