"""Chinese names in English text: which words may spell which characters, in pinyin, Wade-Giles or as in Hong Kong.

Most names are in no dictionary, but their spelling says what they are: 狄志远 is Di Zhiyuan, Zhiyuan Di, Ti Chih-yüan,
Tik Chi-yuen. Characters are read as CC-CEDICT reads them, and in Cantonese as ToJyutping does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain, combinations, product

from tmx import cedict
from tmx.alignment.spellings import hong_kong, wade_giles
from tmx.cache import Table

MAX_SYLLABLES = 4  # of a name
LONGEST_SYLLABLE = 6  # letters, as in zhuang

_WORD = r"[A-Z](?:[a-z]+|[A-Z]+)(?:'(?:[a-z]+|[A-Z]+))?"
_CAPITALIZED = re.compile(rf"{_WORD}(?:[ -]{_WORD}|-[a-z]+(?:'[a-z]+)?)*")
_BETWEEN = re.compile("[ -]")
_SMALL = re.compile(r"(?<![A-Za-z'-])[a-z]+")


@lru_cache(maxsize=1)
def readings() -> dict[str, tuple[str, ...]]:
    """Return how each Chinese character may be spelt, in lower case.

    >>> readings()["邱"], readings()["重"]
    (('chiu', 'qiu', 'yau'), ('chong', 'chung', 'tsung', 'zhong'))
    """
    return READINGS.load()


def _readings() -> dict[str, tuple[str, ...]]:
    import ToJyutping  # loads its whole dictionary, which only the building of this table needs

    found: defaultdict[str, set[str]] = defaultdict(set)
    variants: defaultdict[str, set[str]] = defaultdict(set)
    for entry in cedict.entries():
        if len(entry.simplified) == 1:
            syllable = entry.pinyin.lower().replace("u:", "u").rstrip("12345")
            table = variants if "variant of" in entry.glosses[0] else found
            table[entry.simplified] |= {syllable, wade_giles(syllable)}
    # 斌 is a variant of 彬, and in names the usual one; how 著 is read as a variant of 着 says nothing.
    found.update({character: spellings for character, spellings in variants.items() if character not in found})
    for character, spellings in found.items():
        for _, sounds in ToJyutping.get_jyutping_candidates(character):
            spellings.update(spelling for sound in sounds or () for spelling in hong_kong(sound))
    return {character: tuple(sorted(found[character])) for character in sorted(found)}


READINGS = Table(
    "readings",
    dict[str, tuple[str, ...]],
    _readings,
    modules=("tmx.alignment.names", "tmx.alignment.spellings"),
    libraries=("ToJyutping",),
    tables=(cedict.ENTRIES,),
)


def links(source: Iterable[str], target: Iterable[str]) -> set[tuple[str, str]]:
    """Return the pairs of a Chinese word and an English word in lower case that may spell it, part of a name.

    ``source`` and ``target`` are all sentences of a document. Only characters that stand together count: a syllable
    alone may be anything. The surname may come first or last.

    >>> sorted(links(["王毅来了。"], ["Yi Wang came."]))
    [('毅', 'yi'), ('王', 'wang'), ('王毅', 'wang'), ('王毅', 'yi')]
    """
    characters: defaultdict[str, list[str]] = defaultdict(list)
    text = "\n".join(source)
    pairs = set(map(str.__add__, text, text[1:]))
    for character in sorted(set(text)):
        for syllable in readings().get(character, ()):
            characters[syllable].append(character)
    found: set[tuple[str, str]] = set()
    for syllables, words in _names(target).items():
        for run in _runs(syllables, characters, pairs):
            for start, stop in combinations(range(len(run) + 1), 2):
                found.update((run[start:stop], word) for word in words[start:stop])
    return found


def _runs(syllables: Sequence[str], characters: Mapping[str, Sequence[str]], pairs: Set[str]) -> list[str]:
    """Return the runs of characters that may be read as some syllables, each next to the other in the text."""
    found = list(characters.get(syllables[0], ()))
    for syllable in syllables[1:]:
        found = [run + one for run in found for one in characters.get(syllable, ()) if run[-1] + one in pairs]
    return found


def _names(texts: Iterable[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the names in English texts: syllables in the order of a Chinese name, and the word each is part of."""
    names = {}
    text = "\n".join(texts).replace("’", "'")
    small = set(_SMALL.findall(text))  # no names: these are also written without a capital
    for name in sorted(set(_CAPITALIZED.findall(text))):
        words = _BETWEEN.split(name.lower().removesuffix("'s"))
        spellings = [() if word in small else segmented(word.replace("'", "")) for word in words]
        parts = (
            (n, n + size) for n in range(len(words)) for size in range(1, MAX_SYLLABLES + 1) if n + size <= len(words)
        )
        for start, stop in parts:
            if all(spellings[start:stop]):
                part = [word.replace("'", "") for word in words[start:stop]]
                for order in (part, [part[-1], *part[:-1]]):
                    for ways in product(*map(segmented, order)):
                        syllables = tuple(chain.from_iterable(ways))
                        if 2 <= len(syllables) <= MAX_SYLLABLES:
                            spelt = tuple(word for word, way in zip(order, ways, strict=True) for _ in way)
                            names[syllables] = spelt
    return names


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(syllable for forms in readings().values() for syllable in forms if syllable.isascii())


@lru_cache(maxsize=100_000)
def segmented(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to read a word as syllables."""
    ways: list[tuple[str, ...]] = [(word,)] if word in _known() else []
    for end in range(1, min(len(word), LONGEST_SYLLABLE + 1)):
        if word[:end] in _known():
            ways += [(word[:end], *rest) for rest in segmented(word[end:]) if len(rest) < MAX_SYLLABLES]
    return tuple(ways)
