"""The README's commands are the ones that work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


def commands(readme: str, marker: str) -> str:
    match = re.search(rf"<!-- {marker} -->\n```\n(.*?)\n```", readme, re.DOTALL)
    assert match, f"README.md has no command marked {marker}"
    return match[1]


def test_the_two_commands_are_there(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert commands(readme, "main-job") == "pip install . && duiyi build seeds -o out"
    assert commands(readme, "test-job") == "pip install '.[test]' && pytest -n 2"


def test_the_chinese_readme_gives_the_same_two_commands(root: Path) -> None:
    english, chinese = ((root / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    for marker in ("main-job", "test-job"):
        assert commands(chinese, marker) == commands(english, marker)


def test_links_lead_somewhere(root: Path) -> None:
    pages = [
        root / "README.md",
        root / "README.zh.md",
        root / "CONTRIBUTING.md",
        root / "ARCHITECTURE.md",
        *(root / "docs").glob("*.md"),
    ]
    broken = []
    for page in pages:
        for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if "://" not in link and not (page.parent / link).exists():
                broken.append(f"{page.name}: {link}")
    assert not broken


@pytest.mark.parametrize("name", ["LICENSE", "NOTICE", "CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_project_files_are_there(root: Path, name: str) -> None:
    assert (root / name).stat().st_size > 100
