"""The straight line of term extraction: units, words, links, spans, pairs, ranked entries."""

from __future__ import annotations

import pickle
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from glossary.mining import boundaries, candidates, cooccurrence, formulae, linking, pairing, ranking, selection
from glossary.mining.concepts import IN_BRACKETS, Corpus
from glossary.mining.cooccurrence import Cooccurrence
from glossary.mining.linking import EM_UNITS, Evidence, Learnt, Linker, TokenizedUnit
from glossary.mining.pairing import PairingOptions
from glossary.mining.pairs import ANSWERS, Occurrence, RankedTerm
from glossary.mining.selection import Strictness
from glossary.model import Glossary
from glossary.words import official, wordlist
from glossary.words.glosses import dictionary
from glossary.words.lexicon import Associations
from glossary.words.tokens import Token, join, segmenter, source_tokens, stem, target_tokens, words
from glossary.words.wordlist import WordList
from tmx.cache import without_collection
from tmx.languages import CHINESE, ENGLISH, is_chinese
from tmx.model import TranslationUnit

BLOCK = 128  # units scored together, whatever the number of workers, so that results never depend on it


@dataclass(frozen=True, slots=True)
class ExtractionOptions:
    """What the user may choose. ``word_lists`` are files read on top of our own word list.

    ``strictness``: "strict" lists what is nearly certain, "wide" everything that was paired at all. ``hide_shorter``
    leaves out weak terms that occur only inside a longer one. ``stop`` are Chinese terms or English renderings never
    to be listed, ``keep`` names that stay as they are in translation. ``known`` is an existing termbase: every entry
    is marked known, conflicting or new. ``explain`` keeps every rejected candidate with its reason. Without
    ``use_word_list`` and ``use_official`` our lists of words and of official renderings are no evidence.
    """

    strictness: Strictness = "balanced"
    hide_shorter: bool = True
    stop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    known: Glossary | None = None
    explain: bool = False
    use_word_list: bool = True
    use_official: bool = True
    word_lists: tuple[Path, ...] = ()
    pairing: PairingOptions = field(default_factory=PairingOptions)

    def __post_init__(self) -> None:
        if self.strictness not in get_args(Strictness):
            raise ValueError(f"strictness is {self.strictness!r}; it is one of {', '.join(get_args(Strictness))}")


@without_collection()
def extract_terms(
    units: Iterable[TranslationUnit],
    options: ExtractionOptions | None = None,
    *,
    executor: Executor | None = None,
) -> Glossary:
    """Return the glossary of the given units, best entries first.

    >>> unit = TranslationUnit(id="1", source="中国坚持多边主义。", target="China is committed to multilateralism.")
    >>> found = extract_terms([unit], ExtractionOptions(strictness="strict"))
    >>> [(entry.term, entry.preferred.text) for entry in found.entries]
    [('多边主义', 'multilateralism')]
    """
    chosen = options or ExtractionOptions()
    all_units = [_oriented(unit) for unit in units]
    texts = [(unit.source, unit.target) for unit in all_units]
    scorer = _scorer(texts, chosen)
    occurrences = _occurrences(scorer, texts, executor)
    patterns = formulae.find_patterns(_formula_units(scorer, texts), all_units)
    abbreviations, learnt = scorer.knowledge.abbreviations, scorer.boundaries
    del scorer
    ranked = ranking.rank(occurrences, [source for source, _ in texts], learnt)
    corpus = Corpus.of(all_units, {**wordlist.abbreviations(), **abbreviations})
    entries, rejected = selection.select(
        ranked,
        corpus,
        strictness=chosen.strictness,
        hide_shorter=chosen.hide_shorter,
        stop=chosen.stop,
        known=chosen.known,
        patterns=patterns,
    )
    if chosen.explain:
        rejected += selection.unanswered(all_units, {term.source for term in ranked})
    names = selection.kept_names(chosen.keep, corpus)
    taken = {entry.id for entry in names}
    entries = [*names, *(entry for entry in entries if entry.id not in taken)]
    return Glossary(
        entries=tuple(entries),
        patterns=patterns,
        rejected=tuple(rejected) if chosen.explain else (),
        source_language=all_units[0].source_language if all_units else CHINESE,
        target_language=all_units[0].target_language if all_units else ENGLISH,
    )


