"""``duiyi align``: the beads or units of one document."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from duiyi.commands import check_outputs
from tmx.messages import tell

if TYPE_CHECKING:
    from tmx.memory import SegmentedDocument
    from tmx.model import Bead
    from tmx.readers import Input


class Format(StrEnum):
    """What is written."""

    beads = "beads"
    tsv = "tsv"
    json = "json"
    tmx = "tmx"


NO_MODEL = "none"
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
        Path | None,
        typer.Option(
            "--anchors", help="Known beads that must not move, in either form of bead file; [3]:[] leaves one alone."
        ),
    ] = None,
    dictionary: Annotated[
        Path | None,
        typer.Option("--dictionary", help="Your own words: CC-CEDICT lines, two-column TSV or CSV, a TBX termbase."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="A sentence-transformers model on this machine, folder or name (extra neural), where words leave "
            "doubt; none: words alone.",
        ),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="With tmx: units below go to a second file, *.low-confidence.tmx.")
    ] = 0.0,
) -> None:
    """Align the sentences of one document.

    duiyi align talk.zh.txt talk.en.txt --presplit --format beads -o talk.beads
    """
    import tmx.encoder
    from duiyi.dictionary import read_pairs
    from tmx import bitext
    from tmx.alignment import lexicon
    from tmx.alignment.aligner import AlignmentOptions
    from tmx.alignment.beads import Anchors, format_bead, read_anchors
    from tmx.files import is_stream
    from tmx.languages import join
    from tmx.memory import MemoryOptions, segment
    from tmx.tmx14 import TmxOptions, write_tmx

    if form is Format.tmx and output is None:
        raise typer.BadParameter("--format tmx needs -o FILE")
    if min_confidence and form is not Format.tmx:
        raise typer.BadParameter("--min-confidence goes with --format tmx")
    if min_confidence and output is not None and is_stream(output):
        raise typer.BadParameter("--min-confidence writes a second file; name a file with -o")
    written = [output]
    if form is Format.tmx and output is not None:
        written += [output.with_suffix(f".{kind}{output.suffix}") for kind in ("low-confidence", "alternatives")]
    check_outputs([source, target, anchors, dictionary], written)
    if target is not None:
        _refuse_twice(source, target)
    encoder = tmx.encoder.load(model) if model and model != NO_MODEL else None
    options = MemoryOptions(alignment=AlignmentOptions(vectors=model != NO_MODEL))
    words = lexicon.extended(lexicon.load(), read_pairs(dictionary)) if dictionary else None
    segmented = (
        replace(_presplit(source, target), options=options, lexicon=words, encoder=encoder)
        if presplit
        else segment(bitext.load(_one_document(source, target)), options, lexicon=words, encoder=encoder)
    )
    known = read_anchors(anchors, len(segmented.source), len(segmented.target)) if anchors else Anchors()
    document = segmented.aligned(known.beads, (known.source_alone, known.target_alone))
    for notice in document.notices:
        tell(f"{notice.document}: {notice.place}: {notice.message}")
    if form is Format.tmx and output is not None:
        # A stream is one file: other targets of the same source stay in it.
        write_tmx(document.units, output, TmxOptions(min_confidence=min_confidence, one_target=not is_stream(output)))
        return

    sides = [[sentence.text for sentence in side] for side in (document.source, document.target)]
    languages = document.bitext.source_language, document.bitext.target_language

    def texts(bead: Bead) -> tuple[str, str]:
        return join(sides[0][slice(*bead.source)], languages[0]), join(sides[1][slice(*bead.target)], languages[1])

    with _writing(output) as file:
        if form is Format.beads:
            file.writelines(format_bead(bead) + "\n" for bead in document.beads)
        elif form is Format.tsv:
            for bead in document.beads:
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
                for bead in document.beads
            ]
            json.dump(rows, file, ensure_ascii=False, indent=1)
            file.write("\n")


def _lines(path: Path) -> list[str]:
    from tmx.errors import EmptyInputError, EncodingError, check_ordinary

    check_ordinary(path)
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


def _presplit(source: Path, target: Path | None) -> SegmentedDocument:
    from tmx.characters import han_share
    from tmx.memory import MemoryOptions, SegmentedDocument
    from tmx.model import Bitext, Paragraph, Piece, Sentence

    if target is None:
        raise typer.BadParameter("--presplit needs two files, ZH and EN")
    texts = _lines(source), _lines(target)
    _check_languages((source, target), [han_share("\n".join(lines)) for lines in texts])
    left, right = (
        tuple(Paragraph(line, (Piece(0, len(line), f"line {number}"),)) for number, line in enumerate(lines, 1))
        for lines in texts
    )
    sentences = tuple([Sentence(line, i, 0, len(line)) for i, line in enumerate(lines)] for lines in texts)
    bitext = Bitext(source.stem, left, right)
    return SegmentedDocument(bitext, sentences[0], sentences[1], MemoryOptions(), has_paragraphs=False)


def _one_document(source: Path, target: Path | None) -> Input:
    """Return the document that one path, or two, make up; say what is wrong where they do not make one."""
    from tmx.characters import han_share
    from tmx.errors import EmptyInputError, ToolError
    from tmx.readers import Input, collect, read

    if target is None:
        found = collect([source])
        if len(found.inputs) != 1:
            raise typer.BadParameter("align takes one document; use build for many")
        return found.inputs[0]
    for path in (source, target):
        if path.is_dir():
            raise ToolError(f"{path}: is a folder; name two files, or use build for folders")
    texts = ["\n".join(block.text for block in read(path).blocks) for path in (source, target)]
    for path, text in zip((source, target), texts, strict=True):
        if not text.strip():
            raise EmptyInputError(f"{path}: holds no text")
    named = {path.resolve(): path for path in (source, target)}
    inputs = [item for item in collect([source, target]).inputs if len(item.paths) == 2]
    if not inputs:  # neither the names nor a look into them told which is which; the order does
        inputs = [Input(source.stem, (source, target), ("source", "target"))]
    chosen = inputs[0]
    if chosen.paths[0].resolve() != source.resolve():
        first, second = (named[path.resolve()] for path in chosen.paths)
        tell(f"{first} is taken for the Chinese text, {second} for the English", "duiyi: ")
    shares = dict(zip((source.resolve(), target.resolve()), map(han_share, texts), strict=True))
    _check_languages(chosen.paths, [shares[path.resolve()] for path in chosen.paths])
    return chosen


def _refuse_twice(source: Path, target: Path) -> None:
    from tmx.errors import ToolError

    if source.exists() and target.exists() and source.samefile(target):
        raise ToolError(f"{target}: is the same file as {source}; name the Chinese file, then the English one")


def _check_languages(paths: Sequence[Path], shares: Sequence[float]) -> None:
    """Refuse two files that are not one Chinese and one English, in this order; ``shares`` are of Han characters."""
    from tmx.errors import ToolError

    if shares[0] < 0.5 <= shares[1]:
        raise ToolError(f"{paths[0]}: holds no Chinese, but {paths[1]} does; name the Chinese file first")
    if min(shares) >= 0.5:
        raise ToolError(f"{paths[1]}: holds Chinese, as {paths[0]} does; name an English file second")


@contextlib.contextmanager
def _writing(path: Path | None) -> Iterator[IO[str]]:
    from tmx.files import atomic_path

    if path is None:
        yield sys.stdout
        return
    with atomic_path(path) as beside, beside.open("w", encoding="utf-8", newline="\n") as file:
        yield file
