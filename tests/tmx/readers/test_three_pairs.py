"""The same three pairs in every format that holds pairs: each gives exactly these three units."""

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.errors import EmptyInputError, FormatError, LimitError
from tmx.readers import ReadOptions, collect, read

PAIRS = [
    ("人类命运共同体", "a community with a shared future for mankind"),
    ("二十国集团峰会在杭州举行。", "The G20 Summit was held in Hangzhou."),
    ("中国政府坚持一个中国原则。", "The Chinese government upholds the one-China principle."),
]


def tmx() -> str:
    units = "".join(
        f'<tu><tuv xml:lang="zh-CN"><seg>{zh}</seg></tuv><tuv xml:lang="en"><seg>{en}</seg></tuv></tu>'
        for zh, en in PAIRS
    )
    return f'<tmx version="1.4"><header creationtool="x"/><body>{units}</body></tmx>'


def xliff(translated: bool = True) -> str:
    units = "".join(
        f'<trans-unit id="{n}"><source>{zh}</source>{f"<target>{en}</target>" if translated else ""}</trans-unit>'
        for n, (zh, en) in enumerate(PAIRS)
    )
    languages = 'source-language="zh-CN" target-language="en-US"'
    return f'<xliff version="1.2"><file original="a.docx" {languages}><body>{units}</body></file></xliff>'


def packed_tmx(folder: Path) -> list[Path]:
    path = folder / "b.tmx.gz"
    path.write_bytes(gzip.compress(tmx().encode()))
    return [path]


def sdltm(folder: Path) -> list[Path]:
    path = folder / "memory.sdltm"
    segment = (
        "<Segment><Elements><Tag><Type>Start</Type></Tag><Text><Value>{}</Value></Text></Elements>"
        "<CultureName>{}</CultureName></Segment>"
    )
    with closing(sqlite3.connect(path)) as base:
        base.execute(
            "CREATE TABLE translation_units(id INTEGER PRIMARY KEY, source_segment TEXT, target_segment TEXT,"
            " creation_date TEXT, creation_user TEXT)"
        )
        rows = [
            (segment.format(zh, "zh-CN"), segment.format(en, "en-US"), "2021-01-02 03:04:05", "li") for zh, en in PAIRS
        ]
        base.executemany("INSERT INTO translation_units VALUES (NULL, ?, ?, ?, ?)", rows)
        base.commit()
    return [path]


def package(folder: Path) -> list[Path]:
    path = folder / "project.sdlppx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("zh-CN/a.docx.sdlxliff", xliff(translated=False))
        file.writestr("en-US/a.docx.sdlxliff", xliff())
        file.writestr("project.sdlproj", "<PackageProject/>")
    return [path]


def moses(folder: Path) -> list[Path]:
    for index, suffix in enumerate((".zh", ".en")):
        text = "".join(f"{pair[index]}\n\n" for pair in PAIRS)
        (folder / f"corpus.zh-en{suffix}").write_text(text, encoding="utf-8")
    return [folder / "corpus.zh-en.zh", folder / "corpus.zh-en.en"]


def lines(record: Callable[[str, str], object]) -> Callable[[Path], list[Path]]:
    def write(folder: Path) -> list[Path]:
        path = folder / "pairs.jsonl"
        path.write_text(
            "".join(json.dumps(record(*pair), ensure_ascii=False) + "\n" for pair in PAIRS), encoding="utf-8"
        )
        return [path]

    return write


