"""A manifest says which files belong together, and what is known of them: CSV or TOML."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tmx.errors import FormatError, ToolError, reading
from tmx.model import Metadata, Notice
from tmx.readers.collection import Collection, Input, Role
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions

NAMES = ("manifest.csv", "manifest.toml")
FIELDS = frozenset(["name", "file", "zh", "en", "title", "date", "source"])
ALIKE = 0.75  # the letters that a field and a misspelt one share in order, as a share of all


def find_manifest(folder: Path) -> Path | None:
    """Return the manifest of a folder, None if it has none."""
    return next((folder / name for name in NAMES if (folder / name).is_file()), None)


def read_manifest(path: Path, options: ReadOptions) -> Collection:
    """Return the documents which a manifest lists; paths count from the folder it stands in.

    The columns of a CSV manifest, or the keys of each ``[[document]]`` of a TOML one, are ``file`` (both languages)
    or ``zh`` and ``en``, and optionally ``name``, ``title``, ``date``, ``source``; any other becomes a property.

    Raises:
        ToolError: a line is not complete or names a file that does not exist.
    """
    with reading(str(path), "manifest"):
        text = decode(read_bytes(path, str(path), options), str(path))
        entries = _toml(text, path) if path.suffix.lower() == ".toml" else _csv(text, path)
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
    return Collection(tuple(sorted(inputs, key=lambda item: item.name)), (*doubted, *notices))


def _misspelt(entries: Sequence[tuple[str, dict[str, str]]], path: Path) -> Iterator[Notice]:
    """Name the columns and keys that become properties but are nearly the name of a field."""
    for key in dict.fromkeys(key for _, entry in entries for key in entry if key not in FIELDS):
        for field in get_close_matches(key, sorted(FIELDS), 1, ALIKE):
            message = f"“{key}” is none of the fields and becomes a property of its documents; is “{field}” meant?"
            yield Notice("warning", path.name, "", message)


def _csv(text: str, path: Path) -> list[tuple[str, dict[str, str]]]:
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise FormatError(f"{path}: not a CSV file ({error})") from error
    entries = []
    for number, row in enumerate(rows, 2):
        if None in row:
            raise FormatError(f"{path}, line {number}: more cells than column headings")
        entry = {str(key).strip().lower(): str(value or "").strip() for key, value in row.items()}
        if any(entry.values()):
            entries.append((f"line {number}", entry))
    return entries


def _toml(text: str, path: Path) -> list[tuple[str, dict[str, str]]]:
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: not a TOML file ({' '.join(str(error).split())})") from error
    documents = table.get("document", [])
    if not isinstance(documents, list) or not all(isinstance(entry, dict) for entry in documents):
        raise FormatError(f"{path}: every document begins with a line [[document]]")
    return [
        (f"document {number}", {str(key).lower(): str(value).strip() for key, value in entry.items()})
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
