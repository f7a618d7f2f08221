"""XML and HTML parsed safely: no entities, no external files, no network."""

from __future__ import annotations

import re

from lxml import etree

from tmx.errors import FormatError

ENTITY_DECLARATION = re.compile(rb"<!ENTITY|<\0!\0E\0N\0T\0I\0T\0Y|\0<\0!\0E\0N\0T\0I\0T\0Y")


def parse_xml(data: bytes, name: str, part: str = "") -> etree._Element:
    """Parse XML and return its root; ``part`` names the member of an archive in messages.

    Entities are refused rather than resolved: no document format needs them, and they are how small files grow
    without bounds (billion laughs) or reach for other files.
    """
    place = f"{name}, part {part}" if part else name
    if ENTITY_DECLARATION.search(data):
        raise FormatError(f"{place}: declares XML entities, which are refused; save the file again without them")
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
