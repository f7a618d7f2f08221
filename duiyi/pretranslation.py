"""Pre-translation: what the memory knows of a new document, segment by segment, and how much work is left.

Each segment gets its exact match, else the best fuzzy one with its rate. A match that differs in figures alone gets the
new figures where that is safe: where each old one stands as often in the target as in the source, and the numbers of
both new texts agree. Terms are listed with their renderings. The analysis is the one translators are paid by.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from duiyi.lookup import LookupOptions, Memory, key
from duiyi.recognition import Recogniser
from glossary.files.fields import Field, worded
from glossary.files.sheets import Sheet, writing_book
from glossary.model import ConceptEntry
from tmx import readers
from tmx.characters import HAN_BLOCKS, han_share
from tmx.errors import EmptyInputError
from tmx.files import atomic_path, replace_forbidden
from tmx.languages import CHINESE, ENGLISH
from tmx.messages import Language, Messages, load
from tmx.numbers import Quantity, agreement, find
from tmx.numbers.english import dated_like, written_like
from tmx.scripts import labelled
from tmx.segmentation import segment

BANDS: tuple[tuple[str, int], ...] = (("95–99", 95), ("85–94", 85), ("75–84", 75), ("50–74", 50))
EXACT, REPETITION, NEW = "exact", "repetition", "new"
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS)
_WORD = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+(?:['’.,-][^\W{_HAN}]+)*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A segment of the new document and what is known of it.

    ``rate`` is the match rate in percent, 0 without a match; ``matched`` the source of the match,
    ``remembered`` its target as the memory has it. ``numbers`` are the
    figures that were put in place of others. ``other_script``: the match is in Simplified and the segment in
    Traditional Chinese, or the reverse. ``kind`` is exact, repetition (of an earlier segment), a band or new.
    ``terms`` are pairs of a Chinese form and its preferred rendering.
    """

    number: int
    place: str
    source: str
    target: str
    rate: int
    matched: str
    kind: str
    numbers: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    origin: str = ""
    remembered: str = ""
    other_script: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether the target may stand: an exact match, or one in which only figures were changed, safely."""
        return bool(self.target) and (self.rate >= 100 or bool(self.numbers))


@dataclass(frozen=True, slots=True)
class Volume:
    """How much text: segments, words (each Chinese character counts as one), characters without spaces."""

    segments: int = 0
    words: int = 0
    characters: int = 0

    def __add__(self, other: Volume) -> Volume:
        return Volume(self.segments + other.segments, self.words + other.words, self.characters + other.characters)


def is_worth_showing(entry: ConceptEntry) -> bool:
    """Tell whether a term of a built glossary is put beside a segment: decided on, or more likely kept than not."""
    return entry.review in ("accepted", "edited") or (
        entry.review != "rejected" and entry.score >= MIN_SCORE and not entry.broader
    )


MIN_SCORE = 0.5


def pretranslate(path: Path, memory: Memory, terms: Recogniser, *, min_rate: int = 70) -> list[Proposal]:
    """Return what the memory and the terms know of each segment of a Chinese document, in its order.

    Raises:
        ToolError: the document cannot be read.
        EmptyInputError: it holds no Chinese.
    """
    document = readers.read(path)
    found: list[Proposal] = []
    seen: dict[str, Proposal] = {}
    options = LookupOptions(limit=1, min_rate=min_rate, side="source", kinds=("exact", "fuzzy"))
    for block in document.blocks:
        if han_share(block.text) == 0.0:
            continue
        for start, end in segment(block.text, CHINESE):
            proposal = _proposed(len(found) + 1, block.place, block.text[start:end], memory, terms, options, seen)
            seen.setdefault(key(proposal.source), proposal)
            found.append(proposal)
    if not found:
        raise EmptyInputError(f"{path}: holds no Chinese text to translate")
    return found


def _proposed(
    number: int,
    place: str,
    source: str,
    memory: Memory,
    terms: Recogniser,
    options: LookupOptions,
    seen: Mapping[str, Proposal],
) -> Proposal:
    names = dict.fromkeys((one.form, one.entry.preferred.text) for one in terms.in_chinese(source))
    earlier = seen.get(key(source))
    if earlier is not None:
        known = (earlier.target, earlier.rate, earlier.matched)
        origin, remembered, script = earlier.origin, earlier.remembered, earlier.other_script
        return Proposal(
            number, place, source, *known, REPETITION, earlier.numbers, tuple(names), origin, remembered, script
        )
    hits = memory.lookup(source, options)
    if not hits:
        return Proposal(number, place, source, "", 0, "", NEW, (), tuple(names))
    hit = hits[0]
    rate = hit.rate or 0
    first = hit.occurrences[0]
    origin = " · ".join(filter(None, (first.document, first.date, first.place)))
    replaced = with_new_figures(hit.source, hit.target, source) if rate < 100 else None
    target, numbers = replaced or (hit.target, ())
    return Proposal(
        number,
        place,
        source,
        target,
        rate,
        hit.source,
        _kind(rate),
        numbers,
        tuple(names),
        origin,
        hit.target,
        hit.other_script,
    )


def _kind(rate: int) -> str:
    if rate >= 100:
        return EXACT
    return next((name for name, least in BANDS if rate >= least), NEW)


def with_new_figures(old_source: str, old_target: str, source: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return the target of a match with the figures of the new source, and which were replaced; None if not safe.

    >>> with_new_figures("通话79次。", "79 calls were made.", "通话82次。")
    ('82 calls were made.', (('79', '82'),))
    >>> with_new_figures("投资79亿元。", "7.9 billion yuan was invested.", "投资82亿元。") is None
    True
    >>> with_new_figures("第三届会议有三十人。", "Thirty people attended the third session.", "第四届会议有四十人。")
    ('Forty people attended the fourth session.', (('Thirty', 'Forty'), ('third', 'fourth')))
    """
    old_source, source = key(old_source), key(source)
    replaced = _with_other_figures(old_source, old_target, source) or _with_new_numerals(old_source, old_target, source)
    if replaced is None or agreement(source, replaced[0]).differs or agreement(old_source, old_target).differs:
        return None
    return replaced


