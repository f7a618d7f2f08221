"""Look-up in a built memory: exact and fuzzy matches with their match rate, and concordance, in either language.

The index is one SQLite file, ``OUT/memory.db``, written by the build beside and renamed into place. Exact repetitions
are stored once, with every place they occur in. Text is found through SQLite's own full-text index (FTS5): English by
words, Chinese by overlapping pairs of characters, so that a Chinese string of any length is found wherever it stands,
without a guess at where words begin.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Literal

import regex
from rapidfuzz.distance import Levenshtein

from duiyi.workspace import writing
from tmx.characters import HAN_BLOCKS, is_han, key
from tmx.errors import FormatError
from tmx.model import TranslationUnit

FILE = "memory.db"
FORMAT = 1  # raise when the tables change

Side = Literal["source", "target"]
HitKind = Literal["exact", "fuzzy", "concordance"]
SIDES: tuple[Side, Side] = ("source", "target")

_HAN = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in HAN_BLOCKS)
_RUN = regex.compile(rf"[{_HAN}]+|[^\W{_HAN}]+")
_TOKEN = regex.compile(rf"[{_HAN}]|[^\W{_HAN}]+|[^\w\s]")

# Candidates that are compared for one step of a fuzzy look-up; 400 take about 10 ms.
MAX_CANDIDATES = 400
# Search first for what is nearly the same, which is cheap, and go on only when that gives too little.
STEPS = (0.95, 0.85)
# Words rarer than this need no entry in the table of frequencies.
RARE = 100
# A query of more words than this is sought in one piece only: it is a sentence, and fuzzy look-up is for that.
MAX_SCATTERED = 6
FEW, COMMON = 1000, 50_000  # pairs that a word is in


@dataclass(frozen=True, slots=True)
class LookupOptions:
    """What to look for.

    ``limit`` bounds the hits of each kind; ``min_rate`` is the lowest match rate in percent; ``side`` is the language
    of the text, None to tell by its characters. ``kinds`` are the kinds of hits wanted.
    """

    limit: int = 10
    min_rate: int = 70
    side: Side | None = None
    kinds: tuple[HitKind, ...] = ("exact", "fuzzy", "concordance")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a pair stands in the documents."""

    unit: str
    document: str
    date: str
    place: str
    confidence: float
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A pair from the memory, and how it answers.

    ``rate`` is the match rate in percent: 100 for the same text, 99 for a difference of case, width or quotation
    marks only, below that the share of words (Chinese: characters) and punctuation marks that need no edit, of the
    longer text. It is None for concordance hits; there ``spans`` are the half-open code point ranges of the text
    that was looked up. ``count`` is how often the pair occurs, ``occurrences`` its first places in document order.
    """

    kind: HitKind
    side: Side
    rate: int | None
    source: str
    target: str
    count: int
    occurrences: tuple[Occurrence, ...]
    spans: tuple[tuple[int, int], ...] = ()


def write_index(units: Iterable[TranslationUnit], path: Path) -> int:
    """Write the look-up index for ``units`` to ``path`` and return how many different pairs it holds.

    Memory stays bounded whatever the number of units. The same units give the same bytes.
    """
    beside = path.with_name(f".{path.name}.beside")
    with writing(path):
        beside.unlink(missing_ok=True)
        try:
            database = sqlite3.connect(beside)
            try:
                pairs = _fill(database, units)
            finally:
                database.close()
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    return pairs


_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192; PRAGMA cache_size = -65536;
CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT NOT NULL, date TEXT NOT NULL);
CREATE TABLE pairs (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL,
    source_key INTEGER NOT NULL, target_key INTEGER NOT NULL, count INTEGER NOT NULL
);
CREATE INDEX source_keys ON pairs (source_key);
CREATE TABLE units (
    id INTEGER PRIMARY KEY, pair INTEGER NOT NULL, document INTEGER NOT NULL,
    unit TEXT NOT NULL, place TEXT NOT NULL, confidence REAL NOT NULL, flags TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5 (source, target, content = '', tokenize = 'ascii');
CREATE TABLE frequencies (term TEXT PRIMARY KEY, pairs INTEGER NOT NULL) WITHOUT ROWID;
"""


