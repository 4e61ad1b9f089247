import numpy as np
import pytest

from keras_nn.metrics import maximum_mean_discrepancy

RNG = np.random.default_rng(0)


def test_equals_the_double_loop_with_the_median_bandwidth():
    x, y = RNG.normal(size=(2, 6, 3))
    both = np.concatenate([x, y])
    away = [np.linalg.norm(a - b) for i, a in enumerate(both) for b in both[:i]]
    width = np.median(away)

    def k(a, b):
        return np.exp(-((a - b) ** 2).sum() / (2 * width**2))

    def within(z):
        pairs = [k(z[i], z[j]) for i in range(6) for j in range(6) if i != j]
        return np.mean(pairs)

    between = np.mean([k(a, b) for a in x for b in y])
    found = maximum_mean_discrepancy(x, y)
    assert found["bandwidth"] == pytest.approx(width, rel=1e-4)
    expected = within(x) + within(y) - 2 * between
    assert found["distance"] == pytest.approx(expected, abs=1e-5)


def test_the_p_value_tells_a_shift_from_none():
    x, y = RNG.normal(size=(2, 60, 2))
    same = maximum_mean_discrepancy(x, y, permutations=39)
    moved = maximum_mean_discrepancy(x, y + 1, permutations=39)
    assert same["p_value"] > 0.05 and moved["p_value"] == 1 / 40


def test_constant_rows_have_no_distance():
    found = maximum_mean_discrepancy(np.ones((3, 2)), np.ones((4, 2)))
    assert found["distance"] == pytest.approx(0, abs=1e-6)


def test_refuses_a_single_row_and_other_columns():
    with pytest.raises(ValueError, match="Two rows of each kind"):
        maximum_mean_discrepancy(np.ones((1, 2)), np.ones((5, 2)))
    with pytest.raises(ValueError, match="with the same columns"):
        maximum_mean_discrepancy(np.ones((3, 2)), np.ones((5, 3)))