def _with_other_figures(
    old_source: str, old_target: str, source: str
) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Put the figures of the new source in the place of the old ones, as they stand."""
    if _FIGURES.sub("#", old_source) != _FIGURES.sub("#", source) or _WEEKDAY.search(old_target):
        return None
    pairs = list(zip(_FIGURES.findall(old_source), _FIGURES.findall(source), strict=True))
    changes = dict(pair for pair in pairs if pair[0] != pair[1])
    if not changes or len({old for old, _ in set(pairs)}) != len(set(pairs)):
        return None  # nothing to change, or one old figure became two
    before = Counter(old for old, _ in pairs)
    there = Counter(_FIGURES.findall(old_target))
    if any(there[old] != before[old] for old in changes):
        return None
    if any(
        _counts_one(old_target, m.end(), m[0], changes[m[0]]) for m in _FIGURES.finditer(old_target) if m[0] in changes
    ):
        return None
    target = _FIGURES.sub(lambda match: changes.get(match[0], match[0]), old_target)
    target = _WITH_ENDING.sub(lambda match: written_like("1st", int(match[1])) or match[0], target)
    return target, tuple(changes.items())


def _with_new_numerals(old_source: str, old_target: str, source: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Put numbers, ordinals and dates by their values, each written in the way in which the target has the old one."""
    olds, news = find(old_source, CHINESE), find(source, CHINESE)
    if _without(old_source, olds) != _without(source, news):
        return None
    both = list(zip(olds, news, strict=True))
    pairs = [(old.value, new.value) for old, new in both]
    changes = dict(pair for pair in pairs if pair[0] != pair[1])
    plain = all(one.kind in _PLAIN for old, new in both if old.value != new.value for one in (old, new))
    if not changes or not plain or len({old for old, _ in pairs}) != len(set(pairs)):
        return None
    there = [one for one in find(old_target, ENGLISH) if one.value in changes]
    if Counter(one.value for one in there) != Counter(old for old, _ in pairs if old in changes):
        return None
    target, told = old_target, []
    for one in reversed(there):
        words = old_target[one.start : one.end]
        new = _written_like(words, one, changes[one.value])
        one_more = one.kind == "number" and _counts_one(old_target, one.end, one.value, changes[one.value])
        if new is None or one.kind not in _PLAIN or one_more:
            return None
        target = target[: one.start] + new + target[one.end :]
        told.append((words, new))
    if _WEEKDAY.search(old_target) and any(one.kind == "date" for one in there):
        return None
    return target, tuple(reversed(told))


def _written_like(words: str, old: Quantity, new: str) -> str | None:
    if old.kind == "date":
        return dated_like(words, old.value, new)
    return written_like(words, int(new)) if new.isdecimal() else None


_PLAIN = ("number", "ordinal", "date")
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")  # another date is another day of the week
_WITH_ENDING = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_NOUN = re.compile(r"[\s-](?!per ?cent|million|billion|trillion)[a-z]")


