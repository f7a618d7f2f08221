"""Sentences with offsets, by rules in SRX 2.0, the exchange format that CAT tools share.

The rules for Chinese and English are data (``tmx/data/segmentation.srx``); a user's own file takes their place
through ``load_rules``. ``write_omegat_rules`` gives the same rules to OmegaT, because a memory that was segmented
otherwise does not hit.

References:
    GALA/LISA OSCAR (2008), Segmentation Rules eXchange (SRX) 2.0. Departures: an expression is read by the Python
    module ``regex`` instead of ICU, and inline tags do not exist at this point of the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import regex
from lxml import etree

from tmx.errors import FormatError, LimitError, check_ordinary, reading
from tmx.files import atomic_path
from tmx.markup import parse_xml
from tmx.model import Paragraph, Sentence

DEFAULT_RULES = Path(__file__).parent / "data" / "segmentation.srx"

# Our own rules need less than a second for 10 MB; a rule that takes this long never ends (catastrophic backtracking).
TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One SRX rule: it matches where ``before`` ends and ``after`` begins, and says whether a sentence ends there."""

    is_break: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SegmentationRules:
    """The rules of one SRX file.

    ``groups`` holds (name, rules), ``maps`` (pattern of a language tag, name of a group), both in the order of the
    file. With ``cascade`` every group counts whose pattern matches the language, else only the first.
    """

    name: str
    groups: tuple[tuple[str, tuple[Rule, ...]], ...]
    maps: tuple[tuple[str, str], ...]
    cascade: bool = True

    def rules(self, language: str) -> tuple[Rule, ...]:
        """Return the rules which count for a language, the first one that matches wins.

        >>> len(default_rules().rules("zh-CN")) > len(default_rules().rules("en-GB")) > 10
        True
        """
        groups = dict(self.groups)
        names = [name for pattern, name in self.maps if regex.fullmatch(pattern, language)]
        names = list(dict.fromkeys(names)) if self.cascade else names[:1]
        return tuple(rule for name in names for rule in groups[name])


