"""One offline HTML file that shows what was made: warnings first, the alignment side by side, the terms, the pictures.

The file makes no request to anywhere (its content security policy forbids it), reads without script and is the
same, byte for byte, for the same input. Script only adds paging, filters and find to long tables.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import median

from jinja2 import Environment
from markupsafe import Markup, escape

from duiyi import pages
from duiyi.pictures import TimelineRow, alignment_path, confidence_histogram, day, timeline
from glossary.model import ConceptEntry, Context, Glossary, Rendering
from glossary.reasons import in_words
from tmx import messages
from tmx.characters import key
from tmx.confidence import MARKS, Mark, bead_mark
from tmx.files import atomic_path
from tmx.languages import is_chinese, join
from tmx.messages import Messages
from tmx.model import AlignedDocument, Notice, Paragraph, Sentence, TranslationUnit
from tmx.numbers import agreement

MAX_EXCERPT = 240  # characters of a side in a list: a long sentence of a report whole, a paragraph cut


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file of the run as the manifest lists it: name, size in bytes, SHA-256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What the report says about the run besides its documents and terms.

    ``created`` is an ISO 8601 time or empty: the report never asks the clock. ``settings`` and ``versions`` are
    name and value pairs. ``quarantined`` pairs each document that could not be read with the reason.
    """

    title: str = ""
    created: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    inputs: tuple[OutputFile, ...] = ()
    outputs: tuple[OutputFile, ...] = ()
    quarantined: tuple[tuple[str, str], ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """How much the report shows. What is left out is counted on the page.

    Documents after the first ``max_rows`` beads show only their doubtful, unaligned and flagged rows, up to as many
    again; ``max_pictures`` documents get their own pictures. A warning lists ``max_listed`` places; a count in the
    table of consistency leads to ``max_sentences`` sentences. ``language`` is the one the page speaks.
    """

    language: messages.Language = "en"

    max_rows: int = 20_000
    max_terms: int = 5_000
    max_contexts: int = 3
    max_pictures: int = 40
    max_listed: int = 200
    max_grid_terms: int = 200
    max_grid_columns: int = 24
    max_timeline_terms: int = 20
    max_sentences: int = 3


@dataclass(frozen=True, slots=True)
class AlignmentRow:
    """A bead as the report shows it; ``source`` and ``target`` are HTML."""

    anchor: str
    number: int
    mark: Mark
    percent: int
    shape: str
    source: Markup
    target: Markup
    place: str
    flags: tuple[str, ...]
    joined: bool

    @property
    def kinds(self) -> str:
        """The words by which the page filters rows."""
        words = [self.mark.level]
        words += ["joined"] if self.joined else []
        words += ["flagged"] if self.flags else []
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a warning: a place with a link, and what was seen there: a message, or both sides as HTML."""

    document: str
    place: str
    message: str = ""
    anchor: str = ""
    source: str = ""
    target: str = ""


@dataclass(slots=True)
class Warnings:
    """Warnings of one kind: all are counted, the first ones listed. ``help`` says what the kind means."""

    name: str
    title: str
    sign: str
    level: str
    help: str = ""
    count: int = 0
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class DocumentView:
    """A document as the report shows it."""

    anchor: str
    name: str
    title: str
    date: str
    source: str
    source_language: str
    target_language: str
    sentences: tuple[int, int]
    beads: int
    units: int
    counts: Mapping[str, int]
    median: float
    joins: int
    flagged: int
    rows: list[AlignmentRow]
    left_out: int
    dotplot: Markup
    histogram: Markup


@dataclass(frozen=True, slots=True)
class TermContext:
    """A context with the term marked on both sides, as HTML."""

    source: Markup
    target: Markup
    document: str
    place: str
    date: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Example:
    """A unit that holds a term in one of its renderings, for the table of consistency."""

    document: str
    anchor: str
    source: Markup
    target: Markup


@dataclass(frozen=True, slots=True)
class GridRow:
    """A rendering (or a Chinese term), how often each column holds it, and the first sentences that do."""

    anchor: str
    text: str
    note: str
    counts: tuple[int, ...]
    total: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One term and its renderings, or one rendering and its terms, over documents or years."""

    anchor: str
    head: str
    rows: tuple[GridRow, ...]


# Groups of what the reader is told, in the order they stand: what wants a look, then what was done in reading.
TO_LOOK_AT = {"quarantined": "⊘", "flag": "!", "doubtful": "○", "unaligned": "✕", "warning": "!"}
DONE_IN_READING = {"joined": "⤵", "removed": "−", "replaced": "≠"}


def write_report(
    path: Path,
    documents: Iterable[AlignedDocument],
    glossary: Glossary,
    info: RunInfo | None = None,
    options: ReportOptions | None = None,
) -> None:
    """Write the report on ``documents`` and ``glossary`` to ``path``, beside it first and then renamed into place.

    ``documents`` is read once, so a generator serves for a corpus that does not fit into memory. The same
    arguments give the same bytes.

    Raises:
        OSError: the folder cannot be written.
    """
    info, options = info or RunInfo(), options or ReportOptions()
    page = _templates(messages.load(options.language)).get_template("report.html")
    values = _Collector(glossary, options).collect(documents, info)
    stream = page.stream(
        info=info,
        options=options,
        glossary=glossary,
        marks=MARKS,
        **pages.inlined(("tokens.css", "report.css"), "report.js"),
        **values,
    )
    stream.enable_buffering(64)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        atomic_path(path) as beside,
        beside.open("w", encoding="utf-8", newline="\n", errors="backslashreplace") as file,
    ):
        file.writelines(stream)


