"""TBX-Basic, version 3 (ISO 30042:2019, DCA style) and version 2 (``martif``), written and read with nothing lost.

What TBX-Basic has a data category for is written as that category. What only we know (counts, scores, which pair of
sentences is one context) stands in notes that begin with ``duiyi:`` and hold ``name=value`` pairs, readable for people
and, being notes, valid everywhere. Elements of a file from elsewhere that the model has no field for are kept as they
are and written again at their place; if TBX-Basic has no room for one, it is written as a note that holds its XML.

References:
    ISO 30042:2019 and the TBX-Basic dialect 1.2.1 (LTAC Global); ISO 30042:2008 and TBX-Basic 2 (LISA).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count, zip_longest
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast, get_args
from urllib.parse import unquote
from xml.etree import ElementTree

from lxml import etree

from glossary.contexts import shown_in
from glossary.model import (
    ConceptEntry,
    Context,
    Glossary,
    KnownStatus,
    PartOfSpeech,
    PhrasePattern,
    Rendering,
    Review,
    TermList,
    TermType,
    Usage,
    Variant,
    VariantKind,
)
from tmx.errors import FormatError, OutputError
from tmx.files import LenientXml, Replacement, atomic_path, replace_forbidden_in, tally
from tmx.languages import canonical, is_chinese, is_english
from tmx.model import Notice
from tmx.tmx14 import tool_version

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACE = "urn:iso:std:iso:30042:ed-2"
MARK = "duiyi: "

_STATUS: dict[Usage, str] = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "superseded": "supersededTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
}
_USAGE: dict[str, Usage] = {status: usage for usage, status in _STATUS.items()} | {
    # What other tools write: TBX-Default's long names and the plain words.
    "preferredTerm": "preferred",
    "admittedTerm": "admitted",
    "supersededTerm": "superseded",
    "deprecatedTerm": "deprecated",
    "preferred": "preferred",
    "admitted": "admitted",
    "superseded": "superseded",
    "deprecated": "deprecated",
    "notRecommended": "deprecated",
    "obsolete": "superseded",
}
_TERM_TYPE: dict[str, str] = {
    "abbreviation": "abbreviation",
    "short form": "shortForm",
    "full form": "fullForm",
    "spelling": "variant",
}
_KIND: dict[str, VariantKind] = {
    "abbreviation": "abbreviation",
    "shortForm": "short form",
    "fullForm": "full form",
    "variant": "spelling",
    "acronym": "abbreviation",
}


@dataclass(frozen=True, slots=True)
class _Names:
    """The element names in which the two versions differ."""

    version: Literal[2, 3]
    root: str
    header: str
    entry: str
    language: str
    term: str
    parts_of_speech: frozenset[str]


_BASIC_PARTS_OF_SPEECH = frozenset({"noun", "verb", "adjective", "adverb", "other"})
_NAMES = {
    3: _Names(3, "tbx", "tbxHeader", "conceptEntry", "langSec", "termSec", _BASIC_PARTS_OF_SPEECH),
    2: _Names(2, "martif", "martifHeader", "termEntry", "langSet", "tig", _BASIC_PARTS_OF_SPEECH | {"properNoun"}),
}


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
    writer = _Writer(glossary, _NAMES[version])
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
    read = []
    language = ""
    for event, element in ElementTree.iterparse(beside, events=("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            language = element.get(XML_LANG, "") if name in ("langSec", "langSet") else language
        elif name == "term":
            read.append((language, "".join(element.itertext())))
        elif name in ("conceptEntry", "termEntry"):
            element.clear()
    for number, (expected, got) in enumerate(zip_longest(terms, read), 1):
        if expected != got:
            raise OutputError(f"{path}: term {number} was written as {expected} and reads back as {got}")
    back = read_tbx(beside)
    for entry, same in zip_longest(map(_sorted, glossary.entries), map(_sorted, back.entries)):
        if entry != same:
            raise OutputError(f"{path}: entry {(entry or same).id} does not read back as it was written")
    for pattern, again in zip_longest(glossary.patterns, back.patterns):
        if pattern != again:
            raise OutputError(f"{path}: pattern {(pattern or again).id} does not read back as it was written")


def _sorted(entry: ConceptEntry) -> ConceptEntry:
    return replace(entry, properties=tuple(sorted(entry.properties)))


_QUOTED = re.compile(r"[%;=|,\x00-\x1f\x7f]|^ | $")


def _quote(text: str) -> str:
    return _QUOTED.sub(lambda match: f"%{ord(match[0]):02X}", text)


def _fields(pairs: Iterable[tuple[str, str | tuple[str, ...]]]) -> str:
    """Return the text of one of our notes; a list is one value, its items parted by a bar.

    >>> _fields([("count", "3"), ("documents", ("a; b", "c"))])
    'duiyi: count=3; documents=a%3B b|c'
    """
    values = ((name, (text,) if isinstance(text, str) else text) for name, text in pairs)
    return MARK + "; ".join(f"{_quote(name)}={'|'.join(map(_quote, texts))}" for name, texts in values)


def _parse_fields(note: str) -> list[tuple[str, tuple[str, ...]]]:
    parts = (part.partition("=") for part in note.removeprefix(MARK).split("; "))
    return [(unquote(name), tuple(map(unquote, text.split("|")))) for name, _, text in parts if name]


def _spans(spans: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{start}-{end}" for start, end in spans)


def _unspans(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (part.partition("-") for part in text.split())
    return tuple((int(start), int(end)) for start, _, end in pairs)


# Property names under which elements are kept that the model has no field for.
ENTRY_XML, LANGUAGE_XML, TERM_XML = "tbx:entry", "tbx:language:", "tbx:term:"
TERM_ID = "tbx:id:"
SOURCE_TAG, TARGET_TAG = "tbx:source-language", "tbx:target-language"
OTHER_ENTRY, HEADER_XML, BACK_XML = "tbx:entry", "tbx:header", "tbx:back"  # of the glossary
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_DEFAULT = ConceptEntry("", "", ())
_PLAIN_RENDERING = Rendering("")


def _sub(parent: Any, name: str, text: str = "", /, **attributes: str) -> Any:
    child = etree.SubElement(parent, name, attributes)
    child.text = text
    return child


class _Writer:
    """Writes one glossary; ``terms`` grows to the list of (language, term) as they stand in the file."""

    def __init__(self, glossary: Glossary, names: _Names) -> None:
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
            _sub(source, "p", _fields(kept))
        if self._names.version == 2:
            convention = etree.SubElement(header, "encodingDesc")
            _sub(convention, "p", "TBXBasicXCSV02.xcs", type="XCSURI")
        return header

    def _fitting(self, text: str, level: str) -> Any:
        """Return a kept element in the shape of this version if TBX-Basic has room for it there, else None."""
        element = etree.fromstring(text)
        return _renamed(element, self._names) if _fits(element, level, self._names, self._known) else None

    def _kept(self, parent: Any, text: str, level: str) -> None:
        element = self._fitting(text, level)
        if element is None:
            _sub(parent, "note", _fields([("xml", text)]))
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
            _sub(concept, "note", _fields([("note", note)]) if note.startswith(MARK) else note)
        _sub(concept, "note", _fields(self._entry_fields(entry, id_)))
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
            note.text = _fields([("xml", text)])
            concept.insert(next(i for i, child in enumerate(concept) if child.tag == self._names.language), note)

    def _entry_fields(self, entry: ConceptEntry, id_: str) -> list[tuple[str, str | tuple[str, ...]]]:
        pairs: list[tuple[str, str | tuple[str, ...]]] = [
            ("type", entry.type),
            ("list", entry.list),
            ("review", entry.review),
            ("count", str(entry.count)),
            ("units", str(entry.units)),
            ("score", repr(entry.score)),
        ]
        if id_ != entry.id:
            pairs.insert(0, ("id", entry.id))
        if entry.part_of_speech not in self._names.parts_of_speech:
            pairs.append(("partOfSpeech", entry.part_of_speech))
        pairs += [
            (name, getattr(entry, name))
            for name in ("reasons", "first", "last", "broader", "known")
            if getattr(entry, name)
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
            "administrativeStatus": _STATUS[usage],
        }
        if kind in _TERM_TYPE:
            own["termType"] = _TERM_TYPE[kind]
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
            _sub(term, "note", _fields(_context_fields(context, shown_in(entry, context) or 0)))
        for variant in entry.variants:
            term = self._term(section, variant.text, variant.usage, variant.kind, entry)
            _sub(term, "note", _fields([("kind", variant.kind), ("count", str(variant.count))]))

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
            pairs: list[tuple[str, str | tuple[str, ...]]] = [
                ("kind", rendering.kind),
                ("count", str(rendering.count)),
            ]
            pairs += [
                (name, getattr(rendering, name))
                for name in ("first", "last", "first_document", "last_document", "documents")
                if getattr(rendering, name)
            ]
            _sub(term, "note", _fields(pairs))

    def _pattern(self, pattern: PhrasePattern, id_: str) -> Any:
        slots = tuple(",".join(map(_quote, slot)) for slot in pattern.slots)
        fields_ = _fields([("pattern", pattern.id), ("slots", slots)]) if slots else _fields([("pattern", pattern.id)])
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


def _terms(element: Any, names: _Names) -> list[tuple[str, str]]:
    return [
        (section.get(XML_LANG, ""), "".join(term.itertext()))
        for section in element.iter(names.language)
        for term in section.iter("term")
    ]


def _context_fields(context: Context, number: int) -> list[tuple[str, str | tuple[str, ...]]]:
    """Return what our note says of a context; ``number`` is that of the term under which its English stands."""
    pairs: list[tuple[str, str | tuple[str, ...]]] = [("context", context.unit)]
    pairs += [(name, getattr(context, name)) for name in ("document", "date", "place") if getattr(context, name)]
    if context.source_spans:
        pairs.append(("source", _spans(context.source_spans)))
    if context.target_spans:
        pairs.append(("target", _spans(context.target_spans)))
    if number:
        pairs.append(("shows", str(number)))
    if not (context.source and context.target):
        pairs.append(("sides", "source" if context.source else "target" if context.target else "none"))
    return pairs


# --- what TBX-Basic has room for ------------------------------------------------------------------------------------

_ADMINS = {"customerSubset", "projectSubset", "source"}
_ROOM: dict[str, dict[str, set[str]]] = {
    "entry": {
        "admin": _ADMINS,
        "descrip": {"subjectField", "definition"},
        "ref": {"crossReference"},
        "xref": {"externalCrossReference", "xGraphic"},
    },
    "language": {
        "admin": {"source"},
        "descrip": {"definition"},
        "xref": {"externalCrossReference", "xGraphic"},
    },
    "term": {
        "admin": _ADMINS,
        "descrip": {"context"},
        "ref": {"crossReference"},
        "xref": {"externalCrossReference"},
        "termNote": {
            "administrativeStatus",
            "partOfSpeech",
            "geographicalUsage",
            "grammaticalGender",
            "termLocation",
            "termType",
        },
    },
}
_VALUES = {
    "grammaticalGender": {"masculine", "feminine", "neuter", "other"},
    "termType": {"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"},
    "administrativeStatus": set(_STATUS.values()),
    "transactionType": {"origination", "modification"},
    "termLocation": {
        "checkBox", "comboBox", "comboBoxElement", "dialogBox", "groupBox", "informativeMessage",
        "interactiveMessage", "menuItem", "progressBar", "pushButton", "radioButton", "slider", "spinBox", "tab",
        "tableText", "textBox", "toolTip", "user-definedType",
    },
}  # fmt: skip
_INSIDE = {
    "descripGrp": ("descrip", {"admin"}),
    "transacGrp": ("transac", {"transacNote", "date"}),
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?")
_ATTRIBUTES = {"id", "type", "target", "datatype", XML_LANG}


def _fits(element: Any, level: str, names: _Names, known: set[str]) -> bool:
    name, type_, text = element.tag, element.get("type"), element.text or ""
    if level == "text":
        return bool(name == "back" and names.version == 3 and len(element) > 0)
    if level == "body":
        return name == "conceptEntry" and all(_fits(child, "entry", names, known) for child in element)
    if name == "langSec":
        return level == "entry" and all(_fits(child, "language", names, known) for child in element)
    if name == "termSec":
        return level == "language" and all(_fits(child, "term", names, known) for child in element)
    if name == "term":
        return level == "term" and not len(element)
    target = element.get("target", "")
    if set(element.attrib) - _ATTRIBUTES or (target and not _resolves(name, target, known)):
        return False
    if name in _INSIDE:
        first, others = _INSIDE[name]
        heads = [child.tag in ((first,) if number == 0 else others) for number, child in enumerate(element)]
        return bool(heads) and all(heads) and all(_fits(child, level, names, known) for child in element)
    if len(element):
        return False
    if name == "note":
        return not text.startswith(MARK)
    if name == "date":
        return bool(_DATE.fullmatch(text))
    if name == "transac":
        return bool(type_ == "transactionType" and text in _VALUES["transactionType"])
    if name == "transacNote":
        return bool(type_ == "responsibility")
    if type_ not in _ROOM.get(level, {}).get(name, set()):
        return False
    if type_ == "partOfSpeech":
        return text in names.parts_of_speech
    if name in ("ref", "xref"):
        return bool(target)
    return type_ not in _VALUES or bool(text in _VALUES[type_])


def _resolves(name: str, target: str, known: set[str]) -> bool:
    return re.match(r"https?://.+", target) is not None if name == "xref" else target in known


def _renamed(element: Any, names: _Names) -> Any:
    for child in element.iter():
        child.tag = {"conceptEntry": names.entry, "langSec": names.language, "termSec": names.term}.get(
            child.tag, child.tag
        )
    return element


# --- reading --------------------------------------------------------------------------------------------------------

_META = {
    "customerSubset": "admin", "projectSubset": "admin", "source": "admin",
    "context": "descrip", "definition": "descrip", "subjectField": "descrip",
    "crossReference": "ref", "externalCrossReference": "xref", "xGraphic": "xref",
    "administrativeStatus": "termNote", "partOfSpeech": "termNote", "geographicalUsage": "termNote",
    "grammaticalGender": "termNote", "termLocation": "termNote", "termType": "termNote",
    "transactionType": "transac", "responsibility": "transacNote",
}  # fmt: skip
_RENAME = {"termEntry": "conceptEntry", "langSet": "langSec", "tig": "termSec", "ntig": "termSec"}


def read_tbx(path: str | Path, notices: list[Notice] | None = None) -> Glossary:
    """Read a TBX file of version 2 or 3, DCA or DCT style, of any dialect.

    Chinese is the source and English the target; entries without one of them, other languages and elements without
    a field of their own are kept as ``properties`` and written again by ``write_tbx``. Raises ``FormatError`` with
    the line for what is not TBX.
    """
    path = Path(path)
    entries: list[ConceptEntry] = []
    patterns: list[PhrasePattern] = []
    properties: list[tuple[str, str]] = []
    tags: list[dict[str, int]] = [{}, {}]
    try:
        with path.open("rb") as file:
            source = LenientXml(file)
            wanted = [f"{{*}}{name}" for name in ("conceptEntry", "termEntry", "martifHeader", "tbxHeader", "back")]
            events = etree.iterparse(
                source, tag=wanted, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
            )
            for _, element in events:
                plain = _plain(element)
                if plain.tag in ("martifHeader", "tbxHeader"):
                    properties += _header_properties(plain)
                elif plain.tag == "back":
                    if len(plain):
                        properties.append((BACK_XML, _text_of(plain)))
                else:
                    read = _read_entry(plain, tags)
                    if isinstance(read, ConceptEntry):
                        entries.append(read)
                    elif isinstance(read, PhrasePattern):
                        patterns.append(read)
                    else:
                        properties.append((OTHER_ENTRY, _text_of(plain)))
                parent = element.getparent()
                element.clear()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
            root = events.root
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{path}, line {error.lineno or 1}: not well-formed XML: {error.msg}") from error
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    if root is None or etree.QName(root).localname not in ("tbx", "martif"):
        raise FormatError(f"{path}: not a TBX file: its root element is neither <tbx> nor <martif>")
    if source.replaced and notices is not None:
        text = f"{source.replaced} characters that XML forbids were replaced by U+FFFD"
        notices.append(Notice("replaced", path.name, "", text))
    languages = [max(seen, key=lambda tag: seen[tag]) if seen else "" for seen in tags]
    return Glossary(
        tuple(_with_tags(entry, languages) for entry in entries),
        tuple(patterns),
        source_language=languages[0] or "zh-CN",
        target_language=languages[1] or "en-US",
        properties=tuple(properties),
    )


def _header_properties(header: Any) -> list[tuple[str, str]]:
    paragraphs = [p.text or "" for p in header.iter("p")]
    if any(text.startswith("Written by duiyi ") for text in paragraphs):
        ours = [text for text in paragraphs if text.startswith(MARK)]
        return [(name, text[0]) for note in ours for name, text in _parse_fields(note)]
    return [(HEADER_XML, _text_of(header))]


def _with_tags(entry: ConceptEntry, languages: list[str]) -> ConceptEntry:
    """Keep the language tags of an entry only where they differ from those of most entries."""
    common = {(SOURCE_TAG, languages[0]), (TARGET_TAG, languages[1])}
    kept = tuple(pair for pair in entry.properties if pair not in common)
    return entry if kept == entry.properties else replace(entry, properties=kept)


def _plain(element: Any) -> Any:
    """Return a copy without namespaces, with the element names of version 3 and types as attributes (DCA)."""
    name = etree.QName(element)
    tag = _RENAME.get(name.localname, name.localname)
    attributes = dict(element.attrib)
    if name.namespace and name.namespace != NAMESPACE:
        attributes["type"] = tag
        tag = attributes.pop("metaType", "") or _META.get(tag, "descrip")
    copy = etree.Element(tag, attributes)
    copy.text = element.text
    last = None
    for child in element:
        if isinstance(child, etree._Entity):
            text = (child.text or "") + (child.tail or "")
        elif not isinstance(child.tag, str):
            text = child.tail or ""
        elif etree.QName(child).localname == "termGrp":  # of <ntig>: its content belongs to the term section
            for grandchild in _plain(child):
                copy.append(grandchild)
                last = grandchild
            continue
        else:
            last = _plain(child)
            last.tail = child.tail
            copy.append(last)
            continue
        if last is None:
            copy.text = (copy.text or "") + text
        else:
            last.tail = (last.tail or "") + text
    if len(copy) and not any((text or "").strip() for text in (copy.text, *(child.tail for child in copy))):
        copy.text = None
        for child in copy:
            child.tail = None
    return copy


def _text_of(element: Any) -> str:
    return etree.tostring(element, encoding="unicode", with_tail=False)


def _read_entry(concept: Any, tags: list[dict[str, int]]) -> ConceptEntry | PhrasePattern | None:
    sections = concept.findall("langSec")
    filled = [section for section in sections if section.find(".//term") is not None]
    sides = [
        next((section for section in filled if speaks(section.get(XML_LANG, ""))), None)
        for speaks in (is_chinese, is_english)
    ]
    if sides[0] is None or sides[1] is None:
        return None
    ours: dict[str, tuple[str, ...]] = {}
    notes: list[str] = []
    sources: list[str] = []
    properties: list[tuple[str, str]] = []
    definition = ""
    for child in concept:
        text, simple = child.text or "", not len(child) and not set(child.attrib) - {"type"}
        if child.tag == "langSec":
            if child not in sides:
                properties.append((ENTRY_XML, _text_of(child)))
        elif child.tag == "note" and text.startswith(MARK) and simple:
            for name, values in _parse_fields(text):
                if name == "note":
                    notes.append(values[0])
                elif name == "xml":
                    properties.append((ENTRY_XML, values[0]))
                elif name.startswith("property."):
                    properties.append((name.removeprefix("property."), values[0]))
                else:
                    ours[name] = values
        elif child.tag == "note" and simple:
            notes.append(text)
        elif child.tag == "admin" and child.get("type") == "source" and simple:
            sources.append(text)
        elif child.tag == "descrip" and child.get("type") == "definition" and simple and text and not definition:
            definition = text
        else:
            properties.append((ENTRY_XML, _text_of(child)))
    broader = ours.get("broader", ("",))[0]
    reference = f'<ref type="crossReference" target="{broader}">broader concept</ref>'
    if broader and (ENTRY_XML, reference) in properties:
        properties.remove((ENTRY_XML, reference))
    chinese = _read_side(sides[0], properties, tags[0], SOURCE_TAG)
    shown = [int(fields_.get("shows", ("0",))[0]) for fields_ in chinese.context_fields]
    english = _read_side(sides[1], properties, tags[1], TARGET_TAG, frozenset({0, *shown}))
    contexts = _contexts(chinese, english)
    if "pattern" in ours:
        slots = tuple(tuple(unquote(word) for word in slot.split(",")) for slot in ours.get("slots", ()))
        return PhrasePattern(ours["pattern"][0], chinese.terms[0].text, english.terms[0].text, contexts, slots)
    head = next((term for term in chinese.terms if term.usage == "preferred"), chinese.terms[0])
    part = ours.get("partOfSpeech", (head.part_of_speech or "noun",))[0]
    return ConceptEntry(
        id=ours.get("id", (concept.get("id", ""),))[0],
        term=head.text,
        renderings=_renderings(english.terms),
        variants=tuple(
            Variant(term.text, cast(VariantKind, term.kind or "synonym"), term.usage or "admitted", term.count(0))
            for term in chinese.terms
            if term is not head
        ),
        type=cast(TermType, _one_of(TermType, ours, "type", "concept")),
        part_of_speech=cast(PartOfSpeech, part if part in get_args(PartOfSpeech) else "other"),
        list=cast(TermList, _one_of(TermList, ours, "list", "recurring")),
        review=cast(Review, _one_of(Review, ours, "review", "candidate")),
        count=int(ours.get("count", ("1",))[0]),
        units=int(ours.get("units", ("1",))[0]),
        score=float(ours.get("score", ("0",))[0]),
        contexts=contexts,
        reasons=ours.get("reasons", ()),
        sources=tuple(sources),
        notes=tuple(notes),
        first=ours.get("first", ("",))[0],
        last=ours.get("last", ("",))[0],
        broader=broader,
        known=cast(KnownStatus, _one_of(KnownStatus, ours, "known", "")),
        definition=definition,
        properties=tuple(properties),
    )


def _one_of(kind: Any, fields_: dict[str, tuple[str, ...]], name: str, default: str) -> str:
    value = fields_.get(name, (default,))[0]
    return value if value in get_args(kind) else default


@dataclass(slots=True)
class _Term:
    """One term as it stands in the file."""

    text: str
    usage: Usage | None
    kind: str
    part_of_speech: str
    fields: dict[str, tuple[str, ...]]

    def count(self, default: int) -> int:
        return int(self.fields.get("count", (str(default),))[0])


@dataclass(slots=True)
class _Side:
    """One language of an entry: its terms, contexts with their sources by number of the term, our notes about them."""

    terms: list[_Term]
    contexts: dict[int, list[tuple[str, str]]]
    context_fields: list[dict[str, tuple[str, ...]]]


def _read_side(
    section: Any,
    properties: list[tuple[str, str]],
    tags: dict[str, int],
    tag_name: str,
    shown: frozenset[int] = frozenset({0}),
) -> _Side:
    """Read one language. ``shown`` are the numbers of the terms whose contexts are the entry's."""
    tag = canonical(section.get(XML_LANG, ""))
    tags[tag] = tags.get(tag, 0) + 1
    properties.append((tag_name, tag))
    side = _Side([], {}, [])
    for child in section:
        if child.tag == "termSec":
            side.terms.append(_read_term(child, side, properties, tag, shown))
        elif child.tag == "note" and (child.text or "").startswith(MARK):
            kept = dict(_parse_fields(child.text)).get("xml", ())
            properties += [(LANGUAGE_XML + tag, text) for text in kept]
        else:
            properties.append((LANGUAGE_XML + tag, _text_of(child)))
    return side


