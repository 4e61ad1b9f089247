import numpy as np
import pytest

from keras_nn.callbacks import ReceptiveFields
from keras_nn.models import RBM
from keras_nn.testing import check_callback


def model(shape=(2, 2, 1)):
    machine = RBM(shape, 3)
    machine.compile("adam")
    return machine


@pytest.mark.slow
def test_conformance_and_what_is_shown():
    x = np.random.default_rng(0).uniform(size=(6, 2, 2, 1))
    events = check_callback(
        ReceptiveFields,
        {"count": 2},
        model=model,
        x=x.astype("float32"),
        epochs=1,
    )
    steps = {event.step for event in events["train"]["receptive_fields"]}
    assert steps == {0}


def test_the_largest_weights_come_first(tmp_path):
    shown = ReceptiveFields(tmp_path, count=2)
    shown.set_model(model())
    kernel = np.zeros((4, 3), "float32")
    kernel[:, 1], kernel[:, 2] = 1.0, [0, 5, 0, 0]
    shown.model.kernel.assign(kernel)
    found = shown._fields()[..., 0]
    assert found.tolist() == [[[0, 5], [0, 0]], [[1, 1], [1, 1]]]


def test_refuses_no_unit_and_rows(tmp_path):
    with pytest.raises(ValueError, match="`count` must be positive"):
        ReceptiveFields(tmp_path, count=0)
    with pytest.raises(ValueError, match="a RBM of examples of shape"):
        model((4,)).fit(
            np.ones((2, 4)), verbose=0, callbacks=[ReceptiveFields(tmp_path)]
        )
