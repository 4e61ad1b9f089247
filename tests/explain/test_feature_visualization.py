import importlib.util
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.explain import FeatureVisualization

spec = importlib.util.spec_from_file_location(
    "zoo", Path(__file__).with_name("zoo.py")
)
zoo = importlib.util.module_from_spec(spec)
spec.loader.exec_module(zoo)


def bars():
    """One channel likes what is bright on the left, one on the right."""
    pictures = keras.Input((8, 8, 3))
    conv = keras.layers.Conv2D(2, 8, name="bars")
    net = keras.Model(pictures, keras.layers.Flatten()(conv(pictures)))
    kernel = np.full((8, 8, 3, 2), -1.0, "float32")
    kernel[:, :4, :, 0] = kernel[:, 4:, :, 1] = 1
    conv.set_weights([kernel / 255, np.zeros(2, "float32")])
    return net


@pytest.mark.parametrize("fourier", [True, False])
def test_shows_what_a_channel_looks_for(fourier):
    look = FeatureVisualization(
        bars(), "bars", steps=80, jitter=0, fourier=fourier, learning_rate=0.2
    )
    pictures, scores = look([0, 1])
    assert pictures.shape == (2, 8, 8, 3) and scores.shape == (80, 2)
    assert pictures.min() >= 0 and pictures.max() <= 255
    left, right = (
        pictures[..., half, :].mean(axis=(1, 2, 3))
        for half in (slice(0, 4), slice(4, 8))
    )
    assert left[0] > right[0] + 100 and right[1] > left[1] + 100


def test_the_score_is_that_of_the_model():
    net = bars()
    look = FeatureVisualization(net, None, steps=1, jitter=0, seed=3)
    pictures, scores = look(1)
    again, _ = look(1)
    np.testing.assert_array_equal(pictures, again)
    # One step later; the start itself is not handed out.
    assert net(pictures).numpy()[0, 1] > scores[0, 0]


def test_rough_pictures_cost():
    rough = []
    for weight in (0.0, 50.0):
        look = FeatureVisualization(
            bars(), "bars", steps=60, variation_weight=weight, fourier=False
        )
        (picture,), _ = look(0)
        rough.append(np.abs(np.diff(picture, axis=0)).mean())
    assert rough[1] < 0.7 * rough[0]


@pytest.mark.parametrize(
    "name", ["sequential", "nested", "Subclassed", "application"]
)
def test_any_model(name):
    if name == "application":
        net = ImageClassifier(zoo.backbone(), 4, preprocess=None)
    else:
        net = getattr(zoo, name)()
    net(zoo.PICTURES)
    look = FeatureVisualization(net, steps=3, value_range=(-1, 1))
    pictures, scores = look([0, 3])
    assert pictures.shape == (2, 12, 12, 3) and np.isfinite(scores).all()


def test_refuses_what_there_is_not():
    with pytest.raises(ValueError, match="`layer` must be one of"):
        FeatureVisualization(bars(), "none")(0)
    with pytest.raises(ValueError, match="from 0 to 1. Received: .2"):
        FeatureVisualization(bars(), "bars")(2)
    with pytest.raises(ValueError, match="Received: steps=0"):
        FeatureVisualization(bars(), steps=0)
    with pytest.raises(ValueError, match="`value_range` must rise"):
        FeatureVisualization(bars(), value_range=(1, 0))
    words = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="one input of pictures"):
        FeatureVisualization(words)(0)
    any_size = keras.Sequential(
        [keras.Input((None, None, 3)), keras.layers.Conv2D(2, 1, name="c")]
    )
    with pytest.raises(ValueError, match="give `size`"):
        FeatureVisualization(any_size, "c")(0)
