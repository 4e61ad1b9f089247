import importlib.util
import random
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import FunctionalView
from keras_nn.explain import graphs
from keras_nn.layers import ConvBatchNorm
from keras_nn.models import VisionTransformer
from keras_nn.testing import two_replicas

_SPEC = importlib.util.spec_from_file_location(
    "zoo", Path(__file__).parent / "zoo.py"
)
zoo = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(zoo)


def randomised(make, inputs=zoo.PICTURES):
    model = make()
    model(inputs)
    rng = np.random.default_rng(1)
    for weight in model.weights:
        noise = np.abs(rng.normal(size=weight.shape)) * 0.3
        weight.assign(weight + noise)
    return model


def traces_left(model):
    return [
        (len(op._inbound_nodes), len(op._outbound_nodes))
        for op in [model, *graphs.sublayers(model)]
    ]


@pytest.mark.parametrize("make", zoo.SINGLE, ids=lambda make: make.__name__)
def test_predicts_as_the_model_does_and_leaves_it_alone(make):
    model = randomised(make)
    weights, nodes = model.get_weights(), traces_left(model)
    state = random.getstate()
    view = FunctionalView(model, zoo.PICTURES)
    assert random.getstate() == state
    expected = model(zoo.PICTURES, training=False)
    np.testing.assert_allclose(view(zoo.PICTURES)[0], expected, atol=1e-6)
    layers_inside = view.model.layers
    assert not any(isinstance(layer, keras.Model) for layer in layers_inside)
    assert any(isinstance(layer, layers.Conv2D) for layer in layers_inside)
    # `Scale` cannot be copied: it is shared, and remembers the view.
    shares = sum(type(layer) is zoo.Scale for layer in graphs.sublayers(model))
    changed = zip(nodes, traces_left(model), strict=True)
    assert sum(old != new for old, new in changed) == shares
    for old, new in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("make", [zoo.functional, zoo.Subclassed])
def test_follows_the_weights_on_refresh(make):
    model = randomised(make)
    view = FunctionalView(model, zoo.PICTURES)
    for weight in model.trainable_weights:
        weight.assign(weight * 0.5)
    view.refresh()
    np.testing.assert_allclose(
        view(zoo.PICTURES)[0], model(zoo.PICTURES, training=False), atol=1e-6
    )


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("make", [zoo.functional, zoo.nested, zoo.Subclassed])
def test_half_precision_is_seen_in_single(policy, make):
    keras.config.set_dtype_policy(policy)
    try:
        model = randomised(make)
    finally:
        keras.config.set_dtype_policy("float32")
    view = FunctionalView(model, zoo.PICTURES)
    outputs = view(zoo.PICTURES)[0]
    assert outputs.dtype == "float32"
    np.testing.assert_allclose(
        outputs,
        keras.ops.cast(model(zoo.PICTURES, training=False), "float32"),
        atol=0.02,
    )


def test_a_model_from_a_strategy_scope():
    with two_replicas().scope():
        model = zoo.functional()
    view = FunctionalView(model)
    np.testing.assert_allclose(
        view(zoo.PICTURES)[0], model(zoo.PICTURES, training=False), atol=1e-6
    )


@pytest.mark.parametrize("form", [dict, list])
def test_several_inputs_and_outputs(form):
    model, inputs = zoo.several(form), zoo.several_inputs(form)
    view = FunctionalView(model)
    expected = model(inputs)
    found = view(inputs)
    for name in ("label", "size") if form is dict else (0, 1):
        np.testing.assert_allclose(
            found[view.output_index(name)], expected[name], atol=1e-6
        )
    with pytest.raises(ValueError, match="Received: 'colour'"):
        view.output_index("colour")
    with pytest.raises(ValueError, match="has 2 inputs. Received: 1"):
        view.flat_inputs(zoo.PICTURES)


@pytest.mark.parametrize("form", [dict, list])
def test_side_inputs_are_held(form):
    model, inputs = zoo.several(form), zoo.several_inputs(form)
    view = FunctionalView(model, hold_side_inputs=True)
    flat = view.flat_inputs(inputs)
    index = view.output_index("label" if form is dict else 1)
    expected = np.asarray(model(inputs)["label" if form is dict else 1])
    for i in range(3):
        view.hold(flat, i)
        found = view.model([view.picture(flat)[i : i + 1]])[index]
        np.testing.assert_allclose(found, expected[i : i + 1], atol=1e-6)


