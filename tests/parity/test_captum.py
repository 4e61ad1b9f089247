"""Attribution methods against what captum computed on the same network."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

if keras.config.backend() != "tensorflow":
    pytest.skip("needs TensorFlow", allow_module_level=True)

from keras_nn import explain

TARGETS = [1, 2]


@pytest.fixture(scope="module")
def numbers():
    """What `record_captum.py` wrote: a dict of arrays."""
    with np.load(Path(__file__).parent / "captum.npz") as file:
        return dict(file)


def network(numbers, pool=layers.MaxPooling2D, head_bias=True):
    pictures = keras.Input((8, 8, 2))
    x = layers.Conv2D(3, 3, activation="relu", name="first")(pictures)
    x = layers.Conv2D(4, 2, use_bias=False, name="second")(pool(2)(x))
    x = layers.Permute((3, 1, 2))(layers.ReLU()(x))
    x = layers.Dense(5, name="third")(layers.Flatten()(x))
    x = layers.Activation("relu")(x)
    model = keras.Model(pictures, layers.Dense(3, "softmax", name="head")(x))
    for layer in ("first", "second", "third", "head"):
        kernel = numbers[f"weight/{layer}.weight"]
        turned = kernel.transpose(2, 3, 1, 0) if kernel.ndim == 4 else kernel.T
        bias = numbers.get(f"weight/{layer}.bias")
        values = [turned] if bias is None else [turned, bias]
        model.get_layer(layer).set_weights(values)
    if not head_bias:
        model.get_layer("head").bias.assign([0.0, 0.0, 0.0])
    return model


@pytest.fixture(scope="module")
def model(numbers):
    return network(numbers)


def last(x):
    """Channels last, where torch has them first."""
    return np.moveaxis(x, 1, -1)


def found(explainer, numbers, baselines=True, absolute=False):
    pictures = last(numbers["pictures"])
    pictures = np.abs(pictures) if absolute else pictures
    arguments = {"baselines": last(numbers["baselines"])} if baselines else {}
    return explainer(pictures, TARGETS, **arguments).attributions


def test_the_network_is_theirs(model, numbers):
    view = explain.FunctionalView(model, linear=True)
    logits = view(last(numbers["pictures"]))[0]
    np.testing.assert_allclose(logits, numbers["logits"], atol=1e-5)


@pytest.mark.parametrize(
    "name, cls, options",
    [
        ("integrated_gradients", "IntegratedGradients", {"n_steps": 20}),
        (
            "integrated_gradients_riemann",
            "IntegratedGradients",
            {"n_steps": 7, "rule": "riemann_middle"},
        ),
        ("occlusion", "Occlusion", {"window": 3, "strides": 1}),
    ],
)
def test_methods_with_baselines(name, cls, options, model, numbers):
    explainer = getattr(explain, cls)(model, **options)
    np.testing.assert_allclose(
        np.broadcast_to(
            found(explainer, numbers), last(numbers["pictures"]).shape
        ),
        last(numbers[name]),
        atol=1e-4,
    )


@pytest.mark.parametrize(
    "name, cls",
    [
        ("feature_ablation", "FeatureAblation"),
        ("shapley_values", "ShapleyValues"),
        ("shapley_values", "KernelShap"),
    ],
)
def test_methods_with_features(name, cls, model, numbers):
    mask = numbers["mask"][..., None]
    explainer = getattr(explain, cls)(model, feature_mask=mask)
    np.testing.assert_allclose(
        found(explainer, numbers), last(numbers[name]), atol=1e-4
    )


@pytest.mark.parametrize(
    "name, cls, options",
    [
        ("saliency", "Saliency", {}),
        ("input_x_gradient", "InputXGradient", {}),
        ("guided_backprop", "GuidedBackprop", {}),
        ("deconvolution", "Deconvolution", {}),
        ("lrp_epsilon", "LayerWiseRelevance", {"rule": "epsilon"}),
    ],
)
def test_methods_without_baselines(name, cls, options, model, numbers):
    explainer = getattr(explain, cls)(model, **options)
    np.testing.assert_allclose(
        found(explainer, numbers, False), last(numbers[name]), atol=1e-4
    )


class Draws:
    """A generator whose numbers have been written down."""

    def __init__(self, numbers):
        self.shares = numbers["draws/shares"]
        self.orders = numbers["draws/orders"]
        self.coalitions = numbers["draws/coalitions"]

    def integers(self, low, high, size):
        if size == self.coalitions.shape:
            return self.coalitions
        return np.zeros(size, "int64")  # the one baseline

    def uniform(self, size):
        assert size == len(self.shares)
        return self.shares

    def permuted(self, x, axis):
        """When each feature joins, of theirs: which joins when."""
        assert x.shape == self.orders.shape
        return np.argsort(self.orders, axis=axis)

    def permutation(self, size):
        return np.arange(size)


@pytest.mark.parametrize(
    "name, cls, options",
    [
        ("gradient_shap", "GradientShap", {"n_samples": 4}),
        ("shapley_value_sampling", "ShapleyValueSampling", {"n_samples": 3}),
        ("lime", "Lime", {"n_samples": 20}),
        ("feature_permutation", "FeaturePermutation", {}),
    ],
)
def test_methods_that_draw_for_their_draws(
    name, cls, options, model, numbers, monkeypatch
):
    monkeypatch.setattr(np.random, "default_rng", lambda _: Draws(numbers))
    arguments = {"baselines": last(numbers["baselines"])}
    if name == "gradient_shap":
        arguments["baselines"] = arguments["baselines"][:1]
    else:
        options = {**options, "feature_mask": numbers["mask"][..., None]}
    if name == "feature_permutation":
        arguments = {}
    explainer = getattr(explain, cls)(model, **options)
    found = explainer(last(numbers["pictures"]), TARGETS, **arguments)
    np.testing.assert_allclose(
        found.attributions, last(numbers[name]), atol=1e-4
    )


def test_guided_gradcam(numbers):
    pictures = keras.Input((8, 8, 2))
    x = layers.Conv2D(3, 3, padding="same", name="conv")(pictures)
    x = layers.Permute((3, 1, 2))(layers.ReLU()(x))
    x = layers.Dense(3, name="head")(layers.Flatten()(x))
    model = keras.Model(pictures, x)
    kernel = numbers["padded/conv.weight"].transpose(2, 3, 1, 0)
    model.get_layer("conv").set_weights([kernel, numbers["padded/conv.bias"]])
    values = [numbers["padded/head.weight"].T, numbers["padded/head.bias"]]
    model.get_layer("head").set_weights(values)
    explainer = explain.GuidedGradCam(model, layer="conv")
    ours, theirs = (
        # The highest value of our maps is 1.
        values / np.abs(values).max(axis=(1, 2, 3), keepdims=True)
        for values in (
            found(explainer, numbers, False),
            last(numbers["guided_gradcam"]),
        )
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_deep_lift(numbers):
    model = network(numbers, pool=layers.AveragePooling2D)
    np.testing.assert_allclose(
        found(explain.DeepLift(model), numbers),
        last(numbers["deep_lift"]),
        atol=1e-4,
    )


@pytest.mark.parametrize("name, rule", [("gamma", "gamma"), ("z_plus", "z+")])
def test_relevance_without_biases(name, rule, numbers):
    explainer = explain.LayerWiseRelevance(
        network(numbers, head_bias=False),
        rule=rule,
        layer_rules={"head": "epsilon"},
        absorb_bias=False,
    )
    np.testing.assert_allclose(
        found(explainer, numbers, False, absolute=True),
        last(numbers[f"lrp_{name}"]),
        atol=1e-4,
    )


def test_infidelity_for_their_draws(model, numbers):
    draws = iter(numbers["steps"])

    def perturb(generator, arrays):
        step = last(next(draws))
        return [step], [arrays[0] - step]

    slopes = explain.Saliency(model, absolute=False)
    value = explain.infidelity(
        slopes,
        last(numbers["pictures"]),
        targets=TARGETS,
        perturb=perturb,
        n_perturb_samples=6,
    )
    np.testing.assert_allclose(value, numbers["infidelity"], rtol=1e-3)
