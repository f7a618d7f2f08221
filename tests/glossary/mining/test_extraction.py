"""Term extraction from end to end."""

import os
import subprocess
import sys
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

import pytest

from glossary import ExtractionOptions, extract_terms
from glossary.mining.extraction import _tokenize, find_abbreviations, ranked_terms, render_terms, rendering_text
from glossary.mining.pairing import whole_series
from glossary.model import Glossary
from glossary.words import wordlist
from tmx.model import TranslationUnit

ROOT = Path(__file__).parents[3]

PAIRS = [
    ("中国坚持多边主义，反对单边主义。", "China upholds multilateralism and opposes unilateralism."),
    ("我们要加强知识产权保护。", "We will strengthen intellectual property protection."),
    ("“云课堂”帮助学生学习。", "The “cloud classroom” helps students learn."),
    ("王毅出席了北京论坛。", "Wang Yi attended the Beijing Forum."),
]


def units(pairs: Iterable[tuple[str, str]]) -> list[TranslationUnit]:
    return [TranslationUnit(id=f"u{number}", source=zh, target=en) for number, (zh, en) in enumerate(pairs)]


def found(glossary: Glossary) -> dict[str, str]:
    return {entry.term: entry.preferred.text for entry in glossary.entries}


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return extract_terms(units(PAIRS))


@pytest.mark.parametrize(
    ("term", "rendering"),
    [
        ("多边主义", "multilateralism"),
        ("单边主义", "unilateralism"),
        ("云课堂", "cloud classroom"),
        ("王毅", "Wang Yi"),
        ("北京论坛", "Beijing Forum"),
        ("知识产权保护", "intellectual property protection"),
    ],
)
def test_terms_of_plain_sentences(glossary: Glossary, term: str, rendering: str) -> None:
    assert found(glossary).get(term) == rendering


def test_a_rendering_has_no_quotation_mark_without_its_partner() -> None:
    unit = TranslationUnit(
        id="1", source="元首“云外交”成果丰硕。", target="Head-of-state “cloud diplomacy” was fruitful."
    )
    found = {pair.target for term in ranked_terms([unit], ExtractionOptions()) for pair in term.pairs}
    assert "head-of-state cloud diplomacy" in found
    assert all(text.count("“") == text.count("”") for text in found)


def test_a_name_goes_to_the_whole_chinese_and_not_to_the_word_of_it_that_a_dictionary_has() -> None:
    unit = TranslationUnit(
        id="1", source="万维网联盟发布了标准。", target="The World Wide Web Consortium published the standard."
    )
    found = ranked_terms([unit], ExtractionOptions())
    assert (found[0].source, found[0].pairs[0].target) == ("万维网联盟", "World Wide Web Consortium")
    assert not any(
        pair.best.gloss for term in found for pair in term.pairs if pair.target == "World Wide Web Consortium"
    )


def test_english_to_chinese_units_are_turned_round() -> None:
    turned = [
        TranslationUnit(id="u", source=en, target=zh, source_language="en-GB", target_language="zh-Hans")
        for zh, en in PAIRS
    ]
    assert found(extract_terms(turned)) == found(extract_terms(units(PAIRS)))


@pytest.mark.parametrize(
    ("chinese", "english", "term", "rendering"),
    [
        (
            "海峡两岸人民是一家人。",
            "The people on both sides of the Taiwan Strait are one family.",
            "海峡两岸",
            "both sides of the Taiwan Strait",
        ),
        ("坚持人民至上。", "We continue putting the people first.", "人民至上", "putting the people first"),
        ("我们推进全民健康事业。", "We are working for health for all.", "全民健康", "health for all"),
        (
            "推动粤港合作。",
            "We promoted cooperation in the Guangdong-Hongkong area.",
            "粤港合作",
            "cooperation in the Guangdong-Hongkong area",
        ),
        ("我们要维护国际秩序。", "We will uphold the international order.", "国际秩序", "international order"),
    ],
)
def test_a_rendering_takes_in_what_belongs_to_it(chinese: str, english: str, term: str, rendering: str) -> None:
    assert render_terms(units([(chinese, english)]), [[term]]) == [rendering]


def test_where_forms_of_a_term_overlap_the_longest_counts() -> None:
    pair = units([("我们讨论气候变化问题。", "We talked about the issue of climate change.")])
    assert render_terms(pair, [["气候变化", "气候变化问题"]]) == render_terms(pair, [["气候变化问题"]])
    assert render_terms(pair, [["气候变化"]]) == ["climate change"]


def test_nothing_comes_of_nothing() -> None:
    assert extract_terms([]).entries == ()
    assert extract_terms(units([("", ""), ("，", "!")])).entries == ()


def test_strictness_only_takes_away() -> None:
    lists = [
        set(found(extract_terms(units(PAIRS), ExtractionOptions(strictness=level))))
        for level in ("strict", "balanced", "wide")
    ]
    assert lists[0] <= lists[1] <= lists[2]


def test_abbreviations_are_read_from_the_text() -> None:
    texts = ["the World Health Organization (WHO) and the Belt and Road Initiative (BRI); a Thing (XYZ)"]
    assert find_abbreviations(texts) == {"who": "World Health Organization", "bri": "Belt and Road Initiative"}


