import json

import openpyxl
import pytest

from duiyi.cli import main
from duiyi.dictionary import read_pairs
from glossary.files.tbx import write_tbx
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.alignment.beads import read_links

SOURCE = "大家好！\n我们的外交工作取得了成功，朋友越来越多。\n2021年12月30日\n"
TARGET = "Greetings to you all!\nOur diplomacy was a success.\nWe have more friends.\nDecember 30, 2021\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "zh.txt").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "en.txt").write_text(TARGET, encoding="utf-8")
    return [str(tmp_path / "zh.txt"), str(tmp_path / "en.txt")]


def test_beads_of_ready_split_text(files, tmp_path, capsys):
    assert main(["align", *files, "--presplit", "-o", str(tmp_path / "beads")]) == 0
    lines = (tmp_path / "beads").read_text(encoding="utf-8").split("\n")
    assert [line.rpartition(":")[0] for line in lines] == ["[0]:[0]", "[1]:[1, 2]", "[2]:[3]", ""]
    assert capsys.readouterr().out == ""
    assert main(["evaluate", str(tmp_path / "beads"), str(tmp_path / "beads")]) == 0
    assert "1.0000 1.0000 1.0000 1.0000 1.0000 1.0000" in capsys.readouterr().out


def test_texts_as_tsv_and_json(files, capsys):
    assert main(["align", *files, "--presplit", "--format", "tsv"]) == 0
    assert capsys.readouterr().out.startswith("大家好！\tGreetings to you all!\t")
    assert main(["align", *files, "--presplit", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[1]["target"] == [1, 2]


def test_whole_texts_are_segmented_first(tmp_path, capsys):
    (tmp_path / "zh.txt").write_text("大家好！我们的外交工作取得了成功。\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("Greetings to you all! Our diplomacy was a success.\n", encoding="utf-8")
    assert main(["align", str(tmp_path / "zh.txt"), str(tmp_path / "en.txt")]) == 0
    assert capsys.readouterr().out.startswith("[0]:[0]:")


def test_an_input_is_never_overwritten(files, capsys):
    assert main(["align", *files, "--presplit", "-o", files[0]]) == 1
    assert "is an input" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--anchors", "--dictionary"])
def test_a_file_of_the_user_is_never_overwritten(option, files, tmp_path, capsys):
    own = tmp_path / "own"
    own.write_text("[0]:[0]\n", encoding="utf-8")
    assert main(["align", *files, "--presplit", option, str(own), "-o", str(own)]) == 1
    assert "is an input" in capsys.readouterr().err
    assert own.read_text() == "[0]:[0]\n"


def test_an_empty_side_is_one_clear_line(files, tmp_path, capsys):
    (tmp_path / "en.txt").write_text("\n", encoding="utf-8")
    assert main(["align", *files, "--presplit"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_memory_with_the_unsure_units_apart(files, tmp_path):
    from tmx.tmx14 import read_tmx

    out = tmp_path / "talk.tmx"
    assert main(["align", *files, "--presplit", "--format", "tmx", "--min-confidence", "1", "-o", str(out)]) == 0
    apart = list(read_tmx(tmp_path / "talk.low-confidence.tmx"))
    assert {unit.source for unit in [*read_tmx(out), *apart]} == set(SOURCE.split("\n")[:3])


def test_anchors_hold_and_bad_ones_are_one_clear_line(files, tmp_path, capsys):
    (tmp_path / "anchors").write_text("[0]:[0, 1]\n", encoding="utf-8")
    assert main(["align", *files, "--presplit", "--anchors", str(tmp_path / "anchors")]) == 0
    assert capsys.readouterr().out.startswith("[0]:[0, 1]:")
    (tmp_path / "anchors").write_text("[0]:[9]\n", encoding="utf-8")
    assert main(["align", *files, "--presplit", "--anchors", str(tmp_path / "anchors")]) == 1
    error = capsys.readouterr().err
    assert error == (
        f"duiyi: {tmp_path / 'anchors'}, line 1: English sentence 9 does not exist: the text has 4 (0 to 3)\n"
    )


@pytest.mark.parametrize(("line", "expected"), [("[0]:[]", "[0]:[]"), ("1\t-", "[0]:[]"), ("[]:[1]", "[]:[1]")])
def test_an_anchor_with_an_empty_side_leaves_the_sentence_alone(line, expected, files, tmp_path, capsys):
    (tmp_path / "anchors").write_text(line + "\n", encoding="utf-8")
    assert main(["align", *files, "--presplit", "--anchors", str(tmp_path / "anchors")]) == 0
    beads = [bead.rpartition(":")[0] for bead in capsys.readouterr().out.splitlines()]
    assert expected in beads
    assert "[2]:[3]" in beads, "the rest is aligned as usual"


def test_an_empty_file_and_the_same_file_twice_are_named(files, tmp_path, capsys):
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n", encoding="utf-8")
    for arguments in ([str(empty), files[1]], [files[0], str(empty)]):
        for more in ([], ["--presplit"]):
            assert main(["align", *arguments, *more]) == 1
            (line,) = capsys.readouterr().err.splitlines()
            assert line.startswith(f"duiyi: {empty}: holds no ")
    (tmp_path / "link.txt").symlink_to(files[0])
    for other in (files[0], str(tmp_path / "link.txt")):
        for more in ([], ["--presplit"]):
            assert main(["align", files[0], other, *more]) == 1
            assert "is the same file as" in capsys.readouterr().err


def test_ready_split_files_the_wrong_way_round_are_refused(files, tmp_path, capsys):
    assert main(["align", *reversed(files), "--presplit"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "name the Chinese file first" in line
    (tmp_path / "zh2.txt").write_text(SOURCE, encoding="utf-8")
    assert main(["align", files[0], str(tmp_path / "zh2.txt"), "--presplit"]) == 1
    assert "name an English file second" in capsys.readouterr().err


def test_two_whole_texts_are_taken_by_what_is_in_them(files, capsys):
    assert main(["align", *files]) == 0
    right = capsys.readouterr()
    assert right.err == ""
    assert main(["align", *reversed(files)]) == 0
    turned = capsys.readouterr()
    assert turned.out == right.out
    (line,) = turned.err.splitlines()
    assert "zh.txt is taken for the Chinese text" in line


def test_two_texts_of_any_name_that_quote_one_another_are_one_document(tmp_path, capsys):
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text("大家好！\n我们的外交工作取得了成功。\nDiplomacy\n", encoding="utf-8")
    other.write_text("Greetings to you all!\nOur diplomacy was a success.\n外交\n", encoding="utf-8")
    assert main(["align", str(one), str(other)]) == 0
    assert capsys.readouterr().out.startswith("[0]:[0]:")


def test_a_dash_and_a_link_as_output(files, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["align", *files, "--presplit"]) == 0
    beads = capsys.readouterr().out
    assert main(["align", *files, "--presplit", "-o", "-"]) == 0
    assert capsys.readouterr().out == beads
    (tmp_path / "link").symlink_to(tmp_path / "beads")
    assert main(["align", *files, "--presplit", "-o", "link"]) == 0
    assert (tmp_path / "link").is_symlink() and (tmp_path / "beads").read_text() == beads
    assert not (tmp_path / "-").exists()
    assert main(["align", *files, "--presplit", "--format", "tmx", "-o", "-"]) == 0
    assert capsys.readouterr().out.startswith("<?xml")


@pytest.mark.parametrize(
    ("name", "entry", "header"),
    [
        ("own.u8", "{0} {0} [zz1] /{1}/\n", "# comment\n"),
        ("own.tsv", "{0}\t{1}\n", ""),
        ("own.csv", "{1},{0}\n", ""),
        ("named.csv", "{0},{1}\n", "zh-CN,en-US\n"),
    ],
)
@pytest.mark.parametrize(("word", "expected"), [("嗡嗡", 3), ("咚咚", 4)])
def test_an_own_dictionary_is_used(name, entry, header, word, expected, tmp_path, capsys):
    zh, en, own = tmp_path / "zh.txt", tmp_path / "en.txt", tmp_path / name
    padding = SOURCE, TARGET.replace(".\nWe", "; we")
    zh.write_text(padding[0] + "嗡嗡呱呱哒哒。\n咚咚咣咣叮叮。\n" + padding[0], encoding="utf-8")
    en.write_text(padding[1] + "The zub mogs it.\nA flibber jobs.\nThe quon zods it.\n" + padding[1], encoding="utf-8")
    own.write_text(header + entry.format(word, "flibber") + entry.format(word, "jobs"), encoding="utf-8")
    assert main(["align", str(zh), str(en), "--presplit", "--dictionary", str(own)]) == 0
    (tmp_path / "beads").write_text(capsys.readouterr().out, encoding="utf-8")
    (partner,) = [source for source, target in read_links(tmp_path / "beads") if 4 in target]
    assert partner == (expected,)


def write_termbase(path, term, renderings):
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        header = [] if "bare" in path.name else [["zh-CN", "en-US"]]
        for row in (*header, *([term, rendering] for rendering in renderings)):
            book.active.append(row)
        book.save(path)
    else:
        first, *others = renderings
        usages = [Rendering(first), *(Rendering(text, usage="admitted") for text in others)]
        write_tbx(Glossary((ConceptEntry("c1", term, tuple(usages)),)), path)


@pytest.mark.parametrize("name", ["own.xlsx", "bare.xlsx", "own.tbx"])
@pytest.mark.parametrize(("word", "expected"), [("嗡嗡", 3), ("咚咚", 4)])
def test_a_termbase_is_used_as_dictionary(name, word, expected, tmp_path, capsys):
    zh, en, own = tmp_path / "zh.txt", tmp_path / "en.txt", tmp_path / name
    padding = SOURCE, TARGET.replace(".\nWe", "; we")
    zh.write_text(padding[0] + "嗡嗡呱呱哒哒。\n咚咚咣咣叮叮。\n" + padding[0], encoding="utf-8")
    en.write_text(padding[1] + "The zub mogs it.\nA flibber jobs.\nThe quon zods it.\n" + padding[1], encoding="utf-8")
    write_termbase(own, word, ["flibber", "jobs"])
    assert main(["align", str(zh), str(en), "--presplit", "--dictionary", str(own)]) == 0
    (tmp_path / "beads").write_text(capsys.readouterr().out, encoding="utf-8")
    (partner,) = [source for source, target in read_links(tmp_path / "beads") if 4 in target]
    assert partner == (expected,)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
@pytest.mark.parametrize("header", ["", "中文\tEnglish\n"])
def test_a_dictionary_as_a_spreadsheet_program_saves_it(encoding, header, tmp_path):
    own = tmp_path / "own.txt"
    own.write_bytes(f"{header}外交学\tdiplomatics\r\n多边主义\tmultilateralism\r\n".encode(encoding))
    assert read_pairs(own) == [("外交学", "diplomatics"), ("多边主义", "multilateralism")]


def test_a_bad_line_of_a_dictionary_is_named(files, tmp_path, capsys):
    (tmp_path / "own.tsv").write_text("嗡嗡\tflibber\nonly English\n", encoding="utf-8")
    assert main(["align", *files, "--presplit", "--dictionary", str(tmp_path / "own.tsv")]) == 1
    assert "own.tsv, line 2" in capsys.readouterr().err
