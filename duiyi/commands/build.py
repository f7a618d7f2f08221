"""``duiyi build``: the main job."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from duiyi.build import Summary

EXAMPLES = "Example: [bold]duiyi build seeds -o out[/bold] reads every document in the folder seeds."
STEPS = {"align": "Reading and aligning", "terms": "Finding terms", "write": "Writing"}
SHOWN = 12  # notices and unaligned beads shown on the screen; --json lists all


def build(
    inputs: Annotated[
        list[Path], typer.Argument(help="Documents, or folders of documents.", metavar="INPUT...", show_default=False)
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write the results into.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON to standard output.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing unless something is wrong.")] = False,
) -> int:
    """Build a translation memory and a glossary from bilingual documents.

    Writes memory.tmx, glossary.tbx, glossary.csv and glossary.xlsx.
    """
    from duiyi.build import build as run

    console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal or quiet,
    ) as bar:
        task = bar.add_task(STEPS["align"])

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=STEPS[step], completed=done, total=total)

        summary = run(inputs, out, progress=show)
    if as_json:
        json.dump(as_dictionary(summary), sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        describe(summary, out, console)
    return 3 if summary.failed else 0


def as_dictionary(summary: Summary) -> dict[str, Any]:
    """Return the summary as plain values for ``--json``."""
    return {
        "documents": [
            {
                "name": document.bitext.name,
                "title": document.bitext.metadata.title,
                "date": document.bitext.metadata.date,
                "paragraphs": [len(document.bitext.source), len(document.bitext.target)],
                "sentences": [len(document.source), len(document.target)],
                "beads": len(document.beads),
                "units": len(document.units),
                "unaligned": [
                    {
                        "source": [sentence.text for sentence in document.source[slice(*bead.source)]],
                        "target": [sentence.text for sentence in document.target[slice(*bead.target)]],
                    }
                    for bead in document.unaligned
                ],
            }
            for document in summary.documents
        ],
        "notices": [
            {"kind": n.kind, "document": n.document, "place": n.place, "message": n.message} for n in summary.notices
        ],
        "failed": [{"name": name, "reason": reason} for name, reason in summary.failed],
        "units": len(summary.units),
        "doubtful": summary.doubtful,
        "terms": {
            name: sum(entry.list == name for entry in summary.glossary.entries) for name in ("recurring", "once")
        },
        "files": list(summary.files),
    }


def describe(summary: Summary, out: Path, console: Console) -> None:
    """Say on the screen, in a few lines, what was read, joined, aligned, doubted and written."""
    documents = summary.documents
    paragraphs = [sum(len(d.bitext.source) for d in documents), sum(len(d.bitext.target) for d in documents)]
    sentences = [sum(len(d.source) for d in documents), sum(len(d.target) for d in documents)]
    unaligned = [(document, bead) for document in documents for bead in document.unaligned]
    flagged = sum(bool(unit.flags) for unit in summary.units)

    def say(line: str) -> None:
        console.print(line, markup=False)

    say(f"Read     {_count(len(documents), 'document')}, paragraphs {paragraphs[0]} Chinese : {paragraphs[1]} English")
    for notice in summary.notices[:SHOWN]:
        where = ", ".join(filter(None, (notice.document, notice.place)))
        say(f"  {notice.kind} {where}: {notice.message}")
    if len(summary.notices) > SHOWN:
        say(f"  and {len(summary.notices) - SHOWN} more; --json lists all")
    say(f"Aligned  sentences {sentences[0]} Chinese : {sentences[1]} English, {_count(len(summary.units), 'unit')}")
    say(f"Doubted  {summary.doubtful} with confidence under one half, {flagged} flagged, {len(unaligned)} unaligned")
    for document, bead in unaligned[:SHOWN]:
        run = document.source[slice(*bead.source)] + document.target[slice(*bead.target)]
        say(f"  unaligned {document.bitext.name}: {' '.join(sentence.text for sentence in run)[:80]}")
    terms = summary.glossary.entries
    recurring = sum(entry.list == "recurring" for entry in terms)
    patterns = _count(len(summary.glossary.patterns), "phrase pattern")
    say(f"Terms    {recurring} recurring, {len(terms) - recurring} once-only, {patterns}")
    say(f"Wrote    {', '.join(summary.files)} in {out}")
    for name, reason in summary.failed:
        say(f"Left out {name}: {reason}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
