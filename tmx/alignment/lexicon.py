"""Tokens of both languages, and the dictionary that says which of them may translate each other.

A *token* is what two sentences can share: a Chinese word, an English stem, a numeral, a mark of punctuation, a name
spelt in pinyin. The dictionary is CC-CEDICT (``tmx.cedict``), kept as arrays in the user's cache.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tmx import cedict, numbers
from tmx.cache import Table
from tmx.languages import CHINESE, ENGLISH

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]

# Words that carry no meaning of their own in a gloss ("to be fond of").
FUNCTION_WORDS = frozenset(
    """
    a an the of to in on at by for with and or as is be been being was were are am it its he his him her she they them
    their i my me we our us you your this that these those there not do did does has have had will would from into
    sth sb one's oneself esp etc e.g i.e lit fig abbr cl variant old also used see
    """.split()  # noqa: SIM905
)
GENERAL_WORDS = frozenset(
    """
    can could may might must shall should if so than then very just only more most all some any no what which who when
    where how one up out
    """.split()  # noqa: SIM905
)
MAX_GLOSSES = 12
MAX_WORD_CHARS = 8  # longest run of characters looked up when the segmenter's word is not in the dictionary
# Of stems that translate a word's synonyms: their share of its weight, and what is too little to be followed. With
# these values gold is likelier in the novels and the magazine, and hardly less likely elsewhere.
RELATED = 0.1
SMALLEST_MEANING, SMALLEST_LINK, SMALLEST_RELATED = 0.05, 0.02, 0.03
WORDS_AT_A_TIME = 4000
KNOWN_WORDS = 200_000  # word forms whose tokens are remembered
RARE, MARK = 1e-6, 0.02  # shares of all text: of a word that no list has, of a mark of punctuation
COMMON_WORDS = 60_000  # English words whose lemma is tabled; the rest is stemmed by rule

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,]\d+)*|[?!:;()\"“”…—–]|\.{3,}")
_PUNCTUATION = str.maketrans(
    {
        "？": "?",
        "！": "!",
        "：": ":",
        "；": ";",
        "（": "(",
        "）": ")",
        "“": '"',
        "”": '"',
        "「": '"',
        "」": '"',
        "『": '"',
        "』": '"',
        "–": "-",
        "—": "-",
    }
)
_CONTRACTIONS = frozenset({"", "s", "t", "d", "m", "ll", "re", "ve"})
_MARKS = frozenset('?!:;()"…-')
# Full-width letters and digits; the punctuation of that block keeps its shape.
_WIDTH = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# "variant of 記錄|记录[ji4 lu4]", "abbr. for 人民代表大會|人民代表大会[...]": the other word, and its Simplified form.
_REFERENCE = re.compile(
    r"(?:variant of|see(?: also)?|also written|same as|used in|abbr\. for) (?P<word>[\u3400-\u9fff]+)"
    r"(?:\|(?P<simplified>[\u3400-\u9fff]+))?"
)
# Glosses that say nothing of what a word means, and labels before one that does.
_NOTES = re.compile(
    r"CL:|(?:also|Taiwan|old) pr\.|(?:(?:\w+ )?variant of|see(?: also)?|also written|same as|used in) [\u3400-\u9fff]"
)
_LABEL = re.compile(r"(?:surname|classifier for) (?=\w)")
_LETTERS = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Which English stems translate a Chinese word, with weights that add up to one for each word.

    ``weights`` has a row for each word of ``words`` and a column for each stem of ``stems``; ``word_frequencies`` and
    ``stem_frequencies`` are their shares of all text in the language. ``own`` finds the words of the user's own
    dictionary, which are cut out of a sentence before all others. ``tokens`` remembers what words were cut into, for
    at most ``KNOWN_WORDS`` of them.
    """

    words: dict[str, int]
    stems: dict[str, int]
    weights: sparse.csr_array
    word_frequencies: Floats
    stem_frequencies: Floats
    own: re.Pattern[str] | None = None
    tokens: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def pieces(self, word: str) -> list[str]:
        """Return a word as words of the dictionary, longest first from the left; single characters stand alone.

        >>> load().pieces("外交部长们")
        ['外交部长', '们']
        """
        if word in self.words:
            return [word]
        found = []
        start = 0
        while start < len(word):
            end = min(len(word), start + MAX_WORD_CHARS)
            while end > start + 1 and word[start:end] not in self.words:
                end -= 1
            found.append(word[start:end])
            start = end
        return found


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """Return the lexicon made from CC-CEDICT, from the cache if it is there."""
    words, stems, table, word_frequencies, stem_frequencies = LEXICON.load()
    weights = sparse.csr_array(table, shape=(len(words), len(stems)))
    return Lexicon(words, stems, weights, word_frequencies, stem_frequencies)


