"""What TBX-Basic is: names of elements and values in both versions, what it has room for where, and our own notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from glossary.model import Usage, VariantKind

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACE = "urn:iso:std:iso:30042:ed-2"
MARK = "duiyi: "  # how our notes begin

STATUS: dict[Usage, str] = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "superseded": "supersededTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
}
TERM_TYPE: dict[str, str] = {
    "abbreviation": "abbreviation",
    "short form": "shortForm",
    "full form": "fullForm",
    "spelling": "variant",
}
KIND: dict[str, VariantKind] = {
    "abbreviation": "abbreviation",
    "shortForm": "short form",
    "fullForm": "full form",
    "variant": "spelling",
    "acronym": "abbreviation",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The element names in which the two versions differ."""

    version: Literal[2, 3]
    root: str
    header: str
    entry: str
    language: str
    term: str
    parts_of_speech: frozenset[str]


_BASIC_PARTS_OF_SPEECH = frozenset({"noun", "verb", "adjective", "adverb", "other"})
NAMES = {
    3: Names(3, "tbx", "tbxHeader", "conceptEntry", "langSec", "termSec", _BASIC_PARTS_OF_SPEECH),
    2: Names(2, "martif", "martifHeader", "termEntry", "langSet", "tig", _BASIC_PARTS_OF_SPEECH | {"properNoun"}),
}


# Property names under which elements are kept that the model has no field for.
ENTRY_XML, LANGUAGE_XML, TERM_XML = "tbx:entry", "tbx:language:", "tbx:term:"
TERM_ID = "tbx:id:"
SOURCE_TAG, TARGET_TAG = "tbx:source-language", "tbx:target-language"
OTHER_ENTRY, HEADER_XML, BACK_XML = "tbx:entry", "tbx:header", "tbx:back"  # of the glossary

# --- our own notes --------------------------------------------------------------------------------------------------

Values = list[tuple[str, str | tuple[str, ...]]]

_QUOTED = re.compile(r"[%;=|,\x00-\x1f\x7f]|^ | $")


def quote(text: str) -> str:
    """Return a value that holds none of the signs which part values, as in addresses: ``%3B`` for a semicolon."""
    return _QUOTED.sub(lambda match: f"%{ord(match[0]):02X}", text)


def note_of(pairs: Iterable[tuple[str, str | tuple[str, ...]]]) -> str:
    """Return the text of one of our notes; a list is one value, its items parted by a bar.

    >>> note_of([("count", "3"), ("documents", ("a; b", "c"))])
    'duiyi: count=3; documents=a%3B b|c'
    """
    values = ((name, (text,) if isinstance(text, str) else text) for name, text in pairs)
    return MARK + "; ".join(f"{quote(name)}={'|'.join(map(quote, texts))}" for name, texts in values)


def parse_note(note: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names and values of one of our notes."""
    parts = (part.partition("=") for part in note.removeprefix(MARK).split("; "))
    return [(unquote(name), tuple(map(unquote, text.split("|")))) for name, _, text in parts if name]


def spans_text(spans: Iterable[tuple[int, int]]) -> str:
    """Return ranges of code points as our notes write them: ``0-4 7-9``."""
    return " ".join(f"{start}-{end}" for start, end in spans)


def spans_of(text: str) -> tuple[tuple[int, int], ...]:
    """Undo ``spans_text``."""
    pairs = (re.fullmatch(r"(\d{1,9})-(\d{1,9})", part) for part in text.split())
    return tuple((int(pair[1]), int(pair[2])) for pair in pairs if pair)


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
    "administrativeStatus": set(STATUS.values()),
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


_LEVELS = {"body": ("conceptEntry", "entry"), "entry": ("langSec", "language"), "language": ("termSec", "term")}
_CONTAINERS = frozenset(name for name, _ in _LEVELS.values())


def fits(element: Any, level: str, names: Names, known: set[str]) -> bool:
    """Tell whether TBX-Basic has room for an element (under the names of version 3) at a level of a file.

    ``known`` are the ids that references may point to.
    """
    tag = element.tag
    if level == "text":
        return bool(tag == "back" and names.version == 3 and len(element) > 0)
    if level == "body" or tag in _CONTAINERS:
        container, inside = _LEVELS.get(level, ("", ""))
        return tag == container and all(fits(child, inside, names, known) for child in element)
    if tag == "term":
        return level == "term" and not len(element)
    if not _attributes_fit(element, known):
        return False
    if tag in _INSIDE:
        return _group_fits(element, level, names, known)
    return not len(element) and _content_fits(element, level, names)


def _attributes_fit(element: Any, known: set[str]) -> bool:
    target = element.get("target", "")
    return not set(element.attrib) - _ATTRIBUTES and (not target or _resolves(element.tag, target, known))


def _resolves(name: str, target: str, known: set[str]) -> bool:
    return re.match(r"https?://.+", target) is not None if name == "xref" else target in known


def _group_fits(element: Any, level: str, names: Names, known: set[str]) -> bool:
    first, others = _INSIDE[element.tag]
    tags = [child.tag for child in element]
    in_order = tags[:1] == [first] and all(tag in others for tag in tags[1:])
    return in_order and all(fits(child, level, names, known) for child in element)


def _content_fits(element: Any, level: str, names: Names) -> bool:
    """Tell whether an element without children holds what its data category allows."""
    tag, type_, text = element.tag, element.get("type"), element.text or ""
    if tag in _FREE:
        return _FREE[tag](type_, text)
    if type_ not in _ROOM.get(level, {}).get(tag, set()):
        return False
    if type_ == "partOfSpeech":
        return text in names.parts_of_speech
    if tag in ("ref", "xref"):
        return bool(element.get("target"))
    return type_ not in _VALUES or text in _VALUES[type_]


# Elements that may stand at any level: what their type and text have to be.
_FREE: dict[str, Callable[[str | None, str], bool]] = {
    "note": lambda type_, text: not text.startswith(MARK),
    "date": lambda type_, text: bool(_DATE.fullmatch(text)),
    "transac": lambda type_, text: type_ == "transactionType" and text in _VALUES["transactionType"],
    "transacNote": lambda type_, text: type_ == "responsibility",
}
