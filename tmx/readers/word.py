"""Word documents (.docx): paragraphs, tables, text boxes, foot- and endnotes; tracked changes as if accepted.

Reads the parts of the package with lxml (ECMA-376, WordprocessingML). python-docx shows neither tracked changes nor
notes nor text boxes, so the few elements that carry text are walked here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from tmx.errors import LimitError
from tmx.markup import attribute, local, parse_xml
from tmx.model import Block, BlockKind, Document, Metadata, Notice
from tmx.readers.archive import Archive, open_archive
from tmx.readers.options import ReadOptions
from tmx.readers.tables import EMPTY, Cell, table_blocks
from tmx.scripts import implied_script, reads_as_chinese

# Deleted or moved away text, field codes, the older double of a drawing, and pronunciation above a character.
SKIPPED = frozenset(
    ["del", "moveFrom", "instrText", "delText", "delInstrText", "Fallback", "rt", "pPr", "rPr", "sdtPr"]
)
HEADING_STYLES = ("heading", "title", "subtitle", "标题", "副标题")
CONTENTS_STYLES = ("toc ", "table of figures", "index ")
SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
HIDDEN_SHARE = 0.2  # of the visible text
ROOT_RELATION = "/officeDocument"


class _Reader:
    """Walks one document; collects blocks, notices and the numbers of pages and rows as it goes."""

    def __init__(self, archive: Archive, name: str, options: ReadOptions, *, with_hidden: bool = False) -> None:
        self.archive = archive
        self.with_hidden = with_hidden
        self.hidden: list[str] = []  # text that was left out
        self.name = name
        self.options = options
        self.blocks: list[Block] = []
        self.notices: list[Notice] = []
        self.page = 1
        self.row = 0
        self.paragraphs = 0
        self.tables = 0
        self.main = self._main_part()
        self.styles = self._styles()

    def _main_part(self) -> str:
        relations = self.archive.read_optional("_rels/.rels")
        if relations:
            for relation in parse_xml(relations, self.name, "_rels/.rels"):
                if attribute(relation, "Type").endswith(ROOT_RELATION):
                    return attribute(relation, "Target").lstrip("/")
        return "word/document.xml"

    def part(self, name: str) -> etree._Element | None:
        """Return the root of a part beside the main one, None if there is no such part."""
        path = posixpath.join(posixpath.dirname(self.main), name)
        data = self.archive.read_optional(path)
        return parse_xml(data, self.name, path) if data else None

    def _styles(self) -> dict[str, str]:
        root = self.part("styles.xml")
        names = {}
        for style in root if root is not None else ():
            if local(style) == "style":
                for child in style:
                    if local(child) == "name":
                        names[attribute(style, "styleId")] = attribute(child, "val").lower()
        return names

    def read_body(self) -> None:
        root = parse_xml(self.archive.read(self.main), self.name, self.main)
        for body in root:
            if local(body) == "body":
                self.walk(body)

    def walk(self, parent: etree._Element) -> None:
        """Take paragraphs and tables in order; containers (content controls, insertions) are looked through."""
        carried = ""
        for child in parent:
            tag = local(child)
            if tag == "p":
                carried = self.paragraph(child, carried)
            elif tag == "tbl":
                self.table(child)
            elif tag not in SKIPPED and tag != "sectPr":
                self.walk(child)
        if carried:
            self.add(carried, f"paragraph {self.paragraphs}", "paragraph")

    def paragraph(self, element: etree._Element, carried: str = "") -> str:
        """Add a paragraph and return its text instead if its end mark is deleted, to stand before the next one."""
        self.paragraphs += 1
        place = f"paragraph {self.paragraphs}"
        style = self.style(element)
        page = self.page
        text = carried + self.text(element)
        boxes = list(_descend(element, "txbxContent"))
        if _mark_deleted(element):
            return text
        if style.startswith(CONTENTS_STYLES) and not self.options.keep_furniture:
            if text.strip():
                self.notices.append(Notice("removed", self.name, place, f"line of a table of contents: {_short(text)}"))
        else:
            kind: BlockKind = "heading" if style.startswith(HEADING_STYLES) else "paragraph"
            self.add(text, place, kind, page)
        for box in boxes:
            for inner in _descend(box, "p"):
                self.add(self.text(inner), f"{place}, text box", "textbox")
        return ""

    def style(self, element: etree._Element) -> str:
        for properties in element:
            if local(properties) == "pPr":
                for child in properties:
                    if local(child) == "pStyle":
                        identifier = attribute(child, "val")
                        return self.styles.get(identifier, identifier.lower())
                    if local(child) == "outlineLvl" and attribute(child, "val") in tuple("012345678"):
                        return "heading"
        return ""

    def text(self, element: etree._Element) -> str:
        """Return the text of a paragraph; a manual line break is a line feed, a page break counts pages."""
        parts: list[str] = []
        pending = list(reversed(element))
        while pending:
            child = pending.pop()
            tag = local(child)
            if tag == "t":
                parts.append(child.text or "")
            elif tag == "r" and not self.with_hidden and _is_hidden(child):
                self.hidden.append("".join(t.text or "" for t in _descend(child, "t")))
            elif tag == "br" and attribute(child, "type") in ("page", "column"):
                self.page += attribute(child, "type") == "page"
                parts.append("\n")
            elif tag == "lastRenderedPageBreak":
                self.page += 1
            elif tag in SIGNS:
                parts.append(SIGNS[tag])
            elif tag not in SKIPPED and tag != "txbxContent":
                pending.extend(reversed(child))
        return "".join(parts)

    def add(self, text: str, place: str, kind: BlockKind, page: int = 0) -> None:
        for line in text.split("\n"):
            stripped = line.strip()
            if stripped:
                self.blocks.append(Block(stripped, place, kind, page=page or self.page))
        if len(self.blocks) > self.options.max_blocks:
            raise LimitError(f"{self.name}: more than {self.options.max_blocks:,} paragraphs")

    def table(self, element: etree._Element) -> None:
        self.tables += 1
        number = self.tables
        grid = []
        for line_number, line in enumerate(_children(element, "tr"), 1):
            cells = []
            for column, cell in enumerate(_children(line, "tc"), 1):
                place = f"table {number}, row {line_number}, column {column}"
                texts = [t.strip() for p in _descend(cell, "p") for t in self.text(p).split("\n") if t.strip()]
                cells.append(Cell(tuple(texts), place))
                cells += [EMPTY] * (_span(cell) - 1)
            if cells and not any(local(mark) == "del" for part in line if local(part) == "trPr" for mark in part):
                grid.append(cells)
        blocks, notices, self.row = table_blocks(
            grid, self.name, self.row, implied_script(self.options.source_language) or "Hans"
        )
        self.blocks.extend(blocks)
        self.notices.extend(notices)

    def read_notes(self) -> None:
        for file, tag, word in (("footnotes.xml", "footnote", "footnote"), ("endnotes.xml", "endnote", "endnote")):
            root = self.part(file)
            notes = [] if root is None else [n for n in root if local(n) == tag and not attribute(n, "type")]
            for number, note in enumerate(notes, 1):
                for paragraph in _descend(note, "p"):
                    self.add(self.text(paragraph), f"{word} {number}", "footnote")

    def read_margins(self) -> None:
        """List, or keep, what stands in the headers and footers of the pages."""
        folder = posixpath.dirname(self.main)
        for member in sorted(self.archive.members):
            base = posixpath.basename(member)
            if posixpath.dirname(member) == folder and base.startswith(("header", "footer")) and base.endswith(".xml"):
                root = parse_xml(self.archive.read(member), self.name, member)
                for paragraph in _descend(root, "p"):
                    text = self.text(paragraph).strip()
                    if text and self.options.keep_furniture:
                        self.add(text, base.removesuffix(".xml"), "paragraph")
                    elif text:
                        message = f"page {base[:6]}: {_short(text)}"
                        self.notices.append(Notice("removed", self.name, base.removesuffix(".xml"), message))


def read_docx(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a Word document."""
    with open_archive(path, name, options) as archive:
        reader = _read(archive, name, options)
        hidden = " ".join(text for text in reader.hidden if text.strip())
        if hidden and _is_the_other_language(hidden, reader.blocks):
            reader = _read(archive, name, options, with_hidden=True)
            message = f"hidden text was taken, since one language is hidden as a whole: {_short(hidden)}"
            reader.notices.append(Notice("warning", name, "", message))
        elif hidden:
            reader.notices.append(Notice("removed", name, "", f"hidden text: {_short(hidden)}"))
        metadata = core_properties(archive, name)
    return Document(name, "docx", tuple(reader.blocks), metadata, tuple(reader.notices))


