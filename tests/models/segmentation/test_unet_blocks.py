import keras
import numpy as np
import pytest

from keras_nn.models import UNet
from keras_nn.models import UNetPlusPlus
from keras_nn.models.segmentation.unet_blocks import UNetBlocks


def blocks(upsampling="transpose", batch_norm=False):
    shape = (4, 4, 1)
    return UNetBlocks(
        True, None, shape, 2, "softmax", [2, 3], batch_norm, upsampling, None
    )


@pytest.mark.parametrize("upsampling", ["transpose", "bilinear"])
def test_a_map_is_doubled(upsampling):
    found = blocks(upsampling).double(keras.Input((4, 6, 3)), 2, "double")
    channels = 2 if upsampling == "transpose" else 3
    assert found.shape == (None, 8, 12, channels)


def test_the_highest_of_four_is_kept():
    x = np.arange(4, dtype="float32").reshape(1, 2, 2, 1)
    assert blocks().halve(keras.ops.convert_to_tensor(x), "pool") == 3


def test_scores_are_shares():
    x = keras.ops.ones((1, 2, 2, 3))
    shares = blocks().classify(x)
    np.testing.assert_allclose(keras.ops.sum(shares, -1), 1, rtol=1e-6)


@pytest.mark.parametrize("cls", [UNet, UNetPlusPlus])
def test_every_u_net_keeps_the_common_arguments(cls):
    model = cls(input_shape=(8, 8, 1), filters=(2, 3), batch_norm=True)
    config = model.get_config()
    assert config["filters"] == [2, 3] and config["batch_norm"] is True
    assert config["input_shape"] == (8, 8, 1) and config["weights"] is None
    assert model.stride == 2
    assert cls.from_config(config).count_params() == model.count_params()
