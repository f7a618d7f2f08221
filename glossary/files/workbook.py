"""The review workbook: terms, their variants, evidence, phrase patterns and alignment, as one XLSX file to send round.

Rows are known by their ID and columns by their name, so that a reviewer may sort, filter, hide, widen and add. Columns
whose name begins with a pencil are there to be changed. A hidden sheet keeps a digest of what those cells held when
the workbook was written; by it ``import`` knows what the reviewer changed, whatever happened to the glossary since.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, get_args

import regex
import xlsxwriter
from python_calamine import CalamineWorkbook

from glossary.contexts import context_of, shown_in
from glossary.files.tables import cell_digest, normalise
from glossary.model import (
    ConceptEntry,
    Glossary,
    PartOfSpeech,
    PhrasePattern,
    Review,
    TermType,
    Usage,
    VariantKind,
)
from tmx.characters import HAN_BLOCKS
from tmx.errors import OutputError
from tmx.files import Replacement, atomic_path, digest, replace_forbidden_in, tally
from tmx.languages import join
from tmx.model import AlignedDocument

# Excel's limits: characters in a cell; rows of a sheet.
MAX_CELL_CHARS = 32_767
MAX_ROWS = 1_048_576
CHINESE_FONT = "Microsoft YaHei"  # comes with Windows and Office; elsewhere the system puts its own in its place
PENCIL = "✎ "
BASE_SHEET = "_base"
REMOVE = "remove"
MERGE = "merge with next"
DOUBTFUL = 0.5  # below this a bead is more likely wrong than right
SURE = 0.9

ALIGNMENT_DECISIONS = ("approve", "doubt", "wrong", MERGE)


@dataclass(frozen=True, slots=True)
class WorkbookOptions:
    """``created`` is the date the file names; without it a fixed one, so that the same input gives the same bytes.

    ``max_contexts`` is how many contexts of a term the Evidence sheet shows. A memory with more than
    ``max_alignment_rows`` beads shows those of the lowest confidence.
    """

    created: datetime = datetime(2000, 1, 1)
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
class Column:
    """One column of a sheet: its name, its width in characters, whether it comes back, what may stand in it."""

    name: str
    width: int
    editable: bool = False
    choices: tuple[str, ...] = ()
    chinese: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The plan of one sheet: ``key`` is the column whose value identifies a row, ``frozen`` columns stay in view.

    Of wide sheets only the first ``printed`` columns go on paper.
    """

    name: str
    key: str
    frozen: int
    columns: tuple[Column, ...]
    printed: int = 0

    @property
    def editable(self) -> tuple[Column, ...]:
        """The columns that come back."""
        return tuple(column for column in self.columns if column.editable)


