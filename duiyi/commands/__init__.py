"""The subcommands, one module each, and what they share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tmx.languages import canonical, is_chinese, is_english
from tmx.messages import ENVIRONMENT, Language, load, preferred_language, tell

if TYPE_CHECKING:
    from tmx.model import Notice


class _Language(StrEnum):
    """What duiyi speaks."""

    en = "en"
    zh = "zh"


def _speak(chosen: _Language | None) -> _Language | None:
    """Let everything in this run speak the language chosen: errors, which end the command, and other processes too."""
    if chosen is not None:
        os.environ[ENVIRONMENT] = chosen.value
    return chosen


Lang = Annotated[
    _Language | None,
    typer.Option(
        "--lang",
        help="Language of screen, report, page and workbook; else that of your system.",
        show_default=False,
        callback=_speak,
        is_eager=True,
    ),
]


def _tag_of(is_it: Callable[[str], bool], example: str) -> Callable[[str], str]:
    """Return what checks a language tag, or the name of a language, and makes it a tag."""

    def checked(value: str) -> str:
        if value and not is_it(value):
            raise typer.BadParameter(f"{value!r} is no tag of this language; write one like {example}")
        return canonical(value) if value else ""

    return checked


SourceLang = Annotated[
    str,
    typer.Option(
        "--source-lang",
        metavar="TAG",
        help="Tag of the Chinese: zh-CN, zh-TW, zh-HK; else what files state, zh-Hant for other Traditional text.",
        callback=_tag_of(is_chinese, "zh-TW"),
        show_default=False,
    ),
]
TargetLang = Annotated[
    str,
    typer.Option(
        "--target-lang",
        metavar="TAG",
        help="Tag of the English: en-US, en-GB; else what files state, else en-US.",
        callback=_tag_of(is_english, "en-GB"),
        show_default=False,
    ),
]


def spoken(chosen: _Language | None) -> Language:
    """Return the language to speak: the one chosen, else that of the environment."""
    return preferred_language() if chosen is None else ("zh" if chosen == "zh" else "en")


def tell_notice(notice: Notice, where: str = "", head: str = "") -> None:
    """Say on the screen what should be known of a document, or of what ``where`` names."""
    say = load(preferred_language())
    kind, where = say(f"notice.{notice.kind}"), where or notice.document
    tell(say("screen.notice", kind=kind, where=where, message=say.told(notice.message)), head)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "unit"), counted(2, "unit")
    ('1 unit', '2 units')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def padded(text: str, width: int) -> str:
    """Return a text with spaces to fill so many columns of a screen; before it where ``width`` is negative.

    >>> padded("exact", 9) + "|", padded("精确", 9) + "|", padded("精确", -9) + "|"
    ('exact    |', '精确     |', '     精确|')
    """
    from tmx.furniture import columns

    spaces = " " * (abs(width) - columns(text))
    return text + spaces if width > 0 else spaces + text


def user_name() -> str:
    """Return the name under which the user is logged in, empty if the system does not tell."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def check_outputs(inputs: Iterable[Path | None], outputs: Iterable[Path | None]) -> None:
    """Refuse to begin when an output would replace an input of the same call, or another output.

    Every command that writes files calls this before it does any work. Links and other spellings of a path are seen
    through; what is written into (standard output, a device) replaces nothing.

    Raises:
        OutputError: with the output that is to have another name.
    """
    from tmx.errors import OutputError
    from tmx.files import is_stream

    read = [path for path in inputs if path is not None]
    written: list[Path] = []
    for output in outputs:
        if output is None or is_stream(output):
            continue
        if output.is_dir():
            raise OutputError(f"{output}: is a folder; name a file to write")
        if any(_is_same(output, path) for path in read):
            raise OutputError(f"{output}: is an input; choose another name for the output")
        if any(_is_same(output, other) for other in written):
            raise OutputError(f"{output}: would be written twice; choose another name for one of the two")
        written.append(output)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there (yet)
        return os.path.realpath(one) == os.path.realpath(other)  # links may lead in a circle


def named_folder(path: Path | None) -> Path | None:
    """Return the path of an output folder as it is, or end with a usage error where it means standard output."""
    from tmx.files import is_stream

    if path is not None and is_stream(path):
        raise typer.BadParameter(f"several files are written, and {path} is no folder; name a folder")
    return path
