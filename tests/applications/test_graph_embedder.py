import csv

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from keras_nn import data
from keras_nn.applications import GraphEmbedder
from keras_nn.applications import WrongRequest
from keras_nn.applications import load
from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.models import DGI
from keras_nn.models import GAE
from keras_nn.models import GCN
from keras_nn.models import Node2Vec
from keras_nn.testing import check_application


def encoder(features, units=8):
    return GCN(
        features,
        units,
        units=(),
        dropout=0.0,
        weight_decay=0.0,
        classifier_activation=None,
    )


@pytest.mark.slow
def test_conformance():
    random = np.random.default_rng(0)
    x = {
        "node_features": random.normal(size=(4, 6, 3)).astype("float32"),
        "edge_index": random.integers(0, 6, (4, 8, 2)).astype("int32"),
        "link_index": random.integers(0, 6, (4, 10, 2)).astype("int32"),
    }
    y = np.tile([1, 0], (4, 5)).astype("int64")
    check_application(GraphEmbedder, lambda: {"network": GAE(encoder(3))}, x, y)


def parts(seed=0):
    graph, labels = stochastic_block_model([25, 25], 0.4, 0.02, seed)
    graph["node_features"] = np.eye(50, dtype="float32")
    order = np.random.default_rng(0).permutation(50)
    return (NodeSplit(graph, labels, m) for m in (order < 10, order >= 10))


@pytest.mark.parametrize(
    "network, walks, epochs",
    [
        (lambda: DGI(encoder(50)), None, 40),
        (lambda: GAE(encoder(50)), None, 40),
        (
            lambda: Node2Vec(50, 8, context=4),
            {"length": 8, "walks_per_node": 4, "batch_size": 50},
            8,
        ),
    ],
    ids=["dgi", "gae", "node2vec"],
)
def test_vectors_know_the_communities(network, walks, epochs, tmp_path):
    keras.utils.set_random_seed(0)
    train, test = parts()
    app = GraphEmbedder(network(), 2, ["left", "right"], walks=walks)
    app.compile(optimizer=keras.optimizers.Adam(0.05))
    history = app.fit(train, epochs=epochs, verbose=0).history["loss"]
    assert history[-1] < history[0]
    found = app.evaluate(test, verbose=0, return_dict=True)
    assert found["accuracy"] > 0.85
    # The probe is scikit-learn's on standardised vectors.
    vectors = app.embed(train.graph)
    known = vectors[train.mask]
    scaled = (vectors - known.mean(0)) / (known.std(0) + 1e-7)
    twin = LogisticRegression(max_iter=1000)
    twin.fit(scaled[train.mask], train.y[train.mask])
    np.testing.assert_allclose(
        app.probabilities(train.graph), twin.predict_proba(scaled), atol=1e-3
    )
    app.save(tmp_path / "app.keras")
    again = load(tmp_path / "app.keras")
    np.testing.assert_allclose(again.embed(train.graph), vectors, atol=1e-6)
    assert again.example_scores(test)["accuracy"].mean() == pytest.approx(
        found["accuracy"]
    )


def test_a_class_that_no_known_node_has_is_never_said():
    train, _ = parts()
    app = GraphEmbedder(DGI(encoder(50)), num_classes=4)
    app.fit_probe(train)
    np.testing.assert_allclose(
        app.probabilities(train.graph)[:, 2:], 0, atol=1e-12
    )


def test_writes_a_vector_a_node_and_knows_its_nodes(tmp_path):
    club = data.load("karate-club").train
    rows = [f"m{a} m{b}" for a, b in club.graph["edge_index"] if a < b]
    path = tmp_path / "friends.txt"
    path.write_text("\n".join(rows))
    order = [*dict.fromkeys(" ".join(rows).split())]
    app = GraphEmbedder(Node2Vec(34, 4), node_names=order)
    (row,) = app.predict_path(path, folder=tmp_path / "out")
    assert row["nodes"] == 34 and row["units"] == 4
    with open(row["file"], newline="") as file:
        head, *table = csv.reader(file)
    assert head == ["node", "0", "1", "2", "3"]
    assert [line[0] for line in table] == order
    np.testing.assert_allclose(
        np.array([line[1:] for line in table], float),
        np.asarray(app.network.embeddings),
        rtol=1e-4,
    )
    (tmp_path / "others.txt").write_text("a b\n")
    with pytest.raises(WrongRequest, match="Received: 2"):
        app.predict_path(tmp_path / "others.txt")
    app.node_names = None
    with pytest.raises(ValueError, match="Received: a graph of 2 nodes"):
        app.predict_path(tmp_path / "others.txt")


def test_refuses_a_network_that_learns_from_labels():
    with pytest.raises(ValueError, match="Received: GCN"):
        GraphEmbedder(GCN(3, 2))
    with pytest.raises(WrongRequest, match="not exported"):
        GraphEmbedder(DGI(encoder(3))).input_signature()
