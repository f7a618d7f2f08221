"""Web pages (.html): the main text as trafilatura finds it, tables, the ``lang`` attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import cssselect
from lxml import etree

from tmx.characters import han_share, is_han
from tmx.errors import FormatError, LimitError
from tmx.markup import local, small_number
from tmx.model import Block, BlockKind, Document, Metadata, Notice
from tmx.readers.encodings import decode, is_text_encoding
from tmx.readers.files import read_bytes
from tmx.readers.options import MEBIBYTE, ReadOptions
from tmx.readers.tables import EMPTY, Cell, table_blocks
from tmx.scripts import implied_script, reads_as_chinese

# Elements of HTML that begin and end a block of text (HTML Living Standard, rendering: display block and the like).
BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext
    pre search section summary table tbody td tfoot th thead tr ul xmp""".split()  # noqa: SIM905
)
SILENT = frozenset(
    """script style noscript template head title link meta svg math canvas iframe object embed audio video map
    textarea select button input datalist rt rp""".split()  # noqa: SIM905
)
NAVIGATION = frozenset(["nav", "footer", "aside", "form", "menu"])
NAVIGATION_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu|breadcrumbs?|crumbs?|share|social|related|recommend\w*|comments?|sidebar|footer"
    r"|copyright|pager|pagination|toolbar|login|search|advert\w*|ads?)(?:$|[\s_-])",
    re.IGNORECASE,
)
CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]{0,100}encoding\s*=\s*["']([\w-]+)""", re.I
)
# What pages call an encoding, and the larger one that browsers read it as (WHATWG Encoding Standard).
ENCODING_NAMES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
}
FOOTNOTE_MARK = re.compile(r"^[\[［(（〔]?(?:\d{1,3}|[*†‡a-z])[\]］)）〕]?$")
SHOWING = re.compile(
    r"(?<![\w-])(display|visibility|left|text-indent)\s*:\s*([\w.-]+)\s*(!\s*important)?", re.IGNORECASE
)
FAR = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|vw)")  # left of what can be seen
HIDING = frozenset({"none", "hidden", "collapse"})
BRACE = re.compile("[{}]")
MOST_RULES = 300  # of a page that show or hide something
BY_ITSELF = (1_000_000, 0, 0)  # how special the style of an element itself is
TRANSLATOR = cssselect.HTMLTranslator()
MAX_MAIN_TEXT_BYTES = 2 * MEBIBYTE  # beyond this the search for the main text takes minutes; all text is taken
LINK_SHARE = 0.5  # a block most of which is links is navigation
MAX_DEPTH = 400
SHOWN_SHARE = 0.2  # of the hidden text of a language: less in sight is a label or a footer
MAX_ATTRIBUTES = 5_000  # of one tag: the parser compares each with all others, and nothing interrupts it
LONG_TAG = re.compile(  # of so many pieces, or of characters enough for as many attributes, a space before each
    rf"""<[A-Za-z](?:[^"'<>]++|"[^"]*+"|'[^']*+'){{{MAX_ATTRIBUTES},}}+|<[A-Za-z][^<>]{{{2 * MAX_ATTRIBUTES},}}+"""
)
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
MAX_SPAN = 64  # columns or lines over which a cell of a table may go


@dataclass(frozen=True, slots=True)
class _Found:
    """A block with the elements it stands in, outermost first, and how much of its text is links, 0 to 1."""

    block: Block
    path: tuple[int, ...]
    links: float
    navigation: bool
    hidden: bool = False


def read_html(path: Path, name: str, options: ReadOptions) -> Document:
    """Read a web page that was saved to a file; nothing is fetched."""
    data = read_bytes(path, name, options)
    root = parse_html(data, name, options)
    found, notices = walk(root, name, options)
    metadata = Metadata()
    if len(data) <= MAX_MAIN_TEXT_BYTES:
        metadata = _metadata(root)
        if not options.keep_furniture:
            found, removed = _main_text(root, found, name)
            notices.extend(removed)
    return Document(name, "html", tuple(item.block for item in found), metadata, tuple(notices))


