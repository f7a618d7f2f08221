"""Words of both languages, with their offsets: the units in which evidence is counted.

Chinese is cut by jieba's unigram model with its hidden Markov model switched off (which invents words like 国外交),
over a list widened by CC-CEDICT and by our word list, and then mended at a few known joints. English keeps hyphens
and possessives apart and every token knows where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from math import inf, log
from sys import intern
from typing import Any

from glossary.words import tags, wordlist
from glossary.words.spelling import fold
from glossary.words.wordclasses import chinese, english
from tmx import cedict, healing
from tmx.cache import Table
from tmx.characters import is_han

MAX_CUT = 4  # longer dictionary entries are phrases; their parts are better evidence
MAX_MENDED = 6  # a dictionary entry that the model broke after its first character
ADDED_FREQUENCY = 3  # for words only CEDICT knows: enough to be found, too little to steal characters
LISTED_FREQUENCY = 60  # for words of the word list

STRAIGHT = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "‑": "-", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark: ``text`` stands at ``start:end`` of the sentence.

    ``key`` is what evidence is looked up by: the Simplified form in Chinese, the stem in English. ``tag`` is jieba's
    part of speech in Chinese ("n", "v", "nr", "x" for marks), a Penn Treebank tag in English. ``content`` is false
    for marks and function words. Texts that are equal are one object, however often they stand.
    """

    text: str
    start: int
    end: int
    key: str
    tag: str
    content: bool

    @property
    def lower(self) -> str:
        """The text in lower case with straight apostrophes."""
        return self.text.lower().replace("’", "'")


# --- Chinese ---------------------------------------------------------------------------------------------------------

FUNCTION_WORDS = frozenset(chinese("function_words"))
FUNCTION_CHARACTERS = frozenset(
    "的了和与在等及是为同对从到被把将着过也都还就又而并且或但要会能可使让给向由于之其这那此该各每我您你他她它上下中内里前后间起来去不没很更最已正仍再才"
    "只即以所个一些种次项多有地得跟比当则若何本某既有年月日人"
)
PREPOSITIONS = frozenset("从在对同与向就把将被")
WORD_SUFFIXES = frozenset("会型化期者性力区制")
MARKS = frozenset("，。！？；：、“”‘’「」『』《》〈〉（）()—…·,.!?;:\"'-[]【】")
CORNERS = str.maketrans("「」『』", "“”‘’")
NUMERAL = re.compile(r"第?[零〇一二三四五六七八九十百千两]+")
SOURCE_PATTERN = re.compile(
    r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+"
    r"|\d*[A-Za-z][A-Za-z0-9]*(?:[-&.'][A-Za-z0-9]+)*\+?|\d+(?:[.,]\d+)*[%％‰]?|[^\s]"
)


