"""The real OmegaT, with the rules we write for it, cuts the sample and the hard cases as we do."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tmx.languages import joiner
from tmx.segmentation import segment, write_omegat_rules

ROOT = Path(__file__).parents[2]
JAR = Path(os.environ.get("OMEGAT_JAR", "/usr/share/omegat/OmegaT.jar"))
TOKENIZERS = {"zh-CN": "LuceneSmartChineseTokenizer", "en-US": "LuceneEnglishTokenizer"}

PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><source_dir_excludes/><target_dir>__DEFAULT__</target_dir>
<tm_dir>__DEFAULT__</tm_dir><glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir><source_lang>{source}</source_lang><target_lang>{target}</target_lang>
<source_tok>org.omegat.tokenizer.{source_tokenizer}</source_tok>
<target_tok>org.omegat.tokenizer.{target_tokenizer}</target_tok>
<sentence_seg>true</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags></project></omegat>
"""
SCRIPT = """
if (eventType.toString() != "LOAD") return
new File(System.getProperty("segments")).withWriter("UTF-8") { out ->
    project.allEntries.each { out.writeLine(it.srcText.replace("\\n", "<newline>")) }
}
"""


def omegat_segments(paragraphs: list[str], language: str, folder: Path) -> list[str]:
    """Return the segments OmegaT makes of a text file with one paragraph a line."""
    project, other = folder / "project", "en-US" if language == "zh-CN" else "zh-CN"
    for name in ("source", "target", "tm", "glossary", "dictionary", "omegat"):
        (project / name).mkdir(parents=True)
    filled = PROJECT.format(
        source=language, target=other, source_tokenizer=TOKENIZERS[language], target_tokenizer=TOKENIZERS[other]
    )
    (project / "omegat.project").write_text(filled, encoding="utf-8")
    (project / "source" / "text.utf8").write_text("\n".join(paragraphs) + "\n", encoding="utf-8")
    write_omegat_rules(project / "omegat" / "segmentation.conf")
    (folder / "segments.groovy").write_text(SCRIPT, encoding="utf-8")
    segments = folder / "segments.txt"
    settings = {"java.awt.headless": "true", "file.encoding": "UTF-8", "user.home": folder, "segments": segments}
    done = subprocess.run(
        [
            "java",
            *(f"-D{name}={value}" for name, value in settings.items()),
            "-jar",
            str(JAR),
            str(project),
            "--mode=console-translate",
            f"--script={folder / 'segments.groovy'}",
        ],
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert segments.is_file(), done.stdout[-2000:] + done.stderr[-2000:]
    return segments.read_text(encoding="utf-8").split("\n")[:-1]


def sample_paragraphs(language: str) -> list[str]:
    paragraphs: dict[str, list[str]] = {}
    for row in (ROOT / "tests" / "gold" / "sample-sentences.tsv").read_text(encoding="utf-8").split("\n")[1:]:
        if row.startswith(language[:2] + "\t"):
            _, paragraph, _, _, sentence = row.split("\t")
            paragraphs.setdefault(paragraph, []).append(sentence)
    return [joiner(language).join(sentences) for sentences in paragraphs.values()]


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


@pytest.mark.skipif(not JAR.is_file() or not shutil.which("java"), reason="OmegaT or Java is not installed")
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_omegat_segments_are_ours(language: str, tmp_path: Path) -> None:
    paragraphs = sample_paragraphs(language) + hard_cases(language) + strange_texts()
    ours = [text[start:end] for text in paragraphs for start, end in segment(text, language)]
    assert omegat_segments(paragraphs, language, tmp_path) == ours
