"""The word list and files of the same format."""

from pathlib import Path

import pytest

from glossary.words import wordlist
from tmx.errors import FormatError


def test_a_users_file_is_read_on_top(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text("# mine\n担当\tcommitment; shouldering\n云上\tonline\n", encoding="utf-8")
    entries = dict(wordlist.combined([path]).entries)
    assert entries["云上"] == ("online",)
    assert entries["担当"] == ("responsibility", "commitment", "sense of responsibility", "shouldering")


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text("担当\tcommitment\n云上 online\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"words.tsv, line 2"):
        wordlist.read(path)


def test_our_list_is_of_reviewable_size_with_each_word_once() -> None:
    words = wordlist.default().words
    assert 300 <= len(words) <= 500
    assert len(set(words)) == len(words)
    assert max(map(len, words)) <= 6
