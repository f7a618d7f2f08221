"""Language tags and names, and what depends on the language when pieces of text are put together."""

import re
from functools import lru_cache

CHINESE = "zh-CN"
ENGLISH = "en-US"


# What tools and people call the two languages beside their tags, and what stands with such a name.
_LANGUAGES = {
    "zh": "chinese mandarin chinois chinesisch chino cinese 中文 汉语 漢語 华语 華語 华文 中国語 普通话 国语 國語",
    "en": "english anglais englisch inglés inglese 英文 英语 英語",
}
_SCRIPTS = {
    "Hans": "simplified hans chs simplifié vereinfacht simplificado 简体 簡體 简体字",
    "Hant": "traditional hant cht traditionnel traditionell tradicional 繁体 繁體 正体 正體",
}
_REGIONS = {
    "CN": "cn prc china mainland 中国 中國 中国大陆 大陆 大陸",
    "TW": "tw taiwan 台湾 台灣 臺灣",
    "HK": "hk hongkong kong 香港",
    "SG": "sg singapore 新加坡",
    "MO": "mo macau macao 澳门 澳門",
    "MY": "malaysia 马来西亚 馬來西亞",
    "US": "us usa states american america 美国 美國",
    "GB": "gb uk british britain kingdom 英国 英國",
    "AU": "au australia australian 澳大利亚 澳洲",
    "CA": "ca canada canadian 加拿大",
    "IE": "ie ireland irish 爱尔兰 愛爾蘭",
    "IN": "india 印度",
    "NZ": "nz zealand 新西兰 新西蘭 紐西蘭",
    "PH": "ph philippines 菲律宾 菲律賓",
    "ZA": "za africa 南非",
}
_PARTS_OF_CHINA = frozenset(["HK", "MO", "TW"])  # 中国香港, "Hong Kong SAR China": the part is meant
_NAMED = {
    word: (kind, tag)
    for kind, table in (("language", _LANGUAGES), ("script", _SCRIPTS), ("region", _REGIONS))
    for tag, words in table.items()
    for word in words.split()
}
_FILLERS = frozenset(
    """united great hong new south world international s a r sar special administrative region people republic of the
    language han standard 字 语 語 特别行政区 特別行政區""".split()  # noqa: SIM905
)
ISO_639_2 = {"chi": "zh", "zho": "zh", "eng": "en"}
# Codes that are no tags: of Windows (three letters, numbers), scripts as regions, what people take for a tag.
_CODES = ISO_639_2 | {
    "enu": "en-US",
    "chs": "zh-Hans",
    "cht": "zh-Hant",
    "zh-chs": "zh-Hans",
    "zh-cht": "zh-Hant",
    "cn": "zh",
    "en-uk": "en-GB",
    "4": "zh-Hans",
    "2052": "zh-CN",
    "1028": "zh-TW",
    "3076": "zh-HK",
    "4100": "zh-SG",
    "5124": "zh-MO",
    "31748": "zh-Hant",
    "9": "en",
    "1033": "en-US",
    "2057": "en-GB",
    "3081": "en-AU",
    "4105": "en-CA",
}
_RUN_TOGETHER = re.compile(r"(zh|en)(cn|tw|hk|sg|mo|hans|hant|us|gb|uk|au|ca)")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_HAN_PARTS = re.compile(
    "|".join(sorted((word for word in _FILLERS.union(_NAMED) if not word.isascii()), key=len, reverse=True))
)
_TAG = re.compile(r"[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*")
UNDETERMINED = frozenset(
    ["", "und", "mul", "mis", "zxx", "x-none", "none", "unknown", "*all*", "*none*", "all", "any", "x"]
)


@lru_cache(maxsize=1000)
def primary(tag: str) -> str:
    """Return the primary language subtag in lower case; ``_`` is accepted as a separator.

    >>> primary("zh_Hant_TW"), primary("EN-gb"), primary("Chinese (PRC)"), primary("")
    ('zh', 'en', 'zh', '')
    """
    return canonical(tag).partition("-")[0].lower()


@lru_cache(maxsize=1000)
def is_chinese(tag: str) -> bool:
    """Tell whether a tag or name means Chinese, under any of the codes and words that tools write.

    >>> is_chinese("ZH-cn"), is_chinese("cmn-Hans"), is_chinese("chi"), is_chinese("简体中文"), is_chinese("en")
    (True, True, True, True, False)
    """
    return primary(tag) in {"zh", "cmn", "yue"}


@lru_cache(maxsize=1000)
def is_english(tag: str) -> bool:
    """Tell whether a tag or name means English.

    >>> is_english("en-GB"), is_english("eng"), is_english("English (United Kingdom)"), is_english("zh")
    (True, True, True, False)
    """
    return primary(tag) == "en"


