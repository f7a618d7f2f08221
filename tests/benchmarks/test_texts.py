"""The measurement of running text counts right and wrong units as gold says, character by character."""

from dataclasses import replace

import pytest

from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Sentence

CHINESE = ["春天来了。", "雪化了。", "河水涨了。", "老人不在家。"]
ENGLISH = ["Spring came.", "The snow melted and the river rose.", "Nobody knew."]
LINKS = "1\t1\n2,3\t2\n4\t-\n-\t3\n"


@pytest.fixture(scope="module")
def program(load_program):
    return load_program("texts")


@pytest.fixture
def text(program, tmp_path):
    (tmp_path / "zh.txt").write_text("\n".join(CHINESE) + "\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("\n".join(ENGLISH) + "\n", encoding="utf-8")
    (tmp_path / "joined.zh.txt").write_text("".join(CHINESE) + "\n", encoding="utf-8")
    (tmp_path / "joined.en.txt").write_text(" ".join(ENGLISH) + "\n", encoding="utf-8")
    (tmp_path / "joined_links.tsv").write_text(LINKS, encoding="utf-8")
    return program.read_text(tmp_path)


def document(*beads):
    def side(texts):
        return tuple(Sentence(text, number, 0, len(text)) for number, text in enumerate(texts))

    sides = [tuple(Paragraph(text, ()) for text in texts) for texts in (CHINESE, ENGLISH)]
    return AlignedDocument(Bitext("t", *sides), side(CHINESE), side(ENGLISH), tuple(Bead(*bead) for bead in beads), ())


def test_units_are_judged_by_the_links_they_touch(program, text):
    beads = [((0, 1), (0, 1)), ((1, 2), (1, 2)), ((2, 4), (2, 3))]
    units = program.judge(text, document(*beads))
    assert [(unit.inside, unit.whole) for unit in units] == [(True, True), (True, False), (False, False)]


def test_two_links_in_one_unit_are_whole_but_not_inside(program, text):
    units = program.judge(text, document(((0, 3), (0, 2)), ((3, 4), (2, 2)), ((4, 4), (2, 3))))
    assert [(unit.inside, unit.whole) for unit in units] == [(False, True), (False, False), (False, False)]
    found = program.shares(units, text)
    chinese = sum(map(len, CHINESE[:3])) / sum(map(len, CHINESE))
    assert found[:2].tolist() == [1, 0] and found[4] == pytest.approx(1 - chinese)


def test_a_text_is_read_from_its_joined_paragraphs(program, text):
    built = program.build(text)
    assert len(program.judge(text, built)) == len(built.beads)


def test_what_a_reader_left_out_is_passed_over(program, text, monkeypatch):
    marked = replace(
        text, characters=("①" + text.characters[0], text.characters[1]), gold=([-1, *text.gold[0]], text.gold[1])
    )
    beads = [((0, 1), (0, 1)), ((1, 3), (1, 2)), ((3, 4), (2, 2))]
    with pytest.raises(SystemExit, match="left out text"):  # one of twenty characters
        program.as_read(marked, document(*beads))
    monkeypatch.setattr(program, "LEFT_OUT", 0.1)
    assert program.as_read(marked, document(*beads)) == text
    with pytest.raises(SystemExit, match="added text"):
        program.as_read(replace(text, characters=text.characters[::-1], gold=text.gold[::-1]), document(*beads))


def test_what_is_wrong_can_be_looked_at(program, text, capsys):
    wrong = document(((0, 2), (0, 1)), ((2, 3), (1, 2)), ((3, 4), (2, 3)))
    program.show(text, wrong, program.judge(text, wrong))
    assert "  春天来了。 | 雪化了。>" in capsys.readouterr().out