def parse_html(data: bytes, name: str, options: ReadOptions) -> etree._Element:
    """Parse a page in the encoding it declares, or which is found out."""
    declared = CHARSET.search(data[:4096])
    encoding = options.encoding
    if declared and not encoding:
        stated = (declared[1] or declared[2]).decode("ascii").lower()
        encoding = ENCODING_NAMES.get(stated, stated)
        if not is_text_encoding(encoding):  # a browser, too, goes by the bytes then
            encoding = ""
    if encoding.lower().replace("-", "").startswith(("utf8", "utf16", "unicode")):
        encoding = ""
    text = decode(data, name, encoding)
    if any(len(QUOTED.sub("", tag[0]).split()) > MAX_ATTRIBUTES for tag in LONG_TAG.finditer(text)):
        raise LimitError(f"{name}: more than {MAX_ATTRIBUTES:,} attributes in one tag; save the page again")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise FormatError(f"{name}: not an HTML page ({' '.join(str(error).split())[:120]})") from error
    if root is None:
        raise FormatError(f"{name}: no text in it")
    return root


class _Walker:
    def __init__(self, name: str, options: ReadOptions, label: str, sheet: _Sheet) -> None:
        self.name = name
        self.options = options
        self.label = label
        self.sheet = sheet
        self.found: list[_Found] = []
        self.notices: list[Notice] = []
        self.row = 0
        self.tables = 0
        self.hidden = False
        self.count = 0  # of elements: an element's number is its name in the paths
        self.parts: list[str] = []
        self.chars = 0  # in ``parts``
        self.link_chars = 0

    def visit(
        self, element: etree._Element, path: tuple[int, ...], language: str, kind: BlockKind, navigation: bool
    ) -> None:
        tag = local(element).lower()
        if tag in SILENT or not tag:
            return
        if not self.hidden and self.sheet.hides(element):
            if tag in BLOCKS:
                self.flush(path, language, kind, navigation)
            around = self.parts, self.chars, self.link_chars
            self.parts, self.chars, self.link_chars = [], 0, 0
            self.hidden = True
            self.visit(element, path, language, kind, navigation)
            self.flush(path, language, kind, navigation)
            self.hidden = False
            self.parts, self.chars, self.link_chars = around
            return
        if len(path) > MAX_DEPTH:
            raise LimitError(f"{self.name}: elements nested more than {MAX_DEPTH} deep")
        if tag != "html":  # the language of the page as a whole says little about a bilingual page
            language = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or language
        navigation = navigation or tag in NAVIGATION or bool(element.attrib and NAVIGATION_NAME.search(_names(element)))
        self.count += 1
        own = (*path, self.count)
        if tag == "table" and _is_data_table(element):
            self.flush(path, language, kind, navigation)
            self.table(element, own, language, navigation)
            return
        if tag == "br":
            self.flush(path, language, kind, navigation)
            return
        if tag == "sup" and FOOTNOTE_MARK.match(_inner(element)) and self.is_mark(element):
            return
        is_block = tag in BLOCKS
        if is_block:
            self.flush(path, language, kind, navigation)
            if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
                kind = "heading"
        before = self.chars
        if element.text:
            self.add(element.text)
        for child in element:
            self.visit(child, own, language, kind, navigation)
            if child.tail:
                self.add(child.tail)
        if tag == "a":
            self.link_chars += max(0, self.chars - before)
        if is_block:
            self.flush(own, language, kind, navigation)

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.chars += len(text)

    def is_mark(self, element: etree._Element) -> bool:
        """Tell whether a superscript is the mark of a note, not a power: a link, or in brackets."""
        if self.options.keep_furniture:
            return False
        text = _inner(element)
        parent = element.getparent()
        linked = any(local(child) == "a" for child in element) or (parent is not None and local(parent) == "a")
        return linked or not text.isalnum()

    def flush(self, path: tuple[int, ...], language: str, kind: BlockKind, navigation: bool) -> None:
        text = " ".join("".join(self.parts).split())
        links = self.link_chars / max(1, len(text))
        self.parts, self.link_chars, self.chars = [], 0, 0
        if text.strip("\u200b\ufeff"):
            place = f"{self.label}block {len(self.found) + 1}"
            self.found.append(_Found(Block(text, place, kind, language), path, links, navigation, self.hidden))
            if len(self.found) > self.options.max_blocks:
                raise LimitError(f"{self.name}: more than {self.options.max_blocks:,} blocks")

    def table(self, element: etree._Element, path: tuple[int, ...], language: str, navigation: bool) -> None:
        self.tables += 1
        grid = []
        covered: set[tuple[int, int]] = set()  # cells over which one of an earlier line goes
        unseen: list[_Found] = []
        for number, line in enumerate(element.iter("tr"), 1):
            cells: list[Cell] = []
            hidden = any(self.sheet.hides(one) for one in (line, line.getparent()) if one is not None)
            for cell in (c for c in line if local(c) in ("td", "th")):
                while (len(cells), number) in covered:
                    cells.append(EMPTY)
                column = len(cells) + 1
                width, height = (small_number(cell.get(s) or "", MAX_SPAN) for s in ("colspan", "rowspan"))
                covered.update((column - 1 + c, number + r) for c in range(width) for r in range(1, height))
                inner = _Walker(self.name, self.options, "", self.sheet)
                inner.hidden = self.hidden or hidden
                inner.visit(cell, path, "", "cell", False)
                declared = cell.get("lang") or line.get("lang") or language
                place = f"{self.label}table {self.tables}, row {number}, column {column}"
                texts = tuple(item.block.text for item in inner.found if item.hidden == self.hidden)
                cells.append(Cell(texts, place, declared))
                unseen.extend(
                    replace(item, block=replace(item.block, place=place, language=declared))
                    for item in inner.found
                    if item.hidden != self.hidden
                )
                cells += [EMPTY] * (width - 1)
            grid.append(cells)
        blocks, notices, self.row = table_blocks(
            grid, self.name, self.row, implied_script(self.options.source_language) or "Hans"
        )
        self.notices.extend(notices)
        self.found.extend(_Found(block, path, 0.0, navigation, self.hidden) for block in blocks)
        self.found.extend(unseen)


