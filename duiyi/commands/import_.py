"""``duiyi import``: a reviewed workbook or table comes back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = "Example: [bold]duiyi import li.xlsx wang.xlsx --into out[/bold] merges what two reviewers changed."
ASIDE = "glossary.reviewed.xlsx"  # the workbook of OUT itself, as it was when it was imported
SHOWN = 20  # conflicts and misfits listed on the screen; the sheet and --json have all


def import_reviewed(
    reviewed: Annotated[
        list[Path],
        typer.Argument(metavar="REVIEWED...", help="Workbooks or tables that came back.", show_default=False),
    ],
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", help="The folder which duiyi build wrote; that of the first file if not given.", metavar="OUT"
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what would be done; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> int:
    """Take back a reviewed workbook (glossary.xlsx) or table (glossary.csv), of one reviewer or several.

    Rows are found by ID and columns by name. Every cell is checked before anything is kept. What two reviewers
    changed differently goes into OUT/conflicts.xlsx; decide there and import that file too.
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from duiyi.build import rebuild
    from duiyi.decisions import FILE_NAME, DecisionJournal
    from duiyi.outputs import WORKBOOK
    from duiyi.reviewed import merge_reviews, read_reviewed, read_state, write_conflicts
    from tmx.errors import ToolError

    into = into or reviewed[0].parent
    own, aside = into / WORKBOOK, into / ASIDE
    if not own.is_file():
        raise ToolError(f"{into}: has no {WORKBOOK}; name the folder which duiyi build wrote with --into")
    in_place = any(path.resolve() == own.resolve() for path in reviewed)
    if in_place:  # edited where it was built: the copy is kept, and the build writes its own again to compare with
        reviewed = [aside if path.resolve() == own.resolve() else path for path in reviewed]
        own.replace(aside)
    try:
        if in_place:
            rebuild(into)
        state = read_state(own)
        merged = merge_reviews([read_reviewed(path) for path in reviewed], state)
    except BaseException:
        if in_place:
            aside.replace(own)
        raise
    if in_place and check:
        aside.replace(own)
    misfits: tuple[str, ...] = ()
    conflicts = into / "conflicts.xlsx"
    if not check:
        if merged.conflicts:
            write_conflicts(merged.conflicts, conflicts)
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        DecisionJournal(into / FILE_NAME).append([replace(decision, time=now) for decision in merged.decisions])
        if merged.decisions:
            misfits = rebuild(into).misfits
        if not merged.conflicts and (
            merged.decisions or any(path.resolve() == conflicts.resolve() for path in reviewed)
        ):
            conflicts.unlink(missing_ok=True)
    if as_json:
        data = {
            "changes": merged.changes,
            "decisions": len(merged.decisions),
            "conflicts": [
                {
                    "sheet": conflict.key[0],
                    "id": conflict.key[1],
                    "column": conflict.key[2],
                    "now": conflict.current,
                    "wishes": [{"place": place, "value": value} for place, value in conflict.values],
                    "reason": conflict.reason,
                }
                for conflict in merged.conflicts
            ],
            "misfits": list(misfits),
        }
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        verb = "Would import" if check else "Imported"
        print(f"{verb} {merged.changes} changes as {len(merged.decisions)} decisions.", file=sys.stderr)
        for conflict in merged.conflicts[:SHOWN]:
            wishes = " / ".join(f"{value!r} ({place})" for place, value in conflict.values)
            print(f"Conflict, {' '.join(conflict.key)}: {conflict.reason}: {wishes}", file=sys.stderr)
        if merged.conflicts:
            where = "" if check else f" Decide in {conflicts} and import it."
            print(f"{len(merged.conflicts)} conflicts were left as they are.{where}", file=sys.stderr)
        for misfit in misfits[:SHOWN]:
            print(f"No longer fits: {misfit}", file=sys.stderr)
    return 3 if merged.conflicts else 0
