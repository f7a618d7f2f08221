"""A TBX file of any version, style and dialect as a glossary; what has no field of its own is kept as it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast, get_args
from urllib.parse import unquote

from lxml import etree

from glossary.files.tbx.dialect import (
    BACK_XML,
    ENTRY_XML,
    HEADER_XML,
    KIND,
    LANGUAGE_XML,
    MARK,
    NAMESPACE,
    OTHER_ENTRY,
    SOURCE_TAG,
    TARGET_TAG,
    TERM_ID,
    TERM_TYPE,
    TERM_XML,
    XML_LANG,
    parse_note,
    spans_of,
)
from glossary.files.usages import is_neutral, is_status, strictest, told_by, told_of, usage_of
from glossary.model import (
    DOUBTED,
    NOT_TO_USE,
    ConceptEntry,
    Context,
    Domain,
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
from glossary.reasons import from_words
from tmx.errors import FormatError
from tmx.files import LenientXml
from tmx.languages import canonical, is_chinese, is_english, is_undetermined
from tmx.model import Notice
from tmx.scripts import language_by_script

_META = {
    "customerSubset": "admin", "projectSubset": "admin", "source": "admin",
    "context": "descrip", "definition": "descrip", "subjectField": "descrip",
    "crossReference": "ref", "externalCrossReference": "xref", "xGraphic": "xref",
    "administrativeStatus": "termNote", "normativeAuthorization": "termNote",
    "partOfSpeech": "termNote", "geographicalUsage": "termNote",
    "grammaticalGender": "termNote", "termLocation": "termNote", "termType": "termNote",
    "transactionType": "transac", "responsibility": "transacNote",
}  # fmt: skip
_RENAME = {
    "termEntry": "conceptEntry", "langSet": "langSec", "tig": "termSec", "ntig": "termSec",
    "entry": "conceptEntry", "langGroup": "langSec", "termGroup": "termSec",  # TBX-Min
}  # fmt: skip
_MIN = {  # elements of TBX-Min as data categories
    "termStatus": ("termNote", "administrativeStatus"),
    "partOfSpeech": ("termNote", "partOfSpeech"),
    "subjectField": ("descrip", "subjectField"),
    "customer": ("admin", "customerSubset"),
}


def read_tbx(path: str | Path, notices: list[Notice] | None = None, *, all_sections: bool = False) -> Glossary:
    """Read a TBX file of version 2 or 3, DCA or DCT style, of any dialect, TBX-Min too.

    Chinese is the source and English the target; entries without one of them, other languages and elements without
    a field of their own are kept as ``properties`` and written again by ``write_tbx``. An entry may have several
    sections of a language (en-GB, en-US); with ``all_sections`` all their terms are read into one, else those of the
    main variety. Raises ``FormatError`` with the line for what is not TBX.
    """
    path = Path(path)
    reader = _Reader(all_sections)
    try:
        with path.open("rb") as file:
            source = LenientXml(file)
            events = etree.iterparse(
                source, tag=_WANTED, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
            )
            for _, element in events:
                reader.take(_plain(element))
                _release(element)
            root = events.root
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{path}, line {error.lineno or 1}: not well-formed XML: {error.msg}") from error
    except ValueError as error:  # a name that no namespace is declared for
        raise FormatError(f"{path}: not well-formed XML: {error}") from error
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    if root is None or etree.QName(root).localname.lower() not in ("tbx", "martif"):
        raise FormatError(f"{path}: not a TBX file: its root element is neither <tbx> nor <martif>")
    notices = [] if notices is None else notices
    if source.replaced:
        text = f"{source.replaced} characters that XML forbids were replaced by U+FFFD"
        notices.append(Notice("replaced", path.name, "", text))
    for name, texts in reader.unknown.items():
        more = f" and {len(texts) - 1} others" if len(texts) > 1 else ""
        says = f"{name} says {next(iter(texts))[:30]!r}{more}"
        text = f"{says}, which is no status known here; the terms beside it are doubted"
        notices.append(Notice("warning", path.name, "", text))
    return reader.glossary()


_WANTED = tuple(
    f"{{*}}{name}" for name in ("conceptEntry", "termEntry", "entry", "martifHeader", "tbxHeader", "header", "back")
)


def _release(element: Any) -> None:
    """Free what has been read, so that memory does not grow with the file."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


