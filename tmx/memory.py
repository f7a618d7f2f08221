"""The straight line of the memory half: a bitext is segmented, aligned and made into translation units."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from tmx import bitext as bitexts
from tmx import readers
from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.lexicon import Lexicon
from tmx.checks import check
from tmx.files import Replacement, replace_forbidden, tally
from tmx.languages import join
from tmx.model import AlignedDocument, Bead, Bitext, Notice, Paragraph, Row, Sentence, TranslationUnit
from tmx.readers import ReadOptions
from tmx.segmentation import SegmentationRules, segment_paragraphs


@dataclass(frozen=True, slots=True)
class MemoryOptions:
    """Settings of the memory half.

    ``split_rows`` splits the pairs which the input itself makes (table rows, units of a memory) further into
    sentences; by default they are kept as they are. ``rules`` are the user's own SRX rules, if any.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    alignment: AlignmentOptions = field(default_factory=AlignmentOptions)
    rules: SegmentationRules | None = None
    split_rows: bool = False


def build_memory(paths: Sequence[Path | str], options: MemoryOptions | None = None) -> list[AlignedDocument]:
    """Read every document under ``paths``, align it and return the aligned documents in order of their names.

    Raises:
        ToolError: one of the inputs cannot be read; use ``readers.collect`` and ``build_document`` to go on
            past a bad document.
    """
    options = options or MemoryOptions()
    collection = readers.collect([Path(path) for path in paths], options.read)
    return [build_document(bitexts.load(item, options.read), options) for item in collection.inputs]


def build_document(
    bitext: Bitext,
    options: MemoryOptions | None = None,
    *,
    lexicon: Lexicon | None = None,
    anchors: Sequence[Bead] = (),
) -> AlignedDocument:
    """Segment and align one bitext and make its translation units.

    ``anchors`` are beads that are known and never move (a reviewer approved them). Every sentence of both sides
    is in exactly one bead; a bead with an empty side makes no unit and is found again in ``unaligned``.
    """
    options = options or MemoryOptions()
    source = segment_paragraphs(bitext.source, bitext.source_language, options.rules)
    target = segment_paragraphs(bitext.target, bitext.target_language, options.rules)
    if bitext.rows:
        stretches = _stretches(bitext.rows)
        if not options.split_rows:
            source = _keep_whole(source, bitext.source, {i for s in stretches if s.pair for i in s.source})
            target = _keep_whole(target, bitext.target, {i for s in stretches if s.pair for i in s.target})
        beads = _align_stretches(stretches, source, target, options, lexicon)
    else:
        beads = align(
            [sentence.text for sentence in source],
            [sentence.text for sentence in target],
            options.alignment,
            source_paragraphs=[sentence.paragraph for sentence in source],
            target_paragraphs=[sentence.paragraph for sentence in target],
            anchors=anchors,
            lexicon=lexicon,
        )
    return AlignedDocument(
        bitext=bitext,
        source=tuple(source),
        target=tuple(target),
        beads=tuple(beads),
        units=tuple(make_units(bitext, source, target, beads)),
        notices=bitext.notices + _replaced(bitext),
    )


def _replaced(bitext: Bitext) -> tuple[Notice, ...]:
    """Say where a document holds characters that XML forbids; the files that are written have U+FFFD there."""
    found: list[Replacement] = []
    for paragraph in (*bitext.source, *bitext.target):
        replace_forbidden(paragraph.text, paragraph.place(0, len(paragraph.text)), found)
    return tuple(Notice("replaced", bitext.name, r.place, f"{r.what}: no XML can hold it") for r in tally(found))


