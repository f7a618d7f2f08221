import numpy as np
import pytest
from scipy import sparse

from glossary.words import glosses


@pytest.fixture(scope="module")
def matrix() -> sparse.csr_matrix:
    """Sparse, of random numbers, with some columns much heavier than others, as are the stems of glosses."""
    random = np.random.default_rng(7)
    made = sparse.random_array((1500, 1200), density=0.02, format="csr", dtype=np.float32, rng=random)
    return sparse.csr_matrix(made @ sparse.diags_array(np.geomspace(10, 0.1, 1200, dtype=np.float32)))


def test_no_factors_leave_less_of_the_matrix_out(matrix: sparse.csr_matrix) -> None:
    left, singular, right = glosses._factors(matrix)
    dense = matrix.toarray().astype(np.float64)
    exact = np.linalg.svd(dense, compute_uv=False)
    assert np.allclose(np.sort(singular)[::-1], exact[: glosses.DIMENSIONS], rtol=1e-3)
    left_out = np.linalg.norm(dense - (left * singular) @ right.T)
    assert left_out == pytest.approx(np.linalg.norm(exact[glosses.DIMENSIONS :]), rel=1e-3)


def test_the_factors_are_the_same_each_time(matrix: sparse.csr_matrix) -> None:
    first, again = glosses._factors(matrix), glosses._factors(matrix)
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
