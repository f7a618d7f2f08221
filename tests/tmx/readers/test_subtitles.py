from pathlib import Path

import pytest

from tmx.bitext import load
from tmx.memory import build_document
from tmx.readers import collect, read

BOTH = """1
00:00:01,000 --> 00:00:02,500
你好，
世界。
Hello, <i>world</i>.

2
00:00:03,000 --> 00:00:04,000
再见。
Goodbye.
"""
CHINESE = """1
00:00:01,000 --> 00:00:02,500
你好，世界。

2
00:00:03,000 --> 00:00:04,500
没有译文。

3
00:00:05,000 --> 00:00:09,000
谁来看书都不收钱。
"""
ENGLISH = """1
00:00:01,050 --> 00:00:02,400
Hello, world.

2
00:00:05,010 --> 00:00:07,000
Nobody pays

3
00:00:07,100 --> 00:00:09,000
to read.
"""


def test_a_cue_with_both_languages_is_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(BOTH, encoding="utf-8")
    bitext = load(collect([path]).inputs[0])
    assert [p.text for p in bitext.source] == ["你好，世界。", "再见。"]
    assert [p.text for p in bitext.target] == ["Hello, world.", "Goodbye."]
    assert bitext.rows[0].properties == (("begin", "1000"), ("end", "2500"))


@pytest.mark.parametrize("suffix", [".srt", ".vtt"])
def test_two_files_pair_by_time_code(tmp_path: Path, suffix: str) -> None:
    for language, text in (("zh", CHINESE), ("en", ENGLISH)):
        if suffix == ".vtt":
            text = "WEBVTT\n\n" + text.replace(",0", ".0").replace(",5", ".5").replace(",4", ".4").replace(",1", ".1")
        (tmp_path / f"film.{language}{suffix}").write_text(text, encoding="utf-8")
    bitext = load(collect([tmp_path]).inputs[0])
    assert [p.text for p in bitext.source] == ["你好，世界。", "没有译文。", "谁来看书都不收钱。"]
    assert [p.text for p in bitext.target] == ["Hello, world.", "Nobody pays", "to read."]
    assert [(row.source, row.target) for row in bitext.rows] == [((0, 1), (0, 1)), ((1, 2), (1, 1)), ((2, 3), (1, 3))]
    assert build_document(bitext).units[1].target == "Nobody pays to read."


def test_subtitles_of_another_release_are_put_in_step_and_it_is_said(tmp_path: Path) -> None:
    lines = (Path(__file__).parents[1] / "cases" / "rows.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    pairs = [line.split("\t") for line in lines[:6]]
    for side, (language, delay) in enumerate((("zh", 0), ("en", 2))):
        cues = [
            f"{n}\n00:00:{2 * n + delay:02},200 --> 00:00:{2 * n + delay + 2:02},000\n{pair[side]}\n"
            for n, pair in enumerate(pairs, 1)
        ]
        (tmp_path / f"film.{language}.srt").write_text("\n".join(cues), encoding="utf-8")
    document = build_document(load(collect([tmp_path]).inputs[0]))
    assert [[unit.source, unit.target] for unit in document.units] == pairs
    assert [notice.message for notice in document.notices] == [
        "the English subtitles come 2.0 s later; put in step with the Chinese by their words"
    ]


def test_drawings_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.ass"
    head = (
        "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    texts = (
        r"{\pos(1,2)}渡轮停航。\NNo ferry.",
        r"{\an7\p1}m 0 0 l 100 0 100 100",
        r"{\p1}m 0 0 l 9 9{\p0}再见。\NGoodbye.",
    )
    lines = [f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.90,Default,,0,0,0,,{text}\n" for n, text in enumerate(texts)]
    path.write_text(head + "".join(lines), encoding="utf-8")
    document = read(path)
    assert [block.text for block in document.blocks] == ["渡轮停航。", "No ferry.", "再见。", "Goodbye."]
    assert [notice.message for notice in document.notices] == ["2 cues with drawings"]
