"""``duiyi segment``: the sentences of one document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duiyi.commands import check_outputs
from tmx.messages import tell

if TYPE_CHECKING:
    from tmx.model import Block
    from tmx.segmentation import SegmentationRules

EXAMPLES = "Example: [bold]duiyi segment talk.docx --language en -o talk.sentences.txt[/bold]"


def segment(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A document of any type that build reads.")],
    language: Annotated[
        str, typer.Option("--language", "-l", help="zh or en; by default each paragraph says by its characters.")
    ] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where to write; else standard output.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON array: text, language, paragraph (from 0), place, start, end.")
    ] = False,
    rules: Annotated[
        Path | None, typer.Option("--rules", help="Your own segmentation rules, an SRX 1.0 or 2.0 file.")
    ] = None,
) -> None:
    """Cut a document into sentences, one a line.

    Nothing is joined, paired or left out: page cuts are healed by build and align, not here.
    """
    from tmx.errors import EmptyInputError
    from tmx.files import atomic_path
    from tmx.readers import read
    from tmx.segmentation import load_rules

    check_outputs([file, rules], [output])
    own_rules = load_rules(rules) if rules else None
    document = read(file)
    for notice in document.notices:
        tell(f"{notice.document}: {notice.place}: {notice.message}")
    rows = [
        row
        for number, block in enumerate(document.blocks)
        for row in _rows(number, block, language or _language(block), own_rules)
    ]
    if not rows:
        raise EmptyInputError(f"{file}: holds no text")
    if as_json:
        text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    else:
        text = "".join(f"{row['text']}\n" for row in rows)
    if output is None:
        sys.stdout.write(text)
    else:
        with atomic_path(output) as beside:
            beside.write_text(text, encoding="utf-8", newline="\n")


def _language(block: Block) -> str:
    from tmx.characters import han_share

    return block.language or ("zh" if han_share(block.text) >= 0.5 else "en")


def _rows(number: int, block: Block, language: str, rules: SegmentationRules | None) -> list[dict[str, object]]:
    from tmx.segmentation import segment

    return [
        {
            "text": block.text[start:end],
            "language": language,
            "paragraph": number,
            "place": block.place,
            "start": start,
            "end": end,
        }
        for start, end in segment(block.text, language, rules)
    ]
