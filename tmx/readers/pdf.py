"""Text PDFs through pypdfium2: characters with their boxes are put together into lines, columns and paragraphs.

A PDF knows no paragraphs, only signs at places. The steps, each a function: signs -> spans on one base line ->
running lines removed -> columns in reading order -> paragraphs. Reading order follows the idea of recursive cuts
(Nagy and Seth 1984); departure: a gutter may be crossed by lines that span the columns, which then divide bands.
"""

from __future__ import annotations

import ctypes
import math
import mmap
import re
import statistics
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw

from tmx.characters import han_share, is_han
from tmx.errors import FormatError, LimitError
from tmx.furniture import running_lines
from tmx.healing import OWN_START, Turn, continues, finished, hyphenated, seam, unhyphenated
from tmx.languages import CHINESE, ENGLISH
from tmx.model import Block, BlockKind, Document, Metadata, Notice
from tmx.readers.files import check_file
from tmx.readers.options import MEBIBYTE, ReadOptions
from tmx.scripts import reads_as_chinese

MIN_CHARS_PER_PAGE = 8  # fewer on average: the pages are pictures
EDGE_LINES = 3  # lines at the upper and lower edge of a page that may be running ones
EDGE_SHARE = 0.15  # of the height of the page in which they stand
HEADING_SIZE = 1.15  # times the size of the body
NOTE_SIZE = 0.9  # times the size of the body
STREAM = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")  # zlib's first byte, RFC 1950
DICTIONARY_BYTES = 1024
INFLATE_BYTES = 64 * 1024
MARK_SIZE = 0.9  # times the size of the line, at most, for a raised mark of a note
MAX_RAISED = 40  # signs at one height; more are a line of their own
MAX_PAGE_SIGNS = 200_000  # a page of a newspaper has 30,000
NOTE_SIGNS = "0123456789*†‡[]（）()①②③④⑤⑥⑦⑧⑨⑩"
UNIT = re.compile(r"(?:\d|\b[kcdm]?m|平方|立方)$")  # before a raised figure that is a power
SPLIT_EMS = 0.7  # a wider gap may divide columns or cells
JUSTIFIED_EMS = 1.3  # the same for a gap which the file itself fills with a space
HAN_PUNCTUATION = 0x2E80  # code points from here on are Chinese signs
MIN_COLUMN_ROWS = 4  # lines on either side of a gutter
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
    _check_streams(path, name, options)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise FormatError(f"{name}: protected by a password; save a copy without it") from error
        raise FormatError(f"{name}: damaged or cut off ({error})") from error
    try:
        count = len(document)
        if count > options.max_pages:
            raise LimitError(f"{name}: {count:,} pages (limit {options.max_pages:,})")
        pages, heights = [], []
        signs = 0
        for number in range(count):
            spans, height = _read_page(document, number, name, options.keep_furniture)
            pages.append(spans)
            heights.append(height)
            signs += sum(len(span.text) for span in spans)
            if signs > options.max_unpacked_bytes // 8:
                raise LimitError(f"{name}: more text than the limit allows")
        metadata = _metadata(document)
    finally:
        document.close()
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
    blocks: list[Block] = []
    notes: list[Block] = []
    for number, (spans, height) in enumerate(zip(pages, heights, strict=True), 1):
        found, joined = _page_blocks(spans, height, body, number, name)
        blocks.extend(block for block in found if block.kind != "footnote")
        notes.extend(block for block in found if block.kind == "footnote")
        notices.extend(joined)
        if len(blocks) > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks:,} paragraphs")
    return Document(name, "pdf", tuple(blocks + notes), metadata, tuple(notices))


