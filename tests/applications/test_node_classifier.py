import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import NodeClassifier
from keras_nn.applications import WrongRequest
from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import pack
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.models import GCN
from keras_nn.models import MLP
from keras_nn.models import SAGE
from keras_nn.testing import check_application
from keras_nn.testing import slow_but
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.training_run import plain_descent


def graphs(count=4, size=5):
    pairs = [
        stochastic_block_model([size, size], 0.8, 0.1, seed)
        for seed in range(count)
    ]
    packs = [pack([graph]) for graph, _ in pairs]
    edges = max(p["edge_index"].shape[1] for p in packs)
    x = {
        "node_features": np.concatenate([p["node_features"] for p in packs]),
        "edge_index": np.concatenate(
            [
                np.pad(
                    p["edge_index"],
                    ((0, 0), (0, edges - p["edge_index"].shape[1]), (0, 0)),
                    constant_values=-1,
                )
                for p in packs
            ]
        ),
    }
    return x, np.stack([labels for _, labels in pairs])


@pytest.mark.slow
def test_conformance():
    x, y = graphs()

    def arguments():
        network = GCN(2, 2, units=[], dropout=0.0)
        return {"network": network, "normalize_features": True}

    check_application(NodeClassifier, arguments, x, y)


@pytest.mark.slow
def test_learns_the_karate_club_from_its_two_leaders():
    club = data.load("karate-club")
    app = NodeClassifier(GCN(34, 2), class_names=club.class_names)
    app.compile()
    app.fit(club.train, epochs=40, verbose=0)
    scores = app.evaluate(club.test, verbose=0, return_dict=True)
    assert scores["accuracy"] > 0.85
    by_node = app.example_scores(club.test)["accuracy"]
    assert by_node.shape == (24,)
    assert by_node.mean() == pytest.approx(scores["accuracy"])


def test_labels_of_nodes_that_do_not_count_are_never_looked_at():
    losses = []
    for other in (0, 1):
        club = data.load("karate-club").train
        keras.utils.set_random_seed(0)
        app = NodeClassifier(GCN(34, 2))
        app.compile()
        y = np.where(club.mask, club.y, other)
        split = type(club)(club.graph, y, club.mask)
        losses.append(app.fit(split, epochs=2, verbose=0).history["loss"])
    assert losses[0] == losses[1]


@pytest.mark.parametrize(
    "change, text",
    [
        ({"edge_index": np.full((1, 2, 2), 34, "int32")}, "Received: 34 to 34"),
        ({"edge_index": np.full((1, 2, 2), -2, "int32")}, "Received: -2 to -2"),
        ({"node_features": np.full((1, 34, 34), np.nan, "f4")}, "finite"),
    ],
)
@pytest.mark.parametrize("jit", [False, True])
def test_wrong_data_is_refused_under_xla_too(change, text, jit):
    x, y, weights = data.load("karate-club").train.arrays()
    app = NodeClassifier(GCN(34, 2))
    app.compile(jit_compile=jit)
    with pytest.raises(ValueError, match=text):
        app.fit({**x, **change}, y, sample_weight=weights, verbose=0)


@pytest.mark.slow
def test_learns_from_drawn_neighbourhoods():
    keras.utils.set_random_seed(0)
    graph, labels = stochastic_block_model([40, 40], 0.3, 0.02)
    order = np.random.default_rng(0).permutation(80)
    train, test = (
        NodeSplit(graph, labels, m) for m in (order < 20, order > 19)
    )
    app = NodeClassifier(SAGE(2, 2, units=[8], dropout=0.0), fan_outs=[4, 2])
    app.compile()
    app.fit(train, batch_size=10, epochs=20, validation_data=test, verbose=0)
    assert app.evaluate(test, verbose=0, return_dict=True)["accuracy"] > 0.9
    np.testing.assert_allclose(
        app.predict_by_layers(test, nodes_per_step=30),
        app.predict(test, verbose=0)[0],
        atol=1e-6,
    )


def write_club(folder, labels, names=str):
    """The karate club as files, with labels as a user names them."""
    club = data.load("karate-club").train
    edges = club.graph["edge_index"]
    folder.mkdir()
    rows = [f"{names(a)},{names(b)}" for a, b in edges if a < b]
    (folder / "edges.csv").write_text("\n".join(["from,to", *rows]))
    rows = [f"{names(n)},{label}" for n, label in enumerate(labels)]
    (folder / "nodes.csv").write_text("\n".join(["name,label", *rows]))
    return folder


@pytest.mark.parametrize("fan_outs", slow_but([10], of=[None, [10]]))
def test_files_are_trained_on_measured_on_and_predicted(fan_outs, tmp_path):
    keras.utils.set_random_seed(0)
    club = data.load("karate-club").test
    words = np.array(["teacher", "officer"])[club.y]
    path = write_club(tmp_path / "club", words, "m{}".format)
    splits = NodeClassifier.read_data(path, None, 0, {})
    assert splits.class_names == ("officer", "teacher")
    app = NodeClassifier(
        SAGE(34, 2, units=[]), splits.class_names, fan_outs=fan_outs
    )
    app.compile()
    app.fit(splits, epochs=40, verbose=0)
    whole = app.evaluate(app.read_test(path, {}), verbose=0, return_dict=True)
    rows = app.predict_path(path)
    right = [
        row["label"] == word for row, word in zip(rows, words, strict=True)
    ]
    assert (
        np.mean(right) == pytest.approx(whole["accuracy"])
        and whole["accuracy"] > 0.8
    )
    assert rows[3]["node"] == "m3" and rows[3]["probability"] > 0.5
    other = write_club(tmp_path / "other", ["x", "officer"] * 17)
    with pytest.raises(WrongRequest, match="Received: x"):
        app.read_test(other, {})
    small = tmp_path / "small"
    small.mkdir()
    (small / "edges.txt").write_text("a b")
    (small / "nodes.csv").write_text("name,label\na,x\nb,y")
    with pytest.raises(ValueError, match="Received: nodes of 2 features"):
        app.predict_path(small)


def test_drawn_neighbourhoods_on_two_replicas_equal_one():
    graph, labels = stochastic_block_model([8, 8], 0.5, 0.1)
    split = NodeSplit(graph, labels, np.arange(16) % 2 > 0)
    batch = next(split.sampled([2], 8, packs=2).at(0).as_numpy_iterator())

    def build():
        app = NodeClassifier(SAGE(2, 2, units=[], dropout=0.0))
        app.compile(optimizer=plain_descent())
        return app

    check_replica_step(build, batch)


def test_refuses_a_network_that_scores_no_nodes():
    with pytest.raises(ValueError, match=r"Received: \(None, 10\)"):
        NodeClassifier(MLP(input_shape=(4,)))
    with pytest.raises(ValueError, match="Received: 3 names"):
        NodeClassifier(GCN(2, 2), class_names=["a", "b", "c"])
