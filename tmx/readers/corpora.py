"""Corpora as people train with them: Moses pairs (``name.zh`` and ``name.en``, line by line) and JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tmx.errors import EmptyInputError, FormatError, LimitError
from tmx.languages import is_chinese, is_english
from tmx.model import Block, Document, Notice
from tmx.readers.bilingual import Pair, pair_blocks
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions
from tmx.scripts import reads_as_chinese

# The instruction before a text to be translated, in the first turn of a conversation.
INSTRUCTION = re.compile(
    r"\A[^\n]{0,300}?(?:translat|rendering|翻译|翻譯|译成|譯成|译为|譯為)[^\n]{0,200}?[:：。.]?\s*(?:\n+|[:：]\s*)(?=\S)",
    re.IGNORECASE,
)
SIDES = (("source", "target"), ("src", "tgt"), ("chinese", "english"), ("original", "translation"))
ROLES = frozenset(["user", "human"])
ANSWERS = frozenset(["assistant", "gpt", "model", "bot"])


def read_moses(path: Path, name: str, options: ReadOptions) -> Document:
    """Read one file of a Moses pair: every line is a segment and belongs to the line of that number in the other."""
    text = decode(read_bytes(path, name, options), name, options.encoding)
    language = "zh" if is_chinese(path.suffix.lower().lstrip(".").replace("cn", "zh")) else "en"
    blocks = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
        if len(line) > options.max_line_chars:
            raise LimitError(f"{name}, line {number + 1}: more than {options.max_line_chars:,} characters in one line")
        if line.strip():
            blocks.append(Block(line.strip(), f"line {number + 1}", "segment", language, row=number))
        if len(blocks) > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks:,} lines")
    return Document(name, "moses", tuple(blocks))


def read_jsonl(path: Path, name: str, options: ReadOptions) -> Document:
    """Read pairs from JSON lines: ``{"translation": {"zh": ..., "en": ...}}``, Alpaca, or conversations.

    Raises:
        FormatError: a line is not JSON.
        EmptyInputError: no line holds a Chinese text with its English one.
    """
    text = decode(read_bytes(path, name, options), name, options.encoding)
    pairs: list[Pair] = []
    without = 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip():
            continue
        if len(line) > options.max_line_chars:
            raise LimitError(f"{name}, line {number}: more than {options.max_line_chars:,} characters in one line")
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{name}, line {number}: not JSON ({error}); each line is one JSON object") from error
        found = [(chinese, english, f"line {number}", (), ()) for chinese, english in _sorted(_texts(record))]
        without += not found
        pairs += found
        if 2 * len(pairs) > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks // 2:,} pairs")
    if not pairs:
        raise EmptyInputError(f"{name}: no line holds a Chinese text with its English one")
    notices = [Notice("warning", name, "", f"{without} lines hold no pair and were passed over")] if without else []
    return Document(name, "jsonl", tuple(pair_blocks(pairs)), notices=tuple(notices))


def _sorted(texts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a Chinese and an English text, Chinese first; others are none."""
    for first, second in texts:
        a, b = first.strip(), second.strip()
        if a and b and reads_as_chinese(a) != reads_as_chinese(b):
            yield (a, b) if reads_as_chinese(a) else (b, a)


def _texts(record: Any) -> Iterator[tuple[str, str]]:
    """Yield the pairs of texts in one record, whatever the habit it is written in."""
    if not isinstance(record, dict):
        return
    if isinstance(record.get("translation"), dict):
        record = record["translation"]
    languages = {str(key): value for key, value in record.items() if isinstance(value, str)}
    chinese = [value for key, value in languages.items() if is_chinese(key)]
    english = [value for key, value in languages.items() if is_english(key)]
    if chinese and english:
        yield chinese[0], english[0]
        return
    for first, second in SIDES:
        if first in languages and second in languages:
            yield languages[first], languages[second]
            return
    if "output" in languages and "instruction" in languages:
        asked = languages.get("input", "").strip() or _without_instruction(languages["instruction"])
        yield asked, languages["output"]
        return
    for turns in (record.get("messages"), record.get("conversations")):
        if isinstance(turns, list):
            yield from _turns(turns)


def _turns(turns: Sequence[Any]) -> Iterator[tuple[str, str]]:
    asked = ""
    for turn in turns:
        if not isinstance(turn, dict):
            continue
        role = str(turn.get("role", turn.get("from", ""))).lower()
        text = turn.get("content", turn.get("value"))
        if not isinstance(text, str):
            continue
        if role in ROLES:
            asked = _without_instruction(text)
        elif role in ANSWERS and asked:
            yield asked, text
            asked = ""


def _without_instruction(text: str) -> str:
    """Return what is to be translated.

    >>> _without_instruction("请将下面的中文翻译成英文：\\n港口关闭。"), _without_instruction("港口关闭。")
    ('港口关闭。', '港口关闭。')
    >>> _without_instruction("Translate into English: 港口关闭。")
    '港口关闭。'
    """
    return INSTRUCTION.sub("", text, count=1).strip()
