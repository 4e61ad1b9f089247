import numpy as np
import pytest

from keras_nn.layers import MixedDepthwiseConv2D
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(
        MixedDepthwiseConv2D,
        {"kernel_sizes": (1, 3), "use_bias": True},
        (2, 4, 5, 3),
    )


def test_parts_are_convolved_by_themselves():
    layer = MixedDepthwiseConv2D((1, 3), strides=2)
    y = layer(X)
    assert layer.widths == [2, 1]
    assert tuple(y.shape) == layer.compute_output_shape(X.shape)
    np.testing.assert_allclose(
        y[..., :2],
        X[:, ::2, ::2, :2] * layer.convs[0].kernel.numpy()[0, 0, :, 0],
        rtol=1e-5,
    )


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match=r"kernel_sizes=\(\)"):
        MixedDepthwiseConv2D(())
    with pytest.raises(ValueError, match="padding='valid'"):
        MixedDepthwiseConv2D(padding="valid")
    with pytest.raises(ValueError, match="a channel for each kernel"):
        MixedDepthwiseConv2D((1, 3, 5, 7))(X)
