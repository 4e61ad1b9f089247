import keras
import numpy as np
import pytest

from keras_nn.models import SwinTransformer
from keras_nn.models import VisionTransformer
from keras_nn.pretrained import hugging_face
from keras_nn.pretrained import timm
from keras_nn.pretrained.resampled_positions import bicubic
from keras_nn.pretrained.timm_names import tensors as timm_tensors


def vit(side, **arguments):
    return VisionTransformer(
        input_shape=(side, side, 3),
        patch_size=8,
        hidden_dim=8,
        num_layers=1,
        num_heads=2,
        classes=3,
        **arguments,
    )


def swin(window):
    return SwinTransformer(
        input_shape=(32, 32, 3),
        hidden_dim=4,
        depths=[1],
        num_heads=[2],
        window_size=window,
        classes=3,
    )


def naive(values, size):
    """Cubic convolution, place by place."""

    def weight(x, a=-0.75):
        x = abs(x)
        if x <= 1:
            return (a + 2) * x**3 - (a + 3) * x**2 + 1
        return a * (x**3 - 5 * x**2 + 8 * x - 4) if x < 2 else 0.0

    height, width, channels = values.shape
    found = np.zeros((*size, channels))
    for i in range(size[0]):
        y = (i + 0.5) * height / size[0] - 0.5
        for j in range(size[1]):
            x = (j + 0.5) * width / size[1] - 0.5
            for k in range(int(np.floor(y)) - 1, int(np.floor(y)) + 3):
                for m in range(int(np.floor(x)) - 1, int(np.floor(x)) + 3):
                    at = min(max(k, 0), height - 1), min(max(m, 0), width - 1)
                    found[i, j] += weight(y - k) * weight(x - m) * values[at]
    return found


def test_between_learnt_places_it_is_a_cubic_and_at_them_the_same():
    values = np.random.default_rng(0).normal(size=(4, 3, 2))
    for size in ((6, 5), (2, 2), (9, 3)):
        np.testing.assert_allclose(
            bicubic(values, size), naive(values, size), atol=1e-12
        )
    np.testing.assert_allclose(bicubic(values, (4, 3)), values, atol=1e-12)
    flat = np.full((3, 3, 1), 0.7)
    np.testing.assert_allclose(bicubic(flat, (7, 5)), 0.7)


def test_a_vit_keeps_its_class_token_and_resamples_its_grid(tmp_path):
    model = vit(32)
    hugging_face.save(model, tmp_path)
    with pytest.raises(ValueError, match="another picture.*`resample=True`"):
        hugging_face.load(tmp_path, input_shape=(48, 40, 3))
    found = hugging_face.load(tmp_path, input_shape=(48, 40, 3), resample=True)
    old, new = (
        np.asarray(m.get_layer("embeddings").position_embeddings)[0]
        for m in (model, found)
    )
    np.testing.assert_array_equal(new[0], old[0])
    expected = naive(old[1:].reshape(4, 4, 8), (6, 5)).reshape(30, 8)
    np.testing.assert_allclose(new[1:], expected, atol=1e-6)
    same = hugging_face.load(tmp_path, resample=True)
    for one, other in zip(same.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_swins_distances_are_those_of_the_window(tmp_path):
    model = swin(4)
    hugging_face.save(model, tmp_path)
    found = hugging_face.load(tmp_path, window_size=6, resample=True)

    def table(network):
        (weight,) = [
            w
            for w in network.weights
            if w.path.endswith("relative_position_bias_table")
        ]
        return np.asarray(weight)

    expected = naive(table(model).reshape(7, 7, 2), (11, 11))
    np.testing.assert_allclose(
        table(found), expected.reshape(121, 2), atol=1e-6
    )
    pictures = np.zeros((1, 32, 32, 3), "float32")
    assert np.isfinite(keras.ops.convert_to_numpy(found(pictures))).all()


def test_timms_positions_too_and_no_more_than_positions():
    model, larger = vit(16, class_token=False), vit(32, class_token=False)
    given = {}
    for name, variables in timm_tensors(model).items():
        values = [np.asarray(v) for v in variables]
        if variables[0].path.endswith("kernel"):
            axes = (3, 2, 0, 1) if values[0].ndim == 4 else (1, 0)
            values = [v.transpose(axes) for v in values]
        given[name] = np.concatenate(values)
    timm.assign(larger, given, resample=True)
    old, new = (
        np.asarray(m.get_layer("embeddings").position_embeddings)[0]
        for m in (model, larger)
    )
    expected = naive(old.reshape(2, 2, 8), (4, 4)).reshape(16, 8)
    np.testing.assert_allclose(new, expected, atol=1e-6)
    other = {**given, "norm.weight": np.ones(9)}
    with pytest.raises(ValueError, match=r"of another shape: \['norm.weight"):
        timm.assign(larger, other, resample=True)
    odd = {**given, "pos_embed": np.ones((1, 5, 8))}
    with pytest.raises(ValueError, match="pos_embed of 5 positions"):
        timm.assign(larger, odd, resample=True)
