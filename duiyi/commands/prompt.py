"""``duiyi prompt``: what an engine should know before it translates a text."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from duiyi.commands import counted
from tmx.messages import tell

EXAMPLES = 'Example: [bold]duiyi prompt "中国外交开创新局面。" --in out --tokens 800[/bold]'


class Into(StrEnum):
    """The language to translate into."""

    en = "en"
    zh = "zh"


class Form(StrEnum):
    """How the answer is written."""

    markdown = "markdown"
    json = "json"
    xml = "xml"


def prompt(
    text: Annotated[
        str, typer.Argument(metavar="TEXT|FILE", help="A text, or a document; without it, or for -, standard input.")
    ] = "-",
    out: Annotated[Path, typer.Option("--in", help="The folder that `duiyi build` wrote.")] = Path("out"),
    to: Annotated[Into | None, typer.Option(help="Language to translate into; else told by the text.")] = None,
    tokens: Annotated[int, typer.Option(min=0, help="Size of the answer in tokens, by estimate; 0: no limit.")] = 0,
    form: Annotated[Form, typer.Option("--format", help="markdown for a prompt, json or xml for programs.")] = (
        Form.markdown
    ),
) -> None:
    """Print the terms that occur in a text and the nearest units of the memory, most useful first.

    What must not be used is named, and official renderings are marked.
    """
    from duiyi.briefing import brief, written
    from duiyi.lookup import Memory
    from duiyi.outputs import load_glossary
    from duiyi.recognition import Recogniser
    from tmx.errors import EmptyInputError

    given = _given(text)
    if not given.strip():
        raise EmptyInputError(f"{'standard input' if text == '-' else text.strip() or 'the text'}: holds no text")
    recogniser = Recogniser(entry for entry in load_glossary(out).entries if entry.review != "rejected")
    with Memory.open(out) as memory:
        found = brief(given, recogniser, memory, to.value if to else None, tokens)
    sys.stdout.write(written(found, form.value))
    if any(found.left_out):
        terms, units = found.left_out
        left = f"{counted(terms, 'term')}, {counted(units, 'unit')}"
        tell(f"left out beyond {tokens} tokens: {left}")
    elif not found.terms and not found.units:
        tell("no term of the glossary and nothing alike in the memory")


def _given(text: str) -> str:
    """Return the text itself, that of the document it names, or standard input."""
    from tmx.errors import ToolError
    from tmx.readers import READERS, read
    from tmx.readers.collection import kind_of

    if text == "-":
        return sys.stdin.read()
    try:
        is_file = len(text) < 4096 and Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or holds what no name can
        is_file = False
    if not is_file:
        if len(text.split()) == 1 and kind_of(Path(text.strip())) in READERS:
            raise ToolError(f"{text.strip()}: no such file")
        return text
    return "\n".join(block.text for block in read(Path(text)).blocks)
