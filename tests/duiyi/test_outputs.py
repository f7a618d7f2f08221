"""What a build wrote is found again, however the memory is split."""

from __future__ import annotations

from pathlib import Path

import pytest

from duiyi import cli
from duiyi.outputs import load_glossary, load_units
from tmx.errors import ToolError
from tmx.tmx14 import read_tmx


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    (folder / "a.txt").write_text("甲国开会。\n乙国也来。\n\nCountry A “met”.\nCountry B came.\n", encoding="utf-8")
    (folder / "b.txt").write_text("甲国开会。\n\nA country held a meeting.\n", encoding="utf-8")
    return folder


OPTIONS = [
    ((), {"memory.tmx", "memory.alternatives.tmx"}),
    (("--reverse",), {"memory.tmx", "memory.alternatives.tmx", "memory.reverse.tmx"}),
    (("--by-document",), {"memory.a.txt.tmx", "memory.b.txt.tmx"}),
    (("--max-size", "0.000001"), {"memory.001.tmx", "memory.002.tmx", "memory.alternatives.001.tmx"}),
]


@pytest.mark.parametrize(("options", "names"), OPTIONS, ids=["usual", "reverse", "by document", "by size"])
def test_all_units_are_found(inputs: Path, tmp_path: Path, options: tuple[str, ...], names: set[str]) -> None:
    assert cli.main(["build", str(inputs), "-o", str(tmp_path), "-q", "--workers", "1", *options]) == 0
    assert {path.name for path in tmp_path.glob("*.tmx")} == names
    assert {unit.target for unit in load_units(tmp_path)} == {
        "Country A “met”.",
        "Country B came.",
        "A country held a meeting.",
    }
    assert load_glossary(tmp_path).source_language == "zh-CN"


def test_quotes_and_confidence_are_as_asked_for(inputs: Path, tmp_path: Path) -> None:
    out = ["-o", str(tmp_path), "-q", "--workers", "1"]
    assert cli.main(["build", str(inputs / "a.txt"), *out, "--quotes", "straight"]) == 0
    assert [unit.target for unit in read_tmx(tmp_path / "memory.tmx")] == ['Country A "met".', "Country B came."]
    assert cli.main(["build", str(inputs / "a.txt"), *out, "--min-confidence", "1"]) == 0
    assert list(read_tmx(tmp_path / "memory.tmx")) == []
    assert len(list(read_tmx(tmp_path / "memory.low-confidence.tmx"))) == 2


def test_what_was_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"has no memory\.tmx"):
        list(load_units(tmp_path))
    with pytest.raises(ToolError, match="no such folder"):
        list(load_units(tmp_path / "nowhere"))
