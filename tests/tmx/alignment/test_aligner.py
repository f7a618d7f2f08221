"""The aligner on our own sample and on small texts; accuracy on the larger sets is measured in benchmarks/."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tmx import cedict
from tmx.alignment import aligner, coarse, search, similarity
from tmx.alignment import beads as bead_files
from tmx.alignment.aligner import AlignmentOptions, align
from tmx.alignment.evaluation import score
from tmx.alignment.lexicon import load
from tmx.model import Bead

SAMPLE = Path(__file__).parents[2] / "gold" / "sample-sentences.tsv"


def sample():
    """The interview's sentences and the gold beads: lines of language, paragraph, index, bead, sentence."""
    rows = [line.split("\t") for line in SAMPLE.read_text(encoding="utf-8").split("\n")[1:] if line]
    sides = [[(bead, text) for language, _, _, bead, text in rows if language == wanted] for wanted in ("zh", "en")]
    gold = [
        tuple(tuple(number for number, (found, _) in enumerate(side) if found == bead) for side in sides)
        for bead in dict.fromkeys(bead for bead, _ in sides[0])
    ]
    return [text for _, text in sides[0]], [text for _, text in sides[1]], gold


def test_every_bead_of_the_sample_is_right():
    source, target, gold = sample()
    assert bead_files.links(align(source, target)) == gold


def traditional(texts):
    """The texts with each character in the Traditional form most dictionary entries give it."""
    forms = defaultdict(Counter)
    for entry in cedict.entries():
        if len(entry.traditional) == len(entry.simplified):
            for simplified, form in zip(entry.simplified, entry.traditional, strict=True):
                forms[simplified][form] += 1
    table = {ord(one): max(found, key=lambda form: (found[form], form)) for one, found in forms.items()}
    return [text.translate(table) for text in texts]


def test_traditional_text_is_aligned_as_simplified():
    source, target, gold = sample()
    written = traditional(source)
    assert sum(one != other for one, other in zip("".join(source), "".join(written), strict=True)) > 500
    assert bead_files.links(align(written, target)) == gold


@pytest.mark.parametrize(
    ("side", "cut"), [("source", (10, 24)), ("target", (10, 24)), ("target", (0, 12)), ("source", (30, 47))]
)
def test_after_a_missing_part_everything_is_right_again(side, cut):
    source, target, gold = sample()
    kept = [list(range(len(source))), list(range(len(target)))]
    place = 0 if side == "source" else 1
    kept[place] = [number for number in kept[place] if not cut[0] <= number < cut[1]]
    texts = [source, target]
    found = align(*([texts[s][number] for number in kept[s]] for s in (0, 1)))
    back = [tuple(tuple(kept[s][n] for n in link[s]) for s in (0, 1)) for link in bead_files.links(found)]
    whole = [link for link in gold if not any(cut[0] <= number < cut[1] for number in link[place])]
    assert score(whole, back).strict[1] >= 0.96
    assert back[-1] == gold[-1] or cut[1] >= 47


def test_a_missing_part_hardly_changes_the_length_ratio():
    source, target, _ = sample()
    whole, cut = (similarity.gather(texts, target, load()) for texts in (source, source[:10] + source[24:]))
    ratio = coarse.length_ratio(whole, coarse.path(whole))
    assert coarse.length_ratio(cut, coarse.path(cut)) == pytest.approx(ratio, rel=0.15)
    assert cut.ratio > 1.4 * ratio


CASES = Path(__file__).parents[1] / "cases" / "alignment.txt"
Pair = tuple[list[str], list[str]]


def cases() -> list[Any]:
    """Read the case file: a title, then the pairs as Chinese, tab, English, the sentences of a side divided by bars.

    A pair that begins with an equals sign is known beforehand. Cases end with a line of equals signs.
    """
    found = []
    for case in CASES.read_text(encoding="utf-8").split("\n===\n"):
        title, *lines = case.rstrip("\n").split("\n")
        pairs = [tuple([s for s in side.split(" | ") if s] for side in line.lstrip("=").split("\t")) for line in lines]
        known = [line.startswith("=") for line in lines]
        found.append(pytest.param(pairs, known, id=title.removeprefix("# ")))
    return found


@pytest.mark.parametrize(("pairs", "known"), cases())
def test_text_of_one_side_alone_stays_alone(pairs: list[Pair], known: list[bool]) -> None:
    source, target = ([text for pair in pairs for text in pair[side]] for side in (0, 1))
    paragraphs = [[number for number, pair in enumerate(pairs) for _ in pair[side]] for side in (0, 1)]
    ends = [tuple(sum(len(pair[side]) for pair in pairs[:number]) for side in (0, 1)) for number in range(len(pairs))]
    anchors = [
        Bead((row, row + len(pair[0])), (column, column + len(pair[1])))
        for (row, column), pair, is_known in zip(ends, pairs, known, strict=True)
        if is_known
    ]
    found = align(
        source,
        target,
        anchors=anchors,
        source_paragraphs=paragraphs[0],
        target_paragraphs=paragraphs[1],
    )
    assert [(source[slice(*bead.source)], target[slice(*bead.target)]) for bead in found] == pairs
    assert min(bead.confidence for bead in found) > 0.3


