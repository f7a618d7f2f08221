"""Reading back what a build wrote into OUT, for the commands that go on from there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from glossary.files.tbx import read_tbx
from glossary.model import Glossary
from tmx.errors import ToolError
from tmx.model import TranslationUnit
from tmx.tmx14 import read_tmx

MEMORY, ALTERNATIVES = "memory.tmx", "memory.alternatives.tmx"
GLOSSARY, TABLE, WORKBOOK = "glossary.tbx", "glossary.csv", "glossary.xlsx"
PATTERNS = "glossary.patterns.csv"
WRITTEN = (MEMORY, ALTERNATIVES, "memory.db", GLOSSARY, TABLE, WORKBOOK, PATTERNS, "report.html", "manifest.json")
EDITED = re.compile(r"edited(-\d+)?")  # how a build names a file that somebody changed


def load_glossary(out: Path) -> Glossary:
    """Return the glossary of an output folder, from its TBX file, which holds everything."""
    return read_tbx(_existing(out, GLOSSARY))


def load_units(out: Path) -> Iterator[TranslationUnit]:
    """Yield the units of an output folder, those with another target for the same source last."""
    paths = memory_files(out)
    if not paths:
        _existing(out, MEMORY)
    for path, _ in paths:
        yield from read_tmx(path)


def memory_files(out: Path) -> list[tuple[Path, bool]]:
    """Return the files of the memory, which may be split by document or size, and whether each is of the chosen units.

    Files of the other direction, of low confidence, and set aside because somebody edited them are not among them;
    those of other targets come last.
    """
    found = []
    for path in sorted(out.glob("memory*.tmx")):
        parts = set(path.name.split(".")[1:-1])
        if not parts & {"reverse", "low-confidence"} and not any(EDITED.fullmatch(part) for part in parts):
            found.append((path, "alternatives" not in parts))
    return sorted(found, key=lambda item: not item[1])


def _existing(out: Path, name: str) -> Path:
    if not out.is_dir():
        raise ToolError(f"{out}: no such folder; name the one which duiyi build wrote (-o)")
    if not (out / name).is_file():
        raise ToolError(f"{out}: has no {name}; run duiyi build into it first")
    return out / name
