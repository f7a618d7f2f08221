"""Corpora as people train with them: Moses pairs (``name.zh`` and ``name.en``, line by line) and JSON lines."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tmx.errors import EmptyInputError, FormatError, LimitError
from tmx.inline import without_entities
from tmx.languages import is_chinese, is_english
from tmx.model import Block, Document, Notice
from tmx.readers.bilingual import Pair, pair_blocks
from tmx.readers.encodings import decode
from tmx.readers.files import read_bytes
from tmx.readers.options import ReadOptions
from tmx.readers.resources import keyed_document, leaves
from tmx.scripts import reads_as_chinese

# A request to translate: a line of its own, or what stands before the text in the first line.
REQUEST = re.compile(
    r"\btranslat(?:e|ing|ion (?:of|to|into|for))\b|rendering (?:of|in)"
    r"|翻[译譯](?:[成为為到：:\n]|以下|下面|下列|如下|一下|[这這该該此])"
    r"|[请請把将將给給][^\n]{0,60}(?:翻[译譯]|[译譯]文)|[译譯][成为為]|中[译譯]英|英[译譯]中",
    re.IGNORECASE,
)
INSTRUCTION = re.compile(
    rf"\A[^\n]{{0,300}}?(?:{REQUEST.pattern})[^\n]{{0,200}}?[:：。.]?\s*(?:\n+|[:：]\s*)(?=\S)",
    re.IGNORECASE,
)
LAST_LINE = re.compile(rf"\n+[^\n]{{0,200}}(?:{REQUEST.pattern})[^\n]{{0,100}}\s*\Z", re.IGNORECASE)
TRANSLATOR = re.compile("translat|翻[译譯]|[译譯]", re.IGNORECASE)  # what a system is told to be
WRAPPED = re.compile(
    r"<(?P<name>text|source|src|input|sentence|chinese|english|zh|en|原文)>(?P<text>.*)</(?P=name)>",
    re.IGNORECASE | re.DOTALL,
)
# How the two texts of a record are named, by what stands before or behind _text, _sentence and the like.
SIDES = (
    ("source", "target"),
    ("src", "tgt"),
    ("src", "trg"),
    ("chinese", "english"),
    ("src", "ref"),  # of those who judge machines: the reference, not what the machine said
    ("src", "reference"),
    ("source", "reference"),
    ("source", "ref"),
    ("source", "translation"),
    ("original", "translation"),
    ("original", "translated"),
    ("原文", "译文"),
    ("sentence1", "sentence2"),
    ("text1", "text2"),
    ("zh", "en"),
)
ASKED = (
    ("prompt", "completion"),
    ("prompt", "response"),
    ("prompt", "chosen"),
    ("query", "response"),
    ("question", "answer"),
    ("input", "output"),
)
END = re.compile(r"[。！？]$")
MAX_LITERAL_CHARS = 10_000  # of a line that Python may have written
ASKING_SHARE = 0.1  # of the records that could ask for a translation, from which the others are taken for other tasks
CONVERSATIONS = ("messages", "conversations", "conversation", "dialogue", "turns")
ROLES = frozenset(["user", "human"])
ANSWERS = frozenset(["assistant", "gpt", "model", "bot"])


def read_moses(path: Path, name: str, options: ReadOptions) -> Document:
    """Read one file of a Moses pair: every line is a segment and belongs to the line of that number in the other."""
    text = decode(read_bytes(path, name, options), name, options.encoding)
    language = "en" if path.suffix[1:3].lower() == "en" else "zh"
    blocks = []
    entities = 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
        if len(line) > options.max_line_chars:
            raise LimitError(f"{name}, line {number + 1}: more than {options.max_line_chars:,} characters in one line")
        line, count = without_entities(line)  # Moses itself writes &apos; and &#124;
        entities += count
        if line.strip():
            blocks.append(Block(line.strip(), f"line {number + 1}", "segment", language, row=number))
        if len(blocks) > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks:,} lines")
    return Document(name, "moses", tuple(blocks), notices=_read_as_signs(name, entities))


def _read_as_signs(name: str, entities: int) -> tuple[Notice, ...]:
    what = f"{entities} entities written as text were read as the signs they stand for"
    return (Notice("replaced", name, "", what),) if entities else ()


def read_jsonl(path: Path, name: str, options: ReadOptions) -> Document:
    """Read pairs from JSON lines: ``{"translation": {"zh": ..., "en": ...}}``, Alpaca, or conversations.

    A file that is one JSON list of such records is read too. Where some records ask for a translation, others that
    only ask for an answer are no pairs.

    Raises:
        FormatError: a line is not JSON.
        EmptyInputError: no line holds a Chinese text with its English one.
    """
    text = decode(read_bytes(path, name, options), name, options.encoding)
    return _document(_records(text, name, options), name, options)


def read_json(path: Path, name: str, options: ReadOptions) -> Document:
    """Read texts by their keys, however nested; one list of records is read as JSON lines are.

    Raises:
        FormatError: the file is not JSON.
        EmptyInputError: there is no text in it.
    """
    text = decode(read_bytes(path, name, options), name, options.encoding)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name}: not JSON ({' '.join(str(error).split())})") from error
    lists = [one for one in (value.values() if isinstance(value, dict) else [value]) if isinstance(one, list)]
    if lists and any(isinstance(record, dict) for record in lists[0]):
        return _document(((f"record {number}", one) for number, one in enumerate(lists[0], 1)), name, options)
    return keyed_document(name, list(leaves(value, path.suffix.lower() == ".arb")), options)


def text_in_json(text: str, name: str, options: ReadOptions) -> Document | None:
    """Return the pairs of a text file that is written as JSON or nearly so, None if it is not.

    Objects may stand on several lines, without the brackets of a list around them, and lines without braces:
    ``"zh": "港口关闭。", "en": "The harbour is closed.",`` or each language on a line of its own.
    """
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return None
    records = _loose_records(text)
    if not any(any(_sorted(list(_texts(record)))) for _, record in records):
        return None
    return _document(records, name, options)


def _document(records: Iterable[tuple[str, Any]], name: str, options: ReadOptions) -> Document:
    found: list[tuple[str, list[_Found]]] = []
    count = 0
    for place, record in records:
        found.append((place, list(_texts(record))))
        count += len(found[-1][1])
        if 2 * count > options.max_blocks:
            raise LimitError(f"{name}: more than {options.max_blocks // 2:,} pairs")
    asked = [pair.asked for _, pairs in found for pair in pairs if pair.asked is not None]
    asking = sum(asked) > ASKING_SHARE * len(asked)
    pairs: list[Pair] = []
    without = entities = 0
    for place, texts in found:
        wanted = [pair for pair in texts if pair.asked is not False or not asking]
        sides: list[Pair] = []
        for chinese, english in _sorted(wanted):
            (chinese, first), (english, second) = without_entities(chinese), without_entities(english)
            entities += first + second
            sides.append((chinese, english, place, (), ()))
        without += not sides
        pairs += sides
    if not pairs:
        raise EmptyInputError(f"{name}: no line holds a Chinese text with its English one")
    notices = [Notice("warning", name, "", f"{without} lines hold no pair and were passed over")] if without else []
    if asked and not asking:
        notices.append(Notice("warning", name, "", "no line asks for a translation; each answer was taken for one"))
    notices += _read_as_signs(name, entities)
    return Document(name, "jsonl", tuple(pair_blocks(pairs)), notices=tuple(notices))


def _records(text: str, name: str, options: ReadOptions) -> Iterator[tuple[str, Any]]:
    """Yield each record with its place: line by line, or the items of a file that is one JSON list."""
    lines = text.replace("\r\n", "\n").split("\n")
    first = next((line.strip() for line in lines if line.strip()), "")
    if first[:1] == "[" or first == "{":
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError):
            whole = None
        lists = whole if isinstance(whole, list) else []
        if isinstance(whole, dict):  # {"data": [...]}
            lists = next((value for value in whole.values() if isinstance(value, list)), [])
        if any(isinstance(record, dict) for record in lists):
            yield from ((f"record {number}", record) for number, record in enumerate(lists, 1))
            return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(line) > options.max_line_chars:
            raise LimitError(f"{name}, line {number}: more than {options.max_line_chars:,} characters in one line")
        try:
            yield f"line {number}", json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{name}, line {number}: not JSON ({error}); each line is one JSON object") from error


def _loose_records(text: str) -> list[tuple[str, Any]]:
    """Return the records of a text with their places, none if some of it is no JSON.

    >>> _loose_records('{"zh": "港口", "en": "port"},\\n{"zh": "船", "en": "ship"},')
    [('record 1', {'zh': '港口', 'en': 'port'}), ('record 2', {'zh': '船', 'en': 'ship'})]
    >>> _loose_records('"zh": "港口"\\n"en": "port"'), _loose_records('"港口", "port"')
    ([('line 1', {'zh': '港口', 'en': 'port'})], [('line 1', ['港口', 'port'])])
    >>> _loose_records("{'zh': '港口', 'en': 'port'}"), _loose_records('"港口" is a port')
    ([('line 1', {'zh': '港口', 'en': 'port'})], [])
    """
    whole = _loaded(f"[{text.strip().removesuffix(',')}]")
    if isinstance(whole, list) and len(whole) == 1 and isinstance(whole[0], list):
        whole = whole[0]
    if isinstance(whole, list) and all(isinstance(record, dict) for record in whole):
        return [(f"record {number}", record) for number, record in enumerate(whole, 1)]
    records: list[tuple[str, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip().removesuffix(",")
        if not line.strip("[]{} "):
            continue
        bare = _written(f"{{{line}}}")
        record = bare if isinstance(bare, dict) else _written(line if line[:1] in "[{" else f"[{line}]")
        if not isinstance(record, dict | list):
            return []
        before = records[-1][1] if records else None
        if isinstance(bare, dict) and isinstance(before, dict) and not bare.keys() & before.keys():
            before.update(bare)
        else:
            records.append((f"line {number}", record))
    return records


def _written(line: str) -> Any:
    """Return what a line is as JSON, or as Python writes it (``{'zh': '港口'}``), None if it is neither."""
    found = _loaded(line)
    if found is not None or "'" not in line or len(line) > MAX_LITERAL_CHARS:
        return found
    try:
        return ast.literal_eval(line)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _loaded(text: str) -> Any:
    """Return what a text is as JSON, None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class _Found:
    """Two texts of a record; ``asked`` tells whether it asks for a translation (None: nothing has to be asked)."""

    first: str
    second: str
    asked: bool | None = None


