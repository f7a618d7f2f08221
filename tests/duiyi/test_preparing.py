"""The tables of the first run: built before the work, in two processes, and said in a user's words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from duiyi import preparing
from duiyi.preparing import Tables
from tmx import cache
from tmx.cache import Table


def table(name: str, value: list[int]) -> Table[Any]:
    return Table(name, list[int], lambda: value, modules=("tmx.cache",))


STEPS = ((table("one", [1]), table("two", [2])), (table("three", [3]),))


def use(monkeypatch: pytest.MonkeyPatch, aligning: Sequence[Tables], terms: Sequence[Tables]) -> None:
    monkeypatch.setattr(preparing, "steps_of_aligning", lambda: tuple(aligning))
    monkeypatch.setattr(preparing, "steps_of_terms", lambda: tuple(terms))


@pytest.fixture(autouse=True)
def own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "cache"))
    use(monkeypatch, STEPS[:1], STEPS[1:])


def test_the_first_missing_table_has_all_built_that_its_half_of_the_work_needs(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with preparing.preparing():
        preparing.expect(terms=True, quiet=False)
        assert STEPS[0][1].load() == [2]
        assert [table.is_kept() for step in STEPS for table in step] == [True, True, False]
        assert capfd.readouterr() == ("", "Preparing the dictionary, once: 1 of 2\n")
        assert STEPS[1][0].load() == [3]
    assert capfd.readouterr() == ("", "Preparing the dictionary, once: 2 of 2\n")


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


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"somebody's text"], ids=["empty", "a pickle", "text"])
def test_a_table_that_cannot_be_read_is_made_again_and_it_is_said_once(
    content: bytes, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for step in STEPS:
        for one in step:
            one.load()
    path = STEPS[0][1].path()
    path.write_bytes(content)
    monkeypatch.setenv("DUIYI_LANG", "en")
    with preparing.preparing():
        preparing.expect(terms=True, quiet=True)
        assert [STEPS[0][1].load(), STEPS[0][1].load()] == [[2], [2]]
    line = f"The dictionary's table two was damaged or is not duiyi's, and is made again: {path}\n"
    assert capfd.readouterr() == ("", line)
    with preparing.preparing():
        assert STEPS[0][1].load() == [2]
    assert capfd.readouterr() == ("", "")


def test_a_broken_table_that_another_is_made_of_is_told_too(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    base = table("base", [1])
    made = Table("made", list[int], lambda: base.load() * 2, modules=("tmx.cache",), tables=(base,))
    use(monkeypatch, [(base, made)], [])
    base.load()
    base.path().write_bytes(b"")
    monkeypatch.setenv("DUIYI_LANG", "zh")
    with preparing.preparing():
        preparing.expect(terms=False, quiet=True)
        assert made.load() == [1, 1]
    line = f"词典的数据表 base 已损坏或不是 duiyi 生成的，正在重新生成：{base.path()}\n"
    assert capfd.readouterr() == ("", line)


def test_a_table_made_of_something_else_is_another_file_and_nothing_is_said_of_the_earlier_one(
    capfd: pytest.CaptureFixture[str],
) -> None:
    table("two", [2]).load()
    newer = Table("two", dict[str, int], lambda: {"a": 1}, modules=("tmx.cache",))
    with preparing.preparing():
        preparing.expect(terms=False, quiet=True)
        assert newer.load() == {"a": 1}
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
    use(monkeypatch, steps, ())
    with preparing.preparing():
        for (table,) in steps:
            assert table.load() == [1]
    assert sorted(built) == ["one", "three", "two"]


MINE = table("mine", [1])


class Helper:
    """A process that takes the names of tables for programs of its own, and is gone afterwards."""

    told: ClassVar[list[list[str]]] = []
    other = table("glosses", [2])

    def __init__(self, command: list[str], **_: object) -> None:
        self.told.append(command[3:])

    def kill(self) -> None:
        self.told.append(["killed"])

    def wait(self, seconds: float = 0) -> None:
        self.told.append(["waited"])
        self.other.load()


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch) -> type[Helper]:
    Helper.told.clear()
    monkeypatch.setattr(preparing.subprocess, "Popen", Helper)
    monkeypatch.setattr("duiyi.execution.usable_cores", lambda: 2)
    use(monkeypatch, [(MINE,)], [(Helper.other,)])
    return Helper


def test_two_tables_are_built_by_another_process(helper: type[Helper]) -> None:
    preparing.prepare()
    assert MINE.is_kept() and Helper.other.is_kept()
    assert helper.told == [["glosses"], ["waited"], ["killed"], ["waited"]]


def test_aligning_does_not_wait_for_the_tables_of_the_terms(helper: type[Helper]) -> None:
    with preparing.preparing():
        preparing.expect(terms=True, quiet=True)
        assert helper.told == [["glosses"]]
        assert MINE.load() == [1]
        assert helper.told == [["glosses"]]
        assert Helper.other.load() == [2]
        assert helper.told == [["glosses"], ["waited"]]
    assert helper.told[2:] == [["killed"], ["waited"]]
