"""A workbook comes back from a reviewer who has done to it what reviewers do."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from duiyi import cli
from duiyi.decisions.beads import replay_document
from duiyi.decisions.journal import DecisionJournal
from duiyi.decisions.model import given
from duiyi.decisions.terms import replay_glossary
from duiyi.outputs import load_glossary, load_units
from duiyi.returned import Merged, merge_reviews, read_reviewed, state_of, write_conflicts
from duiyi.returned.conflicts import Ground, reason_of
from glossary.files.fields import variant_id
from glossary.files.sheets import MAX_CELL_CHARS
from glossary.files.tables import write_csv
from glossary.files.workbook import MERGE, WorkbookOptions, write_workbook
from glossary.model import ConceptEntry, Context, Glossary, Reason, Rendering, Variant
from tmx.errors import FormatError, ToolError
from tmx.memory import make_units
from tmx.messages import LANGUAGES, Language, load
from tmx.model import AlignedDocument, Bead, Bitext, Paragraph, Piece, Sentence

GLOSSARY = Glossary(
    (
        ConceptEntry("c-1", "中国外交", (Rendering("China's diplomacy"), Rendering("Chinese diplomacy", "admitted"))),
        ConceptEntry("c-2", "多边主义", (Rendering("multilateralism"),), notes=("old note",)),
        ConceptEntry("c-3", "中国的外交", (Rendering("diplomacy of China"),), variants=(Variant("我国外交"),)),
        ConceptEntry("c-4", "=公式", (Rendering("-formula"),)),
    )
)
Edits = dict[tuple[str, str, str], object]


def document() -> AlignedDocument:
    sides = []
    for texts in (("甲。", "乙。", "丙。"), ("One.", "Two.")):
        paragraphs = tuple(Paragraph(text, (Piece(0, len(text), f"line {i}"),)) for i, text in enumerate(texts))
        sides.append((paragraphs, tuple(Sentence(text, i, 0, len(text)) for i, text in enumerate(texts))))
    bitext = Bitext("d.txt", sides[0][0], sides[1][0])
    beads = (Bead((0, 1), (0, 1)), Bead((1, 2), (1, 1)), Bead((2, 3), (1, 2)))
    units = tuple(make_units(bitext, sides[0][1], sides[1][1], beads))
    return AlignedDocument(bitext, sides[0][1], sides[1][1], beads, units)


GAP_ID = [pair.id for pair in document().pairs()][1]  # of the row without a counterpart


def columns(sheet: openpyxl.worksheet.worksheet.Worksheet, header: int = 1) -> dict[str, int]:
    return {str(cell.value).removeprefix("✎ "): cell.column for cell in sheet[header] if cell.value is not None}


def edit(source: Path, path: Path, edits: Edits, change: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
    """Save a copy of a workbook with some cells changed, and anything else that ``change`` does to it."""
    book = openpyxl.load_workbook(source)
    for (name, id_, column), value in edits.items():
        sheet = book[name]
        index = columns(sheet)
        key = index["Variant ID" if name == "Variants" else "ID"]
        (row,) = [row[0].row for row in sheet.iter_rows() if row[key - 1].value == id_]
        sheet.cell(row, index[column]).value = value  # type: ignore[assignment]
    if change:
        change(book)
    book.save(path)
    return path


def add(book: openpyxl.Workbook, name: str, values: dict[str, str]) -> None:
    sheet = book[name]
    row = sheet.max_row + 1
    for column, value in values.items():
        sheet.cell(row, columns(sheet)[column]).value = value


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    write_workbook(GLOSSARY, [document()], tmp_path / "glossary.xlsx")
    return tmp_path / "glossary.xlsx"


def merge(*paths: Path, glossary: Glossary = GLOSSARY) -> Merged:
    files = [read_reviewed(path) for path in paths]
    return merge_reviews(files, state_of(glossary, [document()], files))


def verbs(merged: Merged) -> list[tuple[str, str, dict[str, object]]]:
    return [(decision.key, decision.action, given(decision.verb)) for decision in merged.decisions]


def test_a_copy_that_nobody_changed_changes_nothing(sent: Path, tmp_path: Path) -> None:
    assert verbs(merge(edit(sent, tmp_path / "li.xlsx", {}))) == []


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_a_workbook_that_libreoffice_saved_in_another_format_comes_back(suffix: str) -> None:
    """One that was sent out, saved again in each format: every row with its digests."""
    seeds = Path(__file__).parents[2] / "fuzz" / "seeds"
    sent, back = (read_reviewed(seeds / f"review.{kind}") for kind in ("xlsx", suffix))
    texts = [
        [(table.plan, [{name: cell.text for name, cell in row.items()} for row in table.rows]) for table in file.tables]
        for file in (sent, back)
    ]
    assert texts[0] == texts[1]
    assert (back.base, back.cut, back.notices, back.untaken) == (sent.base, sent.cut, (), ())


def test_sorted_hidden_widened_with_columns_and_lines_added(sent: Path, tmp_path: Path) -> None:
    def rearrange(book: openpyxl.Workbook) -> None:
        sheet = book["Terms"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        header, body = rows[0], rows[1:][::-1]
        sheet.delete_rows(1, sheet.max_row)
        order = [*range(len(header))][::-1]  # columns in another order
        sheet.append(["Reviewed by Li on Tuesday"])
        sheet.append([])
        sheet.append(["My remarks", *(header[i] for i in order)])
        for row in body:
            sheet.append(["fine", *(row[i] for i in order)])
        sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["C"].hidden = True
        del book["Evidence"]

    path = edit(sent, tmp_path / "li.xlsx", {("Terms", "c-2", "Review"): "Accepted"}, rearrange)
    assert verbs(merge(path)) == [("c-2", "accept", {})]


def test_every_kind_of_change_to_terms(sent: Path, tmp_path: Path) -> None:
    def rows(book: openpyxl.Workbook) -> None:
        add(book, "Terms", {"Chinese": "一带一路", "English": "Belt and Road", "Type": "initiative", "Note": "added"})
        further = {"Part of speech": "properNoun", "Definition": "of 2013", "Review": "discuss"}
        add(book, "Terms", {"Chinese": "丝绸之路", "English": "Silk Road", **further})
        add(book, "Variants", {"ID": "c-2", "Language": "en", "Text": "multilateral system", "Usage": "deprecated"})
        add(book, "Variants", {"ID": "c-2", "Language": "zh", "Text": "多边"})

    edits: Edits = {
        ("Terms", "c-2", "English"): "Multilateralism",
        ("Terms", "c-2", "Note"): "new\nnotes",
        ("Terms", "c-2", "Type"): "slogan",
        ("Terms", "c-2", "Review"): "discuss",
        ("Terms", "c-3", "Merge into ID"): "中国外交",  # its Chinese will do where it is unique
        ("Terms", "c-4", "Review"): "rejected",
        ("Variants", variant_id("c-1", "en", "Chinese diplomacy"), "Usage"): "remove",
        ("Variants", variant_id("c-3", "zh", "我国外交"), "Kind"): "full form",
    }
    merged = merge(edit(sent, tmp_path / "li.xlsx", edits, rows))
    replayed = replay_glossary(GLOSSARY, merged.decisions)
    assert not merged.conflicts
    assert not replayed.misfits
    entries = {entry.term: entry for entry in replayed.glossary.entries}
    assert list(entries) == ["中国外交", "多边主义", "=公式", "一带一路", "丝绸之路"]
    first = entries["中国外交"]
    assert [r.text for r in first.renderings] == ["China's diplomacy", "diplomacy of China"]
    assert [(v.text, v.kind) for v in first.variants] == [("中国的外交", "synonym"), ("我国外交", "full form")]
    second = entries["多边主义"]
    assert (second.review, second.type, second.notes) == ("discuss", "slogan", ("new", "notes"))
    assert [(r.text, r.usage) for r in second.renderings] == [
        ("Multilateralism", "preferred"),
        ("multilateral system", "deprecated"),
    ]
    assert [v.text for v in second.variants] == ["多边"]
    assert entries["=公式"].review == "rejected"
    assert (entries["一带一路"].review, entries["一带一路"].type) == ("accepted", "initiative")
    road = entries["丝绸之路"]
    assert (road.part_of_speech, road.definition, road.review) == ("properNoun", "of 2013", "discuss")


def test_the_other_rendering_typed_into_english_becomes_the_preferred_one(sent: Path, tmp_path: Path) -> None:
    merged = merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-1", "English"): "Chinese diplomacy"}))
    entry = replay_glossary(GLOSSARY, merged.decisions).glossary.entries[0]
    assert [(r.text, r.usage) for r in entry.renderings] == [
        ("Chinese diplomacy", "preferred"),
        ("China's diplomacy", "admitted"),
    ]


def test_a_copy_that_comes_a_second_time_changes_nothing(sent: Path, tmp_path: Path) -> None:
    first = next(document().pairs()).id
    edits: Edits = {
        ("Terms", "c-3", "Merge into ID"): "c-1",
        ("Terms", "c-2", "Review"): "accepted",
        ("Alignment", first, "Decision"): MERGE,
        ("Alignment", first, "English text"): "Number one.",
    }
    copy = edit(
        sent,
        tmp_path / "li.xlsx",
        edits,
        lambda book: add(book, "Terms", {"Chinese": "一带一路", "English": "Belt and Road", "Definition": "of 2013"}),
    )
    files = [read_reviewed(copy)]
    once = merge_reviews(files, state_of(GLOSSARY, [document()], files))
    assert once.changes == 5 and not once.conflicts
    glossary = replay_glossary(GLOSSARY, once.decisions).glossary
    changed = replay_document(document(), once.decisions).document
    again = merge_reviews(files, state_of(glossary, [changed], files), once.decisions)
    assert (again.decisions, again.conflicts, again.changes) == ((), (), 0)


def test_the_alignment_sheet_comes_back_too(sent: Path, tmp_path: Path) -> None:
    first, gap, last = (pair.id for pair in document().pairs())
    edits: Edits = {
        ("Alignment", first, "English text"): "ONE.",
        ("Alignment", first, "Decision"): "approve",
        ("Alignment", gap, "Decision"): MERGE,
    }
    merged = merge(edit(sent, tmp_path / "li.xlsx", edits))
    replayed = replay_document(document(), merged.decisions)
    assert [(u.source, u.target) for u in replayed.document.units] == [("甲。", "ONE."), ("乙。丙。", "Two.")]
    assert replayed.document.units[0].confidence == 1.0
    wrong = merge(edit(sent, tmp_path / "li.xlsx", {("Alignment", last, "Decision"): "wrong"}))
    assert replay_document(document(), wrong.decisions).document.units[1].flags == ("wrong",)


def test_two_reviewers_merge_and_what_they_disagree_on_comes_back_as_a_sheet(sent: Path, tmp_path: Path) -> None:
    li = edit(
        sent,
        tmp_path / "li.xlsx",
        {
            ("Terms", "c-1", "Review"): "accepted",
            ("Terms", "c-2", "English"): "multilateral approach",
            ("Terms", "c-4", "Review"): "rejected",
        },
    )
    wang = edit(
        sent,
        tmp_path / "wang.xlsx",
        {
            ("Terms", "c-1", "Note"): "very common",
            ("Terms", "c-2", "English"): "multilateral order",
            ("Terms", "c-4", "Review"): "rejected",
        },
    )
    merged = merge(li, wang)
    assert verbs(merged) == [("c-1", "edit", {"notes": ("very common",)}), ("c-1", "accept", {}), ("c-4", "reject", {})]
    (conflict,) = merged.conflicts
    assert conflict.key == ("Terms", "c-2", "English")
    assert conflict.current == "multilateralism"
    assert [value for _, value in conflict.values] == ["multilateral approach", "multilateral order"]
    assert conflict.values[0][0] == "li.xlsx, Terms!C3"

    write_conflicts(merged.conflicts, tmp_path / "conflicts.xlsx")
    book = openpyxl.load_workbook(tmp_path / "conflicts.xlsx")
    sheet = book["Conflicts"]
    assert [sheet.cell(2, columns(sheet)[name]).value for name in ("Chinese", "Now", "First", "Second")] == [
        "多边主义",
        "multilateralism",
        "multilateral approach",
        "multilateral order",
    ]
    sheet.cell(2, columns(sheet)["Decision"]).value = "multilateral order"
    book.save(tmp_path / "conflicts.xlsx")
    settled = merge(tmp_path / "conflicts.xlsx")
    assert verbs(settled) == [("c-2", "rendering", {"text": "multilateralism", "new": "multilateral order"})]


def test_where_only_some_words_may_stand_the_sheet_of_conflicts_offers_them(sent: Path, tmp_path: Path) -> None:
    copies = [
        edit(
            sent, tmp_path / f"{verdict}.xlsx", {("Terms", "c-2", "Review"): verdict, ("Terms", "c-2", "Note"): verdict}
        )
        for verdict in ("accepted", "rejected")
    ]
    write_conflicts(merge(*copies).conflicts, tmp_path / "conflicts.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "conflicts.xlsx")["Conflicts"]
    (validation,) = sheet.data_validations.dataValidation
    assert validation.formula1 == '"candidate,accepted,edited,rejected,discuss"'
    row = next(row for row in range(2, 4) if sheet.cell(row, columns(sheet)["Column"]).value == "Review")
    assert str(validation.sqref) == sheet.cell(row, columns(sheet)["Decision"]).coordinate


def test_a_chinese_sheet_of_conflicts_comes_back(sent: Path, tmp_path: Path) -> None:
    copies = [
        edit(
            sent,
            tmp_path / f"{verdict}.xlsx",
            {("Terms", "c-2", "Review"): verdict, ("Terms", "c-2", "Note"): f"{verdict}\nby me"},
        )
        for verdict in ("accepted", "rejected")
    ]
    path = tmp_path / "conflicts.xlsx"
    conflicts = merge(*copies).conflicts
    write_conflicts(conflicts, path, "zh")
    book = openpyxl.load_workbook(path)
    (sheet,) = book
    shown = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert (sheet.title, shown[0]) == (
        "冲突",
        ("工作表", "编号", "中文", "列", "当前内容", "改法一", "改法二", "其他改法", "✎ 处理", "冲突原因", "改动位置"),
    )
    review = next(row for row in shown if row[3] == "审校")
    wishes = ("候选", "已接受", "已否决")
    assert review[:8] == ("术语", "c-2", "多边主义", "审校", *wishes, None) and review[9] == "两位审校者的改动不同"
    (validation,) = sheet.data_validations.dataValidation
    assert validation.formula1 == '"候选,已接受,已修改,已否决,待讨论"'

    undecided = merge(path)
    assert (undecided.decisions, undecided.conflicts) == ((), conflicts)  # as if it had been an English one
    sheet.cell(1 + shown[1:].index(review) + 1, 9).value = "已否决"
    sheet.title = "Sheet1"
    book.save(path)
    settled = merge(path)
    assert verbs(settled) == [("c-2", "reject", {})]
    assert settled.conflicts == tuple(conflict for conflict in conflicts if conflict.key[2] == "Note")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_a_conflict_is_known_again(language: Language) -> None:
    said = {reason: load(language).told(reason) for reason in get_args(Ground)}
    assert {reason: reason_of(text) for reason, text in said.items()} == {reason: reason for reason in said}
    assert all(re.search("[A-Za-z]", text) is None for text in said.values()) == (language == "zh")
    assert reason_of("they quarrelled") == "they quarrelled"


def test_what_has_changed_since_it_was_sent_out_is_a_conflict(sent: Path, tmp_path: Path) -> None:
    late = edit(
        sent,
        tmp_path / "late.xlsx",
        {("Terms", "c-1", "English"): "diplomacy", ("Terms", "c-2", "Note"): "mine", ("Terms", "c-4", "Note"): "gone"},
    )
    first = replace(GLOSSARY.entries[0], renderings=(Rendering("Chinese foreign policy"),))
    merged = merge(late, glossary=replace(GLOSSARY, entries=(first, *GLOSSARY.entries[1:3])))
    assert verbs(merged) == [("c-2", "edit", {"notes": ("mine",)})]
    assert [(c.key[1], c.reason) for c in merged.conflicts] == [
        ("c-1", "changed since the file was sent out"),
        ("c-4", "the row is no longer there"),
    ]


BAD: list[tuple[Edits, str]] = [
    ({("Terms", "c-2", "Review"): "perhaps"}, r"li\.xlsx, Terms!D3: 'perhaps' is none of: candidate, accepted"),
    ({("Terms", "c-2", "English"): None}, r"Terms!C3: is empty; to drop a term choose rejected"),
    ({("Terms", "c-2", "English"): "=A1&B1"}, r"Terms!C3: holds a formula"),
    ({("Terms", "c-2", "English"): datetime(2021, 12, 30)}, r"Terms!C3: is a date, not text"),
    ({("Terms", "c-2", "English"): True}, r"Terms!C3: is TRUE or FALSE"),
    ({("Terms", "c-2", "ID"): "c-99"}, r"Terms!A3: unknown ID 'c-99'; leave it empty in a new row"),
    ({("Terms", "c-2", "ID"): "c-1"}, r"Terms!A3: the ID c-1 stands in two rows that differ"),
    ({("Terms", "c-2", "Merge into ID"): "c-77"}, r"Terms!M3: 'c-77' is no ID of an entry"),
    ({("Terms", "c-2", "Merge into ID"): "c-2"}, r"Terms!M3: 'c-2' is the entry itself"),
    (
        {("Alignment", [pair.id for pair in document().pairs()][1], "Decision"): "approve"},
        r"Alignment!E3: this row has no counterpart",
    ),
    (
        {
            ("Terms", "c-2", "English"): "one",
            ("Variants", variant_id("c-2", "en", "multilateralism"), "Text"): "other",
        },
        r"Variants!E4: differs from the English of the same entry in li\.xlsx, Terms!C3",
    ),
]


@pytest.mark.parametrize(("edits", "message"), BAD, ids=[message[:24] for _, message in BAD])
def test_a_bad_cell_is_named_by_its_address(sent: Path, tmp_path: Path, edits: Edits, message: str) -> None:
    path = edit(sent, tmp_path / "li.xlsx", {("Terms", "c-1", "Review"): "accepted", **edits})
    with pytest.raises(FormatError, match=message + r".*nothing was imported"):
        merge(path)


def test_of_many_bad_cells_the_first_are_named_and_the_rest_counted(sent: Path, tmp_path: Path) -> None:
    edits: Edits = {("Terms", f"c-{n}", column): "purple" for n in range(1, 5) for column in ("Review", "Type")}
    with pytest.raises(FormatError, match=r"; and 3 more \(nothing was imported\)"):
        merge(edit(sent, tmp_path / "li.xlsx", edits))


def test_a_cell_that_was_cut_cannot_be_changed(tmp_path: Path) -> None:
    sent = tmp_path / "glossary.xlsx"
    long = replace(GLOSSARY.entries[0], definition="长" * (MAX_CELL_CHARS + 1))
    write_workbook(Glossary((long,)), [], sent)
    assert verbs(merge(edit(sent, tmp_path / "li.xlsx", {}), glossary=Glossary((long,)))) == []
    with pytest.raises(FormatError, match="was cut when it was written"):
        merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-1", "Definition"): "short"}), glossary=Glossary((long,)))


def test_what_is_no_workbook_is_told(sent: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("no")
    with pytest.raises(FormatError, match=r"not a \.xlsx file, whatever its name says"):
        read_reviewed(tmp_path / "a.xlsx")
    with pytest.raises(FormatError, match=r"save it as \.xlsx, \.ods or \.csv"):
        (tmp_path / "a.et").write_text("no")
        read_reviewed(tmp_path / "a.et")
    with pytest.raises(ToolError, match="no such file"):
        read_reviewed(tmp_path / "b.xlsx")
    openpyxl.Workbook().save(tmp_path / "c.xlsx")
    with pytest.raises(FormatError, match="none of the sheets"):
        read_reviewed(tmp_path / "c.xlsx")


def test_a_table_comes_back_as_well(sent: Path, tmp_path: Path) -> None:
    write_csv(GLOSSARY, tmp_path / "g.csv")
    assert verbs(merge(tmp_path / "g.csv")) == []
    text = (tmp_path / "g.csv").read_text(encoding="utf-8-sig")
    text = text.replace(
        "c-2,多边主义,multilateralism,concept,candidate", "c-2,多边主义,multilateral way,concept,accepted"
    )
    text = text.replace(
        "Chinese diplomacy,concept,candidate,admitted",
        "Chinese diplomacy,event,candidate,superseded",  # one row of two
    )
    assert text.count("old note") == 1
    text = text.replace("old note", "old note | new one")
    lines = text.replace(",", ";").splitlines()  # as Excel saves it where the decimal mark is a comma
    (tmp_path / "g.csv").write_text("\n".join([lines[0], *lines[:0:-1], ";新词;new term"]), encoding="utf-8-sig")
    merged = merge(tmp_path / "g.csv")
    assert sorted((key, action) for key, action, _ in verbs(merged))[:5] == [
        ("c-1", "edit"),
        ("c-1", "rendering"),
        ("c-2", "accept"),
        ("c-2", "edit"),
        ("c-2", "rendering"),
    ]
    entries = replay_glossary(GLOSSARY, merged.decisions).glossary.entries
    assert [r.usage for r in entries[0].renderings] == ["preferred", "superseded"]
    assert entries[0].type == "event"
    assert [r.text for r in entries[1].renderings] == ["multilateral way"]
    assert entries[1].notes == ("old note", "new one")
    assert (entries[-1].term, entries[-1].preferred.text) == ("新词", "new term")


def test_a_table_knows_what_it_was_when_it_was_sent_out(tmp_path: Path) -> None:
    """Two reviewers get the same table; the first one's is imported before the second one's comes."""
    write_csv(GLOSSARY, tmp_path / "sent.csv")
    text = (tmp_path / "sent.csv").read_text(encoding="utf-8-sig")

    def copy(name: str, *changes: tuple[str, str]) -> Path:
        changed = text
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new)
        (tmp_path / name).write_text(changed, encoding="utf-8-sig")
        return tmp_path / name

    row = "多边主义,multilateralism,concept,candidate"
    li = merge(copy("li.csv", (row, "多边主义,multilateral way,concept,accepted"), ("Chinese diplomacy", "diplomacy")))
    now = replay_glossary(GLOSSARY, li.decisions).glossary
    assert [r.text for r in now.entries[0].renderings] == ["China's diplomacy", "diplomacy"]
    assert verbs(merge(copy("same.csv"), glossary=now)) == []  # nothing of the first one's is turned back
    wang = copy("wang.csv", ("old note", "new note"), ("-formula,concept", "-formula,event"))
    assert sorted(verbs(merge(wang, glossary=now))) == [
        ("c-2", "edit", {"notes": ("new note",)}),
        ("c-4", "edit", {"type": "event"}),
    ]
    late = copy("late.csv", (row, row.replace("lateralism", "lateral order")), ("Chinese diplomacy", "our diplomacy"))
    merged = merge(late, glossary=replace(now, entries=now.entries[:3]))
    assert verbs(merged) == []
    assert [(c.key[:3:2], c.reason) for c in merged.conflicts] == [
        (("Terms", "English"), "changed since the file was sent out"),
        (("Variants", "Text"), "the row is no longer there"),
        (("Variants", "Text"), "the row is no longer there"),
    ]


def test_the_workbook_may_be_edited_where_it_was_built(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("多边主义是正确的。\n\nMultilateralism is right.\n", encoding="utf-8")
    out = tmp_path / "out"
    assert cli.main(["build", str(tmp_path / "talk.txt"), "-o", str(out), "-q", "--workers", "1"]) == 0
    own, unit = out / "glossary.xlsx", next(iter(load_units(out)))
    edit(own, own, {("Alignment", unit.id, "Decision"): "perhaps"})
    bad = own.read_bytes()
    assert cli.main(["import", str(own)]) == 1
    assert own.read_bytes() == bad
    edit(own, own, {("Alignment", unit.id, "Decision"): None, ("Alignment", unit.id, "English text"): "It is right."})
    mine = own.read_bytes()
    assert cli.main(["import", str(own), "--check"]) == 0
    assert own.read_bytes() == mine
    assert cli.main(["import", str(own)]) == 0
    assert [u.target for u in load_units(out)] == ["It is right."]
    assert (out / "glossary.reviewed.xlsx").read_bytes() == mine
    assert alignment(own)[unit.id] == "It is right."
    edit(own, own, {("Alignment", unit.id, "English text"): "Right it is."})
    assert cli.main(["import", str(own)]) == 0
    assert (out / "glossary.reviewed.xlsx").read_bytes() == mine  # the copy of the first time
    assert (out / "glossary.reviewed-2.xlsx").exists() and alignment(own)[unit.id] == "Right it is."


def alignment(path: Path) -> dict[str, str]:
    """The English texts of the sheet Alignment by ID."""
    rows = list(openpyxl.load_workbook(path)["Alignment"].iter_rows(values_only=True))
    return {str(row[0]): str(row[rows[0].index("✎ English text")]) for row in rows[1:]}


def test_what_nobody_has_settled_stays_a_conflict(sent: Path, tmp_path: Path) -> None:
    reviewers = ("li", "wang", "zhao")
    copies = [
        edit(sent, tmp_path / f"{name}.xlsx", {("Terms", f"c-{n}", "Note"): f"{name} {n}" for n in (1, 2)})
        for name in reviewers
    ]
    conflicts = tmp_path / "conflicts.xlsx"
    write_conflicts(merge(*copies).conflicts, conflicts)
    rows = list(openpyxl.load_workbook(conflicts)["Conflicts"].iter_rows(values_only=True))
    assert rows[1][5:8] == ("li 1", "wang 1", "zhao 1")
    book = openpyxl.load_workbook(conflicts)
    book["Conflicts"].cell(3, columns(book["Conflicts"])["Decision"]).value = "wang 2"
    book.save(conflicts)
    merged = merge(conflicts)
    assert verbs(merged) == [("c-2", "edit", {"notes": ("wang 2",)})]
    (left,) = merged.conflicts
    assert left == merge(*copies).conflicts[0]


def test_the_command_keeps_decisions_and_a_rebuild_applies_them_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    chinese = "中国外交在全球变局中开创新局。\n多边主义是正确的选择。\n"
    text = chinese + "\nChina's diplomacy broke new ground.\nMultilateralism is right.\n"
    (source / "talk.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    assert cli.main(["build", str(source), "-o", str(out), "-q"]) == 0
    units = list(load_units(out))
    entry = load_glossary(out).entries[0]
    edits: Edits = {
        ("Terms", entry.id, "Review"): "accepted",
        ("Terms", entry.id, "Note"): "checked",
        ("Alignment", units[0].id, "English text"): "China's diplomacy has broken new ground.",
    }
    shutil.copy(out / "glossary.xlsx", tmp_path / "sent.xlsx")
    li = edit(tmp_path / "sent.xlsx", tmp_path / "li.xlsx", edits)
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    assert cli.main(["import", str(li), "--into", str(out), "--check"]) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    capsys.readouterr()
    assert cli.main(["import", str(li), "--into", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == 3
    assert [d.action for d in DecisionJournal(out / "decisions.jsonl").read()] == ["edit", "accept", "edit"]

    def reviewed() -> tuple[str, tuple[str, ...], str]:
        kept = next(e for e in load_glossary(out).entries if e.id == entry.id)
        return kept.review, kept.notes, next(iter(load_units(out))).target

    assert reviewed() == ("accepted", ("checked",), "China's diplomacy has broken new ground.")
    (source / "talk.txt").write_text(text + "\n新的一年。\n\nA new year.\n", encoding="utf-8")
    assert cli.main(["build", str(source), "-o", str(out), "-q"]) == 0
    assert reviewed() == ("accepted", ("checked",), "China's diplomacy has broken new ground.")

    bad = edit(tmp_path / "sent.xlsx", tmp_path / "bad.xlsx", {("Terms", entry.id, "Type"): "thing"})
    files = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    capsys.readouterr()
    assert cli.main(["import", str(bad), "--into", str(out)]) == 1
    assert "bad.xlsx, Terms!E2: 'thing' is none of" in capsys.readouterr().err
    assert cli.main(["import", str(bad), "--into", str(out), "--lang", "zh"]) == 1
    assert "bad.xlsx, Terms!E2: 'thing' 不在可选值之列：" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == files

    wang = edit(tmp_path / "sent.xlsx", tmp_path / "wang.xlsx", {("Terms", entry.id, "Note"): "other"})
    assert cli.main(["import", str(wang), "--into", str(out)]) == 3
    assert cli.main(["import", str(wang), "--into", str(out)]) == 3  # the same conflicts again: one sheet will do
    assert not (out / "conflicts.earlier.xlsx").exists()
    assert cli.main(["import", str(wang), "--into", str(out), "--lang", "zh"]) == 3
    assert openpyxl.load_workbook(out / "conflicts.xlsx").sheetnames == ["冲突"]
    (out / "conflicts.earlier.xlsx").rename(out / "conflicts.xlsx")
    begun = (out / "conflicts.xlsx").read_bytes()
    assert cli.main(["import", str(li), "--into", str(out)]) == 0  # nothing in it is new, and nothing is removed
    assert (out / "conflicts.xlsx").read_bytes() == begun
    zhao = edit(tmp_path / "sent.xlsx", tmp_path / "zhao.xlsx", {("Terms", entry.id, "Note"): "third"})
    assert cli.main(["import", str(zhao), "--into", str(out)]) == 3
    assert (out / "conflicts.earlier.xlsx").read_bytes() == begun
    book = openpyxl.load_workbook(out / "conflicts.xlsx")
    book["Conflicts"].cell(2, columns(book["Conflicts"])["Decision"]).value = "third"
    book.save(out / "conflicts.xlsx")
    assert cli.main(["import", str(out / "conflicts.xlsx")]) == 0
    assert reviewed()[1] == ("third",)
    assert not (out / "conflicts.xlsx").exists()


# --- as reviewers really work ---------------------------------------------------------------------------------------


def rewritten(path: Path, pattern: str, replacement: str) -> Path:
    """Change the XML of the first sheet of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    text, count = re.subn(pattern, replacement, parts[name].decode(), count=1)
    assert count == 1
    parts[name] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


