"""What becomes of the rows of a document: kept, put right by their words, or doubted.

Rows are what the input says of its texts, and mostly right. Where the words of a run of rows speak against it
(``tmx.alignment.structure``) the texts of the run are aligned by their words. If those are sure, they win; if not, the
rows stay as they are, with the low confidence that they earned. Either way one notice says what was found and where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tmx import encoder as encoders
from tmx.alignment import displaced, similarity, structure
from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.lexicon import Lexicon, load
from tmx.alignment.structure import Check
from tmx.confidence import CEILINGS, State, state_of
from tmx.encoder import Encoder
from tmx.languages import join
from tmx.model import Bead, Bitext, Notice, Row, Sentence

SURE = 0.8  # mean confidence from which an alignment by words wins over the rows
SHARE = 0.5  # of the texts of a run that such an alignment pairs
STATE_WORDS: dict[State, str] = {"rejected": "rejected", "untranslated": "not translated yet", "draft": "drafts"}
NUMBERS = ("no", "one", "two", "three", "four")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Paragraphs of both sides, half-open, of which no sentence is paired with another outside.

    They make one pair of that ``confidence``, or are to be aligned among themselves if it is None.
    """

    source: Range
    target: Range
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a document before its sentences are aligned: its parts, in order, and what is to be said."""

    parts: tuple[Part, ...] = ()
    notices: tuple[Notice, ...] = ()


def plan(
    bitext: Bitext,
    sentences: tuple[Sequence[Sentence], Sequence[Sentence]],
    options: AlignmentOptions | None = None,
    *,
    lexicon: Lexicon | None = None,
    encoder: Encoder | None = None,
) -> Plan:
    """Check the rows of a document against their words, and say which paragraphs belong together.

    ``sentences`` are those of both sides.
    """
    if not bitext.rows:
        return Plan()
    options = options or AlignmentOptions()
    encoder = encoder or (encoders.standard() if options.vectors else None)
    work = _Planning(bitext, sentences, options, lexicon or load(), encoder)
    for kind, rows in groupby(bitext.rows, key=lambda row: row.kind):
        if kind:
            work.table(list(rows))
    for state, found in work.states.items():
        message = f"{len(found)} units are {STATE_WORDS[state]}, as the file says; flagged, and of low confidence"
        work.notices.append(Notice("warning", bitext.name, work.place(found[0]), message))
    return Plan(tuple(work.parts), tuple(work.notices))


class _Planning:
    """The plan of a document in the making."""

    def __init__(
        self,
        bitext: Bitext,
        sentences: tuple[Sequence[Sentence], Sequence[Sentence]],
        options: AlignmentOptions,
        lexicon: Lexicon,
        encoder: Encoder | None,
    ) -> None:
        self.counts = [Counter(sentence.paragraph for sentence in side) for side in sentences]
        self.bitext, self.options, self.lexicon, self.encoder = bitext, options, lexicon, encoder
        self.parts: list[Part] = []
        self.notices: list[Notice] = []
        self.states: dict[State, list[Row]] = {}  # rows of which their tool says something against the translation

    def table(self, rows: Sequence[Row]) -> None:
        """Plan rows that follow one another and are of one kind."""
        if not any(row.is_pair for row in rows):
            return
        sides = [self._source(row.source) for row in rows], [self._target(row.target) for row in rows]
        checked = structure.check(*sides, self.lexicon, self.encoder)
        runs = _merged([(max(first - 1, 0), min(last + 1, len(rows))) for first, last in checked.doubted()])
        # Units of a memory stay as they are: what they say of themselves (dates, states) belongs to both texts.
        movable = [run for run in runs if rows[0].kind != "segment" and not _only_exchanged(checked, run)]
        by_words = dict(self._by_words(rows, sides, movable))
        row = 0
        for first, last in [*runs, (len(rows), len(rows))]:
            for number in range(row, first):
                self._keep(rows[number], float(checked.right[number]))
            found = by_words.get((first, last))
            if found is not None:
                self.parts += found
            else:
                for number in range(first, last):
                    self._keep(rows[number], float(checked.right[number]))
            if first < last:
                self._say(rows, (first, last), checked, put_right=found is not None)
            row = last

    def _keep(self, row: Row, right: float) -> None:
        if not row.is_pair:
            return
        counts = row.source[1] - row.source[0], row.target[1] - row.target[0]
        confidence = round(right, 4)
        state = state_of(row.properties)
        if state is not None:
            confidence = min(confidence, CEILINGS[state])
            self.states.setdefault(state, []).append(row)
        if row.kind != "cell" or counts == (1, 1) or self._is_one_sentence(row):
            self.parts.append(Part(row.source, row.target, confidence))
        elif counts[0] != counts[1]:
            self.parts.append(Part(row.source, row.target, None))
        else:
            self._one_to_one(row)

    def _is_one_sentence(self, row: Row) -> bool:
        """Tell whether one cell of a row holds a single sentence: all the other cell says belongs to it."""
        runs = row.source, row.target
        return any(
            sum(counts[number] for number in range(*run)) == 1 for counts, run in zip(self.counts, runs, strict=True)
        )

    def _one_to_one(self, row: Row) -> None:
        """Plan a row of which both cells have as many paragraphs: they mostly go one to one, but by chance need not."""
        source, target = self.bitext.source[slice(*row.source)], self.bitext.target[slice(*row.target)]
        texts = [paragraph.text for paragraph in source], [paragraph.text for paragraph in target]
        beads = align(texts[0], texts[1], self.options, lexicon=self.lexicon, encoder=self.encoder)
        other = [bead for bead in beads if bead.source != bead.target or bead.size != (1, 1)]
        if other and sum(bead.confidence for bead in other) >= SURE * len(other):
            self.parts.append(Part(row.source, row.target, None))
            message = f"both cells have {len(texts[0])} paragraphs, but not the same ones; aligned by their sentences"
            self.notices.append(Notice("warning", self.bitext.name, self.place(row), message))
            return
        right = structure.check(texts[0], texts[1], self.lexicon, self.encoder).right
        for bead in other:
            right[slice(*bead.source)] *= 1 - bead.confidence
        for number, confidence in enumerate(right.tolist()):
            place, across = row.source[0] + number, row.target[0] + number
            self.parts.append(Part((place, place + 1), (across, across + 1), round(confidence, 4)))

    def _by_words(
        self, rows: Sequence[Row], sides: tuple[list[str], list[str]], runs: Sequence[Range]
    ) -> Iterator[tuple[Range, list[Part]]]:
        """Align the texts of doubted rows by their words; return what is sure of itself, for each run."""
        if not runs:
            return
        filled = [[number for number, text in enumerate(side) if text] for side in sides]
        places = [{number: place for place, number in enumerate(side)} for side in filled]
        inside = {number for run in runs for number in range(*run)}
        anchors = [
            Bead((places[0][n], places[0][n] + 1), (places[1][n], places[1][n] + 1))
            for n in range(len(rows))
            if n not in inside and rows[n].is_pair
        ]
        beads = align(
            [sides[0][number] for number in filled[0]],
            [sides[1][number] for number in filled[1]],
            self.options,
            anchors=anchors,
            lexicon=self.lexicon,
            encoder=self.encoder,
        )
        evidence = similarity.gather(
            [sides[0][number] for number in filled[0]], [sides[1][number] for number in filled[1]], self.lexicon
        )
        for run in runs:
            inside_run = [[place for place, number in enumerate(side) if run[0] <= number < run[1]] for side in filled]
            found = [
                bead
                for bead in beads
                if 0 not in bead.size
                and run[0] <= filled[0][bead.source[0]] < run[1]
                and run[0] <= filled[1][bead.target[0]] < run[1]
            ]
            pairs = [(bead.source[0], bead.target[0]) for bead in found]
            if found and max(map(len, inside_run)) <= displaced.LONGEST:
                strange = displaced.strangers(evidence, inside_run[0], inside_run[1], pairs)
                found = [bead for bead, is_stranger in zip(found, strange, strict=True) if not is_stranger]
            covered = sum(min(bead.size) for bead in found)
            texts = min(sum(bool(side[n]) for n in range(*run)) for side in sides)
            sure = sum(bead.confidence for bead in found) >= SURE * len(found) and covered >= SHARE * texts
            if found and sure and run[1] - run[0] > 2:
                yield run, [self._part(rows, filled, bead) for bead in found]

    def _part(self, rows: Sequence[Row], filled: Sequence[Sequence[int]], bead: Bead) -> Part:
        source = [rows[filled[0][place]].source for place in range(*bead.source)]
        target = [rows[filled[1][place]].target for place in range(*bead.target)]
        return Part((source[0][0], source[-1][1]), (target[0][0], target[-1][1]), bead.confidence)

    def _say(self, rows: Sequence[Row], run: Range, checked: Check, *, put_right: bool) -> None:
        """Note what is the matter with a run of rows."""
        run = _core(checked, run)
        first, last = rows[run[0]], rows[run[1] - 1]
        place = self.place(first) if first == last else f"{self.place(first)} to {self.place(last)}"
        what = _ROWS[first.kind or "cell"]
        slip, count = Counter(checked.slips[slice(*run)]).most_common(1)[0]
        if _only_exchanged(checked, run):
            found = f"these {what}s seem to have changed their English"
        elif slip and 2 * count > run[1] - run[0]:
            size = abs(slip)
            found = (
                f"the English seems {NUMBERS[size]} {what if size == 1 else what + 's'} {'down' if slip > 0 else 'up'}"
            )
        else:
            found = f"the texts of these {what}s do not look like translations of one another"
        then = "paired by their words instead" if put_right else "left as they are, with low confidence"
        self.notices.append(Notice("warning", self.bitext.name, place, f"{found}; {then}"))

    def place(self, row: Row) -> str:
        """Return where a row stands, for people."""
        paragraphs = self.bitext.source[slice(*row.source)] or self.bitext.target[slice(*row.target)]
        return paragraphs[0].place()

    def _source(self, run: Range) -> str:
        return join([paragraph.text for paragraph in self.bitext.source[slice(*run)]], self.bitext.source_language)

    def _target(self, run: Range) -> str:
        return join([paragraph.text for paragraph in self.bitext.target[slice(*run)]], self.bitext.target_language)


_ROWS = {"cell": "row", "segment": "unit", "cue": "subtitle", "paragraph": "line"}


def _merged(runs: Sequence[Range]) -> list[Range]:
    """Return runs in order, those that touch put together."""
    merged: list[Range] = []
    for first, last in runs:
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], last
        else:
            merged.append((first, last))
    return merged


def _only_exchanged(checked: Check, run: Range) -> bool:
    """Tell whether all that is wrong with a run of rows is that some changed their English."""
    wrong = [number for number in range(*run) if checked.right[number] < structure.DOUBTED]
    return all(checked.exchanged[number] is not None for number in wrong)


def _core(checked: Check, run: Range) -> Range:
    """Return a run without the rows at its edges that are as they should be."""
    wrong = [number for number in range(*run) if checked.right[number] < structure.DOUBTED]
    return wrong[0], wrong[-1] + 1
