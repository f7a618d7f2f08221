"""``duiyi glossary``: a termbase from translation memories."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date as day
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duiyi.commands import check_outputs, counted, named_folder, tell_notice
from duiyi.preparing import expect
from tmx.messages import Messages, load, preferred_language, tell

if TYPE_CHECKING:
    from glossary.model import ConceptEntry, Glossary, KnownStatus
    from tmx.model import Notice, TranslationUnit

STANDS: tuple[KnownStatus, ...] = ("known", "conflicting", "new")
SUFFIXES = (".tbx", ".csv", ".xlsx")
EXAMPLES = "Example: [bold]duiyi glossary memory.tmx -o terms --known termbase.tbx[/bold]"


class Strictness(StrEnum):
    """How much is listed."""

    strict = "strict"
    balanced = "balanced"
    wide = "wide"


# Options which building a memory and making a glossary of one share.
Known = Annotated[
    Path | None, typer.Option(help="Existing termbase (TBX, CSV, XLSX): marks terms known, conflicting or new.")
]
Stop = Annotated[list[Path] | None, typer.Option(help="List of terms of either language never to list, one a line.")]
Keep = Annotated[list[Path] | None, typer.Option(help="List of names that stay untranslated, one a line.")]
Words = Annotated[list[Path] | None, typer.Option(help="Word list of your own: Chinese, tab, English; English.")]


def iso_date(context: typer.Context, parameter: typer.CallbackParam, value: str) -> str:
    """Return a date as it is, or end with a usage error if it is not one of ISO 8601."""
    source = context.get_parameter_source(parameter.name or "")
    if source is not None and source.name == "COMMANDLINE" and not is_date(value):
        raise typer.BadParameter("a date is written 2021, 2021-12 or 2021-12-30")
    return value


def known_counts(entries: Iterable[ConceptEntry], termbase: Path | None) -> dict[str, dict[str, int]]:
    """Return under "known" how the entries stand to a known termbase; nothing without one."""
    stands = Counter(entry.known for entry in entries)
    return {"known": {name: stands[name] for name in STANDS}} if termbase else {}


def in_words(counts: Mapping[str, int], say: Messages | None = None) -> str:
    """Return counts with their names.

    >>> in_words({"known": 3, "new": 0})
    '3 known, 0 new'
    """
    say = say or load("en")
    return say("comma").join(f"{count} {say(f'known.{name}')}" for name, count in counts.items())


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day that the calendar has, as ISO 8601 writes it.

    >>> [is_date(text) for text in ("2021", "2021-12", "2024-02-29", "2021-02-29", "2021-13", "21", "")]
    [True, True, True, False, False, False, False]
    """
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
        return False
    try:
        day.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def glossary(
    memories: Annotated[list[Path], typer.Argument(metavar="MEMORY.tmx...", help="Translation memories of any tool.")],
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--out", help="Folder for glossary.tbx, .csv and .xlsx, or a file with one of these suffixes."
        ),
    ],
    strictness: Annotated[
        Strictness, typer.Option(help="strict: nearly certain terms; wide: everything that could be paired.")
    ] = Strictness.balanced,
    known: Known = None,
    stop: Stop = None,
    keep: Keep = None,
    words: Words = None,
    date: Annotated[
        str, typer.Option(help="Date of units that have none: 2021, 2021-12 or 2021-12-30.", callback=iso_date)
    ] = "",
    show_shorter: Annotated[
        bool, typer.Option("--show-shorter", help="Also list weak terms that occur only inside a longer one.")
    ] = False,
    explain: Annotated[
        Path | None, typer.Option(help="Write every rejected candidate with its reason to this TSV file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON to standard output.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Extract a glossary from translation memories (TMX).

    duiyi glossary memory.tmx -o terms --strictness strict --explain rejected.tsv
    """
    from rich.console import Console

    from glossary import ExtractionOptions, extract_terms
    from glossary.files.termbase import read_lines, read_termbase
    from tmx.errors import EmptyInputError

    written = [out] if _is_file(out) else [out / f"glossary{suffix}" for suffix in (*SUFFIXES, ".patterns.csv")]
    if not _is_file(out):
        named_folder(out)
    own = [known, *(stop or ()), *(keep or ()), *(words or ())]
    check_outputs([*memories, *own], [*written, explain])
    expect(terms=True, quiet=quiet)
    console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
    about_known: list[str] = []
    options = ExtractionOptions(
        strictness=strictness.value,
        hide_shorter=not show_shorter,
        known=read_termbase(known, about_known) if known else None,
        stop=tuple(line for path in stop or () for line in read_lines(path)),
        keep=tuple(line for path in keep or () for line in read_lines(path)),
        word_lists=tuple(words or ()),
        explain=explain is not None,
    )
    notices: list[Notice] = []
    memories = _distinct(memories, notices)
    units = [unit for path in memories for unit in _units(path, date, notices)]
    if not units:
        raise EmptyInputError(f"{', '.join(map(str, memories))}: no unit with Chinese and English")
    with console.status("Finding terms"):
        found = extract_terms(units, options)
    files, set_aside = _write(found, out)
    if explain is not None:
        _write_rejections(found, explain)
    listed = {name: sum(entry.list == name for entry in found.entries) for name in ("recurring", "once")}
    if as_json:
        summary = {
            "units": len(units),
            "notices": [f"{notice.document}: {notice.message}" for notice in notices],
            "terms": listed,
            "patterns": len(found.patterns),
            **known_counts(found.entries, known),
            "termbase": about_known,
            "files": files,
            "set_aside": set_aside,
        }
        json.dump(summary, sys.stdout, ensure_ascii=False, indent=2)
        print()
    elif not quiet:
        sources = ", ".join(map(str, memories))
        tell(f"Read     {counted(len(units), 'unit')} from {sources}")
        for notice in notices:
            tell_notice(notice, head="  ")
        for sentence in about_known:
            tell(f"Termbase {sentence}")
        patterns = counted(len(found.patterns), "phrase pattern")
        tell(f"Terms    {listed['recurring']} recurring, {listed['once']} once only, {patterns}")
        if stands := known_counts(found.entries, known):
            tell(f"Known    {in_words(stands['known'], load(preferred_language()))}")
        folder = out if out.is_dir() else out.parent
        tell(f"Wrote    {', '.join(files)} in {folder}")
        for sentence in set_aside:
            tell(f"Kept     {sentence}")


def _distinct(memories: list[Path], notices: list[Notice]) -> list[Path]:
    """Return each memory once, however often and under whatever names it was given."""
    from tmx.model import Notice

    found: dict[Path, Path] = {}
    for path in memories:
        first = found.setdefault(path.resolve(), path)
        if first is not path:
            again = "given twice" if first == path else f"the same file as {first}"
            notices.append(Notice("warning", str(path), "", f"{again}; counted once"))
    return list(found.values())


def _units(path: Path, date: str, notices: list[Notice]) -> Iterator[TranslationUnit]:
    """Yield the units of a memory, with the name of the file and its date where they have none of their own."""
    from tmx.tmx14 import TmxReadOptions, read_tmx

    named = re.search(r"(?<!\d)((?:19|20)\d{2})(?:[-_.]?(0[1-9]|1[0-2])(?:[-_.]?([0-2]\d|3[01]))?)?(?!\d)", path.stem)
    default = date or ("-".join(part for part in named.groups() if part) if named else "")
    for unit in read_tmx(path, TmxReadOptions(by_content=True), notices):
        yield replace(unit, document=unit.document or path.name, date=unit.date or default)


def _is_file(out: Path) -> bool:
    """Tell whether what was named is one file of the glossary, not the folder for all of them."""
    return out.suffix.lower() in SUFFIXES and not out.is_dir()


def _write(found: Glossary, out: Path) -> tuple[list[str], list[str]]:
    """Write the glossary; return the names of the files, and what was set aside because somebody had changed it."""
    from duiyi.outputs import PATTERNS
    from duiyi.workspace import Workspace
    from glossary.files.tables import write_csv, write_patterns
    from glossary.files.tbx import write_tbx
    from glossary.files.workbook import WorkbookOptions, write_workbook
    from tmx.files import writing

    def write(path: Path) -> None:
        if path.suffix.lower() == ".tbx":
            write_tbx(found, path)
        elif path.suffix.lower() == ".csv":
            write_csv(found, path)
        else:
            write_workbook(found, (), path, WorkbookOptions(language=preferred_language()))

    if _is_file(out):
        write(out)
        return [out.name], []
    names = [f"glossary{suffix}" for suffix in SUFFIXES]
    with writing(out), Workspace(out) as workspace:
        with workspace.renewing() as folder:
            for name in names:
                write(folder / name)
            if found.patterns:
                write_patterns(found, folder / PATTERNS)
        if found.patterns:
            names.append(PATTERNS)
        else:
            workspace.remove(PATTERNS)
        return names, [
            f"{name} was changed after duiyi had written it; it is now {aside}" for name, aside in workspace.set_aside
        ]


def _write_rejections(found: Glossary, path: Path) -> None:
    from tmx.files import atomic_path

    rows = sorted(found.rejected, key=lambda row: (-row.score, row.source, row.target))
    with atomic_path(path) as beside:
        text = "".join(f"{row.source}\t{row.target}\t{row.score:.2f}\t{row.reason}\n" for row in rows)
        beside.write_text("Chinese\tEnglish\tscore\treason\n" + text, encoding="utf-8", newline="\n")
