"""Training data in an order that follows from a seed and the epoch alone."""

import keras
import numpy as np
import tensorflow as tf

from keras_nn.data import OrderedBatches
from keras_nn.data.batches import finished
from keras_nn.data.batches import index_batches
from keras_nn.data.batches import parts_of
from keras_nn.data.ordered_batches import and_all_after
from keras_nn.data.ordered_batches import parts_of_worker
from keras_nn.data.ordered_batches import position
from keras_nn.training import keras_internals


def ordered(adapter, seed, shuffle):
    """An adapter whose passes have a known order, where there can be one.

    Args:
        adapter: a data adapter of Keras.
        seed: int. Of the order.
        shuffle: bool, or `"batch"`, as in `fit`.

    Returns:
        A data adapter with a method `begin(epoch, batch)`; or `adapter`
        itself: a `tf.data.Dataset` and a generator have their own order.
    """
    if isinstance(adapter, keras_internals.ArrayDataAdapter):
        return OrderedAdapter(ArrayBatches(adapter, shuffle, seed))
    if isinstance(adapter, keras_internals.PyDatasetAdapter):
        return OrderedSequenceAdapter(
            OrderedSequence(adapter.py_dataset, shuffle, seed),
            class_weight=adapter.class_weight,
        )
    return adapter


class OrderedAdapter(keras_internals.DataAdapter):
    """Makes `OrderedBatches` data of `fit`.

    Args:
        source: `OrderedBatches`.
        class_weight: dict or None, as in `fit`.
        inputs_only: bool. Whether to leave out the targets, as `predict` does.

    Attributes:
        reads_on: bool. Whether an iterator reads pass after pass, without an
            end. Set it before the data set is made.
    """

    reads_on = False
    has_partial_batch = None
    partial_batch_size = None

    def __init__(self, source, class_weight=None, inputs_only=False):
        self.source = source
        self.class_weight = class_weight
        self.inputs_only = inputs_only
        self._start = (0, 0)

    def begin(self, epoch, batch):
        """The next iterator reads pass `epoch` from `batch` on."""
        self._start = (epoch, batch)

    def get_tf_dataset(self):
        return self._dataset(self.source)

    @property
    def has_few_shapes(self):
        return self.source.has_few_shapes

    @property
    def splits_by_worker(self):
        """Whether a worker can read its own part of the batches alone."""
        return hasattr(self.source, "of_worker")

    def dataset_of_worker(self, input_context):
        """What `get_tf_dataset` gives, the part of one worker.

        Args:
            input_context: `tf.distribute.InputContext`.
        """
        return self._dataset(self.source.of_worker(input_context))

    def _dataset(self, source):
        start = position(lambda: self._start)
        dataset = source.batches_from(
            and_all_after(start) if self.reads_on else start
        )
        if self.inputs_only and isinstance(dataset.element_spec, tuple):
            dataset = dataset.map(lambda x, *_: x)
        return keras_internals.TFDatasetAdapter(
            dataset, class_weight=self.class_weight
        ).get_tf_dataset()

    @property
    def num_batches(self):
        return self.source.num_batches

    @property
    def batch_size(self):
        return getattr(self.source, "batch_size", None)


class ArrayBatches(OrderedBatches):
    """Batches of what Keras takes for arrays: tensors, data frames, nests.

    Args:
        adapter: Keras's adapter of the arrays.
        shuffle: bool, or `"batch"` to shuffle inside of each batch.
        seed: int.
        parts: tuple or None, as in `keras_nn.data.batches.parts_of`.
    """

    def __init__(self, adapter, shuffle, seed, parts=None):
        self.adapter = adapter
        self.shuffle = shuffle
        self.seed = seed
        self.parts = parts
        self.batch_size = adapter.batch_size

    def of_worker(self, input_context):
        """The part of one of several workers; see `SplitBatches`."""
        parts = parts_of_worker(input_context)
        return ArrayBatches(self.adapter, self.shuffle, self.seed, parts)

    @property
    def num_batches(self):
        return self.adapter.num_batches

    def batches_from(self, start):
        arrays, gather, size = keras_internals.gatherable(self.adapter)
        inside = self.shuffle == "batch"
        indices = index_batches(
            start,
            size,
            self.batch_size,
            self.batch_size,
            False,
            bool(self.shuffle) and not inside,
            self.seed,
        )
        if inside:
            indices = tf.data.Dataset.zip(indices, start.repeat()).map(
                self._shuffled_inside
            )
        if self.parts is not None:
            indices = parts_of(indices, self.parts)
        arrays = tf.data.Dataset.from_tensors(arrays).repeat()
        dataset = tf.data.Dataset.zip(indices, arrays).map(
            gather, num_parallel_calls=2, deterministic=True
        )
        return finished(dataset)

    def _shuffled_inside(self, indices, start):
        # Every batch of every pass has its seed: pass and first index.
        return tf.random.experimental.stateless_shuffle(
            indices, tf.stack([self.seed + 1_000_003 * start[0], indices[0]])
        )


class OrderedSequence(keras.utils.PyDataset):
    """A `keras.utils.PyDataset` in a known order, from any batch on.

    Args:
        sequence: `keras.utils.PyDataset`.
        shuffle: bool.
        seed: int.
    """

    def __init__(self, sequence, shuffle, seed):
        super().__init__(
            sequence.workers,
            sequence.use_multiprocessing,
            sequence.max_queue_size,
        )
        self.sequence = sequence
        self.shuffle = shuffle
        self.seed = seed
        self.begin(0, 0)

    def begin(self, epoch, batch):
        """The next pass is number `epoch`, read from `batch` on."""
        self._first = batch
        self._order = None
        if self.shuffle and self.sequence.num_batches is not None:
            generator = np.random.default_rng([self.seed, epoch])
            self._order = generator.permutation(self.sequence.num_batches)

    @property
    def num_batches(self):
        batches = self.sequence.num_batches
        return None if batches is None else batches - self._first

    def __getitem__(self, index):
        index += self._first
        return self.sequence[
            index if self._order is None else int(self._order[index])
        ]

    def on_epoch_begin(self):
        self.sequence.on_epoch_begin()

    def on_epoch_end(self):
        self.sequence.on_epoch_end()


class OrderedSequenceAdapter(keras_internals.PyDatasetAdapter):
    """Keras's adapter of an `OrderedSequence`."""

    def begin(self, epoch, batch):
        """The next iterator reads pass `epoch` from `batch` on."""
        self.py_dataset.begin(epoch, batch)

    @property
    def num_batches(self):
        return self.py_dataset.sequence.num_batches
