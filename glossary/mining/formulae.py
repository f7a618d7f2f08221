"""Formulae: a frame with two slots that several sentences fill (坚持X是中国外交的Y), reported once with its instances.

A Chinese frame is the beginning and the middle which the clauses share; the English frame is what most of the
translations share in order, by longest common subsequence, with slots where they differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from glossary.mining.linking import TokenizedUnit
from glossary.model import SLOTS, Context, PhrasePattern, pattern_id
from glossary.words.tokens import Token
from tmx.model import TranslationUnit

MIN_INSTANCES = 3
MAX_CLAUSE = 24  # tokens
MAX_MIDDLE = 7
BREAKS = frozenset("，。！？；：,.!?;:")


def find_patterns(tokenized: Iterable[TokenizedUnit], units: Sequence[TranslationUnit]) -> tuple[PhrasePattern, ...]:
    """Return the formulae of at least three instances with different fillings, the most frequent first."""
    frames: defaultdict[tuple[str, tuple[str, ...]], dict[int, tuple[int, int, int, int]]] = defaultdict(dict)
    kept: dict[int, TokenizedUnit] = {}
    for unit in tokenized:
        for start, end in _clauses(unit.source):
            for head, middle, place in _frames(unit.source[start:end]):
                frames[head, middle].setdefault(unit.index, (start, end, start + place, start + place + len(middle)))
                kept[unit.index] = unit
    found = []
    used: set[int] = set()
    ordered = sorted(frames.items(), key=lambda item: (-len(item[1]), -len("".join(item[0][1])), item[0]))
    for _, places in ordered:
        fresh = {index: spot for index, spot in places.items() if index not in used}
        if len(fresh) < MIN_INSTANCES or not _varied(fresh, kept):
            continue
        used |= set(fresh)
        found.append(_pattern(fresh, kept, units))
    return tuple(found)


def _clauses(tokens: Sequence[Token]) -> Iterable[tuple[int, int]]:
    start = 0
    for place, token in enumerate([*tokens, None]):
        if token is None or token.text in BREAKS:
            if 4 <= place - start <= MAX_CLAUSE:
                yield start, place
            start = place + 1


def _frames(clause: Sequence[Token]) -> Iterable[tuple[str, tuple[str, ...], int]]:
    """Yield (first word, shared middle, its place): the middle holds 是 or another copula and ends before a slot."""
    head = clause[0]
    if not head.content:
        return
    for place in range(2, len(clause) - 1):
        if clause[place].key not in ("是", "为", "就是", "不是"):
            continue
        for size in range(3, MAX_MIDDLE + 1):
            if place + size >= len(clause):
                break
            middle = tuple(token.key for token in clause[place : place + size])
            if sum(token.content for token in clause[place : place + size]) >= 1 and middle[-1] == "的":
                yield head.key, middle, place


def _varied(places: dict[int, tuple[int, int, int, int]], units: dict[int, TokenizedUnit]) -> bool:
    first, second = set(), set()
    for index, (start, end, left, right) in places.items():
        tokens = units[index].source
        first.add("".join(token.key for token in tokens[start + 1 : left]))
        second.add("".join(token.key for token in tokens[right:end]))
    return len(first) >= MIN_INSTANCES and len(second) >= MIN_INSTANCES - 1


def _written(place: tuple[int, int, int, int], tokens: Sequence[Token]) -> str:
    """Return the frame as an instance writes it, in its own script."""
    start, _, left, right = place
    return f"{tokens[start].text}{SLOTS[0]}{''.join(token.text for token in tokens[left:right])}{SLOTS[1]}"


def _pattern(
    places: dict[int, tuple[int, int, int, int]],
    tokenized: dict[int, TokenizedUnit],
    units: Sequence[TranslationUnit],
) -> PhrasePattern:
    order = sorted(places)
    source = _written(places[order[0]], tokenized[order[0]].source)
    english = [[token.text.replace("’", "'") for token in tokenized[index].target] for index in order]
    target = english_frame(english)
    instances, slots = [], []
    for index in order:
        start, end, left, right = places[index]
        tokens, text = tokenized[index].source, tokenized[index].source_text
        slots.append((text[tokens[start].end : tokens[left].start], text[tokens[right - 1].end : tokens[end - 1].end]))
        unit = units[index]
        instances.append(
            Context(
                unit=unit.id,
                source=unit.source,
                target=unit.target,
                source_spans=((tokens[start].start, tokens[end - 1].end),),
                target_spans=((0, len(unit.target)),),
                document=unit.document,
                date=unit.date,
                place=unit.place,
            )
        )
    return PhrasePattern(pattern_id(source), source, target, tuple(instances), tuple(slots))


def english_frame(sentences: Sequence[Sequence[str]]) -> str:
    """Return what most sentences share, in order, with X and Y where they differ.

    >>> english_frame([["A", "b", "is", "the", "c", "of", "D", "."], ["E", "is", "a", "f", "of", "D", "."],
    ...                ["G", "is", "an", "h", "g", "of", "D", "."]])
    'X is Y of D'
    """
    shared = list(sentences[0])
    for other in sentences[1:]:
        longer = _common(shared, other)
        if len(longer) >= 2:
            shared = longer
    votes = Counter(word for sentence in sentences for word in dict.fromkeys(sentence))
    # A word most of the sentences have at the same place of the frame comes in too: of, beside one "for".
    for word, count in sorted(votes.items()):
        if count >= 0.75 * len(sentences) and word not in shared and word.isalpha() and word not in ("the", "a", "an"):
            shared = _inserted(shared, word, sentences)
    while shared and not shared[-1][0].isalnum():
        shared.pop()
    names = iter(SLOTS)
    out: list[str] = []
    sample = max(sentences, key=lambda row: (len(_common(shared, row)), -len(row)))
    place = 0
    open_slot = False
    for word in shared:
        gap = False
        while place < len(sample) and sample[place] != word:
            gap = True
            place += 1
        place += 1
        if gap and not open_slot:
            out.append(next(names, "…"))
        out.append(word)
    return " ".join(out).replace(" 's", "'s") or " ".join(SLOTS)


def _inserted(shared: list[str], word: str, sentences: Sequence[Sequence[str]]) -> list[str]:
    """Put a word into the frame where most of the sentences that have it have it."""
    spots: Counter[int] = Counter()
    for sentence in sentences:
        if word in sentence:
            spots[len(_common(shared, sentence[: sentence.index(word)]))] += 1
    place = max(spots, key=lambda spot: (spots[spot], -spot))
    return [*shared[:place], word, *shared[place:]]


def _common(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return a longest common subsequence."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            table[i][j] = table[i + 1][j + 1] + 1 if one[i] == other[j] else max(table[i + 1][j], table[i][j + 1])
    result = []
    i = j = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            result.append(one[i])
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return result
