"""Look-up in a built memory: exact and fuzzy matches with their match rate, and concordance, in either language.

The index is one SQLite file, ``OUT/memory.db``, written by the build beside and renamed into place. Exact repetitions
are stored once, with every place they occur in. Text is found through SQLite's own full-text index (FTS5): English by
words, Chinese by overlapping pairs of characters, so that a Chinese string of any length is found wherever it stands,
without a guess at where words begin.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import math
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Literal

import regex
from rapidfuzz.distance import Levenshtein

from duiyi.recognition import Recogniser, renderings_in
from glossary.model import ConceptEntry
from tmx import cedict
from tmx.characters import HAN_BLOCKS, is_han
from tmx.characters import key as written_key
from tmx.errors import FormatError
from tmx.files import atomic_path
from tmx.model import TranslationUnit
from tmx.scripts import script_of

FILE = "memory.db"
FORMAT = 3  # raise when the tables change

Side = Literal["source", "target"]
HitKind = Literal["exact", "fuzzy", "concordance"]
SIDES: tuple[Side, Side] = ("source", "target")

_HAN = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in HAN_BLOCKS)
_RUN = regex.compile(rf"[{_HAN}]+|[^\W{_HAN}]+")
_BARE = regex.compile(r"^[^\w]+|[^\w]+$")
_WORD = re.compile(r"\w+")
_TOKEN = regex.compile(rf"[{_HAN}]|[^\W{_HAN}]+|[^\w\s]")

# Candidates that are looked at for one step of a fuzzy look-up; 400 take 5 to 10 ms.
MAX_CANDIDATES = 400
# Search first for what is nearly the same, which is cheap, and go on only when that gives too little.
STEPS = (0.95, 0.85)
# Words rarer than this need no entry in the table of frequencies.
RARE = 100
# A query of more words than this is sought in one piece only: it is a sentence, and fuzzy look-up is for that.
MAX_SCATTERED = 6
# Expected candidates of one group of words: words are added until it is less; if too many are found, the second.
ENOUGH = (50.0, 0.5)
# Words that are in more than this share of all pairs narrow little down and take long to read.
EVERYWHERE = 0.2
# A character that begins terms in more than this share of all pairs is soon met by reading one pair after another.
COMMON_SHARE = 0.02


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
    longer text; Simplified for Traditional and the reverse (``other_script``) costs one percent and is no edit. It is
    None for concordance hits; there ``spans`` are the half-open code point ranges of the text
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
    other_script: bool = False


def key(text: str) -> str:
    """Return what a text is looked up by: case, width and quotation marks aside, Traditional as Simplified.

    >>> key("中國Ｇ20") == key("中国g20")
    True
    """
    return written_key(text).translate(cedict.simplification())


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Return of each character of a lookup key all characters that are looked up as it, itself first."""
    spellings: dict[str, str] = {}
    for code, simple in cedict.simplification().items():
        if chr(code) != simple:
            spellings[simple] = spellings.get(simple, simple) + chr(code)
    return spellings


