"""The checks of whole documents: terms, memory, repetitions, sentences; verdicts and baselines."""

from dataclasses import replace
from pathlib import Path

import pytest

from duiyi.checking.model import Reference, Segment
from duiyi.checking.run import CHECKS, Checked, CheckOptions, check, read_segments, reference
from duiyi.recognition import Recogniser
from glossary.model import ConceptEntry, Rendering, Usage
from tmx.model import TranslationUnit


def segments(*pairs: tuple[str, str], date: str = "") -> list[Segment]:
    return [
        Segment(number, TranslationUnit(str(number), source, target), "a.csv", f"row {number}", date)
        for number, (source, target) in enumerate(pairs, 1)
    ]


def entry(term: str, *renderings: tuple[str, Usage], last: str = "") -> ConceptEntry:
    return ConceptEntry(term, term, tuple(Rendering(text, usage, last=last) for text, usage in renderings))


def against(*entries: ConceptEntry) -> Reference:
    return Reference(Recogniser(entries), entries, frozenset(one.id for one in entries))


QUALITY = entry("高质量发展", ("high-quality development", "preferred"), ("quality growth", "admitted"))
FUTURE = entry(
    "人类命运共同体",
    ("community with a shared future for humanity", "preferred"),
    ("community of common destiny", "superseded"),
    last="2017-01-01",
)
BELT = entry("一带一路", ("Belt and Road", "preferred"), ("One Belt One Road", "deprecated"))


def names(checked: Checked) -> list[str]:
    return [one.finding.check for one in checked.found]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("推进高质量发展。", "We promote high-quality development.", []),
        ("推进高质量发展。", "We promote High Quality Developments.", []),
        ("推进高质量发展。", "We promote quality growth.", []),
        ("推進高質量發展。", "We promote reform.", ["term-not-used"]),
        ("推进高质量发展。", "We promote reform.", ["term-not-used"]),
        ("共建“一带一路”。", "We build the “Belt and Road” together.", []),
        ("共建“一带一路”。", "We build “One Belt One Road” together.", ["term-forbidden"]),
        ("构建人类命运共同体。", "Build a community of common destiny.", ["term-superseded"]),
        ("构建人类命运共同体。", "Build a community with a shared future for humanity.", []),
    ],
)
def test_terms_are_rendered_as_prescribed(source: str, target: str, expected: list[str]) -> None:
    tag = "zh-Hant" if "發" in source else "zh-CN"
    (one,) = segments((source, target))
    one = Segment(1, TranslationUnit("1", source, target, tag), one.document, one.place)
    assert names(check([one], against(QUALITY, FUTURE, BELT))) == expected


def test_a_superseded_rendering_may_stand_in_a_document_of_its_time() -> None:
    pair = ("构建人类命运共同体。", "Build a community of common destiny.")
    assert names(check(segments(pair, date="2016-03-05"), against(FUTURE))) == []
    assert names(check(segments(pair, date="2021-03-05"), against(FUTURE))) == ["term-superseded"]


def test_a_longer_term_hides_the_shorter_one_in_it() -> None:
    shorter, longer = entry("发展", ("development", "preferred")), entry("发展中国家", ("Global South", "preferred"))
    assert names(check(segments(("发展中国家的团结。", "Unity of the Global South.")), against(shorter, longer))) == []


def test_reworded_terms_and_pronouns_are_information() -> None:
    pairs = [
        ("推进高质量发展。", "We pursue high-quality development."),
        ("高质量发展是首要任务。", "It is the primary task."),
        ("以高质量的方式发展高质量发展。", "We develop with high quality."),
    ]
    some = segments(*pairs)
    assert names(check(some, against(QUALITY))) == []
    told = check(some, against(QUALITY), CheckOptions(information=True))
    assert names(told).count("term-reworded") == 2


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("清水桥将建新站。", "A new station will be built in Tsing Shui Bridge.", ["term-not-used"]),
        ("清水桥将建新站。", "A new station will be built in Tsing Shui Kiu.", []),
        ("清水桥镇将建新站。", "A new station will be built in Tsing Shui Town.", []),
        ("清水桥将建新站。", "A New Station in Tsing Shui Bridge", []),
    ],
)
def test_a_prescribed_name_is_not_reworded_by_another_name(source: str, target: str, expected: list[str]) -> None:
    name = entry("清水桥", ("Tsing Shui Kiu", "preferred"))
    assert names(check(segments((source, target)), against(name))) == expected


