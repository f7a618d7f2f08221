from pathlib import Path

import pytest

from tmx.errors import EmptyInputError, EncodingError, FormatError, LimitError
from tmx.readers import ReadOptions, read

SIMPLIFIED = "图书馆五月开馆。\nThe library opened in May.\n"
TRADITIONAL = "圖書館五月開館，誰來看書都不收錢。\nThe library opened in May.\n"


@pytest.mark.parametrize("text", [SIMPLIFIED, SIMPLIFIED * 500])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_encodings_are_found(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert [block.text for block in read(path).blocks] == text.split("\n")[:-1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5", "gb18030"])
def test_traditional_text_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TRADITIONAL.encode(encoding))
    assert [block.text for block in read(path).blocks] == TRADITIONAL.split("\n")[:-1]


def test_chinese_alone_in_utf16_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("图书馆五月开馆。\n谁来看书都不收钱。\n".encode("utf-16-be"))
    assert [block.text for block in read(path).blocks] == ["图书馆五月开馆。", "谁来看书都不收钱。"]


@pytest.mark.parametrize(("encoding", "named"), [("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("big5", "BIG5")])
def test_a_bad_byte_is_named_by_file_and_offset(tmp_path: Path, encoding: str, named: str) -> None:
    data = (TRADITIONAL * 20).encode(encoding)
    place = data.index(b"The library") + 3
    path = tmp_path / "a.txt"
    path.write_bytes(data[:place] + b"\xff" + data[place:])
    with pytest.raises(EncodingError, match=rf"^a\.txt, byte {place} \(line 2\): 0xFF is not valid {named}"):
        read(path)


def test_blank_lines_count_and_form_feeds_begin_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n一。\r\n\r\n　Two. \n\fthree\n", encoding="utf-8", newline="")
    blocks = read(path).blocks
    assert [(block.text, block.place, block.page) for block in blocks] == [
        ("一。", "line 2", 1),
        ("Two.", "line 4", 1),
        ("three", "line 5", 2),
    ]


def test_markdown_headings_are_known(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# 小城 #\n\nA town.\n", encoding="utf-8")
    assert [(block.text, block.kind) for block in read(path).blocks] == [("小城", "heading"), ("A town.", "paragraph")]


def test_limits_and_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"")
    with pytest.raises(EmptyInputError, match="the file is empty"):
        read(path)
    path.write_bytes(b"ab\x00\x01\x02" * 10)
    with pytest.raises(FormatError, match="not a text file"):
        read(path)
    path.write_text("a" * 101, encoding="utf-8")
    with pytest.raises(LimitError, match="line 1: 101 characters in one line"):
        read(path, options=ReadOptions(max_line_chars=100))
    with pytest.raises(LimitError, match="limit 0 MiB"):
        read(path, options=ReadOptions(max_text_bytes=100))


MARKDOWN = [
    ("> 请保留船票。\n>\n>> 狗必须拴上绳子。\n", ["请保留船票。", "狗必须拴上绳子。"]),
    ("- 船票\n\n  > Tickets\n", ["- 船票", "Tickets"]),
    (
        "船票<br>Tickets&nbsp;here, <b>now</b>, for `<b>` and <your-name>\n",
        ["船票", "Tickets here, now, for `<b>` and <your-name>"],
    ),
    (
        "**渡轮停航。**\n\n_The ferry does not run._\n\n**A** and **B**\n",
        ["渡轮停航。", "The ferry does not run.", "**A** and **B**"],
    ),
    (
        "今晚有风。**渡轮停航。**请改天来。*票价不变。*注意：__留好船票。__\n",
        ["今晚有风。渡轮停航。请改天来。票价不变。注意：留好船票。"],
    ),
    ("Wind. **No ferry.** Come *again*, `**a.**`\n", ["Wind. No ferry. Come *again*, `**a.**`"]),
    ("**船**与**车**。票价*为2*3元。*含税。\n", ["**船**与**车**。票价*为2*3元。*含税。"]),
    ("> [!NOTE]\n> 渡轮停航。\n", ["渡轮停航。"]),
    (":::tip 提示\n渡轮停航。\n:::\n", ["提示", "渡轮停航。"]),
    ('!!! note "提示"\n\n    渡轮停航。\n\n    船票有效。\n\nDone.\n', ["提示", "渡轮停航。", "船票有效。", "Done."]),
    ("/// warning | 注意\n渡轮停航。\n///\n", ["注意", "渡轮停航。"]),
    ('看脚注[^1]。\n\n[^1]: 仅限去年。\n\n[1]: https://example.org/a "题"\n', ["看脚注[^1]。", "[^1]: 仅限去年。"]),
]


@pytest.mark.parametrize(("written", "expected"), MARKDOWN)
def test_marks_of_markdown_blocks_are_no_text(tmp_path: Path, written: str, expected: list[str]) -> None:
    path = tmp_path / "a.md"
    path.write_text(written, encoding="utf-8")
    assert [block.text for block in read(path).blocks] == expected