def extended(lexicon: Lexicon, pairs: Iterable[tuple[str, str]]) -> Lexicon:
    """Return a lexicon that knows the user's own pairs of a Chinese and an English word or phrase.

    What the user says of a word replaces what the dictionary says.

    >>> own = extended(load(), [("对译", "parallel rendering")])
    >>> source_tokens("对译很好。", own)[0], source_tokens("对译很好。", load())[:2]
    ('对译', ['对', '译'])
    """
    glosses: defaultdict[str, list[list[str]]] = defaultdict(list)
    table = cedict.simplification()
    for chinese, english in pairs:
        word = "".join(chinese.split()).translate(table).translate(_WIDTH)
        if word and (meaning := _gloss_words(english)) and meaning not in glosses[word]:
            glosses[word].append(meaning)
    chosen = sorted(word for word, meanings in glosses.items() if meanings)
    if not chosen:
        return lexicon
    words, stems = dict(lexicon.words), dict(lexicon.stems)
    rows, columns, data = [], [], []
    for word in chosen:
        row = words.setdefault(word, len(words))
        for meaning in glosses[word]:
            for part in meaning:
                key = "N:" + part if part[0].isdigit() else stem(part)
                rows.append(row)
                columns.append(stems.setdefault(key, len(stems)))
                data.append(1 / len(meaning) / len(glosses[word]))
    shape = (len(words), len(stems))
    kept = np.ones(len(lexicon.words), np.float32)
    kept[[words[word] for word in chosen if word in lexicon.words]] = 0
    known = sparse.diags_array(kept).tocsr() @ lexicon.weights
    known.resize(shape)
    weights = (known + sparse.csr_array((np.array(data, np.float32), (rows, columns)), shape=shape)).tocsr()
    longest_first = sorted(chosen, key=lambda word: (-len(word), word))
    return Lexicon(
        words,
        stems,
        weights,
        _padded(lexicon.word_frequencies, len(words)),
        _padded(lexicon.stem_frequencies, len(stems)),
        re.compile(f"({'|'.join(map(re.escape, longest_first))})"),
    )


def _padded(frequencies: Floats, count: int) -> Floats:
    return np.pad(frequencies, (0, count - len(frequencies)), constant_values=RARE)


def usual_frequencies(vocabulary: Iterable[str], known: dict[str, int], frequencies: Floats) -> Floats:
    """Return how frequent tokens are in the language at large; those of ``known`` have their place in ``frequencies``.

    >>> lexicon = load()
    >>> the, glossary = usual_frequencies(["the", "glossari"], lexicon.stems, lexicon.stem_frequencies)
    >>> bool(the > 1000 * glossary > 0)
    True
    """
    places = [(number, known.get(token), token[:2]) for number, token in enumerate(vocabulary)]
    usual = np.full(len(places), RARE, np.float32)
    for number, place, kind in places:
        if kind == "P:":
            usual[number] = MARK
        elif place is not None:
            usual[number] = frequencies[place]
    return usual


@lru_cache(maxsize=1)
def lemma_stems() -> dict[str, str]:
    """Return the stems of the common English words, irregular forms included ("went" and "go" share one)."""
    return STEMS.load()


def stem(word: str) -> str:
    """Return the stem of an English word in lower case.

    >>> stem("went"), stem("go"), stem("cooperation") == stem("cooperate")
    ('go', 'go', True)
    """
    return lemma_stems().get(word) or stem_by_rule(word)


def _stems(words: Sequence[str]) -> list[str]:
    """Return the stems of many words at once, without remembering them."""
    known = lemma_stems()
    return [known.get(word) or by_rule for word, by_rule in zip(words, _stemmer().stemWords(words), strict=True)]


@lru_cache(maxsize=KNOWN_WORDS)
def stem_by_rule(word: str) -> str:
    """Return a word in lower case without its ending, by Snowball's rules, whatever its lemma is.

    >>> stem_by_rule("glossaries"), stem_by_rule("went")
    ('glossari', 'went')
    """
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def function_stems() -> frozenset[str]:
    """Return the tokens of English that carry no meaning of their own, punctuation included."""
    return frozenset(map(stem, FUNCTION_WORDS | GENERAL_WORDS)) | {"P:" + mark for mark in _MARKS}


