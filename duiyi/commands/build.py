"""``duiyi build``: the main job."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from duiyi.commands import check_outputs, counted, named_folder
from duiyi.commands.glossary import Keep, Known, Stop, Strictness, Words, in_words, iso_date, known_counts
from duiyi.preparing import expect

if TYPE_CHECKING:
    from duiyi.build import Step, Summary

EXAMPLES = "Example: [bold]duiyi build seeds -o out[/bold] reads every document in the folder seeds."
STEPS = {
    "check": "Looking for changes",
    "align": "Reading and aligning",
    "memory": "Writing the memory",
    "index": "Writing the look-up index",
    "terms": "Finding terms",
    "count": "Counting terms",
    "write": "Writing the glossary",
    "report": "Writing the report",
}
SHOWN = 12  # notices and unaligned beads shown on the screen; --json lists all


class Quotes(StrEnum):
    """What becomes of quotation marks in the memory; a straight ' does not match a curly one in most CAT tools."""

    as_written = "as written"
    straight = "straight"
    curly = "curly"


def build(
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="Documents, folders of documents, or addresses (s3://bucket/folder).",
            metavar="INPUT...",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--out", help="Folder to write the results into.", show_default=False, callback=named_folder
        ),
    ],
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one for each core.")] = 0,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Work on a Dask cluster: tcp://HOST:8786 (extra duiyi\\[cluster]).")
    ] = "",
    time_limit: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Give a document up after this time; 0: never.")
    ] = 900.0,
    manifest: Annotated[
        Path | None, typer.Option(help="A manifest (CSV or TOML) that pairs and describes the documents.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of text files; found out if not given.")] = "",
    keep_furniture: Annotated[
        bool, typer.Option("--keep-furniture", help="Keep page headers, page numbers, navigation and the like.")
    ] = False,
    split_rows: Annotated[
        bool, typer.Option("--split-rows", help="Split table rows and units of other memories into sentences.")
    ] = False,
    date: Annotated[
        str, typer.Option(help="Date of documents that state none: 2021, 2021-12 or 2021-12-30.", callback=iso_date)
    ] = "",
    rules: Annotated[Path | None, typer.Option(help="Segmentation rules of your own (SRX).")] = None,
    min_confidence: Annotated[
        float,
        typer.Option(min=0, max=1, help="Units less sure than this go to memory.low-confidence.tmx instead."),
    ] = 0.0,
    quotes: Annotated[
        Quotes, typer.Option(help="Quotation marks and apostrophes of the English side of the memory.")
    ] = Quotes.as_written,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="Also write memory.reverse.tmx, from English to Chinese.")
    ] = False,
    by_document: Annotated[bool, typer.Option("--by-document", help="One memory for each document.")] = False,
    max_size: Annotated[
        float, typer.Option(min=0, metavar="MB", help="Start a new memory file before one grows larger; 0: never.")
    ] = 0,
    strictness: Annotated[
        Strictness, typer.Option(help="Terms: strict, nearly certain ones; wide, everything that could be paired.")
    ] = Strictness.balanced,
    known: Known = None,
    stop: Stop = None,
    keep: Keep = None,
    words: Words = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON to standard output.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing unless something is wrong.")] = False,
) -> int:
    """Build a translation memory and a glossary from bilingual documents.

    Writes memory.tmx, memory.db (for duiyi lookup), glossary.tbx, glossary.csv, glossary.xlsx and report.html.
    Run again after a change, only what changed is redone.
    """
    from duiyi.build import BuildOptions
    from duiyi.build import build as run
    from duiyi.execution import ExecutionOptions
    from duiyi.outputs import WRITTEN
    from glossary import ExtractionOptions
    from glossary.files.termbase import read_lines, read_termbase
    from tmx.memory import MemoryOptions
    from tmx.readers import ReadOptions
    from tmx.segmentation import load_rules
    from tmx.tmx14 import TmxOptions

    # Documents in OUT are the library's business: they are left out there.
    own = [manifest, rules, known, *(stop or ()), *(keep or ()), *(words or ())]
    check_outputs(own, [out / name for name in WRITTEN])
    expect(terms=True, quiet=quiet)
    console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
    reading = ReadOptions(
        keep_furniture=keep_furniture, encoding=encoding, manifest=str(manifest) if manifest else "", date=date
    )
    options = BuildOptions(
        memory=MemoryOptions(read=reading, split_rows=split_rows, rules=load_rules(rules) if rules else None),
        tmx=TmxOptions(
            min_confidence=min_confidence,
            quotes=quotes.value,
            reverse=reverse,
            by_document=by_document,
            max_bytes=round(max_size * 1_000_000),
        ),
        extraction=ExtractionOptions(
            strictness=strictness.value,
            known=read_termbase(known) if known else None,
            stop=tuple(line for path in stop or () for line in read_lines(path)),
            keep=tuple(line for path in keep or () for line in read_lines(path)),
            word_lists=tuple(words or ()),
        ),
        execution=ExecutionOptions(workers, scheduler, time_limit),
    )
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal or quiet,
    ) as bar:
        task = bar.add_task(STEPS["align"], left="")

        def show(step: Step) -> None:
            left = "" if step.left is None else f"{timedelta(seconds=round(step.left))} left"
            bar.update(task, description=STEPS[step.name], completed=step.done, total=step.total or None, left=left)

        summary = run(inputs, out, options, show)
    if as_json:
        json.dump(
            {**as_dictionary(summary), **known_counts(summary.glossary.entries, known)},
            sys.stdout,
            ensure_ascii=False,
            indent=2,
        )
        print()
    else:
        describe(summary, out, console, known)
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
        "units": summary.counts.units,
        "doubtful": summary.counts.doubtful,
        **summary.memory,
        "reused": summary.reused,
        "misfits": list(summary.misfits),
        "set_aside": list(summary.set_aside),
        "terms": {
            name: sum(entry.list == name for entry in summary.glossary.entries) for name in ("recurring", "once")
        },
        "files": list(summary.files),
    }


