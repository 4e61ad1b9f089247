import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import LightGCN
from keras_nn.models.graph.link_network import reconstruction
from keras_nn.testing import check_model
from keras_nn.testing.backend import gradients
from keras_nn.testing.numbers import assert_close


def test_conformance(two_packs):
    x, y = two_packs
    x = {**x, "link_index": x["link_index"][:, [0, 2, 3, 1]]}
    check_model(
        LightGCN,
        {"num_nodes": 5, "units": 4, "depth": 2},
        x,
        y,
        compile_kwargs={},
        epochs=20,
        half=False,  # as of GAE
        jit=False,  # as of its layer
    )


def test_codes_ranks_loss_and_gradient_are_pygs(recorded, golden_pack):
    graph = golden_pack("node_features", "edge_index", "edge_weights")
    model = LightGCN(9, 4, regularization=0.1)
    model.embeddings.assign(recorded["embeddings"])
    assert_close(model(graph)[0], recorded["light_gcn/codes"], "codes")
    links = np.concatenate([recorded["links/there"], recorded["links/drawn"]])
    graph["link_index"] = links[None]
    weights = ops.ones((1, 12))

    def loss():
        ranks = model(graph)
        return ops.sum(model.link_loss(None, ranks, weights)), ranks

    value, ranks, found = gradients(loss, [model.embeddings])
    assert_close(ranks[0], recorded["light_gcn/ranks"], "ranks")
    assert_close(value, recorded["light_gcn/loss"], "loss")
    assert_close(found, [recorded["light_gcn/gradient_0"]], "gradient")


def test_links_may_be_learnt_as_by_gae(two_packs):
    x, y = two_packs
    model = LightGCN(5, 4, objective="links")
    logits, y = model(x), y.astype("float32")
    weights = (x["link_index"][..., 0] >= 0).astype("float32")
    loss = model.link_loss(y, logits, weights)
    assert_close(loss, reconstruction(y, logits, weights), "loss")


def test_recommends_what_neighbours_like():
    edges = [(0, 3), (0, 4), (1, 3), (1, 4), (2, 5)]
    edges = np.array(edges + [(b, a) for a, b in edges])
    graph = {
        "node_features": np.ones((1, 6, 1), "float32"),
        "edge_index": edges[None].astype("int32"),
    }
    model = LightGCN(6, units=6, embeddings_initializer="identity")
    assert keras.ops.shape(model(graph)) == (1, 6, 6)
    assert sorted(model.recommend(graph, [0], [3, 4, 5], 2)[0]) == [3, 4]


def test_refuses_another_number_of_nodes(two_packs):
    with pytest.raises(ValueError, match="Received: 5 nodes"):
        LightGCN(6)(two_packs[0])
    with pytest.raises(ValueError, match="objective='clicks'"):
        LightGCN(6, objective="clicks")
