"""XML and HTML parsed safely: no entities, no odd encodings, no external files, no network."""

from __future__ import annotations

import re

from lxml import etree

from tmx.errors import FormatError, LimitError

ENTITY_DECLARATION = re.compile(rb"<!ENTITY|<\0!\0E\0N\0T\0I\0T\0Y|\0<\0!\0E\0N\0T\0I\0T\0Y")
ENTITY_BYTES = 18  # the longest of these, less one, may be cut by the end of a chunk
# Encodings in which "<!ENTITY" is written with just these bytes; in others (UTF-7, EBCDIC, UCS-4) it would hide.
XML_ENCODINGS = frozenset(
    """utf-8 utf8 utf-16 utf16 utf-16le utf-16be us-ascii ascii iso-8859-1 iso-8859-15 latin1 latin-1 windows-1252
    cp1252 gb2312 gbk gb18030 cp936 big5 big5-hkscs big5hkscs cp950 euc-cn""".split()  # noqa: SIM905
)
MAX_XML_NODES = 5_000_000  # tags and attributes of what is parsed in one go; each takes 130 bytes of memory
XML_START = re.compile(r"""^\s*(?:<\?xml[^>]*?\bencoding\s*=\s*["']\s*([^"'\s]*)|<[?!\w])""", re.DOTALL)


def check_xml_start(data: bytes, place: str) -> None:
    """Refuse XML in an encoding that could hide what ``ENTITY_DECLARATION`` looks for; the beginning is enough.

    Raises:
        FormatError: it is neither UTF-8 nor UTF-16 nor another encoding of the list.
    """
    start = data[:1024]
    if start[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff") or start[:4].count(0) > 2:
        raise FormatError(f"{place}: its XML is in UTF-32, which is refused; save it as UTF-8")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or start[:4].count(0) == 2:  # UTF-16, with and without a mark
        little = start[:2] == b"\xff\xfe" or start[:1] not in (b"\0", b"\xfe")
        text = start[: len(start) & ~1].decode("utf-16-le" if little else "utf-16-be", "replace").lstrip("\ufeff")
    else:
        text = start.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    match = XML_START.match(text)
    stated = (match[1] or "utf-8").lower() if match else "utf-8"
    if stated not in XML_ENCODINGS:
        raise FormatError(f"{place}: its XML is in {stated[:40]!r}, which is refused; save it as UTF-8")


def check_xml(data: bytes, place: str) -> None:
    """Refuse XML that declares entities or is in an encoding that could hide them.

    Entities are refused rather than resolved: no document format needs them, and they are how small files grow
    without bounds (billion laughs) or reach for other files.
    """
    check_xml_start(data, place)
    if ENTITY_DECLARATION.search(data):
        raise FormatError(f"{place}: declares XML entities, which are refused; save the file again without them")


def check_nodes(data: bytes, place: str) -> None:
    """Refuse XML that would take too much memory when it is parsed whole, which nothing interrupts."""
    if data.count(b"<") + data.count(b'="') + data.count(b"='") > MAX_XML_NODES:
        raise LimitError(f"{place}: more than {MAX_XML_NODES:,} tags and attributes; split the file")


def parse_xml(data: bytes, name: str, part: str = "") -> etree._Element:
    """Parse XML and return its root; ``part`` names the member of an archive in messages.

    Raises:
        FormatError: it is not well-formed, declares entities, or is in an encoding that is refused.
    """
    place = f"{name}, part {part}" if part else name
    check_xml(data, place)
    check_nodes(data, place)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError, AssertionError) as error:
        raise FormatError(f"{place}: not well-formed XML ({_message(error)}); save the file again") from error
    if root is None:
        raise FormatError(f"{place}: no XML in it")
    return root


def _message(error: Exception) -> str:
    return str(error).replace("\n", " ").rstrip(".")[:200]


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; an empty string for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """Return the attribute of that local name, whatever its namespace; an empty string if there is none."""
    direct = element.get(name)
    if direct is not None:
        return str(direct)
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def small_number(text: str, limit: int) -> int:
    """Return a count that a file states, 1 if it is none, at most the limit.

    >>> small_number("3", 10), small_number("²", 10), small_number("9" * 5000, 10)
    (3, 1, 10)
    """
    if not (text.isascii() and text.isdigit()):
        return 1
    return limit if len(text) > 9 else min(max(1, int(text)), limit)
