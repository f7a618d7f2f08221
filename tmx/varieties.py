"""Pages in three languages: of Chinese in both scripts one is read, and text in a further language is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import regex

from tmx.languages import is_chinese, is_english
from tmx.model import Block, Document, Notice
from tmx.scripts import Script, implied_script, is_pinyin, reads_as_chinese, script_of

MIN_DOUBLES = 3  # paragraphs that stand in both scripts one after the other; fewer only if the format declares them
DOUBLE_SHARE = 0.6  # of the Chinese paragraphs
SAME_LENGTH = 0.1  # by which two scripts of one text may differ in length
SAME_SIGNS = 0.3  # of the signs of either that stand in both, at least
# Scripts that give a language away, and the share of the letters from which a text is in it: Japanese has Han as well.
SCRIPTS = (
    ("Japanese", regex.compile(r"[\p{Hiragana}\p{Katakana}]"), 0.1),
    ("Korean", regex.compile(r"\p{Hangul}"), 0.1),
    ("Cyrillic letters", regex.compile(r"\p{Cyrillic}"), 0.5),
    ("Arabic letters", regex.compile(r"\p{Arabic}"), 0.5),
    ("Thai letters", regex.compile(r"\p{Thai}"), 0.5),
    ("Tibetan letters", regex.compile(r"\p{Tibetan}"), 0.5),
    ("Mongolian letters", regex.compile(r"\p{Mongolian}"), 0.5),
)
EUROPEAN = {"pt": "Portuguese", "es": "Spanish", "fr": "French", "de": "German", "it": "Italian"}
WORD = regex.compile(r"(?!\p{Lu}\.)\p{Latin}+")  # initials are no words: G.B.S., J.P.
SMALL_WORDS = 60  # the most frequent words of a language
MIN_WORDS = 4  # of a paragraph that tells
CLEAR_SHARE = 0.25  # of the words of a paragraph that are small words of a language
CLEARLY = 0.15  # by how much more than of English
MIN_CLEAR = 3  # paragraphs, or FOREIGN_PART of those in Latin letters, that make a further language
FOREIGN_PART = 0.15


def one_script(document: Document, wanted: str) -> Document:
    """Return a document without the text that is neither in English nor in the wanted script of Chinese.

    ``wanted`` is the language tag of the source side. A document in one script stays as it is, whichever that is. What
    is left out becomes one notice for each language, with the first place.
    """
    preferred = implied_script(wanted) or "Hans"
    foreign = [_foreign(block) for block in document.blocks]
    stated = {block.language for block in document.blocks if is_chinese(block.language) or is_english(block.language)}
    if not stated:  # a page that declares nothing but one other language declares it carelessly
        foreign = [foreign_script(block.text) for block in document.blocks]
    foreign = [language or told for language, told in zip(foreign, _undeclared(document.blocks), strict=True)]
    scripts = [_script(block) if not language else "" for block, language in zip(document.blocks, foreign, strict=True)]
    other: Script = "Hans" if preferred == "Hant" else "Hant"
    if not _stands_twice(document.blocks, scripts):
        scripts = [""] * len(scripts)
    else:  # what is written alike in both scripts stands twice without telling which is which
        scripts = _told_apart(document.blocks, scripts, other)
    left_out = Counter[str]()
    first: dict[str, Block] = {}
    kept = []
    for block, language, script in zip(document.blocks, foreign, scripts, strict=True):
        name = language or ("Traditional Chinese" if other == "Hant" else "Simplified Chinese") * (script == other)
        if name:
            left_out[name] += 1
            first.setdefault(name, block)
        else:
            kept.append(block)
    if not left_out:
        return document
    notices = [
        Notice("removed", document.name, first[name].place, f"{count} paragraphs in {name}: {first[name].text[:30]}")
        for name, count in left_out.items()
    ]
    return replace(document, blocks=tuple(kept), notices=(*document.notices, *notices))


def _told_apart(blocks: Sequence[Block], scripts: Sequence[Script], other: Script) -> list[Script]:
    told = list(scripts)
    chinese = [index for index, block in enumerate(blocks) if block.row < 0 and reads_as_chinese(block.text)]
    kept = True
    for before, index in pairwise(chinese):
        doubled = not told[index] and blocks[before].text == blocks[index].text and kept
        if doubled:
            told[index] = other
        kept = not doubled
    return told


def foreign_script(text: str) -> str:
    """Return the name of the language of a text that its script gives away as neither Chinese nor English.

    >>> [foreign_script(text) for text in ("港は閉鎖中です。", "항구", "Порт закрыт.", "港口关闭。")]
    ['Japanese', 'Korean', 'Cyrillic letters', '']
    >>> foreign_script("Gǎngkǒu guānbì le.")
    'pinyin'
    """
    signs = sum(character.isalpha() for character in text)
    if text.isascii() or not signs:
        return ""
    if is_pinyin(text):
        return "pinyin"
    return next((name for name, script, share in SCRIPTS if len(script.findall(text)) > share * signs), "")


def european(texts: Iterable[str]) -> str:
    """Return the name of the European language other than English that texts in Latin letters are in, else nothing.

    >>> european(["Le port est fermé et les bateaux sont dans la baie."]), european(["The port is closed for the day."])
    ('French', '')
    """
    shares = _small_words(" ".join(texts))
    best = max(EUROPEAN, key=lambda code: shares.get(code, 0.0))
    clear = bool(shares) and shares[best] >= CLEAR_SHARE and shares[best] - shares["en"] >= CLEARLY
    return EUROPEAN[best] if clear else ""


def _foreign(block: Block) -> str:
    """Return the name or tag of the language of a block that is neither Chinese nor English, else nothing."""
    if name := foreign_script(block.text):
        return name
    if block.row >= 0 or not block.language or is_chinese(block.language) or is_english(block.language):
        return ""
    return "" if reads_as_chinese(block.text) else f"the language {block.language}"


def _undeclared(blocks: Sequence[Block]) -> list[str]:
    """Return for each block the name of the further European language in which, beside English, the document is.

    Each language has its own small words. Some paragraphs tell clearly; what is short follows them if it can.
    """
    loose = [
        _small_words(block.text) if block.row < 0 and not block.language and not reads_as_chinese(block.text) else {}
        for block in blocks
    ]
    if sum(shares.get("en", 0.0) >= CLEAR_SHARE for shares in loose) < MIN_CLEAR:
        return [""] * len(blocks)
    clear = Counter(
        best
        for shares in loose
        if shares
        and shares[best := max(EUROPEAN, key=lambda code: shares[code])] >= CLEAR_SHARE
        and shares[best] - shares["en"] >= CLEARLY
    )
    found = {code for code, count in clear.items() if count >= max(MIN_CLEAR, FOREIGN_PART * sum(map(bool, loose)))}
    told = [max(found, key=lambda code: shares[code]) if found and shares else "" for shares in loose]
    return [
        EUROPEAN[code] if code and shares[code] > shares["en"] else "" for code, shares in zip(told, loose, strict=True)
    ]


def _small_words(text: str) -> dict[str, float]:
    """Return the share of the words of a text that are among the most frequent of each language; nothing without."""
    words = [word.lower() for word in WORD.findall(text)]
    if len(words) < MIN_WORDS:
        return {}
    return {code: sum(word in _frequent(code) for word in words) / len(words) for code in ("en", *EUROPEAN)}


@cache
def _frequent(code: str) -> frozenset[str]:
    from wordfreq import top_n_list  # its lists take a moment to load

    return frozenset(top_n_list(code, SMALL_WORDS, wordlist="small"))


def _script(block: Block) -> Script:
    if block.row >= 0 or not reads_as_chinese(block.text):
        return ""
    return (implied_script(block.language) if is_chinese(block.language) else "") or script_of(block.text)


def _stands_twice(blocks: Sequence[Block], scripts: Sequence[Script]) -> bool:
    """Tell whether a document holds its Chinese in both scripts: as it declares, or paragraph beside paragraph."""
    declared = {implied_script(block.language) for block in blocks if is_chinese(block.language)}
    if {"Hans", "Hant"} <= declared:
        return True
    chinese = [
        (block.text, script) for block, script in zip(blocks, scripts, strict=True) if reads_as_chinese(block.text)
    ]
    if len({script for _, script in chinese} - {""}) < 2:
        return False
    doubles = sum(_is_double(a[0], b[0]) for a, b in pairwise(chinese) if a[1] != b[1] or a[1] == "")
    return doubles >= MIN_DOUBLES and 2 * doubles >= DOUBLE_SHARE * len(chinese)


def _is_double(first: str, second: str) -> bool:
    """Tell whether two texts are one in two scripts: about equally long, with enough signs in common, in order."""
    longer = max(len(first), len(second))
    if abs(len(first) - len(second)) > max(1, SAME_LENGTH * longer):
        return False
    return len(set(first) & set(second)) >= SAME_SIGNS * len(set(first))
