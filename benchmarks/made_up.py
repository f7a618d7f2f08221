"""Made-up bilingual documents of any size, for measuring: our own sentence patterns filled with dictionary words.

Words come from CC-CEDICT at run time, drawn by how frequent they are (Zipf), so that common and rare words, and
with them the sizes of index and vocabulary, grow as in real text. Nothing of it is meant to be read.
"""

from __future__ import annotations

import calendar
import random
import re
from bisect import bisect
from functools import cache
from itertools import accumulate
from pathlib import Path

import wordfreq

from tmx.cedict import entries

# Zh slots N noun, V verb, A adjective; numbers stand for year, month, day and share. Both sides in the same order of
# slots where the languages allow; {0} is the first slot wherever it stands.
PATTERNS = (
    ("{N0}和{N1}必须{V0}{N2}。", "The {N0} and the {N1} must {V0} the {N2}."),
    (
        "{Y}年以来，我们坚持{V0}{A0}{N0}，推动{N1}取得{A1}{N2}。",
        "Since {Y}, we have continued to {V0} the {A0} {N0} and have brought about {A1} {N2} in the {N1}.",
    ),
    ("{N0}增长百分之{P}，{N1}增长百分之{Q}。", "The {N0} grew by {P} percent and the {N1} by {Q} percent."),
    (
        "{Y}年{M}月{D}日，{N0}在会上表示，要{V0}{N1}、{V1}{N2}，为{N3}作出贡献。",
        "On {D} {MN} {Y} the {N0} told the meeting that it would {V0} the {N1}, {V1} the {N2} and work for the {N3}.",
    ),
    ("为什么{N0}不能{V0}{N1}？", "Why can the {N0} not {V0} the {N1}?"),
    (
        "这是{A0}{N0}，也是{A1}{N1}；没有{N2}，就没有{N3}。",
        "This is a {A0} {N0} and also a {A1} {N1}; without the {N2} there would be no {N3}.",
    ),
    ("{V0}{N0}，{V1}{N1}，{V2}{N2}。", "We shall {V0} the {N0}, {V1} the {N1} and {V2} the {N2}."),
    ("我们将继续{V0}{N0}。", "We will continue to {V0} the {N0}."),
    (
        "关于{A0}{N0}的报告指出，{N1}的{N2}比{Y}年更加{A1}。",
        "The report on the {A0} {N0} points out that the {N2} of the {N1} is more {A1} than in {Y}.",
    ),
    ("“{N0}”是{N1}与{N2}之间的{N3}。", "The “{N0}” is a {N3} between the {N1} and the {N2}."),
)
MONTHS = calendar.month_name[1:]
SLOT = re.compile(r"\{([A-Z]+)(\d?)\}")
# A pair of lines that comes again word for word, as headings and formulae do.
REPEATED_SHARE = 0.05


@cache
def vocabulary() -> dict[str, tuple[list[tuple[str, str]], list[float]]]:
    """Words by slot, each with its cumulative frequencies: ([(zh, en), ...], [...])."""
    words: dict[str, dict[str, tuple[str, float]]] = {"N": {}, "V": {}, "A": {}}
    for entry in entries():
        zh, gloss = entry.simplified, entry.glosses[0] if entry.glosses else ""
        if not 2 <= len(zh) <= 4 or not re.fullmatch(r"(to )?(?!the |an? |be )[a-z]+( [a-z]+)?", gloss):
            continue
        verb = gloss.startswith("to ")
        english = gloss.removeprefix("to ")
        slot = "V" if verb else "A" if re.search(r"(al|ive|ous|ful|ic|able)$", english) else "N"
        frequency = wordfreq.word_frequency(english, "en")
        if frequency > 0:
            words[slot].setdefault(zh, (english, frequency))
    table = {}
    for slot, found in words.items():
        pairs = sorted((zh, english) for zh, (english, _) in found.items())
        table[slot] = pairs, list(accumulate(found[zh][1] ** 0.8 for zh, _ in pairs))
    return table


def sentence(chance: random.Random) -> tuple[str, str]:
    """One sentence and its translation."""
    chinese, english = chance.choice(PATTERNS)
    filled: dict[str, tuple[str, str]] = {}

    def fill(name: str, slot: str) -> tuple[str, str]:
        if name not in filled:
            if slot in "NVA":
                pairs, weights = vocabulary()[slot]
                filled[name] = pairs[bisect(weights, chance.random() * weights[-1])]
            else:
                number = chance.randint(*{"Y": (1978, 2025), "M": (1, 12), "D": (1, 28)}.get(slot[0], (2, 60)))
                filled[name] = str(number), str(number)
        return filled[name]

    source = SLOT.sub(lambda match: fill("".join(match.groups()), match[1])[0], chinese)
    target = SLOT.sub(
        lambda match: (
            MONTHS[int(filled["M"][1]) - 1] if match[1] == "MN" else fill("".join(match.groups()), match[1])[1]
        ),
        english,
    )
    return source, target


@cache
def repeated_lines() -> list[tuple[str, str]]:
    """The lines that many documents share."""
    chance = random.Random("repeated lines")
    return [sentence(chance) for _ in range(200)]


def document(number: int, sentences: int) -> list[tuple[str, str]]:
    """The sentence pairs of one document, always the same for the same number."""
    chance = random.Random(f"document {number}")
    return [
        chance.choice(repeated_lines()) if chance.random() < REPEATED_SHARE else sentence(chance)
        for _ in range(sentences)
    ]


def uneven(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put the last two of every four Chinese sentences together; the English ones stay two."""
    made = []
    for first in range(0, len(pairs), 4):
        *before, (zh, en), (last_zh, last_en) = pairs[first : first + 4]
        made += [*before, (f"{zh[:-1]}，{last_zh}", f"{en} {last_en}")]
    return made


def write_documents(folder: Path, documents: int, sentences: int = 100, first: int = 0, ratio: bool = False) -> None:
    """Write pairs of files, NUMBER.zh.txt and NUMBER.en.txt, 1,000 a folder; paragraphs have up to four sentences.

    ``ratio``: four English sentences for three Chinese ones; ``sentences`` counts the English ones, a multiple of four.
    """
    for number in range(first, first + documents):
        chance = random.Random(number)
        pairs = document(number, sentences)
        pairs = uneven(pairs) if ratio else pairs
        zh, en = [], []
        while pairs:
            size = chance.randint(1, 4)
            zh.append("".join(pair[0] for pair in pairs[:size]))
            en.append(" ".join(pair[1] for pair in pairs[:size]))
            del pairs[:size]
        place = folder / f"{number // 1000:04d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:07d}.zh.txt").write_text("\n".join(zh) + "\n", encoding="utf-8")
        (place / f"{number:07d}.en.txt").write_text("\n".join(en) + "\n", encoding="utf-8")
