"""The straight line of the memory half: a bitext is segmented, aligned and made into translation units."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tmx import bitext as bitexts
from tmx import readers
from tmx.alignment import rows
from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.coarse import Area
from tmx.alignment.lexicon import Lexicon
from tmx.alignment.rows import Plan
from tmx.alignment.structure import DOUBTED
from tmx.checks import ROW_DOUBTED, STATE_DOUBTED, check
from tmx.confidence import CEILINGS, state_of
from tmx.encoder import Encoder
from tmx.files import Replacement, replace_forbidden, tally
from tmx.model import SOURCE, TARGET, AlignedDocument, Bead, Bitext, Notice, Paragraph, Row, Sentence, TranslationUnit
from tmx.readers import ReadOptions
from tmx.segmentation import SegmentationRules, segment_paragraphs


@dataclass(frozen=True, slots=True)
class MemoryOptions:
    """Settings of the memory half.

    ``split_rows`` splits the pairs which the input itself makes (table rows, units of a memory) further into
    sentences; by default they are kept as they are. ``rules`` are the user's own SRX rules, if any. ``flags`` False
    leaves the checks of single units to whoever makes them anyway.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    alignment: AlignmentOptions = field(default_factory=AlignmentOptions)
    rules: SegmentationRules | None = None
    split_rows: bool = False
    flags: bool = True


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
    return segment(bitext, options, lexicon=lexicon).aligned(anchors)


def segment(
    bitext: Bitext,
    options: MemoryOptions | None = None,
    *,
    lexicon: Lexicon | None = None,
    encoder: Encoder | None = None,
) -> SegmentedDocument:
    """Cut a bitext into sentences and check its rows against their words; a row that is kept whole is one sentence."""
    options = options or MemoryOptions()
    source = segment_paragraphs(bitext.source, bitext.source_language, options.rules)
    target = segment_paragraphs(bitext.target, bitext.target_language, options.rules)
    plan = rows.plan(bitext, (source, target), options.alignment, lexicon=lexicon, encoder=encoder)
    if not options.split_rows:
        whole = [part for part in plan.parts if part.confidence is not None]
        source = _keep_whole(source, bitext.source, {i for part in whole for i in range(*part.source)})
        target = _keep_whole(target, bitext.target, {i for part in whole for i in range(*part.target)})
    return SegmentedDocument(bitext, source, target, options, plan, lexicon, encoder)


@dataclass(frozen=True, slots=True)
class SegmentedDocument:
    """A document whose sentences have yet to be aligned."""

    bitext: Bitext
    source: list[Sentence]
    target: list[Sentence]
    options: MemoryOptions
    plan: Plan = field(default_factory=Plan)
    lexicon: Lexicon | None = None
    encoder: Encoder | None = None
    has_paragraphs: bool = True  # else each sentence is a paragraph only because it stands on a line of its own

    def aligned(
        self, anchors: Sequence[Bead] = (), alone: tuple[Collection[int], Collection[int]] = ((), ())
    ) -> AlignedDocument:
        """Align the sentences and make the translation units; ``anchors`` and ``alone`` as in ``tmx.align``.

        They count more than the rows of the document do.
        """
        bitext, source, target = self.bitext, self.source, self.target
        stops = [stop for stop in self._stops() if _agrees(stop, anchors, alone)]
        unguided: list[Area] = []
        beads = align(
            [sentence.text for sentence in source],
            [sentence.text for sentence in target],
            self.options.alignment,
            source_paragraphs=[sentence.paragraph for sentence in source] if self.has_paragraphs else None,
            target_paragraphs=[sentence.paragraph for sentence in target] if self.has_paragraphs else None,
            anchors=[*stops, *anchors],
            alone=alone,
            lexicon=self.lexicon,
            encoder=self.encoder,
            unguided=unguided,
        )
        return AlignedDocument(
            bitext=bitext,
            source=tuple(source),
            target=tuple(target),
            beads=tuple(beads),
            units=tuple(make_units(bitext, source, target, beads, flags=self.options.flags)),
            notices=bitext.notices + self.plan.notices + self._by_order(unguided) + _replaced(bitext),
        )

    def _by_order(self, parts: Sequence[Area]) -> tuple[Notice, ...]:
        """Say which sentences were paired by their order alone."""
        if not parts:
            return ()
        place = " to ".join(
            self.bitext.place([self.source[end]], SOURCE) for end in (parts[0].top, parts[-1].bottom - 1)
        )
        counts = sum(part.bottom - part.top for part in parts), sum(part.stop - part.start for part in parts)
        told = f"no words tell {counts[0]:,} Chinese and {counts[1]:,} English sentences apart"
        message = f"{told}; paired by their order alone, with low confidence"
        return (Notice("warning", self.bitext.name, place, message),)

    def _stops(self) -> Iterator[Bead]:
        """Return what the plan says as beads: a pair, or empty ones at both ends of what is to be aligned in itself."""
        starts = [
            np.searchsorted([sentence.paragraph for sentence in side], np.arange(len(paragraphs) + 1)).tolist()
            for side, paragraphs in ((self.source, self.bitext.source), (self.target, self.bitext.target))
        ]
        for part in self.plan.parts:
            (first, last), (start, stop) = (
                (begins[run[0]], begins[run[1]]) for begins, run in zip(starts, (part.source, part.target), strict=True)
            )
            if part.confidence is not None and not self.options.split_rows:
                yield Bead((first, last), (start, stop), confidence=part.confidence)
            else:
                yield Bead((first, first), (start, start))
                yield Bead((last, last), (stop, stop))


