import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import GraphClassifier
from keras_nn.applications import WrongRequest
from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import budget
from keras_nn.data.graphs import cycles_or_not
from keras_nn.models import GCN
from keras_nn.models import GIN
from keras_nn.testing import check_application
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.training_run import plain_descent

TEXT = "3\n2 0\n0 1 1\n3 1 0\n1 2\n0 0\n2 2\n3 1 1\n3 1 0\n"


def network(**arguments):
    return GIN(1, 2, units=4, depth=1, dropout=0.0, **arguments)


@pytest.mark.slow
def test_conformance():
    graphs = GraphSplit(
        *cycles_or_not(8, min_nodes=3, max_nodes=5),
        Budget(nodes=10, edges=20, graphs=2),
    )
    x, y, _ = graphs.arrays()
    assert x["graph_mask"].all()

    def arguments():
        return {"network": network(batch_normalization=False)}

    check_application(GraphClassifier, arguments, x, y)


def test_packs_of_unlike_numbers_of_graphs_on_two_replicas_equal_one():
    few = GraphSplit(*cycles_or_not(3, min_nodes=3, max_nodes=5))
    batch = next(few.ordered(4, packs=2).at(0).as_numpy_iterator())
    assert batch[2].tolist() == [[1, 1], [1, 0]]

    def build():
        app = GraphClassifier(network(batch_normalization=False))
        app.compile(optimizer=plain_descent())
        return app

    check_replica_step(build, batch)


@pytest.mark.slow
def test_learns_to_tell_cycles_from_trees():
    import keras

    keras.utils.set_random_seed(0)
    cycles = data.load("cycles-or-not")
    app = GraphClassifier(GIN(1, 2, units=16, depth=3, dropout=0.0))
    app.compile(optimizer=keras.optimizers.Adam(1e-2))
    app.fit(cycles, epochs=3, verbose=0)
    scores = app.evaluate(cycles.test, verbose=0, return_dict=True)
    assert scores["accuracy"] > 0.9
    by_graph = app.example_scores(cycles.test)["accuracy"]
    assert by_graph.shape == (300,)
    assert by_graph.mean() == pytest.approx(scores["accuracy"])


@pytest.mark.slow
def test_xla_compiles_once_a_budget(monkeypatch):
    monkeypatch.setattr(budget, "SPREAD", -1.0)  # no large graph fits
    traced = []

    class Traced(GIN):
        def call(self, inputs, training=None, mask=None):
            traced.append(inputs["node_features"].shape)
            return super().call(inputs, training, mask)

    sizes = [4] * 10 + [40] * 2
    graphs = [cycles_or_not(1, n, s, s)[0][0] for n, s in enumerate(sizes)]
    unlike = GraphSplit(graphs, np.arange(12) % 2)
    usual, largest = unlike.ordered(4, True).budgets
    app = GraphClassifier(Traced(1, 2, units=4, depth=1))
    app.compile(jit_compile=True)
    app.fit(unlike, batch_size=4, epochs=4, verbose=0)
    shapes = {(1, usual.nodes, 1), (1, largest.nodes, 1)}
    assert {tuple(s) for s in traced if None not in s} == shapes
    once = len(traced)
    app.fit(unlike, batch_size=4, epochs=4, verbose=0)
    assert len(traced) <= once + 1  # what `fit` looks at before it compiles


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize(
    "change, text",
    [
        ({"edge_index": [[0, 9]]}, r"Received: \[0, 9\] in edge 0"),
        ({"node_features": np.full((3, 1), np.nan)}, "must be finite"),
    ],
)
def test_wrong_graphs_are_refused_under_xla_too(change, text, jit):
    graph = {"node_features": np.ones((3, 1)), "edge_index": [[0, 1]]}
    app = GraphClassifier(network())
    app.compile(jit_compile=jit)
    with pytest.raises(ValueError, match=text):
        app.fit(GraphSplit([graph, {**graph, **change}], [0, 1]), verbose=0)


def test_labels_out_of_range_are_refused():
    graph = {"node_features": np.ones((3, 1)), "edge_index": [[0, 1]]}
    app = GraphClassifier(network())
    app.compile()
    with pytest.raises(ValueError, match="Received: 2"):
        app.fit(GraphSplit([graph, graph], [0, 2]), verbose=0)


def test_graphs_without_nodes_or_edges_are_graphs():
    graphs = [
        {"node_features": np.zeros((0, 1)), "edge_index": []},
        {"node_features": np.ones((3, 1)), "edge_index": []},
        {"node_features": np.ones((2, 1)), "edge_index": [[0, 1], [0, 1]]},
    ]
    split = GraphSplit(graphs, [0, 1, 0])
    app = GraphClassifier(network(batch_normalization=False))
    app.compile()
    app.fit(split, epochs=1, verbose=0)
    assert np.isfinite(app.predict(split, verbose=0)).all()


def test_reads_and_predicts_files(tmp_path):
    path = tmp_path / "molecules.txt"
    path.write_text(TEXT)
    app = GraphClassifier(
        GIN(2, 2, units=4, depth=1), class_names=["no", "yes"]
    )
    rows = app.predict_path(path, top=2)
    assert [row["graph"] for row in rows] == [0, 0, 1, 1, 2, 2]
    assert {row["label"] for row in rows} == {"no", "yes"}
    app.compile()
    scores = app.evaluate(app.read_test(path, {}), verbose=0, return_dict=True)
    assert 0 <= scores["accuracy"] <= 1
    with pytest.raises(ValueError, match="Received: nodes of 2 features"):
        GraphClassifier(network()).predict_path(path)
    with pytest.raises(WrongRequest, match="Received: "):
        app.predict_path(tmp_path)
    with pytest.raises(FileNotFoundError, match="Received: "):
        app.predict_path(tmp_path / "absent.txt")


def test_refuses_a_network_that_scores_no_graphs():
    with pytest.raises(ValueError, match="Received: 3 names"):
        GraphClassifier(network(), class_names=["a", "b", "c"])
    with pytest.raises(ValueError, match=r"Received: \(None, None, 1\)"):
        GraphClassifier(GCN(2, 1))
