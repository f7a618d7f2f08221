"""Checks a translation: reads it, looks at every segment, and returns what was found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from duiyi.checking import repetition, sentences, terms
from duiyi.checking.model import Found, Reference, Segment, Test
from duiyi.lookup import FILE, Memory
from duiyi.outputs import load_glossary
from duiyi.recognition import Recogniser
from glossary.files.termbase import read_lines, read_termbase
from glossary.model import ConceptEntry
from tmx import bitext as bitexts
from tmx import memory, readers
from tmx.characters import key
from tmx.checks import ROW_DOUBTED, SEVERITIES, UNIT_CHECKS, Check, Finding, Severity, find
from tmx.errors import ToolError
from tmx.memory import MemoryOptions
from tmx.model import AlignedDocument, Notice, TranslationUnit
from tmx.tmx14 import read_tmx

_EXAMPLE = ("", "")

DOCUMENT_CHECKS: tuple[tuple[Check, Test | None], ...] = (
    (
        Check(
            "sentence-missing",
            "a sentence of the Chinese has no counterpart in the English",
            "accuracy/omission",
            "major",
            ("会议开始了。我们就投资问题进行了讨论。", "The meeting began."),
            flag=False,
        ),
        sentences.sentences_missing,
    ),
    (
        Check(
            "sentence-added",
            "a sentence of the English has no counterpart in the Chinese",
            "accuracy/addition",
            "minor",
            ("会议开始了。", "The meeting began. The weather in the mountains was pleasant that day."),
            flag=False,
        ),
        None,
    ),
    (
        Check(
            "term-not-used",
            "a term is not rendered as the termbase has it",
            "terminology/wrong term",
            "major",
            ("推进高质量发展。", "Growth is promoted."),
            flag=False,
        ),
        terms.terms_differ,
    ),
    (
        Check(
            "term-forbidden",
            "a rendering that is not to be used",
            "terminology/wrong term",
            "major",
            ("推进高质量发展。", "We pursue good development."),
            flag=False,
        ),
        None,
    ),
    (
        Check(
            "term-superseded",
            "a rendering that a later one replaced before the date of the document",
            "terminology/inconsistent with resource",
            "major",
            ("构建人类命运共同体。", "Build a community of common destiny."),
            flag=False,
        ),
        None,
    ),
    (
        Check(
            "term-reworded",
            "the English says a term in other words of the same kind, or by a pronoun",
            "terminology/inconsistent with resource",
            "neutral",
            ("推进高质量发展。", "We develop with quality."),
            flag=False,
        ),
        None,
    ),
    (
        Check(
            "term-fewer",
            "a term stands more often in the Chinese than it is rendered",
            "terminology/inconsistent use",
            "neutral",
            ("发展是发展中国家的权利。", "Development is a right."),
            flag=False,
        ),
        None,
    ),
    (
        Check(
            "do-not-translate",
            "a name that stays as it is was changed",
            "terminology/wrong term",
            "major",
            ("使用PayMe付款。", "Pay with Pay Me."),
            flag=False,
        ),
        terms.kept_changed,
    ),
    (
        Check(
            "term-two-ways",
            "one term is rendered in two ways in one document",
            "terminology/inconsistent use",
            "neutral",
            _EXAMPLE,
            flag=False,
        ),
        terms.rendered_two_ways,
    ),
    (
        Check(
            "term-shared",
            "one English stands for two terms",
            "terminology/inconsistent use",
            "neutral",
            _EXAMPLE,
            flag=False,
        ),
        terms.shared_renderings,
    ),
    (
        Check(
            "same-source",
            "the same source is translated otherwise elsewhere",
            "style/inconsistent style",
            "minor",
            _EXAMPLE,
            flag=False,
        ),
        repetition.same_source,
    ),
    (
        Check(
            "same-target",
            "the same translation stands for another source",
            "style/inconsistent style",
            "neutral",
            _EXAMPLE,
            flag=False,
        ),
        repetition.same_target,
    ),
    (
        Check(
            "near-source",
            "sources that differ in figures alone are translated in other words",
            "style/inconsistent style",
            "neutral",
            _EXAMPLE,
            flag=False,
        ),
        repetition.near_source,
    ),
    (
        Check(
            "memory-differs",
            "the memory has this source with another translation",
            "terminology/inconsistent with resource",
            "minor",
            _EXAMPLE,
            flag=False,
        ),
        repetition.departs_from_memory,
    ),
    (
        Check(
            "quotes-style",
            "curly quotation marks in a document of straight ones, or the reverse",
            "linguistic/punctuation",
            "neutral",
            _EXAMPLE,
            flag=False,
        ),
        repetition.marks_of_a_minority,
    ),
)
CHECKS: tuple[Check, ...] = (*UNIT_CHECKS, *(one for one, _ in DOCUMENT_CHECKS))
"""Every check there is, with its category and its severity."""

NAMES = frozenset(one.name for one in CHECKS)
GRAVE = frozenset(one.name for one in CHECKS if one.severity != "neutral")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to check: ``only`` these, or all but ``skip``; information is left out unless ``information``."""

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    information: bool = False

    @property
    def wanted(self) -> frozenset[str]:
        """The names of the checks to make: those that find nothing but information are left out where nobody asks."""
        return (self.only or (NAMES if self.information else GRAVE)) - self.skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run found, in the order of the segments; ``verdicts`` are applied. ``passed`` were set aside by them."""

    segments: tuple[Segment, ...]
    found: tuple[Found, ...]
    passed: tuple[Found, ...] = ()
    notices: tuple[Notice, ...] = ()
    counts: Mapping[Severity, int] = field(default_factory=dict)


def read_segments(
    paths: Sequence[Path], date: str = "", options: MemoryOptions | None = None
) -> tuple[list[Segment], list[Notice]]:
    """Read a translation in any form that a build reads: rows, units, two files, a mixed file.

    ``date`` (ISO 8601) is that of the documents, whatever they say themselves.

    Raises:
        ToolError: a file cannot be read or holds only one language.
    """
    options = options or MemoryOptions()
    options = replace(options, flags=False, read=replace(options.read, keep_invisible=True))
    collection = readers.collect(list(paths), options.read)
    segments: list[Segment] = []
    notices = list(collection.notices)
    for item in collection.inputs:
        document = memory.build_document(bitexts.load(item, options.read), options)
        notices += document.notices
        segments += _segments(document, len(segments), date)
    if not segments:
        raise ToolError(f"{', '.join(map(str, paths))}: holds no text in both languages")
    return segments, notices


def _segments(document: AlignedDocument, before: int, date: str) -> Iterator[Segment]:
    bitext = document.bitext
    for number, pair in enumerate(document.pairs(), before + 1):
        unit = pair.unit or TranslationUnit(
            pair.id, pair.source_text, pair.target_text, bitext.source_language, bitext.target_language
        )
        when = date or unit.date or bitext.metadata.date
        yield Segment(number, unit, bitext.name, _short(pair.place) or f"segment {number}", when)


_COLUMN = re.compile(r", column \d+$")


def _short(place: str) -> str:
    """Name a row once: "row 2, column 1 | row 2, column 2" is row 2.

    >>> _short("row 2, column 1 | row 2, column 2"), _short("line 3 | line 9")
    ('row 2', 'line 3 | line 9')
    """
    parts = {_COLUMN.sub("", part) for part in place.split(" | ")}
    return parts.pop() if len(parts) == 1 else place


def reference(
    *,
    against: Path | None = None,
    termbases: Sequence[Path] = (),
    memories: Sequence[Path] = (),
    kept: Sequence[Path] = (),
    min_score: float = 0.5,
) -> Reference:
    """Read what to check against: the output folder of a build, termbases, memories, lists of names to leave alone.

    Of a build, terms that nobody decided about count from ``min_score`` on.
    """
    entries: list[ConceptEntry] = []
    for path in termbases:
        entries += read_termbase(path).entries
    prescribed = {entry.id for entry in entries}
    targets: dict[str, list[str]] = {}
    for path in memories:
        for unit in read_tmx(path):
            found = targets.setdefault(key(unit.source), [])
            if unit.target not in found:
                found.append(unit.target)
    known = targets.get if targets else None
    if against is not None:
        for entry in load_glossary(against).entries:
            decided = entry.review in ("accepted", "edited")
            if entry.review != "rejected" and (decided or (entry.score >= min_score and not entry.broader)):
                entries.append(entry)
                prescribed |= {entry.id} if decided else set()
    built = Memory.open(against) if against is not None and (against / FILE).is_file() else None

    def remembered(source: str) -> Sequence[str]:
        of_files = (known(key(source)) if known else None) or []
        return [*of_files, *(built.targets(source) if built else ())]

    return Reference(
        Recogniser(entries),
        tuple(entries),
        frozenset(prescribed),
        remembered if targets or built else None,
        tuple(name for path in kept for name in read_lines(path)),
    )


def check(
    segments: Sequence[Segment],
    against: Reference | None = None,
    options: CheckOptions | None = None,
    verdicts: Mapping[str, str] | None = None,
    baseline: Collection[str] = (),
    notices: Iterable[Notice] = (),
) -> Checked:
    """Make the checks and return what they found.

    ``verdicts`` is what people said of earlier findings, by id; those and what is in ``baseline`` are set aside.
    """
    against, options, verdicts = against or Reference(), options or CheckOptions(), verdicts or {}
    wanted = options.wanted
    found: list[tuple[Segment, Finding]] = [(one, finding) for one in segments for finding in find(one.unit, wanted)]
    found += [
        (one, Finding(ROW_DOUBTED, "major", _DOUBTED))
        for one in segments
        if ROW_DOUBTED in one.unit.flags and ROW_DOUBTED in wanted
    ]
    families = _families()
    for test, names in families.items():
        if names & wanted:
            found += [(one, finding) for one, finding in test(segments, against) if finding.check in wanted]
    shown = [
        Found(segment, finding)
        for segment, finding in found
        if finding.severity != "neutral" or options.information or finding.check in options.only
    ]
    order = {one.name: place for place, one in enumerate(CHECKS)}
    shown.sort(key=lambda one: (one.segment.number, -SEVERITIES.index(one.finding.severity), order[one.finding.check]))
    judged = [replace(one, verdict=verdicts.get(one.id, "")) for one in shown]
    passed = tuple(one for one in judged if one.verdict or one.id in baseline)
    left = tuple(one for one in judged if not one.verdict and one.id not in baseline)
    counts = {severity: sum(one.finding.severity == severity for one in left) for severity in SEVERITIES}
    return Checked(tuple(segments), left, passed, tuple(notices), counts)


_DOUBTED = "the file puts these texts side by side, but their words do not go together"


def _families() -> dict[Test, set[str]]:
    """Each test with the names of all that it finds: a check without a test of its own goes with the one before."""
    families: dict[Test, set[str]] = {}
    last: Test | None = None
    for one, test in DOCUMENT_CHECKS:
        last = test or last
        if last is not None:
            families.setdefault(last, set()).add(one.name)
    return families
