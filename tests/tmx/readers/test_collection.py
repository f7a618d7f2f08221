import os
from pathlib import Path

import pytest

from tmx.errors import EmptyInputError, ToolError, UnsupportedFormatError
from tmx.readers import collect


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("你好。\nHello.\n", encoding="utf-8")


PAIRS = [
    ("talk.zh.txt", "talk.en.txt", "talk.txt"),
    ("talk_zh-CN.txt", "talk_en-US.txt", "talk.txt"),
    ("talk-cn.txt", "talk-en.txt", "talk.txt"),
    ("talk（中文）.txt", "talk（英文）.txt", "talk.txt"),
    ("报告中文版.txt", "报告英文版.txt", "报告.txt"),
    ("zh_talk.txt", "en_talk.txt", "talk.txt"),
    ("zh/talk.txt", "en/talk.txt", "talk.txt"),
    ("2021/Chinese/talk.txt", "2021/English/talk.txt", "2021/talk.txt"),
    ("zh/talk_zh.txt", "en/talk_en.txt", "talk.txt"),
    ("talk/zh.txt", "talk/en.txt", "talk"),
    ("talk.zh.txt", "talk.en.md", "talk"),
]


@pytest.mark.parametrize(("chinese", "english", "name"), PAIRS)
def test_files_pair_by_the_mark_of_their_language(tmp_path: Path, chinese: str, english: str, name: str) -> None:
    make(tmp_path, chinese, english)
    (item,) = collect([tmp_path]).inputs
    assert item.name == name
    assert item.paths == (tmp_path / chinese, tmp_path / english)
    assert item.roles == ("source", "target")


MARKED_ANYWHERE = [
    ("2021_tc_talk.txt", "2021_en_talk.txt", "2021_talk.txt"),
    ("talk_tc_20210304.txt", "talk_en_20210304.txt", "talk_20210304.txt"),
    ("cb1-123-c.txt", "cb1-123-e.txt", "cb1-123.txt"),
    ("p202103040c.txt", "p202103040e.txt", "p202103040.txt"),
    ("talkTC.txt", "talkEN.txt", "talk.txt"),
    ("chi_talk.txt", "eng_talk.txt", "talk.txt"),
    ("talk_tchi.txt", "talk_eng.txt", "talk.txt"),
    ("talk_繁.txt", "talk_英.txt", "talk.txt"),
    ("trad/talk.txt", "eng/talk.txt", "talk.txt"),
]


@pytest.mark.parametrize(("chinese", "english", "name"), MARKED_ANYWHERE)
def test_marks_anywhere_count_if_the_files_hold_what_they_say(
    tmp_path: Path, chinese: str, english: str, name: str
) -> None:
    make(tmp_path, "other.txt", chinese, english)
    assert len(collect([tmp_path]).inputs) == 3  # all of them hold both languages
    (tmp_path / chinese).write_text("你好。\n", encoding="utf-8")
    (tmp_path / english).write_text("Hello.\n", encoding="utf-8")
    item = next(item for item in collect([tmp_path]).inputs if len(item.paths) == 2)
    assert item.name == name
    assert item.paths == (tmp_path / chinese, tmp_path / english)


def test_a_file_without_partner_is_listed_as_left_over(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "b.zh.txt").write_text("只有中文。\n", encoding="utf-8")
    collection = collect([tmp_path])
    assert [item.name for item in collection.inputs] == ["a.txt"]
    (notice,) = collection.notices
    assert (notice.document, notice.message) == ("b.zh.txt", "left out: no English file of the same name beside it")


def test_alone_it_is_said_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "english.txt").write_text("Only English.\n", encoding="utf-8")
    with pytest.raises(EmptyInputError, match=r"read \(english\.txt: left out: no Chinese file of the same name"):
        collect([tmp_path / "english.txt"])


