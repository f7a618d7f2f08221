"""What is told of an entry, field by field: the columns of sheets and tables, written and read by these lists alone.

A new column is a new ``Field`` in one of the lists: workbook, table, import and the list of columns in the workbook's
*Read me* go through them. A field without a heading is in no sheet, one without a name in no table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

from glossary.contexts import context_of, shown_in
from glossary.files.cells import LIST_SEPARATOR, Cell, Rich
from glossary.model import (
    ConceptEntry,
    Context,
    Domain,
    KnownStatus,
    PartOfSpeech,
    PhrasePattern,
    Rendering,
    Review,
    TermList,
    TermType,
    Usage,
    Variant,
    VariantKind,
)
from glossary.reasons import from_words, in_words
from tmx.files import digest
from tmx.messages import LANGUAGES, Messages, load

T = TypeVar("T")

REMOVE = "remove"  # a usage that takes the wording out of its entry
SOURCE, TARGET = "{source}", "{target}"  # names of columns that are named by the languages of the glossary
VARIANTS_ZH = "variants_zh"  # the column of the other Chinese forms of an entry


# What reviewers write in place of the words of a list: other forms of the word, and words that mean the same.
_MEANT = {
    "review": {
        "accepted": "accept accepts accepting ok okay yes y approve approved agree agreed correct right keep ✓ ✔ √ ☑ "
        "接受 采纳 通过 同意 可以 批准 是 对 好 正确 保留",
        "rejected": "reject rejects rejecting no n refuse refused delete drop wrong ✗ ✘ × x "
        "否决 拒绝 已拒绝 不接受 不采纳 不通过 不同意 否 错 错误 不对 删 删除",
        "edited": "edit edits change changed corrected 修改 已改 更正 已更正",
        "discuss": "discussed discussion unsure unclear 讨论 待讨论 需讨论 待定 再议 待议 存疑 待确认 不确定 疑 疑问",
        "candidate": "candidates open undecided 待审 未审",
    },
    "type": {
        "person": "people name 人名 姓名",
        "institution": "organization organisation agency body 组织 机构名 机构名称 单位",
        "event": "meeting conference 会议 事件",
        "title": "position post 职位 头衔",
        "place": "location 地点 地名",
        "slogan": "motto 标语",
        "abbreviation": "abbr acronym 简称 缩写",
        "concept": "term 术语",
    },
    "workbook.choice": {
        "approve": "approved accept accepted ok okay yes y correct right good ✓ ✔ √ ☑ 通过 同意 对 是 好 正确 接受",
        "doubt": "doubtful unsure unclear 疑 疑问 待定 待确认 不确定",
        "wrong": "no n incorrect bad reject rejected ✗ ✘ × x 错 错误 不对 否决 否",
        "merge with next": "merge 合并",
    },
}
MEANT: Mapping[str, Mapping[str, Sequence[str]]] = {
    section: {choice: words.split() for choice, words in choices.items()} for section, choices in _MEANT.items()
}


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """One thing that is told of a record ``T``, and its column.

    ``name`` is the column's in a table, ``header`` its heading on a sheet. ``get`` gives the sheet's cell, ``table``
    the table's text where that is another. ``attribute`` is where a text that comes in belongs (``entry.type``,
    ``rendering.usage``), and ``set`` turns it into the value, with ``ValueError`` for what it cannot be. ``editable``
    cells come back from a reviewer; ``choices`` is all that may stand there, ``required`` says what to do instead of
    emptying the cell. ``elsewhere`` says where to write what people write into a column that does not come back.
    ``width`` is in characters; ``chinese`` asks for the Chinese font. ``words`` names the section of the messages that
    words the values, ``show`` gives the cell in another language than English where it is not a word for a word.
    ``label`` is the name of the heading among the messages where the same English heads something else elsewhere.
    """

    name: str
    header: str
    get: Callable[[T], Cell]
    width: int = 0
    editable: bool = False
    choices: tuple[str, ...] = ()
    required: str = ""
    chinese: bool = False
    words: str = ""
    show: Callable[[T, Messages], Cell] | None = None
    table: Callable[[T], str] | None = None
    attribute: str = ""
    set: Callable[[str], Any] = str
    elsewhere: str = ""
    label: str = ""

    def shown(self, record: T, say: Messages) -> Cell:
        """The cell of a sheet in a language."""
        if say.language != "en" and self.show:
            return self.show(record, say)
        cell = self.get(record)
        return self.word(cell, say) if isinstance(cell, str) else cell

    def word(self, value: str, say: Messages) -> str:
        """A value in the words of a language; English keeps the values themselves."""
        if say.language == "en" or not self.words or not value:
            return value
        return say.get(f"{self.words}.{value}", say.get(f"workbook.choice.{value}", value))

    def value(self, word: str) -> str:
        """The value that a word means (``MEANT``), in any language and letter case; the word itself if it is none."""
        folded = word.casefold().strip(" .!。！")
        if folded.endswith(("?", "？")):  # "OK?" is no OK
            return next((choice for choice in ("discuss", "doubt") if choice in self.choices), word)
        for say in map(load, LANGUAGES):
            for choice in self.choices:
                if folded in (choice.casefold(), self.word(choice, say).casefold()):
                    return choice
        meant = MEANT.get(self.words, {}).items()
        return next((choice for choice, others in meant if folded in others and choice in self.choices), word)

    def text(self, record: T) -> str:
        """The text of the column in a table."""
        if self.table:
            return self.table(record)
        cell = self.get(record)
        return cell.text if isinstance(cell, Rich) else str(cell)


def worded(header: str, told: Callable[[T, Messages], Cell], width: int, label: str = "") -> Field[T]:
    """Return a column of a sheet whose cells are words of the sheet's language."""
    return Field("", header, lambda record: told(record, load("en")), width, show=told, label=label)


