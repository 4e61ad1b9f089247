import numpy as np
import pytest
from keras import ops

from keras_nn.models import TCN
from keras_nn.testing import check_model


def test_conformance():
    arguments = {"input_shape": (6, 2), "filters": [3, 4]}
    check_model(TCN, arguments, (3, 6, 2), (3, 6, 4), export=False)


def test_sees_as_many_steps_as_it_says():
    model = TCN((None, 1), filters=[8, 8], kernel_size=3)
    assert model.receptive_field == 13
    x = np.random.default_rng(0).normal(size=(1, 30, 1)).astype("float32")
    last = ops.convert_to_numpy(model(x))[0, -1]
    reached = []
    for step in range(30):
        other = x.copy()
        other[0, step] += 50
        found = ops.convert_to_numpy(model(other))[0, -1]
        reached.append(bool((found != last).any()))
    assert reached == [False] * 17 + [True] * 13


def test_no_block_is_refused():
    with pytest.raises(ValueError, match=r"Received: filters=\[\]"):
        TCN((None, 1), filters=[])
