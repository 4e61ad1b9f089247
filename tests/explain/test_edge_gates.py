import keras
import numpy as np
import pytest

from keras_nn import models
from keras_nn.data.graphs import pack
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.explain import EdgeGates

GRAPH, _ = stochastic_block_model([4, 4], 0.6, 0.2, seed=1)
EDGES = len(GRAPH["edge_index"])
NETWORKS = {
    "gcn": lambda: models.GCN(2, 3),
    "gat": lambda: models.GAT(2, 3),
    "sage": lambda: models.SAGE(2, 3),
    "appnp": lambda: models.APPNP(2, 3),
    "gin": lambda: models.GIN(2, 3, units=4, depth=2),
}


@pytest.mark.parametrize("name", ["sage", "gin"])
def test_a_closed_gate_is_an_edge_that_is_not_there(name):
    network = NETWORKS[name]()
    gate = (np.arange(EDGES) % 3 > 0).astype("float32")
    if name == "sage":  # a mean also counts the edges that carry nothing
        network = models.SAGE(2, 3, aggregator="sum")
    without = {**GRAPH, "edge_index": GRAPH["edge_index"][gate > 0]}
    with EdgeGates(network) as gates:
        gates.set(keras.ops.array(gate))
        behind = network(pack([GRAPH]))
    np.testing.assert_allclose(behind, network(pack([without])), atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_open_gates_change_nothing_and_the_model_stays_as_it_was(name):
    network, x = NETWORKS[name](), pack([GRAPH])
    before = network(x)
    with EdgeGates(network) as gates:
        gates.set(keras.ops.ones(EDGES))
        np.testing.assert_allclose(network(x), before, atol=1e-6)
        gates.set(keras.ops.zeros(EDGES))
        assert np.abs(network(x) - before).max() > 1e-4
    np.testing.assert_array_equal(network(x), before)
    assert not any("aggregate" in vars(layer) for layer in gates.layers)


def test_hears_what_layers_attend_to():
    network = NETWORKS["gat"]()
    with EdgeGates(network) as gates:
        network(pack([GRAPH]))
    shapes = [tuple(attention.shape) for attention in gates.attention]
    assert shapes == [(EDGES + 8, 8), (EDGES + 8, 1)]
    target = np.append(GRAPH["edge_index"][:, 1], np.arange(8))
    for attention in gates.attention:
        total = np.zeros((8, attention.shape[1]))
        np.add.at(total, target, np.asarray(attention))
        np.testing.assert_allclose(total, 1, atol=1e-5)


def test_refuses_a_model_without_messages():
    with pytest.raises(ValueError, match="Received: MLP"):
        EdgeGates(models.MLP(input_shape=(4,)))
