"""Texts of programs by their keys: JSON (also ARB), Java properties, PO whose messages are keys.

One file holds one language, and the same key stands in that of the other; or both languages stand in one file, under
their names. Keys put the two texts together, never their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tmx.errors import EmptyInputError, FormatError, LimitError
from tmx.inline import on_one_line
from tmx.model import Block, Document, Notice
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions
from tmx.scripts import reads_as_chinese

KEYED = "keyed"  # the format of a document whose blocks are told apart by their keys
Entry = tuple[str, str, str]  # key, text, language where it is stated


def read_properties(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a Java properties file, in UTF-8 or with its characters as codes."""
    from translate.storage import properties

    text = decode(read_bytes(path, name, options), name, options.encoding)
    try:
        store: Any = properties.javautf8file
        units = store.parsestring(text.encode("utf-8")).units
        entries = [(str(unit.name), str(unit.source), "") for unit in units if unit.name]
    except Exception as error:  # the toolkit raises whatever its parser comes across
        raise FormatError(f"{name}: not a sound .properties file ({' '.join(str(error).split())[:160]})") from error
    return keyed_document(name, entries, options)


def keyed_document(name: str, entries: Sequence[Entry], options: ReadOptions) -> Document:
    """Return the texts of a file; those of both languages under one key are a row, and all of one language are none."""
    if len(entries) > options.max_blocks:
        raise LimitError(f"{name}: more than {options.max_blocks:,} texts")
    rows: dict[str, int] = {}
    blocks: list[Block] = []
    for key, text, language in entries:
        plain = on_one_line(text, "zh" if reads_as_chinese(text) else "en")[0] if "\n" in text else text
        if any(map(str.isalpha, plain)):
            row = rows.setdefault(key, len(rows))
            context = (("context", key),)
            blocks.append(Block(plain.strip(), f"key {key}", "segment", language, row=row, properties=context))
    if not blocks:
        raise EmptyInputError(f"{name}: no text in it")
    return Document(name, KEYED, tuple(sorted(blocks, key=lambda block: block.row)))


def by_key(name: str, documents: Sequence[Document]) -> tuple[list[Document], list[Notice]]:
    """Put the texts of two documents under the same key into the same row, and say how many keys have no partner."""
    source, target = ({block.place: block.row for block in document.blocks} for document in documents)
    rows = source | {place: len(source) + row for place, row in target.items() if place not in source}
    paired = [replace(d, blocks=tuple(replace(b, row=rows[b.place]) for b in d.blocks)) for d in documents]
    alone = [place for place in rows if place not in source or place not in target]
    message = f"keys that stand in one of the two files alone: {len(alone)}"
    notices = [Notice("warning", name, alone[0], message)] if alone else []
    return paired, notices


def leaves(value: Any, arb: bool = False) -> Iterator[Entry]:
    """Yield each text of a JSON value with its key and the language that its key names.

    >>> list(leaves({"zh": {"menu": {"open": "打开"}}, "menu": {"open": {"en": "Open"}}, "n": 1}))
    [('menu.open', '打开', 'zh'), ('menu.open', 'Open', 'en')]

    What stands under keys with an @ in an ARB file is about its texts.
    """
    pending: list[tuple[tuple[str, ...], Any]] = [((), value)]
    while pending:
        path, one = pending.pop()
        if isinstance(one, dict):
            pending += [((*path, str(k)), v) for k, v in reversed(one.items()) if not (arb and str(k).startswith("@"))]
        elif isinstance(one, list):
            pending += [((*path, str(n)), v) for n, v in reversed(list(enumerate(one, 1)))]
        elif isinstance(one, str):
            named = [part for part in path if _LANGUAGE.fullmatch(part)]
            rest = [part for part in path if part not in named[:1]]
            yield ".".join(rest) or ".".join(path), one, named[0] if named else ""


_LANGUAGE = re.compile(r"(?:zh|en)(?:[-_][A-Za-z]{2,4})*|chinese|english|中文|英文", re.IGNORECASE)
_KEY = re.compile(r"[\w-]+(?:[.:/_-][\w-]+)+")
KEY_SHARE = 0.8  # of the messages of a PO file, from which all of them are taken for keys


def are_keys(messages: Iterable[str]) -> bool:
    """Tell whether the messages of a PO file are keys and no texts: none has a space, most have parts.

    >>> are_keys(["home.title", "menu_open"]), are_keys(["home.title", "The title"]), are_keys(["Open", "Close"])
    (True, False, False)
    """
    found = list(messages)
    told = sum(bool(_KEY.fullmatch(message)) for message in found)
    return bool(found) and told >= KEY_SHARE * len(found) and not any(" " in message for message in found)
