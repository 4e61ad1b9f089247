import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import segment_sum
from keras_nn.ops import sparse_product

IDS = np.array([2, 0, 2, 3, -1], "int32")
DATA = np.arange(20, dtype="float32").reshape(5, 2, 2)


@pytest.fixture
def kernel():
    """Counts what it is asked for; the sums are those of a loop."""
    before, seen = sparse_product._kernels[:], []

    def product(data, source, target, num_segments, weights):
        seen.append(tuple(data.shape))
        arrays = map(ops.convert_to_numpy, (data, source, target, weights))
        data, source, target, weights = arrays
        y = np.zeros((num_segments + 1, data.shape[1]), "float32")
        for s, t, w in zip(source, target, weights, strict=True):
            y[t] += w * data[s]
        return ops.convert_to_tensor(y[:-1])

    sparse_product.use_kernel(lambda data: product)
    yield seen
    sparse_product._kernels[:] = before


def test_rows_of_several_axes_are_one_product(kernel):
    y = ops.convert_to_numpy(segment_sum(ops.convert_to_tensor(DATA), IDS, 3))
    assert kernel == [(5, 4)]
    np.testing.assert_array_equal(y[0], DATA[1])
    np.testing.assert_array_equal(y[2], DATA[0] + DATA[2])


def test_scalars_and_variables_have_none(kernel):
    assert sparse_product.product_for(ops.ones((3,))) is None
    assert sparse_product.product_for(keras.Variable(DATA)) is None
    assert sparse_product.product_for(ops.ones((3, 2))) is not None
    sparse_product.use_kernel(None)
    assert sparse_product.product_for(ops.ones((3, 2))) is None
    assert kernel == []
