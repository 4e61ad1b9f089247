import keras
import numpy as np
import pytest

from keras_nn.applications import LinkPredictor
from keras_nn.callbacks import LinkScores
from keras_nn.data.graphs import LinkSplit
from keras_nn.models import GAE
from keras_nn.models import GCN
from keras_nn.testing import check_callback
from keras_nn.testing import read_events

GRAPH = {"node_features": np.eye(4), "edge_index": [[0, 1], [1, 0]]}
SPLIT = LinkSplit(GRAPH, [[0, 1], [2, 3], [0, 2]], np.array([1, 0, 0]))


def model():
    keras.utils.set_random_seed(0)
    app = LinkPredictor(GAE(GCN(4, 2, dropout=0.0, weight_decay=0.0)))
    app.compile()
    return app


@pytest.mark.slow
def test_conformance_and_the_gap_of_the_medians():
    x, y, _ = SPLIT.arrays()
    events = check_callback(
        LinkScores, {"split": SPLIT}, model=model, x=x, y=y, epochs=1
    )["validation"]
    assert len(events["link_scores"]) == len(events["link_scores/gap"]) == 2


def test_measures_what_the_model_says(tmp_path):
    x, y, _ = SPLIT.arrays()
    app = model()
    instrument = LinkScores(tmp_path, SPLIT)
    app.fit(x, y, verbose=0, callbacks=[instrument])
    odds = app.predict(SPLIT, verbose=0)[0]
    (event,) = read_events(tmp_path)["validation"]["link_scores/gap"]
    gap = odds[0] - np.median(odds[1:])
    assert event.value == pytest.approx(gap, abs=1e-5)
