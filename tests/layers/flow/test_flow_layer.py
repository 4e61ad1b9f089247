import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import ActNorm
from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import adapt
from keras_nn.layers.flow.flow_layer import places
from keras_nn.layers.flow.flow_layer import sum_of_each
from keras_nn.layers.flow.flow_layer import zeros_of_each


def test_computes_in_float32_whatever_the_policy():
    layer = ActNorm(dtype="mixed_float16")
    z, log_det = layer(ops.ones((2, 3), dtype="float16"))
    for output in (z, log_det):
        assert keras.backend.standardize_dtype(output.dtype) == "float32"


def test_helpers_count_places_and_sum_examples():
    x = np.ones((2, 3, 4, 5), "float32")
    assert places(x.shape) == 12
    assert np.asarray(sum_of_each(x)).tolist() == [60, 60]
    assert np.asarray(zeros_of_each(ops.convert_to_tensor(x))).tolist() == [
        0,
        0,
    ]


def test_adapts_a_layer_that_is_not_built_yet():
    layer = ActNorm()
    adapt(layer, np.array([[1.0], [3.0]], "float32"))
    z, _ = layer(np.array([[3.0]], "float32"))
    np.testing.assert_allclose(z, [[1.0]], atol=1e-6)


def test_a_subclass_must_say_both_ways():
    with pytest.raises(TypeError, match="must implement `forward`"):
        FlowLayer()(np.ones((1, 2)))
    with pytest.raises(TypeError, match="must implement `backward`"):
        FlowLayer()(np.ones((1, 2)), inverse=True)
