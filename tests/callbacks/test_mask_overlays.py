import keras
import numpy as np
import pytest

from keras_nn.callbacks import MaskOverlays
from keras_nn.testing import check_callback

RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, (6, 12, 10, 1)).astype("float32")
Y = (X[..., 0] > 0.5).astype("uint8")
Y[:, 0] = 255


def model(channels=2):
    activation = "softmax" if channels > 1 else "sigmoid"
    net = keras.Sequential(
        [
            keras.Input(X.shape[1:]),
            keras.layers.Conv2D(channels, 1, activation=activation),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(ignore_class=255)
    net.compile("sgd", loss if channels > 1 else "mse")
    return net


def test_conformance_and_what_is_written():
    events = check_callback(
        MaskOverlays, {"sample": (X, Y), "count": 3}, model=model, x=X, y=Y
    )["validation"]
    assert {"mask_overlays", "iou/0", "iou/1", "iou_by_class"} <= set(events)
    assert len(events["iou/0"]) == 4


def test_the_ious_are_those_of_the_sample(tmp_path):
    from keras_nn.metrics import SegmentationIoU
    from keras_nn.testing import read_events

    net = model()
    instrument = MaskOverlays(tmp_path, (X, Y))
    net.fit(X, Y, epochs=1, verbose=0, callbacks=[instrument])
    metric = SegmentationIoU(2, ignore_class=255)
    metric.update_state(Y, net.predict(X, verbose=0))
    events = read_events(tmp_path)["validation"]
    for name, expected in enumerate(np.asarray(metric.per_class())):
        assert events[f"iou/{name}"][0].value == pytest.approx(
            float(expected), abs=1e-6
        )


def test_one_channel_and_masks_with_a_last_axis(tmp_path):
    net = model(1)
    y = (Y == 1)[..., None].astype("float32")
    instrument = MaskOverlays(tmp_path, (X, y), count=1)
    net.fit(X, y, epochs=1, verbose=0, callbacks=[instrument])


def test_refuses_what_has_no_masks(tmp_path):
    with pytest.raises(ValueError, match="needs a mask of class indices"):
        MaskOverlays(tmp_path, (X, np.zeros(6)))
    with pytest.raises(ValueError, match="`count` must be positive"):
        MaskOverlays(tmp_path, (X, Y), count=0)
