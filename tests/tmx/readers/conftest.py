"""The project's own bilingual document, and programs that render it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "documents" / "library.txt"


@dataclass(frozen=True)
class Text:
    """The two sides of the document, paragraph by paragraph."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]

    @property
    def alternating(self) -> list[str]:
        return [text for pair in zip(self.chinese, self.english, strict=True) for text in pair]

    def paged(self, pages: int = 3) -> list[str]:
        """Return the paragraphs page by page: the English of a page, then its Chinese."""
        size = -(-len(self.chinese) // pages)
        order: list[str] = []
        for start in range(0, len(self.chinese), size):
            order += [*self.english[start : start + size], *self.chinese[start : start + size]]
        return order


@pytest.fixture(scope="session")
def library() -> Text:
    lines = [line for line in DOCUMENT.read_text(encoding="utf-8").split("\n") if line]
    return Text(tuple(lines[0::2]), tuple(lines[1::2]))


@pytest.fixture(scope="session")
def soffice() -> Callable[[Path, str], Path]:
    """Convert a file with LibreOffice to another type, beside it."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")

    def convert(path: Path, suffix: str) -> Path:
        profile = (path.parent / "profile").resolve().as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix]
        command += ["--outdir", str(path.parent), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return path.with_suffix(f".{suffix}")

    return convert


@pytest.fixture(scope="session")
def chromium() -> Callable[[Path], Path]:
    """Print a web page to a PDF file beside it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")

    def render(path: Path, *options: str) -> Path:
        target = path.with_suffix(".pdf")
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={path.parent / 'browser'}"]
        command += [*options, f"--print-to-pdf={target}", path.resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return target

    return render
