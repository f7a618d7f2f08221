from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tmx.bitext import load
from tmx.errors import EmptyInputError
from tmx.readers import Input, ReadOptions, collect

SAMPLE = Path(__file__).parents[2] / "seeds" / "wang-yi-interview-2021-12-30.txt"


def mixed(folder: Path, text: str, name: str = "a.txt") -> Input:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return Input(name, (path,), ("mixed",))


def test_the_sample_gives_eighteen_paragraphs_a_side_and_reports_both_joins() -> None:
    bitext = load(collect([SAMPLE]).inputs[0])
    assert (len(bitext.source), len(bitext.target)) == (18, 18)
    joins = [(notice.place, notice.message) for notice in bitext.notices if notice.kind == "joined"]
    assert [place for place, _ in joins] == ["line 19 with line 31", "line 39 with line 49"]
    assert bitext.target[6].place() == "line 19 + line 31"
    assert "Latin America and the Caribbean." in bitext.target[6].text


PAGED_ENGLISH = """\
A Small Town and Its Library

The library opened in May. It holds forty thousand books, most of them given by the families who

小城与图书馆

图书馆五月开馆。馆内藏书四万册，大多由住在河边的人家捐赠。

live by the river. Nobody pays to read.

Every Friday a story is told in two languages.

谁来看书都不收钱。

每逢周五，都用两种语言讲一个故事。
"""

PAGED_CHINESE = """\
图书馆五月开馆。馆内藏书四万册，大多由住在

The library opened in May. It holds forty thousand books, most of them given by the families by the river.

Nobody pays to read. The doors open at eight and close late at night.

河边的人家捐赠。

谁来看书都不收钱。早上八点开门，夜里很晚才关。

Every Friday a story is told in two languages.

每逢周五，都用两种语言讲一个故事。
"""

TWO_TURNS = """\
The library opened in May. It holds forty thousand books, most of them given by

图书馆五月开馆。馆内藏书四万册，大多由住在河边的人家捐赠，谁来看书都不收钱。

the families who live by the river and have done so for longer than anyone in the town can remember, or by

the schools. Nobody pays to read.

Every Friday a story is told in two languages.

每逢周五，都用两种语言讲一个故事。
"""


def test_english_cut_by_a_page_turn_is_healed(tmp_path: Path) -> None:
    bitext = load(mixed(tmp_path, PAGED_ENGLISH))
    assert [p.text for p in bitext.target][1].endswith("the families who live by the river. Nobody pays to read.")
    assert len(bitext.target) == 3
    assert len(bitext.source) == 4


def test_chinese_cut_by_a_page_turn_is_healed(tmp_path: Path) -> None:
    bitext = load(mixed(tmp_path, PAGED_CHINESE))
    assert bitext.source[0].text == "图书馆五月开馆。馆内藏书四万册，大多由住在河边的人家捐赠。"
    assert (len(bitext.source), len(bitext.target)) == (3, 3)


def test_a_sentence_over_two_page_turns_is_healed(tmp_path: Path) -> None:
    bitext = load(mixed(tmp_path, TWO_TURNS))
    assert len(bitext.target) == 2
    assert bitext.target[0].place() == "line 1 + line 5 + line 7"
    assert "given by the families" in bitext.target[0].text
    assert "or by the schools." in bitext.target[0].text


@pytest.mark.parametrize(
    "text",
    [
        "The Town\n\n小城\n\nof old\n\n往昔的\n\nand new\n\n与今日的\n",  # verses
        "Dear Friends,\n\n亲爱的朋友们，\n\nwe are glad to see you.\n\n很高兴见到你们。\n",  # salutation
        "A Small Town\n\n小城\n\nThe library opened in May.\n\n图书馆五月开馆。\n",  # heading
        "Ms. Lin\n\n林女士\n\nQuestion: Who pays?\n\n问：谁付钱？\n",  # label
        "first aid\n\n急救\n\nsecond hand\n\n二手\n\nthird party\n\n第三方\n",  # word list
    ],
)
def test_what_only_looks_cut_is_left_alone(tmp_path: Path, text: str) -> None:
    bitext = load(mixed(tmp_path, text))
    assert [notice for notice in bitext.notices if notice.kind == "joined"] == []


def test_lines_that_hold_both_languages_become_row_pairs(tmp_path: Path) -> None:
    bitext = load(mixed(tmp_path, "小城 / The Town\n图书馆五月开馆。 / The library opened in May.\n"))
    assert [p.text for p in bitext.source] == ["小城", "图书馆五月开馆。"]
    assert [p.text for p in bitext.target] == ["The Town", "The library opened in May."]
    assert [(row.source, row.target) for row in bitext.rows] == [((0, 1), (0, 1)), ((1, 2), (1, 2))]


def test_a_chinese_sentence_with_a_foreign_name_is_not_split(tmp_path: Path) -> None:
    text = "他在这里见到了 John Smith\nHe met John Smith here.\n他们谈到了未来。\nThey talked of the future.\n"
    bitext = load(mixed(tmp_path, text))
    assert bitext.source[0].text == "他在这里见到了 John Smith"