def source_tokens(text: str, lexicon: Lexicon) -> list[str]:
    """Return the tokens of a Chinese sentence, in order."""
    import rjieba

    key = text.translate(cedict.simplification()).translate(_WIDTH)
    tokens: list[str] = []
    # With one group in the pattern, every second part is a word of the user's own.
    for number, part in enumerate(lexicon.own.split(key) if lexicon.own else [key]):
        if number % 2:
            tokens.append(part)
            continue
        for word in rjieba.cut(part, hmm=False):
            tokens += _source_word(word, lexicon)
    return tokens + ["N:" + quantity.value for quantity in numbers.find(text, CHINESE)]


def _source_word(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    known = lexicon.tokens
    found = known.get(word)
    if found is None:
        if len(known) >= KNOWN_WORDS:
            known.clear()
        mark = word.translate(_PUNCTUATION)
        if mark[0] in _MARKS:
            found = ("P:" + mark[0],)
        elif word.isascii():
            found = tuple("A:" + part for part in _LETTERS.findall(word.lower()) if part[0].isalpha())
        elif not any(map(str.isalnum, word)):
            found = ()
        else:
            found = tuple(lexicon.pieces(word))
        known[word] = found
    return found


def target_tokens(text: str) -> list[str]:
    """Return the tokens of an English sentence, in order."""
    tokens: list[str] = []
    for word in _WORD.findall(text):
        if not word[0].isdigit():
            tokens += _target_word(word)
    return tokens + ["N:" + quantity.value for quantity in numbers.find(text, ENGLISH)]


@lru_cache(maxsize=KNOWN_WORDS)
def _target_word(word: str) -> tuple[str, ...]:
    if not word[0].isalpha():
        return ("P:" + word.translate(_PUNCTUATION)[0].replace(".", "…"),)
    found: list[str] = []
    for part in word.lower().replace("’", "'").split("-"):
        base, _, tail = part.partition("'")
        if tail == "t" and base.endswith("n"):
            found += [stem(base[:-1] or base), "not"]
        elif base:
            # Ch'iu and O'Brien are one word, he's and they'll two.
            found.append(stem(base if tail in _CONTRACTIONS else base + tail))
    return tuple(found)


def _gloss_words(gloss: str) -> list[str]:
    if _NOTES.match(gloss):
        return []
    bare = _BRACKETS.sub(" ", gloss) if "(" in gloss or "[" in gloss else gloss  # most have none
    bare = _LABEL.sub("", bare, 1) if "surname" in bare or "classifier" in bare else bare
    if not any(map(str.isalpha, bare)):
        bare = gloss
    words = _LETTERS.findall(bare.lower())
    if "'" in bare:
        words = [word.removesuffix("'s") for word in words]
    content = [word for word in words if word not in FUNCTION_WORDS]
    return content or words


def _glosses() -> dict[str, list[list[str]]]:
    """Return the meanings of each word; a word that is only said to be another's variant or short form has those."""
    glosses: defaultdict[str, list[list[str]]] = defaultdict(list)
    others: defaultdict[str, list[str]] = defaultdict(list)
    table = cedict.simplification()
    for entry in cedict.entries():
        meanings = [words for gloss in entry.glosses if (words := _gloss_words(gloss))]
        found = filter(None, (_REFERENCE.search(gloss) for gloss in entry.glosses if not gloss.isascii()))
        references = [reference["simplified"] or reference["word"] for reference in found]
        for form in sorted({entry.simplified, entry.traditional.translate(table)}):
            glosses[form] += meanings
            others[form] += [other for other in references if other != form]
    borrowed = {
        form: [meaning for other in dict.fromkeys(words) for meaning in glosses.get(other, ())]
        for form, words in others.items()
        if not glosses[form]
    }
    return glosses | borrowed


LexiconTable = tuple[dict[str, int], dict[str, int], tuple[Floats, Integers, Integers], Floats, Floats]


def _build() -> LexiconTable:
    import wordfreq

    glosses = _glosses()
    words = {word: number for number, word in enumerate(sorted(glosses))}
    parts: list[str] = []  # of all glosses, one after the other
    lengths: list[int] = []  # of the glosses
    counts: list[int] = []  # of the glosses of each word
    for word in words:
        chosen = glosses[word][:MAX_GLOSSES]
        counts.append(len(chosen))
        for gloss in chosen:
            parts += gloss
            lengths.append(len(gloss))
    stems: dict[str, int] = {}
    columns = {
        part: stems.setdefault("N:" + part if part[0].isdigit() else stem(part), len(stems))
        for part in dict.fromkeys(parts)
    }
    of_gloss = np.repeat(np.arange(len(lengths)), lengths)
    row = np.repeat(np.arange(len(words)), counts)[of_gloss]
    shares = 1 / np.array(lengths)[of_gloss] / np.array(counts)[row]
    keys, which = np.unique(row * len(stems) + np.array([columns[part] for part in parts]), return_inverse=True)
    rows, indices = np.divmod(keys, len(stems))
    indptr = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(words)))))
    frequencies = {word: share for word, share in wordfreq.get_frequency_dict("en", "large").items() if word.isalpha()}
    stem_frequencies: defaultdict[str, float] = defaultdict(float)
    for name, frequency in zip(_stems(list(frequencies)), frequencies.values(), strict=True):
        stem_frequencies[name] += frequency
    word_shares = _shares(words, wordfreq.get_frequency_dict("zh", "large"))
    weights = sparse.csr_array(
        (np.bincount(which, shares).astype(np.float32), indices.astype(np.int32), indptr.astype(np.int32)),
        shape=(len(words), len(stems)),
    )
    weights = _with_related(weights, word_shares)
    table = (weights.data.astype(np.float32), weights.indices.astype(np.int32), weights.indptr.astype(np.int32))
    return words, stems, table, word_shares, _shares(stems, stem_frequencies)


