"""What the project says of the packages it needs: declared, bounded, known to the version, with a licence that fits."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from duiyi.version import LIBRARIES, PACKAGES

OURS = ("tmx", "glossary", "duiyi")
# Nothing of what these do shows in a result: they carry the command, the page and the cache.
SHAPE_NOTHING = {
    *("anyio", "filelock", "jinja2", "markupsafe", "msgspec", "pebble", "platformdirs", "rich", "starlette"),
    *("threadpoolctl", "typer", "uvicorn"),
}
# What may be combined with a work under GPL-3.0-or-later, by the Free Software Foundation's list of licences.
COMPATIBLE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CC-BY-SA-4.0", "CNRI-Python", "ISC", "MIT"),
    *("GPL-2.0-or-later", "GPL-3.0-or-later", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0"),
    "MIT-0",
    *("PSF-2.0", "Unlicense", "Zlib"),
}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, object]:
    project: dict[str, object] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def declared(project: dict[str, object], *extras: str) -> dict[str, Requirement]:
    optional = project["optional-dependencies"]
    assert isinstance(optional, dict)
    lines = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]  # type: ignore[misc]
    return {str(canonicalize_name(Requirement(line).name)): Requirement(line) for line in lines}


def imported() -> dict[str, str]:
    """Return the top-level modules of others that our packages import, each with a file that does."""
    found: dict[str, str] = {}
    for package in OURS:
        for path in sorted((PACKAGES / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names: list[str] = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = [node.module]
                for name in names:
                    top = name.partition(".")[0]
                    if top not in (*OURS, "_typeshed") and top not in sys.stdlib_module_names:
                        found.setdefault(top, path.name)
    return found


def test_what_is_imported_is_declared_and_what_is_declared_is_imported(project: dict[str, object]) -> None:
    known = metadata.packages_distributions()
    extra = {"sentence_transformers": "sentence-transformers", "transformers": "transformers"}
    modules = imported()
    used = {
        str(canonicalize_name(name)): f"{module} in {file}"
        for module, file in modules.items()
        for name in (known.get(module) or [extra.get(module, module)])
    }
    everything = declared(project, "cluster", "mcp", "neural")
    assert {name: used[name] for name in used.keys() - everything.keys()} == {}
    assert everything.keys() - used.keys() == set()


def test_the_version_knows_every_library_that_shapes_a_result(project: dict[str, object]) -> None:
    known = {str(canonicalize_name(name)) for name in LIBRARIES}
    assert known | SHAPE_NOTHING == set(declared(project)), "a new dependency belongs into one of the two lists"
    assert not known & SHAPE_NOTHING


def test_every_dependency_has_a_lower_and_an_upper_bound(project: dict[str, object]) -> None:
    for name, requirement in declared(project, "cluster", "mcp", "neural", "test").items():
        assert sorted(bound.operator for bound in requirement.specifier) == ["<", ">="], name


def test_what_the_checks_ran_with_lies_within_the_bounds(project: dict[str, object], root: Path) -> None:
    lines = (root / ".ci" / "constraints.txt").read_text(encoding="utf-8").split("\n")
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    versions = {str(canonicalize_name(name)): version for name, version in pinned.items()}
    for name, requirement in declared(project, "cluster", "test").items():
        assert requirement.specifier.contains(versions[name]), f"{name} {versions[name]}"


def needed(project: dict[str, object]) -> set[str]:
    """Return the names of all packages that a user may get, those of two extras included."""
    todo = list(declared(project, "cluster", "mcp").values())
    found: dict[tuple[str, frozenset[str]], Requirement] = {}
    while todo:
        requirement = todo.pop()
        key = str(canonicalize_name(requirement.name)), frozenset(requirement.extras)
        if key in found:
            continue
        found[key] = requirement
        for line in metadata.distribution(requirement.name).requires or ():
            further = Requirement(line)
            if further.marker is None or any(
                further.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)
            ):
                todo.append(further)
    return {name for name, _ in found}


def test_the_notice_names_each_package_with_a_licence_that_fits(project: dict[str, object], root: Path) -> None:
    notice = dict(re.findall(r"^  ([a-z0-9-]+)  +(\S.*)$", (root / "NOTICE").read_text(encoding="utf-8"), re.MULTILINE))
    assert needed(project) - notice.keys() == set(), "name the package and its licence in NOTICE"
    for name, licence in notice.items():
        every = [set(part.split(" OR ")) for part in licence.split(" AND ")]
        assert all(choices & COMPATIBLE for choices in every), f"{name}: {licence}"


def test_the_licence_in_the_notice_is_the_one_that_the_package_states(project: dict[str, object], root: Path) -> None:
    notice = dict(re.findall(r"^  ([a-z0-9-]+)  +(\S.*)$", (root / "NOTICE").read_text(encoding="utf-8"), re.MULTILINE))
    for name in needed(project):
        stated = metadata.distribution(name).metadata.get("License-Expression")
        assert stated in (None, notice[name]), name