@pytest.mark.parametrize("length", [1, 3, 8, 14])
@pytest.mark.parametrize("side", [0, 1])
def test_however_much_stands_before_the_text_on_one_side_it_stays_alone(side, length):
    source, target, gold = sample()
    texts = [source, target]
    cut = [link for link in gold if link[side][0] < length]
    first = cut[-1][side][-1] + 1  # the sentences of the other side have lost their counterpart
    alone = cut[-1][1 - side][-1] + 1
    texts[side] = texts[side][first:]
    found = bead_files.links(align(*texts))
    assert found[:alone] == [((), (n,)) if side == 0 else ((n,), ()) for n in range(alone)]
    assert len(found) == alone + len(gold) - len(cut)


ORDINANCE = {
    "本条例中的附注不具法律效力。": "A note in this Ordinance has no legislative effect.",
    "船艇 (craft)指任何船只或木筏；": "craft (船艇) means any boat or raft;",
    "商贩 (trader)指在船艇上售卖货品的人；": "trader (商贩) means a person who sells goods from a craft;",
    "牌照 (licence)指根据第8条批给的牌照；": "licence (牌照) means a licence granted under section 8;",
    "登记官 (Registrar)指船艇登记官；": "Registrar (登记官) means the Registrar of Craft;",
    "管理局 (Board)指由第3条设立的管理局；": "Board (管理局) means the Board established by section 3;",
    "港口 (harbour)指海港的水域。": "harbour (港口) means the waters of the harbour.",
}


@pytest.mark.parametrize("vectors", [False, True])
def test_definitions_sorted_otherwise_are_right_or_alone_or_in_doubt(vectors: bool) -> None:
    first, *chinese = ORDINANCE
    last, *english = ORDINANCE.values()
    source, target = [*chinese, first], [*sorted(english, key=str.lower), last]
    beads = align(source, target, AlignmentOptions(vectors=vectors))
    pairs = [(source[bead.source[0]], target[bead.target[0]], bead) for bead in beads if 0 not in bead.size]
    wrong = [bead for one, other, bead in pairs if bead.size != (1, 1) or ORDINANCE[one] != other]
    assert len(pairs) - len(wrong) >= 3
    assert len(wrong) <= 1 and all(bead.confidence < 0.9 for bead in wrong)


def check_cover(beads, n, m):
    row = column = 0
    for bead in beads:
        assert (bead.source[0], bead.target[0]) == (row, column)
        assert bead.size != (0, 0)
        assert 0 <= bead.confidence <= 1
        row, column = bead.source[1], bead.target[1]
    assert (row, column) == (n, m)


sentences = st.sampled_from(
    ["你好。", "他来了。", "一九九二年", "", "。", "The cat", "Hello.", "He came in 1992.", "?", "\U00020000"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, max_size=12), st.lists(sentences, max_size=12))
def test_beads_cover_everything_once_and_in_order(source, target):
    check_cover(align(source, target), len(source), len(target))


def test_anchors_do_not_move():
    source, target, _ = sample()
    wrong = Bead((20, 21), (20, 23))
    found = align(source, target, anchors=[wrong])
    assert wrong in found
    check_cover(found, len(source), len(target))


def test_very_many_equal_lines_are_paired_by_order_and_doubted_and_the_rest_is_right():
    source, target, gold = sample()
    rows, columns, many = gold[20][0][-1] + 1, gold[20][1][-1] + 1, 800
    unguided: list[coarse.Area] = []
    beads = align(
        source[:rows] + ["的。"] * many + source[rows:],
        target[:columns] + ["Yes."] * many + target[columns:],
        unguided=unguided,
    )
    check_cover(beads, len(source) + many, len(target) + many)
    (part,) = unguided
    assert part.bottom - part.top >= many and part.top >= rows - 20 and part.bottom <= rows + many + 20
    inside = [bead for bead in beads if part.top <= bead.source[0] < part.bottom and 0 not in bead.size]
    assert max(bead.confidence for bead in inside) < 0.5
    links = bead_files.links([bead for bead in beads if bead.source[1] <= rows])
    after = [bead for bead in beads if bead.source[0] >= rows + many and bead.target[0] >= columns + many]
    links += bead_files.links([Bead(*(tuple(n - many for n in run) for run in (b.source, b.target))) for b in after])
    assert len(set(gold) & set(links)) >= len(gold) - 3


def test_each_stretch_goes_on_for_half_of_it_at_least(monkeypatch):
    made = []
    monkeypatch.setattr(aligner, "Lattice", lambda *args: made.append(args) or search.Lattice(*args))
    source, target = [f"第{n}句话很好。" for n in range(1500)], [f"Sentence {n} is good." for n in range(1500)]
    align(source, target, AlignmentOptions(vectors=False))
    assert len(made) <= 2 * (1 + len(source) / (aligner.STRETCH * aligner.KEPT / 2))


