"""Builds the dictionary's tables in the first run, in two processes where there are two cores, and says how far it is.

The first table that is missing (``tmx.cache``) has all built that the command is going to need. Its own work begins
only when they are there, so that no two worker processes build the same.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from duiyi.version import PACKAGES
from tmx import cache
from tmx.messages import tell

Tables = tuple[cache.Table[Any], ...]
BESIDE = ("english-roles", "glosses", "gloss-vectors")  # take as long as all others together, and are built beside them


def steps(*, terms: bool) -> tuple[Tables, ...]:
    """Return the tables that aligning needs and, with ``terms``, those of the glossary, in the order to build them."""
    from tmx import cedict, healing
    from tmx.alignment import lexicon, names
    from tmx.checks.names import NAMES

    aligning: tuple[Tables, ...] = (
        (cedict.ENTRIES, cedict.SIMPLIFICATION, names.READINGS, NAMES, healing.WORDS),
        (lexicon.STEMS, lexicon.LEXICON),
    )
    if not terms:
        return aligning
    from glossary.words import frequency, glosses, tags, tokens

    return (
        *aligning,
        (*frequency.FREQUENCIES.values(), tokens.WORDS),
        (tags.ROLES, glosses.GLOSSES),
        (glosses.VECTORS,),
    )


@dataclass(slots=True)
class _Wanted:
    """What the command that runs now is going to need, and whether it may say so."""

    terms: bool = False
    quiet: bool = False
    told: bool = False  # that nothing can be kept
    prepared: int = 0  # 1: the tables for aligning, 2: all; not twice, should the disk be full


_wanted = _Wanted()


@contextlib.contextmanager
def preparing() -> Iterator[None]:
    """Have tables that are missing built as this module does it, until the block ends."""
    global _wanted
    before, _wanted = cache.before_building, _Wanted()
    cache.before_building = _prepare
    try:
        yield
    finally:
        cache.before_building = before


def expect(*, terms: bool, quiet: bool) -> None:
    """Say what this run is going to need: the tables for ``terms`` as well; and whether it prints nothing."""
    _wanted.terms, _wanted.quiet = terms, quiet


def _prepare(table: cache.Table[Any]) -> None:
    """Build the tables that the command needs; ``table`` is the first that is missing."""
    if not cache.can_keep():
        if not (_wanted.quiet or _wanted.told):
            folder = cache.directory()
            tell(f"Preparing the dictionary in every run, as {folder} cannot be written: set {cache.ENVIRONMENT}")
        _wanted.told = True
        return
    terms = _wanted.terms or table.name not in {table.name for step in steps(terms=False) for table in step}
    if _wanted.prepared > terms:
        return
    _wanted.prepared = 1 + terms
    before, cache.before_building = cache.before_building, lambda table: None
    try:
        prepare(steps(terms=terms), quiet=_wanted.quiet)
    finally:
        cache.before_building = before


def prepare(wanted: Sequence[Tables], *, quiet: bool = False) -> None:
    """Build the tables of the steps that are not kept yet; print a line on standard error for each step."""
    from duiyi.execution import usable_cores

    missing = [step for step in wanted if not all(table.is_kept() for table in step)]

    def say(number: int) -> None:
        if not quiet:
            tell(f"Preparing the dictionary, once: {number} of {len(missing)}")

    names = [table.name for step in missing for table in step if not table.is_kept()]
    beside = [name for name in names if name in BESIDE]
    with _helper(beside if len(names) > len(beside) and usable_cores() > 1 else []) as helper:
        for number, step in enumerate(missing, 1):
            say(number)
            for table in step:
                if helper is not None and table.name in beside:
                    _wait(helper, table)
                table.ensure()


@contextlib.contextmanager
def _helper(names: Sequence[str]) -> Iterator[subprocess.Popen[bytes] | None]:
    """Run a process that builds some tables, if there are any; it ends with the block."""
    if not names:
        yield None
        return
    path = os.pathsep.join(filter(None, (str(PACKAGES), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", "duiyi.preparing", *names],
        env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], table: cache.Table[Any]) -> None:
    """Wait until another process has built a table, or has ended."""
    while not table.is_kept():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            return


if __name__ == "__main__":
    for step in steps(terms=True):
        for table in step:
            if table.name in sys.argv[1:]:
                table.load()