@pytest.mark.parametrize("make", zoo.SINGLE, ids=lambda make: make.__name__)
def test_linear_leaves_the_softmax_out(make):
    model = randomised(make)
    logits = FunctionalView(model, zoo.PICTURES, linear=True)(zoo.PICTURES)[0]
    assert abs(np.asarray(logits).sum(axis=1) - 1).min() > 1e-3
    np.testing.assert_allclose(
        keras.ops.softmax(logits),
        model(zoo.PICTURES, training=False),
        atol=1e-6,
    )


def test_uint8_pictures_and_adapted_normalisation():
    pictures = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), "uint8")
    normalization = layers.Normalization()
    normalization.adapt(pictures)
    images = keras.Input((8, 8, 3), dtype="uint8")
    x = layers.Conv2D(2, 3)(normalization(images))
    model = keras.Model(images, layers.Flatten()(x))
    view = FunctionalView(model)
    np.testing.assert_allclose(view(pictures)[0], model(pictures), atol=1e-5)


def test_a_layer_used_twice_stays_one_layer():
    shared = layers.Dense(3, name="shared")
    inputs = keras.Input((3,))
    model = keras.Model(inputs, shared(shared(inputs)))
    view = FunctionalView(model)
    assert len(view.model.weights) == 2
    x = np.ones((2, 3), "float32")
    np.testing.assert_allclose(view(x)[0], model(x), atol=1e-6)


def test_a_layer_that_keras_cannot_trace_stays_whole():
    class Foreign(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.conv = keras.layers.Conv2D(2, 3)

        def call(self, inputs):
            # The size of the batch is not known while Keras traces.
            size = keras.ops.shape(inputs)[0]
            return self.conv(inputs) + keras.ops.ones((size, 1, 1, 1))

        def compute_output_shape(self, input_shape):
            return self.conv.compute_output_shape(input_shape)

    foreign = Foreign()
    model = keras.Sequential(
        [keras.Input((6, 6, 1)), foreign, keras.layers.Flatten()]
    )
    x = np.random.default_rng(0).normal(size=(3, 6, 6, 1)).astype("float32")
    view = FunctionalView(model)
    assert [type(layer).__name__ for layer in view.model.layers][1:] == [
        "Foreign",
        "Flatten",
    ]
    np.testing.assert_allclose(view(x)[0], model(x), rtol=1e-5)


def test_rejects_a_model_that_is_not_built():
    with pytest.raises(ValueError, match="must be built.*Received"):
        FunctionalView(zoo.Subclassed(), zoo.PICTURES)


def fused():
    images = keras.Input((12, 12, 3))
    x = ConvBatchNorm(4, 3, activation="relu", name="fused")(images)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, layers.Dense(4, "softmax", name="head")(x))


def test_a_layer_with_weights_of_its_own_stays_whole_and_follows_them():
    model = randomised(fused)
    view = FunctionalView(model)
    assert "fused" in {layer.name for layer in view.model.layers}
    for weight in model.weights:
        weight.assign(weight * 0.5)
    view.refresh()
    np.testing.assert_allclose(
        view(zoo.PICTURES)[0], model(zoo.PICTURES, training=False), atol=1e-6
    )


@pytest.mark.parametrize("make", [fused, zoo.functional, zoo.Twice])
def test_taken_apart_it_still_predicts_as_the_model_does(make):
    model = randomised(make)
    view = FunctionalView(model, zoo.PICTURES, apart=True)
    np.testing.assert_allclose(
        view(zoo.PICTURES)[0], model(zoo.PICTURES, training=False), atol=1e-6
    )
    for layer in view.model.layers:
        if isinstance(layer, layers.Dense | layers.Conv2D | ConvBatchNorm):
            assert layer.activation is keras.activations.linear
    assert model.layers[-1].activation is keras.activations.softmax


def test_taken_apart_blocks_have_layers_of_unequal_names():
    model = VisionTransformer(
        input_shape=(8, 8, 3),
        patch_size=4,
        hidden_dim=8,
        num_layers=2,
        num_heads=2,
        classes=3,
    )
    pictures = zoo.PICTURES[:, :8, :8]
    view = FunctionalView(model, apart=True)
    names = [operation.name for operation in view.model.operations]
    assert len(names) == len({*names})
    assert "attention_query" in names
    np.testing.assert_allclose(view(pictures)[0], model(pictures), atol=1e-6)
    assert view.remember("a", dict) is view.remember("a", list)