def _counts_one(target: str, end: int, old: str, new: str) -> bool:
    """Tell whether a number that ends at a place of a target makes its noun a plural, or ceases to."""
    return "1" in (old, new) and bool(_NOUN.match(target, end))


def _without(text: str, numbers: Sequence[Quantity]) -> str:
    """A text with a mark in the place of each number."""
    for one in reversed(numbers):
        text = f"{text[: one.start]}#{one.kind}#{text[one.end :]}"
    return text


def analyse(proposals: Sequence[Proposal]) -> dict[str, Volume]:
    """Return the volume of each kind of match, in the order translators expect, and of all together."""
    names = (REPETITION, EXACT, *(name for name, _ in BANDS), NEW)
    volumes = dict.fromkeys(names, Volume())
    for one in proposals:
        volumes[one.kind] += volume(one.source)
    return volumes | {"total": sum(volumes.values(), Volume())}


def volume(text: str) -> Volume:
    """Return the volume of one segment.

    >>> volume("共建“一带一路”，GDP增长5.2%。")
    Volume(segments=1, words=10, characters=19)
    """
    return Volume(1, len(_WORD.findall(text)), len("".join(text.split())))


# --- Files

_XLIFF = "urn:oasis:names:tc:xliff:document:2.0"
_MATCHES = "urn:oasis:names:tc:xliff:matches:2.0"
_GLOSSARY = "urn:oasis:names:tc:xliff:glossary:2.0"


def write_xliff(
    proposals: Sequence[Proposal],
    path: Path,
    name: str,
    language: Language = "en",
    tags: tuple[str, str] = (CHINESE, ENGLISH),
) -> None:
    """Write XLIFF 2.0: what may stand as target, every match with its rate, terms as a glossary of the unit.

    ``tags`` are the languages of the memory; Chinese in the other script than its tag says is labelled by its script.
    """
    say = load(language)
    chinese, english = tags
    tag = labelled(chinese, "".join(one.source for one in proposals))
    names: dict[Any, str] = {None: _XLIFF, "mtc": _MATCHES, "gls": _GLOSSARY}
    root = etree.Element(f"{{{_XLIFF}}}xliff", {"version": "2.0", "srcLang": tag, "trgLang": english}, nsmap=names)
    file = etree.SubElement(root, f"{{{_XLIFF}}}file", id="f1", original=_xml(name))
    for one in proposals:
        unit = etree.SubElement(file, f"{{{_XLIFF}}}unit", id=f"u{one.number}", name=_xml(one.place))
        if one.matched:
            matches = etree.SubElement(unit, f"{{{_MATCHES}}}matches")
            rate = {"ref": "#s1", "matchQuality": f"{one.rate}.0", "origin": _xml(one.origin) or "memory", "type": "tm"}
            match = etree.SubElement(matches, f"{{{_MATCHES}}}match", rate)
            _text(match, "source", one.matched)
            _text(match, "target", one.remembered)
        if one.terms:
            glossary = etree.SubElement(unit, f"{{{_GLOSSARY}}}glossary")
            for term, rendering in one.terms:
                entry = etree.SubElement(glossary, f"{{{_GLOSSARY}}}glossEntry")
                etree.SubElement(entry, f"{{{_GLOSSARY}}}term").text = _xml(term)
                etree.SubElement(entry, f"{{{_GLOSSARY}}}translation").text = _xml(rendering)
        if told := _told(one, say):
            notes = etree.SubElement(unit, f"{{{_XLIFF}}}notes")
            etree.SubElement(notes, f"{{{_XLIFF}}}note").text = _xml(told)
        state = {"id": "s1", "state": "translated" if one.is_ready else "initial"}
        part = etree.SubElement(unit, f"{{{_XLIFF}}}segment", state)
        _text(part, "source", one.source)
        if one.is_ready:
            _text(part, "target", one.target)
    with atomic_path(path) as beside:
        etree.ElementTree(root).write(str(beside), encoding="UTF-8", xml_declaration=True)


def _text(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_XLIFF}}}{name}").text = _xml(text)


def _xml(text: str) -> str:
    return replace_forbidden(text)


def _told(one: Proposal, say: Messages) -> str:
    """What a translator should know of a match."""
    pairs = ", ".join(f"{old} → {new}" for old, new in one.numbers)
    script = say("match.other-script") if one.other_script else ""
    return say("semicolon").join(filter(None, (say("match.figures", pairs=pairs) if pairs else "", script)))


