"""A block of work that is interrupted from outside when it takes too long or too much memory.

A second thread looks at the work from time to time and raises ``_Interrupt`` in it between two steps of Python code
(CPython's ``PyThreadState_SetAsyncExc``), on every system alike and in any thread, which signals cannot. Code of a
library that never comes back to Python is not reached: what is handed to one has to be bounded before.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

LOOK_SECONDS = 0.1
AGAIN_SECONDS = 30.0  # after an interruption that did not end the work; what it leaves behind takes seconds to be freed

try:
    resource: ModuleType | None = importlib.import_module("resource")
except ImportError:  # Windows
    resource = None


class _Interrupt(BaseException):
    """Raised from outside; not an Exception, so that no reader swallows it."""


@contextlib.contextmanager
def watched(look: Callable[[], Exception | None], every: float = LOOK_SECONDS) -> Iterator[None]:
    """Interrupt the block as soon as ``look``, asked every so many seconds, returns an error, and raise that error.

    >>> with watched(lambda: ValueError("too long"), every=0.01):
    ...     while True:
    ...         pass
    Traceback (most recent call last):
    ...
    ValueError: too long
    """
    work = _Work(threading.get_ident(), look, every)
    watch = threading.Thread(target=work.watch, name="watch", daemon=True)
    watch.start()
    try:
        try:
            yield
        finally:
            work.end()
    except _Interrupt:
        work.end()  # once more: the interruption may have come while it was ended
        if work.error is None:
            raise  # of a watch around this one
        raise work.error from None


class _Work:
    """The thread that works, as the one that watches it sees it."""

    def __init__(self, thread: int, look: Callable[[], Exception | None], every: float) -> None:
        self.error: Exception | None = None
        self._thread = ctypes.c_ulong(thread)
        self._look = look
        self._every = every
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def watch(self) -> None:
        """Ask, and interrupt; again if a library swallowed it (in a callback, while an object is deleted)."""
        while not self._ended.wait(self._every if self.error is None else AGAIN_SECONDS):
            error = self.error or self._look()
            with self._lock:
                if error is not None and not self._ended.is_set():
                    self.error = error
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(self._thread, ctypes.py_object(_Interrupt))

    def end(self) -> None:
        """Let nothing come any more, not even what is on its way."""
        with self._lock:
            self._ended.set()
            if self.error is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(self._thread, None)


def memory_bytes() -> int:
    """Return how much memory this process holds now, or has held at most where that is all the system tells.

    0 on Windows, where nothing is told without a further library.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return peak_bytes()
    return pages * (resource.getpagesize() if resource else 4096)


def peak_bytes() -> int:
    """Return how much memory this process has held at most, 0 on Windows."""
    if resource is None:
        return 0
    peak: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
