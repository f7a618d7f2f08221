"""XLIFF 1.2 and 2, as Studio, memoQ, Phrase and others write it: segment by segment, with states and comments.

translate-toolkit takes a whole ``trans-unit`` for one text; the segments that CAT tools mark in it (``mrk`` of type
``seg``, matched by ``mid``) would be glued together, text that was deleted by a tracked change among them.

References:
    OASIS, XLIFF 1.2 (2008) and 2.1 (2018); SDL's namespace ``sdl`` and memoQ's ``mq`` as their tools write them.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from lxml import etree

from tmx.characters import han_share
from tmx.errors import EmptyInputError, FormatError, LimitError
from tmx.inline import BREAK, LINE_BREAK, PLACEHOLDER, Pieces, close_codes, on_one_line, without_entities, without_tags
from tmx.languages import canonical, is_chinese, is_english, is_name, is_undetermined
from tmx.markup import attribute, local, parse_xml
from tmx.model import Block, Document, Metadata, Notice, NoticeKind
from tmx.readers.archive import open_archive
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions
from tmx.scripts import reads_as_chinese
from tmx.tmx14 import named_languages
from tmx.varieties import european

# Elements whose content is the code of the document's format, not its text.
CODES = frozenset(["x", "bx", "ex", "bpt", "ept", "ph", "it", "sub", "sc", "ec", "sm", "em", "cp", "ch"])
DELETED = re.compile(r"delet|^del$", re.IGNORECASE)  # x-sdl-deleted, mq:del and the like
# What tools say about the state of a translation, by the local name of the attribute.
STATES = frozenset(
    """state state-qualifier subState approved date status confirmed conf origin percent locked trans-origin score
    changedate creatoruser""".split()  # noqa: SIM905
)
CONTEXTS = ("resname",)
SAMPLE = 200  # texts by which the language is known of a file that states none


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: both texts in the order of the file, its place, notes and properties."""

    source: str
    target: str
    place: str
    notes: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()


def read_xliff(path: Path, name: str, options: ReadOptions) -> Document:
    """Read an XLIFF file of version 1.2 or 2; untranslated segments keep their empty side."""
    return xliff_document(read_bytes(path, name, options), name, path.suffix.lower().lstrip("."), options)


def xliff_document(data: bytes, name: str, format_name: str, options: ReadOptions) -> Document:
    """Return the document that the bytes of an XLIFF file hold.

    Raises:
        FormatError: it is not XLIFF.
        EmptyInputError: nothing in it is Chinese and English.
    """
    root = parse_xml(data, name)
    if local(root).lower() != "xliff":
        raise FormatError(f"{name}: not an XLIFF file: its root element is <{local(root)}>, not <xliff>")
    reading = _Reading(root, name, options)
    for file in (element for element in root.iter() if local(element) == "file"):
        reading.read_file(file, root)
    if not reading.blocks and reading.others:
        raise EmptyInputError(f"{name}: no Chinese and English in it; its languages are {', '.join(reading.others)}")
    first = next((attribute(element, "original") for element in root.iter() if local(element) == "file"), "")
    return Document(name, format_name, tuple(reading.blocks), Metadata(source=first), tuple(reading.notices()))


PACKED = (".sdlxliff", ".mqxliff", ".xlf", ".xliff", ".mxliff", ".txlf")


