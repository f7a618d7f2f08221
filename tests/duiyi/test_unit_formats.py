"""A contract of every format in which units are written: what is written is read again, the same pairs in order."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from duiyi.pretranslation import Proposal, write_word, write_workbook, write_xliff
from tmx import bitext, memory, readers
from tmx.finetuning import write_tuning
from tmx.memory import MemoryOptions
from tmx.model import TranslationUnit
from tmx.tmx14 import TmxOptions, write_tmx

PAIRS = (
    ("图书馆每天上午九点开门。", "The library opens at nine every morning."),
    ("他说：“走吧。”", "“Let’s go,” he said."),
    ("繁體字與簡體字。", "Traditional and simplified characters."),
    ("=1+1 不是公式。", "=1+1 is no formula."),
    ("<b>粗体</b> & 更多", "<b>bold</b> & more"),
    ("单元格里的 _x000D_ 是文字。", "The _x000D_ in this cell is text."),
    ("𠮷野家在二楼🏠。", "Yoshinoya 🏠 is on the second floor."),
    ("甲,乙;丙\"丁'戊\\己。", "a,b;c\"d'e\\f."),
)
UNITS = [TranslationUnit(str(n), *pair, document="a.txt", date="2024") for n, pair in enumerate(PAIRS, 1)]
PROPOSALS = [
    Proposal(n, f"line {n}", source, target, 100, source, "exact") for n, (source, target) in enumerate(PAIRS, 1)
]


def tmx_file(folder: Path) -> Path:
    write_tmx(UNITS, folder / "m.tmx", TmxOptions(one_target=False))
    return folder / "m.tmx"


def packed_tmx(folder: Path) -> Path:
    path = folder / "packed.tmx.gz"
    path.write_bytes(gzip.compress(tmx_file(folder).read_bytes()))
    return path


def tuning(form: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        [path], _ = write_tuning(UNITS, folder, form)  # type: ignore[arg-type]
        return path

    return write


def pretranslated(write: Callable[..., None], suffix: str) -> Callable[[Path], Path]:
    def written(folder: Path) -> Path:
        write(PROPOSALS, folder / f"p{suffix}", "a.txt")
        return folder / f"p{suffix}"

    return written


FORMATS: dict[str, Callable[[Path], Path]] = {
    "TMX": tmx_file,
    "TMX, packed": packed_tmx,
    "JSON lines, translation": tuning("translation"),
    "JSON lines, chat": tuning("chat"),
    "JSON lines, alpaca": tuning("alpaca"),
    "XLIFF 2": pretranslated(write_xliff, ".xlf"),
    "bilingual workbook": pretranslated(write_workbook, ".xlsx"),
    "bilingual Word table": pretranslated(write_word, ".docx"),
}


def read_pairs(path: Path) -> list[tuple[str, str]]:
    options = MemoryOptions()
    [item] = readers.collect([path], options.read).inputs
    document = memory.build_document(bitext.load(item, options.read), options)
    return [(unit.source, unit.target) for unit in document.units]


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    assert read_pairs(FORMATS[name](tmp_path)) == list(PAIRS)


@pytest.mark.parametrize("first", FORMATS)
@pytest.mark.parametrize("second", ["TMX", "JSON lines, translation"])
def test_a_memory_goes_through_another_format_and_back(tmp_path: Path, first: str, second: str) -> None:
    pairs = read_pairs(FORMATS[first](tmp_path))
    units = [TranslationUnit(str(number), *pair) for number, pair in enumerate(pairs)]
    if second == "TMX":
        write_tmx(units, tmp_path / "again.tmx", TmxOptions(one_target=False))
        path = tmp_path / "again.tmx"
    else:
        [path], _ = write_tuning(units, tmp_path / "again", "translation")
    assert read_pairs(path) == list(PAIRS)
