import keras
import numpy as np
import pytest

from keras_nn import models
from keras_nn.explain import EdgeAttention

GRAPH = {"node_features": np.eye(3), "edge_index": [[0, 2], [1, 2]]}


def test_attention_is_that_of_the_equation():
    network = models.GAT(3, 2, units=4, heads=2, weight_decay=0.0)
    layer = network.get_layer("attention")
    kernel = np.asarray(layer.kernel).reshape(3, 2, 4)
    of_source = (kernel * np.asarray(layer.source_attention)).sum(-1)
    of_target = (kernel * np.asarray(layer.target_attention)).sum(-1)
    raw = of_source + of_target[2]  # node 2 looks at 0, 1 and itself
    raw = np.exp(np.where(raw > 0, raw, 0.2 * raw))
    hidden = (raw / raw.sum(axis=0)).mean(axis=1)[:2]
    by = {
        reduction: EdgeAttention(network, reduction)(GRAPH, node=2).edge_scores
        for reduction in ("max", "mean", "min")
    }
    last = 2 * by["mean"] - hidden
    np.testing.assert_allclose(by["max"], np.maximum(hidden, last), atol=1e-5)
    np.testing.assert_allclose(by["min"], np.minimum(hidden, last), atol=1e-5)


def test_without_preference_a_node_attends_to_all_alike():
    network = models.GAT(3, 2)
    for weight in network.weights:
        if "attention" in weight.path.split("/")[-1]:
            weight.assign(keras.ops.zeros_like(weight))
    scores = EdgeAttention(network)(GRAPH, node=2).edge_scores
    np.testing.assert_allclose(scores, 1 / 3, atol=1e-6)


def test_refuses_networks_that_do_not_attend_and_other_reductions():
    with pytest.raises(ValueError, match="Received: GCN"):
        EdgeAttention(models.GCN(3, 2))(GRAPH, node=0)
    with pytest.raises(ValueError, match="Received: reduction='sum'"):
        EdgeAttention(models.GAT(3, 2), "sum")
