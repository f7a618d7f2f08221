"""The page "From a folder of documents to better drafts": each of its commands runs, and says what the page shows."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tmx.model import TranslationUnit
from tmx.tmx14 import write_tmx

Run = Callable[..., subprocess.CompletedProcess[str]]

PAGE = Path(__file__).parents[1] / "docs" / "better-drafts.md"
COMMANDS = re.findall(r"<!-- run -->\n```\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder with the sample and with what the page supposes a translator to have."""
    desk = tmp_path_factory.mktemp("desk")
    shutil.copytree(root / "seeds", desk / "seeds")
    (desk / "draft.tsv").write_text("中国投资90亿元。\tChina has invested 900 million yuan.\n", encoding="utf-8")
    (desk / "colleague.csv").write_text("zh-CN,en-US\n多边主义,plurilateralism\n", encoding="utf-8")
    units = [TranslationUnit("1", "坚持多边主义。", "Uphold multilateralism."), TranslationUnit("2", "外交", "")]
    write_tmx(units, desk / "old.tmx")
    return desk


def test_the_commands_of_the_page_run_in_their_order(desk: Path, run: Run) -> None:
    said = {}
    assert len(COMMANDS) >= 6
    for command in COMMANDS:
        program, *arguments = shlex.split(command)
        assert program == "duiyi"
        done = run(*arguments, cwd=desk)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        said[arguments[0], arguments[1]] = done.stdout + done.stderr
    asked = next(text for (name, first), text in said.items() if name == "prompt" and "多边主义" in first)
    assert "# Terms: use these renderings\n" in asked and "- 多边主义 → multilateralism\n" in asked
    assert "9 billion" in said["check", "draft.tsv"]
    assert (desk / "team.conflicts.xlsx").is_file() and (desk / "clean.removed.csv").is_file()
    assert (desk / "out" / "exports" / "omegat" / "scripts" / "duiyi.groovy").is_file()