def _read_term(section: Any, side: _Side, properties: list[tuple[str, str]], tag: str, shown: frozenset[int]) -> _Term:
    text = "".join(section.find("term").itertext()) if section.find("term") is not None else ""
    term = _Term(text, None, "", "", {})
    if section.get("id"):
        properties.append((f"{TERM_ID}{tag}:{text}", section.get("id")))
    kept: list[str] = []
    for child in section:
        value, type_ = child.text or "", child.get("type")
        simple = not len(child) and not set(child.attrib) - {"type"}
        if child.tag == "term":
            continue
        if child.tag == "note" and value.startswith(MARK) and simple:
            fields_ = dict(_parse_fields(value))
            if "context" in fields_:
                side.context_fields.append(fields_)
            elif "xml" in fields_:
                kept.append(fields_["xml"][0])
            else:
                term.fields |= fields_
        elif type_ == "administrativeStatus" and simple and value in _USAGE:
            term.usage = _USAGE[value]
        elif type_ == "partOfSpeech" and simple and value in get_args(PartOfSpeech):
            term.part_of_speech = value
        elif type_ == "termType" and simple and value in _KIND:
            term.kind = _KIND[value]
            if _TERM_TYPE[term.kind] != value:
                kept.append(_text_of(child))
        elif len(side.terms) in shown and (context := _context_text(child)) is not None:
            side.contexts.setdefault(len(side.terms), []).append(context)
        else:
            kept.append(_text_of(child))
    term.kind = term.fields.get("kind", (term.kind,))[0]
    properties += [(f"{TERM_XML}{tag}:{text}", xml) for xml in kept]
    return term


