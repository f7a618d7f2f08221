"""Release notes: what changed between two built memories and glossaries.

Units are compared by their texts, not by where they stand, so that a document which was renamed or moved changes
nothing. Terms are compared by entry. Counts, scores and contexts may shift with every new document; they are no
change.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from duiyi.outputs import GLOSSARY, MEMORY, memory_files
from glossary.files.fields import Field
from glossary.files.sheets import Sheet, writing_book
from glossary.files.tbx import read_tbx
from glossary.model import ConceptEntry
from tmx.errors import FormatError
from tmx.files import digest
from tmx.tmx14 import read_tmx

Kind = Literal["added", "changed", "superseded", "removed"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NO_CHANGE = "no change"
# Rows of one kind that are kept for listing; all are counted. An XLSX sheet holds about a million rows.
MAX_LISTED = 100_000
MAX_IN_MARKDOWN = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the text before and after, on both sides. An added one has nothing before, a removed one after.

    ``note`` says in words what changed. A unit or rendering is superseded when it is still there, but another is
    now preferred.
    """

    kind: Kind
    old_source: str
    old_target: str
    new_source: str
    new_target: str
    note: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """All terms and units that differ, by kind, and how many there are of each (the lists may be cut)."""

    terms: tuple[Change, ...]
    units: tuple[Change, ...]
    term_counts: tuple[tuple[Kind, int], ...]
    unit_counts: tuple[tuple[Kind, int], ...]

    def __bool__(self) -> bool:
        return bool(self.terms or self.units)


def compare(old: Path, new: Path) -> Differences:
    """Compare two folders that ``duiyi build`` wrote, or two TMX files.

    Memory stays bounded whatever the number of units.
    """
    terms = list(_compare_terms(_read_glossary(old), _read_glossary(new)))
    terms.sort(key=lambda change: (KINDS.index(change.kind), change.new_source or change.old_source, change.note))
    with (
        tempfile.TemporaryDirectory(prefix="duiyi-") as folder,
        closing(sqlite3.connect(Path(folder, "units.db"))) as database,
    ):
        units, counts = _compare_units(database, old, new)
    return Differences(tuple(terms), tuple(units), _in_order(Counter(change.kind for change in terms)), counts)


def _in_order(counts: Counter[Kind]) -> tuple[tuple[Kind, int], ...]:
    return tuple((kind, counts[kind]) for kind in KINDS if counts[kind])


def _read_glossary(place: Path) -> dict[str, ConceptEntry]:
    path = place / GLOSSARY
    if not path.is_file():
        return {}
    return {entry.id: entry for entry in read_tbx(path).entries}


def _compare_terms(old: dict[str, ConceptEntry], new: dict[str, ConceptEntry]) -> Iterator[Change]:
    for id_ in sorted(old.keys() | new.keys()):
        if id_ not in old:
            entry = new[id_]
            yield Change("added", "", "", entry.term, entry.preferred.text, document=_document(entry))
        elif id_ not in new:
            entry = old[id_]
            yield Change("removed", entry.term, entry.preferred.text, "", "", document=_document(entry))
        else:
            before, after = old[id_], new[id_]
            texts = before.term, before.preferred.text, after.term, after.preferred.text
            if before.preferred.text != after.preferred.text and any(
                rendering.text == before.preferred.text for rendering in after.renderings
            ):
                usage = next(r.usage for r in after.renderings if r.text == before.preferred.text)
                note = "; ".join([f"“{before.preferred.text}” is now {usage}", *_details(before, after)])
                yield Change("superseded", *texts, note=note, document=_document(after))
            elif notes := _details(before, after):
                yield Change("changed", *texts, note="; ".join(notes), document=_document(after))


def _document(entry: ConceptEntry) -> str:
    return entry.contexts[0].document if entry.contexts else ""


