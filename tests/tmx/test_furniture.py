from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.furniture import Line, clean, is_editor_line, page_number, running_lines, unwrap
from tmx.model import Bitext, Block, Document
from tmx.readers import ReadOptions, collect


def build(folder: Path, text: str, options: ReadOptions | None = None) -> Bitext:
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8")
    return load(collect([path]).inputs[0], options)


PAGES = """\
Town Reader 2021

The library opened in May. It holds forty thousand books, most of them given by the families who

图书馆五月开馆。馆内藏书四万册，大多由住在河边的人家捐赠。

1

Town Reader 2021

live by the river. Nobody pays to read, and nobody needs a card, and nobody is ever asked for

谁来看书都不收钱，也不用办证，也没有人会问起姓名。

2

Town Reader 2021

a name.

每逢周五都讲一个故事。

Every Friday a story is told.

3
"""


def test_page_numbers_and_running_lines_go_and_the_sentences_heal(tmp_path: Path) -> None:
    bitext = build(tmp_path, PAGES)
    assert [p.text for p in bitext.target] == [
        "The library opened in May. It holds forty thousand books, most of them given by the families who live by the"
        " river. Nobody pays to read, and nobody needs a card, and nobody is ever asked for a name.",
        "Every Friday a story is told.",
    ]
    removed = [(notice.place, notice.message) for notice in bitext.notices if notice.kind == "removed"]
    assert ("line 7", "page number: 1") in removed
    assert ("line 9", "running header or footer: Town Reader 2021") in removed
    assert len([message for _, message in removed if message.startswith("page number")]) == 3


def test_furniture_can_be_kept(tmp_path: Path) -> None:
    bitext = build(tmp_path, PAGES, ReadOptions(keep_furniture=True))
    assert [notice for notice in bitext.notices if notice.kind == "removed"] == []
    text = "".join(p.text for p in (*bitext.source, *bitext.target))
    assert text.count("Town Reader 2021") == 3
    assert any(p.text == "1" for p in bitext.source)


def test_numbered_chapters_and_refrains_are_not_furniture(tmp_path: Path) -> None:
    text = "".join(
        f"{n}\n\n各位代表：\n\nFellow Deputies,\n\n第{n}章讲完了。\n\nThis was the chapter.\n\n" for n in range(1, 6)
    )
    bitext = build(tmp_path, text)
    assert [notice for notice in bitext.notices if notice.kind == "removed"] == []


def test_editors_marks_of_notes_and_invisible_signs(tmp_path: Path) -> None:
    text = (
        "图书馆五月开馆。[1]\n\nThe lib\u00adrary opened in May.[1]\n\n谁来看书都不收钱[2]。\n\n"
        "Nobody pays to read.[2]\n\n责任编辑：林秋白\n\n(Editor: Lin Qiubai)\n"
    )
    bitext = build(tmp_path, text)
    assert [p.text for p in bitext.source] == ["图书馆五月开馆。", "谁来看书都不收钱。"]
    assert [p.text for p in bitext.target] == ["The library opened in May.", "Nobody pays to read."]
    messages = [notice.message for notice in bitext.notices if notice.kind == "removed"]
    assert "line of the editors: 责任编辑：林秋白" in messages
    assert "marks of notes: [1]" in messages
    assert "1 invisible signs (soft hyphens, zero-width spaces)" in messages


def test_brackets_that_are_no_marks_of_notes_stay() -> None:
    document = Document("a.txt", "txt", (Block("In [5] the authors show", "line 1"), Block("see also [9].", "line 2")))
    assert clean(document) == document


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("- 12 -", 12),
        ("— 3 —", 3),
        ("Page 3 of 10", 3),
        ("3/10", 3),
        ("第5页", 5),
        ("第 5 页 共 9 页", 5),
        ("iv", 0),
        ("2021年", None),
        ("In 5", None),
        ("5.", None),
        ("12345", None),
    ],
)
def test_page_numbers(text: str, number: int | None) -> None:
    assert page_number(text) == number


def test_running_lines_may_change_with_left_and_right_pages() -> None:
    pages = [["Left" if n % 2 else "Right", str(n)] for n in range(1, 9)]
    assert len(running_lines(pages)) == 16
    assert running_lines([["One"], ["Two"], ["Three"]]) == set()
    assert running_lines([["Town News"], ["Town News"]]) == {(0, 0), (1, 0)}
    assert running_lines([["Town News"]]) == set()


def test_editor_lines() -> None:
    assert is_editor_line("【责任编辑：王一】")
    assert not is_editor_line(
        "编辑：这是一份好工作，值得认真考虑，因为它需要耐心，也需要想象力，还需要一点运气，更需要年复一年的坚持。"
    )


WRAPPED = """\
The library opened in May. It holds forty thousand books, most of
them given by the families who live nearby, and the oldest of the
books was printed in 1897. Nobody pays to read, and nobody needs
a card.

We have only one rule, said the head librarian, and it is a short
one: put a book back where you found it, and tell the next reader
what you liked about it.
"""


def test_lines_broken_at_a_fixed_width_become_paragraphs(tmp_path: Path) -> None:
    chinese = "图书馆五月开馆。馆内藏书四万册。\n\n我们只有一条规矩：书从哪里拿，就放回哪里去。\n"
    bitext = build(tmp_path, WRAPPED + "\n" + chinese)
    assert len(bitext.target) == 2
    assert bitext.target[0].text.endswith("Nobody pays to read, and nobody needs a card.")
    assert bitext.target[0].place() == "lines 1 to 4"
    assert any(notice.message == "lines of one paragraph" for notice in bitext.notices)


def test_verses_lists_and_short_paragraphs_stay_apart() -> None:
    verse = [
        "Before my bed the moonlight lies,",
        "I think it frost",
        "upon the ground at dawn,",
        "and raise my eyes",
        "to see",
    ]
    items = ["apples", "pears and plums", "a basket of bread", "milk", "eggs", "salt"]
    paragraphs = [
        "He came.",
        "She left the room without a word.",
        "Nobody spoke for a while.",
        "It rained.",
        "The end.",
    ]
    for texts in (verse, items, paragraphs):
        lines = [Line(number, 0, text) for number, text in enumerate(texts)]
        assert unwrap(lines) == [[line] for line in lines]