TERMS = Sheet(
    "Terms",
    "ID",
    3,
    (
        Column("ID", 13, help="Do not change: by it the row is known."),
        Column("Chinese", 20, True, chinese=True, help="The Chinese term; change it if its border is wrong."),
        Column("English", 30, True, help="The preferred English; others are on the sheet Variants."),
        Column("Review", 11, True, get_args(Review), help="Your verdict."),
        Column("Type", 11, True, get_args(TermType), help="What kind of thing it names."),
        Column("Note", 22, True, help="Goes into the termbase as a note."),
        Column("Count", 7, help="How often the Chinese occurs."),
        Column("Units", 7, help="In how many translation units."),
        Column("Chinese context", 38, chinese=True),
        Column("English context", 46),
        Column("Source", 24, help="Document and place of the context."),
        Column("Other English", 26, help="Other renderings; see the sheet Variants."),
        Column("Merge into ID", 13, True, help="The ID of the entry this one should become part of."),
        Column("Part of speech", 12, True, get_args(PartOfSpeech)),
        Column("First", 11, help="Date of the first document that has it."),
        Column("Last", 11, help="Date of the last document that has it."),
        Column("List", 10, help="recurring: seen more than once; once: less certain."),
        Column("Score", 7, help="How likely a terminologist is to keep the term, 0 to 1."),
        Column("Why", 38, help="Why the machine kept it."),
        Column("Definition", 30, True),
        Column("Known", 10, help="How it stands to the termbase you gave."),
        Column("Broader ID", 13, help="A longer term outside which this one never occurs."),
    ),
    printed=11,
)
VARIANTS = Sheet(
    "Variants",
    "Variant ID",
    4,
    (
        Column("Variant ID", 22, help="Do not change; leave empty in a new row."),
        Column("ID", 13, help="The entry it belongs to; fill it in for a new row."),
        Column("Term", 22, chinese=True, help="The Chinese term of the entry."),
        Column("Language", 9, help="zh or en; fill it in for a new row."),
        Column("Text", 40, True, help="The wording."),
        Column("Usage", 12, True, (*get_args(Usage), REMOVE), help="remove takes it out of the entry."),
        Column("Kind", 13, True, get_args(VariantKind)),
        Column("Count", 7),
        Column("Of", 7, help="Occurrences of the Chinese in all."),
        Column("First", 11),
        Column("Last", 11),
        Column("Documents", 50),
    ),
)
EVIDENCE = Sheet(
    "Evidence",
    "",
    3,
    (
        Column("ID", 13),
        Column("Chinese", 22, chinese=True),
        Column("English", 30, help="The rendering which this context shows."),
        Column("Chinese context", 60, chinese=True),
        Column("English context", 66),
        Column("Document", 28),
        Column("Place", 22),
        Column("Date", 11),
        Column("Unit", 18),
    ),
)
PATTERNS = Sheet(
    "Phrase patterns",
    "",
    3,
    (
        Column("ID", 13),
        Column("Chinese pattern", 26, chinese=True, help="X and Y are the gaps, which each instance fills."),
        Column("English pattern", 32, help="What most of the translations share, in order."),
        Column("Instances", 10, help="How many sentences fill the pattern."),
        Column("Filling", 26, chinese=True, help="What stands in the gaps in this instance."),
        Column("Chinese", 50, chinese=True),
        Column("English", 66),
        Column("Document", 28),
        Column("Place", 22),
        Column("Date", 11),
        Column("Unit", 18),
    ),
    printed=9,
)
ALIGNMENT = Sheet(
    "Alignment",
    "ID",
    2,
    (
        Column("ID", 18, help="Do not change: by it the row is known."),
        Column("Mark", 12, help="How sure the machine is."),
        Column("Chinese text", 60, True, chinese=True, help="Put wording right here; it changes the memory only."),
        Column("English text", 66, True),
        Column("Decision", 16, True, ALIGNMENT_DECISIONS, help="wrong: not a translation, leaves the memory."),
        Column("Confidence", 10),
        Column("Bead", 6, help="Chinese to English sentences."),
        Column("Flags", 22),
        Column("Document", 28),
        Column("Place", 26),
        Column("No.", 6),
    ),
    printed=8,
)
SHEETS = (TERMS, VARIANTS, EVIDENCE, PATTERNS, ALIGNMENT)

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Rich:
    """Cell text with some ranges in bold."""

    text: str
    bold: Spans = ()


Cell = str | int | float | Rich


def variant_id(entry: str, language: str, text: str) -> str:
    """Return the stable ID of a rendering or Chinese variant: the entry's and a digest of the wording."""
    return f"{entry}/{digest([language, text], 4).hex()}"


