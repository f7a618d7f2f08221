"""Inline tags that a tool wrote into the text itself, and codes of formats that stand for line breaks.

Tools that know no inline elements (OmegaT's level 1, MateCat, Wordfast, a spreadsheet of segments) write ``<f0>``,
``<g id="1">``, ``<span class="x">`` or ``&tA;`` as plain text. Left where they are, they become words of the language.
"""

from __future__ import annotations

import html
import re

from tmx.languages import joiner

LINE_BREAK = re.compile(
    r"^(lb|x-lb|br|break|linebreak|x-br|x-sdl-line-break)$|<\s*/?\s*(br|w:br|text:line-break)\b", re.I
)

_TAG = re.compile(
    r"""<(?P<close>/)?(?P<name>[A-Za-z][\w:.-]{0,24}|\d{1,4})
        (?P<attributes>(?:\s+[\w:.-]{1,40}\s*=\s*(?:"[^"<>]{0,400}"|'[^'<>]{0,400}'|[\w.#-]{1,40}))*)\s*(?P<empty>/)?>""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"&lt;(/?[A-Za-z0-9][^&<>]{0,400}?(?:&quot;[^&<>]{0,400}?)*/?)&gt;")
_WORDFAST = re.compile(r"&t[A-Z]{1,2};")
_NUMBERED = re.compile(r"[A-Za-z]{1,3}\d{1,4}|\d{1,4}|bpt|ept|ph|it|ut|bx|ex|x|cf", re.I)
_BREAKS = frozenset(["br", "lb", "p", "div", "li", "tr"])
# Elements that format running text in HTML; alone in a segment they open or close beyond its edges.
_FORMATTING = frozenset(["b", "i", "u", "em", "strong", "span", "sub", "sup", "font", "a", "small", "big", "tt", "cf"])


def without_tags(text: str) -> tuple[str, int]:
    """Return a text without the inline tags that were written into it as text, and how many there were.

    What looks like a tag is one if it has attributes, closes itself, has its counterpart in the same text, is numbered
    as tools number theirs, or formats text and stands at an edge. ``<Enter>``, ``a < b`` and the like stay.

    >>> without_tags('扩大了<g id="1">社会保障</g>的覆盖面'), without_tags("Press <Enter> if a < b.")
    (('扩大了社会保障的覆盖面', 2), ('Press <Enter> if a < b.', 0))
    >>> without_tags("&tA;Social security&tB; matters.<br/>It does.")
    ('Social security matters. It does.', 3)
    """
    if "<" not in text and "&" not in text:
        return text, 0
    plain = _ESCAPED.sub(lambda match: f"<{html.unescape(match[1])}>", text)
    found = list(_TAG.finditer(plain))
    opened = {match["name"] for match in found if not match["close"] and not match["empty"]}
    closed = {match["name"] for match in found if match["close"]}
    tags = [match for match in found if _is_tag(match, plain, opened & closed)]
    spans = [(*match.span(), match["name"].lower() in _BREAKS) for match in tags]
    spans += [(*match.span(), False) for match in _WORDFAST.finditer(plain)]
    if not spans:
        return text, 0
    result = ""
    end = 0
    for start, stop, breaks in sorted(spans):
        result = put(result, plain[end:start])
        if breaks and result and not result[-1].isspace():
            result += " "
        end = stop
    return put(result, plain[end:]).strip(), len(spans)


def put(text: str, more: str) -> str:
    """Put two pieces together between which a tag stood: of two spaces one is enough.

    >>> put("press ", " here")
    'press here'
    """
    return text + (more[1:] if text[-1:] == " " and more[:1] == " " else more)


def _is_tag(match: re.Match[str], text: str, paired: set[str]) -> bool:
    name = match["name"]
    if match["attributes"] or match["empty"] or name in paired or _NUMBERED.fullmatch(name):
        return True
    at_edge = not text[: match.start()].strip() or not text[match.end() :].strip()
    return name.lower() == "br" or (name.lower() in _FORMATTING and at_edge)


_BROKEN = re.compile(r"[ \t]*[\r\n\u2028\u2029\x85][\s]*")


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
