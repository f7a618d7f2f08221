"""Light part-of-speech tags for English, enough to know where a term may begin and end.

A term ends on a noun, starts on no finite verb and cuts no compound, so what matters is telling nouns, modifiers,
finite verbs and function words apart. The word's own tendency is learnt from the glosses of CC-CEDICT, which show
English words in three telling roles: after "to" (a verb), last of several words (a noun), before the last (a
modifier). Endings decide for words that never occur there, and a few rules of context, after Brill (1992), decide
between the tendencies. Tags are those of the Penn Treebank.

References:
    Brill (1992), A Simple Rule-Based Part of Speech Tagger. Departure: the rules are written by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from glossary.words.frequency import zipf
from glossary.words.wordclasses import closed_tags
from tmx import cedict
from tmx.cache import Table

CLOSED = closed_tags()
BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "am"])
HAVE = frozenset(["has", "have", "had", "having"])
NOUN_ENDINGS = (
    "tion",
    "sion",
    "ment",
    "ness",
    "ity",
    "ship",
    "ism",
    "ance",
    "ence",
    "ist",
    "dom",
    "hood",
    "logy",
    "ure",
    "acy",
    "or",
)
ADJECTIVE_ENDINGS = ("ous", "ful", "ive", "able", "ible", "al", "ic", "ary", "less", "ish", "ian")
NAME_ZIPF = 2.5  # frequency below which a word is hardly known
TAGS = (
    *("NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "VB", "VBP", "VBZ", "VBD", "VBG", "VBN", "MD", "RB", "RBR"),
    *("CD", "DT", "PDT", "PRP", "PRP$", "POS", "IN", "TO", "CC", "PUNCT"),
)
NOMINAL = frozenset(("NN", "NNS", "NNP", "NNPS"))
FINITE = frozenset(("VB", "VBP", "VBZ", "VBD"))
INFLECTED = frozenset(("VBP", "VBZ", "VBD", "MD"))  # verbs of a clause, whatever stands before them
MODIFIERS = NOMINAL | {"JJ", "JJR", "JJS", "VBN", "VBG", "CD", "POS"}


@lru_cache(maxsize=1)
def _roles() -> tuple[dict[str, tuple[int, int, int]], frozenset[str]]:
    """Return for each lemma how often glosses show it as verb, head noun and modifier, and words seen in capitals."""
    return ROLES.load()


_NO_ENGLISH = re.compile(r"\([^)]*\)|\[[^\]]*\]|[^\x00-\x7f]+|\|")
_PARTS = re.compile(r"[;,/]")
_FORMS = re.compile(r"[A-Za-z]+(?:[-'][A-Za-z]+)*")
_AFTER_HEAD = frozenset(("of", "for", "in", "by", "with", "on", "to", "at", "from"))


def _count_roles() -> tuple[dict[str, tuple[int, int, int]], frozenset[str]]:
    verbs: list[str] = []
    heads: list[str] = []
    modifiers: list[str] = []
    forms: list[str] = []
    for entry in cedict.entries():
        for gloss in entry.glosses:
            for part in _PARTS.split(_NO_ENGLISH.sub(" ", gloss)):
                row = _FORMS.findall(part)
                if not row or row[0] in ("CL", "variant", "see", "surname", "abbr"):
                    continue
                forms += row
                lower = [word.lower() for word in row]
                if lower[0] == "to" and len(row) > 1:
                    verbs.append(lower[1])
                    continue
                cut = next((place for place, low in enumerate(lower) if low in _AFTER_HEAD), len(lower))
                if cut >= 2:
                    heads.append(lower[cut - 1])
                    modifiers += lower[: cut - 1]
    counts = Counter(verbs), Counter(heads), Counter(modifiers)
    roles = {word: (counts[0][word], counts[1][word], counts[2][word]) for word in sorted(set().union(*counts))}
    names: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for form, count in Counter(forms).items():
        (names if form[0].isupper() else plain)[form.lower()] += count
    return roles, frozenset(word for word in sorted(names) if names[word] > 3 * plain[word])


ROLES = Table(
    "english-roles",
    tuple[dict[str, tuple[int, int, int]], frozenset[str]],
    _count_roles,
    modules=("glossary.words.tags",),
    tables=(cedict.ENTRIES,),
)


@lru_cache(maxsize=200_000)
def _tendency(word: str) -> str:
    """Return the tag a lower-case word most likely has out of context."""
    known = CLOSED.get(word)
    if known:
        return known
    if word[0].isdigit():
        return "JJ" if word.endswith(("st", "nd", "rd", "th")) else "CD"
    roles, _ = _roles()
    verb, head, modifier = roles.get(word, (0, 0, 0))
    if "-" in word:
        return _compound(word)
    if word.endswith("ly") and head < 5:
        return "RB"
    if word.endswith("ing") and len(word) > 5 and _has_verb(word[:-3]):
        return "NN" if head > 40 and head > modifier else "VBG"
    if word.endswith("ed") and (len(word) > 5 or _has_verb(word[:-2])) and word not in ("hundred", "indeed"):
        return "VBN"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        single = _singular(word)
        verb, head, modifier = roles.get(single, (0, 0, 0))
        if head or not verb:
            return "NNS" if head * 4 >= verb or _tendency(single) == "NN" else "VBZ"
        return "VBZ"
    if word.endswith(NOUN_ENDINGS) and verb <= 2 * head + 2:
        return "NN"
    if word.endswith(ADJECTIVE_ENDINGS) and head < 2 * modifier + 1 and not _has_plural(word):
        return "JJ"
    if word.endswith(("er", "est")) and len(word) > 5 and verb + head <= 3 and _is_adjective(word):
        return "JJR"
    if verb > 2 * (head + modifier):
        return "VB"
    return "JJ" if modifier > 7 * head and modifier > 12 else "NN"


def is_name(word: str) -> bool:
    """Tell whether a word is a name wherever it stands: the dictionary writes it so, or hardly anybody uses it.

    >>> is_name("Xinhua"), is_name("Tasks")
    (True, False)
    """
    return word.lower() in _roles()[1] or zipf(word.lower(), "en") < NAME_ZIPF


def _has_plural(word: str) -> bool:
    """Tell whether a word is about as common in the plural, as nouns are (goal) and adjectives are not (national)."""
    plural = word[:-1] + "ies" if word.endswith("y") else word + "s"
    return zipf(plural, "en") > max(zipf(word, "en") - 1.0, 2.5)


def _has_verb(base: str) -> bool:
    """Tell whether a form without its ending is a verb of the glosses (mak-ing, plann-ing, build-ing)."""
    roles, _ = _roles()
    forms = (base, base + "e", base[:-1] if base[-1:] == base[-2:-1] else base, base[:-1] + "y")
    return any(roles.get(form, (0, 0, 0))[0] > 0 for form in forms)


def _is_adjective(word: str) -> bool:
    """Tell whether a comparative or superlative is that of an adjective (stronger, but not consumer)."""
    base = word[:-3] if word.endswith("est") else word[:-2]
    return any(_tendency(form) == "JJ" or form in CLOSED for form in (base, base + "e", base[:-1]) if len(form) > 2)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1]


def _compound(word: str) -> str:
    last = word.rsplit("-", 1)[1]
    if len(last) < 2 or word in ("opening-up",):
        return "NN"
    tag = _tendency(last)
    if tag in ("NN", "NNS") and not last.endswith(
        ("ment", "tion", "ism", "level", "end", "term", "quality", "tech", "scale", "wide")
    ):
        return (
            tag
            if word.split("-")[0] in ("think", "decision", "policy", "law", "co", "vice", "self", "non")
            else "JJ"
            if tag == "NN"
            else tag
        )
    return "JJ"


def _can_be_verb(word: str) -> bool:
    roles, _ = _roles()
    verb, head, modifier = roles.get(word, (0, 0, 0))
    return verb >= 3 and verb * 4 >= head + modifier


def tag(forms: Sequence[str]) -> list[str]:
    """Return a tag for each form of one English sentence.

    >>> tag(["We", "will", "uphold", "the", "shared", "future", "of", "mankind", "."])
    ['PRP', 'MD', 'VB', 'DT', 'VBN', 'NN', 'IN', 'NN', 'PUNCT']
    """
    lower = [form.lower() for form in forms]
    tags = [_first_tag(form, low, index, lower) for index, (form, low) in enumerate(zip(forms, lower, strict=True))]
    for index in range(len(tags)):
        tags[index] = _in_context(lower, tags, index)
    return tags


SENTENCE_STARTERS = frozenset([".", "!", "?", ":", '"', "“", "”", ";", "—"])


def _first_tag(form: str, low: str, index: int, lower: Sequence[str]) -> str:
    if low == "'s" or (low in ("'", "’") and index and lower[index - 1].endswith("s")):
        return "POS"
    if not form[0].isalnum():
        return "PUNCT"
    if form[0].isupper():
        starts = index == 0 or lower[index - 1] in SENTENCE_STARTERS
        _, names = _roles()
        if form.isupper() and len(form) > 1 and "." not in form:
            return "NNP"
        if low in CLOSED and CLOSED[low] not in ("JJ", "NN", "NNS", "VBD", "VBN", "CD"):
            return CLOSED[low]
        if not starts or low in names:
            return "NNPS" if low.endswith("s") and not low.endswith(("ss", "us", "is")) and low not in names else "NNP"
    return _tendency(low)


class _Place(NamedTuple):
    """A word of a sentence and what stands around it: its own tag and those beside it ("^" and "$" at the edges)."""

    lower: Sequence[str]
    tags: Sequence[str]
    number: int

    @property
    def word(self) -> str:
        return self.lower[self.number]

    @property
    def before(self) -> str:
        return self.tags[self.number - 1] if self.number else "^"

    @property
    def after(self) -> str:
        return self.tags[self.number + 1] if self.number + 1 < len(self.tags) else "$"

    @property
    def back(self) -> int:
        """The place before the adverbs that stand before the word; -1 at the beginning."""
        back = self.number - 1
        while back >= 0 and (self.tags[back] == "RB" or self.lower[back] == "not"):
            back -= 1
        return back

    @property
    def opener(self) -> str:
        """The tag of the word before those adverbs."""
        return self.tags[self.back] if self.back >= 0 else "^"


_OBJECTS = frozenset(("DT", "PRP$"))  # begin an object
_ENDS = frozenset(("IN", "PUNCT", "$"))


def _after_article(at: _Place) -> str | None:
    return "NN" if at.before == "DT" else None  # the spread of


def _with_object(at: _Place) -> str | None:
    """Building a modern country."""
    is_verb = at.after in _OBJECTS and at.word.endswith("ing") and _has_verb(at.word[:-3])
    return "VBG" if is_verb else None


def _at_the_end(at: _Place) -> str | None:
    return "NN" if _ends_noun_phrase(at.lower, at.tags, at.number) else None  # a global public good


_AFTER_VERB = frozenset(
    ("DT", "PRP$", "JJ", "NN", "NNS", "NNP", "NNPS", "VBG", "VBN", "RB", "IN", "CC", "PRP", "TO", "CD", "PDT")
)


def _after_auxiliary(at: _Place) -> str | None:
    """Will firmly uphold, to promote."""
    if at.after not in _AFTER_VERB:
        return None
    opener = at.opener
    if opener == "MD":
        return "VB"
    opens = opener == "TO" and (at.back == at.number - 1 or at.before == "RB")
    return "VB" if opens and _can_be_verb(at.word) else None


_BEFORE_NOUN = frozenset(("DT", "PRP$", "POS", "JJ", "VBN"))


def _after_modifier(at: _Place) -> str | None:
    return "NN" if at.before in _BEFORE_NOUN and at.lower[at.number - 1] != "to" else None


_BEFORE_VERB = frozenset(("CC", "PUNCT", "PRP", "NNS", "^"))


def _before_object(at: _Place) -> str | None:
    return "VB" if at.after in _OBJECTS and at.before in _BEFORE_VERB and _can_be_verb(at.word) else None


_OPENERS = frozenset(("MD", "TO", "^", "PUNCT", "CC", "PRP", "NNS", "RB"))
_AFTER_NOUN = _ENDS | {"CC", "NN", "NNS"}


def _without_opener(at: _Place) -> str | None:
    """Neither auxiliary nor subject before it, and the glosses know it as a noun."""
    if at.after not in _AFTER_NOUN or at.opener in _OPENERS:
        return None
    return "NN" if _roles()[0].get(at.word, (0, 0, 0))[1] > 0 else None


_BEFORE_PLURAL = frozenset(("JJ", "NN", "POS", "PRP$", "DT", "NNP", "VBG", "VBN", "CD", "IN"))
_AFTER_FINITE = frozenset(("DT", "PRP$", "RB", "PRP"))


def _plural(at: _Place) -> str | None:
    if at.before not in _BEFORE_PLURAL or at.word in CLOSED:
        return None
    is_finite = at.before in ("NN", "NNP") and at.after in _AFTER_FINITE  # history surges forward
    return None if is_finite else "NNS"


def _coordinated(at: _Place) -> str | None:
    """Response and support from."""
    joined = at.before == "CC" and at.number > 1 and at.tags[at.number - 2] in NOMINAL
    return "NN" if joined and at.after in _ENDS else None


def _past(at: _Place) -> str:
    """Tell a past participle (shared future, has been built) from a past tense (China completed the building)."""
    back = at.number - 1
    while back >= 0 and at.tags[back] == "RB":
        back -= 1
    helper = at.lower[back] if back >= 0 else ""
    before, after = at.before, at.after
    if helper in HAVE:
        return "VBD"  # a finite verb group all the same: have completed
    if helper in BE or before in ("DT", "PRP$", "POS", "JJ", "IN", "CD", "VBN"):
        return "VBN"
    if after in ("DT", "PRP$", "PRP", "PDT"):
        return "VBD"
    if before in ("PRP", "RB") and after != "NN":
        return "VBD"
    if before in ("NNP", "NNPS") and after in ("JJ", "NN", "NNS", "CD", "NNP"):
        return "VBD"
    return at.tags[at.number]


def _past_tense(at: _Place) -> str | None:
    return None if at.word in CLOSED else _past(at)


# For each tag the rules of context, in the order in which they are tried; the first that gives a tag decides.
_RULES: dict[str, tuple[Callable[[_Place], str | None], ...]] = {
    "VBD": (_after_article, _past_tense),
    "VBN": (_past,),
    "NN": (_with_object, _after_auxiliary, _before_object),
    "JJ": (_at_the_end, _after_auxiliary),
    "VB": (_after_auxiliary, _after_modifier, _without_opener, _coordinated),
    "VBP": (_after_auxiliary, _after_modifier),
    "VBZ": (_plural,),
}


def _in_context(lower: Sequence[str], tags: Sequence[str], index: int) -> str:
    rules = _RULES.get(tags[index])
    if rules:
        place = _Place(lower, tags, index)
        for rule in rules:
            if found := rule(place):
                return found
    return tags[index]


def _ends_noun_phrase(lower: Sequence[str], tags: Sequence[str], index: int) -> bool:
    """Tell whether an adjective ends a phrase which an article opens and in which no noun stands yet."""
    after = tags[index + 1] if index + 1 < len(tags) else "$"
    if after == "PUNCT" and lower[index + 1] == ",":
        after = tags[index + 2] if index + 2 < len(tags) else "$"
        if after in MODIFIERS or after == "RB":
            return False  # a strong, modern country
    elif after not in ("PUNCT", "$", "IN", "MD"):
        return False
    back = index - 1
    while back >= 0 and tags[back] == "JJ":
        back -= 1
    return 0 <= back < index - 1 and lower[back] in ("a", "an")