def write_workbook(
    glossary: Glossary,
    documents: Iterable[AlignedDocument],
    path: str | Path,
    options: WorkbookOptions | None = None,
) -> WorkbookReport:
    """Write the review workbook, read it back with another library, and return what went into it.

    Every cell is text or a number, never a formula. Raises ``OutputError`` if it does not read back as written.
    """
    options = options or WorkbookOptions()
    path = Path(path)
    writer = _Writer(options)
    glossary = replace_forbidden_in(replace(glossary, rejected=()), "glossary", writer.replacements)
    alignment, left_out = _least_sure_rows(documents, options, writer.replacements)
    with atomic_path(path) as beside:
        book = xlsxwriter.Workbook(
            str(beside), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        book.set_properties({"title": "Terminology and alignment review", "created": options.created})
        writer.open(book)
        writer.sheet(TERMS, (term_row(entry) for entry in glossary.entries))
        writer.sheet(VARIANTS, (row for entry in glossary.entries for row in variant_rows(entry)))
        writer.sheet(EVIDENCE, (row for entry in glossary.entries for row in _evidence_rows(entry, options)))
        writer.sheet(PATTERNS, (row for pattern in glossary.patterns for row in _pattern_rows(pattern)))
        writer.sheet(ALIGNMENT, alignment)
        writer.read_me(glossary, left_out)
        writer.base()
        book.close()
        if options.verify:
            _verify(path, beside, writer.written)
    counts = tuple((sheet.name, len(writer.written[sheet.name]) - 1) for sheet in SHEETS)
    return WorkbookReport(counts, left_out, tally(writer.replacements), tuple(writer.cut))


def term_row(entry: ConceptEntry) -> tuple[Cell, ...]:
    """Return the cells of an entry on the sheet Terms."""
    context = context_of(entry, entry.preferred.text)
    return (
        entry.id,
        entry.term,
        entry.preferred.text,
        entry.review,
        entry.type,
        "\n".join(entry.notes),
        entry.count,
        entry.units,
        Rich(context.source, context.source_spans),
        Rich(context.target, context.target_spans),
        ", ".join(filter(None, (context.document, context.place))),
        "; ".join(r.text for r in entry.renderings if r is not entry.preferred),
        "",
        entry.part_of_speech,
        entry.first,
        entry.last,
        entry.list,
        round(entry.score, 3),
        "; ".join(entry.reasons),
        entry.definition,
        entry.known,
        entry.broader,
    )


def variant_rows(entry: ConceptEntry) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of an entry's wordings on the sheet Variants."""
    for variant in entry.variants:
        yield (
            variant_id(entry.id, "zh", variant.text),
            entry.id,
            entry.term,
            "zh",
            variant.text,
            variant.usage,
            variant.kind,
            variant.count,
            entry.count,
            "",
            "",
            "",
        )
    for rendering in entry.renderings:
        yield (
            variant_id(entry.id, "en", rendering.text),
            entry.id,
            entry.term,
            "en",
            rendering.text,
            rendering.usage,
            rendering.kind,
            rendering.count,
            entry.count,
            rendering.first,
            rendering.last,
            "; ".join(rendering.documents),
        )


def _evidence_rows(entry: ConceptEntry, options: WorkbookOptions) -> Iterator[tuple[Cell, ...]]:
    for context in entry.contexts[: options.max_contexts]:
        number = shown_in(entry, context)
        yield (
            entry.id,
            entry.term,
            "" if number is None else entry.renderings[number].text,
            Rich(context.source, context.source_spans),
            Rich(context.target, context.target_spans),
            context.document,
            context.place,
            context.date,
            context.unit,
        )


def _pattern_rows(pattern: PhrasePattern) -> Iterator[tuple[Cell, ...]]:
    for instance, filling in pattern.filled:
        yield (
            pattern.id,
            pattern.source,
            pattern.target,
            len(pattern.instances),
            "\n".join(filling),
            Rich(instance.source, instance.source_spans),
            instance.target,
            instance.document,
            instance.place,
            instance.date,
            instance.unit,
        )


def row_ids(document: AlignedDocument) -> list[str]:
    """Return an ID for each bead: the tuid of its unit, or a digest of the text for a bead with an empty side."""
    units = iter(document.units)
    seen: dict[str, int] = {}
    ids = []
    for bead in document.beads:
        if 0 not in bead.size:
            ids.append(next(units).id)
            continue
        texts = [s.text for s in (*document.source[slice(*bead.source)], *document.target[slice(*bead.target)])]
        id_ = "gap-" + digest([document.bitext.name, *texts], 6).hex()
        seen[id_] = seen.get(id_, 0) + 1
        ids.append(id_ if seen[id_] == 1 else f"{id_}-{seen[id_]}")
    return ids


def mark(confidence: float, unaligned: bool) -> str:
    """Return how sure the machine is of a bead, as sign and word."""
    if unaligned:
        return "✗ unaligned"
    return "✓ sure" if confidence >= SURE else "· likely" if confidence >= DOUBTFUL else "? doubtful"


def alignment_rows(document: AlignedDocument) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a document's beads on the sheet Alignment, in their order."""
    bitext = document.bitext
    units = iter(document.units)
    for number, (bead, id_) in enumerate(zip(document.beads, row_ids(document), strict=True), 1):
        source, target = document.source[slice(*bead.source)], document.target[slice(*bead.target)]
        unit = next(units) if source and target else None
        texts = (
            unit.source if unit else join([s.text for s in source], bitext.source_language),
            unit.target if unit else join([s.text for s in target], bitext.target_language),
        )
        if unit:
            place = unit.place
        else:
            side = (source, bitext.source) if source else (target, bitext.target)
            place = " + ".join(dict.fromkeys(side[1][s.paragraph].place(s.start, s.end) for s in side[0]))
        yield (
            id_,
            mark(bead.confidence, unit is None),
            *texts,
            _decision(dict(unit.properties).get("x-review", "") if unit else ""),
            round(bead.confidence, 3),
            bead.shape,
            ", ".join(unit.flags) if unit else "",
            bitext.name,
            place,
            number,
        )


def _least_sure_rows(
    documents: Iterable[AlignedDocument], options: WorkbookOptions, found: list[Replacement]
) -> tuple[list[tuple[Cell, ...]], int]:
    rows: list[tuple[float, tuple[Cell, ...]]] = []
    total = 0
    for document in documents:
        for bead, row in zip(document.beads, alignment_rows(document), strict=True):
            rows.append((0.0 if 0 in bead.size else bead.confidence, replace_forbidden_in(row, str(row[0]), found)))
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


class _Writer:
    """Writes sheets by their plan; ``written`` keeps each sheet's texts for the comparison afterwards."""

    def __init__(self, options: WorkbookOptions) -> None:
        self.options = options
        self.replacements: list[Replacement] = []
        self.cut: list[str] = []
        self.written: dict[str, list[tuple[str, ...]]] = {}
        self._digests: list[tuple[str, ...]] = []
        self._cut_columns: list[str] = []  # of the row at hand
        self._cut_cells: list[tuple[str, ...]] = []
        self._book: Any = None
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def open(self, book: Any) -> None:
        self._book = book

    def format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"valign": "top", "font_size": 10, "font_color": "#000000", **properties}
            )
        return self._formats[key]

    def sheet(self, plan: Sheet, rows: Iterable[tuple[Cell, ...]]) -> None:
        sheet = self._book.add_worksheet(plan.name)
        sheet.set_row(0, 30)
        written = [tuple(_header(column) for column in plan.columns)]
        self.written[plan.name] = written
        formats = [self._column_format(column) for column in plan.columns]
        for index, column in enumerate(plan.columns):
            sheet.set_column(index, index, column.width, formats[index])
            sheet.write_string(0, index, _header(column), self._header_format(column))
        editable = [index for index, column in enumerate(plan.columns) if column.editable]
        for number, row in enumerate(rows, 1):
            if number >= MAX_ROWS:
                raise OutputError(f"sheet {plan.name} would need more than {MAX_ROWS} rows; lower max_contexts")
            texts = tuple(
                self._cell(sheet, number, index, cell, formats[index], plan) for index, cell in enumerate(row)
            )
            written.append(texts)
            self._cut_cells += [("cut", plan.name, texts[0], name) for name in self._cut_columns]
            self._cut_columns = []
            sheet.set_row(number, _height(texts, plan))
            if plan.key:
                self._digests.append((plan.name, texts[0], *(cell_digest(texts[index]) for index in editable)))
        self._dress(sheet, plan, len(written) - 1)

    def _column_format(self, column: Column) -> Any:
        properties: dict[str, Any] = {"text_wrap": column.width >= 20, "bottom": 4, "bottom_color": "#BFBFBF"}
        if column.chinese:
            properties["font_name"] = CHINESE_FONT
        if not column.editable and column.width < 30 and not column.chinese:
            properties["font_color"] = "#666666"
        if column.width <= 10:
            properties["align"] = "center"
        elif properties["text_wrap"]:
            properties["indent"] = 1  # so that Chinese does not run up to the English beside it
        return self.format(**properties)

    def _header_format(self, column: Column) -> Any:
        colours = {"bg_color": "#1F4E79", "font_color": "#FFFFFF"} if column.editable else {"bg_color": "#D9D9D9"}
        return self.format(bold=True, text_wrap=True, valign="vcenter", border=1, border_color="#BFBFBF", **colours)

    def _cell(self, sheet: Any, row: int, index: int, cell: Cell, format_: Any, plan: Sheet) -> str:
        if isinstance(cell, int | float):
            sheet.write_number(row, index, cell, format_)
            return normalise(cell)
        text = cell.text if isinstance(cell, Rich) else cell
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_CELL_CHARS:  # Excel counts UTF-16 units
            text = text.encode("utf-16-le")[: 2 * (MAX_CELL_CHARS - 1)].decode("utf-16-le", "ignore") + "…"
            self.cut.append(f"{plan.name}!{xlsxwriter.utility.xl_rowcol_to_cell(row, index)}")
            self._cut_columns.append(plan.columns[index].name)
            cell = text
        parts = _fragments(cell) if isinstance(cell, Rich) else [(text, False)]
        if len(parts) > 1:
            font = {"font_name": CHINESE_FONT} if plan.columns[index].chinese else {}
            formats = {strong: self.format(bold=strong, **font) for strong in (True, False)}
            runs = [piece for part, strong in parts for piece in (formats[strong], part)]
            sheet.write_rich_string(row, index, *runs, format_)
        elif text:
            sheet.write_string(row, index, text, format_)
        return normalise(text)

    def _dress(self, sheet: Any, plan: Sheet, rows: int) -> None:
        last = max(rows, 1)
        sheet.freeze_panes(1, plan.frozen)
        sheet.autofilter(0, 0, last, len(plan.columns) - 1)
        for index, column in enumerate(plan.columns):
            if column.choices:
                sheet.data_validation(
                    1,
                    index,
                    last + 1000,  # new rows below have the list too
                    index,
                    {
                        "validate": "list",
                        "source": list(column.choices),
                        "error_title": column.name,
                        "error_message": "Choose one of: " + ", ".join(column.choices),
                    },
                )
        for name, colours in _COLOURS.items():
            for index, column in enumerate(plan.columns):
                if column.name == name:
                    for text, colour in colours.items():
                        sheet.conditional_format(
                            1,
                            index,
                            last + 1000,
                            index,
                            {
                                "type": "cell",
                                "criteria": "==",
                                "value": f'"{text}"',
                                "format": self._book.add_format({"bg_color": colour, "font_color": "#000000"}),
                            },
                        )
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        if plan.printed:
            sheet.print_area(0, 0, last, plan.printed - 1)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&RPage &P of &N")

    def read_me(self, glossary: Glossary, left_out: int) -> None:
        sheet = self._book.add_worksheet("Read me")
        sheet.set_column(0, 0, 26, self.format(text_wrap=True))
        sheet.set_column(1, 1, 110, self.format(text_wrap=True))
        sheet.hide_gridlines(2)
        rows = list(_read_me(glossary, left_out, self.cut, tally(self.replacements)))
        for number, (name, text) in enumerate(rows):
            heading = not text
            bold = self.format(bold=True, text_wrap=True, **({"font_size": 13} if heading else {}))
            sheet.write_string(number, 0, name, bold)
            sheet.set_row(number, 4 + LINE_HEIGHT * max(1, min(_lines(text, 110), 25)))
            if text:
                sheet.write_string(number, 1, text[:MAX_CELL_CHARS], self.format(text_wrap=True))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def base(self) -> None:
        """Write the hidden sheet: for each row its sheet, ID and the digests of its cells that may be changed."""
        sheet = self._book.add_worksheet(BASE_SHEET)
        sheet.very_hidden()
        header = [(plan.name, plan.key, *(column.name for column in plan.editable)) for plan in SHEETS if plan.key]
        for number, row in enumerate([*header, *self._cut_cells, *self._digests]):
            for index, text in enumerate(row):
                sheet.write_string(number, index, text)


