"""``duiyi import``: a reviewed workbook or table comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from duiyi.commands import Lang, counted, spoken, user_name
from tmx.messages import tell

EXAMPLES = "Example: [bold]duiyi import li.xlsx wang.xlsx --into out[/bold] merges what two reviewers changed."
EXPORTS = "exports/"  # how a notice about an export begins
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
    reviewer: Annotated[
        str,
        typer.Option(
            help="Who decided, for all of these files; else who saved each workbook last, else your user name.",
            envvar="DUIYI_REVIEWER",
        ),
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="Only say what would be done; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
    lang: Lang = None,
) -> int:
    """Take back a reviewed workbook (glossary.xlsx) or table (glossary.csv), of one reviewer or several.

    Rows are found by ID and columns by name. Every cell is checked before anything is kept. What two reviewers
    changed differently goes into OUT/conflicts.xlsx; decide there and import that file too.
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from duiyi.build import read_build, rebuild
    from duiyi.decisions.journal import FILE_NAME, DecisionJournal, in_force
    from duiyi.decisions.terms import stamped
    from duiyi.outputs import TABLE, WORKBOOK, with_seen
    from duiyi.returned import merge_reviews, read_reviewed, state_of, write_conflicts
    from tmx.files import checksum, free_path, writing

    into = _built_folder(reviewed, into)
    files = [read_reviewed(path) for path in reviewed]
    journal = DecisionJournal(into / FILE_NAME)
    done = with_seen(into, in_force(journal.read()))
    built = read_build(into)
    now = built.decided(done)
    merged = merge_reviews(files, state_of(now.glossary, now.documents, files), done)
    misfits: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    conflicts = into / "conflicts.xlsx"
    if not check:
        time = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        decisions = stamped(built.glossary, done, merged.decisions)
        people = {file.path.stem: file.editor for file in files}
        journal.append(
            [
                replace(decision, time=time, reviewer=reviewer or people.get(decision.reviewer) or user_name())
                for decision in decisions
            ]
        )
        came_back = {path.resolve() for path in reviewed}
        if conflicts.resolve() in came_back and not merged.conflicts:
            conflicts.unlink()
        if merged.conflicts:
            earlier = free_path(conflicts, "earlier")  # somebody may have begun to decide in the one that is there
            if conflicts.exists() and conflicts.resolve() not in came_back:
                with writing(conflicts):
                    conflicts.rename(earlier)
            write_conflicts(merged.conflicts, conflicts, spoken(lang))
            if earlier.exists() and checksum(earlier) == checksum(conflicts):
                earlier.unlink()
        if merged.decisions:
            for own in (into / WORKBOOK, into / TABLE):  # edited where it was built: it is imported now
                if own.exists() and own.resolve() in came_back:
                    with writing(own):
                        own.rename(free_path(own, "reviewed"))
            summary = rebuild(into)
            misfits, set_aside, changed = summary.misfits, summary.set_aside, summary.changed
            stale = tuple(f"{n.document} {n.message}" for n in summary.notices if n.document.startswith(EXPORTS))
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
            "notices": list(merged.notices),
            "not_taken_back": list(merged.untaken),
            "misfits": list(misfits),
            "set_aside": list(set_aside),
            "rewritten": list(changed),
            "stale": list(stale),
        }
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for sentence in (*merged.notices, *merged.untaken)[:SHOWN]:
            tell(sentence)
        if not merged.changes and not merged.conflicts:
            same = "no cell differs from what was sent out or from what OUT holds."
            what = "what was found does not come back." if merged.untaken else "no cell that comes back differs."
            tell(f"Nothing to import: {what if merged.untaken or merged.notices else same}")
            return 3 if merged.untaken else 0
        verb = "Would import" if check else "Imported"
        counts = f"{counted(merged.changes, 'change')} as {counted(len(merged.decisions), 'decision')}"
        tell(f"{verb} {counts}.")
        for conflict in merged.conflicts[:SHOWN]:
            wishes = " / ".join(f"{value!r} ({place})" for place, value in conflict.values)
            tell(f"Conflict, {' '.join(conflict.key)}: {conflict.reason}: {wishes}")
        if merged.conflicts:
            where = "" if check else f" Decide in {conflicts} and import it."
            tell(f"Left as it is: {counted(len(merged.conflicts), 'conflict')}.{where}")
        for misfit in misfits[:SHOWN]:
            tell(f"No longer fits: {misfit}")
        for sentence in set_aside:
            tell(sentence)
        if changed:
            tell(f"Written anew in {into}: {', '.join(changed)}.")
        for sentence in stale:
            tell(sentence)
    return 3 if merged.conflicts or merged.untaken else 0


def _built_folder(reviewed: list[Path], into: Path | None) -> Path:
    """Return the folder of the build that was reviewed.

    Raises:
        ToolError: a file that came back is not there, or it is no such folder.
    """
    from duiyi.manifest import FILE_NAME
    from tmx.errors import ToolError

    for path in reviewed:
        if not path.exists():
            raise ToolError(f"{path}: no such file")
    into = into or reviewed[0].parent
    if not (into / FILE_NAME).is_file():
        raise ToolError(f"{into}: is not a folder which duiyi build wrote; name that folder with --into")
    return into
