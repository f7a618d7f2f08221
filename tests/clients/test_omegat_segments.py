"""The real OmegaT, with the rules we write for it, cuts the sample and the hard cases as we do."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from duiyi.omegat import write_project
from glossary.files.exports import ExportOptions
from glossary.model import Glossary
from tmx.segmentation import segment

ROOT = Path(__file__).parents[2]
OmegaT = Callable[[Path, str], list[str]]
SEGMENTS = 'project.allEntries.each { out.writeLine(it.srcText.replace("\\n", "<newline>")) }'


def hard_cases(language: str) -> list[str]:
    cases = (ROOT / "tests" / "tmx" / "cases" / f"segmentation.{language[:2]}.txt").read_text(encoding="utf-8")
    return [
        line
        for case in cases.split("\n===\n")
        for line in case.partition("\n---\n")[0].split("\n")
        if line and not line.startswith("# ")
    ]


def strange_texts() -> list[str]:
    """Random runs of marks and letters: where a rule reads differently in Java, one of them shows it."""
    choice = random.Random(3).choice
    signs = "国说他道A aB1.  　。。！？；：，、…—．!?.;:,\"'“”‘’「」（）()《》[]12Mr.U.S.p.m."
    texts = ("".join(choice(signs) for _ in range(length % 37 + 3)) for length in range(1_000))
    return [text.strip() for text in texts if text.strip()]


@pytest.mark.parametrize("language", ["zh-CN", pytest.param("en-US", marks=pytest.mark.long)])
def test_omegat_segments_are_ours(
    language: str, omegat: OmegaT, sample_paragraphs: Callable[[str], list[str]], tmp_path: Path
) -> None:
    paragraphs = sample_paragraphs(language) + hard_cases(language) + strange_texts()
    ours = [text[start:end] for text in paragraphs for start, end in segment(text, language)]
    project = tmp_path / "project"
    write_project([], Glossary(()), project, ExportOptions(reverse=language == "en-US"))
    (project / "source" / "text.utf8").write_text("\n".join(paragraphs) + "\n", encoding="utf-8")
    assert omegat(project, SEGMENTS) == ours
