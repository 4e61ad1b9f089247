import numpy as np

from keras_nn.models import DPMSolverSampler

ALPHAS = np.array([0.3, 0.5, 0.8, 1])
SIGMAS = np.sqrt(1 - ALPHAS**2)


def test_equals_algorithm_two_of_the_paper():
    levels = np.log(ALPHAS[:3] / SIGMAS[:3])
    h_before, h = np.diff(levels)
    noisy, clean, previous = 0.7, 0.2, -0.4
    r = h_before / h
    d = (1 + 1 / (2 * r)) * clean - 1 / (2 * r) * previous
    expected = SIGMAS[2] / SIGMAS[1] * noisy - ALPHAS[2] * np.expm1(-h) * d
    row = DPMSolverSampler().table(ALPHAS, SIGMAS)[1]
    np.testing.assert_allclose(
        row[0] * noisy + row[1] * clean + row[3] * previous, expected
    )


def test_the_first_step_and_the_last_are_of_first_order():
    table = DPMSolverSampler().table(ALPHAS, SIGMAS)
    assert table[0, 3] == table[2, 3] == 0 != table[1, 3]
    np.testing.assert_allclose(table[2, :2], [0, 1], atol=1e-12)