def _with_related(weights: sparse.csr_array, frequencies: Floats) -> sparse.csr_array:
    """Return weights in which a word has ``RELATED`` of its weight on stems that translate its synonyms.

    A synonym is a word with a stem in common, the likelier the more frequent it is: from a word to its stems, back to
    the words that these translate, and to their stems. 高兴 is "glad" and "happy"; by 快乐 it also is "joy".
    """
    used = np.where(frequencies > RARE, frequencies, 0.0).astype(np.float32)
    back = _at_least(_shared((weights.T @ sparse.diags_array(used)).tocsr()), SMALLEST_LINK)
    forth = _at_least(weights, SMALLEST_MEANING)
    found = []
    for first in range(0, weights.shape[0], WORDS_AT_A_TIME):  # the whole product would take gigabytes
        part = slice(first, first + WORDS_AT_A_TIME)
        related = _at_least(forth[part] @ back @ weights, SMALLEST_RELATED)
        found.append(related - related.multiply(weights[part] > 0))
    related = _shared(sparse.vstack(found).tocsr())
    related.eliminate_zeros()
    mixed: sparse.csr_array = ((1 - RELATED) * weights + RELATED * related).tocsr()
    return mixed


def _at_least(matrix: sparse.csr_array, least: float) -> sparse.csr_array:
    matrix = matrix.tocsr().copy()
    matrix.data[matrix.data < least] = 0
    matrix.eliminate_zeros()
    return matrix


def _shared(matrix: sparse.csr_array) -> sparse.csr_array:
    """Return rows scaled to the sum one; rows of zeros stay so."""
    sums = np.asarray(matrix.sum(axis=1)).ravel()
    sums[sums == 0] = 1
    shares: sparse.csr_array = (sparse.diags_array((1 / sums).astype(np.float32)) @ matrix).tocsr()
    return shares


def _shares(words: Iterable[str], frequencies: Mapping[str, float]) -> Floats:
    return np.array([max(frequencies.get(word, 0.0), RARE) for word in words], np.float32)


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import Stemmer

    return Stemmer.Stemmer("english", 0)  # its own cache costs more than it saves


def _build_stems() -> dict[str, str]:
    import simplemma
    import wordfreq

    found = {}
    for word in wordfreq.top_n_list("en", COMMON_WORDS, "large"):
        if word.isalpha():
            lemma = simplemma.lemmatize(word, lang="en")
            found[word] = _stemmer().stemWord(lemma.lower())
    return found


def _check(table: LexiconTable) -> None:
    """Raise ``ValueError`` unless the weights are a sound sparse matrix: SciPy trusts what it is given."""
    words, stems, weights, word_frequencies, stem_frequencies = table
    sparse.csr_array(weights, shape=(len(words), len(stems))).check_format(full_check=True)
    if len(word_frequencies) != len(words) or len(stem_frequencies) != len(stems):
        raise ValueError("frequencies of other words")


STEMS = Table(
    "stems",
    dict[str, str],
    _build_stems,
    modules=("tmx.alignment.lexicon",),
    libraries=("simplemma", "PyStemmer", "wordfreq"),
)
LEXICON = Table(
    "lexicon",
    LexiconTable,
    _build,
    modules=("tmx.alignment.lexicon",),
    libraries=("numpy", "scipy", "wordfreq"),
    tables=(cedict.ENTRIES, cedict.SIMPLIFICATION, STEMS),
    check=_check,
)
