"""Lines that hold a text and its translation: where they are cut, and what of a cut makes a pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import regex

from tmx.characters import han_share, han_shares, is_han
from tmx.model import Block
from tmx.scripts import reads_as_chinese

HAN_HALF_SHARE = 0.7  # each half of a line that holds both languages is clearly one or the other
LATIN_HALF_SHARE = 0.1
MAX_BRACKETS = 100
MAX_PLACES = 100  # looked at more closely, each in the whole text; fewer, but
MIN_PLACES = 10  # no fewer than these, in texts of more than
LOOKED_AT = 2_000_000  # characters in all
LETTERS_PER_HAN = (0.8, 12.0)  # of an English half against its Chinese one; beyond, they do not translate each other
LETTERS_PER_HEADING = (1.0, 8.0)  # where nothing but the change of language says that a text ends
LAYOUT_LINES = 3  # lines, or LAYOUT_SHARE of all, that can be cut at a mark make a layout; one may be chance
LAYOUT_SHARE = 0.2
TURNS_SHARE = 0.9  # of the lines of one language alone have the other one behind them
PLAIN_SHARE = 0.5  # the same for cuts at a space or at no sign at all

QUOTED_SHARE = 0.8  # of the parts of a language stand in the same signs, which so are no part of them
QUOTES = {"_": "_", "*": "*", '"': '"', "“": "”", "「": "」", "『": "』"}

CutKind = Literal["sentence", "mark", "plain"]

# What may stand between a text and its translation; at least nothing at all, where Chinese meets Latin letters.
_MARK = regex.compile(
    r"\s*(?:[/／|｜]{1,3}|[-=–—]{1,2}>|[→⇒➔➜⟶＝])\s*|\s+(?:[-–—=~～@#%&+*^<>§¦]{1,3}|[:：]{2}|[•·※])\s+|\s+"
)
_MARKS = " \t/|／｜→⇒➔➜⟶＝@§¦※"
_PARTING = " \t;:,；：，、"
_NUMBER = r"(?:[（(]?\d{1,3}(?:[)）]|[.．、](?!\d))\s?)?"  # before both texts of a line: 4. 清洁4. Cleanliness
_SEAM = regex.compile(
    rf"""(?<=[\p{{Han}}。！？；：，、…”’」』》）])(?=["'“‘(\[]?{_NUMBER}\p{{Latin}})
      | (?<=[\p{{Latin}}\d.!?;:,"'”’)\]])(?=["“‘「『《（]?{_NUMBER}\p{{Han}})""",
    regex.VERBOSE,
)
_TURN = regex.compile(
    rf"""(?<=[\p{{Han}}。！？；：，、…”’」』》）])\s*(?=["'“‘(\[]?{_NUMBER}\p{{Latin}})
      | (?<=[\p{{Latin}}\d.!?;:,"'”’)\]])\s*(?=["“‘「『《（]?{_NUMBER}\p{{Han}})""",
    regex.VERBOSE,
)
_FIGURE_BEFORE_HAN = regex.compile(
    r"[\d.,]+(?![年月日号號个個世岁歲万萬亿億千百名位次届屆项項条條章节節期人元美多余至到分点點])\p{Han}"
)
_ENGLISH_TEXT = regex.compile(r"""["'“‘(\[]?(?:[（(]?\d{1,3}[)）.]?\s?\p{Lu}\p{L}.*|\p{Lu}.*\s.*\p{L}.*)""")
_WRAPPED = regex.compile(
    r"[（(\[［【{｛<＜〔](?P<inside>(?:[^（(\[［【{｛<＜〔）)\]］】}｝>＞〕]|[（(\[［【{｛<＜〔](?&inside)[）)\]］】}｝>＞〕])*)[）)\]］】}｝>＞〕]"
)
_BRACKETED = regex.compile(rf"(?P<first>.*\S)\s*(?P<second>{_WRAPPED.pattern})")
_END = regex.compile(
    r"""[。！？…｡]+|(?<![.!?])(?<!(?:^|\p{L}|[\p{Han}。！？.!?]\s?)\d{1,3}(?=\.\s))[.!?]++(?=['"’”)\]）］】}｝>＞〕]*(?:\s|$|["“‘「『《（(\[［【]?\p{Han}|[（(]\d{1,3}[)）]\s?\p{Han}|\d{1,3}[.．、]\s?\p{Han}))"""
)
# A Chinese sentence without its end mark, with the translation of it or a part of that right behind.
_FOREIGN_END = regex.compile(
    r"""\p{Han}[^\p{Han}\p{Latin}]*\p{Latin}[\p{Latin}'’-]*(?:[,;:]?\s+[\p{Latin}\d'’-]+)+[.!?]["'”’)]*\s*$"""
)
_CLOSERS = "”’」』）)》]］】}｝>＞〕"
_HAS_BOTH = regex.compile(r"\p{Han}")
_HAS_LATIN = regex.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that is cut: its parts alternate between the languages.

    ``kind`` says how sure the places are: behind whole sentences, at a mark (slash, bar, tab, brackets), or at a
    space or no sign at all, where one such line may be a Chinese sentence that ends in a foreign name.
    """

    parts: tuple[str, ...]
    kind: CutKind


def split_lines(blocks: Sequence[Block]) -> list[Block]:
    """Split lines that hold a text and its translation into row pairs, if the document is written that way.

    One such line may be a Chinese sentence that ends in a foreign name; several are a layout. So a line is split
    at a slash, bar, tab, bracket or wide gap, or behind sentences, if three or a fifth of the lines can be, and at a
    single space or no sign at all only if half can (of the headings, half of these). A lone line that changes its
    language behind a sentence is split too, but what its parts translate is left to the alignment.

    >>> [block.text for block in split_lines([Block("你好 / Hello", "line 1"), Block("再见 / Goodbye", "line 2")])]
    ['你好', 'Hello', '再见', 'Goodbye']
    >>> [block.text for block in split_lines([Block("他来了。He came.她走了。She left.", "line 1")])]
    ['他来了。', 'He came.', '她走了。', 'She left.']
    """
    cuts = _without_quotes([None if block.row >= 0 else find_cut(block.text) for block in blocks])
    worded = sum(1 for block in blocks if block.row < 0 and any(character.isalpha() for character in block.text))
    marked = sum(cut.kind != "plain" for cut in cuts if cut)
    by_mark = marked >= LAYOUT_LINES or marked >= LAYOUT_SHARE * worded
    by_space = sum(1 for cut in cuts if cut) >= PLAIN_SHARE * worded
    headed = [cut is not None for block, cut in zip(blocks, cuts, strict=True) if block.kind == "heading"]
    by_heading = sum(headed) >= PLAIN_SHARE * len(headed)
    due = _due_in_turn(blocks, cuts)
    row = max((block.row for block in blocks), default=-1) + 1
    result: list[Block] = []
    for index, (block, cut) in enumerate(zip(blocks, cuts, strict=True)):
        layout = by_space or (by_mark and cut is not None and cut.kind != "plain")
        layout = layout or (by_heading and block.kind == "heading")
        if cut is None or not (layout or index in due or cut.kind == "sentence"):
            result.append(block)
        elif (layout or index in due) and len(cut.parts) % 2 == 0:
            for number, part in enumerate(cut.parts):
                result.append(replace(block, text=part, language="", row=row + number // 2))
            row += len(cut.parts) // 2
        else:
            result += [replace(block, text=part, language="") for part in cut.parts]
    return result


def _due_in_turn(blocks: Sequence[Block], cuts: Sequence[Cut | None]) -> set[int]:
    """Return the lines which hold both a text and its translation where all others take turns, a language each."""
    sides = [
        "" if cut else "zh" if reads_as_chinese(block.text) else "en" for block, cut in zip(blocks, cuts, strict=True)
    ]
    changes = [a != b for a, b in pairwise(sides) if a and b]
    if len(changes) < LAYOUT_LINES or sum(changes) < TURNS_SHARE * len(changes):
        return set()
    due = set()
    for index, cut in enumerate(cuts):
        if cut is None or blocks[index].row >= 0 or len(cut.parts) != 2:
            continue
        before = next(filter(None, reversed(sides[:index])), "")
        after = next(filter(None, sides[index + 1 :]), "")
        opens = "zh" if reads_as_chinese(cut.parts[0]) else "en"
        if before and after == opens != before:  # a text of one language would stand beside another of its own
            due.add(index)
    return due


def _without_quotes(cuts: Sequence[Cut | None]) -> list[Cut | None]:
    """Return cuts without the signs around all parts of one language alone (船 _ship_)."""
    parts = [part for cut in cuts if cut for part in cut.parts]
    sides = {side: [part for part in parts if reads_as_chinese(part) == side] for side in (True, False)}
    quoted = {side: Counter(part[0] for part in own if _is_quoted(part)) for side, own in sides.items()}
    for side, own in sides.items():
        sign, count = next(iter(quoted[side].most_common(1)), ("", 0))
        if count < max(LAYOUT_LINES, QUOTED_SHARE * len(own)) or quoted[not side]:
            continue
        plain = {part: part[1:-1].strip() for part in own if _is_quoted(part) and part[0] == sign}
        return [cut and replace(cut, parts=tuple(plain.get(part, part) for part in cut.parts)) for cut in cuts]
    return list(cuts)


def _is_quoted(part: str) -> bool:
    return len(part) > 2 and part[-1] == QUOTES.get(part[0])


def find_cut(text: str) -> Cut | None:
    """Return how a line that holds both languages can be cut, None if it holds one or cannot.

    >>> find_cut("渡轮停航。The ferry does not run."), find_cut("请用 Docker 启动。")
    (Cut(parts=('渡轮停航。', 'The ferry does not run.'), kind='sentence'), None)
    >>> find_cut("渡轮（The ferry）").parts, find_cut("中文English").kind
    (('渡轮', 'The ferry'), 'plain')
    """
    if not _HAS_BOTH.search(text) or not _HAS_LATIN.search(text):
        return None
    runs = _runs(text)
    bracketed = _BRACKETED.fullmatch(text) if len(runs) <= 2 and _may_be_wrapped(text) else None
    if bracketed and _purity(bracketed["first"], bracketed["inside"]):
        whole = _END.search(bracketed["inside"]) is not None
        return Cut((bracketed["first"], bracketed["inside"].strip()), "mark" if whole else "plain")
    halves = _halves(text)
    if len(runs) == 2 and halves is not None and halves.kind == "mark":
        return halves
    if len(runs) > 1 and all(_may_translate(a, b) for a, b in zip(runs[0::2], runs[1::2], strict=False)):
        return Cut(tuple(runs), "sentence")
    return halves


def _halves(text: str) -> Cut | None:
    """Return the cut at the one place that parts the languages most cleanly."""
    best: tuple[float, Cut] | None = None
    for match in _places(text):
        left, right = text[: match.start()].strip(), text[match.end() :].strip()
        marked = match[0].strip() != "" or "\t" in match[0] or len(match[0]) > 1
        purity = _purity(left, right)
        score = purity + 0.05 * marked + 0.05 * _share_number(left, right) - 0.02 * _cuts_number(match[0], right)
        if purity and (best is None or score > best[0]):
            best = score, Cut((left, right), "mark" if marked else "plain")
    return best[1] if best else None


def _share_number(left: str, right: str) -> bool:
    numbers = [regex.match(_NUMBER, half) for half in (left, right)]
    first, second = (number[0].strip() if number else "" for number in numbers)
    return bool(first) and first == second


def _cuts_number(between: str, right: str) -> bool:
    """Tell whether the Chinese behind a space begins with a figure that belongs to the English: in 2019香港."""
    return between.isspace() and _FIGURE_BEFORE_HAN.match(right) is not None


def _places(text: str) -> list[regex.Match[str]]:
    """Return the places where a text may be cut, of very many those which part the languages best."""
    matches = [*_MARK.finditer(text), *_SEAM.finditer(text)]
    most = max(min(MAX_PLACES, LOOKED_AT // (len(text) + 1)), MIN_PLACES)
    if len(matches) <= most:
        return matches
    shares = han_shares(text, [match.start() for match in matches])
    parted = [abs(before - after) for before, after in shares]
    best = sorted(range(len(matches)), key=lambda index: -parted[index])[:most]
    return [matches[index] for index in sorted(best)]


def _purity(left: str, right: str) -> float:
    """Return how cleanly two halves are one in Chinese and one in English, 0 if they are not."""
    shares = han_share(left), han_share(right)
    if max(shares) < HAN_HALF_SHARE or min(shares) > LATIN_HALF_SHARE or not _may_translate(left, right):
        return 0.0
    return max(shares) - min(shares)


def _may_translate(first: str, second: str, bounds: tuple[float, float] = LETTERS_PER_HAN) -> bool:
    """Tell whether the lengths of two texts, one in each language, agree at all."""
    chinese, english = (first, second) if han_share(first) > han_share(second) else (second, first)
    letters = sum(character.isalpha() for character in english)
    han = sum(map(is_han, chinese))
    return bounds[0] <= letters / max(han, 1) <= bounds[1]


def _runs(text: str) -> list[str]:
    """Return the runs of whole sentences in one language; one run if the language never changes behind a sentence."""
    runs: list[tuple[str, str]] = []
    pieces = _sentences(text)
    for side, piece in _without_end_marks(pieces) or [(_side(piece), piece) for piece in pieces]:
        if side == "mixed":
            return [text]
        if runs and side in ("", runs[-1][0]):
            runs[-1] = (runs[-1][0], runs[-1][1] + piece)
        elif runs and not runs[-1][0]:
            runs[-1] = (side, runs[-1][1] + piece)
        else:
            runs.append((side, piece))
    # No sentence begins with a mark that parts, whatever it parts.
    return [_unwrapped(run.strip(_MARKS).lstrip(_PARTING if number else "")) for number, (_, run) in enumerate(runs)]


def _without_end_marks(pieces: Sequence[str]) -> list[tuple[str, str]]:
    """Return pieces cut also where the language changes behind a heading or label, nothing if none can be.

    What is cut off in English is a text of its own and no name that the translation repeats, and all parts can
    translate one another in turn.
    """
    cut = [part for piece in pieces for part in _at_turns(piece)]
    if len(cut) == len(pieces):
        return []
    english = [part.strip() for part in cut if not any(map(is_han, part)) and _ENGLISH_TEXT.match(part.strip())]
    own = {part for part in english if not any(part in other for other in english if part is not other)}
    parts: list[tuple[str, str]] = []
    for part in cut:
        side = "en" if part.strip() in own else "zh" if any(map(is_han, part)) or not parts else parts[-1][0]
        if parts and side == parts[-1][0]:
            parts[-1] = (side, parts[-1][1] + part)
        else:
            parts.append((side, part))
    pairs = list(zip(parts[0::2], parts[1::2], strict=False))
    fits = all(_may_translate(first[1], second[1], LETTERS_PER_HEADING) for first, second in pairs)
    return parts if len(pairs) >= 2 and len(parts) == 2 * len(pairs) and fits else []


def _at_turns(piece: str) -> list[str]:
    bounds = [0, *(match.end() for match in _TURN.finditer(piece)), len(piece)]
    return [piece[start:end] for start, end in pairwise(bounds) if start < end]


def _may_be_wrapped(text: str) -> bool:
    """Tell whether a text may end with a piece in brackets; with very many it is not tried, that takes ages."""
    return text.endswith(tuple("）)]］】}｝>＞〕")) and sum(map(text.count, "（([［【{｛<＜〔")) <= MAX_BRACKETS


def _unwrapped(run: str) -> str:
    """Return a run without the brackets around all of it."""
    wrapped = _WRAPPED.fullmatch(run) if _may_be_wrapped(run) else None
    return wrapped["inside"].strip() if wrapped else run


def _side(piece: str) -> str:
    """Return the language of a sentence, "mixed" if it is not clear, nothing if it has no words."""
    if not any(character.isalpha() for character in piece):
        return ""
    if reads_as_chinese(piece):
        return "zh" if not (_foreign_start(piece) or _FOREIGN_END.search(piece)) else "mixed"
    return "en" if han_share(piece) <= LATIN_HALF_SHARE else "mixed"


def _foreign_start(piece: str) -> bool:
    """Tell whether a Chinese sentence begins or ends with an English one that lacks its end mark."""
    return len(regex.findall(r"\p{Ll}{2,}", regex.split(r"\p{Han}", piece, maxsplit=1)[0])) >= 4


def _sentences(text: str) -> list[str]:
    """Cut a text behind the end marks of both languages."""
    pieces = []
    start = 0
    for match in _END.finditer(text):
        if match.start() < start or _counts_again(text[start : match.start()]):
            continue
        end = match.end()
        while end < len(text) and (text[end] in _CLOSERS or _closes(text, start, end)):
            end += 1
        pieces.append(text[start:end])
        start = end
    return [*pieces, text[start:]] if text[start:].strip() else pieces


def _counts_again(text: str) -> bool:
    """Tell whether a text ends with the number it begins with, that of its translation: 4. Cleanliness 4"""
    number = regex.match(r"\s*(\d{1,3})[.．、].*\D(\d{1,3})", text)
    return number is not None and number[1] == number[2] and number.end() == len(text)


def _closes(text: str, start: int, place: int) -> bool:
    """Tell whether a straight quotation mark behind a sentence that begins at ``start`` closes.

    It does if one is open; a quotation mark that was opened lines before closes if the next sentence needs none.
    """
    mark = text[place]
    if mark not in "\"'":
        return False
    if text.count(mark, start, place) % 2 == 1:
        return True
    following = _END.search(text, place + 1)
    end = following.end() + 1 if following else len(text)
    return mark == '"' and text.count(mark, place + 1, end) % 2 == 0