# Twelve blocks, so that eight workers all have something to do; what they print tells apart any two glossaries.
IN_WORKERS = """
import sys
from concurrent.futures import ProcessPoolExecutor
import msgspec
from glossary import ExtractionOptions, extract_terms
from glossary.mining import extraction
from tmx.files import digest
from tmx.model import TranslationUnit

if __name__ == "__main__":
    extraction.BLOCK = 4
    rows = [line.split("\\t") for line in open(sys.argv[1], encoding="utf-8").read().split("\\n") if line]
    units = [TranslationUnit(id=row[0], source=row[1], target=row[2]) for row in rows]
    workers = int(sys.argv[2])
    with ProcessPoolExecutor(workers or 1) as pool:
        glossary = extract_terms(units, ExtractionOptions(explain=True), executor=pool if workers else None)
    assert len(glossary.entries) > 100 and glossary.rejected
    print(digest([msgspec.json.encode(glossary).decode()], 16).hex())
"""


# Each is a process of its own that loads the dictionary; all are tried when all is asked for.
WORKERS = (0, 1, 2, 8) if os.environ.get("DUIYI_ALL_TESTS") else (0, 3)


def test_the_same_glossary_for_any_number_of_workers_and_any_hash_seed(tmp_path: Path) -> None:
    script = tmp_path / "in_workers.py"
    script.write_text(IN_WORKERS, encoding="utf-8")
    printed = []
    for seed, workers in enumerate(WORKERS):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        command = [sys.executable, str(script), str(ROOT / "tests" / "gold" / "sample-alignment.tsv"), str(workers)]
        printed.append(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    assert len(set(printed)) == 1


def test_a_strictness_that_there_is_not_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="'loose'; it is one of strict, balanced, wide"):
        ExtractionOptions(strictness="loose")  # type: ignore[arg-type]


def series(chinese: str, english: str, term: str, word: str) -> str:
    """Return the series that a numbered coinage is paired with when the words alone lead to one of its members."""
    unit = _tokenize([(chinese, english)], 0, wordlist.default())[0]
    text = "".join(token.key for token in unit.source)
    bounds = list(accumulate((len(token.key) for token in unit.source), initial=0))
    start = text.index(term)
    place = [token.lower for token in unit.target].index(word)
    whole = whole_series(unit, (bounds.index(start), bounds.index(start + len(term))), (place, place + 1))
    return rendering_text(unit, *whole) if whole else ""


@pytest.mark.parametrize(
    ("chinese", "english", "term", "word", "rendering"),
    [
        (
            "反对“四风”。",
            "We oppose formalism, waste, hedonism, and extravagance.",
            "四风",
            "extravagance",
            "formalism, waste, hedonism, and extravagance",
        ),
        (
            "缴纳“五险一金”。",
            "They pay for pension, medical, jobless, accident and maternity insurance, and housing funds.",
            "五险一金",
            "funds",
            "",  # "accident and maternity" makes six of five names, so which six is not known
        ),
        (
            "支持三农发展。",
            "We will support agriculture, rural areas, and farmers.",
            "三农",
            "areas",
            "agriculture, rural areas, and farmers",
        ),
        ("反对“四风”。", "We oppose formalism, hedonism, and extravagance.", "四风", "hedonism", ""),
        ("二十年规划。", "A plan for roads, rails, and ports.", "二十年规划", "rails", ""),
    ],
)
def test_a_numbered_coinage_takes_the_series_that_has_as_many_members(
    chinese: str, english: str, term: str, word: str, rendering: str
) -> None:
    assert series(chinese, english, term, word) == rendering


def test_a_series_as_long_as_the_number_of_a_coinage_is_its_rendering() -> None:
    one = "Spending on official overseas visits, official vehicles, and official hospitality was cut."
    two = "Departments cut official overseas visits, official vehicles, and official hospitality."
    listed = found(extract_terms(units([("“三公”经费减少了。", one), ("部门压减“三公”。", two)])))
    assert listed["三公"] == "official overseas visits, official vehicles, and official hospitality"


def test_us_is_a_word_of_the_english_for_us_dollar() -> None:
    ranked = ranked_terms(units([("银行持有美元资产。", "The bank holds US dollar assets.")]), ExtractionOptions())
    best = {term.source: term.pairs[0].target for term in ranked}
    assert best["美元"] == "US dollar"
    assert best["美元资产"] == "US dollar assets"


def test_an_official_name_of_ten_words_is_found_whole() -> None:
    english = "I met the National Committee of the Chinese People’s Political Consultative Conference."
    ranked = ranked_terms(units([("我会见了全国政协。", english)]), ExtractionOptions())
    best = {term.source: term.pairs[0].target for term in ranked}
    assert best["全国政协"] == "National Committee of the Chinese People’s Political Consultative Conference"


def test_no_rendering_begins_in_brackets_and_ends_outside() -> None:
    pair = (
        "《金融机构（处置机制）条例》生效。",
        "The Financial Institutions (Resolution) Ordinance (Cap. 628) took effect.",
    )
    ranked = ranked_terms(units([pair]), ExtractionOptions())
    texts = {pair.target for term in ranked for pair in term.pairs}
    assert texts and all(text.count("(") == text.count(")") for text in texts)
