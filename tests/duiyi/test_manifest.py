import json
from pathlib import Path

import pytest

from duiyi.manifest import changed_files, read_manifest, write_manifest
from tmx.errors import FormatError
from tmx.tmx14 import TmxOptions


def test_it_lists_files_counts_settings_and_versions(tmp_path: Path) -> None:
    (tmp_path / "memory.tmx").write_bytes(b"abc")
    write_manifest(tmp_path, ["memory.tmx"], counts={"units": 2}, settings={"tmx": TmxOptions(quotes="curly")})
    first = (tmp_path / "manifest.json").read_bytes()
    write_manifest(tmp_path, ["memory.tmx"], counts={"units": 2}, settings={"tmx": TmxOptions(quotes="curly")})
    assert (tmp_path / "manifest.json").read_bytes() == first
    data = json.loads(first)
    assert data["outputs"] == [
        {
            "name": "memory.tmx",
            "size": 3,
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        }
    ]
    assert data["settings"]["tmx"]["quotes"] == "curly"
    assert data["versions"]["duiyi"]
    assert read_manifest(tmp_path).counts == {"units": 2}


def test_files_that_changed_or_went_are_named(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(name)
    write_manifest(tmp_path, ["a", "b", "c"], counts={})
    (tmp_path / "a").write_text("other")
    (tmp_path / "c").unlink()
    assert changed_files(tmp_path) == ["a", "c"]


def test_a_folder_without_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="what a build wrote"):
        read_manifest(tmp_path)
