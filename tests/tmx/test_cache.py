import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from tmx import cache


@pytest.fixture(autouse=True)
def own_directory(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "cache"))
    return tmp_path / "cache"


def fail():
    raise AssertionError("built although cached")


def test_a_table_is_built_once(own_directory):
    assert cache.cached("table", "1", lambda: {"一": 1}) == {"一": 1}
    assert cache.cached("table", "1", fail) == {"一": 1}


def test_a_table_whose_source_changed_is_built_anew_and_the_old_file_goes(own_directory):
    cache.cached("table", "1", lambda: 1)
    cache.cached("table-of-others", "1", lambda: 1)
    assert cache.cached("table", "2", lambda: 2) == 2
    assert sorted(path.name.rpartition("-")[0] for path in own_directory.iterdir()) == ["table", "table-of-others"]


def test_a_broken_file_is_built_anew(own_directory):
    cache.cached("table", "1", lambda: [1, 2, 3])
    (path,) = own_directory.iterdir()
    path.write_bytes(path.read_bytes()[:-4])
    assert cache.cached("table", "1", lambda: [4]) == [4]
    assert cache.cached("table", "1", fail) == [4]


def test_a_directory_that_cannot_be_written_does_not_stop_the_run(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a directory")
    monkeypatch.setenv(cache.ENVIRONMENT, str(tmp_path / "file" / "below"))
    assert cache.cached("table", "1", lambda: 5) == 5


def test_an_error_while_building_leaves_nothing_behind(own_directory):
    with pytest.raises(ZeroDivisionError):
        cache.cached("table", "1", lambda: 1 // 0)
    with pytest.raises(AttributeError):
        cache.cached("table", "1", lambda: [lambda: 1])  # cannot be pickled
    assert not own_directory.exists() or not list(own_directory.iterdir())


def test_processes_that_start_at_once_all_get_the_whole_table(own_directory):
    program = "from tmx.cache import cached; print(sum(cached('table', '1', lambda: list(range(200_000)))))"
    environment = os.environ | {"PYTHONPATH": str(Path(cache.__file__).parents[1])}
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment) for _ in range(4)
    ]
    assert {process.communicate()[0].strip() for process in running} == {b"19999900000"}
    assert [path.suffix for path in own_directory.iterdir()] == [".pickle"]


@pytest.mark.parametrize("place", [0, 30, -1, -6])
def test_a_flipped_byte_is_noticed(place, own_directory):
    cache.cached("table", "1", lambda: list(range(20)))
    (path,) = own_directory.iterdir()
    content = bytearray(path.read_bytes())
    content[place] ^= 4
    path.write_bytes(content)
    assert cache.cached("table", "1", lambda: [4]) == [4]
    assert cache.cached("table", "1", fail) == [4]


def test_a_sound_pickle_that_something_else_wrote_is_built_anew(own_directory):
    cache.cached("table", "1", lambda: (1, 2))
    (path,) = own_directory.iterdir()
    path.write_bytes(pickle.dumps([1, 2, 3]))
    assert cache.cached("table", "1", lambda: (1, 2)) == (1, 2)


def test_building_is_logged_and_says_nothing_by_itself(caplog, capfd):
    cache.cached("table", "1", lambda: 1)
    assert capfd.readouterr() == ("", "")
    with caplog.at_level("INFO", cache.LOGGER.name):
        cache.cached("table", "1", fail)
        assert not caplog.messages
        cache.cached("table", "2", lambda: 1)
    assert caplog.messages == ["table"]
