"""A real Dask cluster of several processes on this machine's loopback, treated badly."""

from __future__ import annotations

import importlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from duiyi import build as building
from duiyi.build import BuildOptions, Step, build
from duiyi.execution import ClusterError, ExecutionOptions, map_documents, open_executor

REPOSITORY = Path(__file__).parents[2]
SPIN = "[None for _ in __import__('itertools').count()]"
DIE = "__import__('os')._exit(9)"


POISONOUS = """
import os
from duiyi import build

real = build.do

def do(job):
    return os._exit(9) if job.item.name == "poison.txt" else real(job)
"""


class Cluster:
    """A scheduler and two workers with their nannies, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.folder = folder
        (folder / "poisonous.py").write_text(POISONOUS)
        self.start_scheduler()
        self.workers = self._start(
            "worker", self.address, "--nworkers", "2", "--nthreads", "1", "--death-timeout", "60"
        )

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(self.folder)])},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_scheduler(self) -> None:
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port))

    def start_workers(self) -> None:
        self.workers = self._start(
            "worker", self.address, "--nworkers", "2", "--nthreads", "1", "--death-timeout", "60"
        )

    def restart(self) -> None:
        """Start a scheduler and workers in the place of those that are gone or lost."""
        self.start_scheduler()
        os.killpg(self.workers.pid, signal.SIGTERM)
        self.workers.wait(20)
        self.start_workers()

    def wait(self) -> None:
        """Wait until the nannies are done starting: one whose worker dies before that gives up and ends."""
        with Client(self.address, set_as_default=False, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            while set(client.run(lambda dask_worker: dask_worker.status.name, nanny=True).values()) != {"running"}:
                time.sleep(0.05)

    def worker_processes(self) -> list[int]:
        """The processes that do the work; each is watched by a nanny, which starts another when it dies."""
        with Client(self.address, set_as_default=False) as client:
            return sorted(client.run(os.getpid).values())

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
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.wait()
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


@pytest.mark.long
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


# --- the whole build on the cluster ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    for number in range(24):
        subject = ("经济", "economy") if number % 2 else ("文化", "culture")
        text = f"第{number}号文件谈{subject[0]}。\nDocument No. {number} is about the {subject[1]}.\n"
        (folder / f"{number:03d}.txt").write_text(text * 3, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def serial(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one process makes of the documents."""
    out = tmp_path_factory.mktemp("serial")
    build([documents], out, BuildOptions(execution=ExecutionOptions(workers=1)))
    return contents(out)


def contents(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.is_file()}


def on(cluster: Cluster) -> BuildOptions:
    return BuildOptions(execution=ExecutionOptions(scheduler=cluster.address, time_limit=30))


def test_a_build_whose_workers_are_killed_gives_the_bytes_of_one_process(cluster, documents, serial, tmp_path):
    killed = []

    def kill_one(step: Step) -> None:
        if step.name == "align" and step.done in (5, 15) and step.done not in killed:
            killed.append(step.done)
            (worker, *_) = cluster.worker_processes()
            os.kill(worker, signal.SIGKILL)

    summary = build([documents], tmp_path / "out", on(cluster), kill_one)
    assert killed and not summary.failed
    assert contents(tmp_path / "out") == serial


@pytest.mark.long
def test_a_build_with_a_poison_document(cluster, documents, serial, tmp_path, monkeypatch):
    real = building.do
    monkeypatch.syspath_prepend(cluster.folder)
    monkeypatch.setattr(building, "do", importlib.import_module("poisonous").do)
    bad = documents / "poison.txt"
    bad.write_text("毒。\nPoison.\n", encoding="utf-8")
    try:
        summary = build([documents], tmp_path / "out", on(cluster))
    finally:
        bad.unlink()
    assert [name for name, _ in summary.failed] == ["poison.txt"]
    assert "every worker that took this document died on it" in summary.failed[0][1]
    assert contents(tmp_path / "out")["memory.tmx"] == serial["memory.tmx"]
    monkeypatch.setattr(building, "do", real)
    build([documents], tmp_path / "out", on(cluster))
    assert contents(tmp_path / "out") == serial


@pytest.mark.long
def test_a_build_whose_scheduler_is_killed_is_resumed(cluster, documents, serial, tmp_path):
    def kill(step: Step) -> None:
        if step.name == "align" and step.done >= 5 and cluster.scheduler.poll() is None:
            cluster.scheduler.kill()
            cluster.scheduler.wait()

    with pytest.raises(ClusterError, match="start the scheduler again and run the same command"):
        build([documents], tmp_path / "out", on(cluster), kill)
    cluster.restart()
    summary = build([documents], tmp_path / "out", on(cluster))
    assert summary.reused >= 5
    assert contents(tmp_path / "out") == serial


def test_a_folder_that_the_workers_do_not_see(cluster):
    with (
        pytest.raises(ClusterError, match="do not see /no/such/folder"),
        open_executor(ExecutionOptions(scheduler=cluster.address), 1) as executor,
    ):
        executor.require_folder(Path("/no/such/folder"))
