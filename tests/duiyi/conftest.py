"""Aligned documents and a glossary to report on and to review, made from the annotated sample interview."""

import csv
from pathlib import Path

import pytest

from glossary.model import ConceptEntry, Context, Glossary, Reason, Rendering, Variant
from tmx.languages import join
from tmx.memory import make_units
from tmx.model import AlignedDocument, Bead, Bitext, Metadata, Notice, Paragraph, Piece, Sentence, TranslationUnit

GOLD = Path(__file__).parents[1] / "gold"


def side(sentences: list[tuple[int, str]], language: str) -> tuple[tuple[Paragraph, ...], tuple[Sentence, ...]]:
    """Put sentences, each with the number of its paragraph, together as paragraphs with offsets."""
    texts: dict[int, str] = {}
    placed = []
    for number, text in sentences:
        before = texts.get(number, "")
        start = len(join([before, "x"], language)) - 1 if before else 0
        texts[number] = join([before, text], language) if before else text
        placed.append(Sentence(text, list(texts).index(number), start, start + len(text)))
    paragraphs = tuple(
        Paragraph(text, (Piece(0, len(text), f"line {2 * number + 1}"),)) for number, text in texts.items()
    )
    return paragraphs, tuple(placed)


def aligned(
    name: str,
    source: list[tuple[int, str]],
    target: list[tuple[int, str]],
    beads: list[Bead],
    metadata: Metadata | None = None,
    notices: tuple[Notice, ...] = (),
) -> AlignedDocument:
    """Make an aligned document from sentences with paragraph numbers and from beads."""
    source_paragraphs, source_sentences = side(source, "zh-CN")
    target_paragraphs, target_sentences = side(target, "en-US")
    bitext = Bitext(name, source_paragraphs, target_paragraphs, metadata=metadata or Metadata(), notices=notices)
    units = make_units(bitext, source_sentences, target_sentences, beads)
    return AlignedDocument(bitext, source_sentences, target_sentences, tuple(beads), tuple(units))


@pytest.fixture(scope="session")
def interview() -> AlignedDocument:
    """The sample interview by its annotation, with confidences that fall with the size of the bead."""
    with (GOLD / "sample-sentences.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    chosen = {
        language: [(int(row["para"]), row["sentence"], row["bead"]) for row in rows if row["lang"] == language]
        for language in ("zh", "en")
    }
    beads = []
    at = [0, 0]
    for name in dict.fromkeys(row["bead"] for row in rows):
        sizes = [sum(bead == name for _, _, bead in chosen[language]) for language in ("zh", "en")]
        confidence = {1: 0.97, 2: 0.82, 3: 0.41}[max(sizes)]
        beads.append(Bead((at[0], at[0] + sizes[0]), (at[1], at[1] + sizes[1]), confidence=confidence))
        at = [at[0] + sizes[0], at[1] + sizes[1]]
    return aligned(
        "interview.txt",
        [(number, text) for number, text, _ in chosen["zh"]],
        [(number, text) for number, text, _ in chosen["en"]],
        beads,
        Metadata(title="王毅接受采访 Interview", date="2021-12-30"),
    )


@pytest.fixture(scope="session")
def cut() -> AlignedDocument:
    """A short document with everything that deserves a warning: a healed cut, a gap, a flag, hostile text."""
    first = Paragraph("第一句话。第二句话。", (Piece(0, 10, "line 1"),))
    english = Paragraph(
        "First sentence goes on. <b>Second</b> & last.", (Piece(0, 9, "line 2"), Piece(10, 45, "line 5"))
    )
    only = Paragraph("只有中文。", (Piece(0, 5, "line 7"),))
    bitext = Bitext(
        "cut.txt",
        (first, only),
        (english,),
        metadata=Metadata(title="<script>alert(1)</script>", date="2022-03"),
        notices=(
            Notice("joined", "cut.txt", "line 2 with line 5", "a sentence cut by a page turn was joined"),
            Notice("removed", "cut.txt", "page 3", "page number removed: 3"),
        ),
    )
    source = (Sentence("第一句话。", 0, 0, 5), Sentence("第二句话。", 0, 5, 10), Sentence("只有中文。", 1, 0, 5))
    target = (Sentence(english.text[:23], 0, 0, 23), Sentence(english.text[24:], 0, 24, 45))
    beads = (
        Bead((0, 1), (0, 1), confidence=0.95),
        Bead((1, 2), (1, 2), confidence=0.35),
        Bead((2, 3), (2, 2), confidence=0.8),
    )
    units = (
        TranslationUnit("cut-1", source[0].text, target[0].text, document="cut.txt", confidence=0.95, place="line 1"),
        TranslationUnit(
            "cut-2", source[1].text, target[1].text, document="cut.txt", confidence=0.35, flags=("numbers-differ",)
        ),
    )
    return AlignedDocument(bitext, source, target, beads, units)


@pytest.fixture(scope="session")
def glossary(interview: AlignedDocument) -> Glossary:
    """A few entries: one term rendered two ways, one English rendering of two terms, a term inside another."""
    unit = next(unit for unit in interview.units if "中国共产党" in unit.source and "Communist Party" in unit.target)
    zh = unit.source.index("中国共产党")
    en = unit.target.index("Communist Party of China")
    context = Context(
        unit.id,
        unit.source,
        unit.target,
        ((zh, zh + 5),),
        ((en, en + len("Communist Party of China")),),
        document=unit.document,
        date=unit.date,
        place=unit.place,
    )
    return Glossary(
        (
            ConceptEntry(
                "party",
                "中国共产党",
                (
                    Rendering("Communist Party of China", count=3),
                    Rendering("CPC", "admitted", "abbreviation", count=2),
                    Rendering("the Party", "admitted", count=1),
                ),
                variants=(Variant("党", "short form", count=4),),
                type="institution",
                count=9,
                score=0.98,
                contexts=(context,),
                reasons=(Reason("recurs", ("9", "9")), Reason("dictionary")),
            ),
            ConceptEntry("diplomacy", "中国外交", (Rendering("China's diplomacy", count=8),), count=11, score=0.9),
            ConceptEntry(
                "prosperous",
                "全面建成小康社会",
                (
                    Rendering("completed the building of a moderately prosperous society in all respects", count=2),
                    Rendering("the new journey", "admitted", count=1),
                ),
                count=2,
                score=0.8,
            ),
            ConceptEntry("goods", "公共产品", (Rendering("global public good", count=2),), count=2, score=0.7),
            ConceptEntry(
                "global-goods", "全球公共产品", (Rendering("global public good", count=2),), count=2, score=0.7
            ),
            ConceptEntry("journey", "新征程", (Rendering("new journey", count=1),), list="once", broader="prosperous"),
        )
    )
