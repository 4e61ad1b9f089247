import numpy as np
import pytest
from scipy.special import erf

from keras_nn.models import SwinTransformer
from keras_nn.testing import check_model

TINY = {
    "input_shape": (12, 16, 3),
    "classes": 3,
    "classifier_activation": None,
    "patch_size": 2,
    "hidden_dim": 4,
    "depths": [2, 1],
    "num_heads": [1, 2],
    "window_size": 3,
    "mlp_ratio": 1.5,
}


@pytest.mark.slow
def test_conformance():
    arguments = {**TINY, "drop_path": 0.0}
    check_model(
        SwinTransformer,
        arguments,
        (4, 12, 16, 3),
        (4, 3),
        fit=False,
        jit=False,
    )


def naive(x, weights, num_heads, window):
    """The network of the paper on one picture, pixel by pixel."""

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5)
        return weights[f"{name}/gamma"] * x + weights[f"{name}/beta"]

    def dense(x, name):
        bias = weights.get(f"{name}/bias", 0.0)
        return x @ weights[f"{name}/kernel"] + bias

    def attention(x, name, heads, shift):
        height, width, features = x.shape
        table = weights[f"{name}/relative_position_bias_table"]
        name = f"{name}/attention"
        # The map is filled up with zeros, which are tokens like others.
        x = np.pad(x, ((0, -height % window), (0, -width % window), (0, 0)))
        q, k, v = (
            dense(x, f"{name}/{part}").reshape(*x.shape[:2], heads, -1)
            for part in ("query", "key", "value")
        )
        places = [(i, j) for i in range(x.shape[0]) for j in range(x.shape[1])]

        def of(place):
            return tuple((p - shift) // window for p in place)

        y = np.zeros((*x.shape[:2], heads, features // heads))
        for place in places:
            near = [other for other in places if of(other) == of(place)]
            for head in range(heads):
                scores = np.array(
                    [
                        q[place][head]
                        @ k[other][head]
                        / np.sqrt(features // heads)
                        + table[
                            (place[0] - other[0] + window - 1)
                            * (2 * window - 1)
                            + (place[1] - other[1] + window - 1),
                            head,
                        ]
                        for other in near
                    ]
                )
                shares = np.exp(scores - scores.max())
                values = np.array([v[other][head] for other in near])
                y[place][head] = shares @ values / shares.sum()
        y = dense(y.reshape(*x.shape[:2], features), f"{name}/projection")
        return y[:height, :width]

    def block(x, name, heads, shift):
        normed = norm(x, f"{name}/norm_before")
        x = x + attention(normed, f"{name}/attention", heads, shift)
        hidden = dense(norm(x, f"{name}/norm_after"), f"{name}/intermediate")
        hidden = hidden * (1 + erf(hidden / np.sqrt(2))) / 2
        return x + dense(hidden, f"{name}/outer")

    kernel = weights["patch_embeddings/projection/kernel"]
    size = kernel.shape[0]
    x = np.array(
        [
            [
                np.tensordot(x[i : i + size, j : j + size], kernel, 3)
                for j in range(0, x.shape[1], size)
            ]
            for i in range(0, x.shape[0], size)
        ]
    )
    x = x + weights["patch_embeddings/projection/bias"]
    x = norm(x, "embeddings_norm")
    x = block(x, "stage_0_block_0", num_heads[0], 0)
    x = block(x, "stage_0_block_1", num_heads[0], window // 2)
    four = [x[::2, ::2], x[1::2, ::2], x[::2, 1::2], x[1::2, 1::2]]
    x = norm(np.concatenate(four, -1), "stage_0_downsample/norm")
    x = dense(x, "stage_0_downsample/reduction")
    x = block(x, "stage_1_block_0", num_heads[1], 0)
    return dense(norm(x, "norm").mean((0, 1)), "predictions")


def test_equals_the_network_of_the_paper():
    model = SwinTransformer(**TINY)
    generator = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(0.5 * generator.normal(size=weight.shape))
    weights = {weight.path: np.asarray(weight) for weight in model.weights}
    x = generator.normal(size=(1, 12, 16, 3))
    scores = model.predict(x.astype("float32"), verbose=0)
    expected = naive(x[0], weights, num_heads=(1, 2), window=3)
    np.testing.assert_allclose(scores[0], expected, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    "preset, weights",
    # timm's.
    [("swin_tiny_window7", 28_288_354), ("swin_small_window7", 49_606_258)],
)
def test_has_the_published_number_of_weights(preset, weights):
    assert SwinTransformer.from_preset(preset).count_params() == weights


def test_maps_halve_from_stage_to_stage():
    model = SwinTransformer.from_preset(
        "swin_tiny_window7", input_shape=(64, 64, 3), include_top=False
    )
    shapes = [shape[1:] for shape in model.features_only().output_shape]
    assert model.strides == [4, 8, 16, 32]
    assert shapes == [(16, 16, 96), (8, 8, 192), (4, 4, 384), (2, 2, 768)]


@pytest.mark.parametrize(
    "arguments, received",
    [
        ({"depths": [2, 2, 2]}, "depths="),
        ({"input_shape": (None, None, 3)}, "input_shape="),
    ],
)
def test_refuses(arguments, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        SwinTransformer(**{**TINY, **arguments})
