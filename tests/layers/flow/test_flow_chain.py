import keras
import numpy as np
import pytest

from keras_nn.layers import ActNorm
from keras_nn.layers import Coupling
from keras_nn.layers import FlowChain
from keras_nn.layers import InvertibleLinear
from keras_nn.layers.flow.flow_chain import check_flow_layer
from keras_nn.layers.flow.flow_chain import deserialized
from keras_nn.layers.flow.flow_chain import serialized
from keras_nn.testing import check_layer


def layers():
    network = keras.layers.Dense(4, activation="tanh", name="network")
    return [
        ActNorm(name="norm"),
        InvertibleLinear(name="linear"),
        Coupling(network, name="coupling"),
    ]


def test_conformance():
    check_layer(
        FlowChain,
        lambda: {"layers": layers()},
        (3, 4),
        mask=False,
        half=False,
        jit=False,
        replicas=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(FlowChain(layers()), "rows", told=True)


def test_each_layer_learns_the_statistics_of_what_it_gets():
    x = np.random.default_rng(0).normal(3, 2, (300, 2)).astype("float32")
    chain = FlowChain([ActNorm(name="a"), ActNorm(name="b")])
    chain.adapt(x)
    np.testing.assert_allclose(chain(x)[0].numpy().std(0), 1, atol=1e-4)
    np.testing.assert_allclose(chain.layers[1].log_scale, 0, atol=1e-4)


def test_layers_come_back_from_their_configs():
    found = deserialized(serialized(layers()))
    assert [layer.name for layer in found] == ["norm", "linear", "coupling"]


def test_refuses_what_is_no_flow():
    with pytest.raises(ValueError, match="made of flow layers"):
        check_flow_layer(keras.layers.Dense(2))
    with pytest.raises(ValueError, match="must hold a flow layer"):
        FlowChain([])
