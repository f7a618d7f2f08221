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
from typing import Any

from glossary.files.cells import Cell, cell_digest
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
from glossary.files.sheets import CREATED, Book, CutCell, Sheet, writing_book
from glossary.model import Glossary
from tmx.confidence import bead_mark
from tmx.files import Replacement, replace_forbidden_in, tally
from tmx.model import GAP, Paired

BASE_SHEET = "_base"
OTHERS = "(others)"  # in the hidden sheet: the columns that do not come back, together
MERGE = "merge with next"

ALIGNMENT_DECISIONS = ("approve", "doubt", "wrong", MERGE)


@dataclass(frozen=True, slots=True)
class WorkbookOptions:
    """``created`` is the date the file names; without it a fixed one, so that the same input gives the same bytes.

    ``max_contexts`` is how many contexts of a term the Evidence sheet shows. A memory with more than
    ``max_alignment_rows`` beads shows those of the lowest confidence.
    """

    created: datetime = CREATED
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
    mark: str
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
    Field("", "ID", lambda row: row.id, 18, help="Do not change: by it the row is known."),
    Field("", "Mark", lambda row: row.mark, 12, help="How sure the machine is."),
    Field(
        "", "Chinese text", lambda row: row.source, 60, True, chinese=True, attribute="source",
        required="to drop the row choose wrong under Decision",
        help="Put wording right here; it changes the memory only.",
    ),
    Field(
        "", "English text", lambda row: row.target, 66, True, attribute="target",
        required="to drop the row choose wrong under Decision",
    ),
    Field(
        "", "Decision", lambda row: row.decision, 16, True, ALIGNMENT_DECISIONS,
        help="wrong: not a translation, leaves the memory.",
    ),
    Field("", "Confidence", lambda row: round(row.confidence, 3), 10),
    Field("", "Bead", lambda row: row.bead, 6, help="Chinese to English sentences."),
    Field("", "Flags", lambda row: ", ".join(row.flags), 22),
    Field("", "Document", lambda row: row.document, 28),
    Field("", "Place", lambda row: row.place, 26),
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
    entries, shown = glossary.entries, options.max_contexts
    title = "Terminology and alignment review"
    with writing_book(Path(path), title=title, created=options.created, verify=options.verify) as book:
        book.sheet(TERMS, (TERMS.row(TermRow(entry, entry.preferred)) for entry in entries))
        book.sheet(VARIANTS, (VARIANTS.row(row) for entry in entries for row in wordings(entry)))
        evidence = (EvidenceRow(entry, context) for entry in entries for context in entry.contexts[:shown])
        book.sheet(EVIDENCE, map(EVIDENCE.row, evidence))
        book.sheet(PATTERNS, (PATTERNS.row(row) for pattern in glossary.patterns for row in pattern_rows(pattern)))
        book.sheet(ALIGNMENT, alignment)
        book.notes("Read me", _read_me(glossary, left_out, book.cut, tally(replacements)))
        book.hidden(BASE_SHEET, _base(book))
    counts = tuple((sheet.name, len(book.written[sheet.name]) - 1) for sheet in SHEETS)
    return WorkbookReport(counts, left_out, tally(replacements), tuple(map(str, book.cut)))


