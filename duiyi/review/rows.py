"""Rows of the review and what can be done to them, as pure functions.

A row is a bead with its sentences and what the reviewer said about it. Every action gives *splices*: which rows are
replaced by which. A splice turned round undoes the action; the rows that come in are what the decision journal
keeps (as texts), so that the decision can be found again when the document has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import Literal, cast

from duiyi.decisions.beads import DOUBTFUL, WRONG, ReplayedDocument
from duiyi.decisions.model import At, Pin, PinnedBead, Status
from tmx.errors import ToolError
from tmx.languages import join
from tmx.messages import Messages, load
from tmx.model import SOURCE, TARGET, Bead, Sentence, Side

Aligner = Callable[[Sequence[Sentence], Sequence[Sentence], Sequence[Bead]], Sequence[Bead]]

AFTER_ALL: At = (1_000_000_000, 0)  # after the last paragraph
SETTLED: frozenset[Status] = frozenset({"approved", "wrong"})


class ReviewError(ToolError):
    """An action that cannot be done here; the page shows why, in its language.

    ``name`` is a key of the section ``page.refusal`` of the messages.
    """

    def __init__(self, name: str, /, **values: object) -> None:
        self.name = name
        self.values = values
        super().__init__(self.said(load("en")))

    def said(self, say: Messages) -> str:
        """Return the sentence in a language."""
        return say(f"page.refusal.{self.name}", **self.values)


@dataclass(frozen=True, slots=True)
class Row:
    """A bead under review.

    ``status``: "open" as the aligner made it, "changed" put together by hand, "approved", "doubtful", "wrong" (not
    a translation). ``confidence`` is the aligner's, 0 to 1; that of a row made by hand is the least of its parts,
    and an approval makes it 1.
    ``source_text`` and ``target_text`` are the reviewer's wording, None where the author's text stands. ``read`` says
    whether a reviewer judged this very row, and did not only approve it together with others.
    """

    source: tuple[Sentence, ...]
    target: tuple[Sentence, ...]
    confidence: float = 1.0
    status: Status = "open"
    source_text: str | None = None
    target_text: str | None = None
    flags: tuple[str, ...] = ()
    read: bool = False

    @property
    def edited(self) -> bool:
        """Whether a reviewer reworded either side."""
        return self.source_text is not None or self.target_text is not None

    @property
    def shape(self) -> str:
        """The bead type, as in "1-2"."""
        return f"{len(self.source)}-{len(self.target)}"

    @property
    def settled(self) -> bool:
        """Whether a reviewer has judged the row, so that re-aligning leaves it alone."""
        return self.status in SETTLED

    def sentences(self, side: Side) -> tuple[Sentence, ...]:
        """The sentences of one side."""
        return self.source if side == "source" else self.target

    def with_sentences(self, side: Side, sentences: Iterable[Sentence]) -> Row:
        """This row with other sentences on one side."""
        chosen = tuple(sentences)
        return replace(self, source=chosen) if side == "source" else replace(self, target=chosen)


@dataclass(frozen=True, slots=True)
class Splice:
    """``rows[index : index + len(before)]`` is ``before`` and becomes ``after``."""

    index: int
    before: tuple[Row, ...]
    after: tuple[Row, ...]

    def inverse(self) -> Splice:
        """The splice that undoes this one."""
        return Splice(self.index, self.after, self.before)


def rows_of(replayed: ReplayedDocument) -> list[Row]:
    """Return the rows of a document with the decisions applied."""
    return [
        Row(
            replayed.document.run(pair.bead, SOURCE),
            replayed.document.run(pair.bead, TARGET),
            1.0 if review and review.status == "approved" else pair.bead.confidence,
            review.status if review else "open",
            review.source_text if review else None,
            review.target_text if review else None,
            tuple(flag for flag in pair.unit.flags if flag not in {WRONG, DOUBTFUL}) if pair.unit else (),
            review.read if review else False,
        )
        for pair, review in zip(replayed.document.pairs(), replayed.reviews, strict=True)
    ]


def beads_of(rows: Iterable[Row]) -> Iterator[Bead]:
    """Yield one bead a row."""
    at, to = 0, 0
    for row in rows:
        source, target = (at, at + len(row.source)), (to, to + len(row.target))
        yield Bead(source, target, confidence=row.confidence)
        at, to = source[1], target[1]


def apply(rows: list[Row], splices: Sequence[Splice]) -> None:
    """Do ``splices`` in place, in order; each index counts rows as the splices before it left them."""
    for splice in splices:
        end = splice.index + len(splice.before)
        if tuple(rows[splice.index : end]) != splice.before:
            raise ValueError("the rows are not those which the splice replaces")
        rows[splice.index : end] = splice.after


def invert(splices: Sequence[Splice]) -> list[Splice]:
    """Return the splices that undo ``splices``."""
    return [splice.inverse() for splice in reversed(splices)]


def side_text(row: Row, side: Side, language: str) -> str:
    """Return one side of a row as the page shows it: the reviewer's wording, else the author's."""
    wording = row.source_text if side == "source" else row.target_text
    return wording if wording is not None else join([s.text for s in row.sentences(side)], language)


def set_status(rows: Sequence[Row], index: int, status: Status) -> list[Splice]:
    """Give a row a status; the same status twice opens the row again, except for an approval."""
    row = row_at(rows, index)
    new: Status = "open" if row.status == status and status != "approved" else status
    changed = replace(row, status=new, confidence=1.0 if new == "approved" else row.confidence, read=True)
    return [] if changed == row else [Splice(index, (row,), (changed,))]


def approve_above(rows: Sequence[Row], threshold: float) -> list[Splice]:
    """Approve every open row with two sides and at least ``threshold`` confidence, 0 to 1; nobody has read them."""
    return [
        Splice(index, (row,), (replace(row, status="approved", confidence=1.0),))
        for index, row in enumerate(rows)
        if row.status == "open" and row.source and row.target and row.confidence >= threshold
    ]


def merge(rows: Sequence[Row], index: int, languages: tuple[str, str]) -> list[Splice]:
    """Merge a row with the next one."""
    first, second = row_at(rows, index), row_at(rows, index + 1)
    return [Splice(index, (first, second), (_merged(first, second, languages),))]


def split(rows: Sequence[Row], index: int, side: Side, offset: int, languages: tuple[str, str]) -> list[Splice]:
    """Split a row at ``offset`` (code points) in the text of one side.

    A cut inside a sentence makes two sentences. What follows the cut goes to the next row when that row has nothing
    on this side: so a cut in the Chinese and then one in the English make two pairs. Otherwise it becomes a row of
    its own, with the sentences of the other side that stand beside it by length.

    Raises:
        ReviewError: there is nothing before or after the cut, or the row has been reworded.
    """
    row = row_at(rows, index)
    if row.edited:
        raise ReviewError("reworded")
    language = languages[0] if side == "source" else languages[1]
    head, tail = _cut(row.sentences(side), offset, language)
    if not head or not tail:
        raise ReviewError("nothing-to-split")
    following = rows[index + 1] if index + 1 < len(rows) else None
    if following and not following.sentences(side) and not following.edited and not following.settled:
        first = _changed(row.with_sentences(side, head))
        return [Splice(index, (row, following), (first, _changed(following.with_sentences(side, tail))))]
    other: Side = "target" if side == "source" else "source"
    near = row.sentences(other)
    share = sum(len(s.text) for s in head) / sum(len(s.text) for s in (*head, *tail))
    keep = _nearest(near, share) if len(near) > 1 else len(near)
    first = _changed(row.with_sentences(side, head).with_sentences(other, near[:keep]))
    second = _changed(row.with_sentences(side, tail).with_sentences(other, near[keep:]))
    return [Splice(index, (row,), (first, second))]


def shift(rows: Sequence[Row], index: int, side: Side, step: Literal[-1, 1]) -> list[Splice]:
    """Move the first sentence of one side to the row above (``step`` -1), or the last one to the row below (1).

    A row that is left with nothing on either side goes.

    Raises:
        ReviewError: there is no sentence or no row to move to, or one of the two rows has been reworded.
    """
    row = row_at(rows, index)
    sentences = row.sentences(side)
    if not sentences:
        raise ReviewError("no-sentence")
    if not 0 <= index + step < len(rows):
        raise ReviewError("no-row-to-move-to")
    neighbour = rows[index + step]
    if row.edited or neighbour.edited:
        raise ReviewError("one-reworded")
    if step < 0:
        moved = neighbour.with_sentences(side, (*neighbour.sentences(side), sentences[0]))
        left = row.with_sentences(side, sentences[1:])
    else:
        moved = neighbour.with_sentences(side, (sentences[-1], *neighbour.sentences(side)))
        left = row.with_sentences(side, sentences[:-1])
    after = [_changed(r) for r in (left, moved) if r.source or r.target]
    before = (row, neighbour)
    if step < 0:
        after.reverse()
        before = (neighbour, row)
    return [Splice(min(index, index + step), before, tuple(after))]


def exchange(rows: Sequence[Row], index: int, side: Side, languages: tuple[str, str]) -> list[Splice]:
    """Exchange one side of a row with that of the next row: two sentences that the other language says in turn.

    Sentences stay where the document has them, for a pair is a run of each side; what crosses is the wording. Done
    twice, each row has its own text again.

    Raises:
        ReviewError: one of the two rows has nothing on this side.
    """
    pair = (row_at(rows, index), row_at(rows, index + 1))
    language = languages[0 if side == "source" else 1]
    texts = [side_text(row, side, language) for row in pair]
    if not all(texts):
        raise ReviewError("nothing-to-exchange")
    after = tuple(_worded(row, side, text, language) for row, text in zip(pair, reversed(texts), strict=True))
    return [Splice(index, pair, after)]


def _worded(row: Row, side: Side, text: str, language: str) -> Row:
    """Return a row with another wording on one side; the author's own takes the rewording away."""
    wording = None if text == join([s.text for s in row.sentences(side)], language) else text
    new = replace(row, source_text=wording) if side == "source" else replace(row, target_text=wording)
    return replace(new, status="changed", flags=(), read=True)


