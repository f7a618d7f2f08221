"""Measure the checks on clean official texts: false alarms of each, and the share of seeded errors that are found.

    python benchmarks/checks.py ../shared/bench [--terms] [--show CHECK] [--only NAME]

The texts are parallel paragraphs: folders with ``zh.txt`` and ``en.txt`` that have a line for a line, and folders that
have ``links.tsv`` besides (line numbers, 1-based: Chinese TAB English, commas between, - for none).

With ``--terms`` the texts are checked by the terms of ``terms.csv`` beside them, the work reports by those of
``terms/coinages.csv``. Others made these lists, and the texts often use other words.

- false alarms: units with a finding graver than information. ``judged/checks.tsv`` says which of these a reader held
  to be right (a mark or a figure that the text really lost); the others are false;
- seeded errors: the same units, damaged on purpose in their English, one error a unit that has no
  finding itself, and the share of them that gets one.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from duiyi.checking.model import Reference, Segment
from duiyi.checking.run import CHECKS, CheckOptions, check
from duiyi.recognition import Recognised, Recogniser, abbreviations, english_words, find_rendering
from glossary.model import ConceptEntry, Rendering, Variant
from tmx.checks import Finding
from tmx.languages import CHINESE, ENGLISH, joiner
from tmx.model import TranslationUnit
from tmx.numbers import find as find_numbers
from tmx.scripts import labelled
from tmx.segmentation import segment

JUDGED = Path(__file__).parent / "judged" / "checks.tsv"
DOCUMENTS = ("terms/hkma-*", "bitext/*", "alignment/newyear-*", "alignment/un-*")
FLOORS = (0.005, 0.002, 0.95)  # of units with any, with one check; of seeded errors


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def units(folder: Path) -> Iterator[TranslationUnit]:
    """Yield the units of all documents with text on both sides."""
    for document in sorted(place for pattern in DOCUMENTS for place in folder.glob(pattern)):
        texts = [lines(document / f"{side}.txt") for side in ("zh", "en")]
        if (document / "links.tsv").exists():
            rows = [row.split("\t")[:2] for row in lines(document / "links.tsv")]
            pairs = [
                ["", ""]
                if "-" in row
                else [
                    joiner(tag).join(text[int(number) - 1].strip() for number in numbers.split(","))
                    for text, tag, numbers in zip(texts, (CHINESE, ENGLISH), row, strict=True)
                ]
                for row in rows
            ]
        else:
            pairs = [list(pair) for pair in zip(*_same_lines(*texts), strict=True)]
        for number, (chinese, english) in enumerate(pairs, 1):
            source, target = (text.strip().lstrip("#* ").strip() for text in (chinese, english))
            if source and target:
                yield TranslationUnit(
                    f"{document.name}:{number}", source, target, labelled(CHINESE, source), document=document.name
                )


def _same_lines(chinese: list[str], english: list[str]) -> tuple[list[str], list[str]]:
    """Join the two lines over which the longer text breaks one: those that make most headings and figures agree."""
    if len(chinese) == len(english):
        return chinese, english

    def joined(place: int) -> list[str]:
        return [*chinese[:place], chinese[place] + chinese[place + 1], *chinese[place + 2 :]]

    def agreeing(place: int) -> int:
        return sum(
            (one[:1] == other[:1] == "#") + bool(set(_FIGURES.findall(one)) & set(_FIGURES.findall(other)))
            for one, other in zip(joined(place), english, strict=True)
        )

    return joined(max(range(len(english)), key=agreeing)), english


_FIGURES = re.compile(r"\d+")


# --- Seeded errors: each returns the unit with one error in the English, None where there is nothing to spoil.

References = dict[str, Reference]  # by the name of the document


def references(folder: Path) -> References:
    """The termbase of each document: its own list of terms, or the coinages of the work reports."""
    coinages = _entries(folder / "terms" / "coinages.csv")
    found = {}
    for document in sorted(place for pattern in DOCUMENTS for place in folder.glob(pattern)):
        own = document / "terms.csv"
        entries = _entries(own) if own.exists() else coinages if document.name.startswith("gwr") else []
        found[document.name] = Reference(Recogniser(entries), tuple(entries), frozenset(one.id for one in entries))
    return found


def _entries(path: Path) -> list[ConceptEntry]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("must", "1") != "0"]
    return [
        ConceptEntry(
            row["zh"],
            row["zh"],
            tuple(
                Rendering(text.strip(), "admitted" if number else "preferred")
                for number, text in enumerate(re.split("[|;]", f"{row['en']}|{row.get('en_variants') or ''}"))
                if text.strip()
            ),
            tuple(Variant(text.strip()) for text in re.split("[|;]", row.get("zh_variants") or "") if text.strip()),
        )
        for row in rows
    ]


def find(unit: TranslationUnit, against: References) -> list[Finding]:
    """What the checks find in a unit by itself and by the terms of its document."""
    segment = Segment(1, unit, unit.document, unit.id)
    return [one.finding for one in check([segment], against[unit.document], INFORMATION).found]


INFORMATION = CheckOptions(information=True)


def one_figure(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Change one figure of a number that both sides hold."""
    known = {one.value for one in find_numbers(unit.source, CHINESE)}
    places = [
        place
        for one in find_numbers(unit.target, ENGLISH)
        if one.value in known and re.search(r"\d{2}", unit.target[one.start : one.end])
        for place in range(one.start, one.end)
        if unit.target[place].isdigit()
    ]
    if not places:
        return None
    place = chance.choice(places)
    wrong = chance.choice([figure for figure in "123456789" if figure != unit.target[place]])
    return replace(unit, target=unit.target[:place] + wrong + unit.target[place + 1 :])


