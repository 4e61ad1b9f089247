import numpy as np
import pytest

from keras_nn.data.graphs import pack
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.models import GAT
from keras_nn.models import GCN
from keras_nn.models import SAGE
from keras_nn.models import predict_by_layers

GRAPH, _ = stochastic_block_model([6, 7], 0.6, 0.2)


@pytest.mark.parametrize("cls", [SAGE, GAT])
def test_equals_the_forward_pass(cls):
    network = cls(2, 3)
    expected = np.asarray(network(pack([GRAPH])))[0]
    for nodes_per_step in (1, 5, 100):
        found = predict_by_layers(network, GRAPH, nodes_per_step)
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_refuses_a_layer_that_needs_the_degrees_of_neighbours():
    with pytest.raises(ValueError, match="Received: GCN"):
        predict_by_layers(GCN(2, 3), GRAPH)
