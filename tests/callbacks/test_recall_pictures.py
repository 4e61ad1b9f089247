import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import AssociativeMemory
from keras_nn.callbacks import RecallPictures
from keras_nn.models import HopfieldNetwork
from keras_nn.testing import check_callback

X = data.load("digit-patterns").train.x[:3]


def model():
    app = AssociativeMemory(HopfieldNetwork((8, 8, 1), steps=3))
    app.compile()
    return app


def test_conformance_and_what_is_drawn():
    events = check_callback(
        RecallPictures,
        {"pictures": X},
        model=model,
        x=X,
        y=np.arange(3),
        epochs=1,
    )
    found = events["train"]
    assert set(found) == {"recall", "energy_trace", "recall_energy"}
    assert {event.step for event in found["recall"]} == {0}


def test_refuses_no_picture(tmp_path):
    with pytest.raises(ValueError, match="must hold a picture"):
        RecallPictures(tmp_path, X[:0])
