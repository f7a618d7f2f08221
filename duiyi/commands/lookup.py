"""``duiyi lookup``: ask a built memory and its glossary."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duiyi.commands import Lang, padded, spoken
from tmx.errors import harmless
from tmx.messages import Messages, load, tell

if TYPE_CHECKING:
    from duiyi.lookup import Hit
    from duiyi.recognition import Recogniser
    from glossary.model import ConceptEntry

EXAMPLES = (
    'Example: [bold]duiyi lookup "多边主义" --in out[/bold], or [bold]duiyi lookup --file new.docx --in out[/bold]'
)


def lookup(
    text: Annotated[
        str | None, typer.Argument(help="What to look up, in either language; without it, lines of stdin.")
    ] = None,
    out: Annotated[Path, typer.Option("--in", help="The folder that `duiyi build` wrote.")] = Path("out"),
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="Look up each sentence of a document; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Hits of each kind at most.")] = 10,
    min_rate: Annotated[int, typer.Option(min=30, max=100, help="Lowest match rate, in percent.")] = 70,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each sentence: terms and hits.")] = False,
    lang: Lang = None,
) -> None:
    """Show terms of the glossary, exact and fuzzy matches with their rate, and where the text occurs (concordance).

    A paragraph is looked up sentence by sentence. What answers to the text in the other language is marked too.
    """
    from duiyi.lookup import LookupOptions, Memory, entry_values
    from duiyi.outputs import GLOSSARY, load_glossary
    from duiyi.recognition import Recogniser

    if text is not None and not text.strip():
        raise typer.BadParameter("nothing to look up: the text is empty")
    say = load(spoken(lang))
    options = LookupOptions(limit=limit, min_rate=min_rate)
    with Memory.open(out) as memory:
        folder = out if out.is_dir() else out.parent
        entries = load_glossary(folder).entries if (folder / GLOSSARY).is_file() else ()
        terms = Recogniser(entry for entry in entries if entry.review != "rejected")
        typed = text is None and not file and sys.stdin.isatty()
        if typed:
            tell("Type what to look up, one text a line.")
        asked = 0
        several = len([*_cut(text)]) > 1 if text is not None and not file else not typed
        for sentence in _sentences(text, file or []):
            asked += 1
            found = _entries(sentence, terms)
            hits = memory.lookup(sentence, options)
            if as_json:
                data = {
                    "text": sentence,
                    "terms": [entry_values(entry) for entry in found],
                    "hits": [*map(asdict, hits)],
                }
                print(json.dumps(data, ensure_ascii=False))
                continue
            if several:
                print(harmless(f"{chr(10) if asked > 1 else ''}» {sentence}"))
            for entry in found:
                print(harmless(_term(entry, say)))
            if not hits and not found:
                tell(f"no hit for {sentence}")
            for hit in hits:
                print(harmless(_lines(hit, found, say)))
        if not asked:
            tell("nothing to look up: no text was given")


def _sentences(text: str | None, files: list[Path]) -> Iterator[str]:
    """Yield what is asked for: the sentences of files, of the text, or of the lines of standard input."""
    from tmx import readers

    if files:
        for path in files:
            for block in readers.read(path).blocks:
                yield from _cut(block.text)
    elif text is not None:
        yield from _cut(text)
    else:
        for line in filter(str.strip, sys.stdin):
            yield from _cut(line.strip())


def _cut(text: str) -> Iterator[str]:
    from tmx.characters import han_share
    from tmx.languages import CHINESE, ENGLISH
    from tmx.segmentation import segment

    for start, end in segment(text, CHINESE if han_share(text) >= 0.5 else ENGLISH):
        yield text[start:end]


def _entries(text: str, terms: Recogniser) -> list[ConceptEntry]:
    """The entries that stand in a text of either language, each once, in their order."""
    found = [*terms.in_chinese(text), *terms.in_english(text)]
    return list(dict.fromkeys(one.entry for one in sorted(found, key=lambda one: one.start)))


def _term(entry: ConceptEntry, say: Messages) -> str:
    """One line: the preferred rendering, others that will do, and those not to use with the time of their use."""
    groups: dict[str, list[str]] = {}
    for one in entry.renderings:
        name = {"preferred": "", "admitted": "also"}.get(one.usage, "do-not-use")
        dates = say("lookup.dates", first=one.first, last=one.last) if name == "do-not-use" and one.first else ""
        groups.setdefault(name, []).append(one.text + dates)
    labels = {name: say(f"lookup.{name}") + say("colon") if name else "" for name in groups}
    told = say("semicolon").join(labels[name] + say("comma").join(texts) for name, texts in groups.items())
    return f"{padded(say('lookup.term'), -5)}  {entry.term} = {told}"


def _lines(hit: Hit, entries: list[ConceptEntry], say: Messages) -> str:
    from duiyi.lookup import counterparts

    first = hit.occurrences[0]
    rate = f"{hit.rate} %" if hit.rate is not None else "—"
    times = f" (×{hit.count})" if hit.count > 1 else ""
    where = " · ".join(filter(None, (first.document, first.date, say.place(first.place))))
    other = counterparts(hit, entries)
    spans = (hit.spans, other) if hit.side == "source" else (other, hit.spans)
    source, target = (_marked(text, some) for text, some in zip((hit.source, hit.target), spans, strict=True))
    script = f" · {say('lookup.other-script')}" if hit.other_script else ""
    kind = padded(say(f"lookup.{hit.kind}"), 11)
    return f"{rate:>5}  {kind}  {source}\n{'':20}{target}\n{'':20}{where}{times}{script}"


def _marked(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text with what was looked up between brackets of a kind that documents do not use."""
    for start, end in reversed(spans):
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return text
