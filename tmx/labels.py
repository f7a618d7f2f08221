"""What stands before a text and is none: names of languages, time codes, counters, marks of one language, LaTeX.

Each is taken off where the document shows that it is a habit, and named in a notice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import regex

from tmx.model import Block, Document, Notice
from tmx.readers.tables import CHINESE_HEADERS, HEADERS, LANGUAGES, Cell
from tmx.scripts import reads_as_chinese

LABELLED_LINES = 3  # of each language; one may be chance
LABEL = regex.compile(
    r"(?:^(?:[-*•]\s+)?|(?<=[\s。！？.!?…”\"|/｜／])|(?<=\p{P})(?=[\[【〔(（<]))"
    r"(?:[\[【〔(（<](?P<name>[\p{L}_-]{1,20})[\]】〕)）>]\s*[:：]?|(?P<name>[\p{L}_-]{1,20})\s*[:：=])\s*"
)
CLOSING = regex.compile(r"</[A-Za-z][\w-]*>")
AROUND = regex.compile(r"<[A-Za-z][^<>]*>\s*(?=<[A-Za-z])")  # <s id="3"><zh>...
QUOTED = regex.compile(r"[\"“](.*)[\"”][,;，；]?")
MAX_HEADING_CHARS = 40
HEADING_SIGNS = " \t#*_=-–—[]【】〔〕()（）<>《》「」:："
TIME_CODE = regex.compile(
    r"(?:[\[【(（<]\s*(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,:]\d{1,3})?\s*[\]】)）>]|(?:\d{1,2}:)?\d{1,2}:\d{2}(?::\d{2}|[.,]\d{1,3}))\s*"
)
ABOUT_SONG = regex.compile(r"\[(?:ti|ar|al|au|by|re|ve|tool|length|offset):.*\]", regex.IGNORECASE)  # of .lrc
COUNTER = regex.compile(
    r"(?:[#№]|(?:segment|seg|pair|entry|no)\b[.:]?|(?:序号|编号|編號)[:：]?)\s*(\d{1,6})\s*[.:：]?", regex.IGNORECASE
)
LINE_NUMBER = regex.compile(r"(\d{1,6})[.:：|｜]?(?:\s+|(?<=[:：|｜]))(?=\S)")
# A line of LaTeX begins with a command; those without text of their own, those around text, signs that are written out.
COMMAND = regex.compile(
    r"\\(?:(?:sub){0,2}section|chapter|part|(?:sub)?paragraph|title|caption|item|begin|end|documentclass|usepackage"
    r"|maketitle|textbf|textit|emph|noindent|par|footnotetext)(?![A-Za-z])\*?(?:\[[^\]]*\])?\s*"
)
SILENT = regex.compile(
    r"\\(?:begin|end|documentclass|usepackage|label|cite|ref|includegraphics|vspace|hspace)\*?(?:\[[^\]]*\])?(?:\{[^{}]*\})+"
    r"(?:\[[^\]]*\])?|\\(?:maketitle|centering|newpage|clearpage|tableofcontents)(?![A-Za-z])|(?<!\\)%.*|\\\\\s*$"
)
WRAPPING = regex.compile(r"\\[A-Za-z]+\*?(?:\[[^\]]*\])?\{([^{}]*)\}")
ESCAPED = regex.compile(r"\\([%&$#_{}])")
MARK = regex.compile(r"(?:[-–—=~]{1,2}>?|[*•·●◆◇■□▪★※→⇒»+@:：|]{1,2}|//)[ \t\u3000]*(?=[\p{L}\p{N}\p{P}])")
NUMBERED_SHARE = 0.8  # of the lines; the others are titles
TIMED_SHARE = 0.5  # of the paragraphs
MARKED_SHARE = 0.8  # of the paragraphs of a language begin with the same mark,
UNMARKED_SHARE = 0.1  # and of the other hardly any with a mark


def without_labels(document: Document) -> Document:
    """Return a document without what stands before its texts and is none of them."""
    steps = (
        *(_without_commands, _without_times, _without_counters, _without_line_numbers),
        *(_without_headings, _without_names, _without_marks),
    )
    for step in steps:
        document = step(document)
    return document


def _without_commands(document: Document) -> Document:
    """Take off the commands of a text written in LaTeX; the text inside them stays."""
    found = _beginning(document.blocks, COMMAND)
    if len(found) < LABELLED_LINES:
        return document
    blocks = []
    for block in document.blocks:
        text = block.text
        if block.row < 0:
            text = SILENT.sub("", text)
            while (bare := WRAPPING.sub(r"\1", text)) != text:
                text = bare
            text = ESCAPED.sub(r"\1", COMMAND.sub("", text).replace("~", " ")).strip()
        blocks.append(replace(block, text=text))
    count = sum(before.text != after.text for before, after in zip(document.blocks, blocks, strict=True))
    first = min(found)
    message = f"commands of LaTeX in {count} lines: {found[first][0].strip()}"
    notice = Notice("removed", document.name, document.blocks[first].place, message)
    return replace(document, blocks=tuple(b for b in blocks if b.text), notices=(*document.notices, notice))


def _without_names(document: Document) -> Document:
    """Take the names of the languages off the texts (中文：…, [EN] …, also on one line), where both have them.

    Which language a name stands for is seen from the text behind it; one that stands before both is no label.
    """
    labelled = {index: found for index, block in enumerate(document.blocks) if (found := _labelled(block))}
    texts: dict[str, list[str]] = defaultdict(list)
    for found in labelled.values():
        for _, name, text in found:
            texts[name].append(text)
    sides = {}
    for name, behind in texts.items():
        chinese = {reads_as_chinese(text) for text in behind}
        if len(behind) >= LABELLED_LINES and len(chinese) == 1:
            sides[name] = chinese.pop()
    if set(sides.values()) != {True, False}:
        return document
    blocks = list(document.blocks)
    notices = []
    said: set[str] = set()
    quoted = all(QUOTED.fullmatch(text) for name in sides for text in texts[name])
    if quoted:
        message = f"quotation marks around {sum(len(texts[name]) for name in sides)} texts"
        notices.append(Notice("removed", document.name, blocks[min(labelled)].place, message))
    for index, found in labelled.items():
        if all(name in sides for _, name, _ in found):
            # A tab parts the two texts of a line.
            line = [QUOTED.sub(r"\1", text) if quoted else text for _, _, text in found]
            blocks[index] = replace(blocks[index], text="\t".join(line))
            for written, name, _ in found:
                if name not in said:
                    message = f"label before {len(texts[name])} texts: {written}"
                    notices.append(Notice("removed", document.name, blocks[index].place, message))
                    said.add(name)
    return replace(document, blocks=tuple(blocks), notices=(*document.notices, *notices))


def _labelled(block: Block) -> list[tuple[str, str, str]]:
    """Return the labels of a block that begins with one: each as it is written, its name, and the text behind it."""
    text = AROUND.sub("", CLOSING.sub(" ", block.text)) if block.text.startswith("<") else block.text
    if block.row >= 0 or not LABEL.match(text):  # most begin with none; searching all of each would take longer
        return []
    found = [match for match in LABEL.finditer(text) if match["name"].casefold() in HEADERS]
    if not found or found[0].start() > 0:
        return []
    ends = [*(match.start() for match in found[1:]), len(text)]
    labels = [
        (match[0].strip(), match["name"].casefold(), text[match.end() : end].strip(" \t|/｜／"))
        for match, end in zip(found, ends, strict=True)
    ]
    return labels if all(behind for _, _, behind in labels) else []


def _without_headings(document: Document) -> Document:
    """Leave out lines that are nothing but the name of the language of what follows, where both languages have one."""
    blocks = document.blocks
    named = {i: name for i, block in enumerate(blocks) if block.row < 0 and (name := _language(block.text))}
    if {name in CHINESE_HEADERS for name in named.values()} != {True, False}:
        return document
    for index, name in named.items():
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if following is None or index + 1 in named or reads_as_chinese(following.text) != (name in CHINESE_HEADERS):
            return document
    notices = [
        Notice("removed", document.name, blocks[i].place, f"name of the language that follows: {blocks[i].text}")
        for i in named
    ]
    kept = tuple(block for index, block in enumerate(blocks) if index not in named)
    return replace(document, blocks=kept, notices=(*document.notices, *notices))


def _language(text: str) -> str:
    """Return the heading for a language that a whole text is, nothing if it is none."""
    heading = Cell((text.strip(HEADING_SIGNS),), "").heading if len(text) <= MAX_HEADING_CHARS else ""
    return heading if heading in LANGUAGES else ""


def _without_times(document: Document) -> Document:
    """Take time codes off the lines of a transcript or a song ([00:01:05] …, [00:12.50]…)."""
    found = _beginning(document.blocks, TIME_CODE)
    running = sum(block.row < 0 for block in document.blocks)
    if len(found) < max(LABELLED_LINES, TIMED_SHARE * running):
        return document
    songs = [block for block in document.blocks if block.row < 0 and ABOUT_SONG.fullmatch(block.text)]
    notices = [Notice("removed", document.name, block.place, f"about the song: {block.text}") for block in songs]
    document = replace(document, notices=(*document.notices, *notices))
    return _taken_off(document, found, "time codes", frozenset(songs))


def _without_counters(document: Document) -> Document:
    """Leave out lines that only count what follows (#1, #2, #3)."""
    found = {
        index: match
        for index, block in enumerate(document.blocks)
        if block.row < 0 and (match := COUNTER.fullmatch(block.text))
    }
    numbers = [int(match[1]) for match in found.values()]
    if len(numbers) < LABELLED_LINES or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return document
    return _taken_off(document, found, "counters")


def _without_line_numbers(document: Document) -> Document:
    """Take off the numbers of the lines: of each in both languages, or of every fifth or so.

    A list counts its items in each language anew, and what stands between two items does not count there.
    """
    found = _beginning(document.blocks, LINE_NUMBER)
    if len(found) < LABELLED_LINES:
        return document
    lines = [index for index, block in enumerate(document.blocks) if block.row < 0]
    # What a line number is ahead of its place is the same throughout; other numbers are the beginning of a text.
    ahead = {index: int(found[index][1]) - place for place, index in enumerate(lines) if index in found}
    (usual, _), *_ = Counter(ahead.values()).most_common(1)
    found = {index: match for index, match in found.items() if ahead[index] == usual}
    numbers = [int(match[1]) for match in found.values()]
    step = numbers[1] - numbers[0] if len(numbers) >= LABELLED_LINES else 0
    if not step or numbers[0] % step or numbers != list(range(numbers[0], numbers[-1] + 1, step)):
        return document
    languages = {reads_as_chinese(document.blocks[index].text) for index in found}
    if step == 1 and (len(languages) == 1 or len(found) < NUMBERED_SHARE * len(lines)):
        return document
    return _taken_off(document, found, "numbers of lines")


def _without_marks(document: Document) -> Document:
    """Take off the mark with which all paragraphs of one language begin, and of the other none (—— The Town)."""
    running = [index for index, block in enumerate(document.blocks) if block.row < 0 and block.kind == "paragraph"]
    sides = {index: reads_as_chinese(document.blocks[index].text) for index in running}
    marked = _beginning(document.blocks, MARK)
    for side in (True, False):
        own, others = ([index for index in running if (sides[index] == side) == same] for same in (True, False))
        marks = Counter(marked[index][0].strip() for index in own if index in marked)
        mark, most = next(iter(marks.most_common(1)), ("", 0))
        theirs = sum(index in marked for index in others)
        alone = len(others) >= LABELLED_LINES and theirs <= UNMARKED_SHARE * len(others)
        if alone and most >= max(LABELLED_LINES, MARKED_SHARE * len(own)):
            found = {i: m for i, m in marked.items() if sides.get(i) == side and m[0].strip() == mark}
            return _taken_off(document, found, "marks before the texts of one language")
    return document


def _beginning(blocks: Sequence[Block], pattern: regex.Pattern[str]) -> dict[int, regex.Match[str]]:
    return {i: match for i, block in enumerate(blocks) if block.row < 0 and (match := pattern.match(block.text))}


def _taken_off(
    document: Document, found: Mapping[int, regex.Match[str]], what: str, gone: frozenset[Block] = frozenset()
) -> Document:
    """Return a document without what was found at the start of its blocks; blocks of which nothing is left go."""
    first = min(found)
    message = f"{len(found)} {what}: {found[first][0].strip()}"
    blocks = [
        replace(block, text=block.text[found[index].end() :]) if index in found else block
        for index, block in enumerate(document.blocks)
        if block not in gone
    ]
    notice = Notice("removed", document.name, document.blocks[first].place, message)
    return replace(document, blocks=tuple(b for b in blocks if b.text.strip()), notices=(*document.notices, notice))
