import keras
import numpy as np
import pytest

from keras_nn.callbacks import ClipStrips
from keras_nn.callbacks.clip_strips import strip
from keras_nn.testing import check_callback

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (9, 5, 8, 12, 3), "uint8")
Y = np.arange(9) % 3


def model():
    layers = [keras.Input(X.shape[1:]), keras.layers.Flatten()]
    net = keras.Sequential([*layers, keras.layers.Dense(3, "softmax")])
    net.compile("sgd", "sparse_categorical_crossentropy")
    return net


def test_conformance_and_what_is_written():
    events = check_callback(
        ClipStrips,
        {"sample": (X / 255, Y), "count": 3, "side": 16},
        model=model,
        x=X / 255,
        y=Y,
    )["validation"]
    assert len(events["clips"]) == 4


def test_a_strip_holds_frames_from_the_first_to_the_last():
    found = strip(X[0], frames=3, side=8)
    assert found.shape == (8, 3 * 12 + 2 * 2, 3)
    for number, frame in enumerate((0, 2, 4)):
        start = number * 14
        np.testing.assert_array_equal(found[:, start : start + 12], X[0, frame])
    assert strip(X[0], frames=99, side=4).shape == (4, 5 * 6 + 4 * 2, 3)


def test_refuses_what_is_no_clip(tmp_path):
    with pytest.raises(ValueError, match="needs clips"):
        ClipStrips(tmp_path, (X[:, 0], Y))
    with pytest.raises(ValueError, match="Received: count=0"):
        ClipStrips(tmp_path, (X, Y), count=0)
