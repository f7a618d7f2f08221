"""The items are Python expressions and the function is ``eval``: workers can import it from anywhere."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from duiyi.execution import (
    ClusterError,
    ExecutionOptions,
    Outcome,
    ProcessExecutor,
    Progress,
    SerialExecutor,
    limited,
    map_documents,
    open_executor,
    start_method,
    usable_cores,
)
from tmx.errors import OutputError, ToolError

HANG = "__import__('time').sleep(60)"
SPIN = "[None for _ in __import__('itertools').count()]"
DIE = "__import__('os')._exit(9)"


def results(outcomes: list[Outcome[str, object]]) -> list[object]:
    return [outcome.failure or outcome.result for outcome in outcomes]


@pytest.mark.parametrize("make", [SerialExecutor, lambda: ThreadPoolExecutor(3), lambda: ProcessPoolExecutor(2)])
def test_any_executor_gives_the_outcomes_in_the_order_of_the_items(make):
    items = ["__import__('time').sleep(0.05) or 1", "2", "1/0", "4"]
    with make() as executor:
        outcomes = list(map_documents(eval, items, executor))
    assert results(outcomes) == [1, 2, "ZeroDivisionError: division by zero", 4]
    assert [outcome.item for outcome in outcomes] == items


def test_no_items():
    assert list(map_documents(eval, [], SerialExecutor())) == []


def test_submissions_are_bounded():
    running, most = 0, 0
    lock = threading.Lock()

    def work(item: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002)
        with lock:
            running -= 1
        return item

    with ThreadPoolExecutor(16) as executor:
        outcomes = list(map_documents(work, range(50), executor, in_flight=3))
    assert [outcome.result for outcome in outcomes] == list(range(50))
    assert most <= 3


def test_progress_counts_weights_and_failures():
    seen: list[Progress] = []
    items = ["'aaaaaaaaa'", "1/0", "3"]
    list(map_documents(eval, items, SerialExecutor(), progress=seen.append, weight=len))
    assert [(p.done, p.total, p.failed) for p in seen] == [(1, 3, 0), (2, 3, 1), (3, 3, 1)]
    assert seen[-1].left == 0
    assert seen[0].left == pytest.approx(seen[0].elapsed * 4 / 11)


def test_a_full_output_ends_the_map():
    def work(item: int) -> int:
        if item == 1:
            raise OutputError("out: the disk is full")
        return item

    outcomes = map_documents(work, range(5), SerialExecutor())
    assert next(outcomes).result == 0
    with pytest.raises(OutputError, match="disk is full"):
        next(outcomes)


def test_closing_the_iterator_cancels_what_has_not_begun():
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        time.sleep(0.01)
        return item

    with ThreadPoolExecutor(1) as executor:
        outcomes = map_documents(work, range(100), executor, in_flight=10)
        next(outcomes)
        outcomes.close()
    assert len(begun) < 10


def test_poison_and_hanging_documents_fail_alone():
    items = ["1", DIE, "3", HANG, SPIN, "6", "7", "8"]
    with open_executor(ExecutionOptions(workers=2, time_limit=1.0), len(items)) as executor:
        outcomes = list(map_documents(eval, items, executor))
    assert [outcome.result for outcome in outcomes] == [1, None, 3, None, None, 6, 7, 8]
    assert "died 2 times on this document (exit code 9)" in outcomes[1].failure
    assert "longer than the time limit of 1 s" in outcomes[3].failure
    assert "longer than the time limit of 1 s" in outcomes[4].failure


def test_a_worker_that_is_killed_once_costs_nothing(tmp_path):
    mark = tmp_path / "tried"
    once = f"__import__('pathlib').Path({str(mark)!r}).exists() or " + (
        f"(__import__('pathlib').Path({str(mark)!r}).touch(), __import__('os').kill(__import__('os').getpid(), 9))"
    )
    with open_executor(ExecutionOptions(workers=2), 3) as executor:
        assert results(list(map_documents(eval, ["1", once, "3"], executor))) == [1, True, 3]


def test_leaving_early_stops_the_workers_at_once():
    pids = []
    with pytest.raises(KeyboardInterrupt), open_executor(ExecutionOptions(workers=2), 4) as executor:
        for outcome in map_documents(eval, ["__import__('os').getpid()", HANG, HANG, HANG], executor):
            pids.append(outcome.result)
            raise KeyboardInterrupt
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(pids[0], 0)
            time.sleep(0.05)


def test_the_time_limit_interrupts_python_code_in_this_process():
    with pytest.raises(ToolError, match=r"time limit of 0.1 s"):
        limited(lambda: [None for _ in iter(int, 1)], 0.1)
    assert limited(lambda: 5, 10) == 5
    assert limited(lambda: 5, 0) == 5


def test_the_time_limit_is_not_swallowed_by_a_reader_that_catches_exceptions():
    def careless() -> None:
        while True:
            try:
                sum(range(1000))
            except Exception:
                continue

    with pytest.raises(ToolError, match="time limit"):
        limited(careless, 0.1)


def test_a_single_item_needs_no_worker_process():
    with open_executor(ExecutionOptions(), 1) as executor:
        assert isinstance(executor, SerialExecutor)
    with open_executor(ExecutionOptions(workers=2), 5) as executor:
        assert isinstance(executor, ProcessExecutor)


def test_workers_start_where_the_folder_for_temporary_files_has_a_long_name(tmp_path, monkeypatch):
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setitem(multiprocessing.current_process()._config, "tempdir", None)
    assert start_method() == "spawn"
    with open_executor(ExecutionOptions(workers=2), 2) as executor:
        assert results(list(map_documents(eval, ["1", "2"], executor))) == [1, 2]


def test_a_scheduler_that_does_not_answer_is_one_clear_line(monkeypatch):
    monkeypatch.setattr("duiyi.execution.CONNECT_SECONDS", 0.3)
    with (
        pytest.raises(ClusterError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"),
        open_executor(ExecutionOptions(scheduler="tcp://127.0.0.1:9"), 1),
    ):
        pass


def test_usable_cores():
    assert usable_cores() >= 1


def test_a_worker_has_nothing_left_to_load_for_a_document(tmp_path: Path, root: Path) -> None:
    (tmp_path / "a.txt").write_text("第3号，和平来之不易。\n\nNumber 3, peace is hard-won.\n", encoding="utf-8")
    program = (
        "import sys, duiyi.preload\n"
        "before = set(sys.modules)\n"
        "from duiyi.build import bitexts, build_document\n"
        "from tmx.readers import Input\n"
        "from pathlib import Path\n"
        "build_document(bitexts.load(Input('a.txt', (Path('a.txt'),), ('mixed',))))\n"
        "print(*sorted(set(sys.modules) - before))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.split() == []
