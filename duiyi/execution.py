"""Where the work runs: one seam over any ``concurrent.futures.Executor``.

``map_documents`` sends items to an executor a few at a time and gives the outcomes back in the order of the items,
whatever order they finish in. Three executors are made here: in this process, in worker processes of this machine,
and on a Dask cluster. Each keeps a time limit for one document and lets nobody suffer for a document that kills its
worker. Any other executor works too, without those two promises.
"""

from __future__ import annotations

import contextlib
import faulthandler
import functools
import itertools
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

from duiyi.version import PACKAGES, code_version
from tmx.errors import OutputError, ToolError
from tmx.watch import watched

Item = TypeVar("Item")
Result = TypeVar("Result")
Args = ParamSpec("Args")
Value = TypeVar("Value")

ALL_PACKAGES = ("tmx", "glossary", "duiyi")
CONNECT_SECONDS = 15.0
MAX_SOCKET_PATH = 103  # bytes on macOS; 107 on Linux
GRACE_SECONDS = 5.0  # between asking a document to stop and killing the worker that it holds


class TimeLimitError(ToolError):
    """A document took longer than the time limit in the settings."""


class ClusterError(ToolError):
    """The cluster cannot be used, or was lost on the way; finished documents are kept."""


@dataclass(frozen=True, slots=True)
class ExecutionOptions:
    """Where documents are worked on.

    ``workers`` is the number of processes, 0 for one per core that this process may use; ``scheduler`` the address of
    a Dask scheduler ("tcp://host:8786"), which then decides. ``time_limit`` is seconds for one document, 0 for none.
    """

    workers: int = 0
    scheduler: str = ""
    time_limit: float = 900.0


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Result]):
    """What became of one item: its result, or None and a ``failure``, the reason in one line."""

    item: Item
    result: Result | None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a map is: items ``done`` (``failed`` of them in vain) of ``total``, ``elapsed`` and ``left`` in seconds.

    ``left`` is None until something can be said. It goes by the weights of the items, not by their number.
    """

    done: int
    total: int
    failed: int
    elapsed: float
    left: float | None


def usable_cores() -> int:
    """Return the number of processor cores that this process may use, at least 1."""
    with contextlib.suppress(AttributeError):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def map_documents(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    executor: Executor,
    *,
    in_flight: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    weight: Callable[[Item], float] = lambda item: 1.0,
) -> Iterator[Outcome[Item, Result]]:
    """Apply ``function`` to every item on ``executor`` and yield the outcomes in the order of the items.

    ``in_flight`` bounds how many items are submitted and not finished (twice the workers when None). Finished results
    wait until those before them are done, so ``function`` should leave what is big in the workspace and return little.
    ``weight`` says how much work an item is, in any unit.

    An exception makes a failed outcome with its reason in one line, and the rest goes on. ``OutputError`` (the place
    where results go is full or gone) and ``ClusterError`` end the map. When the iterator is closed or interrupted,
    what has not begun is cancelled.

    >>> with SerialExecutor() as executor:
    ...     [outcome.result or outcome.failure for outcome in map_documents(int, ["1", "x", "3"], executor)]
    [1, "ValueError: invalid literal for int() with base 10: 'x'", 3]
    """
    todo = list(items)
    weights = [weight(item) for item in todo]
    bound: int = in_flight if in_flight else getattr(executor, "in_flight", 2 * usable_cores())
    started = time.monotonic()
    running: dict[Future[Result], int] = {}
    finished: dict[int, Outcome[Item, Result]] = {}
    following = iter(range(len(todo)))
    done, failed, weight_done, emitted = 0, 0, 0.0, 0
    try:
        while emitted < len(todo):
            for index in itertools.islice(following, bound - len(running)):
                running[executor.submit(function, todo[index])] = index
            for future in wait(running, timeout=1.0, return_when=FIRST_COMPLETED).done:
                index = running.pop(future)
                outcome = _outcome(todo[index], future)
                finished[index] = outcome
                done, failed, weight_done = done + 1, failed + bool(outcome.failure), weight_done + weights[index]
            if progress is not None:
                elapsed = time.monotonic() - started
                left = elapsed * (sum(weights) - weight_done) / weight_done if weight_done else None
                progress(Progress(done, len(todo), failed, elapsed, left))
            while emitted in finished:
                yield finished.pop(emitted)
                emitted += 1
    finally:
        for future in running:
            future.cancel()


def _outcome(item: Item, future: Future[Result]) -> Outcome[Item, Result]:
    """Read one finished future; what concerns more than this one document is raised."""
    try:
        return Outcome(item, future.result())
    except (OutputError, ClusterError):
        raise
    except BrokenExecutor as error:
        raise ClusterError(f"the worker processes stopped ({error}); finished documents are kept, run again") from error
    except CancelledError as error:
        raise ClusterError(
            "the connection to the scheduler was lost; finished documents are kept: "
            "start the scheduler again and run the same command"
        ) from error
    except Exception as error:
        return Outcome(item, None, reason(error))


def reason(error: BaseException) -> str:
    """Say in one line why a document failed; for a fault of the program also where it is.

    >>> reason(ToolError("a.txt, line 3: not text"))
    'a.txt, line 3: not text'
    """
    text = " ".join(str(error).split())[:500]
    if isinstance(error, ToolError):
        return text or type(error).__name__
    if isinstance(error, MemoryError):
        return "there is not enough memory for this document; use fewer workers (--workers) or split it"
    ours = [
        f"{frame.filename.rpartition(os.sep)[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(PACKAGES) and frame.filename != __file__
    ]
    place = f" ({ours[-1]})" if ours else ""
    return f"{type(error).__name__}: {text}{place}" if text else f"{type(error).__name__}{place}"


@contextlib.contextmanager
def open_executor(options: ExecutionOptions, items: int) -> Iterator[Executor]:
    """Open the executor that the options ask for; leaving it early (an error, Ctrl-C) stops the work at once.

    For a single item worker processes are not worth their start, unless the number was asked for.
    """
    executor: Executor
    workers = options.workers or min(usable_cores(), max(1, items))
    if options.scheduler:
        executor = ClusterExecutor(options.scheduler, options.time_limit)
    elif workers == 1 and items <= 1:
        executor = SerialExecutor(options.time_limit)
    else:
        executor = ProcessExecutor(min(workers, max(1, items)), options.time_limit)
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()


def start_method() -> str:
    """Return how worker processes start: by a server that they fork from, or by spawn.

    Spawn where there is no such server (Windows), and where the path of its socket, a file in the folder for temporary
    files, would be longer than a socket's may be.
    """
    socket = len(os.fsencode(tempfile.gettempdir())) + len("/pymp-12345678/listener-12345678")
    served = "forkserver" in multiprocessing.get_all_start_methods() and socket <= MAX_SOCKET_PATH
    return "forkserver" if served else "spawn"


class SerialExecutor(Executor):
    """Runs each call at once, in this process. A document over the time limit is interrupted as soon as Python can."""

    in_flight = 1

    def __init__(self, time_limit: float = 0.0) -> None:
        self.time_limit = time_limit

    def submit(self, fn: Callable[Args, Value], /, *args: Args.args, **kwargs: Args.kwargs) -> Future[Value]:
        """Run the call and return its finished future."""
        future: Future[Value] = Future()
        try:
            future.set_result(limited(functools.partial(fn, *args, **kwargs), self.time_limit))
        except Exception as error:
            future.set_exception(error)
        return future


class ProcessExecutor(Executor):
    """Worker processes on this machine, by the pebble library.

    A worker that dies takes only its own document with it: the document is tried ``attempts`` times, because the
    system may have killed the worker for want of memory, then it fails alone. A document over the time limit is
    killed with its worker, and a new worker takes its place. Workers start by forkserver or spawn, never by
    fork, so that they inherit neither threads nor locks.
    """

    def __init__(self, workers: int, time_limit: float = 0.0, attempts: int = 2) -> None:
        from pebble import ProcessPool

        from tmx.alignment.lexicon import LEXICON

        LEXICON.ensure()  # once, here, and not in each worker
        context = multiprocessing.get_context(start_method())
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload(["duiyi.preload"])
        self.in_flight = 2 * workers
        self.time_limit = time_limit
        self.attempts = attempts
        self._pool: Any = ProcessPool(workers, context=context)

    def submit(self, fn: Callable[Args, Value], /, *args: Args.args, **kwargs: Args.kwargs) -> Future[Value]:
        """Schedule the call on the next free worker."""
        future: Future[Value] = Future()
        self._schedule(future, functools.partial(fn, *args, **kwargs), self.attempts)
        return future

    def _schedule(self, future: Future[Value], call: Callable[[], Value], attempts: int) -> None:
        inner = self._pool.schedule(call, timeout=self.time_limit or None)
        inner.add_done_callback(lambda ended: self._finish(future, call, attempts, ended))

    def _finish(self, future: Future[Value], call: Callable[[], Value], attempts: int, ended: Future[Value]) -> None:
        from pebble import ProcessExpired

        if ended.cancelled() or future.cancelled():
            future.cancel()
            future.set_running_or_notify_cancel()
            return
        error = ended.exception()
        if isinstance(error, ProcessExpired) and attempts > 1:
            with contextlib.suppress(RuntimeError):  # the pool is being closed
                self._schedule(future, call, attempts - 1)
                return
        if isinstance(error, ProcessExpired):
            error = ToolError(
                f"the worker process died {self.attempts} times on this document ({_exit_code(error.exitcode)}); "
                "a crash in a library, or not enough memory"
            )
        elif type(error) is TimeoutError:
            error = _overtime(self.time_limit)
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(ended.result())

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what was submitted, or with ``cancel_futures`` stop the workers now."""
        if cancel_futures:
            self._pool.stop()
        else:
            self._pool.close()
        self._pool.join()


