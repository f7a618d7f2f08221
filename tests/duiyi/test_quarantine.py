"""A document of which a result cannot be made never stops the others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import duiyi.build as building
from duiyi.cli import main
from tmx.errors import UnfaithfulError
from tmx.model import TranslationUnit
from tmx.tmx14 import read_tmx, write_tmx


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(5):
        poison = "毒药。\n\nPoison.\n\n" if number == 3 else ""
        text = f"{poison}第{number}号，和平来之不易。\n\nNumber {number}, peace is hard-won.\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnfaithfulError("memory.tmx: unit 1 does not read back as it was written"), "does not read back"),
        (ValueError("odd"), "a fault in duiyi (ValueError: odd)"),
    ],
)
def test_the_rest_is_complete_and_the_document_is_named(
    documents: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    said: str,
) -> None:
    tried = []

    def failing(units: Iterable[TranslationUnit], *arguments: Any) -> Any:
        held = list(units)
        tried.append(len(held))
        if any("毒" in unit.source for unit in held):
            raise error
        return write_tmx(held, *arguments)

    monkeypatch.setattr(building, "write_tmx", failing)
    out = tmp_path / "out"
    assert main(["build", str(documents), "-o", str(out)]) == 3
    printed = capsys.readouterr().err
    assert "3.txt" in printed and said in printed
    sources = [unit.source for unit in read_tmx(out / "memory.tmx")]
    assert sorted(source[1] for source in sources) == ["0", "1", "2", "4"]
    assert (out / "glossary.xlsx").exists() and (out / "report.html").exists()
    assert not list((out / ".duiyi").glob("tmp*"))
    tried.clear()
    assert main(["build", str(documents), "-o", str(out)]) == 3  # it is known by now
    assert tried == [] and "3.txt" in capsys.readouterr().err


def test_a_fault_of_all_documents_together_is_not_laid_on_one(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(units: Iterable[TranslationUnit], *arguments: Any) -> Any:
        if len(list(units)) > 5:
            raise UnfaithfulError("memory.tmx: too many")
        return write_tmx([], *arguments)

    monkeypatch.setattr(building, "write_tmx", failing)
    with pytest.raises(UnfaithfulError, match="too many"):
        building.build([documents], tmp_path / "out")
