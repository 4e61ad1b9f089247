import numpy as np

from keras_nn.ops import sample_bilinear

X = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")


def test_is_the_weighted_mean_of_four_pixels():
    down, right = np.float32([[1.25], [2.0]]), np.float32([[3.5], [0.0]])
    found = np.asarray(sample_bilinear(X, down, right))
    expected = 0.75 * (X[0, 1, 3] + X[0, 1, 4]) / 2
    expected += 0.25 * (X[0, 2, 3] + X[0, 2, 4]) / 2
    np.testing.assert_allclose(found[0, 0], expected, rtol=1e-5)
    np.testing.assert_allclose(found[1, 0], X[1, 2, 0], rtol=1e-6)


def test_nothing_lies_beyond_the_picture():
    places = np.float32([[-1.0, 4.0], [-0.5, 9.0]])
    found = np.asarray(sample_bilinear(X, places, np.zeros_like(places)))
    np.testing.assert_array_equal(found[0], np.zeros((2, 3)))
    np.testing.assert_allclose(found[1, 0], X[1, 0, 0] / 2, rtol=1e-6)
