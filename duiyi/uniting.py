"""One standing termbase out of several: of several people, or of several years.

Entries with the same Chinese, in either script, become one. What the termbases agree on is joined; what they disagree
on is decided in favour of the first one named, listed, and put right in the list of conflicts as one likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from duiyi.decisions.terms import merge_entries
from duiyi.recognition import chinese_key, english_words
from glossary.files.fields import Field, worded
from glossary.files.sheets import PENCIL, Sheet, writing_book
from glossary.files.termbase import with_own_ids
from glossary.model import NOT_TO_USE, ConceptEntry, Glossary, Rendering
from tmx.errors import FormatError
from tmx.messages import Language, Messages, load
from tmx.readers.grid import read_grids

Ground = Literal["preferred", "forbidden", "rejected"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Termbases that disagree about a term: what each wants, by its name, and what was kept.

    Of one that is forbidden the second wish is the rendering that must not be used, and ``usage`` how it is marked.
    """

    term: str
    ground: Ground
    wishes: tuple[tuple[str, str], ...]
    kept: str
    usage: str = ""


@dataclass(frozen=True, slots=True)
class United:
    """The termbases as one, and what they disagree on."""

    glossary: Glossary
    disagreements: tuple[Disagreement, ...]


def unite(termbases: Sequence[tuple[str, Glossary]], settled: Mapping[str, str] | None = None) -> United:
    """Put termbases together, each given with its name; of what they disagree on the first one's wish holds.

    ``settled`` gives terms their preferred rendering, as decided in a list of conflicts: those are no conflicts more.

    >>> one = Glossary((ConceptEntry("1", "乡村振兴", (Rendering("rural revitalization"),)),))
    >>> other = Glossary((ConceptEntry("2", "鄉村振興", (Rendering("rural vitalization"),)),))
    >>> united = unite([("2018", one), ("2023", other)])
    >>> [(rendering.text, rendering.usage) for rendering in united.glossary.entries[0].renderings]
    [('rural revitalization', 'preferred'), ('rural vitalization', 'admitted')]
    >>> united.disagreements[0].wishes
    (('2018', 'rural revitalization'), ('2023', 'rural vitalization'))
    """
    settled = {chinese_key(term): rendering for term, rendering in (settled or {}).items()}
    held: dict[str, list[tuple[str, ConceptEntry]]] = {}
    for name, glossary in termbases:
        for entry in glossary.entries:
            held.setdefault(chinese_key(entry.term), []).append((name, entry))
    entries: list[ConceptEntry] = []
    disagreements: list[Disagreement] = []
    for key, group in held.items():
        entry = group[0][1]
        for _, other in group[1:]:
            entry = merge_entries(entry, _in_the_script_of(entry, other))
        entry = _preferring(entry, settled.get(key, ""))
        entries.append(entry)
        if key not in settled:
            disagreements += _disagreements(group, entry)
    first = termbases[0][1]
    return United(replace(first, entries=tuple(with_own_ids(entries))), tuple(disagreements))


def _in_the_script_of(entry: ConceptEntry, other: ConceptEntry) -> ConceptEntry:
    """The same Chinese in the other script is the same term, and no further variant."""
    return replace(other, term=entry.term) if chinese_key(entry.term) == chinese_key(other.term) else other


def _preferring(entry: ConceptEntry, wanted: str) -> ConceptEntry:
    """Return the entry with a rendering preferred that somebody settled on; new if it has none like it."""
    if not wanted:
        return entry
    others = [
        replace(rendering, usage="admitted") if rendering.usage == "preferred" else rendering
        for rendering in entry.renderings
        if rendering.text != wanted
    ]
    own = next((rendering for rendering in entry.renderings if rendering.text == wanted), Rendering(wanted, count=0))
    return replace(entry, renderings=(replace(own, usage="preferred"), *others))


def _disagreements(group: Sequence[tuple[str, ConceptEntry]], entry: ConceptEntry) -> Iterable[Disagreement]:
    kept = entry.preferred.text
    wishes = tuple((name, one.preferred.text) for name, one in group)
    if len({_words(text) for _, text in wishes}) > 1:
        yield Disagreement(entry.term, "preferred", wishes, kept)
    used = {_words(r.text): (name, r) for name, one in group for r in one.renderings if r.usage not in NOT_TO_USE}
    for name, one in group:
        for rendering in one.renderings:
            against = used.get(_words(rendering.text))
            if rendering.usage in NOT_TO_USE and against and against[0] != name:
                pair = ((against[0], against[1].text), (name, rendering.text))
                yield Disagreement(entry.term, "forbidden", pair, kept, rendering.usage)
    reviews = {one.review for _, one in group}
    if {"accepted", "rejected"} <= reviews:
        yield Disagreement(entry.term, "rejected", tuple((name, one.review) for name, one in group), entry.review)


def _words(text: str) -> str:
    return " ".join(word.key for word in english_words(text))


# --- the list of conflicts

TERM, DECISION = "Chinese", "Decision"


def _wish(found: Disagreement, number: int, say: Messages) -> str:
    if number >= len(found.wishes):
        return ""
    wish = found.wishes[number][1]
    if found.ground == "forbidden" and number == 1:
        return say("disagreement.not", text=wish, usage=say(f"usage.{found.usage}"))
    return _kept(found, wish, say)


def _kept(found: Disagreement, text: str, say: Messages) -> str:
    return say(f"review.{text}") if found.ground == "rejected" else text


def _rest(found: Disagreement, say: Messages) -> str:
    return "\n".join(f"{found.wishes[n][0]}: {_wish(found, n, say)}" for n in range(2, len(found.wishes)))


SHEET: Sheet[Disagreement] = Sheet(
    "Conflicts",
    "",
    1,
    (
        Field("", TERM, lambda found: found.term, 20, chinese=True),
        worded("Why", lambda found, say: say(f"disagreement.{found.ground}"), 30, "Why in conflict"),
        worded("First", lambda found, say: _wish(found, 0, say), 32, "First wish"),
        worded("Second", lambda found, say: _wish(found, 1, say), 32),
        worded("Others", _rest, 28),
        worded("Kept", lambda found, say: _kept(found, found.kept, say), 32),
        Field("", DECISION, lambda found: "", 32, True),
        Field("", "Where", lambda found: "; ".join(name for name, _ in found.wishes), 36, label="Termbases"),
    ),
    printed=7,
)


def write_disagreements(found: Iterable[Disagreement], path: Path, language: Language = "en") -> None:
    """Write the list of conflicts as a workbook; what is written into its column *Decision* can be settled.

    It is read in whatever language it was written.
    """
    say = load(language)
    with writing_book(path, say=say) as book:
        book.sheet(SHEET, (SHEET.row(one, say) for one in found))


def read_settled(path: Path) -> dict[str, str]:
    """Return the renderings that somebody wrote into a list of conflicts, by Chinese term.

    Raises:
        FormatError: the file has not the columns of such a list.
    """
    for grid in read_grids(path):
        lines = [[cell.text.strip() for cell in line] for _, line in grid.rows]
        if not lines:
            continue
        headings = [SHEET.headings.get(text.removeprefix(PENCIL), text) for text in lines[0]]
        if TERM in headings and DECISION in headings:
            term, decision = headings.index(TERM), headings.index(DECISION)
            rows = (line for line in lines[1:] if len(line) > max(term, decision))
            return {line[term]: line[decision] for line in rows if line[term] and line[decision]}
    raise FormatError(f"{path}: has no columns {TERM} and {DECISION}; give the list of conflicts that merge wrote")