REWORDED: Edits = {("Terms", "c-2", "English"): "multilateral order"}
TAKEN = [("c-2", "rendering", {"text": "multilateralism", "new": "multilateral order"})]


@pytest.mark.parametrize("stated", ["A1", "A1:C2"])
def test_a_sheet_that_states_a_wrong_size_is_read_whole(sent: Path, tmp_path: Path, stated: str) -> None:
    copy = rewritten(edit(sent, tmp_path / "wps.xlsx", REWORDED), 'dimension ref="[^"]*"', f'dimension ref="{stated}"')
    assert verbs(merge(copy)) == TAKEN


def test_a_sheet_that_was_renamed_or_copied_is_known_by_its_headings(sent: Path, tmp_path: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["Terms"].title = "Terms LW"

    merged = merge(edit(sent, tmp_path / "li.xlsx", REWORDED, rename))
    assert verbs(merged) == TAKEN
    assert merged.notices == ("li.xlsx: the sheet 'Terms LW' is read as Terms, whose headings it has",)

    def copy(book: openpyxl.Workbook) -> None:
        sheet = book.copy_worksheet(book["Terms"])
        sheet.title = "Terms (2)"
        sheet.cell(3, columns(sheet)["English"]).value = "multilateral order"
        book.create_sheet("Remarks").append(["to be talked over"])

    merged = merge(edit(sent, tmp_path / "li.xlsx", {}, copy))
    assert verbs(merged) == TAKEN
    assert merged.untaken == ("li.xlsx: the sheet 'Remarks' is none of ours and was not read",)


def test_a_changed_heading_is_known_by_the_cells_below_it_or_named(sent: Path, tmp_path: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        sheet = book["Terms"]
        sheet.cell(1, columns(sheet)["English"]).value = "English (LW)"

    merged = merge(edit(sent, tmp_path / "li.xlsx", REWORDED, rename))
    assert verbs(merged) == TAKEN
    assert merged.notices == ("li.xlsx, Terms!C1: this column is read as English, whose cells it holds",)

    def empty(book: openpyxl.Workbook) -> None:
        sheet = book["Terms"]
        sheet.cell(1, columns(sheet)["English"]).value = None

    merged = merge(edit(sent, tmp_path / "li.xlsx", REWORDED, empty))
    assert not merged.decisions
    assert merged.notices[0].startswith("li.xlsx, Terms: no column is headed English: what was changed there cannot")


def test_struck_out_words_are_left_out_and_a_cell_struck_out_as_a_whole_is_refused(sent: Path, tmp_path: Path) -> None:
    old, new = InlineFont(strike=True), InlineFont(color="FF0000")
    cell = CellRichText([TextBlock(old, "multilateralism"), TextBlock(new, "multilateral order")])
    merged = merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-2", "English"): cell}))
    assert verbs(merged) == TAKEN
    assert merged.notices == (
        "li.xlsx, Terms!C3: 'multilateralism' is struck out and left out; 'multilateral order' is taken",
    )

    def strike(book: openpyxl.Workbook) -> None:
        book["Terms"]["C3"].font = Font(strike=True)

    with pytest.raises(FormatError, match=r"Terms!C3: is struck out \(multilateralism\)"):
        merge(edit(sent, tmp_path / "li.xlsx", {}, strike))


def with_old_digests(book: openpyxl.Workbook) -> None:
    """Leave out of the hidden sheet what version 0.1.0 did not write."""
    sheet = book["_base"]
    for row in list(sheet.iter_rows()):
        if row[0].value == "sheet":
            for cell in row:
                cell.value = None
            continue
        others = [cell for cell in row if cell.value is not None][-1]
        others.value = None


@pytest.mark.parametrize("old", [False, True], ids=["digests of all cells", "workbooks of 0.1.0"])
def test_what_does_not_come_back_is_named_with_the_place_where_it_would(sent: Path, tmp_path: Path, old: bool) -> None:
    def change(book: openpyxl.Workbook) -> None:
        if old:
            with_old_digests(book)
        book["Terms"].delete_rows(5)

    edits: Edits = {("Terms", "c-1", "Other English"): "our diplomacy", ("Terms", "c-2", "Units"): 7}
    merged = merge(edit(sent, tmp_path / "li.xlsx", edits, change))
    assert not merged.decisions
    units = "li.xlsx, Terms!H3: was changed, but the column Units does not come back"
    assert merged.untaken == (
        "li.xlsx, Terms: no row is left of c-4, which changes nothing; choose rejected under Review",
        "li.xlsx, Terms!L2: was changed, but the column Other English does not come back; write each wording into a "
        "row of its own on the sheet Variants of the workbook",
        *(() if old else (units,)),  # other versions count otherwise
    )
    merged = merge(edit(sent, tmp_path / "li.xlsx", {}, with_old_digests if old else None))
    assert (merged.untaken, merged.notices) == ((), ())


def test_evidence_does_not_come_back(tmp_path: Path) -> None:
    context = Context("u1", "中国外交。", "China's diplomacy.")
    glossary = Glossary((replace(GLOSSARY.entries[0], contexts=(context,)),))
    write_workbook(glossary, [], tmp_path / "sent.xlsx")

    def change(book: openpyxl.Workbook) -> None:
        book["Evidence"]["E2"] = "Chinese diplomacy."

    merged = merge(edit(tmp_path / "sent.xlsx", tmp_path / "li.xlsx", {}, change), glossary=glossary)
    assert merged.untaken == ("li.xlsx, Evidence!A2: was changed, but the sheet Evidence does not come back",)


def test_columns_that_do_not_come_back_may_change_in_out(sent: Path, tmp_path: Path) -> None:
    now = replace(GLOSSARY, entries=tuple(replace(entry, count=9, units=9) for entry in GLOSSARY.entries))
    assert merge(edit(sent, tmp_path / "li.xlsx", {}), glossary=now).untaken == ()


def test_several_lines_in_a_cell_are_several_renderings(sent: Path, tmp_path: Path) -> None:
    edits: Edits = {
        ("Terms", "c-2", "English"): "multilateral order\nmultilateral approach",
        ("Terms", "c-1", "English"): "diplomacy / policy",
    }
    merged = merge(edit(sent, tmp_path / "li.xlsx", edits))
    entries = replay_glossary(GLOSSARY, merged.decisions).glossary.entries
    assert [(r.text, r.usage) for r in entries[1].renderings] == [
        ("multilateral order", "preferred"),
        ("multilateral approach", "admitted"),
    ]
    assert set(merged.notices) == {
        "li.xlsx, Terms!C2: 'diplomacy / policy' is taken as one wording; if it is several, put each on a line of its "
        "own",
        "li.xlsx, Terms!C3: 'multilateral order', 'multilateral approach' are taken as 2 wordings, one a line",
    }
    with pytest.raises(FormatError, match=r"Terms!B3: holds two lines; a further Chinese form"):
        merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-2", "Chinese"): "多边主义\n多边"}))


def test_spaces_that_nobody_sees_are_no_change_and_enter_no_term(sent: Path, tmp_path: Path) -> None:
    edits: Edits = {
        ("Terms", "c-1", "English"): "China's\u00a0diplomacy\u200b",
        ("Terms", "c-2", "English"): "\ufeffmultilateral\u00a0 order ",
        ("Terms", "c-2", "Review"): "accepted\u00a0",
    }
    assert verbs(merge(edit(sent, tmp_path / "li.xlsx", edits))) == [*TAKEN, ("c-2", "accept", {})]


@pytest.mark.parametrize("column", ["Chinese", "English"])
def test_a_column_sorted_without_the_others_is_refused(sent: Path, tmp_path: Path, column: str) -> None:
    def rearrange(book: openpyxl.Workbook) -> None:
        sheet = book["Terms"]
        cells = [sheet.cell(row, columns(sheet)[column]) for row in range(2, 6)]
        for cell, text in zip(cells, sorted(str(cell.value) for cell in cells), strict=True):
            cell.value = text

    with pytest.raises(FormatError, match=r"hold each other's texts: it was sorted without the other columns"):
        merge(edit(sent, tmp_path / "li.xlsx", {}, rearrange))


def table(tmp_path: Path, *changes: tuple[str, str], name: str = "li.csv", encoding: str = "utf-8-sig") -> Path:
    write_csv(GLOSSARY, tmp_path / "sent.csv")
    text = (tmp_path / "sent.csv").read_text(encoding="utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / name).write_bytes(text.encode(encoding))
    return tmp_path / name


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_in_the_encoding_and_with_the_delimiter_it_has(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = table(tmp_path, (",multilateralism,", ",multilateral order,"), (",", delimiter), encoding=encoding)
    assert verbs(merge(path)) == TAKEN


def test_an_error_in_a_table_is_refused_by_its_address(tmp_path: Path) -> None:
    with pytest.raises(
        FormatError, match=r"li\.csv, row 4, column en-US: holds an error of the spreadsheet \(#NAME\?\)"
    ):
        merge(table(tmp_path, (",multilateralism,", ",#NAME?,")))


@pytest.mark.parametrize("bare", [False, True], ids=["a copied row", "a row with what it needs"])
def test_a_new_row_of_a_known_entry_is_another_rendering(tmp_path: Path, bare: bool) -> None:
    path = table(tmp_path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    own = next(line for line in lines if line.startswith("c-2,"))
    copy = (
        "c-2,多边主义,multilateral order,,,admitted" + "," * 19
        if bare
        else own.replace("multilateralism", "multilateral order")
    )
    path.write_text("\n".join([*lines, copy]), encoding="utf-8")
    entry = replay_glossary(GLOSSARY, merge(path).decisions).glossary.entries[1]
    assert [(r.text, r.usage, r.kind) for r in entry.renderings] == [
        ("multilateralism", "preferred", "main"),
        ("multilateral order", "admitted", "synonym"),
    ]


def test_a_table_names_what_does_not_come_back(tmp_path: Path) -> None:
    path = table(tmp_path, (",我国外交,", ",我国的外交,"))
    text = path.read_text(encoding="utf-8-sig")
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith("c-4")), encoding="utf-8")
    merged = merge(path)
    assert merged.untaken == (
        "li.csv, row 5, column variants_zh: was changed, but the column variants_zh does not come back; write each "
        "wording into a row of its own on the sheet Variants of the workbook",
    )
    assert merged.notices[0].startswith("li.csv: has no row for =公式, which stay as they are")


def test_nothing_differs_is_said_only_when_nothing_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "talk.txt").write_text("多边主义是正确的。\n\nMultilateralism is right.\n", encoding="utf-8")
    out = tmp_path / "out"
    assert cli.main(["build", str(tmp_path / "talk.txt"), "-o", str(out), "-q", "--workers", "1"]) == 0
    entry = load_glossary(out).entries[0]
    same = edit(out / "glossary.xlsx", tmp_path / "same.xlsx", {})
    assert cli.main(["import", str(same), "--into", str(out)]) == 0
    assert "no cell differs" in capsys.readouterr().err
    other = edit(out / "glossary.xlsx", tmp_path / "li.xlsx", {("Terms", entry.id, "Other English"): "what"})
    assert cli.main(["import", str(other), "--into", str(out)]) == 3
    said = capsys.readouterr().err
    assert "no cell differs" not in said and "the column Other English does not come back" in said


# --- in Chinese -----------------------------------------------------------------------------------------------------


KNOWN = replace(GLOSSARY.entries[1], reasons=(Reason("recurs", ("4", "3")),), known="new")
JUDGED = replace(GLOSSARY, entries=(GLOSSARY.entries[0], KNOWN, *GLOSSARY.entries[2:]))


@pytest.fixture
def sent_in_chinese(tmp_path: Path) -> Path:
    write_workbook(JUDGED, [document()], tmp_path / "glossary.xlsx", WorkbookOptions(language="zh"))
    return tmp_path / "glossary.xlsx"


def test_a_workbook_in_chinese_comes_back(sent_in_chinese: Path, tmp_path: Path) -> None:

    def change(book: openpyxl.Workbook) -> None:
        terms, alignment = book["术语"], book["对齐"]
        assert str(alignment.cell(2, columns(alignment)["位置"]).value).startswith("第 ")
        assert [cell.value for cell in terms[1]][:6] == ["编号", "✎ 中文", "✎ 英文", "✎ 审校", "✎ 类型", "✎ 备注"]
        assert [cell.value for cell in terms[3]][3:5] == ["候选", "概念"]
        terms.cell(3, columns(terms)["英文"]).value = "multilateral order"
        terms.cell(3, columns(terms)["审校"]).value = "已接受"
        alignment.cell(2, columns(alignment)["处理"]).value = "批准"
        variants = book["变体"]
        variants.cell(3, columns(variants)["用法"]).value = "删除"

    same = merge(edit(sent_in_chinese, tmp_path / "same.xlsx", {}), glossary=JUDGED)
    assert (same.decisions, same.notices, same.untaken) == ((), (), ())
    merged = merge(edit(sent_in_chinese, tmp_path / "li.xlsx", {}, change), glossary=JUDGED)
    assert not merged.conflicts
    assert verbs(merged)[:3] == [
        *TAKEN,
        ("c-2", "accept", {}),
        ("c-1", "rendering", {"text": "Chinese diplomacy", "new": ""}),
    ]
    assert merged.decisions[3].action == "approve"


def test_what_does_not_come_back_of_a_workbook_in_chinese_is_named(sent_in_chinese: Path, tmp_path: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["术语"].cell(3, columns(book["术语"])["其他译法"]).value = "another"

    merged = merge(edit(sent_in_chinese, tmp_path / "li.xlsx", {}, change), glossary=JUDGED)
    assert [said.partition(";")[0] for said in merged.untaken] == [
        "li.xlsx, 术语!L3: was changed, but the column Other English does not come back"
    ]


def test_chinese_forms_written_into_a_table_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    write_csv(GLOSSARY, path)
    rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
    column = rows[0].index("variants_zh")
    row = next(row for row in rows if row[0] == "c-2")
    row[column] = f"{row[column]} | 多边主张".removeprefix(" | ")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    merged = merge(path)
    assert merged.untaken == ()
    entry = next(e for e in replay_glossary(GLOSSARY, merged.decisions).glossary.entries if e.id == "c-2")
    assert [variant.text for variant in entry.variants][-1:] == ["多边主张"]


def test_question_marks_for_chinese_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    write_csv(GLOSSARY, path)
    text = path.read_text(encoding="utf-8-sig")
    path.write_bytes(text.encode("latin-1", "replace"))  # as a spreadsheet saves "CSV" in Western Europe
    with pytest.raises(ToolError, match="row 2, column zh-CN: has question marks where"):
        merge(path)


def test_columns_of_a_table_may_stand_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    write_csv(GLOSSARY, path)
    rows = [row[::-1] for row in csv.reader(path.open(encoding="utf-8-sig", newline=""))]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert verbs(merge(path)) == []


def test_a_comment_is_named_by_its_cell(sent: Path, tmp_path: Path) -> None:
    def remark(book: openpyxl.Workbook) -> None:
        book["Terms"]["C2"].comment = Comment("better: Chinese way", "Li")

    merged = merge(edit(sent, tmp_path / "li.xlsx", {}, remark))
    assert "Terms!C2: a comment ('better: Chinese way') does not come back" in merged.untaken[0]


def test_merged_cells_are_refused_by_their_address(sent: Path, tmp_path: Path) -> None:
    path = edit(sent, tmp_path / "li.xlsx", {}, lambda book: book["Terms"].merge_cells("C2:C3"))
    with pytest.raises(ToolError, match="Terms!C3: is merged with another cell"):
        merge(path)


INSTEAD = "write into the cells that it is about, or into the notes"


@pytest.mark.parametrize("heading", ["审校意见", None])
def test_remarks_in_columns_of_their_own_are_named(sent: Path, tmp_path: Path, heading: str | None) -> None:
    def remark(book: openpyxl.Workbook) -> None:
        book["Terms"]["AD1"], book["Terms"]["AD2"] = heading, "should be Chinese foreign policy"
        add(book, "Terms", {"Count": "see below"})

    merged = merge(edit(sent, tmp_path / "li.xlsx", {}, remark))
    which = f"the column {heading!r}" if heading else "this column"
    assert merged.untaken == (
        f"li.xlsx, Terms!AD2: {which} is none of ours and does not come back; {INSTEAD}",
        "li.xlsx, Terms!G6: 'see below' belongs to no row of ours and is not taken",
    )


def test_the_last_cell_of_a_row_may_be_emptied(tmp_path: Path) -> None:
    glossary = replace(GLOSSARY, entries=(replace(GLOSSARY.entries[0], definition="old"), *GLOSSARY.entries[1:]))
    write_workbook(glossary, [document()], tmp_path / "glossary.xlsx")
    path = edit(tmp_path / "glossary.xlsx", tmp_path / "li.xlsx", {("Terms", "c-1", "Definition"): None})
    assert verbs(merge(path, glossary=glossary)) == [("c-1", "edit", {"definition": ""})]


def test_cells_moved_down_are_refused_and_two_exchanged_named(tmp_path: Path) -> None:
    entries = tuple(ConceptEntry(f"c-{n}", f"词{n}", (Rendering(f"word {n}"),)) for n in range(1, 8))
    glossary = Glossary(entries)
    write_workbook(glossary, [], tmp_path / "glossary.xlsx")
    moved: Edits = {("Terms", f"c-{n}", "English"): f"word {n - 1}" for n in range(3, 8)}
    path = edit(tmp_path / "glossary.xlsx", tmp_path / "li.xlsx", moved | {("Terms", "c-2", "English"): "new"})
    with pytest.raises(FormatError, match="5 of the 6 changed cells of the column English hold texts of other rows"):
        merge(path, glossary=glossary)
    two: Edits = {("Terms", "c-1", "English"): "word 2", ("Terms", "c-2", "English"): "word 1"}
    merged = merge(edit(tmp_path / "glossary.xlsx", tmp_path / "wu.xlsx", two), glossary=glossary)
    assert merged.changes == 2
    assert merged.notices == ("wu.xlsx, Terms!C2 and wu.xlsx, Terms!C3: hold each other's texts, and are taken so",)


def test_full_width_letters_are_read_as_ordinary_ones(sent: Path, tmp_path: Path) -> None:
    same = merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-2", "English"): "ｍｕｌｔｉｌａｔｅｒａｌｉｓｍ"}))
    assert (verbs(same), len(same.notices)) == ([], 1)
    other = merge(edit(sent, tmp_path / "wu.xlsx", {("Terms", "c-2", "English"): "Ｇ２０ "}))
    assert verbs(other) == [("c-2", "rendering", {"text": "multilateralism", "new": "G20"})]


@pytest.mark.parametrize("text", ["multilateralism、plurilateralism", "multilateralism or plurilateralism"])
def test_two_wordings_in_a_cell_are_named(sent: Path, tmp_path: Path, text: str) -> None:
    merged = merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-2", "English"): text}))
    assert merged.notices == (
        f"li.xlsx, Terms!C3: {text!r} is taken as one wording; if it is several, put each on a line of its own",
    )


def table_rows(tmp_path: Path) -> list[list[str]]:
    write_csv(GLOSSARY, tmp_path / "glossary.csv")
    with (tmp_path / "glossary.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_table_that_was_saved_as_a_workbook_comes_back(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows = table_rows(tmp_path)
    next(row for row in rows if row[0] == "c-2")[rows[0].index("en-US")] = "plurilateralism"
    for row in [["reviewed by Li"], *rows]:
        sheet.append(row)
    for name in ("li.xlsx", "li.csv"):
        book.save(tmp_path / "li.xlsx")
        (tmp_path / "li.xlsx").rename(tmp_path / name)  # a workbook, whatever its name says
        merged = merge(tmp_path / name)
        assert verbs(merged) == [("c-2", "rendering", {"text": "multilateralism", "new": "plurilateralism"})]


def test_the_sheet_of_terms_that_was_saved_as_a_table_comes_back(sent: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sent)
    rows = [[str(cell or "") for cell in row] for row in book["Terms"].iter_rows(values_only=True)]
    heads = [name.removeprefix("✎ ") for name in rows[0]]
    rows[2][heads.index("English")], rows[2][heads.index("Review")] = "plurilateralism", "accepted"
    with (tmp_path / "li.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    merged = merge(tmp_path / "li.csv")
    assert [(key, verb) for key, verb, _ in verbs(merged)] == [("c-2", "rendering"), ("c-2", "accept")]
    assert merged.untaken == ()


def test_a_table_names_further_columns_shifted_rows_and_dates(tmp_path: Path) -> None:
    rows = table_rows(tmp_path)
    rows[0].append("审校意见")
    rows[1].append("fine")
    rows[2][rows[0].index("first")] = "3-Mar"
    rows.append(["网络", "network"])
    with (tmp_path / "li.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    merged = merge(tmp_path / "li.csv")
    assert [said.partition(": ")[2] for said in merged.untaken] == [
        f"the column '审校意见' is none of ours and does not come back; {INSTEAD}",
        "was changed, but the column first does not come back",
        "'网络' belongs to no row of ours and is not taken",
    ]


def test_cells_that_were_only_coloured_are_named(sent: Path, tmp_path: Path) -> None:
    def colour(book: openpyxl.Workbook) -> None:
        sheet = book["Terms"]
        sheet["C2"].font = Font(color="FFFF0000")
        sheet["D3"].fill = PatternFill("solid", fgColor="FFFFFF00")
        sheet["C4"].value = CellRichText("diplomacy of ", TextBlock(InlineFont(color="FFFF0000"), "China"))
        sheet["C5"].font = Font(color="FF333333")

    (said,) = merge(edit(sent, tmp_path / "li.xlsx", {}, colour)).untaken
    assert said.startswith(
        "li.xlsx, Terms!C2, li.xlsx, Terms!D3, li.xlsx, Terms!C4: was coloured, in a row where nothing"
    )
    changed: Edits = {("Terms", f"c-{number}", "Note"): "so" for number in (1, 2, 3)}
    assert merge(edit(sent, tmp_path / "wu.xlsx", changed, colour)).untaken == ()


def test_chinese_changed_into_that_of_another_entry_is_named(sent: Path, tmp_path: Path) -> None:
    other = GLOSSARY.entries[0].term
    edits: Edits = {("Terms", "c-2", "Chinese"): other}
    assert merge(edit(sent, tmp_path / "li.xlsx", edits)).notices == (
        f"li.xlsx, Terms!B3: {other} is the Chinese of c-1 too, and both stay; to make them one, write c-1 under Merge "
        "into ID",
    )
    edits["Terms", "c-2", "Merge into ID"] = "c-1"
    assert merge(edit(sent, tmp_path / "wu.xlsx", edits)).notices == ()


@pytest.mark.parametrize(
    ("column", "word", "action"),
    [
        ("Review", "✓", "accept"),
        ("Review", "y", "accept"),
        ("Review", "对", "accept"),
        ("Review", "×", "reject"),
        ("Review", "删除", "reject"),
        ("Type", "人名", "edit"),
        ("Type", "Organisation", "edit"),
    ],
)
def test_what_reviewers_write_in_place_of_a_word_of_the_list(
    sent: Path, tmp_path: Path, column: str, word: str, action: str
) -> None:
    merged = merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-2", column): word}))
    assert [name for _, name, _ in verbs(merged)] == [action]


@pytest.mark.parametrize(
    ("word", "action"), [("OK", "approve"), ("✓", "approve"), ("错", "wrong"), ("待定", "doubt"), ("OK?", "doubt")]
)
def test_what_reviewers_write_in_place_of_a_decision_on_a_pair(
    sent: Path, tmp_path: Path, word: str, action: str
) -> None:
    id_ = next(iter(alignment(sent)))
    merged = merge(edit(sent, tmp_path / "li.xlsx", {("Alignment", id_, "Decision"): word}))
    assert [name for _, name, _ in verbs(merged)] == [action]


@pytest.mark.parametrize("word", ["Reject", "rejects.", "No", "拒绝", "不同意。", "REJECTED"])
def test_other_words_of_review_are_understood(sent: Path, tmp_path: Path, word: str) -> None:
    merged = merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-2", "Review"): word}))
    assert verbs(merged) == [("c-2", "reject", {})]


@pytest.mark.parametrize("word", ["?", "OK?", "对？", "Rejected ??", "待确认"])
def test_a_judgement_with_a_question_mark_is_to_be_discussed(sent: Path, tmp_path: Path, word: str) -> None:
    merged = merge(edit(sent, tmp_path / "li.xlsx", {("Terms", "c-2", "Review"): word}))
    assert verbs(merged) == [("c-2", "discuss", {})]
