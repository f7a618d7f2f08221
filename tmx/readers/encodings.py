"""From the bytes of a text file to its characters: the encoding is found, and a bad byte is named by its offset."""

from __future__ import annotations

import codecs

import charset_normalizer

from tmx.characters import is_han
from tmx.errors import EncodingError, FormatError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SIGNATURES = (
    (b"PK\x03\x04", "a zip file: a .docx, .xlsx or .epub under another name?"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"Rar!", "a RAR file"),
    (b"SQLite", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
# Encodings of Python that are no encodings of texts: escapes, names of hosts, what only its own programs write.
NO_TEXT = frozenset("unicode_escape raw_unicode_escape undefined idna punycode utf_7 mbcs oem unicode_internal".split())  # noqa: SIM905
LEGACY = ("gb18030", "big5", "cp1252")  # what Chinese and English text is in when it is not Unicode
WESTERN_SHARE = 0.15  # of bytes above 0x7F in Windows-1252 English; Chinese is mostly such bytes
SAMPLE_BYTES = 64 * 1024
PUNCTUATION = "\u3000，。、；：？！“”‘’《》〈〉（）【】「」『』—–…·"


def decode(data: bytes, name: str, encoding: str = "") -> str:
    """Return the text of a file's bytes; ``name`` is for the error message.

    A byte-order mark decides; then strict UTF-8; then UTF-16 without a mark, which its zero bytes betray; then
    GB18030, Big5 or Windows-1252, told apart by charset-normalizer. ``encoding`` skips all that.

    Raises:
        EncodingError: a byte does not belong to the encoding which the rest of the file is in.
        FormatError: the file is not text.

    >>> decode("对译".encode("gb18030"), "a.txt"), decode("對譯，雙語".encode("big5"), "b.txt")
    ('对译', '對譯，雙語')
    """
    for mark, marked in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], marked, name, len(mark))
    if any(data.startswith(start) for start, _ in SIGNATURES if not start.isalnum()):
        raise FormatError(f"{name}: not a text file ({_what_it_is(data)})")
    chosen = encoding or _detect(data)
    if not chosen:
        raise FormatError(f"{name}: not a text file ({_what_it_is(data)})")
    return _decode_as(data, chosen, name)


def is_text_encoding(name: str) -> bool:
    """Tell whether a name is that of an encoding in which texts are kept.

    >>> is_text_encoding("gbk"), is_text_encoding("unicode_escape"), is_text_encoding("base64"), is_text_encoding("x")
    (True, False, False, False)
    """
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return getattr(found, "_is_text_encoding", True) and found.name.replace("-", "_") not in NO_TEXT


def _what_it_is(data: bytes) -> str:
    kind = next((kind for start, kind in SIGNATURES if data.startswith(start)), "")
    return f"it begins like {kind}" if kind else f"byte {data.find(0)} is zero"


def _decode_as(data: bytes, encoding: str, name: str, skipped: int = 0) -> str:
    try:
        if not is_text_encoding(encoding):
            raise LookupError(encoding)
        text = data.decode(encoding)
    except LookupError as error:
        raise EncodingError(f"{name}: there is no encoding named {encoding}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = f"{name}, byte {error.start + skipped} (line {line}): 0x{data[error.start]:02X}"
        raise EncodingError(f"{byte} is not valid {encoding.upper()}; save the file as UTF-8") from error
    zero = text.find("\0")
    if zero >= 0:
        raise FormatError(f"{name}, character {zero}: a zero character; this is not a text file")
    return text


def _detect(data: bytes) -> str:
    """Return the encoding which the bytes are in, however damaged; an empty string if they are not text."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        failure = error.start
    else:
        return "" if b"\0" in data and not _utf16(data) else _utf16(data) or "utf-8"
    wide = _utf16(data)
    if wide:
        return wide
    if b"\0" in data:
        return ""
    if _multibyte_share(data) > 0.5:
        return "utf-8"  # the rest of the file is UTF-8: the bad byte is damage
    sample = _sample(data, failure)
    high = sum(byte > 0x7F for byte in sample) / len(sample)
    likely = LEGACY if high < WESTERN_SHARE else LEGACY[:-1]
    # Damaged lines are in no encoding; the others tell.
    lines = [line for line in sample.split(b"\n") if any(_decodes(line, encoding) for encoding in likely)]
    sound = b"\n".join(lines)
    simplified, traditional = (_everyday_share(sound, encoding) for encoding in ("gb18030", "big5"))
    if high >= WESTERN_SHARE and abs(simplified - traditional) > 0.2:
        return "gb18030" if simplified > traditional else "big5"
    best = charset_normalizer.from_bytes(sound, cp_isolation=list(likely)).best()
    if best is not None:
        return best.encoding
    return min(likely, key=lambda encoding: sample.decode(encoding, "replace").count("\ufffd"))


def _everyday_share(data: bytes, encoding: str) -> float:
    """Return how many of the Han characters are everyday ones (level 1 of GB 2312 or Big5); 0 if it does not decode.

    It tells even a few characters apart, for which statistics of whole texts are no help.
    """
    if not _decodes(data, encoding):
        return 0.0
    first, last = (0xB0, 0xD7) if encoding == "gb18030" else (0xA4, 0xC6)
    han = [character.encode(encoding) for character in data.decode(encoding) if is_han(character)]
    return sum(first <= code[0] <= last for code in han) / len(han) if han else 0.0


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _sample(data: bytes, start: int) -> bytes:
    """Return whole lines around the first byte that is not ASCII, enough to judge by."""
    first = data.rfind(b"\n", 0, start) + 1
    stop = first + SAMPLE_BYTES
    if stop >= len(data):
        return data[first:]
    end = data.rfind(b"\n", first, stop)
    return data[first:end] if end > first else data[first:stop]


def _utf16(data: bytes) -> str:
    """Return utf-16-le or -be for unmarked UTF-16, else an empty string.

    A zero byte is rare enough elsewhere; of the two byte orders only the right one reads as Chinese and English.
    """
    sample = data[: SAMPLE_BYTES & ~1]
    if len(data) % 2 or b"\0" not in sample:
        return ""
    shares = {order: _plausible_share(sample.decode(order, "replace")) for order in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda order: shares[order])
    return best if shares[best] > 0.9 and min(shares.values()) < 0.9 else ""


def _plausible_share(text: str) -> float:
    """Return how much of a text is Han, ASCII or common punctuation, 0 to 1."""
    plausible = sum(is_han(c) or (c.isascii() and (c.isprintable() or c.isspace())) or c in PUNCTUATION for c in text)
    return plausible / len(text) if text else 0.0


def _multibyte_share(data: bytes) -> float:
    """Return how much of what is not ASCII in a sample reads as UTF-8, 0 to 1."""
    sample = data[: 1024 * 1024]
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - bad
    return good / (good + bad) if good + bad else 1.0
