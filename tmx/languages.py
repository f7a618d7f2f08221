"""Language tags, and what depends on the language when pieces of text are put together."""

from functools import lru_cache

CHINESE = "zh-CN"
ENGLISH = "en-US"


@lru_cache(maxsize=1000)
def primary(tag: str) -> str:
    """Return the primary language subtag in lower case; ``_`` is accepted as a separator.

    >>> primary("zh_Hant_TW"), primary("EN-gb"), primary("")
    ('zh', 'en', '')
    """
    return tag.replace("_", "-").partition("-")[0].lower()


def is_chinese(tag: str) -> bool:
    """Tell whether a tag names Chinese, under any of the codes that tools write.

    >>> is_chinese("ZH-cn"), is_chinese("cmn-Hans"), is_chinese("chi"), is_chinese("en")
    (True, True, True, False)
    """
    return primary(tag) in {"zh", "cmn", "chi", "zho", "yue", "cn"}


def is_english(tag: str) -> bool:
    """Tell whether a tag names English.

    >>> is_english("en-GB"), is_english("eng"), is_english("zh")
    (True, True, False)
    """
    return primary(tag) in {"en", "eng"}


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
    """Return a tag in the letter case and with the separator that BCP 47 recommends.

    >>> canonical("ZH_cn"), canonical("EN-US"), canonical("zh_hant_tw"), canonical("")
    ('zh-CN', 'en-US', 'zh-Hant-TW', '')

    References:
        RFC 5646, section 2.1.1: a script is written Xxxx, a region XX, all else in lower case.
    """
    first, *rest = tag.strip().replace("_", "-").split("-")
    cased = [first.lower()]
    for part in rest:
        if cased[-1] == "x" or len(cased[-1]) == 1:
            cased.append(part.lower())
        elif len(part) == 4 and part.isalpha():
            cased.append(part.title())
        else:
            cased.append(part.upper() if len(part) == 2 else part.lower())
    return "-".join(cased)
