"""The review workbook: terms, their variants, the evidence and the alignment, as one XLSX file to send round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import get_args

import xlsxwriter

from glossary.model import ConceptEntry, Context, Glossary, Review, TermType, Usage
from tmx.files import Replacement, atomic_path, replace_forbidden_in
from tmx.model import AlignedDocument

# Excel's limits: characters in a cell, rows of a sheet.
MAX_CELL_CHARS = 32_767
MAX_ROWS = 1_048_576


@dataclass(frozen=True, slots=True)
class WorkbookOptions:
    """``created`` is the date the file names; without it 2000-01-01, so that the same input gives the same bytes."""

    created: datetime = datetime(2000, 1, 1)
    contexts_per_term: int = 3


@dataclass(frozen=True, slots=True)
class WorkbookReport:
    """Rows written to each sheet, characters replaced, and cells cut because Excel holds 32,767 characters."""

    rows: tuple[tuple[str, int], ...]
    replacements: tuple[Replacement, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its name (by which it comes back), width in characters, what may stand in it."""

    name: str
    width: int
    choices: tuple[str, ...] = ()


TERMS = (
    Column("ID", 12),
    Column("Chinese", 22),
    Column("English", 34),
    Column("Review", 11, get_args(Review)),
    Column("Usage", 12, get_args(Usage)),
    Column("Type", 12, get_args(TermType)),
    Column("Count", 7),
    Column("Units", 7),
    Column("Chinese context", 46),
    Column("English context", 52),
    Column("Source", 24),
    Column("Note", 28),
    Column("Merge into ID", 13),
    Column("List", 10),
    Column("Score", 7),
    Column("Why", 36),
)


def write_workbook(
    glossary: Glossary,
    documents: Sequence[AlignedDocument],
    path: str | Path,
    options: WorkbookOptions | None = None,
) -> WorkbookReport:
    """Write the review workbook and return what went into it."""
    options = options or WorkbookOptions()
    path = Path(path)
    found: list[Replacement] = []
    glossary = replace_forbidden_in(replace(glossary, rejected=()), "glossary", found)
    with atomic_path(path) as beside:
        book = xlsxwriter.Workbook(
            str(beside), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        book.set_properties({"title": "Terminology review", "created": options.created})
        sheet = book.add_worksheet("Terms")
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(1, len(glossary.entries)), len(TERMS) - 1)
        for index, column in enumerate(TERMS):
            sheet.write_string(0, index, column.name, book.add_format({"bold": True}))
            sheet.set_column(index, index, column.width)
            if column.choices:
                choices = {"validate": "list", "source": list(column.choices)}
                sheet.data_validation(1, index, MAX_ROWS - 1, index, choices)
        for row, entry in enumerate(glossary.entries, 1):
            for index, cell in enumerate(_term_cells(entry)):
                if isinstance(cell, str):
                    sheet.write_string(row, index, cell[:MAX_CELL_CHARS])
                else:
                    sheet.write_number(row, index, cell)
        book.close()
    return WorkbookReport((("Terms", len(glossary.entries)),), tuple(found))


def _term_cells(entry: ConceptEntry) -> tuple[str | float, ...]:
    context = next((c for c in entry.contexts if c.source and c.target), Context("", "", ""))
    return (
        entry.id,
        entry.term,
        entry.preferred.text,
        entry.review,
        entry.preferred.usage,
        entry.type,
        entry.count,
        entry.units,
        context.source,
        context.target,
        ", ".join(filter(None, (context.document, context.place))),
        "\n".join(entry.notes),
        "",
        entry.list,
        entry.score,
        "; ".join(entry.reasons),
    )
