"""The ``duiyi`` command: one module per subcommand in ``duiyi.commands``; errors become one line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from duiyi.commands import align, evaluate, lookup
from tmx.errors import ToolError

app = typer.Typer(
    name="duiyi",
    help="Build translation memories and glossaries from Chinese-English documents.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("align")(align.align)
app.command("evaluate")(evaluate.evaluate)
app.command("lookup")(lookup.lookup)

DONE, ERROR, USAGE, QUARANTINED = 0, 1, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 done, 1 something to put right, 2 usage, 3 done with quarantined documents."""
    try:
        code = app(args=list(argv) if argv is not None else None, standalone_mode=False)
    except ToolError as error:
        print(f"duiyi: {error}", file=sys.stderr)
        return ERROR
    return int(code or DONE)