def test_words_that_render_something_else_do_not_reword_a_term() -> None:
    system, bank = (
        entry("银行体系", ("banking system", "preferred")),
        entry("银行业", ("banking industry", "preferred")),
    )
    pair = ("银行体系保持稳健，银行业的贷款增加。", "The harbour remained sound, and the banking industry lent more.")
    (found,) = check(segments(pair), against(system, bank)).found
    assert (found.finding.check, found.finding.severity) == ("term-not-used", "minor")  # "banking" is there
    pair = ("银行体系保持稳健。", "The system of banking remained sound.")
    assert names(check(segments(pair), against(system))) == []


def test_words_far_from_where_a_term_stands_do_not_reword_it() -> None:
    source = "高质量发展是首要任务。" + "我们要加强团结合作，共同应对挑战，维护世界和平。" * 12
    end = "We must strengthen unity and cooperation, meet challenges together and safeguard world peace. " * 11
    target = "The harbour is the primary task. " + end + "Their quality is high."
    assert "term-not-used" in names(check(segments((source, target)), against(QUALITY)))


def test_terms_that_nobody_decided_about_weigh_less() -> None:
    usual = replace(QUALITY, count=10, renderings=(replace(QUALITY.preferred, count=9),))
    some = segments(("推进高质量发展。", "We promote reform."))
    (found,) = check(some, Reference(Recogniser([usual]), (usual,))).found
    assert found.finding.severity == "minor"
    assert check(some, Reference(Recogniser([QUALITY]), (QUALITY,))).found == ()


def test_names_on_the_list_stay_as_they_are() -> None:
    kept = Reference(kept=("PayMe",))
    assert names(check(segments(("用PayMe付款。", "Pay with PayMe.")), kept)) == []
    assert names(check(segments(("用PayMe付款。", "Pay with Pay Me.")), kept)) == ["do-not-translate"]


def test_the_same_source_in_other_words_is_told_with_what_changed() -> None:
    some = segments(
        ("感谢各位的支持。", "Thank you for your support."), ("感谢各位的支持。", "Thank you for your help.")
    )
    (found,) = check(some).found
    assert found.finding.check == "same-source" and found.segment.number == 2
    assert [found.segment.unit.target[slice(*span)] for span in found.finding.target] == ["help"]
    assert "row 1" in found.finding.message


def test_the_memory_has_another_translation() -> None:
    known = Reference(memory={"我们将坚定支持各国。": ["We will firmly support all countries."]}.get)  # type: ignore[arg-type]
    right = segments(("我们将坚定支持各国。", "We will firmly support all countries"))
    wrong = segments(("我们将坚定支持各国。", "We firmly support some countries."))
    assert names(check(right, known)) == []
    assert names(check(wrong, known)) == ["memory-differs"]


def test_a_sentence_left_out_of_a_paragraph_is_missing() -> None:
    source = "会议在北京举行。与会者就投资问题进行了深入讨论。双方签署了三项协议。"
    whole = "The meeting was held in Beijing. Participants discussed investment in depth. Three agreements were signed."
    assert names(check(segments((source, whole)))) == []
    part = "The meeting was held in Beijing. Three agreements were signed by the two sides."
    (found,) = check(segments((source, part))).found
    assert found.finding.check == "sentence-missing"
    assert source[slice(*found.finding.source[0])] == "与会者就投资问题进行了深入讨论。"


def test_two_sentences_in_one_are_not_a_sentence_left_out() -> None:
    source = "港口去年扩建了两座码头。这一工程由三家公司承建。货物吞吐量因此大幅增加，失业人数减少。"
    one = "Last year the port built two more piers, a project that was carried out by three companies. "
    rest = "Cargo throughput has therefore risen sharply, and fewer people are out of work."
    assert names(check(segments((source, one + rest)))) == []
    (found,) = check(segments((source, "Last year the port built two more piers. " + rest))).found
    assert found.finding.check == "sentence-missing"
    assert source[slice(*found.finding.source[0])] == "这一工程由三家公司承建。"


def test_without_an_encoder_words_alone_tell_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duiyi.checking.sentences.standard", lambda: None)
    source = "会议在北京举行。与会者就投资问题进行了深入讨论。双方签署了三项协议。"
    part = "The meeting was held in Beijing. Three agreements were signed by the two sides."
    assert names(check(segments((source, part)))) == ["sentence-missing"]