def segment(text: str, language: str, rules: SegmentationRules | None = None) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph as half-open code point ranges, without edge spaces, in order.

    Between two ranges the text holds nothing but white space. A text of white space alone gives no sentence.

    >>> text = "版本3.14发布了。真的？！太好了。"
    >>> [text[start:end] for start, end in segment(text, "zh-CN")]
    ['版本3.14发布了。', '真的？！', '太好了。']
    >>> segment("Mr. Wang came at 5 p.m. He left.", "en")
    [(0, 23), (24, 32)]

    Raises:
        LimitError: a rule of the user's own file takes too long.
    """
    return _spans(text, _cutter_for(rules, language))


def segment_paragraphs(
    paragraphs: Sequence[Paragraph], language: str, rules: SegmentationRules | None = None
) -> list[Sentence]:
    """Return the sentences of all paragraphs in order; a sentence never spans two paragraphs.

    >>> [sentence.text for sentence in segment_paragraphs([Paragraph("好。走。", ()), Paragraph("完", ())], "zh")]
    ['好。', '走。', '完']
    """
    cutter = _cutter_for(rules, language)
    return [
        Sentence(paragraph.text[start:end], number, start, end)
        for number, paragraph in enumerate(paragraphs)
        for start, end in _spans(paragraph.text, cutter)
    ]


@cache
def default_rules() -> SegmentationRules:
    """Return our own rules for Chinese and English; every language but Chinese is treated as English."""
    return load_rules(DEFAULT_RULES)


def load_rules(path: Path) -> SegmentationRules:
    """Read an SRX file (2.0, or 1.0 as older tools write it).

    Raises:
        FormatError: the file is not SRX, names a group that it does not hold, or has an expression that cannot be
            compiled; the message says in which line.
    """
    check_ordinary(path)
    with reading(str(path), "SRX file"):
        return _load_rules(path)


def _load_rules(path: Path) -> SegmentationRules:
    root = parse_xml(path.read_bytes(), str(path))
    if etree.QName(root).localname != "srx":
        raise FormatError(f"{path}: the root element is <{etree.QName(root).localname}>, expected <srx>")
    header = root.find("{*}header")
    cascade = header is not None and header.get("cascade") == "yes"
    groups = tuple(
        (
            group.get("languagerulename", ""),
            tuple(_rule(element, path) for element in group.iterfind("{*}rule")),
        )
        for group in root.iterfind(".//{*}languagerule")
    )
    maps = []
    for element in root.iterfind(".//{*}languagemap"):
        pattern, name = element.get("languagepattern", ""), element.get("languagerulename", "")
        if name not in dict(groups):
            raise FormatError(f"{path}, line {element.sourceline}: no languagerule is named {name!r}")
        _compiled(pattern, path, element)
        maps.append((pattern, name))
    if not maps:
        raise FormatError(f"{path}: no languagemap, so the rules belong to no language")
    return SegmentationRules(str(path), groups, tuple(maps), cascade)


def write_omegat_rules(path: Path, rules: SegmentationRules | None = None) -> None:
    """Write rules as OmegaT's ``segmentation.conf`` (3.6 and later), so that its segments are ours.

    The file belongs into the folder ``omegat`` of a project; OmegaT 6 turns it into its own SRX file. It holds a
    Java bean, the form in which OmegaT keeps these settings. OmegaT searches for beforebreak and afterbreak one match
    after the other, without overlaps, and so misses places; as a look-behind and a look-ahead, which take no
    characters, they are tried everywhere. A beforebreak of unlimited length cannot be a look-behind in Java and is
    written as it is.

    Raises:
        OutputError: the file cannot be written.
    """
    chosen = rules or default_rules()
    groups = dict(chosen.groups)
    java = etree.Element("java", {"version": "1.8.0", "class": "java.beans.XMLDecoder"})
    bean = etree.SubElement(java, "object", {"class": "org.omegat.core.segmentation.SRX"})
    maps = etree.SubElement(bean, "void", property="mappingRules")
    for pattern, name in chosen.maps if chosen.cascade else _first_only(chosen.maps):
        entry = etree.SubElement(maps, "void", method="add")
        mapping = etree.SubElement(entry, "object", {"class": "org.omegat.core.segmentation.MapRule"})
        _set_property(mapping, "language", "string", name)
        _set_property(mapping, "pattern", "string", pattern)
        listed = etree.SubElement(mapping, "void", property="rules")
        array = etree.SubElement(listed, "object", {"class": "java.util.ArrayList"})
        for rule in groups[name]:
            added = etree.SubElement(array, "void", method="add")
            element = etree.SubElement(added, "object", {"class": "org.omegat.core.segmentation.Rule"})
            if rule.after:
                _set_property(element, "afterbreak", "string", f"(?={rule.after})")
            if rule.before:
                _set_property(element, "beforebreak", "string", _java_look_behind(rule.before))
            if rule.is_break:
                _set_property(element, "breakRule", "boolean", "true")
    _set_property(bean, "version", "string", OMEGAT_VERSION)
    with atomic_path(path) as beside:
        etree.ElementTree(java).write(beside, encoding="UTF-8", xml_declaration=True, pretty_print=True)


# The version of its rules that OmegaT 3.6 to 5 writes; with an older one it would add its own rules to ours.
OMEGAT_VERSION = "0.2.2"
_CLASS = regex.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_UNLIMITED = regex.compile(r"[*+]|\{[0-9]+,\}")


def _first_only(maps: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """OmegaT always cascades; a map that must not count after an earlier one excludes what that one matches."""
    earlier = ""
    for pattern, name in maps:
        yield earlier + pattern, name
        earlier += f"(?!(?:{pattern})$)"


def _java_look_behind(pattern: str) -> str:
    """Java tries a look-behind at every length it can have, so a look at the last character goes first."""
    if _UNLIMITED.search(_CLASS.sub("", pattern)):
        return pattern
    last = _last_characters(pattern)
    return (f"(?<={'|'.join(sorted(last))})" if last else "") + f"(?<={pattern})"


def _set_property(parent: etree._Element, name: str, kind: str, value: str) -> None:
    etree.SubElement(etree.SubElement(parent, "void", property=name), kind).text = value


def _rule(element: etree._Element, path: Path) -> Rule:
    before, after = (_expression(element.findtext(f"{{*}}{side}")) for side in ("beforebreak", "afterbreak"))
    rule = Rule(element.get("break", "yes") != "no", before, after)
    _compiled(_at(rule), path, element)
    return rule


def _expression(text: str | None) -> str:
    r"""Return an ICU expression as the module ``regex`` writes it.

    >>> _expression(r"\x{3002}|\QU.S.\E") == regex.escape("。") + "|" + regex.escape("U.S.")
    True
    """
    quoted = regex.sub(r"\\Q(.*?)(?:\\E|$)", lambda match: regex.escape(match[1]), text or "", flags=regex.DOTALL)
    return regex.sub(r"\\x\{([0-9A-Fa-f]{1,6})\}", lambda match: regex.escape(chr(int(match[1], 16))), quoted)


def _compiled(pattern: str, path: Path, element: etree._Element) -> None:
    try:
        regex.compile(pattern, regex.VERSION1)
    except (regex.error, ValueError, OverflowError) as error:
        raise FormatError(f"{path}, line {element.sourceline}: the expression cannot be read ({error})") from error


def _at(rule: Rule) -> str:
    """Return an expression that matches, without taking a character, exactly where the rule does."""
    before, after = (f"(?<={rule.before})" if rule.before else ""), (f"(?={rule.after})" if rule.after else "")
    return (
        after + before if len(rule.after) == 1 else before + after
    )  # one sign is looked at faster than what is before


@dataclass(frozen=True, slots=True)
class _Cutter:
    """The rules of one language, compiled.

    ``places`` matches wherever a break rule does. There ``verdict`` decides: it holds all rules in order and sets a
    group when a rule against the break comes first. So the many exceptions are tried at few places. ``last`` matches
    one character, which all break rules have on their left; it is None when that cannot be told.
    """

    name: str
    places: regex.Pattern[str]
    verdict: regex.Pattern[str]
    last: regex.Pattern[str] | None

    def cuts(self, text: str) -> list[int]:
        try:
            if self.last is None:
                places = [match.start() for match in self.places.finditer(text, timeout=TIMEOUT_SECONDS)]
            else:
                matches = self.places.match
                ends = (match.end() for match in self.last.finditer(text))
                places = [end for end in ends if matches(text, end, timeout=TIMEOUT_SECONDS)]
            verdict = self.verdict.match
            return [
                place
                for place in places
                if (match := verdict(text, place, timeout=TIMEOUT_SECONDS)) and match.lastgroup is None
            ]
        except TimeoutError as error:
            raise LimitError(
                f"{self.name}: a rule takes more than {TIMEOUT_SECONDS:.0f} s on one paragraph of {len(text):,} "
                "characters; look for nested repetition in its expressions"
            ) from error


def _spans(text: str, cutter: _Cutter) -> list[tuple[int, int]]:
    spans = []
    start = 0
    for end in [*cutter.cuts(text), len(text)]:
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        last = start + len(piece.rstrip())
        if first < last:
            spans.append((first, last))
        start = end
    return spans


def _cutter_for(rules: SegmentationRules | None, language: str) -> _Cutter:
    return _default_cutter(language) if rules is None else _cutter(rules, language)


@cache
def _default_cutter(language: str) -> _Cutter:
    return _cutter(default_rules(), language)


@lru_cache(maxsize=32)
def _cutter(rules: SegmentationRules, language: str) -> _Cutter:
    chosen = rules.rules(language)
    breaks = [rule for rule in chosen if rule.is_break]
    places = "|".join(_at(rule) for rule in breaks) or "(?!)"
    # A rule may hold groups of its own, so the verdict is a named one; it matches nothing and only marks.
    verdict = "|".join(_at(rule) + ("" if rule.is_break else "(?P<stay>)") for rule in chosen) or "(?!)"
    lasts = [_last_characters(rule.before) for rule in breaks]
    last = None if None in lasts else "|".join(sorted({one for some in lasts for one in some or ()})) or "(?!)"
    return _Cutter(
        rules.name,
        regex.compile(places, regex.VERSION1),
        regex.compile(verdict, regex.VERSION1),
        None if last is None else regex.compile(last, regex.VERSION1),
    )


_ATOM = regex.compile(
    r"""(?P<group>\((?P<inside>(?:\\.|(?&set)|(?&group)|[^()\[\]\\])*)\))
      | (?P<set>\[(?:\\.|(?&set)|[^\[\]\\])+\])
      | (?P<single>\\[pP]\{[^}]*\}|\\[^\p{L}\p{N}]|\\[nrtsdwSDW]|[^\\()\[\]|*+?{}^$])
      | (?P<anchor>[\^$])
      | (?P<bar>\|)""",
    regex.VERSION1 | regex.VERBOSE,
)
_QUANTIFIER = regex.compile(r"(?:[*+?]|\{(?P<least>[0-9]*)(?:,[0-9]*)?\})[?+]?")


def _last_characters(pattern: str) -> frozenset[str] | None:
    """Return expressions of one character each, one of which every match of a pattern ends with.

    None when the pattern may match nothing, or is written in a way this short reading does not know. It only serves
    speed: a search for single characters is many times faster than a look-behind at every place.

    >>> sorted(_last_characters("(?:Mr|[.!?])[)”]{0,3}"))
    ['[)”]', '[.!?]', 'r']
    >>> _last_characters("x*") is None
    True
    """
    if regex.search(r"\(\?[^:=!<]", pattern):  # flags change what a character matches
        return None
    alternatives: list[list[tuple[regex.Match[str], bool]]] = [[]]
    place = 0
    while place < len(pattern):
        atom = _ATOM.match(pattern, place)
        if atom is None:
            return None
        place = atom.end()
        quantifier = _QUANTIFIER.match(pattern, place)
        optional = quantifier is not None and (quantifier[0][0] in "*?" or quantifier["least"] in ("", "0"))
        place = quantifier.end() if quantifier else place
        if atom["bar"]:
            alternatives.append([])
        elif not atom["anchor"]:
            alternatives[-1].append((atom, optional))
    found: set[str] = set()
    for atoms in alternatives:
        for atom, optional in reversed(atoms):
            inside = atom["inside"]
            if inside is None:
                found.add(atom[0])
            else:
                if inside.startswith("?") and not inside.startswith("?:"):
                    return None
                deeper = _last_characters(inside.removeprefix("?:"))
                if deeper is None:
                    return None
                found |= deeper
            if not optional:
                break
        else:
            return None
    return frozenset(found)
