import numpy as np
import pytest

from keras_nn.applications import ImageSegmenter
from keras_nn.callbacks import UncertaintyMaps
from keras_nn.models import UNet
from keras_nn.testing import check_callback
from keras_nn.testing import read_events

X = np.random.default_rng(0).uniform(0, 255, (6, 8, 8, 1)).astype("float32")
Y = (X[..., 0] > 128).astype("uint8")


def model():
    network = UNet(False, input_shape=(8, 8, 1), filters=[2, 2])
    app = ImageSegmenter(network, 2, views=4)
    app.compile("sgd")
    return app


@pytest.mark.slow
def test_conformance_and_what_is_written():
    events = check_callback(
        UncertaintyMaps, {"sample": (X, Y), "count": 2}, model=model, x=X, y=Y
    )["validation"]
    assert "uncertainty_maps" in events
    assert len(events["entropy/right"]) == 2  # once at the end of each fit


def test_the_mean_entropies_are_those_of_the_pictures(tmp_path):
    app = model()
    maps = UncertaintyMaps(tmp_path, (X, Y), count=3)
    app.fit(X, Y, verbose=0, callbacks=[maps])
    looks = app.predict_uncertainty(maps.sample.x)
    right = np.stack([s["mask"] for s in looks]) == maps.sample.y
    entropy = np.stack([s["entropy"] for s in looks])
    events = read_events(tmp_path)["validation"]
    for name, where in (("right", right), ("wrong", ~right)):
        assert events[f"entropy/{name}"][0].value == pytest.approx(
            entropy[where].mean(), rel=1e-4
        )


def test_refuses_no_pictures(tmp_path):
    with pytest.raises(ValueError, match="`count` must be positive"):
        UncertaintyMaps(tmp_path, (X, Y), count=0)