def test_two_files(tmp_path: Path) -> None:
    (tmp_path / "talk.zh.txt").write_text("你好。\n再见。\n", encoding="utf-8")
    (tmp_path / "talk.en.txt").write_text("Hello.\nGoodbye.\n", encoding="utf-8")
    (item,) = collect([tmp_path]).inputs
    bitext = load(item)
    assert item.name == "talk.txt"
    assert [p.text for p in bitext.source] == ["你好。", "再见。"]
    assert [p.text for p in bitext.target] == ["Hello.", "Goodbye."]
    assert bitext.rows == ()


def test_one_language_only_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match=r"a\.txt: all text is English; there is no Chinese"):
        load(mixed(tmp_path, "Only English here.\n"))


@pytest.mark.parametrize("name", ["newyear-2021", "newyear-2023"])
@pytest.mark.parametrize("layout", ["paged", "bilingual"])
def test_addresses_in_both_layouts_give_the_paragraphs_of_the_two_files(shared: Path, name: str, layout: str) -> None:
    folder = shared / "bench" / "alignment" / name
    bitext = load(Input(name, (folder / f"{layout}.txt",), ("mixed",)))
    assert [p.text for p in bitext.source] == (folder / "zh.txt").read_text(encoding="utf-8").split("\n")[:-1]
    assert [p.text for p in bitext.target] == (folder / "en.txt").read_text(encoding="utf-8").split("\n")[:-1]


@pytest.mark.parametrize("name", ["gwr-2019", "gwr-2020", "gwr-2021"])
def test_reports_lose_no_paragraph_border_and_keep_few_cuts(shared: Path, name: str) -> None:
    folder = shared / "bench" / "bitext" / name
    for layout, missed in (("paged", 4), ("bilingual", 0)):
        bitext = load(Input(name, (folder / f"{layout}.txt",), ("mixed",)))
        for side, file in ((bitext.source, "zh.txt"), (bitext.target, "en.txt")):
            lines = [line.strip(" \u3000") for line in (folder / file).read_text(encoding="utf-8").split("\n")]
            wanted = {line for line in lines if line}
            texts = [p.text for p in side]
            wrong = [text for text in texts if text not in wanted and any(w in text and w != text for w in wanted)]
            assert wrong == []
            assert len(texts) - len([line for line in lines if line]) <= missed


LIBRARY = Path(__file__).parents[1] / "documents" / "library.txt"
LINES = [line for line in LIBRARY.read_text(encoding="utf-8").split("\n") if line]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(side=st.integers(0, 1), number=st.integers(2, 14), share=st.floats(0.1, 0.9))
def test_wherever_a_page_turns_only_pieces_of_one_paragraph_are_joined(
    tmp_path: Path, side: int, number: int, share: float
) -> None:
    sides = [LINES[0::2], LINES[1::2]]
    whole = sides[side][number]
    place = int(share * len(whole))
    if side == 1:
        place = whole.find(" ", place)
    pieces = [whole[:place], whole[place:].strip()] if place > 0 else [whole]
    pages: list[list[list[str]]] = [[], []]
    for index in (0, 1):
        cut = pieces if index == side else [sides[index][number]]
        pages[0].append([*sides[index][:number], cut[0]])
        pages[1].append([*cut[1:], *sides[index][number + 1 :]])
    order = [text for page in pages for index in (1, 0) for text in page[index]]
    bitext = load(mixed(tmp_path, "\n\n".join(order)))
    for index, paragraphs in enumerate((bitext.source, bitext.target)):
        assert all(any(p.text in original for original in sides[index]) for p in paragraphs)
        assert len(paragraphs) - len(sides[index]) in (0, 1)


TMX = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en"
 srclang="{zh}" datatype="plaintext"/><body><tu><tuv xml:lang="{zh}"><seg>我們的新國際關係。</seg></tuv>
<tuv xml:lang="{en}"><seg>Our new international relations.</seg></tuv></tu></body></tmx>"""
XLIFF = """<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" datatype="plaintext"
 source-language="{en}" target-language="{zh}"><body><trans-unit id="1">
<source>Our new international relations.</source>
<target>我們的新國際關係。</target></trans-unit></body></file></xliff>"""


@pytest.mark.parametrize(("suffix", "text"), [(".tmx", TMX), (".xlf", XLIFF)])
@pytest.mark.parametrize(
    ("zh", "en", "labels", "expected"),
    [
        ("zh-TW", "en-GB", ("", ""), ("zh-TW", "en-GB")),  # as the file says
        ("zh-HK", "en-AU", ("", ""), ("zh-HK", "en-AU")),
        ("zh", "en", ("", ""), ("zh-Hant", "en-US")),  # it says too little
        ("zh-CN", "en-GB", ("", ""), ("zh-Hant", "en-GB")),  # the text contradicts it
        ("zh-TW", "en-GB", ("zh-HK", "en-US"), ("zh-HK", "en-US")),  # as somebody asked
        ("zh-TW", "en-GB", ("zh-CN", ""), ("zh-Hant", "en-GB")),
    ],
)
def test_tags_are_those_asked_for_else_those_of_the_file(
    tmp_path: Path, suffix: str, text: str, zh: str, en: str, labels: tuple[str, str], expected: tuple[str, str]
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(text.format(zh=zh, en=en), encoding="utf-8")
    bitext = load(collect([path]).inputs[0], ReadOptions(labels=labels))
    assert (bitext.source_language, bitext.target_language) == expected