_COLOURS = {
    "Review": {
        "accepted": "#C6EFCE",
        "edited": "#DDEBF7",
        "rejected": "#F8CBAD",
        "discuss": "#FFEB9C",
    },
    "Usage": {
        "preferred": "#C6EFCE",
        "superseded": "#FFEB9C",
        "deprecated": "#F8CBAD",
        REMOVE: "#F8CBAD",
    },
    "Decision": {"approve": "#C6EFCE", "doubt": "#FFEB9C", "wrong": "#F8CBAD", MERGE: "#DDEBF7"},
    "Mark": {"? doubtful": "#FFEB9C", "✗ unaligned": "#F8CBAD"},
}


LINE_HEIGHT = 13.5  # points, of 10 point text
_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS)
_WIDE = regex.compile(f"[{_HAN}，。、；：？！“”《》（）]")
MAX_LINES = 8


def _height(texts: Sequence[str], plan: Sheet) -> float:
    """Return the height of a row in points: LibreOffice, unlike Excel, does not fit rows to wrapped text by itself."""
    lines = max(
        (_lines(text, column.width) for text, column in zip(texts, plan.columns, strict=False) if column.width >= 20),
        default=1,
    )
    return 2 + LINE_HEIGHT * min(max(lines, 1), MAX_LINES)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column ``width`` characters wide; an ideograph counts as two.

    >>> _lines("中国外交" * 5, 20), _lines("a\\nb", 20), _lines("", 20)
    (2, 2, 0)
    """
    if not text:
        return 0
    usable = 1.05 * width  # text is set in 10 point, widths count 11 point digits
    units = (len(line) + (0 if line.isascii() else len(_WIDE.findall(line))) for line in text[:2000].split("\n"))
    return sum(max(1, math.ceil(unit / usable)) for unit in units)


def _header(column: Column) -> str:
    return PENCIL + column.name if column.editable else column.name


def _fragments(cell: Rich) -> list[tuple[str, bool]]:
    """Cut a text at its bold ranges, which may come in any order or overlap.

    >>> _fragments(Rich("中国外交", [(2, 4)]))
    [('中国', False), ('外交', True)]
    """
    fragments = []
    position = 0
    for start, end in sorted(cell.bold):
        start, end = max(start, position), min(end, len(cell.text))
        if start >= end:
            continue
        fragments += [(cell.text[position:start], False), (cell.text[start:end], True)]
        position = end
    fragments.append((cell.text[position:], False))
    return [(text, strong) for text, strong in fragments if text]


def _read_me(
    glossary: Glossary, left_out: int, cut: Sequence[str], replacements: Sequence[Replacement]
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
        yield "Cut at 32,767 characters", ", ".join(cut) + " (Excel's limit; the other files have the whole text)"
    if replacements:
        yield "Characters replaced", "; ".join(map(str, replacements))
    yield "", ""
    yield "Columns", ""
    for plan in SHEETS:
        for column in plan.columns:
            if column.help:
                yield f"{plan.name}: {column.name}", column.help


def _verify(path: Path, beside: Path, written: dict[str, list[tuple[str, ...]]]) -> None:
    """Read the workbook with calamine and compare it cell by cell with what was written."""
    with beside.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
        for name, rows in written.items():
            read = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for number, (expected, got) in enumerate(zip_longest(rows, read), 1):
                texts = tuple(map(normalise, got or ()))[: len(expected or ())]
                if expected is None or texts + ("",) * (len(expected) - len(texts)) != expected:
                    raise OutputError(f"{path}: row {number} of sheet {name} does not read back as it was written")
