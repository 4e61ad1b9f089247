import keras
import numpy as np

from keras_nn import models
from keras_nn.pretrained.keras_applications_names import own_names
from keras_nn.pretrained.timm_numbered import FlatKernel
from keras_nn.pretrained.timm_numbered import numbered


def test_a_flat_map_is_a_convolution():
    x = np.random.default_rng(0).normal(size=(1, 2, 3, 4)).astype("float32")
    dense = keras.layers.Dense(5)
    expected = dense(x.reshape(1, -1))
    place = FlatKernel(dense.kernel, (2, 3))
    theirs = place.pack()
    assert theirs.shape == place.shape == (5, 4, 2, 3)
    found = np.einsum("bhwc,ochw->bo", x, theirs)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    ((variable, value),) = place.split(theirs)
    np.testing.assert_array_equal(value, dense.kernel)
    assert place.split(theirs[:, :3]) is None


def test_stages_are_counted():
    model = models.MobileNetV3(False, input_shape=(8, 8, 3), size="small")
    names = own_names(model)
    found = dict(zip(names, numbered(model, names), strict=True))
    for ours, theirs in (
        ("block_0_project/conv/kernel", "blocks/0/0/conv_pw/kernel"),
        ("block_2_project/norm/gamma", "blocks/1/1/bn3/gamma"),
        ("block_0_se/reduce/bias", "blocks/0/0/se/conv_reduce/bias"),
        ("top/norm/beta", "blocks/5/0/bn1/beta"),
    ):
        assert found[ours] == theirs
