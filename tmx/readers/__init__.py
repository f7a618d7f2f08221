"""Readers: find the documents in files and folders, and read each file into blocks.

    collection = collect([Path("texts")])
    document = read(Path("texts/talk.txt"))

``READERS`` is the table from suffix to reader. Every failure is a ``ToolError`` that names the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from tmx.characters import han_share
from tmx.errors import LimitError, ToolError, UnsupportedFormatError, reading, size_of
from tmx.files import Replacement, replace_forbidden
from tmx.model import Document, Notice
from tmx.readers.bilingual import read_po, read_sdltm, read_translation_memory, read_txml
from tmx.readers.collection import MOSES, PACKED_TMX, Collection, Input, Role, collect_files, kind_of
from tmx.readers.corpora import read_json, read_jsonl, read_moses
from tmx.readers.epub import read_epub
from tmx.readers.manifest import NAMES as MANIFESTS
from tmx.readers.manifest import find_manifest, read_manifest
from tmx.readers.markdown import read_markdown
from tmx.readers.opendocument import read_odt
from tmx.readers.options import ReadOptions
from tmx.readers.pdf import read_pdf
from tmx.readers.resources import read_properties
from tmx.readers.spreadsheet import read_csv, read_workbook
from tmx.readers.subtitles import read_subtitles
from tmx.readers.text import read_text
from tmx.readers.webpage import read_html
from tmx.readers.word import read_docx
from tmx.readers.xliff import read_package, read_xliff

__all__ = ["Collection", "Input", "READERS", "ReadOptions", "Role", "collect", "read"]

Reader = Callable[[Path, str, ReadOptions], Document]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_text,
        ".text": read_text,
        ".md": read_markdown,
        ".markdown": read_markdown,
        ".docx": read_docx,
        ".docm": read_docx,
        ".odt": read_odt,
        ".xlsx": read_workbook,
        ".xlsm": read_workbook,
        ".xls": read_workbook,
        ".ods": read_workbook,
        ".csv": read_csv,
        ".tsv": read_csv,
        ".tab": read_csv,
        ".html": read_html,
        ".htm": read_html,
        ".xhtml": read_html,
        ".epub": read_epub,
        ".srt": read_subtitles,
        ".vtt": read_subtitles,
        ".ass": read_subtitles,
        ".ssa": read_subtitles,
        ".tmx": read_translation_memory,
        ".xlf": read_xliff,
        ".xliff": read_xliff,
        ".sdlxliff": read_xliff,
        ".mqxliff": read_xliff,
        ".mxliff": read_xliff,
        ".txlf": read_xliff,
        ".txml": read_txml,
        ".po": read_po,
        ".pdf": read_pdf,
        ".sdltm": read_sdltm,
        ".sdlppx": read_package,
        ".sdlrpx": read_package,
        ".wsxz": read_package,
        ".mqxlz": read_package,
        ".xlz": read_package,
        ".jsonl": read_jsonl,
        ".ndjson": read_jsonl,
        ".json": read_json,
        ".arb": read_json,
        ".properties": read_properties,
        PACKED_TMX: read_translation_memory,
        MOSES: read_moses,
    }
)

_MESSAGES = "messages of a program are read as PO, XLIFF, JSON or a table of both languages"
# What to do with the types of file that people have and no reader reads.
CONVERSIONS: Mapping[str, str] = MappingProxyType(
    {
        ".doc": "save it as .docx in Word or LibreOffice",
        ".wps": "save it as .docx in WPS Office",
        ".rtf": "save it as .docx in Word or LibreOffice",
        ".pages": "export it as .docx from Pages",
        ".et": "save it as .xlsx in WPS Office",
        ".numbers": "export it as .xlsx from Numbers",
        ".ppt": "export it as PDF",
        ".pptx": "export it as PDF",
        ".odp": "export it as PDF",
        ".mobi": "convert it to .epub, for example in Calibre",
        ".azw3": "convert it to .epub, for example in Calibre",
        ".caj": "export it as PDF from CAJViewer",
        ".djvu": "recognise its text (OCR) and save it as .txt or .docx",
        ".jpg": "recognise its text (OCR) and save it as .txt or .docx",
        ".jpeg": "recognise its text (OCR) and save it as .txt or .docx",
        ".png": "recognise its text (OCR) and save it as .txt or .docx",
        ".tif": "recognise its text (OCR) and save it as .txt or .docx",
        ".tiff": "recognise its text (OCR) and save it as .txt or .docx",
        ".zip": "unpack it and name the folder",
        ".rar": "unpack it and name the folder",
        ".7z": "unpack it and name the folder",
        ".mtf": "export it as TMX",
        ".ttx": "save it as .sdlxliff or export it as TMX in Trados Studio",
        ".tmw": "export it as TMX",
        ".xml": f"name it .xlf if it is XLIFF, .tmx if it is TMX; {_MESSAGES}",
        ".pot": "a template holds no translations; give the .po",
        ".mo": "give the .po it was made from",
    }
    | dict.fromkeys(
        (".resx", ".strings", ".stringsdict", ".xcstrings", ".ts", ".yml", ".yaml", ".ftl"),
        _MESSAGES,
    )
)
_SURROGATE = re.compile("[\ud800-\udfff]")
MONOLINGUAL_SHARE = 0.02  # a Chinese text names a few English words and the other way round


def collect(paths: Sequence[Path], options: ReadOptions | None = None) -> Collection:
    """Find the documents in files and folders.

    In a folder, at any depth, two files are one document if they differ by the mark of their language alone:
    a suffix or prefix of the name (``talk.zh.txt`` and ``talk.en.txt``, ``talk_cn``, ``talk-en``, ``talk（中文）``),
    the whole name (``talk/zh.txt``, ``talk/en.txt``) or a folder (``zh/talk.txt``, ``en/talk.txt``). Any other file
    is taken to hold both languages. Two files given by path may have any name if one is Chinese and one English.
    A folder with a ``manifest.csv`` or ``manifest.toml`` holds what that lists, see ``tmx.readers.manifest``.

    Raises:
        ToolError: a path does not exist or is of a type that cannot be read, or nothing is found.
    """
    options = options or ReadOptions()
    found = [Path(path) for path in paths]
    if options.manifest:
        return read_manifest(Path(options.manifest), options)
    if len(found) == 1:
        manifest = found[0] if found[0].name.lower() in MANIFESTS else find_manifest(found[0])
        if manifest is not None and manifest.is_file():
            return read_manifest(manifest, options)
    return collect_files(
        found,
        frozenset(READERS),
        lambda path, name: _sides(path, name, options),
        _unread,
        _unsupported,
        options,
    )


def read(path: Path, name: str | None = None, options: ReadOptions | None = None) -> Document:
    """Read one file; ``name`` is what it is called in messages and outputs (the file name if None).

    Raises:
        ToolError: the file cannot be read, is damaged, or is beyond the limits.
    """
    path = Path(path)
    name = path.name if name is None else name
    reader = READERS.get(kind_of(path))
    if reader is None:
        raise _unsupported(path, name)
    options = options or ReadOptions()
    with reading(name, f"{kind_of(path)} file", size=size_of(path), budget=options.budget):
        document = reader(path, name, options)
    for block in document.blocks:
        if len(block.text) > options.max_line_chars:
            raise LimitError(f"{name}, {block.place}: more than {options.max_line_chars:,} characters in one paragraph")
    return _without_surrogates(document)


def _without_surrogates(document: Document) -> Document:
    """Return a document whose texts can be written in UTF-8; JSON can name halves of characters (``\\ud800``)."""
    if not any(map(_SURROGATE.search, (block.text for block in document.blocks))):
        return document
    found: list[Replacement] = []
    blocks = tuple(
        replace(block, text=replace_forbidden(block.text, block.place, found))
        if _SURROGATE.search(block.text)
        else block
        for block in document.blocks
    )
    notices = (Notice("replaced", document.name, one.place, one.what) for one in found)
    return replace(document, blocks=blocks, notices=(*document.notices, *notices))


def _unsupported(path: Path, name: str) -> ToolError:
    advice = "" if _advice(path) else f"; the types that can be read are {', '.join(sorted(set(READERS) - {MOSES}))}"
    return UnsupportedFormatError(f"{name}: {_unread(path)}{advice}")


def _unread(path: Path) -> str:
    """Say that a file of this type cannot be read, and what to do if something can be done."""
    kind = f"{path.suffix.lower()} files" if path.suffix else "files without a suffix"
    return f"{kind} cannot be read{_advice(path)}"


def _advice(path: Path) -> str:
    conversion = CONVERSIONS.get(path.suffix.lower())
    return f"; {conversion}" if conversion else ""


def _sides(path: Path, name: str, options: ReadOptions) -> Role | None:
    """Look into a file and tell which languages it holds; None if it cannot be read or holds no words."""
    try:
        document = read(path, name, options)
    except ToolError:
        return None
    shares = [(han_share(block.text), len(block.text)) for block in document.blocks]
    chinese = sum(size for share, size in shares if share >= 0.5)
    english = sum(size for share, size in shares if share < 0.5)
    if not chinese + english:
        return None
    if english / (chinese + english) < MONOLINGUAL_SHARE:
        return "source"
    return "target" if chinese / (chinese + english) < MONOLINGUAL_SHARE else "mixed"
