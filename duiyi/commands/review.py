"""``duiyi review``: look at a build and put it right, in the browser."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from duiyi.commands import Lang, counted, spoken, user_name
from tmx.messages import tell

EXAMPLES = "Example: [bold]duiyi review out[/bold] opens the page for what duiyi build wrote into out."


def review(
    out: Annotated[Path, typer.Argument(help="The folder which duiyi build wrote.", metavar="OUT", show_default=False)],
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.", min=0, max=65535)] = 0,
    reviewer: Annotated[
        str, typer.Option(help="Your name in the decisions; else your user name.", envvar="DUIYI_REVIEWER")
    ] = "",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    lang: Lang = None,
) -> None:
    """Review alignments and terms in the browser, on this machine only.

    Every decision is on disk before the page says saved; a rebuild applies them again.
    """
    import secrets
    import webbrowser

    from filelock import FileLock, Timeout

    from duiyi.review.project import export, load_project
    from duiyi.review.server import Server
    from duiyi.review.session import Review
    from duiyi.workspace import FOLDER
    from tmx.errors import ToolError

    project = load_project(out)
    lock = FileLock(out / FOLDER / "review.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ToolError(f"{out}: is being reviewed already; use that page, or stop that duiyi review first") from error
    try:
        session = Review(project, out, reviewer=reviewer or user_name())
        server = Server(session, secrets.token_urlsafe(24), port, export, spoken(lang) if lang else None)
        tell(f"Review page: {server.address}")
        tell("Only this machine can open it. Ctrl+C stops; nothing is lost.")
        if browser:
            webbrowser.open(server.address)
        with contextlib.suppress(KeyboardInterrupt):  # how one stops it
            server.run()
        if summary := session.audit_summary():
            tell(summary)
        if left := session.undelivered:
            tell(f"{counted(left, 'decision')} not in the files yet: run duiyi build again, or Export.")
    finally:
        lock.release()
