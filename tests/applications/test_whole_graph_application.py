import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import GraphClassifier
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import cycles_or_not
from keras_nn.models import GIN


def make():
    app = GraphClassifier(GIN(1, 2, units=4, depth=1))
    app.compile()
    return app


def test_predictions_do_not_depend_on_who_is_in_the_batch():
    split = GraphSplit(*cycles_or_not(7, min_nodes=3, max_nodes=5))
    app = make()
    expected = app.predict(split, verbose=0)
    assert expected.shape == (7, 2)
    found = app.predict(split, batch_size=3, verbose=0)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_fit_takes_parts_and_evaluates_on_theirs():
    split = GraphSplit(*cycles_or_not(8, min_nodes=3, max_nodes=5))
    app = make()
    parts = data.Splits(split.take(5), split.take(3), None)
    history = app.fit(parts, epochs=1, batch_size=4, verbose=0).history
    scores = app.evaluate(split.take(3), verbose=0, return_dict=True)
    assert history["val_loss"][0] == pytest.approx(scores["loss"], rel=1e-4)
