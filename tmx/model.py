"""The data types that travel along the straight line from files to a translation memory.

Everywhere *source* is the Chinese side and *target* the English side. Every value is immutable; stored text is
the author's text, typing errors included: folding and normalising make lookup keys, never stored text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, Protocol

from tmx.files import digest
from tmx.languages import CHINESE, ENGLISH, join

BlockKind = Literal["paragraph", "heading", "cell", "footnote", "textbox", "cue", "segment"]
NoticeKind = Literal["joined", "removed", "replaced", "warning"]
Side = Literal["source", "target"]
SOURCE: Side = "source"
TARGET: Side = "target"
SIDES: tuple[Side, Side] = (SOURCE, TARGET)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know about what was done to a document, with its place.

    ``kind`` says whether text was joined, removed (page furniture), replaced (characters that XML forbids) or
    only doubted. ``place`` is written for people ("line 19 with line 31", "page 3", "Sheet1!B7").
    """

    kind: NoticeKind
    document: str
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, table cell or subtitle as the author wrote it, never empty, without edge spaces.

    ``place`` says where it stands, for people ("line 12", "page 3", "paragraph 7", "Sheet1!B4").
    ``language`` is what the format itself declares, else empty. ``page`` counts from 1, 0 where the format has
    no pages. Blocks which the format pairs (cells of one table row, the two sides of a unit) share one ``row``
    number, counted from 0 through the document; -1 means not paired. ``notes`` and ``properties`` are what the format
    says about a pair (comments, dates, states); they go to its ``Row``.
    """

    text: str
    place: str
    kind: BlockKind = "paragraph"
    language: str = ""
    page: int = 0
    row: int = -1
    notes: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document as a whole; an empty string means unknown.

    ``date`` is ISO 8601 (2021, 2021-12 or 2021-12-30). ``source`` is an address or a publisher.
    ``properties`` are further name and value pairs, sorted by name.
    """

    title: str = ""
    date: str = ""
    source: str = ""
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One file as a reader gives it: its blocks in reading order, in one language or both.

    ``name`` is the path relative to the folder the user named, with ``/`` separators; it identifies the
    document in every output. ``format`` is the suffix without the dot.
    """

    name: str
    format: str
    blocks: tuple[Block, ...]
    metadata: Metadata = Metadata()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a stretch of a paragraph comes from: ``paragraph.text[start:end]`` stood at ``place``."""

    start: int
    end: int
    place: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A healed paragraph of one language: the text, and the pieces of the file it was put together from."""

    text: str
    pieces: tuple[Piece, ...]

    def place(self, start: int = 0, end: int | None = None) -> str:
        """Return the places which ``text[start:end]`` comes from, joined by `` + ``.

        >>> Paragraph("ab cd", (Piece(0, 2, "line 19"), Piece(3, 5, "line 31"))).place(1, 5)
        'line 19 + line 31'
        """
        stop = len(self.text) if end is None else end
        places = [piece.place for piece in self.pieces if piece.start < stop and piece.end > start]
        return " + ".join(dict.fromkeys(places))


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs which the input itself puts side by side: half-open ranges of their indices, one of them may be empty.

    ``kind`` is that of the blocks (a row of a table has cells, subtitles shown together are cues, units of a memory
    segments); it is empty for a paragraph that stands in no row.
    """

    source: tuple[int, int]
    target: tuple[int, int]
    kind: BlockKind | Literal[""] = ""
    notes: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def is_pair(self) -> bool:
        """Whether both sides hold something."""
        return self.source[0] < self.source[1] and self.target[0] < self.target[1]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One segment: ``paragraphs[paragraph].text[start:end]``, without edge spaces. Offsets count code points."""

    text: str
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bitext:
    """The two sides of one document, each in its own order, healed.

    ``rows`` is empty when the paragraphs have yet to be aligned; otherwise it holds every paragraph exactly
    once and in order; no sentence is paired across a row of both sides. Text around a table is in one-sided rows: a
    run of rows without a pair that holds paragraphs of both sides has yet to be aligned.
    """

    name: str
    source: tuple[Paragraph, ...]
    target: tuple[Paragraph, ...]
    source_language: str = CHINESE
    target_language: str = ENGLISH
    metadata: Metadata = Metadata()
    rows: tuple[Row, ...] = ()
    notices: tuple[Notice, ...] = ()

    def text(self, run: Iterable[Sentence], side: Side) -> str:
        """Return the author's text of a run of sentences: one slice a paragraph, joined as the language does.

        >>> bitext = Bitext("a.txt", (), (Paragraph("One.  Two.", (Piece(0, 10, "line 1"),)),))
        >>> bitext.text([Sentence("One.", 0, 0, 4), Sentence("Two.", 0, 6, 10)], TARGET)
        'One.  Two.'
        """
        paragraphs = self.paragraphs(side)
        return join([paragraphs[i].text[start:end] for i, start, end in _slices(run)], self.language(side))

    def place(self, run: Iterable[Sentence], side: Side) -> str:
        """Return where a run of sentences stands, for people."""
        paragraphs = self.paragraphs(side)
        return " + ".join(dict.fromkeys(paragraphs[i].place(start, end) for i, start, end in _slices(run)))

    def paragraphs(self, side: Side) -> tuple[Paragraph, ...]:
        """The paragraphs of one side."""
        return self.source if side == SOURCE else self.target

    def language(self, side: Side) -> str:
        """The language tag of one side."""
        return self.source_language if side == SOURCE else self.target_language


def _slices(run: Iterable[Sentence]) -> Iterator[tuple[int, int, int]]:
    """Give what a run of sentences covers: (paragraph, start, end), one for each paragraph it touches."""
    for paragraph, group in groupby(run, key=lambda sentence: sentence.paragraph):
        sentences = list(group)
        yield paragraph, sentences[0].start, sentences[-1].end


@dataclass(frozen=True, slots=True)
class Bead:
    """Two runs of sentences that say the same thing.

    ``source`` and ``target`` are half-open ranges of sentence indices; one may be empty.
    ``cost`` is a negative natural logarithm, so lower is better and costs add up.
    ``confidence`` is the calibrated probability, 0 to 1, that exactly this bead is right.
    """

    source: tuple[int, int]
    target: tuple[int, int]
    cost: float = 0.0
    confidence: float = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """How many source and target sentences the bead holds."""
        return self.source[1] - self.source[0], self.target[1] - self.target[0]

    @property
    def shape(self) -> str:
        """The bead type as the field writes it: source count, hyphen, target count.

        >>> Bead((0, 1), (0, 2)).shape
        '1-2'
        """
        return f"{self.size[0]}-{self.size[1]}"


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """A source text and its translation, with all that is known about the pair.

    ``id`` is the stable tuid: the same document name, texts and repetition give the same id in every run.
    ``place`` is for people. ``confidence`` is the bead's, 0 to 1; ``bead`` its shape ("1-2"). ``flags`` are
    doubts found by ``tmx.checks``, sorted. ``count`` says how many exact duplicates this unit stands for.
    ``properties`` are further name and value pairs, sorted by name.
    """

    id: str
    source: str
    target: str
    source_language: str = CHINESE
    target_language: str = ENGLISH
    document: str = ""
    date: str = ""
    place: str = ""
    confidence: float = 1.0
    bead: str = "1-1"
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    count: int = 1
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A bead as people see it: a row of the workbook, of the review page, of the report.

    ``id`` is the tuid of its ``unit``, or a digest of the text where a side is empty and there is no unit; it is the
    same in every run. The texts are those of the unit (as a reviewer reworded them), else the author's. ``place`` is
    for people.
    """

    id: str
    bead: Bead
    unit: TranslationUnit | None
    source_text: str
    target_text: str
    place: str


