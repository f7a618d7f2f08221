"""Plain text: every line that is not blank is a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import groupby
from pathlib import Path

from tmx.errors import LimitError
from tmx.furniture import Line, unwrap
from tmx.healing import joined
from tmx.languages import CHINESE, ENGLISH
from tmx.model import Block, Document, Notice
from tmx.readers.bilingual import WORDFAST, wordfast_document
from tmx.readers.corpora import text_in_json
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions
from tmx.readers.subtitles import subtitle_format, subtitles_document
from tmx.readers.tables import Cell, table_blocks
from tmx.scripts import implied_script, reads_as_chinese

LINE_END = re.compile(r"\r\n|\r|\n|\u2028|\u2029|\x85")
QUOTED = re.compile(r"(?:> ?)*>(?: +|$)")
MIN_QUOTED = 3  # lines
MIN_ROWS = 3  # lines with a tab; fewer are no table
TABLE_SHARE = 0.8  # of the lines have all cells of a table
MAX_COLUMNS = 256
# Tables drawn with bars, as MySQL, Org, reStructuredText, MediaWiki and programs for the terminal do.
BAR = re.compile(r"\|\||!!|[|│┃║]")
DRAWN_ROW = re.compile(r"(?:[|│┃║]|! ?(?=.*!!))(?P<cells>.*?)[|│┃║]?")
DRAWN_LINE = re.compile(r"[-+=|:.\s─━═│┃║┄┈┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╭╮╰╯╞╪╡]{2,}|\{\|.*|\|\}")
GRID = 4  # stretches between drawn lines, of which each is one row then, however many lines it has
EDGE = " \t\v\u00a0\u3000\u200b\ufeff"


def lines(text: str, name: str, options: ReadOptions) -> list[Line]:
    """Return the lines which are not blank. Lines count from 1.

    A form feed begins a page; without any, the page number is 0.
    """
    found = []
    paged = "\f" in text
    page = 1 if paged else 0
    for number, line in enumerate(LINE_END.split(text), 1):
        if len(line) > options.max_line_chars:
            raise LimitError(
                f"{name}, line {number}: {len(line):,} characters in one line (limit {options.max_line_chars:,});"
                " break the text into paragraphs"
            )
        for turn, part in enumerate(line.split("\f")):
            page += turn > 0
            stripped = part.strip(EDGE)
            if stripped:
                found.append(Line(number, page, stripped, len(part) - len(part.lstrip(EDGE))))
        if len(found) > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks:,} lines")
    return found


def read_text(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a plain text file; lines that a program broke at a fixed width are put together again."""
    text = decode(read_bytes(path, name, options), name, options.encoding)
    if WORDFAST.match(text):
        return wordfast_document(text, name, options)
    if suffix := subtitle_format(text):
        return subtitles_document(text, name, suffix, options)
    if pairs := text_in_json(text, name, options):
        return replace(pairs, format="txt")
    plain = lines(text, name, options)
    if table := _table(text, name, options):
        return table
    found, quoted = _without_quotation_marks(plain, name)
    blocks: list[Block] = []
    notices = list(quoted)
    for part in _parts(found, name, options):
        if isinstance(part, Document):
            blocks += part.blocks
            notices += part.notices
            continue
        groups = unwrap(part)
        blocks += map(_block, groups)
        notices += [
            Notice("joined", name, f"lines {group[0].number} to {group[-1].number}", "lines of one paragraph")
            for group in groups
            if len(group) > 1
        ]
    return Document(name, "txt", tuple(blocks), notices=tuple(notices))


def _parts(found: Sequence[Line], name: str, options: ReadOptions) -> list[list[Line] | Document]:
    """Return the stretches of a text, and what was read of the tables that are drawn with bars between them."""
    parts: list[list[Line] | Document] = []
    lines_: list[Line] = []
    row = 0
    for is_drawn, run in groupby(found, lambda line: bool(DRAWN_ROW.fullmatch(line.text) or _is_drawn_line(line))):
        stretch = list(run)
        table, row = _drawn_table(stretch, name, row, options) if is_drawn else (None, row)
        if table is None:
            if is_drawn and _is_frame(stretch):
                parts.append(Document(name, "txt", (), notices=_drawn_lines(stretch, name)))
                stretch = [replace(line, text=_cells(line)[0][0]) for line in stretch if not _is_drawn_line(line)]
            lines_ += stretch
            continue
        parts += [lines_, table] if lines_ else [table]
        lines_ = []
    return [*parts, lines_] if lines_ else parts


