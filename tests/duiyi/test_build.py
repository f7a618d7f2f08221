"""The main job over many documents: incremental, resumable, parallel, and safe when things go wrong."""

from __future__ import annotations

import hashlib
import importlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import fsspec
import openpyxl
import pytest

from duiyi import build as building
from duiyi.build import BuildOptions, Summary, build, read_build
from duiyi.decisions.journal import DecisionJournal
from duiyi.decisions.model import AcceptTerm, Decision, EditUnit
from duiyi.execution import ExecutionOptions
from duiyi.lookup import Memory
from duiyi.manifest import changed_files, read_manifest
from duiyi.outputs import load_units
from tmx.errors import FormatError, OutputError, ToolError
from tmx.files import is_leftover
from tmx.tmx14 import TmxOptions, read_tmx

ROOT = Path(__file__).parents[2]
CHINESE = ("经济", "外交", "教育", "文化", "科技", "农业", "卫生", "交通")
ENGLISH = ("economy", "diplomacy", "education", "culture", "technology", "agriculture", "health", "transport")
SERIAL = BuildOptions(execution=ExecutionOptions(workers=1))


def write_document(folder: Path, number: int, sentences: int = 2) -> Path:
    """One mixed document about two or more subjects, a paragraph a sentence."""
    chance = random.Random(number)
    subjects = [chance.randrange(len(CHINESE)) for _ in range(sentences)]
    chinese = [f"第{number}号文件谈{CHINESE[subject]}，也谈{CHINESE[subject - 1]}合作。" for subject in subjects]
    english = [
        f"Document No. {number} is about the {ENGLISH[subject]}, and about cooperation in {ENGLISH[subject - 1]}."
        for subject in subjects
    ]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number:04d}.txt"
    path.write_text("\n".join([*chinese, *english]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    for number in range(6):
        write_document(tmp_path / "in", number)
    return tmp_path / "in"


def contents(out: Path) -> dict[str, str]:
    """Every file that a user sees, by digest."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.iterdir()) if path.is_file()
    }


def stamps(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in sorted(out.iterdir()) if path.is_file()}


def changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the documents that were really worked on, in this process."""
    names: list[str] = []
    do = building.do

    def counted(job: building.Job) -> str:
        names.append(job.item.name)
        return do(job)

    monkeypatch.setattr(building, "do", counted)
    monkeypatch.setattr("duiyi.build.open_executor", _serial)
    return names


def _serial(options: ExecutionOptions, items: int) -> building.Executor:
    from duiyi.execution import SerialExecutor

    return SerialExecutor(options.time_limit)


def test_what_has_not_changed_is_not_done_again(documents, tmp_path, done):
    out = tmp_path / "out"
    first = build([documents], out)
    assert len(done) == 6 and first.reused == 0 and first.counts.units == 12
    before, bytes_before = stamps(out), contents(out)
    assert {"memory.tmx", "memory.db", "glossary.tbx", "glossary.csv", "glossary.xlsx", "report.html"} <= set(before)

    again = build([documents], out)
    assert len(done) == 6 and again.reused == 6
    assert again.changed == () and "memory.tmx" in first.changed
    assert replace(again, reused=0, documents=()) == replace(first, documents=(), changed=())
    assert list(again.documents) == list(first.documents)
    assert stamps(out) == before
    assert changed_files(out) == []

    write_document(documents, 3, sentences=3)
    touched = build([documents], out)
    assert done[6:] == ["0003.txt"] and touched.reused == 5 and touched.counts.units == 13

    (documents / "0005.txt").unlink()
    removed = build([documents], out)
    assert len(done) == 7 and removed.counts.units == 11
    assert {unit.document for unit in read_tmx(out / "memory.tmx")} == {f"000{n}.txt" for n in range(5)}
    assert len(list((out / ".duiyi" / "documents").glob("??/*"))) == 5

    write_document(documents, 3)
    write_document(documents, 5)
    build([documents], out)
    assert contents(out) == bytes_before


def test_a_changed_setting_redoes_what_depends_on_it_and_only_that(documents, tmp_path, done):
    out = tmp_path / "out"
    build([documents], out)
    before = stamps(out)

    build([documents], out, BuildOptions(tmx=TmxOptions(quotes="straight")))
    assert done == [f"000{n}.txt" for n in range(6)]
    assert changed(before, stamps(out)) == {"memory.tmx", "report.html", "manifest.json"}

    options = BuildOptions(tmx=TmxOptions(quotes="straight"))
    before = stamps(out)
    build([documents], out, replace(options, extraction=replace(options.extraction, strictness="wide")))
    assert len(done) == 6
    assert changed(before, stamps(out)) == {
        "glossary.tbx",
        "glossary.csv",
        "glossary.xlsx",
        "report.html",
        "manifest.json",
    }

    read = replace(options.memory.read, keep_furniture=True)
    build([documents], out, replace(options, memory=replace(options.memory, read=read)))
    assert len(done) == 12

    (out / "memory.tmx").unlink()
    (out / "glossary.csv").write_text("spoilt")
    build([documents], out, options)
    assert (out / "memory.tmx").exists() and (out / "glossary.csv").read_text("utf-8-sig").startswith("id,")
    assert (out / "glossary.edited.csv").read_text() == "spoilt"


def test_what_had_to_be_replaced_cut_or_folded_is_said_each_time(tmp_path, done):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    chinese, english = "经济很好。\n控制\x01字符。\n" + "好" * 40_000 + "。\n", "The economy is good.\nControl\x01.\n"
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(chinese + "\n" + english + "Good.\n", encoding="utf-8")
    first, second = build([folder], out), build([folder], out)
    assert first.notices == second.notices and second.reused == 2
    said = {(notice.document, notice.place): notice.message for notice in first.notices}
    assert said["a.txt", "line 2"] == "U+0001 replaced by U+FFFD, once: no XML can hold it"
    assert said["b.txt", "line 6"] == said["a.txt", "line 2"]
    cut = [place for name, place in said if name == "glossary.xlsx"]
    assert len(cut) == 2 and all(place.startswith("Alignment!C") for place in cut)
    assert first.memory["memory_duplicates"] > 0
    assert first.memory["memory_units"] + first.memory["memory_duplicates"] == first.counts.units
    assert read_manifest(out).counts["memory_units"] == first.memory["memory_units"]


def test_a_file_that_is_no_longer_written_goes(tmp_path, done):
    folder = tmp_path / "in"
    write_document(folder, 1)
    text = (folder / "0001.txt").read_text(encoding="utf-8").replace("about", "on")
    (folder / "other.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    build([folder], out)
    assert (out / "memory.alternatives.tmx").exists()
    (folder / "other.txt").unlink()
    build([folder], out)
    assert not (out / "memory.alternatives.tmx").exists()


def add_remark(path: Path) -> bytes:
    """Do what a reviewer does who writes into a cell and saves; return what the file is then."""
    book = openpyxl.load_workbook(path)
    book["Terms"]["Z2"] = "my remark"
    book.save(path)
    return path.read_bytes()


def test_what_somebody_edited_is_set_aside_and_never_overwritten(documents, tmp_path, done):
    out = tmp_path / "out"
    assert build([documents], out).set_aside == ()
    mine = add_remark(out / "glossary.xlsx")
    (out / "memory.tmx").write_text("mine", encoding="utf-8")
    write_document(documents, 3, sentences=3)
    second = build([documents], out)
    assert (out / "glossary.edited.xlsx").read_bytes() == mine
    assert (out / "memory.edited.tmx").read_text(encoding="utf-8") == "mine"
    edited = out / "glossary.edited.xlsx"
    assert second.set_aside == (
        "memory.tmx was changed after duiyi had written it; the changed file is now memory.edited.tmx. "
        f"Its changes cannot be imported; make them in glossary.xlsx or with duiyi review {out}",
        "glossary.xlsx was changed after duiyi had written it; the changed file is now glossary.edited.xlsx. "
        f"To take its changes in: duiyi import {edited} --into {out}",
    )
    assert {unit.document for unit in load_units(out)} == {
        f"000{n}.txt" for n in range(6)
    }  # the memory that was set aside is no part of it
    again = add_remark(out / "glossary.xlsx")
    assert len(build([documents], out).set_aside) == 1
    assert edited.read_bytes() == mine
    assert (out / "glossary.edited-2.xlsx").read_bytes() == again
    assert changed_files(out) == []


def test_opened_touched_or_restored_is_not_edited(documents, tmp_path, done):
    out = tmp_path / "out"
    build([documents], out)
    earlier = (out / "glossary.xlsx").read_bytes()
    (out / ".~lock.glossary.xlsx#").write_text("open in LibreOffice", encoding="utf-8")
    os.utime(out / "glossary.xlsx")
    write_document(documents, 3, sentences=3)
    assert build([documents], out).set_aside == ()
    shutil.rmtree(out / ".duiyi")
    assert build([documents], out).set_aside == ()
    (out / "glossary.xlsx").write_bytes(earlier)
    assert len(build([documents], out).set_aside) == 1  # an old copy put back is not what was written last


@pytest.mark.parametrize("moment", ["before the rename", "after the rename"])
def test_a_build_that_is_killed_knows_its_own_files(documents, tmp_path, done, monkeypatch, moment):
    out = tmp_path / "out"
    build([documents], out)
    write_document(documents, 3, sentences=3)
    rename = Path.replace

    def die(self: Path, target: Path) -> Path:
        if Path(target).name == "glossary.xlsx" and self.parent.name == "new":
            if moment == "after the rename":
                rename(self, target)
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            build([documents], out)
    write_document(documents, 4, sentences=3)  # so that the next build writes yet another workbook
    assert build([documents], out).set_aside == ()
    assert not list(out.glob("*.edited*"))


def test_a_damaged_document_is_made_again(documents, tmp_path, done):
    out = tmp_path / "out"
    build([documents], out)
    before = contents(out)
    (first, *_) = sorted((out / ".duiyi" / "documents").glob("??/*"))
    first.write_bytes(first.read_bytes()[:100])
    (out / ".duiyi" / "stages.json").unlink()
    with pytest.raises(OutputError, match="gone or damaged; run again"):
        build([documents], out)
    assert build([documents], out).reused == 5
    assert contents(out) == before


def test_decisions_survive_every_rebuild(documents, tmp_path, done):
    out = tmp_path / "out"
    first = build([documents], out)
    unit = first.documents[1].units[0]  # no other unit has its source
    entry = first.glossary.entries[0]
    DecisionJournal(out / "decisions.jsonl").append(
        [
            Decision(unit.id, EditUnit(target="As the reviewer has it.")),
            Decision(entry.id, AcceptTerm()),
            Decision("c-no-such", AcceptTerm()),
        ]
    )
    second = build([documents], out)
    assert len(done) == 6
    assert "As the reviewer has it." in {unit.target for unit in read_tmx(out / "memory.tmx")}
    assert {e.id: e.review for e in second.glossary.entries}[entry.id] == "accepted"
    assert len(second.misfits) == 1 and "no such entry" in second.misfits[0]
    (documents / "0005.txt").unlink()
    third = build([documents], out)
    assert "As the reviewer has it." in {unit.target for unit in read_tmx(out / "memory.tmx")}
    assert {e.id: e.review for e in third.glossary.entries}[entry.id] == "accepted"
    with Memory.open(out) as memory:
        assert memory.lookup("As the reviewer has it.")[0].rate == 100
    assert read_build(out).documents[1].units[0].target == unit.target  # as it was before any decision


def test_nothing_built_yet(tmp_path):
    with pytest.raises(FormatError, match="nothing is built there"):
        read_build(tmp_path)


def test_the_output_folder_is_not_input(documents, done):
    build([documents], documents / "out")
    again = build([documents], documents / "out")
    assert again.reused == 6 and len(done) == 6
    with pytest.raises(ToolError, match="choose another folder"):
        build([documents], documents)


def test_the_sample_counts_terms_in_every_unit(tmp_path, done):
    folder = tmp_path / "in"
    for number in range(60):
        write_document(folder, number, sentences=3)
    whole = build([folder], tmp_path / "whole")
    part = build([folder], tmp_path / "part", BuildOptions(max_term_units=60))
    counts = {entry.term: entry.count for entry in whole.glossary.entries}
    shared = [entry for entry in part.glossary.entries if entry.term in counts]
    assert len(shared) >= 5
    units = [unit.source for document in whole.documents for unit in document.units]
    for entry in part.glossary.entries:
        assert entry.count == sum(text.count(entry.term) for text in units)


def test_documents_from_a_store(documents, tmp_path, done):
    store = fsspec.filesystem("memory")
    store.put(str(documents), "/texts", recursive=True)
    try:
        build([documents], tmp_path / "local")
        build(["memory://texts"], tmp_path / "out")
        assert contents(tmp_path / "out") == contents(tmp_path / "local")
        before = len(done)
        store.rm("/texts/0005.txt")
        again = build(["memory://texts"], tmp_path / "out")
        assert again.counts.documents == again.reused == 5 and len(done) == before
    finally:
        store.rm("/texts", recursive=True)


def test_only_the_best_terms_are_kept_and_that_is_said(documents, tmp_path, done):
    whole = build([documents], tmp_path / "whole")
    part = build([documents], tmp_path / "part", BuildOptions(max_terms=3))
    assert [entry.id for entry in part.glossary.entries] == [entry.id for entry in whole.glossary.entries[:3]]
    left_out = len(whole.glossary.entries) - 3
    assert f"the 3 best terms are kept, {left_out} more are left out" in [notice.message for notice in part.notices]
    assert not [notice for notice in whole.notices if "left out" in notice.message]


# --- workers ---------------------------------------------------------------------------------------------------------


def test_the_same_bytes_for_1_2_and_8_workers(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    for number in range(24):
        write_document(folder, number, sentences=7)
    monkeypatch.setattr("duiyi.build.PARALLEL_TERM_UNITS", 100)
    results = []
    for workers in (1, 2, 8):
        options = BuildOptions(execution=ExecutionOptions(workers=workers))
        build([folder], tmp_path / f"out{workers}", options)
        results.append(contents(tmp_path / f"out{workers}"))
    assert len(results[0]) >= 6
    assert results[0] == results[1] == results[2]


MISBEHAVING = """
import os, time
from duiyi import build

real = build.do

def do(job):
    name = job.item.name
    if name == "0001.txt":
        os._exit(9)
    if name == "0002.txt":
        time.sleep(600)
    if name == "0003.txt":
        job.item.paths[0].unlink()
    if name == "0004.txt":
        raise MemoryError
    return real(job)
"""


def test_documents_that_hang_crash_or_disappear_are_left_out_and_listed(documents, tmp_path, monkeypatch):
    (tmp_path / "misbehaving.py").write_text(MISBEHAVING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(building, "do", importlib.import_module("misbehaving").do)
    summary = build([documents], tmp_path / "out", BuildOptions(execution=ExecutionOptions(2, time_limit=10)))
    assert [name for name, _ in summary.failed] == ["0001.txt", "0002.txt", "0003.txt", "0004.txt"]
    reasons = [reason for _, reason in summary.failed]
    assert "died 2 times on this document (exit code 9)" in reasons[0]
    assert "took longer than the time limit of 10 s" in reasons[1]
    assert "0003.txt" in reasons[2]
    assert "not enough memory" in reasons[3]
    assert {unit.document for unit in read_tmx(tmp_path / "out" / "memory.tmx")} == {"0000.txt", "0005.txt"}
    assert all(name in (tmp_path / "out" / "report.html").read_text(encoding="utf-8") for name, _ in summary.failed)


# --- the process is treated badly ------------------------------------------------------------------------------------


def start(*arguments: str | Path, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "duiyi", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=before,
    )


# What takes long is done in part, unless all is asked for.
DOCUMENTS, KILLS = (200, 20) if os.environ.get("DUIYI_ALL_TESTS") else (60, 4)


def test_killed_at_many_moments_the_result_is_the_same(tmp_path):
    folder = tmp_path / "in"
    for number in range(DOCUMENTS):
        write_document(folder, number)
    whole, out = tmp_path / "whole", tmp_path / "out"
    begun = time.monotonic()
    assert start("build", folder, "-o", whole, "--workers", "2").wait(300) == 0
    took = time.monotonic() - begun
    chance = random.Random(20)
    killed = 0
    for _ in range(200):
        process = start("build", folder, "-o", out, "--workers", "2")
        try:
            process.wait(took * chance.uniform(0.1, 0.9))
        except subprocess.TimeoutExpired:
            # sometimes the workers too, sometimes only the process that leads them
            (os.killpg if killed % 2 else os.kill)(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        else:
            (out / ".duiyi" / "stages.json").unlink(
                missing_ok=True
            )  # finished early: do the second half again, and be quicker
            took *= 0.8
        if killed == KILLS:
            break
    final = start("build", folder, "-o", out, "--workers", "2")
    assert final.wait(300) == 0
    assert contents(out) == contents(whole)
    assert not [path for path in out.rglob(".*") if is_leftover(path)]


@pytest.mark.parametrize(
    "wish", [signal.SIGTERM, pytest.param(getattr(signal, "SIGHUP", signal.SIGTERM), marks=pytest.mark.long)]
)
def test_a_request_to_end_is_one_line_and_leaves_nothing_unfinished(wish, tmp_path, monkeypatch, request):
    """SIGTERM, as a system that shuts down sends it, or SIGHUP, of a closed terminal, to the process that leads."""
    folder = tmp_path / "in"
    # A short path: worker processes keep a socket in it, whose name may have 108 bytes.
    temporary = Path(tempfile.mkdtemp(prefix="t-"))
    request.addfinalizer(lambda: shutil.rmtree(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    for number in range(60):
        write_document(folder, number)
    workspace = tmp_path / "out" / ".duiyi"
    before = signal.signal(wish, signal.SIG_DFL)  # what runs under nohup inherits SIGHUP ignored
    process = start("build", folder, "-o", tmp_path / "out", "--workers", "2")
    signal.signal(wish, before)
    while process.poll() is None and not list((workspace / "documents").glob("??/*")):
        time.sleep(0.01)
    process.send_signal(wish)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + wish
    assert said == "duiyi: stopped; what was finished is kept\n"
    assert not (workspace / "running.json").exists()
    assert not list(temporary.iterdir())


def test_ctrl_c_is_one_line_and_nothing_is_lost(tmp_path):
    folder = tmp_path / "in"
    for number in range(60):
        write_document(folder, number)
    journal = tmp_path / "out" / ".duiyi" / "documents"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs behind a shell inherits it ignored
    process = start("build", folder, "-o", tmp_path / "out", "--workers", "2")
    signal.signal(signal.SIGINT, before)
    while process.poll() is None and not list(journal.glob("??/*")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "duiyi: interrupted; what was finished is kept\n")
    assert list(journal.glob("??/*"))


def test_a_full_disk_leaves_earlier_output_alone(documents, tmp_path):
    resource = pytest.importorskip("resource")
    out = tmp_path / "out"
    build([documents], out, SERIAL)
    before = contents(out)
    write_document(documents, 7, sentences=40)
    for limit in (1_000, 20_000):
        process = start(
            "build",
            *(documents, "-o", out, "--workers", "1"),
            before=lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        _, said = process.communicate(timeout=120)
        assert process.returncode == 1, said
        assert said.startswith("duiyi: ") and said.count("\n") == 1
        assert "full" in said or "large" in said
        unchanged = {name for name, digest in contents(out).items() if before.get(name) == digest}
        assert unchanged == set(before), said
    build([documents], out, SERIAL)
    assert contents(out) != before


def test_an_output_folder_that_cannot_be_written(documents, tmp_path, monkeypatch):
    def refuse(self: Path, *arguments: object, **options: object) -> None:
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match=r"out.*may not be written; choose another folder"):
        build([documents], tmp_path / "out", SERIAL)


def test_a_second_run_on_the_same_folder_is_refused(documents, tmp_path):
    from duiyi.workspace import Workspace

    with Workspace(tmp_path / "out"):
        process = start("build", documents, "-o", tmp_path / "out")
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith(f"duiyi: {tmp_path / 'out'} is in use by another duiyi (process {os.getpid()} on ")


def test_exit_code_and_list_at_the_end(documents, tmp_path, run):
    (documents / "bad.txt").write_text("Only English.\n")
    ended = run("build", documents, "-o", tmp_path / "out", "--workers", "1")
    assert ended.returncode == 3
    assert any(line.startswith("  left out bad.txt: ") for line in ended.stderr.splitlines())


def test_the_summary_is_lazy(documents, tmp_path, done):
    summary: Summary = build([documents], tmp_path / "out")
    assert summary.documents[2].bitext.name == "0002.txt"
    assert [document.bitext.name for document in summary.documents[4:]] == ["0004.txt", "0005.txt"]
