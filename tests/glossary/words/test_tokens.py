"""Tokens of both languages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.words.glosses import dictionary
from glossary.words.tokens import segmenter, source_tokens, stem, target_tokens

CHINESE = [
    ("元首外交发挥了引领作用", "元首 外交 发挥 了 引领 作用"),
    ("第十九届六中全会", "第十九届 六中全会"),
    ("党的二十大", "党 的 二十大"),
    ("秉持初心", "秉持 初心"),
    ("79次通话", "79 次 通话"),
    ("扩大出口信用保险", "扩大 出口 信用 保险"),
    ("坚持从严治党", "坚持 从严治党"),
    ("可持续发展", "可持续 发展"),
    ("二十国集团峰会", "二十国集团 峰会"),
    ("推广5G和C919", "推广 5G 和 C919"),
    ("“互联网+”平台", "“ 互联网+ ” 平台"),
    ("茶叶税及其他税项", "茶叶 税 及 其他 税项"),
]
ENGLISH = [
    ('China’s head-of-state "cloud diplomacy"', 'China ’s head-of-state " cloud diplomacy "'),
    ("the U.S. Capitol, 180-plus countries", "the U.S. Capitol , 180-plus countries"),
    ("COVID-19 and 1.5 million", "COVID-19 and 1.5 million"),
]


@pytest.mark.parametrize(("text", "tokens"), CHINESE)
def test_chinese(text: str, tokens: str) -> None:
    assert " ".join(token.text for token in source_tokens(text, segmenter(), dictionary())) == tokens


@pytest.mark.parametrize(("text", "tokens"), ENGLISH)
def test_english(text: str, tokens: str) -> None:
    assert " ".join(token.text for token in target_tokens(text)) == tokens


@given(st.text(alphabet="中国外交的，。“”2021年ABC x’'-.%\u3000党", max_size=30))
def test_tokens_are_slices_of_the_text_in_order_and_lose_nothing_but_space(text: str) -> None:
    for tokens in (source_tokens(text, segmenter(), dictionary()), target_tokens(text)):
        assert all(text[token.start : token.end] == token.text for token in tokens)
        assert all(a.end <= b.start for a, b in pairwise(tokens))
        assert "".join(token.text for token in tokens) == "".join(text.split())


@given(st.text(alphabet="中国外交的力量发展可持续初心党〇々A1", min_size=1, max_size=12))
def test_a_run_is_cut_as_jieba_cuts_it(run: str) -> None:
    assert segmenter().cut(run) == list(segmenter().tokenizer.cut(run, HMM=False))


def test_traditional_text_gives_simplified_keys_and_its_own_text() -> None:
    tokens = source_tokens("國際社會", segmenter(), dictionary())
    assert "".join(token.text for token in tokens) == "國際社會"
    assert "".join(token.key for token in tokens) == "国际社会"


def test_corner_brackets_count_as_quotation_marks() -> None:
    tokens = source_tokens("「一帶一路」", segmenter(), dictionary())
    assert "".join(token.text for token in tokens) == "「一帶一路」"
    assert "".join(token.key for token in tokens) == "“一带一路”"


@pytest.mark.parametrize(
    ("british", "american"),
    [("labour", "labor"), ("centres", "centers"), ("programmes", "programs"), ("licence", "license")],
)
def test_british_and_american_spellings_have_one_stem(british: str, american: str) -> None:
    assert stem(british) == stem(american)
