from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tmx import segmentation
from tmx.errors import FormatError, LimitError
from tmx.languages import joiner
from tmx.segmentation import SegmentationRules, default_rules, load_rules, segment, write_omegat_rules

HERE = Path(__file__).parent
SENTENCES = HERE.parent / "gold" / "sample-sentences.tsv"
MARKS = "。！？；：，、…—．｡!?.;:,\"'“”‘’「」『』（）()[]《》【】"


def pieces(text: str, language: str, rules: SegmentationRules | None = None) -> list[str]:
    return [text[start:end] for start, end in segment(text, language, rules)]


def cases(language: str) -> list[tuple[str, list[str]]]:
    """Read a case file: a paragraph, a line of hyphens, its sentences; cases end with a line of equals signs."""
    text = (HERE / "cases" / f"segmentation.{language}.txt").read_text(encoding="utf-8")
    blocks = [block.split("\n---\n") for block in text.split("\n===\n") if block.strip()]
    return [
        ("\n".join(line for line in whole.split("\n") if line and not line.startswith("# ")), parts.split("\n"))
        for whole, parts in blocks
    ]


def sample_paragraphs(language: str) -> list[list[str]]:
    paragraphs: dict[str, list[str]] = {}
    for row in SENTENCES.read_text(encoding="utf-8").split("\n")[1:]:
        if row.startswith(f"{language}\t"):
            _, paragraph, _, _, sentence = row.split("\t")
            paragraphs.setdefault(paragraph, []).append(sentence)
    return list(paragraphs.values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sample_is_cut_into_the_gold_sentences(language: str) -> None:
    for sentences in sample_paragraphs(language):
        assert pieces(joiner(language).join(sentences), language) == sentences


@pytest.mark.parametrize(("text", "expected"), cases("zh"))
def test_chinese_case(text: str, expected: list[str]) -> None:
    assert pieces(text, "zh-CN") == expected


@pytest.mark.parametrize(("text", "expected"), cases("en"))
def test_english_case(text: str, expected: list[str]) -> None:
    assert pieces(text, "en-US") == expected


def test_a_line_is_a_paragraph() -> None:
    assert pieces("第一章\n总则\r\n第一条 为了……\n", "zh") == ["第一章", "总则", "第一条 为了……"]
    assert pieces("Heading\n1. First item\n2. Second item", "en") == ["Heading", "1. First item", "2. Second item"]


@given(st.text(st.sampled_from("国说A a1\n　" + MARKS)), st.sampled_from(["zh", "en"]))
def test_pieces_are_slices_in_order_with_only_white_space_between(text: str, language: str) -> None:
    spans = segment(text, language)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert all(not text[left:right].strip() for left, right in list(pairwise(edges))[::2])
    assert edges == sorted(edges)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-CN", 2), ("zh-Hant-TW", 2), ("ZH", 2), ("cmn-Hans", 2), ("en-GB", 1), ("de", 1), ("", 1)],
)
def test_tag_chooses_the_rules(language: str, expected: int) -> None:
    assert len(segment("好……“走", language)) == expected


