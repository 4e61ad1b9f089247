import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks.instrument import Instrument


class Step(Instrument):
    def on_epoch_end(self, epoch, logs=None):
        if self.is_due(epoch):
            with self.write(self.step):
                tf.summary.scalar("epoch", epoch)


def test_serves_two_fits_and_counts_on(tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((8, 1))
    instrument = Step(tmp_path, every=2)
    for _ in range(2):
        model.fit(
            x, x, batch_size=4, epochs=3, verbose=0, callbacks=[instrument]
        )

    accumulator = EventAccumulator(str(tmp_path / "train")).Reload()
    steps = [event.step for event in accumulator.Tensors("epoch")]
    assert steps == [2, 6, 8, 12]


def test_rejects_an_interval_of_zero(tmp_path):
    with pytest.raises(ValueError, match="`every` must be at least 1"):
        Step(tmp_path, every=0)
