"""``duiyi align``: the beads or units of one document."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tmx.model import Bead, Bitext, Sentence

    Sides = tuple[list[Sentence], list[Sentence]]


class Format(StrEnum):
    """What is written."""

    beads = "beads"
    tsv = "tsv"
    json = "json"
    tmx = "tmx"


EXAMPLES = "Example: [bold]duiyi align zh.txt en.txt --presplit --format beads[/bold] prints one bead a line."


def align(
    source: Annotated[Path, typer.Argument(metavar="ZH", help="The Chinese file, or one file that holds both.")],
    target: Annotated[Path | None, typer.Argument(metavar="[EN]", help="The English file.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where to write; else standard output.")] = None,
    form: Annotated[
        Format,
        typer.Option(
            "--format", help="beads: [0]:[0, 1]:0.93 lines, counted from 0; tsv: texts; json: both; tmx: a memory."
        ),
    ] = Format.beads,
    presplit: Annotated[
        bool, typer.Option("--presplit", help="The files are plain text with one sentence a line already.")
    ] = False,
    anchors: Annotated[
        Path | None, typer.Option("--anchors", help="Known beads that must not move, in either form of bead file.")
    ] = None,
    dictionary: Annotated[
        Path | None,
        typer.Option("--dictionary", help="Your own words: CC-CEDICT lines, two-column TSV or CSV, a TBX termbase."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="A sentence-transformers model on this machine, folder or name (extra neural)."),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="With tmx: units below go to a second file, *.low-confidence.tmx.")
    ] = 0.0,
) -> None:
    """Align the sentences of one document.

    duiyi align talk.zh.txt talk.en.txt --presplit --format beads -o talk.beads
    """
    import tmx.alignment
    import tmx.encoder
    from duiyi.dictionary import read_pairs
    from tmx import lexicon
    from tmx.beads import format_bead, read_anchors
    from tmx.errors import FormatError
    from tmx.languages import join
    from tmx.memory import make_units
    from tmx.tmx14 import TmxOptions, write_tmx

    if form is Format.tmx and output is None:
        raise typer.BadParameter("--format tmx needs -o FILE")
    if min_confidence and form is not Format.tmx:
        raise typer.BadParameter("--min-confidence goes with --format tmx")
    encoder = tmx.encoder.load(model) if model else None
    words = lexicon.extended(lexicon.load(), read_pairs(dictionary)) if dictionary else None
    bitext, sentences = _presplit(source, target) if presplit else _segmented(source, target)
    sides = [[sentence.text for sentence in side] for side in sentences]
    paragraphs = [None if presplit else [sentence.paragraph for sentence in side] for side in sentences]
    known = read_anchors(anchors) if anchors else []
    try:
        beads = tmx.alignment.align(
            sides[0],
            sides[1],
            source_paragraphs=paragraphs[0],
            target_paragraphs=paragraphs[1],
            anchors=known,
            lexicon=words,
            encoder=encoder,
        )
    except ValueError as error:
        raise FormatError(f"{anchors}: {error}") from error
    if form is Format.tmx and output is not None:
        _refuse_input(output, (source, target))
        units = make_units(bitext, *sentences, beads)
        write_tmx(units, output, TmxOptions(min_confidence=min_confidence))
        return

    def texts(bead: Bead) -> tuple[str, str]:
        return join(sides[0][slice(*bead.source)], bitext.source_language), join(
            sides[1][slice(*bead.target)], bitext.target_language
        )

    with _writing(output, (source, target)) as file:
        if form is Format.beads:
            file.writelines(format_bead(bead) + "\n" for bead in beads)
        elif form is Format.tsv:
            for bead in beads:
                left, right = (" ".join(text.split()) for text in texts(bead))
                file.write(f"{left}\t{right}\t{bead.confidence:g}\n")
        else:
            rows = [
                {
                    "source": list(range(*bead.source)),
                    "target": list(range(*bead.target)),
                    "confidence": bead.confidence,
                    "source_text": texts(bead)[0],
                    "target_text": texts(bead)[1],
                }
                for bead in beads
            ]
            json.dump(rows, file, ensure_ascii=False, indent=1)
            file.write("\n")


def _lines(path: Path) -> list[str]:
    from tmx.errors import EmptyInputError, EncodingError

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(f"{path}: not UTF-8; ready-split files must be") from error
    except OSError as error:
        raise EmptyInputError(f"{path}: cannot be read ({error.strerror})") from error
    lines = text.removesuffix("\n").split("\n") if text else []
    if not any(map(str.strip, lines)):
        raise EmptyInputError(f"{path}: holds no sentence")
    return [line.strip() for line in lines]


def _presplit(source: Path, target: Path | None) -> tuple[Bitext, Sides]:
    from tmx.model import Bitext, Paragraph, Piece, Sentence

    if target is None:
        raise typer.BadParameter("--presplit needs two files, ZH and EN")
    texts = _lines(source), _lines(target)
    left, right = (
        tuple(Paragraph(line, (Piece(0, len(line), f"line {number}"),)) for number, line in enumerate(lines, 1))
        for lines in texts
    )
    sentences = tuple([Sentence(line, i, 0, len(line)) for i, line in enumerate(lines)] for lines in texts)
    return Bitext(source.stem, left, right), (sentences[0], sentences[1])


def _segmented(source: Path, target: Path | None) -> tuple[Bitext, Sides]:
    from tmx.bitext import load
    from tmx.readers import collect
    from tmx.segmentation import segment_paragraphs

    found = collect([source] if target is None else [source, target])
    if len(found.inputs) != 1:
        raise typer.BadParameter("align takes one document; use build for many")
    bitext = load(found.inputs[0])
    for notice in bitext.notices:
        print(f"{notice.document}: {notice.place}: {notice.message}", file=sys.stderr)
    left = segment_paragraphs(bitext.source, bitext.source_language)
    right = segment_paragraphs(bitext.target, bitext.target_language)
    return bitext, (left, right)


def _refuse_input(path: Path, inputs: Sequence[Path | None]) -> None:
    from tmx.errors import OutputError

    if any(other is not None and other.resolve() == path.resolve() for other in inputs):
        raise OutputError(f"{path}: is an input; choose another name for the output")


@contextlib.contextmanager
def _writing(path: Path | None, inputs: Sequence[Path | None]) -> Iterator[IO[str]]:
    from tmx.files import atomic_path

    if path is None:
        yield sys.stdout
        return
    _refuse_input(path, inputs)
    with atomic_path(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        yield file
