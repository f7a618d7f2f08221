"""TMX 1.4b, streamed in and out: memory does not grow with the number of units.

References:
    LISA OSCAR, TMX 1.4b Specification (2005), and ``tmx14.dtd``.
"""

from __future__ import annotations

import itertools
import pickle
import re
import sqlite3
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO, Literal
from xml.etree import ElementTree

from lxml import etree

from tmx.characters import han_share
from tmx.errors import FormatError, UnfaithfulError, check_ordinary
from tmx.files import LenientXml, Replacement, atomic_path, digest, replace_forbidden_in, tally
from tmx.inline import BREAK, LINE_BREAK, PLACEHOLDER, Pieces, close_codes, on_one_line, without_entities, without_tags
from tmx.languages import CHINESE, ENGLISH, canonical, is_chinese, is_english, is_name, is_undetermined, primary
from tmx.model import Notice, NoticeKind, TranslationUnit
from tmx.scripts import implied_script, language_by_script

MAX_NAMES = 10  # of languages in a notice
Quotes = Literal["as written", "straight", "curly"]
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TOOL = "duiyi"

# What a unit field is called as a <prop>. TMX 1.4b asks that tools' own types begin with "x-".
DOCUMENT, DATE, PLACE, CONFIDENCE, BEAD, FLAG = (
    "x-document",
    "x-date",
    "x-place",
    "x-confidence",
    "x-bead",
    "x-flag",
)
# The property in which a reviewer's verdict stands, and the verdicts by which a person chose or wrote the text.
REVIEW = "x-review"
CHOSEN = {"approved", "changed"}
_OWN = {DOCUMENT, DATE, PLACE, CONFIDENCE, BEAD, FLAG}
_ESCAPE = "x-property-"  # stands before a foreign property whose name is one of ours
# Attributes of <tu> that other tools write; they come in and go out as properties named "tmx:...".
_ATTRIBUTES = (
    "datatype",
    "lastusagedate",
    "creationtool",
    "creationtoolversion",
    "creationdate",
    "creationid",
    "changedate",
    "segtype",
    "changeid",
    "o-tmf",
)


_DATES = ("creationdate", "creationid", "changedate", "changeid")


def tool_version() -> str:
    """Return the version of the installed distribution, which every file we write names."""
    try:
        return metadata.version(TOOL)
    except metadata.PackageNotFoundError:
        return "0"


