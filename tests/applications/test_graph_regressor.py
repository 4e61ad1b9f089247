import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import GraphRegressor
from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import molecules_like
from keras_nn.models import GIN
from keras_nn.models import MPNN
from keras_nn.testing import check_application


def network():
    return MPNN(4, 2, units=4, edge_units=3, steps=1, pooling_steps=1)


@pytest.mark.slow
def test_conformance():
    graphs = GraphSplit(
        *molecules_like(8, min_nodes=2, max_nodes=4),
        Budget(nodes=8, edges=12, graphs=2),
    )
    x, y, _ = graphs.arrays()
    assert x["graph_mask"].all()

    # The cheapest network of numbers; that of MPNN is the model's own test.
    def arguments():
        numbers = {"batch_normalization": False, "classifier_activation": None}
        network = GIN(4, 2, units=4, depth=1, dropout=0.0, **numbers)
        return {"network": network}

    check_application(GraphRegressor, arguments, x, y)


@pytest.mark.slow
def test_learns_what_atoms_and_bonds_add(tmp_path):
    keras.utils.set_random_seed(0)
    made_up = data.load("molecules-like")
    app = GraphRegressor(
        MPNN(4, 2, units=16, edge_units=8, steps=2, pooling_steps=2)
    )
    app.compile(optimizer=keras.optimizers.Adam(5e-3))
    app.fit(made_up, epochs=4, verbose=0)
    scores = app.evaluate(made_up.test, verbose=0, return_dict=True)
    assert scores["rmse"] < 0.5 * made_up.test.y.std()
    assert app.example_scores(made_up.test)["mae"].mean() == pytest.approx(
        scores["mae"], rel=1e-4
    )
    app.save(tmp_path / "app.keras")
    loaded = keras.saving.load_model(tmp_path / "app.keras")
    np.testing.assert_allclose(
        loaded.predict(made_up.test, verbose=0),
        app.predict(made_up.test, verbose=0),
        atol=1e-6,
    )


@pytest.mark.slow
def test_a_trained_scale_stays():
    graphs, targets = molecules_like(4)
    app = GraphRegressor(network())
    app.compile()
    app.fit(GraphSplit(graphs, 100 + targets), epochs=1, verbose=0)
    before = app.scale.get_weights()
    assert before[0][0] == pytest.approx(100 + targets.mean(), rel=1e-5)
    app.fit(GraphSplit(graphs, targets), epochs=1, verbose=0)
    np.testing.assert_array_equal(app.scale.get_weights()[0], before[0])


def test_reads_and_predicts_molecules(tmp_path):
    pytest.importorskip("rdkit")
    path = tmp_path / "measured.csv"
    path.write_text("name,smiles,boils\nethanol,CCO,78.2\nwater,O,100\n")
    app = GraphRegressor(
        MPNN(29, 7, units=4, edge_units=3, steps=1, pooling_steps=1)
    )
    rows = app.predict_path(path)
    assert [(row["graph"], row["target"]) for row in rows] == [(0, 0), (1, 0)]
    app.compile()
    scores = app.evaluate(app.read_test(path, {}), verbose=0, return_dict=True)
    assert scores["rmse"] > 0


def test_refuses_a_network_that_gives_no_numbers():
    from keras_nn.models import MLP

    with pytest.raises(ValueError, match=r"Received: \(None, 10\)"):
        GraphRegressor(MLP(input_shape=(4,)))
