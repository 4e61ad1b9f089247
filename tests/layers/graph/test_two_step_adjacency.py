import numpy as np

from keras_nn.layers import TwoStepAdjacency


def test_equals_a_loop_over_steps():
    a = np.random.default_rng(0).uniform(size=(2, 4, 4)).astype("float32")
    y = np.asarray(TwoStepAdjacency()(a))
    for pack in range(2):
        for i in range(4):
            for j in range(4):
                expected = 2 * a[pack, i, j] + sum(
                    a[pack, i, k] * a[pack, k, j]
                    for k in range(4)
                    if k not in (i, j)
                )
                expected = 0 if i == j else expected
                np.testing.assert_allclose(y[pack, i, j], expected, rtol=1e-5)