def edit(rows: Sequence[Row], index: int, source: str, target: str, languages: tuple[str, str]) -> list[Splice]:
    """Reword a row; the author's own text given back takes the rewording away.

    Raises:
        ReviewError: one of the two is empty while the row has sentences there.
    """
    row = row_at(rows, index)
    wordings: list[str | None] = []
    for side, text, language in (("source", source, languages[0]), ("target", target, languages[1])):
        text = " ".join(text.split())
        own = join([s.text for s in row.sentences(cast(Side, side))], language)
        if not text and own:
            raise ReviewError("side-emptied")
        wordings.append(None if text == own else text)
    new = replace(row, source_text=wordings[0], target_text=wordings[1])
    if new.edited and row.status != "approved":
        new = replace(new, status="changed")
    new = new if new == row else replace(new, read=True)
    return [] if new == row else [Splice(index, (row,), (new,))]


def realign(rows: Sequence[Row], aligner: Aligner) -> list[Splice]:
    """Align again whatever is not settled; approved rows never move.

    Raises:
        ReviewError: everything is settled.
    """
    if all(row.settled for row in rows):
        raise ReviewError("all-settled")
    source = [sentence for row in rows for sentence in row.source]
    target = [sentence for row in rows for sentence in row.target]
    old = dict(zip(((bead.source, bead.target) for bead in beads_of(rows)), rows, strict=True))
    anchors = [bead for bead, row in zip(beads_of(rows), rows, strict=True) if row.settled]
    beads = aligner(source, target, anchors)
    new = [
        old.get((bead.source, bead.target))
        or Row(tuple(source[slice(*bead.source)]), tuple(target[slice(*bead.target)]), bead.confidence)
        for bead in beads
    ]
    if sum(len(r.source) for r in new) != len(source) or sum(len(r.target) for r in new) != len(target):
        raise ValueError("the aligner lost a sentence")
    return difference(rows, new)


