"""Markdown through markdown-it: paragraphs, headings, list items and tables; no code, comments or front matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tmx.errors import LimitError
from tmx.furniture import MAX_WRAP_COLUMNS, columns, first_word_columns
from tmx.healing import OWN_START, finished, joined
from tmx.languages import CHINESE, ENGLISH
from tmx.model import Block, BlockKind, Document, Metadata, Notice
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions
from tmx.readers.tables import Cell, table_blocks
from tmx.readers.text import LINE_END, lines
from tmx.scripts import implied_script, reads_as_chinese

FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?\n)?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FIELD = re.compile(r"\s*(?:[\w-]+\s*[:=]|#)")
TITLE = re.compile(r"""^title\s*[:=]\s*["']?(.+?)["']?\s*$""", re.MULTILINE)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
HARD_BREAK = re.compile(r"(?: {2,}|\\)$")
# Lines that open or close a box: :::tip, !!! note, ??? info, /// warning, > [!NOTE]; what stands behind is its title.
BOX = re.compile(r"(?P<mark>:{3,}|!{3}|\?{3}\+?|/{3}|\[!\w+\][+-]?) ?(?:(?<=[^\]+-]) ?[\w-]+(?=\s|$))? *(?P<title>.*)")
BOX_TEXT = re.compile(r"(?m)^( *)(?:!{3}|\?{3}\+?) ?[\w-].*\n(?:(?: *\n)*\1    .*(?:\n|\Z))+")
DEFINITION = re.compile(
    r"\[[^\]^]+\]: *<?(?:[a-z][a-z0-9+.-]*:|[/#.]|[\w./-]+\.\w{2,5})\S*(?: +[\"'(].*)?", re.IGNORECASE
)
# Tags within a line; others may be words of the text, as <your-name> in a command.
INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|center|cite|del|div|em|font|i|img|ins|kbd|mark|p|q|rp|rt|ruby|s|small|span|strong|sub|sup|u)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
CODE = re.compile(r"(?<!`)(`++)(?:(?!\1).)+?\1", re.DOTALL)  # a run of marks is taken whole, or not at all
EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=[^\s*_])((?:(?!\1).)+)(?<=[^\s*_])\1")  # around all of a paragraph
# Any other; a single sign only where no sign of multiplication and no mark of a note stands.
EMPHASISED = re.compile(
    r"(?P<mark>\*{2,3}|_{2,3}|(?:(?<=[\s。！？：!?:.])|^)[*_])(?=[^\s*_])(?P<text>(?:(?!(?P=mark)).)+)(?P=mark)(?!\*)"
)
LINK = re.compile(r"\[([^\[\]]+)\]\((?:[^()]|\([^()]*\))*\)")  # around all of a paragraph
STRUCK = re.compile(r"(?P<gap>(?<!\S))?~~(?=\S)(?P<text>(?:(?!~~).)+)(?<=\S)~~(?(gap)\s*)")
END = re.compile(r"[。！？!?.…][”’」』）)\"']{0,3}$")
SPACES = re.compile(r"&(?:nbsp|emsp|ensp|thinsp);")
MAX_NESTING = 100  # of quotations and lists; a list counts twice
CONTAINERS = frozenset({"blockquote_open", "list_item_open"})