def read_package(path: Path, name: str, options: ReadOptions) -> Document:
    """Read the XLIFF files in a package of a CAT tool (Studio, WorldServer, memoQ), one after the other.

    The files of the source language, which have no translation yet, are left out if others have one.
    """
    documents: dict[str, Document] = {}
    blocks: list[Block] = []
    notices: list[Notice] = []
    failed: list[FormatError | EmptyInputError] = []
    with open_archive(path, name, options) as archive:
        for member in sorted(member for member in archive.members if member.lower().endswith(PACKED)):
            try:
                documents[member] = xliff_document(archive.read(member), f"{name}, part {member}", "xliff", options)
            except (FormatError, EmptyInputError) as error:  # one file of several: damaged, or in another language
                failed.append(error)
                notices.append(Notice("warning", name, member, f"left out: {str(error).partition(': ')[2]}"))
    if not documents:
        none = EmptyInputError(f"{name}: no XLIFF file in this package; export the files from the tool that made it")
        raise failed[0] if failed else none
    whole = {member for member, document in documents.items() if len({b.language for b in document.blocks}) > 1}
    row = 0
    for member, document in documents.items():
        if whole and member not in whole:
            notices.append(Notice("removed", name, member, "a file without translations"))
            continue
        blocks += [
            replace(b, row=b.row + row, place=f"{posixpath.basename(member)}, {b.place}") for b in document.blocks
        ]
        notices += [replace(notice, document=name, place=notice.place or member) for notice in document.notices]
        row = 1 + max((block.row + row for block in document.blocks), default=row - 1)
    first = next((document.metadata for document in documents.values() if document.metadata.source), Metadata())
    return Document(name, path.suffix.lower().lstrip("."), tuple(blocks), first, tuple(notices))


