import errno
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duiyi.workspace import Journal, StoredDocuments, Workspace, digest, pack, unpack
from tmx.errors import OutputError
from tmx.files import checksum, writing
from tmx.model import (
    AlignedDocument,
    Bead,
    Bitext,
    Metadata,
    Notice,
    Paragraph,
    Piece,
    Row,
    Sentence,
    TranslationUnit,
)


def document(name: str, source: str = "你好。", target: str = "Hello.") -> AlignedDocument:
    return AlignedDocument(
        Bitext(
            name,
            (Paragraph(source, (Piece(0, len(source), "line 1"),)),),
            (Paragraph(target, (Piece(0, len(target), "line 2"),)),),
            metadata=Metadata("题", "2021-12-30", properties=(("a", "b"),)),
            rows=(Row((0, 1), (0, 0), "cell", ("note",)), Row((1, 1), (0, 1))),
        ),
        (Sentence(source, 0, 0, len(source)),),
        (Sentence(target, 0, 0, len(target)),),
        (Bead((0, 1), (0, 1), 0.125, 0.9375),),
        (TranslationUnit("id", source, target, document=name, flags=("length",), properties=(("k", "v"),)),),
        (Notice("joined", name, "line 1", "joined"),),
    )


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_a_document_comes_back_as_it_was(name, source, target):
    text = [part.encode("utf-8", "replace").decode() for part in (name, source, target)]
    original = document(*text)
    packed = pack(original)
    assert unpack(packed) == original
    assert pack(unpack(packed)) == packed


@settings(deadline=None)
@given(st.binary(max_size=50), st.integers(0, 400))
def test_damage_is_noticed(noise, cut):
    whole = pack(document("a"))
    for damaged in (noise, whole[: min(cut, len(whole) - 1)], whole[:30] + noise + whole[30 + len(noise) + 1 :]):
        with pytest.raises(ValueError):
            unpack(damaged)


def test_the_journal_keeps_reads_and_removes(tmp_path):
    journal = Journal(tmp_path / "documents")
    keys = [digest(n) for n in range(3)]
    for n, key in enumerate(keys):
        journal.write(key, document(str(n)))
    assert journal.keys() == sorted(keys)
    assert keys[1] in journal and digest("other") not in journal
    assert journal.read(digest("other")) is None
    (journal.path(keys[0]).parent / f".{keys[0]}.host.1").write_bytes(b"left by a killed writer")
    assert journal.keep(keys[1:]) == 1
    assert journal.keys() == sorted(keys[1:])
    assert not list(journal.folder.glob("??/.*"))
    journal.path(keys[1]).write_bytes(b"")
    assert journal.read(keys[1]) is None
    stored = StoredDocuments(journal, keys)
    assert stored[2] == document("2") and stored[1:][1] == document("2") and len(stored) == 3
    with pytest.raises(OutputError, match="gone or damaged"):
        stored[1]


def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    resource = pytest.importorskip("resource")
    journal = Journal(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(OutputError, match="the disk is full"):
            journal.write(digest(1), document("a", "".join(map(chr, range(0x4E00, 0x5E00)))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "may not be written"),
        (errno.EIO, "cannot be written: Input/output error"),
    ],
)
def test_system_errors_become_one_line(number, text):
    with pytest.raises(OutputError, match=f"^out: {text}"), writing("out"):
        raise OSError(number, os.strerror(number))


def test_a_file_in_the_place_of_the_folder(tmp_path):
    out = tmp_path / "out"
    out.write_text("")
    with pytest.raises(OutputError, match="is a file, not a folder"), Workspace(out):
        pass
    with pytest.raises(OutputError, match="out/under"), Workspace(out / "under"):
        pass


def test_two_runs_on_one_folder(tmp_path):
    holder = (
        "import sys, time; from pathlib import Path; from duiyi.workspace import Workspace\n"
        "with Workspace(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        expected = rf"is in use by another duiyi \(process {process.pid} on .*, since .*\); wait for it"
        with pytest.raises(OutputError, match=expected), Workspace(tmp_path):
            pass
    finally:
        process.kill()
        process.wait()
    with Workspace(tmp_path):  # kill -9 leaves no lock behind
        pass
    with Workspace(tmp_path):
        pass


def test_a_stage_is_current_until_its_key_or_its_files_change(tmp_path):
    with Workspace(tmp_path) as workspace:
        assert not workspace.is_current("memory", "k1")
        (tmp_path / "memory.tmx").write_text("x")
        workspace.record("memory", "k1", ["memory.tmx"], {"units": 3})
        assert workspace.is_current("memory", "k1")
        assert workspace.result("memory") == {"units": 3}
        assert not workspace.is_current("memory", "k2")
        assert not workspace.is_current("glossary", "k1")
    with Workspace(tmp_path) as workspace:
        assert workspace.is_current("memory", "k1")
        time.sleep(0.01)
        (tmp_path / "memory.tmx").write_text("y")
        assert not workspace.is_current("memory", "k1")
        workspace.record("memory", "k1", ["memory.tmx"])
        (tmp_path / "memory.tmx").unlink()
        assert not workspace.is_current("memory", "k1")
        (workspace.folder / "stages.json").write_text("{damaged")
        assert not workspace.is_current("memory", "k1")


def test_digests(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "b").write_bytes(b"abc")
    (tmp_path / "c").write_bytes(b"other")
    assert checksum(tmp_path / "a").startswith("ba7816bf")
    assert digest(Metadata("a")) != digest(Metadata("b"))
    assert digest(tmp_path / "a") == digest(tmp_path / "b") != digest(tmp_path / "c")
    assert digest({("x", 1): {"b", "a"}}) == digest({("x", 1): {"a", "b"}}) != digest({("x", 2): {"a", "b"}})
    assert digest(re.compile("a")) != digest(re.compile("a", re.IGNORECASE))
    with pytest.raises(TypeError, match="object cannot be part of a key"):
        digest([object()])
