"""A glossary as TBX-Basic, entry by entry, read back before it is put in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, zip_longest
from pathlib import Path
from typing import Any, BinaryIO, Literal
from xml.etree import ElementTree

from lxml import etree

from glossary.contexts import shown_in
from glossary.files.tbx.dialect import (
    BACK_XML,
    ENTRY_XML,
    HEADER_XML,
    LANGUAGE_XML,
    MARK,
    NAMES,
    NAMESPACE,
    OTHER_ENTRY,
    SOURCE_TAG,
    STATUS,
    TARGET_TAG,
    TERM_ID,
    TERM_TYPE,
    TERM_XML,
    XML_LANG,
    Names,
    Values,
    fits,
    note_of,
    quote,
    spans_text,
)
from glossary.files.tbx.reading import read_tbx
from glossary.model import ConceptEntry, Context, Glossary, PhrasePattern, Rendering, Usage
from glossary.reasons import in_words
from tmx.errors import OutputError, UnfaithfulError
from tmx.files import Replacement, atomic_path, replace_forbidden_in, tally
from tmx.tmx14 import tool_version


@dataclass(frozen=True, slots=True)
class TbxReport:
    """What was written: entries (patterns among them), terms of both languages, replaced characters."""

    entries: int = 0
    terms: int = 0
    replacements: tuple[Replacement, ...] = ()


def write_tbx(glossary: Glossary, path: str | Path, version: Literal[2, 3] = 3) -> TbxReport:
    """Write a glossary as TBX-Basic of the given version, read it back, and put it in place.

    Version 3 is the standard; OmegaT, Weblate and translate-toolkit read version 2 only. What was rejected during
    extraction is not written. Raises ``OutputError`` if the file does not read back as it was written, and for an
    empty glossary in version 2, whose schema demands an entry.

    >>> from tempfile import TemporaryDirectory
    >>> entry = ConceptEntry("c1", "中国外交", (Rendering("China's diplomacy"),))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "glossary.tbx")
    ...     _ = write_tbx(Glossary((entry,)), path)
    ...     read_tbx(path).entries == (entry,)
    True
    """
    path = Path(path)
    found: list[Replacement] = []
    glossary = replace_forbidden_in(replace(glossary, rejected=()), "glossary", found)
    writer = _Writer(glossary, NAMES[version])
    empty = not glossary.entries and not glossary.patterns and OTHER_ENTRY not in dict(glossary.properties)
    if version == 2 and empty:
        raise OutputError(f"{path}: not written: TBX version 2 has no valid form without an entry; version 3 has")
    with atomic_path(path) as beside:
        with beside.open("wb") as file:
            writer.write(file)
        _verify(path, beside, glossary, writer.terms)
    return TbxReport(len(glossary.entries) + len(glossary.patterns), len(writer.terms), tally(found))


def _verify(path: Path, beside: Path, glossary: Glossary, terms: list[tuple[str, str]]) -> None:
    """Compare the terms as expat reads them, then all the fields as our own reader gives them."""
    for number, (expected, got) in enumerate(zip_longest(terms, _terms_by_expat(beside)), 1):
        if expected != got:
            raise UnfaithfulError(f"{path}: term {number} was written as {expected} and reads back as {got}")
    back = read_tbx(beside)
    for entry, same in zip_longest(map(_sorted, glossary.entries), map(_sorted, back.entries)):
        if entry != same:
            raise UnfaithfulError(f"{path}: entry {(entry or same).id} does not read back as it was written")
    for pattern, again in zip_longest(glossary.patterns, back.patterns):
        if pattern != again:
            raise UnfaithfulError(f"{path}: pattern {(pattern or again).id} does not read back as it was written")


def _terms_by_expat(path: Path) -> Iterator[tuple[str, str]]:
    language = ""
    for event, element in ElementTree.iterparse(path, events=("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            language = element.get(XML_LANG, "") if name in ("langSec", "langSet") else language
        elif name == "term":
            yield language, "".join(element.itertext())
        elif name in ("conceptEntry", "termEntry"):
            element.clear()


def _sorted(entry: ConceptEntry) -> ConceptEntry:
    return replace(entry, properties=tuple(sorted(entry.properties)))


_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def _sub(parent: Any, name: str, text: str = "", /, **attributes: str) -> Any:
    child = etree.SubElement(parent, name, attributes)
    child.text = text
    return child


class _Writer:
    """Writes one glossary; ``terms`` grows to the list of (language, term) as they stand in the file."""

    def __init__(self, glossary: Glossary, names: Names) -> None:
        self._glossary = glossary
        self._names = names
        self.terms: list[tuple[str, str]] = []
        self._ids: dict[int, str] = {}
        taken: set[str] = set()
        ids = [entry.id for entry in glossary.entries] + [pattern.id for pattern in glossary.patterns]
        for number, id_ in enumerate(ids):
            for suffix in count(1):
                if _ID.fullmatch(id_) and id_ not in taken:
                    break
                id_ = f"entry-{number + 1}" + (f"-{suffix}" if suffix > 1 else "")
            taken.add(id_)
            self._ids[number] = id_
        self._known = taken | {
            id_
            for owned in (glossary.properties, *(entry.properties for entry in glossary.entries))
            for name, text in owned
            for id_ in ([text] if name.startswith(TERM_ID) else re.findall(r'\bid="([^"]+)"', text))
            if name.startswith("tbx:")
        }

    def write(self, file: BinaryIO) -> None:
        names = self._names
        attributes = {"type": "TBX-Basic", XML_LANG: self._glossary.source_language or "zh-CN"}
        if names.version == 3:
            nsmap: Any = {None: NAMESPACE}
            root = etree.Element(f"{{{NAMESPACE}}}{names.root}", {"style": "dca"} | attributes, nsmap=nsmap)
        else:
            root = etree.Element(names.root, attributes)
        others: list[Any] = []
        back: list[Any] = []
        kept: list[tuple[str, str]] = []
        for name, text in self._glossary.properties:
            level = {OTHER_ENTRY: "body", BACK_XML: "text"}.get(name, "")
            if level and (element := self._fitting(text, level)) is not None:
                (others if level == "body" else back).append(element)
            else:
                kept.append((name, text))
        # Entries are written one by one, so that memory does not grow with their number.
        file.write(b"<?xml version='1.0' encoding='utf-8'?>\n" + etree.tostring(root)[:-2] + b">\n")
        self._put(file, self._header(kept))
        file.write(b"<text>\n")
        if self._ids or others:
            file.write(b"<body>\n")
            for number, entry in enumerate(self._glossary.entries):
                self._put(file, self._entry(entry, self._ids[number]))
            for number, pattern in enumerate(self._glossary.patterns, len(self._glossary.entries)):
                self._put(file, self._pattern(pattern, self._ids[number]))
            for element in others:
                self.terms += _terms(element, names)
                self._put(file, element)
            file.write(b"</body>\n")
        for element in back:
            self._put(file, element)
        file.write(f"</text>\n</{names.root}>\n".encode())

    def _put(self, file: BinaryIO, element: Any) -> None:
        etree.indent(element)
        file.write(etree.tostring(element, encoding="utf-8", with_tail=False) + b"\n")

    def _header(self, kept: list[tuple[str, str]]) -> Any:
        header = etree.Element(self._names.header)
        description = etree.SubElement(header, "fileDesc")
        came = next((etree.fromstring(text) for name, text in kept if name == HEADER_XML), None)
        title = came.findtext(".//title") if came is not None else ""
        _sub(etree.SubElement(description, "titleStmt"), "title", title or "Glossary")
        source = etree.SubElement(description, "sourceDesc")
        _sub(source, "p", f"Written by duiyi {tool_version()}.")
        if kept:
            _sub(source, "p", note_of(kept))
        if self._names.version == 2:
            convention = etree.SubElement(header, "encodingDesc")
            _sub(convention, "p", "TBXBasicXCSV02.xcs", type="XCSURI")
        return header

    def _fitting(self, text: str, level: str) -> Any:
        """Return a kept element in the shape of this version if TBX-Basic has room for it there, else None."""
        element = etree.fromstring(text)
        return _renamed(element, self._names) if fits(element, level, self._names, self._known) else None

    def _kept(self, parent: Any, text: str, level: str) -> None:
        element = self._fitting(text, level)
        if element is None:
            _sub(parent, "note", note_of([("xml", text)]))
        else:
            parent.append(element)

    def _entry(self, entry: ConceptEntry, id_: str) -> Any:
        names = self._names
        concept = etree.Element(names.entry, id=id_)
        if entry.definition:
            _sub(concept, "descrip", entry.definition, type="definition")
        for source in entry.sources:
            _sub(concept, "admin", source, type="source")
        if entry.broader in self._known:
            _sub(concept, "ref", "broader concept", type="crossReference", target=entry.broader)
        for note in entry.notes:
            _sub(concept, "note", note_of([("note", note)]) if note.startswith(MARK) else note)
        _sub(concept, "note", note_of(self._entry_fields(entry, id_)))
        for name, text in entry.properties:
            if name == ENTRY_XML and not text.startswith("<langSec"):
                self._kept(concept, text, "entry")
        self._source_side(concept, entry)
        self._target_side(concept, entry)
        for name, text in entry.properties:
            if name == ENTRY_XML and text.startswith("<langSec"):
                self._kept_language(concept, text)
        return concept

    def _kept_language(self, concept: Any, text: str) -> None:
        element = self._fitting(text, "entry")
        if element is not None:
            concept.append(element)
            self.terms += _terms(element, self._names)
        else:
            note = etree.Element("note")
            note.text = note_of([("xml", text)])
            concept.insert(next(i for i, child in enumerate(concept) if child.tag == self._names.language), note)

    def _entry_fields(self, entry: ConceptEntry, id_: str) -> Values:
        pairs: Values = [
            ("type", entry.type),
            ("list", entry.list),
            ("domain", entry.domain),
            ("political", repr(entry.political)),
            ("review", entry.review),
            ("count", str(entry.count)),
            ("units", str(entry.units)),
            ("score", repr(entry.score)),
        ]
        if id_ != entry.id:
            pairs.insert(0, ("id", entry.id))
        if entry.part_of_speech not in self._names.parts_of_speech:
            pairs.append(("partOfSpeech", entry.part_of_speech))
        if entry.reasons:
            pairs.append(("reasons", tuple(map(in_words, entry.reasons))))
        pairs += [
            (name, getattr(entry, name)) for name in ("first", "last", "broader", "known") if getattr(entry, name)
        ]
        return pairs + [("property." + name, text) for name, text in entry.properties if not name.startswith("tbx:")]

    def _language(self, concept: Any, tag: str) -> Any:
        return etree.SubElement(concept, self._names.language, {XML_LANG: tag})

    def _term(self, section: Any, text: str, usage: Usage, kind: str, entry: ConceptEntry) -> Any:
        language = section.get(XML_LANG)
        self.terms.append((language, text))
        kept = [value for name, value in entry.properties if name == f"{TERM_XML}{language}:{text}"]
        ids = [value for name, value in entry.properties if name == f"{TERM_ID}{language}:{text}"]
        term = etree.SubElement(section, self._names.term, {"id": ids[0]} if ids else {})
        _sub(term, "term", text)
        own = {
            "partOfSpeech": entry.part_of_speech
            if entry.part_of_speech in self._names.parts_of_speech
            else {"properNoun": "noun"}.get(entry.part_of_speech, "other"),
            "administrativeStatus": STATUS[usage],
        }
        if kind in TERM_TYPE:
            own["termType"] = TERM_TYPE[kind]
        elements = [etree.fromstring(value) for value in kept]
        given = {element.get("type") for element in elements if element.tag == "termNote"}
        for name, value in own.items():
            if name not in given:
                _sub(term, "termNote", value, type=name)
        for element, value in zip(elements, kept, strict=True):
            if element.tag in ("termNote", "termNoteGrp"):
                self._kept(term, value, "term")
        for element, value in zip(elements, kept, strict=True):
            if element.tag not in ("termNote", "termNoteGrp"):
                self._kept(term, value, "term")
        return term

    def _context(self, term: Any, text: str, context: Context) -> None:
        group = etree.SubElement(term, "descripGrp")
        _sub(group, "descrip", text, type="context")
        if context.document:
            _sub(group, "admin", ", ".join(filter(None, (context.document, context.place))), type="source")

    def _source_side(self, concept: Any, entry: ConceptEntry) -> None:
        tag = dict(entry.properties).get(SOURCE_TAG, self._glossary.source_language)
        section = self._language(concept, tag)
        self._kept_aux(section, entry, tag)
        term = self._term(section, entry.term, "preferred", "main", entry)
        for context in entry.contexts:
            if context.source:
                self._context(term, context.source, context)
        for context in entry.contexts:
            _sub(term, "note", note_of(_context_fields(context, shown_in(entry, context) or 0)))
        for variant in entry.variants:
            term = self._term(section, variant.text, variant.usage, variant.kind, entry)
            _sub(term, "note", note_of([("kind", variant.kind), ("count", str(variant.count))]))

    def _kept_aux(self, section: Any, entry: ConceptEntry, tag: str) -> None:
        for name, text in entry.properties:
            if name == LANGUAGE_XML + tag:
                self._kept(section, text, "language")

    def _target_side(self, concept: Any, entry: ConceptEntry) -> None:
        tag = dict(entry.properties).get(TARGET_TAG, self._glossary.target_language)
        section = self._language(concept, tag)
        self._kept_aux(section, entry, tag)
        for number, rendering in enumerate(entry.renderings):
            term = self._term(section, rendering.text, rendering.usage, rendering.kind, entry)
            for context in entry.contexts:
                if context.target and (shown_in(entry, context) or 0) == number:
                    self._context(term, context.target, context)
            pairs: Values = [
                ("kind", rendering.kind),
                ("count", str(rendering.count)),
            ]
            pairs += [
                (name, getattr(rendering, name))
                for name in ("first", "last", "first_document", "last_document", "documents")
                if getattr(rendering, name)
            ]
            _sub(term, "note", note_of(pairs))

    def _pattern(self, pattern: PhrasePattern, id_: str) -> Any:
        slots = tuple(",".join(map(quote, slot)) for slot in pattern.slots)
        fields_ = note_of([("pattern", pattern.id), ("slots", slots)]) if slots else note_of([("pattern", pattern.id)])
        entry = ConceptEntry(
            id_,
            pattern.source,
            (Rendering(pattern.target),),
            type="phrase",
            part_of_speech="phrase",
            review="candidate",
            count=len(pattern.instances),
            units=len({instance.unit for instance in pattern.instances}),
            contexts=pattern.instances,
        )
        concept = self._entry(entry, id_)
        concept.find("note").text = fields_
        for term in concept.iter("term"):
            note = etree.Element("termNote", type="termType")
            note.text = "phrase"
            term.addnext(note)
        return concept


def _terms(element: Any, names: Names) -> list[tuple[str, str]]:
    return [
        (section.get(XML_LANG, ""), "".join(term.itertext()))
        for section in element.iter(names.language)
        for term in section.iter("term")
    ]


def _context_fields(context: Context, number: int) -> Values:
    """Return what our note says of a context; ``number`` is that of the term under which its English stands."""
    pairs: Values = [("context", context.unit)]
    pairs += [(name, getattr(context, name)) for name in ("document", "date", "place") if getattr(context, name)]
    if context.source_spans:
        pairs.append(("source", spans_text(context.source_spans)))
    if context.target_spans:
        pairs.append(("target", spans_text(context.target_spans)))
    if number:
        pairs.append(("shows", str(number)))
    if not (context.source and context.target):
        pairs.append(("sides", "source" if context.source else "target" if context.target else "none"))
    return pairs


def _renamed(element: Any, names: Names) -> Any:
    for child in element.iter():
        child.tag = {"conceptEntry": names.entry, "langSec": names.language, "termSec": names.term}.get(
            child.tag, child.tag
        )
    return element
