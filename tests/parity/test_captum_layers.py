"""Layers, neurons and training examples against what captum computed."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

if keras.config.backend() != "tensorflow":
    pytest.skip("needs TensorFlow", allow_module_level=True)

from keras_nn import explain

TARGETS = [1, 2, 0]
NEURON = {"layer": "second", "neuron": 3}
RATES = [0.5, 0.25]


@pytest.fixture(scope="module")
def numbers():
    """What `record_captum_layers.py` wrote: a dict of arrays."""
    with np.load(Path(__file__).parent / "captum_layers.npz") as file:
        return dict(file)


@pytest.fixture(scope="module")
def model(numbers):
    inputs = keras.Input((6,))
    x = layers.Dense(5, "relu", name="first")(inputs)
    x = layers.Add()([x, layers.Dense(5, "relu", name="second")(x)])
    model = keras.Model(inputs, layers.Dense(3, "softmax", name="head")(x))
    model.set_weights(weights(numbers, 1))
    return model


def weights(numbers, checkpoint):
    return [
        numbers[f"weight/{checkpoint}/{layer}.{kind}"].T
        for layer in ("first", "second", "head")
        for kind in ("weight", "bias")
    ]


def close(found, expected):
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize(
    "name, cls, options, baselines",
    [
        ("gradient_x_activation", "InputXGradient", {}, None),
        ("integrated_gradients", "IntegratedGradients", {"n_steps": 20}, 1),
        ("deep_lift", "DeepLift", {}, 1),
        ("deep_lift_shap", "DeepLiftShap", {}, "many"),
        ("feature_ablation", "FeatureAblation", {}, 1),
        ("internal_influence", "InternalInfluence", {"n_steps": 20}, 1),
        ("conductance", "Conductance", {"n_steps": 20, "batch_size": 8}, 1),
        (
            "conductance_gauss",
            "Conductance",
            {"n_steps": 20, "rule": "gausslegendre"},
            1,
        ),
    ],
)
def test_layers(name, cls, options, baselines, model, numbers):
    explainer = getattr(explain, cls)(model, layer="second", **options)
    key = "many" if baselines == "many" else "baselines"
    given = {} if baselines is None else {"baselines": numbers[key]}
    found = explainer(numbers["x"], TARGETS, **given)
    close(found.attributions, numbers[f"layer/{name}"])


@pytest.mark.parametrize(
    "name, cls, options, baselines",
    [
        ("gradient", "Saliency", {"absolute": False}, False),
        ("integrated_gradients", "IntegratedGradients", {"n_steps": 20}, True),
        ("deep_lift", "DeepLift", {}, True),
        ("guided_backprop", "GuidedBackprop", {}, False),
        ("deconvolution", "Deconvolution", {}, False),
        ("feature_ablation", "FeatureAblation", {}, True),
    ],
)
def test_neurons(name, cls, options, baselines, model, numbers):
    explainer = getattr(explain, cls)(model, **NEURON, **options)
    given = {"baselines": numbers["baselines"]} if baselines else {}
    found = explainer(numbers["x"], **given)
    close(found.attributions, numbers[f"neuron/{name}"])


def test_what_passes_through_a_neuron(model, numbers):
    explainer = explain.NeuronConductance(model, n_steps=20, **NEURON)
    found = explainer(numbers["x"], TARGETS, baselines=numbers["baselines"])
    close(found.attributions, numbers["neuron/conductance"])


def test_gradient_shap_of_a_layer_for_their_draws(model, numbers, monkeypatch):
    class Draws:
        def integers(self, low, high, size):
            return np.zeros(size, "int64")  # the one baseline

        def uniform(self, size):
            return numbers["shares"]

    monkeypatch.setattr(np.random, "default_rng", lambda _: Draws())
    explainer = explain.GradientShap(model, n_samples=4, layer="second")
    found = explainer(numbers["x"], TARGETS, baselines=numbers["baselines"][:1])
    close(found.attributions, numbers["layer/gradient_shap"])


def test_activations(model, numbers):
    found = explain.layer_activations(model, numbers["x"], "second")
    close(found, numbers["layer/activation"])


def test_deep_lift_shap(model, numbers):
    found = explain.DeepLiftShap(model)(
        numbers["x"], TARGETS, baselines=numbers["many"]
    )
    close(found.attributions, numbers["deep_lift_shap"])


@pytest.mark.parametrize("name", ["tracin", "tracin_last"])
def test_influence_along_a_training(name, model, numbers):
    tracin = explain.TracIn(
        model,
        numbers["learnt"],
        numbers["labels"],
        checkpoints=[weights(numbers, 0), weights(numbers, 1)],
        learning_rates=RATES,
        layers="last" if name == "tracin_last" else None,
        batch_size=8,
    )
    found = tracin(numbers["x"], np.array(TARGETS))
    np.testing.assert_allclose(found.scores, numbers[name], rtol=1e-4)
    if name == "tracin":
        np.testing.assert_allclose(
            tracin.self_influence(), numbers["self_influence"], rtol=1e-4
        )


def test_influence_functions(model, numbers):
    functions = explain.InfluenceFunctions(
        model,
        numbers["learnt"],
        numbers["labels"],
        damping=0.05,
        batch_size=8,
    )
    found = functions(numbers["x"], np.array(TARGETS))
    np.testing.assert_allclose(
        found.scores, numbers["influence_functions"], rtol=1e-3, atol=1e-5
    )
