"""The real clients: OmegaT in console mode, LibreOffice without a display. A test is skipped where one is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from duiyi import cli
from tmx.languages import joiner

OmegaT = Callable[[Path, str], list[str]]
Convert = Callable[[Path, str], Path]


@pytest.fixture(scope="session")
def built(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a build of the sample."""
    out = tmp_path_factory.mktemp("built") / "out"
    assert cli.main(["build", str(sample), "-o", str(out), "--workers", "1", "-q"]) == 0
    return out


@pytest.fixture(scope="session")
def sample_paragraphs(root: Path) -> Callable[[str], list[str]]:
    """The paragraphs of the sample in a language, without the breaks of its pages."""

    def paragraphs(language: str) -> list[str]:
        found: dict[str, list[str]] = {}
        for row in (root / "tests" / "gold" / "sample-sentences.tsv").read_text(encoding="utf-8").split("\n")[1:]:
            if row.startswith(language[:2] + "\t"):
                _, paragraph, _, _, sentence = row.split("\t")
                found.setdefault(paragraph, []).append(sentence)
        return [joiner(language).join(sentences) for sentences in found.values()]

    return paragraphs


@pytest.fixture
def omegat(tmp_path: Path) -> OmegaT:
    """Open a project in OmegaT, run a Groovy script when it is loaded, return the lines which that wrote to ``out``."""
    jar = Path(os.environ.get("OMEGAT_JAR", "/usr/share/omegat/OmegaT.jar"))
    if not jar.is_file() or not shutil.which("java"):
        pytest.skip("OmegaT or Java is not installed")

    def run(project: Path, script: str) -> list[str]:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        result, probe = home / "result.txt", home / "probe.groovy"
        probe.write_text(
            'if (eventType.toString() != "LOAD") return\n'
            'new File(System.getProperty("result")).withWriter("UTF-8") { out ->\n' + script + "\n}\n",
            encoding="utf-8",
        )
        settings = {"java.awt.headless": "true", "file.encoding": "UTF-8", "user.home": home, "result": result}
        options = [f"-D{name}={value}" for name, value in settings.items()]
        done = subprocess.run(
            ["java", *options, "-jar", str(jar), str(project), "--mode=console-translate", f"--script={probe}"],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert result.is_file(), done.stdout[-2000:] + done.stderr[-2000:]
        return result.read_text(encoding="utf-8").split("\n")[:-1]

    return run


@pytest.fixture
def libreoffice(tmp_path: Path) -> Convert:
    """Convert a file in LibreOffice to another format, named as its ``--convert-to`` takes it."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")

    def convert(path: Path, form: str) -> Path:
        folder = tmp_path / "converted"
        command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
        if path.suffix == ".csv":  # comma, quotation mark, UTF-8, from line 1, all columns as text
            command.append("--infilter=CSV:44,34,76,1,,0,true,false")
        command += ["--convert-to", form, "--outdir", str(folder), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        results = sorted(folder.glob("*"))  # a sheet that was asked for is named after its file and itself
        assert len(results) == 1, done.stdout + done.stderr
        return results[0]

    return convert
