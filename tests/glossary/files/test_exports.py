"""Each export, byte for byte or cell for cell, beside a file that a person can look at."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from glossary.files.exports import SYSTEMS, ExportOptions, chosen, write_export
from glossary.files.tbx import read_tbx, write_tbx
from glossary.model import ConceptEntry, Context, Glossary, Rendering, Variant
from tmx.errors import OutputError

GOLDEN = Path(__file__).parent / "exports"
GLOSSARY = Glossary(
    (
        ConceptEntry(
            "c-1",
            "多边主义",
            (Rendering("multilateralism"), Rendering("multilateral approach", "admitted", "synonym")),
            variants=(Variant("多边"), Variant("多国主义", usage="deprecated")),
            contexts=(
                Context("u-1", "践行真正的多边主义。", "Practice true multilateralism.", ((5, 9),), ((14, 29),)),
            ),
            review="accepted",
            definition='co-operation of several states, "as equals"',
            notes=("first note", "second; note"),
        ),
        ConceptEntry(
            "c-2",
            "中国共产党",
            (Rendering("CPC"), Rendering("Chinese Communist Party", "deprecated")),
            variants=(Variant("多边"),),
            type="institution",
            part_of_speech="properNoun",
        ),
        ConceptEntry("c-3", "=1+1\t公式", (Rendering("-formula | sum\nline"),), part_of_speech="phrase"),
        ConceptEntry("c-4", "𠮷祥🐼", (Rendering("lucky\x01panda"),), type="other"),
        ConceptEntry("c-5", "不要", (Rendering("rejected"),), review="rejected"),
        ConceptEntry("c-6", "主义", (Rendering("-ism"),), broader="c-1"),
    )
)


def shown(path: Path) -> str:
    """The text of a file; of a workbook its cells, one row a line."""
    if path.suffix != ".xlsx":
        return path.read_bytes().decode("utf-16" if "multiterm" in path.name else "utf-8")
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return "".join(json.dumps([cell or "" for cell in row], ensure_ascii=False) + "\n" for row in rows)


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name != "tbx2"])
def test_the_file_is_as_the_system_documents_it(system: str, tmp_path: Path) -> None:
    path, report = write_export(GLOSSARY, system, tmp_path)
    golden = GOLDEN / (path.name + (".jsonl" if path.suffix == ".xlsx" else ""))
    encoding = "utf-16" if "multiterm" in path.name else "utf-8"
    assert shown(path) == golden.read_bytes().decode(encoding)
    assert [str(r) for r in report.replacements] == ["c-4: U+0001 replaced by U+FFFD, once"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_same_glossary_gives_the_same_bytes(system: str, tmp_path: Path) -> None:
    first, _ = write_export(GLOSSARY, system, tmp_path / "a")
    second, _ = write_export(GLOSSARY, system, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name != "tbx2"])
def test_an_empty_glossary_is_a_file_too(system: str, tmp_path: Path) -> None:
    path, report = write_export(Glossary(()), system, tmp_path)
    assert path.is_file()
    assert report.rows == 0


def test_an_empty_glossary_has_no_valid_form_in_version_2(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no valid form without an entry"):
        write_export(Glossary(()), "tbx2", tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_must_not_be_used_any_more_is_marked_where_the_system_can(tmp_path: Path) -> None:
    entry = ConceptEntry("c-1", "词", (Rendering("term"), Rendering("old word", "superseded")))
    path, _ = write_export(Glossary((entry,)), "memoq", tmp_path)
    assert path.read_text(encoding="utf-8").splitlines()[1] == (
        'concept;;;词;"CasePermissive;HalfPrefix";;;term;"CasePermissive;HalfPrefix";;'
        'old word;"CasePermissive;HalfPrefix;NonTerm";'
    )
    path, _ = write_export(Glossary((entry,)), "matecat", tmp_path)
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert [(row[0], row[7]) for row in rows[1:]] == [(None, "term"), ("TRUE", "old word")]


def test_what_machines_cannot_take_is_left_out_and_named(tmp_path: Path) -> None:
    long = ConceptEntry("c-9", "长" * 400, (Rendering("long"),))
    _, report = write_export(Glossary((*GLOSSARY.entries, long)), "deepl", tmp_path)
    assert report.changed == (
        "多边 = CPC: left out, 多边 is multilateralism already",
        "长" * 40 + ": left out, longer than 1024 bytes",
        "=1+1 公式: a tab or line break became a space",
        "-formula | sum line: a tab or line break became a space",
    )


def test_a_cell_longer_than_excel_takes_is_cut_and_named(tmp_path: Path) -> None:
    entry = ConceptEntry("c-1", "词", (Rendering("term"),), definition="𠮷" * 20_000)
    _, report = write_export(Glossary((entry,)), "phrase", tmp_path)
    assert report.changed == ("row 2: a cell was cut to 32767 characters, the limit of Excel",)


def test_the_other_direction_and_accepted_entries_only(tmp_path: Path) -> None:
    path, _ = write_export(GLOSSARY, "google", tmp_path, ExportOptions(reverse=True, accepted=True))
    assert path.read_text(encoding="utf-8") == "multilateralism\t多边主义\nmultilateral approach\t多边主义\n"


def test_version_2_keeps_everything(tmp_path: Path) -> None:
    path, _ = write_export(GLOSSARY, "tbx2", tmp_path)
    write_tbx(Glossary(GLOSSARY.entries[:4]), tmp_path / "all.tbx")
    assert read_tbx(path).entries == read_tbx(tmp_path / "all.tbx").entries


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_export(GLOSSARY, "xtm", tmp_path / "file")


def test_only_the_lists_wanted_and_terms_sure_enough_are_exported() -> None:
    entries = tuple(
        ConceptEntry(term, term, (Rendering("x"),), domain=domain, score=score, review=review)
        for term, domain, score, review in (
            ("甲", "political", 0.9, "candidate"),
            ("乙", "political", 0.2, "candidate"),
            ("丙", "political", 0.2, "accepted"),
            ("丁", "other", 0.9, "candidate"),
        )
    )
    options = ExportOptions(domains=("political",), min_score=0.5)
    assert [entry.term for entry in chosen(Glossary(entries), options)] == ["甲", "丙"]
