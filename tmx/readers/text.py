"""Plain text and Markdown: every line that is not blank is a block."""

from __future__ import annotations

import re
from pathlib import Path

from tmx.errors import LimitError
from tmx.model import Block, Document
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions

LINE_END = re.compile(r"\r\n|\r|\n|\u2028|\u2029|\x85")
EDGE = " \t\v\u00a0\u3000\u200b\ufeff"
HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*$")
FENCE = re.compile(r"(```|~~~)")


def lines(text: str, name: str, options: ReadOptions) -> list[tuple[int, int, str]]:
    """Return the lines which are not blank as (line number, page number, text without edge spaces).

    Lines count from 1. A form feed begins a page; without any, the page number is 0.
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
                found.append((number, page, stripped))
    return found


def read_text(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a plain text file."""
    text = decode(read_bytes(path, name, options), name, options.encoding)
    blocks = tuple(Block(line, f"line {number}", page=page) for number, page, line in lines(text, name, options))
    return Document(name, "txt", blocks)


def read_markdown(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a Markdown file as text, with its headings known as such; nothing else of the marking is touched."""
    text = decode(read_bytes(path, name, options), name, options.encoding)
    blocks = []
    for number, page, line in lines(text, name, options):
        heading = HEADING.match(line)
        if heading and heading[2]:
            blocks.append(Block(heading[2], f"line {number}", "heading", page=page))
        else:
            blocks.append(Block(line, f"line {number}", page=page))
    return Document(name, "md", tuple(blocks))
