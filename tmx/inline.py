"""Inline tags that a tool wrote into the text itself, and codes of formats that stand for line breaks.

Tools that know no inline elements (OmegaT's level 1, MateCat, Wordfast, a spreadsheet of segments) write ``<f0>``,
``<g id="1">``, ``<span class="x">`` or ``&tA;`` as plain text. Left where they are, they become words of the language.
"""

from __future__ import annotations

import html
import re

from tmx.languages import joiner

# Names and content of codes that stand for a line break or a tab; memoQ's mq:ch is a sign that is no letter.
LINE_BREAK = re.compile(
    r"^(x-)?(lb|br|break|line-?break|soft-?break|tab|sdl-line-break)$"
    r"|<\s*/?\s*(br|w:br|w:tab|w:cr|text:line-break|text:tab|mq:ch)\b",
    re.I,
)
BREAK, PLACEHOLDER = "\x1e", "\x1f"  # where such a code stood, and where one stood of which nothing is known

_TAG = re.compile(
    r"""<(?P<close>/)?(?P<name>[A-Za-z][\w:.-]{0,24}|\d{1,4})
        (?P<attributes>(?:\s+[\w:.-]{1,40}\s*=\s*(?:"[^"<>]{0,400}"|'[^'<>]{0,400}'|[\w.#-]{1,40}))*)\s*(?P<empty>/)?>""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"&lt;(/?[A-Za-z0-9][^&<>]{0,400}?(?:&quot;[^&<>]{0,400}?)*/?)&gt;")
_WORDFAST = re.compile(r"&t[A-Z]{1,2};|\{ut\d{1,4}\}")
_BRACES = re.compile(r"\{(?P<open>\w{1,4})>|<(?P<close>\w{1,4})\}")  # of Phrase: {1>text<1}, {b>text<b}
_NUMBERS = re.compile(r"\{\d{1,4}\}")  # of Phrase and Déjà Vu; elsewhere these are places for values
_WORDFAST_SIGN = re.compile(r"&'([0-9A-Fa-f]{2,4});")
_ENTITY = re.compile(
    "&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|middot|bull|copy|reg|trade|deg|times"
    r"|#\d{2,5}|#[xX][0-9a-fA-F]{2,5});"
)
_NUMBERED = re.compile(r"[A-Za-z]{1,3}\d{1,4}|\d{1,4}|bpt|ept|ph|it|ut|bx|ex|x|cf", re.I)
_BREAKS = frozenset(["br", "lb", "p", "div", "li", "tr"])
# Elements that format running text in HTML; alone in a segment they open or close beyond its edges.
_FORMATTING = frozenset(["b", "i", "u", "em", "strong", "span", "sub", "sup", "font", "a", "small", "big", "tt", "cf"])


def without_tags(text: str, numbers: bool = False) -> tuple[str, int]:
    """Return a text without the inline tags that were written into it as text, and how many there were.

    What looks like a tag is one if it has attributes, closes itself, has its counterpart in the same text, is numbered
    as tools number theirs, or formats text and stands at an edge. ``<Enter>``, ``a < b`` and the like stay.
    ``numbers``: the tool writes ``{1}`` for a code.

    >>> without_tags('扩大了<g id="1">社会保障</g>的覆盖面'), without_tags("Press <Enter> if a < b.")
    (('扩大了社会保障的覆盖面', 2), ('Press <Enter> if a < b.', 0))
    >>> without_tags("&tA;Social security&tB; matters.<br/>It does.")
    ('Social security matters. It does.', 3)
    >>> without_tags("{b>数字经济<b}，{1}", numbers=True), without_tags("{0} files")
    (('数字经济，', 3), ('{0} files', 0))
    """
    if not any(sign in text for sign in "<&{"):
        return text, 0
    plain = _ESCAPED.sub(lambda match: f"<{html.unescape(match[1])}>", text)
    found = list(_TAG.finditer(plain))
    opened = {match["name"] for match in found if not match["close"] and not match["empty"]}
    closed = {match["name"] for match in found if match["close"]}
    edges = len(plain) - len(plain.lstrip()), len(plain.rstrip())
    tags = [match for match in found if _is_tag(match, edges, opened & closed)]
    spans = [(*match.span(), match["name"].lower() in _BREAKS) for match in tags]
    others = [*_WORDFAST.finditer(plain), *_braces(plain, numbers), *(_NUMBERS.finditer(plain) if numbers else ())]
    spans += [(*match.span(), False) for match in others]
    if not spans:
        return text, 0
    result = Pieces()
    end = 0
    for start, stop, breaks in sorted(spans):
        result.put(plain[end:start])
        result.add(BREAK if breaks else "")
        end = stop
    result.put(plain[end:])
    return close_codes(str(result)).strip(), len(spans)


def _braces(text: str, certain: bool) -> list[re.Match[str]]:
    found = list(_BRACES.finditer(text))
    paired = {match["open"] for match in found} & {match["close"] for match in found}
    return [match for match in found if certain or (match["open"] or match["close"]) in paired]


def without_entities(text: str) -> tuple[str, int]:
    """Return a text with the signs for which entities were typed into it as text, and how many there were.

    >>> without_entities("A &amp; B&nbsp;&#169;"), without_entities("isn&'2019;t R&D;")
    (('A & B ©', 3), ('isn’t R&D;', 1))
    """
    if "&" not in text:
        return text, 0
    text = _WORDFAST_SIGN.sub(lambda match: f"&#x{match[1]};", text)
    text, count = _ENTITY.subn(lambda match: html.unescape(match[0]).replace("\xa0", " "), text)
    return text, count


def close_codes(text: str) -> str:
    """Return a text with a space, or nothing beside Chinese, where a code parted two words (BREAK, PLACEHOLDER).

    >>> close_codes(f"Address:{BREAK}Beijing"), close_codes(f"地址：{BREAK}北京")
    ('Address: Beijing', '地址：北京')
    >>> close_codes(f"har{PLACEHOLDER}bour.{PLACEHOLDER}It")
    'harbour. It'
    """
    return _CODES.sub(_space, text) if BREAK in text or PLACEHOLDER in text else text


_CODES = re.compile(r"(?<![ \t])[ \t]*[\x1e\x1f][ \t\x1e\x1f]*")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def _space(match: re.Match[str]) -> str:
    start, end = match.span()
    before, after = match.string[max(0, start - 1) : start], match.string[end : end + 1]
    if match[0].strip("\x1e\x1f"):
        return " "
    if not before or not after or _WIDE.match(before) or _WIDE.match(after):
        return ""
    new = (before.islower() or before in ".,;:!?") and after.isupper()
    return " " if BREAK in match[0] or new else ""


class Pieces:
    """A text put together from pieces, a million of them too.

    >>> text = Pieces("press ")
    >>> text.put(" here")
    >>> str(text)
    'press here'
    """

    def __init__(self, text: str = "") -> None:
        self._pieces = [text] if text else []

    def add(self, text: str) -> None:
        """Add a piece as it is."""
        if text:
            self._pieces.append(text)

    def put(self, text: str) -> None:
        """Add a piece before which a tag stood: of two spaces one is enough."""
        spaces = text[:1] == " " and bool(self._pieces) and self._pieces[-1][-1] == " "
        self.add(text[1:] if spaces else text)

    def __str__(self) -> str:
        return "".join(self._pieces)


def _is_tag(match: re.Match[str], edges: tuple[int, int], paired: set[str]) -> bool:
    """``edges``: where the first word of the text begins and its last one ends."""
    name = match["name"]
    if match["attributes"] or match["empty"] or name in paired or _NUMBERED.fullmatch(name):
        return True
    at_edge = match.start() <= edges[0] or match.end() >= edges[1]
    return name.lower() == "br" or (name.lower() in _FORMATTING and at_edge)


_BROKEN = re.compile(r"(?<![ \t])[ \t]*[\r\n\u2028\u2029\x85][\s]*")


def on_one_line(text: str, language: str) -> tuple[str, int]:
    """Return a segment without line breaks, and how many there were; words are parted as the language does.

    >>> on_one_line("Line one\\n  line two", "en"), on_one_line("第一行\\n第二行", "zh")
    (('Line one line two', 1), ('第一行第二行', 1))
    """
    parts = [part for part in _BROKEN.split(text) if part]
    if len(parts) < 2:
        return text.strip(), 0
    result = parts[0]
    for part in parts[1:]:
        latin = result[-1].isascii() and part[0].isascii()
        result += (" " if latin else joiner(language)) + part
    return result.strip(), len(parts) - 1
