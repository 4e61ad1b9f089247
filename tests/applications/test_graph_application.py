import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import GraphClassifier
from keras_nn.applications import NodeClassifier
from keras_nn.applications import export
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import cycles_or_not
from keras_nn.models import GCN
from keras_nn.models import GIN
from keras_nn.testing import slow_but

X = data.load("karate-club").train.arrays()[0]


def test_takes_the_keys_that_its_network_uses():
    app = NodeClassifier(GCN(34, 2))
    assert sorted(app.checked(X)) == ["edge_index", "node_features"]
    with pytest.raises(ValueError, match=r"Received: \['node_features'\]"):
        app.checked({"node_features": X["node_features"]})


def test_features_are_scaled_where_it_is_asked_for():
    network = GCN(34, 2)
    plain = NodeClassifier(network)
    scaled = NodeClassifier(network, normalize_features=True)
    larger = {**X, "node_features": 3 * X["node_features"]}
    np.testing.assert_allclose(scaled(larger), plain(X), atol=1e-6)
    assert np.abs(np.asarray(plain(larger)) - plain(X)).max() > 1e-3


@pytest.mark.parametrize(
    "kind", slow_but("saved_model", of=["saved_model", "onnx", "litert"])
)
def test_an_export_predicts_graphs_of_any_size(kind, tmp_path):
    if kind == "onnx":
        pytest.importorskip("tf2onnx")
    app = NodeClassifier(GCN(34, 2), normalize_features=True)
    path = tmp_path / f"app{export.SUFFIXES[kind]}"
    app.export(path, kind)  # compares predictions itself
    received = export.RUNNERS[kind](str(path), app.checked(X))
    np.testing.assert_allclose(received[0], app(X), atol=1e-5)


def test_an_export_of_whole_graphs_takes_masks_too(tmp_path):
    app = GraphClassifier(GIN(1, 2, units=4, depth=1))
    app.export(tmp_path / "app", "saved_model")
    packs = GraphSplit(*cycles_or_not(3)).arrays()[0]
    inputs = {key: packs[key] for key in app.input}
    (received,) = export.run_saved_model(str(tmp_path / "app"), inputs)
    np.testing.assert_allclose(received, app(inputs), atol=1e-5)
