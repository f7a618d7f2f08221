"""Texts of programs: the key puts Chinese and English together, in two files or in one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.errors import EmptyInputError, FormatError
from tmx.model import Bitext
from tmx.readers import collect, read

PO = """msgid ""
msgstr ""
"Language: {}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "page.title"
msgstr "{}"

msgid "page.text"
msgstr "{}"
"""
CHINESE = {"page": {"text": "图书馆每天开放。", "title": "小城"}}
ENGLISH = {"page": {"title": "The town", "text": "The library is open every day."}, "count": 3}
PAIRS = [("图书馆每天开放。", "The library is open every day."), ("小城", "The town")]


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def loaded(folder: Path, files: Mapping[str, str]) -> Bitext:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (item,) = collect([folder]).inputs
    return load(item)


def pairs(bitext: Bitext) -> list[tuple[str, str]]:
    def side(texts: list[str]) -> str:
        return "".join(texts)

    return [
        (
            side([one.text for one in bitext.source[slice(*row.source)]]),
            side([one.text for one in bitext.target[slice(*row.target)]]),
        )
        for row in bitext.rows
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"en.json": dumped(ENGLISH), "zh.json": dumped(CHINESE)},
        {"locales/en-GB/site.json": dumped(ENGLISH), "locales/zh-HK/site.json": dumped(CHINESE)},
        {"site.json": dumped({"zh-CN": CHINESE, "en-GB": ENGLISH})},
        {"site.json": dumped({"a": {"zh": PAIRS[0][0], "en": PAIRS[0][1]}, "b": {"en": "The town", "zh": "小城"}})},
        {
            "app_en.arb": dumped(
                {"@@locale": "en", "a": PAIRS[0][1], "@a": {"description": "Opening"}, "b": "The town"}
            ),
            "app_zh.arb": dumped({"@@locale": "zh", "a": PAIRS[0][0], "b": "小城"}),
        },
        {
            "m_en.properties": "# Opening\nb: The town\na = The library is \\\n   open every day.\n",
            "m_zh.properties": "a=\\u56fe\\u4e66\\u9986每天开放。\nb=小城\n",
        },
        {
            "m.properties": f"a={PAIRS[0][1]}\nb=The town\n",
            "m_zh_CN.properties": f"a={PAIRS[0][0]}\nb=小城\n",
        },
        {
            "en/m.po": PO.format("en", "The town", PAIRS[0][1]),
            "zh/m.po": PO.format("zh_CN", "小城", PAIRS[0][0]),
        },
    ],
)
def test_texts_are_paired_by_their_keys(tmp_path: Path, files: dict[str, str]) -> None:
    bitext = loaded(tmp_path, files)
    assert sorted(pairs(bitext)) == sorted(PAIRS)
    assert not bitext.notices and not bitext.metadata.title
    assert all(dict(row.properties)["context"] for row in bitext.rows)


def test_keys_without_a_partner_are_counted(tmp_path: Path) -> None:
    files = {"en.json": dumped(ENGLISH | {"more": "Only English"}), "zh.json": dumped(CHINESE)}
    bitext = loaded(tmp_path, files)
    assert pairs(bitext) == [*PAIRS, ("", "Only English")]
    (notice,) = bitext.notices
    assert (notice.place, notice.message) == ("key more", "keys that stand in one of the two files alone: 1")


def test_a_file_of_one_language_is_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("小城\nThe town\n", encoding="utf-8")
    (tmp_path / "package.json").write_text('{"name": "town"}', encoding="utf-8")
    (tmp_path / "settings.json").write_text("{ // no JSON", encoding="utf-8")
    found = collect([tmp_path])
    assert [item.name for item in found.inputs] == ["talk.txt"]
    message = "left out: it cannot be read as texts in both languages"
    assert [(n.document, n.message) for n in found.notices] == [("package.json", message), ("settings.json", message)]


def test_a_list_of_records_in_json_is_read_as_json_lines(tmp_path: Path) -> None:
    records = [{"source": chinese, "target": english} for chinese, english in PAIRS]
    for value in (records, {"version": 1, "data": records}):
        assert pairs(loaded(tmp_path, {"d.json": dumped(value)})) == PAIRS


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [("a.json", "{", FormatError), ("a.json", '{"n": 1}', EmptyInputError), ("a.properties", "# c", EmptyInputError)],
)
def test_what_holds_no_texts_is_refused_by_name(tmp_path: Path, name: str, text: str, kind: type[Exception]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(kind, match=rf"^{name}"):
        read(tmp_path / name)
