"""What a user can set about reading: languages, page furniture, encodings, and the limits that keep reading safe."""

from dataclasses import dataclass, field

from tmx.errors import MEBIBYTE, Budget
from tmx.languages import CHINESE, ENGLISH

__all__ = ["MEBIBYTE", "ReadOptions"]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Settings of the readers.

    ``source_language`` and ``target_language`` label the two sides; Traditional Chinese text is labelled zh-Hant
    whatever the setting, unless the setting names a script or a region other than the default. ``labels`` are the tags
    that a user asked for; where they are empty, a tag with a region or a script that a file states of all its text of
    a language goes before the settings.
    ``keep_furniture`` keeps headers, footers, page numbers and other page furniture, ``keep_invisible`` zero-width
    signs, for those who look for them. ``encoding`` is the encoding
    of text files; empty means: find out. ``manifest`` is the path of a manifest; empty means: use a file named
    ``manifest.csv`` or ``manifest.toml`` in the folder, if there is one. ``date`` (ISO 8601) is the date of documents
    for which no other is known.

    The limits turn a hostile or broken file into one clear line: ``max_bytes`` of one file on disk;
    ``max_text_bytes`` of one that is read whole (text, tables, web pages, XLIFF, PO); ``max_unpacked_bytes`` of all
    that is read from an archive (docx, odt, xlsx, epub), ``max_ratio`` by which one large part of it may unpack,
    ``max_members`` parts in it; ``max_line_chars`` code points in one line of text, paragraph or cell; ``max_blocks``
    paragraphs or cells; ``max_pages`` pages of a PDF. ``budget`` is the time and memory that
    reading one file may take in all.
    """

    source_language: str = CHINESE
    target_language: str = ENGLISH
    labels: tuple[str, str] = ("", "")
    keep_furniture: bool = False
    keep_invisible: bool = False
    encoding: str = ""
    manifest: str = ""
    date: str = ""
    max_bytes: int = 1024 * MEBIBYTE
    max_text_bytes: int = 64 * MEBIBYTE
    max_unpacked_bytes: int = 128 * MEBIBYTE
    max_ratio: int = 200
    max_members: int = 20_000
    max_line_chars: int = 1_000_000
    max_blocks: int = 2_000_000
    max_pages: int = 5_000
    budget: Budget = field(default_factory=Budget)