def _details(before: ConceptEntry, after: ConceptEntry) -> list[str]:
    """Say what differs besides which rendering is preferred."""
    notes = []
    for label, was, is_ in (
        ("term", before.term, after.term),
        ("type", before.type, after.type),
        ("part of speech", before.part_of_speech, after.part_of_speech),
        ("review", before.review, after.review),
        ("definition", before.definition, after.definition),
    ):
        if was != is_:
            notes.append(f"{label}: {was or '—'} → {is_ or '—'}")
    usages = {r.text: r.usage for r in before.renderings}, {r.text: r.usage for r in after.renderings}
    variants = {v.text: v.kind for v in before.variants}, {v.text: v.kind for v in after.variants}
    for label, was_all, is_all in (("rendering", *usages), ("variant", *variants)):
        notes += [f"{label} added: {text}" for text in is_all if text not in was_all]
        notes += [f"{label} removed: {text}" for text in was_all if text not in is_all]
    notes += [
        f"“{text}”: {was} → {usages[1][text]}"
        for text, was in usages[0].items()
        if text in usages[1] and usages[1][text] != was and text != before.preferred.text
    ]
    if before.notes != after.notes:
        notes.append("notes differ")
    return notes


# A pair is known by a digest of its texts. What is only in one of the two memories is matched up: first a source that
# has another target, then a target that has another source.
_COMPARE = """
CREATE INDEX old_pairs ON old (pair); CREATE INDEX new_pairs ON new (pair);
CREATE TABLE gone AS SELECT old.*, row_number() OVER (PARTITION BY source_key ORDER BY id) AS place
    FROM old WHERE pair NOT IN (SELECT pair FROM new);
CREATE TABLE come AS SELECT new.*, row_number() OVER (PARTITION BY source_key ORDER BY id) AS place
    FROM new WHERE pair NOT IN (SELECT pair FROM old);
CREATE INDEX come_sources ON come (source_key, place);
CREATE TABLE matched AS SELECT gone.id AS was, come.id AS now, 'target' AS what
    FROM gone JOIN come USING (source_key, place);
CREATE TABLE gone_rest AS SELECT id, target_key, row_number() OVER (PARTITION BY target_key ORDER BY id) AS place
    FROM gone WHERE id NOT IN (SELECT was FROM matched);
CREATE TABLE come_rest AS SELECT id, target_key, row_number() OVER (PARTITION BY target_key ORDER BY id) AS place
    FROM come WHERE id NOT IN (SELECT now FROM matched);
CREATE INDEX come_targets ON come_rest (target_key, place);
INSERT INTO matched SELECT gone_rest.id, come_rest.id, 'source'
    FROM gone_rest JOIN come_rest USING (target_key, place);
CREATE INDEX new_sources ON new (source_key, main);
"""
_QUERIES: dict[Kind, str] = {
    "added": "SELECT '', '', source, target, '', document FROM come"
    " WHERE id NOT IN (SELECT now FROM matched) ORDER BY id",
    "changed": "SELECT was.source, was.target, now.source, now.target, what || ' changed', now.document FROM matched"
    " JOIN old AS was ON was.id = matched.was JOIN new AS now ON now.id = matched.now ORDER BY now.id",
    "superseded": "SELECT old.source, old.target, best.source, best.target, 'another target is preferred',"
    " best.document"
    " FROM old JOIN new USING (pair) JOIN new AS best ON best.source_key = new.source_key AND best.main = 1"
    " WHERE old.main = 1 AND new.main = 0 ORDER BY old.id",
    "removed": "SELECT source, target, '', '', '', document FROM gone"
    " WHERE id NOT IN (SELECT was FROM matched) ORDER BY id",
}


