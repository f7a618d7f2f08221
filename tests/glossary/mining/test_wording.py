"""Other wordings told from forms of one wording."""

import pytest

from glossary.mining.wording import is_another_wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("community of common destiny", "community with a shared future"),
        ("community of common destiny for mankind", "community with a shared future for mankind"),
        ("build a community of common destiny for mankind", "building a community with a shared future for mankind"),
        ("barrier-free facilities", "accessible facilities on campus"),
        ("integrity", "good faith"),
    ],
)
def test_other_words_are_another_wording(one: str, other: str) -> None:
    assert is_another_wording(one, other) and is_another_wording(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WTO", "World Trade Organization"),
        ("reform of the WTO", "reform of the World Trade Organization"),
        ("mixed-ownership reform", "mixed ownership reforms"),
        ("East Asia", "East Asian"),
        ("prudent regulation", "prudential regulation"),
        ("national park-based", "national parks"),
        ("food, drugs", "food and drugs"),
        ("urban governance", "governance of urban and rural areas"),
        ("ecological water protection", "ecological water conservation"),
    ],
)
def test_forms_of_one_wording(one: str, other: str) -> None:
    assert not is_another_wording(one, other) and not is_another_wording(other, one)


def test_an_abbreviation_is_known_by_its_full_form() -> None:
    assert not is_another_wording("GDI", "Global Growth Plan", {"gdi": "Global Growth Plan"})
