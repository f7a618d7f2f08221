"""What the pages share: their files in ``duiyi/data``, and what an offline page holds in itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from tmx.messages import Messages

if TYPE_CHECKING:
    from jinja2 import Environment


def data(name: str) -> str:
    """Return the text of a template, style or script of ``duiyi/data``."""
    return resources.files("duiyi").joinpath("data", name).read_text(encoding="utf-8")


def templates(say: Messages) -> Environment:
    """Return the templates of the offline pages, which speak the language of ``say``."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # the service has pages without a template

    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(data),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["say"] = say
    return environment


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """Return a text as HTML with spans of it marked; one that begins within another is marked from where that ends.

    >>> marked("a <b> c", [(2, 5)]), marked("abcd", [(1, 4), (0, 2)])
    (Markup('a <mark>&lt;b&gt;</mark> c'), Markup('<mark>ab</mark><mark>cd</mark>'))
    """
    html, place = Markup(), 0
    for start, end in sorted(spans):
        start = max(start, place)
        if start < end:
            html += escape(text[place:start]) + Markup("<mark>{}</mark>").format(text[start:end])
            place = end
    return html + escape(text[place:])


def inlined(styles: Sequence[str], script: str) -> dict[str, str]:
    """Return style and script of an offline page as ``head.html`` takes them, with the hashes that allow them."""
    style, code = "".join(map(data, styles)), data(script)
    return {
        "style": Markup(style),
        "script": Markup(code),
        "style_hash": _policy_hash(style),
        "script_hash": _policy_hash(code),
    }


def _policy_hash(text: str) -> str:
    """Return the hash by which a content security policy allows one inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