def _check_streams(path: Path, name: str, options: ReadOptions) -> None:
    """Refuse a file one stream of which, pictures aside, unpacks to more than a page of text can need."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for match in STREAM.finditer(data):
            dictionary = data[max(0, match.start() - DICTIONARY_BYTES) : match.start()]
            dictionary = dictionary[dictionary.rfind(b" obj") + 1 :]
            if b"FlateDecode" not in dictionary or b"/Image" in dictionary or b"/FontFile" in dictionary:
                continue
            inflater = zlib.decompressobj()
            total, place = 0, match.end()
            try:
                while not inflater.eof and place < len(data):
                    chunk = data[place : place + INFLATE_BYTES]
                    place += len(chunk)
                    while chunk and not inflater.eof:
                        total += len(inflater.decompress(chunk, 16 * INFLATE_BYTES))
                        chunk = inflater.unconsumed_tail
                        if total > options.max_page_bytes:
                            raise LimitError(
                                f"{name}: one stream in it unpacks to more than"
                                f" {options.max_page_bytes / MEBIBYTE:,.0f} MiB; print it to a new PDF"
                            )
            except zlib.error:
                continue  # damage: pdfium copes with it or says so


def _read_page(document: pypdfium2.PdfDocument, number: int, name: str, keep: bool) -> tuple[list[Span], float]:
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise FormatError(f"{name}, page {number + 1}: damaged ({error})") from error
    try:
        if text_page.count_chars() > MAX_PAGE_SIGNS:
            raise LimitError(f"{name}, page {number + 1}: more than {MAX_PAGE_SIGNS:,} characters on one page")
        return line_up(_signs(text_page), keep), page.get_height()
    finally:
        text_page.close()
        page.close()


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


def _signs(text_page: pypdfium2.PdfTextPage) -> list[Sign]:
    """Return the signs of a page."""
    handle = text_page.raw
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    signs: list[Sign] = []
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        if (code <= 0x1F and code != 2) or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            continue
        if raw.FPDFText_IsGenerated(handle, index):
            if signs and chr(code) == " ":
                signs[-1] = replace(signs[-1], spaced=True)
            continue
        if not raw.FPDFText_GetLooseCharBox(handle, index, box):
            continue
        if abs(raw.FPDFText_GetCharAngle(handle, index)) > 0.2:
            continue  # text that runs upwards: a watermark, a stamp on the margin
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        size = raw.FPDFText_GetFontSize(handle, index)
        if raw.FPDFText_GetMatrix(handle, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
        if not 0.1 < size < 1000:
            size = abs(box.top - box.bottom)
        signs.append(Sign(chr(code), box.left, box.right, box.bottom, box.top, y.value, size, len(signs)))
    return signs


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
    """Move small raised or lowered signs to the line beside which they stand."""
    whole: list[list[Sign]] = []
    for index, row in enumerate(rows):
        size = max(sign.size for sign in row)
        for other in (rows[i] for i in (index + 1, index - 1, index + 2) if 0 <= i < len(rows)):
            large = max(sign.size for sign in other)
            near = len(row) <= MAX_RAISED and abs(other[0].base - row[0].base) < 0.65 * large
            if size <= MARK_SIZE * large and near and all(_touches(sign, other, row) for sign in row):
                other.extend(row)
                break
        else:
            whole.append(row)
    return whole


def _touches(sign: Sign, row: Sequence[Sign], own: Sequence[Sign]) -> bool:
    """Tell whether a sign stands directly beside one of a line, or beside others of its own that do."""
    gaps = ((max(sign.left - o.right, o.left - sign.right), o.size) for o in (*row, *own) if o is not sign)
    return any(-0.2 * size < gap < 0.5 * size for gap, size in gaps)


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


def reading_order(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the columns of a page in reading order, each with its lines from top to bottom.

    >>> page = [Span(t, x, x + 90, 20 * y, 20 * y + 10, 10, 20 * y) for x in (0, 110) for y, t in enumerate("dcba")]
    >>> [[line.text for line in column] for column in reading_order(page)]
    [['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']]
    """
    ordered = [span for row in _top_down(spans) for span in row]
    gutter = _gutter(ordered)
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
            if score >= MIN_COLUMN_ROWS and (best is None or score > best[0]):
                best = (score, x)
    return best[1] if best else None


def _gutter_rows(spans: Sequence[Span], x: float) -> int:
    """Return how many lines below one another, without a line across, end and begin at a gutter on both its sides."""
    most = before = after = 0
    for row in _top_down(spans):
        if any(span.left < x - 1 and span.right > x + 1 for span in row):
            before = after = 0
            continue
        before += any(span.right <= x + 1 for span in row)
        after += any(span.left >= x - 1 for span in row)
        most = max(most, min(before, after))
    return most