def write_index(units: Iterable[TranslationUnit], path: Path) -> int:
    """Write the look-up index for ``units`` to ``path`` and return how many different pairs it holds.

    Memory stays bounded whatever the number of units. The same units give the same bytes.
    """
    with atomic_path(path) as beside, contextlib.closing(sqlite3.connect(beside)) as database:
        return _fill(database, units)


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
CREATE TABLE frequencies (term TEXT PRIMARY KEY, source INTEGER NOT NULL, target INTEGER NOT NULL) WITHOUT ROWID;
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
    database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, words, col)")
    database.execute(
        "INSERT INTO frequencies SELECT term, sum(doc * (col = 'source')), sum(doc * (col = 'target'))"
        " FROM temp.vocabulary GROUP BY term HAVING sum(doc) >= ? ORDER BY term",
        (RARE,),
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
    return f'"{" ".join(terms)}"' + ("*" if _is_open(terms) else "")


def _is_open(terms: Sequence[str]) -> bool:
    """Tell whether the last term is a single last character of Chinese, which begins others in the index."""
    return len(terms[-1]) == 1 and is_han(terms[-1])


def _quoted(terms: Iterable[str]) -> list[str]:
    return [f'"{term}"' for term in dict.fromkeys(terms)]


def _rarest(terms: Iterable[str], counts: Mapping[str, float]) -> list[str]:
    """The different terms, the rarest first."""
    return sorted(set(terms), key=lambda term: (counts[term], term))


def _narrowed(
    groups: list[list[str]], helpers: Iterable[str], shares: Mapping[str, float], enough: float
) -> list[list[str]]:
    """Add helpers, the rarest first, to the group that most is expected of, until that is little enough of all."""
    expected = [shares[head] for (head,) in groups]
    for term in helpers:
        commonest = expected.index(max(expected))
        if expected[commonest] <= enough or shares[term] > EVERYWHERE:
            break
        groups[commonest].append(term)
        expected[commonest] *= shares[term]
    return groups


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
        self._pairs: int = database.execute("SELECT coalesce(max(id), 1) FROM pairs").fetchone()[0]

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
            fresh: dict[int, int | None] = {}
            for pair, rate in found:
                if pair not in seen:
                    fresh.setdefault(pair, rate)
            best = [*fresh.items()][: options.limit]
            seen.update(pair for pair, _ in best)
            hits.extend(self._hit(kind, side, pair, rate, text) for pair, rate in best)

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

    def targets(self, source: str) -> list[str]:
        """Return the translations of this very source, the most frequent first; case and width aside."""
        rows = self._database.execute(
            "SELECT source, target FROM pairs WHERE source_key = ? ORDER BY count DESC, id", (_number(source),)
        )
        folded = written_key(source)
        return [target for stored, target in rows if written_key(stored) == folded]

    def count(self, text: str, side: Side, at_most: int = 1000) -> int:
        """Return how many different pairs contain ``text`` on one side, counting no further than ``at_most``."""
        return sum(1 for _ in self._containing(text, side, at_most))

    def _same(self, text: str, side: Side) -> list[tuple[int, int]]:
        """Pairs whose text has the same lookup key, the very same text first."""
        rows = self._database.execute(
            f"SELECT id, {side} FROM pairs WHERE {side}_key = ? ORDER BY count DESC, id", (_number(text),)
        ).fetchall()
        folded = key(text)
        found = [(pair, _rate(text, stored, 1.0)) for pair, stored in rows if key(stored) == folded]
        return sorted(found, key=lambda match: -match[1])

    def _similar(self, text: str, side: Side, options: LookupOptions) -> list[tuple[int, int]]:
        """Pairs by falling match rate.

        Who differs in at most d of n tokens has, of any d + 1 groups which the tokens are put in, at least one group
        untouched (the pigeonhole principle): so a full-text query for "all of group 1, or all of group 2, ..." finds
        every such text and little else. Only what it finds is compared.
        """
        tokens = _tokens(text)
        floor = options.min_rate / 100
        han = any(map(is_han, text))
        parts = {part for part in _parts(text, han=han) if not han or is_han(part)}
        shared = len(parts) - len(tokens) * (1 - floor) - 1e-9  # an edit takes one of them away at most
        rates: dict[int, int] = {}
        for step in [*(step for step in STEPS if step > floor), floor]:
            edits = math.floor((1 - step) * len(tokens) + 1e-9)
            before: list[list[str]] = []
            for enough in ENOUGH:
                groups = self._groups(text, side, edits, enough)
                if not groups:
                    return []
                if groups == before:
                    break
                before = groups
                query = " OR ".join("(" + " AND ".join(_quoted(group)) + ")" for group in groups)
                candidates = self._match(f"{side} : ({query})", MAX_CANDIDATES)
                if len(candidates) < MAX_CANDIDATES:
                    break
            for pair, stored in self._texts([pair for pair in candidates if pair not in rates], side):
                near = (
                    floor / 2 < len(stored) / len(text) < 2 / floor and len(parts & _parts(stored, han=han)) >= shared
                )
                similarity = near and Levenshtein.normalized_similarity(tokens, _tokens(stored), score_cutoff=floor)
                rates[pair] = _rate(text, stored, similarity)
            if sum(rate >= 100 * step for rate in rates.values()) >= options.limit:
                break
        return sorted(
            ((pair, rate) for pair, rate in rates.items() if rate >= options.min_rate),
            key=lambda match: (-match[1], match[0]),
        )

    def _groups(self, text: str, side: Side, edits: int, enough: float) -> list[list[str]]:
        """Put the terms of a text into one group more than there may be edits, the rarest of each group first.

        Of a group only so many terms are taken that no more than ``enough`` pairs should have them all, if words came
        independently, and none that are nearly everywhere: reading where those stand takes time.
        """
        terms = _terms(text, whole=False)
        if not terms:
            return []
        shares = {term: count / self._pairs for term, count in self._counts(terms, side).items()}
        if side == "source" and any(map(is_han, text)):
            # Neighbours overlap: an edit touches two terms, so each group is a stretch of the text.
            bounds = [round(i * len(terms) / (edits + 1)) for i in range(edits + 2)]
            pools = [_rarest(terms[first:last], shares) for first, last in itertools.pairwise(bounds) if first < last]
            return [_narrowed([pool[:1]], pool[1:], shares, enough / self._pairs)[0] for pool in pools]
        ordered = _rarest(terms, shares)
        heads = [[term] for term in ordered[: edits + 1]]
        return _narrowed(heads, ordered[edits + 1 :], shares, enough / self._pairs)

    def _containing(self, text: str, side: Side, limit: int) -> list[int]:
        """Pairs that contain the text in one piece, in document order; if none does, all its words in any order."""
        terms = _terms(_BARE.sub("", text), whole=False)
        if not terms or not all(self._counts(terms, side).values()):
            return []
        if len(terms) > MAX_SCATTERED:
            return self._containing_sentence(terms, side, limit)
        if _is_open(terms) and (found := self._containing_open(terms, side, limit)) is not None:
            return found
        found = self._match(f"{side} : ({_phrase(terms)})", limit)
        if not found and len(terms) > 1 and not any(map(is_han, text)):
            found = self._match(f"{side} : ({' AND '.join(_quoted(terms))})", limit)
        return found

    def _containing_open(self, terms: list[str], side: Side, limit: int) -> list[int] | None:
        """Pairs that contain terms of which the last is the beginning of many; None if this takes the index.

        The index would have to join the places of all those that it begins. A common one is soon met by reading on.
        """
        if len(terms) > 1:
            candidates = self._match(f'{side} : "{" ".join(terms[:-1])}"', MAX_CANDIDATES)
            found = self._with_terms(terms, candidates, side)
            return found[:limit] if len(found) >= limit or len(candidates) < MAX_CANDIDATES else None
        begun = self._database.execute(
            f"SELECT coalesce(sum({side}), 0) FROM frequencies WHERE term >= ? AND term < ?",
            (terms[0], chr(ord(terms[0]) + 1)),
        ).fetchone()[0]
        if begun < COMMON_SHARE * self._pairs:
            return None
        spellings = [*_spellings().get(terms[0], terms[0])]
        sought = " OR ".join(f"instr({side}, ?)" for _ in spellings)
        rows = self._database.execute(f"SELECT id FROM pairs WHERE {sought} LIMIT ?", (*spellings, limit))
        return [pair for (pair,) in rows]

    def _containing_sentence(self, terms: list[str], side: Side, limit: int) -> list[int]:
        """Pairs that contain many terms in one piece: those with the rarest of them are looked through."""
        counts = self._counts(terms, side)
        rarest = _rarest(terms[:-1] if _is_open(terms) else terms, counts)[:3]
        candidates = self._match(f"{side} : ({' AND '.join(_quoted(rarest))})", MAX_CANDIDATES)
        if len(candidates) == MAX_CANDIDATES:
            return self._match(f"{side} : ({_phrase(terms)})", limit)
        return self._with_terms(terms, candidates, side)[:limit]

    def _with_terms(self, terms: list[str], candidates: Sequence[int], side: Side) -> list[int]:
        """Those of the candidates that contain the terms in one piece."""
        sought = f" {' '.join(terms)}" + ("" if _is_open(terms) else " ")
        return [pair for pair, text in self._texts(candidates, side) if sought in f" {' '.join(_terms(text))} "]

    def _texts(self, pairs: Sequence[int], side: Side) -> Iterator[tuple[int, str]]:
        marks = ", ".join("?" * len(pairs))
        return self._database.execute(f"SELECT id, {side} FROM pairs WHERE id IN ({marks}) ORDER BY id", pairs)

    def _match(self, query: str, limit: int) -> list[int]:
        rows = self._database.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (query, limit))
        return [int(pair) for (pair,) in rows]

    def _counts(self, terms: Iterable[str], side: Side) -> dict[str, int]:
        """In how many pairs the different terms are on one side, at most; ``RARE`` for those that are rare."""
        counts = dict.fromkeys(terms, RARE)
        marks = ", ".join("?" * len(counts))
        rows = self._database.execute(f"SELECT term, {side} FROM frequencies WHERE term IN ({marks})", [*counts])
        counts.update(rows.fetchall())
        return counts

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
        other_script = _in_other_script(text, source if side == "source" else target)
        return Hit(kind, side, rate, source, target, count, occurrences, spans, other_script)


