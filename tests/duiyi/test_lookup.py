import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duiyi.cli import main
from duiyi.lookup import FILE, LookupOptions, Memory, find_spans, write_index
from glossary.files.tbx import write_tbx
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.errors import FormatError
from tmx.model import TranslationUnit

PAIRS = [
    ("中国外交开创了新局面。", "China's diplomacy broke new ground."),
    ("我们将继续推动构建新型国际关系。", "We will continue to foster a new type of international relations."),
    ("我们将继续推动构建新型大国关系。", "We will continue to build a new type of major-country relations."),
    ("各位朋友，大家好！", "Friends, good afternoon!"),
    ("去年国内生产总值（GDP）增长百分之八。", "Last year GDP grew by 8 percent."),
    ("合作", "Cooperation"),
    ("合作。", "cooperation"),
    ("他说：“走吧。”", "“Let’s go,” he said."),
]


def units() -> list[TranslationUnit]:
    made = [
        TranslationUnit(f"u{n}", source, target, document=f"{n}.txt", date="2021-12-30", place=f"line {n}")
        for n, (source, target) in enumerate(PAIRS)
    ]
    return [*made, TranslationUnit("again", *PAIRS[0], document="later.txt", flags=("length",))]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    assert write_index(units(), tmp_path / FILE) == len(PAIRS)
    return tmp_path


def ask(out: Path, text: str, **options) -> list[tuple]:
    with Memory.open(out) as memory:
        hits = memory.lookup(text, LookupOptions(**options))
    return [(hit.kind, hit.rate, hit.source) for hit in hits]


def test_exact_hits_give_all_their_places(out):
    with Memory.open(out) as memory:
        hit = memory.lookup("中国外交开创了新局面。")[0]
    assert (hit.kind, hit.rate, hit.count, hit.target) == ("exact", 100, 2, PAIRS[0][1])
    assert [(o.document, o.place, o.date, o.flags) for o in hit.occurrences] == [
        ("0.txt", "line 0", "2021-12-30", ()),
        ("later.txt", "", "", ("length",)),
    ]


def test_case_width_and_quotation_marks_cost_one_percent(out):
    assert ask(out, "last year ＧＤＰ grew by 8 percent.")[0][:2] == ("fuzzy", 99)
    assert ask(out, '"Let\'s go," he said.')[0][:2] == ("fuzzy", 99)
    assert ask(out, "cooperation")[:2] == [("exact", 100, "合作。"), ("fuzzy", 99, "合作")]


def test_fuzzy_hits_by_falling_rate(out):
    found = ask(out, "我们将继续推动构建新型邻国关系。", kinds=("fuzzy",))
    assert found == [("fuzzy", 93, PAIRS[2][0]), ("fuzzy", 87, PAIRS[1][0])]
    assert ask(out, "我们将继续推动构建新型邻国关系。", kinds=("fuzzy",), min_rate=90) == found[:1]
    # 13 of the 14 words and marks of the longer text
    text = "We will continue to build a new type of major-country relations"
    assert ask(out, text, kinds=("fuzzy",))[0] == ("fuzzy", 92, PAIRS[2][0])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("新型", [1, 2]),
        ("国际关系", [1]),
        ("好", [3]),  # one character, at the end of a run
        ("外", [0]),
        ("产总值（GDP）增长", [4]),
        ("GDP", [4]),  # in both languages
        ("a new type of", [1, 2]),
        ("type new", [1, 2]),  # in any order when not in one piece
        ("new ty", []),
        ("关系新", []),
        ("We will continue to foster a new type of", [1]),  # longer than a term
        ("We will foster a new type of international relations", []),
        ("继续推动构建新型大国关系", [2]),
        ("年国内生产总值（GDP）增", [4]),
        ("，", []),
        ("   ", []),
        ('"; DROP TABLE pairs --', []),
        ("NOT * OR (", []),
    ],
)
def test_concordance(out, text, numbers):
    assert ask(out, text, kinds=("concordance",)) == [("concordance", None, PAIRS[n][0]) for n in numbers]


