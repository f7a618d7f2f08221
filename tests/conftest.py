"""What all tests share: where the measuring data is, and that nothing is skipped in CI."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test depends on how fast the machine is, or how busy.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
ALL_TESTS = bool(os.environ.get("DUIYI_ALL_TESTS"))  # as in CI: the long ones too, and the others in full
NO_DATA = "the measuring data is not beside the repository"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sample() -> Path:
    return ROOT / "seeds" / "wang-yi-interview-2021-12-30.txt"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data; it is not part of the project, so users' machines lack it."""
    if not SHARED.is_dir():
        pytest.skip(NO_DATA)
    return SHARED


@pytest.fixture(scope="session")
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command in this process, which has loaded the dictionary; what only a process can show needs another."""
    from duiyi import cli

    def run(*arguments: str | Path, stdin: str = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        said, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        before, sys.stdin = sys.stdin, io.StringIO(stdin)
        try:
            with contextlib.chdir(cwd), contextlib.redirect_stdout(said), contextlib.redirect_stderr(errors):
                code = cli.main(list(map(str, arguments)))
        finally:
            sys.stdin = before
        texts = [stream.buffer.getvalue().decode() for stream in (said, errors)]
        return subprocess.CompletedProcess(arguments, code, *texts)

    return run


def pytest_sessionstart(session: pytest.Session) -> None:
    """Build the tables of the dictionary once for all tests, so that none has to wait for them."""
    if session.config.option.collectonly or hasattr(session.config, "workerinput"):
        return
    from duiyi.preparing import prepare
    from tmx import cache

    if cache.can_keep():
        prepare()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked long, unless all are asked for or their file is named."""
    if ALL_TESTS:
        return
    named = {Path(argument.partition("::")[0]).resolve() for argument in config.args}
    out = [item for item in items if item.get_closest_marker("long") and item.path.resolve() not in named]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in set(out)]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI everything is installed, so a skipped test is a failure; only the measuring data may be missing."""
    if not os.environ.get("DUIYI_NO_SKIPS"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    skipped = [report for report in reports if NO_DATA not in str(report.longrepr)]
    if skipped and exitstatus == 0:
        reporter.write_line(f"{len(skipped)} test(s) skipped although DUIYI_NO_SKIPS is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
