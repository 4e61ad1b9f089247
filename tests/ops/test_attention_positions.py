import math

import numpy as np
import pytest
from keras import ops

from keras_nn.ops import alibi_slopes
from keras_nn.ops import relative_buckets
from keras_nn.ops import rotate_pairs
from keras_nn.ops import visible_keys


def test_a_turned_pair_is_a_complex_product():
    x = np.random.default_rng(0).normal(size=(2, 5, 3, 6)).astype("float32")
    received = ops.convert_to_numpy(rotate_pairs(x, ops.arange(5), 100.0))
    complex_x = x[..., :3] + 1j * x[..., 3:]
    speed = 100.0 ** (-2 * np.arange(3) / 6)
    angles = np.arange(5)[:, None, None] * speed
    turned = complex_x * np.exp(1j * angles)
    expected = np.concatenate([turned.real, turned.imag], axis=-1)
    np.testing.assert_allclose(received, expected, atol=1e-5)


def test_products_of_turned_vectors_know_only_the_distance():
    q, k = np.random.default_rng(1).normal(size=(2, 1, 1, 1, 8))

    def product(i, j):
        turned = rotate_pairs(q, [i]) * rotate_pairs(k, [j])
        return float(ops.sum(turned))

    assert product(7, 4) == pytest.approx(product(103, 100), abs=1e-4)
    assert product(7, 4) != pytest.approx(product(7, 5), abs=1e-2)


def test_each_row_may_have_its_own_positions():
    x = np.random.default_rng(2).normal(size=(2, 3, 1, 4)).astype("float32")
    both = rotate_pairs(x, [[0, 1, 2], [5, 6, 7]])
    second = rotate_pairs(x[1:], [5, 6, 7])
    np.testing.assert_allclose(both[1:], second, atol=1e-6)


def test_slopes_are_those_of_the_paper():
    assert alibi_slopes(8) == [2.0**-h for h in range(1, 9)]
    between = [2.0**-0.5, 2.0**-1.5, 2.0**-2.5, 2.0**-3.5]
    assert alibi_slopes(12) == pytest.approx(alibi_slopes(8) + between)


def naive_bucket(relative, bidirectional, num_buckets, max_distance):
    first = 0
    if bidirectional:
        num_buckets //= 2
        first = num_buckets if relative > 0 else 0
        distance = abs(relative)
    else:
        distance = max(-relative, 0)
    exact = num_buckets // 2
    if distance < exact:
        return first + distance
    share = math.log(distance / exact) / math.log(max_distance / exact)
    far = exact + int(share * (num_buckets - exact) + 1e-9)
    return first + min(far, num_buckets - 1)


@pytest.mark.parametrize("bidirectional", [True, False])
def test_buckets_equal_the_written_rule(bidirectional):
    relative = np.arange(-300, 300)
    received = relative_buckets(relative, bidirectional, 32, 128)
    expected = [naive_bucket(r, bidirectional, 32, 128) for r in relative]
    np.testing.assert_array_equal(received, expected)


def test_without_limits_nothing_is_hidden():
    assert visible_keys(ops.arange(3)) is None
    both_sides = visible_keys(ops.arange(-2, 3), window=2)
    assert ops.convert_to_numpy(both_sides).tolist() == [False, *3 * [True], 0]
