"""The ``duiyi`` command: one module per subcommand; errors become one line and an exit code."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import Annotated

import typer

from duiyi import __version__
from duiyi.commands import (
    align,
    build,
    check,
    clean,
    diff,
    evaluate,
    export,
    glossary,
    import_,
    lookup,
    merge,
    pretranslate,
    prompt,
    review,
    segment,
    serve,
)
from duiyi.preparing import preparing
from tmx.errors import ToolError
from tmx.messages import ENVIRONMENT, tell

DONE, ERROR, USAGE, QUARANTINED = 0, 1, 2, 3
INTERRUPTED = 128 + signal.SIGINT
REQUESTS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # to end; Windows has one
HEAD = "duiyi: "
ENDED = {INTERRUPTED: "interrupted", **{128 + number: "stopped" for number in REQUESTS}}


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
app.command("clean", epilog=clean.EXAMPLES)(clean.clean)
app.command("merge", epilog=merge.EXAMPLES)(merge.merge)
app.command("diff")(diff.diff)
app.command("evaluate", epilog=evaluate.EXAMPLES)(evaluate.evaluate)
app.command("export", epilog=export.EXAMPLES)(export.export)
app.command("glossary", epilog=glossary.EXAMPLES)(glossary.glossary)
app.command("import", epilog=import_.EXAMPLES)(import_.import_reviewed)
app.command("lookup", epilog=lookup.EXAMPLES)(lookup.lookup)
app.command("pretranslate", epilog=pretranslate.EXAMPLES)(pretranslate.pretranslate)
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


@contextmanager
def _language_kept() -> Iterator[None]:
    """Let ``--lang`` hold for one run: who calls ``main`` twice in a process may speak two languages."""
    before = os.environ.get(ENVIRONMENT)
    try:
        yield
    finally:
        os.environ.pop(ENVIRONMENT, None)
        if before is not None:
            os.environ[ENVIRONMENT] = before


@_language_kept()
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0 done; 1 something the user can put right; 2 usage; 3 done, but some documents were quarantined.
    """
    _repair_streams()
    ended: list[int] = []
    try:
        with _ending_in_order(ended):
            code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except (ToolError, OSError, RuntimeError) as error:
        if ended:  # what was cut off in the middle complains, and that is no news
            code = 128 + ended[0]
            with suppress(OSError):  # the terminal was closed
                tell(f"{ENDED[code]}; what was finished is kept", HEAD)
            return code
        return _fail(error)
    return code


def _fail(error: ToolError | OSError | RuntimeError) -> int:
    """Say in one line what went wrong, and return the exit code; raise again what is a fault of ours."""
    if isinstance(error, ToolError):
        tell(str(error), HEAD)
    elif isinstance(error, BrokenPipeError):  # whoever read our output went away (`duiyi ... | head`)
        _drop_output()
    elif isinstance(error, OSError):
        where = f"{error.filename}" if error.filename else "standard output: cannot be written"
        tell(f"{where}: {error.strerror or error}", HEAD)
        _drop_output()
    elif str(error).startswith("Symlink loop"):  # of pathlib, before Python 3.13
        tell(f"{str(error).partition(' from ')[2]}: links that lead in a circle; remove them", HEAD)
    else:
        raise error
    return ERROR


def _run(argv: Sequence[str]) -> int:
    arguments = [_as_typed(argument) for argument in argv]
    if option := _without_name(arguments):
        tell(f"{option} names nothing; give it the name of a file or folder", HEAD)
        return USAGE
    try:
        with preparing():
            app(args=arguments, prog_name="duiyi")
    except SystemExit as ending:
        if ending.code in ENDED:  # Typer turns Ctrl-C into this and says nothing
            tell(f"{ENDED[ending.code]}; what was finished is kept", HEAD)
        return ending.code if isinstance(ending.code, int) else DONE
    return DONE


def _as_typed(argument: str) -> str:
    """Return an argument as it was typed where the system believes that all text is ASCII.

    >>> _as_typed("对译".encode().decode("ascii", "surrogateescape"))
    '对译'
    """
    try:
        return argument.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        return argument


PLACES = ("-o", "--output", "--out", "--into")


def _without_name(arguments: Sequence[str]) -> str:
    """Return the option for an output whose name is empty, as a script's variable may be; "" if there is none.

    An empty path would mean the current folder.

    >>> _without_name(["build", "seeds", "-o", ""]), _without_name(["build", "seeds", "-o", "."])
    ('-o', '')
    """
    for option, value in pairwise((*arguments, "end")):
        if option in PLACES and not value:
            return option
        if option.removesuffix("=") in PLACES and option.endswith("="):
            return option.removesuffix("=")
    return ""


@contextmanager
def _ending_in_order(ended: list[int]) -> Iterator[None]:
    """Let a request to end (SIGTERM, a terminal closed) close what is open and remove temporary folders.

    A second one ends at once. ``ended`` then holds the number of the signal. What was told to go on after its terminal
    (``nohup``) goes on.
    """

    def end(number: int, frame: object) -> None:
        ended.append(number)
        for request in before:
            signal.signal(request, signal.SIG_DFL)
        raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in REQUESTS if signal.getsignal(number) != signal.SIG_IGN}
    try:
        for number in before:
            signal.signal(number, end)
    except ValueError:  # not in the main thread: whoever called us looks after signals
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Closed(io.TextIOBase):
    """Stands for a standard output that was closed before the program began."""

    def write(self, text: str) -> int:
        """Refuse."""
        raise OSError(errno.EBADF, "it is closed")


def _repair_streams() -> None:
    """Make standard output and error usable: they may be closed, or of an encoding that lacks Chinese."""
    missing = [name for name in ("stdin", "stdout", "stderr") if getattr(sys, name) is None]
    if missing:
        # No file that is opened later may take the numbers of the standard streams.
        while os.open(os.devnull, os.O_RDWR) < len(("stdin", "stdout", "stderr")):
            pass
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Let what is still to be printed go nowhere, so that Python does not complain at exit."""
    if not isinstance(sys.stdout, _Closed):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
