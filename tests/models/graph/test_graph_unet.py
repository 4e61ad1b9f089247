import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import cycles_or_not
from keras_nn.data.graphs import pack
from keras_nn.models import GraphUNet
from keras_nn.testing import check_model
from keras_nn.testing.numbers import assert_close

GRAPHS, _ = cycles_or_not(4, min_nodes=4, max_nodes=5)
BUDGET = Budget(nodes=12, edges=24, graphs=2)


def test_conformance():
    arguments = {
        "features": 1,
        "classes": 3,
        "units": 4,
        "depth": 1,
        "activation": "tanh",
        "weight_decay": 1e-3,
        "classifier_activation": None,
    }
    packs = pack(GRAPHS, BUDGET)
    check_model(GraphUNet, arguments, packs, fit=False, jit=False)


@pytest.mark.parametrize("how", ["add", "cat"])
def test_equals_pyg(how, recorded, golden_pack):
    packs = golden_pack("node_features", "edge_index", "edge_weights")
    packs["graph_ids"] = np.array([[0, 0, 0, 0, 0, 1, 1, 1, 2]], "int32")
    packs["graph_mask"] = np.ones((1, 3), bool)
    network = GraphUNet(
        4,
        3,
        units=5,
        depth=2,
        ratio=0.6,
        add=how == "add",
        edge_weights=True,
        classifier_activation=None,
    )
    names = ["down_0", "pool_1", "down_1", "pool_2", "down_2", "up_1"]
    weights = [
        weight
        for name in [*names, "predictions"]
        for weight in network.get_layer(name).trainable_weights
    ]
    assert len(weights) == len(network.trainable_weights)
    for index, weight in enumerate(weights):
        weight.assign(recorded[f"unet_{how}/weight_{index}"])
    assert_close(network(packs)[0], recorded[f"unet_{how}/output"], how)


def test_a_batch_of_graphs_equals_the_graphs_one_by_one():
    network = GraphUNet(1, 2, units=4, depth=2)
    packs = pack(GRAPHS, BUDGET)
    together = np.asarray(network(packs))[packs["node_mask"]]
    alone = [np.asarray(network(pack([graph])))[0] for graph in GRAPHS]
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-5)


def test_refuses_no_depth():
    with pytest.raises(ValueError, match="Received: depth=0"):
        GraphUNet(1, 2, depth=0)
