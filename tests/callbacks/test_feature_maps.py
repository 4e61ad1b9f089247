import keras
import numpy as np
import pytest

from keras_nn.callbacks import FeatureMaps
from keras_nn.explain.heat_map import colours
from keras_nn.testing import check_callback
from keras_nn.testing import read_events
from keras_nn.testing import two_replicas

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (12, 8, 8, 1)).astype("uint8")
Y = np.arange(12) % 3
HEIGHT = 96 + 2 * 15 + 14  # of a row of tiles with their two lines


def make():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(4, 3, padding="same", name="a"),
            keras.layers.Conv2D(3, 3, padding="same", name="b"),
            keras.layers.Conv2D(2, 3, strides=2, padding="same", name="c"),
            keras.layers.Flatten(),
            keras.layers.Dense(3, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


@pytest.mark.slow
def test_conformance_and_the_last_map_of_each_size():
    events = check_callback(
        FeatureMaps,
        {"sample": (X, Y), "every": 1},
        model=make,
        x=X,
        y=Y,
        epochs=1,
    )
    first = events["validation"]["feature_maps"][0].value
    assert first.shape[0] == 2  # pictures
    rows = (first.shape[1] - 8) / HEIGHT
    columns = (first.shape[2] - 10) / 106
    # The picture, the 3 channels of b and the 2 of c.
    assert (rows, columns) == (3, 3)


def test_a_tile_is_the_map(tmp_path):
    model = make()
    callback = FeatureMaps(
        tmp_path, (X, Y), every=1, layers=["c"], count=1, channels=2
    )
    model.fit(X, Y, verbose=0, callbacks=[callback])
    (grid,) = read_events(tmp_path)["validation"]["feature_maps"][0].value
    until = keras.Model(model.inputs, model.get_layer("c").output)
    shown = callback.sample.take(np.arange(1))
    values = np.asarray(until(shown))[0]  # (4, 4, 2)
    scaled = (values - values.min()) / (values.max() - values.min())
    top = 8 + HEIGHT
    for channel in range(2):
        left = 10 + 106 * channel
        tile = grid[top : top + 96, left : left + 96][12::24, 12::24]
        expected = colours(scaled[..., channel]).astype(int)
        assert np.abs(tile.astype(int) - expected).max() <= 1
    # Above it the picture as it is.
    picture = grid[8 : 8 + 96, 10 : 10 + 96][6::12, 6::12, 0]
    np.testing.assert_array_equal(picture, shown[0, ..., 0])


@pytest.mark.slow
def test_two_replicas(tmp_path):
    with two_replicas().scope():
        model = make()
    callback = FeatureMaps(tmp_path, (X, Y), every=1)
    model.fit(X, Y, verbose=0, callbacks=[callback])
    assert "feature_maps" in read_events(tmp_path)["validation"]


def test_refuses_what_it_cannot_show(tmp_path):
    with pytest.raises(ValueError, match="Received: count=2, channels=0"):
        FeatureMaps(tmp_path, (X, Y), channels=0)
    with pytest.raises(ValueError, match="no pictures"):
        FeatureMaps(tmp_path, (np.zeros((4, 3)), np.zeros(4)))
    told = FeatureMaps(tmp_path, (X, Y), layers=["absent"])
    with pytest.raises(ValueError, match="Received: 'absent'"):
        make().fit(X, Y, verbose=0, callbacks=[told])
    flat = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(3, "softmax"),
        ]
    )
    flat.compile("sgd", "sparse_categorical_crossentropy")
    assert FeatureMaps.suits(make()) and not FeatureMaps.suits(flat)
    with pytest.raises(ValueError, match="a layer that makes maps"):
        flat.fit(X, Y, verbose=0, callbacks=[FeatureMaps(tmp_path, (X, Y))])
