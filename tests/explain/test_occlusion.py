import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import Occlusion


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((5, 4, 2)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )


X = np.random.default_rng(0).normal(size=(2, 5, 4, 2)).astype("float32")


def test_equals_covering_window_by_window(model):
    found = Occlusion(model, window=(2, 3), strides=1)(X, 1).attributions
    sums, times = np.zeros((2, 5, 4, 1)), np.zeros((1, 5, 4, 1))
    for i in range(4):
        for j in range(2):
            covered = X.copy()
            covered[:, i : i + 2, j : j + 3] = 0
            fall = np.asarray(model(X) - model(covered))[:, 1]
            sums[:, i : i + 2, j : j + 3] += fall[:, None, None, None]
            times[:, i : i + 2, j : j + 3] += 1
    np.testing.assert_allclose(found[..., :1], sums / times, atol=1e-5)


def test_the_last_window_ends_at_the_edge(model):
    found = Occlusion(model, window=2)(X).attributions
    assert np.isfinite(found).all()
    windows = Occlusion(model, window=2, strides=2)._windows((5, 4))[1]
    assert windows.tolist() == [[i, j] for i in (0, 2, 3) for j in (0, 2)]


def test_signals_are_covered_too():
    signal = keras.Sequential(
        [keras.Input((6, 1)), layers.Flatten(), layers.Dense(1)]
    )
    signal.layers[1].kernel.assign(np.eye(6)[:, 2:3])
    found = Occlusion(signal, window=1)(np.ones((1, 6, 1))).attributions
    np.testing.assert_allclose(found[0, :, 0], np.eye(6)[2], atol=1e-6)


def test_refuses_gaps_and_inputs_without_positions(model):
    with pytest.raises(ValueError, match="leave places out"):
        Occlusion(model, window=2, strides=3)(X)
    with pytest.raises(ValueError, match=r"Received: window=\(2, 2, 2\)"):
        Occlusion(model, window=(2, 2, 2))(X)
    flat = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="needs an input with positions"):
        Occlusion(flat)(np.ones((1, 3)))
