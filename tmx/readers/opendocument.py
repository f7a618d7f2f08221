"""OpenDocument texts (.odt): paragraphs, headings, tables, notes; tracked changes as if accepted.

Reads ``content.xml`` with lxml (OASIS OpenDocument 1.3): odfpy parses with an XML reader that resolves entities.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tmx.errors import LimitError
from tmx.markup import attribute, local, parse_xml, small_number
from tmx.model import Block, BlockKind, Document, Metadata, Notice
from tmx.readers.archive import Archive, open_archive, refuse_locked
from tmx.readers.options import ReadOptions
from tmx.readers.tables import EMPTY, Cell, table_blocks
from tmx.scripts import implied_script

# Deleted text is kept in tracked-changes; the citation is the number of a note; ruby-text is pronunciation.
SKIPPED = frozenset(
    ["tracked-changes", "note-citation", "ruby-text", "annotation", "annotation-end", "forms", "sequence-decls"]
)
INDEXES = frozenset(["table-of-content", "illustration-index", "table-index", "alphabetical-index", "user-index"])
MAX_SPACES = 1000  # text:s may claim any number of spaces
MAX_COLUMNS = 256


class _Reader:
    def __init__(self, name: str, options: ReadOptions) -> None:
        self.name = name
        self.options = options
        self.blocks: list[Block] = []
        self.notes: list[Block] = []
        self.notices: list[Notice] = []
        self.row = self.paragraphs = self.tables = 0
        self.page = 1

    def walk(self, parent: etree._Element) -> None:
        for child in parent:
            tag = local(child)
            if tag in ("p", "h"):
                self.paragraph(child, "heading" if tag == "h" else "paragraph")
            elif tag == "table":
                self.table(child)
            elif tag in INDEXES and not self.options.keep_furniture:
                self.notices.append(
                    Notice("removed", self.name, f"after paragraph {self.paragraphs}", "table of contents or index")
                )
            elif tag not in SKIPPED:
                self.walk(child)

    def paragraph(self, element: etree._Element, kind: BlockKind) -> None:
        self.paragraphs += 1
        place = f"paragraph {self.paragraphs}"
        self.add(self.blocks, self.text(element, place), place, kind)

    def text(self, element: etree._Element, place: str) -> str:
        """Return the text of a paragraph; notes go to ``self.notes``, text boxes become blocks of their own."""
        parts: list[str] = [element.text or ""]
        pending: list[etree._Element | str] = _content(element)
        while pending:
            child = pending.pop()
            if isinstance(child, str):
                parts.append(child)
                continue
            tag = local(child)
            if tag == "s":
                count = attribute(child, "c")
                parts.append(" " * small_number(count, MAX_SPACES))
            elif tag == "tab":
                parts.append("\t")
            elif tag == "line-break":
                parts.append("\n")
            elif tag == "soft-page-break":
                self.page += 1
            elif tag == "note":
                for body in child:
                    if local(body) == "note-body":
                        for paragraph in body:
                            if local(paragraph) in ("p", "h"):
                                number = f"footnote {len(self.notes) + 1}"
                                self.add(self.notes, self.text(paragraph, number), number, "footnote")
            elif tag == "text-box":
                for paragraph in _outermost(child):
                    self.add(self.blocks, self.text(paragraph, place), f"{place}, text box", "textbox")
            elif tag not in SKIPPED:
                parts.append(child.text or "")
                pending.extend(_content(child))
        return "".join(parts)

    def add(self, blocks: list[Block], text: str, place: str, kind: BlockKind) -> None:
        for line in text.split("\n"):
            stripped = " ".join(line.split(" ")).strip()
            if stripped:
                blocks.append(Block(stripped, place, kind, page=self.page))
        if len(self.blocks) > self.options.max_blocks:
            raise LimitError(f"{self.name}: more than {self.options.max_blocks:,} paragraphs")

    def table(self, element: etree._Element) -> None:
        self.tables += 1
        grid = []
        for number, line in enumerate((row for row in element.iter() if local(row) == "table-row"), 1):
            cells = []
            for column, cell in enumerate((c for c in line if local(c) in ("table-cell", "covered-table-cell")), 1):
                place = f"table {self.tables}, row {number}, column {column}"
                texts = [
                    text.strip()
                    for paragraph in _outermost(cell)
                    for text in self.text(paragraph, place).split("\n")
                    if text.strip()
                ]
                repeated = small_number(attribute(cell, "number-columns-repeated"), MAX_COLUMNS)
                cells += [Cell(tuple(texts), place)] if texts else [EMPTY] * repeated
            grid.append(cells)
        blocks, notices, self.row = table_blocks(
            grid, self.name, self.row, implied_script(self.options.source_language) or "Hans"
        )
        self.blocks.extend(blocks)
        self.notices.extend(notices)


def read_odt(path: Path, name: str, options: ReadOptions) -> Document:
    """Read an OpenDocument text."""
    with open_archive(path, name, options) as archive:
        refuse_locked(archive, name)
        root = parse_xml(archive.read("content.xml"), name, "content.xml")
        reader = _Reader(name, options)
        for body in root:
            if local(body) == "body":
                reader.walk(body)
        metadata = odf_metadata(archive, name)
    return Document(name, "odt", tuple(reader.blocks + reader.notes), metadata, tuple(reader.notices))


def odf_metadata(archive: Archive, name: str) -> Metadata:
    """Return what an OpenDocument file says of itself."""
    data = archive.read_optional("meta.xml")
    if not data:
        return Metadata()
    root = parse_xml(data, name, "meta.xml")
    fields = {local(element): (element.text or "").strip() for element in root.iter()}
    properties = [(key, fields[key]) for key in ("creator", "keyword", "subject") if fields.get(key)]
    return Metadata(fields.get("title", ""), properties=tuple(sorted(properties)))


def _outermost(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and headings in an element, without those inside one another (in a note, a text box)."""
    pending = list(reversed(element))
    while pending:
        child = pending.pop()
        if local(child) in ("p", "h"):
            yield child
        else:
            pending.extend(reversed(child))


def _content(element: etree._Element) -> list[etree._Element | str]:
    """Return the children of an element and the text after each, last first."""
    content: list[etree._Element | str] = []
    for child in element:
        content.append(child)
        if child.tail:
            content.append(child.tail)
    content.reverse()
    return content
