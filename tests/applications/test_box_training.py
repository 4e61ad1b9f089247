import keras
import numpy as np
import pytest

from keras_nn.applications import ObjectDetector
from keras_nn.layers import RandomBoxView
from keras_nn.models import FCOS


@pytest.fixture(scope="module")
def app():
    images = keras.Input((8, 8, 3))
    maps = keras.layers.Conv2D(4, 3, 4, "same")(images)
    network = FCOS(
        keras.Model(images, maps, name="maps"),
        2,
        extra_levels=0,
        filters=4,
        depth=0,
    )
    app = ObjectDetector(network, ["owl", "cat"], augmentation=RandomBoxView())
    app.compile()
    return app


X = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3)).astype("float32")
Y = np.array([[[1, 1, 6, 7, 0]], [[0, 2, 8, 8, 1]], [[0, 0, 0, 0, -1]]], "f4")


def test_precision_is_measured_where_somebody_looks(app):
    history = app.fit(X, Y, validation_data=(X, Y), verbose=0).history
    assert "map" not in history and "loss" in history
    precision = {"map", "ap50", "ap75", "ap50_owl", "ap50_cat"}
    assert {f"val_{name}" for name in precision} <= set(history)
    measured = app.evaluate(X, Y, verbose=0, return_dict=True)
    assert precision | {"loss"} <= set(measured)


def test_targets_must_be_boxes(app):
    with pytest.raises(ValueError, match=r"Targets are rows.*\(2,\)"):
        app.fit(X[:2], np.zeros(2), verbose=0)
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\].*2.0"):
        app.evaluate(X[:1], np.array([[[1, 1, 6, 7, 2.0]]]), verbose=0)
