import numpy as np
import pytest
from keras import ops

from keras_nn.layers import VisionTokens
from keras_nn.testing import check_layer


@pytest.mark.parametrize("class_token", [True, False])
def test_conformance(class_token):
    arguments = {"class_token": class_token, "num_registers": 2}
    check_layer(VisionTokens, arguments, (2, 5, 4))


def test_places_class_registers_and_patches_in_this_order():
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    layer = VisionTokens(num_registers=2)
    y = ops.convert_to_numpy(layer(x))
    cls, positions, registers = layer.get_weights()
    np.testing.assert_allclose(y[:, 0], (cls + positions)[:, 0].repeat(2, 0))
    np.testing.assert_allclose(y[:, 1:3], registers.repeat(2, 0))
    np.testing.assert_allclose(y[:, 3:], x + positions[:, 1:], rtol=1e-6)


def test_without_class_and_registers_positions_remain():
    layer = VisionTokens(class_token=False)
    assert layer(np.zeros((2, 3, 4), "float32")).shape == (2, 3, 4)
    assert [w.name for w in layer.weights] == ["position_embeddings"]


def test_refuses_fewer_than_no_registers():
    with pytest.raises(ValueError, match="Received: num_registers=-1"):
        VisionTokens(num_registers=-1)
