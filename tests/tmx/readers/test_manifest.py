from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.errors import FormatError, ToolError
from tmx.readers import collect


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "讲话.txt").write_text("图书馆五月开馆。\n", encoding="utf-8")
    (tmp_path / "speech.txt").write_text("The library opened in May.\n", encoding="utf-8")
    (tmp_path / "both.txt").write_text("小城\nA town\n", encoding="utf-8")
    (tmp_path / "other.txt").write_text("别的\nOther\n", encoding="utf-8")
    return tmp_path


CSV = "name,zh,en,file,title,date,client\ntalk,讲话.txt,speech.txt,,开馆,2021-05-18,Town\n,,,both.txt,,,\n"
TOML = """
[[document]]
name = "talk"
zh = "讲话.txt"
en = "speech.txt"
title = "开馆"
date = 2021-05-18
client = "Town"

[[document]]
file = "both.txt"
"""


@pytest.mark.parametrize(("name", "text"), [("manifest.csv", CSV), ("manifest.toml", TOML)])
def test_a_manifest_pairs_and_describes(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    for path in (folder, folder / name):
        collection = collect([path])
        assert [item.name for item in collection.inputs] == ["both.txt", "talk"]
        assert [notice.document for notice in collection.notices] == ["other.txt"]
        metadata = load(collection.inputs[1]).metadata
        assert (metadata.title, metadata.date) == ("开馆", "2021-05-18")
        assert metadata.properties == (("client", "Town"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("zh,en\n讲话.txt,\n", r"line 2: give either file, or both zh and en"),
        ("file\nmissing.txt\n", r"line 2: no such file: missing\.txt"),
        ("file,name\nboth.txt,a\nother.txt,a\n", r"two documents are named a"),
        ("file\n", r"no document in this manifest"),
    ],
)
def test_mistakes_are_named(folder: Path, text: str, message: str) -> None:
    (folder / "manifest.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ToolError, match=message):
        collect([folder])


def test_toml_mistakes(folder: Path) -> None:
    (folder / "manifest.toml").write_text("[document]\nfile = 3\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"every document begins with a line \[\[document\]\]"):
        collect([folder])


def test_a_column_that_is_nearly_a_field_is_named(folder: Path) -> None:
    (folder / "manifest.csv").write_text("file,dat,client\nboth.txt,2021-05-18,Town\n", encoding="utf-8")
    messages = [notice.message for notice in collect([folder]).notices]
    meant = "“dat” is none of the fields and becomes a property of its documents; is “date” meant?"
    assert [message for message in messages if "field" in message] == [meant]
