import os
import pickle
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from tmx import cache
from tmx.cache import Table

Arrays = tuple[list[str], npt.NDArray[np.float32]]


@pytest.fixture(autouse=True)
def own_directory(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "cache"))
    return tmp_path / "cache"


def fail():
    raise AssertionError("built although cached")


def table(build: Callable[[], Any], shape: Any = list[int], name: str = "table", **made_of: Any) -> Table[Any]:
    return Table(name, shape, build, **{"modules": ("tmx.cache",), **made_of})


def test_a_table_is_built_once():
    assert table(lambda: [1, 2]).load() == [1, 2]
    assert table(fail).load() == [1, 2]


@pytest.mark.parametrize(
    "shape, value",
    [
        (dict[int, str], {0x570B: "国"}),
        (tuple[dict[str, tuple[int, int, int]], frozenset[str]], ({"a": (1, 2, 3)}, frozenset(["b"]))),
        (dict[str, float], {"的": 0.1, "b": 1e-9}),
    ],
)
def test_what_comes_out_is_what_went_in(shape, value):
    table(lambda: value, shape).load()
    assert table(fail, shape).load() == value


def test_arrays_keep_their_kind_and_can_be_written_to():
    table(lambda: (["a"], np.eye(2, dtype=np.float32)), Arrays).load()
    names, array = table(fail, Arrays).load()
    assert names == ["a"] and array.dtype == np.float32
    array += 1
    assert array.tolist() == [[2, 1], [1, 2]]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with a module and a data file, as a table may be made of."""
    folder = tmp_path / "packages" / "fishery"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "nets.py").write_text("MESH = 1\n")
    (folder / "fish.tsv").write_text("鱼\tfish\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    for name in ("fishery", "fishery.nets"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return folder


@pytest.mark.parametrize("file", ["nets.py", "fish.tsv"])
def test_a_table_whose_source_changed_is_built_anew_and_the_old_file_goes(package, own_directory, file):
    made_of = {"modules": ("fishery.nets",), "data": ("fishery/fish.tsv",)}
    table(lambda: [1], **made_of).load()
    table(lambda: [1], name="table-of-others", **made_of).load()
    (own_directory / f"table-{'0' * 16}.pickle").write_text("of an earlier version")
    with (package / file).open("a") as text:
        text.write("\n")
    assert table(lambda: [2], **made_of).load() == [2]
    assert sorted(path.name.rpartition("-")[0] for path in own_directory.iterdir()) == ["table", "table-of-others"]


def test_the_versions_of_libraries_the_shape_and_the_tables_beneath_count(monkeypatch):
    beneath = table(list, name="beneath", libraries=("wordfreq",))
    above = table(list, tables=(beneath,))
    before = above.key()
    assert table(list, list[str], tables=(beneath,)).key() != before
    monkeypatch.setattr(cache, "version", lambda library: "99")
    assert above.key() != before


def test_the_stems_of_the_dictionary_are_those_of_the_suffixes_in_the_word_classes(tmp_path):
    """Two suffixes fewer in the file, and the table of glosses is another one."""
    root = Path(cache.__file__).parents[1]
    program = "from glossary.words.glosses import GLOSSES, VECTORS; print(GLOSSES.key(), VECTORS.key())"
    for name in ("tmx", "glossary"):
        for path in (root / name).rglob("*"):
            if path.suffix in (".py", ".toml", ".tsv"):
                copy = tmp_path / path.relative_to(root)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    classes = tmp_path / "glossary" / "data" / "word_classes.toml"

    def keys() -> list[str]:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        command = [sys.executable, "-P", "-c", program]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()

    before = keys()
    assert keys() == before
    text = classes.read_text(encoding="utf-8")
    assert " ments ment " in text
    classes.write_text(text.replace(" ments ment ", " "), encoding="utf-8")
    assert not set(keys()) & set(before)


def test_a_broken_file_is_built_anew(own_directory):
    table(lambda: [1, 2, 3]).load()
    (path,) = own_directory.iterdir()
    path.write_bytes(path.read_bytes()[:-4])
    assert table(lambda: [4]).load() == [4]
    assert table(fail).load() == [4]


def test_a_table_that_was_built_ahead_is_not_read_but_once_handed_out_is_nobody_elses(own_directory):
    table(lambda: [1, 2]).ensure()
    (path,) = own_directory.iterdir()
    path.write_bytes(b"broken in the meantime")
    assert table(fail).load() == [1, 2]
    assert table(lambda: [3]).load() == [3]


def test_a_directory_that_cannot_be_written_does_not_stop_the_run(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a directory")
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "file" / "below"))
    assert table(lambda: [5]).load() == [5]


def test_a_home_folder_that_does_not_exist_is_not_made(tmp_path, monkeypatch):
    monkeypatch.delenv(cache.ENVIRONMENT)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "nobody"))
    assert table(lambda: [5]).load() == [5]
    assert not (tmp_path / "nobody").exists()


def test_an_error_while_building_leaves_nothing_behind(own_directory):
    with pytest.raises(ZeroDivisionError):
        table(lambda: 1 // 0).load()
    with pytest.raises(NotImplementedError, match="cannot hold a function"):
        table(lambda: [lambda: 1]).load()
    assert not own_directory.exists() or not list(own_directory.iterdir())


def test_processes_that_start_at_once_all_get_the_whole_table(own_directory):
    program = (
        "from tmx.cache import Table\n"
        "print(sum(Table('table', list[int], lambda: list(range(200_000)), modules=('tmx.cache',)).load()))"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(cache.__file__).parents[1])}
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment) for _ in range(4)
    ]
    assert {process.communicate()[0].strip() for process in running} == {b"19999900000"}
    assert [path.suffix for path in own_directory.iterdir()] == [".table"]


@pytest.mark.parametrize("place", [0, 30, -1, -6])
def test_a_flipped_byte_is_noticed(place, own_directory):
    table(lambda: list(range(100, 140))).load()
    (path,) = own_directory.iterdir()
    content = bytearray(path.read_bytes())
    content[place] ^= 4
    path.write_bytes(content)
    assert table(lambda: [4]).load() == [4]
    assert table(fail).load() == [4]


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize(
    "foreign",
    [
        lambda trap: pickle.dumps(Trap(trap)),
        lambda trap: msgspec.msgpack.encode({"not": "a list"}),
        lambda trap: msgspec.msgpack.encode((["a"], ("O", (1,), b"12345678"))),
        lambda trap: msgspec.msgpack.encode((["a"], ("<f4", (1 << 40,), b"1234"))),
    ],
    ids=["a pickle", "another shape", "an array of objects", "an array larger than its bytes"],
)
def test_a_foreign_file_does_no_more_than_be_built_anew(foreign, own_directory, tmp_path):
    table(lambda: (["a"], np.zeros(1, np.float32)), Arrays).load()
    (path,) = own_directory.iterdir()
    data = foreign(tmp_path / "trap")
    path.write_bytes(data + zlib.crc32(data).to_bytes(cache.CHECKSUM_BYTES, "big"))
    names, array = table(lambda: (["b"], np.ones(1, np.float32)), Arrays).load()
    assert (names, array.tolist()) == (["b"], [1])
    assert not (tmp_path / "trap").exists()


def test_what_cannot_be_right_is_built_anew():
    def check(value: list[int]) -> None:
        if sum(value) > 3:
            raise ValueError("too many")

    table(lambda: [9]).load()
    assert table(lambda: [1], check=check).load() == [1]


def test_whoever_asks_is_told_before_a_table_is_built_and_only_then(monkeypatch):
    told = []
    monkeypatch.setattr(cache, "before_building", lambda one: told.append(one.name))
    table(lambda: [1]).load()
    table(fail).load()
    assert told == ["table"]
