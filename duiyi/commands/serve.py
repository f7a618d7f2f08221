"""``duiyi serve``: glossary, memory and checks for editors, engines and agents on this machine."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from tmx.messages import tell

EXAMPLES = (
    "Example: [bold]duiyi serve --in out[/bold], or in an agent's settings: [bold]duiyi serve --in out --mcp[/bold]"
)


def serve(
    out: Annotated[Path, typer.Option("--in", help="The folder that `duiyi build` wrote.")] = Path("out"),
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.", min=0, max=65535)] = 0,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Speak the Model Context Protocol on standard input and output instead.")
    ] = False,
) -> None:
    """Answer questions about terms and earlier translations, on this machine only; nothing is ever changed.

    The address holds a secret and stands in OUT/.duiyi/service.url, which only you can read, while the service runs.
    """
    from duiyi.service.answers import Answers
    from duiyi.service.http import Server

    answers = Answers(out)
    if mcp:
        from duiyi.service.mcp import run

        run(answers)
        return
    server = Server(answers, secrets.token_urlsafe(24), port)
    with _announced(out, server.address):
        tell(f"Service: {server.address}")
        tell(f"Try: curl '{server.address}terms_for?text=...'  (description: {server.address}openapi.json)")
        tell("Only this machine can ask. Ctrl+C stops.")
        with contextlib.suppress(KeyboardInterrupt):  # how one stops it
            server.run()


@contextlib.contextmanager
def _announced(out: Path, address: str) -> Iterator[None]:
    """Keep the address where an editor's script on this machine finds it, readable by its owner alone."""
    from duiyi.omegat import ADDRESS_FILE

    path = out / ADDRESS_FILE
    try:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(address)
    except OSError:  # a folder that cannot be written can still be served
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            if path.read_text(encoding="utf-8") == address:
                path.unlink()
