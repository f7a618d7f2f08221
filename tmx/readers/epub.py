"""Electronic books (.epub 2 and 3): the chapters of the spine, in order."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from tmx.errors import FormatError
from tmx.markup import attribute, local, parse_xml
from tmx.model import Block, Document, Metadata, Notice
from tmx.readers.archive import open_archive
from tmx.readers.options import ReadOptions
from tmx.readers.webpage import parse_html, walk

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
PAGES = ("application/xhtml+xml", "text/html")


def read_epub(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a book; a page of contents (the ``nav`` document) is left out unless furniture is kept."""
    blocks: list[Block] = []
    notices: list[Notice] = []
    with open_archive(path, name, options) as archive:
        container = parse_xml(archive.read(CONTAINER), name, CONTAINER)
        package_path = next((attribute(e, "full-path") for e in container.iter() if local(e) == "rootfile"), "")
        package = parse_xml(archive.read(package_path), name, package_path)
        items = {attribute(e, "id"): e for e in package.iter() if local(e) == "item"}
        if "META-INF/encryption.xml" in archive.members and _encrypts_pages(
            archive.read("META-INF/encryption.xml"), name
        ):
            raise FormatError(f"{name}: protected against copying (DRM); it cannot be read")
        row = repeated = 0
        seen: set[str] = set()
        for reference in (e for e in package.iter() if local(e) == "itemref"):
            item = items.get(attribute(reference, "idref"))
            if item is None or attribute(item, "media-type") not in PAGES:
                continue
            href = unquote(attribute(item, "href").partition("#")[0])
            member = posixpath.normpath(posixpath.join(posixpath.dirname(package_path), href))
            if "nav" in attribute(item, "properties").split() and not options.keep_furniture:
                notices.append(Notice("removed", name, href, "table of contents"))
                continue
            if member in seen:
                repeated += 1
                continue
            seen.add(member)
            if member not in archive.members:
                notices.append(Notice("warning", name, href, "this chapter is missing from the file"))
                continue
            root = parse_html(archive.read(member), f"{name}, part {member}", options)
            found, removed = walk(root, name, options, label=f"{posixpath.basename(href)}, ", row=row)
            blocks.extend(entry.block for entry in found)
            notices.extend(removed)
            row = 1 + max([row - 1, *(entry.block.row for entry in found)])
        if repeated:  # EPUB 3.3, 5.7.2: each item once
            message = f"{repeated:,} chapters listed more than once are read once"
            notices.append(Notice("removed", name, package_path, message))
        metadata = _metadata(package)
    return Document(name, "epub", tuple(blocks), metadata, tuple(notices))


def _metadata(package: etree._Element) -> Metadata:
    fields: dict[str, str] = {}
    for element in package.iter():
        if local(element) in ("title", "date", "source", "publisher", "creator") and (element.text or "").strip():
            fields.setdefault(local(element), (element.text or "").strip())
    properties = [(key, fields[key]) for key in ("creator", "publisher") if key in fields]
    return Metadata(
        fields.get("title", ""), fields.get("date", "")[:10], fields.get("source", ""), tuple(sorted(properties))
    )


def _encrypts_pages(data: bytes, name: str) -> bool:
    """Tell whether more than fonts is encrypted (fonts often are, without protection of the text)."""
    root = parse_xml(data, name, ENCRYPTION)
    paths = [attribute(element, "URI") for element in root.iter() if local(element) == "CipherReference"]
    return any(path.lower().endswith((".xhtml", ".html", ".htm", ".xml", ".opf")) for path in paths)
