import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.data import OrderedBatches
from keras_nn.training import Model
from keras_nn.training.ordering import OrderedAdapter


class GoOn(keras.callbacks.Callback):
    """Stops behind a step, or goes on where another has stopped."""

    comes_last = True

    def __init__(self, stop=None, begin=None):
        super().__init__()
        self.stop, self.begin, self.count = stop, begin, 0

    def prepare_fit(self, session):
        self.session = session
        if self.begin is not None:
            session.initial_epoch, state = self.begin
            session.position.restore(state)

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        self.count += 1
        if self.count == self.stop:
            state = self.session.position.state(batch + 1)
            self.stopped = (self.epoch, state)
            raise InterruptedError


class Seen(Model):
    """Adds up what it was shown, in order."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def train_step(self, data):
        x = data[0] if isinstance(data, tuple) else data
        tf.py_function(lambda v: self.seen.append(v.numpy().tolist()), [x], [])
        return {"loss": tf.constant(0.0)}

    def call(self, x):
        return x


class Passes(OrderedBatches):
    """Batch `n` of pass `e` is `10 e + n`."""

    num_batches = 4

    def __init__(self, reads_on=True):
        self.reads_on = reads_on

    def batches_from(self, start):
        return start.flat_map(
            lambda epoch, batch: tf.data.Dataset.range(batch, 4).map(
                lambda n: tf.cast([10 * epoch + n], "float32")
            )
        )


def data(kind):
    x = np.arange(10.0)
    if kind == "passes":
        return {"x": Passes()}
    if kind == "arrays":
        return {"x": x, "batch_size": 3}
    dataset = tf.data.Dataset.from_tensor_slices(x)
    if kind == "repeated":
        dataset = dataset.shuffle(10, seed=1).batch(3).repeat()
        return {"x": dataset, "steps_per_epoch": 3}
    return {"x": dataset.shuffle(10, seed=1).batch(3)}


def seen(kind, callback):
    keras.utils.set_random_seed(5)
    model = Seen()
    model.compile("sgd", run_eagerly=True)
    try:
        model.fit(**data(kind), epochs=3, verbose=0, callbacks=[callback])
    except InterruptedError:
        pass
    return model.seen


@pytest.mark.parametrize("kind", ["arrays", "dataset", "repeated", "passes"])
@pytest.mark.parametrize("stop", [1, 4, 6])
def test_goes_on_where_it_stopped(kind, stop):
    whole = seen(kind, GoOn())
    first = GoOn(stop=stop)
    begun = seen(kind, first)
    assert begun == whole[:stop]
    assert begun + seen(kind, GoOn(begin=first.stopped)) == whole


@pytest.mark.parametrize("reads_on, steps", [(True, 1), (True, 3), (False, 1)])
def test_one_iterator_reads_pass_after_pass(reads_on, steps, monkeypatch):
    begun = []
    begin = OrderedAdapter.begin
    monkeypatch.setattr(
        OrderedAdapter,
        "begin",
        lambda self, *at: (begun.append(at), begin(self, *at)),
    )
    model = Seen()
    model.compile("sgd", steps_per_execution=steps)
    model.fit(Passes(reads_on), epochs=3, verbose=0)
    assert model.seen == [[10 * e + n] for e in range(3) for n in range(4)]
    # The end of a pass must be seen where several steps are taken at once.
    alone = reads_on and steps == 1
    assert ((1, 0) in begun) != alone and (0, 0) in begun


def test_refuses_a_generator_and_other_data():
    def batches():
        while True:
            yield (np.ones((2, 1)),)

    state = {"seed": 1, "pass": [0, 2], "first_step": 2, "length": None}
    model = Seen()
    model.compile("sgd", run_eagerly=True)
    with pytest.raises(ValueError, match="generator cannot be put back"):
        model.fit(
            batches(),
            steps_per_epoch=4,
            shuffle=False,
            verbose=0,
            callbacks=[GoOn(begin=(0, state))],
        )
    state["length"] = 7
    with pytest.raises(ValueError, match="7 steps in a pass.*of 4 steps"):
        seen("arrays", GoOn(begin=(0, state)))
