import keras
import numpy as np
import pytest

from keras_nn.losses import TokenCrossentropy
from keras_nn.losses import token_crossentropy
from keras_nn.testing import check_loss

LABELS = np.array([[0, 3, -1], [2, -1, -1], [1, 1, 4]])
LOGITS = np.random.default_rng(0).normal(size=(3, 3, 5)).astype("float32")


def naive(label_smoothing=0.0):
    log_p = LOGITS - np.log(np.exp(LOGITS).sum(-1, keepdims=True))
    target = np.eye(5)[LABELS] * (1 - label_smoothing) + label_smoothing / 5
    return -np.sum(target * log_p, axis=-1) * (LABELS >= 0)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_is_the_mean_over_the_tokens_that_are_there(smoothing):
    losses = token_crossentropy(LABELS, LOGITS, -1, smoothing)
    np.testing.assert_allclose(losses, naive(smoothing), atol=1e-5)
    loss = TokenCrossentropy(label_smoothing=smoothing)
    expected = naive(smoothing).sum() / 6
    assert float(loss(LABELS, LOGITS)) == pytest.approx(expected, rel=1e-5)


def test_smoothing_is_that_of_keras():
    loss = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=0.3
    )
    labels = np.maximum(LABELS, 0)
    ours = TokenCrossentropy(None, 0.3)(labels, LOGITS)
    assert float(ours) == pytest.approx(
        float(loss(np.eye(5)[labels], LOGITS)), rel=1e-5
    )


def test_conformance():
    # Weights of examples are those of tokens, as in Keras.
    labels = np.arange(5) % 4
    arguments = {"ignore_class": None, "label_smoothing": 0.1}
    check_loss(TokenCrossentropy, arguments, labels, (5, 4), edges=False)


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="replicas need TensorFlow"
)
def test_two_replicas_of_unequal_padding_equal_one():
    from keras_nn.testing import two_replicas
    from keras_nn.training import Model

    ids = np.array([[1, 2, 3, 4], [1, 2, 3, 4], [2, 3, 1, 0], [4, 0, 0, 2]])
    labels = np.array(
        [[2, 3, 4, 0], [0, 1, 2, 3], [1, -1, -1, -1], [2, -1, -1, -1]]
    )

    def train(scope):
        keras.utils.set_random_seed(0)
        with scope:
            inputs = keras.Input((4,), dtype="int32")
            x = keras.layers.Embedding(5, 6)(inputs)
            model = Model(inputs, keras.layers.Dense(5)(x))
            model.compile(keras.optimizers.SGD(1.0), TokenCrossentropy())
        history = model.fit(
            ids, labels, batch_size=4, epochs=2, shuffle=False, verbose=0
        )
        return history.history["loss"], model.get_weights()

    import contextlib

    losses, weights = train(two_replicas().scope())
    expected_losses, expected = train(contextlib.nullcontext())
    np.testing.assert_allclose(losses, expected_losses, rtol=1e-5)
    for received, wanted in zip(weights, expected, strict=True):
        np.testing.assert_allclose(received, wanted, atol=1e-5)


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="the engine's guards"
)
def test_labels_out_of_range_are_refused_and_padding_is_not():
    from keras_nn.training import Model

    inputs = keras.Input((3, 5))
    model = Model(inputs, keras.layers.Dense(5)(inputs))
    model.compile("sgd", TokenCrossentropy(), jit_compile=True)
    model.fit(LOGITS, LABELS, verbose=0)
    with pytest.raises(ValueError, match="Received: 5"):
        model.fit(LOGITS, np.where(LABELS == 4, 5, LABELS), verbose=0)


def test_refuses_a_smoothing_of_all():
    with pytest.raises(ValueError, match="Received: label_smoothing=1"):
        TokenCrossentropy(label_smoothing=1)
