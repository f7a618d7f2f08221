"""Subtitles (.srt, .vtt, .ass) through pysubs2; two files are paired by their time codes in ``tmx.bitext``."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pysubs2

from tmx.errors import EmptyInputError, FormatError, LimitError
from tmx.model import Block, Document, Notice
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions
from tmx.scripts import reads_as_chinese

STYLED = frozenset({"ass", "ssa"})
SRT_BEGINS = re.compile(r"\s*\d+[ \t]*\r?\n\d{1,2}:\d{2}:\d{2}[,.]\d{3} --> \d{1,2}:\d{2}:\d{2}[,.]\d{3}")
DRAWN = re.compile(r"(\{[^{}]*\\p[1-9][^{}]*\}).*?(?=\{[^{}]*\\p0[^{}]*\}|$)", re.DOTALL)  # {\p1}m 0 0 l 9 0{\p0}
MOST_BEFORE = 1000  # signs before the first cue


def read_subtitles(path: Path, name: str, options: ReadOptions) -> Document:
    """Read subtitles; a cue that holds both languages is a row pair. Times are kept as properties, in milliseconds."""
    suffix = path.suffix.lower().lstrip(".")
    text = decode(read_bytes(path, name, options), name, options.encoding)
    return subtitles_document(text, name, suffix, options)


def subtitle_format(text: str) -> str:
    """Return the suffix which subtitles in a text file ought to have, nothing for any other text.

    >>> subtitle_format("1\\n00:00:01,000 --> 00:00:02,500\\n港口关闭。\\n"), subtitle_format("A --> B")
    ('srt', '')
    """
    if "-->" not in text[:MOST_BEFORE]:
        return ""
    if text.lstrip("\ufeff").startswith("WEBVTT"):
        return "vtt"
    return "srt" if SRT_BEGINS.match(text) else ""


def subtitles_document(text: str, name: str, suffix: str, options: ReadOptions) -> Document:
    """Return what the text of a file of subtitles holds; ``suffix`` says of which kind it is."""
    if any(len(line) > options.max_line_chars for line in text.split("\n")):
        raise LimitError(f"{name}: a line of more than {options.max_line_chars:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and margins, which are no text
            cues = pysubs2.SSAFile.from_string(text, format_=suffix if suffix != "ssa" else "ass")
    except Exception as error:  # pysubs2 raises whatever its parsers come across
        message = (" ".join(str(error).split()) or type(error).__name__)[:120]
        raise FormatError(f"{name}: not a sound {suffix} file ({message})") from error
    blocks: list[Block] = []
    drawings: list[str] = []
    row = 0
    for number, cue in enumerate(cues, 1):
        if cue.is_comment:
            continue
        place = f"cue {number}, {pysubs2.time.ms_to_str(cue.start, fractions=True)}"
        if suffix in STYLED:
            cue.text, count = DRAWN.subn(r"\1", cue.text)
            drawings += [place] * bool(count)
        times = (("begin", str(cue.start)), ("end", str(cue.end)))
        chinese, english = _sides(cue.plaintext)
        both = bool(chinese and english)
        for side, language in ((chinese, "zh"), (english, "en")):
            if side:
                blocks.append(Block(side, place, "cue", language, row=row if both else -1, properties=times))
        row += both
        if len(blocks) > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks:,} cues")
    if not blocks:
        raise EmptyInputError(f"{name}: no subtitles in it")
    notices = [Notice("removed", name, drawings[0], f"{len(drawings)} cues with drawings")] if drawings else []
    return Document(name, suffix, tuple(blocks), notices=tuple(notices))


def _sides(text: str) -> tuple[str, str]:
    """Return the Chinese and the English lines of a cue, each put together."""
    chinese: list[str] = []
    english: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        if any(character.isalnum() for character in line):
            side = chinese if reads_as_chinese(line) else english
            side.append(line)
    if not any(c.isalpha() for line in english for c in line) and chinese:
        chinese, english = chinese + english, []
    return "".join(chinese), " ".join(english)
