"""Contexts show the rendering they stand beside, in every file."""

import csv
from pathlib import Path

import openpyxl

from glossary import ExtractionOptions, extract_terms
from glossary.contexts import context_of, marks, shown_in
from glossary.files.tables import read_csv, write_csv
from glossary.files.tbx import read_tbx, write_tbx
from glossary.files.workbook import write_workbook
from glossary.model import ConceptEntry, Context, Glossary, Rendering
from tmx.model import TranslationUnit

LAKE = Context(
    "u1", "湖边有停车场。", "There is a car park at the lake.", ((3, 6),), ((11, 19),), "a.txt", "2021-01-01"
)
FULL = Context("u2", "停车场已满。", "The parking lot is full.", ((0, 3),), ((4, 15),), "b.txt", "2019-01-01")
ENTRY = ConceptEntry(
    "c1",
    "停车场",
    (
        Rendering("parking lots", count=2, documents=("b.txt",)),
        Rendering("car park", "admitted", documents=("a.txt",)),
        Rendering("garage", "deprecated"),
    ),
    contexts=(FULL, LAKE),
    sources=("a.txt", "b.txt"),
)


def test_each_rendering_has_a_context_of_its_own() -> None:
    rows = [
        ("2019", "湖边的停车场很大。", "The parking lot at the lake is large."),
        ("2019", "停车场已满。", "The parking lot is full."),
        ("2020", "他们关闭停车场。", "They will close the parking lot."),
        ("2020", "工人清扫停车场。", "Workers sweep the parking lot."),
        ("2021", "我们扩建停车场。", "We will enlarge the car park."),
        ("2021", "停车场属于学校。", "The car park belongs to the school."),
    ]
    units = [
        TranslationUnit(id=str(number), source=zh, target=en, document=f"{date}.txt", date=date)
        for number, (date, zh, en) in enumerate(rows)
    ]
    entries = extract_terms(units, ExtractionOptions(strictness="wide")).entries
    found = next(entry for entry in entries if entry.term == "停车场")
    assert [rendering.text for rendering in found.renderings] == ["parking lot", "car park"]
    assert len(found.contexts) == 3
    assert [shown_in(found, context) for context in found.contexts] == [0, 1, 0]
    assert marks(context_of(found, "car park"), "car park")
    assert len({context.document for context in found.contexts}) == 3


def test_a_context_is_found_by_what_it_marks_then_by_its_words() -> None:
    assert context_of(ENTRY, "car park") is LAKE
    assert context_of(ENTRY, "parking lots") is FULL
    assert context_of(ENTRY, "garage").source == "", "no context shows it"
    edited = ConceptEntry("c1", "停车场", (Rendering("garage"),), contexts=(FULL,))
    assert context_of(edited, "garage") is FULL, "the preferred one shows the Chinese at least"
    assert shown_in(edited, FULL) is None


def test_a_table_shows_each_rendering_in_its_own_documents(tmp_path: Path) -> None:
    write_csv(Glossary((ENTRY,)), tmp_path / "g.csv")
    with (tmp_path / "g.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["en-US"], row["context_en"], row["source"]) for row in csv.DictReader(file)]
    assert rows == [
        ("parking lots", FULL.target, "b.txt"),
        ("car park", LAKE.target, "a.txt"),
        ("garage", "", "a.txt | b.txt"),
    ]
    (entry,) = read_csv(tmp_path / "g.csv").entries
    assert [context.target for context in entry.contexts] == [FULL.target, LAKE.target]
    assert set(entry.sources) == {"a.txt", "b.txt"}


def test_a_termbase_puts_a_context_under_the_term_it_shows(tmp_path: Path) -> None:
    for version in (2, 3):
        path = tmp_path / f"{version}.tbx"
        write_tbx(Glossary((ENTRY,)), path, version)
        (entry,) = read_tbx(path).entries
        assert entry.contexts == ENTRY.contexts
        text = path.read_text("utf-8")
        assert text.index("car park</term>") < text.index(LAKE.target)
        assert text.index("parking lots</term>") < text.index(FULL.target) < text.index("car park</term>")


def test_the_evidence_says_which_rendering_it_shows(tmp_path: Path) -> None:
    write_workbook(Glossary((ENTRY,)), (), tmp_path / "g.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "g.xlsx")["Evidence"]
    rows = [[cell.value for cell in row[:5]] for row in sheet.iter_rows(min_row=2)]
    assert [(row[2], row[4]) for row in rows] == [("parking lots", FULL.target), ("car park", LAKE.target)]
