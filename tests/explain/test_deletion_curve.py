import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import InputXGradient
from keras_nn.explain import Saliency
from keras_nn.explain import deletion_curve

X = np.random.default_rng(0).uniform(0.1, 1, (3, 4, 4, 2)).astype("float32")


@pytest.fixture(scope="module")
def explain():
    model = keras.Sequential(
        [keras.Input((4, 4, 2)), layers.Flatten(), layers.Dense(1)]
    )
    weights = np.random.default_rng(1).uniform(0, 1, (32, 1))
    model.layers[1].kernel.assign(weights)
    return InputXGradient(model)


def test_it_begins_with_the_whole_and_ends_with_nothing(explain):
    curve = deletion_curve(explain, X, steps=16)
    assert curve.shape == (3, 17)
    whole = np.asarray(explain.model(X))[:, 0]
    np.testing.assert_allclose(curve[:, 0], whole, rtol=1e-5)
    np.testing.assert_allclose(curve[:, -1], 0, atol=1e-5)
    # Of a sum the largest part goes first.
    falls = -np.diff(curve, axis=1)
    assert (np.diff(falls, axis=1) < 1e-5).all()


def test_insertion_is_its_mirror_image(explain):
    deleted = deletion_curve(explain, X, steps=8)
    inserted = deletion_curve(explain, X, steps=8, insert=True)
    whole = np.repeat(deleted[:, :1], 9, axis=1)
    np.testing.assert_allclose(deleted + inserted, whole, atol=1e-4)


def test_the_right_order_is_better_than_a_wrong_one(explain):
    right = deletion_curve(explain, X)
    wrong = deletion_curve(explain, X, -explain(X).attributions)
    assert (right.mean(axis=1) < wrong.mean(axis=1) - 0.1).all()


def test_a_map_of_one_channel_does(explain):
    summed = explain(X).attributions.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(
        deletion_curve(explain, X, summed), deletion_curve(explain, X)
    )


def test_refuses_no_steps_and_several_inputs(explain):
    with pytest.raises(ValueError, match="Received: steps=0"):
        deletion_curve(explain, X, steps=0)
    one, two = keras.Input((2,)), keras.Input((2,))
    model = keras.Model([one, two], layers.Dense(1)(one + two))
    with pytest.raises(ValueError, match="Received: 2 inputs"):
        deletion_curve(Saliency(model), [np.ones((1, 2))] * 2)
