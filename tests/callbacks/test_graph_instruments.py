"""What all instruments of graphs promise."""

import keras
import pytest

from keras_nn import callbacks
from keras_nn import data
from keras_nn.applications import NodeClassifier
from keras_nn.models import GAT
from keras_nn.models import SGC
from keras_nn.testing import check_callback

CLUB = data.load("karate-club")


def one_layer():
    return SGC(34, 2, steps=1)


def attending():
    return GAT(34, 2, units=2, heads=1, dropout=0.0)


@pytest.mark.parametrize(
    "cls, network, arguments",
    [
        pytest.param(
            callbacks.AttentionHistograms,
            attending,
            {"graph": CLUB.test.graph},
            marks=pytest.mark.slow,
        ),
        (callbacks.DirichletEnergy, one_layer, {"graph": CLUB.test.graph}),
        (callbacks.ErrorByDegree, one_layer, {"split": CLUB.test}),
        (callbacks.GraphDrawings, one_layer, {"split": CLUB.test, "count": 1}),
        (callbacks.NodeProjector, one_layer, {"split": CLUB.test}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_conformance(cls, network, arguments):
    def model():
        keras.utils.set_random_seed(0)
        app = NodeClassifier(network())
        app.compile()
        return app

    x, y, _ = CLUB.train.arrays()
    x = {key: x[key] for key in ("node_features", "edge_index")}
    check_callback(cls, arguments, model=model, x=x, y=y, epochs=1)