class _Collector:
    """Turns documents, read once, into what the template shows."""

    def __init__(self, glossary: Glossary, options: ReportOptions) -> None:
        self.glossary = glossary
        self.options = options
        self.say = messages.load(options.language)
        self.warnings: dict[str, Warnings] = {}
        self.shown_rows = 0
        self.shown_extra = 0
        self.anchors: dict[str, str] = {}  # tuid -> anchor of a shown row
        self.confidences: list[float] = []
        entries = [entry for entry in glossary.entries if entry.review != "rejected"]
        self.split = [entry for entry in entries if len(_distinct(entry)) > 1][: options.max_grid_terms]
        shared: dict[str, dict[str, ConceptEntry]] = defaultdict(dict)
        for entry in entries:
            for rendering in entry.renderings:
                shared[key(rendering.text)][entry.id] = entry
        self.shared = [(name, list(group.values())) for name, group in sorted(shared.items()) if len({*group}) > 1][
            : options.max_grid_terms
        ]
        frequent = sorted(
            (entry for entry in entries if not entry.broader), key=lambda entry: (-entry.count, entry.term)
        )
        self.frequent = frequent[: options.max_timeline_terms]
        self.watched = {
            entry.id: entry for entry in [*self.split, *self.frequent, *(e for _, group in self.shared for e in group)]
        }
        # Of two terms with one rendering, the shorter is not counted where it only stands inside the longer.
        self.longer: dict[str, set[str]] = defaultdict(set)
        for _, group in self.shared:
            for entry in group:
                self.longer[entry.id] |= {e.term for e in group if e.term != entry.term and entry.term in e.term}
        self.use: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)  # (entry, rendering key) -> document
        self.examples: dict[tuple[str, str], list[Example]] = defaultdict(list)
        self.dates: dict[str, str] = {}

    def collect(self, documents: Iterable[AlignedDocument], info: RunInfo) -> dict[str, object]:
        views = [self._document(number, document) for number, document in enumerate(documents, 1)]
        for name, reason in info.quarantined:
            self._warn("quarantined", Item(name, "", reason))
        for notice in info.notices:
            self._warn(notice.kind, Item(notice.document, notice.place, notice.message))
        columns, column_of = self._columns()
        totals = Counter[str]()
        for view in views:
            totals.update(view.counts)
        looked = sorted(
            (group for name, group in self.warnings.items() if name not in DONE_IN_READING),
            key=lambda group: list(TO_LOOK_AT).index(group.name if group.name in TO_LOOK_AT else "flag"),
        )
        return {
            "title": info.title or _collection(views, self.say),
            "documents": views,
            "to_look_at": looked,
            "done": [self.warnings[name] for name in DONE_IN_READING if name in self.warnings],
            "totals": {
                "documents": len(views),
                "quarantined": len(info.quarantined),
                "source": sum(view.sentences[0] for view in views),
                "target": sum(view.sentences[1] for view in views),
                "beads": sum(view.beads for view in views),
                "units": sum(view.units for view in views),
                "sure": totals["sure"],
                "fair": totals["fair"],
                "doubtful": totals["doubtful"],
                "unaligned": totals["unaligned"],
                "flagged": sum(view.flagged for view in views),
                "lists": Counter(entry.list for entry in self.glossary.entries),
                "domains": Counter(entry.domain for entry in self.glossary.entries),
                "left_out": sum(view.left_out for view in views),
            },
            "median": math.floor(100 * median(self.confidences) + 1e-9) if self.confidences else 0,
            "histogram": confidence_histogram(self.confidences, self.say),
            "entries": self.glossary.entries[: self.options.max_terms],
            "contexts": self._contexts,
            "columns": columns,
            "split_grids": list(self._split_grids(columns, column_of)),
            "shared_grids": list(self._shared_grids(columns, column_of)),
            "timeline": self._timeline(),
            "terms_of": {entry.id: entry.term for entry in self.glossary.entries},
            "chinese": self.glossary.source_language,
            "english": self.glossary.target_language,
        }

    def _warn(self, name: str, item: Item) -> None:
        if name not in self.warnings:
            self.warnings[name] = Warnings(
                name,
                self.say.get(f"group.{name}", self.say.get(f"flag.{name}", name.replace("-", " ").capitalize())),
                TO_LOOK_AT.get(name) or DONE_IN_READING.get(name, "!"),
                "doubtful" if name in {"quarantined", "doubtful", "unaligned"} else "fair",
                self.say.get(f"flag-help.{name}", ""),
            )
        group = self.warnings[name]
        group.count += 1
        if len(group.items) < self.options.max_listed:
            group.items.append(item)

    def _document(self, number: int, document: AlignedDocument) -> DocumentView:
        bitext = document.bitext
        name = bitext.name
        self.dates[name] = bitext.metadata.date
        rows: list[AlignmentRow] = []
        left_out = flagged = 0
        counts = Counter[str]()
        notices = tuple(dict.fromkeys((*bitext.notices, *document.notices)))
        joined_places: dict[frozenset[str], str] = {}
        for index, pair in enumerate(document.pairs()):
            bead, unit = pair.bead, pair.unit
            mark = bead_mark(bead)
            counts[mark.level] += 1
            flags = unit.flags if unit else ()
            flagged += bool(flags)
            source, source_joins = _side(document.source, bead.source, bitext.source, bitext.source_language, self.say)
            target, target_joins = _side(document.target, bead.target, bitext.target, bitext.target_language, self.say)
            anchor = f"u-{unit.id}" if unit else f"d{number}-b{index + 1}"
            if unit:
                source = _edited(source, unit.source, document.source, bead.source, bitext.source_language, self.say)
                target = _edited(target, unit.target, document.target, bead.target, bitext.target_language, self.say)
            joins = [*source_joins, *target_joins]
            row = AlignmentRow(
                anchor=anchor,
                number=index + 1,
                mark=mark,
                percent=math.floor(100 * bead.confidence + 1e-9),
                shape=bead.shape,
                source=source,
                target=target,
                place=unit.place if unit else _place(document, bead.source, bead.target),
                flags=flags,
                joined=bool(joins),
            )
            wanted = self.shown_rows < self.options.max_rows
            if not wanted and (flags or mark.level in {"doubtful", "unaligned"}):
                wanted = self.shown_extra < self.options.max_rows
                self.shown_extra += wanted
            if wanted:
                self.shown_rows += 1
                rows.append(row)
                if unit:
                    self.anchors[unit.id] = anchor
            else:
                left_out += 1
                anchor = f"d{number}"
            for places in joins:
                joined_places[places] = anchor
            concerns = [*([mark.level] if mark.level in {"doubtful", "unaligned"} else []), *flags]
            for concern in concerns:
                texts = pair.source_text, pair.target_text
                shown = _differing(*texts) if concern == "numbers-differ" else tuple(map(_excerpt, texts))
                self._warn(concern, Item(name, row.place, "", anchor, *shown))
        for notice in notices:
            anchor = next((a for places, a in joined_places.items() if _names(notice.place, places)), f"d{number}")
            self._warn(notice.kind, Item(name, notice.place, notice.message, anchor))
        confidences = [bead.confidence for bead in document.beads if 0 not in bead.size]
        self.confidences += confidences
        self._count_terms(name, document.units)
        pictured = number <= self.options.max_pictures and bool(document.beads)
        return DocumentView(
            anchor=f"d{number}",
            name=name,
            title=bitext.metadata.title,
            date=bitext.metadata.date,
            source=bitext.metadata.source,
            source_language=bitext.source_language,
            target_language=bitext.target_language,
            sentences=(len(document.source), len(document.target)),
            beads=len(document.beads),
            units=len(document.units),
            counts=counts,
            median=median(confidences) if confidences else 0.0,
            joins=sum(notice.kind == "joined" for notice in notices),
            flagged=flagged,
            rows=rows,
            left_out=left_out,
            dotplot=alignment_path(document.beads, self.say) if pictured else Markup(""),
            histogram=confidence_histogram(confidences, self.say) if pictured else Markup(""),
        )

    def _count_terms(self, name: str, units: Sequence[TranslationUnit]) -> None:
        """Count how many units of a document hold each watched term with each of its renderings."""
        if not self.watched or not units:
            return
        whole = "\n".join(unit.source for unit in units)
        targets: list[str] | None = None
        for entry in self.watched.values():
            forms = [entry.term, *(variant.text for variant in entry.variants)]
            if not any(form in whole for form in forms):
                continue
            targets = targets or [key(unit.target) for unit in units]
            texts = _distinct(entry)
            for unit, target in zip(units, targets, strict=True):
                source = unit.source
                for longer in sorted(self.longer[entry.id]):
                    source = source.replace(longer, " ")
                if not any(form in source for form in forms):
                    continue
                self.use[entry.id, ""][name] += 1
                present = [text for text in texts if text in target]
                for text in present:
                    if not any(text != other and text in other for other in present):
                        self.use[entry.id, text][name] += 1
                        if self.use[entry.id, text][name] <= self.options.max_sentences and unit.id in self.anchors:
                            self._remember(entry, texts[text].text, text, name, unit)

    def _remember(self, entry: ConceptEntry, rendering: str, text: str, name: str, unit: TranslationUnit) -> None:
        """Keep a unit as an example of a term in one of its renderings."""
        forms = [entry.term, *(variant.text for variant in entry.variants)]
        form = next(form for form in forms if form in unit.source)
        example = Example(
            name,
            self.anchors[unit.id],
            pages.marked(unit.source, _found(unit.source, form)),
            pages.marked(unit.target, _found(unit.target, rendering)),
        )
        self.examples[entry.id, text].append(example)

    def _columns(self) -> tuple[list[tuple[str, str]], dict[str, int]]:
        """Return the columns of the grids as (head, title), and the column of each document: a year if many."""
        ordered = sorted(self.dates, key=lambda name: (self.dates[name] == "", self.dates[name], name))
        if len(ordered) <= self.options.max_grid_columns:
            short = Counter(map(_short_name, ordered))
            heads = [_short_name(name) if short[_short_name(name)] == 1 else name for name in ordered]
            return list(zip(heads, ordered, strict=True)), {name: index for index, name in enumerate(ordered)}
        years = sorted({self.dates[name][:4] for name in ordered}, key=lambda year: (year == "", year))
        if len(years) > self.options.max_grid_columns:
            years = sorted({year[:3] for year in years}, key=lambda year: (year == "", year))
        undated = self.say("report.undated")
        ages = [(f"{year:0<4}s" if len(year) == 3 else year) if year else undated for year in years]
        place = {year: index for index, year in enumerate(years)}
        width = max(len(year) for year in years)
        return [(head, head) for head in ages], {name: place[self.dates[name][:width]] for name in ordered}

    def _grid_row(
        self, entry: ConceptEntry, rendering: str, text: str, note: str, columns: int, column_of: Mapping[str, int]
    ) -> GridRow:
        counts = [0] * columns
        for name, count in self.use[entry.id, key(rendering)].items():
            counts[column_of[name]] += count
        anchor = f"c-{entry.id}-{hashlib.sha256(key(rendering).encode()).hexdigest()[:8]}"
        return GridRow(anchor, text, note, tuple(counts), sum(counts), tuple(self.examples[entry.id, key(rendering)]))

    def _split_grids(self, columns: Sequence[object], column_of: Mapping[str, int]) -> Iterator[Grid]:
        for entry in self.split:
            rows = tuple(
                self._grid_row(
                    entry,
                    rendering.text,
                    rendering.text,
                    self.say(f"usage.{rendering.usage}"),
                    len(columns),
                    column_of,
                )
                for rendering in _distinct(entry).values()
            )
            if sum(row.total > 0 for row in rows) > 1:
                yield Grid(f"t-{entry.id}", entry.term, rows)

    def _shared_grids(self, columns: Sequence[object], column_of: Mapping[str, int]) -> Iterator[Grid]:
        for name, group in self.shared:
            uses = Counter[str]()
            for rendering in (r for entry in group for r in entry.renderings if key(r.text) == name):
                uses[rendering.text] += rendering.count
            text = min(uses, key=lambda form: (-uses[form], form))
            rows = tuple(self._grid_row(entry, name, entry.term, "", len(columns), column_of) for entry in group)
            rows = tuple(replace(row, anchor=f"s{row.anchor}") for row in rows)
            if sum(row.total > 0 for row in rows) > 1:
                yield Grid(f"t-{group[0].id}", text, rows)

    def _timeline(self) -> Markup:
        rows = []
        for entry in self.frequent:
            points = Counter[str]()
            for name, count in self.use[entry.id, ""].items():
                if day(self.dates[name]) is not None:
                    points[self.dates[name]] += count
            if points:
                rows.append(TimelineRow(entry.term, entry.preferred.text, tuple(sorted(points.items()))))
        dates = {iso for row in rows for iso, _ in row.points}
        return timeline(rows, self.say) if len(dates) > 1 else Markup("")

    def _contexts(self, entry: ConceptEntry) -> list[TermContext]:
        return [
            TermContext(
                source=pages.marked(context.source, context.source_spans),
                target=pages.marked(context.target, context.target_spans),
                document=context.document,
                place=context.place,
                date=context.date,
                anchor=self._anchor(context),
            )
            for context in entry.contexts[: self.options.max_contexts]
        ]

    def _anchor(self, context: Context) -> str:
        return self.anchors.get(context.unit, "")


