"""The tables of the first run: built before the work, in two processes, and said in a user's words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from duiyi import preparing
from tmx import cache
from tmx.cache import Table


def table(name: str, value: list[int]) -> Table[Any]:
    return Table(name, list[int], lambda: value, modules=("tmx.cache",))


STEPS = ((table("one", [1]), table("two", [2])), (table("three", [3]),))


@pytest.fixture(autouse=True)
def own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "cache"))
    monkeypatch.setattr(preparing, "steps", lambda *, terms: STEPS if terms else STEPS[:1])


def test_the_first_missing_table_has_all_built_that_the_command_needs(capfd: pytest.CaptureFixture[str]) -> None:
    with preparing.preparing():
        preparing.expect(terms=True, quiet=False)
        assert STEPS[0][1].load() == [2]
        assert all(table.is_kept() for step in STEPS for table in step)
        lines = "Preparing the dictionary, once: 1 of 2\nPreparing the dictionary, once: 2 of 2\n"
        assert capfd.readouterr() == ("", lines)
        assert STEPS[1][0].load() == [3]
    assert capfd.readouterr() == ("", "")


def test_a_command_that_only_aligns_waits_for_no_other_table(capfd: pytest.CaptureFixture[str]) -> None:
    with preparing.preparing():
        STEPS[0][0].load()
    assert not STEPS[1][0].is_kept()
    assert capfd.readouterr() == ("", "Preparing the dictionary, once: 1 of 1\n")


def test_nothing_is_said_when_quiet_or_by_the_library(capfd: pytest.CaptureFixture[str]) -> None:
    with preparing.preparing():
        preparing.expect(terms=False, quiet=True)
        STEPS[0][0].load()
    STEPS[1][0].load()
    assert capfd.readouterr() == ("", "")


def test_where_tables_cannot_be_kept_each_is_built_when_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "file" / "below"))
    with preparing.preparing():
        assert STEPS[1][0].load() == [3]
        assert STEPS[0][0].load() == [1]
    folder = tmp_path / "file" / "below"
    assert capfd.readouterr() == (
        "",
        f"Preparing the dictionary in every run, as {folder} cannot be written: set DUIYI_CACHE_DIR\n",
    )


def test_a_full_disk_has_nothing_built_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def step(name: str) -> tuple[Table[Any], ...]:
        return (Table(name, list[int], lambda: built.append(name) or [1], modules=("tmx.cache",)),)

    def full(path: Path, value: object) -> None:
        raise OSError(28, "No space left on device")

    steps = step("one"), step("two"), step("three")
    monkeypatch.setattr(cache, "_write", full)
    monkeypatch.setattr(preparing, "steps", lambda *, terms: steps)
    with preparing.preparing():
        for (table,) in steps:
            assert table.load() == [1]
    assert sorted(built) == ["one", "three", "two"]


def test_two_tables_are_built_by_another_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Here by one that takes the name of a table for a program of its own, and which is gone afterwards."""
    mine, other = table("mine", [1]), table("glosses", [2])
    started: list[list[str]] = []

    class Helper:
        def __init__(self, command: list[str], **_: object) -> None:
            started.append(command[3:])
            other.load()

        def kill(self) -> None:
            started.append(["killed"])

        def wait(self, seconds: float = 0) -> None: ...

    monkeypatch.setattr(preparing.subprocess, "Popen", Helper)
    monkeypatch.setattr("duiyi.execution.usable_cores", lambda: 2)
    preparing.prepare(((mine,), (other,)), quiet=True)
    assert started == [["glosses"], ["killed"]]
    assert mine.is_kept() and other.is_kept()
