"""``duiyi check``: is this translation right by its terms, numbers and memory?"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duiyi.commands import Lang, check_outputs, spoken
from duiyi.commands.glossary import iso_date
from tmx.errors import harmless
from tmx.messages import Messages, load

if TYPE_CHECKING:
    from duiyi.checking.run import Checked

FAILED = 4  # findings as grave as --fail-on
EXAMPLES = (
    "Example: [bold]duiyi check report.docx --against out -o findings.html -o findings.xlsx --fail-on major[/bold]"
)


class Gravity(StrEnum):
    """From which severity on the command fails."""

    minor = "minor"
    major = "major"
    critical = "critical"


def check(
    translation: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="TRANSLATION...",
            help="TMX, XLIFF, SDLXLIFF, MQXLIFF, PO, a bilingual table or document, or the two files of a translation.",
        ),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="The folder that duiyi build wrote: its glossary and its memory.")
    ] = None,
    termbase: Annotated[list[Path] | None, typer.Option(help="Termbase (TBX, CSV, XLSX); may be repeated.")] = None,
    memory: Annotated[list[Path] | None, typer.Option(help="Translation memory (TMX); may be repeated.")] = None,
    keep: Annotated[list[Path] | None, typer.Option(help="List of names that stay untranslated, one a line.")] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option("-o", "--output", help="Also write .html, .xlsx, .json, .sarif or .xml (JUnit); may be repeated."),
    ] = None,
    fail_on: Annotated[
        Gravity | None, typer.Option(help=f"End with exit code {FAILED} on findings of this severity or graver.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Make only this check; may be repeated.")] = None,
    skip: Annotated[list[str] | None, typer.Option(help="Leave this check out; may be repeated.")] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="JSON of an earlier run: what it found already is set aside.")
    ] = None,
    verdicts: Annotated[
        list[Path] | None,
        typer.Option(help="Workbook with verdicts; those of an .xlsx that -o names are kept in any case."),
    ] = None,
    information: Annotated[
        bool, typer.Option("--information", help="Also what is only for information (neutral).")
    ] = False,
    date: Annotated[str, typer.Option(help="Date of the document, for superseded renderings.", callback=iso_date)] = "",
    list_checks: Annotated[bool, typer.Option("--list", help="List all checks and exit.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON to standard output.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print no findings, only write the files.")] = False,
    lang: Lang = None,
) -> int:
    """Check a translation: terms, numbers, names, marks, omissions, consistency. One line a finding.

    Exit codes: 0 done, 1 something you can put right, 2 usage, 4 findings as grave as --fail-on.
    """
    from duiyi.checking import files, run
    from tmx.checks import SEVERITIES

    if list_checks:
        for one in run.CHECKS:
            print(f"{one.name:20} {one.severity:9} {one.category:38} {one.meaning}")
        return 0
    if not translation:
        raise typer.BadParameter("name the translation to check")
    outputs = output or []
    for path in outputs:
        if path.suffix.lower() not in (*files.WRITERS, *files.SHOWN):
            raise typer.BadParameter(f"{path}: findings are written as .html, .xlsx, .json, .sarif or .xml (JUnit)")
    unknown = sorted({*(only or []), *(skip or [])} - run.NAMES)
    if unknown:
        raise typer.BadParameter(f"no check is called {', '.join(unknown)}; duiyi check --list names them")
    check_outputs([*translation, *(termbase or []), *(memory or []), *(keep or []), baseline], outputs)
    judged: dict[str, str] = {}
    for path in (*(verdicts or []), *(path for path in outputs if path.suffix.lower() == ".xlsx" and path.exists())):
        judged |= files.read_verdicts(path)
    known = files.read_baseline(baseline) if baseline else set()
    reference = run.reference(against=against, termbases=termbase or [], memories=memory or [], kept=keep or [])
    segments, notices = run.read_segments(translation, date)
    options = run.CheckOptions(frozenset(only or ()), frozenset(skip or ()), information)
    checked = run.check(segments, reference, options, judged, known, notices)
    say = load(spoken(lang))
    for path in outputs:
        if path.suffix.lower() in files.SHOWN:
            files.SHOWN[path.suffix.lower()](checked, path, say)
        else:
            files.WRITERS[path.suffix.lower()](checked, path)
    if as_json:
        print(json.dumps(files.as_dict(checked), ensure_ascii=False))
    elif not quiet:
        for text in files.lines(checked, say):
            print(harmless(text))
    for text in (*_noticed(checked, say), _summary(checked, say)):
        print(harmless(text), file=sys.stderr)
    if fail_on is None:
        return 0
    grave = SEVERITIES[SEVERITIES.index(fail_on.value) :]
    return FAILED if any(checked.counts[severity] for severity in grave) else 0


def _noticed(checked: Checked, say: Messages) -> list[str]:
    """Return what a person should know about how the translation was read, the gravest first."""
    from duiyi.commands.build import SHOWN, in_one_line_a_kind

    told = in_one_line_a_kind(checked.notices, say)
    return told[:SHOWN] + ([say("screen.more-json", n=len(told) - SHOWN)] if told[SHOWN:] else [])


def _summary(checked: Checked, say: Messages) -> str:
    counts = [
        say("check.of-severity", n=checked.counts[name], severity=say(f"severity.{name}"))
        for name in ("critical", "major", "minor")
        if checked.counts[name]
    ]
    found = say("comma").join(counts) or say("check.nothing")
    told = say("check.summary", segments=say("check.segments", n=len(checked.segments)), found=found)
    return told + (say("check.passed", n=len(checked.passed)) if checked.passed else "")
