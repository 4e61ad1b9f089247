import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import AttentionRollout
from keras_nn.models import SwinTransformer
from keras_nn.models import VisionTransformer

PICTURES = (
    np.random.default_rng(0).normal(size=(2, 16, 16, 3)).astype("float32")
)


def vision(**options):
    return VisionTransformer(
        input_shape=(16, 16, 3),
        patch_size=4,
        hidden_dim=8,
        num_layers=2,
        num_heads=2,
        classes=3,
        **options,
    )


@pytest.mark.parametrize("options", [{}, {"class_token": False}])
def test_a_map_of_shares_for_each_picture(options):
    found = AttentionRollout(vision(**options), discard=0.3)(PICTURES)
    assert found.attributions.shape == (2, 16, 16, 1)
    assert found.attributions.min() >= 0
    assert found.maps().shape == (2, 16, 16)
    # A bilinear map keeps its mean nearly, which is 1 / patches.
    assert found.attributions.mean() == pytest.approx(1 / 16, rel=0.1)


def test_equals_the_layers_own_weights_multiplied():
    model = vision()
    blocks = [model.get_layer(f"layer_{i}") for i in range(2)]
    x = keras.Model(model.input, blocks[0].input)(PICTURES)
    product = np.eye(17)
    for block in blocks:
        attention, y = block.attention, block.norm_before(x)
        query, key = (
            np.asarray(f(y)).reshape(2, 17, 2, 4).transpose(0, 2, 1, 3)
            for f in (attention.query, attention.key)
        )
        scores = np.exp(query @ key.swapaxes(-1, -2) / 2)
        weights = scores / scores.sum(-1, keepdims=True)
        product = (weights.mean(1) + np.eye(17)) / 2 @ product
        x = block(x)
    expected = product[:, 0, 1:] / product[:, 0, 1:].sum(-1, keepdims=True)
    found = AttentionRollout(model)(PICTURES).attributions[..., 0]
    np.testing.assert_allclose(
        found[:, ::15, ::15],
        expected.reshape(2, 4, 4)[:, ::3, ::3],
        atol=1e-5,
    )


def test_refuses_windows_and_models_without_attention():
    swin = SwinTransformer(
        input_shape=(16, 16, 3),
        hidden_dim=8,
        depths=[1],
        num_heads=[2],
        window_size=2,
        classes=3,
    )
    with pytest.raises(ValueError, match="attention"):
        AttentionRollout(swin)(PICTURES)
    plain = keras.Sequential(
        [keras.Input((16, 16, 3)), layers.Flatten(), layers.Dense(2)]
    )
    with pytest.raises(ValueError, match="need a model with attention"):
        AttentionRollout(plain)(PICTURES)
    with pytest.raises(ValueError, match="Received: fusion='sum'"):
        AttentionRollout(plain, fusion="sum")
    with pytest.raises(ValueError, match="Received: discard=1"):
        AttentionRollout(plain, discard=1)