class _Reader:
    """Takes the parts of a file one by one."""

    def __init__(self, all_sections: bool = False) -> None:
        self._all_sections = all_sections
        self._entries: list[ConceptEntry] = []
        self._patterns: list[PhrasePattern] = []
        self._properties: list[tuple[str, str]] = []
        self._tags: list[dict[str, int]] = [{}, {}]  # of either side: how many entries are labelled so
        self.unknown: dict[str, dict[str, None]] = {}  # by data category: each status that is none we know

    def take(self, element: Any) -> None:
        if element.tag in ("martifHeader", "tbxHeader", "header"):
            self._properties += _header_properties(element)
        elif element.tag == "back":
            if len(element):
                self._properties.append((BACK_XML, _text_of(element)))
        else:
            if self._all_sections:
                _join_sections(element)
                _hand_down_usages(element)
            doubted = self._note_unknown(element) if self._all_sections else {}
            read = _read_entry(element, self._tags)
            if isinstance(read, ConceptEntry):
                self._entries.append(_doubting(read, doubted) if doubted else read)
            elif isinstance(read, PhrasePattern):
                self._patterns.append(read)
            else:
                self._properties.append((OTHER_ENTRY, _text_of(element)))

    def _note_unknown(self, element: Any) -> dict[tuple[str, str], str]:
        """Note the statuses in unknown words; return the English terms that have one, as property and as note."""
        found: dict[tuple[str, str], str] = {}
        for told in element.iter(*_TELLING):
            name, text = told.get("type") or "", (told.text or "").strip()
            if is_status(name) and usage_of(text) is None and not is_neutral(text):
                self.unknown.setdefault(name, {}).setdefault(text, None)
                term = next((parent for parent in told.iterancestors() if parent.tag == "termSec"), None)
                if term is not None and is_english(term.getparent().get(XML_LANG, "")):
                    rendering = "".join(map(str, term.itertext("term"))).strip()
                    found[DOUBTED + rendering, text] = told_of(rendering, name, text)
        return found

    def glossary(self) -> Glossary:
        languages = [max(seen, key=lambda tag: seen[tag]) if seen else "" for seen in self._tags]
        return Glossary(
            tuple(_with_tags(entry, languages) for entry in self._entries),
            tuple(self._patterns),
            source_language=languages[0] or "zh-CN",
            target_language=languages[1] or "en-US",
            properties=tuple(self._properties),
        )


def _header_properties(header: Any) -> list[tuple[str, str]]:
    paragraphs = [p.text or "" for p in header.iter("p")]
    if any(text.startswith("Written by duiyi ") for text in paragraphs):
        ours = [text for text in paragraphs if text.startswith(MARK)]
        return [(name, text[0]) for note in ours for name, text in parse_note(note)]
    return [(HEADER_XML, _text_of(header))]


def _doubting(entry: ConceptEntry, doubted: Mapping[tuple[str, str], str]) -> ConceptEntry:
    """Return an entry with the statuses in unknown words of its terms, as properties and as notes."""
    notes = tuple(dict.fromkeys((*entry.notes, *doubted.values())))
    return replace(entry, properties=(*entry.properties, *doubted), notes=notes)


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
    if tag in _MIN and "type" not in attributes:
        tag, attributes["type"] = _MIN[tag]
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
    """Read an entry, None if it lacks one of the languages; ``tags`` counts how either side is labelled."""
    sides = _sides(concept)
    if sides is None:
        return None
    level = _EntryLevel()
    for child in concept:
        if child not in sides:
            level.take(child)
    level.drop_written_reference()
    properties = level.properties
    chinese = _read_side(sides[0], properties, tags[0], SOURCE_TAG)
    shown = [_number(fields_.get("shows", ("",))[0], 0) for fields_ in chinese.context_fields]
    english = _read_side(sides[1], properties, tags[1], TARGET_TAG, frozenset({0, *shown}))
    contexts = _contexts(chinese, english)
    if "pattern" in level.ours:
        slots = tuple(tuple(unquote(word) for word in slot.split(",")) for slot in level.ours.get("slots", ()))
        return PhrasePattern(level.value("pattern"), chinese.terms[0].text, english.terms[0].text, contexts, slots)
    return _entry(concept.get("id", ""), level, chinese, english, contexts)


def _join_sections(concept: Any) -> None:
    """Move the terms of all sections of a language into the section of its main variety; empty ones are left out.

    A section that states no language is in the one which the script of its terms tells.
    """
    for term in [term for term in concept.iter("termSec") if not "".join(term.itertext("term")).strip()]:
        term.getparent().remove(term)
    for section in concept.findall("langSec"):
        if is_undetermined(section.get(XML_LANG, "")):
            section.set(XML_LANG, language_by_script("".join(map(str, section.itertext("term")))) or "und")
    sides = _sides(concept)
    for main, speaks in zip(sides or (), (is_chinese, is_english), strict=False):
        for section in concept.findall("langSec"):
            if section is not main and speaks(section.get(XML_LANG, "")):
                main.extend(section.findall("termSec"))
                concept.remove(section)


