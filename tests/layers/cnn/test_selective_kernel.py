import numpy as np
import pytest

from keras_nn.layers import SelectiveKernel
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(4, 5, 4, 3)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(SelectiveKernel, {"filters": 4, "units": 3}, (4, 5, 4, 3))


def test_each_channel_mixes_its_paths():
    layer = SelectiveKernel(4, 3)
    layer(X)
    weights = layer.select.get_weights()
    layer.select.set_weights([0 * weights[0]])
    maps = [np.asarray(path(X)) for path in layer.paths]
    np.testing.assert_allclose(layer(X), np.mean(maps, 0), atol=1e-5)


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match=r"kernel_sizes=\(3, 4\)"):
        SelectiveKernel(4, 3, (3, 4))
    with pytest.raises(ValueError, match="dilated=False"):
        SelectiveKernel(4, 3, strides=2)
    with pytest.raises(ValueError, match="units=0"):
        SelectiveKernel(4, 0)
