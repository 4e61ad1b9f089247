import numpy as np
import pytest
from keras import ops

from keras_nn.layers import SimplePyramidLevel
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    check_layer(SimplePyramidLevel, {"filters": 3, "factor": 4}, (2, 2, 3, 8))


@pytest.mark.parametrize("factor, sides", [(2, (4, 6)), (1, (2, 3))])
def test_resizes_by_its_factor(factor, sides):
    layer = SimplePyramidLevel(5, factor)
    assert layer(ops.ones((1, 2, 3, 4))).shape == (1, *sides, 5)
    assert layer.compute_output_shape((1, 2, None, 4))[:2] == (1, sides[0])


def test_a_coarser_map_keeps_the_highest_of_each_square():
    layer = SimplePyramidLevel(2, 0.5)
    x = np.random.default_rng(0).normal(size=(1, 4, 6, 2)).astype("float32")
    pooled = x.reshape(1, 2, 2, 3, 2, 2).max((2, 4))
    same = SimplePyramidLevel(2, 1)
    same.build(pooled.shape)
    layer.build(x.shape)
    same.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(x), same(pooled), atol=1e-5)


def test_refuses_what_is_no_power_of_two_and_too_few_channels():
    with pytest.raises(ValueError, match="Received: factor=3"):
        SimplePyramidLevel(2, 3)
    with pytest.raises(ValueError, match="halves the channels 2 times"):
        SimplePyramidLevel(2, 4)(ops.ones((1, 2, 2, 3)))
