"""Languages as tools and people name them: by tags, names, numbers, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.files.termbase import read_termbase
from tmx.bitext import load
from tmx.errors import ToolError
from tmx.languages import canonical, is_chinese, is_english, primary
from tmx.model import Document
from tmx.readers import collect, read
from tmx.scripts import implied_script

PAIRS = (("港口今天关闭。", "The harbour is closed today."), ("谁来看书都不收钱。", "Nobody pays to read."))
NAMED = [
    ("zh", "en"),
    ("ZH_CN", "EN-GB"),
    ("zho", "eng"),
    ("chi-CN", "eng-US"),
    ("Chinese", "English"),
    ("CHINESE (PRC)", "English (United States)"),
    ("Chinese_PRC", "English_United_Kingdom"),
    ("Simplified Chinese", "US English"),
    ("Chinese (Hong Kong S.A.R.)", "English (Canada)"),
    ("Chinese-Simplified", "English-UK"),
    ("zh-CHS", "ENU"),
    ("中文", "英文"),
    ("简体中文（中国）", "英语（美国）"),
    ("2052", "1033"),
    ("0x0804", "0x0409"),
    ("zh_CN.UTF-8", "en_US@euro"),
    ("zhcn", "enus"),
    ("Chinese (Simplified, Mainland China)", "English (World)"),
    ("Chinese (Simplified Han, Singapore)", "English (India)"),
    ("Chinese (Singapore)", "English (South Africa)"),
    ("Chinese (China)", "English (New Zealand)"),
    ("简体中文（马来西亚）", "英语（新西兰）"),
]
# Hong Kong and Macao, as Studio, MultiTerm, memoQ, Windows and CLDR name them.
TRADITIONAL = {
    "zh-HK": "zh-HK",
    "zh_MO": "zh-MO",
    "zh-hant-hk": "zh-Hant-HK",
    "3076": "zh-HK",
    "5124": "zh-MO",
    "Chinese (Hong Kong S.A.R.)": "zh-HK",
    "Chinese (Hong Kong SAR)": "zh-HK",
    "Chinese (Traditional, Hong Kong SAR)": "zh-Hant-HK",
    "Chinese (Traditional, Macau S.A.R.)": "zh-Hant-MO",
    "Chinese (Macao Special Administrative Region)": "zh-MO",
    "Chinese (Traditional Han, Hong Kong SAR China)": "zh-Hant-HK",
    "繁体中文（中国香港）": "zh-Hant-HK",
    "中文（繁體，中國香港特別行政區）": "zh-Hant-HK",
    "中文（繁體字，澳門）": "zh-Hant-MO",
}
OTHERS = [
    "French",
    "fr",
    "Chinese translation",
    "English/Chinese",
    "中英文",
    "中文字词",
    "Hong Kong",
    "China",
    "ch",
    "cs",
    "sr-Latn",
    "x-chinese",
    "",
]


def tmx(
    first: str | None, second: str | None, pairs: tuple[tuple[str, str], ...] = PAIRS, name: str = "xml:lang"
) -> str:
    tags = [f' {name}="{tag}"' if tag is not None else "" for tag in (first, second)]
    units = (f"<tu><tuv{tags[0]}><seg>{a}</seg></tuv><tuv{tags[1]}><seg>{b}</seg></tuv></tu>" for a, b in pairs)
    return f'<tmx version="1.4"><header srclang="*all*"/><body>{"".join(units)}</body></tmx>'


def xliff(first: str, second: str, pairs: tuple[tuple[str, str], ...] = PAIRS) -> str:
    units = (
        f'<trans-unit id="{n}"><source>{a}</source><target>{b}</target></trans-unit>' for n, (a, b) in enumerate(pairs)
    )
    head = f'<file original="a" datatype="x" source-language="{first}" target-language="{second}">'
    return f'<xliff version="1.2">{head}<body>{"".join(units)}</body></file></xliff>'


def table(first: str, second: str) -> str:
    return "\n".join("\t".join(row) for row in ((first, second), *PAIRS))


def found(path: Path, text: str) -> Document:
    path.write_text(text, encoding="utf-8")
    return read(path)


def pairs_of(document: Document) -> list[tuple[str, str]]:
    chinese, english = (
        {b.row: b.text for b in document.blocks if primary(b.language) == side} for side in ("zh", "en")
    )
    return [(chinese[row], english[row]) for row in sorted(chinese.keys() & english.keys())]


@pytest.mark.parametrize(("chinese", "english"), NAMED)
def test_a_language_is_known_by_any_of_its_names(tmp_path: Path, chinese: str, english: str) -> None:
    assert (is_chinese(chinese), is_english(chinese)) == (True, False)
    assert (is_chinese(english), is_english(english)) == (False, True)
    turned = tuple((b, a) for a, b in PAIRS)
    for suffix, text in (
        (".tmx", tmx(chinese, english)),
        (".tmx", tmx(english, chinese, turned, "lang")),
        (".xlf", xliff(chinese, english)),
        (".xlf", xliff(english, chinese, turned)),
        (".tsv", table(chinese, english) if not chinese[0].isdecimal() else table("中文", "英文")),
    ):
        document = found(tmp_path / f"a{suffix}", text)
        assert pairs_of(document) == list(PAIRS), suffix
        said = [notice.message for notice in document.notices if "not given by their tags" in notice.message]
        assert bool(said) == (suffix != ".tsv" and NAMED.index((chinese, english)) > 3)
    terms = f'<langSet xml:lang="{chinese}"><tig><term>网络</term></tig></langSet>'
    terms += f'<langSet xml:lang="{english}"><tig><term>network</term></tig></langSet>'
    (tmp_path / "a.tbx").write_text(
        f'<martif type="TBX"><termEntry id="1">{terms}</termEntry></martif>', encoding="utf-8"
    )
    (entry,) = read_termbase(tmp_path / "a.tbx").entries
    assert (entry.term, [rendering.text for rendering in entry.renderings]) == ("网络", ["network"])


TRADITIONAL_PAIRS = (("港口今天關閉。", "The harbour is closed today."), ("誰來看書都不收錢。", "Nobody pays to read."))


@pytest.mark.parametrize(("name", "tag"), TRADITIONAL.items())
def test_hong_kong_and_macao_are_known_in_memories_and_termbases(tmp_path: Path, name: str, tag: str) -> None:
    assert canonical(name) == tag and implied_script(tag) == "Hant"
    for suffix, text in (
        (".tmx", tmx(name, "en-GB", TRADITIONAL_PAIRS)),
        (".xlf", xliff(name, "en-GB", TRADITIONAL_PAIRS)),
        (".sdlxliff", xliff(name, "en-GB", TRADITIONAL_PAIRS)),
    ):
        document = found(tmp_path / f"a{suffix}", text)
        assert pairs_of(document) == list(TRADITIONAL_PAIRS)
        (item,) = collect([tmp_path / f"a{suffix}"]).inputs
        bitext = load(item)
        assert (bitext.source_language, bitext.target_language) == (tag, "en-GB"), suffix
    terms = f'<langSet xml:lang="{name}"><tig><term>網絡</term></tig></langSet>'
    terms += '<langSet xml:lang="en-GB"><tig><term>network</term></tig></langSet>'
    (tmp_path / "a.tbx").write_text(f'<martif type="TBX"><termEntry id="1">{terms}</termEntry></martif>', "utf-8")
    groups = "".join(
        f'<languageGrp><language type="{kind}" lang="{code}"/><termGrp><term>{term}</term></termGrp></languageGrp>'
        for kind, code, term in ((name, name, "網絡"), ("English (United Kingdom)", "EN-GB", "network"))
    )
    (tmp_path / "a.xml").write_text(f"<mtf><conceptGrp>{groups}</conceptGrp></mtf>", "utf-8")
    for file in ("a.tbx", "a.xml"):
        (entry,) = read_termbase(tmp_path / file).entries
        assert (entry.term, [rendering.text for rendering in entry.renderings]) == ("網絡", ["network"]), file


@pytest.mark.parametrize("name", OTHERS)
def test_what_names_no_language_or_another_is_neither(name: str) -> None:
    assert (is_chinese(name), is_english(name)) == (False, False)
    assert canonical(canonical(name)) == canonical(name)


@pytest.mark.parametrize(
    "tags", [(None, None), ("", ""), ("und", "und"), ("zh-CN", None), (None, "en"), ("x-none", "en")]
)
def test_where_no_language_is_stated_the_script_tells(tmp_path: Path, tags: tuple[str | None, str | None]) -> None:
    document = found(tmp_path / "a.tmx", tmx(*tags))
    assert pairs_of(document) == list(PAIRS)
    assert any("no language" in notice.message for notice in document.notices)
    if None not in tags:
        assert pairs_of(found(tmp_path / "a.xlf", xliff(*(str(tag) for tag in tags)))) == list(PAIRS)
    terms = "".join(f'<langSet xml:lang="und"><tig><term>{term}</term></tig></langSet>' for term in ("network", "网络"))
    (tmp_path / "a.tbx").write_text(
        f'<martif type="TBX"><termEntry id="1">{terms}</termEntry></martif>', encoding="utf-8"
    )
    assert [entry.term for entry in read_termbase(tmp_path / "a.tbx").entries] == ["网络"]


@pytest.mark.parametrize(
    "pair",
    [
        ("港は今日閉鎖されています。", "The harbour is closed today."),
        ("항구가 오늘 닫혔습니다.", "The harbour is closed today."),
        ("港口今天关闭。", "Порт сегодня закрыт."),
        ("港口今天关闭。", "Le port est fermé aujourd'hui et les bateaux sont dans la baie."),
    ],
)
def test_where_the_script_does_not_tell_the_file_is_refused(tmp_path: Path, pair: tuple[str, str]) -> None:
    with pytest.raises(ToolError, match=r"^a\.tmx: (no unit has both|states no language)"):
        found(tmp_path / "a.tmx", tmx(None, None, (pair,) * 3))
