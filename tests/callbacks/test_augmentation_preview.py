import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.callbacks import AugmentationPreview
from keras_nn.callbacks.augmentation_preview import _words
from keras_nn.layers import MixPictures
from keras_nn.models import MLP
from keras_nn.testing import check_callback
from keras_nn.testing import read_events

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (12, 8, 8, 3)).astype("uint8")
Y = np.arange(12) % 3
HEIGHT = 112 + 2 * 15 + 14


def make(**kwargs):
    network = MLP(False, input_shape=(8, 8, 3), units=[4])
    app = ImageClassifier(network, 3, **kwargs)
    app.compile()
    return app


def rows_of(grid):
    """The middle pixels of the first column's tiles, as 8x8 pictures."""
    tops = range(30, len(grid) - 112, HEIGHT)
    return [
        grid[top : top + 112, 10 : 10 + 112][7::14, 7::14].astype(int)
        for top in tops
    ]


def test_conformance_and_draws_anew_in_each_row():
    def model():
        return make(mixing=MixPictures(mixup=0.0, seed=0))

    events = check_callback(
        AugmentationPreview,
        {"sample": (X, Y), "every": 1, "count": 3, "draws": 2},
        model=model,
        x=X,
        y=Y,
        epochs=1,
    )
    grid = events["train"]["augmentation"][0].value[0]
    assert grid.shape == (30 + 3 * HEIGHT, 3 * 122 + 10, 3)
    first, second, third = rows_of(grid)
    np.testing.assert_array_equal(first, X[0])
    assert np.abs(first - second).max() > 20
    assert np.abs(second - third).max() > 20


def test_without_augmentation_the_rows_are_the_pictures(tmp_path):
    preview = AugmentationPreview(tmp_path, (X, Y), draws=1)
    make().fit(X, Y, verbose=0, callbacks=[preview])
    (grid,) = read_events(tmp_path)["train"]["augmentation"][0].value
    for row in rows_of(grid):
        assert np.abs(row - X[0]).max() <= 1


def test_mixtures_are_named_by_their_shares():
    names = ["ant", "bee", "cat"]
    assert _words(np.array([0.0, 1.0, 0.0]), names) == "bee"
    assert _words(np.array([0.3, 0.0, 0.7]), names) == "70% cat\n30% ant"


def test_refuses_what_it_cannot_show(tmp_path):
    with pytest.raises(ValueError, match="Received: count=8, draws=0"):
        AugmentationPreview(tmp_path, (X, Y), draws=0)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(3, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    preview = AugmentationPreview(tmp_path, (X, Y))
    with pytest.raises(ValueError, match="`augmented`.*a Sequential"):
        model.fit(X, Y, verbose=0, callbacks=[preview])