def _fill(database: sqlite3.Connection, units: Iterable[TranslationUnit]) -> int:
    database.executescript(_TABLES)
    database.execute(f"PRAGMA user_version = {FORMAT}")
    documents: dict[tuple[str, str], int] = {}
    pairs = 0
    for unit in units:
        name = (unit.document, unit.date)
        if name not in documents:
            documents = {name: len(documents) + 1} if len(documents) > 1_000_000 else documents
            cursor = database.execute("INSERT INTO documents (name, date) VALUES (?, ?)", name)
            documents[name] = int(cursor.lastrowid or 0)
        source_key = _number(unit.source)
        found = database.execute(
            "SELECT id FROM pairs WHERE source_key = ? AND source = ? AND target = ?",
            (source_key, unit.source, unit.target),
        ).fetchone()
        if found:
            pair = found[0]
            database.execute("UPDATE pairs SET count = count + ? WHERE id = ?", (unit.count, pair))
        else:
            pairs = pair = pairs + 1
            database.execute(
                "INSERT INTO pairs VALUES (?, ?, ?, ?, ?, ?)",
                (pair, unit.source, unit.target, source_key, _number(unit.target), unit.count),
            )
            database.execute(
                "INSERT INTO words (rowid, source, target) VALUES (?, ?, ?)",
                (pair, " ".join(_terms(unit.source)), " ".join(_terms(unit.target))),
            )
        database.execute(
            "INSERT INTO units (pair, document, unit, place, confidence, flags) VALUES (?, ?, ?, ?, ?, ?)",
            (pair, documents[name], unit.id, unit.place, unit.confidence, " ".join(unit.flags)),
        )
    database.execute("CREATE INDEX target_keys ON pairs (target_key)")
    database.execute("CREATE INDEX unit_pairs ON units (pair)")
    database.execute("INSERT INTO words (words) VALUES ('optimize')")
    database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, words, row)")
    database.execute(
        "INSERT INTO frequencies SELECT term, doc FROM temp.vocabulary WHERE doc >= ? ORDER BY term", (RARE,)
    )
    database.commit()
    return pairs


def _number(text: str) -> int:
    """A 64-bit number for the lookup key of a text, signed as SQLite stores it."""
    return int.from_bytes(hashlib.blake2b(key(text).encode(), digest_size=8).digest(), "big", signed=True)


def _terms(text: str, *, whole: bool = True) -> list[str]:
    """What the full-text index holds of a text: words, and for Chinese each character with the one after it.

    The last character of a run of Chinese stands alone; with ``whole=False`` it is left out at the end of the text,
    because there something may follow.

    >>> _terms("中国外交 in 2021")
    ['中国', '国外', '外交', '交', 'in', '2021']
    >>> _terms("外交", whole=False), _terms("外", whole=False)
    (['外交'], ['外'])
    """
    terms: list[str] = []
    folded = key(text)
    for match in _RUN.finditer(folded):
        run = match[0]
        if is_han(run[0]):
            last = len(run) if whole or match.end() < len(folded) or len(run) == 1 else len(run) - 1
            terms.extend(run[i : i + 2] for i in range(last))
        else:
            terms.append(run)
    return terms


def _phrase(terms: Sequence[str]) -> str:
    """The full-text query for terms in one piece; a single last character begins whatever term it begins."""
    return f'"{" ".join(terms)}"' + ("*" if len(terms[-1]) == 1 and is_han(terms[-1]) else "")