def test_a_part_without_a_path_is_searched_in_a_strip():
    for n, m in ((50_000, 50_000), (50_000, 30_000), (40, 90_000), (90_000, 40)):
        band = coarse.band(np.zeros((0, 2), np.int64), n, m)
        step = np.diff(band.left, prepend=0).max()
        assert (band.right - band.left).max() <= 2 * coarse.STRIP + (2 * coarse.ROWS + 1) * (step + 1)
        assert (band.left[1:] <= band.right[:-1]).all() and band.left[0] == 0 and band.right[-1] == m


def test_anchors_that_cross_are_refused():
    with pytest.raises(ValueError, match="crosses"):
        align(["一", "二"], ["one", "two"], anchors=[Bead((0, 1), (1, 2)), Bead((1, 2), (0, 1))])


def test_the_same_text_gives_the_same_beads():
    source, target, _ = sample()
    assert align(source, target) == align(source, target)


def shapes(source, target):
    return [(list(range(*bead.source)), list(range(*bead.target))) for bead in align(source, target)]


def test_a_turn_begins_a_bead():
    source = ["问：怎么看？", "答：乐观。", "形势好。", "问：为什么？", "答：有基础。"]
    target = ["Q: Your view?", "A: Optimistic.", "All is fine.", "Q: Why so?", "A: The basis is sound.", "It holds."]
    starts = {(bead[0][0], bead[1][0]) for bead in shapes(source, target) if all(bead)}
    assert {(0, 0), (1, 1), (3, 3), (4, 4)} <= starts


def test_articles_are_paired_by_their_numbers_where_one_side_leaves_one_out():
    source = [f"第{number}条 {text}" for number, text in zip("一二三四五", ["略"] * 5, strict=True)]
    target = [f"Article {number} Omitted" for number in (1, 2, 4, 5)]
    assert shapes(source, target) == [([0], [0]), ([1], [1]), ([2], []), ([3], [2]), ([4], [3])]


def sample_paragraphs():
    rows = [line.split("\t") for line in SAMPLE.read_text(encoding="utf-8").split("\n")[1:] if line]
    return [[int(row[1]) for row in rows if row[0] == language] for language in ("zh", "en")]


def test_a_bead_ends_where_a_paragraph_ends():
    source = ["甲乙丙。", "丁戊己。", "庚辛壬。"]
    target = ["Lorem ipsum.", "Dolor sit.", "Amet elit.", "Sed do."]
    for borders in ([0, 1, 1, 2], [0, 0, 1, 2], [0, 1, 2, 2]):
        found = align(source, target, source_paragraphs=[0, 1, 2], target_paragraphs=borders)
        assert [[borders[number] for number in range(*bead.target)][:1] for bead in found] == [[0], [1], [2]]


def test_paragraphs_of_one_side_alone_change_nothing():
    source, target, _ = sample()
    paragraphs = sample_paragraphs()[0]
    assert align(source, target, source_paragraphs=paragraphs) == align(source, target)
    one = [0] * len(target)
    assert align(source, target, source_paragraphs=paragraphs, target_paragraphs=one) == align(source, target)


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_paragraphs_that_do_not_agree_do_no_harm(kept):
    source, target, gold = sample()
    paragraphs = sample_paragraphs()
    paragraphs[1] = [(number + shift) // 3 for shift, number in enumerate(range(len(target)), kept)]
    found = align(source, target, source_paragraphs=paragraphs[0], target_paragraphs=paragraphs[1])
    assert score(gold, bead_files.links(found)).strict[2] >= 0.95


def test_a_paragraph_number_for_each_sentence_is_needed():
    with pytest.raises(ValueError, match="2 paragraph numbers for 1 sentences"):
        align(["一"], ["one"], source_paragraphs=[0, 1])


def test_a_text_in_place_of_sentences_is_refused():
    for source, target in (("中国外交。", ["China."]), (["中国外交。"], "China.")):
        with pytest.raises(TypeError, match="lists of sentences"):
            align(source, target)


SIDES = (
    ["大家好！", "我们的外交工作取得了成功。", "朋友越来越多。", "我们反对单边主义。", "谢谢！"],
    ["Hello everyone!", "Our diplomacy was a success.", "We have more friends.", "We oppose unilateralism.", "Thanks!"],
)
places = st.sets(st.integers(0, 4))


@settings(max_examples=60, deadline=None)
@given(st.tuples(places, places), st.booleans())
def test_sentences_known_to_have_no_counterpart_stay_alone(alone, short):
    target = SIDES[1][: 2 if short else 5]
    alone = alone[0], {place for place in alone[1] if place < len(target)}
    beads = align(SIDES[0], target, alone=alone)
    assert [place for bead in beads for place in range(*bead.source)] == list(range(5))
    lonely = {bead.source[0]: bead.confidence for bead in beads if bead.size == (1, 0)}
    assert {lonely.get(place) for place in alone[0]} <= {1.0}
    lonely = {bead.target[0]: bead.confidence for bead in beads if bead.size == (0, 1)}
    assert {lonely.get(place) for place in alone[1]} <= {1.0}
