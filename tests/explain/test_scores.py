import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import FunctionalView
from keras_nn.explain.scores import Scores

X = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")


def linear(units, activation="softmax"):
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(units, activation)]
    )
    return model, Scores(FunctionalView(model, linear=True), None, 2)


def rows_of(rows):
    return [X[rows]]


def test_scores_are_logits_and_gradients_their_slopes():
    model, scores = linear(3)
    kernel, bias = model.get_weights()
    targets = np.array([0, 1, 2, 0, 1], "int32")
    expected = (X @ kernel + bias)[np.arange(5), targets]
    np.testing.assert_allclose(
        scores.values(rows_of, targets), expected, atol=1e-5
    )
    seen = []
    for rows, inputs, gradients in scores.gradients(rows_of, targets):
        np.testing.assert_array_equal(inputs[0], X[rows])
        np.testing.assert_allclose(
            gradients[0], kernel.T[targets[rows]], atol=1e-6
        )
        seen += rows.tolist()
    assert seen == [0, 1, 2, 3, 4]


def test_chooses_the_predicted_class_unless_told():
    model, scores = linear(3)
    np.testing.assert_array_equal(
        scores.choose([X], None), np.argmax(model(X), axis=1)
    )
    np.testing.assert_array_equal(scores.choose([X], 2), [2] * 5)


def test_one_unit_is_class_one_and_its_negative_class_zero():
    model, scores = linear(1, "sigmoid")
    kernel, bias = model.get_weights()
    z = (X @ kernel + bias)[:, 0]
    for target, sign in ((None, 1), (1, 1), (0, -1)):
        chosen = scores.choose([X], target)
        np.testing.assert_allclose(
            scores.values(rows_of, chosen), sign * z, atol=1e-5
        )


def test_scores_at_positions_are_averaged():
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(3, 3)])
    scores = Scores(FunctionalView(model), None, 8)
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 1)).astype("float32")
    chosen = np.array([2, 0], "int32")
    expected = np.asarray(model(x)).mean(axis=(1, 2))[[0, 1], chosen]
    np.testing.assert_allclose(
        scores.values(lambda rows: [x[rows]], chosen), expected, atol=1e-6
    )


def test_integers_have_no_slope():
    model = keras.Sequential(
        [
            keras.Input((3,), dtype="int32"),
            layers.Embedding(5, 2),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    scores = Scores(FunctionalView(model), None, 8)
    ids = np.array([[1, 2, 4]], "int32")
    ((_, _, (gradient,)),) = scores.gradients(
        lambda rows: [ids[rows]], np.array([1], "int32")
    )
    assert gradient.shape == (1, 3) and not gradient.any()


@pytest.mark.parametrize("targets", [3, -1, [0, 1], 0.5])
def test_refuses_a_class_that_there_is_not(targets):
    with pytest.raises(ValueError, match="`targets` must be an int below 3"):
        linear(3)[1].choose([X], targets)


def test_refuses_an_empty_batch():
    model, scores = linear(3)
    with pytest.raises(ValueError, match="Received: batch_size=0"):
        Scores(scores.view, None, 0)
