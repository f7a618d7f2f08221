"""In CI a skipped test is a failure, unless it is the measuring data that is missing: a public clone has none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

def test_with_the_data(shared): ...

@pytest.mark.skipif({skipped}, reason="no program to drive")
def test_of_a_client(): ...

@pytest.mark.long
def test_that_takes_long(): ...
"""


@pytest.mark.parametrize("skipped, code", [(False, 0), (True, 1)])
def test_only_data_that_is_not_ours_may_be_missing(tmp_path: Path, root: Path, skipped: bool, code: int) -> None:
    (tmp_path / "clone" / "tests").mkdir(parents=True)
    shutil.copy(root / "tests" / "conftest.py", tmp_path / "clone" / "tests")
    (tmp_path / "clone" / "tests" / "test_it.py").write_text(TESTS.format(skipped=skipped))
    (tmp_path / "clone" / "pytest.ini").write_text("[pytest]\nmarkers = long\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DUIYI_ALL"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path / "clone",
        env={**environment, "DUIYI_NO_SKIPS": "1", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert "1 deselected" in done.stdout
    assert ("skipped although DUIYI_NO_SKIPS is set" in done.stdout) == skipped
