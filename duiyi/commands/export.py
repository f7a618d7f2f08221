"""``duiyi export``: the glossary as another system imports it, or a ready OmegaT project."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = "Example: [bold]duiyi export out --for omegat -o project[/bold] makes a folder that OmegaT opens as it is."
SHOWN = 10  # changes listed on the screen; --json has all


class SystemName(StrEnum):
    """What can stand after ``--for``; the same names as in ``glossary.exports.SYSTEMS``."""

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


def export(
    out: Annotated[Path, typer.Argument(help="The folder which duiyi build wrote.", metavar="OUT", show_default=False)],
    system: Annotated[SystemName, typer.Option("--for", help="The system that is to import it.", show_default=False)],
    folder: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder to write into; OUT/exports if not given.")
    ] = None,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="From English into Chinese, where the system wants a direction.")
    ] = False,
    accepted: Annotated[
        bool, typer.Option("--accepted", help="Only entries that a reviewer accepted or edited.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> int:
    """Write the glossary of a build with the columns, header and encoding that another system documents.

    For OmegaT a whole project folder: memory, glossary and segmentation rules. docs/exports.md says for each system
    what to click and what is lost.
    """
    from duiyi.omegat import write_project
    from duiyi.outputs import load_glossary, load_units
    from glossary.exports import SYSTEMS, ExportOptions, write_export

    options = ExportOptions(reverse, accepted)
    glossary = load_glossary(out)
    if system == "omegat":
        path = folder or out / "exports" / "omegat"
        report = write_project(load_units(out), glossary, path, options)
    else:
        path, report = write_export(glossary, system, folder or out / "exports", options)
    if as_json:
        data = {"file": str(path), "rows": report.rows, "changed": list(report.changed)}
        print(json.dumps(data | {"replacements": list(map(str, report.replacements))}, ensure_ascii=False, indent=2))
        return 0
    print(f"{SYSTEMS[system].name}: {report.rows} glossary entries in {path}", file=sys.stderr)
    changed = [*report.changed, *map(str, report.replacements)]
    for line in changed[:SHOWN]:
        print(f"  {line}", file=sys.stderr)
    if len(changed) > SHOWN:
        print(f"  and {len(changed) - SHOWN} more; --json lists them", file=sys.stderr)
    if reverse and not SYSTEMS[system].directed:
        print("  --reverse makes no difference here: the file has no direction", file=sys.stderr)
    return 0
