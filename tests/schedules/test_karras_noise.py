import numpy as np
import pytest

from keras_nn.schedules import KarrasNoise


def test_a_linear_schedule_at_rho_one():
    alpha, sigma = KarrasNoise(5, 1.0, 9.0, rho=1.0).levels(np.arange(5))
    np.testing.assert_allclose(sigma / alpha, [1, 3, 5, 7, 9])


def test_more_rho_puts_more_levels_at_little_noise():
    def middle(rho):
        alpha, sigma = KarrasNoise(3, 0.01, 80.0, rho).levels([1])
        return sigma / alpha

    assert middle(7.0) < middle(3.0) < middle(1.0)


@pytest.mark.parametrize(
    "arguments", [{"sigma_min": 0.0}, {"sigma_max": 0.001}, {"rho": 0.0}]
)
def test_refuses_levels_that_do_not_rise(arguments):
    with pytest.raises(ValueError, match="must be positive.*Received"):
        KarrasNoise(**arguments)
