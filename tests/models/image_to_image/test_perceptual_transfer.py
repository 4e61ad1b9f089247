import keras
import numpy as np
import pytest

from keras_nn.losses import content_loss
from keras_nn.losses import style_loss
from keras_nn.models import VGG
from keras_nn.models import PerceptualTransfer
from keras_nn.ops import gram_matrix
from keras_nn.ops import total_variation
from keras_nn.testing import check_model

RNG = np.random.default_rng(0)
X = RNG.uniform(0, 255, (4, 8, 8, 3)).astype("float32")
STYLE = RNG.uniform(0, 255, (12, 8, 3)).astype("float32")


def features():
    vgg = VGG(
        False,
        input_shape=(None, None, 3),
        num_convs=[1, 1],
        num_filters=[4, 3],
    )
    return vgg.features(["block1_conv1", "block2_conv1"])


def arguments():
    pictures = keras.Input((8, 8, 3))
    outputs = keras.layers.Conv2D(3, 3, padding="same", name="conv")(pictures)
    return {
        "network": keras.Model(pictures, outputs),
        "features": features(),
        "style": STYLE,
        "content_weight": 2.0,
        "style_weight": 0.5,
        "variation_weight": 0.1,
    }


def test_conformance():
    check_model(PerceptualTransfer, arguments, X, jit=False, half=False)


def test_the_loss_is_made_of_its_parts():
    model = PerceptualTransfer(**arguments())
    drawn, maps = model(X), model.features(X)
    found = model.objective(X, None, training=False)
    said = model.features(drawn)
    wanted = model.features(STYLE[None])
    content = content_loss(maps[1], said[1])
    content = content / np.mean(np.square(maps[1]), axis=(1, 2, 3))
    style = [
        style_loss(a, b) / np.mean(np.square(gram_matrix(a)))
        for a, b in zip(wanted, said, strict=True)
    ]
    variation = total_variation(drawn / 255)
    np.testing.assert_allclose(found["content"], content, rtol=1e-4)
    np.testing.assert_allclose(found["style"], np.mean(style, 0), rtol=1e-4)
    np.testing.assert_allclose(
        found["loss"],
        2 * content + 0.5 * np.mean(style, 0) + 0.1 * variation,
        rtol=1e-4,
    )


def test_the_style_itself_has_no_style_loss():
    model = PerceptualTransfer(**arguments())
    maps = model.features(STYLE[None])
    parts = model.distance(STYLE[None], maps[-1])
    np.testing.assert_allclose(parts["style"], [0], atol=1e-9)
    np.testing.assert_allclose(parts["content"], [0], atol=1e-9)


def test_features_are_not_trained():
    model = PerceptualTransfer(**arguments())
    assert len(model.trainable_variables) == 2
    before = [w.numpy() for w in model.features.weights]
    model.compile(keras.optimizers.SGD(0.1))
    model.fit(X, verbose=0)
    for old, new in zip(before, model.features.weights, strict=True):
        np.testing.assert_array_equal(old, new)


def test_refuses_what_is_no_style_and_no_list_of_maps():
    with pytest.raises(ValueError, match="must be one picture"):
        PerceptualTransfer(**{**arguments(), "style": STYLE[None]})
    one = VGG(
        False, input_shape=(None, None, 3), num_convs=[1], num_filters=[2]
    )
    with pytest.raises(ValueError, match="a list of maps"):
        PerceptualTransfer(**{**arguments(), "features": one})
