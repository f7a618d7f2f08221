"""Glossaries as other systems import them: each with the columns, the header and the encoding it documents.

What a system has no place for is left out; docs/exports.md says for each what that is. Every file is read back and
compared before it is put in place.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from glossary.contexts import context_of
from glossary.files.cells import protect_cell
from glossary.files.multiterm import tree_of
from glossary.files.sheets import MAX_CELL_CHARS, writing_book
from glossary.files.tables import FIELD_LIMIT
from glossary.files.tbx import write_tbx
from glossary.model import NOT_TO_USE, ConceptEntry, Domain, Glossary, Rendering
from tmx.errors import UnfaithfulError
from tmx.files import Replacement, atomic_path, replace_forbidden_in, tally

MAX_TERM_BYTES = 1024  # DeepL and Google refuse a longer term
COLUMN_WIDTH = 28  # characters
SYNONYM_SEPARATOR = "|"  # Trados' default between synonyms in one cell

Rows = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is exported: ``reverse`` makes English the source; ``accepted`` leaves out what nobody has accepted yet.

    ``domains`` are the lists wanted, all without one; ``min_score`` is the least probability (0 to 1) that a
    terminologist keeps an entry which nobody has decided about. Rejected entries and those that only occur inside a
    longer one are never exported.
    """

    reverse: bool = False
    accepted: bool = False
    domains: tuple[Domain, ...] = ()
    min_score: float = 0.0


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: rows (entries in XML), and what could not go as it was, each with its reason."""

    rows: int
    changed: tuple[str, ...] = ()
    replacements: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True)
class System:
    """A system that imports glossaries: its name as its makers write it, the file's name, and who writes it."""

    name: str
    file: str
    write: Callable[[Glossary, Path, ExportOptions], ExportReport]
    directed: bool = False  # the file goes from one language to the other


def write_export(
    glossary: Glossary, system: str, folder: str | Path, options: ExportOptions | None = None
) -> tuple[Path, ExportReport]:
    """Write the glossary for one of ``SYSTEMS`` into a folder; return the file and what was written.

    >>> from tempfile import TemporaryDirectory
    >>> entry = ConceptEntry("c1", "多边主义", (Rendering("multilateralism"),))
    >>> with TemporaryDirectory() as folder:
    ...     path, report = write_export(Glossary((entry,)), "google", folder)
    ...     path.name, path.read_text(encoding="utf-8")
    ('glossary.google.tsv', '多边主义\\tmultilateralism\\n')
    """
    options = options or ExportOptions()
    path = Path(folder, SYSTEMS[system].file)
    found: list[Replacement] = []
    kept = replace(glossary, entries=tuple(chosen(glossary, options)), rejected=())
    report = SYSTEMS[system].write(replace_forbidden_in(kept, "glossary", found), path, options)
    return path, replace(report, replacements=tally((*found, *report.replacements)))


def chosen(glossary: Glossary, options: ExportOptions) -> Iterator[ConceptEntry]:
    """Yield the entries that are exported."""
    for entry in glossary.entries:
        decided = entry.review in ("accepted", "edited")
        wanted = decided if options.accepted else entry.review != "rejected"
        wanted = wanted and (decided or entry.score >= options.min_score)
        if wanted and not entry.broader and (not options.domains or entry.domain in options.domains):
            yield entry


# --- what goes into the rows ----------------------------------------------------------------------------------------


def _usable(entry: ConceptEntry) -> tuple[list[str], list[str]]:
    """Return the Chinese and the English terms that may be used, the preferred ones first."""
    chinese = [entry.term, *(v.text for v in entry.variants if v.usage in ("preferred", "admitted"))]
    english = [r.text for r in entry.renderings if r.usage in ("preferred", "admitted")]
    return list(dict.fromkeys(chinese)), list(dict.fromkeys([entry.preferred.text, *english]))


