import keras
import numpy as np
import pytest

from keras_nn.callbacks import LabelPictures
from keras_nn.callbacks import PrecisionRecallCurves
from keras_nn.callbacks import ValidationSample
from keras_nn.callbacks.label_pictures import _caption
from keras_nn.testing import read_events

X = np.random.default_rng(0).integers(0, 256, (9, 6, 6, 1)).astype("uint8")
Y = np.random.default_rng(1).integers(0, 2, (9, 3)).astype("float32")


def test_pictures_and_curves_of_many_labels(tmp_path):
    sample = ValidationSample(X, Y, ["a", "b", "c"], multi_label=True)
    flat = keras.layers.Flatten()
    model = keras.Sequential([flat, keras.layers.Dense(3, "sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    instruments = [
        LabelPictures(tmp_path, sample, count=5),
        PrecisionRecallCurves(tmp_path, sample),
    ]
    model.fit(X / 255.0, Y, verbose=0, callbacks=instruments)
    events = read_events(tmp_path)["validation"]
    (event,) = events["labels"]
    height, width = event.value.shape[1:3]
    assert width > 4 * 160 and height > 2 * 160  # five in rows of four
    assert {"pr_curves/b", "average_precision/macro"} <= set(events)


def test_captions_name_what_is_there_found_and_missed():
    truth, found = np.array([1, 1, 0], bool), np.array([1, 0, 1], bool)
    assert _caption(truth, found, "abc") == "is a b\na +c -b"
    nothing = np.zeros(3, bool)
    assert _caption(nothing, nothing, "abc") == "is none\nnone"


def test_needs_many_labels_and_rows_of_them():
    with pytest.raises(ValueError, match="multi_label=True"):
        LabelPictures("nowhere", (X, np.arange(9) % 3))
    sample = ValidationSample(X, Y, multi_label=True)
    with pytest.raises(ValueError, match="count=0"):
        LabelPictures("nowhere", sample, count=0)
    with pytest.raises(ValueError, match=r"\(9, 3\) for 4 classes"):
        sample.label_matrix(4)
    with pytest.raises(ValueError, match="no one label"):
        _ = sample.labels
