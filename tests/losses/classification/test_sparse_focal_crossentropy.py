import keras
import numpy as np
import pytest

from keras_nn.losses import SparseFocalCrossentropy
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, (5, 4))
SHARES = RNG.dirichlet(np.ones(3), LABELS.shape).astype("float32")


def test_conformance():
    arguments = {"gamma": 1.5, "label_smoothing": 0.1}
    check_loss(SparseFocalCrossentropy, arguments, LABELS[:, 0], SHARES[:, 0])


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_equals_the_equation(gamma, smoothing):
    weights = [0.5, 1.0, 2.0]
    expected = np.zeros(LABELS.shape)
    for place in np.ndindex(LABELS.shape):
        for c in range(3):
            target = (1 - smoothing) * (LABELS[place] == c) + smoothing / 3
            p = SHARES[place][c]
            expected[place] -= (
                weights[c] * target * (1 - p) ** gamma * np.log(p)
            )
    arguments = gamma, smoothing, weights
    loss = SparseFocalCrossentropy(*arguments, reduction="none")
    np.testing.assert_allclose(loss(LABELS, SHARES), expected, rtol=1e-4)
    loss = SparseFocalCrossentropy(
        *arguments, from_logits=True, reduction="none"
    )
    np.testing.assert_allclose(
        loss(LABELS, np.log(SHARES)), expected, rtol=1e-4
    )


def test_without_focus_it_is_the_loss_of_keras():
    np.testing.assert_allclose(
        SparseFocalCrossentropy(gamma=0.0)(LABELS, SHARES),
        keras.losses.SparseCategoricalCrossentropy()(LABELS, SHARES),
        rtol=1e-6,
    )


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="the engine is TensorFlow's"
)
def test_the_engine_lets_ignored_labels_pass_and_no_others():
    from keras_nn.training import Model

    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(3, "softmax")(inputs))
    model.compile("sgd", SparseFocalCrossentropy(ignore_class=255))
    x = np.ones((4, 2), "float32")
    history = model.fit(x, np.array([0, 1, 2, 255]), verbose=0)
    assert np.isfinite(history.history["loss"][0])
    with pytest.raises(ValueError, match=r"\[0, 2\] or equal 255.*: 3"):
        model.fit(x, np.array([0, 1, 3, 255]), verbose=0)


def test_rejects_what_cannot_be():
    with pytest.raises(ValueError, match="`gamma` must not be negative"):
        SparseFocalCrossentropy(gamma=-1.0)
    with pytest.raises(ValueError, match="`label_smoothing` must lie"):
        SparseFocalCrossentropy(label_smoothing=1.0)
