"""``duiyi align``: the beads or units of one document."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tmx.model import Bead


class Format(StrEnum):
    """What is written."""

    beads = "beads"
    tsv = "tsv"
    json = "json"


EXAMPLES = "Example: [bold]duiyi align zh.txt en.txt --presplit --format beads[/bold] prints one bead a line."


def align(
    source: Annotated[Path, typer.Argument(metavar="ZH", help="The Chinese file, or one file that holds both.")],
    target: Annotated[Path | None, typer.Argument(metavar="[EN]", help="The English file.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where to write; else standard output.")] = None,
    form: Annotated[
        Format, typer.Option("--format", help="beads: [0]:[0, 1]:0.93 lines, counted from 0; tsv: texts; json: both.")
    ] = Format.beads,
    presplit: Annotated[
        bool, typer.Option("--presplit", help="The files are plain text with one sentence a line already.")
    ] = False,
    anchors: Annotated[
        Path | None, typer.Option("--anchors", help="Known beads that must not move, in either form of bead file.")
    ] = None,
) -> None:
    """Align the sentences of one document.

    duiyi align talk.zh.txt talk.en.txt --presplit --format beads -o talk.beads
    """
    import tmx.alignment
    from tmx.beads import format_bead, read_anchors
    from tmx.languages import CHINESE, ENGLISH, join

    if presplit:
        if target is None:
            raise typer.BadParameter("--presplit needs two files, ZH and EN")
        sides = (_lines(source), _lines(target))
        paragraphs: tuple[Sequence[int] | None, Sequence[int] | None] = (None, None)
    else:
        sides, paragraphs = _segmented(source, target)
    beads = tmx.alignment.align(
        *sides,
        source_paragraphs=paragraphs[0],
        target_paragraphs=paragraphs[1],
        anchors=read_anchors(anchors) if anchors else (),
    )

    def texts(bead: Bead) -> tuple[str, str]:
        return join(sides[0][slice(*bead.source)], CHINESE), join(sides[1][slice(*bead.target)], ENGLISH)

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


def _segmented(
    source: Path, target: Path | None
) -> tuple[tuple[list[str], list[str]], tuple[Sequence[int], Sequence[int]]]:
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
    return (
        ([sentence.text for sentence in left], [sentence.text for sentence in right]),
        ([sentence.paragraph for sentence in left], [sentence.paragraph for sentence in right]),
    )


@contextlib.contextmanager
def _writing(path: Path | None, inputs: Sequence[Path | None]) -> Iterator[IO[str]]:
    from tmx.errors import OutputError

    if path is None:
        yield sys.stdout
        return
    if any(other is not None and other.resolve() == path.resolve() for other in inputs):
        raise OutputError(f"{path}: is an input; choose another name for the output")
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}-", delete=False
        ) as file:
            yield file
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error
    Path(file.name).replace(path)
