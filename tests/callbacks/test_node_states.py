import numpy as np
import pytest

from keras_nn import models
from keras_nn.callbacks.node_states import network_of
from keras_nn.callbacks.node_states import node_states
from keras_nn.data.graphs import pack
from keras_nn.data.graphs import stochastic_block_model

GRAPH, _ = stochastic_block_model([4, 4], 0.6, 0.2, seed=1)


@pytest.mark.parametrize(
    "network, names",
    [
        (lambda: models.GCN(2, 3), ["convolution_0", "predictions"]),
        (lambda: models.GAT(2, 3), ["attention", "predictions"]),
        (
            lambda: models.GIN(2, 3, units=4, depth=2),
            ["isomorphism_1", "isomorphism_2"],
        ),
        (
            lambda: models.APPNP(2, 3),
            ["dense_0", "dense_1", "propagation"],
        ),
    ],
)
def test_one_state_a_layer_in_order(network, names):
    network = network()
    states = node_states(network, GRAPH)
    assert [name for name, _ in states] == ["input", *names]
    np.testing.assert_array_equal(states[0][1], GRAPH["node_features"])
    assert all(len(state) == 8 for _, state in states)
    if names[-1] == "predictions":
        last = np.asarray(network(pack([GRAPH])))[0]
        np.testing.assert_allclose(states[-1][1], last, atol=1e-6)


def test_an_application_is_looked_into():
    network = models.GCN(2, 3)
    assert network_of(network) is network
