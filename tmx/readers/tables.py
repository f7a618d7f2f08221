"""Tables: which columns hold the two languages, and the row pairs they make. Shared by all formats with tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tmx.characters import han_share
from tmx.languages import is_chinese, is_english
from tmx.model import Block, Notice

COLUMN_SHARE = 0.7  # of the cells with words that are in the language of the column
# What people write at the head of a column, in lower case.
CHINESE_HEADERS = frozenset(
    "中 中文 汉语 漢語 原文 简体中文 繁體中文 chinese zh zh-cn zh-hans zh-hant zh-tw zh_cn zh_tw source".split()  # noqa: SIM905
)
ENGLISH_HEADERS = frozenset("英 英文 英语 英語 译文 譯文 english en en-us en-gb en_us en_gb target translation".split())  # noqa: SIM905
NOTE_HEADERS = frozenset("备注 備註 注释 註釋 说明 說明 note notes comment comments remark remarks".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its paragraphs (none of them empty), its place for people, the language it declares."""

    texts: tuple[str, ...]
    place: str
    language: str = ""

    @property
    def text(self) -> str:
        """The whole cell, lower case, for comparing with the names of headers."""
        return " ".join(self.texts).strip().lower()


EMPTY = Cell((), "")


def table_blocks(table: Sequence[Sequence[Cell]], name: str, first_row: int) -> tuple[list[Block], list[Notice], int]:
    """Return the blocks of a table, notices of what was left out, and the next free row number.

    If one column is Chinese and another English, every line of the table is a row pair. Otherwise
    the cells are paragraphs in reading order.
    """
    width = max((len(line) for line in table), default=0)
    grid = [[line[column] if column < len(line) else EMPTY for column in range(width)] for line in table]
    pairs = _column_pairs(grid, width)
    if not pairs:
        blocks = [
            Block(text, cell.place, "cell", cell.language) for line in grid for cell in line for text in cell.texts
        ]
        return blocks, [], first_row
    notices: list[Notice] = []
    body = grid
    if _is_header(grid[0], pairs):
        body = grid[1:]
        place = grid[0][min(pairs[0])].place
        labels = " | ".join(" ".join(cell.texts) for cell in grid[0])
        notices.append(Notice("removed", name, place, f"column headings: {labels}"))
    used = {column for pair in pairs for column in pair}
    note_columns = [c for c in range(width) if c not in used and grid[0][c].text in NOTE_HEADERS]
    for column in sorted(set(range(width)) - used - set(note_columns)):
        cells = [line[column] for line in body if line[column].texts]
        if cells:
            excerpt = " ".join(cells[0].texts)[:40]
            message = f"a column that is neither of the two languages ({len(cells)} cells, the first: {excerpt})"
            notices.append(Notice("removed", name, cells[0].place, message))
    blocks = []
    row = first_row
    for source_column, target_column in pairs:
        for line in body:
            notes = tuple(" ".join(line[column].texts) for column in note_columns if line[column].texts)
            source, target = line[source_column], line[target_column]
            if not source.texts and not target.texts:
                continue
            blocks += [
                Block(text, cell.place, "cell", language, row=row, notes=notes)
                for cell, language in ((source, "zh"), (target, "en"))
                for text in cell.texts
            ]
            row += 1
    return blocks, notices, row


def _column_pairs(grid: Sequence[Sequence[Cell]], width: int) -> list[tuple[int, int]]:
    """Return (Chinese column, English column) for each pair of columns that translate each other."""
    chinese, english = [], []
    for column in range(width):
        sides = [_side(line[column]) for line in grid if line[column].texts]
        worded = [side for side in sides if side]
        header = grid[0][column].text
        if not worded or header in NOTE_HEADERS:
            continue
        size = sum(len(text) for line in grid for text in line[column].texts)
        # A column of codes or short labels beside running text is not a translation of it.
        if worded.count("zh") >= COLUMN_SHARE * len(worded) and (len(worded) >= 0.5 * len(sides)):
            chinese.append((column, size))
        elif worded.count("en") >= COLUMN_SHARE * len(worded) and (len(worded) >= 0.5 * len(sides)):
            english.append((column, size))
    if not chinese or not english:
        return []
    if len(chinese) == len(english) and len(chinese) > 1:
        return [(c, e) for (c, _), (e, _) in zip(chinese, english, strict=True)]
    named_chinese = [c for c in chinese if grid[0][c[0]].text in CHINESE_HEADERS] or chinese
    named_english = [c for c in english if grid[0][c[0]].text in ENGLISH_HEADERS] or english
    best = max(named_chinese, key=lambda item: item[1])[0], max(named_english, key=lambda item: item[1])[0]
    return [best]


def _side(cell: Cell) -> str:
    if is_chinese(cell.language):
        return "zh"
    if is_english(cell.language):
        return "en"
    text = " ".join(cell.texts)
    if not any(character.isalpha() for character in text):
        return ""
    return "zh" if han_share(text) >= 0.5 else "en"


def _is_header(line: Sequence[Cell], pairs: Sequence[tuple[int, int]]) -> bool:
    labels = CHINESE_HEADERS | ENGLISH_HEADERS
    return all(line[column].text in labels for pair in pairs for column in pair)