def difference(old: Sequence[Row], new: Sequence[Row]) -> list[Splice]:
    """Return the splices from ``old`` to ``new``, two ways to pair the same sentences: only what differs."""

    def borders(rows: Sequence[Row]) -> dict[tuple[int, int], int]:
        sources = accumulate((sum(len(s.text) for s in row.source) for row in rows), initial=0)
        targets = accumulate((sum(len(s.text) for s in row.target) for row in rows), initial=0)
        return {border: index for index, border in enumerate(zip(sources, targets, strict=True))}

    old_at, new_at = borders(old), borders(new)
    splices = []
    i = j = moved = 0
    for border, old_end in old_at.items():
        new_end = new_at.get(border)
        if new_end is None or old_end == 0:
            continue
        before, after = tuple(old[i:old_end]), tuple(new[j:new_end])
        if before != after:
            splices.append(Splice(i + moved, before, after))
            moved += len(after) - len(before)
        i, j = old_end, new_end
    return splices


# What the journal keeps.


def to_pins(rows: Sequence[Row], splices: Sequence[Splice]) -> list[Pin]:
    """Return ``splices`` of ``rows`` as pins, one for each run of rows put in.

    Each says where the sentences stand at which the run begins, and where an empty side stands.
    """
    current = list(rows)
    runs: list[list[PinnedBead]] = []
    end = -1
    for splice in splices:
        apply(current, [splice])
        beads = [_pinned(row, _begin(current, splice.index + number)) for number, row in enumerate(splice.after)]
        if splice.index == end:  # goes on where the last run ended
            runs[-1] += beads
        elif beads:
            runs.append(beads)
        end = splice.index + len(splice.after)
    return [Pin(tuple(beads), beads[0].at or (0, 0)) for beads in runs]


