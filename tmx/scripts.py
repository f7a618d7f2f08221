"""Which language and script a text is in: Chinese or English, Traditional or Simplified; no dictionary is needed.

GB 2312 (1980) holds the characters of Simplified text, Big5 (1984) those of Traditional text. A character in one set
and not in the other speaks for that script; most characters are in both and say nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import regex

from tmx.characters import HAN_BLOCKS, is_han
from tmx.languages import canonical

Script = Literal["Hans", "Hant", ""]

MIN_SHARE = 0.8  # of the telling characters; quotations and names may be in the other script

# Words which carry an English sentence; names, commands and products in a Chinese one bring none along.
_FUNCTION_WORDS = frozenset(
    """a an the of in on at to by for from with into as and or nor but than that which who whose is are was were be been
    has have had will would shall should can could may might must not no its their our his her my your this these those
    it he she we they i you if when while where because so all any each more most""".split()  # noqa: SIM905
)
_HAN = regex.compile(
    "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_BLOCKS) + "，。、；：？！《》「」『』（）]"
)
_OTHER_SCRIPTS = regex.compile(r"[\p{Hiragana}\p{Katakana}\p{Hangul}\p{Cyrillic}\p{Arabic}\p{Thai}]")
_LATIN = regex.compile(r"[\p{Latin}\d](?:[\p{Latin}\d'’_.@/:\\-]*[\p{Latin}\d])?")
_PLAIN_WORD = regex.compile(r"\p{Ll}[\p{Ll}'’]*")
FUNCTION_WEIGHT, WORD_WEIGHT, NAME_WEIGHT, END_WEIGHT = 1.5, 1.0, 0.25, 2.0  # against one Chinese sign


_TONES = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ")
_LEVEL_OR_DIPPING = _TONES - frozenset("áàéèíìóòúù")  # which hardly another language writes
PINYIN_SHARE, MIN_SYLLABLES = 0.5, 3  # of the words with a tone; fewer words may be a name


def is_pinyin(text: str) -> bool:
    """Tell whether a text is Chinese spelt in pinyin with tones, as textbooks write below or above each line.

    >>> is_pinyin("Wǒ de péngyou zhù zài Běijīng."), is_pinyin("Il a été très gâté là-bas."), is_pinyin("Běijīng Lǜyè")
    (True, False, False)
    """
    words = text.lower().split()
    toned = sum(not _TONES.isdisjoint(word) for word in words)
    return len(words) >= MIN_SYLLABLES and toned >= PINYIN_SHARE * len(words) and not _LEVEL_OR_DIPPING.isdisjoint(text)


@lru_cache(maxsize=4096)  # the steps of reading ask about the same paragraphs one after the other
def reads_as_chinese(text: str) -> bool:
    """Tell whether a text that may hold both scripts is a Chinese one; False for one without a Chinese sign.

    Chinese about technology names many English products and commands, English about China few Chinese words. So each
    Chinese sign is weighed against the English words: much for those that carry a sentence, little for capitalised ones
    and for what looks like a command or a file.

    >>> reads_as_chinese("用 Docker Compose 启动 Spring Boot"), reads_as_chinese("The word “和谐” means harmony.")
    (True, False)
    """
    chinese: float = len(_HAN.findall(text))
    if not chinese:
        return False
    english = 0.0
    for match in _LATIN.finditer(text):
        word = match[0]
        if word.lower() in _FUNCTION_WORDS:
            english += FUNCTION_WEIGHT
        else:
            english += WORD_WEIGHT if _PLAIN_WORD.fullmatch(word) else NAME_WEIGHT
    last = text.rstrip("\"'”’」』）)》 ")[-1:]
    if last in "。！？；：":
        chinese += END_WEIGHT
    return chinese > english


@lru_cache(maxsize=16384)
def script_of_character(character: str) -> Script:
    """Return which script one character belongs to alone, empty if it says nothing.

    >>> script_of_character("国"), script_of_character("國"), script_of_character("中")
    ('Hans', 'Hant', '')
    """
    if not is_han(character):
        return ""
    simplified, traditional = _in(character, "gb2312"), _in(character, "big5")
    if simplified == traditional:
        return ""
    return "Hans" if simplified else "Hant"


def script_of(text: str) -> Script:
    """Return the script of a text; empty if it has no telling characters or mixes the scripts.

    >>> script_of("中国外交"), script_of("中國外交"), script_of("一人")
    ('Hans', 'Hant', '')
    """
    found = [script for script in map(script_of_character, text) if script]
    simplified = found.count("Hans")
    if not found or max(simplified, len(found) - simplified) < MIN_SHARE * len(found):
        return ""
    return "Hans" if 2 * simplified > len(found) else "Hant"


def labelled(tag: str, text: str) -> str:
    """Return the language tag of a Chinese text: the given tag, unless the text is in the script it excludes.

    A bare ``zh`` is made exact; a tag that names Simplified (zh-CN, zh-SG, zh-Hans) gives way to ``zh-Hant`` for
    Traditional text, and one that names Traditional (zh-TW, zh-HK, zh-Hant) to ``zh-Hans`` for Simplified text.

    >>> labelled("zh-CN", "中国"), labelled("zh-CN", "中國"), labelled("zh", "中国"), labelled("zh-TW", "中国")
    ('zh-CN', 'zh-Hant', 'zh-Hans', 'zh-Hans')
    """
    script = script_of(text)
    return tag if script in ("", implied_script(tag)) else f"{tag.replace('_', '-').partition('-')[0]}-{script}"


def language_by_script(text: str) -> str:
    """Return "zh" or "en" where a text can be nothing else of the languages that share our files, else nothing.

    That a text in Latin letters is English is a guess, which holds beside a Chinese one that it translates.

    >>> [language_by_script(text) for text in ("港口关闭。", "The harbour", "港は閉鎖", "12")]
    ['zh', 'en', '', '']
    """
    if _OTHER_SCRIPTS.search(text) or not any(map(str.isalpha, text)):
        return ""
    return "zh" if reads_as_chinese(text) else "" if any(map(is_han, text)) else "en"


def implied_script(tag: str) -> Script:
    """Return the script which a language tag means (CLDR likely subtags), empty if it leaves it open.

    >>> implied_script("zh-HK"), implied_script("zh-CN"), implied_script("zh"), implied_script("繁體中文")
    ('Hant', 'Hans', '', 'Hant')
    """
    parts = {part.lower() for part in canonical(tag).split("-")[1:]}
    if parts & {"hant", "tw", "hk", "mo"} and "hans" not in parts:
        return "Hant"
    return "Hans" if parts & {"hans", "cn", "sg", "my"} else ""


def _in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