def _match(one: Proposal, say: Messages) -> str:
    kind = said(one.kind, say)
    return kind if one.kind in (NEW, EXACT) or not one.rate else f"{kind} {one.rate} %"


def said(kind: str, say: Messages) -> str:
    """Return a kind of match in words; a band of rates stands for itself."""
    return say.get(f"match.{kind}", kind)


def _terms(one: Proposal) -> str:
    return "; ".join(f"{term} = {rendering}" for term, rendering in one.terms)


SHEET: Sheet[Proposal] = Sheet(
    "Translation",
    "",
    1,
    (
        Field("", "No.", lambda one: one.number, 6),
        Field("", "Chinese", lambda one: one.source, 50, chinese=True),
        Field("", "English", lambda one: one.target, 60),
        worded("Match", _match, 16),
        worded("Note", _told, 24),
        Field("", "Terms", _terms, 40),
        Field("", "Source of the match", lambda one: one.matched if one.rate < 100 else "", 40, chinese=True),
        worded("Place", lambda one, say: say.place(one.place), 18),
    ),
)
ANALYSIS: Sheet[tuple[str, Volume]] = Sheet(
    "Analysis",
    "",
    1,
    (
        Field("", "Match", lambda row: row[0], 20, words="match"),
        Field("", "Segments", lambda row: row[1].segments, 12),
        Field("", "Words", lambda row: row[1].words, 12),
        Field("", "Characters", lambda row: row[1].characters, 12),
    ),
)


def write_workbook(proposals: Sequence[Proposal], path: Path, name: str, language: Language = "en") -> None:
    """Write a table to translate in, and the analysis."""
    say = load(language)
    with writing_book(path, title=name, say=say) as book:
        book.sheet(SHEET, (SHEET.row(one, say) for one in proposals))
        book.sheet(ANALYSIS, (ANALYSIS.row(line, say) for line in analyse(proposals).items()))


def write_word(proposals: Sequence[Proposal], path: Path, name: str, language: Language = "en") -> None:
    """Write a Word document with one table to translate in: Chinese, English, match and terms."""
    say = load(language)
    rows = [("", *(say(f"workbook.heading.{header}") for header in ("Chinese", "English", "Match and terms")))]
    rows += [
        (
            str(one.number),
            one.source,
            one.target,
            "\n".join(filter(None, (_match(one, say), _told(one, say), _terms(one)))),
        )
        for one in proposals
    ]
    with atomic_path(path) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in (*_WORD_PARTS, ("word/document.xml", _word_document(rows))):
            archive.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), text)


_WIDTHS = (600, 5200, 5600, 2600)  # twentieths of a point; together the width of A4 landscape without its margins
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_PARTS = (
    (
        "[Content_Types].xml",
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
)


def _word_document(rows: Sequence[tuple[str, ...]]) -> str:
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="BFBFBF"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    body = "".join(f"<w:tr>{_row_properties(number)}{''.join(_cells(row))}</w:tr>" for number, row in enumerate(rows))
    page = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1000" w:right="1400" '
    page += 'w:bottom="1000" w:left="1400" w:header="500" w:footer="500" w:gutter="0"/></w:sectPr>'
    table = f'<w:tbl><w:tblPr><w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
    table += f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>'
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_MAIN}"><w:body>'
    return f"{head}{table}<w:p/>{page}</w:body></w:document>"


def _row_properties(number: int) -> str:
    repeat = "<w:tblHeader/>" if number == 0 else ""
    return f"<w:trPr>{repeat}</w:trPr>"


def _cells(row: Sequence[str]) -> Iterator[str]:
    for text, width in zip(row, _WIDTHS, strict=True):
        size = '<w:rPr><w:rFonts w:eastAsia="Microsoft YaHei"/><w:sz w:val="20"/></w:rPr>'
        lines = (f'<w:r>{size}<w:t xml:space="preserve">{escape(_xml(line))}</w:t></w:r>' for line in text.split("\n"))
        content = f"<w:r>{size}<w:br/></w:r>".join(lines)
        yield f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p>{content}</w:p></w:tc>'


WRITERS: Mapping[str, Any] = {
    ".xlf": write_xliff,
    ".xliff": write_xliff,
    ".xlsx": write_workbook,
    ".docx": write_word,
}


def write(proposals: Sequence[Proposal], path: Path, name: str, language: Language, tags: tuple[str, str]) -> None:
    """Write a file of the kind that its suffix names, one of ``WRITERS``; XLIFF says the languages."""
    writer = WRITERS[path.suffix.lower()]
    stated = {"tags": tags} if writer is write_xliff else {}
    writer(proposals, path, name, language, **stated)
