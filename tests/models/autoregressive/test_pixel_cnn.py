import itertools

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.losses import DiscretizedLogisticNLL
from keras_nn.models import GatedPixelCNN
from keras_nn.models import PixelCNN
from keras_nn.testing import check_model

RNG = np.random.default_rng(0)
X = RNG.integers(0, 2, (6, 2, 2)).astype("int32")
ALL = np.array(list(itertools.product((0, 1), repeat=4)), "int32")
ALL = ALL.reshape(16, 2, 2)


def arguments(num_classes=None, **kwargs):
    network = GatedPixelCNN(
        (2, 2), 2, 2, filters=8, num_layers=2, num_classes=num_classes
    )
    return {"network": network, "num_classes": num_classes, **kwargs}


@pytest.mark.slow
def test_conformance():
    check_model(PixelCNN, arguments, X, epochs=20, jit=False)


@pytest.fixture(scope="module")
def trained():
    """Knows that maps of class 0 are of zeros, of class 1 of ones, mostly."""
    keras.utils.set_random_seed(0)
    model = PixelCNN(**arguments(num_classes=2))
    model.compile(keras.optimizers.Adam(1e-2))
    labels = np.arange(400) % 2
    flips = RNG.uniform(size=(400, 2, 2)) < 0.1
    maps = (labels[:, None, None] ^ flips).astype("int32")
    model.fit(maps, labels, epochs=10, verbose=0)
    return model


def probabilities(model, label):
    maps = ops.convert_to_tensor(ALL)
    said = model.objective(maps, np.full(16, label), training=False)
    return np.exp(-np.asarray(said["loss"]))


@pytest.mark.parametrize("label", [0, 1])
def test_probabilities_of_all_pictures_sum_to_one(trained, label):
    assert probabilities(trained, label).sum() == pytest.approx(1, rel=1e-4)


def test_draws_pictures_as_often_as_they_are_probable(trained):
    drawn = trained.generate(4000, labels=1, seed=0)
    assert drawn.dtype == "int32" and drawn.mean() > 0.8
    which = drawn.reshape(-1, 4) @ [8, 4, 2, 1]
    share = np.bincount(which, minlength=16) / 4000
    np.testing.assert_allclose(share, probabilities(trained, 1), atol=0.03)
    np.testing.assert_array_equal(
        trained.generate(5, 1, seed=3), trained.generate(5, 1, seed=3)
    )


@pytest.mark.slow
def test_learns_and_draws_grey_pictures(tmp_path):
    keras.utils.set_random_seed(0)
    nll = DiscretizedLogisticNLL(levels=5, components=2)
    network = GatedPixelCNN((2, 2, 1), 6, filters=8, num_layers=2)
    model = PixelCNN(network, nll)
    model.compile(keras.optimizers.Adam(1e-2))
    x = np.tile(RNG.integers(0, 5, (64, 1, 1, 1)) / 4, (1, 2, 2, 1))
    logs = model.fit(x.astype("float32"), epochs=40, verbose=0).history
    assert logs["bits_per_dimension"][-1] < 1.0 < logs["bits_per_dimension"][0]
    drawn = model.generate(50, seed=0)
    assert set(np.unique(drawn * 4)) <= {0.0, 1.0, 2.0, 3.0, 4.0}
    assert drawn.std(axis=(1, 2)).mean() < 0.2  # a picture is of one grey
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(
        loaded.generate(3, seed=1), model.generate(3, seed=1)
    )


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="must say 1 numbers of a place"):
        PixelCNN(**arguments(likelihood="bernoulli"))
    with pytest.raises(ValueError, match="take dicts of"):
        PixelCNN(**{**arguments(), "num_classes": 3})
    model = PixelCNN(**arguments())
    model.compile("adam")
    with pytest.raises(ValueError, match="values from 0 to 1. Received"):
        model.fit(2 * X + 1, verbose=0)
    with pytest.raises(ValueError, match="a model with classes only"):
        model.generate(2, labels=1)
