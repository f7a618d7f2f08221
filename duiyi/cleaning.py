"""Cleaning a translation memory of any tool: what is no use to a translator is taken out, each with its reason.

The memory that was given is never changed. Units are read and written one after the other; what tells repetitions apart
is kept on disk, so that a memory of millions of units needs no more room than one of thousands.
"""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

from glossary.files.cells import protect_cell
from tmx.alignment import structure
from tmx.alignment.lexicon import load
from tmx.checks import find
from tmx.files import atomic_path, digest
from tmx.languages import is_chinese
from tmx.model import TranslationUnit

Reason = Literal[
    "empty", "duplicate", "untranslated", "same-text", "wrong-script", "low-confidence", "wrong-pair", "numbers-differ"
]
REASONS: tuple[Reason, ...] = get_args(Reason)
CHUNK = 2000  # units weighed at a time
# A pair is taken out when its words make it less probable than this. Of 1,236 units of work reports and addresses the
# least probable has 0.55; of strangers' translations put among them two in three have less than 0.3.
WRONG = 0.3
MIN_EVIDENCE = 8  # characters of Chinese: shorter texts are headings and labels, whose words may be anything
_FLAGS: dict[str, Reason] = {
    "same-text": "same-text",
    "untranslated": "untranslated",
    "wrong-script": "wrong-script",
    "magnitude-differs": "numbers-differ",
    "numbers-differ": "numbers-differ",
}


@dataclass(frozen=True, slots=True)
class CleaningOptions:
    """What is taken out: for which ``reasons``; below which confidence (0 to 1) where a unit has one."""

    reasons: Collection[Reason] = REASONS
    min_confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Removed:
    """A unit taken out: its number in the memory from 1, why, and itself."""

    number: int
    reason: Reason
    unit: TranslationUnit


class Cleaning:
    """Parts the units of a memory into what stays, which it yields, and what goes, which it writes to a list.

    >>> units = [TranslationUnit("1", "外交", "diplomacy"), TranslationUnit("2", "外交", "diplomacy")]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cleaning = Cleaning(Path(folder, "removed.csv"))
    ...     kept = [unit.id for unit in cleaning.kept(units)]
    >>> kept, dict(cleaning.counts)
    (['1'], {'duplicate': 1})
    """

    def __init__(self, removed: Path, options: CleaningOptions | None = None) -> None:
        self.removed = removed
        self.options = options or CleaningOptions()
        self.counts: Counter[Reason] = Counter()
        self._flags = {flag for flag, reason in _FLAGS.items() if reason in self.options.reasons}

    def kept(self, units: Iterable[TranslationUnit]) -> Iterator[TranslationUnit]:
        """Yield the units that stay, in order; the list of the others is in place when the last has been taken."""
        with (
            tempfile.TemporaryDirectory(prefix="duiyi-clean-") as folder,
            atomic_path(self.removed) as beside,
            beside.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            table = csv.writer(file)
            table.writerow(("Nr", "Reason", "ID", "Chinese", "English", "Document"))
            for number, unit, reason in self._judged(units, _Seen(Path(folder, "seen.db"))):
                if reason is None:
                    yield unit
                    continue
                self.counts[reason] += 1
                texts = (unit.id, unit.source, unit.target, unit.document)
                table.writerow((number, reason, *map(protect_cell, texts)))

    def _judged(
        self, units: Iterable[TranslationUnit], seen: _Seen
    ) -> Iterator[tuple[int, TranslationUnit, Reason | None]]:
        number, rest = 0, iter(units)
        while chunk := tuple(islice(rest, CHUNK)):
            reasons = [self._by_itself(unit, seen) for unit in chunk]
            if "wrong-pair" in self.options.reasons:
                _mark_wrong(chunk, reasons)
            for unit, reason in zip(chunk, reasons, strict=True):
                number += 1
                yield number, unit, reason

    def _by_itself(self, unit: TranslationUnit, seen: _Seen) -> Reason | None:
        wanted = self.options.reasons
        if not unit.source.strip() or not unit.target.strip():
            return "empty" if "empty" in wanted else None
        if "duplicate" in wanted and seen.again(unit):
            return "duplicate"
        if "low-confidence" in wanted and unit.confidence < self.options.min_confidence:
            return "low-confidence"
        flags = {finding.check for finding in find(unit, self._flags)}
        return next((reason for flag, reason in _FLAGS.items() if flag in flags), None)


def _mark_wrong(units: tuple[TranslationUnit, ...], reasons: list[Reason | None]) -> None:
    """Mark the units whose words speak against each other among those that nothing else speaks against."""
    places = [
        place
        for place, (unit, reason) in enumerate(zip(units, reasons, strict=True))
        if reason is None and is_chinese(unit.source_language)
    ]
    if not places:
        return
    found = structure.check(
        [units[place].source for place in places], [units[place].target for place in places], load()
    )
    for place, right in zip(places, found.right.tolist(), strict=True):
        if right < WRONG and len(units[place].source) >= MIN_EVIDENCE:
            reasons[place] = "wrong-pair"


class _Seen:
    """Which pairs were met before; kept on disk."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;"
            "CREATE TABLE seen (pair INTEGER PRIMARY KEY); BEGIN"  # of one transaction: nobody else reads it
        )

    def again(self, unit: TranslationUnit) -> bool:
        """Note a pair, and tell whether it was met before."""
        name = int.from_bytes(digest([unit.source, unit.target]), "big", signed=True)
        return self._database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (name,)).rowcount == 0
