import keras
import numpy as np
import pytest

from keras_nn.callbacks import FilterGallery
from keras_nn.callbacks.filter_gallery import filter_pictures
from keras_nn.testing import check_callback
from keras_nn.testing import read_events

X = np.random.default_rng(0).uniform(size=(12, 8, 8, 3)).astype("float32")
Y = np.arange(12) % 3


def make():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(4, 1, name="point"),
            keras.layers.Conv2D(5, 3, name="edges"),
            keras.layers.Flatten(),
            keras.layers.Dense(3, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_conformance_and_what_is_written():
    events = check_callback(FilterGallery, {}, model=make, x=X, y=Y)
    (found,) = events["train"]
    assert found == "filters/edges"  # the first of more than a pixel
    first, second = events["train"][found][:2]
    # Four channels in columns, five filters in rows, tiles of 33 pixels.
    assert first.value.shape == (1, 2 + 5 * 35, 2 + 4 * 35, 3)
    assert (first.value != second.value).any()


def test_colours_are_the_weights():
    kernel = np.zeros((2, 2, 3, 2), "float32")
    kernel[0, 0, 0, 0] = 2.0
    kernel[1, 1, 2, 0] = -1.0
    pictures, columns = filter_pictures(kernel, 64, 8)
    assert columns == 2 and pictures.shape == (2, 2, 2, 3)
    assert pictures[0, 0, 0].tolist() == [255, 128, 128]
    assert pictures[0, 1, 1].tolist() == [128, 128, 64]
    assert (pictures[1] == 128).all()  # a blank filter
    kernel[0, 0, 0, 0] = np.nan
    assert filter_pictures(kernel, 1, 8)[0].shape == (1, 2, 2, 3)


def test_filters_of_many_channels_are_rows():
    kernel = np.arange(2 * 2 * 10 * 3, dtype="float32").reshape(2, 2, 10, 3)
    pictures, columns = filter_pictures(kernel, 2, 4)
    assert columns == 4 and len(pictures) == 2 * 4
    expected = 255 * (0.5 + kernel[1, 0, 3, 1] / (2 * kernel[..., 1].max()))
    assert abs(pictures[4 + 3, 1, 0, 0] - expected) <= 0.5


@pytest.mark.parametrize("layer", ["point", "edges"])
def test_a_layer_is_found_by_its_name(tmp_path, layer):
    inner = make()
    outer = keras.Sequential([keras.Input((8, 8, 3)), inner])
    outer.compile("sgd", "sparse_categorical_crossentropy")
    gallery = FilterGallery(tmp_path, layer)
    outer.fit(X, Y, verbose=0, callbacks=[gallery])
    assert list(read_events(tmp_path)["train"]) == [
        f"filters/{inner.name}/{layer}"
    ]


def test_refuses_what_it_cannot_show(tmp_path):
    with pytest.raises(ValueError, match="Received: count=0"):
        FilterGallery(tmp_path, count=0)
    gallery = FilterGallery(tmp_path, "absent")
    with pytest.raises(ValueError, match="'edges'.*Received: 'absent'"):
        make().fit(X, Y, verbose=0, callbacks=[gallery])
    dense = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    assert FilterGallery.suits(make()) and not FilterGallery.suits(dense)
