from pathlib import Path

import keras
import pytest
import tensorflow as tf

from keras_nn.testing import check_callback


class Good(keras.callbacks.Callback):
    """Writes the loss of every epoch."""

    def __init__(self, log_dir, every=1):
        super().__init__()
        self.log_dir = log_dir
        self.every = every

    def on_train_begin(self, logs=None):
        self.writer = tf.summary.create_file_writer(f"{self.log_dir}/train")

    def on_epoch_end(self, epoch, logs=None):
        with self.writer.as_default(step=epoch):
            tf.summary.scalar("loss", logs["loss"])

    def on_train_end(self, logs=None):
        self.writer.close()


class OpensInConstructor(Good):
    def __init__(self, log_dir, every=1):
        super().__init__(log_dir, every)
        Path(log_dir, "open.txt").touch()


class HidesArgument(Good):
    def __init__(self, log_dir, every=1, top=3):
        super().__init__(log_dir, every)


class WritesOnce(Good):
    done = False

    def on_epoch_end(self, epoch, logs=None):
        if not self.done:
            super().on_epoch_end(epoch, logs)

    def on_train_end(self, logs=None):
        super().on_train_end(logs)
        self.done = True


class Meddles(Good):
    def on_train_batch_end(self, batch, logs=None):
        weight = self.model.trainable_weights[0]
        weight.assign(weight * 0.9)


BROKEN = {
    OpensInConstructor: "the constructor must not touch a file",
    HidesArgument: "`top` is not stored",
    WritesOnce: "nothing is written in a second fit",
    Meddles: "weights trained with and without it",
}


def test_a_callback_that_keeps_every_promise_passes(tmp_path):
    events = check_callback(Good, {"every": 1}, epochs=2, log_dir=tmp_path)
    assert [e.step for e in events["train"]["loss"]] == [0, 1, 0, 1]
    assert list(tmp_path.rglob("*tfevents*"))


@pytest.mark.parametrize("cls", BROKEN, ids=lambda cls: cls.__name__)
def test_a_broken_promise_is_caught(cls):
    more = {"top": 3} if cls is HidesArgument else {}
    with pytest.raises(AssertionError, match=BROKEN[cls]):
        check_callback(cls, more)


def test_a_callback_without_files_gives_no_events():
    assert check_callback(keras.callbacks.TerminateOnNaN, {}, epochs=1) == {}
