import builtins

import keras
import numpy as np
import pytest

from keras_nn.explain import ShapleyValues
from keras_nn.explain import ShapLibrary
from keras_nn.explain import as_shap
from keras_nn.testing import slow_but

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4)).astype("float32")
NONE = RNG.normal(size=(1, 4)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, activation="tanh"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )


@pytest.mark.parametrize(
    "algorithm",
    slow_but("kernel", "permutation", of=["exact", "kernel", "permutation"]),
)
def test_equals_our_exact_shapley_values(model, algorithm):
    pytest.importorskip("shap")
    ours = ShapleyValues(model)(X, [0, 1, 0], baselines=NONE)
    theirs = ShapLibrary(model, NONE, algorithm)(X, [0, 1, 0])
    atol = 0.05 if algorithm == "permutation" else 1e-4  # which samples
    np.testing.assert_allclose(
        theirs.attributions, ours.attributions, atol=atol
    )
    np.testing.assert_allclose(theirs.convergence_delta, 0, atol=1e-4)


def test_pictures_keep_their_shape():
    pytest.importorskip("shap")
    net = keras.Sequential(
        [keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(2)]
    )
    found = ShapLibrary(net, np.zeros((2, 2, 2, 1)))(np.ones((3, 2, 2, 1)))
    assert found.attributions.shape == (3, 2, 2, 1)


def test_an_explanation_becomes_one_of_the_library(model):
    shap = pytest.importorskip("shap")
    ours = ShapleyValues(model)(X, 0, baselines=NONE)
    found = as_shap(ours, X, base_values=1.5, feature_names=list("abcd"))
    assert isinstance(found, shap.Explanation)
    np.testing.assert_array_equal(found.values, ours.attributions)
    assert found[1].base_values == 1.5 and found.feature_names == list("abcd")
    with pytest.raises(ValueError, match="that was explained. Received"):
        as_shap(ours, X[:2])


def test_without_the_library_the_error_names_the_extra(model, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "shap":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"keras_nn\[shap\]"):
        ShapLibrary(model, NONE)(X)


def test_refuses_other_algorithms(model):
    with pytest.raises(ValueError, match="Received: algorithm='tree'"):
        ShapLibrary(model, NONE, "tree")