def magnitude(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Make a million a billion and the reverse, or move a decimal point."""
    scales = [*re.finditer(r"(?<=\d )(million|billion|trillion)\b", unit.target)]
    if not scales:
        return None
    scale = chance.choice(scales)
    wrong = {"million": "billion", "billion": "million", "trillion": "billion"}[scale[0]]
    return replace(unit, target=unit.target[: scale.start()] + wrong + unit.target[scale.end() :])


def one_sentence(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Leave out one of two or more sentences."""
    spans = segment(unit.target, ENGLISH)
    if len(spans) < 2 or len(segment(unit.source, CHINESE)) != len(spans):
        return None
    long = [number for number, (start, end) in enumerate(spans) if end - start >= MIN_SENTENCE]
    if not long:
        return None
    left_out = chance.choice(long)
    return replace(unit, target=" ".join(unit.target[a:b] for n, (a, b) in enumerate(spans) if n != left_out))


MIN_SENTENCE = 30  # letters; "(Applause.)" may be missing


def whole_sentence(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    return replace(unit, target="")


def one_name(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Put another Chinese name in the place of one that the English spells."""
    names = [*re.finditer(r"\b(?:" + "|".join(map(re.escape, _OTHERS)) + r")\b", unit.target)]
    if not names:
        return None
    name = chance.choice(names)
    wrong = chance.choice(_OTHERS[name[0]])
    return replace(unit, target=unit.target[: name.start()] + wrong + unit.target[name.end() :])


_PEOPLE = ("Xi Jinping", "Li Keqiang", "Wang Yi", "Li Zhanshu", "Wang Yang", "Hu Jintao", "Deng Xiaoping", "Li Fei")
_PLACES = ("Beijing", "Shanghai", "Guangdong", "Shenzhen", "Wuhan", "Hainan", "Xinjiang", "Tianjin", "Hebei", "Taiwan",
           "Sichuan", "Yunnan", "Chongqing", "Hangzhou", "Nanjing", "Xiamen", "Qingdao", "Qinghai")  # fmt: skip
_OTHERS = {
    name: [other for other in group if other != name]
    for group in (_PEOPLE, (*_PLACES, "Dalian", "Changsha"))
    for name in group
}


def one_term(unit: TranslationUnit, chance: random.Random, reference: Reference) -> TranslationUnit | None:
    """Put the rendering of another term in the place of one, wherever it stands; nothing right may be left of it.

    A seed is unfair, and left out, where the term is still rendered: in full where two of its renderings overlapped,
    or by its initials.
    """
    found = reference.terms.in_chinese(unit.source)
    if not (there := [one.form for one in found if _renderings(unit.target, found, one.form)]):
        return None
    form = chance.choice(there)
    entries = [one.entry for one in found if one.form == form]
    stems = _stems(entries)
    other = chance.choice([one for one in reference.entries if not stems & _stems([one])]).preferred.text
    target = unit.target
    for start, end in reversed(_renderings(target, found, form)):
        target = target[:start] + other + target[end:]
    if _renderings(target, found, form) or any(_has_initials(target, entry) for entry in entries):
        return None
    return replace(unit, target=target)


def _renderings(text: str, found: Sequence[Recognised], form: str) -> list[tuple[int, int]]:
    """Return where a Chinese form is rendered in a text, stretches that overlap or touch as one."""
    spans = sorted(
        span
        for entry in {one.entry.id: one.entry for one in found if one.form == form}.values()
        for rendering in entry.renderings
        for span in find_rendering(text, rendering.text)
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _has_initials(text: str, entry: ConceptEntry) -> bool:
    names = {name.upper() for one in entry.renderings for name in abbreviations(one.text)}
    return any(word.removesuffix("s") in names for word in re.findall(r"\b[A-Z]{2,}s?\b", text))


def _stems(entries: Sequence[ConceptEntry]) -> set[str]:
    """Return the words of all renderings: those of two terms that share one are no error of the whole term."""
    return {word.key for entry in entries for text in entry.renderings for word in english_words(text.text)}


def one_quotation(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Leave out one mark of a quotation."""
    balanced = unit.target.count("“") == unit.target.count("”")
    marks = [m.start() for m in re.finditer("[“”]" if balanced else '"', unit.target)]
    if not marks or (not balanced and len(marks) % 2):
        return None
    place = chance.choice(marks)
    return replace(unit, target=unit.target[:place] + unit.target[place + 1 :])


def currency(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Make Hong Kong dollars US dollars and the reverse."""
    signs = [*re.finditer(r"(?:HK|US)\$(?=\d)", unit.target)]
    if not signs or not re.search("[港美]元", unit.source):
        return None
    sign = chance.choice(signs)
    return replace(
        unit, target=unit.target[: sign.start()] + {"H": "US$", "U": "HK$"}[sign[0][0]] + unit.target[sign.end() :]
    )


def reversed_bound(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Make a number that is the least the most, and the reverse, where the Chinese says so too."""
    words = [*re.finditer(rf"(?i)\b(?:{'|'.join(_REVERSED)})(?= (?:[A-Z]{{2,3}}\$?)?\d)", unit.target)]
    if not words or not re.search(
        "[超逾过過多余餘]|[不高低少多][于於]|至少|最[多高低]|以[上下内內]|不[足到]", unit.source
    ):
        return None
    word = chance.choice(words)
    return replace(unit, target=unit.target[: word.start()] + _REVERSED[word[0].lower()] + unit.target[word.end() :])


_OPPOSITES = (("more than", "fewer than"), ("over", "below"), ("at least", "at most"), ("up to", "at least"),
              ("no more than", "no less than"), ("less than", "more than"), ("below", "above"))  # fmt: skip
_REVERSED = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])} | {"at least": "at most"}


def reversed_direction(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Let what rises by or to a number fall, and the reverse."""
    words = [*re.finditer(rf"(?i)\b(?:{'|'.join(_RISING)})(?= (?:by|to) (?:[A-Z]{{2,3}}\$?)?\d)", unit.target)]
    if not words:
        return None
    word = chance.choice(words)
    return replace(unit, target=unit.target[: word.start()] + _RISING[word[0].lower()] + unit.target[word.end() :])


_RISING_AND_FALLING = (("rose", "fell"), ("increased", "decreased"), ("grew", "declined"), ("increase", "decrease"),
                       ("grown", "declined"), ("increasing", "decreasing"), ("raised", "lowered"))  # fmt: skip
_RISING = {one: other for pair in _RISING_AND_FALLING for one, other in (pair, pair[::-1])}


def lost_negation(unit: TranslationUnit, chance: random.Random) -> TranslationUnit | None:
    """Let a text allow what it forbids, where the Chinese is one clause or two."""
    found = [(match, said) for negation, said in _NEGATIONS for match in re.finditer(negation, unit.target)]
    if (
        not found
        or len(unit.source) > SHORT
        or not re.search("不得|禁止|未[经經]|[没沒]有|不[能会會]|[并從从]未", unit.source)
    ):
        return None
    match, said = chance.choice(found)
    return replace(unit, target=unit.target[: match.start()] + match.expand(said) + unit.target[match.end() :])


_NEGATIONS = (
    (r"\b(shall|must|may|can|will|do|does|did|is|are|was|were|has|have|had) not\b", r"\1"),
    (r"\bcannot\b", "can"),
    (r"\bwithout\b", "with"),
    (r"\bprohibited\b", "permitted"),
    (r"\b[Nn]o (?=[a-z])", "any "),
)
SHORT = 60  # characters; a longer text has other negations

SEEDS: dict[str, Any] = {
    "one figure": one_figure,
    "order of magnitude": magnitude,
    "currency": currency,
    "bound reversed": reversed_bound,
    "direction reversed": reversed_direction,
    "negation lost": lost_negation,
    "one name": one_name,
    "one term": one_term,
    "one sentence of several": one_sentence,
    "one sentence alone": whole_sentence,
    "one mark of a quotation": one_quotation,
}


def judged() -> set[tuple[str, str]]:
    """Return the findings that a reader held to be right: unit and check."""
    if not JUDGED.exists():
        return set()
    rows = [line.split("\t") for line in lines(JUDGED)[1:]]
    return {(row[0], row[1]) for row in rows if row[2] == "right"}


def alarms(findings: Sequence[Finding]) -> set[str]:
    return {one.check for one in findings if one.severity != "neutral"}


def report_false_alarms(some: Sequence[TranslationUnit], against: References, show: str) -> set[str]:
    right, doubtful = judged(), set()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    any_alarm = any_false = 0
    for unit in some:
        findings = find(unit, against)
        found = alarms(findings)
        if found:
            doubtful.add(unit.id)
        false = {name for name in found if (unit.id, name) not in right}
        any_alarm += bool(found)
        any_false += bool(false)
        counts["all"].update(found)
        counts["false"].update(false)
        counts["info"].update({one.check for one in findings} - found)
        for one in findings:
            if show in (one.check, "all") and (one.check in false or one.severity == "neutral"):
                print(f"{unit.id}\t{one.check}\t{one.message}\n    {unit.source}\n    {unit.target}")
    print(f"{len(some)} units of clean text: {any_alarm / len(some):.2%} have a finding,", end=" ")
    print(f"{any_false / len(some):.2%} a false one (floor {FLOORS[0]:.1%})")
    print("| check | severity | findings | false | of units | information |\n|---|---|---|---|---|---|")
    for one in CHECKS:
        false, rate = counts["false"][one.name], counts["false"][one.name] / len(some)
        over = " !" if rate >= FLOORS[1] else ""
        print(f"| `{one.name}` | {one.severity} | {counts['all'][one.name]} | {false} | {rate:.2%}{over} |", end=" ")
        print(f"{counts['info'][one.name] or ''} |")
    return doubtful


def report_seeds(some: Sequence[TranslationUnit], against: References, doubtful: set[str], show: str) -> None:
    print("\n| seeded error | units | found | by |\n|---|---|---|---|")
    for name, spoil in SEEDS.items():
        chance = random.Random(20)
        hits: list[bool] = []
        by: Counter[str] = Counter()
        for unit in some:
            spoilt = spoil(unit, chance, against[unit.document]) if spoil is one_term else spoil(unit, chance)
            if spoilt is None or spoilt == unit or unit.id in doubtful:
                continue
            new = alarms(find(spoilt, against))
            hits.append(bool(new))
            by.update(new)
            if show == name and not new:
                print(f"{unit.id}\n    {unit.source}\n    {spoilt.target}")
        share = sum(hits) / len(hits) if hits else 0.0
        names = ", ".join(f"`{check}`" for check, _ in by.most_common(3))
        print(f"| {name} | {len(hits)} | {share:.1%}{' !' if share < FLOORS[2] else ''} | {names} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--show", default="", help="print the false alarms of a check (or all), or a seeded error missed"
    )
    parser.add_argument("--terms", action="store_true", help="also check by lists of terms")
    parser.add_argument("--only", default="", help="only documents whose name begins so")
    arguments = parser.parse_args()
    some = [unit for unit in units(arguments.folder) if unit.document.startswith(arguments.only)]
    began = time.process_time()
    against = references(arguments.folder) if arguments.terms else defaultdict(Reference)
    if not arguments.terms:
        del SEEDS["one term"]
    doubtful = report_false_alarms(some, against, arguments.show)
    print(f"{len(some) / (time.process_time() - began):,.0f} units a second of processor time")
    report_seeds(some, against, doubtful, arguments.show)


if __name__ == "__main__":
    main()
