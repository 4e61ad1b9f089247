import numpy as np
import pytest

from keras_nn.callbacks import DensityMap
from keras_nn.models import Flow
from keras_nn.testing import check_callback

X = np.random.default_rng(0).normal(size=(12, 3)).astype("float32")


@pytest.mark.parametrize("columns", [2, 3])
def test_conformance_and_what_is_drawn(columns):
    def model():
        flow = Flow.from_preset("real_nvp", (columns,), depth=1, units=[4])
        flow.compile("adam")
        return flow

    x = X[:, :columns]
    events = check_callback(
        DensityMap, {"x": x, "resolution": 9}, model=model, x=x
    )
    assert {event.step for event in events["train"]["density"]} == {0, 1}


def test_refuses_what_is_no_table(tmp_path):
    with pytest.raises(ValueError, match="rows of two numbers"):
        DensityMap(tmp_path, X[:, :1])
