"""Damaged files of every kind that users bring: each gives a result or one line that names the file, never a traceback,
and none needs the limits of time and memory that stand behind all readers.

The seeds are small sound files, ``seeds/KIND.suffix``. The mutations are drawn from a generator whose start is the kind
and the number of the input, so every find can be made again. A run tries 30 inputs a kind; CI tries 300, and a long run

    DUIYI_FUZZ=10000 pytest tests/fuzz

as many as it is told; ``DUIYI_FUZZ_PART=2/4`` takes every fourth of them from the second on, ``-k pdf`` one kind.
``DUIYI_FUZZ_KEEP=FOLDER`` keeps the inputs that were not survived; they become files in ``finds``. What
long runs found: ``runs.tsv``.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from duiyi.decisions.journal import DecisionJournal
from duiyi.dictionary import read_pairs
from duiyi.returned.reading import read_reviewed
from glossary.files.termbase import read_termbase
from glossary.words import wordlist
from tmx.alignment.beads import read_anchors, read_links
from tmx.bitext import load
from tmx.errors import MEBIBYTE, ToolError
from tmx.readers import Input, ReadOptions, read
from tmx.readers.manifest import read_manifest
from tmx.segmentation import load_rules
from tmx.watch import memory_bytes, peak_bytes

SEEDS = sorted((Path(__file__).parent / "seeds").iterdir())
FINDS = sorted((Path(__file__).parent / "finds").iterdir())
INPUTS = int(os.environ.get("DUIYI_FUZZ", "300" if os.environ.get("DUIYI_ALL_TESTS") else "30"))
PART, PARTS = map(int, os.environ.get("DUIYI_FUZZ_PART", "1/1").split("/"))
KEEP = os.environ.get("DUIYI_FUZZ_KEEP", "")

# What parsers have stumbled over: odd numbers, entities, escapes, deep nesting, other encodings, signs of formats.
TOKENS = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", b"\r", b"\t", b'"', b"'", b"<", b">", b"&#0;", b"&x;", b"]]>"),
    *(b"-1", b"0", b"9999999999", b"9" * 5000, b"1e308", b"NaN", "²".encode(), "中".encode(), b"\xed\xa0\x80"),
    *(b"<a>" * 2000, b"[" * 20_000, b"{" * 2000, b"(" * 2000, b"<!ENTITY x 'y'>", b'encoding="utf-7"', b"\x80" * 50),
    *(b'xml:lang="x\ny"', b"\\", b"%", b"_x000D_", b"\x1b", b"a" * 3000, b"=1+1", b"#NAME?", b"//", b"../"),
)


def _read_document(path: Path) -> None:
    load(Input(path.name, (path,), ("mixed",)))  # reads it first


def _read_beads(path: Path) -> None:
    read_links(path)
    read_anchors(path, 4, 3)


READERS: dict[str, Callable[[Path], object]] = {
    "document": _read_document,
    "termbase": read_termbase,
    "dictionary": read_pairs,
    "words": wordlist.read,
    "review": read_reviewed,
    "beads": _read_beads,
    "rules": load_rules,
    "manifest": lambda path: read_manifest(path, ReadOptions()),
    "decisions": lambda path: DecisionJournal(path).read(),
}


def _kind(seed: Path) -> str:
    return seed.name.split(".")[0].split("-")[0]


OLE = (
    b"\xd0\xcf\x11\xe0"  # an old workbook: what is left out or added in it moves all that follows, and nothing is found
)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few places overwritten, left out, doubled or filled with a token, or the end cut off."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        token = chance.choice(TOKENS) if chance.random() < 0.7 else chance.randbytes(chance.randint(1, 8))
        kind = chance.randrange(6)
        if kind == 0:
            data = data[:place] + token + data[place + len(token) :]
        elif kind == 1:
            data = data[:place] + data[place + chance.randint(1, 64) :]
        elif kind == 2:
            data = data[:place] + data[max(0, place - 64) :]
        elif kind == 3 and chance.random() < 0.3:
            data = data[: max(1, place)]
        else:
            data = data[:place] + token + data[place:]
    return data


def overwritten(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few places overwritten by numbers of one to four bytes or a token; the length stays."""
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data))
        number = chance.choice((0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, chance.getrandbits(32)))
        size = chance.choice((1, 2, 4))
        token = chance.choice(TOKENS) if chance.random() < 0.2 else number.to_bytes(8, "little")[:size]
        data = (data[:place] + token + data[place + len(token) :])[: len(data)]
    return data


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a damaged copy of a file; of an archive mostly one part is damaged, and the archive itself is sound."""
    if data.startswith(OLE) and chance.random() < 0.8:
        return overwritten(data, chance)
    if not data.startswith(b"PK") or chance.random() < 0.2:
        return mutate(data, chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        chosen = chance.choice(source.namelist())
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, mutate(part, chance) if name == chosen else part)
    return stream.getvalue()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_the_seed_is_sound(seed: Path) -> None:
    kind = _kind(seed)
    if kind == "document":
        assert read(seed).blocks
    elif kind != "manifest":  # the files which it lists are not there
        READERS[kind](seed)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_damaged_file_gives_a_result_or_one_line(seed: Path, tmp_path: Path) -> None:
    reader = READERS[_kind(seed)]
    data = seed.read_bytes()
    path = tmp_path / seed.name
    faults = []
    for number in range(PART - 1, INPUTS, PARTS):
        path.write_bytes(damaged(data, random.Random(f"{seed.name} {number}")))
        if fault := _fault(reader, path):
            faults.append(f"input {number}: {fault}")
            if KEEP:
                Path(KEEP, f"{number}-{seed.name}").write_bytes(path.read_bytes())
    assert not faults, "\n".join(faults[:20])


@pytest.mark.parametrize("find", FINDS, ids=lambda find: find.name)
def test_what_was_found_once_stays_found(find: Path, tmp_path: Path) -> None:
    path = tmp_path / find.name
    path.write_bytes(find.read_bytes())
    assert not _fault(READERS[_kind(find)], path, limits="bomb" in find.name)


def _fault(reader: Callable[[Path], object], path: Path, *, limits: bool = False) -> str:
    """Return what is wrong about how a file was taken, nothing if it was read or refused in one line, soon.

    ``limits``: a file made to use time or memory may be stopped by the limits.
    """
    before = memory_bytes()
    try:
        reader(path)
    except ToolError as error:
        message = str(error)
        if "\n" in message or len(message) > 500 or path.name not in message:
            return f"message {message!r}"
        if "takes more than" in message and not limits:
            return f"message {message!r}"
    except BaseException as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    grown = (peak_bytes() - before) / MEBIBYTE
    return "" if grown < 1024 else f"{grown:,.0f} MiB of memory"
