"""Text PDFs through pdfium: characters with their boxes are put together into lines, columns and paragraphs.

A PDF knows no paragraphs, only signs at places. The steps, each a function: signs -> spans on one base line ->
running lines removed -> columns in reading order -> paragraphs. Reading order follows the idea of recursive cuts
(Nagy and Seth 1984); departure: a gutter may be crossed by lines that span the columns, which then divide bands.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path

from tmx import pdfium
from tmx.characters import han_share, is_han
from tmx.errors import FormatError, LimitError
from tmx.furniture import running_lines
from tmx.healing import OWN_START, Turn, continues, finished, hyphenated, seam, unhyphenated
from tmx.languages import CHINESE, ENGLISH
from tmx.model import Block, Document, Metadata, Notice
from tmx.readers.files import check_file
from tmx.readers.options import ReadOptions
from tmx.scripts import reads_as_chinese

MIN_CHARS_PER_PAGE = 8  # fewer on average: the pages are pictures
EDGE_LINES = 3  # lines at the upper and lower edge of a page that may be running ones
EDGE_SHARE = 0.15  # of the height of the page in which they stand
HEADING_SIZE = 1.15  # times the size of the body
NOTE_SIZE = 0.9  # times the size of the body
MARK_SIZE = 0.9  # times the size of the line, at most, for a raised mark of a note
MAX_RAISED = 12  # signs side by side; more are a line of their own
NOTE_SIGNS = "0123456789*†‡[]（）()①②③④⑤⑥⑦⑧⑨⑩"
UNIT = re.compile(r"(?:\d|\b[kcdm]?m|平方|立方)$")  # before a raised figure that is a power
SPLIT_EMS = 0.7  # a wider gap may divide columns or cells
JUSTIFIED_EMS = 1.3  # the same for a gap which the file itself fills with a space
HAN_PUNCTUATION = 0x2E80  # code points from here on are Chinese signs
MAX_LABEL = 4  # characters above the numbers of the rows of a table: 序号, No.
MIN_COLUMN_ROWS = 4  # lines on either side of a gutter
MAX_KNOWN_GUTTERS = 4
MIN_PITCHES = 6
SHORT_CELL = 0.3  # of the width of the text in which the table stands
FULL_LINE = 0.85  # of the width of a column: a line of running text, not a label
TABLE_EMS = 2.0  # a gap that parts two cells of a line
NOTE_MARK = re.compile(r"(?:\d{1,2}|[*†‡]{1,3}|\[\d{1,2}\]|[①-⑩])(?:[ \t]+|(?=[^\s\d.,:/%）)、．]))")
TITLE_PITCH = 1.5  # times the size of a title: the most that two of its lines lie apart, less the allowance for a pitch
GUTTER_EMS = 0.7  # least width of the space between two columns
HYPHEN_SIGNS = "\u0002\ufffe\u00ad"  # what pdfium gives for a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class Span:
    """Text on one base line, in points from the lower left corner of the page.

    ``size`` is the font size, ``base`` the height of the base line, ``marks`` the marks of notes that were taken out
    of the text.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    base: float
    marks: str = ""


