"""Zip archives (docx, odt, epub, xlsx) read in memory, within the limits; nothing is ever unpacked to disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tmx.errors import FormatError, LimitError
from tmx.readers.files import check_file
from tmx.readers.options import MEBIBYTE, ReadOptions

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB: old Office files, and encrypted new ones
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # MS-OFFCRYPTO, the stream of an encrypted OOXML file
CHUNK_BYTES = 256 * 1024
OLD_TYPES = {".docx": ".doc", ".xlsx": ".xls", ".pptx": ".ppt"}


class Archive:
    """The members of one zip file. All that is unpacked counts against ``ReadOptions.max_unpacked_bytes``."""

    def __init__(self, file: zipfile.ZipFile, name: str, options: ReadOptions) -> None:
        self._file = file
        self._name = name
        self._left = options.max_unpacked_bytes
        self._limit = options.max_unpacked_bytes
        self.members = frozenset(info.filename for info in file.infolist() if not info.is_dir())

    def read(self, member: str) -> bytes:
        """Return the bytes of a member.

        Raises:
            FormatError: it is missing, damaged or encrypted.
            LimitError: the archive unpacks to more than is allowed.
        """
        chunks = []
        try:
            with self._file.open(member) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise LimitError(
                            f"{self._name}, part {member}: unpacks to more than {self._limit / MEBIBYTE:,.0f} MiB;"
                            " if the file is to be trusted, raise the limit"
                        )
                    chunks.append(chunk)
        except KeyError as error:
            raise FormatError(
                f"{self._name}: part {member} is missing; the file is damaged or of another type"
            ) from error
        except RuntimeError as error:  # zipfile says so when a password is needed
            raise FormatError(f"{self._name}: protected by a password; save a copy without it") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise FormatError(f"{self._name}, part {member}: damaged ({error}); save the file again") from error
        return b"".join(chunks)

    def read_optional(self, member: str) -> bytes:
        """Return the bytes of a member, nothing if there is no such member."""
        return self.read(member) if member in self.members else b""


@contextmanager
def open_archive(path: Path, name: str, options: ReadOptions) -> Iterator[Archive]:
    """Open a zip file; a file that is none is named for what it is."""
    check_file(path, name, options)
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
            if start == OLE_SIGNATURE:
                raise FormatError(_ole_message(path, name, stream.read()))
            try:
                file = zipfile.ZipFile(stream)
            except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as error:
                suffix = path.suffix.lower()
                what = (
                    "cut off or damaged" if start.startswith(b"PK") else f"not a {suffix} file, whatever its name says"
                )
                raise FormatError(f"{name}: {what}; save it again as {suffix}") from error
            with file:
                if len(file.infolist()) > options.max_members:
                    raise LimitError(f"{name}: {len(file.infolist()):,} parts (limit {options.max_members:,})")
                yield Archive(file, name, options)
    except OSError as error:
        raise FormatError(f"{name}: cannot be read ({error.strerror or error})") from error


def _ole_message(path: Path, name: str, data: bytes) -> str:
    suffix = path.suffix.lower()
    if ENCRYPTED_STREAM in data:
        return f"{name}: protected by a password; save a copy without it"
    return f"{name}: an old {OLD_TYPES.get(suffix, 'Office')} file under a new name; open it and save it as {suffix}"
