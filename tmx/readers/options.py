"""What a user can set about reading: languages, page furniture, encodings, and the limits that keep reading safe."""

from dataclasses import dataclass

from tmx.languages import CHINESE, ENGLISH

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Settings of the readers.

    ``source_language`` and ``target_language`` label the two sides; Traditional Chinese text is labelled zh-Hant
    whatever the setting, unless the setting names a script or a region other than the default.
    ``keep_furniture`` keeps headers, footers, page numbers and other page furniture. ``encoding`` is the encoding
    of text files; empty means: find out. ``manifest`` is the path of a manifest; empty means: use a file named
    ``manifest.csv`` or ``manifest.toml`` in the folder, if there is one.

    The limits turn a hostile or broken file into one clear line: ``max_bytes`` of one file on disk,
    ``max_unpacked_bytes`` of everything an archive (docx, xlsx, epub, ...) unpacks to, ``max_members`` files in an
    archive, ``max_line_chars`` code points in one line of text, ``max_blocks`` paragraphs or cells,
    ``max_pages`` pages of a PDF, ``max_seconds`` of work on one file.
    """

    source_language: str = CHINESE
    target_language: str = ENGLISH
    keep_furniture: bool = False
    encoding: str = ""
    manifest: str = ""
    max_bytes: int = 512 * MEBIBYTE
    max_unpacked_bytes: int = 512 * MEBIBYTE
    max_members: int = 20_000
    max_line_chars: int = 1_000_000
    max_blocks: int = 2_000_000
    max_pages: int = 5_000
    max_seconds: float = 300.0
