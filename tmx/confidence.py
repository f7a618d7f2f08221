"""Confidence as people read it: four levels, each with a word and a sign, so that colour never speaks alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from tmx.model import Bead

Level = Literal["sure", "fair", "doubtful", "unaligned"]

SURE = 0.9  # calibrated: nine in ten of such beads are right
DOUBTFUL = 0.5  # calibrated: below it a bead is more likely wrong than right


@dataclass(frozen=True, slots=True)
class Mark:
    """A level of confidence: ``level`` names the style, ``sign`` and ``word`` say it without colour."""

    level: str
    sign: str
    word: str

    def __str__(self) -> str:
        return f"{self.sign} {self.word}"


MARKS: Mapping[Level, Mark] = MappingProxyType(
    {
        "sure": Mark("sure", "●", "sure"),
        "fair": Mark("fair", "◐", "fair"),
        "doubtful": Mark("doubtful", "○", "doubtful"),
        "unaligned": Mark("unaligned", "✕", "unaligned"),
    }
)


def confidence_level(confidence: float, *, unaligned: bool = False) -> Level:
    """Return the level of a confidence, 0 to 1; what has no counterpart is unaligned however sure the aligner is.

    >>> confidence_level(0.95), confidence_level(0.7), confidence_level(0.2), confidence_level(0.99, unaligned=True)
    ('sure', 'fair', 'doubtful', 'unaligned')
    """
    if unaligned:
        return "unaligned"
    if confidence >= SURE:
        return "sure"
    return "fair" if confidence >= DOUBTFUL else "doubtful"


State = Literal["rejected", "untranslated", "draft"]
# The most that can be said for a pair whose own tool says of its translation that it was rejected or not made yet (it
# may be the source, or a match of another sentence), or is not finished.
CEILINGS: Mapping[State, float] = MappingProxyType({"rejected": 0.4, "untranslated": 0.4, "draft": 0.8})
# Values by the name of the property, both in lower case without marks: of XLIFF 1.2 and 2 (state), Studio (conf), memoQ
# (status), Phrase (confirmed), gettext (fuzzy), TMX of Studio, and what columns of tables say.
_REJECTED = (
    "rejected rejectedtranslation rejectedsignoff rejectedgrammar rejectedinaccurate rejectedspelling rejectedlength"
    " translationrejected signoffrejected"
    " 驳回 已驳回 拒绝 已拒绝 退回 已退回 不通过 未通过 审核不通过 駁回 已駁回 拒絕 已拒絕 不通過 未通過"
)
_UNTRANSLATED = (
    "new initial needstranslation nottranslated untranslated unspecified notstarted empty"
    " 未翻译 待翻译 未翻譯 待翻譯 未译"
)
_DRAFT = (
    "draft needsadaptation needsl10n needsreviewadaptation needsreviewl10n needsreviewtranslation fuzzymatch"
    " needsediting needswork needsreview inprogress unfinished"
    " 草稿 初稿 待审 待审核 待审校 待校对 机翻 待審 待審核 機翻"
    " leveragedmt mtsuggestion partiallyedited edited pretranslated machinetranslated assembledfromfragments"
)
_STATES: Mapping[str, State] = MappingProxyType(
    {
        **dict.fromkeys(_REJECTED.split(), "rejected"),
        **dict.fromkeys(_UNTRANSLATED.split(), "untranslated"),
        **dict.fromkeys(_DRAFT.split(), "draft"),
    }
)
_TELLING = frozenset(
    ["state", "statequalifier", "conf", "status", "xconfirmationlevel", "confirmationlevel", "xstatus"]
)


# The values of a property that tell a draft.
_DRAFTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"fuzzy": frozenset(["yes", "true", "1"]), "confirmed": frozenset(["0", "no", "false"])}
)


def _plain(text: str) -> str:
    return re.sub(r"\(?\d+ ?%\)?|[\W_]", "", text.lower())


def state_of(properties: Iterable[tuple[str, str]]) -> State | None:
    """Return what the tool that wrote a pair says against its translation, the gravest; None if it says nothing.

    >>> state_of([("conf", "RejectedTranslation"), ("origin", "tm")]), state_of([("state", "needs-review-translation")])
    ('rejected', 'draft')
    >>> state_of([("state", "final")]), state_of([("fuzzy", "yes")]), state_of([("confirmed", "0")])
    (None, 'draft', 'draft')
    >>> state_of([("status", "Draft (75%)")]), state_of([("status", "已驳回")]), state_of([("status", "已审核")])
    ('draft', 'rejected', None)
    """
    found: set[State] = set()
    for name, value in properties:
        key = _plain(name)
        if key in _TELLING and (told := _plain(value)) in _STATES:
            found.add(_STATES[told])
        elif key in _DRAFTS and _plain(value) in _DRAFTS[key]:
            found.add("draft")
    return next((state for state in CEILINGS if state in found), None)


def bead_mark(bead: Bead) -> Mark:
    """Return the mark of a bead.

    >>> bead_mark(Bead((3, 4), (5, 5), confidence=0.99)).word
    'unaligned'
    """
    return MARKS[confidence_level(bead.confidence, unaligned=0 in bead.size)]
