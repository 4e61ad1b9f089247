import numpy as np

from keras_nn.ops import gram_matrix

RNG = np.random.default_rng(0)


def test_equals_the_definition_and_forgets_places():
    x = RNG.normal(size=(2, 3, 4, 5)).astype("float32")
    expected = np.zeros((2, 5, 5))
    for b in range(2):
        for y in range(3):
            for z in range(4):
                expected[b] += np.outer(x[b, y, z], x[b, y, z]) / 12
    np.testing.assert_allclose(gram_matrix(x), expected, atol=1e-5)
    moved = x.reshape(2, 12, 5)[:, RNG.permutation(12)].reshape(x.shape)
    np.testing.assert_allclose(gram_matrix(moved), expected, atol=1e-5)


def test_sums_of_half_precision_do_not_overflow():
    x = np.full((1, 64, 64, 2), 200.0, "float16")
    np.testing.assert_allclose(gram_matrix(x), np.full((1, 2, 2), 4e4))