def _wordings(entry: ConceptEntry) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return all Chinese and all English terms with their usage, each text once, the preferred ones first."""
    chinese = {variant.text: variant.usage for variant in entry.variants if variant.text != entry.term}
    english = {rendering.text: rendering.usage for rendering in (entry.preferred, *entry.renderings)}
    return [(entry.term, "preferred"), *chinese.items()], list(english.items())


def _explanation(entry: ConceptEntry, rendering: Rendering | None = None, *, forbidden: bool = False) -> str:
    """Return in one line what a translator should know beside the term; ``forbidden`` names what is not to be used."""
    parts: list[str] = [] if rendering is None or rendering.usage == "preferred" else [rendering.usage]
    parts += [part for part in (entry.definition, *entry.notes) if part]
    if not entry.definition and entry.type != "concept":
        parts.append(entry.type)
    avoided = [other.text for other in entry.renderings if other.usage in NOT_TO_USE]
    if forbidden and avoided:
        parts.append(f"not: {', '.join(avoided)}")
    return "; ".join(parts)


def _all_pairs(glossary: Glossary, options: ExportOptions) -> Rows:
    """Every rendering that may be used of every term, for a person who chooses: source, target, explanation.

    What is not to be used stands in the explanation of the preferred one, never as a target that is offered.
    """
    rows: Rows = []
    for entry in glossary.entries:
        chinese = list(dict.fromkeys([entry.term, *(variant.text for variant in entry.variants)]))
        usable = [rendering for rendering in entry.renderings if rendering.usage not in NOT_TO_USE] or [entry.preferred]
        if options.reverse:
            rows += [(r.text, entry.term, _explanation(entry, r)) for r in entry.renderings]
        else:
            rows += [
                (term, r.text, _explanation(entry, r, forbidden=r is usable[0])) for term in chinese for r in usable
            ]
    return list(dict.fromkeys(rows))


def _one_each(glossary: Glossary, options: ExportOptions, changed: list[str]) -> list[tuple[str, str, ConceptEntry]]:
    """One target for each source, for a machine that cannot choose; of several entries the best one's."""
    chosen: dict[str, tuple[str, ConceptEntry]] = {}
    for entry in glossary.entries:
        chinese, english = _usable(entry)
        target = entry.term if options.reverse else entry.preferred.text
        for source in english if options.reverse else chinese:
            if source not in chosen:
                chosen[source] = (target, entry)
            elif chosen[source][0] != target:
                changed.append(f"{source} = {target}: left out, {source} is {chosen[source][0]} already")
    return [(source, target, entry) for source, (target, entry) in chosen.items()]


# --- the files ------------------------------------------------------------------------------------------------------


def _flat(rows: Iterable[tuple[str, ...]], changed: list[str]) -> Rows:
    """Put a space for the tabs and line breaks inside cells, which tab-separated files cannot hold."""
    result = []
    for row in rows:
        cells = tuple(" ".join(cell.split()) if set(cell) & set("\t\r\n\v\f\x85\u2028\u2029") else cell for cell in row)
        changed += [
            f"{after}: a tab or line break became a space"
            for after, cell in zip(cells, row, strict=True)
            if after != cell
        ]
        result.append(cells)
    return result


def _write_tsv(rows: Rows, path: Path, changed: list[str]) -> ExportReport:
    flat = _flat(rows, changed)
    with atomic_path(path) as beside:
        beside.write_bytes("".join("\t".join(row) + "\n" for row in flat).encode("utf-8"))
        read = [tuple(line.split("\t")) for line in beside.read_bytes().decode("utf-8").split("\n")[:-1]]
        _compare(path, flat, read)
    return ExportReport(len(flat), tuple(changed))


def _write_csv(
    rows: Rows, path: Path, changed: list[str], delimiter: str = ",", header: bool = True, encoding: str = "utf-8"
) -> ExportReport:
    csv.field_size_limit(FIELD_LIMIT)
    with atomic_path(path) as beside:
        with beside.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
        with beside.open(encoding=encoding, newline="") as file:
            _compare(path, rows, [tuple(row) for row in csv.reader(file, delimiter=delimiter, strict=True)])
    return ExportReport(len(rows) - header, tuple(changed))


