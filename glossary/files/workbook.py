"""The review workbook: terms, their variants, evidence, phrase patterns and alignment, as one XLSX file to send round.

Rows are known by their ID and columns by their name, so that a reviewer may sort, filter, hide, widen and add. Columns
whose name begins with a pencil are there to be changed. A hidden sheet keeps a digest of what those cells held when
the workbook was written; by it ``import`` knows what the reviewer changed, whatever happened to the glossary since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from glossary.files.cells import Cell, Rich, cell_digest, normalise
from glossary.files.fields import (
    EVIDENCE_FIELDS,
    PATTERN_FIELDS,
    TERM_FIELDS,
    WORDING_FIELDS,
    EvidenceRow,
    Field,
    TermRow,
    pattern_rows,
    wordings,
)
from glossary.files.sheets import CREATED, CutCell, Sheet, cut, writing_book
from glossary.model import Glossary
from tmx.confidence import Mark, bead_mark
from tmx.files import Replacement, replace_forbidden_in, tally
from tmx.messages import Language, Messages, load
from tmx.model import GAP, Paired

T = TypeVar("T")

BASE_SHEET = "_base"
OTHERS = "(others)"  # in the hidden sheet: the columns that do not come back, together
MERGE = "merge with next"

ALIGNMENT_DECISIONS = ("approve", "doubt", "wrong", MERGE)


@dataclass(frozen=True, slots=True)
class WorkbookOptions:
    """``created`` is the date the file names; without it a fixed one, so that the same input gives the same bytes.

    ``language`` is that of headings, choices and the sheet *Read me*; a workbook in either comes back.
    ``max_contexts`` is how many contexts of a term the Evidence sheet shows. A memory with more than
    ``max_alignment_rows`` beads shows those of the lowest confidence.
    """

    created: datetime = CREATED
    language: Language = "en"
    max_contexts: int = 8
    max_alignment_rows: int = 20_000
    verify: bool = True


@dataclass(frozen=True, slots=True)
class WorkbookReport:
    """Rows written to each sheet; beads left out; characters replaced; cells cut because Excel holds 32,767."""

    rows: tuple[tuple[str, int], ...]
    left_out: int = 0
    replacements: tuple[Replacement, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlignmentRow:
    """One bead of a document: a row of the sheet *Alignment*."""

    id: str
    mark: Mark
    source: str
    target: str
    decision: str
    confidence: float
    bead: str
    flags: tuple[str, ...]
    document: str
    place: str
    number: int


ALIGNMENT_FIELDS: tuple[Field[AlignmentRow], ...] = (
    Field("", "ID", lambda row: row.id, 18),
    Field(
        "", "Mark", lambda row: str(row.mark), 12,
        show=lambda row, say: f"{row.mark.sign} {say(f'level.{row.mark.level}')}",
    ),
    Field(
        "", "Chinese text", lambda row: row.source, 60, True, chinese=True, attribute="source",
        required="to drop the row choose wrong under Decision",
    ),
    Field(
        "", "English text", lambda row: row.target, 66, True, attribute="target",
        required="to drop the row choose wrong under Decision",
    ),
    Field(
        "", "Decision", lambda row: row.decision, 16, True, ALIGNMENT_DECISIONS, words="workbook.choice",
    ),
    Field("", "Confidence", lambda row: round(row.confidence, 3), 10),
    Field("", "Bead", lambda row: row.bead, 6),
    Field(
        "", "Flags", lambda row: ", ".join(row.flags), 22,
        show=lambda row, say: "；".join(say.get(f"flag.{flag}", flag) for flag in row.flags),
    ),
    Field("", "Document", lambda row: row.document, 28),
    Field("", "Place", lambda row: row.place, 26, show=lambda row, say: say.place(row.place)),
    Field("", "No.", lambda row: row.number, 6),
)  # fmt: skip

TERMS = Sheet("Terms", "ID", 3, TERM_FIELDS, printed=11)
VARIANTS = Sheet("Variants", "Variant ID", 4, WORDING_FIELDS)
EVIDENCE = Sheet("Evidence", "", 3, EVIDENCE_FIELDS)
PATTERNS = Sheet("Phrase patterns", "", 3, PATTERN_FIELDS, printed=9)
ALIGNMENT = Sheet("Alignment", "ID", 2, ALIGNMENT_FIELDS, printed=8)
SHEETS: tuple[Sheet[Any], ...] = (TERMS, VARIANTS, EVIDENCE, PATTERNS, ALIGNMENT)


def write_workbook(
    glossary: Glossary,
    documents: Iterable[Paired],
    path: str | Path,
    options: WorkbookOptions | None = None,
) -> WorkbookReport:
    """Write the review workbook, read it back with another library, and return what went into it.

    Raises ``OutputError`` if it does not read back as written.
    """
    options = options or WorkbookOptions()
    replacements: list[Replacement] = []
    glossary = replace_forbidden_in(replace(glossary, rejected=()), "glossary", replacements)
    alignment, left_out = _least_sure_rows(documents, options, replacements)
    entries, shown, say = glossary.entries, options.max_contexts, load(options.language)
    evidence = (EvidenceRow(entry, context) for entry in entries for context in entry.contexts[:shown])
    records: dict[str, Iterable[Any]] = {
        TERMS.name: (TermRow(entry, entry.preferred) for entry in entries),
        VARIANTS.name: (row for entry in entries for row in wordings(entry)),
        EVIDENCE.name: evidence,
        PATTERNS.name: (row for pattern in glossary.patterns for row in pattern_rows(pattern)),
        ALIGNMENT.name: alignment,
    }
    base = _Base()
    title = say("workbook.title")
    path = Path(path)
    with writing_book(path, title=title, created=options.created, verify=options.verify, say=say) as book:
        for plan in SHEETS:
            book.sheet(plan, base.keeping(plan, records[plan.name], say))
        name = say("workbook.sheet.Read me")
        book.notes(name, _read_me(glossary, left_out, book.cut, tally(replacements), say))
        book.hidden(BASE_SHEET, base.sheet(book.cut))
    counts = tuple(base.counts.items())
    return WorkbookReport(counts, left_out, tally(replacements), tuple(map(str, book.cut)))


class _Base:
    """The hidden sheet, put together while the others are written.

    For each row of a sheet that comes back: its ID, the digests of its cells that may be changed, as values and not in
    the words of a language, and one digest of the others as they are shown. A sheet that does not come back has one as
    a whole.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._rows: list[tuple[str, ...]] = []
        self._sheets: list[tuple[str, ...]] = []

    def keeping(self, plan: Sheet[T], records: Iterable[T], say: Messages) -> Iterator[tuple[Cell, ...]]:
        """Yield the cells of a sheet as they are shown, and keep their digests."""
        digests = []
        self.counts[plan.name] = 0
        for record in records:
            row = plan.row(record, say)
            self.counts[plan.name] += 1
            texts = tuple(_written(cell) for cell in row)
            if plan.key:
                own = (cell_digest(_written(column.get(record))) for column in plan.editable)
                self._rows.append((plan.name, texts[0], *own, others_digest(plan, texts)))
            else:
                digests.append(texts)
            yield row
        if not plan.key:
            self._sheets.append(("sheet", plan.name, sheet_digest(digests)))

    def sheet(self, cut: Iterable[CutCell]) -> Iterator[tuple[str, ...]]:
        """Yield the rows of the hidden sheet."""
        keyed = [plan for plan in SHEETS if plan.key]
        yield from ((plan.name, plan.key, *(column.header for column in plan.editable), OTHERS) for plan in keyed)
        yield from self._sheets
        yield from (("cut", cell.sheet, cell.key, cell.column) for cell in cut)
        yield from self._rows


