"""OmegaT project folders, and the command that writes them and the other exports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from duiyi import cli
from duiyi.commands.export import SystemName
from duiyi.manifest import FileRecord, read_exports
from duiyi.omegat import write_project
from glossary.files.exports import SYSTEMS, ExportOptions
from glossary.files.tbx import write_tbx
from glossary.model import ConceptEntry, Glossary, Rendering
from tmx.finetuning import FORMS
from tmx.model import TranslationUnit
from tmx.tmx14 import read_tmx, write_tmx

GLOSSARY = Glossary((ConceptEntry("c-1", "甲", (Rendering("one"),)), ConceptEntry("c-2", "乙", (Rendering("two"),))))


def units() -> list[TranslationUnit]:
    texts = [("甲。", "One."), ("甲。", "Uno."), ("乙。", "Two.")]
    return [TranslationUnit(f"u{number}", source, target) for number, (source, target) in enumerate(texts)]


def test_an_omegat_project_keeps_what_the_translator_put_there(tmp_path: Path) -> None:
    write_project(units(), GLOSSARY, tmp_path)
    (tmp_path / "omegat.project").write_text("mine", encoding="utf-8")
    (tmp_path / "source" / "a.txt").write_text("甲。", encoding="utf-8")
    (tmp_path / "glossary" / "glossary.txt").write_text("词\tterm\n", encoding="utf-8")
    write_project(units()[:1], GLOSSARY, tmp_path)
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()) == [
        "glossary/glossary.omegat.utf8",
        "glossary/glossary.txt",
        "omegat.project",
        "omegat/segmentation.conf",
        "source/a.txt",
        "tm/auto/memory.tmx",
    ]
    assert (tmp_path / "omegat.project").read_text(encoding="utf-8") == "mine"


def test_an_omegat_project_into_chinese(tmp_path: Path) -> None:
    write_project(units(), GLOSSARY, tmp_path, ExportOptions(reverse=True))
    assert "<source_lang>en-US</source_lang>" in (tmp_path / "omegat.project").read_text(encoding="utf-8")
    assert b'srclang="en-US"' in (tmp_path / "tm" / "auto" / "memory.tmx").read_bytes()
    assert not (tmp_path / "tm" / "memory.alternatives.tmx").exists()


def test_the_command(tmp_path: Path) -> None:
    write_tbx(GLOSSARY, tmp_path / "glossary.tbx")
    write_tmx(units(), tmp_path / "memory.tmx")
    assert cli.main(["export", str(tmp_path), "--for", "omegat", "-o", str(tmp_path / "project")]) == 0
    assert [unit.target for unit in read_tmx(tmp_path / "project" / "tm" / "auto" / "memory.tmx")] == ["One.", "Two."]
    assert [unit.target for unit in read_tmx(tmp_path / "project" / "tm" / "memory.alternatives.tmx")] == ["Uno."]
    ran = CliRunner().invoke(cli.app, ["export", str(tmp_path), "--for", "memoq", "--json"])
    assert json.loads(ran.stdout)["rows"] == 2
    assert cli.main(["export", str(tmp_path / "nothing"), "--for", "xtm"]) == 1
    assert cli.main(["export", str(tmp_path), "--for", "wordfast"]) == 2


def test_exports_are_listed_beside_them(tmp_path: Path) -> None:
    write_tbx(GLOSSARY, tmp_path / "glossary.tbx")
    write_tmx(units(), tmp_path / "memory.tmx")
    for options in (["memoq"], ["omegat"], ["memoq", "--reverse"]):
        assert cli.main(["export", str(tmp_path), "--for", *options]) == 0
    records = read_exports(tmp_path / "exports")
    assert sorted(records) == ["memoq", "omegat"]
    memoq, omegat = records["memoq"], records["omegat"]
    assert memoq.files == (FileRecord.of(tmp_path / "exports" / "glossary.memoq.csv"),)
    assert (memoq.entries, memoq.settings) == (2, {"accepted": False, "reverse": True})
    assert memoq.made_from == (FileRecord.of(tmp_path / "glossary.tbx"),)
    assert [file.name for file in omegat.files] == [
        "omegat/omegat.project",
        "omegat/omegat/segmentation.conf",
        "omegat/tm/auto/memory.tmx",
        "omegat/tm/memory.alternatives.tmx",
        "omegat/glossary/glossary.omegat.utf8",
        "omegat/scripts/duiyi.groovy",
    ]
    assert cli.main(["export", str(tmp_path), "--for", "xtm", "-o", str(tmp_path / "mine")]) == 0
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["glossary.xtm.xlsx"]
    before = (tmp_path / "exports" / "exports.json").read_bytes()
    assert cli.main(["export", str(tmp_path), "--for", "memoq", "--reverse"]) == 0
    assert (tmp_path / "exports" / "exports.json").read_bytes() == before


def test_nothing_to_export_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tbx(GLOSSARY, tmp_path / "glossary.tbx")
    assert cli.main(["export", str(tmp_path), "--for", "xtm", "--accepted"]) == 1
    assert capsys.readouterr().err == (
        f"duiyi: {tmp_path}: nothing to export: no entry is accepted or edited yet; leave out --accepted\n"
    )
    write_tbx(Glossary(()), tmp_path / "glossary.tbx")
    assert cli.main(["export", str(tmp_path), "--for", "tbx2"]) == 1
    assert "nothing to export: the glossary has no entries" in capsys.readouterr().err
    assert not (tmp_path / "exports").exists()


def test_every_system_can_be_named_on_the_command_line() -> None:
    assert {*SystemName} == {*SYSTEMS, *FORMS}


def test_languages_of_an_export_are_those_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = ConceptEntry("1", "外交", (Rendering("diplomacy"),))
    write_tbx(Glossary((entry,), source_language="zh-Hant"), tmp_path / "glossary.tbx")
    asked = ["--source-lang", "zh_tw", "--target-lang", "English (United Kingdom)", "-o", str(tmp_path / "given")]
    for system in ("trados", "memoq", "phrase", "tbx2"):
        assert cli.main(["export", str(tmp_path), "--for", system, *asked]) == 0
    heads = [cell.value for cell in load_workbook(tmp_path / "given" / "glossary.trados.xlsx").active[1]]
    assert heads[:2] == ["Chinese (Traditional, Taiwan)", "English (United Kingdom)"]
    heads = [cell.value for cell in load_workbook(tmp_path / "given" / "glossary.phrase.xlsx").active[1]]
    assert heads[2:] == ["zh_tw", "en_gb"]
    assert "Chinese_Taiwan" in (tmp_path / "given" / "glossary.memoq.csv").read_text(encoding="utf-8")
    assert 'xml:lang="en-GB"' in (tmp_path / "given" / SYSTEMS["tbx2"].file).read_text(encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["export", str(tmp_path), "--for", "phrase", "--source-lang", "en"]) == 2
    assert "is no tag of this language" in capsys.readouterr().err
