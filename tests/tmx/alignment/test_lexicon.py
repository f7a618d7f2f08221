"""The dictionary as weights: what is borrowed from other entries, and what is no meaning."""

import numpy as np
import pytest
from scipy import sparse

from tmx.alignment.lexicon import _gloss_words, _with_related, extended, load, stem


def weights(word):
    lexicon = load()
    row = lexicon.weights[[lexicon.words[word]]].tocsr()
    stems = {number: text for text, number in lexicon.stems.items()}
    return {stems[column]: float(weight) for column, weight in zip(row.indices, row.data, strict=True)}


@pytest.mark.parametrize(
    ("word", "english"),
    [
        ("纪录", "record"),  # variant of 记录
        ("侄儿", "nephew"),  # see 侄子
        ("女孩儿", "girl"),  # erhua variant of 女孩
        ("惟一", "only"),  # variant of 唯一
        ("介面", "interface"),  # (Tw) interface
    ],
)
def test_another_spelling_has_the_meanings_of_the_word(word, english):
    assert weights(word)[stem(english)] > 0.05


@pytest.mark.parametrize(
    ("gloss", "words"),
    [
        ("CL:個|个[ge4]", []),
        ("Taiwan pr. [zhi2]", []),
        ("old variant of 遷|迁[qian1]", []),
        ("see 方帽[fang1 mao4]", []),
        ("(Tw) interface (computing)", ["interface"]),
        ("surname Wang", ["wang"]),
        ("classifier for books", ["books"]),
        ("classifier", ["classifier"]),
        ("see the doctor", ["doctor"]),
    ],
)
def test_only_meanings_are_read_from_a_gloss(gloss, words):
    assert _gloss_words(gloss) == words


def test_what_a_user_says_of_seeing_is_a_meaning():
    own = extended(load(), [("就诊", "see a physician")])
    row = own.weights[[own.words["就诊"]]].tocsr()
    assert own.stems[stem("physician")] in row.indices


def test_a_word_shares_a_little_of_its_weight_with_the_meanings_of_its_synonyms():
    # Word 0 means stem 0, word 1 stems 0 and 1, word 2 stem 2; word 3 is as word 1, but nobody uses it.
    table = sparse.csr_array(np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 1, 0], [0.5, 0, 0, 0.5]], np.float32))
    related = _with_related(table, np.array([0.001, 0.001, 0.001, 0.0], np.float32)).toarray()
    assert related[0] == pytest.approx([0.9, 0.1, 0, 0])
    assert related[1] == pytest.approx([0.45, 0.45, 0, 0])  # nothing new; weights are scaled to one where they are used
    assert related[2] == pytest.approx([0, 0, 0.9, 0])
