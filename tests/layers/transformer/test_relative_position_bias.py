import numpy as np
import pytest

from keras_nn.layers import FlexibleAttention
from keras_nn.layers import RelativePositionBias
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        RelativePositionBias,
        {"num_heads": 2, "num_buckets": 4, "max_distance": 5},
        (3, 6, 4),
        batch=False,
        replicas=False,
    )


def test_equals_the_bias_inside_attention():
    x = np.random.default_rng(0).normal(size=(2, 6, 8)).astype("float32")
    inside = FlexibleAttention(
        2, 4, position="t5", num_buckets=4, max_distance=5
    )
    inside.build(x.shape)
    table = np.random.default_rng(1).normal(size=(4, 2))
    inside.relative_bias.assign(table)
    outside = FlexibleAttention(2, 4)
    outside.build(x.shape)
    outside.set_weights(inside.get_weights()[1:])
    bias = RelativePositionBias(2, True, 4, 5)
    bias.build(x.shape)
    bias.table.assign(table)
    np.testing.assert_allclose(
        np.array(outside(x, bias=bias(x))), np.array(inside(x)), atol=1e-5
    )


def test_a_row_of_places_is_that_row():
    layer = RelativePositionBias(2, False, 8, 12)
    x = np.ones((1, 7, 4), "float32")
    layer.build(x.shape)
    layer.table.assign(np.random.default_rng(0).normal(size=(8, 2)))
    whole = np.array(layer(x))
    row = np.array(layer(x[:, :1], places=np.array([4]), keys=7))
    np.testing.assert_allclose(row[:, 0], whole[:, 4])


def test_refuses_too_few_buckets():
    with pytest.raises(ValueError, match="num_buckets=2, max_distance=128"):
        RelativePositionBias(2, num_buckets=2)
