"""What a document says about itself: title, date, source; from its text, its name, its format, a manifest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from tmx.healing import finished
from tmx.languages import CHINESE, ENGLISH
from tmx.model import Metadata, Paragraph
from tmx.numbers import find

HEAD = 8  # paragraphs at the beginning that may hold title, date, source
TAIL = 4  # paragraphs at the end that may hold the date of signature or the source
DATE_LINE_CHARS = 60
MAX_TITLE_CHARS = 200
FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NAME_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.年]?)(0?[1-9]|1[0-2])(?:\2|月)(0?[1-9]|[12]\d|3[01])日?(?!\d)")
NAME_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_.](0[1-9]|1[0-2]))?(?!\d)")
ADDRESS = re.compile(r"https?://[^\s<>\"'，。；）)】]+")
SOURCE = re.compile(r"^[（(【]?\s*(?:(?:稿件|文章|信息)?来源|來源|source)\s*[:：]\s*(.{1,60}?)[）)】]?$", re.IGNORECASE)
# Titles that programs make up.
NO_TITLE = re.compile(
    r"^(?:microsoft word\b.*|untitled.*|document\d*|文档\d*|无标题.*|.*\.(?:docx?|pdf|html?|txt))$", re.I
)


def merge(*sources: Metadata) -> Metadata:
    """Return metadata in which the first source that knows a field decides it.

    >>> merge(Metadata(date="2021-12-30"), Metadata("Talk", "2020")).date
    '2021-12-30'
    """
    properties: dict[str, str] = {}
    for source in reversed(sources):
        properties.update(source.properties)
    return Metadata(
        next((s.title for s in sources if s.title), ""),
        next((s.date for s in sources if s.date), ""),
        next((s.source for s in sources if s.source), ""),
        tuple(sorted(properties.items())),
    )


def sound(metadata: Metadata) -> Metadata:
    """Return what a format states, without titles that programs make up and dates that are none."""
    title = " ".join(metadata.title.split())
    match = FULL_DATE.match(metadata.date)
    date = match[0] if match else metadata.date if re.fullmatch(r"\d{4}(?:-\d{2})?", metadata.date) else ""
    return Metadata("" if NO_TITLE.match(title) else title, date, metadata.source, metadata.properties)


def from_text(source: Sequence[Paragraph], target: Sequence[Paragraph]) -> Metadata:
    """Return what the text says: a short first paragraph as title, a line that is a date, a line with the source."""
    date = ""
    for paragraphs, language in ((source, CHINESE), (target, ENGLISH)):
        date = date or _date_line([p.text for p in paragraphs[:HEAD]], language)
    for paragraphs, language in ((source, CHINESE), (target, ENGLISH)):
        date = date or _date_line([p.text for p in paragraphs[-TAIL:]], language)
    edges = [*source[:HEAD], *target[:HEAD], *source[-TAIL:], *target[-TAIL:]]
    return Metadata(_title(source) or _title(target), date, _source(edges))


def from_name(name: str) -> Metadata:
    """Return the date that stands in the name of a file or its folder.

    >>> from_name("talks/interview-2021-12-30.txt").date, from_name("20211230.docx").date, from_name("gwr-2019").date
    ('2021-12-30', '2021-12-30', '2019')
    """
    for part in reversed(PurePosixPath(name).parts):
        if match := NAME_DATE.search(part):
            return Metadata(date=f"{match[1]}-{int(match[3]):02}-{int(match[4]):02}")
    for part in reversed(PurePosixPath(name).parts):
        if match := NAME_YEAR.search(part):
            return Metadata(date=f"{match[1]}-{match[2]}" if match[2] else match[1])
    return Metadata()


def _date_line(texts: Sequence[str], language: str) -> str:
    """Return the date of the first short line that has one, full; a line of nothing else goes first."""
    found = ""
    for text in texts:
        if len(text) > DATE_LINE_CHARS and not text.startswith(("—", "（", "(")):
            continue
        dates = [q for q in find(text, language) if q.kind == "date" and FULL_DATE.fullmatch(q.value)]
        if len(dates) == 1:
            rest = text[: dates[0].start] + text[dates[0].end :]
            if not any(character.isalpha() for character in rest):
                return dates[0].value
            if not finished(text):
                found = found or dates[0].value
    return found


def _title(paragraphs: Sequence[Paragraph]) -> str:
    if len(paragraphs) < 2:
        return ""
    text = paragraphs[0].text
    label = re.match(r"^[^:：]{1,20}[:：]", text)
    return text if len(text) <= MAX_TITLE_CHARS and not finished(text) and not label else ""


def _source(paragraphs: Sequence[Paragraph]) -> str:
    for paragraph in paragraphs:
        if len(paragraph.text) <= DATE_LINE_CHARS and (match := SOURCE.match(paragraph.text)):
            return match[1].strip()
    for paragraph in paragraphs:
        if len(paragraph.text) <= 2 * DATE_LINE_CHARS and (match := ADDRESS.search(paragraph.text)):
            return match[0].rstrip(".,;")
    return ""
