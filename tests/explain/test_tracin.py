import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import TracIn

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(8, 3)).astype("float32")
Y = np.arange(8) % 2


def network():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, "tanh"),
            layers.Dense(2, "softmax", name="head"),
        ]
    )


def test_foretells_what_a_step_on_an_example_does_to_a_loss():
    model, rate = network(), 1e-3
    loss = keras.losses.sparse_categorical_crossentropy
    scores = TracIn(model, X, Y, learning_rates=rate)(X[:2], Y[:2]).scores
    before = np.asarray(loss(Y[:2], model(X[:2])))
    weights = model.get_weights()
    model.compile(keras.optimizers.SGD(rate), "sparse_categorical_crossentropy")
    for i in (0, 5):
        model.set_weights(weights)
        model.train_on_batch(X[i : i + 1], Y[i : i + 1])
        after = np.asarray(loss(Y[:2], model(X[:2])))
        np.testing.assert_allclose(
            before - after, scores[:, i], rtol=0.02, atol=2e-6
        )


def test_checkpoints_add_up_and_leave_the_weights(tmp_path):
    model = network()
    first = model.get_weights()
    alone = TracIn(model, X, Y, layers="last")(X, Y)
    second = [w + 0.1 for w in first]
    model.set_weights(second)
    model.save_weights(tmp_path / "second.weights.h5")
    other = TracIn(model, X, Y, layers=["head"])
    both = TracIn(
        model,
        X,
        Y,
        checkpoints=[first, tmp_path / "second.weights.h5"],
        learning_rates=[0.1, 0.2],
        layers="last",
        batch_size=3,
    )
    expected = 0.1 * alone.scores + 0.2 * other(X, Y).scores
    np.testing.assert_allclose(both(X, Y).scores, expected, rtol=1e-4)
    np.testing.assert_allclose(
        both.self_influence(), expected.diagonal(), rtol=1e-4
    )
    for kept, present in zip(second, model.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, present)
    said = both(X).labels
    np.testing.assert_array_equal(said, np.asarray(model(X)).argmax(axis=1))


def test_refuses_rates_and_labels_that_do_not_fit():
    model = network()
    with pytest.raises(ValueError, match="each of 1 checkpoints"):
        TracIn(model, X, Y, learning_rates=[0.1, 0.2])
    with pytest.raises(ValueError, match=r"labels of shape \(7,\)"):
        TracIn(model, X, Y[1:])