def _sorted(found: Sequence[_Found]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a Chinese and an English text, Chinese first; others are none."""
    for pair in found:
        a, b = pair.first.strip(), pair.second.strip()
        if a and b and reads_as_chinese(a) != reads_as_chinese(b):
            yield (a, b) if reads_as_chinese(a) else (b, a)


def _texts(record: Any) -> Iterator[_Found]:
    """Yield the pairs of texts in one record, whatever the habit it is written in."""
    if isinstance(record, list):  # ["港口关闭。", "The harbour is closed."], or a conversation
        if len(record) == 2 and all(isinstance(text, str) for text in record):
            yield _Found(record[0], record[1])
        else:
            yield from _turns(record)
    if not isinstance(record, dict):
        return
    if isinstance(record.get("translation"), dict):
        record = record["translation"]
    named = {_side_name(str(key)): value for key, value in record.items()}
    languages = {key: value for key, value in named.items() if is_chinese(key) or is_english(key)}
    chinese = next((value for key, value in languages.items() if is_chinese(key)), None)
    english = next((value for key, value in languages.items() if is_english(key)), None)
    sides = [(chinese, english), *((named.get(first), named.get(second)) for first, second in SIDES)]
    for first, second in sides:
        pairs = list(_paired(first, second))
        if pairs:
            yield from pairs
            return
    texts = {str(key): value for key, value in record.items() if isinstance(value, str)}
    if "output" in texts and "instruction" in texts:
        given = texts.get("input", "").strip()
        yield _asked(texts["instruction"], texts["output"], given)
        return
    for first, second in ASKED:
        if first in texts and second in texts:
            yield _asked(texts[first], texts[second])
            return
    for turns in (record.get(name) for name in CONVERSATIONS):
        if isinstance(turns, list):
            yield from _turns(turns)
    if len(texts) == len(record) and _is_dictionary(texts):
        yield from (_Found(key, value) for key, value in texts.items())


def _is_dictionary(texts: Mapping[str, str]) -> bool:
    """Tell whether each name in a record is a text, and what stands behind it the translation.

    >>> _is_dictionary({"港口关闭。": "The port is closed.", "船": "ship"}), _is_dictionary({"姓名": "Lee", "id": "1"})
    (True, False)
    """
    sides = {(reads_as_chinese(key), reads_as_chinese(value)) for key, value in texts.items()}
    if sides == {(False, True)}:
        return sum(" " in key for key in texts) >= len(texts) / 2  # no names of fields
    return sides == {(True, False)} and any(END.search(key) for key in texts)


def _side_name(key: str) -> str:
    """Return the name of a text without what says that it is one.

    >>> _side_name("source_text"), _side_name("zh_text"), _side_name("zh-CN"), _side_name("text1")
    ('source', 'zh', 'zh-cn', 'text1')
    """
    return re.sub(r"^(text|sentence|sent)[_-]|[_-](text|sentence|sent|segment)$", "", key.lower())


def _paired(first: Any, second: Any) -> Iterator[_Found]:
    """Yield the pairs of two texts, of two lists of texts of equal length, or of two records with a text each."""
    if isinstance(first, dict) and isinstance(second, dict):
        first, second = _content([first]), _content([second])
    if isinstance(first, str) and isinstance(second, str):
        yield _Found(first, second)
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        texts = zip(first, second, strict=True)
        yield from (_Found(a, b) for a, b in texts if isinstance(a, str) and isinstance(b, str))


def _asked(request: str, answer: str, text: str = "") -> _Found:
    """Return the text of a request (``text`` where it stands by itself) and its answer."""
    plain = text or _without_instruction(request)
    return _Found(plain, answer, bool(REQUEST.search(request)) if text else plain != request.strip())


def _turns(turns: Sequence[Any]) -> Iterator[_Found]:
    told = asked = ""
    for turn in turns:
        if not isinstance(turn, dict):
            continue
        role = str(turn.get("role", turn.get("from", ""))).lower()
        text = _content(turn.get("content", turn.get("value")))
        if role in ROLES:
            asked = text
        elif role in ANSWERS and asked:
            pair = _asked(asked, text)
            yield replace(pair, asked=True) if TRANSLATOR.search(told) else pair
            asked = ""
        told += text if role == "system" else ""


def _content(value: Any) -> str:
    """Return the text of a turn, which may come in parts."""
    if isinstance(value, list):
        parts = (part.get("text", part.get("value")) for part in value if isinstance(part, dict))
        return "\n".join(part for part in parts if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _without_instruction(text: str) -> str:
    """Return what is to be translated.

    >>> _without_instruction("请将下面的中文翻译成英文：\\n港口关闭。"), _without_instruction("港口关闭。")
    ('港口关闭。', '港口关闭。')
    >>> _without_instruction("Translate into English: 港口关闭。")
    '港口关闭。'
    >>> _without_instruction("<text>港口关闭。</text>\\n\\n译成英文。")
    '港口关闭。'
    """
    plain = LAST_LINE.sub("", INSTRUCTION.sub("", text.strip(), count=1), count=1).strip()
    wrapped = WRAPPED.fullmatch(plain)
    return wrapped["text"].strip() if wrapped else plain