def _page_blocks(
    spans: Sequence[Span], height: float, body: float, number: int, name: str
) -> tuple[list[Block], list[Notice]]:
    blocks: list[Block] = []
    notices: list[Notice] = []
    for column in reading_order(spans):
        for index, lines in enumerate(_paragraphs(column)):
            text, joined = _text(lines)
            if not text:
                continue
            place = f"page {number}, paragraph {len(blocks) + 1}"
            notices += [Notice("joined", name, place, f"hyphenated word: {word}") for word in joined]
            size = statistics.median(line.size for line in lines)
            kind: BlockKind = "paragraph"
            if size >= HEADING_SIZE * body and len(text) <= 200:
                kind = "heading"
            elif size <= NOTE_SIZE * body and lines[0].top < 0.4 * height and _is_note(lines[0]):
                kind = "footnote"
            if index == 0 and blocks and kind == blocks[-1].kind == "paragraph":
                language = CHINESE if han_share(text) >= 0.5 else ENGLISH
                before = blocks[-1].text
                same = (han_share(before) >= 0.5) == (han_share(text) >= 0.5)
                if same and continues(before, text, language, Turn(turned=True)):
                    whole = before + seam(before, text, language) + text
                    blocks[-1] = replace(blocks[-1], text=whole)
                    notices.append(Notice("joined", name, place, "paragraph cut by the end of a column"))
                    continue
            blocks.append(Block(text, place, kind, page=number))
    return blocks, notices


def _is_note(line: Span) -> bool:
    return bool(line.marks) or line.text[0] in NOTE_SIGNS


def _paragraphs(column: Sequence[Span]) -> list[list[Span]]:
    """Cut the lines of a column into paragraphs."""
    if not column:
        return []
    rows = _rows(column)
    pitches = [a.base - b.base for a, b in pairwise(rows) if abs(a.size - b.size) < 0.1 * a.size]
    pitch = _typical(pitches) if pitches else 0.0
    left = _typical([row.left for row in rows])
    right = max(row.right for row in rows)
    paragraphs = [[rows[0]]]
    for before, row in pairwise(rows):
        if _begins(before, row, pitch, left, right, len(paragraphs[-1])):
            paragraphs.append([row])
        else:
            paragraphs[-1].append(row)
    return paragraphs


def _rows(column: Sequence[Span]) -> list[Span]:
    """Join what stands on one line of a column (tab stops, wide gaps)."""
    rows = []
    for row in _top_down(column):
        whole = row[0]
        for span in row[1:]:
            whole = _beside(whole, span, span.left - whole.right)
        rows.append(whole)
    return rows


def _begins(before: Span, row: Span, pitch: float, left: float, right: float, lines: int) -> bool:
    """Tell whether a line begins a paragraph after the line before it."""
    if abs(before.size - row.size) > 0.1 * max(before.size, row.size):
        return True
    if pitch and before.base - row.base > 1.25 * pitch:
        return True
    chinese, was_chinese = han_share(row.text), han_share(before.text)
    if abs(chinese - was_chinese) > 0.8 and len(row.text) > 3 and len(before.text) > 3:
        return True
    if row.left > left + 0.8 * row.size and before.left <= left + 0.8 * row.size and lines >= 1 and row.right > left:
        return row.left - left < 6 * row.size or finished(before.text)
    slack = right - before.right
    if slack > _first_word_width(row) + 0.4 * row.size and (finished(before.text) or slack > 0.25 * (right - left)):
        return True
    return bool(OWN_START.match(row.text)) and finished(before.text) and slack > row.size


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
    joined = []
    for line in lines[1:]:
        following = _clean(line.text)
        if hyphenated(text, following):
            joined.append(text.rsplit(" ", 1)[-1] + following.split(" ", 1)[0])
            text = unhyphenated(text, following)
        else:
            text += seam(text, following, language) + following
    return text, joined


def _clean(text: str) -> str:
    for sign in HYPHEN_SIGNS:
        if text.endswith(sign):
            text = text[:-1] + "-"
        text = text.replace(sign, "")
    return "".join(character for character in text if character.isprintable() or character == " ").strip()


def _metadata(document: pypdfium2.PdfDocument) -> Metadata:
    try:
        fields = document.get_metadata_dict()
    except (pypdfium2.PdfiumError, UnicodeError):
        return Metadata()
    properties = [("author", fields["Author"])] if fields.get("Author") else []
    return Metadata(str(fields.get("Title") or ""), properties=tuple(properties))
