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
        ("doc,date\nboth.txt,2021\n", r"none of file, zh and en is given; its columns are doc, date"),
    ],
)
def test_mistakes_are_named(folder: Path, text: str, message: str) -> None:
    (folder / "manifest.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ToolError, match=message):
        collect([folder])


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "headings", ["name,zh,en,date", "名称,中文,英文,日期", "Name,Chinese,English,Date", "名稱,zh-HK,en-GB文件,日期"]
)
@pytest.mark.parametrize("name", ["manifest.csv", "Manifest.CSV"])
def test_headings_in_either_language_and_any_delimiter(folder: Path, name: str, headings: str, sign: str) -> None:
    text = f"{headings}\n开馆,讲话.txt,speech.txt,2021-05-18\n".replace(",", sign)
    (folder / name).write_text(text, encoding="utf-8")
    (item,) = collect([folder]).inputs
    assert (item.name, item.metadata.date, item.metadata.properties) == ("开馆", "2021-05-18", ())
    assert [path.name for path in item.paths] == ["讲话.txt", "speech.txt"]


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ("2021/5/8", "2021-05-08"),
        ("2021年5月8日", "2021-05-08"),
        ("二〇二一年五月八日", "2021-05-08"),
        ("8 May 2021", "2021-05-08"),
        ("May 2021", "2021-05"),
        ("2021", "2021"),
        ("2021-05-08 10:00:00", "2021-05-08"),
        ("31.12.2021", "2021-12-31"),
        ("5/8/2021", ""),
        ("31/31/2021", ""),
        ("in spring", ""),
    ],
)
def test_dates_are_put_into_one_form_or_named(folder: Path, given: str, date: str) -> None:
    (folder / "manifest.csv").write_text(f"file,date\nboth.txt,{given}\n", encoding="utf-8")
    collection = collect([folder])
    assert collection.inputs[0].metadata.date == date
    named = [(n.place, n.message) for n in collection.notices if "date" in n.message]
    said = [("line 2", f"“{given}” is no clear date and is left out; write it as 2021-12-30")]
    assert named == ([] if date else said)


def test_a_second_column_of_a_language_is_a_property(folder: Path) -> None:
    (folder / "manifest.csv").write_text("zh-CN,zh-HK,en\n讲话.txt,other.txt,speech.txt\n", encoding="utf-8")
    (item,) = collect([folder]).inputs
    assert (item.paths[0].name, item.metadata.properties) == ("讲话.txt", (("zh-hk", "other.txt"),))


@pytest.mark.parametrize("text", ["[document]\nfile = 3\n", "[[documents]]\nfile = 'both.txt'\n"])
def test_toml_mistakes(folder: Path, text: str) -> None:
    (folder / "manifest.toml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=r"every document begins with a line \[\[document\]\]"):
        collect([folder])


def test_a_column_that_is_nearly_a_field_is_named(folder: Path) -> None:
    (folder / "manifest.csv").write_text("file,dat,client\nboth.txt,2021-05-18,Town\n", encoding="utf-8")
    messages = [notice.message for notice in collect([folder]).notices]
    meant = "“dat” is none of the fields and becomes a property of its documents; is “date” meant?"
    assert [message for message in messages if "field" in message] == [meant]