_TELLING = ("termNote", "descrip", "admin")


def _hand_down_usages(concept: Any) -> None:
    """Mark as not to be used the terms of an entry or a language of which that is said, or of all the Chinese terms."""
    sections = concept.findall("langSec")
    chinese = [
        term for section in sections if is_chinese(section.get(XML_LANG, "")) for term in section.iter("termSec")
    ]
    english = [
        term for section in sections if is_english(section.get(XML_LANG, "")) for term in section.iter("termSec")
    ]
    told = strictest(_status_in(child) for child in concept if child.tag != "langSec")
    for section in sections:
        about = strictest((told, *(_status_in(child) for child in section if child.tag != "termSec")))
        _mark(section.iter("termSec"), about)
    of_terms = [strictest(_status_in(child) for child in term) for term in chinese]
    if of_terms and all(usage in NOT_TO_USE for usage in of_terms):
        _mark(english, strictest(of_terms))


def _mark(terms: Iterable[Any], usage: Usage | None) -> None:
    for term in terms if usage in NOT_TO_USE else ():
        etree.SubElement(term, "termNote", type="administrativeStatus").text = usage


def _sides(concept: Any) -> tuple[Any, Any] | None:
    """Return the Chinese and the English section of an entry, of several those of the main variety."""
    filled = [section for section in concept.findall("langSec") if section.find(".//term") is not None]
    chinese = [section for section in filled if is_chinese(section.get(XML_LANG, ""))]
    english = [section for section in filled if is_english(section.get(XML_LANG, ""))]
    if not chinese or not english:
        return None
    return min(chinese, key=lambda section: _rank(section, _MAIN_CHINESE)), min(
        english, key=lambda section: _rank(section, _MAIN_ENGLISH)
    )


_MAIN_CHINESE = ("zh-CN", "zh-Hans-CN", "zh-Hans", "cmn-Hans-CN", "cmn-Hans", "zh", "zho", "chi", "cmn")
_MAIN_ENGLISH = ("en-US", "en", "eng", "en-GB")


def _rank(section: Any, order: tuple[str, ...]) -> int:
    tag = canonical(section.get(XML_LANG, ""))
    return order.index(tag) if tag in order else len(order)


@dataclass(slots=True)
class _EntryLevel:
    """What stands in an entry outside its two languages; ``ours`` is what our own note says, by name."""

    ours: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    definition: str = ""

    def take(self, child: Any) -> None:
        text, type_ = child.text or "", child.get("type")
        if not _is_simple(child) or child.tag == "langSec":
            self.properties.append((ENTRY_XML, _text_of(child)))
        elif child.tag == "note" and text.startswith(MARK):
            self._take_ours(text)
        elif child.tag == "note":
            self.notes.append(text)
        elif child.tag == "admin" and type_ == "source":
            self.sources.append(text)
        elif child.tag == "descrip" and type_ == "definition" and text and not self.definition:
            self.definition = text
        else:
            self.properties.append((ENTRY_XML, _text_of(child)))

    def _take_ours(self, note: str) -> None:
        for name, values in parse_note(note):
            if name == "note":
                self.notes.append(values[0])
            elif name == "xml":
                self.properties.append((ENTRY_XML, values[0]))
            elif name.startswith("property."):
                self.properties.append((name.removeprefix("property."), values[0]))
            else:
                self.ours[name] = values

    def drop_written_reference(self) -> None:
        """Leave out the reference which the writer made of ``broader``."""
        broader = self.value("broader")
        reference = f'<ref type="crossReference" target="{broader}">broader concept</ref>'
        if broader and (ENTRY_XML, reference) in self.properties:
            self.properties.remove((ENTRY_XML, reference))

    def value(self, name: str, default: str = "") -> str:
        return self.ours.get(name, (default,))[0]

    def one_of(self, kind: Any, name: str, default: str) -> Any:
        value = self.value(name, default)
        return value if value in get_args(kind) else default


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else default