class Paired(Protocol):
    """What has a name and pairs: a document, or what is kept of one."""

    @property
    def name(self) -> str:
        """The name of the document."""

    def pairs(self) -> Iterator[Pair]:
        """Give its pairs, in order."""


GAP = "gap-"  # how the id of a pair with an empty side begins


@dataclass(frozen=True, slots=True)
class AlignedDocument:
    """One document at the end of the map step: everything the later steps, the report and the review need.

    ``beads`` cover every sentence of both sides exactly once, in order. ``units`` holds one unit for each bead
    with two sides, in bead order.
    """

    bitext: Bitext
    source: tuple[Sentence, ...]
    target: tuple[Sentence, ...]
    beads: tuple[Bead, ...]
    units: tuple[TranslationUnit, ...]
    notices: tuple[Notice, ...] = field(default=())

    @property
    def name(self) -> str:
        """The name of the document in every output."""
        return self.bitext.name

    @property
    def unaligned(self) -> tuple[Bead, ...]:
        """The beads with an empty side."""
        return tuple(bead for bead in self.beads if 0 in bead.size)

    def run(self, bead: Bead, side: Side) -> tuple[Sentence, ...]:
        """The sentences that a bead holds on one side."""
        return self.source[slice(*bead.source)] if side == SOURCE else self.target[slice(*bead.target)]

    def pairs(self) -> Iterator[Pair]:
        """Give one pair for each bead, in order."""
        units = iter(self.units)
        gaps: Counter[str] = Counter()
        for bead in self.beads:
            if 0 not in bead.size:
                unit = next(units)
                yield Pair(unit.id, bead, unit, unit.source, unit.target, unit.place)
                continue
            source, target = (self.run(bead, side) for side in SIDES)
            id_ = GAP + digest([self.bitext.name, *(sentence.text for sentence in (*source, *target))], 6).hex()
            gaps[id_] += 1
            yield Pair(
                id_ if gaps[id_] == 1 else f"{id_}-{gaps[id_]}",
                bead,
                None,
                self.bitext.text(source, SOURCE),
                self.bitext.text(target, TARGET),
                self.bitext.place(source, SOURCE) if source else self.bitext.place(target, TARGET),
            )
