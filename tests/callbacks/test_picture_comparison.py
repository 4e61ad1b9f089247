import keras
import numpy as np
import pytest

from keras_nn.callbacks import PictureComparison
from keras_nn.testing import check_callback
from keras_nn.testing import read_events

X = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), "uint8")


class Shows(keras.Sequential):
    def comparison(self, x, y):
        assert len(x) == len(y) == 2
        return [
            [("given", a), ("wanted\n8x8", b)]
            for a, b in zip(x, y, strict=True)
        ]


def model(cls=Shows):
    net = cls([keras.Input((8, 8, 3)), keras.layers.Conv2D(3, 1)])
    net.compile("sgd", "mse")
    return net


def test_conformance_and_what_is_written():
    events = check_callback(
        PictureComparison,
        {"sample": (X, X), "count": 2, "tile": 32},
        model=model,
        x=X,
        y=X,
    )["validation"]
    assert len(events["comparison"]) == 4


class GivesBack(keras.Sequential):
    def reconstruct(self, x, y):
        assert y is None
        return x + np.array([0.0, 0.1], "float32")[:, None, None, None]


def test_what_comes_back_stands_below_what_was_given(tmp_path):
    x = (X[:2] / 255.0).astype("float32")
    instrument = PictureComparison(tmp_path, (x, None), tile=32)
    net = GivesBack([keras.Input((8, 8, 3)), keras.layers.Conv2D(3, 1)])
    net.compile("sgd", "mse")
    instrument.set_model(net)
    given, made = instrument._rows()
    assert [caption for caption, _ in given] == ["given", "given"]
    decibels = float(made[1][0].removesuffix(" dB"))
    assert abs(decibels - 20 * np.log10(np.ptp(x) / 0.1)) < 0.06
    np.testing.assert_array_equal(made[0][1], given[0][1])
    instrument.on_train_begin()
    instrument.on_epoch_end(0)
    (event,) = read_events(tmp_path)["validation"]["comparison"]
    assert event.value.shape[1:3] == (182, 94)


def test_refuses_models_that_compare_nothing(tmp_path):
    instrument = PictureComparison(tmp_path, (X, X))
    with pytest.raises(ValueError, match="a Sequential, which has none"):
        model(keras.Sequential).fit(X, X, verbose=0, callbacks=[instrument])
    with pytest.raises(ValueError, match="Received: count=0"):
        PictureComparison(tmp_path, (X, X), count=0)
