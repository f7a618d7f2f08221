"""Tables: which columns hold the two languages, and the row pairs they make. Shared by all formats with tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice, pairwise

from tmx.characters import han_share, is_han
from tmx.inline import without_tags
from tmx.languages import is_chinese, is_english
from tmx.mixed import LETTERS_PER_HAN, Cut, find_cut
from tmx.model import Block, Notice
from tmx.scripts import Script, implied_script, reads_as_chinese, script_of
from tmx.varieties import foreign_script

COLUMN_SHARE = 0.7  # of the cells with words that are in the language of the column
MIN_TOLD = 3  # lines of either language, from which a column says the language of its lines
WHOLE_SHARE = 0.5  # of the longest Chinese column: the size of a column that may be the same text
MAX_HEADING = 8  # Chinese signs of a heading in words that are not listed here
NAMED_SHARE = 0.4  # the same where the column's heading names the language: names and codes stay untranslated
HEADER_LINES = 3  # among which the headings of the columns are looked for: a title may stand above them
# What people write at the head of a column, in lower case.
CHINESE_HEADERS = frozenset(
    [
        "中",
        "中文",
        "汉语",
        "漢語",
        "华文",
        "華文",
        "中文版",
        "中文原文",
        "中文译文",
        "简体",
        "繁体",
        "繁體",
        "简体中文",
        "繁體中文",
        "繁体中文",
        "中文名",
        "中文名称",
        "中文 chinese",
        "chinese",
        "simplified chinese",
        "traditional chinese",
        "chinese (simplified)",
        "chinese (traditional)",
        "simplified",
        "traditional",
        "zh",
        "zh-cn",
        "zh-hans",
        "zh-hant",
        "zh-tw",
        "zh-hk",
        "zh_cn",
        "zh_tw",
        "zh_hk",
        "chs",
        "cht",
        "chi",
        "zho",
        "sc",
        "tc",
    ]
)
ENGLISH_HEADERS = frozenset(
    [
        "英",
        "英文",
        "英语",
        "英語",
        "英文版",
        "英译",
        "英譯",
        "英文译文",
        "英文原文",
        "英文名",
        "英文名称",
        "英文 english",
        "英语 english",
        "english",
        "english translation",
        "en",
        "en-us",
        "en-gb",
        "en_us",
        "en_gb",
        "eng",
    ]
)
# Headings that do not say which language: an original may be in either.
SIDE_HEADERS = frozenset(
    [
        "原文",
        "译文",
        "譯文",
        "源语言",
        "源語言",
        "目标语言",
        "目標語言",
        "源文",
        "源文本",
        "目标文本",
        "原文本",
        "译文本",
        "原语",
        "译语",
        "译名",
        "譯名",
        "术语",
        "術語",
        "term",
        "source",
        "target",
        "translation",
        "translated",
        "translated text",
        "translation result",
        "original",
        "text",
        "content",
        "内容",
        "內容",
        "src",
        "tgt",
        "trg",
        "source text",
        "target text",
        "source language",
        "target language",
    ]
)
# Headings of columns in further languages, which by their letters might be English.
OTHER_HEADERS = frozenset(
    [
        "法文",
        "法语",
        "法語",
        "德文",
        "德语",
        "德語",
        "西文",
        "西班牙文",
        "西班牙语",
        "俄文",
        "俄语",
        "俄語",
        "日文",
        "日语",
        "日語",
        "韩文",
        "韩语",
        "韓語",
        "葡文",
        "葡萄牙文",
        "葡萄牙语",
        "越南文",
        "french",
        "german",
        "spanish",
        "russian",
        "japanese",
        "korean",
        "portuguese",
        "italian",
        "vietnamese",
        "malay",
        "français",
        "deutsch",
        "español",
        "fr",
        "de",
        "es",
        "ru",
        "ja",
        "ko",
        "pt",
        "it",
        "vi",
        "fr-fr",
        "de-de",
        "es-es",
        "ru-ru",
        "ja-jp",
        "ko-kr",
        "pt-pt",
        "pt-br",
    ]
)
LANGUAGES = CHINESE_HEADERS | ENGLISH_HEADERS
HEADERS = LANGUAGES | SIDE_HEADERS
# How CAT tools and people put a heading together: a side, what it is, a language; or a language and what is to be said.
_SIDE_AND_LANGUAGE = re.compile(
    r"(source|target|src|tgt|trg|translation|original|原文|译文|譯文|源文|源语言?|源語言?|目标语言?|目標語言?)"
    r"(?:[ _](?:text|segment|string|language|phrase))?(?:\s*[:：(（\[_-]\s*(.+?)\s*[)）\]]?)?"
)
_LANGUAGE_AND_MORE = re.compile(
    r"(chinese|english|中文|英文|汉语|英语|漢語|英語|zh|en)[ _]*[:：(（\[_-]\s*(.+?)\s*[)）\]]?"
)
# A language and that it is text, also misspelt; the name of the language is the first group that is found.
_LANGUAGE_TEXT = re.compile(
    r"(中文|英文|汉语|英语|漢語|英語|华语|華語)(?:内容|內容|文本|部分|句子|原句|表述|表达|稿|字幕|翻译|翻譯|译文|譯文|原文)"
    r"|([a-z]{5,9})(?: (?:text|version|sentence|content|translation|original|term))?s?"
)
_LANGUAGES = ("chinese", "english")
# Words that stand with the name of a language in headings: "CN text", "Text in English", "sentence_zh".
_ABOUT_TEXT = frozenset(
    """text texts in version sentence segment string content term phrase words column original source target src tgt trg
    translation translated""".split()  # noqa: SIM905
)
MISSPELT = 0.85  # how alike a word and the name of a language are, by the letters they share in order
_WORDS = re.compile(r"[^\W_]+")
MAX_WORDS = 6  # of a heading that names a language
_FINAL = re.compile(
    r"final|revis|review|edited|human|终稿|終稿|定稿|最终|最終|人工|审校|審校|修订|修訂|修改|校对|校對|终审"
)
_DRAFT = re.compile(r"draft|machine|\bmt\b|deepl|google|初稿|初译|初譯|机器|機器|机翻|機翻|旧|原译")
_TRANSLATION = re.compile(
    r".{0,8}(?:译文|譯文|翻译|翻譯|译稿|譯稿|translation|draft|mt)|(?:machine|final|draft|human).{0,20}|.{0,3}[终終定初]稿"
    r"|[机機](?:翻|器翻[译譯])|(?:人工)?(?:[审審]校|校[对對]|修[订訂改])[后後]?[稿版文]?"
)
# Headings of the bilingual files for review of Studio, whose cells show tags as <1>.
_TAGGED = frozenset(["source segment", "target segment"])
NOTE_HEADERS = frozenset("备注 備註 注释 註釋 说明 說明 note notes comment comments remark remarks".split())  # noqa: SIM905


# Columns in which a CAT tool or a reviewer says how far a translation is; ``tmx.confidence`` knows their values.
STATE_HEADERS = {"fuzzy": "fuzzy", "confirmed": "confirmed"} | dict.fromkeys(
    ["status", "state", "segment status", "translation status", "状态", "狀態", "翻译状态", "审校状态", "审核状态"],
    "status",
)


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

    @property
    def heading(self) -> str:
        """The name of the header that a cell stands for, as the lists here have it.

        >>> [Cell((text,), "").heading for text in ("Source segment", "Source: zh-CN", "English (UK)")]
        ['source', 'zh-cn', 'english']
        >>> [Cell((text,), "").heading for text in ("简体中文（中国）", "US English", "Hong Kong Chinese", "2052")]
        ['zh', 'en', 'zh-hant', '2052']
        >>> [Cell((text,), "").heading for text in ("人工译文", "英文（终稿）", "审校后", "Source of the news")]
        ['译文', '英文', '译文', 'source of the news']
        >>> [Cell((text,), "").heading for text in ("CN Text", "Text in English", "text_zh", "sentence_en", "In use")]
        ['zh', 'en', 'zh', 'en', 'in use']
        >>> [Cell((text,), "").heading for text in ("中文内容", "src_text", "Chineese text", "Englsh", "Chimes")]
        ['中文', 'src', 'chinese', 'english', 'chimes']
        """
        text = self.text
        if text in HEADERS or text in NOTE_HEADERS or text in OTHER_HEADERS:
            return text
        side, language = _SIDE_AND_LANGUAGE.fullmatch(text), _LANGUAGE_AND_MORE.fullmatch(text)
        if side is not None:
            told = side[2] or ""
            known = told in HEADERS or told in OTHER_HEADERS or is_chinese(told) or is_english(told)
            return (
                (told if told in HEADERS | OTHER_HEADERS else "zh" if is_chinese(told) else "en") if known else side[1]
            )
        if language is not None:
            return language[2] if language[2] in LANGUAGES else language[1]
        if named := _language_named(text):
            return named
        if (_FINAL.search(text) or _DRAFT.search(text)) and _TRANSLATION.fullmatch(text):
            return "译文"
        if text.isdecimal() or not (is_chinese(text) or is_english(text)):
            return text
        return ("zh-hant" if implied_script(text) == "Hant" else "zh") if is_chinese(text) else "en"


def _language_named(text: str) -> str:
    """Return the language of which a heading says that a column holds text in it, nothing if it says no such thing."""
    match = _LANGUAGE_TEXT.fullmatch(text)
    if match is not None and (
        named := match[1] or next(iter(get_close_matches(match[2], _LANGUAGES, 1, MISSPELT)), "")
    ):
        return named
    words = _WORDS.findall(text)
    rest = " ".join(word for word in words if word not in _ABOUT_TEXT)
    if not rest or rest == " ".join(words) or len(words) > MAX_WORDS or not (is_chinese(rest) or is_english(rest)):
        return ""
    return ("zh-hant" if implied_script(rest) == "Hant" else "zh") if is_chinese(rest) else "en"


EMPTY = Cell((), "")
Grid = Sequence[Sequence[Cell]]


def table_blocks(
    table: Grid, name: str, first_row: int, script: Script = "Hans"
) -> tuple[list[Block], list[Notice], int]:
    """Return the blocks of a table, notices of what was left out, and the next free row number.

    If one column is Chinese and another English, every line of the table is a row pair. A line of one cell (a heading
    over all columns) is a pair if it holds both languages, else it stands alone. Of a Simplified and a Traditional
    column that of ``script`` is taken. Without such columns the cells are paragraphs in reading order.
    """
    width = max((len(line) for line in table), default=0)
    grid = [[line[column] if column < len(line) else EMPTY for column in range(width)] for line in table]
    grid = _turned(grid) or grid
    notices: list[Notice] = []
    if (told := _language_column(grid)) is not None:
        grid, notices = _side_by_side(grid, told, name)
    width = max(map(len, grid), default=0)
    header = _header(grid)
    headings = grid[header] if header is not None else [EMPTY] * width
    body = [line for index, line in enumerate(grid) if index != header]
    pairs = _column_pairs(body, headings, script)
    if header is None and pairs and _unnamed_header(grid, pairs):
        header, headings, body = 0, grid[0], grid[1:]
    several = _several(body)
    letters = sum(len(text) for _, english in pairs for line in body for text in line[english].texts)
    doubles = [column for column, _ in pairs if _holds_both(several, column, letters)]
    if doubles:
        return _double_blocks(body, headings, doubles, name, first_row)
    if not pairs:
        blocks = [
            Block(text, cell.place, "cell", cell.language) for line in grid for cell in line for text in cell.texts
        ]
        return blocks, notices, first_row
    if header is not None:
        labels = " | ".join(" ".join(cell.texts) for cell in headings)
        notices.append(Notice("removed", name, headings[min(pairs[0])].place, f"column headings: {labels}"))
    used = {column for pair in pairs for column in pair}
    note_columns = [c for c in range(width) if c not in used and headings[c].heading in NOTE_HEADERS]
    about = _About(tuple(note_columns), _state_columns(headings, used))
    notices += _left_out(body, headings, used | set(about.notes) | {column for column, _ in about.states}, name)
    if any(cell.text in _TAGGED for cell in headings):
        body, tags = _without_tags(body)
        notices += [Notice("removed", name, "", f"{tags} inline tags written as text were left out")] if tags else []
    blocks = []
    row = first_row
    lones = [_lone(line) for line in body]
    for number, columns in enumerate(pairs):
        for line, lone in zip(body, lones, strict=True):
            if lone is not None and (lone not in used or find_cut(" ".join(line[lone].texts))):
                if number == 0:
                    found, row = _lone_blocks(line[lone], row)
                    blocks += found
                continue
            if _is_exchanged(line, columns):
                place = line[columns[0]].place
                message = "Chinese and English stand in each other's column here; they were exchanged"
                notices.append(Notice("warning", name, place, message))
                found, row = _pair_blocks(line, columns[::-1], about, row)
            else:
                found, row = _pair_blocks(line, columns, about, row)
            blocks += found
    return blocks, notices, row


def _is_exchanged(line: Sequence[Cell], columns: tuple[int, int]) -> bool:
    """Tell whether the Chinese cell of a line is clearly English and its English one Chinese."""
    chinese, english = (" ".join(line[column].texts) for column in columns)
    return len(chinese.split()) > 1 and han_share(chinese) == 0 and han_share(english) >= COLUMN_SHARE


def _without_tags(body: Grid) -> tuple[list[list[Cell]], int]:
    """Return the lines of a table without the tags that stand in its cells as text, and how many there were."""
    counts = Counter[str]()

    def plain(text: str) -> str:
        text, tags = without_tags(text)
        counts["tags"] += tags
        return text

    lines = [[replace(cell, texts=tuple(filter(None, map(plain, cell.texts)))) for cell in line] for line in body]
    return lines, counts["tags"]


def _holds_both(lines: Grid, column: int, letters: int) -> bool:
    """Tell whether the cells of a column hold both languages, and the English columns beside it no translation (ok)."""
    cells = [line[column] for line in lines if line[column].texts]
    both = sum(len({reads_as_chinese(text) for text in cell.texts}) > 1 or bool(_cut(cell)) for cell in cells)
    if both < COLUMN_SHARE * len(cells):
        return False
    han = sum(map(is_han, "".join(text for cell in cells for text in cell.texts)))
    return letters < LETTERS_PER_HAN[0] * han


def _cut(cell: Cell) -> Cut | None:
    return find_cut(" ".join(cell.texts))


def _double_blocks(
    body: Grid, headings: Sequence[Cell], columns: Sequence[int], name: str, row: int
) -> tuple[list[Block], list[Notice], int]:
    """Return the blocks of columns of which each cell is a pair by itself."""
    blocks: list[Block] = []
    for line in body:
        for column in columns:
            if line[column].texts:
                found, row = _lone_blocks(line[column], row)
                blocks += found
    return blocks, list(_left_out(body, headings, set(columns), name)), row


def _turned(grid: list[list[Cell]]) -> list[list[Cell]] | None:
    """Return a table whose lines are the languages with lines and columns exchanged, None for any other table."""
    named = [line[0].heading for line in grid if line]
    known = HEADERS | OTHER_HEADERS | NOTE_HEADERS
    if len(set(named)) != len(named) or not set(named) <= known or not _names_two(named) or len(grid[0]) <= len(grid):
        return None
    return [list(column) for column in zip(*grid, strict=True)]


def _side_by_side(grid: list[list[Cell]], told: int, name: str) -> tuple[list[list[Cell]], list[Notice]]:
    """Put the texts of a table of which column ``told`` says the language of each line side by side.

    A line goes beside the one before it if that is in the other language and all that counts or names the texts (a
    column in which half of such lines agree) agrees. The second result names what else the table holds.
    """
    lines = [line for line in grid if line[told].heading in LANGUAGES]
    width = len(grid[0])
    sizes = [sum(len(line[column].text) for line in lines) * (column != told) for column in range(width)]
    text = max(range(width), key=sizes.__getitem__)
    couples = [(a, b) for a, b in pairwise(lines) if _is_zh(a[told]) != _is_zh(b[told])]
    same = [[a[column].text == b[column].text for a, b in couples] for column in range(width)]
    keys = [c for c in range(width) if c not in (told, text) and 2 * sum(same[c]) >= len(couples)]
    table: list[list[Cell]] = []
    before: list[Cell] | None = None
    for line in lines:
        side = 0 if _is_zh(line[told]) else 1
        if (
            before is None
            or table[-1][side].texts
            or any(before[column].text != line[column].text for column in keys)
            or _is_zh(before[told]) == (side == 0)
        ):
            table.append([EMPTY, EMPTY])
        table[-1][side] = replace(line[text], language=("zh", "en")[side])
        before = line
    notices = [
        Notice("removed", name, line[text].place, f"column headings: {' | '.join(' '.join(c.texts) for c in line)}")
        for line in grid
        if line[told].heading not in LANGUAGES
    ]
    return table, [*notices, *_left_out(lines, [EMPTY] * width, {told, text}, name)]


def _language_column(grid: Grid) -> int | None:
    """Return the column that says for each line whether it is Chinese or English, beside one that holds the texts."""
    for column in range(len(grid[0]) if grid and len(grid[0]) > 1 else 0):
        named = [line[column].heading for line in grid if line[column].texts]
        told = [heading for heading in named if heading in LANGUAGES]
        counts = Counter(heading in CHINESE_HEADERS for heading in told)
        if len(told) >= len(named) - 1 and min(counts[True], counts[False]) >= MIN_TOLD:
            return column
    return None


def _is_zh(cell: Cell) -> bool:
    return cell.heading in CHINESE_HEADERS


def _names_two(named: Iterable[str]) -> bool:
    return len(HEADERS.intersection(named)) > 1


def _header(grid: Grid) -> int | None:
    """Return the index of the line with the headings of the columns, None if there is none.

    A title or a line of wider headings may stand above it, but no line that fills the same columns.
    """
    for index, line in enumerate(grid[:HEADER_LINES]):
        named = {column: cell.heading for column, cell in enumerate(line) if cell.heading in HEADERS}
        above = grid[:index]
        filled = [{column for column, cell in enumerate(row) if cell.texts} for row in above]
        if _names_two(named.values()) and not any(named.keys() <= columns for columns in filled):
            return index
    return None


def _unnamed_header(grid: Grid, pairs: Sequence[tuple[int, int]]) -> bool:
    """Tell whether the first line holds headings in words of its own: short Chinese ones, also over the English."""
    cells = [grid[0][column] for pair in pairs for column in pair]
    texts = [cell.text for cell in cells]
    return (
        len(grid) > 2
        and len(set(texts)) == len(texts)
        and all(len(text) <= MAX_HEADING and han_share(text) == 1.0 for text in texts)
    )


def names_both(grid: Grid) -> bool:
    """Tell whether the headings of a table name both languages.

    >>> [names_both([[Cell((text,), "") for text in line]]) for line in (("中文", "英文"), ("原文", "译文"))]
    [True, False]
    """
    header = _header(grid)
    named = {cell.heading for cell in grid[header]} if header is not None else set()
    return bool(named & CHINESE_HEADERS and named & ENGLISH_HEADERS)


def _lone(line: Sequence[Cell]) -> int | None:
    """Return the only column with words in a line of several columns, None if there are more or none."""
    filled = list(islice((column for column, cell in enumerate(line) if cell.texts), 2))
    if len(filled) != 1 or len(line) < 2 or not any(c.isalpha() for c in line[filled[0]].text):
        return None
    return filled[0]


def _several(body: Grid) -> Grid:
    """Return the lines that are no heading over all columns."""
    return [line for line in body if _lone(line) is None]


def _lone_blocks(cell: Cell, row: int) -> tuple[list[Block], int]:
    """Return a heading over all columns as pairs where it holds both languages one after the other."""
    parts: list[str] = []
    for text in cell.texts:
        cut = find_cut(text)
        parts += cut.parts if cut else [text]
    blocks: list[Block] = []
    sides = [reads_as_chinese(part) for part in parts]
    index = 0
    while index < len(parts):
        paired = index + 1 < len(parts) and sides[index] != sides[index + 1]
        for offset in range(1 + paired):
            language = "zh" if sides[index + offset] else "en"
            blocks.append(Block(parts[index + offset], cell.place, "cell", language, row=row))
        index += 1 + paired
        row += 1
    return blocks, row


@dataclass(frozen=True, slots=True)
class _About:
    """The columns that say something about a pair: its notes, and its state with the name of the property."""

    notes: tuple[int, ...]
    states: tuple[tuple[int, str], ...]


def _state_columns(headings: Sequence[Cell], used: set[int]) -> tuple[tuple[int, str], ...]:
    named = ((column, STATE_HEADERS.get(cell.text)) for column, cell in enumerate(headings) if column not in used)
    return tuple((column, name) for column, name in named if name)


def _pair_blocks(line: Sequence[Cell], columns: tuple[int, int], about: _About, row: int) -> tuple[list[Block], int]:
    source, target = line[columns[0]], line[columns[1]]
    if not source.texts and not target.texts:
        return [], row
    for cell, other in ((source, target), (target, source)):
        cut = find_cut(" ".join(cell.texts)) if not other.texts else None
        if cut is not None and len(cut.parts) == 2:  # one cell over both columns
            return _lone_blocks(cell, row)
    notes = tuple(" ".join(line[column].texts) for column in about.notes if line[column].texts)
    states = ((name, " ".join(line[column].texts)) for column, name in about.states if line[column].texts)
    properties = tuple(sorted(states))
    blocks = [
        Block(text, cell.place, "cell", language, row=row, notes=notes, properties=properties)
        for cell, language in ((source, "zh"), (target, "en"))
        for text in cell.texts
    ]
    return blocks, row + 1


def _left_out(body: Grid, headings: Sequence[Cell], used: set[int], name: str) -> Iterator[Notice]:
    """Name the columns that are neither of the two languages, or one of them again."""
    lines = _several(body)
    for column in range(len(body[0]) if body else 0):
        cells = [line[column] for line in lines if line[column].texts]
        if column in used or not cells:
            continue
        sides = [side for side in map(_side, cells) if side]
        what = "a column that is neither of the two languages"
        if sides and sides.count("zh") >= COLUMN_SHARE * len(sides) and len(sides) >= 0.5 * len(cells):
            what = "a further Chinese column"
        elif headings[column].heading in HEADERS:
            what = "a further column of one of the two languages"
        excerpt = " ".join(cells[0].texts)[:40]
        yield Notice("removed", name, cells[0].place, f"{what} ({len(cells)} cells, the first: {excerpt})")


@dataclass(frozen=True, slots=True)
class _Column:
    """What the cells of a column show: the share of Chinese among those with words, the characters in all.

    ``rank`` is 1 where the heading says that the text is final, -1 where it is a draft or a machine's.
    """

    number: int
    header: str
    chinese: float
    size: int
    script: Script
    rank: int = 0


def _column_pairs(body: Grid, headings: Sequence[Cell], script: Script) -> list[tuple[int, int]]:
    """Return (Chinese column, English column) for each pair of columns that translate each other.

    Of several pairs, where headings name both languages, the columns of other headings (terms, the kind of a match) are
    none.
    """
    several = _several(body)
    columns = [c for c in (_column(body, several, headings, n) for n in range(len(headings))) if c is not None]
    named = [column for column in columns if column.header in HEADERS]
    chinese = [c for c in columns if c.chinese >= COLUMN_SHARE or _is_named(c, CHINESE_HEADERS, c.chinese)]
    english = [c for c in columns if c.chinese <= 1 - COLUMN_SHARE or _is_named(c, ENGLISH_HEADERS, 1 - c.chinese)]
    if not (chinese and english) and len(named) == 2 and abs(named[0].chinese - named[1].chinese) >= NAMED_SHARE:
        chinese, english = [max(named, key=lambda c: c.chinese)], [min(named, key=lambda c: c.chinese)]
    chinese, english = _without_both(chinese, english)
    if not chinese or not english:
        return []
    # A text in both scripts is about as long in either; a short remark beside it is in neither's place.
    largest = max(c.size for c in chinese)
    whole = [c for c in chinese if c.size >= WHOLE_SHARE * largest]
    if len({c.script for c in whole} - {""}) > 1 and len(english) < len(chinese):
        chinese = [c for c in whole if c.script in (script, "")]
        if not chinese:
            return []
    if len(chinese) == len(english):
        first, second = chinese, english
        if any(c.header in CHINESE_HEADERS for c in chinese) and any(c.header in ENGLISH_HEADERS for c in english):
            first = [c for c in chinese if c.header in CHINESE_HEADERS or c.header.startswith(("中文", "chinese"))]
            second = [c for c in english if c.header in ENGLISH_HEADERS or c.header.startswith(("英文", "english"))]
        if len(first) == len(second) > 1:
            return [(c.number, e.number) for c, e in zip(first, second, strict=True)]
    return [(_best(chinese, CHINESE_HEADERS), _best(english, ENGLISH_HEADERS))]


def _is_named(column: _Column, headers: frozenset[str], share: float) -> bool:
    return column.header in headers and share >= NAMED_SHARE


def _without_both(chinese: list[_Column], english: list[_Column]) -> tuple[list[_Column], list[_Column]]:
    """A column that may be either goes to the side that its heading names, else to the nearer one."""
    both = {column.number for column in chinese} & {column.number for column in english}
    return (
        [c for c in chinese if c.number not in both or c.header in CHINESE_HEADERS or c.chinese >= 0.5],
        [c for c in english if c.number not in both or (c.header not in CHINESE_HEADERS and c.chinese < 0.5)],
    )


def _best(columns: Sequence[_Column], headers: frozenset[str]) -> int:
    """Return the column that is named for the language, or for a side, or else holds most text."""
    return max(columns, key=lambda c: (c.rank, c.header in headers, c.header in SIDE_HEADERS, c.size)).number


def _column(body: Grid, several: Grid, headings: Sequence[Cell], number: int) -> _Column | None:
    """Return a column that holds words, None for one of numbers, codes or notes; ``several`` as ``_several`` has it."""
    cells = [line[number] for line in several if line[number].texts]
    if len(headings) > 1 and not cells:  # a table of one line, or one whose other column is empty
        cells = [line[number] for line in body if line[number].texts]
    header = headings[number].heading
    sides = [side for side in map(_side, cells) if side]
    # A column of codes or short labels beside running text is not a translation of it.
    if header in NOTE_HEADERS or header in OTHER_HEADERS or headings[number].text in STATE_HEADERS:
        return None
    if not sides or len(sides) < 0.5 * len(cells):
        return None
    if sides.count("other") > 0.5 * len(sides):
        return None
    text = "".join(text for cell in cells for text in cell.texts)
    stated: Script = next((script for cell in cells if (script := implied_script(cell.language))), "")
    share = sides.count("zh") / len(sides)
    rank = bool(_FINAL.search(headings[number].text)) - bool(_DRAFT.search(headings[number].text))
    return _Column(number, header, share, len(text), stated or _named_script(header) or script_of(text), rank)


def _named_script(header: str) -> Script:
    """Return the script which the heading of a column names."""
    if "繁" in header or "traditional" in header or header == "cht":
        return "Hant"
    return "Hans" if "简" in header or "simplified" in header or header == "chs" else implied_script(header)


def _side(cell: Cell) -> str:
    if is_chinese(cell.language):
        return "zh"
    if is_english(cell.language):
        return "en"
    text = " ".join(cell.texts)
    if not any(character.isalpha() for character in text):
        return ""
    if foreign_script(text):
        return "other"
    return "zh" if reads_as_chinese(text) else "en"