class _Reading:
    def __init__(self, root: etree._Element, name: str, options: ReadOptions) -> None:
        self.name = name
        self.options = options
        self.blocks: list[Block] = []
        self.others: list[str] = []  # languages of files in it that are neither
        self.languages: list[tuple[str, str]] = []  # what each file states
        self.counts: Counter[str] = Counter()
        self.row = 0
        self.comments = _sdl_comments(root)
        self.codes = _Codes(root)
        # XLIFF 2 has elements for everything; in the files of older tools tags may stand as text.
        self.tags_as_text = not attribute(root, "version").startswith("2")
        self.numbers = "memsource" in " ".join(root.nsmap.values())

    def read_file(self, file: etree._Element, root: etree._Element) -> None:
        given = (
            attribute(file, "source-language") or attribute(root, "srcLang"),
            attribute(file, "target-language") or attribute(root, "trgLang"),
        )
        self.languages.append(given)
        languages = stated(given)
        if any(tag and not is_chinese(tag) and not is_english(tag) for tag in languages):
            self.others.append(" and ".join(tag or "none stated" for tag in languages))
            return
        segments: list[Segment] = []
        for unit in file.iter():
            if local(unit) == "trans-unit":
                segments += self._unit12(unit)
            elif local(unit) == "unit":
                segments += self._unit2(unit)
            if 2 * len(segments) + len(self.blocks) > self.options.max_blocks:
                raise LimitError(f"{self.name}: more than {self.options.max_blocks // 2:,} units")
        swapped = is_swapped(languages, ((s.source, s.target) for s in segments))
        if not any(languages):
            check_english(self.name, (s.source if swapped else s.target for s in segments))
        shares = [(han_share(s.source), han_share(s.target)) for s in segments if s.source and s.target]
        if is_one_language(languages) and not any(max(pair) >= 0.5 > min(pair) for pair in shares):
            self.others.append(" and ".join(languages))
            return
        turned = sum(max(pair) >= 0.5 > min(pair) and (pair[1] > pair[0]) != swapped for pair in shares)
        if 2 * turned > len(shares):
            self.counts["turned"] += turned
            swapped = not swapped
        self._add(segments, swapped, languages)

    def _add(self, segments: Iterable[Segment], swapped: bool, stated: tuple[str, str] = ("", "")) -> None:
        tags = side_tags(stated, swapped)
        for segment in segments:
            chinese, english = (segment.target, segment.source) if swapped else (segment.source, segment.target)
            for text, language in zip((chinese, english), tags, strict=True):
                if text:
                    block = Block(
                        text,
                        segment.place,
                        "segment",
                        language,
                        row=self.row,
                        notes=segment.notes,
                        properties=segment.properties,
                    )
                    self.blocks.append(block)
            self.row += bool(chinese or english)

    def _unit12(self, unit: etree._Element) -> Iterator[Segment]:
        """Yield the segments of a ``trans-unit``: those that are marked, else the whole of it."""
        parts = {local(child): child for child in reversed(unit)}
        source = parts.get("seg-source", parts.get("source"))
        target = parts.get("target")
        if source is None:
            return
        if attribute(unit, "translate").lower() == "no":
            used = attribute(unit, "id") in self.codes.locked
            self.counts["locked"] += not used and any(character.isalpha() for character in _plain(source))
            return
        notes = _notes(unit)
        states = _states(unit, target)
        place = f"unit {attribute(unit, 'id')}"
        sources, targets = _marked(source), _marked(target)
        if not sources or (target is not None and not targets and _plain(target)):
            target_text = "" if target is None else self._text(target)
            notes += [*self._commented(unit), *_subflows(source), *_subflows(target)]
            defined = next(iter(_definitions(unit).values()), {})
            yield Segment(self._text(source), target_text, place, _distinct(notes), _sorted(states | defined))
            return
        self._check_outside(source, place)
        self.counts["unmatched"] += bool(
            targets and targets.keys() - sources.keys() and sources.keys() - targets.keys()
        )
        definitions = _definitions(unit)
        for mid in dict.fromkeys((*sources, *targets)):
            pair = [self._text(side[mid]) if mid in side else "" for side in (sources, targets)]
            marks = [side[mid] for side in (sources, targets) if mid in side]
            remarks = [note for mark in marks for note in (*self._commented(mark), *_subflows(mark))]
            properties = _sorted(states | definitions.get(mid, {}))
            yield Segment(pair[0], pair[1], f"{place}, segment {mid}", _distinct([*notes, *remarks]), properties)

    def _unit2(self, unit: etree._Element) -> Iterator[Segment]:
        """Yield the segments of a ``unit`` of XLIFF 2."""
        if attribute(unit, "translate").lower() == "no":
            self.counts["locked"] += 1
            return
        notes = _notes(unit)
        segments = [child for child in unit if local(child) == "segment"]
        for number, segment in enumerate(segments, 1):
            parts = {local(child): child for child in reversed(segment)}
            pair = [self._text(parts[side]) if side in parts else "" for side in ("source", "target")]
            place = f"unit {attribute(unit, 'id')}" + (f", segment {number}" if len(segments) > 1 else "")
            yield Segment(pair[0], pair[1], place, _distinct(notes), _sorted(_states(segment, parts.get("target"))))

    def _text(self, element: etree._Element) -> str:
        """Return the text of a segment without codes and without what a tracked change deleted."""
        text = close_codes(self._inner(element))
        if self.tags_as_text:
            text, tags = without_tags(text, self.numbers)
            text, entities = without_entities(text)
            self.counts["tags"] += tags
            self.counts["entities"] += entities
        text, breaks = on_one_line(text, "zh" if reads_as_chinese(_plain(element)) else "en")
        self.counts["breaks"] += breaks
        return text

    def _inner(self, element: etree._Element) -> str:
        text = Pieces(element.text or "")
        for child in element:
            tag = local(child)
            if DELETED.search(attribute(child, "mtype") or tag):
                self.counts["deleted"] += 1
                text.add(child.tail or "")
            elif tag in CODES:
                text.add(self.codes.text(child))
                text.put(child.tail or "")
            else:
                text.add((self._inner(child) if tag else "") + (child.tail or ""))
        return str(text)

    def _check_outside(self, source: etree._Element, place: str) -> None:
        """Count text of a unit that stands in no segment."""
        inside = sum(len(_plain(mark)) for mark in _marked(source).values())
        self.counts["outside"] += len(_plain(source)) - inside > 3

    def _commented(self, element: etree._Element) -> list[str]:
        marks = (attribute(mark, "cid") for mark in element.iter() if local(mark) == "mrk")
        return [comment for cid in marks if cid for comment in self.comments.get(cid, ())]

    def notices(self) -> list[Notice]:
        words: dict[str, tuple[NoticeKind, str]] = {
            "deleted": ("removed", "tracked deletions were left out"),
            "locked": ("removed", "units that are not to be translated were left out"),
            "outside": ("warning", "units have text outside their segments, which was left out"),
            "unmatched": (
                "warning",
                "units number their segments otherwise in both languages; equal numbers were paired",
            ),
            "breaks": ("removed", "line breaks inside segments were closed"),
            "tags": ("removed", "inline tags written as text were left out"),
            "entities": ("replaced", "entities written as text were read as the signs they stand for"),
            "turned": ("warning", "units have the languages the wrong way round; the text decided"),
        }
        found = [
            Notice(kind, self.name, "", f"{self.counts[key]} {text}")
            for key, (kind, text) in words.items()
            if self.counts[key]
        ]
        found += [Notice("warning", self.name, "", f"a file in it was left out: it is {tags}") for tags in self.others]
        found += language_notices(self.name, self.languages)
        return found


