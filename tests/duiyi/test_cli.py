"""The command as a user meets it: the main job, and one clear line for everything that is wrong."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from duiyi import cli
from duiyi.cli import app
from duiyi.outputs import load_glossary
from glossary.files.tbx import write_tbx
from tmx.tmx14 import read_tmx

ROOT = Path(__file__).parents[2]
MEMORIES = ("memory.tmx", "memory.low-confidence.tmx")


Run = Callable[..., subprocess.CompletedProcess[str]]


def run_apart(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "duiyi", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("main job") / "out"
    return out, run_apart("build", "seeds", "-o", out)


def test_main_job_writes_memory_and_glossary_and_says_so(
    built: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, done = built
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    written = {path.name for path in out.iterdir()}
    assert {"memory.tmx", "glossary.tbx", "glossary.csv", "glossary.xlsx"} <= written
    for words in ("18 Chinese : 18 English", "47 units", "line 19", "line 31", "line 39", "line 49"):
        assert words in done.stderr


def test_the_readme_shows_what_the_main_job_says(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- sample-output -->\n```\n")[2].partition("```")[0]
    said = [line for line in built[1].stderr.splitlines() if not line.startswith("Preparing the dictionary")]
    said = [line.replace(str(built[0]), "out") for line in said]
    terms = [re.findall(r"\d+", line) for lines in (said, shown.splitlines()) for line in lines if line[:5] == "Terms"]
    # Another processor rounds otherwise, which may decide of a term at the floor.
    assert all(abs(int(one) - int(other)) <= 3 for one, other in zip(*terms, strict=True))
    assert [re.sub(r"^Terms .*", "Terms", line) for line in said] == [
        re.sub(r"^Terms .*", "Terms", line) for line in shown.splitlines()
    ]


@pytest.mark.parametrize("page", ["README.md", "docs/scale.md"])
def test_the_lookup_of_the_documentation_finds_something(
    page: str, built: tuple[Path, subprocess.CompletedProcess[str]], run: Run
) -> None:
    (text,) = re.findall(r'duiyi lookup "(.+?)" --in', (ROOT / page).read_text(encoding="utf-8"))
    done = run("lookup", text, "--in", built[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert f"⟦{text}⟧" in done.stdout


def test_the_lookup_does_not_offer_what_was_rejected(
    built: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path, run: Run
) -> None:
    out = tmp_path / "out"
    shutil.copytree(built[0], out)
    glossary = load_glossary(out)
    entries = (replace(one, review="rejected") if one.term == "多边主义" else one for one in glossary.entries)
    write_tbx(replace(glossary, entries=tuple(entries)), out / "glossary.tbx")
    assert "多边主义 = " in run("lookup", "多边主义", "--in", built[0]).stdout
    assert "多边主义 = " not in run("lookup", "多边主义", "--in", out).stdout


def test_lines_of_standard_input_are_told_apart(built: tuple[Path, subprocess.CompletedProcess[str]], run: Run) -> None:
    done = run("lookup", "--in", built[0], stdin="多边主义\n\n合作\n")
    assert [line for line in done.stdout.splitlines() if line.startswith("»")] == ["» 多边主义", "» 合作"]


@pytest.mark.parametrize(
    ("page", "printed"),
    [
        ("docs/scale.md", "80 首先，元首外交发挥了引领作用。 First, head-of-state diplomacy"),
        ("docs/reading.md", "wang-yi-interview-2021-12-30.txt 18 18 2021-12-30"),
        ("docs/glossary.md", ""),
    ],
)
def test_the_python_of_the_documentation_runs(
    page: str,
    printed: str,
    built: tuple[Path, subprocess.CompletedProcess[str]],
    sample: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    blocks += [block.replace("\n    ", "\n") for block in re.findall(r"\n(?:    from .*\n)(?:    .*\n)+", text)]
    monkeypatch.chdir(built[0].parent)
    if not Path("texts").exists():
        Path("texts").symlink_to(sample.parent)
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), {"units": list(read_tmx(built[0] / "memory.tmx"))[:3]})
    assert capsys.readouterr().out.startswith(printed)


def test_glossary_csv_is_for_people_and_spreadsheets(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    raw = (built[0] / "glossary.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    header = "id,zh-CN,en-US,type,review,usage,count,units,context_zh,context_en,source"
    assert list(rows[0])[:11] == header.split(",")
    assert len({row["id"] for row in rows}) > 50


def test_json_summary_goes_to_standard_output(tmp_path: Path, run: Run) -> None:
    done = run("build", "seeds", "-o", tmp_path / "out", "--json")
    summary = json.loads(done.stdout)
    assert summary["units"] == 47
    assert summary["documents"][0]["paragraphs"] == [18, 18]
    assert [notice["kind"] for notice in summary["notices"]].count("joined") == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("spaces.txt", b"  \n \n"),
        ("english.txt", b"Only English here.\n\nNothing else.\n"),
        ("chinese.txt", "只有中文。\n\n没有英文。\n".encode()),
        ("broken.txt", "中文在这里。\nEnglish here.\n".encode() * 30 + b"\xff\x81\n"),
        ("rubbish.txt", bytes(range(256)) * 40),
        ("old.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    ],
)
def test_bad_input_gets_one_clear_line(tmp_path: Path, name: str, content: bytes, run: Run) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("build", tmp_path / name, "-o", tmp_path / "out")
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("duiyi: ")
    assert name in lines[0]
    assert not (tmp_path / "out" / "memory.tmx").exists()


def test_missing_file_and_folder_without_documents(tmp_path: Path, run: Run) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("missing.txt", "folder"):
        done = run("build", tmp_path / name, "-o", tmp_path / "out")
        assert done.returncode == 1
        (line,) = done.stderr.strip().splitlines()
        assert name in line
    assert not (tmp_path / "out" / "memory.tmx").exists()


def test_what_is_wrong_is_said_in_the_language_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DUIYI_LANG", "en")
    missing = tmp_path / "missing.txt"
    arguments = ["build", str(missing), "-o", str(tmp_path / "out")]
    for spoken, said in (("zh", "没有这个文件或文件夹"), ("", "no such file or folder")):
        assert cli.main([*arguments, *(["--lang", spoken] if spoken else [])]) == 1
        assert capfd.readouterr().err.splitlines()[-1].endswith(said)


def test_one_bad_document_does_not_stop_the_others(tmp_path: Path, sample: Path, run: Run) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "good.txt").write_bytes(sample.read_bytes())
    (folder / "bad.txt").write_bytes(b"Only English here.\n")
    done = run("build", folder, "-o", tmp_path / "out")
    assert done.returncode == 3
    assert "bad.txt" in done.stderr
    assert (tmp_path / "out" / "memory.tmx").exists()


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_names_of_files_do_not_command_the_terminal(tmp_path: Path, sample: Path, run: Run) -> None:
    shutil.copy(sample, tmp_path / "a.txt")
    (tmp_path / "b\x1b[2J\n.mobi").write_text("x", encoding="utf-8")
    done = run("build", tmp_path, "-o", tmp_path / "out", "--quiet")
    assert done.returncode == 0
    done = run("align", tmp_path / "b\x1b[2J\n.mobi")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and r"b\x1b[2J .mobi" in done.stderr and "\x1b" not in done.stderr


def test_a_review_that_is_not_there_is_named(tmp_path: Path, run: Run) -> None:
    done = run("import", tmp_path / "nope.xlsx")
    assert (done.returncode, done.stderr) == (1, f"duiyi: {tmp_path / 'nope.xlsx'}: no such file\n")


def test_usage_error_exits_2(run: Run) -> None:
    assert run_apart("build").returncode == 2
    assert run("bilud", "x").returncode == 2


@pytest.mark.parametrize("command", [str(command.name) for command in app.registered_commands])
def test_help_of_every_command_has_an_example(command: str, run: Run) -> None:
    shown = run(command, "--help")
    assert shown.returncode == 0
    assert "Example" in shown.stdout


def test_settings_of_memory_and_terms_reach_the_files(tmp_path: Path, run: Run) -> None:
    text = "我们坚持多边主义。\n\nWe’re committed to multilateralism.\n\n多边主义很好。\n\nMultilateralism is good.\n"
    (tmp_path / "talk.txt").write_text(text, encoding="utf-8")
    (tmp_path / "stop.txt").write_text("多边主义\n", encoding="utf-8")
    out = tmp_path / "out"
    settings = ["--quotes", "straight", "--reverse", "--date", "2021-05", "--stop", tmp_path / "stop.txt"]
    done = run("build", tmp_path / "talk.txt", "-o", out, *settings)
    assert done.returncode == 0, done.stderr
    memory = (out / "memory.tmx").read_text(encoding="utf-8")
    assert "We're committed" in memory
    assert '<prop type="x-date">2021-05</prop>' in memory
    assert 'srclang="en-US"' in (out / "memory.reverse.tmx").read_text(encoding="utf-8")
    listed = csv.DictReader((out / "glossary.csv").read_text(encoding="utf-8-sig").splitlines())
    assert "多边主义" not in {row["zh-CN"] for row in listed}
    assert run("build", tmp_path / "talk.txt", "-o", out, "--date", "soon").returncode == 2


def test_a_confidence_floor_sends_the_rest_to_a_second_memory(tmp_path: Path, run: Run) -> None:
    done = run("build", "seeds", "-o", tmp_path / "out", "--min-confidence", "0.99999")
    assert done.returncode == 0, done.stderr
    units = [(tmp_path / "out" / name).read_text(encoding="utf-8").count("<tu ") for name in MEMORIES]
    assert sum(units) == 47
    assert units[1] > 0


def test_a_termbase_in_the_output_folder_is_not_replaced_by_the_one_it_is_known_for(tmp_path: Path, run: Run) -> None:
    own = tmp_path / "glossary.csv"
    own.write_text("zh,en\n多边主义,multilateralism\n", encoding="utf-8")
    done = run("build", "seeds", "-o", tmp_path, "--known", own)
    assert done.returncode == 1
    assert done.stderr == f"duiyi: {own}: is an input; choose another name for the output\n"
    assert list(tmp_path.iterdir()) == [own]
    assert run("build", "seeds", "-o", "-").returncode == 2


def test_release_notes_never_replace_what_they_compare(
    built: tuple[Path, subprocess.CompletedProcess[str]], run: Run
) -> None:
    memory = built[0] / "memory.tmx"
    for arguments in ((memory, memory), (built[0], built[0])):
        done = run("diff", *arguments, "-o", memory)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "is an input" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no such device")
@pytest.mark.parametrize(
    "arguments", [["segment", "seeds/wang-yi-interview-2021-12-30.txt"], ["evaluate", "{beads}", "{beads}"]]
)
def test_standard_output_that_takes_no_more_is_one_line(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "beads").write_text("[0]:[0]:1\n", encoding="utf-8")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "duiyi", *(argument.format(beads=tmp_path / "beads") for argument in arguments)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "duiyi: standard output: cannot be written: No space left on device\n"


def test_tables_that_are_built_are_announced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("zh.txt", "大家好！\n"), ("en.txt", "Hello everyone!\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUIYI_CACHE_DIR", str(tmp_path / "cache"))
    arguments = ["align", tmp_path / "zh.txt", tmp_path / "en.txt", "--presplit"]
    first, second = run_apart(*arguments), run_apart(*arguments)
    lines = first.stderr.splitlines()
    assert lines == [f"Preparing the dictionary, once: {number} of 2" for number in (1, 2)]
    assert (second.stdout, second.stderr) == (first.stdout, "")


def ask(*arguments: str | Path, shell: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a shell would, with redirections and another environment."""
    command = f'exec "$@" {shell}'
    return subprocess.run(
        ["sh", "-c", command, "sh", sys.executable, "-m", "duiyi", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


needs_shell = pytest.mark.skipif(not Path("/bin/sh").exists(), reason="no POSIX shell")


@needs_shell
@pytest.mark.parametrize("encoding", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}])
def test_a_terminal_without_chinese_gets_escapes_and_chinese_is_still_found(
    encoding: dict[str, str], built: tuple[Path, subprocess.CompletedProcess[str]]
) -> None:
    done = ask("lookup", "多边主义", "--in", built[0], PYTHONUTF8="0", **encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u591a\\u8fb9\\u4e3b\\u4e49" in done.stdout


@needs_shell
@pytest.mark.parametrize(
    "closed, said", [(">&-", "duiyi: standard output: cannot be written: it is closed\n"), (">&- 2>&-", "")]
)
def test_closed_streams_are_one_line_or_none(
    closed: str, said: str, built: tuple[Path, subprocess.CompletedProcess[str]]
) -> None:
    done = ask("lookup", "多边主义", "--in", built[0], shell=closed)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize("option", [["-o", ""], ["--output="], ["--output", ""]])
def test_an_output_without_a_name_is_no_way_to_say_the_current_folder(
    option: list[str], tmp_path: Path, run: Run
) -> None:
    (tmp_path / "zh.txt").write_text("大家好！\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("Hello everyone!\n", encoding="utf-8")
    before = sorted(ROOT.iterdir())
    done = run("build", tmp_path, *option)
    name = option[0].removesuffix("=")
    assert done.returncode == 2
    assert done.stderr == f"duiyi: {name} names nothing; give it the name of a file or folder\n"
    assert sorted(ROOT.iterdir()) == before


@pytest.mark.parametrize("name", ["memory.tmx", "glossary.xlsx", ".duiyi"])
def test_links_that_lead_in_a_circle_are_one_line_or_no_hindrance(name: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zh.txt").write_text("大家好！\n", encoding="utf-8")
    (tmp_path / "in" / "a.en.txt").write_text("Hello everyone!\n", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(name)
    done = run("build", tmp_path / "in", "-o", tmp_path / "out", "-q")
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert done.returncode == 1
        assert re.fullmatch(r"duiyi: .*Too many levels of symbolic links\n", done.stderr)
    else:
        assert (tmp_path / "out" / "memory.tmx").is_file()


def test_a_full_folder_for_temporary_files_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While the workbook is put together, in the worst place."""
    from xlsxwriter.worksheet import Worksheet

    from duiyi.cli import main
    from tmx.model import TranslationUnit
    from tmx.tmx14 import write_tmx

    def full(sheet: Worksheet) -> None:
        raise OSError(28, "No space left on device")

    units = [TranslationUnit(str(n), "多边主义很好。", "Multilateralism is good.", document=f"d{n}") for n in range(3)]
    write_tmx(units, tmp_path / "m.tmx")
    monkeypatch.setattr(Worksheet, "_assemble_xml_file", full)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    assert main(["glossary", str(tmp_path / "m.tmx"), "-o", str(tmp_path / "out"), "-q"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "No space left on device; is the disk full, or the folder for temporary" in said
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminal of this system says that it was closed")
@pytest.mark.parametrize("ignored", [False, True])
def test_a_closed_terminal_ends_what_was_not_told_to_go_on(ignored: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: object) -> int:
        try:
            os.kill(os.getpid(), signal.SIGHUP)
            time.sleep(0.01)
        except SystemExit as ending:
            raise BrokenPipeError("a worker went away") from ending
        return 0

    def gone(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(cli, "_run", closed)
    monkeypatch.setattr(cli, "tell", gone)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        assert cli.main([]) == (0 if ignored else 129)
        assert signal.getsignal(signal.SIGHUP) == (signal.SIG_IGN if ignored else signal.SIG_DFL)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_a_request_to_end_cuts_off_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def cut_off(_: object) -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            raise BrokenPipeError("a worker went away")

    monkeypatch.setattr(cli, "_run", cut_off)
    assert cli.main([]) == 143
    assert capsys.readouterr().err == "duiyi: stopped; what was finished is kept\n"
