"""The error tree: what a user can put right derives from ``ToolError``."""

from __future__ import annotations

import contextlib
import math
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from tmx.watch import memory_bytes, watched

P = ParamSpec("P")
T = TypeVar("T")

MAX_MESSAGE_CHARS = 480


# What commands a terminal (C0 and C1 without tab and line end) or turns the direction of the text behind it.
_COMMANDS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"} | {
    code: f"\\u{code:04x}" for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def harmless(text: str) -> str:
    """Return a text for a screen: what would command the terminal, or turn lines round, is shown as its code.

    Names of files and texts of documents come from strangers, and are quoted in messages.

    >>> print(harmless("report\x1b[2J.txt"))
    report\\x1b[2J.txt
    """
    return text.translate(_COMMANDS)


def one_line(text: str, max_chars: int = MAX_MESSAGE_CHARS) -> str:
    """Return a message as one line that is not too long to be read.

    Parsers quote what they stumble over: a message of theirs may hold line ends, or a page of bytes. What is cut out
    is cut from the middle: the beginning names the file, the end says what to do.

    >>> one_line("a.xml: not\\n  well-formed"), one_line("a.xml: " + "x" * 50 + "; save it again", 30)
    ('a.xml: not well-formed', 'a.xml: xxxxxxxxxxxxxxx…t again')
    """
    line = harmless(" ".join(text.split()))
    line = line.encode("utf-8", "replace").decode("utf-8")  # no lone surrogates of odd file names
    tail = max_chars // 4
    return line if len(line) <= max_chars else f"{line[: max_chars - tail - 1]}…{line[-tail:]}"


class ToolError(Exception):
    """Something the user can put right; the command line prints it as one line.

    The message says which file, where in it, what is wrong and, if that is not obvious, what to do. It is cut to one
    line here, whatever it quotes.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(one_line(message))


class FormatError(ToolError):
    """A file is not what its format promises."""


class EncodingError(ToolError):
    """Bytes of a text file cannot be decoded."""


class UnsupportedFormatError(ToolError):
    """No reader exists for this type of file; the message says what to convert it to."""


class LimitError(ToolError):
    """A file is larger, deeper or slower to read than the limits in the settings allow."""


class EmptyInputError(ToolError):
    """There is nothing to align: no document, no text, or only one of the two languages."""


class OutputError(ToolError):
    """A result cannot be written."""


class UnfaithfulError(OutputError):
    """What was written does not read back the same; the file was not put in its place."""


MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """What reading one file may take, so that no file, however made, keeps anybody waiting or fills the memory.

    ``seconds`` of processor time for a small file, three times as many more for each MiB of a larger one (0: no limit);
    ``memory`` in bytes beyond what the process held before. Sound files stay far below: PDF, the slowest format, takes
    12 seconds for each MiB.
    """

    seconds: float = 10.0
    memory: int = 1024 * MEBIBYTE

    def seconds_for(self, size: int) -> float:
        """Return the processor time for a file of so many bytes.

        >>> Budget().seconds_for(2 * MEBIBYTE)
        70.0
        """
        return self.seconds * (1 + 3 * size / MEBIBYTE)


_reading = threading.local()


@contextmanager
def reading(
    name: str, kind: str = "", advice: str = "save it again", *, size: int = 0, budget: Budget | None = None
) -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into one line that names it.

    Every reader of what users bring stands in this block: parsers raise whatever they come across, and nobody can
    list it. ``kind`` says what the file should be (".xlsx file"), ``advice`` what to do. An error that is one of
    ours already passes, with the name of the file before it if it lacks it. What takes more than the ``budget`` for a
    file of ``size`` bytes is interrupted.

    >>> with reading("a.xlsx", ".xlsx file"):
    ...     int("x")
    Traceback (most recent call last):
    ...
    tmx.errors.FormatError: a.xlsx: not a sound .xlsx file (invalid literal for int() with base 10: 'x'); save it again
    """
    try:
        with _within(budget or Budget(), name, size):
            yield
    except ToolError:
        raise
    except RecursionError as error:
        raise LimitError(f"{name}: nested too deeply to be read") from error
    except MemoryError as error:
        raise LimitError(f"{name}: too large to be read in this computer's memory") from error
    except OSError as error:
        raise FormatError(f"{name}: cannot be read ({error.strerror or error})") from error
    except Exception as error:
        what = one_line(str(error), 160) or type(error).__name__
        raise FormatError(f"{name}: not a sound {kind or 'file'} ({what}); {advice}") from error


@contextmanager
def _within(budget: Budget, name: str, size: int) -> Iterator[None]:
    """Interrupt what takes more than a budget; a file that is read on behalf of another counts with that one."""
    if getattr(_reading, "watched", False):
        yield
        return
    seconds = budget.seconds_for(size)
    end, most = time.process_time() + (seconds or math.inf), memory_bytes() + budget.memory

    def look() -> LimitError | None:
        if time.process_time() > end:
            return LimitError(
                f"{name}: takes more than {seconds:.0f} s of processor time to be read; split it, or raise the limit"
            )
        if memory_bytes() > most:
            taken = f"{budget.memory / MEBIBYTE:,.0f} MiB of memory"
            return LimitError(f"{name}: takes more than {taken} to be read; split it, or save it again")
        return None

    _reading.watched = True
    try:
        with watched(look):
            yield
    finally:
        _reading.watched = False


def reads(
    kind: str, advice: str = "save it again"
) -> Callable[[Callable[Concatenate[Path, P], T]], Callable[Concatenate[Path, P], T]]:
    """Put a function that reads the file at its first argument into ``reading``."""

    def guard(read: Callable[Concatenate[Path, P], T]) -> Callable[Concatenate[Path, P], T]:
        @wraps(read)
        def guarded(path: Path, /, *args: P.args, **kwargs: P.kwargs) -> T:
            check_ordinary(path)
            with reading(str(path), kind, advice, size=size_of(path)):
                return read(path, *args, **kwargs)

        return guarded

    return guard


def check_ordinary(path: Path) -> None:
    """Raise a ``FormatError`` for a folder, and a pipe or a device: reading those would wait for who writes into it."""
    with contextlib.suppress(OSError, ValueError):  # of a file that is not there whoever opens it speaks
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise FormatError(f"{path}: is a folder, not a file")
        if not stat.S_ISREG(mode):
            raise FormatError(f"{path}: not an ordinary file")


def size_of(path: Path) -> int:
    """Return how many bytes a file has, 0 if that cannot be told."""
    with contextlib.suppress(OSError, ValueError):
        return Path(path).stat().st_size
    return 0
