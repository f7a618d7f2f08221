"""MultiTerm XML (``mtf``), as MultiTerm imports and exports it: written for ``duiyi export``, read as a termbase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from glossary.contexts import context_of
from glossary.files.usages import strictest, told_by
from glossary.model import NOT_TO_USE, ConceptEntry, Glossary, Rendering, Usage, Variant
from tmx.errors import FormatError
from tmx.files import LenientXml
from tmx.languages import canonical, is_chinese, is_english

ROOT = "mtf"


def tree_of(glossary: Glossary) -> Any:
    """Return a glossary as an element tree."""
    root = etree.Element(ROOT)
    for number, entry in enumerate(glossary.entries, 1):
        concept = etree.SubElement(root, "conceptGrp")
        etree.SubElement(concept, "concept").text = str(number)
        for name, text in (("Definition", entry.definition), ("Note", "\n".join(entry.notes)), ("Type", entry.type)):
            _description(concept, name, text)
        chinese = [(entry.term, "preferred"), *((variant.text, variant.usage) for variant in entry.variants)]
        english = [(rendering.text, rendering.usage) for rendering in entry.renderings]
        context = context_of(entry, entry.preferred.text)
        sides = (
            ("Chinese", glossary.source_language, chinese, context.source),
            ("English", glossary.target_language, english, context.target),
        )
        for name, tag, terms, example in sides:
            group = etree.SubElement(concept, "languageGrp")
            etree.SubElement(group, "language", type=name, lang=tag.upper())
            for index, (text, usage) in enumerate(terms):
                term = etree.SubElement(group, "termGrp")
                etree.SubElement(term, "term").text = text
                _description(term, "Status", usage)
                _description(term, "Part of speech", entry.part_of_speech if index == 0 else "")
                _description(term, "Context", example if index == 0 else "")
    etree.indent(root)
    return etree.ElementTree(root)


def _description(parent: Any, name: str, text: str) -> None:
    if text:
        group = etree.SubElement(parent, "descripGrp")
        etree.SubElement(group, "descrip", type=name).text = text


def read_multiterm(path: Path, notices: list[str]) -> Glossary:
    """Read the entries that have both languages; those passed over are counted in ``notices``.

    Raises ``FormatError`` for what is no MultiTerm XML.
    """
    entries: list[ConceptEntry] = []
    passed = 0
    tags: dict[str, set[str]] = {"zh": set(), "en": set()}
    try:
        with path.open("rb") as file:
            events = etree.iterparse(
                LenientXml(file),
                tag="conceptGrp",
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=True,
            )
            for _, concept in events:
                entry = _entry(concept, tags)
                if entry is None:
                    passed += 1
                else:
                    entries.append(entry)
                concept.clear()
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{path}, line {error.lineno or 1}: not well-formed XML: {error.msg}") from error
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    if passed:
        count = "1 entry" if passed == 1 else f"{passed} entries"
        notices.append(f"{path}: {count} without a Chinese and an English term passed over")
    source, target = (min(tags[side], default=usual) for side, usual in (("zh", "zh-CN"), ("en", "en-US")))
    return Glossary(tuple(entries), source_language=source, target_language=target)


def _entry(concept: Any, tags: dict[str, set[str]]) -> ConceptEntry | None:
    sides: dict[str, list[tuple[str, Usage | None]]] = {"zh": [], "en": []}
    about = _told(concept.iterfind("descripGrp/descrip"))
    about = about if about in NOT_TO_USE else None
    for group in concept.iter("languageGrp"):
        language = group.find("language")
        side, tag = _side("" if language is None else language.get("lang", ""), group)
        if side:
            tags[side].add(tag)
            sides[side] += _terms(group, about)
    if not sides["zh"] or not sides["en"]:
        return None
    (term, usage), *others = sorted(sides["zh"], key=lambda form: (form[1] != "preferred", form[1] in NOT_TO_USE))
    if usage in NOT_TO_USE:  # no Chinese term of it is to be used
        sides["en"] = [(text, strictest((told, usage))) for text, told in sides["en"]]
    stated = any(usage for _, usage in sides["en"])
    renderings = [
        Rendering(text, usage or ("admitted" if number or stated else "preferred"), "synonym" if number else "main")
        for number, (text, usage) in enumerate(sorted(sides["en"], key=lambda form: form[1] != "preferred"))
    ]
    described = {(d.get("type") or "").casefold(): d.text or "" for d in concept.findall("descripGrp/descrip")}
    return ConceptEntry(
        (concept.findtext("concept") or "").strip(),
        term,
        tuple(renderings),
        tuple(Variant(text, usage=usage or "admitted") for text, usage in others),
        definition=described.get("definition", ""),
        notes=tuple(filter(None, described.get("note", "").split("\n"))),
    )


def _side(tag: str, group: Any) -> tuple[str, str]:
    """Return "zh" or "en" and the tag of a language group, by its code or else by the name it was given."""
    if is_chinese(tag):
        return "zh", canonical(tag)
    if is_english(tag):
        return "en", canonical(tag)
    language = group.find("language")
    name = "" if language is None else (language.get("type") or "").casefold()
    if name.startswith(("chinese", "中文", "汉语")):
        return "zh", "zh-CN"
    return ("en", "en-US") if name.startswith(("english", "英文", "英语")) else ("", "")


def _terms(group: Any, about: Usage | None) -> Iterator[tuple[str, Usage | None]]:
    """Yield the terms of a language with their usages; ``about`` is what is said of the entry."""
    about = strictest((about, _told(group.iterfind("descripGrp/descrip"))))
    for term in group.iter("termGrp"):
        text = "".join(term.find("term").itertext()).strip() if term.find("term") is not None else ""
        usage = strictest((_told(term.iter("descrip")), about))
        if text:
            yield text, usage


def _told(descriptions: Iterable[Any]) -> Usage | None:
    return strictest(told_by(described.get("type") or "", described.text or "") for described in descriptions)
