import numpy as np

from keras_nn.ops import total_variation


def test_equals_the_definition():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 2)).astype("float32")
    expected = []
    for picture in x:
        down = [
            (picture[i + 1, j, c] - picture[i, j, c]) ** 2
            for i in range(2)
            for j in range(4)
            for c in range(2)
        ]
        right = [
            (picture[i, j + 1, c] - picture[i, j, c]) ** 2
            for i in range(3)
            for j in range(3)
            for c in range(2)
        ]
        expected.append(np.mean(down) + np.mean(right))
    np.testing.assert_allclose(total_variation(x), expected, rtol=1e-5)
    np.testing.assert_array_equal(total_variation(np.ones((1, 2, 2, 1))), [0])
