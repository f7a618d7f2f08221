"""The real OmegaT asks the running service, by the script that the export puts into the project."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from duiyi import cli

OmegaT = Callable[[Path, str], list[str]]
ASK = """
    def shell = new GroovyShell(this.class.classLoader, binding)
    out.write(shell.evaluate(new File("%s")).toString() + "\\n")
"""


def asked(omegat: OmegaT, project: Path) -> str:
    return "\n".join(omegat(project, ASK % (project / "scripts" / "duiyi.groovy").as_posix()))


def test_the_script_shows_terms_and_units_for_the_segments(built: Path, omegat: OmegaT, tmp_path: Path) -> None:
    project = tmp_path / "project"
    assert cli.main(["export", str(built), "--for", "omegat", "-o", str(project)]) == 0
    (project / "source" / "text.txt").write_text("中国坚持多边主义。", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "duiyi", "serve", "--in", str(built)], stderr=subprocess.PIPE, text=True
    ) as service:
        assert service.stderr is not None
        service.stderr.readline()  # the address: from now on it answers
        answer = asked(omegat, project)
        service.send_signal(2)
        service.communicate(timeout=20)
    assert "多边主义 → multilateralism" in answer


def test_the_script_says_how_to_start_the_service(built: Path, omegat: OmegaT, tmp_path: Path) -> None:
    project = tmp_path / "project"
    assert cli.main(["export", str(built), "--for", "omegat", "-o", str(project)]) == 0
    (project / "source" / "text.txt").write_text("多边主义。", encoding="utf-8")
    assert f'duiyi serve --in "{built}"' in asked(omegat, project)
