import types

import keras
import numpy as np
import pytest

from keras_nn.models import asked
from keras_nn.testing import two_replicas


def test_hides_a_share_of_the_labels():
    labels = asked.learnt_labels(np.zeros((4000, 1)), 3, 0.25, seed=0)
    assert tuple(labels.shape) == (4000,)
    assert 0.2 < np.mean(np.asarray(labels) == 3) < 0.3
    assert not np.any(asked.learnt_labels(np.zeros(9), 3))


def test_asks_the_same_of_all_or_each_for_its_own():
    assert asked.asked_labels(2, 1, 3).tolist() == [1, 1]
    assert asked.asked_labels(2, [0, 2], 3).tolist() == [0, 2]
    assert asked.asked_labels(2, None, 3) is None


def test_refuses_what_is_no_class():
    with pytest.raises(ValueError, match="from 0 to 2. Received.*0 to 3"):
        asked.asked_labels(2, [0, 3], 3)
    with pytest.raises(ValueError, match="a model with classes only"):
        asked.asked_labels(2, 1, None)
    with pytest.raises(ValueError, match="`count` must be positive"):
        asked.asked_labels(0, None, 3)
    with pytest.raises(ValueError, match="learns from pictures and labels"):
        asked.learnt_labels(None, 3)


def test_knows_what_a_model_takes():
    inputs = {n: keras.Input((1,), name=n) for n in ("a", "b")}
    outputs = keras.layers.Concatenate()(list(inputs.values()))
    model = keras.Model(inputs, outputs)
    assert asked.dict_input(model, ["a", "b"])
    assert not asked.dict_input(model, ["a"])
    assert not asked.dict_input(keras.Sequential(), ["a"])


def test_ends_of_sequential_and_functional_models_are_found():
    inputs = keras.Input((2,))
    for model in (
        keras.Model(inputs, keras.layers.Dense(3)(inputs)),
        keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)]),
    ):
        assert asked.input_of(model).shape == (None, 2)
        assert asked.output_of(model).shape == (None, 3)
    with pytest.raises(ValueError, match="begins with `keras.Input`"):
        asked.input_of(keras.Sequential([keras.layers.Dense(3)]))


def test_a_fresh_seed_differs():
    assert asked.seed_or_fresh(3) == 3
    fresh = {asked.seed_or_fresh(None) for _ in range(4)}
    assert len(fresh) > 1


def test_a_network_without_classes_takes_the_values_alone():
    x = np.ones((2, 3))
    assert asked.with_labels("codes", x, None, None) is x
    told = asked.with_labels("codes", x, None, 4)
    assert told["codes"] is x and np.asarray(told["labels"]).tolist() == [4, 4]
    told = asked.with_labels("codes", x, [1, 0], 4)
    assert np.asarray(told["labels"]).tolist() == [1, 0]


@pytest.mark.parametrize(
    "clip, shape, expected",
    [
        (None, (8, 8, 3), (-1, 1)),
        (None, (8, 8, 4), None),  # codes
        (None, (8,), None),
        (None, (100, 1), None),  # a sound
        (2.0, (8,), (-2.0, 2.0)),
    ],
)
def test_a_range_is_stated_by_clip_and_for_pictures(clip, shape, expected):
    model = types.SimpleNamespace(
        clip=clip, code_shape=shape, picture_range=(-1, 1)
    )
    assert asked.stated_range(model) == expected


def test_a_network_of_two_replicas_says_each_thing_once():
    with two_replicas().scope():
        network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    x = np.arange(6.0, dtype="float32").reshape(3, 2)
    assert len(network.predict_on_batch(x)) == 6  # what Keras does
    np.testing.assert_allclose(
        asked.said_once(network, x), np.asarray(network(x)), rtol=1e-6
    )
