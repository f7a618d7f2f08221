"""Our word list: political words of today which a general dictionary lacks or glosses too narrowly.

``data/political_words.tsv`` holds one Chinese word a line, a tab, and its usual English words (";" between
alternatives). These are words, not terms: 担当 responsibility, 营商 business. A user's own file in the same format
is read on top of it. ``data/abbreviations.tsv`` holds common English abbreviations with their full forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from tmx.errors import FormatError, reads


@dataclass(frozen=True, slots=True)
class WordList:
    """Chinese words with their usual English words, in the order of the file."""

    entries: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The Chinese words."""
        return tuple(word for word, _ in self.entries)

    def joined(self, other: WordList) -> WordList:
        """Return both lists as one; a word in both has the English words of both."""
        merged: dict[str, tuple[str, ...]] = dict(self.entries)
        for word, english in other.entries:
            merged[word] = tuple(dict.fromkeys([*merged.get(word, ()), *english]))
        return WordList(tuple(merged.items()))


@reads("word list")
def read(path: Path) -> WordList:
    """Read a word list: Chinese, tab, English words with ";" between alternatives; lines with # are comments.

    Raises:
        FormatError: a line has no tab, or one side is empty.
    """
    entries: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        row = line.strip("\r ")
        if not row or row.startswith("#"):
            continue
        word, tab, english = row.partition("\t")
        alternatives = tuple(part.strip() for part in english.split(";") if part.strip())
        if not tab or not word.strip() or not alternatives:
            raise FormatError(f"{path}, line {number}: expected a word, a tab and its translations with ';' between")
        entries[word.strip()] = tuple(dict.fromkeys([*entries.get(word.strip(), ()), *alternatives]))
    return WordList(tuple(entries.items()))


@lru_cache(maxsize=1)
def default() -> WordList:
    """Return the list that comes with the product.

    >>> dict(default().entries)["担当"]
    ('responsibility', 'commitment', 'sense of responsibility')
    """
    with as_file(files("glossary") / "data" / "political_words.tsv") as path:
        return read(path)


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, str]:
    """Return common abbreviations in lower case with their full forms.

    >>> abbreviations()["gdp"]
    'gross domestic product'
    """
    with as_file(files("glossary") / "data" / "abbreviations.tsv") as path:
        return {word.lower(): english[0].lower() for word, english in read(path).entries}


def combined(paths: Sequence[Path]) -> WordList:
    """Return our list with the user's files on top of it."""
    result = default()
    for path in paths:
        result = result.joined(read(path))
    return result
