import keras
import numpy as np
import pytest

from keras_nn.callbacks import AttentionMaps
from keras_nn.callbacks.attention_maps import above_even
from keras_nn.callbacks.attention_maps import attention_to_patches
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.explain import AttentionRollout
from keras_nn.layers.transformer.image_self_attention import ImageSelfAttention
from keras_nn.models import SwinTransformer
from keras_nn.models import VisionTransformer
from keras_nn.testing import check_callback

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 12, 8, 3)).astype("float32")
Y = np.arange(6) % 3


def make(**arguments):
    model = VisionTransformer(
        **{
            "input_shape": (12, 8, 3),
            "patch_size": 4,
            "hidden_dim": 8,
            "num_layers": 2,
            "num_heads": 2,
            "classes": 3,
            **arguments,
        }
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def small():
    """A transformer of Keras's own layers."""
    inputs = keras.Input((12, 8, 3))
    x = keras.layers.Conv2D(4, 4, strides=4)(inputs)
    x = keras.layers.Reshape((6, 4))(x)
    x = keras.layers.MultiHeadAttention(2, 2)(x, x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    model = keras.Model(inputs, keras.layers.Dense(3, "softmax")(x))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_conformance_and_what_is_written():
    events = check_callback(
        AttentionMaps,
        {"sample": (X, Y), "every": 1, "count": 3, "heads": 4},
        model=small,
        x=X,
        y=Y,
    )
    first, second = events["validation"]["attention_maps"][:2]
    assert (first.step, second.step) == (0, 1)
    assert (first.value != second.value).any()
    grid = first.value[0]
    # The picture, the rollout and both heads there are.
    assert grid.shape == (30 + 4 * (112 + 2 * 15 + 14), 3 * 122 + 10, 3)


def test_colour_is_what_exceeds_an_even_share():
    maps = np.array([[[1.0, 1, 1, 1]], [[8, 0, 0, 0]], [[5, 3, 4, 4]]])
    heat, most = above_even(maps)
    np.testing.assert_allclose(most, [1, 4, 1.25])
    expected = [[[0, 0, 0, 0]], [[1, 0, 0, 0]], [[0.25, 0, 0, 0]]]
    np.testing.assert_allclose(heat, expected)


def softmax(scores):
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponents / exponents.sum(axis=-1, keepdims=True)


def test_the_heads_are_those_of_the_last_layer():
    """Against queries and keys multiplied by hand."""
    model = make(pooling="cls")
    for weight in model.weights:
        weight.assign(RNG.normal(scale=0.3, size=weight.shape))
    attention = [
        layer
        for _, layer in descendants(model)
        if isinstance(layer, ImageSelfAttention)
    ][-1]
    seen = {}
    original = attention.call

    def call(inputs, *args, **kwargs):
        seen["inputs"] = np.asarray(inputs)
        return original(inputs, *args, **kwargs)

    object.__setattr__(attention, "call", call)
    model(X, training=False)
    object.__setattr__(attention, "call", original)
    query, key = (
        np.asarray(layer(seen["inputs"])).reshape(6, 7, 2, 4)
        for layer in (attention.query, attention.key)
    )
    scores = np.einsum("nqhd,nkhd->nhqk", query, key) / 2
    expected = softmax(scores)[:, :, 0, 1:].reshape(6, 2, 3, 2)
    maps = attention_to_patches(model, X)
    for head in range(2):
        np.testing.assert_allclose(
            maps[f"head {head + 1}"], expected[:, head], atol=1e-5
        )
    # And the rollout is that of the explainer, which scales and enlarges it.
    rollout = maps["rollout"] / maps["rollout"].sum((1, 2), keepdims=True)
    large = AttentionRollout(model)(X).attributions[..., 0]
    for row in range(6):
        assert np.unravel_index(rollout[row].argmax(), (3, 2)) == tuple(
            np.array(np.unravel_index(large[row].argmax(), (12, 8))) // 4
        )


def test_without_a_class_token_patches_are_averaged():
    maps = attention_to_patches(make(class_token=False, pooling="avg"), X)
    assert maps["head 1"].shape == (6, 3, 2)
    np.testing.assert_allclose(maps["head 1"].sum((1, 2)), 1, rtol=1e-5)


def test_refuses_what_it_cannot_show(tmp_path):
    with pytest.raises(ValueError, match="Received: count=8, heads=0"):
        AttentionMaps(tmp_path, (X, Y), heads=0)
    plain = keras.Sequential(
        [
            keras.Input((12, 8, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(3, "softmax"),
        ]
    )
    swin = SwinTransformer(
        input_shape=(16, 16, 3),
        patch_size=4,
        hidden_dim=8,
        depths=[1],
        num_heads=[2],
        window_size=2,
        classes=3,
    )
    assert AttentionMaps.suits(make())
    assert not AttentionMaps.suits(plain) and not AttentionMaps.suits(swin)
    with pytest.raises(ValueError, match="a model with attention"):
        attention_to_patches(plain, X)
    inputs = keras.Input((12, 8, 3))  # attention over pooled patches
    x = keras.layers.Conv2D(4, 4, strides=4)(inputs)
    x = keras.layers.Reshape((6, 4))(x)
    x = keras.layers.AveragePooling1D(2)(x)
    x = keras.layers.MultiHeadAttention(2, 2)(x, x)
    pooled = keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(x))
    with pytest.raises(ValueError, match="over the patches of the whole"):
        attention_to_patches(pooled, X)
