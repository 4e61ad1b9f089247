import keras
import numpy as np
import pytest

from keras_nn.explain import AttentionRelevance
from keras_nn.explain.attention_maps import attention_model
from keras_nn.explain.attention_relevance import relevance_of
from keras_nn.explain.functional_view import FunctionalView
from keras_nn.models import SwinTransformer
from keras_nn.models import VisionTransformer

PICTURES = (
    np.random.default_rng(0).normal(size=(2, 16, 16, 3)).astype("float32")
)


def vision(**options):
    keras.utils.set_random_seed(0)
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
def test_classes_draw_on_different_patches(options):
    explain = AttentionRelevance(vision(**options))
    one, two = (explain(PICTURES, k).attributions for k in (0, 1))
    assert one.shape == (2, 16, 16, 1) and one.min() >= 0 and one.max() > 0
    assert not np.allclose(one, two)


def test_equals_the_rule_written_out():
    random = np.random.default_rng(1)
    weights = [random.uniform(size=(1, 2, 3, 3)) for _ in range(2)]
    slopes = [random.normal(size=(1, 2, 3, 3)) for _ in range(2)]
    expected = np.eye(3)
    for a, g in zip(weights, slopes, strict=True):
        mean = np.zeros((3, 3))
        for head in range(2):
            mean += np.clip(a[0, head] * g[0, head], 0, None) / 2
        expected = expected + mean @ expected
    np.testing.assert_allclose(relevance_of(weights, slopes)[0], expected)


def test_the_attention_model_keeps_the_outputs():
    model = vision()
    view = FunctionalView(model, linear=True, apart=True)
    inner = attention_model(view, with_outputs=True)
    *weights, logits = inner(PICTURES)
    assert len(weights) == 2
    np.testing.assert_allclose(
        keras.ops.softmax(logits), model(PICTURES), atol=1e-5
    )


def test_refuses_windows():
    swin = SwinTransformer(
        input_shape=(16, 16, 3),
        hidden_dim=8,
        depths=[1],
        num_heads=[2],
        window_size=2,
        classes=3,
    )
    with pytest.raises(ValueError, match="attention"):
        AttentionRelevance(swin)(PICTURES)