def _written(cell: Cell) -> str:
    """Return the text of a cell as it will be read again."""
    return normalise(cut(cell.text if isinstance(cell, Rich) else cell) if isinstance(cell, str | Rich) else cell)


def others_digest(plan: Sheet[Any], texts: Sequence[str]) -> str:
    """Return one digest of the cells of a row that do not come back."""
    return cell_digest(
        "\x1f".join(text for column, text in zip(plan.columns, texts, strict=True) if not column.editable)
    )


def sheet_digest(rows: Iterable[Sequence[str]]) -> str:
    """Return a digest of the rows of a sheet, in whatever order they are."""
    return cell_digest(" ".join(sorted(cell_digest("\x1f".join(row)) for row in rows)))


def alignment_rows(document: Paired) -> Iterator[AlignmentRow]:
    """Yield the rows of a document's pairs on the sheet Alignment, in their order."""
    for number, pair in enumerate(document.pairs(), 1):
        unit = pair.unit
        yield AlignmentRow(
            id=pair.id,
            mark=bead_mark(pair.bead),
            source=pair.source_text,
            target=pair.target_text,
            decision=_decision(dict(unit.properties).get("x-review", "") if unit else ""),
            confidence=pair.bead.confidence,
            bead=pair.bead.shape,
            flags=unit.flags if unit else (),
            document=document.name,
            place=pair.place,
            number=number,
        )


