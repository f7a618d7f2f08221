"""Builds the dictionary's tables in the first run, in two processes where there are two cores, and says how far it is.

The first table that is missing (``tmx.cache``) has all built that its half of the work needs, aligning or terms. That
work begins only when they are there, so that no two worker processes build the same. What the terms need longest is
built by a process of its own from the beginning, while this one reads and aligns.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from duiyi.version import PACKAGES
from tmx import cache
from tmx.messages import tell

Tables = tuple[cache.Table[Any], ...]
BESIDE = ("english-roles", "glosses", "gloss-vectors")  # take as long as all others together, and are built beside them


def steps_of_aligning() -> tuple[Tables, ...]:
    """Return the tables that aligning needs, in the order to build them."""
    from tmx import cedict, healing
    from tmx.alignment import lexicon, names
    from tmx.checks.names import NAMES

    return (
        (cedict.ENTRIES, cedict.SIMPLIFICATION, names.READINGS, NAMES, healing.WORDS),
        (lexicon.STEMS, lexicon.LEXICON),
    )


def steps_of_terms() -> tuple[Tables, ...]:
    """Return the tables that the glossary needs besides, in the order to build them."""
    from glossary.words import frequency, glosses, tags, tokens

    return (
        (*frequency.FREQUENCIES.values(), tokens.WORDS),
        (tags.ROLES, glosses.GLOSSES),
        (glosses.VECTORS,),
    )


@dataclass(slots=True)
class _Wanted:
    """What the command that runs now is going to need, whether it may say so, and how far its tables are."""

    terms: bool = False
    quiet: bool = False
    told: bool = False  # that nothing can be kept
    broken: set[str] = field(default_factory=set)  # tables of which it was told
    preparation: Preparation | None = None


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
        if _wanted.preparation:
            _wanted.preparation.close()


def expect(*, terms: bool, quiet: bool) -> None:
    """Say what this run is going to need: the tables for ``terms`` as well; and whether it prints nothing.

    What has to be built beside is begun here, before the command has loaded its modules.
    """
    _wanted.terms, _wanted.quiet = terms, quiet
    if terms and cache.can_keep():
        _wanted.preparation = Preparation(terms=True, quiet=quiet)


def _prepare(table: cache.Table[Any]) -> None:
    """Build the tables for aligning, or if ``table``, the first that is missing, is none of these, all others too."""
    if table.is_kept():
        tell_of_broken(table)
        return
    if not cache.can_keep():
        if not (_wanted.quiet or _wanted.told):
            folder = cache.directory()
            tell(f"Preparing the dictionary in every run, as {folder} cannot be written: set {cache.ENVIRONMENT}")
        _wanted.told = True
        return
    is_aligning = any(table.name == one.name for step in steps_of_aligning() for one in step)
    begun = _wanted.preparation
    if begun is None or not (begun.terms or is_aligning):
        begun = _wanted.preparation = Preparation(terms=not is_aligning, quiet=_wanted.quiet)
    before, cache.before_building = cache.before_building, tell_of_broken
    try:
        begun.build(terms=not is_aligning)
    finally:
        cache.before_building = before


def tell_of_broken(table: cache.Table[Any]) -> None:
    """Say once of a table that its file could not be read, or is none of ours, where there is one."""
    if table.is_kept() and table.name not in _wanted.broken:
        _wanted.broken.add(table.name)
        tell(f"The dictionary's table {table.name} was damaged or is not duiyi's, and is made again: {table.path()}")


class Preparation:
    """The tables that are missing, built step by step when they are asked for; some meanwhile by a process beside."""

    def __init__(self, *, terms: bool, quiet: bool = False) -> None:
        from duiyi.execution import usable_cores

        self.terms, self._quiet = terms, quiet
        late = steps_of_terms() if terms else ()
        names = [table.name for step in late for table in step if table.name in BESIDE and not table.is_kept()]
        self._helper = _helper(names) if names and usable_cores() > 1 else None  # before this loads what aligning needs
        self._beside = names
        self._aligning = steps_of_aligning()
        self._missing = [step for step in (*self._aligning, *late) if not all(table.is_kept() for table in step)]
        self._built = 0

    def build(self, *, terms: bool) -> None:
        """Build what is missing of aligning, or all, each once; print a line on standard error for each step."""
        while self._built < len(self._missing) and (terms or self._missing[self._built] in self._aligning):
            self._built += 1
            if not self._quiet:
                tell(f"Preparing the dictionary, once: {self._built} of {len(self._missing)}")
            for table in self._missing[self._built - 1]:
                if self._helper and table.name in self._beside:
                    _wait(self._helper, table)
                table.ensure()

    def close(self) -> None:
        """End the process beside."""
        if self._helper:
            self._helper.kill()
            self._helper.wait()


def prepare() -> None:
    """Build all tables that are not kept yet."""
    preparation = Preparation(terms=True)
    try:
        preparation.build(terms=True)
    finally:
        preparation.close()


def _helper(names: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a process that builds some tables."""
    path = os.pathsep.join(filter(None, (str(PACKAGES), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", "duiyi.preparing", *names],
        env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(process: subprocess.Popen[bytes], table: cache.Table[Any]) -> None:
    """Wait until another process has built a table, or has ended."""
    while not table.is_kept():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            return


if __name__ == "__main__":
    for step in steps_of_terms():
        for table in step:
            if table.name in sys.argv[1:]:
                table.ensure()