@without_collection()
def ranked_terms(units: Iterable[TranslationUnit], options: ExtractionOptions) -> list[RankedTerm]:
    """Return every candidate of the units with its renderings, best first, before anything is left out."""
    texts = [(unit.source, unit.target) for unit in map(_oriented, units)]
    scorer = _scorer(texts, options)
    return ranking.rank(_occurrences(scorer, texts, None), [source for source, _ in texts], scorer.boundaries)


def _scorer(texts: Texts, options: ExtractionOptions) -> Scorer:
    return Scorer(texts, _word_list(options), find_abbreviations([target for _, target in texts]), options)


def _formula_units(scorer: Scorer, texts: Texts) -> Iterator[TokenizedUnit]:
    """Yield the units that may hold an instance of a formula, tokenized."""
    for index, (source, _) in enumerate(texts):
        if "是" in source or "为" in source:
            yield from scorer.tokens(texts, index, index + 1)


def render_terms(
    units: Sequence[TranslationUnit], terms: Sequence[Sequence[str]], options: ExtractionOptions | None = None
) -> list[str]:
    """Return for each Chinese term (given as a group of forms) the English span it is most likely rendered by.

    Where forms of a group overlap the longest counts. The empty string stands for a term that no unit has, or that
    cannot be cut out of it.
    """
    chosen = options or ExtractionOptions()
    texts = [(unit.source, unit.target) for unit in map(_oriented, units)]
    scorer = _scorer(texts, chosen)
    result: list[dict[str, list[float | str]]] = [{} for _ in terms]
    groups = [sorted(forms, key=lambda form: (-len(form), form)) for forms in terms]
    for first in range(0, len(texts), BLOCK):
        tokenized = scorer.tokens(texts, first, first + BLOCK)
        linker = scorer.linker(tokenized)
        for unit in tokenized:
            plain = [(place, token) for place, token in enumerate(unit.source) if token.key not in '“”‘’"']
            text = "".join(token.key for _, token in plain)
            wanted = [(number, form) for number, forms in enumerate(groups) for form in forms if form in text]
            target = candidates.target_spans(unit)
            if not wanted or not len(target):
                continue
            links = linker.links(unit)
            runs = candidates.name_runs(unit.target)
            bounds = {0: 0}
            offset = 0
            for count, (_, token) in enumerate(plain, 1):
                offset += len(token.key)
                bounds[offset] = count
            taken: set[tuple[int, int]] = set()  # of each group the characters that a longer form covers
            for number, form in wanted:
                for match in re.finditer(f"(?={re.escape(form)})", text):
                    places = {(number, match.start() + offset) for offset in range(len(form))}
                    start, end = bounds.get(match.start()), bounds.get(match.start() + len(form))
                    if start is None or end is None or places <= taken:
                        continue
                    taken |= places
                    span = candidates.Spans(np.array([plain[start][0]]), np.array([plain[end - 1][0] + 1]))
                    scores = pairing.span_scores(unit, links, span, target, chosen.pairing)[0]
                    scores = (
                        scores
                        + GLOSS_BONUS * _gloss_matches(unit, linker.associations, span, target, chosen.use_official)[0]
                    )
                    joint = scorer.knowledge.together.of(unit, span, target)
                    scores[joint.columns] += TOGETHER_BONUS * joint.values
                    for index in np.argsort(-scores, kind="stable")[:5]:
                        english = rendering_text(
                            unit,
                            *pairing.complete_name(
                                unit,
                                links,
                                runs,
                                (int(span.starts[0]), int(span.ends[0])),
                                (int(target.starts[index]), int(target.ends[index])),
                            ),
                        )
                        cell = result[number].setdefault(english.lower(), [0.0, english])
                        cell[0] = (
                            float(cell[0]) + max(float(scores[index]), 0.0) ** 4 + 1e-9 * (float(scores[index]) + 5)
                        )
    return [str(max(cells.values(), key=lambda cell: float(cell[0]))[1]) if cells else "" for cells in result]


