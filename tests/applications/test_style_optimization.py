import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import StyleTransfer
from keras_nn.models import VGG
from keras_nn.models import PerceptualTransfer
from keras_nn.models import TransformNetwork

STYLE = np.random.default_rng(0).integers(0, 256, (16, 16, 3), "uint8")
CHINA = data.photograph("china")


def small_features():
    vgg = VGG(
        False,
        input_shape=(None, None, 3),
        num_convs=[1, 1],
        num_filters=[4, 4],
    )
    return vgg.features(["block1_conv1", "block2_conv1"])


def make(shape=(None, None, 3), **weights):
    network = TransformNetwork(shape, filters=4, num_blocks=1)
    return StyleTransfer(
        PerceptualTransfer(network, small_features(), STYLE, **weights)
    )


def test_refuses_what_it_cannot_redraw():
    app = make()
    with pytest.raises(ValueError, match="Received: start='here'"):
        app.optimize(CHINA[:16, :16], start="here")
    with pytest.raises(ValueError, match="`steps` must be a positive"):
        app.optimize(CHINA[:16, :16], steps=0)
    with pytest.raises(ValueError, match="must be one picture"):
        app.optimize(CHINA[None])


def test_one_picture_is_redrawn_without_training():
    app = make(style_weight=5.0)
    before = app.get_weights()
    drawn, losses = app.optimize(CHINA[:24, :28], steps=40)
    assert drawn.shape == (24, 28, 3) and losses["loss"].shape == (40,)
    assert losses["style"][-1] < 0.3 * losses["style"][0]
    assert losses["content"][0] == pytest.approx(0, abs=1e-6)
    for a, b in zip(before, app.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    one, two = (
        app.optimize(CHINA[:16, :16], steps=2, start="noise", seed=seed)[1]
        for seed in (1, 2)
    )
    assert one["content"][0] > 0 and one["content"][0] != two["content"][0]