def _distinct(entry: ConceptEntry) -> dict[str, Rendering]:
    """Return the renderings of an entry that differ as words, by key; an abbreviation is not a second rendering."""
    found: dict[str, Rendering] = {}
    for rendering in entry.renderings:
        if rendering.kind not in {"abbreviation", "spelling"}:
            found.setdefault(key(rendering.text), rendering)
    return found


def _collection(views: Sequence[DocumentView], say: Messages) -> str:
    """Return a title that names the collection: the only document's, or what all titles share, with their years.

    Without anything shared it is the first title and how many there are.
    """
    if not views:
        return say("report.title")
    titles = [view.title or _short_name(view.name) for view in views]
    if len(views) == 1:
        return titles[0]
    years = sorted({view.date[:4] for view in views if view.date})
    span = f" {years[0]}–{years[-1]}" if len(years) > 1 else f" {years[0]}" if years else ""
    shared = _shared_text(titles)
    return f"{shared}{span}" if shared else say("report.title-several", first=titles[0], total=len(views))


def _shared_text(titles: Sequence[str], least: int = 4) -> str:
    """Return the longest text that all titles hold, without digits; empty if it is shorter than ``least``.

    >>> _shared_text(["2018年政府工作报告", "2019年政府工作报告"])
    '政府工作报告'
    """
    first, *others = sorted(titles, key=len)
    for length in range(min(len(first), 60), least - 1, -1):
        for start in range(len(first) - length + 1):
            piece = first[start : start + length]
            if all(piece in other for other in others):
                piece = piece.strip("0123456789年月日 -_.,:;，：；、()（）")
                if len(piece) >= least:
                    return piece
    return ""


