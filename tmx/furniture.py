"""Page furniture: running headers and footers, page numbers, editors' lines, signs that only help to lay out text.

Everything here decides by general evidence and says what it found; the callers remove it and list every removal
with its place, or keep it all when ``ReadOptions.keep_furniture`` is set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import regex

MIN_REPEATS = 3  # pages on which a running line stands at least; two can be chance
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
EDITOR = regex.compile(
    r"""^[（(【\[]?\s*(?:
      (?:责任编辑|責任編輯|本期编辑|网络编辑|责编|責編|编辑|編輯|编审|校对|校對|值班编辑)\s*[:：\]】]\s*.{1,40}
    | (?:web\s+editor|executive\s+editor|responsible\s+editor|editor(?:\s+in\s+charge)?s?|proofreader)\s*:\s*.{1,60}
    )[）)】\]]?$""",
    regex.VERBOSE | regex.IGNORECASE,
)
INVISIBLE = regex.compile("[\u00ad\u200b\u2060\ufeff]")


def page_number(text: str) -> int | None:
    """Return the number if a line is nothing but a page number, 0 for a Roman one, None if it is none.

    >>> page_number("- 12 -"), page_number("Page 3 of 10"), page_number("第5页 共9页"), page_number("in 2021")
    (12, 3, 5, None)
    """
    match = PAGE_NUMBER.match(text.strip())
    if match is None:
        return None
    return int(match["n"]) if match["n"] else 0


def is_editor_line(text: str) -> bool:
    """Tell whether a line names the editors, as web pages of news agencies end.

    >>> is_editor_line("责编：李明"), is_editor_line("(Editor: Li Ming)"), is_editor_line("编辑部的故事")
    (True, True, False)
    """
    return bool(EDITOR.match(text))


def without_invisible(text: str) -> tuple[str, int]:
    """Return a text without soft hyphens and zero-width signs, and how many there were."""
    return INVISIBLE.subn("", text)


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
    least = max(MIN_REPEATS, REPEAT_SHARE * len(pages))
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
