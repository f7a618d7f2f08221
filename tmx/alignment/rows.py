"""What becomes of the rows of a document: kept, put right by their words, or doubted.

Rows are what the input says of its texts, and mostly right. Where the words of a run of rows speak against it
(``tmx.alignment.structure``) the texts of the run are aligned by their words. If those are sure, they win; if not, the
rows stay as they are, with the low confidence that they earned. Either way one notice says what was found and where.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

import numpy as np

from tmx import encoder as encoders
from tmx.alignment import displaced, similarity, structure
from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.lexicon import Lexicon, load
from tmx.alignment.structure import DOUBTED, Check
from tmx.confidence import CEILINGS, State, state_of
from tmx.encoder import Encoder
from tmx.languages import join
from tmx.model import Bead, Bitext, Notice, Row, Sentence

SURE = 0.8  # mean confidence from which an alignment by words wins over the rows
SHARE = 0.5  # of the texts of a run that such an alignment pairs
LONG = 1.3  # times as long as expected: a text that may be the translation of a neighbour too
STRANGE = 0.05  # odds of a pair of which both texts go clearly better with others (``displaced.CLEARLY``)
# Subtitles less probable than this are looked at whatever their length; those beside torn ones may be torn too.
CLEAR, LEAST, BESIDE = 0.99, 1.0, 2
MOST_LONE = 6  # texts without a translation beside them whose translation is looked for in one cell
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
        self.sentences = sentences
        self.ratio = 1.0  # letters of English for a sign of Chinese, in the rows at hand
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
        self.ratio = _ratio(sides)
        checked = self._without_strangers(sides, structure.check(*sides, self.lexicon, self.encoder))
        runs = _merged([(max(first - 1, 0), min(last + 1, len(rows))) for first, last in checked.doubted()])
        torn = self._cut_otherwise(rows, checked)
        whole = _merged(sorted(torn + [run for run in runs if any(_meet(run, other) for other in torn)]))
        runs = [run for run in runs if not any(_meet(run, other) for other in torn)]
        # Units of a memory stay as they are: what they say of themselves (dates, states) belongs to both texts.
        movable = [run for run in runs if rows[0].kind != "segment" and not _only_exchanged(checked, run)]
        by_words = dict(self._by_words(rows, sides, movable))
        cut = dict(whole)
        row = 0
        for first, last in [*runs, (len(rows), len(rows))]:
            while row < first:
                end = self._together(rows, (row, first), sides) if rows[row].kind != "segment" else row + 1
                if row in cut:
                    end = cut[row]
                    self._put_together(rows[row:end], "these subtitles are cut otherwise in each language")
                elif end - row > 1:
                    what = _ROWS[rows[row].kind or "cell"]
                    self._put_together(rows[row:end], f"one of these {what}s holds the translation of all")
                else:
                    self._keep(rows[row], float(checked.right[row]), self._long(rows, row))
                row = end
            found = by_words.get((first, last))
            if found is not None:
                self.parts += found
            else:
                for number in range(first, last):
                    self._keep(rows[number], float(checked.right[number]), self._long(rows, number))
            if first < last:
                self._say(rows, (first, last), checked, put_right=found is not None)
            row = last

    def _without_strangers(self, sides: tuple[list[str], list[str]], checked: Check) -> Check:
        """Return a check in which rows near doubted ones are doubted if both texts go better with others near by.

        In a table sorted otherwise in each language some strangers look alike, and stand before or among the others.
        """
        right = checked.right.copy()
        count = len(right)
        near = displaced.NEAR
        for first, last in _merged([(max(run[0] - near, 0), min(run[1] + near, count)) for run in checked.doubted()]):
            for start in range(first, last, displaced.LONGEST):
                window = range(start, min(start + displaced.LONGEST, last))
                rows, columns = ([number for number in window if side[number].strip()] for side in sides)
                pairs = [number for number in window if number in rows and number in columns]
                evidence = similarity.gather([sides[0][n] for n in rows], [sides[1][n] for n in columns], self.lexicon)
                places = [(rows.index(number), columns.index(number)) for number in pairs]
                inside = range(len(rows)), range(len(columns))
                strange = displaced.strangers(evidence, *inside, places) if pairs else []
                right[[number for number, one in zip(pairs, strange, strict=True) if one]] *= STRANGE
        return replace(checked, right=right)

    def _together(self, rows: Sequence[Row], run: Range, sides: tuple[list[str], list[str]]) -> int:
        """Return the end of the first rows of a run of which one translates the others too; mostly it is one row.

        Somebody who translates two texts in one cell leaves the cell of the other empty.
        """
        first, end = run[0], min(run[1], run[0] + MOST_LONE + 2)  # beyond it there are too many, whatever comes
        pair = next((number for number in range(first, end) if rows[number].is_pair), end)
        last = next((number for number in range(pair + 1, end) if rows[number].is_pair), end)
        lone = [number for number in range(first, last) if number != pair]
        filled = {side for side in (0, 1) if any(sides[side][number] for number in lone)}
        if pair == end or len(lone) > MOST_LONE or len(filled) != 1:
            return first + 1
        (side,) = filled
        expected = len(sides[side][pair]) * (self.ratio if side == 0 else 1 / self.ratio)
        # Where cells stretch over two rows throughout, all are as long as each other; they hold several sentences.
        if len(sides[1 - side][pair]) < LONG * expected and self._surplus(rows[pair]) * (1 if side else -1) <= 0:
            return first + 1
        paired = self._paired(rows[first:last], side)
        belongs = [not paired.isdisjoint(range(*(row.source, row.target)[side])) for row in rows[first:last]]
        if not all(belongs[: pair + 1 - first]):
            return first + 1
        return next((number for number in range(pair + 1, last) if not belongs[number - first]), last)

    def _surplus(self, row: Row) -> int:
        """Return how many more sentences the Chinese of a row has than the English; none of a row of one language."""
        source, target = (
            sum(self.counts[side][paragraph] for paragraph in range(*run))
            for side, run in enumerate((row.source, row.target))
        )
        return source - target if row.is_pair else 0

    def _paired(self, rows: Sequence[Row], side: int) -> set[int]:
        """Return the paragraphs of one side of some rows that have a sure translation among these rows."""
        sure = [bead for bead in self._beads(rows) if 0 not in bead.size and bead.confidence >= SURE]
        sentences = self._within(rows)[side]
        return {sentences[n].paragraph for bead in sure for n in range(*(bead.source, bead.target)[side])}

    def _beads(self, rows: Sequence[Row]) -> list[Bead]:
        """Align the sentences of some rows among themselves."""
        source, target = ([sentence.text for sentence in own] for own in self._within(rows))
        return align(source, target, self.options, lexicon=self.lexicon, encoder=self.encoder)

    def _within(self, rows: Sequence[Row]) -> list[list[Sentence]]:
        """Return the sentences of both sides of some rows."""
        runs = (rows[0].source[0], rows[-1].source[1]), (rows[0].target[0], rows[-1].target[1])
        return [
            list(own[slice(*(bisect_left(own, edge, key=lambda sentence: sentence.paragraph) for edge in run))])
            for own, run in zip(self.sentences, runs, strict=True)
        ]

    def _cut_otherwise(self, rows: Sequence[Row], checked: Check) -> list[Range]:
        """Return the runs of subtitles of which some hold sentences that the other language shows before or after."""
        if rows[0].kind != "cue":
            return []
        more = [self._surplus(row) for row in rows]
        # What one cue has too many is what the next one lacks.
        exchanged = {n for n in range(1, len(rows)) if more[n - 1] * more[n] < 0}
        looked = {*np.flatnonzero(checked.right < CLEAR).tolist(), *exchanged, *(n - 1 for n in exchanged)}
        torn = [n for n in sorted(looked) if rows[n].is_pair and self._is_whole(rows[n], LEAST) < DOUBTED]
        return _merged([(max(n - BESIDE, 0), min(n + BESIDE + 1, len(rows))) for n in torn])

    def _put_together(self, rows: Sequence[Row], why: str) -> None:
        """Plan rows that are one stretch of text, for a reason."""
        self.parts.append(_whole(rows, None))
        places = f"{self.place(rows[0])} to {self.place(rows[-1])}"
        self.notices.append(Notice("warning", self.bitext.name, places, f"{why}; paired by their sentences"))

    def _long(self, rows: Sequence[Row], number: int) -> float:
        """Return from how many times the expected length on a text may hold what a row beside it holds too."""
        more = self._surplus(rows[number])
        beside = (rows[n] for n in (number - 1, number + 1) if 0 <= n < len(rows) and not rows[n].is_pair)
        lacking = any(self._target(row.target) if more > 0 else self._source(row.source) for row in beside)
        return LEAST if more and lacking else LONG

    def _keep(self, row: Row, right: float, long: float) -> None:
        if not row.is_pair:
            return
        counts = row.source[1] - row.source[0], row.target[1] - row.target[0]
        confidence = round(right, 4)
        state = state_of(row.properties)
        if state is not None:
            confidence = min(confidence, CEILINGS[state])
            self.states.setdefault(state, []).append(row)
        if row.kind != "segment":
            confidence = min(confidence, self._is_whole(row, long))
        if row.kind != "cell" or counts == (1, 1) or self._is_one_sentence(row):
            self.parts.append(Part(row.source, row.target, confidence))
        elif counts[0] != counts[1]:
            self.parts.append(Part(row.source, row.target, None))
        else:
            self._one_to_one(row)

    def _is_whole(self, row: Row, long: float) -> float:
        """Return how probable it is that no sentence of a pair lacks its translation, if lengths raise doubt.

        They do from a text on that is so many times as ``long`` as expected.
        """
        source, target = self._source(row.source), self._target(row.target)
        longer = len(target) / (len(source) * self.ratio)
        counts = [
            sum(own[n] for n in range(*run)) for own, run in zip(self.counts, (row.source, row.target), strict=True)
        ]
        holds = max(counts) if long == LEAST else counts[1 if longer > 1 else 0]
        if 1 / long < longer < long or holds < 2:
            return 1.0
        # A search that has to glue a sentence to others is no proof against a row, which somebody made.
        doubts = [
            1 - bead.confidence if 0 in bead.size else max(bead.confidence, DOUBTED) for bead in self._beads([row])
        ]
        return round(min(doubts), 4)

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
        right = self._without_strangers(texts, structure.check(*texts, self.lexicon, self.encoder)).right
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
            inside_run = [range(*(bisect_left(side, edge) for edge in run)) for side in filled]
            edges = (
                bisect_left(beads, edge, key=lambda bead: bead.source[0])
                for edge in (inside_run[0].start, inside_run[0].stop)
            )
            found = [bead for bead in beads[slice(*edges)] if 0 not in bead.size and bead.target[0] in inside_run[1]]
            pairs = [(bead.source[0], bead.target[0]) for bead in found]
            if found and max(map(len, inside_run)) <= displaced.LONGEST:
                strange = displaced.strangers(evidence, inside_run[0], inside_run[1], pairs)
                found = [bead for bead, is_stranger in zip(found, strange, strict=True) if not is_stranger]
            covered = sum(min(bead.size) for bead in found)
            texts = min(sum(bool(side[n]) for n in range(*run)) for side in sides)
            sure = sum(bead.confidence for bead in found) >= SURE * len(found) and covered >= SHARE * texts
            if found and sure and run[1] - run[0] > 2:
                if rows[0].kind == "cue":  # which each language may cut otherwise: by their sentences
                    yield run, [_whole(rows[slice(*run)], None)]
                else:
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


def _whole(rows: Sequence[Row], confidence: float | None) -> Part:
    """Return rows that follow one another as one part."""
    return Part((rows[0].source[0], rows[-1].source[1]), (rows[0].target[0], rows[-1].target[1]), confidence)


_ROWS = {"cell": "row", "segment": "unit", "cue": "subtitle", "paragraph": "line"}


def _ratio(sides: tuple[list[str], list[str]]) -> float:
    """Return the letters of English for a sign of Chinese in the middle one of rows."""
    return median(len(target) / len(source) for source, target in zip(*sides, strict=True) if source and target)


def _meet(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _merged(runs: Sequence[Range]) -> list[Range]:
    """Return runs in order, those that touch put together."""
    merged: list[Range] = []
    for first, last in runs:
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


def _only_exchanged(checked: Check, run: Range) -> bool:
    """Tell whether all that is wrong with a run of rows is that some changed their English."""
    wrong = [number for number in range(*run) if checked.right[number] < DOUBTED]
    return all(checked.exchanged[number] is not None for number in wrong)


def _core(checked: Check, run: Range) -> Range:
    """Return a run without the rows at its edges that are as they should be."""
    wrong = [number for number in range(*run) if checked.right[number] < DOUBTED]
    return wrong[0], wrong[-1] + 1
