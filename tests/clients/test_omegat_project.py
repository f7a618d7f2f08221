"""The real OmegaT opens the project folder that we make: every segment of the sample is filled, terms are found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from duiyi import cli
from tmx.tmx14 import read_tmx

OmegaT = Callable[[Path, str], list[str]]
Paragraphs = Callable[[str], list[str]]
# OmegaT's own glossary search (a thread of its pane) on each segment, without the pane.
PROBE = """
    project.transMemories.each { path, memory ->
        out.writeLine("memory\\t${new File(path).name}\\t${memory.entries.size()}")
    }
    project.allEntries.each { entry ->
        def found = project.getTranslationInfo(entry)
        def text = found.isTranslated() ? found.translation : ""
        out.writeLine("segment\\t${entry.srcText}\\t${text}")
    }
    def manager = new org.omegat.gui.glossary.GlossaryManager(null)
    manager.@priorityGlossary = new File(project.projectProperties.glossaryRoot, ".none")
    new File(project.projectProperties.glossaryRoot).listFiles().sort().each { file ->
        def entries = manager.loadGlossaryFile(file)
        manager.@glossaries.put(file.path, entries)
        out.writeLine("glossary\\t${file.name}\\t${entries.size()}")
    }
    project.allEntries.each { entry ->
        new Search(entry, manager).find().each { hit ->
            out.writeLine("hit\\t${hit.srcText}\\t${hit.locText}")
        }
    }
"""
SEARCH = """
    }
    class Search extends org.omegat.gui.glossary.FindGlossaryThread {
        Search(entry, manager) { super(null, entry, manager) }
        protected void checkEntryChanged() {}
        List find() { return search() }
"""


def opened(omegat: OmegaT, project: Path) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {"memory": [], "segment": [], "glossary": [], "hit": []}
    for line in omegat(project, PROBE + SEARCH):
        kind, first, second = line.split("\t")
        found[kind].append((first, second))
    return found


@pytest.mark.parametrize("where", ["auto", *(pytest.param(where, marks=pytest.mark.long) for where in ("enforce", ""))])
def test_the_sample_is_filled_from_the_memory_and_terms_are_found(
    built: Path, omegat: OmegaT, sample_paragraphs: Paragraphs, tmp_path: Path, where: str
) -> None:
    project = tmp_path / "project"
    assert cli.main(["export", str(built), "--for", "omegat", "-o", str(project)]) == 0
    if where != "auto":
        memory = project / "tm" / where / "memory.tmx"
        memory.parent.mkdir(exist_ok=True)
        shutil.move(project / "tm" / "auto" / "memory.tmx", memory)
    (project / "source" / "sample.utf8").write_text("\n".join(sample_paragraphs("zh-CN")) + "\n", encoding="utf-8")
    found = opened(omegat, project)
    units = {unit.source: unit.target for unit in read_tmx(built / "memory.tmx")}
    assert found["memory"] == [("memory.tmx", str(len(units)))]
    assert [source for source, _ in found["segment"]] == list(units)
    if where:  # in tm/ itself OmegaT offers, and fills nothing in
        assert dict(found["segment"]) == units
    rows = (project / "glossary" / "glossary.omegat.utf8").read_text(encoding="utf-8").splitlines()
    assert found["glossary"] == [("glossary.omegat.utf8", str(len(rows)))]
    terms = {source for source, _ in found["hit"]}
    assert len(found["hit"]) > len(found["segment"])  # more than one term in a sentence
    assert "中国外交" in terms


def test_version_2_of_the_glossary_is_read_as_well(
    built: Path, omegat: OmegaT, sample_paragraphs: Paragraphs, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    assert cli.main(["export", str(built), "--for", "omegat", "-o", str(project)]) == 0
    (project / "glossary" / "glossary.omegat.utf8").unlink()
    assert cli.main(["export", str(built), "--for", "tbx2", "-o", str(project / "glossary")]) == 0
    (project / "source" / "sample.utf8").write_text("\n".join(sample_paragraphs("zh-CN")) + "\n", encoding="utf-8")
    found = opened(omegat, project)
    assert int(found["glossary"][0][1]) > 50
    assert len(found["hit"]) > len(found["segment"])
