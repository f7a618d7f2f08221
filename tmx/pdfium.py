"""The signs on the pages of a PDF, read by pdfium in a process of its own.

pdfium is C++: nothing interrupts it from outside, and a file made to that end keeps it busy for hours, fills the memory
or crashes it, in more ways than can be looked for in the file before. So it works in a child, ``python -m tmx.pdfium``,
which ends itself beyond its budget: pdfium runs without the interpreter's lock, so a second thread goes on looking.
What comes back are the messages below, each with its length before it.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from tmx.errors import MEBIBYTE, Budget, FormatError, LimitError
from tmx.watch import memory_bytes

LOOK_SECONDS = 0.02
TOO_LONG, TOO_LARGE = 70, 71  # exit codes of the child
MAX_PAGE_SIGNS = 200_000  # a page of a newspaper has 30,000
LENGTH_BYTES = 4

# Text; left, right, bottom, top, base line, font size in points; whether pdfium sees a space after it, which the file
# lacks.
Sign = tuple[str, float, float, float, float, float, float, bool]


class Opened(msgspec.Struct, tag=True, array_like=True):
    """The first message: how many pages there are, and what the file says of itself."""

    pages: int
    title: str
    author: str


class Page(msgspec.Struct, tag=True, array_like=True):
    """A page: its height in points and its signs in the order of the file."""

    height: float
    signs: list[Sign]


class Fault(msgspec.Struct, tag=True, array_like=True):
    """The last message if a page, or the file, cannot be read; ``place`` is empty or ", page 3"."""

    place: str
    message: str
    limit: bool = False


ENCODE = msgspec.msgpack.Encoder().encode
DECODE = msgspec.msgpack.Decoder(Opened | Page | Fault).decode


class Reading:
    """A PDF that is being read; a context manager. ``opened`` is known at once, the pages come one by one.

    Raises:
        FormatError: it is damaged, or protected by a password.
        LimitError: it takes more than the budget, or has too many pages, or signs on one.
    """

    def __init__(self, path: Path, name: str, max_pages: int, budget: Budget, size: int) -> None:
        self._name = name
        self._budget = budget
        self._seconds = budget.seconds_for(size)
        arguments = [str(path), str(max_pages), str(self._seconds), str(budget.memory)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tmx.pdfium", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert self._process.stdout is not None
        self._stream = self._process.stdout
        self.opened: Opened = self._next()

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
        self._stream.close()
        self._process.wait()

    def pages(self) -> Iterator[Page]:
        """Yield the pages in their order."""
        for _ in range(self.opened.pages):
            yield self._next()

    def _next(self) -> Any:
        head = self._stream.read(LENGTH_BYTES)
        data = self._stream.read(int.from_bytes(head, "big"))
        message = DECODE(data) if len(head) == LENGTH_BYTES and data else self._died()
        if isinstance(message, Fault):
            self.__exit__()
            error = LimitError if message.limit else FormatError
            raise error(f"{self._name}{message.place}: {message.message}")
        return message

    def _died(self) -> Fault:
        code = self._process.wait()
        if code == TOO_LONG:
            return Fault("", f"takes more than {self._seconds:.0f} s to be read; print it to a new PDF", limit=True)
        if code == TOO_LARGE:
            memory = f"{self._budget.memory / MEBIBYTE:,.0f} MiB of memory"
            return Fault("", f"takes more than {memory} to be read; print it to a new PDF", limit=True)
        return Fault("", f"the PDF library broke down on it (exit code {code}); print it to a new PDF")


# --- in the child ---------------------------------------------------------------------------------------------------


def main(path: str, max_pages: int, seconds: float, memory: int, out: BinaryIO) -> None:
    """Read a PDF and write the messages."""
    threading.Thread(target=_watch, args=(seconds, memory_bytes() + memory), daemon=True).start()
    messages = _messages(path, max_pages)
    while True:
        try:
            message = next(messages, None)
        except Exception as error:  # whatever pdfium's wrapper comes across
            message = Fault("", f"damaged ({error})")
        if message is None:
            return
        data = ENCODE(message)
        out.write(len(data).to_bytes(LENGTH_BYTES, "big"))
        out.write(data)
        out.flush()


def _watch(seconds: float, most: int) -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        if 0 < seconds < time.process_time():
            os._exit(TOO_LONG)
        if memory_bytes() > most:
            os._exit(TOO_LARGE)


def _messages(path: str, max_pages: int) -> Iterator[Opened | Page | Fault]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        yield Fault(
            "", "protected by a password; save a copy without it" if locked else f"damaged or cut off ({error})"
        )
        return
    if count > max_pages:
        yield Fault("", f"{count:,} pages (limit {max_pages:,})", limit=True)
        return
    fields = {}
    with contextlib.suppress(pypdfium2.PdfiumError, UnicodeError):
        fields = document.get_metadata_dict()
    yield Opened(count, _sound(fields.get("Title")), _sound(fields.get("Author")))
    for number in range(count):
        place = f", page {number + 1}"
        try:
            page = document[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            yield Fault(place, f"damaged ({error})")
            return
        if text_page.count_chars() > MAX_PAGE_SIGNS:
            yield Fault(place, f"more than {MAX_PAGE_SIGNS:,} characters on one page", limit=True)
            return
        yield Page(page.get_height(), _signs(text_page))
        text_page.close()
        page.close()


def _sound(field: object) -> str:
    return str(field or "").encode("utf-8", "replace").decode("utf-8")


def _signs(text_page: Any) -> list[Sign]:
    """Return the signs of a page."""
    import pypdfium2.raw as raw

    handle = text_page.raw
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    signs: list[Sign] = []
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        if (code <= 0x1F and code != 2) or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            continue
        if raw.FPDFText_IsGenerated(handle, index):
            if signs and chr(code) == " ":
                signs[-1] = (*signs[-1][:-1], True)
            continue
        if not raw.FPDFText_GetLooseCharBox(handle, index, box):
            continue
        if abs(raw.FPDFText_GetCharAngle(handle, index)) > 0.2:
            continue  # text that runs upwards: a watermark, a stamp on the margin
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        size = raw.FPDFText_GetFontSize(handle, index)
        if raw.FPDFText_GetMatrix(handle, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
        if not 0.1 < size < 1000:
            size = abs(box.top - box.bottom)
        signs.append((chr(code), box.left, box.right, box.bottom, box.top, y.value, size, False))
    return signs


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.stdout.buffer)
