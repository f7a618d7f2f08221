"""A project folder that OmegaT opens as it is: memory, glossary, and segmentation rules that are ours."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from duiyi import pages
from duiyi.outputs import ALTERNATIVES, MEMORY
from glossary.files.exports import SYSTEMS, ExportOptions, ExportReport, write_export
from glossary.model import Glossary
from tmx.files import atomic_path
from tmx.languages import is_chinese
from tmx.model import TranslationUnit
from tmx.segmentation import write_omegat_rules
from tmx.tmx14 import TmxOptions, write_tmx

ADDRESS_FILE = Path(".duiyi") / "service.url"  # in OUT, while `duiyi serve` runs
PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat>
    <project version="1.0">
        <source_dir>__DEFAULT__</source_dir>
        <source_dir_excludes/>
        <target_dir>__DEFAULT__</target_dir>
        <tm_dir>__DEFAULT__</tm_dir>
        <glossary_dir>__DEFAULT__</glossary_dir>
        <glossary_file>__DEFAULT__</glossary_file>
        <dictionary_dir>__DEFAULT__</dictionary_dir>
        <source_lang>{source}</source_lang>
        <target_lang>{target}</target_lang>
        <source_tok>org.omegat.tokenizer.{source_tokenizer}</source_tok>
        <target_tok>org.omegat.tokenizer.{target_tokenizer}</target_tok>
        <sentence_seg>true</sentence_seg>
        <support_default_translations>true</support_default_translations>
        <remove_tags>false</remove_tags>
    </project>
</omegat>
"""
WRITTEN = (  # all but omegat.project again with each export
    "omegat.project",
    "omegat/segmentation.conf",
    f"tm/auto/{MEMORY}",
    f"tm/{ALTERNATIVES}",
    f"glossary/{SYSTEMS['omegat'].file}",
    "scripts/duiyi.groovy",
)
FOLDERS = ("source", "target", "tm/auto", "glossary", "dictionary", "omegat")


def write_project(
    units: Iterable[TranslationUnit],
    glossary: Glossary,
    folder: str | Path,
    options: ExportOptions | None = None,
    out: Path | None = None,
) -> ExportReport:
    """Make a folder an OmegaT project, or bring the memory, glossary and rules of one up to date.

    With ``out``, the folder of the build, it gets a script that asks the running service from the editor.

    Exact matches from ``tm/auto`` are filled in as soon as a document is put into ``source`` and the project opened.
    Documents, translations and settings that are there already are left alone.
    """
    options = options or ExportOptions()
    folder = Path(folder)
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    tags = [glossary.source_language, glossary.target_language]
    source, target = reversed(tags) if options.reverse else tags
    if not (folder / "omegat.project").exists():
        text = PROJECT.format(
            source=escape(source),
            target=escape(target),
            source_tokenizer=_tokenizer(source),
            target_tokenizer=_tokenizer(target),
        )
        with atomic_path(folder / "omegat.project") as beside:
            beside.write_text(text, encoding="utf-8")
    write_omegat_rules(folder / "omegat" / "segmentation.conf")
    write_tmx(units, folder / "tm" / "auto" / MEMORY, TmxOptions(forward=not options.reverse, reverse=options.reverse))
    # Other targets of the same source are offered, not filled in: OmegaT would take the last of several.
    alternatives, offered = folder / "tm" / "auto" / ALTERNATIVES, folder / "tm" / ALTERNATIVES
    if alternatives.exists():
        alternatives.replace(offered)
    else:
        offered.unlink(missing_ok=True)
    if out is not None:
        write_script(out, folder / "scripts" / "duiyi.groovy")
    _, report = write_export(glossary, "omegat", folder / "glossary", options)
    return report


def write_script(out: Path, path: Path) -> None:
    """Write the script that asks the service of a build, wherever its address stands while it runs."""
    text = pages.data("omegat.groovy")
    address = str((out / ADDRESS_FILE).absolute()).replace("\\", "\\\\").replace("'", "\\'")
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as beside:
        beside.write_text(text.replace("@ADDRESS@", address), encoding="utf-8", newline="\n")


def _tokenizer(language: str) -> str:
    return "LuceneSmartChineseTokenizer" if is_chinese(language) else "LuceneEnglishTokenizer"
