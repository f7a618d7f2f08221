import numpy as np
import pytest

from tmx.alignment.openings import (
    ANSWER,
    CODES,
    NUMBER,
    PLAIN,
    QUESTION,
    QUOTE,
    SPEAKER,
    OpeningWeights,
    opening,
    scores,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("问：什么是新型国际关系？", QUESTION),
        ("Q: What is it?", QUESTION),
        ("記者：请问外长，", QUESTION),
        ("答：很简单。", ANSWER),
        ("A: It is simple.", ANSWER),
        ("主席：现在开会。", SPEAKER),
        ("CHAIRMAN: The meeting is open.", SPEAKER),
        ("主席（译文）：各位代表，", SPEAKER),
        ("Mr. Li Ming (China) (spoke in Chinese): Thank you.", SPEAKER),
        ("李明先生(中国)(以中文发言):谢谢主席。", SPEAKER),
        ("第十二条 本法所称港口", NUMBER + 12),
        ("Article 12 The ports referred to", NUMBER + 12),
        ("第一百二十条 附则", NUMBER + 100),
        ("Chapter IV Supplementary", NUMBER + 4),
        ("Chapter Four Supplementary", NUMBER + 4),
        ("一、加强合作", NUMBER + 1),
        ("I. Cooperation", NUMBER + 1),
        ("1. Cooperation", NUMBER + 1),
        ("（三）扩大开放", NUMBER + 3),
        ("(3) Opening up", NUMBER + 3),
        ("(iii) opening up", NUMBER + 3),
        ("(c) opening up", NUMBER + 3),
        ("③ 扩大开放", NUMBER + 3),
        ("第二，扩大开放。", NUMBER + 2),
        ("Second, we will open up.", NUMBER + 2),
        ("Secondly, we will open up.", NUMBER + 2),
    ],
)
def test_what_opens_a_sentence(text, code):
    assert opening(text, quoted=False) == code


@pytest.mark.parametrize(
    "text",
    [
        "他说：我们要开放。",
        "具体如下：",
        "各位代表：",
        "主席说：“现在开会。”",
        "The chairman said: we are open.",
        "CHAIRMAN: “Open.”",
        "第二次世界大战结束了。",
        "一个国家",
        "I think so.",
        "In 1992 (see above)",
        "1.5 million people",
        "Second thoughts are best.",
        "",
        "：",
        "(",
        "第",
    ],
)
def test_what_opens_nothing(text):
    assert opening(text, quoted=False) == PLAIN
    assert opening(text, quoted=True) == QUOTE


def test_the_same_number_scores_more_than_another_and_every_code_has_its_place():
    table = scores(OpeningWeights())
    assert table.shape == (CODES, CODES)
    assert np.array_equal(table, table.T)
    assert table[NUMBER + 3, NUMBER + 3] > table[NUMBER + 3, PLAIN] > table[NUMBER + 3, NUMBER + 4]
    assert table[QUESTION, QUESTION] > table[QUESTION, ANSWER] > table[QUESTION, PLAIN]
    assert table[PLAIN, PLAIN] == 0