def test_spans_mark_what_was_looked_up(out):
    with Memory.open(out) as memory:
        hit = memory.lookup("新型", LookupOptions(kinds=("concordance",)))[0]
    assert [hit.source[start:end] for start, end in hit.spans] == ["新型"]
    assert find_spans("ﬁve ＦＩＶＥ", "five") == ((0, 3), (4, 8))
    assert find_spans("abc", "x") == ()


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(PAIRS), st.data())
def test_every_piece_of_a_stored_text_is_found_again(tmp_path_factory, pair, data):
    folder = tmp_path_factory.getbasetemp()
    if not (folder / FILE).exists():
        write_index(units(), folder / FILE)
    source = pair[0]
    start = data.draw(st.integers(0, len(source) - 1))
    end = data.draw(st.integers(start + 1, len(source)))
    piece = source[start:end].strip()
    if any(character.isalnum() for character in piece) and not any("A" <= character <= "Z" for character in piece):
        assert source in [hit[2] for hit in ask(folder, piece)]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(PAIRS[:3]), st.integers(0, 200), st.sampled_from("春夏秋冬"))
def test_one_changed_character_is_always_found(tmp_path_factory, pair, position, other):
    folder = tmp_path_factory.getbasetemp()
    if not (folder / FILE).exists():
        write_index(units(), folder / FILE)
    source = pair[0]
    position %= len(source)
    changed = source[:position] + other + source[position + 1 :]
    expected = 100 * (len(source) - 1) // len(source)
    assert ("fuzzy", expected, source) in ask(folder, changed)


@pytest.fixture(scope="module")
def formulae(tmp_path_factory):
    """Three hundred pairs made of nearly the same words."""
    folder = tmp_path_factory.mktemp("formulae")
    pairs = [
        (f"我们将继续改进第{n}项工作，为人民服务。", f"We will continue to improve item {n} to serve the people.")
        for n in range(300)
    ]
    write_index((TranslationUnit(str(n), *pair, document="a.txt") for n, pair in enumerate(pairs)), folder / FILE)
    with Memory.open(folder) as memory:
        yield memory


@pytest.mark.parametrize(
    ("asked", "best"),
    [
        ("We shall continue to improve item 257 to serve the people.", "item 257"),
        ("We will continue to improve item 31 so as to serve our people.", "item 31"),
        ("我们将继续改进第205项服务，为人民服务。", "第205项"),
    ],
)
def test_of_formulae_the_nearest_is_found(formulae, asked, best):
    hit = formulae.lookup(asked, LookupOptions(kinds=("fuzzy",)))[0]
    assert best in hit.source + hit.target


@pytest.mark.parametrize(
    ("text", "side", "count"),
    [
        ("为人民", "source", 300),
        ("为", "source", 300),  # the beginning of a common term
        ("项工作，为", "source", 300),  # ends with the beginning of a term
        ("7项工作，为", "source", 1),  # numbers are whole words
        ("服务。", "source", 300),  # marks at the ends do not count
        ("improve item", "target", 300),
        ("improve item", "source", 0),
        ("people serve the", "target", 300),  # in any order
    ],
)
def test_counts_of_common_words(formulae, text, side, count):
    assert formulae.count(text, side) == count


def test_the_same_units_give_the_same_bytes(tmp_path):
    for name in ("a.db", "b.db"):
        write_index(iter(units()), tmp_path / name)
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.db", "b.db"]


def test_an_empty_memory(tmp_path):
    write_index([], tmp_path / FILE)
    assert ask(tmp_path, "中国") == []


def test_what_is_not_an_index_is_one_clear_line(tmp_path):
    with pytest.raises(FormatError, match="build the memory first"):
        Memory.open(tmp_path)
    (tmp_path / FILE).write_bytes(b"x" * 5000)
    with pytest.raises(FormatError, match="is not a look-up index"):
        Memory.open(tmp_path)
    (tmp_path / FILE).unlink()
    sqlite3.connect(tmp_path / FILE).execute("PRAGMA user_version = 99").connection.close()
    with pytest.raises(FormatError, match="another version"):
        Memory.open(tmp_path)


def test_the_command(out, capsys):
    assert main(["lookup", "新型国际关系", "--in", str(out)]) == 0
    assert capsys.readouterr().out == (
        "    —  concordance  我们将继续推动构建⟦新型国际关系⟧。\n"
        "                    We will continue to foster a new type of international relations.\n"
        "                    1.txt · 2021-12-30 · line 1\n"
    )
    assert main(["lookup", "合作", "--in", str(out), "--json"]) == 0
    assert '"kind": "exact"' in capsys.readouterr().out
    assert main(["lookup", "cooperation", "--in", str(out), "--lang", "zh"]) == 0
    assert [line[:12] for line in capsys.readouterr().out.split("\n")[:6:3]] == ["100 %  精确匹配 ", " 99 %  模糊匹配 "]
    assert main(["lookup", "没有这个", "--in", str(out)]) == 0
    assert capsys.readouterr().err == "no hit for 没有这个\n"
    assert main(["lookup", "x", "--in", str(out / "none")]) == 1


