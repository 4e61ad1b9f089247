import math

import numpy as np
import pytest
from scipy import stats

from keras_nn.metrics import bits_per_dimension


def test_a_uniform_grey_level_costs_eight_bits():
    nats = 12 * math.log(256)
    assert bits_per_dimension(nats, (2, 2, 3)) == pytest.approx(8.0)
    # The density of u / 256, uniform on 0..1, is 1: no nat at all.
    assert bits_per_dimension(0.0, (2, 2, 3), 1 / 256) == pytest.approx(8.0)


def test_equals_the_entropy_of_wide_bins():
    width, edges = 0.1, np.arange(-80, 81) * 0.1 - 0.05
    p = np.diff(stats.norm.cdf(edges))
    bits = -(p * np.log2(np.maximum(p, 1e-300))).sum()
    found = bits_per_dimension([stats.norm.entropy()] * 2, (1,), width)
    np.testing.assert_allclose(found, [bits, bits], rtol=1e-3)


def test_refuses_what_has_no_values():
    with pytest.raises(ValueError, match="`shape` must hold a value"):
        bits_per_dimension(1.0, (2, 0))
