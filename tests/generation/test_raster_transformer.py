import itertools

import keras
import numpy as np
import pytest

from keras_nn.generation import RasterTransformer
from keras_nn.models import GPT2
from keras_nn.testing import check_model

RNG = np.random.default_rng(0)
X = RNG.integers(0, 2, (6, 2, 2)).astype("int32")
ALL = np.array(list(itertools.product((0, 1), repeat=4)), "int32")
ALL = ALL.reshape(16, 2, 2)


def arguments(num_classes=None, tokens=None):
    tokens = tokens or 3 + (num_classes or 0)
    network = GPT2(tokens, 5, num_layers=1, num_heads=2, width=16, dropout=0.0)
    return {
        "network": network,
        "map_shape": (2, 2),
        "entries": 2,
        "num_classes": num_classes,
    }


def test_conformance():
    check_model(RasterTransformer, arguments, X, fit=False, jit=False)


@pytest.fixture(scope="module")
def trained():
    """Knows that maps of class 0 are of zeros, of class 1 of ones, mostly."""
    keras.utils.set_random_seed(0)
    model = RasterTransformer(**arguments(num_classes=2))
    model.compile(keras.optimizers.Adam(1e-2))
    labels = np.arange(400) % 2
    flips = RNG.uniform(size=(400, 2, 2)) < 0.1
    maps = (labels[:, None, None] ^ flips).astype("int32")
    model.fit(maps, labels, epochs=10, verbose=0)
    return model


def probabilities(model, label):
    said = model.objective(ALL, np.full(16, label), training=False)
    return np.exp(-np.asarray(said["loss"]))


@pytest.mark.slow
@pytest.mark.parametrize("label", [0, 1])
def test_probabilities_of_all_maps_sum_to_one(trained, label):
    assert probabilities(trained, label).sum() == pytest.approx(1, rel=1e-4)


@pytest.mark.slow
def test_draws_maps_as_often_as_they_are_probable(trained):
    drawn = trained.generate(4000, labels=1, seed=0)
    assert drawn.dtype == "int32" and drawn.mean() > 0.8
    which = drawn.reshape(-1, 4) @ [8, 4, 2, 1]
    share = np.bincount(which, minlength=16) / 4000
    np.testing.assert_allclose(share, probabilities(trained, 1), atol=0.03)
    surest = trained.generate(3, 0, temperature=0.0, seed=5)
    np.testing.assert_array_equal(surest, np.zeros((3, 2, 2)))


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="must have 3 tokens.*Received: 7"):
        RasterTransformer(**arguments(tokens=7))
    given = {**arguments(), "map_shape": (3, 2)}
    with pytest.raises(ValueError, match="context of at least 7.*Received"):
        RasterTransformer(**given)
    model = RasterTransformer(**arguments())
    model.compile("adam")
    with pytest.raises(ValueError, match="values from 0 to 1"):
        model.fit(2 * X + 1, verbose=0)