def test_the_command_cuts_a_paragraph_and_a_file_into_sentences(out, tmp_path, capsys):
    paragraph = "我们将继续推动构建新型国际关系。没有这个。"
    assert main(["lookup", paragraph, "--in", str(out)]) == 0
    said = capsys.readouterr()
    assert [line for line in said.out.split("\n") if line.startswith("»")] == [
        "» 我们将继续推动构建新型国际关系。",
        "» 没有这个。",
    ]
    assert "100 %  exact" in said.out and said.err == "no hit for 没有这个。\n"
    (tmp_path / "new.txt").write_text(paragraph, encoding="utf-8")
    assert main(["lookup", "--file", str(tmp_path / "new.txt"), "--in", str(out)]) == 0
    assert capsys.readouterr().out == said.out


def test_an_empty_question_is_answered(out, capsys):
    assert main(["lookup", "  ", "--in", str(out)]) == 2
    assert "nothing to look up" in capsys.readouterr().err


def test_terms_stand_first_and_their_renderings_are_marked(out, capsys):
    entry = ConceptEntry(
        "1",
        "新型国际关系",
        (
            Rendering("new type of international relations"),
            Rendering("new-type relations", "admitted"),
            Rendering("new relations", "admitted"),
            Rendering("new model of relations", "deprecated", first="2012", last="2014"),
        ),
    )
    write_tbx(Glossary((entry,)), out / "glossary.tbx")
    assert main(["lookup", "新型国际关系", "--in", str(out)]) == 0
    first, _, target, *_ = capsys.readouterr().out.split("\n")
    assert first == (
        " term  新型国际关系 = new type of international relations; also: new-type relations, new relations; "
        "do not use: new model of relations (2012–2014)"
    )
    assert "⟦new type of international relations⟧" in target
    assert main(["lookup", "新型国际关系", "--in", str(out), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == (
        " 术语  新型国际关系 = new type of international relations；许用：new-type relations，new relations；"
        "禁用：new model of relations（2012–2014）\n"
        "    —  相关搜索     我们将继续推动构建⟦新型国际关系⟧。\n"
        "                    We will continue to foster a ⟦new type of international relations⟧.\n"
        "                    1.txt · 2021-12-30 · 第 1 行\n"
    )
    assert main(["lookup", "new type of international relations", "--in", str(out)]) == 0
    assert "⟦新型国际关系⟧" in capsys.readouterr().out
    (out / "glossary.tbx").unlink()


TRADITIONAL = TranslationUnit(
    "t", "我們將繼續推動構建新型國際關係。", "We will go on fostering a new type of ties.", document="t.txt"
)


@pytest.fixture
def traditional(tmp_path: Path) -> Path:
    write_index(
        [TRADITIONAL, TranslationUnit("n", "天", "Heaven"), TranslationUnit("c", "國", "Country")], tmp_path / FILE
    )
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "rate", "other_script"),
    [
        ("我們將繼續推動構建新型國際關係。", 100, False),
        ("我们将继续推动构建新型国际关系。", 98, True),
        ("我们将继续推动构建新型大国关系。", 86, True),
        ("我們將繼續推動構建新型大國關係。", 87, False),
    ],
)
def test_the_other_script_is_found_and_costs_one_percent(
    traditional: Path, asked: str, rate: int, other_script: bool
) -> None:
    with Memory.open(traditional) as memory:
        hit = memory.lookup(asked, LookupOptions(kinds=("exact", "fuzzy")))[0]
    assert (hit.rate, hit.other_script, hit.source) == (rate, other_script, TRADITIONAL.source)


def test_simplified_pieces_are_found_in_traditional_text_and_the_reverse(traditional: Path) -> None:
    with Memory.open(traditional) as memory:
        hit = memory.lookup("国际关系", LookupOptions(kinds=("concordance",)))[0]
        assert [hit.source[slice(*span)] for span in hit.spans] == ["國際關係"]
        assert [hit.source for hit in memory.lookup("国")] == ["國", TRADITIONAL.source]
        assert not memory.targets("我们将继续推动构建新型国际关系。")  # the very source alone


def test_a_traditional_question_finds_simplified_text(out: Path) -> None:
    with Memory.open(out) as memory:
        hits = memory.lookup("中國外交開創了新局面。")
    assert [(hit.kind, hit.rate, hit.other_script) for hit in hits[:1]] == [("fuzzy", 98, True)]


def test_the_command_says_that_the_script_is_the_other(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "中國外交開創了新局面。", "--in", str(out)]) == 0
    assert "98 %" in (shown := capsys.readouterr().out) and "Simplified for Traditional" in shown
