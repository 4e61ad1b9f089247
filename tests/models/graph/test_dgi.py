import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import DGI
from keras_nn.models import GCN
from keras_nn.models.graph.dgi import shuffled_features
from keras_nn.testing.backend import gradients
from keras_nn.testing.numbers import assert_close


def encoder(features=3):
    return GCN(features, 4, units=[8], dropout=0.0, classifier_activation=None)


@pytest.mark.slow
def test_learns_and_is_saved(two_packs, tmp_path):
    x, _ = two_packs
    keras.utils.set_random_seed(0)
    model = DGI(encoder())
    model.compile(keras.optimizers.Adam(0.02))
    before = model.evaluate(x, verbose=0)
    model.fit(x, epochs=30, verbose=0)
    assert model.evaluate(x, verbose=0) < before - 0.1
    model.save(tmp_path / "dgi.keras")
    loaded = keras.saving.load_model(tmp_path / "dgi.keras")
    np.testing.assert_allclose(loaded(x), model(x), atol=1e-6)
    assert loaded.evaluate(x, verbose=0) == model.evaluate(x, verbose=0)


def test_loss_and_gradients_are_pygs(recorded, golden_pack):
    graph = golden_pack("node_features", "edge_index")
    model = DGI(encoder(4))
    model.kernel.assign(recorded["kernel"])
    codes, others = (
        keras.Variable(recorded[key][None]) for key in ("codes", "other_codes")
    )

    def loss():
        value = model.contrast(graph, codes.value, others.value)
        return ops.sum(value), value

    value, _, found = gradients(loss, [codes, others, model.kernel])
    assert_close(value, recorded["dgi/loss"], "loss")
    found = [np.reshape(g, (-1, 4)) for g in map(ops.convert_to_numpy, found)]
    wanted = [recorded[f"dgi/gradient_{i}"] for i in range(3)]
    assert_close(found, wanted, "gradients")


def test_features_are_shuffled_within_graphs_and_padding_stays():
    ids = np.array([[0, -1, 1, 0, 1, 0, 0], [0, 0, 0, 0, 1, -1, -1]], "int32")
    graph = {
        "node_features": np.arange(14, dtype="float32").reshape(2, 7, 1),
        "edge_index": np.zeros((2, 1, 2), "int32"),
        "graph_ids": ids,
        "graph_mask": np.ones((2, 2), bool),
    }
    before = graph["node_features"][..., 0]
    seen = set()
    for seed in range(10):
        after = np.asarray(shuffled_features(graph, seed))[..., 0]
        for pack in range(2):
            for graph_id in (0, 1, -1):
                place = ids[pack] == graph_id
                assert {*after[pack, place]} == {*before[pack, place]}
        seen.add(tuple(after.ravel()))
    assert len(seen) > 5
