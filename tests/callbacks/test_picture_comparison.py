import keras
import numpy as np
import pytest

from keras_nn.callbacks import PictureComparison
from keras_nn.testing import check_callback

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


def test_refuses_models_that_compare_nothing(tmp_path):
    instrument = PictureComparison(tmp_path, (X, X))
    with pytest.raises(ValueError, match="a Sequential, which has none"):
        model(keras.Sequential).fit(X, X, verbose=0, callbacks=[instrument])
    with pytest.raises(ValueError, match="Received: count=0"):
        PictureComparison(tmp_path, (X, X), count=0)
