import numpy as np
import pytest
from keras import ops

from keras_nn.ops import mean_discrepancy

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 3)).astype("float32")
Y = RNG.normal(1, 1, size=(5, 3)).astype("float32")
KERNELS = {
    "gaussian": lambda a, b: np.exp(-np.sum((a - b) ** 2) / (2 * 0.7**2)),
    "cubic": lambda a, b: (a @ b / 3 + 1) ** 3,
}


@pytest.mark.parametrize("kernel", sorted(KERNELS))
def test_equals_the_sums_of_the_paper(kernel):
    k = KERNELS[kernel]

    def mean(a, b, same):
        return np.mean(
            [
                k(p, q)
                for i, p in enumerate(a)
                for j, q in enumerate(b)
                if not same or i != j
            ]
        )

    expected = mean(X, X, True) + mean(Y, Y, True) - 2 * mean(X, Y, False)
    found = mean_discrepancy(
        ops.convert_to_tensor(X), ops.convert_to_tensor(Y), kernel, 0.7
    )
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_samples_of_one_distribution_differ_by_nothing_on_average():
    found = [
        float(mean_discrepancy(*ops.convert_to_tensor(sample)))
        for sample in RNG.normal(size=(300, 2, 20, 2)).astype("float32")
    ]
    assert abs(np.mean(found)) < 4 * np.std(found) / 300**0.5
    assert np.min(found) < 0 < np.max(found)


def test_refuses_an_unknown_kernel():
    with pytest.raises(ValueError, match="`kernel` must be one of"):
        mean_discrepancy(X, Y, "linear")