Rank = tuple[bool, tuple[int, int, int]]  # marked as important, and how special a selector is


class _Sheet:
    """What the ``style`` elements of a page show and hide; rules for some media, and states of an element, are not."""

    def __init__(self, root: etree._Element) -> None:
        self.said: dict[etree._Element, dict[str, tuple[Rank, bool]]] = {}
        rules = [
            (selectors, found)
            for style in root.iter("style")
            if (style.get("media") or "all").strip().lower() in ("all", "screen")
            for selectors, declarations in _style_rules(style.text or "")
            if (found := SHOWING.findall(declarations))
        ]
        if not any(_hides(value) for _, found in rules for _, value, _ in found):
            return
        for selectors, found in rules[:MOST_RULES]:
            try:
                for selector in cssselect.parse(selectors):
                    if selector.pseudo_element is not None:
                        continue
                    chosen = root.xpath(TRANSLATOR.selector_to_xpath(selector))
                    for element in cast("list[etree._Element]", chosen):
                        self.learn(element, found, selector.specificity())
            except (cssselect.SelectorError, etree.XPathError):
                continue  # a browser, too, passes over a rule that it does not know

    def learn(self, element: etree._Element, found: list[tuple[str, str, str]], special: tuple[int, int, int]) -> None:
        said = self.said.setdefault(element, {})
        for kind, value, important in found:
            rank = bool(important), special
            if kind.lower() not in said or rank >= said[kind.lower()][0]:
                said[kind.lower()] = rank, _hides(value)

    def hides(self, element: etree._Element) -> bool:
        """Tell whether an element is hidden, by the sheet, its own style, or its attribute ``hidden``."""
        if element.get("hidden") is not None:
            return True
        if own := SHOWING.findall(element.get("style") or ""):
            self.learn(element, own, BY_ITSELF)
        return any(hides for _, hides in self.said.get(element, {}).values())


def _hides(value: str) -> bool:
    return value.lower() in HIDING or FAR.fullmatch(value.lower()) is not None


def _style_rules(css: str) -> Iterator[tuple[str, str]]:
    """Return the selectors and declarations of a style sheet, without at-rules and what stands in them."""
    first, *others = css.split("/*")
    css = first + "".join(other.partition("*/")[2] for other in others)
    depth = start = body = 0
    for brace in BRACE.finditer(css):
        if brace[0] == "{":
            body = body if depth else brace.end()
            depth += 1
            continue
        if depth == 1:
            selectors = css[start : body - 1].rpartition(";")[2]
            if "@" not in selectors:
                yield selectors, css[body : brace.start()].partition("{")[0]
        depth = max(depth - 1, 0)
        start = start if depth else brace.end()


