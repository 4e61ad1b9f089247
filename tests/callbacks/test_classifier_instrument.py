import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.validation_sample import ValidationSample

X = np.random.default_rng(0).normal(size=(12, 4)).astype("float32")
Y = np.arange(12) % 3


class Mean(ClassifierInstrument):
    """Writes the mean probability of the true class."""

    def report(self, epoch, probabilities):
        mean = probabilities[np.arange(12), self.sample.labels].mean()
        tf.summary.scalar("mean", mean)


def fit(callbacks, y=Y, epochs=3):
    model = keras.Sequential([keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(X, Y, epochs=epochs, verbose=0, callbacks=callbacks)
    return model


def test_instruments_share_one_forward_pass(tmp_path):
    sample = ValidationSample(X, Y)
    calls = []
    run = sample._run
    sample._run = lambda: calls.append(1) or run()
    fit([Mean(tmp_path, sample), Mean(tmp_path, sample, every=2)])
    assert len(calls) == 3


def test_an_epoch_without_finite_outputs_is_left_out(tmp_path):
    poison = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: poison.model.set_weights(
            [np.full_like(w, np.nan) for w in poison.model.get_weights()]
        )
    )
    with pytest.warns(UserWarning, match="Mean writes nothing for epoch 0"):
        fit([poison, Mean(tmp_path, (X, Y))], epochs=1)
    assert not (tmp_path / "validation").exists()


def test_rejects_labels_the_model_has_no_class_for(tmp_path):
    with pytest.raises(ValueError, match=r"0\.\.2. Received: labels from 0 to"):
        fit([Mean(tmp_path, (X, np.arange(12)))])