def test_what_an_earlier_build_wrote_is_no_input(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    make(tmp_path / "out", "b.txt")
    (tmp_path / "out" / ".duiyi").mkdir()
    (tmp_path / "c.xyz").write_text("?", encoding="utf-8")
    (tmp_path / "d.png").write_text("?", encoding="utf-8")
    collection = collect([tmp_path])
    assert [item.name for item in collection.inputs] == ["a.txt"]
    assert {notice.document: notice.message for notice in collection.notices} == {
        "out": "left out: this folder is what duiyi wrote",
        "c.xyz": "left out: .xyz files cannot be read",
        "d.png": "left out: .png files cannot be read; recognise its text (OCR) and save it as .txt or .docx",
    }


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("{}-原文.txt", "{}-译文.txt", "{}.txt"),
        ("原文/{}.txt", "译文/{}.txt", "{}.txt"),
        ("source/{}.txt", "target/{}.txt", "{}.txt"),
        ("{} ST.txt", "{} TT.txt", "{}.txt"),
        ("{}_original.txt", "{}_translation.txt", "{}.txt"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_marks_of_original_and_translation_leave_the_language_to_the_text(
    tmp_path: Path, first: str, second: str, name: str, turned: bool
) -> None:
    texts = ("图书馆每天开放。", "The library is open every day.")
    for number in ("1", "2"):
        for place, text in zip((first, second), texts[::-1] if turned else texts, strict=True):
            path = tmp_path / place.format(number)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    found = collect([tmp_path]).inputs
    assert [item.name for item in found] == [name.format(number) for number in ("1", "2")]
    for item in found:
        assert item.roles == ("source", "target")
        assert [path.read_text(encoding="utf-8") for path in item.paths] == list(texts)


def test_a_marked_file_that_holds_both_languages_is_a_document(tmp_path: Path) -> None:
    make(tmp_path, "b.zh.txt", "c.zh-en.txt")
    collection = collect([tmp_path])
    assert [(item.name, item.roles) for item in collection.inputs] == [
        ("b.zh.txt", ("mixed",)),
        ("c.zh-en.txt", ("mixed",)),
    ]


def test_a_plain_chinese_file_beside_a_marked_english_one(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("只有中文。\n", encoding="utf-8")
    (tmp_path / "talk.en.txt").write_text("Only Chinese.\n", encoding="utf-8")
    (item,) = collect([tmp_path]).inputs
    assert [path.name for path in item.paths] == ["talk.txt", "talk.en.txt"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    for paths in ([tmp_path / "a.txt", tmp_path / "a.txt"], [tmp_path, tmp_path / "a.txt"], [tmp_path]):
        collection = collect(paths)
        assert [item.name for item in collection.inputs] == ["a.txt"]
        assert {notice.message for notice in collection.notices} == {"read once: it is the same file as a.txt"}


def test_copies_of_a_file_are_read_and_named(tmp_path: Path) -> None:
    for name, text in (
        ("a.txt", "港口。\nPort.\n"),
        ("copy of a.txt", "港口。\nPort.\n"),
        ("b.txt", "渡轮。\nFerr.\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    collection = collect([tmp_path])
    assert [item.name for item in collection.inputs] == ["a.txt", "b.txt", "copy of a.txt"]
    said = [(notice.document, notice.message) for notice in collection.notices]
    assert said == [("copy of a.txt", "holds the same as a.txt; read all the same")]


def test_two_files_of_any_name_pair_by_what_they_hold(tmp_path: Path) -> None:
    english, chinese = tmp_path / "speech.txt", tmp_path / "讲话.txt"
    english.write_text("Only English here.\n", encoding="utf-8")
    chinese.write_text("只有中文。\n", encoding="utf-8")
    (item,) = collect([english, chinese]).inputs
    assert item.paths == (chinese, english)


def test_readme_and_unknown_types_in_a_folder_are_left_out_with_a_notice(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "README.md", "old.doc", ".hidden.txt")
    collection = collect([tmp_path])
    assert [item.name for item in collection.inputs] == ["a.txt"]
    assert [notice.document for notice in collection.notices] == ["README.md", "old.doc"]
    assert "save it as .docx" in collection.notices[1].message


def test_errors_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no such file or folder"):
        collect([tmp_path / "missing.txt"])
    with pytest.raises(EmptyInputError, match="no documents in this folder"):
        collect([tmp_path])
    (tmp_path / "a.doc").write_bytes(b"x")
    with pytest.raises(UnsupportedFormatError, match=r"\.doc files cannot be read; save it as \.docx"):
        collect([tmp_path / "a.doc"])


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_that_lead_in_a_circle_are_entered_once(tmp_path: Path) -> None:
    make(tmp_path, "sub/a.txt")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    collection = collect([tmp_path])
    assert [item.name for item in collection.inputs] == ["sub/a.txt"]
    assert {notice.document for notice in collection.notices} == {"self", "sub/loop"}


def test_the_same_name_in_two_folders_stays_distinct(tmp_path: Path) -> None:
    make(tmp_path, "one/a.txt", "two/a.txt")
    names = [item.name for item in collect([tmp_path / "one", tmp_path / "two"]).inputs]
    assert names == ["one/a.txt", "two/a.txt"]
