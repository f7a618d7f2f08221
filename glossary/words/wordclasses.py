"""Closed classes of words, read from ``data/word_classes.toml`` so that a linguist can review them."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads((files("glossary") / "data" / "word_classes.toml").read_text(encoding="utf-8"))


def chinese(name: str) -> tuple[str, ...]:
    """Return a class of Chinese words, in the order of the file.

    >>> "的" in chinese("function_words")
    True
    """
    return tuple(_tables()["chinese"][name].split())


def english(name: str) -> tuple[str, ...]:
    """Return a class of English words, in the order of the file.

    >>> english("ordinals")[3]
    'third'
    """
    return tuple(_tables()["english"][name].split())


def closed_tags() -> dict[str, str]:
    """Return the tag of every English word whose tag is given outright.

    >>> closed_tags()["of"]
    'IN'
    """
    return {word: tag for tag, words in _tables()["english"]["tags"].items() for word in words.split()}
