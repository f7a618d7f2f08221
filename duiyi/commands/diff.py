"""``duiyi diff``: release notes between two builds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from duiyi.commands import check_outputs


def diff(
    old: Annotated[Path, typer.Argument(help="The folder of the earlier build, or a TMX file.")],
    new: Annotated[Path, typer.Argument(help="The folder of the later build, or a TMX file.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write there: .md for Markdown, .xlsx for a workbook.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every difference as JSON.")] = False,
) -> None:
    """Tell which terms and units were added, changed, superseded and removed between two builds.

    Example: duiyi diff out-2023 out-2024 -o changes.xlsx
    """
    from duiyi.differences import compare, markdown, write_workbook
    from duiyi.outputs import GLOSSARY, memory_files
    from tmx.files import atomic_path

    read = [path for path, _ in [*memory_files(old), *memory_files(new)]]
    check_outputs([old, new, *read, old / GLOSSARY, new / GLOSSARY], [output])
    differences = compare(old, new)
    if output is not None and output.suffix.lower() == ".xlsx":
        write_workbook(differences, output)
    elif output is not None:
        with atomic_path(output) as beside:
            beside.write_text(markdown(differences, old.name, new.name), encoding="utf-8")
    elif not as_json:
        print(markdown(differences, old.name, new.name), end="")
    if as_json:
        print(json.dumps(asdict(differences), ensure_ascii=False))
