"""Words that are mistaken for their opposites: 同比 and 环比, imports and exports."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from tmx.checks.model import Doubt, doubt, sides
from tmx.model import TranslationUnit


class _Word(NamedTuple):
    """How texts say one of two opposites, and how besides they may say it, as ``tmx/data/opposites.toml`` has it."""

    chinese: re.Pattern[str]
    any_chinese: re.Pattern[str]
    english: re.Pattern[str]
    any_english: re.Pattern[str]


def opposites_differ(unit: TranslationUnit) -> Iterator[Doubt]:
    """The Chinese says one of two opposites alone, and the English the other one alone."""
    if not (texts := sides(unit)) or not _any_word().search(texts[0]):
        return
    for one, other in _opposites():
        there, here = one.chinese.search(texts[0]), other.english.search(texts[1])
        if there and here and not other.any_chinese.search(texts[0]) and not one.any_english.search(texts[1]):
            message = f"{there[0]} in the Chinese, {here[0]} in the English"
            yield doubt(unit, message, (there.span(),), (here.span(),))


@cache
def _opposites() -> tuple[tuple[_Word, _Word], ...]:
    """Return each pair of opposites in both orders."""
    table = tomllib.loads((files("tmx") / "data" / "opposites.toml").read_text(encoding="utf-8"))
    pairs = [(_word(pair["one"]), _word(pair["other"])) for pair in table["pair"]]
    return tuple(order for pair in pairs for order in (pair, pair[::-1]))


def _word(row: dict[str, str]) -> _Word:
    english = [rf"(?i:\b(?:{form})\b)" for form in (row["english"], f"{row['english']}|{row['english_too']}")]
    return _Word(
        re.compile(row["chinese"]),
        re.compile(f"{row['chinese']}|{row['chinese_too']}"),
        re.compile(english[0]),
        re.compile(english[1]),
    )


@cache
def _any_word() -> re.Pattern[str]:
    return re.compile("|".join(one.chinese.pattern for one, _ in _opposites()))