def _least_sure_rows(
    documents: Iterable[Paired], options: WorkbookOptions, found: list[Replacement]
) -> tuple[list[AlignmentRow], int]:
    rows: list[tuple[float, AlignmentRow]] = []
    total = 0
    for document in documents:
        for row in alignment_rows(document):
            kept_row = replace_forbidden_in(row, row.id, found)
            rows.append((0.0 if row.id.startswith(GAP) else row.confidence, kept_row))
            total += 1
        if len(rows) > 2 * options.max_alignment_rows:
            rows = _least_sure(rows, options.max_alignment_rows)
    kept = _least_sure(rows, options.max_alignment_rows)
    return [row for _, row in kept], total - len(kept)


def _least_sure(rows: list[tuple[float, AlignmentRow]], limit: int) -> list[tuple[float, AlignmentRow]]:
    """Return the rows of the lowest confidence, in their order."""
    chosen = sorted(sorted(range(len(rows)), key=lambda index: rows[index][0])[:limit])
    return [rows[index] for index in chosen]


def _decision(status: str) -> str:
    return {"approved": "approve", "doubtful": "doubt", "wrong": "wrong"}.get(status, "")


def _read_me(
    glossary: Glossary, left_out: int, cut: Sequence[CutCell], replacements: Sequence[Replacement], say: Messages
) -> Iterator[tuple[str, str]]:
    def told(key: str, **values: object) -> tuple[str, str]:
        return say(f"workbook.readme.{key}"), say(f"workbook.readme.{key}-text", **values)

    def heading(key: str) -> tuple[str, str]:
        return say(f"workbook.readme.{key}"), ""

    yield heading("how")
    yield from map(told, ("what", "review", "new", "twice", "usage", "alignment"))
    if glossary.patterns:
        yield told("patterns")
    yield told("back")
    yield "", ""
    yield heading("in")
    yield say("workbook.readme.entries"), str(len(glossary.entries))
    yield told("languages", source=glossary.source_language, target=glossary.target_language)
    if left_out:
        yield told("left-out", count=left_out)
    if cut:
        yield told("cut", where=", ".join(map(str, cut)))
    if replacements:
        yield say("workbook.readme.replaced"), "; ".join(map(str, replacements))
    yield "", ""
    yield heading("columns")
    for plan in SHEETS:
        for column in plan.columns:
            help_ = say.get(f"workbook.help.{plan.name}.{column.header}", "")
            if help_:
                sheet, name = say(f"workbook.sheet.{plan.name}"), say(f"workbook.heading.{column.header}")
                yield f"{sheet}: {name}", help_
