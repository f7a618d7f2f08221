"""A manifest says which files belong together, and what is known of them: CSV or TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tmx.errors import FormatError, ToolError, reading
from tmx.languages import CHINESE, ENGLISH, is_chinese, is_english
from tmx.model import Metadata, Notice
from tmx.numbers import find
from tmx.readers.collection import Collection, Input, Role
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.grid import read_text_table
from tmx.readers.options import ReadOptions

NAMES = ("manifest.csv", "manifest.toml")
FIELDS = frozenset(["name", "file", "zh", "en", "title", "date", "source"])
# What people call the fields in Chinese; of the languages any name or tag will do.
IN_CHINESE = {
    "名称": "name",
    "名稱": "name",
    "文件": "file",
    "文件名": "file",
    "标题": "title",
    "標題": "title",
    "题目": "title",
}
IN_CHINESE |= {"日期": "date", "来源": "source", "來源": "source", "出处": "source", "出處": "source"}
OF_A_FILE = re.compile(r"(?:文件|文本|文档|文檔|版|稿|[ _-](?:file|text|version))$")
ISO_DATE = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:[T ]\d{2}:.*)?")
EITHER_ORDER = re.compile(r"(?:0?\d|1[0-2])\D(?:0?\d|1[0-2])\D\d{4}")  # 3/5/2024: March or May
ALIKE = 0.75  # the letters that a field and a misspelt one share in order, as a share of all


def find_manifest(folder: Path) -> Path | None:
    """Return the manifest of a folder, None if it has none."""
    if not folder.is_dir():
        return None
    named = {path.name.lower(): path for path in sorted(folder.iterdir(), reverse=True) if path.is_file()}
    return next((named[name] for name in NAMES if name in named), None)


def read_manifest(path: Path, options: ReadOptions) -> Collection:
    """Return the documents which a manifest lists; paths count from the folder it stands in.

    The columns of a CSV manifest, or the keys of each ``[[document]]`` of a TOML one, are ``file`` (both languages)
    or ``zh`` and ``en``, and optionally ``name``, ``title``, ``date``, ``source``, or what these are in Chinese; any
    other becomes a property.

    Raises:
        ToolError: a line is not complete or names a file that does not exist.
    """
    with reading(str(path), "manifest"):
        text = decode(read_bytes(path, str(path), options), str(path))
        entries = _toml(text, path) if path.suffix.lower() == ".toml" else _csv(text, path)
        columns = dict.fromkeys(key for _, entry in entries for key in entry)
        if entries and not {"file", "zh", "en"} & set(columns):
            raise FormatError(f"{path}: none of file, zh and en is given; its columns are {', '.join(columns)}")
        undated = tuple(_with_sound_dates(entries, path))
        inputs = [_input(entry, place, path) for place, entry in entries]
    if not inputs:
        raise FormatError(f"{path}: no document in this manifest")
    names = [item.name for item in inputs]
    for name in names:
        if names.count(name) > 1:
            raise FormatError(f"{path}: two documents are named {name}; give them distinct names")
    listed = {file.resolve() for item in inputs for file in item.paths} | {path.resolve()}
    notices = tuple(
        Notice("warning", file.relative_to(path.parent).as_posix(), "", "left out: not in the manifest")
        for file in sorted(path.parent.rglob("*"))
        if file.is_file() and file.resolve() not in listed and not file.name.startswith(".")
    )
    doubted = _misspelt(entries, path)
    return Collection(tuple(sorted(inputs, key=lambda item: item.name)), (*doubted, *undated, *notices))


def _misspelt(entries: Sequence[tuple[str, dict[str, str]]], path: Path) -> Iterator[Notice]:
    """Name the columns and keys that become properties but are nearly the name of a field."""
    for key in dict.fromkeys(key for _, entry in entries for key in entry if key not in FIELDS):
        for field in get_close_matches(key, sorted(FIELDS), 1, ALIKE):
            message = f"“{key}” is none of the fields and becomes a property of its documents; is “{field}” meant?"
            yield Notice("warning", path.name, "", message)


def _with_sound_dates(entries: Sequence[tuple[str, dict[str, str]]], path: Path) -> Iterator[Notice]:
    """Write each date as 2021-12-30, also a year or a month alone; name and leave out what is no clear date."""
    for place, entry in entries:
        given = entry.get("date", "")
        entry["date"] = sound_date(given)
        if given and not entry["date"]:
            message = f"“{given}” is no clear date and is left out; write it as 2021-12-30"
            yield Notice("warning", path.name, place, message)


def sound_date(text: str) -> str:
    """Return a date, however written, as ISO 8601 has it; nothing if it is none or can be read in two ways.

    >>> sound_date("2021/1/2"), sound_date("2021年1月2日"), sound_date("2 January 2021"), sound_date("2021")
    ('2021-01-02', '2021-01-02', '2021-01-02', '2021')
    >>> sound_date("3/5/2024"), sound_date("31/31/2021"), sound_date("spring")
    ('', '', '')
    """
    text = text.strip()
    if match := ISO_DATE.fullmatch(text):
        return match[1]
    if EITHER_ORDER.fullmatch(text):
        return ""
    for language in (CHINESE, ENGLISH):
        found = [one for one in find(text, language) if one.kind == "date" and ISO_DATE.fullmatch(one.value)]
        if len(found) == 1 and (found[0].start, found[0].end) == (0, len(text)):
            return found[0].value
    return ""


def _field(heading: str) -> str:
    """Return the field which a heading names, in English or Chinese; another heading as it stands.

    >>> [_field(heading) for heading in (" Date", "中文", "en-GB", "英文文件", "来源", "Client")]
    ['date', 'zh', 'en', 'en', 'source', 'client']
    """
    plain = heading.strip().lower()
    bare = OF_A_FILE.sub("", plain) or plain
    if is_chinese(bare):
        return "zh"
    return "en" if is_english(bare) else IN_CHINESE.get(plain, plain)


def _fields(headings: Sequence[str]) -> list[str]:
    """Return what each heading names; of several that name the same field the first is it."""
    named = [_field(heading) for heading in headings]
    return [
        heading.strip().lower() if field in named[:place] else field
        for place, (heading, field) in enumerate(zip(headings, named, strict=True))
    ]


def _csv(text: str, path: Path) -> list[tuple[str, dict[str, str]]]:
    rows = [(number, [cell.text.strip() for cell in cells]) for number, cells in read_text_table(text, str(path)).rows]
    fields = _fields(rows[0][1]) if rows else []
    entries = []
    for number, row in rows[1:]:
        if any(row[len(fields) :]):
            raise FormatError(f"{path}, line {number}: more cells than column headings")
        entry = dict(zip(fields, [*row, *[""] * len(fields)], strict=False))
        if any(entry.values()):
            entries.append((f"line {number}", entry))
    return entries


def _toml(text: str, path: Path) -> list[tuple[str, dict[str, str]]]:
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: not a TOML file ({' '.join(str(error).split())})") from error
    documents = table.get("document", [])
    if (
        (table and not documents)
        or not isinstance(documents, list)
        or not all(isinstance(entry, dict) for entry in documents)
    ):
        raise FormatError(f"{path}: every document begins with a line [[document]]")
    return [
        (f"document {number}", dict(zip(_fields(list(entry)), (str(v).strip() for v in entry.values()), strict=True)))
        for number, entry in enumerate(documents, 1)
    ]


def _input(entry: dict[str, str], place: str, path: Path) -> Input:
    roles: tuple[tuple[str, Role], ...] = (("file", "mixed"), ("zh", "source"), ("en", "target"))
    given = [(entry[key], role) for key, role in roles if entry.get(key)]
    kinds = [role for _, role in given]
    if kinds not in (["mixed"], ["source", "target"]):
        raise FormatError(f"{path}, {place}: give either file, or both zh and en")
    paths = []
    for file, _ in given:
        found = path.parent / file
        try:
            missing = not found.is_file()
        except ValueError:
            missing = True
        if missing:
            raise ToolError(f"{path}, {place}: no such file: {file}")
        paths.append(found)
    properties = tuple(sorted((key, value) for key, value in entry.items() if key not in FIELDS and value))
    metadata = Metadata(entry.get("title", ""), entry.get("date", ""), entry.get("source", ""), properties)
    return Input(entry.get("name") or Path(given[0][0]).as_posix(), tuple(paths), tuple(kinds), metadata)
