"""The last stage of every input pipeline: guards, no autotune, wait time."""

import tensorflow as tf

from keras_nn.training import guards
from keras_nn.training import keras_internals
from keras_nn.training import replicas
from keras_nn.training import tensorflow_internals


class InputWait:
    """Seconds that training waited for its next batch.

    A clock is read when the step asks for a batch and again when the batch
    is there. Counts the pipeline only: copies to a device are not in it, and
    under several replicas, which prefetch to their devices, it stays zero.
    """

    def __init__(self):
        with tf.device("CPU:0"):  # seconds, batches, examples
            self._totals = tf.Variable([0.0] * 3, False, dtype="float64")

    @property
    def seconds(self):
        return float(self._totals.numpy()[0])

    @property
    def batches(self):
        return int(self._totals.numpy()[1])

    @property
    def examples(self):
        return int(self._totals.numpy()[2])

    def measure(self, dataset):
        """`dataset` with a clock around the delivery of each element."""
        # `zip` asks its inputs in order: first the clock, then the data.
        # `Dataset.counter` would be a scan, which takes 80 us an element.
        clock = tensorflow_internals.inline_map(
            tf.data.Dataset.range(tf.int64.max), lambda _: tf.timestamp()
        )

        def record(asked, element):
            examples = tf.cast(replicas.count_examples(element), "float64")
            waited = tf.timestamp() - asked
            self._totals.assign_add(tf.stack([waited, 1.0, examples]))
            return element

        # Autotune would put a buffer behind the clock: then nobody waits.
        return without_autotune(
            tensorflow_internals.inline_map(
                tf.data.Dataset.zip((clock, dataset)), record
            )
        )


def without_autotune(dataset):
    """`dataset` without the thread that the end of `fit` waits for.

    It sleeps with a doubling period, up to tens of seconds.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


class GuardedAdapter(keras_internals.DataAdapter):
    """A Keras data adapter with the engine's guards behind it.

    Args:
        adapter: the adapter that Keras would use for the same data.
        expected_ranges: callable from the spec of a batch to a list of
            `guards.Range` or None, one for each of its tensors; or None for
            data that needs no guard on its way.
        wait: `InputWait` or None.
        position: `Position` or None. Where `fit` reads its data.
    """

    strategy = None  # one of several workers that divide the data

    def __init__(self, adapter, expected_ranges=None, wait=None, position=None):
        self.adapter = adapter
        self.position = position
        self.expected_ranges = expected_ranges
        self.wait = wait

    def get_tf_dataset(self):
        if not self.strategy or not getattr(
            self.adapter, "splits_by_worker", False
        ):
            return self.whole_dataset()
        return self.strategy.distribute_datasets_from_function(
            lambda context: self._watched(
                self.adapter.dataset_of_worker(context)
            )
        )

    def whole_dataset(self):
        """The data as one worker alone reads them."""
        return self._watched(self.adapter.get_tf_dataset())

    def _watched(self, dataset):
        if isinstance(dataset, tf.data.Dataset):
            if self.expected_ranges is not None:
                spec = dataset.element_spec
                spec = spec if isinstance(spec, tuple) else (spec,)
                ranges = self.expected_ranges(spec)
                dataset = guards.guard_dataset(dataset, ranges)
            dataset = without_autotune(dataset)
            if self.wait is not None:
                dataset = self.wait.measure(dataset)
        return dataset

    @property
    def is_ordered(self):
        """Whether its passes can begin anywhere."""
        return hasattr(self.adapter, "begin")

    @property
    def has_few_shapes(self):
        """Whether every shape of its batches gets a step of its own."""
        return getattr(self.adapter, "has_few_shapes", False)

    @property
    def reads_on(self):
        """Whether an iterator goes from one pass into the next."""
        return getattr(self.adapter, "reads_on", False)

    @property
    def repeats_itself(self):
        """Whether what was read before can be read again, to be dropped."""
        return isinstance(self.adapter, keras_internals.TFDatasetAdapter)

    def begin(self, epoch, batch):
        """The next iterator reads pass `epoch` from `batch` on."""
        if self.is_ordered:
            self.adapter.begin(epoch, batch)

    @property
    def num_batches(self):
        return self.adapter.num_batches

    @property
    def batch_size(self):
        return self.adapter.batch_size

    @property
    def has_partial_batch(self):
        return self.adapter.has_partial_batch

    @property
    def partial_batch_size(self):
        return self.adapter.partial_batch_size

    def on_epoch_begin(self):
        self.adapter.on_epoch_begin()

    def on_epoch_end(self):
        self.adapter.on_epoch_end()