def _write_xlsx(rows: Rows, path: Path, changed: list[str]) -> ExportReport:
    with writing_book(path) as book:
        fitting = book.plain("Glossary", rows, COLUMN_WIDTH)
    for number, (before, after) in enumerate(zip(rows, fitting, strict=True), 1):
        changed += [
            f"row {number}: a cell was cut to {MAX_CELL_CHARS} characters, the limit of Excel"
            for whole, kept in zip(before, after, strict=True)
            if whole != kept
        ]
    return ExportReport(len(rows) - 1, tuple(changed))


def _compare(path: Path, written: Sequence[tuple[str, ...]], read: Sequence[tuple[str, ...]]) -> None:
    if len(written) != len(read):
        raise UnfaithfulError(f"{path}: {len(written)} rows were written and {len(read)} read back")
    for number, (expected, got) in enumerate(zip(written, read, strict=True), 1):
        if expected != tuple(got) + ("",) * (len(expected) - len(got)):
            raise UnfaithfulError(f"{path}: row {number} does not read back as it was written")


# --- the systems ----------------------------------------------------------------------------------------------------


def _omegat(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    return _write_tsv(_all_pairs(glossary, options), path, [])


def _weblate(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    changed: list[str] = []
    pairs = _one_each(glossary, options, changed)
    rows: Rows = [("source", "target", "developer_comments"), *((s, t, _explanation(e)) for s, t, e in pairs)]
    return _write_csv(_flat(rows, changed), path, changed)  # its CSV reader guesses wrong where cells hold line breaks


def _machine(glossary: Glossary, options: ExportOptions, changed: list[str]) -> Rows:
    rows: Rows = []
    for source, target, _ in _one_each(glossary, options, changed):
        if max(len(source.encode()), len(target.encode())) > MAX_TERM_BYTES:
            changed.append(f"{source[:40]}: left out, longer than {MAX_TERM_BYTES} bytes")
        else:
            rows.append((source, target))
    return rows


def _deepl(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    changed: list[str] = []
    rows = _flat(_machine(glossary, options, changed), changed)
    return _write_csv(rows, path, changed, header=False)


def _google(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    changed: list[str] = []
    return _write_tsv(_machine(glossary, options, changed), path, changed)


def _memoq(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    entries = [(entry, _wordings(entry)) for entry in glossary.entries]
    names = [_MEMOQ.get(tag, tag) for tag in (glossary.source_language, glossary.target_language)]
    most = [max((len(sides[side]) for _, sides in entries), default=1) for side in (0, 1)]
    header = ["Entry_Subject", "Entry_Note"]
    for name, number in zip(names, most, strict=True):
        header += [f"{name}_Def", *[name, "Term_Info", "Term_Example"] * number]
    rows: Rows = [tuple(header)]
    for entry, sides in entries:
        context = context_of(entry, entry.preferred.text)
        row = [entry.type, "; ".join(entry.notes)]
        extra = ((entry.definition, context.source), ("", context.target))
        for wordings, number, (definition, example) in zip(sides, most, extra, strict=True):
            row.append(definition)
            for index, (text, usage) in enumerate(wordings):
                row += [text, MEMOQ_RULES + ";NonTerm" * (usage in NOT_TO_USE), "" if index else example]
            row += ["", "", ""] * (number - len(wordings))
        rows.append(tuple(row))
    return _write_csv(rows, path, [], delimiter=";")


# What memoQ gives to a new term: capitals as in the term or more, endings may differ. NonTerm makes it a forbidden one.
MEMOQ_RULES = "CasePermissive;HalfPrefix"
_MEMOQ = {
    "zh-CN": "Chinese_PRC",
    "zh-TW": "Chinese_Taiwan",
    "zh-HK": "Chinese_Hong_Kong_S.A.R.",
    "en-US": "English_United_States",
    "en-GB": "English_United_Kingdom",
}
_TRADOS = {
    "zh-CN": "Chinese (Simplified, China)",
    "zh-TW": "Chinese (Traditional, Taiwan)",
    "zh-HK": "Chinese (Traditional, Hong Kong SAR)",
    "zh-MO": "Chinese (Traditional, Macao SAR)",
    "zh-SG": "Chinese (Simplified, Singapore)",
    "en-US": "English (United States)",
    "en-GB": "English (United Kingdom)",
}


def _trados(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    changed: list[str] = []
    names = [_TRADOS.get(tag, tag) for tag in (glossary.source_language, glossary.target_language)]
    rows: Rows = [(*names, "Definition", "Note")]
    for entry in glossary.entries:
        cells = []
        for texts in _usable(entry):
            if any(SYNONYM_SEPARATOR in text for text in texts):
                changed.append(f"{entry.term}: {SYNONYM_SEPARATOR} separates synonyms; it became /")
            cells.append(SYNONYM_SEPARATOR.join(text.replace(SYNONYM_SEPARATOR, "/") for text in texts))
        rows.append((cells[0], cells[1], entry.definition, "\n".join(entry.notes)))
    return _write_xlsx(rows, path, changed)


def _phrase(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    tags = [tag.lower().replace("-", "_") for tag in (glossary.source_language, glossary.target_language)]
    rows: Rows = [("concept_definition", "concept_note", *tags)]
    rows += [(e.definition, "\n".join(e.notes), e.term, e.preferred.text) for e in glossary.entries]
    return _write_xlsx(rows, path, [])


def _matecat(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    source, target = glossary.source_language, glossary.target_language
    term_columns = ("Notes", "Example of use")
    rows: Rows = [("Forbidden", "Domain", "Subdomain", "Definition", source, *term_columns, target, *term_columns)]
    for entry in glossary.entries:
        notes = "\n".join(entry.notes)
        for rendering in entry.renderings:
            context = context_of(entry, rendering.text)
            forbidden = "TRUE" if rendering.usage in NOT_TO_USE else ""
            term = (entry.term, notes, context.source)
            rows.append((forbidden, "", "", entry.definition, *term, rendering.text, "", context.target))
    return _write_xlsx(rows, path, [])


def _crowdin(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    # Crowdin names its languages zh-CN, zh-TW and en; other kinds of English by their tag.
    tags = ["en" if tag == "en-US" else tag for tag in (glossary.source_language, glossary.target_language)]
    rows: Rows = [tuple(f"{name}_{tag}" for tag in tags for name in ("term", "description", "partOfSpeech"))]
    for entry in glossary.entries:
        part = _CROWDIN.get(entry.part_of_speech, "")
        rows.append((entry.term, _explanation(entry), part, entry.preferred.text, "", part))
    return _write_csv(rows, path, [])


_CROWDIN = {
    "noun": "noun",
    "verb": "verb",
    "adjective": "adjective",
    "adverb": "adverb",
    "properNoun": "proper noun",
}


def _xtm(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    rows: Rows = [tuple(tag.replace("-", "_") for tag in (glossary.source_language, glossary.target_language))]
    return _write_xlsx([*rows, *((e.term, e.preferred.text) for e in glossary.entries)], path, [])


def _multiterm(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    """MultiTerm XML (MTF): UTF-16, as MultiTerm itself writes it."""
    with atomic_path(path) as beside:
        tree_of(glossary).write(beside, encoding="UTF-16", xml_declaration=True)
        read = [str(term.text or "") for term in etree.parse(beside).iter("term")]
        written = [text for e in glossary.entries for text in _terms(e)]
        _compare(path, [(text,) for text in written], [(text,) for text in read])
    return ExportReport(len(glossary.entries))


def _terms(entry: ConceptEntry) -> Iterator[str]:
    for text in (entry.term, *(v.text for v in entry.variants), *(r.text for r in entry.renderings)):
        yield text.replace("\r\n", "\n")


def _tbx2(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    report = write_tbx(glossary, path, version=2)
    return ExportReport(report.entries, (), report.replacements)


def _llm(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    """What translators with a language model behind them take (Immersive Translate): one target a source."""
    changed: list[str] = []
    target = glossary.source_language if options.reverse else glossary.target_language
    tag = "en" if target == "en-US" else target
    rows = [("source", "target", "tgt_lng"), *((s, t, tag) for s, t, _ in _one_each(glossary, options, changed))]
    return _write_csv(_flat(rows, changed), path, changed)


def _json(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    """Terms with what a prompt can say of them: other forms, what else may be used, what not, a note, a context."""
    terms = []
    for entry in glossary.entries:
        chinese, english = _usable(entry)
        context = context_of(entry, entry.preferred.text)
        avoided = [text for text, usage in _wordings(entry)[0 if options.reverse else 1] if usage in NOT_TO_USE]
        sides = (english, chinese) if options.reverse else (chinese, english)
        shown = (context.target, context.source) if options.reverse else (context.source, context.target)
        told: dict[str, object] = {
            "source": sides[0][0],
            "target": sides[1][0],
            "source_forms": sides[0][1:],
            "also": sides[1][1:],
            "avoid": avoided,
            "type": entry.type,
            "note": "; ".join(filter(None, (entry.definition, *entry.notes))),
            "context": {"source": shown[0], "target": shown[1]} if all(shown) else None,
        }
        terms.append({name: value for name, value in told.items() if value})
    languages = [glossary.source_language, glossary.target_language]
    source, target = reversed(languages) if options.reverse else languages
    data = {"source_language": source, "target_language": target, "terms": terms}
    with atomic_path(path) as beside:
        beside.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
        if json.loads(beside.read_text(encoding="utf-8")) != data:
            raise UnfaithfulError(f"{path}: does not read back as it was written")
    return ExportReport(len(terms))


def _plain(glossary: Glossary, path: Path, options: ExportOptions) -> ExportReport:
    """A table for a colleague: Chinese, English, note; with a byte-order mark, so that Excel shows Chinese."""
    rows: Rows = [("English", "Chinese", "Note") if options.reverse else ("Chinese", "English", "Note")]
    for entry in glossary.entries:
        chinese, english = _usable(entry)
        first, second = (english[0], chinese[0]) if options.reverse else (chinese[0], english[0])
        others = [f"also: {', '.join(english[1:])}"] if english[1:] else []
        note = "; ".join(filter(None, [_explanation(entry, entry.preferred, forbidden=True), *others]))
        rows.append((first, second, note))
    protected = [tuple(map(protect_cell, row)) for row in rows]
    return _write_csv(protected, path, [], encoding="utf-8-sig")


SYSTEMS = {
    "omegat": System("OmegaT", "glossary.omegat.utf8", _omegat, True),
    "weblate": System("Weblate", "glossary.weblate.csv", _weblate, True),
    "trados": System("Trados", "glossary.trados.xlsx", _trados),
    "multiterm": System("MultiTerm", "glossary.multiterm.xml", _multiterm),
    "memoq": System("memoQ", "glossary.memoq.csv", _memoq),
    "phrase": System("Phrase TMS", "glossary.phrase.xlsx", _phrase),
    "matecat": System("Matecat", "glossary.matecat.xlsx", _matecat),
    "crowdin": System("Crowdin", "glossary.crowdin.csv", _crowdin),
    "deepl": System("DeepL", "glossary.deepl.csv", _deepl, True),
    "google": System("Google Cloud Translation", "glossary.google.tsv", _google, True),
    "xtm": System("XTM Cloud", "glossary.xtm.xlsx", _xtm),
    "llm": System("translators with a language model", "glossary.llm.csv", _llm, True),
    "json": System("JSON", "glossary.json", _json, True),
    "plain": System("a plain table", "glossary.plain.csv", _plain, True),
    "tbx2": System("TBX-Basic, version 2", "glossary.v2.tbx", _tbx2),
}
