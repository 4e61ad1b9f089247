import keras
import numpy as np
import pytest
from sklearn.metrics import average_precision_score
from sklearn.metrics import roc_auc_score

from keras_nn import data
from keras_nn.applications import LinkPredictor
from keras_nn.applications import WrongRequest
from keras_nn.applications import load
from keras_nn.data.graphs import LinkSplit
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.models import GAE
from keras_nn.models import GCN
from keras_nn.testing import check_application
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.training_run import plain_descent


def encoder(features, units=8, hidden=(16,)):
    return GCN(
        features,
        units,
        units=hidden,
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
    check_application(
        LinkPredictor,
        lambda: {
            "network": GAE(encoder(3, hidden=())),
            "node_names": ["a", "b"],
        },
        x,
        y,
    )


def communities(seed=0):
    graph, _ = stochastic_block_model([30, 30], 0.5, 0.02, seed)
    graph["node_features"] = np.eye(60, dtype="float32")
    return data.Splits(LinkSplit(graph, [[0, 1]], [1]), None, None)


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    splits = LinkPredictor.arranged(communities(), seed=0)
    app = LinkPredictor(GAE(encoder(60)))
    app.compile()
    app.fit(splits, epochs=60, verbose=0)
    return app, splits


@pytest.mark.slow
def test_learns_communities_and_its_metrics_are_those_of_scikit(trained):
    app, splits = trained
    found = app.evaluate(splits.test, verbose=0, return_dict=True)
    odds = app.predict(splits.test, verbose=0)[0]
    expected = {
        "auc": roc_auc_score(splits.test.y, odds),
        "average_precision": average_precision_score(splits.test.y, odds),
    }
    assert expected["auc"] > 0.8
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=0.01)
    links = splits.test.links
    scores = app.score_links(splits.test.graph, links)
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-odds)), atol=1e-5)


@pytest.mark.slow
def test_new_links_are_the_likeliest_pairs_without_an_edge(trained):
    app, splits = trained
    graph = splits.test.graph
    best, scores = app.new_links(graph, top=3)
    every = np.stack(np.meshgrid(range(60), range(60), indexing="ij"), -1)
    table = app.score_links(graph, every.reshape(-1, 2)).reshape(60, 60)
    table[tuple(graph["edge_index"].T)] = -1
    np.fill_diagonal(table, -1)
    np.testing.assert_allclose(scores, -np.sort(-table)[:, :3], atol=1e-5)
    np.testing.assert_allclose(
        np.take_along_axis(table, best, axis=1), scores, atol=1e-5
    )
    same = (best < 30) == (np.arange(60)[:, None] < 30)
    assert same.mean() > 0.8  # of the same community


def test_a_node_joined_to_all_gets_no_new_link():
    graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [0, 2]]}
    best, scores = LinkPredictor(GAE(encoder(3, hidden=()))).new_links(
        graph, top=5
    )
    assert best.tolist()[0] == [-1, -1] and scores[0].tolist() == [0, 0]
    assert best[1].tolist() == [2, -1] and best[2].tolist() == [1, -1]


def test_two_replicas_equal_one():
    splits = LinkPredictor.arranged(communities(), seed=0)
    batch = next(splits.train.ordered(64, packs=2).at(0).as_numpy_iterator())

    def build():
        app = LinkPredictor(GAE(encoder(60)))
        app.compile(optimizer=plain_descent())
        return app

    check_replica_step(build, batch)


@pytest.mark.slow
def test_edges_from_a_file_are_trained_on_and_predicted(tmp_path):
    keras.utils.set_random_seed(0)
    club = data.load("karate-club").train
    rows = [f"m{a} m{b}" for a, b in club.graph["edge_index"] if a < b]
    (tmp_path / "friends.txt").write_text("\n".join(rows))
    path = tmp_path / "friends.txt"
    recipe = next(r for r in LinkPredictor.recipes() if r.name == "edges")
    splits = LinkPredictor.read_data(path, recipe, 0, {})
    settings = LinkPredictor.default_settings()
    app = LinkPredictor.from_recipe(recipe, splits, 2, 100, **settings)
    app.fit(splits, epochs=2, batch_size=100, verbose=0)
    assert set(app.node_names) == {f"m{n}" for n in range(34)}
    app.save(tmp_path / "app.keras")
    app = load(tmp_path / "app.keras")
    rows = app.predict_path(path, top=2)
    assert len(rows) == 68 and sorted(rows[0]) == [
        *["link", "node", "probability", "rank"]
    ]
    assert set(
        app.evaluate(app.read_test(path, {}), verbose=0, return_dict=True)
    ) == {"loss", "auc", "average_precision"}
    # Pairs of a folder, by name.
    folder = tmp_path / "folder"
    folder.mkdir()
    names = app.node_names
    (folder / "nodes.csv").write_text("\n".join(["name", *names]))
    (folder / "edges.txt").write_text(path.read_text())
    (folder / "pairs.csv").write_text(f"{names[0]},{names[5]}\n")
    (row,) = app.predict_path(folder)
    assert (row["source"], row["target"]) == (names[0], names[5])
    assert 0 < row["probability"] < 1
    (tmp_path / "others.txt").write_text("a b\n")
    with pytest.raises(WrongRequest, match="Received: 2, "):
        app.predict_path(tmp_path / "others.txt")


def test_refuses_a_network_that_judges_no_links():
    with pytest.raises(ValueError, match="Received: GCN"):
        LinkPredictor(GCN(3, 2))
    with pytest.raises(WrongRequest, match="not exported"):
        LinkPredictor(GAE(encoder(3, hidden=()))).input_signature()
