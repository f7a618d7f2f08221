"""Documents under review: their rows with the decisions applied, counted, checked and placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from duiyi.decisions.beads import replay_document
from duiyi.decisions.model import Decision
from duiyi.review import rows as actions
from duiyi.review.rows import Row, Splice
from glossary.model import Glossary
from tmx.checks import check
from tmx.confidence import DOUBTFUL
from tmx.languages import join
from tmx.model import SIDES, SOURCE, TARGET, AlignedDocument, Bead, Sentence, Side, TranslationUnit


@dataclass(frozen=True, slots=True)
class Project:
    """What is under review: documents as the aligner left them and the glossary as it was extracted."""

    name: str
    documents: Sequence[AlignedDocument]
    glossary: Glossary


@dataclass(slots=True)
class OpenDocument:
    """A document with its decisions applied; ``applied`` remembers what this session's steps did to it."""

    base: AlignedDocument
    rows: list[Row]
    misfits: list[str] = field(default_factory=list)
    applied: list[tuple[str, list[Splice]]] = field(default_factory=list)

    @property
    def languages(self) -> tuple[str, str]:
        """The language tags of the two sides."""
        return self.base.bitext.source_language, self.base.bitext.target_language


def align_sentences(source: Sequence[Sentence], target: Sequence[Sentence], anchors: Sequence[Bead]) -> list[Bead]:
    """Align sentences with the project's aligner; anchors stay."""
    from tmx.alignment.aligner import align

    return align(
        [s.text for s in source],
        [t.text for t in target],
        source_paragraphs=[s.paragraph for s in source],
        target_paragraphs=[t.paragraph for t in target],
        anchors=anchors,
    )


def open_document(document: AlignedDocument, decisions: Sequence[Decision]) -> OpenDocument:
    """Return a document with the decisions in force applied."""
    replayed = replay_document(document, decisions)
    return OpenDocument(document, actions.rows_of(replayed), [str(misfit) for misfit in replayed.misfits])


def checked(splice: Splice, opened: OpenDocument) -> Splice:
    """Return a splice whose new pairs bear the doubts which the checks have about them."""
    known = {(row.source, row.target): row.flags for row in splice.before}
    rows = []
    for row in splice.after:
        flags = known.get((row.source, row.target))
        if flags is None and row.source and row.target:
            texts = [join([s.text for s in row.sentences(side)], tag) for side, tag in sides_of(opened)]
            flags = check(TranslationUnit("", texts[0], texts[1], *opened.languages, bead=row.shape))
        rows.append(replace(row, flags=flags or ()))
    return replace(splice, after=tuple(rows))


def sides_of(opened: OpenDocument) -> list[tuple[Side, str]]:
    """Return both sides of a document with their language tags."""
    return [("source", opened.languages[0]), ("target", opened.languages[1])]


def count_rows(rows: Iterable[Row]) -> Counter[str]:
    """Count rows: all of them, those settled, those settled that nobody read singly, and those worth a look."""
    counts = Counter(rows=0, settled=0, doubtful=0, unread=0)
    for row in rows:
        counts["rows"] += 1
        counts["settled"] += row.settled
        counts["unread"] += row.settled and not row.read
        counts["doubtful"] += _doubtful(row)
    return counts


def _doubtful(row: Row) -> bool:
    if row.status in {"approved", "wrong", "changed"}:
        return False
    return row.status == "doubtful" or row.confidence < DOUBTFUL or not row.source or not row.target


def place_of(row: Row, opened: OpenDocument) -> str:
    """Return where a row stands, for people."""
    bitext = opened.base.bitext
    return bitext.place(row.source, SOURCE) if row.source else bitext.place(row.target, TARGET)


def unit_id(opened: OpenDocument, row: Row) -> str:
    """Return the tuid of the unit with the texts of a row, empty if the build made none such."""
    source, target = (join([s.text for s in row.sentences(side)], "zh") for side in SIDES)
    return next((u.id for u in opened.base.units if _same(u.source, source) and _same(u.target, target)), "")


def _same(first: str, second: str) -> bool:
    return "".join(first.split()) == "".join(second.split())


def same_place(rows: Sequence[Row], row: Row) -> int:
    """Return the row that now holds the first sentence of a former row."""
    for index, other in enumerate(rows):
        if (row.source and row.source[0] in other.source) or (not row.source and row.target[0] in other.target):
            return index
    return 0