def _rate(text: str, stored: str, similarity: float) -> int:
    """Return the match rate of a stored text in percent: 100 for the very same, 1 less for the other script."""
    rate = 100 if stored == text else min(99, math.floor(100 * similarity + 1e-9))
    return rate - 1 if rate and _in_other_script(text, stored) else rate


def _in_other_script(text: str, stored: str) -> bool:
    """Tell whether one text is in Simplified and the other in Traditional Chinese."""
    return {script_of(text), script_of(stored)} == {"Hans", "Hant"}


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    """What an edit is counted in: Chinese characters, words, punctuation marks; case and width folded."""
    return tuple(_TOKEN.findall(key(text)))


def _parts(text: str, *, han: bool) -> set[str]:
    """The characters of a text or its words, quick to find, for telling what is far apart."""
    if han:
        return set(text.translate(cedict.simplification()))
    return set(_WORD.findall(text.lower() if text.isascii() else key(text)))


def entry_values(entry: ConceptEntry) -> dict[str, object]:
    """Return what look-up tells of an entry, as plain values: its forms and its renderings with counts and dates."""
    return {
        "term": entry.term,
        "variants": [variant.text for variant in entry.variants],
        "type": entry.type,
        "review": entry.review,
        "renderings": [
            {"text": one.text, "usage": one.usage, "count": one.count, "first": one.first, "last": one.last}
            for one in entry.renderings
        ],
    }


