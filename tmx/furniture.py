"""Page furniture: running headers and footers, page numbers, editors' lines, signs that only help to lay out text.

Everything here decides by general evidence and says what it found; the callers remove it and list every removal
with its place, or keep it all when ``ReadOptions.keep_furniture`` is set.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import regex

from tmx.characters import han_share
from tmx.healing import OWN_START, SENTENCE_INSIDE, Turn, continues, finished
from tmx.languages import CHINESE, ENGLISH
from tmx.model import Block, Document, Notice
from tmx.scripts import is_pinyin, reads_as_chinese

MIN_REPEATS = 3  # pages on which a running line stands at least, if there are so many; two can be chance
REPEAT_SHARE = 0.3  # of the pages; left and right pages may differ, and chapters change the line
MAX_RUNNING_CHARS = 120

PAGE_NUMBER = regex.compile(
    r"""^(?:
      [-–—·•\s\[(（]*(?P<n>\d{1,4})[-–—·•\s\])）]*
    | (?:page|p\.|pg\.?)\s*(?P<n>\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?
    | (?P<n>\d{1,4})\s*(?:/|of)\s*\d{1,4}
    | [-–—\s]*第\s*(?P<n>\d{1,4})\s*[页頁](?:\s*[，,/]?\s*共\s*\d{1,4}\s*[页頁])?[-–—\s]*
    | (?P<r>[ivxlc]{1,7})
    )$""",
    regex.VERBOSE | regex.IGNORECASE,
)
# Shapes in which a number says of itself that it counts pages; (3), 3 and 1/2 may be text.
SHAPED_NUMBER = regex.compile(r"[-–—]\s*\d+\s*[-–—]|(?:Page|PAGE|P\.|Pg\.?)\s*\d.*|[-–—\s]*第.*")
BOTH_NUMBERS = regex.compile(r"\s*[/|｜／·]\s*(?=[第Pp])|(?<=[页頁])\s+(?=[Pp])|(?<=\d)\s+(?=第)")
MAX_LONE_NUMBER = 999  # of a figure alone; greater ones are years
EDITOR = regex.compile(
    r"""^[（(【\[]?\s*(?:
      (?:责任编辑|責任編輯|本期编辑|网络编辑|责编|責編|编辑|編輯|编审|校对|校對|值班编辑)\s*[:：\]】]\s*.{1,40}
    | (?:web\s+editor|executive\s+editor|responsible\s+editor|editor(?:\s+in\s+charge)?s?|proofreader)\s*:\s*.{1,60}
    )[）)】\]]?$""",
    regex.VERBOSE | regex.IGNORECASE,
)
RULE = regex.compile(r"[-=_*~#+─━═]{3,}|(?:[-=_*~#+─━═]\s+){2,}[-=_*~#+─━═]")  # a line drawn with signs
INVISIBLE = regex.compile("[\u00ad\u200b\u2060\ufeff]")
SOFT_HYPHEN = regex.compile("\u00ad")


@lru_cache(maxsize=4096)  # lines ask about the same neighbours one after the other
def page_number(text: str) -> int | None:
    """Return the number if a line is nothing but a page number, 0 for a Roman one, None if it is none.

    >>> page_number("- 12 -"), page_number("Page 3 of 10"), page_number("第5页 / Page 5"), page_number("in 2021")
    (12, 3, 5, None)
    """
    match = PAGE_NUMBER.match(text.strip())
    if match is None and len(parts := BOTH_NUMBERS.split(text.strip())) == 2:  # 第3页 / Page 3
        numbers = {page_number(part) for part in parts}
        return numbers.pop() if len(numbers) == 1 else None
    if match is None:
        return None
    return int(match["n"]) if match["n"] else 0


def is_editor_line(text: str) -> bool:
    """Tell whether a line names the editors, as web pages of news agencies end.

    >>> is_editor_line("责编：李明"), is_editor_line("(Editor: Li Ming)"), is_editor_line("编辑部的故事")
    (True, True, False)
    """
    return bool(EDITOR.match(text))


def without_invisible(text: str, signs: regex.Pattern[str] = INVISIBLE) -> tuple[str, int]:
    """Return a text without soft hyphens and zero-width signs, and how many there were."""
    return signs.subn("", text)


def running_lines(pages: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    """Return (page, line) of running headers, footers and page numbers.

    Each page gives the few lines at its upper or lower edge, outermost first. A line runs if the same text, digits
    aside, stands at the edge of at least ``MIN_REPEATS`` pages and ``REPEAT_SHARE`` of all. A page number is a line
    of nothing else whose numbers grow with the pages.

    >>> sorted(running_lines([["Town News", "1"], ["Town News", "2"], ["Town News", "3"]]))
    [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    """
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    offsets: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for index, line in enumerate(lines):
            if len(line) <= MAX_RUNNING_CHARS:
                places[_shape(line)].append((page, index))
            number = page_number(line)
            if number:
                offsets[number - page].append((page, index))
            elif number == 0:
                offsets[-1_000_000].append((page, index))
    least = max(min(MIN_REPEATS, max(2, len(pages))), REPEAT_SHARE * len(pages))
    found = set()
    for shape, hits in places.items():
        if len({page for page, _ in hits}) >= least and any(character.isalpha() for character in shape):
            found.update(hits)
    for hits in offsets.values():
        if len({page for page, _ in hits}) >= min(2, len(pages)):
            found.update(hits)
    return found


def _shape(line: str) -> str:
    """Return what stays the same in a running line from page to page."""
    return regex.sub(r"\d+", "#", "".join(line.split()).casefold())


NOTE_MARK = regex.compile(r"(?<=\S)(?:\[(\d{1,3})\]|［(\d{1,3})］|〔(\d{1,3})〕|([¹²³⁴-⁹⁰]{1,3})|([①-⑳]))")
WORD_BEHIND = regex.compile(r"\s*[\p{L}\p{N}]")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
EDITOR_LINES = 8  # blocks at the end among which editors are named
CUT_WINDOW = 40  # blocks before a page number among which the last of either language is looked for
RUNNING_TEXT = frozenset(["paragraph", "heading"])


def clean(document: Document, *, keep_invisible: bool = False) -> Document:
    """Return a document without page furniture, with a notice of everything that was removed.

    With ``keep_invisible`` zero-width signs stay; soft hyphens go in any case. For formats that are read as a stream of
    paragraphs; a PDF's running lines go by their places on the page.
    """
    blocks = list(document.blocks)
    notices = list(document.notices)
    gone = _page_furniture(blocks)
    for index in range(max(0, len(blocks) - EDITOR_LINES), len(blocks)):
        if blocks[index].row < 0 and is_editor_line(blocks[index].text):
            gone[index] = "line of the editors"
    drawn = {index for index, block in enumerate(blocks) if block.row < 0 and RULE.fullmatch(block.text)}
    gone.update(dict.fromkeys(drawn - gone.keys(), "drawn line"))
    kept = []
    turn = 0
    for index, block in enumerate(blocks):
        if index in gone:
            notices.append(Notice("removed", document.name, block.place, f"{gone[index]}: {block.text}"))
            turn += gone[index] not in ("line of the editors", "drawn line")
            continue
        kept.append(replace(block, page=block.page or turn + 1) if turn else block)
    marks = _note_marks(kept)
    result = []
    for index, block in enumerate(kept):
        text, invisible = without_invisible(block.text, SOFT_HYPHEN if keep_invisible else INVISIBLE)
        if invisible:
            message = f"{invisible} invisible signs (soft hyphens, zero-width spaces)"
            notices.append(Notice("removed", document.name, block.place, message))
        if index in marks:
            found = " ".join(match[0] for match in NOTE_MARK.finditer(text))
            notices.append(Notice("removed", document.name, block.place, f"marks of notes: {found}"))
            text = NOTE_MARK.sub("", text)
        if text.strip():
            result.append(block if text == block.text else replace(block, text=text.strip()))
    return replace(document, blocks=tuple(result), notices=tuple(notices))


def _page_furniture(blocks: Sequence[Block]) -> dict[int, str]:
    """Return the blocks that are page numbers or running lines, with what they are.

    Numbers alone on a line are page numbers if they count up by one through the document, and if one at least cuts
    a sentence, or is written as page numbers are (- 5 -, Page 5, 第5页), or stands at a page break. A line that is
    repeated is a running one only beside page numbers or page breaks: refrains and salutations are repeated too. A
    number that parts the halves of a sentence is a page number even if it is the only one.
    """
    loose = [index for index, block in enumerate(blocks) if block.row < 0 and block.kind in RUNNING_TEXT]
    edges = {a for a, b in pairwise(loose) if blocks[b].page > blocks[a].page > 0}
    edges |= {b for a, b in pairwise(loose) if blocks[b].page > blocks[a].page > 0}
    chains: dict[int, list[tuple[int, int]]] = {}  # by the last number of the chain
    best: list[tuple[int, int]] = []
    for index in loose:
        number = page_number(blocks[index].text)
        if not number:
            continue
        chain = [*chains.pop(number - 1, []), (index, number)]
        chains[number] = chain
        best = max(best, chain, key=len)
    order = {index: place for place, index in enumerate(loose)}
    telling = 0
    for index, _ in best:
        decorated = not blocks[index].text.strip().isdigit()
        telling += decorated or index in edges or _cuts(blocks, loose, order[index])
    texts = [blocks[index].text for index in loose]
    gone = {index: "page number" for index in loose if _parts_halves(texts, order[index])}
    if len(best) >= 2 and (telling >= min(2, len(best)) or any(index in gone for index, _ in best)):
        gone.update({index: "page number" for index, _ in best})
    neighbours = {order[index] + step for index in gone for step in (-1, 1)}
    if neighbours or edges:
        neighbours |= {0, len(loose) - 1}
    beside = edges | {loose[place] for place in neighbours if 0 <= place < len(loose)}
    places: dict[str, list[int]] = defaultdict(list)
    for index in sorted(beside - set(gone)):
        if len(blocks[index].text) <= MAX_RUNNING_CHARS:
            places[_shape(blocks[index].text)].append(index)
    for hits in places.values():
        if len(hits) >= MIN_REPEATS:
            gone.update(dict.fromkeys(hits, "running header or footer"))
    return gone


def _cuts(blocks: Sequence[Block], loose: Sequence[int], place: int) -> bool:
    """Tell whether the text of either language breaks off before a line."""
    for chinese in (True, False):
        before = [blocks[i].text for i in loose[max(0, place - CUT_WINDOW) : place]]
        own = [text for text in before if (han_share(text) >= 0.5) == chinese and page_number(text) is None]
        if own and len(own[-1]) > 40 - 20 * chinese and not finished(own[-1]):
            return True
    return False


def _parts_halves(texts: Sequence[str], place: int) -> bool:
    """Tell whether a line that may be a page number stands between the halves of a sentence which a page turn cuts.

    Without the shape of a page number it has to stand where the language changes: there pages of a bilingual text end.
    """
    number = page_number(texts[place])
    if not number:
        return False
    before, after = (
        [text for text in part if page_number(text) is None]
        for part in (reversed(texts[max(0, place - CUT_WINDOW) : place]), texts[place + 1 : place + 1 + CUT_WINDOW])
    )
    if not before or not after:
        return False
    turned = reads_as_chinese(before[0]) != reads_as_chinese(after[0])
    shaped = SHAPED_NUMBER.fullmatch(texts[place]) is not None
    if not shaped and (not turned or number > MAX_LONE_NUMBER):
        return False
    for chinese in {True, False} if turned else {reads_as_chinese(before[0])}:
        first = next((text for text in before if reads_as_chinese(text) == chinese), "")
        second = next((text for text in after if reads_as_chinese(text) == chinese), "")
        if not first or not second:
            continue
        if continues(first, second, CHINESE if chinese else ENGLISH, Turn(turned=True)):
            return True
        whole = finished(second) or SENTENCE_INSIDE.search(second)  # labels are not
        if turned and shaped and whole and not finished(first) and second[0].islower():
            return True
    return False


NOTE_START = regex.compile(
    r"^(?P<mark>\d{1,2}(?=[\s.\p{Han}])|[¹²³⁴-⁹⁰]{1,3}|[①-⑳]|\[\d{1,3}\]|［\d{1,3}］|〔\d{1,3}〕|[*†‡]{1,3})[\s.]*(?=[\p{Lu}\p{Han}《“\"「(（])"
)
NOTE_WINDOW = 60  # blocks before a note among which its mark is looked for


def notes_apart(document: Document) -> Document:
    """Put the notes at the feet of the pages behind the text, if one of them stands inside a sentence.

    A note is a paragraph that begins with a mark which stands behind a word of an earlier one in its language.
    """
    blocks = document.blocks
    chinese = [reads_as_chinese(block.text) for block in blocks]
    notes = [index for index in range(len(blocks)) if _is_note(blocks, chinese, index)]
    if not any(_parts_sentence(blocks, chinese, index, set(notes)) for index in notes):
        return document
    body = [block for index, block in enumerate(blocks) if index not in set(notes)]
    moved = [replace(blocks[index], kind="footnote") for index in notes]
    said = [
        Notice(
            "joined",
            document.name,
            block.place,
            f"a note at the foot of a page, put behind the text: {block.text[:40]}",
        )
        for block in moved
    ]
    return replace(document, blocks=(*body, *moved), notices=(*document.notices, *said))


def _is_note(blocks: Sequence[Block], chinese: Sequence[bool], index: int) -> bool:
    block = blocks[index]
    match = NOTE_START.match(block.text) if block.row < 0 and block.kind == "paragraph" else None
    if match is None:
        return False
    # A figure is a mark only right behind a word: sailors1 began, not "in 1998", "5 boats" and 第5部.
    behind = r"[[\p{L}.,”。，]--第]" if match["mark"].isdigit() and match["mark"].isascii() else r"[^\s*†‡]"
    marked = regex.compile(rf"(?V1)(?<={behind}){regex.escape(match['mark'])}(?![*†‡\d.]|年|月|日|号|個|个)")
    earlier = range(max(0, index - NOTE_WINDOW), index)
    return any(chinese[i] == chinese[index] and marked.search(blocks[i].text) for i in earlier)


def _parts_sentence(blocks: Sequence[Block], chinese: Sequence[bool], index: int, notes: set[int]) -> bool:
    """Tell whether the text of a note's language breaks off before the note and goes on after it."""
    own = [
        i
        for i in range(max(0, index - NOTE_WINDOW), min(len(blocks), index + NOTE_WINDOW))
        if chinese[i] == chinese[index] and i not in notes and page_number(blocks[i].text) is None
    ]
    before = [i for i in own if i < index]
    if not before or len(before) == len(own):
        return False
    language = CHINESE if chinese[index] else ENGLISH
    return continues(blocks[before[-1]].text, blocks[own[len(before)]].text, language, Turn(turned=True))


def _note_marks(blocks: Sequence[Block]) -> set[int]:
    """Return the blocks whose marks of notes are to go: marks count up from 1 on one side, two at least.

    They may begin anew on each page if no word follows any of them, as it does behind the numbers of a list.
    """
    sides: tuple[list[tuple[int, int, bool]], list[tuple[int, int, bool]]] = ([], [])
    for index, block in enumerate(blocks):
        for match in NOTE_MARK.finditer(block.text):
            at_end = not WORD_BEHIND.match(block.text, match.end())
            sides[han_share(block.text) >= 0.5].append((index, _mark_number(match), at_end))
    found: set[int] = set()
    for marks in sides:
        numbers = [number for _, number, _ in marks]
        anew = all(at_end for _, _, at_end in marks)
        counted = all(b == a + 1 or (b == 1 and anew) for a, b in pairwise(numbers))
        if len(numbers) >= 2 and numbers[0] == 1 and counted:
            found.update(index for index, _, _ in marks)
    return found


def _mark_number(match: regex.Match[str]) -> int:
    text = next(group for group in match.groups() if group)
    return ord(text) - ord("①") + 1 if "①" <= text <= "⑳" else int(text.translate(SUPERSCRIPTS))


MAX_WRAP_COLUMNS = 130  # wider lines are paragraphs, not lines of a typewriter or a mail program
MIN_WRAP_COLUMNS = 40
MIN_WRAPPED_PAIRS = 4
WRAPPED_SHARE = 0.7
MIN_NARROW_COLUMNS = 24  # of English letters; half of it in Chinese, which says as much in it
NARROW_SHARE, NARROW_ENDS = 0.85, 0.6  # of lines narrower than MIN_WRAP_COLUMNS: full ones, and open ends among them
NARROW_INNER = 0.25  # of narrow Chinese lines that hold a comma or full stop inside, as lines of verse do not
INNER_MARK = regex.compile(r"[，。；：、？！]\p{Han}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text file: its number, page, and text without edge spaces; ``indent`` counts the spaces before."""

    number: int
    page: int
    text: str
    indent: int = 0


def columns(text: str) -> int:
    """Return the width of a text in columns of a terminal; Chinese signs take two.

    >>> columns("对译 ab")
    7
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def unwrap(lines: Sequence[Line]) -> list[list[Line]]:
    """Put lines that a program broke at a fixed width together into paragraphs.

    A text is broken at a fixed width if lines that follow one another without a blank line are about equally wide,
    none very wide, such that the next word would not have fit, and end in mid-sentence. Verses and lists do not. In
    such a text a sentence also runs on from a line that somebody broke early. Page numbers stand by themselves.
    """
    texts = [line.text for line in lines]
    numbers = {index for index in range(len(lines)) if _stands_alone(texts, index) or is_pinyin(texts[index])}
    followed = [
        (a, a + 1)
        for a in range(len(lines) - 1)
        if lines[a + 1].number == lines[a].number + 1
        and lines[a].page == lines[a + 1].page
        and not numbers & {a, a + 1}
    ]
    joins: set[int] = set()
    if len(followed) >= MIN_WRAPPED_PAIRS:
        is_chinese = [reads_as_chinese(line.text) for line in lines]
        for chinese in (True, False):
            pairs = [(lines[a], lines[b], b) for a, b in followed if is_chinese[a] == is_chinese[b] == chinese]
            pairs = [(a, b, index) for a, b, index in pairs if not (OWN_START.match(b.text) and finished(a.text))]
            joins.update(_wrapped(pairs, chinese))
    paragraphs: list[list[Line]] = []
    for index, line in enumerate(lines):
        if index in joins:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _stands_alone(texts: Sequence[str], place: int) -> bool:
    """Tell whether a line is a page number by its shape or its place."""
    shaped = bool(page_number(texts[place])) and SHAPED_NUMBER.fullmatch(texts[place]) is not None
    return shaped or _parts_halves(texts, place)


def _wrapped(pairs: Sequence[tuple[Line, Line, int]], chinese: bool) -> list[int]:
    """Return which second lines of the pairs of neighbours in one language go on from the first; none in doubt."""
    if len(pairs) < MIN_WRAPPED_PAIRS:
        return []
    found = _wrapped_at(pairs, chinese, columns)
    # Programs that count characters make Chinese lines with Latin words narrower.
    return found or (_wrapped_at(pairs, chinese, _signs) if chinese else [])


def _signs(text: str) -> int:
    """Return the width of a text in columns if each sign took two."""
    return 2 * len(text)


def _wrapped_at(pairs: Sequence[tuple[Line, Line, int]], chinese: bool, measure: Callable[[str], int]) -> list[int]:
    widths = [measure(first.text) + first.indent for first, _, _ in pairs]
    width = sorted(widths)[int(0.95 * (len(widths) - 1))]  # not the widest: an address may stick out
    is_full = [width - own <= first_word_columns(b.text) for own, (_, b, _) in zip(widths, pairs, strict=True)]
    full = [first for (first, _, _), whole in zip(pairs, is_full, strict=True) if whole]
    open_ends = sum(not finished(line.text) for line in full)
    least, ends = WRAPPED_SHARE, 0.5
    if width < MIN_WRAP_COLUMNS:  # narrow columns, which verses may be as well
        least, ends = NARROW_SHARE, NARROW_ENDS
        inside = sum(bool(INNER_MARK.search(line.text)) for line in full)
        if chinese and inside < NARROW_INNER * len(full):
            return []
    going_on = [
        second for (first, second, _), whole in zip(pairs, is_full, strict=True) if whole and not finished(first.text)
    ]
    if not chinese and sum(line.text[:1].isupper() for line in going_on) > 0.5 * len(going_on):
        return []  # verses: each line begins with a capital letter
    narrowest = MIN_NARROW_COLUMNS // 2 if chinese else MIN_NARROW_COLUMNS
    if not narrowest <= width <= MAX_WRAP_COLUMNS or len(full) < least * len(pairs) or open_ends < ends * len(full):
        return []
    return [
        index
        for (first, second, index), whole in zip(pairs, is_full, strict=True)
        if (whole and not (second.indent > first.indent and finished(first.text)))
        or (not finished(first.text) and _runs_on(second.text, chinese) and measure(first.text) >= 0.5 * width)
    ]


def _runs_on(text: str, chinese: bool) -> bool:
    return not OWN_START.match(text) if chinese else text[:1].islower()


def first_word_columns(text: str) -> int:
    """Return about how many columns the first word of a text takes, with a space before it."""
    if han_share(text[:2]) > 0:
        return 4
    return columns(text.split(" ", 1)[0]) + 1
