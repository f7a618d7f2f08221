"""``duiyi pretranslate``: start a new document with what is known."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from duiyi.commands import check_outputs, padded
from tmx.messages import load, preferred_language, tell

EXAMPLES = "Example: [bold]duiyi pretranslate speech.docx --from out -o speech.xlf -o speech.xlsx[/bold]"


def pretranslate(
    document: Annotated[Path, typer.Argument(help="A Chinese document of any type that can be read.")],
    out: Annotated[Path, typer.Option("--from", help="The folder that duiyi build wrote.")] = Path("out"),
    output: Annotated[
        list[Path] | None,
        typer.Option("-o", "--output", help="Write XLIFF 2 (.xlf), .docx or .xlsx to translate in; may be repeated."),
    ] = None,
    min_rate: Annotated[int, typer.Option(min=50, max=100, help="Lowest match rate, in percent.")] = 70,
    as_json: Annotated[bool, typer.Option("--json", help="Print the analysis as JSON.")] = False,
) -> None:
    """Look up a new document in a built memory and glossary, and write it ready to translate, with an analysis.

    Exact matches become the translation, and those in which only figures differ, with the new figures where that is
    safe. Fuzzy matches stand beside with their rate, terms with their renderings.
    """
    from duiyi import pretranslation
    from duiyi.lookup import Memory
    from duiyi.outputs import load_glossary
    from duiyi.recognition import Recogniser
    from glossary.files.sheets import heading

    outputs = output or []
    for path in outputs:
        if path.suffix.lower() not in pretranslation.WRITERS:
            raise typer.BadParameter(f"{path}: a document to translate is written as .xlf, .docx or .xlsx")
    check_outputs([document], outputs)
    glossary = load_glossary(out)
    entries = [entry for entry in glossary.entries if pretranslation.is_worth_showing(entry)]
    with Memory.open(out) as memory:
        proposals = pretranslation.pretranslate(document, memory, Recogniser(entries), min_rate=min_rate)
    for path in outputs:
        tags = (glossary.source_language, glossary.target_language)
        pretranslation.write(proposals, path, document.name, preferred_language(), tags)
    analysis = pretranslation.analyse(proposals)
    if as_json:
        print(json.dumps({name: asdict(volume) for name, volume in analysis.items()}, ensure_ascii=False))
        return
    say = load(preferred_language())
    lines = [[heading(column, say).lower() for column in pretranslation.ANALYSIS.columns]]
    for name, volume in analysis.items():
        counts = (f"{count:,}" for count in (volume.segments, volume.words, volume.characters))
        lines.append([pretranslation.said(name, say), *counts])
    for first, *numbers in lines:
        widths = zip(numbers, (10, 10, 12), strict=True)
        print(padded(first, 12) + "".join(padded(number, -width) for number, width in widths))
    replaced = sum(bool(one.numbers) for one in proposals)
    if replaced:
        tell(f"figures were replaced in {replaced} of the matches; look at them")