@dataclass(frozen=True, slots=True)
class Segmenter:
    """A jieba tokenizer without hidden Markov model, and the part of speech of each word on its list."""

    tokenizer: Any
    tags: Mapping[str, str]

    def known(self, word: str) -> bool:
        """Tell whether the list has this word with more than a trace of frequency."""
        return (self.tokenizer.FREQ.get(word) or 0) > 5

    def cut(self, run: str) -> list[str]:
        """Return the words of a run of characters: the likeliest row of them; of equals the one with longer words.

        It is what ``tokenizer.cut(run, HMM=False)`` gives, in half the time: jieba's steps in one loop.
        """
        if not PLAIN.fullmatch(run):
            return list(self.tokenizer.cut(run, HMM=False))
        frequencies, total, size = self.tokenizer.FREQ, log(self.tokenizer.total), len(run)
        likely, ends = [0.0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            best, chosen = -inf, start + 1
            for end in range(start + 1, size + 1):
                frequency = frequencies.get(run[start:end])
                if frequency is None:
                    break
                if frequency and (value := log(frequency) - total + likely[end]) >= best:
                    best, chosen = value, end
            likely[start] = best if best > -inf else likely[chosen] - total
            ends[start] = chosen
        cut, start = [], 0
        while start < size:
            cut.append(run[start : ends[start]])
            start = ends[start]
        return cut


PLAIN = re.compile("[\u4e00-\u9fd5]+")  # what jieba cuts at no edge of its own


@lru_cache(maxsize=2)
def segmenter(listed: tuple[str, ...] | None = None) -> Segmenter:
    """Return the segmenter, widened by the words given (by default those of our own word list)."""
    import jieba

    words = wordlist.default().words if listed is None else listed
    frequencies, tags = WORDS.load()
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ = frequencies
    for word in words:
        if len(word) <= MAX_CUT and (frequencies.get(word) or 0) < LISTED_FREQUENCY:
            _add(frequencies, word, LISTED_FREQUENCY)
            tags.setdefault(word, "n")
    tokenizer.total = sum(frequencies.values())
    tokenizer.initialized = True
    return Segmenter(tokenizer, tags)


def _add(frequencies: dict[str, int], word: str, frequency: int) -> None:
    frequencies[word] = frequency
    for end in range(1, len(word)):
        frequencies.setdefault(word[:end], 0)


def _tables() -> tuple[dict[str, int], dict[str, str]]:
    """Take jieba's list (word, frequency, tag) and widen it by the dictionary."""
    frequencies, _ = healing.WORDS.load()
    with as_file(files("jieba") / "dict.txt") as path:
        lines = (line.split(" ") for line in path.read_text(encoding="utf-8").split("\n"))
        tags = {fields[0]: fields[2] for fields in lines if len(fields) == 3}
    known = {entry.simplified for entry in cedict.entries()}
    for entry in cedict.entries():
        word = entry.simplified
        if (
            2 <= len(word) <= MAX_CUT
            and not frequencies.get(word)
            and all(map(is_han, word))
            and not ("的" in word[1:-1] or "和" in word[1:-1])
        ):
            _add(frequencies, word, ADDED_FREQUENCY)
            tags.setdefault(word, "nz")
    for word in [word for word in tags if len(word) == 4 and _is_free(word, frequencies, tags, known)]:
        frequencies[word] = 0
    return frequencies, tags


FREE_TAGS = frozenset(("n", "l", "i", "nz", "v", "vn", "nr"))
RARE = 10  # frequency in jieba's list up to which a combination of two words is cut
USUAL = 200  # frequency from which its halves are words of their own


def _is_free(word: str, frequencies: Mapping[str, int], tags: Mapping[str, str], known: Container[str]) -> bool:
    """Tell whether four characters on jieba's list are two words of the dictionary that came together (扩大|出口)."""
    halves = word[:2], word[2:]
    return (
        0 < frequencies[word] <= RARE
        and tags[word] in FREE_TAGS
        and word not in known
        and all(half in known and frequencies.get(half, 0) >= USUAL for half in halves)
    )


WORDS = Table(
    "segmenter",
    tuple[dict[str, int], dict[str, str]],
    _tables,
    modules=("glossary.words.tokens", "tmx.characters"),
    libraries=("jieba",),
    tables=(cedict.ENTRIES, healing.WORDS),
)


def source_tokens(text: str, segmenter: Segmenter, dictionary: Container[str] | None = None) -> list[Token]:
    """Cut a Chinese sentence into tokens.

    ``dictionary`` tells which words may be put together again where the model broke them (初|心).

    >>> [token.text for token in source_tokens("中国外交的力量", segmenter())]
    ['中国', '外交', '的', '力量']
    """
    simple = text.translate(cedict.simplification()).translate(CORNERS)
    cut: list[Cut] = []
    for match in SOURCE_PATTERN.finditer(simple):
        run, start = match.group(), match.start()
        if is_han(run[0]):
            for word in segmenter.cut(run):
                cut.append((word, start, segmenter.tags.get(word, "nz" if len(word) > 1 else "n")))
                start += len(word)
        else:
            latin = any(character.isalpha() and character.isascii() for character in run)  # 5G too
            tag = "eng" if latin else "m" if run[0].isdigit() else "x"
            cut.append((run, start, tag))
    cut = _mend_numerals(_mend(cut, segmenter, dictionary or ()))
    return [
        Token(
            text=intern(text[start : start + len(word)]),
            start=start,
            end=start + len(word),
            key=intern(word),
            tag=tag,
            content=not (
                tag == "x" or word in MARKS or word in FUNCTION_WORDS or (tag in FUNCTION_TAGS and len(word) < 2)
            ),
        )
        for word, start, tag in cut
    ]


FUNCTION_TAGS = frozenset(("uj", "ul", "uz", "ud", "ug", "uv", "c", "p", "e", "y", "u"))


Cut = tuple[str, int, str]  # a word, where it starts, its tag
NO_WORDS = ("x", "m", "eng")


def _mend(cut: Sequence[Cut], segmenter: Segmenter, dictionary: Container[str]) -> list[Cut]:
    """Put dictionary words broken over two tokens together again, and give suffixes back to their stems."""
    out: list[Cut] = []
    index = 0
    while index < len(cut):
        joined = _joined(cut[index], cut[index + 1], segmenter, dictionary) if index + 1 < len(cut) else None
        if cut[index][0] == "及其" and index + 1 < len(cut) and cut[index + 1][0] == "他":
            start = cut[index][1]
            out += [("及", start, "c"), ("其他", start + 1, "r")]
            index += 2
        elif joined:
            out.append(joined)
            index += 2
        else:
            out += _without_preposition(cut[index], segmenter, dictionary)
            index += 1
    return out


def _joined(first: Cut, second: Cut, segmenter: Segmenter, dictionary: Container[str]) -> Cut | None:
    """Return two neighbours as one word, or None where they are two."""
    (word, start, tag), (after, after_start, after_tag) = first, second
    if start + len(word) != after_start:
        return None
    both = word + after
    if after == "+" and tag[:1] == "n":
        return both, start, tag  # 互联网+
    if tag in NO_WORDS or after_tag in NO_WORDS:
        return None
    if both in dictionary and _is_broken(word, after):
        return both, start, after_tag if after_tag[:1] in "nav" else "n"
    if after in WORD_SUFFIXES and len(word) >= 2:
        weak = not segmenter.known(word) and (word not in dictionary or after == "会")
        if after in "型化性" or weak:
            return both, start, "n"
    if _is_stem(word) and len(after) <= 3 and not segmenter.known(after) and after not in dictionary:
        return both, start, "nz"
    return None


def _is_stem(word: str) -> bool:
    return len(word) == 1 and word not in FUNCTION_CHARACTERS


def _is_broken(word: str, after: str) -> bool:
    """Tell whether two neighbours that the dictionary has as one word are likely to be that word."""
    length = len(word) + len(after)
    if len(word) == 1 and 3 <= length <= MAX_MENDED:
        return True  # 可|持续
    return length <= MAX_CUT and (_is_stem(word) or _is_stem(after))


def _without_preposition(one: Cut, segmenter: Segmenter, dictionary: Container[str]) -> tuple[Cut, ...]:
    """Cut a preposition off a noun which no list knows with it."""
    word, start, tag = one
    if tag[:1] != "n" or len(word) < 3 or word[0] not in PREPOSITIONS or word in dictionary:
        return (one,)
    rest = word[1:]
    if not segmenter.known(rest) and rest not in dictionary:
        return (one,)
    return (word[0], start, "p"), (rest, start + 1, segmenter.tags.get(rest, tag))


def _mend_numerals(cut: Sequence[Cut]) -> list[Cut]:
    """Join 第|十四 and 十九|届 and 二十|大, which count as one word each, and 二|十国集团, where a number is cut."""
    out: list[Cut] = []
    for word, start, tag in cut:
        if out and out[-1][1] + len(out[-1][0]) == start:
            before, before_start, _ = out[-1]
            if word[0] in "十百千" and len(word) > 1 and before[-1] in "二三四五六七八九" and NUMERAL.fullmatch(before):
                out[-1] = (before + word, before_start, "m" if NUMERAL.fullmatch(word) else tag)
                continue
            if word in ("届", "大") and NUMERAL.fullmatch(before):
                out[-1] = (before + word, before_start, "n")
                continue
            if NUMERAL.fullmatch(word) and (before == "第" or NUMERAL.fullmatch(before)):
                out[-1] = (before + word, before_start, "m")
                continue
        out.append((word, start, tag))
    return out


# --- English ---------------------------------------------------------------------------------------------------------

TARGET_STOP = frozenset(english("stop"))
CAPITAL_NAMES = frozenset(("US", "IT"))  # which in small letters are words without content
TARGET_PATTERN = re.compile(
    r"[Oo]pening[- ][Uu]p|[A-Za-z](?:\.[A-Za-z])+\.?|[A-Z][a-z]+'[a-z]{2,}|[^\W\d_]+(?:-[^\W_]+)*(?:&[A-Z])?"
    r"|\d+(?:[.,]\d+)*(?:st|nd|rd|th|-plus)?(?:-[A-Za-z]+)*|'s\b|[^\s\w]|_"
)
STEM_SUFFIXES = english("suffixes")


DOTTED = re.compile(r"(?<=\b[A-Za-z])\.")


@lru_cache(maxsize=400_000)
def stem(word: str) -> str:
    """Return the stem of an English word: its lemma by simplemma without one derivational suffix; U.S. is US.

    >>> stem("countries") == stem("country"), stem("developing") == stem("development")
    (True, True)
    """
    base = fold(lemma(DOTTED.sub("", word) if "." in word else word))
    for suffix in STEM_SUFFIXES:
        if base.endswith(suffix) and len(base) - len(suffix) >= 4:
            return base[: -len(suffix)]
    return base


@lru_cache(maxsize=400_000)
def lemma(word: str) -> str:
    """Return the lemma of an English word in lower case."""
    lower = word.lower()
    if len(lower) < 4 or not lower[0].isalpha():
        return lower
    import simplemma

    return str(simplemma.lemmatize(lower, lang="en")).lower()


def words(text: str) -> list[str]:
    """Return the English words of a gloss or a list entry, without marks.

    >>> words("people's well-being (political)")
    ['people', "'s", 'well-being', 'political']
    """
    straight = text if text.isascii() and "`" not in text else text.translate(STRAIGHT)
    return [word for word in TARGET_PATTERN.findall(straight) if word[0].isalnum() or word == "'s"]


def has_content(form: str) -> bool:
    """Tell whether an English word as it is written has content: US has, us has not."""
    return form in CAPITAL_NAMES or form.lower() not in TARGET_STOP


def content_stems(text: str) -> list[str]:
    """Return the stems of the content words of an English text."""
    return [stem(word.lower()) for word in words(text) if has_content(word) and word != "'s"]


def target_tokens(text: str) -> list[Token]:
    """Cut an English sentence into tokens, with tags.

    >>> [(token.text, token.tag) for token in target_tokens("China's diplomacy")]
    [('China', 'NNP'), ("'s", 'POS'), ('diplomacy', 'NN')]
    """
    spans = [(match.group(), match.start()) for match in TARGET_PATTERN.finditer(text.translate(STRAIGHT))]
    forms = [form for form, _ in spans]
    return [
        Token(
            text=intern(text[start : start + len(form)]),
            start=start,
            end=start + len(form),
            key=stem(form.lower()) if form[0].isalpha() else form.lower(),
            tag=tag,
            content=form[0].isalnum()
            and has_content(form)
            and text[start + len(form) : start + len(form) + 1] != "$",  # HK$
        )
        for (form, start), tag in zip(spans, tags.tag(forms), strict=True)
    ]


def join(tokens: Sequence[Token], text: str) -> str:
    """Return the stretch of text which a run of tokens covers."""
    return text[tokens[0].start : tokens[-1].end] if tokens else ""


def keys(tokens: Iterable[Token]) -> list[str]:
    """Return the keys of the content words."""
    return [token.key for token in tokens if token.content]
