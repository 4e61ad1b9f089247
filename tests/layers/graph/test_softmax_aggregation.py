import numpy as np
from keras import ops

from keras_nn.layers import SoftmaxAggregation


def test_from_the_mean_to_the_maximum():
    rows, ids = ops.array([[1.0], [5.0], [3.0]]), ops.array([0, 0, 0])
    found = [
        float(np.ravel(SoftmaxAggregation(t)(rows, ids, num_segments=1))[0])
        for t in (0.0, 100.0, -100.0)
    ]
    np.testing.assert_allclose(found, [3, 5, 1], rtol=1e-6)