def counterparts(hit: Hit, entries: Sequence[ConceptEntry]) -> tuple[tuple[int, int], ...]:
    """Return where the other language of a hit says the terms that were looked up: half-open code point ranges.

    >>> from glossary.model import ConceptEntry, Rendering
    >>> hit = Hit("concordance", "source", None, "中国外交", "China's diplomatic work, diplomacy", 1, (), ((2, 4),))
    >>> counterparts(hit, [ConceptEntry("1", "外交", (Rendering("diplomacy"),))])
    ((25, 34),)
    """
    found: set[tuple[int, int]] = set()
    for entry in entries:
        if hit.side == "source":
            found.update(span for _, span in renderings_in(hit.target, entry))
        else:
            found.update((one.start, one.end) for one in Recogniser([entry]).in_chinese(hit.source))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0] - span[1], span)):
        if all(end <= first or start >= last for first, last in apart):
            apart.append((start, end))
    return tuple(sorted(apart))


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
    bare = key(_BARE.sub("", sought))
    for pieces in ([key(sought)], [bare], bare.split()):
        spans = sorted(
            (origins[match.start()], origins[match.end() - 1] + 1)
            for piece in dict.fromkeys(pieces)
            for match in regex.finditer(regex.escape(piece).replace(r"\ ", r"\s+"), folded)
        )
        if spans:
            return tuple(dict.fromkeys(spans))
    return ()
