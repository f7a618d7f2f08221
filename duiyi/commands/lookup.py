"""``duiyi lookup``: ask a built memory."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from duiyi.lookup import Hit


def lookup(
    text: Annotated[str, typer.Argument(help="What to look up, in either language; without it, lines of stdin.")] = "",
    out: Annotated[Path, typer.Option("--in", help="The folder that `duiyi build` wrote.")] = Path("out"),
    limit: Annotated[int, typer.Option(min=1, help="Hits of each kind at most.")] = 10,
    min_rate: Annotated[int, typer.Option(min=30, max=100, help="Lowest match rate, in percent.")] = 70,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array of hits for each text.")] = False,
) -> None:
    """Show exact and fuzzy matches with their match rate, and where the text occurs (concordance).

    Example: duiyi lookup "多边主义" --in out
    """
    from duiyi.lookup import LookupOptions, Memory

    options = LookupOptions(limit=limit, min_rate=min_rate)
    with Memory.open(out) as memory:
        if not text and sys.stdin.isatty():
            print("Type what to look up, one text a line.", file=sys.stderr)
        for line in [text] if text else filter(str.strip, sys.stdin):
            hits = memory.lookup(line, options)
            if as_json:
                print(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False))
                continue
            if not hits:
                print(f"no hit for {line.strip()}", file=sys.stderr)
            for hit in hits:
                print(_lines(hit))


def _lines(hit: Hit) -> str:
    first = hit.occurrences[0]
    rate = f"{hit.rate} %" if hit.rate is not None else "—"
    times = f" (×{hit.count})" if hit.count > 1 else ""
    where = " · ".join(filter(None, (first.document, first.date, first.place)))
    source, target = hit.source, hit.target
    if hit.side == "source":
        source = _marked(source, hit.spans)
    else:
        target = _marked(target, hit.spans)
    return f"{rate:>5}  {hit.kind:<11}  {source}\n{'':20}{target}\n{'':20}{where}{times}"


def _marked(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text with what was looked up between brackets of a kind that documents do not use."""
    for start, end in reversed(spans):
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return text
