"""Work that takes too long or too much memory is interrupted, and nothing else is."""

from __future__ import annotations

import gc
import threading
import time
from pathlib import Path

import pytest

from tmx.errors import Budget, LimitError, reading, reads
from tmx.readers import ReadOptions, read
from tmx.watch import memory_bytes, watched


def spin() -> None:
    while True:
        sum(range(100))


def careless() -> None:
    while True:
        try:
            spin()
        except Exception:
            continue


@pytest.mark.parametrize("work", [spin, careless])
def test_work_that_does_not_end_is_interrupted(work):
    with pytest.raises(ValueError, match="over"), watched(lambda: ValueError("over"), every=0.01):
        work()


def test_work_in_another_thread_is_interrupted_there():
    caught = []

    def work() -> None:
        try:
            with watched(lambda: ValueError("over"), every=0.01):
                spin()
        except ValueError as error:
            caught.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert caught == ["over"]


def test_an_outer_watch_interrupts_through_an_inner_one():
    with (
        pytest.raises(ValueError, match="outer"),
        watched(lambda: ValueError("outer"), every=0.01),
        watched(lambda: None, every=0.01),
    ):
        spin()


def test_an_interruption_that_a_library_swallows_comes_again(monkeypatch):
    monkeypatch.setattr("tmx.watch.AGAIN_SECONDS", 0.2)
    swallowed = []

    class Swallows:
        def __del__(self) -> None:
            try:
                spin()
            except BaseException as error:
                swallowed.append(type(error).__name__)

    with pytest.raises(ValueError, match="over"), watched(lambda: ValueError("over"), every=0.01):
        Swallows()
        gc.collect()
        spin()
    assert swallowed == ["_Interrupt"]


def test_what_ends_in_time_is_left_alone_and_so_is_what_comes_after():
    for _ in range(200):
        with watched(lambda: None, every=0.0001):
            sum(range(1000))
    before = threading.active_count()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(KeyError), watched(lambda: None, every=0.001):
        raise KeyError("own")


def test_reading_that_takes_too_long_is_one_line():
    with (
        pytest.raises(LimitError, match=r"^a\.txt: takes more than 0 s of processor time to be read; split it"),
        reading("a.txt", budget=Budget(seconds=0.05)),
    ):
        spin()


@pytest.mark.skipif(not memory_bytes(), reason="this system does not tell how much memory a process holds")
def test_reading_that_takes_too_much_memory_is_one_line():
    held = []
    with (
        pytest.raises(LimitError, match=r"^a\.txt: takes more than 64 MiB of memory to be read"),
        reading("a.txt", budget=Budget(memory=64 * 1024 * 1024)),
    ):
        while True:
            held.append(bytearray(1024 * 1024))


def test_what_reads_a_file_for_another_reader_has_the_budget_of_that_one():
    @reads("table")
    def inner(path: Path) -> None:
        spin()

    with pytest.raises(LimitError, match=r"^outer\.txt: takes more"), reading("outer.txt", budget=Budget(seconds=0.05)):
        inner(Path("inner.txt"))


def test_a_large_file_gets_more_time_and_none_means_no_limit(monkeypatch):
    now = 0.0
    monkeypatch.setattr("time.process_time", lambda: now)
    for size, seconds, spent in ((0, 10.0, 9), (10 * 1024 * 1024, 10.0, 300), (0, 0.0, 1e9)):
        now = 0.0
        with reading("a.pdf", size=size, budget=Budget(seconds)):
            now = spent
            time.sleep(0.25)


def test_the_options_of_readers_say_how_long(tmp_path, monkeypatch):
    def slow(path: Path, name: str, options: ReadOptions) -> None:
        spin()

    monkeypatch.setattr("tmx.readers.READERS", {".txt": slow})
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(LimitError, match=r"^a\.txt: takes more than 0 s"):
        read(tmp_path / "a.txt", options=ReadOptions(budget=Budget(seconds=0.05)))
