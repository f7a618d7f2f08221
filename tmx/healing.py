"""Sentences which a page turn cuts in two are put together again.

A bilingual document that is laid out page by page interrupts its paragraphs: the English of a page ends in the
middle of a sentence, the Chinese of that page follows, and the next page begins with the rest of the sentence. Only
the text itself tells. Each pair of neighbours on one side is scored by general evidence: an unfinished end, a start
in the middle, open brackets, the number of paragraphs on either side of the page. A wrong join does more harm than
a missed one, so headings, titles, labels, list items, verses and salutations count against a join.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import regex

from tmx.cache import Table
from tmx.characters import is_han
from tmx.languages import is_chinese, joiner

THRESHOLD = 2.0  # the lowest score that joins; the weights below are set against it
CHAIN_THRESHOLD = 2.5  # without a page turn in sight, after a piece that is itself a continuation

RARE = ((0.02, 2.5), (0.04, 1.5), (0.08, 1.0), (0.15, 0.5))  # below this share of the paragraphs a trait says so much

KNOWN_WORD = 1.5  # Zipf scale: about once in 30 million words
USUAL_WORD = 3.2  # about once in 600,000

LONGEST_END = 100  # characters of a text that say how the next line goes on
WORD_WINDOW = 8  # characters on either side of a border in which a word is looked for

CLOSERS = "\"'”’」』）)】]》〉＞>*†‡"
OPENERS = "\"'“‘「『（(【[《〈"
TERMINAL = ".!?:;…。！？：；．｡—"
BRACKETS = {"(": ")", "（": "）", "[": "]", "【": "】", "《": "》", "“": "”", "「": "」", "『": "』"}
FOOTNOTE_MARK = regex.compile(r"(?<=[.!?。！？”\"])(?:\[\d{1,3}\]|[¹²³⁴-⁹⁰]+|\d{1,2})$")
SENTENCE_INSIDE = regex.compile(r"(?<!^.{0,3})[a-z)\]”\"’%0-9][.!?][\"”’)\]]* +[\"“‘(\[]?[A-Z0-9]|[。！？]")

# Starts that begin something of their own: bullets, numbering, speaker names, dates.
OWN_START = regex.compile(
    r"""^(?:
    [•●○■□◆◇▪▫★☆※→►⁃∙·]            # bullets
    | [-–—*+]{1,2}\s*\S                    # dashes as bullets
    | \(?(?:\d{1,3}|[ivxlcIVXLC]{1,5}|[a-zA-Z])[.)]\s   # 1. (1) a) IV.
    | [（(]?[一二三四五六七八九十百零〇\d]{1,4}[）)、．]\s*\S  # 一、（一）1、
    | 第[一二三四五六七八九十百零〇\d]{1,4}[章节節条條部分篇卷回幕场場]
    | (?:Chapter|Section|Article|Part|Act|Scene|Appendix|Annex|Figure|Table|Box|Question|Answer|Q|A)\b\s*[\dIVXLC:.]
    | \p{Lu}[\p{L}.'’ -]{0,40}:(?:\s|$)              # Wang Yi: ...
    | (?:\p{Han}[\p{Han}·（）]{1,14}|[问問答甲乙丙丁男女旁])[：:]   # 记者：... 问：...
    | [【〔\[]\p{L}+[】〕\]]
    | \\[A-Za-z]+                            # a command of LaTeX
    )""",
    regex.VERBOSE,
)
# Titles and the like that stand before something: no sentence ends with them.
ABBREVIATION = regex.compile(
    r"(?<![\p{L}\p{N}])(?:Mr|Mrs|Ms|Dr|Prof|Hon|Rev|Gen|Col|Lt|Capt|Sgt|Gov|Sen|Rep|St|Messrs|Cap|Sch|Nos|Art|Vol|pp?"
    r"|cf|vs|e\.g|i\.e|Fig|para|paras)\.$"
)
NUMBERED_HEADING = regex.compile(
    r"^(?:[（(]?[一二三四五六七八九十百零〇]{1,4}[）)、]|第\p{Han}{1,4}[章节節条條部篇卷回]|[IVXLC]{1,5}\.\s|\d{1,2}(?:\.\d{1,2})*[.)．、]?\s|#)"
)
DATE = regex.compile(
    r"^(?:\(|（)?(?:\w+,?\s+)?(?:\p{Lu}\p{Ll}{2,8}\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\s+\p{Lu}\p{Ll}{2,8}\.?,?\s+\d{4}"
    r"|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|[\d〇○零一二三四五六七八九]{4}年.{0,10}[日月]).{0,12}$"
)
FUNCTION_WORD = regex.compile(
    r"(?:^|[\s(\"“])(?:a|an|the|of|in|on|at|to|by|for|from|with|into|onto|upon|as|and|or|nor|but|than|that|which|who|whose"
    r"|whom|is|are|was|were|be|been|being|has|have|had|will|would|shall|should|can|could|may|might|must|not|its|their"
    r"|our|his|her|my|your|this|these|those|more|most|such|both|between|among|through|under|over|about|against|if"
    r"|when|while|where|because|so|also|we|they|he|she|it|i)$",
    regex.IGNORECASE,
)
CHINESE_TAIL = regex.compile(
    r"(?:的|和|与|與|及|或|在|为|為|对|對|把|被|将|將|从|從|向|以|是|有|让|讓|使|并|並|而|等)$"
)
CHINESE_HEAD = regex.compile(r"^(?:的|地|得|了|着|過|过|们|們|和|与|與|及|而|等|之)")
SMALL_WORDS = frozenset("a an the of in on at to by for from with and or as but nor is its".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Habits:
    """How the paragraphs of one side end and begin where no page turn is near: shares, 0 to 1; None if too few.

    In a document whose paragraphs all end with a full stop, one that does not was cut.
    """

    unfinished: float | None = None
    lowered: float | None = None


NO_HABITS = Habits()
MIN_HABIT_PARAGRAPHS = 12


def habits(texts: Sequence[str]) -> Habits:
    """Return the habits that texts show.

    >>> habits(["It opened."] * 20 + ["The Town"] * 5).unfinished
    0.2
    """
    if len(texts) < MIN_HABIT_PARAGRAPHS:
        return NO_HABITS
    unfinished = sum(not finished(text) for text in texts)
    lowered = sum(text.lstrip(OPENERS)[:1].islower() for text in texts)
    return Habits(unfinished / len(texts), lowered / len(texts))


@dataclass(frozen=True, slots=True)
class Turn:
    """What lies between two neighbours on one side.

    ``turned`` tells whether a page turn may be there: text of the other language, a new page, a removed header.
    ``excess`` is how many blocks the run that the second piece begins has more than its counterpart in the other
    language: one more speaks for a remainder. None when unknown.
    """

    turned: bool
    excess: int | None = None
    habits: Habits = NO_HABITS


def continues(first: str, second: str, language: str, turn: Turn, *, chained: bool = False) -> bool:
    """Tell whether the second text is the rest of a sentence which the first one begins.

    ``chained`` says that the first text is itself the rest of a sentence from before.

    >>> continues("It opened in May. Books were given by", "the families nearby.", "en", Turn(turned=True))
    True
    >>> continues("Report on the Work of the Government", "Fellow Deputies,", "en", Turn(turned=True))
    False
    """
    if not (turn.turned or chained):
        return False
    score = join_score(first, second, language, turn)
    return score >= (THRESHOLD if turn.turned else CHAIN_THRESHOLD)


def join_score(first: str, second: str, language: str, turn: Turn) -> float:
    """Return the evidence that a sentence runs on from one text to the next; 2 and more is good evidence."""
    first = FOOTNOTE_MARK.sub("", first)
    if finished(first) or OWN_START.match(second) or DATE.match(second) or DATE.match(first):
        return float("-inf")
    score = _chinese_score(first, second) if is_chinese(language) else _english_score(first, second)
    if _opens(first) and second[:400].find(BRACKETS[_opens(first)]) >= 0:
        score += 1.5
    if turn.habits.unfinished is not None:
        score += next((bonus for share, bonus in RARE if turn.habits.unfinished < share), 0.0)
    if turn.habits.lowered is not None and second.lstrip(OPENERS)[:1].islower():
        score += next((bonus for share, bonus in RARE if turn.habits.lowered < share), 0.0) / 1.5
    if second[:1] and second[0] in ",;.!?)]”’，。；！？、）】》」』":
        score += 2.0
    if turn.excess is not None:
        score += 1.0 if turn.excess == 1 else -0.5 if turn.excess == 0 and not SENTENCE_INSIDE.search(first) else 0.0
    return score


def finished(text: str) -> bool:
    """Tell whether a text ends as a sentence, a list item or a lead-in does.

    >>> finished("It is done.”"), finished("as follows:"), finished("Latin America"), finished("（完）")
    (True, True, False, False)
    >>> finished("He thanked Mr.")
    False
    """
    return text.rstrip(CLOSERS + " ")[-1:] in TERMINAL and bool(text) and not ABBREVIATION.search(text)


def may_go_on(first: str, second: str) -> bool:
    """Tell whether two texts, both of whole sentences, may be one paragraph: running text, no labels or headings."""
    both = bool(SENTENCE_INSIDE.search(first) or len(first) >= 80) and finished(second)
    return both and finished(first) and not (OWN_START.match(second) or DATE.match(second) or first[-1:] in ":：")


def _english_score(first: str, second: str) -> float:
    body = bool(SENTENCE_INSIDE.search(first))
    start = second.lstrip(OPENERS)[:1]
    score = 0.0
    if start.islower():
        score += 2.0
    if FUNCTION_WORD.search(first) or first[-1:] in ",-‐–(":
        score += 1.5
    if hyphenated(first, second):
        score += 1.5  # half a word is no heading, however short the line
    if body:
        score += 2.0
    if len(first) >= 120:
        score += 0.5
    if not body:
        if len(first) < 50:
            score -= 1.5
        if not FUNCTION_WORD.search(first) and (_title_like(first) or NUMBERED_HEADING.match(first)):
            score -= 2.0
    if not start.islower() and not SENTENCE_INSIDE.search(second) and not finished(second):
        score -= 1.0  # the second one looks like a heading itself
    return score


def _chinese_score(first: str, second: str) -> float:
    body = bool(SENTENCE_INSIDE.search(first))
    score = 0.0
    if first[-1:] in "，、,（(《“「『":
        score += 2.0
    if CHINESE_TAIL.search(first):
        score += 0.5
    if CHINESE_HEAD.match(second):
        score += 1.0
    if _cuts_word(first, second):
        score += 1.5
    if body:
        score += 2.0
    if "，" in first or "、" in first:
        score += 0.5
    if not body:
        if len(first) < 20:
            score -= 1.5 if len(first) < 10 else 0.75
        if NUMBERED_HEADING.match(first):
            score -= 2.0
    if not finished(second) and not SENTENCE_INSIDE.search(second):
        score -= 1.0
    return score


def _cuts_word(first: str, second: str) -> bool:
    """Tell whether a Chinese word runs over the border of two texts.

    >>> _cuts_word("为了达到公共的官方发", "展援助"), _cuts_word("预计二〇二〇年国内", "生产总值")
    (True, False)
    """
    before, after = first[-WORD_WINDOW:], second[:WORD_WINDOW]
    if len(before) < WORD_WINDOW or not after or not (is_han(before[-1]) and is_han(after[0])):
        return False
    place = 0
    for word in _words(before + after):
        if place < len(before) < place + len(word):
            return True
        place += len(word)
    return False


def _words(text: str) -> Iterable[str]:
    tokenizer: Any = _tokenizer()
    words: Iterable[str] = tokenizer.cut(text, HMM=False)
    return words


@lru_cache(maxsize=1)
def _tokenizer() -> object:
    import jieba

    tokenizer = jieba.Tokenizer()
    # Left to itself jieba keeps its list in the folder for temporary files, and trusts what it finds there.
    tokenizer.FREQ, tokenizer.total = WORDS.load()
    tokenizer.initialized = True
    return tokenizer


def _frequencies() -> tuple[dict[str, int], int]:
    """Return jieba's list with the frequencies of words and, as 0, those of what words begin with; and their sum."""
    lines = (line.split(" ") for line in files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").split("\n"))
    rows = [(fields[0], int(fields[1])) for fields in lines if len(fields) == 3]
    words = dict(rows)
    for word, _ in rows:
        for end in range(1, len(word)):
            words.setdefault(word[:end], 0)
    return words, sum(frequency for _, frequency in rows)


WORDS = Table("chinese-words", tuple[dict[str, int], int], _frequencies, modules=("tmx.healing",), libraries=("jieba",))


def _title_like(text: str) -> bool:
    """Tell whether most words that can be are capitalised, as in a title; with numbers and small words left out."""
    words = [word for word in regex.findall(r"\p{L}[\p{L}'’-]*", text) if word.lower() not in SMALL_WORDS]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.7 * len(words)


def _opens(text: str) -> str:
    """Return the last bracket or quotation mark that is opened and not closed, else an empty string."""
    for opening, closing in BRACKETS.items():
        if text.count(opening) > text.count(closing):
            return opening
    return ""


def runs(sides: Sequence[int]) -> list[tuple[int, int]]:
    """Return the half-open ranges of equal neighbours.

    >>> runs([1, 1, 0, 1])
    [(0, 2), (2, 3), (3, 4)]
    """
    found: list[tuple[int, int]] = []
    start = 0
    for index in range(1, len(sides) + 1):
        if index == len(sides) or sides[index] != sides[start]:
            found.append((start, index))
            start = index
    return found


def hyphenated(first: str, second: str) -> bool:
    """Tell whether a word is cut by a hyphen at the end of the first text.

    >>> hyphenated("the inter-", "national order"), hyphenated("a long-", "Term plan")
    (True, False)
    """
    return bool(regex.search(r"\p{Ll}[-‐]$", first)) and second[:1].islower()


def unhyphenated(first: str, second: str) -> str:
    """Join two pieces between which a hyphen cuts a word; the hyphen stays if the word is written with one.

    A word that is known without the hyphen (wordfreq's list of English) was cut by the layout.

    >>> unhyphenated("the inter-", "national order"), unhyphenated("a people-", "centered approach")
    ('the international order', 'a people-centered approach')
    """
    from wordfreq import zipf_frequency  # its list takes a moment to load

    before = regex.search(r"[\p{L}]*(?=[-‐]$)", first)
    after = regex.match(r"\p{L}*", second)
    halves = [match[0] if match else "" for match in (before, after)]
    whole = zipf_frequency("".join(halves), "en", "large")
    compound = whole < USUAL_WORD and all(
        zipf_frequency(half, "en", "large") > USUAL_WORD for half in halves
    )  # wellknown
    return first + second if whole < KNOWN_WORD or compound else first[:-1] + second


def joined(first: str, second: str, language: str) -> str:
    """Join two pieces of one sentence, between words or inside a word that a hyphen cuts.

    >>> joined("one hun-", "dred projects", "en"), joined("green and low-", "carbon growth", "en")
    ('one hundred projects', 'green and low-carbon growth')
    >>> joined("to protect", "the river", "en")
    'to protect the river'
    """
    rest, end = first[:-LONGEST_END], first[-LONGEST_END:]  # a paragraph of many lines is not searched again for each
    if hyphenated(end, second):
        return rest + unhyphenated(end, second)
    return first + seam(end, second, language) + second


def seam(first: str, second: str, language: str) -> str:
    """Return what stands between two joined pieces of one sentence.

    >>> seam("a people-", "centered approach", "en"), seam("Latin America", "and", "en"), seam("中国", "外交", "zh")
    ('', ' ', '')
    >>> seam("COVID-", "19 reached", "en"), seam("our backing.”—", "This is", "en")
    ('', '')
    >>> seam("最早的一本印于18", "97年", "zh"), seam("使用 TMX", "format", "zh")
    ('', ' ')
    """
    if is_chinese(language):
        latin = first[-1:].isascii() and first[-1:].isalnum() and second[:1].isascii() and second[:1].isalnum()
        return " " if latin and not (first[-1:].isdigit() and second[:1].isdigit()) else ""
    tied = regex.search(r"(?:\w[-‐]|[—/(\[“‘])$", first) or regex.match(r"[,;.!?)\]”’—]", second)
    return "" if tied else joiner(language)
