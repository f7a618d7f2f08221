"""What the service answers, whoever asks: plain values from the glossary and the memory of one output folder.

Nothing is written. When a build ends, the next question is answered from its files. The memory is opened once for each
thread that asks, as SQLite wants it; what stays in memory is the glossary and nothing that grows with the questions.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from duiyi.briefing import Target, as_values, brief, written
from duiyi.checking.model import Reference, Segment
from duiyi.checking.run import check
from duiyi.lookup import FILE, Hit, LookupOptions, Memory, entry_values
from duiyi.outputs import GLOSSARY, load_glossary
from duiyi.recognition import Recogniser
from glossary.model import ConceptEntry
from glossary.words.official import official
from tmx.characters import han_share, is_han
from tmx.errors import ToolError
from tmx.model import TranslationUnit

MAX_TEXT = 20_000  # characters of one question; a longer text is a document, and is asked about in parts
MAX_LIMIT = 100

Answer = Mapping[str, object]


class QuestionError(ToolError):
    """A question that cannot be answered as it was put."""


@dataclass(frozen=True, slots=True)
class _Glossary:
    """The glossary as it was when its files had the ``stamp``."""

    stamp: tuple[int, ...]
    recogniser: Recogniser
    entries: tuple[ConceptEntry, ...]
    decided: frozenset[str]  # ids of the entries that a reviewer accepted or edited


class Answers:
    """Answers questions about the output folder of a build; safe for several threads.

    Raises:
        ToolError: nothing was built in ``out``.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._lock = threading.Lock()
        self._local = threading.local()
        self._glossary = self._load(self._stamp())
        self._memory().lookup("")

    # --- the six questions

    def lookup_term(self, term: str) -> Answer:
        """Return the entries for a Chinese or English term: renderings with usage, counts, dates, and official ones."""
        term = _checked(term)
        known = self._current()
        found = known.recogniser.in_chinese(term) if _is_chinese(term) else known.recogniser.in_english(term)
        entries = {one.entry.id: one.entry for one in found if one.end - one.start == len(term)}
        if not entries:
            entries = {one.entry.id: one.entry for one in found}
        listed = [] if not _is_chinese(term) else [asdict(one) for one in official(term)]
        return {"term": term, "entries": [_entry(entry) for entry in entries.values()], "official": listed}

    def concordance(self, text: str, limit: int = 20) -> Answer:
        """Return units that hold a text in either language, with where it stands."""
        return {"text": text, "hits": self._hits(text, LookupOptions(_limit(limit), kinds=("concordance",)))}

    def fuzzy(self, text: str, limit: int = 10, min_rate: int = 70) -> Answer:
        """Return units like a text, with their match rate in per cent, the best first."""
        if not 30 <= min_rate <= 100:
            raise QuestionError("min_rate is a number from 30 to 100")
        options = LookupOptions(_limit(limit), min_rate, kinds=("exact", "fuzzy"))
        return {"text": text, "hits": self._hits(text, options)}

    def terms_for(self, text: str, to: str = "") -> Answer:
        """Return the terms that occur in a text, the longest where two overlap, with what to write and what not."""
        return as_values(brief(_checked(text), self._current().recogniser, None, _target(to)))

    def prompt_for(self, text: str, to: str = "", tokens: int = 0) -> Answer:
        """Return the terms and the nearest units for a text as Markdown to put before an engine's task."""
        if tokens < 0:
            raise QuestionError("tokens is a number from 0, which is no limit")
        found = brief(_checked(text), self._current().recogniser, self._memory(), _target(to), tokens)
        return {"prompt": written(found), **as_values(found)}

    def check(self, source: str, target: str) -> Answer:
        """Return what a translator should look at in a translation: numbers, names, marks, terms not used."""
        source, target = _checked(source), _checked(target)
        chinese, english = (source, target) if _is_chinese(source) else (target, source)
        known = self._current()
        segment = Segment(1, TranslationUnit("1", chinese, english), "", "")
        against = Reference(known.recogniser, known.entries, known.decided, self._memory().targets)
        return {"findings": [asdict(one.finding) for one in check([segment], against).found]}

    # --- behind them

    def _hits(self, text: str, options: LookupOptions) -> list[dict[str, object]]:
        return [_hit(hit) for hit in self._memory().lookup(_checked(text), options)]

    def _stamp(self) -> tuple[int, ...]:
        """What tells one build's files from the next one's."""
        stamps = []
        for name in (GLOSSARY, FILE):
            try:
                status = (self.out / name).stat()
            except OSError:
                continue
            stamps += [status.st_mtime_ns, status.st_ino]
        return tuple(stamps)

    def _current(self) -> _Glossary:
        stamp = self._stamp()
        if stamp != self._glossary.stamp:
            with self._lock:
                if stamp != self._glossary.stamp:
                    self._glossary = self._load(stamp)
        return self._glossary

    def _load(self, stamp: tuple[int, ...]) -> _Glossary:
        entries = tuple(entry for entry in load_glossary(self.out).entries if entry.review != "rejected")
        decided = frozenset(entry.id for entry in entries if entry.review in ("accepted", "edited"))
        return _Glossary(stamp, Recogniser(entries), entries, decided)

    def _memory(self) -> Memory:
        """Return this thread's own memory of the build that is there now."""
        stamp = self._stamp()
        held: tuple[tuple[int, ...], Memory] | None = getattr(self._local, "held", None)
        if held is None or held[0] != stamp:
            if held is not None:
                held[1].close()
            held = (stamp, Memory.open(self.out))
            self._local.held = held
        return held[1]


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise QuestionError("the text is empty")
    if len(text) > MAX_TEXT:
        raise QuestionError(f"the text has {len(text):,} characters; ask about {MAX_TEXT:,} at most at a time")
    return text


def _limit(limit: int) -> int:
    if not 1 <= limit <= MAX_LIMIT:
        raise QuestionError(f"limit is a number from 1 to {MAX_LIMIT}")
    return limit


def _target(to: str) -> Target | None:
    if to in ("en", "zh"):
        return "en" if to == "en" else "zh"
    if to:
        raise QuestionError("to is en or zh")
    return None


def _is_chinese(text: str) -> bool:
    return any(map(is_han, text)) and han_share(text) >= 0.3


def _entry(entry: ConceptEntry) -> dict[str, object]:
    return {
        **entry_values(entry),
        "definition": entry.definition,
        "notes": list(entry.notes),
        "contexts": [
            {"source": one.source, "target": one.target, "document": one.document} for one in entry.contexts[:3]
        ],
    }


def _hit(hit: Hit) -> dict[str, object]:
    return asdict(replace(hit, occurrences=hit.occurrences[:3]))
