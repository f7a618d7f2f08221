import numpy as np
from scipy import sparse

from tmx.alignment.learning import learn, merge


def counts(rows):
    return sparse.csr_array(np.array(rows, np.float32))


def test_a_name_the_dictionary_lacks_is_learnt_and_a_known_word_is_left_alone():
    # Source words: a name, a known word, a filler; target words: the name's rendering, the known word's, a filler.
    rows = [[1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    known = sparse.csr_array(np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.float32))
    beads = [((number, number + 1), (number, number + 1)) for number in range(len(rows))]
    content = (np.array([True, True, False]), np.array([True, True, False]))
    learnt = learn(counts(rows * 1), counts(rows), beads, known, content)
    forward = learnt.forward.toarray()
    assert forward[0].argmax() == 0
    assert forward[0, 0] > 0.7
    assert not forward[1:].any()
    merged = merge(known, learnt.forward).toarray()
    assert merged[1].tolist() == [0, 1, 0]
    assert (merged.sum(axis=1) <= 1 + 1e-6).all()


def test_nothing_is_learnt_from_nothing():
    empty = sparse.csr_array((3, 2), dtype=np.float32)
    learnt = learn(empty, empty, [], sparse.csr_array((2, 2), dtype=np.float32), (np.ones(2, bool), np.ones(2, bool)))
    assert learnt.forward.nnz == learnt.backward.nnz == 0
