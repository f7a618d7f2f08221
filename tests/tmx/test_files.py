import io
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tmx.errors import LimitError, OutputError
from tmx.files import (
    XML_CHARACTERS,
    LenientXml,
    Replacement,
    atomic_path,
    checksum,
    digest,
    remove_leftovers,
    replace_forbidden,
    replace_forbidden_in,
)
from tmx.model import TranslationUnit


def test_an_error_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_path(path) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file/a\.txt: cannot be written"), atomic_path(tmp_path / "file" / "a.txt"):
        pass


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    for name in ("there.txt", "not-yet.txt"):
        target, link = tmp_path / "real" / name, tmp_path / f"link-{name}"
        link.symlink_to(target)
        if name == "there.txt":
            target.write_text("old")
        with atomic_path(link) as beside:
            beside.write_text("new")
        assert link.is_symlink()
        assert target.read_text() == "new"
    assert sorted(path.name for path in (tmp_path / "real").iterdir()) == ["not-yet.txt", "there.txt"]


def test_a_link_to_itself_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path / "loop", tmp_path, Path()):
        with pytest.raises(OutputError, match="cannot be written"), atomic_path(path):
            pass
    assert (tmp_path / "loop").is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    with atomic_path(pipe) as beside:
        beside.write_text("beads")
    reader.join(10)
    assert read == ["beads"]
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no such devices")
def test_devices_are_written_into_and_a_full_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "nothing").symlink_to("/dev/null")
    for path in (tmp_path / "nothing", Path("/dev/null")):
        with atomic_path(path) as beside:
            beside.write_text("beads")
        assert path.is_char_device()
    with pytest.raises(OutputError, match=r"/dev/full: cannot be written"), atomic_path("/dev/full") as beside:
        beside.write_text("beads")
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output_has_a_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with atomic_path(name) as beside:
        beside.write_text("beads")
    assert capsys.readouterr().out == "beads"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("first", "last"), XML_CHARACTERS)
def test_both_ends_of_each_range_are_allowed_and_the_neighbours_are_not(first: int, last: int) -> None:
    assert replace_forbidden(chr(first)) == chr(first)
    assert replace_forbidden(chr(last)) == chr(last)
    allowed = {code for ends in XML_CHARACTERS for code in ends}
    for neighbour in (first - 1, last + 1):
        if neighbour <= 0x10FFFF and neighbour not in allowed:
            assert replace_forbidden(chr(neighbour)) == "\ufffd"


def test_surrogates_that_make_a_pair_are_joined_and_lone_ones_are_counted() -> None:
    found: list[Replacement] = []
    assert replace_forbidden("\ud83d\ude00", "u", found) == "😀"
    assert found == []
    assert replace_forbidden("\ude00\ud83d\x00\x00", "u", found) == "\ufffd" * 4
    assert found == [Replacement("u", "U+0000", 2), Replacement("u", "U+D83D", 1), Replacement("u", "U+DE00", 1)]


@given(st.text(st.characters(codec=None)))
def test_whatever_comes_out_an_xml_library_takes(text: str) -> None:
    element = etree.Element("a")
    element.text = replace_forbidden(text)
    assert (etree.fromstring(etree.tostring(element)).text or "") == element.text


def test_every_text_of_a_unit_is_looked_at() -> None:
    found: list[Replacement] = []
    unit = TranslationUnit("u1", "a\x01", "b", notes=("c\x02",), properties=(("d", "e\x03"),))
    clean = replace_forbidden_in(unit, "", found)
    assert (clean.source, clean.notes, clean.properties) == ("a\ufffd", ("c\ufffd",), (("d", "e\ufffd"),))
    assert {replacement.place for replacement in found} == {"u1"}
    assert len(found) == 3
    assert replace_forbidden_in(clean) is clean


def test_checksum_is_that_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert checksum(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_digest_takes_lone_surrogates() -> None:
    assert digest(["\ud800"]) != digest(["\ufffd"])


def test_leftovers_of_a_killed_process_are_removed_and_nothing_else(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "glossary.xlsx") as beside:
        (tmp_path / beside.name.replace("glossary", "memory")).touch()
        beside.write_bytes(b"whole")
    (tmp_path / ".gitignore").touch()
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitignore", "glossary.xlsx"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_tag_of_a_million_attributes_is_refused_before_it_is_parsed(encoding: str) -> None:
    """A parser takes a tag in one go, which nothing interrupts: 60 MB of them took 1.8 GiB."""
    attributes = " ".join(f'a{number}=""' for number in range(200_000))
    with pytest.raises(LimitError, match="a tag of more than 100,000 attributes"):
        list(etree.iterparse(LenientXml(io.BytesIO(f"<tmx><tu {attributes}/></tmx>".encode(encoding)))))
    many = "".join(f'<tu a="{number}">=</tu>' for number in range(200_000))
    assert list(etree.iterparse(LenientXml(io.BytesIO(f"<tmx>{many}</tmx>".encode(encoding))), tag="tmx"))
