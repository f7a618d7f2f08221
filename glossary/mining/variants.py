"""Chinese forms of one concept: short forms, abbreviations, spellings; told from words that only share a rendering."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from glossary.keys import inflection_key, lookup_key
from glossary.mining.pairs import RankedTerm
from glossary.mining.termhood import is_name
from glossary.model import Variant, VariantKind
from glossary.words.glosses import dictionary

OWN_SHARE = 0.34  # share of its occurrences outside longer terms in which a variant is rendered like the leading form
NEARLY = 0.8  # share of the places of a cut in which its whole stands, from which the whole leads
FULLER = 3.0  # a form leads its short form unless that is used more than so many times as often
INSERTED = frozenset("的和与及为之性化第")  # what two forms of one word may differ by
WHOSE = ("中国共产党", "中共", "党的", "中国", "我国", "全国", "国家", "中央")  # before a name that is clear without
CLASSES = ("组织", "市", "省", "县", "区", "州", "国")  # after a name that is clear without
MEMBERS = re.compile(r"[和与及或、][^ ]|[^ ][和与及或、]|[一两二三四五六七八九十][个大项种类]")


def _plain(text: str) -> str:
    """Return the key of a form with 党 and 中共 as 中国共产党, and without what forms may differ by."""
    key = re.sub(r"^(?:中国共产党|中共|党的|党(?=[^国]))", "中国共产党", lookup_key(text))
    return re.sub(r"[的第]", "", key)


def is_short_form(short: str, full: str) -> bool:
    """Tell whether one Chinese form may abbreviate another: its characters stand in the other in the same order.

    党 stands for 中国共产党, 中共 and the like before the test.

    >>> is_short_form("党的十九届六中全会", "中国共产党第十九届六中全会"), is_short_form("国际责任", "国际担当")
    (True, False)
    """
    short, full = _plain(short), _plain(full)
    if short == full:
        return True
    return short != "" and len(short) < len(full) and short[0] in full[:6] and _omitted(short, full) is not None


def _omitted(short: str, full: str) -> list[tuple[int, int]] | None:
    """Return where the longer form has characters which the shorter lacks, as ranges; None where that is no answer."""
    runs: list[tuple[int, int]] = []
    place = 0
    for character in short:
        found = full.find(character, place)
        if found < 0:
            return None
        if found > place:
            runs.append((place, found))
        place = found + 1
    return [*runs, (place, len(full))] if place < len(full) else runs


def is_form(one: str, other: str, *, name: bool) -> bool:
    """Tell whether two forms with the same rendering are one term: one abbreviates the other, word by word.

    An abbreviation keeps a character of every word (医保 of 医疗保险). A word with a head noun more, or a modifier
    less, is another word, whose rendering was cut. Names may lose whole words (进博会).

    >>> is_form("医保", "医疗保险", name=False), is_form("预警", "预警系统", name=False)
    (True, False)
    >>> is_form("支持企业", "支持大中小企业", name=False), is_form("进博会", "中国国际进口博览会", name=True)
    (False, True)
    """
    short, full = sorted((_plain(one), _plain(other)), key=lambda text: (len(text), text))
    if short == full:
        return True
    if short in full:
        before, _, after = full.partition(short)
        return name and (before in ("", *WHOSE) and after in ("", *CLASSES))
    if name:
        return is_short_form(short, full)
    runs = _omitted(short, full)
    if runs is None or (runs[0][0] == 0 and full[0] not in INSERTED):
        return False  # an abbreviation begins as its word does
    return all(end - start == 1 and _belongs(full, start) for start, end in runs)


def _belongs(full: str, place: int) -> bool:
    """Tell whether a character may be left out: it joins, or makes a word with its neighbour, which stands for it."""
    if full[place] in INSERTED:
        return True
    return full[max(place - 1, 0) : place + 1] in dictionary() or full[place : place + 2] in dictionary()


def adds_members(short: str, full: str) -> bool:
    """Tell whether the longer of two forms names more things: 失业和工伤保险 beside 失业保险, not a form of it."""
    rest = iter(short)
    wanted = next(rest, "")
    added = []
    for character in full:
        if character == wanted:
            wanted = next(rest, "")
            added.append(" ")
        else:
            added.append(character)
    return bool(MEMBERS.search("".join(added)))


@dataclass(slots=True)
class Group:
    """A leading form, its variants, and forms with other edges or modifiers that merely got the same rendering."""

    lead: RankedTerm
    variants: list[RankedTerm] = field(default_factory=list)
    cuts: list[RankedTerm] = field(default_factory=list)

    @property
    def forms(self) -> tuple[RankedTerm, ...]:
        """The leading form and its variants."""
        return (self.lead, *self.variants)


def group_variants(ranked: Sequence[RankedTerm], listed: float = 1.0) -> list[Group]:
    """Put terms together that have the same rendering and are forms of one another.

    The form that is rendered so most often leads, the fuller one unless it is rare. A form that does not occur outside
    longer terms with this rendering is a cut. ``listed`` are the odds from which a term holds the places it stands in.
    """
    by_rendering: defaultdict[str, list[Group]] = defaultdict(list)
    groups: list[Group] = []
    for term in ranked:
        key = inflection_key(term.pairs[0].target)
        home = next((group for group in by_rendering[key] if _related(term, group.lead, key)), None)
        if home is None:
            home = Group(term)
            by_rendering[key].append(home)
            groups.append(home)
        elif is_form(term.source, home.lead.source, name=_is_name(home.lead)):
            home.variants.append(term)
        else:
            home.cuts.append(term)
    held = _held(ranked, listed)
    return [_settled(group, held) if group.variants or group.cuts else group for group in groups]


def _is_name(term: RankedTerm) -> bool:
    """Tell whether the rendering is a name, and not a phrase that stands in a heading or a title as well."""
    pair = term.pairs[0]
    return is_name(pair) and all(
        word[0].isupper() for word in pair.target.split() if len(word) > 3 and word[0].isalpha()
    )


def _related(term: RankedTerm, lead: RankedTerm, key: str) -> bool:
    one, other = sorted((term.source, lead.source), key=lambda text: (len(text), text))
    if lookup_key(one) == lookup_key(other):
        return True
    several = " " in key or _is_abbreviation(lead.pairs[0].target)
    return several and (one in other or is_short_form(one, other)) and not adds_members(one, other)


def _is_abbreviation(text: str) -> bool:
    return len(text) > 2 and text.rstrip("s").isupper()


class Held:
    """Where better terms stand, by unit: the beginnings of their places in order, and for each the furthest end of the
    places that begin there or before."""

    def __init__(self, places: Iterable[tuple[int, tuple[int, int]]] = ()) -> None:
        self._units: dict[int, tuple[list[int], list[int]]] = {}
        by_unit: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for unit, span in places:
            by_unit[unit].append(span)
        for unit, spans in by_unit.items():
            spans.sort()
            self._units[unit] = [start for start, _ in spans], list(accumulate((end for _, end in spans), max))

    def inside(self, unit: int, span: tuple[int, int]) -> bool:
        """Tell whether a place qualifies the rest of a longer term: 自贸 in 自贸试验区, not 医保 in 改革医保."""
        starts, ends = self._units.get(unit, ((), ()))
        before = bisect_right(starts, span[0])
        return before > 0 and ends[before - 1] > span[1]


NOWHERE = Held()


def _held(ranked: Sequence[RankedTerm], listed: float) -> Held:
    return Held(
        (item.unit, item.source_span)
        for term in ranked
        if term.score >= listed and len(term.source) > 2
        for item in term.pairs[0].occurrences
    )


def _settled(group: Group, held: Held) -> Group:
    """Return a group led by the form that its rendering belongs to."""
    lead, variants, cuts = group.lead, group.variants, list(group.cuts)
    if _is_abbreviation(lead.pairs[0].target):
        core = _whole(lead, cuts)
    else:
        cores = [cut for cut in cuts if len(cut.source) < len(lead.source) and _stands_alone(cut, lead, held)]
        core = max([lead, *cores], key=lambda form: _weight(form, held))
    if core is not lead:
        others = [form for form in (lead, *variants, *cuts) if form is not core]
        name = _is_name(core)
        variants = [form for form in others if is_form(form.source, core.source, name=name)]
        cuts = [form for form in others if form not in variants]
        lead = _raised(core, lead)
    loose = [form for form in variants if not _stands_alone(form, lead, held)]
    variants = [form for form in variants if form not in loose]
    head = max((lead, *variants), key=lambda form: (_lead_weight(form, lead, held), form is lead, form.source))
    if head is not lead:
        variants = [lead, *(form for form in variants if form is not head)]
        head = _raised(head, lead)
    return Group(head, variants, [*cuts, *loose])


def _whole(lead: RankedTerm, cuts: Sequence[RankedTerm]) -> RankedTerm:
    """Return what an abbreviation spells out: the longest form around the leading one that stands nearly as often."""
    least = NEARLY * lead.pairs[0].support
    wholes = [cut for cut in cuts if lead.source in cut.source and cut.pairs[0].support >= least]
    return max(wholes, key=lambda cut: (cut.pairs[0].support, len(cut.source), cut.source), default=lead)


def _weight(form: RankedTerm, held: Held) -> tuple[int, bool, int, str]:
    gloss = any(item.gloss for item in form.pairs[0].occurrences)
    return own_places(form, held), gloss, len(form.source), form.source


def _raised(term: RankedTerm, best: RankedTerm) -> RankedTerm:
    """Return the new leading form with the score of the best ranked of its group."""
    return RankedTerm(term.source, term.pairs, term.count, max(term.score, best.score))


def _lead_weight(form: RankedTerm, lead: RankedTerm, held: Held) -> float:
    """Return how well a form would lead its group: by its uses, each of a fuller form counted ``FULLER`` times."""
    places = own_places(form, held)
    one, other = (re.sub(f"[{''.join(sorted(INSERTED))}]", "", _plain(text)) for text in (form.source, lead.source))
    return places * FULLER ** ((len(one) > len(other)) - (len(one) < len(other)))


def own_places(form: RankedTerm, held: Held) -> int:
    """Return in how many places a form is rendered as first of all, outside longer terms."""
    return len(
        {
            (item.unit, item.source_span)
            for item in form.pairs[0].occurrences
            if not held.inside(item.unit, item.source_span)
        }
    )


def _stands_alone(form: RankedTerm, lead: RankedTerm, held: Held) -> bool:
    """Tell whether a form of the same rendering occurs where no longer term does, and is rendered so there."""
    if lookup_key(form.source) == lookup_key(lead.source):
        return True
    if lead.source in form.source and not _is_name(lead):
        return False
    elsewhere = form.count - (lead.count if form.source in lead.source else 0)
    if elsewhere <= 0:
        return False
    if len(form.source) > len(lead.source):
        held = NOWHERE  # a full form may stand in a longer name
    taken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in lead.pairs:
        for item in pair.occurrences:
            taken[item.unit].append(item.source_span)
    places = {
        (item.unit, item.source_span)
        for item in form.pairs[0].occurrences
        if not any(item.source_span[0] < end and start < item.source_span[1] for start, end in taken[item.unit])
        and not held.inside(item.unit, item.source_span)
    }
    return len(places) >= max(1.0, OWN_SHARE * elsewhere)


def variant_of(form: RankedTerm, lead: RankedTerm) -> Variant:
    """Return a form as a variant of the leading one."""
    kind: VariantKind = "short form" if len(form.source) < len(lead.source) else "full form"
    if lookup_key(form.source) == lookup_key(lead.source):
        kind = "spelling"
    return Variant(form.source, kind, "admitted", form.count)
