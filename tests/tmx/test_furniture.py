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


CUT = (
    "The report was read in May. It asks all to protect",
    "上月宣读了报告。它要求大家保护共有的",
    "the environment that we share. Many will follow.",
    "环境。还会有很多。",
)


@pytest.mark.parametrize(
    "number", ["- 3 -", "— 3 —", "Page 1", "Page 1 of 9", "第1页", "第 1 页 共 9 页", "1/9", "3", "12"]
)
@pytest.mark.parametrize("behind", [1, 2])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_only_page_number_between_the_halves_of_a_sentence_goes(
    tmp_path: Path, number: str, behind: int, gap: str
) -> None:
    bitext = build(tmp_path, gap.join([*CUT[:behind], number, *CUT[behind:]]))
    english = "The report was read in May. It asks all to protect the environment that we share. Many will follow."
    assert [p.text for p in bitext.target] == [english]
    assert [p.text for p in bitext.source] == ["上月宣读了报告。它要求大家保护共有的环境。还会有很多。"]
    removed = [(notice.place, notice.message) for notice in bitext.notices if notice.kind == "removed"]
    assert removed == [(f"line {behind * len(gap) + 1}", f"page number: {number}")]


def test_each_language_may_number_its_pages(tmp_path: Path) -> None:
    lines = [
        "They have completed one hun-",
        "Page 1",
        "他们共完成了一百",
        "第1页",
        "dred national projects.",
        "个国家项目。",
    ]
    bitext = build(tmp_path, "\n".join(lines))
    assert [p.text for p in bitext.target] == ["They have completed one hundred national projects."]
    assert not any("页" in p.text for p in bitext.source)


def test_a_page_number_is_no_line_of_a_wrapped_paragraph(tmp_path: Path) -> None:
    wrapped = [
        "The report was read to the members in the morning, and it was",
        "received well by all of them. It says that in the last twelve",
        "years all the members have built many more than one or two hun-",
        "Page 1",
        "上午向委员们宣读了报告，受到大家一致好评。报告说，十二年来委员们建成了一两百",
        "dred projects in the poorest provinces. More of them will soon",
        "follow, and all of them, even those that are dear to build, are",
        "going to be paid for by the state.",
        "个项目，都在最贫困的省份。不久还会有更多项目，全部由国家出资。",
    ]
    bitext = build(tmp_path, "\n".join(wrapped))
    assert len(bitext.target) == 1
    assert "one or two hundred projects in the poorest provinces. More of them" in bitext.target[0].text


@pytest.mark.parametrize(
    "text",
    [
        "首页\nhome page\n第1页\npage 1\n下一页\nnext page\n",
        "封面\nCover\n第1页\nPage 1\n目录\nContents\n",
        "价格\n3\nPrice\n3\n数量\n12\nQuantity\n12\n",
        "The fund was opened in May.\n3\n基金五月开放。\nThe town was glad.\n全城都高兴。\n",
        "The oldest of all the books that the library ever owned was printed in\n1897\n最古老的书印于1897年。\n"
        "by monks who lived nearby.\n由附近的僧侣印制。\n",
        "Put into the bowl all the sugar that you have and then add about\n1/2\nof a cup of flour.\n"
        "加糖，再加半杯面粉。\n",
    ],
)
def test_numbers_that_part_no_sentence_at_a_change_of_language_stay(tmp_path: Path, text: str) -> None:
    bitext = build(tmp_path, text)
    assert [notice for notice in bitext.notices if notice.kind == "removed"] == []


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


def test_marks_of_notes_that_begin_anew_on_each_page_go(tmp_path: Path) -> None:
    marks = ["①", "②", "①", "②", "③"]
    chinese = ["雾散了。", "船夫认得那座桥。", "桥上有人提灯。", "信上没有名字。", "他不识字。"]
    english = [
        "The fog lifted.",
        "The boatman knew the bridge.",
        "A man stood there.",
        "The letter bore no name.",
        "He could not read.",
    ]
    text = "\n\n".join(f"{one}{mark}\n\n{other}" for one, other, mark in zip(chinese, english, marks, strict=True))
    bitext = build(tmp_path, text)
    assert [p.text for p in bitext.source] == chinese
    listed = "包括①水、②米和③盐。\n\nWater, rice and salt.\n\n又有①鱼和②酒。\n\nAlso fish and wine.\n"
    (tmp_path / "list").mkdir()
    assert [p.text for p in build(tmp_path / "list", listed).source] == ["包括①水、②米和③盐。", "又有①鱼和②酒。"]


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
