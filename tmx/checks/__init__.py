"""Checks: what a translator should look at in a translation unit.

A finding is a doubt and not an error; nothing is changed or left out because of it. Low confidence is no finding: it
has its own number. ``UNIT_CHECKS`` is the one list of what can be told from a unit alone; builds, report, review page
and ``duiyi check`` all go by it. False-alarm rates are in ``docs/checks.md``, with the command that measured them.
"""

from __future__ import annotations

from collections.abc import Container

from tmx.checks import accuracy, marks, names, negation, opposites, reversals
from tmx.checks.model import SEVERITIES, Check, Doubt, Finding, Severity, Span, Spans, sides
from tmx.model import TranslationUnit

__all__ = [
    "FLAGS",
    "ROW_DOUBTED",
    "SEVERITIES",
    "STATE_DOUBTED",
    "UNIT_CHECKS",
    "Check",
    "Doubt",
    "Finding",
    "Severity",
    "Span",
    "Spans",
    "check",
    "find",
    "sides",
]

EMPTY = "empty-side"
ROW_DOUBTED = "row-doubted"  # set where the other rows are known, in ``tmx.memory``
STATE_DOUBTED = "state-doubted"  # set there too, by what the file says of a row

UNIT_CHECKS: tuple[Check, ...] = (
    Check(
        EMPTY,
        "one side holds no text",
        "accuracy/omission",
        "major",
        ("没有译文。", ""),
        accuracy.empty_side,
    ),
    Check(
        "untranslated",
        "the English side is Chinese, or the Chinese side English",
        "accuracy/untranslated",
        "major",
        ("中国外交取得了成功。", "中国外交取得了成功。"),
        accuracy.untranslated,
    ),
    Check(
        "partly-untranslated",
        "Chinese words stand in the English, outside brackets and quotation marks",
        "accuracy/untranslated",
        "major",
        ("我们推进高质量发展。", "We pursue 高质量 development."),
        accuracy.partly_untranslated,
    ),
    Check(
        "same-text",
        "both sides are the same words",
        "accuracy/untranslated",
        "major",
        ("国际 合作", "国际 合作"),
        accuracy.same_text,
    ),
    Check(
        "wrong-script",
        "Traditional text under a Simplified tag or the reverse, or another script",
        "locale/script",
        "major",
        ("中國外交取得了歷史性的成就。", "China's diplomacy was a historic success."),
        accuracy.wrong_script,
    ),
    Check(
        ROW_DOUBTED,
        "the file puts these texts side by side, but their words do not go together",
        "accuracy/mistranslation",
        "major",
        ("中国外交取得了成功。", "Ladies and gentlemen, good evening."),
    ),
    Check(
        STATE_DOUBTED,
        "the file says that the translation is rejected, a draft, or not made yet",
        "accuracy/mistranslation",
        "major",
        ("中国外交取得了成功。", "China's diplomacy succeeded."),
    ),
    Check(
        "magnitude-differs",
        "the same figures, ten or ten thousand times as much: 万 and 亿 misread",
        "accuracy/mistranslation",
        "critical",
        ("投资90亿元。", "An investment of 900 million yuan."),
        accuracy.magnitude_differs,
    ),
    Check(
        "numbers-differ",
        "a number, date, percentage or ordinal stands on one side only",
        "accuracy/mistranslation",
        "major",
        ("通话79次。", "97 calls were made."),
        accuracy.numbers_differ,
    ),
    Check(
        "units-differ",
        "the same number, of another currency or measure",
        "accuracy/mistranslation",
        "major",
        ("建成高标准农田8000万亩。", "Built 80 million hectares of high-standard farmland."),
        accuracy.units_differ,
    ),
    Check(
        "bounds-differ",
        "at least in one text, at most in the other",
        "accuracy/mistranslation",
        "major",
        ("人数不得超过10人。", "There shall be no fewer than 10 people."),
        reversals.bounds_differ,
    ),
    Check(
        "directions-differ",
        "a rise in one text, a fall in the other",
        "accuracy/mistranslation",
        "major",
        ("出口下降5%。", "Exports rose by 5%."),
        reversals.directions_differ,
    ),
    Check(
        "opposites-differ",
        "a word in the Chinese, its opposite alone in the English",
        "accuracy/mistranslation",
        "major",
        ("出口同比增长5%。", "Exports rose 5% from the previous month."),
        opposites.opposites_differ,
    ),
    Check(
        "names-differ",
        "a Chinese name that the English spells is not in the Chinese",
        "accuracy/mistranslation",
        "major",
        ("王毅出席了会议。", "Li Qiang attended the meeting."),
        names.names_differ,
    ),
    Check(
        "length-unusual",
        "the English is much longer or shorter than the Chinese leads to expect",
        "accuracy/omission",
        "major",
        ("我们将坚定支持各国捍卫自身主权独立，支持各国探索发展道路。", "We will support it."),
        accuracy.length_unusual,
    ),
    Check(
        "cut-off",
        "one side ends with an end mark, the other in the middle of a sentence",
        "accuracy/omission",
        "major",
        ("我们将坚定支持各国捍卫自身主权。", "We will firmly support all countries in defending their"),
        accuracy.cut_off,
    ),
    Check(
        "quotes-unpaired",
        "a quotation mark is opened or closed on one side only",
        "linguistic/punctuation",
        "minor",
        ("我们要“团结”。", "We must be “united."),
        marks.quotes_unpaired,
    ),
    Check(
        "brackets-unpaired",
        "a bracket is opened or closed on one side only",
        "linguistic/punctuation",
        "minor",
        ("世界卫生组织（世卫组织）很重要。", "The World Health Organization (WHO is important."),
        marks.brackets_unpaired,
    ),
    Check(
        "chinese-marks",
        "Chinese punctuation, or letters and figures of full width, in the English",
        "linguistic/punctuation",
        "minor",
        ("我们要团结、合作。", "We must unite、and cooperate."),
        marks.chinese_marks,
    ),
    Check(
        "quotes-mixed",
        "straight and curly quotation marks in one English text",
        "linguistic/punctuation",
        "minor",
        ("“云外交”和“一带一路”。", '“Cloud diplomacy” and "Belt and Road".'),
        marks.quotes_mixed,
    ),
    Check(
        "spaces-stray",
        "a space before a mark, or none behind it, in the English",
        "linguistic/punctuation",
        "minor",
        ("我们要团结，要合作。", "We must unite , and cooperate."),
        marks.spaces_stray,
    ),
    Check(
        "words-repeated",
        "the same English word twice in a row",
        "linguistic/grammar",
        "minor",
        ("我们要团结。", "We must stand in the the same line."),
        marks.words_repeated,
    ),
    Check(
        "invisible-signs",
        "zero-width spaces, control characters or unreadable signs",
        "design/markup",
        "minor",
        ("我们要团结。", "We must\u200b unite."),
        marks.invisible,
    ),
    Check(
        "negation-differs",
        "a negation on one side, and nothing that might render it on the other",
        "accuracy/mistranslation",
        "major",
        ("未经批准，不得进入。", "Entry is allowed with approval."),
        negation.negation_differs,
        flag=False,
    ),
    Check(
        "scripts-mixed",
        "a few characters of the other script in a text in Simplified or Traditional Chinese",
        "locale/script",
        "minor",
        ("我们要发扬伟大的抗战精神，团结爭取胜利。", "We must carry forward the great spirit and unite to win."),
        accuracy.scripts_mixed,
        flag=False,
    ),
    Check(
        "formulas-differ",
        "an equation or inequality that is not the same on both sides",
        "accuracy/mistranslation",
        "major",
        ("面积S=ab，其中a为长。", "The area is S=ac, where a is the length."),
        accuracy.formulas_differ,
        flag=False,
    ),
    Check(
        "question-lost",
        "a question on one side only",
        "linguistic/punctuation",
        "neutral",
        ("您怎么看？", "We would like to hear your view."),
        marks.question_lost,
        flag=False,
    ),
    Check(
        "source-quotes",
        "the Chinese lost a quotation mark; the English is whole",
        "source/punctuation",
        "neutral",
        ("推出「貿易平台的系統，成效良好。", "A system named trade platform was launched with good results."),
        marks.source_quotes,
        flag=False,
    ),
    Check(
        "half-width",
        "commas or stops of half width between Chinese characters",
        "source/punctuation",
        "neutral",
        ("我们要团结,要合作。", "We must unite and cooperate."),
        marks.half_width,
        flag=False,
    ),
)
"""Every check of a single unit, the gravest kinds first."""