def read_markdown(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a Markdown file; wrapped lines are put together, the marks of lists and of words stay as they are."""
    text = decode(read_bytes(path, name, options), name, options.encoding)
    text = "\n".join(LINE_END.split(text))
    lines(text, name, options)  # for its limits
    metadata = Metadata()
    notices: list[Notice] = []
    front = FRONT_MATTER.match(text)
    skipped = 0
    if front and FIELD.match(front[2] or ""):
        title = TITLE.search(front[2] or "")
        metadata = Metadata(title[1].strip() if title else "")
        skipped = front[0].count("\n")
        notices.append(Notice("removed", name, f"lines 1 to {skipped}", "front matter"))
        text = "\n" * skipped + text[front.end() :]
    # Blocks are all that is wanted; what stands inside them stays as it is, and brackets without end cost no time.
    # A note such as [^1]: 文字 would count as the address of a link, since there is no space in it.
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table").disable(["inline", "reference"])
    reading = _Reading(name, options, max((columns(line) for line in text.split("\n")), default=0))
    tokens = parser.parse(BOX_TEXT.sub(_outdented, text))
    reading.read(tokens)
    deep = [token for token in tokens if token.level == MAX_NESTING - 1 and token.type in CONTAINERS]
    if deep:
        message = "lists or quotations nested too deep; what stands below is left out"
        notices.append(Notice("removed", name, _place(deep[0]), message))
    return Document(name, "md", tuple(reading.blocks), metadata, (*notices, *reading.notices))


class _Reading:
    def __init__(self, name: str, options: ReadOptions, width: int) -> None:
        self.name = name
        self.options = options
        self.width = min(width, MAX_WRAP_COLUMNS)
        self.blocks: list[Block] = []
        self.notices: list[Notice] = []
        self.row = self.tables = 0
        self.in_cell = False
        self.mark = ""  # of the list item that begins here
        self.kind: BlockKind = "paragraph"
        self.grid: list[list[Cell]] = []

    def read(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            place = _place(token)
            if token.type in ("fence", "code_block"):
                self.notices.append(Notice("removed", self.name, place, "code"))
            elif token.type == "html_block":
                self._html(token, place)
            elif token.type == "list_item_open":
                self.mark = f"{token.info}{token.markup} "
            elif token.type == "heading_open":
                self.kind = "heading"
            elif token.type == "heading_close":
                self.kind = "paragraph"
            elif token.type == "table_open":
                self.grid = []
                self.tables += 1
            elif token.type == "table_close":
                self._table()
            elif token.type in ("th_open", "td_open", "th_close", "td_close"):
                self.in_cell = token.nesting > 0
            elif token.type == "tr_open":
                self.grid.append([])
            elif token.type == "inline":
                self._inline(token)
            if len(self.blocks) > self.options.max_blocks:
                raise LimitError(f"{self.name}: more than {self.options.max_blocks:,} blocks")

    def _inline(self, token: Token) -> None:
        content, comments = COMMENT.subn("", token.content)
        if comments:
            self.notices.append(Notice("removed", self.name, _place(token), "a comment"))
        if self.in_cell:
            cell = f"table {self.tables}, row {len(self.grid)}, column {len(self.grid[-1]) + 1}"
            content = self._unstruck(content, cell)
            parts = (_without_emphasis(_without_tags(part)).strip() for part in BREAK_TAG.split(content))
            texts = tuple(text for text in parts if text)
            self.grid[-1].append(Cell(texts, cell))
            return
        first = token.map[0] + 1 if token.map else 0
        kept = [self._line(line, number) for number, line in enumerate(content.split("\n"), first)]
        for number, count, text in self._paragraphs(kept, first):
            place = f"line {number}" if count == 1 else f"lines {number} to {number + count - 1}"
            if count > 1:
                self.notices.append(Notice("joined", self.name, place, "lines of one paragraph"))
            if linked := LINK.fullmatch(text):
                message = f"address of a link: {text[linked.end(1) + 1 :][:60]}"
                self.notices.append(Notice("removed", self.name, place, message))
                text = linked[1]
            emphasised = EMPHASIS.fullmatch(text)
            plain = emphasised[2] if emphasised else _without_emphasis(text)
            self.blocks.append(Block(self.mark + plain, place, self.kind))
            self.mark = ""

    def _line(self, line: str, number: int) -> str:
        """Return a line without the marks of boxes and tags; the address of a link is none of the text."""
        stripped = line.strip()
        if DEFINITION.fullmatch(stripped):
            self.notices.append(Notice("removed", self.name, f"line {number}", f"address of a link: {stripped[:60]}"))
            return ""
        box = BOX.fullmatch(stripped)
        if box:
            mark = stripped[: box.start("title")].strip()
            self.notices.append(Notice("removed", self.name, f"line {number}", f"mark of a box: {mark}"))
            title = box["title"].strip("\"'| ")
            return f"{title}  " if title else ""
        return _without_tags(self._unstruck(line, f"line {number}"))

    def _unstruck(self, text: str, place: str) -> str:
        """Return a text without what is struck out."""
        if "~~" not in text or "`" in text:
            return text
        struck = [match["text"] for match in STRUCK.finditer(text)]
        if struck:
            self.notices.append(Notice("removed", self.name, place, f"struck out: {struck[0][:40]}"))
        return STRUCK.sub("", text)

    def _paragraphs(self, content: Sequence[str], first: int) -> list[tuple[int, int, str]]:
        """Put the lines of a paragraph together: (number of the first, how many, text) of each piece.

        A line in the other language begins a piece, as does one after a hard break, and one after a finished line
        that had room for its first word: not everybody who writes .md leaves blank lines.
        """
        pieces: list[tuple[int, int, str]] = []
        before = ""
        cut = [(number, part) for number, raw in enumerate(content, first) for part in _parts(raw)]
        for number, raw in cut:
            line = raw.strip().removesuffix("\\").strip()
            if not line:
                before = ""
                continue
            if pieces and before and not self._begins(before, line):
                start, _, text = pieces[-1]
                language = CHINESE if reads_as_chinese(line) else ENGLISH  # as the lines before it
                pieces[-1] = (start, number - start + 1, joined(text, line, language))
            else:
                pieces.append((number, 1, line))
            before = raw
        return pieces

    def _begins(self, before: str, line: str) -> bool:
        if HARD_BREAK.search(before) or reads_as_chinese(before) != reads_as_chinese(line):
            return True
        room = self.width - columns(before) > first_word_columns(line)
        return finished(before) and (room or bool(OWN_START.match(line)))

    def _html(self, token: Token, place: str) -> None:
        content, comments = COMMENT.subn("", token.content)
        if comments:
            self.notices.append(Notice("removed", self.name, place, "a comment"))
        for line in TAG.sub("\n", content).split("\n"):
            if line.strip():
                self.blocks.append(Block(line.strip(), place))

    def _table(self) -> None:
        script = implied_script(self.options.source_language) or "Hans"
        found, removed, self.row = table_blocks(self.grid, self.name, self.row, script)
        self.blocks += found
        self.notices += removed
        self.grid = []


def _outdented(match: re.Match[str]) -> str:
    """Return a box of MkDocs with its text as far left as its mark: four spaces more would make it code."""
    head, *lines_ = match[0].split("\n")
    return "\n".join([head, *(line.removeprefix(match[1] + "    ") for line in lines_)])


def _parts(line: str) -> list[str]:
    """Cut a line at the tags that break it; all but the last part end with a hard break."""
    parts = BREAK_TAG.split(line)
    return [*(f"{part}  " for part in parts[:-1]), parts[-1]]


def _without_tags(text: str) -> str:
    """Return a text without tags and entities of spaces, outside of code."""
    if "<" not in text and "&" not in text:
        return text
    return _outside_code(lambda part: SPACES.sub(" ", INLINE_TAG.sub("", part)), text)


def _without_emphasis(text: str) -> str:
    """Return a text without the marks of emphasis that ends with a sentence, which would be cut before the last."""

    def plain(match: re.Match[str]) -> str:
        return match["text"] if END.search(match["text"]) else match[0]

    return _outside_code(lambda part: EMPHASISED.sub(plain, part), text)


def _outside_code(change: Callable[[str], str], text: str) -> str:
    """Change a text but for its code."""
    parts = []
    start = 0
    for code in CODE.finditer(text):
        parts += [change(text[start : code.start()]), code[0]]
        start = code.end()
    return "".join([*parts, change(text[start:])])


def _place(token: Token) -> str:
    if not token.map:
        return ""
    first, last = token.map[0] + 1, token.map[1]
    return f"line {first}" if last <= first else f"lines {first} to {last}"