@pytest.mark.parametrize("mark", [".", "。", '"', "”", "“", "…", "？”", "（。", "A. ", "\n", " "])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_many_marks_rejoin(mark: str, language: str) -> None:
    text = mark * (20_000 // len(mark))
    assert "".join("".join(pieces(text, language)).split()) == "".join(text.split())


def srx(rules: str, maps: str = '<languagemap languagepattern=".*" languagerulename="any"/>') -> str:
    return (
        '<srx xmlns="http://www.lisa.org/srx20" version="2.0"><header segmentsubflows="yes" cascade="no"/><body>'
        f'<languagerules><languagerule languagerulename="any">{rules}</languagerule></languagerules>'
        f"<maprules>{maps}</maprules></body></srx>"
    )


def rule(before: str, after: str, is_break: str = "yes") -> str:
    return f'<rule break="{is_break}"><beforebreak>{before}</beforebreak><afterbreak>{after}</afterbreak></rule>'


@pytest.mark.parametrize(
    ("rules", "text", "expected"),
    [
        (rule("；", ""), "甲；乙。丙", ["甲；", "乙。丙"]),
        (rule(r"(Mr)\.", r"\s", "no") + rule(r"(\.)+", r"\s"), "Mr. A. B", ["Mr. A.", "B"]),
        (rule(r"\.", "") + rule(r"Mr\.", r"\s", "no"), "Mr. A", ["Mr.", "A"]),  # the first rule wins
        (rule("", "第"), "甲第乙第", ["甲", "第乙", "第"]),
        (rule(r"(?i)end", ""), "one END two end", ["one END", "two end"]),
        (rule(r"\x{3002}x*", ""), "甲。xx乙", ["甲。", "x", "x", "乙"]),
        ("", "甲。乙", ["甲。乙"]),
    ],
)
def test_own_rules(tmp_path: Path, rules: str, text: str, expected: list[str]) -> None:
    path = tmp_path / "own.srx"
    path.write_text(srx(rules), encoding="utf-8")
    assert pieces(text, "zh", load_rules(path)) == expected


def test_rules_that_never_end_are_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation, "TIMEOUT_SECONDS", 0.2)
    path = tmp_path / "endless.srx"
    path.write_text(srx(rule("", "(?:a+)+b")), encoding="utf-8")
    with pytest.raises(LimitError, match=r"endless\.srx: a rule takes more than"):
        segment("a" * 5_000, "en", load_rules(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not well-formed XML"),
        ("<tmx/>", "expected <srx>"),
        (srx(rule("(", "")), "line 1: the expression cannot be read"),
        (srx("", ""), "no languagemap"),
        (srx("", '<languagemap languagepattern="x" languagerulename="y"/>'), "no languagerule is named 'y'"),
    ],
)
def test_bad_rules_are_one_clear_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "bad.srx"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match="bad.srx.*" + message.replace("(", r"\(")) as caught:
        load_rules(path)
    assert "\n" not in str(caught.value)


def test_missing_rules_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"none.srx: cannot be read"):
        load_rules(tmp_path / "none.srx")


def omegat_rules(path: Path, rules: SegmentationRules | None = None) -> list[list[tuple[str, str, str]]]:
    """Write rules for OmegaT and read them back: for each map its (pattern, "", "") and its rules."""
    write_omegat_rules(path, rules)
    return [
        [(mapping.findtext("void[@property='pattern']/string") or "", "", "")]
        + [
            tuple(
                element.findtext(f"void[@property='{name}']/*") or ""
                for name in ("breakRule", "beforebreak", "afterbreak")
            )
            for element in mapping.iterfind("void[@property='rules']/object/void/object")
        ]
        for mapping in etree.parse(path).iterfind("object/void[@property='mappingRules']/void/object")
    ]


def test_omegat_rules_hold_every_rule_and_no_other(tmp_path: Path) -> None:
    maps = omegat_rules(tmp_path / "segmentation.conf")
    ours = default_rules()
    assert [rows[0][0] for rows in maps] == [pattern for pattern, _ in ours.maps]
    assert [len(rows) - 1 for rows in maps] == [len(dict(ours.groups)[name]) for _, name in ours.maps]
    assert all(before.startswith("(?<=") for rows in maps for _, before, _ in rows[1:] if before)


def test_omegat_rules_without_cascade_exclude_each_other(tmp_path: Path) -> None:
    path = tmp_path / "own.srx"
    second = '<languagemap languagepattern="zh.*" languagerulename="any"/>'
    path.write_text(
        srx(rule("；+", "甲"), '<languagemap languagepattern="en" languagerulename="any"/>' + second), "utf-8"
    )
    maps = omegat_rules(tmp_path / "segmentation.conf", load_rules(path))
    assert maps == [
        [("en", "", ""), ("true", "；+", "(?=甲)")],
        [("(?!(?:en)$)zh.*", "", ""), ("true", "；+", "(?=甲)")],
    ]


def test_same_rules_give_the_same_bytes(tmp_path: Path) -> None:
    write_omegat_rules(tmp_path / "a")
    write_omegat_rules(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