def _score(text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        return 0.0
    return score if math.isfinite(score) else 0.0


def _is_simple(element: Any) -> bool:
    return not len(element) and not set(element.attrib) - {"type"}


def _entry(id_: str, level: _EntryLevel, chinese: _Side, english: _Side, contexts: tuple[Context, ...]) -> ConceptEntry:
    usable = [term for term in chinese.terms if term.usage not in NOT_TO_USE]
    head = next((term for term in chinese.terms if term.usage == "preferred"), next(iter(usable), chinese.terms[0]))
    part = level.value("partOfSpeech", head.part_of_speech or "noun")
    return ConceptEntry(
        id=level.value("id", id_),
        term=head.text,
        renderings=_renderings(english.terms),
        variants=tuple(
            Variant(term.text, cast(VariantKind, term.kind or "synonym"), term.usage or "admitted", term.count(0))
            for term in chinese.terms
            if term is not head
        ),
        type=level.one_of(TermType, "type", "concept"),
        part_of_speech=cast(PartOfSpeech, part if part in get_args(PartOfSpeech) else "other"),
        list=level.one_of(TermList, "list", "recurring"),
        domain=level.one_of(Domain, "domain", "other"),
        political=_score(level.value("political")),
        review=level.one_of(Review, "review", "candidate"),
        count=_number(level.value("count"), 1),
        units=_number(level.value("units"), 1),
        score=_score(level.value("score")),
        contexts=contexts,
        reasons=tuple(map(from_words, level.ours.get("reasons", ()))),
        sources=tuple(level.sources),
        notes=tuple(level.notes),
        first=level.value("first"),
        last=level.value("last"),
        broader=level.value("broader"),
        known=level.one_of(KnownStatus, "known", ""),
        definition=level.definition,
        properties=tuple(level.properties),
    )


@dataclass(slots=True)
class _Term:
    """One term as it stands in the file; ``kept`` is the XML of what the model has no field for."""

    text: str
    usage: Usage | None = None
    kind: str = ""
    part_of_speech: str = ""
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    def count(self, default: int) -> int:
        return _number(self.fields.get("count", ("",))[0], default)

    def take_ours(self, note: str, side: _Side) -> None:
        """Take one of our own notes: of a context, of kept XML, or of the term."""
        values = dict(parse_note(note))
        if "context" in values:
            side.context_fields.append(values)
        elif "xml" in values:
            self.kept.append(values["xml"][0])
        else:
            self.fields |= values

    def take_note(self, type_: str, value: str) -> bool:
        """Take a data category that the model has a field for; tell whether it is one."""
        usage = usage_of(value) if type_ == "administrativeStatus" else None
        if usage is not None:
            self.usage = strictest((self.usage, usage))
        elif type_ == "partOfSpeech" and value in get_args(PartOfSpeech):
            self.part_of_speech = value
        elif type_ == "termType" and value in KIND:
            self.kind = KIND[value]
        else:
            return False
        return True


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
            kept = dict(parse_note(child.text)).get("xml", ())
            properties += [(LANGUAGE_XML + tag, text) for text in kept]
        else:
            properties.append((LANGUAGE_XML + tag, _text_of(child)))
    return side


def _read_term(section: Any, side: _Side, properties: list[tuple[str, str]], tag: str, shown: frozenset[int]) -> _Term:
    text = "".join(section.find("term").itertext()) if section.find("term") is not None else ""
    term = _Term(text)
    if section.get("id"):
        properties.append((f"{TERM_ID}{tag}:{text}", section.get("id")))
    for child in section:
        if child.tag == "term":
            continue
        if child.tag == "note" and (child.text or "").startswith(MARK) and _is_simple(child):
            term.take_ours(child.text, side)
        elif child.tag == "termNote" and _is_simple(child) and term.take_note(child.get("type"), child.text or ""):
            if child.get("type") == "termType" and TERM_TYPE[term.kind] != child.text:
                term.kept.append(_text_of(child))
        elif (usage := _status_in(child)) is not None:
            term.usage = strictest((term.usage, usage))
            term.kept.append(_text_of(child))
        elif len(side.terms) in shown and (context := _context_text(child)) is not None:
            side.contexts.setdefault(len(side.terms), []).append(context)
        else:
            term.kept.append(_text_of(child))
    term.kind = term.fields.get("kind", (term.kind,))[0]
    properties += [(f"{TERM_XML}{tag}:{text}", xml) for xml in term.kept]
    return term


def _status_in(element: Any) -> Usage | None:
    """Return the status which an element states that is no plain administrative status: with an id, in a group."""
    return strictest(told_by(child.get("type") or "", child.text or "") for child in element.iter(*_TELLING))


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
        number = _number(fields_.get("shows", ("",))[0], 0)
        contexts.append(
            Context(
                unit=fields_["context"][0],
                source=next(sources, ("", ""))[0] if sides in ("both", "source") else "",
                target=next(targets.get(number, iter(())), ("", ""))[0] if sides in ("both", "target") else "",
                source_spans=spans_of(fields_.get("source", ("",))[0]),
                target_spans=spans_of(fields_.get("target", ("",))[0]),
                document=fields_.get("document", ("",))[0],
                date=fields_.get("date", ("",))[0],
                place=fields_.get("place", ("",))[0],
            )
        )
    contexts += [Context("", text, "", document=source) for text, source in sources]
    rest = (pair for number in sorted(targets) for pair in targets[number])
    contexts += [Context("", "", text, document=source) for text, source in rest]
    return tuple(contexts)
