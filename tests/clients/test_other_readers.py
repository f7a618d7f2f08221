"""LibreOffice and translate-toolkit read what we write and see the same text."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from translate.storage import csvl10n, tbx, tmx

from duiyi.returned import merge_reviews, read_reviewed, state_of
from glossary.files.cells import normalise, unprotect_cell
from glossary.files.exports import write_export
from glossary.files.sheets import MAX_CELL_CHARS
from glossary.files.tables import read_csv, write_csv
from glossary.files.tbx import read_tbx
from glossary.files.workbook import write_workbook
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.tmx14 import read_tmx

Convert = Callable[[Path, str], Path]
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
HOSTILE = Glossary(
    tuple(
        ConceptEntry(f"c-{number}", term, (Rendering(english),), score=0.5)
        for number, (term, english) in enumerate(
            [
                ("=1+1", "-2"),
                ("+86", "@here"),
                ("𠮷祥🐼", "lucky \u200frtl\u200e mark"),
                ("12月30日", "1-2"),
                ("“引号”", 'say "yes", then'),
            ]
        )
    )
)


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if any(row)]


@pytest.mark.parametrize("hostile", [pytest.param(False, marks=pytest.mark.long), True])
def test_libreoffice_shows_the_table_as_it_is(built: Path, libreoffice: Convert, tmp_path: Path, hostile: bool) -> None:
    table = built / "glossary.csv"
    if hostile:
        table = tmp_path / "glossary.csv"
        write_csv(HOSTILE, table)
    assert cells(libreoffice(table, AS_CSV)) == cells(table)


def test_libreoffice_shows_the_workbook_as_it_is(built: Path, libreoffice: Convert) -> None:
    written = openpyxl.load_workbook(built / "glossary.xlsx")["Terms"]
    expected = [[str(c) for c in row if c is not None] for row in written.iter_rows(values_only=True)]
    shown = [[c for c in row if c] for row in cells(libreoffice(built / "glossary.xlsx", AS_CSV))]
    assert shown[0] == expected[0]
    assert [row[:3] for row in shown] == [row[:3] for row in expected]  # ID, Chinese, English


def test_libreoffice_saves_the_workbook_again_and_nothing_is_changed(libreoffice: Convert, tmp_path: Path) -> None:
    """As a reviewer does who opens it and saves it: no cell differs, so nothing comes back as a change."""
    limits = (
        "长" * MAX_CELL_CHARS,
        "=" + "长" * (MAX_CELL_CHARS - 1),
        "𠮷" * MAX_CELL_CHARS,
        "{=1}",
        "'=1",
        "  两边  ",
    )
    notes = tuple(replace(HOSTILE.entries[0], id=f"n-{i}", definition=text) for i, text in enumerate(limits))
    glossary = Glossary((*HOSTILE.entries, *notes))
    report = write_workbook(glossary, [], tmp_path / "glossary.xlsx")
    assert report.cut == ("Terms!U9",)  # the one that takes two UTF-16 units a character
    again = libreoffice(tmp_path / "glossary.xlsx", "xlsx:Calc MS Excel 2007 XML")
    one, other = (openpyxl.load_workbook(path) for path in (tmp_path / "glossary.xlsx", again))
    assert one.sheetnames == other.sheetnames
    for sheet in one:
        texts = [[normalise(cell.value) for cell in row] for row in sheet]
        shown = [[normalise(cell.value) for cell in row] for row in other[sheet.title]]
        assert [row[: len(texts[0])] for row in shown[: len(texts)]] == texts, sheet.title
    assert other["_base"].sheet_state != "visible"
    files = [read_reviewed(again)]
    merged = merge_reviews(files, state_of(glossary, [], files))
    assert (merged.decisions, merged.conflicts) == ((), ())


def test_translate_toolkit_reads_the_memory(built: Path) -> None:
    store = tmx.tmxfile.parsefile(str(built / "memory.tmx"))
    theirs = [(str(unit.source), str(unit.target)) for unit in store.units]
    assert theirs == [(unit.source, unit.target) for unit in read_tmx(built / "memory.tmx")]


def test_translate_toolkit_reads_version_2_of_the_glossary(built: Path, tmp_path: Path) -> None:
    glossary = read_tbx(built / "glossary.tbx")
    path, _ = write_export(glossary, "tbx2", tmp_path)
    theirs = {(str(unit.source), str(unit.target)) for unit in tbx.tbxfile.parsefile(str(path)).units}
    assert {(e.term, e.preferred.text) for e in glossary.entries if not e.broader} <= theirs


def test_translate_toolkit_reads_the_table_for_weblate(built: Path, tmp_path: Path) -> None:
    path, report = write_export(read_tbx(built / "glossary.tbx"), "weblate", tmp_path)
    theirs = [(str(unit.source), str(unit.target)) for unit in csvl10n.csvfile.parsefile(str(path)).units]
    rows = [(row[0], row[1]) for row in cells(path)]
    assert [pair for pair in theirs if pair != rows[0]] == rows[1:]
    assert len(rows) == report.rows + 1


def test_cells_are_told_from_formulas(tmp_path: Path) -> None:
    write_csv(HOSTILE, tmp_path / "g.csv")
    assert [unprotect_cell(row[1]) for row in cells(tmp_path / "g.csv")[1:]] == [e.term for e in HOSTILE.entries]
    assert [entry.term for entry in read_csv(tmp_path / "g.csv").entries] == [e.term for e in HOSTILE.entries]
