"""Reading back what a build wrote into OUT, for the commands that go on from there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from duiyi.decisions.binding import as_seen, words_of
from duiyi.decisions.model import AcceptTerm, Decision
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


def with_seen(out: Path, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return decisions so that those by which version 0.1 accepted a term bind too.

    Its journals do not say what was seen; the glossary in the output folder, which the decision shaped, does.
    """
    blind = {d.key for d in decisions if isinstance(d.verb, AcceptTerm) and d.seen is None}
    if not blind or not (out / GLOSSARY).is_file():
        return tuple(decisions)
    try:
        accepted = {e.id: e for e in load_glossary(out).entries if e.review == "accepted" and e.id in blind}
    except ToolError:  # somebody's changes have damaged it: the build sets it aside
        return tuple(decisions)
    return tuple(
        replace(d, seen=as_seen(accepted[d.key]), about=words_of(accepted[d.key]))
        if isinstance(d.verb, AcceptTerm) and d.seen is None and d.key in accepted
        else d
        for d in decisions
    )


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