def _context_text(element: Any) -> tuple[str, str] | None:
    """Return the text and the source of a context that holds nothing but these two."""
    source = ""
    if element.tag == "descripGrp" and 1 <= len(element) <= 2 and not element.attrib:
        if len(element) == 2:
            admin = element[1]
            if (admin.tag, dict(admin.attrib), len(admin)) != ("admin", {"type": "source"}, 0):
                return None
            source = admin.text or ""
        element = element[0]
    if element.tag == "descrip" and dict(element.attrib) == {"type": "context"} and not len(element):
        return element.text or "", source
    return None


def _renderings(terms: list[_Term]) -> tuple[Rendering, ...]:
    renderings = []
    stated = any(term.usage for term in terms)
    for number, term in enumerate(terms):
        default: Usage = "preferred" if number == 0 and not stated else "admitted"
        values = {
            name: term.fields[name][0]
            for name in ("first", "last", "first_document", "last_document")
            if name in term.fields
        }
        renderings.append(
            Rendering(
                term.text,
                usage=term.usage or default,
                kind=cast(VariantKind, term.kind or ("synonym" if number else "main")),
                count=term.count(1),
                documents=term.fields.get("documents", ()),
                **values,
            )
        )
    return tuple(sorted(renderings, key=lambda rendering: rendering.usage != "preferred"))


def _contexts(chinese: _Side, english: _Side) -> tuple[Context, ...]:
    """Pair the contexts of both sides as our notes say; contexts from elsewhere have one side each."""
    sources = iter(chinese.contexts.get(0, ()))
    targets = {number: iter(texts) for number, texts in english.contexts.items()}
    contexts = []
    for fields_ in chinese.context_fields:
        sides = fields_.get("sides", ("both",))[0]
        number = int(fields_.get("shows", ("0",))[0])
        contexts.append(
            Context(
                unit=fields_["context"][0],
                source=next(sources, ("", ""))[0] if sides in ("both", "source") else "",
                target=next(targets.get(number, iter(())), ("", ""))[0] if sides in ("both", "target") else "",
                source_spans=_unspans(fields_.get("source", ("",))[0]),
                target_spans=_unspans(fields_.get("target", ("",))[0]),
                document=fields_.get("document", ("",))[0],
                date=fields_.get("date", ("",))[0],
                place=fields_.get("place", ("",))[0],
            )
        )
    contexts += [Context("", text, "", document=source) for text, source in sources]
    rest = (pair for number in sorted(targets) for pair in targets[number])
    contexts += [Context("", "", text, document=source) for text, source in rest]
    return tuple(contexts)
