import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import FunctionalView
from keras_nn.explain import InputXGradient
from keras_nn.explain import NoiseTunnel
from keras_nn.explain import Rise
from keras_nn.explain import Saliency
from keras_nn.explain.inner_views import LayerView
from keras_nn.explain.inner_views import NeuronView

X = np.random.default_rng(0).normal(size=(5, 6, 6, 2)).astype("float32")


@pytest.fixture(scope="module")
def model():
    """A branch, and an inner model that holds the layer looked at."""
    keras.utils.set_random_seed(0)
    inner = keras.Sequential(
        [keras.Input((6, 6, 2)), layers.Conv2D(3, 3, name="conv")],
        name="inner",
    )
    inputs = keras.Input((6, 6, 2))
    x = layers.GlobalAveragePooling2D()(inner(inputs))
    around = layers.Flatten()(inputs)
    x = layers.Concatenate()([x, around])
    return keras.Model(inputs, layers.Dense(2, "softmax", name="head")(x))


def test_what_follows_a_layer_makes_of_it_what_the_model_does(model):
    whole = FunctionalView(model, linear=True)
    view = LayerView(whole, "conv", batch_size=2)
    flat = view.flat_inputs(X)
    assert [x.shape for x in flat] == [(5, 4, 4, 3), X.shape]
    logits = keras.tree.flatten(view.model(flat))[0]
    np.testing.assert_allclose(logits, whole(X)[0], atol=1e-5)
    # What goes around the layer is held.
    moved = keras.tree.flatten(view.model([flat[0] + 1, flat[1]]))[0]
    kernel = model.get_layer("head").kernel[:3]
    np.testing.assert_allclose(
        moved - logits, [kernel.numpy().sum(0)] * 5, atol=1e-5
    )


def test_a_neuron_is_a_channel_or_a_number(model):
    whole = FunctionalView(model)
    maps = LayerView(whole, "conv", 64).flat_inputs(X)[0]
    one = NeuronView(whole, "conv", (1, 3, 2)).model([X])
    one = keras.tree.flatten(one)[0]
    np.testing.assert_allclose(one[:, 0], maps[:, 1, 3, 2], atol=1e-6)
    channel = Saliency(model, absolute=False, layer="conv", neuron=2)
    slope = channel(X).attributions
    kernel = model.get_layer("inner").get_layer("conv").kernel
    # The slopes of a mean over places add up to the kernel's sum.
    np.testing.assert_allclose(
        slope.sum(axis=(1, 2, 3)), [kernel[..., 2].numpy().sum()] * 5, atol=1e-5
    )


def test_maps_of_a_layer_are_drawn_over_the_pictures(model):
    found = InputXGradient(model, layer="conv")(X, 1)
    assert found.attributions.shape == (5, 4, 4, 3)
    shown = found.pictures(np.zeros((5, 6, 6, 3)), side=12)
    assert shown.shape == (5, 12, 12, 3)


def test_refuses_layers_and_neurons_that_there_are_not(model):
    with pytest.raises(ValueError, match="`layer` must be one of.*'no'"):
        Saliency(model, layer="no")(X)
    for neuron in (3, -1, (0, 0), (4, 0, 0)):
        with pytest.raises(ValueError, match="Received: neuron="):
            Saliency(model, layer="conv", neuron=neuron)(X)
    with pytest.raises(ValueError, match="unit of a `layer`.*layer=None"):
        Saliency(model, neuron=3)
    with pytest.raises(ValueError, match="rise explains inputs.*neuron=None"):
        Rise(model, layer="conv")
    with pytest.raises(ValueError, match="leave `targets` out"):
        Saliency(model, layer="conv", neuron=0)(X, 1)
    with pytest.raises(ValueError, match="noise is added to inputs"):
        NoiseTunnel(Saliency(model, layer="conv"))
    shared = layers.Dense(3, name="shared")
    inputs = keras.Input((3,))
    twice = keras.Model(inputs, shared(shared(inputs)))
    with pytest.raises(ValueError, match="called once.*which gives 2"):
        Saliency(twice, layer="shared")(np.ones((1, 3)))