def _is_drawn_line(line: Line) -> bool:
    return bool(DRAWN_LINE.fullmatch(line.text))


def _drawn_table(
    stretch: Sequence[Line], name: str, first_row: int, options: ReadOptions
) -> tuple[Document | None, int]:
    """Read a table drawn with bars, if one of its columns is Chinese and another English; return the next free row."""
    groups = [list(run) for is_line, run in groupby(stretch, _is_drawn_line) if not is_line]
    rows = [[_cells(line) for line in group] for group in groups]
    widths = {len(row) for group in rows for row in group}
    if sum(map(len, rows)) < MIN_ROWS or len(widths) > 1 or not 1 < max(widths) <= MAX_COLUMNS:
        return None, first_row
    if len(rows) < GRID:
        rows = [[row] for group in rows for row in group]
    grid = [
        [Cell(tuple(text for text, _ in column if text), column[0][1]) for column in zip(*group, strict=True)]
        for group in rows
    ]
    grid = [[_one_text(cell) for cell in row] for row in grid]
    blocks, notices, row = table_blocks(grid, name, first_row, implied_script(options.source_language) or "Hans")
    if row == first_row:
        return None, first_row
    return Document(name, "txt", tuple(blocks), notices=(*_drawn_lines(stretch, name), *notices)), row


def _is_frame(stretch: Sequence[Line]) -> bool:
    """Tell whether a stretch is text in a drawn frame: a bar before each line, and lines above, below or between."""
    texts = [line for line in stretch if not _is_drawn_line(line)]
    return 0 < len(texts) < len(stretch) and all(len(_cells(line)) == 1 for line in texts)


def _drawn_lines(stretch: Sequence[Line], name: str) -> tuple[Notice, ...]:
    drawn = filter(_is_drawn_line, stretch)
    return tuple(Notice("removed", name, f"line {line.number}", f"drawn line: {line.text}") for line in drawn)


def _cells(line: Line) -> list[tuple[str, str]]:
    """Return the cells of a line of a drawn table, each with its place."""
    match = DRAWN_ROW.fullmatch(line.text)
    return [(cell.strip(EDGE), f"line {line.number}") for cell in BAR.split(match["cells"])] if match else []


def _one_text(cell: Cell) -> Cell:
    """Return a cell of a drawn table, in which the lines of one text stand below one another."""
    if len(cell.texts) < 2:
        return cell
    language = CHINESE if reads_as_chinese(cell.texts[0]) else ENGLISH
    return replace(cell, texts=(reduce(lambda first, second: joined(first, second, language), cell.texts),))


def _table(text: str, name: str, options: ReadOptions) -> Document | None:
    """Read lines whose cells are parted by tabs as a table, if one of its columns is Chinese and another English."""
    if "\t" not in text:
        return None
    rows = [(n, line.split("\t")) for n, line in enumerate(LINE_END.split(text), 1) if line.strip(EDGE)]
    width = max(len(row) for _, row in rows)
    full = sum(len(row) == width for _, row in rows)
    if full < max(MIN_ROWS, TABLE_SHARE * len(rows)) or width > MAX_COLUMNS:
        return None
    grid = [[Cell(tuple(filter(None, [cell.strip(EDGE)])), f"line {n}") for cell in row] for n, row in rows]
    blocks, notices, pairs = table_blocks(grid, name, 0, implied_script(options.source_language) or "Hans")
    return Document(name, "txt", tuple(blocks), notices=tuple(notices)) if pairs else None


def _without_quotation_marks(found: list[Line], name: str) -> tuple[list[Line], list[Notice]]:
    """Take the marks off lines that are quoted as in mail; a line or two may be meant otherwise."""
    quoted = [line for line in found if QUOTED.match(line.text)]
    if len(quoted) < MIN_QUOTED:
        return found, []
    message = f"{len(quoted)} marks of quotations: {quoted[0].text[:40]}"
    kept = [replace(line, text=QUOTED.sub("", line.text)) for line in found]
    return [line for line in kept if line.text], [Notice("removed", name, f"line {quoted[0].number}", message)]


def _block(group: Sequence[Line]) -> Block:
    first = group[0]
    if len(group) == 1:
        return Block(first.text, f"line {first.number}", page=first.page)
    language = CHINESE if reads_as_chinese(first.text) else ENGLISH
    text = first.text
    for line in group[1:]:
        text = joined(text, line.text, language)
    return Block(text, f"lines {first.number} to {group[-1].number}", page=first.page)