def read_pdf(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a PDF that holds text."""
    check_file(path, name, options.max_bytes)
    with path.open("rb") as file:
        if b"%PDF" not in file.read(1024):
            raise FormatError(f"{name}: not a PDF file, whatever its name says")
    pages, heights = [], []
    signs = 0
    size = path.stat().st_size
    with pdfium.Reading(path, name, options.max_pages, options.budget, size) as reading:
        for page in reading.pages():
            found = [Sign(*sign[:7], order=order, spaced=sign[7]) for order, sign in enumerate(page.signs)]
            pages.append(line_up(found, options.keep_furniture))
            heights.append(page.height)
            signs += sum(len(span.text) for span in pages[-1])
            if signs > options.max_unpacked_bytes // 8:
                raise LimitError(f"{name}: more text than the limit allows")
    count, metadata = len(pages), _metadata(reading.opened)
    if signs < MIN_CHARS_PER_PAGE * max(1, count):
        raise FormatError(f"{name}: a scanned PDF ({count} pages of pictures, no text); recognise its text (OCR) first")
    notices = [
        Notice("warning", name, f"page {number}", "no text on this page; it may be a picture")
        for number, spans in enumerate(pages, 1)
        if not spans
    ]
    body = body_size(pages)
    notices += [
        Notice("removed", name, f"page {number}", f"mark of a note: {span.marks} after “{span.text[-20:]}”")
        for number, spans in enumerate(pages, 1)
        for span in spans
        if span.marks
    ]
    if not options.keep_furniture:
        pages, removed = _without_running_lines(pages, heights, name)
        notices.extend(removed)
        pages, removed = _without_row_numbers(pages, name)
        notices.extend(removed)
    for index, spans in enumerate(pages):
        pages[index], said = _told_apart(spans, index + 1, name)
        notices.extend(said)
    known = _known_gutters(pages)
    setting = Setting(body, _usual_pitch(pages, body, known), known)
    assembly = _Assembly(name, setting)
    for number, (spans, height) in enumerate(zip(pages, heights, strict=True), 1):
        assembly.add_page(spans, height, number)
        if len(assembly.blocks) > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks:,} paragraphs")
    blocks = sorted(assembly.blocks, key=lambda block: block.kind == "footnote")
    return Document(name, "pdf", tuple(blocks), metadata, (*notices, *assembly.notices))


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set: font size and line pitch of its running text, in points, and where its gutters are."""

    body: float
    pitch: float
    gutters: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """One character with its box and its base line, in points.

    ``order`` counts through the file; ``spaced`` says that pdfium sees a space after it, which the file lacks.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    size: float
    order: int = 0
    spaced: bool = False


def line_up(signs: Sequence[Sign], keep_marks: bool = False) -> list[Span]:
    """Put the signs which stand on one base line together, whatever their order in the file.

    Small raised signs join the line they are raised from; as marks of notes they go to ``Span.marks`` instead of
    the text, unless ``keep_marks``. Wide gaps divide spans: what belongs together again is seen column by column.
    """
    inked = [sign for sign in signs if not sign.text.isspace() and sign.size > 0]
    if not inked:
        return []
    usual = statistics.median(sign.size for sign in inked)
    rows: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda s: (-s.base, s.left)):
        if rows and abs(rows[-1][0].base - sign.base) <= 0.15 * max(usual, sign.size):
            rows[-1].append(sign)
        else:
            rows.append([sign])
    spans = []
    for row in _with_raised(rows):
        run: list[Sign] = []
        space: Sign | None = None
        for sign in sorted(row, key=lambda s: (s.left, s.right)):
            if sign.text.isspace():
                space = sign
                continue
            if run:
                end = max(run[-1].right, space.right if space else 0.0)
                follows = sign.order == run[-1].order + 1 + (space is not None)
                widest = JUSTIFIED_EMS if follows and (space or run[-1].spaced) else SPLIT_EMS
                if sign.left - end > widest * max(run[-1].size, sign.size):
                    spans += _span(run, keep_marks)
                    run = []
                elif space or _gap_is_space(run[-1], sign):
                    run.append(Sign(" ", run[-1].right, sign.left, sign.bottom, sign.top, sign.base, sign.size))
            run.append(sign)
            space = None
        spans += _span(run, keep_marks)
    return spans


def _gap_is_space(first: Sign, second: Sign) -> bool:
    """Tell whether a gap without a space stands for one, as TeX sets it; beside Chinese a gap is only typography."""
    wide = second.left - first.right > 0.2 * max(first.size, second.size)
    seen = first.spaced and second.order == first.order + 1
    return (wide or seen) and ord(first.text[0]) < HAN_PUNCTUATION and ord(second.text[0]) < HAN_PUNCTUATION


def _with_raised(rows: Sequence[list[Sign]]) -> list[list[Sign]]:
    """Move small raised or lowered signs, a few together, to the line beside which they stand.

    A whole line of small type that happens to run at the height of a large one, in the next column, stays a line.
    """
    kept: list[list[Sign]] = [[] for _ in rows]
    for index, row in enumerate(rows):
        for cluster in _clusters(row):
            home = _home(cluster, rows, index) if len(cluster) <= MAX_RAISED else None
            kept[index if home is None else home] += cluster
    return [row for row in kept if row]


def _clusters(row: Sequence[Sign]) -> list[list[Sign]]:
    """Return the signs of a line in groups between which there is a gap."""
    groups: list[list[Sign]] = []
    for sign in sorted(row, key=lambda s: s.left):
        if groups and sign.left - max(s.right for s in groups[-1][-3:]) < 0.5 * sign.size:
            groups[-1].append(sign)
        else:
            groups.append([sign])
    return groups


def _home(cluster: Sequence[Sign], rows: Sequence[Sequence[Sign]], index: int) -> int | None:
    """Return the number of the line, near by, which has a larger sign directly beside a group of signs."""
    size = max(sign.size for sign in cluster)
    left, right = cluster[0].left, max(sign.right for sign in cluster)
    for other in (i for i in (index + 1, index - 1, index + 2) if 0 <= i < len(rows)):
        for sign in rows[other]:
            near = abs(sign.base - cluster[0].base) < 0.65 * sign.size and size <= MARK_SIZE * sign.size
            gap = max(left - sign.right, sign.left - right)
            if near and -0.2 * sign.size < gap < 0.5 * sign.size and not sign.text.isspace():
                return other
    return None


def _span(run: Sequence[Sign], keep_marks: bool) -> list[Span]:
    if not run:
        return []
    sizes = Counter(round(sign.size, 1) for sign in run if sign.text != " ")
    size = max(sizes, key=lambda s: (sizes[s], s))
    base = statistics.median(sign.base for sign in run if round(sign.size, 1) == size)
    text: list[str] = []
    marks: list[str] = []
    for sign in run:
        raised = sign.size <= MARK_SIZE * size and sign.base > base + 0.15 * size
        before = "".join(text)[-3:]
        if raised and not keep_marks and sign.text in NOTE_SIGNS and not UNIT.search(before):
            marks.append(sign.text)
        else:
            text.append(sign.text)
    joined = unicodedata.normalize("NFC", "".join(text).strip())
    if not joined:
        return []
    inked = [sign for sign in run if sign.text != " "]
    return [
        Span(
            joined,
            inked[0].left,
            max(sign.right for sign in inked),
            min(sign.bottom for sign in inked),
            max(sign.top for sign in inked),
            size,
            base,
            "".join(marks),
        )
    ]


def _beside(first: Span, second: Span, gap: float) -> Span:
    spaced = gap > 0.15 * first.size and not (is_han(first.text[-1]) and is_han(second.text[0]))
    return Span(
        first.text + (" " if spaced else "") + second.text,
        min(first.left, second.left),
        max(first.right, second.right),
        min(first.bottom, second.bottom),
        max(first.top, second.top),
        first.size if len(first.text) >= len(second.text) else second.size,
        first.base,
        first.marks + second.marks,
    )


def body_size(pages: Sequence[Sequence[Span]]) -> float:
    """Return the font size, in points, in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for spans in pages:
        for span in spans:
            sizes[span.size] += len(span.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 10.0


def _without_running_lines(
    pages: Sequence[list[Span]], heights: Sequence[float], name: str
) -> tuple[list[list[Span]], list[Notice]]:
    removed: set[tuple[int, int]] = set()
    for upper in (True, False):
        edges: list[list[int]] = []
        for spans, height in zip(pages, heights, strict=True):
            zone = [
                index
                for index, span in enumerate(spans)
                if (height - span.base if upper else span.base) < EDGE_SHARE * height
            ]
            zone.sort(key=lambda index: spans[index].base, reverse=upper)
            edges.append(zone[:EDGE_LINES])
        texts = [[pages[page][index].text for index in zone] for page, zone in enumerate(edges)]
        removed.update((page, edges[page][line]) for page, line in running_lines(texts))
    notices = [
        Notice("removed", name, f"page {page + 1}", f"running header, footer or page number: {pages[page][index].text}")
        for page, index in sorted(removed)
    ]
    kept = [
        [span for index, span in enumerate(spans) if (page, index) not in removed] for page, spans in enumerate(pages)
    ]
    return kept, notices


def _without_row_numbers(pages: Sequence[list[Span]], name: str) -> tuple[list[list[Span]], list[Notice]]:
    """Take out the numbers of the rows of a table, and what stands above them, in a column of its own at the left.

    Between the cells they would stand in the midst of a text. They count up from 1; the years of a chronicle do not.
    """
    kept = []
    notices = []
    last = 0
    for page, spans in enumerate(pages, 1):
        left = min((span.left for span in spans), default=0.0)
        edge = [span for span in spans if span.left - left < 2 * span.size and len(span.text) <= MAX_LABEL]
        numbers = sorted((span for span in edge if span.text.isascii() and span.text.isdigit()), key=lambda s: -s.base)
        labels = [span for span in edge if span not in numbers]
        beside = min((span.left for span in spans if span not in edge), default=0.0)
        counted = [int(span.text) for span in numbers] == list(range(last + 1, last + 1 + len(numbers)))
        apart = bool(numbers) and beside - max(span.right for span in edge) > GUTTER_EMS * numbers[0].size
        above = len(labels) <= 1 and all(label.base > numbers[0].base for label in labels) if numbers else False
        if not (counted and apart and above and (last or len(numbers) >= MIN_COLUMN_ROWS)):
            kept.append(list(spans))
            continue
        last += len(numbers)
        message = f"numbers of the rows of a table: {numbers[0].text} to {numbers[-1].text}"
        notices.append(Notice("removed", name, f"page {page}", message))
        kept.append([span for span in spans if span not in edge])
    return kept, notices


def _told_apart(spans: list[Span], number: int, name: str) -> tuple[list[Span], list[Notice]]:
    """Part two columns in two languages that all but touch: lines that reach into the gutter, or are glued over it.

    The cells of one language begin below one another; what stands before them is in the other.
    """
    for chinese_first in (True, False):
        second = [span for span in spans if _is_han_line(span.text) is (not chinese_first)]
        edge, count = Counter(round(span.left) for span in second).most_common(1)[0] if second else (0, 0)
        bases = [span.base for span in second if round(span.left) == edge]
        beside = [s for s in spans if bases and min(bases) - s.size < s.base < max(bases) + s.size]
        before = [s for s in beside if s.left < edge - MAX_LABEL * s.size and _is_han_line(s.text) is chinese_first]
        cut = {id(span): parts for span in before if (parts := _cut_at(span, edge, chinese_first))}
        left = Counter(round(span.left) for span in before).most_common(1)[0][1] if before else 0
        if cut and min(count, left) >= MIN_COLUMN_ROWS:
            message = "columns in two languages all but touch here; their lines were told apart by language"
            parted = [part for span in spans for part in cut.get(id(span), [span])]
            return parted, [Notice("warning", name, f"page {number}", message)]
    return spans, []


def _is_han_line(text: str) -> bool | None:
    """Tell the language of a line by its first letter; None without any."""
    return next((is_han(sign) for sign in text if sign.isalpha()), None)


def _cut_at(span: Span, edge: float, chinese_first: bool) -> list[Span]:
    """Return a line that ends close before a column, or goes on in it, as lines of one or two columns; else none."""
    end = edge - GUTTER_EMS * span.size
    if end < span.right <= edge + 1:
        return [replace(span, right=end)]
    place = max(n for n, sign in enumerate(span.text) if ord(sign) >= HAN_PUNCTUATION) + 1 if chinese_first else 0
    if not chinese_first:
        place = next((n for n, sign in enumerate(span.text) if ord(sign) >= HAN_PUNCTUATION), 0)
    head, tail = span.text[:place].rstrip(), span.text[place:].lstrip()
    signs = head if chinese_first else tail
    width = sum(span.size if ord(sign) >= HAN_PUNCTUATION else 0.5 * span.size for sign in signs)
    start = span.left + width if chinese_first else span.right - width
    if None in (_is_han_line(head), _is_han_line(tail)) or abs(start - edge) > 2 * span.size:
        return []
    return [replace(span, text=head, right=end), replace(span, text=tail, left=edge)]


def reading_order(spans: Sequence[Span], known: Sequence[float] = ()) -> list[list[Span]]:
    """Return the columns of a page in reading order, each with its lines from top to bottom.

    ``known`` are gutters of other pages: a short last page has too few lines to show its own.

    >>> page = [Span(t, x, x + 90, 20 * y, 20 * y + 10, 10, 20 * y) for x in (0, 110) for y, t in enumerate("dcba")]
    >>> [[line.text for line in column] for column in reading_order(page)]
    [['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']]
    """
    ordered = [span for row in _top_down(spans) for span in row]
    gutter = _gutter(ordered)
    if gutter is None:
        gutter = next((x for x in known if _fits(ordered, x)), None) or _lone_gutter(ordered)
    if gutter is None:
        return [ordered] if ordered else []
    columns: list[list[Span]] = []
    left: list[Span] = []
    right: list[Span] = []
    across: list[Span] = []  # the lines of the open band that spans the columns
    for index, span in enumerate(ordered):
        beyond = span.left < gutter - 1 and span.right > gutter + 1
        if beyond or (across and not (left or right) and _goes_on(across[-1], span, ordered[index + 1 : index + 2])):
            if left or right:
                columns += [*reading_order(left), *reading_order(right)]
                left, right = [], []
            across.append(span)
            continue
        if across:
            columns.append(across)
            across = []
        (left if span.right <= gutter + 1 else right).append(span)
    if across:
        columns.append(across)
    return columns + reading_order(left) + reading_order(right)


def _top_down(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the spans line by line, from left to right in each."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: (-s.base, s.left)):
        if rows and rows[-1][0].base - span.base <= 0.3 * min(rows[-1][0].size, span.size):
            rows[-1].append(span)
        else:
            rows.append([span])
    return [sorted(row, key=lambda s: s.left) for row in rows]


def _goes_on(across: Span, span: Span, following: Sequence[Span]) -> bool:
    """Tell whether a line which crosses no gutter is the short last line of a text that does (a title, mostly)."""
    alone = not any(abs(other.base - span.base) < 0.5 * span.size for other in following)
    near = across.base - span.base < 1.8 * across.size
    return alone and near and abs(across.size - span.size) < 0.05 * across.size


def _gutter(spans: Sequence[Span]) -> float | None:
    """Return where two columns are divided: the middle, in points, of a white space that runs down many lines.

    Lines may cross it (titles, running text above a table) as long as enough lines below one another do not:
    justified text has gaps too, but not below one another.
    """
    if len(spans) < 2 * MIN_COLUMN_ROWS:
        return None
    size = statistics.median(span.size for span in spans)
    left, right = min(s.left for s in spans), max(s.right for s in spans)
    best: tuple[float, float] | None = None
    for edge in sorted({round(span.right) for span in spans if left + 0.12 * (right - left) < span.right < right}):
        beyond = [span.left for span in spans if span.left > edge]
        if not beyond:
            continue
        # Of the lines further right only those beside this one count, so take the usual start, not the first.
        for start in sorted({round(x) for x in beyond})[:3]:
            x = (edge + start) / 2
            if start - edge < GUTTER_EMS * size:
                continue
            score = _gutter_rows(spans, x)
            if score >= MIN_COLUMN_ROWS and (best is None or score >= best[0]):
                best = (score, x)
    return best[1] if best else None


def _fits(spans: Sequence[Span], x: float) -> bool:
    """Tell whether a gutter known from elsewhere parts a page: text on both sides, in no line closer than a gutter."""
    left, right = [s for s in spans if s.right <= x + 1], [s for s in spans if s.left >= x - 1]
    if not left or not right or len(left) + len(right) < 0.6 * len(spans):
        return False
    size = statistics.median(span.size for span in spans)
    return min(s.left for s in right) - max(s.right for s in left) >= GUTTER_EMS * size


def _lone_gutter(spans: Sequence[Span]) -> float | None:
    """Return the gutter beside which a column of running text has but a few lines to its right: the end of the text."""
    if len(spans) < MIN_COLUMN_ROWS + 1:
        return None
    size = statistics.median(span.size for span in spans)
    ordered = sorted(spans, key=lambda s: s.left)
    ends = list(accumulate((span.right for span in ordered), max))
    for index in range(MIN_COLUMN_ROWS, len(ordered)):
        left, end, start = ordered[:index], ends[index - 1], ordered[index].left
        if start - end < GUTTER_EMS * size:
            continue
        width = end - ordered[0].left
        filled = sum(span.right - span.left > FULL_LINE * width for span in left)
        if (
            filled >= 0.5 * len(left)
            and start - ordered[0].left < 1.5 * width
            and len(ordered) - index < MIN_COLUMN_ROWS
        ):
            return (end + start) / 2
    return None


def _gutter_rows(spans: Sequence[Span], x: float) -> int:
    """Return how many lines below one another, without a line across, end and begin at a gutter on both its sides."""
    most = 0
    width = max(s.right for s in spans) - min(s.left for s in spans)
    run: list[list[Span]] = []
    for row in [*_top_down(spans), None]:
        if row is not None and not any(span.left < x - 1 and span.right > x + 1 for span in row):
            run.append(row)
            continue
        before = sum(any(span.right <= x + 1 for span in r) for r in run)
        after = sum(any(span.left >= x - 1 for span in r) for r in run)
        if min(before, after) > most and not _is_table([span for r in run for span in r], x, width):
            most = min(before, after)
        run = []
    return most


def _is_table(spans: Sequence[Span], x: float, width: float) -> bool:
    """Tell whether lines on both sides of a gutter are the cells of a table of short texts, to be read line by line.

    Each cell has its counterpart at the same height, and few fill their column.
    """
    left, right = [s for s in spans if s.right <= x + 1], [s for s in spans if s.left >= x - 1]
    if not left or not right:
        return False
    level = sum(any(abs(span.base - other.base) < 0.3 * span.size for other in right) for span in left)
    short = [statistics.median(span.right - span.left for span in side) < SHORT_CELL * width for side in (left, right)]
    return all(short) and level >= 0.9 * len(left) and len(left) == len(right)


class _Assembly:
    """The paragraphs of a document while its pages come in."""

    def __init__(self, name: str, setting: Setting) -> None:
        self.blocks: list[Block] = []
        self.notices: list[Notice] = []
        self._name = name
        self._setting = setting
        self._last: int | None = None  # the last paragraph of the running text
        self._filled = False  # its last line leaves no room for another word

    def add_page(self, spans: Sequence[Span], height: float, number: int) -> None:
        """Add the paragraphs of a page, column by column; a paragraph goes on over the end of a column."""
        self.notices += _doubts(spans, number, self._name)
        count = 0
        for column in reading_order(spans, self._setting.gutters):
            right = max(span.right for span in column)
            for index, lines in enumerate(_paragraphs(column, self._setting)):
                text, joined = _text(lines)
                if text:
                    count += 1
                    place = f"page {number}, paragraph {count}"
                    said = (Notice("joined", self._name, place, f"hyphenated word: {word}") for word in joined)
                    self.notices += said
                    self._add(text, lines, height, Block(text, place, page=number), first=index == 0)
                    if self._last is not None and self.blocks[self._last].text.endswith(text[-20:]):
                        self._filled = right - lines[-1].right < 2 * lines[-1].size

    def _add(self, text: str, lines: Sequence[Span], height: float, block: Block, *, first: bool) -> None:
        size = statistics.median(line.size for line in lines)
        if size >= HEADING_SIZE * self._setting.body and len(text) <= 200:
            block = replace(block, kind="heading")
        elif size <= NOTE_SIZE * self._setting.body and lines[0].top < 0.4 * height and _is_note(lines[0]):
            text, mark = _without_mark(text)
            if mark:
                message = f"mark of a note: {mark} before “{text[:20]}”"
                self.notices.append(Notice("removed", self._name, block.place, message))
            self.blocks.append(replace(block, text=text, kind="footnote"))
            return
        elif first and self._goes_on(text) and self._last is not None:
            before = self.blocks[self._last]
            language = CHINESE if reads_as_chinese(text) else ENGLISH
            whole, _ = _joined(before.text, text, language)
            self.blocks[self._last] = replace(before, text=whole)
            self.notices.append(Notice("joined", self._name, block.place, "paragraph cut by the end of a column"))
            return
        self._last = len(self.blocks)
        self.blocks.append(block)

    def _goes_on(self, text: str) -> bool:
        """Tell whether the first text of a column is the rest of the paragraph at the end of the column before."""
        if self._last is None or self.blocks[self._last].kind != "paragraph":
            return False
        before = self.blocks[self._last].text
        chinese = reads_as_chinese(text)
        if reads_as_chinese(before) != chinese:
            return False
        if continues(before, text, CHINESE if chinese else ENGLISH, Turn(turned=True)):
            return True
        if not self._filled or finished(before) or OWN_START.match(text):
            return False
        return chinese or text[0].islower() or hyphenated(before, text)


def _known_gutters(pages: Sequence[Sequence[Span]]) -> list[float]:
    """Return where the pages of a document have their gutters, the most usual first."""
    found = Counter(round(x) for spans in pages if (x := _gutter(list(spans))) is not None)
    return [float(x) for x, _ in found.most_common(MAX_KNOWN_GUTTERS)]


def _doubts(spans: Sequence[Span], number: int, name: str) -> list[Notice]:
    """Name a page the order of whose text is not certain: lines that lie over one another."""
    for row in _top_down(spans):
        for first, second in pairwise(row):
            if first.right - second.left > 0.5 * min(first.size, second.size):
                message = (
                    f"lines lie over one another here; compare with the page: {first.text[:20]} / {second.text[:20]}"
                )
                return [Notice("warning", name, f"page {number}", message)]
    return []


def _usual_pitch(pages: Sequence[Sequence[Span]], body: float, gutters: Sequence[float]) -> float:
    """Return how far apart, in points, the lines of the running text stand in most columns, 0 if unknown."""
    pitches: list[float] = []
    for spans in pages:
        for column in reading_order(spans, gutters):
            rows = _rows(column)
            pitches += [a.base - b.base for a, b in pairwise(rows) if max(abs(a.size - body), abs(b.size - body)) < 0.5]
    pitches = [pitch for pitch in pitches if pitch > 0]
    return _typical(pitches) if len(pitches) >= MIN_PITCHES else 0.0


def _without_mark(text: str) -> tuple[str, str]:
    """Return a note without the mark that it begins with, and the mark.

    >>> _without_mark("1书由居民捐赠。"), _without_mark("1998 was the year.")
    (('书由居民捐赠。', '1'), ('1998 was the year.', ''))
    """
    match = NOTE_MARK.match(text)
    return (text[match.end() :], match[0].strip()) if match else (text, "")


def _is_note(line: Span) -> bool:
    return bool(line.marks) or line.text[0] in NOTE_SIGNS


def _paragraphs(column: Sequence[Span], setting: Setting) -> list[list[Span]]:
    """Cut the lines of a column into paragraphs."""
    if not column:
        return []
    rows = _rows(column)
    pitches = [a.base - b.base for a, b in pairwise(rows) if abs(a.size - b.size) < 0.1 * a.size]
    pitch = _typical(pitches) if pitches else 0.0
    if setting.pitch and abs(column[0].size - setting.body) < 0.1 * setting.body:
        pitch = min(pitch or setting.pitch, setting.pitch)  # two lines alone do not tell how far apart lines stand
    frame = _Frame(pitch, _typical([row.left for row in rows]), max(row.right for row in rows))
    paragraphs = [[rows[0]]]
    for index in range(1, len(rows)):
        before, row, after = rows[index - 1], rows[index], rows[index + 1] if index + 1 < len(rows) else None
        if abs(before.size - row.size) > 0.1 * max(before.size, row.size):
            begins = True
        elif row.size >= HEADING_SIZE * setting.body:
            begins = _begins_title(before, row, frame)
        else:
            begins = _begins(before, row, after, frame, first=len(paragraphs[-1]) == 1)
        if begins:
            paragraphs.append([row])
        else:
            paragraphs[-1].append(row)
    return paragraphs


@dataclass(frozen=True, slots=True)
class _Frame:
    """A column in points: how far apart its lines stand, where most of them begin, how far the widest goes."""

    pitch: float
    left: float
    right: float

    def indents(self, row: Span) -> bool:
        return row.left > self.left + 0.8 * row.size

    def slack(self, row: Span) -> float:
        return self.right - row.right


def _changes_language(before: Span, row: Span) -> bool:
    return abs(han_share(row.text) - han_share(before.text)) > 0.8 and len(row.text) > 3 and len(before.text) > 3


def _begins_title(before: Span, row: Span, frame: _Frame) -> bool:
    """Tell whether a line of large type is a title of its own, not the next line of the title above it."""
    if before.base - row.base > 1.25 * TITLE_PITCH * row.size or _changes_language(before, row):
        return True
    slack = frame.slack(before)
    return slack > 1.6 * _first_word_width(row) + 0.4 * row.size and slack > 0.35 * (frame.right - frame.left)


def _begins(before: Span, row: Span, after: Span | None, frame: _Frame, first: bool) -> bool:
    """Tell whether a line begins a paragraph after the line before it, which may be the first of its own."""
    if (frame.pitch and before.base - row.base > 1.25 * frame.pitch) or _changes_language(before, row):
        return True
    slack, word = frame.slack(before), _first_word_width(row)
    if frame.indents(row) and not frame.indents(before) and row.right > frame.left:
        return row.left - frame.left < 6 * row.size or finished(before.text)
    if frame.indents(row) and first and abs(row.left - before.left) < 0.2 * row.size:
        # Both have the indent of a first line: the second does if its next line has none.
        return slack > word + 0.4 * row.size or (after is not None and not frame.indents(after))
    if slack > 1.3 * word + 0.5 * row.size and (finished(before.text) or slack > 0.25 * (frame.right - frame.left)):
        return True
    return bool(OWN_START.match(row.text)) and finished(before.text) and slack > row.size


def _rows(column: Sequence[Span]) -> list[Span]:
    """Join what stands on one line of a column (tab stops, wide gaps)."""
    rows = []
    for row in _top_down(column):
        whole = row[0]
        for span in row[1:]:
            gap = span.left - whole.right
            # Two cells of a table: the wide gap between the languages is a mark by which they are told apart.
            cells = gap > TABLE_EMS * span.size and reads_as_chinese(whole.text) != reads_as_chinese(span.text)
            both = f"{whole.text}\t{span.text}"
            whole = _beside(whole, span, gap)
            whole = replace(whole, text=both) if cells else whole
        rows.append(whole)
    return rows


def _first_word_width(row: Span) -> float:
    """Return about how much room the first word of a line takes, in points."""
    first = row.text.split(" ", 1)[0]
    if is_han(row.text[0]):
        first = row.text[:2]
    return (row.right - row.left) * len(first) / max(1, len(row.text))


def _typical(values: Sequence[float]) -> float:
    """Return the most frequent value, rounded to half a point; the smallest of several."""
    counts = Counter(round(value * 2) / 2 for value in values)
    most = max(counts.values())
    return min(value for value, count in counts.items() if count == most)


def _text(lines: Sequence[Span]) -> tuple[str, list[str]]:
    """Join the lines of a paragraph; return its text and the words that were hyphenated."""
    text = _clean(lines[0].text)
    language = CHINESE if reads_as_chinese(" ".join(line.text for line in lines)) else ENGLISH
    hyphens = []
    for line in lines[1:]:
        text, word = _joined(text, _clean(line.text), language)
        hyphens += [word] if word else []
    return text, hyphens


def _joined(text: str, following: str, language: str) -> tuple[str, str]:
    """Join two pieces of a paragraph; return the whole, and the word that was hyphenated between them, if any."""
    if hyphenated(text, following):
        word = text.rsplit(" ", 1)[-1] + following.split(" ", 1)[0]
        return unhyphenated(text, following), word
    return text + seam(text, following, language) + following, ""


def _clean(text: str) -> str:
    for sign in HYPHEN_SIGNS:
        if text.endswith(sign):
            text = text[:-1] + "-"
        text = text.replace(sign, "")
    return "".join(character for character in text if character.isprintable() or character in " \t").strip()


def _metadata(opened: pdfium.Opened) -> Metadata:
    return Metadata(opened.title, properties=(("author", opened.author),) if opened.author else ())