@dataclass(frozen=True, slots=True)
class TmxOptions:
    """What goes into a TMX file and how.

    ``one_target``: a source text keeps one target, one that a reviewer approved or wrote, then the most frequent one,
    then the most confident, then the first; the others go to a second file. OmegaT keeps only the last of several,
    so which one it is should not be chance.
    ``min_confidence``: units below it go to a second file. ``quotes`` unifies quotation marks and apostrophes of
    the English side ("straight" or "curly"); the header says so. ``reverse`` writes a further file with the other
    direction, which has one target for each of its own sources; without ``forward`` it is the only one.
    ``max_bytes`` starts a new file when one is about to grow larger; ``by_document`` makes one file for each document.
    ``created`` goes into the header, so the same input and date give the same bytes. ``verify`` reads each file back
    with another parser before it is renamed into place.
    """

    one_target: bool = True
    min_confidence: float = 0.0
    quotes: Quotes = "as written"
    reverse: bool = False
    forward: bool = True
    max_bytes: int = 0
    by_document: bool = False
    created: datetime | None = None
    source_language: str = CHINESE
    target_language: str = ENGLISH
    notes: tuple[str, ...] = ()
    verify: bool = True


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What was written where.

    ``files`` are the files with their number of units, in the order of writing. ``units`` counts the main file,
    ``alternatives`` and ``below_floor`` the second files; ``duplicates`` counts units that were folded into an
    equal one (its ``usagecount`` tells how many it stands for), ``empty`` those left out because a side is empty.
    """

    files: tuple[tuple[Path, int], ...] = ()
    units: int = 0
    alternatives: int = 0
    below_floor: int = 0
    duplicates: int = 0
    empty: int = 0
    replacements: tuple[Replacement, ...] = field(default=())


def write_tmx(units: Iterable[TranslationUnit], path: str | Path, options: TmxOptions | None = None) -> WriteReport:
    """Write units as TMX 1.4b and return what was written.

    Second files stand beside ``path``: ``memory.alternatives.tmx`` and ``memory.low-confidence.tmx`` when there is
    anything to put in them, ``memory.reverse.tmx`` on request. No file is put in place before all are proven.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "memory.tmx")
    ...     report = write_tmx([TranslationUnit("u1", "你好。", "Hello.")] * 2, path)
    ...     report.units, report.duplicates, [(unit.target, unit.count) for unit in read_tmx(path)]
    (1, 1, [('Hello.', 2)])
    """
    options = options or TmxOptions()
    writer = _Writer(Path(path), options)
    with writer:
        if options.one_target or options.by_document:
            writer.write_spooled(units)
        else:
            for unit in units:
                if (ready := writer.prepare(unit)) is not None:
                    for reverse in writer.directions:
                        writer.put(ready, 1, reverse)
    return writer.report()


_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "‟": '"'})
_OPENING = re.compile(r"""(^|[\s(\[{<«“‘—–/-])(["'])(?=\S)""")
_DECADE = re.compile(r"'(?=\d0s\b)")


def unify_quotes(text: str, quotes: Quotes) -> str:
    """Return English text with straight or with curly quotation marks and apostrophes.

    >>> unify_quotes("China’s “cloud diplomacy”", "straight")
    'China\\'s "cloud diplomacy"'
    >>> unify_quotes('"It is \\'so\\' in the \\'90s."', "curly")
    '“It is ‘so’ in the ’90s.”'
    """
    if quotes == "as written":
        return text
    text = text.translate(_STRAIGHT)
    if quotes == "straight":
        return text
    text = _DECADE.sub("’", text)
    for _ in range(2):  # twice, for a quotation mark right after another one
        text = _OPENING.sub(lambda m: m[1] + ("“" if m[2] == '"' else "‘"), text)
    return text.replace('"', "”").replace("'", "’")


def properties_of(unit: TranslationUnit) -> list[tuple[str, str]]:
    """Return the ``<prop>`` elements of a unit as (type, text), in the order in which they are written."""
    properties = [
        (DOCUMENT, unit.document),
        (DATE, unit.date),
        (PLACE, unit.place),
        (CONFIDENCE, repr(unit.confidence)),
        (BEAD, unit.bead),
    ]
    properties = [(name, text) for name, text in properties if text or name == BEAD]
    properties += [(FLAG, flag) for flag in unit.flags]
    for name, text in unit.properties:
        if not _is_attribute(name):
            properties.append((_ESCAPE + name if name in _OWN or name.startswith(_ESCAPE) else name, text))
    return properties


def _is_attribute(name: str) -> bool:
    return name.startswith("tmx:") and name[4:] in _ATTRIBUTES


def _element(unit: TranslationUnit, reverse: bool, options: TmxOptions) -> Any:
    tu = etree.Element("tu", tuid=unit.id)
    language = unit.target_language if reverse else unit.source_language
    if language != (options.target_language if reverse else options.source_language):
        tu.set("srclang", language)
    if unit.count != 1:
        tu.set("usagecount", str(unit.count))
    for name, text in _attributes(unit).items():
        tu.set(name, text)
    tu.text = "\n      "
    for note in unit.notes:
        child = etree.SubElement(tu, "note")
        child.text, child.tail = note, "\n      "
    for name, text in properties_of(unit):
        child = etree.SubElement(tu, "prop", type=name)
        child.text, child.tail = text, "\n      "
    sides = [(unit.source_language, unit.source), (unit.target_language, unit.target)]
    for language, text in reversed(sides) if reverse else sides:
        tuv = etree.SubElement(tu, "tuv", {XML_LANG: language})
        etree.SubElement(tuv, "seg").text = text
        tuv.tail = "\n      "
    tuv.tail = "\n    "
    tu.tail = "\n    "
    return tu


def _attributes(unit: TranslationUnit) -> dict[str, str]:
    """Return what CAT tools show of a unit: who made and who changed it, and when; what another tool said, stands.

    A unit is as old as its document, not as the file: the same input gives the same bytes.
    """
    given = {name[4:]: text for name, text in unit.properties if _is_attribute(name)}
    if "creationid" in given or "creationdate" in given:
        return given
    made = {"creationdate": instant(unit.date)} if unit.date else {}
    return {**made, "creationid": TOOL, **given}


def instant(iso: str) -> str:
    """Return an ISO 8601 date or time as TMX writes it; of a year or a month, its beginning.

    >>> instant("2021"), instant("2021-12-30"), instant("2026-01-02T03:04:05+00:00")
    ('20210101T000000Z', '20211230T000000Z', '20260102T030405Z')
    """
    day, _, time = iso.partition("T")
    year, month, day_of_month = [*day.split("-"), "01", "01"][:3]
    clock = "".join(character for character in time if character.isdigit())[:6]
    return f"{year}{month}{day_of_month}T{clock:0<6}Z"


def _signature(id_: str, notes: Iterable[str], properties: Iterable[tuple[str, str]], sides: Iterable[str]) -> int:
    texts = [id_, *notes, "\x1f", *(part for pair in properties for part in pair), "\x1f", *sides]
    return int.from_bytes(digest(texts), "big")


CLOSING_BYTES = 64  # more than what stands after the last unit of a file


class _OpenFile:
    """One TMX file while it is written beside its place."""

    def __init__(self, stack: ExitStack, path: Path, options: TmxOptions, reverse: bool) -> None:
        self.path = path
        self.reverse = reverse
        self.options = options
        self.signatures = array("Q")
        self.beside = stack.enter_context(atomic_path(path))
        self._inner = ExitStack()
        self._file = self._inner.enter_context(self.beside.open("wb"))
        self._xml = self._inner.enter_context(etree.xmlfile(self._file, encoding="utf-8"))
        self._xml.write_declaration()
        self._inner.enter_context(self._xml.element("tmx", version="1.4"))
        self._xml.write("\n  ")
        self._xml.write(_header(options, reverse))
        self._inner.enter_context(self._xml.element("body"))
        self._xml.write("\n    ")

    def write(self, unit: TranslationUnit) -> None:
        self._xml.write(_element(unit, self.reverse, self.options))
        sides = [unit.source_language, unit.source, unit.target_language, unit.target]
        if self.reverse:
            sides = sides[2:] + sides[:2]
        self.signatures.append(_signature(unit.id, unit.notes, properties_of(unit), sides))

    def size(self) -> int:
        self._xml.flush()
        return self._file.tell()

    def close(self) -> None:
        self._inner.close()

    def verify(self) -> None:
        """Read the file with expat, not with the library that wrote it, and compare it unit by unit."""
        number = -1
        for number, (id_, signature) in enumerate(_read_back(self.beside)):
            if number >= len(self.signatures) or signature != self.signatures[number]:
                raise UnfaithfulError(f"{self.path}: unit {number + 1} ({id_}) does not read back as it was written")
        if number + 1 != len(self.signatures):
            raise UnfaithfulError(f"{self.path}: {len(self.signatures)} units written, {number + 1} read back")


def _read_back(path: Path) -> Iterator[tuple[str, int]]:
    events = ElementTree.iterparse(path, events=("start", "end"))
    body: Any = None
    for event, element in events:
        if element.tag == "body":
            body = element
        if event != "end" or element.tag != "tu":
            continue
        sides = []
        for tuv in element.iter("tuv"):
            sides += [tuv.get(XML_LANG, ""), tuv.findtext("seg") or ""]
        notes = [note.text or "" for note in element.iter("note")]
        properties = [(prop.get("type", ""), prop.text or "") for prop in element.iter("prop")]
        yield element.get("tuid", ""), _signature(element.get("tuid", ""), notes, properties, sides)
        body.clear()


def _header(options: TmxOptions, reverse: bool) -> Any:
    header = etree.Element(
        "header",
        {
            "creationtool": TOOL,
            "creationtoolversion": tool_version(),
            "segtype": "sentence",
            "o-tmf": TOOL,
            "adminlang": "en-US",
            "srclang": options.target_language if reverse else options.source_language,
            "datatype": "plaintext",
        },
    )
    if options.created is not None:
        header.set("creationdate", options.created.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
    for note in options.notes:
        etree.SubElement(header, "note").text = note
    etree.SubElement(header, "prop", type="x-quotes").text = options.quotes
    if options.min_confidence:
        etree.SubElement(header, "prop", type="x-min-confidence").text = repr(options.min_confidence)
    header.tail = "\n  "
    return header


_Key = tuple[str, str, bool]  # document, kind of second file, reverse
_FIELDS = tuple(field.name for field in fields(TranslationUnit))


class _Writer:
    """All the files of one ``write_tmx``; they are renamed into place together, after all are proven."""

    def __init__(self, path: Path, options: TmxOptions) -> None:
        self._path = path
        self._options = options
        self._stack = ExitStack()
        self._files: dict[_Key, _OpenFile] = {}
        self._names: set[str] = set()
        self._closed: list[_OpenFile] = []
        self._replacements: list[Replacement] = []
        self._counts = {"": 0, "alternatives": 0, "low-confidence": 0}
        self._duplicates = self._empty = 0

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if error is None:
                if not self._options.by_document and not self._counts[""]:
                    for reverse in self.directions:
                        self._file("", "", reverse)  # an empty memory is a file too
                for key in list(self._files):
                    self._finish(key)
        except BaseException as failure:
            self._stack.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._stack.__exit__(kind, error, trace)

    def prepare(self, unit: TranslationUnit) -> TranslationUnit | None:
        """Return the unit as it is written, or None (counted) when a side is empty."""
        unit = replace_forbidden_in(unit, unit.id, self._replacements)
        source = unit.source.strip()
        target = unify_quotes(unit.target.strip(), self._options.quotes)
        if not source or not target:
            self._empty += 1
            return None
        if source is unit.source and target is unit.target:
            return unit
        return replace(unit, source=source, target=target)

    @property
    def directions(self) -> tuple[bool, ...]:
        """The directions to write: False as the units are, True the other way round; the first one is counted."""
        return (False,) * self._options.forward + (True,) * self._options.reverse

    def put(self, unit: TranslationUnit, rank: int, reverse: bool) -> None:
        """Write a unit to the file it belongs in; ``rank`` 1 is the chosen target of its source."""
        if unit.confidence < self._options.min_confidence:
            kind = "low-confidence"
        else:
            kind = "alternatives" if rank > 1 else ""
        if reverse == self.directions[0]:
            self._counts[kind] += 1
        self._file(kind, unit.document if self._options.by_document else "", reverse, unit).write(unit)

    def write_spooled(self, units: Iterable[TranslationUnit]) -> None:
        """Choose one target for each source on disk, so that memory stays flat, and write in the given order."""
        with tempfile.TemporaryDirectory(prefix="duiyi-") as folder, closing(_spool(Path(folder, "units.db"))) as spool:
            spool.executemany("INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", self._rows(units))
            order = "unit.document, unit.number" if self._options.by_document else "unit.number"
            query = f"SELECT data, total, place FROM chosen JOIN unit ON unit.number = chosen.number ORDER BY {order}"
            for reverse in self.directions:
                spool.execute("DELETE FROM chosen")
                side = "target" if reverse else "source"
                spool.execute(_CHOOSE.format(side=side), (self._options.min_confidence,))
                kept = total_count = 0
                for data, total, place in spool.execute(query):
                    kept += 1
                    total_count += total
                    self.put(replace(_unpack(data), count=total), place if self._options.one_target else 1, reverse)
                self._duplicates = total_count - kept

    def _rows(self, units: Iterable[TranslationUnit]) -> Iterator[tuple[Any, ...]]:
        for number, unit in enumerate(units):
            if (ready := self.prepare(unit)) is None:
                continue
            document = ready.document if self._options.by_document else ""
            source = digest([ready.source_language, ready.source, document])
            target = digest([ready.target_language, ready.target, document])
            reviewed = any(name == REVIEW and verdict in CHOSEN for name, verdict in ready.properties)
            yield (
                number,
                source,
                target,
                source + target,
                reviewed,
                ready.confidence,
                ready.count,
                document,
                _pack(ready),
            )

    def _file(self, kind: str, document: str, reverse: bool, unit: TranslationUnit | None = None) -> _OpenFile:
        key = (document, kind, reverse)
        if unit and key in self._files and self._options.max_bytes:
            file = self._files[key]
            grown = file.size() + len(etree.tostring(_element(unit, reverse, file.options), encoding="utf-8"))
            if grown + CLOSING_BYTES > self._options.max_bytes:
                self._finish(key)
        for other in [other for other in self._files if other[0] != document]:
            self._finish(other)  # units come grouped by document: keep few files open
        if key not in self._files:
            options = self._options
            if unit:  # what the first unit is in, the header says; other languages stand at their units
                options = replace(options, source_language=unit.source_language, target_language=unit.target_language)
            self._files[key] = _OpenFile(self._stack, self._free_path(key), options, reverse)
        return self._files[key]

    def _free_path(self, key: _Key) -> Path:
        document, kind, reverse = key
        turned = "reverse" if reverse and self._options.forward else ""
        pieces = [re.sub(r"[^\w.-]+", "_", document).strip("._")[:80], turned, kind]
        for number in itertools.count(1):
            numbered = f"{number:03d}" if number > 1 or self._options.max_bytes else ""
            name = ".".join(piece for piece in (self._path.stem, *pieces, numbered) if piece) + self._path.suffix
            if name not in self._names:
                break
        self._names.add(name)
        return self._path.with_name(name)

    def _finish(self, key: _Key) -> None:
        file = self._files.pop(key)
        file.close()
        if self._options.verify:
            file.verify()
        self._closed.append(file)

    def report(self) -> WriteReport:
        """Return what was written; call it after the block has ended."""
        return WriteReport(
            files=tuple((file.path, len(file.signatures)) for file in self._closed),
            units=self._counts[""],
            alternatives=self._counts["alternatives"],
            below_floor=self._counts["low-confidence"],
            duplicates=self._duplicates,
            empty=self._empty,
            replacements=tally(self._replacements),
        )


def _pack(unit: TranslationUnit) -> bytes:
    return pickle.dumps(tuple(getattr(unit, name) for name in _FIELDS), protocol=5)


def _unpack(data: bytes) -> TranslationUnit:
    return TranslationUnit(*pickle.loads(data))


def _spool(path: Path) -> sqlite3.Connection:
    spool = sqlite3.connect(path, isolation_level=None)
    spool.executescript(
        """PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -4000;
        CREATE TABLE unit (number INTEGER PRIMARY KEY, source BLOB, target BLOB, pair BLOB, reviewed INTEGER,
                           confidence REAL, count INTEGER, document TEXT, data BLOB);
        CREATE TABLE chosen (number INTEGER PRIMARY KEY, total INTEGER, place INTEGER);"""
    )
    return spool


# Equal pairs are folded into the first of them; of several targets a reviewer's, or the most frequent, gets place 1.
_CHOOSE = """
INSERT INTO chosen
SELECT first, total, ROW_NUMBER() OVER (PARTITION BY side ORDER BY best < ?, own DESC, total DESC, best DESC, first)
FROM (SELECT {side} AS side, MIN(number) AS first, SUM(count) AS total, MAX(confidence) AS best,
             MAX(reviewed) AS own
      FROM unit GROUP BY {side}, pair)
"""


@dataclass(frozen=True, slots=True)
class TmxReadOptions:
    """Which languages of a TMX file are wanted; a plain primary tag ("zh") takes every variety of it.

    Of several varieties in one unit (zh-CN beside zh-TW) one is taken: the one in ``prefer``, else one of the same
    script, else the first. ``by_content``: a unit whose Chinese is English by its characters, and the other way
    round, is turned round (and counted in a notice): some tools label both sides the wrong way; a text that states no
    language is in the one which its script tells. ``empty_sides``: a unit that has both languages, one of them without
    text, is yielded too.
    """

    source_language: str = "zh"
    target_language: str = "en"
    by_content: bool = False
    empty_sides: bool = False
    prefer: tuple[str, str] = (CHINESE, ENGLISH)


def read_tmx(
    path: str | Path,
    options: TmxReadOptions | None = None,
    notices: list[Notice] | None = None,
    stream: BinaryIO | None = None,
    counts: Counter[str] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the units of a TMX file of any version and from any tool, one at a time.

    Inline tags (bpt, ept, ph, it, ut) are left out with their content, the text within ``hi`` is kept, that within
    ``sub`` becomes a note, and the property ``x-inline-tags`` of the unit counts what was left out. In files of other
    tools tags that were written as text are left out too, and line breaks inside a segment are closed. A unit with
    several targets in the chosen variety yields one unit for each. A DOCTYPE is never fetched and no entity is
    expanded. What was passed over or replaced is added to ``notices``. ``stream`` is read instead of the file, which
    then only names it. ``counts`` gets how often each thing was met that is counted ("unlabelled": texts that state no
    language). Raises ``FormatError`` with the line for what is not TMX.
    """
    reading = _Reading(options or TmxReadOptions(), Counter() if counts is None else counts)
    path = Path(path)
    notices = [] if notices is None else notices
    if stream is None:
        check_ordinary(path)
    try:
        with nullcontext(stream) if stream is not None else path.open("rb") as file:
            source = LenientXml(file)
            events = etree.iterparse(
                source, tag=("{*}tu", "{*}TU"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
            )
            for _, tu in events:
                yield from reading.units(tu)
                tu.clear()
                while tu.getprevious() is not None:
                    del tu.getparent()[0]
            root = events.root
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{path}, line {error.lineno or 1}: not well-formed XML: {error.msg}") from error
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    if root is None or etree.QName(root).localname.lower() != "tmx":
        raise FormatError(f"{path}: not a TMX file: its root element is not <tmx>")
    if not reading.counts["yielded"] and reading.counts["passed"]:
        found = ", ".join(sorted(tag or "none stated" for tag in reading.languages)) or "none"
        wanted = f"{reading.options.source_language} and {reading.options.target_language}"
        raise FormatError(f"{path}: no unit has both {wanted}; the languages in it are: {found}")
    notices += reading.notices(path.name, source.replaced)


# What a reading counts, in words for one and for several, with the kind of notice.
_COUNTED: tuple[tuple[str, NoticeKind, str, str], ...] = (
    (
        "passed",
        "warning",
        "unit without both languages was passed over",
        "units without both languages were passed over",
    ),
    (
        "turned",
        "warning",
        "unit has the labels of Chinese and English the wrong way round; the text decided",
        "units have the labels of Chinese and English the wrong way round; the text decided",
    ),
    (
        "unlabelled",
        "warning",
        "text states no language; its script told",
        "texts state no language; their script told",
    ),
    ("bare", "warning", "text stands outside <seg>; it was taken", "texts stand outside <seg>; they were taken"),
    ("tags", "removed", "inline tag written as text was left out", "inline tags written as text were left out"),
    (
        "entities",
        "replaced",
        "entity written as text was read as the sign it stands for",
        "entities written as text were read as the signs they stand for",
    ),
    (
        "breaks",
        "removed",
        "line break inside a segment was closed",
        "line breaks inside segments were closed",
    ),
)


class _Reading:
    """One reading of a TMX file: what is wanted, and what was come across."""

    def __init__(self, options: TmxReadOptions, counts: Counter[str]) -> None:
        self.options = options
        self.counts = counts
        self.languages: Counter[str] = Counter()
        self.names: dict[str, str] = {}  # of languages that are named in words, with their tags
        self.varieties: Counter[str] = Counter()
        self._ids: Counter[str] = Counter()
        self._own: bool | None = None
        self._numbers = False

    def units(self, tu: Any) -> Iterator[TranslationUnit]:
        """Yield the units of one ``<tu>``: one for each pair of texts in the varieties that are taken."""
        if self._own is None:
            header = next((child for child in tu.getroottree().getroot() if _local(child) == "header"), None)
            tool = "" if header is None else header.get("creationtool", "")
            self._own, self._numbers = tool == TOOL, bool(_NUMBERED_CODES.search(tool))
        raw = self._collect(tu)
        sources = self._chosen(raw.texts, self.options.source_language, self.options.prefer[0])
        targets = self._chosen(raw.texts, self.options.target_language, self.options.prefer[1])
        pairs = [(s, t) for s in sources for t in targets if s.text and t.text]
        if not pairs and self.options.empty_sides:
            pairs = list(itertools.product(sources, targets))[:1]
        self.counts["passed"] += not pairs
        for number, (source, target) in enumerate(pairs, 1):
            self.counts["yielded"] += 1
            unit = raw.unit(self._id(tu.get("tuid", ""), source.text, target.text, number), source, target)
            swapped = self.options.by_content and _is_swapped(unit)
            self.counts["turned"] += swapped
            yield replace(unit, source=unit.target, target=unit.source) if swapped else unit

    def _collect(self, tu: Any) -> _RawUnit:
        raw = _RawUnit(tu)
        for child in tu:
            name = _local(child)
            if name == "tuv":
                self._variant(child, raw)
            else:
                raw.add(name, child)
        return raw

    def _variant(self, tuv: Any, raw: _RawUnit) -> None:
        given = tuv.get(XML_LANG) or tuv.get("lang") or tuv.get("LANG") or ""
        language = canonical(given)
        if self.options.by_content and is_undetermined(given):
            spoken = (part for part in tuv if _local(part) == "seg")
            language = language_by_script("".join(str(text) for part in spoken for text in part.itertext()))
            self.counts["unlabelled"] += bool(language)
        elif is_name(given) and (is_chinese(given) or is_english(given)) and len(self.names) < MAX_NAMES:
            self.names[given.strip()] = language
        self.languages[language] += 1
        wanted = any(_speaks(language, tag) for tag in (self.options.source_language, self.options.target_language))
        segments = []
        raw.take_dates(tuv)
        for part in tuv:
            name = _local(part)
            raw.add(name, part)
            if name == "seg":
                segments.append(part)
        if not wanted:
            return
        if not segments and any((text or "").strip() for text in (tuv.text, *(part.tail for part in tuv))):
            self.counts["bare"] += 1
            segments = [tuv]
        for segment in segments:
            text, codes = segment_text(segment, raw.notes)
            tags = breaks = 0
            if not self._own:
                text, tags = without_tags(text, self._numbers)
                text, entities = without_entities(text)
                text, breaks = on_one_line(text, language)
                self.counts["entities"] += entities
            raw.codes += codes + tags
            self.counts["tags"] += tags
            self.counts["breaks"] += breaks
            raw.texts.append(_Variant(language, text.strip()))

    def _chosen(self, texts: Sequence[_Variant], wanted: str, preferred: str) -> list[_Variant]:
        """Return the texts in one variety of a language."""
        spoken = [text for text in texts if _speaks(text.language, wanted)]
        found = list(dict.fromkeys(text.language for text in spoken if text.text))
        if len(found) < 2:
            return spoken
        script = implied_script(preferred)
        best = min(found, key=lambda tag: (tag != canonical(preferred), implied_script(tag) != script))
        self.varieties.update(tag for tag in found if tag != best)
        return [text for text in spoken if text.language == best]

    def _id(self, given: str, source: str, target: str, number: int) -> str:
        if given:
            return f"{given}-{number}" if number > 1 else given
        made = digest([source, target]).hex()
        self._ids[made] += 1
        return f"{made}-{self._ids[made]}" if self._ids[made] > 1 else made

    def notices(self, name: str, replaced: int) -> list[Notice]:
        """Return what a person should know about the file."""
        found = [
            Notice(kind, name, "", f"{count} {one if count == 1 else several}")
            for key, kind, one, several in _COUNTED
            if (count := self.counts[key])
        ]
        found += [named_languages(name, self.names)] if self.names else []
        if self.varieties:
            tags = ", ".join(f"{tag} {count}" for tag, count in sorted(self.varieties.items()))
            found.append(
                Notice("warning", name, "", f"texts in further varieties of a language were passed over: {tags}")
            )
        if replaced:
            text = f"{replaced} characters that XML forbids were replaced by U+FFFD"
            found.append(Notice("replaced", name, "", text))
        return found


def named_languages(document: str, names: Mapping[str, str]) -> Notice:
    """Say as what languages were read that a file names in words."""
    told = ", ".join(f"{name} as {tag}" for name, tag in sorted(names.items()))
    return Notice("warning", document, "", f"languages are not given by their tags; read were {told}")


@dataclass(frozen=True, slots=True)
class _Variant:
    language: str
    text: str


class _RawUnit:
    """What stands in one ``<tu>``, before it is known which pairs it makes."""

    def __init__(self, tu: Any) -> None:
        self.notes: list[str] = []
        self.properties: list[tuple[str, str]] = []
        self.texts: list[_Variant] = []
        self.codes = 0
        self._attributes = {name: str(tu.get(name)) for name in _ATTRIBUTES if tu.get(name) is not None}
        if self._attributes.get("creationid") == TOOL:  # ours says nothing that the unit's date does not
            self._attributes = {
                k: text for k, text in self._attributes.items() if k not in ("creationid", "creationdate")
            }
        self._count = tu.get("usagecount", "1")

    def take_dates(self, tuv: Any) -> None:
        """Take dates and users that stand with a text (OmegaT's), where the unit has none of its own."""
        for name in _DATES:
            if tuv.get(name):
                self._attributes.setdefault(name, tuv.get(name))

    def add(self, name: str, element: Any) -> None:
        if name == "note":
            self.notes.append(element.text or "")
        elif name == "prop":
            self.properties.append((element.get("type", ""), element.text or ""))

    def unit(self, id_: str, source: _Variant, target: _Variant) -> TranslationUnit:
        known = {name: text for name, text in self.properties if name in _OWN and name != FLAG}
        rest = [(name.removeprefix(_ESCAPE), text) for name, text in self.properties if name not in _OWN]
        rest += [(f"tmx:{name}", text) for name, text in self._attributes.items()]
        if self.codes:
            rest.append(("x-inline-tags", str(self.codes)))
        return TranslationUnit(
            id=id_,
            source=source.text,
            target=target.text,
            source_language=source.language,
            target_language=target.language,
            document=known.get(DOCUMENT, ""),
            date=known.get(DATE, ""),
            place=known.get(PLACE, ""),
            confidence=_share(known.get(CONFIDENCE, "1")),
            bead=known.get(BEAD, "1-1"),
            flags=tuple(text for name, text in self.properties if name == FLAG),
            notes=tuple(self.notes),
            count=int(self._count) if _COUNT.fullmatch(self._count) else 1,
            properties=tuple(rest),
        )


_COUNT = re.compile(r"[1-9][0-9]{0,8}")


def _is_swapped(unit: TranslationUnit) -> bool:
    return han_share(unit.source) < 0.5 <= han_share(unit.target)


_INLINE_CODE = {"bpt", "ept", "ph", "it", "ut"}
_NUMBERED_CODES = re.compile("memsource|phrase|d[eé]j[aà] ?vu|atril", re.IGNORECASE)  # tools that write {1} for a code


def _local(element: Any) -> str:
    tag = element.tag
    return _local_name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1000)
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


@lru_cache(maxsize=1000)
def _speaks(language: str, wanted: str) -> bool:
    wanted = canonical(wanted)
    if "-" in wanted:
        return language == wanted or language.startswith(wanted + "-")
    return (
        primary(language) == wanted
        or (wanted == "zh" and is_chinese(language))
        or (wanted == "en" and is_english(language))
    )


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 1.0
    return value if 0 <= value <= 1 else 1.0


def segment_text(segment: Any, notes: list[str] | None = None) -> tuple[str, int]:
    """Return the text of a ``<seg>`` element without its inline codes, and how many codes were left out.

    A code that stands for a line break leaves a space where it parted two words. The text within ``sub`` (a note, a
    caption) is no part of the sentence and goes to ``notes``.
    """
    text, codes = _segment_text(segment, notes)
    return close_codes(text), codes


def _segment_text(segment: Any, notes: list[str] | None) -> tuple[str, int]:
    text = Pieces(segment.text or "")
    codes = 0
    for child in segment:
        name = _local(child)
        if isinstance(child, etree._Entity):
            text.add(child.text or "")  # declared in the file itself: kept as written, never expanded
        elif name in _INLINE_CODE or name == "sub":
            codes += 1
            _keep_subflows(child, notes)
            text.add(_sign(name, child))
            text.put(child.tail or "")
            continue
        elif name and name not in ("note", "prop"):
            inner, count = _segment_text(child, notes)
            text.add(inner)
            codes += count
        text.add(child.tail or "")
    return str(text), codes


def _sign(name: str, code: Any) -> str:
    """Return what may have to part the words beside a code."""
    if name == "sub":
        return ""
    if LINE_BREAK.search(code.get("type") or "") or LINE_BREAK.search("".join(code.itertext())):
        return BREAK
    return PLACEHOLDER if name == "ph" else ""


def _keep_subflows(element: Any, notes: list[str] | None) -> None:
    for sub in element.iter("{*}sub"):
        text = " ".join("".join(sub.itertext()).split())
        if text and notes is not None:
            notes.append(text)