def _read(archive: Archive, name: str, options: ReadOptions, *, with_hidden: bool = False) -> _Reader:
    reader = _Reader(archive, name, options, with_hidden=with_hidden)
    reader.read_body()
    reader.read_notes()
    reader.read_margins()
    return reader


def _is_the_other_language(hidden: str, blocks: Sequence[Block]) -> bool:
    """Tell whether all that can be seen is in one language, and enough of the other one is hidden to be its half."""
    shown = {reads_as_chinese(block.text) for block in blocks}
    enough = len(hidden) >= HIDDEN_SHARE * sum(len(block.text) for block in blocks)
    return shown == {not reads_as_chinese(hidden)} and enough


def _is_hidden(run: etree._Element) -> bool:
    """Tell whether a run of text is formatted as hidden."""
    return any(
        local(mark) == "vanish" and attribute(mark, "val") not in ("0", "false", "off")
        for properties in run
        if local(properties) == "rPr"
        for mark in properties
    )


def core_properties(archive: Archive, name: str) -> Metadata:
    """Return title and date from the core properties that all Office Open XML files share (ECMA-376, part 2)."""
    data = archive.read_optional("docProps/core.xml")
    if not data:
        return Metadata()
    fields = {local(child): (child.text or "").strip() for child in parse_xml(data, name, "docProps/core.xml")}
    properties = [(key, fields[key]) for key in ("creator", "subject", "keywords") if fields.get(key)]
    return Metadata(fields.get("title", ""), properties=tuple(sorted(properties)))


def _span(cell: etree._Element) -> int:
    """Return over how many columns a cell of a table goes."""
    for properties in cell:
        if local(properties) == "tcPr":
            for child in properties:
                value = attribute(child, "val")
                if local(child) == "gridSpan" and value.isascii() and value.isdigit() and len(value) < 3:
                    return max(1, int(value))
    return 1


def _children(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Yield the nearest descendants of that name, looking through content controls and insertions."""
    for child in element:
        tag = local(child)
        if tag == wanted:
            yield child
        elif tag not in SKIPPED and tag not in ("p", "tbl", "tc", "tr"):
            yield from _children(child, wanted)


def _descend(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Yield all descendants of that name in document order, without those inside one another or skipped."""
    pending = list(reversed(element))
    while pending:
        child = pending.pop()
        tag = local(child)
        if tag == wanted:
            yield child
        elif tag not in SKIPPED:
            pending.extend(reversed(child))


def _mark_deleted(paragraph: etree._Element) -> bool:
    """Tell whether the end of the paragraph is deleted by a tracked change, which joins it with the next one."""
    for properties in paragraph:
        if local(properties) == "pPr":
            for run in properties:
                if local(run) == "rPr":
                    return any(local(mark) in ("del", "moveFrom") for mark in run)
    return False


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