def _oriented(unit: TranslationUnit) -> TranslationUnit:
    """Return the unit with Chinese as its source."""
    if is_chinese(unit.target_language) and not is_chinese(unit.source_language):
        from dataclasses import replace

        return replace(
            unit,
            source=unit.target,
            target=unit.source,
            source_language=unit.target_language,
            target_language=unit.source_language,
        )
    return unit


def _word_list(options: ExtractionOptions) -> WordList:
    if options.use_word_list:
        return wordlist.combined(options.word_lists)
    listed = WordList(())
    for path in options.word_lists:
        listed = listed.joined(wordlist.read(path))
    return listed


ABBREVIATION = re.compile(rf"((?:[A-Za-z][\w'’-]*,? ){{2,10}}){IN_BRACKETS.pattern}")
BRACKETED = re.compile(r"\([A-Z]")  # what every such place has; far quicker to look for
UNWRITTEN = frozenset(("of", "the", "and", "for", "on", "in", "with", "to"))  # words an abbreviation mostly passes over


def find_abbreviations(texts: Iterable[str]) -> dict[str, str]:
    """Return the abbreviations which the texts themselves explain, in lower case, with their full forms.

    >>> find_abbreviations(["He proposed the Global Development Initiative (GDI)."])
    {'gdi': 'Global Development Initiative'}
    >>> find_abbreviations(["We helped small and medium-sized enterprises (SMEs)."])
    {'smes': 'small and medium-sized enterprises'}
    """
    found: dict[str, str] = {}
    for text in texts:
        for match in ABBREVIATION.finditer(text) if BRACKETED.search(text) else ():
            row, short = match.group(1).split(), match.group(2)
            letters = short.rstrip("s").replace("&", "").lower()
            for start in range(len(row)):
                if row[start].lower() not in UNWRITTEN and letters in _initials(row[start:]):
                    found.setdefault(short.lower(), " ".join(row[start:]))
                    break
    return found


def _initials(words: Sequence[str]) -> set[str]:
    """Return what words may be abbreviated to: small words passed over, of compounds one letter or all."""
    content = [word for word in words if word.lower() not in UNWRITTEN]
    every = "".join(part[0] for word in content for part in word.split("-") if part)
    found = {"".join(word[0] for word in content).lower(), every.lower()}
    if words[0][0].isupper():
        found.add("".join(part[0] for word in words for part in word.split("-") if part[:1].isupper()).lower())
    return found


Texts = Sequence[tuple[str, str]]


