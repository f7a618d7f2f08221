"""The measurement of official renderings counts occurrences by unit, the longest form where forms overlap."""

import pytest

CHINESE = ["國家稅務總局發布公告。", "脱贫攻坚战取得胜利，改革开放不断推进。", "天气很好。"]
ENGLISH = [
    "The State Taxation Administration issued a notice.",
    "The war on want was won.",
    "Reform and opening up goes on.",
]


@pytest.fixture(scope="module")
def program(load_program):
    return load_program("official")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "zh.txt").write_text("\n".join(CHINESE) + "\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("\n".join(ENGLISH) + "\n", encoding="utf-8")
    return tmp_path


def shares(program, folder):
    keys = list(program.table())
    return program.counts(folder, keys, program.AhoCorasick(keys, matchkind=program.MatchKind.LeftmostLongest))


def test_lines_are_units_where_there_are_no_links(program, folder):
    assert shares(program, folder) == (3, 1, 3)


def test_links_put_units_together(program, folder):
    (folder / "links.tsv").write_text("1\t1\n2\t2,3\n3\t-\n", encoding="utf-8")
    assert shares(program, folder) == (3, 2, 3)


def test_texts_whose_lines_cannot_answer_one_another_are_named(program, folder):
    (folder / "en.txt").write_text("\n".join(ENGLISH[1:]) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"zh.txt has 3 lines, en.txt 2"):
        shares(program, folder)