def _agrees(stop: Bead, anchors: Sequence[Bead], alone: tuple[Collection[int], Collection[int]]) -> bool:
    """Tell whether what the rows say of some sentences goes with what is known."""
    if any(number in alone[0] for number in range(*stop.source)):
        return False
    if any(number in alone[1] for number in range(*stop.target)):
        return False
    return all(
        (stop.source[1] <= anchor.source[0] and stop.target[1] <= anchor.target[0])
        or (stop.source[0] >= anchor.source[1] and stop.target[0] >= anchor.target[1])
        for anchor in anchors
    )


def _replaced(bitext: Bitext) -> tuple[Notice, ...]:
    """Say where a document holds characters that XML forbids; the files that are written have U+FFFD there."""
    found: list[Replacement] = []
    for paragraph in (*bitext.source, *bitext.target):
        replace_forbidden(paragraph.text, paragraph.place(0, len(paragraph.text)), found)
    return tuple(Notice("replaced", bitext.name, r.place, f"{r.what}: no XML can hold it") for r in tally(found))


def make_units(
    bitext: Bitext,
    source: Sequence[Sentence],
    target: Sequence[Sentence],
    beads: Iterable[Bead],
    *,
    flags: bool = True,
) -> list[TranslationUnit]:
    """Return one translation unit for each bead with two sides, in bead order.

    The tuid is a digest of the document's name, both texts and how often the same pair came before, so that it
    does not change when something is inserted elsewhere in the document.
    """
    repeated: Counter[tuple[str, str]] = Counter()
    row_of = {index: row for row in bitext.rows for index in range(*row.source) if row.kind}
    units = []
    for bead in beads:
        if 0 in bead.size:
            continue
        source_run, target_run = source[slice(*bead.source)], target[slice(*bead.target)]
        pair = (
            bitext.text(source_run, SOURCE),
            bitext.text(target_run, TARGET),
        )
        row = row_of.get(source_run[0].paragraph)
        unit = TranslationUnit(
            id=_digest(bitext.name, *pair, str(repeated[pair])),
            source=pair[0],
            target=pair[1],
            source_language=bitext.source_language,
            target_language=bitext.target_language,
            document=bitext.name,
            date=bitext.metadata.date,
            place=f"{bitext.place(source_run, SOURCE)} | {bitext.place(target_run, TARGET)}",
            confidence=bead.confidence,
            bead=bead.shape,
            notes=row.notes if row else (),
            properties=row.properties if row else (),
        )
        found = check(unit) if flags else ()
        state = state_of(row.properties) if row else None
        if row and bead.confidence < min(DOUBTED, CEILINGS[state] if state else 1.0) and _holds(row, target_run):
            found = tuple(sorted((*found, ROW_DOUBTED)))
        if state:
            found = tuple(sorted((*found, STATE_DOUBTED)))
        units.append(replace(unit, flags=found))
        repeated[pair] += 1
    return units


def _holds(row: Row, run: Sequence[Sentence]) -> bool:
    return row.target[0] <= run[0].paragraph and run[-1].paragraph < row.target[1]


def _keep_whole(sentences: Sequence[Sentence], paragraphs: Sequence[Paragraph], whole: set[int]) -> list[Sentence]:
    """Return the sentences with every paragraph in ``whole`` as one."""
    kept = [sentence for sentence in sentences if sentence.paragraph not in whole]
    kept += [Sentence(paragraphs[index].text, index, 0, len(paragraphs[index].text)) for index in whole]
    return sorted(kept, key=lambda sentence: (sentence.paragraph, sentence.start))


def _digest(*parts: str) -> str:
    """Return sixteen hexadecimal digits that identify the parts; enough for billions of units."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
