"""``duiyi build``: the main job."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from duiyi.commands import Lang, SourceLang, TargetLang, check_outputs, named_folder, spoken
from duiyi.commands.glossary import Keep, Known, Stop, Strictness, Words, in_words, iso_date, known_counts
from duiyi.preparing import expect
from glossary.model import TermList
from tmx.errors import Budget, harmless, one_line
from tmx.messages import Messages, load
from tmx.model import Notice

if TYPE_CHECKING:
    from duiyi.build import Step, Summary

EXAMPLES = "Example: [bold]duiyi build seeds -o out[/bold] reads every document in the folder seeds."
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
        Path, typer.Option("-o", "--out", help="Folder to write the results into.", callback=named_folder)
    ] = Path("out"),
    lang: Lang = None,
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one for each core.")] = 0,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Work on a Dask cluster: tcp://HOST:8786 (extra duiyi\\[cluster]).")
    ] = "",
    time_limit: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Give a document up after this time; 0: never.")
    ] = 900.0,
    read_limit: Annotated[
        float,
        typer.Option(min=0, metavar="SECONDS", help="Time to read a small file, larger ones get more; 0: no limit."),
    ] = Budget().seconds,
    manifest: Annotated[
        Path | None, typer.Option(help="A manifest (CSV or TOML) that pairs and describes the documents.")
    ] = None,
    source_lang: SourceLang = "",
    target_lang: TargetLang = "",
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
    expect(terms=True, quiet=quiet)  # before all that the following imports load

    from duiyi.build import BuildOptions
    from duiyi.build import build as run
    from duiyi.execution import ExecutionOptions
    from duiyi.outputs import WRITTEN
    from duiyi.report import ReportOptions
    from glossary import ExtractionOptions
    from glossary.files.termbase import read_lines, read_termbase
    from glossary.files.workbook import WorkbookOptions
    from tmx.languages import CHINESE, ENGLISH
    from tmx.memory import MemoryOptions
    from tmx.readers import ReadOptions
    from tmx.segmentation import load_rules
    from tmx.tmx14 import TmxOptions

    # Documents in OUT are the library's business: they are left out there.
    about_known: list[str] = []
    own = [manifest, rules, known, *(stop or ()), *(keep or ()), *(words or ())]
    check_outputs(own, [out / name for name in WRITTEN])
    language = spoken(lang)
    earlier = before(out)
    console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
    reading = ReadOptions(
        source_language=source_lang or CHINESE,
        target_language=target_lang or ENGLISH,
        labels=(source_lang, target_lang),
        keep_furniture=keep_furniture,
        encoding=encoding,
        manifest=str(manifest) if manifest else "",
        date=date,
        budget=Budget(read_limit),
    )
    options = BuildOptions(
        memory=MemoryOptions(read=reading, split_rows=split_rows, rules=load_rules(rules) if rules else None),
        tmx=TmxOptions(
            source_language=source_lang or CHINESE,
            target_language=target_lang or ENGLISH,
            min_confidence=min_confidence,
            quotes=quotes.value,
            reverse=reverse,
            by_document=by_document,
            max_bytes=round(max_size * 1_000_000),
        ),
        extraction=ExtractionOptions(
            strictness=strictness.value,
            known=read_termbase(known, about_known) if known else None,
            stop=tuple(line for path in stop or () for line in read_lines(path)),
            keep=tuple(line for path in keep or () for line in read_lines(path)),
            word_lists=tuple(words or ()),
        ),
        workbook=WorkbookOptions(language=language),
        report=ReportOptions(language=language),
        execution=ExecutionOptions(workers, scheduler, time_limit),
    )
    say = load(language)
    for sentence in about_known:
        console.print(harmless(f"{say('screen.termbase')} {say.told(sentence)}"), markup=False)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal or quiet,
    ) as bar:
        task = bar.add_task(say("step.align"), left="")

        def show(step: Step) -> None:
            left = "" if step.left is None else say("step.left", time=timedelta(seconds=round(step.left)))
            bar.update(
                task, description=say(f"step.{step.name}"), completed=step.done, total=step.total or None, left=left
            )

        summary = run(inputs, out, options, show)
    if as_json:
        json.dump(
            {**as_dictionary(summary), **known_counts(summary.glossary.entries, known), "termbase": about_known},
            sys.stdout,
            ensure_ascii=False,
            indent=2,
        )
        print()
    else:
        describe(summary, out, console, known, earlier, say)
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
        "terms": {name: sum(entry.list == name for entry in summary.glossary.entries) for name in get_args(TermList)},
        "files": list(summary.files),
    }


@dataclass(frozen=True, slots=True)
class Before:
    """What the last build in a folder was made of, to say what has changed since."""

    inputs: Mapping[str, str]
    counts: Mapping[str, int]


def before(out: Path) -> Before | None:
    """Return what the last build in ``out`` was made of; None when nothing was built there."""
    from duiyi.manifest import read_manifest
    from tmx.errors import FormatError

    try:
        manifest = read_manifest(out)
    except FormatError:
        return None
    return Before({record.name: record.sha256 for record in manifest.inputs}, manifest.counts)


def describe(
    summary: Summary,
    out: Path,
    console: Console,
    known: Path | None = None,
    earlier: Before | None = None,
    say: Messages | None = None,
) -> None:
    """Say on the screen, in a few lines: what was read, what wants a look, what changed, what was written."""
    say = say or load("en")
    counts = summary.counts

    def line(head: str, text: str) -> None:
        label = say(f"screen.{head}")
        console.print(harmless(f"{label:<9}{text}" if label.isascii() else f"{label}：{text}"), markup=False)

    def indented(text: str) -> None:
        console.print(f"  {one_line(text)}", markup=False)

    reused = say("screen.reused", n=summary.reused) if summary.reused else ""
    documents = say("count.documents", n=counts.documents) + reused
    paragraphs = {"source": counts.source_paragraphs, "target": counts.target_paragraphs}
    line("read", say("screen.read-line", documents=documents, **paragraphs))
    sentences = {"source": counts.source_sentences, "target": counts.target_sentences}
    line("aligned", say("screen.aligned-line", units=say("count.units", n=counts.units), **sentences))
    doubts = {"doubtful": counts.doubtful, "flagged": counts.flagged, "unaligned": counts.unaligned}
    line("doubted", say("screen.doubted-line", **doubts))
    for name, reason in summary.failed:
        why = say.told(reason.removeprefix(f"{name}: "))
        indented(say("screen.notice", kind=say("screen.left-out"), where=name, message=why))
    for bead in counts.first_unaligned[:SHOWN]:
        text = " ".join(bead.source + bead.target)[:80]
        indented(say("screen.notice", kind=say("level.unaligned"), where=bead.document, message=text))
    if counts.unaligned > SHOWN:
        indented(say("screen.more", n=counts.unaligned - SHOWN))
    told = in_one_line_a_kind(summary.notices, say)
    for text in told[:SHOWN]:
        indented(text)
    unseen = counts.notices - len(counts.first_notices) + len(told[SHOWN:])
    if unseen > 0:
        indented(say("screen.more-json", n=unseen))
    memory = summary.memory
    apart = [
        say(f"screen.{name}", n=memory[f"memory_{name}"])
        for name in ("duplicates", "alternatives", "low_confidence")
        if memory.get(f"memory_{name}")
    ]
    if apart:
        line("memory", say("comma").join([say("count.units", n=memory["memory_units"]), *apart]))
    terms = summary.glossary.entries
    lists = Counter(entry.list for entry in terms)
    parts = [say("screen.listed", n=n, list=say(f"list.{name}")) for name, n in lists.items()]
    if patterns := summary.glossary.patterns:
        parts.append(say("screen.patterns", n=len(patterns)))
    line("terms", say("comma").join(parts) or "0")
    if stands := known_counts(terms, known):
        line("known", in_words(stands["known"], say))
    for misfit in summary.misfits[:SHOWN]:
        line("misfit", say.told(misfit))
    if len(summary.misfits) > SHOWN:
        indented(say("screen.more-json", n=len(summary.misfits) - SHOWN))
    if earlier and (changes := since(earlier, before(out), say)):
        line("since", changes)
    line("wrote", say("screen.wrote-line", files=say("comma").join(summary.files), out=out))
    for sentence in summary.set_aside:
        line("kept", say.told(sentence))
    line("next", say("screen.next-line", report=out / "report.html", out=out))


def in_one_line_a_kind(notices: Iterable[Notice], say: Messages) -> list[str]:
    """Return notices as lines, warnings first; what was removed from a document for one reason is one line.

    >>> numbers = [Notice("removed", "a.pdf", f"page {n}", f"page number: {n}") for n in (1, 2)]
    >>> in_one_line_a_kind(numbers, load("en"))[0]
    'removed a.pdf: 2 × page number, first on page 1: 1'
    """
    groups: dict[tuple[str, ...], list[Notice]] = {}
    for number, notice in enumerate(notices):
        reason = notice.message.split(":")[0]
        alike = (notice.kind, notice.document, reason) if notice.kind == "removed" else (notice.kind, str(number))
        groups.setdefault(alike, []).append(notice)
    lines = []
    for group in sorted(groups.values(), key=lambda group: group[0].kind != "warning"):
        first = group[0]
        kind, message = say(f"notice.{first.kind}"), say.told(first.message)
        if len(group) > 1:
            reason, *text = re.split("[:：]", message, maxsplit=1)
            place = say("screen.first-at", place=say.place(first.place), text="".join(text).strip()[:60])
            where, message = first.document, f"{len(group)} × {reason}{place}"
        else:
            where = say("at", document=first.document, place=say.place(first.place)) if first.place else first.document
        lines.append(say("screen.notice", kind=kind, where=where, message=message))
    return lines


def since(earlier: Before, now: Before | None, say: Messages) -> str:
    """Return in a line what changed since an earlier build: documents, and how many units and terms there are."""
    if now is None:
        return ""
    both = earlier.inputs.keys() & now.inputs.keys()
    documents = {
        "added": sorted(now.inputs.keys() - earlier.inputs.keys()),
        "changed": sorted(name for name in both if earlier.inputs[name] != now.inputs[name]),
        "gone": sorted(earlier.inputs.keys() - now.inputs.keys()),
    }
    parts = [
        say(
            f"screen.documents-{what}",
            n=len(names),
            names=say("comma").join(names[:3]) + (" …" if len(names) > 3 else ""),
        )
        for what, names in documents.items()
        if names
    ]
    for what in ("units", "terms"):
        was, is_ = earlier.counts.get(what, 0), now.counts.get(what, 0)
        if was != is_:
            parts.append(say(f"screen.{what}-changed", was=was, now=is_))
    return say("semicolon").join(parts)