def _short_name(name: str) -> str:
    """Return a document's name as a table's head: the file's own name without folder and suffix.

    >>> _short_name("reports/2019.bilingual.txt")
    '2019.bilingual'
    """
    own = name.rsplit("/", 1)[-1]
    return own.rsplit(".", 1)[0] or own


def _excerpt(text: str) -> Markup:
    return escape(_shorten(text, MAX_EXCERPT))


def _differing(source: str, target: str) -> tuple[Markup, Markup]:
    """Return both sides with the numbers marked that the other side lacks."""
    found = agreement(source, target)
    return (
        _around(source, [(one.start, one.end) for one in found.source_only]),
        _around(target, [(one.start, one.end) for one in found.target_only]),
    )


def _around(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """Return ``text`` with ``spans`` marked, cut to what stands around the first of them if it is long."""
    if len(text) <= MAX_EXCERPT or not spans:
        return pages.marked(_shorten(text, MAX_EXCERPT), spans)
    begin = max(0, min(spans)[0] - MAX_EXCERPT // 3)
    end = min(len(text), begin + MAX_EXCERPT)
    shown = pages.marked(text[begin:end], [(start - begin, stop - begin) for start, stop in spans if stop <= end])
    return Markup("{}{}{}").format("…" if begin else "", shown, "…" if end < len(text) else "")


def _found(text: str, wanted: str) -> list[tuple[int, int]]:
    """Return where ``wanted`` stands in ``text``, whatever the case of either."""
    start = text.casefold().find(wanted.casefold()) if len(text.casefold()) == len(text) else text.find(wanted)
    return [(start, start + len(wanted))] if start >= 0 else []


def _side(
    sentences: Sequence[Sentence],
    span: tuple[int, int],
    paragraphs: Sequence[Paragraph],
    language: str,
    say: Messages,
) -> tuple[Markup, list[frozenset[str]]]:
    """Return one side of a bead as HTML, a mark at each healed cut, and the pair of places of each cut."""
    parts: list[Markup] = []
    joins: list[frozenset[str]] = []
    for sentence in sentences[slice(*span)]:
        cuts: list[tuple[int, str]] = []
        pieces = paragraphs[sentence.paragraph].pieces
        for before, piece in pairwise(pieces):
            if sentence.start < piece.start < sentence.end and before.place != piece.place:
                cuts.append((piece.start - sentence.start, piece.place))
                joins.append(frozenset((before.place, piece.place)))
        html, position = Markup(""), 0
        for cut, place in cuts:
            html += escape(sentence.text[position:cut])
            html += Markup('<span class="join">⤵ {}</span>').format(say("report.joined-here", place=say.place(place)))
            position = cut
        html += escape(sentence.text[position:])
        parts.append(Markup("<span class=s>{}</span>").format(html))
    return Markup("" if is_chinese(language) else " ").join(parts), joins


def _edited(
    html: Markup, text: str, sentences: Sequence[Sentence], span: tuple[int, int], language: str, say: Messages
) -> Markup:
    """Return ``html`` unless a reviewer wrote another ``text``, which is then shown and marked."""
    original = join([sentence.text for sentence in sentences[slice(*span)]], language)
    if "".join(original.split()) == "".join(text.split()):
        return html
    return Markup('{} <span class="chip">✎ {}</span>').format(text, say("report.edited"))


def _place(document: AlignedDocument, source: tuple[int, int], target: tuple[int, int]) -> str:
    for sentences, span, paragraphs in (
        (document.source, source, document.bitext.source),
        (document.target, target, document.bitext.target),
    ):
        chosen = sentences[slice(*span)]
        if chosen:
            return paragraphs[chosen[0].paragraph].place(chosen[0].start, chosen[0].end)
    return ""


def _names(place: str, places: frozenset[str]) -> bool:
    """Tell whether a place written for people names all of ``places`` ("line 1" is not in "line 19")."""
    padded = "".join(c if c.isalnum() else " " for c in place) + " "
    return all("".join(c if c.isalnum() else " " for c in name) + " " in padded for name in places)


def _shorten(text: str, limit: int = 90) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _templates(say: Messages) -> Environment:
    environment = pages.templates(say)
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.globals["script_messages"] = json.dumps(say.section("report-script"), ensure_ascii=False)
    environment.filters["in_words"] = lambda reason: in_words(reason, say)
    environment.filters["slug"] = lambda text: "".join(c if c.isalnum() else "-" for c in text)
    return environment