def _tokenize(texts: Texts, first: int, listed: WordList) -> list[TokenizedUnit]:
    cutter = segmenter(listed.words)
    table = dictionary()
    return [
        TokenizedUnit(
            index=index,
            source_text=source,
            target_text=target,
            source=tuple(source_tokens(source, cutter, table)),
            target=tuple(target_tokens(target)),
        )
        for index, (source, target) in enumerate(texts, first)
    ]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What any unit is scored with: the lists, what the units taught, and the weights."""

    listed: WordList
    abbreviations: Mapping[str, str]
    learnt: Learnt
    together: Cooccurrence
    options: PairingOptions
    official: bool = True


class Scorer:
    """Learns from the units (from evenly spaced ones where there are very many), then scores them block by block.

    Where all units were learnt from, their tokens and the evidence for their words are kept, so that both are made
    once.
    """

    def __init__(
        self, texts: Texts, listed: WordList, abbreviations: Mapping[str, str], options: ExtractionOptions
    ) -> None:
        self._associations = _associations(listed, abbreviations)
        step = max(1, -(-len(texts) // EM_UNITS))
        tokenized = _tokenize(texts[::step], 0, listed)
        learnt, evidence = linking.learn(tokenized, self._associations)
        self.boundaries = boundaries.learn(tokenized)
        self._tokenized, self._evidence = (tokenized, evidence) if step == 1 else ([], [])
        self.knowledge = Knowledge(
            listed, abbreviations, learnt, cooccurrence.learn(tokenized), options.pairing, options.use_official
        )

    def tokens(self, texts: Texts, first: int, end: int) -> list[TokenizedUnit]:
        """Return the units from ``first`` to before ``end``, tokenized."""
        return self._tokenized[first:end] or _tokenize(texts[first:end], first, self.knowledge.listed)

    def evidence(self, first: int, end: int) -> Sequence[Evidence] | None:
        """Return the evidence for the words of units ``first`` to before ``end``; None where it is not kept."""
        return self._evidence[first:end] or None

    def linker(self, units: Sequence[TokenizedUnit]) -> Linker:
        """Return the linker for one block of neighbouring units."""
        evidence = self.evidence(units[0].index, units[-1].index + 1)
        return Linker(units, self._associations, self.knowledge.learnt, evidence)

    def block(self, texts: Texts, first: int) -> list[Occurrence]:
        """Return the pairs of the block that begins at ``first``."""
        units = self.tokens(texts, first, first + BLOCK)
        return score_units(units, self.linker(units), self.knowledge)


def _associations(listed: WordList, abbreviations: Mapping[str, str]) -> Associations:
    return Associations(listed, {**wordlist.abbreviations(), **abbreviations})


def score_units(units: Sequence[TokenizedUnit], linker: Linker, knowledge: Knowledge) -> list[Occurrence]:
    """Return the pairs of one block of units."""
    return [occurrence for unit in units for occurrence in _pairs_of(unit, linker, knowledge)]


def _occurrences(scorer: Scorer, texts: Texts, executor: Executor | None) -> list[Occurrence]:
    firsts = range(0, len(texts), BLOCK)
    if executor is None:
        return _shared(scorer.block(texts, first) for first in firsts)
    # What was learnt is large: workers read it once each from a file instead of getting it with every block.
    with tempfile.TemporaryDirectory(prefix="duiyi-terms-") as folder:
        path = Path(folder, "knowledge")
        path.write_bytes(pickle.dumps(scorer.knowledge, protocol=5))
        tasks = (
            Task(path, first, tuple(texts[first : first + BLOCK]), scorer.evidence(first, first + BLOCK))
            for first in firsts
        )
        return _shared(executor.map(score_block, tasks))


def _shared(blocks: Iterable[Iterable[Occurrence]]) -> list[Occurrence]:
    """Return all occurrences; texts, words and tags that are equal are one object, since most pairs recur."""
    texts: dict[str, str] = {}
    rows: dict[tuple[str, ...], tuple[str, ...]] = {}
    found = []
    for block in blocks:
        for item in block:
            item.source, item.target = (
                texts.setdefault(item.source, item.source),
                texts.setdefault(item.target, item.target),
            )
            item.tags, item.words = rows.setdefault(item.tags, item.tags), rows.setdefault(item.words, item.words)
            item.target_tags = rows.setdefault(item.target_tags, item.target_tags)
            found.append(item)
    return found


@dataclass(frozen=True, slots=True)
class Task:
    """One block of units for a worker process, and the file with what they are scored with."""

    knowledge: Path
    first: int
    texts: tuple[tuple[str, str], ...]
    evidence: Sequence[Evidence] | None


@lru_cache(maxsize=1)
def _knowledge(path: Path) -> tuple[Knowledge, Associations]:
    knowledge: Knowledge = pickle.loads(path.read_bytes())  # written by this program a moment ago
    return knowledge, _associations(knowledge.listed, knowledge.abbreviations)


def score_block(task: Task) -> list[Occurrence]:
    """Return the pairs of one block of units, in a worker process."""
    knowledge, associations = _knowledge(task.knowledge)
    units = _tokenize(task.texts, task.first, knowledge.listed)
    return score_units(units, Linker(units, associations, knowledge.learnt, task.evidence), knowledge)


GLOSS_BONUS = np.float32(0.25)  # what an exact dictionary rendering adds to the span score
TOGETHER_BONUS = np.float32(0.5)  # what recurring together adds, for spans that stand nowhere but together
PAIR_FLOOR = 0.1  # span score below which nothing is paired
TIE = 0.15  # how far below the best rendering of a span another may lie
SECOND = 0.1  # how far below it a second or third rendering may lie, the Chinese being the same
MUTUAL = 0.3  # how far below the best source span of a rendering this one may lie
SHAPE_WEIGHT = 0.2  # what the shape of a Chinese span adds when spans compete for one rendering
SHAPE_FLOOR = 0.05  # 数字中国 has 0.06
CELLS = 2_000_000  # span pairs scored at once; bounds the memory a very long unit takes


def _pairs_of(unit: TokenizedUnit, linker: Linker, knowledge: Knowledge) -> list[Occurrence]:
    if not unit.source or not unit.target:
        return []
    source, target = candidates.source_spans(unit), candidates.target_spans(unit)
    if not len(source) or not len(target):
        return []
    shape = candidates.source_shape(unit, source, dictionary())
    kept = shape >= SHAPE_FLOOR
    source, shape = source.kept(kept), shape[kept]
    if not len(source):
        return []
    links = linker.links(unit)
    runs = candidates.name_runs(unit.target)
    rows = max(1, CELLS // len(target))
    scores = np.concatenate(
        [
            pairing.span_scores(
                unit,
                links,
                candidates.Spans(source.starts[k : k + rows], source.ends[k : k + rows]),
                target,
                knowledge.options,
            )
            for k in range(0, len(source), rows)
        ]
    ).astype(np.float32)
    glossed = _gloss_matches(unit, linker.associations, source, target, knowledge.official)
    scores += GLOSS_BONUS * glossed
    joint = knowledge.together.of(unit, source, target)
    together = np.zeros_like(scores)
    together[joint.rows, joint.columns] = joint.values
    scores += TOGETHER_BONUS * together
    best_source = scores.max(axis=1)
    form = (SHAPE_WEIGHT * np.minimum(shape, 1.0)).astype(np.float32)
    best_target = (scores + form[:, None]).max(axis=0)
    lines = np.flatnonzero(best_source >= PAIR_FLOOR)
    best = best_source[lines, None]
    columns = _best_columns(scores[lines], 3)
    values = np.take_along_axis(scores[lines], columns, axis=1)
    chosen = values.astype(np.float64) >= np.maximum(PAIR_FLOOR, best.astype(np.float64) - TIE)
    chosen &= values + form[lines, None] >= best_target[columns] - MUTUAL
    chosen[:, 1:] &= values[:, 1:] >= best - SECOND
    spans = []
    columns_of = {span: k for k, span in enumerate(zip(target.starts.tolist(), target.ends.tolist(), strict=True))}
    taken = [(int(lines[number]), int(columns[number, place]), place) for number, place in np.argwhere(chosen).tolist()]
    known = {(line, column) for line, column, _ in taken}
    taken += [(*pair, 0) for pair in _vouched(unit, scores, glossed, source, target) if pair not in known]
    whole = set()
    for line, column, place in taken:
        start, end = int(source.starts[line]), int(source.ends[line])
        left, right = pairing.complete_name(
            unit, links, runs, (start, end), (int(target.starts[column]), int(target.ends[column]))
        )
        series = pairing.whole_series(unit, (start, end), (left, right))
        if series is not None:
            if (line, series) in whole:
                continue
            whole.add((line, series))
            left, right = series
        column = columns_of.get((left, right), column)  # what a name was completed to is judged as it stands now
        spans.append((line, column, place, _with_number(unit, start, left), end, left, right, series is not None))
    if not spans:
        return []
    table = np.array(spans, np.int64)
    own, other = candidates.Spans(table[:, 3], table[:, 4]), candidates.Spans(table[:, 5], table[:, 6])
    lines, columns = table[:, 0], table[:, 1]
    answers = np.empty(len(table), ANSWERS)
    answers["together"] = together[lines, columns]
    answers["outdone"] = np.maximum(best_target[columns] - scores[lines, columns] - form[lines], 0)
    for side, shares in (
        ("source", _Masses(unit.source, links.forward).shares(own, other)),
        ("target", _Masses(unit.target, links.backward.T).shares(other, own)),
    ):
        for name, share in zip(("gap", "leak", "edge", "open"), shares, strict=True):
            answers[f"{side}_{name}"] = share
    answers["source_bound"], answers["target_bound"] = joint.source_bound[lines], joint.target_bound[columns]
    answers["source_units"], answers["target_units"] = joint.source_units[lines], joint.target_units[columns]
    packed, size = answers.tobytes(), answers.itemsize
    measured = zip(
        scores[lines, columns].tolist(), glossed[lines, columns].tolist(), shape[lines].tolist(), strict=True
    )
    sides = _Sides(unit, runs)
    found = []
    for number, ((_, _, place, start, end, left, right, counted), (score, gloss, source_shape)) in enumerate(
        zip(spans, measured, strict=True)
    ):
        chinese, english = sides.source(start, end), sides.target(left, right)
        found.append(
            Occurrence(
                unit=unit.index,
                source=chinese.text,
                target=english.text,
                source_span=chinese.span,
                target_span=english.span,
                score=max(score, 0.95) if gloss else score,
                source_shape=source_shape,
                target_shape=english.shape,
                first=place == 0,
                gloss=bool(gloss),
                tags=chinese.tags,
                words=chinese.words,
                target_tags=english.tags,
                modifier=english.place.modifier,
                qualified=english.place.qualified,
                partial=not gloss and _names_place_alone(unit, linker.associations, (start, end), (left, right)),
                goes_on=chinese.place.goes_on,
                in_name=english.in_name,
                counted=bool(counted),
                quoted=chinese.quoted,
                around=candidates.surroundings(chinese.place, english.place),
                answer=packed[number * size : (number + 1) * size],
            )
        )
    return found


class _Chinese(NamedTuple):
    """What an occurrence says of its Chinese span alone."""

    text: str
    span: tuple[int, int]
    tags: tuple[str, ...]
    words: tuple[str, ...]
    quoted: bool
    place: candidates.SourcePlace


class _English(NamedTuple):
    """What an occurrence says of its English span alone."""

    text: str
    span: tuple[int, int]
    tags: tuple[str, ...]
    shape: float
    in_name: bool
    place: candidates.TargetPlace


class _Sides:
    """What occurrences of one unit say of one of their two spans alone; worked out once for each span."""

    def __init__(self, unit: TokenizedUnit, runs: npt.NDArray[np.int64]) -> None:
        self._unit, self._runs = unit, runs
        self._long_words = candidates.long_words(unit, dictionary())
        self._shapes = candidates.TargetShapes(unit)
        self._tags, self._words = ([token.tag for token in unit.source], [token.key for token in unit.source])
        self._target_tags = [token.tag for token in unit.target]
        self._chinese: dict[tuple[int, int], _Chinese] = {}
        self._english: dict[tuple[int, int], _English] = {}

    def source(self, start: int, end: int) -> _Chinese:
        known = self._chinese.get((start, end))
        if known is None:
            unit = self._unit
            span = (unit.source[start].start, unit.source[end - 1].end)
            known = self._chinese[start, end] = _Chinese(
                term_text(unit, start, end),
                span,
                tuple(self._tags[start:end]),
                tuple(self._words[start:end]),
                _in_quotes(unit.source_text, *span),
                candidates.source_place(unit, start, end, self._long_words),
            )
        return known

    def target(self, start: int, end: int) -> _English:
        known = self._english.get((start, end))
        if known is None:
            unit = self._unit
            known = self._english[start, end] = _English(
                rendering_text(unit, start, end),
                (unit.target[start].start, unit.target[end - 1].end),
                tuple(self._target_tags[start:end]),
                self._shapes.of(start, end),
                candidates.inside_name(self._runs, start, end),
                candidates.target_place(unit, start, end),
            )
        return known


class _Masses:
    """One side of a unit: which words have content and which touch, and how much of each the other side answers.

    All are running sums over its words, so that any span is read off: ``_linked`` has one more row than the side has
    words and one more column than the other side.
    """

    def __init__(self, tokens: Sequence[Token], mass: npt.NDArray[np.float64]) -> None:
        content = np.array([token.content for token in tokens])
        total = mass.sum(axis=1)
        self._mass = np.zeros((len(tokens), mass.shape[1] + 1))
        np.cumsum(mass, axis=1, out=self._mass[:, 1:])
        self._linked = np.zeros((len(tokens) + 1, mass.shape[1] + 1))
        np.cumsum(self._mass * content[:, None], axis=0, out=self._linked[1:])
        self._total = np.concatenate([[0.0], np.cumsum(total * content)])
        self._words = np.concatenate([[0], np.cumsum(content)])
        self._places = np.flatnonzero(content)
        unanswered = content & (total < OPEN)
        touching = np.array([after.start - token.end <= 1 for token, after in pairwise(tokens)], bool)
        self._open_before = np.concatenate([[False], unanswered[:-1] & touching, [False]])
        self._open_behind = np.concatenate([[False], unanswered[1:] & touching, [False]])

    def shares(
        self, own: candidates.Spans, other: candidates.Spans
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Return the gap, leak, weaker edge and open neighbours of spans, each answered by one of the others."""
        first, last = self._words[own.starts], self._words[own.ends]
        number = np.maximum(last - first, 1)
        total = self._total[own.ends] - self._total[own.starts]
        inside = (
            self._linked[own.ends, other.ends]
            - self._linked[own.starts, other.ends]
            - self._linked[own.ends, other.starts]
            + self._linked[own.starts, other.starts]
        )
        empty = last == first  # no word with content: nothing is missing
        edges = [
            self._mass[place, other.ends] - self._mass[place, other.starts]
            for place in (self._places[np.where(empty, 0, first)], self._places[np.where(empty, 0, last - 1)])
        ]
        opened = self._open_before[own.starts] + self._open_behind[own.ends].astype(np.int64)
        return (
            np.where(empty, 0.0, 1 - total / number),
            np.where(empty, 0.0, (total - inside) / number),
            np.where(empty, 1.0, np.minimum(*edges)),
            np.where(empty, 0, opened),
        )


