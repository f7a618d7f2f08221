"""What kind of thing a term names, and its part of speech: by its ending, its tags and the head of its rendering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from glossary.keys import lookup_key
from glossary.mining.candidates import shared_places
from glossary.model import PartOfSpeech, TermType
from glossary.words.glosses import dictionary
from glossary.words.lexicon import spells
from glossary.words.tags import FINITE, NOMINAL, is_name
from glossary.words.tokens import words
from glossary.words.wordclasses import chinese, english

PERSON_TITLES = re.compile(
    r"(主席|总理|部长|外长|书记|总书记|委员|委员长|大使|总统|首相|秘书长|代表|同志|先生|女士|将军|司令|院长|校长|局长|市长|省长|发言人)$"
)
INSTITUTIONS = re.compile(
    r"(委员会|常委会|组织|机构|政府|政党|共产党|共青团|党中央|中央|总台|电视台|通讯社|新华社|大学|学院|银行|集团|公司|法院|联盟|"
    r"(?:日|时|邮|晚|早|周|论坛|先驱|电讯|观察家?|纪事)报|周刊|杂志|新闻网|广播公司|出版社|"
    r"联合国|联合会|协会|基金会|基金组织|人民代表大会|人大|政治协商会议|政协|军队|解放军)$"
)
OFFICES = re.compile(r"(部|院|局|署|厅|社|党|军)$")  # too short to tell on their own: with a name in capitals only
EVENTS = re.compile(
    r"(大会|会议|峰会|论坛|全会|会晤|博览会|进博会|服贸会|广交会|运动会|奥运会|冬奥会|残奥会|年会|大选|革命|战争|时刻|周年|华诞|"
    r"(?:十|二十)大)$"
)
INITIATIVES = re.compile(r"(倡议|行动|计划|工程|战略|规划|方案|项目|试验区|自由贸易港|号)$")
DOCUMENTS = re.compile(r"(法|条例|协定|协议|公约|条约|宪法|宪章|宣言|章程)$")
SLOGAN = re.compile(r"，|^为.+谋|至上$|.就是.")
DOCTRINES = re.compile(r"(主义|思想|理论|学说|精神|模式)$")  # named after persons and places, and neither
PREDICATES = frozenset(("v", "d", "ad", "p"))  # what parallel parts of a slogan begin with: 反侵略、反干预

# The head word of an English name tells what it names.
HEADED: tuple[TermType, ...] = ("event", "institution", "place", "initiative", "title")
HEADS: dict[TermType, frozenset[str]] = {kind: frozenset(english(f"{kind}_heads")) for kind in HEADED}
BODIES = re.compile(r"\b(?:People[’']s|National People[’']s|Consultative) (?:Congress|Conference)$")  # no meetings
SMALL = frozenset(("of", "the", "for", "on", "in", "and", "to", "with", "at"))
NAME_WORDS = (2, 4)  # of the name of a foreigner


@lru_cache(maxsize=10_000)
def _words(rendering: str) -> tuple[str, ...]:
    return tuple(words(rendering))


def head_of(rendering: str) -> str:
    """Return what stands before the first preposition of a rendering: its last word is the head.

    >>> head_of("World Economic Forum in Davos")
    'World Economic Forum'
    """
    return re.split(r" (?:of|for|on|in|to|with|at|by|between|against) ", rendering)[0]


def term_type(term: str, rendering: str, tags: Sequence[str], target_tags: Sequence[str]) -> TermType:
    """Return what kind of thing a term names, by its ending, its tags and the capitals and head of its rendering.

    What is written small is no institution and no event, but a concept: clean government, people's war. The title of a
    law or a treaty is a title as well.

    >>> term_type("世界卫生组织", "World Health Organization", ("n", "n"), ("NNP", "NNP", "NNP"))
    'institution'
    """
    term = lookup_key(term)
    content = [word for word in _words(rendering) if word[0].isalnum() and word.lower() not in SMALL]
    capital = bool(content) and all(word[0].isupper() or word[0].isdigit() for word in content)
    if term.isascii():
        return "abbreviation"
    parallel = "、" in term and tags and tags[0] in PREDICATES
    if (SLOGAN.search(term) or parallel or any(shared_places(term)[:-1])) and len(term) >= 4:
        return "slogan"
    if PERSON_TITLES.search(term):
        return "person" if capital and any(tag[:2] == "nr" for tag in tags) else "title"
    kind = _named(term, rendering, content, capital)
    if kind:
        return kind
    capital = capital and not DOCTRINES.search(term)
    if capital and _is_person(term, content, tags):
        return "person"
    if capital and len(tags) <= 2 and tags and (tags[-1][:2] == "ns" or _is_place(content, tags)):
        return "place"
    return "phrase" if _is_phrase(term, tags, target_tags) else "concept"


def _named(term: str, rendering: str, content: Sequence[str], capital: bool) -> TermType | None:
    """Return the kind of a name; None where it is none or its endings say nothing."""
    head = head_of(rendering)
    last = head.rpartition(" ")[2].lower()
    large = [word for word in content if word[0].isupper() or word[0].isdigit()]
    if capital:
        if BODIES.search(head) or INSTITUTIONS.search(term):
            return "institution"
        found = next((kind for kind, heads in HEADS.items() if last in heads and (len(content) > 1)), None)
        if found:
            return found
        for kind, ending in _ENDINGS:
            if ending.search(term):
                return kind
    if large and (EVENTS.search(term) or last in HEADS["event"]) and (capital or last in HEADS["event"]):
        return "event"
    if large and head[:1].isupper() and INSTITUTIONS.search(term) and head.split()[-1][:1].isupper():
        return "institution"
    return None


_ENDINGS: tuple[tuple[TermType, re.Pattern[str]], ...] = (
    ("event", EVENTS),
    ("institution", OFFICES),
    ("initiative", INITIATIVES),
    ("title", DOCUMENTS),
)


def _is_person(term: str, parts: Sequence[str], tags: Sequence[str]) -> bool:
    """Tell whether a name is a person's: spelt as it is read, surname first, or a foreigner's, transcribed."""
    if _is_personal_name(term, parts):
        return True
    names = bool(tags) and len(tags) <= 2 and all(tag[:2] == "nr" for tag in tags)
    if names and len(parts) == 1 and len(term) > 1:
        return spells(term[0], parts[0])  # called by the surname
    several = NAME_WORDS[0] <= len(parts) <= NAME_WORDS[1]
    transcribed = names and len(term) >= 3 and all(map(is_name, parts)) and not spells(term, "".join(parts))
    return several and ("·" in term or transcribed)


def _is_personal_name(term: str, parts: Sequence[str]) -> bool:
    """Tell whether two words in capitals spell out a Chinese name, surname first: 李四光 Li Siguang.

    Names of places are one word (延安 Yan'an); that of a firm or a pair of places is longer.
    """
    if len(parts) != 2 or not 2 <= len(term) <= 4:
        return False
    if len(term) == 4 and len(parts[0]) > SURNAME_LETTERS:
        return False
    return any(spells(term[:cut], parts[0]) and spells(term[cut:], parts[1]) for cut in (1, 2))


SURNAME_LETTERS = 7  # Ouyang, Situ, Zhuge; no surname of two characters is longer in letters


def _is_place(parts: Sequence[str], tags: Sequence[str]) -> bool:
    """Tell whether a rendering is nothing but names joined, and the Chinese was taken for a name: 成渝."""
    pieces = [piece for word in parts for piece in re.split("[-–]", word) if piece]
    return tags[-1][:2] == "nr" and len(pieces) > len(parts) and all(map(is_name, pieces))


def _is_phrase(term: str, tags: Sequence[str], target_tags: Sequence[str]) -> bool:
    """Tell whether a verb begins a term and its rendering; a word of the dictionary (共享经济) is a concept."""
    if len(tags) < 2 or tags[0] not in ("v", "d", "ad") or not target_tags:
        return False
    if target_tags[0] in FINITE or term.startswith(POLICY_VERBS):
        return target_tags[0][:2] == "VB"
    # learning system and sharing economy are things, preventing risks is an act
    thing = tuple(target_tags[1:]) == ("NN",) or target_tags[-1] == "VBG" or term in dictionary()
    return target_tags[0] == "VBG" and not thing


POLICY_VERBS = chinese("policy_verbs")


def part_of_speech(kind: TermType, rendering: str, target_tags: Sequence[str]) -> PartOfSpeech:
    """Return the part of speech of an entry."""
    content = [word for word in _words(rendering) if word[0].isalpha() and len(word) > 3]
    capital = bool(content) and all(word[0].isupper() for word in content)
    if kind in ("person", "institution", "place", "event", "initiative") and capital:
        return "properNoun"
    if kind == "slogan":
        return "phrase"
    if target_tags and target_tags[0] in FINITE:
        return "verb"
    if len(target_tags) == 1 and target_tags[0] in ("JJ", "JJR", "VBN"):
        return "adjective"
    if len(target_tags) == 1 and target_tags[0] == "RB":
        return "adverb"
    if target_tags and target_tags[-1] in NOMINAL | {"VBG", "CD"}:
        return "properNoun" if capital and len(content) > 1 else "noun"
    return "other"
