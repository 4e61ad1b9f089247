import keras
import numpy as np
import pytest

from keras_nn.layers import ModulatedConv2D
from keras_nn.ops.fir_resampling import smoothed
from keras_nn.testing import check_layer

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4, 5, 2)).astype("float32")
STYLES = RNG.normal(size=(3, 6)).astype("float32")


def test_conformance():
    arguments = {"filters": 3, "kernel_size": 3, "double": True}
    arguments["use_bias"] = True
    check_layer(ModulatedConv2D, arguments, [X, STYLES], jit=False)


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("demodulate", [False, True])
def test_equals_a_kernel_for_each_picture(demodulate, double):
    layer = ModulatedConv2D(4, 3, demodulate, double)
    found = np.asarray(layer([X, STYLES]))
    kernel = np.asarray(layer.kernel) / float(np.sqrt(18))
    styles = np.asarray(layer.affine(STYLES))
    for picture, style, y in zip(X, styles, found, strict=True):
        own = np.array(kernel)
        for channel in range(2):
            own[:, :, channel] *= style[channel]
        if demodulate:
            for filter in range(4):
                square = (own[..., filter] ** 2).sum()
                own[..., filter] /= np.sqrt(square + 1e-8)
        if double:
            large = keras.ops.conv_transpose(
                picture[None], own.transpose(0, 1, 3, 2), 2, "valid"
            )
            expected = smoothed(large, 1, 1, gain=4.0)
        else:
            expected = keras.ops.conv(picture[None], own, padding="same")
        np.testing.assert_allclose(y, expected[0], rtol=1e-3, atol=1e-4)


def test_doubling_a_flat_picture_keeps_it_flat():
    layer = ModulatedConv2D(1, 3, demodulate=False, double=True)
    layer.build([(None, 8, 8, 1), (None, 6)])
    kernel = np.zeros((3, 3, 1, 1))
    kernel[1, 1] = 3.0  # scaled by a third when used
    layer.kernel.assign(kernel)
    layer.affine.kernel.assign(np.zeros((6, 1)))
    y = np.asarray(layer([np.ones((1, 8, 8, 1), "float32"), STYLES[:1]]))
    np.testing.assert_allclose(y[0, 2:-2, 2:-2], 1.0, rtol=1e-5)


def test_demodulation_undoes_the_size_of_a_style():
    layer = ModulatedConv2D(4, 3)
    layer.build([X.shape, STYLES.shape])
    layer.affine.bias.assign([0.0, 0.0])
    np.testing.assert_allclose(
        layer([X, STYLES]), layer([X, 5 * STYLES]), rtol=1e-3, atol=1e-4
    )


def test_refuses_an_even_kernel_and_a_pixel_to_double():
    for arguments in ({"kernel_size": 2}, {"kernel_size": 1, "double": True}):
        with pytest.raises(ValueError, match="must be odd, and 3 with"):
            ModulatedConv2D(3, **arguments)
