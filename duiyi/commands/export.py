"""``duiyi export``: the glossary as another system imports it, a ready OmegaT project, the memory for fine-tuning."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from duiyi.commands import SourceLang, TargetLang, check_outputs, named_folder
from tmx.messages import tell

EXAMPLES = "Example: [bold]duiyi export out --for omegat -o project[/bold] makes a folder that OmegaT opens as it is."
SHOWN = 10  # changes listed on the screen; --json has all


class DomainName(StrEnum):
    """The lists of a glossary."""

    political = "political"
    other = "other"
    general = "general"


class SystemName(StrEnum):
    """What can stand after ``--for``: the names of ``glossary.files.exports.SYSTEMS`` and ``tmx.finetuning.FORMS``."""

    OMEGAT = "omegat"
    WEBLATE = "weblate"
    TRADOS = "trados"
    MULTITERM = "multiterm"
    MEMOQ = "memoq"
    PHRASE = "phrase"
    MATECAT = "matecat"
    CROWDIN = "crowdin"
    DEEPL = "deepl"
    GOOGLE = "google"
    XTM = "xtm"
    TBX2 = "tbx2"
    LLM = "llm"
    JSON = "json"
    PLAIN = "plain"
    TRANSLATION = "translation"
    CHAT = "chat"
    ALPACA = "alpaca"


def export(
    out: Annotated[Path, typer.Argument(help="The folder which duiyi build wrote.", metavar="OUT", show_default=False)],
    system: Annotated[SystemName, typer.Option("--for", help="The system that is to import it.", show_default=False)],
    folder: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="Folder to write into; OUT/exports if not given.", callback=named_folder),
    ] = None,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="From English into Chinese, where the system wants a direction.")
    ] = False,
    accepted: Annotated[
        bool, typer.Option("--accepted", help="Only entries that a reviewer accepted or edited.")
    ] = False,
    lists: Annotated[
        list[DomainName] | None,
        typer.Option("--list", help="Only the terms of this list; may be given again. All without it."),
    ] = None,
    min_score: Annotated[
        float, typer.Option(min=0, max=1, help="Least probability of terms that nobody has decided about.")
    ] = 0.0,
    source_lang: SourceLang = "",
    target_lang: TargetLang = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> int:
    """Write the glossary of a build with the columns, header and encoding that another system documents.

    For OmegaT a whole project folder: memory, glossary and segmentation rules. translation, chat and alpaca write the
    memory as JSON lines for fine-tuning. docs/exports.md says for each system what to click and what is lost.
    """
    from dataclasses import replace

    from duiyi.manifest import ExportRecord, FileRecord, record_export
    from duiyi.omegat import WRITTEN, write_project
    from duiyi.outputs import GLOSSARY, load_glossary, load_units, memory_files
    from glossary.files.exports import SYSTEMS, ExportOptions, chosen, write_export
    from tmx.errors import ToolError
    from tmx.finetuning import FORMS

    if system.value in FORMS:
        return _tuning(out, system.value, folder, reverse=reverse, accepted=accepted, as_json=as_json)
    options = ExportOptions(reverse, accepted, tuple(one.value for one in lists or ()), min_score)
    if system != "omegat":
        check_outputs([out / GLOSSARY], [(folder or out / "exports") / SYSTEMS[system].file])
    glossary = load_glossary(out)
    glossary = replace(
        glossary,
        source_language=source_lang or glossary.source_language,
        target_language=target_lang or glossary.target_language,
    )
    place = folder or out / "exports"
    sources = [out / GLOSSARY]
    if system == "omegat":
        path = folder or place / "omegat"
        report = write_project(load_units(out), glossary, path, options, out)
        files = [path / name for name in WRITTEN if (path / name).is_file()]
        sources += [memory for memory, _ in memory_files(out)]
    elif not any(chosen(glossary, options)):
        why = _why_nothing(accepted=accepted, narrowed=bool(lists or min_score))
        raise ToolError(f"{out}: nothing to export: {why}")
    else:
        path, report = write_export(glossary, system, place, options)
        files = [path]
    if folder is None:
        record = ExportRecord(
            files=tuple(FileRecord.of(file, file.relative_to(place).as_posix()) for file in files),
            entries=report.rows,
            changed=len(report.changed) + len(report.replacements),
            settings={
                "accepted": accepted,
                "reverse": reverse,
                **({"list": list(options.domains)} if options.domains else {}),
                **({"min_score": min_score} if min_score else {}),
                **({"source_lang": source_lang} if source_lang else {}),
                **({"target_lang": target_lang} if target_lang else {}),
            },
            made_from=tuple(FileRecord.of(source) for source in sources),
        )
        record_export(place, system.value, record)
    if as_json:
        data = {"file": str(path), "rows": report.rows, "changed": list(report.changed)}
        print(json.dumps(data | {"replacements": list(map(str, report.replacements))}, ensure_ascii=False, indent=2))
        return 0
    what = "memory, segmentation rules and " if system == "omegat" else ""
    entries = f"{report.rows} glossary {'entry' if report.rows == 1 else 'entries'}"
    tell(f"{SYSTEMS[system].name}: {what}{entries} in {path}")
    changed = [*report.changed, *map(str, report.replacements)]
    for line in changed[:SHOWN]:
        tell(line, "  ")
    if len(changed) > SHOWN:
        tell(f"and {len(changed) - SHOWN} more; --json lists them", "  ")
    if reverse and not SYSTEMS[system].directed:
        tell("--reverse makes no difference here: the file has no direction", "  ")
    return 0


def _why_nothing(*, accepted: bool, narrowed: bool) -> str:
    if narrowed:
        return "no entry is on this list with this score; leave out --list or --min-score"
    return "no entry is accepted or edited yet; leave out --accepted" if accepted else "the glossary has no entries"


def _tuning(out: Path, form: str, folder: Path | None, *, reverse: bool, accepted: bool, as_json: bool) -> int:
    """Write the memory as JSON lines for the fine-tuning of a model."""
    from duiyi.manifest import ExportRecord, FileRecord, record_export
    from duiyi.outputs import load_units, memory_files
    from tmx.finetuning import TuningOptions, write_tuning

    place = folder or out / "exports"
    paths, report = write_tuning(load_units(out), place, form, TuningOptions(reverse, accepted))  # type: ignore[arg-type]
    pairs, left_out = dict(report.pairs), dict(report.left_out)
    if folder is None:
        record = ExportRecord(
            files=tuple(FileRecord.of(path, path.name) for path in paths),
            entries=sum(pairs.values()),
            changed=sum(left_out.values()),
            settings={"accepted": accepted, "reverse": reverse},
            made_from=tuple(FileRecord.of(memory) for memory, _ in memory_files(out)),
        )
        record_export(place, form, record)
    if as_json:
        print(json.dumps({"files": pairs, "left_out": left_out}, ensure_ascii=False, indent=2))
        return 0
    for name, count in pairs.items():
        tell(f"{name}: {count:,} {'pair' if count == 1 else 'pairs'} in {place}")
    for why, count in left_out.items():
        tell(f"left out {count:,}: {why}", "  ")
    if len(paths) == 1:
        tell("nothing is held out for validation and test: there are too few documents", "  ")
    return 0