def _pinned(row: Row, at: tuple[At, At]) -> PinnedBead:
    return PinnedBead(
        tuple(sentence.text for sentence in row.source),
        tuple(sentence.text for sentence in row.target),
        row.status,
        row.source_text,
        row.target_text,
        row.confidence,
        at,
        row.read,
    )


def _begin(rows: Sequence[Row], index: int) -> tuple[At, At]:
    source = next((row.source[0] for row in islice(rows, index, None) if row.source), None)
    target = next((row.target[0] for row in islice(rows, index, None) if row.target), None)
    return _at(source), _at(target)


def _at(sentence: Sentence | None) -> At:
    return (sentence.paragraph, sentence.start) if sentence else AFTER_ALL


def _cut(sentences: Sequence[Sentence], offset: int, language: str) -> tuple[list[Sentence], list[Sentence]]:
    """Cut a run of sentences at ``offset`` in the text that joins them."""
    rest = len(_bare(join([s.text for s in sentences], language)[:offset]))
    head: list[Sentence] = []
    for index, sentence in enumerate(sentences):
        size = len(_bare(sentence.text))
        if rest < size:
            parts = _cut_sentence(sentence, _offset(sentence.text, rest)) if rest else [sentence]
            return head + parts[:-1], [parts[-1], *sentences[index + 1 :]]
        head.append(sentence)
        rest -= size
    return head, []


def _cut_sentence(sentence: Sentence, offset: int) -> list[Sentence]:
    head, tail = sentence.text[:offset].rstrip(), sentence.text[offset:].lstrip()
    if not head or not tail:
        return [sentence]
    return [
        replace(sentence, text=head, end=sentence.start + len(head)),
        replace(sentence, text=tail, start=sentence.end - len(tail)),
    ]


def _offset(text: str, bare: int) -> int:
    """Return the offset in ``text`` after its first ``bare`` characters that are not white space."""
    for offset, character in enumerate(text):
        if bare == 0:
            return offset
        bare -= not character.isspace()
    return len(text)


def _bare(text: str) -> str:
    return "".join(text.split())


def row_at(rows: Sequence[Row], index: int) -> Row:
    """Return a row; what lies outside is a ``ReviewError``."""
    if not 0 <= index < len(rows):
        raise ReviewError("last-row" if index == len(rows) else "no-such-row")
    return rows[index]


def _changed(row: Row) -> Row:
    return replace(row, status="changed", flags=(), read=True)


def _merged(first: Row, second: Row, languages: tuple[str, str]) -> Row:
    texts: list[str | None] = []
    for side, language in zip(("source", "target"), languages, strict=True):
        parts = [side_text(row, cast(Side, side), language) for row in (first, second)]
        reworded = any((r.source_text if side == "source" else r.target_text) is not None for r in (first, second))
        texts.append(join([part for part in parts if part], language) if reworded else None)
    return Row(
        first.source + second.source,
        first.target + second.target,
        min(first.confidence, second.confidence),
        "changed",
        texts[0],
        texts[1],
        read=True,
    )


def _nearest(sentences: Sequence[Sentence], share: float) -> int:
    """Return how many of ``sentences`` make up about ``share`` of their length; at least one and not all."""
    ends = list(accumulate(len(s.text) for s in sentences))
    return min(range(1, len(sentences)), key=lambda count: (abs(ends[count - 1] / ends[-1] - share), count))
