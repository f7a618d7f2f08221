from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from duiyi.announcing import announced, be_quiet
from tmx.cache import ENVIRONMENT, cached

WORKER = """
from duiyi.announcing import announce_in_worker
from tmx.cache import cached
announce_in_worker()
cached("gloss-vectors", "1", list)
"""
LINE = "Building dictionary tables, once: gloss vectors\n"


def test_a_table_is_announced_here_and_in_workers_and_not_when_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for number, quiet in enumerate((False, True, False)):
        said = "" if quiet else LINE
        with announced():
            be_quiet(quiet)
            monkeypatch.setenv(ENVIRONMENT, str(tmp_path / f"here{number}"))
            cached("gloss-vectors", "1", list)
            assert capfd.readouterr() == ("", said)
            monkeypatch.setenv(ENVIRONMENT, str(tmp_path / f"worker{number}"))
            subprocess.run([sys.executable, "-c", WORKER], check=True)
            assert capfd.readouterr() == ("", said)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "library"))
    cached("gloss-vectors", "1", list)
    subprocess.run([sys.executable, "-c", WORKER], check=True)
    assert capfd.readouterr() == ("", "")
