"""Term extraction from end to end."""

from collections.abc import Iterable

import pytest

from glossary import ExtractionOptions, extract_terms
from glossary.extraction import find_abbreviations
from glossary.model import Glossary
from tmx.model import TranslationUnit

PAIRS = [
    ("中国坚持多边主义，反对单边主义。", "China upholds multilateralism and opposes unilateralism."),
    ("我们要加强知识产权保护。", "We will strengthen intellectual property protection."),
    ("“云课堂”帮助学生学习。", "The “cloud classroom” helps students learn."),
    ("王毅出席了北京论坛。", "Wang Yi attended the Beijing Forum."),
]


def units(pairs: Iterable[tuple[str, str]]) -> list[TranslationUnit]:
    return [TranslationUnit(id=f"u{number}", source=zh, target=en) for number, (zh, en) in enumerate(pairs)]


def found(glossary: Glossary) -> dict[str, str]:
    return {entry.term: entry.preferred.text for entry in glossary.entries}


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return extract_terms(units(PAIRS))


@pytest.mark.parametrize(
    ("term", "rendering"),
    [
        ("多边主义", "multilateralism"),
        ("单边主义", "unilateralism"),
        ("云课堂", "cloud classroom"),
        ("王毅", "Wang Yi"),
        ("北京论坛", "Beijing Forum"),
        ("知识产权保护", "intellectual property protection"),
    ],
)
def test_terms_of_plain_sentences(glossary: Glossary, term: str, rendering: str) -> None:
    assert found(glossary).get(term) == rendering


def test_english_to_chinese_units_are_turned_round() -> None:
    turned = [
        TranslationUnit(id="u", source=en, target=zh, source_language="en-GB", target_language="zh-Hans")
        for zh, en in PAIRS
    ]
    assert found(extract_terms(turned)) == found(extract_terms(units(PAIRS)))


def test_nothing_comes_of_nothing() -> None:
    assert extract_terms([]).entries == ()
    assert extract_terms(units([("", ""), ("，", "!")])).entries == ()


def test_strictness_only_takes_away() -> None:
    lists = [
        set(found(extract_terms(units(PAIRS), ExtractionOptions(strictness=level))))
        for level in ("strict", "balanced", "wide")
    ]
    assert lists[0] <= lists[1] <= lists[2]


def test_abbreviations_are_read_from_the_text() -> None:
    texts = ["the World Health Organization (WHO) and the Belt and Road Initiative (BRI); a Thing (XYZ)"]
    assert find_abbreviations(texts) == {"who": "World Health Organization", "bri": "Belt and Road Initiative"}