FORMATS: dict[str, Callable[[Path], list[Path]]] = {
    "tmx.gz": packed_tmx,
    "sdltm": sdltm,
    "sdlppx": package,
    "moses": moses,
    "jsonl translation": lines(lambda zh, en: {"translation": {"zh": zh, "en": en}}),
    "jsonl flat": lines(lambda zh, en: {"source": en, "target": zh}),
    "jsonl alpaca": lines(lambda zh, en: {"instruction": "Translate into English.", "input": zh, "output": en}),
    "jsonl alpaca without input": lines(
        lambda zh, en: {"instruction": f"翻译成英文：\n{zh}", "input": "", "output": en}
    ),
    "jsonl chat": lines(
        lambda zh, en: {
            "messages": [
                {"role": "system", "content": "You are a translator."},
                {"role": "user", "content": f"Translate the following text into Chinese:\n\n{en}"},
                {"role": "assistant", "content": zh},
            ]
        }
    ),
    "jsonl conversations": lines(
        lambda zh, en: {"conversations": [{"from": "human", "value": zh}, {"from": "gpt", "value": en}]}
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_three_pairs_come_out_of_every_format(tmp_path: Path, name: str) -> None:
    (item,) = collect(FORMATS[name](tmp_path)).inputs
    bitext = load(item)
    assert [(row.source, row.target) for row in bitext.rows] == [((n, n + 1), (n, n + 1)) for n in range(3)]
    assert [(a.text, b.text) for a, b in zip(bitext.source, bitext.target, strict=True)] == PAIRS


def test_a_folder_with_a_moses_pair_is_one_document(tmp_path: Path) -> None:
    moses(tmp_path)
    assert [(item.name, item.roles) for item in collect([tmp_path]).inputs] == [("corpus.zh-en", ("source", "target"))]


def test_a_moses_pair_of_unequal_length_is_aligned_by_its_words(tmp_path: Path) -> None:
    files = moses(tmp_path)
    files[1].write_text(files[1].read_text(encoding="utf-8") + "One more.\n", encoding="utf-8")
    bitext = load(collect(files).inputs[0])
    assert bitext.rows == ()
    assert bitext.notices[0].message.startswith(
        "5 lines in Chinese, 7 in English: the lines are aligned by their words"
    )


def test_dates_and_users_of_studios_memory_are_kept(tmp_path: Path) -> None:
    block = read(sdltm(tmp_path)[0]).blocks[0]
    assert dict(block.properties) == {"tmx:creationdate": "20210102T030405Z", "tmx:creationid": "li"}


def test_locked_text_and_values_of_studios_memory_are_text_and_other_tags_are_not(tmp_path: Path) -> None:
    (path,) = sdltm(tmp_path)
    tag = "<Tag><Type>{}</Type><Anchor>1</Anchor><TextEquivalent>{}</TextEquivalent></Tag>"
    text = "<Text><Value>{}</Value></Text>"
    pieces = text.format("Press ") + tag.format("LockedContent", "Esc") + text.format(" to")
    pieces += tag.format("LineBreak", "") + tag.format("Start", "b") + text.format("leave.") + tag.format("End", "b")
    segment = f"<Segment><Elements>{pieces}</Elements><CultureName>en-US</CultureName></Segment>"
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE translation_units SET target_segment = ? WHERE id = 1", [segment])
        base.commit()
    assert read(path).blocks[1].text == "Press Esc to leave."


def test_a_studio_memory_is_never_written_to(tmp_path: Path) -> None:
    (path,) = sdltm(tmp_path)
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["memory.sdltm"]


def test_a_database_that_never_ends_or_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.sdltm"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 500)
    with pytest.raises(FormatError, match=r"^a\.sdltm: not a sound \.sdltm file"):
        read(path)
    path.unlink()
    with closing(sqlite3.connect(path)) as base:
        base.execute(
            "CREATE VIEW translation_units AS WITH RECURSIVE c(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM c)"
            " SELECT id, '' AS source_segment, '' AS target_segment FROM c"
        )
        base.commit()
    with pytest.raises(FormatError, match="it has no table of translation units"):
        read(path)


def test_a_packed_memory_that_grows_without_bounds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tmx.gz"
    path.write_bytes(gzip.compress(b"<tmx><!--" + b" " * 30_000_000))
    with pytest.raises(LimitError, match=r"^a\.tmx\.gz: unpacks to more than the limit allows"):
        read(path, options=ReadOptions(max_bytes=20_000_000))
    path.write_bytes(gzip.compress(tmx().encode())[:-40])
    with pytest.raises(FormatError, match=r"^a\.tmx\.gz: not a sound gzip file"):
        read(path)


def test_json_lines_that_hold_no_pair_are_counted_and_bad_ones_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"zh": "港口。", "en": "Port."}\n{"zh": "甲", "en": "乙"}\n[1]\n', encoding="utf-8")
    assert [notice.message for notice in read(path).notices] == ["2 lines hold no pair and were passed over"]
    path.write_text('{"zh": "港口。", "en": "Port."}\n{"zh": \n', encoding="utf-8")
    with pytest.raises(FormatError, match=r"^a\.jsonl, line 2: not JSON"):
        read(path)
    path.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(FormatError, match=r"^a\.jsonl, line 1: not JSON"):
        read(path)
    path.write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(EmptyInputError, match="no line holds a Chinese text with its English one"):
        read(path)