def make_units(
    bitext: Bitext, source: Sequence[Sentence], target: Sequence[Sentence], beads: Iterable[Bead]
) -> list[TranslationUnit]:
    """Return one translation unit for each bead with two sides, in bead order.

    The tuid is a digest of the document's name, both texts and how often the same pair came before, so that it
    does not change when something is inserted elsewhere in the document.
    """
    repeated: Counter[tuple[str, str]] = Counter()
    rows = {(row.source, row.target): row for row in bitext.rows}
    units = []
    for bead in beads:
        if 0 in bead.size:
            continue
        source_run, target_run = source[slice(*bead.source)], target[slice(*bead.target)]
        pair = (
            _text(source_run, bitext.source, bitext.source_language),
            _text(target_run, bitext.target, bitext.target_language),
        )
        row = rows.get((source_run[0].paragraph, target_run[0].paragraph))
        unit = TranslationUnit(
            id=_digest(bitext.name, *pair, str(repeated[pair])),
            source=pair[0],
            target=pair[1],
            source_language=bitext.source_language,
            target_language=bitext.target_language,
            document=bitext.name,
            date=bitext.metadata.date,
            place=_place(source_run, bitext.source) + " | " + _place(target_run, bitext.target),
            confidence=bead.confidence,
            bead=bead.shape,
            notes=row.notes if row else (),
            properties=row.properties if row else (),
        )
        units.append(replace(unit, flags=check(unit)))
        repeated[pair] += 1
    return units


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Paragraphs (indices) to be aligned among themselves: a pair that the input makes, or the text between pairs."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    pair: bool


def _stretches(rows: Sequence[Row]) -> list[_Stretch]:
    """Return the pairs one by one, and the runs of one-sided rows between them as a whole."""
    stretches = []
    for paired, run in groupby(rows, key=lambda row: row.source is not None and row.target is not None):
        for part in [[row] for row in run] if paired else [list(run)]:
            source = tuple(row.source for row in part if row.source is not None)
            target = tuple(row.target for row in part if row.target is not None)
            stretches.append(_Stretch(source, target, paired))
    return stretches


def _keep_whole(sentences: Sequence[Sentence], paragraphs: Sequence[Paragraph], whole: set[int]) -> list[Sentence]:
    """Return the sentences with every paragraph in ``whole`` as one."""
    kept = [sentence for sentence in sentences if sentence.paragraph not in whole]
    kept += [Sentence(paragraphs[index].text, index, 0, len(paragraphs[index].text)) for index in whole]
    return sorted(kept, key=lambda sentence: (sentence.paragraph, sentence.start))


def _align_stretches(
    stretches: Sequence[_Stretch],
    source: Sequence[Sentence],
    target: Sequence[Sentence],
    options: MemoryOptions,
    lexicon: Lexicon | None,
) -> list[Bead]:
    """Align inside each stretch, never across."""
    beads: list[Bead] = []
    i = j = 0
    for stretch in stretches:
        next_i, next_j = i, j
        while next_i < len(source) and stretch.source and source[next_i].paragraph <= stretch.source[-1]:
            next_i += 1
        while next_j < len(target) and stretch.target and target[next_j].paragraph <= stretch.target[-1]:
            next_j += 1
        if stretch.pair and not options.split_rows:
            beads.append(Bead((i, next_i), (j, next_j)))
        else:
            inside = align(
                [sentence.text for sentence in source[i:next_i]],
                [sentence.text for sentence in target[j:next_j]],
                options.alignment,
                source_paragraphs=[sentence.paragraph for sentence in source[i:next_i]],
                target_paragraphs=[sentence.paragraph for sentence in target[j:next_j]],
                lexicon=lexicon,
            )
            beads += [
                replace(
                    bead,
                    source=(bead.source[0] + i, bead.source[1] + i),
                    target=(bead.target[0] + j, bead.target[1] + j),
                )
                for bead in inside
            ]
        i, j = next_i, next_j
    return beads


def _slices(run: Sequence[Sentence]) -> list[tuple[int, int, int]]:
    """Return what a run of sentences covers: (paragraph, start, end), one for each paragraph it touches."""
    return [
        (paragraph, sentences[0].start, sentences[-1].end)
        for paragraph, sentences in ((key, list(group)) for key, group in groupby(run, key=lambda s: s.paragraph))
    ]


def _text(run: Sequence[Sentence], paragraphs: Sequence[Paragraph], language: str) -> str:
    """Return the author's text of a run of sentences: one slice a paragraph, joined as the language does."""
    return join([paragraphs[index].text[start:end] for index, start, end in _slices(run)], language)


def _place(run: Sequence[Sentence], paragraphs: Sequence[Paragraph]) -> str:
    return " + ".join(paragraphs[index].place(start, end) for index, start, end in _slices(run))


def _digest(*parts: str) -> str:
    """Return sixteen hexadecimal digits that identify the parts; enough for billions of units."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
