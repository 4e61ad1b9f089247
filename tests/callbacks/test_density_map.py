import numpy as np
import pytest

from keras_nn.callbacks import DensityMap
from keras_nn.models import Flow
from keras_nn.testing import check_callback

X = np.random.default_rng(0).normal(size=(12, 3)).astype("float32")


def flow(columns):
    model = Flow.from_preset("real_nvp", (columns,), depth=1, units=[4])
    model.compile("adam")
    return model


@pytest.mark.slow
def test_conformance_and_what_is_drawn():
    x = X[:, :2]
    events = check_callback(
        DensityMap,
        {"x": x, "resolution": 9},
        model=lambda: flow(2),
        x=x,
        epochs=1,
    )
    assert {event.step for event in events["train"]["density"]} == {0}


def test_longer_rows_are_shown_beside_drawn_ones(tmp_path):
    shown = DensityMap(tmp_path, X)
    shown.set_model(flow(3))
    assert shown._directions().shape == (1, 400, 500, 3)


def test_refuses_what_is_no_table(tmp_path):
    with pytest.raises(ValueError, match="rows of two numbers"):
        DensityMap(tmp_path, X[:, :1])