def is_undetermined(tag: str) -> bool:
    """Tell whether a tag says that the language is not known, or nothing at all.

    >>> is_undetermined(""), is_undetermined("und"), is_undetermined("fr")
    (True, True, False)
    """
    return tag.strip().lower() in UNDETERMINED


def is_name(tag: str) -> bool:
    """Tell whether a language is given otherwise than by its tag: by a name, or by a code of another kind.

    >>> is_name("Chinese"), is_name("1033"), is_name("ZH_cn"), is_name("fr")
    (True, True, False, False)
    """
    plain = tag.strip().replace("_", "-").lower()
    return canonical(tag).lower() != plain and plain.partition("-")[0] not in ISO_639_2


def joiner(tag: str) -> str:
    """Return what stands between two joined sentences: nothing in Chinese, a space elsewhere.

    >>> joiner("zh-CN"), joiner("en-US")
    ('', ' ')
    """
    return "" if is_chinese(tag) else " "


def join(pieces: "list[str] | tuple[str, ...]", tag: str) -> str:
    """Join sentences or cut halves of one sentence as the language does.

    Between two pieces of Chinese a space is kept where Latin letters or digits meet.

    >>> join(["第一。", "第二。"], "zh-CN"), join(["Latin America", "and the Caribbean."], "en-US")
    ('第一。第二。', 'Latin America and the Caribbean.')
    """
    if not is_chinese(tag):
        return " ".join(piece.strip() for piece in pieces if piece.strip())
    text = ""
    for piece in (piece.strip() for piece in pieces):
        meets_latin = text[-1:].isascii() and text[-1:].isalnum() and piece[:1].isascii() and piece[:1].isalnum()
        text += (" " if meets_latin else "") + piece
    return text


@lru_cache(maxsize=1000)
def canonical(tag: str) -> str:
    """Return a tag in the letter case and with the separator that BCP 47 recommends, also of a language by its name.

    >>> canonical("ZH_cn"), canonical("EN-US"), canonical("zh_hant_tw"), canonical("")
    ('zh-CN', 'en-US', 'zh-Hant-TW', '')
    >>> canonical("Chinese (Simplified, PRC)"), canonical("English_United_Kingdom"), canonical("zho"), canonical("1033")
    ('zh-Hans-CN', 'en-GB', 'zh', 'en-US')

    References:
        RFC 5646, section 2.1.1: a script is written Xxxx, a region XX, all else in lower case.
        [MS-LCID] for the numbers.
    """
    tag = re.split("[.@;,](?=[A-Za-z0-9])", tag.strip(), maxsplit=1)[0] if _TAG.match(tag.strip()) else tag.strip()
    return _named(tag) or _cased(tag)


def _cased(tag: str) -> str:
    first, *rest = tag.replace("_", "-").split("-")
    cased = [first.lower()]
    for part in rest:
        if cased[-1] == "x" or len(cased[-1]) == 1:
            cased.append(part.lower())
        elif len(part) == 4 and part.isalpha():
            cased.append(part.title())
        else:
            cased.append(part.upper() if len(part) == 2 else part.lower())
    return "-".join(cased)


def _named(name: str) -> str:
    """Return the tag of Chinese or English that is given by a name or a code of another kind; nothing of any other."""
    word = name.lower().replace("_", "-")
    if re.fullmatch("0x[0-9a-f]{1,8}", word):
        word = str(int(word, 16))
    first, _, rest = word.partition("-")
    if word in _CODES or (first in _CODES and first.isalpha()):
        return _CODES[word] if word in _CODES else _cased(_CODES[first] + "-" + rest)
    if match := _RUN_TOGETHER.fullmatch(word):
        return canonical(f"{match[1]}-{match[2]}")
    found: dict[str, str] = {}
    for part in _WORDS.findall(name.casefold()):
        pieces = [part] if part.isascii() or part in _NAMED else _HAN_PARTS.findall(part)
        if "".join(pieces) != part:
            return ""
        for piece in pieces:
            kind, tag = _NAMED.get(piece, ("", ""))
            if found.get(kind) in _PARTS_OF_CHINA and tag == "CN":
                continue
            if found.get(kind) == "CN" and tag in _PARTS_OF_CHINA:
                found[kind] = tag
            if (not kind and piece not in _FILLERS) or found.setdefault(kind, tag) != tag:
                return ""
    if "language" not in found:
        if not set(found) & {"script"} or name.isascii():  # 简体, 繁体; not "simplified", "China"
            return ""
        found["language"] = "zh"
    return "-".join(found[kind] for kind in ("language", "script", "region") if kind in found)