def describe(summary: Summary, out: Path, console: Console, known: Path | None = None) -> None:
    """Say on the screen, in a few lines, what was read, joined, aligned, doubted and written."""
    counts = summary.counts

    def say(line: str) -> None:
        console.print(line, markup=False)

    reused = f" ({summary.reused} unchanged since the last run)" if summary.reused else ""
    paragraphs = f"paragraphs {counts.source_paragraphs} Chinese : {counts.target_paragraphs} English"
    say(f"Read     {counted(counts.documents, 'document')}{reused}, {paragraphs}")
    for notice in summary.notices[:SHOWN]:
        where = ", ".join(filter(None, (notice.document, notice.place)))
        say(f"  {notice.kind} {where}: {notice.message}")
    if len(summary.notices) > SHOWN:
        say(
            f"  and {counts.notices + len(summary.notices) - len(counts.first_notices) - SHOWN} more; --json lists them"
        )
    sentences = f"sentences {counts.source_sentences} Chinese : {counts.target_sentences} English"
    say(f"Aligned  {sentences}, {counted(counts.units, 'unit')}")
    doubtful = f"{counts.doubtful} with confidence under one half"
    say(f"Doubted  {doubtful}, {counts.flagged} flagged, {counts.unaligned} unaligned")
    for bead in counts.first_unaligned[:SHOWN]:
        say(f"  unaligned {bead.document}: {' '.join(bead.source + bead.target)[:80]}")
    memory = summary.memory
    apart = [
        f"{memory[name]} {what}"
        for name, what in (
            ("memory_duplicates", "repeated pairs folded into one"),
            ("memory_alternatives", "with another target for the same source"),
            ("memory_low_confidence", "of low confidence"),
        )
        if memory.get(name)
    ]
    if apart:
        say(f"Memory   {counted(memory['memory_units'], 'unit')}, {', '.join(apart)}")
    terms = summary.glossary.entries
    recurring = sum(entry.list == "recurring" for entry in terms)
    patterns = counted(len(summary.glossary.patterns), "phrase pattern")
    say(f"Terms    {recurring} recurring, {len(terms) - recurring} once-only, {patterns}")
    if stands := known_counts(terms, known):
        say(f"Known    {in_words(stands['known'])}")
    say(f"Wrote    {', '.join(summary.files)} in {out}")
    for sentence in summary.set_aside:
        say(f"Kept     {sentence}")
    for misfit in summary.misfits[:SHOWN]:
        say(f"Not applied: {misfit}")
    for name, reason in summary.failed:
        say(f"Left out {name}: {reason.removeprefix(f'{name}: ')}")