@dataclass(frozen=True, slots=True)
class TermRow:
    """An entry with one of its renderings: a row of a table. On the sheet *Terms* it is the preferred rendering."""

    entry: ConceptEntry
    rendering: Rendering

    @property
    def context(self) -> Context:
        """The context that shows the rendering."""
        return context_of(self.entry, self.rendering.text)


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One wording of an entry, in either language: a row of the sheet *Variants*."""

    entry: ConceptEntry
    language: str
    wording: Variant | Rendering


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A context of an entry: a row of the sheet *Evidence*."""

    entry: ConceptEntry
    context: Context


@dataclass(frozen=True, slots=True)
class PatternRow:
    """An instance of a phrase pattern with what fills its gaps."""

    pattern: PhrasePattern
    instance: Context
    filling: tuple[str, ...]


def variant_id(entry: str, language: str, text: str) -> str:
    """Return the stable ID of a rendering or Chinese variant: the entry's and a digest of the wording."""
    return f"{entry}/{digest([language, text], 4).hex()}"


def wordings(entry: ConceptEntry) -> Iterator[WordingRow]:
    """Yield the rows of an entry's wordings on the sheet *Variants*."""
    yield from (WordingRow(entry, "zh", variant) for variant in entry.variants)
    yield from (WordingRow(entry, "en", rendering) for rendering in entry.renderings)


def chosen(choices: tuple[str, ...]) -> Callable[[str], str]:
    """Return a setter that takes one of some words, in any letter case."""

    def choose(text: str) -> str:
        found = next((choice for choice in choices if choice.casefold() == text.casefold()), None)
        if found is None:
            raise ValueError(f"{text[:40]!r} is none of: {', '.join(choices)}")
        return found

    return choose


def whole(text: str) -> int:
    """Return a number that a table holds."""
    if not text.isdecimal():
        raise ValueError(f"{text!r} is not a number")
    return int(text)


