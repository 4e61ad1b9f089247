import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain.picture_units import PictureUnits


def model():
    pictures = keras.Input((6, 6, 3))
    x = layers.Conv2D(4, 3, activation="relu", name="conv")(pictures)
    x = layers.Dense(5, activation="softmax")(layers.Flatten()(x))
    return keras.Model(pictures, x)


def test_a_score_is_the_mean_of_a_channel_or_a_logit():
    net = model()
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 3)).astype("float32")
    maps = keras.Model(net.input, net.get_layer("conv").output)(x)
    means = np.asarray(maps).mean(axis=(1, 2))
    units = PictureUnits(net, "conv")
    assert (units.shape, units.count) == ((6, 6, 3), 4)
    found = units.score(x, [3, 0])
    np.testing.assert_allclose(found, [means[0, 3], means[1, 0]], rtol=1e-5)

    classes = PictureUnits(net)
    assert classes.count == 5
    logits = np.stack([classes.score(x, [c, c]) for c in range(5)], axis=1)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, net(x), rtol=1e-4)


def test_chooses_units_that_there_are():
    units = PictureUnits(model(), "conv")
    assert units.chosen(2).tolist() == [2]
    assert units.chosen([0, 3]).tolist() == [0, 3]
    for wrong in ([4], [-1], [], [0.5], [[1]]):
        with pytest.raises(ValueError, match="ints from 0 to 3. Received"):
            units.chosen(wrong)


def test_looks_at_pictures_only():
    words = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="one input of pictures"):
        PictureUnits(words)
    with pytest.raises(ValueError, match="`layer` must be one of"):
        PictureUnits(model(), "none")