def walk(
    root: etree._Element, name: str, options: ReadOptions, label: str = "", row: int = 0
) -> tuple[list[_Found], list[Notice]]:
    """Return the blocks of a page in reading order; ``label`` goes before their places."""
    walker = _Walker(name, options, label, _Sheet(root))
    walker.row = row
    walker.visit(root, (), "", "paragraph", False)
    walker.flush((), "", "paragraph", False)
    found, hidden = _shown(walker.found, name)
    return found, [*walker.notices, *hidden]


def _shown(found: list[_Found], name: str) -> tuple[list[_Found], list[Notice]]:
    """Leave out what the page hides by style, but for a language that it shows on a click instead of the other one."""
    hidden = [item for item in found if item.hidden]
    if not hidden:
        return found, []
    taken: set[int] = set()
    notices = []
    for chinese, name_of in ((True, "Chinese"), (False, "English")):
        own = [item for item in hidden if reads_as_chinese(item.block.text) == chinese]
        seen, size = (
            sum(
                is_han(sign) == chinese and sign.isalpha()
                for item in found
                if item.hidden == unseen
                for sign in item.block.text
            )
            for unseen in (False, True)
        )
        if not own:
            continue
        first = max(own, key=lambda item: len(item.block.text)).block
        if seen < SHOWN_SHARE * size:
            taken.update(map(id, own))
            message = (
                f"{len(own)} paragraphs of {name_of} that the page hides by style were taken: {_short(first.text)}"
            )
            notices.append(Notice("warning", name, first.place, message))
        else:
            message = f"{len(own)} paragraphs of {name_of} which the page hides: {_short(first.text)}"
            notices.append(Notice("removed", name, first.place, message))
    return [item for item in found if not item.hidden or id(item) in taken], notices


def _main_text(root: etree._Element, found: list[_Found], name: str) -> tuple[list[_Found], list[Notice]]:
    """Keep what stands in the smallest element around the main text; return that, and notices of the rest.

    trafilatura finds the main text of a page, but of a bilingual page sometimes one language only; so running
    prose in either language counts as main text too, unless it stands in navigation.
    """
    main = _squeezed(_extract(root))
    anchors = [
        item for item in found if not item.navigation and (_squeezed(item.block.text) in main or _is_prose(item))
    ]
    anchors = [item for item in anchors if item.links < LINK_SHARE] or anchors
    if not anchors:
        return found, []
    common = anchors[0].path
    for item in anchors[1:]:
        length = next((i for i, (a, b) in enumerate(zip(common, item.path, strict=False)) if a != b), None)
        common = common[: min(len(common), len(item.path)) if length is None else length]
    kept, notices = [], []
    for item in found:
        inside = item.path[: len(common)] == common
        if inside and not item.navigation and (item.links < LINK_SHARE or _squeezed(item.block.text) in main):
            kept.append(item)
        else:
            notices.append(
                Notice("removed", name, item.block.place, f"outside the main text: {_short(item.block.text)}")
            )
    return kept, notices


def _extract(root: etree._Element) -> str:
    try:
        import trafilatura  # takes a while, and most documents are no web pages

        html = etree.tostring(root, encoding="unicode", method="html")
        return trafilatura.extract(html, include_comments=False, include_tables=True, favor_recall=True) or ""
    except Exception:  # it is asked for advice only; whatever it stumbles over, the page can be read without
        return ""


def _metadata(root: etree._Element) -> Metadata:
    try:
        import trafilatura

        html = etree.tostring(root, encoding="unicode", method="html")
        found = trafilatura.extract_metadata(html, extensive=False)
    except Exception:
        return Metadata()
    if found is None:
        return Metadata()
    properties = [(key, value) for key in ("author", "sitename") if (value := getattr(found, key, None))]
    return Metadata(found.title or "", found.date or "", found.url or "", tuple(sorted(properties)))


def _is_prose(item: _Found) -> bool:
    text = item.block.text
    enough = sum(map(is_han, text)) >= 12 if han_share(text) >= 0.5 else len(text.split()) >= 8
    return enough and item.links < LINK_SHARE and text.rstrip("\"'”’）)」』")[-1:] in ".!?。！？；;:："


def _is_data_table(table: etree._Element) -> bool:
    """Tell a table of text from one that lays out the page: no table inside, at least two columns."""
    if any(True for inner in table.iter("table") if inner is not table):
        return False
    return any(sum(local(cell) in ("td", "th") for cell in line) >= 2 for line in table.iter("tr"))


def _names(element: etree._Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"


def _inner(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
