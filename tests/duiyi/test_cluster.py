"""A real Dask cluster of several processes on this machine's loopback, treated badly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from duiyi.execution import ClusterError, ExecutionOptions, map_documents, open_executor

REPOSITORY = Path(__file__).parents[2]
SPIN = "[None for _ in __import__('itertools').count()]"
DIE = "__import__('os')._exit(9)"


class Cluster:
    """A scheduler and two workers with their nannies, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.folder = folder
        self.start_scheduler()
        self.workers = self._start(
            "worker", self.address, "--nworkers", "2", "--nthreads", "1", "--death-timeout", "60"
        )

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_scheduler(self) -> None:
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port))

    def stop(self) -> None:
        for process in (self.scheduler, self.workers):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in (self.workers, self.scheduler):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield cluster
    finally:
        cluster.stop()


def test_poison_and_hanging_documents_fail_alone(cluster):
    items = ["1", SPIN, "3", DIE, "1/0", "6"]
    with open_executor(ExecutionOptions(scheduler=cluster.address, time_limit=1.0), len(items)) as executor:
        outcomes = list(map_documents(eval, items, executor))
    assert [outcome.result for outcome in outcomes] == [1, None, 3, None, None, 6]
    assert "longer than the time limit of 1 s" in outcomes[1].failure
    assert "every worker that took this document died on it" in outcomes[3].failure
    assert "division by zero" in outcomes[4].failure


def test_workers_killed_in_the_middle_cost_nothing(cluster):
    items = [f"(__import__('time').sleep(0.1), {n}, __import__('os').getpid())" for n in range(30)]
    killed = []
    with open_executor(ExecutionOptions(scheduler=cluster.address), len(items)) as executor:
        numbers = []
        for outcome in map_documents(eval, items, executor):
            assert not outcome.failure
            _, number, process = outcome.result
            numbers.append(number)
            if number in (3, 12) and process not in killed:
                killed.append(process)
                os.kill(process, signal.SIGKILL)
    assert numbers == list(range(30))
    assert killed


def test_a_killed_scheduler_is_one_clear_line_and_can_be_started_again(cluster):
    items = [f"__import__('time').sleep(0.1) or {n}" for n in range(50)]
    with (
        pytest.raises(ClusterError, match=r"was lost; finished documents are kept: start the scheduler again"),
        open_executor(ExecutionOptions(scheduler=cluster.address), len(items)) as executor,
    ):
        for outcome in map_documents(eval, items, executor):
            if outcome.result == 3:
                cluster.scheduler.kill()
                cluster.scheduler.wait()
    cluster.start_scheduler()
    cluster.workers.terminate()
    cluster.workers.wait(20)
    cluster.workers = cluster._start("worker", cluster.address, "--nworkers", "2", "--nthreads", "1")
    with open_executor(ExecutionOptions(scheduler=cluster.address), 2) as executor:
        assert [outcome.result for outcome in map_documents(eval, ["1", "2"], executor)] == [1, 2]
