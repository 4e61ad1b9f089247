import numpy as np
import pytest

from keras_nn.schedules import CosineNoise


def test_equals_the_cosine_of_the_paper():
    alpha, _ = CosineNoise(10).levels(np.arange(9))
    f = np.cos((np.arange(1, 10) / 10 + 0.008) / 1.008 * np.pi / 2) ** 2
    start = np.cos(0.008 / 1.008 * np.pi / 2) ** 2
    np.testing.assert_allclose(alpha**2, f / start)


def test_no_step_takes_more_than_the_largest_share():
    alpha, _ = CosineNoise(10, max_beta=0.5).levels(np.arange(10))
    assert (alpha[1:] ** 2 / alpha[:-1] ** 2).min() > 0.5 - 1e-12


def test_refuses_to_replace_everything():
    with pytest.raises(ValueError, match="`max_beta` must be in"):
        CosineNoise(max_beta=1.0)