VOUCHED = 3  # characters of a term from which a rendering of several words that a dictionary has is always looked at


def _vouched(
    unit: TokenizedUnit,
    scores: npt.NDArray[np.float32],
    glossed: npt.NDArray[np.float32],
    source: candidates.Spans,
    target: candidates.Spans,
) -> list[tuple[int, int]]:
    """Return the pairs of a longer Chinese span and English of several words which a dictionary has, for each span the
    one that answers it best."""
    several = np.flatnonzero(target.ends - target.starts > 1)
    found = []
    for line in np.flatnonzero(glossed[:, several].any(axis=1)).tolist():
        start, end = unit.source[int(source.starts[line])].start, unit.source[int(source.ends[line]) - 1].end
        if end - start >= VOUCHED:
            columns = several[glossed[line, several] > 0]
            found.append((line, int(columns[scores[line, columns].argmax()])))
    return found


OPEN = 0.2  # mass up to which a word is answered by nothing


def _best_columns(scores: npt.NDArray[np.float32], number: int) -> npt.NDArray[np.int64]:
    """Return the columns of the highest scores of each row, highest first, of equal ones the first first."""
    rest, lines = scores.copy(), np.arange(len(scores))
    best = np.empty((len(scores), min(number, scores.shape[1])), np.int64)
    for rank in range(best.shape[1]):
        best[:, rank] = rest.argmax(axis=1)
        rest[lines, best[:, rank]] = -np.inf
    return best


