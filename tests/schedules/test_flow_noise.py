import numpy as np

from keras_nn.schedules import FlowNoise


def test_lies_on_a_straight_line_that_ends_in_noise():
    alpha, sigma = FlowNoise(4).levels(np.arange(4))
    np.testing.assert_allclose(sigma, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(alpha, 1 - sigma)


def test_levels_between_the_steps_are_there():
    times, _, sigmas = FlowNoise(4).grid(3)
    np.testing.assert_allclose(sigmas, [1, 2 / 3, 1 / 3, 0])
    np.testing.assert_allclose(times, 250 * (4 * sigmas[:-1] - 1))
