import numpy as np
import pytest
from keras import ops

from keras_nn.layers import GraphPooling
from keras_nn.layers import LSTMAggregation
from keras_nn.layers import MessagePassing
from keras_nn.layers import PowerMeanAggregation
from keras_nn.layers import SoftmaxAggregation
from keras_nn.layers.graph.aggregation import aggregation_ways
from keras_nn.layers.graph.aggregation import get_aggregator
from keras_nn.layers.graph.aggregation import serialize_aggregator
from keras_nn.testing import check_layer


def several():
    softmax = SoftmaxAggregation(2.0, learn=True, name="softmax")
    return ["mean", softmax, LSTMAggregation(3, name="lstm")]


@pytest.mark.slow
def test_operators_with_something_to_learn_when_they_gather(packs):
    check_layer(
        MessagePassing,
        lambda: {"aggregator": several()},
        packs(),
        half=False,  # an aggregator has a policy of its own
    )


def test_pools_gather_likewise(packs):
    graph = packs("graph_ids", "node_mask")
    layer = GraphPooling(several())
    assert np.shape(layer(graph)) == (2, 2, 9)
    assert aggregation_ways(layer.aggregator) == 3
    clone = GraphPooling.from_config(layer.get_config())
    clone(graph)
    clone.set_weights(layer.get_weights())
    np.testing.assert_allclose(clone(graph), layer(graph), atol=1e-6)


def test_configs_come_back():
    aggregator = get_aggregator(serialize_aggregator(several()))
    assert aggregator[0] == "mean" and aggregator[1].temperature == 2.0


@pytest.mark.parametrize(
    "aggregator", [SoftmaxAggregation(), PowerMeanAggregation(2.0)]
)
def test_no_rows_are_zero(aggregator):
    y = aggregator(ops.ones((2, 3)), ops.array([1, 5]), num_segments=3)
    assert not np.asarray(y)[[0, 2]].any() and np.asarray(y)[1].all()
