"""How Chinese syllables are spelt in names: Wade-Giles, and the habits of Hong Kong.

References:
    The Hong Kong Government Cantonese Romanisation has no rules, but is that of a syllabary of the nineteenth century
    (Eitel, Dyer Ball), and families spell as they like; so each sound has several spellings.
"""

from __future__ import annotations

import re

_PINYIN = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([a-z]+)")
_INITIALS = {"b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "r": "j", "z": "ts", "c": "ts", "zh": "ch"}
_FINALS = {"ong": "ung", "iong": "iung", "ie": "ieh", "ian": "ien", "ue": "ueh", "er": "erh"}
# fmt: off
_SYLLABLES = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu",
    "ge": "ko", "ke": "ko", "he": "ho", "gui": "kuei", "kui": "kuei", "guo": "kuo", "kuo": "kuo", "huo": "huo",
    "shuo": "shuo", "wo": "wo", "yan": "yen", "ye": "yeh", "you": "yu", "yi": "i", "yong": "yung", "yue": "yueh",
}
# fmt: on


def wade_giles(syllable: str) -> str:
    """Return a syllable of pinyin without tone as Wade-Giles spells it, apostrophe and diaeresis left out.

    >>> [wade_giles(one) for one in ("qiu", "xu", "zhong", "guo", "jiang", "tian", "duo")]
    ['chiu', 'hsu', 'chung', 'kuo', 'chiang', 'tien', 'to']
    """
    match = _PINYIN.fullmatch(syllable)
    if syllable in _SYLLABLES or match is None:
        return _SYLLABLES.get(syllable, syllable)
    final = "o" if match[2] == "uo" else _FINALS.get(match[2], match[2])
    return _INITIALS.get(match[1], match[1]) + final


_JYUTPING_PARTS = re.compile("(gw|kw|ng|[bpmfdtnlgkhwzcsj]?)([aeiouy].*)")
_HONG_KONG_INITIALS = {"b": "p", "d": "t", "g": "k", "gw": "kw", "z": "ch ts", "c": "ch ts", "s": "s sh", "j": "y"}
_HONG_KONG_FINALS = {
    "aa": "a ah",
    "aai": "ai",
    "aau": "au",
    "aam": "am",
    "aan": "an",
    "aang": "ang",
    "aap": "ap",
    "aat": "at",
    "aak": "ak",
    "ai": "ai",
    "au": "au",
    "am": "am um om",
    "an": "an un",
    "ap": "ap up",
    "at": "at ut",
    "ak": "ak uk",
    "e": "e eh",
    "ei": "ei ee i ay",
    "eng": "eng ang",
    "ek": "ek ik",
    "i": "i ee",
    "iu": "iu ew",
    "o": "o oh",
    "oi": "oi oy",
    "ou": "o oo ou",
    "oe": "euh",
    "oeng": "eung eong",
    "oek": "euk",
    "eoi": "ui oi",
    "eon": "un on",
    "eot": "ut",
    "u": "u oo",
    "un": "un oon",
    "yu": "yu u ue",
    "yun": "yuen un",
    "yut": "yuet ut",
}
_HONG_KONG_SYLLABLES = {
    "zi": "chi tsz tze che",
    "ci": "chi tsz",
    "si": "si sze see shi",
    "ji": "yi yee i",
    "jyu": "yu yue u eu",
    "jyun": "yuen un",
    "jyut": "yuet",
    "jip": "yip ip",
    "jing": "ying ing",
    "jik": "yik",
}


def hong_kong(syllable: str) -> tuple[str, ...]:
    """Return how names of Hong Kong may spell a syllable of Jyutping, with or without its tone.

    >>> hong_kong("wong4"), hong_kong("zoeng1"), hong_kong("lei5")
    (('wong',), ('cheong', 'cheung', 'tseong', 'tseung'), ('lay', 'lee', 'lei', 'li'))
    """
    plain = syllable.rstrip("123456")
    if plain in _HONG_KONG_SYLLABLES:
        return tuple(sorted(_HONG_KONG_SYLLABLES[plain].split()))
    match = _JYUTPING_PARTS.fullmatch(plain)
    if match is None:
        return (plain,)
    initials = _HONG_KONG_INITIALS.get(match[1], match[1]).split(" ")
    finals = _HONG_KONG_FINALS.get(match[2], match[2]).split(" ")
    return tuple(
        sorted({initial + final.removeprefix("y" * (initial == "y")) for initial in initials for final in finals})
    )