@lru_cache(maxsize=100_000)
def _official_stems(text: str) -> tuple[str, ...]:
    """Return the official renderings of exactly this Chinese text, each as stems with spaces between."""
    return tuple(" ".join(stem(word.lower()) for word in words(found.text)) for found in official.official(text))


def _gloss_matches(
    unit: TokenizedUnit,
    associations: Associations,
    source: candidates.Spans,
    target: candidates.Spans,
    officially: bool,
) -> npt.NDArray[np.float32]:
    """Return 1 for every pair of spans where the English is, stem for stem, what a dictionary has for the Chinese.

    With ``officially`` an official rendering counts like one of the dictionary.
    """
    result = np.zeros((len(source), len(target)), np.float32)
    sought: dict[str, list[int]] = {}
    text = "".join([token.key for token in unit.source])
    offsets = list(accumulate((len(token.key) for token in unit.source), initial=0))
    for line, (start, end) in enumerate(zip(source.starts.tolist(), source.ends.tolist(), strict=True)):
        piece = text[offsets[start] : offsets[end]]
        for gloss in (*associations.glosses(piece), *(_official_stems(piece) if officially else ())):
            sought.setdefault(gloss, []).append(line)
    if not sought:
        return result
    stems = ["" if token.tag == "PUNCT" else token.key for token in unit.target]
    # Few spans begin and end as any of the glosses does. A stem may be two words: opening up.
    opens, closes = (
        np.array([not name or name.split(" ")[edge] in edges for name in stems])
        for edge in (0, -1)
        for edges in [{gloss.split(" ")[edge] for gloss in sought}]
    )
    starts, ends = target.starts, target.ends
    likely = np.flatnonzero(opens[starts] & closes[ends - 1] & (ends - starts <= LONGEST_GLOSS))
    for column, start, end in zip(likely.tolist(), starts[likely].tolist(), ends[likely].tolist(), strict=True):
        lines = sought.get(" ".join(filter(None, stems[start:end])))
        if lines:
            result[lines, column] = 1
    return result