def _exit_code(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _overtime(seconds: float) -> TimeLimitError:
    return TimeLimitError(f"took longer than the time limit of {seconds:g} s; raise it with --time-limit or split it")


class ClusterExecutor(Executor):
    """A Dask cluster, through the client's own executor (``pure=False, retries=2``).

    On the worker a document over its time limit is first interrupted and, when that does not help within
    ``GRACE_SECONDS``, the worker is ended; its nanny starts a new one. The scheduler gives a document up that has
    taken several workers with it. All workers must run the same version as this process.
    """

    def __init__(self, address: str, time_limit: float = 0.0, patience: float = 60.0) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise ClusterError("--scheduler needs the extra: pip install 'duiyi[cluster]'") from error
        self.address = address
        self.time_limit = time_limit
        try:
            connect: Any = Client
            self._client: Any = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no scheduler answers at {address}; start one with: dask scheduler") from error
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except TimeoutError as error:
            self._client.close()
            raise ClusterError(
                f"the scheduler at {address} has no workers; start some with: dask worker {address} --nthreads 1"
            ) from error
        if set(self._client.run(code_version, *ALL_PACKAGES).values()) != {code_version(*ALL_PACKAGES)}:
            self._client.close()
            raise ClusterError(f"workers of {address} run another version of duiyi; install the same one everywhere")
        self._executor = self._client.get_executor(pure=False, retries=2)

    @property
    def in_flight(self) -> int:
        """Enough to keep every thread that the cluster has now busy."""
        threads: dict[str, int] = self._client.nthreads()
        return max(8, 3 * sum(threads.values()))

    def require_folder(self, folder: Path) -> None:
        """Raise ``ClusterError`` unless every worker sees ``folder``: documents are read and kept through it."""
        if not all(self._client.run(os.path.isdir, str(folder)).values()):
            raise ClusterError(
                f"workers of {self.address} do not see {folder}; input and output have to be in a folder"
                " that all machines share under the same path"
            )

    def submit(self, fn: Callable[Args, Value], /, *args: Args.args, **kwargs: Args.kwargs) -> Future[Value]:
        """Send the call to the scheduler."""
        call = functools.partial(_run_on_cluster, functools.partial(fn, *args, **kwargs), self.time_limit)
        future: Future[Value] = Future()
        self._executor.submit(call).add_done_callback(lambda ended: self._finish(future, ended))
        return future

    def _finish(self, future: Future[Value], ended: Future[Value | _Failed]) -> None:
        from distributed import KilledWorker

        if ended.cancelled():
            future.cancel()
            future.set_running_or_notify_cancel()
            return
        error = ended.exception()
        if isinstance(error, RuntimeError) and "deserialization of the task graph" in str(error):
            error = ClusterError(
                f"the scheduler at {self.address} cannot load duiyi; install the same version there as on the workers"
            )
        if isinstance(error, KilledWorker):
            error = ToolError(
                "every worker that took this document died on it; a crash in a library, not enough memory, "
                f"or longer than the time limit of {self.time_limit:g} s"
            )
        if error is not None:
            future.set_exception(error)
            return
        value = ended.result()
        if isinstance(value, _Failed):
            future.set_exception(value.error)
        else:
            future.set_result(value)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Close the connection; with ``cancel_futures`` what was submitted is taken back."""
        if self._client.status == "running":
            self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close(timeout=5)


@dataclass(frozen=True, slots=True)
class _Failed:
    """An error that another try would not mend, carried home as a value so that the cluster does not retry it."""

    error: Exception


def _run_on_cluster(call: Callable[[], Value], time_limit: float) -> Value | _Failed:
    try:
        return limited(call, time_limit, kill=True)
    except ToolError as error:
        return _Failed(error)
    except OSError:
        raise  # a shared folder may come back: the scheduler tries again
    except Exception as error:
        return _Failed(ToolError(reason(error)))


_deadlines: dict[int, float] = {}
_deadlines_lock = threading.Lock()


def limited(call: Callable[[], Value], seconds: float, *, kill: bool = False) -> Value:
    """Return ``call()``; raise ``TimeLimitError`` when it takes longer than ``seconds`` (0: no limit).

    The call is interrupted between two steps of Python code. Code that never comes back to Python cannot be; with
    ``kill`` the whole process is then ended after ``GRACE_SECONDS``, by a timer that needs no help from Python.

    >>> limited(lambda: 1 + 1, seconds=5)
    2
    """
    if not seconds:
        return call()
    end = time.monotonic() + seconds
    with watched(lambda: _overtime(seconds) if time.monotonic() >= end else None):
        if not kill:
            return call()
        thread = threading.get_ident()
        _set_deadline(thread, end + GRACE_SECONDS)
        try:
            return call()
        finally:
            _set_deadline(thread, None)


def _set_deadline(thread: int, deadline: float | None) -> None:
    """Keep the one timer that the interpreter has for this set to the earliest deadline of any thread."""
    with _deadlines_lock:
        if deadline is None:
            _deadlines.pop(thread, None)
        else:
            _deadlines[thread] = deadline
        if _deadlines:
            left = max(0.01, min(_deadlines.values()) - time.monotonic())
            faulthandler.dump_traceback_later(left, exit=True, file=sys.__stderr__ or sys.stderr)
        else:
            faulthandler.cancel_dump_traceback_later()
