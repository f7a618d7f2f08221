"""Journals of earlier versions, from the review page and from a workbook, still say what they said.

Beside each journal stands what its version made of it: ``beads.tsv`` (status, sentences, wording) and ``terms.tsv``;
only the id of a term that was added on the page is the one it has now.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from duiyi.decisions.beads import replay_document, unknown_units
from duiyi.decisions.journal import DecisionJournal, in_force
from duiyi.decisions.terms import replay_glossary
from glossary.model import Glossary, entry_id
from tmx.model import AlignedDocument

FOLDER = Path(__file__).with_name("journals")
JOURNALS = ("0.1.0-page", "0.1.0-workbook", "0.2.0-page")


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").rstrip("\n").split("\n")


@pytest.mark.parametrize("name", JOURNALS)
def test_an_old_journal_leaves_the_beads_as_it_did(name: str, interview: AlignedDocument) -> None:
    replayed = replay_document(interview, in_force(DecisionJournal(FOLDER / f"{name}.jsonl").read()))
    document = replayed.document
    shown = []
    for bead, review in zip(document.beads, replayed.reviews, strict=True):
        sides = (document.source[slice(*bead.source)], document.target[slice(*bead.target)])
        cells = [review.status if review else "", *("|".join(s.text for s in side) for side in sides)]
        cells += [(review and review.source_text) or "", (review and review.target_text) or ""]
        shown.append("\t".join(cells))
    assert shown == lines(f"{name}.beads.tsv")
    assert replayed.misfits == ()


@pytest.mark.parametrize("name", JOURNALS)
def test_an_old_journal_leaves_the_terms_as_it_did(name: str, interview: AlignedDocument, glossary: Glossary) -> None:
    decisions = in_force(DecisionJournal(FOLDER / f"{name}.jsonl").read())
    replayed = replay_glossary(glossary, decisions)
    shown = []
    for entry in replayed.glossary.entries:
        renderings = " / ".join(f"{rendering.text} ({rendering.usage})" for rendering in entry.renderings)
        variants = "、".join(variant.text for variant in entry.variants)
        cells = [entry.id, entry.term, entry.review, entry.type, entry.broader, renderings, variants]
        shown.append("\t".join([*cells, "; ".join(entry.notes)]))
    assert shown == lines(f"{name}.terms.tsv")
    assert replayed.misfits == () and unknown_units([interview], decisions) == ()


def test_a_term_added_on_the_old_page_is_the_one_that_the_machine_finds(
    glossary: Glossary, interview: AlignedDocument
) -> None:
    """The page had ids of its own for new terms, so that one stood twice after the machine had found it too."""
    decisions = in_force(DecisionJournal(FOLDER / "0.1.0-page.jsonl").read())
    (added,) = (e for e in replay_glossary(glossary, decisions).glossary.entries if e.term == "国际形势")
    assert added.id == entry_id("国际形势")
    assert [(c.document, c.date) for c in added.contexts] == [("interview.txt", "2021-12-30")]
    assert added.contexts[0].place
    entries = (*glossary.entries, added)
    again = replay_glossary(Glossary(entries), decisions)
    assert [entry.id for entry in again.glossary.entries if entry.term == "国际形势"] == [added.id]
