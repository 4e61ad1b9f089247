import json

import numpy as np
import pytest

from keras_nn.training import plain_values


def test_everything_plain_comes_back_as_it_was():
    value = {
        "a": (1, [2.5, None, True]),
        "b": np.arange(3),
        "c": np.float32(0.1),
        "d": {1: "x", "__keras_nn__": (2,)},
        "e": float("inf"),
    }
    arrays = {}
    text = json.dumps(plain_values.encode(value, "v", arrays))
    back = plain_values.decode(json.loads(text), arrays)
    np.testing.assert_array_equal(back.pop("b"), value.pop("b"))
    assert type(back["c"]) is np.float32
    assert back == value


@pytest.mark.parametrize("value", [object(), {1, 2}, np.array([object()])])
def test_refuses_what_is_not_plain(value):
    with pytest.raises(plain_values.NotPlain):
        plain_values.encode([value], "v", {})
