"""From what the readers give to the two sides of a document: split or paired, ordered and healed.

bitext = load(collect([Path("talk.txt")]).inputs[0])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from tmx import metadata
from tmx.characters import is_han
from tmx.cues import pair_by_time
from tmx.errors import EmptyInputError
from tmx.furniture import clean, notes_apart
from tmx.healing import Habits, Turn, continues, habits, joined, may_go_on, runs
from tmx.labels import without_labels
from tmx.languages import canonical, is_chinese, is_english
from tmx.mixed import split_lines
from tmx.model import Bitext, Block, BlockKind, Document, Metadata, Notice, Paragraph, Piece, Row
from tmx.readers import Input, ReadOptions, read
from tmx.readers.resources import KEYED, by_key
from tmx.scripts import labelled, reads_as_chinese
from tmx.varieties import one_script

SOURCE, TARGET = 0, 1
EXCERPT_CHARS = 40

# What holds units of many documents: its first text is no title, and a date in it is no date of the file.
MEMORIES = frozenset(["tmx", "sdltm", "wordfast", "po", "jsonl", KEYED])
JOINED_KINDS = frozenset(["paragraph", "heading"])  # notes, boxes and cells stand beside the running text


@dataclass(frozen=True, slots=True)
class _Line:
    """A block that is put on one side; ``turned`` says that a page turn was removed before it."""

    block: Block
    side: int
    turned: bool = False


def load(item: Input, options: ReadOptions | None = None) -> Bitext:
    """Read the files of one document and return its two sides.

    A mixed file is split by the share of Han characters in each block, and each side is put in order by itself.
    Lines that hold both languages ("中文 / English") and rows of tables become row pairs. Sentences which page
    turns cut are joined, and every join is a notice with the places of both pieces.

    Raises:
        ToolError: a file cannot be read, or one of the two languages is missing.
    """
    options = options or ReadOptions()
    documents = [
        (read(path, _part_name(item, index), options), role)
        for index, (path, role) in enumerate(zip(item.paths, item.roles, strict=True))
    ]
    lines: list[_Line] = []
    notices: list[Notice] = []
    remembered = all(document.format in MEMORIES for document, _ in documents)
    keyed = all(document.format == KEYED for document, _ in documents)
    if keyed and len(documents) == 2:
        paired, notices = by_key(item.name, [document for document, _ in documents])
        documents = list(zip(paired, item.roles, strict=True))
    for document, role in documents:
        document = one_script(notes_apart(document), options.source_language)
        tidy = document
        if not options.keep_furniture:
            tidy = without_labels(clean(document, keep_invisible=options.keep_invisible))
        notices.extend(tidy.notices)
        lines.extend(_split(tidy, role))
    if keyed:
        lines.sort(key=lambda line: (line.block.row, line.side))
    if len(documents) == 2 and all(document.format == "moses" for document, _ in documents):
        lines, found = _line_by_line(item.name, lines)
        notices += found
    if all(line.block.kind == "cue" and line.block.row < 0 for line in lines):
        lines, found = _paired_cues(item.name, lines)
        notices += found
    bitext = _assemble(item.name, lines, notices, options)
    _check_sides(bitext, item)
    stated = [metadata.sound(document.metadata) for document, _ in documents]
    return replace(
        bitext,
        source_language=labelled(_label(SOURCE, lines, options), "".join(p.text for p in bitext.source)),
        target_language=_label(TARGET, lines, options),
        metadata=metadata.merge(
            item.metadata,
            Metadata() if remembered else metadata.from_text(bitext.source, bitext.target),
            *stated,
            metadata.from_name(item.name),
            Metadata(date=options.date),
        ),
    )


def _line_by_line(name: str, lines: list[_Line]) -> tuple[list[_Line], list[Notice]]:
    """Put the lines of a Moses pair side by side; files of unequally many lines are aligned as texts."""
    last = [max((line.block.row for line in lines if line.side == side), default=-1) for side in (SOURCE, TARGET)]
    if last[SOURCE] == last[TARGET]:
        return sorted(lines, key=lambda line: (line.block.row, line.side)), []
    counts = f"{last[SOURCE] + 1} lines in Chinese, {last[TARGET] + 1} in English"
    notice = Notice("warning", name, "", f"{counts}: the lines are aligned by their words, not by their numbers")
    return [replace(line, block=replace(line.block, row=-1, kind="paragraph")) for line in lines], [notice]


def _part_name(item: Input, index: int) -> str:
    return item.name if len(item.paths) == 1 else item.paths[index].name


def _check_sides(bitext: Bitext, item: Input) -> None:
    if bitext.source and bitext.target:
        return
    if not bitext.source and not bitext.target:
        raise EmptyInputError(f"{item.name}: no text in it")
    present, missing = ("English", "Chinese") if bitext.target else ("Chinese", "English")
    raise EmptyInputError(
        f"{item.name}: all text is {present}; there is no {missing} to align it with"
        " (name the two files of a pair alike: talk.zh.txt, talk.en.txt)"
    )


def _split(document: Document, role: str) -> list[_Line]:
    """Put every block of a document on its side, lines that hold both languages on both."""
    if role == "source":
        return [_Line(block, SOURCE) for block in document.blocks]
    if role == "target":
        return [_Line(block, TARGET) for block in document.blocks]
    blocks = split_lines(document.blocks)
    sides = [_side(block) for block in blocks]
    return [_Line(block, side) for block, side in zip(blocks, _settle(blocks, sides), strict=True)]


def _side(block: Block) -> int | None:
    """Return the side of a block, None if it holds no words at all (numbers, rules)."""
    worded = any(character.isalpha() for character in block.text)
    # A declared language counts unless the script says otherwise: pages declare carelessly.
    if is_chinese(block.language) and (not worded or block.row >= 0 or any(map(is_han, block.text))):
        return SOURCE
    chinese = reads_as_chinese(block.text)
    if is_english(block.language) and (not chinese or block.row >= 0):
        return TARGET
    if not worded:
        return None
    return SOURCE if chinese else TARGET


def _settle(blocks: Sequence[Block], sides: list[int | None]) -> list[int]:
    """Give blocks without words a side.

    Of two equal neighbours the first goes with the block before it and the second to the other side, as in a text
    that alternates line by line; a lone one goes with the block before it, at the start with the one after it.
    """
    settled: list[int] = []
    following = next((side for side in sides if side is not None), SOURCE)
    for index, side in enumerate(sides):
        if side is not None:
            settled.append(side)
        elif index and sides[index - 1] is None and blocks[index - 1].text == blocks[index].text:
            settled.append(1 - settled[-1])
        else:
            settled.append(settled[-1] if settled else following)
    return settled


def _label(side: int, lines: Iterable[_Line], options: ReadOptions) -> str:
    """Return the tag of a side: what a user asked for, else what the file says of all of it, else the setting."""
    stated = {canonical(line.block.language) for line in lines if line.side == side}
    own = stated.pop() if len(stated) == 1 else ""
    speaks, setting = (is_chinese, options.source_language) if side == SOURCE else (is_english, options.target_language)
    return options.labels[side] or (own if "-" in own and speaks(own) else setting)


def _assemble(name: str, lines: list[_Line], notices: list[Notice], options: ReadOptions) -> Bitext:
    languages = (options.source_language, options.target_language)
    joins = _joins(lines, languages)
    paragraphs: tuple[list[Paragraph], list[Paragraph]] = ([], [])
    rows: list[_OpenRow] = []
    number = -1  # of the open row in the input
    for index, line in enumerate(lines):
        side, block = line.side, line.block
        own = paragraphs[side]
        if joins[index]:
            before = own[-1]
            notices.append(_join_notice(name, before, block, side, joins[index]))
            own[-1] = _extend(before, block, languages[side])
            continue
        if block.row < 0 or block.row != number:
            rows.append(_OpenRow())
            number = block.row
        own.append(Paragraph(block.text, (Piece(0, len(block.text), block.place),)))
        rows[-1].add(block, side)
    closed = _closed(rows)
    return Bitext(
        name,
        tuple(paragraphs[SOURCE]),
        tuple(paragraphs[TARGET]),
        options.source_language,
        options.target_language,
        rows=closed if any(row.is_pair for row in closed) else (),
        notices=tuple(notices),
    )


def _paired_cues(name: str, lines: Sequence[_Line]) -> tuple[list[_Line], list[Notice]]:
    """Return the cues of two subtitle files in rows, and what is to be said of their times."""
    sides = [[line.block for line in lines if line.side == side] for side in (SOURCE, TARGET)]
    cues, message = pair_by_time(sides[SOURCE], sides[TARGET])
    notices = [Notice("warning", name, sides[TARGET][0].place, message)] if message else []
    return [_Line(block, side) for side, block in cues], notices


class _OpenRow:
    """A row while its blocks come in."""

    def __init__(self) -> None:
        self.counts = [0, 0]
        self.kind: BlockKind | Literal[""] = ""
        self.notes: dict[str, None] = {}
        self.properties: dict[str, str] = {}

    def add(self, block: Block, side: int) -> None:
        self.counts[side] += 1
        if block.row >= 0 or block.kind == "cue":
            self.kind = block.kind
        self.notes.update(dict.fromkeys(block.notes))
        for name, value in block.properties:
            self.properties.setdefault(name, value)


def _closed(rows: Sequence[_OpenRow]) -> tuple[Row, ...]:
    closed = []
    source = target = 0
    for row in rows:
        ends = source + row.counts[SOURCE], target + row.counts[TARGET]
        properties = tuple(sorted(row.properties.items()))
        closed.append(Row((source, ends[0]), (target, ends[1]), row.kind, tuple(row.notes), properties))
        source, target = ends
    return tuple(closed)


def _join_notice(name: str, before: Paragraph, block: Block, side: int, what: str) -> Notice:
    language = "Chinese" if side == SOURCE else "English"
    message = f"{language} {what} cut by a page turn: “{_end(before.text)}” + “{_start(block.text)}”"
    return Notice("joined", name, f"{before.pieces[-1].place} with {block.place}", message)


def _extend(paragraph: Paragraph, block: Block, language: str) -> Paragraph:
    text = joined(paragraph.text, block.text, language)
    start = len(text) - len(block.text)
    last = paragraph.pieces[-1]
    pieces = (*paragraph.pieces[:-1], replace(last, end=min(last.end, start)))  # a hyphen may have gone
    return Paragraph(text, (*pieces, Piece(start, len(text), block.place)))


def _joins(lines: Sequence[_Line], languages: tuple[str, str]) -> list[str]:
    """Return for every line what it continues from the line before it on its side, empty if nothing."""
    joins = [""] * len(lines)
    turns = _turns(lines)
    usual = [_habits(lines, turns, side) for side in (SOURCE, TARGET)]
    last: list[int] = [-1, -1]
    for index, line in enumerate(lines):
        if line.block.kind not in JOINED_KINDS or line.block.row >= 0:
            continue
        before = last[line.side]
        last[line.side] = index
        if before < 0:
            continue
        first, second, chained = lines[before].block.text, line.block.text, bool(joins[before])
        if line.block.kind == lines[before].block.kind == "paragraph" and continues(
            first, second, languages[line.side], replace(turns[index], habits=usual[line.side]), chained=chained
        ):
            joins[index] = "sentence"
    _join_by_count(lines, joins)
    return joins


def _habits(lines: Sequence[_Line], turns: Sequence[Turn], side: int) -> Habits:
    """Return how the paragraphs of a side end and begin away from page turns."""
    own = [index for index, line in enumerate(lines) if line.side == side and line.block.kind == "paragraph"]
    inside = [a for a, b in pairwise(own) if not turns[b].turned and not turns[a].turned]
    return habits([lines[index].block.text for index in inside])


def _join_by_count(lines: Sequence[_Line], joins: list[str]) -> None:
    """Join paragraphs which a page turn cuts between two sentences, where the paragraphs of the pages tell.

    If a document has page turns, and on its pages the two languages have equally many paragraphs but for pages on
    which one language has one more, and that page begins in the middle of things, then its first paragraph is the
    rest of the one before the page turn. Nothing is joined unless that makes every page agree.
    """
    ranges = runs([line.side for line in lines])
    pages = [ranges[index : index + 2] for index in range(0, len(ranges), 2)]
    if not any(joins) or len(pages) < 3 or len(pages[-1]) < 2:
        return
    found = []
    agreeing = 0
    for number, page in enumerate(pages):
        counts = [sum(not joins[i] for i in range(start, stop)) for start, stop in page]
        if counts[0] == counts[1]:
            agreeing += 1
            continue
        longer = 0 if counts[0] > counts[1] else 1
        start = page[longer][0]
        if number == 0 or abs(counts[0] - counts[1]) != 1 or joins[start]:
            return
        before = pages[number - 1][longer][1] - 1
        if not may_go_on(lines[before].block.text, lines[start].block.text):
            return
        found.append(start)
    if agreeing >= len(found):
        for start in found:
            joins[start] = "paragraph"


def _turns(lines: Sequence[_Line]) -> list[Turn]:
    """Return for every line what lies between it and the line before it on its own side."""
    ranges = runs([line.side for line in lines])
    leader = lines[0].side if lines else SOURCE
    turns = [Turn(turned=False)] * len(lines)
    for number, (start, stop) in enumerate(ranges):
        for index in range(start + 1, stop):
            turns[index] = Turn(turned=lines[index].turned or lines[index].block.page != lines[index - 1].block.page)
        if number >= 2:
            other = number + 1 if lines[start].side == leader else number - 1
            excess = stop - start - (ranges[other][1] - ranges[other][0]) if other < len(ranges) else None
            turns[start] = Turn(turned=True, excess=excess)
    return turns


def _end(text: str) -> str:
    return text if len(text) <= EXCERPT_CHARS else "…" + text[-EXCERPT_CHARS:].lstrip()


def _start(text: str) -> str:
    return text if len(text) <= EXCERPT_CHARS else text[:EXCERPT_CHARS].rstrip() + "…"