class Memory:
    """A built memory, open for look-up.

    >>> import tempfile
    >>> from tmx.model import TranslationUnit
    >>> units = [TranslationUnit("1", "中国外交开创新局面。", "China's diplomacy broke new ground.", document="a.txt")]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write_index(units, Path(folder) / FILE)
    ...     with Memory.open(Path(folder)) as memory:
    ...         [(hit.kind, hit.rate) for hit in memory.lookup("中国外交开创好局面。")]
    ...         [(hit.kind, hit.spans) for hit in memory.lookup("diplomacy")]
    [('fuzzy', 90)]
    [('concordance', ((8, 17),))]
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @classmethod
    def open(cls, out: Path) -> Memory:
        """Open the memory in the folder that ``duiyi build`` wrote (or its ``memory.db``)."""
        path = out / FILE if out.is_dir() else out
        if not path.is_file():
            raise FormatError(f"{out}: has no {FILE}; build the memory first: duiyi build INPUT -o {out}")
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            version = database.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            database.close()
            raise FormatError(f"{path}: is not a look-up index ({error}); build the memory again") from error
        if version != FORMAT:
            database.close()
            raise FormatError(f"{path}: was written by another version of duiyi; build the memory again")
        database.execute("PRAGMA mmap_size = 4294967296")
        return cls(database)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def lookup(self, text: str, options: LookupOptions | None = None) -> list[Hit]:
        """Return what the memory knows about ``text``: exact hits, fuzzy hits by falling rate, then concordance.

        A pair is given once, as the best kind of hit it is.
        """
        options = options or LookupOptions()
        text = text.strip()
        if not text:
            return []
        side = options.side or ("source" if any(map(is_han, text)) else "target")
        hits: list[Hit] = []
        seen: set[int] = set()

        def add(kind: HitKind, side: Side, found: Iterable[tuple[int, int | None]]) -> None:
            fresh = [(pair, rate) for pair, rate in found if pair not in seen][: options.limit]
            seen.update(pair for pair, _ in fresh)
            hits.extend(self._hit(kind, side, pair, rate, text) for pair, rate in fresh)

        matches = self._same(text, side) if {"exact", "fuzzy"} & set(options.kinds) else []
        if "exact" in options.kinds:
            add("exact", side, [match for match in matches if match[1] == 100])
        if "fuzzy" in options.kinds:
            matches = [*matches, *self._similar(text, side, options)]
            add("fuzzy", side, [match for match in matches if match[1] < 100 and match[1] >= options.min_rate])
        if "concordance" in options.kinds:
            sides: Sequence[Side] = (side,) if options.side else (side, SIDES[side == "source"])
            for where in sides:
                add("concordance", where, ((pair, None) for pair in self._containing(text, where, 4 * options.limit)))
        return hits

    def count(self, text: str, side: Side, at_most: int = 1000) -> int:
        """Return how many different pairs contain ``text`` on one side, counting no further than ``at_most``."""
        return sum(1 for _ in self._containing(text, side, at_most))

    def _same(self, text: str, side: Side) -> list[tuple[int, int]]:
        """Pairs whose text has the same lookup key, the very same text first."""
        rows = self._database.execute(
            f"SELECT id, {side} FROM pairs WHERE {side}_key = ? ORDER BY count DESC, id", (_number(text),)
        ).fetchall()
        folded = key(text)
        found = [(pair, 100 if stored == text else 99) for pair, stored in rows if key(stored) == folded]
        return sorted(found, key=lambda match: -match[1])

    def _similar(self, text: str, side: Side, options: LookupOptions) -> list[tuple[int, int]]:
        """Pairs by falling match rate.

        Who differs in at most d of n tokens has, of any d + 1 groups which the tokens are put in, at least one group
        untouched (the pigeonhole principle): so a full-text query for "all of group 1, or all of group 2, ..." finds
        every such text and little else. Only what it finds is compared.
        """
        tokens = _tokens(text)
        floor = options.min_rate / 100
        rates: dict[int, int] = {}
        for step in [*(step for step in STEPS if step > floor), floor]:
            edits = math.floor((1 - step) * len(tokens) + 1e-9)
            for thrifty in (True, False):  # narrow it down with every word only when that is needed
                groups = self._groups(text, side, edits, thrifty)
                if not groups:
                    return []
                query = " OR ".join("(" + " AND ".join(f'"{term}"' for term in group) + ")" for group in groups)
                candidates = self._match(f"{side} : ({query})", MAX_CANDIDATES)
                if len(candidates) < MAX_CANDIDATES:
                    break
            marks = ", ".join("?" * len(candidates))
            rows = self._database.execute(f"SELECT id, {side} FROM pairs WHERE id IN ({marks}) ORDER BY id", candidates)
            for pair, stored in rows:
                if pair not in rates and floor / 2 < len(stored) / len(text) < 2 / floor:
                    similarity = Levenshtein.normalized_similarity(tokens, _tokens(stored), score_cutoff=floor)
                    rates[pair] = min(99, math.floor(100 * similarity + 1e-9))
            if sum(rate >= 100 * step for rate in rates.values()) >= options.limit:
                break
        return sorted(
            ((pair, rate) for pair, rate in rates.items() if rate >= options.min_rate),
            key=lambda match: (-match[1], match[0]),
        )

    def _groups(self, text: str, side: Side, edits: int, thrifty: bool) -> list[list[str]]:
        """Put the terms of a text into one group more than there may be edits.

        If ``thrifty``, a further word helps only beside a common one, and only if it is not nearly everywhere itself:
        a rare word finds little enough alone, and reading where a very common one stands takes time.
        """
        terms = _terms(text, whole=False)
        if not terms:
            return []
        if side == "source" and any(map(is_han, text)):
            # Neighbours overlap: an edit touches two terms, so each group is a stretch of the text.
            bounds = [round(i * len(terms) / (edits + 1)) for i in range(edits + 2)]
            return [terms[first:last] for first, last in itertools.pairwise(bounds) if first < last]
        common, terms = self._common(terms), self._by_rarity(terms)
        heads = min(edits + 1, len(terms))
        groups = [[term] for term in terms[:heads]]
        helpers = [term for term in terms[heads:] if not thrifty or common.get(term, 0) <= COMMON]
        needy = [group for group in reversed(groups) if not thrifty or common.get(group[0], 0) > FEW]
        for position, term in enumerate(helpers if needy else ()):
            needy[position % len(needy)].append(term)
        return groups

    def _containing(self, text: str, side: Side, limit: int) -> Iterator[int]:
        """Pairs that contain the text in one piece, in document order; if none does, all its words in any order."""
        terms = _terms(text, whole=False)
        if not terms:
            return
        if len(terms) > MAX_SCATTERED:
            yield from self._containing_sentence(terms, side, limit)
            return
        for query in (_phrase(terms), " AND ".join(f'"{term}"' for term in dict.fromkeys(terms))):
            found = self._match(f"{side} : ({query})", limit)
            yield from found
            if found or len(terms) < 2 or any(map(is_han, text)):
                return

    def _containing_sentence(self, terms: list[str], side: Side, limit: int) -> list[int]:
        """Pairs that contain many terms in one piece: those with the rarest of them are looked through."""
        open_end = len(terms[-1]) == 1 and is_han(terms[-1])  # what begins with this character is another term
        rarest = " AND ".join(f'"{term}"' for term in self._by_rarity(terms[:-1] if open_end else terms)[:3])
        candidates = self._match(f"{side} : ({rarest})", MAX_CANDIDATES)
        if len(candidates) == MAX_CANDIDATES:
            return self._match(f"{side} : ({_phrase(terms)})", limit)
        marks = ", ".join("?" * len(candidates))
        texts = self._database.execute(f"SELECT id, {side} FROM pairs WHERE id IN ({marks}) ORDER BY id", candidates)
        sought = f" {' '.join(terms)}" + ("" if open_end else " ")
        return [pair for pair, text in texts if sought in f" {' '.join(_terms(text))} "][:limit]

    def _match(self, query: str, limit: int) -> list[int]:
        rows = self._database.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (query, limit))
        return [int(pair) for (pair,) in rows]

    def _by_rarity(self, terms: Iterable[str]) -> list[str]:
        """The different terms, the rarest first."""
        common = self._common(terms)
        return sorted(set(terms), key=lambda term: (common.get(term, 0), term))

    def _common(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many pairs the terms are that are not rare."""
        different = sorted(set(terms))
        marks = ", ".join("?" * len(different))
        rows = self._database.execute(f"SELECT term, pairs FROM frequencies WHERE term IN ({marks})", different)
        return dict(rows.fetchall())

    def _hit(self, kind: HitKind, side: Side, pair: int, rate: int | None, text: str) -> Hit:
        source, target, count = self._database.execute(
            "SELECT source, target, count FROM pairs WHERE id = ?", (pair,)
        ).fetchone()
        rows = self._database.execute(
            "SELECT unit, name, date, place, confidence, flags FROM units JOIN documents ON document = documents.id"
            " WHERE pair = ? ORDER BY units.id LIMIT 10",
            (pair,),
        )
        occurrences = tuple(
            Occurrence(unit, name, date, place, confidence, tuple(flags.split()))
            for unit, name, date, place, confidence, flags in rows
        )
        spans = find_spans(source if side == "source" else target, text) if kind == "concordance" else ()
        return Hit(kind, side, rate, source, target, count, occurrences, spans)


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    """What an edit is counted in: Chinese characters, words, punctuation marks; case and width folded."""
    return tuple(_TOKEN.findall(key(text)))


def find_spans(text: str, sought: str) -> tuple[tuple[int, int], ...]:
    """Return where ``sought`` stands in ``text``, case, width and quotation marks aside; else where its words do.

    >>> find_spans("The ＣＨＩＮＡ–EU summit", "china"), find_spans("new and old", "old new")
    (((4, 9),), ((0, 3), (8, 11)))
    """
    folded, origins = "", []
    for position, character in enumerate(text):
        piece = unicodedata.normalize("NFKC", key(character) or " ")
        folded += piece
        origins.extend([position] * len(piece))
    for pieces in ([key(sought)], key(sought).split()):
        spans = sorted(
            (origins[match.start()], origins[match.end() - 1] + 1)
            for piece in dict.fromkeys(pieces)
            for match in regex.finditer(regex.escape(piece).replace(r"\ ", r"\s+"), folded)
        )
        if spans:
            return tuple(dict.fromkeys(spans))
    return ()
