"""Reading back what a build wrote into OUT, for the commands that go on from there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from glossary.model import Glossary
from glossary.tbx import read_tbx
from tmx.errors import ToolError
from tmx.model import TranslationUnit
from tmx.tmx14 import read_tmx

MEMORY, ALTERNATIVES = "memory.tmx", "memory.alternatives.tmx"
GLOSSARY, TABLE, WORKBOOK = "glossary.tbx", "glossary.csv", "glossary.xlsx"


def load_glossary(out: Path) -> Glossary:
    """Return the glossary of an output folder, from its TBX file, which holds everything."""
    return read_tbx(_existing(out, GLOSSARY))


def load_units(out: Path) -> Iterator[TranslationUnit]:
    """Yield the units of an output folder, those with another target for the same source too."""
    yield from read_tmx(_existing(out, MEMORY))
    if (out / ALTERNATIVES).is_file():
        yield from read_tmx(out / ALTERNATIVES)


def _existing(out: Path, name: str) -> Path:
    if not out.is_dir():
        raise ToolError(f"{out}: no such folder; name the one which duiyi build wrote (-o)")
    if not (out / name).is_file():
        raise ToolError(f"{out}: has no {name}; run duiyi build into it first")
    return out / name
