"""What `duiyi check` writes: lines, JSON, SARIF, JUnit, a page and a workbook, whose verdicts come back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from duiyi import __version__, pages
from duiyi.checking.model import Found, Segment
from duiyi.checking.run import CHECKS, Checked
from glossary.files.fields import Field
from glossary.files.sheets import Sheet, writing_book
from tmx.checks import SEVERITIES, Check, Spans
from tmx.errors import FormatError, reads
from tmx.files import atomic_path, replace_forbidden
from tmx.messages import Messages, load

VERDICTS = ("", "ignore", "right so")
SNIPPET = 30  # characters on either side of what was found
_LEVELS = {"neutral": "note", "minor": "note", "major": "warning", "critical": "error"}  # of SARIF


def line(found: Found, say: Messages | None = None) -> str:
    """Return a finding as one line: place, severity, check, message, both snippets; in English without ``say``."""
    segment, finding = found.segment, found.finding
    texts = _snippet(segment.unit.source, finding.source), _snippet(segment.unit.target, finding.target)
    say = say or load("en")
    return say(
        "check.line",
        document=segment.document,
        place=say.place(segment.place),
        severity=say(f"severity.{finding.severity}"),
        check=finding.check,
        message=say.told(finding.message),
        source=texts[0],
        target=texts[1],
    )


def _snippet(text: str, spans: Spans) -> str:
    """A text around the first thing found in it, on one line."""
    start, end = spans[0] if spans else (0, 0)
    first, last = max(0, start - SNIPPET), min(len(text), end + SNIPPET + (0 if spans else SNIPPET))
    cut = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{cut}{'…' if last < len(text) else ''}"


def as_dict(checked: Checked) -> dict[str, Any]:
    """Return what was found as plain data, for JSON."""
    return {
        "version": __version__,
        "segments": len(checked.segments),
        "counts": dict(checked.counts),
        "set_aside": len(checked.passed),
        "findings": [
            {
                "id": one.id,
                "document": one.segment.document,
                "place": one.segment.place,
                "segment": one.segment.number,
                "check": one.finding.check,
                "severity": one.finding.severity,
                "category": _CATEGORIES[one.finding.check],
                "message": one.finding.message,
                "source": one.segment.unit.source,
                "target": one.segment.unit.target,
                "source_spans": one.finding.source,
                "target_spans": one.finding.target,
            }
            for one in checked.found
        ],
        "notices": [f"{one.document}: {one.place}: {one.message}" for one in checked.notices],
    }


_CATEGORIES = {one.name: one.category for one in CHECKS}


def write_json(checked: Checked, path: Path) -> None:
    """Write the findings as JSON."""
    _write(path, json.dumps(as_dict(checked), ensure_ascii=False, indent=1) + "\n")


def write_sarif(checked: Checked, path: Path) -> None:
    """Write the findings as SARIF 2.1.0, which code review platforms show beside the files."""
    rules = [
        {
            "id": one.name,
            "shortDescription": {"text": one.meaning},
            "defaultConfiguration": {"level": _LEVELS[one.severity]},
            "properties": {"category": one.category, "severity": one.severity},
        }
        for one in CHECKS
    ]
    results = [
        {
            "ruleId": one.finding.check,
            "level": _LEVELS[one.finding.severity],
            "message": {"text": f"{one.segment.place}: {one.finding.message}"},
            "partialFingerprints": {"duiyi/v1": one.id},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(one.segment.document)},
                        "region": {
                            "startLine": 1,
                            "snippet": {"text": one.segment.unit.target or one.segment.unit.source},
                        },
                    },
                    "logicalLocations": [{"name": one.segment.place, "kind": "segment"}],
                }
            ],
        }
        for one in checked.found
    ]
    driver = {"name": "duiyi", "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    _write(path, json.dumps(log, ensure_ascii=False, indent=1) + "\n")


def _uri(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def write_junit(checked: Checked, path: Path) -> None:
    """Write the findings as a JUnit report: one test case a segment, with its findings as failures."""
    by_segment: defaultdict[int, list[Found]] = defaultdict(list)
    for one in checked.found:
        by_segment[one.segment.number].append(one)
    documents: defaultdict[str, list[Segment]] = defaultdict(list)
    for segment in checked.segments:
        documents[segment.document].append(segment)
    root = etree.Element("testsuites")
    for name, segments in documents.items():
        failed = sum(bool(by_segment[one.number]) for one in segments)
        suite = etree.SubElement(root, "testsuite", name=_xml(name), tests=str(len(segments)), failures=str(failed))
        for segment in segments:
            case = etree.SubElement(suite, "testcase", classname=_xml(name), name=_xml(segment.place))
            if found := by_segment[segment.number]:
                failure = etree.SubElement(case, "failure", type=found[0].finding.check, message=_xml(_told(found)))
                failure.text = _xml("\n".join(map(line, found)))
    _write(path, etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True).decode("utf-8"))


def _told(found: list[Found]) -> str:
    return "; ".join(one.finding.message for one in found)


def _xml(text: str) -> str:
    return replace_forbidden(text)


def _write(path: Path, text: str) -> None:
    with atomic_path(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


# --- The page


def write_page(checked: Checked, path: Path, say: Messages | None = None) -> None:
    """Write an offline page: totals, filters by severity and check, and every finding in its text."""
    say = say or load("en")
    counts: defaultdict[str, int] = defaultdict(int)
    for one in checked.found:
        counts[one.finding.check] += 1
    text = (
        pages.templates(say)
        .get_template("check.html")
        .render(
            title=", ".join(dict.fromkeys(segment.document for segment in checked.segments)),
            checked=checked,
            counts=sorted(counts.items(), key=lambda item: (-item[1], item[0])),
            severities=[name for name in reversed(SEVERITIES) if checked.counts.get(name)],
            marked=pages.marked,
            meaning={one.name: _meaning(one, say) for one in CHECKS},
            **pages.inlined(("tokens.css", "check.css"), "check.js"),
        )
    )
    _write(path, text)


def _meaning(one: Check, say: Messages) -> str:
    return one.meaning if say.language == "en" else say.get(f"flag-help.{one.name}", one.meaning)


# --- The workbook

_VERDICT: Field[Found] = Field(
    "", "Verdict", lambda one: one.verdict, 12, editable=True, choices=VERDICTS[1:], words="workbook.choice"
)
FINDINGS: Sheet[Found] = Sheet(
    "Findings",
    "ID",
    2,
    (
        Field("", "Severity", lambda one: one.finding.severity, 10, words="severity"),
        Field("", "Place", lambda one: one.segment.place, 18, show=lambda one, say: say.place(one.segment.place)),
        Field("", "Finding", lambda one: one.finding.message, 40, show=lambda one, say: say.told(one.finding.message)),
        Field("", "Chinese", lambda one: one.segment.unit.source, 45, chinese=True),
        Field("", "English", lambda one: one.segment.unit.target, 55),
        _VERDICT,
        Field("", "Check", lambda one: one.finding.check, 20),
        Field("", "Document", lambda one: one.segment.document, 22),
        Field("", "ID", lambda one: one.id, 14),
    ),
    printed=6,
)


def write_workbook(checked: Checked, path: Path, say: Messages | None = None) -> None:
    """Write the findings, those with a verdict included, to a workbook whose column Verdict comes back."""
    rows = sorted((*checked.found, *checked.passed), key=lambda one: one.segment.number)
    with writing_book(path, say=say) as book:
        book.sheet(FINDINGS, (FINDINGS.row(one, say) for one in rows))


@reads("workbook of findings")
def read_verdicts(path: Path) -> dict[str, str]:
    """Read the verdicts of a workbook that came back, in either language, by the ids of the findings.

    Raises:
        FormatError: it is no workbook of findings, or a verdict is none of those there are.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
            name = next((name for name in book.sheet_names if name in FINDINGS.names), FINDINGS.name)
            rows = book.get_sheet_by_name(name).to_python()
    except CalamineError as error:
        raise FormatError(f"{path}: not a workbook of findings ({error})") from error
    known = FINDINGS.headings
    heads = [known.get(str(cell).lstrip("✎ ").strip(), "") for cell in rows[0]] if rows else []
    if "ID" not in heads or "Verdict" not in heads:
        raise FormatError(f"{path}: its sheet {FINDINGS.name} has no columns ID and Verdict")
    verdicts = {}
    for number, row in enumerate(rows[1:], 2):
        verdict = _VERDICT.value(str(row[heads.index("Verdict")]).strip()).lower()
        if verdict not in VERDICTS:
            raise FormatError(
                f"{path}, row {number}: the verdict {verdict!r} is not known; write "
                + " or ".join(VERDICTS[1:])
                + ", or leave it empty"
            )
        if verdict:
            verdicts[str(row[heads.index("ID")]).strip()] = verdict
    return verdicts


@reads("file of findings")
def read_baseline(path: Path) -> set[str]:
    """Read the ids of the findings of an earlier run from the JSON it wrote.

    Raises:
        FormatError: it is no such file.
    """
    try:
        findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
        return {one["id"] for one in findings}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(
            f"{path}: not what duiyi check wrote as JSON; make it with duiyi check TRANSLATION -o {path.stem}.json"
        ) from error


# For programs, in English.
WRITERS: Mapping[str, Any] = {
    ".json": write_json,
    ".sarif": write_sarif,
    ".xml": write_junit,
}
SHOWN: Mapping[str, Any] = {".html": write_page, ".xlsx": write_workbook}  # in the language of the person


def lines(checked: Checked, say: Messages | None = None) -> Iterator[str]:
    """Yield the findings as lines."""
    return (line(found, say) for found in checked.found)
