"""Says on standard error which tables are being built, since the first run takes half a minute to do it."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator

from tmx.cache import LOGGER

WORKERS = "DUIYI_SAY_TABLES"  # set for the processes that work for this one


class _Lines(logging.Handler):
    """Prints a line for each table; standard error is looked up each time, as a progress bar may stand before it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the name of the table."""
        table = record.getMessage().replace("-", " ")
        print(f"Building dictionary tables, once: {table}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def announced() -> Iterator[None]:
    """Say which tables are built, here and in worker processes, until the block ends or ``be_quiet`` is called."""
    lines = _Lines()
    before = LOGGER.level
    LOGGER.addHandler(lines)
    LOGGER.setLevel(logging.INFO)
    os.environ[WORKERS] = "1"
    try:
        yield
    finally:
        LOGGER.removeHandler(lines)
        LOGGER.setLevel(before)
        os.environ.pop(WORKERS, None)


def be_quiet(quiet: bool) -> None:
    """Say nothing of tables in this run if ``quiet``."""
    if quiet:
        LOGGER.setLevel(logging.WARNING)
        os.environ.pop(WORKERS, None)


def announce_in_worker() -> None:
    """Say which tables a process builds for another one that says so; for the rest of its life."""
    if os.environ.get(WORKERS):
        LOGGER.addHandler(_Lines())
        LOGGER.setLevel(logging.INFO)