LONGEST_GLOSS = 12  # English words and marks


ONE = re.compile(r"(?:one|two|three|four|five|six|seven|eight|nine|ten|single)-", re.IGNORECASE)

CHINESE_ONE = re.compile(r"[一二两三四五六七八九十单][个大项]?")


def _with_number(unit: TokenizedUnit, start: int, target: int) -> int:
    """Return where a Chinese term begins when its rendering begins with a number joined by a hyphen.

    In one-China principle the number belongs to the term: 一个中国原则, not 中国原则.
    """
    if start and ONE.match(unit.target[target].text) and not CHINESE_ONE.match(unit.source[start].key):
        before = start - 1
        if unit.source[before].key in ("个", "大", "项") and before:
            before -= 1
        if CHINESE_ONE.fullmatch(unit.source[before].key):
            return before
    return start


def _names_place_alone(
    unit: TokenizedUnit, associations: Associations, source: tuple[int, int], target: tuple[int, int]
) -> bool:
    """Tell whether the English is a name and a piece of the Chinese, shorter by two characters or more, says it all."""
    tokens = [token for token in unit.target[target[0] : target[1]] if token.content]
    if not tokens or len(tokens) > 2 or any(not token.text[:1].isupper() or token.text.isupper() for token in tokens):
        return False
    key = " ".join(token.key for token in tokens)
    text = "".join(token.key for token in unit.source[source[0] : source[1]])
    return any(
        key in associations.glosses(text[start:end])
        for start in range(len(text))
        for end in range(start + 1, min(len(text), start + len(text) - 2) + 1)
    )