def _base(book: Book) -> Iterator[tuple[str, ...]]:
    """Yield the hidden sheet: for each row its sheet, ID and the digests of its cells that may be changed.

    Behind them stands one digest of the other cells; a sheet that does not come back has one as a whole.
    """
    keyed = [plan for plan in SHEETS if plan.key]
    yield from ((plan.name, plan.key, *(column.header for column in plan.editable), OTHERS) for plan in keyed)
    yield from (("sheet", plan.name, sheet_digest(book.written[plan.name][1:])) for plan in SHEETS if not plan.key)
    yield from (("cut", cell.sheet, cell.key, cell.column) for cell in book.cut)
    for plan in keyed:
        editable = [index for index, column in enumerate(plan.columns) if column.editable]
        for texts in book.written[plan.name][1:]:
            digests = (cell_digest(texts[index]) for index in editable)
            yield (plan.name, texts[0], *digests, others_digest(plan, texts))


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
            mark=str(bead_mark(pair.bead)),
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
) -> tuple[list[tuple[Cell, ...]], int]:
    rows: list[tuple[float, tuple[Cell, ...]]] = []
    total = 0
    for document in documents:
        for row in alignment_rows(document):
            cells = ALIGNMENT.row(replace_forbidden_in(row, row.id, found))
            rows.append((0.0 if row.id.startswith(GAP) else row.confidence, cells))
            total += 1
        if len(rows) > 2 * options.max_alignment_rows:
            rows = _least_sure(rows, options.max_alignment_rows)
    kept = _least_sure(rows, options.max_alignment_rows)
    return [row for _, row in kept], total - len(kept)


def _least_sure(rows: list[tuple[float, tuple[Cell, ...]]], limit: int) -> list[tuple[float, tuple[Cell, ...]]]:
    """Return the rows of the lowest confidence, in their order."""
    chosen = sorted(sorted(range(len(rows)), key=lambda index: rows[index][0])[:limit])
    return [rows[index] for index in chosen]


def _decision(status: str) -> str:
    return {"approved": "approve", "doubtful": "doubt", "wrong": "wrong"}.get(status, "")


def _read_me(
    glossary: Glossary, left_out: int, cut: Sequence[CutCell], replacements: Sequence[Replacement]
) -> Iterator[tuple[str, str]]:
    yield "How to review", ""
    yield (
        "What to change",
        "Cells under a blue heading with a pencil (✎). Everything else is there to help you decide. Sort, filter, "
        "hide, widen, add columns of your own: rows are found again by their ID and columns by their name.",
    )
    yield (
        "Review",
        "accepted: right as it stands. edited: right after your change (set by itself when you change a cell). "
        "rejected: not a term, or wrong. discuss: to be talked over. candidate: nobody has looked yet.",
    )
    yield (
        "New terms",
        "Add a row at the bottom of Terms: leave ID empty, fill in Chinese and English. For a further wording of a "
        "term add a row to Variants: its entry's ID, the language (zh or en) and the text.",
    )
    yield (
        "One concept twice",
        "Write into Merge into ID the ID of the entry that stays; its Chinese becomes a variant there.",
    )
    yield (
        "Usage (Variants)",
        "preferred: the one to use. admitted: also right. superseded: was right once. deprecated: not to be used. "
        "remove: take it out of the entry.",
    )
    yield (
        "Alignment",
        "Put the wording right, or choose a decision: approve, doubt, wrong (not a translation: leaves the memory), "
        "merge with next (this row and the one after it in the document are one unit).",
    )
    if glossary.patterns:
        yield (
            "Phrase patterns",
            "Formulae with gaps that several sentences fill. They are to read, and go into no other system as terms.",
        )
    yield "Sending it back", "duiyi import THIS-FILE.xlsx --into OUT (two reviewers: name both files at once)."
    yield "", ""
    yield "What is in it", ""
    yield "Entries", str(len(glossary.entries))
    yield "Languages", f"{glossary.source_language} to {glossary.target_language}"
    if left_out:
        yield (
            "Alignment left out",
            f"{left_out} surer beads are not shown; all are in the memory and in the report.",
        )
    if cut:
        yield (
            "Cut at 32,767 characters",
            ", ".join(map(str, cut)) + " (Excel's limit; the other files have the whole text)",
        )
    if replacements:
        yield "Characters replaced", "; ".join(map(str, replacements))
    yield "", ""
    yield "Columns", ""
    for plan in SHEETS:
        for column in plan.columns:
            if column.help:
                yield f"{plan.name}: {column.header}", column.help
