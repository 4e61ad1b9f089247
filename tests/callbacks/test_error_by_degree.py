import numpy as np
import pytest

from keras_nn.applications import NodeClassifier
from keras_nn.callbacks import ErrorByDegree
from keras_nn.callbacks.error_by_degree import degree_groups
from keras_nn.data.graphs import NodeSplit
from keras_nn.models import SGC
from keras_nn.testing import read_events


def test_every_node_is_in_the_group_that_its_name_says():
    degree = np.arange(70)
    names, rows = degree_groups(degree)
    assert names == [
        *["0", "1", "2", "3-4", "5-8", "9-16", "17-32", "33-64", "65-128"]
    ]
    assert sorted(np.concatenate(rows).tolist()) == [*range(70)]
    for name, group in zip(names[3:], rows[3:], strict=True):
        low, high = map(int, name.split("-"))
        assert degree[group].min() == low and degree[group].max() <= high


def test_counts_errors_of_the_lonely_and_the_joined(tmp_path):
    # A star: node 0 with three neighbours, of which one leads to nobody.
    graph = {
        "node_features": np.eye(4, dtype="float32"),
        "edge_index": np.array([[1, 0], [2, 0], [3, 0], [0, 3]], "int32"),
    }
    split = NodeSplit(graph, np.array([0, 1, 0, 0]), np.ones(4, bool))
    app = NodeClassifier(SGC(4, 2, weight_decay=0.0))
    app.set_weights([np.zeros((4, 2)), np.array([1.0, 0.0])])  # says 0
    app.compile(optimizer="sgd")
    app.optimizer.learning_rate = 0.0
    instrument = ErrorByDegree(tmp_path, split)
    app.fit(split, verbose=0, callbacks=[instrument])
    events = read_events(tmp_path)["validation"]
    lonely, joined = (
        events[f"error_by_degree/{name}"][0].value
        for name in ("lonely", "joined")
    )
    # Degrees 3, 0, 0, 1: the median is a half.
    assert (lonely, joined) == pytest.approx((0.5, 0.0))
    assert "error_by_degree" in events
