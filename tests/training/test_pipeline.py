import keras
import numpy as np
import tensorflow as tf

from keras_nn.training import keras_internals
from keras_nn.training.pipeline import GuardedAdapter
from keras_nn.training.pipeline import InputWait


def adapter(**options):
    x = np.arange(10.0)
    inner = keras_internals.get_data_adapter(x, x, batch_size=4, **options)
    return inner, GuardedAdapter(inner)


def test_says_of_the_data_what_keras_says():
    inner, ours = adapter()
    for name in (
        "num_batches",
        "batch_size",
        "has_partial_batch",
        "partial_batch_size",
    ):
        assert getattr(ours, name) == getattr(inner, name)


def test_autotune_is_off_and_the_batches_are_the_same():
    inner, ours = adapter()
    dataset = ours.get_tf_dataset()
    assert dataset.options().autotune.enabled is False
    for left, right in zip(inner.get_tf_dataset(), dataset, strict=True):
        np.testing.assert_array_equal(left[0], right[0])


def test_waiting_is_what_the_slow_source_takes():
    def slow(value):
        return tf.numpy_function(_sleep, [value], tf.int64)

    wait = InputWait()
    source = tf.data.Dataset.range(5).map(slow).batch(1)
    assert [int(v[0]) for v in wait.measure(source)] == [0, 1, 2, 3, 4]
    assert wait.batches == wait.examples == 5
    assert 0.2 <= wait.seconds < 5


def _sleep(value):
    import time

    time.sleep(0.05)
    return value


def test_a_generator_keeps_its_epochs():
    class Data(keras.utils.PyDataset):
        ended = 0

        def __len__(self):
            return 3

        def __getitem__(self, index):
            return np.ones((2, 1)), np.ones((2, 1))

        def on_epoch_end(self):
            Data.ended += 1

    from keras_nn.training import Model

    inputs = keras.Input((1,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    model.fit(Data(), epochs=2, verbose=0)
    assert int(model.optimizer.iterations) == 6
    assert Data.ended >= 2