class _Codes:
    """What the inline codes of a file stand for: Studio's definitions of tags and locked texts, data of XLIFF 2."""

    def __init__(self, root: etree._Element) -> None:
        self.locked: dict[str, str] = {}
        self._defined: dict[str, tuple[str, str]] = {}  # name and content of tags that stand alone
        self._unit: etree._Element | None = None
        self._data: dict[str, str] = {}  # of that unit of XLIFF 2
        wanted = {attribute(code, "xid") for code in root.iter() if local(code) == "x"} - {""}
        for element in root.iter():
            tag, id_ = local(element), attribute(element, "id")
            if tag == "trans-unit" and id_ in wanted:
                self.locked[id_] = next((_plain(child) for child in element if local(child) == "source"), "")
            elif tag == "tag":  # of tag-defs
                standing = next((child for child in element if local(child) == "ph"), None)
                if standing is not None:
                    self._defined[id_] = attribute(standing, "name"), _plain(standing)

    def text(self, code: etree._Element) -> str:
        """Return what stands in the text for a code: locked text, a sign, what may part two words, or nothing."""
        tag = local(code)
        if tag == "x" and attribute(code, "xid") in self.locked:
            return self.locked[attribute(code, "xid")]
        if tag == "cp":
            return _character(attribute(code, "hex"))
        if tag == "ch" or any(local(child) == "ch" for child in code):  # memoQ: a sign that is no letter
            return BREAK
        told = [attribute(code, "ctype"), attribute(code, "type"), attribute(code, "subType"), _plain(code)]
        told += self._defined.get(attribute(code, "id"), ()) if tag == "x" else ()
        if attribute(code, "dataRef"):
            told.append(self._original(code).get(attribute(code, "dataRef"), ""))
        if any(LINE_BREAK.search(text) for text in told):
            return BREAK
        return PLACEHOLDER if tag in ("x", "ph") else ""

    def _original(self, code: etree._Element) -> dict[str, str]:
        """Return the original data of the unit in which a code stands, to which codes refer."""
        unit = next((parent for parent in code.iterancestors() if local(parent) == "unit"), code)
        if unit is not self._unit:
            parts = [part for part in unit if local(part) == "originalData"]
            found = [(attribute(element, "id"), _plain(element)) for part in parts for element in part]
            self._unit, self._data = unit, dict(reversed(found))  # of two with one id the first
        return self._data


def _character(digits: str) -> str:
    """Return the character that XLIFF 2 writes as ``cp``; XML forbids it, so only white space can be kept."""
    return BREAK if digits.lstrip("0").lower() in ("9", "a", "b", "c", "d") else ""


def _subflows(element: etree._Element | None) -> list[str]:
    """Return the texts within codes (``sub``: a caption, a title), which are no part of the sentence."""
    return [_plain(sub) for sub in element.iter() if local(sub) == "sub"] if element is not None else []


def _marked(element: etree._Element | None) -> dict[str, etree._Element]:
    """Return the marked segments in an element by their ``mid``; one that is repeated is counted on: ``3 (2)``."""
    found: dict[str, etree._Element] = {}
    times: Counter[str] = Counter()
    for mark in element.iter() if element is not None else ():
        if local(mark) == "mrk" and attribute(mark, "mtype") == "seg":
            mid = attribute(mark, "mid") or str(len(found) + 1)
            name = mid
            while name in found:
                times[mid] += 1
                name = f"{mid} ({times[mid] + 1})"
            found[name] = mark
    return found


