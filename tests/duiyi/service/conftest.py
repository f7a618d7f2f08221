"""A small output folder as a build writes it, without the minutes a build takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from duiyi.lookup import FILE, write_index
from glossary.files.tbx import write_tbx
from glossary.model import ConceptEntry, Glossary, Rendering, Variant
from tmx.model import TranslationUnit

ENTRIES = (
    ConceptEntry("c1", "外交", (Rendering("diplomacy"),)),
    ConceptEntry(
        "c2",
        "大国外交",
        (Rendering("major-country diplomacy"), Rendering("big-country diplomacy", "deprecated")),
        review="accepted",
    ),
    ConceptEntry("c3", "一带一路", (Rendering("Belt and Road Initiative"),), variants=(Variant("带路", "short form"),)),
    ConceptEntry("c4", "图书馆", (Rendering("library"),), review="rejected"),
)
UNITS = (
    TranslationUnit(
        "u1", "中国外交开创了新局面。", "China's diplomacy broke new ground.", document="a.txt", date="2021"
    ),
    TranslationUnit("u2", "共建一带一路。", "Jointly build the Belt and Road.", document="b.txt"),
)


def write_out(
    out: Path, entries: tuple[ConceptEntry, ...] = ENTRIES, units: tuple[TranslationUnit, ...] = UNITS
) -> None:
    out.mkdir(exist_ok=True)
    (out / ".duiyi").mkdir(exist_ok=True)
    write_tbx(Glossary(entries), out / "glossary.tbx")
    write_index(units, out / FILE)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    write_out(tmp_path / "out", ENTRIES, UNITS)
    return tmp_path / "out"


@pytest.fixture
def build_again(out: Path) -> Callable[[ConceptEntry, TranslationUnit], None]:
    """Write the folder as the next build would, with one entry and one unit more."""
    return lambda entry, unit: write_out(out, (*ENTRIES, entry), (*UNITS, unit))
