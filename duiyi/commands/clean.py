"""``duiyi clean``: a memory without what is no use, and a list of what went and why."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from duiyi.commands import check_outputs, counted, tell_notice
from tmx.messages import tell

EXAMPLES = "Example: [bold]duiyi clean memory.tmx -o clean.tmx[/bold] writes clean.tmx and clean.removed.csv"


class Kind(StrEnum):
    """Why a unit is taken out unless one keeps it; one without text on a side never stays."""

    duplicate = "duplicate"
    untranslated = "untranslated"
    same_text = "same-text"
    wrong_script = "wrong-script"
    low_confidence = "low-confidence"
    wrong_pair = "wrong-pair"
    numbers_differ = "numbers-differ"


def clean(
    memory: Annotated[Path, typer.Argument(metavar="MEMORY.tmx", help="The memory of any tool; it is not changed.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write what stays.", show_default=False)],
    keep: Annotated[
        list[Kind] | None, typer.Option("--keep", help="Do not take units out for this reason; may be given often.")
    ] = None,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Least confidence of units that have one.")] = 0.5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON to standard output.")] = False,
) -> None:
    """Take out of a memory what is empty, repeated, untranslated, in another script, or no translation.

    Each unit taken out stands with its reason in a table beside the output.
    """
    from duiyi.cleaning import REASONS, Cleaning, CleaningOptions
    from tmx.errors import ToolError
    from tmx.model import Notice
    from tmx.tmx14 import TmxOptions, TmxReadOptions, read_tmx, write_tmx

    if memory.is_dir():
        raise ToolError(f"{memory}: is a folder; name the memory in it, such as {memory / 'memory.tmx'}")
    removed = output.with_suffix(".removed.csv")
    check_outputs([memory], [output, removed])
    kept = {one.value for one in keep or ()}
    options = CleaningOptions([reason for reason in REASONS if reason not in kept], min_confidence)
    cleaning = Cleaning(removed, options)
    notices: list[Notice] = []
    units = read_tmx(memory, TmxReadOptions(by_content=True, empty_sides=True), notices)
    # Other targets of a source are no fault here: whoever made the memory wanted them.
    written = write_tmx(cleaning.kept(units), output, TmxOptions(one_target=False))
    gone = sum(cleaning.counts.values())
    if as_json:
        values = {"kept": written.units, "removed": gone, "reasons": dict(cleaning.counts), "list": str(removed)}
        json.dump(values, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return
    for notice in notices:
        tell_notice(notice, str(memory))
    tell(f"Kept     {counted(written.units, 'unit')} in {output}")
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in cleaning.counts.most_common())
    tell(f"Removed  {counted(gone, 'unit')}{': ' if reasons else ''}{reasons}; each is in {removed}")
