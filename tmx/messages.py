"""What the product says to people, in English and in Chinese: one table of messages a language.

The tables are ``tmx/data/messages.en.toml`` and ``messages.zh.toml``: the same keys, the same places for values. Code
asks for a message by its key and gives values by name; templates, workbook and scripts do the same, so that there is
one set of each. A message that counts something may have two forms, ``one`` and ``other``, chosen by the value ``n``.

>>> load("en")("level.sure"), load("zh")("level.sure")
('sure', '可靠')
>>> load("en")("count.units", n=1), load("en")("count.units", n=1200), load("zh")("count.units", n=1200)
('1 unit', '1,200 units', '1,200 个翻译单元')

Places, notices and errors are English text where they are made, for they are data: they go into memory, manifest and
JSON, and come back from there in a later run. ``Messages.told`` says them in another language; the English text, with
``{}`` for each value, is the key.

>>> load("zh").place("line 21"), load("zh").told("a.txt: cannot be read (Permission denied)")
('第 21 行', 'a.txt：无法读取（Permission denied）')
"""

from __future__ import annotations

import functools
import locale
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, get_args

from tmx.errors import harmless

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
ENVIRONMENT = "DUIYI_LANG"

Message = str | Mapping[str, str]

Told = Literal["told", "place"]  # sections whose keys are English texts
_VALUE = re.compile(r"\{(\d+)(?::([\w.|-]+))?\}")
# Where texts are put together, and the message that stands there: several with their places, a place and a text, two.
_JOINTS = tuple(
    (re.compile(joint), name) for joint, name in (("; (?=[^;]*: )", "semicolon"), (": ", "colon"), ("; ", "semicolon"))
)
_JOINED = re.compile(r"( \| | \+ | with | to (?=[a-z]))")  # what stands between places


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of one language, by dotted key."""

    language: Language
    texts: Mapping[str, Message]

    def __call__(self, name: str, /, **values: object) -> str:
        """Return the message ``name`` with its values put in; KeyError if there is no such message."""
        message = self.texts[name]
        if not isinstance(message, str):
            message = message["one" if values.get("n") == 1 else "other"]
        return message.format(**values) if values else message

    def get(self, name: str, default: str) -> str:
        """Return the message ``name``, or ``default`` for a name that came from elsewhere and may have none."""
        return self(name) if name in self.texts else default

    def section(self, prefix: str) -> dict[str, Message]:
        """Return the messages under ``prefix`` by the rest of their keys, as they are, for a script.

        >>> load("en").section("level")["sure"]
        'sure'
        """
        return {
            name.removeprefix(prefix + "."): text for name, text in self.texts.items() if name.startswith(prefix + ".")
        }

    def told(self, english: str, section: Told = "told") -> str:
        """Return what was said in English (a notice, an error, a finding) in this language.

        Of the templates that fit the one with the most text is taken. In its translation ``{0}`` is the first value
        as it is, ``{0:told}`` one that is said in this language too, ``{0:usage|kind}`` words that have a message in
        one of these sections. What fits none is taken apart where texts are put together; what then has no template,
        such as the message of a library, stays as it is.

        >>> load("zh").told("a.txt: no text in it; b.txt: no text in it")
        'a.txt：其中没有文字；b.txt：其中没有文字'
        """
        templates = _templates(self.language, section)
        fitting = [
            (match, answer)
            for literal, pattern, answer in templates
            if literal in english and (match := re.fullmatch(pattern, english, re.DOTALL))
        ]
        if fitting:  # a value that holds half a pair of brackets is a piece of a text that stands around this one
            match, answer = next((one for one in fitting if all(map(_closes, one[0].groups()))), fitting[0])
            text, *parts = _VALUE.split(answer)  # number of a value, how it is said, text, ...
            for number, how, after in zip(*[iter(parts)] * 3, strict=True):
                text += self._value(match[int(number) + 1], how) + after
            return text
        if not templates or section == "place":
            return english
        for joint, name in _JOINTS:
            first, *rest = joint.split(english, maxsplit=1)
            if rest:
                return self.told(first) + self(name) + self.told(rest[0])
        return self.place(english)

    def _value(self, value: str, how: str | None) -> str:
        if how is None:
            return value
        if how == "told":
            return self.told(value)
        words = ((f"{section}.{word}" for section in how.split("|")) for word in value.split(", "))
        return self("comma").join(
            next((self(name) for name in names if name in self.texts), word)
            for names, word in zip(words, value.split(", "), strict=True)
        )

    def place(self, english: str) -> str:
        """Return a place in a document, or several put together, as it is said in this language."""
        return "".join(self.told(part, "place") for part in _JOINED.split(english))


def _closes(value: str) -> bool:
    return value.count("(") == value.count(")")


@functools.cache
def _templates(language: Language, section: Told) -> tuple[tuple[str, str, str], ...]:
    """Give a literal text of each template, its pattern and its translation; the template with the most text first."""
    table = [(key.split("{}"), str(answer)) for key, answer in load(language).section(section).items()]
    table.sort(key=lambda line: -sum(map(len, line[0])))
    return tuple((max(pieces, key=len), _pattern(pieces, answer), answer) for pieces, answer in table)


def _pattern(pieces: Sequence[str], answer: str) -> str:
    """Return the pattern of a template. A value at its edge that is not said in turn holds no second text."""
    last = len(pieces) - 2
    values = ["(.*?)"] * (last + 1)
    if values and not pieces[-1] and f"{{{last}:told}}" not in answer:
        values[-1] = "((?:(?!; [^;]*: ).)*)"
    if values and not pieces[0] and "{0:told}" not in answer:
        values[0] = "((?:(?!; ).)*?)"
    return re.escape(pieces[0]) + "".join(
        value + re.escape(piece) for value, piece in zip(values, pieces[1:], strict=True)
    )


@functools.cache
def load(language: Language) -> Messages:
    """Return the messages of a language."""
    text = (files("tmx") / "data" / f"messages.{language}.toml").read_text(encoding="utf-8")
    return Messages(language, dict(_flat(tomllib.loads(text))))


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, Message]]:
    for name, value in table.items():
        if isinstance(value, str) or (isinstance(value, dict) and set(value) == {"one", "other"}):
            yield prefix + name, value
        elif isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")


def preferred_language() -> Language:
    """Return the language people are spoken to in unless they say: ``$DUIYI_LANG``, else that of the locale."""
    chosen = os.environ.get(ENVIRONMENT) or next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), ""
    )
    chosen = chosen or (locale.getlocale()[0] or "")  # Windows has no such variables
    return "zh" if chosen.lower().startswith(("zh", "chinese")) else "en"


def tell(english: str, head: str = "") -> None:
    """Say something to the person at the screen, in the language that is spoken, on one line; ``head`` is before it."""
    told = load(preferred_language()).told(english)
    print(head + harmless(told).replace("\n", "\\n"), file=sys.stderr, flush=True)
