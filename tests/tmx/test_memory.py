"""The straight line on the sample: every gold bead, and nothing of the text lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tmx.confidence import confidence_level
from tmx.memory import MemoryOptions, build_document, build_memory
from tmx.model import AlignedDocument, Bitext, Paragraph, Piece, Row


@pytest.fixture(scope="module")
def document(sample: Path) -> AlignedDocument:
    (built,) = build_memory([sample])
    return built


def paragraph(text: str, line: int) -> Paragraph:
    return Paragraph(text, (Piece(0, len(text), f"line {line}"),))


def squeeze(text: str) -> str:
    return "".join(text.split())


def test_sample_has_18_paragraphs_a_side_and_both_joins(document: AlignedDocument) -> None:
    assert (len(document.bitext.source), len(document.bitext.target)) == (18, 18)
    joined = [notice.place for notice in document.notices if notice.kind == "joined"]
    assert len(joined) == 2
    assert all(line in joined[0] for line in ("19", "31"))
    assert all(line in joined[1] for line in ("39", "49"))


def test_sample_beads_are_the_gold_beads(document: AlignedDocument, root: Path) -> None:
    lines = (root / "tests/gold/sample-alignment.tsv").read_text(encoding="utf-8").splitlines()
    gold = [tuple(squeeze(text) for text in line.split("\t")[1:]) for line in lines]
    built = [(squeeze(unit.source), squeeze(unit.target)) for unit in document.units]
    assert built == gold


def test_every_sentence_is_in_exactly_one_bead(document: AlignedDocument) -> None:
    for side in ("source", "target"):
        covered = [index for bead in document.beads for index in range(*getattr(bead, side))]
        assert covered == list(range(len(getattr(document, side))))


def test_no_text_is_lost(document: AlignedDocument) -> None:
    for side in ("source", "target"):
        paragraphs = "".join(p.text for p in getattr(document.bitext, side))
        units = "".join(getattr(unit, side) for unit in document.units)
        assert squeeze(units) == squeeze(paragraphs)


def test_a_unit_names_both_halves_of_a_healed_sentence(document: AlignedDocument) -> None:
    unit = next(unit for unit in document.units if "Latin America and the Caribbean" in unit.target)
    assert unit.place == "line 29 | line 19 + line 31"


def test_ids_are_unique_and_do_not_depend_on_what_stands_before(document: AlignedDocument) -> None:
    ids = [unit.id for unit in document.units]
    assert len(set(ids)) == len(ids)
    bitext = document.bitext
    shorter = replace(bitext, source=bitext.source[1:], target=bitext.target[1:])
    assert {unit.id for unit in build_document(shorter).units} <= set(ids)


def test_table_rows_are_kept_as_they_are_unless_asked() -> None:
    bitext = Bitext(
        "table.csv",
        source=(paragraph("春天来了。花开了。", 1), paragraph("目录", 2)),
        target=(paragraph("Spring has come. The flowers are out.", 1),),
        rows=(Row((0, 1), (0, 1), "cell", notes=("checked",)), Row((1, 2), (1, 1), "cell")),
    )
    kept = build_document(bitext)
    assert [(unit.source, unit.bead, unit.notes) for unit in kept.units] == [
        ("春天来了。花开了。", "1-1", ("checked",))
    ]
    assert [bead.shape for bead in kept.unaligned] == ["1-0"]
    split = build_document(bitext, MemoryOptions(split_rows=True))
    assert [unit.source for unit in split.units] == ["春天来了。", "花开了。"]


def test_same_input_gives_the_same_units(sample: Path, document: AlignedDocument) -> None:
    (again,) = build_memory([sample])
    assert again == document


def test_text_around_a_table_is_aligned_and_its_rows_are_kept() -> None:
    def side(*texts: str) -> tuple[Paragraph, ...]:
        return tuple(Paragraph(text, (Piece(0, len(text), f"line {n}"),)) for n, text in enumerate(texts))

    bitext = Bitext(
        "a",
        side("图书馆五月开馆。谁来看书都不收钱。", "早上开门。夜里关门。", "完。"),
        side("The library opened in May.", "Nobody pays to read.", "Opens at dawn. Closes at night.", "The end."),
        rows=(
            Row((0, 1), (0, 0)),
            Row((1, 1), (0, 1)),
            Row((1, 1), (1, 2)),
            Row((1, 2), (2, 3), "cell"),
            Row((2, 3), (3, 3)),
            Row((3, 3), (3, 4)),
        ),
    )
    assert [(unit.source, unit.target) for unit in build_document(bitext).units] == [
        ("图书馆五月开馆。", "The library opened in May."),
        ("谁来看书都不收钱。", "Nobody pays to read."),
        ("早上开门。夜里关门。", "Opens at dawn. Closes at night."),
        ("完。", "The end."),
    ]


STATES = """<xliff version="1.2" xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0" xmlns:mq="MQXliff" xmlns:m="Phrase">
<file original="a" datatype="x" source-language="zh-CN" target-language="en-US"><body>{}</body></file></xliff>"""
PAIRS = (
    ("中国外交取得了成功。", "China's diplomacy was a success."),
    ("图书馆五月开馆。", "The library opened in May."),
    ("谁来看书都不收钱。", "Nobody pays to read."),
    ("港口今天关闭。", "The harbour is closed today."),
)


@pytest.mark.parametrize(
    ("unit", "target", "level"),
    [
        ("", ' state="final"', "sure"),
        ("", ' state="translated" state-qualifier="exact-match"', "sure"),
        ("", ' state="signed-off"', "sure"),
        (' mq:status="ManuallyConfirmed"', "", "sure"),
        (' m:confirmed="1"', "", "sure"),
        ("", ' state="needs-review-translation"', "fair"),
        ("", ' state="translated" state-qualifier="leveraged-mt"', "fair"),
        ("", ' state-qualifier="fuzzy-match"', "fair"),
        (' mq:status="PartiallyEdited"', "", "fair"),
        (' m:confirmed="0"', "", "fair"),
        ("", ' state="new"', "doubtful"),
        ("", ' state="needs-translation"', "doubtful"),
        ("", ' state="translated" state-qualifier="rejected-inaccurate"', "doubtful"),
        (' mq:status="Rejected"', "", "doubtful"),
        (' mq:status="NotStarted"', "", "doubtful"),
        ("SDL Draft", "", "fair"),
        ("SDL RejectedTranslation", "", "doubtful"),
        ("SDL RejectedSignOff", "", "doubtful"),
        ("SDL ApprovedSignOff", "", "sure"),
    ],
)
def test_what_a_tool_says_against_a_translation_counts(tmp_path: Path, unit: str, target: str, level: str) -> None:
    """The second of four units has the state; it is never sure in silence, and the others are."""
    units = []
    for number, (chinese, english) in enumerate(PAIRS):
        said, about, told = (unit, target, "") if number == 1 else ("", "", "")
        if said.startswith("SDL"):
            told = f'<sdl:seg-defs><sdl:seg id="1" conf="{said[4:]}"/></sdl:seg-defs>'
            said = ""
        units.append(
            f'<trans-unit id="{number}"{said}><source>{chinese}</source>'
            f"<target{about}>{english}</target>{told}</trans-unit>"
        )
    (tmp_path / "a.xlf").write_text(STATES.format("".join(units)), encoding="utf-8")
    (document,) = build_memory([tmp_path / "a.xlf"])
    assert [unit.target for unit in document.units] == [english for _, english in PAIRS]
    levels = [confidence_level(unit.confidence) for unit in document.units]
    assert levels == ["sure", level, "sure", "sure"]
    assert [unit.flags for unit in document.units] == [(), () if level == "sure" else ("state-doubted",), (), ()]
    said = [notice for notice in document.notices if "as the file says" in notice.message]
    assert [notice.place for notice in said] == ([] if level == "sure" else ["unit 1"])


@pytest.mark.parametrize(
    ("heading", "usual", "said", "level"),
    [
        ("Status", "Approved", "Rejected", "doubtful"),
        ("status", "Translated", "Needs editing", "fair"),
        ("状态", "已审核", "已驳回", "doubtful"),
        ("状态", "已审核", "待审校", "fair"),
        ("审校状态", "通过", "未翻译", "doubtful"),
        ("Segment status", "Translated (100%)", "Draft (75%)", "fair"),
        ("Segment status", "Translated (100%)", "Translation Rejected (100%)", "doubtful"),
        ("fuzzy", "False", "True", "fair"),
        ("Confirmed", "yes", "no", "fair"),
        ("Status", "Approved", "Approved", "sure"),
    ],
)
def test_a_column_of_a_table_says_the_state_of_a_translation(
    tmp_path: Path, heading: str, usual: str, said: str, level: str
) -> None:
    rows = [f"{c},{e},{said if n == 1 else usual}" for n, (c, e) in enumerate(PAIRS)]
    (tmp_path / "a.csv").write_text("\n".join([f"中文,English,{heading}", *rows]), encoding="utf-8")
    (document,) = build_memory([tmp_path / "a.csv"])
    assert [unit.target for unit in document.units] == [english for _, english in PAIRS]
    assert [confidence_level(unit.confidence) for unit in document.units] == ["sure", level, "sure", "sure"]
    assert [unit.flags for unit in document.units] == [(), () if level == "sure" else ("state-doubted",), (), ()]
    assert not any("neither of the two languages" in notice.message for notice in document.notices)


def test_the_state_of_a_message_or_a_unit_of_a_memory_counts_too(tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text(
        "".join(
            f'{"#, fuzzy" + chr(10) if n == 1 else ""}msgid "{e}"\nmsgstr "{c}"\n\n' for n, (c, e) in enumerate(PAIRS)
        ),
        encoding="utf-8",
    )
    (tmp_path / "b.tmx").write_text(
        '<tmx version="1.4"><header srclang="zh-CN"/><body>'
        + "".join(
            f'<tu><prop type="x-ConfirmationLevel">{"Draft" if n == 1 else "Translated"}</prop>'
            f'<tuv xml:lang="zh-CN"><seg>{c}</seg></tuv><tuv xml:lang="en-US"><seg>{e}</seg></tuv></tu>'
            for n, (c, e) in enumerate(PAIRS)
        )
        + "</body></tmx>",
        encoding="utf-8",
    )
    for document in build_memory([tmp_path]):
        assert [confidence_level(unit.confidence) for unit in document.units] == ["sure", "fair", "sure", "sure"]
        assert [bool(unit.flags) for unit in document.units] == [False, True, False, False]


def test_lines_that_nothing_tells_apart_are_named_once(tmp_path: Path) -> None:
    (tmp_path / "a.zh.txt").write_text("的。\n" * 800, encoding="utf-8")
    (tmp_path / "a.en.txt").write_text("Yes.\n" * 800, encoding="utf-8")
    (document,) = build_memory([tmp_path])
    (said,) = [notice for notice in document.notices if "by their order" in notice.message]
    assert said.place == "line 1 to line 800"
    assert "800 Chinese and 800 English sentences" in said.message
    assert {confidence_level(unit.confidence) for unit in document.units} == {"doubtful"}