def _definitions(unit: etree._Element) -> dict[str, dict[str, str]]:
    """Return what Studio says of each segment (``sdl:seg-defs``) by its ``mid``."""
    definitions = (seg for child in unit if local(child) == "seg-defs" for seg in child if local(seg) == "seg")
    return {attribute(seg, "id"): _states(seg) for seg in definitions}


def _states(*elements: etree._Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in elements:
        for key, value in element.attrib.items() if element is not None else ():
            name = str(key).rpartition("}")[2]
            if name in STATES:
                found[name] = str(value)
            elif name in CONTEXTS:
                found["context"] = str(value)
    return found


def _notes(unit: etree._Element) -> list[str]:
    """Return the notes of a unit: ``note`` (also within ``notes``) and the comments of memoQ."""
    found = []
    for child in unit:
        tag = local(child)
        if tag in ("note", "comment"):
            found.append(_plain(child))
        elif tag in ("notes", "comments"):
            notes = (note for note in child if local(note) in ("note", "comment"))
            found += [_plain(note) for note in notes if attribute(note, "deleted") != "true"]
    return found


def _sdl_comments(root: etree._Element) -> dict[str, list[str]]:
    """Return the comments which Studio keeps at the head of the file, by the number to which marks refer."""
    return {
        attribute(definition, "id"): [_plain(c) for c in definition.iter() if local(c) == "Comment" and _plain(c)]
        for definition in root.iter()
        if local(definition) == "cmt-def"
    }


def _plain(element: etree._Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _distinct(notes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for note in notes if note))


def _sorted(properties: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(properties.items()))


def stated(languages: tuple[str, str]) -> tuple[str, str]:
    """Return the languages which a file states, empty where it says that they are not known."""
    first, second = ("" if is_undetermined(tag) else tag for tag in languages)
    return first, second


def is_one_language(languages: tuple[str, str]) -> bool:
    """Tell whether both sides are stated to be Chinese, or both English: from one script or region into another.

    >>> is_one_language(("zh-CN", "zh-TW")), is_one_language(("en-US", "zh-TW")), is_one_language(("", ""))
    (True, False, False)
    """
    return all(map(is_chinese, languages)) or all(map(is_english, languages))


def side_tags(languages: tuple[str, str], swapped: bool) -> tuple[str, str]:
    """Return the tags of the Chinese and the English texts: as stated, else those of the bare languages."""
    first, second = reversed(languages) if swapped else languages
    return first if is_chinese(first) else "zh", second if is_english(second) else "en"


def language_notices(name: str, stated_ones: Iterable[tuple[str, str]]) -> list[Notice]:
    """Say how the languages of a file were known that does not give them by their tags."""
    given = {tag for pair in set(stated_ones) for tag in pair}
    names = {tag: canonical(tag) for tag in given if is_name(tag) and (is_chinese(tag) or is_english(tag))}
    found = [named_languages(name, names)] if names else []
    if given and all(map(is_undetermined, given)):
        found.append(Notice("warning", name, "", "the file states no language; the script of its texts told"))
    return found


def check_english(name: str, texts: Iterable[str]) -> None:
    """Refuse a file that does not state its languages and whose texts in Latin letters are clearly not English.

    Raises:
        EmptyInputError: with the language.
    """
    if language := european(islice(texts, SAMPLE)):
        raise EmptyInputError(
            f"{name}: states no language and is in {language}, as its words show; state the languages"
        )


def is_swapped(languages: tuple[str, str], pairs: Iterable[tuple[str, str]]) -> bool:
    """Tell whether English is the first side: by the languages the file states, else by the text."""
    if is_chinese(languages[0]) or is_english(languages[1]):
        return False
    if is_english(languages[0]) or is_chinese(languages[1]):
        return True
    shares = [(han_share(first), han_share(second)) for first, second in pairs if first and second]
    return sum(second > first for first, second in shares) > len(shares) / 2
