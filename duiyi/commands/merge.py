"""``duiyi merge``: one standing termbase, or one memory, of several people or years."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duiyi.commands import check_outputs, counted, tell_notice
from tmx.messages import preferred_language, tell

if TYPE_CHECKING:
    from tmx.model import Notice, TranslationUnit

EXAMPLES = (
    "Example: [bold]duiyi merge 2018.tbx 2023.xlsx -o team.tbx[/bold]; [bold]duiyi merge a.tmx b.tmx -o all.tmx[/bold]"
)
TERMBASES = (".tbx", ".csv", ".xlsx")


def merge(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="A B...", help="Termbases, memories (.tmx), or folders that build wrote.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Where to write: .tmx, .tbx, .csv or .xlsx.", show_default=False)
    ],
    settled: Annotated[
        Path | None, typer.Option(help="The list of conflicts of an earlier merge, with your decisions in it.")
    ] = None,
) -> None:
    """Put termbases or memories together; of what they disagree on, the first one named holds.

    Disagreements of termbases are listed in a workbook beside the output. Of a memory's sources with several
    translations the most frequent stays, the others go to a second memory.
    """
    from tmx.errors import ToolError

    check_outputs([*inputs, settled], [output])
    if len(inputs) < 2:
        raise ToolError(f"{inputs[0]}: alone there is nothing to put together; name two or more")
    suffix = output.suffix.lower()
    if suffix == ".tmx":
        termbase = next((path for path in inputs if path.suffix.lower() in TERMBASES and not path.is_dir()), None)
        if termbase:
            raise ToolError(f"{termbase}: is a termbase; {output.name} is made of memories (.tmx) or folders")
        _merge_memories(inputs, output)
    elif suffix in TERMBASES:
        _merge_termbases(inputs, output, settled)
    else:
        raise ToolError(f"{output}: written are .tmx (memories) and {', '.join(TERMBASES)} (termbases)")


def _merge_memories(inputs: list[Path], output: Path) -> None:
    from tmx.tmx14 import write_tmx

    notices: list[Notice] = []
    report = write_tmx(_units(inputs, notices), output)
    for notice in notices:
        tell_notice(notice)
    folded = f", {counted(report.duplicates, 'repeated pair')} folded into one" if report.duplicates else ""
    tell(f"Wrote    {counted(report.units, 'unit')} in {output}{folded}")
    if report.alternatives:
        path = next(path for path, _ in report.files if path != output)
        tell(f"Conflict {report.alternatives:,} units with another target for a source: in {path}")


def _units(inputs: list[Path], notices: list[Notice]) -> Iterator[TranslationUnit]:
    from duiyi.outputs import load_units
    from tmx.tmx14 import TmxReadOptions, read_tmx

    for path in inputs:
        yield from load_units(path) if path.is_dir() else read_tmx(path, TmxReadOptions(by_content=True), notices)


def _merge_termbases(inputs: list[Path], output: Path, settled: Path | None) -> None:
    from duiyi.outputs import load_glossary
    from duiyi.uniting import read_settled, unite, write_disagreements
    from glossary.files.tables import write_csv
    from glossary.files.tbx import write_tbx
    from glossary.files.termbase import read_termbase
    from glossary.files.workbook import write_workbook

    termbases = []
    for path in inputs:
        said: list[str] = []
        termbase = load_glossary(path) if path.is_dir() else read_termbase(path, said)
        termbases.append((str(path), termbase))
        for sentence in said or [f"{path}: {len(termbase.entries):,} entries"]:
            tell(f"Read     {sentence.removesuffix(' read')}")
    united = unite(termbases, read_settled(settled) if settled else None)
    if output.suffix.lower() == ".tbx":
        write_tbx(united.glossary, output)
    elif output.suffix.lower() == ".csv":
        write_csv(united.glossary, output)
    else:
        write_workbook(united.glossary, (), output)
    count = len(united.glossary.entries)
    tell(f"Wrote    {count:,} {'entry' if count == 1 else 'entries'} in {output}")
    conflicts = output.with_suffix(".conflicts.xlsx")
    if not united.disagreements:
        return
    write_disagreements(united.disagreements, conflicts, preferred_language())
    tell(
        f"Conflict {counted(len(united.disagreements), 'term')} on which they disagree: in {conflicts}; "
        f"fill in its column Decision, then merge again with --settled {conflicts}"
    )
