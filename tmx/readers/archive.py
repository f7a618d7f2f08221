"""Zip archives (docx, odt, epub, xlsx) read in memory, within the limits; nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tmx.errors import FormatError, LimitError
from tmx.readers.files import check_file
from tmx.readers.options import MEBIBYTE, ReadOptions

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB: old Office files, and encrypted new ones
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # MS-OFFCRYPTO, the stream of an encrypted OOXML file
RATIO_FROM_BYTES = 8 * MEBIBYTE  # smaller parts may unpack by any ratio
END_RECORD = b"PK\x05\x06"  # APPNOTE.TXT 4.3.16, end of central directory record
END_RECORD_64, LOCATOR_64 = b"PK\x06\x06", b"PK\x06\x07"  # 4.3.14, 4.3.15
ENCRYPTED_FLAG = 0x1  # APPNOTE.TXT 4.4.4, bit 0
MAX_DIRECTORY_BYTES = 8 * MEBIBYTE  # whatever number of parts is stated: 46 bytes and a name each
CHUNK_BYTES = 256 * 1024
OLD_TYPES = {".docx": ".doc", ".xlsx": ".xls", ".pptx": ".ppt"}


class Archive:
    """The members of one zip file. All that is unpacked counts against ``ReadOptions.max_unpacked_bytes``."""

    def __init__(self, file: zipfile.ZipFile, name: str, options: ReadOptions) -> None:
        self._file = file
        self._name = name
        self._left = options.max_unpacked_bytes
        self._options = options
        self._sizes = {info.filename: info.compress_size for info in file.infolist()}
        self._locked = {info.filename for info in file.infolist() if info.flag_bits & ENCRYPTED_FLAG}
        self.members = frozenset(info.filename for info in file.infolist() if not info.is_dir())

    def read(self, member: str) -> bytes:
        """Return the bytes of a member.

        Raises:
            FormatError: it is missing, damaged or encrypted.
            LimitError: the archive unpacks to more than is allowed.
        """
        chunks = []
        limit = self._options.max_unpacked_bytes
        allowed = max(RATIO_FROM_BYTES, self._options.max_ratio * self._sizes.get(member, 0))
        try:
            with self._file.open(member) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    self._left -= len(chunk)
                    allowed -= len(chunk)
                    if self._left < 0 or allowed < 0:
                        ratio = f"{self._options.max_ratio} times its size"
                        more = f"{limit / MEBIBYTE:,.0f} MiB" if self._left < 0 else ratio
                        raise LimitError(
                            f"{self._name}, part {member}: unpacks to more than {more};"
                            " if the file is to be trusted, raise the limit"
                        )
                    chunks.append(chunk)
        except KeyError as error:
            raise FormatError(
                f"{self._name}: part {member} is missing; the file is damaged or of another type"
            ) from error
        except NotImplementedError as error:  # before RuntimeError, which it is one of
            raise FormatError(
                f"{self._name}, part {member}: packed in a way that cannot be read ({error}); save the file again"
            ) from error
        except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            if isinstance(error, RuntimeError) and member in self._locked:
                raise FormatError(f"{self._name}: protected by a password; save a copy without it") from error
            raise FormatError(f"{self._name}, part {member}: damaged ({error}); save the file again") from error
        return b"".join(chunks)

    def read_optional(self, member: str) -> bytes:
        """Return the bytes of a member, nothing if there is no such member."""
        return self.read(member) if member in self.members else b""


@contextmanager
def open_archive(path: Path, name: str, options: ReadOptions) -> Iterator[Archive]:
    """Open a zip file; a file that is none is named for what it is."""
    check_file(path, name, options.max_bytes)
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
            if start == OLE_SIGNATURE:
                raise FormatError(_ole_message(path, name, stream.read()))
            _check_directory(stream, name, options)
            try:
                file = zipfile.ZipFile(stream)
            except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as error:
                suffix = path.suffix.lower()
                what = (
                    "cut off or damaged" if start.startswith(b"PK") else f"not a {suffix} file, whatever its name says"
                )
                raise FormatError(f"{name}: {what}; save it again as {suffix}") from error
            with file:
                yield Archive(file, name, options)
    except OSError as error:
        raise FormatError(f"{name}: cannot be read ({error.strerror or error})") from error


def refuse_locked(archive: Archive, name: str) -> None:
    """Refuse an OpenDocument file whose parts are encrypted."""
    if b"encryption-data" in archive.read_optional("META-INF/manifest.xml"):
        raise FormatError(f"{name}: protected by a password; save a copy without it")


def _check_directory(stream: BinaryIO, name: str, options: ReadOptions) -> None:
    """Refuse an archive by the number of parts it states, before its directory is read into memory."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 65_557 - 76))
    tail = stream.read()
    place = tail.rfind(END_RECORD)
    stream.seek(0)
    if place < 0 or len(tail) < place + 22:
        return
    members, directory_bytes = struct.unpack_from("<HI", tail, place + 10)
    record = tail[max(0, place - 76) :]  # of ZIP64, with its locator between; what it states counts
    if record.startswith(END_RECORD_64) and record.startswith(LOCATOR_64, 56):
        members, directory_bytes = struct.unpack_from("<QQ", record, 32)
    if members > options.max_members or directory_bytes > MAX_DIRECTORY_BYTES:
        raise LimitError(f"{name}: {members:,} parts or more (limit {options.max_members:,})")


def _ole_message(path: Path, name: str, data: bytes) -> str:
    suffix = path.suffix.lower()
    if ENCRYPTED_STREAM in data:
        return f"{name}: protected by a password; save a copy without it"
    return f"{name}: an old {OLD_TYPES.get(suffix, 'Office')} file under a new name; open it and save it as {suffix}"
