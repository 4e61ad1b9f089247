import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.callbacks import PositionPerplexity
from keras_nn.testing import read_events


def model_that_knows(length, vocabulary):
    """Sure of token 1 in the first half, of nothing in the second."""
    logits = np.zeros((length, vocabulary), "float32")
    logits[: length // 2, 1] = 50.0
    ids = keras.Input((length,), dtype="int32")
    x = keras.layers.Embedding(vocabulary, vocabulary)(ids) * 0.0
    model = keras.Model(ids, x + keras.ops.convert_to_tensor(logits))
    model.compile("sgd")
    return model


def test_perplexity_of_each_place(tmp_path):
    x = np.ones((3, 8), "int32")
    y = np.ones((3, 8), "int32")
    y[2, 6:] = -1
    instrument = PositionPerplexity(tmp_path, data.Split(x, y))
    instrument.set_model(model_that_knows(8, 4))
    instrument.on_train_begin()
    instrument.on_epoch_end(0)
    instrument.on_train_end()
    events = read_events(tmp_path)["validation"]
    first, last = (
        events[f"position_perplexity/{name}_quarter"][0].value
        for name in ("first", "last")
    )
    assert first == pytest.approx(1) and last == pytest.approx(4)
    assert events["position_perplexity"][0].plugin == "images"
    nats, count = instrument._nats()
    np.testing.assert_array_equal(count, [3] * 6 + [2, 2])
    np.testing.assert_allclose(
        nats, [0] * 4 + [n * np.log(4) for n in (3, 3, 2, 2)], atol=1e-4
    )


def test_refuses_no_window(tmp_path):
    nothing = data.Split(np.zeros((0, 4)), np.zeros((0, 4)))
    with pytest.raises(ValueError, match="must be a window"):
        PositionPerplexity(tmp_path, nothing)