def _in_quotes(text: str, start: int, end: int) -> bool:
    return start > 0 and text[start - 1] in "“《「『" and text[end : end + 1] != "" and text[end] in "”》」』"


NOT_IN_TERMS = re.compile(r"[“”‘’「」『』\"\s]")
NO_QUOTES = str.maketrans("", "", '“”"')
LEADING_ARTICLE = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)


def term_text(unit: TokenizedUnit, start: int, end: int) -> str:
    """Return the Chinese term as it stands, without quotation marks and spaces."""
    return NOT_IN_TERMS.sub("", join(unit.source[start:end], unit.source_text))


def rendering_text(unit: TokenizedUnit, start: int, end: int) -> str:
    """Return the English rendering as it stands, without edge quotes, with the capital of a sentence start lowered."""
    tokens = unit.target[start:end]
    text = " ".join(join(tokens, unit.target_text).split()).strip(" '\"“”‘’")
    if text.count("“") != text.count("”") or text.count('"') % 2:  # the other one was at the edge, or stands outside
        text = text.translate(NO_QUOTES)
    first = tokens[0]
    opens = start == 0 or unit.target[start - 1].text in {".", "?", "!", ":", ";", '"', "“", "”", "—"}
    short = first.text.isupper() or first.text[1:2].isupper() or "." in first.text  # UN, MSMEs, U.S.
    if opens and text[:1].isupper() and not short:
        plain = first.tag not in ("NNP", "NNPS")
        in_name = any(token.text[0].isupper() for token in tokens[1:3] if token.content)
        if plain and not in_name:
            text = text[0].lower() + text[1:]
    return LEADING_ARTICLE.sub("", text)
