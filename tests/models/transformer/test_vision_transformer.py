import numpy as np
import pytest
from scipy.special import erf

from keras_nn.models import VisionTransformer
from keras_nn.testing import check_model

TINY = {
    "input_shape": (8, 8, 3),
    "classes": 3,
    "classifier_activation": None,
    "patch_size": 4,
    "hidden_dim": 8,
    "num_layers": 2,
    "num_heads": 2,
    "mlp_ratio": 1.5,
}


@pytest.mark.slow
def test_conformance():
    arguments = {**TINY, "num_registers": 2, "layer_scale": 0.1}
    check_model(VisionTransformer, arguments, (4, 8, 8, 3), (4, 3), fit=False)


def naive(x, weights, heads):
    """The network of the paper on one picture, patch by patch."""

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-12)
        return weights[f"{name}/gamma"] * x + weights[f"{name}/beta"]

    def dense(x, name):
        return x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]

    def attention(x, name):
        q, k, v = (
            np.split(dense(x, f"{name}/{part}"), heads, -1)
            for part in ("query", "key", "value")
        )
        outputs = []
        for head in range(heads):
            scores = q[head] @ k[head].T / np.sqrt(q[head].shape[-1])
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            shares /= shares.sum(-1, keepdims=True)
            outputs.append(shares @ v[head])
        return dense(np.concatenate(outputs, -1), f"{name}/projection")

    kernel = weights["patch_embeddings/projection/kernel"]
    size = kernel.shape[0]
    patches = [
        np.tensordot(x[i : i + size, j : j + size], kernel, 3)
        for i in range(0, x.shape[0], size)
        for j in range(0, x.shape[1], size)
    ]
    tokens = patches + weights["patch_embeddings/projection/bias"]
    z = np.concatenate([weights["embeddings/cls_token"][0], tokens])
    z = z + weights["embeddings/position_embeddings"][0]
    for index in range(2):
        block = f"layer_{index}"
        z = z + attention(norm(z, f"{block}/norm_before"), f"{block}/attention")
        hidden = dense(norm(z, f"{block}/norm_after"), f"{block}/intermediate")
        hidden = hidden * (1 + erf(hidden / np.sqrt(2))) / 2
        z = z + dense(hidden, f"{block}/outer")
    return dense(norm(z, "norm")[0], "predictions")


def test_equals_the_network_of_the_paper():
    model = VisionTransformer(**TINY)
    generator = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(0.3 * generator.normal(size=weight.shape))
    weights = {weight.path: np.asarray(weight) for weight in model.weights}
    x = generator.normal(size=(2, 8, 8, 3))
    scores = model.predict(x.astype("float32"), verbose=0)
    expected = [naive(picture, weights, heads=2) for picture in x]
    np.testing.assert_allclose(scores, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "preset, weights",
    # timm's.
    [
        ("vit_tiny_patch16", 5_717_416),
        ("vit_small_patch32", 22_878_952),
    ],
)
def test_has_the_published_number_of_weights(preset, weights):
    assert VisionTransformer.from_preset(preset).count_params() == weights


def test_a_vector_stands_for_the_class_or_for_all_patches():
    tokens = VisionTransformer(**TINY, include_top=False, num_registers=3)
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    y = tokens.predict(x, verbose=0)
    assert y.shape == (2, 1 + 3 + 4, 8)
    expected = {"cls": y[:, 0], "avg": y[:, 4:].mean(1), "max": y[:, 4:].max(1)}
    for pooling, value in expected.items():
        pooled = VisionTransformer(
            **TINY, include_top=False, num_registers=3, pooling=pooling
        )
        pooled.set_weights(tokens.get_weights())
        np.testing.assert_allclose(
            pooled.predict(x, verbose=0), value, rtol=1e-4, atol=1e-5
        )
    fmap = tokens.features_only()(x)
    np.testing.assert_allclose(
        np.reshape(fmap, (2, 4, 8)), y[:, 4:], rtol=1e-4, atol=1e-5
    )


def test_training_on_some_patches_gives_scores_of_the_same_shape():
    model = VisionTransformer(
        **TINY, patch_dropout=0.5, drop_path=0.1, dropout=0.1
    )
    x = np.ones((2, 8, 8, 3), "float32")
    assert model(x, training=True).shape == (2, 3)


@pytest.mark.parametrize(
    "arguments, received",
    [
        ({"pooling": "cls", "class_token": False}, "pooling='cls'"),
        ({"include_top": False, "patch_dropout": 0.5}, "patch_dropout=0.5"),
        ({"input_shape": (None, None, 3)}, "input_shape="),
        ({"num_heads": 3}, "num_heads=3"),
        ({"patch_size": 3}, "patch_size=3"),
    ],
)
def test_refuses(arguments, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        VisionTransformer(**{**TINY, **arguments})
