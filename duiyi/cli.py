"""The ``duiyi`` command: one module per subcommand; errors become one line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from duiyi import __version__
from duiyi.commands import (
    align,
    build,
    check,
    diff,
    evaluate,
    export,
    glossary,
    import_,
    lookup,
    prompt,
    review,
    segment,
    serve,
)
from duiyi.preparing import preparing
from tmx.errors import ToolError

DONE, ERROR, USAGE, QUARANTINED = 0, 1, 2, 3
INTERRUPTED = 128 + signal.SIGINT


def _end_with(code: int | None, **_: object) -> None:
    """Make what a command returns the exit code of the process."""
    raise typer.Exit(code or DONE)


app = typer.Typer(
    name="duiyi",
    help="Build translation memories and glossaries from Chinese-English documents.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: [bold]duiyi build seeds -o out[/bold]",
    invoke_without_command=True,
    result_callback=_end_with,
)
app.command("build", epilog=build.EXAMPLES)(build.build)
app.command("align", epilog=align.EXAMPLES)(align.align)
app.command("check", epilog=check.EXAMPLES)(check.check)
app.command("diff")(diff.diff)
app.command("evaluate", epilog=evaluate.EXAMPLES)(evaluate.evaluate)
app.command("export", epilog=export.EXAMPLES)(export.export)
app.command("glossary", epilog=glossary.EXAMPLES)(glossary.glossary)
app.command("import", epilog=import_.EXAMPLES)(import_.import_reviewed)
app.command("lookup")(lookup.lookup)
app.command("prompt", epilog=prompt.EXAMPLES)(prompt.prompt)
app.command("review", epilog=review.EXAMPLES)(review.review)
app.command("serve", epilog=serve.EXAMPLES)(serve.serve)
app.command("segment", epilog=segment.EXAMPLES)(segment.segment)


@app.callback()
def _show_version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        print(f"duiyi {__version__}")
        raise typer.Exit


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0 done; 1 something the user can put right; 2 usage; 3 done, but some documents were quarantined.
    """
    try:
        code = _run(argv)
        sys.stdout.flush()
    except ToolError as error:
        print(f"duiyi: {error}", file=sys.stderr)
        return ERROR
    except BrokenPipeError:  # whoever read our output went away (`duiyi ... | head`)
        _drop_output()
        return ERROR
    except OSError as error:
        where = f"{error.filename}" if error.filename else "standard output: cannot be written"
        print(f"duiyi: {where}: {error.strerror or error}", file=sys.stderr)
        _drop_output()
        return ERROR
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        with preparing():
            app(args=None if argv is None else list(argv), prog_name="duiyi")
    except SystemExit as ending:
        if ending.code == INTERRUPTED:  # Typer turns Ctrl-C into this and says nothing
            print("duiyi: interrupted; what was finished is kept", file=sys.stderr)
        return ending.code if isinstance(ending.code, int) else DONE
    return DONE


def _drop_output() -> None:
    """Let what is still to be printed go nowhere, so that Python does not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