def test_verdicts_and_a_baseline_set_findings_aside() -> None:
    some = segments(("通话79次。", "97 calls were made."), ("访问12国。", "Visited 21 countries."))
    first, second = check(some).found
    left = check(some, verdicts={first.id: "right so"}, baseline={second.id})
    assert left.found == () and {one.id for one in left.passed} == {first.id, second.id}
    changed = segments(("通话79次。", "98 calls were made."))
    assert len(check(changed, verdicts={first.id: "right so"}).found) == 1


def test_a_verdict_holds_when_a_segment_moves() -> None:
    (found,) = check(segments(("通话79次。", "97 calls were made."))).found
    moved = segments(("你好。", "Hello."), ("通话79次。", "97 calls were made."))
    assert check(moved, verdicts={found.id: "ignore"}).found == ()


def test_only_and_skip() -> None:
    some = segments(("通话79次。", "97 calls were were made."))
    assert names(check(some, options=CheckOptions(only=frozenset({"words-repeated"})))) == ["words-repeated"]
    assert names(check(some, options=CheckOptions(skip=frozenset({"words-repeated"})))) == ["numbers-differ"]


def test_every_check_has_a_name_of_its_own_a_meaning_and_a_place_in_the_typology() -> None:
    assert len({one.name for one in CHECKS}) == len(CHECKS)
    assert all(one.meaning and "/" in one.category for one in CHECKS)


def test_rows_with_an_empty_side_are_missing_translations(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    rows = ["你好，世界和平。,Hello and world peace.", "我们支持多边主义。,We support multilateralism."]
    table.write_text("\n".join(["zh,en", *rows, "外交工作开创了新局面。,", ""]), encoding="utf-8")
    some, _ = read_segments([table])
    assert [(one.place, bool(one.unit.target)) for one in some] == [("row 2", True), ("row 3", True), ("row 4", False)]
    assert names(check(some)) == ["empty-side"]


def test_units_of_a_memory_without_a_translation_are_empty(tmp_path: Path) -> None:
    pairs = [("我们支持多边主义。", "We support multilateralism."), ("深化改革。", "")]
    tus = "".join(
        f'<tu><tuv xml:lang="zh"><seg>{zh}</seg></tuv><tuv xml:lang="en"><seg>{en}</seg></tuv></tu>' for zh, en in pairs
    )
    memory = tmp_path / "a.tmx"
    memory.write_text(f'<tmx version="1.4"><header srclang="zh"/><body>{tus}</body></tmx>', encoding="utf-8")
    some, _ = read_segments([memory])
    assert names(check(some)) == ["empty-side"]


def test_a_sentence_far_longer_than_the_other_is_not_missing() -> None:
    aims = {
        "团结": "strengthen unity", "合作": "expand cooperation", "教育": "improve education", "投资": "draw money",
        "农业": "support agriculture", "科技": "advance science", "环境": "protect nature", "文化": "promote culture",
        "医疗": "extend medical care", "交通": "build better transport", "贸易": "open up trade", "能源": "save energy",
        "住房": "provide housing", "就业": "create jobs", "旅游": "develop tourism", "体育": "foster sports",
    }  # fmt: skip
    source = "今年是重要的一年。做好工作，要" + "，".join(f"进一步重视{aim}" for aim in aims) + "。"
    target = "This is an important year. To do our work well, we must do the following: " + "; ".join(
        f"{words} further than before" for words in aims.values()
    )
    assert names(check(segments((source, target + ".")))) == []


def test_zero_width_signs_of_a_table_are_seen(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("zh,en\n我们支持多边主义。,We support\u200b multilateralism.\n", encoding="utf-8")
    some, _ = read_segments([table])
    assert names(check(some)) == ["invisible-signs"]


def test_termbases_memories_and_lists_are_read(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("zh,en\n投资,investment\n", encoding="utf-8")
    (tmp_path / "keep.txt").write_text("PayMe\n", encoding="utf-8")
    read = reference(termbases=[tmp_path / "terms.csv"], kept=[tmp_path / "keep.txt"])
    assert [one.term for one in read.entries] == ["投资"] and read.kept == ("PayMe",) and read.memory is None