def _compare_units(
    database: sqlite3.Connection, old: Path, new: Path
) -> tuple[list[Change], tuple[tuple[Kind, int], ...]]:
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")
    for table, place in (("old", old), ("new", new)):
        database.execute(
            f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, pair INTEGER, source_key INTEGER, target_key INTEGER,"
            " main INTEGER, source TEXT, target TEXT, document TEXT)"
        )
        database.executemany(
            f"INSERT INTO {table} (pair, source_key, target_key, main, source, target, document)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            _rows(place),
        )
    database.executescript(_COMPARE)
    counts: Counter[Kind] = Counter()
    changes: list[Change] = []
    for kind, query in _QUERIES.items():
        for row in database.execute(query):
            counts[kind] += 1
            if counts[kind] <= MAX_LISTED:
                changes.append(Change(kind, *row))
    return changes, _in_order(counts)


def _rows(place: Path) -> Iterator[tuple[int, int, int, int, str, str, str]]:
    paths = memory_files(place) if place.is_dir() else [(place, True)]
    if not paths or not paths[0][0].is_file():
        raise FormatError(f"{place}: has no {MEMORY}; name a folder that `duiyi build` wrote, or a TMX file")
    for path, main in paths:
        for unit in read_tmx(path):
            pair = _number([unit.source, unit.target])
            yield pair, _number([unit.source]), _number([unit.target]), main, unit.source, unit.target, unit.document


def _number(texts: Sequence[str]) -> int:
    return int.from_bytes(digest(texts), "big", signed=True)


def markdown(differences: Differences, old: str, new: str) -> str:
    """Return the release notes as Markdown; of long lists the first ``MAX_IN_MARKDOWN`` rows of each kind.

    >>> markdown(Differences((), (), (), ()), "out1", "out2")
    'no change\\n'
    """
    if not differences:
        return NO_CHANGE + "\n"
    lines = [f"# Changes from {_cell(old)} to {_cell(new)}", ""]
    for title, changes, counts in (
        ("Terms", differences.terms, differences.term_counts),
        ("Units", differences.units, differences.unit_counts),
    ):
        summary = ", ".join(f"{count:,} {kind}" for kind, count in counts)
        lines += [f"## {title}: {summary or NO_CHANGE}", ""]
        for kind, count in counts:
            listed = [change for change in changes if change.kind == kind][:MAX_IN_MARKDOWN]
            lines += [f"### {title} {kind} ({count:,})", ""]
            lines += _table(kind, listed)
            if count > len(listed):
                lines += ["", f"... and {count - len(listed):,} more"]
            lines.append("")
    return "\n".join(lines)


def _table(kind: Kind, changes: Sequence[Change]) -> list[str]:
    if kind in ("added", "removed"):
        rows = [(c.new_source or c.old_source, c.new_target or c.old_target, c.document) for c in changes]
        head = ("Chinese", "English", "Document")
    else:
        rows = [(_both(c.old_source, c.new_source), _both(c.old_target, c.new_target), c.note) for c in changes]
        head = ("Chinese", "English", "What")
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(map(_cell, row))} |" for row in rows),
    ]


def _both(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"


def _cell(text: str) -> str:
    """Text that stays one cell of a Markdown table and is shown as it is."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())


FIELDS: tuple[Field[Change], ...] = (
    Field("", "Change", lambda change: change.kind, 12),
    Field("", "Chinese before", lambda change: change.old_source, 40, chinese=True),
    Field("", "English before", lambda change: change.old_target, 40),
    Field("", "Chinese now", lambda change: change.new_source, 40, chinese=True),
    Field("", "English now", lambda change: change.new_target, 40),
    Field("", "What", lambda change: change.note, 40),
    Field("", "Document", lambda change: change.document, 24),
)
SHEETS = (Sheet("Terms", "", 1, FIELDS), Sheet("Units", "", 1, FIELDS))


def write_workbook(differences: Differences, path: Path) -> None:
    """Write the release notes as XLSX: a sheet of terms and one of units, filters set, formulas never run."""
    with writing_book(path) as book:
        for sheet, changes in zip(SHEETS, (differences.terms, differences.units), strict=True):
            book.sheet(sheet, map(sheet.row, changes))
