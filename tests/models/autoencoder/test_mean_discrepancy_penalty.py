import numpy as np
import pytest

from keras_nn.models import MeanDiscrepancyPenalty

RNG = np.random.default_rng(0)


def test_equals_the_discrepancy_from_drawn_normals():
    codes = RNG.normal(0.5, 0.8, size=(5, 2)).astype("float32")
    normal = RNG.normal(size=(200_000, 2))
    width = 2 * 1.3**2

    def k(a, b):
        return np.exp(-((a - b) ** 2).sum(-1) / width)

    among = [
        k(a, b)
        for i, a in enumerate(codes)
        for j, b in enumerate(codes)
        if i != j
    ]
    expected = (
        np.mean(among)
        - 2 * np.mean([k(code, normal).mean() for code in codes])
        + k(normal[::2], normal[1::2]).mean()
    )
    found = MeanDiscrepancyPenalty(2.0, 1.3)(codes, None, None)
    assert found.shape == (5,)
    np.testing.assert_allclose(np.mean(found), 2 * expected, atol=5e-3)


def test_codes_that_are_normal_pay_nothing():
    near, far = (
        float(np.mean(MeanDiscrepancyPenalty(1.0)(codes, None, None)))
        for codes in (
            RNG.normal(size=(1000, 3)).astype("float32"),
            RNG.normal(2, 1, size=(1000, 3)).astype("float32"),
        )
    )
    assert abs(near) < 5e-3 < 0.1 < far


def test_takes_a_single_example_and_refuses_no_bandwidth():
    one = MeanDiscrepancyPenalty(1.0)(np.ones((1, 2), "float32"), None, None)
    assert np.isfinite(one).all()
    with pytest.raises(ValueError, match="`bandwidth` must be positive"):
        MeanDiscrepancyPenalty(1.0, 0.0)
