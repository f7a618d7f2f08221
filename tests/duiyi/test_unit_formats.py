"""A contract of all formats of units: what is read of any is written in every other and read again, nothing lost."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from html import escape
from pathlib import Path

import pytest

from duiyi import pretranslation
from duiyi.pretranslation import Proposal
from tmx import bitext, memory, readers
from tmx.finetuning import FORMS, write_tuning
from tmx.memory import MemoryOptions
from tmx.model import TranslationUnit
from tmx.readers import READERS
from tmx.readers.collection import kind_of
from tmx.tmx14 import TmxOptions, write_tmx

Pairs = Sequence[tuple[str, str]]
PLAIN = (
    ("图书馆每天上午九点开门。", "The library opens at nine every morning."),
    ("他说：“走吧。”", "“Let’s go,” he said."),
    ("繁體字與簡體字。", "Traditional and simplified characters."),
    ("=1+1 不是公式。", "=1+1 is no formula."),
    ("单元格里的 _x000D_ 是文字。", "The _x000D_ in this cell is text."),
    ("𠮷野家在二楼🏠。", "Yoshinoya 🏠 is on the second floor."),
    ("甲,乙;丙\"丁'戊\\己。", "a,b;c\"d'e\\f."),
)
# In files of other tools this is code and no text.
PAIRS = (*PLAIN, ("<b>粗体</b> & 更多", "<b>bold</b> & more"))

# --- what we write --------------------------------------------------------------------------------------------------


def units(pairs: Pairs) -> list[TranslationUnit]:
    return [TranslationUnit(str(n), *pair, document="a.txt", date="2024") for n, pair in enumerate(pairs, 1)]


def tmx_file(folder: Path, pairs: Pairs) -> Path:
    write_tmx(units(pairs), folder / "m.tmx", TmxOptions(one_target=False))
    return folder / "m.tmx"


def packed_tmx(folder: Path, pairs: Pairs) -> Path:
    path = folder / "packed.tmx.gz"
    path.write_bytes(gzip.compress(tmx_file(folder, pairs).read_bytes()))
    return path


def tuning(form: str) -> Callable[[Path, Pairs], Path]:
    def write(folder: Path, pairs: Pairs) -> Path:
        [path], _ = write_tuning(units(pairs), folder, form)  # type: ignore[arg-type]
        return path

    return write


def pretranslated(suffix: str) -> Callable[[Path, Pairs], Path]:
    def write(folder: Path, pairs: Pairs) -> Path:
        proposals = [Proposal(n, f"line {n}", *pair, 100, pair[0], "exact") for n, pair in enumerate(pairs, 1)]
        pretranslation.WRITERS[suffix](proposals, folder / f"p{suffix}", "a.txt")
        return folder / f"p{suffix}"

    return write


WRITTEN: dict[str, Callable[[Path, Pairs], Path]] = {
    "TMX": tmx_file,
    "TMX, packed": packed_tmx,
    **{f"JSON lines, {form}": tuning(form) for form in FORMS},
    **{f"pre-translated {suffix}": pretranslated(suffix) for suffix in pretranslation.WRITERS},
}

# --- what others write ----------------------------------------------------------------------------------------------


def saved(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return write


def each(template: str) -> str:
    """The pairs through a template with {n}, {zh} and {en}, as XML or HTML."""
    return "".join(template.format(n=n, zh=escape(zh), en=escape(en)) for n, (zh, en) in enumerate(PLAIN, 1))


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def table(delimiter: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / ("t.tsv" if delimiter == "\t" else "t.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([("Chinese", "English"), *PLAIN])
        return path

    return write


def studio_memory(folder: Path) -> Path:
    segment = "<Segment><Elements><Text><Value>{}</Value></Text></Elements><CultureName>{}</CultureName></Segment>"
    with closing(sqlite3.connect(folder / "m.sdltm")) as base:
        base.execute("CREATE TABLE translation_units (id INTEGER PRIMARY KEY, source_segment, target_segment)")
        rows = [(segment.format(escape(zh), "zh-CN"), segment.format(escape(en), "en-US")) for zh, en in PLAIN]
        base.executemany("INSERT INTO translation_units VALUES (NULL, ?, ?)", rows)
        base.commit()
    return folder / "m.sdltm"


def moses(folder: Path) -> Path:
    for index, suffix in enumerate(("zh", "en")):
        (folder / f"c.{suffix}").write_text("".join(pair[index] + "\n" for pair in PLAIN), encoding="utf-8")
    return folder


def properties(folder: Path) -> Path:
    for index, language in enumerate(("zh", "en")):
        lines = "".join("key.{}={}\n".format(n, pair[index].replace("\\", "\\\\")) for n, pair in enumerate(PLAIN))
        (folder / f"m_{language}.properties").write_text(lines, encoding="utf-8")
    return folder


def package(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "p.sdlrpx", "w") as archive:
        archive.writestr("en-US/a.sdlxliff", SEGMENTS)
    return folder / "p.sdlrpx"


XLIFF = '<xliff version="1.2"><file source-language="zh-CN" target-language="en-US"><body>{}</body></file></xliff>'
SEGMENTS = XLIFF.format(
    "<trans-unit id='1'><source>x</source><seg-source>{}</seg-source><target>{}</target></trans-unit>".format(
        each('<mrk mtype="seg" mid="{n}">{zh}</mrk>'), each('<mrk mtype="seg" mid="{n}">{en}</mrk>')
    )
)
READ: dict[str, Callable[[Path], Path]] = {
    "XLIFF 1.2": saved(
        "a.xlf",
        XLIFF.format(each('<trans-unit id="{n}"><source>{zh}</source><target>{en}</target></trans-unit>')),
    ),
    "Studio": saved("a.sdlxliff", SEGMENTS),
    "Studio, packed": package,
    "Studio, memory": studio_memory,
    "Wordfast": saved(
        "m.txt",
        "%20210101~000000\t%User ID,X\t%TU=2\t%ZH-CN\t%Wordfast TM v.5\t%EN-US\t%---\n"
        + "".join(f"20210101~000000\tX\t0\tZH-CN\t{zh}\tEN-US\t{en}\n" for zh, en in PLAIN),
    ),
    "Wordfast Pro": saved(
        "a.txml",
        '<txml locale="zh-CN" targetlocale="en-US"><translatable blockId="1">{}</translatable></txml>'.format(
            each('<segment segmentId="{n}"><source>{zh}</source><target>{en}</target></segment>')
        ),
    ),
    "TMX of another tool": saved(
        "a.tmx",
        '<tmx version="1.4"><header srclang="zh-CN" creationtool="x"/><body>{}</body></tmx>'.format(
            each(
                '<tu tuid="{n}"><tuv xml:lang="ZH-CN"><seg>{zh}</seg></tuv>'
                '<tuv xml:lang="EN-GB"><seg>{en}</seg></tuv></tu>'
            )
        ),
    ),
    "PO": saved(
        "a.po",
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: en\\n"\n\n'
        + "".join(
            f"msgid {json.dumps(z, ensure_ascii=False)}\nmsgstr {json.dumps(e, ensure_ascii=False)}\n\n"
            for z, e in PLAIN
        ),
    ),
    "CSV": table(","),
    "CSV with semicolons": table(";"),
    "TSV": table("\t"),
    "HTML table": saved(
        "a.html",
        f"<html><body><table>{each('<tr><td>{zh}</td><td>{en}</td></tr>')}</table></body></html>",
    ),
    "JSON by keys": saved("k.json", json.dumps({f"k{n}": {"zh": z, "en": e} for n, (z, e) in enumerate(PLAIN)})),
    "properties": properties,
    "Moses": moses,
}


def read_pairs(path: Path) -> list[tuple[str, str]]:
    options = MemoryOptions()
    [item] = readers.collect([path], options.read).inputs
    document = memory.build_document(bitext.load(item, options.read), options)
    return [(unit.source, unit.target) for unit in document.units]


def goes_into_all(path: Path, pairs: Pairs, folder: Path) -> None:
    found = read_pairs(path)
    assert found == list(pairs)
    for name, write in WRITTEN.items():
        (folder / name).mkdir()
        assert read_pairs(write(folder / name, found)) == list(pairs), name


@pytest.mark.parametrize("first", WRITTEN)
def test_what_is_written_is_read_and_goes_through_every_other_format(tmp_path: Path, first: str) -> None:
    goes_into_all(WRITTEN[first](tmp_path, PAIRS), PAIRS, tmp_path)


@pytest.mark.parametrize("first", READ)
def test_what_others_write_is_read_and_goes_through_every_format(tmp_path: Path, first: str) -> None:
    (tmp_path / "own").mkdir()
    goes_into_all(READ[first](tmp_path / "own"), PLAIN, tmp_path)


def test_every_reader_of_pairs_takes_part(tmp_path: Path) -> None:
    """Left out are readers of running text and of subtitles, and suffixes that another reader of the table serves."""
    kinds = {kind_of(write(tmp_path)) for write in READ.values() if write not in (moses, properties)}
    kinds |= {kind_of(write(tmp_path, PAIRS)) for write in WRITTEN.values()} | {
        kind_of(tmp_path / name) for name in ("c.zh", "m_zh.properties")
    }
    tried = {READERS[kind] for kind in kinds}
    running = {".txt", ".md", ".odt", ".epub", ".pdf", ".srt"}
    assert {reader for suffix, reader in READERS.items() if suffix not in running} - tried <= {
        READERS[suffix] for suffix in running
    }