FLAGS: dict[str, str] = {one.name: one.meaning for one in UNIT_CHECKS if one.flag}
"""The checks that mark the units of a build, with what each means in a few words."""


def find(unit: TranslationUnit, wanted: Container[str] | None = None) -> list[Finding]:
    """Return what the checks find in a unit, in the order of ``UNIT_CHECKS``; ``wanted`` are names, None for all.

    A unit with an empty side has that finding alone.

    >>> [one.message for one in find(TranslationUnit("1", "投资90亿元。", "An investment of 900 million yuan."))]
    ['90亿 is 9 billion, and not 900 million']
    """
    empty = not unit.source.strip() or not unit.target.strip()
    return [
        Finding(one.name, doubt.severity or one.severity, doubt.message, doubt.source, doubt.target)
        for one in UNIT_CHECKS
        if one.test and (wanted is None or one.name in wanted) and (one.name == EMPTY or not empty)
        for doubt in one.test(unit)
    ]


def check(unit: TranslationUnit) -> tuple[str, ...]:
    """Return the flags of a unit, sorted; they are the names in ``FLAGS``.

    >>> check(TranslationUnit("1", "通话79次。", "97 calls were made."))
    ('numbers-differ',)
    >>> check(TranslationUnit("1", "中国外交取得了成功。", "中国外交取得了成功。"))
    ('same-text', 'untranslated')
    """
    return tuple(sorted({finding.check for finding in find(unit, FLAGS)}))
