import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import FunctionalView
from keras_nn.explain import class_activation
from keras_nn.explain.token_maps import last_map
from keras_nn.explain.token_maps import patch_grid
from keras_nn.models import SwinTransformer
from keras_nn.models import VisionTransformer

PICTURES = (
    np.random.default_rng(0).normal(size=(2, 16, 16, 3)).astype("float32")
)


def vision(**options):
    return VisionTransformer(
        **{
            "input_shape": (16, 16, 3),
            "patch_size": 4,
            "hidden_dim": 8,
            "num_layers": 2,
            "num_heads": 2,
            "classes": 3,
            **options,
        }
    )


def of_keras_layers():
    pictures = keras.Input((16, 16, 3))
    x = layers.Conv2D(8, 4, strides=4)(pictures)
    x = layers.Reshape((16, 8))(x)
    y = layers.LayerNormalization()(x)
    x = x + layers.MultiHeadAttention(2, 4)(y, y)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(pictures, layers.Dense(3, "softmax")(x))


@pytest.mark.parametrize(
    "make",
    [
        vision,
        lambda: vision(num_registers=2),
        lambda: vision(class_token=False),
        of_keras_layers,
    ],
)
def test_tokens_become_a_map_and_nothing_else_changes(make):
    model = make()
    view = FunctionalView(model, linear=True)
    assert patch_grid(view.model) == (4, 4)
    laid_out, layer = last_map(view.model)
    assert layer.output.shape == (None, 4, 4, 8)
    np.testing.assert_allclose(
        laid_out(PICTURES), view.model(PICTURES), atol=1e-6
    )


@pytest.mark.parametrize("make", [vision, of_keras_layers])
def test_class_activation_maps_of_transformers(make):
    model = make()
    for method in ("gradcam", "gradcam++", "layercam"):
        maps = class_activation(model, PICTURES, 1, method)
        assert maps.shape == (2, 16, 16)
        assert maps.std() > 0.05


def test_gradcam_of_tokens_equals_its_equation():
    import tensorflow as tf

    model = vision(classifier_activation=None)
    tokens = keras.Model(model.input, model.get_layer("layer_0").output)
    x = tf.convert_to_tensor(tokens(PICTURES))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x
        for name in ("layer_1", "norm", "pooling", "predictions"):
            y = model.get_layer(name)(y)
        score = y[:, 2]
    gradient = tape.gradient(score, x).numpy()[:, 1:]
    weights = gradient.mean(axis=1, keepdims=True)
    cam = np.maximum((weights * x.numpy()[:, 1:]).sum(-1), 0)
    found = class_activation(model, PICTURES, 2, "gradcam")
    corners = found[:, ::15, ::15]  # bilinear zoom keeps corners
    cam = cam.reshape(2, 4, 4)
    low = cam.min(axis=(1, 2), keepdims=True)
    cam = (cam - low) / (cam.max(axis=(1, 2), keepdims=True) - low)
    np.testing.assert_allclose(corners, cam[:, ::3, ::3], atol=1e-4)


def test_in_windows_the_last_map_is_read():
    model = SwinTransformer(
        input_shape=(16, 16, 3),
        hidden_dim=8,
        depths=[1, 1],
        num_heads=[2, 2],
        window_size=2,
        classes=3,
    )
    view = FunctionalView(model, linear=True)
    laid_out, layer = last_map(view.model)
    assert laid_out is view.model and layer.output.shape == (None, 2, 2, 16)
    assert class_activation(model, PICTURES, 1).std() > 0.05


def test_without_positions_there_is_nothing_to_read():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="the model has none"):
        last_map(model)
