import numpy as np
import pytest

from keras_nn.schedules import LinearNoise


def test_equals_the_product_of_what_each_step_keeps():
    alpha, _ = LinearNoise(3, 0.1, 0.3).levels([0, 1, 2])
    np.testing.assert_allclose(alpha**2, [0.9, 0.9 * 0.8, 0.9 * 0.8 * 0.7])


def test_power_two_is_linear_in_the_root():
    alpha, _ = LinearNoise(3, 0.01, 0.25, power=2.0).levels([1])
    np.testing.assert_allclose(alpha**2, [0.99 * (1 - 0.3**2)])


@pytest.mark.parametrize("betas", [(0.0, 0.1), (0.2, 0.1), (0.1, 1.0)])
def test_refuses_what_is_no_share(betas):
    with pytest.raises(ValueError, match="must be shares.*beta_start="):
        LinearNoise(10, *betas)