def fraction(text: str) -> float:
    """Return a score that a table holds."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def items(text: str) -> tuple[str, ...]:
    """Return the items of a list in one cell of a table."""
    return tuple(dict.fromkeys(filter(None, text.split(LIST_SEPARATOR))))


def lines(text: str) -> tuple[str, ...]:
    """Return the notes in one cell: one a line, or parted by a bar as tables have them."""
    return tuple(line for part in text.split(LIST_SEPARATOR) for line in part.split("\n") if line.strip())


def _documents(row: TermRow) -> str:
    documents = row.rendering.documents or row.entry.sources
    return LIST_SEPARATOR.join(dict.fromkeys((*documents, *filter(None, [row.context.document]))))


def _place(context: Context, say: Messages | None = None) -> str:
    if say and context.document and context.place:
        return say("at", document=context.document, place=say.place(context.place))
    return ", ".join(filter(None, (context.document, context.place)))


_DROP_TERM = "to drop a term choose rejected under Review"
_ONE_OF_LIST = "choose one of the list"
_IN_VARIANTS = "write each wording into a row of its own on the sheet Variants of the workbook"
_IN_ALIGNMENT = "put the pair right on the sheet Alignment of the workbook or on the review page"

TERM_FIELDS: tuple[Field[TermRow], ...] = (
    Field(
        "id", "ID", lambda row: row.entry.id, 13, attribute="entry.id"
    ),
    Field(
        SOURCE, "Chinese", lambda row: row.entry.term, 20, True, required=_DROP_TERM, chinese=True,
        attribute="entry.term",
    ),
    Field(
        TARGET, "English", lambda row: row.rendering.text, 30, True, required=_DROP_TERM, attribute="rendering.text",
    ),
    Field(
        "review", "Review", lambda row: row.entry.review, 11, True, get_args(Review), _ONE_OF_LIST,
        words="review", attribute="entry.review", set=chosen(get_args(Review)),
    ),
    Field(
        "type", "Type", lambda row: row.entry.type, 11, True, get_args(TermType), _ONE_OF_LIST,
        words="type", attribute="entry.type", set=chosen(get_args(TermType)),
    ),
    Field(
        "usage", "", lambda row: row.rendering.usage, 0, True, get_args(Usage), _ONE_OF_LIST,
        attribute="rendering.usage", set=chosen(get_args(Usage)),
    ),
    Field(
        "kind", "", lambda row: row.rendering.kind, 0, True, get_args(VariantKind), _ONE_OF_LIST,
        attribute="rendering.kind", set=chosen(get_args(VariantKind)),
    ),
    Field("count", "", lambda row: row.rendering.count, attribute="rendering.count", set=whole),
    Field(
        "notes", "Note", lambda row: "\n".join(row.entry.notes), 22, True,
        table=lambda row: LIST_SEPARATOR.join(row.entry.notes), attribute="entry.notes", set=lines,
    ),
    Field(
        "total", "Count", lambda row: row.entry.count, 7,
        attribute="entry.count", set=whole,
    ),
    Field(
        "units", "Units", lambda row: row.entry.units, 7,
        attribute="entry.units", set=whole,
    ),
    Field(
        "context_zh", "Chinese context", lambda row: Rich(row.context.source, row.context.source_spans), 38,
        chinese=True, elsewhere=_IN_ALIGNMENT,
    ),
    Field(
        "context_en", "English context", lambda row: Rich(row.context.target, row.context.target_spans), 46,
        elsewhere=_IN_ALIGNMENT,
    ),
    Field(
        "", "Source", lambda row: _place(row.context), 24, show=lambda row, say: _place(row.context, say)
    ),
    Field("source", "", _documents, attribute="entry.sources", set=items),
    Field(
        "", "Other English",
        lambda row: "; ".join(r.text for r in row.entry.renderings if r is not row.entry.preferred), 26,
        elsewhere=_IN_VARIANTS,
    ),
    Field(
        "variants_zh", "", lambda row: LIST_SEPARATOR.join(variant.text for variant in row.entry.variants),
        attribute="entry.variants", set=lambda text: tuple(map(Variant, items(text))),
        elsewhere=_IN_VARIANTS,
    ),
    Field(
        "", "Merge into ID", lambda row: "", 13, True
    ),
    Field(
        "part_of_speech", "Part of speech", lambda row: row.entry.part_of_speech, 12, True, get_args(PartOfSpeech),
        _ONE_OF_LIST, words="part-of-speech", attribute="entry.part_of_speech", set=chosen(get_args(PartOfSpeech)),
    ),
    Field(
        "first", "First", lambda row: row.entry.first, 11,
        table=lambda row: row.rendering.first, attribute="rendering.first",
    ),
    Field(
        "last", "Last", lambda row: row.entry.last, 11,
        table=lambda row: row.rendering.last, attribute="rendering.last",
    ),
    Field(
        "list", "List", lambda row: row.entry.list, 10, words="list",
        attribute="entry.list", set=chosen(get_args(TermList)),
    ),
    Field(
        "domain", "Domain", lambda row: row.entry.domain, 10, words="domain",
        attribute="entry.domain", set=chosen(get_args(Domain)),
    ),
    Field(
        "political", "", lambda row: repr(row.entry.political).removesuffix(".0"),
        attribute="entry.political", set=fraction,
    ),
    Field(
        "score", "Score", lambda row: round(row.entry.score, 3), 7, table=lambda row: repr(row.entry.score),
        attribute="entry.score", set=fraction,
    ),
    Field(
        "reasons", "Why", lambda row: "; ".join(map(in_words, row.entry.reasons)), 38,
        show=lambda row, say: "；".join(in_words(reason, say) for reason in row.entry.reasons),
        table=lambda row: LIST_SEPARATOR.join(map(in_words, row.entry.reasons)),
        attribute="entry.reasons", set=lambda text: tuple(map(from_words, items(text))),
    ),
    Field(
        "definition", "Definition", lambda row: row.entry.definition, 30, True, attribute="entry.definition"
    ),
    Field(
        "known", "Known", lambda row: row.entry.known, 10, words="known",
        attribute="entry.known", set=chosen(get_args(KnownStatus)),
    ),
    Field(
        "broader", "Broader ID", lambda row: row.entry.broader, 13, attribute="entry.broader",
    ),
)  # fmt: skip

# In which order a table has its columns: first what a person looks at. Fields that are not named here follow.
TERM_TABLE = (
    "id", SOURCE, TARGET, "type", "review", "usage", "count", "units", "context_zh", "context_en", "source", "kind",
    "total", "variants_zh", "part_of_speech", "list", "first", "last", "score", "definition", "notes", "reasons",
    "broader", "known",
)  # fmt: skip
PATTERN_TABLE = (
    "id", "pattern_zh", "pattern_en", "instances", "filling_zh", "instance_zh", "instance_en", "unit",
)  # fmt: skip


def table_of(fields: Sequence[Field[T]], order: Sequence[str]) -> tuple[Field[T], ...]:
    """Return the fields that a table has, in its order."""
    places = {name: number for number, name in enumerate(order)}
    return tuple(sorted((field for field in fields if field.name), key=lambda f: places.get(f.name, len(places))))


WORDING_FIELDS: tuple[Field[WordingRow], ...] = (
    Field(
        "", "Variant ID", lambda row: variant_id(row.entry.id, row.language, row.wording.text), 22,
    ),
    Field("", "ID", lambda row: row.entry.id, 13),
    Field("", "Term", lambda row: row.entry.term, 22, chinese=True),
    Field("", "Language", lambda row: row.language, 9),
    Field(
        "", "Text", lambda row: row.wording.text, 40, True, required=f"to take it out choose {REMOVE} under Usage",
        attribute="wording.text",
    ),
    Field(
        "", "Usage", lambda row: row.wording.usage, 12, True, (*get_args(Usage), REMOVE), _ONE_OF_LIST,
        words="usage", attribute="wording.usage",
    ),
    Field(
        "", "Kind", lambda row: row.wording.kind, 13, True, get_args(VariantKind), _ONE_OF_LIST, words="kind",
        attribute="wording.kind",
    ),
    Field("", "Count", lambda row: row.wording.count, 7),
    Field("", "Of", lambda row: row.entry.count, 7),
    Field("", "First", lambda row: getattr(row.wording, "first", ""), 11),
    Field("", "Last", lambda row: getattr(row.wording, "last", ""), 11),
    Field("", "Documents", lambda row: "; ".join(getattr(row.wording, "documents", ())), 50),
)  # fmt: skip


def _rendering_shown(row: EvidenceRow) -> str:
    number = shown_in(row.entry, row.context)
    return "" if number is None else row.entry.renderings[number].text


EVIDENCE_FIELDS: tuple[Field[EvidenceRow], ...] = (
    Field("", "ID", lambda row: row.entry.id, 13),
    Field("", "Chinese", lambda row: row.entry.term, 22, chinese=True),
    Field("", "English", _rendering_shown, 30),
    Field(
        "", "Chinese context", lambda row: Rich(row.context.source, row.context.source_spans), 60, chinese=True
    ),
    Field("", "English context", lambda row: Rich(row.context.target, row.context.target_spans), 66),
    Field("", "Document", lambda row: row.context.document, 28),
    Field("", "Place", lambda row: row.context.place, 22, show=lambda row, say: say.place(row.context.place)),
    Field("", "Date", lambda row: row.context.date, 11),
    Field("", "Unit", lambda row: row.context.unit, 18),
)  # fmt: skip


def _clause(row: PatternRow) -> str:
    """Return the Chinese clause that fills a pattern; the whole unit where its place is not known."""
    instance = row.instance
    start, end = instance.source_spans[0] if instance.source_spans else (0, len(instance.source))
    return instance.source[start:end]


# No column of a table is named as a language, so that no tool takes a pattern with its gaps for a term.
PATTERN_FIELDS: tuple[Field[PatternRow], ...] = (
    Field("id", "ID", lambda row: row.pattern.id, 13),
    Field(
        "pattern_zh", "Chinese pattern", lambda row: row.pattern.source, 26, chinese=True,
    ),
    Field(
        "pattern_en", "English pattern", lambda row: row.pattern.target, 32,
    ),
    Field(
        "instances", "Instances", lambda row: len(row.pattern.instances), 10,
    ),
    Field(
        "filling_zh", "Filling", lambda row: "\n".join(row.filling), 26, chinese=True,
        table=lambda row: LIST_SEPARATOR.join(row.filling),
    ),
    Field(
        "instance_zh", "Chinese", lambda row: Rich(row.instance.source, row.instance.source_spans), 50, chinese=True,
        table=_clause,
    ),
    Field("instance_en", "English", lambda row: row.instance.target, 66),
    Field("document", "Document", lambda row: row.instance.document, 28),
    Field(
        "place", "Place", lambda row: row.instance.place, 22, show=lambda row, say: say.place(row.instance.place)
    ),
    Field("date", "Date", lambda row: row.instance.date, 11),
    Field("unit", "Unit", lambda row: row.instance.unit, 18),
)  # fmt: skip


def pattern_rows(pattern: PhrasePattern) -> Iterator[PatternRow]:
    """Yield a row for each instance of a pattern."""
    yield from (PatternRow(pattern, instance, filling) for instance, filling in pattern.filled)
